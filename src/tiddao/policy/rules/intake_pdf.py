"""The text layer of a PDF, page by page, with the line ends that only wrap a line."""

from __future__ import annotations

import itertools
from collections import Counter
from dataclasses import dataclass

import pypdfium2 as pdfium

from tiddao.policy.rules.source_text import LONGEST_TEXT, Block, IntakeRefused, SourceText
from tiddao.policy.rules.spans import Span

MOST_PAGES = 500
_WRONG_PASSWORD = "password"  # noqa: S105 -- a word in the library's message


@dataclass(frozen=True, slots=True)
class _LineBox:
    """Where a line stands on its page, in points."""

    start: int  # in the page's text
    end: int
    left: float
    right: float
    height: float


def text_of_pdf(content: bytes) -> SourceText:
    """The text of all pages; line ends inside a paragraph are named as wraps. Raises IntakeRefused.

    A line wraps when it ends at the right margin and the next one begins at the left one.

    Source: issue 4 "Reading a document" (pdf with text); "Must show" 7.
    """
    try:
        document = pdfium.PdfDocument(content)
    except pdfium.PdfiumError as fault:
        if _WRONG_PASSWORD in str(fault).lower():
            raise IntakeRefused("encrypted", "ไฟล์ PDF ใส่รหัสผ่าน ให้ถอดรหัสก่อน") from fault
        raise IntakeRefused("damaged", "ไฟล์ PDF เสียหาย อ่านไม่ได้") from fault
    try:
        return _text_of(document)
    except pdfium.PdfiumError as fault:
        raise IntakeRefused("damaged", "ไฟล์ PDF เสียหาย อ่านไม่ได้") from fault
    finally:
        document.close()


def _text_of(document: pdfium.PdfDocument) -> SourceText:
    if len(document) > MOST_PAGES:
        raise IntakeRefused("too-long", f"PDF มี {len(document):,} หน้า เกิน {MOST_PAGES} หน้า")
    pages: list[str] = []
    wraps: list[int] = []
    blocks: list[Block] = []
    place = 0
    for number in range(len(document)):
        page = document[number]
        text_page = page.get_textpage()
        if text_page.count_chars() + place > LONGEST_TEXT:
            raise IntakeRefused("too-long", f"ข้อความใน PDF เกิน {LONGEST_TEXT:,} ตัวอักษร")
        text, page_wraps = _page(text_page)
        text_page.close()
        page.close()
        if text.strip():
            blocks.append(Block(Span(place, place + len(text)), "paragraph", page=number + 1))
        wraps.extend(place + each for each in page_wraps)
        pages.append(text)
        place += len(text) + 1
    whole = "\n".join(pages)
    if not whole.strip():
        raise IntakeRefused(
            "no-text-layer",
            "PDF นี้เป็นภาพสแกน ไม่มีข้อความให้อ่าน ให้ใช้ไฟล์ที่พิมพ์จากโปรแกรมโดยตรง หรือคัดลอกข้อความมาวาง",
        )
    return SourceText(whole, "pdf", tuple(blocks), tuple(wraps))


def _page(text_page: pdfium.PdfTextPage) -> tuple[str, list[int]]:
    """The page's text with line ends as plain newlines, and those of them that only wrap."""
    signs: list[str] = []
    boxes: list[_LineBox] = []
    start = 0
    first: int | None = None
    last = 0
    raw = _signs(text_page)
    for index, sign in enumerate(raw):
        if sign in {"\r", ""}:
            continue
        if sign == "\n":
            if first is not None:
                boxes.append(_box(text_page, start, len(signs), first, last))
            signs.append("\n")
            start, first = len(signs), None
            continue
        if sign not in " \u00a0":
            first = index if first is None else first
            last = index
        signs.append(sign if len(sign) == 1 else sign[0])
    if first is not None:
        boxes.append(_box(text_page, start, len(signs), first, last))
    return "".join(signs), _wraps(boxes)


def _signs(text_page: pdfium.PdfTextPage) -> list[str]:
    """One sign for each character of the page, so that places and boxes agree."""
    code_of = pdfium.raw.FPDFText_GetUnicode
    return [
        chr(code) if (code := code_of(text_page, index)) and not 0xD800 <= code <= 0xDFFF else ""
        for index in range(text_page.count_chars())
    ]


def _box(text_page: pdfium.PdfTextPage, start: int, end: int, first: int, last: int) -> _LineBox:
    left, bottom, _, top = text_page.get_charbox(first, loose=True)
    _, _, right, _ = text_page.get_charbox(last, loose=True)
    return _LineBox(start, end, left, right, max(top - bottom, 1.0))


def _wraps(boxes: list[_LineBox]) -> list[int]:
    if len(boxes) < 2:
        return []
    right = max(box.right for box in boxes)
    left = Counter(round(box.left) for box in boxes).most_common(1)[0][0]
    found = []
    for box, following in itertools.pairwise(boxes):
        near = 2.5 * box.height
        if box.right >= right - near and following.left <= left + 0.6 * box.height:
            found.append(box.end)
    return found
