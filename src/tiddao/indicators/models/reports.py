"""Issued reports, and the running numbers of an office."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from tiddao.indicators.models.facts import REFUSE_CHANGE
from tiddao.indicators.models.frameworks import Round
from tiddao.places.models import Office, Place


class ReportSeries(models.Model):
    """The running numbers of an office's issued reports in one Buddhist calendar year."""

    office = models.ForeignKey(Office, models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["office", "year"], name="one_series_a_year"),
        ]

    def __str__(self) -> str:
        return f"{self.office_id} {self.year}: {self.last}"


class IssuedReport(models.Model):
    """What an office said of a place in a round: numbered, signed, kept byte for byte, never changed.

    All figures follow from history as it was known at ``known_at``; who signed, the number and the
    reason stand in the columns. body: canonical JSON; paper: the PDF made from that JSON alone.
    """

    place = models.ForeignKey(Place, models.PROTECT, related_name="+")
    round = models.ForeignKey(Round, models.PROTECT, related_name="+")
    edition = models.PositiveSmallIntegerField()  # of this place and round, from 1
    office = models.ForeignKey(Office, models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField()  # Buddhist calendar year of the number
    running = models.PositiveIntegerField()
    number = models.CharField(max_length=120)
    known_at = models.DateTimeField()
    by = models.CharField(max_length=64)
    by_name = models.CharField(max_length=200)
    post = models.CharField(max_length=200)  # as the ledger writes it
    post_title = models.CharField(max_length=200)
    office_name = models.CharField(max_length=200)
    supersedes = models.OneToOneField("self", models.PROTECT, null=True, related_name="+")
    reason = models.CharField(max_length=500, blank=True)
    demonstration = models.BooleanField(default=False)
    form = models.PositiveSmallIntegerField()  # of the body, see rules.report
    body = models.BinaryField()
    body_sha256 = models.CharField(max_length=64, db_index=True)
    paper = models.BinaryField()
    paper_sha256 = models.CharField(max_length=64, db_index=True)
    made_with = models.CharField(max_length=120)  # what the paper was set with

    class Meta:
        indexes = [models.Index(fields=["place", "-known_at"]), models.Index(fields=["number"])]
        constraints = [
            models.UniqueConstraint(
                fields=["office", "year", "running"], name="report_number_once"
            ),
            models.UniqueConstraint(
                fields=["place", "round", "edition"], name="report_edition_once"
            ),
            models.CheckConstraint(
                name="report_follows_another_for_a_reason",
                condition=Q(edition=1, supersedes__isnull=True)
                | (Q(edition__gt=1, supersedes__isnull=False) & ~Q(reason="")),
            ),
        ]
        triggers = REFUSE_CHANGE

    def __str__(self) -> str:
        return self.number
