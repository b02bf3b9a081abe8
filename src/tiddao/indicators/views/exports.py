"""The tables of these pages as workbooks, whole, with as-of, basis and the definition they stand on."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from django.http import FileResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from tiddao.indicators import wording
from tiddao.indicators.queries.frameworks import FrameworkDetail
from tiddao.indicators.queries.league import LeagueTable
from tiddao.indicators.queries.stars import PlaceStars, explanation_of
from tiddao.indicators.rules.definitions import IndicatorDefinition
from tiddao.indicators.views.shown import status_words
from tiddao.places.queries import in_language
from tiddao.ui.templatetags.ui import be_medium, be_time
from tiddao.ui.xlsx import Cell, Column, xlsx_response


def standing_on(stars: PlaceStars) -> list[str]:
    """Return the lines under a table's title: definition, round, basis, moment, digest."""
    lines = [
        f"{stars.framework.title} {stars.framework.fiscal_year} · "
        + _("version %(n)s") % {"n": stars.version},
        *([str(wording.PROPOSED)] if stars.definition.proposed else []),
    ]
    if stars.round is not None:
        lines.append(_("Round: %(name)s") % {"name": stars.round.name})
    lines.append(wording.word(wording.BASIS_WORDS, stars.basis))
    lines.append(
        _("As known on %(moment)s") % {"moment": be_time(stars.known_at or timezone.now())}
    )
    lines.append(_("Stamp of the facts: %(stamp)s") % {"stamp": stars.stamp})
    return lines


def file_title(what: str, stars: PlaceStars) -> str:
    """Return a download's name: what, where, year, round."""
    round_name = stars.round.name if stars.round else ""
    return f"{what} {stars.unit.full_name} {stars.framework.fiscal_year} {round_name}".strip()


def stars_workbook(stars: PlaceStars) -> FileResponse:
    """Return every indicator of a unit with value, target, level and status."""
    assert stars.score is not None
    columns = (
        Column("dimension", _("Dimension"), width=30),
        Column("code", _("Code"), width=8),
        Column("indicator", _("Indicator"), width=44),
        Column("value", _("Value"), "number", 14),
        Column("unit", _("Unit"), width=14),
        Column("target", _("Target"), "number", 14),
        Column("level", _("Level"), "number", 10),
        Column("weight", _("Weight"), "number", 10),
        Column("status", _("Status"), width=22),
        Column("base", _("Base"), width=26),
    )
    rows: list[list[Cell]] = []
    for dimension, scored in zip(stars.definition.dimensions, stars.score.dimensions, strict=True):
        for indicator, one in zip(dimension.indicators, scored.indicators, strict=True):
            target = stars.targets.get(indicator.code)
            rows.append(
                [
                    f"{dimension.code} {_named(dimension)}",
                    indicator.code,
                    _named(indicator),
                    one.value,
                    wording.unit_of(indicator),
                    target.value if target else None,
                    one.level,
                    one.weight,
                    status_words(one),
                    indicator.base_th,
                ]
            )
    notes = [*wording.star_sentences(stars.definition, stars.score), *standing_on(stars)]
    return xlsx_response(
        file_title(_("Stars"), stars),
        _("Stars of %(name)s") % {"name": stars.unit.full_name},
        columns,
        rows,
        as_of=stars.as_of,
        notes=notes,
    )


def explanation_workbook(stars: PlaceStars) -> FileResponse:
    """Return the tree behind the stars, one row for the whole, each dimension, each indicator."""
    tree = explanation_of(stars)
    columns = (
        Column("level", _("What"), width=14),
        Column("code", _("Code"), width=8),
        Column("name", _("Name"), width=44),
        Column("numerator", _("Numerator"), width=18),
        Column("denominator", _("Denominator"), width=18),
        Column("value", _("Value"), width=18),
        Column("unit", _("Unit"), width=14),
        Column("ladder", _("Ladder"), width=26),
        Column("score", _("Level or score"), width=14),
        Column("weight", _("Weight"), width=10),
        Column("brings", _("Brings"), width=12),
        Column("stars", _("Stars"), "integer", 8),
        Column("done", _("Completeness (%)"), width=14),
        Column("words", _("In words"), width=90),
    )
    whole: list[Cell] = [
        _("Whole"), "", stars.unit.full_name, None, None, None, None, None, tree["score"], None,
        None, tree["stars"], tree["completeness"], " ".join(tree["sentences_th"]),
    ]  # fmt: skip
    rows: list[list[Cell]] = [whole]
    for dimension in tree["dimensions"]:
        rows.append(
            [
                _("Dimension"),
                dimension["code"],
                dimension["name_th"],
                None,
                None,
                None,
                None,
                None,
                dimension["score"],
                dimension["weight"],
                None,
                dimension["stars"],
                dimension["completeness"],
                " ".join(dimension["sentences_th"]),
            ]
        )
        for each in dimension["indicators"]:
            parts = each["parts"] or {}
            reported = bool(parts.get("reported"))
            rows.append(
                [
                    _("Indicator"),
                    each["code"],
                    each["name_th"],
                    parts.get("numerator") if reported else None,
                    parts.get("denominator") if reported else None,
                    each["value"],
                    each["unit_th"],
                    "/".join(each["ladder"] or each["breakpoints"] or ()),
                    each["level"],
                    each["weight"],
                    each["weighted"],
                    None,
                    None,
                    " ".join(each["sentences_th"]),
                ]
            )
    return xlsx_response(
        file_title(_("Why these stars"), stars),
        _("Why these stars: %(name)s") % {"name": stars.unit.full_name},
        columns,
        rows,
        as_of=stars.as_of,
        notes=[tree["rounding_th"], *standing_on(stars)],
    )


def league_workbook(table: LeagueTable, title: str) -> FileResponse:
    """Return a league table with every place of it, ranked or not."""
    columns = (
        Column("rank", _("Rank"), "integer", 8),
        Column("code", _("Code"), width=10),
        Column("name", _("Place"), width=28),
        Column("stars", _("Stars"), "integer", 8),
        Column("score", _("Score"), "number", 10),
        Column("change_rank", _("Places gained since the last round"), "integer", 14),
        Column("low", _("Best rank"), "integer", 10),
        Column("high", _("Worst rank"), "integer", 10),
        Column("done", _("Completeness"), "percent", 14),
        *(
            Column(f"d{each.code}", f"{each.code} {_named(each)}", "number", 16)
            for each in table.framework.definition.dimensions
        ),
        Column("status", _("Status"), width=18),
    )
    rows: list[list[Cell]] = [
        [
            row.rank,
            row.key,
            in_language(row.name_th, row.name_en),
            row.stars,
            row.score,
            row.change_rank,
            row.rank_low,
            row.rank_high,
            row.completeness,
            *_dimension_scores(table, row.dimensions),
            _("Reported") if row.reported else _("Not reported yet"),
        ]
        for row in table.rows
    ]
    notes = [
        f"{table.framework.title} {table.framework.fiscal_year} · {table.round.name}",
        *([str(wording.PROPOSED)] if table.framework.proposed else []),
        wording.word(wording.BASIS_WORDS, table.basis),
        _("As known on %(moment)s") % {"moment": be_time(table.known_at or timezone.now())},
        _("Rank 1 is the highest score."),
        *(_("No office: %(name)s") % {"name": name} for _code, name in table.without_office),
    ]
    return xlsx_response(title, title, columns, rows, as_of=table.as_of, notes=notes)


def _dimension_scores(table: LeagueTable, scores: Sequence[object]) -> list[Decimal | None]:
    by_code = {getattr(each, "code", ""): getattr(each, "score", None) for each in scores}
    return [by_code.get(each.code) for each in table.framework.definition.dimensions]


def framework_workbook(detail: FrameworkDetail) -> FileResponse:
    """Return every indicator of a framework version as its public definition."""
    definition = detail.definition
    columns = (
        Column("dimension", _("Dimension"), width=30),
        Column("code", _("Code"), width=8),
        Column("name", _("Indicator"), width=44),
        Column("kind", _("Kind"), width=18),
        Column("unit", _("Unit"), width=14),
        Column("weight", _("Weight"), "number", 10),
        Column("ladder", _("Ladder"), width=24),
        Column("reports_at", _("Reported by"), width=12),
        Column("rollup", _("At a higher level"), width=28),
        Column("numerator", _("Numerator"), width=30),
        Column("denominator", _("Denominator"), width=30),
        Column("base", _("Base"), width=24),
        Column("evidence", _("Evidence"), width=40),
        Column("owner", _("Owner"), width=24),
        Column("source", _("Source"), width=40),
    )
    rows: list[list[Cell]] = [
        [
            f"{dimension.code} {_named(dimension)} ({dimension.weight:f})",
            each.code,
            _named(each),
            wording.word(wording.KIND_WORDS, each.kind),
            wording.unit_of(each),
            each.weight,
            _ladder_words(each),
            wording.word(wording.LEVEL_WORDS, each.reports_at),
            wording.word(wording.ROLLUP_WORDS, each.rollup),
            each.numerator_th,
            each.denominator_th,
            each.base_th,
            each.evidence_th,
            each.owner_th,
            f"{each.source_text} ({', '.join(each.source_rows)})",
        ]
        for dimension in definition.dimensions
        for each in dimension.indicators
    ]
    published = detail.shown.published_at
    notes = [
        *([str(wording.PROPOSED)] if definition.proposed else []),
        _("version %(n)s") % {"n": detail.shown.number}
        + (f" · {be_medium(published)}" if published else ""),
        f"SHA-256 {detail.shown.digest}",
    ]
    title = f"{wording.framework_title(definition)} {definition.fiscal_year}"
    return xlsx_response(title, title, columns, rows, notes=notes)


def _ladder_words(indicator: IndicatorDefinition) -> str:
    if indicator.ladder is not None:
        return " / ".join(f"{each:f}" for each in indicator.ladder.levels)
    if indicator.breakpoints is not None:
        return " / ".join(f"{each:f}" for each in indicator.breakpoints.values)
    return ""


def _named(thing: object) -> str:
    return in_language(getattr(thing, "name_th", ""), getattr(thing, "name_en", ""))
