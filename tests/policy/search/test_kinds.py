"""Visits, ideas, strategies and papers in the search: found, hidden, kept in step, at what cost."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from tests.persons import make_person, signed_in
from tests.policy.directives.acts import AT, sender_of
from tests.policy.meetings.acts import called
from tests.policy.papers.acts import held_meeting, issued, letter_of
from tests.policy.papers.conftest import files  # noqa: F401 -- a fixture: files of issued papers
from tests.policy.papers.made import LETTER
from tests.policy.strategy.made import HEAD_57, Pen, begun, department, direction
from tiddao.people.access import standing_of
from tiddao.people.models import Role, User
from tiddao.policy.actions.idea_proposals import Said, answer_proposal
from tiddao.policy.actions.ideas import (
    NewBoard,
    close_board,
    group_ideas,
    open_board,
    post_idea,
    propose_ideas,
    rename_group,
    withdraw_idea,
)
from tiddao.policy.actions.indexing import index_changes, reindex
from tiddao.policy.actions.letters import change_letter, drop_letter, issue_letter
from tiddao.policy.actions.strategy import new_strategy_version
from tiddao.policy.actions.visits import (
    NewFollowUp,
    Seen,
    correct_visit,
    finish_follow_up,
    record_visit,
)
from tiddao.policy.models import (
    FieldVisit,
    FollowUp,
    Idea,
    IdeaBoard,
    IdeaGroup,
    Invitation,
    SearchEntry,
    SearchPending,
    SearchWord,
)
from tiddao.policy.queries.search import Found, Hit, Narrowed, find

pytestmark = pytest.mark.django_db

SEEN_ON = date(2026, 6, 1)


def found(text: str, person: User, kind: str = "") -> Found:
    index_changes()
    answer = find(text, standing_of(person, on=timezone.localdate()), Narrowed(kind=kind))
    assert answer is not None
    return answer


def kinds(text: str, person: User) -> dict[str, int]:
    return {each.kind: each.count for each in found(text, person).kinds}


def title(hit: Hit) -> str:
    return "".join(piece.text for piece in hit.title)


def visit_of(user: User, subject: str, *, place: str = "571203", **saw) -> FieldVisit:
    sender, by, _post = sender_of(user)
    return record_visit(
        Seen(SEEN_ON, subject, **({"problem": "น้ำไม่พอ"} | saw)),
        place=place,
        office=sender.office,
        follow_ups=[NewFollowUp("ขุดบ่อบาดาล", "นายช่างชลประทาน")],
        on=SEEN_ON,
        by=by,
        at=AT,
    )


def board_of(user: User, question: str = "จะลดงานซ้ำซ้อนอย่างไร", **facts) -> IdeaBoard:
    sender, by, _post = sender_of(user)
    return open_board(NewBoard(question, **facts), office=sender.office, by=by, at=AT)


def idea_of(board: IdeaBoard, user: User, words: str) -> Idea:
    return post_idea(board.pk, words, by=sender_of(user)[1], at=AT)


# -- field visits ----------------------------------------------------------------------------------


def test_a_visit_is_found_by_who_covers_its_place_in_step_with_its_follow_ups(
    executive, provincial_head, district_head, stranger
) -> None:
    visit = visit_of(provincial_head, "แปลงโคกหนองนาป้าสมมุติ", spot="หลังศาลาประชาคม")
    for words in ("โคกหนองนา", "ศาลาประชาคม", "น้ำไม่พอ", "บ่อบาดาล", "ชลประทาน"):
        for person in (executive, provincial_head, district_head):
            assert kinds(words, person) == {"visit": 1}, words
        assert kinds(words, stranger) == {}, words
    hit = found("โคกหนองนา", district_head).hits[0]
    assert (hit.href, hit.on) == (reverse("visit", args=[visit.pk]), SEEN_ON)
    by = sender_of(provincial_head)[1]
    correct_visit(visit.pk, Seen(SEEN_ON, "สวนยางพารา", progress="ดี"), on=SEEN_ON, by=by, at=AT)
    assert kinds("โคกหนองนา", executive) == {}
    assert kinds("ยางพารา", executive) == {"visit": 1}
    finish_follow_up(visit.follow_ups.get().pk, "เจาะแล้วพบสายน้ำ", by=by, at=AT)
    assert kinds("พบสายน้ำ", executive) == {"visit": 1}
    FollowUp.objects.all().delete()
    assert kinds("พบสายน้ำ", executive) == {}
    FieldVisit.objects.all().delete()
    assert kinds("ยางพารา", executive) == {}


# -- idea boards -----------------------------------------------------------------------------------


def test_a_board_and_its_ideas_are_found_by_who_may_see_it(
    provincial_head, district_head, stranger
) -> None:
    board = board_of(provincial_head)
    idea = idea_of(board, provincial_head, "ใช้ฐานข้อมูลเดียวทั้งจังหวัด")
    group_ideas(board.pk, [idea.pk], title="ระบบสารสนเทศ", by=sender_of(provincial_head)[1], at=AT)
    for words, kind in (("ซ้ำซ้อน", "board"), ("ฐานข้อมูล", "idea"), ("สารสนเทศ", "board")):
        assert kinds(words, provincial_head) == {kind: 1}
        assert kinds(words, district_head) == {kind: 1}  # a board of its own asks those below
        assert kinds(words, stranger) == {}
    meeting = called(provincial_head, offices=("CDD-5704",))
    within = board_of(provincial_head, "ถามเฉพาะผู้เข้าประชุม", meeting_id=meeting.pk)
    idea_of(within, provincial_head, "ตั้งพี่เลี้ยงประจำตำบล")
    assert kinds("พี่เลี้ยง", provincial_head) == {"idea": 1}
    assert kinds("พี่เลี้ยง", district_head) == {}
    invited = Invitation.objects.create(meeting=meeting, office_id="CDD-5712", role="district_head")
    assert kinds("พี่เลี้ยง", district_head) == {"idea": 1}
    assert kinds("ผู้เข้าประชุม", district_head) == {"board": 1}
    Invitation.objects.filter(pk=invited.pk).update(withdrawn=True)
    assert kinds("พี่เลี้ยง", district_head) == {}


def test_an_idea_without_a_name_gives_away_neither_who_nor_when(
    provincial_head, district_head
) -> None:
    author = make_person(Role.DISTRICT_HEAD, "CDD-5704", name="นายประหยัดยิ่ง เงียบงัน")
    hidden, named = board_of(provincial_head, names_shown=False), board_of(provincial_head)
    later = AT + timezone.timedelta(days=9)
    for board, words in ((hidden, "ลดรายงานกระดาษ"), (named, "ประชุมทางไกล")):
        post_idea(board.pk, words, by=sender_of(author)[1], at=later)
    one = found("รายงานกระดาษ", provincial_head).hits[0]
    assert (title(one), one.on, one.excerpt) == ("ลดรายงานกระดาษ", SEEN_ON, ())
    assert [title(each) for each in found("ประหยัดยิ่ง", provincial_head).hits] == ["ประชุมทางไกล"]
    assert found("ประชุมทางไกล", provincial_head).hits[0].on == timezone.localdate(later)
    IdeaBoard.objects.filter(pk=named.pk).update(names_shown=False)  # by whatever hand
    assert kinds("ประหยัดยิ่ง", provincial_head) == {}
    list(reindex())
    assert kinds("ประหยัดยิ่ง", provincial_head) == {}
    assert not SearchWord.objects.filter(spelling__contains="ประหยัดยิ่ง").exists()


def test_ideas_are_kept_in_step_with_what_becomes_of_them(provincial_head) -> None:
    board, by = board_of(provincial_head), sender_of(provincial_head)[1]
    idea = idea_of(board, provincial_head, "ประกวดครัวเรือนปลอดขยะ")
    long = idea_of(board, provincial_head, "เริ่มจากผู้นำ " * 12 + "จบด้วยตลาดนัดสีเขียว")
    group = group_ideas(board.pk, [idea.pk], title="สิ่งแวดล้อม", by=by, at=AT)
    assert group is not None
    hit = found("ตลาดนัดสีเขียว", provincial_head).hits[0]
    assert (title(hit)[-1], hit.key) == ("…", long.pk)
    rename_group(group.pk, "ชุมชนสะอาด", by=by, at=AT)
    assert (kinds("สิ่งแวดล้อม", provincial_head), kinds("ชุมชนสะอาด", provincial_head)) == (
        {},
        {"board": 1},
    )
    propose_ideas(board.pk, [idea.pk], "indicator", "ร้อยละหลังคาเรือนคัดแยก", by=by, at=AT)
    assert kinds("หลังคาเรือน", provincial_head) == {"idea": 1}
    said = Said("taken_up", "มอบนักวิชาการคลองหลวง")
    answer_proposal(board.proposals.get().pk, said, office="CDD-57", by=by, at=AT)
    assert kinds("คลองหลวง", provincial_head) == {"idea": 1}
    withdraw_idea(long.pk, by=by, at=AT)
    standing = standing_of(provincial_head, on=timezone.localdate())
    at_once = find("ตลาดนัดสีเขียว", standing, Narrowed())  # before the job has run
    assert at_once is not None
    assert at_once.total == 0
    assert kinds("ตลาดนัดสีเขียว", provincial_head) == {}
    assert not SearchEntry.objects.filter(kind="idea", key=long.pk).exists()
    Idea.objects.all().delete()
    IdeaGroup.objects.all().delete()
    close_board(board.pk, by=by, at=AT)
    assert kinds("ปลอดขยะ", provincial_head) == {}
    assert kinds("ชุมชนสะอาด", provincial_head) == {}
    assert kinds("ซ้ำซ้อน", provincial_head) == {"board": 1}


def test_an_idea_that_was_found_opens_on_the_page_of_its_board_where_it_stands(
    provincial_head, stranger
) -> None:
    board = board_of(provincial_head)
    ideas = [idea_of(board, provincial_head, f"ความคิดลำดับ {number}") for number in range(51)]
    for idea, page in ((ideas[0], 1), (ideas[49], 1), (ideas[50], 2)):
        address = (
            signed_in(provincial_head).get(reverse("idea", args=[idea.pk])).headers["Location"]
        )
        assert address == f"/ideas/{board.pk}/?order=votes&page={page}#idea-{idea.pk}"
        shown = signed_in(provincial_head).get(address.partition("#")[0]).content.decode()
        assert f'id="idea-{idea.pk}"' in shown
    assert signed_in(stranger).get(reverse("idea", args=[ideas[0].pk])).status_code == 404


# -- strategies ------------------------------------------------------------------------------------


def test_a_published_strategy_is_found_by_its_parts_and_never_a_draft(
    executive, provincial_head, district_head, stranger
) -> None:
    department("พัฒนาตำบลเข้มแข็ง", "ปลดหนี้นอกระบบ")
    version = direction("เข็มทิศอิงสู่โขง")
    for person in (executive, provincial_head, district_head, stranger):
        assert kinds("หนี้นอกระบบ", person) == {"mission": 1}  # the department's is for all
        assert kinds("ฐานรากมั่นคง", person) == {"strategy": 1}  # its vision
    for person in (executive, provincial_head, district_head):
        assert kinds("อิงสู่โขง", person) == {"strategy": 1, "mission": 1}
        assert kinds("นโยบายผู้ว่าราชการ", person) == {"strategy": 1}
        assert kinds("กลุ่มงานยุทธศาสตร์", person) == {"mission": 1}
    assert kinds("อิงสู่โขง", stranger) == {}
    pen = begun("CDD-50", title="เข็มทิศล้านนาร่าง")
    pen.mission("แนวทางล้านนา")
    assert kinds("ล้านนา", executive) == {}
    assert kinds("ล้านนา", stranger) == {}
    mission = version.missions.get(key="m1")
    hit = found("อิงสู่โขง", district_head, "mission").hits[0]
    assert hit.fiscal_year == version.strategy.fiscal_year
    landed = signed_in(district_head).get(hit.href).headers["Location"]
    assert landed == f"/strategy/{version.pk}/#m-m1"
    shown = signed_in(district_head).get(landed.partition("#")[0]).content.decode()
    assert 'id="m-m1"' in shown
    assert signed_in(stranger).get(reverse("mission", args=[mission.pk])).status_code == 404


def test_a_new_version_takes_the_place_of_the_one_before(provincial_head) -> None:
    first = direction("เข็มทิศอิงสู่โขง")
    assert kinds("อิงสู่โขง", provincial_head) == {"strategy": 1, "mission": 1}
    by = sender_of(provincial_head)[1]
    draft = new_strategy_version(first.pk, reason="ปรับถ้อยคำ", by=by, at=AT)
    pen = Pen(draft, by)
    pen.head(title="เข็มทิศกกสู่โขง")
    pen.mission("แนวทางกกสู่โขง", key="m1")
    assert kinds("อิงสู่โขง", provincial_head) == {"strategy": 1, "mission": 1}
    pen.check()
    pen.publish(HEAD_57)
    standing = standing_of(provincial_head, on=timezone.localdate())
    at_once = find("อิงสู่โขง", standing, Narrowed())
    assert at_once is not None
    assert at_once.total == 0  # before the job has run
    assert kinds("กกสู่โขง", provincial_head) == {"strategy": 1, "mission": 1}
    kept = SearchEntry.objects.filter(kind__in=["strategy", "mission"])
    assert {each.key for each in kept if each.kind == "strategy"} == {draft.pk}
    assert kept.filter(kind="mission").count() == draft.missions.count()


# -- papers ----------------------------------------------------------------------------------------


def test_a_letter_is_found_as_it_was_last_issued_never_as_a_draft(
    executive, provincial_head, district_head, stranger
) -> None:
    letter = letter_of(provincial_head, replace(LETTER, subject="เร่งรัดกองทุนสตรี"))
    by = sender_of(provincial_head)[1]
    assert kinds("กองทุนสตรี", provincial_head) == {}
    issue_letter(letter.pk, seen=0, by=by, at=AT)
    for words in ("กองทุนสตรี", "0019/ว 123", "บัญชีรายชื่อ", "พัฒนาการอำเภอขุนตาล"):
        assert kinds(words, provincial_head) == {"letter": 1}, words
        assert kinds(words, executive) == {"letter": 1}
        assert kinds(words, district_head) == {}  # of the office above: not on their page either
        assert kinds(words, stranger) == {}
    hit = found("กองทุนสตรี", provincial_head).hits[0]
    assert (hit.href, hit.on) == (reverse("letter", args=[letter.pk]), LETTER.day)
    change_letter(letter.pk, replace(LETTER, subject="เร่งรัดกองทุนเด็ก"), seen=1, by=by, at=AT)
    assert kinds("กองทุนเด็ก", provincial_head) == {}
    issue_letter(letter.pk, seen=2, reason="แก้คำผิด", by=by, at=AT)
    assert kinds("กองทุนเด็ก", provincial_head) == {"letter": 1}
    assert kinds("กองทุนสตรี", provincial_head) == {}
    dropped = letter_of(provincial_head, replace(LETTER, subject="ยกเลิกจักรยานยนต์"))
    drop_letter(dropped.pk, by=by, at=AT)
    assert kinds("จักรยานยนต์", provincial_head) == {}


def test_minutes_are_found_as_issued_by_whoever_sees_the_meeting(
    provincial_head, district_head, stranger
) -> None:
    meeting = held_meeting(provincial_head, title="ประชุมอำเภอติดดาว", offices=("CDD-5704",))
    assert kinds("ผู้จด", provincial_head) == {}
    issued(provincial_head, meeting)
    assert kinds("ติดดาว", provincial_head) == {"meeting": 1, "minutes": 1}
    assert kinds("ผู้จด", provincial_head) == {"minutes": 1}
    assert kinds("นายสมมุติ แขก", provincial_head) == {"minutes": 1}  # who came
    for person in (district_head, stranger):
        assert kinds("ติดดาว", person) == {}
    Invitation.objects.create(meeting=meeting, office_id="CDD-5712", role="district_head")
    hit = found("ผู้จด", district_head).hits[0]
    assert hit.href == reverse("minutes", args=[meeting.pk])
    assert signed_in(district_head).get(hit.href).status_code == 200
    assert kinds("ผู้จด", stranger) == {}


# -- all of them -----------------------------------------------------------------------------------


def test_a_page_of_all_kinds_costs_no_more_than_one_of_visits(provincial_head) -> None:
    word = "สัมมาชีพ"
    visit_of(provincial_head, word)
    index_changes()
    client = signed_in(provincial_head)
    client.get(reverse("search"), {"q": word})

    def cost() -> int:
        with CaptureQueriesContext(connection) as asked:
            assert client.get(reverse("search"), {"q": word}).status_code == 200
        return len(asked)

    one = cost()
    for _ in range(2):
        visit_of(provincial_head, word)
        board = board_of(provincial_head, f"{word}ของใคร")
        for number in range(3):
            idea_of(board, provincial_head, f"{word}แบบที่ {number}")
        letter = letter_of(provincial_head, replace(LETTER, subject=word))
        issue_letter(letter.pk, seen=0, by=sender_of(provincial_head)[1], at=AT)
        issued(provincial_head, held_meeting(provincial_head, title=word))
    direction(f"เข็มทิศ{word}")
    index_changes()
    assert cost() == one
    page = client.get(reverse("search"), {"q": word}).content.decode()
    for words in ("ลงพื้นที่", "ระดมความคิด", "ความคิด", "ยุทธศาสตร์", "หนังสือ", "รายงานการประชุม"):
        assert words in page.partition("<main")[2], words


def test_reindexing_takes_in_every_kind_again_and_queues_nothing(provincial_head) -> None:
    visit_of(provincial_head, "สัมมาชีพ")
    board = board_of(provincial_head)
    idea_of(board, provincial_head, "หนึ่ง")
    direction()
    issue_letter(letter_of(provincial_head).pk, seen=0, by=sender_of(provincial_head)[1], at=AT)
    issued(provincial_head, held_meeting(provincial_head))
    index_changes()
    fields = ("kind", "key", "place", "on", "title", "text", "signs")
    before = list(SearchEntry.objects.order_by("kind", "key").values(*fields))
    wanted = {"visit", "board", "idea", "strategy", "mission", "letter", "minutes", "meeting"}
    assert {each["kind"] for each in before} == wanted
    SearchEntry.objects.all().delete()
    list(reindex())
    assert list(SearchEntry.objects.order_by("kind", "key").values(*fields)) == before
    assert not SearchPending.objects.exists()
