"""Idea boards as the pages show them. Of a board without names nothing here says who wrote what."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Exists, F, Max, OuterRef, Q, QuerySet, Subquery
from django.utils.translation import gettext_lazy as _

from tiddao.people.access import HeldPost, Standing
from tiddao.people.rules.matrix import may
from tiddao.places import tree
from tiddao.places.models import NATION
from tiddao.places.queries.units import full_name
from tiddao.policy.models import (
    Directive,
    Idea,
    IdeaBoard,
    IdeaGroup,
    IdeaVote,
    Invitation,
    ProposalAnswer,
)
from tiddao.policy.queries.visibility import posts_to_send, visible_directives
from tiddao.policy.rules.ideas import GroupProposal, propose_groups, votes_left
from tiddao.ui.registry import Words

RUN = "run_idea_board"
TAKE_PART = "post_idea"
ORDERS = ("group", "votes")
"""How ideas may stand: group by group, or the most wanted first."""
WAITING = "waiting"
STATES: dict[str, Words] = {
    WAITING: _("waits for an office to take it up"),
    "taken_up": _("taken up, under way"),
    "became": _("became work"),
    "declined": _("declined with a reason"),
}
"""How a proposal may stand, in words."""
LOOKS = {WAITING: "warn", "taken_up": "info", "became": "ok", "declined": "nodata"}


@dataclass(frozen=True, slots=True)
class BoardLine:
    """A board in a list. meeting: the title of the meeting it hangs on, "" for none."""

    id: int
    question: str
    office: str
    office_name: str
    place: str
    place_name: str
    meeting: str
    meeting_id: int | None
    names_shown: bool
    votes_each: int
    ideas: int
    turned: int
    opened_at: datetime
    closed_at: datetime | None


@dataclass(frozen=True, slots=True)
class GroupLine:
    """A group with how many ideas it holds, and how many of them became nothing yet."""

    id: int
    title: str
    ideas: int
    unturned: int


@dataclass(frozen=True, slots=True)
class BoardView:
    """One board as the person sees it. given: their own votes; post: under which they take part, None
    for who only reads; running: under which they run it; may_hand_down: as a directive.
    """

    line: BoardLine
    groups: tuple[GroupLine, ...]
    ungrouped: int
    given: int
    newest: int  # the number of the newest idea, 0 for none
    post: HeldPost | None
    running: HeldPost | None
    may_hand_down: bool

    @property
    def is_open(self) -> bool:
        return self.line.closed_at is None

    @property
    def left(self) -> int:
        return votes_left(self.line.votes_each, self.given)


@dataclass(frozen=True, slots=True)
class IdeaLine:
    """One idea. by_name, at: "" and None on a board without names. is_own: the reader wrote it."""

    id: int
    board_id: int
    words: str
    group_id: int | None
    group: str
    votes: int
    is_voted: bool
    is_own: bool
    by_name: str
    at: datetime | None
    became: str
    became_label: str
    became_words: str
    directive_id: int | None
    may_open: bool  # the directive is in the reader's line
    proposal_id: int | None
    state_words: str  # how the proposal stands, "" for none
    look: str


@dataclass(frozen=True, slots=True)
class Suggested:
    """A proposal to group, with the ideas' words in pieces: (text, whether it is the shared word)."""

    word: str
    group_id: int | None
    title: str
    ideas: tuple[tuple[int, tuple[tuple[str, bool], ...]], ...]


def boards_seen(standing: Standing) -> QuerySet[IdeaBoard]:
    """Return the boards that the person may see, open ones first, then the newest, as a query.

    Those whose place their posts cover. Of a board on a meeting also whoever is invited to it; of
    one that stands alone also the offices below its place, which it asks.
    """
    rows = IdeaBoard.objects.select_related("place", "office", "meeting")
    if NATION not in standing.roots:
        posts = standing.posts
        invited = Q(pk__in=[])
        for post in posts:
            invited |= Q(office=post.office_code, role=post.role)
        asked = Q(place__in=_places_above(standing), meeting__isnull=True)
        rows = rows.filter(
            tree.within_any(standing.roots, "place__")
            | asked
            | Q(
                Exists(
                    Invitation.objects.filter(invited, meeting=OuterRef("meeting"), withdrawn=False)
                )
            )
        )
    return rows.order_by(F("closed_at").desc(nulls_first=True), "-at", "-pk")


def board_lines(rows: Iterable[IdeaBoard]) -> list[BoardLine]:
    """Return rows of ``boards_seen`` as lines. One query more."""
    held = list(rows)
    counts = {
        board: (ideas, turned)
        for board, ideas, turned in Idea.objects.filter(
            board__in=[row.pk for row in held], withdrawn=False
        )
        .order_by()
        .values("board")
        .annotate(ideas=Count("pk"), turned=Count("pk", filter=~Q(became="")))
        .values_list("board", "ideas", "turned")
    }
    return [_line(row, *counts.get(row.pk, (0, 0))) for row in held]


def find_board(board_id: int, standing: Standing) -> BoardView | None:
    """Return one board if the person may see it. Four queries."""
    row = boards_seen(standing).filter(pk=board_id).first()
    if row is None:
        return None
    here = Idea.objects.filter(board=row, withdrawn=False)
    counted: dict[int | None, tuple[int, int, int]] = {
        group: (ideas, unturned, newest)
        for group, ideas, unturned, newest in here.order_by()
        .values("group")
        .annotate(ideas=Count("pk"), unturned=Count("pk", filter=Q(became="")), newest=Max("pk"))
        .values_list("group", "ideas", "unturned", "newest")
    }
    total = sum(ideas for ideas, _unturned, _newest_one in counted.values())
    unturned = sum(one for _ideas, one, _newest_one in counted.values())
    sends = posts_to_send(standing)
    return BoardView(
        line=_line(row, total, total - unturned),
        groups=tuple(
            GroupLine(group.pk, group.title, *counted.get(group.pk, (0, 0, 0))[:2])
            for group in row.groups.order_by("order", "pk")
        ),
        ungrouped=counted.get(None, (0, 0, 0))[0],
        given=IdeaVote.objects.filter(
            idea__board=row, idea__withdrawn=False, by=standing.reference
        ).count(),
        newest=max((newest for _i, _u, newest in counted.values()), default=0),
        post=_post_for(standing, TAKE_PART),
        running=_post_to_run(standing, row),
        may_hand_down=bool(sends)
        and (standing.covers(row.place_id) or _post_to_run(standing, row) is not None),
    )


def ideas_of(board_id: int, standing: Standing, *, order: str = "group") -> QuerySet[Idea]:
    """Return what is on a board, with votes, in one of ORDERS, as a query."""
    answers = ProposalAnswer.objects.filter(proposal=OuterRef("proposal")).order_by("-number")
    rows = (
        Idea.objects.filter(board=board_id, withdrawn=False)
        .select_related("board", "group", "directive")
        .annotate(
            given=Count("votes"),
            answered=Subquery(answers.values("answer")[:1]),
            is_voted=Exists(IdeaVote.objects.filter(idea=OuterRef("pk"), by=standing.reference)),
        )
    )
    if order == "votes":
        return rows.order_by("-given", "pk")
    return rows.order_by(F("group__order").asc(nulls_first=True), "group", "-given", "pk")


def idea_lines(rows: Iterable[Idea], standing: Standing) -> list[IdeaLine]:
    """Return rows of ``ideas_of`` as lines. One query more."""
    held = list(rows)
    may_open = _may_open([row.directive_id for row in held if row.directive_id], standing)
    return [
        IdeaLine(
            id=row.pk,
            board_id=row.board_id,
            words=row.words,
            group_id=row.group_id,
            group=row.group.title if row.group else "",
            votes=getattr(row, "given", 0),
            is_voted=getattr(row, "is_voted", False),
            is_own=row.by == standing.reference,
            by_name=row.by_name if row.board.names_shown else "",
            at=row.at if row.board.names_shown else None,
            became=row.became,
            became_label=str(Idea.Became(row.became).label) if row.became else "",
            became_words=row.became_words,
            directive_id=row.directive_id,
            may_open=row.directive_id in may_open,
            proposal_id=row.proposal_id,
            state_words=str(STATES[_state(row)]) if row.proposal_id else "",
            look=LOOKS[_state(row)],
        )
        for row in held
    ]


def find_idea(idea_id: int, standing: Standing) -> IdeaLine | None:
    """Return one idea on a board that the person may see, withdrawn ones not. Three queries."""
    board = Idea.objects.filter(pk=idea_id).values_list("board_id", flat=True).first()
    if board is None or not boards_seen(standing).filter(pk=board).exists():
        return None
    return next(iter(idea_lines(ideas_of(board, standing).filter(pk=idea_id), standing)), None)


def board_of_group(group_id: int) -> int | None:
    """Return the number of the board that the group stands on. One query."""
    return IdeaGroup.objects.filter(pk=group_id).values_list("board_id", flat=True).first()


def ideas_after(board_id: int, newest: int) -> int:
    """Return how many ideas came after the one of that number. One query."""
    return Idea.objects.filter(board=board_id, withdrawn=False, pk__gt=newest).count()


def suggestions_for(board_id: int) -> tuple[Suggested, ...]:
    """Return how ideas that stand in no group might be grouped, with the reason. Two queries."""
    words = dict(
        Idea.objects.filter(board=board_id, withdrawn=False, group__isnull=True).values_list(
            "pk", "words"
        )
    )
    titles = dict(
        IdeaGroup.objects.filter(board=board_id).order_by("order", "pk").values_list("pk", "title")
    )
    return tuple(_suggested(one, words, titles) for one in propose_groups(words, titles))


# -- pieces ----------------------------------------------------------------------------------------


def _places_above(standing: Standing) -> list[str]:
    """The places above those of the person's own offices, which ask them too."""
    return sorted(
        {
            above
            for post in standing.posts
            for root in post.roots
            for above in tree.ancestor_codes(root)
        }
    )


def _post_for(standing: Standing, act: str) -> HeldPost | None:
    return next((post for post in standing.posts if may(post.role, act)), None)


def _post_to_run(standing: Standing, board: IdeaBoard) -> HeldPost | None:
    """The post under which the person runs a board: one of its office, or that of who opened it."""
    for post in standing.posts:
        same = post.office_code == board.office_id and post.group_key is None
        if may(post.role, RUN) and (same or board.by == standing.reference):
            return post
    return None


def _state(row: Idea) -> str:
    return getattr(row, "answered", None) or WAITING


def _may_open(directives: Collection[int], standing: Standing) -> frozenset[int]:
    if not directives:
        return frozenset()
    rows = Directive.objects.filter(visible_directives(standing), pk__in=directives)
    return frozenset(rows.values_list("pk", flat=True))


def _line(row: IdeaBoard, ideas: int, turned: int) -> BoardLine:
    return BoardLine(
        id=row.pk,
        question=row.question,
        office=row.office_id,
        office_name=row.office.name_th,
        place=row.place_id,
        place_name=full_name(row.place),
        meeting=row.meeting.title if row.meeting else "",
        meeting_id=row.meeting_id,
        names_shown=row.names_shown,
        votes_each=row.votes_each,
        ideas=ideas,
        turned=turned,
        opened_at=row.at,
        closed_at=row.closed_at,
    )


def _suggested(
    one: GroupProposal, words: Mapping[int, str], titles: Mapping[int, str]
) -> Suggested:
    return Suggested(
        word=one.word,
        group_id=one.group,
        title=titles[one.group] if one.group is not None else _as_written(one, words),
        ideas=tuple((each.idea, _pieces(words[each.idea], each.spans)) for each in one.ideas),
    )


def _as_written(one: GroupProposal, words: Mapping[int, str]) -> str:
    """The shared word as the first idea writes it, capitals and all."""
    start, end = one.ideas[0].spans[0]
    return words[one.ideas[0].idea][start:end]


def _pieces(text: str, spans: Iterable[tuple[int, int]]) -> tuple[tuple[str, bool], ...]:
    pieces: list[tuple[str, bool]] = []
    position = 0
    for start, end in spans:
        pieces += [(text[position:start], False), (text[start:end], True)]
        position = end
    return tuple((piece, marked) for piece, marked in [*pieces, (text[position:], False)] if piece)
