"""Reads a file in a process of its own, with bounds on memory and time.

What a hostile file makes a library do (a 1 MB PDF can unpack to gigabytes) ends that process, not
the server. The child is this module: `python -m tiddao.policy.rules.intake_apart FORMAT`, the file
on its input, the text as JSON on its output.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from tiddao.policy.rules.intake import Block, Format, IntakeRefused, SourceText
from tiddao.policy.rules.spans import Span

MOST_MEMORY = 1_024 * 1024 * 1024
"""Bytes of address space that reading one file may take."""
MOST_SECONDS = 30
"""Seconds of processor time for one file; the wall clock may take twice as long."""


def read_apart(form: Format, content: bytes) -> SourceText:
    """The text of the file, read in a process of its own. Raises IntakeRefused.

    Source: issue 4 "Must show" 7 (bombs refused in words, memory bounded).
    """
    try:
        child = subprocess.run(  # noqa: S603 -- our own interpreter and module, no shell
            [sys.executable, "-m", "tiddao.policy.rules.intake_apart", form],
            input=content,
            capture_output=True,
            timeout=2 * MOST_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired as fault:
        raise _gave_up() from fault
    if child.returncode != 0:
        raise _gave_up()
    return _source(json.loads(child.stdout))


def _gave_up() -> IntakeRefused:
    return IntakeRefused(
        "bomb", "ไฟล์นี้ใช้หน่วยความจำหรือเวลามากผิดปกติเมื่อเปิด จึงหยุดอ่าน ให้คัดลอกข้อความมาวางแทน"
    )


def _source(said: dict[str, Any]) -> SourceText:
    if "refused" in said:
        raise IntakeRefused(said["refused"], said["message"])
    blocks = [
        Block(Span(**block["span"]), block["kind"], block["page"]) for block in said["blocks"]
    ]
    return SourceText(
        text=said["text"],
        format=said["format"],
        blocks=tuple(blocks),
        wraps=tuple(said["wraps"]),
        left_out=tuple(said["left_out"]),
    )


def _reader(form: str) -> Callable[[bytes], SourceText]:
    # Each reader loads a library that the others do without.
    if form == "pdf":
        from tiddao.policy.rules.intake_pdf import text_of_pdf  # noqa: PLC0415 -- see above

        return text_of_pdf
    if form == "docx":
        from tiddao.policy.rules.intake_docx import text_of_docx  # noqa: PLC0415 -- see above

        return text_of_docx
    from tiddao.policy.rules.intake_html import text_of_html  # noqa: PLC0415 -- see above

    return text_of_html


def _bound() -> None:
    try:
        import resource  # noqa: PLC0415 -- not on every system
    except ImportError:
        return  # the time limit of the parent still holds
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (MOST_SECONDS, MOST_SECONDS + 1))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def main() -> None:
    """Read the file on the input and say its text as JSON.

    Source: issue 4 "Must show" 7 (memory bounded).
    """
    _bound()
    content = sys.stdin.buffer.read()
    try:
        said = asdict(_reader(sys.argv[1])(content))
    except IntakeRefused as refused:
        said = {"refused": refused.code, "message": str(refused)}
    sys.stdout.buffer.write(json.dumps(said, ensure_ascii=False).encode())


if __name__ == "__main__":
    main()
