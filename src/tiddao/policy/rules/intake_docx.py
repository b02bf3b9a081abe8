"""The text of a DOCX file: paragraphs and tables in their order."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator

from docx import Document
from docx.document import Document as Docx
from docx.oxml.ns import qn
from docx.table import Table
from docx.text.paragraph import Paragraph

from tiddao.policy.rules.source_text import Block, IntakeRefused, SourceText
from tiddao.policy.rules.spans import Span

LARGEST_UNPACKED = 100 * 1024 * 1024
"""Bytes that all parts of the file may unpack to."""
LARGEST_RATIO = 200
MOST_PARTS = 5_000
_DEEPEST_TABLE = 8
_LONGEST_LIST_OF_TYPES = 1024 * 1024


def text_of_docx(content: bytes) -> SourceText:
    """Paragraphs, headings, list items and table cells, one to a line. Raises IntakeRefused.

    Numbers that Word itself puts before list items are not in the file's text; such items are
    marked with a dash so that they stay points.

    Source: issue 4 "Reading a document"; "Must show" 7 (bombs and macros refused).
    """
    left_out = _checked_package(content)
    try:
        document = Document(io.BytesIO(content))
        pieces = list(_pieces(document))
    except IntakeRefused:
        raise
    except Exception as fault:
        raise IntakeRefused("damaged", "ไฟล์ Word เสียหาย อ่านไม่ได้") from fault
    text: list[str] = []
    blocks: list[Block] = []
    place = 0
    for kind, words in pieces:
        text.append(words)
        if words.strip():
            blocks.append(Block(Span(place, place + len(words)), kind))  # type: ignore[arg-type]  # kinds of Block
        place += len(words) + 1
    return SourceText("\n".join(text), "docx", tuple(blocks), left_out=left_out)


def _checked_package(content: bytes) -> tuple[str, ...]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            parts = package.infolist()
            declared = _declared(package)
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as fault:
        raise IntakeRefused("damaged", "ไฟล์ Word เสียหาย อ่านไม่ได้") from fault
    names = {part.filename for part in parts}
    unpacked = sum(part.file_size for part in parts)
    if (
        len(parts) > MOST_PARTS
        or unpacked > LARGEST_UNPACKED
        or unpacked > LARGEST_RATIO * max(len(content), 4096)
    ):
        raise IntakeRefused("bomb", f"ไฟล์นี้ขยายออกได้ถึง {unpacked // 1024 // 1024:,} MB จึงไม่เปิด")
    if any(part.flag_bits & 0x1 for part in parts):
        raise IntakeRefused("encrypted", "ไฟล์ใส่รหัสผ่าน ให้ถอดรหัสก่อน")
    if "word/document.xml" not in names:
        raise IntakeRefused("wrong-extension", "ไฟล์นี้ไม่ใช่เอกสาร Word (.docx)")
    if b"macroenabled" in declared or any("vba" in name.lower() for name in names):
        raise IntakeRefused(
            "macros", "ไฟล์นี้มีแมโคร ให้บันทึกเป็น .docx แบบไม่มีแมโคร หรือคัดลอกข้อความมาวางแทน"
        )
    pictures = sum(name.startswith("word/media/") for name in names)
    return (f"รูปภาพ {pictures} รูป (ไม่ได้อ่านข้อความในรูป)",) if pictures else ()


def _declared(package: zipfile.ZipFile) -> bytes:
    """What kinds of parts the package says it has, as far as a true one says so; in small letters."""
    try:
        with package.open("[Content_Types].xml") as part:
            return part.read(_LONGEST_LIST_OF_TYPES).lower()
    except (KeyError, RuntimeError):  # none, or under a password: refused for that below
        return b""


def _pieces(document: Docx) -> Iterator[tuple[str, str]]:
    for section in document.sections[:1]:
        for paragraph in section.header.paragraphs:
            if paragraph.text.strip():
                yield "paragraph", paragraph.text
    for block in document.iter_inner_content():
        yield from _of_block(block, 0)


def _of_block(block: Paragraph | Table, depth: int) -> Iterator[tuple[str, str]]:
    if isinstance(block, Paragraph):
        yield _of_paragraph(block)
        return
    if depth > _DEEPEST_TABLE:
        raise IntakeRefused("damaged", "ตารางซ้อนกันลึกเกินไป")
    for row in block.rows:
        seen: set[int] = set()
        cells: list[str] = []
        for cell in row.cells:
            if id(cell._tc) in seen:  # noqa: SLF001 -- a merged cell comes once for each column it spans
                continue
            seen.add(id(cell._tc))  # noqa: SLF001 -- see above
            inner = [
                words
                for item in cell.iter_inner_content()
                for _, words in _of_block(item, depth + 1)
            ]
            cells.append(" ".join(part.strip() for part in inner if part.strip()))
        yield "cell", "  ".join(part for part in cells if part)


def _of_paragraph(paragraph: Paragraph) -> tuple[str, str]:
    words = paragraph.text.replace("\r", "")
    style = (paragraph.style.name or "") if paragraph.style is not None else ""
    if style.startswith(("Heading", "Title")):
        return "heading", words
    properties = paragraph._p.pPr  # noqa: SLF001 -- the library has no other way to numbering
    numbered = properties is not None and properties.find(qn("w:numPr")) is not None
    if (numbered or style.startswith("List")) and words.strip():
        return "item", f"– {words}"
    return "paragraph", words
