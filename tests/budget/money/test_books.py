"""The office's books: what each entry does, what is refused, and the two dates."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from tests.budget.money.entries import TRANCHE_4, TRANCHE_34, WRITTEN, YEAR, book, day, entry
from tiddao.budget.rules.accounts import KIND_TH, KINDS, Balance, EntryId, balances, total
from tiddao.budget.rules.books import EntryRefused, check_entry, post_all
from tiddao.budget.rules.reckoning import used_amount

D = Decimal
ALLOTTED = entry("allotment", "A1", "1000.00")


def codes(held, new):
    return [each.code for each in check_entry(held, new)]


@pytest.mark.parametrize(
    ("entries", "wanted"),
    [
        ([], {"allotted": 1000, "remaining": 1000}),
        ([entry("transfer_in", "T", 50)], {"allotted": 1000, "transferred": 50, "remaining": 1050}),
        (
            [entry("transfer_out", "T", 50)],
            {"allotted": 1000, "transferred": -50, "remaining": 950},
        ),
        ([entry("return", "R", 50)], {"allotted": 1000, "returned": 50, "remaining": 950}),
        ([entry("commitment", "P", 400)], {"allotted": 1000, "committed": 400, "remaining": 600}),
        (
            [
                entry("commitment", "P", 400),
                entry("disbursement", "D", "150.25", 2, against=("commitment", "P")),
                entry("release", "L", "49.75", 3, against=("commitment", "P")),
            ],
            {"allotted": 1000, "committed": 200, "disbursed": "150.25", "remaining": "649.75"},
        ),
        ([entry("disbursement", "D", 1000)], {"allotted": 1000, "disbursed": 1000}),
        (
            [
                entry("advance", "V", 300),
                entry("clearance", "C", 200, 9, against=("advance", "V"), cash_back=40),
            ],
            {"allotted": 1000, "disbursed": 260, "advanced": 60, "remaining": 740},
        ),
        (
            # Cash handed back after 30 September goes to the treasury.
            [
                entry("advance", "V", 300, 360),
                entry(
                    "clearance",
                    "C",
                    250,
                    date(2026, 10, 12),
                    against=("advance", "V"),
                    cash_back=50,
                    known_at=datetime(2026, 10, 12, 9, tzinfo=UTC),
                ),
            ],
            {"allotted": 1000, "disbursed": 250, "returned": 50, "remaining": 700},
        ),
        ([entry("reservation", "S", 70)], {"allotted": 1000, "remaining": 1000, "reserved": 70}),
        (
            [
                entry("disbursement", "D", 300),
                entry("reversal", "X", 300, 2, against=("disbursement", "D")),
            ],
            {"allotted": 1000, "remaining": 1000},
        ),
    ],
)
def test_what_entries_come_to(entries, wanted):
    found = book(ALLOTTED, *entries).balances()
    assert found == {TRANCHE_34: Balance(**{key: D(value) for key, value in wanted.items()})}


def test_tranches_are_envelopes_and_one_does_not_pay_for_the_other():
    held = book(ALLOTTED, entry("allotment", "A2", 10, envelope=TRANCHE_4))
    assert codes(held, entry("disbursement", "D", 11, envelope=TRANCHE_4)) == ["overdraw"]
    assert codes(held, entry("disbursement", "D", 11)) == []
    assert total(held.balances()).entitled == 1010


@pytest.mark.parametrize(
    ("new", "code"),
    [
        (entry("disbursement", " ", 1), "no-document"),
        (entry("disbursement", "D", 0), "not-positive"),
        (entry("disbursement", "D", -5), "not-positive"),
        (entry("disbursement", "D", "0.001"), "finer-than-satang"),
        (entry("disbursement", "D", 1, cash_back=1), "not-for-this-kind"),
        (entry("disbursement", "D", 1, borrower="x"), "not-for-this-kind"),
        (entry("advance", "V", 1, 5, due_on=day(4)), "due-before-lent"),
        (entry("clearance", "C", 0, against=("advance", "V")), "not-positive"),
        (entry("disbursement", "D", 1, date(2025, 9, 30)), "wrong-fiscal-year"),
        (
            entry("disbursement", "D", 1, date(2026, 10, 1), known_at=WRITTEN.replace(year=2027)),
            "wrong-fiscal-year",
        ),
        (entry("disbursement", "D", 1, known_at=datetime(2025, 9, 30, 16, tzinfo=UTC)), "not-yet"),
        (entry("allotment", "A1", 999), "number-taken"),
        (entry("disbursement", "D", "1000.01"), "overdraw"),
        (entry("commitment", "P", "1000.01"), "overdraw"),
        (entry("transfer_out", "T", "1000.01"), "overdraw"),
        (entry("return", "R", "1000.01"), "overdraw"),
        (entry("advance", "V", "1000.01"), "overdraw"),
        (entry("reservation", "S", "1000.01"), "overdraw"),
        (entry("release", "L", 1), "no-reference"),
        (entry("clearance", "C", 1), "no-reference"),
        (entry("reversal", "X", 1), "no-reference"),
        (entry("release", "L", 1, against=("commitment", "P")), "unknown-reference"),
        (entry("clearance", "C", 1, against=("commitment", "P")), "wrong-reference"),
        (entry("allotment", "A9", 1, against=("allotment", "A1")), "wrong-reference"),
        (entry("reversal", "X", 1, against=("reversal", "X0")), "reversal-of-reversal"),
        (entry("reversal", "X", 999, against=("allotment", "A1")), "amount-differs"),
        (
            entry("reversal", "X", 1000, against=("allotment", "A1"), envelope=TRANCHE_4),
            "other-envelope",
        ),
    ],
)
def test_refused(new, code):
    held = book(ALLOTTED)
    assert codes(held, new) == [code]
    with pytest.raises(EntryRefused) as caught:
        held.post(new)
    (refusal,) = caught.value.refusals
    assert refusal.message_th
    assert str(refusal).startswith(KIND_TH[new.kind])
    assert held.entries == (ALLOTTED,)


def test_midnight_is_bangkok_time():
    # 17:30 UTC on 30 September is half past midnight of 1 October in Bangkok.
    early = entry("disbursement", "D", 1, known_at=datetime(2025, 9, 30, 17, 30, tzinfo=UTC))
    assert codes(book(entry("allotment", "A", 1)), early) == []


def test_overdraw_says_how_much_is_missing():
    held = book(ALLOTTED, entry("disbursement", "D", 900, 100))
    (refusal,) = check_entry(held, entry("commitment", "P", "100.01", 120))
    assert (refusal.short_by, refusal.on) == (D("0.01"), day(120))
    assert refusal.message_th == "เงินคงเหลือในซองไม่พอ ขาด 0.01 บาท"


def test_entry_dated_back_may_not_overdraw_a_day_gone_by():
    held = book(entry("allotment", "A", 100, 10), entry("allotment", "B", 100, 50))
    assert codes(held, entry("disbursement", "D", 150, 50)) == []
    (refusal,) = check_entry(held, entry("disbursement", "D", 150, 20))
    assert (refusal.short_by, refusal.on) == (D(50), day(20))
    assert codes(held, entry("disbursement", "D", 1, 9)) == ["overdraw"]
    held.post(entry("disbursement", "D", 120, 60))
    # Enough on day 20 itself, but then the payment of day 60 would lack money.
    (refusal,) = check_entry(held, entry("disbursement", "E", 90, 20))
    assert (refusal.short_by, refusal.on) == (D(10), day(60))
    assert "ณ วันที่ 29 พ.ย. 2568" in refusal.message_th


def test_reserved_money_is_not_free_and_counts_as_used_in_september():
    held = book(ALLOTTED, entry("reservation", "S", 300, 340))
    assert codes(held, entry("commitment", "P", 701, 345)) == ["overdraw"]
    held.post(entry("commitment", "P", 700, 345))
    amounts = total(held.balances()).amounts
    assert used_amount(amounts, date(2026, 9, 15)) == 1000
    assert used_amount(amounts, date(2026, 8, 31)) == 700


def test_payment_beyond_the_commitment_is_refused():
    held = book(ALLOTTED, entry("commitment", "P", 400, 5))
    pay = entry("disbursement", "D1", 300, 10, against=("commitment", "P"))
    held.post(pay)
    assert held.outstanding(EntryId("commitment", "P")) == 100
    more = entry("disbursement", "D2", 101, 12, against=("commitment", "P"))
    (refusal,) = check_entry(held, more)
    assert (refusal.code, refusal.short_by) == ("over-commitment", D(1))
    held.post(entry("reversal", "X", 300, 20, against=("disbursement", "D1")))
    assert held.outstanding(EntryId("commitment", "P")) == 400
    # On day 12 the wrong payment still stood.
    assert codes(held, more) == ["over-commitment"]
    assert codes(held, replace(more, on=day(20))) == []
    early = entry("disbursement", "D3", 1, 4, against=("commitment", "P"))
    assert codes(held, early) == ["before-reference"]


def test_clearance_beyond_the_advance_is_refused():
    held = book(ALLOTTED, entry("advance", "V", 300))
    full = entry("clearance", "C", 200, 9, against=("advance", "V"), cash_back="100.01")
    assert codes(held, full) == ["over-clearance"]
    only_cash = entry("clearance", "C", 0, 9, against=("advance", "V"), cash_back=300)
    held.post(only_cash)
    assert total(held.balances()) == Balance(allotted=D(1000), remaining=D(1000))


def test_reversing_twice_or_under_dependants_is_refused():
    commitment, payment = ("commitment", "P"), ("disbursement", "D")
    held = book(
        ALLOTTED,
        entry("commitment", "P", 400, 5),
        entry("disbursement", "D", 100, 6, against=commitment),
    )
    assert codes(held, entry("reversal", "X", 400, 9, against=commitment)) == ["has-dependants"]
    held.post(entry("reversal", "X1", 100, 20, against=payment))
    assert codes(held, entry("reversal", "X2", 100, 21, against=payment)) == ["reversed-twice"]
    # Before day 20 a payment drew on it.
    assert codes(held, entry("reversal", "X3", 400, 15, against=commitment)) == ["before-reference"]
    held.post(entry("reversal", "X3", 400, 20, against=commitment))
    again = entry("disbursement", "D9", 1, 30, against=commitment)
    assert codes(held, again) == ["reference-reversed"]
    assert total(held.balances()) == Balance(allotted=D(1000), remaining=D(1000))
    assert held.outstanding(EntryId(*commitment)) == 0


def test_reversing_an_allotment_that_was_spent_is_refused():
    held = book(ALLOTTED, entry("disbursement", "D", 1, 50))
    (refusal,) = check_entry(held, entry("reversal", "X", 1000, 20, against=("allotment", "A1")))
    assert (refusal.code, refusal.on, refusal.short_by) == ("overdraw", day(50), D(1))


def test_two_dates_as_it_was_then_and_as_it_was_known_then():
    told = datetime(2026, 1, 15, 3, tzinfo=UTC)
    later = datetime(2026, 3, 1, 3, tzinfo=UTC)
    held = book(
        entry("allotment", "A", 100, date(2025, 10, 5), known_at=told),
        entry("disbursement", "D", 30, date(2026, 1, 10), known_at=told),
        entry(
            "reversal", "X", 30, date(2026, 1, 10), known_at=later, against=("disbursement", "D")
        ),
    )
    assert held.balances(on=date(2025, 10, 4)) == {}
    assert total(held.balances(on=date(2026, 1, 9))).disbursed == 0
    # On 1 February everybody believed the payment of 10 January.
    known = held.balances(on=date(2026, 2, 1), known_at=datetime(2026, 2, 1, tzinfo=UTC))
    assert total(known).disbursed == 30
    assert total(held.balances(on=date(2026, 2, 1))).disbursed == 0


def test_same_line_again_changes_nothing_and_a_different_one_is_refused():
    held = book(ALLOTTED)
    again = replace(ALLOTTED, known_at=WRITTEN.replace(hour=20))
    assert held.post(again) is False
    assert held.entries == (ALLOTTED,)
    with pytest.raises(EntryRefused, match="ไม่เหมือนกัน"):
        held.post(replace(ALLOTTED, on=day(2)))
    assert held.post(entry("allotment", "A1", 1, line=2))


def test_post_all_sorts_retries_and_reports():
    wrong = entry("disbursement", "D1", 1000, 10)
    mended = [
        entry("disbursement", "D2", 900, 10),
        entry("reversal", "X", 1000, 10, against=("disbursement", "D1")),
    ]
    too_much = entry("disbursement", "D3", 101, 11)
    clash = [entry("return", "R", 1, 12), entry("return", "R", 2, 12)]
    lines = [*clash, too_much, *reversed(mended), wrong, ALLOTTED, ALLOTTED]
    held = book()
    posted = post_all(held, lines)
    assert len(posted.taken) == 4
    assert posted.already == ()
    assert [(each.entry.document, each.code) for each in posted.refused] == [
        ("R", "number-taken"),
        ("D3", "overdraw"),
    ]
    again = post_all(held, lines)
    assert (again.taken, set(again.already)) == ((), set(posted.taken))
    assert again.refused == posted.refused


def test_entry_needs_a_zone_and_a_number():
    with pytest.raises(ValueError, match="time zone"):
        entry("allotment", "A", 1, known_at=datetime(2026, 1, 1))
    with pytest.raises(ValueError, match="number of baht"):
        entry("allotment", "A", "NaN")


def test_reversal_without_its_entry_is_an_error():
    lone = entry("reversal", "X", 1, against=("allotment", "A9"))
    with pytest.raises(KeyError):
        balances([lone], year=YEAR)


def test_every_kind_has_a_thai_name():
    assert set(KIND_TH) == set(KINDS)
