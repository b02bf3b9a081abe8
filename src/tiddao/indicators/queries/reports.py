"""Issued reports: what one says, made from history; which there are; whether they can be made again."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet
from django.utils import translation

from tiddao.indicators.models import Basis, IssuedReport, Result, Round, Version
from tiddao.indicators.queries.frameworks import definition_of
from tiddao.indicators.queries.league import league_of
from tiddao.indicators.queries.stars import (
    PlaceStars,
    ResultView,
    explanation_of,
    results_of,
    stars_of,
)
from tiddao.indicators.rules.definitions import FrameworkDefinition
from tiddao.indicators.rules.report import FORM, canonical, sha256
from tiddao.kernel.dates import BANGKOK
from tiddao.places import tree
from tiddao.places.models import Level, Place
from tiddao.places.queries import Unit, find_unit, former_names, full_name, unit_of_place

_BELOW = {
    Level.NATION: Level.PROVINCE,
    Level.PROVINCE: Level.DISTRICT,
}


@dataclass(frozen=True, slots=True)
class ReportHead:
    """Who issues what: all of a report that does not follow from history.

    supersedes: number and SHA-256 of the issue before, or None.
    """

    number: str
    edition: int
    office: str
    office_name: str
    by_name: str
    post_title: str
    supersedes: tuple[str, str] | None
    reason: str
    demonstration: bool


@translation.override("th")  # the same bytes whoever asks for them
def figures_of(place: str, one: Round, *, known_at: datetime) -> dict[str, Any] | None:
    """Return all figures of a report as they were known at the moment; None where the place is not
    assessed in the round. The same moment gives the same for ever: see ``ledger.lines``.
    """
    unit = find_unit(place, on=_day_of(one, known_at), known_at=known_at)
    if unit is None:
        return None
    framework = one.framework
    stars = stars_of(
        unit,
        year=framework.fiscal_year,
        code=framework.code,
        round_code=one.code,
        basis=Basis.APPROVED,
        known_at=known_at,
    )
    if stars is None or stars.score is None or stars.round is None:
        return None
    results = results_of(
        one.pk, unit, on=stars.round.true_on, basis=Basis.APPROVED, known_at=known_at
    )
    rows = [_result(each) for each in results]
    single = unit.level == stars.definition.assessed_level
    return {
        "place": {
            "code": unit.key,
            "level": unit.level,
            "name_th": full_name(unit),
            "path": [full_name(each) for each in _above(unit, stars, known_at)],
        },
        "framework": {
            "code": framework.code,
            "fiscal_year": framework.fiscal_year,
            "title_th": stars.definition.title_th,
            "version": stars.version,
            "proposed": stars.definition.proposed,
        },
        "round": {
            "code": stars.round.code,
            "name_th": stars.round.name_th,
            "opens": stars.round.opens.isoformat(),
            "closes": stars.round.closes.isoformat(),
            "true_on": stars.round.true_on.isoformat(),
            "state": stars.round.state,
        },
        "basis": stars.basis,
        "stamp": stars.stamp,
        "explanation": explanation_of(stars),
        "targets": {
            code: {"value": _exact(each.value), "source": each.source}
            for code, each in sorted(stars.targets.items())
        },
        "history": [
            {
                "fiscal_year": each.round.fiscal_year,
                "round": each.round.code,
                "name_th": each.round.name_th,
                "score": _text(each.score.score),
                "stars": each.score.stars,
            }
            for each in stars.history
        ],
        "below": _below(unit, stars, known_at),
        "results": rows if single else [],
        "results_count": len(rows),
        "results_sha256": sha256(canonical({"rows": rows})),
    }


def body_of(head: ReportHead, figures: Mapping[str, Any], *, known_at: datetime) -> dict[str, Any]:
    """Return the whole body: the head and the figures."""
    return {
        "form": f"tiddao-star-report/{FORM}",
        "number": head.number,
        "edition": head.edition,
        "known_at": moment(known_at),
        "office": {"code": head.office, "name_th": head.office_name},
        "signed_by": {"name": head.by_name, "post": head.post_title},
        "supersedes": None
        if head.supersedes is None
        else {"number": head.supersedes[0], "sha256": head.supersedes[1]},
        "reason": head.reason,
        "demonstration": head.demonstration,
        "figures": figures,
    }


def head_of(report: IssuedReport) -> ReportHead:
    """Return the head that a kept report was made with."""
    before = report.supersedes
    return ReportHead(
        number=report.number,
        edition=report.edition,
        office=report.office_id,
        office_name=report.office_name,
        by_name=report.by_name,
        post_title=report.post_title,
        supersedes=None if before is None else (before.number, before.body_sha256),
        reason=report.reason,
        demonstration=report.demonstration,
    )


def made_again(report: IssuedReport) -> bytes | None:
    """Return the body made once more from history, or None where history no longer gives one."""
    figures = figures_of(report.place_id, report.round, known_at=report.known_at)
    if figures is None:
        return None
    return canonical(body_of(head_of(report), figures, known_at=report.known_at))


def moment(at: datetime) -> str:
    """Return the moment as a report writes it: Thai time, to the microsecond."""
    return at.astimezone(BANGKOK).isoformat(timespec="microseconds")


def _day_of(one: Round, known_at: datetime) -> date:
    """The round's day, as it was known."""
    standing = one.standings.filter(known_at__lte=known_at).order_by("-known_at", "-id").first()
    return standing.true_on if standing else one.true_on


def _above(unit: Unit, stars: PlaceStars, known_at: datetime) -> list[Unit]:
    assert stars.as_of is not None  # it is assessed
    places = tree.ancestors(unit.key, on=stars.as_of, known_at=known_at)
    return as_called([unit_of_place(each) for each in places], known_at=known_at)


def as_called(units: list[Unit], *, known_at: datetime | None) -> list[Unit]:
    """Return the units by the names they had at the moment. One query, none for now."""
    names = former_names([each.key for each in units], known_at=known_at)
    return [
        replace(each, **names[each.key]._asdict()) if each.key in names else each for each in units
    ]


def _below(unit: Unit, stars: PlaceStars, known_at: datetime) -> list[dict[str, Any]]:
    """The league of the level below, where that is assessed."""
    level = _BELOW.get(Level(unit.level))
    assessed = Level(stars.definition.assessed_level)
    if level is None or tree.DIGITS[level] > tree.DIGITS[assessed] or stars.round is None:
        return []
    table = league_of(
        unit,
        level,
        year=stars.framework.fiscal_year,
        code=stars.framework.code,
        round_code=stars.round.code,
        basis=stars.basis,
        known_at=known_at,
        most_ranges=0,
    )
    if table is None:
        return []
    return [
        {
            "code": row.key,
            "name_th": row.name_th,
            "rank": row.rank,
            "stars": row.stars,
            "score": _text(row.score),
            "completeness": _exact(row.completeness),
            "reported": row.reported,
        }
        for row in table.rows
    ]


def _result(row: ResultView) -> dict[str, Any]:
    return {
        "place": row.place,
        "indicator": row.indicator,
        "revision": row.revision,
        "state": row.state,
        "known_at": moment(row.known_at),
        "by": row.by,
        "post": row.post,
        "source": row.source,
        "not_applicable": row.not_applicable,
        "numerator": _text(row.numerator),
        "denominator": _text(row.denominator),
        "steps": None if row.steps is None else list(row.steps),
        "self_score": _text(row.self_score),
        "checked_score": _text(row.checked_score),
        "narrative": row.narrative,
    }


def _text(number: Decimal | None) -> str | None:
    return None if number is None else _exact(number)


def _exact(number: Decimal) -> str:
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


# -- for pages -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ReportRow:
    """An issued report in a list. newer: number of the one that took its place, or ""."""

    id: int
    number: str
    edition: int
    place: str
    framework_code: str
    fiscal_year: int
    round_code: str
    round_name: str
    office_name: str
    by_name: str
    post_title: str
    known_at: datetime
    reason: str
    stars: int | None
    score: str | None
    body_sha256: str
    paper_sha256: str
    supersedes: int | None
    newer: str
    newer_id: int | None


def reports_on(place: str) -> tuple[ReportRow, ...]:
    """Return the reports issued on a place, the newest first. Two queries."""
    found = _rows().filter(place_id=place).order_by("-known_at", "-pk")
    return _report_rows(list(found))


def report_row(report: IssuedReport) -> ReportRow:
    """Return one report as it stands in lists. One query."""
    newer = IssuedReport.objects.filter(supersedes=report).only("pk", "number").first()
    return _row(report, newer)


def find_report(report_id: int) -> IssuedReport | None:
    """Return the report with its round, framework and the issue before, or None. One query."""
    return _rows().filter(pk=report_id).first()


def latest_report(place: str, one: Round) -> IssuedReport | None:
    """Return the newest issue for a place and round, or None. One query."""
    return _rows().filter(place_id=place, round=one).order_by("-edition").first()


def find_by_text(text: str) -> tuple[IssuedReport, ...]:
    """Return the reports with that number or with that SHA-256 (of JSON or PDF). One query."""
    asked = text.strip()
    found = _rows().filter(number=asked)
    if len(asked) == len(sha256(b"")):
        lower = asked.lower()
        found = _rows().filter(body_sha256=lower) | _rows().filter(paper_sha256=lower)
    return tuple(found.order_by("pk"))


def all_reports(*, batch: int = 100) -> Iterator[IssuedReport]:
    """Return every report, oldest first, few at a time."""
    yield from _rows().order_by("pk").iterator(chunk_size=batch)


def figures_kept(report: IssuedReport) -> dict[str, Any]:
    """Return the figures as the kept body says them."""
    said: dict[str, Any] = json.loads(bytes(report.body))["figures"]
    return said


def _rows() -> QuerySet[IssuedReport]:
    return IssuedReport.objects.select_related("round__framework__owner", "supersedes", "office")


def _report_rows(reports: list[IssuedReport]) -> tuple[ReportRow, ...]:
    newer = {
        each.supersedes_id: each
        for each in IssuedReport.objects.filter(supersedes__in=[one.pk for one in reports]).only(
            "pk", "number", "supersedes_id"
        )
    }
    return tuple(_row(each, newer.get(each.pk)) for each in reports)


def _row(report: IssuedReport, newer: IssuedReport | None) -> ReportRow:
    explanation = figures_kept(report)["explanation"]
    return ReportRow(
        id=report.pk,
        number=report.number,
        edition=report.edition,
        place=report.place_id,
        framework_code=report.round.framework.code,
        fiscal_year=report.round.framework.fiscal_year,
        round_code=report.round.code,
        round_name=figures_kept(report)["round"]["name_th"],
        office_name=report.office_name,
        by_name=report.by_name,
        post_title=report.post_title,
        known_at=report.known_at,
        reason=report.reason,
        stars=explanation["stars"],
        score=explanation["score"],
        body_sha256=report.body_sha256,
        paper_sha256=report.paper_sha256,
        supersedes=report.supersedes_id,
        newer=newer.number if newer else "",
        newer_id=newer.pk if newer else None,
    )


@dataclass(frozen=True, slots=True)
class Between:
    """One act on a result between two issues: what was said, by whom, and why."""

    indicator: str
    place: str
    place_name: str
    state: str
    revision: int
    figures: str
    by: str
    post: str
    at: datetime
    reason: str


def acts_between(before: IssuedReport, after: IssuedReport) -> tuple[Between, ...]:
    """Return what was done to the place's results between two issues, oldest first. One query."""
    unit = find_unit(after.place_id, on=after.round.true_on, known_at=after.known_at)
    roots = unit.members if unit else frozenset({after.place_id})
    rows = (
        Result.objects.filter(
            round=after.round, known_at__gt=before.known_at, known_at__lte=after.known_at
        )
        .filter(place__in=Place.objects.filter(tree.within_any(roots)))
        .select_related("place")
        .order_by("known_at", "place_id", "indicator_code", "revision")
    )
    return tuple(_between(row) for row in rows)


def _between(row: Result) -> Between:
    said = [_exact(each) for each in (row.numerator, row.denominator) if each is not None]
    if row.steps is not None:
        said = ["+".join(str(step) for step in row.steps)]
    if row.self_score is not None:
        said = [_exact(row.checked_score or row.self_score)]
    return Between(
        indicator=row.indicator_code,
        place=row.place_id,
        place_name=row.place.name_th,
        state=row.state,
        revision=row.revision,
        figures=" / ".join(said),
        by=row.by,
        post=row.post,
        at=row.known_at,
        reason=row.source.partition(" ← ")[2] or row.narrative,
    )


def versions_between(before: IssuedReport, after: IssuedReport) -> tuple[FrameworkDefinition, ...]:
    """Return the definitions published between two issues, oldest first. One query."""
    rows = Version.objects.filter(
        framework=after.round.framework_id,
        published_at__gt=before.known_at,
        published_at__lte=after.known_at,
    )
    return tuple(definition_of(each) for each in rows.order_by("number"))
