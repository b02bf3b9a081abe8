"""The words that offices use in their workbooks, as data, and what they mean.

Everything is compared squashed: spelling repaired, Arabic digits, no spaces, no line breaks.
"""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date
from functools import lru_cache

from tiddao.budget.rules.office_mapping import Category, SheetKind
from tiddao.kernel.dates import DateUnreadable, parse_date
from tiddao.kernel.digits import to_arabic
from tiddao.kernel.fiscal import BE_OFFSET
from tiddao.kernel.names import repair_spelling

LABELS = frozenset(
    {"seq", "unit", "number", "project", "activity", "category", "tranche", "year", "date"}
)
"""Roles of columns that say what a row is about."""
BESIDE = frozenset({"note", "count", "plan", "loans", "papers", "score", "plots"})
"""Roles of columns that are understood and hold no budget money."""
GENERIC = "generic"
"""A head such as จำนวนเงิน, which means what the head above it means."""

LONGEST_HEAD = 48

# Full matches of heads over label columns.
_LABEL_HEADS: tuple[tuple[str, str], ...] = (
    ("seq", r"(?:ลำดับ)?ที่|ลำดับ(?:ที่)?|ลำดับ(?:ที่)?\.|no\.?|#|ข้อ|order|item(?:no\.?)?"),
    ("year", r"(?:ปี|ปีงบประมาณ|ปีงบฯ?|ปีพ\.?ศ\.?|ปีงบประมาณพ\.?ศ\.?|fiscalyear|year|fy)"),
    (
        "unit",
        (r"(?:ชื่อ|ที่)?(?:อำเภอ|หน่วยงาน|สพอ\.?|สพจ\.?|หน่วย|หน่วยดำเนินการ|หน่วยดำเนินงาน|หน่วยรับงบประมาณ|"
        r"หน่วยเบิกจ่าย|หน่วยเบิก|หน่วยรับผิดชอบ|หน่วยงานรับผิดชอบ|หน่วยงานที่รับผิดชอบ|หน่วยงานดำเนินการ|"
        r"พื้นที่|พื้นที่ดำเนินการ|พื้นที่เป้าหมาย|สำนักงาน|จังหวัด|สำนักงานพัฒนาชุมชน(?:อำเภอ|จังหวัด)?|สนง\.?พช\.?(?:อำเภอ|อ\.)?|district|office|unit|agency|พช\.?อำเภอ|ส่วนราชการ|"
         r"หน่วย(?:งาน)?(?:ใน|ที่|ผู้|ซึ่ง|เจ้าของ|ปฏิบัติ|รับ).{1,20})"
        r"(?:[/,]?(?:และ)?(?:อำเภอ|หน่วยงาน|จังหวัด|สพอ\.?|สพจ\.?|กลุ่มงาน|กลุ่มงานฯ?|ฝ่าย|(?:ประเภท|หมวด|แหล่ง)(?:งบ(?:ประมาณ)?|เงิน|รายจ่าย)?))*"),
    ),
    (
        "number",
        (r"เลขที่(?:โครงการ|กิจกรรม|แผน|อนุมัติ)?|รหัส(?:โครงการ|กิจกรรม|งบประมาณ)?|โครงการ(?:ที่|เลขที่|ลำดับที่)|"
        r"เลข(?:โครงการ|กิจกรรม)|ที่โครงการ|หมายเลข(?:โครงการ)?"),
    ),
    (
        "project",
        (r"(?:ชื่อ)?(?:โครงการ|รายการ|แผนงาน|ผลผลิต)(?:[/,]?(?:และ)?(?:โครงการ|รายการ|กิจกรรม(?:หลัก)?|งาน|หน่วยงาน|อำเภอ|หน่วย))*|"
        r"กิจกรรม/(?:โครงการ|รายการ)|รายการค่าใช้จ่าย|(?:ชื่อ)?(?:งาน|แผนงาน|ผลผลิต)(?:/(?:โครงการ|กิจกรรม|งาน|รายการ))+|"
         r"หน่วยงาน/โครงการ|อำเภอ/โครงการ|โครงการตามแผน(?:ปฏิบัติ(?:การ|ราชการ|งาน))?(?:ประจำปี)?|projects?(?:name|/activity)?|activity/project|description"),
    ),
    ("activity", r"(?:ชื่อ)?กิจกรรม(?:ที่|ย่อย|หลัก|หลัก/ย่อย)?|รายละเอียด(?:กิจกรรม)?|งานย่อย|activity"),
    ("category", r"(?:หมวด|ประเภท)(?:งบ(?:ประมาณ)?|รายจ่าย|เงิน)?|แหล่ง(?:งบประมาณ|เงิน|งบ)|งบ"),
    ("tranche", r"ไตรมาส(?:ที่)?|ไตร|งวด(?:ที่|เงิน)?"),
    ("date", r"(?:วันที่|วัน/?เดือน/?ปี|ว/?ด/?ป|ว\.ด\.ป\.?)(?:โอน|เบิก(?:จ่าย)?|อนุมัติ|จัดสรร|ดำเนินการ|รับโอน|วาง(?:ฎีกา)?)?"),
    (
        "note",
        (r"(?:หมายเหตุ|ผู้รับผิดชอบ|ปัญหา|อุปสรรค|ปัญหา/?อุปสรรค|สถานะ|ผลการดำเนินงาน|สาเหตุ|ข้อเสนอแนะ|คำชี้แจง|"
        r"เอกสารอ้างอิง|ที่หนังสือ|เลขที่หนังสือ|เลขฎีกา|เลขที่ฎีกา|เลขที่เอกสาร|อันดับ(?:ที่)?|จัดอันดับ|โทร\.?|เบอร์โทร)(?:.{0,12})"),
    ),
)  # fmt: skip
_LABEL_PATTERNS = tuple((role, re.compile(pattern)) for role, pattern in _LABEL_HEADS)

# The heart of each measure, in the order in which they are asked for.
_CORES: tuple[tuple[str, str], ...] = (
    ("score", r"คะแนน"),
    ("plan", r"แผน(?!งาน)|เป้าหมาย|ประมาณการ|คาดว่า|คาดการณ์"),
    ("papers", r"เอกสาร|ใบสำคัญ|หลักฐานการจ่าย"),
    ("loans", r"สัญญายืม|ลูกหนี้|เงินยืม|ยืมเงิน|สัญญาค้าง"),
    ("percent", r"ร้อยละ|%|เปอร์เซ็?นต์?|percent"),
    ("supervision", r"ค(?:่า|ุม)?ควบคุมงาน|ควบคุมงาน"),
    ("returned", r"refund|returned|ส่งคืน|โอนคืน|คืนกรม|คืนเงิน|คืนงบ|คืนคลัง|ส่งเงินคืน|เงินคืน|ส่งกลับ"),
    ("remaining", r"คงเหลือ|เหลือจ่าย|ยังไม่(?:ได้)?เบิก(?:จ่าย)?|รอเบิก(?:จ่าย)?|เหลือ|balance|remain(?:ing)?"),
    ("used", r"(?:เบิกจ่าย|เบิก)(?:\+|และ|รวม)(?:po|p\.o\.?|ก่อหนี้|ผูกพัน)|ใช้จ่าย"),
    ("committed", r"(?<![a-z])p\.?o\.?(?![a-z])|ก่อหนี้|ผูกพัน|พีโอ|ใบสั่งซื้อ|ใบสั่งจ้าง|กันเงิน|commit(?:ted|ments?)?|obligat(?:ed|ions?)"),
    ("revised", r"หลังโอน|หลังปรับ|หลังเปลี่ยนแปลง|หลังการโอน"),
    ("disbursed", r"เบิกจ่าย|เบิก|จ่ายจริง|จ่ายแล้ว|จ่ายไป|ใช้ไป|(?:ตัด|ยอด|ผล)จ่าย|disburse(?:d|ments?)?|paid|spent|expenditures?"),
    ("allotted", r"จัดสรร|allot(?:ted|ments?)?|allocat(?:ed|ions?)"),
    ("transferred", r"โอน|transfer(?:red|s)?"),
    ("plots", r"แปลง"),
    ("allotted", r"วงเงิน|งบประมาณ|งบที่ได้|เงินที่ได้|งบได้|ได้รับ|ยอดงบ|^งบ$|^เงินอนุมัติ|budget"),
    ("count", r"หมู่บ้าน|ครัวเรือน|จำนวนคน|^คน$|^กลุ่ม$|แห่ง|^ครั้ง$|^ราย$|ตำบล|จำนวนสัญญา"),
    (GENERIC, r"^(?:จำนวน)?(?:เงิน|บาท)+$|^จำนวน$|^ยอดเงิน$|^\(?บาท\)?$|^จำนวนเงิน\(บาท\)$"),
)  # fmt: skip
_CORE_PATTERNS = tuple((role, re.compile(pattern)) for role, pattern in _CORES)

# What may stand around the heart of a head without changing it.
_FILLER = re.compile(
    r"ณวันที่.*|ณ\d.*|ณสิ้น.*|ณเดือน.*|ตั้งแต่.*|ถึงวันที่.*|สิ้นเดือน.*"
    r"|ได้รับ|รับ|ที่|ได้|การ|ผล|แล้ว|สะสม|ยอด|เงิน|งบประมาณ|งบ|จำนวน|ล้านบาท|พันบาท|บาท|ทั้งสิ้น|ทั้งหมด|รวม|จริง"
    r"|คิดเป็น|ของ|ต่อ|เทียบ|กรมการพัฒนาชุมชน|กรมฯ?|คลัง|เปลี่ยนแปลง|เพิ่ม|ลด|ออก|เข้า|วงเงิน|จัดสรร|เบิกจ่าย|เบิก|ก่อหนี้|ผูกพัน|โอน"
    r"|อนุมัติ|สุทธิ|คงค้าง|ค้าง|ในระบบ|ระบบ|(?:new)?gfmis(?:thai)?|ตาม|โครงการ|แผ่นดิน|ตัด|จ่าย|ขณะนี้|แล้วเสร็จ|เสร็จสิ้น|เพื่อ"
    r"|thb|baht|amount|total|budget|todate|cumulative|accumulated|\bof\b"
    r"|(?<![a-z])p\.?o\.?(?![a-z])|ร้อยละ|%|ใช้จ่าย|คงเหลือ|ส่งคืน|ไป|จาก|ให้|อำเภอ|ปัจจุบัน|ทั้งปี|ประจำปี|ปี|พ\.ศ\.|25\d\d|ใน|และ|หรือ|ครบถ้วน|ไม่|ฯ"
    r"|[()\[\]/+\-–:=.,*\d]"
)
_AMOUNT = re.compile(r"[-+(]?[\d.,]*\d[\d.,]*\)?(?:บาท|บ\.|%|\.-)?")
_SPEAKS_OF_ALL = re.compile(r"สรุป|รายงาน|ภาพรวม|ตาราง")
_MAY_REMAIN = 4
_ALWAYS_LOOSE = frozenset({"score", "papers", "loans", "percent", "plots", "plan"})
_PROJECT_LIKE = re.compile(
    r"^(?:\d+[.)]\s*)?(?:โครงการ|กิจกรรม|แผนงาน)(?=.{3})|เลขที่\s*\d+|(?<!\d)\d{1,4}/25\d\d"
)


@lru_cache(maxsize=20_000)
def squashed(text: str) -> str:
    """The text for comparing: repaired, Arabic digits, lower case, no space or line break at all.

    Source: docs house, "nothing fails silently"; docs domain 3.3 (parsing traps).
    """
    return repair_spelling("".join(to_arabic(repair_spelling(text)).split())).lower()


@lru_cache(maxsize=20_000)
def head_role(text: str) -> str | None:
    """What a head stands for: a measure, a label role, a role beside the money, GENERIC, or None.

    A name of a project is never a head, though it may hold the same words.

    Source: docs domain 3.4 (columns recognised), 3.2 (vocabulary).
    """
    bare = squashed(text)
    if not bare or len(bare) > LONGEST_HEAD or _AMOUNT.fullmatch(bare):
        return None
    for role, pattern in _LABEL_PATTERNS:
        if pattern.fullmatch(bare):
            return role
    if project_like(text) or _SPEAKS_OF_ALL.match(bare):
        return None
    for role, pattern in _CORE_PATTERNS:
        if not pattern.search(bare):
            continue
        rest = _FILLER.sub("", pattern.sub("", bare))
        if len(rest) <= _MAY_REMAIN or role in _ALWAYS_LOOSE:
            return role
    return None


def is_amount(text: str) -> bool:
    """Whether a text is nothing but a number, perhaps with its unit.

    Source: docs requirements E7 (numbers typed as text).
    """
    return bool(_AMOUNT.fullmatch(squashed(text)))


@lru_cache(maxsize=20_000)
def project_like(text: str) -> bool:
    """Whether a text is plainly the name or number of a project.

    Source: docs domain 3.4 (project numbers "เลขที่ 24/2569").
    """
    return bool(_PROJECT_LIKE.search(to_arabic(repair_spelling(text))))


# --- what a text says about the table below it ----------------------------------------------------

_GROUP_OF_OFFICE = re.compile(r"กลุ่มงาน\S*|ฝ่าย\S*|แผนยุทธศาสตร์\S*")
_BOTH = re.compile(r"จังหวัด(?:/|และ|,|-|\+)(?:งบ)?กลุ่มจังหวัด")
_CATEGORY_WORDS: tuple[tuple[Category, str], ...] = (
    ("strategy", r"ยุทธ"),
    ("province_group", r"กลุ่มจังหวัด"),
    ("province", r"งบ(?:พัฒนา|ประมาณ|แผนพัฒนา)?จังหวัด|แผนพัฒนาจังหวัด|^\d*\.?(?:พัฒนา)?จังหวัด(?=$|ไตร)"),
    ("admin", r"งบบริหาร|งบดำเนินงาน|งบประจำ|^\d*\.?บริหาร"),
)  # fmt: skip
_TRANCHE = re.compile(
    r"(?:ไตร(?:มาส)?(?:ที่)?|(?<![a-z])q)(\d)(?:(?:-|–|—|,|/|และ|ถึง|&|\+)(?:ไตร(?:มาส)?(?:ที่)?|q)?(\d))?(?!\d)"
)
_INSTALMENT = re.compile(r"งวด(?:ที่|เงิน)?(\d{1,2})")
_YEAR = re.compile(r"(?:ปีงบประมาณ|ปีงบฯ?|งบประมาณ|ประจำปี|ปี|พ\.?ศ\.?|fy)+(?:พ\.?ศ\.?)?(25\d\d)")
_BARE_YEAR = re.compile(r"(?<!\d)(25\d\d)(?!\d)")
_CARRIED = re.compile(r"เหลื่อมปี|เงินกัน|กันเงินปี|ข้ามปี")
_AS_OF = re.compile(r"ณ\s*(?:วันที่|สิ้นวัน(?:ที่)?)?\s*(.+)$|วันที่\s*(.+)$")
_UNIT_OF_MONEY = re.compile(r"(ล้าน|แสน|หมื่น|พัน)บาท")
_SCALES = {"พัน": 3, "หมื่น": 4, "แสน": 5, "ล้าน": 6}
_PURE_REST = re.compile(r"[()\[\]/\-–:.,\d]|กรมฯ?|ไตร(?:มาส)?(?:ที่)?|งบ(?:ประมาณ)?|พัฒนา|ศาสตร์|จัดการ|ประจำปี|ปี|พ\.ศ\.|ฯ|รวม|การ|ชุมชน|หน่วยงาน|สำนักงาน|และ|จังหวัด|จัดสรร")  # fmt: skip


@lru_cache(maxsize=20_000)
def category_in(text: str) -> Category | None:
    """The category of budget a text names, or None.

    Source: docs domain 3.4 (sheets = category × period).
    """
    bare = _GROUP_OF_OFFICE.sub("", squashed(text))
    if _BOTH.search(bare):
        return "province_and_group"
    return next((each for each, words in _CATEGORY_WORDS if re.search(words, bare)), None)


@lru_cache(maxsize=20_000)
def only_category(text: str) -> Category | None:
    """The category, when the text says hardly anything else, as a head over columns does.

    Source: docs domain 3.4 (sheets = category × period).
    """
    category = category_in(text)
    if category is None or project_like(text):
        return None
    rest = squashed(text)
    for _, words in _CATEGORY_WORDS:
        rest = re.sub(words, "", rest)
    return category if len(_PURE_REST.sub("", rest)) <= 2 else None


@lru_cache(maxsize=20_000)
def tranche_in(text: str) -> str | None:
    """The allotment tranche as offices print it, in one spelling: "ไตร 1-2", "ไตร 4", "งวด 2".

    Source: docs domain 3.4 ("ไตร 4" is an envelope beside "ไตร 3-4", not a period).
    """
    bare = squashed(text)
    if found := _TRANCHE.search(bare):
        return f"ไตร {found[1]}" + (f"-{found[2]}" if found[2] else "")
    if found := _INSTALMENT.search(bare):
        return f"งวด {found[1]}"
    return None


@lru_cache(maxsize=20_000)
def only_tranche(text: str) -> str | None:
    """The tranche, when the text says nothing else.

    Source: docs domain 3.4.
    """
    tranche = tranche_in(text)
    if tranche is None:
        return None
    rest = _INSTALMENT.sub("", _TRANCHE.sub("", squashed(text)))
    return tranche if len(_PURE_REST.sub("", rest)) <= 2 else None


def years_in(text: str, *, bare: bool = False) -> frozenset[int]:
    """The fiscal years (Buddhist) a text names; bare also takes four digits alone, as tabs have them.

    Source: docs requirements E4 (ปีงบประมาณ 2566).
    """
    found = set(_YEAR.findall(squashed(text)))
    if bare:
        found |= set(_BARE_YEAR.findall(squashed(text)))
    return frozenset(int(each) for each in found)


def is_carried_over(text: str) -> bool:
    """Whether a text speaks of money carried over from an earlier year.

    Source: docs domain 3.2 (เงินกันไว้เบิกเหลื่อมปี, its own total line).
    """
    return bool(_CARRIED.search(squashed(text)))


def as_of_in(text: str) -> date | None:
    """The day the figures are true for, when a title says it.

    Source: docs house, "A figure without a unit, a base and an as-of date is a defect".
    """
    found = _AS_OF.search(repair_spelling(text))
    if found is None:
        return None
    try:
        return parse_date(found[1] or found[2])
    except DateUnreadable:
        return None


def scale_in(text: str) -> int:
    """The power of ten of the unit of money a text names: 6 for ล้านบาท, 0 where it names none.

    Source: docs house, "A figure without a unit … is a defect".
    """
    found = _UNIT_OF_MONEY.search(squashed(text))
    return _SCALES[found[1]] if found else 0


# --- sheets ---------------------------------------------------------------------------------------

_SCORE_TAB = re.compile(r"ประเมิน(?:ที่)?\d|แบบประเมิน|ประเมินผล")
_MONITOR_TAB = re.compile(r"โคกหนองนา|จปฐ|มอนิเตอร์|มอร์นิเตอร์|monitor|ติดตาม|แปลง")
_SUMMARY_TAB = re.compile(r"สรุป|ภาพรวม|^รวม|รวมทุก|รวมงบ|dashboard|summary")


def kind_of_tab(tab: str) -> SheetKind | None:
    """What a tab's name says about its sheet; None where it says nothing.

    Source: docs domain 3.4 (monitoring sheets, แบบประเมินที่ 1).
    """
    bare = squashed(tab)
    if _SCORE_TAB.search(bare):
        return "score"
    if _SUMMARY_TAB.search(bare):
        return "summary"
    if category_in(tab):
        return "budget"
    return "monitor" if _MONITOR_TAB.search(bare) else None


# --- rows and lines -------------------------------------------------------------------------------

_FOOTER = re.compile(
    r"^[*(]*(?:หมายเหตุ|เกณฑ์|ผู้รายงาน|ผู้จัดทำ|ผู้ตรวจ|ผู้รับรอง|ลงชื่อ|ลงนาม|ตำแหน่ง|ที่มา|แหล่งข้อมูล|ข้อมูลณ|รายงานณ|"
    r"ตรวจ(?:สอบ)?แล้วถูกต้อง|โทร(?:ศัพท์|สาร)?[.:\d]|วันที่\d|พิมพ์เมื่อ|\(?(?:นาย|นางสาว|นาง|ว่าที่ร)\S{3,}|\.{4,}|…{2,}|note)"
)
_TOTAL = re.compile(
    r"^[(*\-]*(?:รวม|ยอดรวม|ยอดยกมา|ยอดยกไป|ยกมา|ยกไป|ผลรวม|ภาพรวม|ทั้งจังหวัด|ทั้งหมด|ทั้งสิ้น|เฉลี่ย|ค่าเฉลี่ย|total|grandtotal|sum)"
)
_TITLE = re.compile(
    r"รายงาน|ผลการ|ผลเบิก|สรุป|ตาราง|ข้อมูลณ|ณวันที่|สำนักงานพัฒนา|ประจำปี|ปีงบประมาณ|ปีงบ|หน่วย:|\(?หน่วย\S{0,3}บาท|แบบประเมิน|การเบิกจ่าย|ติดตาม|กรมการพัฒนาชุมชน$|สพจ\."
)
_INDEX = re.compile(r"\(?\d{1,2}\)?(?:=.*)?|\(?[a-zก-ฮ]\)?|\(\d+\)(?:[-+*/=]\(?\d+\)?)*(?:=.*)?")
_TIME = re.compile(
    r"(?:ม\.?ค|ก\.?พ|มี\.?ค|เม\.?ย|พ\.?ค|มิ\.?ย|ก\.?ค|ส\.?ค|ก\.?ย|ต\.?ค|พ\.?ย|ธ\.?ค)\.?\s*(?:25)?\d{0,2}"
    r"|(?:เดือน)?(?:มกรา|กุมภา|มีนา|เมษา|พฤษภา|มิถุนา|กรกฎา|สิงหา|กันยา|ตุลา|พฤศจิกา|ธันวา)\S*|(?:ครั้ง|สัปดาห์|รอบ)(?:ที่)?\d+|\d{1,2}/\d{1,2}/\d{2,4}"
)
_ONLY_TOTAL = re.compile(
    r"(?:ยอด|ผล)?รวม(?:ย่อย|เงิน|ทุกงวด|ทั้งปี|เป็นเงิน|ไตรมาส[\d\-]*)*(?:ทั้งสิ้น|ทั้งหมด)?|ทั้งสิ้น|(?:sub|grand)?total|sum"
)
_CARRIED_HERE = re.compile(r"^[(*\-]*(?:ยอด)?ยกมา")
_MONTHS = (
    ("ม.ค.", "มกรา(?:คม)?"), ("ก.พ.", "กุมภา(?:พันธ์)?"), ("มี.ค.", "มีนา(?:คม)?"), ("เม.ย.", "เมษา(?:ยน)?"),
    ("พ.ค.", "พฤษภา(?:คม)?"), ("มิ.ย.", "มิถุนา(?:ยน)?"), ("ก.ค.", "กรกฎา(?:คม)?"), ("ส.ค.", "สิงหา(?:คม)?"),
    ("ก.ย.", "กันยา(?:ยน)?"), ("ต.ค.", "ตุลา(?:คม)?"), ("พ.ย.", "พฤศจิกา(?:ยน)?"), ("ธ.ค.", "ธันวา(?:คม)?"),
)  # fmt: skip
_MONTH = re.compile(
    "(?:"
    + "|".join(
        f"(?P<m{i}>{name}|(?<![ก-๛]){short.replace('.', '[.]?')})"
        for i, (short, name) in enumerate(_MONTHS, 1)
    )
    + r")[-./]?(?P<year>25\d\d|\d\d)?(?!\d)"
)
_NUMBER = re.compile(r"(?:เลขที่|รหัส|ที่)?\s*(?<![\d/])(\d{1,4})\s*/\s*(25\d\d|\d\d)(?![\d/])")
_ONLY_NUMBER = re.compile(r"(?:เลขที่)\s*(\d{1,4})(?![\d/])")
_BULLET = re.compile(r"^\s*(?:[-–•*·◦▪]+\s*|\d{1,3}(?:\.\d{1,2})*[.)]\s*|\d{1,3}\.\d{1,2}\s+)+")
_SEQ = re.compile(r"\d{1,3}(?:\.\d{1,2})*")
_NUMBERED = re.compile(
    r"\s*(?:(?P<bullet>[-–•*·◦▪])|(?P<number>\d{1,3}(?:(?:\.\d{1,2})+[.)]?|[.)])))\s*(?=\S)"
)
DEEPEST = 99
_SUM_OF_COLUMNS = re.compile(r"สรุป|ผลการเบิกจ่าย(?:รวม|ภาพรวม)?$|ผลเบิกจ่าย|ยอดสะสม|สะสมทั้ง|ภาพรวม")
_SECTION = re.compile(r"โซน|กลุ่มอำเภอ|เขตพัฒนา")


def is_footer(text: str) -> bool:
    """Whether a line belongs to what stands below a table: notes, criteria, signatures.

    Source: docs domain 3.4 (footers to drop).
    """
    return bool(_FOOTER.search(squashed(text)))


def is_total(text: str) -> bool:
    """Whether a label is that of a sum.

    Source: docs domain 3.4 ("compute summaries, never import them as truth").
    """
    return bool(_TOTAL.search(squashed(text)))


def is_only_total(text: str) -> bool:
    """Whether a label says that it is a sum and nothing else, as no name of a project does.

    Source: docs domain 3.4 ("compute summaries, never import them as truth").
    """
    return bool(_ONLY_TOTAL.fullmatch(squashed(text)))


def is_carried(text: str) -> bool:
    """Whether a label is that of a sum brought here from the page before.

    Source: docs domain 3.4 ("compute summaries, never import them as truth").
    """
    return bool(_CARRIED_HERE.search(squashed(text)))


def month_in(text: str, *, fiscal_year: int) -> date | None:
    """The last day of the month a text names, as tabs of monthly sheets do: "มี.ค.69", "ตุลาคม".

    fiscal_year: Buddhist, of a month without a year.

    Source: docs house, "cumulative figures are never summed over time".
    """
    found = list(_MONTH.finditer(squashed(text)))
    if not found:
        return None
    last = found[-1]
    month = next(i for i, (name, _) in enumerate(_MONTHS, 1) if last[f"m{i}"])
    year = int(last["year"] or 0)
    if not year:
        year = fiscal_year - 1 if month >= 10 else fiscal_year
    elif year < 100:
        year += 2500
    if abs(year - fiscal_year) > 1:
        return None
    return date(year - BE_OFFSET, month, monthrange(year - BE_OFFSET, month)[1])


def is_title(text: str) -> bool:
    """Whether a line above a table is about the whole of it, and not the name of a project.

    Source: docs domain 3.4.
    """
    return bool(_TITLE.search(squashed(text)))


def is_sum_of_columns(text: str) -> bool:
    """Whether a head over columns says that they sum up the others.

    Source: docs domain 3.4 ("compute summaries, never import them as truth").
    """
    return is_total(text) or bool(_SUM_OF_COLUMNS.match(squashed(text)))


def depth_of(seq: str, label: str) -> int | None:
    """How deep a line stands in a numbered list: 1 for "2", 2 for "2.1"; a dash is below any number.

    seq: the number in its own column, "" where there is none; label: the name, perhaps numbered itself.
    None where neither says.

    Source: docs domain 3.4 (projects with sub-activities).
    """
    own = to_arabic(repair_spelling(seq)).rstrip(".)")
    if _SEQ.fullmatch(own):
        return own.count(".") + 1
    found = _NUMBERED.match(to_arabic(repair_spelling(label)))
    if found is None:
        return None
    return DEEPEST if found["bullet"] else found["number"].rstrip(".)").count(".") + 1


def is_index(text: str) -> bool:
    """Whether a cell is one of a row that numbers the columns: "(1)", "(3)=(1)-(2)".

    Source: docs domain 3.4.
    """
    return bool(_INDEX.fullmatch(squashed(text)))


def is_time(text: str) -> bool:
    """Whether a head is a month, a day or a numbered time: one part of a running figure.

    Source: docs house, "cumulative figures are never summed over time".
    """
    return bool(_TIME.fullmatch(squashed(text)))


def is_section(text: str) -> bool:
    """Whether a line is a heading over some of the districts.

    Source: docs domain 6.4 (zones of districts).
    """
    return bool(_SECTION.search(squashed(text)))


@lru_cache(maxsize=20_000)
def without_bullet(text: str) -> str:
    """The text without the dash, dot or number in front of it.

    Source: docs domain 3.4.
    """
    return _BULLET.sub("", to_arabic(repair_spelling(text))).strip() or repair_spelling(text)


@lru_cache(maxsize=20_000)
def project_number_in(text: str, fiscal_year: int) -> str:
    """The number of a project in a text, as "24/2569"; "" where there is none.

    A year of two digits is Buddhist; "เลขที่ 24" alone is of the workbook's fiscal year.

    Source: docs domain 3.4 (project numbers "เลขที่ 24/2569").
    """
    arabic = to_arabic(repair_spelling(text))
    if found := _NUMBER.search(arabic):
        year = int(found[2])
        if year >= 100 or abs(year + 2500 - fiscal_year) <= 3:
            return f"{int(found[1])}/{year if year >= 100 else year + 2500}"
    if found := _ONLY_NUMBER.search(arabic):
        return f"{int(found[1])}/{fiscal_year}"
    return ""


@lru_cache(maxsize=20_000)
def project_name_in(text: str) -> str:
    """The name of a project without its number and its place in a list.

    Source: docs domain 3.4.
    """
    name = _ONLY_NUMBER.sub(" ", _NUMBER.sub(" ", to_arabic(repair_spelling(text))))
    name = re.sub(r"\(\s*\)|\[\s*\]", " ", name)
    return without_bullet(" ".join(name.split())).strip(" :–-,")
