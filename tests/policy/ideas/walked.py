"""An idea board of Chiang Rai that strangers must not see, for the walk of all pages."""

from __future__ import annotations

from tests.policy.directives.acts import AT, sender_of
from tiddao.people.models import User
from tiddao.policy.actions.idea_proposals import Said, answer_proposal
from tiddao.policy.actions.ideas import (
    NewBoard,
    group_ideas,
    open_board,
    post_idea,
    propose_ideas,
    vote_idea,
)


def ideas_of_57(head: User, words: str) -> dict[str, object]:
    """A board of province 57 with an idea in a group, and one that was proposed and taken up."""
    sender, by, _ = sender_of(head)
    board = open_board(NewBoard(words), office=sender.office, by=by, at=AT)
    idea = post_idea(board.pk, words, by=by, at=AT)
    group = group_ideas(board.pk, [idea.pk], title=words, by=by, at=AT)
    assert group is not None
    vote_idea(idea.pk, by=by, at=AT)
    proposed = post_idea(board.pk, f"{words} 2", by=by, at=AT)
    propose_ideas(board.pk, [proposed.pk], "project", words, by=by, at=AT)
    made = board.proposals.get()
    answer_proposal(made.pk, Said("taken_up", words), office=sender.office, by=by, at=AT)
    return {
        "idea_board_id": board.pk,
        "idea_id": idea.pk,
        "idea_group_id": group.pk,
        "idea_proposal_id": made.pk,
    }
