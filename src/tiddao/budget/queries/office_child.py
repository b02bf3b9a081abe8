"""Reads one workbook in a process of its own; ``office_reading`` starts it.

A file from outside may be made to fill the memory or to take for ever; here that ends this process
and nothing else. It takes a pickled request on its standard input and gives a pickled answer; it
knows no database and no settings.
"""

from __future__ import annotations

import gc
import pickle
import resource
import sys
from collections.abc import Mapping
from dataclasses import dataclass

from tiddao.budget.rules.cgd_figures import Finding
from tiddao.budget.rules.office_figures import OfficeWorkbook
from tiddao.budget.rules.office_mapping import OfficeMapping
from tiddao.kernel.fiscal import FiscalYear

MEMORY_BYTES = 2 * 1024**3
"""Of address space, libraries included; a workbook of 5,000 rows takes about a tenth of it."""
PROCESSOR_SECONDS = 90


@dataclass(frozen=True)
class Request:
    """What ``read_office_workbook`` is asked."""

    content: bytes
    file: str
    province: str
    fiscal_year: FiscalYear
    districts: Mapping[str, str]
    mapping: OfficeMapping | None
    mends: Mapping[tuple[str, str], str]


@dataclass(frozen=True)
class Answer:
    """The workbook; or why it was refused; or the place of a mend that is nowhere."""

    workbook: OfficeWorkbook | None = None
    refused: tuple[Finding, ...] = ()
    misplaced: str = ""


def main() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (PROCESSOR_SECONDS, PROCESSOR_SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    gc.disable()  # this process ends with its one workbook; its memory is bounded above
    request: Request = pickle.load(sys.stdin.buffer)  # noqa: S301 -- from our own parent process
    pickle.dump(answer(request), sys.stdout.buffer, protocol=pickle.HIGHEST_PROTOCOL)


def answer(request: Request) -> Answer:
    """Read the workbook, here and now."""
    # Imported under the limits: a reader that cannot even start says so as any other failure.
    from tiddao.budget.rules.cgd_figures import WorkbookRefused  # noqa: PLC0415 -- see above
    from tiddao.budget.rules.office_grid import MendMisplaced  # noqa: PLC0415 -- see above
    from tiddao.budget.rules.office_workbook import read_office_workbook  # noqa: PLC0415 -- above

    try:
        return Answer(
            read_office_workbook(
                request.content,
                file=request.file,
                province=request.province,
                fiscal_year=request.fiscal_year,
                districts=request.districts,
                mapping=request.mapping,
                mends=request.mends,
            )
        )
    except WorkbookRefused as refused:
        return Answer(refused=refused.findings)
    except MendMisplaced as misplaced:
        return Answer(misplaced=misplaced.place)
