"""Questions about data: each kind asked when it must be and no day sooner."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from tests.budget.quality.offices import (
    AT,
    TODAY,
    Office,
    advance,
    asked,
    counted,
    finding,
    printed_score,
    workbook,
)
from tiddao.budget.actions.papers import hold_paper
from tiddao.budget.actions.posting import reverse_entry
from tiddao.budget.actions.quality import (
    explain_issue,
)
from tiddao.budget.queries.entries import stored_entries
from tiddao.budget.queries.quality.counts import Tally
from tiddao.budget.queries.quality.scope import scope_of
from tiddao.budget.rules.papers import papers_needed
from tiddao.kernel.fiscal import FiscalYear
from tiddao.ledger.actors import SYSTEM

pytestmark = pytest.mark.django_db


def test_a_finding_is_asked_about_until_it_is_explained_or_superseded():
    upload = workbook()
    first = finding(upload, amount=Decimal("12000.50"))
    finding(upload, cell="C8", superseded_at=AT)
    finding(workbook(year=FiscalYear(2568)), cell="C9")
    assert counted("issue") == Tally(1, Decimal("12000.50"))
    (question,) = asked("issue")
    assert (question.reference, question.target) == ("งบยุทธศาสตร์ ไตร 1-2!C7", first.pk)
    explain_issue(first.pk, words="แถวนี้ยกเลิกแล้ว", by=SYSTEM, at=AT)
    assert counted("issue") == Tally()


def test_a_printed_score_that_its_parts_do_not_give_is_asked_about():
    printed_score(workbook(as_of=date(2026, 6, 10)), "5712", "5", 3)
    newest = workbook(as_of=date(2026, 7, 10))
    printed_score(newest, "5712", "4", 3)
    printed_score(newest, "5713", "3", 3)
    (question,) = asked("score")
    assert (question.place, question.detail) == ("5712", ("4.00", "3"))


def test_the_newest_score_counts_also_when_it_agrees_again():
    printed_score(workbook(as_of=date(2026, 6, 10)), "5712", "5", 3)
    printed_score(workbook(as_of=date(2026, 7, 10)), "5712", "3", 3)
    assert asked("score") == []


def test_an_office_without_an_entry_is_asked_about_and_the_department_never():
    Office("CDD-5712").post("allotment", "1000", date(2025, 10, 20))
    Office("CDD-5713")  # opened, and nothing in it
    silent = {each.place for each in asked("silent", members=("th",))}
    assert "5712" not in silent
    assert "5713" in silent
    assert "th" not in silent


@pytest.mark.parametrize(("days", "late"), [(30, 0), (31, 1)])
def test_an_advance_is_past_its_day_on_the_thirty_first(days, late):
    advance(Office(), TODAY - timedelta(days=days))
    assert counted("overdue").count == late


def test_an_advance_with_a_day_of_its_own_is_asked_about_after_that_day():
    advance(Office(), TODAY - timedelta(days=50), due_on=TODAY)
    assert counted("overdue") == Tally()
    assert counted("overdue", today=TODAY + timedelta(days=1)) == Tally(1, Decimal(12000))


def test_an_advance_cleared_in_part_is_asked_about_for_the_rest():
    office = Office()
    lent = advance(office, date(2026, 5, 1))
    office.post("clearance", "7000", date(2026, 6, 1), against=lent.pk, cash_back=Decimal("999.75"))
    (question,) = asked("overdue")
    assert (question.amount, question.days, question.detail) == (
        Decimal("4000.25"), (TODAY - date(2026, 5, 31)).days, ("ผู้ยืม 1",),
    )  # fmt: skip
    office.post("clearance", "4000.25", date(2026, 6, 2), against=lent.pk)
    assert asked("overdue") == []


def test_a_reversed_advance_is_not_asked_about():
    lent = advance(Office(), date(2026, 5, 1))
    reverse_entry(lent.pk, document="กลับ 1", on=date(2026, 6, 1), reason="ผิดสัญญา", by=SYSTEM, at=AT)
    assert asked("overdue", "papers") == [
        each for each in asked("papers") if each.subject != "advance"
    ]


def test_papers_are_asked_for_until_the_last_one_is_held():
    office = Office()
    office.post("allotment", "50000", date(2026, 7, 1))
    order = office.post("commitment", "20000", date(2026, 7, 2))
    paid = office.post("disbursement", "20000", date(2026, 7, 10), against=order.pk)
    (question,) = asked("papers")
    needed = ("ขออนุมัติเบิกจ่าย", "หลักฐานการจ่าย", "ใบตรวจรับพัสดุ")
    assert (question.target, question.detail) == (paid.pk, needed)
    for paper in needed[:2]:
        hold_paper(paid.pk, paper, note="แฟ้ม 1", by=SYSTEM, at=AT)
    (question,) = asked("papers")
    assert question.detail == needed[2:]
    hold_paper(paid.pk, needed[2], note="แฟ้ม 1", by=SYSTEM, at=AT)
    assert asked("papers") == []


def test_papers_are_counted_as_the_rules_count_them():
    """What the database counts as needed is what ``papers_needed`` names, for every kind."""
    office = Office()
    office.post("allotment", "90000", date(2026, 7, 1))
    order = office.post("commitment", "20000", date(2026, 7, 2))
    office.post("disbursement", "20000", date(2026, 7, 10), against=order.pk)
    office.post("disbursement", "100", date(2026, 7, 10))
    lent = office.post("advance", "500", date(2026, 7, 10))
    office.post("clearance", "500", date(2026, 7, 11), against=lent.pk)
    office.post("return", "700", date(2026, 7, 12))
    rows = stored_entries(office.book.entries.all())
    needing = {row.id for row in rows if papers_needed(row.entry)}
    assert {each.target for each in asked("papers")} == needing
    assert len(needing) == 5


@pytest.mark.parametrize(("days", "idle"), [(59, 0), (60, 1)])
def test_money_that_has_not_moved_for_sixty_days_is_asked_about(days, idle):
    office = Office()
    office.post("allotment", "50000", TODAY - timedelta(days=90))
    office.post("disbursement", "49000", TODAY - timedelta(days=days))
    assert counted("idle") == Tally(idle, Decimal(1000 * idle))


def test_an_empty_envelope_may_rest():
    office = Office()
    office.post("allotment", "50000", TODAY - timedelta(days=90))
    office.post("disbursement", "50000", TODAY - timedelta(days=80))
    assert counted("idle") == Tally()


@pytest.mark.parametrize(("days", "late"), [(30, 0), (31, 1)])
def test_an_entry_written_down_long_after_its_day_is_asked_about(days, late):
    day = date(2026, 3, 2)
    Office().post("allotment", "50000", day, known=day + timedelta(days=days))
    assert counted("late").count == late


@pytest.mark.parametrize(("days", "stale"), [(45, 0), (46, 1)])
def test_a_workbook_is_asked_for_when_the_newest_is_old(days, stale):
    workbook(as_of=TODAY - timedelta(days=200))
    workbook(as_of=TODAY - timedelta(days=days))
    workbook(as_of=TODAY, state="read")  # not taken in
    assert counted("stale", "57").count == stale


def test_a_province_that_hands_in_no_workbooks_is_not_asked_for_one():
    assert asked("stale") == []


def test_a_year_gone_by_is_asked_about_as_of_its_end():
    scope = scope_of(["57"], FiscalYear(2568), today=TODAY)
    assert scope.on == date(2025, 9, 30)
