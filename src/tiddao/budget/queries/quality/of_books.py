"""What whole books leave to ask: offices without an entry, money that does not move."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import CharField, Exists, F, Max, OuterRef, QuerySet, Value
from django.db.models.functions import Concat

from tiddao.budget.models import BookBalance, BookEntry, EnvelopeBalance
from tiddao.budget.queries.quality.finder import Finder, Question, no_money
from tiddao.budget.queries.quality.scope import Scope
from tiddao.budget.rules.quality import IDLE_DAYS
from tiddao.places.models import Office


class Silent(Finder):
    """Offices whose book of the year has no entry."""

    place = "place_id"
    amount = "no_amount"

    def rows(self, scope: Scope) -> QuerySet[Office]:
        entries = BookBalance.objects.filter(
            book__office=OuterRef("pk"), book__fiscal_year=scope.year.be
        )
        return (
            Office.objects.filter(code__in=[each.code for each in scope.offices])
            .exclude(Exists(entries))
            .annotate(no_amount=no_money())
        )

    def questions(self, scope: Scope, first: int, last: int) -> list[Question]:
        names = scope.names
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


class Idle(Finder):
    """Envelopes with money left that has not moved for long."""

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
        names = scope.names
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
