"""Frameworks from draft to frozen version, and as files."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from tests.indicators.frameworks import (
    APPROVER,
    dimension,
    full_report,
    minutes,
    published,
    ratio,
    report_and_approve,
    round_of,
    two_dimensions,
)
from tiddao.indicators.actions.frameworks import (
    DraftExists,
    DraftMovedOn,
    FrameworkExists,
    NotADraft,
    copy_framework,
    create_framework,
    import_definition,
    new_draft,
    publish_version,
    save_draft,
    save_draft_text,
    suggested_code,
)
from tiddao.indicators.actions.rounds import close_round
from tiddao.indicators.models import Framework, Round
from tiddao.indicators.queries.frameworks import (
    definition_of,
    framework_detail,
    framework_rows,
    years_with_frameworks,
)
from tiddao.indicators.rules.toml_files import DefinitionRefused, write_toml
from tiddao.places.models import Office

pytestmark = pytest.mark.django_db
ACT = {"by": APPROVER, "at": minutes(1)}


def test_a_draft_is_saved_over_the_edition_its_editor_saw():
    draft = create_framework(two_dimensions(), **ACT)
    renamed = replace(two_dimensions(), title_th="ชื่อใหม่")
    saved = save_draft(draft, renamed, edition=1, **ACT)
    assert (saved.edition, definition_of(saved).title_th) == (2, "ชื่อใหม่")
    with pytest.raises(DraftMovedOn) as moved:
        save_draft(draft, two_dimensions(), edition=1, **ACT)
    assert (moved.value.expected, moved.value.found) == (1, 2)
    assert save_draft(draft, renamed, edition=2, **ACT).edition == 2  # nothing to save


def test_a_draft_stays_its_own_framework():
    draft = create_framework(two_dimensions(), **ACT)
    for changes in ({"code": "other"}, {"owner": "CDD-57"}, {"fiscal_year": 2567}, {"version": 2}):
        with pytest.raises(DefinitionRefused):
            save_draft(draft, replace(two_dimensions(), **changes), edition=1, **ACT)


def test_a_draft_text_that_is_no_framework_is_refused_by_key():
    draft = create_framework(two_dimensions(), **ACT)
    with pytest.raises(DefinitionRefused) as refused:
        save_draft_text(draft, "code = 5\nwrong = 1", file="draft.toml", edition=1, **ACT)
    assert {each.file for each in refused.value.findings} == {"draft.toml"}
    draft.refresh_from_db()
    assert draft.edition == 1


def test_publishing_freezes_and_makes_the_rounds():
    version = published()
    assert version.state == "published"
    rounds = Round.objects.filter(framework=version.framework).order_by("true_on")
    assert [(each.code, each.state) for each in rounds] == [("6m", "open"), ("12m", "planned")]
    with pytest.raises(NotADraft):
        publish_version(version, **ACT)
    with pytest.raises(NotADraft):
        save_draft(version, two_dimensions(), edition=1, **ACT)


def test_publishing_nothing_to_score_is_refused_with_findings():
    draft = create_framework(two_dimensions(dimensions=(), rounds=()), **ACT)
    with pytest.raises(DefinitionRefused) as refused:
        publish_version(draft, **ACT)
    assert {each.check for each in refused.value.findings} >= {"no_dimension", "no_round"}
    assert not Round.objects.exists()


def test_a_round_in_use_cannot_be_published_away_and_an_unused_one_goes():
    version = published()
    report_and_approve(round_of(version), full_report("5712"))
    draft = new_draft(version.framework, **ACT)
    only_second = replace(definition_of(draft), rounds=definition_of(draft).rounds[1:])
    draft = save_draft(draft, only_second, edition=1, **ACT)
    with pytest.raises(DefinitionRefused) as refused:
        publish_version(draft, **ACT)
    assert [each.check for each in refused.value.findings] == ["round_in_use_stays"]
    only_first = replace(only_second, rounds=two_dimensions().rounds[:1])
    draft = save_draft(draft, only_first, edition=2, **ACT)
    publish_version(draft, **ACT)
    assert list(version.framework.rounds.values_list("code", flat=True)) == ["6m"]


def test_a_closed_round_keeps_its_day():
    version = published()
    close_round(round_of(version), **ACT)
    draft = new_draft(version.framework, **ACT)
    definition = definition_of(draft)
    moved = replace(definition.rounds[0], true_on=date(2023, 4, 1))
    changed = replace(definition, rounds=(moved, definition.rounds[1]))
    draft = save_draft(draft, changed, edition=1, **ACT)
    with pytest.raises(DefinitionRefused) as refused:
        publish_version(draft, **ACT)
    assert [each.check for each in refused.value.findings] == ["closed_round_stays"]


def test_one_draft_at_a_time():
    version = published()
    new_draft(version.framework, **ACT)
    with pytest.raises(DraftExists):
        new_draft(version.framework, **ACT)


def test_a_code_is_one_framework_a_year():
    create_framework(two_dimensions(), **ACT)
    with pytest.raises(FrameworkExists):
        create_framework(two_dimensions(), **ACT)
    create_framework(two_dimensions(2567), **ACT)
    assert years_with_frameworks() == ()  # drafts only


def test_import_makes_a_framework_then_a_draft_then_nothing():
    toml = write_toml(two_dimensions())
    first = import_definition(toml, file="a.toml", **ACT)
    publish_version(first, **ACT)
    same = import_definition(toml, file="a.toml", **ACT)
    assert (same.number, same.state) == (1, "published")
    changed = write_toml(replace(two_dimensions(), notes="แก้"))
    second = import_definition(changed, file="a.toml", **ACT)
    assert (second.number, second.state, definition_of(second).notes) == (2, "draft", "แก้")
    with pytest.raises(DraftExists):
        import_definition(changed, file="a.toml", **ACT)


def test_export_and_import_are_each_other_s_way_back():
    version = published()
    detail = framework_detail("amphoe-tid-dao", 2566)
    assert detail.toml == write_toml(detail.definition) == version.toml


def test_a_copy_is_the_office_s_own_draft_with_its_year_s_days():
    version = published()
    office = Office.objects.get(pk="CDD-57")
    code = suggested_code("amphoe-tid-dao", office)
    copy = copy_framework(version, code=code, owner=office, year=2568, **ACT)
    definition = definition_of(copy)
    assert (definition.code, definition.owner) == ("amphoe-tid-dao-57", "CDD-57")
    assert (definition.version, copy.state) == (1, "draft")
    assert definition.rounds[0].true_on == date(2025, 3, 31)
    assert definition.based_on == "amphoe-tid-dao 2566 v1"
    assert Framework.objects.get(pk=copy.framework_id).owner == office


def test_a_framework_is_listed_where_it_applies_and_to_those_above():
    published()
    create_framework(two_dimensions(code="chiang-rai", owner="CDD-57"), **ACT)
    for roots, codes in (
        (["5712"], {"amphoe-tid-dao", "chiang-rai"}),
        (["57"], {"amphoe-tid-dao", "chiang-rai"}),
        (["50"], {"amphoe-tid-dao"}),
        (["th"], {"amphoe-tid-dao", "chiang-rai"}),
    ):
        assert {row.code for row in framework_rows(roots)} == codes, roots


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_of_frameworks_costs_the_same_for_any_number(count, django_assert_num_queries):
    for number in range(count):
        published(two_dimensions(code=f"f{number}", dimensions=(dimension("1", ratio("1.1")),)))
    with django_assert_num_queries(2):
        assert len(framework_rows(["57"])) == count
