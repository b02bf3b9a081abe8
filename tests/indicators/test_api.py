"""The API: the same answers as the pages, for those who may have them."""

from __future__ import annotations

import json

import pytest
import schemathesis
from django.core.management import call_command
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from django.test import Client
from hypothesis import given, settings
from schemathesis.specs.openapi.checks import positive_data_acceptance

from tests.indicators.frameworks import START, full_report, published, report_and_approve, round_of
from tests.persons import signed_in
from tiddao.indicators.actions.imports import read_waiting_imports, receive_result_import
from tiddao.indicators.management.commands.openapi import SNAPSHOT, contract
from tiddao.ledger.actors import SYSTEM

pytestmark = pytest.mark.django_db


@pytest.fixture
def one():
    one = round_of(published())
    report_and_approve(one, [*full_report("5712", 85), *full_report("5001", 60)])
    return one


ADDRESSES = (
    "/api/v1/places/5712/stars?year=2566",
    "/api/v1/places/5712/explain?year=2566",
    "/api/v1/places/5712/next-star?year=2566",
    "/api/v1/places/5712/results?year=2566",
    "/api/v1/league?scope=5712&level=district&year=2566",
)


@pytest.mark.parametrize("address", ADDRESSES)
def test_a_place_is_answered_to_those_above_it_and_to_nobody_else(
    address, one, provincial_head, district_head, stranger
):
    assert Client().get(address).status_code in {302, 401}
    assert signed_in(provincial_head).get(address).status_code == 200
    assert signed_in(district_head).get(address).status_code == 200
    refused = signed_in(stranger).get(address)
    assert refused.status_code == 404
    assert set(refused.json()) == {"detail"}


def test_a_district_head_does_not_see_the_province_or_its_league(one, district_head):
    browser = signed_in(district_head)
    assert browser.get("/api/v1/places/57/stars?year=2566").status_code == 404
    asked = "/api/v1/league?scope=57&level=district&year=2566"
    assert browser.get(asked).status_code == 404
    assert browser.get("/api/v1/places/5701/results?year=2566").status_code == 404


def test_files_that_were_handed_in_are_told_to_those_who_take_results_in(
    one, provincial_head, district_head, stranger, executive
):
    content = "รหัสพื้นที่,ตัวชี้วัด,ตัวตั้ง,ตัวหาร\n5713,1.1,1,2\n5714,1.1,9,2\n".encode()
    row = receive_result_import(
        one, scope="57", file_name="ผล.csv", content=content, by=SYSTEM, at=START
    )
    address = f"/api/v1/places/57/result-files/{row.pk}"
    waiting = signed_in(provincial_head).get(address).json()
    assert (waiting["state"], waiting["new"], waiting["findings"]) == ("waiting", None, [])
    read_waiting_imports(at=START)
    (listed,) = signed_in(executive).get("/api/v1/places/57/result-files").json()
    assert (listed["file"], listed["new"], listed["errors"]) == ("ผล.csv", 1, 1)
    (finding,) = signed_in(provincial_head).get(address).json()["findings"]
    assert (finding["cell"], finding["error"]) == ("C3", True)
    for person in (district_head, stranger):
        assert signed_in(person).get(address).status_code == 404
        assert signed_in(person).get("/api/v1/places/57/result-files").status_code == 404
    inside = f"/api/v1/places/5712/result-files/{row.pk}"
    assert signed_in(provincial_head).get(inside).status_code == 404


def test_stars_and_league_say_what_the_pages_say(one, provincial_head):
    browser = signed_in(provincial_head)
    stars = browser.get("/api/v1/places/5712/stars?year=2566").json()
    assert (stars["stars"], stars["score"], stars["as_of"]) == (4, 4.375, "2023-03-31")
    league = browser.get("/api/v1/league?scope=57&level=district&year=2566").json()
    assert len(league["rows"]) == 18
    assert league["rows"][0]["place"] == "5712"


def test_results_are_those_that_count_and_name_nobody(one, provincial_head):
    browser = signed_in(provincial_head)
    said = browser.get("/api/v1/places/57/results?year=2566&indicator=1.1").json()
    assert (said["count"], said["pages"]) == (1, 1)
    assert said["rows"][0]["place"] == "5712"
    assert "by" not in said["rows"][0]
    assert browser.get("/api/v1/places/57/results?year=2566&page=2").json()["rows"] == []


@pytest.mark.parametrize(
    "address",
    [
        "/api/v1/places/5712/stars",
        "/api/v1/places/5712/stars?year=abc",
        "/api/v1/places/5712/stars?year=2566&yaer=2565",
        "/api/v1/places/5712/stars?year=2566&basis=some",
        "/api/v1/places/5712/stars?year=2566&known_at=yesterday",
        "/api/v1/places/5712/next-star?year=2566&target=6",
        "/api/v1/league?scope=57&level=tambon&year=2566",
        "/api/v1/league?scope=57&level=planet&year=2566",
        "/api/v1/league?scope=57&level=district&year=2566&dimension=9",
        "/api/v1/frameworks?from=2566",
        "/api/v1/frameworks?year=99999999999",
        "/api/v1/places/57%00/stars?year=2566",
        "/api/v1/league?scope=57%00&level=district&year=2566",
    ],
)
def test_a_question_that_makes_no_sense_is_refused(address, one, provincial_head):
    refused = signed_in(provincial_head).get(address)
    assert refused.status_code == 422
    assert "detail" in refused.json()


@pytest.mark.parametrize(
    "address",
    [
        "/api/v1/places/5712/stars?year=2560",
        "/api/v1/places/5712/stars?year=2566&framework=none",
        "/api/v1/places/5712/stars?year=2566&round=9m",
        "/api/v1/frameworks/2566/none",
        "/api/v1/frameworks/2566/amphoe-tid-dao?version=9",
    ],
)
def test_what_there_is_not_is_404(address, one, provincial_head):
    assert signed_in(provincial_head).get(address).status_code == 404


def test_frameworks_are_listed_described_and_handed_out(one, provincial_head):
    browser = signed_in(provincial_head)
    assert [each["code"] for each in browser.get("/api/v1/frameworks").json()] == ["amphoe-tid-dao"]
    detail = browser.get("/api/v1/frameworks/2566/amphoe-tid-dao").json()
    assert detail["indicators"] == ["1.1", "1.2", "2.1", "2.2"]
    toml = browser.get("/api/v1/frameworks/2566/amphoe-tid-dao/toml")
    assert toml["Content-Type"].startswith("application/toml")
    assert 'code = "amphoe-tid-dao"' in toml.content.decode()


def test_the_committed_contract_is_what_the_code_says():
    assert SNAPSHOT.read_text(encoding="utf-8") == contract()
    call_command("openapi", check=True)


# -- the contract against the code ----------------------------------------------------------------


@pytest.fixture
def described(one, provincial_head, settings):
    settings.ALLOWED_HOSTS = ["*"]
    session = signed_in(provincial_head).cookies["sessionid"].value
    found = schemathesis.openapi.from_dict(json.loads(contract()))
    found.app = get_wsgi_application()
    found.config.update(base_url="http://testserver")
    # As the test client does: the connection holds the test's own transaction.
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield found, session
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


OURS = r"/api/v1/(frameworks|league|places/[^/]+/(stars|explain|next-star|results|result-files))"


def test_the_code_keeps_its_contract(described):
    schema, session = described
    checked = 0
    for found in schema.include(method="GET", path_regex=OURS).get_all_operations():
        operation = found.ok()

        @settings(max_examples=12, deadline=None, derandomize=True, database=None)
        @given(case=operation.as_strategy())
        def keeps(case):
            response = case.call(cookies={"sessionid": session})
            case.validate_response(response, excluded_checks=[positive_data_acceptance])

        keeps()
        checked += 1
    assert checked == 12
