"""The tab งบ in sentences: what a district head needs at four in the afternoon of the last day."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import ROUND_CEILING, ROUND_HALF_UP, Decimal

from django.utils.translation import gettext

from tiddao.budget.queries.goals import Goal
from tiddao.budget.queries.positions import AnySpending
from tiddao.budget.queries.reckoned import Reckoned
from tiddao.budget.queries.scores import DistrictScore
from tiddao.budget.rules.cgd_figures import Basis
from tiddao.budget.rules.pace import Pace
from tiddao.budget.rules.targets import Certainty, How
from tiddao.kernel.dates import weekday_name
from tiddao.kernel.numerals import format_decimal
from tiddao.ui.templatetags.ui import be_medium

_MILLION = Decimal(1_000_000)
_TINY = Decimal("0.005")
_FASTER = Decimal("1.05")
"""So many times the recent pace is spoken of: one decimal below, it would read as 1.0."""


def spending_words(spending: AnySpending) -> str:
    """Return the name of a type of spending."""
    return {
        "recurrent": gettext("Recurrent"),
        "investment": gettext("Investment"),
        "undivided": gettext("Not told apart"),
        "total": gettext("All spending"),
    }[spending]


def basis_words(basis: Basis) -> str:
    """Return the name of a basis: what the percentage is of."""
    return gettext("Used") if basis == "used" else gettext("Disbursed")


def status_words(money: Reckoned) -> str:
    """Return the word of the status in the language of the page."""
    return {
        "green": gettext("On target"),
        "yellow": gettext("A little below target"),
        "red": gettext("Far below target"),
        "grey": gettext("No data yet"),
        "purple": gettext("Data to be checked"),
    }[money.status.code]


def baht_words(amount: Decimal, *, in_million: bool, up: bool = False) -> str:
    """Return an amount with its unit: "48,200 baht". up: rounded up, so that it suffices."""
    how = ROUND_CEILING if up else ROUND_HALF_UP
    if in_million:
        shown = (amount / _MILLION).quantize(Decimal("0.01"), rounding=how)
        return gettext("%(amount)s million baht") % {"amount": format_decimal(shown, 2)}
    shown = amount.quantize(Decimal(1), rounding=how)
    return gettext("%(amount)s baht") % {"amount": format_decimal(shown, 0)}


def points_words(gap: Decimal | None) -> str:
    """Return a gap as a signed number of points, or a dash."""
    if gap is None:
        return "–"
    sign = "+" if gap > 0 else "−" if gap < 0 else ""
    return f"{sign}{format_decimal(abs(gap), 2)}"


def headline(money: Reckoned, *, in_million: bool) -> str:
    """Return the first line of the page: where the money stands and what each working day needs."""
    return " ".join(_sentences(money, in_million=in_million))


def _sentences(money: Reckoned, *, in_million: bool) -> Iterator[str]:
    share = money.percent
    if money.position.balance is None:
        yield gettext("Nothing was reported yet.")
        return
    if share is None:
        yield gettext("There is no money to spend yet.")
        return
    said = {"share": format_decimal(share, 2)}
    if money.basis == "used":
        yield gettext("%(share)s%% used (disbursed and committed)") % said
    else:
        yield gettext("%(share)s%% disbursed") % said
    yield _gap_sentence(money)
    if money.pace is not None:
        yield from _pace_sentences(money.pace, in_million=in_million)


def _gap_sentence(money: Reckoned) -> str:
    gap = money.judged_gap
    if gap is None:
        return gettext("nobody has announced a target for this month")
    by_days = money.judged_by == "days"
    if abs(gap) < _TINY:
        words = (
            gettext("exactly what the days gone by expect")
            if by_days
            else gettext("exactly the month's official target")
        )
    elif gap > 0:
        words = (
            gettext("%(points)s points above what the days gone by expect")
            if by_days
            else gettext("%(points)s points above the month's official target")
        )
    else:
        words = (
            gettext("%(points)s points below what the days gone by expect")
            if by_days
            else gettext("%(points)s points below the month's official target")
        )
    return words % {"points": format_decimal(abs(gap), 2)}


def _pace_sentences(pace: Pace, *, in_million: bool) -> Iterator[str]:
    left = pace.baht_left
    if left is None:
        return
    if not left:
        yield gettext("The goal of %(goal)s%% is reached.") % {"goal": format_decimal(pace.goal, 2)}
        return
    if pace.baht_per_working_day is None:
        yield gettext("No working day is left; %(amount)s are missing to the goal.") % {
            "amount": baht_words(left, in_million=in_million, up=True)
        }
        return
    yield gettext("Working days left: %(days)s.") % {"days": pace.working_days_left}
    yield gettext("%(amount)s are needed on each.") % {
        "amount": baht_words(pace.baht_per_working_day, in_million=in_million, up=True)
    }


def recent_words(money: Reckoned, *, in_million: bool) -> str:
    """Return the pace of the last thirty days in one sentence, beside the one that is needed."""
    pace = money.pace
    if pace is None or pace.recent is None:
        return gettext(
            "The pace of the last 30 days is not known: the books hold nothing that far back."
        )
    points = pace.recent.points_per_working_day
    base = money.reckoning.amounts.base
    if points is None or base is None:
        return ""
    amount = points * base / 100
    words = gettext("In the last 30 days it was %(amount)s a working day.") % {
        "amount": baht_words(amount, in_million=in_million)
    }
    if pace.ratio_recent is not None and pace.ratio_recent >= _FASTER:
        times = format_decimal(pace.ratio_recent, 1)
        words += " " + gettext("It must be %(times)s times as fast.") % {"times": times}
    elif pace.points_left and amount <= 0:
        words += " " + gettext("Nothing was spent in that time.")
    return words


def goal_words(goal: Goal) -> str:
    """Return the goal with its day: "93.00% by 30 Sep 2569"."""
    return gettext("%(goal)s%% by %(day)s") % {
        "goal": format_decimal(goal.percent, 2),
        "day": be_medium(goal.day),
    }


def last_day_words(pace: Pace) -> str:
    """Return the last working day, and why it is not the day on the paper."""
    if pace.last_working_day == pace.deadline:
        return ""
    return gettext("%(deadline)s is no working day: the last one is %(weekday)s %(day)s.") % {
        "deadline": be_medium(pace.deadline),
        "weekday": weekday_name(pace.last_working_day),
        "day": be_medium(pace.last_working_day),
    }


def target_words(money: Reckoned) -> str:
    """Return the month's official target with how it was got, or that nobody announced one."""
    target = money.reckoning.target
    if target is None:
        return gettext("Nobody has announced a target for this month of the year.")
    return gettext("Official target of %(day)s: %(share)s%% (%(how)s)") % {
        "day": be_medium(target.on),
        "share": format_decimal(target.percent, 2),
        "how": how_words(target.how),
    }


def how_words(how: How) -> str:
    """Return how a target was got, in the language of the page."""
    return {
        "printed": gettext("as announced"),
        "interpolated": gettext("on the straight line between announced targets"),
        "inferred": gettext("inferred from announced targets"),
    }[how]


def certainty_words(certainty: Certainty) -> str:
    """Return how sure a target is."""
    return {
        "sourced": gettext("with a source"),
        "inferred": gettext("inferred"),
        "background": gettext("common knowledge, no source found"),
    }[certainty]


def score_note(score: DistrictScore) -> str:
    """Return why a score cannot be said, or what it lacks."""
    if score.why_none == "no-money":
        return gettext("No score without figures of money.")
    if score.why_none == "advances-unknown":
        return gettext("No score yet: nobody says how many cash advances are overdue.")
    if score.percent is not None and score.percent >= 100 and score.papers_complete is not True:
        return gettext("The fifth point is not given until the financial papers are complete.")
    return ""
