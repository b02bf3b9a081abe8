from collections import defaultdict

import geothai
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tiddao.kernel.names import (
    BANGKOK_DISTRICTS,
    PlaceName,
    fold_person,
    fold_place,
    repair_spelling,
    spelling_distance,
    split_place_path,
    split_place_prefix,
)

PROVINCES = geothai.provinces()
DISTRICTS = [district for province in PROVINCES for district in geothai.districts(province.code)]
TAMBONS = [tambon for district in DISTRICTS for tambon in geothai.subdistricts(district.code)]

SIGNS = "กขงจตนบปมยรลวอเแโาะัิีืุูํำ็่้๊๋์ๅๆฯ .-()\u200b๖6"
PLACE_TEXT = (
    st.lists(
        st.sampled_from(
            [
                "จังหวัด",
                "จ.",
                "อำเภอ",
                "อ.",
                "กิ่ง",
                "เขต",
                "บางรัก",
                "ตำบล",
                "ต.",
                "แขวง",
                "บ้าน",
                "บ.",
                "หมู่ที่ ",
                "ม.",
                "6",
                "14",
                "เมือง",
                "เชียงราย",
                "ไม้ยา",
                "นา",
                "สพอ.",
                "ที่ว่าการ",
                "กทม.",
                "กรุงเทพฯ",
                " ",
                ",",
                "(",
                ")",
                "Amphoe ",
                "Muang ",
                "Chiang Rai",
                "District",
                "Moo 3 ",
                "Ban ",
                " Province",
            ]
        ),
        max_size=6,
    ).map("".join)
    | st.text(alphabet=SIGNS, max_size=12)
    | st.text(max_size=10)
)
PERSON_TEXT = (
    st.lists(
        st.sampled_from(
            [
                "นาย",
                "นาง",
                "นางสาว",
                "น.ส.",
                "ว่าที่ ร.ต.",
                "ดร.",
                "ร.ต.อ.",
                "Mr. ",
                "ธัญ",
                "ปินตาเป๊ก",
                "กิตติ",
                " ",
                "คุณ ",
            ]
        ),
        max_size=5,
    ).map("".join)
    | st.text(alphabet=SIGNS, max_size=12)
    | st.text(max_size=10)
)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("เเม่จัน", "แม่จัน"),
        ("นํ้า", "น้ำ"),
        ("น้ํา", "น้ำ"),
        ("นำ้", "น้ำ"),
        ("ทํา", "ทำ"),
        ("ก่่า", "ก่า"),
        ("ป่ี", "ปี่"),
        ("สิิน", "สิน"),
        ("พันธ์ุ", "พันธุ์"),
        ("โโคก", "โคก"),
        ("กๅ", "กา"),
        ("ฤๅษี", "ฤๅษี"),
        ("  ไม้\u200bยา\u00a0 เชียงราย ", "ไม้ยา เชียงราย"),
        ("\ufeffเทิง\n", "เทิง"),
        ("พบปัญหารือ", "พบปัญหารือ"),
        ("มุ้งเน้น", "มุ้งเน้น"),
        ("กรรม", "กรรม"),
        ("Chiang  Rai", "Chiang Rai"),
    ],
)
def test_signs_are_put_right_and_letters_left_alone(typed, meant):
    assert repair_spelling(typed) == meant


@given(st.text(alphabet=SIGNS, max_size=20) | st.text(max_size=20))
def test_repair_is_idempotent_and_leaves_no_double_sign(text):
    once = repair_spelling(text)
    assert repair_spelling(once) == once
    assert not any(wrong in once for wrong in ("เเ", "่่", "ํา", "\u200b", "  "))


def place(level, bare, moo=None):
    return PlaceName(level, bare, moo)


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("จังหวัดเชียงราย", place("province", "เชียงราย")),
        ("จ. เชียงราย", place("province", "เชียงราย")),
        ("สพจ.เชียงราย", place("province", "เชียงราย")),
        ("อำเภอพญาเม็งราย", place("district", "พญาเม็งราย")),
        ("สพอ.พญาเม็งราย", place("district", "พญาเม็งราย")),
        ("สำนักงานพัฒนาชุมชนอำเภอพญาเม็งราย", place("district", "พญาเม็งราย")),
        ("ที่ว่าการอำเภอเทิง", place("district", "เทิง")),
        ("กิ่งอำเภอดอยหลวง", place("district", "ดอยหลวง")),
        ("กิ่ง อ.ดอยหลวง", place("district", "ดอยหลวง")),
        ("อำเภอเขาค้อ", place("district", "เขาค้อ")),
        ("ตำบลไม้ยา", place("tambon", "ไม้ยา")),
        ("ต.ไม้ยา อ.พญาเม็งราย จ.เชียงราย", place("tambon", "ไม้ยา")),
        ("จ.เชียงราย อ.พญาเม็งราย ต.ไม้ยา", place("tambon", "ไม้ยา")),
        ("แขวงสีลม เขตบางรัก กรุงเทพฯ", place("tambon", "สีลม")),
        ("เขตบางรัก", place("district", "บางรัก")),
        ("เขตรัฐ", place(None, "เขตรัฐ")),
        ("บ้านเขตรัฐ", place(None, "บ้านเขตรัฐ")),
        ("บ้านแพ้ว", place(None, "บ้านแพ้ว")),
        ("บ้านนา", place(None, "บ้านนา")),
        ("อ.บ้านโป่ง", place("district", "บ้านโป่ง")),
        ("อำเภอเมืองปาน", place("district", "เมืองปาน")),
        ("จ.ป.ร.", place(None, "จ.ป.ร.")),
        ("ต.จ.ป.ร.", place("tambon", "จ.ป.ร.")),
        ("บ.ป่าตาล", place("village", "ป่าตาล")),
        ("หมู่ ๖ บ้านป่าตาล ต.ไม้ยา", place("village", "ป่าตาล", 6)),
        ("บ้านป่าตาล ม.6 ต.ไม้ยา", place("village", "ป่าตาล", 6)),
        ("หมู่ที่ 14 ตำบลไม้ยา", place("village", "หมู่ที่ 14", 14)),
        ("บ้านอำเภอ ต.นาจอมเทียน", place(None, "บ้านอำเภอ")),
        ("บ้านหน้าอำเภอเก่า", place(None, "บ้านหน้าอำเภอเก่า")),
        ("อ.เมือง จ.เชียงราย", place("district", "เมืองเชียงราย")),
        ("อ.เมืองฯ จ.เชียงราย", place("district", "เมืองเชียงราย")),
        ("อ.เมือง จ.พระนครศรีอยุธยา", place("district", "พระนครศรีอยุธยา")),
        ("เทศบาลตำบลไม้ยา", place(None, "เทศบาลตำบลไม้ยา")),
        ("ปอภาร (ปอพาน)", place(None, "ปอภาร")),
        ("กทม.", place(None, "กรุงเทพมหานคร")),
        ("อำเภอ", place(None, "อำเภอ")),
        ("", place(None, "")),
        ("Amphoe Mueang, Chiang Rai", place("district", "Mueang Chiang Rai")),
        ("Muang Chiang Rai District, Chiang Rai", place("district", "Mueang Chiang Rai")),
        ("Muang Sam Sip District, Ubon Ratchathani", place("district", "Muang Sam Sip")),
        ("Mai Ya Sub-district", place("tambon", "Mai Ya")),
        ("Chiang Rai Province", place("province", "Chiang Rai")),
        ("Ban Muang", place(None, "Ban Muang")),
        ("Moo 6 Tambon Mai Ya", place("tambon", "Mai Ya", 6)),
    ],
)
def test_prefix_is_told_from_the_name(written, name):
    assert split_place_prefix(written) == name


def test_whole_address_is_read_from_the_village_up_even_when_glued():
    path = (
        place("village", "หมู่ที่ 6", 6),
        place("tambon", "ไม้ยา"),
        place("district", "พญาเม็งราย"),
        place("province", "เชียงราย"),
    )
    for written in (
        "หมู่ 6 ต.ไม้ยา อ.พญาเม็งราย จ.เชียงราย",
        "หมู่ที่ ๖ ตำบลไม้ยา อำเภอพญาเม็งราย จังหวัดเชียงราย",
        "ม.6ต.ไม้ยาอ.พญาเม็งรายจ.เชียงราย",
        "หมู่ที่6ตำบลไม้ยาอำเภอพญาเม็งรายจังหวัดเชียงราย",
    ):
        assert split_place_path(written) == path


@pytest.mark.parametrize(
    "group",
    [
        ["อำเภอเมืองเชียงราย", "อ.เมือง จ.เชียงราย", "เมือง เชียงราย", "เมืองเชียงราย", "อ. เมืองเชียงราย"],
        ["Chiang Rai", "Chiangrai", "CHIANG-RAI", "Changwat Chiang Rai", "Chiang Rai Province"],
        ["กรุงเทพมหานคร", "กรุงเทพฯ", "กทม.", "กทม", "จ.กรุงเทพมหานคร", "กรุงเทพ"],
        ["แม่จัน", "เเม่จัน", "อ.แม่จัน", "อำเภอ แม่จัน", "แม่\u200bจัน"],
        ["สุไหงโก-ลก", "อ.สุไหงโกลก", "สุไหงโก - ลก"],
        ["Amphoe Mueang Chiang Rai", "Mueang Chiang Rai District", "Amphoe Muang, Chiang Rai"],
        ["Phang-nga", "Phangnga", "Phang Nga"],
    ],
)
def test_names_of_one_place_meet(group):
    assert len({fold_place(name) for name in group}) == 1


def test_names_of_different_places_stay_apart():
    names = [
        "เชียงราย",
        "เมืองเชียงราย",
        "บ้านโป่ง",
        "โป่ง",
        "เมืองปาน",
        "ปาน",
        "แม่ลาว",
        "แมลาว",
        "นา",
        "บ้านนา",
    ]
    assert len({fold_place(name) for name in names}) == len(names)


def test_bare_capital_takes_its_provinces_name():
    assert fold_place("เมือง", province="เชียงราย") == fold_place("เมืองเชียงราย")
    assert fold_place("อ.เมือง", province="จังหวัดเชียงราย") == fold_place("เมืองเชียงราย")
    assert fold_place("Muang", province="Chiang Rai") == fold_place("Mueang Chiang Rai")
    assert fold_place("Muang Chiang Rai", province="Chiang Rai") == fold_place("Mueang Chiang Rai")
    assert fold_place("เมือง", province="พระนครศรีอยุธยา") == fold_place("พระนครศรีอยุธยา")
    assert fold_place("เทิง", province="เชียงราย") == fold_place("เทิง")


def test_village_loses_its_ban_only_when_a_village_is_asked_for():
    assert (
        fold_place("บ้านป่าตาล", level="village") == fold_place("ป่าตาล", level="village") == "ป่าตาล"
    )
    assert fold_place("Ban Pa Tan", level="village") == "patan"
    assert fold_place("บ้าน", level="village") == "บ้าน"
    assert fold_place("บ้านโป่ง", level="district") == "บ้านโป่ง"


def test_official_names_keep_their_keys_behind_every_prefix():
    for each in DISTRICTS:
        name, province = each.name_th, geothai.province(each.code[:2])
        key = fold_place(name)
        front = ["เขต"] if each.code.startswith("10") else ["อำเภอ", "อ.", "อ. ", "สพอ.", "กิ่งอำเภอ"]
        bare = name.removeprefix("เขต")
        for prefix in front:
            assert fold_place(f"{prefix}{bare}") == key
            assert fold_place(f"{prefix}{bare} จ.{province.name_th}") == key
        assert fold_place(name, province=province.name_th) == key
        assert fold_place(f"{each.name_en} District") == fold_place(each.name_en)
    for each in TAMBONS:
        key = fold_place(each.name_th)
        bare = each.name_th.split(" (")[0]
        assert fold_place(f"ต.{bare}") == fold_place(f"ตำบล{bare}") == key
        assert key.replace("-", "") == repair_spelling(bare).translate(
            {45: None, 46: None, 32: None}
        )


@pytest.mark.parametrize(
    ("language", "shared"),
    # บางไทร and บางซ้าย of Ayutthaya are both "Bang Sai" in the official spelling.
    [("name_th", []), ("name_en", [["1404", "1413"]])],
)
def test_official_districts_of_one_province_never_share_a_key(language, shared):
    keys = defaultdict(list)
    for each in DISTRICTS:
        keys[each.code[:2], fold_place(getattr(each, language))].append(each.code)
    assert [codes for codes in keys.values() if len(codes) > 1] == shared


def test_bangkok_districts_are_the_fifty_official_ones():
    official = {d.name_th.removeprefix("เขต") for d in DISTRICTS if d.code.startswith("10")}
    assert official == BANGKOK_DISTRICTS
    assert len(official) == 50


@given(PLACE_TEXT)
def test_place_key_is_idempotent_and_never_empties_a_name(text):
    key = fold_place(text)
    assert fold_place(key) == key
    assert bool(key) == bool(repair_spelling(text))


@given(PLACE_TEXT)
def test_place_key_is_idempotent_for_villages_and_with_a_province(text):
    for options in ({"level": "village"}, {"province": "เชียงราย"}, {"province": "Chiang Rai"}):
        key = fold_place(text, **options)
        assert fold_place(key, **options) == key


@given(PLACE_TEXT)
def test_path_is_never_empty_and_holds_no_empty_name(text):
    path = split_place_path(text)
    assert path
    assert all(part.bare for part in path) == bool(repair_spelling(text))


@pytest.mark.parametrize(
    "group",
    [
        ["ธัญ ปินตาเป๊ก", "นายธัญ ปินตาเป็ก", "นายธัญปินตาเป๊ก", "คุณ ธัญ ปินตาเปก"],
        ["สมหญิง ใจดี", "ว่าที่ ร.ต.หญิง สมหญิง ใจดี", "ว่าที่ร้อยตรีหญิง สมหญิง ใจดี", "น.ส.สมหญิง  ใจดี"],
        ["วิทยา", "ดร.วิทยา", "ผศ.ดร. วิทยา", "พ.ต.ท.วิทยา", "ร.ต. วิทยา"],
        ["Somchai Jaidee", "Mr. Somchai Jaidee", "SOMCHAI JAIDEE", "Dr.Somchai Jaidee"],
        ["กิตติ ดี", "นายกิตติ ดี"],
    ],
)
def test_spellings_of_one_person_meet(group):
    assert len({fold_person(name) for name in group}) == 1


@pytest.mark.parametrize(
    ("written", "key"),
    [
        ("นายิกา สุข", "นายิกาสุข"),
        ("คุณากร ดี", "คุณากรดี"),
        ("คุณวุฒิ ดี", "คุณวุฒิดี"),
        ("นายอำเภอเทิง", "นายอำเภอเทิง"),
        ("นายกเทศมนตรีตำบลไม้ยา", "นายกเทศมนตรีตำบลไมยา"),
        ("นาย", "นาย"),
        ("", ""),
    ],
)
def test_what_only_looks_like_a_title_stays(written, key):
    assert fold_person(written) == key


def test_people_with_different_names_stay_apart():
    people = ["วิทยา ชุมภูคำ", "วิทยา ชมภูคำ", "อาทร พิมชะนก", "บรรจง จอมศิลา", "ทวีป บุตรโพธิ์", "ชูสวัสดิ์ สวัสดี"]
    assert len({fold_person(name) for name in people}) == len(people)


@given(PERSON_TEXT)
def test_person_key_is_idempotent_and_never_empties_a_name(text):
    key = fold_person(text)
    assert fold_person(key) == key
    assert bool(key) == bool(repair_spelling(text))


@pytest.mark.parametrize(
    ("one", "other", "distance"),
    [
        ("ชุมภูคำ", "ชมภูคำ", 1),
        ("เชียงราย", "เชียงราย", 0),
        ("เเม่จัน", "แม่ จัน", 0),
        ("Chiang Rai", "chiangrai", 0),
        ("เชียงราย", "เชียงรยา", 1),
        ("แคตตาล็อก", "แคตตาลอก", 1),
        ("มุ่งเน้น", "มุ้งเน้น", 1),
        ("ก", "", 1),
        ("เชียงราย", "อุบลราชธานี", 4),
    ],
)
def test_distance_counts_signs_up_to_its_bound(one, other, distance):
    assert spelling_distance(one, other) == distance


def plain_distance(a, b):
    """A second, slow computation by the definition."""
    if not a or not b:
        return len(a) + len(b)
    best = min(
        plain_distance(a[:-1], b) + 1,
        plain_distance(a, b[:-1]) + 1,
        plain_distance(a[:-1], b[:-1]) + (a[-1] != b[-1]),
    )
    if len(a) > 1 and len(b) > 1 and a[-1] == b[-2] and a[-2] == b[-1]:
        best = min(best, plain_distance(a[:-2], b[:-2]) + 1)
    return best


SHORT = st.text(alphabet="กขคง", max_size=5)


@given(SHORT, SHORT, st.integers(min_value=0, max_value=6))
def test_distance_agrees_with_the_plain_computation(one, other, bound):
    expected = min(plain_distance(one, other), bound + 1)
    assert spelling_distance(one, other, bound=bound) == expected
    assert spelling_distance(other, one, bound=bound) == expected
