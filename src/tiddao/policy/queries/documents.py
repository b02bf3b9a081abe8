"""Documents with what was read in them and what people decided, as the reader shows them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import pairwise
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from tiddao.people.access import Standing
from tiddao.policy.models import (
    Decision,
    Directive,
    Document,
    DocumentSort,
    Proposal,
    Reading,
    Verdict,
)
from tiddao.policy.queries.visibility import visible_documents
from tiddao.policy.rules.assignments import DueDay, due_day
from tiddao.policy.rules.editing import FIELDS, flat
from tiddao.policy.rules.explanations import RULES
from tiddao.policy.rules.listing import HEADINGS_TH

SHOWN_FIRST = ("oddity", "directive", "document-kind", "title", "head-line", "event")
"""Kinds at the top of the reader: what is odd, what is to be done, what the paper is."""
_QUIET = frozenset({"time", "year", "facet", "count-check", "post"})


@dataclass(frozen=True, slots=True)
class DocumentLine:
    """A document in a list. waiting: proposals nobody has decided about; directives: sent from it."""

    id: int
    title: str
    sort: str
    sort_words: str
    number: str
    issued_on: date | None
    fiscal_year: int
    place: str
    by_name: str
    at: datetime
    is_read: bool
    directives: int


@dataclass(frozen=True, slots=True)
class ProposalView:
    """A proposal with the last decision. read: the editable fields as read; value: what holds now,
    None until confirmed. still_read: the newest reading finds it too; seen: number of the last
    decision; sent: directives made of it.
    """

    id: int
    kind: str
    start: int
    end: int
    quote: str
    summary: str
    because: str
    verdict: str  # "" where nobody has decided
    verdict_words: str
    read: Mapping[str, str | None]
    value: Mapping[str, str | None] | None
    by_name: str
    at: datetime | None
    seen: int
    still_read: bool
    is_editable: bool
    due: DueDay | None  # of a directive
    raw: Mapping[str, Any]
    sent: tuple[int, ...]

    @property
    def is_decided(self) -> bool:
        return self.verdict not in {"", Verdict.REOPENED}

    @property
    def holds(self) -> bool:
        return self.verdict in {Verdict.CONFIRMED, Verdict.CHANGED}

    @property
    def shown(self) -> str:
        """What holds in a line, where a person changed it; else as read."""
        if self.verdict != Verdict.CHANGED or self.value is None:
            return self.summary
        return " · ".join(text for text in self.value.values() if text)

    @property
    def now(self) -> Mapping[str, str | None]:
        """The fields as they hold, or as read where nobody has decided."""
        return self.read if self.value is None else self.value


@dataclass(frozen=True, slots=True)
class KindGroup:
    """The proposals of one kind. open_at_first: shown open in the reader."""

    kind: str
    heading: str
    proposals: tuple[ProposalView, ...]
    open_at_first: bool

    @property
    def waiting(self) -> int:
        return sum(not each.is_decided for each in self.proposals)


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of the text under the same proposals. anchors: those that begin here. kind: of the
    one that is shown, "" for none.
    """

    text: str
    ids: tuple[int, ...]
    anchors: tuple[int, ...]
    kind: str


@dataclass(frozen=True, slots=True)
class DocumentView:
    """One document in the reader. waiting: proposals nobody has decided about."""

    line: DocumentLine
    text: str
    format: str
    file_name: str
    left_out: tuple[str, ...]
    pieces: tuple[Piece, ...]
    groups: tuple[KindGroup, ...]
    readings: int
    read_at: datetime | None
    rules: str

    @property
    def waiting(self) -> int:
        return sum(group.waiting for group in self.groups)

    @property
    def directives(self) -> tuple[ProposalView, ...]:
        return next((group.proposals for group in self.groups if group.kind == "directive"), ())

    @property
    def ready(self) -> tuple[ProposalView, ...]:
        """Directives that a person has confirmed and nobody has sent yet."""
        return tuple(each for each in self.directives if each.holds and not each.sent)


def documents_seen(
    standing: Standing, *, text: str = "", sort: str = "", fiscal_year: int | None = None
) -> QuerySet[Document]:
    """Return the documents that the person may read, as a query, the newest first."""
    rows = Document.objects.filter(visible_documents(standing))
    if text:
        rows = rows.filter(Q(title__icontains=text) | Q(number__icontains=text))
    if sort:
        rows = rows.filter(sort=sort)
    if fiscal_year:
        rows = rows.filter(fiscal_year=fiscal_year)
    return rows.annotate(
        directive_count=Count("directives", distinct=True),
        was_read=Exists(Reading.objects.filter(document=OuterRef("pk"))),
    ).order_by("-at", "-pk")


def document_lines(rows: Iterable[Document]) -> list[DocumentLine]:
    """Return rows of ``documents_seen`` as lines."""
    return [
        _line(row, is_read=row.was_read, directives=row.directive_count)  # type: ignore[attr-defined]  # annotated
        for row in rows
    ]


def find_document(document_id: int, standing: Standing) -> DocumentView | None:
    """Return the document with all its proposals if the person may read it. Six queries."""
    row = (
        Document.objects.filter(visible_documents(standing), pk=document_id)
        .select_related("source")
        .first()
    )
    if row is None:
        return None
    readings = list(Reading.objects.filter(document=row).order_by("number"))
    proposals = _proposals(row, readings[-1] if readings else None, on=standing.on)
    sent = Directive.objects.filter(document=row).count()
    return DocumentView(
        line=_line(row, is_read=bool(readings), directives=sent),
        text=row.source.text,
        format=row.source.format,
        file_name=row.source.file_name,
        left_out=tuple(row.source.left_out),
        pieces=pieces_of(row.source.text, proposals),
        groups=_groups(proposals),
        readings=len(readings),
        read_at=readings[-1].at if readings else None,
        rules=readings[-1].rules if readings else "",
    )


def find_proposal(proposal_id: int, standing: Standing) -> tuple[int, ProposalView] | None:
    """Return (document, proposal) if the person may read its document. Up to five queries."""
    seen = Document.objects.filter(visible_documents(standing)).values("pk")
    row = (
        Proposal.objects.filter(pk=proposal_id, document__in=seen)
        .select_related("document__source")
        .first()
    )
    if row is None:
        return None
    last = Reading.objects.filter(document=row.document_id).order_by("-number").first()
    found = _proposals(row.document, last, on=standing.on, only=proposal_id)
    return row.document_id, found[0]


def pieces_of(text: str, proposals: Sequence[ProposalView]) -> tuple[Piece, ...]:
    """Cut the text where any proposal begins or ends; each piece knows who covers it.

    Of several the shortest is shown. A dropped proposal is not shown.
    """
    shown = [
        each for each in proposals if each.verdict != Verdict.DROPPED and each.start < each.end
    ]
    cuts = sorted({0, len(text), *(each.start for each in shown), *(each.end for each in shown)})
    by_start: dict[int, list[ProposalView]] = {}
    for each in shown:
        by_start.setdefault(each.start, []).append(each)
    pieces: list[Piece] = []
    covering: list[ProposalView] = []
    for start, end in pairwise(cuts):
        begins = by_start.get(start, [])
        covering = [each for each in covering if each.end > start] + begins
        top = min(
            covering,
            key=lambda each: (each.kind in _QUIET, each.end - each.start, each.id),
            default=None,
        )
        pieces.append(
            Piece(
                text[start:end],
                tuple(each.id for each in covering),
                tuple(each.id for each in begins),
                top.kind if top else "",
            )
        )
    return tuple(pieces)


# -- rows ------------------------------------------------------------------------------------------


def _line(row: Document, *, is_read: bool, directives: int) -> DocumentLine:
    return DocumentLine(
        id=row.pk,
        title=row.title,
        sort=row.sort,
        sort_words=str(DocumentSort(row.sort).label),
        number=row.number,
        issued_on=row.issued_on,
        fiscal_year=row.fiscal_year,
        place=row.place_id,
        by_name=row.by_name,
        at=row.at,
        is_read=is_read,
        directives=directives,
    )


def _proposals(
    document: Document, reading: Reading | None, *, on: date, only: int | None = None
) -> list[ProposalView]:
    """What the last reading found and what anybody decided about, by where it stands."""
    last = {
        each.proposal_id: each
        for each in Decision.objects.filter(proposal__document=document).order_by("number")
    }
    sent: dict[int, list[int]] = {}
    for proposal, directive in Directive.objects.filter(
        document=document, proposal__isnull=False
    ).values_list("proposal_id", "pk"):
        sent.setdefault(proposal, []).append(directive)
    found = set(reading.found) if reading else set()
    rows = Proposal.objects.filter(Q(pk__in=found) | Q(pk__in=list(last)), document=document)
    if only is not None:
        rows = Proposal.objects.filter(pk=only)
    text = document.source.text
    return [
        _proposal(row, last.get(row.pk), text, found, tuple(sent.get(row.pk, ())), on=on)
        for row in rows.order_by("start", "end", "pk")
    ]


def _proposal(
    row: Proposal,
    decision: Decision | None,
    text: str,
    found: set[int],
    sent: tuple[int, ...],
    *,
    on: date,
) -> ProposalView:
    read = flat(row.kind, row.value)
    value = decision.value if decision else None
    due = (read if value is None else value).get("due") if row.kind == "directive" else None
    verdict = decision.verdict if decision else ""
    return ProposalView(
        id=row.pk,
        kind=row.kind,
        start=row.start,
        end=row.end,
        quote=re.sub(r"\s+", " ", text[row.start : row.end]).strip(),
        summary=row.summary,
        because=RULES.get(row.rule, ""),
        verdict="" if verdict == Verdict.REOPENED else verdict,
        verdict_words=str(Verdict(verdict).label) if verdict else "",
        read=read,
        value=value,
        by_name=decision.by_name if decision else "",
        at=decision.at if decision else None,
        seen=decision.number if decision else 0,
        still_read=row.pk in found,
        is_editable=row.kind in FIELDS,
        due=due_day(date.fromisoformat(due), on=on) if due else None,
        raw=row.value,
        sent=sent,
    )


def _groups(proposals: Sequence[ProposalView]) -> tuple[KindGroup, ...]:
    headings = dict(HEADINGS_TH)
    order = [*SHOWN_FIRST, *(kind for kind in headings if kind not in SHOWN_FIRST)]
    by_kind: dict[str, list[ProposalView]] = {}
    for each in proposals:
        by_kind.setdefault(each.kind, []).append(each)
    return tuple(
        KindGroup(kind, headings[kind], tuple(by_kind[kind]), open_at_first=kind in SHOWN_FIRST)
        for kind in order
        if kind in by_kind
    )
