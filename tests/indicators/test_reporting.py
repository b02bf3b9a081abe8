"""Reporting: all rows or none, new revisions, expected revisions, withdrawing."""

from __future__ import annotations

import pytest

from tests.indicators.frameworks import (
    APPROVER,
    REPORTER,
    current,
    full_report,
    minutes,
    report,
    report_and_approve,
    share,
    steps,
)
from tiddao.indicators.actions.reported_rows import ResultRow, ResultsRefused
from tiddao.indicators.actions.reporting import ResultMovedOn, report_results
from tiddao.indicators.actions.review import (
    return_results,
)
from tiddao.indicators.actions.revisions import RoundNotOpen
from tiddao.indicators.actions.rounds import close_round
from tiddao.indicators.models import FactChange, Result
from tiddao.indicators.queries.stars import stars_of
from tiddao.ledger.actors import SYSTEM
from tiddao.ledger.models import Entry
from tiddao.places.queries import find_unit

pytestmark = pytest.mark.django_db


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


def test_time_does_not_run_backwards(one):
    report(one, [share("5712", "1.1", 85, 100)], at=minutes(5))
    with pytest.raises(ValueError, match="is known since"):
        report(one, [share("5712", "1.1", 90, 100)], at=minutes(4))
