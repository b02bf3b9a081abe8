"""When an office is reminded of a directive, and whom its silence is told: rules as data."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from tiddao.kernel.workdays import is_working_day

WHEN: Final = {
    "silent": frozenset({"sent"}),
    "due": frozenset({"sent", "asking", "acknowledged", "objected", "working", "returned"}),
    "overdue": frozenset({"sent", "asking", "acknowledged", "objected", "working", "returned"}),
    "to_check": frozenset({"done"}),
    "objected": frozenset({"objected"}),
    "asking": frozenset({"asking"}),
}
"""What a rule looks for: the states of an assignment to which it applies."""
COUNTS_FROM_DUE: Final = frozenset({"due", "overdue"})
COUNTS_FROM_SENT: Final = frozenset({"silent"})
TO: Final = ("receiver", "sender", "above")
MOST_DAYS: Final = 60
_KEYS = {"code", "when", "working_days", "to", "words"}
_TOP = {"proposed", "note", "rule"}


class RemindersRefused(ValueError):
    """The file does not hold rules of reminding. faults: each with file and key, in Thai."""

    def __init__(self, faults: tuple[str, ...]) -> None:
        super().__init__("\n".join(faults))
        self.faults = faults


@dataclass(frozen=True, slots=True)
class ReminderRule:
    """Remind when so many working days have passed (for "due": are left). to: who is told."""

    code: str
    when: str
    working_days: int
    to: str
    words: str


@dataclass(frozen=True, slots=True)
class ReminderRules:
    """All rules of a file. proposed: nobody has published them."""

    rules: tuple[ReminderRule, ...]
    proposed: bool
    note: str

    def words_of(self, code: str) -> str:
        """What a reminder says; its code where the rule is gone from the file.

        Source: definitions/reminders.toml.
        """
        return next((rule.words for rule in self.rules if rule.code == code), code)


def read_reminders(text: str, *, file: str) -> ReminderRules:
    """The rules of a TOML file. Raises RemindersRefused with all that is wrong.

    Source: issue 4 "escalation and reminders by rules".
    """
    try:
        found = tomllib.loads(text)
    except tomllib.TOMLDecodeError as fault:
        raise RemindersRefused((f"{file}: อ่านเป็น TOML ไม่ได้: {fault}",)) from fault
    faults = [f"{file}: {key}: ไม่รู้จักหัวข้อนี้" for key in sorted(found.keys() - _TOP)]
    faults += [f"{file}: {key}: ต้องมี" for key in sorted(_TOP - found.keys())]
    tables = found.get("rule", [])
    if not isinstance(tables, list) or not all(isinstance(each, dict) for each in tables):
        raise RemindersRefused((*faults, f"{file}: rule: ต้องเป็นรายการ [[rule]]"))
    codes: set[str] = set()
    for position, table in enumerate(tables, 1):
        where = f"{file}: rule {position}"
        faults += [f"{where}: {why}" for why in _faults_of(table)]
        if table.get("code") in codes:
            faults.append(f"{where}: code: {table['code']} ซ้ำ")
        codes.add(str(table.get("code")))
    if faults:
        raise RemindersRefused(tuple(faults))
    return ReminderRules(
        tuple(ReminderRule(**table) for table in tables), bool(found["proposed"]), found["note"]
    )


def _faults_of(table: dict[str, Any]) -> list[str]:
    if set(table) != _KEYS:
        return [f"ต้องมีหัวข้อ {', '.join(sorted(_KEYS))} เท่านั้น"]
    faults = []
    if table["when"] not in WHEN:
        faults.append(f"when: ไม่รู้จัก {table['when']}")
    if table["to"] not in TO:
        faults.append(f"to: ไม่รู้จัก {table['to']}")
    days = table["working_days"]
    if type(days) is not int or not 1 <= days <= MOST_DAYS:
        faults.append(f"working_days: {days} ไม่ใช่จำนวน 1–{MOST_DAYS}")
    faults += [
        f"{key}: ต้องเป็นข้อความ"
        for key in ("code", "words")
        if not isinstance(table[key], str) or not table[key]
    ]
    return faults


def days_concerned(rule: ReminderRule, *, on: date) -> tuple[date | None, date]:
    """The first and last day counted from on which the rule applies today; None = ever before.

    For "due" the deadlines from today to so many working days ahead; for all others the days that
    lie at least so many working days back. Raises HolidaysUnknown.

    Source: definitions/reminders.toml (before the day for "due", after it for all others).
    """
    if rule.when == "due":
        return on, _ahead(on, rule.working_days)
    return None, _back(on, rule.working_days)


def _ahead(on: date, count: int) -> date:
    """The last day with at most so many working days from on, on itself not counted."""
    day, left = on, count
    while True:
        tomorrow = day + timedelta(days=1)
        if is_working_day(tomorrow):
            if left == 0:
                return day
            left -= 1
        day = tomorrow


def _back(on: date, count: int) -> date:
    """The last day after which, up to and including on, so many working days lie."""
    day, left = on, count
    while left:
        if is_working_day(day):
            left -= 1
        day -= timedelta(days=1)
    return day
