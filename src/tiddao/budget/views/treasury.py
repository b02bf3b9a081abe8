"""The weekly reports, and a week's units ranked: for those who see the whole country."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, cast
from urllib.parse import urlencode

from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from tiddao.budget.forms.treasury import RankingForm
from tiddao.budget.queries.figures import FiguresLine, Ranking, UnitRow, ranking_in
from tiddao.budget.queries.reports import (
    ReportView,
    find_report,
    former_reports,
    treasury_reports,
)
from tiddao.budget.rules.cgd_figures import Kind, Spending
from tiddao.budget.rules.treasury_words import LEAGUE_SHEETS, RANKED_KIND, Status
from tiddao.budget.views.wording import KINDS, SPENDING, gap_words, sheet_words
from tiddao.kernel.numerals import format_decimal
from tiddao.people.access import SignedInRequest, sees_the_nation, visible_unit_or_404
from tiddao.places.models import NATION, Level
from tiddao.places.queries.maps import MapValue, MapView, map_of
from tiddao.ui.templatetags.ui import be_short
from tiddao.ui.xlsx import Column, xlsx_response

BANDS = 5


@dataclass(frozen=True, slots=True)
class ReportRow:
    """A report in the list. href: of its ranking, "" when it has no sheet that ranks."""

    report: ReportView
    href: str
    sheets: str


@dataclass(frozen=True, slots=True)
class RankingRow:
    """A unit in the table, ready to show. href: of the province's own page, or ""."""

    name: str
    href: str
    from_lowest: int | None
    from_highest: int | None
    tied: bool
    printed_rank: int | None
    base: Decimal | None
    ordered: Decimal | None
    amount: Decimal | None
    percent: Decimal | None
    gap: Decimal | None
    status: Status
    status_words: str
    cell: str


@require_GET
def reports(request: SignedInRequest) -> HttpResponse:
    """List the weekly reports, the newest first."""
    _nation_or_404(request)
    context = {
        "rows": [_report_row(each) for each in treasury_reports()],
        "may_import": request.standing.may("import_treasury", NATION),
    }
    return render(request, "budget/reports.html", context)


def _report_row(report: ReportView) -> ReportRow:
    numbers = [each.number for each in report.sheets]
    ranked = any(number in LEAGUE_SHEETS for number in numbers)
    href = reverse("treasury-ranking", args=[report.as_of.isoformat()]) if ranked else ""
    return ReportRow(report, href, ", ".join(map(str, numbers)))


@require_GET
def ranking(request: SignedInRequest, as_of: str) -> HttpResponse:
    """Show one week's units ranked by one sheet and type of spending, with both orders."""
    asked = _asked(request, as_of)
    table = asked.ranking
    rows = _rows(request, table, asked.order)
    context = {
        "report": asked.report,
        "former": former_reports(asked.report.as_of),
        "form": asked.form,
        "ranking": table,
        "title": sheet_words(table.sheet.number),
        "spending": SPENDING[table.spending],
        "units": KINDS[table.kind],
        "rows": rows,
        "total": _row(request, table.total, table.spending) if table.total else None,
        "used": table.sheet.basis == "used",
        "ordered": any(row.ordered is not None for row in rows),
        "target": table.sheet.targets.get(table.spending),
        "differing": [r for r in rows if r.printed_rank != r.from_lowest]
        if table.spending == "total" and table.kind == RANKED_KIND[table.sheet.number]
        else [],
        "map": _map(request, table),
        "band_words": _band_words(),
        "xlsx_href": f"{reverse('treasury-ranking-xlsx', args=[as_of])}?{asked.query}",
    }
    return render(request, "budget/ranking.html", context)


@require_GET
def ranking_xlsx(request: SignedInRequest, as_of: str) -> FileResponse:
    """Hand out the same ranking as a workbook, every unit of it."""
    asked = _asked(request, as_of)
    table = asked.ranking
    rows = _rows(request, table, asked.order)
    title = f"{sheet_words(table.sheet.number)} · {SPENDING[table.spending]}"
    return xlsx_response(
        f"{title} {as_of}",
        title,
        _columns(table),
        [_cells(row) for row in rows],
        as_of=table.report.as_of,
        notes=[
            f"{table.sheet.basis_th} · {_('as of')} {be_short(table.report.as_of)}",
            _("Rank 1 from the lowest is the lowest: the order of the file."),
            _("Source: %(file)s, Comptroller General's Department")
            % {"file": table.report.file_name},
        ],
    )


# -- what was asked -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Asked:
    """One ranking, as asked for and found. query: the same as an address."""

    report: ReportView
    ranking: Ranking
    order: str
    form: RankingForm
    query: str


def _nation_or_404(request: SignedInRequest) -> None:
    if not sees_the_nation(request.standing):
        raise Http404


def _asked(request: SignedInRequest, as_of: str) -> Asked:
    _nation_or_404(request)
    try:
        day = date.fromisoformat(as_of)
    except ValueError:
        raise Http404 from None
    now = RankingForm(request.GET)
    moment = now.fields["known_at"].clean(_valid(now, "known_at"))
    report = find_report(day, known_at=moment)
    if report is None:
        raise Http404
    leagues = [each for each in report.sheets if each.number in LEAGUE_SHEETS]
    if not leagues:
        raise Http404
    wanted = request.GET.get("sheet", "")
    preferred = [each for each in leagues if str(each.number) == wanted] or [
        each for each in leagues if each.number == 13
    ]
    sheet = (preferred or leagues)[0]
    spending = request.GET.get("spending", "")
    spending = spending if spending in SPENDING else "total"
    kinds = _kinds(sheet.number)
    kind = request.GET.get("kind", "")
    kind = kind if kind in kinds else kinds[0]
    order = "descending" if request.GET.get("order") == "descending" else "ascending"
    said = {"sheet": str(sheet.number), "spending": spending, "kind": kind, "order": order}
    if request.GET.get("known_at"):
        said["known_at"] = request.GET["known_at"]
    form = RankingForm(said)
    choices: dict[str, list[tuple[str, str]]] = {
        "sheet": [(str(each.number), sheet_words(each.number)) for each in leagues],
        "spending": [(code, str(words)) for code, words in SPENDING.items()],
        "kind": [(each, str(KINDS[each])) for each in kinds],
    }
    for name, options in choices.items():
        cast("Any", form.fields[name]).choices = options
    found = ranking_in(report, sheet, spending, kind=kind)
    return Asked(report, found, order, form, urlencode(said))


def _valid(form: RankingForm, name: str) -> str:
    """Return what was typed into one field, or "" where it cannot be read."""
    return "" if name in form.errors else str(form.data.get(name, ""))


def _kinds(sheet: int) -> list[Kind]:
    first = RANKED_KIND[sheet]
    return [first, "province_group"] if sheet in {11, 12} else [first]


# -- what is shown --------------------------------------------------------------------------------


def _rows(request: SignedInRequest, table: Ranking, order: str) -> list[RankingRow]:
    rows = [_row(request, each, table.spending) for each in table.rows]
    if order == "ascending":
        return rows
    ranked = [row for row in rows if row.from_lowest is not None]
    return [*reversed(ranked), *(row for row in rows if row.from_lowest is None)]


def _row(request: SignedInRequest, row: UnitRow, spending: Spending) -> RankingRow:
    line = row.lines.get(spending)
    figures = line.figures if line else None
    gap = _gap(line)
    status: Status = line.status if line else "nodata"
    href = ""
    if row.place and request.standing.covers(row.place):
        href = reverse("place-money", args=[row.place])
    return RankingRow(
        name=row.name,
        href=href,
        from_lowest=line.rank.from_lowest if line and line.rank else None,
        from_highest=line.rank.from_highest if line and line.rank else None,
        tied=bool(line and line.rank and line.rank.tied > 1),
        printed_rank=row.printed_rank,
        base=figures.base.value if figures else None,
        ordered=figures.ordered.value if figures and figures.ordered else None,
        amount=figures.amount.value if figures else None,
        percent=line.percent if line else None,
        gap=gap,
        status=status,
        status_words=gap_words(gap, status),
        cell=figures.percent.cell if figures else "",
    )


def _gap(line: FiguresLine | None) -> Decimal | None:
    if line is None or line.status == "nodata" or line.figures.gap is None:
        return None
    return line.figures.gap.value


def _map(request: SignedInRequest, table: Ranking) -> MapView | None:
    """Return the provinces in five bands of as many, the lowest fifth first."""
    if table.kind != "province":
        return None
    values = {}
    for row in table.rows:
        line = row.lines[table.spending]
        if line.percent is None or line.rank is None or line.rank.from_lowest is None:
            values[row.place] = MapValue(None, _("no percentage"))
            continue
        band = (line.rank.from_lowest - 1) * BANDS // line.rank.of + 1
        label = _("%(percent)s%%, rank %(rank)s of %(of)s from the lowest") % {
            "percent": format_decimal(line.percent, 2),
            "rank": line.rank.from_lowest,
            "of": line.rank.of,
        }
        values[row.place] = MapValue(band, label, reverse("place-money", args=[row.place]))
    nation = visible_unit_or_404(request, NATION)
    return map_of(
        nation,
        Level.PROVINCE,
        values,
        on=table.report.as_of,
        title=f"{sheet_words(table.sheet.number)} · {SPENDING[table.spending]}",
        band_words=_band_words(),
    )


def _band_words() -> dict[int | None, str]:
    return {
        1: _("1 · the lowest fifth"),
        2: _("2 · second fifth from the lowest"),
        3: _("3 · the middle fifth"),
        4: _("4 · second fifth from the highest"),
        5: _("5 · the highest fifth"),
        None: _("no data (Bangkok is not on the sheet)"),
    }


def _columns(table: Ranking) -> list[Column]:
    used = table.sheet.basis == "used"
    return [
        Column("low", _("Rank from the lowest"), "integer", 12, _("order of the file")),
        Column("high", _("Rank from the highest"), "integer", 12),
        Column("printed", _("Number in the file"), "integer", 12),
        Column("name", _("Unit"), "text", 32),
        Column("base", table.sheet.base_th, "number", 20, _("million baht")),
        *([] if used else [Column("ordered", _("Ordered"), "number", 18, _("million baht"))]),
        Column("amount", _("Used") if used else _("Disbursed"), "number", 18, _("million baht")),
        Column("percent", table.sheet.basis_th, "percent", 18),
        *(
            [Column("gap", _("Gap to the monthly target"), "number", 14, _("points"))]
            if used
            else []
        ),
        Column("cell", _("Cell"), "text", 10),
    ]


def _cells(row: RankingRow) -> dict[str, Any]:
    return {
        "low": row.from_lowest,
        "high": row.from_highest,
        "printed": row.printed_rank,
        "name": row.name,
        "base": row.base,
        "ordered": row.ordered,
        "amount": row.amount,
        "percent": row.percent,
        "gap": row.gap,
        "cell": row.cell,
    }
