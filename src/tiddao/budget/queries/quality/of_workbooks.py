"""What accepted workbooks leave to ask: findings, printed scores, workbooks grown old."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import Case, F, OuterRef, QuerySet, Subquery, When

from tiddao.budget.models import StatedScore, WorkbookIssue, WorkbookUpload
from tiddao.budget.queries.quality.finder import Finder, Question, no_money
from tiddao.budget.queries.quality.scope import Scope
from tiddao.budget.rules.quality import STALE_DAYS


class Issues(Finder):
    """Findings that nobody has explained and no later workbook has replaced."""

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
        names = scope.names
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


class Scores(Finder):
    """Printed scores of the newest workbook that their parts do not give."""

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
            .annotate(no_amount=no_money())
        )

    def questions(self, scope: Scope, first: int, last: int) -> list[Question]:
        names = scope.names
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


class Stale(Finder):
    """The newest workbook of a province, where it has grown old."""

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
        ).annotate(no_amount=no_money())

    def questions(self, scope: Scope, first: int, last: int) -> list[Question]:
        names = scope.names
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
