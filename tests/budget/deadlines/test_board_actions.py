"""Boards of a week: kept once, on time or late, ranked with ties, superseded with their report."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.db import connection, transaction
from django.db.utils import InternalError, ProgrammingError
from django.test.utils import CaptureQueriesContext

from tests.budget.cgd_files import week
from tests.budget.deadlines.acting import (
    AT,
    CENTRE,
    HEAD,
    LATER,
    OFFICER,
    TODAY,
    a_deadline,
    a_plan,
    some_money,
)
from tests.budget.weeks import EVERY_SHEET, MONDAY, given_up_later, read, take_in
from tests.budget.weeks import LATER as CORRECTED
from tiddao.budget.actions.boards import (
    BoardRefused,
    WeekTaken,
    take_board,
    take_boards_due,
    take_week,
    weeks_without_boards,
)
from tiddao.budget.actions.help import ask_help, pass_up_help
from tiddao.budget.actions.plans import submit_plan, write_plan
from tiddao.budget.actions.treasury import import_treasury_report, rehearse_import
from tiddao.budget.models import Board, BoardLine, SpendingDeadline
from tiddao.budget.rules.boards import is_late, read_reference
from tiddao.ledger.actors import SYSTEM
from tiddao.ledger.models import Entry
from tiddao.places.models import Place

pytestmark = pytest.mark.django_db
D = Decimal
FRIDAY = date(2019, 1, 25)
EVENING = datetime(2019, 1, 25, 12, tzinfo=UTC)  # 19:00 in Thailand


def the_board(within="57", *, deadline=None, basis="disbursed"):
    mark = f"deadline:{deadline.pk}" if deadline else ""
    return Board.objects.get(reference=f"place:{within}/{mark}", basis=basis, superseded_at=None)


def lines_of(board):
    return {(line.unit_id, line.own_office): line for line in board.lines.all()}


@pytest.fixture
def money(db):
    spend()


def spend():
    """Two districts at 33.28 %, one at 50, the provincial office at 0; all others silent."""
    some_money("CDD-5712")
    some_money("CDD-5713")
    some_money("CDD-5714", spent="500000.00")
    some_money("CDD-57", allotted="4000000.00", spent="0")


@pytest.fixture(scope="class")
def kept(django_db_setup, django_db_blocker) -> Iterator[WeekTaken]:
    """A national deadline and the boards of a week, taken once for the tests of a class."""
    with given_up_later(django_db_blocker):
        spend()
        a_deadline()
        yield take_week(FRIDAY, by=SYSTEM, at=EVENING)


# -- the books ------------------------------------------------------------------------------------


def test_sum_of_the_lines_is_the_province_and_of_the_provinces_the_nation(money):
    some_money("CDD-5001", allotted="123.45", spent="23.40")
    take_week(FRIDAY, by=SYSTEM, at=EVENING)
    for within in ("57", "50", "th"):
        lines = lines_of(the_board(within))
        whole = lines.pop((within, False))
        for account in ("base", "disbursed", "committed", "used", "returned"):
            parts = [getattr(line, account) for line in lines.values()]
            known = [part for part in parts if part is not None]
            assert sum(known) == getattr(whole, account), (within, account)


def test_board_keeps_the_deadline_as_it_stood_and_what_offices_said(money):
    deadline = a_deadline("57")
    plan = write_plan(deadline.pk, "5712", a_plan(deadline), seen=None, on=TODAY, by=OFFICER, at=AT)
    submit_plan(plan.pk, seen=AT, by=OFFICER, at=LATER)
    ask_help(deadline.pk, "5713", "ขาดผู้ตรวจรับ", by=HEAD, at=AT)
    take_week(FRIDAY, by=SYSTEM, at=EVENING)
    board = the_board(deadline=deadline)
    assert (board.deadline_day, board.goal, board.level) == (date(2019, 3, 31), 100, "district")
    lines = lines_of(board)
    said = lines["5712", False]
    assert (said.plan_state, said.reasons) == ("submitted", ["late_allotment", "procurement"])
    assert "จัดซื้อจัดจ้าง" in said.words
    assert lines["5713", False].asks_help
    assert not Board.objects.filter(reference=f"place:th/deadline:{deadline.pk}").exists()
    assert not Board.objects.filter(reference=f"place:50/deadline:{deadline.pk}").exists()


def test_request_passed_up_is_the_provinces_on_the_nations_board(money):
    deadline = a_deadline()
    asked = ask_help(deadline.pk, "5713", "ขาดผู้ตรวจรับ", by=HEAD, at=AT)
    pass_up_help(asked.pk, seen="57", by=CENTRE, at=LATER)
    take_week(FRIDAY, by=SYSTEM, at=EVENING)
    assert lines_of(the_board("th", deadline=deadline))["57", False].asks_help
    assert lines_of(the_board("57", deadline=deadline))["5713", False].asks_help


def test_one_board_can_be_taken_and_is_returned_when_it_is_there(money):
    asked = {"series": "books", "level": "district", "basis": "used", "spending": "recurrent"}
    first = take_board(FRIDAY, **asked, within="57", by=SYSTEM, at=EVENING)
    assert take_board(FRIDAY, **asked, within="57", by=SYSTEM, at=EVENING) == first
    assert (first.spending, first.basis, first.reference) == ("recurrent", "used", "place:57/")
    with pytest.raises(ValueError, match="whose districts"):
        take_board(FRIDAY, **asked, by=SYSTEM, at=EVENING)


def test_a_day_that_ends_no_week_has_no_board(money):
    with pytest.raises(BoardRefused, match="not_a_board_day"):
        take_week(date(2019, 1, 24), by=SYSTEM, at=EVENING)


def test_missing_weeks_are_taken_late_from_the_days_of_the_books(money):
    """What was entered for later days is not on the board of an earlier week."""
    some_money("CDD-5712", spent="100000.00", on=date(2019, 1, 29), document="ฎ 2")
    late = datetime(2019, 2, 4, 12, tzinfo=UTC)
    missing = weeks_without_boards(at=late)
    assert missing[0] == date(2018, 10, 5)
    assert missing[-2:] == (FRIDAY, date(2019, 2, 1))
    done = take_week(FRIDAY, by=SYSTEM, at=late)
    assert done.boards
    take_week(date(2019, 2, 1), by=SYSTEM, at=late)
    shares = {
        board.as_of: lines_of(board)["5712", False].percent
        for board in Board.objects.filter(reference="place:57/", basis="disbursed")
    }
    assert shares == {FRIDAY: D("33.28"), date(2019, 2, 1): D("43.28")}
    assert is_late(FRIDAY, date(2019, 2, 4))
    assert not is_late(date(2019, 2, 1), date(2019, 2, 4)), "Monday after Friday is in time"
    assert FRIDAY not in weeks_without_boards(at=late)


def test_the_sweep_takes_what_is_due_and_then_rests(money):
    done = take_boards_due(by=SYSTEM, at=datetime(2018, 10, 12, 12, tzinfo=UTC))
    assert [each.as_of for each in done] == [date(2018, 10, 5), date(2018, 10, 12)]
    assert take_boards_due(by=SYSTEM, at=datetime(2018, 10, 12, 12, tzinfo=UTC)) == ()


def test_a_days_board_is_due_in_its_evening_and_without_books_none_is(money):
    morning = datetime(2019, 1, 25, 3, tzinfo=UTC)
    assert FRIDAY not in weeks_without_boards(at=morning)
    assert FRIDAY in weeks_without_boards(at=EVENING)
    assert weeks_without_boards(at=datetime(2022, 1, 25, 3, tzinfo=UTC)) == ()


def test_a_week_costs_as_many_reads_however_many_offices_report(money):
    def cost():
        with transaction.atomic(), CaptureQueriesContext(connection) as queries:
            take_week(FRIDAY, by=SYSTEM, at=datetime(2019, 2, 8, 12, tzinfo=UTC))
            transaction.set_rollback(True)
        return sum(query["sql"].startswith("SELECT") for query in queries)

    cost()  # what a process looks up once
    first = cost()
    for code in ("5701", "5702", "5703", "5704", "5705"):
        some_money(f"CDD-{code}")
    assert cost() == first


# -- the treasury's series ------------------------------------------------------------------------


def cgd(sheet, spending="total"):
    return Board.objects.get(
        series="cgd", spending=spending, reference__startswith=f"sheet:{sheet}/", superseded_at=None
    )


def test_report_taken_in_leaves_a_board_for_each_sheet_and_spending_with_all_provinces():
    take_in(week(*EVERY_SHEET))
    workbook, _ = read(week(*EVERY_SHEET))
    boards = Board.objects.filter(series="cgd")
    assert boards.count() == 4 * 3
    for number in (11, 12, 13, 14):
        board = cgd(number)
        assert (board.as_of, board.order) == (date(2026, 7, 10), "ascending")
        assert board.basis == ("used" if number in {12, 14} else "disbursed")
        assert board.universe_th == "76 จังหวัด"
        ranked = board.lines.filter(rank__isnull=False)
        assert ranked.count() == 76
        row = workbook.sheets[number].province("57")
        line = board.lines.get(unit="57")
        total = row.figures["total"]
        assert line.rank == row.printed_rank
        assert line.base == (total.base.value * 1_000_000).quantize(D("0.01"))
        assert abs(line.percent - total.percent.value) < D("0.000001")
        lowest = sorted(ranked, key=lambda each: each.percent)[:10]
        assert {each.unit_id for each in lowest} == set(
            board.lines.filter(rank__lte=10).values_list("unit_id", flat=True)
        )


def test_rehearsal_leaves_no_board():
    workbook, sha256 = read(week(13, 14))
    rehearse_import(workbook, sha256=sha256, by=SYSTEM, at=MONDAY)
    assert not Board.objects.exists()


def test_corrected_report_supersedes_the_boards_of_the_former():
    take_in(week(13, 14, seed=1))
    take_in(week(13, 14, seed=5), at=CORRECTED)
    old = Board.objects.filter(series="cgd", superseded_at__isnull=False)
    now = Board.objects.filter(series="cgd", superseded_at__isnull=True)
    assert old.count() == now.count() == 6
    assert set(old.values_list("superseded_at", flat=True)) == {CORRECTED}
    assert {read_reference(each.reference).report for each in now}.isdisjoint(
        {read_reference(each.reference).report for each in old}
    )


def test_sheets_taken_in_later_add_their_boards():
    book = week(*EVERY_SHEET).save()
    workbook, sha256 = read(book, sheets=(13, 14))
    import_treasury_report(workbook, sha256=sha256, by=SYSTEM, at=MONDAY)
    assert Board.objects.count() == 6
    whole, _ = read(book, sheets=EVERY_SHEET)
    import_treasury_report(whole, sha256=sha256, by=SYSTEM, at=CORRECTED)
    assert Board.objects.filter(superseded_at__isnull=True).count() == 12


def test_a_treasury_board_asked_for_is_that_of_the_report():
    take_in(week(13, 14))
    board = take_board(
        date(2026, 7, 10), series="cgd", level="province", basis="used", spending="total",
        by=SYSTEM, at=MONDAY,
    )  # fmt: skip
    assert board == cgd(14)
    with pytest.raises(BoardRefused, match="no_report"):
        take_board(
            date(2026, 7, 3), series="cgd", level="province", basis="used", spending="total",
            by=SYSTEM, at=MONDAY,
        )  # fmt: skip


def test_references_read_back_as_written():
    for text in ("place:57/deadline:3", "place:th/", "sheet:13/treasury-report:5"):
        assert str(read_reference(text)) == text
    assert read_reference("sheet:13/treasury-report:5").series == "sheet:13/"
    with pytest.raises(ValueError, match="not a board's reference"):
        read_reference("57")


@pytest.mark.usefixtures("kept")
class TestKeptWeek:
    """A week whose boards are kept already."""

    def test_week_keeps_the_nation_and_every_province_on_both_bases_and_each_deadline(self, kept):
        deadline = SpendingDeadline.objects.get()
        provinces = Place.objects.filter(level="province", valid_to=None).count()
        boards = Board.objects.filter(series="books", as_of=FRIDAY)
        with_units = boards.filter(reference__endswith=f"/deadline:{deadline.pk}").count()
        assert with_units in {provinces, provinces + 1}, (
            "the nation, and each province with offices"
        )
        assert kept.boards == boards.count() == 3 * with_units
        assert set(boards.values_list("basis", flat=True)) == {"disbursed", "used"}
        entry = Entry.objects.get(act="take_boards")
        assert (entry.on, entry.detail["boards"]) == ("boards:2019-01-25", kept.boards)

    def test_lines_rank_from_the_lowest_with_ties_and_keep_the_silent_without_a_rank(self):
        lines = lines_of(the_board())
        assert lines["57", True].rank == 1, "the provincial office stands beside its districts"
        assert lines["57", True].percent == 0
        assert (lines["5712", False].rank, lines["5713", False].rank) == (2, 2)
        assert lines["5714", False].rank == 4
        assert {line.out_of for key, line in lines.items() if key != ("57", False)} == {4}
        silent = lines["5701", False]
        assert (silent.rank, silent.base, silent.percent, silent.status) == (
            None,
            None,
            None,
            "grey",
        )
        assert len(lines) == 18 + 1 + 1
        whole = lines["57", False]
        assert (whole.rank, whole.base) == (None, D("7000000.00"))
        assert whole.percent == D("16.651429")

    def test_taking_twice_keeps_nothing_twice_and_a_later_deadline_is_added(self, kept):
        again = take_week(FRIDAY, by=SYSTEM, at=EVENING)
        assert (again.boards, again.stood) == (0, kept.boards)
        assert Entry.objects.filter(act="take_boards").count() == 1
        a_deadline("57")
        more = take_week(FRIDAY, by=SYSTEM, at=EVENING)
        assert (more.boards, more.stood) == (1, kept.boards)

    def test_kept_lines_are_never_changed(self):
        with pytest.raises((InternalError, ProgrammingError)):
            BoardLine.objects.update(percent=D(99))
