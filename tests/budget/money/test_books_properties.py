"""No sequence of accepted entries breaks the books: tried with random ones, and counted again plainly."""

import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tests.budget.money.entries import TRANCHE_4, TRANCHE_34, YEAR, entry
from tiddao.budget.rules.accounts import KINDS, Balance, balances
from tiddao.budget.rules.books import Book, check_entry, post_all

D = Decimal
ENVELOPES = (TRANCHE_34, TRANCHE_4)
START = datetime(2026, 10, 1, tzinfo=UTC)

satang = st.integers(1, 40_000).map(lambda number: D(number) / 100)


@st.composite
def attempts(draw, least=5, most=40):
    """Entries a careless clerk might try: some right, many wrong, naming each other at random."""
    lines = []
    for number in range(draw(st.integers(least, most))):
        kind = draw(st.sampled_from(("allotment", "commitment", "disbursement", *KINDS)))
        more = {"known_at": START + timedelta(minutes=number)}
        if kind in {"release", "clearance", "reduction", "reversal"} or (
            kind == "disbursement" and draw(st.booleans())
        ):
            allowed = {
                "release": {"commitment"},
                "clearance": {"advance"},
                "disbursement": {"commitment"},
                "reduction": {"allotment", "disbursement", "return"},
            }
            named = [e for e in lines if e.kind in allowed.get(kind, {e.kind})]
            if not named:
                continue
            other = draw(st.sampled_from(named))
            amount = (other.amount + other.cash_back) if kind == "reversal" else draw(satang)
            on = draw(st.integers(0, 30)) + (other.on - YEAR.start).days + 1
            lines.append(
                entry(
                    kind, f"N{number}", amount, min(on, 365), against=tuple(other.id),
                    envelope=other.envelope, **more,
                    **({"cash_back": draw(satang)} if kind == "clearance" else {}),
                )
            )  # fmt: skip
        else:
            amount = draw(satang) * (5 if kind == "allotment" else 1)
            envelope = draw(st.sampled_from(ENVELOPES))
            on = draw(st.integers(1, 60))
            lines.append(entry(kind, f"N{number}", amount, on, envelope=envelope, **more))
    return lines


def accepted(lines):
    held = Book(YEAR)
    for line in lines:
        if not check_entry(held, line):
            held.post(line)
    return held


def counted_plainly(entries, envelope):
    """The balance again, from the words of the rule: no double entry, no signs table."""
    undone = {each.against for each in entries if each.kind == "reversal"}
    live = [
        each
        for each in entries
        if each.envelope == envelope and each.kind != "reversal" and each.id not in undone
    ]

    def of(kind, wanted=bool):
        return sum((e.amount for e in live if e.kind == kind and wanted(e)), D(0))

    def lowered(kind):
        return of("reduction", lambda each: each.against.kind == kind)

    cash = sum((e.cash_back for e in live), D(0))
    on_orders = of("disbursement", lambda each: each.against is not None)
    allotted = of("allotment") - lowered("allotment") + of("transfer_in") - of("transfer_out")
    disbursed = of("disbursement") - lowered("disbursement") + of("advance") - cash
    committed = of("commitment") - of("release") - on_orders
    return {
        "entitled": allotted,
        "disbursed": disbursed,
        "committed": committed,
        "returned": of("return") - lowered("return"),
        "remaining": allotted - disbursed - committed - of("return") + lowered("return"),
        "advanced": of("advance") - of("clearance") - cash,
        "reserved": of("reservation"),
    }


@settings(max_examples=150, deadline=None)
@given(attempts())
def test_books_always_balance_on_every_day(lines):
    held = accepted(lines)
    for on in sorted({each.on for each in held.entries}):
        for balance in held.balances(on=on).values():
            assert balance.entitled == (
                balance.disbursed + balance.committed + balance.returned + balance.remaining
            )
            assert min(
                balance.entitled, balance.disbursed, balance.committed, balance.returned,
                balance.remaining, balance.advanced, balance.reserved, balance.free,
            ) >= 0  # fmt: skip
            assert balance.advanced <= balance.disbursed


@settings(max_examples=100, deadline=None)
@given(attempts())
def test_balances_equal_a_plain_count(lines):
    held = accepted(lines)
    for envelope, balance in held.balances().items():
        plain = counted_plainly(held.entries, envelope)
        assert {key: getattr(balance, key) for key in plain} == plain


@settings(max_examples=80, deadline=None)
@given(attempts(least=1, most=25), st.randoms(use_true_random=False))
def test_balances_do_not_depend_on_the_order_nor_on_repeats(lines, chance: random.Random):
    held = accepted(lines)
    shuffled = [*held.entries, *held.entries[:3]]
    chance.shuffle(shuffled)
    assert balances(shuffled, year=YEAR) == held.balances()


@settings(max_examples=80, deadline=None)
@given(attempts(least=1, most=20), st.randoms(use_true_random=False))
def test_import_in_any_order_and_twice_gives_the_same_book(lines, chance: random.Random):
    first, second = Book(YEAR), Book(YEAR)
    posted = post_all(first, lines)
    shuffled = list(lines)
    chance.shuffle(shuffled)
    assert post_all(second, shuffled) == posted
    assert first.balances() == second.balances()
    again = post_all(
        first, [replace(each, known_at=START + timedelta(days=9)) for each in shuffled]
    )
    assert again.taken == ()
    assert set(again.already) == set(posted.taken)
    assert first.entries == second.entries


@settings(max_examples=100, deadline=None)
@given(attempts(), st.data())
def test_reversing_restores_to_the_satang(lines, data):
    held = accepted(lines)
    undoing = {
        each: entry(
            "reversal",
            "UNDO",
            each.amount + each.cash_back,
            365,
            against=tuple(each.id),
            envelope=each.envelope,
            known_at=START + timedelta(days=1),
        )
        for each in held.entries
        if each.kind != "reversal" and not held.drawn(each.id)
    }
    possible = [each for each, undo in undoing.items() if not check_entry(held, undo)]
    assume(possible)
    target = data.draw(st.sampled_from(possible))
    without = balances([each for each in held.entries if each != target], year=YEAR)
    held.post(undoing[target])
    for envelope, balance in held.balances().items():
        assert balance == without.get(envelope, Balance())


@settings(max_examples=60, deadline=None)
@given(attempts())
def test_refused_entry_leaves_the_book_as_it_was(lines):
    held = Book(YEAR)
    for line in lines:
        before = (held.entries, held.balances())
        if check_entry(held, line):
            assert post_all(held, [line]).taken == ()
            assert (held.entries, held.balances()) == before
        else:
            held.post(line)


@settings(max_examples=60, deadline=None)
@given(attempts(), st.integers(0, 40))
def test_known_then_is_the_book_of_that_moment(lines, minutes):
    held = accepted(lines)
    at = START + timedelta(minutes=minutes)
    then = accepted(each for each in lines if each.known_at <= at)
    assert held.balances(known_at=at) == then.balances()
