"""Groups of places: list, page, making and changing."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tiddao.ledger.actors import Actor
from tiddao.places.access import SignedInRequest, actor_for, places_of_act
from tiddao.places.actions.groups import (
    GroupRefused,
    change_members,
    close_group,
    create_group,
    edit_group,
    state_of,
)
from tiddao.places.forms import CloseForm, GroupForm, MembersForm, NewGroupForm
from tiddao.places.models import GroupKind
from tiddao.places.queries import find_unit
from tiddao.places.queries.groups import (
    GroupPage,
    candidate_members,
    counts_by_kind,
    group_page,
    visible_groups,
)
from tiddao.places.queries.maps import MapValue, MapView, map_of
from tiddao.places.queries.search import places_by_codes

ACT = "edit_group"


@require_GET
def groups(request: SignedInRequest) -> HttpResponse:
    """List the groups in scope, by kind where one is chosen."""
    standing = request.standing
    rows = visible_groups(roots=standing.roots, on=standing.on)
    kind = request.GET.get("kind", "")
    chosen = [row for row in rows if row.kind == kind] if kind in GroupKind.values else list(rows)
    context = {
        "rows": chosen,
        "kinds": counts_by_kind(rows),
        "kind": kind,
        "all": len(rows),
        "may_edit": standing.may(ACT),
    }
    return render(request, "places/groups.html", context)


@require_GET
def group(request: SignedInRequest, key: str) -> HttpResponse:
    """Show a group: its members with their dates, its source, a map."""
    page = _page_or_404(request, key)
    context = {
        "page": page,
        "map": _map(request, page),
        "may_edit": request.standing.may(ACT, page.row.within),
    }
    return render(request, "places/group.html", context)


@require_http_methods(["GET", "POST"])
def new_group(request: SignedInRequest) -> HttpResponse:
    """Make a group within one of the places where the person may."""
    standing = request.standing
    homes = places_of_act(standing, ACT)
    if not homes:
        raise Http404
    within = request.GET.get("within") or homes[0]
    by = actor_for(standing, ACT, within)
    home = next(iter(places_by_codes([within], on=standing.on)), None)
    places = candidate_members(within, on=standing.on) if home else {}
    if not places:
        raise Http404
    form = NewGroupForm(request.POST or None, places=places, initial={"on": standing.on})
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            made = create_group(
                kind=GroupKind(data["kind"]),
                name_th=data["name_th"],
                name_en=data["name_en"],
                within=within,
                members=data["members"],
                source=data["source"],
                source_url=data["source_url"],
                note=data["note"],
                on=data["on"],
                by=by,
                at=timezone.now(),
            )
        except GroupRefused as refused:
            form.add_error(None, str(refused.reason))
        else:
            messages.success(request, _("The group was made."))
            return redirect("group", key=made.key)
    context = {
        "form": form,
        "homes": places_by_codes(homes, on=standing.on) if len(homes) > 1 else (),
        "within": home,
    }
    return render(request, "places/group_new.html", context, status=422 if form.errors else 200)


@require_GET
def group_edit(request: SignedInRequest, key: str) -> HttpResponse:
    """Show the forms that change a group."""
    page, _by = _editable(request, key)
    return _edit_page(request, page)


@require_POST
def group_members(request: SignedInRequest, key: str) -> HttpResponse:
    """Let places join and leave from a day on."""
    page, by = _editable(request, key)
    form = _members_form(request, page, bound=True)
    if form.is_valid():
        data = form.cleaned_data
        try:
            change_members(
                key,
                add=data["add"],
                remove=data["remove"],
                on=data["on"],
                by=by,
                at=timezone.now(),
                seen=data["seen"],
            )
        except GroupRefused as refused:
            form.add_error(None, str(refused.reason))
        else:
            messages.success(request, _("The members were changed."))
            return redirect("group", key=key)
    return _edit_page(request, page, members=form)


@require_POST
def group_facts(request: SignedInRequest, key: str) -> HttpResponse:
    """Correct name, source and note."""
    page, by = _editable(request, key)
    form = GroupForm(request.POST)
    if form.is_valid():
        try:
            edit_group(
                key,
                by=by,
                at=timezone.now(),
                seen=request.POST.get("seen", ""),
                **form.cleaned_data,
            )
        except GroupRefused as refused:
            form.add_error(None, str(refused.reason))
        else:
            messages.success(request, _("The description was changed."))
            return redirect("group", key=key)
    return _edit_page(request, page, facts=form)


@require_POST
def group_close(request: SignedInRequest, key: str) -> HttpResponse:
    """End a group on a day."""
    page, by = _editable(request, key)
    form = CloseForm(request.POST)
    if form.is_valid():
        data = form.cleaned_data
        try:
            close_group(key, on=data["on"], by=by, at=timezone.now(), seen=data["seen"])
        except GroupRefused as refused:
            form.add_error(None, str(refused.reason))
        else:
            messages.success(request, _("The group was closed. Its past stays as it was."))
            return redirect("group", key=key)
    return _edit_page(request, page, close=form)


def _page_or_404(request: SignedInRequest, key: str) -> GroupPage:
    page = group_page(key, roots=request.standing.roots, on=request.standing.on)
    if page is None:
        raise Http404
    return page


def _editable(request: SignedInRequest, key: str) -> tuple[GroupPage, Actor]:
    page = _page_or_404(request, key)
    return page, actor_for(request.standing, ACT, page.row.within)


def _members_form(request: SignedInRequest, page: GroupPage, *, bound: bool) -> MembersForm:
    on = request.standing.on
    return MembersForm(
        request.POST if bound else None,
        places=candidate_members(page.row.within, on=on, level=page.level),
        members=[(row.code, row.full_name) for row in page.current],
        initial={"on": on, "seen": "" if bound else state_of(page.row.key)},
    )


def _edit_page(
    request: SignedInRequest,
    page: GroupPage,
    *,
    members: MembersForm | None = None,
    facts: GroupForm | None = None,
    close: CloseForm | None = None,
) -> HttpResponse:
    row, on = page.row, request.standing.on
    refused = any(form is not None and form.errors for form in (members, facts, close))
    seen = state_of(row.key)
    context = {
        "page": page,
        "seen": seen,
        "members": members or _members_form(request, page, bound=False),
        "facts": facts
        or GroupForm(
            initial={
                "name_th": row.name_th,
                "name_en": row.name_en,
                "source": page.source,
                "source_url": page.source_url,
                "note": page.note,
            }
        ),
        "close": close or CloseForm(initial={"on": on, "seen": seen}),
    }
    return render(request, "places/group_edit.html", context, status=422 if refused else 200)


def _map(request: SignedInRequest, page: GroupPage) -> MapView | None:
    """Draw the members; from tambons down there is nothing to draw."""
    unit = find_unit(page.row.key, on=request.standing.on)
    if unit is None or not page.level:
        return None
    values = {
        row.code: MapValue(2, _("member"), reverse("place", args=[row.code]), mark=row.name)
        for row in page.current
    }
    return map_of(
        unit, page.level, values, on=request.standing.on, band_words={2: _("Members of the group")}
    )
