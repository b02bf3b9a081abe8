"""Checks of sense on a framework that has been read: what each key says beside the others.

Each check is one small function over a `Draft`, yields (key, reason) for each fault, and passes over
what could not be read, because reading has reported that already. Its name is the stable name that
findings carry. Checks of form (unknown, missing, wrong kind of value) are part of reading.

Source: product description, "Stars: the rules"; domain facts §2.1, §2.2.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from tiddao.indicators.rules.definitions import KIND_TH, ROLLUPS_OF_KIND, Kind
from tiddao.kernel.fiscal import FiscalYear, FiscalYearUnreadable
from tiddao.kernel.numerals import format_trimmed


@dataclass(frozen=True, slots=True)
class Entry:
    """One table of the file: its path and the keys that could be read."""

    path: str
    values: dict[str, Any]
    inside: tuple[Entry, ...] = ()

    def __getitem__(self, name: str) -> Any:
        return self.values.get(name)

    def key(self, name: str) -> str:
        return f"{self.path}.{name}" if self.path else name


@dataclass(frozen=True, slots=True)
class Draft:
    """What could be read of the whole file; checks look at this and skip what is not there."""

    framework: Entry
    star_rules: Entry
    rounds: tuple[Entry, ...]
    dimensions: tuple[Entry, ...]

    @property
    def indicators(self) -> tuple[Entry, ...]:
        return tuple(each for dimension in self.dimensions for each in dimension.inside)


Fault = tuple[str, str]
"""Key and reason."""

Check = Callable[[Draft], Iterator[Fault]]


def _code_twice(draft: Draft) -> Iterator[Fault]:
    """Codes of dimensions, of indicators (in the whole framework) and of rounds are their own."""
    for entries in (draft.dimensions, draft.indicators, draft.rounds):
        seen: set[str] = set()
        for entry in entries:
            code = entry["code"]
            if code is not None and code in seen:
                yield entry.key("code"), f"รหัส {code} ซ้ำ"
            seen.add(code)


def _order_twice(draft: Draft) -> Iterator[Fault]:
    seen: set[int] = set()
    for dimension in draft.dimensions:
        order = dimension["order"]
        if order is not None and order in seen:
            yield dimension.key("order"), f"ลำดับ {order} ซ้ำกับมิติอื่น"
        seen.add(order)


def _fiscal_year_possible(draft: Draft) -> Iterator[Fault]:
    year = draft.framework["fiscal_year"]
    if year is not None and _year(draft) is None:
        yield "fiscal_year", f"ปีงบประมาณ {year} เป็นไปไม่ได้ ต้องเป็นปี พ.ศ. เช่น 2566"


def _version_from_one(draft: Draft) -> Iterator[Fault]:
    version = draft.framework["version"]
    if version is not None and version < 1:
        yield "version", "รุ่นเริ่มที่ 1"


def _weight_above_zero(draft: Draft) -> Iterator[Fault]:
    for entry in (*draft.dimensions, *draft.indicators):
        if entry["weight"] is not None and entry["weight"] <= 0:
            yield entry.key("weight"), "น้ำหนักต้องมากกว่า 0 (ไม่ใช้ให้ลบออก)"


def _effort_above_zero(draft: Draft) -> Iterator[Fault]:
    for entry in draft.indicators:
        if entry["effort"] is not None and entry["effort"] <= 0:
            yield entry.key("effort"), "แรงที่ต้องใช้ต่อขั้นต้องมากกว่า 0"


def _factor_of_kind(draft: Draft) -> Iterator[Fault]:
    for entry in draft.indicators:
        factor = entry["factor"]
        if factor is None:
            continue
        if factor <= 0:
            yield entry.key("factor"), "ตัวคูณต้องมากกว่า 0"
        elif factor != 1 and _steps_kind(entry) is not None:
            yield entry.key("factor"), "ขั้นความสำเร็จและเกณฑ์คุณภาพใช้ตัวคูณ 1"


def _scale_of_scheme(draft: Draft) -> Iterator[Fault]:
    """A framework uses one scheme: ladders or breakpoints, never both, never none."""
    wanted = {"ladder5": ("ladder", "breakpoints"), "points100": ("breakpoints", "ladder")}
    if draft.framework["scheme"] not in wanted:
        return
    needed, other = wanted[draft.framework["scheme"]]
    for entry in draft.indicators:
        # A key that was written but could not be read has its own finding already.
        if needed in entry.values and entry[needed] is None:
            yield entry.key(needed), f"แบบประเมินแบบ {draft.framework['scheme']} ต้องมี {needed}"
        if entry[other] is not None:
            yield entry.key(other), f"แบบประเมินแบบ {draft.framework['scheme']} ไม่ใช้ {other}"


def _bounds_in_order(draft: Draft) -> Iterator[Fault]:
    for entry in draft.indicators:
        low, high = entry["minimum"], entry["maximum"]
        if low is not None and high is not None and low >= high:
            yield entry.key("minimum"), "ค่าต่ำสุดต้องน้อยกว่าค่าสูงสุด"


def _scale_within_bounds(draft: Draft) -> Iterator[Fault]:
    """Every step of a scale can be reached."""
    for entry in draft.indicators:
        low, high = entry["minimum"], entry["maximum"]
        ladder, breakpoints = entry["ladder"], entry["breakpoints"]
        scale = ladder.levels if ladder else breakpoints.values if breakpoints else ()
        name = "ladder" if ladder else "breakpoints"
        for value in scale:
            if (low is not None and value < low) or (high is not None and value > high):
                yield entry.key(name), f"ค่า {format_trimmed(value)} อยู่นอกค่าต่ำสุด–สูงสุดของตัวชี้วัด"


def _rollup_of_kind(draft: Draft) -> Iterator[Fault]:
    for entry in draft.indicators:
        rollup = entry["rollup"]
        for name in ("kind", "otherwise"):
            kind: Kind | None = entry[name]
            if kind is not None and rollup is not None and rollup not in ROLLUPS_OF_KIND[kind]:
                fitting = ", ".join(ROLLUPS_OF_KIND[kind])
                yield entry.key("rollup"), f"ชนิด {kind} ({KIND_TH[kind]}) รวมขึ้นด้วย {fitting} เท่านั้น"


def _steps_of_kind(draft: Draft) -> Iterator[Fault]:
    """Milestones and rubrics describe their five steps; nothing else has steps."""
    for entry in draft.indicators:
        steps = entry["steps_th"]
        if steps is None or entry["kind"] is None:
            continue
        needed = 5 if _steps_kind(entry) is not None else 0
        if len(steps) != needed:
            yield entry.key("steps_th"), f"ต้องมีคำอธิบาย {needed} ขั้น พบ {len(steps)}"


def _parts_described(draft: Draft) -> Iterator[Fault]:
    """A figure without a base is a defect: what is divided by what is said in words."""
    for entry in draft.indicators:
        if entry["rollup"] != "parts":
            continue
        for name in ("numerator_th", "denominator_th", "base_th"):
            if name in entry.values and not entry[name].strip():
                yield entry.key(name), "ตัวชี้วัดที่มีตัวตั้งและตัวหารต้องอธิบายตัวตั้ง ตัวหาร และฐาน"


def _link_of_kind(draft: Draft) -> Iterator[Fault]:
    for entry in draft.indicators:
        if entry["kind"] is None:
            continue
        if entry["kind"] == "linked":
            if "link" in entry.values and not entry["link"].strip():
                yield entry.key("link"), "ตัวชี้วัดที่เชื่อมจากงานอื่นต้องบอกว่าจากงานใด"
            if entry["otherwise"] == "linked":
                yield entry.key("otherwise"), "ต้องเป็นชนิดที่รายงานเองได้"
        else:
            if entry["link"]:
                yield entry.key("link"), "ใช้กับชนิด linked เท่านั้น"
            if entry["otherwise"] is not None:
                yield entry.key("otherwise"), "ใช้กับชนิด linked เท่านั้น"


def _cutoffs_fall(draft: Draft) -> Iterator[Fault]:
    cutoffs = draft.star_rules["cutoffs"]
    if cutoffs is None:
        return
    if not all(0 < each <= 100 for each in cutoffs):
        yield "star_rules.cutoffs", "เกณฑ์ดาวเป็นร้อยละของคะแนนเต็ม มากกว่า 0 ไม่เกิน 100"
    if any(after >= before for before, after in pairwise(cutoffs)):
        yield "star_rules.cutoffs", "เกณฑ์ดาวเรียงจาก 5 ดาวลงไป 2 ดาว ต้องลดลงทุกค่า"


def _star_rules_possible(draft: Draft) -> Iterator[Fault]:
    rules = draft.star_rules
    completeness, margin = rules["min_completeness"], rules["balance_margin"]
    penalty, points = rules["penalty_per_missed_report"], rules["breakpoints"]
    if completeness is not None and not 0 <= completeness <= 100:
        yield rules.key("min_completeness"), "ต้องเป็นร้อยละ 0–100"
    if margin is not None and not 0 <= margin <= 4:
        yield rules.key("balance_margin"), "ต้องเป็น 0–4 ดาว"
    if penalty is not None and penalty < 0:
        yield rules.key("penalty_per_missed_report"), "คะแนนที่หักต้องไม่ติดลบ"
    if points is not None and not 0 <= points[0] < points[1] < points[2] <= 100:
        yield rules.key("breakpoints"), "คะแนนขั้นต้น มาตรฐาน ขั้นสูง ต้องเพิ่มขึ้น และไม่เกิน 100"


def _round_days_in_order(draft: Draft) -> Iterator[Fault]:
    for entry in draft.rounds:
        opens, closes, true_on = entry["opens"], entry["closes"], entry["true_on"]
        if opens is not None and closes is not None and closes < opens:
            yield entry.key("closes"), "วันปิดรอบมาก่อนวันเปิดรอบ"
        if closes is not None and true_on is not None and closes < true_on:
            yield entry.key("closes"), "วันปิดรอบมาก่อนวันที่ผลเป็นจริง"


def _round_in_fiscal_year(draft: Draft) -> Iterator[Fault]:
    year = _year(draft)
    for entry in draft.rounds:
        true_on = entry["true_on"]
        if year is not None and true_on is not None and not year.contains(true_on):
            span = f"{year.start.isoformat()} ถึง {year.end.isoformat()}"
            yield (
                entry.key("true_on"),
                f"{true_on.isoformat()} ไม่อยู่ในปีงบประมาณ {year} ({span})",
            )


def _year(draft: Draft) -> FiscalYear | None:
    try:
        return FiscalYear(draft.framework["fiscal_year"] or 0)
    except FiscalYearUnreadable:
        return None


def _steps_kind(entry: Entry) -> str | None:
    """The kind with five described steps by which this is reported, if it is."""
    for name in ("kind", "otherwise"):
        if entry[name] in ("milestone", "rubric"):
            return str(entry[name])
    return None


CHECKS: tuple[Check, ...] = (
    _code_twice,
    _order_twice,
    _fiscal_year_possible,
    _version_from_one,
    _weight_above_zero,
    _effort_above_zero,
    _factor_of_kind,
    _scale_of_scheme,
    _bounds_in_order,
    _scale_within_bounds,
    _rollup_of_kind,
    _steps_of_kind,
    _parts_described,
    _link_of_kind,
    _cutoffs_fall,
    _star_rules_possible,
    _round_days_in_order,
    _round_in_fiscal_year,
)


def name_of(check: Check) -> str:
    """Return the stable name that findings of this check carry.

    Source: product description, "Stars: the rules" (named checks).
    """
    return check.__name__.removeprefix("_")
