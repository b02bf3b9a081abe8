"""Papers made up for the search: news, circulars and notes of the department's genre, at length.

Every word is from the lists here or a real place's name; persons are invented. The text is unspaced
as Thai is: spaces stand between phrases and around numbers and names, and not always around names.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

FIRST = [
    "ธัญญา",
    "กิตติพงศ์",
    "วราภรณ์",
    "สมศักดิ์",
    "ปิยะดา",
    "ณัฐวุฒิ",
    "จิราพร",
    "ชัยวัฒน์",
    "ศิริพร",
    "อนุชา",
    "พรทิพย์",
    "วีระชัย",
    "นฤมล",
    "ประเสริฐ",
    "สุภาวดี",
    "ธีรยุทธ",
    "รัตนา",
    "บุญส่ง",
    "กมลชนก",
    "วิชัย",
    "อารีย์",
    "เกรียงไกร",
    "มาลี",
    "ทวีศักดิ์",
    "เพ็ญศรี",
    "สุรชัย",
    "ดวงใจ",
    "อภิชาติ",
    "ลัดดา",
    "ยุทธนา",
]
LAST_FRONT = [
    "ปินตา",
    "ชุมภู",
    "วงศ์ศรี",
    "แก้วมา",
    "อินทะ",
    "ใจยา",
    "ธรรมะ",
    "บุญมา",
    "สุขสม",
    "ทองคำ",
    "คำแสน",
    "จันทร์ดี",
    "พรหมมา",
    "ศรีวิ",
    "กันทะ",
]
LAST_BACK = [
    "เป็ก",
    "คำ",
    "วงค์",
    "รัตน์",
    "สกุล",
    "ไชย",
    "เรือน",
    "มูล",
    "แสง",
    "ศักดิ์",
    "ทิพย์",
    "พงษ์",
    "นันท์",
    "ลักษณ์",
    "เมือง",
    "กุล",
]
POSTS = [
    "นายอำเภอ",
    "พัฒนาการอำเภอ",
    "พัฒนาการจังหวัด",
    "ผู้ว่าราชการจังหวัด",
    "รองอธิบดีกรมการพัฒนาชุมชน",
    "ปลัดอำเภอ",
    "กำนันตำบล",
    "ผู้ใหญ่บ้าน",
    "นักวิชาการพัฒนาชุมชนชำนาญการ",
    "ผู้อำนวยการกลุ่มงานสารสนเทศการพัฒนาชุมชน",
    "เลขานุการคณะกรรมการพัฒนาสตรี",
]
ACTS = [
    "เป็นประธานเปิดโครงการ",
    "ลงพื้นที่ติดตามการดำเนินงาน",
    "ร่วมประชุมเชิงปฏิบัติการ",
    "ตรวจเยี่ยมศูนย์เรียนรู้",
    "ขับเคลื่อนกิจกรรม",
    "มอบนโยบายการปฏิบัติงาน",
    "เร่งรัดการเบิกจ่ายงบประมาณ",
    "สนับสนุนการรวมกลุ่มอาชีพ",
    "ถอดบทเรียนการทำงาน",
    "จัดเวทีประชาคม",
    "ประเมินผลการพัฒนาหมู่บ้าน",
    "ส่งเสริมการตลาดของ",
    "ตรวจสอบฐานข้อมูล",
    "ประชาสัมพันธ์ผลการดำเนินงาน",
    "บูรณาการแผนงานร่วมกับภาคีเครือข่าย",
]
THINGS = [
    "หมู่บ้านเศรษฐกิจพอเพียง",
    "กองทุนพัฒนาบทบาทสตรี",
    "กลุ่มออมทรัพย์เพื่อการผลิต",
    "ผลิตภัณฑ์ชุมชนโอทอป",
    "ผ้าไทยใส่ให้สนุก",
    "สัมมาชีพชุมชน",
    "ธนาคารขยะของหมู่บ้าน",
    "แผนพัฒนาหมู่บ้าน",
    "ข้อมูลความจำเป็นพื้นฐาน",
    "ศูนย์จัดการกองทุนชุมชน",
    "ตลาดประชารัฐ",
    "ท่องเที่ยวชุมชนวิถีไทย",
    "โครงการแก้ไขปัญหาความยากจน",
    "ศูนย์ผู้นำจิตอาสา",
    "เครือข่ายผู้นำอาสาพัฒนาชุมชน",
    "ทะเบียนผู้ผลิตผู้ประกอบการ",
    "ครัวเรือนต้นแบบ",
    "การปลูกผักสวนครัวสร้างความมั่นคงทางอาหาร",
    "ผ้าไหมมัดหมี่ลายโบราณ",
    "ผลไม้แปรรูปของกลุ่มแม่บ้านเกษตรกร",
]
AIMS = [
    "เพื่อยกระดับคุณภาพชีวิตของประชาชน",
    "ให้ครอบคลุมทุกตำบล",
    "อย่างต่อเนื่องและเป็นรูปธรรม",
    "ตามหลักปรัชญาของเศรษฐกิจพอเพียง",
    "โดยมีผู้เข้าร่วมกิจกรรม",
    "ภายในไตรมาสที่สองของปีงบประมาณ",
    "พร้อมรายงานผลในระบบสารสนเทศ",
    "ให้แล้วเสร็จตามกำหนด",
    "ด้วยความร่วมมือของทุกภาคส่วน",
    "และนำไปขยายผลในพื้นที่ใกล้เคียง",
    "ตามข้อสั่งการของผู้บริหาร",
    "ตลอดจนแลกเปลี่ยนเรียนรู้ซึ่งกันและกัน",
]
TAIL = [
    "ทั้งนี้ ขอให้รายงานผลทันทีที่ทราบข้อมูล",
    "ในการนี้ ที่ประชุมได้ร่วมกันเสนอแนะแนวทางการทำงาน",
    "จึงเรียนมาเพื่อโปรดพิจารณาดำเนินการ",
    "พร้อมทั้งเน้นย้ำให้เจ้าหน้าที่ตรวจสอบเอกสารหลักฐานการเงินให้ครบถ้วน",
    "โอกาสนี้ ได้เยี่ยมชมการจัดแสดงสินค้าและพบปะหารือกับผู้นำชุมชน",
    "สำหรับกิจกรรมดังกล่าวใช้งบประมาณของจังหวัดตามแผนปฏิบัติการประจำปี",
]
TOPICS = {
    "ติดดาว": 0.06,
    "โคกหนองนา": 0.05,
    "โคก หนอง นา": 0.01,
    "หนี้นอกระบบ": 0.03,
    "แคตตาล็อก": 0.004,
    "แคตตาลอก": 0.001,
}
"""Words to be looked for, with the share of papers that hold them."""


@dataclass(frozen=True, slots=True)
class Paper:
    """A paper. person: the one it names for certain, without title."""

    title: str
    text: str
    on: date
    person: str


def papers(number: int, places: Sequence[str], *, seed: int) -> Iterator[Paper]:
    """Make so many papers about places of these names: half under 1,400 characters, one in a hundred
    over 6,000. The same seed makes the same ones.
    """
    chance = random.Random(seed)
    for _ in range(number):
        length = min(40_000, int(chance.lognormvariate(7.2, 0.65)))
        person = _person(chance)
        topics = [topic for topic, share in TOPICS.items() if chance.random() < share]
        lines = [_opening(chance, person, places)]
        size = len(lines[0])
        while size < length:
            lines.append(_sentence(chance, places, topics))
            size += len(lines[-1])
        for topic in topics:  # once at least
            lines.insert(chance.randrange(1, len(lines) + 1), _about(chance, topic))
        thing = topics[0] if topics and chance.random() < 0.3 else chance.choice(THINGS)
        title = f"{chance.choice(ACTS)}{thing} {chance.choice(places)}"
        yield Paper(
            title, " ".join(lines), date(2023, 10, 1) + timedelta(chance.randrange(1_100)), person
        )


def _person(chance: random.Random) -> str:
    return f"{chance.choice(FIRST)} {chance.choice(LAST_FRONT)}{chance.choice(LAST_BACK)}"


def _opening(chance: random.Random, person: str, places: Sequence[str]) -> str:
    """Name the person as papers do: with or without title, with or without spaces around."""
    title = chance.choice(("นาย", "นางสาว", "นาง", ""))
    gap = chance.choice((" ", " ", ""))
    return (
        f"วันที่ {chance.randint(1, 28)} มีนาคม {chance.randint(2566, 2569)} {title}{person}{gap}"
        f"{chance.choice(POSTS)}{chance.choice(places)} {chance.choice(ACTS)}{chance.choice(THINGS)}"
    )


def _sentence(chance: random.Random, places: Sequence[str], topics: Sequence[str]) -> str:
    roll = chance.random()
    if roll < 0.12:
        return chance.choice(TAIL)
    if roll < 0.2 and topics:
        return _about(chance, chance.choice(topics))
    if roll < 0.3:
        return f"รวมทั้งสิ้น {chance.randint(2, 9_999):,} ราย คิดเป็นร้อยละ {chance.randint(100, 9_999) / 100}"
    return (
        f"{chance.choice(ACTS)}{chance.choice(THINGS)} ของ{chance.choice(places)} "
        f"{chance.choice(AIMS)} {chance.choice(('และ', 'ซึ่ง', ''))}{chance.choice(THINGS)}"
    )


def _about(chance: random.Random, topic: str) -> str:
    return f"{chance.choice(ACTS)} อำเภอ{topic}{chance.choice(('โมเดล', 'ระยะที่สอง', 'ต้นแบบ'))}{chance.choice(AIMS)}"
