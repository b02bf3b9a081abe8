"""The workbook of results that offices fill in: a guide, a sheet per dimension, and its hidden ids.

For one office a row is an indicator; for several a row is a place. Everything but the cells to fill is
guarded against slips of the hand, without a password; hidden rows and sheets can be shown by anybody.
The same state makes the same bytes.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

import xlsxwriter

from tiddao.indicators.rules.definitions import (
    DimensionDefinition,
    FrameworkDefinition,
    IndicatorDefinition,
)
from tiddao.indicators.rules.results_layout import (
    BESIDE_HEADS_TH,
    GUIDE_SHEET_TH,
    INDICATOR_HEAD_TH,
    KEYS_SHEET,
    NARRATIVE_HEAD_TH,
    NOT_APPLICABLE_TH,
    PART_HEADS_TH,
    PLACE_CODE_HEAD_TH,
    PLACE_NAME_HEAD_TH,
    Sent,
    key_of,
    sent_rows,
)
from tiddao.indicators.rules.results_places import ReportingPlace
from tiddao.indicators.rules.scoring import Reported, parts_asked

_FONT = "TH Sarabun New"
_CREATED = datetime(2000, 1, 1)  # noqa: DTZ001 -- same bytes for same state
_EXACT_DIGITS = 15
"""A number of more digits is written as text: a spreadsheet would lose the last ones."""
_HIGHEST_STEP = 5
_NO_SHEET_NAME = re.compile(r"[\[\]:*?/\\]")
_LONGEST_SHEET_NAME = 31
_STATE_TH = {
    "draft": "ร่าง",
    "submitted": "ส่งแล้ว รอตรวจ",
    "checked": "ตรวจแล้ว รออนุมัติ",
    "approved": "อนุมัติแล้ว",
    "locked": "ล็อกแล้ว",
    "returned": "ส่งคืนให้แก้",
}
_GUIDE_TH = (
    "กรอกเฉพาะช่องสีขาว ช่องอื่นล็อกไว้กันแก้พลาด (ปลดล็อกได้ที่ เมนู ตรวจทาน › ยกเลิกการป้องกันแผ่นงาน ไม่มีรหัสผ่าน)",
    "เว้นว่าง = ยังไม่รายงาน ไม่ใช่ศูนย์ ถ้าผลเป็นศูนย์จริงให้ใส่ 0",
    "ตัวชี้วัดที่เป็นร้อยละ ให้ใส่จำนวนในช่องตัวตั้งและตัวหาร ระบบคำนวณร้อยละให้เอง",
    "ตัวชี้วัดที่เป็นขั้น ให้เลือก 0–5: 3 หมายถึงทำขั้นที่ 1, 2 และ 3 ครบแล้ว, 0 หมายถึงยังไม่เริ่ม",
    f"ตัวชี้วัดใดไม่ใช้กับพื้นที่ ให้พิมพ์ “{NOT_APPLICABLE_TH}” ในช่องแรกของตัวชี้วัดนั้น",
    "ช่อง “ครั้งก่อน” และ “เป้าหมาย” มีไว้ดูประกอบ ไม่ถูกนำเข้า ช่องที่มีตัวเลขอยู่แล้วคือผลที่อยู่ในระบบเมื่อส่งแบบนี้ออกมา",
    "บันทึกเป็น .xlsx แล้วส่งกลับที่หน้า Excel ของรอบนี้ ระบบจะแสดงทุกช่องเทียบกับที่มีอยู่ก่อน ยังไม่บันทึกจนกว่าจะกดรับ",
    "ถ้าระหว่างนี้มีคนแก้ผลในระบบ ระบบจะแสดงทั้งสองค่าให้เลือก ไม่ทับกันเอง",
)


@dataclass(frozen=True, slots=True)
class Filled:
    """What the system holds of one result when the workbook is made. last, target: in words."""

    report: Reported | None = None
    not_applicable: bool = False
    narrative: str = ""
    state: str = ""
    last: str = ""
    target: str = ""


@dataclass(frozen=True, slots=True)
class WorkbookOut:
    """All that a workbook says. places: those that report, in the order of their rows."""

    definition: FrameworkDefinition
    round_th: str
    scope_th: str
    places: Sequence[ReportingPlace]
    filled: Mapping[tuple[str, str], Filled]
    sent: Sent


def results_book(book: WorkbookOut) -> bytes:
    """Return the workbook as an XLSX file.

    Source: issue 5, Excel both ways (a sheet per dimension; places as rows; locked heads; lists;
    hidden ids and version).
    """
    made = io.BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with xlsxwriter.Workbook(made, options) as file:
        file.set_properties({"title": _title(book), "created": _CREATED})
        _Writer(file, book).write()
    return made.getvalue()


def _title(book: WorkbookOut) -> str:
    definition = book.definition
    return f"{definition.title_th} ปีงบประมาณ {definition.fiscal_year} {book.round_th} · {book.scope_th}"


@dataclass(frozen=True, slots=True)
class _Column:
    """One column of a dimension's sheet. indicator: None for what belongs to the place."""

    key: str
    head: str
    role: str
    indicator: IndicatorDefinition | None = None
    width: float = 14


class _Writer:
    def __init__(self, file: Any, book: WorkbookOut) -> None:
        self.file = file
        self.book = book
        self.by_place = len(book.places) > 1
        base = {"font_name": _FONT, "font_size": 14, "valign": "top"}
        head = base | {"bold": True, "text_wrap": True, "border": 1, "bg_color": "#E8F0EA"}
        entry = base | {"locked": False, "border": 1, "align": "right"}
        shown = base | {"bg_color": "#F3F4F6", "border": 1, "border_color": "#D0D4D8"}
        self.styles = {
            name: file.add_format(style)
            for name, style in {
                "title": base | {"bold": True, "font_size": 18},
                "text": base,
                "wrapped": base | {"text_wrap": True, "border": 1},
                "head": head,
                "whole": entry | {"num_format": "#,##0"},
                "number": entry | {"num_format": "#,##0.00########"},
                "step": entry | {"num_format": "0", "align": "center"},
                "narrative": entry | {"num_format": "@", "align": "left", "text_wrap": True},
                "beside": shown | {"font_color": "#4B5563", "text_wrap": True},
                "fixed": shown | {"num_format": "@", "text_wrap": True},
                "not_asked": shown | {"bg_color": "#D9DCE0"},
            }.items()
        }

    def write(self) -> None:
        self._guide()
        for dimension in self.book.definition.dimensions:
            if self.by_place:
                self._by_place(dimension)
            else:
                self._by_indicator(dimension)
        self._keys()

    # -- the guide --

    def _guide(self) -> None:
        sheet = self.file.add_worksheet(GUIDE_SHEET_TH)
        sheet.set_column(0, 0, 42)
        sheet.set_column(1, 1, 46)
        sheet.set_column(2, 2, 70)
        sheet.write_string(0, 0, _title(self.book), self.styles["title"])
        for number, words in enumerate(_GUIDE_TH, start=1):
            sheet.write_string(number, 0, f"{number}. {words}", self.styles["text"])
        line = len(_GUIDE_TH) + 2
        for column, words in enumerate((INDICATOR_HEAD_TH, "ช่องที่กรอก", "หลักฐานที่ใช้")):
            sheet.write_string(line, column, words, self.styles["head"])
        for indicator in self.book.definition.indicators:
            line += 1
            asked = [_part_words(indicator, part) for part in _parts(indicator)]
            asked += [f"{n}. {step}" for n, step in enumerate(indicator.steps_th, start=1)]
            said = (
                f"{indicator.code} {indicator.name_th}",
                "\n".join(asked),
                indicator.evidence_th,
            )
            for column, words in enumerate(said):
                sheet.write_string(line, column, words, self.styles["wrapped"])
        self._guard(sheet)
        sheet.fit_to_pages(1, 0)

    # -- one row for each place --

    def _by_place(self, dimension: DimensionDefinition) -> None:
        levels = {each.reports_at for each in dimension.indicators}
        places = [each for each in self.book.places if each.level in levels]
        if not places:
            return
        sheet = self._sheet(dimension)
        columns = list(self._place_columns(dimension))
        first = 5
        for number, column in enumerate(columns):
            sheet.write_string(0, number, column.key, self.styles["text"])
            sheet.set_column(number, number, column.width)
            if column.indicator is None:
                sheet.merge_range(3, number, 4, number, column.head, self.styles["head"])
            else:
                sheet.write_string(4, number, column.head, self.styles["head"])
                if not _is_beside(column):
                    self._validate(sheet, (first, number, first + len(places) - 1), column)
        self._indicator_heads(sheet, columns)
        sheet.set_row(3, 42)
        sheet.set_row(4, 84)
        for line, place in enumerate(places, start=first):
            for number, column in enumerate(columns):
                if column.role == "place_code":
                    sheet.write_string(line, number, place.code, self.styles["fixed"])
                elif column.role == "place_name":
                    sheet.write_string(line, number, place.name_th, self.styles["fixed"])
                else:
                    self._cell(sheet, (line, number), place, column)
        sheet.freeze_panes(first, 2)
        sheet.repeat_rows(3, 4)
        sheet.repeat_columns(0, 1)

    def _place_columns(self, dimension: DimensionDefinition) -> Iterator[_Column]:
        yield _Column(key_of("place_code"), PLACE_CODE_HEAD_TH, "place_code", width=11)
        yield _Column(key_of("place_name"), PLACE_NAME_HEAD_TH, "place_name", width=20)
        for indicator in dimension.indicators:
            code = indicator.code
            for part in _parts(indicator):
                yield _Column(key_of(part, code), _part_words(indicator, part), part, indicator)
            if indicator.kind == "rubric":
                yield _Column(
                    key_of("narrative", code), NARRATIVE_HEAD_TH, "narrative", indicator, 30
                )
            for role in ("last", "target"):
                yield _Column(key_of(role, code), BESIDE_HEADS_TH[role], role, indicator, 12)

    def _indicator_heads(self, sheet: Any, columns: Sequence[_Column]) -> None:
        begins: dict[str, list[int]] = {}
        for number, column in enumerate(columns):
            if column.indicator is not None:
                begins.setdefault(column.indicator.code, []).append(number)
        for code, numbers in begins.items():
            words = f"{code} {self.book.definition.indicator(code).name_th}"
            sheet.merge_range(3, numbers[0], 3, numbers[-1], words, self.styles["head"])

    # -- one row for each indicator, for one office --

    def _by_indicator(self, dimension: DimensionDefinition) -> None:
        place = self.book.places[0]
        indicators = [each for each in dimension.indicators if each.reports_at == place.level]
        if not indicators:
            return
        sheet = self._sheet(dimension)
        asked = {part for each in indicators for part in _parts(each)}
        roles = [
            ("place_code", PLACE_CODE_HEAD_TH, 11.0),
            ("place_name", PLACE_NAME_HEAD_TH, 18.0),
            ("indicator", INDICATOR_HEAD_TH, 36.0),
            ("asked", BESIDE_HEADS_TH["asked"], 44.0),
            *((part, head, 14.0) for part, head in PART_HEADS_TH.items() if part in asked),
            ("narrative", NARRATIVE_HEAD_TH, 34.0),
            *((role, BESIDE_HEADS_TH[role], 16.0) for role in ("last", "target", "state")),
        ]
        for number, (role, head, width) in enumerate(roles):
            sheet.write_string(0, number, key_of(role), self.styles["text"])
            sheet.write_string(3, number, head, self.styles["head"])
            sheet.set_column(number, number, width)
        for line, indicator in enumerate(indicators, start=4):
            fixed = {
                "place_code": place.code,
                "place_name": place.name_th,
                "indicator": f"{indicator.code} {indicator.name_th}",
                "asked": "\n".join(_part_words(indicator, part) for part in _parts(indicator)),
            }
            for number, (role, head, _) in enumerate(roles):
                column = _Column("", head, role, indicator)
                if role in fixed:
                    style = self.styles["beside" if role == "asked" else "fixed"]
                    sheet.write_string(line, number, fixed[role], style)
                else:
                    self._cell(sheet, (line, number), place, column)
                    if role in _parts(indicator):
                        self._validate(sheet, (line, number, line), column)
        sheet.freeze_panes(4, 3)
        sheet.repeat_rows(3)

    # -- cells --

    def _cell(
        self, sheet: Any, at: tuple[int, int], place: ReportingPlace, column: _Column
    ) -> None:
        """Write what stands of one result in one of its columns."""
        indicator, role = column.indicator, column.role
        assert indicator is not None  # the place's own columns are written by themselves
        parts = _parts(indicator)
        if place.level != indicator.reports_at or (role in PART_HEADS_TH and role not in parts):
            sheet.write_blank(*at, None, self.styles["not_asked"])
            return
        filled = self.book.filled.get((place.code, indicator.code), Filled())
        if _is_beside(column):
            words = {
                "last": filled.last,
                "target": filled.target,
                "state": _STATE_TH.get(filled.state, "ยังไม่รายงาน"),
            }[role]
            sheet.write_string(*at, words, self.styles["beside"])
        elif role == "narrative":
            self._text(sheet, at, filled.narrative, self.styles["narrative"])
        elif filled.not_applicable:
            words = NOT_APPLICABLE_TH if role == parts[0] else ""
            self._text(sheet, at, words, self._style(column))
        else:
            value = None if filled.report is None else getattr(filled.report, role)
            self._figure(sheet, at, value, self._style(column))

    @staticmethod
    def _text(sheet: Any, at: tuple[int, int], words: str, style: Any) -> None:
        if words:
            sheet.write_string(*at, words, style)
        else:
            sheet.write_blank(*at, None, style)

    @staticmethod
    def _figure(
        sheet: Any, at: tuple[int, int], value: Decimal | frozenset[int] | None, style: Any
    ) -> None:
        if value is None:
            sheet.write_blank(*at, None, style)
        elif isinstance(value, frozenset):
            sheet.write_number(*at, max(value, default=0), style)
        elif len(value.normalize().as_tuple().digits) > _EXACT_DIGITS:
            sheet.write_string(*at, f"{value.normalize():f}", style)
        else:
            sheet.write_number(*at, float(value), style)

    def _style(self, column: _Column) -> Any:
        if column.role == "steps":
            return self.styles["step"]
        return self.styles["whole" if _is_whole(column) else "number"]

    def _validate(self, sheet: Any, rows: tuple[int, int, int], column: _Column) -> None:
        """Ask again about what can hardly be meant, and let it stand: the reading has the last word."""
        first, number, last = rows
        rule: dict[str, Any] = {
            "error_type": "warning",
            "error_title": "ตรวจอีกครั้ง",
            "error_message": f"ช่องนี้ใส่ตัวเลขเท่านั้น หรือพิมพ์ “{NOT_APPLICABLE_TH}” เว้นว่าง = ยังไม่รายงาน",
        }
        if column.role == "steps":
            steps = [str(each) for each in range(_HIGHEST_STEP + 1)]
            rule |= {"validate": "list", "source": [*steps, NOT_APPLICABLE_TH]}
        elif column.role in {"self_score", "checked_score"}:
            rule |= {"validate": "decimal", "criteria": "between", "minimum": 1, "maximum": 5}
        elif column.role in PART_HEADS_TH:
            kind = "integer" if _is_whole(column) else "decimal"
            rule |= {"validate": kind, "criteria": ">=", "value": 0}
        else:
            return
        sheet.data_validation(first, number, last, number, rule)

    # -- sheets --

    def _sheet(self, dimension: DimensionDefinition) -> Any:
        name = _NO_SHEET_NAME.sub(" ", f"{dimension.code} {dimension.name_th}")
        while len(name) > _LONGEST_SHEET_NAME and " " in name:
            name = name.rpartition(" ")[0]  # a Thai word cut in two reads as another
        sheet = self.file.add_worksheet(name[:_LONGEST_SHEET_NAME].strip(" '"))
        sheet.set_row(0, None, None, {"hidden": True})
        sheet.write_string(1, 0, _title(self.book), self.styles["title"])
        words = f"มิติ {dimension.code} {dimension.name_th} · กรอกเฉพาะช่องสีขาว · เว้นว่าง = ยังไม่รายงาน ไม่ใช่ศูนย์"
        sheet.write_string(2, 0, words, self.styles["text"])
        self._guard(sheet)
        sheet.set_landscape()
        sheet.set_paper(8 if self.by_place else 9)  # A3, A4
        sheet.fit_to_pages(1, 0)
        sheet.set_footer("&C&P / &N")
        return sheet

    @staticmethod
    def _guard(sheet: Any) -> None:
        sheet.protect(
            "", {"format_cells": True, "format_columns": True, "format_rows": True, "autofilter": True}
        )  # fmt: skip

    def _keys(self) -> None:
        sheet = self.file.add_worksheet(KEYS_SHEET)
        for line, row in enumerate(sent_rows(self.book.sent)):
            for column, value in enumerate(row):
                if isinstance(value, int):
                    sheet.write_number(line, column, value)
                else:
                    sheet.write_string(line, column, value)
        sheet.protect()
        sheet.hide()


def _parts(indicator: IndicatorDefinition) -> tuple[str, ...]:
    """The parts that an office fills in: the checked score is for who checks."""
    return tuple(each for each in parts_asked(indicator) if each != "checked_score")


def _part_words(indicator: IndicatorDefinition, part: str) -> str:
    own = {
        "numerator": indicator.numerator_th or indicator.unit_th,
        "denominator": indicator.denominator_th or indicator.base_th,
        "steps": "เลือก 0–5",
        "self_score": "1–5",
    }.get(part, "")
    return f"{PART_HEADS_TH[part]}: {own}" if own else PART_HEADS_TH[part]


def _is_beside(column: _Column) -> bool:
    return column.role in BESIDE_HEADS_TH


def _is_whole(column: _Column) -> bool:
    indicator = column.indicator
    if indicator is None or column.role not in {"numerator", "denominator"}:
        return False
    kind = indicator.otherwise if indicator.kind == "linked" else indicator.kind
    if column.role == "numerator":
        return indicator.whole or kind == "count"
    return indicator.whole or kind == "average"
