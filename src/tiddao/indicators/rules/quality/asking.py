"""All questions about a round: which are asked, how strongly, and in which words.

Every kind controls its own false alarms: of the questions it asks, the expected share of idle ones
is at most ``IDLE[kind]``; single figures far out have a budget instead. Words are those of support: what is unusual, with the figures, and what
would settle it. Nobody is accused; an honest reason is expected more often than not.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal, get_args

import numpy as np

from tiddao.indicators.rules.definitions import IndicatorDefinition
from tiddao.indicators.rules.quality.chances import Floats, false_share
from tiddao.indicators.rules.quality.copies import (
    CopiesLooked,
    CopyFinding,
    look_at_last_round,
    look_at_neighbours,
)
from tiddao.indicators.rules.quality.cutoffs import CutoffFinding, look_at_cutoffs
from tiddao.indicators.rules.quality.digits import DigitFinding, look_at_digits
from tiddao.indicators.rules.quality.edits import Edit, EditFinding, look_at_edits
from tiddao.indicators.rules.quality.history import History, expected
from tiddao.indicators.rules.quality.outliers import OutlierFinding, look_for_outliers
from tiddao.kernel.numerals import format_trimmed, rounded

Kind = Literal["outlier", "digits", "copied", "neighbour", "cutoff", "late_edits"]
Strength = Literal["strong", "fair"]

KINDS: tuple[Kind, ...] = get_args(Kind)

IDLE: Mapping[str, float] = {
    "digits": 0.02,
    "copied": 0.02,
    "neighbour": 0.01,
    "cutoff": 0.005,
    "late_edits": 0.01,
}
"""Expected share of idle questions that a kind may ask (tuned on generated histories)."""
OUTLIERS_EACH = 0.00025
"""Idle questions about single figures that one round may put to each honest office, on average.

Real figures have tails so heavy that none of them alone stands out with certainty: these questions
have a budget instead of a share, and are never called strong."""
STRONG = 0.002
"""A question is strong when so small a share of questions like it would be idle."""
MOST_OUTLIERS = 3
"""No place is asked about more single figures than this in a round: the farthest first."""


@dataclass(frozen=True, slots=True)
class Told:
    """One figure that raised a question. indicator: its code; words_th: the figures in words."""

    indicator: str
    words_th: str


@dataclass(frozen=True, slots=True)
class RoundQuestion:
    """What is asked of one place about a round.

    indicator: its code where the question is about one figure, else "". chance: how often an honest
    office would look like this. other: code of the place that the figures equal, else "".
    """

    place: str
    indicator: str
    kind: Kind
    strength: Strength
    chance: float
    reason_th: str
    figures: tuple[Told, ...]
    other: str = ""


@dataclass(frozen=True, slots=True)
class Look:
    """What a kind had to look at. looked_at: places, pairs or figures; asked: questions of it."""

    kind: Kind
    looked_at: int
    asked: int


@dataclass(frozen=True, slots=True)
class RoundLook:
    """Everything asked about a round, strongest first, and how much was looked at."""

    questions: tuple[RoundQuestion, ...]
    looks: tuple[Look, ...]


@dataclass(frozen=True, slots=True)
class Words:
    """Names for the sentences: definitions by indicator code, place names by code."""

    indicators: Mapping[str, IndicatorDefinition]
    places: Mapping[str, str]


def look_at_round(history: History, edits: Sequence[Edit], words: Words) -> RoundLook:
    """Return the questions about the last round of the history.

    Source: issue 5, "Data quality"; control of false alarms by Benjamini & Hochberg 1995, per kind.
    """
    speaker = _Speaker(history, words)
    expectation = expected(history)
    questions: list[RoundQuestion] = []
    looks: list[Look] = []

    def take(kind: Kind, found: list[RoundQuestion], looked_at: int) -> None:
        questions.extend(found)
        looks.append(Look(kind, looked_at, len(found)))

    outliers = look_for_outliers(history, expectation)
    bound = OUTLIERS_EACH * len(history.places) / max(1, outliers.tests)
    far = [speaker.outlier(each) for each in outliers.findings if each.chance <= bound]
    take("outlier", _few_of_each_place(far), outliers.tests)
    digits = look_at_digits(history)
    shares, tests = _shares(digits.chances)
    take(
        "digits",
        [
            speaker.digits(each, float(digits.chances[each.place]), _strength(shares[each.place]))
            for each in digits.findings
            if shares[each.place] <= IDLE["digits"]
        ],
        tests,
    )
    copied = look_at_last_round(history)
    shares, tests = _shares(copied.chances)
    take(
        "copied",
        [
            speaker.copied(each, float(copied.chances[each.place]), _strength(shares[each.place]))
            for each in copied.findings
            if shares[each.place] <= IDLE["copied"]
        ],
        tests,
    )
    neighbours = look_at_neighbours(history)
    take("neighbour", _neighbours(neighbours, speaker), neighbours.tests)
    cutoffs = look_at_cutoffs(history, expectation)
    shares, tests = _shares(cutoffs.chances)
    take(
        "cutoff",
        [
            speaker.cutoff(each, float(cutoffs.chances[each.place]), _strength(shares[each.place]))
            for each in cutoffs.findings
            if shares[each.place] <= IDLE["cutoff"]
        ],
        tests,
    )
    late = look_at_edits(history, edits)
    shares = false_share(late.chances, len(history.places))
    take(
        "late_edits",
        [
            speaker.late(each, _strength(shares[each.place]))
            for each in late.findings
            if shares[each.place] <= IDLE["late_edits"]
        ],
        len(history.places),
    )
    questions.sort(key=lambda each: (each.chance, each.place, each.kind, each.indicator))
    return RoundLook(tuple(questions), tuple(looks))


def _shares(chances: Floats) -> tuple[Floats, int]:
    tests = int((~np.isnan(chances)).sum())
    return false_share(chances, tests), tests


def _strength(share: float) -> Strength:
    return "strong" if share <= STRONG else "fair"


def _few_of_each_place(questions: list[RoundQuestion]) -> list[RoundQuestion]:
    asked: Counter[str] = Counter()
    kept = []
    for each in sorted(questions, key=lambda question: question.chance):
        asked[each.place] += 1
        if asked[each.place] <= MOST_OUTLIERS:
            kept.append(each)
    return kept


def _neighbours(looked: CopiesLooked, speaker: _Speaker) -> list[RoundQuestion]:
    """One question for each office: about the one it is most alike."""
    shares = false_share(looked.chances, looked.tests)
    best: dict[int, tuple[CopyFinding, float]] = {}
    for finding, share in zip(looked.findings, shares, strict=True):
        if share > IDLE["neighbour"]:
            continue
        if finding.place not in best or finding.chance < best[finding.place][0].chance:
            best[finding.place] = (finding, float(share))
    return [speaker.neighbour(finding, _strength(share)) for finding, share in best.values()]


@dataclass(frozen=True)
class _Speaker:
    """Puts findings into sentences."""

    history: History
    words: Words

    def outlier(self, found: OutlierFinding) -> RoundQuestion:
        now = self._amount(found.indicator, found.value)
        usual = self._amount(found.indicator, found.expected)
        if found.own:
            reason = (
                f"ค่ารอบนี้ {now} ต่างจากที่คาดไว้ราว {usual} มาก (รอบก่อน {self._amount(found.indicator, found.before)}) "
                "ขณะที่หน่วยอื่นในจังหวัดไม่ได้เปลี่ยนเช่นนี้ มีเหตุการณ์หรือวิธีนับที่เปลี่ยนไปหรือไม่"
            )
        else:
            reason = (
                f"ค่าแรกที่รายงาน {now} ห่างจากค่ากลางของหน่วยระดับเดียวกัน {usual} มาก "
                "ตัวตั้ง ตัวหาร และหน่วยนับถูกต้องแล้วหรือไม่"
            )
        told = (self._figure(found.place, found.indicator),)
        return self._question(
            found.place,
            "outlier",
            "fair",
            chance=found.chance,
            reason=reason,
            figures=told,
            indicator=found.indicator,
        )

    def digits(self, found: DigitFinding, chance: float, strength: Strength) -> RoundQuestion:
        span = "ทุกรอบที่ผ่านมา" if found.years else "ปีนี้"
        if found.pattern == "round":
            reason = (
                f"ตัวเลขนับได้ {found.count} ตัวที่รายงาน{span} ลงท้ายด้วย 0 หรือ 5 ถึง {found.round_ones} ตัว "
                f"(หน่วยอื่นราว {_whole(found.usual)} ตัว) เป็นยอดนับจริงหรือยอดประมาณ"
            )
        else:
            often = [
                f"{digit} ({count} ตัว)"
                for digit, count in sorted(enumerate(found.digits), key=lambda each: -each[1])[:3]
            ]
            reason = (
                f"เลขตัวท้ายของตัวเลขนับได้ {found.count} ตัวที่รายงาน{span} ไม่กระจายเหมือนหน่วยอื่น "
                f"พบบ่อยคือ {' '.join(often)} ตัวเลขมาจากทะเบียนหรือการนับใด"
            )
        return self._question(found.place, "digits", strength, chance=chance, reason=reason)

    def copied(self, found: CopyFinding, chance: float, strength: Strength) -> RoundQuestion:
        reason = (
            f"ตัวเลข {len(found.indicators)} จาก {found.looked_at} ตัวชี้วัดเท่ากับรอบก่อนทั้งตัวตั้งและตัวหาร "
            f"(หน่วยอื่นราว {_whole(found.usual)} ตัวชี้วัด) เป็นข้อมูลของรอบนี้แล้วหรือยัง"
        )
        told = tuple(self._figure(found.place, each) for each in found.indicators)
        return self._question(
            found.place, "copied", strength, chance=chance, reason=reason, figures=told
        )

    def neighbour(self, found: CopyFinding, strength: Strength) -> RoundQuestion:
        other = self.history.places[found.source]
        reason = (
            f"ตัวเลข {len(found.indicators)} จาก {found.looked_at} ตัวชี้วัดเท่ากับของ"
            f"{self.words.places.get(other, other)}ทุกช่อง กรอกผิดแถวหรือใช้แฟ้มของอีกหน่วยหรือไม่"
        )
        told = tuple(self._figure(found.place, each) for each in found.indicators)
        return self._question(
            found.place,
            "neighbour",
            strength,
            chance=found.chance,
            reason=reason,
            figures=told,
            other=other,
        )

    def cutoff(self, found: CutoffFinding, chance: float, strength: Strength) -> RoundQuestion:
        reason = (
            f"{len(found.landings)} ตัวชี้วัดที่เคยต่ำกว่าเกณฑ์มาตลอด ขึ้นมาอยู่เหนือเกณฑ์พอดีในรอบเดียวกัน "
            f"(หน่วยอื่นราว {_whole(found.usual)} จาก {found.looked_at}) มีหลักฐานของส่วนที่เพิ่มขึ้นหรือไม่"
        )
        told = tuple(
            Told(
                self.history.indicators[each.indicator].code,
                f"รอบก่อน {self._amount(each.indicator, each.before)} "
                f"รอบนี้ {self._amount(each.indicator, each.value)} "
                f"{'เป้าหมาย' if each.is_target else 'เกณฑ์'} {self._amount(each.indicator, each.cutoff)}",
            )
            for each in found.landings
        )
        return self._question(
            found.place, "cutoff", strength, chance=chance, reason=reason, figures=told
        )

    def late(self, found: EditFinding, strength: Strength) -> RoundQuestion:
        better = sum(each.gains for each in found.edits)
        reason = (
            f"ผู้ใช้คนเดียวแก้ตัวเลขที่ส่งแล้ว {len(found.edits)} ตัวชี้วัดภายใน {found.minutes} นาที "
            f"ก่อนปิดรอบไม่เกินหนึ่งวันหรือหลังจากนั้น และ {better} ตัวทำให้ระดับดีขึ้น "
            f"(การแก้ทั่วไปราวร้อยละ {_whole(found.usual * 100)}) แก้เพราะเหตุใด มีหลักฐานใหม่หรือไม่"
        )
        told = tuple(self._figure(found.place, each.indicator) for each in found.edits)
        return self._question(
            found.place, "late_edits", strength, chance=found.chance, reason=reason, figures=told
        )

    def _question(
        self,
        place: int,
        kind: Kind,
        strength: Strength,
        *,
        chance: float,
        reason: str,
        figures: tuple[Told, ...] = (),
        indicator: int | None = None,
        other: str = "",
    ) -> RoundQuestion:
        code = "" if indicator is None else self.history.indicators[indicator].code
        return RoundQuestion(
            self.history.places[place], code, kind, strength, chance, reason, figures, other
        )

    def _figure(self, place: int, number: int) -> Told:
        """The figure of this round in its parts, and the value of the round before."""
        history = self.history
        parts = [
            format_trimmed(Decimal(repr(float(part[-1, place, number]))))
            for part in (history.numerators, history.denominators)
        ]
        scored = history.indicators[number].scored or parts[1] == "1"
        shown = "" if scored else f" ({parts[0]}/{parts[1]})"
        said = f"รอบนี้ {self._amount(number, float(history.values[-1, place, number]))}{shown}"
        past = history.values[:-1, place, number]
        known = past[np.isfinite(past)]
        if known.size:
            said = f"รอบก่อน {self._amount(number, float(known[-1]))} {said}"
        return Told(history.indicators[number].code, said)

    def _amount(self, number: int, value: float) -> str:
        definition = self.words.indicators.get(self.history.indicators[number].code)
        if math.isnan(value):
            return "–"
        exact = rounded(Decimal(repr(value)), 2)
        return definition.amount_th(exact) if definition else format_trimmed(exact)


def _whole(value: float) -> str:
    return str(round(value))
