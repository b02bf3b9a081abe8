"""Writing a meeting down: notes on its items, decisions, and decisions handed down as directives."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tiddao.kernel.dates import BANGKOK, format_medium
from tiddao.people.access import SignedInRequest
from tiddao.policy.actions.agenda_notes import NoteChanged, write_note
from tiddao.policy.actions.handing_down import DirectiveRefused, NewDirective
from tiddao.policy.actions.meetings import MeetingRefused
from tiddao.policy.actions.resolutions import (
    NewResolution,
    direct_resolution,
    record_resolution,
    replace_resolution,
)
from tiddao.policy.forms.directives import ReceiversForm, SenderForm, WordsForm
from tiddao.policy.forms.meetings import NoteForm, ResolutionForm, ToInvitedForm
from tiddao.policy.queries.meetings import MeetingView, versions_of_note
from tiddao.policy.queries.receivers import offices_named, offices_of, units_offered
from tiddao.policy.queries.resolutions import (
    ResolutionLine,
    invited_offices,
    meeting_of_resolution,
    resolutions_of,
)
from tiddao.policy.views.meeting_pieces import (
    crumbs_within,
    directing_posts,
    kept_by_item,
    kept_or_refused,
    meeting_or_404,
    meeting_refusal,
    say_refused,
    send_over,
)
from tiddao.policy.views.pieces import Crumbs, joined, refusal_words, sender_of

SHORT = 120
"""Characters of a directive's title that is made from a decision."""


@require_GET
def meeting_record(request: SignedInRequest, meeting_id: int) -> HttpResponse:
    """Show the items with their notes and the decisions, each with its form."""
    found, _post = kept_or_refused(request, meeting_id)
    return _page(request, found)


@require_POST
def agenda_note(request: SignedInRequest, item_id: int) -> HttpResponse:
    """Keep what was said on an item."""
    found, post = kept_by_item(request, item_id)
    form = NoteForm(request.POST, prefix=f"n{item_id}")
    if form.is_valid():
        try:
            written = write_note(
                item_id,
                form.cleaned_data["words"],
                seen=form.cleaned_data["seen"],
                by=request.standing.actor(post),
                at=timezone.now(),
            )
        except NoteChanged as changed:
            said = _(
                "Somebody wrote on the same lines. Their words stand above, yours are still here: put them together and keep them."
            )
            send_over(form, request.POST, f"n{item_id}-seen", changed.theirs.number, said)
            return _page(request, found, note=(item_id, form), status=409)
        except MeetingRefused as refused:
            say_refused(form, refused.code, refused.field)
            return _page(request, found, note=(item_id, form), status=422)
        if written.together:
            messages.info(
                request,
                _("Somebody wrote meanwhile: both are kept together. Read them through once."),
            )
        else:
            messages.success(request, _("The note was kept."))
        return redirect(f"{reverse('meeting-record', args=[found.line.id])}#item-{item_id}")
    return _page(request, found, note=(item_id, form), status=422)


@require_GET
def agenda_note_versions(request: SignedInRequest, item_id: int) -> HttpResponse:
    """Show all versions of an item's note, the last first."""
    found, _post = kept_by_item(request, item_id)
    item = next(each for each in found.items if each.id == item_id)
    context = {
        "crumbs": _crumbs(found, _("Versions of the note")),
        "meeting": found,
        "item": item,
        "versions": versions_of_note(item_id),
    }
    return render(request, "policy/note_versions.html", context)


@require_POST
def resolution_add(request: SignedInRequest, meeting_id: int) -> HttpResponse:
    """Write a decision down."""
    found, post = kept_or_refused(request, meeting_id)
    form = ResolutionForm(request.POST, items=_items(found))
    if form.is_valid():
        try:
            made = record_resolution(
                meeting_id, _wanted(form), by=request.standing.actor(post), at=timezone.now()
            )
        except MeetingRefused as refused:
            say_refused(form, refused.code, refused.field)
        else:
            messages.success(
                request, _("Decision %(number)d was written down.") % {"number": made.number}
            )
            return redirect(f"{reverse('meeting-record', args=[meeting_id])}#resolutions")
    return _page(request, found, resolution=form, status=422)


@require_http_methods(["GET", "POST"])
def resolution_replace(request: SignedInRequest, resolution_id: int) -> HttpResponse:
    """Put another decision in the place of one."""
    found, post = kept_or_refused(request, meeting_of_resolution(resolution_id))
    old = _resolution(request, found, resolution_id)
    form = ResolutionForm(
        request.POST or None,
        items=_items(found),
        initial={
            "words": old.words, "sort": old.sort, "item": old.item_id,
            "responsible": old.responsible, "due_on": old.due_on,
        },
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        try:
            made = replace_resolution(
                resolution_id, _wanted(form), by=request.standing.actor(post), at=timezone.now()
            )
        except MeetingRefused as refused:
            say_refused(form, refused.code, refused.field)
        else:
            messages.success(
                request,
                _("Decision %(number)d stands in the place of decision %(old)d, which is kept.")
                % {"number": made.number, "old": old.number},
            )
            return redirect(f"{reverse('meeting-record', args=[found.line.id])}#resolutions")
    heading = _("Replace decision %(number)d") % {"number": old.number}
    context = {
        "crumbs": _crumbs(found, heading),
        "heading": heading,
        "form": form,
        "button": _("Replace"),
        "note": _(
            "The old decision stays readable. A directive that it became goes on until it is called off on its own page."
        )
        if old.is_directed
        else _("The old decision stays readable."),
    }
    return render(request, "policy/act.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def resolution_direct(request: SignedInRequest, resolution_id: int) -> HttpResponse:
    """Hand a decision down: everything is filled in, the offices that were invited receive it."""
    found = meeting_or_404(request, meeting_of_resolution(resolution_id))
    row = _resolution(request, found, resolution_id)
    posts = directing_posts(request, found)
    if not posts:
        raise PermissionDenied
    data = request.POST if request.method == "POST" else None
    sender = SenderForm(data, posts=posts)
    words = WordsForm(data, initial=_directive_initial(found, row, request))
    asked = offices_named(invited_offices(found.line.id), on=request.standing.on)
    invited = ToInvitedForm(data, offices=len(asked))
    units = units_offered(
        frozenset(root for post in posts for root in post.roots), on=request.standing.on
    )
    others = data is not None and "to_invited" not in data
    receivers = ReceiversForm(data if others else None, units=units, on=request.standing.on)
    forms = [sender, words, invited, *([receivers] if others else [])]
    offices = None
    if data is not None and all(form.is_valid() for form in forms):
        post = next(each for each in posts if each.id == sender.cleaned_data["post"])
        candidates = (
            offices_of(receivers.choice, scope=post.roots, on=request.standing.on)
            if others
            else asked
        )
        area_line = bool(sender.cleaned_data["on_behalf_of"].strip())
        offices = tuple(
            each
            for each in candidates
            if post.covers(each.place) and (area_line or each.code != post.office_code)
        )
        if "preview" not in request.POST:
            try:
                made = direct_resolution(
                    resolution_id,
                    _new_directive(sender, words, found),
                    [each.code for each in offices],
                    sender=sender_of(post),
                    on=request.standing.on,
                    by=request.standing.actor(post),
                    at=timezone.now(),
                )
            except DirectiveRefused as refused:
                _say(refused, sender, words, receivers if others else invited)
            except MeetingRefused as refused:
                sender.add_error(None, meeting_refusal(refused.code))
            else:
                messages.success(
                    request,
                    ngettext(
                        "The decision is a directive now, handed down to %(count)d office.",
                        "The decision is a directive now, handed down to %(count)d offices.",
                        len(offices),
                    )
                    % {"count": len(offices)},
                )
                return redirect("directive", made.pk)
    heading = _("Hand decision %(number)d down") % {"number": row.number}
    context = {
        "crumbs": _crumbs(found, heading),
        "heading": heading,
        "meeting": found,
        "resolution": row,
        "sender": sender,
        "words": words,
        "invited": invited,
        "asked": asked,
        "receivers": receivers,
        "offices": offices,
    }
    refused_input = data is not None and any(form.errors for form in forms)
    return render(
        request, "policy/resolution_direct.html", context, status=422 if refused_input else 200
    )


# -- pieces ----------------------------------------------------------------------------------------


def _page(
    request: SignedInRequest,
    found: MeetingView,
    *,
    note: tuple[int, NoteForm] | None = None,
    resolution: ResolutionForm | None = None,
    status: int = 200,
) -> HttpResponse:
    items = [
        (
            item,
            note[1]
            if note and note[0] == item.id
            else NoteForm(
                prefix=f"n{item.id}", initial={"words": item.note, "seen": item.note_number}
            ),
            bool(note and note[0] == item.id),
        )
        for item in found.items
        if not item.dropped or item.note
    ]
    context: dict[str, Any] = {
        "crumbs": crumbs_within(found, _("Notes and decisions")),
        "meeting": found,
        "items": items,
        "resolutions": resolutions_of(found.line.id, request.standing),
        "form": resolution or ResolutionForm(items=_items(found)),
        "may_direct": bool(directing_posts(request, found)),
        "may_write": found.runs or found.line.state == "minuted",
    }
    return render(request, "policy/meeting_record.html", context, status=status)


def _items(found: MeetingView) -> list[tuple[int, str]]:
    return [(item.id, f"{item.number}. {item.title}") for item in found.agenda]


def _wanted(form: ResolutionForm) -> NewResolution:
    said = form.cleaned_data
    return NewResolution(
        words=said["words"],
        sort=said["sort"],
        item_id=said["item"],
        responsible=said["responsible"],
        due_on=said["due_on"],
    )


def _resolution(request: SignedInRequest, found: MeetingView, resolution_id: int) -> ResolutionLine:
    rows = resolutions_of(found.line.id, request.standing)
    return next(row for row in rows if row.id == resolution_id)


def _directive_initial(
    found: MeetingView, row: ResolutionLine, request: SignedInRequest
) -> dict[str, Any]:
    title = " ".join(row.words.split())
    coming = row.due_on is not None and row.due_on >= request.standing.on
    who = f"\n\n{_('Responsible')}: {row.responsible}" if row.responsible else ""
    return {
        "title": title if len(title) <= SHORT else f"{title[: SHORT - 1]}…",
        "text": f"{row.words}{who}",
        "due_on": row.due_on if coming else None,
        "source": source_words(found, row.number),
    }


def source_words(found: MeetingView, number: int) -> str:
    """Return the meeting and the decision as a directive names where it comes from."""
    held = format_medium(found.line.starts_at.astimezone(BANGKOK).date())
    which = (
        _("meeting no. %(number)s") % {"number": found.line.number_words}
        if found.line.number_words
        else ""
    )
    return joined([found.line.title, which, held, _("decision %(number)d") % {"number": number}])


def _new_directive(sender: SenderForm, words: WordsForm, found: MeetingView) -> NewDirective:
    said, sent = words.cleaned_data, sender.cleaned_data
    return NewDirective(
        **{key: said[key] for key in ("title", "text", "due_on", "due_words", "facet", "source")},
        **{key: sent[key] for key in ("number", "on_behalf_of", "wants_evidence")},
        document_id=found.document[0] if found.document else None,
    )


def _say(
    refused: DirectiveRefused,
    sender: SenderForm,
    words: WordsForm,
    receivers: ReceiversForm | ToInvitedForm,
) -> None:
    said = refusal_words(refused.code)
    if refused.field == "receivers":
        receivers.add_error("within" if "within" in receivers.fields else "to_invited", said)
    elif refused.field in words.fields:
        words.add_error(refused.field, said)
    else:
        sender.add_error(None, said)


def _crumbs(found: MeetingView, heading: str) -> Crumbs:
    crumbs = crumbs_within(found, heading)
    crumbs.insert(2, (_("Notes and decisions"), reverse("meeting-record", args=[found.line.id])))
    return crumbs
