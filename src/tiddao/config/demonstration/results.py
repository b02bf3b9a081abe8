"""Who reports what and when, what is checked, approved and sent back, and what is missing.

Chiang Rai goes the whole way, every step under a post of the demonstration's people. The rest of
the nation is a thin layer, written by the system itself as approved already. Figures of linked
areas come from the system as well, since those areas are not part of the demonstration.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from itertools import groupby

from django.db.models import QuerySet

from tiddao.config.demonstration.calendar import EVENING, MORNING, NOON, moment
from tiddao.config.demonstration.districts import (
    CHIANG_RAI,
    LAST,
    PROVINCE,
    SENT_BACK,
    TIED,
    WAITING,
    is_approved,
    is_reported,
    left_out,
    random_for,
)
from tiddao.config.demonstration.districts import Round as RoundName
from tiddao.config.demonstration.figures import Figures, figures_of, level_with, score_of
from tiddao.config.demonstration.frameworks import CODE, round_of
from tiddao.config.demonstration.people import (
    DEPUTY,
    DIRECTOR,
    HEAD_OF_PROVINCE,
    actor,
    checker_of,
    reporter_of,
)
from tiddao.indicators.actions.reported_rows import ResultRow
from tiddao.indicators.actions.reporting import report_results
from tiddao.indicators.actions.review import approve_results, check_results, return_results
from tiddao.indicators.actions.rounds import close_round, open_round
from tiddao.indicators.actions.targets import set_target
from tiddao.indicators.models import Framework, Result, ResultState, Round, Target
from tiddao.indicators.queries.frameworks import definition_of, version_in_force
from tiddao.indicators.rules.definitions import FrameworkDefinition
from tiddao.indicators.rules.scoring import Reported
from tiddao.kernel.workdays import last_working_day
from tiddao.ledger.actors import SYSTEM
from tiddao.places import tree
from tiddao.places.models import Level, Office, OfficeKind, Place

SOURCE = "ข้อมูลสาธิต"
_LINKED_SOURCE = {
    "budget": f"{SOURCE} แทนรายงานของงานงบประมาณ",
    "teams": f"{SOURCE} แทนรายงานของงานสร้างทีม",
}
_NATION_SOURCE = f"{SOURCE} ระดับประเทศ"
_SENT_BACK_INDICATOR = "1.4"
_SENT_BACK_BECAUSE = "จำนวนหมู่บ้านที่จัดประชาคมไม่ตรงกับบันทึกการประชาคมที่แนบ ขอให้ตรวจทานและรายงานใหม่"
_STILL_TO_BE_CHECKED = ("4.", "5.")
"""What พัฒนากรขุนตาล sent in late: the head has not looked at it."""
_TARGETED = ("1.3", "2.3", "4.1", "5.1")


# -- Chiang Rai -----------------------------------------------------------------------------------


def is_reported_already(at: RoundName) -> bool:
    return _marked(at).filter(place__code__startswith=PROVINCE).exists()


def report_round(at: RoundName) -> None:
    """Play one round in Chiang Rai, from its opening to its closing; the last one stays open."""
    one = round_of(*at)
    definition = definition_in_force(one)
    opened = moment(one.opens, MORNING)
    open_round(one, by=actor(DEPUTY, on=one.opens), at=opened)
    figures = figures_of_province(definition, at)
    report_results(
        one,
        [row for code, found in figures.items() for row in _linked_rows(definition, code, found)],
        by=SYSTEM,
        at=_working_moment(one.opens + timedelta(days=2), MORNING),
        state=ResultState.APPROVED,
    )
    steps: list[tuple[datetime, Callable[[datetime], object]]] = []
    for code, found in figures.items():
        steps += _steps_of_district(
            one, definition, code, found, late=at == LAST and code == WAITING
        )
    for when, step in sorted(steps, key=lambda each: each[0]):
        step(when)
    _review(one, definition, figures, at)
    if at != LAST:
        closed = one.closes + timedelta(days=5)
        close_round(one, by=actor(DEPUTY, on=closed), at=_working_moment(closed, EVENING))


def figures_of_province(definition: FrameworkDefinition, at: RoundName) -> dict[str, Figures]:
    """Return what the districts of Chiang Rai report in the round, by district."""
    tambons = tambons_of_districts(PROVINCE)
    everything = {code: figures_of(definition, code, tambons[code], at) for code in CHIANG_RAI}
    if at == LAST:
        first, second = TIED
        tied = level_with(definition, everything[second], score_of(definition, everything[first]))
        everything[second] = tied or everything[second]
    return _as_reported(definition, everything, at)


def _as_reported(
    definition: FrameworkDefinition, everything: dict[str, Figures], at: RoundName
) -> dict[str, Figures]:
    codes = [each.code for each in definition.indicators]
    reported = {}
    for district, figures in everything.items():
        if is_reported(district, at):
            missing = left_out(district, at, codes)
            reported[district] = {
                code: report for code, report in figures.items() if code not in missing
            }
    return reported


def tambons_of_districts(root: str = "th") -> dict[str, int]:
    """Return district code → number of its tambons today. One query."""
    tambons = Place.objects.filter(tree.within(root), level=Level.TAMBON, valid_to__isnull=True)
    return Counter(tambons.values_list("parent_id", flat=True))


def _steps_of_district(
    one: Round, definition: FrameworkDefinition, code: str, figures: Figures, *, late: bool
) -> list[tuple[datetime, Callable[[datetime], object]]]:
    """The district's own acts with their moments: report, then the head's check.

    late: what belongs to the last two dimensions is sent in after the province's approval.
    """
    own = [
        result_row(definition, code, name, _self_scored(report))
        for name, report in figures.items()
        if definition.indicator(name).kind != "linked"
    ]
    behind = [row for row in own if late and row.indicator.startswith(_STILL_TO_BE_CHECKED)]
    in_time = [row for row in own if row not in behind]
    day = one.opens + timedelta(days=4 + int(random_for("day", code, one.opens).random() * 17))
    reported = _working_moment(day, MORNING)
    steps = [(reported, _reporting(one, code, in_time))]
    checker = checker_of(code)
    if checker is not None:
        checked = _working_moment(day + timedelta(days=1), EVENING)
        steps.append((checked, _checking(one, code, checker)))
    if behind:
        steps.append(
            (_working_moment(one.closes - timedelta(days=1), NOON), _reporting(one, code, behind))
        )
    return steps


def _reporting(one: Round, code: str, rows: list[ResultRow]) -> Callable[[datetime], object]:
    return lambda at: report_results(one, rows, by=actor(reporter_of(code), on=at.date()), at=at)


def _checking(one: Round, code: str, checker: str) -> Callable[[datetime], object]:
    return lambda at: check_results(one, [code], by=actor(checker, on=at.date()), at=at)


def _review(
    one: Round, definition: FrameworkDefinition, figures: dict[str, Figures], at: RoundName
) -> None:
    """The province's part: scores of the judged indicators, one result sent back, approval."""
    day = one.closes - timedelta(days=4)
    to_approve = [code for code in figures if not (at == LAST and code == WAITING)]
    judged = [
        result_row(definition, code, name, report)
        for code in to_approve
        for name, report in figures[code].items()
        if report.checked_score is not None
    ]
    report_results(one, judged, by=actor(DIRECTOR, on=day), at=_working_moment(day, MORNING))
    head = actor(HEAD_OF_PROVINCE, on=day)
    if at == LAST:
        return_results(
            one,
            [SENT_BACK],
            reason=_SENT_BACK_BECAUSE,
            indicators=[_SENT_BACK_INDICATOR],
            by=head,
            at=_working_moment(day, NOON),
        )
    approve_results(one, to_approve, by=head, at=_working_moment(day, EVENING))


# -- the other provinces --------------------------------------------------------------------------


def nation_is_reported() -> bool:
    return _marked(LAST).filter(source__startswith=_NATION_SOURCE).exists()


def report_nation() -> None:
    """Write the last round's results of every district outside Chiang Rai, by province."""
    one = round_of(*LAST)
    definition = definition_in_force(one)
    when = _working_moment(one.closes - timedelta(days=6), NOON)
    reported = figures_of_nation(definition)
    for _, districts in groupby(reported.items(), key=lambda item: item[0][:2]):
        approved: list[ResultRow] = []
        waiting: list[ResultRow] = []
        for code, figures in districts:
            rows = approved if is_approved(code) else waiting
            rows += [
                replace(result_row(definition, code, name, report), source=_NATION_SOURCE)
                for name, report in figures.items()
            ]
        if approved:
            report_results(one, approved, by=SYSTEM, at=when, state=ResultState.APPROVED)
        if waiting:
            report_results(one, waiting, by=SYSTEM, at=when)


def figures_of_nation(definition: FrameworkDefinition) -> dict[str, Figures]:
    """Return what the districts outside Chiang Rai report in the last round, in order of code."""
    offices = Office.objects.filter(kind=OfficeKind.DISTRICT).exclude(
        place__code__startswith=PROVINCE
    )
    tambons = tambons_of_districts()
    everything = {
        code: figures_of(definition, code, tambons[code], LAST)
        for code in offices.order_by("place_id").values_list("place_id", flat=True)
        if is_reported(code, LAST)
    }
    return _as_reported(definition, everything, LAST)


# -- targets --------------------------------------------------------------------------------------


def targets_are_there() -> bool:
    return Target.objects.filter(
        framework__code=CODE, framework__fiscal_year=LAST[0], source__startswith=SOURCE
    ).exists()


def set_targets() -> None:
    """The provincial head asks every district for a level above what it is known for."""
    framework = Framework.objects.select_related("owner").get(code=CODE, fiscal_year=LAST[0])
    definition = definition_in_force(round_of(*LAST))
    on = date(2022, 12, 15)
    head = actor(HEAD_OF_PROVINCE, on=on)
    for code, character in CHIANG_RAI.items():
        for name in _TARGETED:
            ladder = definition.indicator(name).ladder
            assert ladder is not None  # the shipped framework uses ladders
            wanted = min(int(character.dimensions[int(name[0]) - 1]) + 1, 5)
            set_target(
                framework,
                name,
                code,
                Decimal(ladder.levels[wanted - 1]),
                by=head,
                at=moment(on, MORNING),
                source=f"{SOURCE}: เป้าหมายของจังหวัด",
            )


# -- rows -----------------------------------------------------------------------------------------


def definition_in_force(one: Round) -> FrameworkDefinition:
    """Return the published definition of the round's framework."""
    version = version_in_force(one.framework_id)
    assert version is not None  # the stage before published it
    return definition_of(version)


def result_row(
    definition: FrameworkDefinition, code: str, name: str, report: Reported
) -> ResultRow:
    """Return the office's own report of an indicator, judged steps told in words."""
    narrative = ""
    judged = report.checked_score or report.self_score
    if judged is not None:
        narrative = f"{SOURCE}: {definition.indicator(name).steps_th[int(judged) - 1]}"
    return ResultRow(
        place=code,
        indicator=name,
        report=report,
        narrative=narrative,
        source=f"{SOURCE}: แบบรายงาน",
    )


def _linked_rows(
    definition: FrameworkDefinition, code: str, figures: Figures
) -> Iterable[ResultRow]:
    for name, report in figures.items():
        indicator = definition.indicator(name)
        if indicator.kind == "linked":
            source = _LINKED_SOURCE[indicator.link]
            yield replace(result_row(definition, code, name, report), source=source)


def _self_scored(report: Reported) -> Reported:
    """Return the report as the office itself sends it in: nobody has judged it yet."""
    return replace(report, checked_score=None)


def _working_moment(on: date, clock: time) -> datetime:
    return moment(last_working_day(on), clock)


def _marked(at: RoundName) -> QuerySet[Result]:
    year, code = at
    return Result.objects.filter(
        round__code=code,
        round__framework__code=CODE,
        round__framework__fiscal_year=year,
        source__startswith=SOURCE,
    )
