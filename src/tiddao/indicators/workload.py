"""What is due and what waits in somebody's places: counts of reports, rounds, imports.

Every read is one query, whatever the number of places.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tiddao.indicators.models import Result, ResultImport, ResultState, Round
from tiddao.indicators.queries.frameworks import RoundView, round_view
from tiddao.kernel.workdays import HolidaysUnknown, working_days_between
from tiddao.places import tree
from tiddao.places.models import NATION, Place
from tiddao.ui.templatetags.ui import be_medium

WAITING = (ResultState.SUBMITTED, ResultState.CHECKED)
DONE = (ResultState.APPROVED, ResultState.LOCKED)
COUNTED = (*WAITING, *DONE)


@dataclass(frozen=True, slots=True)
class OpenRound:
    """A round that takes reports now, and whose framework it is."""

    view: RoundView
    framework_code: str
    framework_title_th: str
    framework_title_en: str
    owner_place: str


@dataclass(frozen=True, slots=True)
class ReportCounts:
    """Reports of a round within some places. waiting: not yet approved, one's own apart."""

    reported: int
    waiting: int
    own_waiting: int


def open_rounds(roots: Collection[str]) -> tuple[OpenRound, ...]:
    """Return the open rounds of frameworks owned by offices above, in or below the places."""
    above = {code for root in roots for code in (*tree.ancestor_codes(root), root)}
    inside = Q() if NATION in roots else Q(pk__in=[])
    if NATION not in roots:
        for root in roots:
            inside |= Q(framework__owner__place__code__startswith=root)
    rows = (
        Round.objects.filter(state=Round.State.OPEN)
        .filter(inside | Q(framework__owner__place_id__in=above))
        .select_related("framework__owner")
        .order_by("closes", "id")
    )
    return tuple(
        OpenRound(
            round_view(row, has_results=True),
            row.framework.code,
            row.framework.title_th,
            row.framework.title_en,
            row.framework.owner.place_id,
        )
        for row in rows
    )


def report_counts(
    round_ids: Collection[int], roots: Collection[str], *, me: str
) -> dict[int, ReportCounts]:
    """Return round → what was reported in the places, and what waits. me: the reader's reference."""
    within = Q(place__in=Place.objects.filter(tree.within_any(roots)))
    if NATION in roots:
        within = Q()
    rows = (
        Result.objects.filter(within, round_id__in=round_ids, superseded_at__isnull=True)
        .values("round_id")
        .annotate(
            reported=Count("id", filter=Q(state__in=COUNTED)),
            waiting=Count("id", filter=Q(state__in=WAITING) & ~Q(by=me)),
            own=Count("id", filter=Q(state__in=WAITING, by=me)),
        )
    )
    return {
        row["round_id"]: ReportCounts(row["reported"], row["waiting"], row["own"]) for row in rows
    }


@dataclass(frozen=True, slots=True)
class MyWork:
    """What waits in a round for one person. to_decide: for their check or approval, their own apart;
    returned: sent back to the offices they report for; drafts: not handed in there yet.
    """

    to_decide: int = 0
    returned: int = 0
    drafts: int = 0


def my_work(
    round_ids: Collection[int],
    *,
    checks: Collection[str],
    approves: Collection[str],
    reports: Collection[str],
    me: str,
) -> dict[int, MyWork]:
    """Return round → what waits for the person. One query.

    checks, approves: places within which the person may; who only checks waits for nothing that is
    checked. reports: the places of the offices they report for, not those below.
    """

    def places(roots: Collection[str]) -> Q:
        return Q(pk__in=[]) if not roots else tree.within_any(roots, "place__")

    decide = (places(approves) & Q(state__in=WAITING)) | (
        places(checks) & Q(state=ResultState.SUBMITTED)
    )
    mine = Q(place__in=reports)
    unfinished = Q(state__in=(ResultState.RETURNED, ResultState.DRAFT))
    said = Q(not_applicable=True) | Q(part_numerator__isnull=False)
    rows = (
        Result.objects.filter(round_id__in=round_ids, superseded_at__isnull=True)
        .filter(decide | (mine & unfinished))
        .values("round_id")
        .annotate(
            decide=Count("id", filter=decide & ~Q(by=me)),
            returned=Count("id", filter=mine & Q(state=ResultState.RETURNED)),
            drafts=Count("id", filter=mine & Q(state=ResultState.DRAFT) & said),
        )
    )
    return {row["round_id"]: MyWork(row["decide"], row["returned"], row["drafts"]) for row in rows}


@dataclass(frozen=True, slots=True)
class PlaceCounts:
    """Reports of one place in a round, counted by what became of them."""

    reported: int
    waiting: int
    approved: int
    returned: int


def counts_by_place(round_id: int, indicators: Collection[str]) -> dict[str, PlaceCounts]:
    """Return place → how many of the indicators it reported in the round. One query."""
    rows = (
        Result.objects.filter(
            round_id=round_id, indicator_code__in=indicators, superseded_at__isnull=True
        )
        .values_list("place_id")
        .annotate(
            reported=Count("id", filter=Q(state__in=COUNTED)),
            waiting=Count("id", filter=Q(state__in=WAITING)),
            approved=Count("id", filter=Q(state__in=DONE)),
            returned=Count("id", filter=Q(state=ResultState.RETURNED)),
        )
    )
    return {place: PlaceCounts(*counts) for place, *counts in rows}


def imports_waiting(me: str) -> int:
    """Return how many of the person's imports were read and wait to be accepted or put aside."""
    return ResultImport.objects.filter(by=me, state=ResultImport.State.READ).count()


def deadline_words(closes: date, today: date) -> str:
    """Return the day a round closes, and how long it is still open, in working days."""
    return f"{be_medium(closes)} · {_left_words(closes, today)}"


def _left_words(closes: date, today: date) -> str:
    if closes < today:
        return _("its last day has passed")
    if closes == today:
        return _("closes today")
    try:
        left = working_days_between(today, closes)
    except HolidaysUnknown:
        days = (closes - today).days
        return ngettext("closes in %(n)s day", "closes in %(n)s days", days) % {"n": days}
    return ngettext("closes in %(n)s working day", "closes in %(n)s working days", left) % {
        "n": left
    }
