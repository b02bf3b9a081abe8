"""Who sees what: a directive is for its line alone."""

from __future__ import annotations

import pytest
from django.urls import reverse

from tests.persons import give_post, make_person, signed_in
from tests.policy.directives.acts import ON, part, sender_of, sent
from tiddao.people.access import standing_of
from tiddao.people.models import Role, User
from tiddao.policy.models import Assignment, Directive
from tiddao.policy.queries.directives import find_assignment, find_directive, receivers_of
from tiddao.policy.queries.receivers import offices_of
from tiddao.policy.queries.silence import silent_offices
from tiddao.policy.queries.visibility import (
    post_to_answer,
    post_to_follow,
    visible_assignments,
    visible_directives,
)
from tiddao.policy.rules.receivers import Choice

pytestmark = pytest.mark.django_db


def sees(user: User, directive: Directive) -> set[str] | None:
    """Offices of the directive that the person sees; None where they do not see it at all."""
    standing = standing_of(user, on=ON)
    if find_directive(directive.pk, standing) is None:
        return None
    return set(receivers_of(directive.pk, standing).values_list("office", flat=True))


def test_each_sees_their_line_and_nobody_else(
    provincial_head, district_head, stranger, executive
) -> None:
    inspector = make_person(Role.INSPECTOR, "CDD", group_key="inspection-16")
    elsewhere = make_person(Role.INSPECTOR, "CDD", group_key="inspection-15")
    national = sent(["CDD-57", "CDD-50", "CDD-30"])
    sender, by, _ = sender_of(provincial_head)
    below = sent(
        ["CDD-5712", "CDD-5713"], sender=sender, by=by, handed_down_from=part(national, "CDD-57").pk
    )
    inspection, by_inspector, _ = sender_of(inspector)
    inspected = sent(["CDD-57"], sender=inspection, by=by_inspector)

    assert sees(executive, national) == {"CDD-57", "CDD-50", "CDD-30"}
    assert sees(provincial_head, national) == {"CDD-57"}
    assert sees(stranger, national) == {"CDD-50"}
    assert sees(district_head, national) is None  # what came to the province, not to the district
    assert sees(inspector, national) == {"CDD-57"}  # inspection region 16 holds เชียงราย
    assert sees(elsewhere, national) == {"CDD-50"}

    assert sees(provincial_head, below) == {"CDD-5712", "CDD-5713"}
    assert sees(district_head, below) == {"CDD-5712"}
    assert sees(executive, below) == {"CDD-5712", "CDD-5713"}
    assert sees(stranger, below) is None

    assert sees(inspector, inspected) == {"CDD-57"}
    assert sees(elsewhere, inspected) is None
    assert sees(stranger, inspected) is None


def test_lists_hold_what_may_be_opened_and_nothing_more(
    provincial_head, district_head, stranger, executive
) -> None:
    sender, by, _ = sender_of(provincial_head)
    made = [
        sent(["CDD-57", "CDD-50"]),
        sent(["CDD-30"]),
        sent(["CDD-5712", "CDD-5714"], sender=sender, by=by),
    ]
    for user in (provincial_head, district_head, stranger, executive):
        standing = standing_of(user, on=ON)
        listed = set(Directive.objects.filter(visible_directives(standing)))
        assert listed == {each for each in made if find_directive(each.pk, standing)}
        parts = set(Assignment.objects.filter(visible_assignments(standing)))
        assert parts == {
            one for one in Assignment.objects.all() if find_assignment(one.pk, standing)
        }


def test_who_covers_an_office_does_not_answer_for_it(
    provincial_head, district_head, executive
) -> None:
    sender, by, _ = sender_of(provincial_head)
    directive = sent(["CDD-5712"], sender=sender, by=by)
    head, above, top = (
        standing_of(user, on=ON) for user in (district_head, provincial_head, executive)
    )
    assert post_to_answer(head, "CDD-5712") is not None
    assert post_to_answer(above, "CDD-5712") is None
    assert post_to_answer(top, "CDD-5712") is None
    assert post_to_follow(above, directive) is not None
    assert post_to_follow(head, directive) is None
    assert post_to_follow(top, directive) is None  # the department does not rule for the province


def test_a_deputy_of_the_same_office_follows_and_a_group_post_of_it_does_not(executive) -> None:
    directive = sent(["CDD-57"])
    deputy = standing_of(make_person(Role.EXECUTIVE, "CDD"), on=ON)
    inspector = standing_of(make_person(Role.INSPECTOR, "CDD", group_key="inspection-16"), on=ON)
    assert post_to_follow(deputy, directive) is not None
    assert post_to_follow(inspector, directive) is None


ZONE = "zone-57-ing-su-khong"


def test_what_goes_to_a_zone_each_of_its_offices_answers_and_its_officer_watches(
    provincial_head, district_head
) -> None:
    zone = make_person(Role.ZONE_OFFICER, "CDD-57", group_key=ZONE)
    choice = Choice(frozenset({"district"}), (ZONE,))
    to = [office.code for office in offices_of(choice, scope={"57"}, on=ON)]
    assert set(to) == {f"CDD-{code}" for code in ("5702", "5703", "5704", "5712", "5713", "5714")}
    sender, by, _ = sender_of(provincial_head)
    directive = sent(to, sender=sender, by=by)
    assert sees(zone, directive) == set(to)
    watching = standing_of(zone, on=ON)
    assert all(post_to_answer(watching, office) is None for office in [*to, "CDD-57"])
    address = reverse("assignment-answer", args=[part(directive, "CDD-5712").pk])
    said = {"act": "acknowledge", "words": "", "seen": "0"}
    assert signed_in(zone).post(address, said).status_code == 403
    assert signed_in(district_head).post(address, said).status_code == 302
    silent = silent_offices(Assignment.objects.filter(visible_assignments(watching)), on=ON)
    assert set(silent.values_list("office", flat=True)) == set(to) - {"CDD-5712"}


def test_a_director_who_also_looks_after_a_zone_answers_for_the_office_as_its_director(db) -> None:
    person = make_person(Role.GROUP_DIRECTOR, "CDD-57", group_key=ZONE)
    assert post_to_answer(standing_of(person, on=ON), "CDD-57") is None
    give_post(person, Role.GROUP_DIRECTOR, "CDD-57")
    post = post_to_answer(standing_of(person, on=ON), "CDD-57")
    assert post is not None
    assert post.group_key is None
