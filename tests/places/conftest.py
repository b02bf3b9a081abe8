"""What tests of places share."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from tiddao.ledger.actors import Actor
from tiddao.places.models import Level, Place

AT = datetime(2026, 11, 21, 9, 0, tzinfo=ZoneInfo("Asia/Bangkok"))
ON = date(2026, 11, 21)
BY = Actor("user:1", "ผู้ทดสอบ", "post:1 provincial_head CDD-57")
NATION = frozenset({"th"})


def make_village(code: str, name: str) -> Place:
    return Place.objects.create(
        code=code, level=Level.VILLAGE, parent_id=code[:6], name_th=name, folded=name.removeprefix("บ้าน"),
        sort_key=name, moo=int(code[6:]), source="test",
    )  # fmt: skip


@pytest.fixture(autouse=True)
def _files_of_tests(settings, tmp_path):
    settings.STORAGES = settings.STORAGES | {
        "default": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": tmp_path / "files", "base_url": None},
        }
    }
