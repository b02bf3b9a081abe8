import json
from xml.etree import ElementTree as ET

import pytest
from django.template.loader import render_to_string

from tests.places.conftest import AT, BY, ON
from tiddao.ledger.models import Entry
from tiddao.places.actions.shapes import import_shapes
from tiddao.places.models import Level, Shape
from tiddao.places.queries import find_unit
from tiddao.places.queries.maps import MapValue, map_of
from tiddao.places.rules.outline_file import OutlineFileError

pytestmark = pytest.mark.django_db


def square(x, y, size=1.0):
    return [[x, y], [x + size, y], [x + size, y + size], [x, y + size], [x, y]]


def geojson(*features):
    return json.dumps(
        {
            "type": "FeatureCollection",
            "features": [
                {"type": "Feature", "properties": properties, "geometry": {"type": "Polygon", "coordinates": rings}}
                for properties, rings in features
            ],
        }
    ).encode()  # fmt: skip


def take_in(content, level=Level.PROVINCE, **kwargs):
    return import_shapes(content, level=level, source="ทดสอบ", at=AT, by=BY, **kwargs)


NORTH = geojson(
    ({"id": "57", "name": "เชียงราย"}, [square(99.5, 19.5), square(99.8, 19.8, 0.3)]),
    ({"id": "56", "name": "พะเยา"}, [square(99.5, 18.5)]),
    ({"id": "56", "name": "พะเยา"}, [square(101.0, 18.5, 0.3)]),
)


def test_import_shapes_joins_parts_and_keeps_neighbours_touching():
    report = take_in(NORTH)
    assert (report.features, report.places_matched, report.written) == (3, 2, True)
    phayao, chiang_rai = Shape.objects.order_by("place_id")
    assert phayao.path.count("m") == 2
    assert chiang_rai.path.count("m") == 2  # the outer ring and its hole
    assert phayao.box[1] == chiang_rai.box[3]  # the shared border
    assert Entry.objects.filter(act="import_shapes").count() == 1


def test_import_shapes_writes_nothing_in_a_dry_run():
    assert not take_in(NORTH, dry_run=True).written
    assert not Shape.objects.exists()


def test_import_shapes_refuses_the_whole_where_a_feature_is_unknown():
    content = geojson(({"id": "57"}, [square(99.5, 19.5)]), ({"id": "99"}, [square(99.5, 18.5)]))
    report = take_in(content)
    assert not report.written
    assert [row["number"] for row in report.unmatched] == [2]
    assert not Shape.objects.exists()
    assert take_in(content, skip_unmatched=True).written
    assert Shape.objects.count() == 1


def test_import_shapes_matches_by_name_alone():
    content = geojson(
        ({"p": "จ.เชียงราย"}, [square(99.5, 19.5)]), ({"p": "จ.พะเยา"}, [square(99.5, 18.5)])
    )
    assert take_in(content).places_matched == 2


def test_import_shapes_refuses_a_file_without_codes_and_names():
    with pytest.raises(OutlineFileError, match="no property"):
        take_in(geojson(({"gid": "7001"}, [square(99.5, 19.5)])))


def test_import_shapes_replaces_an_outline():
    take_in(NORTH)
    take_in(geojson(({"id": "57"}, [square(99.0, 19.0, 2)])))
    assert Shape.objects.get(place="57").path.count("m") == 1
    assert Shape.objects.count() == 2


def test_map_draws_tiles_where_no_outline_is_known():
    values = {"57": MapValue(5, "5 ดาว", "/places/57/"), "10": MapValue(None, "ไม่มีข้อมูล")}
    view = map_of(find_unit("th", on=ON), "province", values, on=ON)
    assert view.is_tiles
    assert len(view.shapes) == 77
    assert len({shape.path for shape in view.shapes}) == 77
    assert len({(shape.x, shape.y) for shape in view.shapes}) == 77
    shape = next(shape for shape in view.shapes if shape.code == "57")
    assert shape.title == "จังหวัดเชียงราย: 5 ดาว"
    assert (shape.band, shape.mark) == (5, "5")


def test_map_of_a_province_without_outlines_is_a_compact_grid_by_name():
    view = map_of(find_unit("57", on=ON), "district", {}, on=ON)
    assert len({(shape.x, shape.y) for shape in view.shapes}) == 18
    assert view.view_box[2] * view.view_box[3] <= 24 * 100 * 100
    assert {shape.mark for shape in view.shapes} == {"–"}


def test_map_of_a_group_shows_its_members_alone():
    zone = find_unit("zone-57-ing-su-khong", on=ON)
    assert {shape.code for shape in map_of(zone, "district", {}, on=ON).shapes} == zone.members
    assert len(map_of(zone, "tambon", {}, on=ON).shapes) == 34


def test_map_says_when_there_are_too_many():
    view = map_of(find_unit("th", on=ON), "tambon", {}, on=ON)
    assert (view.too_many, view.shapes) == (7436, ())


def test_map_refuses_a_band_that_is_none():
    with pytest.raises(ValueError, match="a band is 1 to 5"):
        map_of(find_unit("57", on=ON), "district", {"5712": MapValue(6, "x")}, on=ON)


def test_map_costs_one_query(django_assert_num_queries):
    take_in(NORTH)
    nation = find_unit("th", on=ON)
    with django_assert_num_queries(1):
        map_of(nation, "province", {}, on=ON)


def test_map_page_part_is_well_formed_and_says_each_value(shared):
    take_in((shared / "data/geo/th_province-1.topojson").read_bytes())
    values = {"57": MapValue(4, "4 ดาว <b>", "/places/57/")}
    view = map_of(find_unit("th", on=ON), "province", values, on=ON, title="ดาวรายจังหวัด")
    html = render_to_string("places/map.html", {"map": view})
    assert "style=" not in html
    svg = ET.fromstring(html[html.index("<svg") : html.index("</svg>") + 6])
    assert len(svg.findall("g/g/path")) + len(svg.findall("g/a/path")) == 77
    link = svg.find("g/a")
    assert link.get("href") == "/places/57/"
    assert link.find("title").text == "จังหวัดเชียงราย: 4 ดาว <b>"
    assert svg.find("title").text == "ดาวรายจังหวัด"


def test_public_outlines_match_every_province_and_nearly_every_district(shared):
    folder = shared / "data/geo"
    provinces = take_in((folder / "th_province-1.topojson").read_bytes())
    assert (provinces.places_matched, provinces.unmatched, provinces.doubtful) == (77, (), ())
    districts = take_in((folder / "th_amphoe-1.topojson").read_bytes(), Level.DISTRICT)
    assert districts.written
    assert districts.by_location
    assert (districts.features, districts.places_matched, districts.unmatched) == (1284, 926, ())
    assert districts.without_outline == ("4029 เวียงเก่า", "5025 กัลยาณิวัฒนา")
    taken = {row["written"]: row["place"] for row in districts.doubtful}
    assert taken["1002 ป้อมปราบศัตรูพ่าย Pom Prap Sattruphai"] == "1008 ป้อมปราบศัตรูพ่าย"
    assert taken["2012 บางละมุง Bang La Mung"] == "2004 บางละมุง"
    chiang_rai = Shape.objects.filter(place__parent="57", place__level="district")
    assert chiang_rai.count() == 18
    codes = [code for code in Shape.objects.values_list("place_id", flat=True) if len(code) == 4]
    values = {code: MapValue(4, "4 ดาว", f"/places/{code}/") for code in codes}
    view = map_of(find_unit("th", on=ON), "district", values, on=ON)
    html = render_to_string("places/map.html", {"map": view})
    svg = html[html.index("<svg") : html.index("</svg>")]
    assert len(svg.encode()) < 300_000
    assert [shape.code for shape in view.not_drawn] == ["5025", "4029"]
