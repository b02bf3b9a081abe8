"""Letters and memoranda of an office, as drafts and as issued, and the templates they are set with."""

from __future__ import annotations

import pghistory
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from tiddao.evidence.models import Blob
from tiddao.places.models import Office, Place
from tiddao.policy.models.directives import Directive
from tiddao.policy.models.documents import APPEND_ONLY
from tiddao.policy.models.meetings import Meeting


@pghistory.track()
class OfficeTemplate(models.Model):
    """A Word template or an emblem that an office put in the place of the product's own.

    One that nobody has put in force is being tried. Of each office and kind one is in force at
    most; taken back, it is kept. An office without its own uses that of the nearest office above.
    """

    class Kind(models.TextChoices):
        MINUTES = "minutes", _("Minutes of meetings")
        LETTER = "letter", _("Letters and circulars")
        MEMO = "memo", _("Memoranda")
        EMBLEM = "emblem", _("Picture of the emblem")

    place = models.ForeignKey(Place, models.PROTECT, related_name="+")
    office = models.ForeignKey(Office, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=8, choices=Kind)
    number = models.PositiveIntegerField()
    blob = models.ForeignKey(Blob, models.PROTECT, related_name="+")
    file_name = models.CharField(max_length=255)
    by = models.CharField(max_length=64)
    by_name = models.CharField(max_length=200, blank=True)
    by_post = models.CharField(max_length=120, blank=True)
    at = models.DateTimeField()
    in_force_at = models.DateTimeField(null=True)
    retired_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["office", "kind", "number"], name="template_number_once"
            ),
            models.UniqueConstraint(
                fields=["office", "kind"],
                condition=Q(in_force_at__isnull=False, retired_at__isnull=True),
                name="template_in_force_once",
            ),
            models.CheckConstraint(
                name="template_retired_after_it_came",
                condition=Q(retired_at__isnull=True) | Q(retired_at__gte=F("at")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.number} of {self.office_id}"


@pghistory.track()
class Paper(models.Model):
    """A letter, circular or memorandum of an office, as it is being written.

    content: ``rules.official.Letter`` as JSON. meeting, directive: what it tells of, if anything.
    """

    class Kind(models.TextChoices):
        LETTER = "letter", _("Official letter")
        CIRCULAR = "circular", _("Circular letter")
        MEMO = "memo", _("Memorandum")

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft of a letter")
        ISSUED = "issued", _("Letter issued")
        DROPPED = "dropped", _("Letter given up")

    place = models.ForeignKey(Place, models.PROTECT, related_name="+")
    office = models.ForeignKey(Office, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=8, choices=Kind)
    meeting = models.ForeignKey(Meeting, models.PROTECT, null=True, related_name="papers")
    directive = models.ForeignKey(Directive, models.PROTECT, null=True, related_name="papers")
    subject = models.CharField(max_length=500)
    content = models.JSONField()
    state = models.CharField(max_length=8, choices=State, default=State.DRAFT)
    version = models.PositiveIntegerField(default=0)  # who writes on names the one seen
    by = models.CharField(max_length=64)
    by_name = models.CharField(max_length=200, blank=True)
    by_post = models.CharField(max_length=120, blank=True)
    at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(
                name="paper_place_prefix",
                fields=["place", "at"],
                opclasses=["varchar_pattern_ops", "timestamptz_ops"],
            ),
        ]

    def __str__(self) -> str:
        return self.subject


class IssuedPaper(models.Model):
    """A letter as it was issued, made again from this row byte for byte. A later issue does not take
    an earlier one away.
    """

    paper = models.ForeignKey(Paper, models.PROTECT, related_name="issues")
    number = models.PositiveSmallIntegerField()
    content = models.JSONField()
    sha256 = models.CharField(max_length=64)  # of content in canonical JSON
    reason = models.CharField(max_length=500, blank=True)  # of a further issue
    by = models.CharField(max_length=64)
    by_name = models.CharField(max_length=200, blank=True)
    by_post = models.CharField(max_length=120, blank=True)
    at = models.DateTimeField()

    class Meta:
        triggers = [APPEND_ONLY]
        constraints = [
            models.UniqueConstraint(fields=["paper", "number"], name="issued_paper_number_once"),
        ]

    def __str__(self) -> str:
        return f"issue {self.number} of {self.paper_id}"
