"""The treasury's own series, week after week, each figure with its cell."""

from __future__ import annotations

import pghistory
from django.db import models
from django.db.models import Q

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
    findings = models.JSONField(default=list)

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


class TreasuryFigure(models.Model):
    """One unit's figures of one spending type on one sheet. Amounts in million baht, percentages
    and gaps as printed (full precision); cells: {measure: "AA15"}.
    """

    report = models.ForeignKey(TreasuryReport, models.PROTECT, related_name="figures")
    sheet = models.PositiveSmallIntegerField()
    row = models.PositiveSmallIntegerField()
    is_total = models.BooleanField(default=False)
    printed_rank = models.PositiveSmallIntegerField(null=True)
    name = models.CharField(max_length=200)  # as printed
    code = models.CharField(max_length=16, blank=True)
    department_code = models.CharField(max_length=16, blank=True)
    place = models.ForeignKey(Place, models.PROTECT, null=True, related_name="+")
    spending = models.CharField(max_length=10)  # recurrent | investment | total
    base = models.DecimalField(max_digits=24, decimal_places=10, null=True)
    ordered = models.DecimalField(max_digits=24, decimal_places=10, null=True)  # PO + สำรองเงินมีหนี้
    amount = models.DecimalField(max_digits=24, decimal_places=10, null=True)  # disbursed or used
    percent = models.DecimalField(max_digits=24, decimal_places=16, null=True)
    gap = models.DecimalField(max_digits=24, decimal_places=16, null=True)
    cells = models.JSONField(default=dict)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["report", "sheet", "row", "spending"], name="treasury_figure_once"
            ),
        ]
        indexes = [models.Index(fields=["place", "sheet", "spending"])]

    def __str__(self) -> str:
        return f"{self.report} {self.sheet} {self.name} {self.spending}"
