"""Frameworks as TOML: everything wrong is reported at once, and what is written reads back equal."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.indicators.rules import frameworks as make
from tiddao.indicators.rules.checks import CHECKS, name_of
from tiddao.indicators.rules.definitions import DimensionDefinition, FrameworkDefinition, StarRules
from tiddao.indicators.rules.toml_files import (
    Change,
    DefinitionRefused,
    Finding,
    diff,
    findings_before_publishing,
    findings_in,
    read_toml,
    write_toml,
)

D = Decimal

GOOD = """\
code = "chiang-rai"
title_th = "อำเภอติดดาว เชียงราย"
title_en = "Star District, Chiang Rai"
owner = "CDD-57"
fiscal_year = 2566
version = 1
assessed_level = "district"

[star_rules]
balance_margin = "none"
min_completeness = 75.5

[[round]]
code = "6m"
name_th = "รอบ 6 เดือน"
name_en = "6 months"
opens = 2023-03-16
closes = 2023-04-15
true_on = 2023-03-31

[[dimension]]
code = "2"
name_th = "ประสานงานดี"
name_en = "Coordination"
weight = 40
order = 2

[[dimension.indicator]]
code = "2.1"
name_th = "ภาคี"
name_en = "Partners"
kind = "count"
unit_th = "ภาคี"
unit_en = "partners"
weight = 1
ladder = [1, 2, 3, 4, 5]
reports_at = "district"
rollup = "sum"

[[dimension]]
code = "1"
name_th = "บริหารดี"
name_en = "Management"
weight = 60
order = 1

[[dimension.indicator]]
code = "1.1"
name_th = "การเบิกจ่าย"
name_en = "Disbursement"
kind = "ratio"
unit_th = "ร้อยละ"
unit_en = "per cent"
weight = 1
ladder = [92, 93, 94, 95, 96.25]
reports_at = "district"
rollup = "parts"
factor = 100
maximum = 100
numerator_th = "เบิกจ่าย"
denominator_th = "งบ"
base_th = "งบจัดสรร"
"""


def refused(text: str) -> tuple[Finding, ...]:
    with pytest.raises(DefinitionRefused) as error:
        read_toml(text, file="chiang-rai.toml")
    return error.value.findings


def test_good_file_is_read() -> None:
    definition = read_toml(GOOD, file="chiang-rai.toml")
    assert [each.code for each in definition.dimensions] == ["1", "2"]  # by order
    assert definition.indicator("1.1").ladder == make.ladder(92, 93, 94, 95, "96.25")
    assert definition.star_rules == StarRules(balance_margin=None, min_completeness=D("75.5"))
    assert definition.round("6m").true_on.isoformat() == "2023-03-31"
    assert definition.proposed
    assert read_toml(write_toml(definition), file="again") == definition
    assert findings_before_publishing(definition) == ()
    with pytest.raises(KeyError):
        definition.indicator("9.9")
    with pytest.raises(KeyError):
        definition.round("9m")


@pytest.mark.parametrize(
    ("before", "after", "check", "key"),
    [
        ('code = "chiang-rai"', "", "missing_key", "code"),
        ('owner = "CDD-57"', 'owner = "CDD 57"', "code_form", "owner"),
        ('title_th = "อำเภอติดดาว เชียงราย"', 'title_th = " "', "blank", "title_th"),
        ('title_th = "อำเภอติดดาว เชียงราย"', "title_th = 5", "wrong_type", "title_th"),
        ("fiscal_year = 2566", "fiscal_year = 2023", "fiscal_year_possible", "fiscal_year"),
        ("fiscal_year = 2566", 'fiscal_year = "2566"', "wrong_type", "fiscal_year"),
        ("fiscal_year = 2566", "fiscal_year = 2567", "round_in_fiscal_year", "round[6m].true_on"),
        ("version = 1", "version = 0", "version_from_one", "version"),
        ("version = 1", "version = true", "wrong_type", "version"),
        ('"district"\n\n[star', '"amphoe"\n\n[star', "unknown_choice", "assessed_level"),
        ("min_completeness = 75.5", "min_completeness = 101", "star_rules_possible", "star_rules.min_completeness"),
        ("min_completeness = 75.5", "min_completeness = nan", "not_a_number", "star_rules.min_completeness"),
        ("min_completeness = 75.5", "min_completeness = 1e999999999", "not_a_number", "star_rules.min_completeness"),
        ("min_completeness = 75.5", "breakpoints = [75, 50, 100]", "star_rules_possible", "star_rules.breakpoints"),
        ("min_completeness = 75.5", "penalty_per_missed_report = -1", "star_rules_possible", "star_rules.penalty_per_missed_report"),
        ("min_completeness = 75.5", "cutoffs = [90, 80, 80, 50]", "cutoffs_fall", "star_rules.cutoffs"),
        ("min_completeness = 75.5", "cutoffs = [120, 80, 70, 50]", "cutoffs_fall", "star_rules.cutoffs"),
        ("min_completeness = 75.5", "cutoffs = [90, 80, 70]", "wrong_length", "star_rules.cutoffs"),
        ('balance_margin = "none"', "balance_margin = 5", "star_rules_possible", "star_rules.balance_margin"),
        ('balance_margin = "none"', "balance_margin = false", "wrong_type", "star_rules.balance_margin"),
        ("[star_rules]", "[[star_rules]]", "wrong_type", "star_rules"),
        ("closes = 2023-04-15", "closes = 2023-03-01", "round_days_in_order", "round[6m].closes"),
        ("closes = 2023-04-15", "closes = 2023-03-20", "round_days_in_order", "round[6m].closes"),
        ("closes = 2023-04-15", "closes = 2023-04-15T00:00:00", "wrong_type", "round[6m].closes"),
        ("weight = 40", "weight = 0", "weight_above_zero", "dimension[2].weight"),
        ("order = 2", "order = 1", "order_twice", "dimension[1].order"),
        ('code = "2.1"', 'code = "1.1"', "code_twice", "dimension[1].indicator[1.1].code"),
        ('code = "2"', 'code = "1"', "code_twice", "dimension[1].code"),
        ('code = "2.1"\n', "", "missing_key", "dimension[2].indicator[#1].code"),
        ('kind = "count"', 'kind = "cuont"', "unknown_choice", "dimension[2].indicator[2.1].kind"),
        ('kind = "count"', 'kind = "count"\nlink = "budget"', "link_of_kind", "dimension[2].indicator[2.1].link"),
        ('kind = "count"', 'kind = "count"\notherwise = "count"', "link_of_kind", "dimension[2].indicator[2.1].otherwise"),
        ('kind = "count"', 'kind = "linked"', "link_of_kind", "dimension[2].indicator[2.1].link"),
        ('kind = "count"', 'kind = "milestone"', "steps_of_kind", "dimension[2].indicator[2.1].steps_th"),
        ('kind = "count"', 'kind = "count"\nsteps_th = ["ก"]', "steps_of_kind", "dimension[2].indicator[2.1].steps_th"),
        ('kind = "count"', 'kind = "count"\nsteps_th = [""]', "blank", "dimension[2].indicator[2.1].steps_th"),
        ('kind = "count"', 'kind = "count"\nsource_rows = "A55"', "wrong_type", "dimension[2].indicator[2.1].source_rows"),
        ('kind = "count"', 'kind = "count"\neffort = 0', "effort_above_zero", "dimension[2].indicator[2.1].effort"),
        ('kind = "count"', 'kind = "count"\nbreakpoints = [1, 2, 3]', "scale_of_scheme", "dimension[2].indicator[2.1].breakpoints"),
        ('kind = "count"', 'kind = "count"\nbreakpoints = [1, 1, 1]', "ladder_runs_one_way", "dimension[2].indicator[2.1].breakpoints"),
        ('kind = "count"', 'kind = "count"\nfactor = -1', "factor_of_kind", "dimension[2].indicator[2.1].factor"),
        ('rollup = "sum"', 'rollup = "parts"', "parts_described", "dimension[2].indicator[2.1].denominator_th"),
        ('rollup = "parts"', 'rollup = "mean"', "rollup_of_kind", "dimension[1].indicator[1.1].rollup"),
        ("ladder = [1, 2, 3, 4, 5]\n", "", "scale_of_scheme", "dimension[2].indicator[2.1].ladder"),
        ("ladder = [1, 2, 3, 4, 5]", "ladder = [1, 2, 3, 4]", "wrong_length", "dimension[2].indicator[2.1].ladder"),
        ("ladder = [1, 2, 3, 4, 5]", "ladder = [1, 2, 1, 4, 5]", "ladder_runs_one_way", "dimension[2].indicator[2.1].ladder"),
        ("ladder = [1, 2, 3, 4, 5]", "ladder = [3, 3, 3, 3, 3]", "ladder_runs_one_way", "dimension[2].indicator[2.1].ladder"),
        ("ladder = [1, 2, 3, 4, 5]", 'ladder = ["๑", 2, 3, 4, 5]', "wrong_type", "dimension[2].indicator[2.1].ladder"),
        ("maximum = 100", "maximum = 96", "scale_within_bounds", "dimension[1].indicator[1.1].ladder"),
        ("maximum = 100", "maximum = 100\nminimum = 100", "bounds_in_order", "dimension[1].indicator[1.1].minimum"),
        ("maximum = 100", "maximun = 100", "unknown_key", "dimension[1].indicator[1.1].maximun"),
    ],
)  # fmt: skip
def test_each_fault_is_found_and_placed(before: str, after: str, check: str, key: str) -> None:
    assert GOOD.count(before) >= 1
    findings = refused(GOOD.replace(before, after, 1))
    assert (check, key) in {(each.check, each.key) for each in findings}
    for each in findings:
        assert each.file == "chiang-rai.toml"
        assert re.search("[ก-๙]", each.reason)


def test_every_check_of_sense_is_met_by_a_test() -> None:
    cases = test_each_fault_is_found_and_placed.pytestmark[0].args[1]
    assert {name_of(each) for each in CHECKS} <= {check for _, _, check, _ in cases}


def test_all_faults_are_reported_at_once() -> None:
    text = GOOD.replace("version = 1", "versoin = 1").replace("weight = 40", "weight = -1")
    text = text.replace("ladder = [1, 2, 3, 4, 5]", "ladder = [2, 1, 3, 4, 5]")
    assert {(each.check, each.key) for each in refused(text)} == {
        ("unknown_key", "versoin"),
        ("missing_key", "version"),
        ("weight_above_zero", "dimension[2].weight"),
        ("ladder_runs_one_way", "dimension[2].indicator[2.1].ladder"),
    }


def test_unknown_key_suggests_the_nearest() -> None:
    (finding,) = refused(GOOD.replace("maximum = 100", "maximun = 100"))
    assert "maximum" in finding.reason
    assert str(finding).startswith("chiang-rai.toml: dimension[1].indicator[1.1].maximun:")


@pytest.mark.parametrize(
    ("text", "line"),
    [('code = "a\nversion = 1', 1), ('code = "a"\nversion =\n', 2), ("a = 1\na = 2", 2)],
)
def test_syntax_error_names_its_line(text: str, line: int) -> None:
    (finding,) = refused(text)
    assert finding.check == "syntax"
    assert finding.key == f"line {line}"


def test_number_too_long_to_read_is_refused() -> None:
    (finding,) = refused(f"version = {'9' * 5000}")
    assert finding.check == "syntax"


def test_linked_indicator_is_reported_by_hand_in_another_kind_only() -> None:
    linked = GOOD.replace(
        'kind = "count"', 'kind = "linked"\nlink = "budget"\notherwise = "linked"'
    )
    assert {each.check for each in refused(linked)} == {"link_of_kind"}
    good = linked.replace('otherwise = "linked"', 'otherwise = "count"')
    assert read_toml(good, file="x").indicator("2.1").otherwise == "count"


def test_points_framework_needs_breakpoints() -> None:
    points = GOOD.replace('"district"\n\n[star', '"district"\nscheme = "points100"\n\n[star')
    assert {(each.check, each.key.rsplit(".", 1)[1]) for each in refused(points)} == {
        ("scale_of_scheme", "ladder"),
        ("scale_of_scheme", "breakpoints"),
    }


@settings(max_examples=150, deadline=None)
@given(make.frameworks())
def test_what_is_written_reads_back_equal(definition: FrameworkDefinition) -> None:
    text = write_toml(definition)
    again = read_toml(text, file="written.toml")
    assert again == definition
    assert write_toml(again) == text
    assert diff(definition, again) == ()


@given(st.text(st.characters(codec="utf-8")))
def test_any_text_survives_writing(text: str) -> None:
    definition = replace(read_toml(GOOD, file="x"), notes=text)
    assert read_toml(write_toml(definition), file="x").notes == text


def test_findings_in_a_definition_made_in_memory() -> None:
    definition = read_toml(GOOD, file="x")
    wrong = replace(definition, star_rules=StarRules(balance_margin=9))
    assert [each.key for each in findings_in(wrong)] == ["star_rules.balance_margin"]
    assert findings_in(definition) == ()


def test_publishing_needs_something_to_score() -> None:
    empty = replace(read_toml(GOOD, file="x"), rounds=(), dimensions=())
    assert findings_in(empty) == ()
    assert {each.check for each in findings_before_publishing(empty)} == {
        "no_dimension",
        "no_round",
    }
    bare = DimensionDefinition(code="1", name_th="ก", name_en="a", weight=D(1), order=1)
    hollow = replace(read_toml(GOOD, file="x"), dimensions=(bare,))
    assert [each.check for each in findings_before_publishing(hollow)] == ["no_indicator"]


def test_diff_says_what_changed_in_the_order_of_the_file() -> None:
    before = read_toml(GOOD, file="x")
    changed = GOOD.replace("fiscal_year = 2566", 'fiscal_year = 2566\nnotes = "ใหม่"')
    changed = changed.replace("96.25", "97").replace('code = "6m"', 'code = "6.m"')
    changed = changed.replace("min_completeness = 75.5\n", "")
    after = read_toml(changed, file="y")
    assert diff(before, after) == (
        Change("notes", None, '"ใหม่"'),
        Change("star_rules.min_completeness", "75.5", "80"),
        Change("round[6.m]", None, "รอบ 6 เดือน"),
        Change(
            "dimension[1].indicator[1.1].ladder", "[92, 93, 94, 95, 96.25]", "[92, 93, 94, 95, 97]"
        ),
        Change("round[6m]", "รอบ 6 เดือน", None),
    )


def test_diff_names_an_indicator_that_went_once() -> None:
    before = read_toml(GOOD, file="x")
    one, two = before.dimensions
    after = replace(before, dimensions=(replace(one, indicators=()), two))
    assert diff(before, after) == (Change("dimension[1].indicator[1.1]", "การเบิกจ่าย", None),)
    assert diff(after, before) == (Change("dimension[1].indicator[1.1]", None, "การเบิกจ่าย"),)
