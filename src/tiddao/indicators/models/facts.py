"""What the tables of this area share: facts that are known from one moment to another."""

from __future__ import annotations

import pgtrigger
from django.db import models


class KnownFact(models.Model):
    """Append-only: a new revision closes the one before. Known at a moment t: known_at ≤ t and
    (superseded_at is None or superseded_at > t).
    """

    revision = models.PositiveIntegerField()
    known_at = models.DateTimeField()
    superseded_at = models.DateTimeField(null=True)

    class Meta:
        abstract = True


REFUSE_CHANGE = [
    pgtrigger.Protect(name="refuse_change", operation=pgtrigger.Update | pgtrigger.Delete),
]
