"""Layouts of other offices: made after the reader, each with words and shapes of its own.

What ``workbooks.py`` makes is what the reader was written against. These were written down without
trying them; the first figures they gave stand in bench/office.py, and they are kept as they were.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

from tests.budget.office.workbooks import (
    ADMIN,
    EXPENSES,
    GROUP,
    PROVINCE,
    PROVINCES,
    STRATEGY,
    Entry,
    Fact,
    Formula,
    Made,
    Office,
    Page,
    Project,
    at,
    plant_faults,
    save,
)

WORDS: dict[str, tuple[str, ...]] = {
    "seq": ("ที่", "ลำดับที่", "ลำดับ", "No"),
    "unit": (
        "สพอ./อำเภอ", "หน่วยงานในสังกัด", "ชื่อหน่วยงาน", "สำนักงาน", "หน่วยงานที่ได้รับจัดสรร", "สพอ./สพจ.",
        "อำเภอ/กลุ่มงาน",
    ),
    "project": ("ชื่อโครงการ/กิจกรรม", "โครงการตามแผนปฏิบัติการ", "งาน/โครงการ/กิจกรรม", "รายการ/กิจกรรม"),
    "number": ("รหัส", "เลขที่แผน", "โครงการที่", "เลขโครงการ"),
    "allotted": (
        "เงินงบประมาณที่ได้รับ", "งบประมาณทั้งสิ้น", "วงเงินอนุมัติ", "ได้รับโอนจัดสรร", "วงเงินโครงการ", "งบที่จัดสรรให้",
        "จัดสรรทั้งปี", "ยอดเงินจัดสรร (บาท)", "อนุมัติงบประมาณ",
    ),
    "committed": ("PO คงค้าง", "ผูกพัน", "ก่อหนี้ผูกพัน (PO)", "วงเงินก่อหนี้"),
    "disbursed": (
        "เบิกจ่ายแล้วทั้งสิ้น", "จ่ายแล้ว", "เบิกจ่ายจริง", "ยอดเบิกจ่ายสะสม", "เบิกแล้ว (บาท)", "ผลเบิกจ่าย", "เงินที่เบิกจ่าย",
        "เบิกจ่ายในระบบ GFMIS", "ตัดจ่ายแล้ว",
    ),
    "remaining": ("คงเหลือทั้งสิ้น", "เงินเหลือ", "งบประมาณคงเหลือ", "ยังไม่เบิก", "เงินคงเหลือ (บาท)", "ยอดคงเหลือสุทธิ"),
    "percent": ("ร้อยละการเบิกจ่าย", "% ผลเบิกจ่าย", "คิดเป็น %", "ร้อยละผลการเบิกจ่าย", "เปอร์เซนต์", "ร้อยละ (%)"),
}  # fmt: skip
SUMS = ("รวม", "รวมทั้งสิ้น", "รวมงบประมาณ", "รวมทั้งหมด", "รวมเงินทั้งสิ้น", "ยอดรวมทั้งจังหวัด")
SIGNED = (
    "หมายเหตุ : เบิกจ่ายรวมเงินยืมราชการ", "(ลงชื่อ) ............................ ผู้รายงาน", "(นางสาวพรทิพย์  ศรีสุข)",
    "เจ้าพนักงานการเงินและบัญชีชำนาญงาน", "ข้อมูล ณ วันที่ 31 มีนาคม 2569", "ตรวจสอบแล้วถูกต้อง", "โทร. 0 5371 0000",
)  # fmt: skip
MONTHS = ("ต.ค.68", "พ.ย.68", "ธ.ค.68", "ม.ค.69", "ก.พ.69", "มี.ค.69")
_BASIC = ["allotted", "disbursed", "remaining", "percent"]


class Desk:
    """One office at work on one layout."""

    def __init__(self, seed: int, name: str) -> None:
        self.pick = random.Random(f"{name}/{seed}")
        self.office = Office(self.pick, self.pick.choice(PROVINCES))
        self.office.heads = {}

    def word(self, role: str) -> str:
        """One word for each role in one office, as its template has it."""
        return self.office.heads.setdefault(role, self.pick.choice(WORDS[role]))

    def page(self, tab: str, *titles: str) -> tuple[Page, int]:
        page = Page(tab)
        self.office.pages.append(page)
        for row, title in enumerate(titles):
            page.put(row, 0, self.office.digits(title))
        return page, len(titles) + self.pick.choice((0, 0, 1))

    def units(self) -> list[str]:
        return self.office.ordered_units(province=self.pick.random() < 0.7)

    def entry(self, unit: str, project: Project, *, activity: str = "") -> Entry:
        return self.office.entry(unit, project, activity, ["allotted", "disbursed"])

    def figure(
        self, page: Page, row: int, column: int, entry: Entry, measure: str, category: str, tranche: str | None,
    ) -> None:  # fmt: skip
        self.office.figure(page, row, column, entry, measure, category, tranche)

    def project(self) -> Project:
        return self.office.new_project()

    def sums(self, page: Page, row: int, columns: dict[int, tuple[list[Entry], str]]) -> None:
        """A line of sums: column → the entries it is the sum of, their measure."""
        for column, (entries, measure) in columns.items():
            if measure == "percent":
                continue
            whole = sum((each.figures[measure] for each in entries), Decimal(0))
            page.put(row, column, Formula("=SUM(A1:A1)", float(whole)))

    def sign(self, page: Page, row: int) -> None:
        row += self.pick.choice((0, 1))
        for line in self.pick.sample(SIGNED, self.pick.randrange(0, 4)):
            page.put(row, self.pick.choice((0, 1, 2)), line)
            row += 1

    def sum_word(self) -> str:
        return self.pick.choice(SUMS)

    def made(self, seed: int) -> Made:
        office = self.office
        return Made(
            seed=seed,
            content=save(office.pages),
            province=office.province,
            fiscal_year=office.year,
            districts=office.districts,
            facts=office.facts,
            faults=office.faults,
            scores=[],
            monitored={},
            planted=(),
            cells={page.tab: len(page.cells) for page in office.pages},
        )


def tranche_groups(desk: Desk) -> None:
    """One sheet a category; its tranches side by side, the year's sum behind them."""
    for category, tab in ((ADMIN, "งบบริหาร"), (STRATEGY, "งบยุทธศาสตร์")):
        page, row = desk.page(
            tab, f"สรุปการเบิกจ่าย{tab} ปีงบประมาณ 2569", f"จังหวัด{desk.office.province}"
        )
        tranches = desk.pick.choice((("ไตร 1-2", "ไตร 3-4"), ("ไตร 1-2", "ไตร 3-4", "ไตร 4")))
        page.merge(row, 0, row + 1, 0, desk.word("seq"))
        page.merge(row, 1, row + 1, 1, desk.word("unit"))
        heads, column = {}, 2
        for tranche in tranches:
            page.merge(row, column, row, column + 3, tranche.replace("ไตร", "ไตรมาสที่"))
            for k, measure in enumerate(_BASIC):
                page.put(row + 1, column + k, desk.word(measure))
            heads[tranche] = column
            column += 4
        page.merge(row, column, row, column + 1, desk.pick.choice(("รวมทั้งปี", "รวมทั้งสิ้น")))
        page.put(row + 1, column, desk.word("allotted"))
        page.put(row + 1, column + 1, desk.word("disbursed"))
        row += 2
        sums: dict[int, tuple[list[Entry], str]] = {}
        for number, unit in enumerate(desk.units(), 1):
            page.put(row, 0, number)
            page.put(row, 1, desk.office.unit_text(unit))
            whole = {"allotted": Decimal(0), "disbursed": Decimal(0)}
            for tranche, first in heads.items():
                entry = desk.entry(unit, Project(""))
                for k, measure in enumerate(_BASIC):
                    desk.figure(page, row, first + k, entry, measure, category, tranche)
                    sums.setdefault(first + k, ([], measure))[0].append(entry)
                for measure in whole:
                    whole[measure] += entry.figures[measure]
            page.put(row, column, whole["allotted"])
            page.put(row, column + 1, whole["disbursed"])
            row += 1
        page.put(row, 1, desk.sum_word())
        desk.sums(page, row, sums)
        desk.sign(page, row + 1)


def district_sheets(desk: Desk) -> None:
    """A sheet for every unit, its projects below each other; category and tranche in the title."""
    category, tranche = desk.pick.choice(((STRATEGY, "ไตร 1-2"), (ADMIN, "ไตร 3-4")))
    projects = [desk.project() for _ in range(5)]
    for unit in desk.units()[:7]:
        name = desk.office.districts.get(unit, "สพจ.")
        page, row = desk.page(
            name if unit == desk.office.province_code else desk.pick.choice((name, f"อ.{name}", f"สพอ.{name}")),
            f"ทะเบียนคุม{category} {tranche.replace('ไตร', 'ไตรมาส')} ปีงบประมาณ พ.ศ. 2569",
            f"หน่วยงาน {'สำนักงานพัฒนาชุมชนจังหวัด' if unit == desk.office.province_code else 'สำนักงานพัฒนาชุมชนอำเภอ' + name}",
        )  # fmt: skip
        roles = ["seq", "number", "project", *_BASIC]
        for c, role in enumerate(roles):
            page.put(row, c, desk.word(role))
        entries = []
        for number, project in enumerate(desk.pick.sample(projects, 4), 1):
            row += 1
            entry = desk.entry(unit, project)
            entries.append(entry)
            page.put(row, 0, number)
            page.put(row, 1, project.number)
            page.put(row, 2, project.name)
            for c, measure in enumerate(_BASIC, 3):
                desk.figure(page, row, c, entry, measure, category, tranche)
        row += 1
        page.put(row, 2, desk.sum_word())
        desk.sums(page, row, {c: (entries, m) for c, m in enumerate(_BASIC, 3)})
        desk.sign(page, row + 1)


def stacked_categories(desk: Desk) -> None:
    """One sheet, one head; the categories one below the other under lines that name them."""
    tranche = desk.pick.choice(("ไตร 1-2", "ไตร 3-4"))
    page, row = desk.page(
        desk.pick.choice(("เบิกจ่าย", "Sheet1", "ผลเบิกจ่าย 69")),
        f"ผลการเบิกจ่ายงบประมาณ {tranche} ปีงบประมาณ 2569",
    )
    for c, role in enumerate(["seq", "unit", *_BASIC]):
        page.put(row, c, desk.word(role))
    everything: list[Entry] = []
    for roman, category in enumerate((ADMIN, STRATEGY), 1):
        row += 1
        page.put(row, 1, desk.pick.choice((f"{roman}. {category}", category)))
        entries = []
        for number, unit in enumerate(desk.units(), 1):
            row += 1
            page.put(row, 0, number)
            page.put(row, 1, desk.office.unit_text(unit))
            entries.append(entry := desk.entry(unit, Project("")))
            for c, measure in enumerate(_BASIC, 2):
                desk.figure(page, row, c, entry, measure, category, tranche)
        row += 1
        page.put(row, 1, f"รวม{category}")
        desk.sums(page, row, {c: (entries, m) for c, m in enumerate(_BASIC, 2)})
        everything += entries
    row += 1
    page.put(row, 1, desk.sum_word())
    desk.sums(page, row, {c: (everything, m) for c, m in enumerate(_BASIC, 2)})
    desk.sign(page, row + 1)


def unit_then_categories(desk: Desk) -> None:
    """Each unit as a heading with its sum, its categories as lines below."""
    page, row = desk.page("แยกประเภทงบ", "ผลการเบิกจ่ายแยกตามประเภทงบ ไตรมาสที่ 1-2 ปีงบประมาณ 2569")
    page.put(row, 0, desk.word("seq"))
    page.put(row, 1, desk.pick.choice(("หน่วยงาน/ประเภทงบ", "สพอ./ประเภทงบประมาณ", "หน่วยงาน")))
    for c, measure in enumerate(_BASIC, 2):
        page.put(row, c, desk.word(measure))
    for number, unit in enumerate(desk.units(), 1):
        row += 1
        entries = [desk.entry(unit, Project("")) for _ in range(2)]
        page.put(row, 0, number)
        page.put(row, 1, desk.office.unit_text(unit))
        desk.sums(page, row, {c: (entries, m) for c, m in enumerate(_BASIC, 2)})
        for category, entry in zip((ADMIN, STRATEGY), entries, strict=True):
            row += 1
            page.put(row, 1, desk.pick.choice(("- ", "", "   ")) + category)
            for c, measure in enumerate(_BASIC, 2):
                desk.figure(page, row, c, entry, measure, category, "ไตร 1-2")
    desk.sign(page, row + 1)


def three_row_head(desk: Desk) -> None:
    """Figures in baht and per cent under what they are, under what both are about."""
    page, row = desk.page(
        "งบบริหาร ไตร 3-4", "รายงานผลการใช้จ่ายงบประมาณ", "งบบริหาร ไตรมาส 3-4 ประจำปี พ.ศ. 2569"
    )
    for c, role in ((0, "seq"), (1, "unit"), (2, "allotted")):
        page.merge(row, c, row + 2, c, desk.word(role))
    page.merge(
        row, 3, row, 6, desk.pick.choice(("ผลการใช้จ่าย", "ผลการดำเนินงาน", "ผลการเบิกจ่ายงบประมาณ"))
    )
    page.merge(row + 1, 3, row + 1, 4, desk.word("committed"))
    page.merge(row + 1, 5, row + 1, 6, desk.word("disbursed"))
    page.merge(row, 7, row + 1, 8, desk.word("remaining"))
    for c in (3, 5, 7):
        page.put(row + 2, c, desk.pick.choice(("บาท", "จำนวนเงิน")))
        page.put(row + 2, c + 1, desk.pick.choice(("ร้อยละ", "%")))
    row += 2
    for number, unit in enumerate(desk.units(), 1):
        row += 1
        entry = desk.office.entry(unit, Project(""), "", ["allotted", "committed", "disbursed"])
        base = entry.figures["allotted"]
        page.put(row, 0, number)
        page.put(row, 1, desk.office.unit_text(unit))
        for c, measure in ((2, "allotted"), (3, "committed"), (5, "disbursed"), (7, "remaining")):
            desk.figure(page, row, c, entry, measure, ADMIN, "ไตร 3-4")
        desk.figure(page, row, 6, entry, "percent", ADMIN, "ไตร 3-4")
        page.put(row, 4, round(float(entry.figures["committed"] / base * 100), 2))
        page.put(row, 8, round(float(entry.figures["remaining"] / base * 100), 2))
    desk.sign(page, row + 1)


def database(desk: Desk) -> None:
    """A flat list with everything in columns, as somebody who likes filters keeps it."""
    page, row = desk.page(desk.pick.choice(("ข้อมูล", "DATA", "ฐานข้อมูล")))
    heads = (
        "ปีงบประมาณ", "ประเภทงบ", "ไตรมาส", desk.word("number"), "ชื่อโครงการ", "กิจกรรม", desk.word("unit"),
        desk.word("allotted"), "วันที่โอน", desk.word("disbursed"), desk.word("remaining"), "ผู้รับผิดชอบ",
    )  # fmt: skip
    for c, head in enumerate(heads):
        page.put(row, c, head)
    for _ in range(8):
        project, tranche = desk.project(), desk.pick.choice(("ไตร 1-2", "ไตร 3-4"))
        for unit in desk.pick.sample(desk.units(), 5):
            row += 1
            entry = desk.entry(unit, project, activity="ประชุม")
            said = (
                2569,
                STRATEGY,
                tranche.replace("ไตร", "ไตรมาส"),
                project.number,
                project.name,
                "ประชุม",
            )
            for c, value in enumerate(said):
                page.put(row, c, value)
            page.put(row, 6, desk.office.unit_text(unit))
            desk.figure(page, row, 7, entry, "allotted", STRATEGY, tranche)
            page.put(
                row, 8, desk.pick.choice(("15/01/2569", "3 ก.พ. 69", "2026-02-17", "๒๐ มี.ค. ๒๕๖๙"))
            )
            desk.figure(page, row, 9, entry, "disbursed", STRATEGY, tranche)
            desk.figure(page, row, 10, entry, "remaining", STRATEGY, tranche)
            page.put(row, 11, "นางสาวสมใจ")


def measures_down(desk: Desk) -> None:
    """Units across; under each project one line for each measure."""
    page, row = desk.page("งบยุทธศาสตร์ ไตร 1-2", "ผลการเบิกจ่ายงบยุทธศาสตร์ ไตร 1-2 ปีงบประมาณ 2569")
    units = desk.units()[:12]
    for c, text in ((0, "ที่"), (1, "โครงการ"), (2, "รายการ")):
        page.put(row, c, text)
    for c, unit in enumerate(units, 3):
        page.put(row, c, desk.office.unit_text(unit))
    page.put(row, 3 + len(units), "รวม")
    for number in range(1, 5):
        project = desk.project()
        entries = [desk.entry(unit, project) for unit in units]
        page.put(row + 1, 0, number)
        page.merge(row + 1, 1, row + 3, 1, f"{project.name} เลขที่ {project.number}")
        for measure in ("allotted", "disbursed", "remaining"):
            row += 1
            page.put(row, 2, desk.word(measure))
            for c, entry in enumerate(entries, 3):
                desk.figure(page, row, c, entry, measure, STRATEGY, "ไตร 1-2")
            whole = sum((each.figures[measure] for each in entries), Decimal(0))
            page.put(row, 3 + len(units), whole)


def measure_over_units(desk: Desk) -> None:
    """All allotments by unit, then all payments by unit; projects down."""
    page, row = desk.page("งบยุทธศาสตร์ ไตร 3-4", "งบยุทธศาสตร์ ไตรมาส 3-4 ปีงบประมาณ 2569")
    units = desk.units()[:14]
    page.merge(row, 0, row + 1, 0, desk.word("seq"))
    page.merge(row, 1, row + 1, 1, desk.word("project"))
    first = {"allotted": 2, "disbursed": 3 + len(units)}
    for measure, column in first.items():
        page.merge(row, column, row, column + len(units), desk.word(measure))
        for k, unit in enumerate(units):
            page.put(row + 1, column + k, desk.office.unit_text(unit))
        page.put(row + 1, column + len(units), "รวม")
    row += 1
    for number in range(1, 7):
        row += 1
        project = desk.project()
        page.put(row, 0, number)
        page.put(row, 1, f"{project.name} (เลขที่ {project.number})")
        entries = [desk.entry(unit, project) for unit in units]
        for measure, column in first.items():
            for k, entry in enumerate(entries):
                desk.figure(page, row, column + k, entry, measure, STRATEGY, "ไตร 3-4")
            whole = sum((each.figures[measure] for each in entries), Decimal(0))
            page.put(row, column + len(units), whole)
    desk.sign(page, row + 1)


def all_text(desk: Desk) -> None:
    """Every figure typed as words: Thai digits, baht, dashes, spaces nobody sees."""
    page, row = desk.page(
        "งบบริหาร ไตร ๓-๔", "รายงานผลการเบิกจ่าย งบบริหาร", "ไตรมาสที่ ๓ - ๔  ปีงบประมาณ พ.ศ. ๒๕๖๙", "",
        "ข้อมูล ณ วันที่ ๓๐ เมษายน ๒๕๖๙",
    )  # fmt: skip
    for c, role in enumerate(["seq", "unit", *_BASIC]):
        page.put(row, c, "\u200b" + desk.word(role).replace("แ", "เเ").replace("ำ", "ํา"))
    thai = str.maketrans("0123456789", "๐๑๒๓๔๕๖๗๘๙")
    for number, unit in enumerate(desk.units(), 1):
        row += 1
        page.put(row, 0, str(number).translate(thai))
        page.put(row, 1, desk.office.unit_text(unit).replace("แ", "เเ"))
        entry = desk.entry(unit, Project(""))
        for c, measure in enumerate(_BASIC, 2):
            value = entry.figures[measure]
            if measure == "percent":
                value = value.quantize(Decimal("0.01"))
                text = desk.pick.choice((f"{value}%", f"ร้อยละ {value}", f"{value}"))
            else:
                text = desk.pick.choice(
                    (f"{value:,.2f} บาท", f"{value:,.2f}.-" if value != value.to_integral_value() else f"{value:,.0f}.-",
                     f" {value:,.2f}", f"{value:,.2f}\u200b", f"{value:,.2f} บ.")
                )  # fmt: skip
            if value == 0 and measure != "percent":
                page.put(row, c, desk.pick.choice(("-", "–", "ไม่มี", " - ")))
                continue
            page.put(row, c, text.translate(thai) if desk.pick.random() < 0.6 else text)
            desk.office.facts.append(
                Fact(page.tab, at(row, c), unit, ADMIN, "ไตร 3-4", "", measure, value)
            )
    desk.sign(page, row + 1)


def groups_of_the_provincial_office(desk: Desk) -> None:
    """The provincial office by its groups, then the districts, a sum below each part."""
    page, row = desk.page(
        "งบบริหาร ไตร 1-2", "ผลการเบิกจ่ายงบบริหาร ไตรมาส 1-2 ประจำปีงบประมาณ พ.ศ.2569"
    )
    for c, role in enumerate(["seq", "unit", *_BASIC]):
        page.put(row, c, desk.word(role))
    province, number = desk.office.province_code, 0
    for label, units in (
        ("รวมสพจ.", [("กลุ่มงานยุทธศาสตร์การพัฒนาชุมชน", province), ("กลุ่มงานส่งเสริมการพัฒนาชุมชน", province),
                     ("กลุ่มงานสารสนเทศการพัฒนาชุมชน", province), ("ฝ่ายอำนวยการ", province)]),
        ("รวมอำเภอ", [(desk.office.unit_text(unit), unit) for unit in desk.office.units]),
    ):  # fmt: skip
        entries = []
        for text, unit in units:
            row, number = row + 1, number + 1
            page.put(row, 0, number)
            page.put(row, 1, text)
            entries.append(entry := desk.entry(unit, Project("")))
            for c, measure in enumerate(_BASIC, 2):
                desk.figure(page, row, c, entry, measure, ADMIN, "ไตร 1-2")
        row += 1
        page.put(row, 1, label)
        desk.sums(page, row, {c: (entries, m) for c, m in enumerate(_BASIC, 2)})
    desk.sign(page, row + 1)


def english_thousands(desk: Desk) -> None:
    """Heads in English, money in thousands of baht."""
    page, row = desk.page("งบยุทธศาสตร์ Q1-2", "งบยุทธศาสตร์ ไตรมาส 1-2 ปีงบประมาณ 2569", "หน่วย : พันบาท")
    for c, text in enumerate(("No.", "District", "Project", "Budget", "Paid", "Balance", "% Paid")):
        page.put(row, c, text)
    for number in range(1, 15):
        row += 1
        project = desk.project()
        entry = desk.entry(desk.pick.choice(desk.units()), project)
        page.put(row, 0, number)
        page.put(row, 1, desk.office.unit_text(entry.unit))
        page.put(row, 2, f"{project.name} เลขที่ {project.number}")
        for c, measure in enumerate(_BASIC, 3):
            value = entry.figures[measure]
            written = value / 1000 if measure != "percent" else value.quantize(Decimal("0.01"))
            page.put(row, c, written)
            fact = Fact(page.tab, at(row, c), entry.unit, STRATEGY, "ไตร 1-2", project.number, measure,
                        value if measure != "percent" else written)  # fmt: skip
            desk.office.facts.append(fact)


def monthly_sheets(desk: Desk) -> None:
    """The same running figures again each month on a sheet of its own; the last month counts."""
    entries = {unit: desk.entry(unit, Project("")) for unit in desk.units()}
    last = desk.pick.randrange(3, 6)
    for month, name in enumerate(MONTHS[: last + 1]):
        page, row = desk.page(name, f"ผลการเบิกจ่ายงบบริหาร ไตร 1-2 ปีงบประมาณ 2569 ถึงเดือน {name}")
        for c, role in enumerate(["seq", "unit", "allotted", "disbursed", "remaining"]):
            page.put(row, c, desk.word(role))
        for number, (unit, whole) in enumerate(entries.items(), 1):
            row += 1
            allotted = whole.figures["allotted"]
            paid = (whole.figures["disbursed"] * (month + 1) / (last + 1)).quantize(Decimal("0.01"))
            now = replace(
                whole,
                figures={"allotted": allotted, "disbursed": paid, "remaining": allotted - paid},
            )
            page.put(row, 0, number)
            page.put(row, 1, desk.office.unit_text(unit))
            for c, measure in enumerate(("allotted", "disbursed", "remaining"), 2):
                desk.office.figure(
                    page, row, c, now, measure, ADMIN, "ไตร 1-2", counts=month == last
                )


def targets_beside(desk: Desk) -> None:
    """The target of the quarter and the gap to it beside each unit's percentage."""
    page, row = desk.page(
        "งบบริหาร ไตร 1-2", "ผลเบิกจ่ายเทียบเป้าหมาย งบบริหาร ไตรมาส 1-2 ปีงบประมาณ 2569"
    )
    for c, text in enumerate((
        "ที่", desk.word("unit"), desk.word("allotted"), "เป้าหมายเบิกจ่าย (บาท)", "เป้าหมาย (ร้อยละ)", desk.word("disbursed"),
        desk.word("percent"), "สูง/ต่ำกว่าเป้าหมาย", desk.word("remaining"), "ลำดับที่", "สถานะ",
    )):  # fmt: skip
        page.put(row, c, text)
    for number, unit in enumerate(desk.units(), 1):
        row += 1
        entry = desk.entry(unit, Project(""))
        page.put(row, 0, number)
        page.put(row, 1, desk.office.unit_text(unit))
        for c, measure in ((2, "allotted"), (5, "disbursed"), (6, "percent"), (8, "remaining")):
            desk.figure(page, row, c, entry, measure, ADMIN, "ไตร 1-2")
        page.put(row, 3, entry.figures["allotted"] * 57 / 100)
        page.put(row, 4, 57)
        page.put(row, 7, round(float(entry.figures["percent"]) - 57, 2))
        page.put(row, 9, desk.pick.randrange(1, 19))
        page.put(row, 10, desk.pick.choice(("ผ่าน", "ไม่ผ่าน")))
    desk.sign(page, row + 1)


def printed_pages(desk: Desk) -> None:
    """Pages as printed: the head again, sums carried over from page to page, notes between lines."""
    page, row = desk.page("งบบริหาร ไตร 1-2", "งบบริหาร ไตรมาส 1-2 ปีงบประมาณ 2569")
    so_far: list[Entry] = []
    for part in range(3):
        for c, role in enumerate(["seq", "unit", "project", "allotted", "disbursed", "remaining"]):
            page.put(row, c, desk.word(role))
        columns = {3: "allotted", 4: "disbursed", 5: "remaining"}
        if part:
            row += 1
            page.put(row, 2, "ยอดยกมา")
            desk.sums(page, row, {c: (so_far, m) for c, m in columns.items()})
        for _ in range(8):
            row += 1
            unit, name = desk.pick.choice(desk.office.units), desk.pick.choice(EXPENSES)
            entry = desk.entry(unit, Project(f"{name} {len(so_far) + 1}"))
            so_far.append(entry)
            page.put(row, 0, len(so_far))
            page.put(row, 1, desk.office.unit_text(unit))
            page.put(row, 2, entry.project.name)
            for c, measure in columns.items():
                desk.figure(page, row, c, entry, measure, ADMIN, "ไตร 1-2")
            if desk.pick.random() < 0.1:
                row += 1
                page.put(row, 2, "(รอส่งเอกสารเพิ่มเติม)")
        row += 1
        page.put(row, 2, "ยอดยกไป" if part < 2 else "รวมทั้งสิ้น")
        desk.sums(page, row, {c: (so_far, m) for c, m in columns.items()})
        row += 2
    desk.sign(page, row)


def province_money(desk: Desk) -> None:
    """Money of the province and of the group of provinces on one sheet, one table below the other."""
    page, row = desk.page("งบจังหวัด-กลุ่มจังหวัด", "ปีงบประมาณ 2569")
    for category, title in ((PROVINCE, "งบพัฒนาจังหวัด"), (GROUP, "งบพัฒนากลุ่มจังหวัด")):
        page.put(row, 0, title)
        row += 1
        for c, role in enumerate(
            ["seq", "project", "allotted", "committed", "disbursed", "remaining"]
        ):
            page.put(row, c, desk.word(role))
        entries = []
        for number in range(1, 5):
            row += 1
            project = desk.project()
            entry = desk.office.entry(
                desk.office.province_code, project, "", ["allotted", "committed", "disbursed"]
            )
            entries.append(entry)
            page.put(row, 0, number)
            page.put(row, 1, f"{project.name} เลขที่ {project.number}")
            for c, measure in enumerate(["allotted", "committed", "disbursed", "remaining"], 2):
                desk.figure(page, row, c, entry, measure, category, None)
        row += 1
        page.put(row, 1, desk.sum_word())
        desk.sums(page, row, {2: (entries, "allotted"), 4: (entries, "disbursed")})
        row += 3
    desk.sign(page, row)


# -- a second set, written once the reader had been mended on the first -----------------------------


def tranche_lines(desk: Desk) -> None:
    """A line for every tranche of a unit, the unit's name merged beside them."""
    page, row = desk.page("งบบริหาร", "ผลเบิกจ่ายงบบริหาร ปีงบประมาณ 2569 แยกรายงวด")
    for c, text in enumerate(("ที่", desk.word("unit"), "งวด", *(desk.word(m) for m in _BASIC))):
        page.put(row, c, text)
    everything: list[Entry] = []
    for number, unit in enumerate(desk.units(), 1):
        page.put(row + 1, 0, number)
        page.merge(row + 1, 1, row + 3, 1, desk.office.unit_text(unit))
        for tranche in ("ไตร 1-2", "ไตร 3-4"):
            row += 1
            page.put(row, 2, tranche.replace("ไตร", "ไตรมาส"))
            everything.append(entry := desk.entry(unit, Project("")))
            for c, measure in enumerate(_BASIC, 3):
                desk.figure(page, row, c, entry, measure, ADMIN, tranche)
        row += 1
        page.put(row, 2, "รวม")
        desk.sums(page, row, {c: (everything[-2:], m) for c, m in enumerate(_BASIC, 3)})
    page.put(row + 1, 1, desk.sum_word())
    desk.sums(page, row + 1, {c: (everything, m) for c, m in enumerate(_BASIC, 3)})
    desk.sign(page, row + 2)


def project_blocks(desk: Desk) -> None:
    """A small table for every project, its name above its head."""
    page, row = desk.page(
        "ยุทธศาสตร์ 1-2", "งบยุทธศาสตร์กรมการพัฒนาชุมชน ไตรมาสที่ 1-2 ปีงบประมาณ พ.ศ. 2569", ""
    )
    for number in range(1, 6):
        project = desk.project()
        row += 1
        page.put(row, 0, f"{number}. {project.name} (เลขที่ {project.number})")
        row += 1
        for c, role in enumerate(["seq", "unit", *_BASIC]):
            page.put(row, c, desk.word(role))
        entries = []
        for line, unit in enumerate(desk.pick.sample(desk.units(), 4), 1):
            row += 1
            page.put(row, 0, line)
            page.put(row, 1, desk.office.unit_text(unit))
            entries.append(entry := desk.entry(unit, project))
            for c, measure in enumerate(_BASIC, 2):
                desk.figure(page, row, c, entry, measure, STRATEGY, "ไตร 1-2")
        row += 1
        page.put(row, 1, desk.pick.choice(("รวม", "รวมโครงการ")))
        desk.sums(page, row, {c: (entries, m) for c, m in enumerate(_BASIC, 2)})
        row += desk.pick.choice((0, 1))
    desk.sign(page, row + 1)


def numbered_activities(desk: Desk) -> None:
    """Projects numbered 1, 2 with their sums; their activities 1.1, 1.2, each of one unit."""
    page, row = desk.page(
        "งบยุทธ ไตร 3-4", "แผน/ผลการใช้จ่ายงบยุทธศาสตร์ ไตรมาส 3-4 ประจำปีงบประมาณ 2569"
    )
    for c, text in enumerate(
        ("ลำดับ", "โครงการ/กิจกรรม", "หน่วยงานรับผิดชอบ", *(desk.word(m) for m in _BASIC))
    ):
        page.put(row, c, text)
    for number in range(1, 6):
        project = desk.project()
        row += 1
        heading = row
        page.put(row, 0, str(number))
        page.put(row, 1, f"{project.name} เลขที่ {project.number}")
        entries = []
        for part, unit in enumerate(desk.pick.sample(desk.units(), 3), 1):
            row += 1
            page.put(row, 0, f"{number}.{part}")
            page.put(
                row, 1, desk.pick.choice(("ประชุมเชิงปฏิบัติการ", "จัดอบรม", "ติดตามผล")) + f" ครั้งที่ {part}"
            )
            page.put(row, 2, desk.office.unit_text(unit))
            entries.append(entry := desk.entry(unit, project))
            for c, measure in enumerate(_BASIC, 3):
                desk.figure(page, row, c, entry, measure, STRATEGY, "ไตร 3-4")
        desk.sums(page, heading, {c: (entries, m) for c, m in enumerate(_BASIC, 3)})
    desk.sign(page, row + 1)


def names_on_the_right(desk: Desk) -> None:
    """A table far from the corner, its figures left of the names they belong to."""
    page = Page("งบบริหาร ไตร 4")
    desk.office.pages.append(page)
    page.put(1, 4, "กรมการพัฒนาชุมชน")
    page.put(2, 4, "ผลการเบิกจ่ายงบบริหาร ไตรมาส 4")
    page.put(3, 4, "ประจำปีงบประมาณ พ.ศ. 2569")
    row = 6
    for c, role in enumerate([*_BASIC, "unit"], 3):
        page.put(row, c, desk.word(role))
    entries = []
    for unit in desk.units():
        row += 1
        entries.append(entry := desk.entry(unit, Project("")))
        for c, measure in enumerate(_BASIC, 3):
            desk.figure(page, row, c, entry, measure, ADMIN, "ไตร 4")
        page.put(row, 7, desk.office.unit_text(unit))
    row += 1
    desk.sums(page, row, {c: (entries, m) for c, m in enumerate(_BASIC, 3)})
    page.put(row, 7, desk.sum_word())
    desk.sign(page, row + 1)


def transfers_and_months(desk: Desk) -> None:
    """Allotments by letter and their sum; payments month by month and their sum."""
    page, row = desk.page("งบบริหาร ไตร 1-2", "ทะเบียนคุมเงินงบบริหาร ไตรมาส 1-2 ปีงบประมาณ 2569")
    page.merge(row, 0, row + 1, 0, desk.word("unit"))
    page.merge(row, 1, row, 3, "ได้รับจัดสรร")
    page.merge(row, 4, row, 7, "เบิกจ่าย")
    page.merge(row, 8, row + 1, 8, desk.word("remaining"))
    for c, text in enumerate(
        ("ครั้งที่ 1", "ครั้งที่ 2", "รวม", "ต.ค. 68", "พ.ย. 68", "ธ.ค. 68", "รวม"), 1
    ):
        page.put(row + 1, c, text)
    row += 1
    for unit in desk.units():
        row += 1
        page.put(row, 0, desk.office.unit_text(unit))
        entry = desk.entry(unit, Project(""))
        given, paid = entry.figures["allotted"], entry.figures["disbursed"]
        first = (given / 2).quantize(Decimal(1))
        page.put(row, 1, first)
        page.put(row, 2, given - first)
        third = (paid / 3).quantize(Decimal("0.01"))
        for c, value in ((4, third), (5, third), (6, paid - 2 * third)):
            page.put(row, c, value)
        for c, measure in ((3, "allotted"), (7, "disbursed"), (8, "remaining")):
            desk.figure(page, row, c, entry, measure, ADMIN, "ไตร 1-2")
    desk.sign(page, row + 1)


SECOND: tuple[Callable[[Desk], None], ...] = (
    tranche_lines, project_blocks, numbered_activities, names_on_the_right, transfers_and_months,
)  # fmt: skip
LAYOUTS: tuple[Callable[[Desk], None], ...] = (
    tranche_groups, district_sheets, stacked_categories, unit_then_categories, three_row_head, database,
    measures_down, measure_over_units, all_text, groups_of_the_provincial_office, english_thousands,
    monthly_sheets, targets_beside, printed_pages, province_money,
)  # fmt: skip


FAULTS = (
    "REF_CELL", "UNREADABLE_NUMBER", "UNCALCULATED", "OVER_100", "NEGATIVE", "MISSPELT_PLACE", "FOREIGN_PLACE",
    "STRANGE_HEAD",
)  # fmt: skip
STRANGE = ("ยอดตามบันทึก", "คอลัมน์ใหม่", "ตัวเลขหลัก", "ผลงาน", "ค่าสุทธิประจำงวด", "เงิน ก.")


def make_layout(layout: Callable[[Desk], None], seed: int, fault: str = "") -> Made:
    """The workbook of that layout and seed, with its truth. fault: planted in it, out of FAULTS."""
    desk = Desk(seed, layout.__name__)
    layout(desk)
    office = desk.office
    if fault == "STRANGE_HEAD":
        _rename_head(desk)
    elif fault in {"MISSPELT_PLACE", "FOREIGN_PLACE"}:
        _rename_unit(desk, fault)
    elif fault:
        office.to_plant = [fault]
        plant_faults(office)
    return desk.made(seed)


def _rename_head(desk: Desk) -> None:
    """A head of allotments or payments under a word that nobody knows; all of its figures may be lost."""
    office = desk.office
    words = {office.heads[each] for each in ("allotted", "disbursed") if each in office.heads}
    heads = [
        (page, where)
        for page in office.pages
        for where, text in page.cells.items()
        if text in words
    ]
    if heads:
        page, where = desk.pick.choice(heads)
        page.cells[where] = desk.pick.choice(STRANGE)


def _rename_unit(desk: Desk, fault: str) -> None:
    """A line, or a column, of a unit that is not of this province."""
    office = desk.office
    names = [
        (page, where)
        for page in office.pages
        for where, text in page.cells.items()
        if isinstance(text, str)
        and any(name in text and len(text) < len(name) + 9 for name in office.districts.values())
    ]
    if names:
        page, where = desk.pick.choice(names)
        page.cells[where] = "อ.ทดสอปบ" if fault == "MISSPELT_PLACE" else "เบตง"
