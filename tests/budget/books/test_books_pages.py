"""The pages of the books: what they show, what they cost, whom they keep out."""

from datetime import timedelta
from decimal import Decimal
from io import BytesIO

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from tests.budget.books.writing import AT, a_book, an_envelope, day, entry_of, line, post
from tests.persons import make_person, signed_in
from tiddao.budget.models import Book, BookEntry, Envelope, MonitoredWork, PaperHeld, WorkbookUpload
from tiddao.budget.queries.recount import recount_books
from tiddao.kernel.dates import format_numeric
from tiddao.ledger.models import Entry
from tiddao.people.models import Role

pytestmark = pytest.mark.django_db
D = Decimal


def addresses(shown):
    book, envelope, entry = shown.book.pk, shown.envelope.pk, shown.payment.pk
    return [
        "/places/5712/money/books/?year=2569",
        "/places/5712/money/books/advances/?year=2569",
        "/places/5712/money/books/projects/?year=2569",
        f"/books/{book}/papers/",
        f"/books/{book}/book.xlsx",
        f"/books/{book}/entries.xlsx",
        f"/books/envelopes/{envelope}/",
        f"/books/entries/{entry}/",
        f"/books/projects/{shown.project.pk}/",
    ]


def writing(shown):
    return [
        f"/books/{shown.book.pk}/envelopes/new/",
        f"/books/envelopes/{shown.envelope.pk}/entries/new/",
        f"/books/envelopes/{shown.envelope.pk}/entries/new/?kind=advance",
        f"/books/entries/{shown.payment.pk}/reverse/",
    ]


def text(response):
    return response.content.decode()


def status(user, address):
    response = signed_in(user).get(address)
    if response.streaming:
        b"".join(response.streaming_content)  # read to its end, so that its file is closed
    return response.status_code


# -- who ------------------------------------------------------------------------------------------


def test_provincial_and_district_head_read_every_page_and_a_stranger_none(
    shown, provincial_head, district_head, stranger
):
    for address in addresses(shown):
        assert status(provincial_head, address) == 200, address
        assert status(district_head, address) == 200, address
        assert status(stranger, address) == 404, address


def test_keeper_and_district_head_may_write_others_not(
    shown, keeper, provincial_head, district_head, stranger
):
    for address in writing(shown):
        assert keeper.get(address).status_code == 200, address
        assert signed_in(district_head).get(address).status_code == 200, address
        assert signed_in(provincial_head).get(address).status_code == 403, address
        assert signed_in(stranger).get(address).status_code == 404, address


def test_posts_of_others_are_refused_and_write_nothing(shown, provincial_head, stranger):
    before = (BookEntry.objects.count(), Envelope.objects.count(), Book.objects.count())
    posts = [
        "/places/5712/money/books/open/",
        f"/books/{shown.book.pk}/envelopes/new/",
        f"/books/envelopes/{shown.envelope.pk}/entries/new/",
        f"/books/envelopes/{shown.filed.pk}/takeover/",
        f"/books/entries/{shown.payment.pk}/reverse/",
        f"/books/entries/{shown.payment.pk}/papers/",
    ]
    for address in posts:
        assert signed_in(provincial_head).post(address).status_code == 403, address
        assert signed_in(stranger).post(address).status_code == 404, address
    assert (BookEntry.objects.count(), Envelope.objects.count(), Book.objects.count()) == before


def test_district_does_not_see_the_provincial_offices_own_book(shown, district_head):
    own = a_book("CDD-57")
    envelope = an_envelope(own)
    for address in ("/places/57/money/books/", f"/books/envelopes/{envelope.pk}/"):
        assert signed_in(district_head).get(address).status_code == 404


# -- the book -------------------------------------------------------------------------------------


def test_book_groups_envelopes_by_fund_and_project_with_sums(shown, keeper):
    page = text(keeper.get("/places/5712/money/books/?year=2569"))
    assert "24/2569 ส่งเสริมสัมมาชีพชุมชน" in page
    assert page.index("งบบริหาร") < page.index("งบยุทธศาสตร์")
    assert page.index("9/2569 จปฐ.") < page.index("30/2569 ผ้าไทย")
    for amount in ("100,000.00", "14,999.50", "30,000.50", "55,000.00", "30.00"):
        assert amount in page, amount
    assert "ไฟล์ Excel ของสำนักงาน" in page


@pytest.mark.parametrize(
    ("asked", "there", "not_there"),
    [
        ("fund=admin", "ผ้าไทย", "สัมมาชีพ"),
        ("tranche=ไตร 3-4", "สัมมาชีพ", "ผ้าไทย"),
        ("q=ทอผ้า", "30/2569", "24/2569"),
        ("q=24/2569 ชุมชน", "สัมมาชีพ", "ผ้าไทย"),
    ],
)
def test_book_filtered_by_fund_tranche_and_words(shown, keeper, asked, there, not_there):
    page = text(keeper.get(f"/places/5712/money/books/?year=2569&{asked}"))
    assert there in page
    assert not_there not in page


def test_year_without_a_book_says_so_and_is_opened_by_hand(shown, keeper):
    address = "/places/5712/money/books/"
    page = text(keeper.get(f"{address}?year=2568"))
    assert "ยังไม่มีสมุดเงินปีงบประมาณ 2568" in page
    assert "0.00" not in page
    assert keeper.post(f"{address}open/", {"year": "2568"}).status_code == 302
    assert Book.objects.get(fiscal_year=2568).office_id == "CDD-5712"
    assert keeper.post(f"{address}open/", {"year": "สองพัน"}).status_code == 404


def test_province_shows_its_own_book_and_a_row_for_each_district(shown, provincial_head):
    own = a_book("CDD-57")
    post(own, line(an_envelope(own, project="1/2569", name="บริหาร"), "allotment", "ก", "12345.67"))
    page = text(signed_in(provincial_head).get("/places/57/money/books/?year=2569"))
    assert "12,345.67" in page
    assert page.count("money/books/?year=2569") >= 18
    assert "108,700.00" in page  # the district's three envelopes
    assert "ยังไม่รายงาน" in page


def test_nation_and_zone_list_the_books_below(shown, executive, provincial_head):
    assert "เชียงราย" in text(signed_in(executive).get("/places/th/money/books/?year=2569"))
    zone = signed_in(provincial_head).get("/places/zone-57-ing-su-khong/money/books/?year=2569")
    assert zone.status_code == 200


def test_tambon_leads_to_the_districts_book(shown, district_head):
    found = signed_in(district_head).get("/places/571203/money/books/")
    assert found.headers["Location"] == "/places/5712/money/books/"
    tambon = signed_in(make_person(Role.TAMBON_OFFICER, "CDD-5713"))
    assert tambon.get("/places/571203/money/books/").status_code == 404


def test_book_page_costs_the_same_queries_for_one_project_and_many(shown, keeper):
    address = "/places/5712/money/books/?year=2569"
    keeper.get(address)
    with CaptureQueriesContext(connection) as few:
        keeper.get(address)
    for number in range(50, 60):
        envelope = an_envelope(shown.book, project=f"{number}/2569", name=f"โครงการ {number}")
        post(shown.book, line(envelope, "allotment", f"อ{number}", "10"))
    with CaptureQueriesContext(connection) as many:
        keeper.get(address)
    assert len(many) == len(few)


# -- an envelope ----------------------------------------------------------------------------------


def test_envelope_shows_running_remaining_and_the_reversal_crossed(shown, keeper):
    page = text(keeper.get(f"/books/envelopes/{shown.envelope.pk}/"))
    for remaining in ("100,000.00", "60,000.00", "59,000.00", "55,000.00"):
        assert f"<strong>{remaining}</strong>" in page, remaining
    assert "<s>ขบ-2</s>" in page
    assert "กลับรายการแล้วด้วย กลับ-1" in page
    assert "+1,000.00" in page
    assert "−40,000.00" in page


def test_envelope_as_of_a_day_leaves_out_what_came_later(shown, keeper):
    on = format_numeric(day(72))
    page = text(keeper.get(f"/books/envelopes/{shown.envelope.pk}/", {"on": on}))
    assert "<s>" not in page
    assert "บย-1" not in page
    assert "59,000.00" in page
    before = format_numeric((AT - timedelta(days=2)).date())
    known = text(keeper.get(f"/books/envelopes/{shown.envelope.pk}/", {"known_at": before}))
    assert "ยังไม่มีรายการในเวลานั้น" in known


def test_envelope_of_a_workbook_offers_to_take_it_over_and_no_entry(shown, keeper):
    address = f"/books/envelopes/{shown.filed.pk}/"
    page = text(keeper.get(address))
    assert "ผล.xlsx แผ่น งบบริหาร ช่อง C7" in page
    assert "entries/new" not in page
    assert keeper.get(f"{address}entries/new/").status_code == 403
    assert keeper.post(f"{address}takeover/", {"reason": ""}).status_code == 302
    assert Envelope.objects.get(pk=shown.filed.pk).keeping == "workbook"
    keeper.post(f"{address}takeover/", {"reason": "เริ่มบันทึกเอง"})
    assert Envelope.objects.get(pk=shown.filed.pk).keeping == "entries"
    assert "entries/new" in text(keeper.get(address))


def test_envelope_page_costs_the_same_queries_for_few_and_many_entries(shown, keeper):
    address = f"/books/envelopes/{shown.other.pk}/"
    keeper.get(address)
    with CaptureQueriesContext(connection) as few:
        keeper.get(address)
    post(shown.book, *[line(shown.other, "disbursement", f"จ{n}", "1", 3 + n) for n in range(150)])
    with CaptureQueriesContext(connection) as many:
        page = text(keeper.get(address))
    assert len(many) == len(few)
    assert "จ149" in page  # the newest page first
    assert "จ10<" not in page
    assert "จ10<" in text(keeper.get(f"{address}?page=1"))


# -- writing --------------------------------------------------------------------------------------


def new_entry(keeper, envelope, **fields):
    fields = {"kind": "disbursement", "act": "write", "on": "1/3/2569", "document": "ขบ-9"} | fields
    return keeper.post(f"/books/envelopes/{envelope.pk}/entries/new/", fields)


def test_new_envelope_with_a_new_project_then_its_first_entry(shown, keeper):
    form = {
        "project": "", "number": "77/2569", "name": "ตลาดนัดคนไทยยิ้มได้", "activity": "จัดตลาดนัด",
        "fund": "strategy", "spending": "recurrent", "tranche": "ไตร 4",
    }  # fmt: skip
    made = keeper.post(f"/books/{shown.book.pk}/envelopes/new/", form)
    envelope = Envelope.objects.get(tranche="ไตร 4")
    assert made.headers["Location"] == f"/books/envelopes/{envelope.pk}/"
    assert envelope.activity.project.number == "77/2569"
    refused = keeper.post(
        f"/books/{shown.book.pk}/envelopes/new/", form | {"number": "", "name": ""}
    )
    assert refused.status_code == 422


def test_kind_is_chosen_first_and_what_is_not_possible_says_why(shown, keeper):
    page = text(keeper.get(f"/books/envelopes/{shown.other.pk}/entries/new/"))
    assert "?kind=disbursement" in page
    assert "?kind=clearance" not in page
    assert "ไม่มีเงินยืมที่ยังไม่ส่งใช้" in page
    with_advance = text(keeper.get(f"/books/envelopes/{shown.envelope.pk}/entries/new/"))
    assert "?kind=clearance" in with_advance


@pytest.mark.parametrize(
    ("kind", "there", "not_there"),
    [
        ("allotment", ("document", "amount", "on"), ("against", "borrower", "cash_back")),
        ("disbursement", ("against",), ("borrower", "cash_back")),
        ("advance", ("borrower", "due_on"), ("against", "cash_back")),
        ("clearance", ("against", "cash_back"), ("borrower",)),
    ],
)
def test_form_asks_only_what_the_kind_needs(shown, keeper, kind, there, not_there):
    page = text(keeper.get(f"/books/envelopes/{shown.envelope.pk}/entries/new/?kind={kind}"))
    for name in there:
        assert f'name="{name}"' in page
    for name in not_there:
        assert f'name="{name}"' not in page
    if kind == "clearance":
        assert "3,000.00 บาท" in page  # still open of the advance


def test_entry_is_looked_at_then_written(shown, keeper):
    fields = {"amount": "1,000.50", "against": ""}
    looked = text(new_entry(keeper, shown.envelope, act="look", **fields))
    assert "53,999.50" in looked
    assert not BookEntry.objects.filter(document="ขบ-9").exists()
    made = new_entry(keeper, shown.envelope, **fields)
    assert made.headers["Location"] == f"/books/envelopes/{shown.envelope.pk}/"
    entry = entry_of(shown.book, "disbursement", "ขบ-9")
    assert (entry.amount, entry.on.isoformat()) == (D("1000.50"), "2026-03-01")
    assert entry.by.startswith("user:")
    again = keeper.post(
        f"/books/envelopes/{shown.envelope.pk}/entries/new/",
        {
            "kind": "disbursement",
            "on": "๑/๓/๒๕๖๙",
            "document": "ขบ-9",
            "against": "",
            "amount": "๑๐๐๐.๕",
        },
        follow=True,
    )
    assert "รายการนี้มีอยู่ในสมุดเงินแล้ว" in text(again)
    assert BookEntry.objects.filter(document="ขบ-9").count() == 1
    assert recount_books() == ()


def test_payment_of_a_commitment_names_it(shown, keeper):
    order = entry_of(shown.book, "commitment", "PO-1")
    new_entry(keeper, shown.envelope, amount="14999.50", against=str(order.pk))
    assert entry_of(shown.book, "disbursement", "ขบ-9").against == order
    assert "ไม่มีหนี้ผูกพันที่ยังค้างอยู่" in text(
        keeper.get(f"/books/envelopes/{shown.envelope.pk}/entries/new/")
    )


@pytest.mark.parametrize(
    ("fields", "name", "words"),
    [
        ({"amount": "55000.01"}, "amount", "เงินคงเหลือในซองไม่พอ ขาด 0.01 บาท"),
        ({"amount": "1", "on": "1/10/2569"}, "on", "ไม่อยู่ในปีงบประมาณ 2569"),
        ({"amount": "1", "on": "1/10/2567"}, "on", "ไม่อยู่ในปีงบประมาณ 2569"),
        ({"amount": "0"}, "amount", "จำนวนเงินต้องมากกว่าศูนย์"),
        ({"amount": "-5"}, "amount", "จำนวนเงินต้องมากกว่าศูนย์"),
        ({"amount": "1.005"}, "amount", "ละเอียดกว่าหนึ่งสตางค์"),
        ({"amount": "5", "document": "ขบ-2"}, "document", "เลขที่เอกสารนี้มีอยู่แล้ว"),
        ({"amount": "5", "document": ""}, "document", "กรุณากรอกช่องนี้"),
        ({"amount": "หกร้อย"}, "amount", ""),
        ({"amount": "5", "on": "31/2/2569"}, "on", ""),
    ],
)
def test_refusal_stands_in_words_at_its_field(shown, keeper, fields, name, words):
    before = BookEntry.objects.count()
    response = new_entry(keeper, shown.envelope, **({"against": ""} | fields))
    assert response.status_code == 422
    page = text(response)
    errors = page.split(f'id="id_{name}_error"')
    assert len(errors) == 2, "the error stands at its field"
    assert words in errors[1].split("</div>")[0]
    assert BookEntry.objects.count() == before


def test_refusal_is_in_english_on_an_english_page(shown, keeper):
    keeper.cookies["django_language"] = "en"
    page = text(new_entry(keeper, shown.envelope, amount="55000.01", against=""))
    assert "There is not enough money in the envelope. (0.01 baht short)" in page


def test_advance_is_lent_cleared_and_its_clock_stands(shown, keeper):
    made = new_entry(keeper, shown.envelope, kind="advance", document="บย-2", amount="900",
                     borrower="สัญญา 2/2569", due_on="10/3/2569")  # fmt: skip
    assert made.status_code == 302
    advance = entry_of(shown.book, "advance", "บย-2")
    page = text(keeper.get("/places/5712/money/books/advances/?year=2569"))
    assert page.index(">บย-1<") < page.index(">บย-2<")
    assert "สัญญา 2/2569" in page
    assert "เกินกำหนด" in page
    nothing = new_entry(keeper, shown.envelope, kind="clearance", document="ส-2", amount="",
                        cash_back="", against=str(advance.pk))  # fmt: skip
    assert nothing.status_code == 422
    new_entry(keeper, shown.envelope, kind="clearance", document="ส-2", amount="800",
              cash_back="100", against=str(advance.pk), on="9/3/2569")  # fmt: skip
    cleared = text(keeper.get("/places/5712/money/books/advances/?year=2569"))
    assert cleared.index("<h2>ส่งใช้ครบแล้ว") < cleared.index(">บย-2<")


def test_advances_of_a_province_are_those_of_its_offices(shown, provincial_head):
    page = text(signed_in(provincial_head).get("/places/57/money/books/advances/?year=2569"))
    assert "บย-1" in page
    assert "พญาเม็งราย" in page


def test_reversal_form_says_the_balance_needs_a_reason_and_crosses_the_entry(shown, keeper):
    address = f"/books/entries/{shown.payment.pk}/reverse/"
    page = text(keeper.get(address))
    assert "คงเหลือขณะนี้ 55,000.00 บาท หลังกลับรายการ 55,000.00 บาท" in page
    fields = {"on": "1/6/2569", "document": "กลับ-9", "reason": ""}
    assert keeper.post(address, fields).status_code == 422
    assert keeper.post(address, fields | {"reason": "จ่ายผิดสัญญา"}).status_code == 302
    assert entry_of(shown.book, "reversal", "กลับ-9").against == shown.payment
    entry = text(keeper.get(f"/books/entries/{shown.payment.pk}/"))
    assert "กลับรายการแล้วเมื่อ" in entry
    assert f"/books/entries/{shown.payment.pk}/reverse/" not in entry
    order = entry_of(shown.book, "commitment", "PO-1")
    blocked = keeper.post(
        f"/books/entries/{shown.advance.pk}/reverse/", fields | {"reason": "ผิด", "document": "ก"}
    )
    assert blocked.status_code == 422
    assert "ต้องกลับรายการที่อ้างถึง" in text(blocked)
    assert entry_of(shown.book, "commitment", "PO-1") == order


# -- papers ---------------------------------------------------------------------------------------


def test_papers_page_lists_what_is_missing_until_it_is_held(shown, keeper):
    address = f"/books/{shown.book.pk}/papers/"
    page = text(keeper.get(address))
    assert "ขาดเอกสาร 5 จาก 5 ฉบับ" in page  # payment 3, advance 1, clearance 1; reversed none
    assert "ขบ-2" not in page
    entry = f"/books/entries/{shown.payment.pk}/"
    assert keeper.post(f"{entry}papers/", {"paper": "ใบตรวจรับพัสดุ", "note": ""}, follow=True)
    assert not PaperHeld.objects.exists()
    keeper.post(f"{entry}papers/", {"paper": "ใบตรวจรับพัสดุ", "note": "แฟ้ม 3/2569"})
    assert "ขาดเอกสาร 4 จาก 5 ฉบับ" in text(keeper.get(address))
    assert "แฟ้ม 3/2569" in text(keeper.get(entry))
    held = PaperHeld.objects.select_related("entry").get()
    assert held.book_id == held.entry.book_id
    keeper.post(f"/books/papers/{held.pk}/end/", {"reason": ""})
    assert PaperHeld.objects.get().ended_at is None
    keeper.post(f"/books/papers/{held.pk}/end/", {"reason": "แนบผิด"})
    assert "ขาดเอกสาร 5 จาก 5 ฉบับ" in text(keeper.get(address))


def test_paper_shown_by_evidence_must_be_attached_to_the_entry(shown, keeper):
    entry = f"/books/entries/{shown.payment.pk}/"
    fields = {"paper": "หลักฐานการจ่าย", "evidence": "evidence:1/1", "note": ""}
    assert keeper.post(f"{entry}papers/", fields).status_code == 404
    assert not PaperHeld.objects.exists()


def test_paper_of_another_province_cannot_be_ended(shown, stranger):
    address = f"/books/papers/{shown.hold()}/end/"
    assert signed_in(stranger).post(address, {"reason": "x"}).status_code == 404


# -- projects -------------------------------------------------------------------------------------


def test_project_shows_only_offices_in_scope_and_says_so(shown, provincial_head, district_head):
    elsewhere = a_book("CDD-5713")
    post(elsewhere, line(an_envelope(elsewhere), "allotment", "อ", "777"))
    address = f"/books/projects/{shown.project.pk}/"
    province = text(signed_in(provincial_head).get(address))
    assert "777.00" in province
    assert "100,777.00" in province
    district = text(signed_in(district_head).get(address))
    assert "777.00" not in district
    assert "แสดงเฉพาะหน่วยงานที่ท่านดูได้" in district


def test_programme_is_named_on_the_projects_page(shown, district_head):
    director = signed_in(make_person(Role.GROUP_DIRECTOR, "CDD-57"))
    address = f"/books/projects/{shown.project.pk}/"
    assert signed_in(district_head).post(f"{address}programme/").status_code == 404
    director.post(f"{address}programme/", {"programme": "", "name": "ผลผลิตที่ 1", "code": "P1"})
    assert "ผลผลิตที่ 1" in text(director.get(address))
    assert "ผลผลิตที่ 1" in text(director.get("/places/57/money/books/projects/?year=2569"))
    director.post(f"{address}programme/", {"programme": "", "name": "", "code": ""})
    assert "ยังไม่ได้ระบุแผนงาน" in text(director.get(address))


def test_monitored_work_stands_beside_the_project_and_in_no_sum(shown, keeper):
    upload = WorkbookUpload.objects.create(
        place_id="57", fiscal_year=2569, file_name="โคกหนองนา.xlsx", sha256="0" * 64,
        state="accepted", by="user:1", at=AT,
    )  # fmt: skip
    MonitoredWork.objects.create(
        upload=upload, unit_id="5712", project=shown.project, as_of=day(100), plots=D("12"),
        amounts={"amount": "654321.00", "supervision": "120.50"}, sheet="โคก หนอง นา", row=7,
    )  # fmt: skip
    page = text(keeper.get(f"/books/projects/{shown.project.pk}/"))
    assert "654,321.00" in page
    assert "ค่าควบคุมงาน" in page
    assert "100,000.00" in page
    assert "754,321.00" not in page


# -- exports --------------------------------------------------------------------------------------


def workbook(response):
    return load_workbook(BytesIO(b"".join(response.streaming_content))).active


def test_exports_hold_every_envelope_and_every_entry(shown, keeper):
    book = workbook(keeper.get(f"/books/{shown.book.pk}/book.xlsx"))
    lines = list(book.iter_rows(values_only=True))
    heads = next(row for row in lines if "โครงการ" in row)
    allotted = next(n for n, head in enumerate(heads) if str(head).startswith("จัดสรร"))
    of_project = {row[heads.index("โครงการ")]: row[allotted] for row in lines}
    assert of_project["ผ้าไทย"] == 8000
    assert of_project["จปฐ."] == 700
    assert of_project["ส่งเสริมสัมมาชีพชุมชน"] == 100000
    entries = workbook(keeper.get(f"/books/{shown.book.pk}/entries.xlsx"))
    rows = list(entries.iter_rows(values_only=True))
    documents = {row[3] for row in rows}
    assert {"มท 0405/1", "ขบ-1", "ขบ-2", "กลับ-1", "บย-1", "ส-1", "ไฟล์"} <= documents
    assert sum(1 for row in rows if row[2] in {"เบิกจ่าย", "กลับรายการ"}) == 3


def test_writing_pages_leave_ledger_entries(shown, keeper):
    new_entry(keeper, shown.envelope, amount="5", against="")
    act = Entry.objects.filter(act="post_entries").latest("id")
    assert act.place == "5712"
    assert act.post.endswith("finance_officer CDD-5712")
