"""Frameworks, their versions, and rounds.

A definition is a document (``rules.definitions.FrameworkDefinition``), kept as its TOML text: the
same text travels, is checked, is frozen at publishing and is shown.
"""

from __future__ import annotations

import pghistory
import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from tiddao.places.models import Office, Place


@pghistory.track()
class Framework(models.Model):
    """One form of assessment (แบบประเมิน) in one fiscal year; its definition is in its versions."""

    code = models.SlugField(max_length=60)
    fiscal_year = models.PositiveSmallIntegerField()  # Buddhist era, named by its end
    owner = models.ForeignKey(Office, models.PROTECT, related_name="+")
    title_th = models.CharField(max_length=200)
    title_en = models.CharField(max_length=200, blank=True)
    proposed = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["code", "fiscal_year"], name="framework_once_a_year"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.fiscal_year}"


@pghistory.track()
class Version(models.Model):
    """A draft, or a frozen definition. digest: SHA-256 of ``toml`` (UTF-8)."""

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        PUBLISHED = "published", _("Published")
        CLOSED = "closed", _("Closed")

    framework = models.ForeignKey(Framework, models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    toml = models.TextField()
    digest = models.CharField(max_length=64)
    edition = models.PositiveIntegerField(default=1)  # counts saves of a draft: two editors meet
    created_at = models.DateTimeField()
    published_at = models.DateTimeField(null=True)
    published_by = models.CharField(max_length=64, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["framework", "number"], name="version_number_once"),
            models.UniqueConstraint(
                fields=["framework"],
                condition=Q(state="draft"),
                name="one_draft_per_framework",
            ),
            models.CheckConstraint(
                name="version_published_has_moment_and_name",
                condition=Q(state="draft", published_at__isnull=True, published_by="")
                | (~Q(state="draft") & Q(published_at__isnull=False) & ~Q(published_by="")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.framework} v{self.number}"


@pghistory.track()
class Round(models.Model):
    """A reporting round of a framework. true_on: the day its results are true for."""

    class State(models.TextChoices):
        PLANNED = "planned", _("Not open yet")
        OPEN = "open", _("Open")
        CLOSED = "closed", _("Closed")

    framework = models.ForeignKey(Framework, models.PROTECT, related_name="rounds")
    code = models.CharField(max_length=20)  # "6m", "12m", "2026-07-10"
    name_th = models.CharField(max_length=120)
    name_en = models.CharField(max_length=120, blank=True)
    opens = models.DateField()
    closes = models.DateField()
    true_on = models.DateField()
    state = models.CharField(max_length=8, choices=State, default=State.PLANNED)
    version = models.ForeignKey(Version, models.PROTECT, null=True, related_name="+")  # at closing

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["framework", "code"], name="round_code_once"),
            models.CheckConstraint(
                name="round_closes_after_it_opens", condition=Q(closes__gte=F("opens"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.framework} {self.code}"


class RoundStanding(models.Model):
    """How a round stood from a moment on: what pages that are asked "as known then" read.

    Written with every act that changes a round; never changed.
    """

    round = models.ForeignKey(Round, models.CASCADE, related_name="standings")
    name_th = models.CharField(max_length=120)
    name_en = models.CharField(max_length=120, blank=True)
    opens = models.DateField()
    closes = models.DateField()
    true_on = models.DateField()
    state = models.CharField(max_length=8, choices=Round.State)
    version = models.ForeignKey(Version, models.PROTECT, null=True, related_name="+")
    known_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["round", "-known_at"])]
        # A round that nobody ever used goes with its versions, and its standings with it.
        triggers = [pgtrigger.Protect(name="never_changed", operation=pgtrigger.Update)]

    def __str__(self) -> str:
        return f"{self.round} {self.state}"


@pghistory.track()
class LateEntry(models.Model):
    """A closed round that takes reports of one place (and all below it) until a day, by name.

    Never deleted: it is over after its last day, or when somebody ended it.
    """

    round = models.ForeignKey(Round, models.PROTECT, related_name="late_entries")
    place = models.ForeignKey(Place, models.PROTECT, related_name="+")
    until = models.DateField()
    reason = models.CharField(max_length=500)
    by = models.CharField(max_length=64)
    by_name = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    ended_by = models.CharField(max_length=64, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["round", "place"],
                condition=Q(ended_at__isnull=True),
                name="one_late_entry_of_a_place",
            ),
            models.CheckConstraint(
                name="late_entry_ends_whole",
                condition=Q(ended_at__isnull=True, ended_by="")
                | (Q(ended_at__isnull=False) & ~Q(ended_by="")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.round_id}/{self.place_id} until {self.until}"
