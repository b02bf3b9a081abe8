"""How complete and how timely each office's reports of a round are, summed up the tree."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from django.db import connection

from tiddao.indicators.models import Round, RoundStanding
from tiddao.indicators.queries.frameworks import FrameworkDetail, RoundView
from tiddao.indicators.queries.leaves import leaves_on, levels_of
from tiddao.indicators.queries.scores import members_of_unit
from tiddao.kernel.dates import BANGKOK
from tiddao.places import tree
from tiddao.places.models import Level, Place
from tiddao.places.queries import Unit, full_name


@dataclass(frozen=True, slots=True)
class Counts:
    """Numbers of results. owed: what the offices are to report; reported: handed in and not sent
    back, split into on_time and late by when each was handed in first; the rest say where they stand
    now: with the head, with the province, approved, sent back, begun and not handed in.
    """

    owed: int = 0
    reported: int = 0
    on_time: int = 0
    late: int = 0
    submitted: int = 0
    checked: int = 0
    approved: int = 0
    returned: int = 0
    drafts: int = 0

    @property
    def missing(self) -> int:
        return self.owed - self.reported

    @property
    def completeness(self) -> Decimal | None:
        """Reported of owed, per cent; None where nothing is owed."""
        return Decimal(100 * self.reported) / self.owed if self.owed else None

    @property
    def timeliness(self) -> Decimal | None:
        """Handed in on time of owed, per cent; None where nothing is owed."""
        return Decimal(100 * self.on_time) / self.owed if self.owed else None

    def __add__(self, other: Counts) -> Counts:
        return Counts(
            *(getattr(self, each.name) + getattr(other, each.name) for each in fields(self))
        )


@dataclass(frozen=True, slots=True)
class PlaceReports:
    """One row. offices: places that report within it; last_at: when it handed in last, None before."""

    place: str
    name: str
    level: str
    offices: int
    counts: Counts
    last_at: datetime | None


@dataclass(frozen=True, slots=True)
class Timeliness:
    """A round as a unit's offices reported it. deadline: the last day of the round as it was opened
    first: reopening it does not make a late report a timely one. rows: provinces of a unit that has
    several, else the places that report, the least complete first.
    """

    unit: Unit
    deadline: date
    rows: tuple[PlaceReports, ...]
    total: Counts
    of_provinces: bool


def timeliness_of(
    detail: FrameworkDetail, view: RoundView, unit: Unit, *, known_at: datetime | None = None
) -> Timeliness:
    """Return who reported what and when in the round. At most seven queries, whatever the unit.

    known_at: as it stood at that moment; None = now.
    """
    definition, owner = detail.definition, detail.row.owner_place
    members = members_of_unit(unit, view.true_on, known_at=known_at)
    leaves = leaves_on(
        [view.true_on], owner_place=owner, levels=levels_of(definition), roots=members
    )[view.true_on].within(members)
    owed = {
        level: [each.code for each in definition.indicators if each.reports_at == level]
        for level in leaves.by_level
    }
    reporting = sorted(
        (code, len(owed[level])) for level, codes in leaves.by_level.items() if owed[level]
        for code in codes
    )  # fmt: skip
    deadline = _first_last_day(view, at=known_at)
    asked = [code for codes in owed.values() for code in codes]
    found = _counted(view.id, asked, deadline=deadline, at=known_at)
    provinces = sorted({code[:2] for code, _ in reporting if code[:2].isdigit()})
    of_provinces = len(provinces) > 1
    rows = _rows(reporting, found, provinces if of_provinces else [code for code, _ in reporting])
    names = {
        place.code: (full_name(place), place.level)
        for place in Place.objects.filter(code__in=[code for code, *_ in rows])
    }
    shown = [
        PlaceReports(code, *names.get(code, (code, "")), offices, counts, last_at)
        for code, offices, counts, last_at in rows
    ]
    shown.sort(key=lambda row: (row.counts.completeness or Decimal(0), row.place))
    total = sum((row.counts for row in shown), Counts())
    return Timeliness(unit, deadline, tuple(shown), total, of_provinces)


def _rows(
    reporting: Sequence[tuple[str, int]],
    found: Mapping[str, tuple[Counts, datetime | None]],
    shown: Collection[str],
) -> list[tuple[str, int, Counts, datetime | None]]:
    """Sum what stands within each place that is shown; a place that is shown stands for itself
    where others below it report too.
    """
    whole = all(tree.level_of_code(code) == Level.PROVINCE for code in shown)
    codes = [code for code, _ in reporting]
    rows = []
    for place in shown:
        first = bisect_left(codes, place)
        last = bisect_left(codes, f"{place}:") if whole else first + 1  # ":" comes after "9"
        counts, moments = Counts(), []
        for code, owed in reporting[first:last]:
            reports, last_at = found.get(code, (Counts(), None))
            counts += reports + Counts(owed=owed)
            if last_at is not None:
                moments.append(last_at)
        rows.append((place, last - first, counts, max(moments, default=None)))
    return rows


def _first_last_day(view: RoundView, *, at: datetime | None) -> date:
    """The last day of the round when it was opened for the first time. One query."""
    opened = RoundStanding.objects.filter(round_id=view.id, state=Round.State.OPEN)
    if at is not None:
        opened = opened.filter(known_at__lte=at)
    first = opened.order_by("known_at", "pk").values_list("closes", flat=True).first()
    return first or view.closes


def _counted(
    round_id: int, indicators: Collection[str], *, deadline: date, at: datetime | None
) -> dict[str, tuple[Counts, datetime | None]]:
    """Return place → its counts (nothing owed) and when it handed in last. One query."""
    ends = datetime.combine(deadline + timedelta(days=1), time.min, tzinfo=BANGKOK)
    with connection.cursor() as cursor:
        cursor.execute(_SQL, {"round": round_id, "codes": list(indicators), "ends": ends, "at": at})
        return {
            place: (Counts(0, *numbers), last_at) for place, *numbers, last_at in cursor.fetchall()
        }


_SQL = """
WITH revisions AS (
  SELECT place_id, indicator_code, state, known_at,
    (%(at)s::timestamptz IS NULL AND superseded_at IS NULL)
      OR (known_at <= %(at)s AND (superseded_at IS NULL OR superseded_at > %(at)s)) AS current,
    state IN ('approved', 'locked') AND (
      (%(at)s::timestamptz IS NULL AND stands_until IS NULL)
      OR (known_at <= %(at)s AND (stands_until IS NULL OR stands_until > %(at)s))) AS stands
  FROM indicators_result
  WHERE round_id = %(round)s AND indicator_code = ANY(%(codes)s)
    AND (%(at)s::timestamptz IS NULL OR known_at <= %(at)s)
), results AS (
  SELECT place_id,
    min(known_at) FILTER (WHERE state NOT IN ('draft', 'returned')) AS first_at,
    max(state) FILTER (WHERE current) AS state,
    bool_or(stands) AS stands
  FROM revisions GROUP BY place_id, indicator_code
)
SELECT place_id,
  count(*) FILTER (WHERE reported),
  count(*) FILTER (WHERE reported AND first_at < %(ends)s),
  count(*) FILTER (WHERE reported AND first_at >= %(ends)s),
  count(*) FILTER (WHERE state = 'submitted'),
  count(*) FILTER (WHERE state = 'checked'),
  count(*) FILTER (WHERE stands),
  count(*) FILTER (WHERE state = 'returned'),
  count(*) FILTER (WHERE state = 'draft'),
  max(first_at)
FROM (SELECT *, stands OR state NOT IN ('draft', 'returned') AS reported FROM results) AS said
GROUP BY place_id
"""
