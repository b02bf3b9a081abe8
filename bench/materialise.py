"""Keeping the scores of a round for the whole nation, and a page that finds none kept."""

from __future__ import annotations

from django.utils import timezone

from bench.measure import Timing, heading, seconds, table, timed
from tiddao.config.demonstration.districts import LAST, SHOWN
from tiddao.config.demonstration.frameworks import round_of
from tiddao.indicators.actions.scoring import Materialised, forget_scores, materialise
from tiddao.indicators.queries.stars import stars_of
from tiddao.places.models import NATION
from tiddao.places.queries import find_unit

RUNS = 5
STEPS = ("read", "roll_up", "score", "write")


def run() -> None:
    one = round_of(*LAST)
    heading(
        "Materialising the last round of the demonstration: 878 districts, every unit above, two bases",
        "peer: DHIS2 makes its analytics tables as a batch (its own test allows 15 minutes, "
        "7,200 s on the national example); figures entered later are not shown until the next",
    )
    first = [_fresh(one.pk) for _ in range(RUNS)]
    again = [_done(materialise(one.pk, at=timezone.now())) for _ in range(RUNS)]
    rows = []
    for words, found in (("nothing kept yet", first), ("nothing has changed", again)):
        steps = [_median([each.seconds[step] for each in found]) for step in STEPS]
        whole = _median([sum(each.seconds.values()) for each in found])
        rows.append([words, found[-1].units, found[-1].written, *steps, whole])
    table(["", "units", "written", *STEPS, "in all"], rows)

    print()
    kept = {key: _asked(key) for key in (SHOWN, "57", NATION)}
    forget_scores(one.pk)
    computed = {key: _asked(key) for key in kept}
    materialise(one.pk, at=timezone.now())
    table(
        ["stars of one unit, as a page asks for them", "kept", "computed at once"],
        [[key, kept[key], computed[key]] for key in kept],
    )


def _fresh(round_id: int) -> Materialised:
    forget_scores(round_id)
    return _done(materialise(round_id, at=timezone.now()))


def _done(found: Materialised | None) -> Materialised:
    assert found is not None, "another worker is at it"
    return found


def _median(values: list[float]) -> str:
    return seconds(Timing(tuple(values)).median)


def _asked(key: str) -> Timing:
    unit = find_unit(key, on=timezone.localdate())
    assert unit is not None
    timing, _ = timed(lambda: stars_of(unit, year=LAST[0]), runs=9, warm=2)
    return timing
