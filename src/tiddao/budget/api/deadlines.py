"""JSON of deadlines, plans, help and boards under /api/v1: the same reads as the pages."""

from __future__ import annotations

from typing import cast

from django.http import Http404, HttpRequest
from ninja import Router

from tiddao.budget.queries.boards import (
    Series,
    board_heads,
    board_view,
    boards_of,
    find_board,
)
from tiddao.budget.queries.deadlines import (
    DeadlineView,
    deadline_history,
    deadlines_binding,
    find_deadline,
    held_deadline,
)
from tiddao.budget.queries.plans import help_of, own_money, plans_of, progress_of
from tiddao.budget.queries.standings import standings
from tiddao.budget.rules.cgd_figures import Basis, Spending
from tiddao.budget.schemas.deadlines import (
    BoardHeadOut,
    BoardOut,
    DeadlineOut,
    PlansOut,
    StandingsOut,
    board_head_out,
    board_out,
    deadline_out,
    help_out,
    kept_week_out,
    plan_out,
    standings_out,
)
from tiddao.budget.schemas.treasury import Problem
from tiddao.people.access import SignedInRequest, visible_unit_or_404
from tiddao.places import tree
from tiddao.places.models import Level
from tiddao.places.queries import Unit

router = Router()


@router.get(
    "/places/{key}/deadlines",
    response={200: list[DeadlineOut], 404: Problem},
    summary="Deadlines for spending that bind a place",
)
def place_deadlines(request: HttpRequest, key: str) -> list[DeadlineOut]:
    """Return them, the nearest day first, passed and ended ones too."""
    signed_in = cast("SignedInRequest", request)
    unit = visible_unit_or_404(signed_in, key)
    home = unit.within if unit.is_group else unit.key
    on = signed_in.standing.on
    return [deadline_out(each, on=on) for each in deadlines_binding([home])]


@router.get(
    "/places/{key}/deadlines/{deadline_id}",
    response={200: StandingsOut, 404: Problem},
    summary="Where a place and its units stand against a deadline",
)
def one_deadline(request: HttpRequest, key: str, deadline_id: int) -> StandingsOut:
    """Return every unit, whom to help first at the head."""
    signed_in = cast("SignedInRequest", request)
    unit, deadline = _bound_or_404(signed_in, key, deadline_id)
    on = deadline.day_within(signed_in.standing.on)
    found = standings(unit.key, deadline.measure, on=on, deadline=deadline.id)
    return standings_out(found, deadline, deadline_history(deadline.id), on=signed_in.standing.on)


@router.get(
    "/places/{key}/deadlines/{deadline_id}/plans",
    response={200: PlansOut, 404: Problem},
    summary="An office's catch-up plans and requests for help",
)
def one_plan(request: HttpRequest, key: str, deadline_id: int) -> PlansOut:
    """Return every version, the one in force beside what was really spent."""
    signed_in = cast("SignedInRequest", request)
    unit, deadline = _bound_or_404(signed_in, key, deadline_id)
    row = held_deadline(deadline.id)
    if row is None or unit.is_group or unit.level in (Level.TAMBON, Level.VILLAGE):
        raise Http404
    on = deadline.day_within(signed_in.standing.on)
    plans = plans_of(row, unit.key)
    money = own_money(row, unit.key, on=on)
    known_to = money.known_to if money else None
    kept = progress_of(plans.in_force, row, on=on, known_to=known_to) if plans.in_force else ()
    return PlansOut(
        deadline=deadline_out(deadline, on=signed_in.standing.on),
        place=unit.key,
        plans=[plan_out(each) for each in plans.versions],
        kept=[kept_week_out(each) for each in kept],
        help=[help_out(each) for each in help_of(deadline.id, unit.key)],
    )


@router.get(
    "/places/{key}/boards",
    response={200: list[BoardHeadOut], 404: Problem},
    summary="Kept boards of a place",
)
def place_boards(
    request: HttpRequest,
    key: str,
    *,
    series: Series | None = None,
    basis: Basis | None = None,
    spending: Spending | None = None,
    fiscal_year: int | None = None,
) -> list[BoardHeadOut]:
    """Return what each says of itself, the newest week first."""
    unit = visible_unit_or_404(cast("SignedInRequest", request), key)
    found = boards_of(unit.key, series=series, basis=basis, spending=spending, year=fiscal_year)
    return [board_head_out(head) for head in board_heads(found)]


@router.get(
    "/boards/{board_id}",
    response={200: BoardOut, 404: Problem},
    summary="One kept board, exactly as it stood",
)
def one_board(request: HttpRequest, board_id: int) -> BoardOut:
    """Return every unit by rank, those without data last, with the change since the week before."""
    head = find_board(board_id)
    if head is None or not cast("SignedInRequest", request).standing.covers(head.within):
        raise Http404
    return board_out(board_view(head))


def _bound_or_404(
    request: SignedInRequest, key: str, deadline_id: int
) -> tuple[Unit, DeadlineView]:
    unit = visible_unit_or_404(request, key)
    deadline = find_deadline(deadline_id)
    members = unit.members if unit.is_group else {unit.key}
    if deadline is None or not all(tree.is_within(code, deadline.place) for code in members):
        raise Http404
    return unit, deadline
