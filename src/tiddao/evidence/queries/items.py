"""Proofs in lists, one proof with all its versions and uses, and what expires soon."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Final
from urllib.parse import urlsplit

from django.core.paginator import Page, Paginator
from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext

from tiddao.evidence import subjects, wording
from tiddao.evidence.models import (
    Evidence,
    EvidenceKind,
    EvidenceUse,
    EvidenceVersion,
)
from tiddao.evidence.rules.findings import WEIGHTS
from tiddao.evidence.wording import FindingWords
from tiddao.places import tree
from tiddao.places.models import NATION, Office

PAGE_SIZE: Final = 50
REMIND_DAYS: Final = 30
"""Days before its last day from which a proof counts as expiring soon."""
STATES: Final = ("expiring", "expired", "questions", "unused")


# -- lists -----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ListedEvidence:
    """One proof in a list, by its current version. expiry: "expired", "soon" or ""."""

    id: int
    number: int
    title: str
    kind: str
    kind_words: str
    is_image: bool
    place: str
    place_name: str
    effective_on: date | None
    expires_on: date | None
    expiry: str
    days_left: int | None
    handed_in_at: datetime
    handed_in_by: str
    uses: int
    questions: int

    @property
    def is_link(self) -> bool:
        return self.kind == EvidenceKind.LINK


@dataclass(frozen=True, slots=True)
class EvidencePage:
    """Rows of one page; pages: for the pager."""

    rows: tuple[ListedEvidence, ...]
    pages: Page[EvidenceVersion]


def evidence_page(
    roots: frozenset[str],
    *,
    on: date,
    text: str = "",
    kind: str = "",
    state: str = "",
    place: str = "",
    number: int | str = 1,
) -> EvidencePage:
    """Return a page of the proofs of the offices within the roots, newest first. Three queries.

    text: part of a title or file name; state: one of STATES; place: only of offices at or below it.
    """
    found = _current().filter(tree.within_any(roots, "evidence__place__"))
    if place:
        found = found.filter(tree.within_any({place}, "evidence__place__"))
    if text.strip():
        wanted = text.strip()
        found = found.filter(
            Q(evidence__title__icontains=wanted)
            | Q(file_name__icontains=wanted)
            | Q(link__icontains=wanted)
        )
    if kind:
        found = found.filter(evidence__kind=kind)
    if state:
        found = found.filter(_in_state(state, on))
    page = Paginator(found.order_by("-at", "-pk"), PAGE_SIZE).get_page(number)
    versions = list(page.object_list)
    names = wording.names_of(version.evidence.place_id for version in versions)
    return EvidencePage(tuple(_listed(version, names, on) for version in versions), page)


def expiring_evidence(
    roots: frozenset[str], *, on: date, within_days: int = REMIND_DAYS, most: int = 5
) -> tuple[tuple[ListedEvidence, ...], int]:
    """Return what the offices within the roots hold that expires soon or has just expired, with how many.

    From within_days before the last day to within_days after it: later it is history, not a task.
    Only the first most come back, the most urgent first. Three queries, one when there is none.
    """
    found = _current().filter(
        tree.within_any(roots, "evidence__place__"),
        evidence__expires_on__range=(
            on - timedelta(days=within_days),
            on + timedelta(days=within_days),
        ),
    )
    count = found.count()
    if not count:
        return (), 0
    versions = list(found.order_by("evidence__expires_on", "pk")[:most])
    names = wording.names_of(version.evidence.place_id for version in versions)
    return tuple(_listed(version, names, on) for version in versions), count


def choosable_evidence(
    roots: frozenset[str], place: str, *, most: int = 50
) -> list[tuple[int, str]]:
    """Return the newest proofs that could be attached to something at the place: (id, words).

    Those of the offices at, above and below the place that are within the roots. One query.
    """
    found = Evidence.objects.filter(tree.within_any(roots, "place__"))
    if place != NATION:
        above = Q(place__in=tree.ancestor_codes(place))
        found = found.filter(above | tree.within_any({place}, "place__"))
    found = found.order_by("-at", "-pk")[:most]
    return [(one.pk, one.title) for one in found]


def nearest_office_place(place: str) -> str:
    """Return where the office nearest to the place sits, at it or above it. One query.

    A place without any office above it, which there is none of, is its own.
    """
    line = [*tree.ancestor_codes(place), place]
    sites = set(Office.objects.filter(place__in=line).values_list("place_id", flat=True))
    return next((code for code in reversed(line) if code in sites), place)


def _current() -> QuerySet[EvidenceVersion]:
    uses = (
        EvidenceUse.objects.filter(evidence=OuterRef("evidence"), ended_at__isnull=True)
        .values("evidence")
        .annotate(number=Count("pk"))
        .values("number")
    )
    return (
        EvidenceVersion.objects.filter(number=F("evidence__current_number"))
        .select_related("evidence", "blob")
        .annotate(uses_now=Coalesce(Subquery(uses), 0))
    )


def _in_state(state: str, on: date) -> Q:
    if state == "expiring":
        return Q(evidence__expires_on__range=(on, on + timedelta(days=REMIND_DAYS)))
    if state == "expired":
        return Q(evidence__expires_on__lt=on)
    if state == "unused":
        return Q(uses_now=0)
    if state == "questions":
        asked = Q(pk__in=[])
        for code, weight in WEIGHTS.items():
            if weight == "question":
                asked |= Q(findings__contains=[{"code": code}])
        return asked
    raise ValueError(f"no such state of evidence: {state!r}")


def _listed(version: EvidenceVersion, names: Mapping[str, str], on: date) -> ListedEvidence:
    evidence, blob = version.evidence, version.blob
    left = (evidence.expires_on - on).days if evidence.expires_on else None
    return ListedEvidence(
        id=evidence.pk,
        number=version.number,
        title=evidence.title,
        kind=evidence.kind,
        kind_words=wording.kind_words(blob.kind) if blob else urlsplit(version.link).hostname or "",
        is_image=blob is not None and blob.thumbnail_id is not None,
        place=evidence.place_id,
        place_name=names.get(evidence.place_id, evidence.place_id),
        effective_on=evidence.effective_on,
        expires_on=evidence.expires_on,
        expiry=expiry_of(evidence.expires_on, on),
        days_left=left,
        handed_in_at=version.at,
        handed_in_by=version.by_name,
        uses=version.uses_now,  # type: ignore[attr-defined]  # annotated by _current
        questions=sum(WEIGHTS[each["code"]] == "question" for each in version.findings),
    )


def expiry_of(expires_on: date | None, on: date) -> str:
    """Return "expired", "soon" (within REMIND_DAYS) or ""."""
    if expires_on is None or expires_on > on + timedelta(days=REMIND_DAYS):
        return ""
    return "expired" if expires_on < on else "soon"


# -- one proof -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class VersionView:
    """One version. position: (latitude, longitude) in degrees; size: bytes, None of a link."""

    number: int
    file_name: str
    link: str
    host: str
    sha256: str
    kind_words: str
    is_image: bool
    width: int | None
    height: int | None
    size: int | None
    size_words: str
    effective_on: date | None
    taken_at: datetime | None
    position: tuple[Decimal, Decimal] | None
    findings: tuple[FindingWords, ...]
    by: str
    by_name: str
    at: datetime


@dataclass(frozen=True, slots=True)
class UseView:
    """What a version proves, or proved. label: the thing in words; ended_at: None while it stands."""

    id: int
    number: int
    kind_words: str
    label: str
    href: str
    place: str
    place_name: str
    note: str
    findings: tuple[FindingWords, ...]
    by_name: str
    at: datetime
    ended_at: datetime | None
    end_reason: str
    is_closed: bool  # the thing lets nothing be attached or detached now


@dataclass(frozen=True, slots=True)
class EvidenceDetail:
    """A proof, its versions newest first, and its uses in sight. hidden_uses: those out of sight."""

    id: int
    title: str
    kind: str
    place: str
    place_name: str
    effective_on: date | None
    expires_on: date | None
    expiry: str
    by_name: str
    at: datetime
    versions: tuple[VersionView, ...]
    uses: tuple[UseView, ...]
    hidden_uses: int

    @property
    def is_link(self) -> bool:
        return self.kind == EvidenceKind.LINK

    @property
    def current(self) -> VersionView:
        return self.versions[0]


def evidence_detail(evidence_id: int, *, roots: frozenset[str], on: date) -> EvidenceDetail:
    """Return a proof with all its versions and the uses at places within the roots.

    Raises Evidence.DoesNotExist. Four queries, and what each kind of thing takes to name its own.
    """
    evidence = Evidence.objects.get(pk=evidence_id)
    versions = list(evidence.versions.select_related("blob").order_by("-number"))
    every = list(evidence.uses.select_related("version").order_by("-at", "-pk"))
    uses = [use for use in every if tree.is_within_any(use.place_id, roots)]
    names = wording.names_of(
        wording.place_codes_in(
            finding
            for findings in (*(each.findings for each in versions), *(use.findings for use in uses))
            for finding in findings
        )
        | {evidence.place_id}
        | {use.place_id for use in uses}
    )
    things = subjects.subjects_of((use.subject_kind, use.subject_key) for use in uses)
    return EvidenceDetail(
        id=evidence.pk,
        title=evidence.title,
        kind=evidence.kind,
        place=evidence.place_id,
        place_name=names.get(evidence.place_id, evidence.place_id),
        effective_on=evidence.effective_on,
        expires_on=evidence.expires_on,
        expiry=expiry_of(evidence.expires_on, on),
        by_name=evidence.by_name,
        at=evidence.at,
        versions=tuple(_version(version, names) for version in versions),
        uses=tuple(
            _use(use, things.get((use.subject_kind, use.subject_key)), names) for use in uses
        ),
        hidden_uses=sum(use.ended_at is None for use in every)
        - sum(use.ended_at is None for use in uses),
    )


def _version(version: EvidenceVersion, names: Mapping[str, str]) -> VersionView:
    blob = version.blob
    host = urlsplit(version.link).hostname or ""
    return VersionView(
        number=version.number,
        file_name=version.file_name,
        link=version.link,
        host=host,
        sha256=version.blob_id or "",
        kind_words=wording.kind_words(blob.kind) if blob else host,
        is_image=blob is not None and blob.thumbnail_id is not None,
        width=blob.width if blob else None,
        height=blob.height if blob else None,
        size=blob.size if blob else None,
        size_words=wording.size_words(blob.size) if blob else "",
        effective_on=version.effective_on,
        taken_at=version.taken_at,
        position=(version.latitude, version.longitude)
        if version.latitude is not None and version.longitude is not None
        else None,
        findings=wording.finding_words(version.findings, names),
        by=version.by,
        by_name=version.by_name,
        at=version.at,
    )


def _use(use: EvidenceUse, thing: subjects.Subject | None, names: Mapping[str, str]) -> UseView:
    return UseView(
        id=use.pk,
        number=use.version.number,
        kind_words=subjects.kind_words(use.subject_kind),
        label=thing.label
        if thing
        else gettext("no longer there: %(key)s") % {"key": use.subject_key},
        href=thing.href if thing else "",
        place=use.place_id,
        place_name=names.get(use.place_id, use.place_id),
        note=use.note,
        findings=wording.finding_words(use.findings, names),
        by_name=use.by_name,
        at=use.at,
        ended_at=use.ended_at,
        end_reason=wording.end_reason_words(use.end_reason),
        is_closed=bool(thing and thing.closed),
    )
