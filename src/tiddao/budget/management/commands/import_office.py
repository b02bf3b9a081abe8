"""``tiddao import_office FILE --province 47 --fiscal-year 2569 [--as-of] [--dry-run] [--json]``."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from collections import Counter
from dataclasses import asdict
from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from tiddao.budget.actions.workbook_acceptance import Accepted, accept_workbook
from tiddao.budget.actions.workbooks import ChangeRefused, receive_workbook
from tiddao.budget.models import WorkbookUpload
from tiddao.budget.queries.office_reading import LARGEST_WORKBOOK, ReadUpload, read_new
from tiddao.budget.queries.offices import office_units
from tiddao.budget.queries.workbook_effect import Effect, effect_of, known_books
from tiddao.budget.queries.workbook_report import all_issues, issue_as_json
from tiddao.budget.rules.cgd_figures import WorkbookRefused
from tiddao.budget.rules.office_issues import refusal_of
from tiddao.budget.rules.office_lines import StatedLine
from tiddao.kernel.dates import DateUnreadable, parse_date
from tiddao.kernel.fiscal import FiscalYear, FiscalYearUnreadable
from tiddao.ledger.actors import SYSTEM

REFUSED = 2  # exit code: the file or the words of the call cannot be used

_CHANGE_TH = {
    "no_day": "ไม่พบวันที่ของข้อมูลในไฟล์ ให้ระบุด้วย --as-of เช่น --as-of 30/6/2569",
    "nothing_to_take": "ไม่มีรายการใดในไฟล์นี้ที่รับเข้าสมุดเงินได้",
    "not_in_year": "วันที่ของข้อมูลไม่อยู่ในปีงบประมาณนี้",
    "in_future": "วันที่ของข้อมูลยังมาไม่ถึง",
    "book_closed": "สมุดเงินของปีงบประมาณนี้ปิดแล้ว",
}


class Command(BaseCommand):
    help = (
        "Take a provincial office's own workbook into the offices' books, with every issue by sheet "
        "and cell; what is in doubt stays out and is named. --dry-run: only say what it holds and "
        "what taking it in would do."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--province", required=True, metavar="CODE", help="two digits")
        parser.add_argument("--fiscal-year", required=True, metavar="YEAR")
        parser.add_argument(
            "--as-of", metavar="DAY", help="30/6/2569, where the file prints no day"
        )
        parser.add_argument("--dry-run", action="store_true")
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["file"]
        year, as_of = _year(options["fiscal_year"]), _day(options["as_of"])
        province, now = options["province"], timezone.now()
        if office_units(province, on=year.end) is None:
            raise CommandError(f"ไม่มีจังหวัดรหัส “{province}”", returncode=REFUSED)
        try:
            content = _content(path)
            read = read_new(content, file=path.name, province=province, year=year)
        except (WorkbookRefused, OSError) as refused:
            raise CommandError(str(refused), returncode=REFUSED) from None
        effect = effect_of(read.lines.stated, known_books(province, year), as_of=as_of)
        done: Accepted | None = None
        if not options["dry_run"]:
            refusal = refusal_of(read.workbook)
            if refusal is not None:
                raise CommandError(str(refusal), returncode=REFUSED)
            done = _take_in(content, read, as_of=as_of, at=now)
        if options["json"]:
            said = json.dumps(_as_dict(read, effect, done), ensure_ascii=False, indent=1)
            self.stdout.write(said)
        else:
            self._say(path, read, effect, done)

    def _say(self, path: Path, read: ReadUpload, effect: Effect, done: Accepted | None) -> None:
        workbook = read.workbook
        issues = all_issues(workbook, read.lines, effect)
        wrote = (
            "ไม่ได้เขียนอะไร"
            if done is None
            else f"รับเข้าสมุดเงิน {done.lines} รายการ ของ {done.offices} สำนักงาน "
            f"(บันทึก {done.posted} กลับรายการ {done.undone})"
        )
        self.stdout.write(
            f"{path.name}: {len(workbook.sheets)} แผ่นงาน {len(workbook.rows)} แถว "
            f"(นับ {len(workbook.counted_rows)}) โครงการ {len(workbook.projects)}; {wrote}"
        )
        for code, count in Counter(each.type for each in issues).most_common():
            self.stdout.write(f"  {code}: {count}")
        for each in issues:
            self.stdout.write(f"  {each.sheet}!{each.cell} {each.message_th}")


def _take_in(content: bytes, read: ReadUpload, *, as_of: date | None, at: datetime) -> Accepted:
    """Keep the file and take it in, both or neither."""
    upload: WorkbookUpload | None = None
    try:
        with transaction.atomic():
            upload = receive_workbook(
                content,
                file_name=read.workbook.file,
                province=read.workbook.province_code,
                year=read.year,
                as_of=as_of,
                by=SYSTEM,
                at=at,
                read=read,
            )
            return accept_workbook(upload.pk, version=upload.version, by=SYSTEM, at=at, read=read)
    except ChangeRefused as refused:
        if upload is not None and upload.file.name:
            upload.file.storage.delete(upload.file.name)  # its row was rolled back
        words = _CHANGE_TH.get(refused.code, refused.code)
        raise CommandError(words, returncode=REFUSED) from None


def _year(words: str) -> FiscalYear:
    try:
        return FiscalYear.parse(words)
    except FiscalYearUnreadable as fault:
        raise CommandError(str(fault), returncode=REFUSED) from None


def _day(words: str | None) -> date | None:
    try:
        return parse_date(words) if words else None
    except DateUnreadable as fault:
        raise CommandError(str(fault), returncode=REFUSED) from None


def _content(path: Path) -> bytes:
    """The file's bytes; of one that is far too large only as many as prove it."""
    with path.open("rb") as file:
        return file.read(LARGEST_WORKBOOK + 1)


def _as_dict(read: ReadUpload, effect: Effect, done: Accepted | None) -> dict[str, Any]:
    """The reader's own account, with what taking it in did, or would do, to each statement."""
    said = read.workbook.as_dict()
    said["issues"] = [issue_as_json(each) for each in all_issues(read.workbook, read.lines, effect)]
    said["statements"] = [_statement(line, fate) for line, fate in effect.fates]
    said["not_taken"] = [
        {
            "unit": each.unit,
            "category": each.category,
            "why": each.why,
            "words": each.why_th,
            "sheet": each.sheet,
            "rows": list(each.rows),
            "amount": None if each.amount is None else f"{each.amount:f}",
        }
        for each in read.lines.left_out
    ]
    said["written"] = None if done is None else asdict(done)
    return said


def _statement(line: StatedLine, fate: str) -> dict[str, Any]:
    return {
        "unit": line.key.unit,
        "category": line.key.category,
        "tranche": line.key.tranche,
        "project": line.key.project,
        "activity": line.key.activity,
        "amounts": {
            measure: None if value is None else f"{value:f}"
            for measure, value in line.amounts.items()
        },
        "fate": fate,
    }
