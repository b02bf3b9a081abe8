"""Reporting, checking, approving and returning."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tests.indicators.frameworks import (
    APPROVER,
    REPORTER,
    dimension,
    full_report,
    milestone,
    minutes,
    published,
    ratio,
    report,
    report_and_approve,
    round_of,
    share,
    steps,
    two_dimensions,
)
from tiddao.indicators.actions.results import (
    ResultMovedOn,
    ResultRow,
    ResultsRefused,
    RoundNotOpen,
    approve_results,
    check_results,
    judge_result,
    report_results,
    return_results,
)
from tiddao.indicators.actions.rounds import RoundRefused, close_round, open_round, open_rounds_due
from tiddao.indicators.actions.targets import TargetMovedOn, TargetRefused, set_target
from tiddao.indicators.models import FactChange, Result, Round
from tiddao.indicators.queries.stars import stars_of
from tiddao.indicators.rules.scoring import Reported
from tiddao.ledger.actors import SYSTEM, Actor
from tiddao.ledger.models import Entry
from tiddao.places.queries import find_unit

pytestmark = pytest.mark.django_db
CHECKER = Actor("user:3", "ผู้ตรวจ", "post:3 district_head CDD-5712")


@pytest.fixture
def one():
    return round_of(published())


def current(place="5712", indicator="1.1"):
    return Result.objects.get(place=place, indicator_code=indicator, superseded_at=None)


def test_a_report_is_one_act_with_one_entry_and_marks_its_place(one):
    FactChange.objects.all().delete()
    before = Entry.objects.count()
    written = report(one, full_report("5712"))
    assert (written.written, written.unchanged) == (4, 0)
    entry = Entry.objects.latest("id")
    assert Entry.objects.count() == before + 1
    assert (entry.act, entry.place, entry.by) == ("report_results", "5712", "user:1")
    assert list(FactChange.objects.values_list("unit", flat=True)) == ["5712"]
    result = current()
    assert (result.state, result.revision, result.part_numerator) == ("submitted", 1, 85)


def test_reporting_the_same_again_changes_nothing(one):
    report_and_approve(one, full_report("5712"))
    rows, entries = Result.objects.count(), Entry.objects.count()
    written = report(one, full_report("5712"), at=minutes(9))
    assert (written.written, written.unchanged) == (0, 4)
    assert (Result.objects.count(), Entry.objects.count()) == (rows, entries)
    assert current().state == "approved"


def test_a_change_is_a_new_revision_and_the_old_one_stays(one):
    report(one, [share("5712", "1.1", 85, 100)])
    report(one, [share("5712", "1.1", 90, 100)], at=minutes(5))
    first, second = Result.objects.order_by("revision")
    assert (first.numerator, first.superseded_at) == (85, minutes(5))
    assert (second.numerator, second.known_at, second.superseded_at) == (90, minutes(5), None)


def test_all_rows_or_none(one):
    rows = [
        share("5712", "1.1", 85, 100),
        share("5712", "2.1", 120, 100),
        steps("5712", "1.2", 1, 3),
        share("5712", "9.9", 1, 2),
        share("571203", "1.1", 1, 2),
        share("9999", "1.1", 1, 2),
    ]
    with pytest.raises(ResultsRefused) as refused:
        report(one, rows)
    assert [(each.place, each.indicator, each.code) for each in refused.value.rows] == [
        ("5712", "2.1", "numerator_over_denominator"),
        ("5712", "1.2", "step_skipped"),
        ("5712", "9.9", "unknown_indicator"),
        ("571203", "1.1", "not_reporting"),
        ("9999", "1.1", "not_reporting"),
    ]
    assert all(each.message_th for each in refused.value.rows)
    assert not Result.objects.exists()


def test_an_expected_revision_that_has_moved_on_shows_both_values(one):
    report(one, [share("5712", "1.1", 85, 100)])
    row = share("5712", "1.1", 70, 100, expected_revision=0)
    with pytest.raises(ResultMovedOn) as moved:
        report(one, [row], at=minutes(5))
    assert moved.value.current.numerator == 85
    assert moved.value.proposed.report.numerator == 70
    assert current().numerator == 85


def test_a_withdrawn_result_counts_no_more_and_its_history_stays(one):
    report(one, [share("5712", "1.1", 85, 100)])
    report(one, [ResultRow("5712", "1.1", None)], at=minutes(5))
    assert (current().state, current().part_numerator) == ("draft", None)
    shown = stars_of(find_unit("5712", on=one.true_on), year=2566, round_code="6m", basis="all")
    assert shown.score.indicators[0].status == "missing"
    assert Result.objects.count() == 2


def test_what_is_approved_is_not_withdrawn_but_returned(one):
    report_and_approve(one, [share("5712", "1.1", 85, 100)])
    with pytest.raises(ResultsRefused) as refused:
        report(one, [ResultRow("5712", "1.1", None)], at=minutes(5))
    assert [(each.code, each.part) for each in refused.value.rows] == [("approved", "")]
    report(one, [share("5712", "1.1", 86, 100)], at=minutes(6))
    report(one, [ResultRow("5712", "1.1", None)], at=minutes(7))  # the correction can be
    place = find_unit("5712", on=one.true_on)
    for basis in ("approved", "all"):
        shown = stars_of(place, year=2566, round_code="6m", basis=basis)
        assert shown.score.indicators[0].value == 85
    return_results(one, ["5712"], reason="ถอนตามที่ขอ", by=APPROVER, at=minutes(8))
    for basis in ("approved", "all"):
        shown = stars_of(place, year=2566, round_code="6m", basis=basis)
        assert shown.score.indicators[0].status == "missing"


def test_a_report_to_a_round_that_is_not_open_is_refused(one):
    close_round(one, by=APPROVER, at=minutes(1))
    with pytest.raises(RoundNotOpen) as refused:
        report(one, full_report("5712"), at=minutes(2))
    assert refused.value.state == "closed"


def test_nobody_but_the_system_reports_as_approved(one):
    rows = [share("5712", "1.1", 85, 100)]
    with pytest.raises(ValueError, match="may not report as approved"):
        report_results(one, rows, by=REPORTER, at=minutes(1), state="approved")
    report_results(one, rows, by=SYSTEM, at=minutes(1), state="approved")
    assert current().state == "approved"


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


def test_closing_locks_what_is_approved_and_leaves_the_rest(one):
    report(one, [*full_report("5712"), *full_report("5713")])
    approve_results(one, ["5712"], by=APPROVER, at=minutes(1))
    assert close_round(one, by=APPROVER, at=minutes(2)) == 4
    assert (current("5712").state, current("5713").state) == ("locked", "submitted")
    with pytest.raises(RoundRefused):
        close_round(one, by=APPROVER, at=minutes(3))


def test_a_closed_round_opens_only_with_a_reason_and_an_end(one):
    close_round(one, by=APPROVER, at=minutes(1))
    until = one.closes.replace(year=2024)
    for asked in ({}, {"reason": "แก้ตัวเลข"}, {"until": until}):
        with pytest.raises(RoundRefused):
            open_round(one, by=APPROVER, at=minutes(2), **asked)
    opened = open_round(one, by=APPROVER, at=minutes(2), reason="แก้ตัวเลข", until=until)
    assert (opened.state, opened.closes, opened.version) == ("open", until, None)
    assert Entry.objects.latest("id").act == "reopen_round"


def test_planned_rounds_open_on_their_first_day():
    version = published()
    later = Round.objects.get(framework=version.framework, code="12m")
    assert later.state == "planned"
    assert open_rounds_due(by=SYSTEM, at=minutes(0)) == 0
    assert open_rounds_due(by=SYSTEM, at=minutes(0).replace(month=9, day=16)) == 1
    later.refresh_from_db()
    assert later.state == "open"


def test_a_target_has_revisions_and_bounds(one):
    asked = {"by": APPROVER, "source": "บันทึก 1"}
    first = set_target(one.framework, "1.1", "5712", Decimal(80), at=minutes(1), **asked)
    again = set_target(one.framework, "1.1", "5712", Decimal(80), at=minutes(2), **asked)
    assert again == first
    second = set_target(one.framework, "1.1", "5712", Decimal(85), at=minutes(3), **asked)
    assert second.revision == 2
    with pytest.raises(TargetMovedOn):
        set_target(
            one.framework,
            "1.1",
            "5712",
            Decimal(90),
            at=minutes(4),
            expected_revision=1,
            **asked,
        )
    for indicator, value in (("9.9", 1), ("1.1", 101), ("1.1", -1)):
        with pytest.raises(TargetRefused):
            set_target(one.framework, indicator, "5712", Decimal(value), at=minutes(5), **asked)
    unit = find_unit("5712", on=one.true_on)
    assert stars_of(unit, year=2566).targets["1.1"].value == 85
    assert stars_of(unit, year=2566, known_at=minutes(2)).targets["1.1"].value == 80


def test_time_does_not_run_backwards(one):
    report(one, [share("5712", "1.1", 85, 100)], at=minutes(5))
    with pytest.raises(ValueError, match="is known since"):
        report(one, [share("5712", "1.1", 90, 100)], at=minutes(4))


def test_ratio_weight_of_the_factory_is_as_the_tests_think():
    assert ratio("1.1").weight == 50
