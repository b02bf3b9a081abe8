"""Money as results of star frameworks: the indicators that are linked to the budget.

Two are known, told apart by what they are where nobody links them:

ratio    what was disbursed by the round's day, of what the target asked for by then (1.7)
average  the 0–5 score of แบบประเมินที่ 1, one for each office (1.8)

The sweep reads the offices' own books and writes the results of open rounds as the system, approved,
each with the book and day it rests on as its source. Where the books say nothing, or say something
that must be checked first, nothing is written, and what an office reported by hand stays.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Literal

from tiddao.budget.models import SpendingDeadline
from tiddao.budget.queries.goals import official_target
from tiddao.budget.queries.positions import Position, positions
from tiddao.budget.queries.scores import DistrictScore, district_scores
from tiddao.budget.queries.thresholds import status_thresholds
from tiddao.budget.rules.reckoning import doubts_of
from tiddao.indicators.actions.reported_rows import ResultRow, refused_rows, reporting_places
from tiddao.indicators.actions.reporting import report_results
from tiddao.indicators.actions.revisions import RoundNotOpen
from tiddao.indicators.models import Result, ResultState, Round
from tiddao.indicators.queries.frameworks import definition_of, version_in_force
from tiddao.indicators.rules.definitions import IndicatorDefinition
from tiddao.indicators.rules.scoring import Reported
from tiddao.kernel.fiscal import FiscalYear
from tiddao.kernel.money import SATANG
from tiddao.ledger.actors import SYSTEM
from tiddao.places import tree

LINK = "budget"

Reason = Literal[
    "no-money", "to-be-checked", "no-target", "no-score", "returned", "refused", "unknown-kind"
]
REASON_TH: Mapping[Reason, str] = {
    "no-money": "สมุดเงินยังไม่มีตัวเลข",
    "to-be-checked": "ตัวเลขในสมุดเงินควรตรวจสอบก่อน",
    "no-target": "ยังไม่มีผู้ประกาศเป้าหมายถึงวันสิ้นรอบ",
    "no-score": "ยังคิดคะแนนแบบประเมินที่ 1 ไม่ได้",
    "returned": "ผลเดียวกันนี้ถูกส่งคืน รอตัวเลขใหม่",
    "refused": "แบบประเมินไม่รับตัวเลขนี้",
    "unknown-kind": "ไม่รู้ว่าตัวชี้วัดนี้ถามอะไรจากงบ",
}


@dataclass(frozen=True, slots=True)
class LeftAlone:
    """A result that was not written. place "": the indicator as a whole."""

    place: str
    indicator: str
    reason: Reason

    @property
    def reason_th(self) -> str:
        return REASON_TH[self.reason]


@dataclass(frozen=True, slots=True)
class RoundReported:
    """What the books said in one round. on: the day of the books."""

    round: int
    framework: str
    code: str
    on: date
    written: int
    unchanged: int
    left_alone: tuple[LeftAlone, ...]


@dataclass(frozen=True, slots=True)
class _Target:
    """What was to be disbursed by the round's day, in per cent of the base."""

    percent: Decimal
    words: str


def report_money_results(
    *, on: date, at: datetime, rounds: Collection[int] | None = None
) -> tuple[RoundReported, ...]:
    """Write what the books say into every open round that asks for it; safe to run at any time.

    on: today; a round is given the books of its own day, or of today where that is still to come.
    rounds: limit to these. A round whose figures stand already gets no new revision.
    """
    wanted = Round.objects.filter(state=Round.State.OPEN).select_related("framework__owner")
    if rounds is not None:
        wanted = wanted.filter(pk__in=rounds)
    done = []
    for one in wanted.order_by("pk"):
        reported = _report_round(one, on=on, at=at)
        if reported is not None:
            done.append(reported)
    return tuple(done)


def _report_round(one: Round, *, on: date, at: datetime) -> RoundReported | None:
    version = version_in_force(one.framework_id)
    if version is None:
        return None
    definition = definition_of(version)
    asked = [each for each in definition.indicators if each.kind == "linked" and each.link == LINK]
    if not asked:
        return None
    places = reporting_places(one, definition, within={one.framework.owner.place_id})
    year, day = FiscalYear.of(one.true_on), min(on, one.true_on)
    if day < year.start:
        return None
    rows: list[ResultRow] = []
    left: list[LeftAlone] = []
    for indicator in asked:
        found, not_found = _rows(indicator, places.get(indicator.reports_at, ()), one, year, day)
        rows += found
        left += not_found
    rows, returned = _not_returned(one, rows)
    refused = {(each.place, each.indicator) for each in refused_rows(rows, one)}
    left += returned
    left += [LeftAlone(*key, "refused") for key in sorted(refused)]
    rows = [row for row in rows if (row.place, row.indicator) not in refused]
    written = unchanged = 0
    if rows:
        try:
            done = report_results(one, rows, by=SYSTEM, at=at, state=ResultState.APPROVED)
        except RoundNotOpen:  # closed since it was read
            return None
        written, unchanged = done.written, done.unchanged
    return RoundReported(
        round=one.pk,
        framework=str(one.framework),
        code=one.code,
        on=day,
        written=written,
        unchanged=unchanged,
        left_alone=tuple(left),
    )


def _rows(
    indicator: IndicatorDefinition,
    places: Collection[str],
    one: Round,
    year: FiscalYear,
    day: date,
) -> tuple[list[ResultRow], list[LeftAlone]]:
    if indicator.otherwise not in ("ratio", "average"):
        return [], [LeftAlone("", indicator.code, "unknown-kind")]
    found = positions(year, sorted(places), on=day)
    scores: Mapping[str, DistrictScore] = {}
    targets: Mapping[str, _Target] = {}
    if indicator.otherwise == "average":
        scores = district_scores(year, found, on=day)
    else:
        targets = _targets(year, places, on=one.true_on)
    rows: list[ResultRow] = []
    left: list[LeftAlone] = []
    for place, position in found.items():
        reason = _why_not(position)
        row: ResultRow | None = None
        if reason is None and indicator.otherwise == "average":
            score = scores.get(place)
            row = _score_row(indicator.code, position, score, year, day)
            reason = None if row else "no-score"
        elif reason is None:
            row = _ratio_row(indicator.code, position, targets.get(place), year, day)
            reason = None if row else "no-target"
        if row is not None:
            rows.append(row)
        if reason is not None:
            left.append(LeftAlone(place, indicator.code, reason))
    return rows, left


def _why_not(position: Position) -> Reason | None:
    if position.balance is None or position.balance.base <= 0:
        return "no-money"
    doubtful = status_thresholds().is_doubtful(
        offices=position.offices, with_issues=position.offices_with_issues
    )
    return "to-be-checked" if doubtful or doubts_of(position.balance.amounts) else None


def _ratio_row(
    indicator: str, position: Position, target: _Target | None, year: FiscalYear, day: date
) -> ResultRow | None:
    balance = position.balance
    if balance is None or target is None:
        return None
    asked = (balance.base * target.percent / 100).quantize(SATANG, rounding=ROUND_HALF_UP)
    if asked <= 0:
        return None
    return ResultRow(
        position.unit,
        indicator,
        Reported(numerator=balance.disbursed, denominator=asked),
        source=f"{source_of(position.unit, year, day)} · {target.words}"[:300],
    )


def _score_row(
    indicator: str,
    position: Position,
    score: DistrictScore | None,
    year: FiscalYear,
    day: date,
) -> ResultRow | None:
    if score is None or score.score is None:
        return None
    words = f"{source_of(position.unit, year, day)} · แบบประเมินที่ 1"
    if score.overdue is not None:
        words += f" · เงินยืมค้าง {score.overdue} สัญญา"
    if score.stated is not None:
        words += f" · ไฟล์ {score.stated.cell}"
    return ResultRow(
        position.unit,
        indicator,
        Reported(numerator=Decimal(score.score), denominator=Decimal(1)),
        source=words[:300],
    )


def source_of(place: str, year: FiscalYear, day: date) -> str:
    """Return where a posted figure comes from: "books:5712 2569 as of 2026-03-31"."""
    return f"books:{place} {year} as of {day.isoformat()}"


# -- what was to be disbursed by the round's day --------------------------------------------------


def _targets(year: FiscalYear, places: Collection[str], *, on: date) -> dict[str, _Target]:
    """Return each place's target for the round's day: the official one, else a deadline of that day.

    A deadline binds the place it was set for and all below; the nearest one counts. Where nobody
    set either, there is no target, and the indicator stays unreported.
    """
    official = official_target(year, "total", "disbursed", on=on)
    if official is not None:
        words = f"เป้าหมายรัฐบาล {official.percent} % {official.how_th}"
        return dict.fromkeys(places, _Target(official.percent, words))
    deadlines = SpendingDeadline.objects.filter(
        fiscal_year=year.be,
        day=on,
        basis="disbursed",
        spending="total",
        fund="",
        ended_at__isnull=True,
    )
    by_place: dict[str, SpendingDeadline] = {}
    for each in deadlines.order_by("pk"):
        by_place[each.place_id] = each
    found: dict[str, _Target] = {}
    for place in places:
        line = (place, *reversed(tree.ancestor_codes(place)))
        nearest = next((by_place[code] for code in line if code in by_place), None)
        if nearest is not None:
            words = f"กำหนดเร่งรัด {nearest.goal.normalize():f} % {nearest.source}"
            found[place] = _Target(nearest.goal, words)
    return found


# -- what a person sent back ----------------------------------------------------------------------


def _not_returned(one: Round, rows: Sequence[ResultRow]) -> tuple[list[ResultRow], list[LeftAlone]]:
    """Leave out the figures that a person returned as they are: the sweep argues with nobody."""
    returned: dict[tuple[str, str], Result] = {
        (each.place_id, each.indicator_code): each
        for each in Result.objects.filter(
            round=one, superseded_at__isnull=True, state=ResultState.RETURNED
        )
    }
    kept: dict[bool, list[ResultRow]] = defaultdict(list)
    for row in rows:
        stands = returned.get((row.place, row.indicator))
        kept[stands is not None and _same(row, stands)].append(row)
    return kept[False], [LeftAlone(row.place, row.indicator, "returned") for row in kept[True]]


def _same(row: ResultRow, stands: Result) -> bool:
    report = row.report or Reported()
    return (report.numerator, report.denominator) == (stands.numerator, stands.denominator)


def reasons_counted(reported: Iterable[RoundReported]) -> dict[Reason, int]:
    """Return how many results were left alone for each reason."""
    counts: dict[Reason, int] = defaultdict(int)
    for each in reported:
        for left in each.left_alone:
            counts[left.reason] += 1
    return dict(counts)
