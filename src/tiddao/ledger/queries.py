"""Reading the ledger, and checking it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils import timezone

from tiddao.ledger import anchors
from tiddao.ledger.models import ChainCheck, Entry, Seal, Unsealed
from tiddao.ledger.rules import chain

MOST_PROBLEMS = 1000  # named one by one; beyond that they are only counted

# -- checking --------------------------------------------------------------------------------------

ALTERED = "altered"
NOT_WAITING = "not-waiting"
SEALED_AND_WAITING = "sealed-and-waiting"
ENTRY_MISSING = "entry-missing"
GAP = "gap"
BROKEN = "broken"
ANCHOR_DIFFERS = "anchor-differs"
ANCHOR_BEYOND = "anchor-beyond"
ANCHOR_UNREADABLE = "anchor-unreadable"


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong. entry, sequence, anchor (line of the anchor file): where, if known.

    code: "altered" (the row is not what its digest says), "not-waiting" (neither sealed nor
    waiting: slipped in), "sealed-and-waiting", "entry-missing" (a seal without its entry), "gap"
    (seals missing before this one), "broken" (the seal does not follow from the one before:
    altered with its digest, swapped, reordered or forged), "anchor-differs" (the chain was
    rewritten), "anchor-beyond" (the end was cut off), "anchor-unreadable".
    """

    code: str
    entry: int | None = None
    sequence: int | None = None
    anchor: int | None = None


@dataclass(frozen=True, slots=True)
class Verification:
    """What a check of the whole ledger found. problems: at most 1,000 of the ``found``.

    head_sequence, head_chain: the last seal (0 and 64 zeros for an empty ledger).
    """

    ok: bool
    entries: int
    sealed: int
    unsealed: int
    head_sequence: int
    head_chain: str
    anchors: int
    found: int
    problems: tuple[Problem, ...]


class _Findings:
    def __init__(self) -> None:
        self.count = 0
        self.kept: list[Problem] = []

    def add(self, problem: Problem) -> None:
        self.count += 1
        if len(self.kept) < MOST_PROBLEMS:
            self.kept.append(problem)


_EVERYTHING = """
    SELECT e.id, e.at, e.by, e.by_name, e.post, e.act, e."on", e.place, e.before, e.after,
           e.detail, e.digest, s.sequence, s.entry_id, s.chain, u.entry_id
    FROM ledger_entry e
    FULL OUTER JOIN ledger_seal s ON s.entry_id = e.id
    LEFT JOIN ledger_unsealed u ON u.entry_id = e.id
    ORDER BY s.sequence NULLS LAST, e.id
"""


def verify_ledger(*, anchor_file: Path | None = None) -> Verification:
    """Reckon every digest and every link again, from the rows themselves.

    anchor_file: the heads kept outside the database; None means this installation's own.
    Reads one snapshot row by row: memory does not grow with the ledger. Changes nothing.
    """
    # The anchors come first: a head written meanwhile is then not yet expected.
    walk = _Walk(_Anchors(anchor_file or anchors.anchor_path()))
    with transaction.atomic(), connection.chunked_cursor() as cursor:
        cursor.execute(_EVERYTHING)
        while rows := cursor.fetchmany(2000):
            for row in rows:
                walk.step(row)
    walk.wanted.finish(walk.findings)
    return Verification(
        ok=walk.findings.count == 0,
        entries=walk.entries,
        sealed=walk.sealed,
        unsealed=walk.unsealed,
        head_sequence=walk.sequence,
        head_chain=walk.link,
        anchors=walk.wanted.count,
        found=walk.findings.count,
        problems=tuple(walk.findings.kept),
    )


class _Walk:
    """Goes through the rows of ``_EVERYTHING`` and remembers only the last link."""

    def __init__(self, wanted: _Anchors) -> None:
        self.wanted = wanted
        self.findings = _Findings()
        self.entries = self.sealed = self.unsealed = 0
        self.sequence, self.link = 0, chain.BEFORE_THE_FIRST

    def step(self, row: tuple[Any, ...]) -> None:
        *content, digest, sequence, sealed_entry, link, waiting = row
        entry: int | None = content[0]
        if entry is not None:
            self.entries += 1
            if _digest(content) != digest:
                self.findings.add(Problem(ALTERED, entry=entry, sequence=sequence))
        if sequence is not None:
            self._sealed(entry, digest, sequence, sealed_entry, link)
            if waiting is not None:
                self.findings.add(Problem(SEALED_AND_WAITING, entry=entry, sequence=sequence))
        elif waiting is not None:
            self.unsealed += 1
        else:
            self.findings.add(Problem(NOT_WAITING, entry=entry))

    def _sealed(
        self, entry: int | None, digest: str, sequence: int, sealed_entry: int, link: str
    ) -> None:
        self.sealed += 1
        if sequence != self.sequence + 1:
            self.findings.add(Problem(GAP, entry=sealed_entry, sequence=sequence))
        elif entry is not None and link != chain.next_chain(
            self.link, sequence=sequence, entry_id=entry, digest=digest
        ):
            self.findings.add(Problem(BROKEN, entry=entry, sequence=sequence))
        if entry is None:
            self.findings.add(Problem(ENTRY_MISSING, entry=sealed_entry, sequence=sequence))
        self.sequence, self.link = sequence, link
        self.wanted.compare(sequence, link, self.findings)


class _Anchors:
    """The anchors to be met, by sequence; one for each sealing, so far fewer than entries."""

    def __init__(self, path: Path) -> None:
        self.count = 0
        self.unreadable: list[int] = []
        self.waiting: dict[int, list[tuple[int, str]]] = {}
        for number, anchor in anchors.read_anchors(path):
            if anchor is None:
                self.unreadable.append(number)
            else:
                self.count += 1
                self.waiting.setdefault(anchor.sequence, []).append((number, anchor.chain))

    def compare(self, sequence: int, link: str, findings: _Findings) -> None:
        for number, expected in self.waiting.pop(sequence, ()):
            if expected != link:
                findings.add(Problem(ANCHOR_DIFFERS, sequence=sequence, anchor=number))

    def finish(self, findings: _Findings) -> None:
        for number in self.unreadable:
            findings.add(Problem(ANCHOR_UNREADABLE, anchor=number))
        for sequence, lines in sorted(self.waiting.items()):
            for number, _ in lines:
                findings.add(Problem(ANCHOR_BEYOND, sequence=sequence, anchor=number))


def _digest(content: list[Any]) -> str:
    _, at, by, by_name, post, act, on, place, before, after, detail = content
    return chain.entry_digest(
        at=at,
        by=by,
        by_name=by_name,
        post=post,
        act=act,
        on=on,
        place=place,
        before=before,
        after=after,
        detail=json.loads(detail) if isinstance(detail, str) else detail,
    )


@dataclass(frozen=True, slots=True)
class Head:
    """The end of the chain as it stands. sealed_at: None while the ledger is empty."""

    sequence: int
    chain: str
    sealed_at: datetime | None
    waiting: int


def head() -> Head:
    """Return the last seal and how many entries wait for theirs. Two queries."""
    last = Seal.objects.order_by("-sequence").first()
    waiting = Unsealed.objects.count()
    if last is None:
        return Head(0, chain.BEFORE_THE_FIRST, None, waiting)
    return Head(last.sequence, last.chain, last.sealed_at, waiting)


@dataclass(frozen=True, slots=True)
class LastCheck:
    at: datetime
    ok: bool
    entries: int
    found: int


def last_check() -> LastCheck | None:
    """Return what the latest verification found, or None when there was none yet."""
    check = ChainCheck.objects.order_by("-at").first()
    return LastCheck(check.at, check.ok, check.entries, check.found) if check else None


# -- reading ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class EntryFilter:
    """What a reader asks for. place: codes to keep, as a query (None: all); on days: inclusive."""

    places: QuerySet[Any, Any] | None = None
    by: str = ""
    act: str = ""
    first: date | None = None
    last: date | None = None

    def rows(self) -> QuerySet[Entry]:
        found = Entry.objects.all()
        if self.places is not None:
            found = found.filter(place__in=self.places)
        if self.by:
            if self.by.startswith(("user:", "system")):
                found = found.filter(by=self.by)
            else:
                found = found.filter(by_name__icontains=self.by)
        if self.act:
            found = found.filter(act=self.act)
        if self.first:
            found = found.filter(at__gte=_midnight(self.first))
        if self.last:
            found = found.filter(at__lt=_midnight(self.last + timedelta(days=1)))
        return found


def _midnight(on: date) -> datetime:
    return timezone.make_aware(datetime.combine(on, time.min))


@dataclass(frozen=True, slots=True)
class EntryRow:
    """One entry for a reader. sealed: whether it has its place in the chain."""

    id: int
    at: datetime
    by: str
    by_name: str
    post: str
    act: str
    on: str
    place: str
    detail: dict[str, Any]
    digest: str
    sequence: int | None


@dataclass(frozen=True, slots=True)
class EntryPage:
    """Entries, newest first. older: the number to go on before; None at the end."""

    rows: tuple[EntryRow, ...]
    older: int | None


def entry_page(wanted: EntryFilter, *, before: int | None = None, size: int = 50) -> EntryPage:
    """Return one page of the entries that match, newest first. One query.

    before: entries with a smaller number only (a page never shifts while others write).
    """
    found = wanted.rows().select_related("seal").order_by("-id")
    if before is not None:
        found = found.filter(id__lt=before)
    rows = [_row(entry) for entry in found[: size + 1]]
    more = len(rows) > size
    return EntryPage(tuple(rows[:size]), rows[size - 1].id if more else None)


def entry_count(wanted: EntryFilter) -> int:
    """Return how many entries match."""
    return wanted.rows().count()


def all_entries(wanted: EntryFilter) -> Iterator[EntryRow]:
    """Yield every entry that matches, newest first, in constant memory."""
    for entry in wanted.rows().select_related("seal").order_by("-id").iterator(chunk_size=2000):
        yield _row(entry)


def acts_seen() -> list[str]:
    """Return the acts that occur in the ledger, for a reader's choice.

    Walks the index from act to act, so that it costs as much for a million entries as for ten.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """
            WITH RECURSIVE acts AS (
                (SELECT act FROM ledger_entry ORDER BY act LIMIT 1)
                UNION ALL
                SELECT (SELECT act FROM ledger_entry WHERE act > acts.act ORDER BY act LIMIT 1)
                FROM acts WHERE acts.act IS NOT NULL
            )
            SELECT act FROM acts WHERE act IS NOT NULL
            """
        )
        return [act for (act,) in cursor.fetchall()]


def _row(entry: Entry) -> EntryRow:
    seal = getattr(entry, "seal", None)
    return EntryRow(
        id=entry.pk,
        at=entry.at,
        by=entry.by,
        by_name=entry.by_name,
        post=entry.post,
        act=entry.act,
        on=entry.on,
        place=entry.place,
        detail=entry.detail,
        digest=entry.digest,
        sequence=seal.sequence if seal else None,
    )
