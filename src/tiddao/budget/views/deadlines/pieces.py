"""What the pages of deadlines share: who may see what, and words."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _

from tiddao.budget.forms.deadlines import REFUSALS
from tiddao.budget.queries.deadlines import DeadlineView, find_deadline
from tiddao.budget.queries.standings import BoardRow
from tiddao.budget.rules.cgd_figures import Basis, Spending
from tiddao.budget.rules.help_order import HelpStep
from tiddao.budget.views.wording import SPENDING
from tiddao.people.access import SignedInRequest, visible_unit_or_404
from tiddao.places import tree
from tiddao.places.models import NATION, Level
from tiddao.places.queries import Unit, full_name

OFFICE_LEVELS = (Level.NATION, Level.PROVINCE, Level.DISTRICT)
Path = list[tuple[str, str | None]]


def deadline_or_404(deadline_id: int) -> DeadlineView:
    found = find_deadline(deadline_id)
    if found is None:
        raise Http404
    return found


def binds_unit(deadline: DeadlineView, unit: Unit) -> bool:
    """Say whether all of the unit lies within the place the deadline was set for."""
    members = unit.members if unit.is_group else {unit.key}
    return bool(members) and all(tree.is_within(code, deadline.place) for code in members)


def bound_unit_or_404(request: SignedInRequest, deadline: DeadlineView, key: str) -> Unit:
    """Return the unit asked for, or the person's own, that the deadline binds; 404 without one."""
    standing = request.standing
    if key:
        unit = visible_unit_or_404(request, key)
        if not binds_unit(deadline, unit):
            raise Http404
        return unit
    if standing.covers(deadline.place):
        return visible_unit_or_404(request, deadline.place)
    for post in standing.posts:
        own = post.group_key or min(post.roots, default="")
        if own:
            unit = visible_unit_or_404(request, own)
            if binds_unit(deadline, unit):
                return unit
    raise Http404


def office_place_or_404(request: SignedInRequest, deadline: DeadlineView, place: str) -> Unit:
    """Return the place whose office's plan is asked for, if the person's posts cover it."""
    unit = visible_unit_or_404(request, place)
    if unit.is_group or unit.level not in OFFICE_LEVELS or not binds_unit(deadline, unit):
        raise Http404
    return unit


def path_to(request: SignedInRequest, unit: Unit) -> Path:
    """Return the way to the unit's deadlines, through the places that the person may open."""
    path: Path = []
    if not unit.is_group:
        path += [
            (full_name(above), reverse("place-deadlines", args=[above.code]))
            for above in tree.ancestors(unit.key, on=request.standing.on)
            if request.standing.covers(above.code)
        ]
    return [*path, (unit.full_name, reverse("place-deadlines", args=[unit.key]))]


def basis_words(basis: Basis) -> str:
    return _("Used (disbursed and committed)") if basis == "used" else _("Disbursed")


def measure_words(basis: Basis, spending: Spending, fund: str = "") -> str:
    """Return what is compared: "Disbursed · All spending"."""
    said = [basis_words(basis), str(SPENDING[spending])]
    return " · ".join([*said, fund] if fund else said)


def refusal_words(code: str) -> str:
    return str(REFUSALS[code])


def status_words(row: BoardRow) -> str:
    """Return the word of the status in the language of the page."""
    return {
        "green": _("On target"),
        "yellow": _("A little below target"),
        "red": _("Far below target"),
        "grey": _("No data yet"),
        "purple": _("Data to be checked"),
    }[row.status.code]


def step_words(step: HelpStep) -> str:
    """Return in words why a unit stands where it does in the order of help."""
    return {
        "asks": _("asks for help and waits for an answer"),
        "miss": _("chance of reaching the goal below 10 in 100"),
        "check": _("data to be checked first"),
        "late": _("must go faster than in the last 30 days"),
        "going": _("the present pace is enough"),
        "reached": _("has reached the goal"),
        "nodata": _("no data yet"),
    }[step]


def rule_words() -> str:
    """Return the rule of the order in words."""
    return _(
        "Whom to help first (proposed): those who ask for help → chance of reaching the goal below "
        "10 in 100 → data to be checked → those who must go faster than in the last 30 days, the "
        "most first → present pace is enough → goal reached → no data. Within a group by the amount "
        "that is missing."
    )


@dataclass(frozen=True, slots=True)
class ShownRow:
    """A board's row, ready to show. href: of the unit's own page, "" where there is none."""

    row: BoardRow
    href: str
    status_words: str
    step_words: str


def shown_row(row: BoardRow, href: str) -> ShownRow:
    return ShownRow(row, href, status_words(row), step_words(row.step))


def in_million(within: str) -> bool:
    """Say whether amounts are shown in million baht: on the nation's boards."""
    return within == NATION
