"""Reads a file in a process of its own, with bounds on memory and time (``kernel.apart``).

What a hostile file makes a library do (a 1 MB PDF can unpack to gigabytes) ends that process, not
the server.
"""

from __future__ import annotations

from collections.abc import Callable

from tiddao.kernel.apart import GaveUp, run_apart
from tiddao.policy.rules.source_text import Format, IntakeRefused, SourceText


def read_apart(form: Format, content: bytes) -> SourceText:
    """The text of the file, read in a process of its own. Raises IntakeRefused.

    Source: issue 4 "Must show" 7 (bombs refused in words, memory bounded).
    """
    try:
        return run_apart(text_of, form, content)
    except GaveUp as fault:
        raise IntakeRefused(
            "bomb", "ไฟล์นี้ใช้หน่วยความจำหรือเวลามากผิดปกติเมื่อเปิด จึงหยุดอ่าน ให้คัดลอกข้อความมาวางแทน"
        ) from fault


def text_of(form: Format, content: bytes) -> SourceText:
    """The text of the file, read right here. Raises IntakeRefused.

    Source: issue 4 "Reading a document" (docx, pdf, html).
    """
    return _reader(form)(content)


def _reader(form: Format) -> Callable[[bytes], SourceText]:
    # Each reader loads a library that the others do without.
    if form == "pdf":
        from tiddao.policy.rules.intake_pdf import text_of_pdf  # noqa: PLC0415 -- see above

        return text_of_pdf
    if form == "docx":
        from tiddao.policy.rules.intake_docx import text_of_docx  # noqa: PLC0415 -- see above

        return text_of_docx
    from tiddao.policy.rules.intake_html import text_of_html  # noqa: PLC0415 -- see above

    return text_of_html
