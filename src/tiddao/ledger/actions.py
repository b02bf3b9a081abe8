"""Writing the ledger."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import connection

from tiddao.ledger.actors import Actor
from tiddao.ledger.models import Entry, Unsealed


def digest_of(value: Any) -> str:
    """Return the SHA-256 of a JSON-able value in one canonical spelling."""
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str)
    return hashlib.sha256(text.encode()).hexdigest()


def record(
    act: str,
    *,
    on: str,
    by: Actor,
    at: datetime,
    place: str = "",
    before: Any = None,
    after: Any = None,
    detail: Mapping[str, Any] | None = None,
) -> Entry:
    """Write one entry for one act, inside the transaction of that act.

    on: text reference of what was acted upon, "round:3/place:5712". before, after: JSON-able
    states, kept as digests only. detail: small facts for a reader, free of personal data.
    Raises RuntimeError outside a transaction: an act and its entry stand or fall together.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("an act is recorded inside its own transaction")
    entry = Entry(
        at=at,
        by=by.reference,
        by_name=by.name,
        post=by.post,
        act=act,
        on=on,
        place=place,
        before="" if before is None else digest_of(before),
        after="" if after is None else digest_of(after),
        detail=dict(detail or {}),
    )
    entry.digest = digest_of(content_of(entry))
    entry.save(force_insert=True)
    Unsealed.objects.create(entry=entry)
    return entry


def content_of(entry: Entry) -> dict[str, Any]:
    """Return what an entry's digest stands for: every field but its number and the digest."""
    return {
        "at": entry.at.timestamp(),
        "by": entry.by,
        "by_name": entry.by_name,
        "post": entry.post,
        "act": entry.act,
        "on": entry.on,
        "place": entry.place,
        "before": entry.before,
        "after": entry.after,
        "detail": entry.detail,
    }
