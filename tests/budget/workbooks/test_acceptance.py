"""Workbooks into real books: what stands afterwards, in any order, twice, killed, and beside entries."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from itertools import permutations

import pytest

from tests.budget.books.writing import a_book, line
from tests.budget.office.cases import write
from tests.budget.workbooks.uploads import (
    AT,
    FEB,
    JAN,
    LINES,
    MAR,
    TAB,
    WRITER,
    YEAR,
    accept,
    read_here,
    receive,
    strategy,
    take_in,
)
from tiddao.budget.actions import workbook_acceptance
from tiddao.budget.actions.books import (
    EnvelopeKey,
    ensure_activity,
    ensure_envelope,
    ensure_project,
)
from tiddao.budget.actions.posting import post_entries
from tiddao.budget.actions.workbooks import ChangeRefused, WorkbookMovedOn, mend_cell
from tiddao.budget.models import (
    Book,
    BookDay,
    BookEntry,
    EnvelopeBalance,
    Keeping,
    MonitoredWork,
    Project,
    StatedFigure,
    StatedScore,
    WorkbookIssue,
    WorkbookMapping,
    WorkbookUpload,
)
from tiddao.budget.queries import office_reading
from tiddao.budget.queries.positions import positions
from tiddao.budget.queries.recount import recount_books
from tiddao.kernel.apart import run_apart
from tiddao.ledger.models import Entry as LedgerEntry

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def own_media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture(autouse=True)
def near(monkeypatch):
    """Files are read in this process, but for the tests that ask for ``apart``."""
    monkeypatch.setattr(office_reading, "run_apart", read_here)


@pytest.fixture
def apart(near, monkeypatch):
    monkeypatch.setattr(office_reading, "run_apart", run_apart)


def month(part):
    """The four lines with payments at so many per cent; พาน's allotment falls in March."""
    return strategy(
        *(
            (
                unit,
                number,
                name,
                9000 if part == 90 and unit == "พาน" else allotted,
                allotted * part // 100,
            )
            for unit, number, name, allotted, _ in LINES
        )
    )


def by_day():
    """Unit, day → allotted and disbursed up to it."""
    found, running = {}, {}
    for row in BookDay.objects.select_related("book").order_by("on"):
        before = running.get(row.book.place_id, (Decimal(0), Decimal(0)))
        now = (before[0] + row.allotted, before[1] + row.disbursed)
        running[row.book.place_id] = found[row.book.place_id, row.on] = now
    return found


def test_money_of_each_unit_is_what_the_workbook_says(apart):
    done = take_in()
    assert (done.lines, done.offices, done.posted, done.undone) == (4, 4, 7, 0)
    found = positions(YEAR, ["5705", "5712", "57"], on=None)
    assert (found["5705"].balance.allotted, found["5705"].balance.disbursed) == (10000, 4000)
    assert (found["57"].balance.allotted, found["57"].balance.disbursed) == (
        29000,
        Decimal("12500.5"),
    )
    assert recount_books() == ()
    assert LedgerEntry.objects.filter(act="accept_workbook").count() == 1
    assert {each.name_th for each in Project.objects.filter(owner="57")} == {
        "ส่งเสริมสัมมาชีพชุมชน", "ติดตามการดำเนินงาน",
    }  # fmt: skip


@pytest.mark.parametrize("order", list(permutations((0, 1, 2))))
def test_order_of_import_does_not_matter(order):
    files = [(month(30), JAN), (month(60), FEB), (month(90), MAR)]
    for minute, number in enumerate(order):
        sheets, day = files[number]
        take_in(sheets, as_of=day, at=AT + timedelta(minutes=10 * minute))
    found = by_day()
    assert found["5705", JAN] == (10000, 3000)
    assert found["5705", FEB] == (10000, 6000)
    assert found["5705", MAR] == (9000, 9000)
    assert found["5704", MAR] == (8000, 7200)
    assert recount_books() == ()


def test_import_twice_changes_nothing():
    content = write(strategy(*LINES))
    accept(receive(content=content))
    entries, days = BookEntry.objects.count(), by_day()
    upload = receive(content=content, at=AT + timedelta(hours=1))
    assert upload.report["same_as"] is not None
    assert upload.report["fates"]["unchanged"] == 4
    done = accept(upload, at=AT + timedelta(hours=2))
    assert (done.posted, done.undone) == (0, 0)
    assert (BookEntry.objects.count(), by_day()) == (entries, days)


def test_corrected_workbook_of_the_same_day_replaces():
    take_in(month(90), as_of=MAR)
    done = take_in(month(30), as_of=MAR, at=AT + timedelta(hours=1))
    assert done.undone > 0
    assert by_day()["5704", MAR] == (8000, 2400)
    assert recount_books() == ()


def test_refused_cells_stay_out_with_their_baht_and_make_their_unit_doubtful():
    broken = [*LINES[:2], ("พญาเม็งราย", "24/2569", "ส่งเสริมสัมมาชีพชุมชน", 6000, 9000),
              ("เมงราย", "24/2569", "ส่งเสริมสัมมาชีพชุมชน", 700, 100)]  # fmt: skip
    upload = receive(strategy(*broken))
    assert upload.report["left_out"] == [
        {"why": "over", "words": "เบิกจ่ายหรือส่งคืนเกินวงเงิน", "lines": 1, "baht": "9000.00",
         "unknown": 0, "once_elsewhere": False}
    ]  # fmt: skip
    accept(upload)
    issue = WorkbookIssue.objects.get(unit="5712")
    assert (issue.type, issue.severity, issue.amount) == ("ANOMALY", "refused", 9000)
    assert (issue.sheet, issue.cell) == (TAB, "F5")
    found = positions(YEAR, ["5712", "5705"])
    assert (found["5712"].balance, found["5712"].issues) == (None, 1)
    assert (found["5705"].balance.allotted, found["5705"].issues) == (10000, 0)


def test_newer_workbook_closes_the_issues_of_older_ones_whatever_comes_first():
    broken = strategy(*LINES[:2], ("เมงราย", "24/2569", "x", 700, 100))
    take_in(broken, as_of=FEB)
    done = take_in(strategy(*LINES), as_of=MAR, at=AT + timedelta(hours=1))
    assert done.superseded == 1
    take_in(broken, as_of=JAN, at=AT + timedelta(hours=2))
    assert WorkbookIssue.objects.filter(superseded_at=None).count() == 0


def entered(allotted):
    """พาน keeps project 24/2569 entry by entry."""
    book = a_book("CDD-5705")
    project = ensure_project(YEAR, "57", number="24/2569", by=WRITER, at=AT)
    key = EnvelopeKey(ensure_activity(project).pk, "strategy", "recurrent", "ไตร 1-2")
    envelope = ensure_envelope(book, key)
    post_entries(book.pk, [line(envelope, "allotment", "ก 1", allotted, 5)], by=WRITER, at=AT)
    return envelope


def test_envelope_kept_entry_by_entry_is_left_alone_and_differences_are_told():
    envelope = entered(9500)
    upload = receive()
    assert upload.report["fates"]["by-entries"] == 1
    done = accept(upload)
    assert (done.lines, done.by_entries) == (3, 1)
    assert EnvelopeBalance.objects.get(pk=envelope.pk).allotted == 9500
    assert Book.objects.get(office="CDD-5705").envelopes.get().keeping == Keeping.ENTRIES
    issue = WorkbookIssue.objects.get(type="KEPT_BY_ENTRIES")
    assert issue.unit_id == "5705"
    assert "10,000.00" in issue.message_th
    assert "9,500.00" in issue.message_th


def test_statement_that_contradicts_another_day_is_set_aside_and_said():
    only_paid = ["ที่", "หน่วยงาน", "เลขที่", "โครงการ", "จัดสรร", "เบิกจ่าย", "ส่งคืน"]
    take_in()
    lines = [("พาน", "24/2569", "ส่งเสริมสัมมาชีพชุมชน", 10000, 6000, 3000)]
    take_in(strategy(*lines, head=only_paid), as_of=FEB, at=AT + timedelta(hours=1))
    later = [("พาน", "24/2569", "ส่งเสริมสัมมาชีพชุมชน", 8000, 7000)]  # 3,000 were sent back
    done = take_in(strategy(*later), as_of=MAR, at=AT + timedelta(hours=2))
    assert done.set_aside == 1
    assert "5705" in {each.unit_id for each in WorkbookIssue.objects.filter(severity="refused")}
    assert by_day()["5705", FEB] == (10000, 6000)
    assert ("5705", MAR) not in by_day()


def test_kill_in_the_middle_leaves_nothing(monkeypatch):
    upload = receive()

    def killed(*_args, **_more):
        raise KeyboardInterrupt

    monkeypatch.setattr(workbook_acceptance._Acceptance, "_keep_mapping", killed)
    with pytest.raises(KeyboardInterrupt):
        accept(upload)
    upload.refresh_from_db()
    assert upload.state == WorkbookUpload.State.READ
    for model in (Book, BookEntry, StatedFigure, WorkbookIssue, WorkbookMapping, Project):
        assert model.objects.count() == 0, model


def test_accepting_on_an_old_version_is_refused():
    upload = receive(strategy(*LINES[:3], ("พาน", "26/2569", "x", "#REF!", 1)))
    mend_cell(
        upload.pk,
        version=1,
        sheet=TAB,
        cell="e6",
        value="๗,๐๐๐.๕๐",
        reason="ดูใบจัดสรร",
        by=WRITER,
        at=AT,
    )
    with pytest.raises(WorkbookMovedOn, match="changed"):
        accept(upload)
    upload.refresh_from_db()
    done = accept(upload)
    assert done.lines == 4
    assert StatedFigure.objects.get(envelope__activity__project__key="26/2569").allotted == Decimal(
        "7000.50"
    )
    with pytest.raises(WorkbookMovedOn, match="decided"):
        accept(upload)


@pytest.mark.parametrize(
    ("day", "code"), [(None, "no_day"), (AT.date() + timedelta(days=2), "in_future")]
)
def test_day_must_be_said_and_have_come(day, code):
    with pytest.raises(ChangeRefused, match=code):
        accept(receive(as_of=day))
    assert BookEntry.objects.count() == 0


def test_another_years_and_another_provinces_files_are_refused_whole():
    old = receive(strategy(*LINES, title="งบยุทธศาสตร์ ปีงบประมาณ 2567"))
    assert old.state == "refused"
    assert "2567" in old.report["refusal"]
    foreign = receive(
        strategy(
            *((unit, "1/2569", "x", 100, 1) for unit in ("แม่ริม", "สันทราย", "สันกำแพง", "ดอยสะเก็ด"))
        )
    )
    assert foreign.state == "refused"
    assert "จังหวัดอื่น" in foreign.report["refusal"]
    for upload in (old, foreign):
        with pytest.raises(WorkbookMovedOn):
            accept(upload)


def test_scores_and_monitoring_are_kept_beside_the_money():
    sheets = strategy(*LINES) | {
        "แบบประเมินที่ 1": [
            ["อำเภอ", "ร้อยละการเบิกจ่าย", "เอกสารการเงินครบถ้วน", "สัญญายืมเงินเกิน 30 วัน", "คะแนน"],
            ["พาน", 96, "ครบ", 0, 4], ["เทิง", 81, "ครบ", 0, 3],
        ],
        "โคก หนอง นา": [
            ["อำเภอ", "โครงการ", "จำนวนแปลง", "จัดสรร", "เบิกจ่าย", "ค่าควบคุมงาน"],
            ["พาน", "ส่งเสริมสัมมาชีพชุมชน", 4, 400000, 100000, 5000],
        ],
    }  # fmt: skip
    done = take_in(sheets)
    assert done.lines == 4
    kept = {each.unit_id: (each.printed, each.computed) for each in StatedScore.objects.all()}
    assert kept == {"5705": (4, 4), "5704": (3, 1)}
    monitored = MonitoredWork.objects.get()
    assert (monitored.plots, monitored.project.key) == (4, "24/2569")
    assert by_day()["5705", JAN] == (10000, 4000)
