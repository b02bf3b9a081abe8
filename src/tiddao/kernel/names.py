"""Names of places and people, as typed by many hands, brought to one key for matching.

A key is for comparing, never for showing. What a name really begins with is not torn off: a
district called บ้านโป่ง keeps its บ้าน, เมืองปาน its เมือง, จ.ป.ร. its initials.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Literal

from tiddao.kernel.digits import to_arabic

PlaceLevel = Literal["village", "tambon", "district", "province"]

_RANK: dict[PlaceLevel | None, int] = {
    None: -1,
    "village": 0,
    "tambon": 1,
    "district": 2,
    "province": 3,
}

# --- spelling -------------------------------------------------------------------------------------

_INVISIBLE = re.compile("[\u200b-\u200f\u202a-\u202e\u2060\ufeff\u00ad]")
_ABOVE_BELOW = "ัิีึืฺุู็"
_TONES = "่้๊๋"


def repair_spelling(text: str) -> str:
    """The same words with their signs as they should be typed.

    Two เ become แ, นิคหิต with า becomes ำ, a lone ๅ becomes า; a vowel or tone sign typed twice is
    kept once; signs stand in the order vowel, tone, and ำ after the tone. Invisible characters go,
    all spaces become single ones, none at the ends. Letters are never changed, so that a misspelt
    word stays misspelt.

    Source: docs requirements E3, E9; Thai typing order of signs (WTT 2.0).
    """
    current = " ".join(_INVISIBLE.sub("", unicodedata.normalize("NFC", text)).split())
    while True:
        repaired = _repaired_once(current)
        if repaired == current:
            return current
        current = repaired


def _repaired_once(text: str) -> str:
    text = re.sub("เ{2,}", "แ", text)
    text = re.sub("(?<![ฤฦ])ๅ", "า", text)
    text = re.sub(f"ํ([{_TONES}]?)า", r"\1ำ", text)
    text = re.sub(f"ำ([{_TONES}])", r"\1ำ", text)
    text = re.sub(f"([{_TONES}์])([{_ABOVE_BELOW}])", r"\2\1", text)
    return re.sub("([ะ-ฺเ-ไ็-๎])\\1+", r"\1", text)


# --- places ---------------------------------------------------------------------------------------

BANGKOK_NAME = "กรุงเทพมหานคร"

# "เขต" opens these fifty names and no other district's, so a village called เขตรัฐ keeps its name.
BANGKOK_DISTRICTS = frozenset(
    """
    พระนคร ดุสิต หนองจอก บางรัก บางเขน บางกะปิ ปทุมวัน ป้อมปราบศัตรูพ่าย พระโขนง มีนบุรี
    ลาดกระบัง ยานนาวา สัมพันธวงศ์ พญาไท ธนบุรี บางกอกใหญ่ ห้วยขวาง คลองสาน ตลิ่งชัน บางกอกน้อย
    บางขุนเทียน ภาษีเจริญ หนองแขม ราษฎร์บูรณะ บางพลัด ดินแดง บึงกุ่ม สาทร บางซื่อ จตุจักร
    บางคอแหลม ประเวศ คลองเตย สวนหลวง จอมทอง ดอนเมือง ราชเทวี ลาดพร้าว วัฒนา บางแค หลักสี่ สายไหม
    คันนายาว สะพานสูง วังทองหลาง คลองสามวา บางนา ทวีวัฒนา ทุ่งครุ บางบอน
    """.split()  # noqa: SIM905 -- fifty names read better as lines than as a list
)

_BANGKOK_OTHER = frozenset({"กรุงเทพ", "กทม", "กรุงเทพฯ", "กทม."})
_INITIALS_OF_A_NAME = "จ.ป.ร"
_CAPITAL_WORDS = frozenset({"เมือง", "mueang", "muang"})
# The one province whose capital district is not called "เมือง" with the province's name.
_CAPITAL_NAMED_AS_PROVINCE = frozenset({"พระนครศรีอยุธยา", "phranakhonsiayutthaya"})

_OFFICE = re.compile(
    r"^(?:สำนักงานพัฒนาชุมชน|ที่ทำการพัฒนาชุมชน|ที่ทำการปกครอง|ที่ทำการ|ที่ว่าการ|สนง\.?\s?พช\.?)"
    r"\s?(?=จังหวัด|จ\.|อำเภอ|อ\.|กิ่ง|เขต|ตำบล|ต\.)"
)
_MARKER = re.compile(
    r"(?P<moo>(?:หมู่ที่|หมู่|ม\.)\s?(?P<number>\d{1,2})(?!\d))"
    r"|(?P<village>หมู่บ้าน|บ\.)"
    r"|(?P<tambon>ตำบล|ต\.|แขวง)"
    r"|(?P<district>กิ่ง\s?อำเภอ|กิ่ง\s?อ\.|อำเภอ|อ\.|เขต|สพอ\.?)"
    r"|(?P<province>จังหวัด|จ\.|สพจ\.?|(?<=\s)(?:กรุงเทพมหานคร|กรุงเทพฯ|กรุงเทพ|กทม\.?)$)"
)
_NAME_START = re.compile("[ก-ฮเ-ไ0-9A-Za-z]")
_TRAILING_NOTE = re.compile(r"(?<=\S)\s*\([^()]*\)?$")

_ENGLISH_FRONT = re.compile(
    r"(?i)^(?:(?P<province>changwat|province of)|(?P<district>king amphoe|amphoe|amphur|ampur|khet)"
    r"|(?P<tambon>tambon|tambol|khwaeng)|moo ?(?P<moo>\d{1,2}))\b[\s.]*(?=[a-z]|$)"
)
_ENGLISH_BACK = re.compile(
    r"(?i)[\s-]+(?:(?P<province>province)|(?P<tambon>sub[\s-]?district)|(?P<district>district))$"
)


@dataclass(frozen=True, slots=True)
class PlaceName:
    """A place's name without the words in front of it, and the level those words tell.

    level_hint: None where the text does not say. moo: the village's number, where written.
    """

    level_hint: PlaceLevel | None
    bare: str
    moo: int | None = None


def split_place_path(text: str) -> tuple[PlaceName, ...]:
    """The places named in one text, from the lowest to the highest.

    "หมู่ 6 ต.ไม้ยา อ.พญาเม็งราย จ.เชียงราย" gives village (moo 6), tambon, district, province. Words
    of offices (สพอ., สพจ., ที่ว่าการ…) count as the place they sit at. Never empty: a text that is
    only a prefix is taken for a name.

    Source: docs requirements D (places as written), domain 6.3, 6.4.
    """
    cleaned = to_arabic(repair_spelling(text))
    without_note = _TRAILING_NOTE.sub("", cleaned).strip()
    cleaned = without_note or cleaned
    parts = _english_parts(cleaned) if re.search("[A-Za-z]", cleaned) else _thai_parts(cleaned)
    parts = _with_capital(parts)
    if all(part.level_hint for part in parts):
        parts.sort(key=lambda part: _RANK[part.level_hint])
    return tuple(parts)


def split_place_prefix(text: str) -> PlaceName:
    """The place a text is about: its lowest one, so "ต.ไม้ยา อ.พญาเม็งราย" is the tambon ไม้ยา.

    "อ.เมือง จ.เชียงราย" gives the district "เมืองเชียงราย". บ้าน is a prefix only where a village is
    plainly meant (a หมู่ stands beside it, or "บ."), since 37 districts and 446 tambons have it in
    their names.

    Source: docs requirements D (places as written), domain 6.4.
    """
    return split_place_path(text)[0]


def fold_place(text: str, *, province: str | None = None, level: PlaceLevel | None = None) -> str:
    """The key under which names of one place meet: repaired, without prefixes, spaces or case.

    "อำเภอเมืองเชียงราย", "อ.เมือง จ.เชียงราย" and "เมือง เชียงราย" share one key, and so do
    "Chiang Rai", "Chiangrai" and "Changwat Chiang Rai". Tone marks count: for near spellings use
    spelling_distance.

    province: the province's name, completes a bare "เมือง" (or "Mueang", "Muang").
    level: "village" also takes บ้าน off the front, which no other level does.

    Idempotent with the same arguments; never empty for a text that is not blank.

    Source: docs requirements E3, D; issue 2 "kernel" (place-name folding).
    """
    current = text
    while True:
        folded = _folded_once(current, province, level)
        if folded == current:
            return folded
        current = folded


def _folded_once(text: str, province: str | None, level: PlaceLevel | None) -> str:
    place = split_place_prefix(text)
    key = _squashed(place.bare)
    if level == "village":
        key = _without_ban(key)
    if key in _CAPITAL_WORDS and province:
        key = _squashed(_capital_of(fold_place(province)))
    elif province and key.startswith("muang") and key[5:] == fold_place(province):
        key = f"mueang{key[5:]}"
    if key in _BANGKOK_OTHER:
        key = BANGKOK_NAME
    return key or _squashed(text) or repair_spelling(text)


def _capital_of(province: str) -> str:
    if _squashed(province) in _CAPITAL_NAMED_AS_PROVINCE:
        return province
    return f"Mueang {province}" if province.isascii() else f"เมือง{province}"


def _squashed(text: str) -> str:
    repaired = repair_spelling(text).casefold()
    kept = "".join(sign for sign in repaired if unicodedata.category(sign)[0] in "LMN")
    # Taking a space or dot out may bring two signs together.
    return repair_spelling(kept.replace("ฯ", "").replace("ๆ", ""))


def _without_ban(name: str) -> str:
    for word in ("บ้าน", "ban"):
        rest = name.removeprefix(word).strip()
        if rest != name and _NAME_START.match(rest):
            return rest
    return name


@dataclass(slots=True)
class _Open:
    """A part of the text while it is being read."""

    level: PlaceLevel | None
    start: int
    end: int = -1
    moo: int | None = None


def _thai_parts(text: str) -> list[PlaceName]:
    offset = found.end() if (found := _OFFICE.match(text)) else 0
    parts = [_Open(None, offset)]
    for marker in _MARKER.finditer(text, offset):
        level: PlaceLevel = "village" if marker["moo"] else _level_of(marker)
        if not _opens_a_part(text, marker, level, parts[-1]):
            continue
        parts[-1].end = marker.start()
        start = marker.start() if marker[0].startswith(("กรุงเทพ", "กทม")) else marker.end()
        number = int(marker["number"]) if marker["moo"] else None
        parts.append(_Open(level, start, moo=number))
    parts[-1].end = len(text)
    return _named(text, parts)


def _level_of(marker: re.Match[str]) -> PlaceLevel:
    levels: tuple[PlaceLevel, ...] = ("village", "tambon", "district", "province")
    return next(level for level in levels if marker[level])


def _opens_a_part(text: str, marker: re.Match[str], level: PlaceLevel, current: _Open) -> bool:
    start, word = marker.start(), marker[0]
    if marker["moo"] or word.startswith(("กรุงเทพ", "กทม")):
        return True
    if text.startswith(_INITIALS_OF_A_NAME, start):
        return False
    rest = text[marker.end() :].lstrip()
    if not _NAME_START.match(rest):
        return False
    nothing_before = not text[current.start : start].strip(" ,")
    if word == "เขต" and not text[marker.end() :].startswith(" "):
        name = re.split(r"[\s,.]", rest, maxsplit=1)[0]
        if name not in BANGKOK_DISTRICTS and _squashed(rest) not in BANGKOK_DISTRICTS:
            return False
    if nothing_before or text[start - 1] in " ,":
        return True
    # Glued to the name before it ("ต.ไม้ยาอ.พญาเม็งราย"): only on the way up an address, so that
    # a village called บ้านหน้าอำเภอ keeps its name.
    return _RANK[current.level] >= (0 if word.endswith(".") else 1) and (
        _RANK[level] > _RANK[current.level]
    )


def _named(text: str, parts: list[_Open]) -> list[PlaceName]:
    named: list[PlaceName] = []
    for part in parts:
        name = text[part.start : part.end].strip(" ,")
        if part.level == "village":
            name = _without_ban(name)
        if name in _BANGKOK_OTHER:
            name = BANGKOK_NAME
        if part.moo is not None and not name:
            if len(named) == 1 and named[0].level_hint in {None, "village"} and not named[0].moo:
                named[0] = PlaceName("village", _without_ban(named[0].bare), part.moo)
                continue
            name = f"หมู่ที่ {part.moo}"
        if name:
            named.append(PlaceName(part.level, name, part.moo))
    return named or [PlaceName(None, text)]


def _english_parts(text: str) -> list[PlaceName]:
    named: list[PlaceName] = []
    for piece in text.split(","):
        name, level, moo = piece.strip(), None, None
        for pattern in (_ENGLISH_FRONT, _ENGLISH_BACK):
            while (found := pattern.search(name)) and (rest := pattern.sub("", name).strip()):
                groups = found.groupdict()
                moo = int(groups["moo"]) if groups.get("moo") else moo
                level = "village" if groups.get("moo") else _english_level(groups)
                name = rest
        if name:
            named.append(PlaceName(level, name, moo))
    return named or [PlaceName(None, text)]


def _english_level(groups: dict[str, str | None]) -> PlaceLevel:
    levels: tuple[PlaceLevel, ...] = ("tambon", "district", "province")
    return next(level for level in levels if groups.get(level))


def _with_capital(parts: list[PlaceName]) -> list[PlaceName]:
    """Bring "อ.เมือง … จ.เชียงราย" together into "เมืองเชียงราย"."""
    above = [part for part in parts if part.level_hint == "province"]
    if not above and len(parts) > 1 and parts[-1].level_hint is None:
        above = parts[-1:]
    if not above:
        return parts
    province = above[0].bare
    complete = []
    for part in parts:
        key = _squashed(part.bare)
        # "Muang" is how ม่วง is written too (Muang Sam Sip): the province must stand behind it.
        of_capital = key in _CAPITAL_WORDS or key == f"muang{_squashed(province)}"
        if part is not above[0] and part.level_hint in {None, "district"} and of_capital:
            complete.append(PlaceName("district", _capital_of(province), part.moo))
        else:
            complete.append(part)
    return complete


# --- people ---------------------------------------------------------------------------------------

# A title counts only before a name: นายิกา and คุณากร are names, นายอำเภอ and นายกเทศมนตรี posts.
_TITLE = re.compile(
    r"^(?:"
    r"ว่าที่\s?(?:พันตรี|ร้อยเอก|ร้อยโท|ร้อยตรี|เรือตรี|พ\.?\s?ต\.|ร\.?\s?[อทต]\.)\s?(?:หญิง)?"
    r"|(?:พล|พัน|ร้อย)(?:ตำรวจ)?(?:เอก|โท|ตรี)\s?(?:หญิง)?|(?:จ่าสิบ|สิบ)(?:ตำรวจ)?(?:เอก|โท|ตรี)|ดาบตำรวจ"
    r"|(?:พล|พ|ร|จ\.?\s?ส|ส|ด)\.\s?(?:[ตอทรส]\.\s?){1,3}(?:หญิง)?"
    r"|ด\.\s?[ชญ]\.|เด็กชาย|เด็กหญิง|หม่อมราชวงศ์|หม่อมหลวง|ม\.\s?ร\.\s?ว\.|ม\.\s?ล\."
    r"|ผู้ช่วยศาสตราจารย์|รองศาสตราจารย์|ศาสตราจารย์|ผศ\.|รศ\.|ศ\.|ดร\.|ดร(?=\s)|ดอกเตอร์"
    r"|นางสาว|น\.\s?ส\.|นส\.|นาง|นพ\.|พญ\.|คุณ(?=\s)"
    r"|นาย(?!อำเภอ|กเทศมนตรี|กอง(?:ค์การ)|ก\s?อบ|กฯ)"
    r")\s*(?=[ก-ฮเ-ไ])"
)
_ENGLISH_TITLE = re.compile(
    r"(?i)^(?:mr|mrs|miss|ms|dr|acting sub lt|sub lt|asst|prof)\b[\s.]*(?=[a-z])"
)
_LIGHT_SIGNS = re.compile("[็-์]")


def fold_person(text: str) -> str:
    """The key under which spellings of one person's name meet.

    Titles off, no spaces or case, and neither tone marks, ไม้ไต่คู้ nor การันต์: "นายธัญ ปินตาเป็ก" and
    "ธัญ ปินตาเป๊ก" share one key. Two persons may share a key too; it proposes, a person decides.
    Idempotent; never empty for a text that is not blank.

    Source: docs requirements E3 (ปินตาเป๊ก / ปินตาเป็ก), domain 1.5.
    """
    current = text
    while True:
        bare = repair_spelling(current)
        while (rest := _ENGLISH_TITLE.sub("", _TITLE.sub("", bare))) != bare:
            bare = rest
        folded = _squashed(_LIGHT_SIGNS.sub("", bare)) or _squashed(bare) or bare
        if folded == current:
            return folded
        current = folded


def without_title(text: str) -> str:
    """The name without the titles before it, spelt as given; what is all title stays.

    Source: docs requirements E3 (persons named with and without title).
    """
    current = text.strip()
    while (rest := _ENGLISH_TITLE.sub("", _TITLE.sub("", current))) != current:
        current = rest
    return current


# --- distance -------------------------------------------------------------------------------------


def spelling_distance(first: str, second: str, *, bound: int = 3) -> int:
    """How many signs must be added, dropped, changed or swapped with a neighbour, 0 to bound + 1.

    Case, spaces and punctuation do not count. Anything beyond bound is bound + 1, found early.
    ชุมภูคำ and ชมภูคำ are 1 apart.

    Source: docs requirements E3, E9 (search tolerant of spelling); optimal string alignment.
    """
    a, b = _squashed(first), _squashed(second)
    if abs(len(a) - len(b)) > bound:
        return bound + 1
    before: list[int] = []
    above = list(range(len(b) + 1))
    for i, sign in enumerate(a, start=1):
        row = [i]
        for j, other in enumerate(b, start=1):
            cost = min(above[j] + 1, row[j - 1] + 1, above[j - 1] + (sign != other))
            if i > 1 and j > 1 and sign == b[j - 2] and a[i - 2] == other:
                cost = min(cost, before[j - 2] + 1)
            row.append(cost)
        if min(row) > bound and min(above) > bound:
            return bound + 1
        before, above = above, row
    return min(above[-1], bound + 1)
