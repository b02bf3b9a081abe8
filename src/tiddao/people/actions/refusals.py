"""Why an act on people was not done."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.functional import Promise


class Refused(Exception):
    """An act that the rules of the office do not allow; nothing was written.

    code: stable, for tests and programs. words: one sentence for the person who asked.
    """

    def __init__(self, code: str, words: str | Promise) -> None:
        super().__init__(code)
        self.code = code
        self.words = words

    def __str__(self) -> str:
        return f"{self.code}: {self.words}"


class NameMeetsAnother(Refused):
    """The name is, but for its spelling, that of somebody who has an account already."""

    def __init__(self, words: str | Promise, user_ids: Iterable[int]) -> None:
        super().__init__("name-meets-another", words)
        self.user_ids = frozenset(user_ids)
