"""What the tags and filters write."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from decimal import Decimal
from types import SimpleNamespace

import pytest
from django import forms
from django.core.paginator import Paginator
from django.template import Context, Template
from django.utils import translation
from pythainlp.tokenize import word_tokenize

from tests.ui.conftest import asked
from tiddao.ui import registry
from tiddao.ui.drawing import _pieces, letters, radar_of, spark_of, wrapped
from tiddao.ui.forms import BuddhistDateField
from tiddao.ui.templatetags.ui import month_name


def shown(source, **variables):
    return Template(source).render(Context(variables))


def words(markup):
    return " ".join(re.sub(r"<[^>]+>", " ", markup).split())


@pytest.mark.parametrize(
    ("source", "value", "thai", "english"),
    [
        ("{{ v|be_short }}", date(2022, 11, 22), "22 พ.ย. 65", "22 Nov 2022"),
        ("{{ v|be_medium }}", date(2022, 11, 22), "22 พ.ย. 2565", "22 Nov 2022"),
        ("{{ v|be_long }}", date(2022, 11, 22), "22 พฤศจิกายน 2565", "22 November 2022"),
        ("{{ v|be_numeric }}", date(2022, 11, 2), "02/11/2565", "02/11/2022"),
        # 18:30 in London is half past one of the next day in Bangkok.
        ("{{ v|be_time }}", datetime(2022, 12, 31, 18, 30, tzinfo=UTC), "1 ม.ค. 2566 01:30 น.", "1 Jan 2023, 01:30"),
        ("{{ v|be_medium }}", datetime(2022, 12, 31, 18, 30, tzinfo=UTC), "1 ม.ค. 2566", "1 Jan 2023"),
        ("{{ v|number }}", Decimal("1234.5"), "1,235", "1,235"),
        ("{{ v|number:2 }}", Decimal("0.005"), "0.01", "0.01"),
        ("{{ v|number:2 }}", Decimal("-0.001"), "0.00", "0.00"),
        ("{{ v|number:2 }}", 0.1, "0.10", "0.10"),
        ("{{ v|trimmed }}", Decimal("3.5000"), "3.5", "3.5"),
        ("{{ v|trimmed }}", Decimal("1E+3"), "1,000", "1,000"),
        ("{{ v|percent }}", Decimal("79.15"), "79.15%", "79.15%"),
        ("{{ v|share }}", Decimal("0.7915"), "79.2%", "79.2%"),
        ("{{ v|million }}", Decimal("4189534120.50"), "4,189.53", "4,189.53"),
        ("{{ v|thai_digits }}", 2566, "๒๕๖๖", "๒๕๖๖"),
    ],
)  # fmt: skip
def test_filter_writes(source, value, thai, english):
    assert shown(source, v=value) == thai
    with translation.override("en"):
        assert shown(source, v=value) == english


@pytest.mark.parametrize(
    "name",
    ["be_short", "be_medium", "be_long", "be_numeric", "be_time", "number", "trimmed", "percent", "share", "million"],
)  # fmt: skip
def test_filter_of_nothing_is_a_dash_never_zero(name):
    assert shown(f"{{{{ v|{name} }}}}", v=None) == "–"


def test_stars_are_read_as_a_sentence():
    assert 'aria-label="3 จาก 5 ดาว"' in shown("{% stars 3 %}")
    assert 'icons.svg#stars-3"' in shown("{% stars 3 %}")
    assert 'aria-label="0 จาก 5 ดาว"' in shown("{% stars 0 %}")
    assert words(shown("{% stars n %}", n=None)) == "ยังไม่ติดดาว"


@pytest.mark.parametrize("count", [-1, 6])
def test_stars_beyond_five_are_refused(count):
    with pytest.raises(ValueError, match="0 to 5"):
        shown("{% stars n %}", n=count)


def test_status_is_colour_and_icon_and_word():
    markup = shown('{% status "warn" w %}', w="<ใกล้ครบกำหนด>")
    assert "status-warn" in markup
    assert "#alert-triangle" in markup
    assert "&lt;ใกล้ครบกำหนด&gt;" in markup


def dimensions(*shares):
    return [SimpleNamespace(name=f"มิติที่ {i}", share=s) for i, s in enumerate(shares, 1)]


def test_radar_with_a_gap_stays_open_there_and_its_table_says_so():
    five = dimensions(Decimal("0.9"), Decimal("0.5"), None, Decimal(1), Decimal(0))
    markup = shown("{% radar d %}", d=five)
    assert markup.count("radar-point") == 4
    assert markup.count('class="radar-edge"') == 3
    assert markup.count("radar-axis-missing") == 1
    assert "มิติที่ 3</th><td>ยังไม่รายงาน" in markup
    assert "มิติที่ 1</th><td>90.0%" in markup


def test_radar_of_full_marks_reaches_the_rim_and_the_first_is_on_top():
    drawn = radar_of(dimensions(1, 1, 1, 1))
    assert [axis.point for axis in drawn.axes] == [axis.rim for axis in drawn.axes]
    assert drawn.axes[0].rim == (180.0, 52.0)
    assert len(drawn.edges) == 4


@pytest.mark.parametrize("count", [2, 9])
def test_radar_of_too_few_or_many_is_refused(count):
    with pytest.raises(ValueError, match="3 to 8"):
        radar_of(dimensions(*[1] * count))


def test_radar_refuses_a_share_beyond_one():
    with pytest.raises(ValueError, match="not 0 to 1"):
        radar_of(dimensions(1, 79, 1))


@pytest.mark.parametrize("count", range(3, 9))
def test_radar_labels_lie_inside_the_box(count):
    name = "ประชาชนมีคุณภาพชีวิตที่ดีตามหลักปรัชญาของเศรษฐกิจพอเพียง"
    drawn = radar_of([SimpleNamespace(name=name, share=None)] * count)
    _, top, width, height = map(float, drawn.box.split())
    for axis in drawn.axes:
        for line, y in axis.label.lines:
            long = letters(line) * 8.0
            left = {"start": 0, "middle": long / 2, "end": long}[axis.label.anchor]
            assert axis.label.x - left >= -8
            assert axis.label.x - left + long <= width + 8
            assert top + 10 <= y <= top + height


def test_label_breaks_between_words_at_spaces_first():
    assert wrapped("ประสานงานดี ภาคีมีส่วนร่วม", 100) == ("ประสานงานดี", "ภาคีมีส่วนร่วม")
    assert wrapped("บริหารดี", 100) == ("บริหารดี",)
    long = wrapped("การบริหารจัดการงานพัฒนาชุมชนเชิงยุทธศาสตร์แบบบูรณาการ", 90)
    assert len(long) == 3
    assert long[2].endswith("…")


def test_few_words_divide_a_label_as_the_whole_dictionary_does():
    for text in (
        "การบริหารจัดการงานพัฒนาชุมชนเชิงยุทธศาสตร์แบบบูรณาการ",
        "ร้อยละการเบิกจ่ายงบประมาณภาพรวมเมื่อเทียบกับเป้าหมาย",
        "ส่งเสริมสัมมาชีพชุมชนและOTOPนวัตวิถีปี๒๕๖๕",
        "ตากลมหลังบ้านนอกชาน",
    ):
        assert _pieces(text, len(text) // 4) == word_tokenize(text, engine="newmm")


def test_letters_above_and_below_take_no_room():
    assert letters("ที่นี่") == 2
    assert letters("กำ") == 3 - 1  # ำ is written beside its letter; ก and ำ take room


def test_spark_breaks_at_what_was_not_reported():
    drawn = spark_of([1, 2, None, 3, None, 4, 5])
    assert len(drawn.lines) == 2
    assert len(drawn.dots) == 1
    assert drawn.last == (96.0, 4.0)
    assert "ไม่มีข้อมูล" in shown("{% spark v %}", v=[1, None, 2])
    assert words(shown("{% spark v %}", v=[None])) == "ไม่มีข้อมูล"


def test_figure_carries_unit_base_and_day():
    markup = shown(
        '{% figure v "%" "งบดำเนินงาน" d label="เบิกจ่ายแล้ว" places=2 %}',
        v=Decimal("79.154"),
        d=date(2026, 7, 10),
    )
    assert words(markup) == "เบิกจ่ายแล้ว 79.15 % ฐาน: งบดำเนินงาน ข้อมูล ณ วันที่ 10 ก.ค. 2569"


@pytest.mark.parametrize(("language", "said"), [("th", "พ.ย."), ("en", "Nov")])
def test_month_is_named_in_the_language_of_the_page(language, said):
    with translation.override(language):
        assert month_name(date(2022, 11, 22)) == said


def test_figure_says_per_cent_as_thai_people_do():
    assert words(shown('{% figure v "ร้อยละ" %}', v=Decimal("11.94"))) == "ร้อยละ 11.94"
    assert words(shown('{% figure v "จุดร้อยละ" %}', v=Decimal("0.48"))) == "0.48 จุดร้อยละ"
    assert words(shown('{% figure None "ร้อยละ" %}')) == "ยังไม่รายงาน"


def test_figure_of_nothing_is_not_zero():
    assert "ยังไม่รายงาน" in shown('{% figure None "%" %}')
    assert words(shown('{% figure 0 "แห่ง" %}')) == "0 แห่ง"


def test_progress_beyond_its_end_is_full_and_says_the_number():
    markup = shown('{% progress 104 "เป้าหมาย" %}')
    assert 'value="100"' in markup
    assert "104.0%" in markup
    assert "<progress" not in shown('{% progress None "เป้าหมาย" %}')


def test_pager_keeps_the_filters_and_says_which_rows():
    page = Paginator(range(120), 50).get_page(2)
    request = asked(level="อำเภอ", page="2")
    markup = shown("{% pager page %}", page=page, request=request)
    assert words(markup).startswith("แถวที่ 51–100 จาก 120 แถว")
    assert "level=%E0%B8%AD" in markup
    assert "page=3" in markup
    assert markup.count('aria-current="page"') == 1


def test_pager_of_one_page_offers_no_others():
    markup = shown("{% pager page %}", page=Paginator(range(3), 50).get_page(1), request=asked())
    assert "<a" not in markup
    assert "แถวที่ 1–3 จาก 3 แถว" in markup


def test_crumbs_end_with_this_page():
    markup = shown("{% crumbs w %}", w=[("ประเทศไทย", "/places/th/"), ("เชียงราย", "/x/")])
    assert markup.count("<a ") == 1
    assert '<span aria-current="page">เชียงราย</span>' in markup
    assert "<nav" not in shown("{% crumbs w %}", w=[])


def test_unit_tabs_show_what_is_registered_and_built(monkeypatch):
    tabs = [
        registry.PlaceTab("gallery", "คลัง", "ui-gallery-of", "star", 1),
        registry.PlaceTab("later", "ยังไม่สร้าง", "no-such-page", "star", 2),
    ]
    monkeypatch.setattr(registry, "place_tabs", tabs)
    monkeypatch.setattr(
        "tiddao.ui.templatetags.ui.reverse",
        lambda name, args: f"/places/{args[0]}/" if name == "ui-gallery-of" else _missing(name),
    )
    markup = shown('{% unit_tabs u "gallery" %}', u=SimpleNamespace(key="5712"))
    assert '<a href="/places/5712/" aria-current="page">' in markup
    assert "ยังไม่สร้าง" not in markup


def _missing(name):
    from django.urls import NoReverseMatch

    raise NoReverseMatch(name)


class Form(forms.Form):
    on = BuddhistDateField(label="วันที่")
    kind = forms.ChoiceField(label="ประเภท", choices=[("a", "ก")], widget=forms.RadioSelect)
    agreed = forms.BooleanField(label="ตรวจแล้ว", required=False)
    note = forms.CharField(label="หมายเหตุ", required=False)


def test_field_is_described_by_its_help_and_its_error():
    markup = shown("{% field f.on %}", f=Form({"on": "31/2/2565"}))
    assert 'aria-describedby="id_on_helptext id_on_error"' in markup
    assert 'id="id_on_error"' in markup
    assert "ไม่มีวันที่ 31 กุมภาพันธ์ 2565" in markup
    assert 'aria-invalid="true"' in markup
    assert 'value="31/2/2565"' in markup  # what was typed stays
    assert markup.count("aria-describedby") == 1


def test_field_left_empty_says_so_in_the_words_of_offices():
    assert "กรุณากรอกช่องนี้" in shown("{% field f.on %}", f=Form({}))


def test_field_of_choices_is_a_group_with_a_legend():
    markup = shown("{% field f.kind %}", f=Form())
    assert "<legend" in markup
    assert "form-control" not in markup


def test_field_without_help_or_error_is_described_by_nothing():
    markup = shown("{% field f.note %}", f=Form())
    assert "aria-describedby" not in markup
    assert "ต้องกรอก" not in markup


def test_checkbox_label_stands_behind_it():
    markup = shown("{% field f.agreed %}", f=Form())
    assert markup.index("<input") < markup.index("ตรวจแล้ว")


def test_filters_offer_to_clear_only_what_is_set():
    form = Form(prefix="f")
    assert "ล้างตัวกรอง" not in shown("{% filters f %}", f=form, request=asked())
    request = asked(**{"f-note": "x"})
    assert "ล้างตัวกรอง" in shown("{% filters f %}", f=form, request=request)
