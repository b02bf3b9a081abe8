"""Makes workbooks of the shape of the Comptroller General's weekly one, with figures from a seed.

Heads, titles and footnotes are written out here as the office prints them, not taken from the reader
under test. A test spoils cells of the `Book` and then saves it.
"""

from __future__ import annotations

import io
import random
import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

import geothai
import xlsxwriter

UNITS_OF_SHEET = {2: "กระทรวง", 3: "หน่วยงาน", 4: "หน่วยงาน", 11: "จังหวัด", 12: "จังหวัด", 13: "จังหวัด", 14: "จังหวัด"}  # fmt: skip
TABS = {
    1: "1.สรุปภาพรวม",
    2: "2.กระทรวง",
    3: "3.หน่วยงาน",
    4: "4.หน่วยงาน(ใช้จ่าย)",
    11: "11.จังหวัดได้รับจัดสรร",
    12: "12.จังหวัดได้รับจัดสรร(ใช้จ่าย)",
    13: "13.ส่วนกลางจัดสรรให้จังหวัด",
    14: "14.ส่วนกลางจัดสรรให้จังหวัด(ใช้",
}
SCOPES = {
    2: "จำแนกตามกระทรวง",
    3: "จำแนกตามหน่วยงาน",
    4: "จำแนกตามหน่วยงาน",
    11: "ของจังหวัดที่ได้รับจัดสรรเงินงบประมาณ",
    12: "ของจังหวัดที่ได้รับจัดสรรเงินงบประมาณ",
    13: "ในส่วนของงบประมาณที่ส่วนกลางจัดสรรให้จังหวัด",
    14: "ในส่วนของงบประมาณที่ส่วนกลางจัดสรรให้จังหวัด",
}
CODE_HEADS = {2: "รหัสกระทรวง", 3: "รหัสกรม", 4: "รหัสกรม", 11: "รหัสกรมจังหวัด", 12: "รหัสกรมจังหวัด", 13: "รหัสจังหวัด", 14: "รหัสจังหวัด"}  # fmt: skip
BUDGET_HEAD = "วงเงิน\nงบประมาณ\nหลังโอน\nเปลี่ยนแปลง"
PROVINCIAL_HEAD = "งบจัดสรรถือจ่าย จังหวัด"
GAP_HEAD = "สูง/ต่ำกว่า\nเป้าหมายการ\nใช้จ่าย\nรายเดือน"
TARGETS = {"recurrent": 89, "investment": 79, "total": 87}
GROUPS = ("รายจ่ายประจำ", "รายจ่ายลงทุน", "รวม")


@dataclass(frozen=True)
class ExcelError:
    """A cell that Excel could not reckon."""

    text: str = "#REF!"


class Sheet:
    """A sheet as rows of cells, addressed as people do."""

    def __init__(self, tab: str) -> None:
        self.tab = tab
        self.rows: list[list[object]] = []

    def add(self, *cells: object) -> None:
        self.rows.append(list(cells))

    def __getitem__(self, where: str) -> object:
        r, c = _where(where)
        return self.rows[r][c]

    def __setitem__(self, where: str, value: object) -> None:
        r, c = _where(where)
        while len(self.rows) <= r:
            self.rows.append([])
        self.rows[r] += [""] * (c + 1 - len(self.rows[r]))
        self.rows[r][c] = value

    def find(self, text: str) -> str:
        """The address of the first cell that holds exactly this."""
        for r, row in enumerate(self.rows):
            for c, cell in enumerate(row):
                if cell == text:
                    return f"{_letters(c)}{r + 1}"
        raise LookupError(text)

    def row_of(self, text: str) -> int:
        """The number of its row, from 1."""
        return int(re.sub(r"\D", "", self.find(text)))

    def column(self, group: str, head: str) -> str:
        """The letters of the column with that head (spaces apart) in that group."""
        for r, row in enumerate(self.rows[:12]):
            if group in row and "จังหวัด" in row:
                start = row.index(group)
                lower = [re.sub(r"\s", "", str(cell)) for cell in self.rows[r + 1]]
                return _letters(lower.index(head, start))
        raise LookupError(group)

    def insert_column(self, before: str, values: Callable[[int], object] = lambda _: "") -> None:
        c = _where(f"{before}1")[1]
        for r, row in enumerate(self.rows):
            if len(row) >= c:
                row.insert(c, values(r))

    def delete_column(self, letters: str) -> None:
        c = _where(f"{letters}1")[1]
        for row in self.rows:
            if len(row) > c:
                del row[c]

    def move_column(self, letters: str, before: str) -> None:
        """Takes a column out and puts it back before another (addresses as they were)."""
        source, target = _where(f"{letters}1")[1], _where(f"{before}1")[1]
        for row in self.rows:
            row.extend([""] * (max(source, target) + 1 - len(row)))
            value = row.pop(source)
            row.insert(target - (source < target), value)


class Book(dict[int, Sheet]):
    """Sheets by number."""

    def save(self) -> bytes:
        out = io.BytesIO()
        book = xlsxwriter.Workbook(out, {"in_memory": True, "default_date_format": "d/m/yyyy"})
        for sheet in self.values():
            page = book.add_worksheet(sheet.tab[:31])
            for r, row in enumerate(sheet.rows):
                for c, cell in enumerate(row):
                    if isinstance(cell, ExcelError):
                        page.write_formula(r, c, f"={cell.text}", None, cell.text)
                    elif isinstance(cell, Decimal):
                        page.write_number(r, c, float(cell))
                    elif isinstance(cell, str):
                        if cell:
                            page.write_string(r, c, cell)
                    else:
                        page.write(r, c, cell)
        book.close()
        return out.getvalue()


@dataclass(frozen=True)
class Unit:
    name: str
    code: str
    bases: tuple[Decimal, Decimal]
    ordered: tuple[Decimal, Decimal]
    disbursed: tuple[Decimal, Decimal]

    def three(self, pair: tuple[Decimal, Decimal]) -> tuple[Decimal, Decimal, Decimal]:
        return (*pair, pair[0] + pair[1])


def week(
    *sheets: int,
    seed: int = 1,
    year: str = "2569",
    day: str = "10 กรกฎาคม 2569",
    reported: str = "13 กรกฎาคม 2569",
    target_month: str = "กรกฎาคม 2569",
) -> Book:
    """A sound workbook with those sheets (13 and 14 unless told): 76 provinces, 18 groups, 6 agencies."""
    book, says = Book(), Says(year, day, reported, target_month)
    for number in sheets or (13, 14):
        if number == 1:
            book[number] = _overview(random.Random(seed), says)
        else:
            book[number] = _league(number, _units(number, seed), says)
    return book


def _units(number: int, seed: int) -> list[Unit]:
    family = {2: 2, 3: 3, 4: 3, 11: 11, 12: 11, 13: 13, 14: 13}[number]
    chance = random.Random(f"{seed}/{family}")
    provinces = [each for each in geothai.provinces() if each.code != "10"]
    if family == 13:
        names = [(each.name_th, f"{each.code}00") for each in provinces]
    elif family == 11:
        names = [(f"จังหวัด{p.name_th}", str(70011 + i + i // 9)) for i, p in enumerate(provinces)]
        names += [(f"กลุ่มจังหวัดที่ {i}", str(70900 + i)) for i in range(1, 19)]
    elif family == 3:
        names = [("กรมการพัฒนาชุมชน", "15004")]
        names += [(f"กรมตัวอย่างที่ {i}", f"0800{i}") for i in range(1, 6)]
    else:
        names = [("กระทรวงคมนาคม", "08"), ("กระทรวงกลาโหม", "02"), ("กระทรวงมหาดไทย", "15")]
    units = []
    for place, (name, code) in enumerate(names):
        bases = (_amount(chance, 900, 20000), _amount(chance, 1000, 13000))
        if family == 3 and place == 1:
            bases = (bases[0], Decimal(0))  # an agency without investment: 0 over 0 is printed as 0
        shares = [(chance.uniform(0.7, 0.9), chance.uniform(0.01, 0.1)) for _ in bases]
        units.append(
            Unit(
                name,
                code,
                bases,
                ordered=_pair(bases, [share[1] for share in shares]),
                disbursed=_pair(bases, [share[0] for share in shares]),
            )
        )
    return units


def _amount(chance: random.Random, low: int, high: int) -> Decimal:
    return Decimal(chance.randrange(low * 10**8, high * 10**8)).scaleb(-8)


def _pair(bases: tuple[Decimal, Decimal], shares: list[float]) -> tuple[Decimal, Decimal]:
    first, second = (
        (base * Decimal(str(share))).quantize(Decimal("1e-8"))
        for base, share in zip(bases, shares, strict=True)
    )
    return first, second


def _percent(amount: Decimal, base: Decimal) -> float:
    return float(amount / base * 100) if base else 0.0


@dataclass(frozen=True)
class Says:
    """What the texts around a table say."""

    year: str
    day: str
    reported: str
    target_month: str


def _league(number: int, units: list[Unit], says: Says) -> Sheet:
    used = number in {4, 12, 14}
    word = "ใช้จ่าย" if used else "เบิกจ่าย"
    sheet = Sheet(TABS[number])
    sheet.add(f"รายงานผลการ{word}เงินงบประมาณประจำปี พ.ศ. {says.year} {SCOPES[number]}")
    sheet.add(f"เรียงลำดับผลการ{word}จากน้อยไปมาก ตั้งแต่ต้นปีงบประมาณ จนถึงวันที่ {says.day}")
    sheet.add("หน่วย: ล้านบาท")
    if number == 13:
        sheet.add()  # the office merges the unit over two rows on this sheet
    heads = _lower_heads(number)
    # The name is merged over three columns on the sheets of use, over two on sheet 2.
    spare = [""] * (2 if used else int(number == 2))
    upper: list[object] = ["ลำดับ\nที่", UNITS_OF_SHEET[number], *spare]
    for group in GROUPS:
        upper += [group, *[""] * (len(heads) - 1)]
    sheet.add(*upper, CODE_HEADS[number])
    sheet.add("", "", *spare, *heads * 3)

    def share(unit: Unit) -> float:
        amount = sum(unit.disbursed) + (sum(unit.ordered) if used else 0)
        return _percent(Decimal(amount), Decimal(sum(unit.bases)))

    in_order = sorted(units, key=lambda u: (u.name.startswith("กลุ่ม"), share(u)))
    for rank, unit in enumerate(in_order, start=1):
        sheet.add(rank, unit.name, *spare, *_figures(number, unit), unit.code)
    sheet.add("รวม", "", *spare, *_figures(number, _sum(units)), " ")
    sheet.add()
    if used:
        sheet.add("หมายเหตุ :  1. การใช้จ่าย (ต.ค. - ส.ค.) หมายถึง การก่อหนี้ผูกพันแล้ว")
        sheet.add("", "", "2. การใช้จ่าย (ก.ย. ของทุกปี) รวมเอกสารสำรองเงินที่จะกันเงินไว้เบิกเหลื่อมปี")
        sheet.add("", "", "", f"3. เป้าหมายการใช้จ่ายเดือน{says.target_month} ภาพรวม ร้อยละ 87.00 รายจ่ายประจำ ร้อยละ 89.00 และรายจ่ายลงทุน ร้อยละ 79.00")  # fmt: skip
    _sources(sheet, says)
    return sheet


def _lower_heads(number: int) -> list[str]:
    base = PROVINCIAL_HEAD if number >= 13 else BUDGET_HEAD
    per = "งบจัดสรร\nถือจ่ายจังหวัด" if number >= 13 else "งบประมาณ\nหลังโอน\nเปลี่ยนแปลง"
    if number in {4, 12, 14}:
        return [base, "การใช้จ่าย", f"ร้อยละการใช้จ่าย\nต่อ{per}", GAP_HEAD]
    if number == 2:
        plan = ["จัดสรร", "แผนการ\nใช้จ่าย", "PO+สำรอง\nเงินมีหนี้"]
        return [base, *plan, "เบิกจ่าย", f"ร้อยละ\nเบิกจ่าย\nต่อ{per}"]
    return [base, "PO+สำรองเงิน\nมีหนี้", "เบิกจ่าย", f"ร้อยละเบิกจ่ายต่อ\n{per}"]


def _figures(number: int, unit: Unit) -> list[object]:
    cells: list[object] = []
    for target, base, order, paid in zip(
        TARGETS.values(),
        unit.three(unit.bases),
        unit.three(unit.ordered),
        unit.three(unit.disbursed),
        strict=True,
    ):
        if number in {4, 12, 14}:
            percent = _percent(order + paid, base)
            cells += [base, order + paid, percent, percent - target if base else 0]
        elif number == 2:
            cells += [base, base, 0, order, paid, _percent(paid, base)]
        else:
            cells += [base, order, paid, _percent(paid, base)]
    return cells


def _sum(units: list[Unit]) -> Unit:
    def both(what: str) -> tuple[Decimal, Decimal]:
        first, second = (sum((getattr(u, what)[i] for u in units), Decimal(0)) for i in (0, 1))
        return first, second

    return Unit("รวม", "", both("bases"), both("ordered"), both("disbursed"))


def _sources(sheet: Sheet, says: Says) -> None:
    sheet.add("ที่มา : ระบบบริหารการเงินการคลังภาครัฐแบบอิเล็กทรอนิกส์ใหม่ (New GFMIS Thai)")
    sheet.add(f"วันที่เรียกรายงาน {says.reported}")
    sheet.add(f"ข้อมูล ณ วันที่ {says.day}")
    sheet.add(" ")


def _overview(chance: random.Random, says: Says) -> Sheet:
    sheet = Sheet(TABS[1])
    sheet.add(f"รายงานผลการเบิกจ่ายงบประมาณ ประจำปีงบประมาณ พ.ศ. {says.year}")
    sheet.add(f"ตั้งแต่ต้นปีงบประมาณ จนถึง ณ วันที่ {says.day}")
    sheet.add("", "", "", "", "", "", "", "หน่วย : ล้านบาท")
    sheet.add("รายการ", "วงเงินงบประมาณ\nหลังโอนเปลี่ยนแปลง", "จัดสรร", "การใช้จ่าย", "", "เบิกจ่าย", "", "คงเหลือยังไม่เบิกจ่าย")  # fmt: skip
    sheet.add("", "", "", *["จำนวนเงิน", "ร้อยละ"] * 3)

    def line(label: str, base: Decimal, allotted: object, used: Decimal, paid: Decimal) -> None:
        left = base - paid
        sheet.add(label, base, allotted, used, _percent(used, base), paid, _percent(paid, base), left, _percent(left, base))  # fmt: skip

    def parts(base: int) -> tuple[Decimal, Decimal, Decimal]:
        whole = Decimal(base)
        paid = whole * Decimal(str(round(chance.uniform(0.5, 0.8), 4)))
        return whole, paid + whole / 20, paid

    recurrent, investment, carried = parts(3_000_000), parts(800_000), parts(320_000)
    budget = [a + b for a, b in zip(recurrent, investment, strict=True)]
    line(
        f"1. งบประมาณรายจ่าย ประจำปีงบประมาณ พ.ศ. {says.year}",
        budget[0],
        budget[0],
        budget[1],
        budget[2],
    )
    line("1.1 รายจ่ายประจำ", recurrent[0], recurrent[0], recurrent[1], recurrent[2])
    line("1.2 รายจ่ายลงทุน", investment[0], investment[0], investment[1], investment[2])
    line("รายจ่ายลงทุนกรณีไม่รวมงบกลาง", *(Decimal(700_000),) * 2, Decimal(560_000), Decimal(400_000))
    line("2. เงินกันไว้เบิกเหลื่อมปี", carried[0], "", carried[1], carried[2])
    line("รวมทั้งสิ้น", *(budget[0] + carried[0], "", budget[1] + carried[1], budget[2] + carried[2]))
    _sources(sheet, says)
    return sheet


def _letters(index: int) -> str:
    return chr(65 + index) if index < 26 else chr(64 + index // 26) + chr(65 + index % 26)


def _where(address: str) -> tuple[int, int]:
    letters = re.sub(r"\d", "", address)
    column = 0
    for letter in letters:
        column = column * 26 + ord(letter) - 64
    return int(address[len(letters) :]) - 1, column - 1
