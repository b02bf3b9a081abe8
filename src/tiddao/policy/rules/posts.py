"""Posts and offices as papers write them: พัฒนาการจังหวัดเชียงราย, ผู้อำนวยการกลุ่มงาน."""

from __future__ import annotations

import re
from dataclasses import dataclass

from tiddao.policy.rules.gazetteer import Gazetteer
from tiddao.policy.rules.proposals import PlaceLevel
from tiddao.policy.rules.spans import Span

# Heads of posts that sit at a place: the name of the place belongs to the post.
_AT_PLACE = (
    r"(?:ผู้ช่วย|รอง)?ผู้ว่าราชการจังหวัด|ผวจ\.|รอง\s?ผวจ\.|ปลัดจังหวัด|พัฒนาการจังหวัด|(?<![ก-๎])พจ\.(?=[ก-ฮเ-ไ])|ท้องถิ่นจังหวัด|หัวหน้าสำนักงานจังหวัด"
    r"|นายกเหล่ากาชาดจังหวัด|พัฒนาการอำเภอ|(?<![ก-๎])พอ\.(?=[ก-ฮเ-ไ])|ปลัดอำเภอ|นายอำเภอ|ท้องถิ่นอำเภอ|เกษตรอำเภอ|สาธารณสุขอำเภอ|เกษตรจังหวัด|สาธารณสุขจังหวัด"
    r"|กำนันตำบล|กำนัน|นายกเทศมนตรี(?:ตำบล|เมือง|นคร)?|นายกองค์การบริหารส่วน(?:ตำบล|จังหวัด)|นายก\s?อบต\.|นายก\s?อบจ\.|นายก\s?ทต\."
    r"|ปลัดเทศบาล(?:ตำบล|เมือง|นคร)?|ปลัดองค์การบริหารส่วนตำบล|ปลัด\s?อบต\."
)
# Heads that take their own words up to a space.
_WITH_WORDS = (
    r"ผู้ตรวจราชการ(?:กระทรวง|กรม)|ผู้ตรวจราชการ|ปลัดกระทรวง|รองปลัดกระทรวง|รัฐมนตรี(?:ว่าการ|ช่วยว่าการ)|รองอธิบดี|อธิบดี"
    r"|(?:รอง)?ผู้อำนวยการ|(?:รอง)?ผอ\.|หัวหน้า(?=กลุ่ม|ฝ่าย|งาน|สำนัก|ทีม|ส่วน)|เลขานุการกรม|นักวิชาการ|เจ้าพนักงาน|เจ้าหน้าที่|นักจัดการ|นักทรัพยากร"
    r"|นิติกร|นักวิเคราะห์|พัฒนากร(?!ร)|อาสาพัฒนา|อสพ\.|พนักงานราชการ|ผู้ใหญ่บ้าน|ประธาน(?=กลุ่ม|กรรมการ|คณะ|เครือข่าย|ศูนย์|ชมรม|สภา|กองทุน|วิสาหกิจ|สหกรณ์|ศอช|องค์กร|สตรี)"
    r"|ผู้จัดการ|ครู|อาจารย์|วิทยากร(?=จาก|กระบวน)|(?<!ภาวะ)ผู้นำ|ปราชญ์|ผู้แทน|ผู้ประกอบการ|เจ้าของแปลง"
)
_TAIL = r"[ก-๎A-Za-z./()]*"
_POST = re.compile(rf"(?P<place>{_AT_PLACE})\s?|(?P<words>{_WITH_WORDS})(?P<tail>{_TAIL})")
_SPACED_LEVEL = re.compile(r"(?:จังหวัด|อำเภอ|ตำบล)")
# What may not be part of a post: verbs and joining words with which the sentence goes on.
CUT = re.compile(
    r"พร้อมด้วย|พร้อมทั้ง|พร้อมเจ้า|พร้อมคณะ|(?<=.)พร้อม(?=ทั้ง|ด้วย|คณะ|เจ้า)|โดย(?=มี|ผู้|ได้|ใน|เป็น)|ซึ่ง|เป็นประธาน|เป็นผู้|เป็นวิทยากร|เป็นเลขา"
    r"|ได้(?=กล่าว|ให้|มอบ|เน้น|บรรยาย|ชี้แจง|แจ้ง|ร่วม|เข้า|นำ|ลง|กำชับ|รับ)|กล่าวว่า|กล่าวต้อนรับ|กล่าวเปิด|กล่าวรายงาน|กล่าว(?=ถึง|ใน)|กล่าว$"
    r"|มอบ(?=หมาย|นโยบาย|แนวทาง|เกียรติ)|(?<!การ)ร่วม(?=ประชุม|กิจกรรม|กับ|ลง|เป็น|พิธี|รับฟัง|ถ่ายทอด|เดิน|งาน)|เข้าร่วม|ลงพื้นที่|บรรยาย(?=พิเศษ|เรื่อง|หัว|ให้|และ)|ให้การ(?=ต้อนรับ)"
    r"|ให้ความ|ต้อนรับ|ประชุม(?=เชิง|คณะ|ติด|ชี้|ร่วม|หารือ)|รับผิดชอบ|ประสาน(?=ผู้|งาน|หน่วย|กับ)|ตำแหน่ง|(?<=.)หมู่ที่|ดำเนินการ|เปิด(?=การ|งาน|โครงการ|เวที|กิจ|ประชุม)|ชี้แจง"
    r"|ติดตาม(?=การ|งาน|ความ|ผล)|ตรวจเยี่ยม|เยี่ยมชม|เน้นย้ำ|กำชับ|และ(?=นาย|นาง|ว่าที่|คณะ|ผู้|เจ้า|พัฒนา|หัว|บุค|อา|นัก|กำนัน|เครือ)"
    r"|(?<=.)ผู้(?=ตรวจราช|อำนวยการ|ว่าราช|ใหญ่บ้าน)|(?<=.)พัฒนาการ(?=จังหวัด|อำเภอ)|(?<=.)นายอำเภอ|(?<=.)นายก(?=เทศ|อง|อบ)|(?<=.)หัวหน้า(?=กลุ่ม|ฝ่าย)"
    r"|(?<=.)รองอธิบดี|(?<!รอง)(?<=.)อธิบดี(?=กรม)|ปลัด(?=อำเภอ|จังหวัด|กระทรวง)|(?<=.)กำนัน|ทั้งนี้|จัดทำ|จำนวน|นำ(?=คณะ|ทีม|ผู้)|พา(?=คณะ)|ตลอดจน|รวมทั้ง"
    r"|ประจำ(?=ปี)|รักษา(?=ราชการแทน|การใน)|ปฏิบัติราชการแทน|ณ(?=\s)"
)
_AND = re.compile("และ")
_GENERIC = frozenset({"เจ้าหน้าที่", "ผู้แทน", "ผู้นำ", "ครู", "อาจารย์", "ประธาน", "ผู้ประกอบการ", "หัวหน้า"})
_ACTING = re.compile(r"\s*(?:รักษาราชการแทน|รักษาการในตำแหน่ง|รักษาการแทน|ปฏิบัติราชการแทน|ทำการแทน)\s*")
_COMMITTEE = re.compile(
    r"\s*(?:รองประธาน\S*|ประธาน(?:คณะทำงาน|กรรมการ|ที่ประชุม)?|คณะทำงานและเลขานุการ|กรรมการและเลขานุการ|คณะทำงาน|กรรมการ|(?:ผู้ช่วย)?เลขานุการ)(?![ก-๎])"
)


@dataclass(frozen=True, slots=True)
class Post:
    """A post as written. office: the part that names where it sits; at_place: a place's name alone."""

    span: Span
    text: str
    office: Span | None
    at_place: bool


def post_at(text: str, start: int, gazetteer: Gazetteer) -> Post | None:
    """The post that begins exactly at start, or None.

    Source: docs requirements A1, A13–A17, A89, A90, B5–B9 (posts and their offices).
    """
    found = _POST.match(text, start)
    if found is None:
        return None
    if found["place"] is not None:
        end = _place_end(text, found.end(), found["place"], gazetteer)
        office = Span(found.end(), end) if end > found.end() else None
        head_end = found.start() + len(found["place"])
        stop = end if office else head_end
        return Post(Span(start, stop), text[start:stop], office, at_place=True)
    head_end = found.end("words")
    tail = found["tail"]
    cut = CUT.search(text[start : found.end()], head_end - start)
    if cut is None and "ผู้อำนวยการ" not in found["words"] and "ผอ." not in found["words"]:
        cut = _AND.search(text[start : found.end()], head_end - start)
    end = start + cut.start() if cut else found.end()
    if text[start:end].count("(") != text[start:end].count(")"):
        end = start + text[start:end].find("(")
    end = (
        start + len(text[start:end].rstrip("./( "))
        if not text[start:end].endswith(("ผอ.", "อสพ."))
        else end
    )
    if end <= start or (not tail and found["words"] in {"ครู", "ผู้นำ"}):
        return None
    office = Span(head_end, end) if end > head_end else None
    return Post(Span(start, end), text[start:end], office, at_place=False)


def _place_end(text: str, start: int, head: str, gazetteer: Gazetteer) -> int:
    levels: tuple[PlaceLevel, ...] = ("province",)
    if re.search(r"อำเภอ|พอ\.", head):
        levels = ("district",)
    elif re.search(r"ตำบล|กำนัน|อบต|ทต|เทศ", head):
        levels = ("tambon", "district", "province")
    marker = _SPACED_LEVEL.match(text, start)
    begin = marker.end() if marker else start
    for level in levels:
        name = gazetteer.named_at(text, begin, level)
        if name:
            return begin + len(name)
    if "อำเภอ" in head and text.startswith("เมือง", start):
        return start + len("เมือง")
    return start - (text[start - 1 : start] == " ")


def posts_in(text: str, gazetteer: Gazetteer) -> tuple[Post, ...]:
    """Every post that the text names, left to right, without overlaps.

    Source: docs requirements A13–A17, B6–B9 (audiences named by post).
    """
    posts: list[Post] = []
    place = 0
    while found := _POST.search(text, place):
        post = post_at(text, found.start(), gazetteer)
        if post is None or post.span.end <= place:
            place = found.start() + 1
            continue
        posts.append(post)
        place = post.span.end
    return tuple(posts)


def is_generic(post: Post) -> bool:
    """Whether the words alone are no post: เจ้าหน้าที่, ประธาน.

    Source: docs requirements B9 (general staff role is named with its department).
    """
    return post.text.strip() in _GENERIC


def acting_at(text: str, start: int, gazetteer: Gazetteer) -> tuple[Post, str] | None:
    """The post acted for, with the word that says so, where the text goes on with รักษาราชการแทน.

    Source: docs domain 1.5 (acting officials are usual), requirements B56.
    """
    word = _ACTING.match(text, start)
    if word is None:
        return None
    post = post_at(text, word.end(), gazetteer)
    return (post, word[0].strip()) if post else None


def committee_end(text: str, start: int) -> int:
    """Where the role in a committee ends that stands at start; start itself when none stands there.

    Source: orders that appoint working groups (docs domain 9.1).
    """
    found = _COMMITTEE.match(text, start)
    return found.end() if found else start


ORGANISATION = re.compile(
    r"สำนักงานพัฒนาชุมชน(?:จังหวัด|อำเภอ)|สพ[จอ]\.\s?(?=[ก-ฮเ-ไ])|กรม(?:การ)?พัฒนาชุมชน|กระทรวงมหาดไทย|ศูนย์ศึกษาและพัฒนาชุมชน"
    r"|กลุ่มงาน(?:ยุทธศาสตร์|ส่งเสริม|สารสนเทศ)การพัฒนาชุมชน|ฝ่ายอำนวยการ|สำนักงาน(?:จังหวัด|การตรวจเงินแผ่นดิน)|ที่ว่าการอำเภอ|ที่ทำการปกครอง(?:จังหวัด|อำเภอ)"
    r"|เทศบาล(?:ตำบล|เมือง|นคร)|องค์การบริหารส่วน(?:ตำบล|จังหวัด)|จังหวัด(?=[ก-ฮเ-ไ])|อำเภอ(?=[ก-ฮเ-ไ])"
)


def organisation_at(text: str, start: int, gazetteer: Gazetteer) -> Span | None:
    """The office that begins exactly at start, with the name of its place, or None.

    Source: docs requirements A26 (organised by the provincial office).
    """
    head = ORGANISATION.match(text, start)
    if head is None:
        return None
    word = head[0]
    level: PlaceLevel | None = (
        "province"
        if word.endswith("จังหวัด") or word.startswith("สพจ")
        else "district"
        if word.endswith("อำเภอ") or word.startswith("สพอ")
        else "tambon"
        if word.endswith("ตำบล")
        else None
    )
    end = head.end()
    if level is None:
        if word.startswith("เทศบาล"):
            levels: tuple[PlaceLevel, ...] = ("tambon", "district", "province")
            names = [name for each in levels if (name := gazetteer.named_at(text, end, each))]
            end += max(map(len, names), default=0)
        elif word.startswith("ศูนย์ศึกษา"):
            name_after = re.match(r"[ก-๎]+", text[end:])
            end += len(name_after[0]) if name_after else 0
        return Span(start, end)
    name_of = gazetteer.named_at(text, end, level)
    if name_of:
        return Span(start, end + len(name_of))
    if word in {"จังหวัด", "อำเภอ"} or word.startswith("สพ"):
        return None
    return Span(start, end)
