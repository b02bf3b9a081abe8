import random

from hypothesis import given
from hypothesis import strategies as st

from tiddao.kernel.collation import thai_key

THAI_TEXT = st.text(alphabet="กขคงจชดตนบปมยรลวสหอฤะาำิีึืุูเแโใไ็่้๊๋์ๆ- 12๓AbZ", max_size=8)

# In the order of a Thai dictionary, put together by hand.
DICTIONARY = [
    "10",
    "2566",
    "Otop",
    "กก",
    "กง",
    "กฎ",
    "กรุง",
    "กฤษณา",
    "กลม",
    "กะ",
    "กัด",
    "กัน",
    "กา",
    "ก้าง",
    "กาฬ",
    "กำ",
    "กิน",
    "กีบ",
    "กึ่ง",
    "กุ้ง",
    "กู้",
    "เกง",
    "เก็ง",
    "เก่ง",
    "เก้ง",
    "เกม",
    "เก่า",
    "แก",
    "แก่",
    "แก้",
    "โก",
    "ใกล้",
    "ไก่",
    "ขน",
    "ขาว",
    "ข่าว",
    "ข้าว",
    "เขา",
    "เข้า",
    "แข",
    "ชัยภูมิ",
    "เชียงราย",
    "เชียงใหม่",
    "รัก",
    "เรา",
    "ไร่",
    "ฤดู",
    "ลม",
    "อ่าง",
    "เอก",
    "ฮา",
]

CHIANG_RAI = [
    "ขุนตาล",
    "เชียงของ",
    "เชียงแสน",
    "ดอยหลวง",
    "เทิง",
    "ป่าแดด",
    "พญาเม็งราย",
    "พาน",
    "เมืองเชียงราย",
    "แม่จัน",
    "แม่ฟ้าหลวง",
    "แม่ลาว",
    "แม่สรวย",
    "แม่สาย",
    "เวียงแก่น",
    "เวียงชัย",
    "เวียงเชียงรุ้ง",
    "เวียงป่าเป้า",
]


def shuffled(words):
    mixed = list(words)
    random.Random(2566).shuffle(mixed)
    return mixed


def test_words_stand_as_in_the_dictionary():
    assert sorted(shuffled(DICTIONARY), key=thai_key) == DICTIONARY


def test_districts_of_chiang_rai_stand_in_their_order():
    assert sorted(shuffled(CHIANG_RAI), key=thai_key) == CHIANG_RAI


def test_words_that_differ_in_their_tone_stand_none_first_then_by_tone():
    assert sorted(shuffled(["ปา", "ป่า", "ป้า", "ป๊า", "ป๋า"]), key=thai_key) == [
        "ปา",
        "ป่า",
        "ป้า",
        "ป๊า",
        "ป๋า",
    ]


def test_a_letter_counts_before_any_tone_to_its_left():
    assert sorted(["ป่าน", "ปาน", "ปาย", "ป่า"], key=thai_key) == ["ป่า", "ปาน", "ป่าน", "ปาย"]


def test_spelling_of_signs_and_kind_of_digit_do_not_part_equal_words():
    assert sorted(["แม่จัน 3", "เเม่จัน 1", "แม่จัน ๒"], key=thai_key) == ["เเม่จัน 1", "แม่จัน ๒", "แม่จัน 3"]


def test_key_can_be_stored_in_a_database():
    assert "\0" not in thai_key("เมืองเชียงราย")


@given(THAI_TEXT, THAI_TEXT)
def test_different_texts_never_share_a_key(one, other):
    assert (thai_key(one) == thai_key(other)) == (one == other)


@given(st.lists(THAI_TEXT, max_size=8), st.randoms(use_true_random=False))
def test_order_does_not_depend_on_the_order_before(words, chance):
    mixed = list(words)
    chance.shuffle(mixed)
    assert sorted(mixed, key=thai_key) == sorted(words, key=thai_key)


@given(st.text(alphabet="กขคงมยรล", min_size=1, max_size=4), st.sampled_from("เแโใไ"))
def test_vowel_before_a_consonant_counts_after_it(word, vowel):
    assert thai_key(word[0]) < thai_key(vowel + word) < thai_key(f"{chr(ord(word[0]) + 1)}")
