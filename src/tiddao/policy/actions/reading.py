"""Taking documents in, reading them by rule, and what people decide about what was read."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any

from django.db import transaction
from django.db.models import Max

from tiddao.kernel.fiscal import FiscalYear
from tiddao.ledger.actions import record
from tiddao.ledger.actors import Actor
from tiddao.policy import rules
from tiddao.policy.models import (
    Decision,
    Document,
    DocumentSort,
    DocumentText,
    Proposal,
    Reading,
    Verdict,
)
from tiddao.policy.queries.gazetteer import current_gazetteer
from tiddao.policy.rules.editing import edited, flat
from tiddao.policy.rules.listing import said, values_of
from tiddao.policy.rules.proposals import Proposal as Proposed
from tiddao.policy.rules.reader import read_document
from tiddao.policy.rules.source_text import Format, SourceText

POINTED_AT = "person.pointed-at"
"""The rule of a proposal that a person added by pointing at words of the text."""
BATCH = 500
AT_ONCE = 120_000
"""Characters that are read while the person waits (about 50 pages); a longer text is read by a job."""


class AlreadyRead(Exception):
    """The office has taken in the same text before. document_id: where it is."""

    def __init__(self, document_id: int) -> None:
        super().__init__(document_id)
        self.document_id = document_id


class DecidedMeanwhile(Exception):
    """Somebody else decided about the proposal since the person looked; nothing was written."""


class WordsNotInText(Exception):
    """The words that a person pointed at do not stand in the text."""


@dataclass(frozen=True, slots=True)
class Given:
    """A document as it was given. form: pasted, txt, docx, pdf or html; source_sha256: of its bytes."""

    source: SourceText
    form: str
    file_name: str = ""
    source_sha256: str = ""
    title: str = ""


@transaction.atomic
def take_in_document(given: Given, *, place: str, on: date, by: Actor, at: datetime) -> Document:
    """Keep a document of the office at the place, with its text exactly as it was read.

    Its title is the first line until a person confirms one. Raises AlreadyRead.
    """
    text = given.source.text
    sha256 = hashlib.sha256(text.encode()).hexdigest()
    same = DocumentText.objects.filter(sha256=sha256, document__place=place).first()
    if same is not None:
        raise AlreadyRead(same.document_id)
    first_line = next(line.strip() for line in text.splitlines() if line.strip())
    document = Document.objects.create(
        place_id=place,
        title=(given.title.strip() or first_line)[:500],
        fiscal_year=FiscalYear.of(on).be,
        by=by.reference,
        by_name=by.name,
        by_post=by.post,
        at=at,
    )
    DocumentText.objects.create(
        document=document,
        text=text,
        sha256=sha256,
        format=given.form,
        file_name=given.file_name[:255],
        source_sha256=given.source_sha256,
        wraps=list(given.source.wraps),
        left_out=[each[:300] for each in given.source.left_out],
    )
    record(
        "take_in_document",
        on=f"document:{document.pk}",
        by=by,
        at=at,
        place=place,
        after={"sha256": sha256, "title": document.title},
        detail={"characters": len(text), "format": given.form},
    )
    return document


@transaction.atomic
def read_by_rule(document_id: int, *, on: date, by: Actor, at: datetime) -> Reading:
    """Read the document with the rules of today; what was proposed before stays, with all decisions.

    A reading that finds exactly what the last one found, by the same rules, is not written again.
    """
    document = (
        Document.objects.select_for_update(of=("self",))
        .select_related("source")
        .get(pk=document_id)
    )
    kept = document.source
    form: Format = "pdf" if kept.format == "pdf" else "txt"
    source = SourceText(kept.text, form, wraps=tuple(kept.wraps))
    proposed = read_document(source, current_gazetteer(on=on)).proposals
    rows = {row.identity: row for row in (_row(document, each, at=at) for each in proposed)}
    known = dict(
        Proposal.objects.filter(document=document, identity__in=rows).values_list("identity", "pk")
    )
    fresh = [row for identity, row in rows.items() if identity not in known]
    Proposal.objects.bulk_create(fresh, batch_size=BATCH)
    known.update({row.identity: row.pk for row in fresh})
    found = [known[identity] for identity in rows]
    last = Reading.objects.filter(document=document).order_by("-number").first()
    if last is not None and last.found == found and last.rules == digest_of_rules():
        return last
    reading = Reading.objects.create(
        document=document,
        number=last.number + 1 if last else 1,
        rules=digest_of_rules(),
        found=found,
        by=by.reference,
        at=at,
    )
    record(
        "read_document",
        on=f"document:{document.pk}",
        by=by,
        at=at,
        place=document.place_id,
        after={"rules": reading.rules, "found": list(rows)},
        detail={"number": reading.number, "proposals": len(found), "new": len(fresh)},
    )
    return reading


def read_waiting(*, on: date, by: Actor, at: datetime) -> int:
    """Read every document that has not been read yet; say how many. Safe to run at any time."""
    waiting = list(
        Document.objects.filter(readings__isnull=True).order_by("pk").values_list("pk", flat=True)
    )
    for document_id in waiting:
        read_by_rule(document_id, on=on, by=by, at=at)
    return len(waiting)


@transaction.atomic
def decide(
    proposal_id: int,
    verdict: str,
    *,
    given: Mapping[str, str | None] | None = None,
    seen: int,
    by: Actor,
    at: datetime,
) -> Decision:
    """Confirm, change (given: its fields), drop or reopen a proposal.

    seen: the number of the last decision that the person had before them, 0 for none. What a
    person confirms of the paper's kind, title, number and day is then said of the document.
    Raises DecidedMeanwhile, rules.editing.EditRefused.
    """
    proposal = (
        Proposal.objects.select_for_update(of=("self",))
        .select_related("document")
        .get(pk=proposal_id)
    )
    number = _last_number(proposal)
    if number != seen:
        raise DecidedMeanwhile
    value: dict[str, str | None] | None = None
    if verdict == Verdict.CHANGED:
        value = edited(proposal.kind, given or {})
        if value == flat(proposal.kind, proposal.value):
            verdict = Verdict.CONFIRMED
    elif verdict == Verdict.CONFIRMED:
        value = flat(proposal.kind, proposal.value)
    decision = _write(proposal, verdict, value, number + 1, by=by, at=at)
    record(
        "decide_proposal",
        on=f"document:{proposal.document_id}/proposal:{proposal.pk}",
        by=by,
        at=at,
        place=proposal.document.place_id,
        before={"read": proposal.value},
        after={"verdict": verdict, "value": value},
        detail={"verdict": verdict, "kind": proposal.kind},
    )
    return decision


@transaction.atomic
def confirm_several(
    document_id: int, proposal_ids: Collection[int], *, by: Actor, at: datetime
) -> int:
    """Confirm as read all of the proposals that nobody has decided about; say how many. One act."""
    document = Document.objects.get(pk=document_id)
    waiting = [
        proposal
        for proposal in Proposal.objects.select_for_update(of=("self",))
        .select_related("document")
        .filter(document=document, pk__in=proposal_ids)
        .order_by("pk")
        if _last_number(proposal) == 0
    ]
    for proposal in waiting:
        _write(proposal, Verdict.CONFIRMED, flat(proposal.kind, proposal.value), 1, by=by, at=at)
    if waiting:
        record(
            "confirm_proposals",
            on=f"document:{document.pk}",
            by=by,
            at=at,
            place=document.place_id,
            after={"proposals": [proposal.pk for proposal in waiting]},
            detail={"proposals": len(waiting)},
        )
    return len(waiting)


@transaction.atomic
def point_at_directive(
    document_id: int, words: str, *, given: Mapping[str, str | None], by: Actor, at: datetime
) -> Proposal:
    """Add a directive that the rules missed, on words that stand in the text; it is confirmed at once.

    Raises WordsNotInText, rules.editing.EditRefused.
    """
    document = Document.objects.select_related("source").get(pk=document_id)
    start = document.source.text.find(words.strip()) if words.strip() else -1
    if start < 0:
        raise WordsNotInText
    value = edited("directive", {"action": words.strip(), **given})
    row = Proposal(
        document=document,
        kind="directive",
        start=start,
        end=start + len(words.strip()),
        rule=POINTED_AT,
        value=value,
        summary=value["action"] or "",
        by=by.reference,
        at=at,
    )
    row.identity = _identity(row)
    known = Proposal.objects.filter(document=document, identity=row.identity).first()
    if known is not None:
        return known
    row.save(force_insert=True)
    _write(row, Verdict.CONFIRMED, value, 1, by=by, at=at)
    record(
        "point_at_directive",
        on=f"document:{document.pk}/proposal:{row.pk}",
        by=by,
        at=at,
        place=document.place_id,
        after={"value": value, "span": [row.start, row.end]},
    )
    return row


@cache
def digest_of_rules() -> str:
    """Return the SHA-256 of the source of all rules of this area."""
    folder = Path(next(iter(rules.__path__)))
    whole = hashlib.sha256()
    for file in sorted(folder.glob("*.py")):
        whole.update(file.read_bytes())
    return whole.hexdigest()


# -- rows ------------------------------------------------------------------------------------------


def _row(document: Document, proposed: Proposed, *, at: datetime) -> Proposal:
    row = Proposal(
        document=document,
        kind=proposed.kind,
        start=proposed.span.start,
        end=proposed.span.end,
        rule=proposed.rule,
        value=values_of(proposed),
        summary=said(proposed),
        at=at,
    )
    row.identity = _identity(row)
    return row


def _identity(row: Proposal) -> str:
    whole: list[Any] = [row.kind, row.start, row.end, row.rule, row.value]
    written = json.dumps(whole, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(written.encode()).hexdigest()


def _last_number(proposal: Proposal) -> int:
    last: int | None = proposal.decisions.aggregate(last=Max("number"))["last"]
    return last or 0


def _write(
    proposal: Proposal,
    verdict: str,
    value: Mapping[str, str | None] | None,
    number: int,
    *,
    by: Actor,
    at: datetime,
) -> Decision:
    decision = Decision.objects.create(
        proposal=proposal,
        number=number,
        verdict=verdict,
        value=value,
        by=by.reference,
        by_name=by.name,
        by_post=by.post,
        at=at,
    )
    if value is not None:
        _say_of_document(proposal, value)
    return decision


def _say_of_document(proposal: Proposal, value: Mapping[str, str | None]) -> None:
    """What is confirmed about the paper itself is kept on the document."""
    document = proposal.document
    changed: list[str] = []
    if proposal.kind == "document-kind" and value["document_kind"] in DocumentSort.values:
        document.sort = value["document_kind"]
        changed = ["sort"]
    elif proposal.kind == "title" and value["text"]:
        document.title = value["text"][:500]
        changed = ["title"]
    elif proposal.kind == "head-line" and proposal.value["part"] == "number" and value["text"]:
        document.number = value["text"][:120]
        changed = ["number"]
    elif proposal.kind == "date" and proposal.value["role"] == "document" and value["first"]:
        document.issued_on = date.fromisoformat(value["first"])
        document.fiscal_year = FiscalYear.of(document.issued_on).be
        changed = ["issued_on", "fiscal_year"]
    if changed:
        document.save(update_fields=changed)
