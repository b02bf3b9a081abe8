"""Who did what, on what, when: written once, never changed, chained by hash.

Text references instead of foreign keys, so that the record outlives what it speaks of.
Writers only insert; the chain is made afterwards by ``actions.seal_entries``, so that no writer
ever waits for another.
"""

from __future__ import annotations

import pgtrigger
from django.db import models
from django.db.models.functions import Now

REFUSE_CHANGE = [
    pgtrigger.Protect(name="refuse_change", operation=pgtrigger.Update | pgtrigger.Delete),
]


class Entry(models.Model):
    """One act. ``digest`` is SHA-256 over the canonical text of all other fields but ``id``."""

    at = models.DateTimeField()
    by = models.CharField(max_length=64)  # account as text, e.g. "user:12"; "system" for a job
    by_name = models.CharField(max_length=200, blank=True)  # as it was shown then
    post = models.CharField(max_length=200, blank=True)  # e.g. "post:7 พัฒนาการอำเภอ พญาเม็งราย"
    act = models.CharField(max_length=64)  # the verb, e.g. "approve_results"
    on = models.CharField(max_length=200)  # text reference, e.g. "round:3/place:5712"
    place = models.CharField(max_length=16, blank=True)  # code of the place it concerns, for scope
    before = models.CharField(max_length=64, blank=True)  # SHA-256 of the object before
    after = models.CharField(max_length=64, blank=True)  # SHA-256 of the object after
    detail = models.JSONField(default=dict)  # small facts for a reader; no personal data
    digest = models.CharField(max_length=64)

    class Meta:
        indexes = [
            models.Index(fields=["on"]),
            models.Index(fields=["place", "-id"]),
            models.Index(fields=["by", "-id"]),
            models.Index(fields=["act", "-id"]),
        ]
        triggers = REFUSE_CHANGE

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.by} {self.act} {self.on}"


class Unsealed(models.Model):
    """An entry that waits for its place in the chain; deleted by the sealing job."""

    entry = models.OneToOneField(Entry, models.PROTECT, primary_key=True, related_name="+")

    def __str__(self) -> str:
        return f"unsealed {self.entry_id}"


class Seal(models.Model):
    """The place of one entry in the chain: chain = SHA-256(previous chain, sequence, entry's number
    and digest). Sequences run from 1 without a gap; see ``rules.chain``.
    """

    sequence = models.BigIntegerField(primary_key=True)
    entry = models.OneToOneField(Entry, models.PROTECT, related_name="seal")
    chain = models.CharField(max_length=64)
    sealed_at = models.DateTimeField(db_default=Now())

    class Meta:
        triggers = REFUSE_CHANGE

    def __str__(self) -> str:
        return f"seal {self.sequence}"


class ChainCheck(models.Model):
    """What one verification of the whole ledger found; pages show the latest instead of reckoning.

    problems: the first of them as {"code", "entry", "sequence", "anchor"}; found: how many in all.
    """

    at = models.DateTimeField(db_index=True)
    ok = models.BooleanField()
    entries = models.BigIntegerField()
    sealed = models.BigIntegerField()
    unsealed = models.BigIntegerField()
    head_sequence = models.BigIntegerField()
    head_chain = models.CharField(max_length=64)
    found = models.BigIntegerField()
    problems = models.JSONField(default=list)

    class Meta:
        triggers = REFUSE_CHANGE

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {'ok' if self.ok else self.found}"


class Line(models.Model):
    """Up to this moment nothing becomes known any more; see ``ledger.lines``."""

    at = models.DateTimeField(db_index=True)
    on = models.CharField(max_length=200)  # text reference of what it was drawn for

    class Meta:
        triggers = REFUSE_CHANGE

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.on}"
