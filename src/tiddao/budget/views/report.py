"""One A4 page of a province or district for a meeting: a governor reads it in a minute.

The words and figures are those of the screen; digits are Thai, as official papers have them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.http import Http404, HttpResponse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from tiddao.budget.drawings import PAPER, CurveDrawing
from tiddao.budget.queries.money import MoneyAsked, unit_money
from tiddao.budget.queries.outlooks import Outlook, Outlooks, outlooks
from tiddao.budget.queries.positions import ANY_SPENDING
from tiddao.budget.queries.reckoned import Reckoned
from tiddao.budget.queries.standings import (
    BoardRow,
    Measure,
    Standings,
    in_order_of_help,
    standings,
    with_step,
)
from tiddao.budget.views.curve_words import (
    chance_words,
    experience_words,
    interval_words,
    sentence,
    whole,
)
from tiddao.budget.views.curve_words import status_words as word_of
from tiddao.budget.views.curves_shown import dips_words, has_target, shown
from tiddao.budget.views.deadlines.pieces import rule_words, step_words
from tiddao.budget.views.money_choice import choice_of
from tiddao.budget.views.money_words import (
    baht_words,
    basis_words,
    goal_words,
    headline,
    last_day_words,
    spending_words,
    target_words,
)
from tiddao.kernel.dates import format_long, weekday_name
from tiddao.kernel.digits import to_thai
from tiddao.kernel.numerals import format_decimal
from tiddao.people.access import SignedInRequest, visible_unit_or_404
from tiddao.places.models import Level
from tiddao.places.queries import Unit
from tiddao.ui.context import DEMONSTRATION_MARK
from tiddao.ui.pdf import pdf_response
from tiddao.ui.templatetags.ui import be_medium, be_short, be_time

TEMPLATE = "budget/typst/report.typ"
FIRST_TO_HELP = 5
"""So many units are named with the reason why."""
_MILLION = Decimal(1_000_000)
_NO_HELP = {"reached", "going", "nodata"}


@require_GET
def paper(request: SignedInRequest, key: str) -> HttpResponse:
    """Hand out the page as PDF, in Thai whatever the language of the screen."""
    unit = visible_unit_or_404(request, key)
    if not has_paper(unit):
        raise Http404
    asked = choice_of(request.GET, today=request.standing.on).asked
    with translation.override("th"):
        data = paper_data(unit, asked)
        title = _("Disbursement of %(unit)s %(day)s") % {
            "unit": unit.full_name,
            "day": asked.on.isoformat(),
        }
        return pdf_response(title, TEMPLATE, data)


def has_paper(unit: Unit) -> bool:
    """Say whether there is a page of the unit: of a province or district, not of groups."""
    return not unit.is_group and unit.level in (Level.PROVINCE, Level.DISTRICT)


def paper_data(unit: Unit, asked: MoneyAsked) -> dict[str, Any]:
    """Return what the paper shows, every figure already in words and in Thai digits."""
    found = outlooks(unit, asked)
    money = found.own.money
    board = _board(unit, asked, found)
    data: dict[str, Any] = {
        "title": _("Disbursement of %(unit)s, fiscal year %(year)s")
        % {"unit": unit.full_name, "year": asked.year},
        "subtitle": " · ".join(
            [
                _("At the end of %(day)s") % {"day": format_long(asked.on)},
                spending_words(asked.spending),
                _("Judged by: %(basis)s") % {"basis": basis_words(asked.basis)},
            ]
        ),
        "office": None,
        "as_of": format_long(found.own.on) if found.own.on else None,
        "source": _("the offices' own books"),
        "status": {"kind": found.own.status.kind, "words": word_of(found.own.status.code)},
        "headline": headline(money, in_million=False) if money else "",
        "chance": sentence(found.own, found.goal),
        "figures": _figures(found, money),
        "countdown": _countdown(money),
        "dips": dips_words(found),
        "help": _help(board, unit),
        "units": _units(found, board) if found.rows else [],
        "types": [] if found.rows else _types(unit, asked),
        "footer": _footer(found, money),
        "words": _words(found),
    }
    return {
        **_in_thai(data),
        "chart": _chart(shown(found, found.own, PAPER, lambda _: "", fan=found.fan).drawing),
        "demonstration": (settings.HOME / DEMONSTRATION_MARK).exists(),
    }


def _words(found: Outlooks) -> dict[str, str]:
    help_words = _("To be helped first, and why") if found.rows else _("What it takes, and why")
    return {
        "line": _("disbursed so far") if found.asked.basis == "disbursed" else _("used so far"),
        "fan": _("forecast (8 of 10 outcomes)"),
        "days": _("days gone by"),
        "target": _("official target") if has_target(found) else "",
        "goal": _("goal: %(goal)s") % {"goal": goal_words(found.goal)},
        "chart": _("Per cent of the base since 1 October, %(basis)s")
        % {"basis": basis_words(found.asked.basis)},
        "help": help_words,
        "nobody": _("No unit needs special help now."),
        "units": _("Units, the least chance first"),
        "types": _("By type of spending"),
        "unit": _("Unit"),
        "base": _("Base, million baht"),
        "share": _("Share, %"),
        "chance": _("Chance, %"),
        "interval": _("Interval, %"),
        "status": _("Status"),
        "spending": _("Spending"),
        "disbursed": _("Disbursed, %"),
        "used": _("Used, %"),
        "remaining": _("Remaining, million baht"),
    }


def _board(unit: Unit, asked: MoneyAsked, found: Outlooks) -> Standings:
    """The unit's standings with the chances of the curves, so that both parts of the page agree."""
    spending = "total" if asked.spending == "undivided" else asked.spending
    measure = Measure(asked.year, asked.basis, spending, asked.fund, found.goal)
    own_deadline = None if found.goal.of_all else found.goal.deadline
    board = standings(unit.key, measure, on=asked.on, deadline=own_deadline)
    chances = {(each.unit.place, each.unit.is_office): each.chance for each in found.rows}
    rows = tuple(
        with_step(replace(row, chance=chances.get(row.id, row.chance))) for row in board.rows
    )
    return replace(board, rows=rows)


def _figures(found: Outlooks, money: Reckoned | None) -> list[dict[str, str | None]]:
    """Five figures, each with its unit, what it is of, and as of when."""
    own = found.own
    day = be_medium(own.on) if own.on else None
    amounts = money.reckoning if money else None
    base = amounts.amounts.base if amounts else None
    of_base = _("of %(amount)s") % {"amount": baht_words(base, in_million=True)} if base else None
    pace = money.pace if money else None
    needed = pace.baht_per_working_day if pace else None
    return [
        _figure(_("Disbursed"), amounts.disbursed_percent if amounts else None, "%", of_base, day),
        _figure(
            _("Used (disbursed and committed)"),
            amounts.used_percent if amounts else None, "%", of_base, day,
        ),
        _figure(
            _("Not yet disbursed"),
            None if amounts is None or amounts.undisbursed is None
            else amounts.undisbursed / _MILLION,
            _("million baht"), of_base, day,
        ),
        {
            "label": _("Needed each working day"),
            "value": None if needed is None else baht_words(needed, in_million=False, up=True),
            "unit": None,
            "base": _("to %(goal)s") % {"goal": goal_words(found.goal)},
            "as_of": day,
        },
        {
            "label": _("Chance of the goal"),
            "value": chance_words(own.chance),
            "unit": None,
            "base": interval_words(own.chance) or None,
            "as_of": be_medium(own.chance.on) if own.chance.on else None,
        },
    ]  # fmt: skip


def _figure(
    label: str, value: Decimal | None, unit: str, base: str | None, as_of: str | None
) -> dict[str, str | None]:
    shown_value = None if value is None else format_decimal(value, 2)
    return {"label": label, "value": shown_value, "unit": unit, "base": base, "as_of": as_of}


def _countdown(money: Reckoned | None) -> str:
    if money is None or money.pace is None:
        return ""
    pace = money.pace
    if not pace.working_days_left:
        return _("No working day is left to the goal's day.")
    said = _("%(days)s working days left, to %(weekday)s %(day)s") % {
        "days": pace.working_days_left,
        "weekday": weekday_name(pace.last_working_day),
        "day": format_long(pace.last_working_day),
    }
    return " · ".join(part for part in (said, last_day_words(pace)) if part)


def _help(board: Standings, unit: Unit) -> list[dict[str, str]]:
    """The units to be helped first: where each stands in the order of help, and its own reasons."""
    rows = in_order_of_help(board.rows) if board.rows else (board.own,)
    return [
        {"name": row.name if board.rows else unit.full_name, "why": _why(row)}
        for row in rows
        if row.step not in _NO_HELP
    ][:FIRST_TO_HELP]


def _why(row: BoardRow) -> str:
    parts = [step_words(row.step)]
    if row.percent is not None:
        parts.append(
            _("%(share)s%%, %(amount)s still to be spent")
            % {
                "share": format_decimal(row.percent, 1),
                "amount": baht_words(
                    row.pace.baht_left if row.pace and row.pace.baht_left else Decimal(0),
                    in_million=False,
                    up=True,
                ),
            }
        )
    reasons = ", ".join(row.said.reason_words)
    if reasons:
        parts.append(_("reason given: %(reasons)s") % {"reasons": reasons})
    elif row.step != "check":
        parts.append(_("no reason given yet"))
    return " · ".join(parts)


def _units(found: Outlooks, board: Standings) -> list[dict[str, Any]]:
    status = {row.id: row.status for row in board.rows}
    return [_unit(each, status) for each in found.rows]


def _unit(each: Outlook, status: Mapping[tuple[str, bool], Any]) -> dict[str, Any]:
    judged = status.get((each.unit.place, each.unit.is_office), each.status)
    chance = each.chance
    base = each.money.reckoning.amounts.base if each.money else None
    share = each.money.percent if each.money else each.percent
    return {
        "name": _short(each),
        "base": None if base is None else format_decimal(base / _MILLION, 2),
        "share": None if share is None else format_decimal(share, 1),
        "chance": None if chance.percent is None else whole(chance.percent),
        "interval": None
        if chance.low is None or chance.high is None
        else f"{whole(chance.low)}–{whole(chance.high)}",
        "kind": judged.kind,
        "status": word_of(judged.code),
    }


def _short(each: Outlook) -> str:
    return each.unit.name.removeprefix("อำเภอ").removeprefix("เขต")


def _types(unit: Unit, asked: MoneyAsked) -> list[dict[str, Any]]:
    """Of a district, whose office has no units below: its money by type of spending."""
    found = unit_money(unit, asked)
    rows = []
    for each in ANY_SPENDING:
        money = found.of(each)
        amounts = money.reckoning
        if money.position.balance is None and each != "total":
            continue
        base, left = amounts.amounts.base, amounts.remaining
        rows.append(
            {
                "name": spending_words(each),
                "base": None if base is None else format_decimal(base / _MILLION, 2),
                "disbursed": _percent(amounts.disbursed_percent),
                "used": _percent(amounts.used_percent),
                "remaining": None if left is None else format_decimal(left / _MILLION, 2),
                "kind": money.status.kind,
                "status": word_of(money.status.code),
            }
        )
    return rows


def _percent(value: Decimal | None) -> str | None:
    return None if value is None else format_decimal(value, 2)


def _footer(found: Outlooks, money: Reckoned | None) -> list[str]:
    """What the page rests on: goal, targets, experience, order of help, when it was made."""
    goal = found.goal
    said = [
        _("Goal: %(name)s, %(goal)s") % {"name": goal.name, "goal": goal_words(goal)}
        + (f" ({goal.source})" if goal.source and goal.origin == "deadline" else ""),
        target_words(money) if money else "",
        _("Forecast: %(basis)s; eight of ten outcomes lie in the interval")
        % {
            "basis": experience_words([found.own.forecast, *(e.forecast for e in found.rows)])
            or found.own.chance.words
        },
        rule_words() if found.rows else "",
        _("Made on %(moment)s") % {"moment": be_time(timezone.now())},
    ]
    if found.chances_on:
        said.insert(
            3, _("Chances of the units as kept on %(day)s") % {"day": be_short(found.chances_on)}
        )
    return [each for each in said if each]


def _chart(drawing: CurveDrawing) -> dict[str, Any]:
    """The drawing as the paper needs it: lists of points, in its own units."""
    return {
        "width": drawing.frame.width,
        "height": drawing.frame.height,
        "left": drawing.frame.left,
        "right": drawing.frame.x_end,
        "top": drawing.frame.top,
        "bottom": drawing.frame.y_end,
        "days": drawing.days,
        "target": _pairs(drawing.target),
        "dots": drawing.dots,
        "line": _pairs(drawing.line),
        "last": drawing.last,
        "fan": _pairs(drawing.fan),
        "mid": _pairs(drawing.mid),
        "goal": drawing.goal,
        "across": [[tick.at, to_thai(tick.words)] for tick in drawing.across],
        "upwards": [[tick.at, to_thai(tick.words)] for tick in drawing.upwards],
    }


def _pairs(points: str) -> list[list[float]]:
    return [[float(number) for number in point.split(",")] for point in points.split()]


def _in_thai(value: Any) -> Any:
    """The same with Thai digits in every text that is shown."""
    if isinstance(value, str):
        return to_thai(value)
    if isinstance(value, Mapping):
        return {key: each if key == "kind" else _in_thai(each) for key, each in value.items()}
    if isinstance(value, Sequence):
        return [_in_thai(each) for each in value]
    return value
