"""``tiddao pace --as-of DAY --percent P --deadline DAY [--goal G] [--base BAHT] [--since DAY=P] [--json]``.

What must be done each working day until a deadline. Needs no database: it is plain reckoning.
"""

from __future__ import annotations

import json
from argparse import ArgumentParser, ArgumentTypeError
from datetime import date
from decimal import Decimal
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from tiddao.budget.rules.pace import Pace, Reported, pace_to
from tiddao.kernel.dates import DateUnreadable, format_long, parse_date
from tiddao.kernel.numerals import NumberUnreadable, format_decimal, parse_decimal
from tiddao.kernel.workdays import HolidaysUnknown


class Command(BaseCommand):
    help = "Say what a deadline takes each working day, with the holidays named."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--as-of", type=_day, required=True, help="2019-01-24 or 24 ม.ค. 2562")
        parser.add_argument(
            "--percent", type=_number, required=True, help="share reached, per cent"
        )
        parser.add_argument("--deadline", type=_day, required=True)
        parser.add_argument("--goal", type=_number, default=Decimal(100), help="per cent")
        parser.add_argument(
            "--base", type=_number, help="baht; then baht a working day are said too"
        )
        parser.add_argument(
            "--since", type=_report, action="append", default=[],
            help="an earlier share, DAY=PERCENT, for the pace of the last 30 days",
        )  # fmt: skip
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            found = pace_to(
                options["deadline"],
                as_of=options["as_of"],
                percent=options["percent"],
                base=options["base"],
                goal=options["goal"],
                reports=options["since"],
            )
        except HolidaysUnknown as unknown:
            raise CommandError(f"{unknown} (holidays unknown)") from unknown
        except ValueError as fault:
            raise CommandError(
                f"วันที่ {options['as_of'].isoformat()} อยู่ก่อนปีงบประมาณของกำหนด ({fault})"
            ) from fault
        if options["json"]:
            self.stdout.write(json.dumps(said(found), ensure_ascii=False, indent=1))
        else:
            self.stdout.write("\n".join(lines(found)))


def said(pace: Pace) -> dict[str, Any]:
    """The whole reckoning as JSON: numbers as text, so that nothing is rounded on the way."""

    def text(value: Decimal | None) -> str | None:
        return None if value is None else f"{value:f}"

    recent = pace.recent
    return {
        "as_of": pace.as_of.isoformat(),
        "deadline": pace.deadline.isoformat(),
        "last_working_day": pace.last_working_day.isoformat(),
        "last_working_day_th": pace.deadline_th,
        "goal": text(pace.goal),
        "percent": text(pace.percent),
        "elapsed_days": pace.elapsed_days,
        "year_days": pace.year_days,
        "elapsed_percent": text(pace.elapsed_percent),
        "calendar_days_left": pace.calendar_days_left,
        "weekdays_left": pace.weekdays_left,
        "working_days_left": pace.working_days_left,
        "days_off": [{"on": each.on.isoformat(), "name": each.name} for each in pace.days_off],
        "holidays_announced": pace.holidays_announced,
        "points_left": text(pace.points_left),
        "baht_left": text(pace.baht_left),
        "points_per_working_day": text(pace.points_per_working_day),
        "points_per_calendar_day": text(pace.points_per_calendar_day),
        "baht_per_working_day": text(pace.baht_per_working_day),
        "points_per_day_so_far": text(pace.points_per_day_so_far),
        "recent": None
        if recent is None
        else {
            "since": recent.since.isoformat(),
            "points": text(recent.points),
            "points_per_day": text(recent.points_per_day),
            "points_per_working_day": text(recent.points_per_working_day),
        },
        "ratio_so_far": text(pace.ratio_so_far),
        "ratio_recent": text(pace.ratio_recent),
    }


def lines(pace: Pace) -> list[str]:
    """The same in sentences."""
    off = "; ".join(f"{format_long(each.on)} {each.name}" for each in pace.days_off)
    found = [
        f"ณ {format_long(pace.as_of)} อยู่ที่ร้อยละ {_shown(pace.percent)} เป้าหมายร้อยละ {_shown(pace.goal)}",
        (
            f"ผ่านไป {pace.elapsed_days} จาก {pace.year_days} วันของปีงบประมาณ "
            f"(ร้อยละ {_shown(pace.elapsed_percent, 1)})"
        ),
        f"วันทำการสุดท้าย {pace.deadline_th}",
        (
            f"เหลือ {pace.calendar_days_left} วันตามปฏิทิน วันธรรมดา {pace.weekdays_left} วัน "
            f"เป็นวันทำการ {pace.working_days_left} วัน"
        ),
        f"วันหยุดที่ไม่นับ: {off or 'ไม่มี'}",
        (
            f"ยังขาด {_shown(pace.points_left)} จุด ต้องได้วันทำการละ {_shown(pace.points_per_working_day)} จุด "
            f"(วันละ {_shown(pace.points_per_calendar_day)} จุดตามปฏิทิน)"
        ),
        (
            f"ที่ผ่านมาได้วันละ {_shown(pace.points_per_day_so_far)} จุดตามปฏิทิน "
            f"ต้องเร็วขึ้นเป็น {_shown(pace.ratio_so_far)} เท่า"
        ),
    ]
    if pace.baht_left is not None:
        found.append(
            f"เป็นเงิน {_shown(pace.baht_left)} บาท วันทำการละ {_shown(pace.baht_per_working_day)} บาท"
        )
    if pace.recent is not None:
        found.append(
            f"ตั้งแต่ {format_long(pace.recent.since)} ได้วันทำการละ "
            f"{_shown(pace.recent.points_per_working_day)} จุด ต้องเร็วขึ้นเป็น {_shown(pace.ratio_recent)} เท่า"
        )
    if not pace.holidays_announced:
        found.append("วันหยุดบางวันเป็นการคาดการณ์ คณะรัฐมนตรีอาจประกาศเพิ่ม")
    return found


def _shown(value: Decimal | None, places: int = 2) -> str:
    return "–" if value is None else format_decimal(value, places)


def _day(text: str) -> date:
    try:
        return parse_date(text)
    except DateUnreadable as fault:
        raise ArgumentTypeError(fault.reason) from fault


def _number(text: str) -> Decimal:
    try:
        return parse_decimal(text)
    except NumberUnreadable as fault:
        raise ArgumentTypeError(fault.reason) from fault


def _report(text: str) -> Reported:
    day, sign, percent = text.partition("=")
    if not sign:
        raise ArgumentTypeError("เขียนเป็น วัน=ร้อยละ เช่น 2018-12-28=25.10")
    return Reported(_day(day), _number(percent))
