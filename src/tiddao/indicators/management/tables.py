"""Answers as plain text for a terminal, in the reader's language."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tiddao.indicators.queries.league import LeagueTable
from tiddao.indicators.queries.stars import PlaceStars
from tiddao.indicators.rules.next_star import NextStar
from tiddao.kernel.dates import format_medium


def stars_text(found: PlaceStars) -> str:
    """The head and one line per dimension."""
    lines = [*_head(found)]
    if found.score is None:
        return "\n".join(lines)
    rows = [
        [
            each.code,
            each.name_th,
            _figure(each.score),
            _stars(each.stars),
            _per_cent(each.completeness),
        ]
        for each in found.score.dimensions
    ]
    heads = ["", _("Dimension"), _("Score"), _("Stars"), _("Complete")]
    return "\n".join([*lines, "", *_table(heads, rows, left=2)])


def _head(found: PlaceStars) -> list[str]:
    round_name = found.round.name if found.round else "–"
    proposed = f" · {_('proposed')}" if found.definition.proposed else ""
    lines = [
        f"{found.unit.name} ({found.unit.key})",
        f"{found.framework.title} {found.framework.fiscal_year} v{found.version}{proposed}",
        f"{round_name} · {_as_of(found)}",
    ]
    if found.score is None:
        return [*lines, _why_not(found)]
    return [
        *lines,
        "  ".join(
            (
                _stars(found.score.stars),
                _figure(found.score.score),
                _("complete"),
                _per_cent(found.score.completeness),
            )
        ),
    ]


def _as_of(found: PlaceStars) -> str:
    return _("as of %(day)s") % {"day": format_medium(found.as_of) if found.as_of else "–"}


def _why_not(found: PlaceStars) -> str:
    return {
        "no_round": _("The framework has no round yet."),
        "below_assessed_level": _("This level is not assessed; see %(key)s.")
        % {"key": found.assessed_in},
        "no_office": _("There is no community development office here that could report."),
    }.get(found.not_assessed, "")


def explanation_text(found: PlaceStars, tree: dict[str, Any]) -> str:
    """The sentences of the explanation, indented as the tree is."""
    lines = _head(found)
    if not tree:
        return "\n".join(lines)
    lines += [f"  {each}" for each in tree["sentences_th"]]
    for dimension in tree["dimensions"]:
        lines.append("")
        lines.append(f"{dimension['code']} {dimension['name_th']}  {_stars(dimension['stars'])}")
        lines += [f"  {each}" for each in dimension["sentences_th"]]
        for indicator in dimension["indicators"]:
            level = indicator["level"] or "–"
            lines.append(f"  {indicator['code']} {indicator['name_th']}  {level}")
            lines += [f"    {each}" for each in indicator["sentences_th"]]
    return "\n".join(lines)


def next_star_text(found: PlaceStars, way: NextStar | None) -> str:
    """What to do, then what not to lose."""
    lines = _head(found)
    if way is None:
        return "\n".join(lines)
    if way.target is None:
        lines.append(_("All five stars are there."))
    elif not way.reachable:
        lines.append(_("%(stars)d stars cannot be reached from here.") % {"stars": way.target})
    else:
        lines.append(_("To %(stars)d stars:") % {"stars": way.target})
        lines += [f"  {each.code} {each.needs_th}" for each in way.steps]
    if way.what_would_break_it:
        lines.append(_("A star is lost when one of these falls by a level:"))
        lines += [f"  {each.code} {each.name_th}" for each in way.what_would_break_it]
    return "\n".join(lines)


def league_text(table: LeagueTable) -> str:
    """One line per place; those without a rank at the end."""
    rows = [
        [
            "–" if row.rank is None else str(row.rank),
            f"{row.name_th} ({row.key})",
            _figure(row.score),
            _stars(row.stars) if row.reported else _("not reported"),
            _per_cent(row.completeness),
            _change(row.change_rank),
            f"{row.rank_low}–{row.rank_high}" if row.rank_low else "",
        ]
        for row in table.rows
    ]
    heads = [
        _("Rank"),
        _("Place"),
        _("Score"),
        _("Stars"),
        _("Complete"),
        _("Change"),
        _("Rank interval"),
    ]
    proposed = f" · {_('proposed')}" if table.definition.proposed else ""
    framework = f"{table.framework.title} {table.framework.fiscal_year} v{table.version}{proposed}"
    lines = [
        f"{table.scope.name} · {framework}",
        f"{table.round.name} · {_('as of %(day)s') % {'day': format_medium(table.as_of)}}",
        "",
        *_table(heads, rows, left=2),
        "",
        ngettext("%(count)d row", "%(count)d rows", len(rows)) % {"count": len(rows)},
    ]
    if table.without_office:
        count = len(table.without_office)
        names = ", ".join(name for _code, name in table.without_office[:3])
        more = " …" if count > 3 else ""
        lines.append(
            _("%(count)d more have no community development office: %(names)s")
            % {"count": count, "names": f"{names}{more}"}
        )
    return "\n".join(lines)


def _change(places: int | None) -> str:
    if places is None:
        return ""
    return "=" if not places else f"{'▲' if places > 0 else '▼'}{abs(places)}"


def _figure(value: Decimal | None) -> str:
    return "–" if value is None else f"{value:.4f}"


def _per_cent(value: Decimal) -> str:
    return f"{value:.2f}%"


def _stars(count: int | None) -> str:
    return _("no star yet") if count is None else "★" * count + "☆" * (5 - count)


def _table(heads: Sequence[str], rows: Sequence[Sequence[str]], *, left: int) -> list[str]:
    """Columns side by side, the first `left` to the left, the others to the right."""
    widths = [max(_width(each[n]) for each in [heads, *rows]) for n in range(len(heads))]
    lines = []
    for each in [heads, *rows]:
        cells = [
            text + " " * (width - _width(text)) if n < left else " " * (width - _width(text)) + text
            for n, (text, width) in enumerate(zip(each, widths, strict=True))
        ]
        lines.append("  ".join(cells).rstrip())
    return lines


def _width(text: str) -> int:
    """Columns a text takes: Thai vowels and tone marks above and below take none."""
    return sum(not unicodedata.category(each).startswith("M") for each in text)
