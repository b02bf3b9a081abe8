"""The office's own books: what money there is, in which envelope, and every entry ever made.

An envelope (ซองเงิน) is a project's activity, a fund source, a type of spending and an allotment
tranche. Entries are only ever added (a trigger says so); a mistake is undone by a reversing entry.
``EnvelopeBalance``, ``BookBalance``, ``BookDay`` and ``BookMonth`` are sums of entries kept beside them so that a
board need not read millions of rows; ``actions.posting`` alone writes them, with the entries and in
their transaction, and ``recount_books`` recomputes them.
"""

from __future__ import annotations

import pghistory
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from tiddao.budget.models.fields import NOTHING, BahtField, append_only
from tiddao.ledger.tracking import track_many
from tiddao.places.models import Office, Place


@pghistory.track()
class Programme(models.Model):
    """แผนงาน/ผลผลิต of a fiscal year. owner: the place whose office named it ('th' or a province)."""

    fiscal_year = models.PositiveSmallIntegerField()
    owner = models.ForeignKey(Place, models.PROTECT, related_name="+")
    code = models.CharField(max_length=40, blank=True)
    name_th = models.CharField(max_length=300)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["fiscal_year", "owner", "name_th"], name="programme_once_a_year"
            ),
        ]

    def __str__(self) -> str:
        return self.name_th


@track_many()
class Project(models.Model):
    """A project of a fiscal year, known by its number ("24/2569"), or by its name where it has none.

    key: what tells it apart within owner and year: the number, else the name as it was first read.
    """

    fiscal_year = models.PositiveSmallIntegerField()
    owner = models.ForeignKey(Place, models.PROTECT, related_name="+")
    programme = models.ForeignKey(Programme, models.PROTECT, null=True, related_name="projects")
    key = models.CharField(max_length=300)
    number = models.CharField(max_length=40, blank=True)
    name_th = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["fiscal_year", "owner", "key"], name="project_once_a_year"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.name_th}".strip()


@track_many()
class ProjectAlias(models.Model):
    """Another way in which a workbook writes a project's number or name."""

    project = models.ForeignKey(Project, models.PROTECT, related_name="aliases")
    written = models.CharField(max_length=500)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["project", "written"], name="project_alias_once"),
        ]

    def __str__(self) -> str:
        return self.written


@track_many()
class Activity(models.Model):
    """A part of a project; name_th "" for a project that is not divided."""

    project = models.ForeignKey(Project, models.PROTECT, related_name="activities")
    name_th = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["project", "name_th"], name="activity_once"),
        ]

    def __str__(self) -> str:
        return self.name_th or str(self.project)


class Fund(models.TextChoices):
    """Where the money comes from; the codes are those of ``rules.office_mapping``."""

    ADMIN = "admin", _("Administration budget")
    STRATEGY = "strategy", _("Strategic budget")
    PROVINCE = "province", _("Provincial budget")
    PROVINCE_GROUP = "province_group", _("Budget of the group of provinces")
    PROVINCE_AND_GROUP = "province_and_group", _("Budget of the province or its group")
    CARRIED_OVER = "carried_over", _("Carried over from an earlier year")


class SpendingType(models.TextChoices):
    RECURRENT = "recurrent", _("Recurrent")
    INVESTMENT = "investment", _("Investment")
    UNDIVIDED = "total", _("Not told apart")  # a workbook that does not say


class Keeping(models.TextChoices):
    """Where an envelope's figures come from. One source each, so that nothing is counted twice."""

    WORKBOOK = "workbook", _("The office's workbook")
    ENTRIES = "entries", _("Entries, document by document")


@pghistory.track()
class Book(models.Model):
    """One office's book of one fiscal year. Its row is what writers lock."""

    office = models.ForeignKey(Office, models.PROTECT, related_name="books")
    fiscal_year = models.PositiveSmallIntegerField()
    place = models.ForeignKey(Place, models.PROTECT, related_name="+")  # the office's
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["office", "fiscal_year"], name="book_once_a_year"),
        ]
        indexes = [models.Index(fields=["fiscal_year", "place"])]

    def __str__(self) -> str:
        return f"{self.office_id} {self.fiscal_year}"


@track_many()
class Envelope(models.Model):
    """Where money lies in a book. tranche: as the letter names it ("ไตร 3-4"), "" for none."""

    book = models.ForeignKey(Book, models.PROTECT, related_name="envelopes")
    activity = models.ForeignKey(Activity, models.PROTECT, related_name="envelopes")
    fund = models.CharField(max_length=20, choices=Fund)
    spending = models.CharField(max_length=10, choices=SpendingType)
    tranche = models.CharField(max_length=60, blank=True)
    keeping = models.CharField(max_length=10, choices=Keeping, default=Keeping.ENTRIES)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["book", "activity", "fund", "spending", "tranche"], name="envelope_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.activity} {self.get_fund_display()} {self.tranche}"


class Kind(models.TextChoices):
    """As ``rules.accounts.EntryKind``."""

    ALLOTMENT = "allotment", _("Allotment")
    TRANSFER_IN = "transfer_in", _("Transfer in")
    TRANSFER_OUT = "transfer_out", _("Transfer out")
    RETURN = "return", _("Return to the department")
    COMMITMENT = "commitment", _("Commitment (PO)")
    RELEASE = "release", _("Release of a commitment")
    DISBURSEMENT = "disbursement", _("Disbursement")
    ADVANCE = "advance", _("Cash advance")
    CLEARANCE = "clearance", _("Clearance of a cash advance")
    RESERVATION = "reservation", _("Reservation for carrying over")
    REDUCTION = "reduction", _("Reduction")
    REVERSAL = "reversal", _("Reversal")


class BookEntry(models.Model):
    """One line of a document. Never changed and never taken away; see ``rules.accounts.Entry``.

    source: "" for one typed in, else where it was read: file, sheet, cell.
    """

    book = models.ForeignKey(Book, models.PROTECT, related_name="entries")
    envelope = models.ForeignKey(Envelope, models.PROTECT, related_name="entries")
    kind = models.CharField(max_length=12, choices=Kind)
    document = models.CharField(max_length=120)
    line = models.PositiveIntegerField(default=1)
    amount = BahtField()
    on = models.DateField()
    known_at = models.DateTimeField()
    against = models.ForeignKey("self", models.PROTECT, null=True, related_name="named_by")
    cash_back = BahtField(default=NOTHING)
    due_on = models.DateField(null=True)
    borrower = models.CharField(max_length=120, blank=True)  # a reference, not a name
    note = models.CharField(max_length=300, blank=True)
    source = models.CharField(max_length=300, blank=True)
    by = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["book", "kind", "document", "line"], name="book_entry_once"
            ),
            models.UniqueConstraint(
                fields=["against"], condition=Q(kind="reversal"), name="reversed_once"
            ),
            models.CheckConstraint(
                name="book_entry_is_of_money",
                condition=Q(amount__gt=0) | Q(kind="clearance", amount=0, cash_back__gt=0),
            ),
        ]
        indexes = [models.Index(fields=["envelope", "on"])]
        triggers = [append_only()]

    def __str__(self) -> str:
        return f"{self.book} {self.kind} {self.document}/{self.line}"


class Account(models.Model):
    """The accounts of ``rules.accounts.Balance``, in baht."""

    allotted = BahtField(default=NOTHING)
    transferred = BahtField(default=NOTHING)
    disbursed = BahtField(default=NOTHING)
    committed = BahtField(default=NOTHING)
    returned = BahtField(default=NOTHING)
    remaining = BahtField(default=NOTHING)
    advanced = BahtField(default=NOTHING)
    reserved = BahtField(default=NOTHING)

    class Meta:
        abstract = True


_IDENTITY = Q(
    remaining=F("allotted") + F("transferred") - F("disbursed") - F("committed") - F("returned")
)


class EnvelopeBalance(Account):
    """What an envelope's entries come to."""

    envelope = models.OneToOneField(
        Envelope, models.PROTECT, primary_key=True, related_name="balance"
    )
    book = models.ForeignKey(Book, models.PROTECT, related_name="envelope_balances")

    class Meta:
        constraints = [
            models.CheckConstraint(name="envelope_adds_up", condition=_IDENTITY),
            models.CheckConstraint(
                name="envelope_not_below_zero",
                condition=Q(remaining__gte=F("reserved"))
                & Q(committed__gte=0)
                & Q(advanced__gte=0),
            ),
        ]

    def __str__(self) -> str:
        return str(self.envelope)


class BookBalance(Account):
    """What a book's entries come to, by fund and type of spending."""

    book = models.ForeignKey(Book, models.PROTECT, related_name="balances")
    fund = models.CharField(max_length=20, choices=Fund)
    spending = models.CharField(max_length=10, choices=SpendingType)
    last_on = models.DateField(null=True)  # the newest day an entry is true for
    last_known_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["book", "fund", "spending"], name="book_balance_once"),
            models.CheckConstraint(name="book_adds_up", condition=_IDENTITY),
        ]

    def __str__(self) -> str:
        return f"{self.book} {self.fund} {self.spending}"


class BookDay(Account):
    """What the entries true for one day add to a book, by fund and type of spending."""

    book = models.ForeignKey(Book, models.PROTECT, related_name="days")
    fund = models.CharField(max_length=20, choices=Fund)
    spending = models.CharField(max_length=10, choices=SpendingType)
    on = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["book", "on", "fund", "spending"], name="book_day_once"
            ),
            models.CheckConstraint(name="book_day_adds_up", condition=_IDENTITY),
        ]

    def __str__(self) -> str:
        return f"{self.book} {self.on}"


class BookMonth(Account):
    """What the days of one month add to a book: a past day is summed from months and few days.

    month: its first day. last_on: its newest day that moved.
    """

    book = models.ForeignKey(Book, models.PROTECT, related_name="months")
    fund = models.CharField(max_length=20, choices=Fund)
    spending = models.CharField(max_length=10, choices=SpendingType)
    month = models.DateField()
    last_on = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["book", "month", "fund", "spending"], name="book_month_once"
            ),
            models.CheckConstraint(name="book_month_adds_up", condition=_IDENTITY),
            models.CheckConstraint(name="book_month_by_its_first", condition=Q(month__day=1)),
        ]

    def __str__(self) -> str:
        return f"{self.book} {self.month:%Y-%m}"


@track_many(exclude=["book"])
class PaperHeld(models.Model):
    """A financial paper of an entry, held as evidence. ended_at: taken away again, with a reason.

    book: the entry's, so that a province's papers are found without walking the nation's entries.
    """

    book = models.ForeignKey(Book, models.PROTECT, related_name="papers")
    entry = models.ForeignKey(BookEntry, models.PROTECT, related_name="papers")
    paper = models.CharField(max_length=120)  # as rules.papers names it
    evidence = models.CharField(max_length=64, blank=True)  # reference in the evidence area
    note = models.CharField(max_length=300, blank=True)
    at = models.DateTimeField()
    by = models.CharField(max_length=64)
    ended_at = models.DateTimeField(null=True)
    end_reason = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["entry", "paper"],
                condition=Q(ended_at__isnull=True),
                name="paper_held_once",
            ),
        ]

    def __str__(self) -> str:
        return self.paper
