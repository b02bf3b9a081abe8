"""Whatever happens later: a score asked as known at a moment is the one that was shown then."""

from __future__ import annotations

import random
from contextlib import suppress
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from tests.indicators.frameworks import (
    APPROVER,
    REPORTER,
    dimension,
    full_report,
    milestone,
    minutes,
    published,
    ratio,
    report_and_approve,
    round_of,
    share,
    two_dimensions,
)
from tiddao.indicators.actions.frameworks import new_draft, publish_version, save_draft
from tiddao.indicators.actions.reported_rows import ResultsRefused
from tiddao.indicators.actions.reporting import report_results
from tiddao.indicators.actions.review import approve_results, return_results
from tiddao.indicators.actions.revisions import RoundNotOpen
from tiddao.indicators.actions.rounds import RoundRefused, close_round, open_round
from tiddao.indicators.actions.targets import set_target
from tiddao.indicators.models import Basis, Framework, Round
from tiddao.indicators.queries.league import league_of
from tiddao.indicators.queries.stars import explanation_of, results_of, stars_of
from tiddao.ledger.actors import SYSTEM
from tiddao.places.actions.groups import GroupRefused, change_members, state_of
from tiddao.places.queries import find_unit

pytestmark = pytest.mark.django_db
ZONE = "zone-57-ing-su-khong"
UNITS = ("5712", "5713", "57", ZONE)
DISTRICTS = ("5702", "5712", "5713")


def shown(moment):
    """All that pages say of some units at a moment, as plain data."""
    said = {}
    for key in UNITS:
        unit = find_unit(key, on=date(2023, 3, 31))
        for basis in Basis.values:
            stars = stars_of(unit, year=2566, basis=basis, known_at=moment)
            if stars is None:
                said[key, basis] = None
                continue
            said[key, basis] = (
                explanation_of(stars),
                stars.stamp,
                [(each.round.code, each.round.state, each.score.score) for each in stars.history],
                {code: target.value for code, target in stars.targets.items()},
                [
                    (each.place, each.indicator, each.revision, each.state, each.by)
                    for each in results_of(
                        stars.round.id,
                        unit,
                        on=stars.round.true_on,
                        basis=basis,
                        known_at=moment,
                    )
                ]
                if stars.round
                else [],
            )
    return said


class Story:
    """People doing what they like, one act a minute; each act may be refused."""

    def __init__(self, seed):
        self.chance = random.Random(seed)
        self.version = published(with_penalty(two_dimensions()))
        self.minute = 0

    @property
    def at(self):
        return minutes(self.minute)

    def round(self):
        return Round.objects.select_related("framework__owner").get(
            framework=self.version.framework_id, code=self.chance.choice(["6m", "12m"])
        )

    def step(self):
        self.minute += 10
        act = self.chance.choice(
            [self.report] * 4 + [self.approve] * 3 + [self.send_back, self.regroup, self.aim]
            + [self.close, self.reopen, self.publish]
        )  # fmt: skip
        with suppress(RoundNotOpen, ResultsRefused, RoundRefused, GroupRefused):
            act()

    def report(self):
        rows = [
            share(self.chance.choice(DISTRICTS), code, self.chance.randint(40, 100), 100)
            for code in self.chance.sample(["1.1", "2.1", "2.2"], 2)
        ]
        report_results(self.round(), rows, by=REPORTER, at=self.at)

    def approve(self):
        approve_results(
            self.round(), [self.chance.choice([*DISTRICTS, "57"])], by=APPROVER, at=self.at
        )

    def send_back(self):
        place = self.chance.choice(DISTRICTS)
        return_results(self.round(), [place], reason="ทดสอบ", by=APPROVER, at=self.at)

    def regroup(self):
        place, day = (
            self.chance.choice(["5701", "5712", "5713"]),
            date(2023, 1, self.chance.randint(1, 28)),
        )
        join = {"add": {place}, "remove": set()}
        leave = {"add": set(), "remove": {place}}
        change_members(
            ZONE,
            **self.chance.choice([join, leave]),
            on=day,
            by=SYSTEM,
            at=self.at,
            seen=state_of(ZONE),
        )

    def aim(self):
        set_target(
            self.version.framework, "1.1", "5712", Decimal(self.chance.randint(50, 100)),
            by=SYSTEM, at=self.at,
        )  # fmt: skip

    def close(self):
        close_round(self.round(), by=APPROVER, at=self.at)

    def reopen(self):
        until = date(2023, 12, 31)
        open_round(self.round(), by=APPROVER, at=self.at, reason="ทดสอบ", until=until)

    def publish(self):
        framework = Framework.objects.get(pk=self.version.framework_id)
        draft = new_draft(framework, by=SYSTEM, at=self.at)
        changed = with_penalty(
            two_dimensions(
                version=draft.number,
                dimensions=(
                    dimension(
                        "1",
                        ratio("1.1", weight=Decimal(self.chance.randint(10, 90))),
                        milestone("1.2"),
                    ),
                    *two_dimensions().dimensions[1:],
                ),
            )
        )
        saved = save_draft(draft, changed, edition=draft.edition, by=SYSTEM, at=self.at)
        self.version = publish_version(saved, by=SYSTEM, at=self.at)


def with_penalty(definition):
    rules = replace(definition.star_rules, penalty_per_missed_report=Decimal("0.2"))
    return replace(definition, star_rules=rules)


@pytest.mark.parametrize("seed", range(6))
def test_every_moment_of_a_story_is_shown_again_as_it_was(seed):
    story = Story(seed)
    for district in DISTRICTS:
        report_and_approve(round_of(story.version), full_report(district))
    told = {}
    for _ in range(14):
        story.step()
        told[story.minute] = shown(minutes(story.minute + 1))
    assert len({str(each) for each in told.values()}) >= 3  # things happened
    for minute, said in told.items():
        assert shown(minutes(minute + 1)) == said, minute


def test_a_round_that_closed_later_was_open_then():
    version = published()
    one = round_of(version)
    report_and_approve(one, full_report("5712"))
    close_round(one, by=APPROVER, at=minutes(30))
    place = find_unit("5712", on=one.true_on)
    states = [
        stars_of(place, year=2566, round_code="6m", known_at=minutes(at)).round.state
        for at in (29, 31)
    ]
    assert states == ["open", "closed"]


def test_a_league_answers_for_the_groups_as_they_were_known():
    version = published()
    for district in DISTRICTS:
        report_and_approve(round_of(version), full_report(district))
    change_members(
        ZONE,
        add=set(),
        remove={"5712"},
        on=date(2023, 1, 1),
        by=SYSTEM,
        at=minutes(50),
        seen=state_of(ZONE),
    )
    zone = find_unit(ZONE, on=date(2023, 3, 31))
    listed = [
        {row.key for row in league_of(zone, "district", year=2566, known_at=minutes(at)).rows}
        for at in (49, 51)
    ]
    assert listed[0] - listed[1] == {"5712"}
