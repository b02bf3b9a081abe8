"""The strategy of an office for a fiscal year: where its work comes from, and what carries it out.

A version is written, checked and published; then the database itself keeps it from being changed,
and a change makes the next version. Directives come all year, so they are hung on a mission by its
key, beside the frozen text.
"""

from __future__ import annotations

import pghistory
import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from tiddao.places.models import Office, Place
from tiddao.policy.models.directives import Directive
from tiddao.policy.models.documents import APPEND_ONLY, Document

FROZEN_ONCE_PUBLISHED = pgtrigger.Trigger(
    name="frozen_once_published",
    when=pgtrigger.Before,
    operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
    declare=[("touched", "bigint[]")],
    func="""
        IF TG_OP = 'INSERT' THEN touched := ARRAY[NEW.version_id];
        ELSIF TG_OP = 'DELETE' THEN touched := ARRAY[OLD.version_id];
        ELSE touched := ARRAY[OLD.version_id, NEW.version_id];
        END IF;
        IF EXISTS (
            SELECT 1 FROM policy_strategyversion WHERE id = ANY(touched) AND state <> 'draft'
        ) THEN
            RAISE EXCEPTION 'a published strategy is not changed: make a new version';
        END IF;
        IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
        RETURN NEW;
    """,
)
"""Parts of a version that is no draft any more stay as they are, whatever code does."""


class Strategy(models.Model):
    """The strategy of one office for one fiscal year; of a province, its direction (เข็มทิศ, A44)."""

    place = models.ForeignKey(Place, models.PROTECT, related_name="+")
    office = models.ForeignKey(Office, models.PROTECT, related_name="+")
    fiscal_year = models.PositiveSmallIntegerField()  # Buddhist era, named by its end

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["place", "fiscal_year"], name="strategy_once_a_year"),
        ]

    def __str__(self) -> str:
        return f"{self.place_id} {self.fiscal_year}"


@pghistory.track()
class StrategyVersion(models.Model):
    """A draft, or what was published and holds since. The highest published number is in force.

    vision: as its owner words it, with its day and where it was read (A43); goal: what all of it is
    for (A52, A100). edition: counts the saves of a draft; what was said of another edition is about
    another text. writers: references of the accounts that wrote in it. carried_from: the version of
    an earlier year that it was begun with. directive: by which it was handed down to be acknowledged.
    """

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        PUBLISHED = "published", _("Published")

    strategy = models.ForeignKey(Strategy, models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    title = models.CharField(max_length=300)
    vision = models.TextField(blank=True)
    vision_on = models.DateField(null=True)
    vision_source = models.CharField(max_length=300, blank=True)
    goal = models.CharField(max_length=300, blank=True)
    edition = models.PositiveIntegerField(default=1)
    writers = ArrayField(models.CharField(max_length=64), default=list)
    change_reason = models.CharField(max_length=500, blank=True)  # of every version after the first
    carried_from = models.ForeignKey("self", models.PROTECT, null=True, related_name="+")
    begun_at = models.DateTimeField()
    saved_at = models.DateTimeField()
    published_on = models.DateField(null=True)
    published_at = models.DateTimeField(null=True)
    published_by = models.CharField(max_length=64, blank=True)
    published_name = models.CharField(max_length=200, blank=True)
    published_title = models.CharField(max_length=300, blank=True)  # the post in words
    directive = models.ForeignKey(Directive, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["strategy", "number"], name="strategy_number_once"),
            models.UniqueConstraint(
                fields=["strategy"], condition=Q(state="draft"), name="one_draft_of_a_strategy"
            ),
            models.CheckConstraint(
                name="strategy_published_has_moment_and_name",
                condition=Q(state="draft", published_at__isnull=True, published_by="")
                | (Q(state="published", published_at__isnull=False) & ~Q(published_by="")),
            ),
            models.CheckConstraint(
                name="later_version_says_why",
                condition=Q(number=1) | ~Q(change_reason=""),
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="published_stays",
                operation=pgtrigger.Update | pgtrigger.Delete,
                condition=pgtrigger.Q(old__state="published"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title} v{self.number}"


class StrategySource(models.Model):
    """Where policy comes from (A9–A11, A53). key: the same in every version and year.

    issued_on, number: of the paper; document: that paper, where the office has read it here.
    """

    class Kind(models.TextChoices):
        GOVERNMENT = "government", _("Government policy")
        MINISTRY = "ministry", _("Order of the ministry")
        DEPARTMENT = "department", _("Strategic issue of the department")
        PROVINCE = "province", _("Policy of the province")

    version = models.ForeignKey(StrategyVersion, models.CASCADE, related_name="sources")
    key = models.CharField(max_length=8)
    kind = models.CharField(max_length=10, choices=Kind)
    order = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=300)
    text = models.TextField(blank=True)
    number = models.CharField(max_length=120, blank=True)
    issued_on = models.DateField(null=True)
    document = models.ForeignKey(Document, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["version", "key"], name="source_key_once"),
        ]
        triggers = [FROZEN_ONCE_PUBLISHED]

    def __str__(self) -> str:
        return self.title


class Mission(models.Model):
    """A key mission (ภารกิจสำคัญ, A3); in a direction, a way to go (แนวทาง). key: as of a source.

    owner: who drives it, in words. carries_out: the mission of the department that a province
    carries out with it, as it was published.
    """

    version = models.ForeignKey(StrategyVersion, models.CASCADE, related_name="missions")
    key = models.CharField(max_length=8)
    order = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=300)
    text = models.TextField(blank=True)
    owner = models.CharField(max_length=200, blank=True)
    carries_out = models.ForeignKey(
        "self", models.PROTECT, null=True, related_name="carried_out_by"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["version", "key"], name="mission_key_once"),
        ]
        triggers = [FROZEN_ONCE_PUBLISHED]

    def __str__(self) -> str:
        return self.title


class MissionSource(models.Model):
    """A mission stands on a source; on several where one work serves several policies."""

    version = models.ForeignKey(StrategyVersion, models.CASCADE, related_name="+")
    mission = models.ForeignKey(Mission, models.CASCADE, related_name="stands_on")
    source = models.ForeignKey(StrategySource, models.CASCADE, related_name="missions")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["mission", "source"], name="stands_on_it_once"),
        ]
        triggers = [FROZEN_ONCE_PUBLISHED]

    def __str__(self) -> str:
        return f"{self.mission_id} ← {self.source_id}"


class MissionIndicator(models.Model):
    """What a mission is measured by: an indicator of a framework of the year, by its codes.

    Indicators stand above this area, which knows them as text (``policy.measuring``).
    """

    version = models.ForeignKey(StrategyVersion, models.CASCADE, related_name="+")
    mission = models.ForeignKey(Mission, models.CASCADE, related_name="indicators")
    framework = models.CharField(max_length=60)
    code = models.CharField(max_length=16)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["mission", "framework", "code"], name="measured_by_it_once"
            ),
        ]
        indexes = [models.Index(fields=["framework", "code"])]
        triggers = [FROZEN_ONCE_PUBLISHED]

    def __str__(self) -> str:
        return f"{self.framework} {self.code}"


class MissionDirective(models.Model):
    """A directive that carries out a mission, known by its key: whatever version stands.

    Taken off again, it is ended with a reason; nothing is forgotten.
    """

    strategy = models.ForeignKey(Strategy, models.PROTECT, related_name="directives")
    mission_key = models.CharField(max_length=8)
    directive = models.ForeignKey(Directive, models.PROTECT, related_name="missions")
    by = models.CharField(max_length=64)
    by_name = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    ended_by = models.CharField(max_length=64, blank=True)
    end_reason = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["strategy", "mission_key", "directive"],
                condition=Q(ended_at__isnull=True),
                name="directive_hangs_on_it_once",
            ),
            models.CheckConstraint(
                name="taken_off_with_a_reason",
                condition=Q(ended_at__isnull=True, end_reason="")
                | (Q(ended_at__isnull=False) & ~Q(end_reason="")),
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete),
            pgtrigger.ReadOnly(name="only_ended", exclude=["ended_at", "ended_by", "end_reason"]),
        ]

    def __str__(self) -> str:
        return f"{self.directive_id} → {self.mission_key}"


class PointWord(models.Model):
    """What somebody other than the writers says to one of the four points of a direction (A45)."""

    class Point(models.TextChoices):
        CLEAR = "clear", _("Clear in its words")
        COMPLETE = "complete", _("Complete in coverage")
        DISTINCTIVE = "distinctive", _("Distinctive")
        COMMON_GOOD = "common-good", _("For the common good")

    version = models.ForeignKey(StrategyVersion, models.PROTECT, related_name="point_words")
    edition = models.PositiveIntegerField()  # of the text that it was said of
    point = models.CharField(max_length=12, choices=Point)
    meets = models.BooleanField()
    words = models.CharField(max_length=1000)
    by = models.CharField(max_length=64)
    by_name = models.CharField(max_length=200, blank=True)
    by_post = models.CharField(max_length=120, blank=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(name="point_is_answered_with_words", condition=~Q(words="")),
        ]
        triggers = [APPEND_ONLY]

    def __str__(self) -> str:
        return f"{self.point} {self.meets}"


class LeftOut(models.Model):
    """What an act that carried a strategy into a later year did not take along, and why."""

    version = models.ForeignKey(StrategyVersion, models.PROTECT, related_name="left_out")
    part = models.CharField(max_length=10)  # source | mission
    key = models.CharField(max_length=8)
    title = models.CharField(max_length=300)
    reason = models.CharField(max_length=500)
    by = models.CharField(max_length=64)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(name="left_out_with_a_reason", condition=~Q(reason="")),
        ]
        triggers = [APPEND_ONLY]

    def __str__(self) -> str:
        return self.title
