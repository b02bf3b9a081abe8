"""A change by SQL behind the product's back: each kind is found, and named."""

from __future__ import annotations

import json

import pytest
from django.core.management import call_command
from django.db import connection

from tests.indicators.frameworks import (
    full_report,
    minutes,
    published,
    report_and_approve,
    round_of,
)
from tests.indicators.issuing import corrected, issue
from tiddao.indicators.models import IssuedReport
from tiddao.ledger.actors import SYSTEM
from tiddao.places.actions.groups import change_members, state_of
from tiddao.places.models import Membership

pytestmark = pytest.mark.django_db
ZONE = "zone-57-ing-su-khong"
AREAS = ("histories", "results", "reports")


@pytest.fixture
def world(db):
    one = round_of(published())
    for place in ("5712", "5713"):
        report_and_approve(one, full_report(place))
    issue("5712", one, at=minutes(30))
    corrected(one, 40)
    issue("5712", one, at=minutes(50), reason="แก้ 1.1 ตามทะเบียน")
    change_members(
        ZONE, add=set(), remove={"5712"}, on=minutes(0).date(), by=SYSTEM, at=minutes(60),
        seen=state_of(ZONE),
    )  # fmt: skip
    return one


def told(capsys):
    """What the command says: area → codes, and its exit status."""
    only = [word for area in AREAS for word in ("--only", area)]
    capsys.readouterr()
    status = 0
    try:
        call_command("verify", "--json", *only)
    except SystemExit as left:
        status = left.code
    report = json.loads(capsys.readouterr().out)
    found = {
        (area, code)
        for area, said in report["areas"].items()
        for code, _what, _row in said["problems"]
    }
    return status, report["ok"], found


def by_hand(*statements):
    """Somebody with the database's password, who switches triggers off."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET session_replication_role = replica")
        for each in statements:
            cursor.execute(each)
            assert cursor.rowcount > 0, each
        cursor.execute("SET session_replication_role = origin")


def test_what_nobody_touched_verifies(world, capsys):
    assert told(capsys) == (0, True, set())


ONE_RESULT = """(SELECT id FROM indicators_result WHERE place_id = '5712' AND indicator_code = '1.1'
                 AND state = 'approved' AND superseded_at IS NULL)"""
ITS_EVENTS = f"pgh_obj_id = {ONE_RESULT}"

TAMPERINGS = {
    "a value": (
        [f"UPDATE indicators_result SET numerator = 99 WHERE id = {ONE_RESULT}"],
        {("results", "differs-from-history"), ("results", "changed-in-review"),
         ("results", "parts-altered"), ("reports", "body-not-made-again")},
    ),
    "a value and its parts": (
        [f"UPDATE indicators_result SET numerator = 99, part_numerator = 99 WHERE id = {ONE_RESULT}"],
        {("results", "differs-from-history"), ("results", "changed-in-review"),
         ("reports", "body-not-made-again")},
    ),
    "a value, its parts and its history": (
        [
            f"UPDATE {table} SET numerator = 99, part_numerator = 99 WHERE {which} IN"
            " (SELECT id FROM indicators_result WHERE place_id = '5713' AND indicator_code = '1.1')"
            for table, which in (("indicators_resultevent", "pgh_obj_id"), ("indicators_result", "id"))
        ],
        {("results", "ledger-says-otherwise")},
    ),
    "an approval": (
        [f"UPDATE indicators_result SET state = 'returned' WHERE id = {ONE_RESULT}"],
        {("results", "differs-from-history"), ("reports", "body-not-made-again")},
    ),
    "a deleted last history row": (
        [f"DELETE FROM indicators_resultevent WHERE {ITS_EVENTS}"],
        {("results", "history-begins-late")},
    ),
    "a deleted revision": (
        [f"DELETE FROM indicators_result WHERE id = {ONE_RESULT}"],
        {("results", "row-missing"), ("results", "revision-missing"),
         ("reports", "body-not-made-again")},
    ),
    "a deleted revision with its history": (
        [
            f"DELETE FROM indicators_resultevent WHERE {ITS_EVENTS}",
            f"DELETE FROM indicators_result WHERE id = {ONE_RESULT}",
        ],
        {("results", "revision-missing"), ("reports", "body-not-made-again")},
    ),
    "a definition": (
        ["UPDATE indicators_version SET toml = replace(toml, 'weight = 50', 'weight = 40')"],
        {("results", "differs-from-history"), ("results", "definition-altered")},
    ),
    "a report's bytes": (
        ["UPDATE indicators_issuedreport SET body = body || '\\x20'::bytea WHERE edition = 2"],
        {("reports", "body-altered"), ("reports", "body-not-made-again")},
    ),
    "a report's bytes and their hash": (
        ["""UPDATE indicators_issuedreport SET body = body || '\\x20'::bytea,
            body_sha256 = encode(sha256(body || '\\x20'::bytea), 'hex') WHERE edition = 2"""],
        {("reports", "body-not-made-again"), ("reports", "ledger-says-otherwise"),
         ("reports", "paper-not-made-again")},
    ),
    "a report's paper": (
        ["UPDATE indicators_issuedreport SET paper = paper || '\\x20'::bytea WHERE edition = 1"],
        {("reports", "paper-altered"), ("reports", "paper-not-made-again")},
    ),
    "who signed": (
        ["UPDATE indicators_issuedreport SET by_name = 'ผู้อื่น' WHERE edition = 2"],
        {("reports", "body-not-made-again")},
    ),
    "a report that is gone": (
        ["UPDATE indicators_issuedreport SET supersedes_id = NULL, edition = 1, place_id = '5713' WHERE edition = 2",
         "DELETE FROM indicators_issuedreport WHERE edition = 1 AND place_id = '5712'"],
        {("reports", "report-missing"), ("reports", "number-missing"),
         ("reports", "body-not-made-again"), ("reports", "ledger-says-otherwise")},
    ),
    "a membership": (
        ["UPDATE places_membership SET superseded_at = NULL WHERE place_id = '5712' AND superseded_at IS NOT NULL"],
        {("histories", "differs-from-history")},
    ),
    "a membership with its triggers on": (
        [],
        {("histories", "changed-what-never-changes")},
    ),
}  # fmt: skip


@pytest.mark.parametrize("kind", TAMPERINGS)
def test_a_change_behind_the_products_back_is_found(world, capsys, kind):
    statements, expected = TAMPERINGS[kind]
    by_hand(*statements)
    if not statements:
        some = Membership.objects.filter(group=ZONE).order_by("pk").first()
        Membership.objects.filter(pk=some.pk).update(note="ต่อเติม")
    status, ok, found = told(capsys)
    assert (status, ok) == (1, False)
    assert found == expected


def test_the_command_says_it_in_words(world, capsys):
    by_hand("UPDATE indicators_issuedreport SET body = body || '\\x20'::bytea WHERE edition = 2")
    with pytest.raises(SystemExit):
        call_command("verify", "--only", "reports")
    said = capsys.readouterr().out
    assert f"{IssuedReport.objects.get(edition=2).number}: รายงานไม่ตรงกับค่า SHA-256" in said


def test_the_reports_alone_can_be_asked_too(world, capsys):
    call_command("report", "verify", "--json")
    report = json.loads(capsys.readouterr().out)
    assert (report["ok"], report["counts"]) == (True, {"reports": 2, "papers": 2})
    by_hand("UPDATE indicators_issuedreport SET by_name = 'ผู้อื่น' WHERE edition = 2")
    with pytest.raises(SystemExit) as left:
        call_command("report", "verify")
    assert left.value.code == 1
