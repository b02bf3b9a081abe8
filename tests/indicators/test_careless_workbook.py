"""A province's workbook goes out, is filled in by a careless person, and comes back.

Issue 5, "Must show" 3: every planted fault is named by its cell and nothing else is refused; what is
accepted is equal to the last digit; taken in again, the same file changes nothing.
"""

from __future__ import annotations

import io
import random
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest

from tests.indicators.careless import Careless, honest_report
from tests.indicators.frameworks import APPROVER, REPORTER, minutes, published, round_of
from tests.indicators.frameworks import report as reported
from tiddao.indicators.actions.imports import (
    Decision,
    accept_result_import,
    dry_run,
    read_waiting_imports,
    receive_result_import,
)
from tiddao.indicators.actions.reported_rows import ResultRow
from tiddao.indicators.models import EntryConflict, Result
from tiddao.indicators.queries.frameworks import definition_of, version_in_force
from tiddao.indicators.queries.imports import import_view
from tiddao.indicators.queries.workbooks import workbook_of
from tiddao.indicators.rules.scoring import Reported
from tiddao.indicators.rules.toml_files import read_toml

pytestmark = pytest.mark.django_db
SHIPPED = Path(__file__).parents[2] / "definitions" / "amphoe-tid-dao-2566.toml"
DISTRICTS = [f"57{number:02}" for number in range(1, 19)]
MOVED, CONFLICT = ("5716", "2.2"), ("5716", "2.4")
ODD = {"5717": "read", "5718": "empty"}
"""Districts whose odd cells must be understood, or taken for empty."""


@pytest.fixture(autouse=True)
def _own_files(settings, tmp_path):
    location = {"location": tmp_path, "base_url": None}
    default = {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": location}
    settings.STORAGES = settings.STORAGES | {"default": default}


@pytest.fixture
def one():
    return round_of(published(read_toml(SHIPPED.read_text(encoding="utf-8"), file=SHIPPED.name)))


def mistyped(name: str) -> str:
    """A district's name as it is typed from memory: แ as two เ, a short form, a capital by itself."""
    if name == "เมืองเชียงราย":
        return "อ. เมือง"
    return f"อำเภอ {name.replace('แ', 'เเ')}" if len(name) % 2 else f"อ.{name}"


def filled_in(one, content: bytes) -> Careless:
    """The workbook as it comes back."""
    definition = definition_of(version_in_force(one.framework_id))
    person = Careless(definition, openpyxl.load_workbook(io.BytesIO(content)), seed=5)
    first, second, third, fourth, fifth = person.sheets
    person.reverse_rows(second)
    person.swap_indicators(third, "3.1", "3.3")
    fourth.title = "ของพี่สมหญิง แก้แล้ว (2)"
    person.retype(fifth, mistyped)

    person.fill_all(but=[MOVED])
    faulty: dict[str, int] = {}
    for code, plant in person.each_fault():
        district = DISTRICTS[faulty.setdefault(code, 0)]
        faulty[code] += 1
        plant((district, code))
    neighbours = person.neighbours("1.2", but={*DISTRICTS[:3], *DISTRICTS[14:]})
    person.merge_downwards(neighbours, "denominator")
    person.say_twice(("5707", "2.3"), Reported(Decimal(1), Decimal(9)))
    person.add_row(second, "", "พญาเม็งลาย", "unknown_place")
    person.add_row(second, "5799", "อำเภอใหม่", "unknown_place")
    person.add_row(second, "5001", "เมืองเชียงใหม่", "out_of_scope")
    person.add_row(second, "5708", "แม่จัน", "code_and_name_differ")
    person.note_total(first)
    first.cell(4, first.max_column + 1).value = "ผู้กรอก"
    person.faults[first.title, first.cell(4, first.max_column).coordinate] = "unknown_indicator"

    read, empty = ODD
    person.put((read, "2.1"), "numerator", "๑๒ ภาคี", Reported(Decimal(12), Decimal(7)))
    person.put((read, "2.1"), "denominator", "7 ตำบล", person.expected[read, "2.1"])
    person.put((read, "5.1"), "numerator", "๑,๒๓๔ ครัวเรือน", Reported(Decimal(1234), Decimal(5678)))
    person.put((read, "5.1"), "denominator", " 5,678 ", person.expected[read, "5.1"])
    for part in ("numerator", "denominator"):
        person.put((read, "3.3"), part, None, None)
        person.put((empty, "4.4"), part, "ยังไม่รายงาน", None)
        person.put((empty, "5.4"), part, None, None)
    person.put((read, "3.3"), "numerator", "ไม่ใช้กับพื้นที่", None)
    for key in ((empty, "4.4"), (empty, "5.4")):
        del person.expected[key]
    return person


def stands_as(report: Reported | None, row: Result) -> bool:
    if report is None:
        return row.not_applicable and row.numerator is None
    steps = None if row.steps is None else frozenset(row.steps)
    return (row.numerator, row.denominator, steps, row.self_score) == (
        report.numerator,
        report.denominator,
        report.steps,
        report.self_score,
    )


def before_it_goes_out(one) -> None:
    """Two districts have reported already."""
    definition = definition_of(version_in_force(one.framework_id))
    chance = random.Random(1)
    reported(
        one,
        [
            ResultRow(place, each.code, honest_report(each, chance))
            for place in ("5715", "5716")
            for each in definition.indicators
        ],
        at=minutes(1),
    )


def test_a_province_filled_in_carelessly_arrives_to_the_last_digit_or_is_refused_by_cell(one):
    before_it_goes_out(one)
    content = workbook_of(one, scope="57")
    for place, code in (MOVED, CONFLICT):  # while the workbook is away
        reported(one, [ResultRow(place, code, Reported(Decimal(3)))], at=minutes(2))
    person = filled_in(one, content)

    row = receive_result_import(
        one, scope="57", file_name="ผล.xlsx", content=person.saved(), by=REPORTER, at=minutes(3)
    )
    read_waiting_imports(at=minutes(4))
    report = import_view(row.pk).report
    errors = [each for each in report["findings"] if each["error"]]
    assert {(each["sheet"], each["cell"]): each["code"] for each in errors} == person.faults
    assert len(errors) == len(person.faults) == 37
    assert all(each["message_th"] for each in errors)
    notes = {(each["sheet"], each["cell"]): each["code"] for each in report["findings"]}
    assert person.notes.items() <= notes.items()
    fates = {(each["place"], each["indicator"]): each["fate"] for each in report["preview"]}
    assert (fates[MOVED], fates[CONFLICT], report["conflicts"]) == ("moved", "conflict", 1)
    assert report["empty"] == 2
    assert len(person.where) == 18 * 24

    decision = Decision(submit=True, mine=frozenset({CONFLICT}))
    written = accept_result_import(row, decision, by=REPORTER, at=minutes(5))
    now = {
        (each.place_id, each.indicator_code): each
        for each in Result.objects.filter(superseded_at__isnull=True)
    }
    arrived = {key: stands_as(report, now[key]) for key, report in person.expected.items()}
    assert set(arrived.values()) == {True}
    assert len(arrived) == written.written + report["unchanged"] == 18 * 24 - 34
    assert now[MOVED].numerator == 3
    assert EntryConflict.objects.get().choice == "mine"
    refused = {key for key in person.where if key not in person.expected} - {MOVED}
    untouched = {key for key in refused if key in now}
    assert {key[0] for key in untouched} <= {"5715", "5716"}  # what stood before the workbook

    again = dry_run(one, person.saved(), scope="57")
    assert (again["new"], again["changed"], again["unchanged"]) == (0, 0, len(arrived))


def test_without_its_hidden_ids_the_same_file_is_read_alike_but_knows_no_conflict(one):
    before_it_goes_out(one)
    content = workbook_of(one, scope="57")
    reported(one, [ResultRow(*CONFLICT, Reported(Decimal(3)))], at=minutes(2), by=APPROVER)
    person = filled_in(one, content)
    del person.book["_tiddao"]
    for sheet in person.sheets[:4]:
        sheet.row_dimensions[1].hidden = False
        for cell in sheet[1]:
            cell.value = None
    report = dry_run(one, person.saved(), scope="57")
    errors = {(e["sheet"], e["cell"]): e["code"] for e in report["findings"] if e["error"]}
    assert errors == person.faults
    fates = {(each["place"], each["indicator"]): each["fate"] for each in report["preview"]}
    assert (fates[CONFLICT], report["conflicts"]) == ("changed", 0)
