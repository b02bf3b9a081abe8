"""What a workbook of results looks like, for who writes one and for who reads it back.

Visible heads are for people, and people retype them. So each column also carries a key in the first,
hidden row, ``tiddao:1.1:numerator``, which travels with it wherever it is moved; and a hidden sheet
says what the workbook was made from: framework, version, round, and the revision of every result.
Nothing depends on them: without, the heads are read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tiddao.kernel.digits import to_arabic

NOT_APPLICABLE_TH = "ไม่ใช้กับพื้นที่"
PART_HEADS_TH: Mapping[str, str] = {
    "numerator": "ตัวตั้ง",
    "denominator": "ตัวหาร",
    "steps": "ขั้นที่ทำแล้ว",
    "self_score": "คะแนนประเมินตนเอง",
    "checked_score": "คะแนนผู้ตรวจ",
}
"""Sub-heads of the figures."""
NARRATIVE_HEAD_TH = "คำอธิบาย"
PLACE_CODE_HEAD_TH = "รหัสพื้นที่"
PLACE_NAME_HEAD_TH = "พื้นที่"
INDICATOR_HEAD_TH = "ตัวชี้วัด"
BESIDE_HEADS_TH: Mapping[str, str] = {
    "last": "ครั้งก่อน",
    "target": "เป้าหมาย",
    "state": "สถานะในระบบ",
    "asked": "ช่องที่ต้องกรอก",
}
"""Heads of what stands beside for the reader's eye, and is not read back."""
GUIDE_SHEET_TH = "วิธีกรอก"
KEYS_SHEET = "_tiddao"

PARTS = tuple(PART_HEADS_TH)
HEAD_WITHIN = 20
"""Heads are looked for in this many first rows of a sheet."""

_MARK = "tiddao"
_BOOK_MARK = f"{_MARK}:results"
_REVISIONS_MARK = f"{_MARK}:revisions"
_KEY = re.compile(rf"{_MARK}:(?:([0-9A-Za-z][0-9A-Za-z._-]*):)?([a-z_]+)")
_HEADS: Mapping[str, tuple[str, ...]] = {
    "place_code": (PLACE_CODE_HEAD_TH, "รหัสอำเภอ", "รหัสจังหวัด", "รหัสหน่วยงาน", "place_code", "place code"),
    "place_name": (
        "หมู่บ้าน",
        "ตำบล",
        "อำเภอ",
        "สพอ.",
        "district",
        PLACE_NAME_HEAD_TH,
        "ชื่อพื้นที่",
        "หน่วยงาน",
        "place",
        "จังหวัด",
        "สพจ.",
        "province",
    ),
    "indicator": (INDICATOR_HEAD_TH, "รหัสตัวชี้วัด", "ตัวชี้วัดที่", "indicator"),
    "numerator": (PART_HEADS_TH["numerator"], "ผลรวมคะแนน", "ผลงาน", "numerator", "sum"),
    "denominator": (PART_HEADS_TH["denominator"], "จำนวนผู้ตอบ", "denominator", "n"),
    "steps": (PART_HEADS_TH["steps"], "ขั้นที่ทำได้", "ขั้น", "steps"),
    "self_score": (PART_HEADS_TH["self_score"], "ประเมินตนเอง", "self_score"),
    "checked_score": (PART_HEADS_TH["checked_score"], "คะแนนผู้ประเมิน", "checked_score"),
    "not_applicable": (NOT_APPLICABLE_TH, "ไม่ใช้", "not_applicable"),
    "narrative": (NARRATIVE_HEAD_TH, "หมายเหตุ", "narrative"),
    "round": ("รอบ", "รอบการประเมิน", "round"),
    "year": ("ปีงบประมาณ", "ปี", "fiscal_year"),
    **{role: (head,) for role, head in BESIDE_HEADS_TH.items()},
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Sent:
    """What a workbook was made from. revisions: (place, indicator) → the revision that stood then,
    0 where nothing was reported.
    """

    framework: str
    fiscal_year: int
    round_code: str
    version: int
    scope: str
    revisions: Mapping[tuple[str, str], int]


def key_of(role: str, indicator: str = "") -> str:
    """Return the hidden key of a column: of a part of an indicator, or of a role of its own.

    Source: issue 5, Excel both ways (hidden ids and version).
    """
    return f"{_MARK}:{indicator}:{role}" if indicator else f"{_MARK}:{role}"


def keyed_columns(row: Sequence[Any]) -> dict[int, tuple[str, str]]:
    """Return column → (indicator or "", role), for a row of hidden keys; empty for any other row.

    Source: issue 5, Excel both ways (hidden ids and version).
    """
    found = {}
    for column, value in enumerate(row):
        key = _KEY.fullmatch(cell_text(value))
        if key:
            found[column] = (key[1] or "", key[2])
    return found


def sent_rows(sent: Sent) -> Iterator[tuple[str | int, ...]]:
    """Return the rows of the hidden sheet.

    Source: issue 5, Excel both ways (hidden ids and version).
    """
    yield (_BOOK_MARK, 1)
    yield ("framework", sent.framework)
    yield ("year", sent.fiscal_year)
    yield ("round", sent.round_code)
    yield ("version", sent.version)
    yield ("scope", sent.scope)
    yield (_REVISIONS_MARK, "indicator", "revision")
    for (place, indicator), revision in sent.revisions.items():
        yield (place, indicator, revision)


def is_keys_sheet(rows: Sequence[Sequence[Any]]) -> bool:
    """Say whether the sheet is the hidden one, whatever it is called by now.

    Source: issue 5, Excel both ways (hidden ids and version).
    """
    return bool(rows) and bool(rows[0]) and cell_text(rows[0][0]) == _BOOK_MARK


def sent_with(rows: Sequence[Sequence[Any]]) -> Sent | None:
    """Return what the hidden sheet says, or None where it is not whole any more.

    Source: issue 5, Excel both ways (hidden ids and version).
    """
    said: dict[str, str] = {}
    revisions: dict[tuple[str, str], int] = {}
    in_revisions = False
    for row in rows[1:]:
        cells = [cell_text(value) for value in row[:3]] + ["", "", ""]
        if cells[0] == _REVISIONS_MARK:
            in_revisions = True
        elif in_revisions and cells[2].isdecimal():
            revisions[cells[0], cells[1]] = int(cells[2])
        elif not in_revisions:
            said[cells[0]] = cells[1]
    try:
        return Sent(
            framework=said["framework"],
            fiscal_year=int(said["year"]),
            round_code=said["round"],
            version=int(said["version"]),
            scope=said["scope"],
            revisions=revisions,
        )
    except (KeyError, ValueError):
        return None


def cell_text(value: Any) -> str:
    """Return what a cell says, in one line; "" for an empty one. A whole number has no ".0".

    Source: house rule "nothing fails silently" (what is compared is what is seen).
    """
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return " ".join(str(value).replace("\u200b", "").split())


def role_of(value: Any) -> str | None:
    """Return what a head says its column holds: the head, or the head and an explanation.

    Source: issue 5, Excel both ways (retyped heads are still read).
    """
    said = to_arabic(cell_text(value)).casefold()
    for role, heads in _HEADS.items():
        if any(
            said == head or said.startswith((f"{head} ", f"{head}:", f"{head}(")) for head in heads
        ):
            return role
    return None


def roles_in(row: Sequence[Any]) -> dict[str, int]:
    """Return role → its first column in a row of heads; of several places' names the lowest level's.

    Source: issue 5, Excel both ways (retyped heads are still read).
    """
    roles: dict[str, int] = {}
    for column, value in enumerate(row):
        role = role_of(value)
        if role is None:
            continue
        before = roles.setdefault(role, column)
        if role == "place_name" and _breadth(value) < _breadth(row[before]):
            roles[role] = column
    return roles


def _breadth(value: Any) -> int:
    said = to_arabic(cell_text(value)).casefold()
    return next(n for n, head in enumerate(_HEADS["place_name"]) if said.startswith(head))


def part_named_in(text: str) -> str | None:
    """Return the part that a head names behind its indicator, "1.1 … ตัวตั้ง", or None.

    Source: issue 5, Excel both ways (retyped heads are still read).
    """
    heads = (*PART_HEADS_TH.items(), ("narrative", NARRATIVE_HEAD_TH))
    return next((role for role, head in heads if head in text), None)
