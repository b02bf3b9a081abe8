"""Money as the tab งบ shows it: lines of the table, rows of the league, the map, words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from tiddao.budget.models import Fund
from tiddao.budget.queries.goals import Goal
from tiddao.budget.queries.money import LeagueRow, SortKey, UnitMoney, keeps_money, league
from tiddao.budget.queries.positions import AnySpending, UnitBelow
from tiddao.budget.queries.reckoned import Reckoned
from tiddao.budget.queries.scores import DistrictScore
from tiddao.budget.queries.thresholds import status_thresholds
from tiddao.budget.rules.targets import TargetPoint
from tiddao.budget.views.money_choice import Choice
from tiddao.budget.views.money_words import (
    baht_words,
    basis_words,
    certainty_words,
    goal_words,
    headline,
    how_words,
    last_day_words,
    points_words,
    recent_words,
    score_note,
    spending_words,
    status_words,
)
from tiddao.kernel.numerals import format_decimal
from tiddao.people.access import SignedInRequest
from tiddao.places.models import GroupKind, Level
from tiddao.places.queries import Unit
from tiddao.places.queries.maps import MapValue, MapView, map_of

_MILLION = Decimal(1_000_000)
_BANDS = {"green": 5, "yellow": 3, "red": 1}


@dataclass(frozen=True, slots=True)
class StatusShown:
    """A status as the page's tag takes it."""

    kind: str
    words: str


@dataclass(frozen=True, slots=True)
class Line:
    """One type of spending of the unit. Amounts in the page's unit; None: not reported."""

    name: str
    is_total: bool
    entitled: Decimal | None
    returned: Decimal | None
    base: Decimal | None
    committed: Decimal | None
    disbursed: Decimal | None
    disbursed_percent: Decimal | None
    used: Decimal | None
    used_percent: Decimal | None
    remaining: Decimal | None
    expected: Decimal
    gap: str
    target: Decimal | None
    gap_to_target: str
    needed: str
    status: StatusShown


@dataclass(frozen=True, slots=True)
class Head:
    """A head of the league. href: sorts by it; sorted: "ascending", "descending" or ""."""

    label: str
    href: str
    sorted: str
    numeric: bool


@dataclass(frozen=True, slots=True)
class LeagueLine:
    """A unit below, ready to show. Amounts in the page's unit."""

    name: str
    href: str
    from_lowest: int | None
    from_highest: int | None
    shared: bool
    percent: Decimal | None
    gap: str
    status: StatusShown
    base: Decimal | None
    spent: Decimal | None
    remaining: Decimal | None
    needed: str
    reporting: str
    issues: int
    last_on: date | None
    score: int | None
    printed_score: Decimal | None
    score_differs: bool


@dataclass(frozen=True, slots=True)
class SpendingLine:
    """A unit below by type of spending and basis, in per cent."""

    name: str
    href: str
    base: Decimal | None
    percents: tuple[Decimal | None, ...]
    is_total: bool


@dataclass(frozen=True, slots=True)
class TargetShown:
    """An official target with where it comes from."""

    name: str
    percent: Decimal
    on: date
    how: str
    certainty: str
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OwnMoney:
    """The part of the tab that comes from the offices' own books."""

    status: StatusShown
    headline: str
    recent: str
    last_day: str
    goal: Goal
    goal_words: str
    goal_source: str
    days_off: int
    holidays_announced: bool
    has_data: bool
    unit_words: str
    basis: str
    spending: str
    fund: str
    lines: tuple[Line, ...]
    targets: tuple[TargetShown, ...]
    offices: int
    offices_reporting: int
    issues: int
    last_on: date | None
    score: DistrictScore | None
    score_note: str
    heads: tuple[Head, ...]
    league: tuple[LeagueLine, ...]
    ranked: int
    has_scores: bool
    map: MapView | None
    band_words: dict[int | None, str]
    spending_lines: tuple[SpendingLine, ...]
    bounds: str
    bounds_source: str
    proposed: bool


def in_million(unit: Unit) -> bool:
    """Say whether amounts are shown in million baht: for the nation and groups of provinces."""
    if unit.is_group:
        return unit.level in (GroupKind.REGION, GroupKind.INSPECTION)
    return unit.level == Level.NATION


def own_money(
    request: SignedInRequest, unit: Unit, found: UnitMoney, choice: Choice
) -> OwnMoney | None:
    """Return the unit's own money ready to show; None below a district. One query, for the map."""
    if not keeps_money(unit):
        return None
    million = in_million(unit)
    money = found.money
    rows = league(found, sort=choice.sort, descending=choice.descending)
    goal = found.goals["total"]
    pace = money.pace
    shown = tuple(_league_line(request, found, row, million=million) for row in rows)
    bounds = status_thresholds()
    return OwnMoney(
        status=_status(money),
        headline=headline(money, in_million=million),
        recent=recent_words(money, in_million=million) if pace and pace.baht_left else "",
        last_day=last_day_words(pace) if pace else "",
        goal=goal,
        goal_words=goal_words(goal),
        goal_source=goal.source,
        days_off=len(pace.days_off) if pace else 0,
        holidays_announced=pace.holidays_announced if pace else True,
        has_data=money.position.balance is not None,
        unit_words=_("million baht") if million else _("baht"),
        basis=basis_words(found.asked.basis),
        spending=spending_words(found.asked.spending),
        fund=str(Fund(found.asked.fund).label) if found.asked.fund else _("All funds"),
        lines=tuple(_lines(found, million=million)),
        targets=tuple(_targets(found)),
        offices=money.position.offices,
        offices_reporting=money.position.offices_reporting,
        issues=money.position.issues,
        last_on=money.position.last_on,
        score=found.score,
        score_note=score_note(found.score) if found.score else "",
        heads=tuple(_heads(choice)),
        league=shown,
        ranked=rows[0].of if rows else 0,
        has_scores=any(row.score is not None for row in rows),
        map=_map(request, unit, found, rows),
        band_words=band_words(),
        spending_lines=tuple(_spending_lines(request, unit, found)) if million else (),
        bounds=_("green from %(green)s points, yellow from %(yellow)s points, red below")
        % {
            "green": points_words(bounds.green_from) if bounds.green_from else "0",
            "yellow": points_words(bounds.yellow_from),
        },
        bounds_source=bounds.source,
        proposed=bounds.proposed,
    )


def _status(money: Reckoned) -> StatusShown:
    return StatusShown(money.status.kind, status_words(money))


def _scaled(amount: Decimal | None, *, million: bool) -> Decimal | None:
    return amount / _MILLION if million and amount is not None else amount


def _lines(found: UnitMoney, *, million: bool) -> list[Line]:
    spendings: list[AnySpending] = ["recurrent", "investment"]
    if found.of("undivided").position.balance is not None:
        spendings.append("undivided")
    return [_line(found.of(each), each, million=million) for each in (*spendings, "total")]


def _line(money: Reckoned, spending: AnySpending, *, million: bool) -> Line:
    balance, reckoning = money.position.balance, money.reckoning

    def scaled(amount: Decimal | None) -> Decimal | None:
        return _scaled(amount, million=million)

    return Line(
        name=spending_words(spending),
        is_total=spending == "total",
        entitled=scaled(balance.entitled) if balance else None,
        returned=scaled(balance.returned) if balance else None,
        base=scaled(reckoning.amounts.base),
        committed=scaled(reckoning.amounts.committed),
        disbursed=scaled(reckoning.amounts.disbursed),
        disbursed_percent=reckoning.disbursed_percent,
        used=scaled(reckoning.used),
        used_percent=reckoning.used_percent,
        remaining=scaled(reckoning.remaining),
        expected=reckoning.expected_by_days,
        gap=points_words(reckoning.gap_by_days),
        target=reckoning.target.percent if reckoning.target else None,
        gap_to_target=points_words(reckoning.gap_by_target),
        needed=_needed(money, million=million),
        status=_status(money),
    )


def _needed(money: Reckoned, *, million: bool) -> str:
    """The baht that each working day needs, or why there is no such number."""
    pace = money.pace
    if pace is None or pace.baht_left is None:
        return "–"
    if not pace.baht_left:
        return _("goal reached")
    if pace.baht_per_working_day is None:
        return _("no day left")
    return baht_words(pace.baht_per_working_day, in_million=million, up=True)


def _targets(found: UnitMoney) -> list[TargetShown]:
    seen: dict[tuple[str, date], TargetShown] = {}
    for spending in ("total", "recurrent", "investment"):
        money = found.of(spending)
        for target in (money.reckoning.target, found.goals[spending].target):
            if target is not None:
                seen.setdefault((spending, target.on), _target(spending, target))
    return list(seen.values())


def _target(spending: str, target: TargetPoint) -> TargetShown:
    return TargetShown(
        name=spending_words(spending),  # type: ignore[arg-type]  # one of the types of spending
        percent=target.percent,
        on=target.on,
        how=how_words(target.how),
        certainty=certainty_words(target.certainty),
        sources=target.sources,
    )


# -- the league -----------------------------------------------------------------------------------


def _heads(choice: Choice) -> list[Head]:
    def head(label: str, sort: SortKey) -> Head:
        order = "descending" if choice.descending else "ascending"
        return Head(
            label,
            choice.sorted_by(sort),
            order if choice.sort == sort else "",
            numeric=sort != "name",
        )

    return [
        head(_("Unit"), "name"),
        head(_("Per cent"), "percent"),
        head(_("Gap, points"), "gap"),
        head(_("Base amount"), "base"),
        head(_("Remaining"), "remaining"),
        head(_("Needed each working day"), "needed"),
        head(_("Score 0–5"), "score"),
    ]


def unit_href(request: SignedInRequest, unit: UnitBelow) -> str:
    """Return the address of a unit's money, or "" where the reader may not open it."""
    if not request.standing.covers(unit.place):
        return ""
    if unit.is_office:
        try:
            return reverse("place-books", args=[unit.place])
        except NoReverseMatch:
            return ""
    return reverse("place-money", args=[unit.key])


def _league_line(
    request: SignedInRequest, found: UnitMoney, row: LeagueRow, *, million: bool
) -> LeagueLine:
    money, score = row.money, row.score
    reckoning, position = money.reckoning, money.position
    used = found.asked.basis == "used"
    spent = reckoning.used if used else reckoning.amounts.disbursed
    reporting = ""
    if position.offices_reporting < position.offices != 1:
        reporting = f"{position.offices_reporting}/{position.offices}"
    return LeagueLine(
        name=row.unit.name,
        href=unit_href(request, row.unit),
        from_lowest=row.from_lowest,
        from_highest=row.from_highest,
        shared=row.tied > 1,
        percent=money.percent,
        gap=points_words(money.judged_gap),
        status=_status(money),
        base=_scaled(reckoning.amounts.base, million=million),
        spent=_scaled(spent, million=million),
        remaining=_scaled(reckoning.remaining, million=million),
        needed=_needed(money, million=million),
        reporting=reporting,
        issues=position.issues,
        last_on=position.last_on,
        score=score.score if score else None,
        printed_score=score.stated.printed if score and score.stated else None,
        score_differs=score.differs if score else False,
    )


def _map(
    request: SignedInRequest, unit: Unit, found: UnitMoney, rows: tuple[LeagueRow, ...]
) -> MapView | None:
    """The units below as shapes, coloured by status, with their percentage written on them."""
    places = [row for row in rows if not row.unit.is_office]
    levels = {row.unit.level for row in places}
    if len(levels) != 1 or len(places) < 2:
        return None
    values = {}
    for row in places:
        status, percent = row.money.status, row.money.percent
        words = status_words(row.money)
        said = f"{format_decimal(percent, 2)}% · {words}" if percent is not None else words
        mark = "–" if percent is None else format_decimal(percent, 0)
        values[row.unit.key] = MapValue(
            _BANDS.get(status.code),
            said,
            unit_href(request, row.unit),
            f"{mark}?" if status.code == "purple" else mark,
        )
    return map_of(
        unit,
        levels.pop(),
        values,
        on=found.asked.on,
        title=f"{basis_words(found.asked.basis)} · {spending_words(found.asked.spending)}",
        band_words=band_words(),
    )


def band_words() -> dict[int | None, str]:
    """Return what the colours of the map mean."""
    return {
        5: _("On target"),
        3: _("A little below target"),
        1: _("Far below target"),
        None: _("No data yet, or data to be checked (marked ?)"),
    }


def _spending_lines(request: SignedInRequest, unit: Unit, found: UnitMoney) -> list[SpendingLine]:
    """Return every unit below by type of spending and basis, the whole last."""
    keys = [(each.key, each.name, unit_href(request, each)) for each in found.below]
    return [
        SpendingLine(
            name=name,
            href=href,
            base=_scaled(found.by_spending["total"][key].reckoning.amounts.base, million=True),
            percents=tuple(
                percent
                for spending in ("recurrent", "investment", "total")
                for reckoning in (found.by_spending[spending][key].reckoning,)
                for percent in (reckoning.disbursed_percent, reckoning.used_percent)
            ),
            is_total=key == unit.key,
        )
        for key, name, href in (*keys, (unit.key, unit.full_name, ""))
    ]
