"""What is read back: figures, both ranks, and the weeks of a year."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from tests.budget.cgd_files import week
from tests.budget.weeks import EVERY_SHEET, NEXT_WEEK, given_up_later, read, second_week, take_in
from tiddao.budget.queries.figures import (
    place_history,
    province_figures,
    treasury_ranking,
)
from tiddao.budget.queries.reports import find_report, treasury_reports
from tiddao.budget.queries.thresholds import status_thresholds
from tiddao.budget.rules.cgd_checks import percent_key, ranks
from tiddao.budget.rules.treasury_words import gap_status, source_of, universe_words

pytestmark = pytest.mark.django_db

AS_OF = date(2026, 7, 10)


@pytest.fixture(scope="class")
def every_sheet(django_db_setup, django_db_blocker):
    """The first week with all its sheets, taken in once for the tests of a class."""
    with given_up_later(django_db_blocker):
        take_in(week(*EVERY_SHEET))
        yield


@pytest.mark.parametrize(
    ("gap", "status"),
    [("0", "ok"), ("2.25", "ok"), ("-0.01", "warn"), ("-10", "warn"), ("-10.01", "bad")],
)
def test_gap_status(gap, status):
    assert gap_status(Decimal(gap), status_thresholds()) == status


def test_gap_status_without_data():
    assert gap_status(None, status_thresholds()) == "nodata"


def test_words_of_source_and_universe():
    assert source_of(AS_OF, 13, "M73") == "cgd:2026-07-10 sheet 13 cell M73"
    assert universe_words("province", 76) == "76 จังหวัด"


def test_nothing_is_said_of_places_and_days_without_a_report():
    assert province_figures("57") is None
    assert treasury_ranking(13) is None
    take_in(week(13, 14))
    assert province_figures("10") is None, "Bangkok is not on the sheets"
    assert province_figures("5712") is None
    assert province_figures("57", date(2026, 7, 3)) is None
    assert treasury_ranking(11) is None
    assert treasury_ranking(1) is None


@pytest.mark.parametrize("reports", [1, 2])
def test_reads_cost_the_same_for_one_week_and_for_two(reports, django_assert_num_queries):
    take_in(week(13, 14))
    if reports == 2:
        take_in(second_week(13, 14), at=NEXT_WEEK)
    with django_assert_num_queries(2):
        treasury_reports()
    with django_assert_num_queries(4):
        province_figures("57")
    with django_assert_num_queries(3):
        treasury_ranking(13)
    with django_assert_num_queries(1):
        place_history("57", 13, "total", fiscal_year=2569)


def test_report_of_the_day_before_it_was_known_is_not_found():
    take_in(week(13, 14), at=NEXT_WEEK)
    assert find_report(AS_OF, known_at=NEXT_WEEK) is not None
    assert find_report(AS_OF, known_at=NEXT_WEEK.replace(hour=1)) is None


@pytest.mark.usefixtures("every_sheet")
class TestOneWeek:
    """What is read back of a week with all its sheets."""

    @pytest.mark.parametrize("spending", ["recurrent", "investment", "total"])
    @pytest.mark.parametrize("number", [11, 12, 13, 14])
    def test_ranks_of_a_province_are_those_of_the_workbook_in_memory(self, number, spending):
        workbook, _ = read(week(*EVERY_SHEET))
        expected = {
            each.row.place_code: each
            for each in ranks(workbook.sheets[number].of_kind("province"), percent_key(spending))
        }
        for place in ("57", "50", "47"):
            found = province_figures(place)
            assert found is not None
            line = found.line(number, spending)
            assert line is not None
            assert line.rank is not None
            assert line.percent == expected[place].value
            assert (line.rank.from_lowest, line.rank.from_highest, line.rank.of) == (
                expected[place].rank_from_lowest, expected[place].rank_from_highest, 76,
            )  # fmt: skip

    def test_ranking_is_in_the_order_of_the_file_and_counts_both_ways(self):
        for number in (13, 14):
            table = treasury_ranking(number)
            assert table is not None
            assert [row.printed_rank for row in table.rows] == list(range(1, 77))
            lines = [row.lines["total"] for row in table.rows]
            assert [line.rank and line.rank.from_lowest for line in lines] == list(range(1, 77))
            assert [line.rank and line.rank.from_highest for line in lines] == list(
                range(76, 0, -1)
            )
            percents = [line.percent for line in lines]
            assert percents == sorted(percents)
            assert table.total is not None
            assert table.total.lines["total"].rank is None

    def test_unit_without_a_budget_stands_last_without_a_rank(self):
        table = treasury_ranking(3, "investment")
        assert table is not None
        assert table.kind == "agency"
        last = table.rows[-1].lines["investment"]
        assert last.figures.base.value == 0
        assert last.percent is None
        assert last.rank is not None
        assert last.rank.from_lowest is None
        assert last.rank.of == table.units - 1

    def test_groups_of_provinces_are_ranked_among_themselves(self):
        table = treasury_ranking(11, kind="province_group")
        assert table is not None
        assert table.units == 18
        assert table.rows[0].printed_rank == 77, "the file counts on after the provinces"
        rank = table.rows[0].lines["total"].rank
        assert rank is not None
        assert (rank.from_lowest, rank.of) == (1, 18)

    def test_nation_has_total_rows_and_the_overview(self):
        workbook, _ = read(week(*EVERY_SHEET))
        found = province_figures("th")
        assert found is not None
        assert [each.sheet.number for each in found.sheets] == list(EVERY_SHEET)
        assert len(found.sheets[0].rows) == 6
        line = found.line(13, "total")
        printed = workbook.sheets[13].total_row.figures["total"]
        assert line is not None
        assert line.rank is None
        assert line.figures.amount == printed.amount

    def test_gap_over_a_base_of_zero_says_nothing(self):
        table = treasury_ranking(4, "investment")
        assert table is not None
        assert table.rows[-1].lines["investment"].status == "nodata"

    def test_history_is_week_by_week_and_newest_report_is_the_default(self):
        take_in(second_week(13, 14), at=NEXT_WEEK)
        weeks = place_history("57", 13, "total", fiscal_year=2569)
        assert [each.as_of for each in weeks] == [AS_OF, date(2026, 7, 17)]
        found = province_figures("57")
        assert found is not None
        assert found.report.as_of == date(2026, 7, 17)
        line = found.line(13, "total")
        assert line is not None
        assert weeks[-1].percent == line.percent
        assert place_history("57", 13, "total", fiscal_year=2568) == ()
        assert [each.as_of for each in treasury_reports()] == [date(2026, 7, 17), AS_OF]
