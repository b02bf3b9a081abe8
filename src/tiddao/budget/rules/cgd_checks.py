"""Reckons the weekly workbook again from its parts, and ranks its units both ways.

Summaries in other people's workbooks are checked, never trusted. Measured on the workbook of
10 July 2569, all eight sheets: the largest difference of a percentage is 1.4e-14 points, every total
equals its rows to the satang, and sheet 1 (printed to two places) is off by 0.01 ล้านบาท once.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Context, Decimal
from typing import Generic, TypeVar

from tiddao.budget.rules.cgd_figures import (
    SPENDING_TH,
    SPENDINGS,
    Basis,
    CgdRow,
    CgdSheet,
    Figure,
    Finding,
    Measure,
    Order,
    Spending,
    SpendingFigures,
)

PERCENT_TOLERANCE = Decimal("1e-9")
"""Points. A percentage held as text may also differ by half its last written place."""
TOTAL_TOLERANCE = Decimal("1e-6")
"""ล้านบาท, that is one baht in any total: room for binary sums of the publisher, for nothing else."""
OVERVIEW_TOLERANCE = Decimal("0.015")
"""ล้านบาท: sheet 1 is printed to two places, so that a sum of two parts may be off by 3 × 0.005."""

SUMMED: tuple[Measure, ...] = (
    "base", "allotted", "planned", "ordered", "disbursed", "used", "remaining",
)  # fmt: skip
PERCENTS: tuple[tuple[Measure, Measure], ...] = (
    ("disbursed_percent", "disbursed"),
    ("used_percent", "used"),
    ("remaining_percent", "remaining"),
)
SEPTEMBER = 9
_WIDE = Context(prec=50, rounding=ROUND_HALF_UP)
_HUNDRED = Decimal(100)


def percent_of(amount: Decimal | None, base: Decimal | None) -> Decimal | None:
    """Amount ÷ base × 100, in per cent; None when a part is missing or the base is zero.

    Source: docs domain 3.2 (ร้อยละ … ต่องบจัดสรรถือจ่ายจังหวัด); docs house, rates from parts.
    """
    if amount is None or not base:
        return None
    return _WIDE.divide(_WIDE.multiply(amount, _HUNDRED), base)


@dataclass(frozen=True, slots=True)
class RecomputedPercent:
    """A percentage of one row, printed and from its parts (per cent); difference in points."""

    row: CgdRow
    spending: Spending
    printed: Figure
    from_parts: Decimal

    @property
    def difference(self) -> Decimal | None:
        """Printed less recomputed; None when nothing is printed."""
        return None if self.printed.value is None else self.printed.value - self.from_parts


@dataclass(frozen=True, slots=True)
class RecomputedTotal:
    """A total as printed in the total row, and as the sum of the rows (ล้านบาท)."""

    spending: Spending
    printed: Figure
    from_rows: Decimal

    @property
    def difference(self) -> Decimal | None:
        """Printed less the sum; None when nothing is printed."""
        return None if self.printed.value is None else self.printed.value - self.from_rows


@dataclass(frozen=True, slots=True)
class Recomputation:
    """A whole sheet reckoned again. worst_*: largest absolute difference, 0 when there is none."""

    percents: tuple[RecomputedPercent, ...]
    totals: tuple[RecomputedTotal, ...]

    @property
    def worst_percent(self) -> Decimal:
        return max((abs(p.difference) for p in self.percents if p.difference), default=Decimal(0))

    @property
    def worst_total(self) -> Decimal:
        return max((abs(t.difference) for t in self.totals if t.difference), default=Decimal(0))


def recompute(sheet: CgdSheet) -> Recomputation:
    """Every percentage from its parts (total row included), every total from its rows.

    A percentage over a base of zero has no parts and is left out, though the workbook prints 0. A
    total is left out while a row of its column is blank. On sheet 1, whose rows are parts of each
    other, no total is summed from the rows: `sheet_findings` compares them.

    Source: issue 2, must show 4 (equal to 1e-9; the national total equals its total row).
    """
    percents = tuple(
        RecomputedPercent(row, spending, figures.measures[percent], value)
        for row in (*sheet.rows, sheet.total_row)
        for spending, figures in row.figures.items()
        for percent, amount in PERCENTS
        if percent in figures.measures
        if (value := percent_of(figures.measures[amount].value, figures.base.value)) is not None
    )
    totals = () if sheet.number == 1 else tuple(_totals(sheet))
    return Recomputation(percents, totals)


def _totals(sheet: CgdSheet) -> Iterator[RecomputedTotal]:
    for spending, figures in sheet.total_row.figures.items():
        for measure in SUMMED:
            if measure not in figures.measures:
                continue
            values = [row.figures[spending].measures[measure].value for row in sheet.rows]
            known = [value for value in values if value is not None]
            if len(known) == len(values):
                yield RecomputedTotal(spending, figures.measures[measure], sum(known, Decimal(0)))


def sheet_findings(sheet: CgdSheet) -> tuple[Finding, ...]:
    """What one sheet says against itself: percentages, gaps, parts and totals, signs, order.

    Source: docs house, "Summaries in other people's workbooks are checked, never trusted"; issue 2,
    "Real input" (refused or reported by cell).
    """
    findings = [
        *_value_findings(sheet),
        *_percent_findings(sheet),
        *_total_findings(sheet),
        *_gap_findings(sheet),
    ]
    findings += _overview_findings(sheet) if sheet.number == 1 else _order_findings(sheet)
    return tuple(findings)


def _tolerance(figure: Figure) -> Decimal:
    if not figure.as_text or figure.value is None:
        return PERCENT_TOLERANCE
    exponent = figure.value.as_tuple().exponent
    written = Decimal(5).scaleb(int(exponent) - 1) if isinstance(exponent, int) else Decimal(0)
    return PERCENT_TOLERANCE + written


def _value_findings(sheet: CgdSheet) -> Iterator[Finding]:
    for row in (*sheet.rows, sheet.total_row):
        for spending, figures in row.figures.items():
            for figure in figures.measures.values():
                if figure.value is not None and figure.value < 0 and figure.measure != "gap":
                    yield Finding(
                        "negative",
                        sheet.tab,
                        figure.cell,
                        f"{row.name}: {figure.name_th} ({SPENDING_TH[spending]}) ติดลบ "
                        f"({_plain(figure.value)})",
                        "error",
                    )
            amount, base = figures.amount.value, figures.base.value
            if amount is not None and base is not None and amount > base + TOTAL_TOLERANCE:
                yield Finding(
                    "over-base",
                    sheet.tab,
                    figures.amount.cell,
                    f"{row.name}: {figures.amount.name_th} ({SPENDING_TH[spending]}) "
                    f"{_plain(amount)} ล้านบาท มากกว่า{sheet.base_th} {_plain(base)} ล้านบาท",
                    "warning",
                )


def _percent_findings(sheet: CgdSheet) -> Iterator[Finding]:
    for each in recompute(sheet).percents:
        if each.difference is None or abs(each.difference) <= _tolerance(each.printed):
            continue
        yield Finding(
            "percent-differs",
            sheet.tab,
            each.printed.cell,
            f"{each.row.name}: {each.printed.name_th} ({SPENDING_TH[each.spending]}) พิมพ์ไว้ "
            f"{_plain(each.printed.value)} แต่คำนวณจากตัวเลขในแถวได้ {_plain(each.from_parts)}",
            "error",
        )


def _total_findings(sheet: CgdSheet) -> Iterator[Finding]:
    for each in recompute(sheet).totals:
        if each.difference is None or abs(each.difference) <= TOTAL_TOLERANCE:
            continue
        yield Finding(
            "total-differs",
            sheet.tab,
            each.printed.cell,
            f"แถวรวม: {each.printed.name_th} ({SPENDING_TH[each.spending]}) พิมพ์ไว้ "
            f"{_plain(each.printed.value)} ล้านบาท แต่ผลบวกของทุกแถวคือ {_plain(each.from_rows)} ล้านบาท "
            f"(ต่างกัน {_plain(each.difference)})",
            "error",
        )
    for row in (*sheet.rows, sheet.total_row):
        if len(row.figures) < len(SPENDINGS):
            continue
        for measure in SUMMED:
            parts = [row.figures[spending].measures.get(measure) for spending in SPENDINGS]
            values = [part.value for part in parts if part is not None and part.value is not None]
            if len(values) < len(SPENDINGS):
                continue
            if abs(values[0] + values[1] - values[2]) > TOTAL_TOLERANCE:
                total = row.figures["total"].measures[measure]
                yield Finding(
                    "parts-differ",
                    sheet.tab,
                    total.cell,
                    f"{row.name}: {total.name_th} รวม {_plain(values[2])} ไม่เท่ากับรายจ่ายประจำ "
                    f"{_plain(values[0])} บวกรายจ่ายลงทุน {_plain(values[1])} ล้านบาท",
                    "error",
                )


def month_targets(sheet: CgdSheet) -> dict[Spending, Decimal]:
    """The month's target for use (per cent) per type of spending that the sheet reckons gaps from.

    The footnote where it prints one, else what most rows imply (percentage less gap).

    Source: docs domain 3.1 (July 2569: 87/89/79), 3.2 (สูง/ต่ำกว่าเป้าหมายการใช้จ่ายรายเดือน).
    """
    targets = dict(sheet.targets)
    for spending in SPENDINGS:
        if spending in targets:
            continue
        implied = Counter(
            round(figures.percent.value - figures.gap.value, 6)
            for row in sheet.rows
            if (figures := row.figures.get(spending)) is not None and figures.base.value
            if figures.percent.value is not None
            if figures.gap is not None and figures.gap.value is not None
        )
        if implied:
            targets[spending] = implied.most_common(1)[0][0]
    return targets


def _gap_findings(sheet: CgdSheet) -> Iterator[Finding]:
    targets = month_targets(sheet)
    for row in (*sheet.rows, sheet.total_row):
        for spending, figures in row.figures.items():
            # Over a base of zero the workbook prints 0 for percentage and gap alike.
            if figures.gap is None or spending not in targets or not figures.base.value:
                continue
            percent, gap = figures.percent.value, figures.gap.value
            if percent is None or gap is None:
                continue
            expected = percent - targets[spending]
            if abs(gap - expected) > PERCENT_TOLERANCE + _tolerance(figures.gap):
                yield Finding(
                    "gap-differs",
                    sheet.tab,
                    figures.gap.cell,
                    f"{row.name}: ส่วนต่างจากเป้าหมาย ({SPENDING_TH[spending]}) พิมพ์ไว้ {_plain(gap)} จุด "
                    f"แต่ร้อยละ {_plain(percent)} เทียบเป้าหมายร้อยละ {_plain(targets[spending])} "
                    f"ต่างกัน {_plain(expected)} จุด",
                    "error",
                )


def _order_findings(sheet: CgdSheet) -> Iterator[Finding]:
    """Ranks run 1, 2, 3 …; within units of one kind the shares, from parts, run the printed way."""
    share = percent_key()
    for place, row in enumerate(sheet.rows, start=1):
        if row.printed_rank is not None and row.printed_rank != place:
            yield Finding(
                "rank-order",
                sheet.tab,
                row.rank_cell,
                f"{row.name}: พิมพ์ลำดับที่ {row.printed_rank} แต่อยู่ลำดับที่ {place} ของตาราง",
                "error",
            )
    for before, after in zip(sheet.rows, sheet.rows[1:], strict=False):
        if before.kind != after.kind:
            continue
        first, second = share(before), share(after)
        if first is None or second is None:
            continue
        # Ties are printed in any order; full-precision percentages differ in the last binary place.
        falls = first - second > PERCENT_TOLERANCE
        rises = second - first > PERCENT_TOLERANCE
        if (sheet.order == "ascending" and falls) or (sheet.order == "descending" and rises):
            yield Finding(
                "not-in-order",
                sheet.tab,
                after.figures["total"].percent.cell,
                f"{after.name}: ร้อยละ {_plain(second)} ไม่เรียง"
                f"{'จากน้อยไปมาก' if sheet.order == 'ascending' else 'จากมากไปน้อย'}"
                f"ต่อจาก{before.name} ร้อยละ {_plain(first)} ตามที่หัวตารางบอก",
                "error",
            )


def _overview_findings(sheet: CgdSheet) -> Iterator[Finding]:
    """Sheet 1: 1.1 + 1.2 = 1, and 1 + 2 = รวมทั้งสิ้น."""
    year, recurrent, investment, _without_central, carried = sheet.rows
    sums = ((year, (recurrent, investment)), (sheet.total_row, (year, carried)))
    for whole, parts in sums:
        figures = _only(whole)
        for measure in SUMMED:
            printed = figures.measures.get(measure)
            values = [
                part.value
                for row in parts
                if (part := _only(row).measures.get(measure)) is not None
                if part.value is not None
            ]
            if printed is None or printed.value is None or len(values) < len(parts):
                continue
            total = sum(values, Decimal(0))
            if abs(printed.value - total) > OVERVIEW_TOLERANCE:
                yield Finding(
                    "total-differs",
                    sheet.tab,
                    printed.cell,
                    f"{whole.name}: {printed.name_th} พิมพ์ไว้ {_plain(printed.value)} ล้านบาท "
                    f"แต่ผลบวกของ{' กับ '.join(row.name for row in parts)} คือ {_plain(total)} ล้านบาท",
                    "error",
                )


def _only(row: CgdRow) -> SpendingFigures:
    return next(iter(row.figures.values()))


PAIRS = ((3, 4), (11, 12), (13, 14))
"""Sheets about the same units: what was disbursed, and what was used."""


def pair_findings(sheets: Mapping[int, CgdSheet]) -> tuple[Finding, ...]:
    """What the sheet of disbursement and its sheet of use say against each other.

    Both must hold the same units with the same budget; before September, used = disbursed + ordered
    (in September money reserved to be carried over is added, so that used may only be larger).

    Source: docs domain 3.2 (การใช้จ่าย, footnotes of the workbook).
    """
    return tuple(
        finding
        for first, second in PAIRS
        if first in sheets and second in sheets
        for finding in _pair(sheets[first], sheets[second])
    )


def _pair(disbursed: CgdSheet, used: CgdSheet) -> Iterator[Finding]:
    others = {row.code: row for row in used.rows}
    codes = {row.code for row in disbursed.rows}
    for rows, known, elsewhere, sheet in (
        (disbursed.rows, others.keys(), used, disbursed),
        (used.rows, codes, disbursed, used),
    ):
        for row in rows:
            if row.code not in known:
                yield Finding(
                    "unit-only-here",
                    sheet.tab,
                    row.name_cell,
                    f"{row.name} ({row.code}) ไม่มีในแผ่นงาน “{elsewhere.tab}”",
                    "error",
                )
    for row in disbursed.rows:
        other = others.get(row.code)
        if other is not None:
            for spending in SPENDINGS:
                yield from _pair_figures(
                    row, row.figures[spending], other.figures[spending], disbursed, used
                )


def _pair_figures(
    row: CgdRow,
    left: SpendingFigures,
    right: SpendingFigures,
    disbursed: CgdSheet,
    used: CgdSheet,
) -> Iterator[Finding]:
    where = f"{row.name} ({SPENDING_TH[left.spending]})"
    bases = (left.base.value, right.base.value)
    if bases[0] is not None and bases[1] is not None and abs(bases[0] - bases[1]) > TOTAL_TOLERANCE:
        yield Finding(
            "base-differs",
            used.tab,
            right.base.cell,
            f"{where}: {used.base_th} {_plain(right.base.value)} ล้านบาท ไม่เท่ากับ "
            f"{_plain(left.base.value)} ล้านบาท ในแผ่นงาน “{disbursed.tab}” ช่อง {left.base.cell}",
            "error",
        )
    ordered = left.ordered
    if (
        ordered is None
        or ordered.value is None
        or left.amount.value is None
        or right.amount.value is None
    ):
        return
    excess = right.amount.value - (left.amount.value + ordered.value)
    september = used.as_of.month == SEPTEMBER
    if excess < -TOTAL_TOLERANCE or (excess > TOTAL_TOLERANCE and not september):
        yield Finding(
            "used-differs",
            used.tab,
            right.amount.cell,
            f"{where}: การใช้จ่าย {_plain(right.amount.value)} ล้านบาท ไม่เท่ากับเบิกจ่าย "
            f"{_plain(left.amount.value)} บวก PO และสำรองเงินมีหนี้ {_plain(ordered.value)} "
            f"ในแผ่นงาน “{disbursed.tab}” ช่อง {left.amount.cell} และ {ordered.cell}",
            "error",
        )


T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Ranked(Generic[T]):
    """A row with its ranks both ways; rows with the same value share them (1, 2, 2, 4).

    value None: nothing to rank by; such rows stand last and have no rank. of: how many were ranked.
    tied: how many share the rank, itself included.
    """

    row: T
    value: Decimal | None
    rank_from_lowest: int | None
    rank_from_highest: int | None
    of: int
    tied: int


def percent_key(
    spending: Spending = "total", basis: Basis | None = None
) -> Callable[[CgdRow], Decimal | None]:
    """A key for `ranks`: the percentage recomputed from its parts, of the sheet's own basis if None.

    Source: docs domain 3.3 ("Rank depends on basis").
    """

    def value(row: CgdRow) -> Decimal | None:
        figures = row.figures.get(spending)
        if figures is None:
            return None
        amount = figures.measures.get(basis) if basis else figures.amount
        return percent_of(amount.value if amount else None, figures.base.value)

    return value


def ranks(
    rows: Iterable[T],
    key: Callable[[T], Decimal | None],
    order: Order = "ascending",
) -> tuple[Ranked[T], ...]:
    """The rows in that order of key, each with its rank from the lowest and from the highest.

    order settles only how the answer is sorted, never what the two ranks mean. "ascending" is the
    workbook's own order, in which rank 1 is the lowest.

    Source: docs domain 3.3 (เรียงลำดับจากน้อยไปมาก: rank 1 is the lowest); issue 2, "Real input".
    """
    pairs = [(row, key(row)) for row in rows]
    counts = Counter(value for _, value in pairs if value is not None)
    below: dict[Decimal, int] = {}
    seen = 0
    for value in sorted(counts):
        below[value] = seen
        seen += counts[value]
    ranked = [
        Ranked(row, None, None, None, seen, 0)
        if value is None
        else Ranked(
            row,
            value,
            rank_from_lowest=below[value] + 1,
            rank_from_highest=seen - below[value] - counts[value] + 1,
            of=seen,
            tied=counts[value],
        )
        for row, value in pairs
    ]
    return tuple(sorted(ranked, key=lambda each: _place_in(each, order)))


def _place_in(each: Ranked[T], order: Order) -> tuple[bool, int]:
    rank = each.rank_from_lowest if order == "ascending" else each.rank_from_highest
    return (rank is None, rank or 0)


def _plain(value: Decimal | None) -> str:
    """As a person reads it: no exponent, at most 12 places."""
    if value is None:
        return "–"
    exponent = value.as_tuple().exponent
    if isinstance(exponent, int) and exponent < -12:
        value = value.quantize(Decimal("1e-12"), context=_WIDE)
    text = f"{value:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
