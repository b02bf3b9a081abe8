"""The search: what it finds, what it hides, how it keeps in step, what it costs."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.urls import reverse
from django.utils import timezone

from tests.persons import signed_in
from tests.policy.directives.acts import sender_of, sent
from tiddao.ledger.actors import Actor
from tiddao.people.access import standing_of
from tiddao.policy.actions.indexing import index_changes, reindex
from tiddao.policy.actions.reading import Given, decide, read_by_rule, take_in_document
from tiddao.policy.models import (
    AgendaItem,
    AgendaNote,
    Document,
    Invitation,
    Meeting,
    Proposal,
    Resolution,
    SearchEntry,
    SearchPending,
    SearchWord,
)
from tiddao.policy.queries import search as search_queries
from tiddao.policy.queries.search import ROWS, Found, Narrowed, find
from tiddao.policy.rules.intake import pasted

pytestmark = pytest.mark.django_db

ON = date(2026, 6, 1)
AT = datetime(2026, 6, 1, 3, 0, tzinfo=UTC)
OFFICER = Actor("user:0", "ผู้ทดสอบ")
NEWS = "ข่าวกิจกรรม\nนายอำเภอพญาเม็งรายเปิดประชุมขับเคลื่อนอำเภอติดดาวและโคกหนองนา {more}"


def taken_in(place: str, text: str, *, title: str = "", on: date = ON) -> Document:
    given = Given(pasted(text), "pasted", title=title)
    return take_in_document(given, place=place, on=on, by=OFFICER, at=AT)


def found(text: str, person, narrowed: Narrowed = Narrowed(), *, page: int = 1) -> Found:  # noqa: B008 -- frozen
    index_changes()
    wanted = find(text, standing_of(person, on=timezone.localdate()), narrowed, page=page)
    assert wanted is not None
    return wanted


def titles(answer: Found) -> list[str]:
    return ["".join(piece.text for piece in hit.title) for hit in answer.hits]


def meeting_of(place: str, office: str, title: str, *, state: str = "called") -> Meeting:
    return Meeting.objects.create(
        place_id=place,
        office_id=office,
        fiscal_year=2569,
        title=title,
        starts_at=AT,
        state=state,
        by=OFFICER.reference,
        at=AT,
    )


def test_words_inside_unspaced_text_are_found_and_marked_as_written(provincial_head) -> None:
    taken_in("57", NEWS.format(more="มีแคตตาลอกสินค้า"))
    for words in ("ติดดาว", "โคก หนอง นา", "แคตตาล็อก", "พญาเมงราย", "ดาว"):
        answer = found(words, provincial_head)
        assert answer.total == 1, words
        assert answer.instead == ""
    marked = [
        piece.text for piece in found("แคตตาล็อก", provincial_head).hits[0].excerpt if piece.marked
    ]
    assert marked == ["แคตตาลอก"]


def test_what_is_out_of_scope_is_not_counted_excerpted_or_proposed(
    provincial_head, district_head, stranger, executive
) -> None:
    taken_in("57", NEWS.format(more="ลับเชียงราย ปินตาเป็ก"))
    taken_in("5712", NEWS.format(more="ลับพญาเม็งราย"))
    assert found("ติดดาว", executive).total == 2
    assert found("ติดดาว", provincial_head).total == 2
    assert found("ติดดาว", district_head).total == 1
    hidden = found("ติดดาว", stranger)
    assert (hidden.total, hidden.hits, hidden.kinds) == (0, (), ())
    # The spelling stands in the index, but in nothing that the stranger may see.
    assert found("ปินตาแป็ก", provincial_head).instead == "ปินตาเป็ก"
    misspelt = found("ปินตาแป็ก", stranger)
    assert (misspelt.instead, misspelt.hits, misspelt.missing) == ("", (), ("ปินตาแป็ก",))


def test_a_directive_is_found_by_its_line_and_by_its_receivers_alone(
    executive, provincial_head, district_head, stranger
) -> None:
    sent(["CDD-57"], title="สำรวจแปลงโคกหนองนา")
    sender, by, _ = sender_of(provincial_head)
    sent(["CDD-5712"], sender=sender, by=by, title="ส่งแบบสำรวจแปลงโคกหนองนา")
    assert found("โคกหนองนา", executive).total == 2
    assert found("โคกหนองนา", provincial_head).total == 2
    assert titles(found("โคกหนองนา", district_head)) == ["ส่งแบบสำรวจแปลงโคกหนองนา"]
    assert found("โคกหนองนา", stranger).total == 0


def test_a_meeting_is_found_by_who_calls_it_and_who_is_invited(
    provincial_head, district_head, stranger
) -> None:
    called = meeting_of("57", "CDD-57", "ประชุมพัฒนาการอำเภอ")
    item = AgendaItem.objects.create(meeting=called, order=1, title="เรื่องหนี้นอกระบบ")
    for number, words in enumerate(["ร่างแรกที่แก้แล้ว", "สรุปการอบรมสัมมาชีพ"], start=1):
        AgendaNote.objects.create(item=item, number=number, words=words, by="user:0", at=AT)
    Resolution.objects.create(
        meeting=called, number=1, sort="noted", words="รับทราบกองทุนแม่", by="user:0", at=AT
    )
    for words in ("หนี้นอกระบบ", "สัมมาชีพ", "กองทุนแม่"):
        assert found(words, provincial_head).total == 1
        assert found(words, district_head).total == 0
        assert found(words, stranger).total == 0
    assert found("ร่างแรกที่แก้", provincial_head).total == 0  # the last note counts
    role = standing_of(district_head, on=timezone.localdate()).posts[0].role
    invited = Invitation.objects.create(meeting=called, office_id="CDD-5712", role=role)
    assert found("สัมมาชีพ", district_head).total == 1
    Meeting.objects.update(state="draft")
    assert found("สัมมาชีพ", district_head).total == 0
    Meeting.objects.update(state="called")
    invited.withdrawn = True
    invited.save()
    assert found("สัมมาชีพ", district_head).total == 0


def test_the_best_come_first_words_in_the_title_then_the_newest(executive) -> None:
    for place, title in (("57", "เรื่องที่หนึ่ง"), ("50", "อำเภอติดดาว"), ("30", "เรื่องที่สาม")):
        taken_in(place, NEWS.format(more=title), title=title)
    Document.objects.filter(place="30").update(issued_on=date(2026, 6, 9))
    answer = found("ติดดาว", executive)
    assert titles(answer) == ["อำเภอติดดาว", "เรื่องที่สาม", "เรื่องที่หนึ่ง"]
    assert [piece.marked for piece in answer.hits[0].title] == [False, True]


def test_all_words_are_needed_and_a_quoted_phrase_stands_exactly_so(executive) -> None:
    taken_in("57", "แคตตาลอกผ้าไหมของจังหวัด")
    taken_in("50", "แคตตาล็อกผ้าไหมของจังหวัด")
    taken_in("30", "แคตตาล็อกอาหารของจังหวัด")
    assert found("แคตตาล็อก", executive).total == 3
    assert found("ผ้าไหม แคตตาล็อก", executive).total == 2
    assert found('"แคตตาล็อก" ผ้าไหม', executive).total == 1
    assert found('"แคตตาล๊อก"', executive).total == 0


def test_kind_year_and_place_narrow_what_is_found(executive) -> None:
    taken_in("57", NEWS.format(more="หนึ่ง"))
    taken_in("5712", NEWS.format(more="สอง"), on=date(2025, 6, 1))
    sent(["CDD-57"], title="ขับเคลื่อนอำเภอติดดาว")
    assert found("ติดดาว", executive).total == 3
    narrowed = found("ติดดาว", executive, Narrowed(kind="document"))
    assert narrowed.total == 2
    assert {each.kind: each.count for each in narrowed.kinds} == {"document": 2, "directive": 1}
    assert found("ติดดาว", executive, Narrowed(fiscal_year=2568)).total == 1
    assert found("ติดดาว", executive, Narrowed(within=frozenset({"57"}))).total == 2
    assert found("ติดดาว", executive, Narrowed(kind="meeting")).hits == ()


def test_a_misspelt_word_is_answered_with_the_nearest_that_stands(executive) -> None:
    taken_in("57", "พบกับ ชุมภูคำ ที่ศูนย์เรียนรู้ และ ชมภูเขา")
    answer = found("ชมภูคำ", executive)
    assert (answer.instead, answer.total) == ("ชุมภูคำ", 1)
    both = found("ชมภูคำ ศูนย์เรียนรู้", executive)
    assert (both.instead, both.total) == ("ชุมภูคำ ศูนย์เรียนรู้", 1)
    nothing = found("ไม่มีคำนี้เลย ศูนย์เรียนรู้", executive)
    assert (nothing.instead, nothing.missing) == ("", ("ไม่มีคำนี้เลย",))


def test_a_change_is_put_down_with_the_act_and_taken_in_once(executive) -> None:
    document = taken_in("57", "ชื่อเดิมของเรื่อง\nเนื้อหา", title="ชื่อเดิมของเรื่อง")
    assert set(SearchPending.objects.values_list("kind", "key")) == {("document", document.pk)}
    assert index_changes() == 1
    assert index_changes() == 0
    with transaction.atomic():
        Document.objects.update(title="ไม่เคยเกิดขึ้น")
        transaction.set_rollback(True)
    assert not SearchPending.objects.exists()
    read_by_rule(document.pk, on=ON, by=OFFICER, at=AT)
    title = Proposal.objects.filter(document=document, kind="title").first()
    if title is not None:
        decide(title.pk, "changed", given={"text": "ชื่อใหม่ทันสมัย"}, seen=0, by=OFFICER, at=AT)
    else:
        Document.objects.update(title="ชื่อใหม่ทันสมัย")  # by whatever hand
    assert found("ชื่อใหม่ทันสมัย", executive).total == 1
    assert SearchEntry.objects.count() == 1


def test_reindexing_makes_the_same_index_again_and_drops_what_is_gone(executive, capsys) -> None:
    taken_in("57", NEWS.format(more="หนึ่ง"))
    sent(["CDD-57"], title="ขับเคลื่อนอำเภอติดดาว")
    index_changes()
    fields = ("kind", "key", "place", "on", "title", "title_folded", "text", "signs")
    before = list(SearchEntry.objects.order_by("kind", "key").values(*fields))
    words = set(SearchWord.objects.values_list("folded", "spelling"))
    gone = SearchEntry.objects.get(kind="document")
    gone.pk, gone.key = None, 999_999
    gone.save()
    SearchEntry.objects.filter(kind="directive").update(signs=[], text="")
    done = {each.kind: each for each in reindex()}
    assert (done["document"].entries, done["document"].removed) == (1, 1)
    assert list(SearchEntry.objects.order_by("kind", "key").values(*fields)) == before
    assert set(SearchWord.objects.values_list("folded", "spelling")) == words
    call_command("reindex", "directive")
    assert "ทำดัชนี 1 รายการ" in capsys.readouterr().out


def test_the_page_shows_what_was_found_and_escapes_it(provincial_head, stranger) -> None:
    taken_in("57", "<script>alert(1)</script> อำเภอติดดาว & <b>ผ้าไหม</b>", title="<i>ติดดาว</i>")
    index_changes()
    client = signed_in(provincial_head)
    page = client.get(reverse("search"), {"q": "ติดดาว"}).content.decode()
    assert "<mark>ติดดาว</mark>" in page
    assert "&lt;script&gt;" in page
    assert "<script>alert" not in page
    assert "<i>" not in page.split("<main", 1)[1]
    theirs = signed_in(stranger).get(reverse("search"), {"q": "ติดดาว"}).content.decode()
    assert "ไม่พบ “ติดดาว”" in theirs
    assert "alert(1)" not in theirs
    for query in ({}, {"q": ""}, {"q": "ๆ"}, {"q": "เชียงราย"}, {"q": "ติดดาว", "year": "2560"}):
        assert client.get(reverse("search"), query).status_code == 200


@pytest.mark.parametrize(
    "odd", ["' OR 1=1 --", "%", "_", "\\", "{1,2}", "a" * 5_000, "()|&!:*", "\0ก"]
)
def test_odd_questions_are_answered_in_words(odd: str, executive) -> None:
    taken_in("57", NEWS.format(more="หนึ่ง"))
    index_changes()
    for extra in ({}, {"page": "999999999"}, {"page": "-1"}, {"year": "x"}, {"place": "99x"}):
        assert signed_in(executive).get(reverse("search"), {"q": odd, **extra}).status_code == 200


def test_a_page_of_results_costs_the_same_for_one_and_for_three(
    provincial_head, django_assert_max_num_queries
) -> None:
    client = signed_in(provincial_head)
    taken_in("57", NEWS.format(more="หนึ่ง"))
    index_changes()
    counted = []
    for turn in range(2):
        with django_assert_max_num_queries(24) as queries:
            assert client.get(reverse("search"), {"q": "ติดดาว"}).status_code == 200
        counted.append(len(queries))
        for number in range(2):
            taken_in("57", NEWS.format(more=f"รอบ {turn} ฉบับ {number}"))
        index_changes()
    assert counted[0] == counted[1]


def test_results_are_paged(executive) -> None:
    for number in range(23):
        taken_in("57", NEWS.format(more=f"ฉบับที่ {number}"))
    first, second = found("ติดดาว", executive), found("ติดดาว", executive, page=2)
    assert (len(first.hits), len(second.hits), second.pages, second.total) == (20, 3, 2, 23)
    assert not {hit.key for hit in first.hits} & {hit.key for hit in second.hits}
    assert found("ติดดาว", executive, page=99).page == 2


def test_the_same_is_said_as_json(provincial_head, stranger) -> None:
    document = taken_in("57", NEWS.format(more="หนึ่ง"))
    index_changes()
    said = signed_in(provincial_head).get("/api/v1/policy/search", {"q": "ติดดาว"}).json()
    assert (said["total"], said["hits"][0]["key"]) == (1, document.pk)
    assert {"text": "ติดดาว", "marked": True} in said["hits"][0]["excerpt"]
    theirs = signed_in(stranger).get("/api/v1/policy/search", {"q": "ติดดาว"}).json()
    assert (theirs["total"], theirs["hits"], theirs["missing"]) == (0, [], ["ติดดาว"])
    assert signed_in(stranger).get("/api/v1/policy/search", {"q": "ก" * 300}).status_code == 422


def test_the_box_on_every_page_leads_here(provincial_head) -> None:
    page = signed_in(provincial_head).get(reverse("documents")).content.decode()
    assert f'action="{reverse("search")}"' in page
    answer = signed_in(provincial_head).get(reverse("search"), {"q": "พญาเม็งราย"}).content.decode()
    assert reverse("place", args=["5712"]) in answer


def test_one_pass_counts_all_kinds_and_pages_the_kind_asked_for(executive) -> None:
    for number in range(ROWS + 3):
        taken_in("57", NEWS.format(more=f"ฉบับที่ {number}"), title=f"ฉบับที่ {number}")
    sent(["CDD-57"], title="อำเภอติดดาว")
    everything = found("ติดดาว", executive, page=2)
    assert (everything.total, everything.page, len(everything.hits)) == (ROWS + 4, 2, 4)
    for page, shown in ((1, ROWS), (2, 3), (99, 3)):
        answer = found("ติดดาว", executive, Narrowed(kind="document"), page=page)
        assert (answer.total, answer.pages, answer.page) == (ROWS + 3, 2, min(page, 2))
        assert len(answer.hits) == shown
        assert {hit.kind for hit in answer.hits} == {"document"}
        assert {each.kind: each.count for each in answer.kinds} == {
            "document": ROWS + 3,
            "directive": 1,
        }
    none = found("ติดดาว", executive, Narrowed(kind="visit"), page=3)
    assert (none.total, none.page, none.pages, none.hits) == (0, 1, 1, ())
    assert len(none.kinds) == 2


def test_what_is_taken_in_anew_while_it_is_found_is_left_out(executive, monkeypatch) -> None:
    first = taken_in("57", NEWS.format(more="หนึ่ง"), title="ฉบับแรก")
    taken_in("57", NEWS.format(more="สอง"), title="ฉบับหลัง")
    index_changes()
    whole = search_queries._counted

    def taken_away(*asked: Any) -> Any:
        answer = whole(*asked)
        SearchEntry.objects.filter(kind="document", key=first.pk).delete()
        return answer

    monkeypatch.setattr(search_queries, "_counted", taken_away)
    assert titles(found("ติดดาว", executive)) == ["ฉบับหลัง"]


def test_texts_stand_apart_from_the_entries_that_are_counted() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT reloptions FROM pg_class WHERE relname = 'policy_searchentry'")
        assert cursor.fetchone() == (["toast_tuple_target=1024"],)
