"""The child of ``bench.books``: loads the nation's books, then asks for each board."""

from __future__ import annotations

import resource
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import partial
from itertools import groupby
from multiprocessing import get_context
from typing import TYPE_CHECKING, NamedTuple

import django
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bench.measure import seconds, table, timed
from bench.pages import signed_in
from tiddao.budget.actions.boards import take_week
from tiddao.budget.actions.books import ensure_activity, ensure_project
from tiddao.budget.actions.deadlines import NewDeadline, set_deadline
from tiddao.budget.actions.quality import count_questions
from tiddao.budget.actions.takeover import TakenBook, take_over_books
from tiddao.budget.models import Board, Book, BookEntry, SpendingDeadline
from tiddao.budget.models import Envelope as Envelope_
from tiddao.budget.rules.accounts import Entry, EntryId, Envelope
from tiddao.budget.rules.weeks import board_days
from tiddao.config.demonstration import people
from tiddao.config.demonstration.calendar import EVENING, moment
from tiddao.config.demonstration.districts import SHOWN, random_for
from tiddao.config.demonstration.money import YEARS_BEFORE
from tiddao.kernel.dates import BANGKOK
from tiddao.kernel.fiscal import FiscalYear
from tiddao.ledger.actors import SYSTEM
from tiddao.places.models import NATION, Office, OfficeKind

if TYPE_CHECKING:
    from tiddao.budget.rules.cgd_figures import Spending

YEAR = FiscalYear(FiscalYear.of(datetime.now(BANGKOK).date()).be - YEARS_BEFORE - 1)
"""The year before the demonstration's first: nobody has a book of it."""
LOADERS = 2
RUNS = 5
GOAL = 0.300  # seconds of server time a board
PROJECTS = 100
WEEKS = 52
_FUNDS = ("admin", "strategy", "strategy", "province")
_SPENDING: tuple[Spending, ...] = ("recurrent", "recurrent", "recurrent", "investment", "total")
_TRANCHES = ("ไตร 1-2", "ไตร 3-4", "ไตร 4")


def main() -> None:
    began = time.perf_counter()
    loaded = _load()
    table(
        ["loaded", "offices", "entries", "time", "per second", "peak memory", "database"],
        [
            [
                f"fiscal year {YEAR}",
                f"{loaded.offices:,}",
                f"{loaded.entries:,}",
                seconds(loaded.seconds),
                f"{loaded.entries / loaded.seconds:,.0f}",
                f"{LOADERS} × {loaded.peak_mb:.0f} MB",
                f"{loaded.database_mb:,.0f} MB",
            ]
        ],
    )
    _measure()
    print(f"   all of this took {seconds(time.perf_counter() - began)}")


# -- asking ---------------------------------------------------------------------------------------


def _measure() -> None:
    deadline = _deadline()
    book = Book.objects.get(office=f"CDD-{SHOWN}", fiscal_year=YEAR.be)
    envelope = Envelope_.objects.filter(book=book).order_by("pk").first()
    assert envelope is not None  # loaded
    entry = BookEntry.objects.filter(envelope=envelope).order_by("pk").first()
    assert entry is not None  # loaded
    board = _board(deadline)
    year = f"year={YEAR}"
    mid = f"{year}&on=15/3/{YEAR}"
    addresses = [
        ("nation × provinces", f"/places/th/money/?{year}"),
        (
            "nation × provinces, used, investment",
            f"/places/th/money/?{year}&basis=used&spending=investment",
        ),
        ("nation × provinces, a past day", f"/places/th/money/?{mid}"),
        ("nation × districts (JSON)", f"/api/v1/places/th/money/league?{year}&level=district"),
        ("nation × provinces (JSON)", f"/api/v1/places/th/money/league?{year}"),
        ("inspection region", f"/places/inspection-16/money/?{year}"),
        ("province × districts", f"/places/30/money/?{year}"),
        ("province, a past day", f"/places/30/money/?{mid}"),
        ("province (JSON)", f"/api/v1/places/30/money?{year}"),
        ("district", f"/places/{SHOWN}/money/?{year}"),
        ("book of 100 envelopes", f"/places/{SHOWN}/money/books/?{year}"),
        ("envelope", f"/books/envelopes/{envelope.pk}/"),
        ("entry", f"/books/entries/{entry.pk}/"),
        ("papers of a book", f"/books/{book.pk}/papers/"),
        ("advances of a province", f"/places/30/money/books/advances/?{year}"),
        ("projects of a province", f"/places/30/money/books/projects/?{year}"),
        ("entries (JSON)", f"/api/v1/envelopes/{envelope.pk}/entries"),
        ("curves, nation", f"/places/th/money/curves/?{year}"),
        ("curves, province", f"/places/30/money/curves/?{year}"),
        ("curves, district", f"/places/{SHOWN}/money/curves/?{year}"),
        ("A4 page of a province (PDF)", f"/places/30/money/report.pdf?{year}"),
        ("deadlines of the nation", f"/places/th/money/deadlines/?{year}"),
        ("deadline board, nation", f"/deadlines/{deadline.pk}/"),
        ("deadline board, province", f"/deadlines/{deadline.pk}/?unit=30"),
        ("boards kept", f"/places/th/money/boards/?{year}"),
        ("board of a past week", f"/boards/{board}/"),
        ("reconciliation, province", "/places/30/money/reconciliation/"),
        ("questions, nation", f"/places/th/money/quality/?{year}"),
        ("questions, province", f"/places/30/money/quality/?{year}"),
        ("questions, district", f"/places/{SHOWN}/money/quality/?{year}"),
    ]
    client = signed_in(people.DEPUTY)
    rows, over = [], []
    for words, address in addresses:
        asked = _asked(client, address)
        rows.append([words, *asked.cells])
        if not asked.good:
            over.append((words, address))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    table(
        [
            "page",
            "status",
            "median",
            "CPU",
            "span",
            "queries",
            "slowest query",
            "KB",
            "within goal",
        ],
        rows,
    )
    print(f"   memory of the serving process at its peak: {before:.0f} MB")
    for words, address in over:
        _explain(client, words, address)


class _Answered(NamedTuple):
    cells: tuple[object, ...]
    good: bool


def _asked(client: Client, address: str) -> _Answered:
    def ask() -> tuple[int, int]:
        response = client.get(address)
        body = b"".join(response) if response.streaming else response.content
        return response.status_code, len(body)

    timing, (status, size) = timed(ask, runs=RUNS, warm=1)
    with CaptureQueriesContext(connection) as queries:
        ask()
    slowest = max((float(each["time"]) for each in queries), default=0.0)
    good = timing.median < GOAL and status == 200
    cells = (
        status, timing, timing.work, timing.span, len(queries), seconds(slowest), f"{size / 1024:.0f}",
        "yes" if good else "NO",
    )  # fmt: skip
    return _Answered(cells, good)


def _explain(client: Client, words: str, address: str) -> None:
    """Print the plan of the slowest query of a page that is over the goal."""
    with CaptureQueriesContext(connection) as queries:
        client.get(address)
    slowest = max(queries, key=lambda each: float(each["time"]), default=None)
    if slowest is None or float(slowest["time"]) < 0.02:
        return
    print(f"\n   {words}: its slowest query took {slowest['time']} s")
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (ANALYZE, BUFFERS) {slowest['sql']}")
        for (line,) in cursor.fetchall()[:12]:
            print(f"      {line[:180]}")


def _deadline() -> SpendingDeadline:
    found = SpendingDeadline.objects.filter(place=NATION, fiscal_year=YEAR.be).first()
    if found is not None:
        return found
    on = YEAR.quarter_start(4)
    return set_deadline(
        NewDeadline(
            place=NATION,
            year=YEAR,
            name_th="ทดสอบขนาด",
            day=YEAR.end,
            goal=Decimal(93),
            basis="disbursed",
            source="bench",
        ),
        on=on,
        by=people.actor(people.DEPUTY, on=on),
        at=moment(on, EVENING),
    )


def _board(deadline: SpendingDeadline) -> int:
    """Keep the boards of one week, with their time; return the number of the nation's."""
    day = board_days(YEAR, until=YEAR.end - timedelta(days=20))[-1]
    began = time.perf_counter()
    done = take_week(day, by=SYSTEM, at=moment(YEAR.end, EVENING))
    took = time.perf_counter() - began
    if done.boards:
        print(f"   a week's boards: {done.boards} boards, {done.lines:,} lines in {seconds(took)}")
    began = time.perf_counter()
    questions = count_questions(YEAR, today=YEAR.end)
    took = time.perf_counter() - began
    print(f"   questions of all offices, counted at night: {questions:,} in {seconds(took)}\n")
    rows = Board.objects.filter(as_of=day, deadline=deadline, reference__contains=NATION)
    return rows.order_by("pk").values_list("pk", flat=True)[0]


# -- loading --------------------------------------------------------------------------------------


class _Loaded(NamedTuple):
    offices: int
    entries: int
    seconds: float
    peak_mb: float  # of one loader
    database_mb: float


def _load() -> _Loaded:
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
    provinces = [list(members) for _, members in groupby(offices, key=lambda code: code[4:6])]
    connection.close()
    began = time.perf_counter()
    with ProcessPoolExecutor(
        LOADERS, mp_context=get_context("spawn"), initializer=django.setup
    ) as loaders:
        done = [*loaders.map(partial(_load_province, activities), provinces)]
    took = time.perf_counter() - began
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
        cursor.execute("SELECT pg_database_size(current_database()) / 1048576")
        (size,) = cursor.fetchone()
    return _Loaded(
        offices=len(offices),
        entries=sum(entries for entries, _ in done),
        seconds=took,
        peak_mb=max(peak for _, peak in done),
        database_mb=float(size),
    )


def _load_province(activities: list[int], offices: list[str]) -> tuple[int, float]:
    """Take over the books of one province's offices; return the entries and this loader's peak in MB."""
    done = take_over_books(
        (TakenBook(office, list(_entries(office, activities))) for office in offices),
        YEAR,
        place=offices[0][4:6],
        source="bench",
        by=SYSTEM,
        at=moment(YEAR.end, EVENING),
    )
    return done.entries, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


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
