"""Field visits and their follow-ups as the pages show them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import CharField, Count, Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Cast, Coalesce
from django.utils.translation import gettext_lazy as _

from tiddao.evidence.models import EvidenceUse
from tiddao.people.access import HeldPost, Standing
from tiddao.places import tree
from tiddao.places.models import NATION, Place
from tiddao.places.queries.search import PlaceHit, places_by_codes, search
from tiddao.places.queries.units import full_name
from tiddao.policy.models import Directive, FieldVisit, FollowUp
from tiddao.policy.proving import VISIT
from tiddao.policy.queries.directives import own_offices
from tiddao.policy.queries.visibility import posts_to_send, visible_directives
from tiddao.policy.rules.visits import FollowUpState, follow_up_state

RECORD, FOLLOW = "record_visit", "follow_visit"
LOOKS = {"open": "info", "overdue": "bad", "handed-down": "check", "done": "ok"}
"""Which look of a status each state of a follow-up has."""
STATE_WORDS = {
    "open": _("not done yet"),
    "overdue": _("overdue"),
    "handed-down": _("handed down as a directive"),
    "done": _("done"),
}
"""What each state of a follow-up is called."""
DISTRICT_DIGITS = 4
"""A code so long is a district or below: its office follows whatever was seen there."""


@dataclass(frozen=True, slots=True)
class VisitLine:
    """A visit in a list. open, overdue: follow-ups; photos: proofs attached."""

    id: int
    place: str
    place_name: str
    above: str  # the places above, nearest first
    office: str
    office_name: str
    visited_on: date
    subject: str
    spot: str
    problem: str
    progress: str
    next_on: date | None
    follow_ups: int
    open: int
    overdue: int
    photos: int


@dataclass(frozen=True, slots=True)
class FollowUpLine:
    """What is to be done after a visit. directive_id: what it was handed down as; may_open: in line."""

    id: int
    visit_id: int
    subject: str
    visited_on: date
    place: str
    place_name: str
    office_name: str
    words: str
    responsible: str
    due_on: date | None
    state: FollowUpState
    state_words: str
    look: str
    done_at: datetime | None
    done_words: str
    directive_id: int | None
    may_open: bool


@dataclass(frozen=True, slots=True)
class VisitView:
    """One visit. recording: the post under which the person may mend it (those of its office);
    following: under which they follow it up; earlier, later: other visits to the same place.
    """

    line: VisitLine
    meeting: str
    meeting_id: int | None
    by_name: str
    at: datetime
    follow_ups: tuple[FollowUpLine, ...]
    earlier: tuple[VisitLine, ...]
    recording: HeldPost | None
    following: HeldPost | None
    may_hand_down: bool


@dataclass(frozen=True, slots=True)
class Tally:
    """Follow-ups of some visits: how many are open, and how many of these are overdue."""

    visits: int
    open: int
    overdue: int


@dataclass(frozen=True, slots=True)
class SeenHere:
    """What a place's page says of visits: counts, the latest three, the five most urgent follow-ups."""

    tally: Tally
    latest: tuple[VisitLine, ...]
    urgent: tuple[FollowUpLine, ...]
    may_record: bool


@dataclass(frozen=True, slots=True)
class Offered:
    """Where one may have been. within: whose places these are, None for the person's own; words: what
    was looked for.
    """

    within: PlaceHit | None
    places: tuple[PlaceHit, ...]
    words: str
    more: bool


def visible_visits(standing: Standing) -> Q:
    """Return the condition that a person may see a FieldVisit: their posts cover its place."""
    return tree.within_any(standing.roots, "place__")


def visits_seen(standing: Standing) -> QuerySet[FieldVisit]:
    """Return the visits to places that the person's posts cover, the latest first, as a query."""
    open_ones = Q(follow_ups__done_at__isnull=True, follow_ups__directive__isnull=True)
    photos = (
        EvidenceUse.objects.filter(
            subject_kind=VISIT,
            ended_at__isnull=True,
            subject_key=Cast(OuterRef("pk"), CharField()),
        )
        .order_by()
        .values("subject_key")
        .annotate(proofs=Count("pk"))
        .values("proofs")
    )
    rows = (
        FieldVisit.objects.filter(visible_visits(standing))
        .select_related("place", "office", "meeting")
        .annotate(
            follows=Count("follow_ups"),
            still_open=Count("follow_ups", filter=open_ones),
            late=Count("follow_ups", filter=open_ones & Q(follow_ups__due_on__lt=standing.on)),
            photos=Coalesce(Subquery(photos), 0),
        )
    )
    return rows.order_by("-visited_on", "-pk")


def visits_within(
    rows: QuerySet[FieldVisit],
    members: Collection[str],
    *,
    on: date,
    text: str = "",
    state: str = "",
) -> QuerySet[FieldVisit]:
    """Return those of the visits to places within these, that say a word, or have work open."""
    found = rows.filter(tree.within_any(members, "place__"))
    if text:
        found = found.filter(
            Q(subject__icontains=text)
            | Q(spot__icontains=text)
            | Q(problem__icontains=text)
            | Q(progress__icontains=text)
        )
    if state in {"open", "overdue"}:
        waiting = open_follow_ups(FollowUp.objects.filter(visit=OuterRef("pk")))
        if state == "overdue":
            waiting = waiting.filter(due_on__lt=on)
        found = found.filter(Exists(waiting))
    return found


def visit_lines(rows: Iterable[FieldVisit], *, on: date) -> list[VisitLine]:
    """Return rows of ``visits_seen`` as lines. One query more."""
    held = list(rows)
    above = _names_above([row.place_id for row in held], on=on)
    return [
        VisitLine(
            id=row.pk,
            place=row.place_id,
            place_name=full_name(row.place),
            above=above[row.place_id],
            office=row.office_id,
            office_name=row.office.name_th,
            visited_on=row.visited_on,
            subject=row.subject,
            spot=row.spot,
            problem=row.problem,
            progress=row.progress,
            next_on=row.next_on,
            follow_ups=getattr(row, "follows", 0),
            open=getattr(row, "still_open", 0),
            overdue=getattr(row, "late", 0),
            photos=getattr(row, "photos", 0),
        )
        for row in held
    ]


def find_visit(visit_id: int, standing: Standing) -> VisitView | None:
    """Return one visit if its place is in the person's scope. Six queries at most."""
    row = visits_seen(standing).filter(pk=visit_id).first()
    if row is None:
        return None
    others = visits_seen(standing).filter(place=row.place_id).exclude(pk=row.pk)[:5]
    line, *rest = visit_lines([row, *others], on=standing.on)
    follow_ups = follow_ups_seen(standing).filter(visit=row).order_by("pk")
    recording = next(
        (
            post
            for post in standing.posts
            if post.office_code == row.office_id and standing.post_for(RECORD, row.place_id)
        ),
        None,
    )
    return VisitView(
        line=line,
        meeting=row.meeting.title if row.meeting else "",
        meeting_id=row.meeting_id,
        by_name=row.by_name,
        at=row.at,
        follow_ups=tuple(follow_up_lines(follow_ups, standing)),
        earlier=tuple(rest),
        recording=recording,
        following=standing.post_for(FOLLOW, row.place_id),
        may_hand_down=bool(posts_to_send(standing)),
    )


def follow_ups_seen(standing: Standing) -> QuerySet[FollowUp]:
    """Return the follow-ups of visits that the person may see, the most urgent first, as a query."""
    return (
        FollowUp.objects.filter(tree.within_any(standing.roots, "visit__place__"))
        .select_related("visit", "visit__place", "visit__office")
        .order_by(F("done_at").desc(nulls_first=True), F("due_on").asc(nulls_last=True), "pk")
    )


def open_follow_ups(rows: QuerySet[FollowUp]) -> QuerySet[FollowUp]:
    """Return those of the follow-ups that are neither done nor handed down."""
    return rows.filter(done_at__isnull=True, directive__isnull=True)


def of_own_offices(rows: QuerySet[FollowUp], standing: Standing) -> QuerySet[FollowUp]:
    """Return those that are the person's own offices' business: of their own visits; for a district
    office also what anybody saw in its district.
    """
    own = set(own_offices(standing))
    districts = {
        root
        for post in standing.posts
        if post.office_code in own and post.group_key is None
        for root in post.roots
        if root != NATION and len(root) >= DISTRICT_DIGITS
    }
    return rows.filter(Q(visit__office__in=own) | (Q(tree.within_any(districts, "visit__place__"))))


def follow_up_lines(rows: Iterable[FollowUp], standing: Standing) -> list[FollowUpLine]:
    """Return rows of ``follow_ups_seen`` as lines. One query more where one was handed down."""
    held = list(rows)
    turned = [row.directive_id for row in held if row.directive_id]
    may_open = (
        frozenset(
            Directive.objects.filter(visible_directives(standing), pk__in=turned).values_list(
                "pk", flat=True
            )
        )
        if turned
        else frozenset()
    )
    return [_follow_up_line(row, may_open, on=standing.on) for row in held]


def find_follow_up(follow_up_id: int, standing: Standing) -> FollowUpLine | None:
    """Return one follow-up if its place is in the person's scope. Two queries at most."""
    rows = follow_ups_seen(standing).filter(pk=follow_up_id)
    return next(iter(follow_up_lines(rows, standing)), None)


def tally_within(standing: Standing, members: Collection[str]) -> Tally:
    """Return how many visits there were within places, and what is still open. Two queries."""
    visits = FieldVisit.objects.filter(
        tree.within_any(standing.roots, "place__"), tree.within_any(members, "place__")
    )
    late = Count("pk", filter=Q(due_on__lt=standing.on))
    open_ones = open_follow_ups(
        FollowUp.objects.filter(
            tree.within_any(standing.roots, "visit__place__"),
            tree.within_any(members, "visit__place__"),
        )
    ).aggregate(all=Count("pk"), late=late)
    return Tally(visits.count(), open_ones["all"], open_ones["late"])


def seen_here(standing: Standing, members: Collection[str], *, place: str = "") -> SeenHere:
    """Return what there is to say of visits within places. place: code of the one place, "" for a
    group. Five queries at most, two where nobody was.
    """
    tally = tally_within(standing, members)
    may_record = bool(place) and standing.may(RECORD, place)
    if not tally.visits:
        return SeenHere(tally, (), (), may_record)
    latest = visits_within(visits_seen(standing), members, on=standing.on)[:3]
    urgent = open_follow_ups(follow_ups_seen(standing)).filter(
        tree.within_any(members, "visit__place__")
    )[:5]
    return SeenHere(
        tally,
        tuple(visit_lines(latest, on=standing.on)),
        tuple(follow_up_lines(urgent, standing)) if tally.open else (),
        may_record,
    )


def overdue_follow_ups(standing: Standing) -> tuple[int, Sequence[FollowUpLine]]:
    """Return how many follow-ups of the person's own offices are overdue, and the five that are so
    longest. Two queries.
    """
    rows = of_own_offices(open_follow_ups(follow_ups_seen(standing)), standing).filter(
        due_on__lt=standing.on
    )
    count = rows.count()
    return count, follow_up_lines(rows[:5], standing) if count else ()


def places_offered(
    standing: Standing, *, act: str = RECORD, within: str = "", words: str = ""
) -> Offered:
    """Return where a person may have been: by words, below a place, or their own places.

    A place that they do not cover is as none. Five queries at most, nine by words.
    """
    roots = standing.roots_for(act)
    if words:
        found = search(words, roots=roots, on=standing.on)
        return Offered(None, found.places, words, found.more)
    own = places_by_codes(roots, on=standing.on)
    if not within and len(own) == 1:
        within = own[0].key
    if not within or not tree.is_within_any(within, roots):
        return Offered(None, own, "", more=False)
    here = places_by_codes([within], on=standing.on)
    if not here:
        return Offered(None, own, "", more=False)
    below = Place.objects.filter(tree.exists_on(standing.on), parent=within)
    codes = list(below.values_list("code", flat=True))
    return Offered(here[0], places_by_codes(codes, on=standing.on), "", more=False)


# -- pieces ----------------------------------------------------------------------------------------


def _follow_up_line(row: FollowUp, may_open: Collection[int], *, on: date) -> FollowUpLine:
    state = follow_up_state(
        row.due_on,
        is_done=row.done_at is not None,
        is_handed_down=row.directive_id is not None,
        on=on,
    )
    return FollowUpLine(
        id=row.pk,
        visit_id=row.visit_id,
        subject=row.visit.subject,
        visited_on=row.visit.visited_on,
        place=row.visit.place_id,
        place_name=full_name(row.visit.place),
        office_name=row.visit.office.name_th,
        words=row.words,
        responsible=row.responsible,
        due_on=row.due_on,
        state=state,
        state_words=str(STATE_WORDS[state.code]),
        look=LOOKS[state.code],
        done_at=row.done_at,
        done_words=row.done_words,
        directive_id=row.directive_id,
        may_open=row.directive_id in may_open,
    )


def _names_above(codes: Collection[str], *, on: date) -> dict[str, str]:
    """By code, the names of the places above it, nearest first, without the nation. One query."""
    above = {code: tree.ancestor_codes(code)[:0:-1] for code in codes}
    wanted = {each for some in above.values() for each in some}
    rows = Place.objects.filter(tree.exists_on(on), code__in=wanted) if wanted else ()
    names = {row.code: full_name(row) for row in rows}
    return {
        code: " ".join(names[each] for each in some if each in names)
        for code, some in above.items()
    }
