"""Issued reports: numbered without a gap, never changed, made again to the same bytes."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import transaction
from django.db.utils import ProgrammingError

from tests.indicators.frameworks import (
    APPROVER,
    REPORTER,
    full_report,
    minutes,
    published,
    report_and_approve,
    round_of,
    share,
)
from tests.indicators.issuing import corrected, issue
from tiddao.indicators.actions.reporting import report_results
from tiddao.indicators.actions.reports import ReportRefused
from tiddao.indicators.actions.review import return_results
from tiddao.indicators.models import IssuedReport, Result
from tiddao.indicators.queries.reports import (
    acts_between,
    figures_kept,
    find_by_text,
    made_again,
    reports_on,
)
from tiddao.indicators.report_paper import paper_of
from tiddao.indicators.rules.report import changes_between, report_number, sha256
from tiddao.ledger.models import Entry

PLAIN = Path(__file__).with_name("independent_star.py")


@pytest.fixture
def one(db):
    version = published()
    found = round_of(version)
    for place in ("5712", "5713"):
        report_and_approve(found, full_report(place))
    return found


def test_a_report_says_who_what_and_when(one):
    report = issue("5712", one, at=minutes(30))
    assert report.number == "สพจ.เชียงราย 1/2566"
    assert report.known_at == minutes(30)
    body = json.loads(bytes(report.body))
    assert body["signed_by"] == {"name": "ผู้อนุมัติ", "post": "พัฒนาการจังหวัด"}
    assert body["figures"]["place"]["path"] == ["ประเทศไทย", "จังหวัดเชียงราย"]
    assert len(body["figures"]["results"]) == 4
    assert bytes(report.paper).startswith(b"%PDF")
    assert (sha256(bytes(report.body)), sha256(bytes(report.paper))) == (
        report.body_sha256,
        report.paper_sha256,
    )
    entry = Entry.objects.get(act="issue_report")
    assert (entry.on, entry.place, entry.at) == (f"report:{report.pk}", "5712", minutes(30))
    assert [each.pk for each in find_by_text(report.body_sha256.upper())] == [report.pk]
    assert [each.pk for each in find_by_text(" สพจ.เชียงราย 1/2566 ")] == [report.pk]
    assert find_by_text("0" * 64) == ()


def test_the_plain_recomputation_from_the_report_gives_its_stars(one):
    report = issue("5712", one, at=minutes(30))
    tree = figures_kept(report)["explanation"]
    done = subprocess.run(
        [sys.executable, PLAIN], input=json.dumps(tree), capture_output=True, text=True, check=True
    )
    told = json.loads(done.stdout)
    assert (told["stars"], told["score"]) == (tree["stars"], tree["score"])


@pytest.mark.parametrize("place", ["5712", "57", "th"])
def test_a_report_is_made_again_to_the_same_bytes_after_corrections(one, place):
    report = issue(place, one, at=minutes(30), office="CDD")
    corrected(one, 40)
    again = made_again(report)
    assert again == bytes(report.body)
    paper = paper_of(json.loads(again), body_sha256=report.body_sha256)
    assert paper == bytes(report.paper)


def test_a_writer_that_began_before_the_report_is_known_after_it(one):
    report = issue("5712", one, at=minutes(30))
    report_results(one, [share("5712", "1.1", 55, 100)], by=REPORTER, at=minutes(29))
    late = Result.objects.get(superseded_at=None, place="5712", indicator_code="1.1")
    assert late.known_at == minutes(30) + timedelta(microseconds=1)
    assert made_again(report) == bytes(report.body)


def test_a_later_issue_needs_a_reason_and_a_change_and_says_both(one):
    first = issue("5712", one, at=minutes(30))
    with pytest.raises(ReportRefused, match="reason_missing"):
        issue("5712", one, at=minutes(31))
    with pytest.raises(ReportRefused, match="unchanged"):
        issue("5712", one, at=minutes(32), reason="ลองออกซ้ำ")
    return_results(
        one, ["5712"], reason="ตัวเลขไม่ตรงทะเบียน", by=APPROVER, at=minutes(39), indicators=["1.1"]
    )
    corrected(one, 40)
    second = issue("5712", one, at=minutes(50), reason="แก้ 1.1 ตามทะเบียน")
    assert (second.edition, second.running, second.supersedes_id) == (2, 2, first.pk)
    changes = {
        (each.kind, each.code): (each.before, each.after)
        for each in changes_between(figures_kept(first), figures_kept(second))
    }
    assert changes["indicator", "1.1"] == ("ร้อยละ 85 (ระดับ 4.5000)", "ร้อยละ 55 (ระดับ 1.5000)")
    assert {code for kind, code in changes if kind == "indicator"} == {"1.1"}
    acts = [(each.state, each.figures, each.reason) for each in acts_between(first, second)]
    assert acts == [
        ("returned", "85 / 100", "ตัวเลขไม่ตรงทะเบียน"),
        ("submitted", "55 / 100", ""),
        ("approved", "55 / 100", ""),
    ]
    newest, oldest = reports_on("5712")
    assert (oldest.newer, newest.newer) == (second.number, "")
    for report in (first, second):
        assert made_again(report) == bytes(report.body)


def test_numbers_run_by_office_and_calendar_year(one):
    numbers = [
        issue("5712", one, at=minutes(30)).number,
        issue("5713", one, at=minutes(31)).number,
        issue("57", one, at=minutes(32), office="CDD-5712").number,
        issue("th", one, at=minutes(32) + timedelta(days=365), office="CDD-57").number,
    ]
    assert numbers == [
        "สพจ.เชียงราย 1/2566",
        "สพจ.เชียงราย 2/2566",
        "สพอ.พญาเม็งราย 1/2566",
        "สพจ.เชียงราย 1/2567",
    ]
    said = report_number("ที่ {office}/{running}", office_name="กรมการพัฒนาชุมชน", running=7, year=2566)
    assert said == "ที่ พช./7"


def test_nothing_is_issued_on_what_is_not_assessed(one):
    for place in ("10", "571201", "9999"):
        with pytest.raises(ReportRefused, match="not_assessed"):
            issue(place, one, at=minutes(30))
    assert IssuedReport.objects.count() == 0
    assert issue("5712", one, at=minutes(31)).running == 1


def test_an_issued_report_cannot_be_changed_or_deleted(one):
    report = issue("5712", one, at=minutes(30))
    with pytest.raises(ProgrammingError), transaction.atomic():
        IssuedReport.objects.filter(pk=report.pk).update(reason="เปลี่ยน")
    with pytest.raises(ProgrammingError), transaction.atomic():
        IssuedReport.objects.filter(pk=report.pk).delete()
