"""What is done on an idea board: opened, posted, grouped, voted, turned into work, closed.

Every act on a board holds the board's row for its moment, so that a vote given in two windows at
once cannot pass the limit and nothing is posted on a board that is being closed. Of a board without
names the ledger keeps what was done, not by whom.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import Max

from tiddao.ledger.actions import record
from tiddao.ledger.actors import Actor
from tiddao.places.models import Office
from tiddao.policy.actions.handing_down import NewDirective, Sender, hand_down
from tiddao.policy.models import (
    AgendaItem,
    Directive,
    Idea,
    IdeaBoard,
    IdeaGroup,
    IdeaProposal,
    IdeaVote,
)
from tiddao.policy.rules.ideas import LONGEST_IDEA, MOST_VOTES, votes_left

UNNAMED = Actor("unnamed", "ผู้ร่วมระดมความคิด (กระดานไม่แสดงชื่อ)")
"""Who acts on a board without names, as the ledger writes it."""

PROPOSALS = frozenset({Idea.Became.INDICATOR, Idea.Became.PROJECT})
"""What an idea may be proposed as; a directive is handed down instead."""


class IdeaRefused(Exception):
    """It cannot be done so. field: the form's field it is about, or "".

    code: question-missing, votes-unfit, words-missing, words-too-long, board-closed, board-open,
    not-own, withdrawn, no-votes-left, heading-missing, group-elsewhere, nothing-chosen,
    already-turned, meeting-elsewhere.
    """

    def __init__(self, code: str, field: str = "") -> None:
        super().__init__(code)
        self.code = code
        self.field = field


@dataclass(frozen=True, slots=True)
class NewBoard:
    """What is asked, and how. meeting_id, item_id: the meeting and agenda item it hangs on."""

    question: str
    votes_each: int = 3
    names_shown: bool = True
    meeting_id: int | None = None
    item_id: int | None = None


@transaction.atomic
def open_board(wanted: NewBoard, *, office: str, by: Actor, at: datetime) -> IdeaBoard:
    """Put a question to people. office: code of the office whose board it is.

    Raises IdeaRefused, Office.DoesNotExist.
    """
    question = " ".join(wanted.question.split())
    if not question:
        raise IdeaRefused("question-missing", "question")
    if not 1 <= wanted.votes_each <= MOST_VOTES:
        raise IdeaRefused("votes-unfit", "votes_each")
    item = AgendaItem.objects.filter(pk=wanted.item_id).first() if wanted.item_id else None
    if item is not None and item.meeting_id != wanted.meeting_id:
        raise IdeaRefused("meeting-elsewhere")
    board = IdeaBoard.objects.create(
        place_id=Office.objects.get(pk=office).place_id,
        office_id=office,
        meeting_id=wanted.meeting_id,
        item=item,
        question=question[:300],
        votes_each=wanted.votes_each,
        names_shown=wanted.names_shown,
        by=by.reference,
        by_name=by.name,
        at=at,
    )
    record(
        "open_idea_board",
        on=f"idea-board:{board.pk}",
        by=by,
        at=at,
        place=board.place_id,
        after={"question": board.question},
        detail={"votes_each": board.votes_each, "names_shown": board.names_shown},
    )
    return board


@transaction.atomic
def close_board(board_id: int, *, by: Actor, at: datetime) -> IdeaBoard:
    """Take no more ideas and votes; what is there stays. Closing again changes nothing."""
    board = _held(board_id)
    if board.closed_at is not None:
        return board
    board.closed_at = at
    board.save(update_fields=["closed_at"])
    record("close_idea_board", on=f"idea-board:{board.pk}", by=by, at=at, place=board.place_id)
    return board


@transaction.atomic
def reopen_board(board_id: int, *, by: Actor, at: datetime) -> IdeaBoard:
    """Take ideas and votes again. Opening an open board changes nothing."""
    board = _held(board_id)
    if board.closed_at is None:
        return board
    board.closed_at = None
    board.save(update_fields=["closed_at"])
    record("reopen_idea_board", on=f"idea-board:{board.pk}", by=by, at=at, place=board.place_id)
    return board


@transaction.atomic
def post_idea(board_id: int, words: str, *, by: Actor, at: datetime) -> Idea:
    """Put an idea on the board. The same words by the same person again are the same idea.

    Raises IdeaRefused (words-missing, words-too-long, board-closed), IdeaBoard.DoesNotExist.
    """
    said = words.strip()
    if not said:
        raise IdeaRefused("words-missing", "words")
    if len(said) > LONGEST_IDEA:
        raise IdeaRefused("words-too-long", "words")
    board = _open(board_id)
    before = board.ideas.filter(by=by.reference, words=said, withdrawn=False).first()
    if before is not None:
        return before
    idea = Idea.objects.create(board=board, words=said, by=by.reference, by_name=by.name, at=at)
    record(
        "post_idea",
        on=f"idea-board:{board.pk}/idea:{idea.pk}",
        by=_as_shown(board, by),
        at=at,
        place=board.place_id,
        after={"words": said},
    )
    return idea


@transaction.atomic
def withdraw_idea(idea_id: int, *, by: Actor, at: datetime) -> Idea:
    """Take one's own idea from the board; votes given to it are free again.

    Raises IdeaRefused (not-own, already-turned, board-closed), Idea.DoesNotExist.
    """
    idea = Idea.objects.get(pk=idea_id)
    board = _open(idea.board_id)
    idea.refresh_from_db()
    if idea.by != by.reference:
        raise IdeaRefused("not-own")
    if idea.became:
        raise IdeaRefused("already-turned")
    if idea.withdrawn:
        return idea
    idea.withdrawn = True
    idea.save(update_fields=["withdrawn"])
    record(
        "withdraw_idea",
        on=f"idea-board:{board.pk}/idea:{idea.pk}",
        by=_as_shown(board, by),
        at=at,
        place=board.place_id,
    )
    return idea


@transaction.atomic
def vote_idea(idea_id: int, *, by: Actor, at: datetime) -> int:
    """Give an idea one vote and return how many the person has left. Voting again changes nothing.

    Raises IdeaRefused (no-votes-left, withdrawn, board-closed), Idea.DoesNotExist.
    """
    idea = Idea.objects.get(pk=idea_id)
    board = _open(idea.board_id)
    idea.refresh_from_db()
    if idea.withdrawn:
        raise IdeaRefused("withdrawn")
    given = _votes_given(board, by)
    if IdeaVote.objects.filter(idea=idea, by=by.reference).exists():
        return votes_left(board.votes_each, given)
    if not votes_left(board.votes_each, given):
        raise IdeaRefused("no-votes-left")
    IdeaVote.objects.create(idea=idea, by=by.reference, at=at)
    # For which idea is nobody's business but the voter's.
    record(
        "vote_idea",
        on=f"idea-board:{board.pk}",
        by=_as_shown(board, by),
        at=at,
        place=board.place_id,
    )
    return votes_left(board.votes_each, given + 1)


@transaction.atomic
def take_vote_back(idea_id: int, *, by: Actor, at: datetime) -> int:
    """Take one's vote back and return how many the person has left.

    Raises IdeaRefused (board-closed), Idea.DoesNotExist.
    """
    idea = Idea.objects.get(pk=idea_id)
    board = _open(idea.board_id)
    gone, _rows = IdeaVote.objects.filter(idea=idea, by=by.reference).delete()
    if gone:
        record(
            "take_vote_back",
            on=f"idea-board:{board.pk}",
            by=_as_shown(board, by),
            at=at,
            place=board.place_id,
        )
    return votes_left(board.votes_each, _votes_given(board, by))


@transaction.atomic
def group_ideas(
    board_id: int,
    ideas: Collection[int],
    *,
    group_id: int | None = None,
    title: str = "",
    by: Actor,
    at: datetime,
) -> IdeaGroup | None:
    """Put ideas into a group, or with a title into a new one; with neither, out of any group.

    A title that a group of the board has already is that group. Return the group, None for none.
    Raises IdeaRefused (nothing-chosen, heading-missing, group-elsewhere), IdeaBoard.DoesNotExist.
    """
    board = _held(board_id)
    rows = list(board.ideas.filter(pk__in=set(ideas), withdrawn=False).order_by("pk"))
    if not rows or len(rows) != len(set(ideas)):
        raise IdeaRefused("nothing-chosen", "ideas")
    group = _group(board, group_id, " ".join(title.split()))
    before = {row.pk: row.group_id for row in rows}
    for row in rows:
        if row.group_id != (group.pk if group else None):
            row.group = group
            row.save(update_fields=["group"])
    record(
        "group_ideas",
        on=f"idea-board:{board.pk}",
        by=by,
        at=at,
        place=board.place_id,
        before=before,
        after={row.pk: row.group_id for row in rows},
        detail={"ideas": len(rows), "group": group.title if group else ""},
    )
    return group


@transaction.atomic
def rename_group(group_id: int, title: str, *, by: Actor, at: datetime) -> IdeaGroup:
    """Give a group another heading. Raises IdeaRefused (heading-missing), IdeaGroup.DoesNotExist."""
    said = " ".join(title.split())[:200]
    if not said:
        raise IdeaRefused("heading-missing", "title")
    group = IdeaGroup.objects.select_for_update().select_related("board").get(pk=group_id)
    before, group.title = group.title, said
    group.save(update_fields=["title"])
    record(
        "rename_idea_group",
        on=f"idea-board:{group.board_id}",
        by=by,
        at=at,
        place=group.board.place_id,
        before={"title": before},
        after={"title": said},
    )
    return group


@transaction.atomic
def propose_ideas(
    board_id: int, ideas: Collection[int], became: str, words: str, *, by: Actor, at: datetime
) -> list[Idea]:
    """Hand ideas on as one proposal of an indicator or a project, in words; all or none.

    Raises IdeaRefused (words-missing, nothing-chosen, already-turned), ValueError for another kind,
    IdeaBoard.DoesNotExist.
    """
    if became not in PROPOSALS:
        raise ValueError(f"not a proposal: {became!r}")
    said = words.strip()
    if not said:
        raise IdeaRefused("words-missing", "words")
    board = _held(board_id)
    rows = _to_turn(board, ideas)
    made = IdeaProposal.objects.create(
        board=board, kind=became, words=said, by=by.reference, by_name=by.name, at=at
    )
    for row in rows:
        row.became, row.became_words, row.proposal = became, said, made
        row.save(update_fields=["became", "became_words", "proposal"])
    record(
        "propose_ideas",
        on=f"idea-board:{board.pk}/proposal:{made.pk}",
        by=by,
        at=at,
        place=board.place_id,
        after={"became": became, "words": said, "ideas": [row.pk for row in rows]},
        detail={"ideas": len(rows), "became": became},
    )
    return rows


@transaction.atomic
def hand_ideas_down(
    board_id: int,
    ideas: Collection[int],
    wanted: NewDirective,
    receivers: Collection[str],
    *,
    sender: Sender,
    on: date,
    by: Actor,
    at: datetime,
) -> Directive:
    """Hand ideas down as one directive that they are tied to; all or none.

    Raises IdeaRefused (nothing-chosen, already-turned), DirectiveRefused, IdeaBoard.DoesNotExist.
    """
    board = _held(board_id)
    rows = _to_turn(board, ideas)
    made = hand_down(wanted, receivers, sender=sender, on=on, by=by, at=at)
    for row in rows:
        row.became, row.became_words, row.directive = Idea.Became.DIRECTIVE, made.title, made
        row.save(update_fields=["became", "became_words", "directive"])
    record(
        "hand_ideas_down",
        on=f"idea-board:{board.pk}/directive:{made.pk}",
        by=by,
        at=at,
        place=board.place_id,
        after={"ideas": [row.pk for row in rows]},
        detail={"ideas": len(rows)},
    )
    return made


# -- pieces ----------------------------------------------------------------------------------------


def _held(board_id: int) -> IdeaBoard:
    """The board, held until the transaction ends; rows that point to it may still be written."""
    return IdeaBoard.objects.select_for_update(no_key=True).get(pk=board_id)


def _open(board_id: int) -> IdeaBoard:
    board = _held(board_id)
    if board.closed_at is not None:
        raise IdeaRefused("board-closed")
    return board


def _as_shown(board: IdeaBoard, by: Actor) -> Actor:
    return by if board.names_shown else UNNAMED


def _votes_given(board: IdeaBoard, by: Actor) -> int:
    return IdeaVote.objects.filter(
        idea__board=board, idea__withdrawn=False, by=by.reference
    ).count()


def _group(board: IdeaBoard, group_id: int | None, title: str) -> IdeaGroup | None:
    if title:
        same = board.groups.filter(title=title[:200]).first()
        if same is not None:
            return same
        last = board.groups.aggregate(last=Max("order"))["last"] or 0
        return IdeaGroup.objects.create(board=board, title=title[:200], order=last + 1)
    if group_id is None:
        return None
    found = board.groups.filter(pk=group_id).first()
    if found is None:
        raise IdeaRefused("group-elsewhere", "group")
    return found


def _to_turn(board: IdeaBoard, ideas: Collection[int]) -> list[Idea]:
    rows = list(board.ideas.filter(pk__in=set(ideas), withdrawn=False).order_by("pk"))
    if not rows or len(rows) != len(set(ideas)):
        raise IdeaRefused("nothing-chosen")
    if any(row.became for row in rows):
        raise IdeaRefused("already-turned")
    return rows
