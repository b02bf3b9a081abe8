"""Idea boards, and field visits: what people thought of, and what was seen on the spot."""

from __future__ import annotations

import pghistory
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from tiddao.places.models import Office, Place
from tiddao.policy.models.directives import Directive
from tiddao.policy.models.documents import APPEND_ONLY
from tiddao.policy.models.meetings import AgendaItem, Meeting


@pghistory.track()
class IdeaBoard(models.Model):
    """A question put to people (ระดมความคิด, requirements A28, A49, A95).

    votes_each: how many ideas one person may vote for. names_shown: False = ideas stand without
    names on the page; who wrote them is kept all the same, for the ledger.
    """

    place = models.ForeignKey(Place, models.PROTECT, related_name="+")
    office = models.ForeignKey(Office, models.PROTECT, related_name="+")
    meeting = models.ForeignKey(Meeting, models.PROTECT, null=True, related_name="boards")
    item = models.ForeignKey(AgendaItem, models.PROTECT, null=True, related_name="boards")
    question = models.CharField(max_length=300)
    votes_each = models.PositiveSmallIntegerField(default=3)
    names_shown = models.BooleanField(default=True)
    closed_at = models.DateTimeField(null=True)
    by = models.CharField(max_length=64)
    by_name = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return self.question


@pghistory.track()
class IdeaGroup(models.Model):
    """Ideas that belong together, under a heading that a person gave."""

    board = models.ForeignKey(IdeaBoard, models.PROTECT, related_name="groups")
    title = models.CharField(max_length=200)
    order = models.PositiveSmallIntegerField()

    def __str__(self) -> str:
        return self.title


class IdeaProposal(models.Model):
    """Ideas of a board handed on together as one indicator or project, in words.

    by: empty where it was made before that was kept.
    """

    class Kind(models.TextChoices):
        INDICATOR = "indicator", _("An indicator")
        PROJECT = "project", _("A project")

    board = models.ForeignKey(IdeaBoard, models.PROTECT, related_name="proposals")
    kind = models.CharField(max_length=10, choices=Kind)
    words = models.TextField()
    by = models.CharField(max_length=64, blank=True)
    by_name = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField()

    class Meta:
        triggers = [APPEND_ONLY]

    def __str__(self) -> str:
        return self.words


class ProposalAnswer(models.Model):
    """What an office said to a proposal; the last one says how it stands.

    outcome, words: what it became, and which one; of a refusal, words are the reason.
    """

    class Answer(models.TextChoices):
        TAKEN_UP = "taken_up", _("Taken up")
        BECAME = "became", _("Became work")
        DECLINED = "declined", _("Declined")

    class Outcome(models.TextChoices):
        INDICATOR = "indicator", _("A draft of an indicator")
        DIRECTIVE = "directive", _("A directive")
        PROJECT = "project", _("A project")

    proposal = models.ForeignKey(IdeaProposal, models.PROTECT, related_name="answers")
    number = models.PositiveSmallIntegerField()
    answer = models.CharField(max_length=8, choices=Answer)
    outcome = models.CharField(max_length=10, choices=Outcome, blank=True)
    words = models.CharField(max_length=1000, blank=True)
    directive = models.ForeignKey(Directive, models.PROTECT, null=True, related_name="proposals")
    office = models.ForeignKey(Office, models.PROTECT, related_name="+")
    by = models.CharField(max_length=64)
    by_name = models.CharField(max_length=200, blank=True)
    by_post = models.CharField(max_length=120, blank=True)
    at = models.DateTimeField()

    class Meta:
        triggers = [APPEND_ONLY]
        constraints = [
            models.UniqueConstraint(
                fields=["proposal", "number"], name="proposal_answer_number_once"
            ),
            models.CheckConstraint(
                name="proposal_answer_says_why_or_what",
                condition=Q(answer="taken_up") | ~Q(words=""),
            ),
            models.CheckConstraint(
                name="proposal_answer_became_has_outcome",
                condition=(Q(answer="became") & ~Q(outcome=""))
                | (~Q(answer="became") & Q(outcome="")),
            ),
            models.CheckConstraint(
                name="proposal_answer_directive_is_there",
                condition=Q(outcome="directive", directive__isnull=False)
                | (~Q(outcome="directive") & Q(directive__isnull=True)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.proposal_id} {self.answer}"


@pghistory.track()
class Idea(models.Model):
    """One idea. became: what it was turned into: directive names it, or the proposal it is part of."""

    class Became(models.TextChoices):
        NOTHING = "", _("Still an idea")
        DIRECTIVE = "directive", _("Became a directive")
        INDICATOR = "indicator", _("Became an indicator proposal")
        PROJECT = "project", _("Became a project idea")

    board = models.ForeignKey(IdeaBoard, models.PROTECT, related_name="ideas")
    group = models.ForeignKey(IdeaGroup, models.PROTECT, null=True, related_name="ideas")
    words = models.TextField()
    became = models.CharField(max_length=10, choices=Became, default=Became.NOTHING, blank=True)
    became_words = models.TextField(blank=True)  # the proposal as it was handed on
    directive = models.ForeignKey(Directive, models.PROTECT, null=True, related_name="ideas")
    proposal = models.ForeignKey(IdeaProposal, models.PROTECT, null=True, related_name="ideas")
    withdrawn = models.BooleanField(default=False)
    by = models.CharField(max_length=64)
    by_name = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="idea_that_became_something_says_what",
                condition=Q(became="", became_words="") | (~Q(became="") & ~Q(became_words="")),
            ),
        ]

    def __str__(self) -> str:
        return self.words


class IdeaVote(models.Model):
    """One vote of one person; taken back by taking the row away, as votes are not facts to be kept."""

    idea = models.ForeignKey(Idea, models.PROTECT, related_name="votes")
    by = models.CharField(max_length=64)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["idea", "by"], name="idea_voted_once_by_one"),
        ]

    def __str__(self) -> str:
        return f"{self.by} → {self.idea_id}"


@pghistory.track()
class FieldVisit(models.Model):
    """Somebody went and saw (requirements A84, A93). Photos are evidence attached to it.

    place: what was visited, down to the village; office: whose visit it was.
    """

    place = models.ForeignKey(Place, models.PROTECT, related_name="+")
    office = models.ForeignKey(Office, models.PROTECT, related_name="+")
    meeting = models.ForeignKey(Meeting, models.PROTECT, null=True, related_name="visits")
    item = models.ForeignKey(AgendaItem, models.PROTECT, null=True, related_name="visits")
    visited_on = models.DateField()
    subject = models.CharField(max_length=300)
    spot = models.CharField(max_length=300, blank=True)  # the plot, the centre, in words
    problem = models.TextField(blank=True)
    progress = models.TextField(blank=True)
    next_on = models.DateField(null=True)
    by = models.CharField(max_length=64)
    by_name = models.CharField(max_length=200, blank=True)
    by_post = models.CharField(max_length=120, blank=True)
    at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(
                name="visit_place_prefix",
                fields=["place", "visited_on"],
                opclasses=["varchar_pattern_ops", "date_ops"],
            ),
        ]
        constraints = [
            models.CheckConstraint(
                name="visit_saw_something", condition=~Q(problem="") | ~Q(progress="")
            ),
        ]

    def __str__(self) -> str:
        return self.subject


@pghistory.track()
class FollowUp(models.Model):
    """What is to be done after a visit, by whom and by when. done_words: what came of it."""

    visit = models.ForeignKey(FieldVisit, models.PROTECT, related_name="follow_ups")
    words = models.TextField()
    responsible = models.CharField(max_length=300)
    due_on = models.DateField(null=True)
    done_at = models.DateTimeField(null=True)
    done_words = models.TextField(blank=True)
    done_by = models.CharField(max_length=64, blank=True)
    directive = models.ForeignKey(Directive, models.PROTECT, null=True, related_name="follow_ups")
    by = models.CharField(max_length=64)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="follow_up_done_says_what",
                condition=Q(done_at__isnull=True, done_words="")
                | (Q(done_at__isnull=False) & ~Q(done_words="")),
            ),
        ]

    def __str__(self) -> str:
        return self.words
