"""Words for the parts of a strategy, where a page names what was changed."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

from tiddao.ui.registry import Words

FIELD_WORDS: Mapping[str, Words] = {
    "title": _("Title"),
    "vision": _("Vision"),
    "vision_on": _("Day of this wording"),
    "vision_source": _("Where the vision was read"),
    "goal": _("Highest goal"),
    "kind": _("Kind of source"),
    "text": _("What it says"),
    "number": _("Number of the letter"),
    "issued_on": _("Day of the paper"),
    "order": _("Order"),
    "owner": _("Who drives it"),
    "sources": _("Stands on"),
    "carries_out": _("Carries out this key mission of the department"),
    "indicators": _("Is measured by"),
}
