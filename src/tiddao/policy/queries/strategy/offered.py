"""What a strategy may still take up: directives that carry out no mission, papers of its sources."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, QuerySet

from tiddao.people.access import Standing
from tiddao.policy.models import Directive, Document, MissionDirective, StrategyVersion
from tiddao.policy.queries.visibility import visible_directives, visible_documents


def directives_on_nothing(office: str, year: int, standing: Standing) -> QuerySet[Directive]:
    """Return the directives that an office sent in a year and that carry out no mission, but for
    those by which a strategy itself was handed down.
    """
    hanging = MissionDirective.objects.filter(directive=OuterRef("pk"), ended_at__isnull=True)
    to_read = StrategyVersion.objects.filter(directive=OuterRef("pk"))
    return (
        Directive.objects.filter(visible_directives(standing), office=office, fiscal_year=year)
        .exclude(state=Directive.State.CANCELLED)
        .exclude(Exists(hanging) | Exists(to_read))
        .order_by("-sent_at", "-pk")
    )


def documents_offered(standing: Standing, *, place: str) -> list[tuple[int, str]]:
    """Return the newest 200 documents of the place's office, to name one as a source's paper."""
    rows = Document.objects.filter(visible_documents(standing), place=place).order_by("-at")[:200]
    return [(row.pk, f"{row.number} {row.title}".strip()) for row in rows]
