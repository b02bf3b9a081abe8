"""Looking at a round and answering what was asked: what is kept, and how it is known then."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext

from tests.indicators.frameworks import report
from tests.indicators.quality.rounds import (
    COPYING,
    LIFTED,
    LOOKED,
    NEIGHBOUR,
    looked_at,
    rows_of,
    two_rounds,
)
from tiddao.indicators.actions.quality import (
    AnswerRefused,
    answer_question,
    look_at_figures,
    look_at_rounds_due,
)
from tiddao.indicators.models import QualityAnswer, QualityLook, QualityQuestion, Round
from tiddao.indicators.queries.quality import (
    look_at,
    newest_looks,
    questions_about,
    questions_of,
    rounds_to_look_at,
    trends_of,
)
from tiddao.ledger.actors import SYSTEM, Actor
from tiddao.ledger.models import Entry

pytestmark = pytest.mark.django_db
HEAD = Actor("user:7", "ผู้ตอบ", "post:7 district_head CDD-5712")


@pytest.fixture(scope="module")
def one(django_db_setup, django_db_blocker) -> Iterator[Round]:
    """A round with figures that stand out, not looked at yet.

    Made once, in a transaction that is given up after this file's tests; what one does, it undoes.
    """
    with django_db_blocker.unblock(), transaction.atomic():
        yield two_rounds()
        transaction.set_rollback(True)


@pytest.fixture
def honest() -> Round:
    """A round of another framework in which everybody reports honestly."""
    return two_rounds(untidy=False, code="honest")


def asked_in(one, *members, **more):
    return {(each.place, each.kind): each for each in questions_about(one.pk, members, **more)}


def test_a_look_asks_about_what_stands_out_and_nothing_else(one):
    look = looked_at(one)
    found = asked_in(one, "th")
    assert set(found) == {
        (COPYING, "copied"),
        (NEIGHBOUR, "neighbour"),
        (LIFTED, "late_edits"),
    }
    assert found[NEIGHBOUR, "neighbour"].other == "5701"
    assert "เมืองเชียงราย" in found[NEIGHBOUR, "neighbour"].reason_th
    assert len(found[COPYING, "copied"].figures) == 12
    assert all("/1,370" in each.words_th for each in found[COPYING, "copied"].figures)
    assert "12 ตัวชี้วัดภายใน 11 นาที" in found[LIFTED, "late_edits"].reason_th
    assert (look.rounds, look.figures) == (2, look.places * 12)
    assert {kind: asked for kind, _, asked in look.looks if asked} == {
        "copied": 1,
        "neighbour": 1,
        "late_edits": 1,
    }
    entry = Entry.objects.get(act="look_at_figures")
    assert entry.detail == {"figures": look.figures, "asked": 3, "new": 3, "settled": 0}


def test_an_honest_round_is_asked_nothing(honest):
    looked_at(honest)
    assert asked_in(honest, "th") == {}


def test_a_round_without_reports_is_not_looked_at(honest):
    honest.results.all().delete()
    assert look_at_figures(honest, by=SYSTEM, at=LOOKED) is None
    assert not QualityLook.objects.filter(round=honest).exists()


def test_looking_again_keeps_questions_with_their_answers(one):
    looked_at(one)
    before = asked_in(one, "th")
    answered = before[COPYING, "copied"]
    answer_question(answered.id, choice="confirmed", words="ตรวจแล้ว", by=HEAD, at=LOOKED)
    looked_at(one, days=1)
    after = asked_in(one, "th")
    assert {key: each.id for key, each in after.items()} == {
        key: each.id for key, each in before.items()
    }
    assert after[COPYING, "copied"].state == "answered"
    assert QualityQuestion.objects.count() == 3


def test_corrected_figures_settle_a_question_and_the_past_still_knows_it(one):
    looked_at(one)
    corrected = rows_of(COPYING, [900 + 7 * n for n in range(12)])
    report(one, corrected, at=LOOKED + timedelta(hours=2))
    looked_at(one, days=1)
    now = asked_in(one, "57")
    assert now[COPYING, "copied"].state == "settled"
    assert (COPYING, "copied") not in asked_in(one, "57", settled=False)
    then = asked_in(one, "57", known_at=LOOKED + timedelta(hours=1))
    assert then[COPYING, "copied"].state == "open"
    assert asked_in(one, "57", known_at=LOOKED - timedelta(hours=1)) == {}


def test_other_figures_ask_anew(one):
    looked_at(one)
    before = asked_in(one, "57")[COPYING, "copied"]
    answer_question(before.id, choice="corrected", words="กำลังแก้", by=HEAD, at=LOOKED)
    report(one, rows_of(COPYING, [777]), at=LOOKED + timedelta(hours=2))
    looked_at(one, days=1)
    rows = QualityQuestion.objects.filter(place=COPYING, kind="copied").order_by("revision")
    assert [(each.revision, each.superseded_at is None) for each in rows] == [
        (1, False),
        (2, True),
    ]
    states = {each.id: each.state for each in questions_about(one.pk, ["57"])}
    assert states[rows[0].pk] == "settled"
    assert states[rows[1].pk] == "open"


def test_an_answer_is_known_from_its_moment(one):
    looked_at(one)
    question = asked_in(one, "57")[COPYING, "copied"]
    later = LOOKED + timedelta(days=2)
    answer_question(question.id, choice="corrected", words=" แก้แล้ว ", by=HEAD, at=later)
    now = asked_in(one, "57")[COPYING, "copied"]
    assert [(each.choice, each.words, each.by) for each in now.answers] == [
        ("corrected", "แก้แล้ว", "user:7")
    ]
    then = asked_in(one, "57", known_at=later - timedelta(hours=1))[COPYING, "copied"]
    assert (then.state, then.answers) == ("open", ())
    states = [each.state for each in asked_in(one, "57").values()]
    assert states.count("open") == 1  # the neighbour's


def test_an_answer_needs_words_and_a_question_that_stands(one):
    looked_at(one)
    question = asked_in(one, "57")[COPYING, "copied"]
    with pytest.raises(AnswerRefused) as refused:
        answer_question(question.id, choice="confirmed", words="  ", by=HEAD, at=LOOKED)
    assert refused.value.code == "no_words"
    with pytest.raises(ValueError, match="no such choice"):
        answer_question(question.id, choice="denied", words="ไม่", by=HEAD, at=LOOKED)
    QualityQuestion.objects.update(superseded_at=LOOKED)
    with pytest.raises(AnswerRefused) as refused:
        answer_question(question.id, choice="confirmed", words="ใช่", by=HEAD, at=LOOKED)
    assert refused.value.code == "settled"
    assert QualityAnswer.objects.count() == 0


def test_answers_and_looks_are_never_changed(one):
    looked_at(one)
    question = asked_in(one, "57")[COPYING, "copied"]
    answer_question(question.id, choice="confirmed", words="ใช่", by=HEAD, at=LOOKED)
    with pytest.raises(DatabaseError), transaction.atomic():
        QualityAnswer.objects.update(words="ไม่ใช่")
    with pytest.raises(DatabaseError), transaction.atomic():
        QualityAnswer.objects.all().delete()
    with pytest.raises(DatabaseError), transaction.atomic():
        QualityLook.objects.update(figures=0)
    assert QualityAnswer.objects.get().words == "ใช่"


def test_the_nightly_job_looks_once_at_what_is_new(one):
    assert one.pk in rounds_to_look_at()
    assert look_at_rounds_due(by=SYSTEM, at=LOOKED) == 2  # both rounds have figures
    assert look_at_rounds_due(by=SYSTEM, at=LOOKED + timedelta(days=1)) == 0
    report(one, rows_of(COPYING, [777]), at=LOOKED + timedelta(days=1, hours=1))
    assert list(rounds_to_look_at()) == [one.pk]
    assert look_at_rounds_due(by=SYSTEM, at=LOOKED + timedelta(days=2)) == 1
    assert [each.round for each in newest_looks()] == ["12m", "6m"]
    assert look_at(one.pk).at == LOOKED + timedelta(days=2)
    assert look_at(one.pk, at=LOOKED).at == LOOKED


def test_questions_stand_beside_the_results_they_are_about(one):
    looked_at(one)
    beside = questions_of(one.pk, [COPYING, "5702"])
    assert set(beside) == {(COPYING, f"1.{number}") for number in range(1, 13)}
    assert beside[COPYING, "1.3"][0].kind == "copied"
    trends = trends_of(one.pk, beside[COPYING, "1.3"], {})
    before, now = trends[COPYING, "1.3"]
    assert before == now


@pytest.mark.parametrize("members", [["57"], ["th"]])
def test_reading_costs_the_same_for_one_question_and_for_three(one, members):
    looked_at(one)
    with CaptureQueriesContext(
        connection,
    ) as asked:
        found = questions_about(one.pk, members)
    assert len(found) == (2 if members == ["57"] else 3)
    assert len(asked) == 2
