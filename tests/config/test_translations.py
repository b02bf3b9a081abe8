"""The gate of the message catalogues."""

from __future__ import annotations

from django.utils.translation import gettext, override

from tiddao.config.management.commands.translations import compile_catalogue, meant_twice


def area(folder, name, *messages):
    path = folder / name / "locale" / "th" / "LC_MESSAGES"
    path.mkdir(parents=True)
    text = "\n\n".join(f'msgid "{english}"\nmsgstr "{thai}"' for english, thai in messages)
    (path / "django.po").write_text(text + "\n", encoding="utf-8")
    return folder / name


def test_two_areas_that_mean_different_things_by_one_english_text_are_named(tmp_path):
    found = meant_twice(
        [
            area(tmp_path, "budget", ("Weight", "ความหนัก"), ("Day", "วัน")),
            area(tmp_path, "indicators", ("Weight", "น้ำหนัก"), ("Day", "วัน")),
        ]
    )
    assert found == ["budget, indicators: different Thai for 'Weight': ความหนัก, น้ำหนัก"]


def test_an_area_without_a_catalogue_says_nothing(tmp_path):
    assert meant_twice([tmp_path / "kernel"]) == []


def test_a_process_speaks_the_words_it_has_just_compiled(tmp_path, settings):
    """A first set-up compiles the catalogues and then writes demonstration data in Thai."""
    folder = area(tmp_path, "written", ("Words of a first set-up", "ถ้อยคำของการติดตั้งครั้งแรก"))
    settings.LOCALE_PATHS = [folder / "locale"]
    with override("th"):
        assert gettext("Words of a first set-up") == "Words of a first set-up"
        compile_catalogue(folder / "locale" / "th" / "LC_MESSAGES" / "django.po")
    with override("th"):
        assert gettext("Words of a first set-up") == "ถ้อยคำของการติดตั้งครั้งแรก"
