"""Word templates of an office: what they may say, and what is refused.

A template is hostile input. It may name the fields listed here, ask whether one is there, and go
through a list; nothing is called, fetched or reckoned. What is wrong is told with its place.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from docxtpl import DocxTemplate
from jinja2 import StrictUndefined, TemplateSyntaxError, nodes
from jinja2.sandbox import SandboxedEnvironment

TemplateKind = Literal["minutes", "letter", "memo"]

LARGEST = 5 * 1024 * 1024
"""Bytes of a template; ours have 40 kB."""
LARGEST_UNPACKED = 50 * 1024 * 1024
LARGEST_RATIO = 100
MOST_PARTS = 500
_QUOTED = 60


class TemplateRefused(Exception):
    """A template that is not taken in. message: Thai, whole sentence; place: the line it stands in.

    code: too-large, not-word, damaged, bomb, locked, macros, external, embedded, active-field,
    entities, syntax, forbidden, unknown-field, no-fields, does-not-render.
    """

    def __init__(self, code: str, message: str, place: str = "") -> None:
        super().__init__(code, message, place)
        self.code = code
        self.message = message
        self.place = place

    def __str__(self) -> str:
        return f"{self.message} (ตรงที่เขียนว่า “{self.place}”)" if self.place else self.message


@dataclass(frozen=True, slots=True)
class Field:
    """One field. sort: text, flag (asked about only), picture, texts (a list of texts), rows (a
    list of things with fields of their own).
    """

    name: str
    words: str
    sort: Literal["text", "flag", "picture", "texts", "rows"] = "text"
    inner: tuple[Field, ...] = ()


_PERSON = (
    Field("number", "ลำดับ"),
    Field("name", "ชื่อ"),
    Field("title", "ตำแหน่ง"),
    Field("note", "หมายเหตุ เช่น มาแทนผู้ใด หรือเหตุที่ไม่มา"),
)
_DECISION = (
    Field("number", "เลขที่มติ"),
    Field("words", "มติ"),
    Field("responsible", "ผู้รับผิดชอบ"),
    Field("due", "กำหนดแล้วเสร็จ พร้อมวันทำการสุดท้าย"),
)
_MINUTES = (
    Field("office", "ส่วนราชการผู้จัดประชุม"),
    Field("heading", "รายงานการประชุม… (ชื่อการประชุม)"),
    Field("number", "ครั้งที่ ๓/๒๕๖๖ (ว่างเมื่อไม่ใช่การประชุมประจำ)"),
    Field("day", "วันอังคารที่ ๒๒ พฤศจิกายน ๒๕๖๕"),
    Field("begins", "เวลาเริ่มประชุม ๐๙.๐๐ น."),
    Field("ends", "เวลาเลิกประชุม (ว่างเมื่อไม่ได้จด)"),
    Field("venue", "สถานที่ประชุม"),
    Field("chair", "ประธาน"),
    Field("present", "ผู้มาประชุม", "rows", _PERSON),
    Field("absent", "ผู้ไม่มาประชุม", "rows", _PERSON),
    Field("also", "ผู้เข้าร่วมประชุม", "rows", _PERSON),
    Field(
        "items",
        "ระเบียบวาระ",
        "rows",
        (
            Field("heading", "ระเบียบวาระที่ ๑"),
            Field("title", "เรื่อง"),
            Field("format", "รูปแบบ เช่น บรรยาย"),
            Field("hours", "เวลา ๐๙.๐๐ – ๑๒.๐๐ น."),
            Field("speaker", "ผู้บรรยาย/ผู้นำเสนอ"),
            Field("venue", "สถานที่ของวาระ"),
            Field("paragraphs", "บันทึกการประชุม ทีละย่อหน้า", "texts"),
            Field("resolved", "มติของวาระ", "rows", _DECISION),
        ),
    ),
    Field("other", "มติที่ไม่อยู่ในวาระใด", "rows", _DECISION),
    Field("recorder", "ผู้จดรายงานการประชุม"),
    Field("checker", "ผู้ตรวจรายงานการประชุม"),
    Field("issue", "ฉบับที่ (ตั้งแต่ฉบับที่ ๒)"),
    Field("draft", "ยังเป็นร่าง", "flag"),
    Field("demonstration", "เป็นข้อมูลสาธิต", "flag"),
)
_LETTER = (
    Field("office", "ส่วนราชการ"),
    Field("address", "ที่ตั้ง ทีละบรรทัด", "texts"),
    Field("number", "เลขที่หนังสือ"),
    Field("day", "วันที่ ๒๒ พฤศจิกายน ๒๕๖๕ (ว่างเมื่อยังไม่ลงวันที่)"),
    Field("urgency", "ชั้นความเร็ว"),
    Field("subject", "เรื่อง"),
    Field("to", "เรียน"),
    Field("references", "อ้างถึง", "texts"),
    Field("enclosures", "สิ่งที่ส่งมาด้วย", "texts"),
    Field("paragraphs", "ข้อความ ทีละย่อหน้า", "texts"),
    Field("closing", "คำลงท้าย"),
    Field("signer", "ชื่อผู้ลงนาม"),
    Field("signer_title", "ตำแหน่งผู้ลงนาม"),
    Field("unit", "ส่วนราชการเจ้าของเรื่อง"),
    Field("phone", "โทรศัพท์"),
    Field("email", "ไปรษณีย์อิเล็กทรอนิกส์"),
    Field("receivers", "บัญชีรายชื่อผู้รับแนบท้าย", "texts"),
    Field("emblem", "ภาพตราของหน่วยงาน", "picture"),
    Field("draft", "ยังเป็นร่าง", "flag"),
    Field("demonstration", "เป็นข้อมูลสาธิต", "flag"),
)
FIELDS: Mapping[TemplateKind, tuple[Field, ...]] = {
    "minutes": (*_MINUTES, Field("emblem", "ภาพตราของหน่วยงาน", "picture")),
    "letter": _LETTER,
    "memo": _LETTER,
}
"""What a template of each kind may name, in the order of the paper.

Source: ระเบียบฯ งานสารบรรณ พ.ศ. 2526 (docs domain 9.1).
"""
_LOOP = Field(
    "loop",
    "",
    "rows",
    (Field("first", "", "flag"), Field("last", "", "flag"), Field("index", "")),
)


def environment() -> SandboxedEnvironment:
    """What templates are read and filled with: values are escaped, an unknown name is an error.

    Source: OWASP, server-side template injection; docs issue 4 "Must show" 7.
    """
    return SandboxedEnvironment(autoescape=True, undefined=StrictUndefined)


def checked_template(kind: TemplateKind, content: bytes) -> tuple[Field, ...]:
    """The fields that a template leaves out; what is no harmless Word template of the kind is
    refused. Call it apart (``kernel.apart``). Raises TemplateRefused.

    Source: docs issue 4 "Must show" 7 (bomb, macro, wrong extension, 200 MB); ECMA-376 part 2.
    """
    _check_package(content)
    named: set[str] = set()
    for source in _sources(content):
        named |= _check_source(kind, source)
    if not named:
        raise TemplateRefused(
            "no-fields",
            "ไม่พบช่องเติมข้อความ เช่น {{ heading }} ในไฟล์ จึงยังไม่เป็นแม่แบบ ให้เริ่มจากแม่แบบปัจจุบันที่ดาวน์โหลดได้",
        )
    return tuple(each for each in FIELDS[kind] if each.name not in named)


# -- the package -----------------------------------------------------------------------------------

_ACTIVE = re.compile(
    r"\b(?:DDE|DDEAUTO|INCLUDETEXT|INCLUDEPICTURE|IMPORT|LINK|MACROBUTTON|DATABASE|RD)\b"
)
_INSTRUCTION = re.compile(r"<w:instrText[^>]*>(.*?)</w:instrText>|w:instr=\"([^\"]*)\"", re.DOTALL)
_TAG = re.compile(r"<[^>]+>")


def _check_package(content: bytes) -> None:
    if len(content) > LARGEST:
        raise TemplateRefused(
            "too-large", f"แม่แบบใหญ่กว่า {LARGEST // 1024 // 1024} MB ให้ย่อภาพในไฟล์แล้วส่งใหม่"
        )
    if content[:8] == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1":
        raise TemplateRefused(
            "not-word", "เป็นไฟล์ Word รุ่นเก่าหรือใส่รหัสผ่านไว้ ให้บันทึกเป็น .docx โดยไม่ใส่รหัส"
        )
    if content[:4] != b"PK\x03\x04":
        raise TemplateRefused("not-word", "ไฟล์นี้ไม่ใช่เอกสาร Word (.docx)")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            _check_parts(package, len(content))
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError, KeyError) as fault:
        raise TemplateRefused("damaged", "ไฟล์ Word เสียหาย เปิดไม่ได้") from fault


def _check_parts(package: zipfile.ZipFile, size: int) -> None:
    parts = package.infolist()
    unpacked = sum(part.file_size for part in parts)
    if (
        len(parts) > MOST_PARTS
        or unpacked > LARGEST_UNPACKED
        or unpacked > LARGEST_RATIO * max(size, 16_384)
        or len({part.filename for part in parts}) != len(parts)
    ):
        raise TemplateRefused("bomb", "ไฟล์นี้ขยายแล้วใหญ่ผิดปกติ จึงไม่เปิด")
    if any(part.flag_bits & 0x1 for part in parts):
        raise TemplateRefused("locked", "ไฟล์ใส่รหัสผ่านไว้ ให้ถอดรหัสแล้วส่งใหม่")
    names = {part.filename.lower() for part in parts}
    if "word/document.xml" not in names or "[content_types].xml" not in names:
        raise TemplateRefused("not-word", "ไฟล์นี้ไม่ใช่เอกสาร Word (.docx)")
    declared = package.read("[Content_Types].xml").lower()
    if b"macroenabled" in declared or any("vba" in name for name in names):
        raise TemplateRefused("macros", "ไฟล์นี้มีแมโคร ให้บันทึกเป็น .docx แบบไม่มีแมโคร")
    if b"wordprocessingml.document.main+xml" not in declared:
        raise TemplateRefused("not-word", "ไฟล์นี้ไม่ใช่เอกสาร Word (.docx)")
    if any(name.startswith(("word/embeddings/", "word/activex/")) for name in names):
        raise TemplateRefused("embedded", "ไฟล์นี้ฝังวัตถุ (OLE/ActiveX) ไว้ ให้ลบออกหรือแทนด้วยภาพ")
    for part in parts:
        if part.filename.lower().endswith((".xml", ".rels")):
            _check_text(package.read(part), part.filename)


def _check_text(content: bytes, name: str) -> None:
    text = content.decode("utf-8", errors="replace")
    if content[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        text = content.decode("utf-16", errors="replace")
    if "<!DOCTYPE" in text or "<!ENTITY" in text:
        raise TemplateRefused("entities", "ไฟล์มีคำสั่ง XML ที่ Word ไม่เคยเขียน (DOCTYPE) จึงไม่เปิด")
    if name.endswith(".rels"):
        if re.search(r"TargetMode\s*=\s*[\"']External", text, re.IGNORECASE):
            target = re.search(r"Target\s*=\s*[\"']([^\"']{0,80})", text)
            raise TemplateRefused(
                "external",
                "ไฟล์นี้อ้างถึงสิ่งที่อยู่นอกไฟล์ (ลิงก์ ภาพ หรือแม่แบบภายนอก) ให้ลบออกหรือฝังไว้ในไฟล์",
                target[1] if target else "",
            )
        if "aFChunk" in text or "oleObject" in text or "control" in text.lower():
            raise TemplateRefused("embedded", "ไฟล์นี้ฝังวัตถุไว้ ให้ลบออกหรือแทนด้วยภาพ")
    found = "".join(one or two for one, two in _INSTRUCTION.findall(text))
    if active := _ACTIVE.search(_TAG.sub("", found)):
        raise TemplateRefused("active-field", "ไฟล์นี้มีฟิลด์ที่ดึงข้อมูลจากภายนอก ให้ลบออก", active[0])


# -- what it says ----------------------------------------------------------------------------------

_INSIDE_TAGS = re.compile(r"\{\{\s?(?:p|r|tr|tc)\s")


def _sources(content: bytes) -> Iterator[str]:
    """The body, the headers and the footers, as they are filled."""
    template = DocxTemplate(io.BytesIO(content))
    try:
        template.init_docx()
        raw = [template.get_xml()]
        for uri in (template.HEADER_URI, template.FOOTER_URI):
            raw += [template.get_part_xml(part) for _, part in template.get_headers_footers(uri)]
    except Exception as fault:
        raise TemplateRefused("damaged", "ไฟล์ Word เสียหาย เปิดไม่ได้") from fault
    for xml in raw:
        if found := _INSIDE_TAGS.search(_TAG.sub("", xml)):
            raise TemplateRefused("forbidden", "คำสั่งแทรกแบบนี้ใช้ในแม่แบบไม่ได้", found[0])
        patched: str = template.patch_xml(xml)
        yield re.sub(r"<w:p([ >])", r"\n<w:p\1", patched)


def _check_source(kind: TemplateKind, source: str) -> set[str]:
    """The fields that it names. Raises TemplateRefused."""
    try:
        tree = environment().parse(source)
    except TemplateSyntaxError as fault:
        raise TemplateRefused(
            "syntax", f"คำสั่งในแม่แบบเขียนไม่ครบหรือไม่ถูก ({fault.message})", _line(source, fault.lineno)
        ) from fault
    reader = _Reader(source)
    known = {each.name: each for each in FIELDS[kind]}
    for node in tree.body:
        reader.statement(node, known)
    return reader.named


def _line(source: str, number: int | None) -> str:
    lines = source.splitlines()
    if number is None or not 0 < number <= len(lines):
        return ""
    text = " ".join(_TAG.sub("", lines[number - 1]).split())
    return text if len(text) <= _QUOTED else f"{text[:_QUOTED]}…"


Scope = Mapping[str, Field]


class _Reader:
    """Goes through a template and refuses all but fields, lists and questions."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.named: set[str] = set()

    def statement(self, node: nodes.Node, scope: Scope) -> None:
        if isinstance(node, nodes.Output):
            for each in node.nodes:
                if not isinstance(each, nodes.TemplateData):
                    self.shown(each, scope)
        elif isinstance(node, nodes.If):
            self.asked(node.test, scope)
            branches: list[nodes.Node] = [*node.body, *node.elif_, *node.else_]
            for branch in branches:
                self.statement(branch, scope)
        elif isinstance(node, nodes.For):
            self.gone_through(node, scope)
        else:
            raise self.forbidden(node)

    def gone_through(self, node: nodes.For, scope: Scope) -> None:
        if node.test is not None or node.recursive or not isinstance(node.target, nodes.Name):
            raise self.forbidden(node)
        over = self.field(node.iter, scope)
        if over.sort not in {"texts", "rows"}:
            raise self.wrong(node, over, "ไม่ใช่รายการ จึงวนซ้ำไม่ได้")
        one = Field(
            node.target.name, over.words, "rows" if over.sort == "rows" else "text", over.inner
        )
        inside = {**scope, node.target.name: one, "loop": _LOOP}
        for each in node.body:
            self.statement(each, inside)
        for each in node.else_:
            self.statement(each, scope)

    def shown(self, node: nodes.Node, scope: Scope) -> None:
        found = self.field(node, scope)
        if found.sort not in {"text", "picture"}:
            raise self.wrong(node, found, "เป็นรายการหรือเงื่อนไข จึงพิมพ์ลงตรงๆ ไม่ได้")

    def asked(self, node: nodes.Node, scope: Scope) -> None:
        if isinstance(node, nodes.Not):
            self.asked(node.node, scope)
        elif isinstance(node, nodes.And | nodes.Or):
            self.asked(node.left, scope)
            self.asked(node.right, scope)
        else:
            self.field(node, scope)

    def field(self, node: nodes.Node, scope: Scope) -> Field:
        if isinstance(node, nodes.Name):
            found = scope.get(node.name)
            if found is None:
                raise self.unknown(node, node.name)
            self.named.add(node.name)
            return found
        if isinstance(node, nodes.Getattr):
            above = self.field(node.node, scope)
            inner = next((each for each in above.inner if each.name == node.attr), None)
            if inner is None:
                raise self.unknown(node, f"{above.name}.{node.attr}")
            return inner
        raise self.forbidden(node)

    def unknown(self, node: nodes.Node, name: str) -> TemplateRefused:
        return TemplateRefused(
            "unknown-field",
            f"ไม่มีช่องชื่อ {name} ดูชื่อช่องที่ใช้ได้ในหน้าแม่แบบ",
            _line(self.source, node.lineno),
        )

    def wrong(self, node: nodes.Node, found: Field, why: str) -> TemplateRefused:
        return TemplateRefused(
            "unknown-field", f"ช่อง {found.name} {why}", _line(self.source, node.lineno)
        )

    def forbidden(self, node: nodes.Node) -> TemplateRefused:
        return TemplateRefused(
            "forbidden",
            "แม่แบบใช้ได้เฉพาะช่องข้อความ {{ … }} เงื่อนไข {% if … %} และรายการ {% for … in … %} เท่านั้น",
            _line(self.source, node.lineno),
        )
