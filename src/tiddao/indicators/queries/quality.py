"""Questions about a round's figures: which, where, what was answered; as known now or then."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Literal

from django.db.models import Max, Prefetch, QuerySet

from tiddao.indicators.models import (
    Basis,
    QualityAnswer,
    QualityLook,
    QualityQuestion,
    Result,
    ResultState,
    Round,
)
from tiddao.indicators.queries.counting import counts
from tiddao.indicators.queries.frameworks import known
from tiddao.places import tree
from tiddao.places.models import NATION
from tiddao.places.queries import full_name

State = Literal["open", "answered", "settled"]
STATES: tuple[State, ...] = ("open", "answered", "settled")
_TREND_ROUNDS = 8


@dataclass(frozen=True, slots=True)
class AnswerView:
    """What was said to a question. by: reference of the account."""

    choice: str
    words: str
    by: str
    post: str
    at: datetime


@dataclass(frozen=True, slots=True)
class FigureTold:
    """One figure that raised a question. trend: its values by round, the oldest first."""

    indicator: str
    words_th: str
    trend: tuple[Decimal | None, ...] = ()


@dataclass(frozen=True, slots=True)
class QuestionView:
    """A question. state: open; answered; settled, when the figures that raised it have changed."""

    id: int
    round_id: int
    place: str
    place_name: str
    indicator: str
    kind: str
    strength: str
    chance: float
    reason_th: str
    figures: tuple[FigureTold, ...]
    other: str
    asked_at: datetime
    settled_at: datetime | None
    answers: tuple[AnswerView, ...]
    state: State

    @property
    def is_about(self) -> frozenset[str]:
        """The indicators that it is about; empty: the place's figures as a whole."""
        named = {each.indicator for each in self.figures}
        return frozenset(named | ({self.indicator} if self.indicator else set()))


@dataclass(frozen=True, slots=True)
class LookView:
    """The newest look at a round. looks: (kind, looked at, asked). stale: figures came since."""

    at: datetime
    results_at: datetime
    rounds: int
    places: int
    figures: int
    looks: tuple[tuple[str, int, int], ...]


def look_at(round_id: int, *, at: datetime | None = None) -> LookView | None:
    """Return the newest look at the round by the moment, or None. One query."""
    rows = QualityLook.objects.filter(round=round_id)
    if at is not None:
        rows = rows.filter(at__lte=at)
    row = rows.order_by("-at", "-pk").first()
    if row is None:
        return None
    return LookView(
        at=row.at,
        results_at=row.results_at,
        rounds=row.rounds,
        places=row.places,
        figures=row.figures,
        looks=tuple((kind, looked, asked) for kind, looked, asked in row.looks),
    )


@dataclass(frozen=True, slots=True)
class LookedRound:
    """A round that was looked at, by its address."""

    framework: str
    fiscal_year: int
    round: str


def newest_looks() -> tuple[LookedRound, ...]:
    """Return the rounds that were looked at, the newest day first. One query."""
    rows = Round.objects.filter(pk__in=QualityLook.objects.values("round"))
    named = rows.order_by("-true_on", "-pk").values_list(
        "framework__code", "framework__fiscal_year", "code"
    )
    return tuple(LookedRound(*row) for row in named)


def questions_about(
    round_id: int,
    members: Collection[str],
    *,
    settled: bool = True,
    known_at: datetime | None = None,
) -> tuple[QuestionView, ...]:
    """Return the questions about the places within the members, the most unusual first.

    settled: also those whose figures have changed since. known_at: as it was known at that moment:
    neither later questions nor later answers. Two queries.
    """
    rows = _of(members, QualityQuestion.objects.filter(round=round_id))
    if known_at is not None:
        rows = rows.filter(known_at__lte=known_at)
    if not settled:
        rows = rows.filter(known(known_at))
    found = [_view(row, known_at) for row in _whole(rows, known_at)]
    return tuple(sorted(found, key=lambda each: (STATES.index(each.state), each.chance, each.id)))


def find_question(question_id: int) -> QuestionView | None:
    """Return the question, or None. Two queries."""
    row = _whole(QualityQuestion.objects.filter(pk=question_id), None).first()
    return None if row is None else _view(row, None)


def questions_of(
    round_id: int, places: Collection[str], *, known_at: datetime | None = None
) -> Mapping[tuple[str, str], tuple[QuestionView, ...]]:
    """Return (place, indicator) → what stands in question there, answered or not; for lists of
    results beside which it is shown. A question about a place's figures as a whole stands under
    the indicator "". Two queries.
    """
    rows = QualityQuestion.objects.filter(known(known_at), round=round_id, place__in=places)
    found: dict[tuple[str, str], list[QuestionView]] = defaultdict(list)
    for row in _whole(rows, known_at).order_by("chance"):
        view = _view(row, known_at)
        for indicator in sorted(view.is_about) or [""]:
            found[view.place, indicator].append(view)
    return {key: tuple(views) for key, views in found.items()}


def _of(members: Collection[str], rows: QuerySet[QualityQuestion]) -> QuerySet[QualityQuestion]:
    if NATION in members:
        return rows
    return rows.filter(tree.within_any(members, "place__"))


def _whole(rows: QuerySet[QualityQuestion], known_at: datetime | None) -> QuerySet[QualityQuestion]:
    answers = QualityAnswer.objects.order_by("at", "pk")
    if known_at is not None:
        answers = answers.filter(at__lte=known_at)
    return rows.select_related("place").prefetch_related(
        Prefetch("answers", queryset=answers, to_attr="told_answers")
    )


def _view(row: QualityQuestion, known_at: datetime | None) -> QuestionView:
    answers = tuple(
        AnswerView(each.choice, each.words, each.by, each.post, each.at)
        for each in row.told_answers  # type: ignore[attr-defined]  # Prefetch.to_attr
    )
    ended = row.superseded_at
    if ended is not None and known_at is not None and ended > known_at:
        ended = None
    state: State = "settled" if ended else "answered" if answers else "open"
    return QuestionView(
        id=row.pk,
        round_id=row.round_id,
        place=row.place_id,
        place_name=full_name(row.place),
        indicator=row.indicator_code,
        kind=row.kind,
        strength=row.strength,
        chance=row.chance,
        reason_th=row.reason_th,
        figures=tuple(FigureTold(code, words) for code, words in row.figures),
        other=row.other,
        asked_at=row.known_at,
        settled_at=ended,
        answers=answers,
        state=state,
    )


def trends_of(
    round_id: int, questions: Iterable[QuestionView], factors: Mapping[str, Decimal]
) -> Mapping[tuple[str, str], tuple[Decimal | None, ...]]:
    """Return (place, indicator) → the values of the last rounds, the oldest first, of the figures
    that the questions are about. factors: of the indicators. Two queries.
    """
    wanted = {(each.place, code) for each in questions for code in each.is_about}
    one = Round.objects.select_related("framework").filter(pk=round_id).first()
    if not wanted or one is None:
        return {}
    rounds = list(
        Round.objects.filter(
            framework__code=one.framework.code,
            framework__owner=one.framework.owner_id,
            true_on__lte=one.true_on,
        ).order_by("-true_on", "-pk")[:_TREND_ROUNDS]
    )
    number = {each.pk: at for at, each in enumerate(reversed(rounds))}
    rows = Result.objects.filter(
        counts(Basis.ALL),
        round__in=number,
        place__in={place for place, _ in wanted},
        indicator_code__in={code for _, code in wanted},
        part_numerator__isnull=False,
    ).values_list("round_id", "place_id", "indicator_code", "part_numerator", "part_denominator")
    found: dict[tuple[str, str], list[Decimal | None]] = {
        key: [None] * len(number) for key in wanted
    }
    for each, place, code, above, below in rows:
        if (place, code) in wanted and above is not None and below != 0:
            value = above * factors.get(code, Decimal(1)) / (1 if below is None else below)
            found[place, code][number[each]] = value
    return {key: tuple(values) for key, values in found.items()}


def rounds_to_look_at() -> Sequence[int]:
    """Return the rounds with results that no look has seen yet, the newest first. Two queries."""
    newest = dict(
        Result.objects.exclude(state=ResultState.DRAFT)
        .values_list("round_id")
        .annotate(newest=Max("known_at"))
        .values_list("round_id", "newest")
    )
    seen = dict(
        QualityLook.objects.values_list("round_id")
        .annotate(seen=Max("results_at"))
        .values_list("round_id", "seen")
    )
    due = [key for key, at in newest.items() if key not in seen or seen[key] < at]
    return list(
        Round.objects.filter(pk__in=due).order_by("-true_on", "-pk").values_list("pk", flat=True)
    )
