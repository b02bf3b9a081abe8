"""A storage of its own for every test, and a kind of thing that evidence can prove."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

import pytest
from django.core.files.storage import storages

from tests.evidence.outlines import make_outlines
from tiddao.evidence import subjects
from tiddao.evidence.subjects import Subject


@pytest.fixture(autouse=True)
def files(settings, tmp_path):
    """The folder in which evidence is stored."""
    settings.STORAGES = settings.STORAGES | {
        "evidence": {
            "BACKEND": "tiddao.evidence.storage.WholeFileStorage",
            "OPTIONS": {"location": tmp_path / "files", "base_url": None},
        }
    }
    assert storages["evidence"].location == str(tmp_path / "files")
    return tmp_path / "files" / "evidence"


@dataclass
class Tasks:
    """Invented things to prove: "5712/a" is one of the place 5712. asked: how often it was asked."""

    code: str = "task"
    words: str = "งานสมมุติ"
    closed: dict[str, str] = field(default_factory=dict)
    asked: int = 0

    def subjects(self, keys: Collection[str]) -> Mapping[str, Subject]:
        self.asked += 1
        return {
            key: Subject(
                key, f"งาน {key}", f"/places/{key.partition('/')[0]}/", key.partition("/")[0],
                closed=self.closed.get(key, ""),
            )
            for key in keys
            if "/" in key
        }  # fmt: skip


@pytest.fixture
def tasks():
    kind = Tasks()
    subjects.register(kind)
    yield kind
    subjects.unregister(kind.code)


@pytest.fixture
def outlines(db):
    """Square outlines of the province 57 and two of its districts, side by side."""
    return make_outlines()
