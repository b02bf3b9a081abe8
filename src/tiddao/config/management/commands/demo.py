"""``tiddao demo``: demonstration data, once; ``tiddao demo --accounts``: who may sign in."""

from __future__ import annotations

import time
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from tiddao.config.demonstration import people, stages


class Command(BaseCommand):
    help = "Load demonstration data (a second run changes nothing); --accounts lists its accounts."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--accounts", action="store_true", help="print the accounts and their password"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["accounts"]:
            self._print_accounts()
            return
        try:
            for words, seconds in _timed(stages.load()):
                self.stdout.write(f"  ข้อมูลสาธิต: {words} {seconds:.1f} วินาที")
        except stages.RealData:
            raise CommandError(
                "มีบัญชีผู้ใช้จริงอยู่แล้ว จึงไม่ใส่ข้อมูลสาธิตปนกับข้อมูลจริง "
                "(accounts of real people are here; serve without demonstration data: tiddao up --no-demo)"
            ) from None

    def _print_accounts(self) -> None:
        accounts = people.accounts()
        if not accounts:
            self.stdout.write("  ยังไม่มีบัญชีสาธิต: สั่ง tiddao demo ก่อน (no demonstration accounts yet)")
            return
        width = max(len(each.username) for each in accounts)
        self.stdout.write("\n  บัญชีสาธิต (demonstration accounts)")
        for each in accounts:
            self.stdout.write(f"    {each.username:<{width}}  {each.name} — {each.post}")
        password = (
            people.shared_password() or f"ไม่มีแฟ้ม {people.ACCOUNTS_FILE} แล้ว (its file is gone)"
        )
        self.stdout.write(f"  รหัสผ่านของทุกบัญชี (password of each): {password}")


def _timed(words: Any) -> Any:
    """Yield each stage's words with the seconds it took, once the next one begins."""
    current, began = None, time.monotonic()
    for each in words:
        if current is not None:
            yield current, time.monotonic() - began
        current, began = each, time.monotonic()
    if current is not None:
        yield current, time.monotonic() - began
