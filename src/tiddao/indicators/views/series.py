"""A place's figures over the rounds, on the map of today or of before."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from tiddao.indicators.queries.series import SeriesPoint, passages_of, series_of
from tiddao.indicators.surroundings import place_as_it_last_stood, place_names
from tiddao.indicators.views.choices import moment_asked, offered_to
from tiddao.indicators.views.frame import frame_of
from tiddao.people.access import SignedInRequest
from tiddao.places.queries import in_language


@dataclass(frozen=True, slots=True)
class IndicatorOverRounds:
    """A row of the page. trend: values, oldest round first; points: newest first, as the columns."""

    code: str
    name: str
    unit: str
    trend: tuple[Decimal | None, ...]
    points: tuple[SeriesPoint, ...]


@require_GET
def series(request: SignedInRequest, key: str) -> HttpResponse:
    """Show every indicator over the rounds; ?map=former reckons later rounds for the place as it was."""
    moment = moment_asked(request)
    unit = place_as_it_last_stood(key, known_at=moment.get("known_at"))
    if unit is None or not request.standing.covers(key):
        raise Http404
    offered = offered_to(request, unit)
    by_today = request.GET.get("map") != "former"
    choice = offered.choice if offered else None
    found = None
    if choice is not None:
        found = series_of(
            key,
            code=choice.code,
            year=choice.year,
            by_today=by_today,
            basis=choice.basis,
            known_at=choice.known_at,
        )
    passages = found.passages if found else passages_of(key, known_at=moment.get("known_at"))
    names = place_names({code for each in passages for code in (each.predecessor, each.successor)})
    framework = offered.frameworks[0] if offered else None
    indicators = framework.definition.indicators if framework else ()
    rounds = [each.round for each in next(iter(found.points.values()), ())] if found else []
    rounds.reverse()  # the newest first: a phone shows no more than the first
    return render(
        request,
        "indicators/series.html",
        {
            "page": frame_of(request, unit, offered, choice, None),
            "crumbs": [(unit.full_name, reverse("place", args=[key])), (_("Over the rounds"), None)],
            "rounds": rounds,
            "rows": [
                IndicatorOverRounds(
                    code=each.code,
                    name=in_language(each.name_th, each.name_en),
                    unit=in_language(each.unit_th, each.unit_en),
                    trend=tuple(one.value for one in found.points[each.code]),
                    points=tuple(reversed(found.points[each.code])),
                )
                for each in indicators
                if found and each.code in found.points
            ],
            "by_today": by_today,
            "today_href": choice.query() if choice else "?",
            "former_href": choice.query(map="former") if choice else "?map=former",
            "passages": [
                (names.get(each.predecessor, each.predecessor), names.get(each.successor, each.successor), each)
                for each in passages
            ],
            "unknown": names.get(found.unknown, found.unknown) if found else "",
        },
    )  # fmt: skip
