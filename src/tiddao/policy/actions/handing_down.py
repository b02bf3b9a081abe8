"""Handing a directive down: from one post to many offices, in one act."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import connection, transaction

from tiddao.kernel.fiscal import FiscalYear
from tiddao.ledger.actions import record
from tiddao.ledger.actors import Actor
from tiddao.places import tree
from tiddao.places.models import Office
from tiddao.policy.models import (
    Act,
    Assignment,
    AssignmentState,
    Decision,
    Directive,
    Facet,
    Line,
    Move,
    Proposal,
    Verdict,
)
from tiddao.policy.rules.assignments import FINAL, state_after

BATCH = 500
"""Rows of one statement."""


class DirectiveRefused(Exception):
    """It cannot be handed down so. field: the form's field it is about, or "".

    code: title-missing, text-missing, behalf-missing, no-receivers, outside-scope, own-office,
    due-passed, not-confirmed, source-cancelled, source-over.
    """

    def __init__(self, code: str, field: str = "") -> None:
        super().__init__(code)
        self.code = code
        self.field = field


@dataclass(frozen=True, slots=True)
class Sender:
    """The post that sends, as of the day. post_id: None for a system's own.

    scope: place codes; the post may ask offices within them.
    """

    office: str
    place: str
    title: str
    scope: frozenset[str]
    post_id: int | None = None


@dataclass(frozen=True, slots=True)
class NewDirective:
    """What is asked. on_behalf_of: the governor or district chief; makes it the area line's.

    due_words: what the source says instead of a day. proposal_id: the confirmed proposal it was
    read from. handed_down_from: the sender's own assignment that it passes on.
    """

    title: str
    text: str
    due_on: date | None = None
    due_words: str = ""
    facet: str = ""
    number: str = ""
    source: str = ""
    on_behalf_of: str = ""
    wants_evidence: bool = False
    document_id: int | None = None
    proposal_id: int | None = None
    handed_down_from: int | None = None
    obligation_id: int | None = None
    period: str = ""


@transaction.atomic
def hand_down(
    wanted: NewDirective,
    receivers: Collection[str],
    *,
    sender: Sender,
    on: date,
    by: Actor,
    at: datetime,
) -> Directive:
    """Send a directive to the offices (codes): one act however many they are, one ledger entry.

    Passing on an assignment acknowledges it, where that has not been done. Raises DirectiveRefused;
    Assignment.DoesNotExist, Proposal.DoesNotExist.
    """
    title, text = wanted.title.strip(), wanted.text.strip()
    _refuse_unfit(wanted, title, text, on=on)
    offices = _offices(receivers, sender=sender, area_line=bool(wanted.on_behalf_of.strip()), on=on)
    source = _source(wanted, sender, by=by, at=at)
    document_id = _document_of(wanted)
    made = Directive.objects.create(
        place_id=sender.place,
        office_id=sender.office,
        post_id=sender.post_id,
        sender_title=sender.title,
        line=Line.AREA if wanted.on_behalf_of.strip() else Line.DEPARTMENT,
        on_behalf_of=wanted.on_behalf_of.strip(),
        title=title[:300],
        text=text,
        facet=wanted.facet if wanted.facet in Facet.values else "",
        fiscal_year=FiscalYear.of(on).be,
        number=wanted.number.strip(),
        source=wanted.source.strip()[:500],
        document_id=document_id,
        proposal_id=wanted.proposal_id,
        root_id=(source.directive.root_id or source.directive_id) if source else None,
        handed_down_from=source,
        obligation_id=wanted.obligation_id,
        period=wanted.period,
        due_on=wanted.due_on,
        due_words=wanted.due_words.strip()[:200],
        wants_evidence=wanted.wants_evidence,
        sent_on=on,
        sent_at=at,
        by=by.reference,
        by_name=by.name,
        by_post=by.post,
    )
    Assignment.objects.bulk_create(
        (
            Assignment(directive=made, office_id=code, place_id=place, sent_at=at, moved_at=at)
            for code, place in offices
        ),
        batch_size=BATCH,
    )
    record(
        "hand_down_directive",
        on=f"directive:{made.pk}",
        by=by,
        at=at,
        place=sender.place,
        after={"title": made.title, "text": made.text, "receivers": [code for code, _ in offices]},
        detail={
            "receivers": len(offices),
            "due_on": wanted.due_on.isoformat() if wanted.due_on else "",
            "line": made.line,
        },
    )
    return made


@transaction.atomic
def hand_down_several(
    wanted: Sequence[NewDirective],
    receivers: Collection[str],
    *,
    sender: Sender,
    on: date,
    by: Actor,
    at: datetime,
) -> list[Directive]:
    """Send several directives of one paper to the same offices: all or none. As hand_down."""
    return [hand_down(each, receivers, sender=sender, on=on, by=by, at=at) for each in wanted]


@transaction.atomic
def cancel_directive(directive_id: int, *, reason: str, by: Actor, at: datetime) -> Directive:
    """Call a directive off with a reason, and with it all that was handed down from it.

    Offices that have closed keep their state. Cancelling again changes nothing. Raises
    DirectiveRefused (reason-missing), Directive.DoesNotExist.
    """
    held = Directive.objects.select_for_update().get(pk=directive_id)
    if held.state == Directive.State.CANCELLED:
        return held
    if not reason.strip():
        raise DirectiveRefused("reason-missing", "reason")
    whole = [held, *_below(held)]
    moved = 0
    for each in whole:
        if each.state == Directive.State.OPEN:
            each.state = Directive.State.CANCELLED
            each.cancelled_at, each.cancel_reason = at, reason.strip()[:500]
            each.save(update_fields=["state", "cancelled_at", "cancel_reason"])
            moved += _cancel_assignments(each, reason.strip(), by=by, at=at)
    record(
        "cancel_directive",
        on=f"directive:{held.pk}",
        by=by,
        at=at,
        place=held.place_id,
        before={"state": Directive.State.OPEN},
        after={"state": Directive.State.CANCELLED, "reason": held.cancel_reason},
        detail={"directives": len(whole), "receivers": moved},
    )
    return held


# -- what is asked of whom -------------------------------------------------------------------------


def _refuse_unfit(wanted: NewDirective, title: str, text: str, *, on: date) -> None:
    if not title:
        raise DirectiveRefused("title-missing", "title")
    if not text:
        raise DirectiveRefused("text-missing", "text")
    if wanted.due_on is not None and wanted.due_on < on:
        raise DirectiveRefused("due-passed", "due_on")


def _offices(
    receivers: Collection[str], *, sender: Sender, area_line: bool, on: date
) -> list[tuple[str, str]]:
    """(code, place) of the offices, which exist on the day and lie within the sender's scope."""
    found = list(
        Office.objects.filter(tree.exists_on(on), code__in=set(receivers))
        .order_by("code")
        .values_list("code", "place_id")
    )
    if not found or len(found) != len(set(receivers)):
        raise DirectiveRefused("no-receivers", "receivers")
    if not all(tree.is_within_any(place, sender.scope) for _, place in found):
        raise DirectiveRefused("outside-scope", "receivers")
    if not area_line and any(code == sender.office for code, _ in found):
        raise DirectiveRefused("own-office", "receivers")
    return found


def _document_of(wanted: NewDirective) -> int | None:
    """The document it was read from; what was read must have been confirmed by a person."""
    if wanted.proposal_id is None:
        return wanted.document_id
    proposal = Proposal.objects.get(pk=wanted.proposal_id)
    last = Decision.objects.filter(proposal=proposal).order_by("-number").first()
    if last is None or last.verdict not in {Verdict.CONFIRMED, Verdict.CHANGED}:
        raise DirectiveRefused("not-confirmed")
    return proposal.document_id


def _source(wanted: NewDirective, sender: Sender, *, by: Actor, at: datetime) -> Assignment | None:
    """The sender's own assignment that is passed on, now acknowledged."""
    if wanted.handed_down_from is None:
        return None
    held = (
        Assignment.objects.select_for_update(of=("self",))
        .select_related("directive")
        .get(pk=wanted.handed_down_from)
    )
    if held.office_id != sender.office:
        raise DirectiveRefused("outside-scope")
    if held.state in FINAL:
        raise DirectiveRefused(
            "source-cancelled" if held.state == AssignmentState.CANCELLED else "source-over"
        )
    if held.state in {AssignmentState.SENT, AssignmentState.ASKING}:
        held.state = state_after(held.state, Act.ACKNOWLEDGE)
        held.version += 1
        held.acknowledged_at = held.moved_at = at
        held.save(update_fields=["state", "version", "acknowledged_at", "moved_at"])
        Move.objects.create(
            assignment=held,
            number=held.version,
            act=Act.ACKNOWLEDGE,
            state=held.state,
            by=by.reference,
            by_name=by.name,
            by_post=by.post,
            at=at,
        )
    return held


# -- calling off -----------------------------------------------------------------------------------


def _below(directive: Directive) -> list[Directive]:
    """All directives that were handed down from it, however far, locked."""
    found: list[Directive] = []
    above: Iterable[int] = [directive.pk]
    while True:
        next_ones = list(
            Directive.objects.select_for_update(of=("self",))
            .filter(handed_down_from__directive__in=above)
            .order_by("pk")
        )
        if not next_ones:
            return found
        found += next_ones
        above = [each.pk for each in next_ones]


def _cancel_assignments(directive: Directive, reason: str, *, by: Actor, at: datetime) -> int:
    held = list(
        Assignment.objects.select_for_update()
        .filter(directive=directive)
        .exclude(state__in=FINAL)
        .order_by("pk")
    )
    for each in held:
        each.state = state_after(each.state, Act.CANCEL)
        each.version += 1
        each.moved_at = at
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    Assignment.objects.bulk_update(held, ["state", "version", "moved_at"], batch_size=BATCH)
    Move.objects.bulk_create(
        (
            Move(
                assignment=each,
                number=each.version,
                act=Act.CANCEL,
                state=each.state,
                words=reason,
                by=by.reference,
                by_name=by.name,
                by_post=by.post,
                at=at,
            )
            for each in held
        ),
        batch_size=BATCH,
    )
    return len(held)
