"""Books as results of star frameworks: what is written, what is left alone, and that it argues with nobody."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.core.management import call_command

from tests.budget.books.writing import an_envelope
from tests.budget.positions.factory import KNOWN, issue, keep
from tests.indicators.frameworks import (
    APPROVER,
    dimension,
    ladder,
    published,
    ratio,
    round_of,
    share,
    two_dimensions,
)
from tiddao.budget.actions.linked import report_money_results
from tiddao.budget.models import Keeping, SpendingDeadline, StatedScore, WorkbookUpload
from tiddao.indicators.actions.reporting import report_results
from tiddao.indicators.actions.review import return_results
from tiddao.indicators.models import Result
from tiddao.ledger.models import Entry

pytestmark = pytest.mark.django_db

OPENED = date(2025, 10, 8)
MARCH = date(2026, 3, 20)
AT = datetime(2026, 3, 20, 3, tzinfo=UTC)
LATER = datetime(2026, 3, 21, 3, tzinfo=UTC)


def linked(code: str, otherwise: str, **more):
    return ratio(code, kind="linked", link="budget", otherwise=otherwise, **more)


@pytest.fixture
def round_of_march():
    """A national framework of 2569 whose first dimension is linked to the budget."""
    definition = two_dimensions(
        2569,
        dimensions=(
            dimension(
                "1",
                linked("1.7", "ratio", ladder=ladder(80, 85, 90, 95, 100), maximum=Decimal(200)),
                linked(
                    "1.8",
                    "average",
                    ladder=ladder(1, 2, 3, 4, 5),
                    factor=Decimal(1),
                    maximum=Decimal(5),
                ),
            ),
            dimension("2", ratio("2.1"), ratio("2.2")),
        ),
    )
    return round_of(published(definition, at=datetime(2026, 3, 16, 3, tzinfo=UTC)))


@pytest.fixture
def deadline():
    return SpendingDeadline.objects.create(
        place_id="th",
        fiscal_year=2569,
        name_th="ครึ่งปี",
        day=date(2026, 3, 31),
        goal=Decimal("54.5"),
        basis="disbursed",
        source="หนังสือ 1/2569",
        set_at=KNOWN,
        set_by="user:1",
    )


def standing(one, place: str, code: str) -> Result | None:
    return Result.objects.filter(
        round=one, place_id=place, indicator_code=code, superseded_at__isnull=True
    ).first()


def reasons(done, place: str) -> dict[str, str]:
    return {each.indicator: each.reason for each in done.left_alone if each.place == place}


def test_share_of_the_target_is_written_with_its_book_and_day(round_of_march, deadline):
    keep("5712", {OPENED: {"allotted": "1000000.10"}, date(2026, 3, 10): {"disbursed": 490_500}})
    (done,) = report_money_results(on=MARCH, at=AT)
    result = standing(round_of_march, "5712", "1.7")
    assert result.numerator == 490_500
    assert result.denominator == Decimal("545000.05")  # 54.5 % of the base, to the satang
    assert (result.state, result.by) == ("approved", "system")
    assert result.source.startswith("books:5712 2569 as of 2026-03-20 · กำหนดเร่งรัด 54.5 %")
    assert (done.on, done.code) == (MARCH, "6m")
    assert reasons(done, "5714") == {"1.7": "no-money", "1.8": "no-money"}


def test_the_score_is_written_where_it_can_be_said(round_of_march, deadline):
    low = keep("5713", {OPENED: {"allotted": 100, "disbursed": 70}}, spending="total")
    high = keep("5712", {OPENED: {"allotted": 100, "disbursed": 96}}, spending="total")
    for book in (low, high):
        an_envelope(book, spending="total", keeping=Keeping.WORKBOOK)
    (done,) = report_money_results(on=MARCH, at=AT)
    assert standing(round_of_march, "5713", "1.8").numerator == 0
    assert standing(round_of_march, "5712", "1.8") is None
    assert reasons(done, "5712") == {"1.8": "no-score"}
    upload = WorkbookUpload.objects.create(
        place_id="57",
        fiscal_year=2569,
        file_name="ผล.xlsx",
        sha256="0" * 64,
        state="accepted",
        by="user:1",
        at=KNOWN,
    )
    StatedScore.objects.create(
        upload=upload,
        unit_id="5712",
        as_of=date(2026, 3, 2),
        overdue_loans=1,
        papers_complete=False,
        cell="แบบประเมินที่ 1!F9",
    )
    report_money_results(on=MARCH, at=LATER)
    result = standing(round_of_march, "5712", "1.8")
    assert (result.numerator, result.denominator) == (3, 1)
    assert "เงินยืมค้าง 1 สัญญา" in result.source
    assert "แบบประเมินที่ 1!F9" in result.source


def test_a_round_later_than_today_reads_the_books_of_today_and_a_past_one_of_its_day(
    round_of_march, deadline
):
    keep(
        "5712",
        {
            OPENED: {"allotted": 1_000},
            MARCH: {"disbursed": 300},
            date(2026, 3, 31): {"disbursed": 100},
            date(2026, 4, 2): {"disbursed": 500},
        },
    )
    report_money_results(on=MARCH, at=AT)
    assert standing(round_of_march, "5712", "1.7").numerator == 300
    report_money_results(on=date(2026, 4, 10), at=LATER)
    result = standing(round_of_march, "5712", "1.7")
    assert result.numerator == 400  # what came after the round's day is not of the round
    assert "2026-03-31" in result.source


def test_running_it_again_changes_nothing(round_of_march, deadline):
    keep("5712", {OPENED: {"allotted": 1_000, "disbursed": 300}})
    (first,) = report_money_results(on=MARCH, at=AT)
    entries = Entry.objects.count()
    (second,) = report_money_results(on=MARCH, at=LATER)
    assert (first.written, first.unchanged) == (2, 0)
    assert (second.written, second.unchanged) == (0, 2)
    assert Entry.objects.count() == entries
    assert Result.objects.filter(round=round_of_march).count() == 2


def test_without_a_target_nothing_is_written(round_of_march):
    """The government has announced nothing for March of 2569 by what is disbursed."""
    keep("5712", {OPENED: {"allotted": 1_000, "disbursed": 300}})
    (done,) = report_money_results(on=MARCH, at=AT)
    assert standing(round_of_march, "5712", "1.7") is None
    assert reasons(done, "5712") == {"1.7": "no-target"}


def test_the_official_target_goes_before_a_deadline(round_of_march):
    year_end = round_of(round_of_march.framework.versions.get(), "12m")
    keep("5712", {OPENED: {"allotted": 1_000, "disbursed": 930}})
    report_money_results(on=date(2026, 9, 30), at=AT, rounds=[year_end.pk])
    result = standing(year_end, "5712", "1.7")
    assert (result.numerator, result.denominator) == (930, 930)
    assert "เป้าหมายรัฐบาล 93.00 %" in result.source


def test_the_nearest_deadline_of_the_day_counts(round_of_march, deadline):
    SpendingDeadline.objects.create(
        place_id="57",
        fiscal_year=2569,
        name_th="ของจังหวัด",
        day=date(2026, 3, 31),
        goal=100,
        basis="disbursed",
        source="มติที่ประชุม",
        set_at=KNOWN,
        set_by="user:1",
    )
    for district in ("5712", "5001"):
        keep(district, {OPENED: {"allotted": 1_000, "disbursed": 300}})
    report_money_results(on=MARCH, at=AT)
    assert standing(round_of_march, "5712", "1.7").denominator == 1_000
    assert standing(round_of_march, "5001", "1.7").denominator == 545


def test_figures_to_be_checked_are_not_written_and_leave_what_was_reported_by_hand(
    round_of_march, deadline
):
    report_results(
        round_of_march,
        [share("5712", "1.7", 40, 100)],
        by=APPROVER,
        at=AT,
    )
    keep("5712", {OPENED: {"allotted": 1_000, "disbursed": 300}})
    issue("5712")
    (done,) = report_money_results(on=MARCH, at=LATER)
    assert reasons(done, "5712") == {"1.7": "to-be-checked", "1.8": "to-be-checked"}
    assert standing(round_of_march, "5712", "1.7").numerator == 40


def test_figures_that_a_person_returned_are_not_written_again_until_they_change(
    round_of_march, deadline
):
    keep("5712", {OPENED: {"allotted": 1_000, "disbursed": 300}})
    report_money_results(on=MARCH, at=AT)
    return_results(round_of_march, ["5712"], reason="ตรวจสอบอีกครั้ง", by=APPROVER, at=LATER)
    (done,) = report_money_results(on=MARCH, at=LATER)
    assert reasons(done, "5712") == {"1.7": "returned", "1.8": "returned"}
    assert standing(round_of_march, "5712", "1.7").state == "returned"
    keep("5712", {date(2026, 3, 18): {"allotted": 500, "disbursed": 100}}, fund="admin")
    report_money_results(on=MARCH, at=LATER)
    result = standing(round_of_march, "5712", "1.7")
    assert (result.state, result.numerator) == ("approved", 400)


def test_a_share_beyond_what_the_framework_takes_is_left_alone_and_the_others_written(
    round_of_march, deadline
):
    deadline.goal = Decimal(10)
    deadline.save()
    keep("5712", {OPENED: {"allotted": 1_000, "disbursed": 300}})  # 300 of 100: over 200 %
    keep("5713", {OPENED: {"allotted": 1_000, "disbursed": 90}})
    (done,) = report_money_results(on=MARCH, at=AT)
    assert reasons(done, "5712") == {"1.7": "refused"}
    assert standing(round_of_march, "5713", "1.7").numerator == 90


def test_closed_rounds_and_frameworks_without_the_link_are_not_touched(round_of_march, deadline):
    keep("5712", {OPENED: {"allotted": 1_000, "disbursed": 300}})
    round_of_march.state = "closed"
    round_of_march.version = round_of_march.framework.versions.get()
    round_of_march.save()
    other = published(replace(two_dimensions(2569), code="no-link"))
    round_of(other)
    assert report_money_results(on=MARCH, at=AT) == ()


def test_the_command_says_what_was_written_and_why_not(round_of_march, deadline):
    keep("5712", {OPENED: {"allotted": 1_000, "disbursed": 300}})
    out = io.StringIO()
    call_command("report_money", "--json", stdout=out)
    (said,) = json.loads(out.getvalue())
    assert (said["written"], said["code"]) == (2, "6m")
    assert {"place": "5714", "indicator": "1.7", "reason": "no-money"} in said["left_alone"]
    words = io.StringIO()
    call_command("report_money", stdout=words)
    assert "เท่าเดิม 2" in words.getvalue()
    assert "สมุดเงินยังไม่มีตัวเลข" in words.getvalue()
