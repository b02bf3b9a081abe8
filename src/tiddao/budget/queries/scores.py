"""The 0–5 score of แบบประเมินที่ 1 from the books, beside the one that a workbook prints.

What the score asks for comes from two places: of envelopes kept entry by entry, from the entries and
the papers held; of envelopes kept by the office's workbook, from what its score sheet says. Where
neither says, nothing is assumed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Literal, cast

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce
from django.db.models.lookups import IsNull

from tiddao.budget.models import (
    BookEntry,
    Envelope,
    Keeping,
    PaperHeld,
    StatedScore,
    WorkbookUpload,
)
from tiddao.budget.queries.positions import Position
from tiddao.budget.rules.advances import CLEARING_DAYS
from tiddao.budget.rules.cgd_checks import percent_of
from tiddao.budget.rules.district_score import LOWEST_SCORED, district_score
from tiddao.budget.rules.papers import PAPER_OF_DELIVERY, PROPOSED_PAPERS
from tiddao.kernel.fiscal import FiscalYear
from tiddao.places.models import Level, Office

WhyNone = Literal["", "no-money", "advances-unknown"]


@dataclass(frozen=True, slots=True)
class StatedByFile:
    """What the newest accepted workbook says of a district's score. computed: from its own parts."""

    upload: int
    as_of: date
    cell: str
    printed: Decimal | None
    computed: int | None
    percent: Decimal | None
    papers_complete: bool | None
    overdue: int | None

    @property
    def contradicts_itself(self) -> bool:
        """The printed score is not what its own parts give."""
        return None not in (self.printed, self.computed) and self.printed != self.computed


@dataclass(frozen=True, slots=True)
class DistrictScore:
    """One district's score on a day. score: None where it cannot be said, why_none says why.

    percent: disbursed of all money, in per cent. overdue: advances not cleared in time; None where
    nobody says. papers_complete: None where nobody says, or no paper is needed yet; then the fifth
    point is not given. papers_needed, papers_held: of entries.
    """

    percent: Decimal | None
    overdue: int | None
    papers_complete: bool | None
    papers_needed: int
    papers_held: int
    score: int | None
    why_none: WhyNone
    stated: StatedByFile | None

    @property
    def differs(self) -> bool:
        """The score that the file prints is not the one of the books."""
        return (
            self.stated is not None
            and None not in (self.score, self.stated.printed)
            and self.stated.printed != self.score
        )


def district_scores(
    year: FiscalYear, found: Mapping[str, Position], *, on: date
) -> dict[str, DistrictScore]:
    """Return the score of each district among the positions; those must be of all money.

    Six queries, however many districts.
    """
    units = [key for key, each in found.items() if each.level == Level.DISTRICT and each.offices]
    if not units:
        return {}
    offices = dict(Office.objects.filter(place__in=units).values_list("code", "place_id"))
    kept = _keepings(year, offices)
    overdue = _overdue(year, offices, on=on)
    needed, held = _papers(year, offices, on=on)
    stated = _stated(year, units, on=on)
    return {
        unit: _score(
            found[unit],
            kept[unit],
            stated.get(unit),
            overdue=overdue[unit],
            needed=needed[unit],
            held=held[unit],
        )
        for unit in units
    }


def _score(
    position: Position,
    keepings: Collection[str],
    stated: StatedByFile | None,
    *,
    overdue: int,
    needed: int,
    held: int,
) -> DistrictScore:
    balance = position.balance
    percent = percent_of(balance.disbursed, balance.base) if balance else None
    loans: list[int | None] = []
    papers: list[bool | None] = []
    if Keeping.ENTRIES in keepings:
        loans.append(overdue)
        papers += [held >= needed] if needed else []
    if Keeping.WORKBOOK in keepings:
        loans.append(stated.overdue if stated else None)
        papers.append(stated.papers_complete if stated else None)
    late = None if None in loans or not loans else sum(cast("list[int]", loans))
    complete = None if None in papers or not papers else all(papers)
    score: int | None = None
    why: WhyNone = ""
    if percent is None:
        why = "no-money"
    elif percent < LOWEST_SCORED:
        score = 0  # no number of advances could lower it
    elif late is None:
        why = "advances-unknown"
    else:
        score = district_score(percent, complete is True, late)
    return DistrictScore(
        percent=percent,
        overdue=late,
        papers_complete=complete,
        papers_needed=needed,
        papers_held=held,
        score=score,
        why_none=why,
        stated=stated,
    )


def _keepings(year: FiscalYear, offices: Mapping[str, str]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    rows = (
        Envelope.objects.filter(book__office__in=offices, book__fiscal_year=year.be)
        .order_by()
        .values_list("book__office_id", "keeping")
        .distinct()
    )
    for office, keeping in rows:
        found[offices[office]].add(keeping)
    return found


def _standing(
    year: FiscalYear, offices: Collection[str], kinds: Collection[str], *, on: date
) -> QuerySet[BookEntry]:
    """Entries of the kinds that are true by the day and not undone by it."""
    return BookEntry.objects.filter(
        ~Exists(_reversals(on)),
        book__office__in=offices,
        book__fiscal_year=year.be,
        kind__in=kinds,
        on__lte=on,
    )


def _reversals(on: date, *, of: str = "pk") -> QuerySet[BookEntry]:
    return BookEntry.objects.filter(against=OuterRef(of), kind="reversal", on__lte=on)


def _overdue(year: FiscalYear, offices: Mapping[str, str], *, on: date) -> dict[str, int]:
    """Return how many advances of each district were open after their last day, as the rule of
    ``rules.advances`` counts them. One query.
    """
    cleared = (
        BookEntry.objects.filter(
            ~Exists(_reversals(on)), against=OuterRef("pk"), kind="clearance", on__lte=on
        )
        .order_by()
        .values("against")
        .annotate(cleared=Sum(F("amount") + F("cash_back")))
        .values("cleared")
    )
    last_lent = on - timedelta(days=CLEARING_DAYS + 1)
    late = Q(due_on__lt=on) | Q(due_on__isnull=True, on__lte=last_lent)
    rows = (
        _standing(year, offices, ("advance",), on=on)
        .filter(late)
        .annotate(cleared=Coalesce(Subquery(cleared), Decimal(0)))
        .filter(amount__gt=F("cleared"))
        .order_by()
        .values_list("book__office_id")
        .annotate(count=Count("pk"))
    )
    found: dict[str, int] = defaultdict(int)
    for office, count in rows:
        found[offices[office]] += count
    return found


def _papers(
    year: FiscalYear, offices: Mapping[str, str], *, on: date
) -> tuple[dict[str, int], dict[str, int]]:
    """Return how many papers each district's entries need, and how many of them are held.

    As ``rules.papers`` counts, by kinds of entry. Two queries.
    """
    standing = _standing(year, offices, tuple(PROPOSED_PAPERS), on=on)
    needed: dict[str, int] = defaultdict(int)
    for office, kind, drawn, count in (
        standing.order_by()
        .annotate(drawn=IsNull(F("against_id"), False))
        .values_list("book__office_id", "kind", "drawn")
        .annotate(count=Count("pk"))
    ):
        needed[offices[office]] += count * len(_needed(kind, drawn=drawn))
    held: dict[str, int] = defaultdict(int)
    for office, kind, drawn, paper, count in (
        PaperHeld.objects.filter(
            ~Exists(_reversals(on, of="entry")),
            ended_at__isnull=True,
            book__office__in=offices,
            book__fiscal_year=year.be,
            entry__kind__in=tuple(PROPOSED_PAPERS),
            entry__on__lte=on,
        )
        .order_by()
        .annotate(drawn=IsNull(F("entry__against_id"), False))
        .values_list("book__office_id", "entry__kind", "drawn", "paper")
        .annotate(count=Count("pk"))
    ):
        if paper in _needed(kind, drawn=drawn):
            held[offices[office]] += count
    return needed, held


def _needed(kind: Any, *, drawn: bool) -> tuple[str, ...]:
    """The papers of an entry; drawn: it was paid from a commitment."""
    papers = PROPOSED_PAPERS[kind]
    return (*papers, PAPER_OF_DELIVERY) if kind == "disbursement" and drawn else papers


def _stated(year: FiscalYear, units: Collection[str], *, on: date) -> dict[str, StatedByFile]:
    rows = (
        StatedScore.objects.filter(
            unit__in=units,
            upload__fiscal_year=year.be,
            upload__state=WorkbookUpload.State.ACCEPTED,
            as_of__lte=on,
        )
        .order_by("unit_id", "-as_of", "-pk")
        .distinct("unit_id")
    )
    return {
        each.unit_id: StatedByFile(
            upload=each.upload_id,
            as_of=each.as_of,
            cell=each.cell,
            printed=each.printed,
            computed=each.computed,
            percent=each.percent,
            papers_complete=each.papers_complete,
            overdue=each.overdue_loans,
        )
        for each in rows
    }
