"""Who did what, as far as one's own posts reach."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from tiddao.ledger import queries
from tiddao.ledger.queries import EntryFilter, EntryRow
from tiddao.ledger.words import act_words, thing_words
from tiddao.people.access import SignedInRequest, place_codes_within, require_anywhere
from tiddao.people.forms import LedgerFilter
from tiddao.people.models import Role
from tiddao.people.queries import office_names, place_names, places_called
from tiddao.ui.templatetags.ui import be_time
from tiddao.ui.xlsx import Column, TableTooLong, xlsx_response

MOST_EXPORTED = 100_000


@dataclass(frozen=True, slots=True)
class Line:
    """One entry in words. post: "พัฒนาการอำเภอ สำนักงาน…" or ""; facts: name and value."""

    id: int
    at: datetime
    who: str
    post: str
    act: str
    verb: str
    place: str
    place_code: str
    on: str
    facts: tuple[tuple[str, str], ...]
    digest: str
    sequence: int | None


@require_GET
def ledger(request: SignedInRequest) -> HttpResponse:
    """Show the entries in scope, newest first, with the state of the chain."""
    roots = require_anywhere(request, "read_ledger")
    form, wanted = _wanted(request, roots)
    older = request.GET.get("before", "")
    before = int(older) if older.isascii() and older.isdigit() and len(older) < 19 else None
    page = queries.entry_page(wanted, before=before)
    query = request.GET.copy()
    if page.older is not None:
        query["before"] = str(page.older)
    filters = request.GET.copy()
    filters.pop("before", None)
    context = {
        "form": form,
        "lines": list(_lines(page.rows)),
        "older": f"?{query.urlencode()}" if page.older is not None else "",
        "newest": f"?{filters.urlencode()}" if before is not None else "",
        "filters": filters.urlencode(),
        "head": queries.head(),
        "check": queries.last_check(),
    }
    return render(request, "people/ledger.html", context)


@require_GET
def ledger_export(request: SignedInRequest) -> HttpResponseBase:
    """Send the filtered entries as a workbook: all of them, or a refusal that says why."""
    roots = require_anywhere(request, "read_ledger")
    form, wanted = _wanted(request, roots)
    count = queries.entry_count(wanted)
    if form.is_bound and not form.is_valid():
        return render(request, "people/ledger_refused.html", {"form": form}, status=400)
    if count > MOST_EXPORTED:
        return _too_long(request, count)
    head = queries.head()
    columns = [
        Column("number", _("No."), "integer", 9),
        Column("at", _("When"), "text", 24),
        Column("who", _("Who"), "text", 28),
        Column("post", _("Under which post"), "text", 36),
        Column("act", _("Act"), "text", 28),
        Column("place", _("Place"), "text", 24),
        Column("on", _("On what"), "text", 30),
        Column("facts", _("Details"), "text", 40),
        Column("seal", _("Seal"), "integer", 9),
        Column("digest", _("Digest (SHA-256)"), "text", 66),
    ]
    try:
        return xlsx_response(
            "tiddao-ledger",
            _("Ledger"),
            columns,
            list(_exported(queries.all_entries(wanted))),
            as_of=request.standing.on,
            notes=[
                _("Head of the chain: %(sequence)d %(chain)s")
                % {"sequence": head.sequence, "chain": head.chain}
            ],
        )
    except TableTooLong:
        return _too_long(request, count)


def _too_long(request: SignedInRequest, count: int) -> HttpResponse:
    context = {"form": None, "count": count, "most": MOST_EXPORTED}
    return render(request, "people/ledger_refused.html", context, status=400)


def _wanted(request: SignedInRequest, roots: frozenset[str]) -> tuple[LedgerFilter, EntryFilter]:
    acts = sorted(((act, act_words(act)) for act in queries.acts_seen()), key=lambda one: one[1])
    form = LedgerFilter(request.GET or None, acts=acts)
    data: dict[str, Any] = form.cleaned_data if form.is_bound and form.is_valid() else {}
    within = roots
    if data.get("place"):
        within = places_called(data["place"], roots)
        if not within:
            form.add_error("place", _("No place of this name or code in your area."))
    return form, EntryFilter(
        places=place_codes_within(within),
        by=data.get("by", "").strip(),
        act=data.get("act", ""),
        first=data.get("first"),
        last=data.get("last"),
    )


def _exported(rows: Iterable[EntryRow]) -> Iterator[list[Any]]:
    batch: list[EntryRow] = []
    for row in rows:
        batch.append(row)
        if len(batch) == 1000:
            yield from map(_cells, _lines(batch))
            batch = []
    yield from map(_cells, _lines(batch))


def _cells(line: Line) -> list[Any]:
    facts = "; ".join(f"{name}: {value}" for name, value in line.facts)
    return [
        line.id, be_time(line.at), line.who, line.post, line.act, line.place or line.place_code,
        line.on, facts, line.sequence, line.digest,
    ]  # fmt: skip


def _lines(rows: Iterable[EntryRow]) -> Iterator[Line]:
    """Turn entries into words; two queries for the names, however many."""
    rows = list(rows)
    places = place_names({row.place for row in rows if row.place})
    offices = office_names({post[2] for row in rows if len(post := row.post.split()) > 2})
    roles = dict(Role.choices)
    for row in rows:
        post = row.post.split()
        words = (
            f"{roles.get(post[1], post[1])} {offices.get(post[2], post[2])}"
            if len(post) > 2
            else ""
        )
        yield Line(
            id=row.id,
            at=row.at,
            who=row.by_name or row.by,
            post=words or row.post,
            act=act_words(row.act),
            verb=row.act,
            place=places.get(row.place, ""),
            place_code=row.place,
            on=thing_words(row.on),
            facts=tuple((name, _shown(value)) for name, value in sorted(row.detail.items())),
            digest=row.digest,
            sequence=row.sequence,
        )


def _shown(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return "–" if value is None else str(value)
