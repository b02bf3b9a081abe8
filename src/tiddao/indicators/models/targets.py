"""Targets of places, and how they were split and answered on their way down."""

from __future__ import annotations

import pghistory
import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from tiddao.indicators.models.facts import KnownFact
from tiddao.indicators.models.frameworks import Framework
from tiddao.places.models import Place


# By the statement, changes too: a target goes down to 75,000 villages, and is changed for all.
# The history is read by what it is of, so nothing else of it is indexed (docs/adr/0014).
@pghistory.track(
    level=pgtrigger.Statement,
    context_field=pghistory.ContextForeignKey(db_index=False),
    attrs={
        name: models.ForeignKey(
            model,
            models.DO_NOTHING,
            db_constraint=False,
            db_index=False,
            related_name="+",
            related_query_name="+",
        )
        for name, model in (("framework", Framework), ("place", Place))
    },
)
class Target(KnownFact):
    """What a place is to reach, in the indicator's own unit."""

    # No index of their own: each is one more to write 330,000 times (docs/adr/0014).
    framework = models.ForeignKey(Framework, models.PROTECT, related_name="+", db_index=False)
    indicator_code = models.CharField(max_length=16)
    place = models.ForeignKey(Place, models.PROTECT, related_name="+", db_index=False)
    value = models.DecimalField(max_digits=20, decimal_places=4)
    by = models.CharField(max_length=64)
    source = models.CharField(max_length=300, blank=True)

    class Meta:
        indexes = [
            models.Index(
                name="target_place_prefix",
                fields=["place", "framework"],
                opclasses=["varchar_pattern_ops", "int8_ops"],
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["framework", "indicator_code", "place"],
                condition=Q(superseded_at__isnull=True),
                name="one_current_target",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.indicator_code} {self.place_id} → {self.value}"


class TargetSplit(models.Model):
    """One target of one place handed down to the places below it, in one act; append-only.

    What is handed down anew (mid-year) is a new split with its reason, and ends the one before.
    carried: a rate is carried, not split (``rules.cascade``); then together is what the parts reach,
    weighted by their bases. base_th: what the bases are, in words.
    """

    class Method(models.TextChoices):
        EQUAL = "equal", _("The same for all")
        BASE = "base", _("By base")
        LAST = "last", _("By last result")
        HAND = "hand", _("By hand")

    framework = models.ForeignKey(Framework, models.PROTECT, related_name="+")
    indicator_code = models.CharField(max_length=16)
    place = models.ForeignKey(Place, models.PROTECT, related_name="+")
    level = models.CharField(max_length=10)  # of the receivers
    method = models.CharField(max_length=5, choices=Method)
    carried = models.BooleanField()
    whole = models.DecimalField(max_digits=20, decimal_places=4)
    together = models.DecimalField(max_digits=20, decimal_places=4)
    base_th = models.CharField(max_length=120, blank=True)
    reason = models.CharField(max_length=500, blank=True)
    by = models.CharField(max_length=64)
    sent_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["framework", "indicator_code", "place"],
                condition=Q(ended_at__isnull=True),
                name="one_current_split",
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete),
            pgtrigger.ReadOnly(name="only_ended", exclude=["ended_at"]),
        ]

    def __str__(self) -> str:
        return f"{self.indicator_code} {self.place_id} → {self.level}"


class TargetPart(models.Model):
    """What one place got of a split; append-only."""

    # Found by split through the constraint.
    split = models.ForeignKey(TargetSplit, models.PROTECT, related_name="parts", db_index=False)
    place = models.ForeignKey(Place, models.PROTECT, related_name="+", db_index=False)
    value = models.DecimalField(max_digits=20, decimal_places=4)
    base = models.DecimalField(max_digits=28, decimal_places=4, null=True)
    last = models.DecimalField(max_digits=28, decimal_places=4, null=True)
    locked = models.BooleanField(default=False)

    class Meta:
        indexes = [
            models.Index(
                name="target_part_place_prefix",
                fields=["place"],
                opclasses=["varchar_pattern_ops"],
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["split", "place"], name="one_part_of_a_split"),
        ]
        triggers = [
            pgtrigger.Protect(name="never_changed", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    def __str__(self) -> str:
        return f"{self.place_id} ← {self.value}"


class TargetAnswer(models.Model):
    """What a receiver said of its part: acknowledged, or objected with a reason; append-only.

    A part that is handed down anew unchanged keeps its answer: the answer is copied, with its day.
    """

    class Answer(models.TextChoices):
        ACKNOWLEDGED = "acknowledged", _("Acknowledged")
        OBJECTED = "objected", _("Objected")

    part = models.ForeignKey(TargetPart, models.PROTECT, related_name="answers")
    answer = models.CharField(max_length=12, choices=Answer)
    reason = models.CharField(max_length=500, blank=True)
    by = models.CharField(max_length=64)
    answered_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["part"], condition=Q(ended_at__isnull=True), name="one_current_answer"
            ),
            models.CheckConstraint(
                condition=~Q(answer="objected", reason=""), name="objection_has_a_reason"
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete),
            pgtrigger.ReadOnly(name="only_ended", exclude=["ended_at"]),
        ]

    def __str__(self) -> str:
        return f"{self.part_id}: {self.answer}"
