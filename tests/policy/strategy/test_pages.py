"""The pages of strategies as several people: what they show, hide, do and cost."""

from __future__ import annotations

import pypdfium2
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.indicators.frameworks import published
from tests.persons import make_person, signed_in
from tests.policy.directives.acts import sender_of, sent
from tests.policy.strategy.made import (
    AT,
    HEAD_57,
    ON,
    POINT_WORDS,
    VISION,
    WRITER,
    Pen,
    begun,
    department,
    direction,
)
from tiddao.people.models import Role
from tiddao.policy.actions.strategy import new_strategy_version
from tiddao.policy.actions.strategy_links import hang_directive
from tiddao.policy.models import Assignment, MissionDirective, PointWord, StrategyVersion

pytestmark = pytest.mark.django_db


@pytest.fixture
def framework():
    return published().framework


def page(user, name: str, *args: object, query: str = "", status: int = 200) -> str:
    response = signed_in(user).get(reverse(name, args=args) + query)
    assert response.status_code == status, (name, response.status_code)
    return " ".join(response.content.decode().split())


def send(user, name: str, *args: object, status: int = 302, **data) -> str:
    response = signed_in(user).post(reverse(name, args=args), data)
    text = response.content.decode()
    assert response.status_code == status, text[:3000]
    return text


def cost(user, address: str) -> int:
    client = signed_in(user)
    client.get(address)
    with CaptureQueriesContext(connection) as asked:
        assert client.get(address).status_code == 200
    return len(asked)


def test_the_tree_of_a_province_shows_both_ways_and_its_gaps(provincial_head, framework) -> None:
    above = department()
    direction(above=above, indicators=[(framework.code, "1.1")])
    text = page(provincial_head, "place-strategy", "57", query="?year=2566")
    down, _, rest = text.partition('id="up"')
    up, _, gaps = rest.partition('id="gaps"')
    assert VISION in down
    order = ("ประเด็นยุทธศาสตร์ที่ 1", "พัฒนาตำบลเข้มแข็ง", "แนวทางตำบลเข้มแข็ง เข็มทิศเชียงราย")
    places = [down.index(words) for words in order]
    assert places == sorted(places)
    row = up[up.index("/places/57/why/1.1/") :].partition("</tr>")[0]
    assert "แนวทางตำบลเข้มแข็ง" in row
    assert "พัฒนาตำบลเข้มแข็ง" in row
    assert "ไม่ผูกกับภารกิจใด" in up  # the other indicators
    assert "ขับเคลื่อนอำเภอติดดาว" in gaps  # which Chiang Rai has not taken up
    assert "ภารกิจสำคัญของกรมที่จังหวัดยังไม่มีแนวทางรองรับ (1)" in gaps
    assert "แนวทางของจังหวัดเอง" in gaps  # neither directive nor indicator


def test_districts_and_zone_officers_read_the_direction_of_their_province(
    provincial_head, district_head, stranger, executive
) -> None:
    version = direction()
    zone = make_person(Role.ZONE_OFFICER, "CDD-57", group_key="zone-57-ing-su-khong")
    for reader in (provincial_head, district_head, zone, executive):
        assert "เข็มทิศเชียงราย" in page(reader, "strategy-version", version.pk)
    assert "เข็มทิศเชียงราย" in page(
        zone, "place-strategy", "zone-57-ing-su-khong", query="?year=2566"
    )
    page(stranger, "strategy-version", version.pk, status=404)
    page(stranger, "strategy-pdf", version.pk, status=404)
    assert signed_in(stranger).get(f"/api/v1/strategies/{version.pk}").status_code == 404
    assert signed_in(stranger).get("/api/v1/strategies").json() == []


def test_a_draft_is_read_by_those_alone_who_write_or_check_it(
    provincial_head, district_head, stranger
) -> None:
    pen = begun("CDD-57", title="ร่างเข็มทิศ")
    pen.mission("แนวทางในร่าง")
    assert "แนวทางในร่าง" in page(provincial_head, "strategy-version", pen.version.pk)
    page(district_head, "strategy-version", pen.version.pk, status=404)
    page(stranger, "strategy-draft", pen.version.pk, status=404)
    assert "ยังไม่มียุทธศาสตร์ของปีงบประมาณ 2566" in page(
        district_head, "place-strategy", "5712", query="?year=2566"
    )


def test_a_direction_from_the_first_word_to_the_districts_by_forms(
    provincial_head, district_head, framework
) -> None:
    above = department()
    director = make_person(Role.GROUP_DIRECTOR, "CDD-57", name="นายผู้อำนวยการ สมมุติ")
    send(director, "strategy-new", office="CDD-57", year="๒๕๖๖", title="เข็มทิศ 2566")
    version = StrategyVersion.objects.get(strategy__place="57")
    here = version.pk
    edition = 1
    send(director, "strategy-source-new", here, edition=edition, kind="province",
         title="นโยบายจังหวัด", number="ชร 0019/ว 1")  # fmt: skip
    answer = signed_in(director).post(
        reverse("strategy-mission-new", args=[here]),
        {
            "edition": 2, "title": "แนวทางที่หนึ่ง", "sources": ["s1"], "next": "yes",
            "carries_out": above.missions.get(key="m1").pk,
            "indicators": [f"{framework.code}|1.1"],
        },
    )  # fmt: skip
    assert answer.headers["Location"].endswith("/missions/new/")  # and so on with the keyboard
    late = send(director, "strategy-mission-new", here, status=409, edition=2, title="ชนกัน")
    assert "มีผู้อื่นบันทึกร่าง" in late
    empty = send(director, "strategy-mission-new", here, status=422, edition=3, title="")
    assert 'aria-invalid="true"' in empty
    said = {f"meets-{p}": "yes" for p in ("clear", "complete", "distinctive", "common-good")}
    words = {key.replace("meets", "words"): "ครบ" for key in said}
    assert "ท่านเป็นผู้ร่วมเขียน" in page(director, "strategy-points", here)
    send(director, "strategy-points", here, status=422, edition=3, **said, **words)
    refused = send(provincial_head, "strategy-publish", here, status=422, edition=3, send="on")
    assert "ยังไม่ครบข้อพิจารณาทั้งสี่ข้อ" in refused
    half = send(provincial_head, "strategy-points", here, status=422, edition=3, **said)
    assert "กรุณาเขียนคำชี้แจง" in half
    send(provincial_head, "strategy-points", here, edition=3, **said, **words)
    assert PointWord.objects.filter(by_name=provincial_head.name_th).count() == 4
    assert signed_in(director).get(reverse("strategy-publish", args=[here])).status_code == 403
    assert "จะส่งถึง 18 หน่วยงาน" in page(provincial_head, "strategy-publish", here)
    send(provincial_head, "strategy-publish", here, edition=3, send="on")
    version.refresh_from_db()
    assert Assignment.objects.filter(directive=version.directive).count() == 18
    text = page(district_head, "strategy-version", here)
    assert reverse("directive", args=[version.directive_id]) in text
    page(director, "strategy-draft", here, status=404)  # it is frozen


def test_a_later_version_says_what_is_different_and_the_earlier_stays(provincial_head) -> None:
    first = direction()
    send(provincial_head, "strategy-new-version", first.pk, status=422, reason="")
    send(provincial_head, "strategy-new-version", first.pk, reason="เพิ่มแนวทางตามมติที่ประชุม")
    draft = StrategyVersion.objects.get(state="draft")
    send(provincial_head, "strategy-mission", draft.pk, "m2", edition=1, title="แนวทางแก้แล้ว")
    send(provincial_head, "strategy-drop", draft.pk, "s1", edition=2)
    text = page(provincial_head, "strategy-version", draft.pk)
    assert "เพิ่มแนวทางตามมติที่ประชุม" in text
    in_force = page(provincial_head, "place-strategy", "57", query="?year=2566")
    assert reverse("strategy-points", args=[draft.pk]) in in_force
    changed = text[text.index('id="changes"') :]
    assert "แนวทางแก้แล้ว" in changed
    assert "นโยบายผู้ว่าราชการจังหวัด" in changed
    old = page(provincial_head, "strategy-version", first.pk)
    assert "แนวทางของจังหวัดเอง" in old
    assert "แนวทางแก้แล้ว" not in old


def test_carried_into_the_next_year_by_form(provincial_head) -> None:
    first = direction()
    form = {"year": "2567", "leave-m2": "on"}
    assert (
        "กรุณาระบุเหตุผล" in send(provincial_head, "strategy-forward", first.pk, status=422, **form)
        or StrategyVersion.objects.count() == 1
    )
    send(provincial_head, "strategy-forward", first.pk, **form, **{"why-m2": "ทำเสร็จแล้ว"})
    made = StrategyVersion.objects.get(strategy__fiscal_year=2567)
    text = page(provincial_head, "strategy-version", made.pk)
    assert "รายการที่ไม่ได้ยกมาจากปี 2566" in text
    assert "ทำเสร็จแล้ว" in text


def test_a_directive_page_and_an_indicator_page_say_which_policy_stands_behind(
    provincial_head, district_head, stranger, framework
) -> None:
    above = department()
    version = direction(above=above, indicators=[(framework.code, "1.1")])
    sender, by, _ = sender_of(provincial_head, on=ON)
    directive = sent(["CDD-5712"], sender=sender, by=by, on=ON, at=AT)
    mission = version.missions.get(key="m1")
    address = reverse("directive-mission", args=[directive.pk])
    assert signed_in(district_head).get(address).status_code == 403
    assert signed_in(stranger).get(address).status_code == 404
    send(provincial_head, "directive-mission", directive.pk, mission=mission.pk)
    for reader in (provincial_head, district_head):
        text = page(reader, "directive", directive.pk)
        assert "แนวทางตำบลเข้มแข็ง" in text
        assert "ประเด็นยุทธศาสตร์ที่ 1" in text
        assert VISION in text
    query = f"?year=2566&framework={framework.code}"
    text = page(district_head, "place-why-indicator", "5712", "1.1", query=query)
    assert "แนวทางตำบลเข้มแข็ง" in text
    assert "แนวทางตำบลเข้มแข็ง" not in page(stranger, "place-why-indicator", "50", "1.1", query=query)
    tree = page(provincial_head, "strategy-version", version.pk)
    assert reverse("directive", args=[directive.pk]) in tree.partition('id="up"')[0]
    hanging = MissionDirective.objects.get()
    send(provincial_head, "directive-mission-off", directive.pk, hanging.pk, reason="ผูกผิดข้อ")
    assert VISION not in page(provincial_head, "directive", directive.pk)


def test_who_is_outside_the_line_of_a_directive_does_not_see_it_in_the_tree(
    provincial_head, executive
) -> None:
    version = department()
    directive = sent(["CDD-50"], on=ON, at=AT, title="เฉพาะเชียงใหม่")
    mission = version.missions.get(key="m1")
    hang_directive(directive.pk, mission.pk, by=sender_of(executive)[1], at=AT)
    assert "เฉพาะเชียงใหม่" in page(executive, "strategy-version", version.pk)
    text = page(provincial_head, "strategy-version", version.pk)
    assert "เฉพาะเชียงใหม่" not in text
    work = text[text.index("พัฒนาตำบลเข้มแข็ง") :].partition("</li>")[0]
    assert "ยังไม่มีข้อสั่งการหรือตัวชี้วัด" not in work  # and is told nothing wrong


@pytest.mark.parametrize("missions", [3, 60])
def test_the_paper_has_at_most_two_pages(provincial_head, framework, missions) -> None:
    pen = begun("CDD-57", title="เข็มทิศการขับเคลื่อนงานพัฒนาชุมชน")
    for number in range(missions):
        pen.mission(
            f"แนวทางที่ {number} ส่งเสริมตำบลเข้มแข็งตามหลักปรัชญาของเศรษฐกิจพอเพียง",
            text="ดำเนินการร่วมกับภาคีเครือข่ายในพื้นที่ " * 8,
            owner="กลุ่มงานยุทธศาสตร์การพัฒนาชุมชน",
            indicators=[(framework.code, "1.1")],
        )
    pen.check()
    response = signed_in(provincial_head).get(reverse("strategy-pdf", args=[pen.version.pk]))
    paper = pypdfium2.PdfDocument(response.content)
    words = "".join(each.get_textpage().get_text_range() for each in paper)
    assert len(paper) <= 2
    assert f"แนวทางที่ {missions - 1}" in words
    assert ("ย่อให้อยู่ในสองหน้า" in words) == (missions == 60)


def test_the_json_is_the_tree(provincial_head, framework) -> None:
    above = department()
    version = direction(above=above, indicators=[(framework.code, "1.1")])
    body = signed_in(provincial_head).get(f"/api/v1/strategies/{version.pk}").json()
    assert body["vision"] == VISION
    assert [each["carries_out"] for each in body["missions"]] == ["m1", ""]
    assert body["missions"][0]["indicators"][0]["framework"] == framework.code
    assert {each["words"] for each in body["points"]} == {POINT_WORDS}
    assert body["gaps"]["unanswered"] == ["m2"]
    listed = signed_in(provincial_head).get("/api/v1/strategies?fiscal_year=2566").json()
    assert [each["id"] for each in listed] == [above.pk, version.pk]


def test_a_tree_costs_the_same_whatever_hangs_on_it(provincial_head, framework) -> None:
    sender, by, _ = sender_of(provincial_head, on=ON)
    version = direction(above=department(), indicators=[(framework.code, "1.2")])
    costs = []
    for how_many in (1, 5):
        draft = new_strategy_version(version.pk, reason="เพิ่ม", by=WRITER, at=AT)
        pen = Pen(draft)
        keys = [
            pen.mission(
                f"แนวทาง {how_many} {number}",
                sources=[pen.source(f"ที่มา {number}")],
                indicators=[(framework.code, "1.1")],
            )
            for number in range(how_many)
        ]
        pen.check()
        version = pen.publish(HEAD_57)
        for key in keys:
            made = sent(["CDD-5712"], sender=sender, by=by, on=ON, at=AT, title=f"สั่ง {key}")
            hang_directive(made.pk, version.missions.get(key=key).pk, by=by, at=AT)
        costs.append(cost(provincial_head, reverse("strategy-version", args=[version.pk])))
    assert costs[0] == costs[1]
    assert costs[1] <= 45


def test_own_strategy_leads_to_ones_own_place(provincial_head, district_head) -> None:
    zone = make_person(Role.ZONE_OFFICER, "CDD-57", group_key="zone-57-ing-su-khong")
    places = [
        signed_in(each).get(reverse("strategy")).headers["Location"]
        for each in (provincial_head, district_head, zone)
    ]
    assert places == [
        "/places/57/strategy/", "/places/5712/strategy/", "/places/zone-57-ing-su-khong/strategy/",
    ]  # fmt: skip


def test_empty_pages_say_what_comes_next(provincial_head, district_head) -> None:
    assert "เริ่มยุทธศาสตร์ของปีงบประมาณ" in page(provincial_head, "place-strategy", "57")
    assert reverse("place-work", args=["5712"]) in page(district_head, "place-strategy", "5712")
    assert "ยังไม่มียุทธศาสตร์หรือเข็มทิศ" in page(district_head, "strategies")
