"""What the ledger's page says."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from django.utils import translation

import tiddao
from tiddao.ledger import queries
from tiddao.ledger.words import act_words, problem_words, thing_words

SOURCE = Path(tiddao.__file__).parent


def recorded_acts() -> dict[str, str]:
    """Every act that stands as a text in a call of ``record``, and where."""
    found = {}
    for path in SOURCE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if (
                isinstance(node, ast.Call)
                and getattr(node.func, "id", "") == "record"
                and node.args
            ):
                for text in ast.walk(node.args[0]):
                    if isinstance(text, ast.Constant) and isinstance(text.value, str):
                        found[text.value] = f"{path.relative_to(SOURCE)}:{node.lineno}"
    return found


def test_every_recorded_act_has_words():
    acts = recorded_acts()
    assert len(acts) > 20
    with translation.override("th"):
        assert not {act: where for act, where in acts.items() if act_words(act) == act}


def test_unknown_act_is_shown_by_its_verb():
    assert act_words("do_something_new") == "do_something_new"


@pytest.mark.parametrize(
    ("reference", "words"),
    [
        ("round:3/place:5712", "รอบ 3 · พื้นที่ 5712"),
        ("user:12/post:7", "บัญชี 12 · ตำแหน่ง 7"),
        ("geography", "ทะเบียนพื้นที่"),
        ("thing:57", "thing:57"),
        ("", ""),
    ],
)
def test_thing_in_words(reference, words):
    with translation.override("th"):
        assert thing_words(reference) == words


@pytest.mark.parametrize("language", ["th", "en"])
def test_every_problem_has_words(language):
    codes = [
        queries.ALTERED, queries.NOT_WAITING, queries.SEALED_AND_WAITING, queries.ENTRY_MISSING,
        queries.GAP, queries.BROKEN, queries.ANCHOR_DIFFERS, queries.ANCHOR_BEYOND,
        queries.ANCHOR_UNREADABLE,
    ]  # fmt: skip
    with translation.override(language):
        assert not [code for code in codes if problem_words(code) == code]
