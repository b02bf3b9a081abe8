"""Writers, sweeps and kills at the same time, in real transactions of several connections."""

from __future__ import annotations

import threading
from decimal import Decimal
from functools import partial

import pytest
from django.db import DatabaseError, connection, transaction

from tests.indicators.frameworks import (
    APPROVER,
    full_report,
    minutes,
    published,
    report,
    report_and_approve,
    round_of,
    share,
)
from tiddao.indicators.actions import scoring
from tiddao.indicators.actions.frameworks import create_framework, publish_version
from tiddao.indicators.actions.reporting import ResultMovedOn
from tiddao.indicators.actions.reports import Signature, issue_report
from tiddao.indicators.actions.revisions import RoundNotOpen
from tiddao.indicators.actions.rounds import close_round
from tiddao.indicators.actions.scoring import materialise, materialise_pending
from tiddao.indicators.models import FactChange, Framework, Result, Score, Version
from tiddao.indicators.queries.reports import made_again
from tiddao.indicators.queries.stars import stars_of
from tiddao.ledger.lines import draw_line
from tiddao.ledger.models import Entry, Line
from tiddao.places.models import Office
from tiddao.places.queries import find_unit


def in_thread(act):
    """Run the act on a connection of its own; return a function that waits for what came of it."""
    outcome = []

    def run():
        try:
            outcome.append(act())
        except Exception as failure:  # noqa: BLE001 -- handed to the test
            outcome.append(failure)
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()

    def wait():
        thread.join(30)
        assert not thread.is_alive(), "the other transaction hangs"
        return outcome[0]

    return wait


def stars(key, one):
    return stars_of(find_unit(key, on=one.true_on), year=2566, round_code=one.code, basis="all")


def test_a_change_committed_during_a_sweep_is_never_lost(committed, monkeypatch):
    one = round_of(published())
    report(one, full_report("5712", 60))
    score_all = scoring.score_all

    def write_meanwhile(*args, **kwargs):
        # The sweep has read its snapshot; now somebody else reports and commits.
        rows = [share("5712", "1.1", 90, 100)]
        in_thread(lambda: report(one, rows, at=minutes(5)))()
        return score_all(*args, **kwargs)

    monkeypatch.setattr(scoring, "score_all", write_meanwhile)
    materialise(one.pk, at=minutes(6))
    monkeypatch.undo()
    assert FactChange.objects.filter(round=one).values_list("unit").get() == ("5712",)
    kept = Score.objects.get(round=one, basis="all", unit="5712")
    assert kept.parts["1.1"][0] == "60"
    shown = stars("5712", one)
    assert (shown.source, shown.score.indicators[0].value) == ("computed", 90)
    materialise(one.pk, at=minutes(7))
    shown = stars("5712", one)
    assert (shown.source, shown.score.indicators[0].value) == ("materialised", 90)


def test_many_writers_and_sweeps_end_with_scores_that_are_right(committed):
    one = round_of(published())
    places = ["5701", "5702", "5703", "5704"]
    barrier = threading.Barrier(len(places) + 1)

    def write(place):
        barrier.wait(10)
        for step in range(4):
            report(one, full_report(place, 60 + step), at=minutes(step))

    def sweep():
        barrier.wait(10)
        for step in range(6):
            materialise_pending(at=minutes(step))

    waits = [in_thread(lambda place=place: write(place)) for place in places]
    waits.append(in_thread(sweep))
    assert [wait() for wait in waits] == [None] * 5
    materialise_pending(at=minutes(30))
    assert not FactChange.objects.exists()
    shown = stars("57", one)
    assert shown.source == "materialised"
    assert shown.score.indicators[0].value == 63


def test_of_two_writers_who_saw_the_same_one_is_told_what_the_other_wrote(committed):
    one = round_of(published())
    report(one, [share("5712", "1.1", 50, 100)])
    barrier = threading.Barrier(2)

    def write(per_cent):
        barrier.wait(10)
        row = share("5712", "1.1", per_cent, 100, expected_revision=1)
        return report(one, [row], at=minutes(per_cent))

    waits = [in_thread(lambda n=n: write(n)) for n in (70, 80)]
    outcomes = [wait() for wait in waits]
    refused = [each for each in outcomes if isinstance(each, ResultMovedOn)]
    assert len(refused) == 1
    standing = Result.objects.get(superseded_at=None)
    assert refused[0].current == standing
    assert refused[0].proposed.report.numerator + standing.numerator == 150
    assert (refused[0].expected, standing.revision) == (1, 2)


def test_two_first_reports_of_one_place_make_two_revisions_and_no_error(committed):
    one = round_of(published())
    barrier = threading.Barrier(2)

    def write(per_cent):
        barrier.wait(10)
        return report(one, full_report("5712", per_cent), at=minutes(0)).written

    waits = [in_thread(lambda n=n: write(n)) for n in (70, 80)]
    assert sorted(wait() for wait in waits) == [3, 4]  # the milestone was the same
    assert Result.objects.filter(superseded_at=None).count() == 4


def test_a_second_sweep_of_the_round_leaves_it_to_the_first(committed, monkeypatch):
    one = round_of(published())
    report(one, full_report("5712"))
    seen = []
    score_all = scoring.score_all

    def sweep_meanwhile(*args, **kwargs):
        seen.append(in_thread(lambda: materialise(one.pk, at=minutes(5)))())
        return score_all(*args, **kwargs)

    monkeypatch.setattr(scoring, "score_all", sweep_meanwhile)
    assert materialise(one.pk, at=minutes(5)) is not None
    assert seen == [None]
    monkeypatch.undo()
    assert materialise(one.pk, at=minutes(6)) is not None  # the lock was given back


def test_a_sweep_that_dies_after_writing_has_done_nothing(committed, monkeypatch):
    one = round_of(published())
    report_and_approve(one, full_report("5712", 60))
    materialise(one.pk, at=minutes(2))
    before = list(Score.objects.order_by("pk").values_list("pk", "stamp"))
    report_and_approve(one, full_report("5712", 90), at=minutes(3))
    changes = FactChange.objects.filter(round=one).count()
    keep = scoring._keep

    def keep_and_die(*args, **kwargs):
        keep(*args, **kwargs)
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")

    monkeypatch.setattr(scoring, "_keep", keep_and_die)
    outcome = in_thread(lambda: materialise(one.pk, at=minutes(4)))()
    assert isinstance(outcome, DatabaseError)
    monkeypatch.undo()
    assert list(Score.objects.order_by("pk").values_list("pk", "stamp")) == before
    assert FactChange.objects.filter(round=one).count() == changes
    assert materialise(one.pk, at=minutes(5)).changes_settled == changes


def test_publishing_that_dies_half_way_has_published_nothing(committed, monkeypatch):
    from tests.indicators.frameworks import two_dimensions
    from tiddao.indicators.actions import frameworks

    draft = create_framework(two_dimensions(), by=APPROVER, at=minutes(0))
    entries = Entry.objects.count()

    def die(*args, **kwargs):
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")

    monkeypatch.setattr(frameworks, "mark_changed", die)
    outcome = in_thread(lambda: publish_version(draft, by=APPROVER, at=minutes(1)))()
    assert isinstance(outcome, DatabaseError)
    monkeypatch.undo()
    version = Version.objects.get()
    assert (version.state, version.published_at) == ("draft", None)
    assert not Framework.objects.get().rounds.exists()
    assert Entry.objects.count() == entries
    assert publish_version(version, by=APPROVER, at=minutes(2)).state == "published"


def test_a_round_does_not_close_under_a_report_that_is_being_written(committed):
    one = round_of(published())
    with transaction.atomic():
        report(one, [share("5712", "1.1", Decimal(50), 100)])
        closing = in_thread(lambda: close_round(one, by=APPROVER, at=minutes(5)))
    assert closing() == 0
    with pytest.raises(RoundNotOpen):
        report(one, [share("5712", "1.1", 60, 100)], at=minutes(6))
    assert Result.objects.get().numerator == 50


@pytest.mark.django_db
def test_a_sweep_within_a_callers_transaction_is_undone_with_it():
    one = round_of(published())
    report(one, full_report("5712"))
    with transaction.atomic():
        assert materialise(one.pk, at=minutes(1)).written
        transaction.set_rollback(True)
    assert not Score.objects.exists()
    assert FactChange.objects.filter(round=one).exists()


def test_offices_that_issue_at_once_leave_no_gap_in_the_numbers(committed):
    one = round_of(published())
    places = ("5701", "5702", "5712", "5713")
    for place in places:
        report_and_approve(one, full_report(place))
    signature = Signature(Office.objects.get(pk="CDD-57"), "พัฒนาการจังหวัด")

    def issue(place):
        return issue_report(place, one, signature=signature, by=APPROVER, at=minutes(30))

    issued = [wait() for wait in [in_thread(partial(issue, place)) for place in places]]
    assert sorted(each.running for each in issued) == [1, 2, 3, 4]
    assert all(made_again(each) == bytes(each.body) for each in issued)


def test_a_report_waits_for_a_writer_under_way_and_holds_what_it_wrote(committed):
    one = round_of(published())
    report_and_approve(one, full_report("5712"))
    written, go_on = threading.Event(), threading.Event()

    def write_slowly():
        with transaction.atomic():
            report(one, [share("5712", "1.1", 55, 100)], at=minutes(20))
            written.set()
            assert go_on.wait(20)

    writer = in_thread(write_slowly)
    assert written.wait(20)
    drawing = in_thread(partial(draw_line, on="test:1", at=minutes(30)))
    assert not Line.objects.exists()
    go_on.set()
    writer()
    assert drawing() == minutes(30)
    assert Result.objects.get(superseded_at=None, indicator_code="1.1").known_at == minutes(20)
