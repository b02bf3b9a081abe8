"""What was said on an item: versions are kept, and two who write at once lose no words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from tiddao.ledger.actions import record
from tiddao.ledger.actors import Actor
from tiddao.policy.actions.meetings import MeetingRefused
from tiddao.policy.models import AgendaItem, AgendaNote, Meeting
from tiddao.policy.rules.merging import merged

NOTED = frozenset({Meeting.State.CALLED, Meeting.State.HELD, Meeting.State.MINUTED})
"""States in which notes may be written and decisions recorded."""


class NoteChanged(Exception):
    """Somebody wrote on the same lines meanwhile; nothing was written. theirs: what stands now."""

    def __init__(self, theirs: AgendaNote) -> None:
        super().__init__(theirs.number)
        self.theirs = theirs


@dataclass(frozen=True, slots=True)
class Written:
    """The note as it stands. together: with what somebody else had written meanwhile."""

    note: AgendaNote
    together: bool


@transaction.atomic
def write_note(item_id: int, words: str, *, seen: int, by: Actor, at: datetime) -> Written:
    """Keep the words as the item's next version. seen: number of the version begun from, 0 for none.

    Where somebody wrote meanwhile, both changes are put together line by line; where they meet,
    NoteChanged. The words that stand already are not written again. Raises MeetingRefused
    (not-running), AgendaItem.DoesNotExist.
    """
    item = (
        AgendaItem.objects.select_for_update(of=("self",)).select_related("meeting").get(pk=item_id)
    )
    if item.meeting.state not in NOTED:
        raise MeetingRefused("not-running")
    mine = words.replace("\r\n", "\n").rstrip()
    last = AgendaNote.objects.filter(item=item).order_by("-number").first()
    together = False
    if last is not None and last.number != seen:
        begun = AgendaNote.objects.filter(item=item, number=seen).first()
        both = merged(begun.words if begun else "", mine, last.words)
        if both is None:
            raise NoteChanged(last)
        together = both != mine
        mine = both
    if last is not None and last.words == mine:
        return Written(last, together)
    if last is None and not mine:
        raise MeetingRefused("words-missing", "words")
    made = AgendaNote.objects.create(
        item=item,
        number=(last.number if last else 0) + 1,
        words=mine,
        by=by.reference,
        by_name=by.name,
        at=at,
    )
    record(
        "write_agenda_note",
        on=f"meeting:{item.meeting_id}",
        by=by,
        at=at,
        place=item.meeting.place_id,
        before={"words": last.words} if last else None,
        after={"words": mine},
        detail={"item": item.pk, "number": made.number, "together": together},
    )
    return Written(made, together)
