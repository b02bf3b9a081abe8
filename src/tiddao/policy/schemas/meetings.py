"""What the JSON of meetings looks like.

Days and times are Gregorian with their zone; None: not said. Names of people who came are not part
of it, only how many.
"""

from __future__ import annotations

from dataclasses import asdict
from datetime import date, datetime, time
from typing import Any

from ninja import Schema

from tiddao.policy.queries.attendance import Presence
from tiddao.policy.queries.meetings import ItemLine, MeetingLine, MeetingView
from tiddao.policy.queries.resolutions import ResolutionLine


class MeetingOut(Schema):
    """number: "3/2566" of a series, "" outside one; reply: of the caller's own post, "" where not
    asked; invited, present: posts and guests asked, people on the list.
    """

    id: int
    title: str
    number: str
    series_id: int | None
    office: str
    office_name: str
    place: str
    fiscal_year: int
    starts_at: datetime
    ends_at: datetime | None
    venue: str
    venue_place: str
    state: str
    reply: str
    invited: int
    present: int


class AgendaItemOut(Schema):
    id: int
    number: int
    part: int
    title: str
    format: str
    starts: time | None
    ends: time | None
    speaker: str
    venue: str
    venue_place: str
    note: str


class ResolutionOut(Schema):
    """replaced_by: number of the decision in its place, 0 while it stands; directive_id: what it
    became, where the caller may see that.
    """

    id: int
    number: int
    item_id: int | None
    sort: str
    words: str
    responsible: str
    due_on: date | None
    replaced_by: int
    directive_id: int | None


class PresenceOut(Schema):
    """offices: asked; offices_here: of them represented; guests: people without an account; others:
    people of offices that were not asked.
    """

    offices: int
    offices_here: int
    people: int
    guests: int
    others: int
    absent: list[str]


class RepliesOut(Schema):
    asked: int
    offices: int
    guests: int
    coming: int
    sending: int
    absent: int
    silent: int


class MeetingPageOut(MeetingOut):
    """One meeting. presence: None to who is not of the calling line."""

    purpose: str
    chair: str
    secretary: str
    cancel_reason: str
    version: int
    replies: RepliesOut
    presence: PresenceOut | None
    agenda: list[AgendaItemOut]
    resolutions: list[ResolutionOut]


def meeting_out(line: MeetingLine) -> MeetingOut:
    """Return a meeting of a list."""
    return MeetingOut(**_line(line))


def meeting_page_out(
    found: MeetingView, resolutions: tuple[ResolutionLine, ...], presence: Presence | None
) -> MeetingPageOut:
    """Return one meeting with agenda, decisions and counts."""
    return MeetingPageOut(
        **_line(found.line),
        purpose=found.purpose,
        chair=found.chair,
        secretary=found.secretary,
        cancel_reason=found.cancel_reason,
        version=found.version,
        replies=RepliesOut(**asdict(found.replies)),
        presence=_presence(presence) if presence else None,
        agenda=[_item(each) for each in found.agenda],
        resolutions=[_resolution(each) for each in resolutions],
    )


def _line(line: MeetingLine) -> dict[str, Any]:
    facts = asdict(line)
    facts["number"] = line.number_words
    return {name: facts[name] for name in MeetingOut.model_fields}


def _item(item: ItemLine) -> AgendaItemOut:
    facts = asdict(item)
    return AgendaItemOut(**{name: facts[name] for name in AgendaItemOut.model_fields})


def _resolution(row: ResolutionLine) -> ResolutionOut:
    return ResolutionOut(
        id=row.id,
        number=row.number,
        item_id=row.item_id,
        sort=row.sort,
        words=row.words,
        responsible=row.responsible,
        due_on=row.due_on,
        replaced_by=row.replaced_by,
        directive_id=row.directive.id if row.directive else None,
    )


def _presence(presence: Presence) -> PresenceOut:
    return PresenceOut(
        offices=presence.offices,
        offices_here=presence.offices_here,
        people=presence.people,
        guests=presence.guests,
        others=presence.others,
        absent=[unit.office for unit in presence.absent],
    )
