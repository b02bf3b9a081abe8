"""What single entries of the books leave to ask: advances, papers, entries written down late."""

from __future__ import annotations

from abc import abstractmethod
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal

from django.db.models import (
    Case,
    Count,
    DateField,
    Exists,
    ExpressionWrapper,
    F,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
    When,
)
from django.db.models.functions import Cast, Coalesce, TruncDate

from tiddao.budget.models import BookEntry, Keeping, PaperHeld
from tiddao.budget.queries.entries import StoredEntry, stored_entries
from tiddao.budget.queries.quality.finder import MONEY, Finder, Question
from tiddao.budget.queries.quality.scope import Scope
from tiddao.budget.rules.advances import CLEARING_DAYS
from tiddao.budget.rules.papers import PAPER_OF_DELIVERY, PROPOSED_PAPERS, papers_needed
from tiddao.budget.rules.quality import LATE_DAYS, Kind

_NOTHING = Decimal(0)


_TYPED_IN = (
    "allotment", "transfer_in", "transfer_out", "return", "commitment", "release", "disbursement",
    "advance", "clearance", "reservation",
)  # fmt: skip


class OfEntries(Finder):
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
        names = scope.names
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


class Overdue(OfEntries):
    """Advances past their day, with what is not cleared yet."""

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
                    F("amount") - Coalesce(Subquery(cleared), _NOTHING), output_field=MONEY
                )
            )
            .filter(asked__gt=0)
        )

    def days(self, entry: StoredEntry, on: date) -> int:
        """How many days the last one for clearing it has passed."""
        return (on - (entry.due_on or entry.on + timedelta(days=CLEARING_DAYS))).days

    def details(self, entries: Sequence[StoredEntry]) -> Mapping[int, tuple[str, ...]]:
        return {each.id: (each.borrower,) for each in entries if each.borrower}


class Papers(OfEntries):
    """Entries of which papers are missing."""

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
            PaperHeld.objects.filter(ended_at__isnull=True, book__in=list(scope.books))
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


class Late(OfEntries):
    """Entries written down long after the day they are true for."""

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


def _reversals(on: date) -> QuerySet[BookEntry]:
    return BookEntry.objects.filter(against=OuterRef("pk"), kind="reversal", on__lte=on)
