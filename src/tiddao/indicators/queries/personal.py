"""A person's targets as the few who may see them do; who assesses whom; a team on one page.

Seen by the person, by whoever assesses them that day, and by the head of their province. Everybody
else is told that there is no such thing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from typing import Any, Literal, cast

from django.conf import settings
from django.db.models import Max, Q, QuerySet

from tiddao.indicators.models import PersonalLine, PersonalMove, PersonalPlan
from tiddao.indicators.queries.cascade import targets_now
from tiddao.indicators.queries.frameworks import FrameworkInForce, frameworks_for
from tiddao.indicators.rules.definitions import IndicatorDefinition, Ladder
from tiddao.indicators.rules.personal import (
    AWAITS,
    HUNDRED,
    TRANSITIONS,
    Act,
    Band,
    Competency,
    Line,
    Mark,
    Scheme,
    Side,
    State,
    head_line,
    level_of_line,
    mark_of,
    product_of,
    read_scheme,
    weights_together,
)
from tiddao.people.access import HeldPost, Standing
from tiddao.people.models import Post, Tenure
from tiddao.people.rules.matrix import MATRIX, PROVINCIAL_HEAD, may
from tiddao.places import tree
from tiddao.places.models import NATION, Level
from tiddao.places.queries import find_unit

FILE = settings.BASE.parent.parent / "definitions" / "personal-targets.toml"
WRITE, ASSESS = "write_personal_targets", "assess_personal_targets"
RESULT, COMPETENCY = PersonalLine.Section.RESULT, PersonalLine.Section.COMPETENCY
LOOK: Mapping[str, str] = {
    "draft": "nodata",
    "proposed": "check",
    "agreed": "info",
    "self-assessed": "check",
    "assessed": "warn",
    "acknowledged": "ok",
    "objected": "warn",
}
"""Which look of a status each state has."""


@cache
def current_scheme() -> Scheme:
    """Return how marks are made, as the product ships it. Raises SchemeRefused."""
    return read_scheme(FILE.read_text(encoding="utf-8"), file=FILE.name)


def scheme_as_json(scheme: Scheme) -> dict[str, Any]:
    """Return a scheme as it is frozen in a plan."""
    return {
        "code": scheme.code,
        "proposed": scheme.proposed,
        "note": scheme.note,
        "results": str(scheme.results),
        "competency": str(scheme.competency),
        "split_source": scheme.split_source,
        "bands": [
            [each.code, each.words, str(each.at_least), each.source] for each in scheme.bands
        ],
        "competencies": [[each.code, each.words, str(each.weight)] for each in scheme.competencies],
    }


def scheme_of(stored: Mapping[str, Any] | None) -> Scheme:
    """Return the scheme that a plan was agreed under; today's where it was not agreed yet."""
    if stored is None:
        return current_scheme()
    return Scheme(
        code=stored["code"],
        proposed=stored["proposed"],
        note=stored["note"],
        results=Decimal(stored["results"]),
        competency=Decimal(stored["competency"]),
        split_source=stored["split_source"],
        bands=tuple(
            Band(code, words, Decimal(edge), source)
            for code, words, edge, source in stored["bands"]
        ),
        competencies=tuple(
            Competency(code, words, Decimal(weight))
            for code, words, weight in stored["competencies"]
        ),
    )


# -- who assesses whom -----------------------------------------------------------------------------


class HeadsOfTheDay:
    """The heads of offices on a day, by role and place: read once, asked for many."""

    def __init__(self, places: Iterable[str], *, on: date) -> None:
        wanted = set(places)
        wanted |= {code for place in wanted for code in tree.ancestor_codes(place)}
        rows = _held(on).filter(
            role__in=MATRIX[ASSESS],
            group__isnull=True,
            office__place__in=wanted,
        )
        self._heads: dict[tuple[str, str], list[tuple[int, int, str]]] = defaultdict(list)
        for row in rows.select_related("user", "office").order_by("tenure", "-held_from", "pk"):
            self._heads[row.role, row.office.place_id].append(
                (row.user_id, row.pk, row.user.name_th)
            )

    def assessors(self, user: int, role: str, place: str) -> tuple[tuple[int, int, str], ...]:
        """Return (account, post, name) of those who assess the person in that post."""
        for head, level in head_line(role, str(tree.level_of_code(place))):
            at = place[: tree.DIGITS[Level(level)]] or NATION
            found = [each for each in self._heads[head, at] if each[0] != user]
            if found:
                return tuple(found)
        return ()


def heads_the_province(standing: Standing, place: str) -> bool:
    """Say whether the person heads the province of the place, in whatever tenure."""
    if place == NATION:
        return False
    province = place[: tree.DIGITS[Level.PROVINCE]]
    return any(
        post.role == PROVINCIAL_HEAD and province in post.roots and not post.group_key
        for post in standing.posts
    )


def own_posts(standing: Standing) -> tuple[Post, ...]:
    """Return the person's own substantive posts of the day, for each of which there are targets."""
    rows = _held(standing.on).filter(
        user=standing.user_id, tenure=Tenure.SUBSTANTIVE, role__in=MATRIX[WRITE]
    )
    return tuple(rows.select_related("office__place").order_by("pk"))


def _held(on: date) -> QuerySet[Post]:
    return Post.objects.filter(held_from__lte=on).filter(
        Q(held_to__isnull=True) | Q(held_to__gte=on)
    )


# -- one plan --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class LineView:
    """A line with its levels and products; target_now: the office's target as it stands today.

    self_*: of the person, level and product of the head; None while not said.
    """

    id: int
    section: str
    order: int
    title: str
    unit: str
    weight: Decimal
    measured: bool
    levels: tuple[str, ...]
    framework: str
    indicator: str
    target: Decimal | None
    target_now: Decimal | None
    self_result: Decimal | None
    self_level: Decimal | None
    self_product: Decimal | None
    self_words: str
    result: Decimal | None
    level: Decimal | None
    product: Decimal | None
    words: str

    @property
    def target_moved(self) -> bool:
        """The office's target is another now than when the line was written."""
        return bool(self.framework) and self.target_now != self.target


@dataclass(frozen=True, slots=True)
class MoveView:
    """One act. lines: (title, weight, levels, level by the head) as they stood after it."""

    number: int
    act: str
    state: str
    words: str
    by_name: str
    at: datetime
    lines: tuple[tuple[str, str, str, str], ...]


@dataclass(frozen=True, slots=True)
class PlanView:
    """A plan as one person sees it. side: what they are to it, "" for the head of the province who
    only reads; acts: what they may do now.
    """

    id: int
    user_id: int
    name: str
    title: str
    office_name: str
    place: str
    fiscal_year: int
    number: int
    state: State
    state_words: str
    look: str
    edition: int
    is_own: bool
    side: Side | Literal[""]
    post: HeldPost | None
    assessors: tuple[str, ...]
    acts: tuple[Act, ...]
    results: tuple[LineView, ...]
    competencies: tuple[LineView, ...]
    scheme: Scheme
    self_mark: Mark | None
    mark: Mark | None
    moves: tuple[MoveView, ...]

    @property
    def result_weight(self) -> Decimal:
        return sum((each.weight for each in self.results), Decimal(0))

    @property
    def competency_weight(self) -> Decimal:
        return sum((each.weight for each in self.competencies), Decimal(0))

    @property
    def is_whole(self) -> bool:
        """Both parts' weights are exactly 100."""
        return self.result_weight == HUNDRED == self.competency_weight

    @property
    def is_shown_assessed(self) -> bool:
        """The head's marks may be shown: to the head while they are made, to all afterwards."""
        return self.state in {"assessed", "acknowledged", "objected"}

    @property
    def may_write(self) -> bool:
        return self.state == "draft" and self.is_own


def find_plan(plan_id: int, standing: Standing) -> PlanView | None:
    """Return the plan if it is the person's own, theirs to assess, or of their province. Seven
    queries.
    """
    row = (
        PersonalPlan.objects.filter(pk=plan_id)
        .select_related("user", "post", "office", "place")
        .first()
    )
    if row is None:
        return None
    heads = HeadsOfTheDay([row.place_id], on=standing.on)
    assessors = heads.assessors(row.user_id, row.post.role, row.place_id)
    own = row.user_id == standing.user_id
    ids = {post for _user, post, _name in assessors}
    head = next((post for post in standing.posts if post.id in ids), None)
    if not (own or head or heads_the_province(standing, row.place_id)):
        return None
    return _plan(row, standing, own=own, head=head, assessors=assessors)


def own_plans(standing: Standing) -> tuple[PersonalPlan, ...]:
    """Return the person's own plans, the newest round first. One query."""
    rows = PersonalPlan.objects.filter(user=standing.user_id).select_related("office", "post")
    return tuple(rows.order_by("-fiscal_year", "-number", "pk"))


def line_of(row: PersonalLine, *, by_self: bool) -> Line:
    """Return a line as the rules reckon it, with the person's own assessment or the head's."""
    ladder = None
    if row.measured:
        ladder = Ladder(cast("Any", tuple(Decimal(each) for each in row.levels)))
    return Line(
        weight=row.weight,
        ladder=ladder,
        result=row.self_result if by_self else row.result,
        judged=row.self_judged if by_self else row.judged,
    )


def lines_of(plan: PersonalPlan) -> list[PersonalLine]:
    """Return a plan's lines in order, results first. One query."""
    return list(plan.lines.order_by("-section", "order", "pk"))


def mark_of_plan(rows: Sequence[PersonalLine], scheme: Scheme, *, by_self: bool) -> Mark | None:
    """Return what the assessment comes to, None while a line lacks its level."""
    return mark_of(
        [line_of(each, by_self=by_self) for each in rows if each.section == RESULT],
        [line_of(each, by_self=by_self) for each in rows if each.section == COMPETENCY],
        scheme,
    )


def _plan(
    row: PersonalPlan,
    standing: Standing,
    *,
    own: bool,
    head: HeldPost | None,
    assessors: Sequence[tuple[int, int, str]],
) -> PlanView:
    rows = lines_of(row)
    now = _targets(row, rows)
    side: Side | Literal[""] = "person" if own else "head" if head else ""
    lines = [_line(each, now) for each in rows]
    scheme = scheme_of(row.scheme)
    state = cast("State", row.state)
    assessed = state in {"assessed", "acknowledged", "objected"}
    post = head if side == "head" else next(
        (each for each in standing.posts if each.id == row.post_id), None
    )  # fmt: skip
    return PlanView(
        id=row.pk,
        user_id=row.user_id,
        name=row.user.name_th,
        title=row.post.title,
        office_name=row.office.name_th,
        place=row.place_id,
        fiscal_year=row.fiscal_year,
        number=row.number,
        state=state,
        state_words=str(row.get_state_display()),
        look=LOOK[row.state],
        edition=row.edition,
        is_own=own,
        side=side,
        post=post,
        assessors=tuple(name for _user, _post, name in assessors),
        acts=tuple(
            act
            for (before, act), (whose, _after) in TRANSITIONS.items()
            if before == state and whose == side
        ),
        results=tuple(each for each in lines if each.section == RESULT),
        competencies=tuple(each for each in lines if each.section == COMPETENCY),
        scheme=scheme,
        self_mark=mark_of_plan(rows, scheme, by_self=True),
        mark=mark_of_plan(rows, scheme, by_self=False) if assessed else None,
        moves=tuple(
            _move(each) for each in PersonalMove.objects.filter(plan=row).order_by("number")
        ),
    )


def _targets(plan: PersonalPlan, rows: Sequence[PersonalLine]) -> dict[tuple[str, str], Decimal]:
    """(framework, indicator) → the office's target today, where a line hangs on one."""
    wanted = {each.framework for each in rows if each.framework}
    if not wanted:
        return {}
    unit = find_unit(plan.place_id, on=plan.begun_at.date())
    found: dict[tuple[str, str], Decimal] = {}
    for framework in frameworks_for(unit, plan.fiscal_year) if unit else ():
        if framework.code in wanted:
            targets = targets_now(framework.framework_id, [plan.place_id])
            found |= {(framework.code, code): value for (code, _place), value in targets.items()}
    return found


def _line(row: PersonalLine, now: Mapping[tuple[str, str], Decimal]) -> LineView:
    mine, heads = line_of(row, by_self=True), line_of(row, by_self=False)
    return LineView(
        id=row.pk,
        section=row.section,
        order=row.order,
        title=row.title,
        unit=row.unit,
        weight=row.weight,
        measured=row.measured,
        levels=tuple(row.levels),
        framework=row.framework,
        indicator=row.indicator,
        target=row.target,
        target_now=now.get((row.framework, row.indicator)),
        self_result=row.self_result,
        self_level=level_of_line(mine),
        self_product=product_of(mine),
        self_words=row.self_words,
        result=row.result,
        level=level_of_line(heads),
        product=product_of(heads),
        words=row.words,
    )


def _move(row: PersonalMove) -> MoveView:
    return MoveView(
        number=row.number,
        act=row.act,
        state=str(PersonalPlan.State(row.state).label),
        words=row.words,
        by_name=row.by_name,
        at=row.at,
        lines=tuple(
            (each["title"], each["weight"], " / ".join(each["levels"]), each["level"] or "")
            for each in row.content
        ),
    )


# -- the office's targets to hang on ---------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class TargetOffered:
    """A target of the office that a line may hang on."""

    framework: FrameworkInForce
    indicator: IndicatorDefinition
    target: Decimal

    @property
    def key(self) -> str:
        return f"{self.framework.code}|{self.indicator.code}"


def targets_offered(place: str, year: int, *, on: date) -> tuple[TargetOffered, ...]:
    """Return the targets that stand for the office's place in the year. Two queries a framework."""
    unit = find_unit(place, on=on)
    found = []
    for framework in frameworks_for(unit, year) if unit else ():
        targets = targets_now(framework.framework_id, [place])
        found += [
            TargetOffered(framework, each, targets[each.code, place])
            for each in framework.definition.indicators
            if (each.code, place) in targets
        ]
    return tuple(found)


# -- a team ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class TeamLine:
    """One post of the team. plan: its number, None where nobody began; weight: of the results.

    whose: who is to act next ("head": the assessor; "": nobody); assessed: by the reader.
    """

    post_id: int
    name: str
    title: str
    office_name: str
    plan: int | None
    state: str
    state_words: str
    look: str
    weight: Decimal | None
    is_whole: bool
    whose: str
    assessed: bool


@dataclass(frozen=True, slots=True)
class Team:
    """Everybody whose targets the person assesses or, as head of the province, may read."""

    fiscal_year: int
    number: int
    lines: tuple[TeamLine, ...]

    @property
    def mine(self) -> tuple[TeamLine, ...]:
        return tuple(each for each in self.lines if each.assessed)

    @property
    def others(self) -> tuple[TeamLine, ...]:
        return tuple(each for each in self.lines if not each.assessed)

    @property
    def without(self) -> int:
        return sum(each.plan is None for each in self.mine)

    @property
    def not_whole(self) -> int:
        return sum(each.plan is not None and not each.is_whole for each in self.mine)

    @property
    def waiting(self) -> int:
        return sum(each.whose == "head" for each in self.mine)


def may_have_a_team(standing: Standing) -> bool:
    """Say whether the person heads an office."""
    return any(_heads(post) for post in standing.posts)


def _heads(post: HeldPost) -> bool:
    return may(post.role, ASSESS) and not post.group_key


def team_of(standing: Standing, year: int, number: int) -> Team:
    """Return the team of a round: who waits for this head, then by office and name. Four queries whatever its size."""
    roots = {root for post in standing.posts if _heads(post) for root in post.roots}
    if not roots:
        return Team(year, number, ())
    posts = list(
        _held(standing.on)
        .filter(tree.within_any(roots, "office__place__"), tenure=Tenure.SUBSTANTIVE)
        .exclude(user=standing.user_id)
        .select_related("user", "office")
        .order_by("office__place", "user__sort_key", "pk")
    )
    heads = HeadsOfTheDay({post.office.place_id for post in posts}, on=standing.on)
    mine = {post.id for post in standing.posts}
    seen: list[tuple[Post, bool]] = []
    for post in posts:
        assessors = heads.assessors(post.user_id, post.role, post.office.place_id)
        assessed = any(each in mine for _user, each, _name in assessors)
        if assessed or heads_the_province(standing, post.office.place_id):
            seen.append((post, assessed))
    plans = {
        plan.post_id: plan
        for plan in PersonalPlan.objects.filter(
            post__in=[post.pk for post, _ in seen], fiscal_year=year, number=number
        )
    }
    weights: dict[int, dict[str, list[Line]]] = defaultdict(lambda: defaultdict(list))
    for line in PersonalLine.objects.filter(plan__in=plans.values()).only(
        "plan", "section", "weight"
    ):
        weights[line.plan_id][line.section].append(Line(line.weight))
    lines = [_team_line(post, plans.get(post.pk), weights, assessed) for post, assessed in seen]
    return Team(
        year,
        number,
        tuple(sorted(lines, key=lambda line: not (line.assessed and line.whose == "head"))),
    )


def _team_line(
    post: Post,
    plan: PersonalPlan | None,
    weights: Mapping[int, Mapping[str, list[Line]]],
    assessed: bool,
) -> TeamLine:
    sums = {
        section: weights_together(weights[plan.pk].get(section, [])) if plan else Decimal(0)
        for section in (RESULT, COMPETENCY)
    }
    whose = AWAITS[cast("State", plan.state)] if plan else "person"
    return TeamLine(
        post_id=post.pk,
        name=post.user.name_th,
        title=post.title,
        office_name=post.office.name_th,
        plan=plan.pk if plan else None,
        state=plan.state if plan else "",
        state_words=str(plan.get_state_display()) if plan else "",
        look=LOOK[plan.state] if plan else "bad",
        weight=sums[RESULT] if plan else None,
        is_whole=all(each == HUNDRED for each in sums.values()),
        whose=whose or "",
        assessed=assessed,
    )


def next_order(plan: PersonalPlan, section: str) -> int:
    """Return the order of a further line. One query."""
    last = plan.lines.filter(section=section).aggregate(last=Max("order"))["last"]
    return (last or 0) + 1
