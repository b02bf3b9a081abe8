"""Beginnings of a demonstration that fail, and leave nothing by halves."""

from __future__ import annotations

from io import StringIO

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.test import override_settings

from tests.persons import make_account
from tiddao.config.demonstration import results, stages
from tiddao.indicators.models import Result
from tiddao.people.models import User
from tiddao.ui.context import DEMONSTRATION_MARK


def test_load_killed_half_way_leaves_no_half_stage(db, tmp_path, monkeypatch):
    def power_cut(*_, **__):
        raise KeyboardInterrupt

    with override_settings(HOME=tmp_path):
        first = stages.STAGES[:4]
        monkeypatch.setattr(stages, "stages_of_this_year", lambda _: ())
        monkeypatch.setattr(stages, "STAGES", first)
        monkeypatch.setattr(results, "approve_results", power_cut)
        with pytest.raises(KeyboardInterrupt):
            list(stages.load())
        assert [stage.done() for stage in first] == [True, True, True, False]
        assert not Result.objects.exists()
        monkeypatch.undo()
        monkeypatch.setattr(stages, "STAGES", first)
        monkeypatch.setattr(stages, "stages_of_this_year", lambda _: ())
        monkeypatch.setattr(stages, "materialise_pending", lambda **_: [])  # not asked here
        assert [words for words in stages.load() if "ผลเชียงราย" in words] == [first[3].words]
        assert Result.objects.filter(state="locked").count() > 300


def test_demo_is_refused_where_real_people_have_accounts(db, tmp_path):
    make_account("นางจริงใจ มีอยู่จริง", username="real-person")
    with override_settings(HOME=tmp_path):
        with pytest.raises(CommandError, match="--no-demo"):
            call_command("demo", stdout=StringIO())
        assert not (tmp_path / DEMONSTRATION_MARK).exists()
    assert User.objects.count() == 1


def test_accounts_before_the_demonstration_say_so(db, tmp_path):
    out = StringIO()
    with override_settings(HOME=tmp_path):
        call_command("demo", "--accounts", stdout=out)
    assert "ยังไม่มีบัญชีสาธิต" in out.getvalue()
    assert settings.HOME  # the real home was not touched
