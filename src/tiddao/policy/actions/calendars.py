"""Secret addresses at which a calendar program reads a person's meetings."""

from __future__ import annotations

import secrets
from datetime import datetime

from django.db import transaction

from tiddao.ledger.actions import record
from tiddao.ledger.actors import Actor
from tiddao.people.models import User
from tiddao.policy.models import CalendarFeed
from tiddao.policy.queries.calendars import digest_of_secret


@transaction.atomic
def make_calendar_address(user_id: int, *, by: Actor, at: datetime) -> str:
    """Return a new secret, shown this once; the one before ends."""
    User.objects.select_for_update().get(pk=user_id)
    CalendarFeed.objects.filter(user=user_id, ended_at=None).update(ended_at=at)
    secret = secrets.token_urlsafe(32)
    CalendarFeed.objects.create(user_id=user_id, digest=digest_of_secret(secret), made_at=at)
    record("make_calendar_address", on=f"user:{user_id}", by=by, at=at)
    return secret


@transaction.atomic
def end_calendar_address(user_id: int, *, by: Actor, at: datetime) -> bool:
    """End the address, if there is one; say whether there was."""
    ended = CalendarFeed.objects.filter(user=user_id, ended_at=None).update(ended_at=at)
    if ended:
        record("end_calendar_address", on=f"user:{user_id}", by=by, at=at)
    return bool(ended)
