"""What a person covers and may do on a day."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.utils import translation

from tests.persons import give_post, make_account, make_person
from tiddao.people.access import (
    offices_within,
    place_codes_within,
    require,
    require_anywhere,
    standing_of,
    visible_unit_or_404,
)
from tiddao.people.models import Role, Tenure
from tiddao.places.models import Membership
from tiddao.places.queries.groups import visible_groups

pytestmark = pytest.mark.django_db
TODAY = date(2026, 7, 10)
ZONE = "zone-57-ing-su-khong"


class Asked:
    """As much of a request as access looks at."""

    def __init__(self, standing):
        self.standing = standing


def standing(user, on=TODAY):
    return standing_of(user, on=on)


@pytest.mark.parametrize(
    ("role", "office", "covered", "hidden"),
    [
        (Role.EXECUTIVE, "CDD", ["th", "57", "5712", "571203", "50"], []),
        (Role.PROVINCIAL_HEAD, "CDD-57", ["57", "5712", "571203"], ["th", "50", "5", "5012"]),
        (Role.DISTRICT_HEAD, "CDD-5712", ["5712", "571203", "57120314"], ["57", "5711", "th"]),
        (Role.TAMBON_OFFICER, "CDD-5712", ["5712", "571203"], ["5713", "57"]),
        (Role.AUDITOR, "CDD-50", ["50", "5001"], ["57", "th"]),
    ],
)
def test_post_covers_its_place_and_all_below(role, office, covered, hidden):
    person = standing(make_person(role, office))
    assert [code for code in covered if not person.covers(code)] == []
    assert [code for code in hidden if person.covers(code)] == []


def test_a_post_without_a_title_is_named_in_thai_whatever_language_is_read():
    """Attendance lists, letters and forms keep the title for good."""
    person = make_account()
    give_post(person, Role.DISTRICT_HEAD, "CDD-5712")
    with translation.override("en"):
        assert standing(person).posts[0].title == "พัฒนาการอำเภอ"


def test_zone_officer_covers_the_members_and_not_the_province():
    person = standing(make_person(Role.ZONE_OFFICER, "CDD-57", group_key=ZONE))
    members = set(Membership.objects.filter(group_id=ZONE).values_list("place_id", flat=True))
    assert members
    assert person.roots == members
    assert all(person.covers(code) and person.covers(code + "03") for code in members)
    others = {f"57{n:02d}" for n in range(1, 19)} - members
    assert not any(person.covers(code) for code in others | {"57", "th", "50"})
    assert visible_unit_or_404(Asked(person), ZONE).is_group
    with pytest.raises(Http404):
        visible_unit_or_404(Asked(person), "57")


def test_zone_officer_covers_members_of_the_day_only():
    user = make_person(Role.ZONE_OFFICER, "CDD-57", group_key=ZONE, held_from=date(2020, 1, 1))
    membership = Membership.objects.filter(group_id=ZONE).order_by("place_id").first()
    membership.valid_to = TODAY
    membership.save()
    assert standing(user, TODAY - timedelta(days=1)).covers(membership.place_id)
    assert not standing(user, TODAY).covers(membership.place_id)


def test_inspector_covers_the_inspection_region():
    person = standing(make_person(Role.INSPECTOR, "CDD", group_key="inspection-16"))
    members = set(
        Membership.objects.filter(group_id="inspection-16").values_list("place_id", flat=True)
    )
    assert "57" in members
    assert all(person.covers(code) for code in members)
    assert person.covers("571203")
    assert not person.covers("50")
    assert not person.covers("th")


@pytest.mark.parametrize("tenure", Tenure.values)
def test_post_counts_from_its_first_to_its_last_day(tenure):
    first, last = date(2026, 6, 1), date(2026, 6, 30)
    user = make_person(Role.DISTRICT_HEAD, "CDD-5712", tenure=tenure, held_from=first, held_to=last)
    held = {
        day: standing(user, day).covers("5712")
        for day in (first - timedelta(days=1), first, last, last + timedelta(days=1))
    }
    assert list(held.values()) == [False, True, True, False]


def test_two_posts_add_up_but_each_act_needs_its_own():
    """Acting as head elsewhere gives the head's acts there, not at home."""
    user = make_person(Role.TAMBON_OFFICER, "CDD-5712")
    give_post(user, Role.DISTRICT_HEAD, "CDD-5713", tenure=Tenure.ACTING)
    person = standing(user)
    assert person.covers_all(["5712", "5713"])
    assert person.may("check_result", "5713")
    assert not person.may("check_result", "5712")
    assert person.may("check_result")
    assert person.roots_for("check_result") == {"5713"}
    acted = require(Asked(person), "check_result", "5713")
    assert acted.tenure == Tenure.ACTING
    assert person.actor(acted).post == f"post:{acted.id} district_head CDD-5713"


def test_require_hides_before_it_refuses():
    person = standing(make_person(Role.TAMBON_OFFICER, "CDD-5712"))
    with pytest.raises(Http404):
        require(Asked(person), "approve_results", "50")
    with pytest.raises(PermissionDenied):
        require(Asked(person), "approve_results", "5712")
    with pytest.raises(PermissionDenied):
        require_anywhere(Asked(person), "approve_results")


def test_without_a_post_nothing_is_seen():
    person = standing(make_account())
    assert not person.roots
    assert not offices_within(person.roots).exists()
    codes = place_codes_within(person.roots)
    assert codes is not None
    assert not codes.exists()


def test_groups_are_visible_when_all_members_are():
    province = standing(make_person(Role.PROVINCIAL_HEAD, "CDD-57"))
    keys = {group.key for group in visible_groups(roots=province.roots, on=TODAY)}
    assert ZONE in keys
    assert "inspection-16" not in keys  # three of its provinces are others'
    nation = standing(make_person(Role.EXECUTIVE, "CDD"))
    assert {"inspection-16", ZONE} <= {g.key for g in visible_groups(roots=nation.roots, on=TODAY)}


def test_offices_within_a_province():
    assert set(offices_within(frozenset({"5712"})).values_list("pk", flat=True)) == {"CDD-5712"}
    assert offices_within(frozenset({"57"})).count() == 19


def test_grantable_at_respects_place_and_role():
    person = standing(make_person(Role.PROVINCIAL_HEAD, "CDD-57"))
    assert Role.DISTRICT_HEAD in person.grantable_at("5712")
    assert Role.EXECUTIVE not in person.grantable_at("5712")
    assert person.grantable_at("50") == frozenset()


@pytest.mark.parametrize("posts", [1, 3])
def test_standing_costs_the_same_for_one_post_and_three(posts, django_assert_num_queries):
    user = make_account()
    for number in range(posts):
        give_post(user, Role.ZONE_OFFICER, "CDD-57", group_key=ZONE, title=f"{number}")
    with django_assert_num_queries(2):
        standing(user)
