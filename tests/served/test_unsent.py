"""Words that were typed when the session had ended come back; a figure stays where it was typed."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser

LETTER = "/letters/new/"
WORDS = "ขอเชิญประชุมคณะทำงานขับเคลื่อนอำเภอติดดาว " * 20
KEPT, BACK = "ยังอยู่ในแท็บนี้", "เติมข้อความที่พิมพ์ไว้กลับให้แล้ว"


def end_session(page: Page) -> None:
    page.context.clear_cookies(name="sessionid")


def sign_in_here(reader: Any, username: str) -> None:
    page = reader.page
    page.fill("input[name=login]", username)
    page.fill("input[name=password]", reader.served.password)
    with page.expect_navigation():
        page.click("main button[type=submit]")


def write_letter(page: Page) -> None:
    page.fill("[name=subject]", "ทดสอบข้อความที่ยังไม่ส่ง")
    page.fill("[name=to]", "พัฒนาการอำเภอทุกอำเภอ")
    page.fill("[name=text]", WORDS)


def test_letter_typed_when_the_session_had_ended_is_put_back(visit) -> None:
    head = visit("head-57")
    head.open(LETTER)
    page = head.page
    write_letter(page)
    end_session(page)
    with page.expect_navigation():
        page.locator("main form button[type=submit]").last.click()
    expect(page.locator("#announcements")).to_contain_text("หมดเวลาเข้าสู่ระบบก่อนที่จะส่ง")
    expect(page.locator("#announcements")).to_contain_text(KEPT)
    head.look(again=True)
    sign_in_here(head, "head-57")
    expect(page.locator("#announcements")).to_contain_text(BACK)
    expect(page.locator("[name=text]")).to_have_value(WORDS)
    expect(page.locator("[name=to]")).to_have_value("พัฒนาการอำเภอทุกอำเภอ")
    page.reload()
    expect(page.locator("[name=text]")).to_have_value("")


def test_words_of_one_person_are_never_put_back_for_another(visit) -> None:
    head = visit("head-57")
    head.open(LETTER)
    page = head.page
    write_letter(page)
    end_session(page)
    with page.expect_navigation():
        page.locator("main form button[type=submit]").last.click()
    sign_in_here(head, "head-5712")
    expect(page).to_have_url(head.served.address + LETTER)
    expect(page.locator("[name=text]")).to_have_value("")
    expect(page.locator("#announcements")).not_to_contain_text(BACK)
    assert page.evaluate("sessionStorage.getItem('tiddao-unsent')") is None


def test_figure_saved_by_itself_stays_and_is_saved_after_signing_in_elsewhere(visit) -> None:
    officer = visit("head-5712")
    officer.open("/places/5712/report/")
    officer.follow("main a[href*='/report/']:has-text('ไตรมาส')")
    page = officer.page
    row = page.locator(".entry-row").filter(has=page.locator("input[inputmode]:enabled")).first
    field = row.locator("input[inputmode]:enabled").first
    before = field.input_value()
    end_session(page)
    officer.expected = {401}
    field.fill(before + "0")
    field.press("Tab")
    expect(page.locator("#announcements")).to_contain_text("หมดเวลาเข้าสู่ระบบแล้ว")
    expect(field).to_have_value(before + "0")
    expect(page.get_by_role("heading", level=1)).to_have_count(1)
    officer.expected = set()
    # htmx notes the refusal in the console
    officer.faults = [each for each in officer.faults if "401" not in each]
    with page.expect_popup() as opened:
        page.locator("#announcements a").click()
    other = opened.value
    other.fill("input[name=login]", "head-5712")
    other.fill("input[name=password]", officer.served.password)
    with other.expect_navigation():
        other.click("main button[type=submit]")
    other.close()
    field.fill(before)
    with page.expect_response(lambda answer: answer.request.method == "POST") as saved:
        row.get_by_role("button", name="บันทึก").click()
    assert saved.value.status == 200
