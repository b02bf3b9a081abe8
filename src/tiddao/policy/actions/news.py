"""News drafts: begun from a meeting's facts, written on by people, said to be ready, dropped.

Nothing is public by this; publishing is another act, of another area.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from tiddao.ledger.actions import record
from tiddao.ledger.actors import Actor
from tiddao.policy.actions.papers import PaperRefused
from tiddao.policy.models import Meeting, NewsDraft
from tiddao.policy.queries.news import made_news
from tiddao.policy.rules.official import sha256_of


@transaction.atomic
def draft_news(meeting_id: int, *, by: Actor, at: datetime) -> NewsDraft:
    """Begin the draft from the recorded facts; one that was dropped is begun anew. One that stands
    is returned as it is. Raises PaperRefused (not-held), Meeting.DoesNotExist.
    """
    meeting = Meeting.objects.select_for_update(of=("self",)).get(pk=meeting_id)
    held = NewsDraft.objects.filter(meeting=meeting).first()
    if held is not None and held.state != NewsDraft.State.DROPPED:
        return held
    if meeting.state not in {Meeting.State.HELD, Meeting.State.MINUTED}:
        raise PaperRefused("not-held")
    made = made_news(meeting_id, purpose=meeting.purpose)
    held = held or NewsDraft(meeting=meeting)
    _write(held, title=made.title.words, body=made.body, by=by, at=at)
    record(
        "draft_news",
        on=f"meeting:{meeting.pk}",
        by=by,
        at=at,
        place=meeting.place_id,
        after=_state(held),
        detail={"sentences": len(made.sentences)},
    )
    return held


@transaction.atomic
def edit_news(
    meeting_id: int, *, title: str, body: str, seen: str, by: Actor, at: datetime
) -> NewsDraft:
    """Write on a draft; one that was ready is a draft again. seen: ``NewsView.seen``.

    Raises PaperRefused (changed, not-draft, subject-missing, text-missing), NewsDraft.DoesNotExist.
    """
    held = _locked(meeting_id, seen)
    if not title.strip():
        raise PaperRefused("subject-missing", "title")
    if not body.strip():
        raise PaperRefused("text-missing", "body")
    before = _state(held)
    _write(held, title=title.strip(), body=body.strip(), by=by, at=at)
    return _told("edit_news", held, before, by=by, at=at)


@transaction.atomic
def declare_news_ready(meeting_id: int, *, seen: str, by: Actor, at: datetime) -> NewsDraft:
    """Say that the draft may be published as it stands. Saying it again changes nothing.

    Raises PaperRefused (changed, not-draft), NewsDraft.DoesNotExist.
    """
    held = _locked(meeting_id, seen)
    return _turn(held, NewsDraft.State.READY, "declare_news_ready", by=by, at=at)


@transaction.atomic
def drop_news(meeting_id: int, *, seen: str, by: Actor, at: datetime) -> NewsDraft:
    """Give the draft up; it may be begun anew. Raises as declare_news_ready."""
    held = _locked(meeting_id, seen)
    return _turn(held, NewsDraft.State.DROPPED, "drop_news", by=by, at=at)


def _turn(held: NewsDraft, state: str, act: str, *, by: Actor, at: datetime) -> NewsDraft:
    if held.state == state:
        return held
    before = _state(held)
    held.state, held.at = state, at
    held.save(update_fields=["state", "at"])
    return _told(act, held, before, by=by, at=at)


def _told(
    act: str, held: NewsDraft, before: Mapping[str, object], *, by: Actor, at: datetime
) -> NewsDraft:
    """Tell the ledger what became of the draft."""
    record(
        act,
        on=f"meeting:{held.meeting_id}",
        by=by,
        at=at,
        place=held.meeting.place_id,
        before=before,
        after=_state(held),
    )
    return held


def _locked(meeting_id: int, seen: str) -> NewsDraft:
    held = (
        NewsDraft.objects.select_for_update(of=("self",))
        .select_related("meeting")
        .get(meeting=meeting_id)
    )
    if held.at.isoformat() != seen:
        raise PaperRefused("changed")
    if held.state == NewsDraft.State.DROPPED:
        raise PaperRefused("not-draft")
    return held


def _write(held: NewsDraft, *, title: str, body: str, by: Actor, at: datetime) -> None:
    held.title, held.body = title[:300], body
    held.state = NewsDraft.State.DRAFT
    held.by, held.by_name, held.at = by.reference, by.name, at
    held.save()


def _state(held: NewsDraft) -> dict[str, object]:
    return {
        "state": held.state,
        "sha256": sha256_of({"title": held.title, "body": held.body}),
    }
