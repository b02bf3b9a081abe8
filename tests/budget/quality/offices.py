"""Books and workbooks with something to ask about, made by the acts themselves where there is one."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal

from tests.persons import BANGKOK
from tiddao.budget.actions.books import (
    EnvelopeKey,
    ensure_activity,
    ensure_envelope,
    ensure_project,
    open_book,
)
from tiddao.budget.actions.posting import NewEntry, post_entries
from tiddao.budget.actions.reconciliation import note_difference
from tiddao.budget.models import BookEntry, StatedScore, WorkbookIssue, WorkbookUpload
from tiddao.budget.queries.quality.counts import Tally, live_counts
from tiddao.budget.queries.quality.questions import Questions
from tiddao.budget.queries.quality.scope import scope_of
from tiddao.budget.rules.quality import KINDS
from tiddao.kernel.fiscal import FiscalYear
from tiddao.ledger.actors import SYSTEM

YEAR = FiscalYear(2569)
TODAY = date(2026, 7, 17)
AT = datetime(2026, 7, 17, 9, 0, tzinfo=BANGKOK)


def at(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 16, 0, tzinfo=BANGKOK)


class Office:
    """One office's book with one envelope a fund and type of spending."""

    def __init__(self, office: str = "CDD-5712", year: FiscalYear = YEAR) -> None:
        self.year = year
        self.book = open_book(office, year, by=SYSTEM, at=at(year.start))
        project = ensure_project(
            year, "th", number=f"24/{year}", name_th="ตลาดนัดคนไทยยิ้มได้", by=SYSTEM, at=AT
        )
        self.activity = ensure_activity(project).pk
        self.numbers = 0

    def envelope(
        self, fund: str = "strategy", spending: str = "recurrent", tranche: str = "ไตร 1-2"
    ):
        return ensure_envelope(self.book, EnvelopeKey(self.activity, fund, spending, tranche))

    def post(
        self,
        kind: str,
        baht: str,
        on: date,
        *,
        known: date | None = None,
        fund: str = "strategy",
        spending: str = "recurrent",
        **more: object,
    ) -> BookEntry:
        self.numbers += 1
        document = f"{kind} {self.numbers}"
        entry = NewEntry(
            envelope=self.envelope(fund, spending).pk,
            kind=kind,
            document=document,
            amount=Decimal(baht),
            on=on,
            **more,
        )
        post_entries(self.book.pk, [entry], by=SYSTEM, at=at(known or on))
        return BookEntry.objects.get(book=self.book, document=document)


def workbook(
    province: str = "57", *, as_of: date = date(2026, 7, 10), year: FiscalYear = YEAR, **more
) -> WorkbookUpload:
    return WorkbookUpload.objects.create(
        place_id=province,
        fiscal_year=year.be,
        as_of=as_of,
        file="office-workbooks/none.xlsx",
        file_name="เปอร์เซนต์ ผลการเบิกจ่าย.xlsx",
        sha256="0" * 64,
        state=more.pop("state", "accepted"),
        by="system",
        at=AT,
        **more,
    )


def finding(
    upload: WorkbookUpload,
    unit: str = "5712",
    *,
    cell: str = "C7",
    severity: str = "refused",
    **more,
) -> WorkbookIssue:
    return WorkbookIssue.objects.create(
        upload=upload,
        unit_id=unit,
        type=more.pop("type", "REF_ERROR"),
        severity=severity,
        sheet="งบยุทธศาสตร์ ไตร 1-2",
        cell=cell,
        message_th=more.pop("message_th", f"ช่อง {cell} เป็น #REF! จึงไม่นับรวม"),
        amount=more.pop("amount", None),
        **more,
    )


def printed_score(upload: WorkbookUpload, unit: str, printed: str, computed: int) -> StatedScore:
    return StatedScore.objects.create(
        upload=upload,
        unit_id=unit,
        as_of=upload.as_of,
        printed=Decimal(printed),
        computed=computed,
        cell="แบบประเมินที่ 1!G9",
    )


def questions_of_57(words: str) -> dict[str, int]:
    """A finding and a reason of the province, by the names that stand in addresses."""
    note = note_difference(
        "57",
        date(2026, 7, 10),
        line="central",
        basis="used",
        spending="total",
        reason="other",
        amount=Decimal(5),
        words=words,
        by=SYSTEM,
        at=AT,
    )
    return {"issue_id": finding(workbook(), message_th=words).pk, "note_id": note.pk}


def advance(office: Office, on: date, **more: object):
    office.post("allotment", "50000", on - timedelta(days=1))
    return office.post("advance", "12000", on, borrower="ผู้ยืม 1", **more)


def make_a_mixture() -> None:
    upload = workbook(as_of=date(2026, 5, 1))
    for number in range(3):
        finding(upload, cell=f"C{number}")
    for code in ("CDD-5712", "CDD-57"):
        office = Office(code)
        advance(office, date(2026, 5, 1))
        office.post("disbursement", "100", date(2026, 5, 4), known=date(2026, 7, 1))


def counted(kind: str, place: str = "5712", *, today: date = TODAY) -> Tally:
    return live_counts(scope_of(["57"], YEAR, today=today)).get((place, kind), Tally())


def asked(*kinds: str, today: date = TODAY, members=("57",)) -> list:
    scope = scope_of(members, YEAR, today=today)
    return list(Questions(scope, live_counts(scope), kinds or KINDS))
