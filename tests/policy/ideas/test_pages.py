"""Idea boards as three people: what they post, vote and turn, what is hidden and what it costs."""

from __future__ import annotations

import io
import json
from datetime import timedelta

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from tests.persons import make_person, signed_in
from tests.policy.directives.acts import AT, sender_of
from tests.together import at_once
from tiddao.ledger.actors import Actor
from tiddao.ledger.models import Entry
from tiddao.people.models import Role
from tiddao.policy.actions.ideas import (
    IdeaRefused,
    NewBoard,
    close_board,
    open_board,
    post_idea,
    vote_idea,
    withdraw_idea,
)
from tiddao.policy.models import Directive, Idea, IdeaBoard, IdeaVote, Invitation, Meeting

HTMX = {"HTTP_HX_REQUEST": "true"}
QUESTION = "จะทำให้ สพอ.ติดดาว สำเร็จได้อย่างไร"


def board_of(user, **facts) -> IdeaBoard:
    sender, by, _ = sender_of(user)
    return open_board(NewBoard(QUESTION, **facts), office=sender.office, by=by, at=AT)


def posted(board, user, words) -> Idea:
    return post_idea(board.pk, words, by=sender_of(user)[1], at=AT)


def cost(client, address) -> int:
    client.get(address)
    with CaptureQueriesContext(connection) as asked:
        assert client.get(address).status_code == 200
    return len(asked)


@pytest.mark.django_db
class TestPages:
    def test_an_idea_is_posted_without_a_full_page(self, provincial_head, district_head) -> None:
        board = board_of(provincial_head)
        client = signed_in(district_head)
        address = reverse("idea-post", args=[board.pk])
        answer = client.post(address, {"words": "ตั้งทีมพี่เลี้ยงอำเภอ"}, **HTMX)
        page = answer.content.decode()
        assert answer.status_code == 200
        assert "<html" not in page
        assert "ตั้งทีมพี่เลี้ยงอำเภอ" in page
        assert "ความคิดของท่านขึ้นกระดานแล้ว" in page
        again = client.post(address, {"words": "ตั้งทีมพี่เลี้ยงอำเภอ"})
        assert again.status_code == 302
        assert Idea.objects.count() == 1  # a shaky hand is one idea
        empty = client.post(address, {"words": " "}, **HTMX)
        assert empty.status_code == 422
        assert "กรุณาเขียน" in empty.content.decode()

    def test_only_the_line_and_the_invited_see_a_board(
        self, provincial_head, district_head, stranger
    ) -> None:
        alone = board_of(provincial_head)
        meeting = Meeting.objects.create(
            place_id="57", office_id="CDD-57", fiscal_year=2569, title="ประชุมโซน", starts_at=AT,
            by="user:1", at=AT,
        )  # fmt: skip
        called = board_of(provincial_head, meeting_id=meeting.pk)
        assert signed_in(district_head).get(f"/ideas/{alone.pk}/").status_code == 200
        assert signed_in(district_head).get(f"/ideas/{called.pk}/").status_code == 404
        assert signed_in(stranger).get(f"/ideas/{alone.pk}/").status_code == 404
        invited = Invitation.objects.create(
            meeting=meeting, office_id="CDD-5712", role=Role.DISTRICT_HEAD
        )
        assert signed_in(district_head).get(f"/ideas/{called.pk}/").status_code == 200
        assert signed_in(district_head).get(f"/api/v1/ideas/{called.pk}").status_code == 200
        Invitation.objects.filter(pk=invited.pk).update(withdrawn=True)
        assert signed_in(district_head).get(f"/ideas/{called.pk}/").status_code == 404

    def test_votes_are_limited_and_taken_back(self, provincial_head, district_head) -> None:
        board = board_of(provincial_head, votes_each=1)
        one, two = (posted(board, provincial_head, words) for words in ("หนึ่ง", "สอง"))
        client = signed_in(district_head)
        first = client.post(reverse("idea-vote", args=[one.pk]), **HTMX).content.decode()
        assert "เหลือ 0 จาก 1 คะแนน" in first
        second = client.post(reverse("idea-vote", args=[two.pk]), **HTMX).content.decode()
        assert "ใช้คะแนนครบแล้ว" in second
        back = client.post(reverse("idea-vote", args=[one.pk]), {"take_back": "yes"}, **HTMX)
        assert "เหลือ 1 จาก 1 คะแนน" in back.content.decode()
        assert not IdeaVote.objects.exists()

    def test_hidden_names_are_nowhere(self, provincial_head, district_head) -> None:
        board = board_of(provincial_head, names_shown=False)
        idea = posted(board, district_head, "อยากให้ลดรายงานซ้ำซ้อน")
        vote_idea(idea.pk, by=sender_of(district_head)[1], at=AT)
        withdraw_idea(
            posted(board, district_head, "ถอนได้").pk, by=sender_of(district_head)[1], at=AT
        )
        client = signed_in(provincial_head)
        name, reference = district_head.name_th, f"user:{district_head.pk}"
        for address in (
            f"/ideas/{board.pk}/", f"/ideas/{board.pk}/?order=votes", "/ideas/", "/ideas/proposals/",
            f"/ideas/{board.pk}/grouping/", f"/api/v1/ideas/{board.pk}", "/api/v1/ideas",
            f"/ideas/{board.pk}/propose/?idea={idea.pk}", f"/ideas/{board.pk}/hand-down/?idea={idea.pk}",
        ):  # fmt: skip
            said = client.get(address)
            assert said.status_code == 200, address
            assert name not in said.content.decode(), address
            assert reference not in said.content.decode(), address
        book = openpyxl.load_workbook(
            io.BytesIO(b"".join(client.get(f"/ideas/{board.pk}/board.xlsx").streaming_content))
        )
        cells = [str(cell) for row in book.active.iter_rows(values_only=True) for cell in row]
        assert "อยากให้ลดรายงานซ้ำซ้อน" in cells
        assert name not in cells
        assert not Entry.objects.filter(by=reference).exists()  # nor the ledger's pages
        assert not Entry.objects.filter(by_name=name).exists()
        idea.refresh_from_db()
        assert idea.by == reference  # kept, and shown to nobody
        assert (
            json.loads(client.get(f"/api/v1/ideas/{board.pk}").content)["ideas_posted"][0][
                "by_name"
            ]
            is None
        )

    def test_names_are_shown_where_the_board_says_so(self, provincial_head, district_head) -> None:
        board = board_of(provincial_head)
        posted(board, district_head, "หนึ่ง")
        page = signed_in(provincial_head).get(f"/ideas/{board.pk}/").content.decode()
        assert district_head.name_th in page

    def test_groups_are_proposed_with_the_word_and_accepted(self, provincial_head) -> None:
        board = board_of(provincial_head)
        one = posted(board, provincial_head, "ทำแผนที่ศูนย์เรียนรู้ชุมชน")
        two = posted(board, provincial_head, "เปิดศูนย์เรียนรู้ชุมชนวันเสาร์")
        client = signed_in(provincial_head)
        address = reverse("idea-grouping", args=[board.pk])
        page = client.get(address).content.decode()
        assert '<mark class="mark">ศูนย์เรียนรู้ชุมชน</mark>' in page
        assert client.post(address, {"ideas": [one.pk], "title": ""}).status_code == 302
        assert not board.groups.exists()
        client.post(address, {"ideas": [one.pk, two.pk], "title": "ศูนย์เรียนรู้"})
        group = board.groups.get()
        assert set(group.ideas.values_list("pk", flat=True)) == {one.pk, two.pk}
        shown = client.get(f"/ideas/{board.pk}/").content.decode()
        assert "ศูนย์เรียนรู้</h2>" in shown
        client.post(reverse("idea-into-group", args=[two.pk]), {"group": "", "title": "วันหยุด"})
        two.refresh_from_db()
        assert two.group.title == "วันหยุด"

    def test_a_whole_group_becomes_a_directive_and_stays_tied(self, provincial_head) -> None:
        board = board_of(provincial_head)
        one, two = (posted(board, provincial_head, words) for words in ("หนึ่งเรื่อง", "สองเรื่อง"))
        client = signed_in(provincial_head)
        for idea in (one, two):
            client.post(reverse("idea-into-group", args=[idea.pk]), {"title": "ตำบลเข้มแข็ง"})
        group = board.groups.get()
        address = f"{reverse('ideas-hand-down', args=[board.pk])}?group={group.pk}"
        form = client.get(address)
        assert "ตำบลเข้มแข็ง" in form.content.decode()
        post = form.context["sender"].fields["post"].choices[0][0]
        said = {
            "post": post, "title": "ตำบลเข้มแข็ง", "text": "ดำเนินการตามนี้", "levels": ["district"],
            "within": ["57"],
        }  # fmt: skip
        assert client.post(address, said | {"title": ""}).status_code == 422
        assert client.post(address, said).status_code == 302
        made = Directive.objects.get()
        assert set(made.ideas.values_list("pk", flat=True)) == {one.pk, two.pk}
        assert set(Idea.objects.values_list("became", flat=True)) == {"directive"}
        page = client.get(f"/ideas/{board.pk}/").content.decode()
        assert reverse("directive", args=[made.pk]) in page
        assert client.post(address, said).status_code == 302  # nothing is left to be turned
        assert Directive.objects.count() == 1

    def test_an_indicator_proposal_is_listed(
        self, provincial_head, district_head, stranger
    ) -> None:
        board = board_of(provincial_head)
        idea = posted(board, district_head, "วัดความสุขทีมงาน")
        address = f"{reverse('ideas-propose', args=[board.pk])}?idea={idea.pk}"
        said = {"became": "indicator", "words": "ร้อยละของทีมที่ประเมินความสุข"}
        assert signed_in(district_head).post(address, said).status_code == 403
        assert signed_in(provincial_head).post(address, said).status_code == 302
        listed = reverse("idea-proposals")
        assert "ร้อยละของทีมที่ประเมินความสุข" in signed_in(provincial_head).get(listed).content.decode()
        assert "ร้อยละของทีม" not in signed_in(stranger).get(listed).content.decode()
        taken = signed_in(district_head).post(reverse("idea-withdraw", args=[idea.pk]))
        assert taken.status_code == 302
        idea.refresh_from_db()
        assert (idea.became, idea.withdrawn) == ("indicator", False)

    def test_a_closed_board_takes_nothing(self, provincial_head, district_head) -> None:
        board = board_of(provincial_head)
        idea = posted(board, district_head, "หนึ่ง")
        close = reverse("idea-board-close", args=[board.pk])
        assert signed_in(district_head).post(close).status_code == 403
        signed_in(provincial_head).post(close)
        client = signed_in(district_head)
        late = client.post(reverse("idea-post", args=[board.pk]), {"words": "สาย"}, **HTMX)
        assert late.status_code == 422
        client.post(reverse("idea-vote", args=[idea.pk]))
        assert not IdeaVote.objects.exists()
        assert Idea.objects.count() == 1

    def test_nobody_withdraws_anothers_idea(self, provincial_head, district_head) -> None:
        idea = posted(board_of(provincial_head), district_head, "หนึ่ง")
        signed_in(provincial_head).post(reverse("idea-withdraw", args=[idea.pk]))
        idea.refresh_from_db()
        assert not idea.withdrawn
        signed_in(district_head).post(reverse("idea-withdraw", args=[idea.pk]))
        idea.refresh_from_db()
        assert idea.withdrawn

    def test_pages_cost_the_same_for_three_as_for_one(self, provincial_head) -> None:
        client = signed_in(provincial_head)
        board = board_of(provincial_head)
        posted(board, provincial_head, "หนึ่ง")
        addresses = ("/ideas/", f"/ideas/{board.pk}/", f"/api/v1/ideas/{board.pk}")
        before = [cost(client, address) for address in addresses]
        for number in range(2):
            board_of(provincial_head)
            posted(board, provincial_head, f"อีก {number}")
        assert [cost(client, address) for address in addresses] == before
        assert max(before) < 25

    def test_newer_ideas_are_told(self, provincial_head) -> None:
        board = board_of(provincial_head)
        first = posted(board, provincial_head, "หนึ่ง")
        posted(board, provincial_head, "สอง")
        address = f"{reverse('idea-board-newer', args=[board.pk])}?seen={first.pk}"
        assert "มีความคิดใหม่ 1 เรื่อง" in signed_in(provincial_head).get(address).content.decode()


# -- at the same moment ----------------------------------------------------------------------------


def test_two_windows_at_once_cannot_pass_the_limit_and_no_idea_is_lost(committed) -> None:
    by = Actor("user:1", "ผู้เปิด")
    board = open_board(NewBoard(QUESTION, votes_each=2), office="CDD-57", by=by, at=AT)
    at = AT + timedelta(minutes=1)
    said = at_once(
        *(
            lambda n=n: post_idea(board.pk, f"ความคิด {n}", by=Actor(f"user:{n}"), at=at)
            for n in range(8)
        )
    )
    ideas = [each for each in said if isinstance(each, Idea)]
    assert len(ideas) == 8, said
    assert Idea.objects.filter(board=board).count() == 8
    voter = Actor("user:99", "ผู้ลงคะแนน")
    votes = at_once(*(lambda idea=idea: vote_idea(idea.pk, by=voter, at=at) for idea in ideas[:6]))
    assert IdeaVote.objects.filter(by="user:99").count() == 2
    refused = [each for each in votes if isinstance(each, IdeaRefused)]
    assert [each.code for each in refused] == ["no-votes-left"] * 4
    same = at_once(*[lambda: vote_idea(ideas[7].pk, by=Actor("user:5"), at=at) for _ in range(4)])
    assert same == [1, 1, 1, 1]
    closing = at_once(
        lambda: close_board(board.pk, by=by, at=at),
        *(
            lambda n=n: post_idea(board.pk, f"สาย {n}", by=Actor(f"user:{n}"), at=at)
            for n in range(3)
        ),
    )
    late = sum(isinstance(each, IdeaRefused) for each in closing)
    assert Idea.objects.filter(board=board).count() == 8 + 3 - late
    assert timezone.is_aware(IdeaBoard.objects.get().closed_at)


@pytest.mark.django_db
def test_who_has_no_part_in_it_reads_only(provincial_head) -> None:
    board = board_of(provincial_head)
    auditor = make_person(Role.AUDITOR, "CDD-57")
    client = signed_in(auditor)
    assert client.get(f"/ideas/{board.pk}/").status_code == 200
    assert client.post(reverse("idea-post", args=[board.pk]), {"words": "x"}).status_code == 403
    assert client.get(reverse("idea-board-new")).status_code == 403
