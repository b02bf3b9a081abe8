"""The versions of strategies: which there are, which one is in force, what a version changed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, F, OuterRef, QuerySet

from tiddao.people.access import Standing
from tiddao.places.models import NATION
from tiddao.places.queries.units import full_name
from tiddao.policy.models import StrategyVersion
from tiddao.policy.queries.strategy.access import PUBLISHED, visible_versions
from tiddao.policy.rules.strategy import Change, Part, changes_between


@dataclass(frozen=True, slots=True)
class VersionLine:
    """One version in a list. in_force: the highest published number of its place and year."""

    id: int
    place: str
    place_name: str
    office: str
    fiscal_year: int
    number: int
    title: str
    state: str
    in_force: bool
    published_on: date | None
    published_name: str
    published_title: str
    change_reason: str


def versions_seen(
    standing: Standing, *, fiscal_year: int | None = None
) -> QuerySet[StrategyVersion]:
    """Return the versions that the person may read, by year and place, the newest first."""
    rows = StrategyVersion.objects.filter(visible_versions(standing))
    if fiscal_year is not None:
        rows = rows.filter(strategy__fiscal_year=fiscal_year)
    return with_place(rows).order_by(
        "-strategy__fiscal_year", F("strategy__place__code").desc(), "-number"
    )


def version_lines(rows: Iterable[StrategyVersion]) -> list[VersionLine]:
    """Return rows of ``versions_seen`` as lines."""
    return [version_line(row) for row in rows]


def years_with_strategy(standing: Standing, place: str) -> tuple[int, ...]:
    """Return the fiscal years in which the person may read a strategy of the place, newest first."""
    rows = StrategyVersion.objects.filter(
        visible_versions(standing), strategy__place__in={place, NATION}
    )
    return tuple(
        rows.order_by("-strategy__fiscal_year")
        .values_list("strategy__fiscal_year", flat=True)
        .distinct()
    )


def year_is_begun(place: str, year: int) -> bool:
    """Say whether the office at the place has a strategy of the year, be it a draft. One query."""
    return StrategyVersion.objects.filter(
        strategy__place=place, strategy__fiscal_year=year
    ).exists()


def shown_version(standing: Standing, place: str, year: int) -> int | None:
    """Return the version that a place's page opens on: in force, else its draft; or None."""
    rows = StrategyVersion.objects.filter(
        visible_versions(standing), strategy__place=place, strategy__fiscal_year=year
    )
    found = rows.order_by(F("state").desc(), "-number").first()  # published comes after draft
    return found.pk if found else None


def versions_of(place: str, year: int, standing: Standing) -> tuple[VersionLine, ...]:
    """Return the versions of a place and year that the person may read, the newest first."""
    rows = versions_seen(standing, fiscal_year=year).filter(strategy__place=place)
    return tuple(version_lines(rows))


def changes_since(version_id: int) -> tuple[int, tuple[Change, ...]] | None:
    """Return the number of the version before, and what changed since; None for a first version."""
    row = StrategyVersion.objects.get(pk=version_id)
    before = (
        StrategyVersion.objects.filter(strategy=row.strategy_id, number__lt=row.number)
        .order_by("-number")
        .first()
    )
    if before is None:
        return None
    return before.number, changes_between(_parts(before), _parts(row))


def with_place(rows: QuerySet[StrategyVersion]) -> QuerySet[StrategyVersion]:
    """Return the rows with what ``version_line`` reads of each."""
    newer = StrategyVersion.objects.filter(
        strategy=OuterRef("strategy"), state=PUBLISHED, number__gt=OuterRef("number")
    )
    return rows.select_related("strategy__place").annotate(is_old=Exists(newer))


def version_line(row: StrategyVersion) -> VersionLine:
    """Return a row of ``with_place`` as a line."""
    return VersionLine(
        id=row.pk,
        place=row.strategy.place_id,
        place_name=full_name(row.strategy.place),
        office=row.strategy.office_id,
        fiscal_year=row.strategy.fiscal_year,
        number=row.number,
        title=row.title,
        state=row.state,
        in_force=row.state == PUBLISHED and not row.is_old,  # type: ignore[attr-defined]  # annotated
        published_on=row.published_on,
        published_name=row.published_name,
        published_title=row.published_title,
        change_reason=row.change_reason,
    )


def newest_published(place: str, year: int) -> StrategyVersion | None:
    """Return the version in force at the place in the year, as ``with_place`` does. One query."""
    rows = StrategyVersion.objects.filter(
        strategy__place=place, strategy__fiscal_year=year, state=PUBLISHED
    )
    return with_place(rows).order_by("-number").first()


def _parts(version: StrategyVersion) -> list[Part]:
    """Every part of a version as what it says, for the comparison of two."""
    parts = [
        Part(
            "head",
            version.title,
            {
                "vision": version.vision,
                "vision_on": version.vision_on.isoformat() if version.vision_on else "",
                "vision_source": version.vision_source,
                "goal": version.goal,
            },
        )
    ]
    parts += [
        Part(
            each.key,
            each.title,
            {
                "kind": each.kind,
                "text": each.text,
                "number": each.number,
                "issued_on": each.issued_on.isoformat() if each.issued_on else "",
                "order": str(each.order),
            },
        )
        for each in version.sources.order_by("order", "pk")
    ]
    rows = version.missions.select_related("carries_out").order_by("order", "pk")
    for mission in rows.prefetch_related("stands_on__source", "indicators"):
        measured = (f"{one.framework} {one.code}" for one in mission.indicators.all())
        parts.append(
            Part(
                mission.key,
                mission.title,
                {
                    "text": mission.text,
                    "owner": mission.owner,
                    "sources": " ".join(sorted(one.source.key for one in mission.stands_on.all())),
                    "carries_out": mission.carries_out.key if mission.carries_out else "",
                    "indicators": ", ".join(sorted(measured)),
                    "order": str(mission.order),
                },
            )
        )
    return parts
