"""``tiddao books verify``: the sums counted again, with an exit code for a night's job."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from tests.budget.books.writing import a_book, an_envelope, line, post

pytestmark = pytest.mark.django_db


@pytest.fixture
def book(db):
    book = a_book()
    envelope = an_envelope(book)
    post(book, line(envelope, "allotment", "อ1", "100"), line(envelope, "disbursement", "จ1", "40"))
    return book


def verify(*arguments):
    out = StringIO()
    call_command("books", "verify", *arguments, stdout=out)
    return out.getvalue()


def tamper(statement):
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = 'replica'")
        cursor.execute(statement)
        cursor.execute("SET LOCAL session_replication_role = 'origin'")


def test_verify_sound_books(book):
    assert verify() == "1 books, every sum is what its entries come to\n"
    assert json.loads(verify("--json")) == {"books": 1, "differences": []}
    assert json.loads(verify("--office", "CDD-5712", "--fiscal-year", "2569", "--json"))["books"]


def test_verify_book_that_is_not_there(book):
    with pytest.raises(CommandError) as refused:
        verify("--office", "CDD-5713")
    assert refused.value.returncode == 2


@pytest.mark.parametrize(
    ("statement", "accounts"),
    [
        (
            "UPDATE budget_bookentry SET amount = 41 WHERE kind = 'disbursement'",
            {"disbursed", "remaining"},
        ),
        ("DELETE FROM budget_bookentry WHERE kind = 'disbursement'", {"disbursed", "remaining"}),
        (
            "UPDATE budget_envelopebalance SET allotted = 200, remaining = 160",
            {"allotted", "remaining"},
        ),
        ("UPDATE budget_bookbalance SET last_on = last_on + 30", {"last_on"}),
        ("DELETE FROM budget_bookday", {"row"}),
    ],
)
def test_verify_finds_what_was_changed_behind_the_products_back(book, statement, accounts):
    tamper(statement)
    out = StringIO()
    with pytest.raises(CommandError) as found:
        call_command("books", "verify", "--json", stdout=out)
    assert found.value.returncode == 1
    differences = json.loads(out.getvalue())["differences"]
    assert {each["account"] for each in differences} == accounts
    assert {(each["office"], each["fiscal_year"]) for each in differences} == {("CDD-5712", 2569)}
