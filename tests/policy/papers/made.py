"""Papers of invented people for the tests."""

from __future__ import annotations

from datetime import date, time

from tiddao.policy.rules.official import Item, Letter, Minutes, Person, Resolved

MINUTES = Minutes(
    office="สำนักงานพัฒนาชุมชนจังหวัดเชียงราย",
    title="ประชุมเชิงปฏิบัติการขับเคลื่อนนโยบายสำคัญ",
    number=3,
    be_year=2566,
    day=date(2022, 11, 22),
    begins=time(9, 0),
    ends=time(16, 30),
    venue="หอประชุมบ้านสมมุติ หมู่ที่ 14 ตำบลไม้ยา",
    chair="นายสมมุติ หนึ่ง ผู้ตรวจราชการกรม",
    present=(Person("นายสมมุติ สอง", "พัฒนาการอำเภอพญาเม็งราย"), Person("นายสมมุติ สาม", "นักวิชาการ", "แทนพัฒนาการอำเภอเทิง")),
    absent=(Person("นางสมมุติ สี่", "พัฒนาการอำเภอขุนตาล", "ติดราชการ"),),
    items=(
        Item("เรื่องที่ประธานแจ้งให้ทราบ", starts=time(9, 0), ends=time(12, 0), speaker="นายสมมุติ หนึ่ง", notes="ให้ 6 อำเภอเร่งรัดงาน\nร้อยละ 33.28"),
        Item("เรื่องเพื่อพิจารณา", resolved=(Resolved(1, "ให้เร่งรัดการเบิกจ่าย", "ทุกอำเภอ", date(2019, 3, 31)), Resolved(2, "รับทราบ"))),
    ),
    recorder="นางสาวสมมุติ ห้า",
    checker="นายสมมุติ หก",
)  # fmt: skip
LETTER = Letter(
    kind="circular",
    office="สำนักงานพัฒนาชุมชนจังหวัดเชียงราย",
    subject="ซักซ้อมแนวทางการเบิกจ่าย ปีงบประมาณ พ.ศ. 2566",
    to="พัฒนาการอำเภอทุกอำเภอ",
    text="ด้วยกรมการพัฒนาชุมชนขอให้เร่งรัดการเบิกจ่าย 3 ข้อ\nจึงเรียนมาเพื่อทราบ",
    number="ชร 0019/ว 123",
    day=date(2022, 11, 25),
    address="ศาลากลางจังหวัด\nชร 57100",
    urgency="ด่วนที่สุด",
    references=("หนังสือกรมการพัฒนาชุมชน ที่ มท 0402/ว 999",),
    enclosures=("กำหนดการ", "บัญชีรายชื่อ"),
    signer="นายสมมุติ เจ็ด",
    signer_title="พัฒนาการจังหวัดเชียงราย",
    unit="กลุ่มงานยุทธศาสตร์การพัฒนาชุมชน",
    phone="0 5371 1111",
    email="a1@example.go.th",
    receivers=("พัฒนาการอำเภอเทิง", "พัฒนาการอำเภอขุนตาล"),
)
