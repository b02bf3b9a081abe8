"""Frameworks, results and moments for the tests of this area."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from tiddao.indicators.actions.frameworks import create_framework, publish_version
from tiddao.indicators.actions.reported_rows import ResultRow
from tiddao.indicators.actions.reporting import report_results
from tiddao.indicators.actions.review import approve_results
from tiddao.indicators.models import Result, Round, Version
from tiddao.indicators.rules.definitions import (
    DimensionDefinition,
    FrameworkDefinition,
    IndicatorDefinition,
    Ladder,
    RoundDefinition,
)
from tiddao.indicators.rules.scoring import Reported
from tiddao.ledger.actors import Actor

BANGKOK = ZoneInfo("Asia/Bangkok")
START = datetime(2023, 3, 20, 9, 0, tzinfo=BANGKOK)
REPORTER = Actor("user:1", "ผู้รายงาน", "post:1 district_head CDD-5712")
APPROVER = Actor("user:2", "ผู้อนุมัติ", "post:2 provincial_head CDD-57")


def minutes(count: int) -> datetime:
    """That many minutes after the story begins."""
    return START + timedelta(minutes=count)


def ladder(*levels: int) -> Ladder:
    return Ladder(tuple(Decimal(each) for each in levels))


def ratio(code: str, **changes) -> IndicatorDefinition:
    fields = {
        "name_th": f"ตัวชี้วัด {code}",
        "name_en": f"Indicator {code}",
        "kind": "ratio",
        "unit_th": "ร้อยละ",
        "unit_en": "per cent",
        "weight": Decimal(50),
        "reports_at": "district",
        "rollup": "parts",
        "ladder": ladder(50, 60, 70, 80, 90),
        "factor": Decimal(100),
        "minimum": Decimal(0),
        "maximum": Decimal(100),
        "numerator_th": "หมู่บ้านที่ผ่าน",
        "denominator_th": "หมู่บ้านทั้งหมด",
        "base_th": "หมู่บ้านทั้งหมด",
        "why_th": "เพื่อการทดสอบ",
        "evidence_th": "แฟ้มทดสอบ",
        "owner_th": "กลุ่มงานทดสอบ",
        "source_rows": ("A58",),
        "source_text": "ทดสอบ",
    }
    return IndicatorDefinition(code=code, **(fields | changes))


def milestone(code: str, **changes) -> IndicatorDefinition:
    steps = {
        "kind": "milestone",
        "unit_th": "ขั้น",
        "unit_en": "step",
        "rollup": "mean",
        "ladder": ladder(1, 2, 3, 4, 5),
        "factor": Decimal(1),
        "maximum": Decimal(5),
        "steps_th": ("หนึ่ง", "สอง", "สาม", "สี่", "ห้า"),
        "numerator_th": "",
        "denominator_th": "",
        "base_th": "สพอ. ที่รายงาน",
    }
    return ratio(code, **(steps | changes))


def dimension(code: str, *indicators: IndicatorDefinition, weight: int = 50) -> DimensionDefinition:
    return DimensionDefinition(
        code=code,
        name_th=f"มิติ {code}",
        name_en=f"Dimension {code}",
        weight=Decimal(weight),
        order=int(code),
        indicators=indicators,
    )


def two_dimensions(year: int = 2566, **changes) -> FrameworkDefinition:
    """Two dimensions of two indicators, two rounds, the department's."""
    rounds = tuple(
        RoundDefinition(
            code=code,
            name_th=f"รอบ {months} เดือน",
            name_en=f"{months}-month round",
            opens=opens,
            closes=closes,
            true_on=true_on,
        )
        for code, months, opens, closes, true_on in (
            (
                "6m",
                6,
                date(year - 543, 3, 16),
                date(year - 543, 4, 15),
                date(year - 543, 3, 31),
            ),
            (
                "12m",
                12,
                date(year - 543, 9, 15),
                date(year - 543, 10, 15),
                date(year - 543, 9, 30),
            ),
        )
    )
    fields = {
        "code": "amphoe-tid-dao",
        "title_th": "แบบทดสอบ",
        "title_en": "Test framework",
        "owner": "CDD",
        "fiscal_year": year,
        "version": 1,
        "assessed_level": "district",
        "rounds": rounds,
        "dimensions": (
            dimension("1", ratio("1.1"), milestone("1.2")),
            dimension("2", ratio("2.1"), ratio("2.2", weight=Decimal(50))),
        ),
    }
    return FrameworkDefinition(**(fields | changes))


def published(definition: FrameworkDefinition | None = None, *, at: datetime = START) -> Version:
    definition = definition or two_dimensions()
    draft = create_framework(definition, by=APPROVER, at=at - timedelta(days=1))
    return publish_version(draft, by=APPROVER, at=at)


def round_of(version: Version, code: str = "6m", *, open_it: bool = True) -> Round:
    one = Round.objects.select_related("framework__owner").get(
        framework=version.framework_id, code=code
    )
    if open_it and one.state == Round.State.PLANNED:
        one.state = Round.State.OPEN
        one.save()
    return one


def share(place: str, indicator: str, above: int | str, below: int | str, **more) -> ResultRow:
    return ResultRow(place, indicator, Reported(Decimal(above), Decimal(below)), **more)


def steps(place: str, indicator: str, *done: int, **more) -> ResultRow:
    return ResultRow(place, indicator, Reported(steps=frozenset(done)), **more)


def full_report(place: str, per_cent: int = 85, step: int = 4) -> list[ResultRow]:
    """Everything that ``two_dimensions`` asks of a district."""
    return [
        share(place, "1.1", per_cent, 100),
        steps(place, "1.2", *range(1, step + 1)),
        share(place, "2.1", per_cent, 100),
        share(place, "2.2", per_cent, 100),
    ]


def report(one: Round, rows: Iterable[ResultRow], *, at: datetime = START, by: Actor = REPORTER):
    return report_results(one, list(rows), by=by, at=at)


def report_and_approve(
    one: Round, rows: Iterable[ResultRow], *, at: datetime = START, by: Actor = REPORTER
) -> None:
    rows = list(rows)
    report(one, rows, at=at, by=by)
    approve_results(one, {row.place for row in rows}, by=APPROVER, at=at + timedelta(seconds=1))


def current(place: str = "5712", indicator: str = "1.1") -> Result:
    return Result.objects.get(place=place, indicator_code=indicator, superseded_at=None)


def with_version(definition: FrameworkDefinition, number: int) -> FrameworkDefinition:
    return replace(definition, version=number)
