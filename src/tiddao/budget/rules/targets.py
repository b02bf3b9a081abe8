"""Official targets of disbursement and use: read from a definition, asked by day.

Targets are cumulative from 1 October, in per cent of the budget after transfers. What is known is a
few moments a year; between two quarter ends the treasury's monthly targets lie on a straight line,
each month a third of the way (54 at the end of March and 77 at the end of June make 61.67 in April
and 69.33 in May 2562). Nothing is drawn past what is known: a year without targets stays blank.
"""

from __future__ import annotations

import tomllib
from calendar import monthrange
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from itertools import pairwise
from typing import Any, Literal, TypeVar, get_args

from tiddao.budget.rules.cgd_figures import SPENDINGS, Basis, Spending
from tiddao.kernel.fiscal import EARLIEST_BE, LATEST_BE, FiscalYear
from tiddao.kernel.numerals import rounded

Certainty = Literal["sourced", "inferred", "background"]
How = Literal["printed", "interpolated", "inferred"]

CERTAINTIES: tuple[Certainty, ...] = get_args(Certainty)
"""From the surest to the least sure."""
BASES: tuple[Basis, ...] = get_args(Basis)
HOW_TH: dict[How, str] = {
    "printed": "ตามที่ประกาศ",
    "interpolated": "คำนวณตามเส้นตรงระหว่างเป้าหมายที่ประกาศ",
    "inferred": "อนุมานจากเป้าหมายที่ประกาศ",
}
PLACES = 2
"""Targets are published with two decimals; what is computed is rounded half-up to as many."""

Choice = TypeVar("Choice", bound=str)
Row = TypeVar("Row")


class TargetsRefused(ValueError):
    """The file is not a table of targets. faults: each with its file, key and reason, in Thai."""

    def __init__(self, faults: tuple[str, ...]) -> None:
        super().__init__("\n".join(faults))
        self.faults = faults


@dataclass(frozen=True, slots=True)
class OfficialTarget:
    """One published or inferred target: per cent, cumulative at the end of the day."""

    year: FiscalYear
    spending: Spending
    basis: Basis
    on: date
    percent: Decimal
    certainty: Certainty
    source: str
    note: str = ""
    basis_inferred: bool = False
    within_period: bool = False
    """Perhaps of the quarter alone, not from October: kept and shown, never reckoned with."""


@dataclass(frozen=True, slots=True)
class OfficialActual:
    """What the country reached, printed beside a target. basis: None where the source says none."""

    year: FiscalYear
    spending: Spending
    basis: Basis | None
    on: date
    percent: Decimal
    source: str
    note: str = ""
    day_inferred: bool = False


@dataclass(frozen=True, slots=True)
class TargetPoint:
    """The official target on a day, in per cent with two decimals, and how it was got.

    certainty: that of the least sure figure it rests on. sources: of all the figures it rests on.
    """

    on: date
    percent: Decimal
    how: How
    certainty: Certainty
    sources: tuple[str, ...]

    @property
    def how_th(self) -> str:
        return HOW_TH[self.how]


@dataclass(frozen=True, slots=True)
class OfficialTargets:
    """All that is known, in the file's order."""

    targets: tuple[OfficialTarget, ...]
    actuals: tuple[OfficialActual, ...]
    unknown_years: frozenset[FiscalYear]
    """Years looked for and not found."""

    def known(self, year: FiscalYear, spending: Spending, basis: Basis) -> list[OfficialTarget]:
        """The targets of one year that lines may be drawn through, by day.

        Source: docs domain 3.1.
        """
        found = [
            each
            for each in self.targets
            if (each.year, each.spending, each.basis) == (year, spending, basis)
            and not each.within_period
        ]
        return sorted(found, key=lambda each: each.on)

    def target_on(
        self, year: FiscalYear, spending: Spending, basis: Basis, on: date
    ) -> TargetPoint | None:
        """The target on a day of the year: printed, or on the straight line within its quarter.

        None where it is not known: no line runs across a quarter end that has no target, and none
        before the first known target but in the first quarter, which starts from nothing.
        Raises ValueError for a day outside the year.

        The line passes each month's end at a third of its quarter, and runs evenly by days within
        the month. The treasury itself compares any day with its month's end: see month_target.

        Source: docs domain 3.1, [INF] straight line between quarter-end targets.
        """
        quarter = year.quarter_of(on)
        begins = year.quarter_start(quarter)
        ends = year.quarter_end(quarter)
        known = [each for each in self.known(year, spending, basis) if each.on <= ends]
        for each in known:
            if each.on == on:
                return _printed(each)
        # Nothing is spent before the year begins.
        anchors: list[OfficialTarget | None] = [None] if quarter == 1 else []
        anchors += [each for each in known if _since(begins, each.on) >= 0]
        # From quarter end to quarter end where both are known: printed months are already rounded.
        whole = [each for each in anchors if each is None or _since(begins, each.on) in {0, 3}]
        for before, after in (*pairwise(whole), *pairwise(anchors)):
            if after is not None and (before is None or before.on < on) and on < after.on:
                return _between(before, after, on, begins)
        return None

    def month_target(
        self, year: FiscalYear, spending: Spending, basis: Basis, on: date
    ) -> TargetPoint | None:
        """The target of the end of the day's month, which the treasury uses on every day of it.

        On 10 July 2569 the workbook prints gaps from July's 87.00. None where it is not known.
        Raises ValueError for a day outside the year.

        Source: docs domain 3.3 (สูง/ต่ำกว่าเป้าหมายการใช้จ่ายรายเดือน; CDD 81.28 % is −5.72 points).
        """
        if not year.contains(on):
            raise ValueError(f"{on.isoformat()} is not in fiscal year {year}")
        return self.target_on(year, spending, basis, _month_end(on.year, on.month))

    def shape(self, year: FiscalYear, spending: Spending, basis: Basis) -> tuple[TargetPoint, ...]:
        """The targets of the year's month ends, in order, as far as they are known.

        Source: docs domain 3.1, [INF] straight line between quarter-end targets.
        """
        ends = (_month_end(*month) for month in year.months())
        points = (self.target_on(year, spending, basis, on) for on in ends)
        return tuple(point for point in points if point is not None)


def _printed(target: OfficialTarget) -> TargetPoint:
    how: How = "inferred" if target.certainty == "inferred" else "printed"
    sources = (target.source,) if target.source else ()
    return TargetPoint(target.on, rounded(target.percent, PLACES), how, target.certainty, sources)


def _between(
    before: OfficialTarget | None, after: OfficialTarget, on: date, begins: date
) -> TargetPoint:
    known = [each for each in (before, after) if each is not None]
    first = _since(begins, before.on) if before else Decimal(0)
    start = before.percent if before else Decimal(0)
    share = (_since(begins, on) - first) / (_since(begins, after.on) - first)
    percent = start + (after.percent - start) * share
    certainty = max((each.certainty for each in known), key=CERTAINTIES.index)
    return TargetPoint(
        on,
        rounded(percent, PLACES),
        "inferred" if any(each.certainty == "inferred" for each in known) else "interpolated",
        certainty,
        tuple(dict.fromkeys(each.source for each in known if each.source)),
    )


def _since(begins: date, on: date) -> Decimal:
    """Months gone by at the end of the day since the quarter began; 0 on the eve, 3 at its end."""
    months = (on.year - begins.year) * 12 + on.month - begins.month
    return months + Decimal(on.day) / monthrange(on.year, on.month)[1]


def _month_end(year: int, month: int) -> date:
    return date(year, month, monthrange(year, month)[1])


# -- reading the definition -----------------------------------------------------------------------


class _Fault(ValueError):
    pass


def read_targets(text: str, *, file: str) -> OfficialTargets:
    """The targets that a definition holds.

    Raises TargetsRefused with everything that is wrong: unknown keys, missing sources, percentages
    outside 0–100, the same target twice, a year both known and unknown, a target that falls.

    Source: docs domain 3.1 (sources and certainty kept, unknown years blank).
    """
    try:
        found = tomllib.loads(text, parse_float=Decimal)
    except tomllib.TOMLDecodeError as fault:
        raise TargetsRefused((f"{file}: อ่านเป็น TOML ไม่ได้: {fault}",)) from fault
    faults: list[str] = []
    faults += [
        f"{file}: {key}: ไม่รู้จักหัวข้อนี้" for key in found.keys() - {"target", "actual", "unknown_years"}
    ]
    targets = _tables(found, "target", _targets, file, faults)
    actuals = _tables(found, "actual", _actuals, file, faults)
    unknown: frozenset[FiscalYear] = frozenset()
    try:
        unknown = frozenset(_year(each, "unknown_years") for each in found.get("unknown_years", []))
    except _Fault as fault:
        faults.append(f"{file}: {fault}")
    faults += [f"{file}: {fault}" for fault in _contradictions(targets, unknown)]
    if faults:
        raise TargetsRefused(tuple(faults))
    return OfficialTargets(tuple(targets), tuple(actuals), unknown)


def _tables(
    found: Mapping[str, Any],
    key: str,
    read: Callable[[Mapping[str, Any]], Iterator[Row]],
    file: str,
    faults: list[str],
) -> list[Row]:
    rows: list[Row] = []
    for number, table in enumerate(found.get(key, []), start=1):
        try:
            rows.extend(read(table))
        except _Fault as fault:
            faults.append(f"{file}: {key}[{number}].{fault}")
    return rows


def _targets(table: Mapping[str, Any]) -> Iterator[OfficialTarget]:
    _only(
        table,
        {"fiscal_year", "basis", "at", "certainty", "source", *SPENDINGS},
        {"note", "basis_inferred", "within_period"},
    )
    year = _year(table["fiscal_year"], "fiscal_year")
    certainty = _one_of(table["certainty"], CERTAINTIES, "certainty")
    source = _text(table, "source")
    if certainty != "background" and not source:
        raise _Fault("source: ต้องบอกแหล่งที่มา")
    for spending, percent in _percents(table):
        yield OfficialTarget(
            year=year,
            spending=spending,
            basis=_one_of(table["basis"], BASES, "basis"),
            on=_moment(year, table["at"]),
            percent=percent,
            certainty=certainty,
            source=source,
            note=_text(table, "note"),
            basis_inferred=_flag(table, "basis_inferred"),
            within_period=_flag(table, "within_period"),
        )


def _actuals(table: Mapping[str, Any]) -> Iterator[OfficialActual]:
    _only(table, {"fiscal_year", "on", "source", *SPENDINGS}, {"basis", "note", "day_inferred"})
    year, on = _year(table["fiscal_year"], "fiscal_year"), table["on"]
    if not isinstance(on, date) or isinstance(on, datetime) or not year.contains(on):
        raise _Fault(f"on: ไม่ใช่วันในปีงบประมาณ {year}")
    for spending, percent in _percents(table):
        yield OfficialActual(
            year=year,
            spending=spending,
            basis=_one_of(table["basis"], BASES, "basis") if "basis" in table else None,
            on=on,
            percent=percent,
            source=_text(table, "source"),
            note=_text(table, "note"),
            day_inferred=_flag(table, "day_inferred"),
        )


def _only(table: Mapping[str, Any], needed: set[str], optional: set[str]) -> None:
    for key in sorted(table.keys() - needed - optional):
        raise _Fault(f"{key}: ไม่รู้จักหัวข้อนี้")
    for key in sorted(needed - table.keys() - set(SPENDINGS)):
        raise _Fault(f"{key}: ต้องมี")


def _year(value: object, key: str) -> FiscalYear:
    if type(value) is not int or not EARLIEST_BE <= value <= LATEST_BE:
        raise _Fault(f"{key}: {value} ไม่ใช่ปีงบประมาณ พ.ศ.")
    return FiscalYear(value)


def _one_of(value: object, allowed: tuple[Choice, ...], key: str) -> Choice:
    for each in allowed:
        if value == each:
            return each
    raise _Fault(f"{key}: {value} ไม่ใช่หนึ่งใน {', '.join(allowed)}")


def _moment(year: FiscalYear, at: object) -> date:
    quarters = {f"Q{number}": year.quarter_end(number) for number in (1, 2, 3, 4)}
    months = {f"{month:02d}": _month_end(ce, month) for ce, month in year.months()}
    found = (quarters | months).get(str(at))
    if found is None:
        raise _Fault(f"at: {at} ไม่ใช่ไตรมาส Q1–Q4 หรือเดือน 01–12")
    return found


def _percents(table: Mapping[str, Any]) -> list[tuple[Spending, Decimal]]:
    found: list[tuple[Spending, Decimal]] = []
    for spending in SPENDINGS:
        value = table.get(spending)
        if value is None:
            continue
        if type(value) not in {int, Decimal} or not 0 <= value <= 100:
            raise _Fault(f"{spending}: {value} ไม่ใช่ร้อยละ 0–100")
        found.append((spending, Decimal(value)))
    if not found:
        raise _Fault("total: ต้องมีเป้าหมายอย่างน้อยหนึ่งประเภทรายจ่าย")
    return found


def _text(table: Mapping[str, Any], key: str) -> str:
    value = table.get(key, "")
    if not isinstance(value, str):
        raise _Fault(f"{key}: ต้องเป็นข้อความ")
    return value


def _flag(table: Mapping[str, Any], key: str) -> bool:
    value = table.get(key, False)
    if not isinstance(value, bool):
        raise _Fault(f"{key}: ต้องเป็น true หรือ false")
    return value


def _contradictions(targets: list[OfficialTarget], unknown: frozenset[FiscalYear]) -> Iterator[str]:
    for year in sorted({each.year for each in targets} & unknown):
        yield f"unknown_years: ปี {year} มีเป้าหมายอยู่แล้ว"
    lines: dict[tuple[FiscalYear, Spending, Basis], list[OfficialTarget]] = {}
    for each in targets:
        if not each.within_period:
            lines.setdefault((each.year, each.spending, each.basis), []).append(each)
    for (year, spending, basis), line in lines.items():
        for one, other in pairwise(sorted(line, key=lambda each: each.on)):
            where = f"target {year} {basis} {spending} {other.on.isoformat()}"
            if one.on == other.on:
                yield f"{where}: มีสองค่า"
            elif other.percent < one.percent:
                yield f"{where}: เป้าหมายสะสมลดลงจาก {one.percent} เป็น {other.percent}"
