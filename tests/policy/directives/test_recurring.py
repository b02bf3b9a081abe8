"""Reports that recur and reminders: sent once, written once, made up for when missed."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.urls import reverse

from tests.policy.directives.acts import AT, ISAN, NOBODY, ON, part, sender_of, sent
from tiddao.people.access import standing_of
from tiddao.policy.actions.answering import answer_directive, move_directive_deadline
from tiddao.policy.actions.obligations import (
    NewObligation,
    ObligationRefused,
    end_obligation,
    send_occurrences,
    set_obligation,
)
from tiddao.policy.actions.reminding import write_reminders
from tiddao.policy.models import Directive, Reminder
from tiddao.policy.queries.waiting import waiting_for
from tiddao.policy.rules.receivers import Choice
from tiddao.policy.rules.recurrence import Recurrence

pytestmark = pytest.mark.django_db

DISTRICTS_OF_57 = Choice(frozenset({"district"}), ("57",), left_out=("5701",))


def monthly(user, **facts):
    """D2P: every district of Chiang Rai but one reports by the fifth of the next month."""
    sender, by, _ = sender_of(user)
    wanted = {
        "title": "รายงานความก้าวหน้าสัมมาชีพชุมชน",
        "text": "รายงานผลรายเดือน",
        "recurrence": Recurrence("month", 5),
        "receivers": DISTRICTS_OF_57,
        "starts_on": date(2026, 4, 1),
        "lead_days": 10,
    } | facts
    return set_obligation(NewObligation(**wanted), sender=sender, on=ON, by=by, at=AT)


def test_occurrences_come_by_themselves_and_once(provincial_head) -> None:
    monthly(provincial_head)
    day = date(2026, 4, 20)
    sent_on: list[tuple[date, int]] = []
    while day < date(2026, 7, 10):
        made = send_occurrences(on=day, at=AT)
        assert send_occurrences(on=day, at=AT) == 0
        if made:
            sent_on.append((day, made))
        day += timedelta(days=1)
    # April's is due on 5 May, ten days ahead is 25 April; and so on.
    assert sent_on == [(date(2026, 4, 25), 1), (date(2026, 5, 26), 1), (date(2026, 6, 25), 1)]
    made = Directive.objects.order_by("pk")
    assert [each.period for each in made] == ["2569-04", "2569-05", "2569-06"]
    assert [each.due_on for each in made] == [date(2026, 5, 5), date(2026, 6, 5), date(2026, 7, 5)]
    assert made[0].title == "รายงานความก้าวหน้าสัมมาชีพชุมชน · เมษายน 2569"
    assert {each.assignments.count() for each in made} == {17}  # 18 districts but one
    assert not made[0].assignments.filter(office="CDD-5701").exists()


def test_a_day_that_was_missed_is_made_up_for_but_nothing_past_due_is_asked(
    provincial_head,
) -> None:
    monthly(provincial_head)
    assert (
        send_occurrences(on=date(2026, 5, 3), at=AT) == 1
    )  # April's, eight days late, still in time
    assert send_occurrences(on=date(2026, 7, 6), at=AT) == 0  # May's and June's are past their day


def test_an_ended_report_is_asked_for_no_more(provincial_head) -> None:
    made = monthly(provincial_head)
    with pytest.raises(ObligationRefused, match="reason-missing"):
        end_obligation(made.pk, reason="", by=NOBODY, at=AT)
    end_obligation(made.pk, reason="รวมกับรายงานอื่น", by=NOBODY, at=AT)
    assert send_occurrences(on=date(2026, 5, 1), at=AT) == 0


def test_p2d_asks_the_provinces_of_a_region(executive) -> None:
    monthly(executive, receivers=Choice(frozenset({"province"}), ("region-isan",)))
    send_occurrences(on=date(2026, 5, 1), at=AT)
    offices = Directive.objects.get().assignments.values_list("place", flat=True)
    assert set(offices) == set(ISAN)


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        ({"title": " "}, "title-missing"),
        ({"text": ""}, "text-missing"),
        ({"ends_on": date(2026, 3, 1)}, "ends-before-it-begins"),
        ({"lead_days": 91}, "lead-unfit"),
        ({"receivers": Choice(frozenset({"district"}), ("50",))}, "no-receivers"),  # out of scope
    ],
)
def test_an_unfit_obligation_is_refused(provincial_head, facts, code) -> None:
    with pytest.raises(ObligationRefused, match=code):
        monthly(provincial_head, **facts)


def test_reminders_follow_the_rules_and_are_written_once() -> None:
    # Sent on Monday 1 June 2569; Wednesday 3 June is a holiday (the Queen's birthday).
    directive = sent(["CDD-57", "CDD-5712"], due_on=date(2026, 6, 12))
    answered = part(directive, "CDD-5712")
    answer_directive(answered.pk, "acknowledge", seen=0, by=NOBODY, at=AT)
    written: dict[date, list[tuple[str, str, str]]] = {}
    for shift in range(22):
        day = ON + timedelta(days=shift)
        known = set(Reminder.objects.values_list("pk", flat=True))
        write_reminders(on=day, by=NOBODY, at=AT)
        assert write_reminders(on=day, by=NOBODY, at=AT) == 0
        new = Reminder.objects.exclude(pk__in=known).order_by("rule", "place")
        if new:
            written[day] = list(new.values_list("rule", "assignment__office", "place"))
    assert written == {
        date(2026, 6, 4): [("silent-receiver", "CDD-57", "57")],
        date(2026, 6, 9): [
            ("due-receiver", "CDD-57", "57"),
            ("due-receiver", "CDD-5712", "5712"),
            ("silent-above", "CDD-57", "th"),
            ("silent-sender", "CDD-57", "th"),
        ],
        date(2026, 6, 15): [
            ("overdue-receiver", "CDD-57", "57"),
            ("overdue-receiver", "CDD-5712", "5712"),
        ],
        date(2026, 6, 17): [
            ("overdue-above", "CDD-5712", "57"),
            ("overdue-above", "CDD-57", "th"),
        ],
    }


def test_a_moved_deadline_reminds_anew_and_a_missed_day_is_made_up_for() -> None:
    directive = sent(["CDD-57"], due_on=date(2026, 6, 12))
    one = part(directive, "CDD-57")
    answer_directive(one.pk, "acknowledge", seen=0, by=NOBODY, at=AT)
    write_reminders(on=date(2026, 6, 11), by=NOBODY, at=AT)
    later = date(2026, 6, 19)
    move_directive_deadline(
        directive.pk, day=later, reason="ขยาย", seen=directive.due_on, on=ON, by=NOBODY, at=AT
    )
    write_reminders(on=date(2026, 6, 18), by=NOBODY, at=AT)
    rows = Reminder.objects.order_by("pk").values_list("rule", "counted_from")
    assert list(rows) == [("due-receiver", date(2026, 6, 12)), ("due-receiver", later)]


def test_what_waits_for_the_sender_is_told_to_the_sender() -> None:
    directive = sent(["CDD-57", "CDD-50"])
    at = datetime(2026, 6, 2, 3, 0, tzinfo=UTC)
    for office, act in (("CDD-57", "finish"), ("CDD-50", "object")):
        answer_directive(part(directive, office).pk, act, words="ตามนี้", seen=0, by=NOBODY, at=at)
    write_reminders(on=date(2026, 6, 9), by=NOBODY, at=at)
    rows = Reminder.objects.order_by("rule").values_list("rule", "to", "place")
    assert list(rows) == [("objected-sender", "sender", "th"), ("to-check-sender", "sender", "th")]


def test_the_head_above_is_told_of_many_silent_offices_in_one_line(provincial_head, client) -> None:
    directive = sent(["CDD-5712", "CDD-5713", "CDD-5714"], due_on=date(2026, 6, 5))
    alone = sent(["CDD-5712"], title="เรื่องเดียว", due_on=date(2026, 6, 5))
    for shift in range(1, 15):
        write_reminders(on=ON + timedelta(days=shift), by=NOBODY, at=AT)
    told = waiting_for(standing_of(provincial_head, on=ON + timedelta(days=15))).reminders
    offices = {(each.directive, each.words): each.offices for each in told}
    assert set(offices.values()) == {3, 1}
    assert {key for key, count in offices.items() if count == 3} == {
        (directive.pk, each.words) for each in told if each.directive == directive.pk
    }
    assert len(told) == len(offices)  # no line twice
    (of_one, *_) = (each for each in told if each.directive == alone.pk)
    assert (of_one.title, of_one.assignment) == ("เรื่องเดียว", part(alone, "CDD-5712").pk)
    client.force_login(provincial_head)
    page = client.get("/").content.decode()
    assert "3 หน่วยงาน: " in page
    assert client.get(reverse("directive", args=[directive.pk])).status_code == 200
