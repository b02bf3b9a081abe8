"""What a handed-in file is, by its content; its name is never believed.

A kind is only given to a file that its own reader can read: an image is decoded, a package opened,
a text decoded to its end. What is two things at once (a photo that is also an archive or a web page)
is refused: programs would disagree about it.
"""

from __future__ import annotations

import codecs
import hashlib
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO, Final

import puremagic

from tiddao.evidence.rules import kinds
from tiddao.evidence.rules.kinds import ALLOWED_TH, FileRefused, Kind
from tiddao.evidence.rules.photos import PhotoFacts, read_photo

PIECE: Final = 1 << 20
"""Bytes read at a time: memory does not grow with the file."""
_HEAD: Final = 8_192
_MOST_MEMBERS: Final = 10_000
_MOST_UNPACKED: Final = 512 << 20  # bytes of a package, as its directory states them
_MOST_RATIO: Final = 250  # unpacked to packed, of a whole package; real ones reach about 30
_LITTLE: Final = 1 << 20  # below this a high ratio harms nobody
_LONGEST_MANIFEST: Final = 2 << 20


@dataclass(frozen=True, slots=True)
class Limits:
    """How large a file may be. size: bytes; pixels: width × height of an image."""

    size: int = 20 << 20
    pixels: int = 50_000_000


@dataclass(frozen=True, slots=True)
class Examined:
    """A file that may be taken in. photo: of an image; file: to be read again from its beginning."""

    file: BinaryIO
    name: str  # cleaned, for show only
    sha256: str
    size: int
    kind: Kind
    photo: PhotoFacts | None


def examine(file: BinaryIO, *, name: str, limits: Limits) -> Examined:
    """Return what the file is, or raise FileRefused saying what was found and what is allowed.

    file: seekable, read from its beginning, piece by piece.

    Source: product.md "Results" (evidence); issue 4 of 4, "Evidence"; OWASP File Upload Cheat Sheet.
    """
    sha256, size = _hashed(file, limits)
    head = _head(file)
    kind = _kind_of(file, head, name)
    photo = None
    if kind.is_image:
        _refuse_second_nature(file, kind)
        photo = read_photo(file, kind, most_pixels=limits.pixels)
    elif kind is kinds.PDF:
        _refuse_second_nature(file, kind, marks=())
    file.seek(0)
    return Examined(file, clean_name(name, kind), sha256, size, kind, photo)


def clean_name(name: str, kind: Kind) -> str:
    """Return a file's name for show: no folders, no control or direction signs, at most 200 signs.

    Source: RFC 6266 section 4.3 (a name from elsewhere is only advice).
    """
    base = re.split(r"[/\\]", name)[-1]
    base = re.sub(r"[\x00-\x1f\x7f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]", "", base)
    base = re.sub(r"\s+", " ", base).strip(" .")
    stem, dot, extension = base.rpartition(".")
    if not dot or len(extension) > 10:
        stem, extension = base, ""
    stem = stem.strip(" .")[:180] or "file"
    spellings = {kind.extension, "jpeg"} if kind is kinds.JPEG else {kind.extension, kind.code}
    if kind is kinds.HEIC:
        spellings.add("heif")
    shown = extension if extension.lower() in spellings else kind.extension
    return f"{stem}.{shown}"


def _hashed(file: BinaryIO, limits: Limits) -> tuple[str, int]:
    digest, size = hashlib.sha256(), 0
    for piece in _pieces(file):
        size += len(piece)
        if size > limits.size:
            raise FileRefused(
                "too-large",
                f"ไฟล์ใหญ่กว่า {limits.size / (1 << 20):,.0f} MB ซึ่งเป็นขนาดสูงสุดที่รับได้ "
                "โปรดย่อขนาดภาพหรือแบ่งไฟล์แล้วส่งใหม่",
            )
        digest.update(piece)
    if not size:
        raise FileRefused("empty", "ไฟล์นี้ว่างเปล่า ไม่มีข้อมูลเลย โปรดเลือกไฟล์ใหม่")
    return digest.hexdigest(), size


def _pieces(file: BinaryIO) -> Iterator[bytes]:
    file.seek(0)
    while piece := file.read(PIECE):
        yield piece


def _head(file: BinaryIO) -> bytes:
    file.seek(0)
    return file.read(_HEAD)


# -- which kind ------------------------------------------------------------------------------------

_HEIC_BRANDS: Final = {b"heic", b"heix", b"heim", b"heis", b"mif1", b"msf1"}


def _kind_of(file: BinaryIO, head: bytes, name: str) -> Kind:
    image = _image_kind(head)
    if image is not None:
        return image
    if head.startswith(b"%PDF-"):
        return _whole_pdf(file)
    if head.startswith(b"PK\x03\x04"):
        return _package(file)
    kind = _text(file, head, name)
    if kind is None:
        raise _refused_as_found(head)
    return kind


def _image_kind(head: bytes) -> Kind | None:
    for mark, kind in ((b"\xff\xd8\xff", kinds.JPEG), (b"\x89PNG\r\n\x1a\n", kinds.PNG)):
        if head.startswith(mark):
            return kind
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return kinds.WEBP
    if head[4:8] == b"ftyp" and head[8:12] in _HEIC_BRANDS and b"avif" not in head[8:32]:
        return kinds.HEIC
    return None


def _whole_pdf(file: BinaryIO) -> Kind:
    """A PDF that was cut off has no end mark; readers look for it in the last kilobytes."""
    end = file.seek(0, 2)
    file.seek(max(0, end - _HEAD))
    if b"%%EOF" not in file.read():
        raise _broken(kinds.PDF)
    return kinds.PDF


def _broken(kind: Kind) -> FileRefused:
    return FileRefused(
        "broken",
        f"ไฟล์นี้ขึ้นต้นเป็น{kind.words_th} แต่เนื้อไฟล์เสียหรือขาดหาย เปิดอ่านไม่ได้ โปรดบันทึกหรือถ่ายใหม่แล้วส่งอีกครั้ง",
        found_th=f"{kind.words_th}ที่เสียหาย",
        found_en=f"broken {kind.code}",
    )


# -- packages (Word, Excel, PowerPoint, OpenDocument) ----------------------------------------------

_OOXML: Final = {
    b"wordprocessingml.document.main+xml": kinds.DOCX,
    b"spreadsheetml.sheet.main+xml": kinds.XLSX,
    b"presentationml.presentation.main+xml": kinds.PPTX,
}
_ODF: Final = {
    kinds.ODT.media_type.encode(): kinds.ODT,
    kinds.ODS.media_type.encode(): kinds.ODS,
}


def _package(file: BinaryIO) -> Kind:
    """Tell the kind of a package by what it declares, after its directory was found harmless."""
    size = file.seek(0, 2)
    file.seek(0)
    try:
        with zipfile.ZipFile(file) as package:
            _refuse_bomb(package, size)
            kind = _declared_kind(package)
    except FileRefused:
        raise
    except Exception as fault:
        raise FileRefused(
            "broken",
            "ไฟล์นี้ขึ้นต้นเป็นไฟล์บีบอัดหรือเอกสารสำนักงาน แต่เนื้อไฟล์เสียหรือขาดหาย เปิดอ่านไม่ได้ โปรดบันทึกแล้วส่งใหม่",
            found_th="ไฟล์บีบอัดที่เสียหาย",
            found_en="broken archive",
        ) from fault
    if kind is None:
        raise _not_allowed("ไฟล์บีบอัด (ZIP)", "ZIP archive")
    return kind


def _declared_kind(package: zipfile.ZipFile) -> Kind | None:
    names = {each.filename for each in package.infolist()}
    if any(name.lower().endswith("vbaproject.bin") for name in names):
        raise FileRefused(
            "macros",
            "ไฟล์นี้มีแมโคร (คำสั่งที่ทำงานเองได้) จึงรับไม่ได้ "
            "โปรดบันทึกเป็น .docx, .xlsx หรือ .pptx แบบไม่มีแมโคร หรือเป็น PDF",
            found_th="เอกสารสำนักงานที่มีแมโคร",
            found_en="office document with macros",
        )
    if "[Content_Types].xml" in names:
        declared = _member(package, "[Content_Types].xml")
        found = {kind for mark, kind in _OOXML.items() if mark in declared}
        return found.pop() if len(found) == 1 else None
    if "mimetype" in names and "content.xml" in names:
        return _ODF.get(_member(package, "mimetype").strip())
    return None


def _member(package: zipfile.ZipFile, name: str) -> bytes:
    with package.open(name) as member:
        return member.read(_LONGEST_MANIFEST)


def _refuse_bomb(package: zipfile.ZipFile, size: int) -> None:
    members = package.infolist()
    unpacked = sum(each.file_size for each in members)
    packed = sum(each.compress_size for each in members)
    if (
        len(members) > _MOST_MEMBERS
        or unpacked > _MOST_UNPACKED
        or (unpacked > _LITTLE and unpacked > _MOST_RATIO * size)
        or packed > size  # members that share their bytes: one way to make a bomb
    ):
        raise FileRefused(
            "bomb",
            "ไฟล์บีบอัดนี้ขยายแล้วใหญ่ผิดปกติ จึงไม่รับเพื่อความปลอดภัย หากเป็นเอกสารจริง โปรดบันทึกใหม่หรือส่งเป็น PDF",
            found_th="ไฟล์บีบอัดที่ขยายแล้วใหญ่ผิดปกติ",
            found_en="archive that unpacks to an abnormal size",
        )
    if any(each.flag_bits & 0x1 for each in members):
        raise FileRefused(
            "locked",
            "ไฟล์นี้ตั้งรหัสผ่านไว้ ผู้ตรวจจะเปิดไม่ได้ โปรดเอารหัสผ่านออกแล้วส่งใหม่",
            found_th="ไฟล์ที่ตั้งรหัสผ่าน",
            found_en="file with a password",
        )


# -- texts -----------------------------------------------------------------------------------------

_CONTROL: Final = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")
_ACTIVE: Final = re.compile(r"\s*(<|#!|%!|\{\\rtf)")  # pages, scripts, PostScript, RTF
_ENCODINGS: Final = ("utf-8-sig", "cp874")  # cp874: Thai Windows, and TIS-620 within it


def _text(file: BinaryIO, head: bytes, name: str) -> Kind | None:
    """Say whether the file is plain text to its end. csv or txt is a matter of its name."""
    encodings = ("utf-16",) if head[:2] in {b"\xff\xfe", b"\xfe\xff"} else _ENCODINGS
    for encoding in encodings:
        decoder = codecs.getincrementaldecoder(encoding)()
        try:
            begun = False
            for piece in _pieces(file):
                text = decoder.decode(piece)
                if _CONTROL.search(text) or (not begun and _ACTIVE.match(text)):
                    return None
                begun = begun or bool(text.strip())
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            continue
        return kinds.CSV if name.lower().endswith(".csv") else kinds.TXT
    return None


# -- what is refused, in words ---------------------------------------------------------------------

_FOUND: Final[dict[str, tuple[str, str]]] = {
    "exe": ("โปรแกรม Windows", "Windows program"),
    "html": ("หน้าเว็บ (HTML)", "web page (HTML)"),
    "svg": ("ภาพลายเส้น SVG (มีคำสั่งซ่อนได้)", "SVG drawing"),
    "xml": ("ไฟล์ XML", "XML file"),
    "script": ("ไฟล์คำสั่ง (สคริปต์)", "script"),
    "rtf": ("เอกสาร RTF", "RTF document"),
    "gif": ("ภาพเคลื่อนไหว GIF", "GIF image"),
    "rar": ("ไฟล์บีบอัด RAR", "RAR archive"),
    "7z": ("ไฟล์บีบอัด 7-Zip", "7-Zip archive"),
    "video": ("ไฟล์วิดีโอ", "video"),
    "audio": ("ไฟล์เสียง", "sound"),
    "ole": (
        "เอกสาร Office รุ่นเก่า (.doc, .xls, .ppt) หรือเอกสารที่ตั้งรหัสผ่าน",
        "old or locked Office document (.doc, .xls, .ppt)",
    ),
}
_SIGNATURES: Final[tuple[tuple[bytes, str], ...]] = (
    (b"MZ", "exe"),
    (b"GIF8", "gif"),
    (b"Rar!", "rar"),
    (b"7z\xbc\xaf\x27\x1c", "7z"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "ole"),
    (b"{\\rtf", "rtf"),
    (b"#!", "script"),
)
_ADVICE: Final = {
    "ole": " โปรดเปิดแล้วบันทึกเป็น .docx, .xlsx, .pptx หรือ PDF โดยไม่ตั้งรหัสผ่าน",
    "gif": " โปรดบันทึกเป็น JPEG หรือ PNG",
    "rtf": " โปรดบันทึกเป็น .docx หรือ PDF",
    "video": " โปรดฝากวิดีโอไว้ที่อื่นแล้วแนบเป็นลิงก์",
    "audio": " โปรดฝากไฟล์เสียงไว้ที่อื่นแล้วแนบเป็นลิงก์",
}


def _refused_as_found(head: bytes) -> FileRefused:
    code = next((code for mark, code in _SIGNATURES if head.startswith(mark)), None)
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip()[:512].lower()
    if code is None and start.startswith(b"<"):
        code = "svg" if b"<svg" in start else "html"
        if start.startswith(b"<?php"):
            code = "script"
        elif start.startswith(b"<?xml") and b"<html" not in start and code != "svg":
            code = "xml"
    if code is None:
        guess = _guess(head)
        family = guess.mime_type.partition("/")[0] if guess else ""
        if guess is None:
            return _not_allowed("ข้อมูลที่ไม่รู้จักชนิด", "unknown data")
        if family not in {"video", "audio"}:
            return _not_allowed(f"{guess.name} ({guess.extension})", guess.name)
        code = family
    found_th, found_en = _FOUND[code]
    return _not_allowed(found_th, found_en, advice=_ADVICE.get(code, ""))


def _guess(head: bytes) -> puremagic.PureMagicWithConfidence | None:
    try:
        return puremagic.magic_string(head)[0]
    except (puremagic.PureError, ValueError, IndexError):
        return None


def _not_allowed(found_th: str, found_en: str, *, advice: str = "") -> FileRefused:
    return FileRefused(
        "not-allowed",
        f"เนื้อไฟล์นี้คือ{found_th} ซึ่งไม่รับเป็นหลักฐาน{advice} ชนิดที่รับได้: {ALLOWED_TH}",
        found_th=found_th,
        found_en=found_en,
    )


# -- two things at once ----------------------------------------------------------------------------

_MARKS: Final = (b"<script", b"<html", b"<!doctype", b"<?php", b"<iframe")


def _refuse_second_nature(file: BinaryIO, kind: Kind, *, marks: tuple[bytes, ...] = _MARKS) -> None:
    """Refuse a file that is also an archive, or holds a web page where only a picture belongs."""
    file.seek(0)
    second = ("ไฟล์บีบอัด", "an archive") if zipfile.is_zipfile(file) else None
    if second is None and marks:
        longest = max(map(len, marks))
        kept = b""
        for piece in _pieces(file):
            window = (kept + piece).lower()
            if any(mark in window for mark in marks):
                second = ("หน้าเว็บหรือคำสั่ง", "a web page or script")
                break
            kept = piece[-longest:]
    if second is not None:
        raise FileRefused(
            "two-kinds",
            f"ไฟล์นี้เป็น{kind.words_th}แต่มี{second[0]}ซ่อนอยู่ข้างใน จึงไม่รับเพื่อความปลอดภัย "
            "โปรดส่งภาพหรือเอกสารต้นฉบับจากกล้องหรือเครื่องสแกน",
            found_th=f"{kind.words_th}ที่มี{second[0]}ซ่อนอยู่",
            found_en=f"{kind.code} that hides {second[1]}",
        )
