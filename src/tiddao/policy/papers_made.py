"""Official papers made from what was kept: PDF in the product's own setting, Word from a template.

The same content gives the same bytes: whatever a paper is set with is named in its content by hash.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings

from tiddao.evidence.storage import evidence_storage, name_of
from tiddao.kernel.apart import run_apart
from tiddao.kernel.dates import BANGKOK
from tiddao.policy.rules.official import (
    Letter,
    Minutes,
    in_words,
    letter_fields,
    minutes_fields,
    unbroken,
)
from tiddao.policy.rules.papers_template import TemplateKind
from tiddao.policy.rules.papers_word import filled, standard_template
from tiddao.ui.context import DEMONSTRATION_MARK
from tiddao.ui.pdf import render_pdf


def is_demonstration() -> bool:
    """Say whether this installation holds invented data: its papers say so."""
    return (Path(settings.HOME) / DEMONSTRATION_MARK).exists()


def kind_of(paper: Minutes | Letter) -> TemplateKind:
    """Return which template the paper is set with; a circular is a letter."""
    if isinstance(paper, Minutes):
        return "minutes"
    return "memo" if paper.kind == "memo" else "letter"


def fields_of(paper: Minutes | Letter, *, issue: int | None) -> dict[str, Any]:
    """Return what a template may say of the paper. issue: None for a draft."""
    if isinstance(paper, Minutes):
        return minutes_fields(paper, issue=issue)
    return letter_fields(paper, issue=issue)


def pdf_of(paper: Minutes | Letter, *, issue: int | None) -> bytes:
    """Return the paper as PDF. Raises as ``ui.pdf.render_pdf`` does."""
    emblem = stored(paper.emblem) if paper.emblem else None
    fields = in_words(unbroken(fields_of(paper, issue=issue)), names=_names_in(paper))
    return render_pdf(
        f"policy/typst/{kind_of(paper)}.typ",
        fields | {"emblem": list(emblem) if emblem is not None else None},
    )


def word_of(paper: Minutes | Letter, *, issue: int | None, at: datetime) -> bytes:
    """Return the paper as DOCX. at: written into the file. Raises TemplateRefused, GaveUp.

    An office's own template is filled in a bounded process; the product's own needs none.
    """
    kind = kind_of(paper)
    own = standard(kind)
    template = stored(paper.word_template) if paper.word_template else own
    return filled_with(
        kind,
        template,
        fields_of(paper, issue=issue),
        at=at,
        emblem=stored(paper.emblem) if paper.emblem else None,
        apart=template != own,
    )


@cache
def standard(kind: TemplateKind) -> bytes:
    """Return the product's own template of the kind."""
    return standard_template(kind)


def filled_with(
    kind: TemplateKind,
    template: bytes,
    fields: Mapping[str, Any],
    *,
    at: datetime,
    emblem: bytes | None = None,
    apart: bool,
) -> bytes:
    """Return a template filled with fields; apart: in a process that is bounded in time and memory.

    Raises TemplateRefused, and apart kernel.apart.GaveUp.
    """
    title, local = _title(fields), at.astimezone(BANGKOK).replace(tzinfo=None)
    if apart:
        return run_apart(filled, kind, template, dict(fields), title=title, at=local, emblem=emblem)
    return filled(kind, template, dict(fields), title=title, at=local, emblem=emblem)


def _title(fields: Mapping[str, Any]) -> str:
    return str(fields.get("subject") or fields.get("heading") or "")


def stored(sha256: str) -> bytes:
    """Return a stored file. Raises FileNotFoundError."""
    with evidence_storage().open(name_of(sha256)) as file:
        content: bytes = file.read()
    return content


def _names_in(paper: Minutes | Letter) -> frozenset[str]:
    """Names of people: no dictionary has them, and none is broken at the end of a line."""
    if isinstance(paper, Letter):
        return frozenset(paper.signer.split())
    people = (*paper.present, *paper.absent, *paper.also)
    texts = [*(person.name for person in people), paper.chair, paper.recorder, paper.checker]
    return frozenset(word for text in texts for word in text.split())
