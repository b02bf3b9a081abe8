"""Questions about figures."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Literal

from ninja import Schema
from pydantic import AwareDatetime, Field

from tiddao.indicators.queries.quality import LookView, QuestionView
from tiddao.indicators.schemas.asking import FORBID
from tiddao.places.models import NATION
from tiddao.places.queries import Unit


class QualityAsked(Schema):
    model_config = FORBID
    scope: str = Field(NATION, max_length=60, description="place or group key; else the nation")
    known_at: AwareDatetime | None = None


class QualityFigureOut(Schema):
    indicator: str
    words: str


class QualityAnswerOut(Schema):
    choice: Literal["confirmed", "corrected"]
    words: str
    at: datetime


class QualityQuestionOut(Schema):
    id: int
    place: str
    indicator: str
    kind: Literal["outlier", "digits", "copied", "neighbour", "cutoff", "late_edits"]
    strength: Literal["strong", "fair"]
    chance: float = Field(description="how often an honest office would look like this")
    reason: str
    figures: list[QualityFigureOut]
    other: str = Field(description="place whose figures these equal, or empty")
    state: Literal["open", "answered", "settled"]
    asked_at: datetime
    answers: list[QualityAnswerOut]


class QualityLookOut(Schema):
    kind: str
    looked_at: int
    asked: int


class QualityOut(Schema):
    place: str
    framework: str
    fiscal_year: int
    round: str
    known_at: datetime | None
    looked_at: datetime | None
    looks: list[QualityLookOut]
    count: int
    questions: list[QualityQuestionOut]


def quality_json(
    unit: Unit,
    framework: str,
    year: int,
    round_code: str,
    *,
    look: LookView | None,
    questions: Sequence[QuestionView],
    known_at: datetime | None,
) -> dict[str, Any]:
    """Return what was asked about a unit's figures in a round, as `QualityOut` says."""
    return {
        "place": unit.key,
        "framework": framework,
        "fiscal_year": year,
        "round": round_code,
        "known_at": known_at,
        "looked_at": look.at if look else None,
        "looks": [
            {"kind": kind, "looked_at": looked, "asked": asked}
            for kind, looked, asked in (look.looks if look else ())
        ],
        "count": len(questions),
        "questions": [
            {
                "id": each.id,
                "place": each.place,
                "indicator": each.indicator,
                "kind": each.kind,
                "strength": each.strength,
                "chance": each.chance,
                "reason": each.reason_th,
                "figures": [
                    {"indicator": told.indicator, "words": told.words_th} for told in each.figures
                ],
                "other": each.other,
                "state": each.state,
                "asked_at": each.asked_at,
                "answers": [
                    {"choice": said.choice, "words": said.words, "at": said.at}
                    for said in each.answers
                ],
            }
            for each in questions
        ],
    }
