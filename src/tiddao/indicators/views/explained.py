"""Why a score is what it is: indicators with what was reported, rounds before, places below."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Protocol

from django.utils.translation import gettext as _

from tiddao.evidence.queries.uses import EvidenceRow, evidence_of
from tiddao.indicators import wording
from tiddao.indicators.drawings import LadderDrawing
from tiddao.indicators.queries.entry import SUBJECT, subject_key
from tiddao.indicators.queries.stars import PlaceStars, ResultView, explanation_of
from tiddao.indicators.rules.definitions import IndicatorDefinition
from tiddao.indicators.rules.scoring import (
    IndicatorScore,
    Parts,
    level_in,
    merged,
    value_of,
)
from tiddao.indicators.views.shown import drawing_of, indicator_row, why_href
from tiddao.kernel.numerals import format_trimmed
from tiddao.places.models import Place
from tiddao.places.queries import in_language

REPORTS_SHOWN = 3
"""Reports listed with an indicator on the page "why"; all of them stand on the indicator's page."""


@dataclass(frozen=True, slots=True)
class ReportLine:
    """One report behind a figure, in words. key: how evidence calls it; proofs: where they are shown."""

    key: str
    place: str
    figures: str
    narrative: str
    state: str
    by: str
    at: datetime
    source: str
    proofs: tuple[EvidenceRow, ...] = ()


@dataclass(frozen=True, slots=True)
class ExplainedIndicator:
    """One indicator on the page "why": sentences in the order of computing, ladder, reports."""

    code: str
    name: str
    unit: str
    why: str
    value_words: str
    target_words: str
    level_words: str
    status_kind: str
    status_words: str
    sentences: tuple[str, ...]
    drawing: LadderDrawing | None
    reports: tuple[ReportLine, ...]
    more_reports: int
    href: str


@dataclass(frozen=True, slots=True)
class ExplainedDimension:
    """One dimension on the page "why". product: weight × score, exact."""

    code: str
    name: str
    weight: Decimal
    score: Decimal | None
    product: Decimal | None
    share: Decimal | None
    completeness: Decimal
    stars: int | None
    applies: bool
    sentences: tuple[str, ...]
    rows: tuple[ExplainedIndicator, ...]


def report_lines(
    stars: PlaceStars, reports: Sequence[ResultView], names: Mapping[str, str]
) -> dict[str, tuple[ReportLine, ...]]:
    """Return indicator code → its reports in words. names: account reference → name."""
    lines: dict[str, list[ReportLine]] = {}
    for each in reports:
        try:
            indicator = stars.definition.indicator(each.indicator)
        except KeyError:  # reported under a version that still had it
            continue
        lines.setdefault(each.indicator, []).append(
            ReportLine(
                key=subject_key(stars.round.id if stars.round else 0, each.place, each.indicator),
                place=each.place_name,
                figures=reported_words(indicator, each),
                narrative=each.narrative,
                state=each.state,
                by=names.get(each.by, _("the system") if each.by == "system" else each.by),
                at=each.known_at,
                source=wording.source(each.source),
            )
        )
    return {code: tuple(found) for code, found in lines.items()}


def with_proofs(
    lines: Sequence[ReportLine], *, known_at: datetime | None
) -> tuple[ReportLine, ...]:
    """Return the lines with what proved them at the moment (None: now). Two queries."""
    proofs = evidence_of(SUBJECT, [line.key for line in lines], known_at=known_at)
    return tuple(replace(line, proofs=proofs[line.key]) for line in lines)


class Said(Protocol):
    """What was reported, wherever it is kept."""

    @property
    def not_applicable(self) -> bool: ...
    @property
    def numerator(self) -> Decimal | None: ...
    @property
    def denominator(self) -> Decimal | None: ...
    @property
    def steps(self) -> tuple[int, ...] | None: ...
    @property
    def self_score(self) -> Decimal | None: ...
    @property
    def checked_score(self) -> Decimal | None: ...


@dataclass(frozen=True, slots=True)
class SaidInFile:
    """What a file of results says of one indicator at one place."""

    not_applicable: bool
    numerator: Decimal | None
    denominator: Decimal | None
    steps: tuple[int, ...] | None
    self_score: Decimal | None
    checked_score: Decimal | None


def said_in_file(amounts: Mapping[str, Any]) -> SaidInFile:
    """Return what an import's report keeps of a result, as numbers again."""

    def number(field: str) -> Decimal | None:
        found = amounts.get(field)
        return None if found is None else Decimal(found)

    steps = amounts.get("steps")
    return SaidInFile(
        not_applicable=amounts["not_applicable"],
        numerator=number("numerator"),
        denominator=number("denominator"),
        steps=None if steps is None else tuple(steps),
        self_score=number("self_score"),
        checked_score=number("checked_score"),
    )


def reported_words(indicator: IndicatorDefinition, report: Said) -> str:
    """Return what was reported, in the words of its kind."""
    if report.not_applicable:
        return _("does not apply")
    if report.steps is not None:
        if not report.steps:
            return _("no step done yet")
        return _("steps done: %(steps)s") % {"steps": ", ".join(map(str, report.steps))}
    said: list[str] = []
    if report.self_score is not None:
        said.append(_("own score %(n)s") % {"n": format_trimmed(report.self_score)})
    if report.checked_score is not None:
        said.append(_("checked score %(n)s") % {"n": format_trimmed(report.checked_score)})
    if report.numerator is not None:
        name = indicator.numerator_th
        said.append(f"{name} {format_trimmed(report.numerator)}".strip())
    if report.denominator is not None:
        name = indicator.denominator_th or "÷"
        said.append(f"{name} {format_trimmed(report.denominator)}")
    return " · ".join(said) or _("withdrawn")


def explained_blocks(
    stars: PlaceStars,
    tree: Mapping[str, Any],
    query: str,
    reports: Mapping[str, tuple[ReportLine, ...]],
) -> tuple[ExplainedDimension, ...]:
    """Return the dimensions of the explanation, each with its indicators. tree: rules.explain."""
    score = stars.score
    if score is None:
        return ()
    blocks = []
    for dimension, scored, told in zip(
        stars.definition.dimensions, score.dimensions, tree["dimensions"], strict=True
    ):
        rows = tuple(
            _explained(
                stars,
                indicator,
                one,
                said["sentences_th"],
                query=query,
                reports=reports.get(indicator.code, ()),
            )
            for indicator, one, said in zip(
                dimension.indicators, scored.indicators, told["indicators"], strict=True
            )
        )
        blocks.append(
            ExplainedDimension(
                code=dimension.code,
                name=in_language(dimension.name_th, dimension.name_en),
                weight=dimension.weight,
                score=scored.score,
                product=None if scored.score is None else scored.score * dimension.weight,
                share=scored.share,
                completeness=scored.completeness,
                stars=scored.stars,
                applies=scored.applies,
                sentences=tuple(told["sentences_th"]),
                rows=rows,
            )
        )
    return tuple(blocks)


def _explained(
    stars: PlaceStars,
    indicator: IndicatorDefinition,
    one: IndicatorScore,
    sentences: Sequence[str],
    *,
    query: str = "",
    reports: Sequence[ReportLine] = (),
) -> ExplainedIndicator:
    row = indicator_row(stars, indicator, one, query)
    return ExplainedIndicator(
        code=row.code,
        name=row.name,
        unit=row.unit,
        why=indicator.why_th,
        value_words=row.value_words,
        target_words=row.target_words,
        level_words="–" if one.level is None else f"{one.level:f}",
        status_kind=row.status_kind,
        status_words=row.status_words,
        sentences=tuple(sentences),
        drawing=drawing_of(stars.definition, indicator, one),
        reports=tuple(reports[:REPORTS_SHOWN]),
        more_reports=max(len(reports) - REPORTS_SHOWN, 0),
        href=row.href,
    )


def indicator_shown(stars: PlaceStars, indicator: IndicatorDefinition) -> ExplainedIndicator:
    """Return one indicator of the unit as the page about it shows it."""
    assert stars.score is not None
    one = next(each for each in stars.score.indicators if each.code == indicator.code)
    told = explanation_of(stars)
    sentences = next(
        each["sentences_th"]
        for dimension in told["dimensions"]
        for each in dimension["indicators"]
        if each["code"] == indicator.code
    )
    return _explained(stars, indicator, one, sentences)


@dataclass(frozen=True, slots=True)
class RoundPoint:
    """An indicator in one round; here: the round that is shown."""

    year: int
    name: str
    true_on: date
    value_words: str
    level: Decimal | None
    here: bool


def round_points(stars: PlaceStars, indicator: IndicatorDefinition) -> tuple[RoundPoint, ...]:
    """Return the indicator round by round, the newest first."""
    unit = wording.unit_of(indicator)
    return tuple(
        RoundPoint(
            point.round.fiscal_year,
            point.round.name,
            point.round.true_on,
            wording.figure(point.value, unit),
            point.level,
            stars.round is not None and point.round.id == stars.round.id,
        )
        for point in reversed(stars.trend.get(indicator.code, ()))
    )


@dataclass(frozen=True, slots=True)
class ChildValue:
    """What one place below brings to an indicator."""

    name: str
    href: str
    numerator: Decimal | None
    denominator: Decimal | None
    value: Decimal | None
    value_words: str
    level: Decimal | None
    status_kind: str
    status_words: str


def child_values(
    stars: PlaceStars,
    indicator: IndicatorDefinition,
    places: Sequence[Place],
    reports: Sequence[ResultView],
    query: str,
) -> tuple[ChildValue, ...]:
    """Return every place below with its parts, by value from the top; the silent ones last."""
    parts: dict[str, list[Parts]] = {place.code: [] for place in places}
    width = len(places[0].code) if places else 0
    exempt: set[str] = set()
    for each in reports:
        code = each.place[:width]
        if each.not_applicable:
            exempt.add(code)
        elif each.part_numerator is not None and code in parts:
            parts[code].append(Parts(each.part_numerator, each.part_denominator))
    unit = wording.unit_of(indicator)
    rows = []
    for place in places:
        found = merged(parts[place.code])
        value = value_of(indicator, found)
        status = "reported" if value is not None else "missing"
        if value is None and place.code in exempt:
            status = "not_applicable"
        rows.append(
            ChildValue(
                name=in_language(place.name_th, place.name_en),
                href=why_href(place.code, indicator.code, query),
                numerator=found.numerator if found.reported else None,
                denominator=found.denominator,
                value=value,
                value_words=wording.figure(value, unit),
                level=None if value is None else level_in(stars.definition, indicator, value),
                status_kind=wording.STATUS_KIND[status],
                status_words=wording.word(wording.STATUS_WORDS, status),
            )
        )
    return tuple(sorted(rows, key=lambda row: (row.value is None, -(row.value or 0))))
