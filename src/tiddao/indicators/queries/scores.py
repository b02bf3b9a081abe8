"""From reported results to a unit's score, for a few units at once; the nation is a job's work.

A unit's facts are counted by indicator and shaped into the parts that ``rules.scoring`` scores.
The same shapes are kept in ``Score.parts`` by the job, so that a page which reads a kept score and
a page which computes its own go through one function and show the same.
"""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import Exists, OuterRef, Q

from tiddao.indicators.models import FactChange, Round, Score, Version
from tiddao.indicators.queries.counting import counts_sql
from tiddao.indicators.queries.frameworks import RoundView, definition_of, rounds_of
from tiddao.indicators.queries.leaves import Leaves, leaves_on, levels_of
from tiddao.indicators.rules.definitions import FrameworkDefinition
from tiddao.indicators.rules.scoring import Parts, PlaceScore, score_place
from tiddao.places import tree
from tiddao.places.models import NATION
from tiddao.places.queries import Unit

EVERY_UNIT = ""
"""A change that concerns the scores of all units of a round."""


class Counted(NamedTuple):
    """What a unit's offices reported for one indicator: sums, and how many said what.

    A named tuple, because a nation makes 25,000 of these for a round at once.
    """

    numerator: Decimal | None
    denominator: Decimal | None
    reported: int
    not_applicable: int


@dataclass(frozen=True, slots=True)
class UnitFacts:
    """All that a unit's score stands on. missed: reports missed in earlier closed rounds."""

    parts: Mapping[str, Parts]
    not_applicable: frozenset[str] = frozenset()
    missed: Mapping[str, int] = field(default_factory=dict)

    def score(self, definition: FrameworkDefinition) -> PlaceScore:
        """Return the score by the framework's rules."""
        return score_place(
            definition, self.parts, not_applicable=self.not_applicable, missed_reports=self.missed
        )


@dataclass(frozen=True, slots=True)
class ScoredRound:
    """A round with the version that scores it: the one it was closed under, else the one in force."""

    round: RoundView
    version_id: int
    version: int
    digest: str
    definition: FrameworkDefinition
    owner_place: str


@dataclass(frozen=True, slots=True)
class UnitScore:
    """A unit's score in one round, and whether it was kept or computed just now."""

    facts: UnitFacts
    score: PlaceScore
    stamp: str
    source: str  # "materialised" | "computed"


# -- shapes ---------------------------------------------------------------------------------------


def facts_from(
    definition: FrameworkDefinition,
    counted: Mapping[str, Counted],
    expected: Mapping[str, int],
    *,
    missed: Mapping[str, int] | None = None,
) -> UnitFacts:
    """Shape what was counted into parts.

    expected: level → offices that are to report. Those for whom an indicator does not apply leave
    what is expected; where nobody is left, it does not apply to the unit.
    """
    parts: dict[str, Parts] = {}
    not_applicable: set[str] = set()
    for indicator in definition.indicators:
        found = counted.get(indicator.code)
        still_expected = expected.get(indicator.reports_at, 0)
        if found is not None:
            still_expected -= found.not_applicable
        if still_expected <= 0:
            not_applicable.add(indicator.code)
        elif found is None or not found.reported:
            parts[indicator.code] = Parts(Decimal(0), None, 0, still_expected)
        else:
            parts[indicator.code] = Parts(
                found.numerator or Decimal(0), found.denominator, found.reported, still_expected
            )
    applying = {code: count for code, count in (missed or {}).items() if code in parts and count}
    return UnitFacts(parts, frozenset(not_applicable), applying)


def packed(facts: UnitFacts) -> dict[str, list[Any]]:
    """Return the facts as ``Score.parts`` keeps them: [numerator, denominator, reported, expected],
    with a fifth number where reports were missed; nobody expected: the indicator does not apply.
    """
    rows: dict[str, list[Any]] = {code: ["0", None, 0, 0] for code in facts.not_applicable}
    for code, part in facts.parts.items():
        below = None if part.denominator is None else _exact(part.denominator)
        row: list[Any] = [_exact(part.numerator), below, part.reported, part.expected]
        if code in facts.missed:
            row.append(facts.missed[code])
        rows[code] = row
    return dict(sorted(rows.items()))


def _exact(number: Decimal) -> str:
    """A number as text, the same however many empty decimals it came with."""
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def unpacked(rows: Mapping[str, Sequence[Any]]) -> UnitFacts:
    """Return the facts that ``packed`` wrote down."""
    parts: dict[str, Parts] = {}
    missed: dict[str, int] = {}
    for code, (above, below, reported, expected, *rest) in rows.items():
        if not expected:
            continue
        denominator = None if below is None else Decimal(below)
        parts[code] = Parts(Decimal(above), denominator, reported, expected)
        if rest:
            missed[code] = rest[0]
    return UnitFacts(parts, frozenset(rows.keys() - parts.keys()), missed)


def stamp_of(digest: str, rows: Mapping[str, Sequence[Any]]) -> str:
    """Return the stamp of a score: SHA-256 over the version's digest and the packed facts."""
    text = json.dumps([digest, rows], sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


# -- rounds ---------------------------------------------------------------------------------------


def scored_rounds(
    *, code: str, years: Collection[int], at: datetime | None = None
) -> tuple[ScoredRound, ...]:
    """Return the rounds of a framework over some years with the versions that score them.

    at: as published by that moment. By day, the oldest first. Two queries.
    """
    versions = (
        Version.objects.filter(framework__code=code, framework__fiscal_year__in=years)
        .exclude(state=Version.State.DRAFT)
        .select_related("framework__owner")
        .order_by("-number")
    )
    if at is not None:
        versions = versions.filter(published_at__lte=at)
    by_id: dict[int, Version] = {}
    in_force: dict[int, Version] = {}
    for version in versions:
        by_id[version.pk] = version
        in_force.setdefault(version.framework_id, version)
    rounds = rounds_of(in_force.keys(), at=at)
    return tuple(
        _scored(each, by_id.get(each.version_id or 0) or in_force[each.framework_id])
        for each in rounds
    )


def _scored(view: RoundView, version: Version) -> ScoredRound:
    return ScoredRound(
        round=view,
        version_id=version.pk,
        version=version.number,
        digest=version.digest,
        definition=definition_of(version),
        owner_place=version.framework.owner.place_id,
    )


def earlier_closed(one: ScoredRound, among: Iterable[ScoredRound]) -> list[ScoredRound]:
    """Return the closed rounds of the same year's framework before this one: in these a report can
    have been missed. Empty where the framework has no penalty for it.
    """
    if not one.definition.star_rules.penalty_per_missed_report:
        return []
    return [
        each
        for each in among
        if each.round.framework_id == one.round.framework_id
        and each.round.true_on < one.round.true_on
        and each.round.state == Round.State.CLOSED
    ]


def missed_in(
    earlier: Iterable[tuple[FrameworkDefinition, Mapping[str, Counted], Mapping[str, int]]],
) -> dict[str, int]:
    """Return indicator code → rounds in which the unit was to report and nobody did.

    earlier: definition, what was counted, and who was expected, for each earlier closed round.
    """
    missed: dict[str, int] = defaultdict(int)
    for definition, counted, expected in earlier:
        for code, part in facts_from(definition, counted, expected).parts.items():
            if not part.reported:
                missed[code] += 1
    return dict(missed)


# -- counting -------------------------------------------------------------------------------------


def counted_results(
    groups: Iterable[tuple[int, str, str]], *, basis: str, known_at: datetime | None = None
) -> dict[tuple[int, str], dict[str, Counted]]:
    """Sum the results by round, unit and indicator. One query.

    groups: (round id, unit key, code of a place that reports for it). known_at: what was known at
    that moment, else what is known now.
    """
    rows = list(groups)
    if not rows:
        return {}
    condition, moments = counts_sql(basis, at=known_at)
    query = f"""
        SELECT g.round_id, g.unit, r.indicator_code,
               sum(r.part_numerator), sum(r.part_denominator),
               count(*) FILTER (WHERE NOT r.not_applicable),
               count(*) FILTER (WHERE r.not_applicable)
        FROM unnest(%s::bigint[], %s::text[], %s::text[]) AS g (round_id, unit, place_id)
        JOIN indicators_result r ON r.round_id = g.round_id AND r.place_id = g.place_id
        WHERE {condition}
        GROUP BY 1, 2, 3
    """  # noqa: S608 -- the condition is written by counts_sql
    found: dict[tuple[int, str], dict[str, Counted]] = defaultdict(dict)
    with connection.cursor() as cursor:
        columns = [list(each) for each in zip(*rows, strict=True)]
        cursor.execute(query, [*columns, *moments])
        for round_id, unit, code, *sums in cursor.fetchall():
            found[round_id, unit][code] = Counted(*sums)
    return dict(found)


def touches(members: Collection[str], key: str) -> Q:
    """Return the condition that a FactChange concerns a unit: in it, of it, or of all places."""
    if NATION in members:
        return Q()
    condition = Q(unit=EVERY_UNIT) | Q(unit=key)
    for member in members:
        condition |= Q(unit__startswith=member)
    return condition


def kept_scores(
    rounds: Collection[ScoredRound], unit: Unit, members: Collection[str], *, basis: str
) -> dict[int, Score]:
    """Return round id → kept score, only where it is current. One query, so one moment: a change
    that is written in between is either seen with its fact or not at all.
    """
    version_of = {each.round.id: each.version_id for each in rounds}
    pending = FactChange.objects.filter(touches(members, unit.key), round=OuterRef("round"))
    rows = Score.objects.filter(
        ~Exists(pending), round_id__in=version_of, basis=basis, unit=unit.key
    )
    return {row.round_id: row for row in rows if row.version_id == version_of[row.round_id]}


def unit_scores(
    rounds: Sequence[ScoredRound],
    unit: Unit,
    *,
    basis: str,
    known_at: datetime | None = None,
) -> dict[int, UnitScore]:
    """Return round id → the unit's score: kept where current, else computed now from its own facts.

    A round in which nobody of the unit was to report is left out. At most four queries for a
    place; for a group one more for each day whose members are asked for.
    """
    days = {each.round.true_on for each in rounds}
    members_on = {day: members_of_unit(unit, day, known_at=known_at) for day in days}
    everybody = frozenset().union(*members_on.values()) if members_on else frozenset()
    kept: dict[int, Score] = {}
    if known_at is None:
        kept = kept_scores(rounds, unit, everybody, basis=basis)
    scores = {
        each.round.id: _from_kept(each.definition, kept[each.round.id])
        for each in rounds
        if each.round.id in kept
    }
    missing = [each for each in rounds if each.round.id not in scores]
    computed = compute_units(
        missing,
        rounds,
        {each.round.id: [unit.key] for each in missing},
        {day: {unit.key: members} for day, members in members_on.items()},
        basis=basis,
        known_at=known_at,
    )
    return scores | {round_id: found for (round_id, _), found in computed.items()}


def members_of_unit(unit: Unit, on: date, *, known_at: datetime | None = None) -> frozenset[str]:
    """Return the places of a unit on the day; a place is its own only member."""
    if not unit.is_group:
        return unit.members
    return tree.members_of({unit.key}, on=on, known_at=known_at)[unit.key]


def _from_kept(definition: FrameworkDefinition, row: Score) -> UnitScore:
    facts = unpacked(row.parts)
    return UnitScore(facts, facts.score(definition), row.stamp, "materialised")


def compute_units(
    rounds: Sequence[ScoredRound],
    all_rounds: Sequence[ScoredRound],
    keys_of: Mapping[int, Collection[str]],
    members_on: Mapping[date, Mapping[str, frozenset[str]]],
    *,
    basis: str,
    known_at: datetime | None,
) -> dict[tuple[int, str], UnitScore]:
    """Return (round id, unit) → the score computed from the facts, for some units in some rounds.

    all_rounds: where missed reports may lie. keys_of: round id → units. members_on: day → unit →
    its places. A unit in which nobody was to report is left out. Three queries at most per owner
    and in all one for the facts.
    """
    if not rounds:
        return {}
    before = {each.round.id: earlier_closed(each, all_rounds) for each in rounds}
    asked = {each.round.id: each for each in rounds}
    units: dict[int, set[str]] = {each.round.id: set(keys_of[each.round.id]) for each in rounds}
    for each in rounds:
        for past in before[each.round.id]:
            asked[past.round.id] = past
            units.setdefault(past.round.id, set()).update(keys_of[each.round.id])
    everywhere = leaves_of_rounds(
        asked.values(),
        {day: frozenset().union(*by_key.values()) for day, by_key in members_on.items()},
        known_at=known_at,
    )
    leaves = {
        (round_id, key): everywhere[round_id].within(members_on[one.round.true_on][key])
        for round_id, one in asked.items()
        for key in units[round_id]
    }
    counted = counted_results(
        ((round_id, key, code) for (round_id, key), found in leaves.items() for code in found),
        basis=basis,
        known_at=known_at,
    )
    expected = {where: found.counts for where, found in leaves.items()}
    scores: dict[tuple[int, str], UnitScore] = {}
    for each in rounds:
        for key in keys_of[each.round.id]:
            where = (each.round.id, key)
            if not any(expected[where].values()):
                continue
            missed = missed_in(
                (
                    past.definition,
                    counted.get((past.round.id, key), {}),
                    expected[past.round.id, key],
                )
                for past in before[each.round.id]
            )
            facts = facts_from(
                each.definition, counted.get(where, {}), expected[where], missed=missed
            )
            stamp = stamp_of(each.digest, packed(facts))
            scores[where] = UnitScore(facts, facts.score(each.definition), stamp, "computed")
    return scores


def leaves_of_rounds(
    rounds: Collection[ScoredRound],
    members_on: Mapping[date, Collection[str]],
    *,
    known_at: datetime | None = None,
) -> dict[int, Leaves]:
    """Return round id → who is to report for the unit in it. Two queries at most per owner."""
    found: dict[int, Leaves] = {}
    owners = {each.owner_place for each in rounds}
    for owner in owners:
        owned = [each for each in rounds if each.owner_place == owner]
        days = {each.round.true_on for each in owned}
        roots = frozenset(code for day in days for code in members_on[day])
        levels = frozenset(level for each in owned for level in levels_of(each.definition))
        on_day = leaves_on(days, owner_place=owner, levels=levels, roots=roots, known_at=known_at)
        for each in owned:
            own_levels = levels_of(each.definition)
            inside = on_day[each.round.true_on].within(members_on[each.round.true_on])
            found[each.round.id] = Leaves(
                {level: codes for level, codes in inside.by_level.items() if level in own_levels}
            )
    return found
