"""Indicators as what missions of a strategy are measured by."""

from __future__ import annotations

from collections.abc import Sequence

from django.urls import reverse
from django.utils.timezone import localdate

from tiddao.indicators.queries.frameworks import frameworks_for
from tiddao.places.queries import find_unit, in_language
from tiddao.policy.measuring import Measure


class IndicatorMeasures:
    """The indicators of all frameworks published for a place and year."""

    def at(self, place: str, year: int, *, shown_at: str) -> Sequence[Measure]:
        """Return them, the nearest owner's first. Two queries."""
        unit = find_unit(place, on=localdate())
        if unit is None:
            return ()
        return [
            Measure(
                framework=framework.code,
                code=each.code,
                name=in_language(each.name_th, each.name_en),
                unit=in_language(each.unit_th, each.unit_en),
                dimension=in_language(dimension.name_th, dimension.name_en),
                framework_title=f"{framework.title} {year}",
                href=_page(shown_at, each.code, framework.code, year) if shown_at else "",
            )
            for framework in frameworks_for(unit, year)
            for dimension in framework.definition.dimensions
            for each in dimension.indicators
        ]


def _page(place: str, code: str, framework: str, year: int) -> str:
    query = f"?year={year}&framework={framework}"
    return reverse("place-why-indicator", args=[place, code]) + query
