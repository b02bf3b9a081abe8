"""The child of ``bench.books``: loads the nation's books once, then asks for each board."""

from __future__ import annotations

import json
import os
import resource
import sys
import time
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import groupby
from typing import TYPE_CHECKING

import django

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tiddao.config.settings")
    django.setup()

from django.core.management import call_command
from django.db import connection, transaction

from bench.books import MARK, PLAN
from bench.measure import seconds, table
from tiddao.budget.actions.books import ensure_activity, ensure_project
from tiddao.budget.actions.takeover import TakenBook, take_over_books
from tiddao.budget.models import BookEntry
from tiddao.budget.rules.books import Entry, EntryId, Envelope
from tiddao.config.demonstration import people, stages
from tiddao.config.demonstration.calendar import EVENING, moment
from tiddao.config.demonstration.districts import random_for
from tiddao.kernel.dates import BANGKOK
from tiddao.kernel.fiscal import FiscalYear
from tiddao.ledger.actors import SYSTEM
from tiddao.places.models import NATION, Office, OfficeKind

if TYPE_CHECKING:
    from tiddao.budget.rules.cgd_figures import Spending

YEAR = FiscalYear.of(datetime.now(BANGKOK).date()).previous()
"""The last whole year: every page can be asked for it."""
PROJECTS = 100
WEEKS = 52
_FUNDS = ("admin", "strategy", "strategy", "province")
_SPENDING: tuple[Spending, ...] = ("recurrent", "recurrent", "recurrent", "investment", "total")
_TRANCHES = ("ไตร 1-2", "ไตร 3-4", "ไตร 4")


def main() -> int:
    quiet = {"verbosity": 0} if MARK.exists() else {}
    call_command("setup", **quiet)
    connection.ensure_connection()
    if not MARK.exists():
        _load()
    said = json.loads(MARK.read_text(encoding="utf-8"))
    table(
        ["loaded", "offices", "entries", "time", "per second", "peak memory", "database"],
        [
            [
                f"fiscal year {said['year']}",
                f"{said['offices']:,}",
                f"{said['entries']:,}",
                seconds(said["seconds"]),
                f"{said['entries'] / said['seconds']:,.0f}",
                f"{said['peak_mb']:.0f} MB",
                f"{said['database_mb']:,.0f} MB",
            ]
        ],
    )
    return 0


# -- loading --------------------------------------------------------------------------------------


def _load() -> None:
    stages.mark_installation()
    if not people.people_are_there():
        with transaction.atomic():
            people.make_people()
    before = moment(YEAR.start - timedelta(days=10), EVENING)
    activities = [
        ensure_activity(
            ensure_project(
                YEAR, NATION, number=f"{number}/{YEAR}", name_th=f"โครงการทดสอบขนาดที่ {number}",
                by=SYSTEM, at=before,
            )
        ).pk
        for number in range(1, PROJECTS + 1)
    ]  # fmt: skip
    offices = list(
        Office.objects.filter(kind=OfficeKind.DISTRICT)
        .order_by("code")
        .values_list("code", flat=True)
    )
    began = time.perf_counter()
    for province, members in groupby(offices, key=lambda code: code[4:6]):
        books = (TakenBook(office, list(_entries(office, activities))) for office in members)
        take_over_books(
            books,
            YEAR,
            place=province,
            source="bench",
            by=SYSTEM,
            at=moment(YEAR.end, EVENING),
        )
        print(f"\r   {province}", end="", flush=True)
    took = time.perf_counter() - began
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
        cursor.execute("SELECT pg_database_size(current_database()) / 1048576")
        (size,) = cursor.fetchone()
    said = {
        "plan": PLAN,
        "year": YEAR.be,
        "offices": len(offices),
        "entries": BookEntry.objects.count(),
        "seconds": took,
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        "database_mb": float(size),
    }
    MARK.write_text(json.dumps(said), encoding="utf-8")
    print("\r", end="")


def _entries(office: str, activities: list[int]) -> Iterator[Entry]:
    """One allotment and a payment in every other week, for each project of the office."""
    random = random_for("bench books", office)
    days = [_working(YEAR.start + timedelta(weeks=week, days=2)) for week in range(WEEKS)]
    known = [moment(day, EVENING) for day in days]
    pace = 0.6 + 0.4 * random.random()
    for number, activity in enumerate(activities):
        envelope = Envelope(
            "",
            str(activity),
            _FUNDS[number % len(_FUNDS)],
            _SPENDING[number % len(_SPENDING)],
            _TRANCHES[number % len(_TRANCHES)],
        )
        given = 10_000_00 + int(random.random() * 90_000_00)
        first = EntryId("allotment", f"จส {number}")
        yield Entry(first, envelope, _baht(given), days[0], known[0])
        week = int(given * pace / WEEKS)
        for count in range(1, WEEKS):
            paid = max(int(week * (0.2 + 0.8 * random.random())), 1)
            payment = EntryId("disbursement", f"ขบ {number}-{count}")
            yield Entry(payment, envelope, _baht(paid), days[count], known[count])


def _baht(satang: int) -> Decimal:
    return Decimal(satang).scaleb(-2)


def _working(on: date) -> date:
    return on - timedelta(days=max(on.weekday() - 4, 0))


if __name__ == "__main__":
    sys.exit(main())
