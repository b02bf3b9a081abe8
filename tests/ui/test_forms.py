"""Typed days and numbers: nobody gets the year 3108."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

import pytest
from django import forms
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from tiddao.kernel.dates import format_long, format_medium, format_official, format_short
from tiddao.ui.forms import (
    BuddhistDateField,
    BuddhistDateInput,
    ThaiDecimalField,
    ThaiDecimalInput,
    ThaiIntegerField,
)

days = st.dates(date(1900, 1, 1), date(2100, 12, 31))


@given(days, st.integers(1, 4))
def test_date_field_reads_back_what_it_shows_however_often(day, times):
    field, widget = BuddhistDateField(), BuddhistDateInput()
    there = day
    for _ in range(times):
        there = field.clean(widget.format_value(there))
    assert there == day


@given(days)
def test_date_field_that_failed_shows_what_was_typed_and_reads_it_the_same(day):
    class Form(forms.Form):
        on = BuddhistDateField()
        other = forms.CharField()

    typed = BuddhistDateInput().format_value(day)
    form = Form({"on": typed})
    assert not form.is_valid()
    assert form["on"].value() == typed
    assert f'value="{typed}"' in str(form["on"])
    assert form.cleaned_data["on"] == day


@given(days)
def test_date_field_reads_all_ways_of_writing(day):
    field = BuddhistDateField()
    for write in (format_medium, format_long, format_official, date.isoformat):
        assert field.clean(write(day)) == day
    if 1957 <= day.year <= 2056:  # two digits are the end of a year 25xx
        assert field.clean(format_short(day)) == day


def test_date_field_shows_the_buddhist_year_in_either_language():
    for language in ("th", "en"):
        with translation.override(language):
            assert BuddhistDateInput().format_value(date(2022, 11, 22)) == "22/11/2565"
            assert BuddhistDateInput().format_value(datetime(2022, 11, 22, 8)) == "22/11/2565"


@pytest.mark.parametrize(
    ("typed", "code"),
    [("31/2/2565", "no-such-day"), ("22/11/3108", "implausible-year"), ("พรุ่งนี้", "not-a-date")],
)
def test_date_field_refuses_in_words(typed, code):
    with pytest.raises(forms.ValidationError) as refused:
        BuddhistDateField().clean(typed)
    assert refused.value.code == code
    assert refused.value.messages[0]


def test_date_field_may_refuse_a_common_year():
    with pytest.raises(forms.ValidationError):
        BuddhistDateField(era="be").clean("22/11/2022")
    assert BuddhistDateField().clean("22/11/2022") == date(2022, 11, 22)


def test_date_field_left_empty():
    assert BuddhistDateField(required=False).clean("") is None
    with pytest.raises(forms.ValidationError):
        BuddhistDateField().clean(" ")


def test_date_field_knows_when_nothing_changed():
    field = BuddhistDateField()
    assert not field.has_changed(date(2022, 11, 22), "22 พ.ย. 2565")
    assert field.has_changed(date(2022, 11, 22), "23/11/2565")
    assert field.has_changed(date(2022, 11, 22), "ไม่ใช่วันที่")


@given(st.decimals(-(10**9), 10**9, places=2))
def test_decimal_field_reads_back_what_it_shows(value):
    assert ThaiDecimalField().clean(ThaiDecimalInput().format_value(value)) == value


@pytest.mark.parametrize(
    ("typed", "value"),
    [("๑,๒๓๔.๕๐", "1234.50"), ("1,234", "1234"), (" 0.10 ", "0.10"), ("1,234.50 บาท", "1234.50")],
)
def test_decimal_field_takes_thai_digits_and_commas(typed, value):
    assert ThaiDecimalField(units=("บาท",)).clean(typed) == Decimal(value)


@pytest.mark.parametrize("typed", ["1.234,50", "ประมาณ 5", "5-6", "1E5", "NaN"])
def test_decimal_field_refuses_what_is_not_certain(typed):
    with pytest.raises(forms.ValidationError) as refused:
        ThaiDecimalField().clean(typed)
    assert refused.value.messages[0]


def test_decimal_field_keeps_its_bounds():
    field = ThaiDecimalField(min_value=Decimal(0), max_value=Decimal(100), decimal_places=2)
    for typed in ("-1", "100.5", "1.005"):
        with pytest.raises(forms.ValidationError):
            field.clean(typed)
    assert 'type="number"' not in field.widget.render("n", Decimal("5.50"))
    assert "min=" not in str(field.widget.attrs)


@pytest.mark.parametrize(
    ("typed", "value"), [("๒๕๖๖", 2566), (" 2,566 ", 2566), ("0", 0), ("12.0", 12), ("", None)]
)
def test_integer_field_takes_thai_digits_and_commas(typed, value):
    assert ThaiIntegerField(required=False).clean(typed) == value


@pytest.mark.parametrize("typed", ["1.5", "ประมาณ 5", "-1", "101", "1E2"])
def test_integer_field_refuses_in_words_and_keeps_its_bounds(typed):
    with pytest.raises(forms.ValidationError) as refused:
        ThaiIntegerField(min_value=0, max_value=100).clean(typed)
    assert refused.value.messages[0]


def test_integer_field_shows_a_year_as_it_is_written():
    shown = ThaiIntegerField(min_value=2560).widget.render("year", 2566)
    assert 'value="2566"' in shown
    assert 'type="text"' in shown
    assert "min=" not in shown


def test_too_long_a_text_is_said_in_thai():
    """Django's Thai catalogue has no words for it; ours has."""
    field = forms.CharField(max_length=3)
    with translation.override("th"), pytest.raises(forms.ValidationError) as refused:
        field.clean("ประชุม")
    assert refused.value.messages == ["ยาวเกินไป ใส่ได้ไม่เกิน 3 ตัวอักษร (ขณะนี้ 6)"]
