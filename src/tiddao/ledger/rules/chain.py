"""How an entry becomes a digest, and how digests become a chain.

Plain text and SHA-256, so that anybody can check the ledger with a few lines of their own.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final

BEFORE_THE_FIRST: Final = "0" * 64
"""The chain value that the first seal stands on."""


def as_stored(value: Any) -> Any:
    """The JSON value as it comes back from the database, whatever went in.

    Text, whole numbers, true, false, null, lists and maps stay; every other number, date or thing
    becomes text, because a binary fraction may come back spelled in another way.

    Source: RFC 8259 section 6 (numbers of a JSON text have no fixed precision).
    """
    if value is None or isinstance(value, bool | int | str):
        return value if isinstance(value, bool | int | type(None)) else str(value)
    if isinstance(value, Mapping):
        return {str(name): as_stored(held) for name, held in value.items()}
    if isinstance(value, list | tuple):
        return [as_stored(held) for held in value]
    if isinstance(value, set | frozenset):
        return sorted(str(held) for held in value)
    return str(value)


def digest_of(value: Any) -> str:
    """The SHA-256, in hex, of a value's one canonical JSON text.

    Source: RFC 8785 in spirit: sorted names, no spaces, UTF-8; see `as_stored` for numbers.
    """
    text = json.dumps(as_stored(value), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def moment(at: datetime) -> str:
    """The moment in UTC, to the microsecond: "2026-07-10T02:30:00.000000+00:00".

    Raises ValueError for a moment without a time zone.

    Source: ISO 8601; PostgreSQL keeps whole microseconds, so nothing is lost on the way.
    """
    if at.tzinfo is None:
        raise ValueError("a moment needs a time zone")
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def entry_digest(
    *,
    at: datetime,
    by: str,
    by_name: str,
    post: str,
    act: str,
    on: str,
    place: str,
    before: str,
    after: str,
    detail: Mapping[str, Any],
) -> str:
    """The digest of one entry: of every field but its number and the digest itself.

    Source: house.md, "one act = one function = one transaction = one ledger entry".
    """
    return digest_of(
        {
            "at": moment(at),
            "by": by,
            "by_name": by_name,
            "post": post,
            "act": act,
            "on": on,
            "place": place,
            "before": before,
            "after": after,
            "detail": detail,
        }
    )


def next_chain(previous: str, *, sequence: int, entry_id: int, digest: str) -> str:
    """The chain value of the next seal: SHA-256 over "previous|sequence|entry|digest", in hex.

    Source: house.md (chained by hash); the entry's number is in it so that two rows cannot trade
    their places.
    """
    return hashlib.sha256(f"{previous}|{sequence}|{entry_id}|{digest}".encode()).hexdigest()
