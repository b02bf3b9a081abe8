"""``tiddao directives [--place KEY] [--year 2569] [--json]``: directives and where offices stand."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from tiddao.kernel.dates import format_medium
from tiddao.people.access import HeldPost, Standing
from tiddao.places.queries import find_unit
from tiddao.policy.queries.directives import (
    DirectiveLine,
    Wanted,
    directive_lines,
    directives_seen,
)

NOT_FOUND = 2  # exit code


class Command(BaseCommand):
    help = "List directives of a place with the counts of its offices. Writes nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--place", default="th", help="place code or group key")
        parser.add_argument("--year", type=int, help="fiscal year, Buddhist era")
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        on = timezone.localdate()
        unit = find_unit(options["place"], on=on)
        if unit is None:
            raise CommandError(f"ไม่รู้จักพื้นที่ {options['place']}", returncode=NOT_FOUND)
        # The machine's own administrator sees what a post over the place would see.
        over = HeldPost(0, "auditor", "", "", "", "substantive", unit.members, None)
        standing = Standing(0, "", on, (over,))
        rows = directives_seen(standing, Wanted(fiscal_year=options["year"]))
        lines = directive_lines(rows, standing)
        if options["json"]:
            said = [_plain(line) for line in lines]
            self.stdout.write(json.dumps(said, ensure_ascii=False, indent=1))
            return
        for line in lines:
            self.stdout.write(_words(line))


def _plain(line: DirectiveLine) -> dict[str, Any]:
    return {
        "id": line.id,
        "title": line.title,
        "sender": line.sender,
        "on_behalf_of": line.on_behalf_of,
        "line": line.line,
        "sent_on": line.sent_on.isoformat(),
        "due_on": line.due.day.isoformat() if line.due else None,
        "last_working_day": line.due.last_working_day.isoformat()
        if line.due and line.due.last_working_day
        else None,
        "cancelled": line.is_cancelled,
        "offices": line.tally.total,
        "silent": line.tally.silent,
        "overdue": line.tally.overdue,
        "states": dict(line.tally.states),
    }


def _words(line: DirectiveLine) -> str:
    due = f" ภายใน {format_medium(line.due.day)}" if line.due else ""
    tally = line.tally
    return (
        f"{line.id}  {line.title}{due}: สั่ง {tally.total} ยังไม่ตอบ {tally.silent} "
        f"ขัดข้อง {tally.objected} กำลังทำ {tally.acknowledged + tally.working} "
        f"รอตรวจ {tally.done} ปิดเรื่อง {tally.closed}"
    )
