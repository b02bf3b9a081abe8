"""Plans and help in the database: one step at a time, two people at once, never one's own."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from itertools import count, product

import pytest
from django.db import IntegrityError, transaction

from tests.budget.deadlines.acting import (
    AT,
    CENTRE,
    HEAD,
    LATER,
    MUCH_LATER,
    OFFICER,
    PROVINCE,
    TODAY,
    a_deadline,
    a_plan,
    some_money,
)
from tiddao.budget.actions.deadlines import end_deadline
from tiddao.budget.actions.help import (
    HelpMovedOn,
    HelpRefused,
    answer_help,
    ask_help,
    close_help,
    pass_up_help,
)
from tiddao.budget.actions.plans import (
    PlanMovedOn,
    PlannedWeek,
    PlanRefused,
    approve_plan,
    return_plan,
    submit_plan,
    write_plan,
)
from tiddao.budget.models import CatchUpPlan, HelpRequest
from tiddao.budget.queries.plans import find_plan, own_money, plans_of, progress_of, said_about
from tiddao.budget.rules.plans import PlanActRefused
from tiddao.ledger.models import Entry

pytestmark = pytest.mark.django_db
D = Decimal


@pytest.fixture
def deadline(db):
    some_money()
    return a_deadline()


def write(deadline, plan=None, *, seen=None, by=OFFICER, at=AT, place="5712"):
    return write_plan(
        deadline.pk, place, plan or a_plan(deadline, place), seen=seen, on=TODAY, by=by, at=at
    )


def codes(refused):
    return [each.code for each in refused.value.faults]


# -- writing --------------------------------------------------------------------------------------


def test_proposal_covers_what_is_missing_by_fridays_up_to_the_last_working_day(deadline):
    made = write(deadline)
    assert (made.state, made.version, made.base, made.spent) == ("draft", 1, D(1000000), D(332800))
    weeks = list(made.weeks.values_list("until", "amount"))
    assert weeks[-1][0] == date(2019, 3, 29), "the Friday before Sunday 31 March"
    assert sum(amount for _, amount in weeks) == D("667200.00")
    assert made.leaves == 0
    entry = Entry.objects.get(act="write_plan")
    assert (entry.place, entry.on) == ("5712", f"deadline:{deadline.pk}/plan:{made.pk}")


def test_plan_that_falls_short_says_by_how_much_and_why(deadline):
    short = a_plan(deadline, less="1000.00")
    with pytest.raises(PlanRefused) as refused:
        write(deadline, short)
    assert codes(refused) == ["leaves_without_why"]
    assert refused.value.faults[0].amount == D("1000.00")
    assert not CatchUpPlan.objects.exists()
    made = write(deadline, a_plan(deadline, less="1000.00", leaves_why="ผู้รับจ้างขอขยายเวลา"))
    assert (made.leaves, made.leaves_why) == (D("1000.00"), "ผู้รับจ้างขอขยายเวลา")


def test_the_database_refuses_a_plan_that_leaves_money_without_a_reason(deadline):
    made = write(deadline)
    with pytest.raises(IntegrityError), transaction.atomic():
        CatchUpPlan.objects.filter(pk=made.pk).update(leaves=D(1))


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"reasons": ()}, ["reasons_missing"]),
        ({"reasons": ("laziness",)}, ["unknown_reason"]),
        ({"words": " "}, ["words_missing"]),
        ({"weeks": ()}, ["nothing_planned"]),
        ({"weeks": (PlannedWeek(date(2019, 3, 31), D(1)),), "leaves_why": "x"}, ["unknown_week"]),
        (
            {"weeks": (PlannedWeek(date(2019, 3, 29), D(-1)),), "leaves_why": "x"},
            ["negative_amount"],
        ),
        (
            {"weeks": (PlannedWeek(date(2019, 3, 29), D("0.005")),), "leaves_why": "x"},
            ["half_satang"],
        ),
        ({"weeks": (PlannedWeek(date(2019, 3, 29), D(667201)),)}, ["more_than_is_left"]),
        (
            {"weeks": (PlannedWeek(date(2019, 3, 29), D(1)),) * 2, "leaves_why": "x"},
            ["week_twice"],
        ),
        (
            {"reasons": (), "words": "", "weeks": ()},
            ["reasons_missing", "words_missing", "nothing_planned"],
        ),
    ],
)
def test_plan_is_refused_with_all_that_is_wrong(deadline, changes, expected):
    with pytest.raises(PlanRefused) as refused:
        write(deadline, a_plan(deadline, **changes))
    assert codes(refused) == expected
    assert not CatchUpPlan.objects.exists()


def test_no_plan_without_figures_or_with_nothing_missing_or_after_the_end(deadline):
    with pytest.raises(PlanRefused) as refused:
        write(deadline, a_plan(deadline), place="5713")
    assert codes(refused) == ["no_figures"]
    some_money(spent="667200.00", document="ฎ 2")
    with pytest.raises(PlanRefused) as refused:
        write(deadline, a_plan(deadline))
    assert codes(refused) == ["nothing_missing"]
    end_deadline(deadline.pk, reason="ยกเลิก", seen=deadline.day, by=CENTRE, at=AT)
    with pytest.raises(PlanRefused) as refused:
        write(deadline, a_plan(deadline))
    assert codes(refused) == ["deadline_ended"]


def test_no_plan_after_the_last_working_day(deadline):
    plan = a_plan(deadline)
    with pytest.raises(PlanRefused) as refused:
        write_plan(
            deadline.pk, "5712", plan, seen=None, on=date(2019, 3, 30), by=OFFICER, at=AT
        )  # fmt: skip
    assert codes(refused) == ["deadline_passed"]


def test_a_provincial_offices_plan_is_about_its_own_book_alone(deadline):
    some_money("CDD-57", allotted="500.00", spent="100.00")
    made = write(deadline, place="57")
    assert (made.base, made.spent) == (D(500), D(100))
    money = own_money(deadline, "57", on=TODAY)
    assert money is not None
    assert money.base == D(500)


# -- two people at once ---------------------------------------------------------------------------


def test_the_second_of_two_who_begin_a_plan_is_told(deadline):
    first = write(deadline)
    with pytest.raises(PlanMovedOn) as told:
        write(deadline, by=HEAD, at=LATER)
    assert told.value.current == first
    assert CatchUpPlan.objects.count() == 1


def test_the_second_of_two_who_write_a_draft_is_told(deadline):
    first = write(deadline)
    write(deadline, seen=first.at, by=HEAD, at=LATER)
    with pytest.raises(PlanMovedOn):
        write(deadline, seen=first.at, at=MUCH_LATER)
    first.refresh_from_db()
    assert first.by == HEAD.reference
    assert first.writers == [OFFICER.reference, HEAD.reference]


def test_a_head_does_not_decide_on_what_they_have_not_seen(deadline):
    made = write(deadline)
    submit_plan(made.pk, seen=made.at, by=OFFICER, at=LATER)
    for decide in (approve, give_back):
        with pytest.raises(PlanMovedOn):
            decide(made.pk, seen=AT, by=HEAD, at=MUCH_LATER)


def test_the_second_of_two_heads_who_decide_is_told(deadline):
    made = write(deadline)
    submit_plan(made.pk, seen=made.at, by=OFFICER, at=LATER)
    return_plan(made.pk, reason="ขอให้ปรับ", seen=LATER, by=HEAD, at=MUCH_LATER)
    with pytest.raises(PlanMovedOn) as told:
        approve_plan(made.pk, seen=LATER, by=PROVINCE, at=MUCH_LATER)
    assert told.value.current is not None
    assert told.value.current.state == "returned"


# -- deciding -------------------------------------------------------------------------------------


def approve(plan_id, *, seen, by, at):
    return approve_plan(plan_id, seen=seen, by=by, at=at)


def give_back(plan_id, *, seen, by, at):
    return return_plan(plan_id, reason="ขอให้ปรับ", seen=seen, by=by, at=at)


@pytest.mark.parametrize("decide", [approve, give_back])
def test_nobody_decides_on_a_plan_that_they_wrote_in_part_or_handed_in(deadline, decide):
    made = write(deadline, by=HEAD)
    write(deadline, seen=AT, by=OFFICER, at=LATER)
    submit_plan(made.pk, seen=LATER, by=OFFICER, at=MUCH_LATER)
    for person in (HEAD, OFFICER):
        with pytest.raises(PlanActRefused) as refused:
            decide(made.pk, seen=MUCH_LATER, by=person, at=MUCH_LATER)
        assert refused.value.code == "own_plan"
    assert decide(made.pk, seen=MUCH_LATER, by=PROVINCE, at=MUCH_LATER).state in {
        "approved", "returned",
    }  # fmt: skip


def test_the_database_itself_refuses_a_writers_decision(deadline):
    made = write(deadline, by=HEAD)
    write(deadline, seen=AT, by=OFFICER, at=LATER)
    for person, state in product((HEAD.reference, OFFICER.reference, ""), ("approved", "returned")):
        with pytest.raises(IntegrityError, match="nobody_approves"), transaction.atomic():
            CatchUpPlan.objects.filter(pk=made.pk).update(state=state, decided_by=person)


def test_every_sequence_of_acts_by_two_people_keeps_the_law(deadline):
    """Each path of five acts through the real tables, undone after it: no plan is its writer's own."""
    people = (OFFICER, HEAD)
    moments = (AT + timedelta(minutes=number) for number in count(1))
    reached = set()

    def newest():
        return CatchUpPlan.objects.order_by("-version").first()

    def do(act, by):
        plan, at = newest(), next(moments)
        if act == "write":
            seen = plan.at if plan and plan.state in {"draft", "submitted"} else None
            return write(deadline, proposed, seen=seen, by=by, at=at)
        if plan is None:
            raise PlanMovedOn(None)
        acts = {"submit": submit_plan, "approve": approve, "return": give_back}
        return acts[act](plan.pk, seen=plan.at, by=by, at=at)

    proposed = a_plan(deadline)

    def walk(depth):
        for act, by in product(("write", "submit", "approve", "return"), people):
            with transaction.atomic():
                try:
                    with transaction.atomic():
                        do(act, by)
                except (PlanActRefused, PlanMovedOn, PlanRefused):
                    pass
                else:
                    held = list(CatchUpPlan.objects.order_by("version"))
                    reached.add(tuple(each.state for each in held))
                    for each in held:
                        assert (
                            each.decided_by not in {each.by, *each.writers} or not each.decided_by
                        )
                    assert sum(each.state == "approved" for each in held) <= 1
                    if depth > 1:
                        walk(depth - 1)
                transaction.set_rollback(True)

    walk(5)
    assert ("approved",) in reached
    assert ("returned", "submitted") in reached
    assert ("approved", "submitted") in reached
    assert ("approved", "draft") in reached


def test_a_newer_approved_plan_replaces_the_one_in_force(deadline):
    first = write(deadline)
    submit_plan(first.pk, seen=AT, by=OFFICER, at=LATER)
    approve_plan(first.pk, seen=LATER, by=HEAD, at=LATER)
    second = write(deadline, at=MUCH_LATER)
    assert second.version == 2
    first.refresh_from_db()
    assert first.state == "approved", "it stays in force until the next one is approved"
    submit_plan(second.pk, seen=MUCH_LATER, by=OFFICER, at=MUCH_LATER)
    approve_plan(second.pk, seen=MUCH_LATER, by=HEAD, at=MUCH_LATER)
    assert [each.state for each in plans_of(deadline, "5712").versions] == ["approved", "replaced"]


def test_a_returned_plan_says_why_and_is_answered_by_the_next_version(deadline):
    made = write(deadline)
    submit_plan(made.pk, seen=AT, by=OFFICER, at=LATER)
    with pytest.raises(PlanRefused) as refused:
        return_plan(made.pk, reason=" ", seen=LATER, by=HEAD, at=LATER)
    assert codes(refused) == ["reason_missing"]
    return_plan(made.pk, reason="ขอรายละเอียดสัญญา", seen=LATER, by=HEAD, at=MUCH_LATER)
    found = find_plan(made.pk)
    assert found is not None
    assert (found.state, found.decision_words) == ("returned", "ขอรายละเอียดสัญญา")
    second = write(deadline, at=MUCH_LATER)
    assert (second.version, second.state) == (2, "draft")
    acts = list(Entry.objects.order_by("id").values_list("act", flat=True))
    assert acts[-4:] == ["write_plan", "submit_plan", "return_plan", "write_plan"]


def test_a_plan_that_waits_is_not_written_over(deadline):
    made = write(deadline)
    submit_plan(made.pk, seen=AT, by=OFFICER, at=LATER)
    with pytest.raises(PlanRefused) as refused:
        write(deadline, seen=LATER, at=MUCH_LATER)
    assert codes(refused) == ["waiting"]


# -- what was then done ---------------------------------------------------------------------------


def test_progress_counts_every_day_of_a_week_and_never_takes_silence_for_zero(deadline):
    made = write(deadline)
    view = find_plan(made.pk)
    assert view is not None
    some_money(spent="14826.67", on=date(2019, 1, 25), document="ฎ 2")
    some_money(
        spent="20000.00", on=date(2019, 1, 26), document="ฎ 3"
    )  # a Saturday: the next week's
    weeks = progress_of(view, deadline, on=date(2019, 2, 4), known_to=date(2019, 2, 1))
    assert [(week.spent, week.kept.code) for week in weeks[:3]] == [
        (D("14826.67"), "kept"),
        (D("20000.00"), "behind"),
        (None, "now"),
    ]
    silent = progress_of(view, deadline, on=date(2019, 2, 4), known_to=date(2019, 1, 28))
    assert [week.kept.code for week in silent[:2]] == ["kept", "nodata"]
    assert silent[1].spent is None


# -- help -----------------------------------------------------------------------------------------


def test_help_is_asked_passed_up_answered_and_closed(deadline):
    asked = ask_help(deadline.pk, "5712", "ขาดผู้ตรวจรับ", by=OFFICER, at=AT)
    assert (asked.asked_of_id, asked.state) == ("57", "open")
    assert said_about(deadline.pk, ["5712"])["5712"].asks_help
    passed = pass_up_help(asked.pk, seen="57", by=PROVINCE, at=LATER)
    assert (passed.asked_of_id, passed.state) == ("th", "passed_up")
    answered = answer_help(asked.pk, "ส่งช่างจากส่วนกลาง", seen="th", by=CENTRE, at=LATER)
    assert (answered.state, answered.answered_by) == ("answered", CENTRE.reference)
    assert not said_about(deadline.pk, ["5712"])["5712"].asks_help
    closed = close_help(asked.pk, by=OFFICER, at=MUCH_LATER)
    assert closed.state == "closed"
    assert list(Entry.objects.order_by("id").values_list("act", flat=True))[-4:] == [
        "ask_help", "pass_up_help", "answer_help", "close_help",
    ]  # fmt: skip
    with pytest.raises(HelpMovedOn):
        close_help(asked.pk, by=OFFICER, at=MUCH_LATER)
    assert ask_help(deadline.pk, "5712", "อีกเรื่อง", by=OFFICER, at=MUCH_LATER).pk != asked.pk


def test_one_request_waits_at_a_time_and_the_database_knows(deadline):
    asked = ask_help(deadline.pk, "5712", "ก", by=OFFICER, at=AT)
    with pytest.raises(HelpRefused) as refused:
        ask_help(deadline.pk, "5712", "ข", by=HEAD, at=LATER)
    assert refused.value.code == "waiting_already"
    asked.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        asked.save(force_insert=True)


def test_the_second_of_two_who_answer_is_told(deadline):
    asked = ask_help(deadline.pk, "5712", "ก", by=OFFICER, at=AT)
    answer_help(asked.pk, "มาช่วย", seen="57", by=PROVINCE, at=LATER)
    with pytest.raises(HelpMovedOn) as told:
        answer_help(asked.pk, "อื่น", seen="57", by=CENTRE, at=MUCH_LATER)
    assert told.value.current.answer == "มาช่วย"
    again = ask_help(deadline.pk, "5713", "ก", by=OFFICER, at=AT)
    pass_up_help(again.pk, seen="57", by=PROVINCE, at=LATER)
    for act in (
        lambda: pass_up_help(again.pk, seen="57", by=PROVINCE, at=LATER),
        lambda: answer_help(again.pk, "x", seen="57", by=PROVINCE, at=LATER),
    ):
        with pytest.raises(HelpMovedOn):
            act()


def test_help_that_cannot_be_asked_is_refused(deadline):
    with pytest.raises(HelpRefused, match="words_missing"):
        ask_help(deadline.pk, "5712", " ", by=OFFICER, at=AT)
    with pytest.raises(HelpRefused, match="nobody_above"):
        ask_help(deadline.pk, "th", "ก", by=CENTRE, at=AT)
    asked = ask_help(deadline.pk, "57", "ก", by=PROVINCE, at=AT)
    with pytest.raises(HelpRefused, match="nobody_above"):
        pass_up_help(asked.pk, seen="th", by=CENTRE, at=AT)
    with pytest.raises(HelpRefused, match="words_missing"):
        answer_help(asked.pk, "", seen="th", by=CENTRE, at=AT)
    end_deadline(deadline.pk, reason="ยกเลิก", seen=deadline.day, by=CENTRE, at=AT)
    with pytest.raises(HelpRefused, match="deadline_ended"):
        ask_help(deadline.pk, "5713", "ก", by=OFFICER, at=AT)
    assert HelpRequest.objects.count() == 1
