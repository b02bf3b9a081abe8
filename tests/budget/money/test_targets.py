"""Official targets: every printed figure, the straight line between them, and what stays blank."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tiddao.budget.rules.cgd_figures import SPENDINGS
from tiddao.budget.rules.targets import OfficialTargets, TargetsRefused, read_targets
from tiddao.kernel.fiscal import FiscalYear

D = Decimal
FILE = Path(__file__).resolve().parents[3] / "definitions" / "disbursement-targets.toml"
TARGETS: OfficialTargets = read_targets(FILE.read_text(encoding="utf-8"), file=FILE.name)


def asked(year, spending, basis, on):
    return TARGETS.target_on(FiscalYear(year), spending, basis, on)


@pytest.mark.parametrize(
    ("year", "basis", "on", "percents"),
    [  # docs domain 3.1, row by row
        (2547, "disbursed", date(2004, 9, 30), ("92.00", None, "72.00")),
        (2562, "used", date(2018, 12, 31), ("32.00", "36.00", "20.00")),
        (2562, "used", date(2019, 3, 31), ("54.00", "57.00", "45.00")),
        (2562, "used", date(2019, 4, 30), ("61.67", "64.67", "51.67")),
        (2562, "used", date(2019, 5, 31), ("69.33", "72.33", "58.33")),
        (2562, "used", date(2019, 6, 30), ("77.00", "80.00", "65.00")),
        (2562, "used", date(2019, 9, 30), (None, None, None)),
        (2566, "disbursed", date(2023, 9, 30), ("93.00", "98.00", "75.00")),
        (2566, "used", date(2023, 9, 30), ("100.00", None, None)),
        (2567, "disbursed", date(2024, 9, 30), (None, None, "70.00")),
        (2567, "disbursed", date(2024, 6, 30), (None, None, None)),  # 21 % is not surely cumulative
        (2568, "disbursed", date(2025, 9, 30), (None, None, None)),
        (2569, "disbursed", date(2026, 9, 30), ("93.00", "98.00", "75.00")),
        (2569, "used", date(2026, 3, 31), (None, None, None)),
        (2569, "used", date(2026, 6, 30), ("80.50", "83.50", "68.50")),
        (2569, "used", date(2026, 7, 31), ("87.00", "89.00", "79.00")),
        (2569, "used", date(2026, 8, 31), ("93.50", "94.50", "89.50")),
        (2569, "used", date(2026, 9, 30), ("100.00", "100.00", "100.00")),
        (2570, "used", date(2027, 9, 30), (None, None, None)),
    ],
)
def test_target_on_month_ends(year, basis, on, percents):
    points = [asked(year, each, basis, on) for each in ("total", "recurrent", "investment")]
    assert tuple(None if point is None else str(point.percent) for point in points) == percents


@pytest.mark.parametrize(
    ("year", "spending", "on", "how", "certainty"),
    [
        (2562, "total", date(2019, 4, 30), "printed", "sourced"),
        (2562, "total", date(2019, 3, 31), "inferred", "inferred"),
        (2562, "total", date(2018, 12, 31), "printed", "background"),
        (2562, "total", date(2018, 11, 30), "interpolated", "background"),
        (2562, "investment", date(2019, 5, 31), "inferred", "inferred"),
        (2569, "total", date(2026, 6, 30), "inferred", "inferred"),
        (2569, "total", date(2026, 9, 30), "printed", "sourced"),
        (2569, "recurrent", date(2026, 9, 30), "inferred", "inferred"),
    ],
)
def test_target_says_how_it_was_got(year, spending, on, how, certainty):
    point = asked(year, spending, "used", on)
    assert (point.how, point.certainty) == (how, certainty)
    assert point.how_th
    assert point.sources or certainty == "background"


def test_target_within_a_month_runs_evenly_by_days():
    # Half way through April: 54 + 23 / 3 / 2 = 57.833…
    assert asked(2562, "total", "used", date(2019, 4, 15)).percent == D("57.83")
    assert asked(2562, "total", "used", date(2018, 10, 1)).percent == D("0.34")  # 32 / 3 / 31


def test_month_target_is_what_the_treasury_compares_any_day_with():
    year, on = FiscalYear(2569), date(2026, 7, 10)
    assert TARGETS.month_target(year, "total", "used", on).percent == 87
    # CDD used 81.28 % on 10 July 2569 and is printed 5.72 points below.
    assert D("81.28") - TARGETS.month_target(year, "total", "used", on).percent == D("-5.72")
    with pytest.raises(ValueError, match="not in fiscal year"):
        TARGETS.month_target(year, "total", "used", date(2026, 10, 1))


def test_target_of_a_year_s_end_and_unknown_years():
    year, older = FiscalYear(2566), FiscalYear(2562)
    assert TARGETS.target_on(year, "total", "disbursed", year.end).percent == 93
    assert TARGETS.target_on(older, "total", "used", older.end) is None
    assert TARGETS.unknown_years == {FiscalYear(2568), FiscalYear(2570)}
    assert TARGETS.shape(FiscalYear(2570), "total", "used") == ()


def test_what_the_country_reached_is_no_target():
    reached = {(a.year.be, a.spending): (str(a.percent), a.basis) for a in TARGETS.actuals}
    assert reached == {
        (2562, "total"): ("58.86", "used"),
        (2562, "recurrent"): ("60.04", "used"),
        (2562, "investment"): ("63.36", "used"),
        (2566, "total"): ("65.89", None),
        (2568, "investment"): ("18", None),
    }


@given(
    st.sampled_from(SPENDINGS),
    st.integers(0, 272),
    st.integers(1, 272),
)
def test_target_never_falls_within_known_quarters(spending, first, further):
    year = FiscalYear(2562)
    days = sorted({first, min(first + further, 272)})
    points = [
        TARGETS.target_on(year, spending, "used", date.fromordinal(year.start.toordinal() + n))
        for n in days
    ]
    assert all(point is not None for point in points)
    assert [p.percent for p in points] == sorted(p.percent for p in points)


ROW = """
[[target]]
fiscal_year = 2571
basis = "used"
at = "Q1"
total = 30
certainty = "sourced"
source = "x"
"""


@pytest.mark.parametrize(
    ("change", "part"),
    [
        (("total = 30", "total = 130"), "target[1].total"),
        (("total = 30", "total = true"), "target[1].total"),
        (("total = 30", "whole = 30"), "target[1].whole"),
        (("total = 30", ""), "target[1].total"),
        (('"used"', '"spent"'), "target[1].basis"),
        (('"Q1"', '"Q5"'), "target[1].at"),
        (("2571", "2028"), "target[1].fiscal_year"),
        (('certainty = "sourced"', ""), "target[1].certainty"),
        (('source = "x"', 'source = ""'), "target[1].source"),
        (("", ROW.replace("30", "31")), "มีสองค่า"),
        (("", ROW.replace("Q1", "Q2").replace("30", "29")), "ลดลง"),
        (("[[target]]", "unknown_years = [2571]\n[[target]]"), "unknown_years"),
        (("[[target]]", "years = []\n[[target]]"), "years"),
        (("[[target]]", "[[target]"), "TOML"),
        (
            ("", '\n[[actual]]\nfiscal_year = 2571\non = 2020-01-01\ntotal = 1\nsource = "x"'),
            "actual[1].on",
        ),
    ],
)
def test_bad_file_is_refused_with_the_key(change, part):
    old, new = change
    text = ROW.replace(old, new, 1) if old else ROW + new
    with pytest.raises(TargetsRefused) as caught:
        read_targets(text, file="t.toml")
    assert any(part in fault for fault in caught.value.faults)
    assert all(fault.startswith("t.toml: ") for fault in caught.value.faults)


def test_line_is_not_drawn_across_an_unknown_quarter_end():
    text = ROW + ROW.replace("Q1", "Q3").replace("30", "70")
    targets = read_targets(text, file="t.toml")
    year = FiscalYear(2571)
    assert targets.target_on(year, "total", "used", date(2028, 2, 29)) is None
    assert targets.target_on(year, "total", "used", date(2028, 5, 31)) is None
    assert targets.target_on(year, "total", "used", date(2027, 10, 31)).percent == 10
