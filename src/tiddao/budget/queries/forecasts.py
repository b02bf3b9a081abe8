"""Whether units reach their aim: the forecast of ``rules.forecast`` put to what the tables hold.

Peers are chosen by level. An office learns from the offices of its own province; where those are
too few (``rules.forecast.LEAST_CURVES``), from the districts of the country as the weekly boards
kept them. A province learns from all provinces; the nation and a group only from their own years.
The last ``PAST_YEARS`` fiscal years count.

Past curves are read once and kept in the process as long as their stamp (what the tables say of
their size and newest change) is the same: a page that asks for one unit need not read five years.
"""

from __future__ import annotations

from collections import OrderedDict, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from threading import Lock
from typing import NamedTuple

from django.db.models import Count, Max, Q, Sum
from django.db.models.functions import Substr

from tiddao.budget.models import (
    Board,
    Book,
    BookBalance,
    TreasuryReport,
)
from tiddao.budget.queries.curves import (
    Series,
    is_office,
    money_curves,
    past_curves,
    snapshot_curves,
)
from tiddao.budget.queries.official import official_targets
from tiddao.budget.queries.positions import AnySpending
from tiddao.budget.rules.cgd_figures import Basis
from tiddao.budget.rules.forecast import (
    LEAST_CURVES,
    LEAST_YEARS,
    Curve,
    Forecast,
    Past,
    forecast_fan,
    read_past,
)
from tiddao.budget.rules.pace import Reported
from tiddao.budget.rules.targets import TargetPoint
from tiddao.kernel.fiscal import FiscalYear
from tiddao.places import tree
from tiddao.places.models import NATION, Level, Place

PAST_YEARS = 5
"""How many fiscal years back a forecast learns from."""

_KEPT = 400
"""Past curves of so many scopes stay in the process: the provinces on both bases and for two more
deadlines, so that the boards of a year are kept in half the time (measured: 6.4 → 3.6 s a week)."""


# -- forecasts ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Money:
    """Which money of which year is meant, as of which day."""

    year: FiscalYear
    on: date
    basis: Basis = "disbursed"
    spending: AnySpending = "total"
    fund: str = ""
    series: Series = "books"


def forecasts(
    year: FiscalYear,
    units: Sequence[str],
    *,
    on: date,
    deadline: date,
    goal: Decimal,
    basis: Basis = "disbursed",
    spending: AnySpending = "total",
    fund: str = "",
    series: Series = "books",
) -> dict[str, Forecast]:
    """Return the forecast of each unit by key, in the order given, from what is true up to the day.

    This year's curves are read from the books, so that the newest entry counts; what past years
    teach is read once for all units. The number of queries does not grow with the units. Raises
    ValueError for a deadline outside the year.

    Source: issue "งบ", Forecast; ADR 0010.
    """
    money = Money(year, on, basis, spending, fund, series)
    given = money_curves(
        year, units, basis=basis, spending=spending, fund=fund, series=series, until=on, live=True
    )
    return foresee({unit: each.curve for unit, each in given.items()}, money, deadline, goal)


def foresee(
    given: Mapping[str, Curve], money: Money, deadline: date, goal: Decimal
) -> dict[str, Forecast]:
    """Return the forecasts of curves that were read already, by unit, in the order given."""
    found = fans(given, money, (deadline,), goal)
    return {unit: fan[-1] for unit, fan in found.items()}


def fans(
    given: Mapping[str, Curve], money: Money, days: Sequence[date], goal: Decimal
) -> dict[str, tuple[Forecast, ...]]:
    """Return the forecasts of curves that were read already for each of the days, by unit."""
    if any(not money.year.contains(day) for day in days):
        raise ValueError(f"a deadline lies outside fiscal year {money.year}")
    scopes = {unit: _scope(unit) for unit in given}
    pasts = _pasts(frozenset(scopes.values()), money)
    official = tuple(Reported(each.on, each.percent) for each in official_shape(money))
    by_scope: dict[str, dict[str, Sequence[Reported]]] = defaultdict(dict)
    for unit, curve in given.items():
        by_scope[scopes[unit]][unit] = curve.points
    found: dict[str, tuple[Forecast, ...]] = {}
    for scope, series in by_scope.items():
        found |= forecast_fan(
            series, past=pasts[scope], goal=goal, as_of=money.on, days=days, official=official
        )
    return {unit: found[unit] for unit in given}


def official_shape(money: Money) -> tuple[TargetPoint, ...]:
    """Return the official targets of the year's month ends, as far as they are known."""
    if money.spending == "undivided":
        return ()
    return official_targets().shape(money.year, money.spending, money.basis)


def month_ends(after: date, until: date) -> tuple[date, ...]:
    """Return the ends of the months after the day, and the day until itself, for a fan."""
    days = []
    day = after + timedelta(days=7)  # a point nearer than a week says nothing
    while day < until:
        if (day + timedelta(days=1)).day == 1 and (until - day).days > 7:
            days.append(day)
        day += timedelta(days=1)
    return (*days, until) if after < until else (until,)


# -- what past years teach ------------------------------------------------------------------------

_PROVINCES = "provinces"


def _scope(unit: str) -> str:
    """Whose past years a unit learns from: "57" the offices of a province, else as named."""
    place = unit.removeprefix("CDD-") if is_office(unit) else unit
    if not place.isdigit():
        return unit  # the nation, the department, a group: only itself
    if unit.isdigit() and tree.level_of_code(unit) == Level.PROVINCE:
        return _PROVINCES
    return place[:2]


class _Key(NamedTuple):
    scope: str
    years: tuple[FiscalYear, ...]
    basis: Basis
    spending: AnySpending
    fund: str
    series: Series
    stamp: tuple[object, ...]


_kept: OrderedDict[_Key, Past] = OrderedDict()
_lock = Lock()


def _pasts(scopes: Collection[str], money: Money) -> dict[str, Past]:
    """What there is to learn from, by scope; read at most once for all scopes that are not kept."""
    years = tuple(FiscalYear(be) for be in range(money.year.be - PAST_YEARS, money.year.be))
    stamps = _stamps(scopes, years, money.series)
    keys = {
        scope: _Key(
            scope, years, money.basis, money.spending, money.fund, money.series, stamps[scope]
        )
        for scope in scopes
    }
    with _lock:
        found = {scope: _kept[key] for scope, key in keys.items() if key in _kept}
    lacking = [scope for scope in scopes if scope not in found]
    if lacking:
        read = _read(lacking, years, money)
        found |= read
        with _lock:
            for scope in scopes:
                _kept[keys[scope]] = found[scope]
                _kept.move_to_end(keys[scope])
            while len(_kept) > max(_KEPT, len(scopes)):
                _kept.popitem(last=False)
    return found


def _stamps(
    scopes: Collection[str], years: Sequence[FiscalYear], series: Series
) -> dict[str, tuple[object, ...]]:
    """What the tables say of the size and newest change of each scope's past years. Two queries."""
    numbers = [year.be for year in years]
    if series == "cgd":
        reports = TreasuryReport.objects.filter(fiscal_year__in=numbers).aggregate(
            Max("pk"), Max("superseded_at"), Max("sheets__pk")
        )
        return dict.fromkeys(scopes, tuple(reports.values()))
    boards = Board.objects.filter(fiscal_year__in=numbers, series=series).aggregate(
        Max("pk"), Count("superseded_at")
    )
    balances = BookBalance.objects.filter(book__fiscal_year__in=numbers)
    if all(scope.isdigit() for scope in scopes):
        balances = balances.filter(_within(scopes, "book__place"))
    by_province = {
        province: tuple(sizes)
        for province, *sizes in balances.values_list(Substr("book__place_id", 1, 2))
        .annotate(
            Count("pk"), Max("pk"), Max("last_known_at"),
            Sum("allotted"), Sum("transferred"), Sum("disbursed"), Sum("committed"),
            Sum("returned"),
        )
        .order_by()
    }  # fmt: skip
    whole = tuple(sorted(by_province.items()))
    return {
        scope: (*boards.values(), by_province.get(scope) if scope.isdigit() else whole)
        for scope in scopes
    }


def _within(scopes: Collection[str], column: str) -> Q:
    condition = Q(pk__in=[])
    for scope in scopes:
        condition |= Q(**{f"{column}__code__startswith": scope})
    return condition


def _read(scopes: Sequence[str], years: Sequence[FiscalYear], money: Money) -> dict[str, Past]:
    """The past curves of each scope. At most ten queries."""
    units = _units_of(scopes, years, money)
    whole = [scope for scope in scopes if scope in (_PROVINCES, NATION)]
    read = [
        curve
        for part in (whole, [scope for scope in scopes if scope not in whole])
        if part  # sums of whole provinces are asked for by themselves: far fewer rows
        for curve in past_curves(
            years, [unit for scope in part for unit in units[scope]],
            basis=money.basis, spending=money.spending, fund=money.fund, series=money.series,
        )
    ]  # fmt: skip
    scope_of = {unit: scope for scope, names in units.items() for unit in names}
    curves: dict[str, list[Curve]] = {scope: [] for scope in scopes}
    for curve in read:
        curves[scope_of[curve.unit]].append(curve)
    found = {scope: read_past(each) for scope, each in curves.items()}
    few = [scope for scope in scopes if scope.isdigit() and _are_few(curves[scope])]
    if few and money.series == "books":
        country = {
            (each.unit, each.year): each
            for each in snapshot_curves(
                years,
                level=Level.DISTRICT,
                basis=money.basis,
                spending=money.spending,
                fund=money.fund,
            )
        }
        if country:
            own = {(each.unit, each.year): each for scope in few for each in curves[scope]}
            found |= dict.fromkeys(few, read_past((country | own).values()))
    return found


def _are_few(found: Sequence[Curve]) -> bool:
    return len(found) < LEAST_CURVES or len({each.year for each in found}) < LEAST_YEARS


def _units_of(
    scopes: Collection[str], years: Sequence[FiscalYear], money: Money
) -> dict[str, list[str]]:
    """The keys of the units that each scope learns from. One query or none."""
    units: dict[str, list[str]] = {
        scope: [scope] for scope in scopes if not scope.isdigit() and scope != _PROVINCES
    }
    provinces = [scope for scope in scopes if scope.isdigit()]
    if _PROVINCES in scopes:
        units[_PROVINCES] = list(
            Place.objects.filter(level=Level.PROVINCE).values_list("code", flat=True)
        )
    if provinces:
        units |= {scope: [] for scope in provinces}
        if money.series == "books":
            books = Book.objects.filter(
                _within(provinces, "place"), fiscal_year__in=[year.be for year in years]
            )
            for office, place in books.values_list("office_id", "place_id").distinct():
                # A district is its office; a provincial office stands beside its districts.
                name = place if len(place) > tree.DIGITS[Level.PROVINCE] else office
                units[place[:2]].append(name)
    return units
