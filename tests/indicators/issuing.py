"""Issuing and correcting, for the tests of reports."""

from __future__ import annotations

from datetime import datetime, timedelta

from tests.indicators.frameworks import APPROVER, REPORTER, minutes, report_and_approve, share
from tiddao.indicators.actions.reporting import report_results
from tiddao.indicators.actions.reports import Signature, issue_report
from tiddao.indicators.actions.review import approve_results
from tiddao.indicators.models import IssuedReport, Round
from tiddao.places.models import Office


def issue(
    place: str, one: Round, *, at: datetime, reason: str = "", office: str = "CDD-57"
) -> IssuedReport:
    signature = Signature(Office.objects.get(pk=office), "พัฒนาการจังหวัด")
    return issue_report(place, one, signature=signature, by=APPROVER, at=at, reason=reason)


def corrected(one: Round, at: int, per_cent: int = 55) -> None:
    """5712 reports less for 1.1, and it is approved a minute later."""
    report_results(one, [share("5712", "1.1", per_cent, 100)], by=REPORTER, at=minutes(at))
    approve_results(one, ["5712"], by=APPROVER, at=minutes(at + 1))


def issued_twice(one: Round, place: str, reason: str) -> IssuedReport:
    """Return the second issue on the place, after a correction."""
    at = minutes(60 * 24 * 365 * 3)
    issue(place, one, at=at)
    late = at + timedelta(hours=1)
    report_and_approve(one, [share(place, "1.1", 61, 100)], at=late)
    return issue(place, one, at=late + timedelta(hours=1), reason=reason)
