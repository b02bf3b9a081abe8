"""Questions about data, and what was answered."""

from __future__ import annotations

import pghistory
import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from tiddao.indicators.models.facts import KnownFact
from tiddao.indicators.models.frameworks import Round
from tiddao.places.models import Place


class QualityKind(models.TextChoices):
    """Ways in which figures can be unusual: the kinds of ``rules.quality.asking``."""

    OUTLIER = "outlier", _("Far from the own past or from others")
    DIGITS = "digits", _("Last digits")
    COPIED = "copied", _("Same as the last round")
    NEIGHBOUR = "neighbour", _("Same as another office")
    CUTOFF = "cutoff", _("Just over the cut-off")
    LATE_EDITS = "late_edits", _("Changed together before closing")


class QualityLook(models.Model):
    """One look at all figures of a round. Append-only.

    results_at: the newest result that was seen. looks: [[kind, looked at, asked]].
    """

    round = models.ForeignKey(Round, models.CASCADE, related_name="+")
    results_at = models.DateTimeField()
    rounds = models.PositiveSmallIntegerField()  # how many rounds of the past, this one included
    places = models.PositiveIntegerField()
    figures = models.PositiveIntegerField()
    looks = models.JSONField()
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["round", "-at"])]
        triggers = [pgtrigger.Protect(name="never_changed", operation=pgtrigger.Update)]

    def __str__(self) -> str:
        return f"{self.round_id} {self.at:%Y-%m-%d}"


class QualityQuestion(KnownFact):
    """What is asked of one place about its figures in a round: a question, never a verdict.

    indicator_code: "" where it is about several figures. figures: [[indicator code, words]].
    chance: how often an honest office would look like this, by its peers. other: the place whose
    figures these equal. Superseded when the figures that raised it have changed.
    """

    class Strength(models.TextChoices):
        STRONG = "strong", _("Stands out clearly")
        FAIR = "fair", _("Stands out")

    round = models.ForeignKey(Round, models.CASCADE, related_name="+")
    place = models.ForeignKey(Place, models.PROTECT, related_name="+")
    indicator_code = models.CharField(max_length=16, blank=True)
    kind = models.CharField(max_length=10, choices=QualityKind)
    strength = models.CharField(max_length=6, choices=Strength)
    chance = models.FloatField()
    reason_th = models.TextField()
    figures = models.JSONField()
    other = models.CharField(max_length=10, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["round", "place", "kind", "indicator_code"],
                condition=Q(superseded_at__isnull=True),
                name="one_current_question",
            ),
        ]
        indexes = [models.Index(fields=["round", "place"])]

    def __str__(self) -> str:
        return f"{self.round_id}/{self.place_id} {self.kind}"


@pghistory.track()
class QualityAnswer(models.Model):
    """What the office says to a question. Append-only; a question that is answered stays in sight."""

    class Choice(models.TextChoices):
        CONFIRMED = "confirmed", _("The figures are right")
        CORRECTED = "corrected", _("Corrected, or about to be")

    question = models.ForeignKey(QualityQuestion, models.PROTECT, related_name="answers")
    choice = models.CharField(max_length=9, choices=Choice)
    words = models.TextField()
    by = models.CharField(max_length=64)
    post = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField()

    class Meta:
        triggers = [
            pgtrigger.Protect(name="never_changed", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    def __str__(self) -> str:
        return f"{self.question_id} {self.choice}"
