"""Issuing an official paper: what it says is frozen under a number, set as the office sets its papers.

A later issue does not take an earlier one away; it has a reason and says something else.
"""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from tiddao.evidence.actions.keeping import keep_file
from tiddao.evidence.rules.sniffing import Limits, examine
from tiddao.ledger.actors import Actor
from tiddao.policy.actions.papers import PaperRefused
from tiddao.policy.models import IssuedMinutes, IssuedPaper
from tiddao.policy.papers_made import kind_of, standard
from tiddao.policy.queries.papers import set_with
from tiddao.policy.rules.official import Letter, Minutes, content_of, sha256_of
from tiddao.policy.rules.papers_template import TemplateKind


def refuse_saying_the_same(paper: Minutes | Letter, before: Minutes | Letter, reason: str) -> None:
    """Raises PaperRefused (same-words, reason-missing) for an issue that is none."""
    if _words(paper) == _words(before):
        raise PaperRefused("same-words")
    if not reason.strip():
        raise PaperRefused("reason-missing", "reason")


def next_issue(
    paper: Minutes | Letter,
    last: IssuedMinutes | IssuedPaper | None,
    *,
    place: str,
    reason: str,
    by: Actor,
    at: datetime,
) -> Mapping[str, Any]:
    """Return the columns of the issue after the last one, set with what is in force at the place.

    reason: of a further issue; the first has none.
    """
    kind = kind_of(paper)
    template, emblem = set_with(place, kind)
    content = content_of(
        replace(paper, word_template=template or _keep_standard(kind, at=at), emblem=emblem)
    )
    return {
        "number": last.number + 1 if last else 1,
        "content": content,
        "sha256": sha256_of(content),
        "reason": reason.strip()[:500] if last else "",
        "by": by.reference,
        "by_name": by.name,
        "by_post": by.post,
        "at": at,
    }


def _words(paper: Minutes | Letter) -> Minutes | Letter:
    """The paper without what it is set with."""
    return replace(paper, word_template="", emblem="")


def _keep_standard(kind: TemplateKind, *, at: datetime) -> str:
    """Keep the product's own template as it is now and return its SHA-256: what is issued today is
    made again with it when the product has another.
    """
    content = standard(kind)
    file = examine(io.BytesIO(content), name=f"{kind}.docx", limits=Limits())
    return keep_file(file, at=at).sha256
