"""What is reported for one indicator at one place, and what cannot be true of it. Reads only."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from tiddao.indicators.models import Round, Version
from tiddao.indicators.queries.frameworks import definition_of, version_of
from tiddao.indicators.queries.leaves import leaves_on, levels_of
from tiddao.indicators.rules.definitions import FrameworkDefinition, IndicatorDefinition
from tiddao.indicators.rules.scoring import ImpossibleReport, Parts, Reported, contribution


@dataclass(frozen=True, slots=True)
class ResultRow:
    """What is reported for one indicator at one place.

    report: the figures of the indicator's kind; None with not_applicable, or to withdraw.
    narrative: None leaves the words that stand. A checked score stays while the office's own does.
    expected_revision: the revision the reporter had before them (0: none yet); None: do not ask.
    under: number of the version whose form was filled in, where it is not the one in force: taken
    in and marked, as long as what is asked for has stayed the same.
    source: where it comes from, "form", "import:results.xlsx มิติ 1!F7", "cgd:2026-07-10 …".
    """

    place: str
    indicator: str
    report: Reported | None
    not_applicable: bool = False
    narrative: str | None = None
    source: str = "form"
    expected_revision: int | None = None
    under: int | None = None


@dataclass(frozen=True, slots=True)
class RefusedRow:
    """A row that cannot be true or does not belong here; message_th is shown to the reporter.

    code: unknown_indicator, not_reporting, not_applicable_with_figures, approved (it cannot be
    withdrawn), definition_changed (since the form was filled in), or a code of
    ``ImpossibleReport``; part: the field it is about, or "".
    """

    place: str
    indicator: str
    code: str
    part: str
    message_th: str


class ResultsRefused(Exception):
    """Nothing was written; rows say all that is wrong."""

    def __init__(self, rows: Sequence[RefusedRow]) -> None:
        super().__init__(f"{len(rows)} rows refused, first: {rows[0]}")
        self.rows = tuple(rows)


def refused_rows(rows: Sequence[ResultRow], one: Round) -> tuple[RefusedRow, ...]:
    """Return what ``report_results`` would refuse, for a dry run. Reads only."""
    version = version_of(one)
    if version is None:
        return ()
    older = older_versions(rows, version)
    try:
        checked_parts(rows, definition_of(version), one, older=older)
    except ResultsRefused as refused:
        return refused.rows
    return ()


def checked_parts(
    rows: Sequence[ResultRow],
    definition: FrameworkDefinition,
    one: Round,
    *,
    older: Mapping[int, Version] | None = None,
) -> dict[tuple[str, str], Parts | None]:
    """Return the additive parts of each row; raise ResultsRefused with all that is wrong."""
    indicators = {each.code: each for each in definition.indicators}
    reporting = reporting_places(one, definition, within={row.place for row in rows})
    parts: dict[tuple[str, str], Parts | None] = {}
    refused: list[RefusedRow] = []
    for row in rows:
        key = (row.place, row.indicator)
        indicator = indicators.get(row.indicator)
        fault: tuple[str, str, str] | None = None
        parts[key] = None
        if indicator is None:
            fault = ("unknown_indicator", "", f"ไม่มีตัวชี้วัด {row.indicator} ในแบบประเมินนี้")
        elif _asks_something_else(row, indicator, older or {}):
            fault = (
                "definition_changed",
                "",
                f"นิยามของตัวชี้วัด {row.indicator} เปลี่ยนไปหลังจากเปิดแบบกรอกนี้ ขอให้กรอกใหม่ตามนิยามปัจจุบัน",
            )
        elif row.place not in reporting.get(indicator.reports_at, frozenset()):
            fault = ("not_reporting", "", f"{row.place} ไม่ใช่หน่วยที่รายงานตัวชี้วัดนี้ในรอบนี้")
        elif row.not_applicable and row.report is not None:
            fault = ("not_applicable_with_figures", "", "ระบุว่าไม่ใช้กับพื้นที่ แต่มีตัวเลข")
        elif row.report is not None:
            try:
                parts[key] = contribution(indicator, row.report)
            except ImpossibleReport as impossible:
                fault = (impossible.code, impossible.part, impossible.message_th)
        if fault is not None:
            refused.append(RefusedRow(row.place, row.indicator, *fault))
    if refused:
        raise ResultsRefused(refused)
    return parts


def older_versions(rows: Sequence[ResultRow], in_force: Version) -> dict[int, Version]:
    """Return number → version, for forms made from one that is not in force any more."""
    numbers = {row.under for row in rows if row.under is not None} - {in_force.number}
    if not numbers:
        return {}
    found = Version.objects.filter(framework=in_force.framework_id, number__in=numbers)
    return {each.number: each for each in found.exclude(state=Version.State.DRAFT)}


_ASKED_THE_SAME = ("kind", "rollup", "reports_at", "factor", "whole", "otherwise", "steps_th")


def _asks_something_else(
    row: ResultRow, indicator: IndicatorDefinition, older: Mapping[int, Version]
) -> bool:
    """Say whether the form's version asked for other parts than the one in force does."""
    version = older.get(row.under) if row.under else None
    if version is None:
        return False
    asked = {each.code: each for each in definition_of(version).indicators}.get(row.indicator)
    return asked is None or any(
        getattr(asked, name) != getattr(indicator, name) for name in _ASKED_THE_SAME
    )


def reporting_places(
    one: Round, definition: FrameworkDefinition, *, within: Collection[str]
) -> dict[str, frozenset[str]]:
    """Return level → the places that report in the round, of those within the given places."""
    leaves = leaves_on(
        [one.true_on],
        owner_place=one.framework.owner.place_id,
        levels=levels_of(definition),
        roots=within,
    )[one.true_on]
    return {level: frozenset(codes) for level, codes in leaves.by_level.items()}
