"""What proves a thing. The one question that every other area asks of this one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from urllib.parse import urlsplit

from django.db.models import Count, Q
from django.urls import reverse

from tiddao.evidence import wording
from tiddao.evidence.models import EvidenceKind, EvidenceUse
from tiddao.evidence.wording import FindingWords

COMPARED_AGAIN = frozenset({"taken-elsewhere", "no-outline"})
"""Findings about the place, which a use makes anew at its own place."""


@dataclass(frozen=True, slots=True)
class EvidenceRow:
    """One proof as it stands for a thing.

    number: the attached version, newest: the proof's current one. effective_on: of the version.
    expires_on: the proof's last day of force, None = it does not expire. size: bytes, None of a link.
    """

    use_id: int
    evidence_id: int
    number: int
    newest: int
    title: str
    kind: str
    place: str  # where the proof's office sits
    file_name: str
    link: str
    sha256: str
    file_kind: str  # rules.kinds code; "" of a link
    is_image: bool
    size: int | None
    effective_on: date | None
    expires_on: date | None
    taken_at: datetime | None
    handed_in_at: datetime
    handed_in_by: str
    attached_at: datetime
    attached_by: str
    note: str
    findings: tuple[FindingWords, ...]

    @property
    def is_link(self) -> bool:
        return self.kind == EvidenceKind.LINK

    @property
    def host(self) -> str:
        """The host of a link, for a reader to see where it leads."""
        return urlsplit(self.link).hostname or ""

    @property
    def has_newer(self) -> bool:
        return self.number < self.newest

    @property
    def questions(self) -> tuple[FindingWords, ...]:
        return tuple(each for each in self.findings if each.is_question)

    @property
    def kind_words(self) -> str:
        return wording.kind_words(self.file_kind) if self.file_kind else self.host

    @property
    def size_words(self) -> str:
        return "" if self.size is None else wording.size_words(self.size)


def evidence_of(
    subject_kind: str, keys: Collection[str], *, known_at: datetime | None = None
) -> dict[str, tuple[EvidenceRow, ...]]:
    """Return what proves each of the things, oldest first; a key without proof has an empty tuple.

    known_at: as it stood at that moment; None = now. Two queries however many (the second names the
    places that findings speak of).
    """
    uses = list(
        EvidenceUse.objects.filter(
            _standing(known_at), subject_kind=subject_kind, subject_key__in=set(keys)
        )
        .select_related("evidence", "version__blob")
        .order_by("at", "pk")
    )
    names = wording.names_of(
        wording.place_codes_in(
            finding for use in uses for finding in (*use.version.findings, *use.findings)
        )
    )
    found: dict[str, list[EvidenceRow]] = defaultdict(list)
    for use in uses:
        found[use.subject_key].append(_row(use, names))
    return {key: tuple(found[key]) for key in keys}


def evidence_counts(
    subject_kind: str, keys: Collection[str], *, known_at: datetime | None = None
) -> dict[str, int]:
    """Return how many proofs each of the things has; 0 where it has none. One query."""
    rows = (
        EvidenceUse.objects.filter(
            _standing(known_at), subject_kind=subject_kind, subject_key__in=set(keys)
        )
        .values_list("subject_key")
        .annotate(Count("pk"))
    )
    return dict.fromkeys(keys, 0) | dict(rows)


@dataclass(frozen=True, slots=True)
class UseInSight:
    """One use, to be ended. page: the proof's own page."""

    id: int
    evidence_id: int
    title: str
    number: int
    subject_kind: str
    subject_key: str
    place: str
    ended_at: datetime | None

    @property
    def page(self) -> str:
        return reverse("evidence-item", args=[self.evidence_id])


def find_use(use_id: int) -> UseInSight | None:
    """Return the use, or None. One query."""
    use = EvidenceUse.objects.select_related("evidence", "version").filter(pk=use_id).first()
    if use is None:
        return None
    return UseInSight(
        id=use.pk,
        evidence_id=use.evidence_id,
        title=use.evidence.title,
        number=use.version.number,
        subject_kind=use.subject_kind,
        subject_key=use.subject_key,
        place=use.place_id,
        ended_at=use.ended_at,
    )


def _standing(known_at: datetime | None) -> Q:
    if known_at is None:
        return Q(ended_at__isnull=True)
    return Q(at__lte=known_at) & (Q(ended_at__isnull=True) | Q(ended_at__gt=known_at))


def _row(use: EvidenceUse, names: Mapping[str, str]) -> EvidenceRow:
    evidence, version = use.evidence, use.version
    blob = version.blob
    # The office's own place was compared as well; what counts here is the place of the use.
    own = [each for each in version.findings if each["code"] not in COMPARED_AGAIN]
    return EvidenceRow(
        use_id=use.pk,
        evidence_id=evidence.pk,
        number=version.number,
        newest=evidence.current_number,
        title=evidence.title,
        kind=evidence.kind,
        place=evidence.place_id,
        file_name=version.file_name,
        link=version.link,
        sha256=version.blob_id or "",
        file_kind=blob.kind if blob else "",
        is_image=blob is not None and blob.thumbnail_id is not None,
        size=blob.size if blob else None,
        effective_on=version.effective_on,
        expires_on=evidence.expires_on,
        taken_at=version.taken_at,
        handed_in_at=version.at,
        handed_in_by=version.by_name,
        attached_at=use.at,
        attached_by=use.by_name,
        note=use.note,
        findings=wording.finding_words((*own, *use.findings), names),
    )
