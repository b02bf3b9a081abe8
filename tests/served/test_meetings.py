"""A meeting in the browser: called, signed from other phones by the code, decided, handed down."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest
from playwright.sync_api import Page, expect

from tests.served.installation import tiddao
from tests.served.reader import PHONE, Reader
from tiddao.kernel.dates import BANGKOK, format_numeric

pytestmark = pytest.mark.browser

TITLE = "ประชุมเร่งรัดอำเภอติดดาว (ทดสอบ)"
DECIDED = "ให้ทุกอำเภอรายงานแผนเร่งรัดการเบิกจ่าย"


def test_from_calling_a_meeting_to_a_directive(visit: Callable[..., Reader]) -> None:
    head = visit("head-57")
    prepare(head)
    invite_and_call(head)
    meeting = head.page.url.removeprefix(head.served.address)

    # On a district head's phone: on the home page, then a reply.
    phone = visit("head-5712")
    phone.page.set_viewport_size(PHONE)
    phone.page.get_by_role("link", name=TITLE).first.click()
    phone.look()
    phone.page.check("input[name=reply][value=coming]")
    phone.follow(".reply-form button[type=submit]")
    expect(phone.page.locator("#announcements")).to_contain_text("บันทึกการตอบรับแล้ว")

    # The code on the screen is scanned by that phone, and by one of a guest without an account.
    head.open(f"{meeting}code/")
    expect(head.page.locator(".code-drawing svg")).to_be_visible()
    code = scanned(head)
    phone.open(code)
    phone.follow("main button[type=submit]")
    expect(phone.page.get_by_role("heading", name="ลงชื่อเข้าประชุมแล้ว")).to_be_visible()
    sign_as_guest(visit(), code)

    head.open(f"{meeting}attendance/")
    expect(head.page.locator(".people li")).to_have_count(2)
    expect(head.page.locator(".people")).to_contain_text("นายอำเภอสมมุติ")
    write_down(head, meeting)
    hand_down(head)
    directive = head.page.url.removeprefix(head.served.address)
    head.open(meeting)
    expect(head.page.locator(f".resolutions a[href='{directive}']")).to_be_visible()
    head.open(f"{meeting}minutes/")
    expect(head.page.locator(".paper-part")).to_contain_text(DECIDED)
    phone.open(directive)
    phone.look()
    expect(phone.page.locator(".own-part").first).to_contain_text("ยังไม่ตอบ")


def today() -> date:
    """The day in Thailand."""
    return datetime.now(BANGKOK).date()


def prepare(head: Reader) -> None:
    page = head.page
    head.open("/meetings/new/")
    page.fill("input[name=title]", TITLE)
    page.fill("input[name=day]", format_numeric(today()))
    page.fill("input[name=starts]", "0.05")
    page.fill("input[name=venue]", "หอประชุมบ้านห้วยก้างปูล้าน")
    page.fill("input[name=venue_place]", "ต.ไม้ยา อ.พญาเม็งราย")
    head.follow("main button.btn-primary[type=submit]")
    meeting = page.url.removeprefix(head.served.address)
    head.open(f"{meeting}agenda/")
    for title, starts in (("ประธานแจ้งให้ทราบ", "09.00"), ("ติดตามการเบิกจ่าย", "10.00")):
        page.fill("main form input[name=title]", title)
        page.fill("main form input[name=starts]", starts)
        head.follow("section[aria-labelledby=new] button[type=submit]")
    second = page.locator("tbody tr").nth(1)
    with page.expect_navigation():
        second.get_by_role("button", name="เลื่อนขึ้น").click()
    expect(page.locator("tbody tr").first).to_contain_text("ติดตามการเบิกจ่าย")
    head.open(meeting)


def invite_and_call(head: Reader) -> None:
    page = head.page
    head.follow(".page-head a[href$='invite/']")
    page.check("input[name=levels][value=district]")
    page.check("input[name=roles][value=district_head]")
    box = page.locator("input[name=within][value='57']")
    if not box.is_visible():
        page.locator("details.more summary").first.click()
    box.check()
    page.fill("textarea[name=guests]", "นายอำเภอสมมุติ")
    head.follow("main button.btn-primary[type=submit]")
    expect(page.locator("#announcements")).to_contain_text("จาก 18 หน่วยงาน")
    head.follow(".page-head form button[type=submit]")
    expect(page.locator("#announcements")).to_contain_text("คำเชิญ 19 ราย")


def scanned(head: Reader) -> str:
    """The address in the code, as a phone reads it: the page draws it and says it nowhere else.

    What a camera does is taken from the product's own signer, in a process of the same installation.
    """
    number = re.search(r"/meetings/(\d+)/", head.page.url)
    assert number is not None

    said = tiddao(
        head.served.home,
        "shell",
        "-v0",
        "-c",
        f"from tiddao.policy.attendance_code import code_of; print(code_of({number[1]}))",
    )
    assert said.returncode == 0, said.stderr
    return f"/attend/{said.stdout.strip().splitlines()[-1]}/"


def sign_as_guest(guest: Reader, code: str) -> None:
    page: Page = guest.page
    page.set_viewport_size(PHONE)
    guest.open(code)
    expect(page.get_by_text("ติดตามการเบิกจ่าย")).to_have_count(0)
    page.fill("input[name=name]", "นายอำเภอสมมุติ")
    page.fill("input[name=title]", "นายอำเภอพญาเม็งราย")
    guest.follow("main button[type=submit]")
    expect(page.get_by_role("heading", name="ลงชื่อเข้าประชุมแล้ว")).to_be_visible()


def write_down(head: Reader, meeting: str) -> None:
    page = head.page
    head.open(f"{meeting}record/")
    page.locator("textarea[name$=words]").first.fill("ประธานเน้นย้ำการเบิกจ่ายให้ทันไตรมาส")
    head.follow("section[id^=item-] button[type=submit]")
    decide = page.locator("section[aria-labelledby=decide]")
    decide.locator("textarea[name=words]").fill(DECIDED)
    decide.locator("input[name=sort][value=directive]").check()
    decide.locator("input[name=due_on]").fill(format_numeric(today() + timedelta(days=14)))
    with page.expect_navigation():
        decide.locator("button[type=submit]").click()
    expect(page.locator(".resolutions")).to_contain_text(DECIDED)


def hand_down(head: Reader) -> None:
    page = head.page
    head.follow(".resolutions a[href$='/directive/']")
    assert page.locator("input[name=to_invited]").is_checked()
    assert page.locator("input[name=title]").input_value() == DECIDED
    head.follow("main button.btn-primary[type=submit]")
    expect(page.locator("#announcements")).to_contain_text("18 หน่วยงาน")
