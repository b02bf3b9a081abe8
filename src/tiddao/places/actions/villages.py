"""Taking in lists of villages: received, read without writing, accepted by a person, written whole.

A list waits as a row of ``VillageImport``; the job sweeps rows. What a job was doing when it was
killed is begun again: reading writes nothing, and writing is one transaction.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from functools import lru_cache
from itertools import islice
from typing import Any, BinaryIO, cast
from uuid import uuid4

from django.core.files import File
from django.db import connection, transaction
from django.utils import timezone

from tiddao.kernel.collation import thai_key
from tiddao.kernel.names import fold_place
from tiddao.ledger.actions import record
from tiddao.ledger.actors import SYSTEM, Actor
from tiddao.ledger.lines import after_lines
from tiddao.places import tree
from tiddao.places.models import NATION, FormerName, Level, Place, VillageImport
from tiddao.places.rules.village_file import (
    RowFault,
    VillageFileError,
    VillageRow,
    kind_of_file,
    read_villages,
)

State = VillageImport.State

_BATCH = 2_000
_MOST_FAULTS = 500  # listed one by one; the count is of all
_LOCK_CLASS = 7_315  # advisory locks (class, import id): one worker to an import


class ImportRefused(Exception):
    """The import is not in the state that the act needs."""


@dataclass(frozen=True, slots=True)
class VillageReport:
    """What a list holds and what accepting it would do, or did.

    rows: villages read right; faults: the first of them, fault_count: all; not_in_file: villages
    known in the tambons of the file that the file does not name, which stay as they are.
    """

    rows: int
    new: int
    renamed: int
    unchanged: int
    not_in_file: int
    same_name: int  # villages that share a name within their tambon: allowed, worth a look
    fault_count: int
    faults: tuple[RowFault, ...]
    refusal: str  # why the file as a whole cannot be read; else ""
    written: bool

    def as_json(self) -> dict[str, Any]:
        """Return the report as JSON-able values."""
        return asdict(self)


@transaction.atomic
def receive_village_file(
    upload: File[bytes], *, file_name: str, within: str, by: Actor, at: datetime
) -> VillageImport:
    """Keep an uploaded list under a name of our own, to be read by the job.

    Raises VillageFileError when its content is neither CSV nor XLSX, or it is too large.
    """
    kind = kind_of_file(cast("BinaryIO", upload))  # File passes reads on to its file
    upload.seek(0)
    digest = hashlib.sha256()
    for piece in upload.chunks():
        digest.update(piece)
    upload.seek(0)
    waiting = VillageImport(
        file_name=file_name[:255],
        sha256=digest.hexdigest(),
        within_id=within,
        by=by.reference,
        at=at,
    )
    waiting.file.save(f"{uuid4().hex}.{kind}", upload, save=False)
    waiting.save(force_insert=True)
    record(
        "receive_village_file",
        on=f"village-import:{waiting.pk}",
        by=by,
        at=at,
        place=within,
        after=waiting.sha256,
        detail={"sha256": waiting.sha256},
    )
    return waiting


@transaction.atomic
def accept_village_import(import_id: int, *, by: Actor, at: datetime) -> None:
    """Let a list that was read without faults be written. Raises ImportRefused otherwise."""
    row = VillageImport.objects.select_for_update().get(pk=import_id)
    if row.state != State.READ:
        raise ImportRefused(row.state)
    row.state, row.progress = State.ACCEPTING, 0
    row.save(update_fields=["state", "progress"])
    record(
        "accept_village_import",
        on=f"village-import:{row.pk}",
        by=by,
        at=at,
        place=row.within_id,
        after=row.sha256,
        detail={"rows": row.report.get("rows")},
    )


@transaction.atomic
def refuse_village_import(import_id: int, *, by: Actor, at: datetime) -> None:
    """Put a list aside that was not accepted yet. Raises ImportRefused when it is too late."""
    row = VillageImport.objects.select_for_update().get(pk=import_id)
    if row.state not in {State.WAITING, State.READ}:
        raise ImportRefused(row.state)
    row.state = State.REFUSED
    row.save(update_fields=["state"])
    record(
        "refuse_village_import", on=f"village-import:{row.pk}", by=by, at=at, place=row.within_id
    )


def sweep_village_imports(*, at: datetime) -> int:
    """Read what waits and write what was accepted; return how many imports moved on.

    Safe to run twice at once, and after being killed: each import is held by a lock of the
    database session, which ends with it.
    """
    moved = 0
    pending = VillageImport.objects.filter(
        state__in=[State.WAITING, State.READING, State.ACCEPTING]
    )
    for import_id in pending.order_by("pk").values_list("pk", flat=True):
        with _held(import_id) as is_ours:
            if is_ours:
                moved += _work_on(import_id, at=at)
    return moved


def import_villages(
    file: BinaryIO,
    *,
    within: str = NATION,
    at: datetime,
    by: Actor,
    reference: str,
    dry_run: bool = False,
    progress: Callable[[int], None] | None = None,
) -> VillageReport:
    """Read a list of villages and, unless dry_run, write it whole; with any fault nothing is written.

    The file is read twice, row by row, so memory holds the codes but never all rows. Villages that
    exist get the new name, with history; villages that the file does not name stay.
    progress: told the lines read, now and then, while nothing is locked.
    """
    on = timezone.localdate(at)
    tambons = set(
        tree.descendants(NATION, on=on, level=Level.TAMBON).values_list("code", flat=True)
    )
    counted = _Count()
    faults: list[RowFault] = []
    fault_count = 0
    known = _known_villages(within)
    try:
        for number, row in enumerate(read_villages(file, tambons=tambons, within=within), start=1):
            if isinstance(row, RowFault):
                fault_count += 1
                if len(faults) < _MOST_FAULTS:
                    faults.append(row)
            else:
                counted.add(row, known)
            if progress and number % 5_000 == 0:
                progress(number)
    except VillageFileError as error:
        return _report(counted, known, [], 0, refusal=str(error), written=False)
    if not counted.rows and not fault_count:
        return _report(counted, known, [], 0, refusal="ไฟล์ไม่มีหมู่บ้านเลย", written=False)
    write = not dry_run and not fault_count
    if write:
        with transaction.atomic():
            # Two lists at once would meet in the same rows: the second waits.
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_xact_lock(%s, 0)", [_LOCK_CLASS])
            at = after_lines(at)
            known = _known_villages(within)
            counted = _Count()
            rows = (
                row
                for row in read_villages(file, tambons=tambons, within=within)
                if isinstance(row, VillageRow)
            )
            _write(rows, known, counted, source=reference, at=at)
            if counted.new or counted.renamed:
                record(
                    "import_villages",
                    on=reference,
                    by=by,
                    at=at,
                    place=within,
                    after=counted.digest.hexdigest(),
                    detail={
                        "rows": counted.rows,
                        "new": counted.new,
                        "renamed": counted.renamed,
                    },
                )
    return _report(counted, known, faults, fault_count, refusal="", written=write)


class _Count:
    """What was read so far."""

    def __init__(self) -> None:
        self.rows = self.new = self.renamed = self.same_name = 0
        self.digest = hashlib.sha256()
        self._names: defaultdict[str, set[str]] = defaultdict(set)
        self.codes: set[str] = set()

    def add(self, row: VillageRow, known: dict[str, tuple[str, str]]) -> bool:
        """Count a row; say whether it changes anything."""
        self.rows += 1
        self.codes.add(row.code)
        self.digest.update(f"{row.code}\t{row.name_th}\t{row.name_en}\n".encode())
        tambon = row.code[:6]
        if row.name_th in self._names[tambon]:
            self.same_name += 1
        self._names[tambon].add(row.name_th)
        before = known.get(row.code)
        if before is None:
            self.new += 1
        elif before != (row.name_th, row.name_en or before[1]):
            self.renamed += 1
        else:
            return False
        return True


def _report(
    counted: _Count,
    known: dict[str, tuple[str, str]],
    faults: list[RowFault],
    fault_count: int,
    *,
    refusal: str,
    written: bool,
) -> VillageReport:
    tambons = {code[:6] for code in counted.codes}
    missing = sum(1 for code in known if code[:6] in tambons and code not in counted.codes)
    return VillageReport(
        rows=counted.rows,
        new=counted.new,
        renamed=counted.renamed,
        unchanged=counted.rows - counted.new - counted.renamed,
        not_in_file=missing,
        same_name=counted.same_name,
        fault_count=fault_count,
        faults=tuple(faults),
        refusal=refusal,
        written=written,
    )


def _known_villages(within: str) -> dict[str, tuple[str, str]]:
    rows = Place.objects.filter(tree.within(within), level=Level.VILLAGE)
    return {
        code: (name_th, name_en)
        for code, name_th, name_en in rows.values_list("code", "name_th", "name_en").iterator(
            chunk_size=5_000
        )
    }


def _write(
    rows: Iterable[VillageRow],
    known: dict[str, tuple[str, str]],
    counted: _Count,
    *,
    source: str,
    at: datetime,
) -> None:
    changed = (row for row in rows if counted.add(row, known))
    while batch := list(islice(changed, _BATCH)):
        FormerName.objects.bulk_create(
            FormerName(
                place_id=row.code,
                name_th=known[row.code][0],
                name_en=known[row.code][1],
                superseded_at=at,
            )
            for row in batch
            if row.code in known
        )
        Place.objects.bulk_create(
            [_village(row, known, source, at) for row in batch],
            update_conflicts=True,
            unique_fields=["code"],
            update_fields=["name_th", "name_en", "folded", "sort_key", "source"],
        )


def _village(
    row: VillageRow, known: dict[str, tuple[str, str]], source: str, at: datetime
) -> Place:
    name_en = row.name_en or known.get(row.code, ("", ""))[1]
    return Place(
        code=row.code,
        level=Level.VILLAGE,
        parent_id=row.code[:6],
        name_th=row.name_th,
        name_en=name_en,
        folded="|".join(_folded(name) for name in (row.name_th, name_en) if name),
        sort_key=_sort_key(row.name_th),
        moo=row.moo,
        known_at=at,  # of a new one: of others only the name is written
        source=source,
    )


# Half of all villages share their name with another; a name is worked out once.
@lru_cache(maxsize=50_000)
def _folded(name: str) -> str:
    return fold_place(name, level="village")


@lru_cache(maxsize=50_000)
def _sort_key(name: str) -> str:
    return thai_key(name)


@contextmanager
def _held(import_id: int) -> Iterator[bool]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [_LOCK_CLASS, import_id])
        (is_ours,) = cursor.fetchone()
    try:
        yield bool(is_ours)
    finally:
        if is_ours:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [_LOCK_CLASS, import_id])


def _work_on(import_id: int, *, at: datetime) -> int:
    row = VillageImport.objects.get(pk=import_id)
    if row.state not in {State.WAITING, State.READING, State.ACCEPTING}:
        return 0  # another worker was quicker
    dry_run = row.state != State.ACCEPTING
    if dry_run:
        VillageImport.objects.filter(pk=import_id).update(state=State.READING, progress=0)
    lines = max(1, row.file.size // 40)  # a row of such lists has about forty bytes

    def tell(number: int) -> None:
        done = min(95, number * 100 // lines)
        VillageImport.objects.filter(pk=import_id).update(progress=done)

    with row.file.open("rb") as file:
        report = import_villages(
            file.file,
            within=row.within_id,
            at=at,
            by=SYSTEM,
            reference=f"village-import:{import_id}",
            dry_run=dry_run,
            progress=tell,
        )
    failed = bool(report.refusal or report.fault_count)
    after = State.REFUSED if failed else State.READ if dry_run else State.ACCEPTED
    VillageImport.objects.filter(pk=import_id).update(
        state=after, progress=100, report=report.as_json()
    )
    return 1
