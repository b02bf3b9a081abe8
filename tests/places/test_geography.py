"""The loaded geography, and the tree over it."""

from datetime import date

import pytest

from tests.places.conftest import AT, BY, ON, make_village
from tiddao.ledger.models import Entry
from tiddao.places import tree
from tiddao.places.actions.geography import load_geography
from tiddao.places.models import (
    CodeCrosswalk,
    Level,
    Membership,
    Office,
    Place,
    PlaceGroup,
    Succession,
)
from tiddao.places.queries import find_unit, full_name, level_name

pytestmark = pytest.mark.django_db

CHIANG_RAI = {
    "5701": ("เมืองเชียงราย", 16), "5702": ("เวียงชัย", 5), "5703": ("เชียงของ", 7), "5704": ("เทิง", 10),
    "5705": ("พาน", 15), "5706": ("ป่าแดด", 5), "5707": ("แม่จัน", 11), "5708": ("เชียงแสน", 6),
    "5709": ("แม่สาย", 8), "5710": ("แม่สรวย", 7), "5711": ("เวียงป่าเป้า", 7), "5712": ("พญาเม็งราย", 5),
    "5713": ("เวียงแก่น", 4), "5714": ("ขุนตาล", 3), "5715": ("แม่ฟ้าหลวง", 4), "5716": ("แม่ลาว", 5),
    "5717": ("เวียงเชียงรุ้ง", 3), "5718": ("ดอยหลวง", 3),
}  # fmt: skip


def test_geography_has_the_counts_of_the_domain():
    counts = [tree.descendants("th", on=ON, level=level).count()
              for level in (Level.PROVINCE, Level.DISTRICT, Level.TAMBON)]  # fmt: skip
    assert counts == [77, 928, 7436]


def test_chiang_rai_has_its_18_districts_and_124_tambons():
    names = dict(tree.descendants("57", on=ON, level=Level.DISTRICT).values_list("code", "name_th"))
    tambons = tree.descendants("57", on=ON, level=Level.TAMBON).values_list("code", flat=True)
    counted = {
        code: (names[code], sum(tambon.startswith(code) for tambon in tambons)) for code in names
    }
    assert counted == CHIANG_RAI
    assert len(tambons) == 124


def test_isan_has_322_amphoe_and_2678_tambons():
    provinces = tree.members_of({"region-isan"}, on=ON)["region-isan"]
    below = Place.objects.filter(tree.exists_on(ON), tree.within_any(provinces))
    assert len(provinces) == 20
    assert below.filter(level=Level.DISTRICT).count() == 322
    assert below.filter(level=Level.TAMBON).count() == 2678


def test_offices_sit_at_76_provinces_and_878_amphoe():
    counts = {
        kind: Office.objects.filter(kind=kind).count()
        for kind in ("department", "province", "district")
    }
    assert counts == {"department": 1, "province": 76, "district": 878}
    assert Office.objects.get(code="CDD-5712").name_th == "สำนักงานพัฒนาชุมชนอำเภอพญาเม็งราย"
    assert not Office.objects.filter(place__code__startswith="10").exists()


def test_crosswalk_knows_the_treasury_code():
    assert CodeCrosswalk.objects.get(scheme="cgd-province", code="5700").place_id == "57"
    assert CodeCrosswalk.objects.filter(scheme="cgd-province").count() == 77


def test_abolished_places_name_their_successors():
    row = Succession.objects.get(predecessor="4303")
    assert (row.successor_id, row.on) == ("3801", date(2011, 3, 23))
    assert "พระราชบัญญัติตั้งจังหวัดบึงกาฬ" in row.source
    assert set(Succession.objects.filter(predecessor="105001").values_list("successor", flat=True)) == {
        "105002", "105003", "105004", "105005",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("on", "nong_khai", "bueng_kan"),
    [(date(2011, 3, 22), 17, 0), (date(2011, 3, 23), 9, 8), (ON, 9, 8)],
)
def test_a_split_province_is_one_before_and_two_after(on, nong_khai, bueng_kan):
    assert tree.descendants("43", on=on, level=Level.DISTRICT).count() == nong_khai
    assert tree.descendants("38", on=on, level=Level.DISTRICT).count() == bueng_kan
    assert (find_unit("38", on=on) is not None) == bool(bueng_kan)
    assert (find_unit("4303", on=on) is not None) == (not bueng_kan)


def test_loading_again_changes_nothing_and_leaves_no_entry():
    before = Entry.objects.count()
    assert not load_geography(at=AT, by=BY)
    assert Entry.objects.count() == before


def test_loading_repairs_a_name_and_leaves_one_entry():
    Place.objects.filter(code="5712").update(name_th="พญาเมงราย")
    before = Entry.objects.count()
    assert load_geography(at=AT, by=BY) == {"places": 1}
    assert Place.objects.get(code="5712").name_th == "พญาเม็งราย"
    assert Entry.objects.count() == before + 1


def test_loading_leaves_an_edited_group_as_it_is():
    PlaceGroup.objects.filter(key="region-isan").update(name_th="อีสานของเรา")
    Membership.objects.filter(group="region-isan", place="30").delete()
    assert not load_geography(at=AT, by=BY)
    assert Membership.objects.filter(group="region-isan").count() == 19


@pytest.mark.parametrize(
    ("on", "members"), [(date(2022, 11, 21), 0), (date(2022, 11, 22), 6), (ON, 6)]
)
def test_zone_has_its_members_from_its_day(on, members):
    assert len(tree.members_of({"zone-57-ing-su-khong"}, on=on)["zone-57-ing-su-khong"]) == members


def test_zone_has_34_tambons():
    unit = find_unit("zone-57-ing-su-khong", on=ON)
    below = Place.objects.filter(tree.exists_on(ON), tree.within_any(unit.members), level="tambon")
    assert below.count() == 34


def test_peer_groups_follow_their_rule():
    small = tree.members_of({"peer-57-small-districts"}, on=ON)["peer-57-small-districts"]
    middle = tree.members_of({"peer-57-middle-districts"}, on=ON)["peer-57-middle-districts"]
    assert small == {code for code, (_, tambons) in CHIANG_RAI.items() if 3 <= tambons <= 5}
    assert middle == {code for code, (_, tambons) in CHIANG_RAI.items() if 6 <= tambons <= 10}


def test_ancestors_come_from_above():
    make_village("57120314", "บ้านห้วยก้างปูล้าน")
    assert [place.code for place in tree.ancestors("57120314", on=ON)] == [
        "th",
        "57",
        "5712",
        "571203",
    ]


def test_pairs_agree_with_a_slow_walk_up_the_parents():
    Membership.objects.create(group_id="peer-57-small-districts", place_id="57", valid_to=ON)
    Membership.objects.create(group_id="zone-57-ing-su-khong", place_id="571203")  # also by 5712
    leaves = list(
        Place.objects.filter(tree.exists_on(ON), tree.within("57"), level="tambon")
        .order_by("code").values_list("code", flat=True)
    )  # fmt: skip
    slow = set()
    parent = dict(Place.objects.values_list("code", "parent"))
    rows = list(Membership.objects.select_related("group"))
    for leaf in leaves:
        here = leaf
        while here is not None:
            slow.add((leaf, here))
            for row in rows:
                dated = [(row.valid_from, row.valid_to), (row.group.valid_from, row.group.valid_to)]
                holds = all((a is None or a <= ON) and (b is None or b > ON) for a, b in dated)
                if row.place_id == here and holds:
                    slow.add((leaf, row.group_id))
            here = parent[here]
    pairs = tree.leaf_group_pairs(leaves, on=ON)
    assert len(pairs) == len(set(pairs))
    assert set(pairs) == slow


@pytest.mark.parametrize(
    ("code", "level", "name", "english"),
    [
        ("th", "ประเทศ", "ประเทศไทย", "Thailand"),
        ("57", "จังหวัด", "จังหวัดเชียงราย", "Chiang Rai Province"),
        ("10", "จังหวัด", "กรุงเทพมหานคร", "Bangkok"),
        ("5712", "อำเภอ", "อำเภอพญาเม็งราย", "Amphoe Phaya Mengrai"),
        ("1002", "เขต", "เขตดุสิต", "Khet Dusit"),
        ("571203", "ตำบล", "ตำบลไม้ยา", "Tambon Mai Ya"),
        ("100101", "แขวง", "แขวงพระบรมมหาราชวัง", "Khwaeng Phra Borom Maha Ratchawang"),
    ],
)
def test_names_have_the_word_of_their_level(code, level, name, english):
    from django.utils.translation import override

    place = Place.objects.get(code=code)
    with override("th"):
        assert (level_name(place), full_name(place)) == (level, name)
        assert find_unit(code, on=ON).full_name == name
    with override("en"):
        assert full_name(place) == english


def test_a_village_is_named_with_its_number():
    from django.utils.translation import override

    village = make_village("57120314", "บ้านห้วยก้างปูล้าน")
    with override("th"):
        assert full_name(village) == "บ้านห้วยก้างปูล้าน หมู่ที่ 14"
    with override("en"):
        assert full_name(village) == "บ้านห้วยก้างปูล้าน Moo 14"
