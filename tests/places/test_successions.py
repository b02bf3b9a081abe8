"""Places that are split, merged or renumbered; what was known of the map at a moment."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.core.management import call_command

from tiddao.ledger.actors import SYSTEM
from tiddao.ledger.lines import after_lines, draw_line
from tiddao.ledger.models import Entry
from tiddao.places import tree
from tiddao.places.actions.successions import SuccessionRefused, Successor, succeed_place
from tiddao.places.models import FormerName, Membership, Office, Place, Succession
from tiddao.places.queries import find_unit

pytestmark = pytest.mark.django_db
DAY = date(2023, 7, 1)
AT = datetime(2023, 6, 1, 3, 0, tzinfo=UTC)
ZONE = "zone-57-ing-su-khong"


def moves_of_5712():
    tambons = list(tree.descendants("5712", on=DAY).order_by("code"))
    half = len(tambons) // 2
    return {
        place.code: ("5731" if number < half else "5732") + place.code[4:]
        for number, place in enumerate(tambons)
    }


def split(**changes):
    wanted = {
        "predecessor": "5712",
        "successors": [
            Successor("5731", Decimal("0.6"), "พญาเม็งรายเหนือ"),
            Successor("5732", Decimal("0.4"), "พญาเม็งรายใต้"),
        ],
        "moved": moves_of_5712(),
        "on": DAY,
        "source": "ประกาศทดสอบ",
        "by": SYSTEM,
        "at": AT,
    } | changes
    return succeed_place(wanted.pop("predecessor"), wanted.pop("successors"), **wanted)


def codes_within(root, on, known_at=None):
    existing = Place.objects.filter(tree.exists_on(on, known_at=known_at), tree.within(root))
    return set(existing.values_list("code", flat=True))


def test_a_split_ends_the_old_and_begins_the_new():
    tambons = moves_of_5712()
    split()
    before, after = DAY - timedelta(days=1), DAY
    assert codes_within("5712", before) == {"5712", *tambons}
    assert codes_within("5712", after) == set()
    new = codes_within("5731", after) | codes_within("5732", after)
    assert new == {"5731", "5732", *tambons.values()}
    assert codes_within("5731", before) == set()
    offices = Office.objects.filter(tree.exists_on(after), place__code__in=["5712", "5731", "5732"])
    assert set(offices.values_list("code", flat=True)) == {"CDD-5731", "CDD-5732"}
    links = {
        (each.predecessor_id, each.successor_id): each.share
        for each in Succession.objects.filter(on=DAY)
    }
    assert links["5712", "5731"] == Decimal("0.6")
    assert links["571201", "573101"] == 1
    members = tree.members_of({ZONE}, on=after)[ZONE]
    assert {"5731", "5732"} <= members
    assert "5712" not in members
    assert "5712" in tree.members_of({ZONE}, on=before)[ZONE]
    entry = Entry.objects.get(act="succeed_place")
    assert (entry.place, entry.detail["successors"]) == ("5712", ["5731 0.6", "5732 0.4"])


def test_the_map_answers_as_it_was_known():
    split()
    then, now = AT - timedelta(seconds=1), AT
    assert find_unit("5712", on=DAY, known_at=then).name_th == "พญาเม็งราย"
    assert find_unit("5712", on=DAY, known_at=now) is None
    assert find_unit("5731", on=DAY, known_at=then) is None
    assert find_unit("5731", on=DAY, known_at=now).name_th == "พญาเม็งรายเหนือ"
    assert "5712" in tree.members_of({ZONE}, on=DAY, known_at=then)[ZONE]


def test_a_place_that_gives_a_part_lives_on():
    split(
        successors=[
            Successor("5712", Decimal("0.75")),
            Successor("5731", Decimal("0.25"), "พญาเม็งรายใหม่"),
        ],
        moved={"571205": "573101"},
    )
    assert find_unit("5712", on=DAY) is not None
    assert find_unit("571205", on=DAY) is None
    assert "5712" in tree.members_of({ZONE}, on=DAY)[ZONE]
    assert Membership.objects.filter(place="5731").count() == 0


def test_a_merger_hands_over_to_a_place_that_stands():
    children = {
        place.code: f"5713{number:02d}"
        for number, place in enumerate(tree.descendants("5712", on=DAY).order_by("code"), start=81)
    }
    split(successors=[Successor("5713", Decimal(1))], moved=children)
    assert find_unit("5712", on=DAY) is None
    assert set(children.values()) <= codes_within("5713", DAY)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"predecessor": "5799"}, "unknown_place"),
        ({"successors": []}, "no_successor"),
        ({"successors": [Successor("5731", Decimal("0.9"), "ก")]}, "shares"),
        (
            {"successors": [Successor("5731", Decimal("1.1"), "ก"), Successor("5732", Decimal("-0.1"), "ข")]},
            "shares",
        ),
        (
            {"successors": [Successor("5731", 1 - Decimal("1e-7"), "ก"), Successor("5732", Decimal("1e-7"), "ข")]},
            "shares",
        ),
        ({"successors": [Successor("573101", Decimal(1), "ก")], "moved": {}}, "left_behind"),
        ({"moved": {}}, "left_behind"),
        ({"moved": {"571301": "573101"}}, "moves"),
        ({"successors": [Successor("5731", Decimal(1))], "moved": {}}, "left_behind"),
    ],
)  # fmt: skip
def test_what_cannot_become_of_a_place_is_refused_and_nothing_is_written(changes, code):
    places = Place.objects.count()
    with pytest.raises(SuccessionRefused) as refused:
        split(**changes)
    assert refused.value.code == code
    assert Place.objects.count() == places
    assert find_unit("5712", on=DAY) is not None


def test_a_new_place_needs_a_name_of_its_level_and_a_free_number():
    tambons = {code: "5731" + code[4:] for code in moves_of_5712()}
    for wanted, code in (
        (Successor("5731", Decimal(1)), "name"),
        (Successor("5713", Decimal(1)), "moves"),
    ):
        with pytest.raises(SuccessionRefused) as refused:
            split(successors=[wanted], moved=tambons)
        assert refused.value.code == code


def test_a_place_lives_a_day_at_least_and_its_last_day_is_not_overwritten():
    split()
    for day, code in ((DAY, "too_early"), (date(2023, 2, 1), "ends_already")):
        wanted = "5731" if code == "too_early" else "5712"
        with pytest.raises(SuccessionRefused) as refused:
            split(
                predecessor=wanted,
                successors=[Successor("5741", Decimal(1), "ก")],
                moved={},
                on=day,
            )
        assert refused.value.code == code


def test_the_register_loaded_again_leaves_a_split_as_it_is():
    split()
    call_command("load_geography", verbosity=0)
    assert find_unit("5712", on=DAY) is None
    assert find_unit("5731", on=DAY) is not None


def test_a_name_of_the_register_that_changes_is_still_known():
    Place.objects.filter(code="5712").update(name_th="ชื่อก่อนเปลี่ยน")
    before = datetime.now(UTC)
    call_command("load_geography", verbosity=0)
    assert FormerName.objects.get(place="5712").name_th == "ชื่อก่อนเปลี่ยน"
    assert find_unit("5712", on=DAY, known_at=before).name_th == "ชื่อก่อนเปลี่ยน"
    assert find_unit("5712", on=DAY).name_th == "พญาเม็งราย"


def test_the_command_says_what_it_wrote(capsys):
    moves = [word for pair in moves_of_5712().items() for word in ("--move", "=".join(pair))]
    call_command(
        "succeed_place", "5712", "--into", "5731=เหนือ:0.6", "--into", "5732=ใต้:0.4", *moves,
        "--on", "2023-07-01", "--source", "ประกาศทดสอบ",
    )  # fmt: skip
    assert "5712 → 5731 0.6" in capsys.readouterr().out
    with pytest.raises(SystemExit) as left:
        call_command(
            "succeed_place", "5713", "--into", "5731=ก", "--on", "2023-07-01", "--source", "ก"
        )
    assert left.value.code == 2


# -- lines: the past stands still ------------------------------------------------------------------


def test_what_is_written_after_a_line_becomes_known_after_it():
    line = draw_line(on="test:1", at=AT)
    assert line == AT
    assert after_lines(AT) == AT + timedelta(microseconds=1)
    assert after_lines(AT + timedelta(hours=1)) == AT + timedelta(hours=1)
    assert draw_line(on="test:2", at=AT - timedelta(days=1)) == AT
    links = split(at=AT - timedelta(days=9))
    assert {each.known_at for each in links} == {AT + timedelta(microseconds=1)}
