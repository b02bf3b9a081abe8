"""Directives: what one post asks of many offices, and what each of them has answered.

A move is never changed or taken away; what an assignment shows is what its moves amount to
(``rules.assignments``), kept beside them so that a nation can be counted in one query.
"""

from __future__ import annotations

import pghistory
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from tiddao.people.models import Post
from tiddao.places.models import Office, Place
from tiddao.policy.models.documents import APPEND_ONLY, Document, Proposal


class Line(models.TextChoices):
    """The two lines that command an office (requirements B61, B62)."""

    DEPARTMENT = "department", _("Department line")
    AREA = "area", _("Area line (governor, district chief)")


class Facet(models.TextChoices):
    WORK = "work", _("Work of the office")
    MONEY = "money", _("Budget money")
    SYSTEM = "system", _("Systems")
    PEOPLE = "people", _("Personnel")


class Channel(models.TextChoices):
    """How a report is handed in (domain.md §7)."""

    ONLINE = "online", _("Online")
    DOCUMENT = "document", _("On paper")
    BOTH = "both", _("Online and on paper")


@pghistory.track()
class Obligation(models.Model):
    """A report that offices owe again and again: district → province (D2P), province → department
    (P2D). A task makes each occurrence a directive of its own.

    place: of the office that asks. recurrence: ``rules.recurrence.Recurrence`` as JSON. receivers:
    ``rules.receivers.Choice`` as JSON, resolved anew for each occurrence. lead_days: how long
    before it is due an occurrence is sent.
    """

    place = models.ForeignKey(Place, models.PROTECT, related_name="+")
    office = models.ForeignKey(Office, models.PROTECT, related_name="+")
    post = models.ForeignKey(Post, models.PROTECT, related_name="+")
    title = models.CharField(max_length=300)
    text = models.TextField()
    facet = models.CharField(max_length=6, choices=Facet, blank=True)
    channel = models.CharField(max_length=8, choices=Channel, default=Channel.ONLINE)
    responsible = models.CharField(max_length=200, blank=True)  # กลุ่มงานที่รับผิดชอบ
    number = models.CharField(max_length=120, blank=True)  # of the letter that asks for it
    link = models.CharField(max_length=2000, blank=True)
    recurrence = models.JSONField()
    receivers = models.JSONField()
    lead_days = models.PositiveSmallIntegerField(default=14)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True)
    ended_at = models.DateTimeField(null=True)
    end_reason = models.CharField(max_length=300, blank=True)
    by = models.CharField(max_length=64)
    by_name = models.CharField(max_length=200, blank=True)
    by_post = models.CharField(max_length=120, blank=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="obligation_ends_not_before_it_begins",
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
            ),
        ]

    def __str__(self) -> str:
        return self.title


@pghistory.track()
class Directive(models.Model):
    """What one post asks of offices. Its words are not changed once sent; it may be cancelled.

    place, office, post: who sends. line AREA: the office passes on what on_behalf_of (the governor,
    the district chief) orders. handed_down_from: the assignment that its sender passes on; root:
    the directive that the whole line began with (None at the top itself), by which the tree is counted.
    due_on: as it stands now, moved days are in DeadlineMove; None = the source gives no day,
    due_words then says what it does say ("ทันทีที่ทราบข้อมูล").
    """

    class State(models.TextChoices):
        OPEN = "open", _("In force")
        CANCELLED = "cancelled", _("Called off")

    place = models.ForeignKey(Place, models.PROTECT, related_name="+")
    office = models.ForeignKey(Office, models.PROTECT, related_name="+")
    post = models.ForeignKey(Post, models.PROTECT, null=True, related_name="+")
    sender_title = models.CharField(max_length=300)  # the post in words, as of the day
    line = models.CharField(max_length=10, choices=Line, default=Line.DEPARTMENT)
    on_behalf_of = models.CharField(max_length=200, blank=True)
    title = models.CharField(max_length=300)
    text = models.TextField()
    facet = models.CharField(max_length=6, choices=Facet, blank=True)
    fiscal_year = models.PositiveSmallIntegerField()
    number = models.CharField(max_length=120, blank=True)
    source = models.CharField(max_length=500, blank=True)  # in words: the letter, the meeting
    document = models.ForeignKey(Document, models.PROTECT, null=True, related_name="directives")
    proposal = models.ForeignKey(Proposal, models.PROTECT, null=True, related_name="directives")
    root = models.ForeignKey("self", models.PROTECT, null=True, related_name="+")
    handed_down_from = models.ForeignKey(
        "Assignment", models.PROTECT, null=True, related_name="handed_down"
    )
    obligation = models.ForeignKey(
        Obligation, models.PROTECT, null=True, related_name="occurrences"
    )
    period = models.CharField(max_length=12, blank=True)  # of an obligation: "2569-06"
    due_on = models.DateField(null=True)
    due_words = models.CharField(max_length=200, blank=True)
    wants_evidence = models.BooleanField(default=False)
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    sent_on = models.DateField()
    sent_at = models.DateTimeField()
    by = models.CharField(max_length=64)
    by_name = models.CharField(max_length=200, blank=True)
    by_post = models.CharField(max_length=120, blank=True)
    cancelled_at = models.DateTimeField(null=True)
    cancel_reason = models.CharField(max_length=500, blank=True)

    class Meta:
        indexes = [
            models.Index(
                name="directive_place_prefix",
                fields=["place", "sent_at"],
                opclasses=["varchar_pattern_ops", "timestamptz_ops"],
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["obligation", "period"],
                condition=Q(obligation__isnull=False),
                name="obligation_occurs_once_a_period",
            ),
            models.CheckConstraint(
                name="directive_cancelled_with_a_reason",
                condition=Q(state="open", cancelled_at__isnull=True, cancel_reason="")
                | (Q(state="cancelled", cancelled_at__isnull=False) & ~Q(cancel_reason="")),
            ),
            models.CheckConstraint(
                name="area_line_names_who_orders",
                condition=Q(line="department", on_behalf_of="")
                | (Q(line="area") & ~Q(on_behalf_of="")),
            ),
        ]

    def __str__(self) -> str:
        return self.title


class AssignmentState(models.TextChoices):
    """Where one office stands with one directive (``rules.assignments.STATES``)."""

    SENT = "sent", _("Silent")
    ASKING = "asking", _("Asking before acknowledging")
    ACKNOWLEDGED = "acknowledged", _("Acknowledged")
    OBJECTED = "objected", _("Objects")
    WORKING = "working", _("In progress")
    DONE = "done", _("Reported done, to be checked")
    RETURNED = "returned", _("Returned to be mended")
    CLOSED = "closed", _("Matter closed")
    RELEASED = "released", _("Released")
    CANCELLED = "cancelled", _("Called off")


class Assignment(models.Model):
    """One office's part in a directive. Its history is its moves: no other copy is kept.

    place: where the office sits. version: the number of its last move that took effect, 0 before
    any; who answers names the version seen. progress: per cent, None = not said. due_on: where this
    office alone was given another day.
    """

    directive = models.ForeignKey(Directive, models.PROTECT, related_name="assignments")
    office = models.ForeignKey(Office, models.PROTECT, related_name="+")
    place = models.ForeignKey(Place, models.PROTECT, related_name="+")
    state = models.CharField(max_length=12, choices=AssignmentState, default=AssignmentState.SENT)
    version = models.PositiveIntegerField(default=0)
    progress = models.PositiveSmallIntegerField(null=True)
    due_on = models.DateField(null=True)
    sent_at = models.DateTimeField()
    acknowledged_at = models.DateTimeField(null=True)
    moved_at = models.DateTimeField()  # of the last move; of the sending before any

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["directive", "office"], name="office_asked_once"),
            models.CheckConstraint(
                name="progress_is_a_share",
                condition=Q(progress__isnull=True) | Q(progress__lte=100),
            ),
            models.CheckConstraint(
                name="silent_means_no_move",
                condition=~Q(state="sent") | Q(acknowledged_at__isnull=True),
            ),
        ]
        indexes = [
            models.Index(
                name="assignment_place_prefix",
                fields=["place", "state"],
                opclasses=["varchar_pattern_ops", "varchar_pattern_ops"],
            ),
            models.Index(fields=["office", "state"]),
        ]

    def __str__(self) -> str:
        return f"{self.office_id} {self.directive_id}"


class Act(models.TextChoices):
    """What may happen to an assignment (``rules.assignments.TRANSITIONS``)."""

    ACKNOWLEDGE = "acknowledge", _("Acknowledged")
    ASK = "ask", _("Asked")
    OBJECT = "object", _("Objected to a directive")
    REPORT = "report", _("Reported progress")
    FINISH = "finish", _("Reported done")
    TAKE_BACK = "take_back", _("Took the report back")
    ACCEPT = "accept", _("Accepted and closed")
    RETURN = "return", _("Sent back")
    INSIST = "insist", _("Objection not accepted")
    RELEASE = "release", _("Released")
    REOPEN = "reopen", _("Opened again")
    CANCEL = "cancel", _("Called off")


class Move(models.Model):
    """One answer or ruling. number: 1, 2, … of those that took effect.

    stands False: somebody answered for the same office first; the words are kept, number is None
    and nothing else came of it.
    """

    assignment = models.ForeignKey(Assignment, models.PROTECT, related_name="moves")
    number = models.PositiveIntegerField(null=True)
    stands = models.BooleanField(default=True)
    act = models.CharField(max_length=12, choices=Act)
    state = models.CharField(max_length=12, choices=AssignmentState)  # afterwards
    words = models.TextField(blank=True)
    progress = models.PositiveSmallIntegerField(null=True)
    by = models.CharField(max_length=64)
    by_name = models.CharField(max_length=200, blank=True)
    by_post = models.CharField(max_length=120, blank=True)
    at = models.DateTimeField()

    class Meta:
        triggers = [APPEND_ONLY]
        constraints = [
            models.UniqueConstraint(fields=["assignment", "number"], name="move_number_once"),
            models.CheckConstraint(
                name="a_move_that_stands_has_a_number",
                condition=Q(stands=True, number__isnull=False)
                | Q(stands=False, number__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.act} {self.assignment_id}"


class DeadlineMove(models.Model):
    """A deadline that was moved, for all or (assignment) for one office; never forgotten."""

    directive = models.ForeignKey(Directive, models.PROTECT, related_name="deadline_moves")
    assignment = models.ForeignKey(
        Assignment, models.PROTECT, null=True, related_name="deadline_moves"
    )
    before = models.DateField(null=True)
    after = models.DateField()
    reason = models.CharField(max_length=500)
    by = models.CharField(max_length=64)
    by_name = models.CharField(max_length=200, blank=True)
    by_post = models.CharField(max_length=120, blank=True)
    at = models.DateTimeField()

    class Meta:
        triggers = [APPEND_ONLY]
        constraints = [
            models.CheckConstraint(name="deadline_moved_with_a_reason", condition=~Q(reason="")),
        ]

    def __str__(self) -> str:
        return f"{self.before} → {self.after}"


class Question(models.Model):
    """A question of one receiver. It and its answers are read by all receivers (B64)."""

    directive = models.ForeignKey(Directive, models.PROTECT, related_name="questions")
    assignment = models.ForeignKey(Assignment, models.PROTECT, related_name="questions")
    words = models.TextField()
    by = models.CharField(max_length=64)
    by_name = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField()

    class Meta:
        triggers = [APPEND_ONLY]

    def __str__(self) -> str:
        return self.words[:80]


class Answer(models.Model):
    """What the sender says to a question; a better answer is a further row."""

    question = models.ForeignKey(Question, models.PROTECT, related_name="answers")
    words = models.TextField()
    by = models.CharField(max_length=64)
    by_name = models.CharField(max_length=200, blank=True)
    by_post = models.CharField(max_length=120, blank=True)
    at = models.DateTimeField()

    class Meta:
        triggers = [APPEND_ONLY]

    def __str__(self) -> str:
        return self.words[:80]


class Reminder(models.Model):
    """A reminder that a rule of definitions/reminders.toml gave rise to. Written once.

    place: of the office that is reminded or told. counted_from: the day the rule counts from, so
    that a deadline that was moved reminds anew.
    """

    assignment = models.ForeignKey(Assignment, models.PROTECT, related_name="reminders")
    rule = models.CharField(max_length=40)
    to = models.CharField(max_length=10)  # receiver | above | sender
    place = models.ForeignKey(Place, models.PROTECT, related_name="+")
    counted_from = models.DateField()
    on = models.DateField()
    at = models.DateTimeField()

    class Meta:
        triggers = [APPEND_ONLY]
        constraints = [
            models.UniqueConstraint(
                fields=["assignment", "rule", "counted_from"], name="reminded_once"
            ),
        ]
        indexes = [models.Index(fields=["place", "on"])]

    def __str__(self) -> str:
        return f"{self.rule} {self.assignment_id}"
