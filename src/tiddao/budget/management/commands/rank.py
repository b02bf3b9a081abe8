"""``tiddao rank --series cgd --sheet 13 [--spending total] [--as-of DAY] [--kind K] [--json]``."""

from __future__ import annotations

from argparse import ArgumentParser
from datetime import date
from typing import Any, get_args

from django.core.management.base import BaseCommand, CommandError

from tiddao.budget.queries.figures import treasury_ranking
from tiddao.budget.rules.cgd_figures import SPENDINGS, Kind
from tiddao.budget.rules.treasury_words import LEAGUE_SHEETS
from tiddao.budget.schemas.treasury import SERIES, ranking_out
from tiddao.kernel.dates import format_long

NOTHING = 2  # exit code: nothing to rank


class Command(BaseCommand):
    help = "Rank the units of one sheet of the treasury's weekly report, the lowest first."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--series", choices=[SERIES], required=True)
        parser.add_argument("--sheet", type=int, choices=LEAGUE_SHEETS, required=True)
        parser.add_argument("--spending", choices=SPENDINGS, default="total")
        parser.add_argument("--kind", choices=get_args(Kind), help="default: whom the sheet ranks")
        parser.add_argument("--as-of", type=date.fromisoformat, help="ISO; default: the newest")
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        found = treasury_ranking(
            options["sheet"], options["spending"], options["as_of"], kind=options["kind"]
        )
        if found is None or not found.rows:
            day = f" ณ {format_long(options['as_of'])}" if options["as_of"] else ""
            raise CommandError(
                f"ไม่มีรายงานของกรมบัญชีกลาง{day} ที่มีแผ่นงาน {options['sheet']}: นำเข้าด้วย "
                "tiddao import_cgd FILE --sheets all (no such sheet)",
                returncode=NOTHING,
            )
        said = ranking_out(found)
        if options["json"]:
            self.stdout.write(said.model_dump_json(indent=1))
            return
        self.stdout.write(
            f"แผ่นงาน {said.sheet} {said.basis_words} ({said.spending_name}) "
            f"ข้อมูล ณ {format_long(said.as_of)}; {said.universe}; {said.order_words}"
        )
        self.stdout.write("  จากน้อย จากมาก ตามไฟล์  ร้อยละ")
        for row in said.rows:
            ranks = (row.rank_from_lowest, row.rank_from_highest, row.printed_rank)
            gap = f"  ({row.gap_shown})" if row.gap_shown else ""
            self.stdout.write(
                "  "
                + " ".join(f"{'–' if each is None else each:>6}" for each in ranks)
                + f"  {row.shown or '–':>6}  {row.name}{gap}"
            )
