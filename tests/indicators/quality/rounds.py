"""Rounds in the database with figures that stand out, for the tests of acts and pages."""

from __future__ import annotations

from datetime import timedelta

import numpy as np

from tests.indicators.frameworks import (
    REPORTER,
    START,
    dimension,
    published,
    ratio,
    report,
    round_of,
    share,
    two_dimensions,
)
from tiddao.indicators.actions.quality import look_at_figures
from tiddao.indicators.actions.reported_rows import ResultRow
from tiddao.indicators.models import QualityLook, Round
from tiddao.ledger.actors import SYSTEM, Actor
from tiddao.places.models import Office

LOOKED = START + timedelta(days=211)  # the day after the last round's end
COPYING = "5712"
"""The district that hands in its last round once more."""
NEIGHBOUR = "5713"
"""The district that has the figures of the one before it."""
LIFTED = "5001"
"""A district far away with a burst of late changes."""


def districts() -> list[str]:
    """All districts of Chiang Rai and Chiang Mai, and those of four provinces beside them."""
    rows = Office.objects.filter(kind="district", place__code__regex="^(57|50|51|52|54|55|56)")
    return list(rows.order_by("place_id").values_list("place_id", flat=True))


def two_rounds(*, untidy: bool = True, code: str = "amphoe-tid-dao") -> Round:
    """Two rounds of twelve ratios each; the last one with two districts that copied, and late
    changes at a third. Returns the last round, open; untidy=False: everybody reports honestly."""
    indicators = [ratio(f"1.{number}", weight=20) for number in range(1, 13)]
    version = published(
        two_dimensions(code=code, dimensions=(dimension("1", *indicators, weight=100),))
    )
    random = np.random.default_rng(7)
    places = districts()
    rounds = [round_of(version, "6m"), round_of(version, "12m")]
    own = random.normal(65, 8, (len(places), len(indicators)))
    figures: dict[str, list[int]] = {}
    for number, one in enumerate(rounds):
        noise = random.normal(2 * number, 3, own.shape)
        above = np.clip(np.round((own + noise) / 100 * 1_370), 1, 1_369).astype(int)
        made = {place: above[at].tolist() for at, place in enumerate(places)}
        if number and untidy:
            made[COPYING] = figures[COPYING]
            made[NEIGHBOUR] = made["5701"]
        figures = made
        rows = {place: rows_of(place, figures[place]) for place in places}
        later = [*rows.pop(NEIGHBOUR)]
        report(one, [row for of_place in rows.values() for row in of_place], at=START)
        report(one, later, at=START + timedelta(hours=1))
    last = rounds[1]
    if untidy:
        change_late(last, LIFTED, [each + 200 for each in figures[LIFTED]])
    return last


def rows_of(place: str, figures: list[int]) -> list[ResultRow]:
    return [share(place, f"1.{at}", each, 1_370) for at, each in enumerate(figures, start=1)]


def change_late(one: Round, place: str, figures: list[int], *, by: Actor = REPORTER) -> None:
    """Change them one by one in the last hour of the round."""
    closes = START.replace(year=one.closes.year, month=one.closes.month, day=one.closes.day)
    for at, row in enumerate(rows_of(place, figures)):
        moment = closes.replace(hour=23, minute=5) + timedelta(minutes=at)
        report(one, [row], at=moment, by=by)


def looked_at(one: Round, *, days: int = 0) -> QualityLook:
    found = look_at_figures(one, by=SYSTEM, at=LOOKED + timedelta(days=days))
    assert found is not None
    return found
