"""Proposals from ideas: who takes one up, what it becomes, why one is declined, and who reads it."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from tests.persons import make_person, signed_in
from tests.policy.directives.acts import AT, sender_of
from tiddao.ledger.models import Entry
from tiddao.people.access import standing_of
from tiddao.people.models import Role, User
from tiddao.policy.actions.idea_proposals import ProposalRefused, Said, answer_proposal
from tiddao.policy.actions.ideas import NewBoard, open_board, post_idea, propose_ideas
from tiddao.policy.models import Directive, IdeaProposal, ProposalAnswer
from tiddao.policy.queries.idea_proposals import (
    find_proposal,
    proposals_seen,
    proposals_waiting,
)
from tiddao.policy.rules.ideas import possible_answers

WORDS = "ร้อยละของครัวเรือนที่มีรายได้เพิ่ม"


def proposal_of(
    user: User, *, kind: str = "indicator", words: str = WORDS, at: datetime = AT, **facts
) -> IdeaProposal:
    sender, by, _post = sender_of(user)
    board = open_board(
        NewBoard("จะทำให้รายได้เพิ่มได้อย่างไร", **facts), office=sender.office, by=by, at=AT
    )
    ideas = [post_idea(board.pk, each, by=by, at=AT).pk for each in ("ตลาดนัดทุกอำเภอ", "ขายออนไลน์")]
    propose_ideas(board.pk, ideas, kind, words, by=by, at=at)
    return board.proposals.get()


def said_by(user: User, proposal: IdeaProposal, *said: str) -> ProposalAnswer:
    sender, by, _post = sender_of(user)
    return answer_proposal(proposal.pk, Said(*said), office=sender.office, by=by, at=AT)


@pytest.fixture
def director(db) -> User:
    return make_person(Role.GROUP_DIRECTOR, "CDD-57", name="นางผู้อำนวยการ กลุ่มยุทธศาสตร์")


def test_what_may_be_said_follows_what_was_said() -> None:
    assert possible_answers("") == ("taken_up", "declined")
    assert possible_answers("taken_up") == ("became", "declined")
    assert possible_answers("declined") == ("taken_up",)
    assert possible_answers("became") == ()


@pytest.mark.django_db
def test_a_group_director_takes_a_proposal_up_and_says_what_became_of_it(
    director, provincial_head, district_head
) -> None:
    proposal = proposal_of(provincial_head)
    address, board = reverse("idea-proposal", args=[proposal.pk]), f"/ideas/{proposal.board_id}/"
    client, reader = signed_in(director), signed_in(district_head)
    assert "รอสำนักงานรับไปดำเนินการ" in reader.get(board).content.decode()
    answer = client.post(address, {"answer": "taken_up", "words": "มอบนักวิชาการร่างนิยาม"})
    assert answer.status_code == 302
    for page in (board, f"{board}?order=votes", address, reverse("idea-proposals")):
        shown = reader.get(page).content.decode()
        assert "รับไปแล้ว กำลังดำเนินการ" in shown or "รับไปดำเนินการแล้ว" in shown, page
        assert director.name_th in shown, page
    assert client.post(address, {"answer": "became", "outcome": "indicator"}).status_code == 422
    assert client.post(address, {"answer": "became", "words": "ตชว. 12"}).status_code == 422
    done = {"answer": "became", "outcome": "indicator", "words": "ร่าง ตชว. 12 รายได้ครัวเรือน"}
    assert client.post(address, done).status_code == 302
    for page in (board, address, reverse("idea-proposals")):
        shown = reader.get(page).content.decode()
        assert "ร่างตัวชี้วัด: ร่าง ตชว. 12 รายได้ครัวเรือน" in " ".join(shown.split()), page
        assert "รับไป" in shown, page  # who took it up stays to be read
        assert director.name_th in shown, page
    assert client.post(address, done).status_code == 302  # the page is stale: said in words
    assert ProposalAnswer.objects.count() == 2
    acts = Entry.objects.filter(act__endswith="_proposal").order_by("pk")
    assert list(acts.values_list("act", flat=True)) == ["take_up_proposal", "settle_proposal"]
    assert {each.on for each in acts} == {f"idea-board:{proposal.board_id}/proposal:{proposal.pk}"}


@pytest.mark.django_db
def test_a_proposal_is_declined_with_a_reason_and_may_be_taken_up_after_all(
    director, provincial_head, district_head
) -> None:
    proposal = proposal_of(provincial_head, kind="project")
    address = reverse("idea-proposal", args=[proposal.pk])
    client = signed_in(director)
    silent = client.post(address, {"answer": "declined", "words": " "})
    assert silent.status_code == 422
    assert "กรุณาเขียนเหตุผลที่ไม่รับ" in silent.content.decode()
    client.post(address, {"answer": "declined", "words": "ปีนี้ไม่มีงบประมาณ"})
    shown = signed_in(district_head).get(f"/ideas/{proposal.board_id}/").content.decode()
    assert "ปีนี้ไม่มีงบประมาณ" in shown
    assert f"ไม่รับโดย {director.name_th}" in shown
    said_by(provincial_head, proposal, "taken_up", "ใช้งบจังหวัด")
    with pytest.raises(ProposalRefused) as refused:
        said_by(provincial_head, proposal, "taken_up", "")
    assert refused.value.code == "not-possible"
    page = signed_in(district_head).get(address).content.decode()
    assert "ปีนี้ไม่มีงบประมาณ" in page  # the first answer is not forgotten
    assert "ใช้งบจังหวัด" in page
    reason = Entry.objects.get(act="decline_proposal").detail
    assert reason == {"outcome": "", "words": "ปีนี้ไม่มีงบประมาณ"}


@pytest.mark.django_db
def test_only_the_boards_office_and_those_above_answer(
    director, provincial_head, district_head, executive, stranger
) -> None:
    of_district, of_province = proposal_of(district_head), proposal_of(provincial_head)
    officer = make_person(Role.TAMBON_OFFICER, "CDD-5712")
    zone = make_person(Role.ZONE_OFFICER, "CDD-57", group_key="zone-57-ing-su-khong")
    district, province = (
        reverse("idea-proposal", args=[each.pk]) for each in (of_district, of_province)
    )
    said = {"answer": "declined", "words": "ไม่ใช่"}
    for person, address, status in (
        (district_head, province, 403), (officer, district, 403), (zone, province, 403),
        (stranger, district, 404), (stranger, province, 404),
    ):  # fmt: skip
        assert signed_in(person).post(address, said).status_code == status, (person, address)
    assert not ProposalAnswer.objects.exists()
    for person, address in ((district_head, district), (director, province)):
        assert 'name="answer"' in signed_in(person).get(address).content.decode()
    for person in (director, executive, zone):  # a zone's officer coaches its districts
        assert 'name="answer"' in signed_in(person).get(district).content.decode()
    of_zone = proposal_of(zone)
    own = reverse("idea-proposal", args=[of_zone.pk])
    assert signed_in(zone).post(own, said).status_code == 302  # the board is theirs
    assert of_zone.answers.get().by == f"user:{zone.pk}"


@pytest.mark.django_db
def test_a_proposal_becomes_a_directive_that_its_line_may_open(
    provincial_head, director, district_head
) -> None:
    proposal = proposal_of(provincial_head)
    address = reverse("idea-proposal-hand-down", args=[proposal.pk])
    client = signed_in(provincial_head)
    assert client.get(address).status_code == 302  # nobody has taken it up
    said_by(provincial_head, proposal, "taken_up", "")
    form = client.get(address)
    assert WORDS in form.content.decode()
    given = {
        "post": form.context["sender"].fields["post"].choices[0][0], "title": "วัดรายได้ครัวเรือน",
        "text": WORDS, "levels": ["district"], "within": ["5704"],
    }  # fmt: skip
    assert client.post(address, given | {"title": ""}).status_code == 422
    assert ProposalAnswer.objects.count() == 1
    assert client.post(address, given).status_code == 302
    made = Directive.objects.get()
    last = proposal.answers.order_by("number").last()
    assert (last.outcome, last.directive_id, last.words) == ("directive", made.pk, made.title)
    link = reverse("directive", args=[made.pk])
    board = f"/ideas/{proposal.board_id}/"
    assert link in client.get(board).content.decode()
    below = signed_in(district_head).get(board).content.decode()
    assert "วัดรายได้ครัวเรือน" in below
    assert link not in below  # it went to another district
    assert client.post(address, given).status_code == 302  # once
    assert Directive.objects.count() == 1


@pytest.mark.django_db
def test_a_board_without_names_names_the_office_that_answers_and_no_author(
    provincial_head, district_head, director
) -> None:
    proposal = proposal_of(provincial_head, names_shown=False)
    post_idea(proposal.board_id, "ลดงานซ้ำ", by=sender_of(district_head)[1], at=AT)
    said_by(director, proposal, "taken_up", "")
    for address in (
        f"/ideas/{proposal.board_id}/", reverse("idea-proposal", args=[proposal.pk]),
        reverse("idea-proposals"), "/api/v1/ideas/proposals",
    ):  # fmt: skip
        answer = signed_in(director).get(address)
        is_page = answer.headers["Content-Type"].startswith("text/html")
        shown = answer.content.decode().partition("<main")[2] if is_page else str(answer.json())
        assert district_head.name_th not in shown, address
        assert provincial_head.name_th not in shown, address
        assert director.name_th in shown, address


@pytest.mark.django_db
def test_lists_are_narrowed_and_cost_the_same_for_three_as_for_one(
    provincial_head, stranger
) -> None:
    client = signed_in(provincial_head)
    proposal = proposal_of(provincial_head)
    said_by(provincial_head, proposal, "taken_up", "")
    addresses = (
        reverse("idea-proposals"), f"/ideas/{proposal.board_id}/",
        reverse("idea-proposal", args=[proposal.pk]), "/api/v1/ideas/proposals",
    )  # fmt: skip

    def costs() -> list[int]:
        found = []
        for address in addresses:
            client.get(address)
            with CaptureQueriesContext(connection) as asked:
                assert client.get(address).status_code == 200
            found.append(len(asked))
        return found

    before = costs()
    for number in range(2):
        other = proposal_of(provincial_head, kind="project", words=f"โครงการที่ {number}")
        said_by(provincial_head, other, "declined", "ซ้ำกับของเดิม")
        idea = post_idea(proposal.board_id, f"อีก {number}", by=sender_of(provincial_head)[1], at=AT)
        propose_ideas(
            proposal.board_id, [idea.pk], "project", f"อีก {number}",
            by=sender_of(provincial_head)[1], at=AT + timedelta(hours=1),
        )  # fmt: skip
    assert costs() == before
    assert max(before) < 25
    listed = reverse("idea-proposals")
    for query, number in (
        ({}, 5), ({"state": "waiting"}, 2), ({"state": "declined"}, 2), ({"state": "taken_up"}, 1),
        ({"state": "became"}, 0), ({"became": "indicator"}, 1), ({"state": "x"}, 5),
        ({"became": "project", "state": "waiting"}, 2),
    ):  # fmt: skip
        page = client.get(listed, query).content.decode()
        assert page.count('id="proposal-') == number, query
    assert 'id="proposal-' not in signed_in(stranger).get(listed).content.decode()
    said = client.get("/api/v1/ideas/proposals").json()
    assert [each["state"] for each in said].count("declined") == 2
    assert {each["answers"][0]["words"] for each in said if each["state"] == "declined"} == {
        "ซ้ำกับของเดิม"
    }
    assert signed_in(stranger).get("/api/v1/ideas/proposals").json() == []


@pytest.mark.django_db
def test_answers_stay_and_say_what_they_must(provincial_head) -> None:
    answer = said_by(provincial_head, proposal_of(provincial_head), "taken_up", "")
    for facts in (
        {"answer": "declined"}, {"answer": "became", "words": "x"},
        {"answer": "became", "words": "x", "outcome": "directive"}, {"number": 1},
    ):  # fmt: skip
        fields = {
            "proposal": answer.proposal, "number": 2, "answer": "taken_up", "office_id": "CDD-57",
            "by": "user:1", "at": AT,
        } | facts  # fmt: skip
        with pytest.raises(IntegrityError), transaction.atomic():
            ProposalAnswer.objects.create(**fields)
    with pytest.raises(ProgrammingError), transaction.atomic():
        ProposalAnswer.objects.update(words="อื่น")
    with pytest.raises(ProgrammingError), transaction.atomic():
        IdeaProposal.objects.update(words="อื่น")


def home_of(user: User) -> str:
    """The card of waiting proposals on the person's home page, "" where there is none."""
    page = signed_in(user).get(reverse("home")).content.decode()
    return page.partition('id="panel-ideas"')[2].partition("</section>")[0]


@pytest.mark.django_db
def test_the_home_page_says_what_waits_to_those_who_may_answer(
    director, provincial_head, district_head, executive, stranger
) -> None:
    now = timezone.now()
    proposal = proposal_of(provincial_head, words="วัดรายได้ครัวเรือน", at=now)
    proposal_of(district_head, words="ตลาดนัดทุกตำบล", at=now)
    old = proposal_of(district_head, words="ขายออนไลน์", at=now - timedelta(days=12))
    shown = home_of(director)
    assert "รอสำนักงานของท่าน 1 เรื่อง" in shown
    assert "ของสำนักงานอื่นในความดูแลของท่าน 2 เรื่อง" in shown
    assert "รอนานที่สุด 12 วัน" in shown
    words = [shown.index(each) for each in ("วัดรายได้ครัวเรือน", "ขายออนไลน์", "ตลาดนัดทุกตำบล")]
    assert words == sorted(words)  # their own first, then who waits the longest
    assert "?state=mine" in shown
    assert reverse("idea-proposal", args=[old.pk]) in shown
    assert "รอสำนักงานของท่าน 2 เรื่อง" in home_of(district_head)
    assert "วัดรายได้ครัวเรือน" not in home_of(district_head)  # seen, but not theirs to answer
    assert "ของสำนักงานอื่นในความดูแลของท่าน 3 เรื่อง" in home_of(executive)
    officer = make_person(Role.TAMBON_OFFICER, "CDD-5712")
    assert home_of(officer) == home_of(stranger) == ""
    said_by(director, proposal, "taken_up", "")
    assert "วัดรายได้ครัวเรือน" not in home_of(provincial_head)
    assert home_of(district_head) != ""


@pytest.mark.django_db
def test_what_waits_on_the_home_page_is_what_may_be_answered_in_one_query(
    director, provincial_head, district_head, executive, stranger, django_assert_num_queries
) -> None:
    zone = make_person(Role.ZONE_OFFICER, "CDD-57", group_key="zone-57-ing-su-khong")
    officer = make_person(Role.TAMBON_OFFICER, "CDD-5712")
    for user in (director, provincial_head, district_head, zone, officer, executive):
        proposal_of(user, words=user.name_th)
    answered = proposal_of(district_head)
    said_by(district_head, answered, "declined", "ซ้ำ")
    for user in (director, provincial_head, district_head, zone, officer, executive, stranger):
        standing = standing_of(user, on=timezone.localdate())
        waiting = set(IdeaProposal.objects.filter(answers=None).values_list("pk", flat=True))
        one_by_one = {
            pk for pk in waiting if (one := find_proposal(pk, standing)) and one.answering
        }
        listed = proposals_seen(standing, state="mine").values_list("pk", flat=True)
        assert set(listed) == one_by_one, user.name_th
        with django_assert_num_queries(1 if standing.may("answer_proposal") else 0):
            found = proposals_waiting(standing)
        assert found.own + found.others == len(one_by_one), user.name_th
        assert {each.id for each in found.lines} <= one_by_one
