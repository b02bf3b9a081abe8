"""Handing targets down, answering, counting: as acts on the official map."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from tests.indicators.frameworks import (
    dimension,
    milestone,
    minutes,
    published,
    ratio,
    report_and_approve,
    round_of,
    share,
    two_dimensions,
)
from tiddao.indicators.actions.cascade import (
    AnswerRefused,
    HandingRefused,
    SplitMovedOn,
    answer_target,
    hand_down_target,
)
from tiddao.indicators.actions.rounds import close_round
from tiddao.indicators.models import Target, TargetAnswer, TargetPart, TargetSplit
from tiddao.indicators.queries.cascade import (
    LastResults,
    Said,
    WaitingAt,
    last_results,
    last_value,
    objections,
    places_below,
    received_by,
    receivers,
    said_below,
    split_history,
    targets_now,
    targets_waiting,
)
from tiddao.indicators.queries.frameworks import framework_in_force
from tiddao.indicators.rules.cascade import Receiver, SplitRefused
from tiddao.ledger.actors import Actor
from tiddao.ledger.models import Entry

pytestmark = pytest.mark.django_db
D = Decimal
DAY = date(2023, 4, 1)
DEPARTMENT = Actor("user:9", "อธิบดี", "post:9 executive CDD")
PROVINCE = Actor("user:2", "พัฒนาการจังหวัด", "post:2 provincial_head CDD-57")
NOTHING = LastResults(None, {})


def households(code: str):
    return ratio(
        code,
        kind="count",
        rollup="sum",
        whole=True,
        factor=D(1),
        maximum=None,
        unit_th="ครัวเรือน",
        denominator_th="",
    )


@pytest.fixture
def framework():
    version = published(
        two_dimensions(
            dimensions=(
                dimension("1", households("1.1"), ratio("1.2")),
                dimension("2", milestone("2.1"), ratio("2.2")),
            )
        )
    )
    return version.framework


def indicator_of(framework, code):
    found = framework_in_force(framework.code, framework.fiscal_year)
    return next(each for each in found.definition.indicators if each.code == code)


def equally(framework, place, whole, levels, at=None, code="1.1", **more):
    below = places_below(place, levels, on=DAY)
    return hand_down_target(
        framework,
        code,
        place,
        D(whole),
        receivers(indicator_of(framework, code), below, NOTHING, base="villages", on=DAY),
        method="equal",
        by=DEPARTMENT,
        at=at or minutes(1),
        **more,
    )


def sum_of(level):
    return sum(Target.objects.filter(place__level=level).values_list("value", flat=True))


def test_nation_to_tambon_is_exact_at_every_level_and_one_entry(framework):
    entries = Entry.objects.count()
    sent = equally(framework, "th", 1_000_003, ["province", "district", "tambon"])
    assert sum_of("province") == sum_of("district") == sum_of("tambon") == 1_000_003
    assert Target.objects.get(place="th").value == 1_000_003
    assert Entry.objects.count() == entries + 1
    provinces = TargetPart.objects.filter(split=sent.split)
    assert provinces.count() == 76  # Bangkok has no office of the department
    assert {part.value for part in provinces} == {D(13157), D(13158)}  # 1 000 003 = 76·13157 + 71
    for split in TargetSplit.objects.filter(place__in=["57", "5712"]):
        assert split.whole == Target.objects.get(place=split.place_id).value


def test_a_district_without_tambons_known_ends_the_line_there(framework):
    below = places_below("57", ["district", "tambon"], on=DAY)
    assert len(below["57"]) == 18
    assert all(below[district.code] for district in below["57"])
    assert "58" not in below


def test_handing_down_anew_needs_a_reason_and_the_split_that_was_seen(framework):
    first = equally(framework, "57", 180, ["district"]).split
    with pytest.raises(SplitMovedOn) as moved:
        equally(framework, "57", 190, ["district"], minutes(2))
    assert moved.value.current == first
    with pytest.raises(HandingRefused) as refused:
        equally(framework, "57", 190, ["district"], minutes(2), expected=first.pk)
    assert refused.value.code == "reason_missing"
    assert targets_now(framework.pk, ["57"]) == {("1.1", "57"): D(180)}
    second = equally(
        framework, "57", 190, ["district"], minutes(2), expected=first.pk, reason="งบเพิ่ม"
    ).split
    history = split_history(framework.pk, "1.1", "57")
    assert [(each.id, each.whole, each.ended_at is None) for each in history] == [
        (second.pk, D(190), True),
        (first.pk, D(180), False),
    ]
    revisions = Target.objects.filter(place="57").order_by("revision")
    assert [(each.revision, each.value) for each in revisions] == [(1, D(180)), (2, D(190))]


def test_answers_are_kept_where_the_part_stays_and_asked_anew_where_it_changes(framework):
    first = equally(framework, "57", 180, ["district"]).split
    parts = {part.place_id: part for part in first.parts.all()}
    assert targets_waiting(["5712"], []) == (WaitingAt("5712", 1, 0),)
    answer_target(parts["5712"].pk, "acknowledged", by=PROVINCE, at=minutes(2))
    answer_target(parts["5701"].pk, "objected", reason="ฐานไม่ถูก", by=PROVINCE, at=minutes(2))
    assert targets_waiting(["5712"], []) == ()
    assert said_below(framework.pk, ["th", "57", "5712"]) == {
        "th": {("1.1", "district"): Said(1, 1, 16)},
        "57": {("1.1", "district"): Said(1, 1, 16)},
    }
    assert [(code, part.place, part.reason) for code, part in objections(framework.pk, "57")] == [
        ("1.1", "5701", "ฐานไม่ถูก")
    ]
    # One more household than 18 × 10: the first place gets it, the others keep their part.
    equally(framework, "57", 181, ["district"], minutes(3), expected=first.pk, reason="งบเพิ่ม")
    assert said_below(framework.pk, ["57"])["57"] == {("1.1", "district"): Said(1, 0, 17)}
    (mine,) = received_by("5712")
    assert (mine.part.value, mine.part.answer) == (D(10), "acknowledged")
    with pytest.raises(AnswerRefused) as refused:
        answer_target(parts["5712"].pk, "objected", reason="มาก", by=PROVINCE, at=minutes(4))
    assert refused.value.code == "part_gone"


def test_of_two_who_answer_for_one_office_the_second_is_told(framework):
    part = equally(framework, "57", 180, ["district"]).split.parts.get(place="5712")
    first = answer_target(part.pk, "acknowledged", by=PROVINCE, at=minutes(2))
    with pytest.raises(AnswerRefused) as refused:
        answer_target(part.pk, "objected", reason="มากไป", by=PROVINCE, at=minutes(3))
    assert (refused.value.code, refused.value.current) == ("moved_on", first)
    second = answer_target(
        part.pk, "objected", reason="มากไป", by=PROVINCE, at=minutes(3), expected=first.pk
    )
    assert list(TargetAnswer.objects.filter(part=part, ended_at=None)) == [second]
    assert TargetAnswer.objects.filter(part=part).count() == 2
    with pytest.raises(AnswerRefused) as no_reason:
        answer_target(part.pk, "objected", by=PROVINCE, at=minutes(4), expected=second.pk)
    assert no_reason.value.code == "reason_missing"


def test_what_a_place_hands_on_is_compared_with_what_it_got_later(framework):
    province = equally(framework, "th", 7600, ["province", "district"]).split
    (got,) = received_by("57")
    assert (got.part.value, got.handed_on, got.differs) == (D(100), D(100), False)
    equally(framework, "th", 15200, ["province"], minutes(2), expected=province.pk, reason="ปรับ")
    (got,) = received_by("57")
    assert (got.part.value, got.handed_on, got.differs) == (D(200), D(100), True)


def test_rates_are_carried_from_the_last_results_and_never_split(framework):
    one = round_of(framework.versions.get())
    report_and_approve(one, [share("5712", "1.2", 6, 10), share("5701", "1.2", 8, 10)])
    close_round(one, by=DEPARTMENT, at=minutes(30))
    found = framework_in_force(framework.code, framework.fiscal_year)
    indicator = indicator_of(framework, "1.2")
    below = places_below("57", ["district"], on=DAY)
    last = last_results(found, indicator, [p.code for p in below["57"]], on=DAY)
    assert {code: last_value(indicator, each) for code, each in last.found.items()} == {
        "5712": D("60.00"),
        "5701": D("80.00"),
    }
    two = [
        each
        for each in receivers(indicator, below, last, base="reported", on=DAY)["57"]
        if each.key in last.found
    ]
    sent = hand_down_target(
        framework, "1.2", "57", D(75), {"57": two}, method="last", by=PROVINCE, at=minutes(40)
    ).split
    values = dict(sent.parts.values_list("place_id", "value"))
    assert values == {"5701": D(85), "5712": D(65)}  # five points each
    assert (sent.carried, sent.together) == (True, D(75))


@pytest.mark.parametrize(
    ("code", "indicator", "place", "whole"),
    [
        ("unknown_indicator", "9.9", "57", 10),
        ("impossible", "1.2", "57", 101),
    ],
)
def test_what_cannot_be_handed_down_writes_nothing(framework, code, indicator, place, whole):
    entries = Entry.objects.count()
    with pytest.raises(HandingRefused) as refused:
        hand_down_target(
            framework,
            indicator,
            place,
            D(whole),
            {place: [Receiver("5712", base=D(1))]},
            method="equal",
            by=DEPARTMENT,
            at=minutes(1),
        )
    assert refused.value.code == code
    with pytest.raises(SplitRefused):
        equally(framework, "57", "180.5", ["district"])
    assert not Target.objects.exists()
    assert Entry.objects.count() == entries
