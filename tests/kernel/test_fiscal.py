from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tiddao.kernel.digits import to_thai
from tiddao.kernel.fiscal import FiscalYear, FiscalYearUnreadable, standard_rounds

YEARS = st.integers(min_value=2444, max_value=2643).map(FiscalYear)
DAYS = st.dates(date(1900, 10, 1), date(2100, 9, 30))


def test_year_2566_runs_from_october_2022_to_september_2023():
    year = FiscalYear(2566)
    assert (year.start, year.end) == (date(2022, 10, 1), date(2023, 9, 30))
    assert (year.ce_end, str(year), year.days) == (2023, "2566", 365)
    assert year.next() == FiscalYear(2567)
    assert year.previous() == FiscalYear(2565)
    assert FiscalYear(2565) < year < FiscalYear(2567)


def test_year_has_366_days_when_february_has_29():
    assert {be: FiscalYear(be).days for be in (2566, 2567, 2568, 2543, 2443)} == {
        2566: 365,
        2567: 366,
        2568: 365,
        2543: 366,
        2443: 365,
    }


@pytest.mark.parametrize(
    ("on", "be"),
    [
        (date(2022, 9, 30), 2565),
        (date(2022, 10, 1), 2566),
        (date(2022, 11, 22), 2566),
        (date(2019, 1, 24), 2562),
        (date(2023, 12, 31), 2567),
    ],
)
def test_day_belongs_to_the_year_named_by_its_end(on, be):
    assert FiscalYear.of(on) == FiscalYear(be)


@pytest.mark.parametrize(
    ("written", "be"),
    [
        ("2566", 2566),
        (2566, 2566),
        ("๒๕๖๖", 2566),
        ("66", 2566),
        ("๖๖", 2566),
        ("ปีงบประมาณ พ.ศ. 2566", 2566),
        ("ปีงบประมาณ พ.ศ.๒๕๖๖", 2566),
        ("ปี งบประมาณ 2566", 2566),
        ("ปีงบฯ 66", 2566),
        ("พุทธศักราช 2566", 2566),
        ("FY2566", 2566),
        (" fy 66 ", 2566),
        ("CE2023", 2566),
        ("ce 2023", 2566),
    ],
)
def test_year_is_read_as_written(written, be):
    assert FiscalYear.parse(written) == FiscalYear(be)


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("3109", "implausible"),
        (3109, "implausible"),
        ("CE2566", "implausible"),
        ("2023", "ce-year"),
        ("FY2023", "ce-year"),
        ("พ.ศ. 2023", "ce-year"),
        ("1066", "implausible"),
        ("CE23", "not-a-year"),
        ("6", "not-a-year"),
        ("256", "not-a-year"),
        ("25666", "not-a-year"),
        ("9" * 5000, "not-a-year"),
        ("", "not-a-year"),
        ("2565/2566", "not-a-year"),
        ("-2566", "not-a-year"),
        ("ปีหน้า", "not-a-year"),
    ],
)
def test_year_that_is_not_certain_is_refused(written, code):
    with pytest.raises(FiscalYearUnreadable) as caught:
        FiscalYear.parse(written)
    assert caught.value.code == code


@pytest.mark.parametrize("be", [0, 2023, 2442, 2645, 3109])
def test_implausible_year_cannot_be_made(be):
    with pytest.raises(FiscalYearUnreadable, match="เป็นไปไม่ได้"):
        FiscalYear(be)


def test_24_january_2562_is_day_116_and_31_8_percent():
    year = FiscalYear(2562)
    assert year.day_number(date(2019, 1, 24)) == 116
    assert round(year.elapsed_share(date(2019, 1, 24)) * 100, 1) == Decimal("31.8")


def test_elapsed_share_is_nothing_before_and_all_after():
    year = FiscalYear(2562)
    assert year.elapsed_share(date(2018, 9, 30)) == 0
    assert year.elapsed_share(date(2018, 10, 1)) == Decimal(1) / 365
    assert year.elapsed_share(date(2019, 9, 30)) == 1
    assert year.elapsed_share(date(2030, 1, 1)) == 1


def test_day_outside_the_year_has_no_number_and_no_quarter():
    for ask in (FiscalYear(2562).day_number, FiscalYear(2562).quarter_of):
        with pytest.raises(ValueError, match="not in fiscal year 2562"):
            ask(date(2019, 10, 1))


def test_quarters_and_halves_end_where_the_targets_are_set():
    year = FiscalYear(2562)
    assert [year.quarter_end(q) for q in (1, 2, 3, 4)] == [
        date(2018, 12, 31),
        date(2019, 3, 31),
        date(2019, 6, 30),
        date(2019, 9, 30),
    ]
    assert [year.quarter_start(q) for q in (1, 2, 3, 4)] == [
        date(2018, 10, 1),
        date(2019, 1, 1),
        date(2019, 4, 1),
        date(2019, 7, 1),
    ]
    assert (year.half_end(1), year.half_end(2)) == (date(2019, 3, 31), date(2019, 9, 30))


@pytest.mark.parametrize(
    ("method", "number"), [("quarter_end", 0), ("quarter_start", 5), ("half_end", 3)]
)
def test_quarter_or_half_that_does_not_exist_is_refused(method, number):
    with pytest.raises(ValueError, match="is not 1–"):
        getattr(FiscalYear(2562), method)(number)


def test_months_run_from_october_to_september():
    months = FiscalYear(2566).months()
    assert months[:3] == [(2022, 10), (2022, 11), (2022, 12)]
    assert months[3:] == [(2023, month) for month in range(1, 10)]


def test_standard_rounds_are_true_at_the_half_and_the_end_of_the_year():
    half, whole = standard_rounds(FiscalYear(2566))
    assert (half.code, half.name_th, half.name_en) == ("6m", "รอบ 6 เดือน", "6-month round")
    assert (half.opens, half.true_on, half.closes) == (
        date(2023, 3, 16),
        date(2023, 3, 31),
        date(2023, 4, 15),
    )
    assert (whole.code, whole.true_on, whole.closes) == (
        "12m",
        date(2023, 9, 30),
        date(2023, 10, 15),
    )


@given(DAYS)
def test_every_day_is_in_exactly_one_year_and_one_quarter(on):
    year = FiscalYear.of(on)
    assert year.contains(on)
    assert not year.next().contains(on)
    assert not year.previous().contains(on)
    quarters = [q for q in (1, 2, 3, 4) if year.quarter_start(q) <= on <= year.quarter_end(q)]
    assert quarters == [year.quarter_of(on)]
    assert (on.year, on.month) in year.months()


@given(YEARS)
def test_years_follow_each_other_without_a_gap(year):
    assert year.end + timedelta(days=1) == year.next().start
    assert year.next().previous() == year
    assert year.day_number(year.start) == 1
    assert year.day_number(year.end) == year.days
    assert (
        sum((year.quarter_end(q) - year.quarter_start(q)).days + 1 for q in (1, 2, 3, 4))
        == year.days
    )


@given(DAYS, DAYS)
def test_elapsed_share_never_falls(one, other):
    year = FiscalYear.of(one)
    first, last = sorted((one, other))
    assert 0 <= year.elapsed_share(first) <= year.elapsed_share(last) <= 1


@given(YEARS)
def test_year_reads_back_however_it_is_written(year):
    for written in (
        str(year),
        to_thai(str(year)),
        f"ปีงบประมาณ พ.ศ. {year}",
        f"FY{year}",
        f"CE{year.ce_end}",
    ):
        assert FiscalYear.parse(written) == year
