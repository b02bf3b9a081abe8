"""Directives and their assignments as the pages show them."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import (
    Case,
    CharField,
    Exists,
    F,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    When,
)
from django.db.models.functions import Cast

from tiddao.evidence.models import EvidenceUse
from tiddao.people.access import HeldPost, Standing
from tiddao.places import tree
from tiddao.places.queries.units import full_name
from tiddao.policy.models import (
    Act,
    Answer,
    Assignment,
    AssignmentState,
    DeadlineMove,
    Directive,
    Facet,
    Line,
    Move,
    Question,
    Reminder,
)
from tiddao.policy.proving import ASSIGNMENT
from tiddao.policy.queries.reminding import reminder_rules
from tiddao.policy.queries.tallies import (
    Tally,
    counted,
    tallies_by,
    tally_of,
    whole_line,
    with_due,
)
from tiddao.policy.queries.visibility import (
    post_to_answer,
    post_to_follow,
    sees_whole,
    visible_assignments,
    visible_directives,
)
from tiddao.policy.rules.assignments import (
    FINAL,
    SENT,
    DueDay,
    Elapsed,
    due_day,
    elapsed,
    is_overdue,
)

LOOK = {
    "sent": "bad",
    "asking": "warn",
    "acknowledged": "info",
    "objected": "warn",
    "working": "check",
    "done": "ok",
    "returned": "check",
    "closed": "ok",
    "released": "nodata",
    "cancelled": "nodata",
}
"""Which look of a status each state of an assignment has."""


@dataclass(frozen=True, slots=True)
class DirectiveLine:
    """A directive in a list. tally: of the receivers that the person may see."""

    id: int
    title: str
    sender: str  # the post in words
    on_behalf_of: str
    line: str
    line_words: str
    place: str
    facet: str
    facet_words: str
    number: str
    fiscal_year: int
    sent_on: date
    due: DueDay | None
    due_words: str
    is_cancelled: bool
    is_recurring: bool
    is_handed_down: bool  # passed on from another directive
    tally: Tally


@dataclass(frozen=True, slots=True)
class AssignmentLine:
    """One office's part in a directive, in a list. silence: since the sending, of a silent one."""

    id: int
    directive_id: int
    title: str
    sender: str
    on_behalf_of: str
    facet: str
    facet_words: str
    office: str
    office_name: str
    place: str
    place_name: str
    state: str
    state_words: str
    look: str
    progress: int | None
    version: int
    sent_on: date
    acknowledged_at: datetime | None
    moved_at: datetime
    due: DueDay | None
    due_words: str
    is_overdue: bool
    is_over: bool
    silence: Elapsed | None
    evidence: int  # 1 or more where something is attached
    last_words: str


@dataclass(frozen=True, slots=True)
class MoveLine:
    """One answer or ruling. stands False: kept, but somebody had answered first."""

    id: int
    number: int | None
    stands: bool
    act: str
    act_words: str
    state_words: str
    look: str
    words: str
    progress: int | None
    by_name: str
    by_post: str
    at: datetime


@dataclass(frozen=True, slots=True)
class QuestionLine:
    """A question with its answers: (words, by, at), the last one last."""

    id: int
    words: str
    office_name: str
    by_name: str
    at: datetime
    answers: tuple[tuple[str, str, datetime], ...]


@dataclass(frozen=True, slots=True)
class DeadlineMoveLine:
    """A deadline moved; office_name: "" for all receivers."""

    before: date | None
    after: date
    reason: str
    office_name: str
    by_name: str
    at: datetime


@dataclass(frozen=True, slots=True)
class SourceSpan:
    """Where in a document a directive was read: the words around, themselves, and after."""

    document_id: int
    title: str
    before: str
    words: str
    after: str
    may_open: bool


@dataclass(frozen=True, slots=True)
class DirectiveView:
    """One directive with what belongs to all of it. own: of its receivers that the person sees;
    whole: with all that was handed down from them. may_follow: speaks for the sender.
    """

    line: DirectiveLine
    text: str
    office: str
    source: str
    document: SourceSpan | None
    from_title: str  # of the directive that it passes on
    from_sender: str
    from_id: int | None  # where the person may open it
    root_id: int
    wants_evidence: bool
    cancel_reason: str
    cancelled_at: datetime | None
    by_name: str
    sent_at: datetime
    sees_whole: bool
    may_follow: bool
    post: HeldPost | None  # under which the person follows it
    own: Tally
    whole: Tally
    period: str
    obligation_id: int | None


@dataclass(frozen=True, slots=True)
class AssignmentView:
    """One office's part with all that was said. post: under which the person answers, or None;
    ruling: under which the person speaks for the sender.
    """

    line: AssignmentLine
    directive: DirectiveView
    moves: tuple[MoveLine, ...]
    reminders: tuple[tuple[date, str], ...]
    handed_down: tuple[DirectiveLine, ...]
    post: HeldPost | None
    ruling: HeldPost | None


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a list is narrowed to; "" and None narrow nothing."""

    state: str = ""  # a state, or "open", "overdue", "waiting" (for the receiver's next step)
    facet: str = ""
    line: str = ""
    text: str = ""
    fiscal_year: int | None = None
    place: str = ""


# -- lists -----------------------------------------------------------------------------------------


def assignments_of_offices(
    offices: Collection[str], wanted: Wanted, *, on: date
) -> QuerySet[Assignment]:
    """Return the offices' own assignments as a query, what is most urgent first."""
    rows = _narrowed(Assignment.objects.filter(office__in=offices), wanted, on=on).annotate(
        is_over=Case(When(state__in=FINAL, then=1), default=0, output_field=IntegerField())
    )
    return rows.order_by("is_over", F("due").asc(nulls_last=True), "-sent_at", "pk")


def assignment_lines(rows: Iterable[Assignment], *, on: date) -> list[AssignmentLine]:
    """Return rows of ``assignments_of_offices`` (or the like) as lines. One query more."""
    held = list(rows)
    last = _last_words([row.pk for row in held])
    return [_assignment(row, on=on, last_words=last.get(row.pk, "")) for row in held]


def directives_seen(standing: Standing, wanted: Wanted) -> QuerySet[Directive]:
    """Return the directives that the person may see, as a query, the newest first."""
    return _directives(visible_directives(standing), wanted, on=standing.on)


def directives_sent(standing: Standing, wanted: Wanted) -> QuerySet[Directive]:
    """Return the directives that the person's own offices or posts have sent."""
    own = Q(office__in=_offices(standing)) | Q(post__in=[post.id for post in standing.posts])
    return _directives(own & visible_directives(standing), wanted, on=standing.on)


def directive_lines(rows: Iterable[Directive], standing: Standing) -> list[DirectiveLine]:
    """Return directives as lines, each with the tally that the person may see. One query more."""
    held = list(rows)
    visible = Assignment.objects.filter(
        visible_assignments(standing), directive__in=[row.pk for row in held]
    )
    tallies = tallies_by(counted(visible, "directive_id", on=standing.on)) if held else {}
    return [_directive(row, tallies.get(str(row.pk), Tally()), on=standing.on) for row in held]


# -- one -------------------------------------------------------------------------------------------


def find_directive(directive_id: int, standing: Standing) -> DirectiveView | None:
    """Return the directive if the person may see it. Up to five queries."""
    row = (
        Directive.objects.filter(visible_directives(standing), pk=directive_id)
        .select_related("document__source", "proposal", "handed_down_from__directive")
        .first()
    )
    return _view(row, standing) if row else None


def find_assignment(assignment_id: int, standing: Standing) -> AssignmentView | None:
    """Return one office's part if the person may see it, with all that was said."""
    row = _joined(
        Assignment.objects.filter(visible_assignments(standing), pk=assignment_id)
    ).first()
    if row is None:
        return None
    directive = find_directive(row.directive_id, standing)
    if directive is None:
        return None
    moves = tuple(
        MoveLine(
            id=each.pk,
            number=each.number,
            stands=each.stands,
            act=each.act,
            act_words=str(Act(each.act).label),
            state_words=str(AssignmentState(each.state).label),
            look=LOOK[each.state],
            words=each.words,
            progress=each.progress,
            by_name=each.by_name,
            by_post=each.by_post,
            at=each.at,
        )
        for each in Move.objects.filter(assignment=row).order_by("pk")
    )
    words = reminder_rules()
    reminders = tuple(
        (each.on, words.words_of(each.rule))
        for each in Reminder.objects.filter(assignment=row).order_by("-on", "pk")
    )
    below = Directive.objects.filter(visible_directives(standing), handed_down_from=row)
    said = next((move.words for move in reversed(moves) if move.stands and move.words), "")
    ruling = directive.post if directive.may_follow else None
    return AssignmentView(
        line=_assignment(row, on=standing.on, last_words=said),
        directive=directive,
        moves=moves,
        reminders=reminders,
        handed_down=tuple(directive_lines(below.order_by("pk"), standing)),
        post=post_to_answer(standing, row.office_id),
        ruling=ruling,
    )


def receivers_of(
    directive_id: int, standing: Standing, wanted: Wanted | None = None
) -> QuerySet[Assignment]:
    """Return the assignments of a directive that the person may see, by place, as a query."""
    rows = Assignment.objects.filter(visible_assignments(standing), directive=directive_id)
    return _narrowed(rows, wanted or Wanted(), on=standing.on).order_by("place_id")


def own_assignments(directive_id: int, standing: Standing) -> list[Assignment]:
    """Return the assignments of the person's own offices in a directive. One query."""
    rows = Assignment.objects.filter(directive=directive_id, office__in=_offices(standing))
    return list(rows.order_by("pk"))


def questions_of(directive_id: int) -> tuple[QuestionLine, ...]:
    """Return all questions about a directive with their answers. Two queries."""
    answers: dict[int, list[tuple[str, str, datetime]]] = {}
    for each in Answer.objects.filter(question__directive=directive_id).order_by("pk"):
        answers.setdefault(each.question_id, []).append((each.words, each.by_name, each.at))
    rows = Question.objects.filter(directive=directive_id).select_related("assignment__office")
    return tuple(
        QuestionLine(
            id=row.pk,
            words=row.words,
            office_name=row.assignment.office.name_th,
            by_name=row.by_name,
            at=row.at,
            answers=tuple(answers.get(row.pk, ())),
        )
        for row in rows.order_by("pk")
    )


def deadline_moves_of(directive_id: int, standing: Standing) -> tuple[DeadlineMoveLine, ...]:
    """Return how the deadline was moved, for all and for the offices that the person sees."""
    seen = Assignment.objects.filter(visible_assignments(standing), pk=OuterRef("assignment"))
    rows = DeadlineMove.objects.filter(
        Q(assignment__isnull=True) | Q(Exists(seen)), directive=directive_id
    ).select_related("assignment__office")
    return tuple(
        DeadlineMoveLine(
            before=row.before,
            after=row.after,
            reason=row.reason,
            office_name=row.assignment.office.name_th if row.assignment else "",
            by_name=row.by_name,
            at=row.at,
        )
        for row in rows.order_by("pk")
    )


# -- rows to lines ---------------------------------------------------------------------------------


def _offices(standing: Standing) -> list[str]:
    return [post.office_code for post in standing.posts]


def own_offices(standing: Standing) -> list[str]:
    """Return the codes of the offices at which the person holds a post that answers for them."""
    return sorted(
        {
            post.office_code
            for post in standing.posts
            if post_to_answer(standing, post.office_code) is not None
        }
    )


def _joined(rows: QuerySet[Assignment]) -> QuerySet[Assignment]:
    proved = EvidenceUse.objects.filter(
        subject_kind=ASSIGNMENT,
        ended_at__isnull=True,
        subject_key=Cast(OuterRef("pk"), CharField()),
    )
    return (
        with_due(rows)
        .annotate(proved=Exists(proved))
        .select_related("directive", "office", "place")
    )


def _narrowed(rows: QuerySet[Assignment], wanted: Wanted, *, on: date) -> QuerySet[Assignment]:
    found = _joined(rows)
    waiting = [SENT, "asking", "acknowledged", "working", "returned"]
    match wanted.state:
        case "":
            pass
        case "open":
            found = found.exclude(state__in=FINAL)
        case "waiting":
            found = found.filter(state__in=waiting)
        case "overdue":
            found = found.filter(Q(due__lt=on)).exclude(state__in=[*FINAL, AssignmentState.DONE])
        case state:
            found = found.filter(state=state)
    if wanted.facet:
        found = found.filter(directive__facet=wanted.facet)
    if wanted.line:
        found = found.filter(directive__line=wanted.line)
    if wanted.text:
        found = found.filter(
            Q(directive__title__icontains=wanted.text) | Q(directive__text__icontains=wanted.text)
        )
    if wanted.fiscal_year:
        found = found.filter(directive__fiscal_year=wanted.fiscal_year)
    if wanted.place:
        found = found.filter(tree.within_any({wanted.place}, "place__"))
    return found


def _directives(seen: Q, wanted: Wanted, *, on: date) -> QuerySet[Directive]:
    rows = Directive.objects.filter(seen)
    if wanted.facet:
        rows = rows.filter(facet=wanted.facet)
    if wanted.line:
        rows = rows.filter(line=wanted.line)
    if wanted.text:
        rows = rows.filter(Q(title__icontains=wanted.text) | Q(text__icontains=wanted.text))
    if wanted.fiscal_year:
        rows = rows.filter(fiscal_year=wanted.fiscal_year)
    if wanted.state:
        parts = _narrowed(
            Assignment.objects.filter(directive=OuterRef("pk")), Wanted(state=wanted.state), on=on
        )
        rows = rows.filter(Exists(parts))
    return rows.order_by("-sent_at", "-pk")


def _directive(row: Directive, tally: Tally, *, on: date) -> DirectiveLine:
    return DirectiveLine(
        id=row.pk,
        title=row.title,
        sender=row.sender_title,
        on_behalf_of=row.on_behalf_of,
        line=row.line,
        line_words=str(Line(row.line).label),
        place=row.place_id,
        facet=row.facet,
        facet_words=str(Facet(row.facet).label) if row.facet else "",
        number=row.number,
        fiscal_year=row.fiscal_year,
        sent_on=row.sent_on,
        due=due_day(row.due_on, on=on),
        due_words=row.due_words,
        is_cancelled=row.state == Directive.State.CANCELLED,
        is_recurring=row.obligation_id is not None,
        is_handed_down=row.handed_down_from_id is not None,
        tally=tally,
    )


def _assignment(row: Assignment, *, on: date, last_words: str) -> AssignmentLine:
    due: date | None = row.due  # type: ignore[attr-defined]  # annotated by with_due
    directive = row.directive
    return AssignmentLine(
        id=row.pk,
        directive_id=directive.pk,
        title=directive.title,
        sender=directive.sender_title,
        on_behalf_of=directive.on_behalf_of,
        facet=directive.facet,
        facet_words=str(Facet(directive.facet).label) if directive.facet else "",
        office=row.office_id,
        office_name=row.office.name_th,
        place=row.place_id,
        place_name=full_name(row.place),
        state=row.state,
        state_words=str(AssignmentState(row.state).label),
        look=LOOK[row.state],
        progress=row.progress,
        version=row.version,
        sent_on=directive.sent_on,
        acknowledged_at=row.acknowledged_at,
        moved_at=row.moved_at,
        due=due_day(due, on=on),
        due_words=directive.due_words,
        is_overdue=is_overdue(row.state, due, on=on),
        is_over=row.state in FINAL,
        silence=elapsed(directive.sent_on, on) if row.state == SENT else None,
        evidence=int(row.proved),  # type: ignore[attr-defined]  # annotated by _joined
        last_words=last_words,
    )


def _view(row: Directive, standing: Standing) -> DirectiveView:
    visible = Assignment.objects.filter(visible_assignments(standing))
    own = tally_of(counted(visible.filter(directive=row), "state", on=standing.on))
    whole = tally_of(counted(visible.filter(whole_line(row)), "state", on=standing.on))
    post = post_to_follow(standing, row)
    above = row.handed_down_from.directive if row.handed_down_from else None
    may_open_above = (
        above is not None
        and row.handed_down_from is not None
        and (sees_whole(standing, above) or standing.covers(row.handed_down_from.place_id))
    )
    return DirectiveView(
        line=_directive(row, own, on=standing.on),
        text=row.text,
        office=row.office_id,
        source=row.source,
        document=_span(row, standing),
        from_title=above.title if above else "",
        from_sender=above.sender_title if above else "",
        from_id=above.pk if above and may_open_above else None,
        root_id=row.root_id or row.pk,
        wants_evidence=row.wants_evidence,
        cancel_reason=row.cancel_reason,
        cancelled_at=row.cancelled_at,
        by_name=row.by_name,
        sent_at=row.sent_at,
        sees_whole=sees_whole(standing, row),
        may_follow=post is not None,
        post=post,
        own=own,
        whole=whole,
        period=row.period,
        obligation_id=row.obligation_id,
    )


AROUND = 160
"""Characters of the document shown before and after the words that a directive was read from."""


def _span(row: Directive, standing: Standing) -> SourceSpan | None:
    if row.document is None:
        return None
    words, before, after = "", "", ""
    if row.proposal is not None:
        text = row.document.source.text
        start, end = row.proposal.start, row.proposal.end
        before = text[max(0, start - AROUND) : start]
        words, after = text[start:end], text[end : end + AROUND]
    may_open = standing.covers(row.document.place_id) or row.document.by == standing.reference
    return SourceSpan(row.document.pk, row.document.title, before, words, after, may_open)


def _last_words(ids: Collection[int]) -> dict[int, str]:
    """By assignment, the words of its last move that took effect and said something."""
    rows = (
        Move.objects.filter(assignment__in=ids, stands=True)
        .exclude(words="")
        .order_by("assignment_id", "-number")
        .distinct("assignment_id")
    )
    return dict(rows.values_list("assignment_id", "words")) if ids else {}
