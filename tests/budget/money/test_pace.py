"""Pace to a deadline: the case of the seed letter, holidays, ends and edges."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tiddao.budget.rules.pace import DayOff, Reported, pace_to, recent_pace
from tiddao.kernel.workdays import is_working_day

D = Decimal
SEED = {"deadline": date(2019, 3, 31), "as_of": date(2019, 1, 24), "percent": D("33.28")}


def test_pace_of_the_seed_letter():
    pace = pace_to(**SEED, base=D("1000000.00"))
    assert (pace.elapsed_days, pace.year_days) == (116, 365)
    assert round(pace.elapsed_percent, 1) == D("31.8")
    assert pace.last_working_day == date(2019, 3, 29)
    assert pace.deadline_th == "วันศุกร์ที่ 29 มี.ค. 2562 (วันที่ 31 มี.ค. 2562 ตรงกับวันอาทิตย์)"
    assert (pace.calendar_days_left, pace.weekdays_left, pace.working_days_left) == (66, 46, 45)
    assert pace.days_off == (DayOff(date(2019, 2, 19), "วันมาฆบูชา"),)
    assert pace.points_left == D("66.72")
    assert pace.points_per_working_day == D("66.72") / 45
    assert round(pace.points_per_working_day, 4) == D("1.4827")
    assert round(pace.points_per_calendar_day, 2) == D("1.01")
    assert round(pace.points_per_day_so_far, 2) == D("0.29")
    assert round(pace.ratio_so_far, 2) == D("3.52")
    assert pace.baht_left == D("667200.00")
    assert pace.baht_per_working_day == D("14826.67")
    assert pace.baht_per_working_day * 45 >= pace.baht_left
    assert pace.holidays_announced
    assert pace.recent is None
    assert pace.ratio_recent is None


def test_recent_pace_divides_by_the_true_days():
    reports = [
        Reported(date(2018, 10, 31), D(10)),
        Reported(date(2018, 12, 27), D("24.88")),  # 28 days before
        Reported(date(2019, 1, 10), D(30)),
    ]
    pace = pace_to(**SEED, reports=reports)
    assert (pace.recent.since, pace.recent.points) == (date(2018, 12, 27), D("8.40"))
    assert pace.recent.points_per_day == D("0.3")
    assert pace.ratio_recent == pace.points_per_calendar_day / D("0.3")
    # 28 Dec to 24 Jan: 20 weekdays less 31 Dec and 1 Jan.
    assert pace.recent.points_per_working_day == D("8.40") / 18


def test_recent_pace_needs_a_report_about_thirty_days_old():
    as_of = date(2019, 1, 24)
    for age, known in [(19, False), (20, True), (30, True), (40, True), (41, False)]:
        found = recent_pace(
            [Reported(as_of - timedelta(days=age), D(30))], as_of=as_of, percent=D(33)
        )
        assert (found is not None) is known
        if found:
            assert found.points_per_day == D(3) / age
    assert recent_pace([], as_of=as_of, percent=D(33)) is None
    assert recent_pace([Reported(date(2018, 12, 25), D(30))], as_of=as_of, percent=None) is None


def test_ratio_is_not_said_where_nothing_was_spent_or_money_went_back():
    pace = pace_to(
        date(2019, 3, 31),
        as_of=date(2019, 1, 24),
        percent=D(0),
        reports=[Reported(date(2018, 12, 25), D(4))],
    )
    assert (pace.ratio_so_far, pace.ratio_recent) == (None, None)
    assert pace.recent.points_per_day < 0


def test_goal_reached_needs_nothing():
    pace = pace_to(date(2026, 9, 30), as_of=date(2026, 7, 10), percent=D(95), goal=D(93), base=D(9))
    assert (pace.points_left, pace.points_per_working_day, pace.baht_per_working_day) == (0, 0, 0)
    assert pace.ratio_so_far == 0


def test_nothing_can_be_done_when_no_working_day_is_left():
    for as_of in (date(2019, 3, 29), date(2019, 3, 30), date(2019, 3, 31), date(2019, 4, 5)):
        pace = pace_to(date(2019, 3, 31), as_of=as_of, percent=D(90), base=D(100))
        assert pace.working_days_left == 0
        assert pace.points_left == 10
        assert pace.points_per_working_day is None
        assert pace.points_per_calendar_day is None
        assert pace.baht_per_working_day is None
        assert pace.ratio_so_far is None


def test_unknown_share_keeps_the_countdown():
    pace = pace_to(date(2019, 3, 31), as_of=date(2019, 1, 24), percent=None)
    assert pace.working_days_left == 45
    assert pace.points_left is None
    assert pace.ratio_so_far is None


def test_an_office_may_have_days_off_of_its_own():
    pace = pace_to(**SEED, days_off=[date(2019, 3, 29), date(2019, 2, 2)])
    assert pace.last_working_day == date(2019, 3, 28)
    assert pace.working_days_left == 44
    assert [each.on for each in pace.days_off] == [date(2019, 2, 19)]
    pace = pace_to(**SEED, days_off=[date(2019, 3, 28)])
    assert pace.days_off[-1] == DayOff(date(2019, 3, 28), "วันหยุดของหน่วยงาน")


def test_deadline_on_a_holiday_says_which():
    pace = pace_to(date(2019, 4, 15), as_of=date(2019, 4, 1), percent=D(50))
    assert pace.last_working_day == date(2019, 4, 12)
    assert "ตรงกับวันสงกรานต์" in pace.deadline_th
    assert "ตรง" not in pace_to(date(2019, 3, 29), as_of=date(2019, 3, 1), percent=D(1)).deadline_th


def test_day_before_the_year_is_refused():
    with pytest.raises(ValueError, match="before fiscal year"):
        pace_to(date(2019, 3, 31), as_of=date(2018, 9, 30), percent=D(0))


@settings(max_examples=60)
@given(st.integers(1, 250), st.integers(1, 110), st.decimals(0, 100, places=2))
def test_needed_pace_reaches_the_goal_and_days_add_up(start, length, percent):
    as_of = date(2018, 10, 1) + timedelta(days=start)
    deadline = min(as_of + timedelta(days=length), date(2019, 9, 30))
    pace = pace_to(deadline, as_of=as_of, percent=percent, base=D("123456.78"))
    between = [as_of + timedelta(days=n) for n in range(1, (deadline - as_of).days + 1)]
    assert pace.working_days_left == sum(is_working_day(day) for day in between)
    assert pace.weekdays_left - len(pace.days_off) == pace.working_days_left
    if pace.working_days_left:
        reached = percent + pace.points_per_working_day * pace.working_days_left
        assert abs(reached - 100) < D("1e-20")
        assert pace.baht_per_working_day * pace.working_days_left >= pace.baht_left
