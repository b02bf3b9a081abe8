"""How many questions about its data each office has, counted at night for pages of many offices."""

from __future__ import annotations

from django.db import models

from tiddao.budget.models.fields import NOTHING, BahtField
from tiddao.places.models import Office, Place


class QualityCount(models.Model):
    """Questions of one kind about one office's data of a year, as they stood on a day.

    Derived from the books, so without history; ``actions.quality`` alone writes it and a page of one
    province counts afresh. kind: as ``rules.quality.KINDS``. amount: baht that they are about.
    """

    office = models.ForeignKey(Office, models.CASCADE, related_name="+")
    place = models.ForeignKey(Place, models.CASCADE, related_name="+")  # the office's
    fiscal_year = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=20)
    count = models.PositiveIntegerField()
    amount = BahtField(default=NOTHING)
    on = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["fiscal_year", "office", "kind"], name="quality_count_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.office_id} {self.fiscal_year} {self.kind} {self.count}"
