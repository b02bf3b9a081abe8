"""A storage of its own for every test."""

from __future__ import annotations

import pytest


@pytest.fixture(autouse=True)
def files(settings, tmp_path):
    settings.HOME = tmp_path
    settings.STORAGES = settings.STORAGES | {
        "evidence": {
            "BACKEND": "tiddao.evidence.storage.WholeFileStorage",
            "OPTIONS": {"location": tmp_path / "files", "base_url": None},
        }
    }
    return tmp_path / "files" / "evidence"
