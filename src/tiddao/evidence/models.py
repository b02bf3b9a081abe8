"""Evidence: stored files by what they hold, the items they are versions of, and what they prove.

What a proof stands for (a result, an entry of a budget, a directive …) belongs to areas above this
one, so a use names it by text: a kind and a key that the area itself has registered (``subjects``).
"""

from __future__ import annotations

import pghistory
import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from tiddao.places.models import Place

NO_CHANGE = [
    pgtrigger.Protect(name="refuse_change", operation=pgtrigger.Update | pgtrigger.Delete),
]


class Blob(models.Model):
    """One stored file, by the SHA-256 of its bytes: the same file handed in twice is kept once.

    Where it lies is in its hash (``storage.name_of``). display, thumbnail: of an image, copies
    without any metadata, upright; they are stored files themselves, so a swapped copy is found too.
    """

    sha256 = models.CharField(max_length=64, primary_key=True)
    size = models.BigIntegerField()  # bytes
    kind = models.CharField(max_length=8)  # rules.kinds.Kind.code, by content
    width = models.PositiveIntegerField(null=True)  # pixels; images only
    height = models.PositiveIntegerField(null=True)
    display = models.ForeignKey("self", models.PROTECT, null=True, related_name="+")
    thumbnail = models.ForeignKey("self", models.PROTECT, null=True, related_name="+")
    stored_at = models.DateTimeField()

    class Meta:
        triggers = NO_CHANGE
        constraints = [
            models.CheckConstraint(
                name="blob_is_named_by_a_sha256", condition=Q(sha256__regex=r"^[0-9a-f]{64}$")
            ),
            models.CheckConstraint(
                name="blob_copies_come_together",
                condition=Q(display__isnull=True, thumbnail__isnull=True)
                | Q(display__isnull=False, thumbnail__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.sha256[:12]}… {self.kind}"


class EvidenceKind(models.TextChoices):
    FILE = "file", _("File")
    LINK = "link", _("Link")


@pghistory.track()
class Evidence(models.Model):
    """One proof of an office, in one or more versions.

    effective_on: the day it is true for (a contract's date, the day of the event), apart from when
    it was handed in; None = not said. expires_on: its last day of force; None = does not expire.
    """

    title = models.CharField(max_length=200)
    kind = models.CharField(max_length=4, choices=EvidenceKind)
    place = models.ForeignKey(Place, models.PROTECT, related_name="+")  # where its office sits
    current_number = models.PositiveIntegerField(default=1)
    effective_on = models.DateField(null=True)
    expires_on = models.DateField(null=True)
    by = models.CharField(max_length=64)
    by_name = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(
                name="evidence_place_prefix",
                fields=["place", "at"],
                opclasses=["varchar_pattern_ops", "timestamptz_ops"],
            ),
            models.Index(
                name="evidence_expiring",
                fields=["expires_on"],
                condition=Q(expires_on__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.title


class EvidenceVersion(models.Model):
    """One version: a stored file, or a link that the server never fetches. Written once.

    taken_at, latitude, longitude: what the camera wrote into a photo (degrees, WGS 84).
    findings: [{"code", "fields"}], see ``rules.findings``.
    """

    evidence = models.ForeignKey(Evidence, models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    blob = models.ForeignKey(Blob, models.PROTECT, null=True, related_name="+")
    link = models.CharField(max_length=2000, blank=True)
    file_name = models.CharField(max_length=255, blank=True)  # as it was called where it came from
    effective_on = models.DateField(null=True)
    taken_at = models.DateTimeField(null=True)
    latitude = models.DecimalField(max_digits=9, decimal_places=6, null=True)
    longitude = models.DecimalField(max_digits=9, decimal_places=6, null=True)
    findings = models.JSONField(default=list)
    by = models.CharField(max_length=64)
    by_name = models.CharField(max_length=200, blank=True)
    post = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField()

    class Meta:
        triggers = NO_CHANGE
        constraints = [
            models.UniqueConstraint(fields=["evidence", "number"], name="evidence_version_once"),
            models.CheckConstraint(
                name="evidence_version_is_a_file_or_a_link",
                condition=Q(blob__isnull=False, link="") | (Q(blob__isnull=True) & ~Q(link="")),
            ),
            models.CheckConstraint(
                name="evidence_version_has_a_whole_position",
                condition=Q(latitude__isnull=True, longitude__isnull=True)
                | Q(latitude__isnull=False, longitude__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.evidence_id} v{self.number}"


@pghistory.track()
class EvidenceUse(models.Model):
    """What one version proves. It is never taken back, only ended with a reason.

    subject_kind, subject_key: text reference of what is proved; place: the place it is about.
    findings: as in EvidenceVersion, against this place.
    """

    evidence = models.ForeignKey(Evidence, models.PROTECT, related_name="uses")
    version = models.ForeignKey(EvidenceVersion, models.PROTECT, related_name="uses")
    subject_kind = models.CharField(max_length=40)
    subject_key = models.CharField(max_length=120)
    place = models.ForeignKey(Place, models.PROTECT, related_name="+")
    note = models.CharField(max_length=300, blank=True)
    findings = models.JSONField(default=list)
    by = models.CharField(max_length=64)
    by_name = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    ended_by = models.CharField(max_length=64, blank=True)
    end_reason = models.CharField(max_length=300, blank=True)

    class Meta:
        indexes = [
            models.Index(name="evidence_use_subject", fields=["subject_kind", "subject_key"]),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["evidence", "subject_kind", "subject_key"],
                condition=Q(ended_at__isnull=True),
                name="evidence_proves_a_thing_once",
            ),
            models.CheckConstraint(
                name="evidence_use_ends_whole",
                condition=Q(ended_at__isnull=True, ended_by="", end_reason="")
                | (
                    Q(ended_at__isnull=False, ended_at__gte=F("at"))
                    & ~Q(ended_by="")
                    & ~Q(end_reason="")
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.evidence_id} → {self.subject_kind}:{self.subject_key}"
