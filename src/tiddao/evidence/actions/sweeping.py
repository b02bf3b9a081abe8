"""Taking away files that no row names: what a killed upload left behind."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from tiddao.evidence.actions.keeping import lock_hash
from tiddao.evidence.models import Blob
from tiddao.evidence.queries.verifying import GRACE, stray_files
from tiddao.evidence.storage import evidence_storage, hash_in
from tiddao.ledger.actions import record
from tiddao.ledger.actors import Actor


def sweep_files(*, by: Actor, at: datetime, grace: timedelta = GRACE) -> int:
    """Remove files without a row that are older than the grace; return how many.

    Safe at any time: an upload of the same content waits for the removal, then writes its file anew.
    Records one entry, and none when there was nothing to remove.
    """
    storage = evidence_storage()
    removed = 0
    for stray in stray_files(before=at - grace):
        sha256 = hash_in(stray.name)
        with transaction.atomic():
            if sha256 is not None:
                lock_hash(sha256)
                if Blob.objects.filter(sha256=sha256).exists():
                    continue
            storage.delete(stray.name)
            removed += 1
    if removed:
        with transaction.atomic():
            record(
                "sweep_evidence_files",
                on="evidence-files",
                by=by,
                at=at,
                detail={"removed": removed},
            )
    return removed
