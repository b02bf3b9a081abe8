"""Writing a draft of a strategy piece by piece: its head, its sources, its key missions."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tiddao.people.access import HeldPost, SignedInRequest
from tiddao.policy.actions.strategy import (
    Head,
    NewMission,
    NewSource,
    StrategyMovedOn,
    StrategyRefused,
    drop_part,
    save_mission,
    save_source,
    save_strategy_head,
)
from tiddao.policy.forms.strategy import (
    HeadForm,
    MissionForm,
    SourceForm,
    written_references,
)
from tiddao.policy.queries.strategy.access import WRITE
from tiddao.policy.queries.strategy.offered import documents_offered
from tiddao.policy.queries.strategy.view import StrategyView
from tiddao.policy.views.strategy import strategy_crumbs, strategy_or_404, what_may_be_done
from tiddao.policy.views.strategy_acts import office_post, say, say_moved_on


@require_GET
def draft(request: SignedInRequest, version_id: int) -> HttpResponse:
    """Show a draft as a list of parts to be written, with what is still lacking."""
    found, _post = _open(request, version_id)
    titles = {each.key: each.title for each in found.sources}
    context = {
        "crumbs": _crumbs(found),
        "strategy": found,
        "titles": titles,
        "missions": [(each, [titles[key] for key in each.sources]) for each in found.missions],
        **what_may_be_done(request, found.line),
    }
    return render(request, "policy/strategy_draft.html", context)


@require_http_methods(["GET", "POST"])
def head(request: SignedInRequest, version_id: int) -> HttpResponse:
    """Write title, vision and goal."""
    found, post = _open(request, version_id)
    form = HeadForm(
        request.POST or None,
        initial={
            "edition": found.edition,
            "title": found.line.title,
            "vision": found.vision,
            "vision_on": found.vision_on,
            "vision_source": found.vision_source,
            "goal": found.goal,
        },
    )

    def save(said: dict[str, Any]) -> None:
        edition = said.pop("edition")
        save_strategy_head(
            version_id,
            Head(**said),
            edition=edition,
            by=request.standing.actor(post),
            at=timezone.now(),
        )

    return _edit(request, found, form, _("Vision and goal"), save)


@require_http_methods(["GET", "POST"])
def source(request: SignedInRequest, version_id: int, part: str = "") -> HttpResponse:
    """Write a source, a new one without a part."""
    found, post = _open(request, version_id)
    held = next((each for each in found.sources if each.key == part), None)
    if part and held is None:
        raise Http404
    initial: dict[str, Any] = {"edition": found.edition}
    documents = documents_offered(request.standing, place=found.line.place)
    if held is None:
        initial["kind"] = "province" if found.is_direction else "department"
        asked = request.GET.get("document", "")
        initial["document"] = asked if asked.isdecimal() else None
    else:
        if held.document_id and held.document_id not in dict(documents):
            documents.append((held.document_id, held.number or held.title))
        initial |= {
            "kind": held.kind,
            "title": held.title,
            "text": held.text,
            "number": held.number,
            "issued_on": held.issued_on,
            "document": held.document_id,
            "order": held.order,
        }
    form = SourceForm(request.POST or None, documents=documents, initial=initial)

    def save(said: dict[str, Any]) -> None:
        edition, document = said.pop("edition"), said.pop("document")
        save_source(
            version_id,
            NewSource(document_id=document, **said),
            key=part,
            edition=edition,
            by=request.standing.actor(post),
            at=timezone.now(),
        )

    heading = _("Source of policy") if part else _("Add a source of policy")
    return _edit(request, found, form, heading, save, part=part, again="strategy-source-new")


@require_http_methods(["GET", "POST"])
def mission(request: SignedInRequest, version_id: int, part: str = "") -> HttpResponse:
    """Write a key mission, a new one without a part."""
    found, post = _open(request, version_id)
    held = next((each for each in found.missions if each.key == part), None)
    if part and held is None:
        raise Http404
    initial: dict[str, Any] = {"edition": found.edition}
    unknown: list[tuple[str, str]] = []
    if held is not None:
        references = [(each.framework, each.code) for each in held.measures]
        unknown = [(each.framework, each.code) for each in held.measures if each.measure is None]
        initial |= {
            "title": held.title,
            "text": held.text,
            "owner": held.owner,
            "carries_out": _still_above(found, held.carries_out_key),
            "sources": held.sources,
            "indicators": written_references(references),
            "order": held.order,
        }
    form = MissionForm(
        request.POST or None,
        sources=found.sources,
        above=found.above.missions if found.above else (),
        measures=found.measures,
        unknown=unknown,
        initial=initial,
    )

    def save(said: dict[str, Any]) -> None:
        save_mission(
            version_id,
            NewMission(
                title=said["title"],
                text=said["text"],
                owner=said["owner"],
                sources=said["sources"],
                carries_out_id=said.get("carries_out"),
                indicators=form.references,
                order=said["order"],
            ),
            key=part,
            edition=said["edition"],
            by=request.standing.actor(post),
            at=timezone.now(),
        )

    heading = _("Key mission") if part else _("Add a key mission")
    return _edit(request, found, form, heading, save, part=part, again="strategy-mission-new")


@require_POST
def drop(request: SignedInRequest, version_id: int, part: str) -> HttpResponse:
    """Take a part out of a draft."""
    found, post = _open(request, version_id)
    asked = request.POST.get("edition", "")
    try:
        drop_part(
            version_id,
            part,
            edition=int(asked) if asked.isdecimal() else -1,
            by=request.standing.actor(post),
            at=timezone.now(),
        )
    except StrategyMovedOn:
        messages.error(
            request, _("Somebody else saved the draft since you opened this page. Open it again.")
        )
    except StrategyRefused:
        raise Http404 from None
    else:
        messages.success(request, _("Taken out of the draft."))
    return redirect("strategy-draft", found.line.id)


# -- pieces ----------------------------------------------------------------------------------------


def _open(request: SignedInRequest, version_id: int) -> tuple[StrategyView, HeldPost]:
    """Return a draft with the post under which the person writes in it; 404 for what is published."""
    found = strategy_or_404(request, version_id)
    if not found.is_draft:
        raise Http404
    return found, office_post(request, found, WRITE)


def _edit(
    request: SignedInRequest,
    found: StrategyView,
    form: Form,
    heading: str,
    save: Any,
    *,
    part: str = "",
    again: str = "",
) -> HttpResponse:
    """Show a form of the draft; save it; go back to the draft, or on to the next new part."""
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            save(dict(form.cleaned_data))
        except StrategyRefused as refused:
            say(refused, form)
        except StrategyMovedOn:
            say_moved_on(form)
            status = 409
        else:
            messages.success(request, _("Saved in the draft."))
            if again and "next" in request.POST:
                return redirect(again, found.line.id)
            return redirect("strategy-draft", found.line.id)
    context = {
        "crumbs": _crumbs(found, heading),
        "heading": heading,
        "strategy": found,
        "form": form,
        "part": part,
        "adds": bool(again) and not part,
    }
    if form.errors and status == 200:
        status = 422
    return render(request, "policy/strategy_edit.html", context, status=status)


def _still_above(found: StrategyView, key: str) -> int | None:
    """The department's mission of that key as it stands now."""
    missions = found.above.missions if found.above else ()
    return next((each.id for each in missions if each.key == key), None)


def _crumbs(found: StrategyView, heading: str = "") -> list[tuple[object, str | None]]:
    here = (found.line.title, reverse("strategy-version", args=[found.line.id]))
    if not heading:
        return strategy_crumbs(here, (_("Draft"), None))
    return strategy_crumbs(
        here, (_("Draft"), reverse("strategy-draft", args=[found.line.id])), (heading, None)
    )
