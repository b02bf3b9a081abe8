"""What the pages of this area share: finding or 404, who sends, what a refusal says."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar

from django.core.exceptions import PermissionDenied
from django.core.paginator import Page, Paginator
from django.db.models import Model, QuerySet
from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _

from tiddao.people.access import HeldPost, SignedInRequest
from tiddao.places.models import Office
from tiddao.policy.actions.handing_down import Sender
from tiddao.policy.forms.directives import REFUSALS
from tiddao.policy.queries.directives import (
    AssignmentView,
    DirectiveView,
    find_assignment,
    find_directive,
)
from tiddao.policy.queries.documents import DocumentView, find_document
from tiddao.policy.queries.visibility import posts_to_send

Row = TypeVar("Row", bound=Model)
Crumbs = list[tuple[object, str | None]]
ROWS = 50
"""Rows on one page of a list."""


def document_or_404(request: SignedInRequest, document_id: int) -> DocumentView:
    """Return the document if the person may read it."""
    found = find_document(document_id, request.standing)
    if found is None:
        raise Http404
    return found


def directive_or_404(request: SignedInRequest, directive_id: int) -> DirectiveView:
    """Return the directive if the person is in its line."""
    found = find_directive(directive_id, request.standing)
    if found is None:
        raise Http404
    return found


def assignment_or_404(request: SignedInRequest, assignment_id: int) -> AssignmentView:
    """Return one office's part if the person is in its line."""
    found = find_assignment(assignment_id, request.standing)
    if found is None:
        raise Http404
    return found


def following_post(directive: DirectiveView) -> HeldPost:
    """Return the post under which the person speaks for the sender. Raises PermissionDenied."""
    if directive.post is None:
        raise PermissionDenied
    return directive.post


def sending_posts(
    request: SignedInRequest, act: str = "hand_down_directive"
) -> tuple[HeldPost, ...]:
    """Return the posts under which the person may send. Raises PermissionDenied for none."""
    posts = posts_to_send(request.standing, act)
    if not posts:
        raise PermissionDenied
    return posts


def sender_of(post: HeldPost) -> Sender:
    """Return the post as a sender."""
    return Sender(
        office=post.office_code,
        place=Office.objects.values_list("place_id", flat=True).get(pk=post.office_code),
        title=f"{post.title} · {post.office_name}",
        scope=post.roots,
        post_id=post.id,
    )


def refusal_words(code: str) -> str:
    """Return in words why something was refused."""
    return str(REFUSALS.get(code, code))


def one_page(request: SignedInRequest, rows: QuerySet[Row] | list[Row]) -> Page[Row]:
    """Return the page of a list that was asked for, the nearest where there is none of that number."""
    return Paginator(rows, ROWS).get_page(request.GET.get("page"))


def directive_crumbs(*more: tuple[object, str | None]) -> Crumbs:
    """Return the way to a page of directives."""
    return [(_("Directives"), reverse("directives")), *more]


def document_crumbs(*more: tuple[object, str | None]) -> Crumbs:
    """Return the way to a page of documents."""
    return [
        (_("Directives"), reverse("directives")),
        (_("Documents"), reverse("documents")),
        *more,
    ]


def joined(words: Iterable[object]) -> str:
    """Return the words that are there, with dots between them."""
    return " · ".join(str(each) for each in words if each)
