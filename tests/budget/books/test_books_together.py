"""Random work, two people at one book, a server that dies half way: the sums are the entries'."""

import os
import random
import signal
import subprocess
import sys
from contextlib import contextmanager
from datetime import timedelta
from decimal import Decimal
from functools import partial
from pathlib import Path

import pytest
from django.db import OperationalError, connection, transaction
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tests.budget.books.writing import AT, WRITER, a_book, an_envelope, day, entry_of, line, post
from tests.budget.money.entries import TRANCHE_4, TRANCHE_34, YEAR
from tests.budget.money.test_books_properties import attempts
from tests.together import at_once
from tiddao.budget.actions import posting
from tiddao.budget.actions.books import open_book
from tiddao.budget.actions.papers import hold_paper
from tiddao.budget.actions.posting import NewEntry, post_entries, reverse_entry
from tiddao.budget.models import Book, BookDay, BookEntry, Envelope, EnvelopeBalance
from tiddao.budget.queries.recount import ACCOUNTS, recount_books
from tiddao.budget.rules.accounts import EMPTY, Balance
from tiddao.budget.rules.books import Book as PlainBook
from tiddao.budget.rules.books import EntryRefused, post_all
from tiddao.kernel.fiscal import FiscalYear
from tiddao.ledger.models import Entry

D = Decimal
LATER = AT + timedelta(days=2)


# -- random work of one person --------------------------------------------------------------------


class Kept:
    """The two envelopes of the random entries, in real books; gone when the example is."""

    def __init__(self):
        self.book = a_book()
        self.envelopes = {
            TRANCHE_34: an_envelope(self.book, tranche="ไตร 3-4"),
            TRANCHE_4: an_envelope(self.book, tranche="ไตร 4"),
        }

    def new(self, entry):
        return NewEntry(
            envelope=self.envelopes[entry.envelope].pk,
            kind=entry.kind,
            document=entry.id.document,
            line=entry.id.line,
            amount=entry.amount,
            on=entry.on,
            against=entry.against,
            cash_back=entry.cash_back,
            due_on=entry.due_on,
            borrower=entry.borrower,
        )

    def post(self, entries, at):
        return post_entries(self.book.pk, [self.new(each) for each in entries], by=WRITER, at=at)

    def balances(self):
        rows = {row.envelope_id: row for row in EnvelopeBalance.objects.filter(book=self.book)}
        return {
            envelope: Balance(*(getattr(rows[held.pk], account) for account in ACCOUNTS))
            for envelope, held in self.envelopes.items()
            if held.pk in rows
        }


@contextmanager
def kept_for_now():
    """Real books for one example of hypothesis, that leave nothing."""
    with transaction.atomic():
        yield Kept()
        transaction.set_rollback(True)


def refusals_of(act):
    """Run it; return the codes of what it refuses, none when it goes through."""
    try:
        act()
    except EntryRefused as refused:
        return [one.code for one in refused.refusals]
    return []


@pytest.mark.django_db
@settings(max_examples=25, deadline=None)
@given(attempts())
def test_real_books_take_and_refuse_what_the_plain_book_does(lines):
    plain = PlainBook(YEAR)
    with kept_for_now() as kept:
        for each in lines:
            assert refusals_of(partial(kept.post, [each], each.known_at)) == refusals_of(
                partial(plain.post, each)
            )
        assert kept.balances() == plain.balances()
        assert recount_books([kept.book.pk]) == ()


@pytest.mark.django_db
@settings(max_examples=25, deadline=None)
@given(attempts(least=2, most=20), st.randoms(use_true_random=False))
def test_import_in_any_order_and_twice_gives_the_same_sums(lines, chance: random.Random):
    plain = PlainBook(YEAR)
    post_all(plain, lines)
    accepted = list(plain.entries)
    assume(accepted)
    chance.shuffle(accepted)
    with kept_for_now() as kept:
        assert len(kept.post(accepted, LATER).taken) == len(accepted)
        assert kept.balances() == plain.balances()
        written = list(BookEntry.objects.filter(book=kept.book).order_by("pk").values())
        chance.shuffle(accepted)
        assert kept.post(accepted, LATER + timedelta(days=1)).taken == ()
        assert list(BookEntry.objects.filter(book=kept.book).order_by("pk").values()) == written
        assert recount_books([kept.book.pk]) == ()


@pytest.mark.django_db
@settings(max_examples=25, deadline=None)
@given(attempts(), st.data())
def test_reversing_restores_every_table_of_sums_to_the_satang(lines, data):
    plain = PlainBook(YEAR)
    post_all(plain, lines)
    last = [each for each in plain.entries if each.kind != "reversal" and not plain.drawn(each.id)]
    assume(last)
    one = data.draw(st.sampled_from(last))
    with kept_for_now() as kept:
        others = [each for each in plain.entries if each != one]
        assume(not refusals_of(partial(kept.post, others, LATER)))  # they may need this one's money
        before = kept.balances()
        kept.post([one], LATER)
        reverse_entry(
            entry_of(kept.book, *one.id).pk, document="UNDO", on=max(one.on, day(365)),
            reason="ผิด", by=WRITER, at=LATER,
        )  # fmt: skip
        after = kept.balances()
        assert {key: after[key] for key in before} == before
        assert all(after[key] == EMPTY for key in after.keys() - before.keys())
        assert recount_books([kept.book.pk]) == ()


# -- several people at once -----------------------------------------------------------------------


def test_two_payments_that_together_overdraw_are_one_payment_and_one_refusal(committed):
    book = a_book()
    envelope = an_envelope(book)
    post(book, line(envelope, "allotment", "อ1", "100"))
    results = at_once(
        lambda: post(book, line(envelope, "disbursement", "จ1", "60", 2)),
        lambda: post(book, line(envelope, "disbursement", "จ2", "60", 2)),
    )
    refused = [each for each in results if isinstance(each, EntryRefused)]
    assert len(refused) == 1
    assert [each.code for each in refused[0].refusals] == ["overdraw"]
    assert refused[0].refusals[0].short_by == D(20)
    assert EnvelopeBalance.objects.get(envelope=envelope).remaining == D(40)
    assert recount_books() == ()


def test_same_line_typed_by_two_people_is_one_entry(committed):
    book = a_book()
    envelope = an_envelope(book)
    results = at_once(*[lambda: post(book, line(envelope, "allotment", "อ1", "100"))] * 4)
    assert sorted((len(each.taken), len(each.already)) for each in results) == [
        (0, 1), (0, 1), (0, 1), (1, 0),
    ]  # fmt: skip
    assert BookEntry.objects.count() == 1
    assert EnvelopeBalance.objects.get().allotted == D(100)


def test_entry_reversed_by_two_people_at_once_is_reversed_once(committed):
    book = a_book()
    post(book, line(an_envelope(book), "allotment", "อ1", "100"))
    entry = entry_of(book, "allotment", "อ1").pk
    results = at_once(
        lambda: reverse_entry(entry, document="ก1", on=day(2), reason="ผิด", by=WRITER, at=AT),
        lambda: reverse_entry(entry, document="ก2", on=day(2), reason="ผิด", by=WRITER, at=AT),
    )
    refused = [each for each in results if isinstance(each, EntryRefused)]
    assert [each.refusals[0].code for each in refused] == ["reversed-twice"]
    assert recount_books() == ()


def test_book_opened_by_two_people_at_once_is_one_book(committed):
    opened = at_once(*[lambda: open_book("CDD-5713", FiscalYear(2569), by=WRITER, at=AT)] * 3)
    assert len({each.pk for each in opened}) == 1
    assert Book.objects.count() == 1
    assert Entry.objects.filter(act="open_book").count() == 1


def test_paper_attached_by_two_people_at_once_is_held_once(committed):
    book = a_book()
    envelope = an_envelope(book)
    post(book, line(envelope, "allotment", "อ1", "9"), line(envelope, "disbursement", "จ1", "9"))
    payment = entry_of(book, "disbursement", "จ1").pk
    held = at_once(
        *[
            lambda: hold_paper(payment, "หลักฐานการจ่าย", note="แฟ้ม 1", by=WRITER, at=AT)
        ] * 3
    )  # fmt: skip
    assert len({each.pk for each in held}) == 1


def test_server_that_dies_between_entries_and_sums_leaves_nothing(committed, monkeypatch):
    book = a_book()
    envelope = an_envelope(book)
    post(book, line(envelope, "allotment", "อ1", "100"))
    killed_after = []

    def the_server_dies(*_args, **_more):
        killed_after.append(BookEntry.objects.count())
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")

    with monkeypatch.context() as patch:
        patch.setattr(posting, "_add_to_sums", the_server_dies)
        (died,) = at_once(lambda: post(book, line(envelope, "disbursement", "จ1", "60", 2)))
    assert isinstance(died, OperationalError)
    assert killed_after == [2]  # the row was there, and went with its transaction
    assert BookEntry.objects.count() == 1
    assert EnvelopeBalance.objects.get().remaining == D(100)
    assert recount_books() == ()
    assert post(book, line(envelope, "disbursement", "จ1", "60", 2)).taken


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_sums_equal_the_recount_after_random_work_of_four_people(committed, seed):
    ours = [a_book("CDD-5712"), a_book("CDD-5713")]
    envelopes = [an_envelope(each, tranche=name) for each in ours for name in ("ไตร 1-2", "ไตร 4")]
    for number, envelope in enumerate(envelopes):
        post(envelope.book, line(envelope, "allotment", f"อ{number}", "1000"))

    def clerk(number):
        chance = random.Random(seed * 100 + number)
        taken = refused = 0
        for step in range(25):
            envelope = chance.choice(envelopes)
            try:
                attempt(chance, envelope, f"{number}-{step}")
            except EntryRefused:
                refused += 1
            else:
                taken += 1
        return taken, refused

    results = at_once(*[lambda number=number: clerk(number) for number in range(4)])
    taken, refused = (sum(part) for part in zip(*results, strict=True))
    assert taken > 20
    assert refused > 5
    assert recount_books() == ()
    for balance in EnvelopeBalance.objects.all():
        assert balance.remaining >= balance.reserved >= 0
    by_book = {book.pk: D(0) for book in ours}
    for row in BookDay.objects.all():
        by_book[row.book_id] += row.remaining
    for row in EnvelopeBalance.objects.all():
        by_book[row.book_id] -= row.remaining
    assert set(by_book.values()) == {D(0)}


def attempt(chance: random.Random, envelope: Envelope, document: str) -> None:
    """One try of a careless clerk."""
    kind = chance.choice(
        ("allotment", "commitment", "disbursement", "advance", "release", "clearance", "reversal",
         "reversal", "return", "transfer_out", "reservation")
    )  # fmt: skip
    amount = D(chance.randint(1, 60_000)) / 100
    on = day(chance.randint(1, 300))
    more = {}
    named = BookEntry.objects.filter(envelope=envelope).exclude(kind="reversal")
    if kind in {"release", "clearance"}:
        named = named.filter(kind={"release": "commitment", "clearance": "advance"}[kind])
    if kind in {"release", "clearance", "reversal"}:
        found = list(named.order_by("pk"))
        if not found:
            return
        other = chance.choice(found)
        if kind == "reversal":
            reverse_entry(
                other.pk, document=document, on=on + timedelta(days=40), reason="ผิด",
                by=WRITER, at=AT,
            )  # fmt: skip
            return
        more = {"against": other.pk}
        on = max(on, other.on)
    post_entries(
        envelope.book_id, [line(envelope, kind, document, amount, on, **more)], by=WRITER, at=AT
    )


_KILLED = """
import os, signal, sys
import django
from django.conf import settings
settings.DATABASES["default"]["NAME"] = sys.argv[1]
django.setup()
from tests.budget.books.writing import line, post
from tiddao.budget.actions import posting
from tiddao.budget.models import BookEntry, Envelope

def cut(*_args, **_more):
    print(BookEntry.objects.count(), flush=True)
    os.kill(os.getpid(), signal.SIGKILL)

posting._add_to_sums = cut
envelope = Envelope.objects.get()
post(envelope.book, line(envelope, "disbursement", "จ1", "60", 2))
"""


def test_process_killed_between_entries_and_sums_leaves_nothing(committed):
    book = a_book()
    envelope = an_envelope(book)
    post(book, line(envelope, "allotment", "อ1", "100"))
    killed = subprocess.run(
        [sys.executable, "-c", _KILLED, connection.settings_dict["NAME"]],
        env=os.environ | {"DJANGO_SETTINGS_MODULE": "tests.settings"},
        cwd=Path(__file__).parents[3],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert (killed.returncode, killed.stdout) == (-signal.SIGKILL, "2\n"), killed.stderr
    assert BookEntry.objects.count() == 1
    assert EnvelopeBalance.objects.get().remaining == D(100)
    assert recount_books() == ()
    assert post(book, line(envelope, "disbursement", "จ1", "60", 2)).taken
