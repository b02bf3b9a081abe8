"""Frameworks for tests: small ones made by hand, random ones made by hypothesis."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from tiddao.indicators.rules.definitions import (
    KINDS,
    LEVELS,
    ROLLUPS_OF_KIND,
    Breakpoints,
    DimensionDefinition,
    FrameworkDefinition,
    IndicatorDefinition,
    Ladder,
    RoundDefinition,
    StarRules,
)
from tiddao.indicators.rules.scoring import NOT_REPORTED, Parts

D = Decimal


def ladder(*levels: float | str) -> Ladder:
    one, two, three, four, five = (D(str(each)) for each in levels)
    return Ladder((one, two, three, four, five))


def ratio(code: str, **changes: Any) -> IndicatorDefinition:
    """A percentage of villages, ladder 60/70/80/90/100, unless told otherwise."""
    fields: dict[str, Any] = {
        "code": code,
        "name_th": f"ตัวชี้วัด {code}",
        "name_en": f"Indicator {code}",
        "kind": "ratio",
        "unit_th": "ร้อยละ",
        "unit_en": "per cent",
        "weight": D(25),
        "reports_at": "district",
        "rollup": "parts",
        "ladder": ladder(60, 70, 80, 90, 100),
        "factor": D(100),
        "minimum": D(0),
        "maximum": D(100),
        "whole": True,
        "numerator_th": "หมู่บ้านที่ทำแล้ว",
        "denominator_th": "หมู่บ้านทั้งหมด",
        "base_th": "หมู่บ้าน",
    }
    return IndicatorDefinition(**fields | changes)


def stepped(code: str, kind: str = "milestone", **changes: Any) -> IndicatorDefinition:
    """A milestone or rubric on 1/2/3/4/5."""
    fields: dict[str, Any] = {
        "kind": kind,
        "unit_th": "ขั้น",
        "rollup": "mean",
        "ladder": ladder(1, 2, 3, 4, 5),
        "factor": D(1),
        "maximum": D(5),
        "whole": False,
        "steps_th": ("หนึ่ง", "สอง", "สาม", "สี่", "ห้า"),
        "numerator_th": "",
        "denominator_th": "",
    }
    return ratio(code, **fields | changes)


def dimension(code: str, *indicators: IndicatorDefinition, weight: int = 20) -> DimensionDefinition:
    return DimensionDefinition(
        code=code,
        name_th=f"มิติ {code}",
        name_en=f"Dimension {code}",
        weight=D(weight),
        order=int(code),
        indicators=indicators,
    )


def framework(*dimensions: DimensionDefinition, **changes: Any) -> FrameworkDefinition:
    fields: dict[str, Any] = {
        "code": "trial",
        "title_th": "ทดลอง",
        "title_en": "Trial",
        "owner": "CDD-57",
        "fiscal_year": 2566,
        "version": 1,
        "assessed_level": "district",
        "dimensions": dimensions,
    }
    return FrameworkDefinition(**fields | changes)


def at_level(level: str | int) -> Parts:
    """Parts of a `stepped` indicator that stand at this level."""
    return Parts(D(level), D(1))


# -- random ---------------------------------------------------------------------------------------

numbers = st.decimals(min_value=-1000, max_value=1000, places=2)
weights = st.decimals(min_value=D("0.1"), max_value=100, places=1)
names = st.text(
    st.characters(codec="utf-8", exclude_characters="\x00"), min_size=1, max_size=12
).filter(lambda text: bool(text.strip()))


@st.composite
def ladders(draw: st.DrawFn) -> Ladder:
    """Ladders both ways, often with equal neighbours."""
    distinct = draw(st.lists(numbers, min_size=2, max_size=5, unique=True).map(sorted))
    extra = draw(st.lists(st.sampled_from(distinct), min_size=5, max_size=5))
    values = sorted([*distinct, *extra][:5])
    if values[0] == values[-1]:
        values[-1] += 1
    if draw(st.booleans()):
        values.reverse()
    return ladder(*map(str, values))


@st.composite
def breakpoints(draw: st.DrawFn) -> Breakpoints:
    low, mid, high = sorted(draw(st.lists(numbers, min_size=3, max_size=3, unique=True)))
    mid = draw(st.sampled_from([low, mid, high]))
    return Breakpoints((low, mid, high) if draw(st.booleans()) else (high, mid, low))


@st.composite
def star_rules(draw: st.DrawFn) -> StarRules:
    five, four, three, two = sorted(
        draw(st.lists(st.integers(1, 100), min_size=4, max_size=4, unique=True)), reverse=True
    )
    return StarRules(
        cutoffs=(D(five), D(four), D(three), D(two)),
        min_completeness=D(draw(st.sampled_from([0, 50, 66, 80, 100]))),
        balance_margin=draw(st.sampled_from([None, 0, 1, 2])),
        penalty_per_missed_report=D(draw(st.sampled_from(["0", "0.2", "0.35"]))),
        breakpoints=draw(st.sampled_from([(D(50), D(75), D(100)), (D(50), D(70), D(100))])),
    )


@st.composite
def indicators(draw: st.DrawFn, code: str, scheme: str) -> IndicatorDefinition:
    kind = draw(st.sampled_from(KINDS))
    otherwise = None
    if kind == "linked":
        otherwise = draw(st.sampled_from([None, "ratio", "milestone", "rubric", "average"]))
    rollups = set(ROLLUPS_OF_KIND[kind]) & set(ROLLUPS_OF_KIND[otherwise or kind])
    has_steps = kind in ("milestone", "rubric") or otherwise in ("milestone", "rubric")
    return ratio(
        code,
        name_th=draw(names),
        kind=kind,
        otherwise=otherwise,
        link="budget" if kind == "linked" else "",
        weight=draw(weights),
        rollup=draw(st.sampled_from(sorted(rollups))),
        reports_at=draw(st.sampled_from(LEVELS)),
        ladder=draw(ladders()) if scheme == "ladder5" else None,
        breakpoints=draw(breakpoints()) if scheme == "points100" else None,
        factor=D(1) if has_steps else D(draw(st.sampled_from([1, 100]))),
        minimum=None,
        maximum=None,
        whole=draw(st.booleans()),
        effort=D(draw(st.sampled_from(["1", "2", "0.5", "1.25"]))),
        steps_th=("ก", "ข", "ค", "ง", draw(names)) if has_steps else (),
        why_th=draw(st.one_of(st.just(""), names)),
        source_rows=draw(st.sampled_from([(), ("A55",), ("A59", "B66")])),
    )


@st.composite
def frameworks(
    draw: st.DrawFn, *, max_dimensions: int = 4, max_indicators: int = 4
) -> FrameworkDefinition:
    scheme = draw(st.sampled_from(["ladder5", "ladder5", "points100"]))
    dimensions = []
    for number in range(1, draw(st.integers(1, max_dimensions)) + 1):
        inside = [
            draw(indicators(f"{number}.{each}", scheme))
            for each in range(1, draw(st.integers(1, max_indicators)) + 1)
        ]
        dimensions.append(
            DimensionDefinition(
                code=str(number),
                name_th=draw(names),
                name_en=draw(names),
                weight=draw(weights),
                order=number,
                outcome=draw(st.booleans()),
                indicators=tuple(inside),
            )
        )
    rounds = tuple(
        RoundDefinition(
            code=code,
            name_th=draw(names),
            name_en=code,
            opens=date(2023, 1, 1),
            closes=draw(st.dates(date(2023, 3, 31), date(2023, 12, 31))),
            true_on=date(2023, 3, 31),
        )
        for code in draw(st.sampled_from([(), ("6m",), ("6m", "2023-03-31")]))
    )
    return framework(
        *dimensions,
        scheme=scheme,
        star_rules=draw(star_rules()),
        rounds=rounds,
        proposed=draw(st.booleans()),
        notes=draw(st.one_of(st.just(""), names)),
        title_th=draw(names),
    )


@st.composite
def parts(draw: st.DrawFn, indicator: IndicatorDefinition) -> Parts:
    """Parts of any size whose value often falls on or beside a step of the scale."""
    expected = draw(st.integers(1, 20))
    reported = draw(st.one_of(st.just(expected), st.integers(1, expected)))
    denominator = None
    if indicator.rollup != "sum":
        denominator = D(draw(st.integers(1, 999)))
    scale = indicator.ladder or indicator.breakpoints
    assert scale is not None
    near = draw(st.sampled_from(scale.rising)) * (-1 if scale.descending else 1)
    aimed = near * (denominator or 1) / indicator.factor
    numerator = draw(
        st.one_of(
            st.decimals(-2000, 2000, places=4),
            st.just(aimed.quantize(D("0.00000001"))),
            st.decimals(-1, 1, places=3).map(lambda by: aimed.quantize(D("0.0001")) + by),
        )
    )
    return Parts(numerator, denominator, reported, expected)


@st.composite
def places(
    draw: st.DrawFn, definition: FrameworkDefinition
) -> tuple[Mapping[str, Parts], frozenset[str], Mapping[str, int]]:
    """What a place reported, what does not apply to it, and how many reports it missed."""
    found: dict[str, Parts] = {}
    not_applicable: set[str] = set()
    missed: dict[str, int] = {}
    for indicator in definition.indicators:
        match draw(st.sampled_from("rrrrrrrrmna")):
            case "r":
                found[indicator.code] = draw(parts(indicator))
                if draw(st.integers(0, 5)) == 0:
                    missed[indicator.code] = draw(st.integers(1, 3))
            case "n":
                found[indicator.code] = NOT_REPORTED
            case "a":
                not_applicable.add(indicator.code)
    return found, frozenset(not_applicable), missed
