"""Where the money of any unit stands: sums of the offices' own books, never typed in.

A unit is a place, a group of places or one office. A district's money is its office's book; a
province's is the provincial office's and those of its districts; the nation's is all books, the
department's own included; a group's is the sum of its members. An office without figures has no
position, and adds nothing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Literal, TypeVar

from django.db.models import Count, Max, Q, QuerySet, Sum

from tiddao.budget.models import BookBalance, BookDay, BookMonth, SpendingType, WorkbookIssue
from tiddao.budget.models.fields import BahtField
from tiddao.budget.rules.accounts import EMPTY, Balance, sum_of_balances
from tiddao.budget.rules.cgd_figures import Spending
from tiddao.kernel.fiscal import FiscalYear
from tiddao.places import tree
from tiddao.places.models import NATION, Level, Office, Place, PlaceGroup
from tiddao.places.queries import full_name, in_language

AnySpending = Spending | Literal["undivided"]
"""total: all money; undivided: the money whose workbook does not tell its type of spending."""

ACCOUNTS = tuple(each.name for each in fields(Balance))
OFFICE = "office"
"""The level of a unit that is one office, not the place it sits at."""
ANY_SPENDING: tuple[AnySpending, ...] = ("recurrent", "investment", "undivided", "total")
_MANY = 100  # beyond this many roots all offices are asked for, and the rest is left out here


@dataclass(frozen=True, slots=True)
class Position:
    """What the books of one unit come to. balance: in baht, None where nothing was reported.

    last_on: the newest day an entry is true for; last_known_at: when the newest was written down
    (None for a day after which books moved). offices: those that keep the unit's money;
    offices_reporting: of them, with figures. issues: open findings that left money out of the sums;
    offices_with_issues: whose.
    moved: where a day was asked for, what the days since then added in the offices that had a book
    by then; moved_base: what those offices have now. Both None where no office had one.
    """

    unit: str
    name: str
    level: str
    balance: Balance | None
    last_on: date | None
    last_known_at: datetime | None
    offices: int
    offices_reporting: int
    issues: int
    offices_with_issues: int = 0
    moved: Balance | None = None
    moved_base: Decimal | None = None


@dataclass(frozen=True, slots=True)
class UnitBelow:
    """A unit of a league. place: the place it is, or where the office sits; is_office: an office."""

    key: str
    name: str
    level: str
    place: str
    is_office: bool


def positions(
    year: FiscalYear,
    units: Sequence[str],
    *,
    spending: AnySpending = "total",
    fund: str = "",
    on: date | None = None,
    members_on: date | None = None,
    since: date | None = None,
) -> dict[str, Position]:
    """Return where each unit's money stands, now or at the end of a past day, by key.

    units: place codes, group keys, office codes. fund: "" for all. on: None for all that is in the
    books; a past day, if any of them moved since, is summed from the months before it and the days
    of its own. members_on: the day whose members a group has (None: on, else the year's end). since:
    also say what moved after that day. Unknown units are left out. At most nine queries, however
    many units.
    """
    scope = _scope(units, year=year, on=members_on or on or year.end)
    asked = _Asked(scope, year, fund=fund, on=on, since=since, spending=spending)
    return _positions(scope, asked.sums(), asked.moved(), _issues(scope, year))


def positions_by_spending(
    year: FiscalYear,
    units: Sequence[str],
    *,
    fund: str = "",
    on: date | None = None,
    members_on: date | None = None,
    since: date | None = None,
) -> dict[AnySpending, dict[str, Position]]:
    """Return the same for each type of spending and for all of it, in as many queries."""
    scope = _scope(units, year=year, on=members_on or on or year.end)
    asked = _Asked(scope, year, fund=fund, on=on, since=since)
    sums, moved, issues = asked.sums_apart(), asked.moved_apart(), _issues(scope, year)
    return {
        each: _positions(scope, sums[each], moved[each] if moved is not None else None, issues)
        for each in ANY_SPENDING
    }


def units_below(key: str, *, on: date) -> tuple[UnitBelow, ...]:
    """Return the units one level below, each with money of its own; together they are the whole.

    Below the nation: the department's own office and the provinces; below a province: the provincial
    office and the districts; below a group its members; below a district nothing, for its office
    keeps the money of all that lies in it. A place without any office is left out. Three queries.
    """
    members = frozenset({key})
    is_place = _is_place(key)
    below: Level | None = None
    if is_place:
        level = tree.level_of_code(key)
        if level not in (Level.NATION, Level.PROVINCE):
            return ()
        below = tree.level_below(level)
    else:
        members = tree.members_of({key}, on=on)[key]
    offices = list(Office.objects.filter(tree.exists_on(on), _within(members)).order_by("code"))
    served = {
        code for each in offices for code in (*tree.ancestor_codes(each.place_id), each.place_id)
    }
    if below:
        places = tree.descendants(key, on=on, level=below)
    else:
        places = Place.objects.filter(tree.exists_on(on), pk__in=members)
    own = [
        UnitBelow(each.code, office_name(each), OFFICE, each.place_id, is_office=True)
        for each in offices
        if is_place and each.place_id == key
    ]
    units = [
        UnitBelow(each.code, full_name(each), each.level, each.code, is_office=False)
        for each in places.order_by("sort_key", "code")
        if each.code in served
    ]
    return (*own, *units)


def offices_of(units: Sequence[str], year: FiscalYear, *, on: date) -> dict[str, frozenset[str]]:
    """Return the codes of the offices whose books make up each unit's money. Four queries."""
    return {key: frozenset(codes) for key, codes in _scope(units, year=year, on=on).offices.items()}


def office_name(office: Office) -> str:
    """Return an office's name in the language of the page."""
    return in_language(office.name_th, office.name_en)


# -- which offices keep a unit's money ------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Scope:
    """names: key → (name, level), in the order asked. offices: key → their codes."""

    names: dict[str, tuple[str, str]]
    offices: dict[str, list[str]]
    place_of: dict[str, str]
    is_partial: bool  # whether the offices are to be named when their books are asked for


def _is_place(key: str) -> bool:
    return key == NATION or key[:1].isdigit()


def _is_office(key: str) -> bool:
    return key[:1].isupper()


def _scope(units: Sequence[str], *, year: FiscalYear, on: date) -> _Scope:
    codes = {key for key in units if _is_place(key)}
    groups = {key for key in units if not _is_place(key) and not _is_office(key)}
    members = tree.members_of(groups, on=on)
    named: dict[str, tuple[str, str]] = {}
    for place in Place.objects.filter(pk__in=codes) if codes else ():
        named[place.code] = (full_name(place), place.level)
    for group in PlaceGroup.objects.filter(pk__in=groups) if groups else ():
        named[group.key] = (in_language(group.name_th, group.name_en), group.kind)
    own = {key for key in units if _is_office(key)}
    roots = _top({*codes, *(code for each in members.values() for code in each)})
    is_partial = NATION not in roots and len(roots) + len(own) <= _MANY
    wanted = _within(roots) | Q(pk__in=own) if is_partial else Q()
    offices = list(
        Office.objects.filter(_in_year(year), wanted)
        .order_by("code")
        .values_list("code", "place_id", "name_th", "name_en")
    )
    units_of: dict[str, list[str]] = defaultdict(list)  # place → the units it counts in
    for code in codes:
        units_of[code].append(code)
    for key, inside in members.items():
        for code in inside:
            units_of[code].append(key)
    kept: dict[str, dict[str, None]] = {key: {} for key in units}
    for office, seat, thai, english in offices:
        for code in (*tree.ancestor_codes(seat), seat):
            for key in units_of.get(code, ()):
                kept[key][office] = None
        if office in own:
            named[office] = (in_language(thai, english), OFFICE)
            kept[office][office] = None
    return _Scope(
        names={key: named[key] for key in dict.fromkeys(units) if key in named},
        offices={key: list(codes) for key, codes in kept.items() if key in named},
        place_of={office: seat for office, seat, _, _ in offices},
        is_partial=is_partial,
    )


def _in_year(year: FiscalYear) -> Q:
    """Offices that were there on any day of the year: a closed one leaves its book behind."""
    begun = Q(valid_from__isnull=True) | Q(valid_from__lte=year.end)
    return begun & (Q(valid_to__isnull=True) | Q(valid_to__gt=year.start))


def _top(codes: Collection[str]) -> frozenset[str]:
    """Leave out the codes that lie within another."""
    return frozenset(
        code for code in codes if not any(above in codes for above in tree.ancestor_codes(code))
    )


def _within(roots: Collection[str]) -> Q:
    """Return the condition that an office sits within one of the places."""
    if NATION in roots:
        return Q()
    return Q(place__in=Place.objects.filter(tree.within_any(roots)).values("pk"))


# -- sums of books --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _OfficeSum:
    balance: Balance
    last_on: date | None
    last_known_at: datetime | None


Summed = TypeVar("Summed", _OfficeSum, Balance)


def _together(sums: Collection[_OfficeSum]) -> _OfficeSum:
    """What they come to; of none, nothing."""
    return _OfficeSum(
        sum_of_balances(each.balance for each in sums),
        max((each.last_on for each in sums if each.last_on), default=None),
        max((each.last_known_at for each in sums if each.last_known_at), default=None),
    )


@dataclass(frozen=True, slots=True)
class _Asked:
    """One question to the sums of books; every answer is by office code.

    An office without figures is in no answer. spending: None for each type apart.
    """

    scope: _Scope
    year: FiscalYear
    fund: str
    on: date | None
    since: date | None
    spending: AnySpending | None = None

    def sums(self) -> dict[str, _OfficeSum]:
        """What each office's book comes to."""
        return {office: each for (office, _), each in self._sums().items()}

    def sums_apart(self) -> dict[AnySpending, dict[str, _OfficeSum]]:
        """The same for each type of spending, and for all."""
        return _apart(self._sums(), _together)

    def moved(self) -> dict[str, Balance] | None:
        """What the days since added; None where it was not asked."""
        moved = self._moved()
        return None if moved is None else {office: each for (office, _), each in moved.items()}

    def moved_apart(self) -> dict[AnySpending, dict[str, Balance]] | None:
        """The same for each type of spending, and for all."""
        moved = self._moved()
        return None if moved is None else _apart(moved, sum_of_balances)

    def _sums(self) -> dict[tuple[str, str], _OfficeSum]:
        if self.on is None or not self._moved_after(self.on):
            now = self._summed(BookBalance.objects.all(), Max("last_on"), Max("last_known_at"))
            return {
                (office, spending): _OfficeSum(Balance(*accounts), *newest)
                for office, spending, newest, accounts in now
            }
        month = self.on.replace(day=1)
        months = self._summed(BookMonth.objects.filter(month__lt=month), Max("last_on"))
        days = self._summed(BookDay.objects.filter(on__gte=month, on__lte=self.on), Max("on"))
        found: dict[tuple[str, str], _OfficeSum] = {}
        for office, spending, (newest,), accounts in (*months, *days):
            key, moved = (office, spending), Balance(*accounts)
            if before := found.get(key):
                moved = before.balance + moved
            found[key] = _OfficeSum(moved, newest, None)  # days come after their months
        return found

    def _moved_after(self, on: date) -> bool:
        """Whether any of the books moved since: else the day's sums are today's."""
        return self._rows(BookBalance.objects.filter(last_on__gt=on)).exists()

    def _moved(self) -> dict[tuple[str, str], Balance] | None:
        if self.since is None:
            return None
        days = BookDay.objects.filter(on__gt=self.since)
        if self.on is not None:
            days = days.filter(on__lte=self.on)
        return {
            (office, spending): Balance(*accounts)
            for office, spending, _newest, accounts in self._summed(days)
        }

    def _rows(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        rows = rows.filter(book__fiscal_year=self.year.be)
        if self.scope.is_partial:
            rows = rows.filter(book__office__in=list(self.scope.place_of))
        if self.fund:
            rows = rows.filter(fund=self.fund)
        if self.spending not in (None, "total"):
            rows = rows.filter(spending=_code(self.spending))
        return rows

    def _summed(
        self, rows: QuerySet[Any], *newest: Max
    ) -> Iterator[tuple[str, str, Sequence[Any], Sequence[Decimal]]]:
        """Yield office, spending ("" where all of it was asked for), the newest, and the accounts."""
        by = ("book__office_id",) if self.spending else ("book__office_id", "spending")
        more = {f"newest_{number}": each for number, each in enumerate(newest)}
        sums = {f"sum_{name}": Sum(name, output_field=_SummedBaht()) for name in ACCOUNTS}
        start = len(by) + len(more)
        for row in self._rows(rows).order_by().values_list(*by).annotate(**more, **sums):
            spending = "" if self.spending else row[1]
            yield row[0], spending, row[len(by) : start], row[start:]


class _SummedBaht(BahtField):
    """The server's own Decimal: Django would make each of a nation's 60,000 numbers once more."""

    def get_internal_type(self) -> str:
        return "SummedBaht"


def _code(spending: AnySpending | None) -> str:
    return str(SpendingType.UNDIVIDED) if spending == "undivided" else str(spending)


def _apart(
    found: Mapping[tuple[str, str], Summed], together: Callable[[list[Summed]], Summed]
) -> dict[AnySpending, dict[str, Summed]]:
    """Tell the types of spending apart, and add them up to all."""
    types: dict[str, AnySpending] = {_code(each): each for each in ANY_SPENDING if each != "total"}
    apart: dict[AnySpending, dict[str, Summed]] = {each: {} for each in ANY_SPENDING}
    whole: dict[str, list[Summed]] = defaultdict(list)
    for (office, code), each in found.items():
        apart[types[code]][office] = each
        whole[office].append(each)
    apart["total"] = {
        office: each[0] if len(each) == 1 else together(each) for office, each in whole.items()
    }
    return apart


def _positions(
    scope: _Scope,
    sums: Mapping[str, _OfficeSum],
    moved: Mapping[str, Balance] | None,
    issues: Mapping[str, int],
) -> dict[str, Position]:
    found: dict[str, Position] = {}
    for key, (name, level) in scope.names.items():
        offices = scope.offices[key]
        reporting = {code: sums[code] for code in offices if code in sums}
        doubtful = [issues[code] for code in offices if code in issues]
        whole = _together(reporting.values())
        recent, base = _recent(reporting, moved)
        found[key] = Position(
            unit=key,
            name=name,
            level=level,
            balance=whole.balance if reporting else None,
            last_on=whole.last_on,
            last_known_at=whole.last_known_at,
            offices=len(offices),
            offices_reporting=len(reporting),
            issues=sum(doubtful),
            offices_with_issues=len(doubtful),
            moved=recent,
            moved_base=base,
        )
    return found


def _recent(
    reporting: Mapping[str, _OfficeSum], moved: Mapping[str, Balance] | None
) -> tuple[Balance | None, Decimal | None]:
    """What moved, and the base now, of the offices that had money in their book before.

    An office whose first workbook came since then shows all its spending at once: no pace.
    """
    if moved is None:
        return None, None
    had = [
        code
        for code, each in reporting.items()
        if each.balance.entitled - moved.get(code, EMPTY).entitled > 0
    ]
    if not had:
        return None, None
    base = sum((reporting[code].balance.base for code in had), Decimal(0))
    return sum_of_balances(moved[code] for code in had if code in moved), base


def _issues(scope: _Scope, year: FiscalYear) -> dict[str, int]:
    """Return how many open findings left money out of each office's book, by office code."""
    rows = WorkbookIssue.objects.filter(
        upload__fiscal_year=year.be,
        severity="refused",
        superseded_at__isnull=True,
        explained_at__isnull=True,
    )
    if scope.is_partial:
        rows = rows.filter(unit__in=set(scope.place_of.values()))
    counted = rows.order_by().values_list("unit_id").annotate(count=Count("pk"))
    by_place: dict[str, int] = dict(counted)
    return {
        office: by_place[place] for office, place in scope.place_of.items() if place in by_place
    }
