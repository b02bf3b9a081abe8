"""JSON of idea boards: the same reads as the pages."""

from __future__ import annotations

from typing import cast

from django.http import Http404, HttpRequest
from ninja import Router

from tiddao.people.access import SignedInRequest
from tiddao.policy.queries.idea_proposals import proposal_lines, proposals_seen
from tiddao.policy.queries.ideas import (
    board_lines,
    boards_seen,
    find_board,
    idea_lines,
    ideas_of,
)
from tiddao.policy.schemas.directives import Problem
from tiddao.policy.schemas.ideas import (
    BoardOut,
    BoardPageOut,
    IdeaProposalOut,
    board_out,
    board_page_out,
    idea_proposal_out,
)

router = Router()
MOST = 500
"""Boards or proposals in one answer: open ones, then the newest."""


@router.get("/ideas", response=list[BoardOut], summary="Idea boards that the caller may see")
def boards(request: HttpRequest) -> list[BoardOut]:
    """Return open ones first, then the newest."""
    standing = cast("SignedInRequest", request).standing
    return [board_out(each) for each in board_lines(boards_seen(standing)[:MOST])]


@router.get(
    "/ideas/proposals",
    response=list[IdeaProposalOut],
    summary="Indicators and projects proposed from ideas",
)
def proposals(request: HttpRequest) -> list[IdeaProposalOut]:
    """Return them with what offices said to them, the newest first."""
    standing = cast("SignedInRequest", request).standing
    lines = proposal_lines(proposals_seen(standing)[:MOST], standing)
    return [idea_proposal_out(each) for each in lines]


@router.get(
    "/ideas/{idea_board_id}",
    response={200: BoardPageOut, 404: Problem},
    summary="One idea board with all ideas",
)
def board(request: HttpRequest, idea_board_id: int) -> BoardPageOut:
    """Return it, the most wanted idea first."""
    standing = cast("SignedInRequest", request).standing
    found = find_board(idea_board_id, standing)
    if found is None:
        raise Http404
    ideas = idea_lines(ideas_of(idea_board_id, standing, order="votes"), standing)
    return board_page_out(found, ideas)
