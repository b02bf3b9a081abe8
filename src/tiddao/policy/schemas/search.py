"""What the JSON of the search looks like. Days are Gregorian, fiscal years Buddhist."""

from __future__ import annotations

from datetime import date

from ninja import Field, Schema

from tiddao.policy.queries.search import Found, Hit
from tiddao.policy.rules.search.asking import LONGEST
from tiddao.policy.rules.search.excerpts import Piece


class SearchAsked(Schema):
    """What is searched: words are all needed, "…" is a phrase exactly as written."""

    q: str = Field(max_length=LONGEST)
    kind: str = Field("", max_length=20)
    fiscal_year: int | None = Field(None, ge=2443, le=2644)
    place: str = Field("", max_length=8, pattern="^(th|[0-9]{2}|[0-9]{4}|[0-9]{6}|[0-9]{8})?$")
    page: int = Field(1, ge=1, le=100_000)


class PieceOut(Schema):
    """A stretch of text; marked: one of the words looked for."""

    text: str
    marked: bool


class HitOut(Schema):
    kind: str
    key: int
    href: str
    title: str
    title_pieces: list[PieceOut]
    excerpt: list[PieceOut]
    on: date
    fiscal_year: int
    place: str


class KindOut(Schema):
    kind: str
    count: int


class FoundOut(Schema):
    """One page. instead: the spelling that was searched because nothing stands as typed, "" else.

    missing: words that stand nowhere in what the caller may see, where nothing was found.
    """

    text: str
    total: int
    page: int
    pages: int
    kinds: list[KindOut]
    hits: list[HitOut]
    instead: str
    missing: list[str]


def found_out(found: Found) -> FoundOut:
    """Return what was found as JSON has it."""
    return FoundOut(
        text=found.text,
        total=found.total,
        page=found.page,
        pages=found.pages,
        kinds=[KindOut(kind=each.kind, count=each.count) for each in found.kinds],
        hits=[_hit(each) for each in found.hits],
        instead=found.instead,
        missing=list(found.missing),
    )


def nothing_asked(text: str) -> FoundOut:
    """Return the answer to a question without a letter or digit."""
    return FoundOut(text=text, total=0, page=1, pages=1, kinds=[], hits=[], instead="", missing=[])


def _hit(hit: Hit) -> HitOut:
    return HitOut(
        kind=hit.kind,
        key=hit.key,
        href=hit.href,
        title="".join(piece.text for piece in hit.title),
        title_pieces=[_piece(piece) for piece in hit.title],
        excerpt=[_piece(piece) for piece in hit.excerpt],
        on=hit.on,
        fiscal_year=hit.fiscal_year,
        place=hit.place_code,
    )


def _piece(piece: Piece) -> PieceOut:
    return PieceOut(text=piece.text, marked=piece.marked)
