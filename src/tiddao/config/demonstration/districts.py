"""What the districts of the demonstration are like: size, character, growth over the rounds.

The districts are real, the figures are invented. The eighteen of Chiang Rai are drawn by hand, so
that each rule about stars can be seen at work in one of them; all others come from the seed.
No database and no clock here, and only ``Random.random``, whose sequence Python keeps for ever.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

SEED = "tiddao demonstration 1"
PROVINCE = "57"
SHOWN = "5712"
"""พญาเม็งราย: the district whose page is shown first; three stars, the fourth within reach."""
CAPPED = "5709"
"""Its mean would give five stars; one weak dimension holds it back (the balance rule)."""
BEST = "5716"
"""Five stars."""
INCOMPLETE = "5715"
"""Too little of one dimension was reported: not yet starred."""
SILENT = "5718"
"""Reported in every round but the last."""
WAITING = "5714"
"""Reported everything in the last round; part of it still waits to be checked and approved."""
SENT_BACK = "5704"
"""One of its results was returned with a reason."""
TIED = ("5702", "5706")
"""The second has exactly the score of the first."""
SILENT_PROVINCE = "58"
"""แม่ฮ่องสอน: all but one of its districts have not reported in the last round."""
MISSING_SHARE = 0.06
"""Of the other districts of the nation, the part that has not reported in the last round."""
UNAPPROVED_SHARE = 0.03
"""Of those that have, the part whose results still wait for approval."""

Round = tuple[int, str]
"""Buddhist fiscal year and round code."""
ROUNDS: tuple[Round, ...] = ((2565, "6m"), (2565, "12m"), (2566, "6m"), (2566, "12m"))
"""Oldest first."""
LAST = ROUNDS[-1]

NEVER_REPORTED: dict[tuple[str, Round], frozenset[str]] = {
    (INCOMPLETE, (2566, "12m")): frozenset({"3.2"}),
    ("5708", (2566, "12m")): frozenset({"4.3"}),
    ("5710", (2566, "12m")): frozenset({"1.2", "4.3"}),
    ("5713", (2566, "12m")): frozenset({"2.4"}),
    (INCOMPLETE, (2566, "6m")): frozenset({"1.3", "2.4", "3.2"}),
    ("5710", (2566, "6m")): frozenset({"4.3"}),
    ("5711", (2566, "6m")): frozenset({"5.4"}),
    (INCOMPLETE, (2565, "12m")): frozenset({"3.2", "3.4"}),
    ("5705", (2565, "12m")): frozenset({"2.4"}),
    ("5718", (2565, "6m")): frozenset({"3.3", "3.4"}),
}
"""Which indicators a district of Chiang Rai left out in which round."""
STARTED_LATE = "5713"
"""Reported nothing at all in the first round."""

Five = tuple[float, float, float, float, float]


@dataclass(frozen=True, slots=True)
class Character:
    """dimensions: level (1–5) of each at the end of the last round; growth: levels gained a round.

    uneven: how far the indicators of a dimension lie from each other, in levels.
    """

    dimensions: Five
    growth: float = 0.12
    uneven: float = 0.7


@dataclass(frozen=True, slots=True)
class Size:
    """What a district's figures are counted against. households: those of the BMN survey."""

    tambons: int
    villages: int
    households: int
    posts: int
    processes: int
    problems: int
    visitors: int  # who answered the service survey in a year
    budget: int  # baht, target of disbursement to the end of the year


CHIANG_RAI: dict[str, Character] = {
    "5701": Character((4.45, 4.30, 4.15, 4.35, 4.05), 0.15),
    "5702": Character((4.00, 3.80, 4.05, 3.85, 3.75), 0.12),
    "5703": Character((3.75, 4.30, 3.60, 3.90, 3.55), 0.10),
    "5704": Character((4.25, 4.10, 4.05, 4.20, 3.85), 0.14),
    "5705": Character((4.15, 3.70, 4.25, 4.05, 4.10), 0.08),
    "5706": Character((3.90, 4.10, 3.76, 4.05, 3.90), 0.10),
    "5707": Character((4.60, 4.35, 4.40, 4.55, 4.10), 0.13),
    "5708": Character((3.20, 3.95, 3.05, 3.60, 3.45), 0.05),
    "5709": Character((4.85, 4.80, 4.75, 4.85, 3.35), 0.10, 0.3),
    "5710": Character((3.10, 2.90, 3.30, 3.00, 2.45), 0.16),
    "5711": Character((3.55, 3.40, 3.75, 3.30, 3.60), -0.06),
    "5712": Character((4.15, 4.35, 3.60, 4.10, 3.62), 0.16),
    "5713": Character((2.55, 3.20, 2.40, 2.85, 2.70), 0.20),
    "5714": Character((3.95, 4.15, 4.25, 3.85, 3.70), 0.11),
    "5715": Character((3.40, 3.10, 3.50, 2.75, 2.30), 0.09),
    "5716": Character((4.80, 4.75, 4.70, 4.80, 4.65), 0.12, 0.25),
    "5717": Character((4.05, 4.45, 4.50, 4.30, 3.95), 0.18),
    "5718": Character((3.05, 3.30, 2.95, 3.15, 3.25), 0.07),
}  # fmt: skip


def random_for(*what: object) -> Random:
    """Return the chance that belongs to this thing alone, whatever was drawn before."""
    return Random("/".join([SEED, *map(str, what)]))  # noqa: S311 -- wanted to be the same each time


def spread(random: Random, width: float) -> float:
    """Return a number between -width and +width, the middle more often."""
    return (random.random() + random.random() - 1) * width


def size_of(code: str, tambons: int) -> Size:
    """Return the size of a district with so many tambons; the same in every round."""
    random = random_for("size", code)
    villages = sum(8 + int(random.random() * 9) for _ in range(tambons))
    return Size(
        tambons=tambons,
        villages=villages,
        households=sum(85 + int(random.random() * 110) for _ in range(villages)),
        posts=tambons + 3 + int(random.random() * 2),
        processes=8 + int(random.random() * 5),
        problems=villages // 2 + int(random.random() * 20),
        visitors=90 + int(random.random() * 120),
        budget=(900 + tambons * 180 + int(random.random() * 600)) * 1000,
    )


def character_of(code: str) -> Character:
    """Return what a district is like: as drawn by hand in Chiang Rai, else from the seed."""
    drawn = CHIANG_RAI.get(code)
    if drawn is not None:
        return drawn
    whole_province = spread(random_for("province", code[:2]), 0.55)
    random = random_for("character", code)
    own = 3.75 + whole_province + spread(random, 0.85)
    first, second, third, fourth, outcome = (
        min(max(own + spread(random, 0.8), 1.3), 4.9) for _ in range(5)
    )
    return Character(
        (first, second, third, fourth, max(outcome - 0.15, 1.3)),
        growth=0.1 + spread(random, 0.12),
    )


def is_reported(code: str, at: Round) -> bool:
    """Say whether the district's office reports in the round; outside Chiang Rai only the last is."""
    if code.startswith(PROVINCE):
        return (code, at) not in {(SILENT, LAST), (STARTED_LATE, ROUNDS[0])}
    if at != LAST:
        return False
    if code.startswith(SILENT_PROVINCE):
        return code.endswith("01")
    return random_for("reports", code).random() >= MISSING_SHARE


def is_approved(code: str) -> bool:
    """Say whether the last round's results of a district outside Chiang Rai are approved."""
    return random_for("approved", code).random() >= UNAPPROVED_SHARE


def left_out(code: str, at: Round, indicators: Sequence[str]) -> frozenset[str]:
    """Return the indicators that a reporting district leaves out in the round."""
    if code.startswith(PROVINCE):
        return NEVER_REPORTED.get((code, at), frozenset())
    random = random_for("left out", code)
    if random.random() >= 0.2:
        return frozenset()
    return frozenset({indicators[int(random.random() * len(indicators))]})
