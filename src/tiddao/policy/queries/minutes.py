"""Minutes of a meeting: as they would be issued now, and as they were issued."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime

from django.db.models import Max, OuterRef, Q, Subquery

from tiddao.kernel.dates import BANGKOK
from tiddao.people.access import HeldPost, Standing
from tiddao.people.models import Post
from tiddao.people.rules.matrix import may
from tiddao.places.queries.units import full_name
from tiddao.policy.models import (
    AgendaItem,
    AgendaNote,
    Attendance,
    Format,
    Invitation,
    IssuedMinutes,
    Meeting,
    NewsDraft,
    Resolution,
)
from tiddao.policy.queries.letters import (
    IssueLine,
    LetterLine,
    letters_of,
    title_of,
    to_offices,
)
from tiddao.policy.queries.meeting_visibility import post_to_keep, visible_meetings
from tiddao.policy.rules.letters import HEADS, Addressed, of_meeting
from tiddao.policy.rules.minutes import Asked, Came, roll_of
from tiddao.policy.rules.official import (
    Difference,
    Item,
    Letter,
    Minutes,
    PaperKind,
    Resolved,
    minutes_differences,
    minutes_from,
)

NEWS_LOOK = {"draft": "info", "ready": "ok", "dropped": "nodata"}
"""Which look of a status each state of a news draft has."""


@dataclass(frozen=True, slots=True)
class MeetingHead:
    """A meeting with what the person may do with its papers. keeper: the post under which they
    write for the office that called it; issuer: under which they issue minutes.
    """

    id: int
    title: str
    purpose: str
    state: str
    version: int
    place: str
    office: str
    starts_at: datetime
    is_held: bool
    is_inside: bool  # of the line that called it: may read what is not issued
    keeper: HeldPost | None
    issuer: HeldPost | None


def find_head(meeting_id: int, standing: Standing) -> MeetingHead | None:
    """Return the meeting if the person may see it. One query."""
    row = Meeting.objects.filter(visible_meetings(standing), pk=meeting_id).first()
    return head_line(row, standing) if row else None


def head_line(row: Meeting, standing: Standing) -> MeetingHead:
    """Return a meeting with what the person may do with its papers. No query."""
    keeper = post_to_keep(standing, row)
    return MeetingHead(
        id=row.pk,
        title=row.title,
        purpose=row.purpose,
        state=row.state,
        version=row.version,
        place=row.place_id,
        office=row.office_id,
        starts_at=row.starts_at,
        is_held=row.state in {Meeting.State.HELD, Meeting.State.MINUTED},
        is_inside=keeper is not None or standing.covers(row.place_id),
        keeper=keeper,
        issuer=post_to_keep(standing, row, "issue_minutes"),
    )


def issues_of(meeting_id: int) -> tuple[IssueLine, ...]:
    """Return the issues of a meeting's minutes, the newest first, without their content. One query."""
    rows = IssuedMinutes.objects.filter(meeting=meeting_id).defer("content").order_by("-number")
    return tuple(_issue(row) for row in rows)


def find_issue(meeting_id: int, number: int) -> tuple[Minutes, IssueLine] | None:
    """Return minutes as they were issued. One query."""
    row = IssuedMinutes.objects.filter(meeting=meeting_id, number=number).first()
    return (minutes_from(row.content), _issue(row)) if row else None


def differences_of(meeting_id: int, number: int) -> tuple[Difference, ...] | None:
    """Return what an issue says otherwise than the one before it; None for the first. One query."""
    rows = IssuedMinutes.objects.filter(meeting=meeting_id, number__in=[number - 1, number])
    both = {row.number: minutes_from(row.content) for row in rows}
    if len(both) < 2:
        return None
    return minutes_differences(both[number - 1], both[number])


def _issue(row: IssuedMinutes) -> IssueLine:
    return IssueLine(row.number, row.sha256, row.reason, row.by_name, row.by_post, row.at)


# -- as they would be issued now -------------------------------------------------------------------


def minutes_of(meeting_id: int) -> Minutes:
    """Return what the minutes say as the meeting stands, set with nothing of the office's own.

    Eight queries. Raises Meeting.DoesNotExist.
    """
    row = Meeting.objects.select_related("office", "venue_place").get(pk=meeting_id)
    begins = row.starts_at.astimezone(BANGKOK)
    roll = roll_of(_asked(meeting_id, on=begins.date()), _came(meeting_id))
    resolved: dict[int | None, list[Resolved]] = {}
    items = list(
        AgendaItem.objects.filter(meeting=meeting_id, dropped=False)
        .select_related("venue_place")
        .annotate(
            said=Subquery(
                AgendaNote.objects.filter(item=OuterRef("pk"))
                .order_by("-number")
                .values("words")[:1]
            )
        )
        .order_by("order", "pk")
    )
    shown = {item.pk for item in items}
    for one in Resolution.objects.filter(meeting=meeting_id, replaced_by=None).order_by("number"):
        key = one.item_id if one.item_id in shown else None
        resolved.setdefault(key, []).append(
            Resolved(one.number, one.words, one.responsible, one.due_on)
        )
    return Minutes(
        office=row.office.name_th,
        title=row.title,
        number=row.number,
        be_year=row.fiscal_year,
        day=begins.date(),
        begins=begins.time().replace(second=0, microsecond=0),
        ends=row.ends_at.astimezone(BANGKOK).time().replace(second=0, microsecond=0)
        if row.ends_at
        else None,
        venue=_venue(row.venue, row.venue_place),
        chair=row.chair,
        present=roll.present,
        absent=roll.absent,
        also=roll.also,
        items=tuple(
            Item(
                title=item.title,
                format=str(Format(item.format).label),
                starts=item.starts,
                ends=item.ends,
                speaker=item.speaker,
                venue=_venue(item.venue, item.venue_place),
                notes=item.said or "",
                resolved=tuple(resolved.get(item.pk, ())),
            )
            for item in items
        ),
        other=tuple(resolved.get(None, ())),
        recorder=row.secretary,
    )


def invitation_letter(kind: PaperKind, meeting_id: int, *, purpose: str) -> Letter:
    """Return a letter that invites to the meeting, to those who are invited. Nine queries."""
    plan = replace(minutes_of(meeting_id), present=(), absent=(), also=())
    return of_meeting(kind, plan, purpose=purpose, to=_invited(meeting_id))


def _invited(meeting_id: int) -> Addressed:
    rows = Invitation.objects.filter(meeting=meeting_id, withdrawn=False)
    invited = list(
        rows.select_related("office__place", "meeting").order_by("office__place_id", "pk")
    )
    offices = {
        row.office.code: (row.office.kind, row.office.place.name_th)
        for row in invited
        if row.office
    }
    guests = [("", row.guest) for row in invited if row.guest]
    within = invited[0].meeting.place_id if invited else ""
    return to_offices([*offices.values(), *guests], within=within)


def _venue(words: str, place: object) -> str:
    """The venue as written, with the place's full name where the words do not hold it."""
    if place is None:
        return words
    name = full_name(place)  # type: ignore[arg-type]  # a Place
    return words if name in words else f"{words} {name}".strip()


def _asked(meeting_id: int, *, on: date) -> list[Asked]:
    """The invitations in the order of places, guests last, with who holds the posts on the day."""
    rows = list(
        Invitation.objects.filter(meeting=meeting_id, withdrawn=False)
        .select_related("office__place")
        .order_by("office__place_id", "pk")
    )
    offices = {row.office_id for row in rows if row.office_id}
    holders: dict[tuple[str, str], Post] = {}
    if offices:
        held = (
            Post.objects.filter(office__in=offices, held_from__lte=on)
            .filter(Q(held_to=None) | Q(held_to__gte=on))
            .select_related("user", "office__place")
            .order_by("-pk")
        )
        holders = {(post.office_id, post.role): post for post in held}
    return [_one_asked(row, holders.get((row.office_id or "", row.role))) for row in rows]


def _one_asked(row: Invitation, post: Post | None) -> Asked:
    excuse = row.reply_words if row.reply == Invitation.Reply.ABSENT else ""
    if row.office is None:
        return Asked(row.pk, "", guest=row.guest, excuse=excuse)
    if post is not None:
        return Asked(row.pk, title_of(post), row.office.code, post.user.name_th, excuse=excuse)
    head = HEADS.get(row.office.kind, "") if row.role.endswith("_head") else ""
    if head:
        title = f"{head}{row.office.place.name_th}"
    else:
        title = f"{_role_words(row.role)} {row.office.name_th}"
    return Asked(row.pk, title, row.office.code, excuse=excuse)


def _role_words(role: str) -> str:
    return str(Post(role=role).get_role_display())


def _came(meeting_id: int) -> list[Came]:
    rows = Attendance.objects.filter(meeting=meeting_id, strikes=None, struck=None)
    return [
        Came(row.name, row.title, row.office_id or "", row.invitation_id)
        for row in rows.order_by("pk")
    ]


def may_write_news(standing: Standing, head: MeetingHead) -> HeldPost | None:
    """Return the post under which the person writes news of the meeting."""
    return _own_post(standing, head, "write_news")


def may_ready_news(standing: Standing, head: MeetingHead) -> HeldPost | None:
    """Return the post under which the person says that news is ready to be published."""
    return _own_post(standing, head, "ready_news")


def _own_post(standing: Standing, head: MeetingHead, act: str) -> HeldPost | None:
    return next(
        (p for p in standing.posts if p.office_code == head.office and may(p.role, act)), None
    )


# -- what the meeting's page says of its papers ----------------------------------------------------


@dataclass(frozen=True, slots=True)
class MeetingPapers:
    """Papers of a meeting. issued: number of the last issue of minutes, 0 for none; news: state of
    its news in words, "" for none.
    """

    meeting_id: int
    issued: int
    is_held: bool
    is_inside: bool
    may_write: bool
    letters: tuple[LetterLine, ...]
    news: str
    news_look: str


def papers_of(meeting_id: int, standing: Standing) -> MeetingPapers | None:
    """Return what there is of a meeting's papers, if the person may see it. Four queries."""
    head = find_head(meeting_id, standing)
    if head is None:
        return None
    last = IssuedMinutes.objects.filter(meeting=meeting_id).aggregate(last=Max("number"))["last"]
    news = NewsDraft.objects.filter(meeting=meeting_id).first() if head.is_inside else None
    return MeetingPapers(
        meeting_id=meeting_id,
        issued=last or 0,
        is_held=head.is_held,
        is_inside=head.is_inside,
        may_write=_own_post(standing, head, "write_letter") is not None,
        letters=tuple(letters_of(standing, meeting_id=meeting_id)),
        news=str(news.get_state_display()) if news else "",
        news_look=NEWS_LOOK[news.state] if news else "",
    )
