"""Uploaded files of results, who reports in a round, and the sheet to fill in."""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import xlsxwriter
from django.db.models import Q

from tiddao.indicators.models import ResultImport, Round
from tiddao.indicators.queries.frameworks import definition_of, version_in_force
from tiddao.indicators.queries.leaves import leaves_on, levels_of
from tiddao.indicators.rules.definitions import DimensionDefinition, FrameworkDefinition
from tiddao.indicators.rules.results_workbook import PART_HEADS_TH, ReportingPlace
from tiddao.indicators.rules.scoring import parts_asked
from tiddao.places import tree
from tiddao.places.models import NATION, Place

_FONT = "TH Sarabun New"


@dataclass(frozen=True, slots=True)
class ImportView:
    """One uploaded file. report: counts and findings of the dry run, and what was written."""

    id: int
    round_id: int
    round_name: str
    framework_code: str
    fiscal_year: int
    scope: str
    file_name: str
    sha256: str
    state: str
    progress: int
    report: Mapping[str, Any]
    by: str
    at: datetime

    @property
    def may_be_accepted(self) -> bool:
        """It was read without an error and holds something."""
        return (
            self.state == ResultImport.State.READ
            and not self.report.get("errors")
            and bool(self.report.get("results"))
        )


def import_view(import_id: int) -> ImportView | None:
    """Return the uploaded file, or None. One query."""
    row = ResultImport.objects.select_related("round__framework").filter(pk=import_id).first()
    return _view(row) if row else None


def imports_within(roots: frozenset[str], *, newest: int = 50) -> tuple[ImportView, ...]:
    """Return the newest uploads for places within the roots. One query."""
    within = Q(pk__in=[])
    for root in roots:
        within |= Q() if root == NATION else Q(scope__startswith=root)
    if NATION in roots:
        within = Q()
    rows = ResultImport.objects.select_related("round__framework").filter(within)
    return tuple(_view(row) for row in rows.order_by("-id")[:newest])


def _view(row: ResultImport) -> ImportView:
    return ImportView(
        id=row.pk,
        round_id=row.round_id,
        round_name=row.round.name_th,
        framework_code=row.round.framework.code,
        fiscal_year=row.round.framework.fiscal_year,
        scope=row.scope,
        file_name=row.file_name,
        sha256=row.sha256,
        state=row.state,
        progress=row.progress,
        report=row.report,
        by=row.by,
        at=row.at,
    )


def places_reporting(
    one: Round, definition: FrameworkDefinition, *, scope: str
) -> tuple[ReportingPlace, ...]:
    """Return every place that reports in the round; in_scope: within the scope. By Thai name."""
    owner = one.framework.owner.place_id
    leaves = leaves_on(
        [one.true_on], owner_place=owner, levels=levels_of(definition), roots={owner}
    )[one.true_on]
    level_of = {code: level for level, codes in leaves.by_level.items() for code in codes}
    provinces = dict(
        Place.objects.filter(level="province").values_list("code", "name_th").order_by("code")
    )
    rows = Place.objects.filter(code__in=level_of).order_by("sort_key")
    return tuple(
        ReportingPlace(
            code=code,
            level=level_of[code],
            name_th=name_th,
            name_en=name_en,
            province_th=provinces.get(code[:2], ""),
            in_scope=tree.is_within(code, scope),
        )
        for code, name_th, name_en in rows.values_list("code", "name_th", "name_en")
    )


# -- the sheet to fill in -------------------------------------------------------------------------


def results_template(one: Round, *, scope: str) -> bytes:
    """Return an empty workbook for the round: a sheet per dimension, the scope's places as rows.

    Raises LookupError when nothing is published, or nobody in the scope reports.
    """
    version = version_in_force(one.framework_id)
    if version is None:
        raise LookupError("nothing is published")
    definition = definition_of(version)
    places = [each for each in places_reporting(one, definition, scope=scope) if each.in_scope]
    if not places:
        raise LookupError(f"nobody within {scope} reports")
    made = io.BytesIO()
    book = xlsxwriter.Workbook(made, {"in_memory": True})
    base = {"font_name": _FONT, "font_size": 14}
    styles = {
        "text": book.add_format({**base, "num_format": "@"}),
        "figure": book.add_format({**base, "num_format": "0.##########"}),
        "title": book.add_format({**base, "bold": True, "font_size": 16}),
        "head": book.add_format(
            {
                **base,
                "bold": True,
                "text_wrap": True,
                "valign": "top",
                "border": 1,
                "bg_color": "#E8F0EA",
            }
        ),
    }
    title = f"{definition.title_th} ปีงบประมาณ {definition.fiscal_year} {one.name_th}"
    for dimension in definition.dimensions:
        _template_sheet(book, dimension, title, places, styles)
    book.close()
    return made.getvalue()


def _template_sheet(
    book: Any,
    dimension: DimensionDefinition,
    title: str,
    places: list[ReportingPlace],
    styles: Mapping[str, Any],
) -> None:
    sheet = book.add_worksheet(f"มิติ {dimension.code}"[:31])
    sheet.write_string(0, 0, title, styles["title"])
    sheet.write_string(
        1,
        0,
        f"มิติ {dimension.code} {dimension.name_th} · เว้นว่าง = ยังไม่รายงาน (ไม่ใช่ศูนย์) · "
        "ขั้นที่ทำแล้วใส่เช่น 1,2,3 · พิมพ์ “ไม่ใช้กับพื้นที่” เมื่อตัวชี้วัดไม่ใช้กับพื้นที่นั้น",
        styles["text"],
    )
    for column, head in enumerate(("รหัสพื้นที่", "ชื่อพื้นที่")):
        sheet.merge_range(2, column, 3, column, head, styles["head"])
    column = 2
    for indicator in dimension.indicators:
        asked = parts_asked(indicator)
        head = f"{indicator.code} {indicator.name_th}"
        if len(asked) > 1:
            sheet.merge_range(2, column, 2, column + len(asked) - 1, head, styles["head"])
        else:
            sheet.write_string(2, column, head, styles["head"])
        for part in asked:
            explained = {
                "numerator": indicator.numerator_th,
                "denominator": indicator.denominator_th,
            }
            words = explained.get(part, "")
            said = f"{PART_HEADS_TH[part]}: {words}" if words else PART_HEADS_TH[part]
            sheet.write_string(3, column, said, styles["head"])
            style = styles["text"] if part == "steps" else styles["figure"]
            sheet.set_column(column, column, 16, style)
            column += 1
    for number, place in enumerate(places, start=4):
        sheet.write_string(number, 0, place.code, styles["text"])
        sheet.write_string(number, 1, place.name_th, styles["text"])
    sheet.set_column(0, 0, 12)
    sheet.set_column(1, 1, 24)
    sheet.freeze_panes(4, 2)
