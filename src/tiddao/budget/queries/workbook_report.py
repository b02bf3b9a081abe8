"""What a workbook says and what accepting it would do, as JSON small enough to be kept and shown."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from tiddao.budget.queries.workbook_effect import Effect, KeptByEntries
from tiddao.budget.rules.cgd_figures import Finding
from tiddao.budget.rules.office_figures import MEASURE_TH, OfficeWorkbook
from tiddao.budget.rules.office_issues import OfficeIssue, office_issues, printed_days
from tiddao.budget.rules.office_lines import ONCE_ELSEWHERE, OfficeLines, category_words
from tiddao.budget.rules.statements import STATED
from tiddao.kernel.money import format_baht

MOST_ISSUES = 400
"""So many are kept for the page, the worst first; the download has all of them."""
MOST_PROJECTS = 200
_NOTHING = Decimal(0)


def report_of(
    workbook: OfficeWorkbook,
    lines: OfficeLines,
    effect: Effect,
    *,
    units: Mapping[str, str],
    refusal: Finding | None,
    known_before: bool,
    same_as: int | None,
    books_after: int | None,
) -> dict[str, Any]:
    """Return the report that an upload keeps. Amounts are text, so that no satang is lost.

    units: code → name, "" for the provincial office. same_as: the upload in which the very file was
    taken in; books_after: the upload that was taken in last when this was read.
    """
    issues = all_issues(workbook, lines, effect)
    if refusal is not None:
        issues = (_as_issue(refusal, workbook.province_code), *issues)
    return {
        "known_before": known_before,
        "same_as": same_as,
        "books_after": books_after,
        "days": dict(printed_days(workbook)),
        "refusal": refusal.message_th if refusal else "",
        "sheets": _sheets(workbook),
        "totals": _totals(lines),
        "units": _units(effect, lines, units),
        "lines": len(lines.stated),
        "rows": len(workbook.rows),
        "projects": [
            {"number": each.number, "name": each.name, "aliases": list(each.aliases)}
            for each in workbook.projects[:MOST_PROJECTS]
        ],
        "project_count": len(workbook.projects),
        "left_out": _left_out(lines),
        "fates": {
            fate: effect.count(fate)
            for fate in ("new", "raised", "lowered", "unchanged", "older", "by-entries")
        },
        "unmentioned": sum(each.unmentioned for each in effect.units),
        "monitors": len(workbook.monitors),
        "scores": len(workbook.scores),
        "issues": [issue_as_json(each) for each in issues[:MOST_ISSUES]],
        "issue_count": len(issues),
        "issue_types": _types(issues),
        "refused_baht": str(sum((each.amount or _NOTHING for each in issues), _NOTHING)),
    }


def all_issues(
    workbook: OfficeWorkbook, lines: OfficeLines, effect: Effect
) -> tuple[OfficeIssue, ...]:
    """Return what is wrong in the workbook, then what it says otherwise than the books."""
    return (
        *office_issues(workbook, lines),
        *(_by_entries(each) for each in effect.by_entries if each.differing),
    )


def issue_as_json(issue: OfficeIssue) -> dict[str, Any]:
    """Return one issue for the page."""
    return {
        "type": issue.type,
        "severity": issue.severity,
        "sheet": issue.sheet,
        "cell": issue.cell,
        "text": issue.text,
        "message": issue.message_th,
        "unit": issue.unit,
        "amount": None if issue.amount is None else str(issue.amount),
    }


def _by_entries(kept: KeptByEntries) -> OfficeIssue:
    line = kept.line
    said = ", ".join(
        f"{MEASURE_TH[measure]} {format_baht(line.amounts[measure] or _NOTHING)} "
        f"แต่ในสมุดเงิน {format_baht(kept.held[measure])}"
        for measure in kept.differing
    )
    first = next((line.cells[m][0] for m in kept.differing if m in line.cells), "")
    return OfficeIssue(
        type="KEPT_BY_ENTRIES",
        severity="warning",
        sheet=line.sheet,
        cell=first.rpartition("!")[2],
        message_th=f"{line.key.project} บันทึกเป็นรายการในสมุดเงินแล้ว จึงไม่ใช้ตัวเลขจากไฟล์: {said}",
        unit=line.key.unit,
    )


def _as_issue(finding: Finding, unit: str) -> OfficeIssue:
    return OfficeIssue(
        finding.code, finding.severity, finding.sheet, finding.cell, finding.message_th, unit
    )


def _sheets(workbook: OfficeWorkbook) -> list[dict[str, Any]]:
    counted = Counter(row.sheet for row in workbook.counted_rows)
    found = []
    for sheet in workbook.sheets:
        fates = Counter(sheet.cells.values())
        found.append(
            {
                "sheet": sheet.tab,
                "kind": sheet.kind,
                "category": sheet.category,
                "category_words": category_words(sheet.category) if sheet.category else "",
                "tranche": sheet.tranche or "",
                "as_of": sheet.as_of.isoformat() if sheet.as_of else None,
                "rows": counted[sheet.tab],
                "cells": len(sheet.cells),
                "understood": fates["understood"],
                "left_out": fates["left-out"],
                "refused": fates["refused"],
                "told": sheet.tab in workbook.mapping.sheets,
            }
        )
    return found


def _totals(lines: OfficeLines) -> list[dict[str, Any]]:
    sums: dict[tuple[str, str], dict[str, Decimal]] = {}
    units: dict[tuple[str, str], set[str]] = defaultdict(set)
    count: Counter[tuple[str, str]] = Counter()
    for line in lines.stated:
        key = (line.key.category, line.key.tranche)
        own = sums.setdefault(key, dict.fromkeys(STATED, _NOTHING))
        units[key].add(line.key.unit)
        count[key] += 1
        for measure in STATED:
            own[measure] += line.amounts[measure] or _NOTHING
    return [
        {
            "category": key[0],
            "category_words": category_words(key[0]),
            "tranche": key[1],
            "lines": count[key],
            "units": len(units[key]),
            **{measure: str(value) for measure, value in own.items()},
        }
        for key, own in sums.items()
    ]


def _units(effect: Effect, lines: OfficeLines, names: Mapping[str, str]) -> list[dict[str, Any]]:
    left_out: Counter[str] = Counter()
    baht: dict[str, Decimal] = defaultdict(Decimal)
    for line in lines.left_out:
        if line.why not in ONCE_ELSEWHERE:
            left_out[line.unit] += 1
            baht[line.unit] += line.amount or _NOTHING
    shown = {each.unit: each for each in effect.units}
    return [
        {
            "unit": unit,
            "name": names.get(unit, ""),
            "fates": dict(own.fates) if own else {},
            "unmentioned": own.unmentioned if own else 0,
            "unmentioned_baht": str(own.unmentioned_baht) if own else "0",
            "left_out": left_out[unit],
            "left_out_baht": str(baht[unit]),
            "before": {m: str(own.before[m]) if own else "0" for m in STATED},
            "after": {m: str(own.after[m]) if own else "0" for m in STATED},
        }
        for unit in sorted({*shown, *left_out})
        for own in (shown.get(unit),)
    ]


def _left_out(lines: OfficeLines) -> list[dict[str, Any]]:
    count: Counter[str] = Counter()
    baht: dict[str, Decimal] = defaultdict(Decimal)
    unknown: Counter[str] = Counter()
    words: dict[str, str] = {}
    for line in lines.left_out:
        count[line.why] += 1
        words[line.why] = line.why_th
        if line.amount is None:
            unknown[line.why] += 1
        else:
            baht[line.why] += line.amount
    return [
        {
            "why": why,
            "words": words[why],
            "lines": count[why],
            "baht": str(baht[why]),
            "unknown": unknown[why],
            "once_elsewhere": why in ONCE_ELSEWHERE,
        }
        for why in sorted(count, key=lambda each: (each in ONCE_ELSEWHERE, -baht[each]))
    ]


def _types(issues: Iterable[OfficeIssue]) -> list[dict[str, Any]]:
    order = {"refused": 0, "error": 1, "warning": 2}
    count: Counter[str] = Counter()
    worst: dict[str, str] = {}
    baht: dict[str, Decimal] = defaultdict(Decimal)
    for each in issues:
        count[each.type] += 1
        baht[each.type] += each.amount or _NOTHING
        held = worst.setdefault(each.type, each.severity)
        if order[each.severity] < order[held]:
            worst[each.type] = each.severity
    return [
        {"type": kind, "severity": worst[kind], "count": count[kind], "baht": str(baht[kind])}
        for kind in sorted(count, key=lambda each: (order[worst[each]], -baht[each], -count[each]))
    ]
