"""Writing an office's strategy, checking it, publishing it, carrying it into another year."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Max

from tiddao.ledger.actions import record
from tiddao.ledger.actors import Actor
from tiddao.places.models import NATION, Office
from tiddao.policy.actions.handing_down import NewDirective, Sender, hand_down
from tiddao.policy.models import (
    LeftOut,
    Mission,
    MissionIndicator,
    MissionSource,
    PointWord,
    Strategy,
    StrategySource,
    StrategyVersion,
)
from tiddao.policy.rules.strategy import (
    NOT_YET_ABOVE_TH,
    POINTS,
    Reference,
    Said,
    next_key,
    points_lacking,
)

DRAFT, PUBLISHED = StrategyVersion.State.DRAFT, StrategyVersion.State.PUBLISHED
LAST_OF_ALL = 10_000
"""The highest order of a part."""


class StrategyRefused(Exception):
    """It cannot be done so. field: the form's field it is about, or "".

    code: title-missing, reason-missing, year-begun, draft-there, not-a-draft, not-published,
    nothing-in-it, points-lacking, wrote-it, words-missing, year-not-later, unknown-part,
    mission-gone, hangs-there, not-of-this-year.
    """

    def __init__(self, code: str, field: str = "") -> None:
        super().__init__(code)
        self.code = code
        self.field = field


class StrategyMovedOn(Exception):
    """Somebody else saved the draft since the page was opened; nothing was written."""


@dataclass(frozen=True, slots=True)
class Head:
    """The head of a version. vision_on: the day of the wording; goal: what all of it is for."""

    title: str
    vision: str = ""
    vision_on: date | None = None
    vision_source: str = ""
    goal: str = ""


@dataclass(frozen=True, slots=True)
class NewSource:
    """A source as given. document_id: the paper it was read from, where it is here."""

    kind: str
    title: str
    text: str = ""
    number: str = ""
    issued_on: date | None = None
    document_id: int | None = None
    order: int | None = None


@dataclass(frozen=True, slots=True)
class NewMission:
    """A mission as given. sources: keys; carries_out_id: a published mission of the department."""

    title: str
    text: str = ""
    owner: str = ""
    sources: Collection[str] = ()
    carries_out_id: int | None = None
    indicators: Collection[Reference] = ()
    order: int | None = None


@dataclass(frozen=True, slots=True)
class Handing:
    """The directive by which what is published goes to the offices below, to be acknowledged."""

    receivers: Collection[str]
    title: str
    text: str
    due_on: date | None = None


# -- beginning -------------------------------------------------------------------------------------


@transaction.atomic
def begin_strategy(
    office: str, year: int, title: str, *, by: Actor, at: datetime
) -> StrategyVersion:
    """Begin the office's strategy of a fiscal year with an empty draft.

    Raises StrategyRefused (title-missing, year-begun), Office.DoesNotExist.
    """
    if not title.strip():
        raise StrategyRefused("title-missing", "title")
    strategy = _fresh_strategy(Office.objects.get(pk=office), year)
    made = StrategyVersion.objects.create(
        strategy=strategy,
        number=1,
        title=title.strip()[:300],
        writers=[by.reference],
        begun_at=at,
        saved_at=at,
    )
    record(
        "begin_strategy", **_about(made, by=by, at=at), after={"title": made.title, "year": year}
    )
    return made


@transaction.atomic
def new_strategy_version(
    version_id: int, *, reason: str, by: Actor, at: datetime
) -> StrategyVersion:
    """Begin a draft that says what the published version says; the latter stands until it is out.

    Raises StrategyRefused (reason-missing, not-published, draft-there), StrategyVersion.DoesNotExist.
    """
    if not reason.strip():
        raise StrategyRefused("reason-missing", "reason")
    held = StrategyVersion.objects.get(pk=version_id)
    strategy = Strategy.objects.select_for_update().get(pk=held.strategy_id)
    if held.state != PUBLISHED:
        raise StrategyRefused("not-published")
    if strategy.versions.filter(state=DRAFT).exists():
        raise StrategyRefused("draft-there")
    last = strategy.versions.aggregate(last=Max("number"))["last"]
    made = StrategyVersion.objects.create(
        strategy=strategy,
        number=last + 1,
        title=held.title,
        vision=held.vision,
        vision_on=held.vision_on,
        vision_source=held.vision_source,
        goal=held.goal,
        writers=[by.reference],
        change_reason=reason.strip()[:500],
        begun_at=at,
        saved_at=at,
    )
    _copy_parts(held, made, without=())
    record(
        "new_strategy_version", **_about(made, by=by, at=at), after={"reason": made.change_reason},
        detail={"number": made.number},
    )  # fmt: skip
    return made


@transaction.atomic
def carry_strategy_forward(
    version_id: int, year: int, *, left_out: Mapping[str, str], by: Actor, at: datetime
) -> StrategyVersion:
    """Begin a later year with what a published version says, but for what is left out: key → reason.

    What is left out is written down. A mission of a province keeps what it carries out where the
    department has published the same mission for that year; else that too is written down.
    Raises StrategyRefused (not-published, year-not-later, year-begun, unknown-part, reason-missing),
    StrategyVersion.DoesNotExist.
    """
    held = StrategyVersion.objects.select_related("strategy__office").get(pk=version_id)
    if held.state != PUBLISHED:
        raise StrategyRefused("not-published")
    if year <= held.strategy.fiscal_year:
        raise StrategyRefused("year-not-later", "year")
    titles = {
        **{each.key: ("source", each.title) for each in held.sources.all()},
        **{each.key: ("mission", each.title) for each in held.missions.all()},
    }
    if not set(left_out) <= set(titles):
        raise StrategyRefused("unknown-part")
    if not all(reason.strip() for reason in left_out.values()):
        raise StrategyRefused("reason-missing", "reason")
    strategy = _fresh_strategy(held.strategy.office, year)
    made = StrategyVersion.objects.create(
        strategy=strategy,
        number=1,
        title=held.title.replace(str(held.strategy.fiscal_year), str(year)),
        vision=held.vision,
        vision_on=held.vision_on,
        vision_source=held.vision_source,
        goal=held.goal,
        writers=[by.reference],
        carried_from=held,
        begun_at=at,
        saved_at=at,
    )
    lost = _copy_parts(held, made, without=left_out, above=_missions_above(year))
    rows = [
        LeftOut(version=made, part=titles[key][0], key=key, title=titles[key][1],
                reason=reason.strip()[:500], by=by.reference, at=at)
        for key, reason in left_out.items()
    ] + [
        LeftOut(version=made, part="link", key=each.key, title=each.title,
                reason=NOT_YET_ABOVE_TH, by=by.reference, at=at)
        for each in lost
    ]  # fmt: skip
    LeftOut.objects.bulk_create(rows)
    record(
        "carry_strategy_forward", **_about(made, by=by, at=at),
        after={"from": held.pk, "left_out": dict(left_out)},
        detail={"year": year, "taken": len(titles) - len(left_out), "left_out": len(left_out)},
    )  # fmt: skip
    return made


# -- writing ---------------------------------------------------------------------------------------


@transaction.atomic
def save_strategy_head(
    version_id: int, head: Head, *, edition: int, by: Actor, at: datetime
) -> StrategyVersion:
    """Write title, vision and goal. Raises StrategyRefused (title-missing, not-a-draft),
    StrategyMovedOn.
    """
    held = _draft(version_id, edition)
    if not head.title.strip():
        raise StrategyRefused("title-missing", "title")
    held.title = head.title.strip()[:300]
    held.vision = head.vision.strip()
    held.vision_on = head.vision_on
    held.vision_source = head.vision_source.strip()[:300]
    held.goal = head.goal.strip()[:300]
    return _saved(held, "head", head.title, by=by, at=at)


@transaction.atomic
def save_source(
    version_id: int, given: NewSource, *, key: str = "", edition: int, by: Actor, at: datetime
) -> str:
    """Write a source, a new one without a key; return its key.

    Raises StrategyRefused (title-missing, not-a-draft, unknown-part), StrategyMovedOn.
    """
    held = _draft(version_id, edition)
    if not given.title.strip():
        raise StrategyRefused("title-missing", "title")
    if key:
        row = held.sources.filter(key=key).first()
        if row is None:
            raise StrategyRefused("unknown-part")
    else:
        row = StrategySource(version=held, key=next_key("s", _keys(held.strategy_id)))
    row.kind = StrategySource.Kind(given.kind)
    row.order = _order(given.order, row.order, held.sources.values_list("order", flat=True))
    row.title = given.title.strip()[:300]
    row.text = given.text.strip()
    row.number = given.number.strip()[:120]
    row.issued_on = given.issued_on
    row.document_id = given.document_id
    row.save()
    _saved(held, row.key, row.title, by=by, at=at)
    return row.key


@transaction.atomic
def save_mission(
    version_id: int, given: NewMission, *, key: str = "", edition: int, by: Actor, at: datetime
) -> str:
    """Write a mission with what it stands on and is measured by; return its key.

    Raises StrategyRefused (title-missing, not-a-draft, unknown-part, mission-gone), StrategyMovedOn.
    """
    held = _draft(version_id, edition)
    if not given.title.strip():
        raise StrategyRefused("title-missing", "title")
    sources = {each.key: each for each in held.sources.all()}
    if not set(given.sources) <= set(sources):
        raise StrategyRefused("unknown-part", "sources")
    if given.carries_out_id is not None and not _may_be_carried_out(held, given.carries_out_id):
        raise StrategyRefused("mission-gone", "carries_out")
    if key:
        row = held.missions.filter(key=key).first()
        if row is None:
            raise StrategyRefused("unknown-part")
    else:
        row = Mission(version=held, key=next_key("m", _keys(held.strategy_id)))
    row.order = _order(given.order, row.order, held.missions.values_list("order", flat=True))
    row.title = given.title.strip()[:300]
    row.text = given.text.strip()
    row.owner = given.owner.strip()[:200]
    row.carries_out_id = given.carries_out_id
    row.save()
    row.stands_on.all().delete()
    row.indicators.all().delete()
    MissionSource.objects.bulk_create(
        MissionSource(version=held, mission=row, source=sources[each])
        for each in sorted(set(given.sources))
    )
    MissionIndicator.objects.bulk_create(
        MissionIndicator(version=held, mission=row, framework=framework, code=code)
        for framework, code in sorted(set(given.indicators))
    )
    _saved(held, row.key, row.title, by=by, at=at)
    return row.key


@transaction.atomic
def drop_part(
    version_id: int, key: str, *, edition: int, by: Actor, at: datetime
) -> StrategyVersion:
    """Take a source or a mission out of a draft. Raises as save_source."""
    held = _draft(version_id, edition)
    rows = held.sources if key.startswith("s") else held.missions
    row = rows.filter(key=key).first()
    if row is None:
        raise StrategyRefused("unknown-part")
    title = row.title
    row.delete()
    return _saved(held, key, title, by=by, at=at, dropped=True)


# -- checking and publishing -----------------------------------------------------------------------


@transaction.atomic
def answer_point(
    version_id: int,
    point: str,
    *,
    meets: bool,
    words: str,
    edition: int,
    by: Actor,
    at: datetime,
) -> PointWord:
    """Say of one of the four points whether the draft meets it, in words. Nobody who wrote it may.

    Raises StrategyRefused (not-a-draft, wrote-it, words-missing, unknown-part), StrategyMovedOn.
    """
    held = _draft(version_id, edition)
    if by.reference in held.writers:
        raise StrategyRefused("wrote-it")
    if point not in POINTS:
        raise StrategyRefused("unknown-part")
    if not words.strip():
        raise StrategyRefused("words-missing", "words")
    kept = PointWord.objects.create(
        version=held,
        edition=edition,
        point=point,
        meets=meets,
        words=words.strip()[:1000],
        by=by.reference,
        by_name=by.name,
        by_post=by.post,
        at=at,
    )
    record(
        "check_direction", **_about(held, by=by, at=at),
        after={"point": point, "meets": meets, "words": kept.words},
        detail={"point": point, "meets": meets},
    )  # fmt: skip
    return kept


@transaction.atomic
def publish_strategy(
    version_id: int,
    *,
    edition: int,
    sender: Sender,
    handing: Handing | None,
    on: date,
    by: Actor,
    at: datetime,
) -> StrategyVersion:
    """Publish a draft: it is in force from now on and never changed. With handing it also goes down
    as a directive, which its receivers acknowledge.

    A province's direction needs the four points first. Raises StrategyRefused (not-a-draft,
    nothing-in-it, points-lacking), StrategyMovedOn, handing_down.DirectiveRefused.
    """
    held = _draft(version_id, edition)
    if not held.missions.exists():
        raise StrategyRefused("nothing-in-it")
    if held.strategy.place_id != NATION and points_lacking(
        words_said(held), edition=held.edition, writers=held.writers
    ):
        raise StrategyRefused("points-lacking")
    if handing is not None:
        held.directive = hand_down(
            NewDirective(
                title=handing.title,
                text=handing.text,
                due_on=handing.due_on,
                facet="work",
                source=held.title,
            ),
            handing.receivers,
            sender=sender,
            on=on,
            by=by,
            at=at,
        )
    held.state = PUBLISHED
    held.published_on, held.published_at = on, at
    held.published_by, held.published_name = by.reference, by.name
    held.published_title = sender.title[:300]
    held.save()
    record(
        "publish_strategy", **_about(held, by=by, at=at),
        before={"state": DRAFT}, after={"state": PUBLISHED, "number": held.number},
        detail={"number": held.number, "receivers": len(handing.receivers) if handing else 0},
    )  # fmt: skip
    return held


def words_said(version: StrategyVersion) -> list[Said]:
    """Return what was said to the four points of a version, in order. One query."""
    rows = version.point_words.order_by("pk")
    return [Said(each.point, each.meets, each.by, each.edition) for each in rows]


# -- pieces ----------------------------------------------------------------------------------------


def _fresh_strategy(office: Office, year: int) -> Strategy:
    """The office's strategy of a year in which nothing was begun, locked."""
    strategy, _made = Strategy.objects.get_or_create(
        place_id=office.place_id, fiscal_year=year, defaults={"office": office}
    )
    strategy = Strategy.objects.select_for_update().get(pk=strategy.pk)
    if strategy.versions.exists():
        raise StrategyRefused("year-begun", "year")
    return strategy


def _draft(version_id: int, edition: int) -> StrategyVersion:
    held = (
        StrategyVersion.objects.select_for_update(of=("self",))
        .select_related("strategy")
        .get(pk=version_id)
    )
    if held.state != DRAFT:
        raise StrategyRefused("not-a-draft")
    if held.edition != edition:
        raise StrategyMovedOn
    return held


def _saved(
    held: StrategyVersion,
    part: str,
    title: str,
    *,
    by: Actor,
    at: datetime,
    dropped: bool = False,
) -> StrategyVersion:
    held.edition += 1
    held.saved_at = at
    if by.reference not in held.writers:
        held.writers = [*held.writers, by.reference]
    held.save()
    record(
        "drop_strategy_part" if dropped else "save_strategy", **_about(held, by=by, at=at),
        after={"part": part, "title": title}, detail={"edition": held.edition},
    )  # fmt: skip
    return held


def _keys(strategy_id: int) -> list[str]:
    """All keys ever given in the strategy; a version that was carried over brought its own."""
    return [
        *StrategySource.objects.filter(version__strategy=strategy_id).values_list("key", flat=True),
        *Mission.objects.filter(version__strategy=strategy_id).values_list("key", flat=True),
        *LeftOut.objects.filter(version__strategy=strategy_id).values_list("key", flat=True),
    ]


def _order(asked: int | None, present: int | None, taken: Iterable[int]) -> int:
    """Where a part stands: as asked, else where it was, else last."""
    if asked is not None:
        return min(max(asked, 1), LAST_OF_ALL)
    return present if present is not None else max(taken, default=0) + 1


def _may_be_carried_out(held: StrategyVersion, mission_id: int) -> bool:
    """Only a mission that the department published for the same year, in whatever version."""
    return (
        held.strategy.place_id != NATION
        and Mission.objects.filter(
            pk=mission_id,
            version__state=PUBLISHED,
            version__strategy__place=NATION,
            version__strategy__fiscal_year=held.strategy.fiscal_year,
        ).exists()
    )


def _missions_above(year: int) -> dict[str, Mission]:
    """The department's missions in force in the year, by key."""
    version = (
        StrategyVersion.objects.filter(
            strategy__place=NATION, strategy__fiscal_year=year, state=PUBLISHED
        )
        .order_by("-number")
        .first()
    )
    return {each.key: each for each in version.missions.all()} if version else {}


def _copy_parts(
    held: StrategyVersion,
    made: StrategyVersion,
    *,
    without: Collection[str],
    above: Mapping[str, Mission] | None = None,
) -> list[Mission]:
    """Copy sources and missions into the new version; return missions that lost what they carry out.

    above: the department's missions by key that they carry out from now on; None keeps the old.
    """
    sources: dict[int, StrategySource] = {}
    for old in held.sources.exclude(key__in=without):
        sources[old.pk] = StrategySource.objects.create(
            version=made,
            key=old.key,
            kind=old.kind,
            order=old.order,
            title=old.title,
            text=old.text,
            number=old.number,
            issued_on=old.issued_on,
            document_id=old.document_id,
        )
    lost: list[Mission] = []
    rows = held.missions.exclude(key__in=without).select_related("carries_out")
    for before in rows.prefetch_related("stands_on", "indicators"):
        carries_out = before.carries_out
        if above is not None and carries_out is not None:
            carries_out = above.get(carries_out.key)
            if carries_out is None:
                lost.append(before)
        mission = Mission.objects.create(
            version=made,
            key=before.key,
            order=before.order,
            title=before.title,
            text=before.text,
            owner=before.owner,
            carries_out=carries_out,
        )
        MissionSource.objects.bulk_create(
            MissionSource(version=made, mission=mission, source=sources[each.source_id])
            for each in before.stands_on.all()
            if each.source_id in sources
        )
        MissionIndicator.objects.bulk_create(
            MissionIndicator(
                version=made, mission=mission, framework=each.framework, code=each.code
            )
            for each in before.indicators.all()
        )
    return lost


def _about(version: StrategyVersion, *, by: Actor, at: datetime) -> dict[str, Any]:
    """What every ledger entry about a version says."""
    return {
        "on": f"strategy:{version.pk}",
        "by": by,
        "at": at,
        "place": version.strategy.place_id,
    }
