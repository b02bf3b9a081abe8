from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tiddao.kernel.dates import (
    MONTHS,
    SHORT_MONTHS,
    DateUnreadable,
    be_year,
    format_long,
    format_medium,
    format_numeric,
    format_official,
    format_range,
    format_short,
    format_time,
    month_name,
    parse_date,
    weekday_name,
)

DAYS = st.dates(date(1900, 1, 1), date(2100, 12, 31))
TWO_DIGIT_DAYS = st.dates(date(1957, 1, 1), date(2056, 12, 31))
TUESDAY = date(2022, 11, 22)
TALK = date(2019, 1, 24)


@pytest.mark.parametrize(
    ("written", "on"),
    [
        ("22 พ.ย. 65", TUESDAY),
        ("22 พ.ย.65", TUESDAY),
        ("22พย65", TUESDAY),
        ("22 พ.ย 2565", TUESDAY),
        ("22  พ. ย.  2565", TUESDAY),
        ("22-พ.ย.-65", TUESDAY),
        ("22/พ.ย./2565", TUESDAY),
        ("๒๒ พฤศจิกายน ๒๕๖๕", TUESDAY),
        ("วันอังคารที่ 22 พฤศจิกายน 2565", TUESDAY),
        ("เมื่อวันอังคารที่ 22 เดือน พฤศจิกายน พ. ศ. 2565", TUESDAY),
        ("อังคาร 22 พ.ย. 65", TUESDAY),
        ("22 พฤษจิกายน 2565", TUESDAY),
        ("22 พฤศจิกายน ค.ศ. 2022", TUESDAY),
        ("22 พฤศจิกายน 2022", TUESDAY),
        ("22 พ.ย. 2565 เวลา 10.00 น.", TUESDAY),
        ("22/11/2565 10:00", TUESDAY),
        ("22/11/65", TUESDAY),
        ("22.11.2565", TUESDAY),
        ("22-11-2565", TUESDAY),
        ("22 / 11 / 2565", TUESDAY),
        ("22/11/พ.ศ. 2565", TUESDAY),
        ("Tue, 22 Nov 2022", TUESDAY),
        ("November 22, 2022", TUESDAY),
        ("22nd November 2565", TUESDAY),
        ("22 Nov 2565 BE", TUESDAY),
        ("22 Nov 2022 A.D.", TUESDAY),
        ("๒๔ มกราคม ๒๕๖๒", TALK),
        ("วันที่ 24 มกราคม พ.ศ. 2562", TALK),
        ("ณ วันที่ 24 มกราคม พุทธศักราช 2562", TALK),
        ("24 มกรา 62", TALK),
        ("24 มกราตม 2562", TALK),
        ("2019-01-24", TALK),
        ("2562-01-24", TALK),
        ("2562/1/24", TALK),
        ("2019-01-24 00:00:00", TALK),
        ("2019-01-24T00:00:00+07:00", TALK),
        ("\u00a024 ม.ค.\u200b 2562 ", TALK),
        ("31/3/2562", date(2019, 3, 31)),
        ("31 มี.ค.2562", date(2019, 3, 31)),
        ("1 ต.ค. 2565", date(2022, 10, 1)),
        ("5 กรกฏาคม 2566", date(2023, 7, 5)),
        ("14 กุมภาพันธุ์ 2566", date(2023, 2, 14)),
        ("1/2/2562", date(2019, 2, 1)),
        ("29 ก.พ. 2563", date(2020, 2, 29)),
        ("1 ม.ค. 2443", date(1900, 1, 1)),
        ("31 ธ.ค. 2643", date(2100, 12, 31)),
        ("1 ม.ค. 00", date(1957, 1, 1)),
        (date(2019, 1, 24), TALK),
        (date(2562, 1, 24), TALK),
        (datetime(2562, 1, 24, 9, 30), TALK),
        (datetime(2019, 1, 23, 18, 0, tzinfo=UTC), TALK),
    ],
)
def test_day_is_read_as_written(written, on):
    assert parse_date(written) == on
    assert type(parse_date(written)) is date


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("", "empty"),
        ("  ", "empty"),
        ("31/2/2562", "no-such-day"),
        ("29 ก.พ. 2562", "no-such-day"),
        ("0/1/2562", "no-such-day"),
        ("1/13/2562", "no-such-month"),
        ("1/24/2019", "no-such-month"),
        ("24 มราคม 62 1", "not-a-date"),
        ("24 มีราคม 2562", "no-such-month"),
        ("24 เดือนหน้า 2562", "no-such-month"),
        ("24 ² 2562", "no-such-month"),
        ("22 พ.ย. 3108", "implausible-year"),
        ("3108-11-22", "implausible-year"),
        ("22/11/3108", "implausible-year"),
        (date(3108, 11, 22), "implausible-year"),
        ("22 พ.ย. 2200", "implausible-year"),
        ("22 พ.ย. 565", "implausible-year"),
        ("22 พ.ย. 5", "implausible-year"),
        ("22 พ.ย. " + "9" * 5000, "implausible-year"),
        ("22 พ.ย. ค.ศ. 22", "implausible-year"),
        ("22 พ.ย. ค.ศ. 2565", "era-differs"),
        ("22 พ.ย. พ.ศ. 2022", "era-differs"),
        ("วันจันทร์ที่ 22 พ.ย. 65", "weekday-differs"),
        ("Mon 22 Nov 2022", "weekday-differs"),
        (date(2560, 2, 29), "no-such-day"),
        ("22 พ.ย.", "no-year"),
        ("พ.ย. 65", "not-a-date"),
        ("2562", "not-a-date"),
        ("43489", "not-a-date"),
        ("20190124", "not-a-date"),
        ("1 ต.ค. 65 – 31 มี.ค. 66", "not-a-date"),
        ("2019-01-24T00:00:00Z", "not-a-date"),
        ("ยังไม่กำหนด", "not-a-date"),
    ],
)
def test_day_that_is_not_certain_is_refused(written, code):
    with pytest.raises(DateUnreadable) as caught:
        parse_date(written)
    assert caught.value.code == code
    assert caught.value.reason


def test_wrong_weekday_is_answered_with_the_right_one():
    with pytest.raises(DateUnreadable, match="เป็นวันอังคาร ไม่ใช่วันจันทร์"):
        parse_date("วันจันทร์ที่ 22 พ.ย. 65")


@pytest.mark.parametrize("number", range(12))
def test_every_month_is_known_long_short_bare_and_in_english(number):
    on = date(2022, number + 1, 15)
    for name in (
        MONTHS[number],
        SHORT_MONTHS[number],
        SHORT_MONTHS[number].replace(".", ""),
        SHORT_MONTHS[number].replace(".", ". "),
        on.strftime("%B"),
        on.strftime("%b").upper(),
        f"{on.strftime('%b')}.",
    ):
        assert parse_date(f"15 {name} 2565") == on


@pytest.mark.parametrize(
    ("era", "good", "bad"), [("be", "1/2/2562", "1/2/2019"), ("ce", "1/2/2019", "1/2/2562")]
)
def test_field_with_a_fixed_era_refuses_the_other(era, good, bad):
    assert parse_date(good, era=era) == date(2019, 2, 1)
    with pytest.raises(DateUnreadable) as caught:
        parse_date(bad, era=era)
    assert caught.value.code == "era-differs"


def test_written_era_against_the_fixed_one_is_refused():
    with pytest.raises(DateUnreadable) as caught:
        parse_date("1 ก.พ. พ.ศ. 2562", era="ce")
    assert caught.value.code == "era-differs"


def test_two_digits_are_never_a_common_year():
    with pytest.raises(DateUnreadable) as caught:
        parse_date("1/2/19", era="ce")
    assert caught.value.code == "implausible-year"


@pytest.mark.parametrize(
    ("written", "today", "on"),
    [
        ("31 มีนาคม", TALK, date(2019, 3, 31)),
        ("31 ธ.ค.", TALK, date(2018, 12, 31)),
        ("5 ม.ค.", date(2022, 12, 20), date(2023, 1, 5)),
        ("29 ก.พ.", date(2019, 3, 1), date(2020, 2, 29)),
    ],
)
def test_day_without_a_year_is_the_nearest_when_today_is_given(written, today, on):
    assert parse_date(written, today=today) == on


def test_day_without_a_year_that_no_near_year_has_is_refused():
    with pytest.raises(DateUnreadable) as caught:
        parse_date("29 ก.พ.", today=date(2022, 6, 1))
    assert caught.value.code == "no-such-day"


def test_day_is_shown_in_every_form():
    assert format_short(TUESDAY) == "22 พ.ย. 65"
    assert format_medium(TUESDAY) == "22 พ.ย. 2565"
    assert format_long(TUESDAY) == "22 พฤศจิกายน 2565"
    assert format_official(TUESDAY) == "๒๒ พฤศจิกายน ๒๕๖๕"
    assert format_numeric(TUESDAY) == "22/11/2565"
    assert format_numeric(date(2019, 3, 1)) == "01/03/2562"
    assert format_short(date(1957, 1, 1)) == "1 ม.ค. 00"
    assert be_year(TUESDAY) == 2565
    assert weekday_name(TUESDAY) == "วันอังคาร"
    assert weekday_name(date(2019, 3, 31)) == "วันอาทิตย์"
    assert (month_name(11), month_name(11, short=True)) == ("พฤศจิกายน", "พ.ย.")


@pytest.mark.parametrize("month", [0, 13])
def test_month_that_does_not_exist_has_no_name(month):
    with pytest.raises(ValueError, match="is not 1–12"):
        month_name(month)


@pytest.mark.parametrize(
    ("first", "last", "shown"),
    [
        (date(2022, 10, 1), date(2023, 3, 31), "1 ต.ค. 65 – 31 มี.ค. 66"),
        (date(2023, 1, 1), date(2023, 3, 31), "1 ม.ค. – 31 มี.ค. 66"),
        (TUESDAY, date(2022, 11, 24), "22–24 พ.ย. 65"),
        (TUESDAY, TUESDAY, "22 พ.ย. 65"),
    ],
)
def test_range_says_once_what_both_days_share(first, last, shown):
    assert format_range(first, last) == shown


def test_range_that_runs_backwards_is_refused():
    with pytest.raises(ValueError, match="lies before"):
        format_range(TUESDAY, TALK)


def test_time_is_shown_in_thailand():
    assert format_time(datetime(2022, 11, 22, 10, 0)) == "10:00 น."
    assert format_time(datetime(2022, 11, 22, 3, 5, tzinfo=UTC)) == "10:05 น."
    assert format_time(time(9, 0)) == "09:00 น."


@given(DAYS)
@example(date(2020, 2, 29))
def test_every_shown_form_reads_back_as_the_same_day(on):
    for show in (format_medium, format_long, format_official, format_numeric, date.isoformat):
        assert parse_date(show(on)) == on
    assert parse_date(f"{weekday_name(on)}ที่ {format_long(on)}") == on
    assert parse_date(on) == on


@given(TWO_DIGIT_DAYS)
def test_short_form_reads_back_within_the_century_of_2500(on):
    assert parse_date(format_short(on)) == on


@given(DAYS)
def test_iso_day_with_a_buddhist_year_is_the_same_day(on):
    assert parse_date(f"{be_year(on)}-{on:%m-%d}") == on


@given(DAYS)
def test_buddhist_year_that_was_shifted_twice_is_always_refused(on):
    for written in (f"{on.day}/{on.month}/{on.year + 1086}", f"{on.year + 1086}-{on:%m-%d}"):
        with pytest.raises(DateUnreadable):
            parse_date(written)


@given(
    st.text(alphabet="0123456789๐๒๕๖/-. มคพยกศ.วันที่ตุลาJanBE,:ปี", max_size=24) | st.text(max_size=24),
    st.none() | DAYS,
)
def test_any_text_gives_a_plausible_day_or_a_refusal(text, today):
    try:
        on = parse_date(text, today=today)
    except DateUnreadable:
        return
    assert 1900 <= on.year <= 2100


@given(st.dates() | st.datetimes())
def test_any_cell_gives_a_plausible_day_or_a_refusal(cell):
    try:
        on = parse_date(cell)
    except DateUnreadable:
        return
    assert on.year in {cell.year, cell.year - 543}
    assert 1900 <= on.year <= 2100


@given(DAYS, st.timedeltas(timedelta(0), timedelta(days=800)))
def test_range_ends_with_its_last_day(first, length):
    last = first + length
    if last <= date(2100, 12, 31):
        assert format_range(first, last).endswith(format_short(last))
        assert format_range(first, last).startswith(str(first.day))
