"""Keeping the search index in step with what it is made from. Safe to run at any time, twice, or
killed half way: nothing is lost but time.
"""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from django.db import connection, transaction

from tiddao.columns.writing import copy_rows
from tiddao.policy.models import SearchEntry, SearchPending, SearchWord
from tiddao.policy.queries.search_sources import SOURCES, Content, Source
from tiddao.policy.rules.search.folding import fold, spellings
from tiddao.policy.rules.search.words import known_words, signs

BATCH = 250
"""Things taken in by one transaction."""
_ONE_AT_A_TIME = 4_104_013  # advisory lock


@dataclass(frozen=True, slots=True)
class Reindexed:
    """What was done for one kind. removed: entries of what is no more."""

    kind: str
    entries: int
    removed: int
    seconds: float


def index_changes() -> int:
    """Take in what changed since the last time; say how many things."""
    done = 0
    while taken := _next_batch():
        done += taken
    return done


def reindex(kinds: Collection[str] = ()) -> Iterator[Reindexed]:
    """Make the index of these kinds, or of all, anew from their sources; yield what was done.

    Searches go on meanwhile and find what is indexed so far. The words to propose spellings from
    are made anew too where all kinds are.
    """
    if not kinds:
        SearchWord.objects.all().delete()
        SearchEntry.objects.exclude(kind__in=SOURCES).delete()
    for kind in kinds or SOURCES:
        yield _reindex(SOURCES[kind])


@transaction.atomic
def _next_batch() -> int:
    _lock()
    waiting = SearchPending.objects.order_by("pk")[:BATCH]
    rows = list(waiting)
    changed: dict[str, set[int]] = defaultdict(set)
    for row in rows:
        changed[row.kind].add(row.key)
    for kind, keys in changed.items():
        if kind in SOURCES:
            _take_in(SOURCES[kind], keys)
        else:
            SearchEntry.objects.filter(kind=kind, key__in=keys).delete()
    SearchPending.objects.filter(pk__in=[row.pk for row in rows]).delete()
    return sum(map(len, changed.values()))


def _reindex(source: Source) -> Reindexed:
    began = time.monotonic()
    keys = list(source.keys().order_by("pk"))
    entries = 0
    for start in range(0, len(keys), BATCH):
        with transaction.atomic():
            _lock()
            entries += _take_in(source, keys[start : start + BATCH])
    gone = SearchEntry.objects.filter(kind=source.kind).exclude(key__in=source.keys())
    removed, _ = gone.delete()
    return Reindexed(source.kind, entries, removed, time.monotonic() - began)


def _take_in(source: Source, keys: Collection[int]) -> int:
    """Write the entries of these numbers as their sources are now; say how many there are."""
    contents = list(source.contents(keys))
    known: dict[str, str] = {}
    rows = []
    for content in contents:
        rows.append(_entry(source.kind, content))
        known |= known_words(f"{content.title}\n{content.text}")
    SearchEntry.objects.filter(kind=source.kind, key__in=keys).delete()
    copy_rows(rows)
    there = set(SearchWord.objects.filter(folded__in=known).values_list("folded", flat=True))
    SearchWord.objects.bulk_create(
        [
            SearchWord(
                folded=folded, spelling=word[:60], near=sorted(spellings(folded, left_out=1))
            )
            for folded, word in known.items()
            if folded not in there
        ],
        ignore_conflicts=True,
    )
    return len(rows)


def _entry(kind: str, content: Content) -> SearchEntry:
    title, text = (
        " ".join(words.replace("\0", " ").split()) for words in (content.title, content.text)
    )
    return SearchEntry(
        kind=kind,
        key=content.key,
        place_id=content.place,
        fiscal_year=content.fiscal_year,
        on=content.on,
        title=title[:500],
        title_folded=fold(title),
        text=text,
        signs=sorted(signs(f"{title}\n{text}")),
    )


def _lock() -> None:
    """Let nobody else write what an older look at a source would say."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_ONE_AT_A_TIME])
