"""Documents taken in, read, decided about and handed down, through their pages."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from tests.persons import make_person, signed_in
from tiddao.kernel.dates import format_long
from tiddao.ledger.models import Entry
from tiddao.people.models import Role
from tiddao.policy.actions import reading
from tiddao.policy.models import Decision, Directive, Document, DocumentText, Proposal, Reading
from tiddao.ui.templatetags.ui import be_numeric

pytestmark = pytest.mark.django_db


def circular() -> str:
    due = timezone.localdate() + timedelta(days=30)
    return f"""ที่ มท 0402.3/ว 1234

กรมการพัฒนาชุมชน

10 มิถุนายน 2569

เรื่อง  การขับเคลื่อนงานพัฒนาชุมชนในภาคอีสาน

เรียน  พัฒนาการจังหวัดทุกจังหวัด

ขอให้จังหวัดในภาคอีสานดำเนินการ ดังนี้
1. ขอให้จังหวัดเร่งรัดการเบิกจ่ายให้แล้วเสร็จภายในวันที่ {format_long(due)}
2. ขอให้จังหวัดตรวจสอบฐานข้อมูลหมู่บ้านให้ครบถ้วน
3. ขอให้จังหวัดจัดประชุมชี้แจงอำเภอทุกแห่ง
4. ขอให้จังหวัดสำรวจศูนย์เรียนรู้ชุมชน
5. ขอให้จังหวัดรายงานประเด็นข่าวทันทีที่ทราบข้อมูล
"""


@pytest.fixture
def taken_in(executive) -> tuple[object, Document]:
    client = signed_in(executive)
    response = client.post(reverse("document-new"), {"text": circular(), "title": ""})
    document = Document.objects.get()
    assert response.headers["Location"] == reverse("document", args=[document.pk])
    return client, document


def directives_of(document: Document) -> list[Proposal]:
    return list(Proposal.objects.filter(document=document, kind="directive").order_by("start"))


def say(client, proposal: Proposal, verdict: str, seen: int = 0, **fields):
    return client.post(
        reverse("proposal-decide", args=[proposal.pk]), {"verdict": verdict, "seen": seen} | fields
    )


def test_pasted_text_is_kept_exactly_and_read_beside_its_spans(taken_in) -> None:
    client, document = taken_in
    kept = DocumentText.objects.get()
    assert kept.text == circular()
    page = client.get(reverse("document", args=[document.pk])).content.decode()
    assert 'class="mark mark-directive"' in page
    assert len(directives_of(document)) == 5
    for proposal in Proposal.objects.all():
        assert 0 <= proposal.start <= proposal.end <= len(kept.text)
    assert client.post(reverse("document-new"), {"text": circular()}).status_code == 302
    assert Document.objects.count() == 1  # the same text again leads to where it is


def test_confirmed_changed_dropped_and_taken_back_are_kept_beside_what_was_read(taken_in) -> None:
    client, document = taken_in
    first, second, third, *_ = directives_of(document)
    assert say(client, first, "confirmed").status_code == 302
    due = timezone.localdate() + timedelta(days=9)
    changed = say(
        client, second, "changed", who="ทุกจังหวัด", action="ตรวจสอบฐานข้อมูลให้ครบ", due=be_numeric(due)
    )
    assert changed.status_code == 302
    assert say(client, third, "dropped").status_code == 302
    assert say(client, third, "reopened", seen=1).status_code == 302
    verdicts = Decision.objects.order_by("pk").values_list("verdict", flat=True)
    assert list(verdicts) == ["confirmed", "changed", "dropped", "reopened"]
    kept = Decision.objects.get(proposal=second)
    assert kept.value["due"] == due.isoformat()
    second.refresh_from_db()
    assert second.value["action"]["text"] != kept.value["action"]
    # An older view of it decides nothing.
    say(client, first, "dropped", seen=0)
    assert Decision.objects.filter(proposal=first).count() == 1
    assert say(client, first, "nonsense", seen=1).status_code == 400


def test_reading_again_keeps_every_decision_and_adds_what_is_new(taken_in, monkeypatch) -> None:
    client, document = taken_in
    for proposal in directives_of(document):
        say(client, proposal, "confirmed")
    whole = reading.read_document

    def half(source, gazetteer):
        found = whole(source, gazetteer)
        return type(found)(found.source, found.proposals[: len(found.proposals) // 4])

    monkeypatch.setattr(reading, "read_document", half)
    again = reverse("document-read-again", args=[document.pk])
    assert client.post(again).status_code == 302
    assert Reading.objects.count() == 2
    page = client.get(reverse("document", args=[document.pk])).content.decode()
    assert page.count("ยืนยันแล้ว") >= 5
    assert "จากการอ่านครั้งก่อน" in page
    monkeypatch.setattr(reading, "read_document", whole)
    before = Proposal.objects.count()
    client.post(again)
    assert (Reading.objects.count(), Proposal.objects.count()) == (3, before)
    client.post(again)
    assert Reading.objects.count() == 3  # nothing new: not written again


def test_what_is_confirmed_of_the_paper_is_said_of_the_document(taken_in) -> None:
    client, document = taken_in
    for kind in ("document-kind", "title", "head-line"):
        ids = Proposal.objects.filter(document=document, kind=kind).values_list("pk", flat=True)
        assert (
            client.post(
                reverse("document-confirm", args=[document.pk]), {"proposal": list(ids)}
            ).status_code
            == 302
        )
    document.refresh_from_db()
    assert document.sort == "circular"
    assert document.title == "การขับเคลื่อนงานพัฒนาชุมชนในภาคอีสาน"
    assert "0402.3/ว 1234" in document.number
    assert Entry.objects.filter(act="confirm_proposals").count() == 3


def test_five_confirmed_directives_go_to_twenty_provinces_in_one_form(taken_in) -> None:
    client, document = taken_in
    address = reverse("document-hand-down", args=[document.pk])
    assert client.get(address).status_code == 302  # nothing confirmed yet
    proposals = directives_of(document)
    for proposal in proposals:
        say(client, proposal, "confirmed")
    page = client.get(address)
    assert page.context["receivers"].chosen == {"region-isan"}  # as the text itself says
    said = {
        "post": page.context["sender"].fields["post"].choices[0][0], "number": "", "on_behalf_of": "",
        "levels": ["province"], "within": ["region-isan"], "left_out": "",
    }  # fmt: skip
    for drafted in page.context["drafted"]:
        prefix = drafted.form.prefix
        said |= {f"{prefix}-wanted": "on", f"{prefix}-title": drafted.form["title"].value()}
    refused = client.post(address, said | {f"d{proposals[0].pk}-title": ""})
    assert refused.status_code == 422
    assert not Directive.objects.exists()
    assert client.post(address, said).status_code == 302
    made = Directive.objects.filter(document=document)
    assert made.count() == 5
    assert {each.assignments.count() for each in made} == {20}
    assert {each.proposal_id for each in made} == {proposal.pk for proposal in proposals}
    shown = client.get(reverse("directive", args=[made[0].pk])).content.decode()
    assert 'class="mark mark-directive"' in shown


def test_a_directive_the_rules_missed_is_added_by_its_words(taken_in) -> None:
    client, document = taken_in
    address = reverse("document-point", args=[document.pk])
    assert client.post(address, {"words": "ไม่มีในต้นฉบับ"}).status_code == 422
    assert client.post(address, {"words": "ดำเนินการ ดังนี้", "who": "จังหวัด"}).status_code == 302
    added = Proposal.objects.get(rule="person.pointed-at")
    assert DocumentText.objects.get().text[added.start : added.end] == "ดำเนินการ ดังนี้"
    assert added.decisions.get().verdict == "confirmed"


def test_a_document_is_for_its_office_and_those_above(taken_in, provincial_head, stranger) -> None:
    _client, document = taken_in
    proposal = directives_of(document)[0]
    for person in (provincial_head, stranger):
        client = signed_in(person)
        for name in ("document", "document-json", "document-hand-down"):
            assert client.get(reverse(name, args=[document.pk])).status_code == 404
        assert say(client, proposal, "confirmed").status_code == 404
        assert client.get(f"/api/v1/documents/{document.pk}").status_code == 404
        assert document.title not in client.get(reverse("documents")).content.decode()
    finance = signed_in(make_person(Role.FINANCE_OFFICER, "CDD-57"))
    assert finance.get(reverse("document-new")).status_code == 403


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("เอกสาร.pdf", b"MZ\x90\x00 not a paper", "เนื้อไฟล์ไม่ใช่ PDF จริง"),
        ("เอกสาร.docx", b"%PDF-1.7 hidden", "นามสกุล .docx ไม่ตรงกับเนื้อไฟล์"),
        ("เอกสาร.doc", b"\xd0\xcf\x11\xe0" + b"x" * 600, "Word รุ่นเก่า"),
        ("ภาพ.jpg", b"\xff\xd8\xff\xe0 picture", "ไม่รู้จักไฟล์"),
        ("ว่าง.txt", b"  \n ", "ไม่มีข้อความในเอกสาร"),
    ],
)
def test_a_file_that_is_no_document_is_refused_in_words(executive, name, content, words) -> None:
    response = signed_in(executive).post(
        reverse("document-new"), {"text": "", "file": SimpleUploadedFile(name, content)}
    )
    assert response.status_code == 422
    assert words in response.content.decode()
    assert not Document.objects.exists()


def test_a_text_and_a_file_at_once_or_neither_is_refused(executive) -> None:
    client = signed_in(executive)
    for said in ({"text": ""}, {"text": "ก", "file": SimpleUploadedFile("a.txt", "ข".encode())}):
        assert client.post(reverse("document-new"), said).status_code == 422


def test_the_json_says_what_was_read_and_what_was_decided(taken_in) -> None:
    client, document = taken_in
    proposal = directives_of(document)[0]
    say(client, proposal, "confirmed")
    said = client.get(f"/api/v1/documents/{document.pk}").json()
    one = next(each for each in said["proposals"] if each["id"] == proposal.pk)
    assert (one["verdict"], one["confirmed"]["who"]) == ("confirmed", "จังหวัด")
    assert said["text"][one["start"] : one["end"]].startswith("ขอให้จังหวัดเร่งรัด")
