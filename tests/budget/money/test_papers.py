"""Completeness of financial papers."""

from tests.budget.money.entries import YEAR, book, day, entry
from tiddao.budget.rules.accounts import EntryId
from tiddao.budget.rules.papers import PAPER_OF_DELIVERY, completeness, papers_needed

HELD = book(
    entry("allotment", "A", 1000),
    entry("commitment", "P", 300, 5),
    entry("disbursement", "D1", 300, 20, against=("commitment", "P")),
    entry("disbursement", "D2", 100, 30),
    entry("disbursement", "D3", 100, 30),
    entry("reversal", "X", 100, 30, against=("disbursement", "D3")),
)
PAID = ("ขออนุมัติเบิกจ่าย", "หลักฐานการจ่าย")
D1, D2 = EntryId("disbursement", "D1"), EntryId("disbursement", "D2")


def found(evidence, on):
    return completeness(HELD.entries, evidence, year=YEAR, on=on)


def test_nothing_paid_is_neither_complete_nor_incomplete():
    assert found({}, day(19)).complete is None


def test_payment_on_an_order_needs_its_delivery_note_besides():
    assert papers_needed(HELD.by_id[D1]) == (*PAID, PAPER_OF_DELIVERY)
    state = found({D1: set(PAID)}, day(20))
    assert (state.complete, state.needed, state.held) == (False, 3, 2)
    assert [str(each) for each in state.missing] == ["เบิกจ่าย เลขที่ D1: ขาดใบตรวจรับพัสดุ"]


def test_complete_when_every_standing_payment_has_its_papers():
    evidence = {D1: {*PAID, PAPER_OF_DELIVERY}, D2: {*PAID, "อื่น"}}
    assert found(evidence, day(40)).complete is True
    assert found({D1: evidence[D1]}, day(40)).complete is False


def test_office_may_ask_for_other_papers():
    state = completeness(HELD.entries, {}, year=YEAR, on=day(40), papers={"commitment": ("สัญญา",)})
    assert [each.paper for each in state.missing] == ["สัญญา", PAPER_OF_DELIVERY]
