"""A province's workbook of results: read, checked by cell, then written whole."""

from __future__ import annotations

from pathlib import Path

import xlsxwriter
from django.conf import settings

from bench.measure import heading, seconds, table, tiddao
from tiddao.config.demonstration.districts import LAST, ROUNDS
from tiddao.config.demonstration.figures import figures_of
from tiddao.config.demonstration.frameworks import CODE, round_of
from tiddao.config.demonstration.results import definition_in_force, tambons_of_districts
from tiddao.indicators.rules.results_layout import PART_HEADS_TH

PROVINCE = "30"  # นครราชสีมา: 32 districts, the most of any province


def run() -> None:
    file, results = _workbook()
    heading(
        f"Results of a province by workbook: {results} results of province {PROVINCE} "
        "(whole processes, with their start)",
        "peer: DHIS2 asserts 318–1,124 ms (p95) for the import of 500 entities per request, 4 CPU",
    )
    asked = ("--framework", CODE, "--year", str(LAST[0]), "--round", LAST[1], "--scope", PROVINCE)
    rows = []
    for words, more in (("dry run", ("--dry-run",)), ("written", ()), ("the same again", ())):
        done = tiddao("results_workbook", "in", str(file), "--submit", *asked, *more)
        said = (done.output.strip().splitlines() or [""])[-1]
        rows.append([words, seconds(done.seconds), f"{done.peak_mb:.0f} MB", done.code, said])
    bare = tiddao("help")
    rows.append(["(tiddao help: the start alone)", seconds(bare.seconds), "", "", ""])
    table(["step", "time", "peak memory", "exit", "said"], rows)


def _workbook() -> tuple[Path, int]:
    """Write the province's figures of the round before as a long table: every result changes."""
    path = Path(settings.HOME) / "results.xlsx"
    definition = definition_in_force(round_of(*LAST))
    book = xlsxwriter.Workbook(str(path))
    sheet = book.add_worksheet("ผล")
    sheet.write_row(0, 0, ["รหัสพื้นที่", "ตัวชี้วัด", *PART_HEADS_TH.values()])
    number = 0
    for code, tambons in sorted(tambons_of_districts(PROVINCE).items()):
        for name, report in figures_of(definition, code, tambons, ROUNDS[-2]).items():
            number += 1
            steps = None if report.steps is None else ",".join(map(str, sorted(report.steps)))
            figures = [report.numerator, report.denominator]
            scores = [report.self_score, report.checked_score]
            sheet.write_row(number, 0, [code, name])
            for column, value in enumerate([*figures, steps, *scores], start=2):
                if isinstance(value, str):
                    sheet.write_string(number, column, value)
                elif value is not None:
                    sheet.write_number(number, column, float(value))
    book.close()
    return path, number
