"""Words of a definition in templates: names in the page's language, codes as words."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final

from django import template

from tiddao.indicators import wording
from tiddao.kernel.numerals import format_decimal, format_trimmed
from tiddao.places.queries import in_language

register = template.Library()

_TABLES: Final[dict[str, Mapping[str, wording.Words]]] = {
    "kind": wording.KIND_WORDS,
    "rollup": wording.ROLLUP_WORDS,
    "scheme": wording.SCHEME_WORDS,
    "level": wording.LEVEL_WORDS,
    "levels": wording.LEVEL_PLURAL,
    "version": wording.VERSION_STATE_WORDS,
    "round": wording.ROUND_STATE_WORDS,
    "status": wording.STATUS_WORDS,
    "status_kind": wording.STATUS_KIND,
    "result": wording.RESULT_STATE_WORDS,
    "basis": wording.BASIS_WORDS,
    "import": wording.IMPORT_STATE_WORDS,
}


@register.filter
def words(code: str, table: str) -> str:
    """Return the words of a code: ``{{ indicator.kind|words:"kind" }}``."""
    return str(_TABLES[table].get(code, code))


@register.filter
def named(thing: Any) -> str:
    """Return the name (or title) of anything with ``_th`` and ``_en`` texts."""
    for stem in ("name", "title"):
        thai = getattr(thing, f"{stem}_th", None)
        if thai is not None:
            return in_language(thai, getattr(thing, f"{stem}_en", ""))
    return str(thing)


@register.filter
def unit_of(thing: Any) -> str:
    """Return the unit of an indicator in the page's language."""
    return in_language(thing.unit_th, getattr(thing, "unit_en", ""))


@register.filter
def plainly(value: Decimal | int | None, places: int = 4) -> str:
    """Return a number without empty decimals; "–" for None."""
    return "–" if value is None else format_trimmed(value, places)


@register.filter
def exactly(value: Decimal | str | None) -> str:
    """Return a number (or its exact text, as explanations hold it) to its last digit; "–" for None."""
    return "–" if value is None else format_decimal(Decimal(value))
