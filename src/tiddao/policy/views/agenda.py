"""The agenda of a meeting: items added, changed, moved, dropped; the second of two is told."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from tiddao.people.access import HeldPost, SignedInRequest
from tiddao.policy.actions.agenda import (
    AgendaChanged,
    AgendaRefused,
    add_item,
    change_item,
    drop_item,
    move_item,
)
from tiddao.policy.actions.meetings import MeetingRefused
from tiddao.policy.actions.series import keep_as_usual
from tiddao.policy.forms.meetings import ItemForm, place_initial
from tiddao.policy.queries.meetings import MeetingView
from tiddao.policy.views.meeting_pieces import (
    crumbs_within,
    kept_by_item,
    kept_or_refused,
    meeting_refusal,
    say_refused,
    send_over,
)


@require_http_methods(["GET", "POST"])
def meeting_agenda(request: SignedInRequest, meeting_id: int) -> HttpResponse:
    """Show the agenda to be put in order, and add an item."""
    found, post = kept_or_refused(request, meeting_id)
    if request.method == "GET":
        return _page(request, found)
    form = ItemForm(request.POST, on=request.standing.on)
    refused = _write(request, found, post, form, partial(add_item, meeting_id))
    if refused is not None:
        return _page(request, found, form=form, status=refused)
    messages.success(request, _("The item stands on the agenda."))
    return redirect("meeting-agenda", meeting_id)


@require_http_methods(["GET", "POST"])
def agenda_item(request: SignedInRequest, item_id: int) -> HttpResponse:
    """Change one item."""
    found, post = kept_by_item(request, item_id)
    item = next(each for each in found.items if each.id == item_id)
    form = ItemForm(
        request.POST or None,
        on=request.standing.on,
        initial={
            "title": item.title, "part": item.part, "format": item.format, "starts": item.starts,
            "ends": item.ends, "speaker": item.speaker, "venue": item.venue,
            "venue_place": place_initial(item.venue_place, on=request.standing.on),
            "seen": found.version,
        },
    )  # fmt: skip
    refused: int | None = None
    if request.method == "POST":
        refused = _write(request, found, post, form, partial(change_item, item_id))
        if refused is None:
            messages.success(request, _("The item was changed."))
            return redirect("meeting-agenda", found.line.id)
    heading = _("Change the agenda item")
    crumbs = crumbs_within(found, heading)
    crumbs.insert(2, (_("Agenda"), reverse("meeting-agenda", args=[found.line.id])))
    context = {
        "crumbs": crumbs,
        "heading": heading,
        "meeting": found,
        "item": item,
        "form": form,
    }
    return render(request, "policy/agenda_item.html", context, status=refused)


@require_POST
def agenda_item_move(request: SignedInRequest, item_id: int) -> HttpResponse:
    """Move an item up or down."""
    step = -1 if request.POST.get("to") == "up" else 1
    return _act(
        request,
        item_id,
        lambda seen, by: move_item(item_id, step, seen=seen, by=by, at=timezone.now()),
    )


@require_POST
def agenda_item_drop(request: SignedInRequest, item_id: int) -> HttpResponse:
    """Leave an item out, or take it in again."""
    dropped = request.POST.get("do") != "restore"
    return _act(
        request,
        item_id,
        lambda seen, by: drop_item(item_id, dropped=dropped, seen=seen, by=by, at=timezone.now()),
    )


@require_POST
def agenda_usual(request: SignedInRequest, meeting_id: int) -> HttpResponse:
    """Keep this agenda as the usual one of its series."""
    _found, post = kept_or_refused(request, meeting_id)
    try:
        keep_as_usual(meeting_id, by=request.standing.actor(post), at=timezone.now())
    except MeetingRefused as refused:
        messages.error(request, meeting_refusal(refused.code))
    else:
        messages.success(request, _("This agenda is the usual one of the series from now on."))
    return redirect("meeting-agenda", meeting_id)


def _write(
    request: SignedInRequest,
    found: MeetingView,
    post: HeldPost,
    form: ItemForm,
    act: Callable[..., object],
) -> int | None:
    """Do the act with the item of the form; where it is refused, return the status of the form's page."""
    if not form.is_valid():
        return 422
    try:
        act(
            form.item,
            seen=form.cleaned_data["seen"],
            by=request.standing.actor(post),
            at=timezone.now(),
        )
    except AgendaRefused as refused:
        say_refused(form, refused.code, refused.field)
        return 422
    except AgendaChanged:
        send_over(form, request.POST, "seen", found.version, _changed())
        return 409
    return None


def _act(request: SignedInRequest, item_id: int, act: Callable[..., object]) -> HttpResponse:
    found, post = kept_by_item(request, item_id)
    seen = request.POST.get("seen", "")
    try:
        act(int(seen) if seen.isdecimal() else -1, request.standing.actor(post))
    except AgendaChanged:
        messages.warning(
            request, _("Somebody changed the agenda in the meantime. This is how it stands now.")
        )
    except AgendaRefused as refused:
        messages.error(request, meeting_refusal(refused.code))
    return redirect(f"{reverse('meeting-agenda', args=[found.line.id])}#item-{item_id}")


def _changed() -> str:
    return _(
        "Somebody changed the agenda while you were writing. What you wrote is still here: look at the agenda once more, then send it again."
    )


def _page(
    request: SignedInRequest, found: MeetingView, *, form: ItemForm | None = None, status: int = 200
) -> HttpResponse:
    last = found.agenda[-1] if found.agenda else None
    context = {
        "crumbs": crumbs_within(found, _("Agenda")),
        "meeting": found,
        "form": form
        or ItemForm(
            on=request.standing.on,
            initial={
                "seen": found.version,
                "part": last.part if last else 1,
                "starts": last.ends if last else None,
            },
        ),
    }
    return render(request, "policy/meeting_agenda.html", context, status=status)
