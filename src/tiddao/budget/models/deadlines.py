"""Deadlines for spending, what offices behind them say and plan, and the boards as once shown."""

from __future__ import annotations

import pghistory
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from tiddao.budget.models.books import Fund
from tiddao.budget.models.fields import NOTHING, BahtField, PercentField, append_only
from tiddao.places.models import Place


@pghistory.track()
class SpendingDeadline(models.Model):
    """A day by which offices must have spent a share: "ให้แล้วเสร็จภายใน 31 มีนาคม 2562".

    place: whom it binds, with all below ('th' or a province). fund "" and spending "total": all
    money. source: the letter or meeting it was set by.
    """

    place = models.ForeignKey(Place, models.PROTECT, related_name="+")
    fiscal_year = models.PositiveSmallIntegerField()
    name_th = models.CharField(max_length=200)
    day = models.DateField()
    goal = PercentField()
    basis = models.CharField(max_length=10)  # disbursed | used
    spending = models.CharField(max_length=10, default="total")
    fund = models.CharField(max_length=20, choices=Fund, blank=True)
    source = models.CharField(max_length=300)
    set_at = models.DateTimeField()
    set_by = models.CharField(max_length=64)
    ended_at = models.DateTimeField(null=True)
    end_reason = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="deadline_goal_is_a_share", condition=Q(goal__gt=0) & Q(goal__lte=100)
            ),
            models.UniqueConstraint(
                fields=["place", "fiscal_year", "day", "basis", "spending", "fund"],
                condition=Q(ended_at__isnull=True),
                name="deadline_set_once",
            ),
        ]
        indexes = [models.Index(fields=["fiscal_year", "day"])]

    def __str__(self) -> str:
        return self.name_th


class DelayReason(models.TextChoices):
    """Proposed list; the words beside it say the rest."""

    LATE_ALLOTMENT = "late_allotment", _("The allotment came late")
    PROCUREMENT = "procurement", _("Procurement is not finished")
    NO_BIDDER = "no_bidder", _("No bidder, or a bid was appealed")
    CONTRACTOR = "contractor", _("The contractor is late")
    INSPECTION = "inspection", _("Waiting for inspection and acceptance")
    PAPERS = "papers", _("Papers are not complete")
    ADVANCES = "advances", _("Cash advances are not cleared")
    ACTIVITY_MOVED = "activity_moved", _("The activity was moved")
    PEOPLE = "people", _("Posts are vacant or people have changed")
    PLACE = "place", _("Disaster, weather or access")
    PLAN_CHANGED = "plan_changed", _("The project is being changed or returned")
    SYSTEM = "system", _("The disbursement system")
    OTHER = "other", _("Another reason")


@pghistory.track()
class CatchUpPlan(models.Model):
    """Why an office is behind a deadline, and what it will spend week by week until then.

    A returned or approved plan is not changed: the office writes the next version. writers: all who
    wrote or handed in this version, none of whom may decide on it. leaves: what the weeks leave of
    the amount that is missing, with the reason.
    """

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        SUBMITTED = "submitted", _("Waiting for approval")
        RETURNED = "returned", _("Returned with a reason")
        APPROVED = "approved", _("Approved")
        REPLACED = "replaced", _("Replaced by a newer plan")

    deadline = models.ForeignKey(SpendingDeadline, models.PROTECT, related_name="plans")
    place = models.ForeignKey(Place, models.PROTECT, related_name="+")  # the office's
    version = models.PositiveSmallIntegerField(default=1)
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    reasons = ArrayField(models.CharField(max_length=20, choices=DelayReason))
    words = models.TextField()
    base = BahtField()  # the money it is about, and what of it was spent, on the day of writing
    spent = BahtField()
    leaves = BahtField(default=NOTHING)
    leaves_why = models.TextField(blank=True)
    written_on = models.DateField()
    writers = ArrayField(models.CharField(max_length=64), default=list)
    by = models.CharField(max_length=64)
    by_post = models.CharField(max_length=120, blank=True)
    at = models.DateTimeField()
    decided_by = models.CharField(max_length=64, blank=True)
    decided_at = models.DateTimeField(null=True)
    decision_words = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["deadline", "place", "version"], name="catch_up_plan_version_once"
            ),
            models.UniqueConstraint(
                fields=["deadline", "place"],
                condition=Q(state__in=["draft", "submitted"]),
                name="one_catch_up_plan_at_work",
            ),
            models.UniqueConstraint(
                fields=["deadline", "place"],
                condition=Q(state="approved"),
                name="one_catch_up_plan_approved",
            ),
            models.CheckConstraint(
                name="nobody_approves_their_own_plan",
                condition=~Q(state__in=["approved", "returned"])
                | (
                    ~Q(decided_by="")
                    & ~Q(decided_by=F("by"))
                    & ~Q(writers__contains=[F("decided_by")])
                ),
            ),
            models.CheckConstraint(
                name="what_a_plan_leaves_has_a_reason",
                condition=Q(leaves=0) | (Q(leaves__gt=0) & ~Q(leaves_why="")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.place_id} {self.deadline} v{self.version}"


@pghistory.track()
class CatchUpWeek(models.Model):
    """One week of a plan: by its last working day the office will have spent so much more."""

    plan = models.ForeignKey(CatchUpPlan, models.CASCADE, related_name="weeks")
    until = models.DateField()  # the week's last working day
    amount = BahtField()
    what = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["until"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "until"], name="catch_up_week_once"),
            models.CheckConstraint(name="catch_up_amount_not_negative", condition=Q(amount__gte=0)),
        ]

    def __str__(self) -> str:
        return f"{self.plan} {self.until}"


@pghistory.track()
class HelpRequest(models.Model):
    """ขอความช่วยเหลือ: goes to the office above, and further up when it says so."""

    class State(models.TextChoices):
        OPEN = "open", _("Waiting for an answer")
        PASSED_UP = "passed_up", _("Passed up")
        ANSWERED = "answered", _("Answered")
        CLOSED = "closed", _("Closed by the office that asked")

    deadline = models.ForeignKey(SpendingDeadline, models.PROTECT, related_name="help_requests")
    place = models.ForeignKey(Place, models.PROTECT, related_name="+")  # who asks
    asked_of = models.ForeignKey(Place, models.PROTECT, related_name="+")  # who is to answer now
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    words = models.TextField()
    at = models.DateTimeField()
    by = models.CharField(max_length=64)
    answer = models.TextField(blank=True)
    answered_at = models.DateTimeField(null=True)
    answered_by = models.CharField(max_length=64, blank=True)
    closed_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["asked_of", "state"])]
        constraints = [
            models.UniqueConstraint(
                fields=["deadline", "place"],
                condition=Q(state__in=["open", "passed_up"]),
                name="one_help_request_waiting",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.place_id} {self.at:%Y-%m-%d}"


class Board(models.Model):
    """A board as it stood at the end of a week, kept so that it can be shown again.

    series: books | cgd. basis, spending, universe_th and order say what its ranks mean. reference:
    what tells boards of one week apart, for cgd "sheet:13/treasury-report:5", for books
    "place:57/deadline:3" (or without a deadline). deadline_day and goal: as they were then.
    """

    class Series(models.TextChoices):
        BOOKS = "books", _("Offices' own books")
        CGD = "cgd", _("Comptroller General")

    series = models.CharField(max_length=6, choices=Series)
    as_of = models.DateField()
    fiscal_year = models.PositiveSmallIntegerField()
    level = models.CharField(max_length=10)  # province | district: what is ranked
    basis = models.CharField(max_length=10)
    spending = models.CharField(max_length=10)
    fund = models.CharField(max_length=20, choices=Fund, blank=True)
    universe_th = models.CharField(max_length=200)
    order = models.CharField(max_length=10, default="ascending")  # rank 1 is the lowest
    reference = models.CharField(max_length=120, blank=True)
    deadline = models.ForeignKey(SpendingDeadline, models.PROTECT, null=True, related_name="+")
    deadline_day = models.DateField(null=True)
    goal = PercentField(null=True)
    taken_at = models.DateTimeField()
    superseded_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["series", "as_of", "level", "basis", "spending", "reference"],
                condition=Q(superseded_at__isnull=True),
                name="one_current_board_a_week",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.series} {self.as_of} {self.level} {self.basis}"


class BoardLine(models.Model):
    """One unit on a board. unit: a place; the nation and provinces stand on it beside their parts.

    own_office: the office at the place alone (a provincial office beside its districts), not the
    place with all below. last_on: the newest day its money is known for. recent: points a working
    day of the last 30 days. Amounts in baht, shares in per cent; None: not reported, so without a rank. chance: of reaching
    the goal by the deadline, low and high the 80 % interval, all in per cent, with the way and the
    sentence that say what they rest on. reasons and words: as the office gave them then.
    """

    board = models.ForeignKey(Board, models.PROTECT, related_name="lines")
    unit = models.ForeignKey(Place, models.PROTECT, related_name="+")
    own_office = models.BooleanField(default=False)
    last_on = models.DateField(null=True)
    rank = models.PositiveIntegerField(null=True)
    out_of = models.PositiveIntegerField()
    base = BahtField(null=True)
    disbursed = BahtField(null=True)
    committed = BahtField(null=True)
    used = BahtField(null=True)
    returned = BahtField(null=True)
    percent = PercentField(null=True)
    target = PercentField(null=True)
    gap = PercentField(null=True)
    recent = PercentField(null=True)
    status = models.CharField(max_length=8)  # rules.reckoning.StatusCode
    chance = PercentField(null=True)
    low = PercentField(null=True)
    middle = PercentField(null=True)
    high = PercentField(null=True)
    forecast_way = models.CharField(max_length=8, blank=True)
    forecast_words = models.TextField(blank=True)
    reasons = ArrayField(models.CharField(max_length=20), default=list)
    words = models.TextField(blank=True)
    plan_state = models.CharField(max_length=10, blank=True)
    asks_help = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["board", "unit", "own_office"], name="board_line_once"),
        ]
        indexes = [models.Index(fields=["unit", "board"])]
        triggers = [append_only()]

    def __str__(self) -> str:
        return f"{self.board} {self.unit_id}"
