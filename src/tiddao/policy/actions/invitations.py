"""Asking people to a meeting by their posts, and what they reply."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db import connection, transaction

from tiddao.ledger.actions import record
from tiddao.ledger.actors import Actor
from tiddao.places import tree
from tiddao.places.models import Office
from tiddao.policy.actions.meetings import OPEN, MeetingRefused, locked
from tiddao.policy.models import Invitation
from tiddao.policy.rules.inviting import posts_asked

BATCH = 500
"""Rows of one statement."""


@dataclass(frozen=True, slots=True)
class Invited:
    """What an act of inviting came to. posts, guests: newly asked; offices: of the posts."""

    posts: int
    guests: int
    offices: int


@transaction.atomic
def invite(
    meeting_id: int,
    *,
    offices: Collection[str],
    roles: Collection[str],
    guests: Iterable[str] = (),
    scope: Collection[str],
    on: date,
    by: Actor,
    at: datetime,
) -> Invited:
    """Ask the roles at the offices (codes within the scope) and guests by name: one act.

    Who was asked before is not asked twice; who was taken off the list is asked again. Raises
    MeetingRefused (not-open, roles-missing, nobody-found), Meeting.DoesNotExist.
    """
    held = locked(meeting_id)
    if held.state not in OPEN:
        raise MeetingRefused("not-open")
    if offices and not roles:
        raise MeetingRefused("roles-missing", "roles")
    rows = Office.objects.filter(
        tree.exists_on(on), tree.within_any(scope, "place__"), code__in=set(offices)
    )
    asked = posts_asked(rows.order_by("place_id").values_list("code", "kind"), roles)
    names = [" ".join(name.split())[:200] for name in guests if name.strip()]
    if not asked and not names:
        raise MeetingRefused("nobody-found", "within")
    there = {(each.office_id, each.role): each for each in Invitation.objects.filter(meeting=held)}
    known_guests = set(
        Invitation.objects.filter(meeting=held, withdrawn=False, office=None).values_list(
            "guest", flat=True
        )
    )
    again = [there[key] for key in asked if key in there and there[key].withdrawn]
    new = [Invitation(meeting=held, office_id=o, role=r) for o, r in asked if (o, r) not in there]
    fresh = [
        Invitation(meeting=held, guest=name)
        for name in dict.fromkeys(names)
        if name not in known_guests
    ]
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    Invitation.objects.bulk_create([*new, *fresh], batch_size=BATCH)
    for each in again:
        each.withdrawn, each.reply, each.reply_words = False, Invitation.Reply.NONE, ""
        each.replied_at = None
    Invitation.objects.bulk_update(
        again, ["withdrawn", "reply", "reply_words", "replied_at"], batch_size=BATCH
    )
    posts = [*new, *again]
    done = Invited(len(posts), len(fresh), len({each.office_id for each in posts}))
    record(
        "invite_to_meeting",
        on=f"meeting:{held.pk}",
        by=by,
        at=at,
        place=held.place_id,
        after={"posts": [[each.office_id, each.role] for each in posts], "guests": len(fresh)},
        detail={"posts": done.posts, "guests": done.guests, "offices": done.offices},
    )
    return done


@transaction.atomic
def withdraw_invitation(invitation_id: int, *, by: Actor, at: datetime) -> Invitation:
    """Take a post or guest off the list; doing it again changes nothing.

    Raises MeetingRefused (not-open), Invitation.DoesNotExist.
    """
    row = Invitation.objects.select_for_update().get(pk=invitation_id)
    held = locked(row.meeting_id)
    if row.withdrawn:
        return row
    if held.state not in OPEN:
        raise MeetingRefused("not-open")
    row.withdrawn = True
    row.save(update_fields=["withdrawn"])
    record(
        "withdraw_invitation",
        on=f"meeting:{held.pk}",
        by=by,
        at=at,
        place=held.place_id,
        detail={"office": row.office_id or "", "role": row.role},
    )
    return row


@transaction.atomic
def reply_to_invitation(
    invitation_id: int, reply: str, *, words: str = "", by: Actor, at: datetime
) -> Invitation:
    """Say who comes. The last reply counts. Raises MeetingRefused (not-open, words-missing: who
    comes instead, or why nobody), Invitation.DoesNotExist.
    """
    row = Invitation.objects.select_for_update().get(pk=invitation_id, withdrawn=False)
    held = locked(row.meeting_id)
    if held.state != held.State.CALLED or reply not in Invitation.Reply.values:
        raise MeetingRefused("not-open")
    needs_words = {Invitation.Reply.SENDING, Invitation.Reply.ABSENT}
    if reply in needs_words and not words.strip():
        raise MeetingRefused("words-missing", "words")
    before = {"reply": row.reply, "words": row.reply_words}
    row.reply, row.reply_words, row.replied_at = reply, words.strip()[:300], at
    row.save(update_fields=["reply", "reply_words", "replied_at"])
    record(
        "reply_to_invitation",
        on=f"meeting:{held.pk}",
        by=by,
        at=at,
        place=held.place_id,
        before=before,
        after={"reply": row.reply, "words": row.reply_words},
        detail={"office": row.office_id or "", "reply": reply},
    )
    return row
