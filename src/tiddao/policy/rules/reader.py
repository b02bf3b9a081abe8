"""Reading a document: from its text to proposals, each on the exact span of the source."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, fields, is_dataclass, replace
from typing import Any

from tiddao.policy.rules import oddities as odd
from tiddao.policy.rules.calendar import days_in, times_in, years_in
from tiddao.policy.rules.counts import counts_in
from tiddao.policy.rules.directives import directives_in
from tiddao.policy.rules.events import agenda_in, events_in, venues_in
from tiddao.policy.rules.facets import facets_of
from tiddao.policy.rules.figures import figures_in
from tiddao.policy.rules.gazetteer import Gazetteer
from tiddao.policy.rules.head import head_lines, kind_of, title_of
from tiddao.policy.rules.lines import Line, lines_of
from tiddao.policy.rules.organisers import organisers_in
from tiddao.policy.rules.outline import dimensions_in, issues_in
from tiddao.policy.rules.people import aliases_of, people_in, posts_without_names
from tiddao.policy.rules.places import groups_in, places_in
from tiddao.policy.rules.programmes import programmes_in
from tiddao.policy.rules.proposals import DocumentKind, PersonNamed, Proposal
from tiddao.policy.rules.repair import repaired
from tiddao.policy.rules.source_text import SourceText
from tiddao.policy.rules.spans import RepairedText, Span
from tiddao.policy.rules.spelling import misspellings_in

_SIGNED = re.compile(r"ขอแสดงความนับถือ|^\(?(?:นาย|นาง|ว่าที่|พล|ดร)[^\n]*\)$")
_PERSON_LINE = re.compile(r"(?:นาย|นาง|น\.ส\.|ว่าที่|ดร\.|พล|ร\.|พ\.|จ\.ส\.)")


@dataclass(frozen=True, slots=True)
class Reading:
    """All proposals of one document, by where they stand. Spans count characters of source."""

    source: SourceText
    proposals: tuple[Proposal, ...]

    def of(self, kind: str) -> tuple[Proposal, ...]:
        return tuple(each for each in self.proposals if each.kind == kind)

    def quote(self, span: Span) -> str:
        return self.source.text[span.start : span.end]


def read_document(source: SourceText, gazetteer: Gazetteer) -> Reading:
    """Every proposal that the rules find in the text, tied to the source. Nothing is written.

    Source: issue 4 "Reading a document"; docs requirements A, B, E.
    """
    text = repaired(source.text, wraps=source.wraps, from_pdf=source.format == "pdf")
    found = _read(text.text, gazetteer)
    placed = tuple(_in_source(each, text) for each in found)
    ordered = sorted(placed, key=lambda each: (each.span, each.kind, each.rule))
    return Reading(source, tuple(ordered))


def _read(text: str, gazetteer: Gazetteer) -> list[Proposal]:
    lines = lines_of(text)
    kind = kind_of(lines)
    sort: DocumentKind = kind.document_kind if kind else "other"
    title = title_of(lines, sort)
    heads = head_lines(lines, sort)

    days, times = days_in(text), times_in(text)
    years = years_in(text, days)
    places, groups = places_in(text, gazetteer), groups_in(text, gazetteer)
    people = people_in(text, gazetteer)
    aliases = aliases_of(people)
    posts = posts_without_names(text, people, gazetteer)

    issues = issues_in(text, lines, skip=_not_issues(lines, people, heads))
    dimensions = dimensions_in(text)
    venues = venues_in(text, places)
    organisers = organisers_in(text, lines, sort, gazetteer, places)
    parts = agenda_in(text, lines, times, venues)
    events = events_in(
        text, kind=sort, title=title, days=days, times=times, venues=venues,
        organisers=organisers, parts=parts,
    )  # fmt: skip
    directives = directives_in(
        text, kind=sort, lines=lines, days=days, issues=issues, heads=heads,
        gazetteer=gazetteer, title=title.span if title else None, signed_from=_signed_from(lines),
    )  # fmt: skip
    counts = counts_in(
        text, places=places, groups=groups, dimensions=dimensions, issues=issues, parts=parts
    )
    programmes = programmes_in(text)

    taken = [each.span for each in (*days, *times, *years)]
    taken += [head.span for head in heads if head.part in {"number", "phone"}]
    taken += [Span(line.span.start, line.mark.end) for line in lines if line.mark]
    taken += [place.span for place in places] + [group.span for group in groups]
    taken += [Span(each.whole.start, each.span.start) for each in issues]
    taken += [each.span for each in programmes if re.search(r"\d", each.name)]
    figures = figures_in(text, lines, days, taken)

    strange = odd.oddities_of_lines(text, lines, issues)
    strange += odd.oddities_of_names(text, aliases, places, groups, gazetteer)
    strange += odd.oddities_of_days(text, days, years, directives)
    strange += odd.oddities_of_events(events, parts, days, title.span if title else None)
    strange += odd.oddities_of_figures(figures, counts, dimensions, text)
    strange += misspellings_in(text)

    found: list[Proposal] = [each for each in (kind, title) if each]
    for some in (
        heads, days, times, years, places, groups, people, aliases, posts, issues, dimensions,
        venues, organisers, parts, events, directives, counts, programmes, figures, strange,
        facets_of(text, issues, directives),
    ):  # fmt: skip
        found.extend(some)
    return found


def _signed_from(lines: Sequence[Line]) -> int:
    """Where the signature of a paper begins; the end of the text when it has none."""
    for position, line in enumerate(lines):
        if position >= len(lines) // 2 and _SIGNED.match(line.text):
            return line.span.start
    return lines[-1].span.end + 1 if lines else 0


def _not_issues(
    lines: Sequence[Line], people: Sequence[PersonNamed], heads: Sequence[Proposal]
) -> list[Span]:
    """Lines of a list of persons, and of a paper's head, number no issues."""
    skip = [
        line.span
        for line in lines
        if line.mark
        and _PERSON_LINE.match(line.text, line.mark.end - line.span.start)
        and any(
            span.start - line.mark.end <= 1
            for person in people
            for span in person.mentions
            if line.span.covers(span)
        )
    ]
    return skip + [head.span for head in heads]


def _in_source(value: Any, text: RepairedText) -> Any:
    """The same proposal with every span in it counted in the source."""
    if isinstance(value, Span):
        return text.in_source(value)
    if isinstance(value, tuple):
        return tuple(_in_source(each, text) for each in value)
    if is_dataclass(value) and not isinstance(value, type):
        changed = {
            field.name: moved
            for field in fields(value)
            if (moved := _in_source(getattr(value, field.name), text))
            is not getattr(value, field.name)
        }
        return replace(value, **changed)
    return value
