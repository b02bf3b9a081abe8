"""Letters, circulars and memoranda: written, changed, issued, given up."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from django.db import transaction

from tiddao.ledger.actions import record
from tiddao.ledger.actors import Actor
from tiddao.places.models import Office
from tiddao.policy.actions.issuing import next_issue, refuse_saying_the_same
from tiddao.policy.actions.papers import PaperRefused
from tiddao.policy.models import IssuedPaper, Paper
from tiddao.policy.rules.letters import lacking
from tiddao.policy.rules.official import Letter, content_of, letter_from, sha256_of


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
        refuse_saying_the_same(letter, letter_from(last.content), reason)
    made = IssuedPaper.objects.create(
        paper=held,
        **next_issue(letter, last, place=held.place_id, reason=reason, by=by, at=at),
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


def _locked(paper_id: int, seen: int) -> Paper:
    held = Paper.objects.select_for_update(of=("self",)).get(pk=paper_id)
    if held.version != seen:
        raise PaperRefused("changed")
    if held.state == Paper.State.DROPPED:
        raise PaperRefused("not-draft")
    return held
