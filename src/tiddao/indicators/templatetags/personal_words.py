"""Words for what was done to personal targets."""

from __future__ import annotations

from collections.abc import Mapping

from django import template

from tiddao.ui.registry import Words

register = template.Library()


@register.filter
def done(words: Mapping[str, Words], act: str) -> str:
    """Return what was done, in words; the act itself where there are none."""
    return str(words.get(act, act))
