"""Frameworks with their versions and rounds."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from ninja import Schema
from pydantic import Field

from tiddao.indicators.queries.frameworks import (
    FrameworkDetail,
    FrameworkRow,
    RoundView,
    VersionView,
)
from tiddao.indicators.schemas.asking import FORBID, Year


class FrameworksAsked(Schema):
    model_config = FORBID
    year: Year | None = None


class FrameworkAsked(Schema):
    model_config = FORBID
    version: int | None = Field(None, ge=1, le=32767, description="that version; else the newest")


class RoundOut(Schema):
    code: str
    name_th: str
    name_en: str
    opens: date
    closes: date
    true_on: date
    state: str
    has_results: bool


class FrameworkOut(Schema):
    code: str
    fiscal_year: int
    title_th: str
    title_en: str
    proposed: bool
    owner: str
    owner_place: str
    published: int | None
    draft: int | None


class VersionOut(Schema):
    number: int
    state: str
    digest: str
    published_at: datetime | None


class FrameworkDetailOut(FrameworkOut):
    """toml: address of the definition itself."""

    shown: VersionOut
    versions: list[VersionOut]
    rounds: list[RoundOut]
    dimensions: list[str]
    indicators: list[str]


def round_json(each: RoundView) -> dict[str, Any]:
    return {
        "code": each.code,
        "name_th": each.name_th,
        "name_en": each.name_en,
        "opens": each.opens,
        "closes": each.closes,
        "true_on": each.true_on,
        "state": each.state,
        "has_results": each.has_results,
    }


def framework_json(row: FrameworkRow) -> dict[str, Any]:
    return {
        "code": row.code,
        "fiscal_year": row.fiscal_year,
        "title_th": row.title_th,
        "title_en": row.title_en,
        "proposed": row.proposed,
        "owner": row.owner_code,
        "owner_place": row.owner_place,
        "published": row.published,
        "draft": row.draft,
    }


def _version_json(each: VersionView) -> dict[str, Any]:
    return {
        "number": each.number,
        "state": each.state,
        "digest": each.digest,
        "published_at": each.published_at,
    }


def framework_detail_json(detail: FrameworkDetail) -> dict[str, Any]:
    return framework_json(detail.row) | {
        "shown": _version_json(detail.shown),
        "versions": [_version_json(each) for each in detail.versions],
        "rounds": [round_json(each) for each in detail.rounds],
        "dimensions": [each.code for each in detail.definition.dimensions],
        "indicators": [each.code for each in detail.definition.indicators],
    }
