"""Pages of issued reports, and the sign on pages that show another moment."""

from __future__ import annotations

import hashlib
import io
import json
import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from python_calamine import CalamineWorkbook

from tests.indicators.frameworks import (
    APPROVER,
    full_report,
    minutes,
    published,
    report_and_approve,
    round_of,
)
from tests.indicators.issuing import corrected, issue
from tests.persons import signed_in
from tests.places.test_successions import split
from tiddao.indicators.actions.rounds import close_round
from tiddao.indicators.models import IssuedReport
from tiddao.ledger.actors import SYSTEM
from tiddao.ledger.models import Entry
from tiddao.places.actions.groups import change_members, state_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def one(db):
    found = round_of(published())
    for place in ("5712", "5713"):
        report_and_approve(found, full_report(place))
    return found


@pytest.fixture
def twice(one):
    first = issue("5712", one, at=minutes(30))
    corrected(one, 40)
    return first, issue("5712", one, at=minutes(50), reason="แก้ 1.1 ตามทะเบียน")


def test_a_head_issues_a_report_and_a_stranger_knows_nothing_of_it(
    one, district_head, stranger, settings, tmp_path
):
    settings.HOME = tmp_path
    client = signed_in(district_head)
    assert "ยังไม่เคยออกรายงาน" in client.get("/places/5712/reports/").content.decode()
    done = client.post("/places/5712/reports/issue/", {"round": one.pk}, follow=True)
    issued = IssuedReport.objects.get()
    page = done.content.decode()
    assert issued.number in page
    assert issued.number.startswith("สพอ.พญาเม็งราย 1/")
    assert issued.body_sha256 in page
    assert Entry.objects.get(act="issue_report").by == f"user:{district_head.pk}"
    again = client.post("/places/5712/reports/issue/", {"round": one.pk})
    assert again.status_code == 422
    assert "โปรดระบุเหตุผล" in again.content.decode()
    assert again.context["form"]["round"].value() == str(one.pk)
    assert "reason" in again.context["form"].errors
    nowhere = client.post("/places/5712/reports/issue/", {"round": "0", "reason": "แก้ไขตัวเลข"})
    assert (nowhere.status_code, "แก้ไขตัวเลข" in nowhere.content.decode()) == (422, True)
    other = signed_in(stranger)
    for address in (f"/reports/{issued.pk}/", "/places/5712/reports/"):
        assert other.get(address).status_code == 404
    assert other.post("/places/5712/reports/issue/", {"round": one.pk}).status_code == 404
    found = other.get("/reports/check/", {"q": issued.body_sha256}).content.decode()
    assert "ของจริงและยังใช้ได้" in found
    assert f"/reports/{issued.pk}/" not in found


def test_files_are_handed_out_byte_for_byte(twice, provincial_head):
    client = signed_in(provincial_head)
    report = twice[1]
    for kind, kept, digest in (
        ("pdf", report.paper, report.paper_sha256),
        ("json", report.body, report.body_sha256),
    ):
        answer = client.get(f"/reports/{report.pk}/report.{kind}")
        assert answer.content == bytes(kept)
        assert hashlib.sha256(answer.content).hexdigest() == digest
        assert answer["X-Content-SHA256"] == digest
    assert json.loads(bytes(report.body))["supersedes"]["number"] == twice[0].number


def test_two_issues_side_by_side_say_what_changed_and_why(twice, provincial_head):
    client = signed_in(provincial_head)
    first, second = twice
    page = client.get(f"/reports/{second.pk}/changes/").content.decode()
    for words in (
        "ร้อยละ 85 (ระดับ 4.5000)",
        "ร้อยละ 55 (ระดับ 1.5000)",
        "แก้ 1.1 ตามทะเบียน",
        "55 / 100",
    ):
        assert words in page
    assert "2.1 " not in page
    assert client.get(f"/reports/{first.pk}/changes/").status_code == 404
    assert second.number in client.get(f"/reports/{first.pk}/").content.decode()
    asked = client.get("/reports/check/", {"q": "สพจ.เชียงราย ๑/๒๕๖๖"}).content.decode()
    assert "ของจริง แต่มีฉบับใหม่แทน" in asked
    assert "ไม่พบรายงาน" in client.get("/reports/check/", {"q": "ไม่มี"}).content.decode()


def test_what_changed_in_the_round_itself_is_said_in_words(twice, one, provincial_head):
    close_round(one, by=APPROVER, at=minutes(60))
    third = issue("5712", one, at=minutes(70), reason="ปิดรอบแล้ว")
    page = signed_in(provincial_head).get(f"/reports/{third.pk}/changes/").content.decode()
    assert re.search(r"สถานะของรอบ.*?เปิด.*?ปิด", page, re.DOTALL)
    assert ">open<" not in page
    assert ">closed<" not in page


def test_the_list_costs_the_same_for_one_report_and_for_three(one, provincial_head):
    client = signed_in(provincial_head)
    client.get("/places/5712/reports/")
    costs = []
    for number in (1, 2):
        at = minutes(100 * number)
        issue("5712", one, at=at, reason="" if number == 1 else "แก้ไข")
        if number == 1:
            corrected(one, 110)
        with CaptureQueriesContext(connection) as counted:
            client.get("/places/5712/reports/")
        costs.append(len(counted))
    assert costs[0] == costs[1]


READ_ROUTES = {
    "place": {"key": "5712"},
    "place-xlsx": {"key": "5712"},
    "place-why": {"key": "5712"},
    "place-why-json": {"key": "57"},
    "place-why-indicator": {"key": "57", "code": "1.1"},
    "place-next": {"key": "5712"},
    "place-children": {"key": "57"},
    "league-xlsx": {"key": "57"},
    "league": {},
}
API = (
    "/api/v1/places/5712/stars",
    "/api/v1/places/5712/explain",
    "/api/v1/places/5712/next-star",
    "/api/v1/places/57/results",
    "/api/v1/league",
)


def said(client, moment):
    """What every read route says of the moment, as bytes or, of a workbook, its figures."""
    asked = {"known_at": moment.isoformat(), "year": "2566", "framework": "amphoe-tid-dao"}
    found = {}
    for name, values in READ_ROUTES.items():
        answer = client.get(reverse(name, kwargs=values), asked)
        assert answer.status_code == 200, name
        body = b"".join(answer) if answer.streaming else answer.content
        found[name] = sheets_of(body) if body[:2] == b"PK" else without_noise(body.decode())
    for address in API:
        more = {"scope": "57", "level": "district"} if address.endswith("league") else {}
        answer = client.get(address, asked | more)
        assert answer.status_code == 200, (address, answer.content)
        found[address] = answer.json()
    return found


def sheets_of(data):
    book = CalamineWorkbook.from_filelike(io.BytesIO(data))
    return [book.get_sheet_by_name(name).to_python() for name in book.sheet_names]


def without_noise(text):
    return re.sub(r'name="csrfmiddlewaretoken" value="[^"]*"|CSRFToken": "[^"]*"', "", text)


def test_every_read_route_says_again_what_it_said_then(one, provincial_head):
    client = signed_in(provincial_head)
    moment = minutes(30)
    before = said(client, moment)
    corrected(one, 40)
    change_members(
        "zone-57-ing-su-khong", add=set(), remove={"5712"}, on=minutes(0).date(), by=SYSTEM,
        at=minutes(50), seen=state_of("zone-57-ing-su-khong"),
    )  # fmt: skip
    split(on=minutes(0).date(), at=minutes(60))
    after = said(client, moment)
    for name, told in before.items():
        assert after[name] == told, name
    asked = {"known_at": minutes(45).isoformat(), "year": "2566"}
    assert client.get("/places/5712/", asked).status_code == 200
    assert client.get("/api/v1/places/5712/stars", asked).json() != before[API[0]]
    asked["known_at"] = (minutes(60) + timedelta(seconds=1)).isoformat()
    assert client.get("/places/5712/", asked).status_code == 404


def test_a_page_of_another_moment_says_so_and_leads_back(one, provincial_head):
    client = signed_in(provincial_head)
    page = client.get("/places/5712/", {"known_at": minutes(30).isoformat(), "year": "2566"})
    text = page.content.decode()
    assert "ตามที่ทราบ ณ 20 มี.ค. 2566" in text
    assert 'href="/places/5712/?year=2566">กลับไปดูข้อมูลปัจจุบัน' in text
    assert "กลับไปดูข้อมูลปัจจุบัน" not in client.get("/places/5712/").content.decode()
