"""Handing down, answering, ruling, calling off: what each act writes and what it refuses."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.evidence.files import handed_in
from tests.policy.directives.acts import AT, ISAN, NOBODY, ON, offices, part, sender_of, sent
from tiddao.evidence.actions.proving import attach_evidence
from tiddao.ledger.models import Entry
from tiddao.policy.actions.answering import (
    AnswerRefused,
    accept_reports,
    answer_directive,
    answer_question,
    ask_question,
    move_directive_deadline,
    rule_on_answer,
)
from tiddao.policy.actions.handing_down import DirectiveRefused, cancel_directive
from tiddao.policy.models import Assignment, DeadlineMove, Directive, Move
from tiddao.policy.proving import ASSIGNMENT

pytestmark = pytest.mark.django_db


def answer(one: Assignment, act: str, **said):
    one.refresh_from_db()
    return answer_directive(one.pk, act, seen=one.version, by=NOBODY, at=AT, **said)


def rule(one: Assignment, act: str, words: str = ""):
    one.refresh_from_db()
    return rule_on_answer(one.pk, act, words=words, seen=one.version, by=NOBODY, at=AT)


def test_all_district_offices_are_one_act_one_entry_and_few_statements() -> None:
    receivers = offices("district")
    assert len(receivers) >= 878
    with CaptureQueriesContext(
        connection,
    ) as asked:
        directive = sent(receivers)
    assert len(asked) < 20
    assert Assignment.objects.filter(directive=directive, state="sent").count() == len(receivers)
    entry = Entry.objects.get(act="hand_down_directive")
    assert entry.detail["receivers"] == len(receivers)


def test_the_whole_way_from_sending_to_closing() -> None:
    directive = sent(["CDD-57"])
    one = part(directive, "CDD-57")
    for act, state in [
        ("acknowledge", "acknowledged"),
        ("report", "working"),
        ("finish", "done"),
    ]:
        done = answer(one, act, words="ทำแล้ว", progress=40 if act == "report" else None)
        assert (done.stands, done.state) == (True, state)
    assert rule(one, "return", "ขาดเอกสาร").state == "returned"
    answer(one, "finish", words="แนบแล้ว")
    assert rule(one, "accept").state == "closed"
    one.refresh_from_db()
    assert (one.progress, one.version) == (100, 6)
    moves = Move.objects.filter(assignment=one).order_by("pk")
    assert [move.number for move in moves] == [1, 2, 3, 4, 5, 6]
    with pytest.raises(AnswerRefused, match="not-possible"):
        answer(one, "report", words="อีก")


@pytest.mark.parametrize("act", ["object", "report", "finish"])
def test_an_answer_that_needs_words_is_refused_without_them(act: str) -> None:
    one = part(sent(["CDD-57"]), "CDD-57")
    with pytest.raises(AnswerRefused) as refused:
        answer(one, act, words="  ")
    assert (refused.value.code, refused.value.field) == ("words-missing", "words")
    one.refresh_from_db()
    assert (one.state, one.moves.count()) == ("sent", 0)


def test_done_waits_for_evidence_where_evidence_is_asked_for() -> None:
    one = part(sent(["CDD-57"], wants_evidence=True), "CDD-57")
    with pytest.raises(AnswerRefused, match="evidence-missing"):
        answer(one, "finish", words="เสร็จ")
    proof = handed_in(place="57").evidence_id
    attach_evidence(
        proof, subject_kind=ASSIGNMENT, subject_key=str(one.pk), place="57", by=NOBODY, at=AT
    )
    assert answer(one, "finish", words="เสร็จ").state == "done"


def test_the_second_of_two_answers_is_kept_and_changes_nothing() -> None:
    one = part(sent(["CDD-57"]), "CDD-57")
    first = answer_directive(one.pk, "acknowledge", seen=0, by=NOBODY, at=AT)
    second = answer_directive(one.pk, "object", words="งบไม่พอ", seen=0, by=NOBODY, at=AT)
    assert (first.stands, second.stands, second.state, second.version) == (
        True,
        False,
        "acknowledged",
        1,
    )
    kept = Move.objects.get(pk=second.move_id)
    assert (kept.words, kept.number, kept.act) == ("งบไม่พอ", None, "object")
    # Having seen both, the person may still object.
    assert answer(one, "object", words="งบไม่พอ").state == "objected"


def test_question_ends_silence_and_is_answered_for_all() -> None:
    one = part(sent(["CDD-57", "CDD-50"]), "CDD-57")
    question = ask_question(one.pk, "นับถึงวันใด", by=NOBODY, at=AT)
    one.refresh_from_db()
    assert (one.state, one.acknowledged_at) == ("asking", None)
    answer_question(question.pk, "ถึงวันสุดท้าย", by=NOBODY, at=AT)
    assert [each.words for each in question.answers.all()] == ["ถึงวันสุดท้าย"]
    with pytest.raises(AnswerRefused, match="words-missing"):
        ask_question(one.pk, " ", by=NOBODY, at=AT)


def test_objection_is_ruled_on_both_ways() -> None:
    directive = sent(["CDD-57", "CDD-50"])
    one, two = part(directive, "CDD-57"), part(directive, "CDD-50")
    for each in (one, two):
        answer(each, "object", words="ไม่มีพื้นที่ดำเนินการ")
    with pytest.raises(AnswerRefused, match="words-missing"):
        rule(one, "insist")
    assert rule(one, "insist", "ดำเนินการเท่าที่ทำได้").state == "acknowledged"
    assert rule(two, "release", "ไม่มีชุมชนเป้าหมาย").state == "released"


def test_reports_are_accepted_together_once() -> None:
    directive = sent(["CDD-57", "CDD-50", "CDD-51"])
    for office in ("CDD-57", "CDD-50"):
        answer(part(directive, office), "finish", words="เสร็จ")
    ids = list(directive.assignments.values_list("pk", flat=True))
    assert accept_reports(directive.pk, ids, by=NOBODY, at=AT) == 2
    assert accept_reports(directive.pk, ids, by=NOBODY, at=AT) == 0
    assert Entry.objects.filter(act="accept_reports").count() == 1
    assert part(directive, "CDD-51").state == "sent"


def test_moved_deadline_keeps_where_it_stood_and_why() -> None:
    directive = sent(["CDD-57", "CDD-50"], due_on=ON + timedelta(days=10))
    one = part(directive, "CDD-57")
    later = ON + timedelta(days=20)
    said = {"on": ON, "by": NOBODY, "at": AT}
    move_directive_deadline(directive.pk, day=later, reason="น้ำท่วม", seen=directive.due_on, **said)
    move_directive_deadline(
        directive.pk, day=later + timedelta(days=5), reason="พื้นที่ภัยพิบัติ", seen=later,
        assignment_id=one.pk, **said,
    )  # fmt: skip
    moves = list(DeadlineMove.objects.order_by("pk").values_list("before", "after", "assignment"))
    assert moves == [
        (ON + timedelta(days=10), later, None),
        (later, later + timedelta(days=5), one.pk),
    ]
    for day, reason, seen, code in [
        (later, "", later, "reason-missing"),
        (later, "เหตุ", later, "same-day"),
        (ON - timedelta(days=1), "เหตุ", later, "due-passed"),
        (later + timedelta(days=9), "เหตุ", ON, "moved-meanwhile"),
    ]:
        with pytest.raises(AnswerRefused, match=code):
            move_directive_deadline(directive.pk, day=day, reason=reason, seen=seen, **said)
    assert DeadlineMove.objects.count() == 2


def test_calling_off_reaches_what_was_handed_down_but_not_what_is_closed(provincial_head) -> None:
    top = sent(["CDD-57", "CDD-50"])
    one = part(top, "CDD-57")
    sender, by, _ = sender_of(provincial_head)
    below = sent(
        ["CDD-5712", "CDD-5713"], sender=sender, by=by, handed_down_from=one.pk, title="ส่งต่ออำเภอ"
    )
    assert below.root_id == top.pk
    one.refresh_from_db()
    assert one.state == "acknowledged"  # who passes it on knows it
    closed = part(below, "CDD-5712")
    answer(closed, "finish", words="เสร็จ")
    rule(closed, "accept")
    with pytest.raises(DirectiveRefused, match="reason-missing"):
        cancel_directive(top.pk, reason=" ", by=NOBODY, at=AT)
    cancel_directive(top.pk, reason="ยกเลิกโครงการ", by=NOBODY, at=AT)
    states = dict(Assignment.objects.values_list("office", "state"))
    assert states == {
        "CDD-57": "cancelled", "CDD-50": "cancelled", "CDD-5712": "closed", "CDD-5713": "cancelled",
    }  # fmt: skip
    assert set(Directive.objects.values_list("state", flat=True)) == {"cancelled"}
    cancel_directive(top.pk, reason="อีกครั้ง", by=NOBODY, at=AT)
    assert Entry.objects.filter(act="cancel_directive").count() == 1
    with pytest.raises(DirectiveRefused, match="source-cancelled"):
        sent(["CDD-5714"], sender=sender, by=by, handed_down_from=one.pk)


def test_what_cannot_be_handed_down(provincial_head) -> None:
    sender, by, _ = sender_of(provincial_head)
    for receivers, facts, code in [
        ([], {}, "no-receivers"),
        (["CDD-9999"], {}, "no-receivers"),
        (["CDD-5001"], {}, "outside-scope"),
        (["CDD-57"], {}, "own-office"),
        (["CDD-5712"], {"due_on": date(2026, 5, 31)}, "due-passed"),
        (["CDD-5712"], {"title": " "}, "title-missing"),
    ]:
        with pytest.raises(DirectiveRefused, match=code):
            sent(receivers, sender=sender, by=by, **facts)
    assert not Directive.objects.exists()
    # The governor may ask the provincial office itself: the office passes his order on.
    assert (
        sent(["CDD-57"], sender=sender, by=by, on_behalf_of="ผู้ว่าราชการจังหวัดเชียงราย").line == "area"
    )


def test_isan_is_twenty_provinces() -> None:
    directive = sent([f"CDD-{code}" for code in ISAN])
    assert directive.assignments.count() == 20
