"""Words that ask, tell or forbid, and whom they speak to."""

from __future__ import annotations

import re

from tiddao.policy.rules.gazetteer import Gazetteer
from tiddao.policy.rules.posts import organisation_at, post_at
from tiddao.policy.rules.proposals import Words
from tiddao.policy.rules.spans import Span, trimmed

VERBS = (
    r"เร่งรัด|เร่ง|จัดทำ|จัดส่ง|จัดเตรียม|จัดเก็บ|จัดประชุม|จัดฝึกอบรม|จัดกิจกรรม|จัดตั้ง|จัด(?=ให้|แสดง|การ|เวที|งาน)|รายงาน|ส่ง|ดำเนินการ|ดำเนินงาน|ตรวจสอบ|ตรวจ|ติดตาม|สำรวจ|บันทึก|รวบรวม|เสนอ|เตรียม"
    r"|ประสาน|แต่งตั้ง|แต่งกาย|กำหนด|ทบทวน|คัดเลือก|ยืนยัน|แจ้ง|ปรับปรุง|พัฒนา(?!การ|กร|ชุมชน)|ส่งเสริม|สนับสนุน|สร้าง|ประชาสัมพันธ์|เผยแพร่|ขับเคลื่อน|กำกับ|ดูแล|ลงพื้นที่|เข้าร่วม|ร่วม|นำ|ใช้|ปฏิบัติ|ถือปฏิบัติ"
    r"|มารับ|ยื่น|ตอบรับ|พิจารณา|ลงนาม|คำนึงถึง|เบิกจ่าย|คืน|ชำระ|ให้ความสำคัญ|ให้ความร่วมมือ|วางแผน|ถอดบทเรียน|สรุป|ประเมิน|ชี้แจง|ศึกษา|เฝ้าระวัง|ป้องกัน|แก้ไข|เพิ่ม|ลด|รักษา|คุม|เป็นวิทยากร|เป็นผู้|เป็นเจ้าภาพ|อนุเคราะห์|ถ่ายทอด|มอบหมาย|ปิด|เปิด|ทำ(?!งาน)|บูรณาการ|มุ่งเน้น|รณรงค์|เชิญชวน|ขยายผล|ต่อยอด|ออก|กรอก|อัปเดต|ปรับ|ลงทะเบียน|เสร็จ|แล้วเสร็จ|มี(?=ความ)|งด|ระมัดระวัง|เน้น|ยึด|หา(?=แนว)|บริหาร|จำหน่าย|เลือก|รับ(?=การ|ผิดชอบ)"
    r"|วิเคราะห์|จำแนก|จัดสรร|ออกแบบ|คัดกรอง|ค้นหา|จัดหา|ซักซ้อม|ขยาย|เลื่อน|ชะลอ|หยุด|ยกเลิก|ปลูก|อบรม|ฝึกอบรม|อำนวยความ|ช่วยเหลือ|เชื่อมโยง|ผลักดัน|กระตุ้น|ระดม|สอบทาน|เยี่ยม"
)
VERB = re.compile(VERBS)
ACTOR = re.compile(
    r"แต่ละ(?:จังหวัด|อำเภอ|ตำบล|กลุ่มงาน|หน่วยงาน|แห่ง)|ทุก(?:จังหวัด|อำเภอ|ตำบล|กลุ่มงาน|หน่วยงาน|คน|พื้นที่|ฝ่าย|แห่ง|ท่าน)|(?:ทั้ง\s?\d+\s?)?(?:จังหวัด|อำเภอ|ตำบล|หมู่บ้าน|พื้นที่|หน่วยงาน|ท่าน|บุคลากร|ข้าราชการ|เจ้าหน้าที่|คณะทำงาน|คณะกรรมการ|ผู้สมัคร|ผู้เข้าร่วม|ผู้ที่|ผู้ประกอบการ|ผู้ได้รับ|สมาชิก|กลุ่ม|กองทุน|กลุ่มงาน|ฝ่าย|กอง(?!ทุน)|สำนัก|ศูนย์|พัฒนากร|นักวิชาการ|พัฒนาการ|หัวหน้า|ผู้อำนวยการ|ผอ\.|นายอำเภอ|ผู้ว่าราชการ|กำนัน|ผู้ใหญ่บ้าน|อาสาพัฒนา|เครือข่าย|สพจ|สพอ|กรม|ผู้รับผิดชอบ|ผู้เกี่ยวข้อง|ทีม|นาย|นาง|ว่าที่|เทศบาล|องค์การ|องค์กร|อบต|อปท|โรงเรียน|ธนาคาร|มหาวิทยาลัย|ส่วนราชการ|ปลัด|ประธาน|ครัวเรือน|ประชาชน|ผู้นำ|เลขา|ศอช|คณะ)"
)
_ACTOR_HEADS = r"(?:ทุก|จังหวัด|อำเภอ|ตำบล|พื้นที่|เจ้าหน้าที่|คณะ|ผู้|กลุ่ม|ฝ่าย|สำนักงาน|พัฒนา|นักวิชาการ|ข้าราชการ|บุคลากร|หน่วยงาน|กองทุน|สมาชิก|ท่าน)"
_LET_WHOM = (
    r"(?:ทุก|จังหวัด|อำเภอ|ตำบล|กลุ่ม|คณะ|ผู้|เจ้าหน้าที่|หน่วย|พัฒนา|สำนัก|สพ|ฝ่าย|เลขา|กอง|ท่าน|ข้าราชการ|บุคลากร|นาย|นาง"
    r"|ดำเนิน|รายงาน|ส่ง|จัด|ตรวจ|ติดตาม|เร่ง|ประสาน|สำรวจ|บันทึก|นำ|ถือ|รวบรวม|แจ้ง|เตรียม|ยึด|ศึกษา|กำกับ|เป็นเจ้า|ปฏิบัติ|แต่ละ|ใช้|คง|ยื่น|มารับ)"
)
MARKS: tuple[tuple[str, re.Pattern[str]], ...] = (
    (
        "directive.ask",
        re.compile(r"(?:จึง)?(?:ใคร่)?ขอ(?:ความร่วมมือ(?:จาก)?|ความอนุเคราะห์|ให้)(?!กำลังใจ|ทราบ)"),
    ),
    (
        "directive.invite",
        re.compile(
            r"(?:จึง)?ขอ(?:เรียน)?เชิญ(?=ท่าน|ผู้|เข้า|ร่วม|ทุก|หน่วย)(?:ท่าน)?|(?:จึง)?ขอเรียนเชิญ(?:ท่าน)?"
        ),
    ),
    (
        "directive.resolve",
        re.compile(r"(?:มติ(?:ที่ประชุม)?\s?(?:เห็นชอบ|อนุมัติ)?\s?|เห็นควร|เห็นชอบ|เห็นสมควร)ให้"),
    ),
    (
        "directive.assign",
        re.compile(
            r"มอบหมาย(?:ให้)?|มอบ(?=ฝ่าย|กลุ่มงาน|พัฒนาการ|สำนักงาน|เลขา|อำเภอ|จังหวัด|ทุก|หัวหน้า|นาย(?!ก)|นางสาว|นาง|ว่าที่)"
        ),
    ),
    ("directive.stress", re.compile(r"(?:เน้นย้ำ|กำชับ|สั่งการ|ฝาก|เร่งรัด|ขอย้ำ|ย้ำ)(?:ให้)")),
    ("directive.please", re.compile(r"โปรด(?!ทราบ|ปราน|ปราณี)")),
    (
        "directive.must",
        re.compile(
            rf"(?:(?<![ก-๎])|(?<=และ)|(?<=โดย))(?P<must>{_ACTOR_HEADS}[ก-๎]{{0,25}}?(?:จะ)?ต้อง)(?={VERBS})"
            r"|(?<=[“\"])ต้อง(?!การ)|(?<![ก-๎])(?:จะ)?ต้อง(?=ส่ง|รายงาน|จัด|ดำเนิน|มี(?:ความ)?|เป็น|ทำ)"
        ),
    ),
    ("directive.forbid", re.compile(r"(?:(?<![ก-๎])|(?<=และ))(?:ห้าม|งดเว้น)(?:มิให้)?(?=[ก-๎])")),
    ("directive.let", re.compile(rf"(?:^|(?<=\n)|(?<=[ ])|(?<=และ)|(?<=โดย))ให้(?={_LET_WHOM})")),
    ("directive.deadline-set", re.compile(r"กำหนด(?=ส่ง|รายงาน|แล้วเสร็จ)")),
)
"""What asks, tells or forbids, each by the rule it stands for; the first in the text wins."""
_NO_VERB_AFTER = re.compile(r"(?:ได้|ที่|ผู้|การ|ของ|ด้าน|งาน|ไม่|ยัง|ฝ่าย)$")
_WHOLE_NAMES = ("พื้นที่", "เจ้าหน้าที่", "เลขานุการ", "ข้าราชการ", "กรรมการ", "ส่วนราชการ")
_FOR_WHOM_BEFORE = re.compile(r"(?:สำหรับ|ส่วน|กรณี)(?P<who>[^\s]{3,60})\s$")


Asked = tuple[str, re.Match[str]]


def marks_in(text: str, start: int, end: int) -> list[Asked]:
    """The words that ask between start and end, in order, each with the rule it stands for.

    Source: docs requirements B45–B53 (ขอให้, ต้อง, ฝาก); minutes and circulars (มติ, ให้, โปรด).
    """
    found = [(rule, mark) for rule, pattern in MARKS for mark in pattern.finditer(text, start, end)]
    found.sort(key=lambda asked: (asked[1].start(), -asked[1].end()))
    kept: list[Asked] = []
    for asked in found:
        if not kept or asked[1].start() >= kept[-1][1].end():
            kept.append(asked)
    return kept


def who_of(
    text: str, rule: str, mark: re.Match[str], end: int, gazetteer: Gazetteer
) -> tuple[Words | None, int]:
    """Whom the mark speaks to, and where what is to be done begins.

    Source: issue 4 "directives (who, what, by when, for whom)".
    """
    if rule == "directive.must":
        must = mark.groupdict().get("must")
        if must:
            span = trimmed(
                text, mark.start() + (3 if must.startswith("โดย") else 0), mark.end() - len("ต้อง")
            )
            name = text[span.start : span.end].removesuffix("จะ")
            return Words(name, Span(span.start, span.start + len(name))), mark.end()
        return None, mark.end()
    if rule == "directive.invite" and mark[0].endswith("ท่าน"):
        return Words("ท่าน", Span(mark.end() - len("ท่าน"), mark.end())), mark.end()
    who, rest = who_at(text, mark.end(), end, gazetteer)
    if who is None and rule == "directive.let":
        named = _FOR_WHOM_BEFORE.search(text, max(0, mark.start() - 80), mark.start())
        if named:
            return Words(named["who"], Span(named.start("who"), named.end("who"))), rest
    return who, rest


def who_at(
    text: str, start: int, end: int, gazetteer: Gazetteer, stops: str = ""
) -> tuple[Words | None, int]:
    """Whoever is named between the asking word and the first verb; where the verb begins.

    stops: more words that end a name, as a pattern.

    Source: issue 4 "directives (who, what, by when, for whom)".
    """
    while start < end and text[start] == " ":
        start += 1
    actor = ACTOR.match(text, start, end)
    if actor is None:
        return None, start
    begin = actor.end()
    post = post_at(text, start, gazetteer)
    office = organisation_at(text, start, gazetteer)
    if post and post.at_place and post.span.end <= end:
        begin = max(begin, post.span.end)  # the name of the place belongs to the post
    if office and office.end <= end:
        begin = max(begin, office.end)
    verbs = re.compile(f"{stops}|{VERBS}") if stops else VERB
    for verb in verbs.finditer(text, begin, min(end, begin + 90)):
        before = text[begin : verb.start()]
        if _NO_VERB_AFTER.search(before) and not before.endswith(_WHOLE_NAMES):
            continue
        span = trimmed(text, start, verb.start())
        return Words(text[span.start : span.end], span), verb.start()
    return None, start
