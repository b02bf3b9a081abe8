"""Catch-up plans and requests for help: what an office said, what it then did, what waits for whom."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import cast

from django.db.models import Q, QuerySet
from django.utils.timezone import localdate

from tiddao.budget.models import (
    BookDay,
    CatchUpPlan,
    DelayReason,
    HelpRequest,
    SpendingDeadline,
    SpendingType,
)
from tiddao.budget.queries.positions import positions
from tiddao.budget.rules.cgd_figures import Basis, Spending
from tiddao.budget.rules.plans import (
    PlanState,
    WeekKept,
    missing_amount,
    proposed_amounts,
    weeks_kept,
)
from tiddao.budget.rules.reckoning import Amounts, used_amount
from tiddao.budget.rules.weeks import Week, plan_weeks
from tiddao.kernel.fiscal import FiscalYear
from tiddao.kernel.workdays import last_working_day
from tiddao.people.models import User
from tiddao.places import tree
from tiddao.places.models import Level, Office, Place
from tiddao.places.queries import full_name

_NOTHING = Decimal(0)


# -- an office's own money ------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class OwnMoney:
    """What the book of one office says of the money a deadline is about, in baht.

    spent: disbursed or used, as the deadline counts. known_to: the last day it says anything of.
    """

    base: Decimal
    spent: Decimal
    known_to: date | None


def own_unit(place: str) -> str:
    """Return the key of the office's own money: a district, else the office beside its districts."""
    level = tree.level_of_code(place)
    if level in (Level.NATION, Level.PROVINCE):
        office = Office.objects.filter(place=place).order_by("code").values_list("code", flat=True)
        return office.first() or place
    return place


def own_money(deadline: SpendingDeadline, place: str, *, on: date) -> OwnMoney | None:
    """Return what the office's book says on the day; None where it has no figures or no base."""
    unit = own_unit(place)
    found = positions(
        FiscalYear(deadline.fiscal_year),
        [unit],
        spending=cast("Spending", deadline.spending),
        fund=deadline.fund,
        on=on,
    ).get(unit)
    if found is None or found.balance is None:
        return None
    spent = spent_of(found.balance.amounts, cast("Basis", deadline.basis), on=on)
    base = found.balance.base
    if spent is None or base <= 0:
        return None
    known = localdate(found.last_known_at) if found.last_known_at else None
    return OwnMoney(base, spent, max((d for d in (found.last_on, known) if d), default=None))


def spent_of(amounts: Amounts, basis: Basis, *, on: date) -> Decimal | None:
    """Return the amount that a deadline counts: disbursed, or used with September's rule."""
    return amounts.disbursed if basis == "disbursed" else used_amount(amounts, on)


# -- plans ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class PlanView:
    """One version of an office's plan. missing: what had to be spent on the day of writing, in baht.

    by_name, decided_by_name: as they are called now. seen: what an act on it must name.
    """

    id: int
    deadline: int
    place: str
    version: int
    state: PlanState
    reasons: tuple[DelayReason, ...]
    words: str
    base: Decimal
    spent: Decimal
    missing: Decimal
    leaves: Decimal
    leaves_why: str
    written_on: date
    by: str
    by_name: str
    writers: tuple[str, ...]
    at: datetime
    decided_by_name: str
    decided_at: datetime | None
    decision_words: str
    weeks: tuple[tuple[date, Decimal, str], ...]

    @property
    def seen(self) -> datetime:
        return self.at

    @property
    def planned(self) -> Decimal:
        return sum((amount for _, amount, _ in self.weeks), _NOTHING)

    @property
    def state_words(self) -> str:
        return str(CatchUpPlan.State(self.state).label)

    @property
    def reason_words(self) -> tuple[str, ...]:
        return tuple(str(each.label) for each in self.reasons)


@dataclass(frozen=True, slots=True)
class OfficePlans:
    """An office's plans for one deadline, the newest version first."""

    versions: tuple[PlanView, ...]

    @property
    def at_work(self) -> PlanView | None:
        """The draft, or the one that waits for a head."""
        return next((p for p in self.versions if p.state in {"draft", "submitted"}), None)

    @property
    def in_force(self) -> PlanView | None:
        """The approved one."""
        return next((p for p in self.versions if p.state == "approved"), None)

    @property
    def newest(self) -> PlanView | None:
        return self.versions[0] if self.versions else None


def plans_of(deadline: SpendingDeadline, place: str) -> OfficePlans:
    """Return an office's plans for a deadline, each with its weeks. Three queries."""
    rows = (
        CatchUpPlan.objects.filter(deadline=deadline, place=place)
        .prefetch_related("weeks")
        .order_by("-version")
    )
    return OfficePlans(_views(rows, goal=deadline.goal))


def find_plan(plan_id: int) -> PlanView | None:
    """Return one version by its number. Three queries."""
    rows = CatchUpPlan.objects.filter(pk=plan_id).select_related("deadline")
    found = _views(rows.prefetch_related("weeks"))
    return found[0] if found else None


def _views(rows: QuerySet[CatchUpPlan], goal: Decimal | None = None) -> tuple[PlanView, ...]:
    plans = list(rows)
    names = names_of({each for plan in plans for each in (plan.by, plan.decided_by)})
    return tuple(
        PlanView(
            id=each.pk,
            deadline=each.deadline_id,
            place=each.place_id,
            version=each.version,
            state=cast("PlanState", each.state),
            reasons=tuple(DelayReason(code) for code in each.reasons),
            words=each.words,
            base=each.base,
            spent=each.spent,
            missing=missing_amount(each.base, each.spent, goal or each.deadline.goal),
            leaves=each.leaves,
            leaves_why=each.leaves_why,
            written_on=each.written_on,
            by=each.by,
            by_name=names.get(each.by, each.by),
            writers=tuple(each.writers),
            at=each.at,
            decided_by_name=names.get(each.decided_by, each.decided_by),
            decided_at=each.decided_at,
            decision_words=each.decision_words,
            weeks=tuple((week.until, week.amount, week.what) for week in each.weeks.all()),
        )
        for each in plans
    )


def names_of(references: Collection[str]) -> dict[str, str]:
    """Return the names of accounts by their references ("user:12"). One query or none."""
    numbers = [int(r.removeprefix("user:")) for r in references if r.startswith("user:")]
    if not numbers:
        return {}
    return {
        f"user:{pk}": name
        for pk, name in User.objects.filter(pk__in=numbers).values_list("pk", "name_th")
    }


@dataclass(frozen=True, slots=True)
class Proposal:
    """What a new plan begins with: weeks to come, and amounts at the pace needed, in baht."""

    money: OwnMoney
    missing: Decimal
    weeks: tuple[Week, ...]
    amounts: tuple[Decimal, ...]


def proposal(deadline: SpendingDeadline, place: str, *, on: date) -> Proposal | None:
    """Return what a plan of the office would begin with; None where its book has no figures."""
    money = own_money(deadline, place, on=on)
    if money is None:
        return None
    missing = missing_amount(money.base, money.spent, deadline.goal)
    weeks = plan_weeks(on, last_working_day(deadline.day))
    amounts = proposed_amounts(missing, weeks) if weeks else ()
    return Proposal(money, missing, weeks, amounts)


def progress_of(
    plan: PlanView, deadline: SpendingDeadline, *, on: date, known_to: date | None
) -> tuple[WeekKept, ...]:
    """Return a plan's weeks beside what the office's book says was spent in each. One query or two.

    A week counts from the day after the week before, the first from the day after writing.
    """
    starts = [plan.written_on, *(until for until, _, _ in plan.weeks[:-1])]
    spent = _spent_between(
        deadline,
        plan.place,
        [(s, until) for s, (until, _, _) in zip(starts, plan.weeks, strict=True)],
    )
    return weeks_kept(
        [(until, amount) for until, amount, _ in plan.weeks], spent, on=on, known_to=known_to
    )


def _spent_between(
    deadline: SpendingDeadline, place: str, spans: Collection[tuple[date, date]]
) -> list[Decimal]:
    """Return what each span (after, until] adds to what the deadline counts, in baht. One query."""
    if not spans:
        return []
    rows = BookDay.objects.filter(
        book__fiscal_year=deadline.fiscal_year,
        book__place=place,
        on__gt=min(after for after, _ in spans),
        on__lte=max(until for _, until in spans),
    )
    if deadline.fund:
        rows = rows.filter(fund=deadline.fund)
    if deadline.spending != "total":
        rows = rows.filter(spending=SpendingType(deadline.spending))
    days = list(rows.values_list("on", "disbursed", "committed"))
    return [
        sum(
            (
                disbursed + (committed if deadline.basis == "used" else _NOTHING)
                for day, disbursed, committed in days
                if after < day <= until
            ),
            _NOTHING,
        )
        for after, until in spans
    ]


# -- the plans and requests of many offices -------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Said:
    """What one office said about a deadline: the plan that counts, and whether it waits for help.

    state: of the newest plan, "" without one; reasons and words: of the approved plan, else of the
    newest handed in. help: number of the request that waits, or the newest answered one.
    """

    state: PlanState | str = ""
    reasons: tuple[DelayReason, ...] = ()
    words: str = ""
    asks_help: bool = False
    help: int | None = None

    @property
    def state_words(self) -> str:
        return str(CatchUpPlan.State(self.state).label) if self.state else ""

    @property
    def reason_words(self) -> tuple[str, ...]:
        return tuple(str(each.label) for each in self.reasons)


def said_about(
    deadline_id: int, places: Collection[str], *, until: datetime | None = None
) -> dict[str, Said]:
    """Return what each office said about a deadline, by place. Two queries.

    until: only what was said up to the moment; a state that came later is not known.
    """
    plans: dict[str, list[CatchUpPlan]] = {}
    rows = CatchUpPlan.objects.filter(deadline=deadline_id, place__in=places).order_by("-version")
    asked = HelpRequest.objects.filter(deadline=deadline_id, place__in=places).order_by("pk")
    if until is not None:
        rows, asked = rows.filter(at__lte=until), asked.filter(at__lte=until)
    for plan in rows:
        plans.setdefault(plan.place_id, []).append(plan)
    requests = {each.place_id: each for each in asked.exclude(state=HelpRequest.State.CLOSED)}
    return {
        place: _said(plans.get(place, []), requests.get(place)) for place in {*plans, *requests}
    }


def _said(plans: list[CatchUpPlan], request: HelpRequest | None) -> Said:
    shown = next((p for p in plans if p.state == "approved"), None) or next(
        (p for p in plans if p.state != "draft"), None
    )
    waits = request is not None and request.state != HelpRequest.State.ANSWERED
    return Said(
        state=plans[0].state if plans else "",
        reasons=tuple(DelayReason(code) for code in shown.reasons) if shown else (),
        words=shown.words if shown else "",
        asks_help=waits,
        help=request.pk if request else None,
    )


@dataclass(frozen=True, slots=True)
class HelpView:
    """A request for help. turn: whose turn it is, which an act on it must name."""

    id: int
    deadline: int
    deadline_name: str
    place: str
    place_name: str
    turn: str
    turn_name: str
    state: str
    words: str
    at: datetime
    by_name: str
    answer: str
    answered_at: datetime | None
    answered_by_name: str
    closed_at: datetime | None

    @property
    def is_waiting(self) -> bool:
        return self.state in {HelpRequest.State.OPEN, HelpRequest.State.PASSED_UP}

    @property
    def state_words(self) -> str:
        return str(HelpRequest.State(self.state).label)


def help_of(deadline_id: int, place: str) -> tuple[HelpView, ...]:
    """Return an office's requests about a deadline, the newest first. Two queries."""
    return _help(Q(deadline=deadline_id, place=place))


def find_help(help_id: int) -> HelpView | None:
    """Return one request by its number. Two queries."""
    found = _help(Q(pk=help_id))
    return found[0] if found else None


def help_waiting_for(roots: Collection[str]) -> tuple[HelpView, ...]:
    """Return the requests that wait for the offices at places within the roots. Two queries."""
    asked = Place.objects.filter(tree.within_any(roots)).values("pk")
    return _help(
        Q(asked_of__in=asked, state__in=(HelpRequest.State.OPEN, HelpRequest.State.PASSED_UP))
    )


def _help(condition: Q) -> tuple[HelpView, ...]:
    rows = list(
        HelpRequest.objects.filter(condition)
        .select_related("deadline", "place", "asked_of")
        .order_by("-pk")
    )
    names = names_of({each for row in rows for each in (row.by, row.answered_by)})
    return tuple(
        HelpView(
            id=each.pk,
            deadline=each.deadline_id,
            deadline_name=each.deadline.name_th,
            place=each.place_id,
            place_name=full_name(each.place),
            turn=each.asked_of_id,
            turn_name=full_name(each.asked_of),
            state=each.state,
            words=each.words,
            at=each.at,
            by_name=names.get(each.by, each.by),
            answer=each.answer,
            answered_at=each.answered_at,
            answered_by_name=names.get(each.answered_by, each.answered_by),
            closed_at=each.closed_at,
        )
        for each in rows
    )


@dataclass(frozen=True, slots=True)
class WaitingPlan:
    """A plan that waits: for a head's decision, or, returned, for the office's next version."""

    id: int
    deadline: int
    deadline_name: str
    place: str
    place_name: str
    version: int
    at: datetime
    words: str
    is_own: bool


def plans_to_decide(roots: Collection[str], *, me: str) -> tuple[WaitingPlan, ...]:
    """Return the plans within the roots that wait for a head, the oldest first. One query.

    is_own: the person had a hand in it, so another must decide.
    """
    return _waiting(_within(roots) & Q(state=CatchUpPlan.State.SUBMITTED), me=me)


def plans_returned(roots: Collection[str], *, me: str) -> tuple[WaitingPlan, ...]:
    """Return the returned plans within the roots that have no next version yet. Two queries."""
    returned = _waiting(_within(roots) & Q(state=CatchUpPlan.State.RETURNED), me=me)
    newer = CatchUpPlan.objects.filter(
        deadline__in={p.deadline for p in returned}, place__in={p.place for p in returned}
    ).values_list("deadline_id", "place_id", "version")
    last: dict[tuple[int, str], int] = {}
    for deadline, place, version in newer if returned else ():
        last[deadline, place] = max(version, last.get((deadline, place), 0))
    return tuple(each for each in returned if last[each.deadline, each.place] == each.version)


def _within(roots: Collection[str]) -> Q:
    return Q(
        place__in=Place.objects.filter(tree.within_any(roots)).values("pk"),
        deadline__ended_at__isnull=True,
    )


def _waiting(condition: Q, *, me: str) -> tuple[WaitingPlan, ...]:
    rows = CatchUpPlan.objects.filter(condition).select_related("deadline", "place").order_by("at")
    return tuple(
        WaitingPlan(
            id=each.pk,
            deadline=each.deadline_id,
            deadline_name=each.deadline.name_th,
            place=each.place_id,
            place_name=full_name(each.place),
            version=each.version,
            at=each.at,
            words=each.decision_words,
            is_own=me in {each.by, *each.writers},
        )
        for each in rows
    )
