"""What a sheet, and the lines above in a table, say about the lines that follow."""

from __future__ import annotations

from dataclasses import dataclass, field

from tiddao.budget.rules.office_grid import Cell
from tiddao.budget.rules.office_mapping import Category
from tiddao.kernel.fiscal import FiscalYear


@dataclass(frozen=True, slots=True)
class SheetContext:
    """What a sheet says about all its tables. scale: power of ten of its unit of money."""

    category: Category | None
    tranche: str | None
    unit: str | None
    scale: int
    fiscal_year: FiscalYear


@dataclass(frozen=True, slots=True)
class ProjectName:
    number: str = ""
    name: str = ""

    def __bool__(self) -> bool:
        return bool(self.number or self.name)


@dataclass
class LinesAbove:
    """What the lines above leave behind for the lines below."""

    section: ProjectName = field(default_factory=ProjectName)
    project: ProjectName = field(default_factory=ProjectName)
    activity: str = ""
    depth: int | None = None
    unit: str | None = None
    unit_cell: Cell | None = None
    part: str = ""
    category: Category | None = None
    tranche: str | None = None
    after_sum: bool = False
    after_footer: bool = False
