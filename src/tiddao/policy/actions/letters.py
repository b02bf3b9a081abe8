"""Letters, circulars and memoranda: written, changed, issued, given up."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import datetime

from django.db import transaction

from tiddao.evidence.actions.keeping import keep_file
from tiddao.evidence.rules.sniffing import Limits, examine
from tiddao.ledger.actions import record
from tiddao.ledger.actors import Actor
from tiddao.places.models import Office
from tiddao.policy.actions.papers import PaperRefused
from tiddao.policy.models import IssuedPaper, Paper
from tiddao.policy.papers_made import standard
from tiddao.policy.queries.papers import set_with
from tiddao.policy.rules.letters import lacking
from tiddao.policy.rules.official import Letter, content_of, letter_from, sha256_of
from tiddao.policy.rules.papers_template import TemplateKind


@transaction.atomic
def write_letter(
    letter: Letter,
    *,
    office: str,
    meeting_id: int | None = None,
    directive_id: int | None = None,
    by: Actor,
    at: datetime,
) -> Paper:
    """Begin a letter of the office. Raises PaperRefused (subject-missing)."""
    if not letter.subject.strip():
        raise PaperRefused("subject-missing", "subject")
    held = Office.objects.get(pk=office)
    made = Paper.objects.create(
        place_id=held.place_id,
        office=held,
        kind=letter.kind,
        meeting_id=meeting_id,
        directive_id=directive_id,
        subject=letter.subject[:500],
        content=content_of(letter),
        by=by.reference,
        by_name=by.name,
        by_post=by.post,
        at=at,
    )
    record(
        "write_letter",
        on=f"letter:{made.pk}",
        by=by,
        at=at,
        place=made.place_id,
        after={"subject": made.subject, "sha256": sha256_of(made.content)},
        detail={"kind": made.kind},
    )
    return made


@transaction.atomic
def change_letter(paper_id: int, letter: Letter, *, seen: int, by: Actor, at: datetime) -> Paper:
    """Write on a letter; one that was issued becomes a draft of its next issue only when issued
    again. The same words again change nothing.

    Raises PaperRefused (changed, not-draft, subject-missing), Paper.DoesNotExist.
    """
    held = _locked(paper_id, seen)
    if not letter.subject.strip():
        raise PaperRefused("subject-missing", "subject")
    content = content_of(letter)
    if content == held.content:
        return held
    before = held.content
    held.content, held.kind, held.subject = content, letter.kind, letter.subject[:500]
    held.version += 1
    held.save(update_fields=["content", "kind", "subject", "version"])
    record(
        "change_letter",
        on=f"letter:{held.pk}",
        by=by,
        at=at,
        place=held.place_id,
        before={"sha256": sha256_of(before)},
        after={"sha256": sha256_of(content)},
    )
    return held


@transaction.atomic
def issue_letter(
    paper_id: int,
    *,
    seen: int,
    reason: str = "",
    demonstration: bool = False,
    by: Actor,
    at: datetime,
) -> IssuedPaper:
    """Freeze what the letter says. A further issue needs a reason and other words.

    Raises PaperRefused (as ``rules.letters.lacking``; changed, not-draft, same-words,
    reason-missing), Paper.DoesNotExist.
    """
    held = _locked(paper_id, seen)
    letter = replace(letter_from(held.content), demonstration=demonstration)
    if code := lacking(letter):
        raise PaperRefused(code)
    last = held.issues.order_by("-number").first()
    if last is not None:
        words = replace(letter_from(last.content), word_template="", emblem="")
        if words == replace(letter, word_template="", emblem=""):
            raise PaperRefused("same-words")
        if not reason.strip():
            raise PaperRefused("reason-missing", "reason")
    kind: TemplateKind = "memo" if letter.kind == "memo" else "letter"
    template, emblem = set_with(held.place_id, kind)
    content = content_of(
        replace(letter, word_template=template or keep_standard(kind, at=at), emblem=emblem)
    )
    made = IssuedPaper.objects.create(
        paper=held,
        number=last.number + 1 if last else 1,
        content=content,
        sha256=sha256_of(content),
        reason=reason.strip()[:500] if last else "",
        by=by.reference,
        by_name=by.name,
        by_post=by.post,
        at=at,
    )
    held.state = Paper.State.ISSUED
    held.version += 1
    held.save(update_fields=["state", "version"])
    record(
        "issue_letter",
        on=f"letter:{held.pk}",
        by=by,
        at=at,
        place=held.place_id,
        before={"number": last.number if last else 0},
        after={"number": made.number, "sha256": made.sha256},
        detail={"number": made.number, "letter": letter.number, "reason": made.reason},
    )
    return made


@transaction.atomic
def drop_letter(paper_id: int, *, by: Actor, at: datetime) -> Paper:
    """Give up a draft. Dropping again changes nothing. Raises PaperRefused (not-draft) once it was
    issued, Paper.DoesNotExist.
    """
    held = Paper.objects.select_for_update(of=("self",)).get(pk=paper_id)
    if held.state == Paper.State.DROPPED:
        return held
    if held.state != Paper.State.DRAFT:
        raise PaperRefused("not-draft")
    held.state = Paper.State.DROPPED
    held.version += 1
    held.save(update_fields=["state", "version"])
    record("drop_letter", on=f"letter:{held.pk}", by=by, at=at, place=held.place_id)
    return held


def keep_standard(kind: TemplateKind, *, at: datetime) -> str:
    """Keep the product's own template as it is now and return its SHA-256: what is issued today is
    made again with it when the product has another.
    """
    content = standard(kind)
    file = examine(io.BytesIO(content), name=f"{kind}.docx", limits=Limits())
    return keep_file(file, at=at).sha256


def _locked(paper_id: int, seen: int) -> Paper:
    held = Paper.objects.select_for_update(of=("self",)).get(pk=paper_id)
    if held.version != seen:
        raise PaperRefused("changed")
    if held.state == Paper.State.DROPPED:
        raise PaperRefused("not-draft")
    return held
