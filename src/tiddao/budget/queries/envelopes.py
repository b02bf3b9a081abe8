"""The envelopes of the books with what their entries come to. Amounts are baht."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from tiddao.budget.models import Envelope, Fund, Keeping, ProjectAlias, SpendingType
from tiddao.budget.queries.balances import Balanced, total_of
from tiddao.budget.queries.recount import ACCOUNTS
from tiddao.budget.rules.accounts import Balance

_FUND_ORDER = {code: number for number, code in enumerate(Fund.values)}


@dataclass(frozen=True, slots=True)
class EnvelopeView(Balanced):
    """An envelope with what its entries come to. project_name: number and name, as far as known."""

    id: int
    book: int
    project: int
    project_number: str
    project_name: str
    activity: int
    activity_name: str
    fund: str
    spending: str
    tranche: str
    keeping: str
    balance: Balance | None

    @property
    def fund_name(self) -> str:
        return str(Fund(self.fund).label)

    @property
    def spending_name(self) -> str:
        return str(SpendingType(self.spending).label)

    @property
    def keeping_name(self) -> str:
        return str(Keeping(self.keeping).label)

    @property
    def project_label(self) -> str:
        return f"{self.project_number} {self.project_name}".strip()

    @property
    def is_kept_by_workbook(self) -> bool:
        return self.keeping == Keeping.WORKBOOK


@dataclass(frozen=True, slots=True)
class ProjectGroup(Balanced):
    """A project within a fund of a book: its envelopes and their sum."""

    id: int
    label: str
    envelopes: tuple[EnvelopeView, ...]
    balance: Balance | None


@dataclass(frozen=True, slots=True)
class FundGroup(Balanced):
    """A fund of a book: its projects and their sum."""

    fund: str
    name: str
    projects: tuple[ProjectGroup, ...]
    balance: Balance | None


def envelopes_of(
    book_id: int, *, fund: str = "", tranche: str | None = None, text: str = ""
) -> tuple[EnvelopeView, ...]:
    """Return the envelopes of a book, by fund, project, activity, type of spending and tranche.

    text: what a project's number, name or alias, or an activity's name holds. One query.
    """
    rows = Envelope.objects.filter(book=book_id)
    if fund:
        rows = rows.filter(fund=fund)
    if tranche is not None:
        rows = rows.filter(tranche=tranche)
    for word in text.split():
        alias = ProjectAlias.objects.filter(
            project=OuterRef("activity__project"), written__icontains=word
        )
        rows = rows.filter(
            Q(activity__project__number__icontains=word)
            | Q(activity__project__name_th__icontains=word)
            | Q(activity__name_th__icontains=word)
            | Exists(alias)
        )
    return envelope_views(rows)


def find_envelope(envelope_id: int) -> EnvelopeView | None:
    """Return the envelope of that number. One query."""
    found = envelope_views(Envelope.objects.filter(pk=envelope_id))
    return found[0] if found else None


def tranches_of(book_id: int) -> list[str]:
    """Return the tranches of a book's envelopes, in order; "" is for none."""
    rows = Envelope.objects.filter(book=book_id).order_by("tranche")
    return list(rows.values_list("tranche", flat=True).distinct())


def grouped(envelopes: Iterable[EnvelopeView]) -> tuple[FundGroup, ...]:
    """Group envelopes by fund and project, each with its sum."""
    by_fund: dict[str, dict[int, list[EnvelopeView]]] = {}
    for each in envelopes:
        by_fund.setdefault(each.fund, {}).setdefault(each.project, []).append(each)
    groups = []
    for fund, projects in by_fund.items():
        found = tuple(
            ProjectGroup(
                id=number,
                label=lines[0].project_label,
                envelopes=tuple(lines),
                balance=total_of(each.balance for each in lines),
            )
            for number, lines in projects.items()
        )
        groups.append(
            FundGroup(
                fund=fund,
                name=str(Fund(fund).label),
                projects=found,
                balance=total_of(each.balance for each in found),
            )
        )
    return tuple(groups)


def envelope_views(rows: QuerySet[Envelope]) -> tuple[EnvelopeView, ...]:
    """Return the rows as ``envelopes_of`` orders them. One query."""
    accounts = [f"balance__{account}" for account in ACCOUNTS]
    values = rows.values_list(
        "pk", "book_id", "activity__project_id", "activity__project__number",
        "activity__project__name_th", "activity_id", "activity__name_th", "fund", "spending",
        "tranche", "keeping", *accounts,
    )  # fmt: skip
    found = [_envelope_view(row) for row in values]
    return tuple(sorted(found, key=_envelope_order))


def _envelope_view(row: tuple[Any, ...]) -> EnvelopeView:
    balance = None if row[11] is None else Balance(*row[11:])
    return EnvelopeView(*(*row[:11], balance))


def _envelope_order(each: EnvelopeView) -> tuple[Any, ...]:
    return (
        _FUND_ORDER[each.fund],
        natural_order(each.project_number),
        each.project_name,
        each.project,
        each.activity_name,
        each.spending,
        each.tranche,
    )


def natural_order(number: str) -> tuple[bool, tuple[tuple[int, str], ...]]:
    """Order "9/2569" before "24/2569"; what has no number comes last."""
    parts = re.findall(r"\d+|\D+", number)
    return not number, tuple((int(part), "") if part.isdigit() else (0, part) for part in parts)
