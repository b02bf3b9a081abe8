"""Positions judged: hand-checked districts, goals and deadlines, leap years, the district score."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.budget.books.writing import a_book, an_envelope, entry_of, line, post
from tests.budget.positions.factory import KNOWN, YEAR, issue, keep
from tiddao.budget.actions.papers import hold_paper
from tiddao.budget.actions.posting import reverse_entry
from tiddao.budget.models import (
    BookEntry,
    Keeping,
    SpendingDeadline,
    StatedScore,
    WorkbookUpload,
)
from tiddao.budget.queries.entries import stored_entries
from tiddao.budget.queries.goals import next_goals, official_target
from tiddao.budget.queries.positions import positions
from tiddao.budget.queries.reckoned import reckoned, reckoned_by_spending
from tiddao.budget.queries.scores import district_scores
from tiddao.budget.rules.advances import overdue_advances
from tiddao.budget.rules.papers import completeness
from tiddao.kernel.fiscal import FiscalYear
from tiddao.ledger.actors import SYSTEM

pytestmark = pytest.mark.django_db

D = Decimal
OPENED = date(2025, 10, 8)
FEBRUARY = date(2026, 2, 10)
MARCH = date(2026, 3, 13)


def deadline(place="57", day=date(2026, 3, 31), goal=100, *, year=2569, **more):
    return SpendingDeadline.objects.create(
        place_id=place,
        fiscal_year=year,
        name_th=f"เร่งรัดภายใน {day}",
        day=day,
        goal=goal,
        basis=more.pop("basis", "disbursed"),
        source="หนังสือที่ มท 0000/1",
        set_at=KNOWN,
        set_by="user:1",
        **more,
    )


# -- hand-checked ----------------------------------------------------------------------------------


def test_a_district_by_hand():
    """1,000,000 baht, 624,000 spent by 13 March; 100,000 of it in the last thirty days."""
    keep(
        "5712",
        {
            OPENED: {"allotted": 1_000_000},
            FEBRUARY: {"disbursed": 524_000},
            date(2026, 3, 2): {"disbursed": 100_000, "committed": 50_000},
        },
    )
    found = reckoned(YEAR, ["5712"], on=MARCH, deadline=(date(2026, 3, 31), D(100)))["5712"]
    assert found.percent == D("62.4")
    assert found.reckoning.used_percent == D("67.4")
    assert found.reckoning.remaining == 326_000
    assert found.reckoning.expected_by_days == D(164) / 365 * 100  # 44.93
    assert found.status.code == "green"
    pace = found.pace
    assert pace.working_days_left == 12  # 16–20, 23–27, 30–31 March 2569
    assert pace.baht_left == 376_000
    assert pace.baht_per_working_day == D("31333.34")  # rounded up: it must suffice
    assert pace.recent.since == date(2026, 2, 11)
    assert pace.recent.points == 10
    assert pace.recent.points_per_working_day == D(10) / 21  # 3 March is Makha Bucha


@pytest.mark.parametrize(
    ("disbursed", "code"),
    [(449_400, "green"), (449_300, "yellow"), (349_400, "yellow"), (349_300, "red"), (1, "red")],
)
def test_status_by_days_gone_by(disbursed, code):
    keep("5712", {OPENED: {"allotted": 1_000_000, "disbursed": disbursed}})
    assert reckoned(YEAR, ["5712"], on=MARCH)["5712"].status.code == code


def test_no_book_is_grey_and_nothing_is_made_up():
    found = reckoned(YEAR, ["5714"], on=MARCH)["5714"]
    assert found.status.code == "grey"
    assert found.percent is None
    assert found.pace is None
    assert found.reckoning.remaining is None


def test_open_refused_findings_make_an_office_purple_and_a_province_by_its_share():
    for office in ("57", "5712", "5713"):
        keep(office, {OPENED: {"allotted": 100, "disbursed": 90}})
    issue("5712")
    found = reckoned(YEAR, ["57", "5712", "5713"], on=MARCH)
    assert found["5712"].status.code == "purple"
    assert found["5712"].percent == 90  # shown, not judged
    assert found["5713"].status.code == "green"
    assert found["57"].status.code == "green"  # one of nineteen
    assert found["57"].position.issues == 1
    for district in ("5713", "5714", "5715"):
        issue(district)
    assert reckoned(YEAR, ["57"], on=MARCH)["57"].status.code == "purple"  # 4 of 19 ≥ 20 %


def test_a_category_that_a_broken_sheet_left_out_is_in_no_sum():
    """The workbook's งบยุทธศาสตร์ is #REF!: no entry came of it, and that is said, never zero."""
    keep("5712", {OPENED: {"allotted": 300, "disbursed": 150}}, fund="admin", spending="total")
    issue("5712", amount=None)
    whole = reckoned(YEAR, ["5712"], on=MARCH)["5712"]
    broken = reckoned(YEAR, ["5712"], on=MARCH, fund="strategy")["5712"]
    assert (whole.reckoning.amounts.base, whole.status.code) == (300, "purple")
    assert (broken.position.balance, broken.percent) == (None, None)


def test_in_september_documents_of_carrying_over_count_as_used():
    keep("5712", {OPENED: {"allotted": 100, "disbursed": 60, "committed": 10, "reserved": 20}})
    august = reckoned(YEAR, ["5712"], on=date(2026, 8, 31), basis="used")["5712"]
    september = reckoned(YEAR, ["5712"], on=date(2026, 9, 1), basis="used")["5712"]
    assert (august.percent, september.percent) == (70, 90)


def test_a_leap_year_has_366_days():
    leap = FiscalYear(2567)
    keep("5712", {date(2023, 10, 2): {"allotted": 100, "disbursed": 41}}, year=leap)
    found = reckoned(leap, ["5712"], on=date(2024, 2, 29))["5712"]
    assert found.reckoning.expected_by_days == D(152) / 366 * 100
    assert found.pace.year_days == 366
    assert found.reckoning.gap_by_days == 41 - D(152) / 366 * 100


# -- recent pace -----------------------------------------------------------------------------------


def test_a_first_workbook_within_the_month_shows_no_pace():
    keep("5712", {date(2026, 3, 10): {"allotted": 1_000, "disbursed": 600}})
    keep("5713", {OPENED: {"allotted": 1_000}, date(2026, 3, 10): {"disbursed": 200}})
    found = reckoned(YEAR, ["57", "5712", "5713"], on=MARCH)
    assert found["5712"].pace.recent is None
    assert found["5713"].pace.recent.points == 20
    assert found["57"].pace.recent.points == 20  # of the office that had a book before


def test_money_that_came_within_the_month_is_no_slower_pace():
    keep(
        "5712",
        {
            OPENED: {"allotted": 500, "disbursed": 300},
            date(2026, 3, 2): {"allotted": 500, "disbursed": 50},
        },
    )
    found = reckoned(YEAR, ["5712"], on=MARCH)["5712"]
    assert found.percent == 35
    assert found.pace.recent.points == 5  # 50 of the 1,000 that there is now


# -- goals -----------------------------------------------------------------------------------------


def test_without_a_deadline_the_official_target_of_the_year_is_the_goal():
    goals = next_goals(YEAR, ["5712"], on=MARCH, basis="disbursed")
    assert (goals["total"].percent, goals["total"].origin) == (93, "official")
    assert goals["investment"].percent == 75
    assert goals["total"].source
    assert (goals["undivided"].percent, goals["undivided"].origin) == (100, "year-end")


def test_a_year_without_official_targets_is_blank_and_ends_on_30_september():
    unknown = FiscalYear(2570)
    goals = next_goals(unknown, ["5712"], on=date(2027, 3, 1), basis="used")
    assert goals["total"].origin == "year-end"
    assert (goals["total"].day, goals["total"].percent) == (date(2027, 9, 30), 100)
    assert official_target(unknown, "total", "used", on=date(2027, 3, 1)) is None
    keep("5712", {date(2026, 11, 2): {"allotted": 100, "disbursed": 50}}, year=unknown)
    found = reckoned(unknown, ["5712"], on=date(2027, 3, 1), judged_by="target")["5712"]
    assert found.reckoning.gap_by_target is None
    assert found.status.code == "grey"  # nobody is late against nothing


def test_the_next_deadline_binds_all_below_the_place_it_was_set_for():
    deadline("th", date(2026, 6, 30), 77)
    deadline("57", date(2026, 3, 31), 100)
    deadline("50", date(2026, 3, 20), 50)
    deadline("57", date(2026, 3, 25), 60, ended_at=KNOWN)
    deadline("57", date(2026, 3, 10), 60)
    deadline("57", date(2026, 4, 30), 40, spending="investment")
    found = next_goals(YEAR, ["5712"], on=MARCH, basis="disbursed")
    assert (found["total"].day, found["total"].percent) == (date(2026, 3, 31), 100)
    assert found["investment"].percent == 40
    assert found["recurrent"].of_all
    assert not found["total"].of_all
    both = next_goals(YEAR, ["5712", "5001"], on=MARCH, basis="disbursed")
    assert both["total"].percent == 77  # what was set for one province does not bind the other
    assert next_goals(YEAR, ["5712"], on=MARCH, basis="used")["total"].origin != "deadline"
    carried = next_goals(YEAR, ["57"], on=MARCH, basis="disbursed", fund="carried_over")
    assert carried["total"].of_all


def test_the_deadline_of_seed_b_ends_on_friday():
    """As of 24 January 2562 at 33.28 %, to be finished by Sunday 31 March."""
    then = FiscalYear(2562)
    keep(
        "5712",
        {date(2018, 10, 1): {"allotted": 10_000}, date(2019, 1, 24): {"disbursed": 3_328}},
        year=then,
    )
    deadline("th", date(2019, 3, 31), 100, year=2562)
    goal = next_goals(then, ["5712"], on=date(2019, 1, 24), basis="disbursed")["total"]
    pace = reckoned(then, ["5712"], on=date(2019, 1, 24), deadline=goal)["5712"].pace
    assert pace.last_working_day == date(2019, 3, 29)
    assert pace.weekdays_left == 46
    assert pace.working_days_left == 45  # Makha Bucha
    assert round(pace.elapsed_percent, 1) == D("31.8")
    assert round(pace.points_per_calendar_day, 2) == D("1.01")


# -- a second plain computation --------------------------------------------------------------------


def _plain(province: str, on: date) -> dict[str, Decimal]:
    """A province from its entries alone, by the words of each kind."""
    allotted = returned = disbursed = committed = D(0)
    rows = {
        e.pk: e for e in BookEntry.objects.filter(book__office__place__code__startswith=province)
    }
    undone = {e.against_id for e in rows.values() if e.kind == "reversal" and e.on <= on}
    for pk, e in rows.items():
        if pk in undone or e.kind == "reversal" or e.on > on:
            continue
        if e.kind in ("allotment", "transfer_in"):
            allotted += e.amount
        elif e.kind == "transfer_out":
            allotted -= e.amount
        elif e.kind == "return":
            returned += e.amount
        elif e.kind == "commitment":
            committed += e.amount
        elif e.kind == "release":
            committed -= e.amount
        elif e.kind in ("disbursement", "advance"):
            disbursed += e.amount
            committed -= e.amount if e.against_id else 0
        elif e.kind == "clearance":
            disbursed -= e.cash_back
    base = allotted - returned
    return {"base": base, "disbursed": disbursed, "committed": committed}


@pytest.mark.parametrize("number", [20, 60, 100, 130, 200])
def test_a_province_agrees_with_its_entries_added_up_plainly(number):
    for office in ("CDD-57", "CDD-5712", "CDD-5713"):
        book = a_book(office)
        of = an_envelope(book)
        post(
            book,
            line(of, "allotment", "จ1", "900000.25", on=10),
            line(of, "transfer_in", "อ1", "100000", on=15),
            line(of, "commitment", "PO1", "250000", on=40),
            line(of, "disbursement", "ฎ1", "120000.10", on=55, against=("commitment", "PO1")),
            line(of, "release", "ค1", "30000", on=70, against=("commitment", "PO1")),
            line(of, "advance", "บย1", "40000", on=80, borrower="ก"),
            line(
                of, "clearance", "ส1", "35000", on=95, against=("advance", "บย1"), cash_back="4000"
            ),
            line(of, "disbursement", "ฎ2", "77777.77", on=120),
            line(of, "return", "คืน1", "5000", on=125),
            line(of, "transfer_out", "อ2", "1000.05", on=126),
        )
        wrong = entry_of(book, "disbursement", "ฎ2").pk
        reverse_entry(
            wrong,
            document="ป1",
            on=date(2026, 2, 10),
            reason="ลงซ้ำ",
            by=SYSTEM,
            at=datetime(2026, 9, 30, 5, tzinfo=UTC),
        )
    on = date.fromordinal(YEAR.start.toordinal() + number - 1)
    plain = _plain("57", on)
    balance = positions(YEAR, ["57"], on=on)["57"].balance
    assert balance.base == plain["base"]
    assert balance.disbursed == plain["disbursed"]
    assert balance.committed == plain["committed"]
    assert balance.remaining == plain["base"] - plain["disbursed"] - plain["committed"]


# -- the district score ----------------------------------------------------------------------------


def _scores(on=MARCH):
    return district_scores(YEAR, positions(YEAR, ["57", "5712", "5713"], on=on), on=on)


def test_score_of_a_district_kept_by_entries():
    book = a_book("CDD-5712")
    of = an_envelope(book)
    post(
        book,
        line(of, "allotment", "จ1", "1000", on=10),
        line(of, "disbursement", "ฎ1", "900", on=20),
        line(of, "advance", "บย1", "60", on=100),  # 8 January, to be cleared by 7 February
        line(of, "advance", "บย2", "40", on=140, borrower="ก"),  # 17 February, by 19 March
    )
    found = _scores()["5712"]
    assert found.percent == 100
    assert (found.overdue, found.papers_needed, found.papers_held) == (1, 4, 0)
    assert found.papers_complete is False
    assert found.score == 3  # ≥ 95 gives 4, one contract overdue takes one

    for entry in BookEntry.objects.filter(book=book, kind__in=("disbursement", "advance")):
        papers = ("สัญญายืมเงิน",) if entry.kind == "advance" else ("ขออนุมัติเบิกจ่าย", "หลักฐานการจ่าย")
        for paper in papers:
            hold_paper(entry.pk, paper, note="แฟ้มที่ 1", by=SYSTEM, at=KNOWN)
    post(book, line(of, "clearance", "ส1", "60", on=150, against=("advance", "บย1")))
    cleared = _scores()["5712"]
    assert (cleared.overdue, cleared.papers_needed, cleared.papers_held) == (0, 5, 4)
    assert cleared.score == 4
    clearance = entry_of(book, "clearance", "ส1")
    hold_paper(clearance.pk, "ใบสำคัญส่งใช้เงินยืม", note="แฟ้ม 1", by=SYSTEM, at=KNOWN)
    assert _scores()["5712"].score == 5
    # On a day before the clearance the first advance was still open.
    assert _scores(on=date(2026, 2, 20))["5712"].overdue == 1


def test_advances_and_papers_count_as_the_rules_count_them():
    book = a_book("CDD-5712")
    of = an_envelope(book)
    post(
        book,
        line(of, "allotment", "จ1", "10000", on=1),
        line(of, "commitment", "PO1", "500", on=2),
        line(of, "disbursement", "ฎ1", "400", on=9, against=("commitment", "PO1")),
        line(of, "disbursement", "ฎ2", "100", on=10),
        line(of, "return", "คืน1", "50", on=11),
        *(line(of, "advance", f"บย{n}", "100", on=n * 9) for n in range(1, 15)),
        line(of, "advance", "เดินทาง", "100", on=20, due_on=date(2026, 3, 20)),
        line(of, "clearance", "ส1", "60", on=30, against=("advance", "บย1"), cash_back="40"),
        line(of, "clearance", "ส2", "60", on=31, against=("advance", "บย2")),
        line(of, "clearance", "ส3", "100", on=40, against=("advance", "บย3")),
    )
    for kind, document in (("clearance", "ส3"), ("advance", "บย5")):
        reverse_entry(
            entry_of(book, kind, document).pk,
            document=f"กลับ {document}",
            on=date(2026, 1, 20),
            reason="ลงผิด",
            by=SYSTEM,
            at=datetime(2026, 9, 30, 5, tzinfo=UTC),
        )
    for on in (date(2025, 12, 1), date(2026, 1, 19), date(2026, 1, 20), MARCH, YEAR.end):
        rows = stored_entries(BookEntry.objects.filter(book=book))
        entries = [row.entry for row in rows]
        found = _scores(on=on)["5712"]
        plain = completeness(entries, {}, year=YEAR, on=on)
        late = overdue_advances(entries, year=YEAR, on=on)
        assert found.papers_needed == plain.needed
        assert found.overdue == len(late)


def _stated(unit="5712", **more):
    upload = WorkbookUpload.objects.create(
        place_id="57",
        fiscal_year=2569,
        file_name="ผล.xlsx",
        sha256="0" * 64,
        state=WorkbookUpload.State.ACCEPTED,
        by="user:1",
        at=KNOWN,
    )
    return StatedScore.objects.create(
        upload=upload, unit_id=unit, as_of=date(2026, 3, 2), cell="แบบประเมินที่ 1!F9", **more
    )


def test_score_of_a_district_kept_by_workbook_beside_the_printed_one():
    book = keep("5712", {OPENED: {"allotted": 1_000, "disbursed": 960}}, spending="total")
    an_envelope(book, spending="total", keeping=Keeping.WORKBOOK)
    nobody_says = _scores()["5712"]
    assert (nobody_says.score, nobody_says.why_none) == (None, "advances-unknown")
    _stated(papers_complete=True, overdue_loans=2, printed=D(4), computed=3)
    found = _scores()["5712"]
    assert (found.overdue, found.papers_complete, found.score) == (2, True, 3)
    assert found.differs
    assert found.stated.contradicts_itself
    assert found.stated.cell == "แบบประเมินที่ 1!F9"


def test_below_eighty_per_cent_the_score_is_zero_whatever_else_is_known():
    book = keep("5712", {OPENED: {"allotted": 1_000, "disbursed": 799}}, spending="total")
    an_envelope(book, spending="total", keeping=Keeping.WORKBOOK)
    assert _scores()["5712"].score == 0
    assert _scores()["5713"].why_none == "no-money"
    assert "57" not in _scores()  # แบบประเมินที่ 1 scores districts


# -- queries ---------------------------------------------------------------------------------------


def test_the_number_of_queries_is_the_same_for_one_and_for_many():
    for office in ("57", "5712", "5713", "5714", "5001"):
        keep(office, {OPENED: {"allotted": 100, "disbursed": 90}})

    def asked(units, **more):
        with CaptureQueriesContext(connection) as queries:
            reckoned(YEAR, units, on=MARCH, **more)
        return len(queries)

    assert asked(["5712"]) == asked(["57", "5712", "5713", "5714", "50"]) <= 7
    scored = asked(["5712"], with_scores=True)
    assert scored == asked(["57", "5712", "5713", "5714"], with_scores=True) <= 13


def test_types_of_spending_each_to_their_own_goal():
    keep("5712", {OPENED: {"allotted": 100, "disbursed": 50}})
    keep("5712", {OPENED: {"allotted": 300, "disbursed": 30}}, spending="investment")
    goals = next_goals(YEAR, ["5712"], on=MARCH, basis="disbursed")
    found = reckoned_by_spending(YEAR, ["5712", "5713"], on=MARCH, goals=goals)
    assert found["recurrent"]["5712"].percent == 50
    assert found["investment"]["5712"].percent == 10
    assert found["investment"]["5712"].goal.percent == 75
    assert found["undivided"]["5712"].percent is None
    assert found["total"]["5712"].percent == 20
    assert found["total"]["5713"].percent is None
