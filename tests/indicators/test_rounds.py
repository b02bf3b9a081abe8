"""Rounds: opened on their day, closed, opened again."""

from __future__ import annotations

import pytest

from tests.indicators.frameworks import (
    APPROVER,
    current,
    full_report,
    minutes,
    published,
    report,
)
from tiddao.indicators.actions.review import (
    approve_results,
)
from tiddao.indicators.actions.rounds import RoundRefused, close_round, open_round, open_rounds_due
from tiddao.indicators.models import Round
from tiddao.ledger.actors import SYSTEM
from tiddao.ledger.models import Entry

pytestmark = pytest.mark.django_db


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
