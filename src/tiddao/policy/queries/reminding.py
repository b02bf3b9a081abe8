"""The rules of reminding that ship with the product, read once."""

from __future__ import annotations

from functools import cache

from django.conf import settings

from tiddao.policy.rules.reminders import ReminderRules, read_reminders

FILE = settings.BASE.parent.parent / "definitions" / "reminders.toml"


@cache
def reminder_rules() -> ReminderRules:
    """Return when offices are reminded and whom it is told. Raises RemindersRefused."""
    return read_reminders(FILE.read_text(encoding="utf-8"), file=FILE.name)
