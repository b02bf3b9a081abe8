"""Questions about data: counted by day and by night, listed a page at a time."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from tests.budget.quality.offices import AT, TODAY, YEAR, make_a_mixture
from tests.budget.weeks import given_up_later
from tiddao.budget.actions.quality import (
    count_questions,
    count_questions_of_the_night,
)
from tiddao.budget.models import QualityCount, WorkbookIssue
from tiddao.budget.queries.quality.counts import kept_counts, live_counts
from tiddao.budget.queries.quality.questions import Questions
from tiddao.budget.queries.quality.scope import scope_of
from tiddao.budget.rules.quality import KINDS

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def asked(django_db_setup, django_db_blocker) -> Iterator[int]:
    """A mixture of questions and what a night counted, made once for this file's tests."""
    with given_up_later(django_db_blocker):
        make_a_mixture()
        yield count_questions_of_the_night(today=TODAY)


def test_pages_hold_every_question_once_in_the_order_of_kinds(asked):
    scope = scope_of(["57"], YEAR, today=TODAY)
    counts = live_counts(scope)
    questions = Questions(scope, counts, KINDS)
    whole = list(questions)
    assert len(whole) == len(questions) == sum(each.count for each in counts.values())
    by_pages = [each for first in range(0, len(whole), 4) for each in questions[first : first + 4]]
    assert by_pages == whole
    order = [KINDS.index(each.kind) for each in whole]
    assert order == sorted(order)
    assert {each.kind for each in whole} == {
        "issue", "silent", "overdue", "papers", "idle", "late", "stale",
    }  # fmt: skip


def test_one_office_alone_has_its_own_questions(asked):
    scope = scope_of(["57"], YEAR, today=TODAY)
    counts = live_counts(scope)
    own = list(Questions(scope.narrowed("5712"), counts, KINDS))
    assert {each.place for each in own} == {"5712"}
    assert len(own) == sum(t.count for (place, _), t in counts.items() if place == "5712")


def test_counts_of_the_night_are_those_of_the_day_and_change_with_it(asked):
    scope = scope_of(["57"], YEAR, today=TODAY)
    kept, on = kept_counts(scope)
    assert kept == live_counts(scope)
    assert on == TODAY
    WorkbookIssue.objects.update(superseded_at=AT)
    assert count_questions(YEAR, today=TODAY + timedelta(days=1)) > sum(
        each.count for each in live_counts(scope).values()
    )  # other provinces are silent
    kept, on = kept_counts(scope)
    assert ("5712", "issue") not in kept
    assert on == TODAY + timedelta(days=1)
    assert QualityCount.objects.filter(fiscal_year=YEAR.be).count() == 954 * len(KINDS)


def test_every_night_counts_the_year_and_the_one_before(asked):
    per_year = [
        sum(each.count for each in kept_counts(scope_of(["th"], year, today=TODAY))[0].values())
        for year in (YEAR.previous(), YEAR)
    ]
    assert asked == sum(per_year)
    assert per_year[1] > per_year[0] > 0  # offices without a book are asked about in both
