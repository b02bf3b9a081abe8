"""Papers as PDF by Typst, which breaks Thai lines rightly. The same data gives the same bytes."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import typst
from django.conf import settings
from django.http import HttpResponse
from django.utils.functional import Promise

from tiddao.kernel.dates import BANGKOK, format_medium, format_time
from tiddao.ui.xlsx import attachment

ROOT = Path(settings.BASE)
FONTS = ROOT / "ui" / "static" / "ui" / "dist" / "pdf-fonts"
WORD_JOINER = "\u2060"
CREATED = 0
"""The creation moment written into every file: an issued report is made again to the same bytes."""


class FontsMissing(RuntimeError):
    """The fonts were not built; ``tiddao assets`` builds them."""


def render_pdf(template: str, data: Mapping[str, Any]) -> bytes:
    """Return the paper as PDF.

    template: path below ``src/tiddao``, such as "indicators/typst/stars.typ"; it begins with
    ``#import "/ui/typst/theme.typ": *`` and finds the data under ``data``.
    data: text, whole numbers, lists and mappings. A Decimal arrives as its exact text, a day as
    "22 พ.ย. 2565", a moment with its time, None as none.

    Raises FontsMissing, FileNotFoundError for an unknown template, TypeError for data of another
    kind, typst.TypstError or TypstWarning for a template that is wrong.
    """
    path = ROOT / template
    if not path.is_file():
        raise FileNotFoundError(f"no such paper: {template}")
    made, warnings = typst.compile_with_warnings(
        str(path),
        root=str(ROOT),
        font_paths=_fonts(),
        format="pdf",
        sys_inputs={"data": _as_json(data)},
        timestamp=CREATED,
    )
    for warning in warnings:
        raise warning  # such as a missing font: a paper is right or it is not made
    return bytes(made)


def pdf_response(file_title: str, template: str, data: Mapping[str, Any]) -> HttpResponse:
    """Return the paper as a download named file_title.pdf, in Thai letters."""
    response = HttpResponse(render_pdf(template, data), content_type="application/pdf")
    response["Content-Disposition"] = attachment(f"{file_title}.pdf")
    response["Cache-Control"] = "private, no-store"
    return response


@cache
def _fonts() -> Any:
    if not FONTS.is_dir():
        raise FontsMissing("the fonts of papers are not built: run `tiddao assets`")
    return typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(FONTS)]
    )


def _as_json(data: Mapping[str, Any]) -> str:
    text = json.dumps(data, ensure_ascii=False, default=_shown)
    # Else a closing quote may begin a line: Thai has no space before it that could hold it back.
    return text.replace("”", f"{WORD_JOINER}”").replace("’", f"{WORD_JOINER}’")


def _shown(value: object) -> str:
    if isinstance(value, Decimal | Promise):  # a Promise is a lazy translation
        return str(value)
    if isinstance(value, datetime):
        local = value.astimezone(BANGKOK) if value.tzinfo else value
        return f"{format_medium(local)} {format_time(local)}"
    if isinstance(value, date):
        return format_medium(value)
    raise TypeError(f"a paper cannot show {type(value).__name__}")
