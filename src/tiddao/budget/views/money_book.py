"""Everything about a place's money as one Excel workbook: whole or refused, with its row counts."""

from __future__ import annotations

from typing import Any

from django.http import FileResponse, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from tiddao.budget.queries.money import UnitMoney, unit_money
from tiddao.budget.queries.outlooks import Outlook, Outlooks
from tiddao.budget.queries.positions import ANY_SPENDING
from tiddao.budget.queries.quality.counts import Counts, kept_counts, live_counts
from tiddao.budget.queries.quality.questions import Questions
from tiddao.budget.queries.quality.scope import Scope, scope_of
from tiddao.budget.queries.reckoned import Reckoned
from tiddao.budget.rules.quality import KINDS
from tiddao.budget.views.curve_words import experience_words, way_words
from tiddao.budget.views.curve_words import status_words as word_of
from tiddao.budget.views.curves import asked_outlooks
from tiddao.budget.views.money_words import (
    basis_words,
    goal_words,
    spending_words,
    target_words,
)
from tiddao.budget.views.quality_words import KIND_WORDS, asked_words, type_words
from tiddao.people.access import SignedInRequest
from tiddao.places.queries import Unit
from tiddao.ui.templatetags.ui import be_medium
from tiddao.ui.xlsx import Column, Table, TableTooLong, tables_response


@require_GET
def workbook(request: SignedInRequest, key: str) -> HttpResponse | FileResponse:
    """Hand out the unit's money: sums, units, weekly curves, forecasts, questions about the data.

    More rows than a sheet holds are refused with a sentence, never cut.
    """
    unit, choice, series, found = asked_outlooks(request, key)
    money = unit_money(unit, choice.asked)
    scope = scope_of(unit.members, choice.asked.year, today=request.standing.on)
    tables = [
        _summary(unit, money),
        _units(unit, money),
        _curves(unit, found, series),
        _forecasts(unit, found),
        _questions(unit, scope),
    ]
    name = _("All the money of %(unit)s %(year)s %(day)s") % {
        "unit": unit.full_name,
        "year": choice.asked.year,
        "day": choice.asked.on.isoformat(),
    }
    try:
        return tables_response(name, tables)
    except TableTooLong as refusal:
        return HttpResponse(str(refusal), status=422, content_type="text/plain; charset=utf-8")


def _columns(*first: Column) -> list[Column]:
    baht = _("baht")
    return [
        *first,
        Column("spending", _("Spending"), "text", 16),
        Column("allotted", _("Allotted"), "number", 18, baht),
        Column("transferred", _("Transferred"), "number", 16, baht),
        Column("returned", _("Money returned"), "number", 16, baht),
        Column("base", _("Base amount"), "number", 18, baht),
        Column("committed", _("Committed"), "number", 16, baht),
        Column("disbursed", _("Disbursed"), "number", 18, baht),
        Column("disbursed_percent", _("Disbursed, %"), "percent", 12, _("of the base")),
        Column("used", _("Used"), "number", 18, baht),
        Column("used_percent", _("Used, %"), "percent", 12, _("of the base")),
        Column("remaining", _("Remaining"), "number", 18, baht),
        Column("advanced", _("Advances not cleared"), "number", 16, baht),
        Column("expected", _("Expected by days, %"), "percent", 14),
        Column("gap", _("Gap, points"), "number", 12),
        Column("status", _("Status"), "text", 22),
        Column("goal", _("Goal, %"), "percent", 10),
        Column("goal_day", _("Goal's day"), "date", 14),
        Column("needed", _("Needed each working day"), "number", 18, baht),
        Column("last_on", _("Newest entry"), "date", 14),
        Column("offices", _("Offices with figures"), "integer", 12),
        Column("of", _("of all"), "integer", 10),
    ]


def _figures(money: Reckoned) -> dict[str, Any]:
    balance, amounts = money.position.balance, money.reckoning
    return {
        "allotted": balance.allotted if balance else None,
        "transferred": balance.transferred if balance else None,
        "returned": balance.returned if balance else None,
        "base": amounts.amounts.base,
        "committed": amounts.amounts.committed,
        "disbursed": amounts.amounts.disbursed,
        "disbursed_percent": amounts.disbursed_percent,
        "used": amounts.used,
        "used_percent": amounts.used_percent,
        "remaining": amounts.remaining,
        "advanced": balance.advanced if balance else None,
        "expected": amounts.expected_by_days,
        "gap": money.gap,
        "status": word_of(money.status.code),
        "goal": money.goal.percent,
        "goal_day": money.goal.day,
        "needed": money.pace.baht_per_working_day if money.pace else None,
        "last_on": money.position.last_on,
        "offices": money.position.offices_reporting,
        "of": money.position.offices,
    }


def _notes(found: UnitMoney) -> list[str]:
    asked = found.asked
    return [
        _("Fiscal year %(year)s, at the end of %(day)s, from the offices' own books")
        % {"year": asked.year, "day": be_medium(asked.on)},
        _("Goal: %(goal)s (%(name)s)")
        % {"goal": goal_words(found.goals["total"]), "name": found.goals["total"].name},
        target_words(found.money),
        _("An empty cell was not reported; it is not zero."),
    ]


def _summary(unit: Unit, found: UnitMoney) -> Table:
    return Table(
        _("Summary: %(unit)s") % {"unit": unit.full_name},
        _columns(),
        [{"spending": spending_words(each), **_figures(found.of(each))} for each in ANY_SPENDING],
        found.asked.on,
        _notes(found),
    )


def _units(unit: Unit, found: UnitMoney) -> Table:
    rows = [
        {
            "key": below.key,
            "name": below.name,
            "spending": spending_words(each),
            **_figures(found.by_spending[each][below.key]),
        }
        for below in found.below
        for each in ANY_SPENDING
    ]
    return Table(
        _("Units below: %(unit)s") % {"unit": unit.full_name},
        _columns(Column("key", _("Code"), "text", 14), Column("name", _("Unit"), "text", 36)),
        rows,
        found.asked.on,
        _notes(found),
    )


def _curves(unit: Unit, found: Outlooks, series: str) -> Table:
    asked = found.asked
    sources = {
        "books": _("the offices' own books"),
        "boards": _("weekly boards"),
        "cgd": _("Comptroller General's weekly report"),
    }
    rows = [
        {
            "key": each.unit.key,
            "name": each.unit.name,
            "on": point.on,
            "base": point.base,
            "amount": point.amount,
            "percent": point.percent,
            "source": sources[each.curve.source],
        }
        for each in found.every
        for point in each.curve.points
    ]
    baht = _("baht")
    return Table(
        _("Weekly curves: %(unit)s") % {"unit": unit.full_name},
        [
            Column("key", _("Code"), "text", 14),
            Column("name", _("Unit"), "text", 36),
            Column("on", _("Figures as of"), "date", 14),
            Column("base", _("Base amount"), "number", 18, baht),
            Column("amount", basis_words(asked.basis), "number", 18, baht),
            Column("percent", _("Per cent"), "percent", 12, _("of the base")),
            Column("source", _("Source"), "text", 30),
        ],
        rows,
        asked.on,
        [
            _("Cumulative since 1 October; %(basis)s, %(spending)s; %(series)s")
            % {
                "basis": basis_words(asked.basis),
                "spending": spending_words(asked.spending),
                "series": sources["cgd" if series == "cgd" else "books"],
            },
            _("A unit without a row was not reported."),
        ],
    )


def _forecasts(unit: Unit, found: Outlooks) -> Table:
    return Table(
        _("Forecasts: %(unit)s") % {"unit": unit.full_name},
        [
            Column("key", _("Code"), "text", 14),
            Column("name", _("Unit"), "text", 36),
            Column("from", _("Starts from the figure of"), "date", 14),
            Column("percent", _("Share then"), "percent", 12),
            Column("goal", _("Goal, %"), "percent", 10),
            Column("goal_day", _("Goal's day"), "date", 14),
            Column("chance", _("Chance of the goal"), "percent", 12),
            Column("low", _("80% interval from"), "percent", 12),
            Column("middle", _("Middle"), "percent", 12),
            Column("high", _("80% interval to"), "percent", 12),
            Column("way", _("Way"), "text", 30),
            Column("learnt", _("Learnt from"), "text", 30),
            Column("words", _("What it rests on"), "text", 70),
        ],
        [_forecast(each, found) for each in found.every],
        found.asked.on,
        [
            _("Goal: %(goal)s (%(name)s)")
            % {"goal": goal_words(found.goal), "name": found.goal.name},
            _(
                "Eight of ten outcomes should lie in the interval. An empty chance: too little data."
            ),
        ],
    )


def _forecast(each: Outlook, found: Outlooks) -> dict[str, Any]:
    chance = each.chance
    return {
        "key": each.unit.key,
        "name": each.unit.name,
        "from": chance.on if each.percent is not None else None,
        "percent": each.curve.last.percent if each.curve.last else None,
        "goal": found.goal.percent,
        "goal_day": found.goal.day,
        "chance": chance.percent,
        "low": chance.low,
        "middle": chance.middle,
        "high": chance.high,
        "way": way_words(chance),
        "learnt": experience_words([each.forecast]),
        "words": chance.words,
    }


def _questions(unit: Unit, scope: Scope) -> Table:
    """Each question where a province or less is asked for; beyond, last night's counts by office."""
    title = _("Questions about data: %(unit)s") % {"unit": unit.full_name}
    office = Column("office", _("Office"), "text", 40)
    kind = Column("kind", _("Kind"), "text", 28)
    amount = Column("amount", _("Amount"), "number", 18, _("baht"))
    if scope.is_live:
        rows = [
            {
                "office": each.office_name,
                "kind": str(KIND_WORDS[each.kind]),
                "type": str(type_words(each.type)) if each.type else "",
                "asked": asked_words(each),
                "reference": each.reference,
                "amount": each.amount,
                "on": each.on,
            }
            for each in Questions(scope, live_counts(scope), KINDS)
        ]
        columns = [
            office,
            kind,
            Column("type", _("Type"), "text", 28),
            Column("asked", _("Question about data"), "text", 70),
            Column("reference", _("Where"), "text", 24),
            amount,
            Column("on", _("Day"), "date", 14),
        ]
        return Table(title, columns, rows, scope.on)
    counts, on = kept_counts(scope)
    return Table(
        title,
        [office, kind, Column("count", _("How many"), "integer", 12), amount],
        _count_rows(scope, counts),
        on or scope.on,
        [_("Counts by office as of last night's count; open a province for each question.")],
    )


def _count_rows(scope: Scope, counts: Counts) -> list[dict[str, Any]]:
    names = {each.place: each.name for each in scope.offices}
    return [
        {
            "office": names[place],
            "kind": str(KIND_WORDS[kind]),
            "count": tally.count,
            "amount": tally.amount,
        }
        for (place, kind), tally in sorted(counts.items())
        if tally.count and place in names
    ]
