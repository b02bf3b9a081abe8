"""Reports that recur, with how each period stands."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Exists, OuterRef, Q, QuerySet

from tiddao.people.access import Standing
from tiddao.places import tree
from tiddao.places.models import NATION
from tiddao.policy.models import Assignment, Channel, Directive, Facet, Obligation
from tiddao.policy.queries.directives import DirectiveLine, directive_lines
from tiddao.policy.queries.visibility import post_to_follow, visible_assignments
from tiddao.policy.rules.assignments import obligation_status
from tiddao.policy.rules.recurrence import Recurrence, recurrence_of

STATUSES = ("completed", "partial", "pending", "overdue")


@dataclass(frozen=True, slots=True)
class ObligationLine:
    """A report that recurs, in a list. direction: "D2P" to a province, "P2D" to the department."""

    id: int
    title: str
    direction: str
    office_name: str
    channel_words: str
    responsible: str
    facet_words: str
    recurrence: Recurrence
    starts_on: date
    ends_on: date | None
    ended_at: datetime | None
    periods: int  # sent so far
    last_due: date | None  # of the newest period


@dataclass(frozen=True, slots=True)
class PeriodLine:
    """One period: its directive, and how many offices stand in each of STATUSES."""

    directive: DirectiveLine
    statuses: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class ObligationView:
    """One report that recurs with its periods, the newest first."""

    line: ObligationLine
    text: str
    number: str
    link: str
    lead_days: int
    by_name: str
    at: datetime
    end_reason: str
    periods: tuple[PeriodLine, ...]
    may_end: bool


def obligations_seen(standing: Standing) -> QuerySet[Obligation]:
    """Return the reports that the person's offices ask for or owe, as a query; running ones first."""
    rows = Obligation.objects.select_related("office")
    if NATION not in standing.roots:
        owed = Assignment.objects.filter(
            tree.within_any(standing.roots, "place__"), directive__obligation=OuterRef("pk")
        )
        rows = rows.filter(
            tree.within_any(standing.roots, "place__")
            | Q(post__in=[post.id for post in standing.posts])
            | Q(Exists(owed))
        )
    return rows.order_by("ended_at", "title", "pk")


def obligation_lines(rows: Iterable[Obligation]) -> list[ObligationLine]:
    """Return rows of ``obligations_seen`` as lines. One query more."""
    held = list(rows)
    sent: dict[int, list[date | None]] = {}
    for obligation, due in Directive.objects.filter(
        obligation__in=[row.pk for row in held]
    ).values_list("obligation_id", "due_on"):
        sent.setdefault(obligation or 0, []).append(due)
    return [_line(row, sent.get(row.pk, [])) for row in held]


def find_obligation(obligation_id: int, standing: Standing) -> ObligationView | None:
    """Return one report that recurs if the person asks for it or owes it. Five queries."""
    row = obligations_seen(standing).filter(pk=obligation_id).first()
    if row is None:
        return None
    directives = list(Directive.objects.filter(obligation=row).order_by("-due_on", "-pk"))
    statuses = _statuses([each.pk for each in directives], standing)
    follows = any(post_to_follow(standing, each) for each in directives[:1]) or any(
        post.id == row.post_id or (post.office_code == row.office_id and post.group_key is None)
        for post in standing.posts
    )
    return ObligationView(
        line=_line(row, [each.due_on for each in directives]),
        text=row.text,
        number=row.number,
        link=row.link,
        lead_days=row.lead_days,
        by_name=row.by_name,
        at=row.at,
        end_reason=row.end_reason,
        periods=tuple(
            PeriodLine(line, tuple((code, statuses[line.id].get(code, 0)) for code in STATUSES))
            for line in directive_lines(directives, standing)
        ),
        may_end=row.ended_at is None and follows and standing.may("set_obligation", row.place_id),
    )


def _statuses(directives: list[int], standing: Standing) -> dict[int, dict[str, int]]:
    found: dict[int, dict[str, int]] = {each: {} for each in directives}
    rows = Assignment.objects.filter(
        visible_assignments(standing), directive__in=directives
    ).exclude(state="cancelled")
    for directive, state, own, due in rows.values_list(
        "directive_id", "state", "due_on", "directive__due_on"
    ):
        status = obligation_status(state, own or due, on=standing.on)
        found[directive][status] = found[directive].get(status, 0) + 1
    return found


def _line(row: Obligation, dues: list[date | None]) -> ObligationLine:
    return ObligationLine(
        id=row.pk,
        title=row.title,
        direction="P2D" if row.place_id == NATION else "D2P",
        office_name=row.office.name_th,
        channel_words=str(Channel(row.channel).label),
        responsible=row.responsible,
        facet_words=str(Facet(row.facet).label) if row.facet else "",
        recurrence=recurrence_of(row.recurrence),
        starts_on=row.starts_on,
        ends_on=row.ends_on,
        ended_at=row.ended_at,
        periods=len(dues),
        last_due=max((due for due in dues if due), default=None),
    )
