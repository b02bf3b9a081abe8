"""Letters, templates and minutes for tests, through the real acts and pages."""

from __future__ import annotations

import io
from datetime import UTC, datetime, time

import docx
import pypdfium2
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.policy.directives.acts import sender_of
from tests.policy.meetings.acts import called_today
from tests.policy.papers.made import LETTER
from tiddao.evidence.rules.sniffing import Limits, examine
from tiddao.kernel.dates import BANGKOK
from tiddao.people.models import User
from tiddao.policy.actions.agenda_notes import write_note
from tiddao.policy.actions.attendance import Person, record_attendance
from tiddao.policy.actions.letters import write_letter
from tiddao.policy.actions.meetings import close_as_held
from tiddao.policy.actions.minutes import Closing, issue_minutes
from tiddao.policy.actions.papers import put_template_in_force, try_template
from tiddao.policy.actions.resolutions import NewResolution, record_resolution
from tiddao.policy.models import AgendaItem, IssuedMinutes, Meeting, OfficeTemplate, Paper
from tiddao.policy.rules.official import Letter

AT = datetime(2026, 6, 1, 3, 0, tzinfo=UTC)
CLOSING = Closing("นางสาวสมมุติ ผู้จด", "นายสมมุติ ผู้ตรวจ", time(16, 30))


def template_file(*lines: str) -> bytes:
    paper = docx.Document()
    for line in lines:
        paper.add_paragraph(line)
    out = io.BytesIO()
    paper.save(out)
    return out.getvalue()


def uploaded(content: bytes, name: str = "แม่แบบ.docx") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def template_of(
    user: User, *lines: str, kind: str = "minutes", in_force: bool = False
) -> OfficeTemplate:
    """A template of the user's office that was tried, and perhaps put in force."""
    sender, by, _post = sender_of(user)
    file = examine(io.BytesIO(template_file(*lines)), name="แม่แบบ.docx", limits=Limits())
    made = try_template(kind, file, office=sender.office, by=by, at=AT)
    return put_template_in_force(made.pk, by=by, at=AT) if in_force else made


def letter_of(user: User, letter: Letter = LETTER, **of) -> Paper:
    sender, by, _post = sender_of(user)
    return write_letter(letter, office=sender.office, by=by, at=AT, **of)


def held_meeting(user: User, *, title: str = "ประชุมขับเคลื่อนงาน", **facts) -> Meeting:
    """A meeting that was held, with notes, a decision with a deadline and somebody who came."""
    meeting = called_today(user, title=title, **facts)
    _sender, by, _post = sender_of(user)
    item = AgendaItem.objects.filter(meeting=meeting).order_by("order")[0]
    at = meeting.starts_at
    write_note(item.pk, "ให้ความสำคัญ 3 เรื่อง", seen=0, by=by, at=at)
    decided = NewResolution("ให้ทุกอำเภอรายงานผล", item_id=item.pk)
    record_resolution(meeting.pk, decided, by=by, at=at)
    record_attendance(meeting.pk, [Person("นายสมมุติ แขก")], how="list", by=by, at=at)
    return close_as_held(meeting.pk, on=at.astimezone(BANGKOK).date(), by=by, at=at)


def issued(user: User, meeting: Meeting, *, closing: Closing = CLOSING, **how) -> IssuedMinutes:
    meeting.refresh_from_db()
    _sender, by, _post = sender_of(user)
    return issue_minutes(meeting.pk, closing, seen=meeting.version, by=by, at=AT, **how)


def cost(client: Client, address: str) -> int:
    client.get(address)  # the first visit fills caches
    with CaptureQueriesContext(connection) as asked:
        assert client.get(address).status_code == 200
    return len(asked)


def text_of_pdf(content: bytes) -> str:
    paper = pypdfium2.PdfDocument(content)
    text = "".join(page.get_textpage().get_text_range() for page in paper)
    return text.replace("\u00a0", " ")


def text_of_word(content: bytes) -> str:
    paper = docx.Document(io.BytesIO(content))
    cells = [cell.text for table in paper.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(each.text for each in paper.paragraphs), *cells]).replace("\u00a0", " ")
