"""A nation that reports everything: 928 places × 24 indicators × 2 rounds, as rows of the product.

The figures are those of the demonstration, made for every district, Bangkok's too; a few are left
out, as in life. They are nobody's facts, so they are copied in past the history triggers.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from django.db import connection, transaction

from tiddao.config.demonstration.districts import ROUNDS, left_out, random_for
from tiddao.config.demonstration.figures import figures_of
from tiddao.config.demonstration.frameworks import CODE
from tiddao.config.demonstration.results import tambons_of_districts
from tiddao.indicators.actions.frameworks import create_framework, publish_version
from tiddao.indicators.actions.scoring import Groups
from tiddao.indicators.models import Framework, Version
from tiddao.indicators.queries.frameworks import definition_of
from tiddao.indicators.queries.scores import ScoredRound, scored_rounds
from tiddao.indicators.rules.scoring import contribution
from tiddao.ledger.actors import SYSTEM
from tiddao.places import tree
from tiddao.places.models import Level, Place, PlaceGroup

BENCH_CODE = "bench-nation"
_COLUMNS = (
    "revision", "known_at", "framework_id", "round_id", "indicator_code", "place_id", "state",
    "not_applicable", "narrative", "part_numerator", "part_denominator", "version_id", "by",
    "post", "source",
)  # fmt: skip


def rounds_of_the_nation() -> tuple[ScoredRound, ...]:
    """Return the two rounds, with their 44,544 results; made on the first call."""
    if not Framework.objects.filter(code=BENCH_CODE).exists():
        _make()
    return scored_rounds(code=BENCH_CODE, years=[2566])


def groups_of_the_nation(one: ScoredRound) -> Groups:
    """Return every unit in which a district counts: itself, province, nation, and its groups."""
    on = one.round.true_on
    kinds = dict(PlaceGroup.objects.filter(tree.exists_on(on)).values_list("key", "kind"))
    pairs = tree.leaf_group_pairs(_districts(), on=on)
    level_of = {
        unit: kinds[unit] if unit in kinds else str(tree.level_of_code(unit)) for _, unit in pairs
    }
    expected: dict[str, dict[str, int]] = {unit: {"district": 0} for unit in level_of}
    for _, unit in pairs:
        expected[unit]["district"] += 1
    return Groups(level_of, pairs, expected)


def _districts() -> list[str]:
    there = Place.objects.filter(level=Level.DISTRICT, valid_to__isnull=True)
    return list(there.order_by("code").values_list("code", flat=True))


@transaction.atomic
def _make() -> None:
    at = datetime(2023, 1, 1, tzinfo=UTC)
    shipped = Version.objects.get(framework__code=CODE, framework__fiscal_year=2566)
    draft = create_framework(
        replace(definition_of(shipped), code=BENCH_CODE, version=1), by=SYSTEM, at=at
    )
    version = publish_version(draft, by=SYSTEM, at=at)
    definition = definition_of(version)
    tambons = tambons_of_districts()
    codes = [each.code for each in definition.indicators]
    # Everything is read before the copy begins: one connection does one thing at a time.
    rounds, districts = list(version.framework.rounds.all()), _districts()
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        statement = f"COPY indicators_result ({', '.join(_quoted(_COLUMNS))}) FROM STDIN"
        with cursor.copy(statement) as rows:
            for one in rounds:
                name = next(each for each in ROUNDS if each == (2566, one.code))
                for place in districts:
                    figures = figures_of(definition, place, tambons[place], name)
                    missing = left_out(place, name, codes)
                    late = random_for("bench", place, one.code).random() < 0.03
                    for code, report in figures.items():
                        if code in missing:
                            continue
                        parts = contribution(definition.indicator(code), report)
                        rows.write_row(
                            (
                                1, at, version.framework_id, one.pk, code, place,
                                "submitted" if late else "approved", False, "",
                                parts.numerator, parts.denominator, version.pk, "bench", "",
                                "bench",
                            )
                        )  # fmt: skip
        cursor.execute("SET LOCAL session_replication_role = origin")
        cursor.execute("ANALYZE indicators_result")


def _quoted(names: tuple[str, ...]) -> list[str]:
    return [f'"{name}"' for name in names]
