from datetime import date

from tiddao.places.rules.province_tiles import province_tiles
from tiddao.places.rules.register import is_territory, official_register

REGISTER = official_register()
STANDING = [place for place in REGISTER.places if place.valid_to is None]


def test_register_counts_are_those_of_the_domain():
    counts = {level: sum(p.level == level for p in STANDING) for level in
              ("nation", "province", "district", "tambon")}  # fmt: skip
    assert counts == {"nation": 1, "province": 77, "district": 928, "tambon": 7436}


def test_register_lists_parents_before_children():
    seen = {None}
    for place in REGISTER.places:
        assert place.parent in seen
        seen.add(place.code)


def test_register_begins_bueng_kan_on_the_day_of_its_act():
    by_code = {place.code: place for place in REGISTER.places}
    assert by_code["38"].valid_from == date(2011, 3, 23)
    assert by_code["3801"].valid_from == date(2011, 3, 23)
    assert by_code["4303"].valid_to == date(2011, 3, 23)
    assert by_code["43"].valid_from is None


def test_register_gives_no_first_day_to_a_district_older_than_its_tambons():
    """เขตบางนา had one แขวง before 2017; that its two are new says nothing about the เขต."""
    by_code = {place.code: place for place in REGISTER.places}
    assert by_code["104702"].valid_from == date(2017, 7, 26)
    assert by_code["1047"].valid_from is None


def test_register_names_bangkok_districts_without_their_word():
    assert {p.name_th for p in STANDING if p.code in {"1001", "1002"}} == {"พระนคร", "ดุสิต"}
    assert not [p for p in STANDING if p.code.startswith("10") and p.name_th.startswith("เขต")]


def test_register_leaves_out_registration_offices():
    assert {"1297", "3049", "5051", "1099"} <= set(REGISTER.left_out)
    assert not {"2504", "4303"} & set(REGISTER.left_out)
    assert len(REGISTER.left_out) + sum(p.valid_to is not None for p in REGISTER.places) == 1583


def test_is_territory_judges_the_code_and_the_name():
    assert is_territory("3406", "ชานุมาน")
    assert not is_territory("3051", "สาขาตำบลมะค่า-พลสงคราม")
    assert not is_territory("207201", "หนองปรือ")


def test_province_tiles_hold_every_province_once():
    tiles = province_tiles()
    assert set(tiles) == {p.code for p in STANDING if p.level == "province"}
    assert len(set(tiles.values())) == 77


def test_province_tiles_lie_as_the_country_does():
    tiles = province_tiles()
    assert tiles["57"][0] < tiles["10"][0] < tiles["90"][0]  # row: north above south
    assert tiles["58"][1] < tiles["34"][1]  # column: west before east
