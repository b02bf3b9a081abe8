"""An issued report on paper: made from its body alone, so that the same body gives the same bytes."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

from django.conf import settings

from tiddao.indicators.rules.definitions import amount_th
from tiddao.kernel.dates import format_long, format_medium, format_official, format_time
from tiddao.kernel.digits import to_thai
from tiddao.kernel.numerals import format_decimal, format_trimmed
from tiddao.ui.pdf import render_pdf

TEMPLATE = "indicators/typst/report.typ"
_THEME = "ui/typst/theme.typ"
_STATES = {"planned": "ยังไม่เปิด", "open": "รอบยังไม่ปิด ผลอาจเปลี่ยนได้", "closed": "ปิดรอบแล้ว"}
_STATUS = {
    "reported": "รายงานแล้ว",
    "partly": "รายงานบางส่วน",
    "missing": "ยังไม่รายงาน",
    "not_applicable": "ไม่ใช้กับพื้นที่นี้",
}


def paper_of(body: Mapping[str, Any], *, body_sha256: str) -> bytes:
    """Return the report as PDF. Raises as ``ui.pdf.render_pdf`` does."""
    return render_pdf(TEMPLATE, _data(body, body_sha256))


@cache
def made_with() -> str:
    """Return what papers are set with here: the typesetter, and a digest of templates and words."""
    sources = (*(Path(settings.BASE) / each for each in (TEMPLATE, _THEME)), Path(__file__))
    texts = b"".join(each.read_bytes() for each in sources)
    return f"typst {version('typst')} {hashlib.sha256(texts).hexdigest()[:16]}"


def _data(body: Mapping[str, Any], body_sha256: str) -> dict[str, Any]:
    figures = body["figures"]
    explanation = figures["explanation"]
    known_at = datetime.fromisoformat(body["known_at"])
    as_of = date.fromisoformat(figures["round"]["true_on"])
    title = (
        f"{figures['framework']['title_th']} ปีงบประมาณ พ.ศ. {figures['framework']['fiscal_year']}"
    )
    return {
        "title": f"รายงานผล{figures['place']['name_th']}",
        "subtitle": f"{title} · {figures['round']['name_th']}",
        "as_of": format_medium(as_of),
        "demonstration": body["demonstration"],
        "proposed": figures["framework"]["proposed"],
        "number": to_thai(body["number"]),
        "day": format_official(known_at.date()),
        "office": body["office"]["name_th"],
        "path": " › ".join(figures["place"]["path"]),
        "edition": to_thai(body["edition"]),
        "supersedes": None
        if body["supersedes"] is None
        else {"number": to_thai(body["supersedes"]["number"]), "reason": body["reason"]},
        "round_state": _STATES[figures["round"]["state"]],
        "known": f"{format_long(known_at.date())} เวลา {format_time(known_at)}",
        "version": figures["framework"]["version"],
        "stars": explanation["stars"],
        "score": None if explanation["score"] is None else _number(explanation["score"], 4),
        "completeness": _number(explanation["completeness"], 2),
        "sentences": explanation["sentences_th"],
        "dimensions": [_dimension(each, figures["targets"]) for each in explanation["dimensions"]],
        "history": [
            [
                str(each["fiscal_year"]),
                each["name_th"],
                None if each["stars"] is None else f"{each['stars']} ดาว",
                None if each["score"] is None else _number(each["score"], 4),
            ]
            for each in figures["history"]
        ],
        "below": [
            [
                None if each["rank"] is None else str(each["rank"]),
                each["name_th"],
                "ยังไม่ติดดาว" if each["stars"] is None else f"{each['stars']} ดาว",
                None if each["score"] is None else _number(each["score"], 4),
                f"{_number(each['completeness'], 2)}%",
            ]
            for each in figures["below"]
        ],
        "signed_by": body["signed_by"],
        "results_count": figures["results_count"],
        "sha256": body_sha256,
    }


def _dimension(each: Mapping[str, Any], targets: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "code": each["code"],
        "name": each["name_th"],
        "stars": each["stars"],
        "applies": each["applies"],
        "line": " · ".join(each["sentences_th"]),
        "rows": [
            [
                f"{one['code']} {one['name_th']}",
                None
                if one["value"] is None
                else amount_th(format_trimmed(Decimal(one["value"]), 2), one["unit_th"]),
                _trimmed(targets[one["code"]]["value"]) if one["code"] in targets else None,
                None if one["level"] is None else _number(one["level"], 4),
                _trimmed(one["weight"]),
                _STATUS[one["status"]],
            ]
            for one in each["indicators"]
        ],
    }


def _number(text: str, places: int) -> str:
    return format_decimal(Decimal(text), places)


def _trimmed(text: str) -> str:
    return format_trimmed(Decimal(text))
