"""Reporting by hand: what the grid shows, saves, refuses and hides."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from tests.indicators.frameworks import (
    START,
    dimension,
    full_report,
    published,
    ratio,
    report,
    report_and_approve,
    round_of,
    share,
    two_dimensions,
)
from tests.indicators.pages.conftest import page
from tests.persons import make_person, signed_in
from tiddao.indicators.actions.frameworks import new_draft, publish_version, save_draft
from tiddao.indicators.actions.review import approve_results, return_results
from tiddao.indicators.actions.rounds import close_round
from tiddao.indicators.models import EntryConflict, Result
from tiddao.ledger.actors import SYSTEM
from tiddao.ledger.models import Entry
from tiddao.people.models import Role

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer(db):
    return make_person(Role.TAMBON_OFFICER, "CDD-5712", name="นายสมมุติ พัฒนากร")


def save(user, one, indicator="1.1", *, place="5712", htmx=False, **typed):
    """Post what a person typed; revision 0 and version 1 unless said otherwise."""
    headers = {"HX-Request": "true"} if htmx else {}
    return signed_in(user).post(
        reverse("entry-indicator", args=[place, one.pk, indicator]),
        {"revision": 0, "version": 1} | typed,
        headers=headers,
    )


def stands(indicator="1.1", place="5712"):
    return Result.objects.get(indicator_code=indicator, place=place, superseded_at=None)


def errors_in(response) -> str:
    return " ".join(
        re.findall(r"field-errors[^>]*>(.*?)</(?:div|p)>", response.content.decode(), re.DOTALL)
    )


# -- the grid -------------------------------------------------------------------------------------


def test_grid_shows_every_indicator_with_last_figure_and_target_words(six_months, district_head):
    text = page(district_head, "entry", "5712", six_months.pk)
    assert [code for code in ("1.1", "1.2", "2.1", "2.2") if f"{code} ตัวชี้วัด {code}" in text] == [
        "1.1", "1.2", "2.1", "2.2",
    ]  # fmt: skip
    assert text.count("ยังไม่มีตัวเลขก่อนหน้า") == 4
    assert "ส่งแล้ว 0 จาก 4 ตัวชี้วัด" in text
    assert "ยังไม่กรอก 4 รายการ" in text
    assert "หมู่บ้านที่ผ่าน" in text  # the part in the indicator's own words


def test_grid_shows_the_figure_of_the_round_before(version, district_head):
    report_and_approve(round_of(version), [share("5712", "1.1", 64, 80)])
    text = page(district_head, "entry", "5712", round_of(version, "12m").pk)
    assert "ครั้งก่อน ร้อยละ 80 (รอบ 6 เดือน 2566)" in text


def test_grid_costs_the_same_whatever_was_reported(six_months, district_head):
    client = signed_in(district_head)
    address = reverse("entry", args=["5712", six_months.pk])
    client.get(address)
    with CaptureQueriesContext(connection) as empty:
        client.get(address)
    report(six_months, full_report("5712"))
    with CaptureQueriesContext(connection) as full:
        client.get(address)
    assert len(full) == len(empty) <= 22


def test_one_open_round_opens_at_once(six_months, district_head):
    response = signed_in(district_head).get(reverse("entry-rounds", args=["5712"]))
    assert response.status_code == 302
    assert response.url == reverse("entry", args=["5712", six_months.pk])


def test_no_open_round_says_what_will_happen(version, district_head):
    version.framework.rounds.update(state="planned")
    assert "ขณะนี้ไม่มีรอบที่เปิด" in page(district_head, "entry-rounds", "5712")


def test_a_province_reports_nothing_in_a_framework_of_districts(six_months, provincial_head):
    page(provincial_head, "entry", "57", six_months.pk, status=404)
    assert "ขณะนี้ไม่มีรอบที่เปิด" in page(provincial_head, "entry-rounds", "57")


# -- saving ---------------------------------------------------------------------------------------


def test_a_row_is_saved_as_a_draft_and_handed_in_by_name(six_months, officer):
    response = save(officer, six_months, numerator="๖๔", denominator="80")
    assert response.status_code == 302
    found = stands()
    assert (found.state, found.numerator, found.denominator) == ("draft", 64, 80)
    assert found.by == f"user:{officer.pk}"
    signed_in(officer).post(reverse("entry-submit", args=["5712", six_months.pk]))
    assert stands().state == "submitted"
    assert Entry.objects.filter(act="submit_results", place="5712").count() == 1


def test_saving_by_itself_answers_with_the_row_and_the_sums(six_months, officer):
    response = save(officer, six_months, htmx=True, numerator="64", denominator="80")
    text = response.content.decode()
    assert response.status_code == 200
    assert 'id="row-1-1"' in text
    assert 'name="revision" value="1"' in text
    assert "ร้อยละ 80" in text
    assert 'id="entry-sums" class="entry-sums" hx-swap-oob="true"' in text


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"numerator": "90", "denominator": "80"}, "มากกว่า"),
        ({"numerator": "64"}, "ยังไม่ได้กรอกตัวหาร"),
        ({"numerator": "มาก", "denominator": "80"}, "ไม่ใช่ตัวเลข"),
        ({"numerator": "-1", "denominator": "80"}, "ติดลบ"),
        ({"numerator": "0", "denominator": "0"}, "0"),
    ],
)
def test_what_cannot_be_true_is_said_beside_its_field_and_not_saved(
    six_months, officer, typed, said
):
    response = save(officer, six_months, **typed)
    assert response.status_code == 422
    assert said in errors_in(response)
    assert not Result.objects.exists()


def test_a_skipped_step_is_refused_in_words(six_months, officer):
    response = save(officer, six_months, "1.2", steps=["1", "3"])
    assert response.status_code == 422
    assert "ขั้น" in errors_in(response)
    save(officer, six_months, "1.2", steps=["0"])
    assert stands("1.2").steps == []  # not begun is reported; nothing ticked is not


def test_a_blank_row_reports_nothing(six_months, officer):
    save(officer, six_months, numerator="", denominator="")
    assert not Result.objects.exists()


def test_an_unusual_figure_is_saved_with_a_question(version, officer):
    report_and_approve(round_of(version), [share("5712", "1.1", 85, 100)])
    later = round_of(version, "12m")
    response = save(officer, later, htmx=True, numerator="40", denominator="100")
    assert "ลดลงมากจากครั้งก่อน" in response.content.decode()
    assert Result.objects.get(round=later).numerator == 40


def test_a_returned_result_says_why(six_months, officer, provincial_head):
    report(six_months, [share("5712", "1.1", 64, 80)])
    by = replace(SYSTEM, reference="user:999")
    return_results(six_months, ["5712"], reason="แนบภาพไม่ครบ", by=by, at=START + timedelta(hours=1))
    text = page(officer, "entry", "5712", six_months.pk)
    assert "ส่งคืนเพราะ: แนบภาพไม่ครบ" in text
    assert "ส่งคืนให้แก้ไข 1 รายการ" in text


def test_a_correction_says_what_counts_meanwhile(six_months, officer):
    report_and_approve(six_months, [share("5712", "1.1", 64, 80)])
    save(officer, six_months, revision=2, numerator="68", denominator="80")
    text = page(officer, "entry", "5712", six_months.pk)
    assert "ร้อยละ 80 อนุมัติแล้ว และยังนับอยู่จนกว่าจะอนุมัติการแก้ไขนี้" in text
    assert "ร้อยละ 85" in text


# -- two people at once ---------------------------------------------------------------------------


@pytest.fixture
def conflict(six_months, officer, district_head):
    save(district_head, six_months, numerator="60", denominator="80")
    response = save(officer, six_months, numerator="64", denominator="80")
    assert response.status_code == 302
    return EntryConflict.objects.get(), response.url


def test_the_second_person_sees_both_figures(conflict, officer, district_head):
    kept, address = conflict
    text = signed_in(officer).get(address).content.decode()
    assert "หมู่บ้านที่ผ่าน 60" in text
    assert "หมู่บ้านที่ผ่าน 64" in text
    assert district_head.name_th in text
    assert (kept.based_on, kept.found, kept.by) == (0, 1, f"user:{officer.pk}")
    assert signed_in(district_head).get(address).status_code == 404  # it is the officer's to settle


@pytest.mark.parametrize(("choice", "figure"), [("mine", 64), ("theirs", 60)])
def test_the_choice_stands_and_the_conflict_stays_on_record(conflict, officer, choice, figure):
    kept, address = conflict
    signed_in(officer).post(address, {"choice": choice})
    assert stands().numerator == figure
    kept.refresh_from_db()
    assert kept.choice == choice
    assert kept.proposed["numerator"] == "64"
    assert signed_in(officer).get(address).status_code == 404
    acts = Entry.objects.filter(act__in=["keep_conflict", "settle_conflict"])
    assert acts.count() == 2


def test_a_conflict_within_a_kept_page_leads_to_the_choice(six_months, officer, district_head):
    save(district_head, six_months, numerator="60", denominator="80")
    response = save(officer, six_months, htmx=True, numerator="64", denominator="80")
    assert (response.status_code, response.headers["HX-Redirect"]) == (
        204,
        reverse("entry-conflict", args=["5712", six_months.pk, EntryConflict.objects.get().pk]),
    )


def test_the_same_figures_twice_are_no_conflict_to_settle_with_a_loss(six_months, officer):
    save(officer, six_months, numerator="64", denominator="80")
    save(officer, six_months, revision=1, numerator="64", denominator="80")
    assert stands().revision == 1


# -- definitions move on --------------------------------------------------------------------------


def publish_again(version, **changes):
    draft = new_draft(version.framework, by=SYSTEM, at=START + timedelta(hours=1))
    definition = replace(
        two_dimensions(),
        version=draft.number,
        dimensions=(dimension("1", ratio("1.1", **changes)), *two_dimensions().dimensions[1:]),
    )
    saved = save_draft(
        draft,
        definition,
        edition=draft.edition,
        by=SYSTEM,
        at=START + timedelta(hours=2),
    )
    return publish_version(saved, by=SYSTEM, at=START + timedelta(hours=3))


def test_an_entry_under_an_older_definition_is_taken_and_marked(version, six_months, officer):
    publish_again(version, weight=Decimal(60))
    save(officer, six_months, version=1, numerator="64", denominator="80")
    assert stands().version.number == 1
    assert "กรอกตามแบบประเมินรุ่นที่ 1" in page(officer, "entry", "5712", six_months.pk)


def test_an_entry_that_answers_another_question_is_refused(version, six_months, officer):
    publish_again(version, factor=Decimal(1000), maximum=Decimal(1000), unit_th="ต่อพัน")
    response = save(officer, six_months, version=1, numerator="64", denominator="80")
    assert response.status_code == 422
    assert "นิยามของตัวชี้วัด 1.1 เปลี่ยนไป" in errors_in(response)
    assert not Result.objects.exists()


# -- who may --------------------------------------------------------------------------------------


def test_a_stranger_sees_and_writes_nothing(six_months, stranger):
    page(stranger, "entry", "5712", six_months.pk, status=404)
    assert save(stranger, six_months, numerator="1", denominator="2").status_code == 404
    assert not Result.objects.exists()


def test_who_may_read_but_not_report_sees_figures_without_fields(six_months, executive):
    report(six_months, [share("5712", "1.1", 64, 80)])
    text = page(executive, "entry", "5712", six_months.pk)
    assert "ร้อยละ 80" in text
    assert 'name="numerator"' not in text
    assert save(executive, six_months, numerator="1", denominator="2").status_code == 403


def test_a_closed_round_is_read_only(six_months, officer, provincial_head):
    report_and_approve(six_months, [share("5712", "1.1", 64, 80)])
    close_round(six_months, by=SYSTEM, at=timezone.now())
    text = page(officer, "entry", "5712", six_months.pk)
    assert "รอบนี้ไม่ได้เปิดรับรายงาน" in text
    assert 'name="numerator"' not in text
    response = save(officer, six_months, revision=3, numerator="1", denominator="2")
    assert response.status_code == 422
    assert stands().state == "locked"


def test_phone_page_goes_through_all_indicators(six_months, officer):
    text = page(officer, "entry-indicator", "5712", six_months.pk, "1.1")
    assert "ตัวชี้วัดที่ 1 จาก 4" in text
    response = save(officer, six_months, numerator="64", denominator="80", then="next")
    assert response.url == reverse("entry-indicator", args=["5712", six_months.pk, "1.2"])
    page(officer, "entry-indicator", "5712", six_months.pk, "9.9", status=404)


def test_last_figures_are_offered_not_filled_in(version, officer):
    report_and_approve(round_of(version), [share("5712", "1.1", 64, 80)])
    later = round_of(version, "12m")
    plain = page(officer, "entry-indicator", "5712", later.pk, "1.1")
    assert 'value="64"' not in plain
    used = page(officer, "entry-indicator", "5712", later.pk, "1.1", query="?use=last")
    assert 'value="64"' in used
    assert Result.objects.filter(round=later).count() == 0


def test_what_was_handed_in_is_approved_by_somebody_else(six_months, officer, provincial_head):
    save(officer, six_months, numerator="64", denominator="80")
    signed_in(officer).post(reverse("entry-submit", args=["5712", six_months.pk]))
    own = replace(SYSTEM, reference=f"user:{officer.pk}")
    assert approve_results(six_months, ["5712"], by=own, at=timezone.now()).changed == 0
    other = replace(SYSTEM, reference=f"user:{provincial_head.pk}")
    assert approve_results(six_months, ["5712"], by=other, at=timezone.now()).changed == 1


def test_unpublished_framework_has_no_grid(officer):
    version = published()
    page(officer, "entry", "5712", round_of(version).pk + 999, status=404)
