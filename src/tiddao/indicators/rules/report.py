"""An issued report as text: its canonical form, its number, and what changed between two.

The body is JSON with sorted keys, no spaces and exact decimals as strings, so that the same facts
give the same bytes on every machine.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal

from tiddao.indicators.rules.definitions import amount_th
from tiddao.kernel.numerals import format_decimal

FORM = 1
"""Number of the body's form. A new form is a new number; the old ones are still made."""

_SHORT = (
    ("สำนักงานพัฒนาชุมชนจังหวัด", "สพจ."),
    ("สำนักงานพัฒนาชุมชนอำเภอ", "สพอ."),
    ("กรมการพัฒนาชุมชน", "พช."),
)

ChangeKind = Literal["whole", "dimension", "indicator", "definition", "below", "round"]


def canonical(body: Mapping[str, Any]) -> bytes:
    """Return the body's one and only form, UTF-8, ended by a line feed.

    Raises TypeError for what is not JSON, ValueError for a number that is none.

    Source: issue "Results that stand up to questions", As it was known then.
    """
    text = json.dumps(
        body, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False
    )
    return text.encode() + b"\n"


def sha256(data: bytes) -> str:
    """Return the SHA-256 of the bytes, 64 hexadecimal digits.

    Source: FIPS 180-4.
    """
    return hashlib.sha256(data).hexdigest()


def report_number(form: str, *, office_name: str, running: int, year: int) -> str:
    """Return a report's number. form: with {office}, {running} and {year} (Buddhist era).

    Raises KeyError for another word in braces.

    Source: ระเบียบสำนักนายกรัฐมนตรีว่าด้วยงานสารบรรณ พ.ศ. 2526 (domain.md §9.1): a register runs
    through the calendar year; the form itself is proposed.
    """
    office = office_name
    for long, short in _SHORT:
        if office_name.startswith(long):
            office = short + office_name[len(long) :]
    return form.format(office=office, running=running, year=year)


@dataclass(frozen=True, slots=True)
class Change:
    """One figure that two issues give differently. None: it was not there."""

    kind: ChangeKind
    code: str
    name_th: str
    before: str | None
    after: str | None


def changes_between(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[Change, ...]:
    """Return what two issues of one report say differently, from the whole to the parts.

    Source: issue "Results that stand up to questions", As it was known then.
    """
    found = [
        Change("whole", code, name, say(before["explanation"][code]), say(after["explanation"][code]))
        for code, name, say in (
            ("stars", "ดาว", _plain), ("score", "คะแนนรวม", _points),
            ("completeness", "ความครบถ้วน (ร้อยละ)", _plain),
        )
    ]  # fmt: skip
    found += [
        Change("round", code, name, _plain(before["round"][code]), _plain(after["round"][code]))
        for code, name in (("state", "สถานะของรอบ"), ("closes", "วันปิดรอบ"))
    ]
    found.append(
        Change(
            "definition", "version", "รุ่นของแบบประเมิน",
            _plain(before["framework"]["version"]), _plain(after["framework"]["version"]),
        )
    )  # fmt: skip
    found += _listed("dimension", _scores(before), _scores(after))
    found += _listed("indicator", _values(before), _values(after))
    found += _listed("below", _below(before), _below(after))
    return tuple(each for each in found if each.before != each.after)


_Named = dict[str, tuple[str, str | None]]


def _listed(kind: ChangeKind, before: _Named, after: _Named) -> list[Change]:
    return [
        Change(
            kind,
            code,
            (after.get(code) or before[code])[0],
            before[code][1] if code in before else None,
            after[code][1] if code in after else None,
        )
        for code in sorted(before.keys() | after.keys())
    ]


def _scores(figures: Mapping[str, Any]) -> _Named:
    return {
        each["code"]: (each["name_th"], _points(each["score"]))
        for each in figures["explanation"]["dimensions"]
    }


def _values(figures: Mapping[str, Any]) -> _Named:
    found = {}
    for dimension in figures["explanation"]["dimensions"]:
        for each in dimension["indicators"]:
            said = None
            if each["value"] is not None:
                said = amount_th(_plain(each["value"]) or "", each["unit_th"])
                if each["level"] is not None:
                    said += f" (ระดับ {_points(each['level'])})"
            found[each["code"]] = (each["name_th"], said)
    return found


def _below(figures: Mapping[str, Any]) -> _Named:
    return {each["code"]: (each["name_th"], _points(each["score"])) for each in figures["below"]}


def _points(value: Any) -> str | None:
    """Points as they stand on every page, to four places: two of them can be compared by eye."""
    return None if value is None else format_decimal(Decimal(str(value)), 4)


def _plain(value: Any) -> str | None:
    if value is None:
        return None
    text = str(value)
    if "." in text and text.replace(".", "", 1).lstrip("-").isdigit():
        return text.rstrip("0").rstrip(".")
    return text
