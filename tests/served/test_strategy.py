"""Strategies and personal targets in the browser: at both widths, with no serious finding of axe-core."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser


def test_a_direction_is_read_traced_and_changed_by_the_keyboard(visit) -> None:
    head = visit("head-57")
    head.open("/places/57/work/")
    head.follow("a[href='/places/57/strategy/']")
    head.open("/places/57/strategy/?year=2566")
    page = head.page
    expect(page.locator("#down")).to_contain_text("อำเภอติดดาว")
    expect(page.locator("#gaps")).to_contain_text("ภารกิจสำคัญของกรมที่จังหวัดยังไม่มีแนวทางรองรับ")
    indicator = page.locator("#up a[href^='/places/57/why/']").first.get_attribute("href")
    head.open(indicator)
    expect(page.locator("#policy-behind")).to_contain_text("สพอ.ติดดาว")
    head.follow("#policy-behind a[href^='/strategy/']")
    kind, paper = head.fetch("a[href$='paper.pdf']")
    assert kind == "application/pdf"
    assert paper.startswith(b"%PDF")
    head.follow("a[href$='/new-version/']")
    page.get_by_label("เหตุผล").fill("เพิ่มแนวทางตามที่ประชุม (ทดสอบ)")
    page.keyboard.press("Tab")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    head.look()  # the draft
    head.follow("a[href$='/missions/new/']")
    page.get_by_label("ชื่อเรื่อง").fill("แนวทางที่เพิ่มด้วยแป้นพิมพ์")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    expect(page.locator("main")).to_contain_text("แนวทางที่เพิ่มด้วยแป้นพิมพ์")
    head.follow("a[href$='/points/']")
    head.follow("main a[href^='/strategy/']")
    head.open("/strategy/all/")
    district = visit("head-5712")
    district.open("/places/5712/strategy/?year=2566")
    expect(district.page.locator("#down")).not_to_contain_text("แป้นพิมพ์")


def test_personal_targets_of_an_officer_and_of_a_team(visit) -> None:
    officer = visit("officer-5712")
    officer.open("/personal/")
    officer.follow("main a:has-text('2566')")
    expect(officer.page.locator("#mark")).to_be_visible()
    officer.open("/personal/")
    officer.follow("main .list-group a")
    officer.follow("a[href$='/assess/']")
    expect(officer.page.locator("main fieldset").first).to_be_visible()
    plan = officer.page.url.split("/personal/")[1].partition("/")[0]
    head = visit("head-5712")
    head.open("/personal/team/")
    expect(head.page.locator("main")).to_contain_text("ยังไม่มีเป้าหมาย")
    head.open(f"/personal/{plan}/")
    stranger = visit("head-50")
    stranger.open(f"/personal/{plan}/", status=404)
