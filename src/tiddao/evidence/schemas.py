"""What goes out as JSON and what may be asked. Days are Gregorian (ISO 8601); sizes are bytes."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Literal

from ninja import Schema
from pydantic import ConfigDict, Field

from tiddao.evidence.queries.items import (
    EvidenceDetail,
    ListedEvidence,
    UseView,
    VersionView,
)
from tiddao.evidence.queries.uses import EvidenceRow
from tiddao.evidence.wording import FindingWords

FORBID = ConfigDict(extra="forbid")


class Problem(Schema):
    """What every refusal looks like."""

    detail: str


class NothingAsked(Schema):
    """No questions may be asked; unknown ones are refused."""

    model_config = FORBID


class EvidenceAsked(Schema):
    model_config = FORBID
    place: str | None = Field(None, description="offices at this place or below it")
    q: str | None = Field(None, max_length=100, description="part of a title, file name or link")
    kind: Literal["file", "link"] | None = None
    state: Literal["expiring", "expired", "questions", "unused"] | None = None
    page: int = Field(1, ge=1, le=100_000)


class UsesAsked(Schema):
    model_config = FORBID
    subject_kind: str = Field(max_length=40)
    subject_key: str = Field(max_length=120)


class FindingOut(Schema):
    code: str
    is_question: bool
    words: str


class EvidenceOut(Schema):
    id: int
    number: int
    title: str
    kind: str
    place: str
    effective_on: date | None
    expires_on: date | None
    handed_in_at: datetime
    handed_in_by: str
    uses: int
    questions: int


class EvidenceListOut(Schema):
    count: int
    page: int
    pages: int
    rows: list[EvidenceOut]


class VersionOut(Schema):
    number: int
    file_name: str
    link: str
    sha256: str
    size: int | None
    effective_on: date | None
    taken_at: datetime | None
    handed_in_at: datetime
    handed_in_by: str
    findings: list[FindingOut]


class UseOut(Schema):
    id: int
    number: int
    what: str
    href: str
    place: str
    attached_at: datetime
    attached_by: str
    ended_at: datetime | None
    end_reason: str
    findings: list[FindingOut]


class EvidenceDetailOut(Schema):
    id: int
    title: str
    kind: str
    place: str
    effective_on: date | None
    expires_on: date | None
    versions: list[VersionOut]
    uses: list[UseOut]
    uses_elsewhere: int


class AttachedOut(Schema):
    evidence_id: int
    number: int
    newest: int
    title: str
    kind: str
    file_name: str
    link: str
    sha256: str
    size: int | None
    effective_on: date | None
    expires_on: date | None
    attached_at: datetime
    attached_by: str
    findings: list[FindingOut]


def evidence_json(row: ListedEvidence) -> dict[str, Any]:
    """Return one proof of a list."""
    return {name: getattr(row, name) for name in EvidenceOut.model_fields}


def detail_json(detail: EvidenceDetail) -> dict[str, Any]:
    """Return one proof with its versions and uses; positions of photos are for pages only."""
    return {
        "id": detail.id,
        "title": detail.title,
        "kind": detail.kind,
        "place": detail.place,
        "effective_on": detail.effective_on,
        "expires_on": detail.expires_on,
        "versions": [_version_json(version) for version in detail.versions],
        "uses": [_use_json(use) for use in detail.uses],
        "uses_elsewhere": detail.hidden_uses,
    }


def attached_json(row: EvidenceRow) -> dict[str, Any]:
    """Return one proof as it stands for a thing."""
    own = {name: getattr(row, name) for name in AttachedOut.model_fields if name != "findings"}
    return own | {"findings": _findings_json(row.findings)}


def _version_json(version: VersionView) -> dict[str, Any]:
    return {
        "number": version.number,
        "file_name": version.file_name,
        "link": version.link,
        "sha256": version.sha256,
        "size": version.size,
        "effective_on": version.effective_on,
        "taken_at": version.taken_at,
        "handed_in_at": version.at,
        "handed_in_by": version.by_name,
        "findings": _findings_json(version.findings),
    }


def _use_json(use: UseView) -> dict[str, Any]:
    return {
        "id": use.id,
        "number": use.number,
        "what": use.label,
        "href": use.href,
        "place": use.place,
        "attached_at": use.at,
        "attached_by": use.by_name,
        "ended_at": use.ended_at,
        "end_reason": use.end_reason,
        "findings": _findings_json(use.findings),
    }


def _findings_json(findings: tuple[FindingWords, ...]) -> list[dict[str, Any]]:
    return [
        {"code": one.code, "is_question": one.is_question, "words": one.words} for one in findings
    ]
