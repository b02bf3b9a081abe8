"""Taking in proofs: the first version, later ones, and how long one holds."""

from __future__ import annotations

import hashlib
import io
from dataclasses import dataclass
from datetime import date, datetime
from urllib.parse import urlsplit

from django.core.files import File
from django.core.files.storage import Storage
from django.db import connection, transaction

from tiddao.evidence.models import Blob, Evidence, EvidenceKind, EvidenceVersion
from tiddao.evidence.queries.locating import whereabouts
from tiddao.evidence.rules import kinds
from tiddao.evidence.rules.findings import (
    Finding,
    date_findings,
    place_findings,
    seen_before_findings,
)
from tiddao.evidence.rules.photos import clean_copies
from tiddao.evidence.rules.sniffing import Examined
from tiddao.evidence.storage import evidence_storage, name_of
from tiddao.kernel.dates import BANGKOK
from tiddao.ledger.actions import record
from tiddao.ledger.actors import Actor

LONGEST_LINK = 2_000


class LinkRefused(Exception):
    """Text that is no address of a web page."""


@dataclass(frozen=True, slots=True)
class Link:
    """An address that is kept as it is and never fetched: http or https, without user names.

    Raises LinkRefused for anything else.
    """

    href: str

    def __post_init__(self) -> None:
        try:
            parts = urlsplit(self.href)
            host = parts.hostname
        except ValueError as fault:
            raise LinkRefused(self.href) from fault
        if (
            parts.scheme not in {"http", "https"}
            or not host
            or "@" in parts.netloc
            or len(self.href) > LONGEST_LINK
            or any(sign.isspace() or not sign.isprintable() for sign in self.href)
        ):
            raise LinkRefused(self.href)


Source = Examined | Link
"""What a version consists of: an examined file (``rules.sniffing.examine``) or a link."""


class WrongKind(Exception):
    """A version must be of its proof's kind: a file follows a file, a link a link."""


class DatesCross(Exception):
    """A proof would expire before the day it is true for."""


@dataclass(frozen=True, slots=True)
class Added:
    """What was written. number: of the version, from 1."""

    evidence_id: int
    version_id: int
    number: int


@transaction.atomic
def add_evidence(
    source: Source,
    *,
    title: str,
    place: str,
    effective_on: date | None,
    expires_on: date | None,
    by: Actor,
    at: datetime,
) -> Added:
    """Take in a proof of the office at the place, as its first version.

    effective_on: the day it is true for, None = not said; expires_on: its last day of force.
    A file is kept before its row is written: a cut-off act leaves a file that ``sweep_files`` takes
    away, and never a row without a file. Raises DatesCross.
    """
    _in_order(effective_on, expires_on)
    evidence = Evidence.objects.create(
        title=title.strip()[:200],
        kind=_kind_of(source),
        place_id=place,
        current_number=1,
        effective_on=effective_on,
        expires_on=expires_on,
        by=by.reference,
        by_name=by.name,
        at=at,
    )
    version = _write_version(evidence, source, effective_on=effective_on, by=by, at=at)
    record(
        "add_evidence",
        on=f"evidence:{evidence.pk}",
        by=by,
        at=at,
        place=place,
        after=_state(evidence, version),
        detail={"kind": evidence.kind, "sha256": version.blob_id or ""},
    )
    return Added(evidence.pk, version.pk, version.number)


@transaction.atomic
def add_version(
    evidence_id: int,
    source: Source,
    *,
    effective_on: date | None,
    expires_on: date | None,
    by: Actor,
    at: datetime,
) -> Added:
    """Add a newer version of a proof; older ones stay, and what they prove stays with them.

    Raises Evidence.DoesNotExist, WrongKind and DatesCross.
    """
    _in_order(effective_on, expires_on)
    evidence = Evidence.objects.select_for_update().get(pk=evidence_id)
    if evidence.kind != _kind_of(source):
        raise WrongKind(evidence.kind)
    before = _state(evidence, evidence.versions.get(number=evidence.current_number))
    evidence.current_number += 1
    evidence.effective_on = effective_on
    evidence.expires_on = expires_on
    version = _write_version(evidence, source, effective_on=effective_on, by=by, at=at)
    evidence.save(update_fields=["current_number", "effective_on", "expires_on"])
    record(
        "add_evidence_version",
        on=f"evidence:{evidence.pk}",
        by=by,
        at=at,
        place=evidence.place_id,
        before=before,
        after=_state(evidence, version),
        detail={"number": version.number, "sha256": version.blob_id or ""},
    )
    return Added(evidence.pk, version.pk, version.number)


@transaction.atomic
def set_expiry(evidence_id: int, *, expires_on: date | None, by: Actor, at: datetime) -> None:
    """Say until when a proof holds; None = it does not expire. The same day again changes nothing.

    Raises Evidence.DoesNotExist and DatesCross.
    """
    evidence = Evidence.objects.select_for_update().get(pk=evidence_id)
    if evidence.expires_on == expires_on:
        return
    _in_order(evidence.effective_on, expires_on)
    before = _day(evidence.expires_on)
    evidence.expires_on = expires_on
    evidence.save(update_fields=["expires_on"])
    record(
        "set_evidence_expiry",
        on=f"evidence:{evidence.pk}",
        by=by,
        at=at,
        place=evidence.place_id,
        before={"expires_on": before},
        after={"expires_on": _day(expires_on)},
        detail={"expires_on": _day(expires_on)},
    )


# -- writing ---------------------------------------------------------------------------------------


def _write_version(
    evidence: Evidence, source: Source, *, effective_on: date | None, by: Actor, at: datetime
) -> EvidenceVersion:
    version = EvidenceVersion(
        evidence=evidence,
        number=evidence.current_number,
        effective_on=effective_on,
        by=by.reference,
        by_name=by.name,
        post=by.post,
        at=at,
    )
    if isinstance(source, Link):
        version.link = source.href
    else:
        version.blob = keep_file(source, at=at)
        version.file_name = source.name
        if source.photo is not None:
            version.taken_at = source.photo.taken_at
            version.latitude = source.photo.latitude
            version.longitude = source.photo.longitude
        findings = _findings(evidence, version, is_photo=source.photo is not None)
        version.findings = [finding.as_json() for finding in findings]
    version.save(force_insert=True)
    return version


def _findings(
    evidence: Evidence, version: EvidenceVersion, *, is_photo: bool
) -> tuple[Finding, ...]:
    """What the file makes one ask at its office's own place; a use asks again at its own."""
    others = EvidenceVersion.objects.filter(blob_id=version.blob_id).exclude(
        evidence_id=evidence.pk
    )
    places = dict.fromkeys(others.values_list("evidence_id", "evidence__place_id"))
    here = sum(place == evidence.place_id for _, place in places)
    seen = seen_before_findings(here=here, elsewhere=len(places) - here)
    if not is_photo:
        return seen
    where = whereabouts(version, evidence.place_id, on=version.at.astimezone(BANGKOK).date())
    return (
        *date_findings(
            taken_at=version.taken_at, effective_on=version.effective_on, handed_in_at=version.at
        ),
        *place_findings(where, claimed=evidence.place_id),
        *seen,
    )


@dataclass(frozen=True, slots=True)
class _Copy:
    """A copy to be stored. size: pixels."""

    content: bytes
    sha256: str
    size: tuple[int, int]


def keep_file(source: Examined, *, at: datetime) -> Blob:
    """Store an examined file and, of an image, its two clean copies; return its row.

    A file that is stored already is not written again, unless it got lost. Two people with the same
    file, and the sweep, take turns by locks on the hashes.
    """
    copies: list[_Copy] = []
    if source.photo is not None and not Blob.objects.filter(sha256=source.sha256).exists():
        made = clean_copies(source.file, source.kind)
        copies = [
            _Copy(content, hashlib.sha256(content).hexdigest(), size)
            for content, size in (
                (made.display, made.display_size),
                (made.thumbnail, made.thumbnail_size),
            )
        ]
    for sha256 in sorted({source.sha256, *(copy.sha256 for copy in copies)}):
        lock_hash(sha256)  # in one order for everybody, so that nobody waits in a ring
    rows = [
        _kept(
            File(io.BytesIO(copy.content)),
            copy.sha256,
            {
                "size": len(copy.content),
                "kind": kinds.JPEG.code,
                "width": copy.size[0],
                "height": copy.size[1],
                "stored_at": at,
            },
        )
        for copy in copies
    ]
    return _kept(
        File(source.file),
        source.sha256,
        {
            "size": source.size,
            "kind": source.kind.code,
            "width": source.photo.width if source.photo else None,
            "height": source.photo.height if source.photo else None,
            "display": rows[0] if rows else None,
            "thumbnail": rows[1] if rows else None,
            "stored_at": at,
        },
    )


def _kept(stream: File[bytes], sha256: str, facts: dict[str, object]) -> Blob:
    storage = evidence_storage()
    if not storage.exists(name_of(sha256)):
        _store(storage, sha256, stream)
    blob, _ = Blob.objects.get_or_create(sha256=sha256, defaults=facts)
    return blob


def _store(storage: Storage, sha256: str, stream: File[bytes]) -> None:
    stream.seek(0)
    kept = storage.save(name_of(sha256), stream)
    if kept != name_of(sha256):  # a storage that renames would lose what its name says
        storage.delete(kept)
        raise RuntimeError(f"the storage of evidence must keep names as they are, not {kept!r}")


def lock_hash(sha256: str) -> None:
    """Wait for everybody else who writes or sweeps this file, until the transaction ends."""
    number = int(sha256[:16], 16) - (1 << 63)  # a signed 64-bit number, as the lock wants
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [number])


def _kind_of(source: Source) -> str:
    return EvidenceKind.LINK if isinstance(source, Link) else EvidenceKind.FILE


def _in_order(effective_on: date | None, expires_on: date | None) -> None:
    if effective_on is not None and expires_on is not None and expires_on < effective_on:
        raise DatesCross


def _day(on: date | None) -> str:
    return on.isoformat() if on else ""


def _state(evidence: Evidence, version: EvidenceVersion) -> dict[str, object]:
    """What the ledger's digest speaks of."""
    return {
        "title": evidence.title,
        "number": version.number,
        "sha256": version.blob_id or "",
        "link": version.link,
        "effective_on": _day(evidence.effective_on),
        "expires_on": _day(evidence.expires_on),
    }
