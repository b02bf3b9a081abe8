"""Work and money of the quarter in Chiang Rai, followed up: a round that is open today.

A small framework beside the yearly one, of its first two dimensions, so that the stars of the last
closed year stay what pages open on. Offices stand at every step: nothing yet, drafts, handed in,
checked, approved, sent back. What is linked to money comes from the offices' own books.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from tiddao.budget.actions.linked import report_money_results
from tiddao.config.demonstration.books import known_until
from tiddao.config.demonstration.calendar import EVENING, MORNING, NOON, moment
from tiddao.config.demonstration.districts import (
    CAPPED,
    CHIANG_RAI,
    LAST,
    PROVINCE,
    SENT_BACK,
    SHOWN,
    WAITING,
)
from tiddao.config.demonstration.districts import Round as RoundName
from tiddao.config.demonstration.figures import figures_of
from tiddao.config.demonstration.frameworks import round_of as yearly_round_of
from tiddao.config.demonstration.money import working
from tiddao.config.demonstration.people import (
    DEPUTY,
    HEAD_OF_PROVINCE,
    actor,
    checker_of,
    reporter_of,
)
from tiddao.config.demonstration.results import (
    definition_in_force,
    result_row,
    tambons_of_districts,
)
from tiddao.indicators.actions.frameworks import create_framework, publish_version
from tiddao.indicators.actions.reported_rows import ResultRow
from tiddao.indicators.actions.reporting import report_results
from tiddao.indicators.actions.review import approve_results, check_results, return_results
from tiddao.indicators.actions.rounds import open_round
from tiddao.indicators.models import Framework, ResultState, Round
from tiddao.indicators.rules.definitions import FrameworkDefinition, RoundDefinition
from tiddao.kernel.fiscal import FiscalYear

CODE = "tid-tam-rai-trimat"
WEIGHTS: Mapping[str, Decimal] = {"1": Decimal(60), "2": Decimal(40)}
"""Dimensions that are followed every quarter, of those of the yearly framework."""
NOT_FOLLOWED = ("teams",)
"""Areas whose figures come once a year."""
ALIKE: RoundName = (LAST[0], "6m")
"""Offices stand about where they stood half way through the last year that was scored."""
CLOSES_AFTER = timedelta(days=15)
FIRST_DAYS = timedelta(days=10)
"""After the opening; nobody reports anything in them."""

APPROVED = ("5701", "5707", "5716", "5717")
HANDED_IN = ("5702", "5703", "5706", "5713")
DRAFTED = ("5705", CAPPED)
"""The other districts have not begun; SHOWN's officer has handed in a part, WAITING's head has checked."""
_STILL_DRAFT = ("2.3", "2.4")
"""What the officer of SHOWN has written down and not handed in."""
_SENT_BACK_INDICATOR = "1.4"
_SENT_BACK_BECAUSE = "จำนวนหมู่บ้านที่จัดประชาคมมากกว่าแผนของไตรมาส ขอให้ตรวจทานกับบันทึกการประชาคม"


@dataclass(frozen=True, slots=True)
class _Calendar:
    """What happened on which day between the round's opening and the day the story is told up to."""

    opens: date
    until: date

    def at(self, share: float, clock: time) -> datetime:
        """Return the moment when that part (0–1) of the days so far had gone."""
        days = int((self.until - self.opens).days * share)
        return moment(max(working(self.opens + timedelta(days=days)), self.opens), clock)


def definition_of_quarter(yearly: FrameworkDefinition, day: date) -> FrameworkDefinition:
    """Return the framework of the day's fiscal year: its rounds are this quarter's and the later ones."""
    year = FiscalYear.of(day)
    return replace(
        yearly,
        code=CODE,
        title_th="ติดตามงานและงบรายไตรมาส (ข้อเสนอ)",
        title_en="Quarterly follow-up of work and money (proposed)",
        fiscal_year=year.be,
        version=1,
        based_on=f"{yearly.code} {yearly.fiscal_year} v{yearly.version}",
        notes="ข้อมูลสาธิต ไม่ใช่เกณฑ์ทางการ: ตัวชี้วัดสองมิติแรกของแบบประเมินรายปี ติดตามทุกไตรมาสระหว่างปี",
        rounds=tuple(
            RoundDefinition(
                code=f"q{quarter}",
                name_th=f"ไตรมาส {quarter}",
                name_en=f"Quarter {quarter}",
                opens=year.quarter_start(quarter),
                closes=year.quarter_end(quarter) + CLOSES_AFTER,
                true_on=year.quarter_end(quarter),
            )
            for quarter in range(year.quarter_of(day), 5)
        ),
        dimensions=tuple(
            replace(
                each,
                weight=WEIGHTS[each.code],
                indicators=tuple(one for one in each.indicators if one.link not in NOT_FOLLOWED),
            )
            for each in yearly.dimensions
            if each.code in WEIGHTS
        ),
    )


def framework_is_there(day: date) -> bool:
    return Framework.objects.filter(
        code=CODE, fiscal_year=FiscalYear.of(day).be, versions__published_at__isnull=False
    ).exists()


def publish_framework(day: date) -> None:
    """The department publishes it before the quarter begins, and opens the round on its first day."""
    quarterly = definition_of_quarter(definition_in_force(yearly_round_of(*LAST)), day)
    opens = quarterly.rounds[0].opens
    before = working(opens - timedelta(days=10))
    deputy, at = actor(DEPUTY, on=before), moment(before, MORNING)
    version = create_framework(quarterly, by=deputy, at=at)
    publish_version(version, by=deputy, at=at)
    open_round(_round(day), by=actor(DEPUTY, on=opens), at=moment(opens, MORNING))


def quarter_is_reported(day: date) -> bool:
    """Also when nobody can have reported yet: the quarter is a few days old."""
    one = _round(day)
    return known_until(day) < one.opens + FIRST_DAYS or one.results.exists()


def report_quarter(day: date) -> None:
    """Play what has happened so far: reports, checks, the province's part, the figures of money."""
    one = _round(day)
    until = known_until(day)
    then = _Calendar(one.opens, until)
    yearly = definition_in_force(yearly_round_of(*LAST))
    tambons = tambons_of_districts(PROVINCE)
    rows = {place: [*_rows(yearly, place, tambons[place])] for place in CHIANG_RAI}
    for place in (*APPROVED, SENT_BACK, *HANDED_IN, WAITING):
        _report(one, place, rows[place], then.at(0.3, MORNING))
    for place in DRAFTED:
        _report(one, place, rows[place], then.at(0.8, NOON), ResultState.DRAFT)
    kept = [row for row in rows[SHOWN] if row.indicator in _STILL_DRAFT]
    handed_in = [row for row in rows[SHOWN] if row.indicator not in _STILL_DRAFT]
    _report(one, SHOWN, handed_in, then.at(0.9, MORNING))
    _report(one, SHOWN, kept, then.at(0.9, NOON), ResultState.DRAFT)
    checked = then.at(0.5, NOON)
    checker = checker_of(WAITING)
    assert checker is not None  # it has an officer
    check_results(one, [WAITING], by=actor(checker, on=checked.date()), at=checked)
    reviewed = then.at(0.7, EVENING)
    head = actor(HEAD_OF_PROVINCE, on=reviewed.date())
    return_results(
        one,
        [SENT_BACK],
        reason=_SENT_BACK_BECAUSE,
        indicators=[_SENT_BACK_INDICATOR],
        by=head,
        at=reviewed,
    )
    approve_results(one, APPROVED, by=head, at=reviewed)
    report_money_results(on=until, at=moment(until, EVENING), rounds=[one.pk])


def _round(day: date) -> Round:
    """The round of the quarter that the demonstration's day lies in."""
    year = FiscalYear.of(day)
    return Round.objects.select_related("framework").get(
        framework__code=CODE,
        framework__fiscal_year=year.be,
        code=f"q{year.quarter_of(day)}",
    )


def _rows(yearly: FrameworkDefinition, place: str, tambons: int) -> Iterator[ResultRow]:
    """What the office itself reports of the two dimensions."""
    for name, report in figures_of(yearly, place, tambons, ALIKE).items():
        indicator = yearly.indicator(name)
        if indicator.kind != "linked" and name.partition(".")[0] in WEIGHTS:
            yield result_row(yearly, place, name, replace(report, checked_score=None))


def _report(
    one: Round, place: str, rows: list[ResultRow], at: datetime, state: str = ResultState.SUBMITTED
) -> None:
    report_results(one, rows, by=actor(reporter_of(place), on=at.date()), at=at, state=state)
