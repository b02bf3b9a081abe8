"""What the JSON of idea boards looks like. Of a board without names nobody is named here either."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from ninja import Schema

from tiddao.policy.queries.idea_proposals import AnswerLine, ProposalLine
from tiddao.policy.queries.ideas import BoardLine, BoardView, IdeaLine


class BoardOut(Schema):
    """ideas, turned: how many there are, and how many of them became work."""

    id: int
    question: str
    office: str
    office_name: str
    place: str
    meeting: str
    names_shown: bool
    votes_each: int
    ideas: int
    turned: int
    opened_at: datetime
    closed_at: datetime | None


class IdeaOut(Schema):
    """by_name, at: null on a board without names. became: "", directive, indicator or project."""

    id: int
    words: str
    group: str
    votes: int
    is_voted: bool
    is_own: bool
    by_name: str | None
    at: datetime | None
    became: str
    became_words: str
    directive_id: int | None
    proposal_id: int | None


class BoardPageOut(BoardOut):
    """votes_left: of the caller; ideas_posted: all of them, the most wanted first."""

    votes_left: int
    groups: list[str]
    ideas_posted: list[IdeaOut]


class ProposalAnswerOut(Schema):
    """What an office said to a proposal. answer: taken_up, became or declined; words: what it became,
    why it was declined, or a remark; directive_id: null where the caller may not open it.
    """

    answer: str
    outcome: str
    words: str
    directive_id: int | None
    office_name: str
    by_name: str
    by_post: str
    at: datetime


class IdeaProposalOut(Schema):
    """What ideas were proposed as: an indicator or a project. state: waiting or the last answer's."""

    id: int
    state: str
    answers: list[ProposalAnswerOut]
    became: str
    words: str
    board_id: int
    question: str
    office_name: str
    ideas: list[str]
    votes: int


def board_out(line: BoardLine) -> BoardOut:
    """Return a board as its JSON."""
    return BoardOut(**_board(line))


def board_page_out(found: BoardView, ideas: list[IdeaLine]) -> BoardPageOut:
    """Return a board with all its ideas as its JSON."""
    return BoardPageOut(
        **_board(found.line),
        votes_left=found.left,
        groups=[group.title for group in found.groups],
        ideas_posted=[_idea(each) for each in ideas],
    )


def idea_proposal_out(line: ProposalLine) -> IdeaProposalOut:
    """Return a proposal from ideas as its JSON."""
    return IdeaProposalOut(
        id=line.id,
        state=line.state,
        answers=[_answer(each) for each in line.answers],
        became=line.became,
        words=line.words,
        board_id=line.board_id,
        question=line.question,
        office_name=line.office_name,
        ideas=[words for _number, words in line.ideas],
        votes=line.votes,
    )


def _answer(each: AnswerLine) -> ProposalAnswerOut:
    return ProposalAnswerOut(
        answer=each.answer,
        outcome=each.outcome,
        words=each.words,
        directive_id=each.directive_id if each.may_open else None,
        office_name=each.office_name,
        by_name=each.by_name,
        by_post=each.by_post,
        at=each.at,
    )


def _board(line: BoardLine) -> dict[str, Any]:
    return {name: getattr(line, name) for name in BoardOut.model_fields}


def _idea(each: IdeaLine) -> IdeaOut:
    return IdeaOut(
        id=each.id,
        words=each.words,
        group=each.group,
        votes=each.votes,
        is_voted=each.is_voted,
        is_own=each.is_own,
        by_name=each.by_name or None,
        at=each.at,
        became=each.became,
        became_words=each.became_words,
        directive_id=each.directive_id if each.may_open else None,
        proposal_id=each.proposal_id,
    )
