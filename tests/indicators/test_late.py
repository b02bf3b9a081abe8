"""A closed round and the offices that are let in late: by name, with a reason and an end."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from tests.indicators.frameworks import (
    APPROVER,
    START,
    full_report,
    published,
    report,
    report_and_approve,
    round_of,
    share,
)
from tests.indicators.pages.conftest import page
from tests.persons import make_person, signed_in
from tiddao.indicators.actions.late import (
    LateEntryRefused,
    allow_late_entry,
    end_late_entries_due,
    end_late_entry,
)
from tiddao.indicators.actions.review import approve_results
from tiddao.indicators.actions.revisions import RoundNotOpen
from tiddao.indicators.actions.rounds import close_round
from tiddao.indicators.models import LateEntry, Result
from tiddao.ledger.actors import SYSTEM
from tiddao.ledger.models import Entry
from tiddao.people.models import Role

pytestmark = pytest.mark.django_db

ROUND = ("amphoe-tid-dao", 2566, "6m")
WHY = "น้ำท่วม ส่งไม่ทัน"


@pytest.fixture
def closed(db):
    """Phaya Mengrai (5712) is locked at 85 %, Khun Tan (5714) reported nothing."""
    one = round_of(published())
    report_and_approve(one, full_report("5712"), at=START)
    close_round(one, by=APPROVER, at=START + timedelta(hours=1))
    one.refresh_from_db()
    return one


def let_in(one, place: str, days: int = 5) -> LateEntry:
    now = timezone.now()
    until = timezone.localdate(now) + timedelta(days=days)
    return allow_late_entry(one, place, until=until, reason=WHY, by=APPROVER, at=now)


def state(place: str, indicator: str = "1.1") -> str:
    return Result.objects.get(place=place, indicator_code=indicator, superseded_at=None).state


def test_only_the_office_that_was_let_in_reports_and_until_its_day(closed):
    now = timezone.now()
    with pytest.raises(RoundNotOpen):
        report(closed, full_report("5714"), at=now)
    let_in(closed, "5714")
    report(closed, full_report("5714"), at=now)
    with pytest.raises(RoundNotOpen):
        report(closed, full_report("5713"), at=now)
    with pytest.raises(RoundNotOpen):  # all rows or none
        report(closed, [share("5714", "1.1", 1, 2), share("5713", "1.1", 1, 2)], at=now)
    with pytest.raises(RoundNotOpen):
        report(closed, [share("5714", "1.1", 1, 2)], at=now + timedelta(days=7))
    with pytest.raises(RoundNotOpen):  # the province is wider than what was let in
        approve_results(closed, {"57"}, by=APPROVER, at=now)
    approve_results(closed, {"5714"}, by=APPROVER, at=now + timedelta(minutes=1))
    assert state("5714") == "approved"
    assert state("5712") == "locked"


def test_what_is_locked_counts_until_its_correction_is_approved(closed):
    let_in(closed, "5712")
    report(closed, [share("5712", "1.1", 60, 100)], at=timezone.now())
    standing = Result.objects.get(
        place="5712", indicator_code="1.1", state="locked", stands_until=None
    )
    assert standing.numerator == 85


def test_the_end_locks_what_was_approved_by_hand_or_by_the_day(closed):
    now = timezone.now()
    for place, end in (
        ("5714", lambda late: end_late_entry(late.pk, by=APPROVER, at=now + timedelta(hours=1))),
        ("5713", lambda _: end_late_entries_due(by=SYSTEM, at=now + timedelta(days=9))),
    ):
        late = let_in(closed, place)
        report(closed, full_report(place), at=now)
        approve_results(closed, {place}, by=APPROVER, at=now + timedelta(minutes=1))
        end(late)
        assert state(place) == "locked"
        late.refresh_from_db()
        assert late.ended_at is not None
    assert end_late_entries_due(by=SYSTEM, at=now + timedelta(days=9)) == 0
    assert Entry.objects.filter(act="end_late_entry").count() == 2


@pytest.mark.parametrize(
    ("days", "reason", "code"), [(5, " ", "reason_missing"), (-1, WHY, "end_missing")]
)
def test_a_reason_and_an_end_are_asked_for(closed, days, reason, code):
    until = timezone.localdate() + timedelta(days=days)
    with pytest.raises(LateEntryRefused, match=code):
        allow_late_entry(closed, "5714", until=until, reason=reason, by=APPROVER, at=timezone.now())
    with pytest.raises(LateEntryRefused, match="end_missing"):
        allow_late_entry(closed, "5714", until=None, reason=WHY, by=APPROVER, at=timezone.now())


def test_an_open_round_lets_nobody_in_late_and_nobody_is_let_in_twice(closed):
    let_in(closed, "5714")
    with pytest.raises(LateEntryRefused, match="already"):
        let_in(closed, "5714")
    other = round_of(published_round(closed), "12m")
    with pytest.raises(LateEntryRefused, match="not_closed"):
        let_in(other, "5714")


def published_round(one):
    return one.framework.versions.get(number=1)


def test_pages_let_an_office_in_and_lead_it_to_its_entry(closed, provincial_head, district_head):
    address = reverse("late-entry", args=ROUND)
    until = timezone.localdate() + timedelta(days=9)
    day = f"{until.day}/{until.month}/{until.year + 543}"
    client = signed_in(provincial_head)
    refused = client.post(address, {"place": "5712", "reason": "", "until": day}, follow=True)
    assert "เมื่อมีเหตุผลและวันสุดท้าย" in refused.content.decode()
    client.post(address, {"place": "5712", "reason": WHY, "until": day})
    text = page(provincial_head, "round-timeliness", *ROUND)
    assert WHY in text
    assert provincial_head.name_th in text
    entry = page(district_head, "entry-indicator", "5712", closed.pk, "1.1")
    assert "ได้รับอนุญาตให้ส่งล่าช้า" in entry
    assert 'value="send"' in entry
    officer = make_person(Role.TAMBON_OFFICER, "CDD-5714")
    assert 'value="send"' not in page(officer, "entry-indicator", "5714", closed.pk, "1.1")
    sent = signed_in(district_head).post(
        reverse("entry-indicator", args=["5712", closed.pk, "1.1"]),
        {"revision": 3, "version": 1, "numerator": 60, "denominator": 100, "then": "send"},
    )
    assert sent.status_code == 302
    assert state("5712") == "submitted"
    assert "5712:1.1:4" in page(provincial_head, "review", "57", closed.pk)
    client.post(address, {"place": "5712", "do": "end"})
    assert LateEntry.objects.get().ended_at is not None


def test_who_may_not_open_a_round_lets_nobody_in(closed, district_head, stranger):
    address = reverse("late-entry", args=ROUND)
    fields = {"place": "5712", "reason": WHY, "until": "1/1/2600"}
    assert signed_in(district_head).post(address, fields).status_code == 403
    assert signed_in(stranger).post(address, fields).status_code == 404
    assert not LateEntry.objects.exists()
