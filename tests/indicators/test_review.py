"""Checking, approving, judging and returning results."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tests.indicators.frameworks import (
    APPROVER,
    REPORTER,
    current,
    dimension,
    full_report,
    milestone,
    minutes,
    published,
    report,
    report_and_approve,
    round_of,
    share,
    two_dimensions,
)
from tiddao.indicators.actions.reported_rows import ResultRow, ResultsRefused
from tiddao.indicators.actions.review import (
    approve_results,
    check_results,
    judge_result,
    return_results,
)
from tiddao.indicators.rules.scoring import Reported
from tiddao.ledger.actors import Actor

pytestmark = pytest.mark.django_db
CHECKER = Actor("user:3", "ผู้ตรวจ", "post:3 district_head CDD-5712")


def test_nobody_approves_their_own_submission(one):
    report(one, full_report("5712"), by=REPORTER)
    report(one, full_report("5713"), by=APPROVER)
    reviewed = approve_results(one, ["57"], by=APPROVER, at=minutes(5))
    assert reviewed.changed == 4
    assert {(each.place, each.reason) for each in reviewed.skipped} == {("5713", "own_submission")}
    assert current("5713").state == "submitted"
    assert current("5712").state == "approved"


def test_a_check_in_between_does_not_make_a_submission_another_s(one):
    report(one, [share("5713", "1.1", 85, 100)], by=APPROVER)
    assert check_results(one, ["5713"], by=CHECKER, at=minutes(1)).changed == 1
    reviewed = approve_results(one, ["57"], by=APPROVER, at=minutes(2))
    assert [each.reason for each in reviewed.skipped] == ["own_submission"]
    assert current("5713").state == "checked"


def test_an_approval_covers_what_lies_below_and_nothing_beside(one):
    report(one, [*full_report("5712"), *full_report("5001")])
    approve_results(one, ["57"], by=APPROVER, at=minutes(1))
    assert (current("5712").state, current("5001").state) == ("approved", "submitted")


def test_a_returned_result_counts_no_more_until_it_is_reported_again(one):
    report_and_approve(one, full_report("5712"))
    with pytest.raises(ValueError, match="reason"):
        return_results(one, ["5712"], reason=" ", by=APPROVER, at=minutes(4))
    returned = return_results(
        one, ["5712"], reason="แนบหลักฐานไม่ครบ", by=APPROVER, at=minutes(5), indicators=["1.1"]
    )
    assert returned.changed == 1
    assert current().state == "returned"
    assert "แนบหลักฐานไม่ครบ" in current().source
    assert current(indicator="1.2").state == "approved"
    again = report(one, full_report("5712"), at=minutes(6))
    assert (again.written, again.unchanged) == (1, 3)
    assert current().state == "submitted"
    assert "แนบหลักฐาน" not in current().source


def rubric(code):
    return milestone(code, kind="rubric", unit_th="คะแนน", unit_en="points", minimum=Decimal(1))


def test_a_judged_rubric_keeps_the_offices_own_score_beside():
    one = round_of(published(two_dimensions(dimensions=(dimension("1", rubric("1.1")),))))
    report(one, [ResultRow("5712", "1.1", Reported(self_score=Decimal(5)))])
    judged = judge_result(
        one, "5712", "1.1", Decimal(3), expected_revision=1, by=CHECKER, at=minutes(1)
    )
    assert (judged.state, judged.self_score, judged.checked_score) == ("checked", 5, 3)
    assert judged.part_numerator == 3
    with pytest.raises(ResultsRefused) as refused:
        judge_result(
            one, "5712", "1.1", Decimal(5), expected_revision=2, by=REPORTER, at=minutes(2)
        )
    assert refused.value.rows[0].code == "own_submission"
    same = [ResultRow("5712", "1.1", Reported(self_score=Decimal(5)))]
    assert report(one, same, at=minutes(3)).unchanged == 1
    report(one, [ResultRow("5712", "1.1", Reported(self_score=Decimal(4)))], at=minutes(4))
    assert (current().checked_score, current().part_numerator) == (None, 4)
