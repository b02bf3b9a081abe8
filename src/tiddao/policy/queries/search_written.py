"""What offices published or issued, as the search takes it in: strategies, letters, minutes.

Drafts are not taken in; of what was published or issued several times, the last.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tiddao.kernel.fiscal import FiscalYear
from tiddao.people.access import Standing
from tiddao.policy.models import (
    IssuedMinutes,
    IssuedPaper,
    Meeting,
    Mission,
    Paper,
    StrategySource,
    StrategyVersion,
)
from tiddao.policy.queries.letters import visible_papers
from tiddao.policy.queries.meeting_visibility import visible_meetings
from tiddao.policy.queries.search_sources import Content, Source, lines, seen
from tiddao.policy.queries.strategy.access import visible_versions
from tiddao.policy.rules.official import Minutes, Resolved, letter_from, minutes_from
from tiddao.ui.registry import Words


class Strategies:
    """Strategies and directions: vision, goal and the policies they come from."""

    kind = "strategy"
    words: Words = _("Strategies and directions")
    icon = "compass"

    def keys(self) -> QuerySet[Any, int]:
        return _in_force().values_list("pk", flat=True)

    def contents(self, keys: Collection[int]) -> Iterable[Content]:
        policies: dict[int, list[str]] = defaultdict(list)
        for source in StrategySource.objects.filter(version__in=keys).order_by("order", "pk"):
            policies[source.version_id] += [source.title, source.text, source.number]
        for row in _in_force().filter(pk__in=keys).select_related("strategy"):
            yield Content(
                key=row.pk,
                place=row.strategy.place_id,
                fiscal_year=row.strategy.fiscal_year,
                on=_published(row),
                title=row.title,
                text=lines(row.vision, row.vision_source, row.goal, *policies[row.pk]),
            )

    def visible(self, standing: Standing) -> QuerySet[Any, Any] | None:
        return _in_force().filter(visible_versions(standing)).values("pk")

    def href(self, key: int) -> str:
        return reverse("strategy-version", args=[key])


class Missions:
    """Key missions and ways to go, one by one."""

    kind = "mission"
    words: Words = _("Missions and ways to go")
    icon = "flag"

    def keys(self) -> QuerySet[Any, int]:
        return Mission.objects.filter(version__in=_in_force()).values_list("pk", flat=True)

    def contents(self, keys: Collection[int]) -> Iterable[Content]:
        rows = Mission.objects.filter(pk__in=keys, version__in=_in_force())
        for row in rows.select_related("version__strategy"):
            yield Content(
                key=row.pk,
                place=row.version.strategy.place_id,
                fiscal_year=row.version.strategy.fiscal_year,
                on=_published(row.version),
                title=row.title,
                text=lines(row.text, row.owner),
            )

    def visible(self, standing: Standing) -> QuerySet[Any, Any] | None:
        versions = _in_force().filter(visible_versions(standing))
        return Mission.objects.filter(version__in=versions.values("pk")).values("pk")

    def href(self, key: int) -> str:
        return reverse("mission", args=[key])


class Letters:
    """Letters, circulars and memoranda as they were last issued."""

    kind = "letter"
    words: Words = _("Issued letters")
    icon = "mail"

    def keys(self) -> QuerySet[Any, int]:
        return Paper.objects.filter(state=Paper.State.ISSUED).values_list("pk", flat=True)

    def contents(self, keys: Collection[int]) -> Iterable[Content]:
        issues = IssuedPaper.objects.filter(paper__in=keys, paper__state=Paper.State.ISSUED)
        last = issues.order_by("paper", "-number").distinct("paper").select_related("paper")
        for row in last:
            said = letter_from(row.content)
            on = said.day or timezone.localdate(row.at)
            yield Content(
                key=row.paper_id,
                place=row.paper.place_id,
                fiscal_year=FiscalYear.of(on).be,
                on=on,
                title=said.subject,
                text=lines(
                    said.number,
                    said.to,
                    said.text,
                    *said.references,
                    *said.enclosures,
                    said.signer,
                    said.signer_title,
                    *said.receivers,
                ),
            )

    def visible(self, standing: Standing) -> QuerySet[Any, Any] | None:
        return seen(Paper.objects.all(), visible_papers(standing))

    def href(self, key: int) -> str:
        return reverse("letter", args=[key])


class MeetingMinutes:
    """Minutes as they were last issued, found by the number of their meeting."""

    kind = "minutes"
    words: Words = _("Issued minutes")
    icon = "file-certificate"

    def keys(self) -> QuerySet[Any, int]:
        return Meeting.objects.filter(issues__number=1).values_list("pk", flat=True)

    def contents(self, keys: Collection[int]) -> Iterable[Content]:
        issues = IssuedMinutes.objects.filter(meeting__in=keys).select_related("meeting")
        for row in issues.order_by("meeting", "-number").distinct("meeting"):
            said = minutes_from(row.content)
            yield Content(
                key=row.meeting_id,
                place=row.meeting.place_id,
                fiscal_year=FiscalYear.of(said.day).be,
                on=said.day,
                title=said.title,
                text=_minutes_text(said),
            )

    def visible(self, standing: Standing) -> QuerySet[Any, Any] | None:
        return seen(Meeting.objects.all(), visible_meetings(standing))

    def href(self, key: int) -> str:
        return reverse("minutes", args=[key])


def mission_address(mission_id: int, standing: Standing) -> str | None:
    """Return where a mission stands in its strategy, if the person may read that. One query."""
    found = (
        Mission.objects.filter(
            pk=mission_id,
            version__in=StrategyVersion.objects.filter(visible_versions(standing)).values("pk"),
        )
        .values_list("version", "key")
        .first()
    )
    if found is None:
        return None
    version, key = found
    return f"{reverse('strategy-version', args=[version])}#m-{key}"


# -- pieces ----------------------------------------------------------------------------------------


def _in_force() -> QuerySet[StrategyVersion]:
    """The newest published version of each strategy."""
    published = Q(state=StrategyVersion.State.PUBLISHED)
    newer = StrategyVersion.objects.filter(
        published, strategy=OuterRef("strategy"), number__gt=OuterRef("number")
    )
    return StrategyVersion.objects.filter(published, ~Exists(newer))


def _published(row: StrategyVersion) -> date:
    assert row.published_at is not None  # by a constraint of the table
    return row.published_on or timezone.localdate(row.published_at)


def _minutes_text(said: Minutes) -> str:
    people = (
        text
        for one in (*said.present, *said.absent, *said.also)
        for text in (one.name, one.title, one.note)
    )
    matter = (
        text
        for item in said.items
        for text in (item.title, item.speaker, item.venue, item.notes, *_decided(item.resolved))
    )
    return lines(
        said.venue, *matter, *_decided(said.other), said.chair, *people, said.recorder, said.checker
    )


def _decided(resolved: Iterable[Resolved]) -> Iterable[str]:
    return (text for one in resolved for text in (one.words, one.responsible))


OWN: tuple[Source, ...] = (Strategies(), Missions(), Letters(), MeetingMinutes())
