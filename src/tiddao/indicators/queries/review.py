"""What waits for somebody's decision in a round, with all that is needed to decide on sight."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, cast

from django.core.paginator import Page, Paginator
from django.db.models import Count, QuerySet

from tiddao.evidence.queries.uses import EvidenceRow, evidence_of
from tiddao.indicators.models import Basis, Result, Round, Target, Version
from tiddao.indicators.queries.counting import counts
from tiddao.indicators.queries.entry import (
    SUBJECT,
    LastReport,
    reported_of,
    subject_key,
    value_in,
)
from tiddao.indicators.queries.frameworks import definition_of
from tiddao.indicators.queries.stars import ResultView, result_view
from tiddao.indicators.rules.approval import WAITING, Revision, State, reporters_of
from tiddao.indicators.rules.definitions import IndicatorDefinition
from tiddao.indicators.rules.questions import Question, questions
from tiddao.places import tree
from tiddao.places.models import Place

PAGE_SIZE = 30
Key = tuple[str, str]
"""Place and indicator."""


@dataclass(frozen=True, slots=True)
class WaitingResult:
    """One result that waits. value, target: in the indicator's unit. stands: the approved value that
    counts until this correction of it is approved. reporters: who may not decide on it.
    """

    indicator: IndicatorDefinition
    result: ResultView
    value: Decimal | None
    last: LastReport | None
    target: Decimal | None
    stands: Decimal | None
    reporters: frozenset[str]
    proofs: tuple[EvidenceRow, ...]
    questions: tuple[Question, ...]

    @property
    def key(self) -> str:
        """How a form names what was looked at: place, indicator and revision."""
        return f"{self.result.place}:{self.result.indicator}:{self.result.revision}"


@dataclass(frozen=True, slots=True)
class WaitingPage:
    """Results of one page by place and indicator; by_state: how many wait in all, in each state."""

    rows: tuple[WaitingResult, ...]
    pages: Page[Result]
    by_state: Mapping[str, int]


def waiting_results(
    one: Round,
    version: Version,
    *,
    members: Collection[str],
    rights: Collection[str],
    states: Collection[str] = WAITING,
    number: int | str = 1,
) -> WaitingPage:
    """Return a page of what waits in the round within the members, where the reader may decide.

    one: with its framework; version: the one that counts. Ten queries, however many results.
    """
    indicators = {each.code: each for each in definition_of(version).indicators}
    places = Place.objects.filter(tree.within_any(members)).filter(tree.within_any(rights))
    everything = Result.objects.filter(
        round=one,
        superseded_at__isnull=True,
        state__in=WAITING,
        indicator_code__in=indicators,
        place__in=places,
    )
    by_state = dict(everything.values_list("state").annotate(Count("pk")))
    found = (
        everything.filter(state__in=states)
        .select_related("place")
        .order_by("place__sort_key", "place_id", "indicator_code")
    )
    page = Paginator(found, PAGE_SIZE).get_page(number)
    rows = list(page.object_list)
    around = _around(one, rows)
    return WaitingPage(
        tuple(_waiting(indicators[row.indicator_code], row, around) for row in rows), page, by_state
    )


@dataclass(frozen=True, slots=True)
class _Around:
    last: Mapping[Key, Result]
    stands: Mapping[Key, Result]
    targets: Mapping[Key, Decimal]
    histories: Mapping[Key, Sequence[Revision]]
    proofs: Mapping[Key, tuple[EvidenceRow, ...]]


def _around(one: Round, rows: Sequence[Result]) -> _Around:
    places = {row.place_id for row in rows}
    codes = {row.indicator_code for row in rows}
    there: dict[str, Any] = {"place__in": places, "indicator_code__in": codes}
    of_round = Result.objects.filter(round=one, **there)
    earlier = (
        Result.objects.filter(
            counts(Basis.ALL),
            framework__code=one.framework.code,
            round__true_on__lt=one.true_on,
            not_applicable=False,
            **there,
        )
        .select_related("round__framework", "place")
        .order_by("place_id", "indicator_code", "-round__true_on")
        .distinct("place_id", "indicator_code")
    )
    targets = Target.objects.filter(
        framework_id=one.framework_id, superseded_at__isnull=True, **there
    )
    histories: dict[Key, list[Revision]] = defaultdict(list)
    revisions = of_round.order_by("place_id", "indicator_code", "revision")
    for place, code, state, by in revisions.values_list(
        "place_id", "indicator_code", "state", "by"
    ):
        histories[place, code].append(Revision(cast("State", state), by))
    keys = {
        subject_key(one.pk, row.place_id, row.indicator_code): (row.place_id, row.indicator_code)
        for row in rows
    }
    proofs = evidence_of(SUBJECT, keys)
    return _Around(
        last=_by_key(earlier),
        stands=_by_key(of_round.filter(counts(Basis.APPROVED)).select_related("place")),
        targets={(each.place_id, each.indicator_code): each.value for each in targets},
        histories=histories,
        proofs={keys[key]: found for key, found in proofs.items()},
    )


def _by_key(rows: QuerySet[Result]) -> dict[Key, Result]:
    return {(row.place_id, row.indicator_code): row for row in rows}


def _waiting(indicator: IndicatorDefinition, row: Result, around: _Around) -> WaitingResult:
    key = (row.place_id, row.indicator_code)
    view = result_view(row)
    report = reported_of(view)
    value = value_in(indicator, report)
    last = _last(indicator, around.last.get(key))
    stands = around.stands.get(key)
    return WaitingResult(
        indicator=indicator,
        result=view,
        value=value,
        last=last,
        target=around.targets.get(key),
        stands=None if stands is None else value_in(indicator, reported_of(result_view(stands))),
        reporters=reporters_of(around.histories[key]),
        proofs=around.proofs[key],
        questions=questions(indicator, report, last.report)
        if report is not None and value is not None and last is not None
        else (),
    )


def _last(indicator: IndicatorDefinition, row: Result | None) -> LastReport | None:
    report = reported_of(result_view(row)) if row else None
    value = value_in(indicator, report)
    if row is None or report is None or value is None:
        return None  # it was asked for in another way then
    return LastReport(
        fiscal_year=row.round.framework.fiscal_year,
        round_th=row.round.name_th,
        round_en=row.round.name_en,
        true_on=row.round.true_on,
        report=report,
        value=value,
    )
