"""Bounds of status as data: the shipped file, bad files by key, and when offices are in doubt."""

from decimal import Decimal
from pathlib import Path

import pytest

from tiddao.budget.rules.thresholds import Thresholds, ThresholdsRefused, read_thresholds

FILE = Path(__file__).resolve().parents[3] / "definitions" / "money-status.toml"
D = Decimal


def test_the_shipped_bounds_are_proposed_and_have_a_source():
    found = read_thresholds(FILE.read_text(encoding="utf-8"), file=FILE.name)
    assert (found.green_from, found.yellow_from, found.proposed) == (0, -10, True)
    assert "เครื่องมือติดตาม" in found.source


@pytest.mark.parametrize(
    ("was", "becomes", "fault"),
    [
        ("green_from = 0", "green_from = 3", "green_from: 3"),
        ("yellow_from = -10", 'yellow_from = "ten"', "yellow_from: ten"),
        ("yellow_from = -10", "", "yellow_from: ต้องมี"),
        ("check_from = 20", "check_from = 120", "check_from: 120"),
        ("check_from = 20", "check_from = 20\npurple = 1", "purple: ไม่รู้จัก"),
        ("green_from = 0", "green_from = -20", "yellow_from: ต้องไม่สูงกว่า"),
        ("proposed = true", "proposed = 1", "proposed: "),
        ("green_from = 0", "green_from = ", "TOML"),
    ],
)
def test_a_broken_file_is_refused_by_key(was, becomes, fault):
    text = FILE.read_text(encoding="utf-8")
    assert was in text
    with pytest.raises(ThresholdsRefused, match=fault) as refused:
        read_thresholds(text.replace(was, becomes, 1), file="bounds.toml")
    assert all(each.startswith("bounds.toml: ") for each in refused.value.faults)


def test_yellow_lies_below_green():
    with pytest.raises(ValueError, match="yellow"):
        Thresholds(green_from=D(-5), yellow_from=D(0))


@pytest.mark.parametrize(
    ("offices", "with_issues", "doubtful"),
    [(1, 0, False), (1, 1, True), (19, 3, False), (19, 4, True), (20, 4, True), (0, 0, False)],
)
def test_one_office_in_doubt_is_checked_and_a_province_by_its_share(offices, with_issues, doubtful):
    bounds = Thresholds(D(0), D(-10), check_from=D(20))
    assert bounds.is_doubtful(offices=offices, with_issues=with_issues) is doubtful
