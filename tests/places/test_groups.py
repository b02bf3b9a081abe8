from datetime import date, timedelta

import pytest

from tests.places.conftest import AT, BY, ON
from tiddao.ledger.models import Entry
from tiddao.places import tree
from tiddao.places.actions.groups import (
    GroupRefused,
    change_members,
    close_group,
    create_group,
    edit_group,
    state_of,
)
from tiddao.places.models import GroupKind, Membership, Place, PlaceGroup
from tiddao.places.signals import members_changed

pytestmark = pytest.mark.django_db

ZONE = "zone-57-ing-su-khong"
DAY = date(2023, 4, 1)


def members(on, key=ZONE):
    return tree.members_of({key}, on=on)[key]


def change(add=(), remove=(), on=DAY, key=ZONE, seen=None, at=AT):
    seen = seen or state_of(key)
    change_members(key, add=set(add), remove=set(remove), on=on, by=BY, at=at, seen=seen)


def make(**kwargs):
    given = {
        "kind": GroupKind.ZONE, "name_th": "โซนทดสอบ", "within": "57",
        "members": {"5701", "5709"}, "source": "คำสั่งทดสอบ", "on": DAY,
    }  # fmt: skip
    return create_group(**given | kwargs, by=BY, at=AT)


def test_change_members_holds_from_its_day_and_leaves_the_past():
    change(add={"5701"}, remove={"5712"})
    before = {"5702", "5703", "5704", "5712", "5713", "5714"}
    assert members(date(2023, 3, 31)) == before
    assert members(DAY) == before - {"5712"} | {"5701"}
    row = Membership.objects.get(group=ZONE, place="5712")
    assert (row.valid_from, row.valid_to) == (date(2022, 11, 22), DAY)
    entry = Entry.objects.get(act="change_members")
    assert (entry.place, entry.on) == ("57", f"group:{ZONE}")
    assert entry.detail["joined"] == ["5701"]
    assert entry.before != entry.after


def test_change_members_lets_a_place_come_back_in_a_second_row():
    change(remove={"5712"})
    change(add={"5712"}, on=date(2024, 1, 1))
    assert "5712" not in members(date(2023, 12, 31))
    assert "5712" in members(date(2024, 1, 1))
    assert Membership.objects.filter(group=ZONE, place="5712").count() == 2


def test_members_answer_as_they_were_known():
    """A member that leaves from a past day on: until it was written down, nobody knew."""
    before = tree.members_of({ZONE}, on=DAY)[ZONE]
    change(remove={"5712"}, at=AT + timedelta(days=1))
    change(add={"5701"}, at=AT + timedelta(days=2))
    known = [
        tree.members_of({ZONE}, on=DAY, known_at=AT + timedelta(days=day, hours=1))[ZONE]
        for day in range(3)
    ]
    assert known == [before, before - {"5712"}, before - {"5712"} | {"5701"}]
    assert tree.members_of({ZONE}, on=DAY)[ZONE] == known[-1]


def test_a_membership_is_never_changed_only_superseded():
    change(add={"5701"})
    change(remove={"5701"}, at=AT + timedelta(days=1))
    (row,) = Membership.ever_known.filter(group=ZONE, place="5701")
    assert (row.valid_to, row.superseded_at) == (None, AT + timedelta(days=1))


def test_change_members_never_overlaps_a_later_row():
    change(add={"5701"}, on=date(2024, 1, 1))
    change(add={"5701"}, on=DAY)
    rows = Membership.objects.filter(group=ZONE, place="5701").order_by("valid_from")
    assert [(row.valid_from, row.valid_to) for row in rows] == [
        (DAY, date(2024, 1, 1)),
        (date(2024, 1, 1), None),
    ]


def test_change_members_takes_back_what_began_that_day():
    change(add={"5701"})
    change(remove={"5701"})
    assert not Membership.objects.filter(group=ZONE, place="5701").exists()


@pytest.mark.parametrize(
    ("kwargs", "code"),
    [
        ({}, "nothing"),
        ({"add": {"5712"}}, "member_already"),
        ({"remove": {"5701"}}, "no_member"),
        ({"add": {"5001"}}, "outside"),
        ({"add": {"57"}}, "outside"),
        ({"add": {"571203"}}, "mixed_levels"),
        ({"add": {"5799"}}, "unknown_place"),
        ({"remove": {"5702", "5703", "5704", "5712", "5713", "5714"}}, "empty"),
        ({"remove": {"5712"}, "on": date(2022, 1, 1)}, "no_member"),
        ({"add": {"5701"}, "seen": "an older state"}, "changed"),
    ],
)
def test_change_members_refuses(kwargs, code):
    rows = list(Membership.objects.filter(group=ZONE).values_list())
    with pytest.raises(GroupRefused) as caught:
        change(**kwargs)
    assert caught.value.code == code
    assert str(caught.value.reason)
    assert list(Membership.objects.filter(group=ZONE).values_list()) == rows


def test_two_people_cannot_change_what_they_have_not_seen():
    seen = state_of(ZONE)
    change(add={"5701"}, seen=seen)
    with pytest.raises(GroupRefused) as caught:
        change(add={"5705"}, seen=seen)
    assert caught.value.code == "changed"


def test_create_group_makes_key_members_and_one_entry():
    group = make(name_en="Border zone")
    assert group.key == "zone-57-border-zone"
    assert members(DAY, group.key) == {"5701", "5709"}
    assert members(date(2023, 3, 31), group.key) == frozenset()
    assert Entry.objects.filter(act="create_group", place="57").count() == 1


def test_create_group_numbers_keys_without_an_english_name():
    assert make().key == "zone-57-1"
    assert make(name_th="โซนอื่น").key == "zone-57-2"


@pytest.mark.parametrize(
    ("kwargs", "code"),
    [
        ({"members": set()}, "empty"),
        ({"members": {"5001"}}, "outside"),
        ({"name_th": "โซนอำเภออิงสู่โขง"}, "name_taken"),
    ],
)
def test_create_group_refuses(kwargs, code):
    with pytest.raises(GroupRefused) as caught:
        make(**kwargs)
    assert caught.value.code == code


def test_close_group_ends_it_and_its_members_from_the_day_on():
    close_group(ZONE, on=DAY, by=BY, at=AT, seen=state_of(ZONE))
    assert len(members(date(2023, 3, 31))) == 6
    assert members(DAY) == frozenset()
    assert PlaceGroup.objects.get(key=ZONE).valid_to == DAY
    pairs = tree.leaf_group_pairs(["571203"], on=DAY, group_keys={ZONE})
    assert ("571203", ZONE) not in pairs
    with pytest.raises(GroupRefused):
        close_group(ZONE, on=ON, by=BY, at=AT, seen=state_of(ZONE))
    with pytest.raises(GroupRefused):
        change(add={"5701"})


def test_edit_group_changes_words_and_keeps_members():
    edit_group(ZONE, name_th="โซนใหม่", name_en="New", source="s", source_url="", note="n",
               by=BY, at=AT, seen=state_of(ZONE))  # fmt: skip
    assert PlaceGroup.objects.get(key=ZONE).name_th == "โซนใหม่"
    assert len(members(ON)) == 6


def test_acts_tell_who_computes_from_members():
    told = []

    def listen(sender, group, on, **kwargs):
        told.append((group, on))

    members_changed.connect(listen)
    try:
        change(add={"5701"})
        close_group(ZONE, on=ON, by=BY, at=AT, seen=state_of(ZONE))
    finally:
        members_changed.disconnect(listen)
    assert told == [(ZONE, DAY), (ZONE, ON)]


def test_a_place_of_a_group_cannot_be_deleted():
    from django.db.models import ProtectedError

    with pytest.raises(ProtectedError):
        Place.objects.get(code="571203").parent.delete()
