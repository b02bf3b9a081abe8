"""Explaining a finding of a workbook; counting, at night, the questions about every office's data."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from tiddao.budget.models import QualityCount, WorkbookIssue
from tiddao.budget.queries.quality.counts import live_counts
from tiddao.budget.queries.quality.scope import Scope, scope_of
from tiddao.budget.rules.quality import KINDS
from tiddao.kernel.fiscal import FiscalYear
from tiddao.ledger.actions import record
from tiddao.ledger.actors import Actor
from tiddao.places import tree
from tiddao.places.models import NATION, Level


class ExplanationRefused(ValueError):
    """The finding cannot be explained as asked. code: no_words, settled."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@transaction.atomic
def explain_issue(issue_id: int, *, words: str, by: Actor, at: datetime) -> WorkbookIssue:
    """Say why a finding is as it is; it then leaves the list, and its words stay with it.

    It mends no figure: what the workbook left out of the sums stays out until a workbook or an entry
    brings it. Raises ExplanationRefused (no_words, settled), WorkbookIssue.DoesNotExist.
    """
    issue = (
        WorkbookIssue.objects.select_for_update(of=("self",))
        .select_related("upload")
        .get(pk=issue_id)
    )
    if issue.superseded_at is not None or issue.explained_at is not None:
        raise ExplanationRefused("settled")
    if not words.strip():
        raise ExplanationRefused("no_words")
    issue.explained_at, issue.explanation, issue.explained_by = at, words.strip(), by.reference
    issue.save(update_fields=["explained_at", "explanation", "explained_by"])
    record(
        "explain_issue",
        on=f"workbook-issue:{issue.pk}",
        by=by,
        at=at,
        place=issue.unit_id,
        detail={
            "type": issue.type,
            "sheet": issue.sheet,
            "cell": issue.cell,
            "file": issue.upload.file_name,
            "baht": issue.amount,
        },
    )
    return issue


def count_questions(year: FiscalYear, *, today: date) -> int:
    """Count the questions of every office afresh, one province at a time; return how many there are.

    Safe to run twice or to be killed: each province is replaced whole. It leaves no entry in the
    ledger, for it derives what everybody may derive.
    """
    whole = scope_of([NATION], year, today=today)
    total = 0
    for province in sorted({each.place[: tree.DIGITS[Level.PROVINCE]] for each in whole.offices}):
        scope = Scope(
            year,
            whole.on,
            tuple(each for each in whole.offices if tree.is_within(each.place, province)),
            {book: place for book, place in whole.books.items() if tree.is_within(place, province)},
        )
        total += _keep(scope)
    return total


def count_questions_of_the_night(*, today: date) -> int:
    """Count those of the fiscal year, and of the one before, whose books are still put right."""
    year = FiscalYear.of(today)
    return sum(count_questions(each, today=today) for each in (year.previous(), year))


@transaction.atomic
def _keep(scope: Scope) -> int:
    counts = live_counts(scope)
    rows = []
    for office in scope.offices:
        for kind in KINDS:
            tally = counts.get((office.place, kind))
            rows.append(
                QualityCount(
                    office_id=office.code,
                    place_id=office.place,
                    fiscal_year=scope.year.be,
                    kind=kind,
                    count=tally.count if tally else 0,
                    **({"amount": tally.amount} if tally else {}),
                    on=scope.on,
                )
            )
    QualityCount.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["fiscal_year", "office", "kind"],
        update_fields=["place", "count", "amount", "on"],
    )
    return sum(each.count for each in counts.values())
