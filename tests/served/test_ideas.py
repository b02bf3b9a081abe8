"""By phone: an idea is posted and voted without a full page, and a field visit is written down."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.served.reader import PHONE, Reader

pytestmark = pytest.mark.browser


@pytest.fixture
def officer(visit: Callable[..., Reader]) -> Reader:
    reader = visit("officer-5712")
    reader.page.set_viewport_size(PHONE)
    return reader


def test_ideas_are_posted_voted_and_grouped_by_phone(officer: Reader) -> None:
    page = officer.page
    officer.open("/ideas/")
    officer.open("/ideas/new/")
    page.fill("textarea[name=question]", "จะให้ประชาชนรู้จักงานพัฒนาชุมชนได้อย่างไร")
    page.fill("input[name=votes_each]", "1")
    page.uncheck("input[name=names_shown]")
    officer.follow("main button[type=submit]")
    page.set_viewport_size(PHONE)
    page.evaluate("window.sameWindow = true")
    for words in ("เปิดศูนย์เรียนรู้ชุมชนวันเสาร์", "ทำแผนที่ศูนย์เรียนรู้ชุมชน"):
        page.fill("#idea-words", words)
        page.get_by_role("button", name="เสนอความคิด").click()
        expect(page.locator(".idea", has_text=words)).to_be_visible()
        expect(page.locator("#idea-words")).to_have_value("")
        expect(page.locator("#idea-words")).to_be_focused()
    page.locator(".idea-vote button").first.click()
    expect(page.locator(".idea-vote button").first).to_have_attribute("aria-pressed", "true")
    expect(page.locator("#votes-left")).to_contain_text("เหลือ 0 จาก 1")
    page.locator(".idea-vote button").last.click()
    expect(page.locator(".field-errors")).to_contain_text("ใช้คะแนนครบแล้ว")
    assert page.evaluate("window.sameWindow"), "the page was loaded anew"
    expect(page.locator(".idea-by", has_text="สาธิต")).to_have_count(0)  # without names
    officer.look(again=True)
    page.set_viewport_size(PHONE)
    officer.follow("a[href$='grouping/']")
    expect(page.locator("mark").first).to_have_text("ศูนย์เรียนรู้ชุมชน")
    officer.follow("form.card button[type=submit]")
    officer.follow("main a[href^='/ideas/']")
    expect(page.locator(".idea-group h2").first).to_have_text("ศูนย์เรียนรู้ชุมชน")
    page.locator(".idea-more summary").first.click()
    officer.look(again=True)
    officer.follow(".idea-group a[href*='propose']")
    officer.follow("main form button[type=submit]")
    officer.open("/ideas/proposals/")


def test_a_visit_is_written_down_by_phone(officer: Reader) -> None:
    page = officer.page
    officer.open("/visits/")
    officer.follow("main a[href$='visits/new/']")
    page.set_viewport_size(PHONE)
    officer.follow(".place-offered:has-text('ตำบลไม้ยา')")
    page.set_viewport_size(PHONE)
    page.fill("input[name=subject]", "ดูแปลงผักกลุ่มสัมมาชีพ")
    page.fill("textarea[name=problem]", "ปุ๋ยหมักยังไม่พอ")
    officer.follow("main form.card button[type=submit]")
    page.set_viewport_size(PHONE)
    assert page.locator("#attached-evidence").is_visible()
    expect(page.locator("input[type=file][capture]").first).to_be_visible()
    form = page.locator("section[aria-labelledby=follow-ups] form")
    form.locator("textarea[name=words]").fill("สอนทำปุ๋ยหมัก")
    form.locator("input[name=responsible]").fill("สพอ.พญาเม็งราย")
    with page.expect_navigation():
        form.locator("button[type=submit]").click()
    officer.look(again=True)
    page.set_viewport_size(PHONE)
    officer.follow("a[href$='done/']")
    page.fill("textarea[name=words]", "สอนแล้ว 12 ครัวเรือน")
    officer.follow("main button[type=submit]")
    expect(page.locator("section[aria-labelledby=follow-ups]")).to_contain_text("สอนแล้ว 12 ครัวเรือน")
    officer.open("/visits/follow-ups/")
    officer.open("/places/571203/visits/")
    officer.open("/places/571203/work/")
