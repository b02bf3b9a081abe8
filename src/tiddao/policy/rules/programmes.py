"""Programmes, models, policies and where they come from, as a text names them."""

from __future__ import annotations

import re

from tiddao.policy.rules.proposals import ProgrammeNamed
from tiddao.policy.rules.spans import Span

# Names the department's papers use; longer ones first, each with its sort.
_KNOWN: tuple[tuple[str, str], ...] = (
    ("ชุมชนท่องเที่ยว OTOP นวัตวิถี", "programme"),
    ("OTOP นวัตวิถี", "programme"),
    ("OTOP", "programme"),
    ("หนึ่งตำบล หนึ่งผลิตภัณฑ์", "programme"),
    ("โคก หนอง นา", "programme"),
    ("หมู่บ้านเศรษฐกิจพอเพียง", "programme"),
    ("ปรัชญาของเศรษฐกิจพอเพียง", "frame"),
    ("ตำบลเข้มแข็ง", "programme"),
    ("สัมมาชีพชุมชน", "programme"),
    ("กองทุนพัฒนาบทบาทสตรี", "programme"),
    ("กองทุนแม่ของแผ่นดิน", "programme"),
    ("กข.คจ.", "programme"),
    ("กลุ่มออมทรัพย์เพื่อการผลิต", "programme"),
    ("จปฐ.", "programme"),
    ("กชช.2ค", "programme"),
    ("TPMAP", "programme"),
    ("ThaiQM", "programme"),
    ("ผ้าไทยใส่ให้สนุก", "programme"),
    ("ดอนกอยโมเดล", "model"),
    ("ศูนย์สาธิตการตลาด", "programme"),
    ("ศูนย์จัดการกองทุนชุมชน", "programme"),
    ("ถังขยะเปียก", "programme"),
    ("บ้านสวยเมืองสุข", "programme"),
    ("หมู่บ้านยั่งยืน", "programme"),
    ("Sustainable Village", "programme"),
    ("อารยเกษตร", "programme"),
    ("หมู่บ้านกองทุนแม่", "programme"),
    ("ทุนชุมชน", "programme"),
    ("Extra Job", "programme"),
    ("Change for Good", "policy"),
    ("บำบัดทุกข์ บำรุงสุข", "policy"),
    ("งาน งบ ระบบ คน", "frame"),
    ("อำเภอติดดาว", "model"),
    ("สพอ.ติดดาว", "model"),
)
_FORMS = {
    "โคก หนอง นา": r"โคก[\s-]?หนอง[\s-]?นา",
    "หนึ่งตำบล หนึ่งผลิตภัณฑ์": r"หนึ่งตำบล\s?หนึ่งผลิตภัณฑ์",
    "กชช.2ค": r"กชช\.?\s?2\s?ค\.?",
    "กข.คจ.": r"กข\.\s?คจ\.?",
    "จปฐ.": r"จปฐ\.?",
    "OTOP": r"(?:OTOP|โอทอป)",
    "OTOP นวัตวิถี": r"(?:OTOP|โอทอป)\s?นวัตวิถี",
    "ชุมชนท่องเที่ยว OTOP นวัตวิถี": r"ชุมชนท่องเที่ยว\s?(?:OTOP|โอทอป)\s?นวัตวิถี",
    "อำเภอติดดาว": r"อำเภอ\s?[“\"]?ติดดาว",
    "สพอ.ติดดาว": r"สพอ\.\s?ติดดาว",
    "บำบัดทุกข์ บำรุงสุข": r"บำบัดทุกข์\s?บำรุงสุข",
}
_LIST = re.compile(
    "|".join(
        f"(?P<k{number}>{_FORMS.get(name, re.escape(name))})"
        for number, (name, _) in enumerate(_KNOWN)
    )
)
_QUOTED = re.compile(
    r"(?P<word>โครงการ|โมเดล|นโยบาย|แผนงาน|มาตรการ|วาระ|แคมเปญ|กิจกรรม|หลักสูตร)(?:ริเริ่ม|สำคัญ|พัฒนา)?\s?[“\"](?P<name>[^”\"\n]{2,80})[”\"]"
)
_SORT_OF_WORD = {"โมเดล": "model", "นโยบาย": "policy", "มาตรการ": "policy", "วาระ": "policy"}
_SOURCES: tuple[tuple[str, str, str], ...] = (
    (
        r"ประเด็นยุทธศาสตร์กรม(?:การ)?พัฒนาชุมชน|ยุทธศาสตร์กรม(?:การ)?พัฒนาชุมชน",
        "source",
        "programme.department-strategy",
    ),
    (
        r"ข้อสั่งการ(?:ของ)?(?:กระทรวงมหาดไทย|รัฐมนตรี[ก-๎]*|อธิบดี[ก-๎]*|ผู้ว่าราชการจังหวัด)",
        "source",
        "programme.orders",
    ),
    (r"นโยบาย(?:สำคัญ)?ของรัฐบาล|นโยบายรัฐบาล", "source", "programme.government"),
    (
        r"นโยบาย(?:[ก-๎]{0,24})?ของ(?:ปลัดกระทรวงมหาดไทย|กระทรวงมหาดไทย|อธิบดี[ก-๎]*|ผู้ว่าราชการจังหวัด)",
        "source",
        "programme.ministry",
    ),
    (r"วิสัยทัศน์กรม(?:การพัฒนาชุมชน)?", "vision", "programme.vision"),
    (r"แนวทางและเข็มทิศการขับเคลื่อนงาน[ก-๎]+|เข็มทิศการขับเคลื่อน[ก-๎]+", "policy", "programme.direction"),
    (r"หลักทฤษฎีใหม่(?:ประยุกต์)?", "frame", "programme.theory"),
)
_PROJECT = re.compile(
    r"โครงการ(?P<name>(?!ดังกล่าว|ริเริ่ม|นี้|ฯ|ที่|ต่าง|ทั้ง|และ|ใน|ของ|ตาม|ละ|มี|ให้|จาก|ได้|หรือ|กับ)[ก-๎]{6,70})"
)


def programmes_in(text: str) -> tuple[ProgrammeNamed, ...]:
    """Each programme, model, policy or frame once, at its first mention.

    Source: docs requirements A4, A9–A11, A38, A43–A44, A51–A53, A85, A96–A98, B21; domain 1, 4, 5.
    """
    found: dict[str, ProgrammeNamed] = {}
    for match in _LIST.finditer(text):
        number = int((match.lastgroup or "k0")[1:])
        name, sort = _KNOWN[number]
        if name not in found:
            span = Span(match.start(), match.end())
            found[name] = ProgrammeNamed(
                span=span, rule="programme.known-name", name=match[0], sort=sort, known_as=name
            )
    for pattern, sort, rule in _SOURCES:
        source = re.search(pattern, text)
        if source:
            span = Span(source.start(), source.end())
            found.setdefault(
                source[0], ProgrammeNamed(span=span, rule=rule, name=source[0], sort=sort)
            )
    for match in _QUOTED.finditer(text):
        name = match["name"].strip()
        key = _squeezed(name)
        if not any(_squeezed(known) in key or key in _squeezed(known) for known in found):
            found[name] = ProgrammeNamed(
                span=Span(match.start("name"), match.end("name")),
                rule="programme.quoted",
                name=name,
                sort=_SORT_OF_WORD.get(match["word"], "programme"),
            )
    for match in _PROJECT.finditer(text):
        name = re.split(
            r"บ้าน(?=[ก-ฮ])|ประจำ|ซึ่ง|โดย|เพื่อ(?=ให้|เป็น)|จำนวน|ระหว่าง|ณ(?=\s|$)|ภายใน|จังหวัด|อำเภอ|ตำบล|ในพื้นที่|ให้(?=แล้ว|เป็น|กรม)",
            match["name"],
        )[0]
        if len(name) >= 6 and not any(known in name for known in found) and name not in found:
            start = match.start("name")
            if any(each.span.start <= start < each.span.end for each in found.values()):
                continue
            found[name] = ProgrammeNamed(
                span=Span(start, start + len(name)),
                rule="programme.project",
                name=name,
                sort="programme",
            )
    return tuple(sorted(found.values(), key=lambda each: each.span))


def _squeezed(name: str) -> str:
    return re.sub(r"[\s-]", "", name)
