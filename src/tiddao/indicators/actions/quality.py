"""Looking at a round's figures, and answering what was asked about them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime

import numpy as np
from django.db import connection, transaction
from django.db.models import Max

from tiddao.indicators.models import (
    QualityAnswer,
    QualityLook,
    QualityQuestion,
    Result,
    ResultState,
    Round,
)
from tiddao.indicators.queries.frameworks import version_in_force
from tiddao.indicators.queries.quality import rounds_to_look_at
from tiddao.indicators.queries.quality_history import figures_of
from tiddao.indicators.rules.quality.asking import RoundQuestion, look_at_round
from tiddao.ledger.actions import record
from tiddao.ledger.actors import Actor

_Key = tuple[str, str, str]


class AnswerRefused(Exception):
    """The answer was not taken. code: no_words; settled (the figures have changed since)."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@transaction.atomic
def look_at_figures(one: Round, *, by: Actor, at: datetime) -> QualityLook | None:
    """Look at all figures of a round and keep what is to be asked; None where nobody reported.

    A question whose figures stand as they did stays the same question, with its answers. One that
    the figures raise no more is settled; one that they raise otherwise is asked anew.
    """
    held = Round.objects.select_related("framework").select_for_update(of=("self",)).get(pk=one.pk)
    version = version_in_force(held.framework_id)
    newest = (
        Result.objects.filter(round=held)
        .exclude(state=ResultState.DRAFT)
        .aggregate(newest=Max("known_at"))["newest"]
    )
    if version is None or newest is None:
        return None
    asked: list[RoundQuestion] = []
    looks: dict[str, list[int]] = {}
    places = figures = rounds = 0
    for level in figures_of(held, version):
        look = look_at_round(level.history, level.edits, level.words)
        asked += look.questions
        for each in look.looks:
            counted = looks.setdefault(each.kind, [0, 0])
            counted[0] += each.looked_at
            counted[1] += each.asked
        places += len(level.history.places)
        figures += int(np.isfinite(level.history.numerators[-1]).sum())
        rounds = max(rounds, len(level.history.rounds))
    changed = _keep(held, asked, at=at)
    kept = QualityLook.objects.create(
        round=held,
        results_at=newest,
        rounds=rounds,
        places=places,
        figures=figures,
        looks=[[kind, *counted] for kind, counted in looks.items()],
        at=at,
    )
    record(
        "look_at_figures",
        on=f"round:{held.pk}",
        by=by,
        at=at,
        place=held.framework.owner.place_id,
        detail={"figures": figures, "asked": len(asked), **changed},
    )
    return kept


def _keep(one: Round, asked: Sequence[RoundQuestion], *, at: datetime) -> dict[str, int]:
    """Write what is asked now; close what is asked no more or otherwise."""
    current: dict[_Key, QualityQuestion] = {
        (row.place_id, row.kind, row.indicator_code): row
        for row in QualityQuestion.objects.filter(round=one, superseded_at__isnull=True)
    }
    fresh: list[QualityQuestion] = []
    closing: list[int] = []
    for question in asked:
        key = (question.place, question.kind, question.indicator)
        stands = current.pop(key, None)
        figures = [[each.indicator, each.words_th] for each in question.figures]
        if stands is not None:
            # The same figures: the same question, however its chance moved with the peers.
            if (stands.figures, stands.other) == (figures, question.other) and (
                figures or stands.reason_th == question.reason_th
            ):
                continue
            closing.append(stands.pk)
        said = asdict(question)
        fresh.append(
            QualityQuestion(
                round=one,
                place_id=question.place,
                indicator_code=question.indicator,
                kind=question.kind,
                strength=question.strength,
                chance=question.chance,
                reason_th=said["reason_th"],
                figures=figures,
                other=question.other,
                revision=stands.revision + 1 if stands else 1,
                known_at=at,
            )
        )
    closing += [row.pk for row in current.values()]
    QualityQuestion.objects.filter(pk__in=closing).update(superseded_at=at)
    QualityQuestion.objects.bulk_create(fresh, batch_size=500)
    return {"new": len(fresh), "settled": len(current)}


def look_at_rounds_due(*, by: Actor, at: datetime) -> int:
    """Look at every round with figures that no look has seen; return how many. For a nightly job.

    Each round is a transaction of its own; one that another process looks at just now is left.
    """
    looked = 0
    for key in rounds_to_look_at():
        with transaction.atomic():
            if not _claim(key):
                continue
            one = Round.objects.filter(pk=key).first()
            if one is not None and look_at_figures(one, by=by, at=at) is not None:
                looked += 1
    return looked


def _claim(round_id: int) -> bool:
    """Take the round for this transaction, unless another process has it."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_try_advisory_xact_lock(hashtext('look_at_figures'), %s)", [round_id]
        )
        row = cursor.fetchone()
    return bool(row and row[0])


@transaction.atomic
def answer_question(
    question_id: int, *, choice: str, words: str, by: Actor, at: datetime
) -> QualityAnswer:
    """Keep what the office says to a question. Earlier answers stay; the question stays in sight.

    Raises AnswerRefused, and ValueError for an unknown choice.
    """
    if choice not in QualityAnswer.Choice.values:
        raise ValueError(f"no such choice: {choice}")
    said = words.strip()
    if not said:
        raise AnswerRefused("no_words")
    question = QualityQuestion.objects.select_for_update().get(pk=question_id)
    if question.superseded_at is not None:
        raise AnswerRefused("settled")
    answer = QualityAnswer.objects.create(
        question=question, choice=choice, words=said, by=by.reference, post=by.post, at=at
    )
    record(
        "answer_question",
        on=f"round:{question.round_id}/place:{question.place_id}/question:{question.pk}",
        by=by,
        at=at,
        place=question.place_id,
        after={"choice": choice, "words": said},
        detail={"kind": question.kind, "indicator": question.indicator_code},
    )
    return answer
