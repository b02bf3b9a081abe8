"""Whatever is proposed stands in the source: on every text, whole and mutilated."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.policy.gold import DEV, HELD, GoldText, gold_texts, places
from tiddao.policy.rules.explanations import RULES
from tiddao.policy.rules.intake import pasted
from tiddao.policy.rules.proposals import (
    CountCheck,
    DayNamed,
    Dimension,
    Directive,
    Figure,
    PersonNamed,
    PlaceNamed,
    ProgrammeNamed,
    Proposal,
    TimeNamed,
    Words,
    YearNamed,
)
from tiddao.policy.rules.reader import Reading, read_document
from tiddao.policy.rules.repair import repaired
from tiddao.policy.rules.spans import Span

TEXTS = [*gold_texts(DEV), *gold_texts(HELD)]


def squeezed(text: str) -> str:
    return "".join(repaired(text).text.split())


def pieces(value: Any) -> Iterator[Any]:
    """Every span and every piece of text inside a proposal."""
    if isinstance(value, (Span, Words)):
        yield value
    if isinstance(value, tuple):
        for each in value:
            yield from pieces(each)
    elif is_dataclass(value) and not isinstance(value, type):
        for field in fields(value):
            yield from pieces(getattr(value, field.name))


def check(reading: Reading) -> None:
    whole = squeezed(reading.source.text)
    for proposal in reading.proposals:
        assert proposal.rule in RULES, proposal.rule
        for piece in pieces(proposal):
            span = piece.span if isinstance(piece, Words) else piece
            assert 0 <= span.start <= span.end <= len(reading.source.text)
            if isinstance(piece, Words):
                assert squeezed(piece.text) in squeezed(reading.quote(span)), proposal
        assert reading.quote(proposal.span).strip(), proposal
        check_values(reading, proposal, whole)


def check_values(reading: Reading, proposal: Proposal, whole: str) -> None:
    quote = repaired(reading.quote(proposal.span)).text
    numbers = re.findall(r"\d+", quote)
    match proposal:
        case DayNamed(first=first, last=last):
            for day in {first, last} - {None}:
                assert {str(day.day), f"{day.day:02d}"} & set(numbers), quote
                years = {str(day.year + 543), str(day.year), str(day.year + 543)[2:]}
                assert years & set(numbers), quote
        case TimeNamed(start=start, end=end):
            for at in {start, end} - {None}:
                assert str(at.hour) in {str(int(number)) for number in numbers}, quote
        case YearNamed(be_year=year):
            assert str(year) in numbers
        case Figure(value=value):
            assert value in {
                number_of(found) for found in re.findall(r"\d[\d,]*(?:\.\d+)?", quote)
            }, quote
        case CountCheck(stated=stated):
            assert stated in {int(number) for number in numbers}
        case PersonNamed(name=name, mentions=mentions):
            assert squeezed(name) in whole
            assert all(squeezed(name) in squeezed(reading.quote(span)) for span in mentions)
        case PlaceNamed(name=name) | ProgrammeNamed(name=name) | Dimension(name=name):
            assert squeezed(name) in squeezed(quote), (name, quote)
        case Directive(due=due, due_words=words):
            assert (due is None) or words is not None
        case _:
            pass


def number_of(written: str) -> Any:
    from decimal import Decimal

    return Decimal(written.replace(",", "").rstrip("."))


@pytest.mark.parametrize("each", TEXTS, ids=lambda each: each.name)
def test_every_proposal_of_a_text_stands_in_it(each: GoldText) -> None:
    reading = read_document(pasted(each.text), places())
    assert len(reading.proposals) > 5
    check(reading)


@given(
    each=st.sampled_from(TEXTS),
    seed=st.integers(0, 2**32 - 1),
    kind=st.sampled_from(["cut", "swap lines", "drop", "double", "digits", "join", "noise"]),
)
@settings(max_examples=150, deadline=None)
def test_mutilated_texts_have_nothing_invented_either(each: GoldText, seed: int, kind: str) -> None:
    text = mutated(each.text, kind, random.Random(seed))
    if text.strip():
        check(read_document(pasted(text), places()))


def mutated(  # noqa: PLR0911 -- one way out for each kind
    text: str, kind: str, chance: random.Random
) -> str:
    at, to = sorted(chance.randrange(len(text)) for _ in range(2))
    match kind:
        case "cut":
            return text[at:to]
        case "swap lines":
            lines = text.split("\n")
            chance.shuffle(lines)
            return "\n".join(lines)
        case "drop":
            return "".join(sign for sign in text if chance.random() > 0.03)
        case "double":
            return "".join(sign * (1 + (chance.random() < 0.03)) for sign in text)
        case "digits":
            return re.sub(r"\d", lambda _: chance.choice("0123456789๐๑๙"), text)
        case "join":
            return text.replace("\n", chance.choice(["", " ", "\r\n", "\u200b\n"]))
        case _:
            noise = "ก็่ะ์1.)(“”–\t\u00a0\uf70a\u200bOTOP\n"
            return "".join(
                sign + (chance.choice(noise) if chance.random() < 0.04 else "") for sign in text
            )


@given(
    st.text(
        alphabet=st.sampled_from("กขนายอำเภอจังหวัดที่มิติ 0123456789.,:/()-–“”\n่้็ํเเ๑๒ ณน.วันพศ"),
        max_size=400,
    )
)
@example("1),")  # a number with nothing behind it
@settings(max_examples=100, deadline=None)
def test_any_text_is_read_without_an_error(text: str) -> None:
    if text.strip():
        check(read_document(pasted(text), places()))
