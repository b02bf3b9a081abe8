"""How many offices stand where: counted by the database, summed up the tree."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Count, F, Q, QuerySet
from django.db.models.functions import Coalesce

from tiddao.places import tree
from tiddao.policy.models import Assignment, AssignmentState, Directive
from tiddao.policy.rules.assignments import FINAL, SENT, STATES


@dataclass(frozen=True, slots=True)
class Tally:
    """Offices by state, without those called off. overdue: behind their day, of the total."""

    states: Mapping[str, int] = field(default_factory=dict)
    overdue: int = 0

    @property
    def total(self) -> int:
        return sum(count for state, count in self.states.items() if state != "cancelled")

    def of(self, *states: str) -> int:
        return sum(self.states.get(state, 0) for state in states)

    @property
    def silent(self) -> int:
        return self.of(SENT)

    @property
    def answered(self) -> int:
        return self.total - self.silent

    @property
    def objected(self) -> int:
        return self.of("objected")

    @property
    def asking(self) -> int:
        return self.of("asking")

    @property
    def acknowledged(self) -> int:
        return self.of("acknowledged")

    @property
    def working(self) -> int:
        return self.of("working", "returned")

    @property
    def done(self) -> int:
        return self.of("done")

    @property
    def closed(self) -> int:
        return self.of("closed", "released")

    @property
    def cancelled(self) -> int:
        return self.of("cancelled")

    @property
    def answered_percent(self) -> float | None:
        return self.answered * 100 / self.total if self.total else None

    @property
    def closed_percent(self) -> float | None:
        return self.closed * 100 / self.total if self.total else None


@dataclass(frozen=True, slots=True)
class StateCount:
    """A count of the database: offices at one place in one state."""

    key: str
    state: str
    offices: int
    overdue: int


def with_due(rows: QuerySet[Assignment]) -> QuerySet[Assignment]:
    """Return the assignments with due: the day of the office itself, else of the directive."""
    return rows.annotate(due=Coalesce("due_on", F("directive__due_on")))


def counted(rows: QuerySet[Assignment], by: str, *, on: date) -> list[StateCount]:
    """Count assignments by a field and state. One query."""
    behind = Q(due__lt=on) & ~Q(state__in=[*FINAL, AssignmentState.DONE])
    found = (
        with_due(rows)
        .order_by()
        .values_list(by, "state")
        .annotate(offices=Count("pk"), overdue=Count("pk", filter=behind))
    )
    return [StateCount(str(key), state, offices, late) for key, state, offices, late in found]


def tally_of(counts: Iterable[StateCount]) -> Tally:
    """Sum counts into one tally."""
    states: dict[str, int] = defaultdict(int)
    overdue = 0
    for each in counts:
        states[each.state] += each.offices
        overdue += each.overdue
    return Tally({state: states[state] for state in STATES if state in states}, overdue)


def tallies_by(counts: Iterable[StateCount]) -> dict[str, Tally]:
    """Sum counts into a tally for each key."""
    parts: dict[str, list[StateCount]] = defaultdict(list)
    for each in counts:
        parts[each.key].append(each)
    return {key: tally_of(some) for key, some in parts.items()}


def tallies_up_the_tree(
    counts: Collection[StateCount], *, on: date, group_keys: Collection[str] | None = ()
) -> dict[str, Tally]:
    """Sum counts by place into every place above and the groups; None = all groups. One query."""
    units: dict[str, list[str]] = defaultdict(list)
    places = sorted({each.key for each in counts})
    for leaf, unit in tree.leaf_group_pairs(places, on=on, group_keys=group_keys):
        units[leaf].append(unit)
    return tallies_by(
        StateCount(unit, each.state, each.offices, each.overdue)
        for each in counts
        for unit in units[each.key]
    )


def whole_line(directive: Directive) -> Q:
    """Return the condition that an Assignment belongs to the directive or to one handed down from
    it; districts hand down no further, so three steps reach everything.
    """
    one = Q(directive=directive)
    if directive.root_id is None:
        return one | Q(directive__root=directive)
    return (
        one
        | Q(directive__handed_down_from__directive=directive)
        | Q(directive__handed_down_from__directive__handed_down_from__directive=directive)
    )
