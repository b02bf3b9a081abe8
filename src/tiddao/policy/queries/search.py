"""Finding things of all kinds that are registered, by words in their text."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.core.exceptions import EmptyResultSet
from django.db import connection, transaction
from django.db.models import Case, IntegerField, Q, QuerySet, Value, When
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
    answer = _answer(scope, wanted, narrowed.kind, page)
    if answer.counts:
        return _page(answer, wanted, narrowed.kind)
    missing = tuple(
        term.typed for term in wanted.terms if not _answer(scope, wanted.alone(term)).counts
    )
    for other in _respelled(scope, wanted, missing):
        answer = _answer(scope, other, narrowed.kind, page)
        if answer.counts:
            return _page(answer, other, narrowed.kind, instead=other.text, of=wanted)
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
        # The kind first: nobody turns them round in an "or", and the other costs ten times as much.
        seen |= Q(kind=kind) if visible is None else Q(kind=kind) & Q(key__in=visible)
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


@dataclass(frozen=True, slots=True)
class _Answer:
    """How many of each kind hold the words, and the numbers of those on the page, in their order."""

    counts: Mapping[str, int]
    page: int
    on_page: Sequence[int]


def _answer(scope: QuerySet[SearchEntry], wanted: Asked, kind: str = "", page: int = 1) -> _Answer:
    """Return what holds the words.

    All grams of a word may stand in a text apart from each other. Few rows are read through to the
    letter; among many, how rarely that happens is measured in docs/adr/0013-search.md.
    """
    rows = _matching(scope, wanted)
    answer = _counted(rows, wanted, kind, page)
    total = sum(answer.counts.values())
    if not wanted.needs_reading or not 0 < total <= _MOST_READ:
        return answer
    read = rows.values_list("pk", "title", "text")
    stands = [pk for pk, title, text in read if wanted.stands_in(f"{title}\n{text}")]
    if len(stands) == total:
        return answer
    return _counted(scope.filter(pk__in=stands), wanted, kind, page)


def _counted(rows: QuerySet[SearchEntry], wanted: Asked, kind: str, page: int) -> _Answer:
    """Return the counts and the page, the last one where there are fewer: in one statement, as a
    common word stands in nearly every entry and going through them twice is most of the time.
    """
    found = rows.annotate(in_title=_in_title(wanted)).order_by()
    try:
        inner, params = found.values_list("pk", "kind", "on", "in_title").query.sql_with_params()
    except EmptyResultSet:
        return _Answer({}, 1, ())
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            WITH found (pk, kind, day, in_title) AS MATERIALIZED ({inner}),
            counts AS (SELECT kind, count(*) AS number FROM found GROUP BY kind),
            page AS (
                SELECT least(%s, greatest(1, ceil(coalesce(sum(number), 0) / %s))) AS number
                FROM counts WHERE %s IN ('', kind)
            )
            SELECT (SELECT json_object_agg(kind, number) FROM counts), page.number::int, ARRAY(
                SELECT pk FROM found WHERE %s IN ('', kind)
                ORDER BY in_title DESC, day DESC, pk DESC
                LIMIT %s OFFSET (SELECT (number - 1) * %s FROM page)
            ) FROM page
            """,  # noqa: S608 -- inner is what Django makes of the query, its values are parameters
            [*params, max(page, 1), ROWS, kind, kind, ROWS, ROWS],
        )
        counts, number, on_page = cursor.fetchone()
    return _Answer(counts or {}, number, on_page)


def _page(
    answer: _Answer, wanted: Asked, kind: str, *, instead: str = "", of: Asked | None = None
) -> Found:
    counts = answer.counts
    total = counts.get(kind, 0) if kind else sum(counts.values())
    rows = SearchEntry.objects.select_related("place").defer("signs", "title_folded")
    by_number = rows.in_bulk(answer.on_page)  # one may have been taken in anew since: left out
    return Found(
        text=(of or wanted).text,
        hits=tuple(_hit(by_number[each], wanted) for each in answer.on_page if each in by_number),
        total=total,
        kinds=tuple(
            KindCount(source.kind, source.words, source.icon, counts[source.kind])
            for source in SOURCES.values()
            if counts.get(source.kind)
        ),
        page=answer.page,
        pages=max(1, -(-total // ROWS)),
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
            choices = [
                word for word in near if (one := asked(word)) and _answer(scope, one).counts
            ][:2]
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
