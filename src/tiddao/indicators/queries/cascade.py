"""Targets handed down: who may receive, what was sent, what was said to it, counted up the tree."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Literal

from django.db import connection
from django.db.models import Count, F

from tiddao.indicators.models import Basis, Round, Target, TargetAnswer, TargetPart, TargetSplit
from tiddao.indicators.queries.frameworks import FrameworkInForce
from tiddao.indicators.queries.scores import (
    Counted,
    ScoredRound,
    counted_results,
    scored_rounds,
)
from tiddao.indicators.rules.cascade import Receiver
from tiddao.indicators.rules.definitions import IndicatorDefinition
from tiddao.indicators.rules.scoring import Parts, value_of
from tiddao.kernel.numerals import rounded
from tiddao.places import tree
from tiddao.places.models import NATION, Level, Office, Place

Base = Literal["reported", "villages"]
"""What places are weighed by: the denominators of their last results, or how many villages."""

ONE = Decimal(1)
_HUNDREDTH = Decimal("0.01")
_WITH_OFFICES = (Level.PROVINCE, Level.DISTRICT)


def receives_rates(indicator: IndicatorDefinition) -> bool:
    """Say whether the target is carried down as a rate; else it adds up and is split."""
    return indicator.rollup != "sum"


def quantum_of(indicator: IndicatorDefinition) -> Decimal:
    """Return the smallest unit of a part: one of a counted thing, else a hundredth."""
    return ONE if indicator.whole and not receives_rates(indicator) else _HUNDREDTH


@dataclass(frozen=True, slots=True)
class LastResults:
    """What the receivers last reported: the round, and by unit the sums of one indicator."""

    round: ScoredRound | None
    found: Mapping[str, Counted]


def last_results(
    framework: FrameworkInForce,
    indicator: IndicatorDefinition,
    places: Collection[str],
    *,
    on: date,
) -> LastResults:
    """Return the approved results of the last closed round that has any, this year or the one
    before, summed within each place. At most four queries.
    """
    year = framework.definition.fiscal_year
    closed = [
        each
        for each in scored_rounds(code=framework.definition.code, years=(year - 1, year))
        if each.round.state == Round.State.CLOSED and each.round.true_on <= on
    ]
    for one in reversed(closed[-2:]):
        found = _reported_within(one, indicator, places)
        if found:
            return LastResults(one, found)
    return LastResults(None, {})


def _reported_within(
    one: ScoredRound, indicator: IndicatorDefinition, places: Collection[str]
) -> dict[str, Counted]:
    digits = tree.DIGITS[Level(indicator.reports_at)]
    wide = [code for code in places if code == NATION or len(code) <= digits]
    leaves = Place.objects.filter(tree.within_any(wide), level=indicator.reports_at)
    by_unit = [
        (one.round.id, code[: tree.DIGITS[level]] or NATION, code)
        for code in leaves.values_list("code", flat=True)
        for level in {tree.level_of_code(each) for each in wide}
        if tree.DIGITS[level] <= len(code)
    ]
    wanted = set(places)
    counted = counted_results([row for row in by_unit if row[1] in wanted], basis=Basis.APPROVED)
    return {
        unit: found[indicator.code]
        for (_, unit), found in counted.items()
        if indicator.code in found and found[indicator.code].reported
    }


def last_value(indicator: IndicatorDefinition, counted: Counted | None) -> Decimal | None:
    """Return the last result in the indicator's own unit, to a hundredth; None: nobody reported."""
    if counted is None:
        return None
    parts = Parts(
        counted.numerator or Decimal(0), counted.denominator, counted.reported, counted.reported
    )
    value = value_of(indicator, parts)
    return None if value is None else rounded(value, 2)


def places_below(giver: str, levels: Sequence[str], *, on: date) -> dict[str, tuple[Place, ...]]:
    """Return giver → the places one of the levels down, for the giver and each that hands on.

    A province or district receives when it has an office that day; a tambon or village when it
    exists. One query.
    """
    rows = list(
        Place.objects.filter(tree.exists_on(on), tree.within(giver), level__in=levels)
        .exclude(code=giver)
        .order_by("code")
    )
    serving = set(
        Office.objects.filter(tree.exists_on(on), place__level__in=_WITH_OFFICES).values_list(
            "place_id", flat=True
        )
    )
    found: dict[str, list[Place]] = defaultdict(list)
    steps = [tree.level_of_code(giver), *levels]
    above = {str(level): tree.DIGITS[Level(up)] for up, level in zip(steps, levels, strict=False)}
    for place in rows:
        if place.level in _WITH_OFFICES and place.code not in serving:
            continue
        found[place.code[: above[place.level]] or NATION].append(place)
    reached = {giver}
    kept: dict[str, tuple[Place, ...]] = {}
    for level in steps:  # a place whose giver is left out is left out with it
        for code, children in found.items():
            if code in reached and tree.level_of_code(code) == level:
                kept[code] = tuple(children)
                reached.update(child.code for child in children)
    return kept


def villages_below(places: Collection[str], *, on: date) -> dict[str, int]:
    """Return place → how many villages it has on the day; a village counts itself. One query."""
    digits = sorted({tree.DIGITS[tree.level_of_code(code)] for code in places})
    if not digits:
        return {}
    existing = Place.objects.filter(tree.exists_on(on), level=Level.VILLAGE)
    counts: dict[str, int] = defaultdict(int)
    for code in existing.values_list("code", flat=True):
        for number in digits:
            counts[code[:number] or NATION] += 1
    return {code: counts[code] for code in places}


def receivers(
    indicator: IndicatorDefinition,
    below: Mapping[str, Sequence[Place]],
    last: LastResults,
    *,
    base: Base,
    on: date,
) -> dict[str, tuple[Receiver, ...]]:
    """Return the receivers with their base and last result, nothing locked. A query for villages."""
    codes = [place.code for children in below.values() for place in children]
    villages = villages_below(codes, on=on) if base == "villages" else {}
    plain_mean = receives_rates(indicator) and indicator.rollup == "mean"

    def base_of(code: str) -> Decimal | None:
        if plain_mean:
            return ONE
        if base == "villages":
            return Decimal(villages[code])
        counted = last.found.get(code)
        return None if counted is None else counted.denominator

    return {
        giver: tuple(
            Receiver(
                place.code,
                base=base_of(place.code),
                last=last_value(indicator, last.found.get(place.code)),
                least=max(indicator.minimum or Decimal(0), Decimal(0)),
                most=indicator.maximum,
            )
            for place in children
        )
        for giver, children in below.items()
    }


@dataclass(frozen=True, slots=True)
class PartView:
    """One receiver's part and its answer. answer: acknowledged, objected, or "" for silent."""

    part: int
    place: str
    value: Decimal
    base: Decimal | None
    last: Decimal | None
    locked: bool
    answer: str
    reason: str
    answered_at: datetime | None
    answered_by: str


@dataclass(frozen=True, slots=True)
class SplitView:
    """A target handed down, with every part."""

    id: int
    place: str
    level: str
    method: str
    carried: bool
    whole: Decimal
    together: Decimal
    base_th: str
    reason: str
    by: str
    sent_at: datetime
    ended_at: datetime | None
    parts: tuple[PartView, ...]

    @property
    def said(self) -> dict[str, int]:
        """How many acknowledged, objected, and are silent ("")."""
        counts = {"acknowledged": 0, "objected": 0, "": 0}
        for part in self.parts:
            counts[part.answer] += 1
        return counts


def split_history(framework_id: int, indicator: str, place: str) -> tuple[SplitView, ...]:
    """Return what the place handed down of the indicator, the newest first. Two queries."""
    rows = list(
        TargetSplit.objects.filter(
            framework_id=framework_id, indicator_code=indicator, place_id=place
        ).order_by("-sent_at", "-pk")
    )
    parts = _parts_of([row.pk for row in rows])
    return tuple(_split_view(row, parts[row.pk]) for row in rows)


def is_part_of(part: int, place: str) -> bool:
    """Say whether the part is the place's own. One query."""
    return TargetPart.objects.filter(pk=part, place_id=place).exists()


def _split_view(row: TargetSplit, parts: Sequence[PartView]) -> SplitView:
    return SplitView(
        row.pk,
        row.place_id,
        row.level,
        row.method,
        row.carried,
        row.whole,
        row.together,
        row.base_th,
        row.reason,
        row.by,
        row.sent_at,
        row.ended_at,
        tuple(parts),
    )


def _parts_of(splits: Collection[int]) -> dict[int, list[PartView]]:
    found: dict[int, list[PartView]] = defaultdict(list)
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT p.split_id, p.id, p.place_id, p.value, p.base, p.last, p.locked,
                   coalesce(a.answer, ''), coalesce(a.reason, ''), a.answered_at,
                   coalesce(a.by, '')
            FROM indicators_targetpart p
            LEFT JOIN indicators_targetanswer a ON a.part_id = p.id AND a.ended_at IS NULL
            WHERE p.split_id = ANY(%s::bigint[])
            ORDER BY p.place_id
            """,
            [list(splits)],
        )
        for split, *part in cursor.fetchall():
            found[split].append(PartView(*part))
    return found


@dataclass(frozen=True, slots=True)
class Received:
    """A target that a place got from above, with its answer. differs: the place handed a different
    whole on (its own split is older than the part).
    """

    split: int
    framework_id: int
    indicator: str
    giver: str
    sent_at: datetime
    reason: str
    part: PartView
    handed_on: Decimal | None

    @property
    def differs(self) -> bool:
        return self.handed_on is not None and self.handed_on != self.part.value


def received_by(place: str, *, framework_id: int | None = None) -> tuple[Received, ...]:
    """Return the current parts of a place, over all indicators. Two queries."""
    rows = TargetPart.objects.filter(place_id=place, split__ended_at__isnull=True)
    if framework_id is not None:
        rows = rows.filter(split__framework_id=framework_id)
    found = list(
        rows.values_list(
            "pk",
            "split_id",
            "split__framework_id",
            "split__indicator_code",
            "split__place_id",
            "split__sent_at",
            "split__reason",
        ).order_by("split__framework_id", "split__indicator_code")
    )
    views = {
        view.part: view
        for each in _parts_of([row[1] for row in found]).values()
        for view in each
        if view.place == place
    }
    own = {
        (framework, indicator): whole
        for framework, indicator, whole in TargetSplit.objects.filter(
            place_id=place, ended_at__isnull=True
        ).values_list("framework_id", "indicator_code", "whole")
    }
    return tuple(
        Received(split, framework, code, giver, sent, why, views[part], own.get((framework, code)))
        for part, split, framework, code, giver, sent, why in found
    )


@dataclass(frozen=True, slots=True)
class Said:
    """How the receivers of one level answered: counts of parts."""

    acknowledged: int = 0
    objected: int = 0
    silent: int = 0

    @property
    def sent(self) -> int:
        return self.acknowledged + self.objected + self.silent


def said_below(
    framework_id: int, places: Collection[str]
) -> dict[str, dict[tuple[str, str], Said]]:
    """Return place → (indicator, level of receivers) → how they answered within it. One query.

    What a place itself received is counted with the place above it, not here.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT u.code, s.indicator_code, s.level,
                   count(*) FILTER (WHERE a.answer = 'acknowledged'),
                   count(*) FILTER (WHERE a.answer = 'objected'),
                   count(*) FILTER (WHERE a.answer IS NULL)
            FROM unnest(%s::text[]) AS u (code)
            JOIN indicators_targetsplit s ON s.framework_id = %s AND s.ended_at IS NULL
                 AND (u.code = %s OR starts_with(s.place_id, u.code))
            JOIN indicators_targetpart p ON p.split_id = s.id
            LEFT JOIN indicators_targetanswer a ON a.part_id = p.id AND a.ended_at IS NULL
            GROUP BY 1, 2, 3
            """,
            [list(places), framework_id, NATION],
        )
        found: dict[str, dict[tuple[str, str], Said]] = defaultdict(dict)
        for unit, indicator, level, *counts in cursor.fetchall():
            found[unit][indicator, level] = Said(*counts)
    return dict(found)


def targets_now(framework_id: int, places: Collection[str]) -> dict[tuple[str, str], Decimal]:
    """Return (indicator, place) → the target that stands. One query."""
    rows = Target.objects.filter(
        framework_id=framework_id, place_id__in=places, superseded_at__isnull=True
    ).values_list("indicator_code", "place_id", "value")
    return {(code, place): value for code, place, value in rows}


@dataclass(frozen=True, slots=True)
class BoardRow:
    """One indicator's target at a place. said: how the places right below answered, None where it
    was not handed down; below: those further down, None where nothing went there.
    """

    indicator: IndicatorDefinition
    target: Decimal | None
    received: Received | None
    said: Said | None
    below: Said | None


def board_of(place: str, framework: FrameworkInForce) -> tuple[BoardRow, ...]:
    """Return every indicator's target at the place: got, handed down, answered. Five queries."""
    got = {each.indicator: each for each in received_by(place, framework_id=framework.framework_id)}
    now = targets_now(framework.framework_id, [place])
    said = said_below(framework.framework_id, [place]).get(place, {})
    next_level = str(tree.level_below(tree.level_of_code(place)))
    rows = []
    for each in framework.definition.indicators:
        levels = {level: counts for (code, level), counts in said.items() if code == each.code}
        direct = levels.pop(next_level, None)
        further = Said(
            sum(counts.acknowledged for counts in levels.values()),
            sum(counts.objected for counts in levels.values()),
            sum(counts.silent for counts in levels.values()),
        )
        rows.append(
            BoardRow(
                indicator=each,
                target=now.get((each.code, place)),
                received=got.get(each.code),
                said=direct,
                below=further if further.sent else None,
            )
        )
    return tuple(rows)


@dataclass(frozen=True, slots=True)
class WaitingAt:
    """Targets of one place that wait for its office: to be answered, and objections to be decided."""

    place: str
    to_answer: int
    objections: int


def targets_waiting(answering: Collection[str], handing: Collection[str]) -> tuple[WaitingAt, ...]:
    """Return the places at which something waits: parts without an answer, where an office answers;
    objections to what it handed down, where it hands down. Two queries.
    """
    silent = (
        TargetPart.objects.filter(place_id__in=answering, split__ended_at__isnull=True)
        .exclude(answers__ended_at__isnull=True, answers__isnull=False)
        .values_list("place_id")
        .annotate(number=Count("pk"))
    )
    objected = (
        TargetAnswer.objects.filter(
            answer=TargetAnswer.Answer.OBJECTED,
            ended_at__isnull=True,
            part__split__ended_at__isnull=True,
            part__split__place_id__in=handing,
        )
        .values_list("part__split__place_id")
        .annotate(number=Count("pk"))
    )
    to_answer, to_decide = dict(silent), dict(objected)
    places = sorted({*to_answer, *to_decide}, key=lambda code: (code != NATION, code))
    return tuple(WaitingAt(code, to_answer.get(code, 0), to_decide.get(code, 0)) for code in places)


def objections(framework_id: int, place: str) -> tuple[tuple[str, PartView], ...]:
    """Return (indicator, part) of those who objected to what the place handed down. Two queries."""
    splits = dict(
        TargetSplit.objects.filter(framework_id=framework_id, place_id=place, ended_at__isnull=True)
        .annotate(code=F("indicator_code"))
        .values_list("pk", "code")
    )
    parts = _parts_of(splits)
    return tuple(
        (splits[split], part)
        for split, each in parts.items()
        for part in each
        if part.answer == "objected"
    )
