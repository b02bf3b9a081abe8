"""Minutes issued, news begun, letters written: official papers of the demonstration.

The minutes are of whatever meeting the demonstration has held; without one there are letters alone.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time

from tiddao.config.demonstration.books import known_until
from tiddao.config.demonstration.calendar import EVENING, moment
from tiddao.config.demonstration.people import DEPUTY, HEAD_OF_PROVINCE, actor
from tiddao.kernel.dates import BANGKOK
from tiddao.people.access import standing_of
from tiddao.people.models import User
from tiddao.policy.actions.letters import issue_letter, write_letter
from tiddao.policy.actions.minutes import Closing, issue_minutes
from tiddao.policy.actions.news import draft_news
from tiddao.policy.models import Directive, IssuedMinutes, Meeting, NewsDraft, Paper
from tiddao.policy.queries.directives import find_directive
from tiddao.policy.queries.letters import letter_from_directive, with_usual_end
from tiddao.policy.queries.minutes import minutes_of

_HELD = (Meeting.State.HELD, Meeting.State.MINUTED)


def minutes_are_there(day: date) -> bool:
    """Say so also where no meeting of the province was held."""
    del day
    held = Meeting.objects.filter(office="CDD-57", state__in=_HELD)
    return not held.exclude(news__isnull=False, issues__isnull=False).exists()


def issue_papers_of_meetings(day: date) -> None:
    """The head of Chiang Rai issues the minutes of each meeting that was held, and begins its news."""
    for meeting in Meeting.objects.filter(office="CDD-57", state__in=_HELD).order_by("pk"):
        on = min(meeting.starts_at.astimezone(BANGKOK).date(), known_until(day))
        by, at = actor(HEAD_OF_PROVINCE, on=on), moment(on, EVENING)
        said = minutes_of(meeting.pk)
        if not IssuedMinutes.objects.filter(meeting=meeting).exists():
            closing = Closing(said.recorder or by.name, by.name, said.ends or time(16, 30))
            issue_minutes(
                meeting.pk, closing, seen=meeting.version, demonstration=True, by=by, at=at
            )
        if not NewsDraft.objects.filter(meeting=meeting).exists():
            draft_news(meeting.pk, by=by, at=at)


def letters_are_there(day: date) -> bool:
    del day
    return Paper.objects.exists()


def write_letters(day: date) -> None:
    """The department's circular is issued; the province has a memorandum in draft."""
    _write("CDD", DEPUTY, known_until(day), "circular", number="มท 0402/ว 998 (สาธิต)")
    _write("CDD-57", HEAD_OF_PROVINCE, known_until(day), "memo", number="")


def _write(office: str, username: str, on: date, kind: str, *, number: str) -> None:
    standing = standing_of(User.objects.get(username=username), on=on)
    sent = Directive.objects.filter(office=office, obligation=None).order_by("pk").last()
    directive = find_directive(sent.pk, standing) if sent else None
    if sent is None or directive is None:
        return
    by, at = actor(username, on=on), moment(on, EVENING)
    begun = letter_from_directive(kind, directive, standing.posts[0].office_name)  # type: ignore[arg-type]  # of the three kinds
    letter = replace(
        with_usual_end(begun, office, on=on),
        number=number,
        day=on if number else None,
        unit="กลุ่มงานตัวอย่าง (สาธิต)",
        phone="0 0000 0000",
    )
    made = write_letter(letter, office=office, directive_id=sent.pk, by=by, at=at)
    if number:
        issue_letter(made.pk, seen=0, demonstration=True, by=by, at=at)
