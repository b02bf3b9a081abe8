"""A framework (แบบประเมิน) as data: dimensions, indicators, ladders, rounds, star rules.

Nothing here computes a score; `scoring` does. Everything is frozen, so that a definition which
a closed round used cannot change under it: a new version is a new object.

Percentages, weights, values and points are `Decimal`. Years are Buddhist fiscal years, dates are
Gregorian. Texts ending in `_th` and `_en` are shown to people as they stand.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import Literal, get_args

from tiddao.kernel.numerals import format_trimmed

Kind = Literal["ratio", "count", "average", "latest", "milestone", "rubric", "linked"]
Rollup = Literal["parts", "mean", "sum"]
Scheme = Literal["ladder5", "points100"]
Level = Literal["nation", "province", "district", "tambon", "village"]

KINDS: tuple[Kind, ...] = get_args(Kind)
ROLLUPS: tuple[Rollup, ...] = get_args(Rollup)
SCHEMES: tuple[Scheme, ...] = get_args(Scheme)
LEVELS: tuple[Level, ...] = get_args(Level)

KIND_TH: dict[Kind, str] = {
    "ratio": "อัตราส่วน",
    "count": "จำนวนนับ",
    "average": "ค่าเฉลี่ย",
    "latest": "ยอดสะสมล่าสุด",
    "milestone": "ขั้นความสำเร็จ",
    "rubric": "เกณฑ์คุณภาพ",
    "linked": "เชื่อมจากงานอื่น",
}

ROLLUPS_OF_KIND: dict[Kind, tuple[Rollup, ...]] = {
    "ratio": ("parts",),
    "average": ("parts",),
    "milestone": ("mean",),
    "rubric": ("mean",),
    "count": ("parts", "mean", "sum"),
    "latest": ("parts", "mean", "sum"),
    "linked": ("parts", "mean", "sum"),
}
"""How each kind may be carried to a higher place.

parts: Σ numerators ÷ Σ denominators. mean: Σ values ÷ number of offices that reported, so that a
ladder written for one district stays fair for a province. sum: a plain total.
"""


class LadderRefused(ValueError):
    """The values of a ladder do not run one way."""


def _one_way(values: tuple[Decimal, ...], what: str) -> tuple[bool, tuple[Decimal, ...]]:
    """Direction of the values and the values turned so that they rise; refuse any other shape."""
    descending = values[-1] < values[0]
    rising = tuple(-each for each in values) if descending else values
    if rising[0] == rising[-1]:
        raise LadderRefused(f"{what} ทั้งสองปลายเท่ากัน บอกทิศทางไม่ได้")
    if any(after < before for before, after in pairwise(rising)):
        raise LadderRefused(f"{what} ต้องเรียงไปทางเดียวกัน ห้ามสลับขึ้นลง")
    return descending, rising


@dataclass(frozen=True, slots=True)
class Ladder:
    """The values worth levels 1 to 5, in the indicator's own unit.

    The direction is read from the ends: when L5 is below L1, lower is better; there is no flag to
    contradict it. Equal neighbours are allowed (40/50/60/60/70); a ladder that is all equal or goes
    up and down raises `LadderRefused`.
    """

    levels: tuple[Decimal, Decimal, Decimal, Decimal, Decimal]
    descending: bool = field(init=False, repr=False, compare=False)
    rising: tuple[Decimal, ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        if len(self.levels) != 5:
            raise LadderRefused("บันไดต้องมี 5 ระดับ")
        descending, rising = _one_way(self.levels, "ค่าเป้าหมาย")
        object.__setattr__(self, "descending", descending)
        object.__setattr__(self, "rising", rising)


@dataclass(frozen=True, slots=True)
class Breakpoints:
    """The values worth ขั้นต้น, มาตรฐาน and ขั้นสูง (50/75/100 scheme), in the indicator's unit.

    Direction as for `Ladder`; raises `LadderRefused` alike.
    """

    values: tuple[Decimal, Decimal, Decimal]
    descending: bool = field(init=False, repr=False, compare=False)
    rising: tuple[Decimal, ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        if len(self.values) != 3:
            raise LadderRefused("เกณฑ์ต้องมี 3 ขั้น")
        descending, rising = _one_way(self.values, "ค่าเป้าหมาย")
        object.__setattr__(self, "descending", descending)
        object.__setattr__(self, "rising", rising)


@dataclass(frozen=True, slots=True, kw_only=True)
class StarRules:
    """How scores become stars.

    cutoffs: shares of full marks (per cent) for 5, 4, 3 and 2 stars; below the last is 1 star.
    min_completeness: per cent of a dimension's weight that must be reported for it to have a star.
    balance_margin: the place never has more than this many stars above its lowest dimension;
    None: no balance rule. penalty_per_missed_report: points (of level, or of 100) taken from an
    indicator for each report missed. breakpoints: points at ขั้นต้น/มาตรฐาน/ขั้นสูง, for
    points100 only.
    """

    cutoffs: tuple[Decimal, Decimal, Decimal, Decimal] = (
        Decimal(90),
        Decimal(80),
        Decimal(70),
        Decimal(50),
    )
    min_completeness: Decimal = Decimal(80)
    balance_margin: int | None = 1
    penalty_per_missed_report: Decimal = Decimal(0)
    breakpoints: tuple[Decimal, Decimal, Decimal] = (Decimal(50), Decimal(75), Decimal(100))


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundDefinition:
    """A round of reporting: opens and closes on these days, its results are true on `true_on`."""

    code: str
    name_th: str
    name_en: str
    opens: date
    closes: date
    true_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class IndicatorDefinition:
    """One indicator. value = numerator × factor ÷ denominator, whatever the kind (see `scoring`).

    source_rows: rows of the requirements the indicator answers, e.g. ("A55",).
    base_th: what the figure is measured against, in words. link: the area that computes a linked
    indicator; otherwise: the kind in which the office reports it by hand until that area does.
    whole: the parts are counted things, so fractions are refused.
    minimum and maximum bound the value in the indicator's unit; None: no bound on that side.
    effort: cost of one level, for "next star".
    """

    code: str
    name_th: str
    name_en: str
    kind: Kind
    unit_th: str
    unit_en: str
    weight: Decimal
    reports_at: Level
    rollup: Rollup
    ladder: Ladder | None = None
    breakpoints: Breakpoints | None = None
    factor: Decimal = Decimal(1)
    minimum: Decimal | None = None
    maximum: Decimal | None = None
    whole: bool = False
    effort: Decimal = Decimal(1)
    link: str = ""
    otherwise: Kind | None = None
    numerator_th: str = ""
    denominator_th: str = ""
    base_th: str = ""
    steps_th: tuple[str, ...] = ()
    evidence_th: str = ""
    owner_th: str = ""
    why_th: str = ""
    source_rows: tuple[str, ...] = ()
    source_text: str = ""
    proposed: bool = True

    def amount_th(self, value: Decimal) -> str:
        """Return a value with its unit as Thai people write it: "ร้อยละ 93.28", "4 ขั้น".

        Source: product description, "The place page" (every figure has its unit).
        """
        return amount_th(format_trimmed(value), self.unit_th)


def amount_th(shown: str, unit_th: str) -> str:
    """Return a number as shown with its unit, as Thai people write it: "ร้อยละ 93.28", "4 ขั้น".

    Source: product description, "The place page" (every figure has its unit).
    """
    return f"{unit_th} {shown}" if unit_th == "ร้อยละ" else f"{shown} {unit_th}"


@dataclass(frozen=True, slots=True, kw_only=True)
class DimensionDefinition:
    """One dimension (มิติ); outcome: it is the result that the other dimensions work towards."""

    code: str
    name_th: str
    name_en: str
    weight: Decimal
    order: int
    outcome: bool = False
    indicators: tuple[IndicatorDefinition, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class FrameworkDefinition:
    """A whole framework of one fiscal year and version, owned by one office.

    owner: code of the office, "CDD" or "CDD-57". fiscal_year: Buddhist year, named by its end.
    proposed: nobody has made it official, and every page that shows it says so.
    """

    code: str
    title_th: str
    title_en: str
    owner: str
    fiscal_year: int
    version: int
    assessed_level: Level
    scheme: Scheme = "ladder5"
    proposed: bool = True
    based_on: str = ""
    notes: str = ""
    star_rules: StarRules = StarRules()
    rounds: tuple[RoundDefinition, ...] = ()
    dimensions: tuple[DimensionDefinition, ...] = ()

    @property
    def indicators(self) -> tuple[IndicatorDefinition, ...]:
        """All indicators, in the order of the dimensions."""
        return tuple(each for dimension in self.dimensions for each in dimension.indicators)

    def indicator(self, code: str) -> IndicatorDefinition:
        """Return the indicator with this code; KeyError when there is none.

        Source: product description, "Indicator" (code).
        """
        for each in self.indicators:
            if each.code == code:
                return each
        raise KeyError(code)

    def round(self, code: str) -> RoundDefinition:
        """Return the round with this code; KeyError when there is none.

        Source: product description, "Stars: the rules" (rounds).
        """
        for each in self.rounds:
            if each.code == code:
                return each
        raise KeyError(code)
