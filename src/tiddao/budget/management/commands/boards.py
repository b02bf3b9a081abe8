"""``tiddao boards take [--as-of DAY] [--json]`` · ``tiddao boards show --place 57 [--as-of DAY] … [--json]``."""

from __future__ import annotations

from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from pydantic import TypeAdapter

from tiddao.budget.actions.boards import (
    BASES,
    BoardRefused,
    WeekTaken,
    take_boards_due,
    take_week,
)
from tiddao.budget.queries.boards import board_heads, board_view, boards_of
from tiddao.budget.rules.cgd_figures import SPENDINGS
from tiddao.budget.schemas.deadlines import board_out
from tiddao.kernel.dates import DateUnreadable, format_long, parse_date
from tiddao.kernel.numerals import format_decimal
from tiddao.ledger.actors import SYSTEM
from tiddao.places.models import NATION

NOTHING = 2  # exit code: no such board


class Command(BaseCommand):
    help = "Keep the boards of weeks that have ended, or show a kept board again."

    def add_arguments(self, parser: ArgumentParser) -> None:
        acts = parser.add_subparsers(dest="act", required=True)
        take = acts.add_parser("take", help="keep every week that is due, or one day's")
        take.add_argument("--as-of", type=_day, help="one week's last working day")
        take.add_argument("--json", action="store_true")
        show = acts.add_parser("show", help="show a kept board; the newest unless a day is named")
        show.add_argument("--place", default=NATION, help="th or a province's code")
        show.add_argument("--as-of", type=_day)
        show.add_argument("--series", choices=["books", "cgd"], default="books")
        show.add_argument("--sheet", type=int, choices=[11, 12, 13, 14], help="of series cgd")
        show.add_argument("--basis", choices=BASES)
        show.add_argument("--spending", choices=SPENDINGS, default="total")
        show.add_argument(
            "--deadline", type=int, help="number of the deadline; none: the year's goal"
        )
        show.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["act"] == "take":
            self._take(options)
        else:
            self._show(options)

    def _take(self, options: dict[str, Any]) -> None:
        at = timezone.now()
        done: tuple[WeekTaken, ...]
        try:
            if options["as_of"]:
                done = (take_week(options["as_of"], by=SYSTEM, at=at),)
            else:
                done = take_boards_due(by=SYSTEM, at=at)
        except BoardRefused as refused:
            raise CommandError(f"วันนี้ไม่ใช่วันทำการสุดท้ายของสัปดาห์ ({refused.code})") from refused
        if options["json"]:
            found = TypeAdapter(tuple[WeekTaken, ...]).dump_json(done, indent=1)
            self.stdout.write(found.decode())
            return
        for each in done:
            self.stdout.write(
                f"{format_long(each.as_of)}: เก็บใหม่ {each.boards} กระดาน {each.lines} แถว "
                f"มีอยู่แล้ว {each.stood}"
            )
        if not done:
            self.stdout.write("ไม่มีสัปดาห์ที่ต้องเก็บ")

    def _show(self, options: dict[str, Any]) -> None:
        rows = boards_of(
            options["place"],
            series=options["series"],
            basis=options["basis"],
            spending=options["spending"],
        )
        if options["as_of"]:
            rows = rows.filter(as_of=options["as_of"])
        if options["series"] == "cgd":
            rows = rows.filter(reference__startswith=f"sheet:{options['sheet'] or 13}/")
        else:
            rows = rows.filter(deadline=options["deadline"])
        head = next(iter(board_heads(rows[:1])), None)
        if head is None:
            raise CommandError(
                "ไม่มีกระดานที่เก็บไว้ตามที่ถาม: เก็บด้วย tiddao boards take (no such board)",
                returncode=NOTHING,
            )
        said = board_out(board_view(head))
        if options["json"]:
            self.stdout.write(said.model_dump_json(indent=1))
            return
        late = " (เก็บย้อนหลัง)" if head.is_late else ""
        self.stdout.write(
            f"ข้อมูล ณ {format_long(said.as_of)}{late}; {said.universe}; {said.order_words}"
        )
        for row in said.rows:
            share = "–" if row.percent is None else format_decimal(row.percent, 2)
            self.stdout.write(f"  {row.rank or '–':>4}  {share:>7}  {row.name}")


def _day(text: str) -> date:
    try:
        return parse_date(text)
    except DateUnreadable as fault:
        raise CommandError(str(fault.reason)) from fault
