"""A function in a process of its own: its answer, its errors, and its bounds."""

from __future__ import annotations

import os
import time

import pytest

from tiddao.kernel import apart
from tiddao.kernel.apart import GaveUp, run_apart
from tiddao.kernel.digits import to_thai
from tiddao.kernel.numerals import NumberUnreadable, parse_decimal


def test_the_answer_is_the_function_s_own():
    assert run_apart(to_thai, "2566") == "๒๕๖๖"


def test_what_it_raises_is_raised_here_with_all_it_says():
    with pytest.raises(NumberUnreadable) as raised:
        run_apart(parse_decimal, "แปดสิบ")
    assert (raised.value.code, raised.value.text) == ("text", "แปดสิบ")


def test_more_memory_than_it_may_have_ends_it_and_not_us():
    with pytest.raises(GaveUp) as gave_up:
        run_apart(bytearray, 4 * apart.MEMORY_BYTES)
    assert gave_up.value.why == "too_much"


def test_a_process_that_ends_badly_is_given_up():
    with pytest.raises(GaveUp) as gave_up:
        run_apart(os._exit, 3)
    assert gave_up.value.why == "too_much"


def test_more_time_than_it_may_have_ends_it(monkeypatch):
    monkeypatch.setattr(apart, "PROCESSOR_SECONDS", 0.2)
    with pytest.raises(GaveUp) as gave_up:
        run_apart(time.sleep, 5)
    assert gave_up.value.why == "too_slow"


def test_it_is_told_nothing_of_passwords_and_addresses(monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgres://secret")
    assert run_apart(os.getenv, "DATABASE_URL") is None
