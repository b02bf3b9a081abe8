"""The same stars in pandas: vectors of binary floating point, rounded where the rules round."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd  # type: ignore[import-untyped]  # only measured against

from tiddao.indicators.actions.scoring import Groups
from tiddao.indicators.rules.definitions import FrameworkDefinition


def score(
    facts: pd.DataFrame, pairs: pd.DataFrame, definition: FrameworkDefinition, expected: pd.Series
) -> pd.DataFrame:
    """Return score, completeness and stars by unit.

    facts: leaf, indicator, numerator, denominator. pairs: leaf, unit. expected: offices by
    unit.
    """
    indicators = indicator_table(definition)
    sums = (
        facts.merge(pairs, on="leaf")
        .groupby(["unit", "indicator"], sort=False)
        .agg(
            numerator=("numerator", "sum"),
            denominator=("denominator", lambda each: each.sum(min_count=1)),
            reported=("numerator", "size"),
        )
        .reset_index()
        .merge(indicators, on="indicator")
    )
    value = sums["numerator"] * sums["factor"]
    value = _rounded(np.where(sums["denominator"].isna(), value, value / sums["denominator"]), 6)
    sums["level"] = _levels(value * sums["direction"], sums[["l1", "l2", "l3", "l4", "l5"]])
    sums["scored"] = sums["weight"] * sums["level"]
    sums["complete"] = sums["weight"] * sums["reported"] / sums["unit"].map(expected)
    dimensions = (
        sums.groupby(["unit", "dimension"], sort=False)
        .agg(scored=("scored", "sum"), weight=("weight", "sum"), complete=("complete", "sum"))
        .reset_index()
    )
    rules = definition.star_rules
    of_all = indicators.groupby("dimension")["weight"].sum()
    weights = pd.Series({each.code: float(each.weight) for each in definition.dimensions})
    dimensions["score"] = _rounded(dimensions["scored"] / dimensions["weight"], 4)
    dimensions["completeness"] = _rounded(
        dimensions["complete"] / dimensions["dimension"].map(of_all) * 100, 4
    )
    dimensions["stars"] = np.where(
        dimensions["completeness"] >= float(rules.min_completeness),
        _stars(dimensions["score"], rules.cutoffs),
        np.nan,
    )
    dimensions["of"] = dimensions["dimension"].map(weights)
    dimensions["ws"] = dimensions["of"] * dimensions["score"]
    dimensions["wc"] = dimensions["of"] * dimensions["completeness"]
    places = dimensions.groupby("unit", sort=False).agg(
        ws=("ws", "sum"), wc=("wc", "sum"), of=("of", "sum"),
        lowest=("stars", "min"), starred=("stars", "count"),
    )  # fmt: skip
    places["score"] = _rounded(places["ws"] / places["of"], 4)
    places["completeness"] = _rounded(places["wc"] / weights.sum(), 4)
    margin = np.inf if rules.balance_margin is None else rules.balance_margin
    places["stars"] = np.where(
        places["starred"] == len(weights),
        np.minimum(_stars(places["score"], rules.cutoffs), places["lowest"] + margin),
        np.nan,
    )
    return places[["score", "completeness", "stars"]]


def indicator_table(definition: FrameworkDefinition) -> pd.DataFrame:
    rows = []
    for dimension in definition.dimensions:
        for each in dimension.indicators:
            assert each.ladder is not None
            direction = -1.0 if each.ladder.descending else 1.0
            rows.append(
                {
                    "indicator": each.code,
                    "dimension": dimension.code,
                    "weight": float(each.weight),
                    "factor": float(each.factor),
                    "direction": direction,
                }
                | {f"l{k}": float(step) for k, step in enumerate(each.ladder.rising, start=1)}
            )
    return pd.DataFrame(rows)


def expected_offices(groups: Groups) -> pd.Series:
    return pd.Series({unit: sum(found.values()) for unit, found in groups.expected.items()})


def _levels(value: pd.Series, steps: pd.DataFrame) -> Any:
    ladder = steps.to_numpy()
    level = np.ones(len(value))
    for k in range(4):
        low, high = ladder[:, k], ladder[:, k + 1]
        with np.errstate(divide="ignore", invalid="ignore"):
            between = k + 1 + (value - low) / (high - low)
        level = np.where((value >= low) & (high > low), between, level)
    level = np.where(value >= ladder[:, 4], 5.0, level)
    return _rounded(np.where(value <= ladder[:, 0], 1.0, level), 4)


def _stars(score: Any, cutoffs: Sequence[Any]) -> Any:
    share = _rounded(score / 5 * 100, 4)
    return 1 + sum((share >= float(cutoff)).astype(int) for cutoff in cutoffs)


def _rounded(value: Any, places: int) -> Any:
    """Half up, as nearly as binary floating point can: a tie may fall on either side."""
    scale = 10.0**places
    return np.floor(value * scale + 0.5 + 1e-9) / scale
