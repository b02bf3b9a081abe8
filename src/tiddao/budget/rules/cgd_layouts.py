"""How the sheets of the weekly workbook are recognised: by words of title and heads, never by place.

A further sheet is a further row of `LAYOUTS`. All words are compared without spaces and line breaks.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from tiddao.budget.rules.cgd_figures import SPENDING_TH, Basis, Kind, Measure, Spending

TOTAL_LABELS = ("รวม", "รวมทั้งสิ้น")
RANK_HEAD = "ลำดับที่"

BUDGET = "วงเงินงบประมาณหลังโอนเปลี่ยนแปลง"
PROVINCIAL = "งบจัดสรรถือจ่ายจังหวัด"

HEADS: dict[Measure, str] = {
    "allotted": "จัดสรร",
    "planned": "แผนการใช้จ่าย",
    "ordered": "PO+สำรองเงินมีหนี้",
    "disbursed": "เบิกจ่าย",
    "used": "การใช้จ่าย",
    "gap": "สูง/ต่ำกว่าเป้าหมายการใช้จ่ายรายเดือน",
}
PERCENT_BASE = {BUDGET: "งบประมาณหลังโอนเปลี่ยนแปลง", PROVINCIAL: PROVINCIAL}


@dataclass(frozen=True, slots=True)
class Column:
    """What a column of figures holds. spending None: the row says it (sheet 1)."""

    spending: Spending | None
    measure: Measure
    name_th: str


@dataclass(frozen=True, slots=True)
class RowKind:
    """Units whose printed name begins with `prefix`; count: how many there must be, None for any."""

    kind: Kind
    prefix: str
    count: int | None


@dataclass(frozen=True, slots=True)
class SheetLayout:
    """One sheet of the workbook.

    title: words that must all stand above the heads; not_title: words that must not. columns:
    (upper head, lower head) → column; the lower head is "" where the head is one cell.
    code_length: digits of the printed code. code_is_place: the code is province code + "00".
    fixed_rows: label → (spending, unit it belongs to), for the sheet that has named rows (sheet 1).
    """

    number: int
    title: tuple[str, ...]
    not_title: tuple[str, ...]
    basis: Basis
    base_th: str
    name_head: str
    code_head: str
    code_length: int
    kinds: tuple[RowKind, ...]
    columns: Mapping[tuple[str, str], Column]
    code_is_place: bool = False
    fixed_rows: Mapping[str, Spending] | None = None

    @property
    def groups(self) -> frozenset[str]:
        """The upper heads that span several columns."""
        return frozenset(upper for upper, lower in self.columns if lower)

    @property
    def basis_th(self) -> str:
        """The percentage in words: its numerator and its denominator."""
        return f"ร้อยละ{HEADS[self.basis]}ต่อ{PERCENT_BASE[self.base_th]}"


def _three_groups(base: str, *measures: Measure) -> dict[tuple[str, str], Column]:
    """The same columns under รายจ่ายประจำ, รายจ่ายลงทุน and รวม."""
    heads: dict[str, Measure] = {base: "base"}
    for measure in measures:
        heads[HEADS[measure]] = measure
        if measure == "disbursed":
            heads[f"ร้อยละ{HEADS[measure]}ต่อ{PERCENT_BASE[base]}"] = "disbursed_percent"
        if measure == "used":
            heads[f"ร้อยละ{HEADS[measure]}ต่อ{PERCENT_BASE[base]}"] = "used_percent"
    return {
        (group, head): Column(spending, measure, head)
        for spending, group in SPENDING_TH.items()
        for head, measure in heads.items()
    }


PROVINCES = RowKind("province", "", 76)
DISBURSED_TITLE = "รายงานผลการเบิกจ่ายเงินงบประมาณ"
USED_TITLE = "รายงานผลการใช้จ่ายเงินงบประมาณ"
OF_THE_CENTRE = "ในส่วนของงบประมาณที่ส่วนกลางจัดสรรให้จังหวัด"
OF_THE_PROVINCES = "ของจังหวัดที่ได้รับจัดสรรเงินงบประมาณ"
BY_AGENCY = "จำแนกตามหน่วยงาน"
BY_MINISTRY = "จำแนกตามกระทรวง"

_OVERVIEW = SheetLayout(
    number=1,
    title=("รายงานผลการเบิกจ่ายงบประมาณประจำปีงบประมาณ",),
    not_title=("เรียงลำดับ", "จำแนกตาม"),
    basis="disbursed",
    base_th=BUDGET,
    name_head="รายการ",
    code_head="",
    code_length=0,
    kinds=(RowKind("country", "", None),),
    columns={
        (BUDGET, ""): Column(None, "base", BUDGET),
        ("จัดสรร", ""): Column(None, "allotted", "จัดสรร"),
        ("การใช้จ่าย", "จำนวนเงิน"): Column(None, "used", "การใช้จ่าย"),
        ("การใช้จ่าย", "ร้อยละ"): Column(None, "used_percent", "ร้อยละการใช้จ่าย"),
        ("เบิกจ่าย", "จำนวนเงิน"): Column(None, "disbursed", "เบิกจ่าย"),
        ("เบิกจ่าย", "ร้อยละ"): Column(None, "disbursed_percent", "ร้อยละเบิกจ่าย"),
        ("คงเหลือยังไม่เบิกจ่าย", "จำนวนเงิน"): Column(None, "remaining", "คงเหลือยังไม่เบิกจ่าย"),
        ("คงเหลือยังไม่เบิกจ่าย", "ร้อยละ"): Column(None, "remaining_percent", "ร้อยละคงเหลือยังไม่เบิกจ่าย"),
    },
    fixed_rows={
        "1.งบประมาณรายจ่าย": "total",
        "1.1รายจ่ายประจำ": "recurrent",
        "1.2รายจ่ายลงทุน": "investment",
        "รายจ่ายลงทุนกรณีไม่รวมงบกลาง": "investment",
        "2.เงินกันไว้เบิกเหลื่อมปี": "total",
    },
)


LAYOUTS: dict[int, SheetLayout] = {
    layout.number: layout
    for layout in (
        _OVERVIEW,
        SheetLayout(
            number=2,
            title=(DISBURSED_TITLE, BY_MINISTRY),
            not_title=(),
            basis="disbursed",
            base_th=BUDGET,
            name_head="กระทรวง",
            code_head="รหัสกระทรวง",
            code_length=2,
            kinds=(RowKind("ministry", "", None),),
            columns=_three_groups(BUDGET, "allotted", "planned", "ordered", "disbursed"),
        ),
        SheetLayout(
            number=3,
            title=(DISBURSED_TITLE, BY_AGENCY),
            not_title=(),
            basis="disbursed",
            base_th=BUDGET,
            name_head="หน่วยงาน",
            code_head="รหัสกรม",
            code_length=5,
            kinds=(RowKind("agency", "", None),),
            columns=_three_groups(BUDGET, "ordered", "disbursed"),
        ),
        SheetLayout(
            number=4,
            title=(USED_TITLE, BY_AGENCY),
            not_title=(),
            basis="used",
            base_th=BUDGET,
            name_head="หน่วยงาน",
            code_head="รหัสกรม",
            code_length=5,
            kinds=(RowKind("agency", "", None),),
            columns=_three_groups(BUDGET, "used", "gap"),
        ),
        SheetLayout(
            number=11,
            title=(DISBURSED_TITLE, OF_THE_PROVINCES),
            not_title=(),
            basis="disbursed",
            base_th=BUDGET,
            name_head="จังหวัด",
            code_head="รหัสกรมจังหวัด",
            code_length=5,
            kinds=(RowKind("province_group", "กลุ่มจังหวัด", 18), PROVINCES),
            columns=_three_groups(BUDGET, "ordered", "disbursed"),
        ),
        SheetLayout(
            number=12,
            title=(USED_TITLE, OF_THE_PROVINCES),
            not_title=(),
            basis="used",
            base_th=BUDGET,
            name_head="จังหวัด",
            code_head="รหัสกรมจังหวัด",
            code_length=5,
            kinds=(RowKind("province_group", "กลุ่มจังหวัด", 18), PROVINCES),
            columns=_three_groups(BUDGET, "used", "gap"),
        ),
        SheetLayout(
            number=13,
            title=(DISBURSED_TITLE, OF_THE_CENTRE),
            not_title=(),
            basis="disbursed",
            base_th=PROVINCIAL,
            name_head="จังหวัด",
            code_head="รหัสจังหวัด",
            code_length=4,
            kinds=(PROVINCES,),
            columns=_three_groups(PROVINCIAL, "ordered", "disbursed"),
            code_is_place=True,
        ),
        SheetLayout(
            number=14,
            title=(USED_TITLE, OF_THE_CENTRE),
            not_title=(),
            basis="used",
            base_th=PROVINCIAL,
            name_head="จังหวัด",
            code_head="รหัสจังหวัด",
            code_length=4,
            kinds=(PROVINCES,),
            columns=_three_groups(PROVINCIAL, "used", "gap"),
            code_is_place=True,
        ),
    )
}
"""Sheet number → how it is known. Source: docs domain 3.3, checked against the file of 10 July 2569."""


def measure_name(sheet: int, measure: Measure) -> str:
    """What a measure is called in the heads of the sheet; KeyError for one it does not have.

    Source: docs domain 3.3 (heads of the sheets).
    """
    return {column.measure: column.name_th for column in LAYOUTS[sheet].columns.values()}[measure]
