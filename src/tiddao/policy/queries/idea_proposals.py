"""Proposals from idea boards as the pages show them, and how they stand."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Exists, Min, OuterRef, Q, QuerySet, Subquery, Window
from django.utils import timezone

from tiddao.people.access import HeldPost, Standing
from tiddao.people.rules.matrix import may
from tiddao.places import tree
from tiddao.places.models import NATION
from tiddao.policy.models import Directive, Idea, IdeaBoard, IdeaProposal, IdeaVote, ProposalAnswer
from tiddao.policy.queries.ideas import LOOKS, STATES, WAITING, boards_seen
from tiddao.policy.queries.visibility import posts_to_send, visible_directives
from tiddao.policy.rules.ideas import possible_answers

ANSWER = "answer_proposal"
MINE = "mine"
"""The state asked for of those that wait and that the person may answer."""
MOST_WAITING = 5
"""Waiting proposals that the home page names."""


@dataclass(frozen=True, slots=True)
class AnswerLine:
    """What an office said. directive_id: which the proposal became; may_open: in the reader's line."""

    answer: str
    answer_words: str
    look: str
    outcome: str
    outcome_words: str
    words: str
    directive_id: int | None
    may_open: bool
    office_name: str
    by_name: str
    by_post: str
    at: datetime


@dataclass(frozen=True, slots=True)
class ProposalLine:
    """A proposal in words, the ideas behind it, and how it stands. taken_up: the last time that it
    was, None for never; last: the last answer, None for none.
    """

    id: int
    became: str
    became_label: str
    words: str
    board_id: int
    question: str
    office: str
    office_name: str
    place: str
    at: datetime
    ideas: tuple[tuple[int, str], ...]
    votes: int
    state: str
    state_words: str
    look: str
    answers: tuple[AnswerLine, ...]

    @property
    def taken_up(self) -> AnswerLine | None:
        return next((one for one in self.answers[::-1] if one.answer == "taken_up"), None)

    @property
    def last(self) -> AnswerLine | None:
        return self.answers[-1] if self.answers else None


@dataclass(frozen=True, slots=True)
class ProposalView:
    """One proposal. answering: the post under which the person answers it; possible: what they may
    say; may_hand_down: it as the directive that it becomes.
    """

    line: ProposalLine
    answering: HeldPost | None
    possible: tuple[str, ...]
    may_hand_down: bool


@dataclass(frozen=True, slots=True)
class WaitingProposal:
    """A proposal that nobody has answered. days: for how many."""

    id: int
    words: str
    office_name: str
    days: int


@dataclass(frozen=True, slots=True)
class WaitingProposals:
    """What waits for the person's answer. own: of boards of their own offices, or that they opened;
    others: of other offices' boards in their scope; lines: own ones first, the longest waiting first.
    """

    own: int = 0
    others: int = 0
    longest: int = 0  # days that the oldest waits
    lines: tuple[WaitingProposal, ...] = ()

    @property
    def is_empty(self) -> bool:
        return not self.lines


def proposals_seen(
    standing: Standing, *, kind: str = "", state: str = ""
) -> QuerySet[IdeaProposal]:
    """Return the proposals of boards that the person may see, the newest first, as a query.

    state: one of STATES, or MINE.
    """
    boards = boards_seen(standing).order_by().values("pk")
    rows = IdeaProposal.objects.filter(board__in=boards)
    if kind:
        rows = rows.filter(kind=kind)
    if state == MINE:
        answers = ProposalAnswer.objects.filter(proposal=OuterRef("pk"))
        rows = rows.filter(_may_be_answered(standing), ~Exists(answers))
    elif state:
        last = ProposalAnswer.objects.filter(proposal=OuterRef("pk")).order_by("-number")
        rows = rows.annotate(last_answer=Subquery(last.values("answer")[:1]))
        waiting = Q(last_answer__isnull=True)
        rows = rows.filter(waiting if state == WAITING else Q(last_answer=state))
    return rows.select_related("board__office").order_by("-at", "-pk")


def proposal_lines(rows: Iterable[IdeaProposal], standing: Standing) -> list[ProposalLine]:
    """Return rows of ``proposals_seen`` as lines. Four queries more at most."""
    held = list(rows)
    numbers = [row.pk for row in held]
    ideas: dict[int, list[tuple[int, str]]] = {number: [] for number in numbers}
    for idea in Idea.objects.filter(proposal__in=numbers).order_by("pk"):
        ideas[idea.proposal_id or 0].append((idea.pk, idea.words))
    votes = dict.fromkeys(numbers, 0)
    for number in IdeaVote.objects.filter(idea__proposal__in=numbers).values_list(
        "idea__proposal", flat=True
    ):
        votes[number] += 1
    answers = _answers(numbers, standing)
    return [_line(row, ideas[row.pk], votes[row.pk], answers[row.pk]) for row in held]


def find_proposal(proposal_id: int, standing: Standing) -> ProposalView | None:
    """Return one proposal if the person may see its board. Five queries."""
    row = proposals_seen(standing).filter(pk=proposal_id).first()
    if row is None:
        return None
    line = proposal_lines([row], standing)[0]
    answering = _post_to_answer(standing, row.board)
    possible = possible_answers(line.last.answer if line.last else "") if answering else ()
    return ProposalView(
        line=line,
        answering=answering,
        possible=possible,
        may_hand_down="became" in possible and bool(posts_to_send(standing)),
    )


def proposals_of(board_id: int, standing: Standing) -> list[ProposalLine]:
    """Return what ideas of a board were proposed as, the newest first. Five queries at most."""
    return proposal_lines(proposals_seen(standing).filter(board=board_id), standing)


def proposals_waiting(standing: Standing) -> WaitingProposals:
    """Return the proposals that wait for the person's answer. One query, none for who may not answer."""
    if not standing.may(ANSWER):
        return WaitingProposals()
    rows = (
        proposals_seen(standing, state=MINE)
        .annotate(
            is_own=_is_own(standing),
            all=Window(Count("pk")),
            own=Window(Count("pk", filter=_is_own(standing))),
            oldest=Window(Min("at")),
        )
        .order_by("-is_own", "at", "pk")
        .values_list("pk", "words", "board__office__name_th", "at", "all", "own", "oldest")
    )
    found = list(rows[:MOST_WAITING])
    if not found:
        return WaitingProposals()
    *_, every, own, oldest = found[0]
    return WaitingProposals(
        own=own,
        others=every - own,
        longest=_days(oldest, standing),
        lines=tuple(
            WaitingProposal(pk, " ".join(words.split()), office, _days(at, standing))
            for pk, words, office, at, *_ in found
        ),
    )


# -- pieces ----------------------------------------------------------------------------------------


def _days(at: datetime, standing: Standing) -> int:
    return max(0, (standing.on - timezone.localdate(at)).days)


def _is_own(standing: Standing) -> Q:
    """The condition that the board is of an office of the person's, or was opened by them."""
    offices = {
        post.office_code
        for post in standing.posts
        if post.group_key is None and may(post.role, ANSWER)
    }
    return Q(board__office__in=offices) | Q(board__by=standing.reference)


def _may_be_answered(standing: Standing) -> Q:
    """The condition of ``_post_to_answer`` for many: some post of the person answers them."""
    if not standing.may(ANSWER):
        return Q(pk__in=[])
    roots = standing.roots_for(ANSWER)
    if NATION in roots:  # the condition of all is an empty one, and "empty or own" would be "own"
        return Q()
    return tree.within_any(roots, "board__place__") | _is_own(standing)


def _post_to_answer(standing: Standing, board: IdeaBoard) -> HeldPost | None:
    """The post that covers the board's place, or is of its own office, or of who opened it."""
    for post in standing.posts:
        own = post.office_code == board.office_id and post.group_key is None
        opened = board.by == standing.reference
        if may(post.role, ANSWER) and (post.covers(board.place_id) or own or opened):
            return post
    return None


def _answers(proposals: Sequence[int], standing: Standing) -> dict[int, list[AnswerLine]]:
    found: dict[int, list[AnswerLine]] = {number: [] for number in proposals}
    rows = list(
        ProposalAnswer.objects.filter(proposal__in=proposals)
        .select_related("office")
        .order_by("proposal", "number")
    )
    directives = [row.directive_id for row in rows if row.directive_id]
    may_open = (
        frozenset(
            Directive.objects.filter(visible_directives(standing), pk__in=directives).values_list(
                "pk", flat=True
            )
        )
        if directives
        else frozenset()
    )
    for row in rows:
        found[row.proposal_id].append(
            AnswerLine(
                answer=row.answer,
                answer_words=str(row.get_answer_display()),
                look=LOOKS[row.answer],
                outcome=row.outcome,
                outcome_words=str(row.get_outcome_display()) if row.outcome else "",
                words=row.words,
                directive_id=row.directive_id,
                may_open=row.directive_id in may_open,
                office_name=row.office.name_th,
                by_name=row.by_name,
                by_post=row.by_post,
                at=row.at,
            )
        )
    return found


def _line(
    row: IdeaProposal, ideas: Sequence[tuple[int, str]], votes: int, answers: Sequence[AnswerLine]
) -> ProposalLine:
    state = answers[-1].answer if answers else WAITING
    return ProposalLine(
        id=row.pk,
        became=row.kind,
        became_label=str(Idea.Became(row.kind).label),
        words=row.words,
        board_id=row.board_id,
        question=row.board.question,
        office=row.board.office_id,
        office_name=row.board.office.name_th,
        place=row.board.place_id,
        at=row.at,
        ideas=tuple(ideas),
        votes=votes,
        state=state,
        state_words=str(STATES[state]),
        look=LOOKS[state],
        answers=tuple(answers),
    )
