"""What star pages show, made ready for templates: words and numbers, no queries left to ask."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Protocol

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tiddao.evidence.queries.uses import EvidenceRow, evidence_of
from tiddao.indicators import wording
from tiddao.indicators.drawings import LadderDrawing, ladder_drawing
from tiddao.indicators.queries.entry import SUBJECT, subject_key
from tiddao.indicators.queries.frameworks import framework_detail
from tiddao.indicators.queries.league import LeagueTable
from tiddao.indicators.queries.stars import PlaceStars, ResultView, explanation_of
from tiddao.indicators.rules.definitions import FrameworkDefinition, IndicatorDefinition
from tiddao.indicators.rules.next_star import NextStar
from tiddao.indicators.rules.scoring import (
    DimensionScore,
    IndicatorScore,
    Parts,
    PlaceScore,
    level_in,
    merged,
    value_of,
)
from tiddao.indicators.surroundings import above, groups_around, head_of_office
from tiddao.indicators.views.choices import Choice, ChoiceForm, Offered, choice_form
from tiddao.kernel.numerals import format_decimal, format_trimmed
from tiddao.people.access import SignedInRequest, Standing
from tiddao.places.models import Place
from tiddao.places.queries import Unit, full_name
from tiddao.ui.templatetags.ui import be_time

REPORTS_SHOWN = 3
"""Reports listed with an indicator on the page "why"; all of them stand on the indicator's page."""

Link = tuple[str, str | None]


@dataclass(frozen=True, slots=True)
class OfficeHead:
    """Who heads the office of a unit, as of the day."""

    name: str
    title: str
    tenure_words: str


@dataclass(frozen=True, slots=True)
class GroupLink:
    """A group that a place belongs to; href: None where it is out of the reader's sight."""

    name: str
    href: str | None


@dataclass(frozen=True, slots=True)
class StarsFrame:
    """What all star pages of a unit have around their subject.

    query: the choice as "?year=…" for links. known_at: None for now; now_href: this page as it is
    known now. opened: the moment of this page.
    """

    unit: Unit
    path: tuple[Link, ...]
    groups: tuple[GroupLink, ...]
    office_head: OfficeHead | None
    choices: ChoiceForm | None
    query: str
    basis: str
    known_at: datetime | None
    opened: datetime
    as_of: date | None
    framework_code: str
    framework_year: int
    framework_title: str
    version: int
    digest: str
    proposed: bool
    round_name: str
    now_href: str

    @property
    def choice_words(self) -> str:
        """What is shown, in one line: year, round, which results count, as of when."""
        said = [
            _("Fiscal year %(year)s") % {"year": self.framework_year}
            if self.framework_year
            else "",
            self.round_name,
            wording.word(wording.BASIS_WORDS, self.basis),
            _("as known on %(moment)s") % {"moment": be_time(self.known_at)}
            if self.known_at
            else "",
        ]
        return " · ".join(each for each in said if each)

    @property
    def moment(self) -> datetime:
        """The moment as of which the page knows what it says."""
        return self.known_at or self.opened


@dataclass(frozen=True, slots=True)
class RadarShare:
    """One spoke of the radar; share 0–1."""

    name: str
    share: Decimal | None


@dataclass(frozen=True, slots=True)
class IndicatorRow:
    """One indicator in a dimension's table, in words ready to show."""

    code: str
    name: str
    unit: str
    value: Decimal | None
    value_words: str
    target_words: str
    level: Decimal | None
    weight: Decimal
    status: str
    status_kind: str
    status_words: str
    trend: tuple[Decimal | None, ...]
    href: str


@dataclass(frozen=True, slots=True)
class DimensionBlock:
    """One dimension with its indicators. caps: the balance rule takes stars away because of it."""

    code: str
    name: str
    weight: Decimal
    score: Decimal | None
    share: Decimal | None
    stars: int | None
    completeness: Decimal
    applies: bool
    caps: bool
    rows: tuple[IndicatorRow, ...]

    @property
    def line(self) -> str:
        return dimension_line(self)


@dataclass(frozen=True, slots=True)
class StarsShown:
    """The stars of a unit, ready to show. of_unit: whose they are, where not the page's own."""

    score: PlaceScore
    sentences: tuple[str, ...]
    radar: tuple[RadarShare, ...]
    dimensions: tuple[DimensionBlock, ...]
    change: str
    rank: str
    of_unit: Unit | None

    @property
    def has_radar(self) -> bool:
        """A radar needs at least three spokes and is unreadable beyond eight; else there are bars."""
        return 3 <= len(self.radar) <= 8


def path_to(
    unit: Unit, above: Sequence[Place], standing: Standing, query: str = ""
) -> tuple[Link, ...]:
    """Return the crumbs: places above, linked only where the reader may open them, then the unit."""
    links: list[Link] = []
    for place in above:
        seen = standing.covers(place.code)
        name = full_name(place)
        links.append((name, reverse("place", args=[place.code]) + query if seen else None))
    return (*links, (unit.full_name, None))


def radar_of(definition: FrameworkDefinition, score: PlaceScore) -> tuple[RadarShare, ...]:
    """Return the spokes; a dimension that is not reported has a gap, not a zero."""
    return tuple(
        RadarShare(
            wording.in_language(each.name_th, each.name_en),
            None if scored.share is None else scored.share / 100,
        )
        for each, scored in zip(definition.dimensions, score.dimensions, strict=True)
    )


def why_href(unit_key: str, indicator_code: str, query: str) -> str:
    return reverse("place-why-indicator", args=[unit_key, indicator_code]) + query


def dimension_blocks(stars: PlaceStars, query: str) -> tuple[DimensionBlock, ...]:
    """Return the dimensions with one row per indicator."""
    score = stars.score
    if score is None:
        return ()
    return tuple(
        DimensionBlock(
            code=each.code,
            name=wording.in_language(each.name_th, each.name_en),
            weight=each.weight,
            score=scored.score,
            share=scored.share,
            stars=scored.stars,
            completeness=scored.completeness,
            applies=scored.applies,
            caps=score.capped_by == each.code,
            rows=_rows(stars, each.indicators, scored, query),
        )
        for each, scored in zip(stars.definition.dimensions, score.dimensions, strict=True)
    )


def dimension_line(block: DimensionBlock) -> str:
    """Return what stands under a dimension's name: score, completeness, weight."""
    said = []
    if block.score is not None and block.share is not None:
        said.append(
            _("score %(score)s (%(share)s%% of full marks)")
            % {"score": format_decimal(block.score, 4), "share": format_decimal(block.share, 2)}
        )
    said.append(_("%(done)s%% reported") % {"done": format_trimmed(block.completeness, 2)})
    said.append(_("weight %(weight)s") % {"weight": format_trimmed(block.weight)})
    return " · ".join(said)


def _rows(
    stars: PlaceStars,
    indicators: Sequence[IndicatorDefinition],
    scored: DimensionScore,
    query: str,
) -> tuple[IndicatorRow, ...]:
    return tuple(
        _row(stars, indicator, one, query)
        for indicator, one in zip(indicators, scored.indicators, strict=True)
    )


def _row(
    stars: PlaceStars, indicator: IndicatorDefinition, one: IndicatorScore, query: str
) -> IndicatorRow:
    unit = wording.unit_of(indicator)
    target = stars.targets.get(indicator.code)
    return IndicatorRow(
        code=indicator.code,
        name=wording.in_language(indicator.name_th, indicator.name_en),
        unit=unit,
        value=one.value,
        value_words=wording.figure(one.value, unit),
        target_words=wording.figure(target.value if target else None, unit),
        level=one.level,
        weight=one.weight,
        status=one.status,
        status_kind=wording.STATUS_KIND[one.status],
        status_words=status_words(one),
        trend=tuple(point.level for point in stars.trend.get(indicator.code, ())),
        href=why_href(stars.unit.key, indicator.code, query),
    )


def status_words(one: IndicatorScore) -> str:
    """Return the status in words; "partly" says how many of how many offices."""
    if one.status == "partly" and one.parts is not None:
        return _("%(reported)s of %(expected)s offices reported") % {
            "reported": one.parts.reported,
            "expected": one.parts.expected,
        }
    return wording.word(wording.STATUS_WORDS, one.status)


def drawing_of(
    definition: FrameworkDefinition, indicator: IndicatorDefinition, one: IndicatorScore | None
) -> LadderDrawing | None:
    """Return the ladder with the value's place on it, before any penalty."""
    level = None
    if one is not None and one.level is not None:
        level = one.level + one.penalty
    return ladder_drawing(indicator, level, definition.star_rules.breakpoints)


def change_words(stars: PlaceStars) -> str:
    """Return what changed since the round before, in words; "" where nothing can be said."""
    now, before = stars.score, stars.previous
    if now is None or before is None or now.score is None or before.score.score is None:
        return ""
    moved = now.score - before.score.score
    if not moved:
        return _("Same score as in %(round)s.") % {"round": before.round.name}
    words = {"points": f"{abs(moved):.4f}", "round": before.round.name}
    if moved > 0:
        return _("%(points)s points up from %(round)s.") % words
    return _("%(points)s points down from %(round)s.") % words


def rank_words(table: LeagueTable | None, key: str) -> str:
    """Return the rank within the scope in words, without naming another place; "" if not ranked."""
    if table is None:
        return ""
    ranked = [row for row in table.rows if row.rank is not None]
    own = next((row for row in ranked if row.key == key), None)
    if own is None:
        return ""
    shared = sum(row.rank == own.rank for row in ranked) - 1
    said = _("Rank %(rank)s of %(count)s %(level)s of %(scope)s") % {
        "rank": own.rank,
        "count": len(ranked),
        "level": wording.word(wording.LEVEL_PLURAL, table.level),
        "scope": table.scope.full_name,
    }
    if shared:
        said += " " + ngettext(
            "(shared with %(n)s other)", "(shared with %(n)s others)", shared
        ) % {"n": shared}
    silent = len(table.rows) - len(ranked)
    if silent:
        said += " · " + ngettext("%(n)s has no stars yet", "%(n)s have no stars yet", silent) % {
            "n": silent
        }
    return said


def shown(
    stars: PlaceStars, choice: Choice, *, rank: str = "", of_unit: Unit | None = None
) -> StarsShown:
    """Return the stars ready to show. Raises ValueError where the unit is not assessed."""
    if stars.score is None:
        raise ValueError("a unit that is not assessed has no stars to show")
    return StarsShown(
        score=stars.score,
        sentences=tuple(wording.star_sentences(stars.definition, stars.score)),
        radar=radar_of(stars.definition, stars.score),
        dimensions=dimension_blocks(stars, choice.query()),
        change=change_words(stars),
        rank=rank,
        of_unit=of_unit,
    )


# -- the frame ------------------------------------------------------------------------------------


def frame_of(
    request: SignedInRequest,
    unit: Unit,
    offered: Offered | None,
    choice: Choice | None,
    stars: PlaceStars | None,
) -> StarsFrame:
    """Return what stands around the subject of a star page."""
    standing = request.standing
    day = stars.as_of if stars is not None and stars.as_of is not None else standing.on
    known_at = choice.known_at if choice else None
    today = timezone.localdate(known_at) if known_at else standing.on
    head = head_of_office(unit, on=today, known_at=known_at)
    query = choice.query() if choice else ""
    now = request.GET.copy()
    now.pop("known_at", None)
    rounds = [(each.code, each.name) for each in stars.rounds] if stars else []
    chosen_round = stars.round.code if stars is not None and stars.round is not None else ""
    return StarsFrame(
        unit=unit,
        path=path_to(unit, above(unit, on=today, known_at=known_at), standing, query),
        groups=tuple(
            GroupLink(
                wording.in_language(each.name_th, each.name_en),
                reverse("place", args=[each.key]) + query
                if each.members and standing.covers_all(each.members)
                else None,
            )
            for each in groups_around(unit, on=day, known_at=known_at)
        ),
        office_head=OfficeHead(
            head.name, head.title, "" if head.tenure == "substantive" else head.tenure_words
        )
        if head
        else None,
        choices=choice_form(offered, rounds, chosen_round) if offered else None,
        query=query,
        basis=choice.basis if choice else "approved",
        known_at=known_at,
        opened=timezone.now(),
        as_of=stars.as_of if stars else None,
        framework_code=stars.framework.code if stars else "",
        framework_year=stars.framework.fiscal_year if stars else 0,
        framework_title=stars.framework.title if stars else "",
        version=stars.version if stars else 0,
        digest=digest_of(stars) if stars else "",
        proposed=stars.definition.proposed if stars else False,
        round_name=stars.round.name if stars is not None and stars.round is not None else "",
        now_href=f"{request.path}?{now.urlencode()}" if now else request.path,
    )


def digest_of(stars: PlaceStars) -> str:
    """Return the digest of the version that scores the round; a closed round keeps an older one."""
    framework = stars.framework
    if framework.version == stars.version:
        return framework.digest
    detail = framework_detail(framework.code, framework.fiscal_year, number=stars.version)
    return detail.shown.digest if detail else ""


# -- why ------------------------------------------------------------------------------------------


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
                name=wording.in_language(dimension.name_th, dimension.name_en),
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
    row = _row(stars, indicator, one, query)
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
                name=wording.in_language(place.name_th, place.name_en),
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


# -- the next star --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class PlanStep:
    """One step of the plan, in words."""

    code: str
    name: str
    lacking: str
    now_words: str
    needed_words: str
    level_now: Decimal | None
    level_needed: Decimal
    effort: Decimal
    href: str


@dataclass(frozen=True, slots=True)
class BreakLine:
    """An indicator whose fall by one level costs a star."""

    code: str
    name: str
    level_now: Decimal
    level_after: Decimal
    then: str
    href: str


def plan_steps(stars: PlaceStars, plan: NextStar, query: str) -> tuple[PlanStep, ...]:
    """Return the steps of the plan, in the framework's order."""
    steps = []
    for step in plan.steps:
        indicator = stars.definition.indicator(step.code)
        unit = wording.unit_of(indicator)
        steps.append(
            PlanStep(
                step.code,
                wording.in_language(indicator.name_th, indicator.name_en),
                step.needs_th,
                wording.figure(step.value_now, unit),
                wording.figure(step.value_needed, unit),
                step.level_now,
                step.level_needed,
                step.cost,
                why_href(stars.unit.key, step.code, query),
            )
        )
    return tuple(steps)


def break_lines(stars: PlaceStars, plan: NextStar, query: str) -> tuple[BreakLine, ...]:
    """Return what would lose the present stars, in the framework's order."""
    lines = []
    for each in plan.what_would_break_it:
        indicator = stars.definition.indicator(each.code)
        then = (
            _("no stars at all")
            if each.stars_after is None
            else ngettext("%(n)s star", "%(n)s stars", each.stars_after) % {"n": each.stars_after}
        )
        lines.append(
            BreakLine(
                each.code,
                wording.in_language(indicator.name_th, indicator.name_en),
                each.level_now,
                each.level_after,
                then,
                why_href(stars.unit.key, each.code, query),
            )
        )
    return tuple(lines)


def next_sentences(plan: NextStar) -> list[str]:
    """Return the plan in one or two sentences."""
    if plan.target is None:
        return [_("All five stars are there. What matters now is to keep them.")]
    if not plan.reachable:
        return [
            _(
                "%(target)s stars cannot be reached in this round by any set of steps: too much "
                "is not reported or does not apply."
            )
            % {"target": plan.target}
        ]
    said = [
        ngettext(
            "The cheapest way to %(target)s stars is %(n)s indicator:",
            "The cheapest way to %(target)s stars is these %(n)s indicators:",
            len(plan.steps),
        )
        % {"target": plan.target, "n": len(plan.steps)}
    ]
    if plan.score_after is not None:
        said.append(_("The score then becomes %(score)s.") % {"score": f"{plan.score_after:f}"})
    return said
