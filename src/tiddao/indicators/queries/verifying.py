"""Finding what was changed in results and issued reports behind the product's back."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any

from django.db import connection

from tiddao.indicators.models import IssuedReport, Result, Target, Version
from tiddao.indicators.queries.frameworks import definition_of
from tiddao.indicators.queries.reports import all_reports, made_again
from tiddao.indicators.queries.said import as_said
from tiddao.indicators.report_paper import made_with, paper_of
from tiddao.indicators.rules.report import sha256
from tiddao.indicators.rules.scoring import ImpossibleReport, Reported, contribution
from tiddao.ledger.histories import history_problems
from tiddao.ledger.models import Entry
from tiddao.ledger.rules.chain import digest_of

_MOST = 200
_BATCH = 2_000
_ENTRIES_OF_REPORTS = "issue_report"


@dataclass(frozen=True, slots=True)
class Wrong:
    """One thing wrong. code: see ``wording.WRONG_WORDS``; what: table, number or place; row: which."""

    code: str
    what: str
    row: str


@dataclass(frozen=True, slots=True)
class Checked:
    """What a check looked at and found. notes: what could not be compared, and is not wrong."""

    counts: dict[str, int]
    problems: tuple[Wrong, ...]
    notes: tuple[str, ...] = ()

    @property
    def ok(self) -> bool:
        return not self.problems


def verify_results() -> Checked:
    """Compare results, targets and definitions with their history, their ledger and their rules."""
    problems: list[Wrong] = []
    counts: dict[str, int] = {}
    for model, may_change in (
        (Result, ["superseded_at", "stands_until"]),
        (Target, ["superseded_at"]),
    ):
        counts[model.__name__.lower() + "s"], found = history_problems(model, may_change=may_change)
        problems += [Wrong(each.code, each.table, each.row) for each in found]
    counts["versions"], found = history_problems(Version, may_go=True)
    problems += [Wrong(each.code, each.table, each.row) for each in found]
    problems += [
        Wrong("definition-altered", "Version", str(version))
        for version in Version.objects.select_related("framework")
        if sha256(version.toml.encode()) != version.digest
    ]
    problems += _revisions()
    problems += _parts()
    acts, found_in_ledger = _ledger()
    counts["acts"] = acts
    return Checked(counts, (*problems, *found_in_ledger))


def verify_reports() -> Checked:
    """Make every issued report again, from history, and compare it byte for byte.

    A paper set by another typesetter or template than this installation's is compared with its hash
    alone, and noted.
    """
    problems: list[Wrong] = []
    notes: list[str] = []
    chain: dict[tuple[str, int], int] = defaultdict(int)
    numbers: dict[tuple[str, int], list[int]] = defaultdict(list)
    entries = {
        entry.on: entry.after for entry in Entry.objects.filter(act=_ENTRIES_OF_REPORTS).iterator()
    }
    count = papers = 0
    for report in all_reports():
        count += 1
        numbers[report.office_id, report.year].append(report.running)
        chain[report.place_id, report.round_id] += 1
        found, compared = _report(report, entries.pop(f"report:{report.pk}", None))
        problems += found
        papers += compared
        if not compared:
            notes.append(report.number)
        if report.edition != chain[report.place_id, report.round_id]:
            problems.append(Wrong("edition-missing", "IssuedReport", report.number))
    problems += [Wrong("report-missing", "IssuedReport", on) for on in sorted(entries)]
    problems += [
        Wrong("number-missing", f"{office} {year}", str(number))
        for (office, year), used in sorted(numbers.items())
        for number in sorted(set(range(1, max(used) + 1)) - set(used))
    ]
    return Checked({"reports": count, "papers": papers}, tuple(problems), tuple(notes))


def _report(report: IssuedReport, ledger: str | None) -> tuple[list[Wrong], bool]:
    """What is wrong with one report, and whether its paper was made again."""
    body, paper = bytes(report.body), bytes(report.paper)
    wrong = []
    if sha256(body) != report.body_sha256:
        wrong.append("body-altered")
    if sha256(paper) != report.paper_sha256:
        wrong.append("paper-altered")
    said_then = [report.number, report.edition, report.body_sha256, report.paper_sha256]
    if ledger != digest_of(said_then):
        wrong.append("ledger-says-otherwise")
    again = made_again(report)
    if again != body:
        wrong.append("body-not-made-again")
    compared = report.made_with == made_with()
    source = body if "body-altered" not in wrong else again
    if source is not None and compared:
        made = paper_of(json.loads(source), body_sha256=sha256(source))
        if made != paper:
            wrong.append("paper-not-made-again")
    return [Wrong(code, "IssuedReport", report.number) for code in wrong], compared


_REVISIONS = """
    WITH r AS (
        SELECT id, revision, state, known_at, superseded_at,
               ROW(not_applicable, numerator, denominator, steps, self_score, checked_score,
                   part_numerator, part_denominator) AS figures,
               lead(known_at) OVER w AS next_known, lead(revision) OVER w AS next_revision,
               lag(revision) OVER w AS last_revision,
               lag(ROW(not_applicable, numerator, denominator, steps, self_score, checked_score,
                       part_numerator, part_denominator)) OVER w AS last_figures
        FROM indicators_result
        WINDOW w AS (PARTITION BY round_id, place_id, indicator_code ORDER BY revision)
    )
    SELECT CASE
        WHEN revision <> coalesce(last_revision, 0) + 1 THEN 'revision-missing'
        WHEN superseded_at IS DISTINCT FROM next_known THEN 'revision-missing'
        ELSE 'changed-in-review' END, id::text
    FROM r
    WHERE revision <> coalesce(last_revision, 0) + 1
       OR superseded_at IS DISTINCT FROM next_known
       OR (state IN ('approved', 'locked', 'returned') AND last_revision IS NOT NULL
           AND figures IS DISTINCT FROM last_figures)
    ORDER BY id LIMIT %s
"""


def _revisions() -> list[Wrong]:
    """Each revision follows on the one before; deciding on figures does not change them."""
    with connection.cursor() as cursor:
        cursor.execute(_REVISIONS, [_MOST])
        return [Wrong(code, "Result", row) for code, row in cursor.fetchall()]


def _parts() -> list[Wrong]:
    """The parts that scores are made of follow from what was reported."""
    definitions = {
        version.pk: {each.code: each for each in definition_of(version).indicators}
        for version in Version.objects.exclude(state=Version.State.DRAFT)
    }
    wrong = []
    rows = Result.objects.exclude(part_numerator=None).values_list(
        "pk", "version_id", "indicator_code", "numerator", "denominator", "steps", "self_score",
        "checked_score", "part_numerator", "part_denominator",
    )  # fmt: skip
    for row in rows.order_by("pk").iterator(chunk_size=_BATCH):
        pk, version, code, numerator, denominator, steps, own, checked, *parts = row
        indicator = definitions.get(version, {}).get(code)
        if indicator is None:
            wrong.append(Wrong("no-definition", "Result", str(pk)))
            continue
        reported = Reported(
            numerator=numerator,
            denominator=denominator,
            steps=None if steps is None else frozenset(steps),
            self_score=own,
            checked_score=checked,
        )
        try:
            expected = contribution(indicator, reported)
        except ImpossibleReport:
            expected = None
        if expected is None or [expected.numerator, expected.denominator] != parts:
            wrong.append(Wrong("parts-altered", "Result", str(pk)))
            if len(wrong) >= _MOST:
                break
    return wrong


def _ledger() -> tuple[int, list[Wrong]]:
    """What the ledger's digests of reports stand for is what the results still say."""
    written = _written()
    wrong = []
    acts = 0
    entries = Entry.objects.filter(act="report_results").order_by("pk")
    for entry in entries.iterator(chunk_size=_BATCH):
        acts += 1
        key = (int(entry.on.removeprefix("round:")), entry.at, entry.by)
        rows = list(islice(written[key], int(entry.detail["written"])))
        if digest_of(rows) != entry.after:
            wrong.append(Wrong("ledger-says-otherwise", "Entry", str(entry.pk)))
    return acts, wrong[:_MOST]


def _written() -> dict[tuple[int, datetime, str], Iterator[list[Any]]]:
    """(round, moment, account) → what it reported then, in the order of writing."""
    rows = Result.objects.filter(state__in=["draft", "submitted", "approved"]).exclude(
        source__contains=" ← "
    )
    found: dict[tuple[int, datetime, str], list[list[Any]]] = defaultdict(list)
    for row in rows.order_by("pk").iterator(chunk_size=_BATCH):
        found[row.round_id, row.known_at, row.by].append(as_said(row))
    return defaultdict(lambda: iter([]), {key: iter(each) for key, each in found.items()})
