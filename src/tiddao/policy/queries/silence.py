"""What is silent and for how long, and where: lists and the map of a directive."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext as _

from tiddao.people.access import Standing
from tiddao.places import tree
from tiddao.places.models import NATION, Level, Place
from tiddao.places.queries import Unit
from tiddao.places.queries.maps import MapValue, MapView, map_of
from tiddao.places.queries.units import full_name
from tiddao.policy.models import Assignment, AssignmentState, Directive
from tiddao.policy.queries.tallies import (
    Tally,
    counted,
    tallies_up_the_tree,
    whole_line,
)
from tiddao.policy.queries.visibility import visible_assignments, visible_directives
from tiddao.policy.rules.assignments import SENT, Elapsed, elapsed

BAND = {
    "sent": 1,
    "asking": 2,
    "objected": 2,
    "acknowledged": 3,
    "working": 4,
    "returned": 4,
    "done": 5,
    "closed": 5,
    "released": 5,
}
"""Band of the map for an office's state, from silence to done."""


@dataclass(frozen=True, slots=True)
class UnitTally:
    """A province or district of a directive's line. direct: the state of its own office, where that
    was asked itself; whole: of all offices in it.
    """

    key: str
    name: str
    direct: str
    direct_words: str
    direct_id: int | None
    whole: Tally


@dataclass(frozen=True, slots=True)
class SilentOffice:
    """An office that has not said a word. silence: since the sending."""

    assignment_id: int
    directive_id: int
    directive_title: str
    office_name: str
    place_name: str
    silence: Elapsed


@dataclass(frozen=True, slots=True)
class SilenceMap:
    """The map of a directive. several: a place stands for many offices, bands are shares."""

    map: MapView
    several: bool


def units_of_line(directive_id: int, standing: Standing) -> tuple[str, tuple[UnitTally, ...]]:
    """Return (level, tallies of the units of that level in the directive's line), by name.

    The level is the province where receivers lie in several, else the district. Three queries.
    """
    directive = Directive.objects.get(pk=directive_id)
    rows = Assignment.objects.filter(visible_assignments(standing)).filter(whole_line(directive))
    counts = counted(rows, "place_id", on=standing.on)
    places = {each.key for each in counts}
    level = Level.PROVINCE if len({_province(code) for code in places}) > 1 else Level.DISTRICT
    tallies = tallies_up_the_tree(counts, on=standing.on)
    direct = {
        place: (state, pk)
        for place, state, pk in rows.filter(directive=directive).values_list(
            "place_id", "state", "pk"
        )
    }
    wanted = [key for key in tallies if _level(key) == level]
    if level == Level.DISTRICT:  # an office of the province itself stands beside its districts
        wanted += [key for key in direct if _level(key) == Level.PROVINCE]
    found = Place.objects.filter(pk__in=wanted).order_by("sort_key", "code")
    return level, tuple(
        UnitTally(
            key=place.code,
            name=full_name(place),
            direct=direct.get(place.code, ("", None))[0],
            direct_words=_state_words(direct.get(place.code, ("", None))[0]),
            direct_id=direct.get(place.code, ("", None))[1],
            whole=tallies[place.code],
        )
        for place in found
    )


def map_of_silence(
    level: str, units: Sequence[UnitTally], *, sent_on: date, on: date
) -> SilenceMap | None:
    """Return the map of who has answered, over the units of a line; None for a single place.

    A unit with one office shows its state (a silent one the days since sent_on), one with several the
    share that has answered.
    """
    if len(units) < 2:
        return None
    shown = [unit for unit in units if _level(unit.key) == level]
    if not shown:
        return None
    # Only what was asked is drawn: twenty provinces stand out better without the other fifty-seven.
    scope = Unit("asked", level, "", "", True, frozenset(unit.key for unit in shown), NATION)
    several = any(unit.whole.total > 1 for unit in shown)
    silent_days = elapsed(sent_on, on).days
    values = {unit.key: _value(unit, several=several, days=silent_days) for unit in shown}
    words = _share_words() if several else _state_band_words()
    drawn = map_of(
        scope,
        level,
        values,
        on=on,
        title=_("Who has answered"),
        band_words={**words, None: _("not asked")},
    )
    return SilenceMap(drawn, several)


def silent_offices(rows: QuerySet[Assignment], *, on: date) -> QuerySet[Assignment]:
    """Return those of the assignments that are silent, the longest first."""
    del on
    return (
        rows.filter(state=SENT, directive__state=Directive.State.OPEN)
        .select_related("directive", "office", "place")
        .order_by("directive__sent_on", "place_id")
    )


def silent_lines(
    rows: Collection[Assignment] | QuerySet[Assignment], *, on: date
) -> list[SilentOffice]:
    """Return rows of ``silent_offices`` as lines with their days of silence."""
    return [
        SilentOffice(
            assignment_id=row.pk,
            directive_id=row.directive_id,
            directive_title=row.directive.title,
            office_name=row.office.name_th,
            place_name=full_name(row.place),
            silence=elapsed(row.directive.sent_on, on),
        )
        for row in rows
    ]


@dataclass(frozen=True, slots=True)
class Overview:
    """All directives in a person's scope that are in force, counted. units: the level below."""

    directives: int
    whole: Tally
    level: str
    units: tuple[tuple[str, str, Tally], ...]  # (key, name, tally)
    silent: tuple[SilentOffice, ...]
    silent_count: int


MOST_SILENT = 15
"""Silent offices that an overview lists; all are in the workbook."""


def overview(standing: Standing, *, fiscal_year: int | None = None) -> Overview:
    """Return how all open directives in scope stand, by province or district. Up to six queries."""
    open_ones = Directive.objects.filter(visible_directives(standing), state=Directive.State.OPEN)
    if fiscal_year:
        open_ones = open_ones.filter(fiscal_year=fiscal_year)
    rows = Assignment.objects.filter(visible_assignments(standing)).filter(
        Exists(open_ones.filter(pk=OuterRef("directive")))
    )
    counts = counted(rows, "place_id", on=standing.on)
    tallies = tallies_up_the_tree(counts, on=standing.on)
    places = {each.key for each in counts}
    level = Level.PROVINCE if len({_province(code) for code in places}) > 1 else Level.DISTRICT
    units = Place.objects.filter(pk__in=[key for key in tallies if _level(key) == level])
    silent = silent_offices(rows, on=standing.on)
    return Overview(
        directives=open_ones.count(),
        whole=tallies.get(NATION, Tally()),
        level=level,
        units=tuple(
            (place.code, full_name(place), tallies[place.code])
            for place in units.order_by("sort_key", "code")
        ),
        silent=tuple(silent_lines(silent[:MOST_SILENT], on=standing.on)),
        silent_count=silent.count(),
    )


# -- pieces ----------------------------------------------------------------------------------------


def _level(code: str) -> Level:
    return tree.level_of_code(code)


def _province(code: str) -> str:
    """The province in which a place lies; the place itself above that."""
    line = [*tree.ancestor_codes(code), code]
    return next((each for each in line if _level(each) == Level.PROVINCE), code)


def _state_words(state: str) -> str:
    return str(AssignmentState(state).label) if state else ""


def _value(unit: UnitTally, *, several: bool, days: int) -> MapValue:
    href = f"?place={unit.key}#receivers"
    if not several:
        state = next((each for each, count in unit.whole.states.items() if count), "")
        return MapValue(
            BAND.get(state), _state_words(state) or _("called off"), href, mark=_mark(state, days)
        )
    total = unit.whole.total
    if not total:
        return MapValue(None, _("called off"), href)
    answered, finished = unit.whole.answered, unit.whole.of("done", "closed", "released")
    label = _("%(answered)d of %(total)d have answered") % {"answered": answered, "total": total}
    if finished == total:
        band = 5
    elif answered == total:
        band = 4
    elif answered == 0:
        band = 1
    else:
        band = 3 if answered * 2 >= total else 2
    return MapValue(band, label, href, mark=f"{answered}/{total}")


def _mark(state: str, days: int) -> str:
    """What stands on a place of one office: a word, or the days of its silence."""
    if state == SENT:
        return _("%(n)d days") % {"n": days}
    words = {
        2: _("ask") if state == "asking" else _("object"),
        3: _("acknowledged"),
        4: _("at work"),
        5: _("finished"),
    }
    return words.get(BAND.get(state, 0), "–")


def _state_band_words() -> Mapping[int | None, str]:
    return {
        1: _("Silent"),
        2: _("Objects or asks"),
        3: _("Acknowledged"),
        4: _("In progress"),
        5: _("Done or closed"),
    }


def _share_words() -> Mapping[int | None, str]:
    return {
        1: _("none has answered"),
        2: _("fewer than half have answered"),
        3: _("half or more have answered"),
        4: _("all have answered"),
        5: _("all are done"),
    }
