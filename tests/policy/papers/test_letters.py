"""Letters: filled in from directives and meetings, issued, made again byte for byte."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from django.db import ProgrammingError, transaction
from django.urls import reverse

from tests.persons import make_person, signed_in
from tests.policy.directives.acts import sent
from tests.policy.meetings.acts import called_today
from tests.policy.papers.acts import (
    AT,
    cost,
    letter_of,
    sender_of,
    template_of,
    text_of_pdf,
    text_of_word,
)
from tests.policy.papers.made import LETTER, MINUTES
from tiddao.people.models import Role
from tiddao.policy.actions.letters import change_letter, drop_letter, issue_letter
from tiddao.policy.actions.papers import PaperRefused
from tiddao.policy.models import IssuedPaper, Paper
from tiddao.policy.papers_made import pdf_of
from tiddao.policy.rules.letters import addressed, lacking
from tiddao.policy.rules.official import Resolved, letter_from

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("receivers", "of_all", "to", "count"),
    [
        ([("district", "เทิง")], 18, "พัฒนาการอำเภอเทิง", 0),
        ([("district", "เทิง"), ("district", "พาน")], 18, "พัฒนาการอำเภอเทิง พัฒนาการอำเภอพาน", 0),
        ([("district", f"ที่{n}") for n in range(18)], 18, "พัฒนาการอำเภอทุกอำเภอ", 0),
        ([("province", f"ที่{n}") for n in range(76)], 76, "พัฒนาการจังหวัดทุกจังหวัด", 0),
        ([("province", f"ที่{n}") for n in range(20)], 76, "พัฒนาการจังหวัดตามบัญชีรายชื่อแนบท้าย", 20),
        ([("province", "ก"), *[("district", f"ที่{n}") for n in range(5)]], None,
         "พัฒนาการจังหวัดและพัฒนาการอำเภอตามบัญชีรายชื่อแนบท้าย", 6),
        ([("", "นายกเทศมนตรี"), *[("district", f"ที่{n}") for n in range(5)]], None, "ผู้รับตามบัญชีรายชื่อแนบท้าย", 6),
        ([], None, "", 0),
    ],
)  # fmt: skip
def test_words_of_address(receivers, of_all, to, count) -> None:
    said = addressed(receivers, of_all=of_all)
    assert (said.to, len(said.receivers)) == (to, count)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({}, ""),
        ({"number": ""}, "number-missing"),
        ({"number": "ชร 0019/12"}, "circular-number"),
        ({"number": "ชร 0019/12", "kind": "letter"}, ""),
        ({"day": None}, "day-missing"),
        ({"signer": " "}, "signer-missing"),
        ({"to": ""}, "to-missing"),
        ({"text": "\n"}, "text-missing"),
    ],
)
def test_what_a_letter_lacks(change, code) -> None:
    assert lacking(replace(LETTER, **change)) == code


def test_a_circular_is_filled_in_from_a_directive(provincial_head, district_head) -> None:
    sender, by, _post = sender_of(provincial_head)
    directive = sent(
        ["CDD-5704", "CDD-5705", "CDD-5712", "CDD-5713"], sender=sender, by=by,
        due_on=date(2027, 5, 1), source="หนังสือกรมการพัฒนาชุมชน ที่ มท 0402/ว 9",
    )  # fmt: skip
    client = signed_in(provincial_head)
    address = f"{reverse('letter-new')}?directive={directive.pk}&kind=circular"
    page = client.get(address)
    form = page.context["form"].initial
    assert form["to"] == "พัฒนาการอำเภอตามบัญชีรายชื่อแนบท้าย"
    assert "พัฒนาการอำเภอพญาเม็งราย" in form["receivers"].splitlines()
    assert "ภายในวันที่ ๑ พฤษภาคม ๒๕๗๐ (วันทำการสุดท้ายคือวันศุกร์ที่ ๓๐ เมษายน ๒๕๗๐)" in form["text"]
    assert form["signer"] == provincial_head.name_th
    assert form["signer_title"] == "พัฒนาการจังหวัดเชียงราย"
    made = client.post(address, {key: value or "" for key, value in form.items() if key != "seen"})
    letter = Paper.objects.get()
    assert made["Location"] == reverse("letter", args=[letter.pk])
    assert letter.directive_id == directive.pk
    page = client.get(made["Location"]).content.decode()
    assert "ขอให้เร่งรัดการเบิกจ่าย" in page
    assert "ต้องใส่เลขที่หนังสือก่อนออกหนังสือ" in page
    assert (
        signed_in(district_head).get(address).status_code == 404
    )  # a receiver sees not the others


def test_an_invitation_is_filled_in_from_a_meeting(provincial_head, stranger) -> None:
    meeting = called_today(provincial_head, guests=["นายสมมุติ แขก นายอำเภอ"], chair="นายสมมุติ ประธาน")
    client = signed_in(provincial_head)
    address = f"{reverse('letter-new')}?meeting={meeting.pk}&kind=memo"
    form = client.get(address).context["form"].initial
    assert form["to"] == "พัฒนาการอำเภอพญาเม็งราย นายสมมุติ แขก นายอำเภอ"
    assert form["subject"] == "ขอเชิญเข้าร่วมการประชุมขับเคลื่อนงาน"
    assert "ระเบียบวาระที่ ๑ บรรยายพิเศษการขับเคลื่อนภารกิจสำคัญ เวลา ๐๙.๐๐ – ๑๒.๐๐ น." in form["text"]
    assert "ณ หอประชุมบ้านห้วยก้างปูล้าน" in form["text"]
    assert signed_in(stranger).get(address).status_code == 404


def test_issued_letters_are_made_again_byte_for_byte(provincial_head) -> None:
    letter = letter_of(provincial_head)
    client = signed_in(provincial_head)
    issue = reverse("letter-issue", args=[letter.pk])
    assert client.post(issue, {"seen": "0"}).status_code == 302
    first = IssuedPaper.objects.get()
    assert (first.number, first.reason) == (1, "")
    assert first.content["word_template"]  # the standard, kept as it is today
    pdf, word = (reverse(f"letter-{name}", args=[letter.pk, 1]) for name in ("pdf", "word"))
    before = [client.get(address).content for address in (pdf, word)]
    template_of(provincial_head, "อื่น {{ subject }}", kind="letter", in_force=True)
    assert [client.get(address).content for address in (pdf, word)] == before
    said = text_of_pdf(before[0])
    for words in ("ชร ๐๐๑๙/ว ๑๒๓", "๒๕ พฤศจิกายน ๒๕๖๕", "a1@example.go.th", "ขอแสดงความนับถือ"):
        assert words in said
        assert words in text_of_word(before[1])
    assert client.get(reverse("letter-pdf", args=[letter.pk, 2])).status_code == 404
    draft = client.get(reverse("letter-draft-word", args=[letter.pk])).content
    assert text_of_word(draft).startswith("อื่น ")  # set as of today
    assert "ร่าง" in text_of_pdf(client.get(reverse("letter-draft-pdf", args=[letter.pk])).content)


def test_a_further_issue_needs_a_reason_and_other_words(provincial_head) -> None:
    letter = letter_of(provincial_head)
    _sender, by, _post = sender_of(provincial_head)
    issue_letter(letter.pk, seen=0, by=by, at=AT)
    with pytest.raises(PaperRefused, match="same-words"):
        issue_letter(letter.pk, seen=1, reason="ซ้ำ", by=by, at=AT)
    changed = change_letter(letter.pk, replace(LETTER, phone="0 5371 2222"), seen=1, by=by, at=AT)
    with pytest.raises(PaperRefused, match="reason-missing"):
        issue_letter(letter.pk, seen=changed.version, by=by, at=AT)
    second = issue_letter(letter.pk, seen=changed.version, reason="แก้โทรศัพท์", by=by, at=AT)
    assert second.number == 2
    assert letter_from(IssuedPaper.objects.get(number=1).content).phone == LETTER.phone
    with pytest.raises(ProgrammingError), transaction.atomic():
        IssuedPaper.objects.update(reason="x")
    with pytest.raises(PaperRefused, match="not-draft"):
        drop_letter(letter.pk, by=by, at=AT)


def test_two_people_do_not_write_over_each_other(provincial_head) -> None:
    letter = letter_of(provincial_head)
    client = signed_in(provincial_head)
    address = reverse("letter", args=[letter.pk])
    form = {key: value or "" for key, value in client.get(address).context["form"].initial.items()}
    form["seen"] = 0
    assert client.post(address, form | {"subject": "ของคนแรก"}).status_code == 302
    late = client.post(address, form | {"subject": "ของคนที่สอง"})
    assert late.status_code == 422
    assert "มีผู้แก้ไขไปก่อนแล้ว" in late.content.decode()
    letter.refresh_from_db()
    assert (letter.subject, letter.version) == ("ของคนแรก", 1)


def test_who_may_write_and_who_may_issue(provincial_head, district_head, stranger) -> None:
    letter = letter_of(provincial_head)
    officer = make_person(Role.ZONE_OFFICER, "CDD-57")
    page = signed_in(officer).get(reverse("letter", args=[letter.pk])).content.decode()
    assert "แก้ไขหนังสือ" in page
    issue, drop = (reverse(f"letter-{name}", args=[letter.pk]) for name in ("issue", "drop"))
    assert signed_in(officer).post(issue, {"seen": 0}).status_code == 403
    for user in (district_head, stranger):
        client = signed_in(user)
        for name in ("letter", "letter-draft-pdf", "letter-draft-word"):
            assert client.get(reverse(name, args=[letter.pk])).status_code == 404
        for address in (issue, drop):
            assert client.post(address, {"seen": 0}).status_code == 404
        assert LETTER.subject not in client.get(reverse("letters")).content.decode()
    assert signed_in(officer).post(drop).status_code == 302
    letter.refresh_from_db()
    assert letter.state == "dropped"


def test_the_list_finds_and_costs_the_same_for_one_and_for_three(provincial_head) -> None:
    client = signed_in(provincial_head)
    assert "ยังไม่มีหนังสือ" in client.get(reverse("letters")).content.decode()
    letter_of(provincial_head)
    once = cost(client, reverse("letters"))
    letter_of(provincial_head, replace(LETTER, subject="เรื่องอื่น", kind="memo"))
    letter_of(provincial_head, replace(LETTER, subject="เรื่องที่สาม", number="ชร 1/ว 777"))
    assert cost(client, reverse("letters")) == once <= 14
    found = client.get(reverse("letters"), {"q": "777"}).content.decode()
    assert "เรื่องที่สาม" in found
    assert "เรื่องอื่น" not in found
    assert cost(client, reverse("letter", args=[Paper.objects.latest("pk").pk])) <= 14


@pytest.mark.parametrize("paragraphs", [1, 3])
def test_paragraph_of_more_words_than_typst_takes_in_one_is_set_in_full(paragraphs):
    told = "ขอให้สำนักงานพัฒนาชุมชนอำเภอเร่งรัดการเบิกจ่าย " * 150 + "สิ้นข้อความ"
    letter = text_of_pdf(pdf_of(replace(LETTER, text="\n".join([told] * paragraphs)), issue=1))
    assert letter.count("เร่งรัด") == 150 * paragraphs
    assert letter.count("สิ้นข้อความ") == paragraphs
    resolved = replace(MINUTES.items[1], notes=told, resolved=(Resolved(1, told),))
    minutes = text_of_pdf(pdf_of(replace(MINUTES, items=(resolved,)), issue=1))
    assert minutes.count("สิ้นข้อความ") == 2
