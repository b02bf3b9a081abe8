"""Curves and forecasts in words: what a chart shows, said so that it can be read aloud."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from django.utils.translation import gettext, ngettext

from tiddao.budget.queries.goals import Goal
from tiddao.budget.queries.outlooks import Dip, Outlook
from tiddao.budget.queries.standings import Chance
from tiddao.budget.rules.forecast import Forecast
from tiddao.budget.rules.reckoning import StatusCode
from tiddao.kernel.numerals import format_decimal, format_trimmed
from tiddao.ui.templatetags.ui import be_medium


def whole(percent: Decimal) -> str:
    """Return per cent without decimals: a forecast is not known more exactly."""
    return format_decimal(percent, 0)


def chance_words(chance: Chance) -> str:
    """Return the chance alone: "62%", or that there is too little to say it."""
    if chance.percent is None:
        return gettext("too little data")
    return f"{whole(chance.percent)}%"


def way_words(chance: Chance) -> str:
    """Return how a chance was come by; "" where nobody asked for one."""
    words = {
        "peers": gettext("past years of units like it"),
        "few": gettext("few curves, so a wide interval"),
        "shape": gettext("only the official target or the days gone by"),
        "none": gettext("cannot be said"),
        "known": gettext("the goal's day is over"),
    }
    return words.get(chance.way, "")


def interval_words(chance: Chance) -> str:
    """Return what is expected on the goal's day with its interval, or "" where nothing is said."""
    if chance.low is None or chance.middle is None or chance.high is None:
        return ""
    if chance.way == "known":
        return gettext("%(share)s%% reached") % {"share": format_decimal(chance.middle, 2)}
    return gettext("%(middle)s%% expected (80%% interval: %(low)s–%(high)s%%)") % {
        "middle": whole(chance.middle),
        "low": whole(chance.low),
        "high": whole(chance.high),
    }


def experience_words(forecasts: Sequence[Forecast | None]) -> str:
    """Return what the first forecast that learnt from curves learnt from, or ""."""
    found = next((each for each in forecasts if each and each.curves), None)
    if found is None:
        return ""
    units = ngettext("%(count)s unit", "%(count)s units", found.units) % {"count": found.units}
    years = ngettext("%(count)s year", "%(count)s years", len(found.years)) % {
        "count": len(found.years)
    }
    return gettext("from the curves of %(units)s over %(years)s") % {"units": units, "years": years}


def goal_words(goal: Goal) -> str:
    """Return the goal with its day: "93% by 30 ก.ย. 2569"."""
    return gettext("%(share)s%% by %(day)s") % {
        "share": format_trimmed(goal.percent),
        "day": be_medium(goal.day),
    }


def sentence(found: Outlook, goal: Goal) -> str:
    """Return all that is foreseen of a unit: chance, interval, and what both rest on."""
    chance = found.chance
    if found.percent is None:
        return gettext("Nothing was reported yet, so nothing can be foreseen.")
    parts: list[str] = []
    if chance.way == "known":
        parts = [gettext("The goal's day is over"), interval_words(chance)]
    elif chance.percent is not None:
        parts = [
            gettext("Chance of %(goal)s: %(chance)s")
            % {"goal": goal_words(goal), "chance": chance_words(chance)},
            interval_words(chance),
            experience_words([found.forecast]) or chance.words,
        ]
    else:
        # basis_th says why, in the words of the rule.
        parts = [
            gettext("The chance of %(goal)s cannot be said") % {"goal": goal_words(goal)},
            chance.words,
            interval_words(chance),
        ]
    return " · ".join(part for part in parts if part)


def chart_words(found: Outlook, goal: Goal) -> str:
    """Return what the chart of a unit shows, for those who do not see it."""
    if found.curve.last is None:
        return gettext("%(name)s: nothing was reported yet") % {"name": found.unit.name}
    said = gettext("%(name)s: %(share)s%% as of %(day)s") % {
        "name": found.unit.name,
        "share": format_decimal(found.curve.last.percent or Decimal(0), 2),
        "day": be_medium(found.curve.last.on),
    }
    return f"{said} · {sentence(found, goal)}"


def dip_words(dip: Dip) -> str:
    """Return why a share fell: the base grew, or entries were taken back."""
    said = {
        "before": format_decimal(dip.before, 2),
        "after": format_decimal(dip.after, 2),
        "day": be_medium(dip.on),
    }
    if dip.amount_added < 0:
        return gettext(
            "The share fell from %(before)s%% to %(after)s%% in the week to %(day)s: entries of "
            "%(amount)s baht were taken back."
        ) % {**said, "amount": format_decimal(-dip.amount_added, 2)}
    return gettext(
        "The share fell from %(before)s%% to %(after)s%% in the week to %(day)s though nothing was "
        "taken back: %(amount)s baht more were allotted, so the base is larger."
    ) % {**said, "amount": format_decimal(dip.base_added, 2)}


def fan_dip_words() -> str:
    """Return why the middle of a forecast may fall."""
    return gettext(
        "The middle of the forecast falls on the way: in the years it learnt from the share fell at "
        "that time too, as it does when a new allotment enlarges the base. What was disbursed does "
        "not shrink."
    )


def status_words(code: StatusCode) -> str:
    """Return the word of a status in the language of the page."""
    return {
        "green": gettext("On target"),
        "yellow": gettext("A little below target"),
        "red": gettext("Far below target"),
        "grey": gettext("No data yet"),
        "purple": gettext("Data to be checked"),
    }[code]
