"""Rules of reminding: the shipped file, refusals, and days against a plain count."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.conf import settings as site
from hypothesis import given, settings
from hypothesis import strategies as st

from tiddao.kernel.workdays import is_working_day
from tiddao.policy.rules.reminders import (
    ReminderRule,
    RemindersRefused,
    days_concerned,
    read_reminders,
)

FILE = site.BASE.parent.parent / "definitions" / "reminders.toml"
DAYS = st.dates(date(2024, 1, 1), date(2026, 12, 31))


def test_the_shipped_rules_are_proposed_and_complete() -> None:
    rules = read_reminders(FILE.read_text(encoding="utf-8"), file=FILE.name)
    assert rules.proposed
    assert {rule.when for rule in rules.rules} == {
        "silent", "due", "overdue", "to_check", "objected", "asking",
    }  # fmt: skip
    assert {rule.to for rule in rules.rules} == {"receiver", "sender", "above"}
    assert rules.words_of("silent-receiver").startswith("ยังไม่รับทราบ")
    assert rules.words_of("gone") == "gone"


@settings(max_examples=150)
@given(DAYS, st.integers(1, 12), st.integers(-40, 40))
def test_days_concerned_equal_a_plain_count(on: date, count: int, shift: int) -> None:
    counted = on + timedelta(days=shift)
    low, high = sorted((counted, on))
    between = sum(is_working_day(low + timedelta(days=n)) for n in range(1, (high - low).days + 1))
    first, last = days_concerned(ReminderRule("x", "due", count, "receiver", "x"), on=on)
    assert (first == on <= counted <= last) == (counted >= on and between <= count)
    first, last = days_concerned(ReminderRule("x", "silent", count, "receiver", "x"), on=on)
    assert first is None
    assert (counted <= last) == (counted <= on and between >= count)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("proposed = ", "TOML"),
        ('proposed = true\nnote = ""\nrule = 3', "[[rule]]"),
        ('proposed = true\nnote = ""\nmore = 1\n[[rule]]\ncode = "a"', "more"),
        ('proposed = true\nnote = ""\n[[rule]]\ncode="a"\nwhen="never"\nworking_days=0\nto="me"\nwords=""', "when"),
    ],
)  # fmt: skip
def test_an_unreadable_file_says_why(text: str, said: str) -> None:
    with pytest.raises(RemindersRefused, match=said.replace("[", r"\[")):
        read_reminders(text, file="reminders.toml")
