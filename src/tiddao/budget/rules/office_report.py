"""Keeps account of one sheet while it is read: what became of each cell, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from tiddao.budget.rules.cgd_figures import Finding, Severity
from tiddao.budget.rules.office_figures import FindingType, LeftOut
from tiddao.budget.rules.office_grid import Cell, OfficeGrid, address
from tiddao.budget.rules.office_places import shown

REASONS_TH: Mapping[str, str] = {
    "sum": "ยอดรวมในไฟล์ ใช้ตรวจสอบเท่านั้น ระบบคำนวณเอง",
    "footer": "หมายเหตุ เกณฑ์ หรือลายเซ็นท้ายตาราง",
    "note": "ข้อความประกอบ ไม่ใช่ตัวเลขงบประมาณ",
    "beside": "อยู่นอกขอบเขตตาราง (ทดเลขหรือข้อความข้างตาราง)",
    "below": "ตัวเลขใต้ตาราง ไม่มีชื่อหน่วยงานกำกับ",
    "column": "คอลัมน์ประกอบ ไม่ใช่ตัวเลขงบประมาณ",
    "part": "ยอดย่อยรายงวดซึ่งมีช่องรวมอยู่แล้ว",
    "unknown-column": "ไม่รู้จักหัวคอลัมน์",
    "index": "เลขกำกับคอลัมน์",
    "section": "หัวข้อกลุ่มอำเภอ",
    "outside": "ไม่อยู่ในตารางใด",
    "not-read": "กำหนดไว้ว่าไม่ต้องอ่านแผ่นงานนี้",
    "no-table": "ไม่พบตารางในแผ่นงานนี้",
}


@dataclass
class SheetReport:
    """One sheet's account."""

    grid: OfficeGrid
    findings: list[Finding] = field(default_factory=list)
    fates: dict[Cell, str] = field(default_factory=dict)
    left_out: list[LeftOut] = field(default_factory=list)

    def understand(self, cells: Iterable[Cell]) -> None:
        """These cells were read for what they are. What was decided before stands."""
        for cell in cells:
            if cell in self.grid.cells:
                self.fates.setdefault(cell, "understood")

    def leave(self, cells: Iterable[Cell], reason: str) -> None:
        """These cells are in no sum, for a reason out of REASONS_TH."""
        for cell in cells:
            if cell in self.grid.cells and cell not in self.fates:
                self.fates[cell] = "left-out"
                self.left_out.append(
                    LeftOut(
                        self.grid.tab,
                        address(*cell),
                        shown(self.grid.text(*cell)),
                        reason,
                        REASONS_TH[reason],
                    )
                )

    def refuse(
        self,
        cells: Iterable[Cell],
        code: FindingType,
        message_th: str,
        severity: Severity = "refused",
    ) -> None:
        """These cells cannot be read with certainty; one finding names the first of them."""
        refused = [cell for cell in cells if cell in self.grid.cells]
        for cell in refused:
            self.fates[cell] = "refused"
        where = address(*refused[0]) if refused else ""
        self.findings.append(Finding(code, self.grid.tab, where, message_th, severity))

    def find(
        self, code: FindingType, where: Cell | str, message_th: str, severity: Severity
    ) -> None:
        """Something is wrong with a cell that was read."""
        cell = where if isinstance(where, str) else address(*where)
        self.findings.append(Finding(code, self.grid.tab, cell, message_th, severity))

    def close(self, reason: str = "outside") -> None:
        """Whatever nobody decided about is left out, and said so."""
        self.leave(self.grid.cells, reason)
