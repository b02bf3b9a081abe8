"""Deadlines: set with a source, moved with their history kept, ended with a reason."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from tests.budget.deadlines.acting import AT, CENTRE, LATER, TODAY, YEAR, a_deadline
from tiddao.budget.actions.deadlines import (
    DeadlineMovedOn,
    DeadlineRefused,
    end_deadline,
    move_deadline,
)
from tiddao.budget.models import SpendingDeadline
from tiddao.budget.queries.deadlines import deadline_history
from tiddao.ledger.models import Entry

pytestmark = pytest.mark.django_db
SEEN = date(2019, 3, 31)


def test_deadline_is_set_with_one_entry_in_the_ledger():
    made = a_deadline()
    assert (made.place_id, made.day, made.goal) == ("th", SEEN, 100)
    entry = Entry.objects.get(act="set_deadline")
    assert (entry.on, entry.place, entry.by) == (f"deadline:{made.pk}", "th", CENTRE.reference)


@pytest.mark.parametrize(
    ("changes", "code", "field"),
    [
        ({"source": "  "}, "source_missing", "source"),
        ({"name_th": ""}, "name_missing", "name_th"),
        ({"goal": Decimal(0)}, "goal_unfit", "goal"),
        ({"goal": Decimal("100.01")}, "goal_unfit", "goal"),
        ({"day": date(2019, 10, 1)}, "outside_year", "day"),
        ({"day": date(2018, 9, 30)}, "outside_year", "day"),
        ({"day": date(2019, 1, 23)}, "passed", "day"),
        ({"place": "5712"}, "not_nation_or_province", ""),
    ],
)
def test_deadline_that_cannot_be_is_refused_by_its_field(changes, code, field):
    with pytest.raises(DeadlineRefused) as refused:
        a_deadline(**changes)
    assert (refused.value.code, refused.value.field) == (code, field)
    assert not SpendingDeadline.objects.exists()
    assert not Entry.objects.filter(act="set_deadline").exists()


def test_unknown_basis_or_fund_is_a_mistake_of_the_caller():
    with pytest.raises(ValueError, match="no such basis"):
        a_deadline(basis="paid")
    with pytest.raises(ValueError, match="no such fund"):
        a_deadline(fund="gold")


def test_the_same_deadline_is_not_set_twice_but_another_basis_is():
    a_deadline()
    with pytest.raises(DeadlineRefused) as refused:
        a_deadline()
    assert refused.value.code == "already_set"
    a_deadline(basis="used")
    a_deadline("57")
    assert SpendingDeadline.objects.count() == 3


def test_the_database_itself_refuses_the_same_deadline_twice():
    made = a_deadline()
    made.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        made.save(force_insert=True)


def test_moving_keeps_where_it_stood_with_its_source():
    made = a_deadline()
    moved = move_deadline(
        made.pk, day=date(2019, 4, 30), source="ว 12/2562", seen=SEEN, on=TODAY, by=CENTRE, at=LATER
    )
    assert moved.day == date(2019, 4, 30)
    history = deadline_history(made.pk)
    assert [(each.day, each.source) for each in history] == [
        (date(2019, 4, 30), "ว 12/2562"),
        (SEEN, "ที่ประชุมกรม 24 ม.ค. 2562"),
    ]
    assert list(Entry.objects.order_by("id").values_list("act", flat=True))[-1] == "move_deadline"


def test_the_second_of_two_who_move_it_is_told_and_nothing_is_written():
    made = a_deadline()
    move_deadline(made.pk, day=date(2019, 4, 30), source="ก", seen=SEEN, on=TODAY, by=CENTRE, at=AT)
    with pytest.raises(DeadlineMovedOn) as told:
        move_deadline(
            made.pk, day=date(2019, 5, 31), source="ข", seen=SEEN, on=TODAY, by=CENTRE, at=LATER
        )
    assert told.value.current.day == date(2019, 4, 30)
    made.refresh_from_db()
    assert (made.day, made.source) == (date(2019, 4, 30), "ก")


@pytest.mark.parametrize(
    ("day", "source", "code"),
    [
        (date(2019, 4, 30), " ", "source_missing"),
        (SEEN, "ก", "same_day"),
        (date(2019, 10, 31), "ก", "outside_year"),
        (date(2019, 1, 1), "ก", "passed"),
    ],
)
def test_move_that_cannot_be_is_refused(day, source, code):
    made = a_deadline()
    with pytest.raises(DeadlineRefused) as refused:
        move_deadline(made.pk, day=day, source=source, seen=SEEN, on=TODAY, by=CENTRE, at=LATER)
    assert refused.value.code == code


def test_it_is_not_moved_onto_another_of_its_kind():
    made = a_deadline()
    a_deadline(day=date(2019, 6, 30))
    with pytest.raises(DeadlineRefused) as refused:
        move_deadline(
            made.pk, day=date(2019, 6, 30), source="ก", seen=SEEN, on=TODAY, by=CENTRE, at=LATER
        )
    assert refused.value.code == "already_set"


def test_ended_deadline_stays_to_be_read_and_takes_no_more_changes():
    made = a_deadline()
    with pytest.raises(DeadlineRefused) as refused:
        end_deadline(made.pk, reason="", seen=SEEN, by=CENTRE, at=LATER)
    assert refused.value.code == "reason_missing"
    ended = end_deadline(made.pk, reason="ยกเลิกตามหนังสือ", seen=SEEN, by=CENTRE, at=LATER)
    assert (ended.ended_at, ended.end_reason) == (LATER, "ยกเลิกตามหนังสือ")
    with pytest.raises(DeadlineMovedOn):
        end_deadline(made.pk, reason="อีกครั้ง", seen=SEEN, by=CENTRE, at=LATER)
    assert a_deadline().pk != made.pk, "another may be set for the same day"
    assert YEAR.contains(made.day)
