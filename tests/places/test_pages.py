"""Pages of places as a provincial head, a head of one of its districts, and a stranger."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.persons import make_person, signed_in
from tests.places.conftest import AT, BY, make_village
from tiddao.people.models import Role
from tiddao.places.actions.groups import create_group, state_of
from tiddao.places.actions.villages import receive_village_file, sweep_village_imports
from tiddao.places.models import GroupKind, Membership, PlaceGroup, VillageImport

pytestmark = pytest.mark.django_db

ZONE = "zone-57-ing-su-khong"
LIST = "รหัสหมู่บ้าน,ชื่อหมู่บ้าน,หมู่ที่\n57120314,บ้านห้วยก้างปูล้าน,14\n"


def page(user, name, *args, query="", status=200, **extra):
    response = signed_in(user).get(reverse(name, args=args) + query, **extra)
    assert response.status_code == status, name
    return response.content.decode()


def post(user, name, *args, status=302, **data):
    response = signed_in(user).post(reverse(name, args=args), data)
    assert response.status_code == status, response.content.decode()[:2000]
    return response


def hand_in(within="57"):
    file = SimpleUploadedFile("รายชื่อ.csv", LIST.encode())
    return receive_village_file(file, file_name=file.name, within=within, by=BY, at=AT)


def test_search_page_shows_own_places_then_what_was_found(provincial_head, district_head):
    assert "จังหวัดเชียงราย" in page(provincial_head, "place-search")
    assert "อำเภอพญาเม็งราย" in page(district_head, "place-search")
    text = page(district_head, "place-search", query="?q=ไม้ยา")
    assert "ตำบลไม้ยา" in text
    assert "/places/571203/" in text


def test_search_page_hides_other_provinces(provincial_head, stranger):
    assert "/places/571203/" in page(provincial_head, "place-search", query="?q=ไม้ยา")
    assert "/places/571203/" not in page(stranger, "place-search", query="?q=ไม้ยา")
    assert "อิงสู่โขง" not in page(stranger, "place-search", query="?q=โซนอิง")


def test_search_page_filters_by_level_and_ignores_a_wrong_one(provincial_head):
    text = page(provincial_head, "place-search", query="?q=เวียง&level=tambon")
    assert "/places/570401/" in text
    assert "/places/5702/" not in text
    page(provincial_head, "place-search", query="?q=เวียง&level=galaxy")


def test_search_page_says_so_when_there_is_nothing(provincial_head):
    assert "ไม่พบ" in page(provincial_head, "place-search", query="?q=qqqqqqqqqq")


@pytest.mark.parametrize("rows", [1, 3])
def test_search_page_costs_the_same_for_any_number_of_rows(provincial_head, rows):
    for number in range(rows):
        make_village(f"571203{number + 20}", f"บ้านนกฮูก{number}")
    client = signed_in(provincial_head)
    client.get(reverse("place-search"))
    from django.db import connection

    with CaptureQueriesContext(connection) as queries:
        response = client.get(reverse("place-search") + "?q=นกฮูก")
    assert response.content.decode().count('scope="row"') == rows
    assert len(queries) <= 10


def test_groups_page_lists_groups_in_scope_alone(
    provincial_head, district_head, stranger, executive
):
    assert "โซนอำเภออิงสู่โขง" in page(provincial_head, "groups")
    assert "เขตตรวจราชการที่ 16" not in page(provincial_head, "groups")
    assert "โซนอำเภออิงสู่โขง" not in page(district_head, "groups")
    assert "โซนอำเภออิงสู่โขง" not in page(stranger, "groups")
    everything = page(executive, "groups")
    assert all(f"เขตตรวจราชการที่ {number}<" in everything for number in range(1, 19))
    assert "โซนอำเภออิงสู่โขง" not in page(executive, "groups", query="?kind=region")


@pytest.mark.parametrize("extra", [1, 3])
def test_groups_page_costs_the_same_for_any_number_of_rows(provincial_head, extra):
    from django.db import connection

    for number in range(extra):
        create_group(kind=GroupKind.ZONE, name_th=f"โซน {number}", within="57", members={"5701"},
                     source="s", on=AT.date(), by=BY, at=AT)  # fmt: skip
    client = signed_in(provincial_head)
    client.get(reverse("groups"))
    with CaptureQueriesContext(connection) as queries:
        client.get(reverse("groups"))
    assert len(queries) <= 7


def test_group_page_shows_members_dates_source_and_map(provincial_head, district_head, stranger):
    text = page(provincial_head, "group", ZONE)
    assert "อำเภอเวียงแก่น" in text
    assert "22 พ.ย. 2565" in text
    assert "ข่าวสำนักงานพัฒนาชุมชนจังหวัดเชียงราย" in text
    assert "<svg viewBox" in text
    assert text.count("<title>อำเภอ") == 6
    for user in (district_head, stranger):
        page(user, "group", ZONE, status=404)
    page(provincial_head, "group", "zone-none", status=404)


def test_group_page_keeps_the_contradiction_of_its_source(executive):
    assert "สระแก้ว (27) อยู่ภาคตะวันออก" in page(executive, "group", "region-isan")
    assert "ข้อเสนอ" in page(executive, "group", "peer-57-small-districts")


def test_group_is_changed_by_who_may_and_by_no_other(provincial_head, district_head, stranger):
    director = make_person(Role.GROUP_DIRECTOR, "CDD-57")
    page(director, "group", ZONE)
    page(director, "group-edit", ZONE, status=403)
    for user in (district_head, stranger):
        page(user, "group-edit", ZONE, status=404)
        post(user, "group-members", ZONE, status=404)
        post(user, "group-facts", ZONE, status=404)
        post(user, "group-close", ZONE, status=404)
    text = page(provincial_head, "group-edit", ZONE)
    assert "อำเภอเมืองเชียงราย" in text
    post(provincial_head, "group-members", ZONE, on="1/12/2565", add=["5701"], seen=state_of(ZONE))
    assert Membership.objects.get(group=ZONE, place="5701").valid_from.isoformat() == "2022-12-01"
    assert "1 ธ.ค. 2565" in page(provincial_head, "group", ZONE)


def test_group_forms_say_what_is_wrong(provincial_head):
    wrong_day = post(provincial_head, "group-members", ZONE, status=422, on="31/2/2565",
                     add=["5701"], seen=state_of(ZONE)).content.decode()  # fmt: skip
    assert "field-errors" in wrong_day
    stale = post(provincial_head, "group-members", ZONE, status=422, on="1/12/2565",
                 add=["5701"], seen="x").content.decode()  # fmt: skip
    assert "มีผู้อื่นแก้ไขกลุ่มนี้" in stale
    post(provincial_head, "group-members", ZONE, status=422, on="1/12/2565", add=["5001"],
         seen=state_of(ZONE))  # fmt: skip
    assert not Membership.objects.filter(group=ZONE, place__in=["5701", "5001"]).exists()


def test_group_is_described_and_closed(provincial_head):
    post(provincial_head, "group-facts", ZONE, name_th="โซนใหม่", source="คำสั่ง", seen=state_of(ZONE))
    assert "โซนใหม่" in page(provincial_head, "group", ZONE)
    post(provincial_head, "group-close", ZONE, on="1/1/2567", seen=state_of(ZONE))
    text = page(provincial_head, "group", ZONE)
    assert "ปิดตั้งแต่ 1 มกราคม 2567" in text
    assert "สมาชิกในช่วงเวลาอื่น" in text


def test_group_is_made_in_the_own_province_alone(provincial_head, district_head, stranger):
    data = {"kind": "zone", "name_th": "โซนชายแดน", "on": "1/10/2565", "members": ["5708", "5709"],
            "source": "คำสั่งจังหวัด"}  # fmt: skip
    response = post(provincial_head, "group-new", **data)
    made = PlaceGroup.objects.get(name_th="โซนชายแดน")
    assert response.headers["Location"] == reverse("group", args=[made.key])
    for user in (district_head, stranger):
        post(user, "group-new", status=404, **data | {"name_th": "อื่น"})
    client = signed_in(provincial_head)
    for within, status in (("50", 404), ("xyz", 404), ("5712", 200)):
        assert client.get(reverse("group-new"), {"within": within}).status_code == status
    empty = post(provincial_head, "group-new", status=422, **data | {"members": []})
    assert "field-errors" in empty.content.decode()
    assert PlaceGroup.objects.filter(name_th="อื่น").count() == 0


def test_village_list_goes_from_upload_to_written(provincial_head):
    response = post(
        provincial_head,
        "village-imports",
        within="57",
        file=SimpleUploadedFile("x.csv", LIST.encode()),
    )
    row = VillageImport.objects.get()
    assert response.headers["Location"] == reverse("village-import", args=[row.pk])
    assert "hx-trigger" in page(provincial_head, "village-import", row.pk)
    sweep_village_imports(at=AT)
    fragment = page(provincial_head, "village-import", row.pk, headers={"HX-Request": "true"})
    assert fragment.strip().startswith("<section")
    assert "hx-trigger" not in fragment
    assert "รับเข้าทั้งหมด" in fragment
    post(provincial_head, "village-accept", row.pk)
    sweep_village_imports(at=AT)
    assert "<strong>บันทึกแล้ว</strong>" in page(provincial_head, "village-import", row.pk)
    assert "บ้านห้วยก้างปูล้าน" in page(provincial_head, "place-search", query="?q=57120314")


def test_village_list_with_faults_names_the_cells(provincial_head):
    bad = SimpleUploadedFile("x.csv", LIST.replace("57120314", "5712031").encode())
    post(provincial_head, "village-imports", within="57", file=bad)
    sweep_village_imports(at=AT)
    text = page(provincial_head, "village-import", VillageImport.objects.get().pk)
    assert ">A2<" in text
    assert "5712031" in text
    assert "รับเข้าทั้งหมด" not in text


def test_village_upload_of_another_kind_or_place_is_refused(provincial_head):
    pdf = SimpleUploadedFile("x.csv", b"%PDF-1.7")
    post(provincial_head, "village-imports", status=422, within="57", file=pdf)
    other = SimpleUploadedFile("x.csv", LIST.encode())
    post(provincial_head, "village-imports", status=422, within="50", file=other)
    assert not VillageImport.objects.exists()


def test_village_lists_are_closed_to_others(provincial_head, district_head, stranger):
    row = hand_in()
    page(provincial_head, "village-imports")
    for user in (district_head, stranger):
        page(user, "village-imports", status=403)
        page(user, "village-import", row.pk, status=404)
        post(user, "village-accept", row.pk, status=404)
        post(user, "village-refuse", row.pk, status=404)
    other = make_person(Role.PROVINCIAL_HEAD, "CDD-50")
    assert "รายชื่อ.csv" not in page(other, "village-imports")
    page(other, "village-import", row.pk, status=404)
    post(provincial_head, "village-refuse", row.pk)
    assert VillageImport.objects.get().state == "refused"


def test_menu_shows_imports_to_those_who_may(provincial_head, district_head):
    assert reverse("village-imports") in page(provincial_head, "groups")
    assert reverse("village-imports") not in page(district_head, "groups")


def test_pages_speak_english_too(provincial_head):
    client = signed_in(provincial_head)
    client.cookies["django_language"] = "en"
    text = client.get(reverse("place-search") + "?q=phaya mengrai").content.decode()
    assert "Amphoe Phaya Mengrai" in text


def api(user, path, status=200):
    response = signed_in(user).get(f"/api/v1{path}")
    assert response.status_code == status, path
    return response.json()


def test_api_answers_as_the_pages_do(provincial_head, stranger):
    found = api(provincial_head, "/places?q=ไม้ยา&level=tambon")
    assert [place["key"] for place in found["places"]] == ["571203"]
    assert api(provincial_head, "/places/571203")["full_name"] == "ตำบลไม้ยา"
    assert {group["key"] for group in api(provincial_head, "/groups")} == {
        ZONE, "peer-57-small-districts", "peer-57-middle-districts",
    }  # fmt: skip
    assert len(api(provincial_head, f"/groups/{ZONE}")["members"]) == 6
    assert api(stranger, "/places?q=ไม้ยา&level=tambon")["places"] == []
    api(stranger, "/places/571203", 404)
    api(stranger, f"/groups/{ZONE}", 404)
    api(stranger, "/places?q=a&within=57", 404)
    api(provincial_head, "/places/5799", 404)
    api(provincial_head, "/places?q=a&level=galaxy", 422)


def test_nobody_sees_anything_without_signing_in(client):
    for name, args in (
        ("place-search", ()),
        ("groups", ()),
        ("group", (ZONE,)),
        ("village-imports", ()),
    ):
        assert client.get(reverse(name, args=args)).status_code == 302
    assert client.get("/api/v1/places?q=a").status_code in {302, 401}
