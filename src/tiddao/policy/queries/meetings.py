"""Meetings as the pages show them."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Count, Exists, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _

from tiddao.kernel.dates import BANGKOK
from tiddao.people.access import HeldPost, Standing
from tiddao.people.models import Role
from tiddao.people.rules.matrix import may
from tiddao.places import tree
from tiddao.places.queries.units import full_name
from tiddao.policy.models import (
    AgendaItem,
    AgendaNote,
    Attendance,
    Format,
    Invitation,
    IssuedMinutes,
    Meeting,
    MeetingSeries,
)
from tiddao.policy.queries.meeting_visibility import (
    asked_posts,
    own_meetings,
    post_to_keep,
    visible_meetings,
)
from tiddao.policy.rules.agenda import Timed, remarks_on

LOOK = {
    "draft": "nodata",
    "called": "info",
    "held": "check",
    "minuted": "ok",
    "cancelled": "nodata",
}
"""Which look of a status each state of a meeting has."""
REPLY_LOOK = {"none": "warn", "coming": "ok", "sending": "check", "absent": "nodata"}


@dataclass(frozen=True, slots=True)
class MeetingLine:
    """A meeting in a list. number_words: "3/2566" of a series, "" outside one; invited, present:
    posts and guests asked, people on the list. reply: of the person's own post, "" where not asked.
    """

    id: int
    title: str
    number_words: str
    series_id: int | None
    office: str
    office_name: str
    place: str
    starts_at: datetime
    ends_at: datetime | None
    venue: str
    venue_place: str
    venue_place_name: str
    state: str
    state_words: str
    look: str
    fiscal_year: int
    invited: int
    present: int
    reply: str
    reply_words: str
    reply_look: str
    is_own: bool  # of an office of the person


@dataclass(frozen=True, slots=True)
class ItemLine:
    """An agenda item with its last note. note_number: 0 before any."""

    id: int
    order: int
    number: int  # as it is read out: 1, 2, … of those that are not dropped; 0 of a dropped one
    part: int
    part_words: str
    title: str
    format: str
    format_words: str
    starts: time | None
    ends: time | None
    speaker: str
    venue: str
    venue_place: str
    venue_place_name: str
    dropped: bool
    remarks: tuple[str, ...]
    note: str
    note_number: int
    note_by: str
    note_at: datetime | None


@dataclass(frozen=True, slots=True)
class OwnInvitation:
    """What the person is asked as. words: the post."""

    id: int
    words: str
    reply: str
    reply_words: str
    look: str
    said: str


@dataclass(frozen=True, slots=True)
class Replies:
    """Posts and guests asked, by reply; offices: how many offices the posts are of."""

    asked: int
    offices: int
    guests: int
    coming: int
    sending: int
    absent: int
    silent: int


@dataclass(frozen=True, slots=True)
class MeetingView:
    """One meeting with what belongs to it. keeper: the post under which the person writes for the
    office that called it; caller: under which they may call, hold and call it off.
    """

    line: MeetingLine
    purpose: str
    chair: str
    secretary: str
    cancel_reason: str
    version: int
    document: tuple[int, str] | None  # where the person may open it
    series_title: str
    items: tuple[ItemLine, ...]
    own: tuple[OwnInvitation, ...]
    replies: Replies
    minutes: int  # issues of minutes
    by_name: str
    at: datetime
    keeper: HeldPost | None
    caller: HeldPost | None
    in_line: bool  # sees it as one of the calling line, not only as invited
    has_begun: bool

    @property
    def is_open(self) -> bool:
        return self.line.state in {Meeting.State.DRAFT, Meeting.State.CALLED}

    @property
    def runs(self) -> bool:
        """Whether notes, decisions and attendance may be written."""
        return self.line.state in {Meeting.State.CALLED, Meeting.State.HELD}

    @property
    def agenda_open(self) -> bool:
        return self.is_open or self.line.state == Meeting.State.HELD

    @property
    def may_review(self) -> bool:
        return self.has_begun and self.line.state not in {
            Meeting.State.DRAFT,
            Meeting.State.CANCELLED,
        }

    @property
    def agenda(self) -> tuple[ItemLine, ...]:
        """The items that were not dropped."""
        return tuple(item for item in self.items if not item.dropped)


@dataclass(frozen=True, slots=True)
class SeriesView:
    """A series with how often it is held. every: "" where it is called by hand."""

    id: int
    title: str
    office: str
    office_name: str
    every: str
    days_after: int
    parts: tuple[str, ...]
    ended_on: date | None
    may_keep: bool


@dataclass(frozen=True, slots=True)
class MeetingsWanted:
    """What a list is narrowed to; "" narrows nothing. when: coming, past."""

    when: str = ""
    mine: str = ""  # invited, own
    state: str = ""
    text: str = ""
    fiscal_year: int | None = None


@dataclass(frozen=True, slots=True)
class PublicMeeting:
    """All that somebody without an account learns of a meeting."""

    id: int
    title: str
    starts_at: datetime
    ends_at: datetime | None
    venue: str
    runs: bool


# -- lists -----------------------------------------------------------------------------------------


def meetings_seen(
    standing: Standing, wanted: MeetingsWanted, *, now: datetime
) -> QuerySet[Meeting]:
    """Return the meetings that the person may see, as a query: coming ones by their day, else the
    latest first.
    """
    rows = Meeting.objects.filter(visible_meetings(standing))
    begins = _midnight(now)
    if wanted.when == "coming":
        rows = rows.filter(starts_at__gte=begins).exclude(state=Meeting.State.CANCELLED)
    elif wanted.when == "past":
        rows = rows.filter(starts_at__lt=begins)
    if wanted.mine == "invited":
        asked = Invitation.objects.filter(
            asked_posts(standing), meeting=OuterRef("pk"), withdrawn=False
        )
        rows = rows.filter(Exists(asked)).exclude(state=Meeting.State.DRAFT)
    elif wanted.mine == "own":
        rows = rows.filter(own_meetings(standing))
    if wanted.state:
        rows = rows.filter(state=wanted.state)
    if wanted.text:
        rows = rows.filter(
            Q(title__icontains=wanted.text)
            | Q(venue__icontains=wanted.text)
            | Q(series__title__icontains=wanted.text)
        )
    if wanted.fiscal_year:
        rows = rows.filter(fiscal_year=wanted.fiscal_year)
    first = "starts_at" if wanted.when == "coming" else "-starts_at"
    return counted_meetings(rows, standing).order_by(first, "pk")


def meetings_waiting(standing: Standing, *, now: datetime, days: int) -> QuerySet[Meeting]:
    """Return the meetings of the next days that the person is asked to or whose office calls them."""
    begins = _midnight(now)
    asked = Invitation.objects.filter(
        asked_posts(standing), meeting=OuterRef("pk"), withdrawn=False
    )
    concerned = (Q(Exists(asked)) & Q(state=Meeting.State.CALLED)) | (
        own_meetings(standing) & Q(state__in=[Meeting.State.DRAFT, Meeting.State.CALLED])
    )
    rows = Meeting.objects.filter(
        concerned, starts_at__gte=begins, starts_at__lt=begins + timedelta(days=days + 1)
    )
    return counted_meetings(rows, standing).order_by("starts_at", "pk")


def meetings_within(standing: Standing, members: Collection[str]) -> QuerySet[Meeting]:
    """Return the meetings called or held within places (with all below), the latest first."""
    here = tree.within_any(members, "place__") | tree.within_any(members, "venue_place__")
    rows = Meeting.objects.filter(visible_meetings(standing)).filter(here)
    return counted_meetings(rows, standing).order_by("-starts_at", "pk")


def counted_meetings(rows: QuerySet[Meeting], standing: Standing) -> QuerySet[Meeting]:
    """Return the rows with what a line of a list shows."""
    invited = Invitation.objects.filter(meeting=OuterRef("pk"), withdrawn=False)
    present = Attendance.objects.filter(meeting=OuterRef("pk"), strikes=None, struck=None)
    own = invited.filter(asked_posts(standing)).order_by("pk").values("reply")[:1]
    return rows.annotate(
        invited_count=_count(invited),
        present_count=_count(present),
        own_reply=Subquery(own),
    ).select_related("office", "series", "venue_place")


def meeting_lines(rows: Iterable[Meeting], standing: Standing) -> list[MeetingLine]:
    """Return rows of ``counted_meetings`` as lines. No query."""
    return [_line(row, standing) for row in rows]


def series_of_office(office: str) -> list[tuple[int, str]]:
    """Return (id, title) of the office's series that go on."""
    rows = MeetingSeries.objects.filter(office=office, ended_on=None).order_by("title")
    return list(rows.values_list("pk", "title"))


def series_seen(standing: Standing) -> list[tuple[SeriesView, int]]:
    """Return the series of the person's own offices with how many meetings each has had."""
    offices = [post.office_code for post in standing.posts if post.group_key is None]
    rows = (
        MeetingSeries.objects.filter(office__in=offices, ended_on=None)
        .annotate(held=Count("meetings"))
        .select_related("office")
        .order_by("title")
    )
    return [(_series(row, standing), row.held) for row in rows]


def find_series(series_id: int, standing: Standing) -> SeriesView | None:
    """Return the series if the person's line holds it."""
    row = MeetingSeries.objects.filter(pk=series_id).select_related("office").first()
    if row is None or not standing.covers(row.place_id):
        return None
    return _series(row, standing)


def meetings_of_series(series_id: int, standing: Standing) -> QuerySet[Meeting]:
    """Return the meetings of a series, the latest first."""
    return counted_meetings(Meeting.objects.filter(series=series_id), standing).order_by(
        "-starts_at"
    )


# -- one meeting -----------------------------------------------------------------------------------


def find_meeting(meeting_id: int, standing: Standing) -> MeetingView | None:
    """Return the meeting if the person may see it. Seven queries."""
    rows = Meeting.objects.filter(visible_meetings(standing), pk=meeting_id)
    row = (
        counted_meetings(rows, standing)
        .select_related("office", "series", "venue_place", "document")
        .first()
    )
    if row is None:
        return None
    keeper = post_to_keep(standing, row)
    in_line = keeper is not None or standing.covers(row.place_id)
    document = None
    if row.document is not None and (
        standing.covers(row.document.place_id) or row.document.by == standing.reference
    ):
        document = (row.document.pk, row.document.title)
    return MeetingView(
        line=_line(row, standing),
        purpose=row.purpose,
        chair=row.chair,
        secretary=row.secretary,
        cancel_reason=row.cancel_reason,
        version=row.version,
        document=document,
        series_title=row.series.title if row.series else "",
        items=items_of(row),
        own=_own(row, standing),
        replies=_replies(row.pk),
        minutes=IssuedMinutes.objects.filter(meeting=row).count(),
        by_name=row.by_name,
        at=row.at,
        keeper=keeper,
        caller=post_to_keep(standing, row, "call_meeting"),
        in_line=in_line,
        has_begun=row.starts_at <= timezone.now(),
    )


def find_public_meeting(meeting_id: int) -> PublicMeeting | None:
    """Return what the holder of its code may know of a meeting that was called. One query."""
    row = Meeting.objects.filter(pk=meeting_id).exclude(state=Meeting.State.DRAFT).first()
    if row is None:
        return None
    return PublicMeeting(
        row.pk,
        row.title,
        row.starts_at,
        row.ends_at,
        row.venue,
        row.state == Meeting.State.CALLED,
    )


def items_of(meeting: Meeting) -> tuple[ItemLine, ...]:
    """Return the agenda, in its order, each item with its last note. Two queries."""
    rows = list(
        AgendaItem.objects.filter(meeting=meeting)
        .select_related("venue_place")
        .order_by("dropped", "order", "pk")
    )
    notes = {
        note.item_id: note
        for note in AgendaNote.objects.filter(item__meeting=meeting)
        .order_by("item_id", "-number")
        .distinct("item_id")
    }
    remarks: dict[int, list[str]] = {}
    for remark in remarks_on(
        [Timed(row.pk, row.starts, row.ends) for row in rows if not row.dropped],
        starts=_clock(meeting.starts_at),
        ends=_clock(meeting.ends_at) if meeting.ends_at else None,
    ):
        remarks.setdefault(remark.id, []).append(remark.message_th)
    found = []
    for number, row in enumerate(rows, start=1):
        note = notes.get(row.pk)
        found.append(
            ItemLine(
                id=row.pk,
                order=row.order,
                number=0 if row.dropped else number,
                part=row.part,
                part_words=part_words(row.part),
                title=row.title,
                format=row.format,
                format_words=str(Format(row.format).label),
                starts=row.starts,
                ends=row.ends,
                speaker=row.speaker,
                venue=row.venue,
                venue_place=row.venue_place_id or "",
                venue_place_name=full_name(row.venue_place) if row.venue_place else "",
                dropped=row.dropped,
                remarks=tuple(remarks.get(row.pk, ())),
                note=note.words if note else "",
                note_number=note.number if note else 0,
                note_by=note.by_name if note else "",
                note_at=note.at if note else None,
            )
        )
    return tuple(found)


def meeting_of_item(item_id: int) -> int | None:
    """Return the meeting whose agenda has the item."""
    return AgendaItem.objects.filter(pk=item_id).values_list("meeting_id", flat=True).first()


def versions_of_note(item_id: int) -> list[AgendaNote]:
    """Return all versions of an item's note, the last first."""
    return list(AgendaNote.objects.filter(item=item_id).order_by("-number"))


def part_words(part: int) -> str:
    """Return the name of a part of the agenda."""
    known = {1: _("Morning session"), 2: _("Afternoon session"), 3: _("Evening session")}
    return known.get(part) or _("Part %(number)d") % {"number": part}


def role_words(role: str) -> str:
    """Return the name of a role; the code itself where it is gone."""
    return str(Role(role).label) if role in Role.values else role


# -- pieces ----------------------------------------------------------------------------------------


def _count(rows: QuerySet[Invitation] | QuerySet[Attendance]) -> Coalesce:
    counted = rows.order_by().values("meeting").annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)


def _midnight(now: datetime) -> datetime:
    return now.astimezone(BANGKOK).replace(hour=0, minute=0, second=0, microsecond=0)


def _clock(at: datetime) -> time:
    return at.astimezone(BANGKOK).time().replace(second=0, microsecond=0)


def _line(row: Meeting, standing: Standing) -> MeetingLine:
    reply = row.own_reply or ""  # type: ignore[attr-defined]  # annotated by counted_meetings
    return MeetingLine(
        id=row.pk,
        title=row.title,
        number_words=f"{row.number}/{row.fiscal_year}" if row.number else "",
        series_id=row.series_id,
        office=row.office_id,
        office_name=row.office.name_th,
        place=row.place_id,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        venue=row.venue,
        venue_place=row.venue_place_id or "",
        venue_place_name=full_name(row.venue_place) if row.venue_place else "",
        state=row.state,
        state_words=str(Meeting.State(row.state).label),
        look=LOOK[row.state],
        fiscal_year=row.fiscal_year,
        invited=row.invited_count,  # type: ignore[attr-defined]  # annotated by counted_meetings
        present=row.present_count,  # type: ignore[attr-defined]  # annotated by counted_meetings
        reply=reply,
        reply_words=str(Invitation.Reply(reply).label) if reply else "",
        reply_look=REPLY_LOOK.get(reply, ""),
        is_own=any(
            post.office_code == row.office_id or post.id == row.post_id for post in standing.posts
        ),
    )


def _own(row: Meeting, standing: Standing) -> tuple[OwnInvitation, ...]:
    if row.state == Meeting.State.DRAFT:
        return ()
    rows = Invitation.objects.filter(asked_posts(standing), meeting=row, withdrawn=False)
    return tuple(
        OwnInvitation(
            id=each.pk,
            words=f"{role_words(each.role)} · {each.office.name_th if each.office else ''}",
            reply=each.reply,
            reply_words=str(Invitation.Reply(each.reply).label),
            look=REPLY_LOOK[each.reply],
            said=each.reply_words,
        )
        for each in rows.select_related("office").order_by("pk")
    )


def _replies(meeting_id: int) -> Replies:
    found = Invitation.objects.filter(meeting=meeting_id, withdrawn=False).aggregate(
        asked=Count("pk"),
        offices=Count("office", distinct=True),
        guests=Count("pk", filter=Q(office=None)),
        **{
            reply: Count("pk", filter=Q(reply=reply))
            for reply in ("none", "coming", "sending", "absent")
        },
    )
    silent = found.pop("none")
    return Replies(**found, silent=silent)


def _series(row: MeetingSeries, standing: Standing) -> SeriesView:
    rule = row.recurrence or {}
    return SeriesView(
        id=row.pk,
        title=row.title,
        office=row.office_id,
        office_name=row.office.name_th,
        every=str(rule.get("every", "")),
        days_after=int(rule.get("days_after", 0)),
        parts=tuple(str(each["title"]) for each in row.parts),
        ended_on=row.ended_on,
        may_keep=any(
            post.office_code == row.office_id
            and post.group_key is None
            and may(post.role, "call_meeting")
            for post in standing.posts
        ),
    )
