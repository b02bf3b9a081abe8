"""Finding things of all kinds that are registered, by words in their text."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db import connection, transaction
from django.db.models import Case, Count, IntegerField, Q, QuerySet, Value, When
from django.db.models.expressions import Combinable

from tiddao.kernel.names import spelling_distance
from tiddao.people.access import Standing
from tiddao.places import tree
from tiddao.places.models import NATION, Place
from tiddao.places.queries.units import full_name
from tiddao.policy.models import SearchEntry, SearchWord
from tiddao.policy.queries.search_sources import SOURCES
from tiddao.policy.rules.search.asking import Asked, asked
from tiddao.policy.rules.search.excerpts import Piece, excerpt, marked
from tiddao.policy.rules.search.folding import GRAM, spellings
from tiddao.ui.registry import Words

ROWS = 20
"""Found things on one page."""
_MOST_SPELLINGS = 6  # near spellings of one word that are tried
_MOST_CANDIDATES = 300
_MOST_READ = 200  # found things that are read through before they are counted
_MOST_PLACES = 400


@dataclass(frozen=True, slots=True)
class Narrowed:
    """What is searched besides the words. within: place codes, each with all below it."""

    kind: str = ""
    fiscal_year: int | None = None
    within: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Hit:
    """One thing found. title, excerpt: as written, the words marked."""

    kind: str
    kind_words: Words
    icon: str
    key: int
    href: str
    title: tuple[Piece, ...]
    excerpt: tuple[Piece, ...]
    on: date
    fiscal_year: int
    place: str
    place_code: str


@dataclass(frozen=True, slots=True)
class KindCount:
    """How many of one kind were found."""

    kind: str
    words: Words
    icon: str
    count: int


@dataclass(frozen=True, slots=True)
class Found:
    """One page of what was found. total: of the kind asked for; kinds: of all kinds.

    instead: nothing stands so, this spelling was searched; "" else. missing: words that stand
    nowhere in what the person may see, where nothing was found.
    """

    text: str
    hits: tuple[Hit, ...]
    total: int
    kinds: tuple[KindCount, ...]
    page: int
    pages: int
    instead: str = ""
    missing: tuple[str, ...] = ()


def find(text: str, standing: Standing, narrowed: Narrowed, *, page: int = 1) -> Found | None:
    """Return what the person may see of what the text asks for; None where it asks for nothing.

    Best first: more of the words in the title, then the newest. Where nothing is found, the nearest
    spelling that is found is searched instead. Four queries where something is found; a few for
    each word where nothing is.
    """
    wanted = asked(text)
    if wanted is None:
        return None
    with transaction.atomic():
        _plan_for_the_index()
        return _found(wanted, standing, narrowed, page)


def _plan_for_the_index() -> None:
    """Keep the planner from reading all rows: for a common word it would rather unpack every array
    of signs, which it takes for cheap (docs/adr/0013-search.md).
    """
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL work_mem = '16MB'")


def _found(wanted: Asked, standing: Standing, narrowed: Narrowed, page: int) -> Found:
    scope = _scope(standing, narrowed)
    rows, counts = _answer(scope, wanted)
    if counts:
        return _page(rows, wanted, counts, narrowed.kind, page)
    missing = tuple(
        term.typed for term in wanted.terms if not _answer(scope, wanted.alone(term))[1]
    )
    for other in _respelled(scope, wanted, missing):
        rows, counts = _answer(scope, other)
        if counts:
            return _page(rows, other, counts, narrowed.kind, page, instead=other.text, of=wanted)
    return Found(wanted.text, (), 0, (), 1, 1, missing=missing)


def place_choices(standing: Standing) -> list[tuple[str, str]]:
    """Return the person's places and those right below them, as (code, full name). One query."""
    roots = standing.roots
    if not roots:
        return []
    levels = {tree.level_of_code(root) for root in roots}
    levels |= {below for level in levels if (below := tree.level_below(level))}
    rows = Place.objects.filter(
        tree.within_any(roots), tree.exists_on(standing.on), level__in=levels
    )
    found = [(row.code, full_name(row)) for row in rows.order_by("code")[:_MOST_PLACES]]
    return sorted(found, key=lambda each: (each[0] != NATION, each[0]))


def _scope(standing: Standing, narrowed: Narrowed) -> QuerySet[SearchEntry]:
    """Return the entries that the person may see, of all kinds; what is out of scope is not there."""
    seen = Q(pk__in=[])
    for kind, source in SOURCES.items():
        visible = source.visible(standing)
        seen |= Q(kind=kind) if visible is None else Q(kind=kind, key__in=visible)
    rows = SearchEntry.objects.filter(seen)
    if narrowed.fiscal_year:
        rows = rows.filter(fiscal_year=narrowed.fiscal_year)
    if narrowed.within:
        rows = rows.filter(tree.within_any(narrowed.within, "place__"))
    return rows


def _has(alternatives: Collection[frozenset[int]]) -> Q:
    condition = Q()
    for signs in alternatives:
        condition |= Q(signs__contains=sorted(signs))
    return condition


def _exactly(phrases: Collection[str]) -> Q:
    condition = Q()
    for phrase in filter(None, phrases):
        condition &= Q(text__contains=phrase) | Q(title__contains=phrase)
    return condition


def _matching(scope: QuerySet[SearchEntry], wanted: Asked) -> QuerySet[SearchEntry]:
    exact = _exactly([term.exact for term in wanted.terms])
    return scope.filter(_has(wanted.alternatives), exact)


def _counts(rows: QuerySet[SearchEntry]) -> Mapping[str, int]:
    return dict(rows.values_list("kind").order_by("kind").annotate(number=Count("pk")))


def _answer(
    scope: QuerySet[SearchEntry], wanted: Asked
) -> tuple[QuerySet[SearchEntry], Mapping[str, int]]:
    """Return what holds the words, and the counts by kind.

    All grams of a word may stand in a text apart from each other. Few rows are read through to the
    letter; among many, how rarely that happens is measured in docs/adr/0013-search.md.
    """
    rows = _matching(scope, wanted)
    counts = _counts(rows)
    if not wanted.needs_reading or not 0 < sum(counts.values()) <= _MOST_READ:
        return rows, counts
    read = rows.values_list("pk", "kind", "title", "text")
    stands = {pk: kind for pk, kind, title, text in read if wanted.stands_in(f"{title}\n{text}")}
    return scope.filter(pk__in=list(stands)), Counter(stands.values())


def _page(
    rows: QuerySet[SearchEntry],
    wanted: Asked,
    counts: Mapping[str, int],
    kind: str,
    page: int,
    *,
    instead: str = "",
    of: Asked | None = None,
) -> Found:
    total = counts.get(kind, 0) if kind else sum(counts.values())
    pages = max(1, -(-total // ROWS))
    page = min(max(page, 1), pages)
    if kind:
        rows = rows.filter(kind=kind)
    chosen = (
        rows.annotate(in_title=_in_title(wanted))
        .select_related("place")
        .defer("signs", "title_folded")
        .order_by("-in_title", "-on", "-pk")[(page - 1) * ROWS : page * ROWS]
    )
    return Found(
        text=(of or wanted).text,
        hits=tuple(_hit(row, wanted) for row in chosen) if total else (),
        total=total,
        kinds=tuple(
            KindCount(source.kind, source.words, source.icon, counts[source.kind])
            for source in SOURCES.values()
            if counts.get(source.kind)
        ),
        page=page,
        pages=pages,
        instead=instead,
    )


def _in_title(wanted: Asked) -> Combinable:
    """Count the words that the title holds."""
    words = {term.folded for term in wanted.terms}
    number: Combinable = Value(0)
    for word in words:
        holds = When(title_folded__contains=word, then=Value(1))
        number = number + Case(holds, default=Value(0), output_field=IntegerField())
    return number


def _hit(row: SearchEntry, wanted: Asked) -> Hit:
    source = SOURCES[row.kind]
    needles = wanted.needles
    return Hit(
        kind=row.kind,
        kind_words=source.words,
        icon=source.icon,
        key=row.key,
        href=source.href(row.key),
        title=marked(row.title, needles),
        excerpt=excerpt(row.text, needles),
        on=row.on,
        fiscal_year=row.fiscal_year,
        place=full_name(row.place),
        place_code=row.place_id,
    )


def _respelled(scope: QuerySet[SearchEntry], wanted: Asked, missing: Sequence[str]) -> list[Asked]:
    """Return the question with the words that stand nowhere as words that do, the nearest first.

    Known words are those of all entries, so each is first looked for in what the person may see.
    """
    if any(term.exact for term in wanted.terms):
        return []
    texts = [""]
    for term in wanted.terms:
        if term.typed not in missing:
            choices = [term.typed]
        else:
            near = _near(term.folded)
            choices = [word for word in near if (one := asked(word)) and _answer(scope, one)[1]][:2]
        texts = [f"{text} {choice}".strip() for text in texts for choice in choices]
    respelled = (asked(text) for text in texts[:_MOST_SPELLINGS])
    return [each for each in respelled if each is not None]


def _near(folded: str) -> list[str]:
    """Return known words spelled much like this one, the nearest first."""
    if len(folded) < GRAM:
        return []
    bound = 1 if len(folded) < 6 else 2
    rows = SearchWord.objects.filter(near__overlap=sorted(spellings(folded, left_out=bound)))
    near = []
    for row in rows[:_MOST_CANDIDATES]:
        distance = spelling_distance(folded, row.folded, bound=bound)
        if 0 < distance <= bound:
            near.append((distance, abs(len(row.folded) - len(folded)), row.folded, row.spelling))
    return [spelling for *_, spelling in sorted(near)[:_MOST_SPELLINGS]]
