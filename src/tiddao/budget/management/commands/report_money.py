"""``tiddao report_money [--round ID …] [--json]``: the books as results of star frameworks."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from tiddao.budget.actions.linked import REASON_TH, reasons_counted, report_money_results
from tiddao.kernel.dates import format_medium


class Command(BaseCommand):
    help = "Write what the offices' books say into the linked indicators of all open rounds."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--round", type=int, action="append", help="only this; repeatable")
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        done = report_money_results(
            on=timezone.localdate(), at=timezone.now(), rounds=options["round"]
        )
        if options["json"]:
            said = [
                {
                    "round": each.round,
                    "framework": each.framework,
                    "code": each.code,
                    "on": each.on.isoformat(),
                    "written": each.written,
                    "unchanged": each.unchanged,
                    "left_alone": [
                        {"place": one.place, "indicator": one.indicator, "reason": one.reason}
                        for one in each.left_alone
                    ],
                }
                for each in done
            ]
            self.stdout.write(json.dumps(said, ensure_ascii=False, indent=1))
            return
        if not done:
            self.stdout.write("ไม่มีรอบที่เปิดอยู่ซึ่งมีตัวชี้วัดเชื่อมจากงบ (no open round asks for money)")
        for each in done:
            self.stdout.write(
                f"{each.framework} {each.code}: เขียน {each.written} ผล เท่าเดิม {each.unchanged} "
                f"(สมุดเงิน ณ {format_medium(each.on)})"
            )
            for reason, count in sorted(reasons_counted([each]).items()):
                self.stdout.write(f"  ไม่เขียน {count}: {REASON_TH[reason]}")
