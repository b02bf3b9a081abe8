from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tiddao.kernel.area import AreaUnreadable, LandArea

AREAS = st.decimals(min_value=0, max_value=10**9, places=2).map(LandArea)


@pytest.mark.parametrize(
    ("written", "square_wa"),
    [
        ("3 ไร่", 1200),
        ("๓ ไร่", 1200),
        ("3 ไร่ 2 งาน 50 ตร.ว.", 1450),
        ("3ไร่2งาน50ตารางวา", 1450),
        ("3 ไร่ 2 งาน 50 ตร.วา", None),
        ("3-2-50", 1450),
        ("3 - 2 - 50 ไร่", 1450),
        ("3-2-50.5", "1450.5"),
        ("0-0-25", 25),
        ("3.5 ไร่", 1400),
        ("5 งาน", 500),
        ("120 ตร.ว.", 120),
        ("2 ไร่ 50 ตร.ว.", 850),
        ("1,600 ตร.ม.", 400),
        ("10 ตารางเมตร", "2.5"),
        ("1,000 ไร่", 400_000),
        ("0 ไร่", 0),
    ],
)
def test_area_is_read_as_written(written, square_wa):
    if square_wa is None:
        with pytest.raises(AreaUnreadable):
            LandArea.parse(written)
    else:
        assert LandArea.parse(written) == LandArea(Decimal(square_wa))


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("", "not-an-area"),
        ("3", "not-an-area"),
        ("3-2", "not-an-area"),
        ("-3 ไร่", "not-an-area"),
        ("3 ไร่ 3 ไร่", "not-an-area"),
        ("กว้างขวาง", "not-an-area"),
        ("3-5-20", "part-too-large"),
        ("3-2-120", "part-too-large"),
        ("3 ไร่ 4 งาน", "part-too-large"),
        ("3.5 ไร่ 2 งาน", "number"),
        ("3,5 ไร่", "number"),
        ("1.2.3 ไร่", "number"),
    ],
)
def test_area_that_is_not_certain_is_refused(written, code):
    with pytest.raises(AreaUnreadable) as caught:
        LandArea.parse(written)
    assert caught.value.code == code
    assert caught.value.text == written


def test_plot_of_three_rai_is_4800_square_metres():
    plot = LandArea.from_rai_ngan_wa(rai=3)
    assert plot.square_metres == 4800
    assert plot.in_rai == 3
    assert LandArea.from_square_metres(4800) == plot


def test_area_is_shown_in_words_and_as_on_a_deed():
    assert LandArea(Decimal(1450)).format() == "3 ไร่ 2 งาน 50 ตร.ว."
    assert LandArea(Decimal(1450)).format_short() == "3-2-50"
    assert str(LandArea(Decimal(1200))) == "3 ไร่"
    assert LandArea(Decimal(850)).format() == "2 ไร่ 50 ตร.ว."
    assert LandArea(Decimal(0)).format() == "0 ตร.ว."
    assert LandArea(Decimal("400000.5")).format() == "1,000 ไร่ 0.5 ตร.ว."


@pytest.mark.parametrize("bad", ["-1", "NaN", "Infinity"])
def test_area_below_zero_or_not_finite_cannot_be_made(bad):
    with pytest.raises(ValueError, match="finite number of square wa"):
        LandArea(Decimal(bad))


@given(AREAS)
def test_shown_area_reads_back_the_same(area):
    assert LandArea.parse(area.format()) == area
    assert LandArea.parse(area.format_short()) == area
    assert LandArea.from_rai_ngan_wa(area.rai, area.ngan, area.wa) == area
    assert LandArea.from_square_metres(area.square_metres) == area


@given(AREAS, AREAS)
def test_areas_add_in_any_order_and_keep_their_parts_in_bounds(one, other):
    both = one + other
    assert both == other + one
    assert both.square_metres == one.square_metres + other.square_metres
    assert max(one, other) <= both
    assert 0 <= both.ngan <= 3
    assert 0 <= both.wa < 100
