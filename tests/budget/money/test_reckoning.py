"""Shares, the September rule, expected shares and the five statuses."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tiddao.budget.rules.reckoning import (
    STATUSES,
    Amounts,
    doubts_of,
    expected_by_days,
    reckon,
    status_of,
    used_amount,
)
from tiddao.budget.rules.targets import TargetPoint
from tiddao.budget.rules.thresholds import Thresholds
from tiddao.kernel.fiscal import FiscalYear

D = Decimal
Y2562 = FiscalYear(2562)
TEN = Thresholds(green_from=D(0), yellow_from=D(-10))


def test_expected_share_counts_each_day_once_and_365_days():
    found = expected_by_days(Y2562, date(2019, 1, 24))
    assert round(found, 2) == D("31.78")
    assert found == D(116) / 365 * 100
    # A provincial tool adds a day and divides by 366 in a year of 365.
    assert round(found, 2) != round(D(117) / 366 * 100, 2)


@pytest.mark.parametrize(
    ("year", "on", "share"),
    [
        (2562, date(2018, 9, 30), D(0)),
        (2562, date(2018, 10, 1), D(1) / 365 * 100),
        (2562, date(2019, 9, 30), D(100)),
        (2562, date(2019, 10, 1), D(100)),
        (2567, date(2024, 2, 29), D(152) / 366 * 100),  # a year of 366 days
        (2567, date(2024, 9, 29), D(365) / 366 * 100),
    ],
)
def test_expected_by_days(year, on, share):
    assert expected_by_days(FiscalYear(year), on) == share


@pytest.mark.parametrize(
    ("on", "used"), [(date(2026, 8, 31), "70"), (date(2026, 9, 1), "75"), (date(2026, 10, 1), "70")]
)
def test_used_counts_documents_of_carry_over_in_september_only(on, used):
    amounts = Amounts(base=D(100), disbursed=D(50), committed=D(20), reserved=D(5))
    assert used_amount(amounts, on) == D(used)


def test_used_is_not_said_when_commitments_were_not_reported():
    assert used_amount(Amounts(base=D(100), disbursed=D(50)), date(2026, 7, 10)) is None
    assert used_amount(Amounts(D(100), D(50), D(20)), date(2026, 9, 10)) == 70


@pytest.mark.parametrize(
    ("percent", "expected", "code"),
    [
        ("31.7808", "31.7808", "green"),
        ("31.7807", "31.7808", "yellow"),
        ("21.7808", "31.7808", "yellow"),
        ("21.7807", "31.7808", "red"),
        ("0", "5", "yellow"),
        ("0", "10.01", "red"),
        ("100", "100", "green"),
        ("100.01", "100", "purple"),
        ("-0.01", "50", "purple"),
        (None, "50", "grey"),
        ("50", None, "grey"),
    ],
)
def test_status(percent, expected, code):
    found = status_of(
        *(None if each is None else D(each) for each in (percent, expected)), thresholds=TEN
    )
    assert found.code == code
    assert found is STATUSES[code]


def test_status_of_doubtful_data_is_purple_and_thresholds_are_data():
    assert status_of(D(90), D(10), doubtful=True, thresholds=TEN).code == "purple"
    narrow = Thresholds(green_from=D(0), yellow_from=D(-5))
    assert status_of(D(44), D(50), thresholds=narrow).code == "red"
    with pytest.raises(ValueError, match="yellow"):
        Thresholds(green_from=D(-5), yellow_from=D(0))


def test_statuses_have_word_icon_and_kind_each_of_its_own():
    for part in ("word_th", "icon", "kind"):
        assert len({getattr(each, part) for each in STATUSES.values()}) == 5


@pytest.mark.parametrize(
    ("amounts", "doubts"),
    [
        (Amounts(D(100), D(60), D(40)), ()),
        (Amounts(D(100), D(60), D("40.01")), ("over-budget",)),
        (Amounts(D(100), D(-1)), ("negative-amount",)),
        (Amounts(D(0), D(5)), ("money-without-budget",)),
        (Amounts(D(0), D(0)), ()),
        (Amounts(None, D(5)), ()),
        (Amounts(D(-10), D(0)), ("negative-amount",)),
        (Amounts(D(-10), D(1)), ("negative-amount", "money-without-budget")),
    ],
)
def test_doubts(amounts, doubts):
    assert doubts_of(amounts) == doubts


def test_reckon_a_district():
    target = TargetPoint(date(2019, 1, 31), D("39.33"), "inferred", "inferred", ())
    found = reckon(
        Amounts(base=D("1000000.00"), disbursed=D("332800.00"), committed=D("100000.50")),
        year=Y2562,
        on=date(2019, 1, 24),
        thresholds=TEN,
        target=target,
    )
    assert found.disbursed_percent == D("33.28")
    assert found.used == D("432800.50")
    assert found.used_percent == D("43.28005")
    assert found.remaining == D("567199.50")
    assert found.undisbursed == D("667200.00")
    assert round(found.gap_by_days, 2) == D("1.50")
    assert found.gap_by_target == D("-6.05")
    assert found.status.code == "green"
    assert found.doubts == ()


def test_reckon_by_target_and_by_used():
    target = TargetPoint(date(2026, 7, 31), D(87), "printed", "sourced", ())
    asked = {
        "year": FiscalYear(2569),
        "on": date(2026, 7, 10),
        "judged_by": "target",
        "thresholds": TEN,
    }
    amounts = Amounts(base=D("5702.59"), disbursed=D("4189.53"), committed=D("445.36"))
    by_used = reckon(amounts, target=target, basis="used", **asked)
    assert round(by_used.gap_by_target, 2) == D("-5.72")
    assert by_used.status.code == "yellow"
    assert reckon(amounts, target=target, **asked).status.code == "red"  # 73.47 − 87
    assert reckon(amounts, **asked).status.code == "grey"


def test_reckon_without_data_is_grey_and_broken_data_purple():
    asked = {"year": Y2562, "on": date(2019, 1, 24), "thresholds": TEN}
    none = reckon(Amounts(base=None), **asked)
    assert (none.status.code, none.disbursed_percent, none.remaining) == ("grey", None, None)
    broken = reckon(Amounts(base=D(100), disbursed=D(300)), **asked)
    assert (broken.status.code, broken.doubts) == ("purple", ("over-budget",))
    found = reckon(Amounts(base=D(100), disbursed=D(90)), doubtful=True, **asked)
    assert (found.status.code, found.disbursed_percent, found.doubts) == ("purple", 90, ())


@given(st.decimals(0, 100, places=4), st.decimals(0, 100, places=4))
def test_status_agrees_with_a_plain_reading_of_the_rule(percent, expected):
    if percent >= expected:
        wanted = "green"
    elif percent >= expected - 10:
        wanted = "yellow"
    else:
        wanted = "red"
    assert status_of(percent, expected, thresholds=TEN).code == wanted
