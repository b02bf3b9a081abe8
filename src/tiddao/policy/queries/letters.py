"""Letters, circulars and memoranda as the pages show them, and what a new one begins with."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime

from django.db.models import Count, Q, QuerySet

from tiddao.people.access import HeldPost, Standing
from tiddao.people.models import Post
from tiddao.places import tree
from tiddao.places.models import NATION, Office
from tiddao.policy.models import Assignment, IssuedPaper, Paper
from tiddao.policy.queries.directives import DirectiveView
from tiddao.policy.queries.papers import post_at_office
from tiddao.policy.rules.letters import HEADS, Addressed, addressed, of_directive
from tiddao.policy.rules.official import Letter, PaperKind, letter_from

LOOK = {"draft": "info", "issued": "ok", "dropped": "nodata"}


@dataclass(frozen=True, slots=True)
class LetterLine:
    """A letter in a list. issues: how often it was issued."""

    id: int
    kind: str
    kind_words: str
    subject: str
    number: str
    to: str
    day: date | None
    office: str
    office_name: str
    place: str
    state: str
    state_words: str
    look: str
    version: int
    issues: int
    by_name: str
    at: datetime


@dataclass(frozen=True, slots=True)
class IssueLine:
    """One issue of a letter or of minutes."""

    number: int
    sha256: str
    reason: str
    by_name: str
    by_post: str
    at: datetime


@dataclass(frozen=True, slots=True)
class LetterView:
    """One letter. writer: the post under which the person may write it on, issuer: issue it."""

    line: LetterLine
    letter: Letter
    meeting_id: int | None
    directive_id: int | None
    issues: tuple[IssueLine, ...]
    writer: HeldPost | None
    issuer: HeldPost | None


def visible_papers(standing: Standing) -> Q:
    """Return the condition that a person may see a Paper: of an office they cover, or their own."""
    if NATION in standing.roots:
        return Q()
    return tree.within_any(standing.roots, "place__") | Q(by=standing.reference)


def letters_seen(standing: Standing, *, text: str = "", kind: str = "") -> QuerySet[Paper]:
    """Return the letters that the person may see, as a query, the newest first."""
    rows = Paper.objects.filter(visible_papers(standing)).select_related("office")
    if text:
        rows = rows.filter(Q(subject__icontains=text) | Q(content__number__icontains=text))
    if kind:
        rows = rows.filter(kind=kind)
    return rows.annotate(issued=Count("issues")).order_by("-at", "-pk")


def letter_lines(rows: Iterable[Paper]) -> list[LetterLine]:
    """Return rows of ``letters_seen`` as lines. No query more."""
    return [_line(row, row.issued) for row in rows]  # type: ignore[attr-defined]  # annotated


def letters_of(
    standing: Standing, *, meeting_id: int | None = None, directive_id: int | None = None
) -> list[LetterLine]:
    """Return the letters written from a meeting or a directive that the person may see."""
    rows = letters_seen(standing)
    if meeting_id is not None:
        rows = rows.filter(meeting=meeting_id)
    if directive_id is not None:
        rows = rows.filter(directive=directive_id)
    return letter_lines(rows)


def find_letter(letter_id: int, standing: Standing) -> LetterView | None:
    """Return the letter if the person may see it. Two queries."""
    row = (
        Paper.objects.filter(visible_papers(standing), pk=letter_id)
        .select_related("office")
        .first()
    )
    if row is None:
        return None
    issues = tuple(issue_line(each) for each in row.issues.order_by("-number"))
    return LetterView(
        line=_line(row, len(issues)),
        letter=letter_from(row.content),
        meeting_id=row.meeting_id,
        directive_id=row.directive_id,
        issues=issues,
        writer=post_at_office(standing, row.office_id, "write_letter"),
        issuer=post_at_office(standing, row.office_id, "issue_letter"),
    )


def find_issued_letter(
    letter_id: int, number: int, standing: Standing
) -> tuple[Letter, IssueLine] | None:
    """Return an issue of a letter, as it said then, if the person may see the letter. One query."""
    row = (
        IssuedPaper.objects.filter(
            paper__in=Paper.objects.filter(visible_papers(standing), pk=letter_id), number=number
        )
        .select_related("paper")
        .first()
    )
    return (letter_from(row.content), issue_line(row)) if row else None


def issue_line(row: IssuedPaper) -> IssueLine:
    """Return an issue without its content."""
    return IssueLine(row.number, row.sha256, row.reason, row.by_name, row.by_post, row.at)


# -- what a new letter begins with -----------------------------------------------------------------


def letter_from_directive(kind: PaperKind, directive: DirectiveView, office: str) -> Letter:
    """Return a letter that says what the directive says, to its receivers. Three queries."""
    assignments = Assignment.objects.filter(directive=directive.line.id)
    rows = assignments.select_related("office", "place").order_by("place_id")
    receivers = [(row.office.kind, row.place.name_th) for row in rows]
    due = directive.line.due
    return of_directive(
        kind,
        office=office,
        title=directive.line.title,
        text=directive.text,
        source=directive.source,
        on_behalf_of=directive.line.on_behalf_of,
        due_on=due.day if due else None,
        due_words=directive.line.due_words,
        number=directive.line.number,
        to=to_offices(receivers, within=directive.line.place),
    )


def to_offices(receivers: list[tuple[str, str]], *, within: str) -> Addressed:
    """Return the words of address of offices (kind, name of the place); all within a place are
    said as all. One query.
    """
    kinds = {kind for kind, _ in receivers}
    of_all = None
    if len(kinds) == 1:
        rows = Office.objects.filter(tree.within_any({within}, "place__"), valid_to=None)
        of_all = rows.filter(kind__in=kinds).count()
    return addressed(receivers, of_all=of_all)


def _line(row: Paper, issues: int) -> LetterLine:
    letter = letter_from(row.content)
    return LetterLine(
        id=row.pk,
        kind=row.kind,
        kind_words=str(row.get_kind_display()),
        subject=row.subject,
        number=letter.number,
        to=letter.to,
        day=letter.day,
        office=row.office_id,
        office_name=row.office.name_th,
        place=row.place_id,
        state=row.state,
        state_words=str(row.get_state_display()),
        look=LOOK[row.state],
        version=row.version,
        issues=issues,
        by_name=row.by_name,
        at=row.at,
    )


_HEADS = ("provincial_head", "district_head", "executive")


def with_usual_end(letter: Letter, office: str, *, on: date) -> Letter:
    """Return the letter with what letters of the office usually end with: as its last letter, else
    signed by whoever heads the office on the day. Up to two queries.
    """
    last = Paper.objects.filter(office=office).order_by("-at", "-pk").first()
    if last is None:
        name, title = head_of(office, on=on) or ("", "")
        return replace(letter, signer=name, signer_title=title)
    usual = letter_from(last.content)
    return replace(
        letter,
        address=usual.address,
        unit=usual.unit,
        phone=usual.phone,
        email=usual.email,
        signer=usual.signer,
        signer_title=usual.signer_title,
    )


def head_of(office: str, *, on: date) -> tuple[str, str] | None:
    """Return (name, position with its place) of whoever heads the office on the day. One query."""
    post = (
        Post.objects.filter(office=office, role__in=_HEADS, group=None, held_from__lte=on)
        .filter(Q(held_to=None) | Q(held_to__gte=on))
        .select_related("user", "office__place")
        .order_by("-held_from", "pk")
        .first()
    )
    return (post.user.name_th, title_of(post)) if post else None


def title_of(post: Post) -> str:
    """Return the position in words, with its place where the title lacks it:
    "พัฒนาการอำเภอ" → "พัฒนาการอำเภอพญาเม็งราย".
    """
    title = post.title
    if title in HEADS.values():
        return f"{title}{post.office.place.name_th}"
    return title
