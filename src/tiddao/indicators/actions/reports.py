"""Issuing reports: numbered, signed, and such that they can be made again for ever."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.utils.timezone import localdate

from tiddao.indicators.models import IssuedReport, ReportSeries, Round
from tiddao.indicators.queries.reports import (
    ReportHead,
    body_of,
    figures_kept,
    figures_of,
    latest_report,
)
from tiddao.indicators.report_paper import made_with, paper_of
from tiddao.indicators.rules.report import FORM, canonical, report_number, sha256
from tiddao.kernel.dates import be_year
from tiddao.ledger.actions import record
from tiddao.ledger.actors import Actor
from tiddao.ledger.lines import draw_line
from tiddao.places.models import Office

_LOCK_CLASS = 7_315_020


class ReportRefused(Exception):
    """No report can be issued. code: not_assessed (nothing is known of the place in the round),
    reason_missing (another issue needs one), unchanged (it would say what the last one says),
    overtaken (somebody else issued one in this very moment).
    """

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Signature:
    """Under which office and title somebody signs."""

    office: Office
    post_title: str


def issue_report(
    place: str,
    one: Round,
    *,
    signature: Signature,
    by: Actor,
    at: datetime,
    reason: str = "",
    demonstration: bool = False,
) -> IssuedReport:
    """Issue a report on a place in a round, as everything is known now.

    The first one needs no reason; each further one says why the one before no longer holds, and
    differs from it. The figures are those of the moment at which a line was drawn, so that no
    writer can still slip in before it. Raises ReportRefused; LinesBusy where writers take too long.
    """
    known_at = draw_line(on=f"report:{place}/round:{one.pk}", at=at)
    return _issue(
        place,
        one,
        signature=signature,
        by=by,
        known_at=known_at,
        reason=" ".join(reason.split()),
        demonstration=demonstration,
    )


@transaction.atomic
def _issue(
    place: str,
    one: Round,
    *,
    signature: Signature,
    by: Actor,
    known_at: datetime,
    reason: str,
    demonstration: bool,
) -> IssuedReport:
    figures = figures_of(place, one, known_at=known_at)
    if figures is None:
        raise ReportRefused("not_assessed")
    office, year = signature.office, be_year(localdate(known_at))
    before = _latest_alone(place, one)
    if before is not None:
        if before.known_at >= known_at:
            raise ReportRefused("overtaken")
        if not reason:
            raise ReportRefused("reason_missing")
        if _said(figures_kept(before)) == _said(json.loads(canonical(figures))):
            raise ReportRefused("unchanged")
    running = _next_number(office, year)
    head = ReportHead(
        number=report_number(
            settings.REPORT_NUMBER, office_name=office.name_th, running=running, year=year
        ),
        edition=before.edition + 1 if before else 1,
        office=office.pk,
        office_name=office.name_th,
        by_name=by.name,
        post_title=signature.post_title,
        supersedes=(before.number, before.body_sha256) if before else None,
        reason=reason if before else "",
        demonstration=demonstration,
    )
    said = body_of(head, figures, known_at=known_at)
    body = canonical(said)
    paper = paper_of(said, body_sha256=sha256(body))
    report = IssuedReport.objects.create(
        place_id=place,
        round=one,
        edition=head.edition,
        office=office,
        year=year,
        running=running,
        number=head.number,
        known_at=known_at,
        by=by.reference,
        by_name=by.name,
        post=by.post,
        post_title=head.post_title,
        office_name=head.office_name,
        supersedes=before,
        reason=head.reason,
        demonstration=demonstration,
        form=FORM,
        body=body,
        body_sha256=sha256(body),
        paper=paper,
        paper_sha256=sha256(paper),
        made_with=made_with(),
    )
    record(
        "issue_report",
        on=f"report:{report.pk}",
        by=by,
        at=known_at,
        place=place,
        before=None if before is None else hashes(before),
        after=hashes(report),
        detail={"number": report.number, "edition": report.edition, "reason": report.reason},
    )
    return report


def hashes(report: IssuedReport) -> list[Any]:
    """Return what the ledger's digest stands for."""
    return [report.number, report.edition, report.body_sha256, report.paper_sha256]


def _said(figures: dict[str, Any]) -> dict[str, Any]:
    """What a reader is told: without who wrote which revision when."""
    return {name: said for name, said in figures.items() if name not in _BOOKKEEPING}


_BOOKKEEPING = frozenset({"stamp", "results", "results_sha256"})


def _latest_alone(place: str, one: Round) -> IssuedReport | None:
    """The newest issue; two who issue the same report wait for each other."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(%s, hashtext(%s))", [_LOCK_CLASS, f"{place}/{one.pk}"]
        )
    return latest_report(place, one)


def _next_number(office: Office, year: int) -> int:
    """The next number of the office's year: without a gap, since it is taken with its report."""
    ReportSeries.objects.get_or_create(office=office, year=year)
    series = ReportSeries.objects.select_for_update().get(office=office, year=year)
    series.last += 1
    series.save(update_fields=["last"])
    return series.last
