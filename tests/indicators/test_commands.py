"""The command line: what programs read from it, and how it refuses."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import call_command

from tests.indicators.frameworks import (
    full_report,
    minutes,
    published,
    report_and_approve,
    round_of,
)
from tiddao.indicators.models import Result
from tiddao.places.models import Office

pytestmark = pytest.mark.django_db
STAR = Path(__file__).parent / "independent_star.py"


def run(*asked, **options):
    out = io.StringIO()
    call_command(*asked, stdout=out, **options)
    return out.getvalue()


def read(*asked, **options):
    return json.loads(run(*asked, json=True, **options))


@pytest.fixture
def one():
    one = round_of(published())
    report_and_approve(one, [*full_report("5712", 85), *full_report("5713", 60, step=2)])
    return one


def test_stars_are_printed_with_the_keys_that_programs_read(one):
    said = read("stars", "5712", year="2566")
    assert list(said) >= ["place"]
    assert {
        "place": "5712",
        "framework": "amphoe-tid-dao",
        "version": 1,
        "proposed": True,
        "score": 4.375,
        "stars": 4,
        "completeness": 100.0,
        "as_of": "2023-03-31",
    }.items() <= said.items()
    assert said["known_at"]
    assert said["dimensions"][0] == {
        "code": "1",
        "name": "มิติ 1",
        "score": 4.25,
        "stars": 4,
        "completeness": 100.0,
    }


def test_stars_as_known_then_and_with_what_is_not_approved(one):
    at = minutes(-1).isoformat()
    assert read("stars", "5712", year="2566", known_at=minutes(1).isoformat())["stars"] == 4
    with pytest.raises(SystemExit):
        read("stars", "5712", year="2566", known_at=at)
    report_and_approve(one, full_report("5714"))
    assert read("stars", "5714", year="2566", include_unapproved=True)["basis"] == "all"


def test_every_star_is_recomputed_from_its_explanation_alone():
    one = round_of(published())
    places = [
        o.place_id for o in Office.objects.filter(place__code__startswith="57", kind="district")
    ]
    for n, place in enumerate(sorted(places)):
        rows = full_report(place, 48 + 3 * n, step=1 + n % 5)
        report_and_approve(one, rows[: 4 - n % 3])
    for key in (*places[:6], "57", "th", "zone-57-ing-su-khong"):
        said = run("explain", key, year="2566", json=True)
        redone = subprocess.run(
            [sys.executable, str(STAR)], input=said, capture_output=True, text=True, check=True
        )
        mine, theirs = json.loads(said), json.loads(redone.stdout)
        assert theirs["stars"] == mine["stars"]
        assert theirs["score"] == mine["explanation"]["score"]


def test_an_explanation_of_a_district_names_the_row_behind_each_figure(one):
    tree = read("explain", "5712", year="2566")["explanation"]
    row = tree["dimensions"][0]["indicators"][0]["results"][0]
    assert (row["numerator"], row["state"], row["revision"], row["source"]) == (
        "85.0000000000",
        "approved",
        2,
        "form",
    )
    assert (
        "results"
        not in (read("explain", "57", year="2566")["explanation"]["dimensions"][0]["indicators"][0])
    )


def test_a_league_has_all_its_rows(one):
    said = read("league", scope="57", level="district", year="2566")
    assert len(said["rows"]) == 18
    assert [row["rank"] for row in said["rows"][:3]] == [1, 2, None]
    nation = read("league", scope="th", level="province", year="2566")
    assert len(nation["rows"]) == 76
    assert nation["without_office"] == [{"place": "10", "name": "กรุงเทพมหานคร"}]
    assert nation["without_office_reason"]


def test_the_next_star_is_printed(one):
    said = read("next_star", "5713", year="2566")
    assert (said["present"], said["target"], said["reachable"]) == (1, 2, True)
    assert said["steps"]


@pytest.mark.parametrize(
    ("asked", "options"),
    [
        (("stars", "9999"), {"year": "2566"}),
        (("stars", "zone-none"), {"year": "2566"}),
        (("stars", "5712"), {"year": "2560"}),
        (("stars", "5712"), {"year": "2023"}),
        (("stars", "5712"), {"year": "2566", "framework": "none"}),
        (("stars", "5712"), {"year": "2566", "round": "9m"}),
        (("stars", "5712"), {"year": "2566", "known_at": "yesterday"}),
        (("explain", "9999"), {"year": "2566"}),
        (("next_star", "9999"), {"year": "2566"}),
        (("league",), {"year": "2566", "scope": "9999", "level": "district"}),
        (("league",), {"year": "2566", "scope": "57", "level": "tambon"}),
        (("league",), {"year": "2566", "scope": "57", "level": "district", "dimension": "9"}),
        (("framework", "export", "none", "2566"), {}),
    ],
)
def test_what_cannot_be_answered_ends_with_2_and_one_sentence(one, asked, options):
    error = io.StringIO()
    with pytest.raises(SystemExit) as ended:
        call_command(*asked, stderr=error, stdout=io.StringIO(), **options)
    assert ended.value.code == 2
    assert len(error.getvalue().strip().splitlines()) == 1


@pytest.mark.parametrize(
    "asked",
    [
        ("stars", "5712"),
        ("explain", "5712"),
        ("next_star", "5713"),
        ("stars", "10"),
        ("stars", "571203"),
    ],
)
def test_people_read_a_table(one, asked):
    said = run(*asked, year="2566")
    assert "2566" in said
    assert "None" not in said


def test_people_read_a_league(one):
    said = run("league", scope="57", level="district", year="2566")
    assert said.count("(57") == 18 + said.count("(57)")
    assert "None" not in said


def test_frameworks_travel_as_files(one, tmp_path):
    file = tmp_path / "f.toml"
    run("framework", "export", "amphoe-tid-dao", "2566", to=file)
    text = file.read_text(encoding="utf-8")
    assert run("framework", "export", "amphoe-tid-dao", "2566") == text
    assert "v1" in run("framework", "import", str(file))
    other = tmp_path / "other.toml"
    other.write_text(text.replace("proposed = true", "proposed = false", 1), encoding="utf-8")
    changes = json.loads(run("framework", "diff", str(file), str(other), "--json"))
    assert [(each["path"], each["before"], each["after"]) for each in changes] == [
        ("proposed", "true", "false")
    ]
    assert "v2 published" in run("framework", "import", str(other), publish=True)
    assert [(row["code"], row["published"]) for row in read_list()] == [("amphoe-tid-dao", 2)]


def read_list():
    return json.loads(run("framework", "list", "--json"))


def test_a_file_that_is_no_framework_is_refused_by_key(tmp_path):
    file = tmp_path / "f.toml"
    file.write_text("code = 5\nwrong = 1\n", encoding="utf-8")
    error = io.StringIO()
    with pytest.raises(SystemExit) as ended:
        call_command("framework", "import", str(file), stderr=error)
    assert ended.value.code == 2
    assert "f.toml: wrong" in error.getvalue()


def test_results_are_imported_dry_first(one, tmp_path):
    file = tmp_path / "ผล.csv"
    heads = "รหัสพื้นที่,ตัวชี้วัด,ตัวตั้ง,ตัวหาร\n"
    file.write_text(f"{heads}5714,1.1,85,100\n", encoding="utf-8")
    asked = {"framework": "amphoe-tid-dao", "year": "2566", "round": "6m"}
    before = Result.objects.count()
    dry = read("results_workbook", "in", str(file), dry_run=True, **asked)
    assert (dry["new"], "written" in dry, Result.objects.count()) == (1, False, before)
    assert read("results_workbook", "in", str(file), **asked)["written"] == 1
    assert read("results_workbook", "in", str(file), **asked)["stood_already"] == 1
    file.write_text(f"{heads}5714,1.1,185,100\n", encoding="utf-8")
    out = io.StringIO()
    with pytest.raises(SystemExit) as ended:
        call_command("results_workbook", "in", str(file), stdout=out, **asked)
    assert ended.value.code == 1
    assert "CSV!C2" in out.getvalue()


def test_a_workbook_goes_out_and_comes_back(one, tmp_path):
    file = tmp_path / "ผล.xlsx"
    asked = {"framework": "amphoe-tid-dao", "year": "2566", "round": "6m", "scope": "57"}
    out = read("results_workbook", "out", str(file), **asked)
    assert out["bytes"] == file.stat().st_size > 5_000
    back = read("results_workbook", "in", str(file), dry_run=True, **asked)
    assert (back["errors"], back["new"], back["changed"]) == (0, 0, 0)
    error = io.StringIO()
    with pytest.raises(SystemExit) as ended:
        call_command(
            "results_workbook", "out", str(file), stderr=error, **(asked | {"scope": "10"})
        )
    assert ended.value.code == 2
    assert error.getvalue().strip()


def test_materialise_settles_what_waits(one):
    done = read("materialise")
    assert {each["round"] for each in done} >= {one.pk}
    assert read("materialise") == []
    assert read("stars", "5712", year="2566")["source"] == "materialised"
    assert len(read("materialise", all=True)) == 2
