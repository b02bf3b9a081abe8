"""Scores made from results, and what is still to be scored anew."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from tiddao.indicators.models.frameworks import Round, Version


class FactChange(models.Model):
    """A score somewhere may be out of date: written in the same transaction as the fact.

    The materialising job deletes, in the transaction that writes its scores, exactly the changes
    that its snapshot saw. So a score is current if and only if no change touches its unit, and
    writers never wait for each other.
    """

    round = models.ForeignKey(Round, models.CASCADE, related_name="+")
    # code of the place whose fact changed, key of the group whose members did; "" = all units
    unit = models.CharField(max_length=60)
    at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(
                name="fact_change_unit",
                fields=["round", "unit"],
                opclasses=["int8_ops", "varchar_pattern_ops"],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.round_id}/{self.unit}"


class Basis(models.TextChoices):
    """Which results count."""

    APPROVED = "approved", _("Approved results only")
    ALL = "all", _("Including results not yet approved")


class Score(models.Model):
    """The materialised score of one unit (place code or group key) in one round.

    parts: {indicator code: [numerator, denominator or null, reported, expected]} as strings and
    whole numbers: enough to rebuild the whole explanation without reading a result.
    dimensions: [[code, score or null, stars or null, completeness]] for tables and maps.
    """

    round = models.ForeignKey(Round, models.CASCADE, related_name="scores")
    version = models.ForeignKey(Version, models.PROTECT, related_name="+")
    basis = models.CharField(max_length=8, choices=Basis)
    unit = models.CharField(max_length=60)
    level = models.CharField(max_length=12)  # a place level or a group kind
    score = models.DecimalField(max_digits=5, decimal_places=4, null=True)
    stars = models.PositiveSmallIntegerField(null=True)
    completeness = models.DecimalField(max_digits=7, decimal_places=4)
    dimensions = models.JSONField()
    parts = models.JSONField()
    stamp = models.CharField(max_length=64)  # version digest + snapshot of facts it stands on
    computed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["round", "basis", "unit"], name="one_score_per_unit"),
        ]
        indexes = [models.Index(fields=["round", "basis", "level"])]

    def __str__(self) -> str:
        return f"{self.round_id}/{self.unit} {self.score}"
