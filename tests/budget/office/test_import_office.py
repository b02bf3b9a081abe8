"""The command that says what an office's workbook holds."""

from __future__ import annotations

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from tests.budget.office.workbooks import make

pytestmark = pytest.mark.django_db


def said(path, *words):
    out = StringIO()
    call_command("import_office", str(path), "--dry-run", *words, stdout=out)
    return out.getvalue()


@pytest.fixture
def workbook(tmp_path):
    made = make(1)
    path = tmp_path / "เปอร์เซนต์ ผลการเบิกจ่าย.xlsx"
    path.write_bytes(made.content)
    province = next(iter(made.districts))[:2]
    return path, province, made


def test_dry_run_tells_rows_totals_and_each_fault_by_cell(workbook):
    path, province, made = workbook
    found = json.loads(
        said(path, f"--province={province}", f"--fiscal-year={made.fiscal_year}", "--json")
    )
    assert found["province"] == province
    assert len(found["rows"]) > len(made.districts)
    planted = {(fault.kind, fault.sheet) for fault in made.faults}
    assert planted
    assert planted <= {(each["type"], each["sheet"]) for each in found["issues"]}
    words = said(path, f"--province={province}", f"--fiscal-year={made.fiscal_year}")
    assert all(kind in words for kind, _ in planted)


def test_unusable_words_are_refused_with_a_sentence(workbook, tmp_path):
    path, _, _ = workbook
    with pytest.raises(CommandError, match="ไม่มีจังหวัดรหัส “99”") as refused:
        said(path, "--province=99", "--fiscal-year=2569")
    assert refused.value.returncode == 2
    not_a_workbook = tmp_path / "แฟ้ม.xlsx"
    not_a_workbook.write_bytes(b"%PDF-1.7")
    with pytest.raises(CommandError):
        said(not_a_workbook, "--province=47", "--fiscal-year=2569")
