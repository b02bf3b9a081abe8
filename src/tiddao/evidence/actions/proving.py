"""Saying what a proof proves, and ending that with a reason."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from tiddao.evidence.models import Evidence, EvidenceUse, EvidenceVersion
from tiddao.evidence.queries.locating import whereabouts
from tiddao.evidence.rules.findings import place_findings
from tiddao.evidence.wording import REPLACED
from tiddao.kernel.dates import BANGKOK
from tiddao.ledger.actions import record
from tiddao.ledger.actors import Actor


class UseEnded(Exception):
    """The use was ended already, by somebody else or by a newer version."""


@transaction.atomic
def attach_evidence(
    evidence_id: int,
    *,
    subject_kind: str,
    subject_key: str,
    place: str,
    by: Actor,
    at: datetime,
    note: str = "",
    number: int | None = None,
) -> int:
    """Let a proof stand for a thing that is about the place; return the use's id.

    number: the version, the current one when None. A proof stands for a thing once: attaching the
    same version again changes nothing (two people at once, a button pressed twice), another version
    takes the place of the one before. Raises Evidence.DoesNotExist, EvidenceVersion.DoesNotExist.
    """
    evidence = Evidence.objects.select_for_update().get(pk=evidence_id)
    version = evidence.versions.get(number=number or evidence.current_number)
    standing = EvidenceUse.objects.filter(
        evidence=evidence, subject_kind=subject_kind, subject_key=subject_key, ended_at=None
    ).first()
    if standing is not None:
        if standing.version_id == version.pk:
            return standing.pk
        _end(standing, reason=REPLACED, by=by, at=at)
    use = EvidenceUse.objects.create(
        evidence=evidence,
        version=version,
        subject_kind=subject_kind,
        subject_key=subject_key,
        place_id=place,
        note=note.strip()[:300],
        findings=_place_questions(version, place, at=at),
        by=by.reference,
        by_name=by.name,
        at=at,
    )
    record(
        "attach_evidence",
        on=f"evidence:{evidence.pk}/{subject_kind}:{subject_key}",
        by=by,
        at=at,
        place=place,
        before={"use": standing.pk} if standing else None,
        after={"use": use.pk, "number": version.number, "sha256": version.blob_id or version.link},
        detail={"number": version.number},
    )
    return use.pk


@transaction.atomic
def detach_evidence(use_id: int, *, reason: str, by: Actor, at: datetime) -> None:
    """End what a proof stood for; the use stays on record with who, when and why.

    Raises EvidenceUse.DoesNotExist, UseEnded, and ValueError without a reason.
    """
    if not reason.strip():
        raise ValueError("a use is ended with a reason")
    use = EvidenceUse.objects.select_for_update().get(pk=use_id)
    if use.ended_at is not None:
        raise UseEnded
    _end(use, reason=reason, by=by, at=at)
    record(
        "detach_evidence",
        on=f"evidence:{use.evidence_id}/{use.subject_kind}:{use.subject_key}",
        by=by,
        at=at,
        place=use.place_id,
        before={"use": use.pk},
        detail={"use": use.pk},
    )


def _end(use: EvidenceUse, *, reason: str, by: Actor, at: datetime) -> None:
    use.ended_at = at
    use.ended_by = by.reference
    use.end_reason = reason.strip()[:300]
    use.save(update_fields=["ended_at", "ended_by", "end_reason"])


def _place_questions(version: EvidenceVersion, place: str, *, at: datetime) -> list[object]:
    """What the photo's place makes one ask about this place; nothing for what is no photo."""
    if version.blob is None or version.blob.thumbnail_id is None:
        return []
    where = whereabouts(version, place, on=at.astimezone(BANGKOK).date())
    return [
        finding.as_json()
        for finding in place_findings(where, claimed=place)
        if finding.code != "no-position"  # the version says so already
    ]
