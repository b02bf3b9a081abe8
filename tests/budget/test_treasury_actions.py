"""Taking in a week: whole or not at all, once, and kept when it is corrected."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, OperationalError, ProgrammingError, connection, transaction

from tests.budget.cgd_files import week
from tests.budget.weeks import (
    EVERY_SHEET,
    LATER,
    MONDAY,
    NEXT_WEEK,
    read,
    second_week,
    take_in,
)
from tiddao.budget.actions import disbursement, treasury
from tiddao.budget.actions.disbursement import FRAMEWORK, definition_for, round_of
from tiddao.budget.actions.treasury import (
    DEPARTMENT_CODES,
    ReportRefused,
    import_treasury_report,
    rehearse_import,
)
from tiddao.budget.models import TreasuryFigure, TreasuryReport, TreasurySheet
from tiddao.budget.queries.figures import province_figures
from tiddao.budget.queries.reading import read_for_import
from tiddao.budget.queries.reports import find_report, former_reports
from tiddao.budget.rules.cgd_checks import percent_of
from tiddao.budget.rules.cgd_workbook import read_workbook
from tiddao.indicators.actions.frameworks import create_framework, new_draft, publish_version
from tiddao.indicators.actions.reported_rows import ResultRow
from tiddao.indicators.actions.reporting import report_results
from tiddao.indicators.actions.revisions import RoundNotOpen
from tiddao.indicators.models import Framework, Result, Round, Version
from tiddao.indicators.queries.frameworks import definition_of
from tiddao.indicators.queries.stars import stars_of
from tiddao.indicators.rules.scoring import Reported
from tiddao.kernel.fiscal import FiscalYear
from tiddao.ledger.actors import SYSTEM, Actor
from tiddao.ledger.models import Entry
from tiddao.places.models import CodeCrosswalk
from tiddao.places.queries import find_unit

pytestmark = pytest.mark.django_db

AS_OF = date(2026, 7, 10)


def rows_of_everything() -> tuple[int, ...]:
    tables = (TreasuryReport, TreasurySheet, TreasuryFigure, Framework, Round, Result, Entry)
    return tuple(table.objects.count() for table in tables)


def test_every_figure_of_all_eight_sheets_is_kept_to_the_last_digit_with_its_cell():
    workbook, sha256 = read(week(*EVERY_SHEET))
    done = import_treasury_report(workbook, sha256=sha256, by=SYSTEM, at=MONDAY)
    kept = {
        (figure.sheet.number, figure.row, figure.spending): figure
        for figure in TreasuryFigure.objects.select_related("sheet")
    }
    assert done.figures == len(kept)
    seen = 0
    for sheet in workbook.sheets.values():
        for row in (*sheet.rows, sheet.total_row):
            for spending, figures in row.figures.items():
                figure = kept[sheet.number, row.row, spending]
                seen += 1
                assert (figure.name, figure.code, figure.kind) == (row.name, row.code, row.kind)
                assert figure.place_id == row.place_code
                assert figure.printed_rank == row.printed_rank
                assert figure.is_total == (row is sheet.total_row)
                for measure, printed in figures.measures.items():
                    assert getattr(figure, measure) == printed.value
                    assert figure.cells[measure] == printed.cell
    assert seen == len(kept)


def test_import_leaves_one_entry_of_its_own_and_names_the_file():
    done = take_in(week(13, 14))
    entry = Entry.objects.get(act="import_treasury")
    assert entry.on == f"treasury-report:{done.report_id}"
    assert entry.place == "th"
    assert entry.detail["as_of"] == "2026-07-10"
    assert entry.detail["results"] == 76


def test_same_file_again_changes_nothing_and_says_so():
    content = week(13, 14).save()
    take_in(content)
    before = rows_of_everything()
    again = take_in(content, at=LATER)
    assert again.outcome == "unchanged"
    assert again.figures == again.results == 0
    assert rows_of_everything() == before


def test_more_sheets_of_the_same_file_are_added_to_the_same_report():
    content = week(*EVERY_SHEET).save()
    first = read_workbook(content, file="w.xlsx", sheets=(13, 14))
    everything = read_workbook(content, file="w.xlsx", sheets=EVERY_SHEET)
    one = import_treasury_report(first, sha256="a" * 64, by=SYSTEM, at=MONDAY)
    two = import_treasury_report(everything, sha256="a" * 64, by=SYSTEM, at=LATER)
    assert (one.outcome, two.outcome) == ("written", "sheets_added")
    assert two.report_id == one.report_id
    assert two.sheets_written == (1, 2, 3, 4, 11, 12)
    assert two.results == 0, "the shares of sheet 13 stood already"
    known_first = find_report(AS_OF, known_at=MONDAY)
    assert known_first is not None
    assert [sheet.number for sheet in known_first.sheets] == [13, 14]


def test_department_codes_of_provinces_enter_the_crosswalk_once():
    assert take_in(week(*EVERY_SHEET)).crosswalk == 76
    assert take_in(second_week(*EVERY_SHEET), at=NEXT_WEEK).crosswalk == 0
    codes = CodeCrosswalk.objects.filter(scheme=DEPARTMENT_CODES)
    assert codes.count() == 76
    assert codes.filter(place_id="57").count() == 1


def test_department_code_that_meant_another_province_is_reported_by_cell():
    take_in(week(*EVERY_SHEET))
    code = CodeCrosswalk.objects.get(scheme=DEPARTMENT_CODES, place_id="57")
    code.place_id = "50"
    code.save()
    done = take_in(second_week(*EVERY_SHEET), at=NEXT_WEEK)
    workbook, _ = read(second_week(*EVERY_SHEET))
    row = workbook.sheets[12].province("57")
    assert row is not None
    assert [(each.code, each.cell, each.severity) for each in done.warnings] == [
        ("code-of-another", row.code_cell, "warning")
    ]
    code.refresh_from_db()
    assert code.place_id == "50", "what is doubtful is not overwritten"
    report = find_report(date(2026, 7, 17))
    assert report is not None
    assert report.findings == 1


# -- corrections ----------------------------------------------------------------------------------


def test_corrected_workbook_supersedes_and_the_former_stays_as_known_then():
    take_in(week(13, 14, seed=1))
    then = province_figures("57", AS_OF)
    done = take_in(
        week(13, 14, seed=5, reported="14 กรกฎาคม 2569"), at=LATER, file="corrected.xlsx"
    )
    now = province_figures("57", AS_OF)
    assert then is not None
    assert now is not None
    assert done.replaced
    assert now.report.file_name == "corrected.xlsx"
    assert now.line(13, "total") != then.line(13, "total")
    assert province_figures("57", AS_OF, LATER - timedelta(seconds=1)) == _as_superseded(
        then, LATER
    )
    assert province_figures("57", AS_OF, MONDAY - timedelta(seconds=1)) is None
    former = former_reports(AS_OF)
    assert [each.superseded_at for each in former] == [LATER]
    assert TreasuryReport.objects.filter(superseded_at__isnull=True).count() == 1


def _as_superseded(found, at):
    return replace(found, report=replace(found.report, superseded_at=at))


def test_corrected_workbook_corrects_the_results_and_keeps_the_former_ones():
    take_in(week(13, 14, seed=1))
    take_in(week(13, 14, seed=5), at=LATER)
    found = province_figures("57", AS_OF)
    assert found is not None
    line = found.line(13, "total")
    assert line is not None
    result = Result.objects.get(place_id="57", superseded_at__isnull=True)
    assert result.state == "locked"
    assert result.numerator == line.figures.amount.value
    earlier = Result.objects.get(
        place_id="57", known_at=MONDAY, superseded_at=LATER, state="locked"
    )
    assert earlier.numerator != result.numerator


def test_older_edition_is_refused():
    take_in(week(13, 14, seed=1, reported="14 กรกฎาคม 2569"))
    before = rows_of_everything()
    with pytest.raises(ReportRefused) as refused:
        take_in(week(13, 14, seed=5, reported="13 กรกฎาคม 2569"), at=LATER)
    assert [each.code for each in refused.value.findings] == ["older-edition"]
    assert rows_of_everything() == before


def test_corrected_workbook_never_takes_sheets_away():
    take_in(week(*EVERY_SHEET, seed=1))
    corrected = week(*EVERY_SHEET, seed=5).save()
    narrow = read_workbook(corrected, file="c.xlsx", sheets=(13, 14))
    with pytest.raises(ReportRefused) as refused:
        import_treasury_report(narrow, sha256="b" * 64, by=SYSTEM, at=LATER)
    assert {each.code for each in refused.value.findings} == {"sheet-left-out"}
    whole = read_for_import(corrected, file="c.xlsx", sha256="b" * 64, sheets=(13, 14))
    assert set(whole.sheets) == set(EVERY_SHEET)
    assert import_treasury_report(whole, sha256="b" * 64, by=SYSTEM, at=LATER).replaced


def test_correction_from_before_the_former_was_known_is_a_fault():
    take_in(week(13, 14, seed=1), at=LATER)
    with pytest.raises(ValueError, match="is known since"):
        take_in(week(13, 14, seed=5), at=MONDAY)


def test_figures_and_sheets_cannot_be_changed_even_by_sql():
    take_in(week(13, 14))
    for table in ("budget_treasuryfigure", "budget_treasurysheet"):
        for statement in (f"UPDATE {table} SET id = id", f"DELETE FROM {table}"):
            with pytest.raises(ProgrammingError), transaction.atomic():
                connection.cursor().execute(statement)


def test_two_current_reports_of_one_day_are_impossible():
    take_in(week(13, 14))
    with pytest.raises(IntegrityError), transaction.atomic():
        TreasuryReport.objects.create(
            as_of=AS_OF, report_date=AS_OF, fiscal_year=2569, file_name="x", sha256="x",
            known_at=LATER, by="x",
        )  # fmt: skip


# -- refusals -------------------------------------------------------------------------------------


def test_workbook_that_contradicts_itself_is_refused_with_all_findings_by_cell():
    book = week(13, 14)
    cell = book[13].column("รวม", "เบิกจ่าย") + str(book[13].row_of("เชียงราย"))
    book[13][cell] = Decimal(1)
    workbook, sha256 = read(book)
    before = rows_of_everything()
    with pytest.raises(ReportRefused) as refused:
        import_treasury_report(workbook, sha256=sha256, by=SYSTEM, at=MONDAY)
    assert refused.value.findings == workbook.findings
    assert cell in {each.cell for each in refused.value.findings}
    assert rows_of_everything() == before


def test_framework_that_is_only_a_draft_refuses_the_import():
    first = round_of(AS_OF, FiscalYear(2569))
    create_framework(definition_for(2569, first), by=SYSTEM, at=MONDAY)
    before = rows_of_everything()
    with pytest.raises(ReportRefused) as refused:
        take_in(week(13, 14))
    assert [each.code for each in refused.value.findings] == ["no-framework"]
    assert rows_of_everything() == before


def test_definition_that_cannot_be_read_refuses_the_import(monkeypatch, tmp_path):
    monkeypatch.setattr(disbursement, "DEFINITION", tmp_path / "gone.toml")
    with pytest.raises(ReportRefused) as refused:
        take_in(week(13, 14))
    assert [each.code for each in refused.value.findings] == ["no-framework"]
    assert not TreasuryReport.objects.exists()


def test_rehearsal_says_what_would_be_done_and_does_nothing():
    workbook, sha256 = read(week(13, 14))
    before = rows_of_everything()
    rehearsed = rehearse_import(workbook, sha256=sha256, by=SYSTEM, at=MONDAY)
    assert rows_of_everything() == before
    done = import_treasury_report(workbook, sha256=sha256, by=SYSTEM, at=MONDAY)
    assert (rehearsed.outcome, rehearsed.figures, rehearsed.results) == (
        done.outcome, done.figures, done.results,
    )  # fmt: skip


def test_import_whose_connection_dies_in_the_middle_leaves_nothing(monkeypatch):
    """As SIGKILL does: the server loses its client after everything but the entry is written."""
    workbook, sha256 = read(week(13, 14))
    before = rows_of_everything()
    seen: list[object] = []

    def die(*args, **kwargs):
        seen.append((TreasuryFigure.objects.count(), Result.objects.count()))
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")

    monkeypatch.setattr(treasury, "record", die)

    def run() -> None:
        try:
            import_treasury_report(workbook, sha256=sha256, by=SYSTEM, at=MONDAY)
        except OperationalError as fault:
            seen.append(type(fault))
        finally:
            connection.close()

    thread = threading.Thread(target=run)  # a connection of its own, outside the test's transaction
    thread.start()
    thread.join(60)
    assert seen == [(462, 152), OperationalError]
    assert rows_of_everything() == before


# -- results of the framework ---------------------------------------------------------------------


def test_shares_stand_as_results_equal_to_the_sheet():
    workbook, sha256 = read(week(13, 14))
    done = import_treasury_report(workbook, sha256=sha256, by=SYSTEM, at=MONDAY)
    assert (done.round_code, done.results) == ("2026-07-10", 76)
    one = Round.objects.get(framework__code=FRAMEWORK, code="2026-07-10")
    assert (one.name_th, one.true_on, one.state) == ("ข้อมูล ณ 10 ก.ค. 69", AS_OF, "closed")
    results = {
        each.place_id: each for each in Result.objects.filter(round=one, superseded_at__isnull=True)
    }
    assert len(results) == 76
    for row in workbook.sheets[13].rows:
        figures, result = row.figures["total"], results[row.place_code or ""]
        assert result.state == "locked", "approved, and locked with its round"
        assert result.by == "system"
        assert result.source.startswith(f"cgd:2026-07-10 sheet 13 cell {figures.amount.cell}")
        share = percent_of(result.part_numerator, result.part_denominator)
        assert share is not None
        assert abs(share - (figures.percent.value or 0)) < Decimal("1e-9")


def test_stars_of_a_province_and_the_nation_come_from_the_sheet():
    take_in(week(13, 14))
    for key in ("57", "th"):
        unit = find_unit(key, on=AS_OF)
        found = province_figures(key, AS_OF)
        assert unit is not None
        assert found is not None
        line = found.line(13, "total")
        stars = stars_of(unit, year=2569, code=FRAMEWORK, round_code="2026-07-10")
        assert line is not None
        assert stars is not None
        assert stars.score is not None
        value = stars.score.dimensions[0].indicators[0].value
        assert value is not None
        assert line.percent is not None
        assert abs(value - line.percent) < Decimal("1e-6")


def test_nobody_reports_over_the_official_figures():
    take_in(week(13, 14))
    one = Round.objects.get(framework__code=FRAMEWORK)
    row = ResultRow("57", "1.1", Reported(numerator=Decimal(1), denominator=Decimal(1)))
    with pytest.raises(RoundNotOpen):
        report_results(one, [row], by=Actor("user:1"), at=LATER)


def test_each_week_is_a_round_of_the_same_framework():
    take_in(week(13, 14))
    take_in(second_week(13, 14), at=NEXT_WEEK)
    framework = Framework.objects.get(code=FRAMEWORK)
    assert (framework.fiscal_year, framework.owner_id, framework.proposed) == (2569, "CDD", True)
    assert list(framework.rounds.order_by("true_on").values_list("code", flat=True)) == [
        "2026-07-10", "2026-07-17",
    ]  # fmt: skip
    assert framework.versions.count() == 1


def test_next_version_keeps_the_rounds_that_were_added():
    take_in(week(13, 14))
    take_in(second_week(13, 14), at=NEXT_WEEK)
    framework = Framework.objects.get(code=FRAMEWORK)
    draft = new_draft(framework, by=SYSTEM, at=NEXT_WEEK)
    assert [each.code for each in definition_of(draft).rounds] == ["2026-07-10", "2026-07-17"]
    publish_version(draft, by=SYSTEM, at=NEXT_WEEK)
    assert framework.rounds.count() == 2


def test_another_fiscal_year_gets_the_same_definition_and_says_where_it_is_from():
    book = week(
        13, 14, year="2570", day="8 มกราคม 2570", reported="11 มกราคม 2570",
        target_month="มกราคม 2570",
    )  # fmt: skip
    assert take_in(book).results == 76
    version = Version.objects.get(framework__code=FRAMEWORK, framework__fiscal_year=2570)
    definition = definition_of(version)
    assert definition.fiscal_year == 2570
    assert "2569" in definition.based_on
    assert (
        definition.indicator("1.1").ladder
        == definition_for(2569, round_of(AS_OF, FiscalYear(2569))).indicator("1.1").ladder
    )
