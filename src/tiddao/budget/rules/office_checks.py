"""Checks of what was read: lines against themselves, sheets against each other, sums against lines.

Nothing is mended here. A line that must not be counted keeps its figures and says why.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from itertools import pairwise, product

from tiddao.budget.rules.cgd_figures import Finding, Severity
from tiddao.budget.rules.office_figures import (
    BASIC,
    MEASURE_TH,
    MONEY,
    FindingType,
    Measure,
    NotCounted,
    OfficeEnvelope,
    OfficeFigure,
    OfficeRow,
    OfficeSummary,
    OfficeTotal,
)
from tiddao.budget.rules.office_mapping import CATEGORY_TH, PROVINCE_ONLY, Category
from tiddao.budget.rules.office_sums import TOLERANCE
from tiddao.budget.rules.office_words import squashed
from tiddao.kernel.numerals import format_trimmed

ZERO = Decimal(0)
_NEARLY_ALL = Decimal("0.75")
_LINES_TO_TELL = 3
"""So many lines must agree before columns are taken for a sum that nobody called one."""
Envelope = tuple[Category | None, str | None]


# --- one line -------------------------------------------------------------------------------------


def bases(row: OfficeRow) -> list[Decimal]:
    """What the line's payments may be a share of: its allotment, as it was or after transfers.

    Source: docs domain 3.2 (วงเงินงบประมาณหลังโอนเปลี่ยนแปลง is the denominator).
    """
    allotted, transferred = row.value("allotted"), row.value("transferred")
    found = [row.value("revised"), allotted]
    if allotted is not None and transferred is not None:
        found.append(allotted + transferred)
    return [each for each in found if each is not None]


def with_percent(row: OfficeRow) -> OfficeRow:
    """The line with its printed percentage in per cent: 0.83 is 83 where the figures say so.

    Source: docs house, "Rates are recomputed from their parts".
    """
    figure = row.figures.get("percent")
    if figure is None or figure.value is None:
        return row
    shares = _shares(row)
    value = figure.value
    if shares:
        near = min((value, value * 100), key=lambda each: min(abs(each - s) for s in shares))
    else:
        near = value
    return replace(row, figures={**row.figures, "percent": replace(figure, value=near)})


def _paid(row: OfficeRow) -> Decimal | None:
    """What was disbursed, for checks alone: a dash in the cell is nothing disbursed."""
    figure = row.figures.get("disbursed")
    if figure is None or figure.fault:
        return None
    return figure.value or ZERO


def _amounts(row: OfficeRow) -> list[Decimal]:
    """What the line may print a share of: disbursed, disbursed and ordered, used."""
    paid, ordered, used = _paid(row), row.value("committed"), row.value("used")
    found = [paid, None if paid is None or ordered is None else paid + ordered, used]
    return [each for each in found if each is not None]


def _shares(row: OfficeRow) -> list[Decimal]:
    return [amount / base * 100 for amount, base in product(_amounts(row), bases(row)) if base]


def line_findings(row: OfficeRow) -> Iterator[Finding]:
    """What is wrong with one line in itself.

    Source: docs domain 3.4 (ANOMALY: over 100 % or negative), 3.2; docs house (rates recomputed).
    """
    for measure, figure in row.figures.items():
        if (
            figure.value is not None
            and figure.value < 0
            and measure not in {"transferred", "percent"}
        ):
            yield _finding(
                row,
                "ANOMALY",
                figure,
                f"{MEASURE_TH[measure]}ติดลบ ({_baht(figure.value)})",
                "error",
            )
    yield from _over_findings(row)


def _over_findings(row: OfficeRow) -> Iterator[Finding]:
    paid, of = row.value("disbursed"), bases(row)
    if paid is None or not of or paid <= max(of) + TOLERANCE:
        return
    base = max(of)
    share = f" คิดเป็นร้อยละ {format_trimmed(paid / base * 100, 2)}" if base > 0 else ""
    yield _finding(
        row,
        "ANOMALY",
        row.figures["disbursed"],
        f"เบิกจ่าย {_baht(paid)} เกินวงเงิน {_baht(base)}{share} ควรตรวจสอบกับต้นทาง",
        "error",
    )


_Share = tuple[int, int]


def percent_findings(rows: Iterable[OfficeRow]) -> Iterator[Finding]:
    """Lines whose ร้อยละ is not the share that most lines of their sheet print.

    An office prints the share of what was disbursed, or of what was disbursed and ordered, in its
    allotment before or after transfers: one of them for a whole sheet.

    Source: docs house, "Rates are recomputed from their parts, never averaged"; docs domain 3.2.
    """
    sheets: dict[str, list[OfficeRow]] = {}
    unpaid: list[tuple[OfficeRow, OfficeFigure]] = []
    paying: set[str] = set()
    for row in rows:
        figure = row.figures.get("percent")
        if "disbursed" in row.figures:
            paying.add(row.sheet)
        elif figure is not None and figure.value:
            unpaid.append((row, figure))
        if figure is not None and figure.value is not None and _shares(row):
            sheets.setdefault(row.sheet, []).append(row)
    for row, figure in unpaid:
        if row.sheet in paying:
            message = "มีร้อยละ แต่ช่องเบิกจ่ายว่าง"
            yield _finding(row, "PERCENT_MISMATCH", figure, message, "warning")
    for lines in sheets.values():
        ways = tuple(product(range(3), range(3)))
        way = max(ways, key=lambda each: sum(_is_share(line, each) for line in lines))
        for line in lines:
            if _is_share(line, way):
                continue
            figure = line.figures["percent"]
            assert figure.value is not None
            yield _finding(
                line,
                "PERCENT_MISMATCH",
                figure,
                f"ร้อยละในไฟล์ {format_trimmed(figure.value, 4)} "
                f"ไม่ตรงกับที่คำนวณได้ {format_trimmed(_share(line, way), 2)}",
                "warning",
            )


def _share(row: OfficeRow, way: _Share) -> Decimal:
    """One share out of those a line may print; the last one there is, where it has not so many."""
    amounts, of = _amounts(row), [base for base in bases(row) if base]
    return amounts[min(way[0], len(amounts) - 1)] / of[min(way[1], len(of) - 1)] * 100


def _is_share(row: OfficeRow, way: _Share) -> bool:
    value, share = row.value("percent"), _share(row, way)
    if value is None:
        return True
    allowed = Decimal(1).scaleb(-_decimals(value)) / 2 + Decimal("0.0051")
    if value % 1 == 0 and 0 <= value <= 100:
        # 83 or 0.83 may stand for anything from 82.5 to 83.5.
        allowed = Decimal("0.5")
    return abs(value - share) <= allowed


def _decimals(value: Decimal) -> int:
    exponent = value.as_tuple().exponent
    return min(-exponent, 4) if isinstance(exponent, int) and exponent < 0 else 2


_Way = tuple[int, bool, bool]
_WAYS: tuple[_Way, ...] = tuple(product((0, 1), (True, False), (True, False)))


def balance_findings(rows: Iterable[OfficeRow]) -> Iterator[Finding]:
    """Lines whose คงเหลือ is not what the rest of the line makes it.

    An office reckons it before or after transfers, orders and returns, but one way on a sheet: the
    way that most of its lines follow is the way for all.

    Source: docs domain 3.2, 3.4 (คงเหลือ); docs house, "Summaries … are checked, never trusted".
    """
    sheets: dict[str, list[OfficeRow]] = {}
    for row in rows:
        figure = row.figures.get("remaining")
        if figure is not None and figure.value is not None and bases(row):
            sheets.setdefault(row.sheet, []).append(row)
    for lines in sheets.values():
        way = max(_WAYS, key=lambda each: sum(_is_balanced(line, each) for line in lines))
        for line in lines:
            if _is_balanced(line, way):
                continue
            figure = line.figures["remaining"]
            assert figure.value is not None
            yield _finding(
                line,
                "BALANCE_MISMATCH",
                figure,
                f"คงเหลือในไฟล์ {_baht(figure.value)} ไม่ตรงกับที่คำนวณได้ {_baht(_left(line, way))}",
                "warning",
            )


def _left(row: OfficeRow, way: _Way) -> Decimal:
    """What is left, reckoned one way: from which base, less orders or not, less returns or not."""
    of = bases(row)
    base = of[min(way[0], len(of) - 1)]
    ordered = (row.value("committed") or ZERO) if way[1] else ZERO
    returned = (row.value("returned") or ZERO) if way[2] else ZERO
    return base - (_paid(row) or ZERO) - ordered - returned


def _is_balanced(row: OfficeRow, way: _Way) -> bool:
    printed, left = row.value("remaining"), _left(row, way)
    if printed is None:
        return True
    if _paid(row) is None:
        # A blank may be any payment, but none below zero.
        return printed <= left + TOLERANCE
    return abs(printed - left) <= TOLERANCE


def _finding(
    row: OfficeRow, code: FindingType, figure: OfficeFigure, message: str, severity: Severity
) -> Finding:
    return Finding(code, row.sheet, figure.cell, message, severity)


def _baht(value: Decimal) -> str:
    return format_trimmed(value)


# --- lines that must not be counted ---------------------------------------------------------------


def counted(
    rows: Sequence[OfficeRow], fiscal_year: int, days: Mapping[str, date] | None = None
) -> tuple[list[OfficeRow], list[Finding]]:
    """The rows, each marked where its money must not be in a sum, and why.

    days: tab → the day its figures are of, where it says one.

    In this order: a category nobody knows, another fiscal year, a district in money of the province,
    a project or a table that is on an earlier sheet already, a table of sums.

    Source: docs domain 3.4 (count once; province only); issue 3, "Any office workbook".
    """
    findings: list[Finding] = []
    marked = [_marked_alone(row, fiscal_year, findings) for row in rows]
    findings = _once_each(findings)
    marked = _without_sum_columns(marked, findings)
    for key_of in (_by_number, _by_name):
        marked = _of_latest_month(marked, key_of, days or {}, findings)
        marked = _without_copies(marked, key_of, findings)
    return _without_plain_sums(marked), findings


def _once_each(findings: Iterable[Finding]) -> list[Finding]:
    """One finding a sheet and message; a thousand lines of one unknown sheet have one cause."""
    return list({(each.code, each.sheet, each.message_th): each for each in findings}.values())


def _marked_alone(row: OfficeRow, fiscal_year: int, findings: list[Finding]) -> OfficeRow:
    if row.not_counted:
        return row
    first = next(iter(row.figures.values())).cell
    if row.category is None:
        message = "ไม่ทราบว่าแผ่นงานนี้เป็นงบประเภทใด จึงไม่นับรวม ให้กำหนดประเภทงบของแผ่นงานก่อน"
        findings.append(Finding("CATEGORY_UNKNOWN", row.sheet, "", message, "refused"))
        return replace(row, not_counted="category-unknown")
    year = row.project_number.rpartition("/")[2]
    if year.isdigit() and len(year) == 4 and int(year) != fiscal_year:
        message = f"โครงการเลขที่ {row.project_number} ไม่ใช่ของปีงบประมาณ {fiscal_year} จึงไม่นับรวม"
        findings.append(Finding("WRONG_FISCAL_YEAR", row.sheet, first, message, "error"))
        return replace(row, not_counted="other-year")
    if row.category in PROVINCE_ONLY and not row.is_provincial_office:
        message = (
            f"{CATEGORY_TH[row.category]}เป็นงบระดับจังหวัดเท่านั้น แต่แถว {row.row} เป็นของอำเภอ จึงไม่นับรวม"
        )
        findings.append(
            Finding("LEVEL_VIOLATION", row.sheet, row.unit_cell or first, message, "error")
        )
        return replace(row, not_counted="level")
    return row


def _without_sum_columns(rows: list[OfficeRow], findings: list[Finding]) -> list[OfficeRow]:
    """Columns that are, line by line, the sum of all the others beside them, whatever they are called.

    Lines with a cell that cannot be read tell nothing; of the others nearly all must agree.
    """
    lines: dict[tuple[str, int], Decimal] = {}
    faulty: set[tuple[str, int]] = set()
    groups: dict[tuple[str, str, str, str], list[OfficeRow]] = {}
    for row in rows:
        figure = row.figures.get("allotted")
        if row.not_counted or figure is None:
            continue
        if figure.fault:
            faulty.add((row.sheet, row.row))
        lines[row.sheet, row.row] = lines.get((row.sheet, row.row), ZERO) + (figure.value or ZERO)
        column = figure.cell.rstrip("0123456789")
        groups.setdefault((row.sheet, column, row.project_key, row.activity), []).append(row)
    sums: set[int] = set()
    for key, group in groups.items():
        clean = [
            row for row in group if (row.sheet, row.row) not in faulty and row.value("allotted")
        ]
        wrong = [
            row for row in clean if 2 * (row.value("allotted") or ZERO) != lines[row.sheet, row.row]
        ]
        agreeing = len(clean) - len(wrong)
        if agreeing < _LINES_TO_TELL or agreeing < _NEARLY_ALL * len(clean):
            continue
        mine = {row.row for row in group}
        beside = [
            other
            for other, theirs in groups.items()
            if other != key and other[0] == key[0] and mine & {row.row for row in theirs}
        ]
        if len(beside) >= 2:
            sums |= {id(row) for row in group}
            findings += _sum_column_findings(group[0], wrong, lines)
    return [replace(row, not_counted="summary") if id(row) in sums else row for row in rows]


def _sum_column_findings(
    first: OfficeRow, wrong: Iterable[OfficeRow], lines: Mapping[tuple[str, int], Decimal]
) -> Iterator[Finding]:
    message = "คอลัมน์ชุดนี้เป็นผลรวมของคอลัมน์ชุดอื่น จึงไม่นับซ้ำ"
    yield _finding(first, "SUMMARY_COLUMNS", first.figures["allotted"], message, "warning")
    for row in wrong:
        printed = row.value("allotted") or ZERO
        computed = lines[row.sheet, row.row] - printed
        message = f"ยอดรวมในไฟล์ {_baht(printed)} ไม่ตรงกับรายการที่รวมได้ {_baht(computed)}"
        yield _finding(row, "SUMMARY_MISMATCH", row.figures["allotted"], message, "error")


Key = tuple[object, ...]


def _by_number(row: OfficeRow) -> Key | None:
    return (row.project_number,) if row.project_number else None


def _by_name(row: OfficeRow) -> Key | None:
    if row.project_number:
        return None
    return (squashed(row.project_name), row.category, row.tranche)


def _of_latest_month(
    rows: list[OfficeRow],
    key_of: Callable[[OfficeRow], Key | None],
    days: Mapping[str, date],
    findings: list[Finding],
) -> list[OfficeRow]:
    """Of sheets that show one envelope month after month, the last; none where they contradict.

    What an office pays is cumulative: from month to month it only grows. Where it does not, nobody
    can tell a running figure from a month's own, and adding up or choosing would be a guess.
    """
    of_key: dict[Key, dict[str, list[OfficeRow]]] = {}
    for row in rows:
        if row.not_counted not in {"", "column-unknown"} or row.sheet not in days:
            continue
        if (key := key_of(row)) is not None:
            whole = (*key, row.category, row.tranche)
            of_key.setdefault(whole, {}).setdefault(row.sheet, []).append(row)
    marked: dict[int, OfficeRow] = {}
    told: set[tuple[str, str]] = set()
    for sheets in of_key.values():
        tabs = sorted(sheets, key=lambda tab: days[tab])
        if len({days[tab] for tab in tabs}) < max(len(tabs), 2) or not _share_units(sheets):
            continue
        sums = [_sums_by_unit(sheets[tab]) for tab in tabs]
        lacking = {tab for tab in tabs if any(row.not_counted for row in sheets[tab])}
        grows = all(
            before.get(unit, (ZERO, ZERO))[1] <= paid
            for before, after in pairwise(sums)
            for unit, (_, paid) in after.items()
            if paid or tabs[-1] not in lacking
        )
        last = tabs[-1]
        for tab in tabs[:-1] if grows else tabs:
            why: NotCounted = "duplicate" if grows else "months-unclear"
            marked.update(
                (id(row), replace(row, not_counted=why))
                for row in sheets[tab]
                if not row.not_counted
            )
            if (tab, why) in told:
                continue
            told.add((tab, why))
            message = (
                f"เป็นยอดสะสมของเดือนก่อน ใช้แผ่นงานล่าสุด “{last}”"
                if grows
                else "แผ่นงานรายเดือนของงบเดียวกัน แต่ยอดเบิกจ่ายบางหน่วยงานลดลงจากเดือนก่อน "
                "จึงไม่ทราบว่าเป็นยอดสะสมหรือยอดเฉพาะเดือน และไม่นับแผ่นงานเหล่านี้"
            )
            findings.append(
                Finding("DUP_TABLE", tab, "", message, "warning" if grows else "refused")
            )
    return [marked.get(id(row), row) for row in rows]


def _share_units(sheets: Mapping[str, list[OfficeRow]]) -> bool:
    first, *others = ({row.unit for row in lines} for lines in sheets.values())
    return all(first & each for each in others)


def _without_copies(
    rows: list[OfficeRow],
    key_of: Callable[[OfficeRow], Key | None],
    findings: list[Finding],
) -> list[OfficeRow]:
    """What stands on an earlier sheet already is not counted again."""
    of_key: dict[Key, dict[str, list[OfficeRow]]] = {}
    for row in rows:
        if not row.not_counted and (key := key_of(row)) is not None:
            of_key.setdefault(key, {}).setdefault(row.sheet, []).append(row)
    copies: dict[int, OfficeRow] = {}
    for sheets in of_key.values():
        kept: list[OfficeRow] = []
        for sheet, lines in sheets.items():
            if kept and _is_copy(kept, lines, sheet, findings):
                copies.update((id(line), replace(line, not_counted="duplicate")) for line in lines)
            else:
                kept += lines
    return [copies.get(id(row), row) for row in rows]


def _is_copy(
    before: list[OfficeRow], lines: list[OfficeRow], sheet: str, findings: list[Finding]
) -> bool:
    """Whether the lines of a later sheet are the same money as those before."""
    first = next(iter(lines[0].figures.values())).cell
    name = f"โครงการเลขที่ {lines[0].project_number}" if lines[0].project_number else (
        f"“{lines[0].project_name}”" if lines[0].project_name else "ตารางของงบประเภทและงวดเดียวกันนี้"
    )  # fmt: skip
    code: FindingType = "DUP_PROJECT" if lines[0].project_key else "DUP_TABLE"
    where = f"อยู่ในแผ่นงาน “{before[0].sheet}” แล้ว"
    earlier = [row for row in before if _one_envelope(row, lines[0])]
    same = _same_money(before, lines)
    shared = {row.unit for row in before} & {row.unit for row in lines}
    severity: Severity = "warning"
    copy = False
    if not shared:
        return False  # a sheet for each office: the project is the same, the money is not
    if same:
        message, copy = f"{name} {where} ตัวเลขตรงกัน จึงนับครั้งเดียว", True
    elif earlier:
        message, copy = f"{name} {where} แต่ตัวเลขต่างกัน นับเฉพาะแผ่นแรก ควรตรวจสอบ", True
        severity = "error"
    else:
        message = f"{name} {where} คนละงวดจัดสรร จึงนับทั้งสองงวด"
    findings.append(Finding(code, sheet, first, message, severity))
    return copy


def _one_envelope(first: OfficeRow, second: OfficeRow) -> bool:
    return first.tranche == second.tranche or first.tranche is None or second.tranche is None


def _same_money(before: Iterable[OfficeRow], lines: Iterable[OfficeRow]) -> bool:
    """Whether every unit of the later lines has the same sums in the earlier ones."""
    own = _sums_by_unit(lines)
    earlier = _sums_by_unit(before)
    shared = [unit for unit in own if unit in earlier]
    return bool(shared) and all(own[unit] == earlier[unit] for unit in shared)


def _sums_by_unit(rows: Iterable[OfficeRow]) -> dict[str, tuple[Decimal, ...]]:
    sums: dict[str, tuple[Decimal, ...]] = {}
    for row in rows:
        before = sums.get(row.unit, (ZERO, ZERO))
        sums[row.unit] = tuple(
            have + (row.value(measure) or ZERO) for have, measure in zip(before, BASIC, strict=True)
        )
    return sums


def _without_plain_sums(rows: list[OfficeRow]) -> list[OfficeRow]:
    """A table without projects, where others hold the projects of the same envelope, is their sum."""
    detailed = {
        (row.category, tranche)
        for row in rows
        if not row.not_counted and row.project_key
        for tranche in (row.tranche, None)
    }
    return [
        replace(row, not_counted="summary")
        if not row.not_counted and not row.project_key and (row.category, row.tranche) in detailed
        else row
        for row in rows
    ]


# --- sums -----------------------------------------------------------------------------------------


def totals_of(
    rows: Iterable[OfficeRow],
) -> tuple[tuple[OfficeTotal, ...], tuple[OfficeEnvelope, ...]]:
    """Sums of every unit in every category and tranche, and which envelopes are broken.

    Source: docs domain 3.4 ("compute summaries, never import them as truth").
    """
    of_envelope: dict[tuple[Category, str | None], list[OfficeRow]] = {}
    for row in rows:
        if not row.not_counted and row.category is not None:
            of_envelope.setdefault((row.category, row.tranche), []).append(row)
    totals: list[OfficeTotal] = []
    envelopes: list[OfficeEnvelope] = []
    for (category, tranche), lines in of_envelope.items():
        broken = any(_all_faulty(lines, measure) for measure in BASIC)
        sheets = tuple(dict.fromkeys(line.sheet for line in lines))
        envelopes.append(OfficeEnvelope(category, tranche, sheets, broken))
        if not broken:
            totals += _unit_totals(category, tranche, lines)
    return tuple(totals), tuple(envelopes)


def _all_faulty(lines: Iterable[OfficeRow], measure: Measure) -> bool:
    figures = [line.figures[measure] for line in lines if measure in line.figures]
    faulty = [figure for figure in figures if figure.fault]
    return bool(faulty) and not any(figure.value is not None for figure in figures)


def _unit_totals(
    category: Category, tranche: str | None, lines: Iterable[OfficeRow]
) -> Iterator[OfficeTotal]:
    amounts: dict[str, dict[Measure, Decimal | None]] = {}
    broken: dict[str, set[Measure]] = {}
    for line in lines:
        own = amounts.setdefault(line.unit, {})
        for measure in MONEY:
            figure = line.figures.get(measure)
            if figure is None:
                continue
            if figure.fault:
                broken.setdefault(line.unit, set()).add(measure)
            elif figure.value is not None:
                own[measure] = (own.get(measure) or ZERO) + figure.value
            else:
                own.setdefault(measure, None)
    for unit, own in amounts.items():
        faulty = broken.get(unit, set())
        yield OfficeTotal(
            unit,
            category,
            tranche,
            {**own, **dict.fromkeys(faulty)},
            tuple(measure for measure in MONEY if measure in faulty),
        )


class Sums:
    """Answers what a printed summary should have said.

    Source: docs domain 3.4 ("only the summary table was wrong").
    """

    def __init__(self, rows: Iterable[OfficeRow]) -> None:
        self._rows: dict[str | None, list[OfficeRow]] = {}
        self._envelopes: set[Envelope] = set()
        for row in rows:
            if not row.not_counted:
                self._rows.setdefault(row.unit, []).append(row)
                self._envelopes |= {(row.category, row.tranche), (row.category, None), (None, None)}

    def knows(self, category: Category | None, tranche: str | None) -> bool:
        """Whether any line is of that category and tranche; None stands for all."""
        return (category, tranche) in self._envelopes

    def of(
        self, unit: str, category: Category | None, tranche: str | None, measure: Measure
    ) -> tuple[Decimal | None, bool]:
        """The sum, and whether it can be relied upon; None where no line has the measure."""
        whole: Decimal | None = None
        for row in self._rows.get(unit, ()):
            if (category and row.category != category) or (tranche and row.tranche != tranche):
                continue
            figure = row.figures.get(measure)
            if figure is None:
                continue
            if figure.fault:
                return None, False
            if figure.value is not None:
                whole = (whole or ZERO) + figure.value
        return whole, True


def summary_findings(
    summary_rows: Sequence[OfficeRow], rows: Sequence[OfficeRow]
) -> tuple[list[OfficeSummary], list[Finding]]:
    """Printed summaries beside ours, and where they differ.

    Source: docs domain 3.4; docs house, "Summaries in other people's workbooks are checked".
    """
    sums = Sums(rows)
    compared: list[OfficeSummary] = []
    findings: list[Finding] = []
    alone: set[tuple[str, Category | None, str | None]] = set()
    for row in summary_rows:
        if not sums.knows(row.category, row.tranche):
            alone.add((row.sheet, row.category, row.tranche))
            continue
        for measure in BASIC:
            figure = row.figures.get(measure)
            if figure is None or figure.value is None:
                continue
            computed, sound = sums.of(row.unit, row.category, row.tranche, measure)
            compared.append(
                OfficeSummary(
                    row.sheet, figure.cell, row.unit, row.category, row.tranche, measure, figure.value, computed
                )
            )  # fmt: skip
            if sound and abs((computed or ZERO) - figure.value) > TOLERANCE:
                ours = "ไม่มีรายการ" if computed is None else _baht(computed)
                findings.append(
                    Finding(
                        "SUMMARY_MISMATCH",
                        row.sheet,
                        figure.cell,
                        f"ตารางสรุป{MEASURE_TH[measure]} {_baht(figure.value)} ไม่ตรงกับรายการที่รวมได้ {ours}",
                        "error",
                    )
                )
    for sheet, category, tranche in sorted(alone, key=str):
        name = " ".join(each for each in (category and CATEGORY_TH[category], tranche) if each)
        message = f"มีเฉพาะยอดสรุป{name and f'ของ{name}'} ไม่มีรายการให้ตรวจสอบ จึงไม่นับรวม"
        findings.append(Finding("SUMMARY_ONLY", sheet, "", message, "error"))
    return compared, findings


def province_findings(rows: Sequence[OfficeRow], province_code: str) -> Iterator[Finding]:
    """A line called จังหวัด that equals the sum of all districts may be their total after all.

    Source: docs domain 3.4 ("จังหวัด" is a unit beside the districts, not their total).
    """
    groups: dict[tuple[str, str, str], list[OfficeRow]] = {}
    for row in rows:
        if not row.not_counted:
            groups.setdefault((row.sheet, row.project_key, row.activity), []).append(row)
    for lines in groups.values():
        own = [line for line in lines if line.unit == province_code]
        districts = [line for line in lines if line.unit != province_code]
        if len(own) != 1 or len(districts) < 3:
            continue
        pairs = [
            (own[0].value(measure), sum((d.value(measure) or ZERO for d in districts), ZERO))
            for measure in BASIC
        ]
        if all(mine == whole for mine, whole in pairs) and any(whole for _, whole in pairs):
            yield Finding(
                "PROVINCE_EQUALS_SUM",
                own[0].sheet,
                own[0].unit_cell,
                "แถว “จังหวัด” เท่ากับผลรวมของทุกอำเภอพอดี อาจเป็นยอดรวม ควรตรวจสอบ (ขณะนี้นับเป็นหน่วยงานหนึ่ง)",
                "error",
            )


def mark(rows: Iterable[OfficeRow], why: NotCounted) -> list[OfficeRow]:
    """The rows, none of them counted, unless they were set aside before.

    Source: docs domain 3.4.
    """
    return [row if row.not_counted else replace(row, not_counted=why) for row in rows]


def projects_named(rows: Iterable[OfficeRow], named: Mapping[str, str]) -> list[OfficeRow]:
    """The rows with each project under the number or name the office counts it under.

    Source: issue 3 (projects with aliases).
    """
    told = {squashed(text): key for text, key in named.items()}
    renamed = []
    for row in rows:
        key = told.get(squashed(row.project_number)) or told.get(squashed(row.project_name))
        if not key:
            renamed.append(row)
        elif "/" in key:
            renamed.append(replace(row, project_number=key))
        else:
            renamed.append(replace(row, project_number="", project_name=key))
    return renamed
