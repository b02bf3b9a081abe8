"""What the pages of meetings share: finding or 404, who writes, what a refusal says."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.forms import Form
from django.http import Http404, QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _

from tiddao.people.access import HeldPost, SignedInRequest
from tiddao.policy.forms.meetings import MEETING_REFUSALS
from tiddao.policy.queries.meetings import MeetingView, find_meeting, meeting_of_item
from tiddao.policy.queries.visibility import posts_to_send
from tiddao.policy.views.pieces import Crumbs


def meeting_or_404(request: SignedInRequest, meeting_id: int | None) -> MeetingView:
    """Return the meeting if the person may see it."""
    found = None if meeting_id is None else find_meeting(meeting_id, request.standing)
    if found is None:
        raise Http404
    return found


def kept_or_refused(
    request: SignedInRequest, meeting_id: int | None
) -> tuple[MeetingView, HeldPost]:
    """Return the meeting with the post under which the person writes for the office that called it.

    Raises Http404, PermissionDenied.
    """
    found = meeting_or_404(request, meeting_id)
    if found.keeper is None:
        raise PermissionDenied
    return found, found.keeper


def called_or_refused(
    request: SignedInRequest, meeting_id: int | None
) -> tuple[MeetingView, HeldPost]:
    """Return the meeting with the post under which the person may call, hold and call it off.

    Raises Http404, PermissionDenied.
    """
    found = meeting_or_404(request, meeting_id)
    if found.caller is None:
        raise PermissionDenied
    return found, found.caller


def directing_posts(request: SignedInRequest, found: MeetingView) -> tuple[HeldPost, ...]:
    """Return the posts of the office that called the meeting under which the person hands down."""
    return tuple(
        post
        for post in posts_to_send(request.standing)
        if post.office_code == found.line.office or post == found.keeper
    )


def kept_by_item(request: SignedInRequest, item_id: int) -> tuple[MeetingView, HeldPost]:
    """Return the meeting of an agenda item, as kept_or_refused."""
    return kept_or_refused(request, meeting_of_item(item_id))


def meeting_refusal(code: str) -> str:
    """Return in words why something was refused."""
    return str(MEETING_REFUSALS.get(code, code))


def say_refused(form: Form, code: str, field: str) -> None:
    """Put a refusal beside the field it is about."""
    form.add_error(field if field in form.fields else None, meeting_refusal(code))


def send_over(form: Form, sent: QueryDict, name: str, value: object, said: str) -> None:
    """Keep what was typed and say what another did meanwhile; sent again, it counts from there.

    name, value: the field that says what the person has seen, and what they see now.
    """
    data = sent.copy()
    data[name] = str(value)
    form.data = data
    form.add_error(None, said)


def meeting_crumbs(*more: tuple[object, str | None]) -> Crumbs:
    """Return the way to a page of meetings."""
    return [(_("Meetings"), reverse("meetings")), *more]


def crumbs_within(found: MeetingView, heading: object) -> Crumbs:
    """Return the way to a page of one meeting."""
    return meeting_crumbs(
        (found.line.title, reverse("meeting", args=[found.line.id])), (heading, None)
    )
