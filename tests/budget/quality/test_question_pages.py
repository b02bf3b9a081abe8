"""Questions about data as people meet them: explained, shown, exported, hidden."""

from __future__ import annotations

import io
import re
from datetime import date
from decimal import Decimal
from typing import get_args

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.budget.quality.offices import AT, TODAY, YEAR, Office, finding, make_a_mixture, workbook
from tests.persons import make_person, signed_in
from tiddao.budget.actions.quality import (
    ExplanationRefused,
    count_questions,
    explain_issue,
)
from tiddao.budget.queries.quality.counts import live_counts
from tiddao.budget.queries.quality.scope import scope_of
from tiddao.budget.rules.office_figures import FindingType
from tiddao.budget.rules.quality import KINDS
from tiddao.budget.views.quality_words import KIND_WORDS, TYPE_WORDS, answer_words
from tiddao.ledger.actors import SYSTEM
from tiddao.ledger.models import Entry as LedgerEntry
from tiddao.people.models import Role

pytestmark = pytest.mark.django_db

PAGE = f"/places/57/money/quality/?year={YEAR}"


def words(response) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


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
