"""Addresses of idea boards."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from tiddao.policy.views import idea_proposals, ideas, ideas_turning

_BOARD = "ideas/<int:idea_board_id>/"
_IDEA = "ideas/of/<int:idea_id>/"
_PROPOSAL = "ideas/proposals/<int:idea_proposal_id>/"

urlpatterns: list[URLPattern | URLResolver] = [
    path("ideas/", ideas.boards, name="idea-boards"),
    path("ideas/new/", ideas.board_new, name="idea-board-new"),
    path("ideas/proposals/", idea_proposals.proposals, name="idea-proposals"),
    path(_PROPOSAL, idea_proposals.proposal, name="idea-proposal"),
    path(
        _PROPOSAL + "hand-down/", idea_proposals.proposal_hand_down, name="idea-proposal-hand-down"
    ),
    path(_BOARD, ideas.board, name="idea-board"),
    path(_BOARD + "post/", ideas.idea_post, name="idea-post"),
    path(_BOARD + "newer/", ideas.newer, name="idea-board-newer"),
    path(_BOARD + "close/", ideas.board_close, name="idea-board-close"),
    path(_BOARD + "board.xlsx", ideas.board_xlsx, name="idea-board-xlsx"),
    path(_BOARD + "grouping/", ideas.grouping, name="idea-grouping"),
    path(_BOARD + "propose/", ideas_turning.propose, name="ideas-propose"),
    path(_BOARD + "hand-down/", ideas_turning.ideas_hand_down, name="ideas-hand-down"),
    path("ideas/headings/<int:idea_group_id>/", ideas.group_rename, name="idea-group"),
    path(_IDEA, ideas.idea, name="idea"),
    path(_IDEA + "vote/", ideas.idea_vote, name="idea-vote"),
    path(_IDEA + "withdraw/", ideas.idea_withdraw, name="idea-withdraw"),
    path(_IDEA + "group/", ideas.idea_group, name="idea-into-group"),
]
