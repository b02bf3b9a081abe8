"""A person's own targets of one personnel round (รายบุคคล), read by very few.

Lines are what stands now; every act keeps a copy of all of them, so that what was agreed before a
change, and what was assessed before an objection, can still be read.
"""

from __future__ import annotations

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from tiddao.people.models import Post, User
from tiddao.places.models import Office, Place


class PersonalPlan(models.Model):
    """The targets of a person in a post for a round: 1 is October to March, 2 April to September.

    scheme: how marks are made (``rules.personal.Scheme`` as JSON), frozen when it is agreed; null
    before. edition: counts the saves and acts, so that two people are told of each other.
    """

    class State(models.TextChoices):
        DRAFT = "draft", _("Being written")
        PROPOSED = "proposed", _("Handed in, to be agreed")
        AGREED = "agreed", _("Agreed by both")
        SELF_ASSESSED = "self-assessed", _("Assessed by the person")
        ASSESSED = "assessed", _("Assessed by the head")
        ACKNOWLEDGED = "acknowledged", _("Acknowledged by the person")
        OBJECTED = "objected", _("Objected by the person")

    user = models.ForeignKey(User, models.PROTECT, related_name="+")
    post = models.ForeignKey(Post, models.PROTECT, related_name="+")
    office = models.ForeignKey(Office, models.PROTECT, related_name="+")
    place = models.ForeignKey(Place, models.PROTECT, related_name="+")
    fiscal_year = models.PositiveSmallIntegerField()  # Buddhist era
    number = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=14, choices=State, default=State.DRAFT)
    edition = models.PositiveIntegerField(default=1)
    scheme = models.JSONField(null=True)
    begun_at = models.DateTimeField()
    moved_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["post", "fiscal_year", "number"], name="one_personal_plan_a_round"
            ),
            models.CheckConstraint(name="personal_round_is_1_or_2", condition=Q(number__in=[1, 2])),
        ]
        indexes = [models.Index(fields=["user", "fiscal_year", "number"])]

    def __str__(self) -> str:
        return f"{self.fiscal_year}/{self.number}"


class PersonalLine(models.Model):
    """One line. levels: what levels 1–5 take, numbers of a measured line, else words.

    framework, indicator, target: the office's target that it hangs on, as it stood when the line
    was written; "" and null for an own task. self_*: of the person; result, judged: of the head.
    """

    class Section(models.TextChoices):
        RESULT = "result", _("Results of the work")
        COMPETENCY = "competency", _("Competencies")

    plan = models.ForeignKey(PersonalPlan, models.CASCADE, related_name="lines")
    section = models.CharField(max_length=10, choices=Section)
    order = models.PositiveSmallIntegerField()
    code = models.CharField(max_length=40, blank=True)  # of a competency
    title = models.CharField(max_length=300)
    unit = models.CharField(max_length=60, blank=True)
    weight = models.DecimalField(max_digits=7, decimal_places=4)
    measured = models.BooleanField(default=False)
    levels = ArrayField(models.CharField(max_length=200), size=5, default=list)
    framework = models.CharField(max_length=60, blank=True)
    indicator = models.CharField(max_length=16, blank=True)
    target = models.DecimalField(max_digits=20, decimal_places=4, null=True)
    self_result = models.DecimalField(max_digits=20, decimal_places=4, null=True)
    self_judged = models.DecimalField(max_digits=5, decimal_places=4, null=True)
    self_words = models.TextField(blank=True)
    result = models.DecimalField(max_digits=20, decimal_places=4, null=True)
    judged = models.DecimalField(max_digits=5, decimal_places=4, null=True)
    words = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="personal_weight_is_a_share",
                condition=Q(weight__gt=0, weight__lte=100),
            ),
            models.CheckConstraint(
                name="personal_level_is_1_to_5",
                condition=(Q(self_judged__isnull=True) | Q(self_judged__range=(1, 5)))
                & (Q(judged__isnull=True) | Q(judged__range=(1, 5))),
            ),
        ]

    def __str__(self) -> str:
        return f"line {self.pk}"


class PersonalMove(models.Model):
    """One act on a plan, never changed. content: all lines as they stood after it."""

    plan = models.ForeignKey(PersonalPlan, models.PROTECT, related_name="moves")
    number = models.PositiveIntegerField()
    act = models.CharField(max_length=14)
    state = models.CharField(max_length=14)
    words = models.TextField(blank=True)
    content = models.JSONField()
    by = models.CharField(max_length=64)
    by_name = models.CharField(max_length=200, blank=True)
    by_post = models.CharField(max_length=120, blank=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["plan", "number"], name="personal_move_number_once"),
        ]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    def __str__(self) -> str:
        return f"{self.act} {self.plan_id}"
