"""What an office owes in a round: each indicator with what stands, what was last, what is aimed at."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import QuerySet

from tiddao.evidence.queries.uses import evidence_counts
from tiddao.indicators.models import Basis, EntryConflict, Result, ResultState, Round, Version
from tiddao.indicators.queries.counting import counts
from tiddao.indicators.queries.frameworks import RoundView, definition_of, round_view
from tiddao.indicators.queries.leaves import leaves_on, levels_of
from tiddao.indicators.queries.stars import ResultView, TargetView, result_view, targets_of
from tiddao.indicators.rules.approval import COUNTING
from tiddao.indicators.rules.definitions import (
    DimensionDefinition,
    FrameworkDefinition,
    IndicatorDefinition,
)
from tiddao.indicators.rules.scoring import ImpossibleReport, Reported, contribution, value_of
from tiddao.places.queries import Unit

SUBJECT = "result"
"""What evidence calls a result; its key: round id, place and indicator."""


def subject_key(round_id: int, place: str, indicator: str) -> str:
    """Return the key under which evidence is attached to a result."""
    return f"{round_id}:{place}:{indicator}"


@dataclass(frozen=True, slots=True)
class LastReport:
    """What the office reported in the newest earlier round of the same framework."""

    fiscal_year: int
    round_th: str
    round_en: str
    true_on: date
    report: Reported
    value: Decimal | None


@dataclass(frozen=True, slots=True)
class EntryLine:
    """One indicator that the office reports.

    current: the newest revision, None before the first; value: its value in the indicator's unit.
    stands: the approved revision that counts while current is a correction on its way. older:
    number of the version that current was made under, where it is not the one in force.
    """

    dimension: DimensionDefinition
    indicator: IndicatorDefinition
    current: ResultView | None
    value: Decimal | None
    stands: ResultView | None
    last: LastReport | None
    target: TargetView | None
    evidence: int
    older: int | None

    @property
    def revision(self) -> int:
        return self.current.revision if self.current else 0

    @property
    def is_reported(self) -> bool:
        return self.current is not None and self.current.state in COUNTING

    @property
    def is_draft(self) -> bool:
        """A draft that says something and can be handed in."""
        return (
            self.current is not None
            and self.current.state == ResultState.DRAFT
            and (self.current.not_applicable or self.current.part_numerator is not None)
        )


@dataclass(frozen=True, slots=True)
class EntrySheet:
    """A round as one office fills it in. version: number of the definition in force."""

    unit: Unit
    framework_id: int
    framework_code: str
    title_th: str
    title_en: str
    proposed: bool
    round: RoundView
    version: int
    lines: tuple[EntryLine, ...]

    def line(self, code: str) -> EntryLine | None:
        """Return the line of the indicator, or None."""
        return next((each for each in self.lines if each.indicator.code == code), None)

    @property
    def reported(self) -> int:
        return sum(each.is_reported for each in self.lines)

    @property
    def drafts(self) -> int:
        return sum(each.is_draft for each in self.lines)

    @property
    def returned(self) -> int:
        return sum(
            each.current is not None and each.current.state == ResultState.RETURNED
            for each in self.lines
        )

    @property
    def missing(self) -> int:
        return len(self.lines) - self.reported - self.drafts


def reported_of(view: ResultView) -> Reported | None:
    """Return the figures of a result; None where it was withdrawn or does not apply."""
    report = Reported(
        numerator=view.numerator,
        denominator=view.denominator,
        steps=None if view.steps is None else frozenset(view.steps),
        self_score=view.self_score,
        checked_score=view.checked_score,
    )
    return None if view.not_applicable or report == Reported() else report


def entry_sheet(one: Round, version: Version, unit: Unit) -> EntrySheet | None:
    """Return what the place reports in the round, or None where it has nothing to report there.

    one: with its framework. version: the one in force. Six queries, however many indicators.
    """
    definition = definition_of(version)
    lines = _asked_of(definition, one, unit)
    if not lines:
        return None
    keys = [subject_key(one.pk, unit.key, indicator.code) for _, indicator in lines]
    around = _Around(
        current=_by_indicator(
            Result.objects.filter(round=one, place=unit.key, superseded_at__isnull=True)
        ),
        stands=_by_indicator(
            Result.objects.filter(counts(Basis.APPROVED), round=one, place=unit.key)
        ),
        last=_of_place(last_reports(one, {unit.key}, [indicator for _, indicator in lines])),
        targets=targets_of(one.framework_id, unit),
        proofs=evidence_counts(SUBJECT, keys),
        version=version,
    )
    return EntrySheet(
        unit=unit,
        framework_id=one.framework_id,
        framework_code=one.framework.code,
        title_th=definition.title_th,
        title_en=definition.title_en,
        proposed=definition.proposed,
        round=round_view(one, has_results=bool(around.current)),
        version=version.number,
        lines=tuple(
            _line(dimension, indicator, key, around)
            for (dimension, indicator), key in zip(lines, keys, strict=True)
        ),
    )


@dataclass(frozen=True, slots=True)
class _Around:
    """What the queries found, by indicator; proofs by their subject's key."""

    current: Mapping[str, Result]
    stands: Mapping[str, Result]
    last: Mapping[str, LastReport]
    targets: Mapping[str, TargetView]
    proofs: Mapping[str, int]
    version: Version


def _by_indicator(rows: QuerySet[Result]) -> dict[str, Result]:
    return {row.indicator_code: row for row in rows.select_related("place", "version")}


def _asked_of(
    definition: FrameworkDefinition, one: Round, unit: Unit
) -> list[tuple[DimensionDefinition, IndicatorDefinition]]:
    reporting = leaves_on(
        [one.true_on],
        owner_place=one.framework.owner.place_id,
        levels=levels_of(definition),
        roots={unit.key},
    )[one.true_on]
    levels = {level for level, codes in reporting.by_level.items() if unit.key in codes}
    return [
        (dimension, indicator)
        for dimension in definition.dimensions
        for indicator in dimension.indicators
        if indicator.reports_at in levels
    ]


def _line(
    dimension: DimensionDefinition, indicator: IndicatorDefinition, key: str, around: _Around
) -> EntryLine:
    current, stands = around.current.get(indicator.code), around.stands.get(indicator.code)
    shown = None if current is None else result_view(current)
    corrected = stands is not None and current is not None and stands.pk != current.pk
    made_under = around.version if current is None else current.version
    return EntryLine(
        dimension=dimension,
        indicator=indicator,
        current=shown,
        value=None if shown is None else value_in(indicator, reported_of(shown)),
        stands=result_view(stands) if stands is not None and corrected else None,
        last=around.last.get(indicator.code),
        target=around.targets.get(indicator.code),
        evidence=around.proofs.get(key, 0),
        older=made_under.number if made_under.pk != around.version.pk else None,
    )


def value_in(indicator: IndicatorDefinition, report: Reported | None) -> Decimal | None:
    """Return the value that one office's report comes to; None where there is none."""
    if report is None:
        return None
    try:
        return value_of(indicator, contribution(indicator, report))
    except ImpossibleReport:  # made under an older definition
        return None


def _of_place(found: Mapping[tuple[str, str], LastReport]) -> dict[str, LastReport]:
    return {indicator: last for (_, indicator), last in found.items()}


def last_reports(
    one: Round, places: Collection[str], indicators: Sequence[IndicatorDefinition]
) -> dict[tuple[str, str], LastReport]:
    """Return (place, indicator) → the newest report of an earlier round of the framework. One query."""
    wanted = {each.code: each for each in indicators}
    rows = (
        Result.objects.filter(
            counts(Basis.ALL),
            framework__code=one.framework.code,
            round__true_on__lt=one.true_on,
            place__in=places,
            indicator_code__in=wanted,
            not_applicable=False,
        )
        .select_related("round__framework", "place")
        .order_by("place_id", "indicator_code", "-round__true_on")
        .distinct("place_id", "indicator_code")
    )
    found = {}
    for row in rows:
        report = reported_of(result_view(row))
        value = value_in(wanted[row.indicator_code], report)
        if report is None or value is None:
            continue  # it was asked for in another way then
        found[row.place_id, row.indicator_code] = LastReport(
            fiscal_year=row.round.framework.fiscal_year,
            round_th=row.round.name_th,
            round_en=row.round.name_en,
            true_on=row.round.true_on,
            report=report,
            value=value,
        )
    return found


@dataclass(frozen=True, slots=True)
class ConflictView:
    """A conflict that waits for its choice. proposed: figures by field."""

    id: int
    indicator: str
    based_on: int
    found: int
    proposed: Mapping[str, object]


def waiting_conflict(
    conflict_id: int, round_id: int, place: str, *, by: str
) -> ConflictView | None:
    """Return the person's own conflict there that waits for a choice, or None. One query."""
    row = EntryConflict.objects.filter(
        pk=conflict_id, round=round_id, place_id=place, by=by, choice=""
    ).first()
    if row is None:
        return None
    return ConflictView(row.pk, row.indicator_code, row.based_on, row.found, row.proposed)


def reporting_rounds(round_ids: Sequence[int], unit: Unit) -> frozenset[int]:
    """Return those of the rounds in which the place reports something.

    One query for the rounds, one for their versions, one or two for each day and owner.
    """
    rounds = Round.objects.select_related("framework__owner").filter(pk__in=round_ids)
    versions: dict[int, Version] = {}
    published = Version.objects.filter(framework__rounds__in=round_ids).exclude(
        state=Version.State.DRAFT
    )
    for version in published.order_by("number"):
        versions[version.framework_id] = version
    return frozenset(
        one.pk
        for one in rounds
        if one.framework_id in versions
        and _asked_of(definition_of(versions[one.framework_id]), one, unit)
    )
