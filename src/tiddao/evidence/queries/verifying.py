"""Whether every stored file is still there and still what it was: read again to the last byte."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from django.core.files.storage import Storage
from django.db.models import Q
from django.utils import timezone

from tiddao.evidence.models import Blob, EvidenceVersion
from tiddao.evidence.storage import ROOT, evidence_storage, hash_in, name_of

PIECE: Final = 1 << 20  # bytes read at a time
GRACE: Final = timedelta(hours=24)
"""How long a file without a row is taken for an upload under way."""
KEPT_PROBLEMS: Final = 200


@dataclass(frozen=True, slots=True)
class FileProblem:
    """One file that is wrong. code: "missing", "altered" or "orphaned"; name: in the storage.

    used_by: proofs that stand on it, as "evidence:3 v1 file name"; at most five.
    """

    code: str
    name: str
    used_by: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FileVerification:
    """What was found. files: rows checked; bytes: read; problems: the first KEPT_PROBLEMS of found."""

    files: int
    bytes: int
    missing: int
    altered: int
    orphaned: int
    problems: tuple[FileProblem, ...]

    @property
    def found(self) -> int:
        return self.missing + self.altered + self.orphaned

    @property
    def ok(self) -> bool:
        return not self.found


@dataclass(frozen=True, slots=True)
class StrayFile:
    """A stored file that no row names."""

    name: str
    modified_at: datetime


def verify_files(*, at: datetime | None = None, grace: timedelta = GRACE) -> FileVerification:
    """Read every stored file again and compare it with its name; list what no row names.

    Goes a thousand files at a time and reads piece by piece, so memory stays small however much is
    stored. A file without a row counts once it is older than the grace before at.
    """
    storage = evidence_storage()
    counts = {"missing": 0, "altered": 0, "orphaned": 0}
    problems: list[FileProblem] = []
    files = read = 0

    def found(code: str, name: str, sha256: str | None = None) -> None:
        counts[code] += 1
        if len(problems) < KEPT_PROBLEMS:
            problems.append(FileProblem(code, name, _used_by(sha256) if sha256 else ()))

    for sha256 in _hashes():
        files += 1
        name = name_of(sha256)
        digest, size = _read(storage, name)
        read += size
        if digest is None:
            found("missing", name, sha256)
        elif digest != sha256:
            found("altered", name, sha256)
    for stray in stray_files(before=(at or timezone.now()) - grace):
        found("orphaned", stray.name)
    return FileVerification(files, read, problems=tuple(problems), **counts)


def _hashes() -> Iterator[str]:
    """Yield what files there are to be, in order, without a cursor that stays open while they are read."""
    rows = Blob.objects.order_by("sha256").values_list("sha256", flat=True)
    batch: list[str] = []
    while batch := list(rows.filter(sha256__gt=batch[-1] if batch else "")[:1_000]):
        yield from batch


def stray_files(*, before: datetime) -> Iterator[StrayFile]:
    """Yield the stored files that no row names and that were last written before the moment."""
    storage = evidence_storage()
    folders = [ROOT]
    while folders:
        folder = folders.pop()
        below, names = _listed(storage, folder)
        folders.extend(sorted(below, reverse=True))
        for first in range(0, len(names), 1_000):
            batch = {name: hash_in(name) for name in names[first : first + 1_000]}
            known = set(
                Blob.objects.filter(
                    sha256__in=[sha256 for sha256 in batch.values() if sha256]
                ).values_list("sha256", flat=True)
            )
            for name, sha256 in batch.items():
                modified_at = None if sha256 in known else _modified_at(storage, name)
                if modified_at is not None and modified_at < before:
                    yield StrayFile(name, modified_at)


def _listed(storage: Storage, folder: str) -> tuple[list[str], list[str]]:
    """Return the folders and the files straight below a folder, by their names in the storage."""
    try:
        folders, files = storage.listdir(folder)
    except FileNotFoundError:
        return [], []  # nothing was stored there yet
    return (
        [f"{folder}/{name}" for name in folders if name],
        [f"{folder}/{name}" for name in sorted(files) if name],
    )


def _modified_at(storage: Storage, name: str) -> datetime | None:
    """When the file was last written; None when it is gone meanwhile."""
    try:
        modified_at = storage.get_modified_time(name)
    except FileNotFoundError:
        return None
    return modified_at if timezone.is_aware(modified_at) else modified_at.replace(tzinfo=UTC)


def _read(storage: Storage, name: str) -> tuple[str | None, int]:
    """Return the file's hash and size; None where it is not there."""
    digest, size = hashlib.sha256(), 0
    try:
        with storage.open(name, "rb") as file:
            while piece := file.read(PIECE):
                digest.update(piece)
                size += len(piece)
    except FileNotFoundError:
        return None, 0
    return digest.hexdigest(), size


def _used_by(sha256: str) -> tuple[str, ...]:
    versions = EvidenceVersion.objects.filter(
        Q(blob=sha256) | Q(blob__display=sha256) | Q(blob__thumbnail=sha256)
    ).order_by("pk")
    return tuple(
        f"evidence:{evidence_id} v{number} {file_name}"
        for evidence_id, number, file_name in versions.values_list(
            "evidence_id", "number", "file_name"
        )[:5]
    )
