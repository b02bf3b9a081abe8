"""Rules of meetings: hand-checked cases and properties."""

from __future__ import annotations

from datetime import date, time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tiddao.kernel.workdays import is_working_day
from tiddao.policy.rules.agenda import Timed, moved, part_of, remarks_on
from tiddao.policy.rules.inviting import ROLES_AT, names_in, posts_asked
from tiddao.policy.rules.merging import merged
from tiddao.policy.rules.recurrence import EVERY, Recurrence
from tiddao.policy.rules.series import next_day, next_number


@pytest.mark.parametrize(
    ("label", "starts", "before", "part"),
    [
        ("ช่วงเช้า", None, 2, 1),
        ("ภาคบ่าย", None, 1, 2),
        ("ช่วงบ่าย", time(9), 1, 2),  # its own words come before its time
        ("", time(11, 59), 2, 1),
        ("", time(12), 1, 2),
        ("", time(16, 59), 1, 2),
        ("", time(17), 1, 3),
        ("", None, 2, 2),
    ],
)
def test_an_item_belongs_to_a_part(label, starts, before, part) -> None:
    assert part_of(label, starts, before) == part


@pytest.mark.parametrize(
    ("one", "step", "after"),
    [
        (1, 1, (2, 1, 3)),
        (3, -1, (1, 3, 2)),
        (1, -1, (1, 2, 3)),
        (3, 1, (1, 2, 3)),
        (1, 9, (2, 3, 1)),
        (2, 0, (1, 2, 3)),
    ],
)
def test_moving_an_item(one, step, after) -> None:
    assert moved((1, 2, 3), one, step) == after


@settings(max_examples=100)
@given(st.lists(st.integers(), unique=True, min_size=1), st.data())
def test_moving_loses_and_doubles_nothing(ids, data) -> None:
    one = data.draw(st.sampled_from(ids))
    step = data.draw(st.integers(-20, 20))
    after = moved(ids, one, step)
    assert sorted(after) == sorted(ids)
    assert [each for each in after if each != one] == [each for each in ids if each != one]


def test_the_seeds_own_times_are_said_not_repaired() -> None:
    """Talk at 10:00, session from 9:00 (E1); the afternoon has no end (A48)."""
    items = [Timed(1, time(9), time(12)), Timed(2, time(13), None)]
    assert [(each.id, each.code) for each in remarks_on(items, starts=time(10), ends=None)] == [
        (1, "before-meeting")
    ]


@pytest.mark.parametrize(
    ("items", "codes"),
    [
        ([(time(9), time(10)), (time(10), time(11))], []),  # one ends as the next begins
        ([(time(9), time(10)), (time(9, 30), None)], [(2, "overlap")]),
        ([(time(10), None), (time(9), None)], [(2, "earlier-than-before")]),
        ([(time(9), time(12, 1))], [(1, "after-meeting")]),
        ([(time(12), None)], [(1, "after-meeting")]),
        ([(None, None), (time(9), None)], []),
    ],
)
def test_remarks_on_times(items, codes) -> None:
    timed = [Timed(number, *each) for number, each in enumerate(items, start=1)]
    found = remarks_on(timed, starts=time(9), ends=time(12))
    assert [(each.id, each.code) for each in found] == codes
    assert all(each.message_th for each in found)


@pytest.mark.parametrize(
    ("last", "recurrence", "on", "day"),
    [
        (date(2026, 6, 10), Recurrence("month", 5), date(2026, 6, 11), date(2026, 7, 6)),
        (date(2026, 6, 10), None, date(2026, 6, 11), date(2026, 7, 10)),
        (date(2026, 1, 31), None, date(2026, 2, 1), date(2026, 3, 2)),  # 28 February: a Saturday
        (date(2026, 6, 10), Recurrence("week", 1), date(2026, 6, 11), date(2026, 6, 15)),
        # Long ago: never a day that has passed.
        (date(2022, 11, 22), Recurrence("quarter", 10), date(2026, 6, 11), date(2026, 7, 10)),
        (date(2022, 11, 22), None, date(2026, 6, 11), date(2026, 6, 12)),
    ],
)
def test_the_next_day_of_a_series(last, recurrence, on, day) -> None:
    assert next_day(last, recurrence=recurrence, on=on) == day


@settings(max_examples=150)
@given(
    st.dates(date(2020, 1, 1), date(2030, 12, 31)),
    st.one_of(st.none(), st.builds(Recurrence, st.sampled_from(EVERY), st.integers(0, 90))),
    st.integers(0, 400),
)
def test_the_next_day_is_a_working_day_after_both(last, recurrence, later) -> None:
    on = date.fromordinal(last.toordinal() + later)
    found = next_day(last, recurrence=recurrence, on=on)
    assert found > on
    assert found > last
    assert is_working_day(found)


def test_numbers_of_a_series() -> None:
    assert [next_number([]), next_number([1, 2]), next_number([3, 1])] == [1, 3, 4]


def test_roles_are_asked_where_they_are() -> None:
    offices = [("CDD-57", "province"), ("CDD-5712", "district"), ("CDD", "department")]
    assert posts_asked(offices, {"finance_officer", "district_head"}) == [
        ("CDD-57", "finance_officer"), ("CDD-5712", "district_head"), ("CDD-5712", "finance_officer"),
    ]  # fmt: skip
    assert all("auditor" not in roles for roles in ROLES_AT.values())


def test_guests_one_on_each_line_each_once() -> None:
    assert names_in(" นายอำเภอ \n\nนายก  เทศมนตรี\nนายอำเภอ") == ("นายอำเภอ", "นายก เทศมนตรี")


# -- two writers -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("base", "mine", "theirs", "both"),
    [
        ("a\nb\nc", "A\nb\nc", "a\nb\nC", "A\nb\nC"),
        ("a\nb", "a\nb\nของฉัน", "a\nb\nของเขา", "a\nb\nของเขา\nของฉัน"),
        ("", "ของฉัน", "ของเขา", "ของเขา\nของฉัน"),
        ("a\nb\nc", "a\nb\nc", "x", "x"),
        ("a\nb\nc", "a\nc", "a\nb\nc\nd", "a\nc\nd"),
        ("a\nb\nc", "a\nB\nc", "a\nB\nc", "a\nB\nc"),  # both the same: once
        ("a\nb\nc", "a\nX\nc", "a\nY\nc", None),  # the same line in two ways
        ("a\nb\nc", "a\nc", "a\nY\nc", None),  # one takes away what the other mends
    ],
)
def test_two_writers_are_put_together_where_they_do_not_meet(base, mine, theirs, both) -> None:
    assert merged(base, mine, theirs) == both


lines = st.lists(st.sampled_from("กขคงจฉ"), max_size=6).map("\n".join)


@settings(max_examples=200)
@given(lines, lines, lines)
def test_no_words_are_lost_or_made_up(base, mine, theirs) -> None:
    both = merged(base, mine, theirs)
    assert merged(base, mine, base) == mine
    assert merged(base, base, theirs) == theirs
    if both is None:
        return
    known = set(base.splitlines())
    new = (set(mine.splitlines()) | set(theirs.splitlines())) - known
    assert new <= set(both.splitlines())
    assert set(both.splitlines()) <= known | new
