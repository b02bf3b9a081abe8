"""Which framework applies where, its versions, its rounds."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import lru_cache

from django.db.models import Exists, OuterRef, Q, QuerySet

from tiddao.indicators.models import Framework, Result, Round, RoundStanding, Version
from tiddao.indicators.rules.definitions import FrameworkDefinition
from tiddao.indicators.rules.toml_files import read_toml
from tiddao.places import tree
from tiddao.places.models import NATION, Level
from tiddao.places.queries import Unit, in_language

DEFAULT_CODE = "amphoe-tid-dao"
"""The department's framework, used where a province has none of its own."""


@dataclass(frozen=True, slots=True)
class FrameworkInForce:
    """A published version, as pages and scores speak of it."""

    framework_id: int
    code: str
    fiscal_year: int
    title_th: str
    title_en: str
    proposed: bool
    owner_code: str
    owner_place: str
    version_id: int
    version: int
    digest: str
    published_at: datetime
    definition: FrameworkDefinition

    @property
    def title(self) -> str:
        return in_language(self.title_th, self.title_en)


@dataclass(frozen=True, slots=True)
class RoundView:
    """A round of reporting. has_results: somebody's report counts in it (submitted or further)."""

    id: int
    framework_id: int
    fiscal_year: int
    code: str
    name_th: str
    name_en: str
    opens: date
    closes: date
    true_on: date
    state: str
    version_id: int | None  # the version it was closed under
    has_results: bool

    @property
    def name(self) -> str:
        return in_language(self.name_th, self.name_en)


@dataclass(frozen=True, slots=True)
class VersionView:
    """One version of a framework; published_by: reference of the account, "user:12"."""

    id: int
    number: int
    state: str
    digest: str
    edition: int
    created_at: datetime
    published_at: datetime | None
    published_by: str


@dataclass(frozen=True, slots=True)
class FrameworkRow:
    """A framework in a list. published, draft: numbers of those versions, where there are any."""

    id: int
    code: str
    fiscal_year: int
    title_th: str
    title_en: str
    proposed: bool
    owner_code: str
    owner_name: str
    owner_place: str
    published: int | None
    draft: int | None

    @property
    def title(self) -> str:
        return in_language(self.title_th, self.title_en)


@dataclass(frozen=True, slots=True)
class FrameworkDetail:
    """A framework with all its versions (newest first) and rounds; definition: the shown one's."""

    row: FrameworkRow
    versions: tuple[VersionView, ...]
    shown: VersionView
    definition: FrameworkDefinition
    toml: str
    rounds: tuple[RoundView, ...]


@lru_cache(maxsize=256)
def _parsed(toml: str) -> FrameworkDefinition:
    return read_toml(toml, file="version")


_MOST_FROZEN = 256
_frozen: dict[tuple[int, str], FrameworkDefinition] = {}


def definition_of(version: Version) -> FrameworkDefinition:
    """Return the version's definition; one text is read once.

    What was published never changes, so it is known by its number and digest: the text itself, tens
    of kilobytes of it, is not even fetched for a version that was read without it.

    Raises DefinitionRefused for a text that is no framework, which only a hand in the database
    could have put there.
    """
    if version.state == Version.State.DRAFT:
        return _parsed(version.toml)
    key = (version.pk, version.digest)
    found = _frozen.get(key)
    if found is None:
        if len(_frozen) >= _MOST_FROZEN:
            _frozen.clear()
        found = _frozen[key] = _parsed(version.toml)
    return found


def applies_to(owner_place: str, unit: Unit) -> bool:
    """Say whether an office's framework covers the unit: all of it lies within the office's place."""
    if owner_place == NATION:
        return True
    inside = unit.members or {unit.within}
    return all(code != NATION and tree.is_within(code, owner_place) for code in inside)


def frameworks_for(
    unit: Unit, year: int, *, at: datetime | None = None
) -> tuple[FrameworkInForce, ...]:
    """Return what was published for the unit in the year, by the moment, the default first.

    The nearest owner's frameworks come before those of an office higher up; the department's own
    default before its others. One query.
    """
    newest: dict[int, Version] = {}
    for version in _published(at).filter(framework__fiscal_year=year):
        if applies_to(version.framework.owner.place_id, unit):
            newest.setdefault(version.framework_id, version)

    def nearest_first(version: Version) -> tuple[int, bool, str]:
        owner = version.framework.owner.place_id
        reach = 0 if owner == NATION else len(owner)
        return -reach, version.framework.code != DEFAULT_CODE, version.framework.code

    return tuple(_in_force(version) for version in sorted(newest.values(), key=nearest_first))


def framework_in_force(
    unit: Unit, year: int, *, code: str | None = None, at: datetime | None = None
) -> FrameworkInForce | None:
    """Return the newest published version of the framework that applies to the unit, or None.

    code: that framework; without it, the province's own, else the department's default. at: as
    published by that moment. One query.
    """
    for framework in frameworks_for(unit, year, at=at):
        if code is None or framework.code == code:
            return framework
    return None


def _published(at: datetime | None) -> QuerySet[Version]:
    versions = Version.objects.exclude(state=Version.State.DRAFT)
    if at is not None:
        versions = versions.filter(published_at__lte=at)
    return versions.select_related("framework__owner").order_by("-number")


def _in_force(version: Version) -> FrameworkInForce:
    definition = definition_of(version)
    framework = version.framework
    assert version.published_at is not None  # a database constraint says so
    return FrameworkInForce(
        framework_id=framework.pk,
        code=framework.code,
        fiscal_year=framework.fiscal_year,
        title_th=definition.title_th,
        title_en=definition.title_en,
        proposed=definition.proposed,
        owner_code=framework.owner_id,
        owner_place=framework.owner.place_id,
        version_id=version.pk,
        version=version.number,
        digest=version.digest,
        published_at=version.published_at,
        definition=definition,
    )


def years_with_frameworks() -> tuple[int, ...]:
    """Return the fiscal years for which something is published, the newest first. One query."""
    published = Version.objects.filter(framework=OuterRef("pk")).exclude(state=Version.State.DRAFT)
    years = Framework.objects.filter(Exists(published)).values_list("fiscal_year", flat=True)
    return tuple(years.order_by("-fiscal_year").distinct())


_DEPTH = {level: depth for depth, level in enumerate(tree.LEVELS)}


def assesses(framework: FrameworkInForce, unit: Unit) -> bool:
    """Say whether the framework assesses the unit, or the district that a smaller place lies in."""
    depth = 0 if unit.is_group else min(_DEPTH[Level(unit.level)], _DEPTH[Level.DISTRICT])
    return _DEPTH[Level(framework.definition.assessed_level)] >= depth


def shown_first(
    unit: Unit, years: Iterable[int]
) -> tuple[int, tuple[FrameworkInForce, ...]] | None:
    """Return the year a unit's page opens on, with all frameworks that speak of it then.

    It is the first of the years that has the department's default framework or one that a province
    owns; where no year has, the first with any; None where nothing assesses the unit.
    """
    any_at_all = None
    for year in years:
        found = tuple(each for each in frameworks_for(unit, year) if assesses(each, unit))
        if any(each.code == DEFAULT_CODE or each.owner_place != NATION for each in found):
            return year, found
        if found and any_at_all is None:
            any_at_all = year, found
    return any_at_all


def known(at: datetime | None) -> Q:
    """Return the condition that a revision of a fact was the known one at the moment, or is now."""
    if at is None:
        return Q(superseded_at__isnull=True)
    return Q(known_at__lte=at) & (Q(superseded_at__isnull=True) | Q(superseded_at__gt=at))


def rounds_of(
    framework_ids: Collection[int], *, at: datetime | None = None
) -> tuple[RoundView, ...]:
    """Return the frameworks' rounds in the order of their days. One query; two for another moment.

    at: as they stood then, without those that nobody knew of yet.
    """
    counted = Result.objects.filter(
        known(at),
        round=OuterRef("pk"),
        state__in=["submitted", "checked", "approved", "locked"],
    )
    rows = (
        Round.objects.filter(framework_id__in=framework_ids)
        .annotate(has_results=Exists(counted))
        .select_related("framework")
        .order_by("true_on", "framework_id", "id")
    )
    if at is None:
        return tuple(round_view(row, has_results=row.has_results) for row in rows)
    standings = (
        RoundStanding.objects.filter(round__framework_id__in=framework_ids, known_at__lte=at)
        .order_by("round_id", "-known_at", "-id")
        .distinct("round_id")
    )
    stood = {each.round_id: each for each in standings}
    views = [
        _as_it_stood(row, stood[row.pk], has_results=row.has_results)
        for row in rows
        if row.pk in stood
    ]
    return tuple(sorted(views, key=lambda view: (view.true_on, view.framework_id, view.id)))


def _as_it_stood(row: Round, then: RoundStanding, *, has_results: bool) -> RoundView:
    return replace(
        round_view(row, has_results=has_results),
        name_th=then.name_th,
        name_en=then.name_en,
        opens=then.opens,
        closes=then.closes,
        true_on=then.true_on,
        state=then.state,
        version_id=then.version_id,
    )


def round_view(row: Round, *, has_results: bool) -> RoundView:
    """Return the round for show."""
    return RoundView(
        id=row.pk,
        framework_id=row.framework_id,
        fiscal_year=row.framework.fiscal_year,
        code=row.code,
        name_th=row.name_th,
        name_en=row.name_en,
        opens=row.opens,
        closes=row.closes,
        true_on=row.true_on,
        state=row.state,
        version_id=row.version_id,
        has_results=has_results,
    )


def default_round(rounds: Iterable[RoundView]) -> RoundView | None:
    """Return the last round in which somebody has reported, else the first of all, else None."""
    by_day = list(rounds)
    reported = [each for each in by_day if each.has_results]
    return reported[-1] if reported else (by_day[0] if by_day else None)


# -- for the pages of frameworks ------------------------------------------------------------------


def framework_rows(roots: Collection[str], *, year: int | None = None) -> tuple[FrameworkRow, ...]:
    """Return the frameworks that concern somebody who sees these places: owned above or below.

    roots: place codes of the person's scope. Newest year first. Drafts of others are named, not
    shown, by their number. One query.
    """
    concerned = Q(pk__in=[])
    for root in roots:
        concerned |= Q(owner__place_id__in=[*tree.ancestor_codes(root), root])
    if NATION in roots:
        concerned = Q()
    elif roots:
        for root in roots:
            concerned |= Q(owner__place__code__startswith=root)
    rows = Framework.objects.filter(concerned).select_related("owner")
    if year is not None:
        rows = rows.filter(fiscal_year=year)
    rows = rows.prefetch_related("versions").order_by("-fiscal_year", "code")
    return tuple(_row(framework) for framework in rows)


def _row(framework: Framework) -> FrameworkRow:
    versions = sorted(framework.versions.all(), key=lambda each: each.number)
    drafts = [each.number for each in versions if each.state == Version.State.DRAFT]
    published = [each.number for each in versions if each.state != Version.State.DRAFT]
    return FrameworkRow(
        id=framework.pk,
        code=framework.code,
        fiscal_year=framework.fiscal_year,
        title_th=framework.title_th,
        title_en=framework.title_en,
        proposed=framework.proposed,
        owner_code=framework.owner_id,
        owner_name=framework.owner.name_th,
        owner_place=framework.owner.place_id,
        published=published[-1] if published else None,
        draft=drafts[-1] if drafts else None,
    )


def framework_detail(
    code: str, year: int, *, number: int | None = None, draft: bool = False
) -> FrameworkDetail | None:
    """Return the framework of that code and year, or None; None also when it has no such version.

    number: show that version; draft: show the draft; without either, the newest published one,
    else the draft. Three queries.
    """
    framework = (
        Framework.objects.select_related("owner")
        .prefetch_related("versions")
        .filter(code=code, fiscal_year=year)
        .first()
    )
    if framework is None:
        return None
    versions = sorted(framework.versions.all(), key=lambda each: -each.number)
    drafts = [each for each in versions if each.state == Version.State.DRAFT]
    published = [each for each in versions if each.state != Version.State.DRAFT]
    if number is not None:
        wanted = [each for each in versions if each.number == number]
    else:
        wanted = drafts if draft else [*published, *drafts]
    if not wanted:
        return None
    return FrameworkDetail(
        row=_row(framework),
        versions=tuple(_version_view(each) for each in versions),
        shown=_version_view(wanted[0]),
        definition=definition_of(wanted[0]),
        toml=wanted[0].toml,
        rounds=rounds_of([framework.pk]),
    )


def _version_view(version: Version) -> VersionView:
    return VersionView(
        id=version.pk,
        number=version.number,
        state=version.state,
        digest=version.digest,
        edition=version.edition,
        created_at=version.created_at,
        published_at=version.published_at,
        published_by=version.published_by,
    )


def find_round(round_id: int) -> Round | None:
    """Return the round with its framework and owner, for an act on it, or None."""
    return Round.objects.select_related("framework__owner").filter(pk=round_id).first()


def find_version(version_id: int) -> Version | None:
    """Return the version with its framework and owner, for an act on it, or None."""
    return Version.objects.select_related("framework__owner").filter(pk=version_id).first()


def find_framework(code: str, year: int) -> Framework | None:
    """Return the framework with its owner, for an act on it, or None."""
    return Framework.objects.select_related("owner").filter(code=code, fiscal_year=year).first()


def version_in_force(framework_id: int, *, at: datetime | None = None) -> Version | None:
    """Return the framework's newest version published by the moment, or None. One query.

    Its text is fetched when it is asked for; ``definition_of`` seldom does.
    """
    return _published(at).filter(framework_id=framework_id).defer("toml").first()


def version_of(one: Round) -> Version | None:
    """Return the version that scores the round: a closed one's own, else the one in force. One query."""
    if one.version_id is not None:
        return Version.objects.defer("toml").get(pk=one.version_id)
    return version_in_force(one.framework_id)


def all_rounds() -> tuple[int, ...]:
    """Return the ids of all rounds. One query."""
    return tuple(Round.objects.order_by("pk").values_list("pk", flat=True))
