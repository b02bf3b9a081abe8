"""Offices' own workbooks: what was handed in, what it says, how it is read, what is wrong with it."""

from __future__ import annotations

import pghistory
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from tiddao.budget.models.books import Envelope
from tiddao.budget.models.fields import NOTHING, BahtField, append_only
from tiddao.ledger.tracking import track_many
from tiddao.places.models import Place


@pghistory.track()
class WorkbookMapping(models.Model):
    """How a province's workbook is read (``rules.office_mapping``); the newest one counts."""

    place = models.ForeignKey(Place, models.PROTECT, related_name="+")
    fiscal_year = models.PositiveSmallIntegerField()
    mapping = models.JSONField(default=dict)
    at = models.DateTimeField()
    by = models.CharField(max_length=64)

    class Meta:
        get_latest_by = "at"
        indexes = [models.Index(fields=["place", "fiscal_year", "-at"])]

    def __str__(self) -> str:
        return f"{self.place_id} {self.fiscal_year}"


@pghistory.track()
class WorkbookUpload(models.Model):
    """A workbook handed in, read without writing; taken into the books when a person accepts it.

    mends: {"sheet!cell": {"value": "…", "was": "…", "reason": "…", "by": "…"}}, cells put right in
    the preview; the file itself is never changed. mapping: as it was read with. report: what the
    reader found and what accepting would do, ready for the page. as_of: the day its figures are true
    for, printed in it or said by the person.
    """

    class State(models.TextChoices):
        READ = "read", _("Read, nothing written yet")
        REFUSED = "refused", _("Cannot be taken in")
        ACCEPTED = "accepted", _("Taken in")
        DROPPED = "dropped", _("Put aside")

    place = models.ForeignKey(Place, models.PROTECT, related_name="+")  # the province
    fiscal_year = models.PositiveSmallIntegerField()
    as_of = models.DateField(null=True)
    file = models.FileField(upload_to="office-workbooks/")
    file_name = models.CharField(max_length=255)
    sha256 = models.CharField(max_length=64)
    state = models.CharField(max_length=10, choices=State)
    mends = models.JSONField(default=dict)
    mapping = models.JSONField(default=dict)
    report = models.JSONField(default=dict)
    version = models.PositiveIntegerField(default=1)  # of mends and mapping; two people at once
    by = models.CharField(max_length=64)
    at = models.DateTimeField()
    decided_by = models.CharField(max_length=64, blank=True)
    decided_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["place", "fiscal_year", "-at"])]

    def __str__(self) -> str:
        return self.file_name


class StatedFigure(models.Model):
    """What an accepted workbook says an envelope had come to on a day: cumulative, in baht.

    None: the workbook does not say. Never changed; a later statement for the same day goes before.
    Entries of envelopes kept by workbook follow from the statements alone.
    """

    upload = models.ForeignKey(WorkbookUpload, models.PROTECT, related_name="figures")
    envelope = models.ForeignKey(Envelope, models.PROTECT, related_name="stated")
    as_of = models.DateField()
    allotted = BahtField(null=True)
    transferred = BahtField(null=True)
    committed = BahtField(null=True)
    disbursed = BahtField(null=True)
    returned = BahtField(null=True)
    cells = models.JSONField(default=dict)  # {"allotted": ["sheet!C7", …]}
    known_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["upload", "envelope"], name="stated_once"),
        ]
        indexes = [models.Index(fields=["envelope", "as_of"])]
        triggers = [append_only()]

    def __str__(self) -> str:
        return f"{self.envelope} {self.as_of}"


@track_many()
class WorkbookIssue(models.Model):
    """Something wrong in an accepted workbook, for the data-quality list, until it is settled.

    unit: the place it concerns, else the province. type: a ``FindingType`` of the reader, or
    "REFUSED_BY_BOOK". amount: baht left out of the sums because of it, where known.
    """

    upload = models.ForeignKey(WorkbookUpload, models.PROTECT, related_name="issues")
    unit = models.ForeignKey(Place, models.PROTECT, related_name="+")
    type = models.CharField(max_length=30)
    severity = models.CharField(max_length=10)
    sheet = models.CharField(max_length=64, blank=True)
    cell = models.CharField(max_length=16, blank=True)
    message_th = models.TextField()
    amount = BahtField(null=True)
    superseded_at = models.DateTimeField(null=True)  # a newer workbook was taken in
    explained_at = models.DateTimeField(null=True)
    explanation = models.TextField(blank=True)
    explained_by = models.CharField(max_length=64, blank=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["unit"],
                condition=Q(superseded_at__isnull=True),
                name="workbook_issue_open",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.type} {self.sheet}!{self.cell}"


class MonitoredWork(models.Model):
    """A line of a monitoring sheet (โคก หนอง นา): more about a project that is counted already.

    Its money stands beside the project and is in no sum.
    """

    upload = models.ForeignKey(WorkbookUpload, models.PROTECT, related_name="monitored")
    unit = models.ForeignKey(Place, models.PROTECT, related_name="+")
    project = models.ForeignKey(
        "budget.Project", models.PROTECT, null=True, related_name="monitored"
    )
    as_of = models.DateField()
    plots = models.DecimalField(max_digits=12, decimal_places=2, null=True)
    amounts = models.JSONField(default=dict)  # measure → baht as text
    sheet = models.CharField(max_length=64)
    row = models.PositiveIntegerField()

    class Meta:
        triggers = [append_only()]

    def __str__(self) -> str:
        return f"{self.sheet} {self.row}"


class StatedScore(models.Model):
    """The score of แบบประเมินที่ 1 that a workbook prints for a district, beside the computed one."""

    upload = models.ForeignKey(WorkbookUpload, models.PROTECT, related_name="scores")
    unit = models.ForeignKey(Place, models.PROTECT, related_name="+")
    as_of = models.DateField()
    percent = models.DecimalField(max_digits=16, decimal_places=6, null=True)
    papers_complete = models.BooleanField(null=True)
    overdue_loans = models.PositiveIntegerField(null=True)
    printed = models.DecimalField(max_digits=8, decimal_places=2, null=True)
    computed = models.PositiveSmallIntegerField(null=True)  # from the file's own parts
    cell = models.CharField(max_length=100)

    class Meta:
        triggers = [append_only()]

    def __str__(self) -> str:
        return f"{self.unit_id} {self.printed}"


@pghistory.track()
class ReconciliationNote(models.Model):
    """Why our books and the treasury differ, in part or whole, for one place and one weekly report.

    line: which of the treasury's figures is compared (``rules.reconciling.LINES``). spending:
    recurrent | investment | total.
    """

    place = models.ForeignKey(Place, models.PROTECT, related_name="+")
    as_of = models.DateField()
    line = models.CharField(max_length=10, default="central")
    basis = models.CharField(max_length=10)  # disbursed | used
    spending = models.CharField(max_length=10, default="total")
    reason = models.CharField(max_length=30)
    amount = BahtField(default=NOTHING)  # signed: treasury less ours, as far as this explains it
    words = models.TextField()
    document = models.CharField(max_length=120, blank=True)
    at = models.DateTimeField()
    by = models.CharField(max_length=64)
    ended_at = models.DateTimeField(null=True)
    end_reason = models.CharField(max_length=300, blank=True)

    class Meta:
        indexes = [models.Index(fields=["place", "as_of"])]

    def __str__(self) -> str:
        return f"{self.place_id} {self.as_of} {self.reason}"
