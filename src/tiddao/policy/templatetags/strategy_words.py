"""Words for what changed in a strategy and what was left out of one."""

from __future__ import annotations

from collections.abc import Mapping

from django import template
from django.utils.translation import gettext

from tiddao.ui.registry import Words

register = template.Library()


@register.filter
def word(words: Mapping[str, Words], name: str) -> str:
    """Return the word of a name; the name itself where there is none."""
    return str(words.get(name, name))


@register.filter
def part_words(part: str) -> str:
    """Return what kind of part was left out, in words."""
    return {
        "source": gettext("Source of policy"),
        "mission": gettext("Key mission"),
        "link": gettext("its link to the department's key mission"),
    }.get(part, part)
