"""What people told, as the search takes it in: field visits, idea boards and their ideas."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tiddao.kernel.fiscal import FiscalYear
from tiddao.people.access import Standing
from tiddao.places.models import NATION
from tiddao.policy.models import (
    FieldVisit,
    FollowUp,
    Idea,
    IdeaBoard,
    IdeaGroup,
    ProposalAnswer,
)
from tiddao.policy.queries.ideas import boards_seen
from tiddao.policy.queries.search_sources import Content, Source, lines, seen
from tiddao.policy.queries.visits import visible_visits
from tiddao.ui.registry import Words

_LONGEST_TITLE = 120
"""Characters of an idea that are its title; a longer one is also kept whole as text."""


class Visits:
    """Field visits with what is to be done after them and what came of it."""

    kind = "visit"
    words: Words = _("Field visits")
    icon = "walk"

    def keys(self) -> QuerySet[Any, int]:
        return FieldVisit.objects.values_list("pk", flat=True)

    def contents(self, keys: Collection[int]) -> Iterable[Content]:
        to_do: dict[int, list[str]] = defaultdict(list)
        for one in FollowUp.objects.filter(visit__in=keys).order_by("pk"):
            to_do[one.visit_id] += [one.words, one.responsible, one.done_words]
        for row in FieldVisit.objects.filter(pk__in=keys):
            yield Content(
                key=row.pk,
                place=row.place_id,
                fiscal_year=FiscalYear.of(row.visited_on).be,
                on=row.visited_on,
                title=row.subject,
                text=lines(row.spot, row.problem, row.progress, row.by_name, *to_do[row.pk]),
            )

    def visible(self, standing: Standing) -> QuerySet[Any, Any] | None:
        return seen(FieldVisit.objects.all(), visible_visits(standing))

    def href(self, key: int) -> str:
        return reverse("visit", args=[key])


class Boards:
    """Idea boards: the question and the headings of the groups."""

    kind = "board"
    words: Words = _("Idea boards")
    icon = "bulb"

    def keys(self) -> QuerySet[Any, int]:
        return IdeaBoard.objects.values_list("pk", flat=True)

    def contents(self, keys: Collection[int]) -> Iterable[Content]:
        headings: dict[int, list[str]] = defaultdict(list)
        for group in IdeaGroup.objects.filter(board__in=keys).order_by("order", "pk"):
            headings[group.board_id].append(group.title)
        for row in IdeaBoard.objects.filter(pk__in=keys):
            on = timezone.localdate(row.at)
            yield Content(
                key=row.pk,
                place=row.place_id,
                fiscal_year=FiscalYear.of(on).be,
                on=on,
                title=row.question,
                text=lines(*headings[row.pk]),
            )

    def visible(self, standing: Standing) -> QuerySet[Any, Any] | None:
        if NATION in standing.roots:
            return None
        return boards_seen(standing).order_by().values("pk")

    def href(self, key: int) -> str:
        return reverse("idea-board", args=[key])


class Ideas:
    """Ideas one by one, with what became of them. Of a board without names neither who wrote one nor when is taken in."""

    kind = "idea"
    words: Words = _("Ideas")
    icon = "message-2"

    def keys(self) -> QuerySet[Any, int]:
        return Idea.objects.filter(withdrawn=False).values_list("pk", flat=True)

    def contents(self, keys: Collection[int]) -> Iterable[Content]:
        rows = Idea.objects.filter(pk__in=keys, withdrawn=False).select_related("board")
        said: dict[int | None, list[str]] = defaultdict(list)
        for answer in ProposalAnswer.objects.filter(proposal__ideas__in=keys).distinct():
            said[answer.proposal_id].append(answer.words)
        for row in rows:
            board = row.board
            on = timezone.localdate(row.at if board.names_shown else board.at)
            title = " ".join(row.words.split())
            is_long = len(title) > _LONGEST_TITLE
            yield Content(
                key=row.pk,
                place=board.place_id,
                fiscal_year=FiscalYear.of(on).be,
                on=on,
                title=f"{title[: _LONGEST_TITLE - 1]}…" if is_long else title,
                text=lines(
                    title if is_long else "",
                    row.became_words,
                    *said[row.proposal_id],
                    row.by_name if board.names_shown else "",
                ),
            )

    def visible(self, standing: Standing) -> QuerySet[Any, Any] | None:
        """Return those on boards that the person may see, without any withdrawn a moment ago."""
        rows = Idea.objects.filter(withdrawn=False)
        if NATION not in standing.roots:
            rows = rows.filter(board__in=boards_seen(standing).order_by().values("pk"))
        return rows.values("pk")

    def href(self, key: int) -> str:
        return reverse("idea", args=[key])


OWN: tuple[Source, ...] = (Visits(), Boards(), Ideas())
