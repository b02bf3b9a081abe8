"""The columns of a board as a workbook, the same for a live board and a kept one."""

from __future__ import annotations

from django.utils.translation import gettext as _

from tiddao.budget.queries.standings import BoardRow
from tiddao.budget.views.deadlines.pieces import status_words
from tiddao.ui.xlsx import Cell, Column


def standing_columns() -> list[Column]:
    baht, percent, points = _("baht"), _("per cent"), _("points")
    return [
        Column("rank", _("Rank from the lowest"), "integer", 10),
        Column("of", _("Of how many"), "integer", 10),
        Column("code", _("Code"), "text", 10),
        Column("name", _("Unit"), "text", 34),
        Column("status", _("Status"), "text", 22),
        Column("base", _("Budget after transfers"), "number", 18, baht),
        Column("disbursed", _("Disbursed"), "number", 18, baht),
        Column("committed", _("Committed"), "number", 18, baht),
        Column("used", _("Used"), "number", 18, baht),
        Column("returned", _("Money returned"), "number", 18, baht),
        Column("percent", _("Share"), "number", 12, percent),
        Column("target", _("Expected share"), "number", 12, percent),
        Column("gap", _("Gap"), "number", 12, points),
        Column("left", _("Missing to the goal"), "number", 18, baht),
        Column("per_day", _("Needed a working day"), "number", 18, baht),
        Column("points_per_day", _("Needed a working day"), "number", 12, points),
        Column("recent", _("Last 30 days, a working day"), "number", 12, points),
        Column("chance", _("Chance of reaching the goal"), "number", 12, percent),
        Column("low", _("80 in 100 outcomes from"), "number", 12, percent),
        Column("high", _("to"), "number", 12, percent),
        Column("reasons", _("Reasons"), "text", 34),
        Column("words", _("In words"), "text", 40),
        Column("plan", _("Plan"), "text", 20),
        Column("help", _("Asks for help"), "text", 12),
        Column("last_on", _("Data up to"), "date", 14),
    ]


def standing_row(row: BoardRow) -> list[Cell]:
    pace = row.pace
    return [
        row.rank,
        row.out_of or None,
        row.unit,
        row.name,
        status_words(row),
        row.base,
        row.disbursed,
        row.committed,
        row.used,
        row.returned,
        row.percent,
        row.target,
        row.gap,
        pace.baht_left if pace else None,
        pace.baht_per_working_day if pace else None,
        pace.points_per_working_day if pace else None,
        row.recent,
        row.chance.percent,
        row.chance.low,
        row.chance.high,
        ", ".join(row.said.reason_words),
        row.said.words,
        row.said.state_words,
        _("yes") if row.said.asks_help else "",
        row.last_on,
    ]
