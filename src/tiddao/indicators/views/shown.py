"""Stars of a unit as a page shows them: dimensions, indicators, words of rank and change."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tiddao.indicators import wording
from tiddao.indicators.drawings import LadderDrawing, ladder_drawing
from tiddao.indicators.queries.league import LeagueTable
from tiddao.indicators.queries.stars import PlaceStars
from tiddao.indicators.rules.definitions import FrameworkDefinition, IndicatorDefinition
from tiddao.indicators.rules.scoring import (
    DimensionScore,
    IndicatorScore,
    PlaceScore,
)
from tiddao.indicators.views.choices import Choice
from tiddao.kernel.numerals import format_decimal, format_trimmed
from tiddao.places.queries import Unit, in_language


@dataclass(frozen=True, slots=True)
class RadarShare:
    """One spoke of the radar; share 0–1."""

    name: str
    share: Decimal | None


@dataclass(frozen=True, slots=True)
class IndicatorRow:
    """One indicator in a dimension's table, in words ready to show."""

    code: str
    name: str
    unit: str
    value: Decimal | None
    value_words: str
    target_words: str
    level: Decimal | None
    weight: Decimal
    status: str
    status_kind: str
    status_words: str
    trend: tuple[Decimal | None, ...]
    href: str


@dataclass(frozen=True, slots=True)
class DimensionBlock:
    """One dimension with its indicators. caps: the balance rule takes stars away because of it."""

    code: str
    name: str
    weight: Decimal
    score: Decimal | None
    share: Decimal | None
    stars: int | None
    completeness: Decimal
    applies: bool
    caps: bool
    rows: tuple[IndicatorRow, ...]

    @property
    def line(self) -> str:
        return dimension_line(self)


@dataclass(frozen=True, slots=True)
class StarsShown:
    """The stars of a unit, ready to show. of_unit: whose they are, where not the page's own."""

    score: PlaceScore
    sentences: tuple[str, ...]
    radar: tuple[RadarShare, ...]
    dimensions: tuple[DimensionBlock, ...]
    change: str
    rank: str
    of_unit: Unit | None

    @property
    def has_radar(self) -> bool:
        """A radar needs at least three spokes and is unreadable beyond eight; else there are bars."""
        return 3 <= len(self.radar) <= 8


def radar_of(definition: FrameworkDefinition, score: PlaceScore) -> tuple[RadarShare, ...]:
    """Return the spokes; a dimension that is not reported has a gap, not a zero."""
    return tuple(
        RadarShare(
            in_language(each.name_th, each.name_en),
            None if scored.share is None else scored.share / 100,
        )
        for each, scored in zip(definition.dimensions, score.dimensions, strict=True)
    )


def why_href(unit_key: str, indicator_code: str, query: str) -> str:
    return reverse("place-why-indicator", args=[unit_key, indicator_code]) + query


def dimension_blocks(stars: PlaceStars, query: str) -> tuple[DimensionBlock, ...]:
    """Return the dimensions with one row per indicator."""
    score = stars.score
    if score is None:
        return ()
    return tuple(
        DimensionBlock(
            code=each.code,
            name=in_language(each.name_th, each.name_en),
            weight=each.weight,
            score=scored.score,
            share=scored.share,
            stars=scored.stars,
            completeness=scored.completeness,
            applies=scored.applies,
            caps=score.capped_by == each.code,
            rows=_rows(stars, each.indicators, scored, query),
        )
        for each, scored in zip(stars.definition.dimensions, score.dimensions, strict=True)
    )


def dimension_line(block: DimensionBlock) -> str:
    """Return what stands under a dimension's name: score, completeness, weight."""
    said = []
    if block.score is not None and block.share is not None:
        said.append(
            _("score %(score)s (%(share)s%% of full marks)")
            % {"score": format_decimal(block.score, 4), "share": format_decimal(block.share, 2)}
        )
    said.append(_("%(done)s%% reported") % {"done": format_trimmed(block.completeness, 2)})
    said.append(_("weight %(weight)s") % {"weight": format_trimmed(block.weight)})
    return " · ".join(said)


def _rows(
    stars: PlaceStars,
    indicators: Sequence[IndicatorDefinition],
    scored: DimensionScore,
    query: str,
) -> tuple[IndicatorRow, ...]:
    return tuple(
        indicator_row(stars, indicator, one, query)
        for indicator, one in zip(indicators, scored.indicators, strict=True)
    )


def indicator_row(
    stars: PlaceStars, indicator: IndicatorDefinition, one: IndicatorScore, query: str
) -> IndicatorRow:
    unit = wording.unit_of(indicator)
    target = stars.targets.get(indicator.code)
    return IndicatorRow(
        code=indicator.code,
        name=in_language(indicator.name_th, indicator.name_en),
        unit=unit,
        value=one.value,
        value_words=wording.figure(one.value, unit),
        target_words=wording.figure(target.value if target else None, unit),
        level=one.level,
        weight=one.weight,
        status=one.status,
        status_kind=wording.STATUS_KIND[one.status],
        status_words=status_words(one),
        trend=tuple(point.level for point in stars.trend.get(indicator.code, ())),
        href=why_href(stars.unit.key, indicator.code, query),
    )


def status_words(one: IndicatorScore) -> str:
    """Return the status in words; "partly" says how many of how many offices."""
    if one.status == "partly" and one.parts is not None:
        return _("%(reported)s of %(expected)s offices reported") % {
            "reported": one.parts.reported,
            "expected": one.parts.expected,
        }
    return wording.word(wording.STATUS_WORDS, one.status)


def drawing_of(
    definition: FrameworkDefinition, indicator: IndicatorDefinition, one: IndicatorScore | None
) -> LadderDrawing | None:
    """Return the ladder with the value's place on it, before any penalty."""
    level = None
    if one is not None and one.level is not None:
        level = one.level + one.penalty
    return ladder_drawing(indicator, level, definition.star_rules.breakpoints)


def change_words(stars: PlaceStars) -> str:
    """Return what changed since the round before, in words; "" where nothing can be said."""
    now, before = stars.score, stars.previous
    if now is None or before is None or now.score is None or before.score.score is None:
        return ""
    moved = now.score - before.score.score
    if not moved:
        return _("Same score as in %(round)s.") % {"round": before.round.name}
    words = {"points": f"{abs(moved):.4f}", "round": before.round.name}
    if moved > 0:
        return _("%(points)s points up from %(round)s.") % words
    return _("%(points)s points down from %(round)s.") % words


def rank_words(table: LeagueTable | None, key: str) -> str:
    """Return the rank within the scope in words, without naming another place; "" if not ranked."""
    if table is None:
        return ""
    ranked = [row for row in table.rows if row.rank is not None]
    own = next((row for row in ranked if row.key == key), None)
    if own is None:
        return ""
    shared = sum(row.rank == own.rank for row in ranked) - 1
    said = _("Rank %(rank)s of %(count)s %(level)s of %(scope)s") % {
        "rank": own.rank,
        "count": len(ranked),
        "level": wording.word(wording.LEVEL_PLURAL, table.level),
        "scope": table.scope.full_name,
    }
    if shared:
        said += " " + ngettext(
            "(shared with %(n)s other)", "(shared with %(n)s others)", shared
        ) % {"n": shared}
    silent = len(table.rows) - len(ranked)
    if silent:
        said += " · " + ngettext("%(n)s has no stars yet", "%(n)s have no stars yet", silent) % {
            "n": silent
        }
    return said


def shown(
    stars: PlaceStars, choice: Choice, *, rank: str = "", of_unit: Unit | None = None
) -> StarsShown:
    """Return the stars ready to show. Raises ValueError where the unit is not assessed."""
    if stars.score is None:
        raise ValueError("a unit that is not assessed has no stars to show")
    return StarsShown(
        score=stars.score,
        sentences=tuple(wording.star_sentences(stars.definition, stars.score)),
        radar=radar_of(stars.definition, stars.score),
        dimensions=dimension_blocks(stars, choice.query()),
        change=change_words(stars),
        rank=rank,
        of_unit=of_unit,
    )
