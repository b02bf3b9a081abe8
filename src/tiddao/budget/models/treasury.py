"""The treasury's own series, week after week, each figure with its cell."""

from __future__ import annotations

import pghistory
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from tiddao.budget.models.fields import ExactDecimalField, append_only
from tiddao.places.models import Place


@pghistory.track()
class TreasuryReport(models.Model):
    """One weekly workbook of the Comptroller General, as published; a corrected one supersedes."""

    as_of = models.DateField()  # the day the figures are true for
    report_date = models.DateField()  # the day printed as the day of the report
    fiscal_year = models.PositiveSmallIntegerField()
    file_name = models.CharField(max_length=255)
    sha256 = models.CharField(max_length=64)
    known_at = models.DateTimeField()
    superseded_at = models.DateTimeField(null=True)
    by = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["as_of"],
                condition=Q(superseded_at__isnull=True),
                name="one_current_treasury_report_a_week",
            ),
        ]

    def __str__(self) -> str:
        return f"CGD {self.as_of}"


class TreasurySheet(models.Model):
    """One sheet of a report, as it says of itself. Never changed: the report is superseded.

    A report may be taken in sheet by sheet: known_at is the moment this one was.
    targets: {spending: per cent} for the month, where the sheet prints them.
    findings: warnings of the reader about this sheet, each with its cell.
    """

    report = models.ForeignKey(TreasuryReport, models.PROTECT, related_name="sheets")
    number = models.PositiveSmallIntegerField()
    tab = models.CharField(max_length=64)
    title = models.CharField(max_length=500)
    basis = models.CharField(max_length=10)  # disbursed | used
    basis_th = models.CharField(max_length=200)  # numerator and denominator in words
    base_th = models.CharField(max_length=200)
    order = models.CharField(max_length=10, blank=True)  # ascending: rank 1 is the lowest
    code_name = models.CharField(max_length=60, blank=True)
    targets = models.JSONField(default=dict)
    footnotes = models.JSONField(default=list)
    findings = models.JSONField(default=list)
    known_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["report", "number"], name="treasury_sheet_once"),
        ]
        triggers = [append_only()]

    def __str__(self) -> str:
        return f"{self.report} {self.number}"


class TreasuryFigure(models.Model):
    """One row of a sheet for one type of spending. Never changed: the report is superseded.

    The columns of figures are named as ``rules.cgd_figures.Measure``: amounts in million baht,
    percentages in per cent, the gap in points, all as printed; None where the sheet has no such
    column or the cell is blank. cells: where each stands, {"base": "K73", "rank": "A73", …}.
    """

    sheet = models.ForeignKey(TreasurySheet, models.PROTECT, related_name="figures")
    row = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=14)  # rules.cgd_figures.Kind
    is_total = models.BooleanField(default=False)
    printed_rank = models.PositiveSmallIntegerField(null=True)
    name = models.CharField(max_length=300)  # as printed
    code = models.CharField(max_length=16, blank=True)  # as printed
    place = models.ForeignKey(Place, models.PROTECT, null=True, related_name="+")
    spending = models.CharField(max_length=10)  # recurrent | investment | total
    base = ExactDecimalField(null=True)
    allotted = ExactDecimalField(null=True)
    planned = ExactDecimalField(null=True)
    ordered = ExactDecimalField(null=True)  # PO + สำรองเงินมีหนี้
    disbursed = ExactDecimalField(null=True)
    disbursed_percent = ExactDecimalField(null=True)
    used = ExactDecimalField(null=True)
    used_percent = ExactDecimalField(null=True)
    gap = ExactDecimalField(null=True)
    remaining = ExactDecimalField(null=True)
    remaining_percent = ExactDecimalField(null=True)
    cells = models.JSONField(default=dict)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["sheet", "row", "spending"], name="treasury_figure_once"
            ),
        ]
        indexes = [models.Index(fields=["place", "sheet", "spending"])]
        triggers = [append_only()]

    def __str__(self) -> str:
        return f"{self.sheet} {self.name} {self.spending}"


class TreasuryUpload(models.Model):
    """A workbook handed in on the page, read without writing; taken in when a person accepts it."""

    class State(models.TextChoices):
        READ = "read", _("Read, nothing written yet")
        REFUSED = "refused", _("Cannot be taken in")
        ACCEPTED = "accepted", _("Taken in")
        DROPPED = "dropped", _("Put aside")

    file = models.FileField(upload_to="treasury-uploads/")
    file_name = models.CharField(max_length=255)
    sha256 = models.CharField(max_length=64)
    sheets = ArrayField(models.PositiveSmallIntegerField())  # asked for
    state = models.CharField(max_length=10, choices=State)
    report = models.JSONField(default=dict)  # what it holds and what accepting it would do
    by = models.CharField(max_length=64)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return self.file_name
