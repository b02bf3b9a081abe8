"""League tables: of the level below a unit, and of any scope and level in sight."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from typing import Any

from django import forms
from django.core.paginator import Page, Paginator
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET
from django.views.decorators.vary import vary_on_headers

from tiddao.indicators import wording
from tiddao.indicators.models import Basis
from tiddao.indicators.queries.league import LeagueDimension, LeagueRow, LeagueTable, league_of
from tiddao.indicators.queries.stars import stars_of
from tiddao.indicators.surroundings import level_within
from tiddao.indicators.views.choices import Choice, Offered, moment_asked, offered_to
from tiddao.indicators.views.exports import league_workbook
from tiddao.indicators.views.frame import frame_of
from tiddao.people.access import SignedInRequest, visible_unit_or_404
from tiddao.places import tree
from tiddao.places.models import GroupKind, Level
from tiddao.places.queries import Unit, in_language
from tiddao.places.queries.groups import visible_groups
from tiddao.places.queries.maps import MapValue, MapView, map_of

LEVELS_OF_LEAGUES = ("province", "district")
GROUP_LEVELS = ("region", "inspection", "zone")
ROWS_A_PAGE = 100
MOST_RANGES = 200
"""Ranked places whose ranges of ranks a page works out; the workbook has them whatever the number."""


@dataclass(frozen=True, slots=True)
class Head:
    """A column's head. href: sorts by it; sorted: "ascending", "descending" or ""."""

    label: str
    href: str
    sorted: str
    numeric: bool


@dataclass(frozen=True, slots=True)
class Row:
    """A place in the table, ready to show. href: None where the reader may not open it."""

    rank: int | None
    shared: bool
    name: str
    href: str | None
    stars: int | None
    score: Decimal | None
    change: str
    interval: str
    completeness: Decimal
    dimensions: tuple[LeagueDimension, ...]
    reported: bool
    here: bool


@dataclass(frozen=True, slots=True)
class LeagueShown:
    """A league table ready to show. pages: where in the whole table the rows stand; has_ranges: the
    column "Rank range" is filled.
    """

    rows: tuple[Row, ...]
    pages: Page[LeagueRow]
    has_ranges: bool
    heads: tuple[Head, ...]
    caption: str
    sorted_words: str
    notes: tuple[str, ...]
    empty_title: str
    empty_text: str


class LeagueForm(forms.Form):
    """What to rank: whose places, which level, on what."""

    scope = forms.ChoiceField(label=gettext_lazy("Within"), required=False)
    level = forms.ChoiceField(label=gettext_lazy("Rank the"), required=False)
    year = forms.ChoiceField(label=gettext_lazy("Fiscal year"), required=False)
    framework = forms.ChoiceField(label=gettext_lazy("Framework"), required=False)
    round = forms.ChoiceField(label=gettext_lazy("Round"), required=False)
    dimension = forms.ChoiceField(label=gettext_lazy("Ranked by"), required=False)
    peers = forms.ChoiceField(label=gettext_lazy("Only the group"), required=False)
    basis = forms.ChoiceField(
        label=gettext_lazy("Which results count"), choices=Basis, required=False
    )
    known_at = forms.CharField(label=gettext_lazy("As known on"), required=False)


@require_GET
@vary_on_headers("HX-Request")
def children(request: SignedInRequest, key: str) -> HttpResponse:
    """Show the level below a unit, ranked and mapped; htmx asks for the table alone."""
    unit = visible_unit_or_404(request, key, **moment_asked(request))
    return _league_page(
        request, unit, _level_asked(request, unit), "indicators/place_children.html"
    )


@require_GET
@vary_on_headers("HX-Request")
def league(request: SignedInRequest) -> HttpResponse:
    """Show a league table of any scope and level that the reader may see."""
    scope = _scope_asked(request)
    if scope is None:
        raise Http404
    return _league_page(request, scope, _level_asked(request, scope), "indicators/league.html")


@require_GET
def league_xlsx(request: SignedInRequest, key: str) -> FileResponse:
    """Hand out a league table as a workbook: every place of it, whatever the page shows."""
    unit = visible_unit_or_404(request, key, **moment_asked(request))
    level = _level_asked(request, unit)
    offered = offered_to(request, unit)
    table = _table(request, unit, level, offered) if offered and level else None
    if table is None:
        raise Http404
    return league_workbook(table, _title(table))


def _league_page(
    request: SignedInRequest, unit: Unit, level: str | None, template: str
) -> HttpResponse:
    offered = offered_to(request, unit)
    table = None
    if offered and level:
        table = _table(request, unit, level, offered, most_ranges=MOST_RANGES)
    stars = None
    if offered is not None:
        stars = stars_of(
            unit,
            year=offered.choice.year,
            code=offered.choice.code,
            round_code=table.round.code if table else None,
            basis=offered.choice.basis,
            known_at=offered.choice.known_at,
        )
    choice = _settled(offered.choice, table) if offered and table else None
    own_page = template.endswith("place_children.html")
    context: dict[str, Any] = {
        "page": frame_of(request, unit, offered if own_page else None, choice, stars),
        "shown": None,
        "map": None,
        "title": _("League"),
        "empty": _empty(unit, level, offered),
        "form": None,
    }
    if not own_page:
        context["form"] = _form(request, unit, level, offered, table)
    if table is not None and choice is not None:
        more = _more(table)
        context |= {
            "shown": _shown(request, table, choice),
            "map": _map(request, table, choice),
            "title": _title(table),
            "xlsx_href": reverse("league-xlsx", args=[unit.key])
            + choice.query(level=table.level, **more),
        }
        if request.htmx:
            return render(request, "indicators/_league.html", context)
    return render(request, template, context)


# -- what was asked -------------------------------------------------------------------------------


def _scope_asked(request: SignedInRequest) -> Unit | None:
    asked = request.GET.get("scope")
    if asked:
        return visible_unit_or_404(request, asked, **moment_asked(request))
    for post in request.standing.posts:
        key = post.group_key or min(post.roots, default="")
        if not key:
            continue
        while not post.group_key and tree.level_of_code(key) not in ("nation", "province"):
            above = tree.parent_code(key)
            if above is None or not request.standing.covers(above):
                break
            key = above
        return visible_unit_or_404(request, key)
    return None


def _level_asked(request: SignedInRequest, unit: Unit) -> str | None:
    asked = request.GET.get("level", "")
    allowed = [code for code, _words in _levels(unit)]
    if asked in allowed:
        return asked
    below = level_within(unit)
    return below if below in allowed else (allowed[0] if allowed else None)


def _levels(unit: Unit) -> list[tuple[str, str]]:
    """Return the levels that can be ranked within the unit: below it, and groups inside it."""
    depth = 0
    if not unit.is_group:
        depth = tree.LEVELS.index(tree.level_of_code(unit.key))
    elif unit.members:
        depth = tree.LEVELS.index(tree.level_of_code(min(unit.members))) - 1
    found = [level for level in LEVELS_OF_LEAGUES if tree.LEVELS.index(Level(level)) > depth]
    if not unit.is_group and depth == 0:
        found += list(GROUP_LEVELS)
    elif not unit.is_group and depth == 1:
        found.append("zone")
    return [(level, wording.word(wording.LEVEL_PLURAL, level)) for level in found]


def _table(
    request: SignedInRequest,
    unit: Unit,
    level: str | None,
    offered: Offered,
    *,
    most_ranges: int | None = None,
) -> LeagueTable | None:
    assert level is not None  # the callers ask only with a level
    choice = offered.choice
    try:
        return league_of(
            unit,
            level,
            year=choice.year,
            code=choice.code,
            round_code=choice.round_code,
            basis=choice.basis,
            dimension=request.GET.get("dimension") or None,
            peers=_peers_asked(request),
            known_at=choice.known_at,
            most_ranges=most_ranges,
        )
    except KeyError:  # a dimension of another framework: a bad address
        raise Http404 from None
    except ValueError:  # a level that this framework does not assess
        return None


def _peers_asked(request: SignedInRequest) -> str | None:
    asked = request.GET.get("peers")
    return visible_unit_or_404(request, asked).key if asked else None


def _settled(choice: Choice, table: LeagueTable) -> Choice:
    return Choice(
        choice.year, table.framework.code, choice.basis, choice.known_at, table.round.code
    )


def _more(table: LeagueTable) -> dict[str, str]:
    more = {}
    if table.dimension:
        more["dimension"] = table.dimension
    if table.peers:
        more["peers"] = table.peers
    return more


def _form(
    request: SignedInRequest,
    unit: Unit,
    level: str | None,
    offered: Offered | None,
    table: LeagueTable | None,
) -> LeagueForm:
    groups = visible_groups(roots=request.standing.roots, on=request.standing.on)
    scopes = [
        (post.group_key or root, post.office_name if not post.group_key else post.title)
        for post in request.standing.posts
        for root in ([next(iter(post.roots), "")] if post.group_key else sorted(post.roots))
        if root
    ]
    named = [(each.key, each.name) for each in groups if each.kind != GroupKind.PEER]
    peers = [
        (each.key, each.name)
        for each in groups
        if each.kind in (GroupKind.PEER, GroupKind.ZONE, GroupKind.REGION)
    ]
    choices: dict[str, list[tuple[str, str]]] = {
        "scope": _once([(unit.key, unit.full_name), *scopes, *named]),
        "level": _levels(unit),
        "year": [(str(each), str(each)) for each in offered.years] if offered else [],
        "framework": [(each.code, each.title) for each in offered.frameworks] if offered else [],
        "round": [(each.code, each.name) for each in table.rounds] if table else [],
        "dimension": [("", _("the whole score")), *_dimensions(table)],
        "peers": [("", _("everybody")), *peers],
    }
    form = LeagueForm(
        data={
            "scope": unit.key,
            "level": level or "",
            "year": str(offered.choice.year) if offered else "",
            "framework": offered.choice.code if offered else "",
            "round": table.round.code if table else "",
            "dimension": table.dimension if table else "",
            "peers": table.peers if table else "",
            "basis": offered.choice.basis if offered else Basis.APPROVED,
            "known_at": offered.known_at_text if offered else "",
        }
    )
    for name, options in choices.items():
        field = form.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = options
    return form


def _once(choices: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    seen: dict[str, str] = {}
    for key, name in choices:
        seen.setdefault(key, name)
    return list(seen.items())


def _dimensions(table: LeagueTable | None) -> list[tuple[str, str]]:
    if table is None:
        return []
    return [
        (each.code, f"{each.code} {in_language(each.name_th, each.name_en)}")
        for each in table.definition.dimensions
    ]


# -- what is shown --------------------------------------------------------------------------------

_SORTS: dict[str, Callable[[LeagueRow], Any]] = {
    "rank": lambda row: row.rank,
    "name": lambda row: row.name_th,
    "stars": lambda row: row.stars,
    "score": lambda row: row.score,
    "change": lambda row: row.change_rank,
    "done": lambda row: row.completeness,
}
_FALLING_FIRST = {"stars", "score", "change", "done"}


def _title(table: LeagueTable) -> str:
    return _("League of %(level)s: %(scope)s") % {
        "level": wording.word(wording.LEVEL_PLURAL, table.level),
        "scope": table.scope.full_name,
    }


def _shown(request: SignedInRequest, table: LeagueTable, choice: Choice) -> LeagueShown:
    asked = request.GET.get("sort", "rank")
    falling = asked.startswith("-")
    column = asked.removeprefix("-")
    codes = [each.code for each in table.definition.dimensions]
    if column not in _SORTS and column.removeprefix("d:") not in codes:
        column, falling = "rank", False
    pages = _page_asked(request, _sorted(table.rows, column, falling=falling))
    ranked = sum(row.rank is not None for row in table.rows)
    silent = sum(not row.reported for row in table.rows)
    unranked = len(table.rows) - ranked - silent
    caption = _("%(n)s places: %(ranked)s ranked") % {"n": len(table.rows), "ranked": ranked}
    if unranked:
        caption += ", " + _("%(n)s incomplete") % {"n": unranked}
    if silent:
        caption += ", " + _("%(n)s not reported yet") % {"n": silent}
    if table.previous_round is not None:
        caption += " · " + _("change since %(round)s") % {"round": table.previous_round.name}
    if pages.has_other_pages():
        here = {"page": pages.number, "pages": pages.paginator.num_pages}
        caption = _("Page %(page)s of %(pages)s") % here + " · " + caption
    notes = []
    if table.too_many_to_range:
        words = _("Rank ranges of %(n)s places are too much for a page; the Excel file has them.")
        notes.append(words % {"n": table.too_many_to_range})
    if table.without_office:
        names = ", ".join(name for _code, name in table.without_office)
        words = _("%(names)s: no office of the department, so not in the table.")
        notes.append(words % {"names": names})
    return LeagueShown(
        rows=tuple(_row(request, row, choice) for row in pages),
        pages=pages,
        has_ranges=not table.too_many_to_range,
        heads=_heads(table, choice, column, _more(table), falling=falling),
        caption=caption,
        sorted_words="",
        notes=tuple(notes),
        empty_title=_("No places at this level here"),
        empty_text=_("Choose another level or scope."),
    )


def _page_asked(request: SignedInRequest, rows: list[LeagueRow]) -> Page[LeagueRow]:
    """Return the page asked for; else the one with the place that the reader came from."""
    paginator = Paginator(rows, ROWS_A_PAGE)
    if "page" in request.GET:
        return paginator.get_page(request.GET["page"])
    here = request.GET.get("here")
    position = next((number for number, row in enumerate(rows) if row.key == here), 0)
    return paginator.get_page(position // ROWS_A_PAGE + 1)


def _dimension_score(code: str, row: LeagueRow) -> Decimal | None:
    return next((each.score for each in row.dimensions if each.code == code), None)


def _sorted(rows: tuple[LeagueRow, ...], column: str, *, falling: bool) -> list[LeagueRow]:
    """Return the rows by a column; those without a figure stay last whichever way it runs."""
    key = _SORTS.get(column, partial(_dimension_score, column.removeprefix("d:")))
    present = [row for row in rows if key(row) is not None]
    present.sort(key=key, reverse=falling)
    return [*present, *(row for row in rows if key(row) is None)]


def _heads(
    table: LeagueTable, choice: Choice, column: str, more: dict[str, str], *, falling: bool
) -> tuple[Head, ...]:
    def head(code: str, label: str, *, numeric: bool = True) -> Head:
        first_falling = code in _FALLING_FIRST or code.startswith("d:")
        here = code == column
        turn = not falling if here else first_falling
        way = ""
        if here:
            way = "descending" if falling else "ascending"
        scope = {"scope": table.scope.key} if table.scope else {}
        sort = f"-{code}" if turn else code
        return Head(
            label, choice.query(**scope, level=table.level, sort=sort, **more), way, numeric
        )

    return (
        head("rank", _("Rank")),
        head("name", _("Place"), numeric=False),
        head("stars", _("Stars"), numeric=False),
        head("score", _("Score")),
        head("change", _("Change")),
        Head(_("Rank range"), "", "", numeric=True),
        head("done", _("% reported")),
        *(head(f"d:{code}", words) for code, words in _dimensions(table)),
    )


def _row(request: SignedInRequest, row: LeagueRow, choice: Choice) -> Row:
    is_group = not (row.key[:1].isdigit() or row.key == "th")
    open_to_reader = is_group or request.standing.covers(row.key)
    return Row(
        rank=row.rank,
        shared=row.tied,
        name=in_language(row.name_th, row.name_en),
        href=reverse("place", args=[row.key]) + choice.query() if open_to_reader else None,
        stars=row.stars,
        score=row.score,
        change=_change(row),
        interval=_interval(row),
        completeness=row.completeness,
        dimensions=row.dimensions,
        reported=row.reported,
        here=request.GET.get("here") == row.key,
    )


def _change(row: LeagueRow) -> str:
    if row.change_rank is None:
        return "–"
    if row.change_rank == 0:
        return "="
    return f"▲ {row.change_rank}" if row.change_rank > 0 else f"▼ {-row.change_rank}"


def _interval(row: LeagueRow) -> str:
    if row.rank_low is None or row.rank_high is None:
        return "–"
    if row.rank_low == row.rank_high:
        return str(row.rank_low)
    return f"{row.rank_low}–{row.rank_high}"


def _map(request: SignedInRequest, table: LeagueTable, choice: Choice) -> MapView | None:
    """Return the map of the ranked places by stars; groups have no outline of their own."""
    if table.level not in LEVELS_OF_LEAGUES:
        return None
    values = {
        row.key: MapValue(
            band=row.stars or None,
            label=_stars_words(row),
            href=reverse("place", args=[row.key]) + choice.query()
            if request.standing.covers(row.key)
            else "",
        )
        for row in table.rows
    }
    return map_of(
        table.scope,
        table.level,
        values,
        on=table.as_of,
        known_at=table.known_at,
        title=_title(table),
    )


def _stars_words(row: LeagueRow) -> str:
    if row.stars is not None:
        return _("%(n)s stars") % {"n": row.stars}
    return _("data incomplete") if row.reported else _("not reported yet")


def _empty(unit: Unit, level: str | None, offered: Offered | None) -> dict[str, str]:
    if offered is None:
        return {
            "title": _("No framework speaks of this place yet"),
            "text": _("The department publishes frameworks; a province may copy one."),
            "href": reverse("frameworks"),
            "label": _("See the frameworks"),
        }
    if level is None:
        return {
            "title": _("Nothing below this is assessed"),
            "text": _("Frameworks assess districts and what lies above them."),
            "href": reverse("place", args=[unit.key]),
            "label": _("Back to the stars"),
        }
    return {
        "title": _("There is no league table for this choice"),
        "text": _("The framework does not assess this level, or has no round yet."),
        "href": reverse("place", args=[unit.key]),
        "label": _("Back to the stars"),
    }
