"""Cells spoilt at random, and a workbook far larger than any office keeps."""

from __future__ import annotations

import io
import pickle
import random
import subprocess
import sys
from dataclasses import replace
from decimal import Decimal

import openpyxl
import pytest

from tests.budget.office.accuracy import CATEGORY_OF, CLOSE, read
from tests.budget.office.cases import DISTRICTS
from tests.budget.office.workbooks import Fact, Made, make
from tiddao.budget.rules.cgd_figures import WorkbookRefused
from tiddao.budget.rules.office_figures import OfficeWorkbook
from tiddao.budget.rules.office_workbook import accounted_for
from tiddao.kernel.fiscal import FiscalYear

GARBAGE = (
    "???",
    "#REF!",
    "12..5",
    "ก ข ค",
    "1 2 3",
    "=A1",
    "ไม่ทราบ",
    "5000+300",
    "N/A",
    "\u200b",
    "0x10",
    "๑๒๓๔๕,",
    True,
)


def spoil(made: Made, chance: random.Random, count: int) -> tuple[Made, set[tuple[str, str]]]:
    """The workbook with some of its cells replaced by garbage; returns which."""
    book = openpyxl.load_workbook(io.BytesIO(made.content))
    where = [
        (page.title, cell.coordinate)
        for page in book
        for row in page.iter_rows()
        for cell in row
        if cell.value is not None
    ]
    chosen = chance.sample(where, min(count, len(where)))
    for tab, cell in chosen:
        book[tab][cell] = chance.choice(GARBAGE)
    out = io.BytesIO()
    book.save(out)
    return replace(made, content=out.getvalue()), set(chosen)


def silently_changed(made: Made, workbook: OfficeWorkbook) -> list[str]:
    """Figures counted otherwise than they should be, where no finding speaks of their row, column or sheet."""
    facts: dict[tuple[str, str], Fact] = {(fact.sheet, fact.cell): fact for fact in made.facts}
    rows = {(f.sheet, "".join(s for s in f.cell if s.isdigit())) for f in workbook.findings}
    columns = {(f.sheet, "".join(s for s in f.cell if s.isalpha())) for f in workbook.findings}
    sheets = {f.sheet for f in workbook.findings if not f.cell} | {
        f.sheet for f in workbook.findings if f.code in {"HEAD_NOT_FOUND", "CONTEXT_CONFLICT"}
    }
    changed = []
    for row in workbook.counted_rows:
        for measure, figure in row.figures.items():
            fact = facts.get((row.sheet, figure.cell))
            if figure.value is None or measure == "percent":
                continue
            if fact is not None and fact.value is not None:
                same = (row.unit, row.category, measure) == (
                    fact.unit,
                    CATEGORY_OF[fact.category],
                    fact.measure,
                )
                if same and abs(figure.value - fact.value) <= CLOSE:
                    continue
            digits = "".join(s for s in figure.cell if s.isdigit())
            letters = "".join(s for s in figure.cell if s.isalpha())
            said = (
                (row.sheet, digits) in rows
                or (row.sheet, letters) in columns
                or row.sheet in sheets
            )
            if not said:
                changed.append(
                    f"{row.sheet}!{figure.cell} {row.unit} {measure} {figure.value}: {fact}"
                )
    return changed


@pytest.mark.parametrize("seed", range(40))
def test_spoilt_cells_crash_nothing_and_change_no_figure_silently(seed):
    chance = random.Random(f"spoilt/{seed}")
    made, spoilt = spoil(make(9000 + seed, planted=[]), chance, chance.choice((1, 5, 25, 100)))
    workbook = read(made)
    assert silently_changed(made, workbook) == [], sorted(spoilt)[:20]
    for account in accounted_for(workbook):
        assert account.cells == account.understood + account.left_out + account.refused


@pytest.mark.parametrize("seed", range(12))
def test_lost_bytes_are_refused_or_read(seed):
    """A damaged file is refused with a reason, never half read into an exception of another kind."""
    chance = random.Random(f"bytes/{seed}")
    made = make(9100 + seed, planted=[])
    content = bytearray(made.content)
    for _ in range(chance.choice((1, 20, 400))):
        content[chance.randrange(len(content))] = chance.randrange(256)
    try:
        workbook = read(replace(made, content=bytes(content)))
    except WorkbookRefused as refusal:
        reasons = [str(finding) for finding in refusal.findings]
    else:
        reasons = [each.sheet for each in accounted_for(workbook)]
    assert reasons


def large(lines: int) -> bytes:
    """One long list of the size of a whole year of a large province."""
    book = openpyxl.Workbook(write_only=True)
    page = book.create_sheet("งบยุทธศาสตร์ ไตร 1-2")
    page.append(
        [
            "ที่",
            "เลขที่",
            "โครงการ",
            "กิจกรรม",
            "อำเภอ",
            "จัดสรร",
            "โอน",
            "เบิกจ่าย",
            "PO",
            "ส่งคืน",
            "คงเหลือ",
            "ร้อยละ",
        ]
    )
    units = list(DISTRICTS.values())
    for i in range(lines):
        number, unit = divmod(i, len(units))
        page.append(
            [
                i + 1,
                f"{number + 1}/2569",
                f"โครงการที่ {number + 1}",
                "อบรม",
                f"สพอ.{units[unit]}",
                1000,
                0,
                400,
                0,
                0,
                600,
                40,
            ]
        )
    page.append(
        [None, None, "รวมทั้งสิ้น", None, None, 1000 * lines, 0, 400 * lines, 0, 0, 600 * lines, 40]
    )
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def timed(lines: int) -> tuple[OfficeWorkbook, float, float]:
    """The list read in a process as small as it may be: the workbook, seconds of processor, peak MB."""
    request = (large(lines), "large.xlsx", "เชียงราย", FiscalYear(2569), DISTRICTS)
    ran = subprocess.run(
        [sys.executable, "-c", _READ_APART], input=pickle.dumps(request), capture_output=True, check=True
    )  # fmt: skip
    found: tuple[OfficeWorkbook, float, float] = pickle.loads(ran.stdout)
    return found


_ROOM = 400 * 1024**2
_READ_APART = f"""
import gc, pickle, resource, sys
resource.setrlimit(resource.RLIMIT_AS, ({_ROOM}, {_ROOM}))
from tiddao.budget.rules.office_workbook import read_office_workbook
gc.disable()
content, file, province, year, districts = pickle.load(sys.stdin.buffer)
begun = resource.getrusage(resource.RUSAGE_SELF).ru_utime
workbook = read_office_workbook(
    content, file=file, province=province, fiscal_year=year, districts=districts
)
used = resource.getrusage(resource.RUSAGE_SELF)
pickle.dump((workbook, used.ru_utime - begun, used.ru_maxrss / 1024), sys.stdout.buffer)
"""


def test_five_thousand_rows_are_read_in_linear_time_and_bounded_memory():
    _, small, little = timed(1_250)
    workbook, whole, peak = timed(5_000)
    assert len(workbook.counted_rows) == 5_000
    assert (
        sum((t.amounts["allotted"] or Decimal(0) for t in workbook.totals), Decimal(0)) == 5_000_000
    )
    assert workbook.findings == ()
    assert whole < 10, f"{whole:.1f} s of processor time"
    assert whole < small * 4 * 2, f"{small:.2f} s for a quarter, {whole:.2f} s for the whole"
    assert peak < little * 4, f"{little:.0f} MB for a quarter, {peak:.0f} MB for the whole"
