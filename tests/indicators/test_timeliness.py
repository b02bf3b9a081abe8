"""Complete and on time: counted from revisions, summed up the tree, the same on page, JSON and Excel."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime, timedelta
from io import BytesIO

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from tests.indicators.frameworks import (
    APPROVER,
    BANGKOK,
    START,
    full_report,
    minutes,
    report,
    report_and_approve,
    share,
)
from tests.indicators.pages.conftest import answer, body_of, page
from tests.persons import signed_in
from tiddao.indicators.actions.reporting import report_results
from tiddao.indicators.actions.review import check_results, return_results
from tiddao.indicators.actions.rounds import close_round, open_round
from tiddao.indicators.models import Result, ResultState
from tiddao.indicators.queries.frameworks import framework_detail
from tiddao.indicators.queries.timeliness import Counts, Timeliness, timeliness_of
from tiddao.ledger.actors import SYSTEM
from tiddao.places.queries import find_unit

pytestmark = pytest.mark.django_db

ROUND = ("amphoe-tid-dao", 2566, "6m")
LATE = datetime(2023, 4, 16, 0, 0, tzinfo=BANGKOK)  # the first moment after the last day


def found(scope: str = "57", **asked) -> Timeliness:
    detail = framework_detail("amphoe-tid-dao", 2566)
    view = next(each for each in detail.rounds if each.code == "6m")
    unit = find_unit(scope, on=date(2023, 3, 31))
    return timeliness_of(detail, view, unit, **asked)


def of(place: str, scope: str = "57", **asked) -> Counts:
    return next(row.counts for row in found(scope, **asked).rows if row.place == place)


def test_each_result_counts_once_by_when_it_was_handed_in_first(one):
    report(one, full_report("5712")[:2], at=LATE - timedelta(seconds=1))
    report(one, full_report("5712")[2:3], at=LATE)
    assert of("5712") == Counts(owed=4, reported=3, on_time=2, late=1, submitted=3)
    report(one, [share("5712", "1.1", 50, 100)], at=LATE + timedelta(days=1))  # a correction
    assert of("5712") == Counts(owed=4, reported=3, on_time=2, late=1, submitted=3)
    check_results(one, {"5712"}, by=SYSTEM, at=LATE + timedelta(days=2))
    assert of("5712") == Counts(owed=4, reported=3, on_time=2, late=1, checked=3)
    assert of("5701") == Counts(owed=4)
    assert of("5701").missing == 4


def test_what_is_sent_back_is_missing_until_it_comes_again(one):
    report(one, full_report("5712"), at=minutes(0))
    return_results(one, {"5712"}, indicators={"1.1"}, reason="ผิดปี", by=SYSTEM, at=minutes(1))
    assert of("5712") == Counts(owed=4, reported=3, on_time=3, submitted=3, returned=1)
    report(one, [share("5712", "1.1", 50, 100)], at=LATE)
    assert of("5712").on_time == 4  # first handed in before the last day


def test_a_draft_over_what_is_approved_takes_nothing_away(one):
    report_and_approve(one, full_report("5712"))
    report_results(
        one, [share("5712", "1.1", 50, 100)], by=SYSTEM, at=minutes(9), state=ResultState.DRAFT
    )
    assert of("5712") == Counts(owed=4, reported=4, on_time=4, approved=4, drafts=1)


def test_reopening_a_round_makes_no_late_report_a_timely_one(one):
    open_again = LATE + timedelta(days=3)
    close_round(one, by=APPROVER, at=LATE)
    one.standings.create(
        name_th="x", opens=one.opens, closes=one.closes, true_on=one.true_on, state="open",
        known_at=START,
    )  # fmt: skip
    open_round(one, by=APPROVER, at=open_again, reason="น้ำท่วม", until=date(2023, 5, 30))
    report(one, full_report("5712"), at=open_again)
    assert found().deadline == date(2023, 4, 15)
    assert of("5712") == Counts(owed=4, reported=4, late=4, submitted=4)


def test_as_it_was_known_then(one):
    report(one, full_report("5712"), at=minutes(0))
    check_results(one, {"5712"}, by=SYSTEM, at=minutes(5))
    assert of("5712", known_at=minutes(-1)) == Counts(owed=4)
    assert of("5712", known_at=minutes(3)).submitted == 4
    assert of("5712", known_at=minutes(6)).checked == 4


def test_the_nation_is_the_sum_of_provinces_is_the_sum_of_offices(one):
    for number, code in enumerate(("5701", "5712", "5001", "5002", "4701")):
        rows = full_report(code)[: number % 4 + 1]
        report(one, rows, at=LATE if number % 2 else START)
    nation = found("th")
    assert nation.of_provinces
    assert nation.total == sum((row.counts for row in nation.rows), Counts())
    for province in ("57", "50", "47", "10"):
        row = next((row.counts for row in nation.rows if row.place == province), Counts())
        assert row == found(province).total
    plain = Counter(Result.objects.values_list("place__code", flat=True))
    assert nation.total.reported == sum(plain.values())
    assert nation.total.late == plain["5712"] + plain["5002"]
    assert nation.total.owed == 4 * sum(row.offices for row in nation.rows)
    completeness = [row.counts.completeness for row in nation.rows]
    assert completeness == sorted(completeness)


def test_the_nation_costs_no_more_queries_than_a_district(one):
    report(one, full_report("5712"))

    def cost(scope: str) -> int:
        with CaptureQueriesContext(connection) as queries:
            found(scope)
        return len(queries)

    assert cost("th") <= cost("5712") <= 12


# -- page, Excel, JSON ------------------------------------------------------------------------------


def test_page_leads_to_the_act_and_hides_from_strangers(
    one, provincial_head, district_head, stranger
):
    report(one, full_report("5712"))
    text = page(provincial_head, "round-timeliness", *ROUND)
    assert reverse("review", args=["5712", one.pk]) in text
    assert reverse("entry", args=["5701", one.pk]) in text
    assert "15 เม.ย. 2566" in text
    mine = page(district_head, "round-timeliness", *ROUND)
    assert "พญาเม็งราย" in mine
    assert "เมืองเชียงราย" not in mine
    answer(stranger, "round-timeliness", *ROUND, query="?scope=57", status=404)
    assert "พญาเม็งราย" not in page(stranger, "round-timeliness", *ROUND)


def test_excel_has_every_row_of_the_page(one, provincial_head):
    report(one, full_report("5712")[:3])
    content = body_of(answer(provincial_head, "round-timeliness-xlsx", *ROUND))
    rows = list(load_workbook(BytesIO(content)).worksheets[0].values)
    [mine] = [row for row in rows if row[0] == "5712"]
    assert list(mine[2:8]) == [1, 4, 3, 3, 0, 1]
    assert sum(str(row[0]).startswith("57") for row in rows) == 18


def test_json_says_the_same(one, provincial_head, stranger):
    report(one, full_report("5712")[:3], at=timezone.now() - timedelta(minutes=1))
    address = "/api/v1/frameworks/2566/amphoe-tid-dao/rounds/6m/timeliness"
    said = signed_in(provincial_head).get(f"{address}?scope=57").json()
    row = next(each for each in said["rows"] if each["place"] == "5712")
    assert (row["owed"], row["reported"], row["late"], row["missing"]) == (4, 3, 3, 1)
    assert said["total"]["owed"] == 72
    assert said["deadline"] == "2023-04-15"
    assert signed_in(stranger).get(f"{address}?scope=57").status_code == 404
    assert signed_in(provincial_head).get(f"{address}?scope=57&x=1").status_code == 422
