"""Tables of the tab งบ as Excel workbooks: whole, in baht, with what each figure is."""

from __future__ import annotations

from typing import Any

from django.http import FileResponse
from django.utils.translation import gettext as _

from tiddao.budget.queries.money import LeagueRow, SortKey, UnitMoney, league
from tiddao.budget.queries.positions import ANY_SPENDING
from tiddao.budget.queries.reckoned import Reckoned
from tiddao.budget.views.money_words import (
    basis_words,
    goal_words,
    spending_words,
    status_words,
    target_words,
)
from tiddao.places.queries import Unit
from tiddao.ui.templatetags.ui import be_medium
from tiddao.ui.xlsx import Column, xlsx_response


def table_xlsx(unit: Unit, found: UnitMoney) -> FileResponse:
    """Return the unit's money by type of spending."""
    title = _("Money of %(unit)s by type of spending") % {"unit": unit.full_name}
    rows = [
        {"name": spending_words(each), **_figures(found.of(each))}
        for each in ANY_SPENDING
        if each != "undivided" or found.of(each).position.balance is not None
    ]
    return xlsx_response(
        _file_name(title, found),
        title,
        [Column("name", _("Spending"), "text", 24), *_columns()],
        rows,
        as_of=found.asked.on,
        notes=_notes(found),
    )


def league_xlsx(unit: Unit, found: UnitMoney, *, sort: SortKey, descending: bool) -> FileResponse:
    """Return every unit below with its ranks both ways, in the order of the page."""
    title = _("Units of %(unit)s side by side: %(basis)s, %(spending)s") % {
        "unit": unit.full_name,
        "basis": basis_words(found.asked.basis),
        "spending": spending_words(found.asked.spending),
    }
    rows = league(found, sort=sort, descending=descending)
    return xlsx_response(
        _file_name(title, found),
        title,
        [
            Column("low", _("Rank from the lowest"), "integer", 12),
            Column("high", _("Rank from the highest"), "integer", 12),
            Column("key", _("Code"), "text", 14),
            Column("name", _("Unit"), "text", 40),
            *_columns(),
            Column("score", _("Score 0–5"), "integer", 10),
            Column("printed", _("Score in the file"), "number", 10),
        ],
        [_league_row(row) for row in rows],
        as_of=found.asked.on,
        notes=[
            *_notes(found),
            _("Units without figures, or with figures to be checked, have no rank and stand last."),
        ],
    )


def spending_xlsx(unit: Unit, found: UnitMoney) -> FileResponse:
    """Return every unit below by type of spending and basis, the whole last."""
    title = _("Units of %(unit)s by type of spending") % {"unit": unit.full_name}
    units = [(each.key, each.name) for each in found.below]
    columns = [Column("name", _("Unit"), "text", 40)]
    for each in ANY_SPENDING:
        words = spending_words(each)
        columns += [
            Column(f"{each}-base", f"{words}: {_('Base amount')}", "number", 18, _("baht")),
            Column(f"{each}-disbursed", f"{words}: {_('Disbursed')}", "number", 18, _("baht")),
            Column(f"{each}-disbursed-percent", f"{words}: {_('Disbursed, %')}", "percent", 12),
            Column(f"{each}-used", f"{words}: {_('Used')}", "number", 18, _("baht")),
            Column(f"{each}-used-percent", f"{words}: {_('Used, %')}", "percent", 12),
        ]
    rows = []
    for key, name in (*units, (unit.key, unit.full_name)):
        row: dict[str, Any] = {"name": name}
        for each in ANY_SPENDING:
            reckoning = found.by_spending[each][key].reckoning
            row |= {
                f"{each}-base": reckoning.amounts.base,
                f"{each}-disbursed": reckoning.amounts.disbursed,
                f"{each}-disbursed-percent": reckoning.disbursed_percent,
                f"{each}-used": reckoning.used,
                f"{each}-used-percent": reckoning.used_percent,
            }
        rows.append(row)
    return xlsx_response(
        _file_name(title, found), title, columns, rows, as_of=found.asked.on, notes=_notes(found)
    )


def _file_name(title: str, found: UnitMoney) -> str:
    return f"{title} {found.asked.on.isoformat()}"


def _notes(found: UnitMoney) -> list[str]:
    asked, money = found.asked, found.money
    return [
        _("Fiscal year %(year)s, at the end of %(day)s, from the offices' own books")
        % {"year": asked.year, "day": be_medium(asked.on)},
        _("Offices with figures: %(count)s of %(all)s")
        % {"count": money.position.offices_reporting, "all": money.position.offices},
        _("Goal: %(goal)s (%(name)s)")
        % {"goal": goal_words(found.goals["total"]), "name": found.goals["total"].name},
        target_words(money),
        _("An empty cell was not reported; it is not zero."),
    ]


def _columns() -> list[Column]:
    baht = _("baht")
    return [
        Column("entitled", _("Allotted, with transfers"), "number", 18, baht),
        Column("returned", _("Money returned"), "number", 16, baht),
        Column("base", _("Base amount"), "number", 18, baht),
        Column("committed", _("Committed"), "number", 16, baht),
        Column("disbursed", _("Disbursed"), "number", 18, baht),
        Column("disbursed_percent", _("Disbursed, %"), "percent", 12),
        Column("used", _("Used"), "number", 18, baht),
        Column("used_percent", _("Used, %"), "percent", 12),
        Column("remaining", _("Remaining"), "number", 18, baht),
        Column("expected", _("Expected by days, %"), "percent", 14),
        Column("gap", _("Gap by days"), "number", 12, _("points")),
        Column("target", _("Official target of the month, %"), "percent", 14),
        Column("gap_to_target", _("Gap to the target"), "number", 12, _("points")),
        Column("needed", _("Needed each working day"), "number", 16, baht),
        Column("status", _("Status"), "text", 24),
        Column("reporting", _("Offices with figures"), "integer", 12),
        Column("issues", _("Open findings"), "integer", 12),
        Column("last_on", _("Newest entry"), "date", 14),
    ]


def _figures(money: Reckoned) -> dict[str, Any]:
    balance, reckoning = money.position.balance, money.reckoning
    return {
        "entitled": balance.entitled if balance else None,
        "returned": balance.returned if balance else None,
        "base": reckoning.amounts.base,
        "committed": reckoning.amounts.committed,
        "disbursed": reckoning.amounts.disbursed,
        "disbursed_percent": reckoning.disbursed_percent,
        "used": reckoning.used,
        "used_percent": reckoning.used_percent,
        "remaining": reckoning.remaining,
        "expected": reckoning.expected_by_days,
        "gap": reckoning.gap_by_days,
        "target": reckoning.target.percent if reckoning.target else None,
        "gap_to_target": reckoning.gap_by_target,
        "needed": money.pace.baht_per_working_day if money.pace else None,
        "status": status_words(money),
        "reporting": money.position.offices_reporting,
        "issues": money.position.issues,
        "last_on": money.position.last_on,
    }


def _league_row(row: LeagueRow) -> dict[str, Any]:
    score = row.score
    return {
        "low": row.from_lowest,
        "high": row.from_highest,
        "key": row.unit.key,
        "name": row.unit.name,
        **_figures(row.money),
        "score": score.score if score else None,
        "printed": score.stated.printed if score and score.stated else None,
    }
