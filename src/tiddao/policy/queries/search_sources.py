"""What can be searched: each kind says what stands in it, who may see it and where it is shown.

An area adds a kind of its own in ``AppConfig.ready`` (``register``), and in a migration the triggers
that say when a row changed and what there is already (``tiddao.policy.search_watch``).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol

from django.db.models import Model, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tiddao.people.access import Standing
from tiddao.policy.models import AgendaItem, AgendaNote, Directive, Document, Meeting, Resolution
from tiddao.policy.queries.meeting_visibility import visible_meetings
from tiddao.policy.queries.visibility import visible_directives, visible_documents
from tiddao.ui.registry import Words


@dataclass(frozen=True, slots=True)
class Content:
    """One thing as the index takes it in. text: all words it is to be found by, besides the title."""

    key: int
    place: str
    fiscal_year: int
    on: date
    title: str
    text: str


class Source(Protocol):
    """A kind of thing that can be searched. kind: up to 20 signs, never changed; icon: by name."""

    kind: str
    words: Words
    icon: str

    def keys(self) -> QuerySet[Any, int]:
        """Return the numbers of all there are, as a query."""

    def contents(self, keys: Collection[int]) -> Iterable[Content]:
        """Return those of the numbers that exist, in a few queries."""

    def visible(self, standing: Standing) -> QuerySet[Any, Any] | None:
        """Return the numbers of those that the person may see, as a query; None for all."""

    def href(self, key: int) -> str:
        """Return the address of the page that shows it."""


SOURCES: dict[str, Source] = {}


def register(source: Source) -> None:
    """Add a kind; harmless when done again."""
    SOURCES[source.kind] = source


def seen(rows: QuerySet[Model], condition: Any) -> QuerySet[Any, Any] | None:
    """Return the numbers of the rows that fulfil a condition, None where it is an empty one."""
    return rows.filter(condition).values("pk") if condition else None


class Documents:
    """Documents as they were read, whole."""

    kind = "document"
    words: Words = _("Documents")
    icon = "file-text"

    def keys(self) -> QuerySet[Any, int]:
        return Document.objects.values_list("pk", flat=True)

    def contents(self, keys: Collection[int]) -> Iterable[Content]:
        for row in Document.objects.filter(pk__in=keys, source__isnull=False).select_related(
            "source"
        ):
            yield Content(
                key=row.pk,
                place=row.place_id,
                fiscal_year=row.fiscal_year,
                on=row.issued_on or timezone.localdate(row.at),
                title=row.title,
                text=lines(row.number, row.source.text),
            )

    def visible(self, standing: Standing) -> QuerySet[Any, Any] | None:
        return seen(Document.objects.all(), visible_documents(standing))

    def href(self, key: int) -> str:
        return reverse("document", args=[key])


class Directives:
    """Directives as they were sent; what offices answered is theirs and is not searched."""

    kind = "directive"
    words: Words = _("Directives")
    icon = "send"

    def keys(self) -> QuerySet[Any, int]:
        return Directive.objects.values_list("pk", flat=True)

    def contents(self, keys: Collection[int]) -> Iterable[Content]:
        for row in Directive.objects.filter(pk__in=keys):
            yield Content(
                key=row.pk,
                place=row.place_id,
                fiscal_year=row.fiscal_year,
                on=row.sent_on,
                title=row.title,
                text=lines(
                    row.text,
                    row.number,
                    row.source,
                    row.due_words,
                    row.sender_title,
                    row.on_behalf_of,
                ),
            )

    def visible(self, standing: Standing) -> QuerySet[Any, Any] | None:
        return seen(Directive.objects.all(), visible_directives(standing))

    def href(self, key: int) -> str:
        return reverse("directive", args=[key])


class Meetings:
    """Meetings with their agenda, the last note on each item, and what was decided."""

    kind = "meeting"
    words: Words = _("Meetings")
    icon = "users-group"

    def keys(self) -> QuerySet[Any, int]:
        return Meeting.objects.values_list("pk", flat=True)

    def contents(self, keys: Collection[int]) -> Iterable[Content]:
        said: dict[int, list[str]] = defaultdict(list)
        last = (
            AgendaNote.objects.filter(item__meeting__in=keys)
            .order_by("item", "-number")
            .distinct("item")
        )
        notes: Mapping[int, str] = dict(last.values_list("item", "words"))
        for item in AgendaItem.objects.filter(meeting__in=keys, dropped=False).order_by("order"):
            said[item.meeting_id] += [item.title, item.speaker, item.venue, notes.get(item.pk, "")]
        for decided in Resolution.objects.filter(meeting__in=keys).order_by("number"):
            said[decided.meeting_id] += [decided.words, decided.responsible]
        for row in Meeting.objects.filter(pk__in=keys):
            yield Content(
                key=row.pk,
                place=row.place_id,
                fiscal_year=row.fiscal_year,
                on=timezone.localdate(row.starts_at),
                title=row.title,
                text=lines(row.purpose, row.venue, row.chair, row.secretary, *said[row.pk]),
            )

    def visible(self, standing: Standing) -> QuerySet[Any, Any] | None:
        return seen(Meeting.objects.all(), visible_meetings(standing))

    def href(self, key: int) -> str:
        return reverse("meeting", args=[key])


def lines(*texts: str) -> str:
    """Return the texts that say something, one below the other."""
    return "\n".join(text for text in texts if text)


OWN: tuple[Source, ...] = (Documents(), Directives(), Meetings())
