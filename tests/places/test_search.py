import pytest

from tests.places.conftest import NATION, ON, make_village
from tiddao.places.queries.search import search

pytestmark = pytest.mark.django_db


def found(text, *, roots=NATION, **kwargs):
    return [hit.key for hit in search(text, roots=roots, on=ON, **kwargs).places]


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("อ.พญาเม็งราย", ["5712"]),
        ("พญาเม็งราย", ["5712"]),
        ("phaya mengrai", ["5712"]),
        ("Amphoe Phaya Mengrai", ["5712"]),
        ("ต.ไม้ยา อ.พญาเม็งราย", ["571203"]),
        ("ไม้ยา พญาเม็งราย", ["571203"]),
        ("ตำบลเวียง อำเภอเทิง", ["570401"]),
        ("เชียงราย", ["57", "5701"]),
        ("อ.เมือง จ.เชียงราย", ["5701"]),
        ("กทม", ["10"]),
        ("571203", ["571203"]),
        ("๕๗๑๒๐๓", ["571203"]),
        ("57120", ["571201", "571202", "571203", "571204", "571205"]),
        ("4303", ["3801"]),
        ("แขวงดุสิต เขตดุสิต", ["100201"]),
        ("57129999", []),
        ("ไม่มีที่ไหนเลยจริง", []),
        ("   ", []),
    ],
)
def test_search_finds_what_people_type(text, first):
    assert found(text)[: len(first) or None] == first


@pytest.mark.parametrize(
    ("text", "meant"),
    [("พญาเมงราย", "5712"), ("Phaya Menrai", "5712"), ("เชียงลาย", "57"), ("เวียงป้าเป้า", "5711")],
)
def test_search_offers_what_is_spelled_much_alike(text, meant):
    result = search(text, roots=NATION, on=ON)
    assert result.is_near
    assert meant in [hit.key for hit in result.places]


def test_search_ranks_by_level_then_whole_names_first():
    levels = [hit.level for hit in search("เวียง", roots={"57"}, on=ON).places]
    assert levels == sorted(levels, key=["province", "district", "tambon"].index)
    tambons = search("เวียง", roots={"57"}, on=ON, level="tambon").places
    whole = [hit.name_th == "เวียง" for hit in tambons]
    assert whole == sorted(whole, reverse=True)
    assert sum(whole) >= 2


def test_search_stays_within_the_scope():
    assert found("พญาเม็งราย", roots={"50"}) == []
    assert found("5712", roots={"50"}) == []
    assert found("เชียงใหม่", roots={"57"}) == []
    assert found("ไม้ยา", within="5704") == []
    assert found("ไม้ยา", roots=frozenset()) == []


def test_search_finds_villages_by_name_number_and_code():
    make_village("57120314", "บ้านห้วยก้างปูล้าน")
    assert found("บ้านห้วยก้างปูล้าน") == ["57120314"]
    assert found("ห้วยก้างปูล้าน หมู่ 14 ต.ไม้ยา") == ["57120314"]
    assert found("หมู่ 14 ต.ไม้ยา อ.พญาเม็งราย") == ["57120314"]
    assert found("57120314") == ["57120314"]
    assert found("ห้วยก้างปูลาน") == ["57120314"]  # misspelt


def test_search_says_what_an_abolished_code_was():
    (hit, *_) = search("4303", roots=NATION, on=ON).places
    assert hit.formerly == "4303 บึงกาฬ"


def test_search_finds_groups_in_scope():
    result = search("อิงสู่โขง", roots={"57"}, on=ON)
    assert [group.key for group in result.groups] == ["zone-57-ing-su-khong"]
    assert search("อิงสู่โขง", roots={"50"}, on=ON).groups == ()
    assert [g.key for g in search("Inspection region 16", roots=NATION, on=ON).groups] == [
        "inspection-16"
    ]


def test_search_says_that_there_is_more():
    result = search("บาง", roots=NATION, on=ON, limit=5)
    assert len(result.places) == 5
    assert result.more


def test_search_takes_signs_of_patterns_as_letters():
    assert found("%") == []
    assert found("_") == []
    assert found("\x00") == []


@pytest.mark.parametrize("text", ["เวียง", "ต.ไม้ยา อ.พญาเม็งราย จ.เชียงราย", "พญาเมงราย", "571203"])
def test_search_costs_a_bounded_number_of_queries(text, django_assert_max_num_queries):
    with django_assert_max_num_queries(9):
        search(text, roots=NATION, on=ON)
