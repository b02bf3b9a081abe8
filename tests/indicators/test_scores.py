"""Kept scores: equal to a plain computation over the whole nation, and never stale."""

from __future__ import annotations

import random
from collections import defaultdict
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest
from django.db import connection

from tests.indicators.frameworks import (
    APPROVER,
    REPORTER,
    dimension,
    full_report,
    ladder,
    milestone,
    minutes,
    published,
    ratio,
    report,
    report_and_approve,
    round_of,
    share,
    two_dimensions,
    with_version,
)
from tests.indicators.rules.second_computation import second_score
from tiddao.indicators.actions.frameworks import new_draft, publish_version, save_draft
from tiddao.indicators.actions.reported_rows import ResultRow
from tiddao.indicators.actions.reporting import report_results
from tiddao.indicators.actions.review import approve_results
from tiddao.indicators.actions.rounds import close_round, open_round
from tiddao.indicators.actions.scoring import materialise, materialise_pending
from tiddao.indicators.models import FactChange, Result, Score
from tiddao.indicators.queries.frameworks import definition_of
from tiddao.indicators.queries.stars import stars_of
from tiddao.indicators.rules.definitions import StarRules
from tiddao.indicators.rules.scoring import Parts, Reported
from tiddao.places.models import Membership, Office
from tiddao.places.queries import find_unit
from tiddao.places.signals import members_changed

pytestmark = pytest.mark.django_db

UNITS = (
    "th",
    "57",
    "50",
    "40",
    "10",
    "5712",
    "5701",
    "5001",
    "zone-57-ing-su-khong",
    "inspection-16",
    "inspection-15",
    "region-isan",
    "peer-57-small-districts",
)


def unit(key, one):
    return find_unit(key, on=one.true_on)


def stars(key, one, **asked):
    return stars_of(unit(key, one), year=2566, round_code=one.code, **asked)


# -- a second, plain computation over the whole nation --------------------------------------------


def random_framework(chance):
    ladders = [
        ladder(50, 60, 70, 80, 90),
        ladder(90, 80, 70, 60, 50),
        ladder(40, 50, 60, 60, 70),
        ladder(10, 10, 20, 20, 90),
    ]
    dimensions = [
        dimension(
            str(number),
            *(
                ratio(f"{number}.{n}", ladder=chance.choice(ladders), weight=Decimal(weight))
                if chance.random() < 0.7
                else milestone(f"{number}.{n}", weight=Decimal(weight))
                for n, weight in enumerate((20, 30, 50), start=1)
            ),
            weight=50,
        )
        for number in (1, 2)
    ]
    rules = StarRules(
        min_completeness=Decimal(chance.choice([40, 80])),
        balance_margin=chance.choice([None, 0, 1]),
        penalty_per_missed_report=Decimal(chance.choice(["0", "0.2"])),
    )
    return two_dimensions(dimensions=tuple(dimensions), star_rules=rules)


def random_reports(definition, districts, chance):
    for place in districts:
        for indicator in definition.indicators:
            drawn = chance.random()
            if drawn < 0.15:
                continue
            if drawn < 0.25:
                yield ResultRow(place, indicator.code, None, not_applicable=True)
            elif indicator.kind == "milestone":
                done = frozenset(range(1, chance.randint(0, 5) + 1))
                yield ResultRow(place, indicator.code, Reported(steps=done))
            else:
                below = chance.randint(1, 300)
                above = Decimal(chance.randint(0, below))
                yield ResultRow(place, indicator.code, Reported(above, Decimal(below)))


def members_plainly(key, on):
    if key[0].isdigit():
        return [key]
    if key == "th":
        return [""]
    rows = Membership.objects.filter(group_id=key)
    return [
        row.place_id
        for row in rows
        if (row.valid_from is None or row.valid_from <= on)
        and (row.valid_to is None or row.valid_to > on)
    ]


def counted_plainly(facts, definition, key, states):
    """Indicator → (numerator, denominator, reported, expected) by going through every row."""
    one, rows, offices = facts
    members = tuple(members_plainly(key, one.true_on))
    inside = {office for office in offices if office.startswith(members)}
    sums = {i.code: [Decimal(0), None, 0, len(inside)] for i in definition.indicators}
    for row in rows:
        if row.place_id not in inside or row.state not in states:
            continue
        found = sums[row.indicator_code]
        if row.not_applicable:
            found[3] -= 1
        else:
            found[0] += row.part_numerator
            if row.part_denominator is not None:
                found[1] = (found[1] or 0) + row.part_denominator
            found[2] += 1
    return sums


def facts_plainly(one):
    offices = [office.place_id for office in Office.objects.filter(kind="district")]
    return one, list(Result.objects.filter(round=one, superseded_at=None)), offices


def scored_plainly(facts, definition, key, states, earlier):
    sums = counted_plainly(facts, definition, key, states)
    absent = {code for code, found in sums.items() if found[3] == 0}
    parts = {code: Parts(*found) for code, found in sums.items() if code not in absent}
    missed = defaultdict(int)
    for past in earlier:
        for code, found in counted_plainly(past, definition, key, states).items():
            if found[3] and not found[2] and code in parts:
                missed[code] += 1
    return second_score(definition, parts, absent, missed)


STATES = {"approved": ("approved", "locked"), "all": ("submitted", "approved", "locked")}


@pytest.mark.parametrize("seed", range(4))
def test_kept_and_computed_scores_equal_a_plain_computation(seed):
    chance = random.Random(seed)
    definition = random_framework(chance)
    version = published(definition)
    first, second = round_of(version, "6m"), round_of(version, "12m")
    offices = Office.objects.filter(kind="district", place__code__regex="^(57|50|40)")
    districts = sorted(offices.values_list("place_id", flat=True))
    for n, one in enumerate((first, second)):
        chosen = chance.sample(districts, 45)
        report(one, random_reports(definition, chosen, chance), at=minutes(n * 10))
        approved = [place for place in chosen if chance.random() < 0.7]
        approve_results(one, approved, by=APPROVER, at=minutes(n * 10 + 1))
        if n == 0 and chance.random() < 0.7:
            close_round(one, by=APPROVER, at=minutes(5))
    materialise_pending(at=minutes(60))
    first.refresh_from_db()
    costs = definition.star_rules.penalty_per_missed_report and first.state == "closed"
    told = [facts_plainly(first), facts_plainly(second)]
    for facts, past in ((told[0], []), (told[1], told[:1] if costs else [])):
        one = facts[0]
        for key in UNITS:
            for basis, states in STATES.items():
                plain = scored_plainly(facts, definition, key, states, past)
                kept = stars(key, one, basis=basis)
                computed = stars(key, one, basis=basis, known_at=minutes(120))
                if key == "10":
                    assert kept.score is None
                    assert kept.not_assessed == "no_office"
                    continue
                assert (kept.source, computed.source) == ("materialised", "computed")
                assert kept.score == computed.score
                assert kept.stamp == computed.stamp
                assert as_plain(kept.score) == (
                    plain["score"],
                    plain["stars"],
                    plain["completeness"],
                ), (one.code, key, basis)


def as_plain(score):
    whole = None if score.score is None else Fraction(score.score)
    return whole, score.stars, Fraction(score.completeness)


# -- never stale ----------------------------------------------------------------------------------


def test_a_score_is_computed_until_it_is_kept_and_again_after_a_change():
    one = round_of(published())
    report_and_approve(one, full_report("5712"))
    assert stars("5712", one).source == "computed"
    materialise(one.pk, at=minutes(5))
    assert stars("5712", one).source == "materialised"
    report_and_approve(one, [share("5712", "1.1", 50, 100)], at=minutes(6))
    for key in ("5712", "57", "th", "zone-57-ing-su-khong", "inspection-16"):
        assert stars(key, one).source == "computed", key
    for key in ("5701", "50", "region-isan"):
        assert stars(key, one).source == "materialised", key
    materialise(one.pk, at=minutes(7))
    assert stars("th", one).source == "materialised"


def test_stars_change_with_approval_not_with_submission():
    one = round_of(published())
    report(one, full_report("5712"))
    assert stars("5712", one).score.score is None
    assert stars("5712", one, basis="all").score.stars == 4
    approve_results(one, ["5712"], by=APPROVER, at=minutes(1))
    assert stars("5712", one).score.stars == 4


def test_completeness_counts_offices_and_leaves_out_those_it_does_not_apply_to():
    one = round_of(published())
    small = find_unit("zone-57-ing-su-khong", on=one.true_on)
    members = sorted(small.members)
    rows = [row for place in members[:3] for row in full_report(place)]
    rows += [
        ResultRow(place, code, None, not_applicable=True)
        for place in members[3:]
        for code in ("1.1", "1.2", "2.1", "2.2")
    ]
    report_and_approve(one, rows)
    score = stars(small.key, one).score
    assert score.completeness == 100
    assert score.indicators[0].parts.expected == 3
    assert score.indicators[0].parts.reported == 3


def test_everything_not_applicable_is_no_score_and_no_zero():
    one = round_of(published())
    rows = [
        ResultRow("5712", code, None, not_applicable=True) for code in ("1.1", "1.2", "2.1", "2.2")
    ]
    report_and_approve(one, rows)
    found = stars("5712", one)
    assert found.score.score is None
    assert found.score.reason == "nothing_applies"


def test_publishing_puts_every_kept_score_out_of_date():
    version = published()
    one = round_of(version)
    report_and_approve(one, full_report("5712", 85))
    materialise(one.pk, at=minutes(5))
    before = stars("5712", one)
    draft = new_draft(version.framework, by=APPROVER, at=minutes(6))
    harder = replace(
        definition_of(draft),
        dimensions=(
            dimension("1", ratio("1.1", ladder=ladder(80, 85, 90, 95, 100)), milestone("1.2")),
            dimension("2", ratio("2.1"), ratio("2.2")),
        ),
    )
    draft = save_draft(draft, harder, edition=draft.edition, by=APPROVER, at=minutes(7))
    publish_version(draft, by=APPROVER, at=minutes(8))
    after = stars("5712", one)
    assert (before.source, after.source) == ("materialised", "computed")
    assert after.version == 2
    assert after.score.score < before.score.score
    then = stars("5712", one, known_at=minutes(7))
    assert (then.version, then.score) == (1, before.score)


def test_a_closed_round_keeps_its_version_whatever_is_published_later():
    version = published()
    one = round_of(version)
    report_and_approve(one, full_report("5712"))
    close_round(one, by=APPROVER, at=minutes(5))
    before = stars("5712", one)
    draft = new_draft(version.framework, by=APPROVER, at=minutes(6))
    harder = replace(
        definition_of(draft),
        dimensions=(
            dimension("1", ratio("1.1", ladder=ladder(95, 96, 97, 98, 99)), milestone("1.2")),
            dimension("2", ratio("2.1"), ratio("2.2")),
        ),
    )
    draft = save_draft(draft, with_version(harder, 2), edition=1, by=APPROVER, at=minutes(7))
    publish_version(draft, by=APPROVER, at=minutes(8))
    after = stars("5712", one)
    assert after.version == 1
    assert after.score == before.score


def test_a_group_whose_members_change_is_out_of_date_and_no_other():
    one = round_of(published())
    report_and_approve(one, full_report("5712"))
    materialise(one.pk, at=minutes(5))
    members_changed.send(sender=None, group="zone-57-ing-su-khong", on=None)
    assert stars("zone-57-ing-su-khong", one).source == "computed"
    assert stars("57", one).source == "materialised"


def test_members_count_as_they_were_on_the_day_of_the_round():
    one = round_of(published())
    report_and_approve(one, [*full_report("5712", 90), *full_report("5701", 50)])
    before = stars("zone-57-ing-su-khong", one).score
    Membership.objects.create(
        group_id="zone-57-ing-su-khong", place_id="5701", valid_from=one.true_on.replace(day=30)
    )
    members_changed.send(sender=None, group="zone-57-ing-su-khong", on=one.true_on.replace(day=30))
    assert stars("zone-57-ing-su-khong", one).score.score < before.score


def test_as_known_then_is_what_was_shown_then():
    one = round_of(published())
    shown = {}
    for step, per_cent in enumerate((60, 85, 95, 70)):
        report_and_approve(one, full_report("5712", per_cent), at=minutes(step * 10))
        report_and_approve(one, full_report("5713", 100 - per_cent), at=minutes(step * 10 + 1))
        materialise_pending(at=minutes(step * 10 + 2))
        for key in ("5712", "57", "th"):
            shown[step, key] = stars(key, one)
    for (step, key), then in shown.items():
        again = stars(key, one, known_at=minutes(step * 10 + 3))
        assert (again.score, again.stamp) == (then.score, then.stamp)
    assert stars("5712", one, known_at=minutes(-60 * 24)) is None  # nothing was published yet


def test_history_speaks_of_this_and_the_last_year():
    last = round_of(published(two_dimensions(2565), at=minutes(-9000)), "12m")
    report_and_approve(last, full_report("5712", 60))
    version = published()
    for code, per_cent in (("6m", 70), ("12m", 90)):
        report_and_approve(round_of(version, code), full_report("5712", per_cent))
    found = stars_of(unit("5712", last), year=2566)
    assert found.round.code == "12m"
    named = [(each.round.fiscal_year, each.round.code) for each in found.history]
    assert named == [(2565, "6m"), (2565, "12m"), (2566, "6m"), (2566, "12m")]
    assert found.previous.round.code == "6m"
    assert [each.value for each in found.trend["1.1"]] == [None, 60, 70, 90]


def test_a_place_below_the_assessed_level_names_the_place_that_is():
    one = round_of(published())
    found = stars("571203", one)
    assert (found.score, found.not_assessed, found.assessed_in) == (
        None,
        "below_assessed_level",
        "5712",
    )


def test_reopening_and_closing_settle_again():
    version = published()
    one = round_of(version)
    report_and_approve(one, full_report("5712"))
    close_round(one, by=APPROVER, at=minutes(5))
    materialise_pending(at=minutes(6))
    assert Result.objects.filter(superseded_at=None).values_list("state").distinct().get() == (
        "locked",
    )
    open_round(
        one, by=APPROVER, at=minutes(7), reason="แก้ตัวเลข", until=one.closes.replace(year=2024)
    )
    report_and_approve(one, [share("5712", "1.1", 60, 100)], at=minutes(8))
    assert stars("5712", one).source == "computed"
    assert stars("5712", one).score.indicators[0].value == 60


@pytest.mark.parametrize("key", ["5712", "57", "th"])
def test_stars_cost_the_same_number_of_queries_for_any_size(key, django_assert_max_num_queries):
    one = round_of(published())
    districts = Office.objects.filter(place__code__startswith="57", kind="district")
    report_and_approve(one, [row for each in districts for row in full_report(each.place_id)])
    place = unit(key, one)
    with django_assert_max_num_queries(8):
        stars_of(place, year=2566)
    materialise_pending(at=minutes(5))
    with django_assert_max_num_queries(5):
        stars_of(place, year=2566)


def test_materialising_again_writes_nothing():
    one = round_of(published())
    report_and_approve(one, full_report("5712"))
    first = materialise(one.pk, at=minutes(5))
    again = materialise(one.pk, at=minutes(6))
    assert first.written == 2 * first.units == Score.objects.filter(round=one).count()
    assert again.written == 0
    assert not FactChange.objects.filter(round=one).exists()


def test_a_province_s_own_framework_comes_first_there_and_nowhere_else():
    published()
    own = published(two_dimensions(code="chiang-rai", owner="CDD-57"))
    one = round_of(own)
    report_and_approve(one, full_report("5712"))
    materialise_pending(at=minutes(5))
    assert stars("5712", one).framework.code == "chiang-rai"
    assert stars("zone-57-ing-su-khong", one).framework.code == "chiang-rai"
    assert stars("50", one).framework.code == "amphoe-tid-dao"
    assert stars("th", one).framework.code == "amphoe-tid-dao"
    units = set(Score.objects.filter(round=one).values_list("unit", flat=True))
    assert {"57", "5712", "zone-57-ing-su-khong"} <= units
    assert not units & {"th", "50", "5001", "inspection-16"}


def test_a_missed_report_costs_points_in_the_rounds_after():
    rules = StarRules(penalty_per_missed_report=Decimal("0.2"))
    version = published(two_dimensions(star_rules=rules))
    first, second = round_of(version, "6m"), round_of(version, "12m")
    report_and_approve(first, full_report("5712", 90)[1:])
    report_and_approve(second, full_report("5712", 90))
    materialise_pending(at=minutes(3))
    assert stars("5712", second).score.indicators[0].level == 5
    close_round(first, by=APPROVER, at=minutes(5))
    found = stars("5712", second)
    assert found.source == "computed"
    assert found.score.indicators[0].level == Decimal("4.8")
    materialise_pending(at=minutes(6))
    assert stars("5712", second).score == found.score


def test_results_of_a_place_without_an_office_are_refused_and_counted_nowhere():
    from tiddao.indicators.actions.reported_rows import ResultsRefused

    one = round_of(published())
    with pytest.raises(ResultsRefused) as refused:
        report_results(one, full_report("1001"), by=REPORTER, at=minutes(1))
    assert {each.code for each in refused.value.rows} == {"not_reporting"}
    assert connection.in_atomic_block
    assert not Result.objects.exists()
