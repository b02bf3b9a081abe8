"""A person's targets of one personnel round: their states, their marks, their band.

In order, so that anybody can do it again by hand. "Rounded" is half up, and each later step begins
with the rounded number that is shown.

1. Level (ก) of a line: measured, by its own ladder of five steps as for any indicator, four decimals;
   judged, the level 1–5 that was given.
2. ค = ก × ข (level × weight), exact.
3. A part (results, competencies) = Σค ÷ (5 × Σข) × 100, four decimals: full marks are 100.
4. Mark = results × its share + competencies × its share, over 100, two decimals.
5. Band: the first whose lower edge the mark reaches. Half-open: every mark has exactly one band.

Source: domain facts §2.3 (ค = ก × ข, rounds, split, bands), §2.1 (ladder).
"""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Final, Literal, get_args

from tiddao.indicators.rules.definitions import Ladder
from tiddao.indicators.rules.scoring import EXACT, level_of
from tiddao.kernel.fiscal import FiscalYear

Section = Literal["result", "competency"]
State = Literal[
    "draft", "proposed", "agreed", "self-assessed", "assessed", "acknowledged", "objected"
]
Act = Literal[
    "propose", "agree", "send-back", "change", "self-assess", "assess", "acknowledge", "object"
]
Side = Literal["person", "head"]
STATES: Final[tuple[State, ...]] = get_args(State)
ACTS: Final[tuple[Act, ...]] = get_args(Act)
ROUNDS: Final = (1, 2)

HUNDRED: Final = Decimal(100)
LOWEST, HIGHEST = Decimal(1), Decimal(5)
_FOUR, _TWO = Decimal("0.0001"), Decimal("0.01")

TRANSITIONS: Final[Mapping[tuple[State, Act], tuple[Side, State]]] = {
    ("draft", "propose"): ("person", "proposed"),
    ("proposed", "agree"): ("head", "agreed"),
    ("proposed", "send-back"): ("head", "draft"),
    ("agreed", "change"): ("person", "draft"),
    ("agreed", "self-assess"): ("person", "self-assessed"),
    ("self-assessed", "send-back"): ("head", "agreed"),
    ("self-assessed", "assess"): ("head", "assessed"),
    ("assessed", "acknowledge"): ("person", "acknowledged"),
    ("assessed", "object"): ("person", "objected"),
    ("objected", "assess"): ("head", "assessed"),
}
"""(state, act) → whose act it is, and the state after it. What is not here cannot be done."""

NEEDS_WORDS: Final[frozenset[Act]] = frozenset({"send-back", "change", "object"})
"""Acts that need a reason in words; so does assessing again after an objection."""
EDITABLE: Final[frozenset[State]] = frozenset({"draft"})
AWAITS: Final[Mapping[State, Side | None]] = {
    "draft": "person",
    "proposed": "head",
    "agreed": "person",
    "self-assessed": "head",
    "assessed": "person",
    "acknowledged": None,
    "objected": "head",
}
"""Whose step is next."""


class PersonalRefused(ValueError):
    """It cannot be done. code: not-possible, own, not-yours, weights, no-lines, title-missing,
    weight-unfit, levels-missing, levels-unfit, level-unfit, results-missing, words-missing,
    not-editable. detail: what it is about, for the page.
    """

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(code)
        self.code = code
        self.detail = detail


def state_after(state: State, act: Act, *, side: Side | None, own: bool, words: str = "") -> State:
    """The state that an act leaves. side: whose act the doer may do; own: it is the doer's own plan.

    Nobody does the head's part for themselves. Raises PersonalRefused.

    Source: issue 4 "A person's own targets"; domain facts §2.3.
    """
    if (state, act) not in TRANSITIONS:
        raise PersonalRefused("not-possible")
    wanted, after = TRANSITIONS[state, act]
    if wanted == "head" and own:
        raise PersonalRefused("own")
    if side != wanted:
        raise PersonalRefused("not-yours")
    if (act in NEEDS_WORDS or state == "objected") and not words.strip():
        raise PersonalRefused("words-missing")
    return after


# -- marks -----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Line:
    """One line. ladder: of a measured one, None for a judged one; result: in its unit; judged: 1–5."""

    weight: Decimal
    ladder: Ladder | None = None
    result: Decimal | None = None
    judged: Decimal | None = None


def level_of_line(line: Line) -> Decimal | None:
    """ก, the level 1–5; None while there is no result.

    Source: domain facts §2.3 (targets at levels 1–5), §2.1 (linear between steps).
    """
    if line.ladder is None:
        return line.judged
    return None if line.result is None else level_of(line.result, line.ladder)


def product_of(line: Line) -> Decimal | None:
    """ค = ก × ข; None while there is no level.

    Source: domain facts §2.3 (form: score ก, weight ข, ค = ก × ข).
    """
    level = level_of_line(line)
    return None if level is None else EXACT.multiply(level, line.weight)


def weights_together(lines: Iterable[Line]) -> Decimal:
    """Σข.

    Source: domain facts §2.3; issue 4 "weights sum to 100".
    """
    return sum((line.weight for line in lines), Decimal(0))


def share_of_part(lines: Sequence[Line]) -> Decimal | None:
    """A part's share of its full marks, 0–100, four decimals; None while a line has no level.

    Source: domain facts §2.3 (ค = ก × ข; components out of 100).
    """
    products = [product_of(line) for line in lines]
    whole = EXACT.multiply(HIGHEST, weights_together(lines))
    if not lines or whole == 0 or any(each is None for each in products):
        return None
    reached = sum((each for each in products if each is not None), Decimal(0))
    share = EXACT.divide(EXACT.multiply(reached, HUNDRED), whole)
    return share.quantize(_FOUR, ROUND_HALF_UP, EXACT)


@dataclass(frozen=True, slots=True)
class Band:
    """at_least: the lower edge, which belongs to it."""

    code: str
    words: str
    at_least: Decimal
    source: str


@dataclass(frozen=True, slots=True)
class Competency:
    """A competency that everybody is judged by, with its weight."""

    code: str
    words: str
    weight: Decimal


@dataclass(frozen=True, slots=True)
class Scheme:
    """How marks are made, as data. results, competency: per cent of the mark, together 100."""

    code: str
    proposed: bool
    note: str
    results: Decimal
    competency: Decimal
    split_source: str
    bands: tuple[Band, ...]  # the highest first; the last begins at 0
    competencies: tuple[Competency, ...]


@dataclass(frozen=True, slots=True)
class Mark:
    """What a round comes to: the two parts' shares, the mark of 100, its band."""

    results: Decimal
    competency: Decimal
    mark: Decimal
    band: Band


def mark_of(results: Sequence[Line], competency: Sequence[Line], scheme: Scheme) -> Mark | None:
    """The mark of a round; None while anything lacks a level.

    Source: domain facts §2.3 (results 70 + competency 30 = 100; bands).
    """
    one, two = share_of_part(results), share_of_part(competency)
    if one is None or two is None:
        return None
    whole = EXACT.add(EXACT.multiply(one, scheme.results), EXACT.multiply(two, scheme.competency))
    mark = EXACT.divide(whole, HUNDRED).quantize(_TWO, ROUND_HALF_UP, EXACT)
    return Mark(one, two, mark, band_of(mark, scheme.bands))


def band_of(mark: Decimal, bands: Sequence[Band]) -> Band:
    """The one band of a mark of 0–100: the first whose lower edge it reaches.

    Takes the number as it is; ``mark_of`` rounds to two decimals first, so that what is shown as
    90.00 is never called less than 90. Raises ValueError outside 0–100.

    Source: domain facts §2.3 (half-open; a public tool leaves exactly 90 in no band).
    """
    if not 0 <= mark <= HUNDRED:
        raise ValueError(f"a mark is 0–100, not {mark}")
    return next(band for band in bands if mark >= band.at_least)


# -- what may be agreed and handed in --------------------------------------------------------------


def refuse_unready(results: Sequence[Line], competency: Sequence[Line]) -> None:
    """Refuse what cannot be agreed: no line, or weights of a part that are not exactly 100.

    Raises PersonalRefused (no-lines, weights; detail: part and sum).

    Source: issue 4 "weights sum to 100".
    """
    if not results:
        raise PersonalRefused("no-lines")
    for part, lines in (("result", results), ("competency", competency)):
        together = weights_together(lines)
        if together != HUNDRED:
            raise PersonalRefused("weights", f"{part} {together}")


def refuse_unassessed(lines: Iterable[Line]) -> None:
    """Refuse an assessment in which a line has no level. Raises PersonalRefused (results-missing).

    Source: house.md "Not reported is not zero".
    """
    if any(level_of_line(line) is None for line in lines):
        raise PersonalRefused("results-missing")


# -- rounds ----------------------------------------------------------------------------------------


def round_of(on: date) -> tuple[int, int]:
    """(fiscal year, personnel round) that hold the day: 1 is October to March, 2 April to September.

    Source: domain facts §2.3 (letter นร 1012/ว 20 of 3 Sep 2552).
    """
    year = FiscalYear.of(on)
    return year.be, 1 if on <= year.half_end(1) else 2


def round_days(year: int, number: int) -> tuple[date, date]:
    """First and last day of a personnel round. Raises ValueError for a round that is not 1 or 2.

    Source: domain facts §2.3.
    """
    if number not in ROUNDS:
        raise ValueError(f"round {number} is not 1 or 2")
    fiscal = FiscalYear(year)
    return (fiscal.start if number == 1 else fiscal.quarter_start(3)), fiscal.half_end(number)


# -- who assesses ----------------------------------------------------------------------------------

_DISTRICT, _PROVINCE, _NATION = "district", "province", "nation"
_HEADS: Final = {
    _DISTRICT: "district_head",
    _PROVINCE: "provincial_head",
    _NATION: "executive",
}


def head_line(role: str, level: str) -> tuple[tuple[str, str], ...]:
    """(role, level of office) of those who may assess a person, the nearest first.

    role: of the person's post; level: of its office. The head of an office is assessed by the next
    higher head. The first in the line whose post somebody else holds that day assesses; one who
    acts (รักษาราชการแทน) holds it too.

    Source: domain facts §2.3 (cascade department → province → district → officer); matrix.py's line.
    """
    levels = [_DISTRICT, _PROVINCE, _NATION]
    above = levels[levels.index(level) :]
    line = [(_HEADS[each], each) for each in above]
    return tuple(line[1:] if line[0][0] == role and level != _NATION else line)


# -- the data --------------------------------------------------------------------------------------


class SchemeRefused(ValueError):
    """The file cannot be read as a scheme. The message names the file and the key."""


def read_scheme(text: str, *, file: str) -> Scheme:
    """The scheme that a TOML text says. Raises SchemeRefused, which names the file and the key.

    Source: definitions/personal-targets.toml; domain facts §2.3.
    """
    try:
        said = tomllib.loads(text, parse_float=Decimal)
        split = said["split"]
        scheme = Scheme(
            code=str(said["code"]),
            proposed=bool(said["proposed"]),
            note=str(said.get("note", "")),
            results=Decimal(split["results"]),
            competency=Decimal(split["competency"]),
            split_source=str(split["source"]),
            bands=tuple(_band(each) for each in said["bands"]),
            competencies=tuple(_competency(each) for each in said["competencies"]),
        )
    except KeyError as missing:
        raise SchemeRefused(f"{file}: ไม่มี {missing}") from missing
    except (tomllib.TOMLDecodeError, ArithmeticError, TypeError) as wrong:
        raise SchemeRefused(f"{file}: {wrong}") from wrong
    _refuse_wrong(scheme, file)
    return scheme


def _band(said: Mapping[str, Any]) -> Band:
    return Band(said["code"], said["words"], Decimal(said["at_least"]), said["source"])


def _competency(said: Mapping[str, Any]) -> Competency:
    return Competency(said["code"], said["words"], Decimal(said["weight"]))


def _refuse_wrong(scheme: Scheme, file: str) -> None:
    edges: Collection[Decimal] = [band.at_least for band in scheme.bands]
    if scheme.results + scheme.competency != HUNDRED:
        raise SchemeRefused(f"{file}: split ต้องรวมเป็น 100")
    if list(edges) != sorted(set(edges), reverse=True) or not edges or min(edges) != 0:
        raise SchemeRefused(f"{file}: bands ต้องเรียงจากมากไปน้อยและสิ้นสุดที่ 0")
    if sum(each.weight for each in scheme.competencies) != HUNDRED:
        raise SchemeRefused(f"{file}: competencies ต้องรวมเป็น 100")
