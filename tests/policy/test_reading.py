"""The reader as a whole: the command, the seeds, the measured floors, the time."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from tests.policy.gold import DEV, HELD, gold_texts, places
from tests.policy.measuring import CHARACTERS_OF_A_PAGE, Score, measured
from tests.policy.seed_rows import SEEDS, check_rows
from tiddao.policy.rules.explanations import RULES
from tiddao.policy.rules.intake import pasted
from tiddao.policy.rules.listing import as_json, listing
from tiddao.policy.rules.reader import read_document

TEXTS = Path(__file__).parent / "texts"
NEWS = TEXTS / "dev" / "01-news-learning-centre.txt"


def whole(part: str) -> Score:
    scores = measured(gold_texts(part)).values()
    return Score(
        sum(score.right for score in scores),
        [each for score in scores for each in score.missed],
        [each for score in scores for each in score.wrong],
    )


@pytest.mark.parametrize(("part", "least"), [(DEV, 0.98), (HELD, 0.93)])
def test_reading_keeps_what_it_reached(part: str, least: float) -> None:
    score = whole(part)
    assert score.precision is not None
    assert score.recall is not None
    assert score.precision >= least, score.wrong
    assert score.recall >= least, score.missed


@pytest.mark.shared
def test_every_row_of_the_seeds_is_found_on_its_span(shared: Path) -> None:
    seeds = shared / "seeds"
    if not all((seeds / name).is_file() for name in SEEDS.values()):
        pytest.skip("the seeds are not on this machine")
    rows = list(check_rows(seeds))
    assert len(rows) > 140
    assert [row for row in rows if row.verdict != "found"] == []


def test_twenty_pages_are_read_in_two_seconds() -> None:
    text = "\n\n".join(each.text for each in gold_texts(DEV))
    text = (text * 3)[: 20 * CHARACTERS_OF_A_PAGE]
    read_document(pasted(text[:2_000]), places())
    begun = time.process_time()
    read_document(pasted(text), places())
    assert time.process_time() - begun < 2


def test_json_gives_spans_that_count_in_its_own_text() -> None:
    said = json.loads(
        json.dumps(
            as_json(read_document(pasted(NEWS.read_text("utf-8")), places())), ensure_ascii=False
        )
    )
    assert said["text"] == NEWS.read_text("utf-8")
    for each in said["proposals"]:
        start, end = each["span"]
        assert said["text"][start:end] == each["quote"]
        assert each["because"] == RULES[each["rule"]]
    event = next(each for each in said["proposals"] if each["kind"] == "event")
    assert (event["first"], event["start"], event["place"]) == ("2024-02-14", "09:30", "47110205")


def test_listing_says_in_thai_what_the_text_does_not_give() -> None:
    lines = list(listing(read_document(pasted("หัวข้อ\nเบิกจ่ายได้ 33.28 แล้ว"), places())))
    assert any("33.28 หน่วยต้นฉบับไม่ระบุ | ฐาน: ต้นฉบับไม่ระบุ" in line for line in lines)


@pytest.mark.parametrize("part", [DEV, HELD])
def test_listing_has_a_line_for_every_proposal(part: str) -> None:
    for each in gold_texts(part):
        reading = read_document(pasted(each.text), places())
        assert sum(line.startswith("  ") and "[" in line for line in listing(reading)) == len(
            reading.proposals
        )


@pytest.mark.django_db
def test_command_reads_with_the_places_and_groups_of_the_database(tmp_path, capsys) -> None:
    file = tmp_path / "ข่าว.txt"
    file.write_text(
        "ข่าว\nจังหวัดในภาคอีสาน จำนวน 20 จังหวัดในพื้นที่ภาคอีสาน ประชุมที่อำเภอเทิง จังหวัดเชียงราย",
        encoding="utf-8",
    )
    call_command("read", file, "--json")
    said = json.loads(capsys.readouterr().out)
    kinds = {(each["kind"], each.get("key") or each.get("code")) for each in said["proposals"]}
    assert {("group", "region-isan"), ("place", "5704"), ("place", "57")} <= kinds
    call_command("read", file)
    assert "ตรวจนับ" in capsys.readouterr().out


@pytest.mark.django_db
def test_command_refuses_in_words(tmp_path) -> None:
    file = tmp_path / "ภาพ.pdf"
    file.write_bytes(b"not a pdf")
    with pytest.raises(CommandError, match="ไม่ใช่ PDF จริง"):
        call_command("read", file)
    with pytest.raises(CommandError, match="No such file"):
        call_command("read", tmp_path / "ไม่มี.txt")
