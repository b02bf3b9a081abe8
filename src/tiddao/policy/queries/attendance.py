"""Who was asked, who is there, who is absent: by person and by office."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q, QuerySet

from tiddao.people.access import Standing
from tiddao.people.models import Post
from tiddao.places.models import Office
from tiddao.places.queries.units import full_name
from tiddao.policy.models import Attendance, Invitation
from tiddao.policy.queries.meetings import REPLY_LOOK, role_words


@dataclass(frozen=True, slots=True)
class PersonLine:
    """Somebody on the attendance list."""

    id: int
    name: str
    title: str
    office_name: str
    how_words: str
    at: datetime
    is_guest: bool

    @property
    def about(self) -> str:
        """Title and office, for the line below the name."""
        return _about(self.name, self.title, self.office_name)


@dataclass(frozen=True, slots=True)
class AskedLine:
    """A post or guest that was asked, with who holds the post. key: what a tick of the list names:
    "invitation" or "invitation-user". line: of the attendance list, None while not there.
    """

    key: str
    invitation_id: int
    name: str
    title: str
    office: str
    office_name: str
    user: str
    reply_words: str
    look: str
    said: str
    line: int | None

    @property
    def about(self) -> str:
        """Title and office, for the line below the name; a post that nobody holds is named once."""
        return _about(self.name, self.title, self.office_name)


@dataclass(frozen=True, slots=True)
class UnitPresence:
    """An office that was asked. asked: its posts; here: people of it that came."""

    office: str
    name: str
    place: str
    asked: int
    here: int


@dataclass(frozen=True, slots=True)
class Presence:
    """Who is here. offices: asked; offices_here: of them represented; people: on the list; guests:
    of those without an account; others: people of offices that were not asked.
    """

    offices: int
    offices_here: int
    people: int
    guests: int
    others: int
    units: tuple[UnitPresence, ...]

    @property
    def absent(self) -> tuple[UnitPresence, ...]:
        return tuple(unit for unit in self.units if not unit.here)

    @property
    def percent(self) -> float | None:
        return self.offices_here * 100 / self.offices if self.offices else None


def invitations_of(meeting_id: int, *, text: str = "", reply: str = "") -> QuerySet[Invitation]:
    """Return the invitations of a meeting by place, guests last, as a query."""
    rows = Invitation.objects.filter(meeting=meeting_id, withdrawn=False)
    if text:
        rows = rows.filter(Q(office__name_th__icontains=text) | Q(guest__icontains=text))
    if reply:
        rows = rows.filter(reply=reply)
    return rows.select_related("office").order_by("office__place_id", "role", "pk")


def asked_lines(rows: Collection[Invitation], *, on: date) -> list[AskedLine]:
    """Return invitations with the people who hold their posts on the day. Two queries."""
    wanted = Q(pk__in=[])
    for row in rows:
        if row.office_id:
            wanted |= Q(office=row.office_id, role=row.role)
    holders: dict[tuple[str, str], list[Post]] = {}
    held = Post.objects.filter(wanted, held_from__lte=on).filter(
        Q(held_to=None) | Q(held_to__gte=on), user__is_active=True
    )
    for post in held.select_related("user").order_by("user__sort_key", "pk"):
        holders.setdefault((post.office_id, post.role), []).append(post)
    lines = Attendance.objects.filter(
        meeting__in={row.meeting_id for row in rows}, strikes=None, struck=None
    )
    by_user = {line.user: line.pk for line in lines if line.user}
    by_invitation = {line.invitation_id: line.pk for line in lines if not line.user}
    found: list[AskedLine] = []
    for row in rows:
        title = role_words(row.role) if row.role else ""
        posts = holders.get((row.office_id or "", row.role), [])
        for post in posts:
            reference = f"user:{post.user_id}"
            found.append(
                _asked(
                    row,
                    key=f"{row.pk}-{post.user_id}",
                    name=post.user.name_th,
                    title=post.title_th or title,
                    user=reference,
                    line=by_user.get(reference),
                )
            )
        if not posts:
            found.append(
                _asked(
                    row,
                    key=str(row.pk),
                    name=row.guest or title,
                    title="" if row.guest else title,
                    user="",
                    line=by_invitation.get(row.pk),
                )
            )
    return found


def find_invitation(invitation_id: int) -> Invitation | None:
    """Return the invitation, if it stands."""
    return Invitation.objects.filter(pk=invitation_id, withdrawn=False).first()


def meeting_of_line(attendance_id: int) -> int | None:
    """Return the meeting on whose attendance list the line stands."""
    rows = Attendance.objects.filter(pk=attendance_id, strikes=None)
    return rows.values_list("meeting_id", flat=True).first()


def people_of(meeting_id: int) -> list[PersonLine]:
    """Return the attendance list in the order in which people signed. One query."""
    rows = Attendance.objects.filter(meeting=meeting_id, strikes=None, struck=None)
    return [
        PersonLine(
            id=row.pk,
            name=row.name,
            title=row.title,
            office_name=row.office.name_th if row.office else "",
            how_words=str(Attendance.How(row.how).label),
            at=row.at,
            is_guest=not row.user,
        )
        for row in rows.select_related("office").order_by("pk")
    ]


def struck_of(meeting_id: int) -> list[tuple[str, datetime]]:
    """Return (name, when) of the lines that were struck out. One query."""
    rows = Attendance.objects.filter(meeting=meeting_id).exclude(strikes=None).order_by("pk")
    return list(rows.values_list("name", "at"))


def presence_of(meeting_id: int) -> Presence:
    """Return who of the asked is there, by office. Two queries, also for 878 offices."""
    asked: dict[str, int] = {}
    offices: dict[str, Office] = {}
    rows = Invitation.objects.filter(meeting=meeting_id, withdrawn=False).exclude(office=None)
    for row in rows.select_related("office__place").order_by("office__place_id"):
        assert row.office is not None
        asked[row.office.code] = asked.get(row.office.code, 0) + 1
        offices[row.office.code] = row.office
    here: dict[str, int] = {}
    people = guests = others = 0
    for user, office in Attendance.objects.filter(
        meeting=meeting_id, strikes=None, struck=None
    ).values_list("user", "office_id"):
        people += 1
        guests += not user
        if office in asked:
            here[office] = here.get(office, 0) + 1
        elif office:
            others += 1
    units = tuple(
        UnitPresence(code, office.name_th, full_name(office.place), asked[code], here.get(code, 0))
        for code, office in offices.items()
    )
    return Presence(len(units), len(here), people, guests, others, units)


def invitation_for(meeting_id: int, standing: Standing) -> tuple[int | None, str | None, str]:
    """Return (invitation, office, title) under which the person signs: the post that was asked, else
    one of an office that was asked, else their first post.
    """
    rows = Invitation.objects.filter(meeting=meeting_id, withdrawn=False).exclude(office=None)
    by_post = {(row.office_id, row.role): row.pk for row in rows}
    for post in standing.posts:
        found = by_post.get((post.office_code, post.role))
        if found is not None:
            return found, post.office_code, post.title
    offices = {office for office, _role in by_post}
    of_asked = [post for post in standing.posts if post.office_code in offices]
    for post in (*of_asked, *standing.posts):
        return None, post.office_code, post.title
    return None, None, ""


def _about(name: str, *rest: str) -> str:
    return " · ".join(part for part in rest if part and part != name)


def _asked(
    row: Invitation, *, key: str, name: str, title: str, user: str, line: int | None
) -> AskedLine:
    return AskedLine(
        key=key,
        invitation_id=row.pk,
        name=name,
        title=title,
        office=row.office_id or "",
        office_name=row.office.name_th if row.office else "",
        user=user,
        reply_words=str(Invitation.Reply(row.reply).label),
        look=REPLY_LOOK[row.reply],
        said=row.reply_words,
        line=line,
    )


def is_on_list(meeting_id: int, standing: Standing) -> bool:
    """Say whether the person stands on the attendance list."""
    return Attendance.objects.filter(
        meeting=meeting_id, user=standing.reference, strikes=None, struck=None
    ).exists()
