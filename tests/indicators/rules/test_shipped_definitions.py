"""The shipped frameworks: complete, proposed, traced to the seed, and in their written form."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from tiddao.indicators.rules.definitions import FrameworkDefinition
from tiddao.indicators.rules.toml_files import (
    diff,
    findings_before_publishing,
    read_toml,
    write_toml,
)

DEFINITIONS = Path(__file__).resolve().parents[3] / "definitions"

# Name, kind and seed rows as the product description lists them.
LISTED = {
    "1.1": ("แผนกลยุทธ์การพัฒนาอำเภอ", "milestone", {"A55"}),
    "1.2": ("กระบวนงานสำคัญมีคู่มือและผู้รับผิดชอบ", "ratio", {"A56"}),
    "1.3": ("ฐานข้อมูลครบ ถูกต้อง เป็นปัจจุบัน", "ratio", {"A57"}),
    "1.4": ("หมู่บ้านที่จัดประชาคม", "ratio", {"A58"}),
    "1.5": ("แผนสร้างทีม 7 ขั้น", "linked", {"A59"} | {f"B{n}" for n in range(66, 74)}),
    "1.6": ("ภาวะผู้นำ", "rubric", {"A60"} | {f"B{n}" for n in range(54, 66)}),
    "1.7": ("ร้อยละการเบิกจ่ายเทียบเป้าหมาย", "linked", {"A61", "B38"}),
    "1.8": ("เอกสารการเงินครบและเงินยืมไม่ค้าง", "linked", {"A61"}),
    "2.1": ("ภาคีที่มีข้อตกลงใช้งานอยู่ต่อตำบล", "count", {"A63"}),
    "2.2": ("งานที่ทำร่วมกับหน่วยงานภายนอก", "count", {"A64"}),
    "2.3": ("หมู่บ้านที่มีกิจกรรมชุมชนร่วมกัน", "ratio", {"A65"}),
    "2.4": ("เวทีพบปะภาคี", "count", {"A66"}),
    "3.1": ("อัตรากำลังที่มีผู้ครอง", "ratio", {"A69"}),
    "3.2": ("ความสุขและความสัมพันธ์ในทีม", "average", {"A70"}),
    "3.3": ("เวทีเรียนรู้/ถอดบทเรียน", "count", {"A71"}),
    "3.4": ("แผนพัฒนารายบุคคลสำเร็จ", "ratio", {"A72"}),
    "4.1": ("ปัญหาชุมชนที่ได้รับการตอบสนอง", "ratio", {"A74"}),
    "4.2": ("ศูนย์เรียนรู้ที่ใช้งานอยู่", "count", {"A75"}),
    "4.3": ("ศูนย์ข้อมูลข่าวสารเป็นปัจจุบัน", "rubric", {"A76"}),
    "4.4": ("ความพึงพอใจผู้รับบริการ", "average", {"A77"}),
    "5.1": ("ครัวเรือนผ่าน จปฐ. ทุกตัวชี้วัด", "ratio", {"A78"}),
    "5.2": ("หมู่บ้านเศรษฐกิจพอเพียงตั้งแต่พออยู่พอกิน", "ratio", {"A97"}),
    "5.3": ("ครัวเรือนรายได้ถึงเกณฑ์", "ratio", {"A78"}),
    "5.4": ("ความสุขมวลรวม", "average", {"A82"}),
}


def shipped(name: str) -> FrameworkDefinition:
    return read_toml((DEFINITIONS / f"{name}.toml").read_text(encoding="utf-8"), file=name)


FRAMEWORKS = sorted(DEFINITIONS.glob("*-25[0-9][0-9].toml"))


@pytest.mark.parametrize("path", FRAMEWORKS, ids=lambda path: path.stem)
def test_shipped_file_is_good_and_in_its_written_form(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    definition = read_toml(text, file=path.name)
    assert write_toml(definition) == text
    assert findings_before_publishing(definition) == ()
    assert path.stem == f"{definition.code}-{definition.fiscal_year}"
    assert definition.proposed
    assert definition.notes
    for each in definition.indicators:
        assert each.proposed
        assert all((each.why_th, each.base_th, each.evidence_th, each.owner_th, each.source_text))
        assert each.source_rows


def test_default_framework_is_the_one_of_the_product_description() -> None:
    definition = shipped("amphoe-tid-dao-2566")
    assert {
        i.code: (i.name_th, i.kind, set(i.source_rows)) for i in definition.indicators
    } == LISTED
    assert [(each.name_th, each.outcome) for each in definition.dimensions] == [
        ("บริหารดี", False),
        ("ประสานงานดี ภาคีมีส่วนร่วม", False),
        ("บุคลากรดี", False),
        ("การบริการที่ดี", False),
        ("ประชาชนมีคุณภาพที่ดี", True),
    ]
    assert len({each.weight for each in definition.dimensions}) == 1
    for each in definition.dimensions:
        assert sum(one.weight for one in each.indicators) == 100
    assert [(each.code, each.true_on) for each in definition.rounds] == [
        ("6m", date(2023, 3, 31)),
        ("12m", date(2023, 9, 30)),
    ]


def test_quoted_source_stands_in_the_seed(shared: Path) -> None:
    """The quoted words are the seed's own, spelling and all; ";" parts two quotations."""
    seed = "".join(
        "".join(path.read_text(encoding="utf-8").split())
        for path in sorted((shared / "seeds").iterdir())
        if path.is_file()
    )
    for each in shipped("amphoe-tid-dao-2566").indicators:
        for quoted in each.source_text.split(";"):
            assert "".join(quoted.split()) in seed, each.code


def test_year_before_differs_in_year_and_days_only() -> None:
    changes = diff(shipped("amphoe-tid-dao-2566"), shipped("amphoe-tid-dao-2565"))
    assert {each.path.split("[")[0] for each in changes} == {"fiscal_year", "notes", "round"}


def test_disbursement_framework_says_whose_ladder_it_borrows() -> None:
    definition = shipped("cgd-disbursement-2569")
    (indicator,) = definition.indicators
    assert indicator.ladder is not None
    assert [str(each) for each in indicator.ladder.levels] == ["92", "93", "94", "95", "96"]
    assert definition.assessed_level == "province"
    assert "เป็นตัวอย่างของหน่วยงานหนึ่ง" in definition.notes
    assert "ล้านบาท" in indicator.numerator_th
