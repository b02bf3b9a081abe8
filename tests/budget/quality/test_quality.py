"""Questions about data: each kind asked when it must be and no day sooner, listed, explained, hidden."""

from __future__ import annotations

import io
import re
from datetime import date, timedelta
from decimal import Decimal
from typing import get_args

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.budget.quality.offices import AT, TODAY, YEAR, Office, finding, printed_score, workbook
from tests.persons import make_person, signed_in
from tiddao.budget.actions.papers import hold_paper
from tiddao.budget.actions.posting import reverse_entry
from tiddao.budget.actions.quality import (
    ExplanationRefused,
    count_questions,
    count_questions_of_the_night,
    explain_issue,
)
from tiddao.budget.models import QualityCount, WorkbookIssue
from tiddao.budget.queries.entries import stored_entries
from tiddao.budget.queries.quality.counts import Tally, kept_counts, live_counts
from tiddao.budget.queries.quality.questions import Questions
from tiddao.budget.queries.quality.scope import scope_of
from tiddao.budget.rules.office_figures import FindingType
from tiddao.budget.rules.papers import papers_needed
from tiddao.budget.rules.quality import KINDS
from tiddao.budget.views.quality_words import KIND_WORDS, TYPE_WORDS, answer_words
from tiddao.kernel.fiscal import FiscalYear
from tiddao.ledger.actors import SYSTEM
from tiddao.ledger.models import Entry as LedgerEntry
from tiddao.people.models import Role

pytestmark = pytest.mark.django_db

PAGE = f"/places/57/money/quality/?year={YEAR}"


def counted(kind: str, place: str = "5712", *, today: date = TODAY) -> Tally:
    return live_counts(scope_of(["57"], YEAR, today=today)).get((place, kind), Tally())


def asked(*kinds: str, today: date = TODAY, members=("57",)) -> list:
    scope = scope_of(members, YEAR, today=today)
    return list(Questions(scope, live_counts(scope), kinds or KINDS))


def words(response) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


# -- each kind --------------------------------------------------------------------------------------


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


def advance(office: Office, on: date, **more: object):
    office.post("allotment", "50000", on - timedelta(days=1))
    return office.post("advance", "12000", on, borrower="ผู้ยืม 1", **more)


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


# -- counting and paging ----------------------------------------------------------------------------


def make_a_mixture() -> None:
    upload = workbook(as_of=date(2026, 5, 1))
    for number in range(3):
        finding(upload, cell=f"C{number}")
    for code in ("CDD-5712", "CDD-57"):
        office = Office(code)
        advance(office, date(2026, 5, 1))
        office.post("disbursement", "100", date(2026, 5, 4), known=date(2026, 7, 1))


def test_pages_hold_every_question_once_in_the_order_of_kinds():
    make_a_mixture()
    scope = scope_of(["57"], YEAR, today=TODAY)
    counts = live_counts(scope)
    questions = Questions(scope, counts, KINDS)
    whole = list(questions)
    assert len(whole) == len(questions) == sum(each.count for each in counts.values())
    by_pages = [each for first in range(0, len(whole), 4) for each in questions[first : first + 4]]
    assert by_pages == whole
    order = [KINDS.index(each.kind) for each in whole]
    assert order == sorted(order)
    assert {each.kind for each in whole} == {
        "issue", "silent", "overdue", "papers", "idle", "late", "stale",
    }  # fmt: skip


def test_one_office_alone_has_its_own_questions():
    make_a_mixture()
    scope = scope_of(["57"], YEAR, today=TODAY)
    counts = live_counts(scope)
    own = list(Questions(scope.narrowed("5712"), counts, KINDS))
    assert {each.place for each in own} == {"5712"}
    assert len(own) == sum(t.count for (place, _), t in counts.items() if place == "5712")


def test_counts_of_the_night_are_those_of_the_day_and_change_with_it():
    make_a_mixture()
    scope = scope_of(["57"], YEAR, today=TODAY)
    assert count_questions(YEAR, today=TODAY) > sum(
        each.count for each in live_counts(scope).values()
    )  # other provinces are silent
    kept, on = kept_counts(scope)
    assert kept == live_counts(scope)
    assert on == TODAY
    WorkbookIssue.objects.update(superseded_at=AT)
    count_questions(YEAR, today=TODAY + timedelta(days=1))
    kept, on = kept_counts(scope)
    assert ("5712", "issue") not in kept
    assert on == TODAY + timedelta(days=1)
    assert QualityCount.objects.count() == 954 * len(KINDS)


def test_every_night_counts_the_year_and_the_one_before():
    make_a_mixture()
    of_both = count_questions_of_the_night(today=TODAY)
    per_year = [
        sum(each.count for each in kept_counts(scope_of(["th"], year, today=TODAY))[0].values())
        for year in (YEAR.previous(), YEAR)
    ]
    assert of_both == sum(per_year)
    assert per_year[1] > per_year[0] > 0  # offices without a book are asked about in both


# -- explaining -------------------------------------------------------------------------------------


def test_explaining_keeps_the_words_and_tells_the_ledger():
    issue = finding(workbook(), amount=Decimal(500))
    explain_issue(issue.pk, words=" พิมพ์ผิดบรรทัด ", by=SYSTEM, at=AT)
    issue.refresh_from_db()
    assert (issue.explanation, issue.explained_at) == ("พิมพ์ผิดบรรทัด", AT)
    told = LedgerEntry.objects.get(act="explain_issue")
    assert (told.place, told.detail["cell"], told.detail["baht"]) == ("5712", "C7", "500.00")


@pytest.mark.parametrize(
    ("made", "said", "code"),
    [({}, "  ", "no_words"), ({"superseded_at": AT}, "คำ", "settled"), ({"explained_at": AT}, "คำ", "settled")],
)  # fmt: skip
def test_what_is_settled_or_unsaid_is_not_explained(made, said, code):
    issue = finding(workbook(), **made)
    with pytest.raises(ExplanationRefused) as refused:
        explain_issue(issue.pk, words=said, by=SYSTEM, at=AT)
    assert refused.value.code == code
    assert not LedgerEntry.objects.filter(act="explain_issue").exists()


# -- pages ------------------------------------------------------------------------------------------


def test_the_page_lists_what_is_asked_and_what_settles_it(provincial_head):
    make_a_mixture()
    page = words(signed_in(provincial_head).get(PAGE))
    for kind in ("issue", "overdue", "papers", "idle"):
        assert str(KIND_WORDS[kind]) in page
        assert answer_words(kind) in page
    assert "งบยุทธศาสตร์ ไตร 1-2!C1" in page
    assert "สูตรอ้างอิงผิด (#REF!)" in page
    assert "เงินยืม advance 2 เกินกำหนดส่งใช้มา" in page


def test_filters_and_pages_keep_to_what_was_asked(provincial_head):
    Office()
    upload = workbook()
    for number in range(120):
        finding(upload, cell=f"C{number}")
    client = signed_in(provincial_head)
    second = words(client.get(f"{PAGE}&kind=issue&page=2"))
    assert "51–100 จาก 120" in second
    assert "ยังไม่มีรายการในปีนี้ " not in second.split("รายการข้อสังเกต")[1]
    none = words(client.get(f"{PAGE}&kind=issue&office=5701"))
    assert "ไม่มีข้อสังเกตประเภทนี้" in none


def test_the_file_holds_every_question(provincial_head):
    make_a_mixture()
    response = signed_in(provincial_head).get(
        reverse("place-quality-xlsx", args=["57"]) + f"?year={YEAR}"
    )
    sheet = openpyxl.load_workbook(io.BytesIO(b"".join(response))).active
    cells = [cell for row in sheet.iter_rows(values_only=True) for cell in row if cell is not None]
    assert sum(cell == str(KIND_WORDS["issue"]) for cell in cells) == 3
    assert any("C1" in str(cell) for cell in cells)


def test_too_many_for_one_file_are_refused_not_cut(provincial_head, monkeypatch):
    monkeypatch.setattr("tiddao.budget.views.quality.MOST_EXPORTED", 2)
    make_a_mixture()
    response = signed_in(provincial_head).get(
        reverse("place-quality-xlsx", args=["57"]) + f"?year={YEAR}", follow=True
    )
    assert "มากเกินไฟล์เดียว" in words(response)


def test_the_nation_reads_the_counts_of_the_night(executive):
    make_a_mixture()
    client = signed_in(executive)
    address = f"/places/th/money/quality/?year={YEAR}"
    assert "ยังไม่ได้นับ" in words(client.get(address))
    count_questions(YEAR, today=TODAY)
    page = client.get(address)
    assert "นับทุกคืน" in words(page)
    assert f"/places/57/money/quality/?year={YEAR}" in page.content.decode()
    response = client.get(reverse("place-quality-xlsx", args=["th"]) + f"?year={YEAR}")
    sheet = openpyxl.load_workbook(io.BytesIO(b"".join(response))).active
    names = [row[0] for row in sheet.iter_rows(values_only=True)]
    assert "สำนักงานพัฒนาชุมชนจังหวัดเชียงราย" in names


def test_a_district_head_explains_a_finding_of_the_district(district_head):
    issue = finding(workbook())
    client = signed_in(district_head)
    address = reverse("quality-issue", args=["5712", issue.pk])
    assert "ช่อง C7 เป็น #REF!" in words(client.get(address))
    refused = client.post(address, {"words": ""})
    assert refused.status_code == 422
    assert client.post(address, {"words": "จะแก้ในเดือนหน้า"}).status_code == 302
    issue.refresh_from_db()
    assert issue.explained_by == f"user:{district_head.pk}"
    assert "จะแก้ในเดือนหน้า" in words(client.get(address))


def test_nobody_sees_or_explains_what_is_not_theirs(provincial_head, district_head, stranger):
    issue = finding(workbook(), unit="5713")
    address = reverse("quality-issue", args=["5713", issue.pk])
    sideways = reverse("quality-issue", args=["5712", issue.pk])
    for person in (district_head, stranger):
        client = signed_in(person)
        assert client.get(address).status_code == 404
        assert client.post(address, {"words": "x"}).status_code == 404
        assert client.get(sideways).status_code == 404
    assert signed_in(stranger).get(PAGE).status_code == 404
    assert signed_in(district_head).get(PAGE).status_code == 404
    inspector = make_person(Role.INSPECTOR, "CDD")
    assert signed_in(inspector).get(address).status_code == 200
    assert signed_in(inspector).post(address, {"words": "x"}).status_code == 403
    issue.refresh_from_db()
    assert issue.explained_at is None
    assert signed_in(provincial_head).get(address).status_code == 200


def test_the_page_costs_the_same_for_one_finding_and_for_three(provincial_head):
    client = signed_in(provincial_head)
    upload = workbook()
    finding(upload)
    client.get(PAGE)
    with CaptureQueriesContext(connection) as one:
        client.get(PAGE)
    finding(upload, cell="C8")
    finding(upload, unit="5713", cell="C9")
    with CaptureQueriesContext(connection) as three:
        client.get(PAGE)
    assert len(one) == len(three) <= 40


def test_the_json_says_what_the_page_says(provincial_head, executive):
    make_a_mixture()
    found = signed_in(provincial_head).get(f"/api/v1/places/57/money/quality?year={YEAR}").json()
    scope = scope_of(["57"], YEAR, today=date.fromisoformat(found["as_of"]))
    counts = live_counts(scope)
    assert found["total"] == sum(each.count for each in counts.values()) == len(found["questions"])
    assert {(e["place"], e["kind"]): e["count"] for e in found["counts"]} == {
        key: each.count for key, each in counts.items()
    }
    national = signed_in(executive).get(f"/api/v1/places/th/money/quality?year={YEAR}").json()
    assert (national["as_of"], national["questions"]) == (None, [])


def test_every_type_of_the_reader_has_words():
    assert set(get_args(FindingType)) | {"REFUSED_BY_BOOK"} <= set(TYPE_WORDS)
    assert set(KIND_WORDS) == set(KINDS)
