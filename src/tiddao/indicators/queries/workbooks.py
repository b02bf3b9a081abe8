"""A round's workbook for an office or a province: what goes out, and what comes back, read apart."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from typing import Any

from django.db.models import Q

from tiddao.indicators.models import Result, Round, Target, Version
from tiddao.indicators.queries.entry import LastReport, last_reports, reported_of
from tiddao.indicators.queries.frameworks import definition_of, known, version_in_force
from tiddao.indicators.queries.leaves import leaves_on, levels_of
from tiddao.indicators.queries.stars import result_view
from tiddao.indicators.rules.definitions import FrameworkDefinition, IndicatorDefinition
from tiddao.indicators.rules.results_comparison import Compared, Key, Standing, compared
from tiddao.indicators.rules.results_file import LARGEST_FILE, FileUnreadable, unpacks
from tiddao.indicators.rules.results_layout import Sent
from tiddao.indicators.rules.results_places import ReportingPlace
from tiddao.indicators.rules.results_sheets import Filled, WorkbookOut, results_book
from tiddao.indicators.rules.results_workbook import Finding, ReadFile, ReadResult, read_file
from tiddao.kernel.apart import GaveUp, run_apart
from tiddao.kernel.numerals import format_trimmed, rounded
from tiddao.places import tree
from tiddao.places.models import Place
from tiddao.places.queries import find_unit


def places_reporting(
    one: Round, definition: FrameworkDefinition, *, scope: str
) -> tuple[ReportingPlace, ...]:
    """Return every place that reports in the round; in_scope: within the scope. By Thai name."""
    owner = one.framework.owner.place_id
    leaves = leaves_on(
        [one.true_on], owner_place=owner, levels=levels_of(definition), roots={owner}
    )[one.true_on]
    level_of = {code: level for level, codes in leaves.by_level.items() for code in codes}
    provinces = dict(
        Place.objects.filter(level="province").values_list("code", "name_th").order_by("code")
    )
    rows = Place.objects.filter(code__in=level_of).order_by("sort_key")
    return tuple(
        ReportingPlace(
            code=code,
            level=level_of[code],
            name_th=name_th,
            name_en=name_en,
            province_th=provinces.get(code[:2], ""),
            in_scope=tree.is_within(code, scope),
        )
        for code, name_th, name_en in rows.values_list("code", "name_th", "name_en")
    )


# -- out ------------------------------------------------------------------------------------------


def workbook_of(one: Round, *, scope: str) -> bytes:
    """Return the round's workbook for the places of an office, with what the system holds now.

    one: with its framework and owner. Seven queries, however many places. Raises LookupError when
    nothing is published, or nobody in the scope reports.
    """
    version = version_in_force(one.framework_id)
    unit = find_unit(scope, on=one.true_on)
    if version is None or unit is None:
        raise LookupError("nothing is published")
    definition = definition_of(version)
    levels = {each.reports_at for each in definition.indicators}
    places = [
        each
        for each in places_reporting(one, definition, scope=scope)
        if each.in_scope and each.level in levels
    ]
    if not places:
        raise LookupError(f"nobody within {scope} reports")
    asked = [
        (place.code, indicator)
        for indicator in definition.indicators
        for place in places
        if place.level == indicator.reports_at
    ]
    current = _current(one, [place.code for place in places])
    return results_book(
        WorkbookOut(
            definition=definition,
            round_th=one.name_th,
            scope_th=unit.full_name,
            places=places,
            filled=_filled(one, asked, current),
            sent=Sent(
                framework=one.framework.code,
                fiscal_year=one.framework.fiscal_year,
                round_code=one.code,
                version=version.number,
                scope=scope,
                revisions={
                    (place, indicator.code): _revision(current.get((place, indicator.code)))
                    for place, indicator in asked
                },
            ),
        )
    )


def _current(one: Round, places: Iterable[str]) -> dict[Key, Result]:
    rows = Result.objects.filter(round=one, superseded_at__isnull=True, place_id__in=list(places))
    return {(row.place_id, row.indicator_code): row for row in rows.select_related("place")}


def _revision(row: Result | None) -> int:
    return row.revision if row is not None else 0


def _filled(
    one: Round, asked: Sequence[tuple[str, IndicatorDefinition]], current: Mapping[Key, Result]
) -> dict[Key, Filled]:
    places = {place for place, _ in asked}
    last = last_reports(one, places, list({each.code: each for _, each in asked}.values()))
    targets = Target.objects.filter(
        known(None), framework_id=one.framework_id, place_id__in=places
    ).values_list("place_id", "indicator_code", "value")
    aims = {(place, code): value for place, code, value in targets}
    found = {}
    for place, indicator in asked:
        key = (place, indicator.code)
        stands = standing_of(current[key]) if key in current else None
        found[key] = Filled(
            report=stands.report if stands else None,
            not_applicable=stands.not_applicable if stands else False,
            narrative=stands.narrative if stands else "",
            state="" if stands is None or stands.says_nothing else stands.state,
            last=_last_words(indicator, last.get(key)),
            target=_amount(indicator, aims.get(key)),
        )
    return found


def _last_words(indicator: IndicatorDefinition, last: LastReport | None) -> str:
    """The last value, and the two figures that it was made of."""
    if last is None:
        return ""
    words = _amount(indicator, last.value)
    above, below = last.report.numerator, last.report.denominator
    if above is None or below is None:
        return words
    return f"{words} ({format_trimmed(above)}/{format_trimmed(below)})"


def _amount(indicator: IndicatorDefinition, value: Decimal | None) -> str:
    return "" if value is None else indicator.amount_th(rounded(value, 2))


def standing_of(row: Result) -> Standing:
    """Return a revision as it is compared with. row: with its place."""
    view = result_view(row)
    return Standing(
        row.revision, row.state, reported_of(view), row.not_applicable, narrative=row.narrative
    )


# -- back -----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ComparedFile:
    """An uploaded file beside what the system holds now.

    under: number of the version that the workbook was made under, where it is not the one in force.
    last: what was reported before, for the questions that a figure raises.
    """

    read: ReadFile
    lines: tuple[Compared, ...]
    definition: FrameworkDefinition | None
    under: int | None
    last: Mapping[Key, LastReport]


def compare_file(one: Round, content: bytes, *, scope: str) -> ComparedFile:
    """Read an uploaded file in a process of its own and compare it with what stands. Reads only.

    one: with its framework and owner. A file that cannot be read, or not for this round, has one
    finding that says why.
    """
    version = version_in_force(one.framework_id)
    if version is None or one.state != Round.State.OPEN:
        return _nothing("round_not_open", "รอบนี้ยังไม่เปิดหรือปิดรับรายงานแล้ว")
    definition = definition_of(version)
    if len(content) > LARGEST_FILE:
        return _nothing("too_large", f"ไฟล์ใหญ่เกิน {LARGEST_FILE // 1024 // 1024} MB")
    asked = partial(
        run_apart if unpacks(content) else _here,
        read_file,
        content,
        definition=definition,
        round_code=one.code,
        places=places_reporting(one, definition, scope=scope),
    )
    try:
        read = asked()
    except FileUnreadable as fault:
        return _nothing(fault.code, fault.message_th)
    except GaveUp:
        said = "ไฟล์นี้ใช้หน่วยความจำหรือเวลามากผิดปกติเมื่อเปิด จึงหยุดอ่าน ให้บันทึกใหม่จาก Excel แล้วส่งอีกครั้ง"
        return _nothing("too_much", said)
    last = last_reports(one, {each.place for each in read.results}, definition.indicators)
    return ComparedFile(
        read, _compared(one, read), definition, _made_under(read, one, version), last
    )


def _here(function: Callable[..., ReadFile], *args: Any, **kwargs: Any) -> ReadFile:
    """Text takes no more memory than its bytes say, so that no process of its own is needed."""
    return function(*args, **kwargs)


def _nothing(code: str, message_th: str) -> ComparedFile:
    return ComparedFile(
        ReadFile((), (Finding(True, "", "", code, message_th),), {}), (), None, None, {}
    )


def _made_under(read: ReadFile, one: Round, in_force: Version) -> int | None:
    """The older version that the workbook was made under, if it is one of the framework's."""
    number = read.sent.version if read.sent else in_force.number
    if number == in_force.number:
        return None
    older = Version.objects.filter(framework=one.framework_id, number=number)
    return number if older.exclude(state=Version.State.DRAFT).exists() else None


def _compared(one: Round, read: ReadFile) -> tuple[Compared, ...]:
    now = {
        key: standing_of(row)
        for key, row in _current(one, {each.place for each in read.results}).items()
    }
    return compared(
        read.results, sent=read.sent, now=now, before=_before(one, read.results, read.sent, now)
    )


def _before(
    one: Round, results: Sequence[ReadResult], sent: Sent | None, now: Mapping[Key, Standing]
) -> dict[Key, Standing]:
    """Return the revisions that the workbook was made from, of those that have moved on."""
    if sent is None:
        return {}
    moved = {}
    for each in results:
        key = (each.place, each.indicator)
        based_on = sent.revisions.get(key, 0)
        if based_on and key in now and now[key].revision != based_on:
            moved[key] = based_on
    if not moved:
        return {}
    rows = Result.objects.filter(
        Q(superseded_at__isnull=False),
        round=one,
        place_id__in={place for place, _ in moved},
        indicator_code__in={indicator for _, indicator in moved},
        revision__in=set(moved.values()),
    ).select_related("place")
    return {
        key: standing_of(row)
        for row in rows
        if moved.get(key := (row.place_id, row.indicator_code)) == row.revision
    }
