"""The command that says what an office's workbook holds."""

from __future__ import annotations

import json
from decimal import Decimal
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from tests.budget.office.cases import write
from tests.budget.office.workbooks import make
from tests.budget.workbooks.uploads import LINES, strategy
from tiddao.budget.models import BookEntry, EnvelopeBalance, StatedFigure, WorkbookUpload
from tiddao.budget.queries.recount import recount_books

pytestmark = pytest.mark.django_db


def run(path, *words):
    out = StringIO()
    call_command("import_office", str(path), *words, stdout=out)
    return out.getvalue()


def said(path, *words):
    return run(path, "--dry-run", *words)


@pytest.fixture(autouse=True)
def own_home(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"


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


def test_file_is_taken_in_and_says_what_became_of_each_statement(workbook):
    path, province, made = workbook
    words = (f"--province={province}", f"--fiscal-year={made.fiscal_year}", "--as-of=30/6/2569")
    planned = json.loads(said(path, *words, "--json"))
    assert planned["written"] is None
    assert WorkbookUpload.objects.count() == 0
    done = json.loads(run(path, *words, "--json"))
    assert done["written"]["lines"] == len(done["statements"]) == StatedFigure.objects.count()
    assert {each["fate"] for each in done["statements"]} == {"new"}
    allotted = {}
    for each in done["statements"]:
        unit = each["unit"]
        allotted[unit] = allotted.get(unit, Decimal(0)) + Decimal(each["amounts"]["allotted"] or 0)
    kept = {}
    for each in EnvelopeBalance.objects.select_related("book"):
        kept[each.book.place_id] = kept.get(each.book.place_id, Decimal(0)) + each.allotted
    assert kept == {unit: amount for unit, amount in allotted.items() if unit in kept}
    assert recount_books() == ()
    entries = BookEntry.objects.count()
    again = json.loads(run(path, *words, "--json"))
    assert {each["fate"] for each in again["statements"]} == {"unchanged"}
    assert (again["written"]["posted"], again["written"]["undone"]) == (0, 0)
    assert BookEntry.objects.count() == entries


def test_without_a_day_nothing_is_kept(tmp_path):
    path = tmp_path / "ไม่มีวันที่.xlsx"
    path.write_bytes(write(strategy(*LINES)))
    with pytest.raises(CommandError, match="--as-of") as refused:
        run(path, "--province=57", "--fiscal-year=2569")
    assert refused.value.returncode == 2
    assert WorkbookUpload.objects.count() == 0
    assert not list((tmp_path / "media").rglob("*.xlsx"))


def test_another_years_file_is_refused_whole(workbook):
    path, province, _ = workbook
    with pytest.raises(CommandError, match="ปีงบประมาณ") as refused:
        run(path, f"--province={province}", "--fiscal-year=2567", "--as-of=30/6/2567")
    assert refused.value.returncode == 2
    assert WorkbookUpload.objects.count() == 0
