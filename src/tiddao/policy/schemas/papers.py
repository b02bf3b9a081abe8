"""What the JSON of official papers looks like: minutes, letters, templates, news drafts."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from ninja import Schema

from tiddao.policy.queries.letters import IssueLine, LetterLine, LetterView
from tiddao.policy.queries.news import NewsView
from tiddao.policy.queries.papers import InForce, TemplateLine
from tiddao.policy.rules.official import Minutes, content_of


class IssueOut(Schema):
    """One issue. sha256: of its content in canonical JSON; reason: "" of the first."""

    number: int
    sha256: str
    reason: str
    by_name: str
    at: datetime


class MinutesOut(IssueOut):
    """content: facts as they were frozen; days and times in ISO 8601."""

    content: dict[str, Any]


class LetterOut(Schema):
    """state: draft, issued, dropped; kind: letter, circular, memo."""

    id: int
    kind: str
    subject: str
    number: str
    to: str
    day: date | None
    office: str
    place: str
    state: str
    version: int
    issues: int


class LetterPageOut(LetterOut):
    """content: of the draft as it stands; meeting_id, directive_id: what it was written from."""

    content: dict[str, Any]
    meeting_id: int | None
    directive_id: int | None
    issued: list[IssueOut]


class InForceOut(Schema):
    """What a kind of paper is set with. office: whose template it is, "" for the product's own."""

    kind: str
    sha256: str
    number: int
    office: str
    since: datetime | None


class TemplateOut(Schema):
    """state: trial, in_force, retired, dropped; size: bytes."""

    id: int
    kind: str
    number: int
    office: str
    file_name: str
    sha256: str
    size: int
    state: str
    at: datetime
    in_force_at: datetime | None
    retired_at: datetime | None


class TemplatesOut(Schema):
    in_force: list[InForceOut]
    versions: list[TemplateOut]


class ParagraphOut(Schema):
    """fields: what it was made from, empty for a person's own words."""

    words: str
    fields: list[str]


class NewsOut(Schema):
    """state: draft, ready, dropped."""

    title: str
    state: str
    by_name: str
    at: datetime
    paragraphs: list[ParagraphOut]


def minutes_out(said: Minutes, line: IssueLine) -> MinutesOut:
    """Return issued minutes."""
    return MinutesOut(**_issue(line), content=content_of(said))


def letter_out(line: LetterLine) -> LetterOut:
    """Return a letter of a list."""
    return LetterOut(**{name: getattr(line, name) for name in LetterOut.model_fields})


def letter_page_out(found: LetterView) -> LetterPageOut:
    """Return one letter."""
    return LetterPageOut(
        **{name: getattr(found.line, name) for name in LetterOut.model_fields},
        content=content_of(found.letter),
        meeting_id=found.meeting_id,
        directive_id=found.directive_id,
        issued=[IssueOut(**_issue(each)) for each in found.issues],
    )


def templates_out(in_force: list[InForce], versions: list[TemplateLine]) -> TemplatesOut:
    """Return an office's templates."""
    return TemplatesOut(
        in_force=[
            InForceOut(**{name: getattr(one, name) for name in InForceOut.model_fields})
            for one in in_force
        ],
        versions=[
            TemplateOut(**{name: getattr(one, name) for name in TemplateOut.model_fields})
            for one in versions
        ],
    )


def news_out(news: NewsView) -> NewsOut:
    """Return a news draft."""
    return NewsOut(
        title=news.title,
        state=news.state,
        by_name=news.by_name,
        at=news.at,
        paragraphs=[ParagraphOut(words=p.words, fields=list(p.fields)) for p in news.paragraphs],
    )


def _issue(line: IssueLine) -> dict[str, Any]:
    said = asdict(line)
    return {name: said[name] for name in IssueOut.model_fields}
