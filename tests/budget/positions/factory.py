"""Books as rows, put straight into the sums that boards read: fast, and without the acts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal

from tests.budget.months import keep_months
from tiddao.budget.models import Book, BookBalance, BookDay, WorkbookIssue, WorkbookUpload
from tiddao.kernel.fiscal import FiscalYear

YEAR = FiscalYear(2569)
OPENED = datetime(2025, 10, 1, 1, 0, tzinfo=UTC)
KNOWN = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)

_ACCOUNTS = (
    "allotted",
    "transferred",
    "disbursed",
    "committed",
    "returned",
    "advanced",
    "reserved",
)


def day_of(year: int, month: int, day: int) -> date:
    return date(year, month, day)


def keep(
    office: str,
    days: Mapping[date, Mapping[str, int | str]],
    *,
    fund: str = "strategy",
    spending: str = "recurrent",
    year: FiscalYear = YEAR,
    known_at: datetime = KNOWN,
) -> Book:
    """What each day adds to one office's book: {day: {"allotted": 1_000, "disbursed": 200}}.

    The book is opened when it is not there. What remains follows from the rest.
    """
    code = office if office.startswith("CDD") else f"CDD-{office}"
    place = "th" if code == "CDD" else code.removeprefix("CDD-")
    book, _ = Book.objects.get_or_create(
        office_id=code,
        fiscal_year=year.be,
        defaults={"place_id": place, "opened_at": OPENED},
    )
    total: dict[str, Decimal] = defaultdict(Decimal)
    for on, said in sorted(days.items()):
        accounts = {name: Decimal(said.get(name, 0)) for name in _ACCOUNTS}
        accounts["remaining"] = (
            accounts["allotted"]
            + accounts["transferred"]
            - accounts["disbursed"]
            - accounts["committed"]
            - accounts["returned"]
        )
        BookDay.objects.create(book=book, fund=fund, spending=spending, on=on, **accounts)
        for name, amount in accounts.items():
            total[name] += amount
    BookBalance.objects.create(
        book=book,
        fund=fund,
        spending=spending,
        last_on=max(days),
        last_known_at=known_at,
        **total,
    )
    keep_months(book)
    return book


def issue(
    unit: str, *, province: str = "57", severity: str = "refused", year: FiscalYear = YEAR, **more
) -> WorkbookIssue:
    """Something that a workbook of the province says wrongly about a unit."""
    upload = WorkbookUpload.objects.create(
        place_id=province,
        fiscal_year=year.be,
        file_name="ผลการเบิกจ่าย.xlsx",
        sha256="0" * 64,
        state=WorkbookUpload.State.ACCEPTED,
        by="user:1",
        at=KNOWN,
    )
    return WorkbookIssue.objects.create(
        upload=upload,
        unit_id=unit,
        type="REF_ERROR",
        severity=severity,
        sheet="งบยุทธศาสตร์",
        cell="D7",
        message_th="สูตรเสีย (#REF!) อ่านตัวเลขไม่ได้",
        **more,
    )
