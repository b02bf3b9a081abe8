"""A meeting of Chiang Rai that strangers must not see, for the walk of all pages."""

from __future__ import annotations

from tests.policy.directives.acts import sender_of
from tests.policy.meetings.acts import AGENDA, AT, called_today
from tiddao.people.models import User
from tiddao.policy.actions.attendance import Person, record_attendance
from tiddao.policy.actions.resolutions import NewResolution, record_resolution
from tiddao.policy.actions.series import begin_series
from tiddao.policy.models import AgendaItem, Invitation


def meeting_of_57(head: User, title: str) -> dict[str, object]:
    """A meeting with an item, an invitation, a line of attendance, a decision, a series."""
    _sender, by, _post = sender_of(head)
    meeting = called_today(head, title=title, offices=["CDD-57", "CDD-5712"], roles=["provincial_head", "district_head"],
                           venue=title, agenda=AGENDA)  # fmt: skip
    lines, _new = record_attendance(
        meeting.pk, [Person(title)], how="list", by=by, at=meeting.starts_at
    )
    decided = record_resolution(meeting.pk, NewResolution(title), by=by, at=meeting.starts_at)
    series = begin_series(meeting.pk, title, recurrence=None, by=by, at=AT)
    return {
        "meeting_id": meeting.pk,
        "item_id": AgendaItem.objects.filter(meeting=meeting).order_by("order")[0].pk,
        "invitation_id": Invitation.objects.get(meeting=meeting, office="CDD-57").pk,
        "attendance_id": lines[0].pk,
        "resolution_id": decided.pk,
        "series_id": series.pk,
    }
