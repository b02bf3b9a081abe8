"""Random histories: every report ever issued is made again, byte for byte, whatever happened since.

Fifteen in the ordinary run; ``make histories`` takes 10,000 (or TIDDAO_HISTORIES) and prints figures.
The numbers of every report are reckoned once more by ``independent_star``, which knows nothing of the
product. PDFs are made again for each history of a small run, for one in fifty of a large one.
"""

from __future__ import annotations

import io
import json
import os
import runpy
import sys
from collections import Counter
from contextlib import contextmanager, nullcontext, suppress
from datetime import date
from decimal import Decimal
from pathlib import Path
from time import monotonic
from unittest.mock import patch

import pytest
from django.db import transaction

from tests.indicators.frameworks import APPROVER, REPORTER, full_report, report_and_approve, share
from tests.indicators.frameworks import round_of as opened
from tests.indicators.test_as_known_then import DISTRICTS, Story
from tiddao.indicators.actions.reported_rows import ResultRow, ResultsRefused
from tiddao.indicators.actions.reporting import ResultMovedOn, report_results
from tiddao.indicators.actions.reports import ReportRefused, Signature, issue_report
from tiddao.indicators.actions.revisions import RoundNotOpen
from tiddao.indicators.actions.rounds import RoundRefused
from tiddao.indicators.models import IssuedReport
from tiddao.indicators.queries.reports import figures_kept, made_again
from tiddao.indicators.report_paper import paper_of
from tiddao.ledger.actors import SYSTEM
from tiddao.places import tree
from tiddao.places.actions.groups import GroupRefused
from tiddao.places.actions.successions import SuccessionRefused, Successor, succeed_place
from tiddao.places.models import Office

HISTORIES = int(os.environ.get("TIDDAO_HISTORIES", "15"))
PAPER_EVERY = 1 if HISTORIES <= 30 else 50
STRANDS = 1 if HISTORIES <= 30 else 2
"""Workers that a large run is dealt to."""
ACTS = 12
WHAT_HAPPENS = (
    "report", "report", "approve", "approve", "send_back", "withdraw", "regroup", "aim", "close",
    "reopen", "publish", "split", "give_away", "issue", "issue", "late",
)  # fmt: skip
PLAIN = Path(__file__).with_name("independent_star.py")
REFUSALS = (
    RoundNotOpen, RoundRefused, ResultsRefused, ResultMovedOn, GroupRefused, SuccessionRefused,
    ReportRefused,
)  # fmt: skip


class IssuingStory(Story):
    """The story of test_as_known_then, in which reports are issued and the map changes too."""

    def __init__(self, seed):
        super().__init__(seed)
        self.done = Counter()
        self.free = iter(range(31, 80))

    def step(self):
        self.minute += 10
        name = self.chance.choice(WHAT_HAPPENS)
        with suppress(*REFUSALS), transaction.atomic():
            getattr(self, name)()
            self.done[name] += 1

    def standing(self):
        rows = tree.descendants("57", on=date(2023, 9, 30), level="district")
        return sorted(rows.values_list("code", flat=True))

    def report(self):
        place = self.chance.choice([*DISTRICTS, *self.standing()[-2:]])
        rows = [
            share(place, code, self.chance.randint(40, 100), 100)
            for code in self.chance.sample(["1.1", "2.1", "2.2"], 2)
        ]
        report_results(self.round(), rows, by=REPORTER, at=self.at)

    def withdraw(self):
        row = ResultRow(self.chance.choice(DISTRICTS), "1.1", None)
        report_results(self.round(), [row], by=REPORTER, at=self.at)

    def late(self):
        """A writer whose moment lies before what happened meanwhile."""
        self.minute -= 15
        try:
            self.report()
        except ValueError:  # of a row that is known since later
            raise RoundNotOpen("late") from None
        finally:
            self.minute += 15

    def issue(self):
        place = self.chance.choice([*DISTRICTS, "57", self.standing()[-1]])
        signature = Signature(Office.objects.get(pk="CDD-57"), "พัฒนาการจังหวัด")
        issue_report(
            place, self.round(), signature=signature, by=APPROVER, at=self.at, reason="แก้ไขภายหลัง"
        )

    def split(self):
        self._succeed(self.chance.choice(self.standing()), lives_on=False)

    def give_away(self):
        self._succeed(self.chance.choice(self.standing()), lives_on=True)

    def _succeed(self, place, *, lives_on):
        day = self.chance.choice([date(2023, 2, 1), date(2023, 7, 1)])
        fresh = [f"57{next(self.free)}", f"57{next(self.free)}"]
        share_of_first = self.chance.randint(1, 99) / 100
        names = [place if lives_on else fresh[0], fresh[1]]
        parts = [f"{share_of_first:.2f}", f"{1 - share_of_first:.2f}"]
        tambons = list(tree.descendants(place, on=day, level="tambon").order_by("code"))
        moving = tambons[:1] if lives_on else tambons
        succeed_place(
            place,
            [Successor(code, Decimal(part), f"เขต {code}") for code, part in zip(names, parts, strict=True)],
            on=day,
            source="ทดสอบ",
            by=SYSTEM,
            at=self.at,
            moved={each.code: names[1] + each.code[4:] for each in moving},
        )  # fmt: skip


def say(text):
    """To the terminal itself: a worker's own output is kept from it."""
    sys.__stderr__.write(f"{text}\n")
    sys.__stderr__.flush()


@contextmanager
def forgotten():
    """A history leaves nothing behind."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def plain(tree_of_star):
    """What ``independent_star`` makes of the explanation alone."""
    out = io.StringIO()
    with (
        patch("sys.stdin", io.StringIO(json.dumps(tree_of_star))),
        patch("sys.stdout", out),
    ):
        runpy.run_path(str(PLAIN))
    return json.loads(out.getvalue())


def lived(seed, *, papers, figures):
    """Live one history and make each of its reports again at its end."""
    story = IssuingStory(seed)
    for district in DISTRICTS:
        report_and_approve(opened(story.version), full_report(district))
    for _ in range(ACTS):
        story.step()
    story.minute += 10
    with suppress(ReportRefused):
        story.issue()
    figures.update(story.done)
    for report in IssuedReport.objects.select_related("round__framework", "supersedes"):
        figures["reports"] += 1
        body = bytes(report.body)
        assert made_again(report) == body, (seed, report)
        explained = figures_kept(report)["explanation"]
        told = plain(explained)
        assert (told["stars"], told["score"]) == (explained["stars"], explained["score"]), seed
        if papers:
            figures["papers"] += 1
            again = paper_of(json.loads(body), body_sha256=report.body_sha256)
            assert again == bytes(report.paper), (seed, report)


@pytest.mark.django_db
@pytest.mark.parametrize("strand", range(STRANDS))
def test_every_report_of_random_histories_is_made_again_byte_for_byte(strand):
    figures = Counter()
    begun = monotonic()
    seeds = range(strand, HISTORIES, STRANDS)
    for number, seed in enumerate(seeds, start=1):
        papers = (number - 1) % PAPER_EVERY == 0
        without_paper = patch("tiddao.indicators.actions.reports.paper_of", return_value=b"-")
        with forgotten(), nullcontext() if papers else without_paper:
            lived(seed, papers=papers, figures=figures)
        if number % 100 == 0:
            say(f"{number} histories, {figures['reports']} reports, {monotonic() - begun:.0f} s")
    say(f"{len(seeds)} histories: {dict(sorted(figures.items()))} in {monotonic() - begun:.0f} s")
    assert figures["reports"] > len(seeds)
    assert {"split", "give_away", "publish", "late", "close", "regroup"} <= figures.keys()
