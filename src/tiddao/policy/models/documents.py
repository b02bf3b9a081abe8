"""Documents as they came in, what the rules read in them, and what people decided about it.

What was read and what was decided are kept apart, and neither is ever changed: a later reading adds
proposals, a later decision adds a row, and a person's word is never lost to a rule.
"""

from __future__ import annotations

import pghistory
import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from tiddao.places.models import Place

APPEND_ONLY = pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)


class DocumentSort(models.TextChoices):
    """The genres that the reader knows (``rules.proposals.DocumentKind``)."""

    NEWS = "news", _("Activity news")
    MINUTES = "minutes", _("Meeting notes")
    CIRCULAR = "circular", _("Circular letter")
    LETTER = "letter", _("Official letter")
    MEMO = "memo", _("Memorandum")
    ORDER = "order", _("Order of an office")
    ANNOUNCEMENT = "announcement", _("Announcement")
    OTHER = "other", _("Other document")


@pghistory.track()
class Document(models.Model):
    """A paper that an office took in. What stands here a person gave or confirmed.

    place: where the office that took it in sits; who covers it may read it. issued_on: the paper's
    own day; fiscal_year: Buddhist, of that day or as given.
    """

    place = models.ForeignKey(Place, models.PROTECT, related_name="+")
    sort = models.CharField(max_length=12, choices=DocumentSort, default=DocumentSort.OTHER)
    title = models.CharField(max_length=500)
    number = models.CharField(max_length=120, blank=True)  # "มท 0404.2/ว 123"
    issued_on = models.DateField(null=True)
    fiscal_year = models.PositiveSmallIntegerField()
    by = models.CharField(max_length=64)
    by_name = models.CharField(max_length=200, blank=True)
    by_post = models.CharField(max_length=120, blank=True)
    at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(
                name="document_place_prefix",
                fields=["place", "at"],
                opclasses=["varchar_pattern_ops", "timestamptz_ops"],
            ),
            models.Index(fields=["by"], name="document_taken_in_by"),  # who took it in may read it
        ]

    def __str__(self) -> str:
        return self.title


class DocumentText(models.Model):
    """The plain text of a document exactly as it was read; every span counts its characters.

    wraps: places of line ends that only wrap a line (PDF). left_out: what was not taken over, in
    Thai. source_sha256: of the bytes that were given; "" for pasted text.
    """

    document = models.OneToOneField(
        Document, models.PROTECT, primary_key=True, related_name="source"
    )
    text = models.TextField()
    sha256 = models.CharField(max_length=64)  # of the text in UTF-8
    format = models.CharField(max_length=6)  # pasted | txt | docx | pdf | html
    file_name = models.CharField(max_length=255, blank=True)
    source_sha256 = models.CharField(max_length=64, blank=True)
    wraps = ArrayField(models.PositiveIntegerField(), default=list)
    left_out = ArrayField(models.CharField(max_length=300), default=list)

    class Meta:
        triggers = [APPEND_ONLY]

    def __str__(self) -> str:
        return f"text of {self.document_id}"


class Proposal(models.Model):
    """Something that a rule read, or a person pointed at, in the text. Never changed.

    kind, rule, value: as ``rules.proposals`` has them; [start, end) in the text; summary: the value
    in a Thai line. identity: SHA-256 of the rest, by which a later reading knows what was proposed
    before. rule "person.pointed-at": a person's own, with by.
    """

    document = models.ForeignKey(Document, models.PROTECT, related_name="proposals")
    kind = models.CharField(max_length=20)
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()
    rule = models.CharField(max_length=60)
    value = models.JSONField()
    summary = models.TextField()
    identity = models.CharField(max_length=64)
    by = models.CharField(max_length=64, blank=True)
    at = models.DateTimeField()

    class Meta:
        triggers = [APPEND_ONLY]
        constraints = [
            models.UniqueConstraint(fields=["document", "identity"], name="proposed_once"),
            models.CheckConstraint(
                name="proposal_stands_on_a_span", condition=Q(end__gte=models.F("start"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.start}–{self.end}"


class Reading(models.Model):
    """One run of the rules over a document. found: the proposals of this run, in order.

    rules: digest of the rules' source, so that it shows when they have changed since.
    """

    document = models.ForeignKey(Document, models.PROTECT, related_name="readings")
    number = models.PositiveIntegerField()
    rules = models.CharField(max_length=64)
    found = ArrayField(models.BigIntegerField())
    by = models.CharField(max_length=64)
    at = models.DateTimeField()

    class Meta:
        triggers = [APPEND_ONLY]
        constraints = [
            models.UniqueConstraint(fields=["document", "number"], name="reading_number_once"),
        ]

    def __str__(self) -> str:
        return f"reading {self.number} of {self.document_id}"


class Verdict(models.TextChoices):
    """What a person says to a proposal. REOPENED takes an earlier word back."""

    CONFIRMED = "confirmed", _("Confirmed")
    CHANGED = "changed", _("Confirmed with changes")
    DROPPED = "dropped", _("Dropped")
    REOPENED = "reopened", _("To be decided")


class Decision(models.Model):
    """One word of a person to a proposal; the last one counts, all are kept.

    value: what holds from now on, apart from what was read; null unless confirmed or changed.
    """

    proposal = models.ForeignKey(Proposal, models.PROTECT, related_name="decisions")
    number = models.PositiveIntegerField()
    verdict = models.CharField(max_length=10, choices=Verdict)
    value = models.JSONField(null=True)
    by = models.CharField(max_length=64)
    by_name = models.CharField(max_length=200, blank=True)
    by_post = models.CharField(max_length=120, blank=True)
    at = models.DateTimeField()

    class Meta:
        triggers = [APPEND_ONLY]
        constraints = [
            models.UniqueConstraint(fields=["proposal", "number"], name="decision_number_once"),
            models.CheckConstraint(
                name="what_is_confirmed_has_a_value",
                condition=Q(verdict__in=["confirmed", "changed"], value__isnull=False)
                | Q(verdict__in=["dropped", "reopened"], value__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.verdict} {self.proposal_id}"
