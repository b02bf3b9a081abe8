"""Cumulative curves of any units through a fiscal year, in per cent of what they were given.

Three sources, each asked with a fixed number of queries however many units there are:

books     Sums of ``BookDay`` by office and week: a district is its office, a province its office
          and all below it, "CDD-57" that office alone, the nation all, a group its members.
boards    The weekly snapshots, for units that hold more than ``MANY_OFFICES`` offices together:
          878 offices of 250 days each are too many rows for a page.
cgd       The Comptroller General's weekly reports, for provinces and the nation.

An envelope kept entry by entry is known on every day up to its last entry, so its curve has a point
at each week's end (Friday); one kept from a workbook only on the days that a workbook was true for.
A unit without a report has a curve without points: it is never dropped, and never zero.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Literal, NamedTuple, TypeVar

from django.db.models import Exists, F, Func, IntegerField, Max, Model, OuterRef, Q, QuerySet, Sum
from django.db.models import Value as Literally
from django.db.models.functions import Substr

from tiddao.budget.models import (
    BoardLine,
    Book,
    BookDay,
    Envelope,
    Keeping,
    SpendingType,
    StatedFigure,
    TreasuryFigure,
)
from tiddao.budget.queries.positions import AnySpending
from tiddao.budget.queries.reports import known_reports
from tiddao.budget.rules.cgd_checks import percent_of
from tiddao.budget.rules.cgd_figures import Basis
from tiddao.budget.rules.forecast import Curve
from tiddao.budget.rules.pace import Reported
from tiddao.budget.rules.reckoning import Amounts, used_amount
from tiddao.kernel.fiscal import FiscalYear
from tiddao.places import tree
from tiddao.places.models import NATION, Level

Series = Literal["books", "cgd"]
Source = Literal["books", "boards", "cgd"]

MANY_OFFICES = 300
"""Units that hold more offices than this together are read from the weekly boards; ADR 0010."""
SHEETS: Mapping[Basis, int] = {"disbursed": 13, "used": 14}
"""Sheets of the treasury's workbook: money that the centre allots to provinces, on both bases."""

_SATURDAY = date(2000, 1, 1)
"""Weeks are counted from this one; each ends on a Friday."""
_MILLION = Decimal(1_000_000)
_PROVINCE = tree.DIGITS[Level.PROVINCE]
_MOST_NAMED = 40
"""More provinces than this are not named in a query: the whole table is summed."""


@dataclass(frozen=True, slots=True)
class CurvePoint:
    """What a unit had come to at the end of a day: baht, and the amount's share in per cent.

    amount: disbursed or used, as the curve's basis says. percent: None over a base of zero.
    """

    on: date
    base: Decimal | None
    amount: Decimal | None
    percent: Decimal | None


@dataclass(frozen=True, slots=True)
class MoneyCurve:
    """One unit's year, by day. source: where the points were read; without points: not reported."""

    unit: str
    year: FiscalYear
    points: tuple[CurvePoint, ...] = ()
    source: Source = "books"

    @property
    def last(self) -> CurvePoint | None:
        """The newest point that has a share."""
        return next((each for each in reversed(self.points) if each.percent is not None), None)

    @property
    def curve(self) -> Curve:
        """The shares alone, as the forecast takes them."""
        shares = tuple(
            Reported(each.on, each.percent) for each in self.points if each.percent is not None
        )
        return Curve(self.unit, self.year, shares)


def curves(
    year: FiscalYear,
    units: Sequence[str],
    *,
    basis: Basis,
    spending: AnySpending = "total",
    fund: str = "",
    series: Series = "books",
    until: date | None = None,
) -> dict[str, Curve]:
    """Return the curve of each unit by key, in the order given; empty where nothing was reported.

    At most five queries. Source: issue "งบ", Pages (cumulative curves).
    """
    found = money_curves(
        year, units, basis=basis, spending=spending, fund=fund, series=series, until=until
    )
    return {unit: each.curve for unit, each in found.items()}


def money_curves(
    year: FiscalYear,
    units: Sequence[str],
    *,
    basis: Basis,
    spending: AnySpending = "total",
    fund: str = "",
    series: Series = "books",
    until: date | None = None,
    live: bool = False,
) -> dict[str, MoneyCurve]:
    """Return the curve of each unit with its amounts, by key, in the order given.

    spending "total": all types, also what a workbook does not tell apart. fund "": all. until: what
    is true for later days is left out. live: from the books, however many they are, so that the
    newest entry is in. At most five queries.
    """
    asked = _Asked((year,), tuple(units), basis, spending, fund, until)
    found = _treasury(asked) if series == "cgd" else _own(asked, live=live)
    source: Source = "cgd" if series == "cgd" else "books"
    return {unit: found.get((unit, year), MoneyCurve(unit, year, (), source)) for unit in units}


def past_curves(
    years: Sequence[FiscalYear],
    units: Sequence[str],
    *,
    basis: Basis,
    spending: AnySpending = "total",
    fund: str = "",
    series: Series = "books",
) -> tuple[Curve, ...]:
    """Return the curves that there are of the units in those years. At most five queries."""
    asked = _Asked(tuple(years), tuple(units), basis, spending, fund, None)
    found = _treasury(asked) if series == "cgd" else _own(asked, live=False)
    return tuple(each.curve for each in found.values() if each.last is not None)


def snapshot_curves(
    years: Sequence[FiscalYear],
    *,
    level: str,
    basis: Basis,
    spending: AnySpending = "total",
    fund: str = "",
) -> tuple[Curve, ...]:
    """Return the curves of all places on the weekly boards of a level in those years. One query."""
    lines = BoardLine.objects.filter(board__level=level, unit__level=level)
    asked = _Asked(tuple(years), (), basis, spending, fund, None)
    return tuple(each.curve for each in _on_boards(lines, asked).values() if each.last is not None)


class _Asked(NamedTuple):
    years: tuple[FiscalYear, ...]
    units: tuple[str, ...]
    basis: Basis
    spending: AnySpending
    fund: str
    until: date | None


_Found = dict[tuple[str, FiscalYear], MoneyCurve]


# -- the offices' own books -----------------------------------------------------------------------


def _own(asked: _Asked, *, live: bool) -> _Found:
    """The boards where the units hold too many offices for a page, else the books."""
    held = _held(asked, _members(asked))
    found: _Found = {}
    if not live and held.offices > MANY_OFFICES * len(asked.years):
        found = _boards(asked)
        # A year without boards has none of its units; an office or a group is on no board at all.
        held = held.without_places({year for _, year in found})
    return found | _from_books(asked, held)


class _Part(NamedTuple):
    """Books whose sums are asked for together. every_week: some are kept entry by entry."""

    every_week: bool
    units: tuple[str, ...]


_NONE = _Part(False, ())


class _Held(NamedTuple):
    """The books that count in the units asked for, in parts: an office, or all of a province.

    whole: the parts are provinces, for nothing smaller is asked for. offices: how many books.
    """

    whole: bool
    offices: int
    parts: dict[tuple[str, int], _Part]  # (office or first digits of its place, year)

    def without_places(self, years: Collection[FiscalYear]) -> _Held:
        """What is left to be read beside the boards of those years."""
        known = {year.be for year in years}
        parts = {
            (part, be): _Part(
                every_week,
                tuple(unit for unit in units if be not in known or not _is_place(unit)),
            )
            for (part, be), (every_week, units) in self.parts.items()
        }
        return self._replace(parts=parts)

    def of(self, book: str) -> Q:
        """The condition that a row is of the parts. book: the way from the row to its book."""
        wanted = Q(**{f"{book}fiscal_year__in": {be for _, be in self.parts}})
        names = {name for name, _ in self.parts}
        if not self.whole:
            return wanted & Q(**{f"{book}office__in": names})
        if len(names) > _MOST_NAMED:
            return wanted  # the rest is left out when the sums are laid into units
        places = Q(pk__in=[])
        for name in names:
            places |= Q(**{f"{book}place__code__startswith": name})
        return wanted & places

    def name(self, book: str) -> Substr | F:
        """What tells the parts apart in SQL."""
        return Substr(f"{book}place_id", 1, _PROVINCE) if self.whole else F(f"{book}office_id")


def _is_place(unit: str) -> bool:
    return unit == NATION or unit.isdigit()


def _members(asked: _Asked) -> dict[str, frozenset[str]]:
    """The members of the groups among the units, as of the newest day asked for. One query or none."""
    groups = [unit for unit in asked.units if not _is_place(unit) and not is_office(unit)]
    on = asked.until or max(asked.years).end
    return tree.members_of(groups, on=on) if groups else {}


def is_office(unit: str) -> bool:
    """Say whether the key is that of an office ("CDD-57"), not of a place or group."""
    return unit == "CDD" or unit.startswith("CDD-")


def _held(asked: _Asked, members: Mapping[str, Collection[str]]) -> _Held:
    """The books that count in any of the units. One query."""
    units = set(asked.units)
    groups: dict[str, list[str]] = defaultdict(list)
    for key, codes in members.items():
        for code in codes:
            groups[code].append(key)
    rows = Book.objects.filter(fiscal_year__in=[year.be for year in asked.years])
    if NATION not in units:
        wanted = Q(office_id__in=[unit for unit in units if is_office(unit)])
        for code in (*filter(_is_place, units), *groups):
            wanted |= Q() if code == NATION else Q(place__code__startswith=code)
        rows = rows.filter(wanted)
    entries = Envelope.objects.filter(book=OuterRef("pk"), keeping=Keeping.ENTRIES)
    whole = all(_is_whole(unit, members) for unit in units)
    offices = 0
    parts: dict[tuple[str, int], _Part] = {}
    for office, place, be, every_week in rows.annotate(by_entries=Exists(entries)).values_list(
        "office_id", "place_id", "fiscal_year", "by_entries"
    ):
        line = [*tree.ancestor_codes(place), place]
        names = [unit for unit in (office, *line) if unit in units]
        names += sorted({group for code in line for group in groups.get(code, ())})
        part = (place[:_PROVINCE] if whole else office, be)
        known = parts.get(part)
        parts[part] = _Part(bool(every_week or (known and known.every_week)), tuple(names))
        offices += 1
    return _Held(whole, offices, parts)


def _is_whole(unit: str, members: Mapping[str, Collection[str]]) -> bool:
    """The nation, its own office, a province or a group of them: sums of provinces are enough."""
    if unit in (NATION, "CDD"):  # the books at "th" are the department's own alone
        return True
    codes = members.get(unit, (unit,))
    return all(_is_place(code) and len(code) == _PROVINCE for code in codes)


@dataclass(slots=True)
class _Week:
    """What one week adds to a unit, in baht. last: the newest day of it that anything is true for."""

    last: date
    base: Decimal = Decimal(0)
    disbursed: Decimal = Decimal(0)
    committed: Decimal = Decimal(0)
    reserved: Decimal = Decimal(0)

    def add(self, base: Decimal, disbursed: Decimal, committed: Decimal, reserved: Decimal) -> None:
        self.base += base
        self.disbursed += disbursed
        self.committed += committed
        self.reserved += reserved


@dataclass(slots=True)
class _Year:
    every_week: bool = False
    weeks: dict[int, _Week] = field(default_factory=dict)

    def week(self, number: int, day: date) -> _Week:
        found = self.weeks.get(number)
        if found is None:
            found = self.weeks[number] = _Week(day)
        found.last = max(found.last, day)
        return found


class _WeekOf(Func):
    """Which week from ``_SATURDAY`` on a day lies in: days between, by seven."""

    template = "((%(expressions)s) / 7)"
    arg_joiner = " - "
    output_field = IntegerField()


def _from_books(asked: _Asked, held: _Held) -> _Found:
    """Sums by part and week, laid into the units that each part counts in. Two queries."""
    parts = {key: part for key, part in held.parts.items() if part.units}
    if not parts:
        return {}
    held = held._replace(parts=parts)
    units: dict[tuple[str, FiscalYear], _Year] = defaultdict(_Year)
    sums = (
        _narrowed(BookDay.objects.filter(held.of("book__")), asked, day="on")
        .order_by()
        .annotate(part=held.name("book__"), week=_WeekOf(F("on"), Literally(_SATURDAY)))
        .values("part", "book__fiscal_year", "week")
        .annotate(
            last=Max("on"),
            base=Sum("allotted") + Sum("transferred") - Sum("returned"),
            disbursed_sum=Sum("disbursed"),
            committed_sum=Sum("committed"),
            reserved_sum=Sum("reserved"),
        )
        .values_list(
            "part", "book__fiscal_year", "week", "last",
            "base", "disbursed_sum", "committed_sum", "reserved_sum",
        )
    )  # fmt: skip
    for name, be, number, last, *added in sums:
        part = parts.get((name, be), _NONE)
        for unit in part.units:
            year = units[unit, FiscalYear(be)]
            year.every_week = year.every_week or part.every_week
            year.week(number, last).add(*added)
    stated = _narrowed(
        StatedFigure.objects.filter(held.of("envelope__book__")),
        asked,
        day="as_of",
        at="envelope__",
    )
    for name, be, day in (
        stated.order_by()
        .annotate(part=held.name("envelope__book__"))
        .values_list("part", "envelope__book__fiscal_year", "as_of")
        .distinct()
    ):
        for unit in parts.get((name, be), _NONE).units:
            units[unit, FiscalYear(be)].week((day - _SATURDAY).days // 7, day)
    return {
        key: MoneyCurve(*key, tuple(_points(year, key[1], asked.basis)))
        for key, year in units.items()
    }


_Row = TypeVar("_Row", bound=Model)


def _narrowed(
    rows: QuerySet[_Row, Any], asked: _Asked, *, day: str, at: str = ""
) -> QuerySet[_Row, Any]:
    """The rows of the fund and type of spending that are true for days up to the one asked for."""
    if asked.fund:
        rows = rows.filter(**{f"{at}fund": asked.fund})
    if asked.spending != "total":
        code = SpendingType.UNDIVIDED if asked.spending == "undivided" else asked.spending
        rows = rows.filter(**{f"{at}spending": code})
    if asked.until is not None:
        rows = rows.filter(**{f"{day}__lte": asked.until})
    return rows


def _points(held: _Year, year: FiscalYear, basis: Basis) -> Iterable[CurvePoint]:
    """Cumulative points of one unit, from the sums of its weeks."""
    last = max(week.last for week in held.weeks.values())
    numbers: Iterable[int] = sorted(held.weeks)
    if held.every_week:
        numbers = range(min(held.weeks), max(held.weeks) + 1)
    base = disbursed = committed = reserved = Decimal(0)
    for number in numbers:
        week = held.weeks.get(number)
        if week is not None:
            base += week.base
            disbursed += week.disbursed
            committed += week.committed
            reserved += week.reserved
        friday = _SATURDAY + timedelta(days=7 * number + 6)
        on = min(friday, last, year.end) if held.every_week or week is None else week.last
        amount: Decimal | None = disbursed
        if basis == "used":
            amount = used_amount(Amounts(base, disbursed, committed, reserved), on)
        yield CurvePoint(on, base, amount, percent_of(amount, base))


# -- the weekly boards ----------------------------------------------------------------------------


def _boards(asked: _Asked) -> _Found:
    """The boards' lines of the places asked for. One query."""
    places = [unit for unit in asked.units if _is_place(unit)]
    return _on_boards(BoardLine.objects.filter(unit_id__in=places), asked)


def _on_boards(lines: QuerySet[BoardLine, Any], asked: _Asked) -> _Found:
    lines = lines.filter(
        own_office=False,  # a provincial office stands beside its districts, not for its province
        board__series="books",
        board__fund=asked.fund,
        board__superseded_at__isnull=True,
        board__fiscal_year__in=[year.be for year in asked.years],
        board__basis=asked.basis,
        board__spending=asked.spending,
    )
    if asked.until is not None:
        lines = lines.filter(board__as_of__lte=asked.until)
    by_day: dict[tuple[str, FiscalYear], dict[date, CurvePoint]] = defaultdict(dict)
    for unit, be, on, base, disbursed, used, percent in lines.values_list(
        "unit_id", "board__fiscal_year", "board__as_of", "base", "disbursed", "used", "percent"
    ):
        amount = disbursed if asked.basis == "disbursed" else used
        # A place stands on its own board and on the one above, against several deadlines: one money.
        by_day[unit, FiscalYear(be)][on] = CurvePoint(on, base, amount, percent)
    return {
        key: MoneyCurve(*key, tuple(days[on] for on in sorted(days)), "boards")
        for key, days in by_day.items()
    }


# -- the treasury's series ------------------------------------------------------------------------


def _treasury(asked: _Asked) -> _Found:
    """The weekly reports of the provinces and the nation asked for. One query."""
    wanted = Q(kind="province", is_total=False, place_id__in=asked.units)
    if NATION in asked.units:
        wanted |= Q(is_total=True)
    rows = TreasuryFigure.objects.filter(
        wanted,
        known_reports(None, "sheet__report__"),
        sheet__number=SHEETS[asked.basis],
        sheet__report__fiscal_year__in=[year.be for year in asked.years],
        spending=asked.spending,
    )
    if asked.until is not None:
        rows = rows.filter(sheet__report__as_of__lte=asked.until)
    points: dict[tuple[str, FiscalYear], list[CurvePoint]] = defaultdict(list)
    for place, be, on, base, disbursed, used in rows.order_by("sheet__report__as_of").values_list(
        "place_id", "sheet__report__fiscal_year", "sheet__report__as_of",
        "base", "disbursed", "used",
    ):  # fmt: skip
        amount = disbursed if asked.basis == "disbursed" else used
        points[place or NATION, FiscalYear(be)].append(
            CurvePoint(on, _in_baht(base), _in_baht(amount), percent_of(amount, base))
        )
    return {key: MoneyCurve(*key, tuple(found), "cgd") for key, found in points.items()}


def _in_baht(million: Decimal | None) -> Decimal | None:
    return None if million is None else million * _MILLION
