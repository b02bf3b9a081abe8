"""``tiddao import_cgd``, ``figures`` and ``rank`` on generated weeks and on the published one."""

from __future__ import annotations

import io
import json
import time
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from django.core.management import CommandError, call_command

from tests.budget.cgd_files import week
from tests.budget.test_cgd_real_workbook import TABLE
from tests.budget.weeks import EVERY_SHEET, given_up_later, saved, take_in
from tiddao.budget.models import TreasuryReport
from tiddao.budget.rules.cgd_sheet import provinces_by_name
from tiddao.indicators.models import Result
from tiddao.ledger.models import Entry

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def published(shared: Path) -> Path:
    found = shared / "data" / "cgd" / "2026_07_10.xlsx"
    if not found.is_file():
        pytest.skip("the published workbook of 10 July 2569 is not in ../shared/data/cgd")
    return found


@pytest.fixture
def generated(tmp_path: Path) -> Path:
    path = tmp_path / "week.xlsx"
    path.write_bytes(saved(week(*EVERY_SHEET)))
    return path


@pytest.fixture(scope="class")
def two_sheets(django_db_setup, django_db_blocker):
    """Taken in once for the tests of a class, and given up after them."""
    with given_up_later(django_db_blocker):
        take_in(week(13, 14))
        yield


@pytest.fixture(scope="class")
def imported(published, django_db_setup, django_db_blocker):
    """Imported once for the tests of a class, and given up after them."""
    with given_up_later(django_db_blocker):
        call_command("import_cgd", str(published), stdout=io.StringIO())
        yield


def said(*arguments: object) -> dict:
    out = io.StringIO()
    call_command(*map(str, arguments), "--json", stdout=out)
    return json.loads(out.getvalue())


def refused(*arguments: object) -> tuple[dict, CommandError]:
    out = io.StringIO()
    with pytest.raises(CommandError) as fault:
        call_command(*map(str, arguments), "--json", stdout=out)
    return json.loads(out.getvalue() or "{}"), fault.value


def test_dry_run_says_everything_and_writes_nothing(generated):
    report = said("import_cgd", generated, "--sheets", "13,14", "--dry-run")
    assert (report["as_of"], report["report_date"], report["fiscal_year"]) == (
        "2026-07-10", "2026-07-13", 2569,
    )  # fmt: skip
    assert (report["written"], report["dry_run"], report["outcome"]) == (False, True, "written")
    assert [sheet["sheet"] for sheet in report["sheets"]] == [13, 14]
    for sheet in report["sheets"]:
        assert sheet["provinces"] == sheet["rows"] == 76
        assert [group["code"] for group in sheet["groups"]] == ["recurrent", "investment", "total"]
        assert Decimal(sheet["worst_percent_difference"]) < Decimal("1e-9")
        assert Decimal(sheet["worst_total_difference"]) < Decimal("1e-6")
        assert sheet["total"]["total"]["base"]
    assert report["findings"] == []
    assert report["results"] == 76
    assert not TreasuryReport.objects.exists()
    assert not Entry.objects.filter(act="import_treasury").exists()


def test_import_then_again_then_all_sheets(generated):
    two = ("--sheets", "13,14")
    assert said("import_cgd", generated, *two)["written"]
    again = said("import_cgd", generated, *two)
    assert (again["written"], again["outcome"]) == (False, "unchanged")
    more = said("import_cgd", generated)
    assert (more["outcome"], more["sheets_written"]) == ("sheets_added", [1, 2, 3, 4, 11, 12])


def test_contradiction_is_refused_with_its_cell_and_exit_2(tmp_path):
    book = week(13, 14)
    cell = book[14].column("รวม", "การใช้จ่าย") + str(book[14].row_of("เชียงราย"))
    book[14][cell] = Decimal(5)
    path = tmp_path / "spoilt.xlsx"
    path.write_bytes(book.save())
    report, fault = refused("import_cgd", path, "--sheets", "13,14")
    assert fault.returncode == 2
    assert (report["written"], report["outcome"]) == (False, "refused")
    assert cell in {each["cell"] for each in report["findings"]}
    assert not TreasuryReport.objects.exists()


@pytest.mark.parametrize("content", [b"", b"no workbook", b"PK\x03\x04broken"])
def test_what_is_no_workbook_is_refused(tmp_path, content):
    path = tmp_path / "x.xlsx"
    path.write_bytes(content)
    report, fault = refused("import_cgd", path, "--sheets", "13,14")
    assert fault.returncode == 2
    assert report["findings"][0]["severity"] == "refused"


def test_file_that_is_not_there(tmp_path):
    _, fault = refused("import_cgd", tmp_path / "gone.xlsx")
    assert fault.returncode == 2


@pytest.mark.parametrize("sheets", ["5", "13;14", ""])
def test_unknown_sheets_are_refused(generated, sheets):
    with pytest.raises(CommandError, match="write all"):
        call_command("import_cgd", str(generated), "--sheets", sheets)


def test_figures_and_rank_before_any_report():
    for arguments in (("figures", "57"), ("rank", "--sheet", "13")):
        _, fault = refused(*arguments, "--series", "cgd")
        assert fault.returncode == 2
        assert "import_cgd" in str(fault)


def test_figures_carry_unit_base_cell_and_day(generated):
    call_command("import_cgd", str(generated), "--sheets", "all", stdout=io.StringIO())
    report = said("figures", "57", "--series", "cgd")
    assert [sheet["sheet"] for sheet in report["sheets"]] == [11, 12, 13, 14]
    for sheet in report["sheets"]:
        for line in sheet["headline"]["spending"].values():
            for figure in (line["base"], line["amount"], line["printed_percent"]):
                assert figure["unit"] in {"ล้านบาท", "ร้อยละ"}
                assert figure["base"] == sheet["base_words"]
                assert figure["as_of"] == "2026-07-10"
                assert figure["cell"]
            rank = line["rank"]
            assert rank["from_lowest"] + rank["from_highest"] == 77
            assert rank["universe"] == "76 จังหวัด"
            assert rank["order"] == "ascending"


def test_words_without_json(generated):
    out = io.StringIO()
    call_command("import_cgd", str(generated), "--sheets", "all", stdout=out)
    call_command("figures", "57", "--series", "cgd", stdout=out)
    call_command("figures", "th", "--series", "cgd", stdout=out)
    call_command("rank", "--series", "cgd", "--sheet", "14", stdout=out)
    assert "จากน้อยไปมาก" in out.getvalue()
    assert "76 จังหวัด" in out.getvalue()


# -- the published workbook -----------------------------------------------------------------------


@pytest.mark.shared
def test_published_workbook_through_the_commands(published):
    began = time.perf_counter()
    report = said("import_cgd", published)
    seconds = time.perf_counter() - began
    assert report["written"]
    assert [sheet["sheet"] for sheet in report["sheets"]] == [1, 2, 3, 4, 11, 12, 13, 14]
    assert report["findings"] == []
    assert all(Decimal(s["worst_percent_difference"]) < Decimal("1e-9") for s in report["sheets"])
    assert seconds < 9, "1.0 s measured; room for a busy machine"

    chiang_rai = said("figures", "57", "--series", "cgd")
    heads = {sheet["sheet"]: sheet["headline"] for sheet in chiang_rai["sheets"]}
    assert chiang_rai["as_of"] == "2026-07-10"
    assert heads[13]["shown"] == "79.15"
    assert heads[13]["percent"] == "79.154685146222"
    assert (heads[13]["rank_from_lowest"], heads[13]["rank_from_highest"], heads[13]["rank_of"]) == (
        67, 10, 76,
    )  # fmt: skip
    assert heads[13]["printed_rank"] == 67
    assert (heads[14]["shown"], heads[14]["gap_shown"]) == ("89.25", "+2.25")
    assert {number: head["rank_from_lowest"] for number, head in heads.items()} == {
        11: 44, 12: 57, 13: 67, 14: 68,
    }  # fmt: skip
    nation = said("figures", "th", "--series", "cgd", "--sheet", "13")
    assert nation["sheets"][0]["headline"]["spending"]["total"]["amount"]["value"] == (
        "565688.56584104"
    )
    overview = said("figures", "th", "--series", "cgd", "--sheet", "1")["sheets"][0]["rows"]
    assert overview[0]["spending"]["total"]["shown"] == "81.03"
    agency = {
        sheet: next(
            row
            for row in said("rank", "--series", "cgd", "--sheet", sheet)["rows"]
            if row["code"] == "15004"
        )
        for sheet in (3, 4)
    }
    for sheet, shown, gap, rank in ((3, "73.47", None, 158), (4, "81.28", "-5.72", 127)):
        row = agency[sheet]
        assert (row["shown"], row["gap_shown"], row["printed_rank"]) == (shown, gap, rank)
        assert row["rank_from_lowest"] == rank
        assert row["of"] == 312


@pytest.mark.usefixtures("two_sheets")
class TestTwoSheets:
    """What is asked for and is not in two sheets of one week."""

    @pytest.mark.parametrize(
        "arguments",
        [("99",), ("5712",), ("10",), ("57", "--as-of", "2020-01-03"), ("57", "--sheet", "11")],
    )
    def test_figures_of_nothing_is_exit_2_with_a_sentence(self, arguments):
        _, fault = refused("figures", *arguments, "--series", "cgd")
        assert fault.returncode == 2
        assert len(str(fault)) > 20


@pytest.mark.usefixtures("imported")
class TestPublished:
    """The published workbook, imported once."""

    @pytest.mark.shared
    def test_published_ranking_reproduces_the_table_of_22_provinces(self):
        tables = {
            number: said("rank", "--series", "cgd", "--sheet", number)
            for number in (11, 12, 13, 14)
        }
        rows = {
            number: {row["place"]: row for row in table["rows"]} for number, table in tables.items()
        }
        for name, p11, r11, p12, g12, r12, p13, r13, p14, g14, r14 in TABLE:
            code = provinces_by_name()[name]
            for number, share, gap, rank in (
                (11, p11, None, r11), (12, p12, g12, r12), (13, p13, None, r13), (14, p14, g14, r14),
            ):  # fmt: skip
                row = rows[number][code]
                assert (row["shown"], row["rank_from_lowest"]) == (share, int(rank))
                assert row["gap_shown"] == (gap if gap is None or gap[0] == "-" else f"+{gap}")
        assert len(tables[13]["rows"]) == 76
        assert tables[13]["order"] == "ascending"
        assert tables[13]["universe"] == "76 จังหวัด"
        assert tables[13]["basis_words"] == "ร้อยละเบิกจ่ายต่องบจัดสรรถือจ่ายจังหวัด"

    @pytest.mark.shared
    def test_published_shares_are_the_results_of_the_framework(self, published):
        result = Result.objects.get(place_id="57", superseded_at__isnull=True)
        book = openpyxl.load_workbook(published, read_only=True, data_only=True)
        cells = book["13.ส่วนกลางจัดสรรให้จังหวัด"]
        assert result.source == "cgd:2026-07-10 sheet 13 cell M73"
        assert float(result.numerator or 0) == cells["M73"].value
        assert float(result.denominator or 0) == cells["K73"].value
        book.close()
