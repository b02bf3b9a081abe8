"""Print what the questions about data find, and how often they are idle: ``make quality``.

A question is right when its office cheated in that round and, where it names one figure, when that
figure was touched. An office is found when at least one question is put to it.
"""

from __future__ import annotations

import sys
import time
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from tests.indicators.quality.generated import CHEATS, ELSEWHERE, HOME, Told, World, slipped, told
from tiddao.indicators.rules.quality.asking import KINDS, RoundQuestion, Words, look_at_round

REPORTED_SEEDS = range(4000, 4020)
TUNED_SEEDS = range(12)
SHARES = (0.01, 0.02, 0.05)
NO_WORDS = Words({}, {})


@dataclass
class Tally:
    """Counts over many histories. honest: honest offices × years looked at."""

    right: Counter[str] = field(default_factory=Counter)
    idle: Counter[str] = field(default_factory=Counter)
    events: Counter[str] = field(
        default_factory=Counter
    )  # of the idle: about a flood, a new survey
    planted: Counter[str] = field(default_factory=Counter)
    found: Counter[str] = field(default_factory=Counter)
    named: Counter[str] = field(default_factory=Counter)
    histories: int = 0
    honest: int = 0
    seconds: float = 0.0

    def add(self, made: Told, questions: Iterable[RoundQuestion]) -> None:
        numbers = {code: at for at, code in enumerate(made.history.places)}
        columns = {each.code: at for at, each in enumerate(made.history.indicators)}
        asked: dict[int, set[str]] = {}
        for each in questions:
            place = numbers[each.place]
            right = place in made.cheats
            if right and each.indicator:
                right = (place, columns[each.indicator]) in made.touched
            (self.right if right else self.idle)[each.kind] += 1
            if not right and each.indicator:
                self.events[each.kind] += (place, columns[each.indicator]) in made.events
            asked.setdefault(place, set()).add(each.kind)
        for place, kind in made.cheats.items():
            told_as = _kind_of(made, place, kind)
            self.planted[told_as] += 1
            self.found[told_as] += place in asked
            self.named[told_as] += told_as.split()[0] in asked.get(place, set())
        self.histories += 1
        self.honest += len(made.history.places) - len(made.cheats)

    @property
    def precision(self) -> float:
        """Right questions of all; one about an honest flood counts as idle."""
        return self._precision(KINDS)

    @property
    def precision_of_four(self) -> float:
        """The same without single figures far out: those look for slips and events."""
        return self._precision([kind for kind in KINDS if kind != "outlier"])

    def _precision(self, kinds: Iterable[str]) -> float:
        right, idle = (sum(found[kind] for kind in kinds) for found in (self.right, self.idle))
        return right / (right + idle) if right + idle else 1.0

    @property
    def recall(self) -> float:
        return sum(self.found.values()) / max(1, sum(self.planted.values()))

    @property
    def idle_per_district(self) -> float:
        """Idle questions for each honest district and year: two rounds a year."""
        return 2 * sum(self.idle.values()) / max(1, self.honest)


def _kind_of(made: Told, place: int, kind: str) -> str:
    if kind == "copied":
        return "neighbour" if place in made.sources else "copied"
    if kind == "digits":
        return "digits (years)" if made.years[place] >= 4 else "digits (short)"
    return kind


def measured(world: World, seeds: Iterable[int], shares: Iterable[float]) -> Tally:
    """Count over the histories of these seeds and shares of cheating places."""
    tally = Tally()
    for share in shares:
        for seed in seeds:
            made = told(world, seed, share)
            start = time.perf_counter()
            look = look_at_round(made.history, made.edits, NO_WORDS)
            tally.seconds += time.perf_counter() - start
            tally.add(made, look.questions)
    return tally


def print_tally(title: str, tally: Tally) -> None:
    print(f"\n{title}: {tally.histories} histories, {tally.seconds / tally.histories:.2f} s each")
    print(
        f"  precision {tally.precision:.3f} (the four kinds {tally.precision_of_four:.3f})   "
        f"recall {tally.recall:.3f}   "
        f"idle questions per honest district and year {tally.idle_per_district:.5f}"
    )
    for kind in KINDS:
        right, idle = tally.right[kind], tally.idle[kind]
        share = f"{right / (right + idle):.3f}" if right + idle else "–"
        per = 2 * idle / max(1, tally.honest)
        print(
            f"  asked as {kind:12} right {right:5} idle {idle:4} precision {share:6} "
            f"idle per honest district and year {per:.5f}"
            + (f" (about honest events {tally.events[kind]})" if tally.events[kind] else "")
        )
    for kind in sorted(tally.planted):
        planted = tally.planted[kind]
        print(
            f"  planted {kind:16} {planted:5} found {tally.found[kind] / planted:.3f} "
            f"(by its own kind {tally.named[kind] / planted:.3f})"
        )


def print_slips(name: str, world: World, seeds: Iterable[int]) -> None:
    """Slips of the pen by a factor of ten in one figure of 1 % of the offices."""
    planted = right = asked = 0
    for seed in seeds:
        made = slipped(world, seed, 0.01)
        places = {code: at for at, code in enumerate(made.history.places)}
        columns = {each.code: at for at, each in enumerate(made.history.indicators)}
        look = look_at_round(made.history, made.edits, NO_WORDS)
        outliers = [each for each in look.questions if each.kind == "outlier"]
        asked += len(outliers)
        planted += len(made.touched)
        right += sum((places[q.place], columns[q.indicator]) in made.touched for q in outliers)
    print(f"\n{name}, a slip by a factor of ten in one figure of 1 % of offices")
    print(
        f"  planted {planted} found {right / planted:.3f}  asked {asked} right {right / asked:.3f}"
    )


def main() -> None:
    tuning = "--tuning" in sys.argv
    seeds = TUNED_SEEDS if tuning else REPORTED_SEEDS
    worlds = {"home": HOME} if tuning else {"home": HOME, "elsewhere": ELSEWHERE}
    print(f"seeds {seeds.start}–{seeds.stop - 1}; cheats: {', '.join(CHEATS)}")
    for name, world in worlds.items():
        for share in SHARES:
            print_tally(f"{name}, {share:.0%} of offices cheat", measured(world, seeds, [share]))
        print_tally(f"{name}, nobody cheats", measured(world, seeds, [0.0]))
        print_slips(name, world, seeds)


if __name__ == "__main__":
    main()
