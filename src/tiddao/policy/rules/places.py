"""Places and groups of places that a text names, down to the village, with their codes."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from tiddao.policy.rules.gazetteer import Gazetteer, KnownGroup
from tiddao.policy.rules.proposals import GroupNamed, PlaceLevel, PlaceNamed
from tiddao.policy.rules.spans import Span

RANK: dict[PlaceLevel, int] = {"village": 0, "tambon": 1, "district": 2, "province": 3}

_NOT_GLUED = r"(?:(?<![ก-๎.])|(?<=และ)|(?<=ใน)|(?<=ที่)|(?<=จาก))"
_MARKER = re.compile(
    r"(?P<moo>หมู่ที่\s?(?P<m1>\d{1,2})(?!\d)|หมู่\s?(?P<m2>\d{1,2})(?!\d)"
    rf"|{_NOT_GLUED}ม\.\s?(?P<m3>\d{{1,2}})(?![\d:.]))"
    rf"|(?P<tambon>เทศบาลตำบล|ตำบล|{_NOT_GLUED}ต\.|แขวง)\s?"
    rf"|(?P<district>กิ่งอำเภอ|อำเภอ|{_NOT_GLUED}อ\.|สพอ\.\s?|(?<![ก-๎])เขต(?=[ก-ฮเ-ไ]))\s?"
    rf"|(?P<province>จังหวัด|{_NOT_GLUED}จ\.|สพจ\.\s?|(?<![ก-๎.])พช\.(?=[ก-ฮเ-ไ]))\s?"
    r"|(?P<bangkok>กรุงเทพมหานคร|กรุงเทพฯ|(?<![ก-๎])กทม\.)"
)
_VILLAGE_NAME = re.compile(r"(?:บ้าน|บ\.)[ก-๎A-Za-z0-9]+\s*$")
_BETWEEN_STEPS = re.compile(r"[ ,]*")
_SEPARATOR = re.compile(r"[ ,]*(?:\s*และ\s*|\s*กับ\s*|[ ,]+|\n)")
_LETTER = re.compile("[ก-๎A-Za-z]")
_LIST_OPENS = re.compile(r"(?:ได้แก่|คือ|ประกอบด้วย|ดังนี้)[ :]*")
_AFTER_NAME = re.compile(
    r"และ|ร่วม|เข้า|โดย|ซึ่ง|ได้|เป็น|มี|จัด|ที่|ให้|ใน|ของ|จำนวน|พร้อม|ประชุม|ลง|ดำเนิน|กำหนด|แจ้ง|ประจำ"
    r"|เปิด|ติด|ขับ|เร่ง|เบิก|ทราบ|กล่าว|ต้อน|ณ|รวม|ว่า|ไป|มา|เพื่อ|จึง|ตาม|ระดับ|ต่อ|เบิก|รับ|ส่ง|มอบ|ชั้น|ถนน|แล้ว|หรือ|กับ|จาก|เมื่อ"
)
BANGKOK = "10"
_CAPITAL = "เมือง"


@dataclass(slots=True)
class _Seen:
    """A place while it is being read."""

    level: PlaceLevel
    name: str
    start: int
    end: int
    moo: int | None = None
    capital: bool = False
    upper: _Seen | None = None
    rule: str = "place.marked"
    code: str | None = None
    candidates: tuple[str, ...] = ()


def places_in(text: str, gazetteer: Gazetteer) -> tuple[PlaceNamed, ...]:
    """Every place of the gazetteer that the text names with its level, or in a list of such names.

    Steps of one address ("หมู่ที่ 14 ตำบลไม้ยา อำเภอพญาเม็งราย") resolve each other; a step that
    stands alone is resolved by the places named around it, and stays without a code when several
    remain. A village is known by tambon and หมู่; its code follows the scheme.

    Source: docs requirements A7, A20, A87, B43; domain 6.3 (CCAATTMM), 6.4.
    """
    seen = _marked(text, gazetteer)
    seen = _with_lists(text, seen, gazetteer)
    _chain(text, seen)
    _resolve(seen, gazetteer)
    return tuple(_proposal(each) for each in seen if each.code or each.candidates)


def _marked(text: str, gazetteer: Gazetteer) -> list[_Seen]:
    seen: list[_Seen] = []
    for marker in _MARKER.finditer(text):
        if marker["moo"]:
            number = int(marker["m1"] or marker["m2"] or marker["m3"])
            name = _VILLAGE_NAME.search(text, max(0, marker.start() - 60), marker.start())
            start = name.start() if name else marker.start()
            words = text[start : marker.end()]
            if number:
                seen.append(_Seen("village", words, start, marker.end(), moo=number))
            continue
        if marker["bangkok"]:
            seen.append(
                _Seen("province", marker[0], marker.start(), marker.end(), rule="place.bangkok")
            )
            continue
        level: PlaceLevel = next(
            each for each in ("tambon", "district", "province") if marker[each]
        )
        found = _name_at(text, marker.end(), level, gazetteer)
        if found:
            seen.append(_Seen(level, found, marker.start(), marker.end() + len(found)))
        elif level == "district" and _is_capital(text, marker.end()):
            end = marker.end() + len(_CAPITAL)
            seen.append(_Seen(level, _CAPITAL, marker.start(), end, capital=True))
    return seen


def _is_capital(text: str, start: int) -> bool:
    end = start + len(_CAPITAL)
    return text.startswith(_CAPITAL, start) and not _LETTER.match(text[end : end + 1])


def _name_at(text: str, start: int, level: PlaceLevel, gazetteer: Gazetteer) -> str | None:
    """The longest name that begins here and is not merely the beginning of a longer word."""
    window = text[start : start + 40]
    while window:
        name = gazetteer.named_at(window, 0, level)
        if name is None:
            return None
        rest = text[start + len(name) : start + len(name) + 12]
        whole = not _LETTER.match(rest)
        if whole or len(name) >= 5 or _AFTER_NAME.match(rest) or _MARKER.match(rest):
            # A sign that hangs on the last letter belongs to a longer word.
            return None if re.match("[ะ-ฺ็-๎]", rest) else name
        window = window[: len(name) - 1]
    return None


def _with_lists(text: str, seen: list[_Seen], gazetteer: Gazetteer) -> list[_Seen]:
    """Add the bare names that go on a list begun by a marked name, or by ได้แก่ and คือ."""
    complete: list[_Seen] = []
    starts = {each.start for each in seen}
    for each in seen:
        complete.append(each)
        if each.level in {"district", "province", "tambon"} and not each.capital:
            complete.extend(_going_on(text, each.end, each.level, starts, gazetteer))
    spans = [Span(each.start, each.end) for each in complete]
    for opening in _LIST_OPENS.finditer(text):
        for level in ("province", "district", "tambon"):
            if level != "province" and not re.search(
                "อำเภอ" if level == "district" else "ตำบล",
                text[max(0, opening.start() - 60) : opening.start()],
            ):
                continue
            bare = list(_going_on(text, opening.end(), level, starts, gazetteer, first=True))
            bare = [
                one for one in bare if not any(s.overlaps(Span(one.start, one.end)) for s in spans)
            ]
            if len(bare) >= 2:
                complete.extend(bare)
                spans.extend(Span(one.start, one.end) for one in bare)
                break
    return sorted(complete, key=lambda each: (each.start, each.end))


def _going_on(
    text: str,
    place: int,
    level: PlaceLevel,
    starts: set[int],
    gazetteer: Gazetteer,
    *,
    first: bool = False,
) -> list[_Seen]:
    found: list[_Seen] = []
    while True:
        if not (first and not found):
            separator = _SEPARATOR.match(text, place)
            if not separator:
                return found
            place = separator.end()
        if place in starts:
            return found
        name = gazetteer.named_at(text, place, level)
        if name is None:
            return found
        end = place + len(name)
        rest = text[end : end + 10]
        if _LETTER.match(rest) and not re.match(r"และ|ร่วม|เข้าร่วม|โดย|รวม|ซึ่ง|จำนวน", rest):
            return found
        found.append(_Seen(level, name, place, end, rule="place.listed"))
        place = end


def _chain(text: str, seen: Sequence[_Seen]) -> None:
    """Let each step of an address know the next one up."""
    for lower, upper in itertools.pairwise(seen):
        gap = text[lower.end : upper.start]
        if RANK[upper.level] > RANK[lower.level] and _BETWEEN_STEPS.fullmatch(gap):
            lower.upper = upper


def _resolve(seen: Sequence[_Seen], gazetteer: Gazetteer) -> None:
    provinces = [each for each in seen if each.level == "province"]
    for each in provinces:
        codes = (
            (BANGKOK,)
            if each.rule == "place.bangkok"
            else gazetteer.codes_of(each.name, "province")
        )
        each.code = codes[0] if len(codes) == 1 else None
        each.candidates = () if each.code else codes
    for level in ("district", "tambon", "village"):
        for position, each in enumerate(seen):
            if each.level == level:
                _resolve_one(each, position, seen, gazetteer)
    # A second pass: what was ambiguous may now have neighbours that are known.
    for position, each in enumerate(seen):
        if each.code is None and each.level != "province":
            _resolve_one(each, position, seen, gazetteer)


def _resolve_one(each: _Seen, position: int, seen: Sequence[_Seen], gazetteer: Gazetteer) -> None:
    if each.moo is not None:
        home = _above(each, "tambon") or _nearest(seen, position, "tambon")
        if home and home.code:
            each.code = f"{home.code}{each.moo:02d}"
        return
    name = each.name
    if each.capital:
        province = _above(each, "province") or _nearest(seen, position, "province")
        name = (
            f"{_CAPITAL}{gazetteer.name_of(province.code) or ''}"
            if province and province.code
            else name
        )
    codes = gazetteer.codes_of(name, each.level)
    upper = each.upper
    while upper is not None and upper.code is None:
        upper = upper.upper
    if upper is not None and upper.code is not None:
        inside = tuple(code for code in codes if code.startswith(upper.code))
        codes = inside or codes
    if len(codes) > 1:
        codes = _by_surroundings(codes, each, position, seen)
    each.code = codes[0] if len(codes) == 1 else None
    each.candidates = () if each.code else codes


def _above(each: _Seen, level: PlaceLevel) -> _Seen | None:
    upper = each.upper
    while upper is not None and upper.level != level:
        upper = upper.upper
    return upper


def _nearest(seen: Sequence[_Seen], position: int, level: PlaceLevel) -> _Seen | None:
    """The place of the level named last before this one, else the first one after it."""
    before = [each for each in seen[:position] if each.level == level and each.code]
    after = [each for each in seen[position + 1 :] if each.level == level and each.code]
    return before[-1] if before else after[0] if after else None


def _by_surroundings(
    codes: tuple[str, ...], each: _Seen, position: int, seen: Sequence[_Seen]
) -> tuple[str, ...]:
    """Keep the candidates that lie where the text is about: nearest district, then province."""
    for digits, level in ((4, "district"), (2, "province")):
        if digits >= len(codes[0]):
            continue
        named = Counter(
            other.code[:digits]
            for other in seen
            if other is not each and other.code and len(other.code) >= digits
        )
        inside = tuple(code for code in codes if code[:digits] in named)
        if len(inside) == 1:
            return inside
        near = _nearest(seen, position, level)  # type: ignore[arg-type]  # both are levels
        if near and near.code and len(inside) > 1:
            beside = tuple(code for code in inside if code.startswith(near.code))
            if len(beside) == 1:
                return beside
        codes = inside or codes
    return codes


def _proposal(each: _Seen) -> PlaceNamed:
    upper = each.upper
    while upper is not None and upper.code is None:
        upper = upper.upper
    return PlaceNamed(
        span=Span(each.start, each.end),
        rule="place.moo" if each.moo is not None else each.rule,
        name=each.name,
        level=each.level,
        code=each.code,
        candidates=each.candidates,
        by_scheme=each.moo is not None and each.code is not None,
        within=upper.code if upper else None,
    )


_INSPECTION = re.compile(r"เขตตรวจราชการ(?:ที่)?\s?(\d{1,2})(?!\d)")
_REGION = re.compile(
    r"ภาค(?:อีสาน|ตะวันออกเฉียงเหนือ|ตะวันออก|ตะวันตก|เหนือ|ใต้ชายแดน|ใต้|กลาง)(?:ตอนบน|ตอนล่าง)?"
)
_ZONE = re.compile(
    r"(?:(?<![ก-๎])|(?<=และ)|(?<=ใน)|(?<=จาก))(?:โซน|กลุ่มโซน|กลุ่มจังหวัด)(?:อำเภอ)?(?:ที่\s?\d+|[ก-๎]+)"
)
_SAME_REGION = {"ภาคตะวันออกเฉียงเหนือ": "ภาคอีสาน"}


def groups_in(text: str, gazetteer: Gazetteer) -> tuple[GroupNamed, ...]:
    """Regions, inspection regions, zones: with the key and members where the gazetteer knows them.

    Source: docs requirements A18, B10; domain 6.5, 6.6 (groups are dated data).
    """
    known = {group.name: group for group in gazetteer.groups()}
    found: list[GroupNamed] = []
    for pattern, rule in (
        (_INSPECTION, "group.inspection"),
        (_REGION, "group.region"),
        (_ZONE, "group.zone"),
    ):
        for match in pattern.finditer(text):
            span, group = _group_of(text, match, known)
            name = text[span.start : span.end]
            found.append(
                GroupNamed(
                    span=span,
                    rule=rule,
                    name=name,
                    key=group.key if group else None,
                    members=tuple(sorted(group.members)) if group else (),
                )
            )
    return tuple(sorted(found, key=lambda each: each.span))


def _group_of(
    text: str, match: re.Match[str], known: dict[str, KnownGroup]
) -> tuple[Span, KnownGroup | None]:
    span = Span(match.start(), match.end())
    if match.re is _INSPECTION:
        return span, known.get(f"เขตตรวจราชการที่ {match[1]}")
    name = _SAME_REGION.get(match[0], match[0])
    if name in known:
        return span, known[name]
    longest = max(
        (each for each in known if text.startswith(each, match.start())), key=len, default=""
    )
    if longest:
        return Span(match.start(), match.start() + len(longest)), known[longest]
    return span, None
