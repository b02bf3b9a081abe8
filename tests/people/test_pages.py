"""The pages of people, home and ledger, as three people see them."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from io import BytesIO

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from python_calamine import CalamineWorkbook

from tests.persons import PASSWORD, give_post, make_account, make_person, signed_in
from tiddao.ledger.actions import record, seal_entries
from tiddao.ledger.actors import SYSTEM
from tiddao.ledger.models import Entry
from tiddao.people.models import Post, Role, Tenure, User
from tiddao.people.queries import held_posts
from tiddao.ui.registry import HomePanel

pytestmark = pytest.mark.django_db
AT = datetime(2026, 7, 10, 3, 0, tzinfo=UTC)


def get(user, name, *args, **query):
    return signed_in(user).get(reverse(name, args=args), query)


def new_person(**more):
    return {
        "name_th": "นายใหม่ สมมุติเอก", "username": "new.person", "role": Role.TAMBON_OFFICER,
        "office": "CDD-5712", "tenure": Tenure.SUBSTANTIVE, "held_from": "1/10/2568",
    } | more  # fmt: skip


def queries_of(user, name, *args, **query) -> int:
    client = signed_in(user)
    client.get(reverse(name, args=args), query)  # whatever is cached is cached
    with CaptureQueriesContext(connection) as captured:
        assert client.get(reverse(name, args=args), query).status_code == 200
    return len(captured)


# -- home ------------------------------------------------------------------------------------------


def test_home_shows_posts_and_places_with_what_is_below(district_head):
    page = get(district_head, "home").text
    assert "อำเภอพญาเม็งราย" in page
    assert reverse("place", args=["5712"]) in page
    assert reverse("place", args=["571203"]) in page
    assert "1 ต.ค. 2565" in page  # since when the post is held
    assert reverse("place", args=["50"]) not in page


def test_home_says_acting_for_whom_and_until_when(district_head):
    head = Post.objects.get(user=district_head)
    deputy = make_account("นางสาวรักษา การแทน")
    today = timezone.localdate()
    Post.objects.create(
        user=deputy, role=Role.DISTRICT_HEAD, office_id="CDD-5712", tenure=Tenure.ACTING,
        held_from=today, held_to=today + timedelta(days=30), in_place_of=head,
    )  # fmt: skip
    page = get(deputy, "home").text
    assert "รักษาราชการแทน" in page
    assert district_head.name_th in page


def test_home_shows_the_cards_of_the_areas_in_order(district_head, monkeypatch):
    def card(code: str, order: int, days: object) -> HomePanel:
        variables = days and {"post": days}
        return HomePanel(code, "people/post_days.html", lambda _: variables, order)

    post = held_posts(district_head.pk, on=timezone.localdate())[0]
    later = replace(post, held_from=date(2024, 1, 1))
    monkeypatch.setattr(
        "tiddao.people.views.home.home_panels",
        [card("a", 1, later), card("hidden", 2, None), card("b", 3, post)],
    )
    page = get(district_head, "home")
    assert [panel.strip() for panel in page.context["panels"]] == [
        "ตั้งแต่ 1 ม.ค. 2567", "ตั้งแต่ 1 ต.ค. 2565",
    ]  # fmt: skip
    assert "ตั้งแต่ 1 ม.ค. 2567" in page.text


def test_home_of_a_zone_officer_lists_the_members():
    user = make_person(Role.ZONE_OFFICER, "CDD-57", group_key="zone-57-ing-su-khong")
    page = get(user, "home").text
    assert reverse("place", args=["zone-57-ing-su-khong"]) in page
    assert reverse("place", args=["57"]) not in page


def test_home_without_a_post_says_whom_to_ask():
    page = get(make_account(), "home").text
    assert "ยังไม่มีตำแหน่งในวันนี้" in page
    assert "/places/" not in re.sub(r"<header.*?</header>", "", page, flags=re.DOTALL)


def test_home_costs_the_same_for_one_post_and_three(monkeypatch):
    monkeypatch.setattr("tiddao.people.views.home.home_panels", [])  # other areas' own tests
    one, three = make_account(), make_account()
    give_post(one, Role.DISTRICT_HEAD, "CDD-5712")
    for office in ("CDD-5711", "CDD-5712", "CDD-5713"):
        give_post(three, Role.DISTRICT_HEAD, office)
    assert queries_of(one, "home") == queries_of(three, "home")


# -- people ----------------------------------------------------------------------------------------


def test_people_list_of_the_province(provincial_head, district_head, stranger):
    page = get(provincial_head, "people").text
    assert district_head.name_th in page
    assert provincial_head.name_th in page
    assert stranger.name_th not in page


def test_people_stand_in_dictionary_order_whatever_their_title(provincial_head):
    names = ["นางเอก ขอไข่", "นายแก้ว กอไก่", "นางสาวก้อย คอควาย", "นายฮวด เฉาก๊วย"]
    for name in names:
        make_person(Role.TAMBON_OFFICER, "CDD-5718", name=name)
    rows = get(provincial_head, "people", office="CDD-5718").context["page"].rows
    assert [row.name for row in rows] == [
        "นางสาวก้อย คอควาย", "นายแก้ว กอไก่", "นางเอก ขอไข่", "นายฮวด เฉาก๊วย",
    ]  # fmt: skip


def test_people_list_of_the_district(provincial_head, district_head, stranger):
    page = get(district_head, "people").text
    assert district_head.name_th in page
    main = page[page.index('id="main"') :]
    assert provincial_head.name_th not in main
    assert stranger.name_th not in main


def test_people_list_of_the_stranger(provincial_head, district_head, stranger):
    page = get(stranger, "people").text
    assert stranger.name_th in page
    assert provincial_head.name_th not in page
    assert district_head.name_th not in page


def test_people_are_not_for_every_role():
    officer = make_person(Role.TAMBON_OFFICER, "CDD-5712")
    assert get(officer, "people").status_code == 403
    assert reverse("people") not in get(officer, "home").text


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"q": "พญาเม็งรายหัวหน้า"}, True),
        ({"q": "สมมุติ  พญาเมงราย"}, True),  # without the sign that is forgotten
        ({"q": "ไม่มีใครชื่อนี้"}, False),
        ({"office": "CDD-5712"}, True),
        ({"office": "CDD-5713"}, False),
        ({"role": "district_head"}, True),
        ({"role": "executive"}, False),
    ],
)
def test_people_filters(provincial_head, district_head, query, found):
    page = get(provincial_head, "people", **query).text
    assert (district_head.name_th in page) is found


def test_people_list_costs_the_same_for_one_row_and_three(provincial_head):
    one = queries_of(provincial_head, "people")
    for _ in range(3):
        make_person(Role.TAMBON_OFFICER, "CDD-5712")
    assert queries_of(provincial_head, "people") == one


def test_person_page_hides_other_provinces(provincial_head, district_head, stranger, executive):
    assert get(provincial_head, "person", district_head.pk).status_code == 200
    assert get(executive, "person", district_head.pk).status_code == 200
    assert get(stranger, "person", district_head.pk).status_code == 404
    assert get(district_head, "person", provincial_head.pk).status_code == 404
    assert get(provincial_head, "person", executive.pk).status_code == 404


def test_person_who_moved_away_shows_only_the_posts_held_here(provincial_head, stranger):
    moved = make_account("นางย้ายไป ต่างจังหวัด")
    give_post(moved, Role.DISTRICT_HEAD, "CDD-5712", held_to=date(2023, 9, 30))
    give_post(moved, Role.DISTRICT_HEAD, "CDD-5001", held_from=date(2023, 10, 1))
    here = get(provincial_head, "person", moved.pk).text
    assert "อำเภอพญาเม็งราย" in here
    assert "CDD-5001" not in here
    assert "นอกพื้นที่" in here
    assert moved.name_th not in get(provincial_head, "people").text
    assert moved.name_th in get(provincial_head, "people", former="on").text
    # And the old office cannot lock the account that the new one relies on.
    assert (
        signed_in(provincial_head).post(reverse("person-close", args=[moved.pk])).status_code == 403
    )


def test_person_page_costs_the_same_for_one_post_and_three(provincial_head):
    one, three = make_account(), make_account()
    give_post(one, Role.TAMBON_OFFICER, "CDD-5712")
    for office in ("CDD-5711", "CDD-5712", "CDD-5713"):
        give_post(three, Role.TAMBON_OFFICER, office)
    assert queries_of(provincial_head, "person", one.pk) == queries_of(
        provincial_head, "person", three.pk
    )


def test_provincial_head_opens_an_account_and_the_person_signs_in(provincial_head, client):
    boss = signed_in(provincial_head)
    response = boss.post(reverse("person-add"), new_person())
    assert response.status_code == 200
    assert "no-store" in response["Cache-Control"]
    password = response.context["password"]
    assert password in response.text
    user = User.objects.get(username="new.person")
    post = Post.objects.get(user=user)
    assert (post.office_id, post.held_from) == ("CDD-5712", date(2025, 10, 1))
    entry = Entry.objects.latest("id")
    assert (entry.act, entry.place, entry.by) == (
        "open_account", "5712", f"user:{provincial_head.pk}",
    )  # fmt: skip
    assert "provincial_head CDD-57" in entry.post
    client.post(reverse("account_login"), {"login": "new.person", "password": password})
    assert client.get(reverse("home"))["Location"] == reverse("account_change_password")
    assert password not in boss.get(reverse("person", args=[user.pk])).text


def test_like_name_is_shown_before_a_second_record_is_made(provincial_head):
    boss = signed_in(provincial_head)
    known = make_person(Role.TAMBON_OFFICER, "CDD-5713", name="นางสาวใหม่ สมมุติเอก")
    asked = boss.post(reverse("person-add"), new_person())
    assert not User.objects.filter(username="new.person").exists()
    assert reverse("person", args=[known.pk]) in asked.text
    boss.post(reverse("person-add"), new_person(is_another="on"))
    assert User.objects.filter(username="new.person").exists()


def test_like_name_elsewhere_is_counted_not_named(provincial_head):
    elsewhere = make_person(Role.TAMBON_OFFICER, "CDD-5001", name="นางสาวใหม่ สมมุติเอ็ก")
    asked = signed_in(provincial_head).post(reverse("person-add"), new_person())
    assert elsewhere.name_th not in asked.text
    assert reverse("person", args=[elsewhere.pk]) not in asked.text
    assert asked.context["like_elsewhere"] == 1


@pytest.mark.parametrize(
    "change",
    [
        {"office": "CDD-50"},
        {"office": "CDD"},
        {"role": Role.EXECUTIVE},
        {"role": Role.ADMINISTRATOR},
        {"role": Role.INSPECTOR, "group": "inspection-16"},
        {"held_from": "1/10/3108"},
        {"held_from": "31/2/2568"},
        {"username": "มีไทย"},
        {"held_to": "30/9/2568"},
    ],
)
def test_provincial_head_cannot_open_what_is_not_theirs_to_give(provincial_head, change):
    response = signed_in(provincial_head).post(reverse("person-add"), new_person(**change))
    assert response.status_code == 200
    assert "field-errors" in response.text
    assert not User.objects.filter(name_th="นายใหม่ สมมุติเอก").exists()


def test_district_head_and_stranger_manage_nobody(district_head, stranger):
    officer = make_person(Role.TAMBON_OFFICER, "CDD-5712")
    post = Post.objects.get(user=officer)
    addresses = [
        reverse("person-add"), reverse("person-receive"),
        reverse("post-add", args=[officer.pk]), reverse("post-end", args=[officer.pk, post.pk]),
        reverse("person-password", args=[officer.pk]), reverse("person-close", args=[officer.pk]),
        reverse("person-reopen", args=[officer.pk]), reverse("alias-add", args=[officer.pk]),
    ]  # fmt: skip
    before = Entry.objects.count()
    for address in addresses:
        refused = signed_in(district_head).post(address, new_person(name="x", held_to="1/1/2569"))
        assert refused.status_code == 403, address
        hidden = signed_in(stranger).post(address, new_person(name="x", held_to="1/1/2569"))
        assert hidden.status_code in {403, 404}, address
    assert Entry.objects.count() == before
    assert User.objects.get(pk=officer.pk).is_active


def test_post_is_given_and_ended(provincial_head):
    officer = make_person(Role.TAMBON_OFFICER, "CDD-5712")
    boss = signed_in(provincial_head)
    given = boss.post(
        reverse("post-add", args=[officer.pk]),
        {"role": Role.DISTRICT_HEAD, "office": "CDD-5713", "tenure": Tenure.ACTING,
         "held_from": "๑ กรกฎาคม ๒๕๖๙", "held_to": "30 ก.ย. 69", "order_ref": "เชียงราย 12/2569"},
    )  # fmt: skip
    assert given["Location"] == reverse("person", args=[officer.pk])
    post = Post.objects.get(user=officer, office_id="CDD-5713")
    assert (post.held_from, post.held_to) == (date(2026, 7, 1), date(2026, 9, 30))
    boss.post(reverse("post-end", args=[officer.pk, post.pk]), {"held_to": "31/7/2569"})
    post.refresh_from_db()
    assert post.held_to == date(2026, 7, 31)
    refused = boss.post(reverse("post-end", args=[officer.pk, post.pk]), {"held_to": "30/6/2569"})
    assert "field-errors" in refused.text
    page = boss.get(reverse("person", args=[officer.pk])).text
    assert "เชียงราย 12/2569" in page
    assert "31 ก.ค. 2569" in page


def test_person_from_another_office_is_received_by_user_name_and_name(provincial_head):
    moved = make_person(
        Role.TAMBON_OFFICER,
        "CDD-5001",
        name="นายย้าย มาใหม่",
        username="moved",
        held_to=date(2026, 6, 30),
    )
    boss = signed_in(provincial_head)
    form = {"username": "moved", "name_th": "ย้าย มาใหม่", "role": Role.TAMBON_OFFICER,
            "office": "CDD-5712", "tenure": Tenure.SUBSTANTIVE, "held_from": "1/7/2569"}  # fmt: skip
    wrong = [
        boss.post(reverse("person-receive"), form | change).text
        for change in ({"username": "unknown"}, {"name_th": "คนอื่น เลยนะ"})
    ]
    assert all("ไม่พบบัญชี" in page for page in wrong)
    assert boss.post(reverse("person-receive"), form).status_code == 302
    assert Post.objects.filter(user=moved, office_id="CDD-5712").exists()


def test_password_reset_close_and_reopen(provincial_head):
    officer = make_person(Role.TAMBON_OFFICER, "CDD-5712", username="officer", password=PASSWORD)
    inside = signed_in(officer)
    boss = signed_in(provincial_head)
    response = boss.post(reverse("person-password", args=[officer.pk]))
    officer.refresh_from_db()
    assert officer.check_password(response.context["password"])
    assert inside.get(reverse("profile")).status_code == 302  # the old session is over
    boss.post(reverse("person-close", args=[officer.pk]))
    assert not User.objects.get(pk=officer.pk).is_active
    boss.post(reverse("person-reopen", args=[officer.pk]), {"expires_on": "30/9/2570"})
    officer.refresh_from_db()
    assert (officer.is_active, officer.expires_on) == (True, date(2027, 9, 30))
    bad = boss.post(
        reverse("person-reopen", args=[officer.pk]), {"expires_on": "soon"}, follow=True
    )
    assert "message-error" in bad.text
    acts = list(Entry.objects.order_by("-id").values_list("act", flat=True)[:3])
    assert acts == ["reopen_account", "close_account", "reset_password"]


def test_head_cannot_act_on_the_own_account(provincial_head):
    boss = signed_in(provincial_head)
    for name in ("person-password", "person-close", "person-reopen", "alias-add"):
        response = boss.post(reverse(name, args=[provincial_head.pk]), {"name": "x y"})
        assert response.status_code == 403, name
    page = boss.get(reverse("person", args=[provincial_head.pk])).text
    assert reverse("post-add", args=[provincial_head.pk]) not in page


def test_alias_is_added_and_refused_with_words(provincial_head, district_head):
    boss = signed_in(provincial_head)
    other = make_person(Role.TAMBON_OFFICER, "CDD-5712", name="นายคนละคน กันเลย")
    boss.post(reverse("alias-add", args=[district_head.pk]), {"name": "นายสมมติ พญาเมงราย"})
    assert "นายสมมติ พญาเมงราย" in boss.get(reverse("person", args=[district_head.pk])).text
    refused = boss.post(
        reverse("alias-add", args=[district_head.pk]), {"name": other.name_th}, follow=True
    )
    assert "message-error" in refused.text
    assert district_head.aliases.count() == 1


def test_profile_keeps_language_and_letters(district_head):
    client = signed_in(district_head)
    response = client.post(reverse("profile"), {"language": "en", "font": "looped"}, follow=True)
    assert '<html lang="en" class="looped"' in response.text
    district_head.refresh_from_db()
    assert (district_head.language, district_head.font) == ("en", "looped")
    assert 'lang="en"' in signed_in(district_head).get(reverse("home")).text


# -- ledger ----------------------------------------------------------------------------------------


@pytest.fixture
def entries(provincial_head, district_head, stranger):
    with transaction.atomic():
        record("close_round", on="close:1", by=SYSTEM, at=AT, place="57")
        record(
            "report_results", on="result:1", by=SYSTEM, at=AT, place="571203", detail={"rows": 2}
        )
        record("report_results", on="result:2", by=SYSTEM, at=AT - timedelta(days=40), place="5713")
        record("approve_results", on="result:50", by=SYSTEM, at=AT, place="5001")
        record("set_preferences", on="user:1", by=SYSTEM, at=AT)
        record("tiddle_taddle", on="thing:57", by=SYSTEM, at=AT, place="57")


def test_ledger_in_scope(entries, provincial_head, executive, stranger):
    page = get(provincial_head, "ledger").text
    for shown in ("close:1", "result:1", "result:2", "ปิดรอบ", "รายงานผล", "tiddle_taddle"):
        assert shown in page
    assert "result:50" not in page
    assert "user:1<" not in page
    assert "result:50" in get(executive, "ledger").text
    assert get(stranger, "ledger").status_code == 403  # a group director does not read it


def test_ledger_of_a_head_of_another_province(entries):
    other = make_person(Role.PROVINCIAL_HEAD, "CDD-50")
    page = get(other, "ledger").text
    assert "result:50" in page
    assert "close:1" not in page
    assert "thing:57" not in page


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ({"place": "5712"}, {"result:1"}),
        ({"place": "อ.พญาเม็งราย"}, {"result:1"}),
        ({"place": "5713"}, {"result:2"}),
        ({"act": "close_round"}, {"close:1"}),
        ({"first": "10/7/2569", "last": "10 ก.ค. 69"}, {"close:1", "result:1", "thing:57"}),
        ({"last": "30/6/2569"}, {"result:2"}),
        ({"by": "system"}, {"close:1", "result:1", "result:2", "thing:57"}),
        ({"by": "ไม่มีใคร"}, set()),
    ],
)
def test_ledger_filters(entries, provincial_head, query, shown):
    page = get(provincial_head, "ledger", **query).text
    every = {"close:1", "result:1", "result:2", "thing:57"}
    assert {one for one in every if one in page} == shown


def test_ledger_place_out_of_scope_is_as_unknown(entries, provincial_head):
    outside = get(provincial_head, "ledger", place="5001").text
    unknown = get(provincial_head, "ledger", place="ไม่มีที่ใด").text
    for page in (outside, unknown):
        assert "result:50" not in page
        assert "field-errors" in page
        assert "ไม่มีพื้นที่ชื่อหรือรหัสนี้" in page


def test_ledger_goes_on_to_older_entries(provincial_head):
    with transaction.atomic():
        for number in range(60):
            record("report_results", on=f"result:x{number:02d}.", by=SYSTEM, at=AT, place="57")
    client = signed_in(provincial_head)
    first = client.get(reverse("ledger"), {"act": "report_results"})
    second = client.get(reverse("ledger") + first.context["older"])
    assert "result:x59." in first.text
    assert "result:x09." not in first.text
    assert "result:x09." in second.text
    assert "result:x59." not in second.text
    assert second.context["older"] == ""
    assert client.get(reverse("ledger"), {"before": "9" * 40}).status_code == 200


def test_ledger_costs_the_same_for_one_row_and_three(provincial_head):
    with transaction.atomic():
        record("report_results", on="a", by=SYSTEM, at=AT, place="5712")
    one = queries_of(provincial_head, "ledger")
    with transaction.atomic():
        for place in ("5711", "5713", "57"):
            record("close_round", on="b", by=SYSTEM, at=AT, place=place)
    assert queries_of(provincial_head, "ledger") == one


def test_ledger_export_is_whole_and_in_scope(entries, provincial_head):
    response = get(provincial_head, "ledger-export", act="report_results")
    content = b"".join(response.streaming_content)
    rows = CalamineWorkbook.from_filelike(BytesIO(content)).get_sheet_by_index(0).to_python()
    text = "\n".join(str(cell) for row in rows for cell in row)
    assert "result:1" in text
    assert "result:2" in text
    assert "close:1" not in text
    assert "2 แถว" in text


def test_ledger_export_beyond_the_limit_is_refused(entries, provincial_head, monkeypatch):
    monkeypatch.setattr("tiddao.people.views.ledger.MOST_EXPORTED", 2)
    response = get(provincial_head, "ledger-export")
    assert response.status_code == 400
    assert "ไม่ตัดข้อมูล" in response.text


def test_ledger_shows_the_head_of_the_chain(entries, provincial_head):
    done = seal_entries(at=AT)
    assert done.chain in get(provincial_head, "ledger").text
