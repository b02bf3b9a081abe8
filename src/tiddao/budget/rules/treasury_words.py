"""How the treasury's figures are judged and spoken of: gap to target, order of ranks, source."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Literal

from tiddao.budget.rules.cgd_figures import KIND_TH, Kind, Order
from tiddao.budget.rules.thresholds import Thresholds

Status = Literal["ok", "warn", "bad", "nodata"]

ORDER_TH: dict[Order, str] = {
    "ascending": "เรียงจากน้อยไปมาก อันดับ 1 คือต่ำที่สุด",
    "descending": "เรียงจากมากไปน้อย อันดับ 1 คือสูงที่สุด",
}

LEAGUE_SHEETS = (2, 3, 4, 11, 12, 13, 14)
"""Sheets that rank units; sheet 1 is the overview of the country."""

RANKED_KIND: dict[int, Kind] = {
    2: "ministry", 3: "agency", 4: "agency", 11: "province", 12: "province", 13: "province",
    14: "province",
}  # fmt: skip
"""The kind of unit that a sheet's printed ranks compare first (sheets 11 and 12 go on to groups)."""


def gap_status(gap: Decimal | None, thresholds: Thresholds) -> Status:
    """How a gap to the monthly target (points) is shown, by the bounds of every status of money.

    Source: docs domain 3.4 (green at or above the expected share, yellow a little below, red further
    below, grey without data); definitions/money-status.toml.
    """
    if gap is None:
        return "nodata"
    if gap >= thresholds.green_from:
        return "ok"
    return "warn" if gap >= thresholds.yellow_from else "bad"


def universe_words(kind: Kind, count: int) -> str:
    """Who is compared: "76 จังหวัด".

    Source: docs domain 3.3 ("Rank depends on basis": every rank says of whom).
    """
    return f"{count:,} {KIND_TH[kind]}"


def source_of(as_of: date, sheet: int, cell: str) -> str:
    """Where a posted figure comes from: "cgd:2026-07-10 sheet 13 cell M73".

    Source: product.md, "every figure … a click goes to where it came from".
    """
    return f"cgd:{as_of.isoformat()} sheet {sheet} cell {cell}"
