"""A document as it comes in, pasted or as a file, brought to plain text with its blocks."""

from __future__ import annotations

from pathlib import PurePath

from tiddao.policy.rules.intake_apart import read_apart
from tiddao.policy.rules.source_text import LONGEST_TEXT, Format, IntakeRefused, SourceText

LARGEST_FILE = 20 * 1024 * 1024
"""Bytes of a file that is read at all."""

_ZIP, _PDF, _OLE = b"PK\x03\x04", b"%PDF-", b"\xd0\xcf\x11\xe0"


def pasted(text: str) -> SourceText:
    """Text that a person pasted, as it stands. Raises IntakeRefused (too-long, empty).

    Source: issue 4 "Reading a document" (paste text, or give txt, docx, pdf, html).
    """
    return checked(SourceText(text, "txt"))


def checked(source: SourceText) -> SourceText:
    """The same text, when there is any and not too much. Raises IntakeRefused.

    Source: issue 4 "Must show" 7 (memory bounded, refused in words).
    """
    if len(source.text) > LONGEST_TEXT:
        raise IntakeRefused(
            "too-long",
            f"ข้อความยาว {len(source.text):,} ตัวอักษร เกิน {LONGEST_TEXT:,} ตัวอักษร ให้แบ่งเป็นหลายไฟล์",
        )
    if not source.text.strip():
        raise IntakeRefused("empty", "ไม่มีข้อความในเอกสาร")
    return source


def taken_in(content: bytes, *, name: str) -> SourceText:
    """The text of a file. What it is, its bytes say; its extension must agree.

    Raises IntakeRefused, in words a person can act on. Nothing in the file is run.

    Source: issue 4 "Reading a document", "Must show" 7 (hostile files refused in words).
    """
    if len(content) > LARGEST_FILE:
        raise IntakeRefused(
            "too-large",
            f"ไฟล์ใหญ่ {len(content) / 1024 / 1024:,.0f} MB เกิน {LARGEST_FILE // 1024 // 1024} MB",
        )
    extension = PurePath(name).suffix.lower().lstrip(".")
    found = _format_of(content, extension)
    allowed = {
        "pdf": {"pdf"},
        "docx": {"docx", "docm"},
        "html": {"html", "htm", "xhtml"},
        "txt": {"txt", "text", "md", ""},
    }
    if extension not in allowed[found]:
        raise IntakeRefused(
            "wrong-extension",
            f"นามสกุล .{extension} ไม่ตรงกับเนื้อไฟล์ซึ่งเป็น {found.upper()} ให้ตรวจว่าเป็นไฟล์ที่ตั้งใจหรือไม่",
        )
    if found == "txt":
        return checked(text_of_txt(content))
    return checked(read_apart(found, content))


def _format_of(content: bytes, extension: str) -> Format:
    head = content[:1024].lstrip(b"\xef\xbb\xbf \t\r\n\x00")
    if _PDF in content[:1024]:
        return "pdf"
    if content.startswith(_ZIP):
        return "docx"
    if content.startswith(_OLE):
        raise IntakeRefused("old-word", "ไฟล์ Word รุ่นเก่า (.doc) หรือไฟล์ที่ใส่รหัสผ่าน ให้บันทึกเป็น .docx ก่อน")
    lowered = head[:512].lower()
    if lowered.startswith((b"<!doctype html", b"<html", b"<head", b"<body")):
        return "html"
    if extension in {"html", "htm", "xhtml"} and b"<" in content[:4096]:
        return "html"
    if extension in {"txt", "text", "md", ""}:
        return "txt"
    if extension in {"pdf", "docx", "docm"}:
        raise IntakeRefused(
            "wrong-extension", f"เนื้อไฟล์ไม่ใช่ {extension.upper()} จริง ไฟล์อาจเสียหรือเปลี่ยนนามสกุลมา"
        )
    raise IntakeRefused("unknown-format", f"ไม่รู้จักไฟล์ .{extension} (รับ txt, docx, pdf, html)")


def text_of_txt(content: bytes) -> SourceText:
    """The text of a file in UTF-8, UTF-16 with its mark, or TIS-620/Windows-874.

    Source: issue 4 "Reading a document"; older Thai files are in Windows-874.
    """
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings: tuple[str, ...] = ("utf-16",)
    else:
        encodings = ("utf-8-sig", "cp874")
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" in text:
            break
        return SourceText(text, "txt")
    raise IntakeRefused("not-text", "ไฟล์นี้ไม่ใช่ข้อความ (อ่านเป็น UTF-8 หรือ TIS-620 ไม่ได้)")
