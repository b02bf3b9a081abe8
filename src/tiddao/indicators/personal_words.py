"""Words of personal targets: acts, sides, rounds."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from tiddao.ui.registry import Words

ACT_WORDS: Mapping[str, Words] = {
    "propose": gettext_lazy("Hand in to be agreed"),
    "agree": gettext_lazy("Agree to it"),
    "send-back": gettext_lazy("Send it back with a reason"),
    "change": gettext_lazy("Change what was agreed"),
    "self-assess": gettext_lazy("Assess myself"),
    "assess": pgettext_lazy("personal", "Assess"),
    "acknowledge": gettext_lazy("Acknowledge the assessment"),
    "object": gettext_lazy("Object with a reason"),
}
"""What a person chooses to do."""

DONE_WORDS: Mapping[str, Words] = {
    "propose": gettext_lazy("handed in to be agreed"),
    "agree": gettext_lazy("agreed to it"),
    "send-back": gettext_lazy("sent it back"),
    "change": gettext_lazy("asked for a change of what was agreed"),
    "self-assess": gettext_lazy("assessed themselves"),
    "assess": gettext_lazy("assessed it"),
    "acknowledge": gettext_lazy("acknowledged the assessment"),
    "object": gettext_lazy("objected to the assessment"),
}
"""What somebody did, in the history."""


def round_words(year: int, number: int) -> str:
    """Return the round in words."""
    if number == 1:
        return _("Round 1, October–March, fiscal year %(year)d") % {"year": year}
    return _("Round 2, April–September, fiscal year %(year)d") % {"year": year}
