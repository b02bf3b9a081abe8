"""The index of the search: made from other tables, never a source of anything.

It may be emptied and made again at any time (``tiddao reindex``).
"""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models

from tiddao.places.models import Place


class SearchEntry(models.Model):
    """One thing that can be found. kind, key: its source and its number there.

    text: as written, line ends as spaces. title_folded, signs: see ``rules.search``. on: the day
    it is listed under. Who may see it is asked of the source, not kept here.
    """

    kind = models.CharField(max_length=20)
    key = models.BigIntegerField()
    place = models.ForeignKey(Place, models.CASCADE, related_name="+")
    fiscal_year = models.PositiveSmallIntegerField()  # Buddhist era
    on = models.DateField()
    title = models.CharField(max_length=500)
    title_folded = models.TextField()
    text = models.TextField()
    signs = ArrayField(models.IntegerField())

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "key"], name="indexed_once")]
        indexes = [GinIndex(fields=["signs"], name="search_signs")]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"


class SearchPending(models.Model):
    """Something changed that the index has not taken in yet. Written by triggers on the sources."""

    kind = models.CharField(max_length=20)
    key = models.BigIntegerField()

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"


class SearchWord(models.Model):
    """A word or name that stands in some entry, to propose a spelling from.

    spelling: as written where it was first met; near: ``rules.search.folding.spellings`` of it.
    """

    folded = models.CharField(max_length=20, primary_key=True)
    spelling = models.CharField(max_length=60)
    near = ArrayField(models.IntegerField())

    class Meta:
        indexes = [GinIndex(fields=["near"], name="search_word_near")]

    def __str__(self) -> str:
        return self.spelling
