"""The strategy tree without a database: what hangs on what, what hangs on nothing, what may be
published, what changed, what is carried into the next year.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Literal

Reference = tuple[str, str]
"""An indicator: the code of its framework, its own code."""

POINTS: Final = ("clear", "complete", "distinctive", "common-good")
"""The four points that a direction is checked for: ชัดเจน ครอบคลุม โดดเด่น เน้นประโยชน์ส่วนรวม (A45)."""

NOT_YET_ABOVE_TH: Final = "กรมยังไม่ประกาศภารกิจนี้ในยุทธศาสตร์ของปีใหม่"
"""Why a province's mission lost what it carries out when it was taken into another year."""


@dataclass(frozen=True, slots=True)
class SourceNode:
    """Where policy comes from."""

    key: str
    title: str


@dataclass(frozen=True, slots=True)
class MissionNode:
    """A mission and what it touches.

    sources: keys within its own version. above: it carries out a mission of the level above.
    directives: how many hang on it; below: how many missions of the level below carry it out.
    """

    key: str
    title: str
    sources: frozenset[str] = frozenset()
    indicators: frozenset[Reference] = frozenset()
    directives: int = 0
    above: str = ""
    below: int = 0


@dataclass(frozen=True, slots=True)
class Gaps:
    """What hangs on nothing, each by key or reference in the order given.

    unknown_indicators: missions name them, but no framework of the year has them. unanswered:
    missions of the level above that nothing here carries out.
    """

    sources_without_mission: tuple[str, ...] = ()
    missions_without_source: tuple[str, ...] = ()
    missions_without_work: tuple[str, ...] = ()
    indicators_on_nothing: tuple[Reference, ...] = ()
    unknown_indicators: tuple[Reference, ...] = ()
    unanswered: tuple[str, ...] = ()

    @property
    def count(self) -> int:
        return sum(
            len(each)
            for each in (
                self.sources_without_mission,
                self.missions_without_source,
                self.missions_without_work,
                self.indicators_on_nothing,
                self.unknown_indicators,
                self.unanswered,
            )
        )


def gaps_of(
    sources: Sequence[SourceNode],
    missions: Sequence[MissionNode],
    *,
    indicators: Sequence[Reference] = (),
    hanging_above: Collection[Reference] = (),
    above: Sequence[str] = (),
) -> Gaps:
    """Find what the tree leaves hanging.

    indicators: all that hold at the place in the year; hanging_above: those that a mission of the
    level above is measured by, which so hang on something. above: keys of the missions above.
    A mission has work when a directive hangs on it, it is measured, or the level below carries it
    out.

    Source: requirements A34 (policy → measure → task, trace both ways); issue 4 "Strategy tree".
    """
    served = {key for mission in missions for key in mission.sources}
    measured = {each for mission in missions for each in mission.indicators}
    known = set(indicators)
    carried = {mission.above for mission in missions}
    return Gaps(
        sources_without_mission=tuple(each.key for each in sources if each.key not in served),
        missions_without_source=tuple(
            each.key for each in missions if not each.sources and not each.above
        ),
        missions_without_work=tuple(
            each.key
            for each in missions
            if not each.directives and not each.indicators and not each.below
        ),
        indicators_on_nothing=tuple(
            each for each in indicators if each not in measured and each not in hanging_above
        ),
        unknown_indicators=tuple(sorted(measured - known)),
        unanswered=tuple(key for key in above if key not in carried),
    )


# -- the four points -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Said:
    """One word on one point. by: reference of the account; edition: of the text it was said of."""

    point: str
    meets: bool
    by: str
    edition: int


def standing_words(
    said: Iterable[Said], *, edition: int, writers: Collection[str]
) -> dict[str, Said]:
    """The word that counts for each point: the last one said of this edition by no writer.

    said: in the order in which it was said.

    Source: requirements A45; who writes does not check is this system's own rule, as for results.
    """
    return {each.point: each for each in said if each.edition == edition and each.by not in writers}


def points_lacking(
    said: Iterable[Said], *, edition: int, writers: Collection[str]
) -> tuple[str, ...]:
    """The points that keep a direction from being published: not answered, or answered "not yet".

    Source: requirements A45.
    """
    stand = standing_words(said, edition=edition, writers=writers)
    return tuple(point for point in POINTS if point not in stand or not stand[point].meets)


# -- keys ------------------------------------------------------------------------------------------


def next_key(prefix: Literal["s", "m"], taken: Iterable[str]) -> str:
    """A key (s1, m1, …) that was never given before in this strategy.

    Source: house rule; a directive hangs on a mission by its key, so a key is not given twice.
    """
    numbers = [int(each[1:]) for each in taken if each[:1] == prefix and each[1:].isdecimal()]
    return f"{prefix}{max(numbers, default=0) + 1}"


# -- what changed ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Part:
    """A source, a mission or the head of a version, as names and what they say."""

    key: str
    title: str
    says: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Change:
    """kind: added, removed, changed. fields: what of it says something else, of a changed one."""

    kind: Literal["added", "removed", "changed"]
    key: str
    title: str
    fields: tuple[str, ...] = ()


def changes_between(before: Sequence[Part], after: Sequence[Part]) -> tuple[Change, ...]:
    """What the later version says otherwise: changed and added in its order, then what is gone.

    Source: issue 4 "versioned"; house.md "a new version is made".
    """
    earlier = {part.key: part for part in before}
    found: list[Change] = []
    for part in after:
        old = earlier.pop(part.key, None)
        if old is None:
            found.append(Change("added", part.key, part.title))
            continue
        names = ["title"] if old.title != part.title else []
        names += sorted(
            name
            for name in {*old.says, *part.says}
            if old.says.get(name, "") != part.says.get(name, "")
        )
        if names:
            found.append(Change("changed", part.key, part.title, tuple(names)))
    found += [Change("removed", part.key, part.title) for part in earlier.values()]
    return tuple(found)
