"""One journey per role through the whole product, in a real browser with demonstration data.

What every page on the way is held to stands in ``reader.py``. They run in this order, and only the
last three change what others would see.
"""

from __future__ import annotations

import io
import re
from datetime import datetime
from pathlib import Path
from urllib.parse import urlencode

import openpyxl
import pypdf
import pytest
from django.utils import timezone
from openpyxl.worksheet.worksheet import Worksheet
from PIL import ExifTags, Image
from playwright.sync_api import expect

from tests.served.office_file import BROKEN, MISTYPED, office_file
from tests.served.reader import PHONE, Reader
from tiddao.indicators.rules.results_layout import keyed_columns
from tiddao.kernel.dates import BANGKOK

pytestmark = pytest.mark.browser

MINE, SILENT = "5712", "5718"
FRAMEWORK = "/frameworks/amphoe-tid-dao/2566/"
ROUND = "/rounds/amphoe-tid-dao/2566/12m/"
OPEN = "12 เดือน"
"""Its name; the quarter's round of another framework is open beside it."""
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
OUT_OF_SIGHT = (
    "", "why/", "why/why.json", "why/1.2/", "next/", "children/", "stars.pdf", "stars.xlsx",
    "league.xlsx", "money/",
)  # fmt: skip
SPOIL = """async () => {
  document.querySelector("main").insertAdjacentHTML("beforeend", "<input name='nameless'>");
  const wide = document.createElement("p");
  wide.textContent = "x".repeat(400);
  wide.style.whiteSpace = "nowrap";
  document.querySelector("main").append(wide);
  const script = document.createElement("script");
  script.textContent = "1";
  document.body.append(script);
  await fetch("/nowhere");
}"""
PROOFS = "section[aria-labelledby=attached-evidence]"
PLANTED = {"1.2": (45, 40), "1.3": ("ครบแล้ว", 40)}
"""Figures no district can report: more than there is, and a word."""
TRUE = {"1.2": (33, 40), "1.3": (31, 40)}


def sheet_with(workbook: bytes) -> Worksheet:
    return openpyxl.load_workbook(io.BytesIO(workbook)).worksheets[0]


def test_the_reader_notices_what_no_page_may_do(visit):
    reader = visit()
    reader.open("/accounts/login/")
    reader.look()
    assert reader.faults == []
    reader.page.evaluate(SPOIL)
    reader.looked.clear()
    reader.look()
    said = "\n".join(reader.faults)
    for sign in (
        "label (critical)",
        "px wide on a phone",
        "Content Security Policy",
        "/nowhere: 404",
    ):
        assert sign in said, (sign, said)
    reader.faults.clear()


# -- reading --------------------------------------------------------------------------------------


def test_a_district_head_learns_why_and_what_the_next_star_takes(visit):
    head = visit("head-5712")
    page = head.page
    expect(page.locator("h1")).to_contain_text("นายสาธิต สี่")
    head.look()
    head.follow(f"main a[href='/places/{MINE}/']")
    expect(page.locator("h1")).to_contain_text("อำเภอพญาเม็งราย")
    expect(page.locator("#stars")).to_contain_text("ได้ 3 ดาว")
    expect(page.locator("section.dimension")).to_have_count(5)
    expect(page.locator("section.dimension tbody tr")).to_have_count(24)

    kind, pdf = head.fetch("a[href*='stars.pdf']")
    assert kind == "application/pdf"
    assert len(pypdf.PdfReader(io.BytesIO(pdf)).pages) >= 1
    assert len(pdf) > 10_000
    kind, workbook = head.fetch("a[href*='stars.xlsx']")
    assert kind == XLSX
    sheet = sheet_with(workbook)
    assert sheet.freeze_panes
    assert "พญาเม็งราย" in "".join(str(cell) for row in sheet.values for cell in row)

    head.follow("nav.acts a[href*='/why/']")
    expect(page.locator("#sum tbody tr")).to_have_count(5)
    expect(page.locator("article[id^='indicator-']")).to_have_count(24)
    kind, tree = head.fetch("a[href*='why.json']")
    assert (kind, b'"stars": 3' in tree or b'"stars":3' in tree) == ("application/json", True)
    head.follow("article[id='indicator-1.2'] h4 a")
    expect(page.locator("h1")).to_contain_text("พญาเม็งราย")

    head.open(f"/places/{MINE}/")
    head.follow("nav.acts a[href*='/next/']")
    assert page.locator("#plan li.list-group-item").count() >= 1
    expect(page.locator("#breaks")).to_be_visible()
    head.open(f"/places/{MINE}/children/")
    expect(page.locator("main")).to_contain_text("ตำบล")


def test_a_provincial_head_sees_the_league_the_map_and_who_has_reported(visit):
    head = visit("head-57")
    page = head.page
    head.look()
    head.open("/places/57/")
    head.follow(".unit-tabs a[href$='/children/']")
    rows = page.locator("table.league tbody tr")
    expect(rows).to_have_count(18)
    expect(page.locator("table.league tr.unreported")).to_have_count(1)
    expect(page.locator("table.league tr.unreported")).to_contain_text("ยังไม่รายงาน")
    expect(page.locator("figure.map svg a")).to_have_count(18)
    kind, workbook = head.fetch("a[href*='league.xlsx']")
    assert kind == XLSX
    cells = [str(cell) for row in sheet_with(workbook).values for cell in row]
    assert all(any(f"57{number:02}" in cell for cell in cells) for number in range(1, 19))

    with page.expect_response(lambda answer: "hx-request" in answer.request.headers):
        page.locator("table.league th a").first.click()  # sorts without leaving the page
    expect(rows).to_have_count(18)
    page.locator(f"figure.map a[href*='/places/{MINE}/']").focus()
    with page.expect_navigation():
        page.keyboard.press("Enter")
    expect(page.locator("h1")).to_contain_text("พญาเม็งราย")

    head.open("/league/?scope=57&level=district")
    expect(rows).to_have_count(18)
    head.open(FRAMEWORK)
    head.follow(f"a[href='{ROUND}']")
    expect(page.locator("main form tbody tr")).to_have_count(18)
    expect(page.locator("button[value=approve]")).to_be_visible()
    for path in ("/groups/", "/people/", "/imports/villages/", "/places/57/money/", "/profile/"):
        head.open(path)
    head.open("/places/?q=พญา")
    expect(page.locator("main")).to_contain_text("พญาเม็งราย")
    head.open("/search/?q=เบิกจ่าย")
    expect(page.locator("ol.found li").first).to_contain_text("เบิกจ่าย")
    for path in ("/letters/", "/letters/new/"):
        head.open(path)


def test_a_zone_officer_sees_the_districts_of_the_zone_and_no_other(visit):
    officer = visit("zone-57")
    officer.look()
    officer.open("/places/zone-57-ing-su-khong/")
    expect(officer.page.locator("h1")).to_contain_text("โซนอำเภออิงสู่โขง")
    officer.follow(".unit-tabs a[href$='/children/']")
    expect(officer.page.locator("table.league tbody tr")).to_have_count(6)
    officer.open("/places/5701/", status=404)


def test_a_stranger_finds_nothing_of_another_province(visit):
    stranger = visit("head-50")
    stranger.open("/places/50/")
    stranger.open(f"/places/{MINE}/", status=404)
    answers = {
        part: stranger.page.context.request.get(
            f"{stranger.served.address}/places/{MINE}/{part}"
        ).status
        for part in OUT_OF_SIGHT
    }
    assert answers == dict.fromkeys(OUT_OF_SIGHT, 404)
    stranger.open("/places/?q=พญาเม็งราย")
    expect(stranger.page.locator(f"main a[href^='/places/{MINE}/']")).to_have_count(0)


@pytest.mark.parametrize("person", ["auditor", "admin"])
def test_who_answers_for_the_books_reads_the_ledger(visit, person):
    reader = visit(person)
    reader.open("/ledger/")
    assert reader.page.locator("main table tbody tr").count() >= 20
    reader.page.locator("main details.more summary").nth(1).click()
    expect(reader.page.locator("main tbody details[open]").first).to_contain_text("SHA-256")
    kind, workbook = reader.fetch("a[href^='/ledger/export/']")
    assert kind == XLSX
    assert sheet_with(workbook).max_row > 100


def test_the_language_switches_to_english_and_back(visit):
    reader = visit("inspector-16")
    page = reader.page
    reader.open("/places/inspection-16/")
    expect(page.locator("html")).to_have_attribute("lang", "th")
    thai = page.locator("h1").inner_text()
    for language, word in (("en", "Why these stars"), ("th", "ทำไมได้ดาวเท่านี้")):
        page.locator(".account-menu summary").click()
        reader.follow(f"form.language button[value={language}]")
        expect(page.locator("html")).to_have_attribute("lang", language)
        expect(page.locator("main")).to_contain_text(word)
        assert page.url.endswith("/places/inspection-16/")
    assert page.locator("h1").inner_text() == thai


def test_the_keyboard_alone_signs_in_and_skips_the_menu(visit):
    reader = visit()
    page = reader.page
    reader.open("/accounts/login/")
    for _ in range(12):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.name") == "login":
            break
    page.keyboard.type("officer-5712")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.name") == "password"
    page.keyboard.type(reader.served.password)
    with page.expect_navigation():
        page.keyboard.press("Enter")
    expect(page.locator("h1")).to_contain_text("สาธิต สอง")
    reader.look()
    page.keyboard.press("Tab")
    expect(page.locator(".skip-link")).to_be_focused()
    expect(page.locator(".skip-link")).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()


def test_everything_reads_without_javascript(visit):
    reader = visit("head-57", scripts=False)
    page = reader.page
    expect(page.locator("a[href^='/places/57/']").first).to_be_visible()
    reader.open(f"/places/{MINE}/")
    expect(page.locator("section.dimension tbody tr")).to_have_count(24)
    reader.open(f"/places/{MINE}/why/")
    expect(page.locator("article[id^='indicator-']")).to_have_count(24)
    reader.open("/league/?scope=57&level=district")
    expect(page.locator("table.league tbody tr")).to_have_count(18)
    page.locator("form.filters select[name=year]").select_option("2565")
    with page.expect_navigation():
        page.locator("form.filters button[type=submit]").click()
    assert "year=2565" in page.url
    expect(page.locator("table.league tbody tr")).to_have_count(18)
    with page.expect_navigation():
        page.locator("table.league thead a").first.click()
    expect(page.locator("table.league tbody tr")).to_have_count(18)
    page.locator("#frame-search").fill("เชียงแสน")
    with page.expect_navigation():
        page.locator("#frame-search").press("Enter")
    expect(page.locator("main a[href^='/places/5708/']").first).to_be_visible()
    page.locator(".account-menu summary").click()
    with page.expect_navigation():
        page.locator("form[action='/accounts/logout/'] button").click()
    expect(page.locator("input[name=login]")).to_be_visible()


# -- acting ---------------------------------------------------------------------------------------


def filled(template: bytes, district: str, figures: dict[str, tuple[object, object]]) -> bytes:
    """The downloaded workbook with numerator and denominator of some indicators for one district."""
    book = openpyxl.load_workbook(io.BytesIO(template))
    sheet = book.worksheets[1]
    columns = {key: at + 1 for at, key in keyed_columns([cell.value for cell in sheet[1]]).items()}
    row = next(row for row in range(1, sheet.max_row + 1) if sheet.cell(row, 1).value == district)
    for indicator, values in figures.items():
        for role, value in zip(("numerator", "denominator"), values, strict=True):
            sheet.cell(row, columns[indicator, role]).value = value
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()


def test_a_workbook_with_faults_is_refused_by_cell_and_the_corrected_one_reaches_the_star_page(
    visit, tmp_path: Path
):
    director = visit("director-57")
    page = director.page
    director.open("/results/import/")
    director.follow(f"section:has-text('{OPEN}') a.btn")
    its_page = page.url.removeprefix(director.served.address)
    kind, template = director.fetch("a[href$='results.xlsx']")
    assert kind == XLSX

    def hand_in(name: str, figures: dict[str, tuple[object, object]]) -> None:
        file = tmp_path / name
        file.write_bytes(filled(template, SILENT, figures))
        director.open(its_page)
        page.set_input_files("input[name=file]", file)
        with page.expect_navigation():
            page.locator("main form[enctype] button[type=submit]").click()
        expect(page.locator("#import-state .figures")).to_be_visible(timeout=30_000)
        director.look()

    hand_in("ผลมีที่ผิด.xlsx", PLANTED)
    findings = page.locator("#import-state table").first.locator("tbody tr")
    expect(findings).to_have_count(2)
    for row, indicator in zip(findings.all(), PLANTED, strict=True):
        assert re.match(r"[A-Z]+\d+\s", row.locator("th").inner_text())
        expect(row.locator("td")).to_contain_text(f"ตัวชี้วัด {indicator}")

    hand_in("ผลแก้แล้ว.xlsx", TRUE)
    page.locator("input[name=state][value=submitted]").check()
    with page.expect_navigation():
        page.locator("form[action$='/accept/'] button").click()
    expect(page.locator("#announcements .message-success")).to_be_visible()

    head = visit("head-57")
    head.open(f"/places/{SILENT}/")
    expect(head.page.locator("main")).not_to_contain_text("82.5")
    head.open(f"{ROUND}?scope=57")
    for box in head.page.locator("input[name=place]").all():
        box.set_checked(box.get_attribute("value") == SILENT)
    with head.page.expect_navigation():
        head.page.locator("button[value=approve]").click()
    expect(head.page.locator("#announcements .message-success")).to_contain_text("2")
    head.open(f"/places/{SILENT}/")
    reported = head.page.locator("section.dimension tbody tr", has_text="1.2 ")
    expect(reported).to_contain_text("82.5")


def test_an_offices_workbook_reaches_the_district_and_the_board(visit, tmp_path: Path):
    """Mended in two cells and taken in; the district sees it and plans, the board has moved."""
    today = datetime.now(BANGKOK).date()
    file = tmp_path / "งบบริหาร.xlsx"
    file.write_bytes(office_file(today))
    board = visit("head-57")
    board.open("/places/57/money/deadlines/")
    row = board.page.locator("table.data tbody tr", has_text="พญาเม็งราย").first
    before = {}
    for link in board.page.locator("main a[href^='/deadlines/']").all():
        before[(link.get_attribute("href") or "").split("/")[2]] = ""
    if not before:
        pytest.skip("at the end of a fiscal year no deadline lies ahead")
    for number in before:
        board.open(f"/deadlines/{number}/?place=57")
        before[number] = row.locator("td").nth(1).inner_text()  # per cent, and of how much

    officer = visit("finance-57")
    page = officer.page
    officer.open("/places/57/money/workbooks/")
    page.set_input_files("input[name=file]", file)
    officer.follow("main form[enctype] button[type=submit]")
    expect(page.locator("h1")).to_contain_text("งบบริหาร.xlsx")
    expect(page.locator("#understood-head + .figures")).to_contain_text("3")
    for cell, value in ((BROKEN, "๙๐๐,๐๐๐"), (MISTYPED, "45,000")):
        issue = page.locator("#issues tbody tr", has_text=f"{cell} ").first
        issue.locator("details summary").click()
        issue.locator("input[name=value]").fill(value)
        issue.locator("input[name=reason]").fill("ตรวจกับหนังสือจัดสรรแล้ว")
        with page.expect_navigation():
            issue.locator("form[action$='/mend/'] button[type=submit]").click()
        expect(page.locator("#announcements .message-success")).to_contain_text(cell)
    officer.look(again=True)
    with page.expect_navigation():
        page.locator("form[action$='/accept/'] button[type=submit]").click()
    expect(page.locator("#done-head")).to_be_visible()
    officer.look(again=True)

    head = visit(f"head-{MINE}")
    head.open(f"/places/{MINE}/money/")
    expect(head.page.locator("main")).to_contain_text("%")
    for number in before:  # of one deadline a plan waits for its head already
        head.open(f"/deadlines/{number}/plans/{MINE}/")
        link = f"a[href='/deadlines/{number}/plans/{MINE}/write/']"
        if head.page.locator(link).count():
            break
    head.follow(link)
    head.page.locator("input[name=reasons]").first.check()
    head.page.locator("textarea[name=words]").fill("ค่าเช่าสำนักงานรอสัญญา เบิกเดือนละงวด")
    with head.page.expect_navigation():
        head.page.locator("button[name=submit]").click()
    head.look(again=True)
    expect(head.page.locator("#at-work")).to_be_visible()

    board.open(f"/deadlines/{number}/?place=57")
    assert row.locator("td").nth(1).inner_text() != before[number]
    expect(row).to_contain_text("รอ")


def photo_of_the_day() -> bytes:
    """A photo as a phone makes it: with the time, and the place, which nobody else is to see."""
    exif = Image.Exif()
    exif.get_ifd(ExifTags.IFD.Exif)[ExifTags.Base.DateTimeOriginal] = "2023:10:05 10:12:00"
    gps = exif.get_ifd(ExifTags.IFD.GPSInfo)
    gps[ExifTags.GPS.GPSLatitudeRef], gps[ExifTags.GPS.GPSLatitude] = "N", (19.0, 51.0, 0.0)
    gps[ExifTags.GPS.GPSLongitudeRef], gps[ExifTags.GPS.GPSLongitude] = "E", (100.0, 9.0, 0.0)
    made = io.BytesIO()
    Image.effect_noise((1600, 1200), 40).convert("RGB").save(made, "JPEG", exif=exif)
    return made.getvalue()


def hands_in(officer: Reader, partners: int, photo: Path | None = None) -> None:
    """The officer reports how many partners there are, by phone, and hands it in with its proof."""
    page = officer.page
    page.set_viewport_size(PHONE)
    officer.open("/")
    page.set_viewport_size(PHONE)
    officer.follow("section:has(#panel-stars) a.btn-primary")
    page.set_viewport_size(PHONE)
    officer.follow(f"main li a.btn:has-text('{OPEN}')")
    page.set_viewport_size(PHONE)
    officer.follow(".entry-row a[href$='/2.1/']")
    page.set_viewport_size(PHONE)
    if photo is not None:
        if not page.locator(f"{PROOFS} input[name=photo]").is_visible():
            page.locator(f"{PROOFS} details summary").first.click()
        page.set_input_files(f"{PROOFS} input[name=photo]", photo)
        page.fill(f"{PROOFS} input[name=title]", "บันทึกข้อตกลงกับภาคีรายใหม่")
        with page.expect_navigation():
            page.locator(f"{PROOFS} button[type=submit]").click()
        expect(page.locator(PROOFS)).to_contain_text("บันทึกข้อตกลงกับภาคีรายใหม่")
    page.fill("input[name=numerator]", str(partners))
    with page.expect_navigation():
        page.locator("button[value=send]").click()
    expect(page.locator("#announcements .message-success")).to_contain_text("ส่งแล้ว")


def decides(reader: Reader, act: str, value: str) -> None:
    """From the counts on the home page to the queue, and the one result there decided by phone."""
    page = reader.page
    reader.open("/")
    reader.follow(f"#waits-for-me a[href*='/review/']:has-text('{OPEN}')")
    page.set_viewport_size(PHONE)
    row = page.locator(".review-row", has_text="2.1 ")
    mine = row.filter(has=page.locator(f"input[value^='{MINE}:2.1:']"))
    expect(mine).to_contain_text(value)
    for box in page.locator("input[name=result]").all():
        box.set_checked(str(box.get_attribute("value")).startswith(f"{MINE}:2.1:"))
    with page.expect_navigation():
        page.locator(f"button[value={act}]").click()
    expect(page.locator("#announcements .message-success")).to_contain_text("1 รายการ")


def test_a_report_by_phone_becomes_a_star_and_its_correction_leaves_the_past_as_it_was(
    visit, tmp_path: Path
):
    photo = tmp_path / "IMG_0001.jpg"
    photo.write_bytes(photo_of_the_day())
    officer, head, province = visit("officer-5712"), visit("head-5712"), visit("head-57")
    stars, why = province.page.locator("#stars"), f"/places/{MINE}/why/2.1/"
    province.open(f"/places/{MINE}/")
    expect(stars).to_contain_text("ได้ 3 ดาว")

    hands_in(officer, 25, photo)
    decides(head, "check", "5 ภาคีต่อตำบล")
    province.open(f"/places/{MINE}/")
    expect(stars).to_contain_text("ได้ 3 ดาว")  # checked is not approved
    province.open(f"/places/{MINE}/?basis=all")
    expect(stars).to_contain_text("ได้ 4 ดาว")
    expect(stars).to_contain_text("รวมผลที่ยังไม่อนุมัติ")
    decides(province, "approve", "5 ภาคีต่อตำบล")
    province.open(f"/places/{MINE}/")
    expect(stars).to_contain_text("ได้ 4 ดาว")
    province.open(why)
    for words in ("25", "บันทึกข้อตกลงกับภาคีรายใหม่", "อนุมัติ"):
        expect(province.page.locator("main")).to_contain_text(words)
    picture = province.page.locator("main").locator("img.evidence-thumb").first
    copy = officer.page.context.request.get(
        province.served.address + str(picture.get_attribute("src"))
    )
    assert b"Exif" not in copy.body()
    asked = {"year": "2566", "framework": "amphoe-tid-dao", "round": "12m"}
    then = urlencode(asked | {"known_at": timezone.localtime().isoformat()})

    hands_in(officer, 20)
    decides(head, "check", "4 ภาคีต่อตำบล")
    decides(province, "approve", "4 ภาคีต่อตำบล")
    province.open(f"/places/{MINE}/")
    expect(stars).to_contain_text("ได้ 3 ดาว")
    province.open(f"/places/{MINE}/?{then}")
    expect(stars).to_contain_text("ได้ 4 ดาว")
    province.open(f"{why}?{then}")
    expect(province.page.locator("main")).to_contain_text("25")


def test_a_deputy_reads_the_nation_and_publishes_a_changed_framework(visit):
    deputy = visit("deputy")
    page = deputy.page
    deputy.look()
    for path in ("/places/th/", "/places/region-isan/", "/places/inspection-16/"):
        deputy.open(path)
        expect(page.locator("#stars")).to_be_visible()
    deputy.open("/places/th/children/")
    expect(page.locator("table.league tbody tr")).to_have_count(76)
    for path in ("/places/inspection-16/children/", "/treasury/", "/treasury/import/"):
        deputy.open(path)
    deputy.open("/frameworks/")
    deputy.follow(f"main a[href='{FRAMEWORK}']")
    deputy.follow(f"form[action='{FRAMEWORK}draft/new/'] button")
    for part in ("head", "dimensions", "rounds"):
        deputy.open(f"{FRAMEWORK}draft/{part}/")
    deputy.open(f"{FRAMEWORK}draft/indicators/1.2/")
    weight = page.locator("input[name=weight]")
    before = weight.input_value()
    weight.fill(str(float(before) + 1))
    with page.expect_navigation():
        page.locator("button[value=save]").click()
    assert page.url.endswith("/draft/")
    deputy.follow("a[href$='/draft/publish/']")
    expect(page.locator("main")).to_contain_text("1.2")
    deputy.follow("main form.acts button[type=submit]")
    assert page.url.endswith(FRAMEWORK)
    expect(page.locator("#announcements .message-success")).to_be_visible()
    expect(page.locator("#versions tbody tr")).to_have_count(2)
    expect(page.locator("form[action$='/draft/new/']")).to_have_count(1)
