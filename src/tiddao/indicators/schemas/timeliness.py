"""Who reported when."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from ninja import Schema
from pydantic import AwareDatetime

from tiddao.indicators.queries.frameworks import RoundView
from tiddao.indicators.queries.timeliness import Counts, Timeliness
from tiddao.indicators.schemas.asking import FORBID
from tiddao.indicators.schemas.numbers import json_number


class TimelinessAsked(Schema):
    model_config = FORBID
    scope: str
    known_at: AwareDatetime | None = None


class ReportCountsOut(Schema):
    """Numbers of results; completeness, timeliness: per cent of what is owed, null where nothing is."""

    owed: int
    reported: int
    on_time: int
    late: int
    missing: int
    submitted: int
    checked: int
    approved: int
    returned: int
    drafts: int
    completeness: float | None
    timeliness: float | None


class PlaceReportsOut(ReportCountsOut):
    place: str
    name: str
    level: str
    offices: int
    last_handed_in_at: datetime | None


class TimelinessOut(Schema):
    """deadline: the last day of the round as it was opened first."""

    scope: str
    round: str
    fiscal_year: int
    deadline: date
    known_at: datetime
    rows: list[PlaceReportsOut]
    total: ReportCountsOut


def timeliness_json(found: Timeliness, view: RoundView, *, known_at: datetime) -> dict[str, Any]:
    """Shape who reported when; known_at: the moment it stood so."""
    return {
        "scope": found.unit.key,
        "round": view.code,
        "fiscal_year": view.fiscal_year,
        "deadline": found.deadline,
        "known_at": known_at,
        "rows": [
            {
                "place": row.place,
                "name": row.name,
                "level": row.level,
                "offices": row.offices,
                "last_handed_in_at": row.last_at,
            }
            | _counts(row.counts)
            for row in found.rows
        ],
        "total": _counts(found.total),
    }


def _counts(counts: Counts) -> dict[str, Any]:
    return asdict(counts) | {
        "missing": counts.missing,
        "completeness": json_number(counts.completeness),
        "timeliness": json_number(counts.timeliness),
    }
