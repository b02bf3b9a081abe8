"""Who may open a proof and its files.

A proof is open to whoever sees its office's place, or the place of something that it proves now.
Out of scope is 404, also for files. Of a photo most people see copies without metadata; its original
is for those who check (act ``see_originals`` at the office's place) and for whoever handed it in.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q
from django.http import Http404

from tiddao.evidence.models import Evidence, EvidenceUse, EvidenceVersion
from tiddao.people.access import SignedInRequest, Standing
from tiddao.places import tree
from tiddao.places.models import NATION


def open_to(roots: frozenset[str]) -> Q:
    """Return the condition that a proof is open to somebody who sees these places."""
    if NATION in roots:
        return Q()  # which "or" would drop
    uses = EvidenceUse.objects.filter(
        tree.within_any(roots, "place__"), evidence=OuterRef("pk"), ended_at__isnull=True
    )
    return tree.within_any(roots, "place__") | Q(Exists(uses))


def visible_evidence_or_404(request: SignedInRequest, evidence_id: int) -> Evidence:
    """Return the proof if it is open to the person. One query."""
    found = Evidence.objects.filter(open_to(request.standing.roots), pk=evidence_id).first()
    if found is None:
        raise Http404
    return found


@dataclass(frozen=True, slots=True)
class OpenFile:
    """A version whose file the person may have. original: as it was handed in, else only copies."""

    version: EvidenceVersion
    original: bool


def visible_file_or_404(request: SignedInRequest, evidence_id: int, number: int) -> OpenFile:
    """Return a version that has a file, if its proof is open to the person. Two queries."""
    evidence = visible_evidence_or_404(request, evidence_id)
    version = (
        EvidenceVersion.objects.filter(evidence=evidence, number=number, blob__isnull=False)
        .select_related("blob")
        .first()
    )
    if version is None or version.blob is None:
        raise Http404
    is_image = version.blob.thumbnail_id is not None
    original = not is_image or may_see_original(request.standing, evidence.place_id, version.by)
    return OpenFile(version, original)


def may_see_original(standing: Standing, place: str, handed_in_by: str) -> bool:
    """Say whether the person may see a photo as it was handed in, with what its camera wrote."""
    return handed_in_by == standing.reference or standing.may("see_originals", place)
