"""``tiddao pace`` on the letter of January 2562: 33.28 % reached, all of it by 31 March."""

from __future__ import annotations

import io
import json
from decimal import Decimal

from django.core.management import call_command

LETTER = ("pace", "--as-of", "2019-01-24", "--percent", "33.28", "--deadline", "2019-03-31")


def said(*arguments):
    out = io.StringIO()
    call_command(*LETTER, *arguments, stdout=out)
    return out.getvalue()


def test_pace_of_the_letter_to_the_digit():
    found = json.loads(said("--json"))
    # 1 October to 24 January are 116 of 365 days.
    assert (found["elapsed_days"], found["year_days"]) == (116, 365)
    assert round(Decimal(found["elapsed_percent"]), 1) == Decimal("31.8")
    # 31 March 2562 is a Sunday. From 25 January on: 46 weekdays, less Makha Bucha.
    assert found["last_working_day"] == "2019-03-29"
    assert [each["on"] for each in found["days_off"]] == ["2019-02-19"]
    assert (found["weekdays_left"], found["working_days_left"]) == (46, 45)
    left, needed = Decimal(found["points_left"]), Decimal(found["points_per_working_day"])
    assert left == Decimal("66.72")
    assert abs(needed * 45 - left) < Decimal("1e-20")
    so_far = Decimal(found["points_per_day_so_far"])
    assert abs(so_far * 116 - Decimal("33.28")) < Decimal("1e-20")
    # Both by calendar day: what is needed over the 66 days left, and what was reached over 116.
    ratio = Decimal(found["ratio_so_far"])
    assert abs(ratio - (left / 66) / (Decimal("33.28") / 116)) < Decimal("1e-20")
    assert round(ratio, 2) == Decimal("3.52")
    assert found["baht_left"] is None


def test_pace_of_the_letter_in_words():
    words = said()
    assert "29 มี.ค. 2562" in words
    assert "วันมาฆบูชา" in words


def test_pace_with_a_base_says_baht_each_working_day():
    found = json.loads(said("--base", "1000000", "--json"))
    assert Decimal(found["baht_left"]) == Decimal(667200)
    assert round(Decimal(found["baht_per_working_day"]), 2) == Decimal("14826.67")
