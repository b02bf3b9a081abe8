"""From a text to directives that are answered and counted, in the browser (issue 4, must-show 2)."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.conftest import SHARED
from tests.served.installation import Served, tiddao
from tests.served.reader import Reader

pytestmark = pytest.mark.browser

ANSWERING = ("30", "31", "32", "33", "34")  # provinces of the North-East that get an account
OPEN_ACCOUNTS = """
from datetime import date
from django.utils import timezone
from tiddao.ledger.actors import SYSTEM
from tiddao.people.actions import NewPost, open_account
for code in {codes!r}:
    open_account(
        username=f"isan-{{code}}", name_th=f"นายสาธิต อีสาน{{code}}", password={password!r},
        post=NewPost(
            role="provincial_head", office_code=f"CDD-{{code}}", held_from=date(2021, 10, 1),
            group_key=None, title_th="พัฒนาการจังหวัด",
        ),
        by=SYSTEM, at=timezone.now(),
    )
"""
OWN_TEXT = """เรื่อง  แนวทางการขับเคลื่อนงานพัฒนาชุมชนในภาคอีสาน

เรียน  พัฒนาการจังหวัดทุกจังหวัด

ขอให้จังหวัดในภาคอีสาน 20 จังหวัด ดำเนินการ ดังนี้
1. ขอให้จังหวัดเร่งรัดการเบิกจ่ายงบประมาณโดยเร็ว
2. ขอให้จังหวัดตรวจสอบฐานข้อมูลหมู่บ้านให้ครบถ้วน
3. ขอให้จังหวัดจัดประชุมชี้แจงอำเภอทุกแห่ง
4. ขอให้จังหวัดสำรวจศูนย์เรียนรู้ชุมชน
5. ขอให้จังหวัดรายงานประเด็นข่าวทันทีที่ทราบข้อมูล
"""
SEED_B = "003_9c9a9f3c0dd2837c.txt"


@pytest.fixture(scope="module")
def provinces(served: Served) -> tuple[str, ...]:
    """Heads of five provinces of the North-East, with accounts of their own."""
    code = OPEN_ACCOUNTS.format(codes=ANSWERING, password=served.password)
    done = tiddao(served.home, "shell", "-c", code)
    assert done.returncode == 0, done.stderr
    return tuple(f"isan-{each}" for each in ANSWERING)


@pytest.fixture
def text() -> str:
    """The department's own text where it is, else one of the same make."""
    seed = SHARED / "seeds" / SEED_B
    return seed.read_text(encoding="utf-8") if seed.is_file() else OWN_TEXT


def test_a_text_becomes_directives_that_are_answered_and_counted(visit, provinces, text) -> None:
    """Paste, confirm five, hand down to twenty; three acknowledge, one objects, one reports."""
    deputy = visit("deputy")
    page = deputy.page
    deputy.open("/documents/new/")
    page.fill("textarea[name=text]", text)
    deputy.follow("main button[type=submit]")
    cards = page.locator("details", has=page.locator("h3", has_text="ข้อสั่งการ")).first.locator(
        ".proposal"
    )
    expect(cards).to_have_count(5)
    for number in range(5):
        card = cards.nth(number)
        card.get_by_role("button", name="ยืนยัน").click()
        expect(cards.nth(number).locator(".status-ok")).to_be_visible()
    # By keys: the card shows its words in the text.
    cards.first.click()
    page.keyboard.press("s")
    expect(page.locator(".mark.shown").first).to_be_visible()

    deputy.follow("header a[href$='hand-down/']")
    assert page.locator("input[value=region-isan]").is_checked()  # the text itself names them
    if not page.locator("input[name=levels][value=province]").is_checked():
        page.check("input[name=levels][value=province]")
    page.click("button[name=preview]")
    expect(page.locator(".message-info")).to_contain_text("20 หน่วยงาน")
    deputy.follow("main button.btn-primary[type=submit]")
    expect(page.locator("#announcements")).to_contain_text("20 หน่วยงาน")
    first = page.locator("table a[href^='/directives/']").first
    href = first.get_attribute("href")
    assert href is not None

    for username in provinces[:3]:
        answer(visit(username), href, "acknowledge", "")
    answer(visit(provinces[3]), href, "object", "ไม่มีงบประมาณค่าเดินทาง")
    reports_with_evidence(visit(provinces[4]), href)

    deputy.open(href)
    tally = page.locator(".tally").first
    for words, count in (
        ("หน่วยงานที่สั่ง", 20),
        ("ยังไม่ตอบ", 15),
        ("ขัดข้อง", 1),
        ("รับทราบ", 3),
        ("กำลังทำ", 1),
    ):
        expect(tally.locator("li", has_text=words).first.locator(".tally-number")).to_have_text(
            str(count)
        )
    silent = page.locator("section[aria-labelledby=silent] tbody tr")
    expect(silent).to_have_count(15)
    assert re.fullmatch(r"\d+", silent.first.locator("td").first.inner_text().split()[-1])
    expect(page.locator("#receivers")).to_be_visible()
    expect(page.get_by_text("ไม่มีงบประมาณค่าเดินทาง")).to_be_visible()
    expect(page.get_by_text("มีหลักฐาน").first).to_be_visible()
    deputy.open("/directives/overview/")


def answer(head: Reader, href: str, act: str, words: str) -> None:
    page = head.page
    head.open(href)
    head.follow(".own-part a.btn")
    page.check(f"input[name=act][value={act}]")
    if words:
        page.fill("section[aria-labelledby=answer] textarea[name=words]", words)
    head.follow("section[aria-labelledby=answer] button[type=submit]")
    expect(page.locator("#announcements")).to_contain_text("บันทึกคำตอบแล้ว")


def reports_with_evidence(head: Reader, href: str) -> None:
    page = head.page
    answer(head, href, "report", "ประชุมชี้แจงครบทุกอำเภอแล้ว")
    evidence = page.locator("section[aria-labelledby=attached-evidence]")
    evidence.locator("input[name=link]").fill("https://example.org/minutes")
    title = evidence.locator("input[name=title]")
    if title.count():
        title.fill("รายงานการประชุมชี้แจง")
    with page.expect_navigation():
        evidence.locator("button[type=submit]").last.click()
    expect(
        page.locator("section[aria-labelledby=attached-evidence] .evidence-list li")
    ).to_have_count(1)
