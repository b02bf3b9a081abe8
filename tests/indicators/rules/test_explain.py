"""The explanation is enough: a script that knows nothing of Tiddao finds the same star."""

from __future__ import annotations

import io
import json
import runpy
import subprocess
import sys
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.indicators.rules import frameworks as make
from tiddao.indicators.rules.explain import explain
from tiddao.indicators.rules.scoring import NOT_REPORTED, Parts, score_place

D = Decimal
SCRIPT = Path(__file__).resolve().parents[1] / "independent_star.py"


def test_independent_script_is_short_and_independent() -> None:
    text = SCRIPT.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= 60
    imported = {
        line.split()[1] for line in text.splitlines() if line.startswith(("import", "from"))
    }
    assert imported <= sys.stdlib_module_names


def recomputed(tree: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    out = io.StringIO()
    with monkeypatch.context() as patch:
        patch.setattr(sys, "stdin", io.StringIO(json.dumps(tree)))
        patch.setattr(sys, "stdout", out)
        runpy.run_path(str(SCRIPT))
    answer: dict[str, Any] = json.loads(out.getvalue())
    return answer


@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.data())
def test_star_is_recomputed_from_the_json_alone(
    monkeypatch: pytest.MonkeyPatch, data: st.DataObject
) -> None:
    definition = data.draw(make.frameworks())
    found, not_applicable, missed = data.draw(make.places(definition))
    score = score_place(definition, found, not_applicable=not_applicable, missed_reports=missed)
    answer = recomputed(explain(definition, score), monkeypatch)
    levels = {each.code: str(each.level) for each in score.indicators if each.level is not None}
    assert answer["levels"] == levels
    assert answer["stars"] == score.stars
    assert answer["score"] == (None if score.score is None else str(score.score))
    for dimension in score.dimensions:
        expected = None if dimension.score is None else str(dimension.score)
        assert answer["scores"][dimension.code] == expected
        assert answer["dimension_stars"].get(dimension.code) == dimension.stars


def example() -> tuple[Any, Any]:
    definition = make.framework(
        make.dimension(
            "1",
            make.ratio("1.1", ladder=make.ladder(92, 93, 94, 95, 96), source_rows=("A61",)),
            make.stepped("1.2", weight=D(75)),
            weight=80,
        ),
        make.dimension("2", make.stepped("2.1"), make.ratio("2.2", weight=D(5))),
    )
    found = {
        "1.1": Parts(D(9328), D(10000)),
        "1.2": make.at_level(5),
        "2.1": make.at_level(1),
        "2.2": Parts(D(90), D(100), 16, 18),
    }
    return definition, score_place(definition, found)


def test_script_reads_what_the_command_prints() -> None:
    definition, score = example()
    document = json.dumps({"place": "5712", "explanation": explain(definition, score)})
    done = subprocess.run(
        [sys.executable, "-I", str(SCRIPT)],
        input=document,
        capture_output=True,
        text=True,
        check=True,
    )
    assert json.loads(done.stdout)["stars"] == score.stars == 2
    assert json.loads(done.stdout)["levels"]["1.1"] == "2.2800"


def test_every_step_is_said_in_plain_thai() -> None:
    definition, score = example()
    tree = explain(definition, score)
    first = tree["dimensions"][0]["indicators"][0]
    value, level, weight = first["sentences_th"]
    assert value == "หมู่บ้านที่ทำแล้ว 9,328 ÷ หมู่บ้านทั้งหมด 10,000 × 100 = ร้อยละ 93.28"
    assert level == (
        "เทียบเกณฑ์ 5 ระดับ 92/93/94/95/96: 93.28 อยู่ระหว่างระดับ 2 (93) กับระดับ 3 (94) "
        "เทียบบัญญัติไตรยางศ์ 2 + (93.28 − 93) ÷ (94 − 93) = 2.2800"
    )
    assert weight == "น้ำหนัก 25 จาก 100 ที่มีคะแนนในมิติ คิดเป็น 0.5700"
    assert (first["unit_th"], first["base_th"], first["source_rows"]) == ("ร้อยละ", "หมู่บ้าน", ["A61"])
    last = tree["dimensions"][1]["indicators"][1]
    assert "รายงานแล้ว 16 จาก 18 หน่วยงาน" in last["sentences_th"][1]
    assert tree["sentences_th"][-1] == (
        "กฎความสมดุล: ดาวรวมเกินมิติที่ต่ำสุดได้ไม่เกิน 1 ดาว มิติ 2 มิติ 2 ต่ำสุด จึงได้ 2 ดาว"
    )
    assert tree["capped_by"] == "2"


def test_what_is_not_reported_is_null_and_said() -> None:
    definition, _ = example()
    score = score_place(
        definition, {"1.2": make.at_level(3), "2.1": NOT_REPORTED}, not_applicable={"2.2"}
    )
    tree = explain(definition, score)
    (missing, _), (silent, excused) = (each["indicators"] for each in tree["dimensions"])
    assert (missing["value"], missing["level"], missing["parts"]["numerator"]) == (None, None, None)
    assert missing["sentences_th"] == ["ยังไม่รายงาน จึงไม่มีคะแนน (ไม่ใช่ศูนย์) และทำให้ความครบถ้วนลดลง"]
    assert silent["status"] == "missing"
    assert excused["status"] == "not_applicable"
    assert (tree["stars"], tree["starred"], tree["incomplete"]) == (None, False, ["1", "2"])
    assert "ข้อมูลไม่ครบ" in tree["sentences_th"][-1]


def test_points_scheme_is_explained_with_its_own_scale() -> None:
    low = make.Breakpoints((D(60), D(70), D(80)))
    definition = make.framework(
        make.dimension("1", make.ratio("1.1", ladder=None, breakpoints=low)), scheme="points100"
    )
    tree = explain(definition, score_place(definition, {"1.1": Parts(D(65), D(100))}))
    one = tree["dimensions"][0]["indicators"][0]
    assert (one["ladder"], one["breakpoints"], one["level"]) == (
        None,
        ["60", "70", "80"],
        "62.5000",
    )
    assert (
        "ขั้นต้น/มาตรฐาน/ขั้นสูง 60/70/80 (คะแนน 50/75/100): 65 ได้ 62.5000 คะแนน"
        in one["sentences_th"][1]
    )
    assert tree["star_rules"]["full_marks"] == "100"
