"""Our books beside the treasury's report: both sides exact, every part explained or open."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from tests.budget.cgd_files import week
from tests.budget.quality.offices import AT, YEAR, Office
from tests.budget.weeks import EVERY_SHEET, NEXT_WEEK, given_up_later, second_week, take_in
from tests.persons import make_person, signed_in
from tiddao.budget.actions.reconciliation import NoteRefused, end_note, note_difference
from tiddao.budget.forms.reconciliation import REASON_WORDS
from tiddao.budget.models import ReconciliationNote, TreasuryFigure
from tiddao.budget.queries.reconciliation import lines_of, reconciliation
from tiddao.budget.rules.reconciling import FUNDS, REASONS, Comparison, compare
from tiddao.ledger.actors import SYSTEM
from tiddao.ledger.models import Entry as LedgerEntry
from tiddao.people.models import Role

DAY = date(2026, 7, 10)
PAGE = "/places/57/money/reconciliation/"
MONEY = st.decimals(-(10**9), 10**9, places=2)


def words(response) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


# -- the rule ---------------------------------------------------------------------------------------


@given(treasury=MONEY, ours=MONEY, reasons=st.lists(MONEY, max_size=5))
def test_what_is_explained_and_what_is_open_make_the_difference(treasury, ours, reasons):
    found = compare(treasury, ours, reasons)
    assert found.explained + found.open == found.difference == treasury - ours
    assert found.is_settled == (found.open == 0)
    if found.is_over_explained:
        assert found.open != 0
        assert abs(found.explained) > abs(found.difference) or (
            (found.explained > 0) != (found.difference > 0)
        )


@pytest.mark.parametrize(
    ("treasury", "ours", "explained", "open_", "over"),
    [
        ("100", "60", "40", "0", False),
        ("100", "60", "25.25", "14.75", False),
        ("100", "60", "45", "-5", True),
        ("60", "100", "-10", "-30", False),
        ("60", "100", "-45", "5", True),
        ("60", "60", "0", "0", False),
    ],
)
def test_compared_by_hand(treasury, ours, explained, open_, over):
    found = compare(Decimal(treasury), Decimal(ours), [Decimal(explained)])
    assert (found.open, found.is_over_explained) == (Decimal(open_), over)


def test_what_one_side_does_not_report_has_no_difference():
    for found in (Comparison(None, Decimal(1)), Comparison(Decimal(1), None)):
        assert (found.difference, found.open, found.is_settled) == (None, None, False)


def test_every_reason_has_words_and_no_fund_stands_in_both_lines_of_a_province():
    assert set(REASON_WORDS) == set(REASONS)
    assert not FUNDS["central"] & FUNDS["province"]
    assert "carried_over" not in FUNDS["central"] | FUNDS["province"]


# -- both sides -------------------------------------------------------------------------------------

pytestmark = pytest.mark.django_db


def books() -> None:
    """Two offices of 57 with central, provincial and carried-over money, before and after the day."""
    district, province = Office("CDD-5712"), Office("CDD-57")
    district.post("allotment", "100000", date(2025, 10, 20))
    district.post("disbursement", "30000.25", date(2026, 7, 10))
    district.post("disbursement", "5000", date(2026, 7, 13))  # after the report's day
    district.post("allotment", "50000", date(2025, 11, 3), spending="investment")
    district.post("commitment", "20000", date(2026, 2, 2), spending="investment")
    province.post("allotment", "70000", date(2025, 10, 20), fund="admin")
    province.post("disbursement", "7000", date(2026, 1, 5), fund="admin")
    province.post("allotment", "900000", date(2025, 12, 1), fund="province")
    province.post("disbursement", "450000", date(2026, 3, 3), fund="province")
    province.post("allotment", "11000", date(2025, 10, 2), fund="carried_over")
    province.post("disbursement", "9000", date(2025, 12, 2), fund="carried_over")
    province.post("allotment", "8000", date(2026, 5, 5), spending="total")
    province.post("disbursement", "1000", date(2026, 6, 6), spending="total")


@pytest.fixture(scope="class")
def both_sides(django_db_setup, django_db_blocker):
    """The first week with all its sheets and the books, made once for the tests of a class."""
    with given_up_later(django_db_blocker):
        take_in(week(*EVERY_SHEET))
        books()
        yield


def row(found, basis: str, spending: str):
    return next(e for e in found.rows if (e.basis, e.spending) == (basis, spending))


def treasury(sheet: int, spending: str, name: str, place: str = "57") -> Decimal:
    figure = TreasuryFigure.objects.get(
        sheet__number=sheet, spending=spending, place=place, kind="province"
    )
    return round(getattr(figure, name) * 1_000_000, 2)


def test_no_books_is_no_zero():
    take_in(week(*EVERY_SHEET))
    found = reconciliation("57", DAY, "central")
    assert row(found, "disbursed", "total").amount.ours is None
    assert row(found, "disbursed", "total").amount.difference is None
    assert not found.is_settled


# -- reasons ----------------------------------------------------------------------------------------


def note(baht: str, **more) -> ReconciliationNote:
    said = {
        "line": "central", "basis": "disbursed", "spending": "total", "reason": "other_agencies",
        "amount": Decimal(baht), "words": "งบของหน่วยงานอื่นในจังหวัด", "by": SYSTEM, "at": AT,
    }  # fmt: skip
    return note_difference("57", DAY, **said | more)


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"amount": Decimal(0)}, "no_amount"),
        ({"amount": Decimal("0.001")}, "finer_than_satang"),
        ({"words": " "}, "no_words"),
        ({"reason": "because"}, "unknown_choice"),
        ({"line": "nowhere"}, "unknown_choice"),
        ({"basis": "planned"}, "unknown_choice"),
        ({"spending": "all"}, "unknown_choice"),
    ],
)
def test_a_note_that_says_too_little_is_refused(more, code):
    with pytest.raises(NoteRefused) as refused:
        note("5", **more)
    assert refused.value.code == code
    assert not ReconciliationNote.objects.exists()


def test_a_note_is_withdrawn_once_and_with_a_reason():
    kept = note("5")
    with pytest.raises(NoteRefused, match="no_reason"):
        end_note(kept.pk, reason=" ", by=SYSTEM, at=AT)
    end_note(kept.pk, reason="ผิด", by=SYSTEM, at=AT)
    with pytest.raises(NoteRefused, match="ended"):
        end_note(kept.pk, reason="อีก", by=SYSTEM, at=AT)


# -- pages ------------------------------------------------------------------------------------------


@pytest.fixture
def finance(db):
    return make_person(Role.FINANCE_OFFICER, "CDD-57", name="นางสาวสมมุติ การเงินจังหวัด")


def test_a_note_of_another_province_is_not_withdrawn_here(provincial_head):
    elsewhere = note_difference(
        "50", DAY, line="central", basis="used", spending="total", reason="other",
        amount=Decimal(5), words="x", by=SYSTEM, at=AT,
    )  # fmt: skip
    end = reverse("reconciliation-end", args=["57", elsewhere.pk])
    assert signed_in(provincial_head).get(end).status_code == 404


def test_a_district_and_a_group_have_no_such_page(district_head, executive):
    assert signed_in(district_head).get("/places/5712/money/reconciliation/").status_code == 404
    address = "/places/inspection-16/money/reconciliation/"
    assert signed_in(executive).get(address).status_code == 404


def test_before_the_first_report_the_page_says_so(provincial_head):
    assert "ยังไม่มีรายงานให้เทียบ" in words(signed_in(provincial_head).get(PAGE))
    assert (
        signed_in(provincial_head).get("/api/v1/places/57/money/reconciliation").status_code == 404
    )


# -- a week and the books, made once --------------------------------------------------------------


@pytest.mark.usefixtures("both_sides")
class TestBothSides:
    """What is compared, explained and shown where both sides have figures."""

    def test_our_side_is_what_the_books_came_to_at_the_end_of_the_day(self):
        found = reconciliation("57", DAY, "central")
        assert row(found, "disbursed", "recurrent").amount.ours == Decimal("37000.25")
        assert row(found, "disbursed", "investment").amount.ours == Decimal(0)
        assert row(found, "used", "investment").amount.ours == Decimal(20000)
        assert row(found, "disbursed", "total").amount.ours == Decimal("38000.25")
        assert row(found, "used", "total").amount.ours == Decimal("58000.25")
        assert row(found, "disbursed", "total").base.ours == Decimal(228000)
        assert (found.undivided, found.carried_over, found.elsewhere) == (1000, 9000, 450000)
        assert (found.offices, found.offices_reporting) == (19, 2)
        province = reconciliation("57", DAY, "province")
        assert row(province, "disbursed", "total").amount.ours == Decimal(450000)
        assert province.elsewhere == Decimal("38000.25")

    @pytest.mark.parametrize(("line", "sheets"), [("central", (13, 14)), ("province", (11, 12))])
    def test_the_treasurys_side_is_the_sheet_of_the_line_in_baht(self, line, sheets):
        found = reconciliation("57", DAY, line)
        for basis, sheet in zip(("disbursed", "used"), sheets, strict=True):
            for spending in ("recurrent", "investment", "total"):
                one = row(found, basis, spending)
                assert one.amount.treasury == treasury(sheet, spending, basis)
                assert one.base.treasury == treasury(sheet, spending, "base")
                assert one.cell.startswith(f"{sheet}!")
                assert one.amount.difference == one.amount.treasury - one.amount.ours

    def test_the_nation_is_compared_with_the_departments_own_row(self):
        Office("CDD-5001").post("allotment", "1000", date(2025, 10, 20))
        assert lines_of("th") == ("department",)
        found = reconciliation("th", DAY, "department")
        figure = TreasuryFigure.objects.filter(
            sheet__number=3, code="15004", spending="total"
        ).first()
        one = row(found, "disbursed", "total")
        assert one.amount.treasury == (round(figure.disbursed * 1_000_000, 2) if figure else None)
        assert one.base.ours == Decimal(229000)
        assert found.offices_reporting == 3

    def test_another_week_has_its_own_figures_and_reasons(self):
        take_in(second_week(*EVERY_SHEET), at=NEXT_WEEK)
        note("1")
        first, second = (reconciliation("57", day, "central") for day in (DAY, date(2026, 7, 17)))
        assert row(second, "disbursed", "total").amount.ours == Decimal("43000.25")
        assert row(first, "disbursed", "total").amount.explained == 1
        assert row(second, "disbursed", "total").amount.explained == 0

    def test_a_difference_explained_to_the_satang_is_settled_and_open_again_without_its_reason(
        self,
    ):
        whole = row(reconciliation("57", DAY, "central"), "disbursed", "total").amount.difference
        note(str(whole - 10))
        last = note("10", reason="timing")
        one = row(reconciliation("57", DAY, "central"), "disbursed", "total")
        assert one.amount.is_settled
        assert [each.reason for each in one.notes] == ["other_agencies", "timing"]
        end_note(last.pk, reason="ลงซ้ำ", by=SYSTEM, at=AT)
        assert row(reconciliation("57", DAY, "central"), "disbursed", "total").amount.open == 10
        told = list(LedgerEntry.objects.order_by("pk").values_list("act", flat=True))
        assert told[-3:] == ["note_difference", "note_difference", "end_note"]
        last.refresh_from_db()
        assert (last.ended_at, last.end_reason) == (AT, "ลงซ้ำ")

    def test_the_page_says_what_is_compared_and_what_is_open(self, finance):
        page = words(signed_in(finance).get(PAGE))
        assert "ไม่ใช่ของสำนักงานพัฒนาชุมชนเท่านั้น" in page
        assert "2 จาก 19 แห่ง" in page
        assert "37,000.25" in page
        assert "ผลต่างที่รอระบุสาเหตุ 6 รายการ" in page
        other = words(signed_in(finance).get(f"{PAGE}?line=province&as_of=2026-07-10"))
        assert "450,000.00" in other

    def test_the_finance_officer_notes_a_reason_and_withdraws_it(self, finance):
        client = signed_in(finance)
        said = {
            "basis": "used", "spending": "recurrent", "reason": "advances", "amount": "๑,๒๓๔.๕๐ บาท",
            "words": "เงินยืมนับเมื่อส่งใช้", "document": "ชร 0019/55",
        }  # fmt: skip
        address = reverse("reconciliation-note", args=["57"]) + "?as_of=2026-07-10&line=central"
        assert client.post(address, said).status_code == 302
        kept = ReconciliationNote.objects.get()
        assert (kept.amount, kept.as_of, kept.line) == (Decimal("1234.50"), DAY, "central")
        assert kept.by == f"user:{finance.pk}"
        page = client.get(PAGE)
        assert "เงินยืมนับเมื่อส่งใช้" in words(page)
        assert "ชี้แจงแล้วบางส่วน" in words(page)
        end = reverse("reconciliation-end", args=["57", kept.pk])
        assert "เงินยืมนับเมื่อส่งใช้" in words(client.get(end))
        assert client.post(end, {"reason": ""}).status_code == 422
        assert client.post(end, {"reason": "ซ้ำ"}).status_code == 302
        assert client.get(end).status_code == 404
        refused = client.post(address, said | {"amount": "0"})
        assert refused.status_code == 422
        assert "ระบุจำนวนเงิน" in words(refused)

    def test_who_may_look_and_who_may_write(
        self, finance, provincial_head, district_head, stranger, executive
    ):
        kept = note("5")
        said = {
            "basis": "used", "spending": "total", "reason": "other", "amount": "5", "words": "x",
        }  # fmt: skip
        add = reverse("reconciliation-note", args=["57"])
        end = reverse("reconciliation-end", args=["57", kept.pk])
        for person in (finance, provincial_head, executive):
            assert signed_in(person).get(PAGE).status_code == 200
        for person in (district_head, stranger):
            assert signed_in(person).get(PAGE).status_code == 404
            assert signed_in(person).post(add, said).status_code == 404
            assert signed_in(person).get(end).status_code == 404
            assert (
                signed_in(person).get("/api/v1/places/57/money/reconciliation").status_code == 404
            )
        assert signed_in(executive).post(add, said).status_code == 403
        assert signed_in(executive).post(end, {"reason": "x"}).status_code == 403
        assert signed_in(provincial_head).post(add, said).status_code == 302
        assert ReconciliationNote.objects.filter(ended_at=None).count() == 2

    def test_the_page_costs_the_same_for_one_reason_and_for_three(self, finance):
        client = signed_in(finance)
        note("1")
        client.get(PAGE)
        with CaptureQueriesContext(connection) as one:
            client.get(PAGE)
        note("2")
        note("3", basis="used")
        with CaptureQueriesContext(connection) as three:
            client.get(PAGE)
        assert len(one) == len(three) <= 25

    def test_the_json_is_what_the_page_shows(self, finance):
        note("250.75")
        found = signed_in(finance).get("/api/v1/places/57/money/reconciliation?line=central").json()
        one = next(
            e for e in found["rows"] if (e["basis"], e["spending"]) == ("disbursed", "total")
        )
        assert one["amount"]["ours"] == "38000.25"
        assert one["amount"]["explained"] == "250.75"
        assert Decimal(one["amount"]["open"]) == Decimal(one["amount"]["difference"]) - Decimal(
            "250.75"
        )
        assert one["notes"][0]["reason"] == "other_agencies"
        assert found["sheets"] == [13, 14]
        assert YEAR.contains(date.fromisoformat(found["as_of"]))
