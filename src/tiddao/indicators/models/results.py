"""Reported results, what happened while they were entered, and files of them.

Results are append-only and carry two dates: the day they are true for (their round's) and the moment
they became known.
"""

from __future__ import annotations

import pghistory
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from tiddao.indicators.models.facts import KnownFact
from tiddao.indicators.models.frameworks import Framework, Round, Version
from tiddao.ledger.tracking import track_many
from tiddao.places.models import Place


class ResultState(models.TextChoices):
    DRAFT = "draft", _("Draft")
    SUBMITTED = "submitted", _("Submitted")
    CHECKED = "checked", _("Checked")
    APPROVED = "approved", _("Approved")
    LOCKED = "locked", _("Locked")
    RETURNED = "returned", _("Returned")


@track_many()
class Result(KnownFact):
    """What one place reported for one indicator in one round.

    What was reported stands in the columns of its kind; ``part_numerator`` and
    ``part_denominator`` are the additive parts made from it by ``rules.scoring.contribution`` and
    are all that a roll-up reads. not_applicable: the indicator does not apply here; no parts.
    stands_until: when an approved or locked revision stopped counting, which is not when the next
    revision was written: see ``rules.approval``.
    """

    framework = models.ForeignKey(Framework, models.PROTECT, related_name="+")
    round = models.ForeignKey(Round, models.PROTECT, related_name="results")
    indicator_code = models.CharField(max_length=16)
    place = models.ForeignKey(Place, models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, choices=ResultState)
    not_applicable = models.BooleanField(default=False)

    numerator = models.DecimalField(max_digits=28, decimal_places=10, null=True)
    denominator = models.DecimalField(max_digits=28, decimal_places=10, null=True)
    steps = ArrayField(models.PositiveSmallIntegerField(), null=True)  # milestone: steps done
    self_score = models.DecimalField(max_digits=5, decimal_places=4, null=True)
    checked_score = models.DecimalField(max_digits=5, decimal_places=4, null=True)
    narrative = models.TextField(blank=True)

    part_numerator = models.DecimalField(max_digits=28, decimal_places=10, null=True)
    part_denominator = models.DecimalField(max_digits=28, decimal_places=10, null=True)

    version = models.ForeignKey(Version, models.PROTECT, related_name="+")  # reported under
    by = models.CharField(max_length=64)
    post = models.CharField(max_length=200, blank=True)
    source = models.CharField(max_length=300)  # "form", "import:12 มิติ1!F7", "cgd:2026-07-10 …"
    stands_until = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["round", "place", "indicator_code"],
                include=["part_numerator", "part_denominator"],
                condition=Q(state__in=["approved", "locked"], stands_until__isnull=True),
                name="result_standing",
            ),
            models.Index(
                fields=["round", "place", "indicator_code"],
                include=["part_numerator", "part_denominator", "state"],
                condition=Q(superseded_at__isnull=True),
                name="result_current",
            ),
            models.Index(fields=["round", "known_at"]),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["round", "indicator_code", "place"],
                condition=Q(superseded_at__isnull=True),
                name="one_current_result",
            ),
            models.UniqueConstraint(
                fields=["round", "indicator_code", "place"],
                condition=Q(state__in=["approved", "locked"], stands_until__isnull=True),
                name="one_standing_result",
            ),
            models.UniqueConstraint(
                fields=["round", "indicator_code", "place", "revision"],
                name="result_revision_once",
            ),
            models.CheckConstraint(
                name="result_has_parts_or_a_reason",
                condition=Q(not_applicable=True, part_numerator__isnull=True)
                | Q(not_applicable=False, part_numerator__isnull=False)
                | Q(state__in=["draft", "returned"]),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.round_id}/{self.indicator_code}/{self.place_id} r{self.revision}"


@pghistory.track()
class EntryConflict(models.Model):
    """Two people wrote the same result at once: what the second wrote, and what stood by then.

    Kept whatever the second person chose: choice "" while they have not.
    """

    class Choice(models.TextChoices):
        MINE = "mine", _("Took the own figures")
        THEIRS = "theirs", _("Left the other person's figures")

    round = models.ForeignKey(Round, models.PROTECT, related_name="+")
    place = models.ForeignKey(Place, models.PROTECT, related_name="+")
    indicator_code = models.CharField(max_length=16)
    based_on = models.PositiveIntegerField()  # the revision that the second person had before them
    found = models.PositiveIntegerField()  # the revision that stood
    proposed = models.JSONField()  # the figures of the second person, by field
    by = models.CharField(max_length=64)
    at = models.DateTimeField()
    choice = models.CharField(max_length=6, choices=Choice, blank=True)
    chosen_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["round", "place", "indicator_code"])]

    def __str__(self) -> str:
        return f"{self.round_id}/{self.indicator_code}/{self.place_id} {self.at:%Y-%m-%d}"


class ResultImport(models.Model):
    """One uploaded workbook or CSV of results: dry run first, written whole or not at all."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        READING = "reading", _("Reading")
        READ = "read", _("Read, nothing written yet")
        ACCEPTING = "accepting", _("Writing")
        ACCEPTED = "accepted", _("Accepted")
        REFUSED = "refused", _("Refused")

    round = models.ForeignKey(Round, models.PROTECT, related_name="+")
    scope = models.CharField(max_length=60)  # place the importer answers for
    file = models.FileField(upload_to="result-imports/")
    file_name = models.CharField(max_length=255)
    sha256 = models.CharField(max_length=64)
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    progress = models.PositiveSmallIntegerField(default=0)  # per cent
    report = models.JSONField(default=dict)  # counts, findings by sheet and cell
    by = models.CharField(max_length=64)
    post = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return self.file_name
