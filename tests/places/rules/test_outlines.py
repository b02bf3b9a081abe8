import json
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tiddao.places.rules.feature_matching import Keys, KnownPlace, Matcher, detect_keys
from tiddao.places.rules.outline_file import OutlineFileError, read_outlines
from tiddao.places.rules.plane import path_of_rings, rings_of_path, to_plane

# Two squares that share an edge; the right one has a hole. Arc 0 is the shared edge.
TOPOLOGY = {
    "type": "Topology",
    "transform": {"scale": [0.1, 0.1], "translate": [99.0, 19.0]},
    "arcs": [
        [[10, 0], [0, 10]],  # (100,19) → (100,20)
        [[10, 10], [-10, 0], [0, -10], [10, 0]],  # round the left square, back to (100,19)
        [[10, 10], [10, 0], [0, -10], [-10, 0]],  # round the right one
        [[13, 3], [0, 4], [4, 0], [0, -4], [-4, 0]],  # the hole
    ],
    "objects": {
        "layer": {
            "type": "GeometryCollection",
            "geometries": [
                {"type": "Polygon", "id": "57", "arcs": [[0, 1]], "properties": {"n": "เชียงราย"}},
                {
                    "type": "MultiPolygon",
                    "arcs": [[[2, 0], [3]]],
                    "properties": {"n": "พะเยา", "id": "56"},
                },
            ],
        }
    },
}


def test_read_outlines_decodes_quantised_arcs_both_ways_and_holes():
    left, right = read_outlines(json.dumps(TOPOLOGY).encode())
    assert left.properties == {"n": "เชียงราย", "id": "57"}
    assert left.polygons == (
        (((100.0, 19.0), (100.0, 20.0), (99.0, 20.0), (99.0, 19.0), (100.0, 19.0)),),
    )
    outer, hole = right.polygons[0]
    assert outer[0] == outer[-1] == (100.0, 20.0)
    assert len(hole) == 5
    assert hole[0] == pytest.approx((100.3, 19.3))


def test_read_outlines_turns_an_arc_round_where_its_index_is_negative():
    topology = json.loads(json.dumps(TOPOLOGY))
    topology["objects"]["layer"]["geometries"][0]["arcs"] = [[-2, -1]]
    left, _right = read_outlines(json.dumps(topology).encode())
    assert left.polygons[0][0] == (
        (100.0, 19.0), (99.0, 19.0), (99.0, 20.0), (100.0, 20.0), (100.0, 19.0),
    )  # fmt: skip


def geojson(geometry, **properties):
    feature = {"type": "Feature", "properties": properties, "geometry": geometry}
    return json.dumps({"type": "FeatureCollection", "features": [feature]}).encode()


SQUARE = [[100, 19], [100, 20], [101, 20], [100, 19]]


def test_read_outlines_reads_geojson_polygons_of_all_kinds():
    polygon = {"type": "Polygon", "coordinates": [SQUARE]}
    multi = {"type": "MultiPolygon", "coordinates": [[SQUARE], [SQUARE]]}
    collection = {"type": "GeometryCollection", "geometries": [polygon, multi]}
    (feature,) = read_outlines(geojson(collection, code=57))
    assert len(feature.polygons) == 3
    assert feature.properties == {"code": "57"}


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"{", "not JSON"),
        (b"[]", "holds no object"),
        (b'{"type": "Feature"}', "neither a GeoJSON"),
        (b'{"type": "FeatureCollection", "features": []}', "no features"),
        (geojson({"type": "Point", "coordinates": [1, 2]}), "feature 1: Point is not an area"),
        (geojson(None), "feature 1: no geometry"),
        (
            geojson({"type": "Polygon", "coordinates": [[[0, 0], [0, 1], [1, 1], [0, 0]]]}),
            "Thailand",
        ),
        (geojson({"type": "Polygon", "coordinates": [SQUARE[:-1]]}), "not closed"),
        (json.dumps(TOPOLOGY | {"arcs": []}).encode(), "arc 0 is missing"),
        (json.dumps(TOPOLOGY | {"objects": {}}).encode(), "one layer"),
    ],
)
def test_read_outlines_says_what_is_wrong(content, reason):
    with pytest.raises(OutlineFileError) as caught:
        read_outlines(content)
    assert reason in str(caught.value)


def test_to_plane_goes_east_and_south():
    assert to_plane(97, 21) == (0, 0)
    x, y = to_plane(98, 20)
    assert y == 2000
    assert 1948 < x < 1950  # cos 13° = 0.97437


cells = st.tuples(st.integers(-5000, 20000), st.integers(-5000, 40000))


@settings(max_examples=100)
@given(st.lists(st.lists(cells, min_size=3, max_size=12), max_size=4))
def test_path_and_rings_say_the_same(outlines):
    rings = []
    for outline in outlines:
        kept = [a for a, b in pairwise([*outline, outline[0]]) if a != b]
        if len(kept) >= 3 and kept[0] != kept[-1]:
            rings.append([*kept, kept[0]])
    assert rings_of_path(path_of_rings(rings)) == rings


def test_path_is_short_and_relative():
    assert path_of_rings([[(10, 10), (13, 10), (13, 6), (10, 10)]]) == "m10 10l3 0 0-4z"
    assert path_of_rings([[(1.2, 1.2), (1.4, 1.0), (0.9, 1.3), (1.2, 1.2)]]) == ""


PLACES = [
    KnownPlace("1001", "10", "พระนคร", "Phra Nakhon"),
    KnownPlace("1002", "10", "ดุสิต", "Dusit"),
    KnownPlace("1008", "10", "ป้อมปราบศัตรูพ่าย", "Pom Prap Sattru Phai"),
    KnownPlace("4502", "45", "เกษตรวิสัย", "Kaset Wisai"),
    KnownPlace("5402", "54", "ร้องกวาง", "Rong Kwang"),
]
KEYS = Keys("id", "name", "name_en")


def matched(*rows):
    return [
        (match.code, match.doubt)
        for match in Matcher(PLACES, KEYS).match_all(
            [
                (number, {"id": code, "name": th, "name_en": en}, province)
                for number, (code, th, en, province) in enumerate(rows, start=1)
            ]
        )
    ]


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        (("1001", "พระนคร", "Phra Nakhon", None), ("1001", "")),
        (("1001", "เขตพระนคร", "", None), ("1001", "")),
        (("1002", "ป้อมปราบศัตรูพ่าย", "Pom Prap", None), (None, "ambiguous")),
        (("1002", "ป้อมปราบศัตรูพ่าย", "Pom Prap Sattru Phai", None), ("1008", "code_differs")),
        (("4502", "ร้องกวาง", "Kaset Wisai", None), ("4502", "name_differs")),
        (("4502", "ร้องกวาง", "Kaset Wisai", "54"), ("5402", "code_differs")),
        (("9999", "ร้องกวาง", "", "54"), ("5402", "code_unknown")),
        (("4502", "เกษตวิสัย", "", None), ("4502", "")),  # one letter short
        (("9999", "ไม่มี", "Nowhere", None), (None, "no_match")),
    ],
)
def test_match_lets_code_names_and_location_vote(row, expected):
    assert matched(row) == [expected]


def test_match_settles_a_tie_by_what_others_have_taken():
    rows = [
        ("1002", "พระนคร", "Sp", None),  # code says ดุสิต, name says พระนคร
        ("1008", "ดุสิต", "Dusit", None),  # ดุสิต for sure
    ]
    assert matched(*rows) == [("1001", "code_differs"), ("1002", "code_differs")]


def test_detect_keys_finds_what_holds_codes_and_names():
    rows = [{"gid": "7", "c": p.code, "t": f"อ.{p.name_th}", "e": p.name_en} for p in PLACES]
    assert detect_keys(rows, PLACES) == Keys("c", "t", "e")
    assert detect_keys([{"gid": "7"}], PLACES) is None
