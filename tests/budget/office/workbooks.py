"""Makes workbooks like those that provincial offices keep, from a seed, with their faults planted.

Written before the reader and from its own word lists, so that the reader is tried with wordings it
was not made for. A `Made` workbook knows the truth: which cell holds which figure of which unit,
category, tranche and project, what every sum should be, and which faults stand where.
"""

from __future__ import annotations

import io
import random
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

import geothai
import xlsxwriter

ADMIN, STRATEGY, PROVINCE, GROUP = "งบบริหาร", "งบยุทธศาสตร์", "งบจังหวัด", "กลุ่มจังหวัด"

PROVINCES = ("57", "47", "30", "14", "46", "96", "58", "34")
FAULTS = (
    "REF_CELL", "REF_CATEGORY", "OVER_100", "NEGATIVE", "OLD_TITLE", "OLD_NUMBER", "LEVEL_VIOLATION",
    "DUP_PROJECT", "SUM_ROW", "SUMMARY_SHEET", "SCORE_MISMATCH", "MISSPELT_PLACE", "FOREIGN_PLACE",
    "UNREADABLE_NUMBER", "HEAD_NOT_FOUND", "PERCENT_MISMATCH", "BALANCE_MISMATCH", "NO_UNIT",
    "UNCALCULATED",
)  # fmt: skip
HIDES = {
    "SUMMARY_SHEET": {
        "REF_CATEGORY",
        "HEAD_NOT_FOUND",
        "REF_CELL",
        "UNREADABLE_NUMBER",
        "UNCALCULATED",
    },
    "PERCENT_MISMATCH": {"REF_CELL", "UNREADABLE_NUMBER", "UNCALCULATED"},
    "BALANCE_MISMATCH": {"REF_CELL", "UNREADABLE_NUMBER", "UNCALCULATED"},
    "DUP_PROJECT": {"REF_CATEGORY", "HEAD_NOT_FOUND"},
}
"""Faults that may make another impossible to see, so that both are not planted in one workbook."""
REPORTED_AS = {
    "REF_CELL": "REF_ERROR",
    "REF_CATEGORY": "REF_ERROR",
    "OVER_100": "ANOMALY",
    "NEGATIVE": "ANOMALY",
    "OLD_TITLE": "WRONG_FISCAL_YEAR",
    "OLD_NUMBER": "WRONG_FISCAL_YEAR",
    "SUM_ROW": "SUMMARY_MISMATCH",
    "SUMMARY_SHEET": "SUMMARY_MISMATCH",
    "MISSPELT_PLACE": "UNKNOWN_PLACE",
    "FOREIGN_PLACE": "UNKNOWN_PLACE",
    "NO_UNIT": "ROW_WITHOUT_UNIT",
    "UNCALCULATED": "UNCALCULATED",
}

# "|" is where a typist may break the line.
HEADS: dict[str, tuple[str, ...]] = {
    "seq": ("ที่", "ลำดับ", "ลำดับ|ที่", "ลำ|ดับ", "No.", "ลำดับที่"),
    "unit": (
        "อำเภอ", "หน่วยงาน", "สพอ.", "สพอ./สพจ.", "หน่วย|ดำเนินการ", "พื้นที่|ดำเนินการ",
        "อำเภอ/|หน่วยงาน", "หน่วยเบิกจ่าย", "ชื่ออำเภอ", "สำนักงานพัฒนาชุมชน|อำเภอ",
    ),
    "project": ("โครงการ", "โครงการ/กิจกรรม", "ชื่อโครงการ", "รายการ", "กิจกรรม/|โครงการ", "รายการ/โครงการ"),
    "number": ("เลขที่", "เลขที่|โครงการ", "รหัสโครงการ", "เลขที่โครงการ", "โครงการ|เลขที่"),
    "activity": ("กิจกรรม", "กิจกรรมย่อย", "กิจกรรมหลัก"),
    "allotted": (
        "ได้รับ|จัดสรร", "จัดสรร", "งบประมาณ|ที่ได้รับ", "วงเงิน|ที่ได้รับจัดสรร", "งบจัดสรร|(บาท)",
        "ยอดจัดสรร", "งบประมาณ|ได้รับจัดสรร", "เงินที่ได้รับ|จัดสรร", "วงเงินงบประมาณ", "จัดสรร (บาท)",
    ),
    "transferred": ("โอนเปลี่ยน|แปลง", "โอนเพิ่ม/ลด", "โอน|(+/-)", "โอน"),
    "committed": ("PO", "ก่อหนี้|(PO)", "ก่อหนี้|ผูกพัน", "PO/|ก่อหนี้", "ก่อหนี้แล้ว", "P.O."),
    "disbursed": (
        "เบิกจ่าย", "ผลการ|เบิกจ่าย", "เบิกจ่าย|แล้ว", "เบิกจ่าย|สะสม", "ยอดเบิก", "จ่ายจริง",
        "เบิกจ่าย ณ|30 มิ.ย. 69", "เบิกจ่าย|(บาท)", "เบิกแล้ว", "ยอด|เบิกจ่าย",
    ),
    "returned": ("ส่งคืน|กรม", "ส่งคืน", "คืนเงิน|งบประมาณ", "เงินส่งคืน", "ส่งคืนกรมฯ"),
    "remaining": ("คงเหลือ", "เหลือ", "เหลือจ่าย", "ยอด|คงเหลือ", "งบคงเหลือ", "คงเหลือ|(บาท)"),
    "percent": (
        "ร้อยละ", "%", "คิดเป็น|ร้อยละ", "ร้อยละ|การเบิกจ่าย", "เปอร์เซ็นต์", "% เบิกจ่าย", "ร้อยละ|ที่เบิกจ่าย",
    ),
    "note": ("หมายเหตุ", "ผู้รับผิดชอบ", "ปัญหา/อุปสรรค"),
}  # fmt: skip
TABS = {
    ADMIN: ("งบบริหาร {t}", "1.งบบริหาร {t}", "บริหาร {t}", "งบบริหารจัดการ {t}", "งบบริหาร({t})"),
    STRATEGY: (
        "งบยุทธศาสตร์ {t}", "1.ยุทธเข้าประชุม {t}", "งบยุทธ {t}", "ยุทธศาสตร์ {t}",
        "งบยุทธจังหวัดจัดสรรกรมฯ {t}", "2. งบยุทธฯ {t}",
    ),
    PROVINCE: ("งบจังหวัด", "งบจังหวัด {t}", "งบพัฒนาจังหวัด", "3.งบจังหวัด"),
    GROUP: ("กลุ่มจังหวัด", "งบกลุ่มจังหวัด", "งบกลุ่มจังหวัด {t}", "4.กลุ่มจังหวัด"),
}  # fmt: skip
TITLES = {
    ADMIN: ("งบบริหาร", "งบบริหารจัดการหน่วยงาน"),
    STRATEGY: ("งบยุทธศาสตร์", "งบยุทธศาสตร์กรมการพัฒนาชุมชน"),
    PROVINCE: ("งบจังหวัด", "งบพัฒนาจังหวัด"),
    GROUP: ("งบกลุ่มจังหวัด", "งบพัฒนากลุ่มจังหวัด"),
}
TRANCHES = {
    "ไตร 1-2": ("ไตร 1-2", "ไตรมาส 1-2", "ไตร1-2", "ไตร 1 - 2", "ไตรมาสที่ 1-2", "ไตร ๑-๒"),
    "ไตร 3-4": ("ไตร 3-4", "ไตรมาส 3-4", "ไตร3-4", "ไตร 3 - 4", "ไตรมาสที่ 3-4", "ไตร ๓-๔"),
    "ไตร 4": ("ไตร 4", "ไตรมาส 4", "ไตร4", "ไตรมาสที่ 4", "ไตร ๔"),
}
PROJECT_NAMES = (
    "โครงการสร้างสัมมาชีพชุมชนในระดับหมู่บ้าน", "สัมมาชีพชุมชน", "จัดเก็บข้อมูล จปฐ. อิเล็กทรอนิกส์",
    "โครงการตลาดนัดคนไทยยิ้มได้", "ส่งเสริมการออม", "กองทุนแม่ของแผ่นดิน", "ศูนย์จัดการกองทุนชุมชน",
    "พัฒนาหมู่บ้านเศรษฐกิจพอเพียง", "ทบทวน/ปรับแผนพัฒนาหมู่บ้าน", "แผนพัฒนาตำบล",
    "โครงการสร้างเครือข่ายผู้นำการเปลี่ยนแปลงเพื่อขับเคลื่อนตำบลเข้มแข็ง (ระดับตำบล)",
    "ขับเคลื่อนการพัฒนาตำบลเข้มแข็งตามหลักปรัชญาของเศรษฐกิจพอเพียง", "ขจัดความยากจน",
    "ศูนย์เรียนรู้ โคก หนอง นา", "ธรรมาภิบาล", "ท่องเที่ยวเชิงสร้างสรรค์", "OTOP KBO", "OTOP Quadrant D",
    "OPC 2569", "มชช.", "พช.ดีเด่น", "กข.คจ.", "หนี้สินครัวเรือน", "ผ้าไทย", "KM การจัดการความรู้",
    "สารสนเทศตำบลต้นแบบ",
)  # fmt: skip
ACTIVITY_NAMES = (
    "กิจกรรมที่ 1 ประชุมเชิงปฏิบัติการ", "อบรมปราชญ์ชุมชน", "สนับสนุนวัสดุ", "ประชุมทีม", "กิจกรรมที่ 2 ฝึกอบรม",
    "ค่าจ้างเหมา", "ติดตามประเมินผล", "จัดนิทรรศการ",
)  # fmt: skip
EXPENSES = ("ค่าสาธารณูปโภค", "ค่าจ้างเหมาบริการ", "ค่าเช่าบ้าน", "ค่าใช้สอยและวัสดุ", "ค่าน้ำมันเชื้อเพลิง")
FOOTERS = (
    "หมายเหตุ : ข้อมูลจากระบบ New GFMIS Thai", "หมายเหตุ 1. ยอดเบิกจ่ายรวมเงินยืมแล้ว",
    "เกณฑ์การให้คะแนน ร้อยละ 80 = 1 คะแนน", "ผู้รายงาน นางสาวสมศรี ใจดี", "ลงชื่อ.......................ผู้รายงาน",
    "ตำแหน่ง นักวิชาการเงินและบัญชีชำนาญงาน", "(นายสมชาย รักงาน)", "วันที่ 30 มิถุนายน 2569",
    "ลงชื่อ ................................. หัวหน้าฝ่ายอำนวยการ", "ข้อมูล ณ วันที่ ๓๐ มิ.ย. ๖๙",
)  # fmt: skip
SCRIBBLES: tuple[object, ...] = (
    9300, "เงินยืม 9300", "5000+300", 120000.5, "โอนแล้ว 15 พ.ค.", "ถามกรมฯ ก่อน", "12,500", "=ยอดเดิม",
    "ขาด 250", 46032, "?", "ok",
)  # fmt: skip
VOWELS = "ัิีึืุู็่้"


@dataclass(frozen=True)
class Fact:
    """One figure that must be read from one cell. value None: the cell holds no readable figure."""

    sheet: str
    cell: str
    unit: str
    category: str
    tranche: str | None
    project: str
    measure: str
    value: Decimal | None


@dataclass(frozen=True)
class Fault:
    """kind: the type it must be reported as. cells: any of them will do; empty: the sheet."""

    kind: str
    sheet: str
    cells: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Score:
    sheet: str
    cell: str
    unit: str
    percent: Decimal
    papers: bool
    loans: int
    printed: int


@dataclass
class Made:
    """One workbook and the truth about it."""

    seed: int
    content: bytes
    province: str
    fiscal_year: int
    districts: dict[str, str]
    facts: list[Fact]
    faults: list[Fault]
    scores: list[Score]
    monitored: dict[str, Decimal]
    """Cell → figure of the monitoring sheet, never to be counted."""
    planted: tuple[str, ...]
    cells: dict[str, int]
    """Sheet → how many cells are not empty."""

    def totals(self) -> dict[tuple[str, str, str | None, str], Decimal | None]:
        """Unit, category, tranche, measure → sum; None where one part of it cannot be read."""
        sums: dict[tuple[str, str, str | None, str], Decimal | None] = {}
        for fact in self.facts:
            if fact.measure == "percent":
                continue
            key = (fact.unit, fact.category, fact.tranche, fact.measure)
            before = sums.get(key, Decimal(0))
            sums[key] = None if before is None or fact.value is None else before + fact.value
        return sums


def letters(column: int) -> str:
    """0 → "A"."""
    word = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        word = chr(65 + rest) + word
    return word


def at(row: int, column: int) -> str:
    return f"{letters(column)}{row + 1}"


@dataclass(frozen=True)
class Broken:
    """A cell that Excel could not reckon."""

    text: str = "#REF!"


@dataclass(frozen=True)
class Formula:
    """A formula; result None: written by a program, never calculated."""

    text: str
    result: float | None


class Page:
    def __init__(self, tab: str) -> None:
        self.tab = tab[:31]
        self.cells: dict[tuple[int, int], object] = {}
        self.merges: list[tuple[int, int, int, int]] = []
        self.hidden_rows: set[int] = set()
        self.hidden_columns: set[int] = set()
        self.percent_cells: set[tuple[int, int]] = set()

    def put(self, row: int, column: int, value: object) -> None:
        if value is not None and value != "":
            self.cells[row, column] = value

    def merge(self, row: int, column: int, last_row: int, last_column: int, value: object) -> None:
        self.put(row, column, value)
        if (row, column) != (last_row, last_column):
            self.merges.append((row, column, last_row, last_column))


def save(pages: Iterable[Page]) -> bytes:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "default_date_format": "d/m/yyyy"})
    percent = book.add_format({"num_format": "0.00%"})
    for page in pages:
        sheet = book.add_worksheet(page.tab)
        for r, c, last_r, last_c in page.merges:
            sheet.merge_range(r, c, last_r, last_c, "")
        for (r, c), value in page.cells.items():
            form = percent if (r, c) in page.percent_cells else None
            if isinstance(value, Broken):
                sheet.write_formula(r, c, f"={value.text}", form, value.text)
            elif isinstance(value, Formula):
                sheet.write_formula(
                    r, c, value.text, form, "" if value.result is None else value.result
                )  # type: ignore[arg-type] -- an empty result is how a formula nobody calculated looks
            elif isinstance(value, Decimal):
                sheet.write_number(r, c, float(value), form)
            elif isinstance(value, int | float):
                sheet.write_number(r, c, value, form)
            else:
                sheet.write_string(r, c, str(value))
        for r in page.hidden_rows:
            sheet.set_row(r, None, None, {"hidden": True})
        for c in page.hidden_columns:
            sheet.set_column(c, c, None, None, {"hidden": True})
    book.close()
    return out.getvalue()


@dataclass
class Entry:
    """What one unit has of one activity of one project: the truth before it is written down."""

    unit: str
    project: Project
    activity: str
    figures: dict[str, Decimal]


@dataclass(frozen=True)
class Project:
    name: str
    number: str = ""

    @property
    def key(self) -> str:
        return self.number or self.name


@dataclass
class Office:
    """The habits of one office, and what has been written so far."""

    chance: random.Random
    province_code: str
    year: int = 2569
    pages: list[Page] = field(default_factory=list)
    facts: list[Fact] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    scores: list[Score] = field(default_factory=list)
    monitored: dict[str, Decimal] = field(default_factory=dict)
    sum_cells: list[tuple[Page, int, int]] = field(default_factory=list)
    unit_cells: dict[tuple[str, int], tuple[int, int]] = field(default_factory=dict)
    number: int = 0
    projects_used: list[Project] = field(default_factory=list)
    to_plant: list[str] = field(default_factory=list)
    summary_cells: list[tuple[Page, int, int]] = field(default_factory=list)

    def __post_init__(self) -> None:
        pick = self.chance
        self.province = geothai.province(self.province_code).name_th
        self.districts = {each.code: each.name_th for each in geothai.districts(self.province_code)}
        self.units = [*self.districts]
        self.province_first = pick.random() < 0.4
        self.prefix = pick.choice(("", "", "อำเภอ", "อ.", "สพอ.", "อ. ", "mixed"))
        self.province_word = pick.choice(
            ("จังหวัด", "สพจ.", f"สพจ.{self.province}", f"จังหวัด{self.province}",
             f"สำนักงานพัฒนาชุมชนจังหวัด{self.province}", "สพจ", "จังหวัด ", f"จ.{self.province}", "สนง.พช.จังหวัด")
        )  # fmt: skip
        self.thai_digits = pick.random() < 0.15
        self.text_numbers = pick.random() < 0.25
        self.untidy = pick.random() < 0.5
        self.heads = {role: pick.choice(words) for role, words in HEADS.items()}

    def take(self, fault: str) -> bool:
        """Whether this fault is still to be planted; it is taken off the list."""
        if fault not in self.to_plant:
            return False
        self.to_plant.remove(fault)
        return True

    # --- words ------------------------------------------------------------------------------------

    def head(self, role: str) -> str:
        word = self.heads[role]
        if self.chance.random() < 0.3:
            word = self.chance.choice(HEADS[role])
        return word.replace("|", self.chance.choice(("\n", "", "\n", " ")))

    def unit_text(self, unit: str) -> str:
        pick = self.chance
        if unit == self.province_code:
            return self._untidied(self.province_word)
        name = self.districts[unit]
        prefix = self.prefix
        if prefix == "mixed":
            prefix = pick.choice(("", "อำเภอ", "อ.", "สพอ.", "สพอ. ", "อำเภอ\n", "สพอ.\n"))
        if name == f"เมือง{self.province}" and pick.random() < 0.6:
            name = pick.choice(("เมือง", f"เมือง{self.province}", f"เมือง {self.province}", "เมืองฯ"))
        return self._untidied(prefix + name)

    def _untidied(self, text: str) -> str:
        if not self.untidy or self.chance.random() < 0.6:
            return text
        kind = self.chance.randrange(5)
        spots = [i for i, sign in enumerate(text) if sign in VOWELS]
        if kind == 0 and spots:
            spot = self.chance.choice(spots)
            return text[: spot + 1] + text[spot] + text[spot + 1 :]
        if kind == 1 and "แ" in text:
            return text.replace("แ", "เเ", 1)
        if kind == 2:
            return f"{text}  "
        if kind == 3:
            return f"\u200b{text}\u00a0"
        return f" {text}"

    def digits(self, text: str) -> str:
        return (
            text.translate(str.maketrans("0123456789", "๐๑๒๓๔๕๖๗๘๙")) if self.thai_digits else text
        )

    def money(self, value: Decimal) -> object:
        pick = self.chance
        if self.thai_digits and pick.random() < 0.7:
            return self.digits(f"{value:,.2f}")
        if self.text_numbers and pick.random() < 0.4:
            return pick.choice(
                (
                    f"{value:,.2f}",
                    f"{value}",
                    f" {value:,.2f} ",
                    f"{value:,.2f} บาท",
                    f"{value:,.2f}\u00a0",
                )
            )
        if value == value.to_integral_value():
            return int(value)
        return value

    # --- figures ----------------------------------------------------------------------------------

    def new_project(self, *, numbered: bool = True) -> Project:
        self.number += self.chance.randrange(1, 6)
        name = PROJECT_NAMES[self.number % len(PROJECT_NAMES)]
        if any(p.name == name for p in self.projects_used):
            name = f"{name} ระยะที่ {self.number}"
        project = Project(name, f"{self.number}/{self.year}" if numbered else "")
        self.projects_used.append(project)
        return project

    def entry(self, unit: str, project: Project, activity: str, measures: Sequence[str]) -> Entry:
        pick = self.chance
        allotted = Decimal(pick.randrange(20, 4000) * 100)
        if pick.random() < 0.3:
            allotted += Decimal(pick.randrange(1, 100)) / 100
        figures = {"allotted": allotted}
        room = allotted
        if "transferred" in measures:
            moved = Decimal(pick.randrange(-10, 11) * 100)
            figures["transferred"] = max(moved, 100 - allotted)
            room += figures["transferred"]
        share = pick.choice((0, 1, 1, pick.random(), pick.random(), pick.random()))
        figures["disbursed"] = (room * Decimal(str(round(share, 4)))).quantize(Decimal("0.01"))
        left = room - figures["disbursed"]
        for measure in ("committed", "returned"):
            if measure in measures:
                part = Decimal(pick.choice((0, 0, 1, 2))) / 8
                figures[measure] = (left * part).quantize(Decimal("0.01"))
        left -= sum((figures.get(m, Decimal(0)) for m in ("committed", "returned")), Decimal(0))
        figures["remaining"] = left
        figures["percent"] = figures["disbursed"] / room * 100
        return Entry(unit, project, activity, figures)

    def measures(self, *, few: bool = False) -> list[str]:
        pick = self.chance
        chosen = ["allotted"]
        if not few:
            chosen += [m for m in ("transferred", "committed") if pick.random() < 0.25]
        chosen.append("disbursed")
        if not few and pick.random() < 0.2:
            chosen.append("returned")
        if pick.random() < (0.3 if few else 0.8):
            chosen.append("remaining")
        if pick.random() < (0.2 if few else 0.8):
            chosen.append("percent")
        return chosen

    # --- writing ----------------------------------------------------------------------------------

    def page(self, category: str, tranche: str | None) -> tuple[Page, str]:
        """A page named after its category, or by nothing at all; the title says what the tab does not."""
        pick = self.chance
        printed = pick.choice(TRANCHES[tranche]) if tranche else ""
        patterns = [each for each in TABS[category] if ("{t}" in each) == bool(tranche)] or [
            "งบ {t}" if category == ADMIN else f"{category} {{t}}"
        ]
        tab = pick.choice(patterns).format(t=printed).strip()
        title = f"รายงานผลการเบิกจ่าย{pick.choice(TITLES[category])} ประจำปีงบประมาณ พ.ศ. {self.year} {printed}"
        if pick.random() < 0.12 and tranche:
            tab = f"Sheet{len(self.pages) + 1}"
        page = Page(self._free(tab))
        self.pages.append(page)
        return page, self.digits(title)

    def _free(self, tab: str) -> str:
        tab = tab.replace("/", "-")[:28]
        taken = {page.tab for page in self.pages}
        while tab in taken:
            tab += "'2" if tab.endswith("ๆ") else " (2)"
        return tab

    def title(self, page: Page, title: str, width: int) -> int:
        """The rows above the table; returns the first free row."""
        pick = self.chance
        row = pick.choice((0, 0, 1))
        lines = [title, f"สำนักงานพัฒนาชุมชนจังหวัด{self.province}"]
        if pick.random() < 0.5:
            lines.append(self.digits("ข้อมูล ณ วันที่ 30 มิถุนายน 2569"))
        if pick.random() < 0.2:
            lines.append("หน่วย : บาท")
        for line in lines:
            if pick.random() < 0.7:
                page.merge(row, 0, row, max(width, 2), line)
            else:
                page.put(row, pick.choice((0, 0, 1)), line)
            row += 1
        return row + pick.choice((0, 0, 1))

    def figure(
        self, page: Page, row: int, column: int, entry: Entry, measure: str,
        category: str, tranche: str | None, *, counts: bool = True,
    ) -> None:  # fmt: skip
        value = entry.figures.get(measure)
        if value is None:
            return
        written: object
        if measure == "percent":
            written, value = self._percent(page, row, column, value)
        else:
            written = self.money(value)
            if value == 0 and self.chance.random() < 0.25:
                written = self.chance.choice(("-", "", " - "))
        page.put(row, column, written)
        if counts and written not in ("-", "", " - "):
            self.facts.append(
                Fact(
                    page.tab,
                    at(row, column),
                    entry.unit,
                    category,
                    tranche,
                    entry.project.key,
                    measure,
                    value,
                )
            )

    def _percent(self, page: Page, row: int, column: int, value: Decimal) -> tuple[object, Decimal]:
        kind = self.chance.randrange(4)
        if kind == 0:
            page.percent_cells.add((row, column))
            return float(value / 100), value
        shown = value.quantize(Decimal("0.01"))
        if kind == 1:
            return float(shown), shown
        if kind == 2:
            return self.digits(f"{shown} %"), shown
        return float(value), value

    def scribble(self, page: Page, top: int, bottom: int, right: int) -> None:
        pick = self.chance
        if pick.random() < 0.5:
            for _ in range(pick.randrange(1, 5)):
                spot = (pick.randrange(top, bottom + 4), right + pick.randrange(2, 5))
                page.put(*spot, pick.choice(SCRIBBLES))

    def footer(self, page: Page, row: int) -> int:
        pick = self.chance
        row += pick.choice((0, 1, 2))
        for line in pick.sample(FOOTERS, pick.randrange(0, 5)):
            page.put(row, pick.choice((0, 1, 1, 2)), line)
            row += 1
        return row

    def ordered_units(self, *, province: bool = True) -> list[str]:
        units = [*self.units]
        if province:
            units.insert(0 if self.province_first else len(units), self.province_code)
        return units

    def sums(
        self, page: Page, row: int, entries: list[list[Entry]], columns: dict[int, tuple[int, str]]
    ) -> None:
        """A sum row. columns: column → (which group, measure)."""
        for column, (group, measure) in columns.items():
            parts = [each for each in entries[group] if measure in each.figures]
            whole = sum((each.figures[measure] for each in parts), Decimal(0))
            if measure == "percent":
                base = sum(
                    (
                        e.figures["allotted"] + e.figures.get("transferred", Decimal(0))
                        for e in parts
                    ),
                    Decimal(0),
                )
                paid = sum((e.figures["disbursed"] for e in parts), Decimal(0))
                page.put(
                    row, column, float((paid / base * 100).quantize(Decimal("0.01"))) if base else 0
                )
                continue
            page.put(row, column, Formula("=SUM(A1:A1)", float(whole)))
            self.sum_cells.append((page, row, column))


SUM_WORDS = ("รวม", "รวมทั้งสิ้น", "รวมเงิน", "ยอดรวม", "รวม ", "รวมทั้งจังหวัด", "รวมเป็นเงิน")


# --- layouts --------------------------------------------------------------------------------------


def matrix(
    office: Office, category: str, tranche: str | None, groups: list[tuple[Project, list[str]]]
) -> Page:
    """Units down, projects across, each with its activities; blocks one below the other."""
    page, title = office.page(category, tranche)
    pick = office.chance
    measures = office.measures(few=pick.random() < 0.5)
    per_block = pick.choice((1, 2, 3, len(groups)))
    blocks = [groups[i : i + per_block] for i in range(0, len(groups), per_block)]
    row = office.title(page, title, 4 + len(measures) * 2)
    seq = pick.random() < 0.7
    left = (1 if seq else 0) + pick.choice((0, 0, 1))
    for block in blocks:
        row = _matrix_block(office, page, row, left, category, tranche, block, measures, seq=seq)
        row = office.footer(page, row) if block is blocks[-1] else row + pick.choice((0, 1, 2))
    return page


def _matrix_block(
    office: Office, page: Page, row: int, left: int, category: str, tranche: str | None,
    block: list[tuple[Project, list[str]]], measures: list[str], *, seq: bool,
) -> int:  # fmt: skip
    pick = office.chance
    activities = any(len(each) > 1 or each[0] for _, each in block)
    number_row = pick.random() < 0.3 and all(p.number for p, _ in block)
    levels = 1 + number_row + activities
    merge = pick.random() < 0.75
    column = left + 1
    columns: dict[int, tuple[int, str]] = {}
    entries: list[list[Entry]] = []
    units = office.ordered_units(province=pick.random() < 0.8)
    spacer = pick.random() < 0.2
    for project, names in block:
        width = len(measures) * len(names)
        label = project.name
        if project.number and not number_row:
            label = pick.choice(
                (f"{project.name} เลขที่ {project.number}", f"เลขที่ {project.number} {project.name}",
                 f"{project.name}\n(เลขที่ {project.number})", f"{project.name} เลขที่{project.number}")
            )  # fmt: skip
        label = office.digits(label)
        if merge:
            page.merge(row, column, row, column + width - 1, label)
        else:
            page.put(row, column, label)
        if number_row:
            text = office.digits(f"เลขที่ {project.number}")
            page.merge(row + 1, column, row + 1, column + (width if merge else 1) - 1, text)
        for name in names:
            if activities:
                where = row + levels - 1
                text = name or "ดำเนินงาน"
                page.merge(where, column, where, column + (len(measures) if merge else 1) - 1, text)
            for measure in measures:
                page.put(row + levels, column, office.head(measure))
                columns[column] = (len(entries), measure)
                column += 1
            entries.append([office.entry(u, project, name, measures) for u in units])
        if spacer:
            column += 1
    if len(entries) > 1 and pick.random() < 0.3:
        page.merge(
            row,
            column,
            row + levels - 1,
            column + 1,
            pick.choice(("รวม", "รวมทั้งสิ้น", "รวมทุกโครงการ")),
        )
        whole: list[Entry] = []
        for i, unit in enumerate(units):
            figures = {
                m: sum((group[i].figures[m] for group in entries), Decimal(0))
                for m in ("allotted", "disbursed")
            }
            whole.append(Entry(unit, Project(""), "", figures))
        for measure in ("allotted", "disbursed"):
            page.put(row + levels, column, office.head(measure))
            columns[column] = (len(entries), measure)
            column += 1
        entries.append(whole)
    if seq:
        page.merge(row, left - 1, row + levels, left - 1, office.head("seq"))
    page.merge(row, left, row + levels, left, office.head("unit"))
    top = row
    row += levels + 1
    for i, unit in enumerate(units):
        if seq:
            page.put(row, left - 1, office.digits(str(i + 1)) if office.thai_digits else i + 1)
        page.put(row, left, office.unit_text(unit))
        office.unit_cells[page.tab, row] = (row, left)
        for column_, (group, measure) in columns.items():
            entry = entries[group][i]
            if entry.project.key:
                office.figure(page, row, column_, entry, measure, category, tranche)
            else:
                page.put(row, column_, entry.figures[measure])
        row += 1
    if pick.random() < 0.8:
        page.put(row, left if pick.random() < 0.6 else max(left - 1, 0), pick.choice(SUM_WORDS))
        office.sums(page, row, entries, columns)
        row += 1
    office.scribble(page, top, row, column)
    return row


def simple(office: Office, category: str, tranche: str | None) -> Page:
    """One table of units, no project: the whole category."""
    page, title = office.page(category, tranche)
    pick = office.chance
    measures = office.measures()
    row = office.title(page, title, 2 + len(measures))
    blank = pick.choice((0, 0, 1))
    two_rows = pick.random() < 0.4 and "percent" in measures
    columns: dict[int, tuple[int, str]] = {}
    page.merge(row, blank, row + two_rows, blank, office.head("seq"))
    page.merge(row, blank + 1, row + two_rows, blank + 1, office.head("unit"))
    column = blank + 2
    for measure in measures:
        if two_rows and measure == "disbursed":
            page.merge(row, column, row, column + 1, office.head("disbursed"))
            page.put(row + 1, column, pick.choice(("จำนวนเงิน", "บาท", "จำนวน")))
            page.put(row + 1, column + 1, office.head("percent"))
            columns[column], columns[column + 1] = (0, "disbursed"), (0, "percent")
            column += 2
            continue
        if two_rows and measure == "percent":
            continue
        page.merge(row, column, row + two_rows, column, office.head(measure))
        columns[column] = (0, measure)
        column += 1
    if pick.random() < 0.3:
        page.merge(row, column, row + two_rows, column, office.head("note"))
        page.put(row + two_rows + 2, column, "รอโอนงวด 2 จำนวน 5,000 บาท")
        column += 1
    top, row = row, row + two_rows + 1
    if pick.random() < 0.15:
        for i, c in enumerate(range(blank, column)):
            page.put(row, c, f"({i + 1})")
        row += 1
    units = office.ordered_units(province=pick.random() < 0.8)
    project = Project("")
    entries = [office.entry(u, project, "", measures) for u in units]
    sum_first = pick.random() < 0.1
    if sum_first:
        page.put(row, blank + 1, "รวมทั้งสิ้น")
        office.sums(page, row, [entries], columns)
        row += 1
    for i, entry in enumerate(entries):
        page.put(row, blank, i + 1)
        page.put(row, blank + 1, office.unit_text(entry.unit))
        office.unit_cells[page.tab, row] = (row, blank + 1)
        for c, (_, measure) in columns.items():
            office.figure(page, row, c, entry, measure, category, tranche)
        if pick.random() < 0.02:
            page.hidden_rows.add(row)
        row += 1
    if not sum_first and pick.random() < 0.8:
        page.merge(row, blank, row, blank + 1, pick.choice(SUM_WORDS))
        office.sums(page, row, [entries], columns)
        row += 1
    office.scribble(page, top, row, column)
    office.footer(page, row)
    return page


def long_list(
    office: Office, category: str, tranche: str | None, groups: list[tuple[Project, list[str]]]
) -> Page:
    """A row for each activity of a project in a unit."""
    page, title = office.page(category, tranche)
    pick = office.chance
    measures = office.measures()
    separate = pick.random() < 0.6
    activities = any(len(names) > 1 or names[0] for _, names in groups)
    labels = [
        "seq",
        *(["number"] if separate else []),
        "project",
        *(["activity"] if activities else []),
        "unit",
    ]
    row = office.title(page, title, len(labels) + len(measures))
    top = row
    for c, role in enumerate(labels + measures):
        page.put(row, c, office.head(role))
    where = {role: c for c, role in enumerate(labels + measures)}
    columns = {where[m]: (0, m) for m in measures}
    row += 1
    everything: list[Entry] = []
    fill = pick.choice(("merge", "repeat", "blank"))
    subtotals = pick.random() < 0.3
    line = 0
    for project, names in groups:
        units = sorted(pick.sample(office.units, min(len(office.units), pick.randrange(2, 9))))
        if pick.random() < 0.4:
            units.append(office.province_code)
        entries = [office.entry(u, project, name, measures) for name in names for u in units]
        start = row
        for entry in entries:
            line += 1
            page.put(row, 0, line)
            label = project.name if separate else f"{project.name} เลขที่ {project.number}"
            if fill == "repeat" or row == start:
                page.put(row, where["project"], office.digits(label))
                if separate:
                    page.put(row, where["number"], office.digits(project.number))
            if activities:
                page.put(row, where["activity"], entry.activity or "ดำเนินงาน")
            page.put(row, where["unit"], office.unit_text(entry.unit))
            office.unit_cells[page.tab, row] = (row, where["unit"])
            for m in measures:
                office.figure(page, row, where[m], entry, m, category, tranche)
            row += 1
        if fill == "merge" and row - start > 1:
            for role in ("project", *(["number"] if separate else [])):
                page.merges.append((start, where[role], row - 1, where[role]))
        if subtotals:
            page.put(
                row, where["project"], pick.choice(("รวม", "รวมโครงการ", f"รวม {project.name}"))
            )
            office.sums(page, row, [entries], columns)
            row += 1
        everything += entries
    page.put(row, where["project"], pick.choice(("รวมทั้งสิ้น", "รวมทั้งหมด")))
    office.sums(page, row, [everything], columns)
    row += 1
    office.scribble(page, top, row, len(labels) + len(measures))
    office.footer(page, row)
    return page


def outline(
    office: Office, category: str, tranche: str | None, groups: list[tuple[Project, list[str]]]
) -> Page:
    """Projects as headings with their sums, their units below."""
    page, title = office.page(category, tranche)
    pick = office.chance
    measures = office.measures()
    row = office.title(page, title, 2 + len(measures))
    top = row
    page.put(row, 0, office.head("seq"))
    page.put(
        row,
        1,
        pick.choice(("โครงการ/หน่วยงาน", "รายการ", "โครงการ/กิจกรรม/หน่วยงาน", "โครงการ/อำเภอ")),
    )
    for c, measure in enumerate(measures):
        page.put(row, 2 + c, office.head(measure))
    columns = {2 + c: (0, m) for c, m in enumerate(measures)}
    row += 1
    with_sums = pick.random() < 0.7
    for i, (project, _) in enumerate(groups):
        units = sorted(pick.sample(office.units, min(len(office.units), pick.randrange(2, 9))))
        if pick.random() < 0.4:
            units.append(office.province_code)
        entries = [office.entry(u, project, "", measures) for u in units]
        page.put(row, 0, i + 1)
        page.put(row, 1, office.digits(f"{project.name} เลขที่ {project.number}"))
        if with_sums:
            office.sums(page, row, [entries], columns)
        row += 1
        for entry in entries:
            page.put(row, 1, pick.choice(("", "- ", "  ")) + office.unit_text(entry.unit))
            office.unit_cells[page.tab, row] = (row, 1)
            for c, measure in enumerate(measures):
                office.figure(page, row, 2 + c, entry, measure, category, tranche)
            row += 1
    office.scribble(page, top, row, 2 + len(measures))
    office.footer(page, row)
    return page


def across(
    office: Office, category: str, tranche: str | None, groups: list[tuple[Project, list[str]]]
) -> Page:
    """Projects down, units across."""
    page, title = office.page(category, tranche)
    pick = office.chance
    measures = ["allotted", "disbursed"] + (["percent"] if pick.random() < 0.3 else [])
    units = office.ordered_units()[: 90 // len(measures)]
    row = office.title(page, title, 6)
    page.merge(row, 0, row + 1, 0, office.head("seq"))
    page.merge(row, 1, row + 1, 1, office.head("number"))
    page.merge(row, 2, row + 1, 2, office.head("project"))
    for i, unit in enumerate(units):
        column = 3 + i * len(measures)
        page.merge(row, column, row, column + len(measures) - 1, office.unit_text(unit))
        for j, measure in enumerate(measures):
            page.put(row + 1, column + j, office.head(measure))
    row += 2
    everything: list[list[Entry]] = [[] for _ in units]
    for i, (project, _) in enumerate(groups):
        page.put(row, 0, i + 1)
        page.put(row, 1, office.digits(project.number))
        page.put(row, 2, project.name)
        for j, unit in enumerate(units):
            if pick.random() < 0.2:
                continue
            entry = office.entry(unit, project, "", measures)
            everything[j].append(entry)
            for k, measure in enumerate(measures):
                office.figure(
                    page, row, 3 + j * len(measures) + k, entry, measure, category, tranche
                )
        row += 1
    page.put(row, 2, "รวมทั้งสิ้น")
    columns = {
        3 + j * len(measures) + k: (j, m) for j in range(len(units)) for k, m in enumerate(measures)
    }
    office.sums(page, row, everything, columns)
    office.footer(page, row + 1)
    return page


def province_list(office: Office, category: str, tranche: str | None) -> Page:
    """Projects of the provincial office; a unit column only sometimes."""
    page, title = office.page(category, tranche)
    pick = office.chance
    measures = office.measures()
    with_unit = pick.random() < 0.5 or "LEVEL_VIOLATION" in office.to_plant
    labels = ["seq", "project", *(["unit"] if with_unit else [])]
    row = office.title(page, title, len(labels) + len(measures))
    top = row
    for c, role in enumerate(labels + measures):
        page.put(row, c, office.head(role))
    row += 1
    entries = []
    for i in range(pick.randrange(2, 7)):
        project = office.new_project(numbered=pick.random() < 0.5)
        entry = office.entry(office.province_code, project, "", measures)
        entries.append(entry)
        page.put(row, 0, i + 1)
        label = f"{project.name} เลขที่ {project.number}" if project.number else project.name
        page.put(row, 1, office.digits(label))
        if with_unit:
            page.put(row, 2, office.unit_text(office.province_code))
        for c, measure in enumerate(measures):
            office.figure(page, row, len(labels) + c, entry, measure, category, tranche)
        row += 1
    if with_unit and office.take("LEVEL_VIOLATION"):
        project = office.new_project()
        entry = office.entry(pick.choice(office.units), project, "", measures)
        page.put(row, 1, f"{project.name} เลขที่ {project.number}")
        page.put(row, 2, office.unit_text(entry.unit))
        for c, measure in enumerate(measures):
            office.figure(
                page, row, len(labels) + c, entry, measure, category, tranche, counts=False
            )
        office.faults.append(Fault("LEVEL_VIOLATION", page.tab, _row_cells(row)))
        entries.append(entry)
        row += 1
    page.put(row, 1, pick.choice(SUM_WORDS))
    office.sums(page, row, [entries], {len(labels) + c: (0, m) for c, m in enumerate(measures)})
    row += 1
    office.scribble(page, top, row, len(labels) + len(measures))
    office.footer(page, row)
    return page


def _row_cells(row: int) -> frozenset[str]:
    return frozenset(at(row, c) for c in range(100))


def summary(office: Office) -> None:
    """Units by category × tranche: what every office makes of its own sheets, and mistypes."""
    pick = office.chance
    page = Page(office._free(pick.choice(("สรุป", "สรุปภาพรวม", "ภาพรวม", "สรุปเข้าประชุม", "รวมทุกงบ"))))
    sums: dict[tuple[str, str | None], dict[str, dict[str, Decimal]]] = {}
    for fact in office.facts:
        if fact.measure in {"allotted", "disbursed"} and fact.value is not None:
            group = sums.setdefault((fact.category, fact.tranche), {})
            unit = group.setdefault(fact.unit, {"allotted": Decimal(0), "disbursed": Decimal(0)})
            unit[fact.measure] += fact.value
    row = office.title(page, f"สรุปผลการเบิกจ่าย ประจำปีงบประมาณ พ.ศ. {office.year}", 8)
    page.merge(row, 0, row + 1, 0, office.head("seq"))
    page.merge(row, 1, row + 1, 1, office.head("unit"))
    column = 2
    places: list[tuple[int, tuple[str, str | None], str]] = []
    for category, tranche in sums:
        page.merge(row, column, row, column + 2, f"{category} {tranche or ''}".strip())
        for k, measure in enumerate(("allotted", "disbursed", "percent")):
            page.put(row + 1, column + k, office.head(measure))
            places.append((column + k, (category, tranche), measure))
        column += 3
    row += 2
    for i, unit in enumerate(office.ordered_units()):
        page.put(row, 0, i + 1)
        page.put(row, 1, office.unit_text(unit))
        for c, key, measure in places:
            own = sums[key].get(unit)
            if own is None:
                continue
            if measure == "percent":
                page.put(
                    row,
                    c,
                    float(own["disbursed"] / own["allotted"] * 100) if own["allotted"] else 0,
                )
            else:
                page.put(row, c, own[measure])
                if unit in office.units:
                    office.summary_cells.append((page, row, c))
        row += 1
    office.footer(page, row)
    office.pages.insert(pick.choice((0, len(office.pages))), page)


def score_sheet(office: Office) -> None:
    """แบบประเมินที่ 1."""
    pick = office.chance
    page = Page(office._free(pick.choice(("แบบประเมินที่ 1", "ประเมินที่ 1", "แบบประเมิน 1"))))
    office.pages.append(page)
    row = pick.choice((0, 1))
    page.put(row, 0, "แบบประเมินที่ 1 การบริหารงบประมาณของสำนักงานพัฒนาชุมชนอำเภอ")
    row += 2
    heads = (
        office.head("seq"), pick.choice(("อำเภอ", "สพอ.")),
        pick.choice(("เบิกจ่ายสะสม\n(ร้อยละ)", "ร้อยละเบิกจ่ายสะสม", "ผลเบิกจ่ายสะสม (%)")),
        pick.choice(("เอกสารการเงิน\nครบถ้วน", "เอกสารการเงินครบถ้วน/ไม่ครบถ้วน", "เอกสารครบถ้วน")),
        pick.choice(("สัญญายืมเงินค้างเกิน 30 วัน\n(สัญญา)", "สัญญายืมเงินที่ยังไม่ส่งใช้", "สัญญายืมเงินเกิน 30 วัน")),
        pick.choice(("คะแนน", "คะแนนที่ได้", "คะแนน (0-5)")),
    )  # fmt: skip
    for c, head in enumerate(heads):
        page.put(row, c, head)
    row += 1
    for i, unit in enumerate(office.units):
        percent = Decimal(
            pick.choice(("79.99", "80", "85", "89.99", "94.5", "95", "99.99", "100", "62.5"))
        )
        papers = pick.random() < 0.6
        loans = pick.choice((0, 0, 0, 1, 4, 5, 7))
        base = 0
        for limit, points in ((80, 1), (85, 2), (90, 3), (95, 4)):
            if percent >= limit:
                base = points
        if percent >= 100 and papers:
            base = 5
        score = max(0, base - (2 if loans > 4 else 1 if loans else 0))
        printed = score
        if i > 0 and office.take("SCORE_MISMATCH"):
            printed = score + 1 if score < 5 else 3
            office.faults.append(Fault("SCORE_MISMATCH", page.tab, _row_cells(row)))
        page.put(row, 0, i + 1)
        page.put(row, 1, office.unit_text(unit))
        page.put(row, 2, percent if pick.random() < 0.7 else office.digits(f"{percent}"))
        page.put(
            row,
            3,
            pick.choice(("ครบถ้วน", "ครบ", "✓"))
            if papers
            else pick.choice(("ไม่ครบถ้วน", "ไม่ครบ", "✗")),
        )
        page.put(row, 4, loans if loans or pick.random() < 0.5 else "-")
        page.put(row, 5, printed)
        office.scores.append(Score(page.tab, at(row, 5), unit, percent, papers, loans, printed))
        row += 1
    row += 1
    page.put(row, 1, "เกณฑ์การให้คะแนน")
    for k, line in enumerate(
        ("ร้อยละ 80 ขึ้นไป = 1 คะแนน", "ร้อยละ 85 ขึ้นไป = 2 คะแนน", "ค้างเกิน 4 สัญญา หัก 2 คะแนน")
    ):
        page.put(row + 1 + k, 1, line)
        page.put(row + 1 + k, 3, k + 1)


def monitor(office: Office, project: Project) -> None:
    """โคก หนอง นา plots: the same money seen again, with more about it."""
    pick = office.chance
    page = Page(
        office._free(
            pick.choice(("โคกหนองนา", "โคก หนอง นา", "ติดตามโคกหนองนา", "มอนิเตอร์ โคก หนอง นา"))
        )
    )
    office.pages.insert(pick.choice((0, len(office.pages))), page)
    row = office.title(page, f"ติดตามการดำเนินงาน {project.name} เลขที่ {project.number}", 8)
    heads = ["ที่", pick.choice(("อำเภอ", "สพอ.")), "แปลง", pick.choice(("จำนวนเงิน", "งบประมาณ")), "PO/ก่อหนี้",
             "เบิกจ่าย", "ค่าควบคุมงาน", "คงเหลือ", "ส่งคืนกรม"]  # fmt: skip
    for c, head in enumerate(heads):
        page.put(row, c, head)
    row += 1
    sums: dict[int, Decimal] = {}
    for i, unit in enumerate(pick.sample(office.units, min(5, len(office.units)))):
        page.put(row, 0, i + 1)
        page.put(row, 1, office.unit_text(unit))
        page.put(row, 2, pick.randrange(1, 9))
        amount = Decimal(pick.randrange(10, 90) * 1000)
        figures = [
            amount,
            amount * pick.choice((0, 1)) / 5,
            amount / 2,
            Decimal(900),
            Decimal(0),
            amount / 10,
        ]
        figures[4] = amount - figures[1] - figures[2] - figures[5]
        for c, value in enumerate(figures, start=3):
            page.put(row, c, value)
            office.monitored[f"{page.tab}!{at(row, c)}"] = value
            sums[c] = sums.get(c, Decimal(0)) + value
        row += 1
    page.put(row, 1, "รวม")
    for c, value in sums.items():
        page.put(row, c, value)
    office.footer(page, row + 1)


def jottings(office: Office) -> None:
    """A sheet that is no table."""
    pick = office.chance
    page = Page(office._free(pick.choice(("ทดเลข", "Sheet9", "โน้ต", "เบอร์โทร"))))
    office.pages.append(page)
    for _ in range(pick.randrange(3, 12)):
        page.put(pick.randrange(15), pick.randrange(6), pick.choice(SCRIBBLES))


# --- a whole workbook -----------------------------------------------------------------------------


def make(seed: int, *, planted: Sequence[str] | None = None) -> Made:
    """The workbook of that seed. planted: which faults; None lets the seed choose (often none)."""
    chance = random.Random(f"office/{seed}")
    if planted is None:
        count = chance.choice((0, 0, 1, 1, 2, 3, 4))
        planted = chance.sample(FAULTS, count)
    office = Office(chance, chance.choice(PROVINCES))
    planted = [
        fault
        for fault in planted
        if not any(fault in HIDES[other] for other in planted if other in HIDES)
    ]
    office.to_plant = list(planted)
    _budget_pages(office)
    _disturb(office)
    if chance.random() < 0.6 or "SUMMARY_SHEET" in office.to_plant:
        summary(office)
        if office.take("SUMMARY_SHEET"):
            _change_sum(office, office.summary_cells)
    if chance.random() < 0.5 or "SCORE_MISMATCH" in office.to_plant:
        score_sheet(office)
    numbered = [p for p in office.projects_used if p.number]
    if chance.random() < 0.4 and numbered:
        monitor(office, chance.choice(numbered))
    if chance.random() < 0.25:
        jottings(office)
    _late_faults(office)
    done = tuple(fault for fault in planted if fault not in office.to_plant)
    return Made(
        seed=seed,
        content=save(office.pages),
        province=office.province,
        fiscal_year=office.year,
        districts=office.districts,
        facts=office.facts,
        faults=office.faults,
        scores=office.scores,
        monitored=office.monitored,
        planted=done,
        cells={page.tab: len(page.cells) for page in office.pages},
    )


def _groups(office: Office, count: int, *, activities: bool) -> list[tuple[Project, list[str]]]:
    pick = office.chance
    return [
        (
            office.new_project(),
            pick.sample(ACTIVITY_NAMES, pick.randrange(1, 4)) if activities else [""],
        )
        for _ in range(count)
    ]


def _budget_pages(office: Office) -> None:
    pick = office.chance
    for tranche in pick.sample([*TRANCHES], pick.randrange(1, 4)):
        if pick.random() < 0.7:
            simple(office, ADMIN, tranche)
        else:
            matrix(
                office, ADMIN, tranche, [(Project(name), [""]) for name in pick.sample(EXPENSES, 3)]
            )
    layouts: tuple[Callable[..., Page], ...] = (matrix, matrix, long_list, outline, across)
    for tranche in pick.sample(["ไตร 1-2", "ไตร 3-4"], pick.randrange(1, 3)):
        layout = pick.choice(layouts)
        groups = _groups(
            office,
            pick.randrange(2, 8),
            activities=layout in {matrix, long_list} and pick.random() < 0.4,
        )
        layout(office, STRATEGY, tranche, groups)
        if pick.random() < 0.3:
            (matrix if pick.random() < 0.5 else long_list)(
                office, STRATEGY, tranche, _groups(office, 2, activities=False)
            )
        if office.take("DUP_PROJECT"):
            _copied_project(office, tranche)
    if pick.random() < 0.6 or "LEVEL_VIOLATION" in office.to_plant:
        province_list(office, PROVINCE, None)
    if pick.random() < 0.4:
        province_list(office, GROUP, None)
    if office.take("OLD_TITLE"):
        kept = len(office.facts), len(office.sum_cells)
        this_year, office.year = office.year, office.year - 1
        page = simple(office, ADMIN, pick.choice([*TRANCHES]))
        office.year = this_year
        page.tab = office._free(
            "เงินกันเหลื่อมปี ไตร 1-2" if pick.random() < 0.5 else f"งบบริหาร {this_year - 1}"
        )
        del office.facts[kept[0] :], office.sum_cells[kept[1] :]
        office.faults.append(Fault("WRONG_FISCAL_YEAR", page.tab))
    if office.take("OLD_NUMBER"):
        kept = len(office.facts), len(office.sum_cells)
        project = Project("โครงการค้างจากปีก่อน", f"91/{office.year - 1}")
        page = long_list(office, STRATEGY, "ไตร 1-2", [(project, [""])])
        del office.facts[kept[0] :], office.sum_cells[kept[1] :]
        office.faults.append(Fault("WRONG_FISCAL_YEAR", page.tab))


def _copied_project(office: Office, tranche: str) -> None:
    """The project is on an earlier sheet already, with the same figures."""
    pick = office.chance
    numbers = {f.project for f in office.facts if "/" in f.project and f.tranche == tranche}
    number = pick.choice(sorted(numbers))
    figures: dict[str, dict[str, Decimal]] = {}
    for fact in office.facts:
        if (
            fact.project == number
            and fact.measure in {"allotted", "disbursed"}
            and fact.value is not None
        ):
            own = figures.setdefault(fact.unit, {})
            own[fact.measure] = own.get(fact.measure, Decimal(0)) + fact.value
    page, title = office.page(STRATEGY, tranche)
    row = office.title(page, title, 5)
    page.put(row, 0, "ที่")
    page.put(row, 1, "อำเภอ")
    page.merge(row, 2, row, 3, f"(ชื่อย่อ) เลขที่ {number}")
    page.put(row + 1, 2, office.head("allotted"))
    page.put(row + 1, 3, office.head("disbursed"))
    row += 2
    for i, (unit, own) in enumerate(figures.items()):
        page.put(row, 0, i + 1)
        page.put(row, 1, office.unit_text(unit))
        page.put(row, 2, own.get("allotted"))
        page.put(row, 3, own.get("disbursed"))
        row += 1
    office.faults.append(Fault("DUP_PROJECT", page.tab))


def _facts_by_row(office: Office) -> dict[tuple[str, int, str], list[Fact]]:
    rows: dict[tuple[str, int, str], list[Fact]] = {}
    for fact in office.facts:
        row = int("".join(sign for sign in fact.cell if sign.isdigit()))
        rows.setdefault((fact.sheet, row, fact.project), []).append(fact)
    return rows


def _page(office: Office, tab: str) -> Page:
    return next(page for page in office.pages if page.tab == tab)


def _where(cell: str) -> tuple[int, int]:
    column = 0
    for sign in cell:
        if sign.isalpha():
            column = column * 26 + ord(sign) - 64
    return int("".join(sign for sign in cell if sign.isdigit())) - 1, column - 1


def _replace_fact(office: Office, fact: Fact, value: Decimal | None) -> None:
    office.facts[office.facts.index(fact)] = replace(fact, value=value)


def _money_facts(office: Office, *measures: str) -> list[Fact]:
    broken = {
        fault.sheet for fault in office.faults if fault.kind in {"REF_ERROR", "HEAD_NOT_FOUND"}
    }
    return [
        f for f in office.facts
        if f.measure in (measures or ("allotted", "disbursed")) and f.value is not None and f.sheet not in broken
    ]  # fmt: skip


def _disturb(office: Office) -> None:
    """Faults in figures, planted before the summary is made, so that it agrees with them."""
    pick = office.chance
    if office.take("SUM_ROW"):
        _change_sum(office, office.sum_cells)
    if office.take("OVER_100"):
        fact = pick.choice(_money_facts(office, "disbursed"))
        _overwrite(office, fact, Decimal(pick.randrange(5_000_000, 9_000_000)), "ANOMALY")
    if office.take("NEGATIVE"):
        fact = pick.choice(_money_facts(office, "disbursed"))
        _overwrite(office, fact, -Decimal(pick.randrange(100, 9000)), "ANOMALY")


def plant_faults(office: Office) -> None:
    """Plant what is still to be planted into the figures of pages that are made."""
    _disturb(office)
    _late_faults(office)


def _overwrite(office: Office, fact: Fact, value: Decimal, kind: str) -> None:
    page = _page(office, fact.sheet)
    page.cells[_where(fact.cell)] = value
    _replace_fact(office, fact, value)
    office.faults.append(Fault(kind, fact.sheet, _row_cells(_where(fact.cell)[0])))


def _change_sum(office: Office, cells: list[tuple[Page, int, int]]) -> None:
    if not cells:
        office.to_plant.append("SUM_ROW")
        return
    page, row, column = office.chance.choice(cells)
    before = page.cells[row, column]
    amount = before.result if isinstance(before, Formula) else before
    assert isinstance(amount, float | int | Decimal)
    page.cells[row, column] = round(float(amount) + office.chance.choice((-1000, 0.5, 12345)), 2)
    office.faults.append(Fault("SUMMARY_MISMATCH", page.tab, frozenset({at(row, column)})))


def _late_faults(office: Office) -> None:
    """Faults of cells, planted last; what stands beside them is left as it was."""
    pick = office.chance
    if office.take("REF_CELL"):
        fact = pick.choice(_money_facts(office))
        _spoil(
            office, fact, Broken(pick.choice(("#REF!", "#REF!", "#N/A", "#VALUE!"))), "REF_ERROR"
        )
    if office.take("UNREADABLE_NUMBER"):
        fact = pick.choice(_money_facts(office))
        word = pick.choice(("5000+300", "1,23,4", "ประมาณ 5,000", "12.500,00", "5OOO", "รอโอน", "1.2E+05", "3,000 / 4,000"))  # fmt: skip
        _spoil(office, fact, word, "UNREADABLE_NUMBER")
    if office.take("UNCALCULATED"):
        fact = pick.choice(_money_facts(office))
        _spoil(office, fact, Formula("=A1+A2", None), "UNCALCULATED")
    if (percents := _money_facts(office, "percent")) and office.take("PERCENT_MISMATCH"):
        fact = pick.choice(percents)
        value = fact.value + pick.choice((5, -7, 12)) if fact.value is not None else Decimal(50)
        page = _page(office, fact.sheet)
        page.cells[_where(fact.cell)] = float(value)
        page.percent_cells.discard(_where(fact.cell))
        _replace_fact(office, fact, value)
        office.faults.append(
            Fault("PERCENT_MISMATCH", fact.sheet, _row_cells(_where(fact.cell)[0]))
        )
    if (left := _money_facts(office, "remaining")) and office.take("BALANCE_MISMATCH"):
        fact = pick.choice(left)
        assert fact.value is not None
        value = fact.value + pick.choice((100, 5000, Decimal("0.25")))
        _page(office, fact.sheet).cells[_where(fact.cell)] = value
        _replace_fact(office, fact, value)
        office.faults.append(
            Fault("BALANCE_MISMATCH", fact.sheet, _row_cells(_where(fact.cell)[0]))
        )
    labelled = [key for key in office.unit_cells if any(f.sheet == key[0] for f in office.facts)]
    for kind in ("MISSPELT_PLACE", "FOREIGN_PLACE", "NO_UNIT"):
        if labelled and office.take(kind):
            tab, row = pick.choice(labelled)
            labelled.remove((tab, row))
            _spoil_unit(office, kind, tab, row)
    if office.take("HEAD_NOT_FOUND"):
        sheets = [*dict.fromkeys(f.sheet for f in office.facts)]
        _wipe_heads(office, pick.choice(sheets))
    if office.take("REF_CATEGORY"):
        sheets = [*dict.fromkeys(f.sheet for f in _money_facts(office))]
        tab = pick.choice(sheets)
        office.faults[:] = [f for f in office.faults if f.sheet != tab]
        for fact in [f for f in office.facts if f.sheet == tab]:
            _page(office, tab).cells[_where(fact.cell)] = Broken()
            _replace_fact(office, fact, None)
        for page, row, column in office.sum_cells:
            if page.tab == tab and (row, column) in page.cells:
                page.cells[row, column] = Broken()
        office.faults.append(Fault("REF_ERROR", tab))


def _spoil(office: Office, fact: Fact, written: object, kind: str) -> None:
    _page(office, fact.sheet).cells[_where(fact.cell)] = written
    _replace_fact(office, fact, None)
    office.faults.append(Fault(kind, fact.sheet, frozenset({fact.cell})))


def _spoil_unit(office: Office, kind: str, tab: str, row: int) -> None:
    page, where = _page(office, tab), office.unit_cells[tab, row]
    if kind == "MISSPELT_PLACE":
        page.cells[where] = "อ." + office.chance.choice(("ทดสอปบ", "เมื่องใหม่หลวง", "บ้านนาฬิกา"))
    elif kind == "FOREIGN_PLACE":
        page.cells[where] = "เบตง" if office.province_code != "95" else "หางดง"
    else:
        page.cells.pop(where, None)
    office.facts[:] = [f for f in office.facts if not (f.sheet == tab and _where(f.cell)[0] == row)]
    office.faults.append(Fault(REPORTED_AS[kind], tab, _row_cells(row)))


def _wipe_heads(office: Office, tab: str) -> None:
    page = _page(office, tab)
    figures = {f.cell for f in office.facts if f.sheet == tab}
    for row, column in [*page.cells]:
        text = page.cells[row, column]
        if isinstance(text, str) and at(row, column) not in figures and _is_head(text):
            page.cells[row, column] = "x"
    office.facts[:] = [f for f in office.facts if f.sheet != tab]
    office.faults[:] = [f for f in office.faults if f.sheet != tab]
    office.faults.append(Fault("HEAD_NOT_FOUND", tab))


def _is_head(text: str) -> bool:
    bare = "".join(text.split())
    return any(bare == "".join(w.replace("|", "").split()) for words in HEADS.values() for w in words) or bare in {
        "จำนวนเงิน", "บาท", "จำนวน", "โครงการ/หน่วยงาน", "โครงการ/กิจกรรม/หน่วยงาน", "โครงการ/อำเภอ",
    }  # fmt: skip
