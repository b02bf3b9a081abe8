"""Why this star: everything a score stands on, as JSON, with a plain Thai sentence for each step.

A stranger recomputes the star from this alone: the rules of rounding and order are those of
`scoring` (its docstring), and every number it needs is here. Decimals are strings, exactly as used.
`tiddao explain … --json` prints this under the key "explanation".
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from tiddao.indicators.rules.definitions import (
    KIND_TH,
    DimensionDefinition,
    FrameworkDefinition,
    IndicatorDefinition,
)
from tiddao.indicators.rules.scoring import (
    DimensionScore,
    IndicatorScore,
    Parts,
    PlaceScore,
    level_in,
)
from tiddao.kernel.numerals import format_trimmed

FORMAT = "tiddao-explanation/1"

ROUNDING_TH = (
    "ปัดครึ่งขึ้นทุกครั้ง: ค่าผลงาน 6 ตำแหน่ง ระดับและคะแนน 4 ตำแหน่ง ความครบถ้วน 4 ตำแหน่ง "
    "ทุกขั้นคำนวณต่อจากตัวเลขที่ปัดแล้ว"
)


def explain(definition: FrameworkDefinition, score: PlaceScore) -> dict[str, Any]:
    """Return the whole tree of a score as JSON-able values.

    Shape: format, framework, star_rules, rounding_th, the overall figures with sentences_th, and
    dimensions → indicators, each with its weight, scale, parts, value, level, status and
    sentences_th. Numbers that are computed with are strings of exact decimals; stars and counts of
    offices are whole numbers; what is not there is null.

    Source: product description, "Why this star".
    """
    rules = definition.star_rules
    return {
        "format": FORMAT,
        "framework": {
            "code": definition.code,
            "title_th": definition.title_th,
            "title_en": definition.title_en,
            "owner": definition.owner,
            "fiscal_year": definition.fiscal_year,
            "version": definition.version,
            "proposed": definition.proposed,
            "assessed_level": definition.assessed_level,
            "scheme": definition.scheme,
            "based_on": definition.based_on,
        },
        "star_rules": {
            "full_marks": "5" if definition.scheme == "ladder5" else "100",
            "cutoffs": {
                str(stars): str(cutoff)
                for stars, cutoff in zip((5, 4, 3, 2), rules.cutoffs, strict=True)
            },
            "min_completeness": str(rules.min_completeness),
            "balance_margin": rules.balance_margin,
            "penalty_per_missed_report": str(rules.penalty_per_missed_report),
            "breakpoints": [str(each) for each in rules.breakpoints],
        },
        "rounding_th": ROUNDING_TH,
        "score": _text(score.score),
        "share": _text(score.share),
        "stars": score.stars,
        "stars_by_mean": score.stars_by_mean,
        "capped_by": score.capped_by,
        "starred": score.starred,
        "reason": score.reason,
        "incomplete": list(score.incomplete),
        "completeness": str(score.completeness),
        "sentences_th": _place_sentences(definition, score),
        "dimensions": [
            _dimension(definition, one, scored)
            for one, scored in zip(definition.dimensions, score.dimensions, strict=True)
        ],
    }


def _dimension(
    definition: FrameworkDefinition, dimension: DimensionDefinition, scored: DimensionScore
) -> dict[str, Any]:
    return {
        "code": dimension.code,
        "name_th": dimension.name_th,
        "name_en": dimension.name_en,
        "weight": str(dimension.weight),
        "outcome": dimension.outcome,
        "applies": scored.applies,
        "score": _text(scored.score),
        "share": _text(scored.share),
        "completeness": str(scored.completeness),
        "stars": scored.stars,
        "sentences_th": _dimension_sentences(definition, scored),
        "indicators": [
            _indicator(definition, one, each)
            for one, each in zip(dimension.indicators, scored.indicators, strict=True)
        ],
    }


def _indicator(
    definition: FrameworkDefinition, indicator: IndicatorDefinition, scored: IndicatorScore
) -> dict[str, Any]:
    scale = indicator.ladder.levels if indicator.ladder else None
    breakpoints = indicator.breakpoints.values if indicator.breakpoints else None
    return {
        "code": indicator.code,
        "name_th": indicator.name_th,
        "name_en": indicator.name_en,
        "why_th": indicator.why_th,
        "kind": indicator.kind,
        "kind_th": KIND_TH[indicator.kind],
        "link": indicator.link or None,
        "rollup": indicator.rollup,
        "reports_at": indicator.reports_at,
        "unit_th": indicator.unit_th,
        "unit_en": indicator.unit_en,
        "base_th": indicator.base_th,
        "numerator_th": indicator.numerator_th,
        "denominator_th": indicator.denominator_th,
        "evidence_th": indicator.evidence_th,
        "owner_th": indicator.owner_th,
        "source_rows": list(indicator.source_rows),
        "source_text": indicator.source_text,
        "proposed": indicator.proposed,
        "weight": str(indicator.weight),
        "factor": str(indicator.factor),
        "ladder": [str(each) for each in scale] if scale else None,
        "breakpoints": [str(each) for each in breakpoints] if breakpoints else None,
        "status": scored.status,
        "parts": _parts(scored.parts),
        "value": _text(scored.value),
        "missed": scored.missed,
        "penalty": str(scored.penalty),
        "level": _text(scored.level),
        "weighted": _text(scored.weighted),
        "sentences_th": _indicator_sentences(definition, indicator, scored),
    }


def _parts(parts: Parts | None) -> dict[str, Any]:
    if parts is None:
        return {"numerator": None, "denominator": None, "reported": 0, "expected": 1}
    return {
        "numerator": str(parts.numerator) if parts.reported else None,
        "denominator": _text(parts.denominator),
        "reported": parts.reported,
        "expected": max(parts.expected, 1),
    }


def _text(number: Decimal | None) -> str | None:
    return None if number is None else str(number)


# -- sentences ------------------------------------------------------------------------------------


def _indicator_sentences(
    definition: FrameworkDefinition, indicator: IndicatorDefinition, scored: IndicatorScore
) -> list[str]:
    if scored.status == "not_applicable":
        return ["ไม่ใช้กับพื้นที่นี้ จึงไม่นับทั้งคะแนนและความครบถ้วน"]
    if scored.value is None or scored.level is None or scored.parts is None:
        return ["ยังไม่รายงาน จึงไม่มีคะแนน (ไม่ใช่ศูนย์) และทำให้ความครบถ้วนลดลง"]
    sentences = [_value_sentence(indicator, scored.value, scored.parts)]
    if scored.status == "partly":
        sentences.append(
            f"รายงานแล้ว {scored.parts.reported} จาก {scored.parts.expected} หน่วยงาน "
            "คำนวณจากที่รายงานแล้วเท่านั้น"
        )
    before = level_in(definition, indicator, scored.value)
    sentences.append(_level_sentence(definition, indicator, scored.value, before))
    if scored.missed:
        sentences.append(
            f"ขาดรายงาน {scored.missed} ครั้ง หัก {format_trimmed(scored.penalty)} "
            f"เหลือ {scored.level:f}"
        )
    sentences.append(
        f"น้ำหนัก {format_trimmed(scored.weight)} จาก {format_trimmed(scored.of_weight)} "
        f"ที่มีคะแนนในมิติ คิดเป็น {scored.weighted:f}"
    )
    return sentences


def _value_sentence(indicator: IndicatorDefinition, value: Decimal, parts: Parts) -> str:
    shown = indicator.amount_th(value)
    numerator = format_trimmed(parts.numerator)
    if parts.denominator is None:
        return f"รวม {indicator.numerator_th or indicator.name_th} = {shown}"
    denominator = format_trimmed(parts.denominator)
    times = "" if indicator.factor == 1 else f" × {format_trimmed(indicator.factor)}"
    if indicator.rollup == "mean":
        if parts.denominator == 1:
            return f"ผลที่รายงาน = {shown}"
        return f"ผลรวม {numerator} ÷ {denominator} {indicator.base_th}{times} = {shown}"
    return (
        f"{indicator.numerator_th} {numerator} ÷ {indicator.denominator_th} {denominator}{times} "
        f"= {shown}"
    )


def _level_sentence(
    definition: FrameworkDefinition, indicator: IndicatorDefinition, value: Decimal, level: Decimal
) -> str:
    shown = format_trimmed(value)
    if definition.scheme == "points100":
        assert indicator.breakpoints is not None
        steps = "/".join(format_trimmed(each) for each in indicator.breakpoints.values)
        points = "/".join(format_trimmed(each) for each in definition.star_rules.breakpoints)
        return f"เทียบเกณฑ์ ขั้นต้น/มาตรฐาน/ขั้นสูง {steps} (คะแนน {points}): {shown} ได้ {level:f} คะแนน"
    assert indicator.ladder is not None
    ladder = indicator.ladder
    steps = "/".join(format_trimmed(each) for each in ladder.levels)
    better = " (ยิ่งน้อยยิ่งดี)" if ladder.descending else ""
    said = f"เทียบเกณฑ์ 5 ระดับ {steps}{better}:"
    turned = -value if ladder.descending else value
    if turned <= ladder.rising[0]:
        return f"{said} {shown} ไม่เกินค่าของระดับ 1 จึงได้ระดับ {level:f}"
    if turned >= ladder.rising[4]:
        return f"{said} {shown} ถึงค่าของระดับ 5 จึงได้ระดับ {level:f}"
    k = sum(each <= turned for each in ladder.rising)
    low, high = format_trimmed(ladder.levels[k - 1]), format_trimmed(ladder.levels[k])
    return (
        f"{said} {shown} อยู่ระหว่างระดับ {k} ({low}) กับระดับ {k + 1} ({high}) "
        f"เทียบบัญญัติไตรยางศ์ {k} + ({shown} − {low}) ÷ ({high} − {low}) = {level:f}"
    )


def _dimension_sentences(definition: FrameworkDefinition, scored: DimensionScore) -> list[str]:
    if not scored.applies:
        return ["ไม่มีตัวชี้วัดใดในมิตินี้ใช้กับพื้นที่นี้ จึงไม่นับมิตินี้"]
    if scored.score is None or scored.share is None:
        return ["ยังไม่มีตัวชี้วัดใดรายงาน มิตินี้จึงยังไม่มีคะแนน"]
    minimum = format_trimmed(definition.star_rules.min_completeness)
    reported = format_trimmed(scored.completeness)
    sentences = [
        f"คะแนนมิติ = ผลรวม (น้ำหนัก × ระดับ) ÷ ผลรวมน้ำหนักที่มีคะแนน = {scored.score:f}",
        f"รายงานแล้วร้อยละ {reported} ของน้ำหนัก (ต้องไม่ต่ำกว่าร้อยละ {minimum})",
    ]
    if scored.stars is None:
        sentences.append("ข้อมูลไม่ครบ มิตินี้จึงยังไม่มีดาว")
    else:
        sentences.append(_stars_sentence(definition, scored.share, scored.stars))
    return sentences


def _place_sentences(definition: FrameworkDefinition, score: PlaceScore) -> list[str]:
    if score.score is None or score.share is None or score.stars_by_mean is None:
        return ["ยังไม่มีรายงานที่ให้คะแนนได้"]
    names = {each.code: each.name_th for each in score.dimensions}
    sentences = [
        f"คะแนนรวม = ผลรวม (น้ำหนักมิติ × คะแนนมิติ) ÷ ผลรวมน้ำหนักมิติที่มีคะแนน = {score.score:f}",
        _stars_sentence(definition, score.share, score.stars_by_mean),
    ]
    if score.incomplete:
        listed = ", ".join(f"{code} {names[code]}" for code in score.incomplete)
        sentences.append(f"ยังไม่ให้ดาว เพราะข้อมูลไม่ครบในมิติ {listed}")
    elif score.capped_by is not None:
        sentences.append(
            f"กฎความสมดุล: ดาวรวมเกินมิติที่ต่ำสุดได้ไม่เกิน {definition.star_rules.balance_margin} ดาว "
            f"มิติ {score.capped_by} {names[score.capped_by]} ต่ำสุด จึงได้ {score.stars} ดาว"
        )
    return sentences


def _stars_sentence(definition: FrameworkDefinition, share: Decimal, stars: int) -> str:
    cutoffs = "/".join(format_trimmed(each) for each in definition.star_rules.cutoffs)
    full = 5 if definition.scheme == "ladder5" else 100
    return (
        f"คิดเป็นร้อยละ {format_trimmed(share)} ของคะแนนเต็ม {full} เทียบเกณฑ์ดาว {cutoffs} "
        f"(5/4/3/2 ดาว) = {stars} ดาว"
    )
