"""Territories, offices and dated groups of places.

A territory's official code is its path (57 › 5712 › 571203 › 57120314); a territory that is
renumbered gets a new row, and a succession says what became of the old one.
Only ``tree.py`` knows that the tree is stored in the codes.
"""

from __future__ import annotations

import pghistory
import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

NATION = "th"


class Level(models.TextChoices):
    """Levels of territory, from above; codes have 0 (nation), 2, 4, 6 and 8 digits."""

    NATION = "nation", _("Nation")
    PROVINCE = "province", _("Province")
    DISTRICT = "district", _("District")
    TAMBON = "tambon", _("Tambon")
    VILLAGE = "village", _("Village")


# One trigger to a statement: 75,000 villages arrive at once. What is derived has no history.
@pghistory.track(level=pgtrigger.Statement, exclude=["folded", "sort_key"])
class Place(models.Model):
    """A territory for as long as it exists: valid_from ≤ day < valid_to; None = unbounded.

    known_at: the moment its existence became known, end_known_at: that of its end, so that a page
    can be asked as it was known then; None: with the register, from the beginning.
    """

    code = models.CharField(max_length=8, primary_key=True)
    level = models.CharField(max_length=8, choices=Level)
    parent = models.ForeignKey("self", models.PROTECT, null=True, related_name="+")
    name_th = models.CharField(max_length=120)
    name_en = models.CharField(max_length=120, blank=True)
    folded = models.CharField(max_length=260)  # kernel.names folds of both names, for search
    sort_key = models.CharField(max_length=260, db_collation="C")  # kernel.collation of name_th
    moo = models.PositiveSmallIntegerField(null=True)  # villages only
    valid_from = models.DateField(null=True)
    valid_to = models.DateField(null=True)
    known_at = models.DateTimeField(null=True)
    end_known_at = models.DateTimeField(null=True)
    source = models.CharField(max_length=200)

    class Meta:
        indexes = [
            models.Index(
                name="place_code_prefix", fields=["code"], opclasses=["varchar_pattern_ops"]
            ),
            models.Index(fields=["level", "code"]),
            models.Index(fields=["parent", "sort_key"]),
            models.Index(
                name="place_folded_prefix", fields=["folded"], opclasses=["varchar_pattern_ops"]
            ),
        ]
        constraints = [
            models.CheckConstraint(
                name="place_ends_after_it_begins",
                condition=Q(valid_to__isnull=True)
                | Q(valid_from__isnull=True)
                | Q(valid_to__gt=F("valid_from")),
            ),
            models.CheckConstraint(
                name="place_nation_alone_has_no_parent",
                condition=Q(level="nation", parent__isnull=True)
                | (~Q(level="nation") & Q(parent__isnull=False)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name_th}"


class FormerName(models.Model):
    """How a place was called until another name became known. Written with a renaming only."""

    place = models.ForeignKey(Place, models.PROTECT, related_name="former_names")
    name_th = models.CharField(max_length=120)
    name_en = models.CharField(max_length=120, blank=True)
    superseded_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["place", "superseded_at"])]
        triggers = [pgtrigger.Protect(name="never_changed", operation=pgtrigger.Update)]

    def __str__(self) -> str:
        return f"{self.place_id} {self.name_th}"


class SuccessionsNow(models.Manager["Succession"]):
    """The successions as they are known now."""

    def get_queryset(self) -> models.QuerySet[Succession]:
        return super().get_queryset().filter(superseded_at__isnull=True)


@pghistory.track()
class Succession(models.Model):
    """What a place became, or what was taken from it. share: part of its additive figures that goes
    there, 0–1; those of one place and day are 1 together. A place that lives on with less than it
    had is its own successor. known_at, superseded_at: as of a membership.
    """

    predecessor = models.ForeignKey(Place, models.PROTECT, related_name="successions")
    successor = models.ForeignKey(Place, models.PROTECT, related_name="+")
    on = models.DateField(null=True)  # not every source names the day
    share = models.DecimalField(max_digits=7, decimal_places=6, null=True)
    source = models.CharField(max_length=500)
    known_at = models.DateTimeField(null=True)
    superseded_at = models.DateTimeField(null=True)

    objects = SuccessionsNow()
    ever_known = models.Manager["Succession"]()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["predecessor", "successor", "on"],
                condition=Q(superseded_at__isnull=True),
                nulls_distinct=False,
                name="succession_once_a_day",
            ),
            models.CheckConstraint(
                name="succession_share_is_a_share",
                condition=Q(share__isnull=True) | Q(share__gt=0, share__lte=1),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.predecessor_id} → {self.successor_id}"


class OfficeKind(models.TextChoices):
    DEPARTMENT = "department", _("Department")
    PROVINCE = "province", _("Provincial office")
    DISTRICT = "district", _("District office")


@pghistory.track()
class Office(models.Model):
    """What holds money, posts and duties: กรม, สพจ., สพอ. It sits at a place and is not the place.

    code: "CDD" for the department, "CDD-57" and "CDD-5712" for its offices. known_at,
    end_known_at: as of a place.
    """

    code = models.CharField(max_length=16, primary_key=True)
    kind = models.CharField(max_length=10, choices=OfficeKind)
    place = models.ForeignKey(Place, models.PROTECT, related_name="offices")
    name_th = models.CharField(max_length=200)
    name_en = models.CharField(max_length=200, blank=True)
    valid_from = models.DateField(null=True)
    valid_to = models.DateField(null=True)
    known_at = models.DateTimeField(null=True)
    end_known_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.name_th


class GroupKind(models.TextChoices):
    REGION = "region", _("Region")
    INSPECTION = "inspection", _("Inspection region")
    ZONE = "zone", _("Zone")
    PEER = "peer", _("Peer group")


@pghistory.track()
class PlaceGroup(models.Model):
    """A named set of places beside the tree: plural, overlapping, dated. The key begins with a
    letter and shares one namespace with place codes, so that one address serves both.
    """

    key = models.SlugField(max_length=60, primary_key=True)  # "zone-57-ing-su-khong"
    kind = models.CharField(max_length=12, choices=GroupKind)
    name_th = models.CharField(max_length=200)
    name_en = models.CharField(max_length=200, blank=True)
    within = models.ForeignKey(Place, models.PROTECT, related_name="+")  # whose business it is
    note = models.TextField(blank=True)
    source = models.CharField(max_length=300)
    source_url = models.CharField(max_length=300, blank=True)
    proposed = models.BooleanField(default=False)  # no office has published it
    valid_from = models.DateField(null=True)
    valid_to = models.DateField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="group_key_is_no_place_code",
                condition=Q(key__regex=r"^[a-z]") & ~Q(key=NATION),
            ),
        ]

    def __str__(self) -> str:
        return self.name_th


class MembershipsNow(models.Manager["Membership"]):
    """The memberships as they are known now."""

    def get_queryset(self) -> models.QuerySet[Membership]:
        return super().get_queryset().filter(superseded_at__isnull=True)


@pghistory.track()
class Membership(models.Model):
    """A place in a group from a day to a day (exclusive). The rows of a group never overlap for
    the same place: ``actions`` locks the group while it looks and writes.

    A row is never changed: one that is known better is superseded by another, so that a page can be
    asked as it was known then. known_at None: with the register, from the beginning.
    """

    group = models.ForeignKey(PlaceGroup, models.PROTECT, related_name="memberships")
    place = models.ForeignKey(Place, models.PROTECT, related_name="memberships")
    valid_from = models.DateField(null=True)
    valid_to = models.DateField(null=True)
    note = models.CharField(max_length=300, blank=True)  # e.g. a contradiction of the source
    known_at = models.DateTimeField(null=True)
    superseded_at = models.DateTimeField(null=True)

    objects = MembershipsNow()
    ever_known = models.Manager["Membership"]()

    class Meta:
        indexes = [models.Index(fields=["place", "group"])]
        constraints = [
            models.CheckConstraint(
                name="membership_ends_after_it_begins",
                condition=Q(valid_to__isnull=True)
                | Q(valid_from__isnull=True)
                | Q(valid_to__gt=F("valid_from")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.place_id} in {self.group_id}"


@pghistory.track()
class CodeCrosswalk(models.Model):
    """Another agency's code of a place, e.g. scheme "cgd-province" '5700' → 57."""

    scheme = models.CharField(max_length=32)
    code = models.CharField(max_length=32)
    place = models.ForeignKey(Place, models.PROTECT, related_name="crosswalk")
    source = models.CharField(max_length=200)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["scheme", "code"], name="crosswalk_code_once"),
        ]

    def __str__(self) -> str:
        return f"{self.scheme}:{self.code} = {self.place_id}"


class Shape(models.Model):
    """The outline of a place for server-made maps: one SVG path in a common projected plane.

    path: SVG path data in whole units, "m" and "l" relative, holes by the even-odd rule; plane:
    equirectangular, x = (lon − 97) × 2,000 × cos 13°, y = (21 − lat) × 2,000, so that a unit is
    about 55 m; box: [x0, y0, x1, y1] in the same units; label_x, label_y: a point well inside.
    """

    place = models.OneToOneField(Place, models.PROTECT, primary_key=True, related_name="shape")
    path = models.TextField()
    box = models.JSONField()
    label_x = models.IntegerField()
    label_y = models.IntegerField()
    source = models.CharField(max_length=200)
    loaded_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"shape of {self.place_id}"


class VillageImport(models.Model):
    """One uploaded list of villages: dry run first, written whole or not at all."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        READING = "reading", _("Reading")
        READ = "read", _("Read, nothing written yet")
        ACCEPTING = "accepting", _("Writing")
        ACCEPTED = "accepted", _("Accepted")
        REFUSED = "refused", _("Refused")

    file = models.FileField(upload_to="village-imports/")
    within = models.ForeignKey(Place, models.PROTECT, related_name="+")  # no village outside it
    file_name = models.CharField(max_length=255)
    sha256 = models.CharField(max_length=64)
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    progress = models.PositiveSmallIntegerField(default=0)  # per cent
    report = models.JSONField(default=dict)
    by = models.CharField(max_length=64)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return self.file_name
