"""From the rows of an office's workbook to what it states of each envelope, and what is left out.

One envelope is a unit's activity of a project in one category and tranche; rows of the same envelope
are added up. Where one figure of an envelope cannot be relied upon, the whole envelope is left out:
an allotment without its payments would be taken for money that nobody spends.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Literal, NamedTuple

from tiddao.budget.rules.office_figures import Measure, NotCounted, OfficeRow, OfficeWorkbook
from tiddao.budget.rules.office_mapping import CATEGORY_TH, Category
from tiddao.budget.rules.statements import STATED, StatedMeasure, stated_satang
from tiddao.kernel.money import format_baht

_NOTHING = Decimal(0)
_READ: tuple[Measure, ...] = (*STATED, "revised", "used")
NO_PROJECT = "ไม่แยกโครงการ"
"""What lines are kept under that name no project."""

WhyLeftOut = Literal["fault", "broken-category", "negative", "over", "no-allotment"] | NotCounted
ONCE_ELSEWHERE: frozenset[str] = frozenset({"duplicate", "summary"})
"""Reasons for which the money is not missing: it is counted where it first stands."""


class LineKey(NamedTuple):
    """What an envelope is known by in a workbook. project: number, or name where there is none."""

    unit: str
    category: Category
    tranche: str
    project: str
    activity: str


@dataclass(frozen=True, slots=True)
class StatedLine:
    """What the workbook says of one envelope, cumulative, in baht to the satang; None: not said.

    cells: measure → the cells it was added up from, "sheet!C7". doubt: why the commitment of the line
    is not used though the rest is; "" mostly.
    """

    key: LineKey
    project_number: str
    project_name: str
    amounts: Mapping[StatedMeasure, Decimal | None]
    cells: Mapping[StatedMeasure, tuple[str, ...]]
    sheet: str
    row: int
    doubt: str = ""

    def with_more(self, other: StatedLine) -> StatedLine:
        """Add up the line and another of the same envelope.

        Source: issue 3 ("several activity columns of one project on one sheet added up").
        """
        amounts = {
            measure: mine if theirs is None else (mine or _NOTHING) + theirs
            for measure in STATED
            for mine, theirs in ((self.amounts[measure], other.amounts[measure]),)
        }
        cells = {
            measure: (*other.cells.get(measure, ()), *self.cells.get(measure, ()))
            for measure in STATED
            if measure in self.cells or measure in other.cells
        }
        return replace(self, amounts=amounts, cells=cells)


@dataclass(frozen=True, slots=True)
class LineLeftOut:
    """Rows of one envelope whose money is not taken. amount: the larger of allotment and payment.

    None where neither can be read. cells: of the rows' figures.
    """

    unit: str
    category: Category | None
    why: WhyLeftOut
    why_th: str
    sheet: str
    rows: tuple[int, ...]
    cells: tuple[str, ...]
    amount: Decimal | None


@dataclass(frozen=True)
class OfficeLines:
    """All lines of a workbook: those to be kept, those left out."""

    stated: tuple[StatedLine, ...]
    left_out: tuple[LineLeftOut, ...]


@dataclass
class _Gathered:
    rows: list[OfficeRow] = field(default_factory=list)
    amounts: dict[Measure, Decimal] = field(default_factory=dict)
    cells: dict[Measure, list[str]] = field(default_factory=dict)
    faulty: bool = False


WHY_TH: Mapping[WhyLeftOut, str] = {
    "fault": "มีเซลล์ที่อ่านเป็นตัวเลขไม่ได้ในรายการนี้",
    "broken-category": "ตัวเลขของงบประเภทนี้ใช้ไม่ได้ทั้งหมวด",
    "negative": "มียอดติดลบ",
    "over": "เบิกจ่ายหรือส่งคืนเกินวงเงิน",
    "no-allotment": "มียอดเบิกจ่าย แต่ไม่มียอดจัดสรร",
    "other-year": "เป็นของปีงบประมาณอื่น",
    "level": "เป็นงบระดับจังหวัด แต่อยู่ในแถวของอำเภอ",
    "duplicate": "ซ้ำกับรายการที่นับแล้ว",
    "summary": "เป็นยอดรวมของรายการอื่น",
    "category-unknown": "ยังไม่ได้กำหนดประเภทงบของแผ่นงาน",
    "column-unknown": "ยังไม่ทราบว่าคอลัมน์ใดเป็นยอดจัดสรรหรือยอดเบิกจ่าย",
    "months-unclear": "แผ่นงานรายเดือนขัดกัน ยังไม่ทราบว่าเป็นยอดสะสมหรือยอดของเดือน",
}


def office_lines(workbook: OfficeWorkbook) -> OfficeLines:
    """What the workbook states of each envelope, and the lines whose money is left out, with why.

    Source: docs domain 3.4; issue 3, "A broken category is shown as broken and left out of sums".
    """
    broken = {(each.category, each.tranche) for each in workbook.envelopes if each.broken}
    left_out: list[LineLeftOut] = []
    groups: dict[LineKey, _Gathered] = {}
    for row in workbook.rows:
        if row.not_counted or row.category is None:
            left_out.append(_left_out([row], row.not_counted or "category-unknown"))
        elif (row.category, row.tranche) in broken:
            left_out.append(_left_out([row], "broken-category"))
        else:
            key = LineKey(
                row.unit,
                row.category,
                row.tranche or "",
                row.project_key or NO_PROJECT,
                row.activity,
            )
            _gather(groups.setdefault(key, _Gathered()), row)
    stated: list[StatedLine] = []
    for key, gathered in groups.items():
        line = _stated(key, gathered)
        if isinstance(line, StatedLine):
            stated.append(line)
        else:
            left_out.append(line)
    return OfficeLines(tuple(stated), tuple(left_out))


def _gather(into: _Gathered, row: OfficeRow) -> None:
    into.rows.append(row)
    for measure in _READ:
        figure = row.figures.get(measure)
        if figure is None:
            continue
        if figure.fault:
            into.faulty = True
        elif figure.value is not None:
            into.amounts[measure] = into.amounts.get(measure, _NOTHING) + figure.value
            into.cells.setdefault(measure, []).append(f"{row.sheet}!{figure.cell}")


def _stated(key: LineKey, gathered: _Gathered) -> StatedLine | LineLeftOut:
    if gathered.faulty:
        return _left_out(gathered.rows, "fault")
    amounts, cells = _derived(gathered)
    if any(
        value is not None and value < 0
        for measure, value in amounts.items()
        if measure != "transferred"
    ):
        return _left_out(gathered.rows, "negative")
    given = (amounts["allotted"] or _NOTHING) + (amounts["transferred"] or _NOTHING)
    spent = (amounts["disbursed"] or _NOTHING) + (amounts["returned"] or _NOTHING)
    if spent > given:
        none = amounts["allotted"] is None and amounts["transferred"] is None
        return _left_out(gathered.rows, "no-allotment" if none else "over")
    doubt = ""
    ordered = amounts["committed"] or _NOTHING
    if spent + ordered > given:
        doubt = (
            f"ก่อหนี้ {format_baht(ordered)} รวมกับที่เบิกจ่ายหรือส่งคืนแล้ว {format_baht(spent)} "
            f"เกินวงเงิน {format_baht(given)} จึงไม่ใช้ยอดก่อหนี้ของรายการนี้"
        )
        amounts["committed"] = None
    first = gathered.rows[0]
    return StatedLine(
        key=key,
        project_number=first.project_number,
        project_name=first.project_name,
        amounts=amounts,
        cells=cells,
        sheet=first.sheet,
        row=first.row,
        doubt=doubt,
    )


def _derived(
    gathered: _Gathered,
) -> tuple[dict[StatedMeasure, Decimal | None], dict[StatedMeasure, tuple[str, ...]]]:
    """The five measures of an envelope; what a workbook says by a sum of two is taken apart."""
    found, read = gathered.amounts, gathered.cells
    amounts: dict[StatedMeasure, Decimal | None] = {
        measure: stated_satang(found[measure]) if measure in found else None for measure in STATED
    }
    cells = {measure: tuple(read[measure]) for measure in STATED if measure in read}
    if "revised" in found:
        revised = stated_satang(found["revised"])
        if amounts["allotted"] is None:
            amounts["allotted"] = revised - (amounts["transferred"] or _NOTHING)
            cells["allotted"] = tuple(read["revised"])
        elif amounts["transferred"] is None:
            amounts["transferred"] = revised - amounts["allotted"]
            cells["transferred"] = tuple(read["revised"])
    if "used" in found and amounts["committed"] is None and amounts["disbursed"] is not None:
        ordered = stated_satang(found["used"]) - amounts["disbursed"]
        if ordered >= 0:
            amounts["committed"] = ordered
            cells["committed"] = tuple(read["used"])
    return amounts, cells


def _left_out(rows: Iterable[OfficeRow], why: WhyLeftOut) -> LineLeftOut:
    lines = list(rows)
    first = lines[0]
    values = [
        sum(amounts, _NOTHING) if (amounts := list(_values(lines, measure))) else None
        for measure in ("allotted", "revised", "disbursed")
    ]
    return LineLeftOut(
        unit=first.unit,
        category=first.category,
        why=why,
        why_th=WHY_TH[why],
        sheet=first.sheet,
        rows=tuple(dict.fromkeys(line.row for line in lines)),
        cells=tuple(figure.cell for line in lines for figure in line.figures.values()),
        amount=max((stated_satang(value) for value in values if value is not None), default=None),
    )


def _values(rows: Iterable[OfficeRow], measure: Measure) -> Iterator[Decimal]:
    for row in rows:
        value = row.value(measure)
        if value is not None:
            yield value


def category_words(category: str) -> str:
    """A category in the office's words; the code itself for one that this version does not know.

    Source: docs domain 3.4.
    """
    return next((words for code, words in CATEGORY_TH.items() if code == category), category)
