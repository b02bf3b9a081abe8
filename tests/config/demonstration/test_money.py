"""The demonstration's money: one curve an office, whole books, every sum that of its entries."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.test import override_settings

from tests.config.demonstration.conftest import TODAY
from tiddao.budget.models import (
    Book,
    BookEntry,
    CatchUpPlan,
    HelpRequest,
    Keeping,
    PaperHeld,
    WorkbookIssue,
    WorkbookUpload,
)
from tiddao.budget.queries.books import books_within
from tiddao.budget.queries.papers import advances_of
from tiddao.budget.queries.positions import positions
from tiddao.budget.queries.recount import recount_books
from tiddao.budget.rules.accounts import total
from tiddao.budget.rules.advances import open_advances
from tiddao.budget.rules.books import Book as RulesBook
from tiddao.config.demonstration import money, stages
from tiddao.config.demonstration.books import known_until, years_of
from tiddao.config.demonstration.districts import (
    CHIANG_RAI,
    PROVINCE,
    SHOWN,
    SILENT,
    SILENT_PROVINCE,
)
from tiddao.kernel.fiscal import FiscalYear
from tiddao.ledger.models import Entry as LedgerEntry
from tiddao.ledger.queries import verify_ledger
from tiddao.places import tree
from tiddao.places.models import Office, OfficeKind

CURRENT = FiscalYear(2570)
LAST = FiscalYear(2569)
ACTIVITIES = {
    money.OFFICE_RUNNING: 1,
    **{each.name_th: 100 + each.number for each in money.PROJECTS},
}
PLACES = (PROVINCE, SHOWN, "5710", "5716", "3001", "30")


def book_of(entries, year):
    """The entries in a book, each accepted by its rules in the order given."""
    book = RulesBook(year)
    for each in entries:
        book.post(each)
    return book


def thin(place, year, until, current=CURRENT):
    return money.thin_book(place, year, until, ACTIVITIES, tambons=8, current=current)


def full(place, year, until, current=CURRENT):
    return money.full_book(place, year, until, ACTIVITIES, tambons=8, current=current)


# -- plans: no database -----------------------------------------------------------------------------


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("year", [2567, 2569])
def test_a_whole_year_is_taken_by_the_rules_and_nearly_all_is_spent(place, year):
    for entries in (
        thin(place, FiscalYear(year), date(2026, 11, 20)),
        full(place, FiscalYear(year), FiscalYear(year).end).entries,
    ):
        found = total(book_of(entries, FiscalYear(year)).balances())
        assert Decimal("0.85") < found.disbursed / found.base <= 1
        assert found.committed == found.advanced == 0


@pytest.mark.parametrize("place", PLACES)
def test_a_day_cuts_the_year_and_changes_nothing_before_it(place):
    """What was shown last week is still true this week."""
    earlier, later = date(2026, 11, 6), date(2027, 5, 14)
    for plan in (thin, lambda *asked: full(*asked).entries):
        short, long = plan(place, CURRENT, earlier), plan(place, CURRENT, later)
        assert len(short) < len(long)
        assert {*short} == {each for each in long if each.on <= earlier}


@pytest.mark.parametrize("today", [date(2026, 10, 2), date(2027, 9, 30), date(2030, 3, 29)])
def test_any_day_of_any_year_has_books(today):
    current = FiscalYear.of(today)
    for year in years_of(today):
        for place in PLACES:
            until = min(known_until(today), year.end)
            book_of(thin(place, year, until, current), year)
            book_of(full(place, year, until, current).entries, year)
    assert [each.be for each in years_of(today)] == list(range(current.be - 3, current.be + 1))


def test_known_until_is_the_last_working_day_before():
    assert known_until(TODAY) == date(2026, 11, 20)
    assert known_until(date(2026, 11, 23)) == date(2026, 11, 20)
    assert known_until(date(2026, 11, 25)) == date(2026, 11, 24)


def test_a_late_office_spends_less_at_every_hour_of_the_year():
    for part in (0.1, 0.3, 0.5, 0.7, 0.9):
        assert money.spent_share("5710", CURRENT, part) < money.spent_share("5716", CURRENT, part)


def test_late_districts_have_advances_past_their_day():
    until = date(2026, 12, 31)
    entries = full("5710", CURRENT, until).entries
    late = [each for each in open_advances(entries, year=CURRENT, on=until) if each.is_overdue]
    assert len(late) >= 2
    entries = full("5716", CURRENT, until).entries
    assert not [each for each in open_advances(entries, year=CURRENT, on=until) if each.is_overdue]


# -- in the database --------------------------------------------------------------------------------


@pytest.mark.django_db
def test_every_sum_is_that_of_the_entries(loaded):
    books = Book.objects.filter(fiscal_year__in=(LAST.be, CURRENT.be))
    assert recount_books(list(books.values_list("pk", flat=True))) == ()
    assert BookEntry.objects.count() > 50_000


@pytest.mark.django_db
def test_offices_have_a_book_of_each_year_but_some_none_this_year(loaded):
    offices = Office.objects.exclude(kind=OfficeKind.DEPARTMENT).count()
    found = Counter(Book.objects.values_list("fiscal_year", flat=True))
    assert [found[year] for year in (2567, 2568, 2569)] == [offices] * 3
    assert 0.9 * offices < found[2570] < offices
    silent = Book.objects.filter(fiscal_year=2570, place__code__startswith=SILENT_PROVINCE)
    assert list(silent.values_list("place_id", flat=True)) == [f"{SILENT_PROVINCE}01"]


@pytest.mark.django_db
def test_districts_of_chiang_rai_stand_at_different_places(loaded):
    found = positions(CURRENT, [*CHIANG_RAI, PROVINCE, "th"])
    assert found[money.NO_BOOK].balance is None
    shares = [
        each.balance.disbursed / each.balance.base * 100
        for key, each in found.items()
        if each.balance is not None and key in CHIANG_RAI
    ]
    expected = CURRENT.elapsed_share(known_until(TODAY)) * 100
    assert len(shares) == 17
    assert sum(share >= expected for share in shares) >= 4
    assert sum(expected - 10 <= share < expected for share in shares) >= 4
    assert min(shares) < expected - 9
    assert found["th"].offices_reporting > 900


@pytest.mark.django_db
def test_this_year_was_kept_by_people_with_their_papers(loaded):
    kept = BookEntry.objects.filter(
        book__fiscal_year=2570, book__office=f"CDD-{SHOWN}", envelope__keeping=Keeping.ENTRIES
    )
    assert kept.exists()
    assert all(each.by.startswith("user:") and not each.source for each in kept)
    assert all(each.known_at.date() >= each.on for each in kept)
    of_year = PaperHeld.objects.filter(
        entry__book__fiscal_year=2570, entry__book__place__code__startswith=PROVINCE
    )
    assert of_year.count() > 80
    told = Counter(LedgerEntry.objects.values_list("act", flat=True))
    assert told["open_book"] == 18
    assert told["hold_paper"] == of_year.count()


@pytest.mark.django_db
def test_some_offices_hold_papers_and_some_have_none_of_the_last_month(loaded):
    late = BookEntry.objects.filter(
        book__fiscal_year=2570, kind="disbursement", on__gt=known_until(TODAY) - timedelta(days=30)
    ).exclude(book__place__code__startswith=PROVINCE)
    bare = late.filter(papers__isnull=True)
    assert 0.05 < bare.count() / late.count() < 0.3


@pytest.mark.django_db
def test_advances_over_thirty_days_stand_open(loaded):
    until = known_until(TODAY)
    books = books_within(CURRENT, visible=tree.within(PROVINCE))
    open_ones = [each for each in advances_of(books, on=until) if each.outstanding]
    late = {each.place for each in open_ones if (each.days_left or 0) < 0}
    assert late
    assert late <= {"5708", "5710", "5713"}


@pytest.mark.django_db
def test_the_province_has_one_workbook_in_its_books_and_one_with_open_questions(loaded):
    first, second = WorkbookUpload.objects.filter(place_id=PROVINCE, fiscal_year=2570).order_by(
        "as_of"
    )
    assert (first.state, second.state) == ("accepted", "read")
    asked = WorkbookIssue.objects.filter(upload=first, superseded_at__isnull=True)
    assert {(each.unit_id, each.type) for each in asked} >= {(SILENT, "REF_ERROR")}
    found = {each["type"] for each in second.report["issues"]}
    assert {"REF_ERROR", "ANOMALY", "WRONG_FISCAL_YEAR"} <= found


@pytest.mark.django_db
def test_offices_behind_have_said_why_and_asked_for_help(loaded):
    states = set(CatchUpPlan.objects.values_list("state", flat=True))
    assert {"draft", "submitted", "approved", "returned"} <= states
    assert HelpRequest.objects.count() == 3


@pytest.mark.django_db
def test_the_ledger_verifies(loaded):
    assert verify_ledger().ok


def test_the_day_is_kept_from_the_first_run_on(tmp_path):
    with override_settings(HOME=tmp_path):
        assert stages.day_of_demonstration(TODAY) == TODAY
        assert stages.day_of_demonstration(date(2027, 1, 5)) == TODAY
