"""Writing the ledger."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from functools import partial
from typing import Any

from django.db import connection, transaction

from tiddao.ledger import anchors
from tiddao.ledger.actors import Actor
from tiddao.ledger.models import ChainCheck, Entry, Seal, Unsealed
from tiddao.ledger.queries import Verification, verify_ledger
from tiddao.ledger.rules import chain
from tiddao.ledger.rules.chain import as_stored, digest_of

__all__ = ["Sealing", "check_chain", "digest_of", "keep_check", "record", "seal_entries"]

SEALING_LOCK = 0x7469_6464_616F  # "tiddao": the advisory lock that lets one sealer in at a time
KEPT_PROBLEMS = 200  # a check keeps the first ones; how many there are in all it keeps as well


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
    states, kept as digests only. detail: small facts for a reader, free of personal data; numbers
    that are not whole are kept as text.
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
        detail=as_stored(detail or {}),
    )
    entry.digest = chain.entry_digest(
        at=entry.at,
        by=entry.by,
        by_name=entry.by_name,
        post=entry.post,
        act=entry.act,
        on=entry.on,
        place=entry.place,
        before=entry.before,
        after=entry.after,
        detail=entry.detail,
    )
    entry.save(force_insert=True)
    Unsealed.objects.create(entry=entry)
    return entry


@dataclass(frozen=True, slots=True)
class Sealing:
    """What one sealing did. sequence, chain: the head of the ledger afterwards (0 when empty)."""

    sealed: int
    sequence: int
    chain: str


@transaction.atomic
def seal_entries(*, at: datetime, limit: int = 10_000) -> Sealing:
    """Give the waiting entries, oldest number first, their places in the chain.

    One sealer at a time; writers neither wait for it nor hold it up: an entry whose transaction is
    still open is not seen, and is sealed later, after those that were committed before it. Once
    the seals are committed, the new head is written to the anchor file. Safe to run at any time.
    It leaves no entry of its own, or the ledger would never be at rest.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [SEALING_LOCK])
    head = Seal.objects.order_by("-sequence").first()
    sequence, link = (head.sequence, head.chain) if head else (0, chain.BEFORE_THE_FIRST)
    waiting = list(
        Unsealed.objects.order_by("entry_id").values_list("entry_id", "entry__digest")[:limit]
    )
    seals: list[Seal] = []
    for entry_id, digest in waiting:
        sequence += 1
        link = chain.next_chain(link, sequence=sequence, entry_id=entry_id, digest=digest)
        seals.append(Seal(sequence=sequence, entry_id=entry_id, chain=link, sealed_at=at))
    if seals:
        Seal.objects.bulk_create(seals, batch_size=1000)
        Unsealed.objects.filter(entry_id__in=[seal.entry_id for seal in seals]).delete()
        transaction.on_commit(partial(anchors.write_anchor, anchors.Anchor(sequence, link, at)))
    return Sealing(len(seals), sequence, link)


def check_chain(*, at: datetime) -> ChainCheck:
    """Verify the whole ledger against this installation's anchors and keep what was found."""
    return keep_check(verify_ledger(), at=at)


@transaction.atomic
def keep_check(found: Verification, *, at: datetime) -> ChainCheck:
    """Keep what a verification found, for the pages. Like sealing it leaves no entry of its own."""
    return ChainCheck.objects.create(
        at=at,
        ok=found.ok,
        entries=found.entries,
        sealed=found.sealed,
        unsealed=found.unsealed,
        head_sequence=found.head_sequence,
        head_chain=found.head_chain,
        found=found.found,
        problems=[asdict(problem) for problem in found.problems[:KEPT_PROBLEMS]],
    )
