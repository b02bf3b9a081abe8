"""The list of questions, one question, its answer, the workbook, JSON and the command."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from io import BytesIO

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from tests.indicators.pages.conftest import answer, body_of, page
from tests.indicators.quality.rounds import COPYING, LOOKED, NEIGHBOUR, looked_at, two_rounds
from tests.persons import signed_in
from tiddao.indicators.actions.quality import answer_question
from tiddao.indicators.models import QualityAnswer, QualityQuestion, Round
from tiddao.indicators.queries.quality import find_question
from tiddao.ledger.actors import SYSTEM

pytestmark = pytest.mark.django_db
ROUND = ("amphoe-tid-dao", 2566, "12m")


@pytest.fixture(scope="module")
def one(django_db_setup, django_db_blocker) -> Iterator[Round]:
    """A round that was looked at: two districts of Chiang Rai are asked, one of Chiang Mai.

    Made once, in a transaction that is given up after this file's tests; what one does, it undoes.
    """
    with django_db_blocker.unblock(), transaction.atomic():
        found = two_rounds()
        looked_at(found)
        yield found
        transaction.set_rollback(True)


def question_of(place: str) -> QualityQuestion:
    return QualityQuestion.objects.get(place=place)


def test_the_list_asks_in_words_and_shows_the_figures(one, provincial_head):
    text = page(provincial_head, "round-quality", *ROUND)
    assert "อำเภอพญาเม็งราย" in text
    assert "เท่ากับรอบก่อนทั้งตัวตั้งและตัวหาร" in text
    assert "ข้อสังเกตไม่ใช่ข้อกล่าวหา" in text
    assert "ทุจริต" not in text
    assert text.count("/1,370)") == 24  # twelve figures of each of the two districts
    assert "ยังไม่ตอบ 2 ข้อ" in text
    assert "<svg" in text  # the trend of each


def test_a_district_head_sees_the_own_district_alone(one, district_head):
    text = page(district_head, "round-quality", *ROUND)
    assert "ยังไม่ตอบ 1 ข้อ" in text
    assert reverse("round-question", args=[*ROUND, question_of(NEIGHBOUR).pk]) not in text
    answer(district_head, "round-question", *ROUND, question_of(NEIGHBOUR).pk, status=404)
    answer(district_head, "round-quality", *ROUND, query="?scope=57", status=404)


def test_a_stranger_sees_the_own_province(one, stranger):
    text = page(stranger, "round-quality", *ROUND)
    assert "พญาเม็งราย" not in text
    assert "แก้พร้อมกันก่อนปิดรอบ" in text
    answer(stranger, "round-question", *ROUND, question_of(COPYING).pk, status=404)


@pytest.mark.parametrize(
    ("query", "shown", "hidden"),
    [
        ("?kind=copied", COPYING, NEIGHBOUR),
        ("?kind=neighbour", NEIGHBOUR, COPYING),
        ("?place=5712", COPYING, NEIGHBOUR),
    ],
)
def test_the_list_is_narrowed(one, provincial_head, query, shown, hidden):
    text = page(provincial_head, "round-quality", *ROUND, query=query)
    assert reverse("round-question", args=[*ROUND, question_of(shown).pk]) in text
    assert reverse("round-question", args=[*ROUND, question_of(hidden).pk]) not in text


def test_nothing_left_says_what_to_do(one, provincial_head):
    text = page(provincial_head, "round-quality", *ROUND, query="?state=settled")
    assert "ไม่มีข้อสังเกตตามที่เลือก" in text
    before = page(provincial_head, "round-quality", "amphoe-tid-dao", 2566, "6m")
    assert "ยังไม่ได้ตรวจตัวเลขของรอบนี้" in before


def test_the_list_as_known_before_anybody_looked(one, provincial_head):
    earlier = "?known_at=2023-10-01T12:00%2B07:00"
    text = page(provincial_head, "round-quality", *ROUND, query=earlier)
    assert "ยังไม่ได้ตรวจตัวเลขของรอบนี้" in text
    assert "อำเภอพญาเม็งราย" not in text


def test_an_office_answers_and_the_question_stays_in_sight(one, district_head, provincial_head):
    asked = question_of(COPYING)
    here = reverse("round-question", args=[*ROUND, asked.pk])
    client = signed_in(district_head)
    assert "บันทึกคำตอบ" in client.get(here).content.decode()
    sent = {"choice": "confirmed", "words": "สำรวจซ้ำแล้วได้เท่าเดิม"}
    assert client.post(here, sent).status_code == 302
    said = QualityAnswer.objects.get()
    assert (said.question_id, said.by) == (asked.pk, f"user:{district_head.pk}")
    text = page(provincial_head, "round-quality", *ROUND)
    assert "สำรวจซ้ำแล้วได้เท่าเดิม" in text
    assert district_head.name_th in text
    assert "ยังไม่ตอบ 1 ข้อ" in text
    only = page(provincial_head, "round-quality", *ROUND, query="?state=answered")
    assert here in only


def test_an_answer_without_words_is_asked_for_again(one, district_head):
    here = reverse("round-question", args=[*ROUND, question_of(COPYING).pk])
    response = signed_in(district_head).post(here, {"choice": "confirmed", "words": " "})
    assert response.status_code == 422
    assert QualityAnswer.objects.count() == 0


def test_those_who_only_look_cannot_answer(one, executive):
    here = reverse("round-question", args=[*ROUND, question_of(COPYING).pk])
    client = signed_in(executive)
    assert "บันทึกคำตอบ" not in client.get(here).content.decode()
    sent = {"choice": "confirmed", "words": "ตอบแทน"}
    assert client.post(here, sent).status_code == 403


def test_a_settled_question_takes_no_answer(one, district_head):
    asked = question_of(COPYING)
    QualityQuestion.objects.filter(pk=asked.pk).update(superseded_at=LOOKED)
    here = reverse("round-question", args=[*ROUND, asked.pk])
    client = signed_in(district_head)
    assert "ตัวเลขเปลี่ยนไปแล้ว" in client.get(here).content.decode()
    sent = {"choice": "confirmed", "words": "ช้าไป"}
    assert client.post(here, sent).status_code == 422


def test_a_question_of_another_round_is_not_found(one, provincial_head):
    asked = question_of(COPYING)
    answer(provincial_head, "round-question", "amphoe-tid-dao", 2566, "6m", asked.pk, status=404)


def test_a_place_leads_to_its_questions(one, provincial_head):
    response = answer(provincial_head, "place-questions", "5712", status=302)
    assert response["Location"] == reverse("round-quality", args=ROUND) + "?scope=5712"
    QualityQuestion.objects.all().delete()


def test_only_who_opens_rounds_asks_for_a_look(one, provincial_head, executive):
    address = reverse("round-quality-look", args=ROUND)
    assert signed_in(provincial_head).post(address).status_code in {403, 404}
    assert signed_in(executive).post(address).status_code == 302


def test_the_workbook_holds_every_question_with_figures_and_answers(one, provincial_head):
    answer_question(
        question_of(COPYING).pk, choice="confirmed", words="ถูกต้องแล้ว", by=SYSTEM, at=LOOKED
    )
    response = answer(provincial_head, "round-quality-xlsx", *ROUND)
    sheet = load_workbook(BytesIO(body_of(response))).active
    rows = [[str(cell or "") for cell in row] for row in sheet.iter_rows(values_only=True)]
    told = [row for row in rows if row[0] in {COPYING, NEIGHBOUR}]
    assert len(told) == 2
    copied = next(row for row in told if row[0] == COPYING)
    assert any(cell.count("/1,370") == 12 for cell in copied)
    assert any("ถูกต้องแล้ว" in cell for cell in copied)


def test_json_says_the_same_and_refuses_unknown_questions(one, provincial_head):
    client = signed_in(provincial_head)
    address = "/api/v1/frameworks/2566/amphoe-tid-dao/rounds/12m/quality"
    said = client.get(address, {"scope": "57"}).json()
    assert said["count"] == 2
    assert {each["kind"] for each in said["questions"]} == {"copied", "neighbour"}
    copied = next(each for each in said["questions"] if each["kind"] == "copied")
    assert copied["place"] == COPYING
    assert len(copied["figures"]) == 12
    assert 0 < copied["chance"] < 0.01
    assert client.get(address, {"scope": "50"}).status_code == 404
    assert client.get(address, {"scope": "57", "colour": "red"}).status_code == 422
    missing = address.replace("12m", "99m")
    assert client.get(missing, {"scope": "57"}).status_code == 404


def test_the_command_looks_and_tells(one):
    out = io.StringIO()
    call_command(
        "quality", framework="amphoe-tid-dao", round="12m", year="2566", scope="57", stdout=out
    )
    assert "ข้อสังเกต 2 ข้อ" in out.getvalue()
    assert "อำเภอพญาเม็งราย (5712)" in out.getvalue()
    out = io.StringIO()
    call_command("quality", round="6m", year="2566", json=True, look=True, stdout=out)
    said = json.loads(out.getvalue())
    assert said["looked_at"]
    assert said["count"] == 0
    with pytest.raises(SystemExit):
        call_command("quality", round="99m", year="2566", stdout=io.StringIO())


def test_the_list_costs_the_same_for_one_question_and_for_three(one, provincial_head, executive):
    costs = []
    for user in (provincial_head, executive):
        client = signed_in(user)
        with CaptureQueriesContext(connection) as asked:
            response = client.get(reverse("round-quality", args=ROUND))
        assert response.status_code == 200
        costs.append(len(asked))
    # The nation's list asks once more: for the names of the provinces to choose from.
    assert costs[1] - costs[0] <= 1
    assert costs[0] <= 18


def test_a_question_that_nobody_asked_is_not_there():
    assert find_question(0) is None
