"""What waits for a person: of their own offices, and of what they have sent."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, Exists, F, Max, OuterRef, Q, QuerySet

from tiddao.people.access import Standing
from tiddao.policy.models import Answer, Assignment, Directive, Question, Reminder
from tiddao.policy.queries.directives import (
    AssignmentLine,
    Wanted,
    assignment_lines,
    assignments_of_offices,
    own_offices,
)
from tiddao.policy.queries.reminding import reminder_rules
from tiddao.policy.queries.visibility import posts_to_send

MOST = 5
"""Rows of a kind that the home page shows."""


@dataclass(frozen=True, slots=True)
class ReminderLine:
    """What a rule says of the offices of one directive. assignment, office: where it is one."""

    words: str
    title: str
    directive: int
    offices: int
    assignment: int
    office: str


@dataclass(frozen=True, slots=True)
class Waiting:
    """What waits. to_answer: of my offices, most urgent first, answers in number of all; to_check,
    to_rule, questions: of what my offices have sent; offices: that the person answers for.
    """

    to_answer: tuple[AssignmentLine, ...]
    answers: int
    overdue: int
    to_check: int
    to_rule: int
    questions: int
    silent: int
    reminders: tuple[ReminderLine, ...]
    offices: int = 1

    @property
    def is_empty(self) -> bool:
        return not (
            self.answers
            or self.to_check
            or self.to_rule
            or self.questions
            or self.silent
            or self.reminders
        )


def waiting_for(standing: Standing) -> Waiting:
    """Return what waits for the person. Up to eight queries."""
    offices = own_offices(standing)
    mine = assignments_of_offices(offices, Wanted(state="waiting"), on=standing.on)
    late = assignments_of_offices(offices, Wanted(state="overdue"), on=standing.on)
    senders = posts_to_send(standing, "follow_directive")
    sent = Assignment.objects.filter(
        Q(directive__post__in=[post.id for post in senders])
        | Q(directive__office__in=[post.office_code for post in senders if not post.group_key]),
        directive__state=Directive.State.OPEN,
    )
    open_questions = Question.objects.filter(
        ~Q(Exists(Answer.objects.filter(question=OuterRef("pk")))),
        assignment__in=sent.values("pk"),
    )
    states = {} if not senders else _states(sent)
    return Waiting(
        to_answer=tuple(assignment_lines(mine[:MOST], on=standing.on)),
        answers=mine.count(),
        overdue=late.count(),
        to_check=states.get("done", 0),
        to_rule=states.get("objected", 0),
        questions=open_questions.count() if senders else 0,
        silent=states.get("sent", 0),
        reminders=_reminders(standing),
        offices=len(offices),
    )


def _states(sent: QuerySet[Assignment]) -> dict[str, int]:
    return dict(sent.order_by().values_list("state").annotate(offices=Count("pk")))


def _reminders(standing: Standing) -> tuple[ReminderLine, ...]:
    """Reminders of what still waits below the person's offices or of them, a line for all offices of one
    directive that one rule speaks of, the newest first.
    """
    places = {root for post in standing.posts if post.group_key is None for root in post.roots}
    rules = reminder_rules()
    rows = (
        Reminder.objects.filter(
            place__in=places,
            assignment__moved_at__lte=F("at"),
            assignment__directive__state=Directive.State.OPEN,
        )
        .exclude(to="receiver")
        .values_list("rule", "assignment__directive", "assignment__directive__title")
        .annotate(
            newest=Max("on"),
            offices=Count("assignment", distinct=True),
            one=Max("assignment"),
            office=Max("assignment__office__name_th"),
        )
        .order_by("-newest", "-one")[:MOST]
    )
    return tuple(
        ReminderLine(rules.words_of(rule), title, directive, offices, one, office)
        for rule, directive, title, _newest, offices, one, office in rows
    )
