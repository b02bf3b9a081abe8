"""Results as things that evidence proves."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from tiddao.evidence.subjects import Subject
from tiddao.indicators.models import Round, Version
from tiddao.indicators.queries.entry import SUBJECT
from tiddao.indicators.queries.frameworks import definition_of
from tiddao.indicators.queries.late import takes_reports
from tiddao.places.models import Place
from tiddao.places.queries import full_name, in_language


class ResultSubjects:
    """A result is known by round, place and indicator: it keeps its proof when it is corrected."""

    code = SUBJECT

    @property
    def words(self) -> str:
        return _("Result of an indicator")

    def subjects(self, keys: Collection[str]) -> Mapping[str, Subject]:
        """Return the results that can be reported, reported or not yet. Three queries."""
        asked = {
            key: parts for key in keys if len(parts := key.split(":")) == len(("id", "p", "i"))
        }
        numbers = {parts[0] for parts in asked.values() if parts[0].isdecimal()}
        rounds = {
            str(each.pk): each
            for each in Round.objects.select_related("framework").filter(pk__in=numbers)
        }
        places = Place.objects.in_bulk([parts[1] for parts in asked.values()])
        published = Version.objects.filter(
            framework__in={each.framework_id for each in rounds.values()}
        ).exclude(state=Version.State.DRAFT)
        newest = {each.framework_id: each for each in published.order_by("number")}
        found = {}
        for key, (number, place, indicator) in asked.items():
            one = rounds.get(number)
            version = newest.get(one.framework_id) if one else None
            if one is None or version is None or place not in places:
                continue
            names = {
                each.code: in_language(each.name_th, each.name_en)
                for each in definition_of(version).indicators
            }
            if indicator in names:
                found[key] = _subject(key, one, places[place], indicator, names[indicator])
        return found


def _subject(key: str, one: Round, place: Place, indicator: str, name: str) -> Subject:
    year = one.framework.fiscal_year
    round_name = in_language(one.name_th, one.name_en)
    return Subject(
        key=key,
        label=f"{indicator} {name} · {full_name(place)} · {round_name} {year}",
        href=reverse("entry-indicator", args=[place.code, one.pk, indicator]),
        place=place.code,
        closed=""
        if takes_reports(one, place.code, on=localdate())
        else _("The round is not open."),
    )
