"""The table of roles and acts, and who may give which post."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import tiddao
from tiddao.people.models import Role
from tiddao.people.rules import granting, matrix

SOURCE = Path(tiddao.__file__).parent


def test_matrix_knows_every_role_of_the_table_and_no_other():
    assert set(matrix.ROLES) == set(Role.values)
    for act, roles in matrix.MATRIX.items():
        assert roles, f"nobody may {act}"
        assert roles <= set(matrix.ROLES), act


@pytest.mark.parametrize("role", matrix.ROLES)
def test_every_role_sees_its_places(role):
    assert matrix.may(role, "see_place")


def test_unknown_act_is_an_error_not_a_refusal():
    with pytest.raises(KeyError):
        matrix.may(matrix.EXECUTIVE, "publish_everything")


def test_every_act_asked_for_in_the_code_is_in_the_matrix():
    """A misspelt act would otherwise be found by the first person who needs it."""
    asked: dict[str, str] = {}
    for path in SOURCE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call):
                continue
            name = getattr(node.func, "attr", getattr(node.func, "id", ""))
            position = {"may": 0, "post_for": 0, "roots_for": 0, "require": 1,
                        "require_anywhere": 1, "actor_for": 1, "places_of_act": 1}.get(name)  # fmt: skip
            if name == "may" and getattr(getattr(node.func, "value", None), "id", "") == "matrix":
                position = 1
            if position is None or len(node.args) <= position:
                continue
            act = node.args[position]
            if isinstance(act, ast.Constant) and isinstance(act.value, str):
                asked[act.value] = f"{path.relative_to(SOURCE)}:{node.lineno}"
    assert len(asked) >= 3
    assert not {act: where for act, where in asked.items() if act not in matrix.MATRIX}


@pytest.mark.parametrize(
    ("giver", "given", "allowed"),
    [
        (matrix.PROVINCIAL_HEAD, matrix.DISTRICT_HEAD, True),
        (matrix.PROVINCIAL_HEAD, matrix.PROVINCIAL_HEAD, True),  # acting, while away
        (matrix.PROVINCIAL_HEAD, matrix.EXECUTIVE, False),
        (matrix.PROVINCIAL_HEAD, matrix.INSPECTOR, False),
        (matrix.PROVINCIAL_HEAD, matrix.ADMINISTRATOR, False),
        (matrix.EXECUTIVE, matrix.INSPECTOR, True),
        (matrix.EXECUTIVE, matrix.ADMINISTRATOR, False),
        (matrix.ADMINISTRATOR, matrix.ADMINISTRATOR, True),
        (matrix.DISTRICT_HEAD, matrix.TAMBON_OFFICER, False),
        (matrix.AUDITOR, matrix.AUDITOR, False),
    ],
)
def test_role_may_be_given(giver, given, allowed):
    assert (given in granting.grantable(frozenset({giver}))) is allowed


def test_only_those_who_manage_people_give_posts():
    assert set(granting.GRANTS) == matrix.MATRIX["manage_people"]


@pytest.mark.parametrize("role", matrix.ROLES)
def test_every_role_has_a_seat(role):
    assert granting.SEATS[role]
    assert granting.seat_fits(role, next(iter(granting.SEATS[role])))


@pytest.mark.parametrize(
    ("role", "kind", "fits"),
    [
        (matrix.DISTRICT_HEAD, "district", True),
        (matrix.DISTRICT_HEAD, "province", False),
        (matrix.PROVINCIAL_HEAD, "province", True),
        (matrix.EXECUTIVE, "province", False),
        (matrix.TAMBON_OFFICER, "province", True),
        (matrix.INSPECTOR, "department", True),
    ],
)
def test_seat_fits(role, kind, fits):
    assert granting.seat_fits(role, kind) is fits


@pytest.mark.parametrize("role", matrix.ROLES)
def test_group_belongs_to_inspectors_and_zone_officers_alone(role):
    by_group = role in {matrix.INSPECTOR, matrix.ZONE_OFFICER}
    assert granting.group_fits(role, has_group=True) is by_group
    assert granting.group_fits(role, has_group=False) is not by_group
