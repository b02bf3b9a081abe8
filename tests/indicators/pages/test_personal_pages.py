"""Personal targets in the browser: what each of several people is shown, may do, and is not told."""

from __future__ import annotations

import re
from decimal import Decimal

import pypdfium2
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from tests.indicators.frameworks import published
from tests.indicators.personal import agreed, assessed, begun, moved, written
from tests.persons import make_person, signed_in
from tiddao.indicators.actions.targets import set_target
from tiddao.indicators.models import PersonalLine, PersonalPlan
from tiddao.indicators.rules.personal import round_of
from tiddao.ledger.actors import SYSTEM
from tiddao.people.models import Role

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer(db):
    return make_person(Role.TAMBON_OFFICER, "CDD-5712", name="นายสมมุติ พัฒนากร")


@pytest.fixture
def this_round() -> dict[str, int]:
    year, number = round_of(timezone.localdate())
    return {"year": year, "number": number}


def page(user, name: str, *args: object, query: str = "", status: int = 200) -> str:
    response = signed_in(user).get(reverse(name, args=args) + query)
    assert response.status_code == status, (name, response.status_code)
    return " ".join(response.content.decode().split())


def send(user, name: str, *args: object, status: int = 302, **data) -> str:
    response = signed_in(user).post(reverse(name, args=args), data)
    text = response.content.decode()
    assert response.status_code == status, text[:3000]
    return " ".join(text.split())


def edition(plan: PersonalPlan) -> int:
    plan.refresh_from_db()
    return plan.edition


def cost(user, address: str) -> int:
    client = signed_in(user)
    client.get(address)
    with CaptureQueriesContext(connection) as asked:
        assert client.get(address).status_code == 200
    return len(asked)


def test_from_an_empty_page_to_the_agreement_by_forms(officer, district_head) -> None:
    empty = page(officer, "personal")
    assert "เริ่มกำหนดเป้าหมายรอบนี้" in empty
    post = re.search(r'name="post" value="(\d+)"', empty)[1]
    send(officer, "personal-begin", post=post)
    plan = PersonalPlan.objects.get()
    assert (plan.user_id, plan.place_id) == (officer.pk, "5712")
    shown = page(officer, "personal-plan", plan.pk)
    assert "น้ำหนักรวม 0 จาก 100" in shown
    assert "disabled" in shown  # it cannot be handed in yet
    line = {
        "title": "ครัวเรือนเป้าหมายผ่านเกณฑ์", "weight": "๑๐๐", "measured": "on", "hangs_on": "",
        **{f"level-{n}": str(50 + n * 10) for n in range(1, 6)},
    }  # fmt: skip
    bad = send(
        officer, "personal-line-new", plan.pk, status=422, edition=1, **line | {"level-3": "มาก"}
    )
    assert "level-3" in bad
    send(officer, "personal-line-new", plan.pk, edition=1, **line)
    late = send(officer, "personal-line-new", plan.pk, status=422, edition=1, **line)
    assert "มีการแก้ไขหลังจากที่ท่านเปิดหน้านี้" in late
    send(officer, "personal-act", plan.pk, "propose", edition=edition(plan))
    assert "รอผู้ประเมิน" in page(officer, "personal-plan", plan.pk)
    back = reverse("personal-act", args=[plan.pk, "send-back"])
    assert back in page(district_head, "personal-plan", plan.pk)
    send(
        district_head,
        "personal-act",
        plan.pk,
        "send-back",
        status=422,
        edition=edition(plan),
        words="",
    )
    send(district_head, "personal-act", plan.pk, "agree", edition=edition(plan))
    assert "ตกลงร่วมกันแล้ว" in page(officer, "personal-plan", plan.pk)
    page(officer, "personal-line-new", plan.pk, status=404)  # agreed: not written any more


def test_a_line_begins_with_the_offices_target_and_says_when_that_moves(
    officer, this_round
) -> None:
    version = published()
    framework = version.framework
    year = framework.fiscal_year
    set_target(framework, "1.1", "5712", Decimal(85), by=SYSTEM, at=timezone.now())
    plan = begun(officer, year=year)
    key = f"{framework.code}|1.1"
    text = page(officer, "personal-line-new", plan.pk, query=f"?target={key}")
    assert f'<option value="{key}" selected>' in text
    send(officer, "personal-line-new", plan.pk, edition=1, hangs_on=key, title="ตามเป้าอำเภอ",
         weight="100", measured="on", **{f"level-{n}": str(60 + n * 5) for n in range(1, 6)})  # fmt: skip
    assert PersonalLine.objects.get(section="result").target == 85
    assert "รองรับเป้าหมายของหน่วยงาน 1.1: 85" in page(officer, "personal-plan", plan.pk)
    set_target(framework, "1.1", "5712", Decimal(88), by=SYSTEM, at=timezone.now())
    assert "เป้าหมายของหน่วยงานเปลี่ยนเป็น 88" in page(officer, "personal-plan", plan.pk)


def test_assessing_by_forms_shows_the_heads_marks_only_when_they_are_given(
    officer, district_head, this_round
) -> None:
    plan = agreed(officer, district_head, **this_round)
    values = {}
    for each in plan.lines.all():
        values[f"value-{each.pk}"] = "80" if each.measured else "4"
    wrong = send(officer, "personal-assess", plan.pk, status=422, edition=edition(plan),
                 **values | {f"value-{plan.lines.last().pk}": "6"})  # fmt: skip
    assert "aria-invalid" in wrong
    send(officer, "personal-assess", plan.pk, edition=edition(plan), **values)
    text = page(officer, "personal-plan", plan.pk)
    assert "80.00 · ดีมาก" in text
    assert "ผู้บังคับบัญชาประเมิน:" not in text
    assert "ประเมินตนเอง: 80" in page(district_head, "personal-assess", plan.pk)
    page(officer, "personal-act", plan.pk, "assess", status=404)
    send(district_head, "personal-assess", plan.pk, edition=edition(plan), **values)
    assert "ผู้บังคับบัญชาประเมิน: 80.00 · ดีมาก" in page(officer, "personal-plan", plan.pk)
    send(officer, "personal-act", plan.pk, "object", edition=edition(plan), words="ขอทบทวนข้อแรก")
    assert "ขอทบทวนข้อแรก" in page(district_head, "personal-plan", plan.pk)


def test_everybody_else_is_told_that_there_is_none(
    officer, district_head, provincial_head, executive, stranger
) -> None:
    plan = written(officer)
    line = plan.lines.filter(section="result").first().pk
    colleague = make_person(Role.TAMBON_OFFICER, "CDD-5712")
    addresses = [
        reverse("personal-plan", args=[plan.pk]), reverse("personal-pdf", args=[plan.pk]),
        reverse("personal-assess", args=[plan.pk]), reverse("personal-line-new", args=[plan.pk]),
        reverse("personal-line", args=[plan.pk, line]),
        reverse("personal-act", args=[plan.pk, "propose"]),
    ]  # fmt: skip
    for reader in (colleague, executive, stranger):
        client = signed_in(reader)
        assert {client.get(each).status_code for each in addresses} == {404}
        drop = reverse("personal-line-drop", args=[plan.pk, line])
        assert {client.post(each).status_code for each in [*addresses[2:], drop]} == {404}
    reader = signed_in(provincial_head)  # reads, and does nothing
    assert [reader.get(each).status_code for each in addresses] == [200, 200, 404, 404, 404, 404]
    assert "งานของฉัน 1" not in page(stranger, "personal")
    page(colleague, "personal-team", status=404)
    assert plan.lines.filter(pk=line).exists()


def test_the_head_does_not_write_and_the_person_does_not_agree(officer, district_head) -> None:
    plan = written(officer)
    line = plan.lines.filter(section="result").first().pk
    page(district_head, "personal-line", plan.pk, line, status=404)
    moved(plan, "propose", officer)
    send(officer, "personal-act", plan.pk, "agree", status=404, edition=edition(plan))
    assert plan.state == "draft" or PersonalPlan.objects.get().state == "proposed"


def test_my_team_on_one_page(officer, district_head, provincial_head, this_round) -> None:
    waiting = written(officer, **this_round)
    moved(waiting, "propose", officer)
    text = page(district_head, "personal-team")
    assert officer.name_th in text
    assert "<strong>รอฉัน</strong>" in text
    above = page(provincial_head, "personal-team")
    assert district_head.name_th in above
    assert "ยังไม่มีเป้าหมาย" in above
    assert "ผู้อื่นในจังหวัด" in above
    address = reverse("personal-team")
    few = cost(district_head, address)
    for _ in range(4):
        written(make_person(Role.TAMBON_OFFICER, "CDD-5712"), **this_round)
    assert cost(district_head, address) == few


def test_a_plan_costs_the_same_however_long(officer, district_head, this_round) -> None:
    short = agreed(officer, district_head, **this_round)
    few = cost(officer, reverse("personal-plan", args=[short.pk]))
    other = make_person(Role.TAMBON_OFFICER, "CDD-5712")
    long = written(other, *["10"] * 10, **this_round)
    moved(long, "propose", other)
    moved(long, "agree", district_head)
    assessed(long, other)
    assert cost(other, reverse("personal-plan", args=[long.pk])) == few
    assert few <= 25


def test_the_paper_form_holds_the_lines_and_the_marks(officer, district_head) -> None:
    plan = agreed(officer, district_head, title="งานบนกระดาษ")
    assessed(plan, officer, result="75", level="4")
    response = signed_in(officer).get(reverse("personal-pdf", args=[plan.pk]))
    assert "no-store" in response["Cache-Control"]
    paper = pypdfium2.PdfDocument(response.content)
    words = "".join(each.get_textpage().get_text_range() for each in paper)
    assert "งานบนกระดาษ 1" in words
    assert "75.80" in words
    assert "ผู้ประเมิน" in words


def test_nothing_of_it_in_search_or_in_the_ledgers_page(
    officer, district_head, provincial_head
) -> None:
    agreed(officer, district_head, title="เรื่องเฉพาะตัวมาก")
    for name in ("search",):
        text = page(provincial_head, name, query="?q=เรื่องเฉพาะตัวมาก")
        assert "เรื่องเฉพาะตัวมาก 1" not in text
