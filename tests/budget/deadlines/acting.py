"""Money behind a deadline, ready to plan for: district 5712 of fiscal year 2562, at 33.28 %."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

from tests.budget.books.writing import a_book, an_envelope, line, post
from tiddao.budget.actions.deadlines import NewDeadline, set_deadline
from tiddao.budget.actions.plans import PlannedWeek, WrittenPlan
from tiddao.budget.models import SpendingDeadline
from tiddao.budget.queries.plans import proposal
from tiddao.kernel.fiscal import FiscalYear
from tiddao.ledger.actors import Actor

YEAR = FiscalYear(2562)
TODAY = date(2019, 1, 24)
AT = datetime(2019, 1, 24, 3, tzinfo=UTC)
LATER = datetime(2019, 1, 24, 4, tzinfo=UTC)
MUCH_LATER = datetime(2019, 1, 24, 5, tzinfo=UTC)

OFFICER = Actor("user:900001", "เจ้าหน้าที่การเงิน", "post:1 finance_officer CDD-5712")
HEAD = Actor("user:900002", "พัฒนาการอำเภอ", "post:2 district_head CDD-5712")
PROVINCE = Actor("user:900003", "พัฒนาการจังหวัด", "post:3 provincial_head CDD-57")
CENTRE = Actor("user:900004", "รองอธิบดี", "post:4 executive CDD")


def some_money(
    office: str = "CDD-5712",
    *,
    allotted: str = "1000000.00",
    spent: str = "332800.00",
    on: date = TODAY,
    document: str = "ฎ 1",
):
    """A book with one envelope; what was spent, on the day. Called again it spends more."""
    year = FiscalYear.of(on)
    book = a_book(office, year)
    envelope = an_envelope(book, project=f"24/{year}", owner="57", tranche="")
    if not book.entries.exists():
        post(book, line(envelope, "allotment", "จัดสรร 1", allotted, year.start), at=_midday(on))
    if Decimal(spent):
        post(book, line(envelope, "disbursement", document, spent, on), at=_midday(on))
    return book


def _midday(on: date) -> datetime:
    return datetime(on.year, on.month, on.day, 5, tzinfo=UTC)


def a_deadline(place: str = "th", *, day: date = date(2019, 3, 31), **changes) -> SpendingDeadline:
    wanted = {
        "place": place,
        "year": YEAR,
        "name_th": "เร่งรัดการเบิกจ่ายให้แล้วเสร็จภายใน 31 มีนาคม 2562",
        "day": day,
        "goal": Decimal(100),
        "basis": "disbursed",
        "source": "ที่ประชุมกรม 24 ม.ค. 2562",
    } | changes
    return set_deadline(NewDeadline(**wanted), on=TODAY, by=CENTRE, at=AT)


def a_plan(deadline: SpendingDeadline, place: str = "5712", *, less: str = "0", **changes):
    """The proposal as it stands; less: so much taken off the last week."""
    found = proposal(deadline, place, on=TODAY)
    assert found is not None
    amounts = list(found.amounts)
    if amounts:
        amounts[-1] -= Decimal(less)
    said = {
        "reasons": ("late_allotment", "procurement"),
        "words": "จัดซื้อจัดจ้างแล้วเสร็จกลางเดือนกุมภาพันธ์",
        "weeks": tuple(
            PlannedWeek(week.until, amount)
            for week, amount in zip(found.weeks, amounts, strict=True)
        ),
    } | changes
    return WrittenPlan(**said)
