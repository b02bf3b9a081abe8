"""The proofs of one thing with the form that adds to them: what other areas show on their pages.

A view builds it, ``{% attached_evidence attached %}`` (or an include of ``evidence/attached.html``)
shows it; the form posts to this area, which leads back to the thing's own page.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from tiddao.evidence.forms import AttachForm
from tiddao.evidence.queries.items import choosable_evidence
from tiddao.evidence.queries.uses import EvidenceRow, evidence_of
from tiddao.evidence.subjects import Subject
from tiddao.people.access import Standing


@dataclass(frozen=True, slots=True)
class Attached:
    """Variables of ``evidence/attached.html``. form: None for somebody who may not attach."""

    subject_kind: str
    subject: Subject
    rows: tuple[EvidenceRow, ...]
    on: date
    may_attach: bool
    form: AttachForm | None
    asks: bool = True

    @property
    def asks_for_it(self) -> bool:
        """Whether the form stands open: where proof is expected and none is there."""
        return self.asks and not self.rows


def attached_to(
    standing: Standing,
    subject_kind: str,
    subject: Subject,
    *,
    rows: tuple[EvidenceRow, ...] | None = None,
    form: AttachForm | None = None,
    asks: bool = True,
) -> Attached:
    """Return what proves the thing and, for somebody who may attach, the form.

    rows: what ``evidence_of`` said already, to save asking again; form: one that was refused;
    asks: whether proof is expected here, so that its form stands open until there is some.
    """
    if rows is None:
        rows = evidence_of(subject_kind, [subject.key])[subject.key]
    may_attach = standing.may("attach_evidence", subject.place) and not subject.closed
    if may_attach and form is None:
        form = AttachForm(
            existing=choosable_evidence(standing.roots, subject.place),
            may_add=standing.may("add_evidence", subject.place),
        )
    return Attached(
        subject_kind, subject, rows, standing.on, may_attach, form if may_attach else None, asks
    )
