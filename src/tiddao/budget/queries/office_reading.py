"""Reading an office's workbook within bounds of memory and time."""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
from collections.abc import Mapping

from tiddao.budget.queries import office_child
from tiddao.budget.queries.office_child import Answer, Request
from tiddao.budget.queries.offices import OfficeUnits
from tiddao.budget.rules.cgd_figures import Finding, WorkbookRefused
from tiddao.budget.rules.office_figures import OfficeWorkbook
from tiddao.budget.rules.office_grid import MendMisplaced
from tiddao.budget.rules.office_mapping import OfficeMapping
from tiddao.kernel.fiscal import FiscalYear

LARGEST_WORKBOOK = 10 * 1024 * 1024
"""Bytes of one handed in; those of offices have well under one million."""
_SECONDS = 120


def read_bounded(
    content: bytes,
    *,
    file: str,
    units: OfficeUnits,
    year: FiscalYear,
    mapping: OfficeMapping | None = None,
    mends: Mapping[tuple[str, str], str] | None = None,
) -> OfficeWorkbook:
    """Read the workbook in a process of its own, with limits of memory and time.

    Raises WorkbookRefused, also when it is larger than 10 MB or would take more than its share;
    MendMisplaced.
    """
    if len(content) > LARGEST_WORKBOOK:
        raise _refused(file, "too-large", f"ไฟล์ใหญ่ {len(content) / 1e6:,.1f} MB เกิน 10 MB")
    request = Request(content, file, units.province, year, units.districts, mapping, mends or {})
    try:
        ran = subprocess.run(  # noqa: S603 -- our own module, no words from outside
            [sys.executable, "-c", f"from {office_child.__name__} import main; main()"],
            input=pickle.dumps(request, protocol=pickle.HIGHEST_PROTOCOL),
            capture_output=True,
            timeout=_SECONDS,
            check=False,
            env={**os.environ, "PYTHONIOENCODING": "utf-8"},
        )
    except subprocess.TimeoutExpired:
        raise _refused(file, "too-slow", "อ่านไฟล์นี้ไม่เสร็จในเวลาที่กำหนด จึงไม่รับ") from None
    if ran.returncode != 0:
        raise _refused(
            file,
            "too-large",
            "อ่านไฟล์นี้ไม่สำเร็จภายในหน่วยความจำและเวลาที่กำหนด ไฟล์อาจเสียหายหรือใหญ่ผิดปกติ",
        )
    answer: Answer = pickle.loads(ran.stdout)  # noqa: S301 -- from our own child process
    if answer.misplaced:
        raise MendMisplaced(answer.misplaced)
    if answer.workbook is None:
        raise WorkbookRefused(file, answer.refused)
    return answer.workbook


def _refused(file: str, code: str, message: str) -> WorkbookRefused:
    return WorkbookRefused(file, [Finding(code, "", "", message, "refused")])
