"""The frame, the gallery, the error pages, and what no template may hold."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.template.loader import render_to_string
from django.urls import NoReverseMatch
from django.utils import translation

import tiddao
from tests.ui.conftest import asked, signed_in
from tiddao.ui import context, registry, views
from tiddao.ui.context import Frame
from tiddao.ui.icons import icons_named
from tiddao.ui.language import ChosenLanguageMiddleware

SOURCE = Path(tiddao.__file__).parent
TEMPLATES = sorted(SOURCE.rglob("templates/**/*.html"))
DIST = SOURCE / "ui" / "static" / "ui" / "dist"


@pytest.mark.parametrize("language", ["th", "en"])
def test_gallery_shows_every_component(home, language):
    with translation.override(language):
        page = views.gallery(signed_in()).content.decode()
    assert f'<html lang="{language}"' in page
    for piece in (
        "stars-5", "stars-none", "status-nodata", "radar-drawing", "spark-line", "figure-box",
        "<progress", "empty-box", "pager-pages", "crumbs", "field-errors", "filters", "table data",
    ):  # fmt: skip
        assert piece in page, piece


def test_gallery_asks_for_sign_in(client):
    answer = client.get("/ui/gallery/")
    assert answer.status_code == 302
    assert answer["Location"].startswith("/accounts/login/")


@pytest.mark.django_db
def test_gallery_answers_a_signed_in_person(client, provincial_head):
    client.force_login(provincial_head)
    answer = client.get("/ui/gallery/", headers={"accept-language": "th"})
    assert answer.status_code == 200
    assert "default-src 'self'" in answer["Content-Security-Policy"]
    assert provincial_head.name_th in answer.content.decode()


def test_frame_of_a_stranger_has_no_menu_and_no_search(home):
    page = render_to_string("ui/base.html", request=asked())
    assert "frame-nav" not in page
    assert "frame-search" not in page
    assert "ข้ามไปยังเนื้อหา" in page
    assert '<main id="main"' in page


def test_frame_leaves_out_pages_that_are_not_built(home, monkeypatch):
    items = [
        registry.NavigationItem("คลัง", "ui-gallery", "star", 1),
        registry.NavigationItem("ยังไม่มี", "no-such-page", "star", 2),
        registry.NavigationItem("ไม่ใช่ของท่าน", "ui-gallery", "star", 3, lambda _: False),
    ]
    monkeypatch.setattr(registry, "navigation", items)
    links = Frame(signed_in("/ui/gallery/")).navigation
    assert [(str(link.label), link.current) for link in links] == [("คลัง", True)]


def test_frame_stands_when_no_address_is_known(home, monkeypatch):
    def nowhere(name):
        raise NoReverseMatch(name)

    monkeypatch.setattr(context, "reverse", nowhere)
    page = render_to_string("ui/base.html", request=signed_in())
    assert 'href="/"' in page
    assert "setlang" not in page


def test_demonstration_data_is_named_on_every_page(home):
    assert "ข้อมูลสาธิต" not in render_to_string("ui/base.html", request=asked())
    (home / context.DEMONSTRATION_MARK).touch()
    assert "ข้อมูลสาธิต" in render_to_string("ui/base.html", request=asked())


def test_looped_letters_for_those_who_chose_them(home):
    assert 'class="looped"' in render_to_string("ui/base.html", request=signed_in(font="looped"))
    assert 'class="looped"' not in render_to_string("ui/base.html", request=signed_in())


def test_language_form_comes_back_to_the_page_also_after_a_post(home):
    assert 'name="next" value="/ui/gallery/?page=2"' in render_to_string(
        "ui/base.html", request=signed_in(page="2")
    )
    posted = signed_in()
    posted.method = "POST"
    assert Frame(posted).here == Frame(posted).home


@pytest.mark.parametrize(
    ("cookie", "header", "language"),
    [(None, "en-GB", "th"), ("en", "th", "en"), ("xx", "en", "th")],
)
def test_language_is_chosen_by_the_person_not_the_browser(cookie, header, language):
    request = asked()
    request.META["HTTP_ACCEPT_LANGUAGE"] = header
    if cookie:
        request.COOKIES["django_language"] = cookie
    ChosenLanguageMiddleware(lambda _: None).process_request(request)
    assert request.LANGUAGE_CODE == translation.get_language() == language


@pytest.mark.parametrize("code", [400, 403, 404])
def test_error_page_says_what_to_do_next(home, code):
    page = render_to_string(f"{code}.html", request=signed_in())
    assert "<h1>" in page
    assert "ไปหน้าแรกของฉัน" in page
    assert len(re.sub(r"<[^>]+>", "", page.split("<main")[1]).split()) > 5


def test_server_error_page_needs_nothing():
    page = render_to_string("500.html")  # no request, so no frame, no sign-in, no database
    assert "ระบบขัดข้อง" in page
    assert "โหลดหน้านี้ใหม่" in page
    assert "<header" not in page


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(SOURCE)))
def test_template_keeps_to_the_content_security_policy(path):
    text = re.sub(r"{% comment %}.*?{% endcomment %}", "", path.read_text("utf-8"), flags=re.DOTALL)
    assert not re.search(r"<style\b|\sstyle\s*=", text), "style belongs into assets/src"
    assert not re.search(r"\son[a-z]+\s*=", text), "script belongs into assets/src"
    assert not re.search(r"<script\b(?![^>]*\bsrc=)[^>]*>", text), "no script inside a page"
    assert not re.search(r"hx-on|javascript:|hx-vals=.js:|hx-headers=.js:", text)
    assert not re.search(r"""(?:src|href)=["'](?:https?:)?//""", text), "nothing from elsewhere"


@pytest.mark.parametrize(
    "path",
    [path for path in TEMPLATES if path.parts[-2] == "components" or path.name == "base.html"],
    ids=lambda path: path.name,
)
def test_component_opens_with_its_variables(path):
    text = re.sub(r"^\s*{% (load|extends)[^%]*%}\s*", "", path.read_text("utf-8"))
    assert text.lstrip().startswith("{% comment %}")


def test_every_icon_named_in_a_template_is_in_the_sprite():
    if not (DIST / "icons.svg").exists():
        pytest.skip("the assets are not built: tiddao assets")
    certain, _ = icons_named(SOURCE)
    sprite = (DIST / "icons.svg").read_text("utf-8")
    missing = {name for name in certain if f'id="{name}"' not in sprite}
    assert not missing, "run tiddao assets"
    assert all(f'id="stars-{count}"' in sprite for count in range(6))


def test_missing_variable_is_noticed(missing_template_variables, home):
    render_to_string("ui/components/empty.html", {"title": "ว่าง", "text": "", "label": ""})
    assert [found.split(" in ")[0] for found in missing_template_variables.found] == ["href"]
    missing_template_variables.found.clear()
