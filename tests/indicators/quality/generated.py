"""Histories of reporting made by chance: honest offices with the untidiness of real ones, and a few
that cheat in one of four ways, so that what is found can be held against what was planted.

Two honest worlds (``HOME``, ``ELSEWHERE``) differ in nearly every number: how many indicators, how
noisy, how often figures stand still, who rounds, how late people hand in and correct. Bounds of the
detectors were set on seeds below 2000 of ``HOME`` only; what is reported uses seeds from 4000 of both.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from tiddao.indicators.rules.quality.edits import Edit
from tiddao.indicators.rules.quality.history import History, Measured, rank_of

CHEATS = ("digits", "copied", "cutoff", "late_edits")


@dataclass(frozen=True)
class World:
    """How honest offices behave."""

    places: int = 878
    circles: int = 76
    rounds: int = 8  # two a year
    villages: int = 7  # ratios of villages
    households: int = 4  # ratios of households
    annual: int = 1  # of those, how many are surveyed once a year: the second round repeats
    averages: int = 3
    counts: int = 4
    stocks: int = 1
    scored: int = 5
    linked: int = 2
    tenure: float = 9.0  # how far places lie apart, in points
    noise: float = 3.0  # from round to round, in points
    noisy: float = 0.15  # share of places with three times that noise
    drift: float = 1.2  # towards better, in points a round
    season: float = 1.5  # second rounds are better
    shock: float = 2.0  # of a province in a round
    event: float = 0.0005  # share of figures that a flood or a new survey moves far
    heavy: float = 4.0  # degrees of freedom of the noise
    missing: float = 0.05
    silent: float = 0.02  # share of places that hand in nothing in a round
    stands: float = 0.06  # share of figures that honestly stand still
    idle: float = 0.02  # share of places where a third of all figures stands still
    base_moves: float = 0.1  # share of bases that change from round to round
    rounders: float = 0.5  # share of places that round the figures that are estimates
    estimates: int = 1  # how many counts are estimates
    last_day: float = 0.4  # share of places that hand in on the last day
    corrected: float = 0.02  # share of figures corrected one by one, any time
    again: float = (
        0.03  # share of places that enter many figures again on the last day: a wrong sheet
    )
    progress: float = (
        0.03  # share that bring many figures up to date on the last day: all a little up
    )
    village_range: tuple[int, int] = (35, 160)
    household_range: tuple[int, int] = (4_000, 40_000)


HOME = World()
ELSEWHERE = World(
    places=640,
    circles=48,
    rounds=6,
    villages=9,
    households=2,
    annual=2,
    averages=2,
    counts=6,
    stocks=2,
    scored=3,
    linked=0,
    tenure=14.0,
    noise=4.5,
    noisy=0.25,
    drift=0.4,
    season=3.0,
    shock=3.5,
    event=0.001,
    heavy=3.5,
    missing=0.1,
    silent=0.04,
    stands=0.12,
    idle=0.04,
    base_moves=0.3,
    rounders=0.7,
    estimates=2,
    last_day=0.65,
    corrected=0.04,
    again=0.05,
    progress=0.06,
    village_range=(18, 90),
    household_range=(1_500, 15_000),
)


@dataclass
class Told:
    """A history with what was planted: the places of each kind, and the figures touched there."""

    history: History
    edits: list[Edit]
    cheats: dict[int, str] = field(default_factory=dict)
    touched: set[tuple[int, int]] = field(default_factory=set)  # place, indicator of the last round
    events: set[tuple[int, int]] = field(default_factory=set)  # a flood, a new survey: honest
    sources: dict[int, int] = field(default_factory=dict)  # copied from a neighbour
    years: dict[int, int] = field(default_factory=dict)  # fabricated for so many rounds


def told(world: World, seed: int, cheating: float) -> Told:
    """Make a history in which that share of the places cheats, a quarter of them in each way."""
    random = np.random.default_rng(seed)
    made = _Making(world, random)
    made.honest()
    made.cheat(cheating)
    return made.told()


def slipped(world: World, seed: int, share: float) -> Told:
    """Make an honest history in which that share of the places slipped in one figure."""
    made = _Making(world, np.random.default_rng(seed))
    made.honest()
    made.slip(share)
    return made.told()


_LADDER = (50.0, 60.0, 70.0, 80.0, 90.0)


class _Making:
    def __init__(self, world: World, random: np.random.Generator) -> None:
        self.world, self.random = world, random
        self.indicators: list[Measured] = []
        self.sort: list[str] = []
        for sort, many in (
            ("village", world.villages),
            ("household", world.households),
            ("average", world.averages),
            ("count", world.counts),
            ("stock", world.stocks),
            ("scored", world.scored),
            ("linked", world.linked),
        ):
            for _ in range(many):
                self._add(sort)
        shape = (world.rounds, world.places, len(self.indicators))
        self.above, self.below = np.full(shape, np.nan), np.ones(shape)
        self.circle = np.sort(random.integers(0, world.circles, world.places))
        self.cheats: dict[int, str] = {}
        self.touched: set[tuple[int, int]] = set()
        self.events: set[tuple[int, int]] = set()
        self.sources: dict[int, int] = {}
        self.years: dict[int, int] = {}
        self.edits: list[Edit] = []

    def _add(self, sort: str) -> None:
        code = f"{len(self.indicators) // 5 + 1}.{len(self.indicators) % 5 + 1}"
        self.sort.append(sort)
        self.indicators.append(
            Measured(
                code=code,
                typed=sort != "linked",
                scored=sort == "scored",
                steps={
                    "scored": (1.0, 2.0, 3.0, 4.0, 5.0),
                    "average": (3.0, 3.5, 4.0, 4.5, 4.8),
                    "count": (4.0, 8.0, 12.0, 16.0, 20.0),
                    "stock": (20.0, 40.0, 60.0, 80.0, 100.0),
                }.get(sort, _LADDER),
                factor=100.0 if sort in {"village", "household", "linked"} else 1.0,
            )
        )

    # -- honest ------------------------------------------------------------------------------------

    def honest(self) -> None:
        world, random = self.world, self.random
        rounds, places = world.rounds, world.places
        villages = random.integers(*world.village_range, places).astype(float)
        households = random.integers(*world.household_range, places).astype(float)
        noise = world.noise * np.where(random.random(places) < world.noisy, 3.0, 1.0)
        ability = random.normal(0, 0.6, places)
        estimates = 0
        for number, sort in enumerate(self.sort):
            usual = random.uniform(58, 82)
            own = usual + world.tenure * (0.6 * ability + 0.8 * random.normal(0, 1, places))
            weather = random.normal(0, world.shock, (rounds, world.circles))[:, self.circle]
            wobble = random.standard_t(world.heavy, (rounds, places)) * noise * 0.7
            moved = random.random((rounds, places)) < world.event
            wobble = wobble + moved * random.normal(0, 25, (rounds, places))
            self.events.update((int(place), number) for place in np.flatnonzero(moved[-1]))
            time = np.arange(rounds)[:, None]
            share = own + world.drift * time + world.season * (time % 2) + weather + wobble
            share = np.clip(share, 0, 100)
            if sort == "village":
                base = self._base(villages)
                self.below[:, :, number] = base
                self.above[:, :, number] = np.clip(np.round(share / 100 * base), 0, base)
            elif sort in {"household", "linked"}:
                base = self._base(households)
                above = np.clip(np.round(share / 100 * base), 0, base)
                if sort == "household" and world.annual > estimates:
                    estimates += 1
                    above[1::2], base[1::2] = above[0::2], base[0::2]
                self.below[:, :, number], self.above[:, :, number] = base, above
            elif sort == "average":
                people = random.integers(15, 120, (rounds, places)).astype(float)
                self.below[:, :, number] = people
                self.above[:, :, number] = np.round(people * np.clip(share / 20, 1, 5))
            elif sort == "count":
                self.above[:, :, number] = random.poisson(np.maximum(share / 7, 0.5))
            elif sort == "stock":
                grown = np.cumsum(random.poisson(np.maximum(share / 12, 1)), axis=0)
                self.above[:, :, number] = grown + np.round(share / 3)
            else:
                self.above[:, :, number] = np.clip(np.round(share / 20), 1, 5)
        counted = [n for n, sort in enumerate(self.sort) if sort == "count"][: world.estimates]
        round_ones = np.flatnonzero(random.random(places) < world.rounders)
        for number in counted:  # people who came: an estimate that many round
            came = random.poisson(np.maximum(self.above[:, :, number] * 12, 1)).astype(float)
            came[:, round_ones] = np.round(came[:, round_ones] / 10) * 10
            self.above[:, :, number] = came
            self.indicators[number] = Measured(
                self.indicators[number].code, steps=(60.0, 90.0, 120.0, 160.0, 220.0)
            )
        self._stand_still()
        self._leave_out()
        self._hand_in()

    def _base(self, first: np.ndarray) -> np.ndarray:
        """A base per round: the same until it is counted anew."""
        rounds = self.world.rounds
        base = np.repeat(first[None, :], rounds, axis=0)
        for number in range(1, rounds):
            moves = self.random.random(first.size) < self.world.base_moves
            shift = np.round(first * self.random.normal(0, 0.02, first.size))
            base[number] = base[number - 1] + moves * shift
        return np.maximum(base, 5)

    def _stand_still(self) -> None:
        world, random = self.world, self.random
        idle = random.random((world.rounds, world.places)) < world.idle
        for number in range(1, world.rounds):
            chance = np.where(idle[number], 0.33, world.stands)[:, None]
            same = random.random(self.above[number].shape) < chance
            for part in (self.above, self.below):
                part[number] = np.where(same, part[number - 1], part[number])

    def _leave_out(self) -> None:
        world, random = self.world, self.random
        out = random.random(self.above.shape) < world.missing
        out |= (random.random((world.rounds, world.places)) < world.silent)[:, :, None]
        self.above[out], self.below[out] = np.nan, np.nan

    def _hand_in(self) -> None:
        """Times of the last round, and honest corrections of what stood."""
        world, random = self.world, self.random
        last = random.random(world.places) < world.last_day
        before_end = np.where(
            last,
            random.uniform(600, 86_400, world.places),
            random.uniform(86_400, 30 * 86_400, world.places),
        )
        self.reported_at = -before_end[:, None] + random.uniform(0, 1_800, self.above.shape[1:])
        again = random.random(world.places) < world.again
        progress = random.random(world.places) < world.progress
        for place in range(world.places):
            for number in np.flatnonzero(random.random(len(self.sort)) < world.corrected):
                left = random.uniform(0, max(600, -self.reported_at[place, number]))
                self._correct(place, int(number), float(left), float(random.normal(0, 4)))
            if again[place] or progress[place]:
                start = random.uniform(1_800, 80_000)
                many = random.random(len(self.sort)) < random.uniform(0.2, 0.6)
                for number in np.flatnonzero(many):
                    points = random.normal(0, 6) if again[place] else abs(random.normal(0, 2.5))
                    left = start - random.uniform(0, 1_500)
                    self._correct(place, int(number), float(left), float(points))

    def _correct(self, place: int, number: int, left: float, points: float) -> None:
        """What stands now is the corrected figure; before it stood `points` of a hundred lower."""
        indicator = self.indicators[number]
        now = self.value(place, number)
        if np.isnan(now) or not indicator.typed:
            return
        span = indicator.steps[-1] - indicator.steps[0]
        before = now - points / 40 * span
        self._edit(place, number, left, before, now)

    def _edit(self, place: int, number: int, left: float, before: float, now: float) -> None:
        indicator = self.indicators[number]
        span = (indicator.steps[-1] - indicator.steps[0]) / 4
        clipped = np.clip([before, now], indicator.steps[0], indicator.steps[-1])
        passed = rank_of(now, indicator.steps, 1) > rank_of(before, indicator.steps, 1)
        gain = float(clipped[1] - clipped[0]) / span
        self.edits.append(Edit(place, number, f"user:{place}", left, gain, passed))

    def value(self, place: int, number: int) -> float:
        below = self.below[-1, place, number]
        return float(self.above[-1, place, number] * self.indicators[number].factor / below)

    # -- cheating ----------------------------------------------------------------------------------

    def cheat(self, share: float) -> None:
        random = self.random
        chosen = random.permutation(self.world.places)[: round(share * self.world.places)]
        for at, place in enumerate(chosen):
            # An office that handed in nothing has nothing to cheat with.
            if np.isfinite(self.above[-1, place]).sum() < 10:
                continue
            kind = CHEATS[at % len(CHEATS)]
            before = len(self.touched)
            getattr(self, f"_cheat_{kind}")(int(place))
            if len(self.touched) > before:  # else there was nothing to lift
                self.cheats[int(place)] = kind

    def slip(self, share: float) -> None:
        """Slips of the pen: in one figure of each of so many places a digit too many or too few."""
        places = self.random.permutation(self.world.places)[: round(share * self.world.places)]
        for place in places:
            able = [
                number
                for number, sort in enumerate(self.sort)
                if sort in {"village", "household", "count", "stock"}
                and self.above[-1, place, number] >= 10
            ]
            if not able:
                continue
            number = int(self.random.choice(able))
            times = 0.1 if self.sort[number] in {"village", "household"} else 10
            self.above[-1, place, number] = np.floor(self.above[-1, place, number] * times)
            self._touch(int(place), number)

    def _touch(self, place: int, number: int) -> None:
        self.touched.add((place, number))

    def _cheat_digits(self, place: int) -> None:
        """Makes the figures up, in this round or for years: round ones, or ones that look random."""
        random = self.random
        rounds = int(random.integers(1, self.world.rounds + 1))
        self.years[place] = rounds
        round_ones = random.random() < 0.5
        # Digits people give when they are to be random; a guess in the direction the studies agree on.
        liked = np.array([0.03, 0.07, 0.12, 0.18, 0.10, 0.05, 0.11, 0.22, 0.09, 0.03])
        for number, sort in enumerate(self.sort):
            if sort in {"linked", "scored"} or random.random() < 0.15:
                continue
            for at in range(self.world.rounds - rounds, self.world.rounds):
                figure = self.above[at, place, number]
                if not np.isfinite(figure) or figure < 10:
                    continue
                if round_ones:
                    made = round(figure / 5) * 5
                else:
                    made = figure // 10 * 10 + random.choice(10, p=liked)
                if sort in {"village", "household"}:
                    made = min(made, self.below[at, place, number])
                self.above[at, place, number] = made
                self._touch(place, number)

    def _cheat_copied(self, place: int) -> None:
        """Hands in the last round once more, or a neighbour's figures."""
        random = self.random
        neighbours = np.flatnonzero(self.circle == self.circle[place])
        neighbours = neighbours[neighbours != place]
        share = random.uniform(0.4, 1.0)
        if neighbours.size and random.random() < 0.5:
            source = int(random.choice(neighbours))
            self.sources[place] = source
            earlier = np.nanmax(self.reported_at[source])
            self.reported_at[place] = earlier + random.uniform(60, 7_200)
            from_above, from_below = self.above[-1, source], self.below[-1, source]
        else:
            from_above, from_below = self.above[-2, place], self.below[-2, place]
        for number, sort in enumerate(self.sort):
            if sort == "linked" or random.random() > share or np.isnan(from_above[number]):
                continue
            self.above[-1, place, number] = from_above[number]
            self.below[-1, place, number] = from_below[number]
            self._touch(place, number)

    def _cheat_cutoff(self, place: int) -> None:
        """Lifts what lies under a cut-off to just over it."""
        share = self.random.uniform(0.4, 0.9)
        for number, sort in enumerate(self.sort):
            if sort in {"linked", "scored"} or self.random.random() > share:
                continue
            raised = self._just_over(place, number, reach=0.4)
            if raised is not None:
                self.above[-1, place, number] = raised
                self._touch(place, number)

    def _just_over(self, place: int, number: int, *, reach: float) -> float | None:
        """The figure just over the next cut-off, if it lies within `reach` of the whole ladder."""
        indicator = self.indicators[number]
        now = self.value(place, number)
        if np.isnan(now):
            return None
        span = indicator.steps[-1] - indicator.steps[0]
        over = [step for step in indicator.steps if now < step <= now + reach * span]
        if not over:
            return None
        # The next cut-off, or for the bold the one after it.
        cutoff = over[min(len(over) - 1, int(self.random.random() < 0.4))]
        below = self.below[-1, place, number]
        extra = self.random.uniform(0, 0.012) * span * below / indicator.factor
        return float(np.ceil(cutoff * below / indicator.factor - 1e-9) + np.floor(extra))

    def _cheat_late_edits(self, place: int) -> None:
        """Lifts many figures in the last hours, when the scores are there to see."""
        random = self.random
        share, start = random.uniform(0.3, 0.8), random.uniform(1_800, 20_000)
        for number, sort in enumerate(self.sort):
            if sort == "linked" or random.random() > share:
                continue
            before = self.value(place, number)
            indicator = self.indicators[number]
            if np.isnan(before) or before >= indicator.steps[-1]:
                continue
            gap = (indicator.steps[-1] - indicator.steps[0]) / 4
            wanted = before + random.uniform(0.4, 1.8) * gap
            below = self.below[-1, place, number]
            after = float(np.ceil(min(wanted, indicator.steps[-1]) * below / indicator.factor))
            self.above[-1, place, number] = after
            left = start - random.uniform(0, 1_500)
            self._edit(place, number, float(left), before, self.value(place, number))
            self._touch(place, number)

    def told(self) -> Told:
        world = self.world
        rounds = tuple(f"r{number}" for number in range(world.rounds))
        names = tuple(f"{1000 + number}" for number in range(world.places))
        history = History(
            places=names,
            circles=tuple(f"c{each}" for each in self.circle),
            indicators=tuple(self.indicators),
            rounds=rounds,
            years=tuple(2560 + number // 2 for number in range(world.rounds)),
            numerators=self.above,
            denominators=self.below,
            reported_at=self.reported_at,
            targets=np.full((world.places, len(self.indicators)), np.nan),
        )
        return Told(
            history, self.edits, self.cheats, self.touched, self.events, self.sources, self.years
        )
