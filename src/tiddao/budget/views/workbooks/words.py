"""What can happen to a workbook, in words."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

from tiddao.ui.registry import Words

_FATES: Mapping[str, Words] = {
    "new": _("new"),
    "raised": _("raised"),
    "lowered": _("lowered"),
    "unchanged": _("unchanged"),
    "older": _("older than what is known"),
    "by-entries": _("kept entry by entry"),
    "understood": _("understood"),
    "left-out": _("left out"),
    "refused": _("not taken"),
    "error": _("contradicts the workbook"),
    "warning": _("worth a look"),
}
_CHANGES: Mapping[str, Words] = {
    "decided": _("This workbook was taken in or put aside already."),
    "changed": _(
        "Somebody changed this workbook meanwhile. Look at it again, then repeat your change."
    ),
    "no_reason": _("Say why the cell is changed."),
    "too_long": _("The text is too long."),
    "no_such_sheet": _("There is no such sheet in the workbook."),
    "no_such_cell": _("This cell is empty in the workbook; only what stands there can be mended."),
    "no_mend": _("This cell was not mended."),
    "unknown_value": _("Choose one of those offered."),
    "other_unit": _("This unit is not of the province."),
    "not_in_year": _("The day is not in this fiscal year, nor shortly after it."),
    "in_future": _("The day has not come yet."),
    "no_day": _("Say first for which day the figures are true."),
    "nothing_to_take": _("No line of this workbook can be taken in yet."),
    "book_closed": _("The book of one of the offices is closed for this year."),
}


def fate_words(code: str) -> Words:
    """Return what became of a line or a cell, or the weight of an issue."""
    return _FATES[code]


def change_words(code: str) -> Words:
    """Return why a change was refused."""
    return _CHANGES.get(code, _("This cannot be done to the workbook."))
