"""Ways to index unspaced Thai, side by side: what each finds, misses, finds wrongly, weighs and takes.

The figures of docs/adr/0013-search.md. Truth is the folded word in the folded text, letter by letter.
"""

from __future__ import annotations

import os
import secrets
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial

from django.db import connection
from pythainlp.tokenize import word_tokenize

from bench.measure import heading, seconds, table, timed
from bench.papers import LAST_BACK, LAST_FRONT, Paper, papers
from tiddao.places.models import Level, Place
from tiddao.policy.rules.search.folding import fold, number_of

PAPERS = int(os.environ.get("TIDDAO_BENCH_WAYS", "5000"))
TOPICS = ("ติดดาว", "โคกหนองนา", "หนี้นอกระบบ", "แคตตาลอก", "เศรษฐกิจพอเพียง", "ผ้าไหม", "ตลาดประชารัฐ")
NAMES = tuple(f"{front}{back}" for front in LAST_FRONT[:8] for back in LAST_BACK[:5])


@dataclass(frozen=True, slots=True)
class Way:
    """One way: the column's type, what is kept of a text, the condition and what it is asked with."""

    words: str
    column: str
    kept: Callable[[str], object]
    condition: str
    asked: Callable[[str], str | list[int]]


def grams(text: str, size: int) -> list[int]:
    folded = fold(text)
    return sorted({number_of(folded[at : at + size]) for at in range(len(folded) - size + 1)})


def vector_of_grams(text: str) -> str:
    folded = fold(text)
    return " ".join(f"'{gram}'" for gram in {folded[at : at + 4] for at in range(len(folded) - 3)})


def query_of_grams(word: str) -> str:
    folded = fold(word)
    return " & ".join(f"'{folded[at : at + 4]}'" for at in range(len(folded) - 3))


def _cut(text: str) -> list[str]:
    return [folded for word in word_tokenize(text, keep_whitespace=False) if (folded := fold(word))]


def vector_of_words(text: str) -> str:
    places: dict[str, list[int]] = {}
    for at, word in enumerate(_cut(text)[:16_000], start=1):
        places.setdefault(word, []).append(at)
    return " ".join(f"'{word}':{','.join(map(str, at[:250]))}" for word, at in places.items())


def query_of_words(word: str) -> str:
    return " <-> ".join(f"'{each}'" for each in _cut(word))


def by_grams(size: int) -> Way:
    kept = partial(grams, size=size)
    return Way(f"{size} letters, int[]", "int[]", kept, "kept @> %s::int[]", kept)


WAYS = (
    Way(
        "words in order, tsvector",
        "tsvector",
        vector_of_words,
        "kept @@ %s::tsquery",
        query_of_words,
    ),
    by_grams(3),
    by_grams(4),
    by_grams(5),
    Way("4 letters, tsvector", "tsvector", vector_of_grams, "kept @@ %s::tsquery", query_of_grams),
)


def run() -> None:
    names = list(Place.objects.filter(level=Level.TAMBON).values_list("name_th", flat=True))
    made = list(papers(PAPERS, names, seed=secrets.randbits(32)))
    folded = [fold(paper.text) for paper in made]
    asked = [word for word in (*TOPICS, *NAMES) if len(fold(word)) >= 5]
    truth = {word: {n for n, text in enumerate(folded) if fold(word) in text} for word in asked}
    heading(
        f"Ways to index {PAPERS:,} papers, asked for {len(asked)} names and terms",
        f"standing in {sum(map(len, truth.values())):,} places",
    )
    rows = [_measured(way, made, truth) for way in WAYS]
    began = time.perf_counter()
    for word in asked:
        sum(fold(word) in text for text in folded)
    took = (time.perf_counter() - began) / len(asked)
    rows.append(["no index, in memory", "0", "0", "–", "–", "–", seconds(took)])
    table(["way", "missed", "wrong", "table", "index", "made in", "a question"], rows)


def _measured(way: Way, made: Iterable[Paper], truth: dict[str, set[int]]) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS pg_temp.way")
        cursor.execute(f"CREATE TEMPORARY TABLE way (number int, kept {way.column})")
        began = time.perf_counter()
        with cursor.copy("COPY way FROM STDIN") as copy:
            for number, paper in enumerate(made):
                copy.write_row([number, way.kept(paper.text)])
        cursor.execute("CREATE INDEX way_kept ON way USING gin (kept)")
        cursor.execute("ANALYZE way")
        took = time.perf_counter() - began
        missed = wrong = 0

        def ask(word: str) -> set[int]:
            cursor.execute(f"SELECT number FROM way WHERE {way.condition}", [way.asked(word)])
            return {number for (number,) in cursor.fetchall()}

        for word, right in truth.items():
            found = ask(word)
            missed += len(right - found)
            wrong += len(found - right)
        timing, _ = timed(lambda: [ask(word) for word in truth], runs=3)
        cursor.execute("SELECT pg_table_size('way'), pg_relation_size('way_kept')")
        size, index = cursor.fetchone()
    return [
        way.words, f"{missed:,}", f"{wrong:,}", f"{size / 1e6:.0f} MB", f"{index / 1e6:.0f} MB",
        seconds(took), seconds(timing.median / len(truth)),
    ]  # fmt: skip
