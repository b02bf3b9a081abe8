"""The treasury's disbursed share as results of a national framework, one round per as-of day.

The figures are official, so no office reports them: the system writes them as approved, with the
workbook's cell as their source, and closes the round, so that nobody can report over them. Only a
corrected workbook opens the round again, by name, with its reason.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal

from django.conf import settings
from django.utils.formats import date_format
from django.utils.timezone import localdate
from django.utils.translation import override

from tiddao.budget.rules.cgd_figures import CgdRow, CgdSheet, Finding
from tiddao.budget.rules.treasury_words import source_of
from tiddao.indicators.actions.frameworks import create_framework, publish_version
from tiddao.indicators.actions.reported_rows import ResultRow, ResultsRefused
from tiddao.indicators.actions.reporting import report_results
from tiddao.indicators.actions.rounds import RoundRefused, add_round, close_round, open_round
from tiddao.indicators.models import ResultState, Round
from tiddao.indicators.queries.frameworks import find_framework
from tiddao.indicators.rules.definitions import FrameworkDefinition, RoundDefinition
from tiddao.indicators.rules.scoring import Reported
from tiddao.indicators.rules.toml_files import DefinitionRefused, read_toml
from tiddao.kernel.dates import format_short
from tiddao.kernel.fiscal import FiscalYear
from tiddao.ledger.actors import SYSTEM
from tiddao.places.models import Office

FRAMEWORK = "cgd-disbursement"
INDICATOR = "1.1"
SHEET = 13
DEFINITION = settings.BASE.parent.parent / "definitions" / "cgd-disbursement-2569.toml"

_KEPT = Decimal("1e-10")  # of a million baht; all that a result's columns hold
_REOPENED = "กรมบัญชีกลางเผยแพร่รายงานฉบับแก้ไขของวันเดียวกัน"


class PostingRefused(Exception):
    """The shares cannot be posted; findings say why, by cell where one is to blame."""

    def __init__(self, findings: list[Finding]) -> None:
        super().__init__(str(findings[0]))
        self.findings = tuple(findings)


def post_disbursed_shares(sheet: CgdSheet, *, at: datetime) -> tuple[str, int]:
    """Write every province's disbursed share of the sheet's total as a result of its round.

    Within the caller's transaction. Returns the round's code and how many results were written.
    Raises PostingRefused.
    """
    one = _round(sheet, at=at)
    if one.state != Round.State.OPEN:
        reopened = one.state == Round.State.CLOSED
        open_round(
            one,
            by=SYSTEM,
            at=at,
            reason=_REOPENED if reopened else "",
            until=max(localdate(at), one.opens) if reopened else None,
        )
    rows = {row.place_code: row for row in sheet.rows if row.place_code}
    try:
        done = report_results(
            one,
            [_result(sheet, place, row) for place, row in sorted(rows.items())],
            by=SYSTEM,
            at=at,
            state=ResultState.APPROVED,
        )
    except ResultsRefused as refused:
        raise PostingRefused(
            [
                Finding(
                    "result-refused",
                    sheet.tab,
                    cell := _cell_of(rows.get(each.place)),
                    f"{rows[each.place].name if cell else each.place}: {each.message_th}",
                    "refused",
                )
                for each in refused.rows
            ]
        ) from refused
    close_round(one, by=SYSTEM, at=at)
    return one.code, done.written


def _cell_of(row: CgdRow | None) -> str:
    return row.figures["total"].amount.cell if row else ""


def _result(sheet: CgdSheet, place: str, row: CgdRow) -> ResultRow:
    figures = row.figures["total"]
    amount, base = figures.amount.value, figures.base.value
    known = amount is not None and base is not None
    return ResultRow(
        place,
        INDICATOR,
        Reported(numerator=_kept(amount), denominator=_kept(base)) if known else None,
        source=source_of(sheet.as_of, sheet.number, figures.amount.cell),
    )


def _kept(amount: Decimal | None) -> Decimal | None:
    return None if amount is None else amount.quantize(_KEPT, rounding=ROUND_HALF_UP)


# -- the framework and its rounds -----------------------------------------------------------------


def _round(sheet: CgdSheet, *, at: datetime) -> Round:
    year, wanted = sheet.fiscal_year.be, round_of(sheet.as_of, sheet.fiscal_year)
    framework = find_framework(FRAMEWORK, year)
    if framework is None:
        try:
            made = create_framework(definition_for(year, wanted), by=SYSTEM, at=at)
            framework = publish_version(made, by=SYSTEM, at=at).framework
        except (OSError, DefinitionRefused, Office.DoesNotExist) as fault:
            message = f"สร้างแบบประเมิน {FRAMEWORK} ปีงบประมาณ {year} ไม่ได้: {fault}"
            raise PostingRefused([_no_framework(message)]) from fault
    found = framework.rounds.filter(code=wanted.code).first()
    if found is not None:
        return found
    try:
        return add_round(framework, wanted, by=SYSTEM, at=at)
    except RoundRefused as refused:
        message = f"แบบประเมิน {FRAMEWORK} ปีงบประมาณ {year} ยังเป็นร่าง ต้องประกาศใช้ก่อนนำเข้ารายงาน"
        raise PostingRefused([_no_framework(message)]) from refused


def _no_framework(message: str) -> Finding:
    return Finding("no-framework", "", "", message, "refused")


def round_of(as_of: date, year: FiscalYear) -> RoundDefinition:
    """Return the round of one as-of day; it lasts until the year's end, in case of a correction."""
    with override("en"):
        in_english = date_format(as_of, "j F Y")
    return RoundDefinition(
        code=as_of.isoformat(),
        name_th=f"ข้อมูล ณ {format_short(as_of)}",
        name_en=f"As of {in_english}",
        opens=as_of,
        closes=year.end,
        true_on=as_of,
    )


def definition_for(year: int, first: RoundDefinition) -> FrameworkDefinition:
    """Return the shipped definition for a year, with the as-of day as its only round.

    A year other than that of the file says so in ``based_on``: its ladder was made for the other.
    Raises OSError, DefinitionRefused.
    """
    shipped = read_toml(DEFINITION.read_text(encoding="utf-8"), file=DEFINITION.name)
    if year == shipped.fiscal_year:
        return replace(shipped, version=1, rounds=(first,))
    return replace(
        shipped,
        fiscal_year=year,
        version=1,
        rounds=(first,),
        based_on=f"ใช้เกณฑ์ของปีงบประมาณ พ.ศ. {shipped.fiscal_year} ({shipped.code} "
        f"{shipped.fiscal_year} v{shipped.version}) กับปีงบประมาณ พ.ศ. {year}: "
        f"ยังไม่มีผู้กำหนดเกณฑ์ของปีนี้ · {shipped.based_on}",
    )
