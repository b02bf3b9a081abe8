"""One question about data, and what finds the questions of a kind."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import DecimalField, QuerySet, Value
from django.db.models.functions import Cast

from tiddao.budget.queries.quality.scope import Scope
from tiddao.budget.rules.quality import Kind

MONEY: DecimalField = DecimalField(max_digits=18, decimal_places=2)  # type: ignore[type-arg]  # not subscriptable when run


@dataclass(frozen=True, slots=True)
class Question:
    """One question. subject: what it is about, in the words of the data; reference: sheet!cell or a
    document's number. days: how long, where that is the point. target: number of the row asked about.
    """

    kind: Kind
    place: str
    office_name: str
    subject: str
    reference: str
    amount: Decimal | None
    on: date | None
    days: int | None
    target: int | None
    book: int | None = None
    detail: tuple[str, ...] = ()
    type: str = ""
    severity: str = ""


class Finder(ABC):
    """What finds the questions of one kind.

    place, amount: where a row of the table has the office's place and the baht asked about.
    """

    place: str
    amount: str

    @abstractmethod
    def rows(self, scope: Scope) -> QuerySet[Any]:
        """Return what is asked about, one row a question."""

    def counted(self, scope: Scope) -> QuerySet[Any]:
        """Return the same rows, found in the way that suits counting all of them."""
        return self.rows(scope)

    @abstractmethod
    def questions(self, scope: Scope, first: int, last: int) -> list[Question]: ...


def no_money() -> Cast:
    """Of a kind that is about no money."""
    return Cast(Value(None), MONEY)
