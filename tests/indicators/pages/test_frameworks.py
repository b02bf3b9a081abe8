"""Frameworks: the public definition, drafts in forms and by file, two editors, publishing."""

from __future__ import annotations

import re
from datetime import datetime
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from tests.indicators.frameworks import published, two_dimensions
from tests.indicators.pages.conftest import answer, body_of, page, send
from tests.persons import make_person, signed_in
from tiddao.indicators.forms.dimensions import DimensionForm
from tiddao.indicators.forms.fields import KnownAtField
from tiddao.indicators.forms.framework import HeadForm
from tiddao.indicators.forms.indicator import IndicatorForm, without_indicator
from tiddao.indicators.forms.rounds import RoundForm
from tiddao.indicators.models import Framework, Version
from tiddao.indicators.queries.frameworks import definition_of, framework_detail
from tiddao.indicators.rules.toml_files import write_toml
from tiddao.people.models import Role

pytestmark = pytest.mark.django_db

NAME = ("amphoe-tid-dao", 2566)
OWN = ("amphoe-tid-dao-57", 2566)


@pytest.fixture
def own_draft(version, provincial_head):
    """Chiang Rai's own copy, a draft that its head may edit."""
    send(provincial_head, "framework-copy", *NAME, owner="CDD-57", code=OWN[0], fiscal_year=2566)
    return draft_of(OWN)


def draft_of(address) -> Version:
    return Version.objects.get(
        framework__code=address[0], framework__fiscal_year=address[1], state="draft"
    )


def posted(form) -> dict[str, str]:
    """What a browser sends back from a form that nobody touched."""
    values = {}
    for bound in form:
        value = bound.value()
        if value is True:
            values[bound.html_name] = "on"
        elif value is not None and value is not False:
            shown = bound.field.widget.format_value(value)
            values[bound.html_name] = shown[0] if isinstance(shown, list) else str(shown or "")
    return values


# -- reading --------------------------------------------------------------------------------------


def test_list_shows_what_concerns_the_reader(version, own_draft, executive, stranger):
    text = page(executive, "frameworks")
    assert reverse("framework", args=NAME) in text
    assert reverse("framework", args=OWN) in text
    assert "ข้อเสนอ ยังไม่ใช่เกณฑ์ทางการ" in text
    theirs = page(stranger, "frameworks")
    assert reverse("framework", args=NAME) in theirs
    assert reverse("framework", args=OWN) not in theirs


def test_list_without_any_says_where_they_come_from(executive):
    assert "ยังไม่มีแบบประเมิน" in page(executive, "frameworks")


def test_list_costs_the_same_for_one_and_three(version, executive, django_assert_num_queries):
    client = signed_in(executive)
    client.get(reverse("frameworks"))
    with CaptureQueriesContext(connection) as asked:
        client.get(reverse("frameworks"))
    for year in (2565, 2567):
        published(two_dimensions(year))
    with django_assert_num_queries(len(asked)):
        client.get(reverse("frameworks"))


def test_definition_prints_everything_of_every_indicator(version, stranger):
    definition = definition_of(version)
    text = page(stranger, "framework", *NAME)
    for indicator in definition.indicators:
        for words in (
            indicator.name_th, indicator.why_th, indicator.numerator_th, indicator.denominator_th,
            indicator.base_th, indicator.evidence_th, indicator.owner_th, indicator.source_text,
        ):  # fmt: skip
            assert words in text
        assert f'id="indicator-{indicator.code}"' in text
    assert version.digest in text
    assert "น้ำหนัก 50" in text
    for cutoff in (90, 80, 70, 50):
        assert f"ตั้งแต่ร้อยละ {cutoff} ของคะแนนเต็ม" in text
    assert "31 มี.ค. 2566" in text


def test_definition_file_is_byte_for_byte_what_the_digest_stands_for(version, stranger):
    response = answer(stranger, "framework-toml", *NAME)
    assert body_of(response).decode() == version.toml
    assert "amphoe-tid-dao-2566-v1.toml" in response["Content-Disposition"]


def test_definition_workbook_holds_every_indicator(version, stranger):
    sheet = load_workbook(BytesIO(body_of(answer(stranger, "framework-xlsx", *NAME)))).active
    codes = [row[1].value for row in sheet.iter_rows()]
    assert codes[-4:] == ["1.1", "1.2", "2.1", "2.2"]


def test_definition_of_another_province_or_a_draft_does_not_exist_for_others(
    own_draft, stranger, district_head
):
    for name in ("framework", "framework-toml", "framework-xlsx", "framework-copy", "draft"):
        answer(stranger, name, *OWN, status=404)
    answer(district_head, "framework", *OWN, status=404)
    answer(district_head, "framework", *NAME, query="?version=9", status=404)


def test_versions_are_compared_key_by_key(version, executive):
    client = signed_in(executive)
    client.post(reverse("draft-new", args=NAME))
    save_head(client, NAME, cutoff_5="95")
    client.post(reverse("draft-publish", args=NAME), {"edition": draft_of(NAME).edition})
    text = page(executive, "framework", *NAME, query="?version=2&against=1")
    assert "สิ่งที่เปลี่ยนจากรุ่นที่ 1 เป็นรุ่นที่ 2" in text
    assert "<del>[90, 80, 70, 50]</del>" in text
    assert "<ins>[95, 80, 70, 50]</ins>" in text


# -- drafts ---------------------------------------------------------------------------------------


def save_head(client, address, status=302, edition=None, **changes):
    draft = draft_of(address)
    form = HeadForm(initial=HeadForm.initial_of(definition_of(draft)))
    data = posted(form) | {"edition": edition or draft.edition} | changes
    response = client.post(reverse("draft-head", args=address), data)
    assert response.status_code == status, response.content.decode()[:3000]
    return response


def test_every_form_of_a_draft_gives_back_what_it_was_given(version):
    definition = definition_of(version)
    head = HeadForm(posted(HeadForm(initial=HeadForm.initial_of(definition))))
    assert head.is_valid(), head.errors
    assert head.read(definition) == definition
    for dimension in definition.dimensions:
        for indicator in dimension.indicators:
            blank = IndicatorForm(
                definition=definition,
                initial=IndicatorForm.initial_of(indicator, dimension.code),
            )
            form = IndicatorForm(posted(blank), definition=definition)
            assert form.is_valid(), form.errors
            assert form.read(indicator.code) == definition
    for one in definition.rounds:
        form = RoundForm(posted(RoundForm(initial=RoundForm.initial_of(one))))
        assert form.is_valid(), form.errors
        assert form.cleaned_data["true_on"] == one.true_on


def test_draft_is_edited_and_published_and_scores_from_then_on(own_draft, provincial_head):
    client = signed_in(provincial_head)
    save_head(client, OWN, title_th="เชียงรายติดดาว", cutoff_5="92")
    text = page(provincial_head, "draft", *OWN)
    assert "เชียงรายติดดาว" in text
    assert "ผ่านการตรวจทุกข้อ" in text
    shown = page(provincial_head, "draft-publish", *OWN)
    assert "จะไม่เปลี่ยนอีก" in shown
    client.post(reverse("draft-publish", args=OWN), {"edition": draft_of(OWN).edition})
    version = Version.objects.get(framework__code=OWN[0])
    assert version.state == "published"
    assert definition_of(version).star_rules.cutoffs[0] == 92
    assert page(provincial_head, "framework", *OWN).count("เชียงรายติดดาว") > 0


def test_finding_of_a_check_stands_at_its_field_and_nothing_is_saved(own_draft, provincial_head):
    definition = definition_of(own_draft)
    indicator = definition.indicator("1.1")
    form = IndicatorForm(definition=definition, initial=IndicatorForm.initial_of(indicator, "1"))
    data = posted(form) | {"edition": own_draft.edition, "step_5": "190"}
    response = signed_in(provincial_head).post(reverse("draft-indicator", args=[*OWN, "1.1"]), data)
    text = response.content.decode()
    assert "อยู่นอกค่าต่ำสุด–สูงสุดของตัวชี้วัด" in text
    assert 'aria-describedby="id_step_1_error"' in text
    assert definition_of(draft_of(OWN)) == definition


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"step_2": "95"}, "ต้องเรียงไปทางเดียวกัน"),
        ({"weight": "-1"}, "น้ำหนัก"),
        ({"rollup": "mean"}, "รวมขึ้นด้วยวิธีนี้ไม่ได้"),
        ({"minimum": "100", "maximum": "0"}, "ค่าสูงสุดน้อยกว่าค่าต่ำสุด"),
        ({"code": "2.1"}, "ซ้ำ"),
        ({"code": "ก.1"}, "ตัวอักษรอังกฤษ"),
    ],
)
def test_indicator_form_refuses_what_cannot_be(own_draft, provincial_head, changes, words):
    definition = definition_of(own_draft)
    form = IndicatorForm(
        definition=definition,
        initial=IndicatorForm.initial_of(definition.indicator("1.1"), "1"),
    )
    data = posted(form) | {"edition": own_draft.edition} | changes
    response = signed_in(provincial_head).post(reverse("draft-indicator", args=[*OWN, "1.1"]), data)
    assert response.status_code == 200
    assert words in response.content.decode()
    assert definition_of(draft_of(OWN)) == definition


def test_indicator_is_added_moved_and_removed(own_draft, provincial_head):
    client = signed_in(provincial_head)
    definition = definition_of(own_draft)
    blank = IndicatorForm(
        definition=definition,
        initial=IndicatorForm.initial_of(definition.indicator("2.2"), "2"),
    )
    data = posted(blank) | {"code": "1.3", "dimension": "1", "edition": own_draft.edition}
    client.post(reverse("draft-indicator-new", args=OWN), data)
    codes = [each.code for each in definition_of(draft_of(OWN)).dimensions[0].indicators]
    assert codes == ["1.1", "1.2", "1.3"]
    data |= {"dimension": "2", "edition": draft_of(OWN).edition}
    client.post(reverse("draft-indicator", args=[*OWN, "1.3"]), data)
    dimensions = definition_of(draft_of(OWN)).dimensions
    assert [[each.code for each in one.indicators] for one in dimensions] == [
        ["1.1", "1.2"], ["2.1", "2.2", "1.3"],
    ]  # fmt: skip
    client.post(
        reverse("draft-indicator", args=[*OWN, "1.3"]),
        {"do": "remove", "edition": draft_of(OWN).edition},
    )
    assert definition_of(draft_of(OWN)) == definition


def test_dimensions_keep_their_indicators_through_a_new_code(own_draft, provincial_head):
    definition = definition_of(own_draft)
    data = {
        "form-TOTAL_FORMS": "2", "form-INITIAL_FORMS": "2",
        "form-MIN_NUM_FORMS": "0", "form-MAX_NUM_FORMS": "12", "edition": own_draft.edition,
    }  # fmt: skip
    for number, dimension in enumerate(definition.dimensions):
        form = DimensionForm(initial=DimensionForm.initial_of(dimension), prefix=f"form-{number}")
        data |= posted(form)
    data["form-0-code"] = "A"
    response = signed_in(provincial_head).post(reverse("draft-dimensions", args=OWN), data)
    assert response.status_code == 302, response.content.decode()[:2000]
    first = definition_of(draft_of(OWN)).dimensions[0]
    assert first.code == "A"
    assert first.indicators == definition.dimensions[0].indicators


def test_rounds_are_edited_in_buddhist_years(own_draft, provincial_head):
    definition = definition_of(own_draft)
    data = {
        "form-TOTAL_FORMS": "2", "form-INITIAL_FORMS": "2",
        "form-MIN_NUM_FORMS": "0", "form-MAX_NUM_FORMS": "24", "edition": own_draft.edition,
    }  # fmt: skip
    for number, one in enumerate(definition.rounds):
        form = RoundForm(initial=RoundForm.initial_of(one), prefix=f"form-{number}")
        data |= posted(form)
    assert data["form-0-true_on"] == "31/03/2566"
    data["form-0-closes"] = "๓๐ เม.ย. ๒๕๖๖"
    response = signed_in(provincial_head).post(reverse("draft-rounds", args=OWN), data)
    assert response.status_code == 302, response.content.decode()[:2000]
    assert definition_of(draft_of(OWN)).round("6m").closes.isoformat() == "2023-04-30"
    data |= {"form-0-closes": "1/3/2566", "edition": draft_of(OWN).edition}
    refused = signed_in(provincial_head).post(reverse("draft-rounds", args=OWN), data)
    assert "วันปิดรอบต้องไม่มาก่อนวันเปิดรอบ" in refused.content.decode()


def test_second_editor_sees_both_texts_and_chooses(own_draft, provincial_head):
    client = signed_in(provincial_head)
    seen = own_draft.edition
    save_head(client, OWN, title_th="ของคนแรก")
    response = save_head(client, OWN, status=409, edition=seen, title_th="ของคนที่สอง")
    text = " ".join(response.content.decode().split())
    assert "มีผู้อื่นบันทึกก่อน" in text
    assert "ของคนแรก" in text
    assert "ของคนที่สอง" in text
    assert definition_of(draft_of(OWN)).title_th == "ของคนแรก"
    again = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', text))
    again.pop("csrfmiddlewaretoken", None)
    assert client.post(reverse("draft-head", args=OWN), again).status_code == 302
    assert definition_of(draft_of(OWN)).title_th == "ของคนที่สอง"


def test_definition_file_replaces_the_draft_or_is_refused_by_key(own_draft, provincial_head):
    client, url = signed_in(provincial_head), reverse("draft-upload", args=OWN)
    good = own_draft.toml.replace("แบบทดสอบ", "แบบจากไฟล์")

    def upload(text: str):
        file = SimpleUploadedFile("แบบ.toml", text.encode())
        return client.post(url, {"file": file, "edition": draft_of(OWN).edition})

    assert upload(good).status_code == 302
    assert definition_of(draft_of(OWN)).title_th == "แบบจากไฟล์"
    refused = upload(good.replace("weight = 50", "wieght = 50", 1))
    text = refused.content.decode()
    assert refused.status_code == 422
    assert "ไม่รู้จักคีย์" in text
    assert definition_of(draft_of(OWN)).title_th == "แบบจากไฟล์"
    binary = client.post(
        url, {"file": SimpleUploadedFile("แบบ.toml", b"\xff\xfe"), "edition": draft_of(OWN).edition}
    )
    assert "ไม่ใช่ข้อความ UTF-8" in binary.content.decode()


def test_draft_with_an_empty_dimension_cannot_be_published(own_draft, provincial_head):
    client = signed_in(provincial_head)
    for code in ("2.1", "2.2"):
        client.post(
            reverse("draft-indicator", args=[*OWN, code]),
            {"do": "remove", "edition": draft_of(OWN).edition},
        )
    assert "มิตินี้ยังไม่มีตัวชี้วัด" in page(provincial_head, "draft", *OWN)
    client.post(reverse("draft-publish", args=OWN), {"edition": draft_of(OWN).edition})
    assert draft_of(OWN).state == "draft"


def test_publishing_what_was_saved_again_asks_to_read_anew(own_draft, provincial_head):
    client = signed_in(provincial_head)
    seen = draft_of(OWN).edition
    save_head(client, OWN, title_th="เปลี่ยนอีก")
    response = client.post(reverse("draft-publish", args=OWN), {"edition": seen}, follow=True)
    assert "โปรดอ่านสิ่งที่เปลี่ยนใหม่" in response.content.decode()
    assert draft_of(OWN).state == "draft"


def test_copy_into_the_next_year_moves_the_rounds(version, executive):
    send(executive, "framework-copy", *NAME, owner="CDD", code=NAME[0], fiscal_year=2567)
    detail = framework_detail(NAME[0], 2567)
    assert detail is not None
    assert detail.definition.round("6m").true_on.isoformat() == "2024-03-31"
    again = signed_in(executive).post(
        reverse("framework-copy", args=NAME),
        {"owner": "CDD", "code": NAME[0], "fiscal_year": 2567},
    )
    assert "ปีนั้นมีแบบประเมินที่ใช้รหัสนี้แล้ว" in again.content.decode()


def test_rights_of_drafts(version, own_draft, provincial_head, district_head, stranger):
    director = make_person(Role.GROUP_DIRECTOR, "CDD-57")
    answer(director, "draft", *OWN)
    answer(director, "draft-publish", *OWN, status=403)
    answer(district_head, "draft", *OWN, status=404)
    answer(district_head, "framework-copy", *NAME, status=403)
    send(provincial_head, "draft-new", *NAME, status=404)
    send(stranger, "draft-head", *OWN, status=404)
    assert Framework.objects.count() == 2


def test_without_indicator_leaves_the_rest(version):
    definition = definition_of(version)
    less = without_indicator(definition, "1.1")
    assert [each.code for each in less.indicators] == ["1.2", "2.1", "2.2"]
    assert write_toml(less) != write_toml(definition)


@given(st.datetimes(min_value=datetime(2020, 1, 1), max_value=datetime(2090, 1, 1)))
@settings(max_examples=100, deadline=None)
def test_moment_typed_in_buddhist_years_comes_back(at):
    field = KnownAtField(required=False)
    typed = f"{at.day}/{at.month}/{at.year + 543} {at.hour:02}:{at.minute:02}"
    read = field.clean(typed)
    assert (read.year, read.month, read.day) == (at.year, at.month, at.day)
    assert (read.hour, read.minute) == (at.hour, at.minute)
    assert field.clean(read.isoformat()) == read
