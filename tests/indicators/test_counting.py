"""Which revisions count: the rule, the ORM's condition and the SQL's, now and at every moment."""

from __future__ import annotations

import random
from collections import defaultdict
from contextlib import suppress
from dataclasses import replace

import pytest
from django.db import connection

from tests.indicators.frameworks import (
    APPROVER,
    REPORTER,
    full_report,
    minutes,
    report,
    report_and_approve,
    share,
)
from tiddao.indicators.actions.reported_rows import ResultsRefused
from tiddao.indicators.actions.reporting import report_results
from tiddao.indicators.actions.review import approve_results, check_results, return_results
from tiddao.indicators.models import Basis, Result
from tiddao.indicators.queries.counting import counts, counts_sql
from tiddao.indicators.queries.stars import results_of, stars_of
from tiddao.indicators.rules.approval import Revision, counting, standing
from tiddao.ledger.actors import Actor
from tiddao.places.queries import find_unit

pytestmark = pytest.mark.django_db
HEAD = Actor("user:3", "หัวหน้า", "post:3 district_head CDD-5712")
PEOPLE = (REPORTER, HEAD, APPROVER)


def random_story(one, seed, acts=25):
    """Let three people do what they like to two districts; return the moment after the last act."""
    chance = random.Random(seed)
    for step in range(acts):
        at, by, place = minutes(step + 1), chance.choice(PEOPLE), chance.choice(["5712", "5713"])
        match chance.choice(["save", "submit", "withdraw", "check", "approve", "return"]):
            case "check":
                check_results(one, [place], by=by, at=at)
            case "approve":
                approve_results(one, [place], by=by, at=at)
            case "return":
                return_results(one, [place], reason="ทดสอบ", by=by, at=at)
            case act:
                row = share(place, "1.1", chance.randint(1, 9), 10)
                rows = [replace(row, report=None) if act == "withdraw" else row]
                state = "draft" if act == "save" else "submitted"
                with suppress(ResultsRefused):  # what is approved cannot be withdrawn
                    report_results(one, rows, by=by, at=at, state=state)
    return acts


def by_rule(upto):
    """What counts after so many minutes, by the rule, from the plain rows."""
    histories = defaultdict(list)
    for row in Result.objects.filter(known_at__lte=minutes(upto)).order_by("place", "revision"):
        histories[row.place_id].append(row)
    found = {Basis.APPROVED: set(), Basis.ALL: set()}
    for rows in histories.values():
        history = [Revision(row.state, row.by) for row in rows]
        for basis, place in (
            (Basis.APPROVED, standing(history)),
            (Basis.ALL, counting(history)),
        ):
            if place is not None:
                found[basis].add(rows[place].pk)
    return found


def by_sql(basis, at):
    condition, parameters = counts_sql(basis, at=at)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT r.id FROM indicators_result r WHERE {condition}", parameters)
        return {row[0] for row in cursor.fetchall()}


@pytest.mark.parametrize("seed", range(8))
def test_rule_orm_and_sql_agree_now_and_at_every_moment(one, seed):
    last = random_story(one, seed)
    for upto in range(last + 1):
        expected = by_rule(upto)
        for basis in Basis.values:
            found = Result.objects.filter(counts(basis, at=minutes(upto)))
            assert set(found.values_list("pk", flat=True)) == expected[basis], (upto, basis)
            assert by_sql(basis, minutes(upto)) == expected[basis], (upto, basis)
    now = by_rule(last)
    for basis in Basis.values:
        assert set(Result.objects.filter(counts(basis)).values_list("pk", flat=True)) == now[basis]
        assert by_sql(basis, None) == now[basis]


def test_a_correction_on_its_way_does_not_cost_the_star(one):
    report_and_approve(one, full_report("5712"))
    before = score(one).score
    report(one, [share("5712", "1.1", 1, 100)], at=minutes(30))
    corrected = score(one, basis=Basis.ALL).score
    assert score(one).score == before != corrected
    assert states_shown(one) == {Basis.APPROVED: ["approved"], Basis.ALL: ["submitted"]}
    approve_results(one, ["5712"], by=APPROVER, at=minutes(40))
    assert score(one).score == corrected
    assert score(one, known_at=minutes(35)).score == before  # as it was known till then


def test_a_correction_that_is_returned_leaves_what_stood(one):
    report_and_approve(one, full_report("5712"))
    before = score(one).score
    report(one, [share("5712", "1.1", 1, 100)], at=minutes(30))
    return_results(
        one, ["5712"], reason="ตัวเลขไม่ตรงเอกสาร", by=APPROVER, at=minutes(40), indicators=["1.1"]
    )
    assert score(one).score == score(one, basis=Basis.ALL).score == before
    assert states_shown(one) == {Basis.APPROVED: ["approved"], Basis.ALL: ["approved"]}


def score(one, **asked):
    place = find_unit("5712", on=one.true_on)
    return stars_of(place, year=2566, round_code=one.code, **asked).score


def states_shown(one):
    place = find_unit("5712", on=one.true_on)
    return {
        basis: [
            each.state
            for each in results_of(one.pk, place, on=one.true_on, basis=basis, indicator="1.1")
        ]
        for basis in Basis.values
    }
