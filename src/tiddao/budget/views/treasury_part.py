"""What the treasury's weekly report says of a place: a part of the tab งบ."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.urls import reverse
from django.utils.translation import gettext as _

from tiddao.budget.queries.figures import (
    FiguresLine,
    HistoryPoint,
    PlaceFigures,
    UnitRow,
    figures_in,
    place_history,
    ranking_in,
)
from tiddao.budget.queries.reports import ReportView, find_report
from tiddao.budget.queries.thresholds import status_thresholds
from tiddao.budget.rules.cgd_checks import percent_of
from tiddao.budget.rules.cgd_figures import SPENDINGS, Spending
from tiddao.budget.rules.treasury_words import Status, gap_status
from tiddao.budget.views.wording import SPENDING, gap_words, rank_words, sheet_words
from tiddao.people.access import SignedInRequest, sees_the_nation
from tiddao.places import tree
from tiddao.places.models import NATION, Level
from tiddao.places.queries import Unit

PAIRS = ((13, 14), (11, 12))
"""Sheets about the same money: what was disbursed, and what was used."""
BOTTOM = 10


@dataclass(frozen=True, slots=True)
class MoneyLine:
    """One type of spending: disbursed and used side by side. Amounts in million baht."""

    name: str
    base: Decimal | None
    ordered: Decimal | None
    disbursed: Decimal | None
    disbursed_percent: Decimal | None
    disbursed_cell: str
    used: Decimal | None
    used_percent: Decimal | None
    used_cell: str
    target: Decimal | None
    gap: Decimal | None
    status: Status
    status_words: str


@dataclass(frozen=True, slots=True)
class MoneyTable:
    """The money of one pair of sheets. base_th: what the percentages are of, as printed."""

    title: str
    base_th: str
    sheets: str
    lines: tuple[MoneyLine, ...]


@dataclass(frozen=True, slots=True)
class RankLine:
    """One of the ranks of a province: all spending, one basis."""

    sheet: str
    basis_th: str
    percent: Decimal | None
    from_lowest: int | None
    from_highest: int | None
    of: int
    printed_rank: int | None
    cell: str
    words: str


@dataclass(frozen=True, slots=True)
class OverviewLine:
    """A line of sheet 1. Amounts in million baht."""

    name: str
    base: Decimal | None
    disbursed: Decimal | None
    disbursed_percent: Decimal | None
    used: Decimal | None
    used_percent: Decimal | None
    cell: str


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """One report of the year."""

    as_of: date
    disbursed: Decimal | None
    used: Decimal | None
    gap: Decimal | None


@dataclass(frozen=True, slots=True)
class Trends:
    """The year's percentages, week by week, for small drawings."""

    disbursed: tuple[Decimal | None, ...]
    used: tuple[Decimal | None, ...]


@dataclass(frozen=True, slots=True)
class MemberLine:
    """A province of a group. href: "" where the reader may not open it."""

    name: str
    href: str
    base: Decimal | None
    disbursed: Decimal | None
    disbursed_percent: Decimal | None
    from_lowest: int | None
    from_highest: int | None
    of: int
    used: Decimal | None
    used_percent: Decimal | None
    gap: Decimal | None
    status: Status
    status_words: str


def treasury_part(
    request: SignedInRequest, unit: Unit, known_at: datetime | None
) -> dict[str, object]:
    """Return what ``budget/_treasury_part.html`` shows: figures, ranks and weeks of the place."""
    report = find_report(known_at=known_at)
    part: dict[str, object] = {
        "known_at": known_at,
        "report": report,
        "found": None,
        "tables": (),
        "ranks": (),
        "overview": (),
        "history": (),
        "trends": None,
        "members": (),
        "bottom": (),
        "headline": None,
        "group_total": None,
        "says_why": _why_nothing(unit),
        "treasury_href": _treasury_href(request, report),
        "may_import": request.standing.may("import_treasury", NATION),
    }
    if report is not None:
        provinces = sorted(
            code for code in unit.members if len(code) == tree.DIGITS[Level.PROVINCE]
        )
        if unit.is_group and provinces and len(provinces) == len(unit.members):
            part |= _group(request, report, unit)
        elif unit.level in (Level.NATION, Level.PROVINCE):
            part |= _place(report, unit, known_at)
        if unit.level == Level.NATION and not unit.is_group:
            part["bottom"] = _bottom(request, report)
    return part


def _treasury_href(request: SignedInRequest, report: ReportView | None) -> str:
    if report is None or not sees_the_nation(request.standing):
        return ""
    return reverse("treasury-ranking", args=[report.as_of.isoformat()])


def _why_nothing(unit: Unit) -> str:
    if unit.is_group or unit.level not in (Level.NATION, Level.PROVINCE):
        return _(
            "The treasury publishes its series by province. There is no figure of its for this "
            "place, and none is derived."
        )
    return _("The latest report does not name this place.")


# -- a province or the nation ---------------------------------------------------------------------


def _place(report: ReportView, unit: Unit, known_at: datetime | None) -> dict[str, object]:
    found = figures_in(report, unit.key)
    if found is None:
        return {}
    tables = [_table(found, *pair) for pair in PAIRS]
    shown = tuple(table for table in tables if table is not None)
    history = _history(unit, report, known_at)
    return {
        "found": found,
        "tables": shown,
        "headline": shown[0].lines[-1] if shown and shown[0].lines else None,
        "ranks": tuple(_rank_lines(found)),
        "overview": tuple(_overview(found)),
        "history": history,
        "trends": _trends(history),
    }


def _trends(history: Sequence[HistoryLine]) -> Trends | None:
    """One week is no trend yet."""
    if len(history) < 2:
        return None
    return Trends(tuple(each.disbursed for each in history), tuple(each.used for each in history))


def _table(found: PlaceFigures, disbursed: int, used: int) -> MoneyTable | None:
    views = [found.report.sheet(number) for number in (disbursed, used)]
    sheets = [view for view in views if view is not None]
    lines = tuple(
        line
        for spending in SPENDINGS
        if (line := _line(found, disbursed, used, spending)) is not None
    )
    if not sheets or not lines:
        return None
    title = (
        _("Allotted by the centre to the province")
        if disbursed == PAIRS[0][0]
        else _("The province's own budget")
    )
    return MoneyTable(
        title, sheets[0].base_th, ", ".join(str(each.number) for each in sheets), lines
    )


def _line(found: PlaceFigures, disbursed: int, used: int, spending: Spending) -> MoneyLine | None:
    left, right = found.line(disbursed, spending), found.line(used, spending)
    either = left or right
    if either is None:
        return None
    gap = _gap(right)
    status: Status = right.status if right else "nodata"
    return MoneyLine(
        name=str(SPENDING[spending]),
        base=either.figures.base.value,
        ordered=left.figures.ordered.value if left and left.figures.ordered else None,
        disbursed=left.figures.amount.value if left else None,
        disbursed_percent=left.percent if left else None,
        disbursed_cell=left.figures.percent.cell if left else "",
        used=right.figures.amount.value if right else None,
        used_percent=right.percent if right else None,
        used_cell=right.figures.percent.cell if right else "",
        target=right.target if right else None,
        gap=gap,
        status=status,
        status_words=gap_words(gap, status),
    )


def _gap(line: FiguresLine | None) -> Decimal | None:
    if line is None or line.status == "nodata" or line.figures.gap is None:
        return None
    return line.figures.gap.value


def _rank_lines(found: PlaceFigures) -> list[RankLine]:
    lines = []
    for each in found.sheets:
        row = each.rows[0]
        line = row.lines.get("total")
        if line is None or line.rank is None:
            continue
        lines.append(
            RankLine(
                sheet=sheet_words(each.sheet.number),
                basis_th=each.sheet.basis_th,
                percent=line.percent,
                from_lowest=line.rank.from_lowest,
                from_highest=line.rank.from_highest,
                of=line.rank.of,
                printed_rank=row.printed_rank,
                cell=row.rank_cell,
                words=rank_words(line.rank),
            )
        )
    return lines


def _overview(found: PlaceFigures) -> list[OverviewLine]:
    rows = next((each.rows for each in found.sheets if each.sheet.number == 1), ())
    lines = []
    for row in rows:
        for line in row.lines.values():
            values = {name: figure.value for name, figure in line.figures.measures.items()}
            base = values.get("base")
            lines.append(
                OverviewLine(
                    name=row.name,
                    base=base,
                    disbursed=values.get("disbursed"),
                    disbursed_percent=percent_of(values.get("disbursed"), base),
                    used=values.get("used"),
                    used_percent=percent_of(values.get("used"), base),
                    cell=line.figures.percent.cell,
                )
            )
    return lines


def _history(unit: Unit, report: ReportView, known_at: datetime | None) -> tuple[HistoryLine, ...]:
    def points(sheet: int) -> dict[date, HistoryPoint]:
        found = place_history(
            unit.key, sheet, "total", fiscal_year=report.fiscal_year, known_at=known_at
        )
        return {each.as_of: each for each in found}

    disbursed, used = points(PAIRS[0][0]), points(PAIRS[0][1])
    return tuple(
        HistoryLine(
            as_of=day,
            disbursed=disbursed[day].percent if day in disbursed else None,
            used=used[day].percent if day in used else None,
            gap=used[day].gap if day in used else None,
        )
        for day in sorted({*disbursed, *used})
    )


# -- a group of provinces -------------------------------------------------------------------------


def _bottom(request: SignedInRequest, report: ReportView) -> tuple[MemberLine, ...]:
    """The ten lowest provinces by what was disbursed of the centre's allotment (sheet 13)."""
    disbursed, used = (_by_province(report, number) for number in PAIRS[0])
    lowest = [
        row
        for row in disbursed.values()
        if (rank := row.lines["total"].rank) and rank.from_lowest and rank.from_lowest <= BOTTOM
    ]
    return tuple(_member(request, row, used.get(row.place)) for row in lowest)


def _by_province(report: ReportView, number: int) -> dict[str, UnitRow]:
    view = report.sheet(number)
    rows = ranking_in(report, view, "total", kind="province").rows if view else ()
    return {row.place: row for row in rows}


def _group(request: SignedInRequest, report: ReportView, unit: Unit) -> dict[str, object]:
    """The provinces of the group by sheets 13 and 14, and their sum: parts added, never averaged."""
    disbursed, used = (
        {code: row for code, row in _by_province(report, number).items() if code in unit.members}
        for number in PAIRS[0]
    )
    members = tuple(
        _member(request, disbursed.get(code), used.get(code))
        for code in dict.fromkeys([*disbursed, *used])
    )
    if not members:
        return {}
    target = next((row.lines["total"].target for row in used.values()), None)
    return {"members": members, "group_total": _sum(members, target, unit)}


def _member(
    request: SignedInRequest, disbursed: UnitRow | None, used: UnitRow | None
) -> MemberLine:
    row = disbursed or used
    assert row is not None  # named by one of the sheets
    left = disbursed.lines["total"] if disbursed else None
    right = used.lines["total"] if used else None
    rank = left.rank if left else None
    gap = _gap(right)
    status: Status = right.status if right else "nodata"
    return MemberLine(
        name=row.name,
        href=reverse("place-money", args=[row.place]) if request.standing.covers(row.place) else "",
        base=row.lines["total"].figures.base.value,
        disbursed=left.figures.amount.value if left else None,
        disbursed_percent=left.percent if left else None,
        from_lowest=rank.from_lowest if rank else None,
        from_highest=rank.from_highest if rank else None,
        of=rank.of if rank else 0,
        used=right.figures.amount.value if right else None,
        used_percent=right.percent if right else None,
        gap=gap,
        status=status,
        status_words=gap_words(gap, status),
    )


def _sum(members: tuple[MemberLine, ...], target: Decimal | None, unit: Unit) -> MemberLine:
    def added(values: list[Decimal | None]) -> Decimal | None:
        known = [value for value in values if value is not None]
        return sum(known, Decimal(0)) if len(known) == len(values) else None

    base = added([each.base for each in members])
    disbursed, used = added([m.disbursed for m in members]), added([m.used for m in members])
    used_percent = percent_of(used, base)
    gap = used_percent - target if used_percent is not None and target is not None else None
    status = gap_status(gap, status_thresholds())
    return MemberLine(
        name=unit.full_name,
        href="",
        base=base,
        disbursed=disbursed,
        disbursed_percent=percent_of(disbursed, base),
        from_lowest=None,
        from_highest=None,
        of=0,
        used=used,
        used_percent=used_percent,
        gap=gap,
        status=status,
        status_words=gap_words(gap, status),
    )
