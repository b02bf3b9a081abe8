"""One national target handed down to 75,000 villages in one act, by every method; exact or refused."""

from __future__ import annotations

import random
import secrets
import time
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from django.db import connection
from django.utils import timezone

from bench import villages
from bench.measure import heading, seconds, table, tiddao
from tiddao.indicators.actions.cascade import hand_down_target
from tiddao.indicators.actions.frameworks import create_framework, publish_version
from tiddao.indicators.models import Framework
from tiddao.indicators.queries.cascade import (
    LastResults,
    places_below,
    receivers,
    receives_rates,
    said_below,
)
from tiddao.indicators.queries.frameworks import definition_of, version_in_force
from tiddao.indicators.rules.cascade import METHODS, Method, Receiver
from tiddao.indicators.rules.definitions import IndicatorDefinition
from tiddao.ledger.actors import SYSTEM
from tiddao.places.models import NATION, Level

LEVELS = (Level.PROVINCE, Level.DISTRICT, Level.TAMBON, Level.VILLAGE)
HOUSEHOLDS = Decimal(1_234_567)
RATE = Decimal(80)
GOAL = "goal: one act under 10 s to 75,000 villages; sums exact at every level"


def run() -> None:
    if not villages.villages_are_there():
        tiddao("import_villages", str(villages.village_file()))
    heading("A national target handed down to every village", GOAL)
    framework, counted, rate = _framework()
    rows = []
    for indicator, whole in ((counted, HOUSEHOLDS), (rate, RATE)):
        previous: int | None = None
        for method in METHODS:
            began = time.perf_counter()
            below = places_below(NATION, LEVELS, on=timezone.localdate())
            found = receivers(
                indicator, below, LastResults(None, {}), base="villages", on=timezone.localdate()
            )
            read = time.perf_counter() - began
            asked = _with_figures(found, whole, carried=receives_rates(indicator), method=method)
            began = time.perf_counter()
            done = hand_down_target(
                framework, indicator.code, NATION, whole, asked,
                method=method, by=SYSTEM, at=timezone.now(), expected=previous,
                reason="" if previous is None else "วัดเวลา",
            )  # fmt: skip
            took = time.perf_counter() - began
            previous = done.split.pk
            rows.append(
                [
                    f"{'rate' if receives_rates(indicator) else 'count'}, {method}",
                    f"{done.parts:,}",
                    f"{done.splits:,}",
                    seconds(read),
                    seconds(took),
                    seconds(read + took),
                    _checked(framework.pk, indicator, whole),
                ]
            )
    table(["target, method", "parts", "splits", "read", "act", "together", "sums"], rows)
    began = time.perf_counter()
    board = said_below(framework.pk, [NATION])[NATION]
    silent = sum(said.silent for said in board.values())
    print(f"   the nation's board counts {silent:,} silent: {seconds(time.perf_counter() - began)}")


def _framework() -> tuple[Framework, IndicatorDefinition, IndicatorDefinition]:
    """A framework of the department's own: a count that adds up, and a rate."""
    published = version_in_force(Framework.objects.get(code="amphoe-tid-dao", fiscal_year=2566).pk)
    assert published is not None  # the demonstration published it
    shipped = definition_of(published)
    rate = shipped.indicator("1.4")
    counted = replace(
        rate, code="1.1", kind="count", rollup="sum", whole=True, factor=Decimal(1), maximum=None,
        name_th="ครัวเรือนเป้าหมาย", unit_th="ครัวเรือน", denominator_th="",
    )  # fmt: skip
    first = replace(shipped.dimensions[0], indicators=(counted, rate))
    definition = replace(
        shipped,
        code="bench-cascade",
        dimensions=(first, *shipped.dimensions[1:]),
    )
    draft = create_framework(definition, by=SYSTEM, at=timezone.now())
    publish_version(draft, by=SYSTEM, at=timezone.now())
    framework = Framework.objects.select_related("owner").get(code="bench-cascade")
    version = version_in_force(framework.pk)
    assert version is not None
    first_two = definition_of(version).dimensions[0].indicators
    return framework, first_two[0], first_two[1]


def _with_figures(
    found: Mapping[str, Sequence[Receiver]], whole: Decimal, *, carried: bool, method: Method
) -> dict[str, tuple[Receiver, ...]]:
    """Give every place an invented last result, and the provinces parts chosen by hand."""
    chance = random.Random(secrets.randbits(32))
    lasts: dict[str, Decimal] = defaultdict(Decimal)
    for children in found.values():
        for each in children:
            if len(each.key) == 8:
                last = (
                    Decimal(chance.randrange(0, 7_500)) / 100
                    if carried
                    else Decimal(chance.randrange(1, 60))
                )
                for size in (2, 4, 6, 8):
                    lasts[each.key[:size]] += last
                    if carried:
                        lasts[each.key[:size]] = last
    asked = {
        giver: tuple(replace(each, last=lasts[each.key]) for each in children)
        for giver, children in found.items()
    }
    if method == "hand":
        provinces = asked[NATION]
        each_part = whole if carried else whole // len(provinces)
        parts = [each_part] * len(provinces)
        parts[0] += Decimal(0) if carried else whole - sum(parts)
        asked[NATION] = tuple(
            replace(each, by_hand=part) for each, part in zip(provinces, parts, strict=True)
        )
    return asked


def _checked(framework: int, indicator: IndicatorDefinition, whole: Decimal) -> str:
    """Reckon the sums anew, by another way: in the database, from what was written."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT count(*) FILTER (WHERE parts <> whole), count(*) FILTER (WHERE reached < whole),
                   count(*) FILTER (WHERE own IS NOT NULL AND own <> whole), count(*)
            FROM (
                SELECT s.whole, sum(p.value) AS parts,
                       sum(p.value * p.base) / nullif(sum(p.base), 0) AS reached,
                       (SELECT up.value FROM indicators_targetpart up
                        JOIN indicators_targetsplit giver ON giver.id = up.split_id
                         AND giver.ended_at IS NULL AND giver.framework_id = s.framework_id
                         AND giver.indicator_code = s.indicator_code
                        WHERE up.place_id = s.place_id) AS own
                FROM indicators_targetsplit s JOIN indicators_targetpart p ON p.split_id = s.id
                WHERE s.framework_id = %s AND s.indicator_code = %s AND s.ended_at IS NULL
                GROUP BY s.id
            ) AS splits
            """,
            [framework, indicator.code],
        )
        differ, short, torn, splits = cursor.fetchone()
        cursor.execute(
            """
            SELECT pl.level, sum(t.value) FROM indicators_target t JOIN places_place pl ON pl.code = t.place_id
            WHERE t.framework_id = %s AND t.indicator_code = %s AND t.superseded_at IS NULL GROUP BY 1
            """,
            [framework, indicator.code],
        )
        levels = dict(cursor.fetchall())
    if receives_rates(indicator):
        return f"all {splits:,} reach it" if not (short or torn) else f"{short + torn} WRONG"
    wrong = differ + torn + sum(levels[str(level)] != whole for level in LEVELS)
    return f"exact in {splits:,}" if not wrong else f"{wrong} WRONG"
