"""Generated weeks, taken in as a test needs them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cache

from django.db import transaction
from pytest_django.plugin import DjangoDbBlocker

from tests.budget.cgd_files import Book, week
from tiddao.budget.actions.treasury import ReportImported, import_treasury_report
from tiddao.budget.rules.cgd_figures import CgdWorkbook
from tiddao.budget.rules.cgd_workbook import read_workbook
from tiddao.ledger.actors import SYSTEM

MONDAY = datetime(2026, 7, 13, 3, 0, tzinfo=UTC)
LATER = datetime(2026, 7, 15, 3, 0, tzinfo=UTC)
NEXT_WEEK = datetime(2026, 7, 20, 3, 0, tzinfo=UTC)
EVERY_SHEET = (1, 2, 3, 4, 11, 12, 13, 14)


def digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def read(book: Book | bytes, *, file: str = "week.xlsx", sheets=None) -> tuple[CgdWorkbook, str]:
    """The workbook as read, and the digest of its file."""
    content = book if isinstance(book, bytes) else saved(book)
    asked = sheets or ((13, 14) if isinstance(book, bytes) else tuple(book))
    return _read_once(content, file=file, sheets=asked), digest(content)


_files: dict[object, bytes] = {}
_read_once = cache(read_workbook)


def saved(book: Book) -> bytes:
    """The file of a book; of one with the same cells, the same file."""
    cells = tuple(
        (number, sheet.tab, tuple(tuple((type(cell), cell) for cell in row) for row in sheet.rows))
        for number, sheet in book.items()
    )
    if cells not in _files:
        _files[cells] = book.save()
    return _files[cells]


@contextmanager
def given_up_later(blocker: DjangoDbBlocker) -> Iterator[None]:
    """What is written here stands for many tests, each in a savepoint of its own; then it is undone."""
    with blocker.unblock(), transaction.atomic():
        yield
        transaction.set_rollback(True)


def take_in(
    book: Book | bytes, *, at: datetime = MONDAY, file: str = "week.xlsx"
) -> ReportImported:
    workbook, sha256 = read(book, file=file)
    return import_treasury_report(workbook, sha256=sha256, by=SYSTEM, at=at)


def second_week(*sheets: int, seed: int = 2) -> Book:
    return week(*sheets, seed=seed, day="17 กรกฎาคม 2569", reported="20 กรกฎาคม 2569")
