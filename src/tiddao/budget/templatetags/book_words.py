"""Words and figures of the offices' books in templates."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from django import template
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from tiddao.budget.models import Kind
from tiddao.budget.queries.balances import share_of
from tiddao.budget.rules.accounts import Balance
from tiddao.kernel.numerals import format_decimal
from tiddao.ui.registry import Words

register = template.Library()

_ACCOUNTS: dict[str, Words] = {
    "remaining": _("Remaining"),
    "committed": _("Committed"),
    "disbursed": _("Disbursed"),
    "advanced": _("Of that, advances not cleared"),
    "reserved": _("Of the remaining, reserved for next year"),
}
_MEASURES: dict[str, Words] = {
    "amount": _("Amount"),
    "allotted": _("Allotted"),
    "committed": _("Committed"),
    "disbursed": _("Disbursed"),
    "supervision": _("Works supervision fee"),
    "remaining": _("Remaining"),
    "returned": _("Money returned"),
}


@register.filter
def kind_words(kind: str) -> str:
    """The kind of an entry in words."""
    return str(Kind(kind).label)


@register.filter
def measure_words(name: str) -> str:
    """A measure of a monitoring sheet in words; its own name where it has none."""
    return str(_MEASURES.get(name, name))


@register.filter
def accounts(names: str) -> list[tuple[str, str]]:
    """Name and words of the accounts, in the order given."""
    return [(name, str(_ACCOUNTS[name])) for name in names.split()]


@register.filter
def account(balance: Balance, name: str) -> Decimal:
    """One account of a balance, baht."""
    amount: Decimal = getattr(balance, name)
    return amount


@register.filter
def amount_of(amounts: Mapping[str, Decimal], name: str) -> Decimal | None:
    """One of several amounts, None where it is not said."""
    return amounts.get(name)


@register.filter
def disbursed_share(balance: Balance | None) -> Decimal | None:
    """Disbursed of the base, per cent; None where there is none."""
    return share_of(balance, "disbursed")


@register.filter
def signed(amount: Decimal) -> str:
    """+1,234.50 or −1,234.50; a change of zero has no sign."""
    shown = format_decimal(abs(amount), 2)
    return f"+{shown}" if amount > 0 else f"−{shown}" if amount < 0 else shown


@register.filter
def evidence_link(reference: str) -> SafeString:
    """A link to the evidence "evidence:12/3" (its number and version)."""
    number, _slash, version = reference.removeprefix("evidence:").partition("/")
    return format_html(
        '<a href="{}">{}</a>',
        reverse("evidence-item", args=[int(number)]),
        gettext("Evidence %(number)s, version %(version)s")
        % {"number": number, "version": version},
    )
