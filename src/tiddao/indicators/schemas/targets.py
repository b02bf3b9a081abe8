"""Targets, what was handed down, and how receivers answered."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime
from decimal import Decimal
from typing import Any

from ninja import Schema
from pydantic import Field

from tiddao.indicators.queries.cascade import BoardRow, Received, SplitView, receives_rates
from tiddao.indicators.queries.frameworks import FrameworkInForce
from tiddao.indicators.schemas.asking import FORBID, Year


class TargetsAsked(Schema):
    model_config = FORBID
    year: Year
    framework: str | None = Field(None, description="code; without it, the one pages open with")


class SaidOut(Schema):
    """How receivers of a target answered: numbers of places."""

    acknowledged: int
    objected: int
    silent: int


class ReceivedOut(Schema):
    """A target got from above. answer: acknowledged, objected, or silent; handed_on: the whole that
    the place handed down itself, null where it has not.
    """

    part: int
    giver: str
    value: Decimal
    sent_at: datetime
    answer: str
    reason: str
    answered_at: datetime | None
    handed_on: Decimal | None


class TargetOut(Schema):
    """One indicator's target, in its own unit. carried: a rate that every place gets, else the parts
    make the whole. right_below, further_below: null where it was not handed down there.
    """

    indicator: str
    name: str
    unit: str
    carried: bool
    target: Decimal | None
    received: ReceivedOut | None
    right_below: SaidOut | None
    further_below: SaidOut | None


class TargetsOut(Schema):
    place: str
    framework: str
    fiscal_year: int
    targets: list[TargetOut]


class PartOut(Schema):
    """One receiver's part. answer: acknowledged, objected, or silent."""

    place: str
    value: Decimal
    base: Decimal | None
    last: Decimal | None
    locked: bool
    answer: str
    reason: str
    answered_at: datetime | None


class SplitOut(Schema):
    """One time that a target was handed down; ended_at: null for the one that stands."""

    level: str
    method: str
    carried: bool
    whole: Decimal
    together: Decimal
    reason: str
    sent_at: datetime
    ended_at: datetime | None
    said: SaidOut
    parts: list[PartOut]


class HandedDownOut(Schema):
    """A target as its place handed it down, the newest first; empty where it has not."""

    place: str
    framework: str
    fiscal_year: int
    indicator: str
    splits: list[SplitOut]


def targets_json(
    place: str, framework: FrameworkInForce, rows: Iterable[BoardRow]
) -> dict[str, Any]:
    """Shape a place's targets and how those below answered."""
    return {
        "place": place,
        "framework": framework.code,
        "fiscal_year": framework.fiscal_year,
        "targets": [
            {
                "indicator": row.indicator.code,
                "name": row.indicator.name_th,
                "unit": row.indicator.unit_th,
                "carried": receives_rates(row.indicator),
                "target": row.target,
                "received": row.received and _received(row.received),
                "right_below": row.said and asdict(row.said),
                "further_below": row.below and asdict(row.below),
            }
            for row in rows
        ],
    }


def handed_down_json(
    place: str, framework: FrameworkInForce, indicator: str, splits: Iterable[SplitView]
) -> dict[str, Any]:
    """Shape what a place handed down of one indicator, with every receiver's answer."""
    return {
        "place": place,
        "framework": framework.code,
        "fiscal_year": framework.fiscal_year,
        "indicator": indicator,
        "splits": [
            {
                "level": each.level,
                "method": each.method,
                "carried": each.carried,
                "whole": each.whole,
                "together": each.together,
                "reason": each.reason,
                "sent_at": each.sent_at,
                "ended_at": each.ended_at,
                "said": {
                    "acknowledged": each.said["acknowledged"],
                    "objected": each.said["objected"],
                    "silent": each.said[""],
                },
                "parts": [
                    {
                        "place": part.place,
                        "value": part.value,
                        "base": part.base,
                        "last": part.last,
                        "locked": part.locked,
                        "answer": part.answer or "silent",
                        "reason": part.reason,
                        "answered_at": part.answered_at,
                    }
                    for part in each.parts
                ],
            }
            for each in splits
        ],
    }


def _received(got: Received) -> dict[str, Any]:
    return {
        "part": got.part.part,
        "giver": got.giver,
        "value": got.part.value,
        "sent_at": got.sent_at,
        "answer": got.part.answer or "silent",
        "reason": got.part.reason,
        "answered_at": got.part.answered_at,
        "handed_on": got.handed_on,
    }
