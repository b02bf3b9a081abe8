"""What a document says about a meeting: its event and the parts of its agenda, as they hold."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, time
from typing import Any

from tiddao.places import tree
from tiddao.places.models import NATION, Level
from tiddao.places.queries.search import places_by_codes
from tiddao.policy.models import Format, Verdict
from tiddao.policy.queries.documents import DocumentView, ProposalView
from tiddao.policy.rules.agenda import FORMAT_OF_SESSION, MORNING, NewItem, part_of

LONGEST_TITLE = 120
"""Characters of an item's title that is made from what was read."""


@dataclass(frozen=True, slots=True)
class Planned:
    """A meeting as a document tells of it; None where the document gives none. unsure: nobody has
    confirmed the event yet.
    """

    title: str
    day: date | None
    starts: time | None
    ends: time | None
    venue: str
    venue_place: str | None
    items: tuple[NewItem, ...]
    unsure: bool


def planned_from(document: DocumentView, *, on: date) -> Planned:
    """Return the first event of a document and its agenda; what was dropped is left out. One query.

    A village that the register does not have is kept in words, its tambon is the place.

    Source: requirements A5–A8, A29–A31, A48, E1.
    """
    event = next(iter(_standing(document, "event")), None)
    now: Mapping[str, str | None] = event.now if event else {}
    first = now.get("first")
    venue, place = _known(now.get("venue") or "", now.get("place"), on=on)
    return Planned(
        title=(now.get("title") or document.line.title)[:300],
        day=date.fromisoformat(first) if first else None,
        starts=_time(now.get("start")),
        ends=_time(now.get("end")),
        venue=venue[:300],
        venue_place=place,
        items=_items(_standing(document, "agenda-part")),
        unsure=event is None or not event.holds,
    )


def _known(venue: str, code: str | None, *, on: date) -> tuple[str, str | None]:
    """The venue with the lowest place that the register has."""
    if not code:
        return venue, None
    steps = [code, *reversed(tree.ancestor_codes(code))]
    known = {hit.key for hit in places_by_codes(steps, on=on)}
    found = next((step for step in steps if step in known), None)
    if tree.level_of_code(code) == Level.VILLAGE and found != code:
        venue = f"{venue} หมู่ที่ {int(code[-2:])}".strip()
    return venue, found if found != NATION else None


def _standing(document: DocumentView, kind: str) -> list[ProposalView]:
    return [
        each
        for group in document.groups
        if group.kind == kind
        for each in group.proposals
        if each.verdict != Verdict.DROPPED and (each.still_read or each.holds)
    ]


def _items(parts: list[ProposalView]) -> tuple[NewItem, ...]:
    found: list[NewItem] = []
    part = MORNING
    for each in parts:
        now = each.now
        starts, ends = _time(now.get("start")), _time(now.get("end"))
        label = now.get("label") or ""
        part = part_of(label, starts, part)
        title = _title(label, now.get("text") or each.quote)
        found.append(
            NewItem(
                title=title,
                part=part,
                format=_format(each.raw),
                starts=starts,
                ends=ends if starts and ends and ends > starts else None,
                venue=(now.get("venue") or "")[:300],
            )
        )
    return tuple(found)


def _title(label: str, text: str) -> str:
    words = re.sub(r"\s+", " ", text.removeprefix(label)).strip(" ,:–-")
    if len(words) > LONGEST_TITLE:
        cut = words.rfind(" ", 0, LONGEST_TITLE)
        words = f"{words[: cut if cut > LONGEST_TITLE // 2 else LONGEST_TITLE - 1]}…"
    return words or label


def _format(raw: Mapping[str, Any]) -> str:
    formats = raw.get("formats") or ["other"]
    return FORMAT_OF_SESSION.get(str(formats[0]), Format.DISCUSSION)


def _time(text: str | None) -> time | None:
    return time.fromisoformat(text) if text else None
