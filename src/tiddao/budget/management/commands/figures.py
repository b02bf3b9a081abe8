"""``tiddao figures KEY --series cgd [--as-of DAY] [--sheet N] [--json]``."""

from __future__ import annotations

from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from tiddao.budget.queries.figures import province_figures
from tiddao.budget.queries.reports import find_report
from tiddao.budget.rules.cgd_workbook import ALL_SHEETS
from tiddao.budget.schemas.treasury import SERIES, PlaceFiguresOut, place_out
from tiddao.kernel.dates import format_long
from tiddao.places.models import NATION, Level
from tiddao.places.queries import Unit, find_unit

NOTHING = 2  # exit code: nothing to say


class Command(BaseCommand):
    help = "Say what the treasury's weekly report says of a province or the nation (th)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("key")
        parser.add_argument("--series", choices=[SERIES], required=True)
        parser.add_argument("--as-of", type=date.fromisoformat, help="ISO; default: the newest")
        parser.add_argument("--sheet", type=int, choices=ALL_SHEETS)
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        key, as_of, sheet = options["key"], options["as_of"], options["sheet"]
        unit = find_unit(key, on=as_of or timezone.localdate())
        if unit is None:
            raise CommandError(f"ไม่รู้จักพื้นที่ {key} (no such place)", returncode=NOTHING)
        found = province_figures(unit.key, as_of)
        if found is None or (sheet and found.row(sheet) is None):
            raise CommandError(_why_nothing(unit, as_of, sheet), returncode=NOTHING)
        said = place_out(found, name=unit.full_name)
        if sheet:
            said.sheets = [each for each in said.sheets if each.sheet == sheet]
        if options["json"]:
            self.stdout.write(said.model_dump_json(indent=1))
        else:
            self._tell(said)

    def _tell(self, said: PlaceFiguresOut) -> None:
        self.stdout.write(
            f"{said.place.name}: {said.source} ข้อมูล ณ {format_long(said.as_of)} (แฟ้ม {said.file})"
        )
        for sheet in said.sheets:
            self.stdout.write(f"แผ่นงาน {sheet.sheet} {sheet.basis_words} · {sheet.order_words}")
            for row in sheet.rows:
                if row.printed_rank:
                    self.stdout.write(
                        f"  อันดับตามไฟล์ {row.printed_rank} (ช่อง {row.printed_rank_cell}); "
                        f"จากน้อยไปมาก {row.rank_from_lowest} จากมากไปน้อย {row.rank_from_highest} "
                        f"ของ {row.universe}"
                    )
                for line in row.spending.values():
                    gap = (
                        f" สูง/ต่ำกว่าเป้าหมายรายเดือน {line.gap.shown} {line.gap.unit}"
                        if line.gap and line.gap.value is not None
                        else ""
                    )
                    self.stdout.write(
                        f"  {row.name} {line.spending_name}: {line.amount.name} {line.amount.shown} "
                        f"จาก{line.base.name} {line.base.shown} {line.base.unit} = {line.unit} "
                        f"{line.shown or 'คำนวณไม่ได้ (ไม่มีวงเงิน)'}{gap} "
                        f"(ช่อง {line.printed_percent.cell})"
                    )


def _why_nothing(unit: Unit, as_of: date | None, sheet: int | None) -> str:
    report = find_report(as_of)
    if report is None:
        day = f" ของวันที่ {format_long(as_of)}" if as_of else ""
        return f"ยังไม่มีรายงานของกรมบัญชีกลาง{day}: นำเข้าด้วย tiddao import_cgd FILE (no report yet)"
    if unit.key != NATION and unit.level != Level.PROVINCE:
        return f"{unit.full_name}: กรมบัญชีกลางรายงานเป็นรายจังหวัด (figures are by province only)"
    if sheet and report.sheet(sheet) is None:
        return (
            f"รายงาน ณ {format_long(report.as_of)} ยังไม่ได้นำเข้าแผ่นงาน {sheet}: "
            f"tiddao import_cgd FILE --sheets all (sheet not taken in)"
        )
    return f"รายงาน ณ {format_long(report.as_of)} ไม่มี{unit.full_name} (not in the report)"
