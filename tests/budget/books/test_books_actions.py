"""Posting into the offices' books: what is taken, what is refused, and that nothing is half done."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection, transaction
from django.db.utils import ProgrammingError

from tests.budget.books.writing import (
    AT,
    WRITER,
    YEAR,
    a_book,
    an_envelope,
    day,
    entry_of,
    line,
    post,
)
from tiddao.budget.actions import posting
from tiddao.budget.actions.books import (
    EnvelopeKey,
    TakeoverRefused,
    WantedEnvelope,
    ensure_envelope,
    ensure_programme,
    ensure_project,
    keep_by_entries,
    open_book,
    open_envelope,
    put_under_programme,
)
from tiddao.budget.actions.papers import PaperRefused, end_paper, hold_paper
from tiddao.budget.actions.posting import post_entries, reverse_entry
from tiddao.budget.models import (
    Book,
    BookBalance,
    BookDay,
    BookEntry,
    EnvelopeBalance,
    Keeping,
    Programme,
    Project,
)
from tiddao.budget.queries.recount import recount_books
from tiddao.budget.rules.books import EntryRefused
from tiddao.ledger.models import Entry

pytestmark = pytest.mark.django_db
D = Decimal


@pytest.fixture
def book(db):
    return a_book()


@pytest.fixture
def envelope(book):
    return an_envelope(book)


def codes(refused):
    return [each.code for each in refused.value.refusals]


def acts(act):
    return Entry.objects.filter(act=act)


# -- opening --------------------------------------------------------------------------------------


def test_book_opened_twice_is_one_book_and_one_act(db):
    first = open_book("CDD-5712", YEAR, by=WRITER, at=AT)
    assert open_book("CDD-5712", YEAR, by=WRITER, at=AT + timedelta(days=1)) == first
    assert (first.place_id, first.fiscal_year, first.opened_at) == ("5712", 2569, AT)
    assert acts("open_book").count() == 1


def test_project_is_known_by_number_and_keeps_other_names_as_aliases(db):
    first = ensure_project(YEAR, "57", number="24/2569", name_th="สัมมาชีพ", by=WRITER, at=AT)
    again = ensure_project(
        YEAR, "57", number=" 24/2569", name_th="สัมมาชีพชุมชน", aliases=["24 /69"], by=WRITER, at=AT
    )
    assert again == first
    assert again.name_th == "สัมมาชีพ"
    assert set(first.aliases.values_list("written", flat=True)) == {"สัมมาชีพชุมชน", "24 /69"}
    assert ensure_project(YEAR, "57", name_th="สัมมาชีพชุมชน", by=WRITER, at=AT) == first
    assert ensure_project(YEAR, "50", number="24/2569", by=WRITER, at=AT) != first
    assert acts("add_project").count() == 2
    assert acts("complete_project").count() == 1


def test_project_without_number_and_name_is_an_error(db):
    with pytest.raises(ValueError, match="number or a name"):
        ensure_project(YEAR, "57", number=" ", by=WRITER, at=AT)


def test_envelope_key_names_one_envelope_and_another_tranche_another(book, envelope):
    key = EnvelopeKey(envelope.activity_id, "strategy", "recurrent", " ไตร  3-4 ")
    assert ensure_envelope(book, key) == envelope
    assert ensure_envelope(book, replace(key, tranche="ไตร 4")) != envelope


def test_envelope_asked_for_twice_is_one_and_its_new_project_is_the_provinces(book, envelope):
    wanted = WantedEnvelope("admin", "recurrent", "ไตร 4", number="30/2569", name="ผ้าไทย")
    made = open_envelope(book.pk, wanted, by=WRITER, at=AT)
    assert open_envelope(book.pk, wanted, by=WRITER, at=AT) == made
    assert (made.activity.project.owner_id, made.keeping) == ("57", "entries")
    assert acts("open_envelope").count() == 1
    again = WantedEnvelope("strategy", "recurrent", "ไตร 3-4", project=envelope.activity.project_id)
    assert open_envelope(book.pk, again, by=WRITER, at=AT) == envelope
    theirs = ensure_project(YEAR, "50", number="1/2569", by=WRITER, at=AT)
    with pytest.raises(Project.DoesNotExist):
        open_envelope(book.pk, replace(again, project=theirs.pk), by=WRITER, at=AT)


@pytest.mark.parametrize(("fund", "spending"), [("gold", "recurrent"), ("strategy", "both")])
def test_envelope_of_unknown_fund_or_spending_is_an_error(book, envelope, fund, spending):
    with pytest.raises(ValueError, match="no such"):
        ensure_envelope(book, EnvelopeKey(envelope.activity_id, fund, spending))


def test_envelope_of_a_project_of_another_year_is_an_error(book, envelope):
    next_year = a_book(year=YEAR.next())
    with pytest.raises(ValueError, match="2569"):
        ensure_envelope(next_year, EnvelopeKey(envelope.activity_id, "strategy", "recurrent"))


def test_project_is_put_under_a_programme_of_its_year_only(db):
    project = ensure_project(YEAR, "57", number="24/2569", by=WRITER, at=AT)
    programme = ensure_programme(YEAR, "57", "ผลผลิตชุมชนเข้มแข็ง", by=WRITER, at=AT)
    assert ensure_programme(YEAR, "57", " ผลผลิตชุมชนเข้มแข็ง", by=WRITER, at=AT) == programme
    assert put_under_programme(project.pk, programme.pk, by=WRITER, at=AT).programme == programme
    put_under_programme(project.pk, programme.pk, by=WRITER, at=AT)
    assert acts("put_under_programme").count() == 1
    later = ensure_programme(YEAR.next(), "57", "ผลผลิตชุมชนเข้มแข็ง", by=WRITER, at=AT)
    with pytest.raises(Programme.DoesNotExist):
        put_under_programme(project.pk, later.pk, by=WRITER, at=AT)


# -- posting --------------------------------------------------------------------------------------


def test_entries_of_a_year_come_to_the_balance_counted_by_hand(book, envelope):
    posted = post(
        book,
        line(envelope, "clearance", "ส1", "900.25", 130, against=("advance", "ย1"), cash_back="99.75"),
        line(envelope, "advance", "ย1", "1000", 120, borrower="คนที่ 1"),
        line(envelope, "disbursement", "จ1", "3000.50", 110, against=("commitment", "PO1")),
        line(envelope, "release", "ค1", "999.50", 140, against=("commitment", "PO1")),
        line(envelope, "commitment", "PO1", "5000", 100),
        line(envelope, "allotment", "อ1", "20000", 1),
        line(envelope, "transfer_in", "ร1", "500", 2),
        line(envelope, "transfer_out", "อ2", "250", 3),
        line(envelope, "return", "ส2", "1000.01", 200),
        line(envelope, "reservation", "ก1", "2000", 330),
    )  # fmt: skip
    assert len(posted.taken) == 10
    balance = EnvelopeBalance.objects.get(envelope=envelope)
    assert (
        balance.allotted, balance.transferred, balance.disbursed, balance.committed,
        balance.returned, balance.remaining, balance.advanced, balance.reserved,
    ) == (
        D("20000"), D("250"), D("3900.75"), D("1000"), D("1000.01"), D("14349.24"), D(0), D("2000"),
    )  # fmt: skip
    of_book = BookBalance.objects.get(book=book)
    assert (of_book.fund, of_book.spending) == ("strategy", "recurrent")
    assert (of_book.remaining, of_book.last_on, of_book.last_known_at) == (
        D("14349.24"),
        day(330),
        AT,
    )
    assert BookDay.objects.get(book=book, on=day(110)).committed == D("-3000.50")
    assert sum(row.remaining for row in BookDay.objects.filter(book=book)) == D("14349.24")
    clearance = entry_of(book, "clearance", "ส1")
    assert clearance.against == entry_of(book, "advance", "ย1")
    assert recount_books() == ()


def test_posting_leaves_one_ledger_entry_with_sums_and_no_names(book, envelope):
    post(
        book,
        line(envelope, "allotment", "อ1", "20000"),
        line(envelope, "advance", "ย1", "1000", 2, borrower="นายสมมุติ"),
    )
    act = acts("post_entries").get()
    assert act.place == "5712"
    assert act.detail["entries"] == 2
    assert act.detail["baht"] == {"advance": "1000", "allotment": "20000"}
    assert "นายสมมุติ" not in str(act.detail)


def test_same_entries_again_change_nothing(book, envelope):
    lines = [
        line(envelope, "allotment", "อ1", "20000"),
        line(envelope, "commitment", "PO1", "5000", 2),
        line(envelope, "disbursement", "จ1", "100", 3, against=("commitment", "PO1")),
    ]
    first = post(book, *lines)
    tables = (BookEntry, EnvelopeBalance, BookBalance, BookDay, Entry)
    before = [list(table.objects.order_by("pk").values()) for table in tables]
    again = post(book, *reversed(lines), at=AT + timedelta(days=1))
    assert again.taken == ()
    assert set(again.already) == set(first.taken)
    assert [list(table.objects.order_by("pk").values()) for table in tables] == before


def test_one_refused_line_refuses_all(book, envelope):
    with pytest.raises(EntryRefused) as refused:
        post(
            book,
            line(envelope, "allotment", "อ1", "100"),
            line(envelope, "disbursement", "จ1", "60", 2),
            line(envelope, "disbursement", "จ2", "60", 3),
            line(envelope, "commitment", "PO1", "10", YEAR.end + timedelta(days=1)),
        )
    assert sorted(codes(refused)) == ["not-yet", "overdraw", "wrong-fiscal-year"]
    assert not BookEntry.objects.exists()
    assert not BookBalance.objects.exists()
    assert not acts("post_entries").exists()


def test_number_used_in_another_envelope_of_the_book_is_refused(book, envelope):
    other = an_envelope(book, tranche="ไตร 4")
    post(book, line(envelope, "allotment", "อ1", "100"))
    with pytest.raises(EntryRefused) as refused:
        post(book, line(other, "allotment", "อ1", "100"))
    assert codes(refused) == ["number-taken"]
    post(book, line(other, "allotment", "อ1", "100", line=2))


def test_number_of_a_reversal_in_another_envelope_is_refused(book, envelope):
    other = an_envelope(book, tranche="ไตร 4")
    post(book, line(envelope, "allotment", "อ1", "100"), line(other, "allotment", "อ2", "100"))
    first = entry_of(book, "allotment", "อ1")
    reverse_entry(first.pk, document="ก1", on=day(2), reason="ผิดซอง", by=WRITER, at=AT)
    with pytest.raises(EntryRefused) as refused:
        reverse_entry(
            entry_of(book, "allotment", "อ2").pk, document="ก1", on=day(2), reason="ผิด",
            by=WRITER, at=AT,
        )  # fmt: skip
    assert codes(refused) == ["number-taken"]


def test_payment_cannot_draw_on_a_commitment_of_another_envelope(book, envelope):
    other = an_envelope(book, tranche="ไตร 4")
    post(
        book,
        line(envelope, "allotment", "อ1", "100"),
        line(envelope, "commitment", "PO1", "100"),
        line(other, "allotment", "อ2", "100"),
    )
    order = entry_of(book, "commitment", "PO1")
    with pytest.raises(EntryRefused) as refused:
        post(book, line(other, "disbursement", "จ1", "10", 2, against=order.pk))
    assert codes(refused) == ["other-envelope"]


def test_entry_that_names_a_number_of_another_book_is_refused(book, envelope):
    elsewhere = a_book("CDD-5713")
    theirs = an_envelope(elsewhere)
    post(elsewhere, line(theirs, "allotment", "อ1", "9"), line(theirs, "commitment", "PO1", "9"))
    post(book, line(envelope, "allotment", "อ1", "100"))
    order = entry_of(elsewhere, "commitment", "PO1")
    with pytest.raises(EntryRefused) as refused:
        post(book, line(envelope, "disbursement", "จ1", "5", 2, against=order.pk))
    assert codes(refused) == ["unknown-reference"]


def test_envelope_of_another_book_is_refused(book):
    theirs = an_envelope(a_book("CDD-5713"))
    with pytest.raises(EntryRefused) as refused:
        post(book, line(theirs, "allotment", "อ1", "9"))
    assert codes(refused) == ["unknown-envelope"]


def test_closed_book_takes_nothing(book, envelope):
    Book.objects.filter(pk=book.pk).update(closed_at=AT)
    with pytest.raises(EntryRefused) as refused:
        post(book, line(envelope, "allotment", "อ1", "9"))
    assert codes(refused) == ["book-closed"]


def test_envelope_kept_from_a_workbook_takes_no_typed_entry_until_taken_over(book):
    kept = an_envelope(book, keeping=Keeping.WORKBOOK)
    post(book, line(kept, "allotment", "ไฟล์", "100", source="ไฟล์!A1"), keeping=Keeping.WORKBOOK)
    with pytest.raises(EntryRefused) as refused:
        post(book, line(kept, "disbursement", "จ1", "10", 2))
    assert codes(refused) == ["kept-by-workbook"]
    assert "ไฟล์ของสำนักงาน" in refused.value.refusals[0].message_th
    with pytest.raises(TakeoverRefused, match="no_reason"):
        keep_by_entries(kept.pk, reason=" ", by=WRITER, at=AT)
    keep_by_entries(kept.pk, reason="เริ่มบันทึกเอง", by=WRITER, at=AT)
    keep_by_entries(kept.pk, reason="เริ่มบันทึกเอง", by=WRITER, at=AT)
    act = acts("keep_by_entries").get()
    assert act.detail["opening"]["remaining"] == "100.00"
    assert act.detail["as_of"] == day(1).isoformat()
    post(book, line(kept, "disbursement", "จ1", "10", 2))
    with pytest.raises(EntryRefused) as refused:
        post(book, line(kept, "allotment", "ไฟล์", "5", 3), keeping=Keeping.WORKBOOK)
    assert codes(refused) == ["kept-by-entries"]


def test_row_written_past_the_lock_is_a_refusal_not_an_error(book, envelope, monkeypatch):
    """The unique number of an entry holds even against a writer that takes no lock."""
    real = posting._surroundings

    def somebody_slips_in(*args):
        found = real(*args)
        BookEntry.objects.create(
            book=book, envelope=envelope, kind="allotment", document="อ1", amount=5,
            on=day(1), known_at=AT, by="user:2",
        )  # fmt: skip
        return found

    monkeypatch.setattr(posting, "_surroundings", somebody_slips_in)
    with pytest.raises(EntryRefused) as refused:
        post(book, line(envelope, "allotment", "อ1", "100"))
    assert codes(refused) == ["number-taken"]


# -- undoing --------------------------------------------------------------------------------------


def test_reversal_restores_every_sum_to_the_satang(book, envelope):
    post(
        book, line(envelope, "allotment", "อ1", "100.01"), line(envelope, "commitment", "PO1", "50")
    )
    before = list(EnvelopeBalance.objects.values())
    post(book, line(envelope, "disbursement", "จ1", "33.33", 5, against=("commitment", "PO1")))
    payment = entry_of(book, "disbursement", "จ1")
    undone = reverse_entry(payment.pk, document="ก1", on=day(6), reason="เลขที่ผิด", by=WRITER, at=AT)
    assert (undone.amount, undone.against, undone.note) == (D("33.33"), payment, "เลขที่ผิด")
    assert list(EnvelopeBalance.objects.values()) == before
    assert acts("reverse_entry").get().detail["reason"] == "เลขที่ผิด"
    again = reverse_entry(payment.pk, document="ก1", on=day(6), reason="เลขที่ผิด", by=WRITER, at=AT)
    assert again == undone
    with pytest.raises(EntryRefused) as refused:
        reverse_entry(payment.pk, document="ก2", on=day(6), reason="อีก", by=WRITER, at=AT)
    assert codes(refused) == ["reversed-twice"]


def test_reversal_needs_a_reason(book, envelope):
    post(book, line(envelope, "allotment", "อ1", "100.01"))
    with pytest.raises(EntryRefused) as refused:
        reverse_entry(
            entry_of(book, "allotment", "อ1").pk, document="ก1", on=day(2), reason="  ",
            by=WRITER, at=AT,
        )  # fmt: skip
    assert codes(refused) == ["no-reason"]


def test_allotment_that_is_spent_cannot_be_reversed(book, envelope):
    post(book, line(envelope, "allotment", "อ1", "100"), line(envelope, "disbursement", "จ1", "1"))
    with pytest.raises(EntryRefused) as refused:
        reverse_entry(
            entry_of(book, "allotment", "อ1").pk, document="ก1", on=day(2), reason="ผิด",
            by=WRITER, at=AT,
        )  # fmt: skip
    assert codes(refused) == ["overdraw"]


def test_entry_cannot_be_changed_or_deleted(book, envelope):
    post(book, line(envelope, "allotment", "อ1", "100"))
    for attempt in (
        lambda: BookEntry.objects.update(amount=200),
        lambda: BookEntry.objects.all().delete(),
    ):
        with pytest.raises(ProgrammingError, match="Cannot update or delete"), transaction.atomic():
            attempt()


# -- counting again -------------------------------------------------------------------------------


def test_change_behind_the_products_back_is_found(book, envelope):
    post(book, line(envelope, "allotment", "อ1", "100"), line(envelope, "disbursement", "จ1", "40"))
    assert recount_books([book.pk]) == ()
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = 'replica'")  # triggers sleep
        cursor.execute("UPDATE budget_bookentry SET amount = 41 WHERE kind = 'disbursement'")
        cursor.execute("SET LOCAL session_replication_role = 'origin'")
    found = {(each.table, each.account): (each.kept, each.counted) for each in recount_books()}
    assert found["budget_envelopebalance", "disbursed"] == (D(40), D(41))
    assert found["budget_bookbalance", "remaining"] == (D(60), D(59))
    assert found["budget_bookday", "disbursed"] == (D(40), D(41))


def test_sum_without_entries_and_entries_without_sum_are_found(book, envelope):
    post(book, line(envelope, "allotment", "อ1", "100"))
    BookDay.objects.all().delete()
    BookBalance.objects.create(book=book, fund="admin", spending="recurrent")
    found = {(each.table, each.where): each for each in recount_books()}
    assert found["budget_bookday", f"{day(1)} strategy recurrent"].kept is None
    assert found["budget_bookbalance", "admin recurrent"].counted is None
    assert {each.account for each in found.values()} == {"row"}


def test_late_cash_back_goes_to_the_treasury_in_both_counts(book, envelope):
    post(
        book,
        line(envelope, "allotment", "อ1", "100"),
        line(envelope, "advance", "ย1", "50", 360),
        at=AT,
    )
    post(
        book,
        line(envelope, "clearance", "ส1", "30", YEAR.end + timedelta(days=5), against=("advance", "ย1"), cash_back="20"),
        at=AT + timedelta(days=20),
    )  # fmt: skip
    balance = EnvelopeBalance.objects.get()
    assert (balance.disbursed, balance.returned, balance.remaining) == (D(30), D(20), D(50))
    assert recount_books() == ()


# -- papers ---------------------------------------------------------------------------------------


def test_paper_is_held_once_and_ended_with_a_reason(book, envelope):
    post(book, line(envelope, "allotment", "อ1", "100"), line(envelope, "disbursement", "จ1", "40"))
    payment = entry_of(book, "disbursement", "จ1").pk

    def hold(paper="หลักฐานการจ่าย", note="แฟ้ม 3/2569", **more):
        return hold_paper(payment, paper, note=note, by=WRITER, at=AT, **more)

    held = hold()
    assert hold() == held
    refusals = [
        ({"note": "แฟ้ม 4"}, "held"),
        ({"paper": "ใบตรวจรับพัสดุ"}, "not_needed"),
        ({"paper": "ขออนุมัติเบิกจ่าย", "note": " "}, "nothing_shown"),
    ]
    for asked, code in refusals:
        with pytest.raises(PaperRefused) as refused:
            hold(**asked)
        assert refused.value.code == code
    with pytest.raises(PaperRefused):
        end_paper(held.pk, reason="", by=WRITER, at=AT)
    ended = end_paper(held.pk, reason="แนบผิดฉบับ", by=WRITER, at=AT)
    assert (ended.ended_at, ended.end_reason) == (AT, "แนบผิดฉบับ")
    assert hold(note="แฟ้ม 5/2569") != held
    assert (acts("hold_paper").count(), acts("end_paper").count()) == (2, 1)


def test_entry_posted_costs_the_same_queries_in_a_long_book(
    book, envelope, django_assert_max_num_queries
):
    lines = [line(envelope, "allotment", f"อ{number}", "10", number) for number in range(1, 300)]
    post(book, *lines)
    with django_assert_max_num_queries(20):
        post_entries(book.pk, [line(envelope, "disbursement", "จ1", "1", 300)], by=WRITER, at=AT)
