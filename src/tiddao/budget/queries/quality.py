"""Questions about the data of offices: how many of each kind, and which, a page at a time.

A question is looked up where its fact stands; nothing is kept beside it. Of many offices (a region,
the nation) the counts of last night are read instead (``QualityCount``).
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, cast

from django.db.models import (
    Case,
    CharField,
    Count,
    DateField,
    DecimalField,
    Exists,
    ExpressionWrapper,
    F,
    IntegerField,
    Max,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
    When,
)
from django.db.models.functions import Cast, Coalesce, Concat, TruncDate

from tiddao.budget.models import (
    Book,
    BookBalance,
    BookEntry,
    EnvelopeBalance,
    Keeping,
    PaperHeld,
    QualityCount,
    StatedScore,
    WorkbookIssue,
    WorkbookUpload,
)
from tiddao.budget.queries.entries import StoredEntry, stored_entries
from tiddao.budget.queries.positions import office_name
from tiddao.budget.rules.advances import CLEARING_DAYS
from tiddao.budget.rules.papers import PAPER_OF_DELIVERY, PROPOSED_PAPERS, papers_needed
from tiddao.budget.rules.quality import IDLE_DAYS, KINDS, LATE_DAYS, STALE_DAYS, Kind
from tiddao.kernel.fiscal import FiscalYear
from tiddao.places import tree
from tiddao.places.models import Office, OfficeKind

MOST_LIVE = 60
"""Offices of which the questions are looked up at once: any province's, or a few zones'."""

_NOTHING = Decimal(0)
_MONEY: DecimalField = DecimalField(max_digits=18, decimal_places=2)  # type: ignore[type-arg]  # not subscriptable when run


@dataclass(frozen=True, slots=True)
class OfficeAsked:
    """An office whose data are asked about."""

    code: str
    place: str
    name: str


@dataclass(frozen=True, slots=True)
class Scope:
    """Which offices, which year, as of which day. books: number of a book → place of its office."""

    year: FiscalYear
    on: date
    offices: tuple[OfficeAsked, ...]
    books: Mapping[int, str]

    @property
    def places(self) -> tuple[str, ...]:
        return tuple(each.place for each in self.offices)

    @property
    def is_live(self) -> bool:
        """Few enough to look at the facts themselves."""
        return len(self.offices) <= MOST_LIVE

    def narrowed(self, place: str) -> Scope:
        """The same for the office at one place alone."""
        return Scope(
            self.year,
            self.on,
            tuple(each for each in self.offices if each.place == place),
            {book: own for book, own in self.books.items() if own == place},
        )


@dataclass(frozen=True, slots=True)
class Tally:
    """How many questions, and the baht that they are about."""

    count: int = 0
    amount: Decimal = _NOTHING

    def __add__(self, other: Tally) -> Tally:
        return Tally(self.count + other.count, self.amount + other.amount)


Counts = Mapping[tuple[str, Kind], Tally]
"""By place of the office and kind; what is not there is nothing."""


@dataclass(frozen=True, slots=True)
class Question:
    """One question. subject: what it is about, in the words of the data; reference: sheet!cell or a
    document's number. days: how long, where that is the point. target: number of the row asked about.
    """

    kind: Kind
    place: str
    office_name: str
    subject: str
    reference: str
    amount: Decimal | None
    on: date | None
    days: int | None
    target: int | None
    book: int | None = None
    detail: tuple[str, ...] = ()
    type: str = ""
    severity: str = ""


def scope_of(members: Collection[str], year: FiscalYear, *, today: date) -> Scope:
    """Return the offices within the places, with their books. Two queries.

    The day asked about is today, or the year's last when it is over.
    """
    on = min(today, year.end)
    rows = Office.objects.filter(
        tree.exists_on(on), tree.within_any(tuple(members), "place__")
    ).exclude(kind=OfficeKind.DEPARTMENT)
    offices = tuple(
        OfficeAsked(each.code, each.place_id, office_name(each)) for each in rows.order_by("code")
    )
    books = Book.objects.filter(fiscal_year=year.be, office__in=[each.code for each in offices])
    return Scope(year, on, offices, dict(books.values_list("pk", "place_id")))


def live_counts(scope: Scope) -> Counts:
    """Return how many questions of each kind each office has, from the facts. A query a kind."""
    found: dict[tuple[str, Kind], Tally] = {}
    for kind in KINDS:
        finder = _FINDERS[kind]
        rows = (
            finder.counted(scope)
            .order_by()
            .values_list(finder.place)
            .annotate(count=Count("pk"), amount=Sum(finder.amount))
        )
        for place, count, amount in rows:
            found[place, kind] = Tally(count, amount or _NOTHING)
    return found


def kept_counts(scope: Scope) -> tuple[Counts, date | None]:
    """Return the counts of last night and the oldest day they are of. One query.

    None: nobody has counted yet.
    """
    rows = QualityCount.objects.filter(fiscal_year=scope.year.be)
    wanted = set(scope.places)
    found: dict[tuple[str, Kind], Tally] = {}
    days = []
    for place, kind, count, amount, on in rows.values_list(
        "place_id", "kind", "count", "amount", "on"
    ):
        if place in wanted:
            days.append(on)
            if count:
                found[place, cast("Kind", kind)] = Tally(count, amount)
    return found, min(days, default=None)


class Questions(Sequence[Question]):
    """The questions of some kinds, in the order of kinds, read only where they are looked at."""

    def __init__(self, scope: Scope, counts: Counts, kinds: Iterable[Kind]) -> None:
        self.scope = scope
        self.sizes: list[tuple[Kind, int]] = []
        places = set(scope.places)
        for kind in kinds:
            size = sum(
                tally.count
                for (place, own), tally in counts.items()
                if own == kind and place in places
            )
            if size:
                self.sizes.append((kind, size))

    def __len__(self) -> int:
        return sum(size for _, size in self.sizes)

    def __getitem__(self, wanted: Any) -> Any:
        if not isinstance(wanted, slice):
            return self._between(wanted, wanted + 1)[0]
        first, last, _step = wanted.indices(len(self))
        return self._between(first, last)

    def __iter__(self) -> Iterator[Question]:
        return iter(self._between(0, len(self)))

    def _between(self, first: int, last: int) -> list[Question]:
        found: list[Question] = []
        before = 0
        for kind, size in self.sizes:
            begin, end = max(first - before, 0), min(last - before, size)
            if begin < end:
                found += _FINDERS[kind].questions(self.scope, begin, end)
            before += size
        return found


@dataclass(frozen=True, slots=True)
class IssueView:
    """One finding of an accepted workbook. explanation: "" while it is open."""

    id: int
    unit: str
    province: str
    fiscal_year: int
    file_name: str
    as_of: date | None
    type: str
    severity: str
    sheet: str
    cell: str
    message_th: str
    amount: Decimal | None
    is_superseded: bool
    explanation: str


def find_issue(issue_id: int) -> IssueView | None:
    """Return the finding of that number, or None. One query."""
    row = WorkbookIssue.objects.select_related("upload").filter(pk=issue_id).first()
    if row is None:
        return None
    return IssueView(
        id=row.pk,
        unit=row.unit_id,
        province=row.upload.place_id,
        fiscal_year=row.upload.fiscal_year,
        file_name=row.upload.file_name,
        as_of=row.upload.as_of,
        type=row.type,
        severity=row.severity,
        sheet=row.sheet,
        cell=row.cell,
        message_th=row.message_th,
        amount=row.amount,
        is_superseded=row.superseded_at is not None,
        explanation=row.explanation if row.explained_at else "",
    )


# -- where each kind is found ---------------------------------------------------------------------


class _Finder(ABC):
    """place, amount: where a row of the table has the office's place and the baht asked about."""

    place: str
    amount: str

    @abstractmethod
    def rows(self, scope: Scope) -> QuerySet[Any]:
        """Return what is asked about, one row a question."""

    def counted(self, scope: Scope) -> QuerySet[Any]:
        """Return the same rows, found in the way that suits counting all of them."""
        return self.rows(scope)

    @abstractmethod
    def questions(self, scope: Scope, first: int, last: int) -> list[Question]: ...


def _names(scope: Scope) -> dict[str, str]:
    return {each.place: each.name for each in scope.offices}


class _Issues(_Finder):
    place = "unit_id"
    amount = "amount"

    def rows(self, scope: Scope) -> QuerySet[WorkbookIssue]:
        return WorkbookIssue.objects.filter(
            unit__in=scope.places,
            upload__fiscal_year=scope.year.be,
            superseded_at__isnull=True,
            explained_at__isnull=True,
        )

    def questions(self, scope: Scope, first: int, last: int) -> list[Question]:
        names = _names(scope)
        refused_first = Case(When(severity="refused", then=0), default=1)
        rows = (
            self.rows(scope)
            .select_related("upload")
            .order_by(refused_first, "unit_id", "sheet", "pk")
        )
        return [
            Question(
                kind="issue",
                place=row.unit_id,
                office_name=names[row.unit_id],
                subject=row.message_th,
                reference=f"{row.sheet}!{row.cell}" if row.cell else row.sheet,
                amount=row.amount,
                on=row.upload.as_of,
                days=None,
                target=row.pk,
                type=row.type,
                severity=row.severity,
            )
            for row in rows[first:last]
        ]


class _Scores(_Finder):
    place = "unit_id"
    amount = "no_amount"

    def rows(self, scope: Scope) -> QuerySet[StatedScore]:
        newest = (
            StatedScore.objects.filter(
                unit=OuterRef("unit"),
                upload__fiscal_year=scope.year.be,
                upload__state=WorkbookUpload.State.ACCEPTED,
            )
            .order_by("-as_of", "-pk")
            .values("pk")[:1]
        )
        return (
            StatedScore.objects.filter(
                unit__in=scope.places, pk=Subquery(newest), printed__isnull=False
            )
            .filter(computed__isnull=False)
            .exclude(printed=F("computed"))
            .annotate(no_amount=_no_money())
        )

    def questions(self, scope: Scope, first: int, last: int) -> list[Question]:
        names = _names(scope)
        return [
            Question(
                kind="score",
                place=row.unit_id,
                office_name=names[row.unit_id],
                subject="",
                reference=row.cell,
                amount=None,
                on=row.as_of,
                days=None,
                target=row.pk,
                detail=(str(row.printed), str(row.computed)),
            )
            for row in self.rows(scope).order_by("unit_id")[first:last]
        ]


class _Silent(_Finder):
    place = "place_id"
    amount = "no_amount"

    def rows(self, scope: Scope) -> QuerySet[Office]:
        entries = BookBalance.objects.filter(
            book__office=OuterRef("pk"), book__fiscal_year=scope.year.be
        )
        return (
            Office.objects.filter(code__in=[each.code for each in scope.offices])
            .exclude(Exists(entries))
            .annotate(no_amount=_no_money())
        )

    def questions(self, scope: Scope, first: int, last: int) -> list[Question]:
        names = _names(scope)
        return [
            Question(
                kind="silent",
                place=row.place_id,
                office_name=names[row.place_id],
                subject="",
                reference="",
                amount=None,
                on=scope.on,
                days=None,
                target=None,
            )
            for row in self.rows(scope).order_by("code")[first:last]
        ]


class _OfEntries(_Finder):
    """What entries of the books are asked about."""

    kind: Kind
    place = "book__place_id"
    amount = "asked"

    @abstractmethod
    def rows(self, scope: Scope) -> QuerySet[BookEntry]:
        """The entries asked about, each with the money that is asked about."""

    def standing(self, scope: Scope, kinds: Collection[str]) -> QuerySet[BookEntry]:
        """Entries typed in, true by the day and not undone by it."""
        return BookEntry.objects.filter(
            ~Exists(_reversals(scope.on)),
            book__in=list(scope.books),
            envelope__keeping=Keeping.ENTRIES,
            kind__in=kinds,
            on__lte=scope.on,
        )

    def questions(self, scope: Scope, first: int, last: int) -> list[Question]:
        names = _names(scope)
        rows = self.rows(scope).order_by("book__place_id", "on", "pk")[first:last]
        asked = {row.pk: row.asked for row in rows}  # type: ignore[attr-defined]  # annotated
        entries = stored_entries(BookEntry.objects.filter(pk__in=list(asked)))
        by_number = {each.id: each for each in entries}
        details = self.details(entries)
        found = []
        for number, amount in asked.items():
            entry = by_number[number]
            found.append(
                Question(
                    kind=self.kind,
                    place=scope.books[entry.book],
                    office_name=names[scope.books[entry.book]],
                    subject=entry.kind,
                    reference=entry.document,
                    amount=amount,
                    on=entry.on,
                    days=self.days(entry, scope.on),
                    target=number,
                    book=entry.book,
                    detail=details.get(number, ()),
                )
            )
        return found

    def days(self, entry: StoredEntry, on: date) -> int | None:  # noqa: ARG002 -- some kinds have none
        return None

    def details(self, entries: Sequence[StoredEntry]) -> Mapping[int, tuple[str, ...]]:  # noqa: ARG002 -- as above
        return {}


class _Overdue(_OfEntries):
    kind: Kind = "overdue"

    def rows(self, scope: Scope) -> QuerySet[BookEntry]:
        cleared = (
            BookEntry.objects.filter(
                ~Exists(_reversals(scope.on)),
                against=OuterRef("pk"),
                kind="clearance",
                on__lte=scope.on,
            )
            .order_by()
            .values("against")
            .annotate(cleared=Sum(F("amount") + F("cash_back")))
            .values("cleared")
        )
        last_lent = scope.on - timedelta(days=CLEARING_DAYS + 1)
        return (
            self.standing(scope, ("advance",))
            .filter(Q(due_on__lt=scope.on) | Q(due_on__isnull=True, on__lte=last_lent))
            .annotate(
                asked=ExpressionWrapper(
                    F("amount") - Coalesce(Subquery(cleared), _NOTHING), output_field=_MONEY
                )
            )
            .filter(asked__gt=0)
        )

    def days(self, entry: StoredEntry, on: date) -> int:
        """How many days the last one for clearing it has passed."""
        return (on - (entry.due_on or entry.on + timedelta(days=CLEARING_DAYS))).days

    def details(self, entries: Sequence[StoredEntry]) -> Mapping[int, tuple[str, ...]]:
        return {each.id: (each.borrower,) for each in entries if each.borrower}


def _papers_needed(at: str = "") -> Case:
    """How many papers an entry needs (``rules.papers``); at: the way to the entry."""
    drawn = {f"{at}kind": "disbursement", f"{at}against__isnull": False}
    return Case(
        When(**drawn, then=Value(len({*PROPOSED_PAPERS["disbursement"], PAPER_OF_DELIVERY}))),
        *(
            When(**{f"{at}kind": kind}, then=Value(len(papers)))
            for kind, papers in PROPOSED_PAPERS.items()
        ),
        output_field=IntegerField(),
    )


class _Papers(_OfEntries):
    kind: Kind = "papers"

    def rows(self, scope: Scope) -> QuerySet[BookEntry]:
        held = (
            PaperHeld.objects.filter(entry=OuterRef("pk"), ended_at__isnull=True)
            .order_by()
            .values("entry")
            .annotate(count=Count("pk"))
            .values("count")
        )
        return (
            self.standing(scope, tuple(PROPOSED_PAPERS))
            .annotate(asked=F("amount"), needed=_papers_needed(), held=Coalesce(Subquery(held), 0))
            .filter(held__lt=F("needed"))
        )

    def counted(self, scope: Scope) -> QuerySet[BookEntry]:
        """Papers counted once for all entries: asking of each costs a province half a second."""
        complete = (
            PaperHeld.objects.filter(ended_at__isnull=True, entry__book__in=list(scope.books))
            .order_by()
            .values("entry")
            .annotate(held=Count("pk"), needed=_papers_needed("entry__"))
            .filter(held__gte=F("needed"))
            .values("entry")
        )
        return (
            self.standing(scope, tuple(PROPOSED_PAPERS))
            .annotate(asked=F("amount"))
            .exclude(pk__in=complete)
        )

    def details(self, entries: Sequence[StoredEntry]) -> Mapping[int, tuple[str, ...]]:
        """The papers that are missing, by number of the entry. One query."""
        held: dict[int, set[str]] = defaultdict(set)
        rows = PaperHeld.objects.filter(
            entry__in=[each.id for each in entries], ended_at__isnull=True
        )
        for entry, paper in rows.values_list("entry_id", "paper"):
            held[entry].add(paper)
        return {
            each.id: tuple(
                paper for paper in papers_needed(each.entry) if paper not in held[each.id]
            )
            for each in entries
        }


class _Late(_OfEntries):
    kind: Kind = "late"

    def rows(self, scope: Scope) -> QuerySet[BookEntry]:
        in_time = ExpressionWrapper(F("on") + timedelta(days=LATE_DAYS), output_field=DateField())
        return (
            self.standing(scope, _TYPED_IN)
            .filter(source="")
            .annotate(
                asked=F("amount"),
                written=Cast(TruncDate("known_at"), DateField()),
                in_time=in_time,
            )
            .filter(written__gt=F("in_time"))
        )

    def days(self, entry: StoredEntry, on: date) -> int:  # noqa: ARG002 -- as the others
        return (entry.known_at.date() - entry.on).days


class _Idle(_Finder):
    place = "book__place_id"
    amount = "remaining"

    def rows(self, scope: Scope) -> QuerySet[EnvelopeBalance]:
        moved = BookEntry.objects.filter(
            envelope=OuterRef("envelope_id"), on__gt=scope.on - timedelta(days=IDLE_DAYS)
        )
        return EnvelopeBalance.objects.filter(
            ~Exists(moved),
            book__in=list(scope.books),
            book__closed_at__isnull=True,
            remaining__gt=0,
        )

    def questions(self, scope: Scope, first: int, last: int) -> list[Question]:
        names = _names(scope)
        project = "envelope__activity__project__"
        rows = (
            self.rows(scope)
            .annotate(
                newest=Max("envelope__entries__on"),
                subject=Concat(
                    f"{project}number", Value(" "), f"{project}name_th", output_field=CharField()
                ),
                own_place=F("book__place_id"),
                tranche=F("envelope__tranche"),
            )
            .order_by("book__place_id", "-remaining", "envelope_id")
        )
        return [
            Question(
                kind="idle",
                place=row.own_place,
                office_name=names[row.own_place],
                subject=row.subject.strip(),
                reference=row.tranche,
                amount=row.remaining,
                on=row.newest,
                days=(scope.on - row.newest).days if row.newest else None,
                target=row.envelope_id,
                book=row.book_id,
            )
            for row in rows[first:last]
        ]


class _Stale(_Finder):
    place = "place_id"
    amount = "no_amount"

    def rows(self, scope: Scope) -> QuerySet[WorkbookUpload]:
        newest = (
            WorkbookUpload.objects.filter(
                place=OuterRef("place"),
                fiscal_year=scope.year.be,
                state=WorkbookUpload.State.ACCEPTED,
                as_of__isnull=False,
            )
            .order_by("-as_of", "-pk")
            .values("pk")[:1]
        )
        return WorkbookUpload.objects.filter(
            pk=Subquery(newest),
            place__in=scope.places,
            fiscal_year=scope.year.be,
            as_of__lt=scope.on - timedelta(days=STALE_DAYS),
        ).annotate(no_amount=_no_money())

    def questions(self, scope: Scope, first: int, last: int) -> list[Question]:
        names = _names(scope)
        return [
            Question(
                kind="stale",
                place=row.place_id,
                office_name=names[row.place_id],
                subject=row.file_name,
                reference="",
                amount=None,
                on=row.as_of,
                days=(scope.on - row.as_of).days if row.as_of else None,
                target=row.pk,
            )
            for row in self.rows(scope).order_by("place_id")[first:last]
        ]


_TYPED_IN = (
    "allotment", "transfer_in", "transfer_out", "return", "commitment", "release", "disbursement",
    "advance", "clearance", "reservation",
)  # fmt: skip


def _no_money() -> Cast:
    return Cast(Value(None), _MONEY)


def _reversals(on: date) -> QuerySet[BookEntry]:
    return BookEntry.objects.filter(against=OuterRef("pk"), kind="reversal", on__lte=on)


_FINDERS: Mapping[Kind, _Finder] = {
    "issue": _Issues(),
    "score": _Scores(),
    "silent": _Silent(),
    "overdue": _Overdue(),
    "papers": _Papers(),
    "idle": _Idle(),
    "late": _Late(),
    "stale": _Stale(),
}
