"""Official papers as Word: the product's own templates, and filling a template.

Nothing here is a copied file: the standard templates are written by this code. The same template,
fields and moment give the same bytes.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from docx import Document
from docx.document import Document as Docx
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING, WD_TAB_ALIGNMENT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Length, Pt
from docx.table import _Cell
from docx.text.paragraph import Paragraph
from docx.text.run import Run
from docxtpl import DocxTemplate, InlineImage
from lxml import etree

from tiddao.policy.rules.official import unbroken
from tiddao.policy.rules.papers_template import (
    TemplateKind,
    TemplateRefused,
    checked_template,
    environment,
)

FONT = "TH SarabunPSK"
"""The family name of the font file; TH SarabunIT๙ differs in its Arabic digits alone, which are
drawn as Thai ones."""
SIZE = 16
UNVERIFIED = (
    "ขนาดครุฑ 3 ซม. (หนังสือ) และ 1.5 ซม. (บันทึกข้อความ)",
    "ย่อหน้า 2.5 ซม.",
    "คำว่า บันทึกข้อความ ขนาด 29 พอยต์ และหัวข้อ ขนาด 20 พอยต์",
    "ขอบกระดาษบน 2.5 ซม. และล่าง 2 ซม.",
    "ใช้เลขไทยและปีพุทธศักราชทั้งฉบับ ยกเว้นที่อยู่เว็บ อีเมล และรหัสอักษรโรมัน",
    "ชั้นความเร็ว: ด่วน ด่วนมาก ด่วนที่สุด",
)
"""What no source at hand confirms (docs domain 9.1, marked [BG]); shown wherever a template is."""
NOTE = "ข้อที่ยังไม่ได้ยืนยันกับระเบียบงานสารบรรณ: " + "; ".join(UNVERIFIED)

_EPOCH = (1980, 1, 1, 0, 0, 0)
_TEXT_WIDTH = Cm(16)
_MIDDLE = Cm(8)
_INDENT = Cm(2.5)
_BORN = datetime(2022, 10, 1)  # noqa: DTZ001 -- a file's own mark; fixed, so that bytes stay the same
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


# -- filling ---------------------------------------------------------------------------------------


def filled(
    kind: TemplateKind,
    template: bytes,
    fields: Mapping[str, Any],
    *,
    title: str,
    at: datetime,
    emblem: bytes | None = None,
) -> bytes:
    """The paper as DOCX. at: the moment written into the file. Call it apart (``kernel.apart``).

    The template is checked again: what lies in a store is no more trusted than what came in. Raises
    TemplateRefused.

    Source: docs issue 4 "Minutes and circular letters as official Word".
    """
    checked_template(kind, template)
    paper = DocxTemplate(io.BytesIO(template))
    paper.render_init()
    words: dict[str, Any] = {name: _clean(unbroken(value)) for name, value in fields.items()}
    height = Cm(1.5) if kind == "memo" else Cm(3)
    words["emblem"] = (
        InlineImage(paper, io.BytesIO(emblem), height=height) if emblem is not None else ""
    )
    try:
        _fill(paper, words)
    except TemplateRefused:
        raise
    except Exception as fault:
        raise TemplateRefused(
            "does-not-render",
            "เติมข้อความลงในแม่แบบแล้วไม่เป็นเอกสารที่สมบูรณ์ ตรวจว่า {% if %} {% for %} กับตัวปิดอยู่ในส่วนเดียวกันของหน้า",
            str(fault)[:80],
        ) from fault
    core = paper.docx.core_properties
    core.title = str(words.get("heading") or title)[:250]
    core.created = core.modified = at.replace(tzinfo=None, microsecond=0)
    core.last_modified_by = core.author = str(words.get("office", ""))[:250]
    core.revision = 1
    out = io.BytesIO()
    paper.docx.save(out)
    return fixed(out.getvalue())


def _fill(paper: DocxTemplate, words: dict[str, Any]) -> None:
    # Not ``render()``: that would also run what stands in properties and footnotes, unread.
    env = environment()
    xml = paper.build_xml(words, env)
    etree.fromstring(xml.encode() if isinstance(xml, str) else xml)  # strictly; the library mends
    tree = paper.fix_tables(xml)
    paper.fix_docpr_ids(tree)
    paper.map_tree(tree)
    for uri in (paper.HEADER_URI, paper.FOOTER_URI):
        for key, part in list(paper.build_headers_footers_xml(words, uri, env)):
            etree.fromstring(part)
            paper.map_headers_footers_xml(key, part)


def _clean(value: Any) -> Any:
    if isinstance(value, str):
        return _CONTROL.sub("", value)
    if isinstance(value, Mapping):
        return {key: _clean(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_clean(each) for each in value]
    return value


@dataclass(frozen=True, slots=True)
class ShownLine:
    """A line of a filled paper as a page shows it. cells: more than one in a table's row."""

    cells: tuple[str, ...]
    centred: bool = False
    bold: bool = False


def shown(content: bytes) -> tuple[ShownLine, ...]:
    """The lines of a filled paper, in order. Call it apart (``kernel.apart``).

    Source: issue 4 "from templates an office can replace" (tried before it is put in force).
    """
    lines: list[ShownLine] = []
    for block in Document(io.BytesIO(content)).iter_inner_content():
        if isinstance(block, Paragraph):
            centred = block.alignment == WD_ALIGN_PARAGRAPH.CENTER
            bold = bool(block.runs) and all(run.bold for run in block.runs if run.text.strip())
            lines.append(ShownLine((block.text,), centred, bold and bool(block.text.strip())))
        else:
            lines += [ShownLine(tuple(cell.text for cell in row.cells)) for row in block.rows]
    return tuple(lines)


def fixed(content: bytes) -> bytes:
    """The package with its parts in one order and no moment of its own: the same parts, same bytes.

    Source: issue 4 (made again byte for byte).
    """
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as given,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made,
    ):
        names = sorted(given.namelist(), key=lambda name: (name != "[Content_Types].xml", name))
        for name in names:
            part = zipfile.ZipInfo(name, _EPOCH)
            part.compress_type = zipfile.ZIP_DEFLATED
            made.writestr(part, given.read(name))
    return out.getvalue()


# -- the standard templates ------------------------------------------------------------------------


def standard_template(kind: TemplateKind) -> bytes:
    """The product's own template of the kind, as DOCX.

    Source: ระเบียบฯ งานสารบรรณ พ.ศ. 2526 (docs domain 9.1): TH Sarabun 16 pt, margins 3 and 2 cm,
    dotted lines behind the heads of a memorandum, no solid rule.
    """
    paper = _blank()
    {"minutes": _minutes, "letter": _letter, "memo": _memo}[kind](paper)
    core = paper.core_properties
    core.title = {
        "minutes": "แม่แบบรายงานการประชุม",
        "letter": "แม่แบบหนังสือราชการ",
        "memo": "แม่แบบบันทึกข้อความ",
    }[kind]
    core.author = core.last_modified_by = "ติดดาว"
    core.comments = NOTE[:255]
    core.keywords = core.subject = core.category = ""
    core.created = core.modified = _BORN
    core.language = "th-TH"
    out = io.BytesIO()
    paper.save(out)
    return fixed(out.getvalue())


def _blank() -> Docx:
    paper = Document()
    section = paper.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin, section.right_margin = Cm(3), Cm(2)
    section.top_margin, section.bottom_margin = Cm(2.5), Cm(2)
    section.header_distance = Cm(1.25)
    section.different_first_page_header_footer = True
    _set_style(paper)
    numbers = OxmlElement("w:pgNumType")
    numbers.set(qn("w:fmt"), "thaiNumbers")
    section._sectPr.append(numbers)  # noqa: SLF001 -- the library has no numbering of pages
    header = section.header.paragraphs[0]
    header.alignment = WD_ALIGN_PARAGRAPH.CENTER
    _run(header, "- ")
    _page_number(header)
    _run(header, " -")
    return paper


def _set_style(paper: Docx) -> None:
    """Every run in TH Sarabun at 16 points, also where Word takes the text for a complex script."""
    styles = paper.styles.element
    for fonts in styles.iter(qn("w:rFonts")):
        for theme in ("asciiTheme", "hAnsiTheme", "cstheme", "eastAsiaTheme"):
            fonts.attrib.pop(qn(f"w:{theme}"), None)
    normal = paper.styles["Normal"]
    properties = normal.element.get_or_add_rPr()
    for child in list(properties):
        properties.remove(child)
    fonts = OxmlElement("w:rFonts")
    for script in ("ascii", "hAnsi", "eastAsia", "cs"):
        fonts.set(qn(f"w:{script}"), FONT)
    properties.append(fonts)
    for tag, value in (("w:sz", str(SIZE * 2)), ("w:szCs", str(SIZE * 2))):
        size = OxmlElement(tag)
        size.set(qn("w:val"), value)
        properties.append(size)
    properties.append(OxmlElement("w:cs"))
    language = OxmlElement("w:lang")
    for attribute in ("val", "bidi", "eastAsia"):
        language.set(qn(f"w:{attribute}"), "th-TH")
    properties.append(language)
    spacing = normal.paragraph_format
    spacing.space_before = spacing.space_after = Pt(0)
    spacing.line_spacing_rule = WD_LINE_SPACING.SINGLE
    for name in ("Header", "Footer"):
        for tabs in list(paper.styles[name].element.iter(qn("w:tabs"))):
            tabs.getparent().remove(tabs)


Block = Docx | _Cell


def _line(
    block: Block,
    *parts: str | tuple[str, dict[str, Any]],
    centred: bool = False,
    indent: Length | None = None,
    first: Length | None = None,
    before: int = 0,
    tabs: tuple[Length, ...] = (),
    spread: bool = False,
    keep: bool = False,
) -> Paragraph:
    """One paragraph. parts: texts, or (text, how its run is set). before: points."""
    paragraph = block.add_paragraph()
    how = paragraph.paragraph_format
    if centred:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    if spread:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.THAI_JUSTIFY
    how.left_indent = indent
    how.first_line_indent = first
    how.space_before = Pt(before)
    how.keep_with_next = keep or None
    for tab in tabs:
        how.tab_stops.add_tab_stop(tab, WD_TAB_ALIGNMENT.LEFT)
    for part in parts:
        text, set_so = part if isinstance(part, tuple) else (part, {})
        _run(paragraph, text, **set_so)
    return paragraph


def _run(
    paragraph: Paragraph, text: str, *, bold: bool = False, size: int = 0, dotted: bool = False
) -> Run:
    run = paragraph.add_run(text)
    properties = run._r.get_or_add_rPr()  # noqa: SLF001 -- the library knows no complex scripts
    if bold:
        run.font.bold = run.font.cs_bold = True
    if size:
        run.font.size = Pt(size)
        complex_size = OxmlElement("w:szCs")
        complex_size.set(qn("w:val"), str(size * 2))
        properties.append(complex_size)
    if dotted:
        underline = OxmlElement("w:u")
        underline.set(qn("w:val"), "dotted")
        properties.append(underline)
    return run


def _page_number(paragraph: Paragraph) -> None:
    for sort, text in (("begin", ""), ("", "PAGE"), ("end", "")):
        run = paragraph.add_run()
        if sort:
            mark = OxmlElement("w:fldChar")
            mark.set(qn("w:fldCharType"), sort)
        else:
            mark = OxmlElement("w:instrText")
            mark.set(qn("xml:space"), "preserve")
            mark.text = f" {text} "
        run._r.append(mark)  # noqa: SLF001 -- the library has no fields


def _command(block: Block, text: str) -> None:
    """A line that only steers the filling; it is gone from the paper."""
    _line(block, text)


def _grid(paper: Docx, widths: tuple[Length, ...]) -> list[list[_Cell]]:
    """A row of a table without lines; its cells are empty, paragraphs to be added."""
    table = paper.add_table(rows=1, cols=len(widths))
    table.autofit = False
    for column, width in zip(table.columns, widths, strict=True):
        column.width = width
    row = []
    for cell, width in zip(table.rows[0].cells, widths, strict=True):
        cell.width = width
        row.append(cell)
    return [row]


def _into(cell: _Cell, *parts: str | tuple[str, dict[str, Any]]) -> None:
    """Put the first line into a cell that still has its empty paragraph."""
    for part in parts:
        text, set_so = part if isinstance(part, tuple) else (part, {})
        _run(cell.paragraphs[0], text, **set_so)


_BOLD = {"bold": True}


def _draft_mark(paper: Docx) -> None:
    _command(paper, "{%p if draft %}")
    _line(paper, ("(ร่าง)", _BOLD), centred=True)
    _command(paper, "{%p endif %}")
    _command(paper, "{%p if demonstration %}")
    _line(paper, ("(ข้อมูลสาธิต ไม่ใช่เอกสารของทางราชการ)", _BOLD), centred=True)
    _command(paper, "{%p endif %}")


def _minutes(paper: Docx) -> None:
    _draft_mark(paper)
    _line(paper, ("{{ heading }}", _BOLD), centred=True)
    _command(paper, "{%p if number %}")
    _line(paper, ("{{ number }}", _BOLD), centred=True)
    _command(paper, "{%p endif %}")
    _line(paper, ("เมื่อ{{ day }} เวลา {{ begins }}", _BOLD), centred=True)
    _command(paper, "{%p if venue %}")
    _line(paper, ("ณ {{ venue }}", _BOLD), centred=True)
    _command(paper, "{%p endif %}")
    _command(paper, "{%p if issue %}")
    _line(paper, "(ฉบับแก้ไข ฉบับที่ {{ issue }})", centred=True)
    _command(paper, "{%p endif %}")
    _line(paper, "-----------------------------------", centred=True)
    for name, words in (
        ("present", "ผู้มาประชุม"),
        ("absent", "ผู้ไม่มาประชุม"),
        ("also", "ผู้เข้าร่วมประชุม"),
    ):
        _people(paper, name, words)
    _line(paper, ("เริ่มประชุมเวลา {{ begins }}", _BOLD), before=12)
    _command(paper, "{%p if chair %}")
    _line(paper, "{{ chair }} เป็นประธานในที่ประชุม", first=_INDENT, spread=True)
    _command(paper, "{%p endif %}")
    _command(paper, "{%p for item in items %}")
    _line(paper, ("{{ item.heading }}\t{{ item.title }}", _BOLD), indent=Cm(3.5), first=Cm(-3.5),
          tabs=(Cm(3.5),), before=6, keep=True)  # fmt: skip
    _command(paper, "{%p if item.hours or item.speaker or item.venue %}")
    _line(
        paper,
        "{{ item.hours }}{% if item.speaker %} โดย {{ item.speaker }}{% endif %}"
        "{% if item.venue %} ณ {{ item.venue }}{% endif %}",
        first=_INDENT,
    )
    _command(paper, "{%p endif %}")
    _command(paper, "{%p for text in item.paragraphs %}")
    _line(paper, "{{ text }}", first=_INDENT, spread=True)
    _command(paper, "{%p endfor %}")
    _decisions(paper, "item.resolved")
    _command(paper, "{%p endfor %}")
    _decisions(paper, "other")
    _command(paper, "{%p if ends %}")
    _line(paper, ("เลิกประชุมเวลา {{ ends }}", _BOLD), before=12, keep=True)
    _command(paper, "{%p endif %}")
    for name, words in (("recorder", "ผู้จดรายงานการประชุม"), ("checker", "ผู้ตรวจรายงานการประชุม")):
        _command(paper, f"{{%p if {name} %}}")
        _line(paper, f"({{{{ {name} }}}})", centred=True, indent=_MIDDLE, before=36, keep=True)
        _line(paper, words, centred=True, indent=_MIDDLE, keep=name == "recorder")
        _command(paper, "{%p endif %}")


def _people(paper: Docx, name: str, words: str) -> None:
    _command(paper, f"{{%p if {name} %}}")
    _line(paper, (words, _BOLD), before=6, keep=True)
    table = paper.add_table(rows=3, cols=3)
    table.autofit = False
    widths = (Cm(1.2), Cm(6.3), Cm(8.5))
    for column, width in zip(table.columns, widths, strict=True):
        column.width = width
    for row in table.rows:
        for cell, width in zip(row.cells, widths, strict=True):
            cell.width = width
    _into(table.cell(0, 0), f"{{%tr for person in {name} %}}")
    _into(table.cell(1, 0), "{{ person.number }}")
    _into(table.cell(1, 1), "{{ person.name }}")
    _into(table.cell(1, 2), "{{ person.title }}{% if person.note %} ({{ person.note }}){% endif %}")
    _into(table.cell(2, 0), "{%tr endfor %}")
    _command(paper, "{%p endif %}")


def _decisions(paper: Docx, name: str) -> None:
    _command(paper, f"{{%p for one in {name} %}}")
    _line(
        paper,
        ("มติที่ประชุม", _BOLD),
        "\t{{ one.words }}{% if one.responsible %} ผู้รับผิดชอบ {{ one.responsible }}{% endif %}"
        "{% if one.due %} {{ one.due }}{% endif %}",
        indent=Cm(3.5), first=Cm(-3.5), tabs=(Cm(3.5),), spread=True,
    )  # fmt: skip
    _command(paper, "{%p endfor %}")


def _letter(paper: Docx) -> None:
    _draft_mark(paper)
    _command(paper, "{%p if urgency %}")
    _line(paper, ("{{ urgency }}", {"bold": True, "size": 20}))
    _command(paper, "{%p endif %}")
    _command(paper, "{%p if emblem %}")
    _line(paper, "{{ emblem }}", centred=True)
    _command(paper, "{%p else %}")
    _line(paper, "", before=round(Cm(3).pt) - SIZE)  # the place of the emblem
    _command(paper, "{%p endif %}")
    [[left, right]] = _grid(paper, (Cm(8), Cm(8)))
    _into(left, "ที่  {{ number }}")
    _into(right, "{{ office }}")
    _command(right, "{%p for line in address %}")
    _line(right, "{{ line }}")
    _command(right, "{%p endfor %}")
    _line(paper, "{{ day }}", indent=_MIDDLE, before=12)
    _heads(paper)
    _body(paper)
    _command(paper, "{%p if closing %}")
    _line(paper, "{{ closing }}", centred=True, indent=Cm(7), before=12, keep=True)
    _command(paper, "{%p endif %}")
    _signature(paper)
    for name, words in (("unit", ""), ("phone", "โทร.\u00a0"), ("email", "ไปรษณีย์อิเล็กทรอนิกส์ ")):
        _command(paper, f"{{%p if {name} %}}")
        _line(paper, f"{words}{{{{ {name} }}}}", before=24 if name == "unit" else 0)
        _command(paper, "{%p endif %}")
    _receivers(paper)


def _memo(paper: Docx) -> None:
    _draft_mark(paper)
    [[left, middle, right]] = _grid(paper, (Cm(3), Cm(10), Cm(3)))
    _into(left, "{{ emblem }}")
    _into(middle, ("บันทึกข้อความ", {"bold": True, "size": 29}))
    middle.paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.CENTER
    middle.paragraphs[0].paragraph_format.space_before = Pt(6)
    _into(right, ("{{ urgency }}", _BOLD))
    _dotted(
        paper,
        (
            "ส่วนราชการ",
            "{{ office }}{% if unit %} {{ unit }}{% endif %}{% if phone %} โทร.\u00a0{{ phone }}{% endif %}",
            _TEXT_WIDTH,
        ),
    )
    _dotted(paper, ("ที่", "{{ number }}", _MIDDLE), ("วันที่", "{{ day }}", _TEXT_WIDTH))
    _dotted(paper, ("เรื่อง", "{{ subject }}", _TEXT_WIDTH))
    _line(paper, "เรียน\t{{ to }}", indent=Cm(1.5), first=Cm(-1.5), tabs=(Cm(1.5),), before=6)
    _lists(paper)
    _body(paper)
    _signature(paper)
    _receivers(paper)


def _dotted(paper: Docx, *heads: tuple[str, str, Length]) -> None:
    """Heads of a memorandum: a label and its words on a dotted line that runs to the given place."""
    parts: list[str | tuple[str, dict[str, Any]]] = []
    for label, words, _ in heads:
        parts += [(label, {"bold": True, "size": 20}), (f"  {words}\t", {"dotted": True})]
    _line(paper, *parts, tabs=tuple(place for _, _, place in heads))


def _heads(paper: Docx) -> None:
    for words, name in (("เรื่อง", "subject"), ("เรียน", "to")):
        _line(
            paper, f"{words}\t{{{{ {name} }}}}", indent=Cm(1.5), first=Cm(-1.5), tabs=(Cm(1.5),),
            before=6,
        )  # fmt: skip
    _lists(paper)


def _lists(paper: Docx) -> None:
    for words, name, width in (
        ("อ้างถึง", "references", Cm(1.5)),
        ("สิ่งที่ส่งมาด้วย", "enclosures", Cm(3)),
    ):
        _command(paper, f"{{%p for one in {name} %}}")
        _line(
            paper, f"{{% if loop.first %}}{words}{{% endif %}}\t{{{{ one }}}}",
            indent=width, first=Length(-width), tabs=(width,),
        )  # fmt: skip
        _command(paper, "{%p endfor %}")


def _body(paper: Docx) -> None:
    _command(paper, "{%p for text in paragraphs %}")
    _line(paper, "{{ text }}", first=_INDENT, spread=True, before=6)
    _command(paper, "{%p endfor %}")


def _signature(paper: Docx) -> None:
    _line(paper, "({{ signer }})", centred=True, indent=Cm(7), before=54, keep=True)
    _line(paper, "{{ signer_title }}", centred=True, indent=Cm(7))


def _receivers(paper: Docx) -> None:
    _command(paper, "{%p if receivers %}")
    title = _line(paper, ("บัญชีรายชื่อผู้รับ แนบท้าย{{ number }}", _BOLD), centred=True)
    title.paragraph_format.page_break_before = True
    _command(paper, "{%p for one in receivers %}")
    _line(paper, "{{ one }}", indent=Cm(1), first=Cm(-1))
    _command(paper, "{%p endfor %}")
    _command(paper, "{%p endif %}")
