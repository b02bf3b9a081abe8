"""The kinds of file that count as evidence, and the refusal of any other.

Source: the kinds that offices hand in as proof (photos, papers, tables); proposed, since the
department has published no list (requirements.md F).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind. extension: without a dot; words_th: what a person calls it."""

    code: str
    media_type: str
    extension: str
    words_th: str
    is_image: bool = False


_OOXML = "application/vnd.openxmlformats-officedocument"
_ODF = "application/vnd.oasis.opendocument"

JPEG: Final = Kind("jpeg", "image/jpeg", "jpg", "ภาพ JPEG", is_image=True)
PNG: Final = Kind("png", "image/png", "png", "ภาพ PNG", is_image=True)
WEBP: Final = Kind("webp", "image/webp", "webp", "ภาพ WebP", is_image=True)
HEIC: Final = Kind("heic", "image/heic", "heic", "ภาพ HEIC (ไอโฟน)", is_image=True)
PDF: Final = Kind("pdf", "application/pdf", "pdf", "เอกสาร PDF")
DOCX: Final = Kind("docx", f"{_OOXML}.wordprocessingml.document", "docx", "Word (.docx)")
XLSX: Final = Kind("xlsx", f"{_OOXML}.spreadsheetml.sheet", "xlsx", "Excel (.xlsx)")
PPTX: Final = Kind("pptx", f"{_OOXML}.presentationml.presentation", "pptx", "PowerPoint (.pptx)")
ODT: Final = Kind("odt", f"{_ODF}.text", "odt", "OpenDocument (.odt)")
ODS: Final = Kind("ods", f"{_ODF}.spreadsheet", "ods", "OpenDocument (.ods)")
CSV: Final = Kind("csv", "text/csv; charset=utf-8", "csv", "ตาราง CSV")
TXT: Final = Kind("txt", "text/plain; charset=utf-8", "txt", "ข้อความ (.txt)")

KINDS: Final = {
    kind.code: kind for kind in (JPEG, PNG, WEBP, HEIC, PDF, DOCX, XLSX, PPTX, ODT, ODS, CSV, TXT)
}
ALLOWED_TH: Final = (
    "ภาพ (JPEG, PNG, WebP, HEIC), PDF, Word (.docx), Excel (.xlsx), PowerPoint (.pptx), "
    "OpenDocument (.odt, .ods), CSV และข้อความ (.txt)"
)
ALLOWED_EN: Final = (
    "images (JPEG, PNG, WebP, HEIC), PDF, Word (.docx), Excel (.xlsx), PowerPoint (.pptx), "
    "OpenDocument (.odt, .ods), CSV and text (.txt)"
)


class FileRefused(Exception):
    """A file that is not taken in. code: why; found_th, found_en: what its content is;
    message_th: the whole sentence for the person who handed it in.
    """

    def __init__(
        self, code: str, message_th: str, *, found_th: str = "", found_en: str = ""
    ) -> None:
        super().__init__(code)
        self.code = code
        self.message_th = message_th
        self.found_th = found_th
        self.found_en = found_en

    def __str__(self) -> str:
        return self.message_th
