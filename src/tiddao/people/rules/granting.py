"""Who may give which post, and where a post of each role can be.

Plain text like the matrix. A giver never gives more than the own role, never outside the own
scope (``people.access``), and nobody gives a post to themselves (``people.actions``).

Source: product.md "Access"; no published rule (requirements.md F), so this one is proposed.
"""

from __future__ import annotations

from typing import Final

from tiddao.people.rules.matrix import (
    ADMINISTRATOR,
    AUDITOR,
    DISTRICT_HEAD,
    EXECUTIVE,
    FINANCE_OFFICER,
    GROUP_DIRECTOR,
    INSPECTOR,
    PROVINCIAL_HEAD,
    ROLES,
    TAMBON_OFFICER,
    ZONE_OFFICER,
)

DEPARTMENT, PROVINCE, DISTRICT = "department", "province", "district"

GRANTS: Final[dict[str, frozenset[str]]] = {
    PROVINCIAL_HEAD: frozenset(
        {
            TAMBON_OFFICER,
            FINANCE_OFFICER,
            DISTRICT_HEAD,
            ZONE_OFFICER,
            GROUP_DIRECTOR,
            PROVINCIAL_HEAD,
        }
    ),
    EXECUTIVE: frozenset(ROLES) - {ADMINISTRATOR},
    ADMINISTRATOR: frozenset(ROLES),
}
"""Giver's role: the roles that it may give. A role that is not named gives none."""

SEATS: Final[dict[str, frozenset[str]]] = {
    TAMBON_OFFICER: frozenset({DISTRICT, PROVINCE}),
    FINANCE_OFFICER: frozenset({DISTRICT, PROVINCE}),
    DISTRICT_HEAD: frozenset({DISTRICT}),
    ZONE_OFFICER: frozenset({PROVINCE}),
    GROUP_DIRECTOR: frozenset({PROVINCE}),
    PROVINCIAL_HEAD: frozenset({PROVINCE}),
    INSPECTOR: frozenset({DEPARTMENT}),
    EXECUTIVE: frozenset({DEPARTMENT}),
    ADMINISTRATOR: frozenset({DEPARTMENT}),
    AUDITOR: frozenset({DEPARTMENT, PROVINCE}),
}
"""Role: the kinds of office at which it can be held."""

ONE_AT_A_TIME: Final = frozenset({DISTRICT_HEAD, PROVINCIAL_HEAD})
"""Roles that one person alone holds substantively at an office on a day."""

BY_GROUP: Final = frozenset({ZONE_OFFICER, INSPECTOR})
"""Roles that look after a group of places instead of the office's own place."""


def grantable(giver_roles: frozenset[str]) -> frozenset[str]:
    """The roles that somebody holding the given roles may give, change or end.

    Source: this module's table (proposed).
    """
    return frozenset(role for giver in giver_roles for role in GRANTS.get(giver, ()))


def seat_fits(role: str, office_kind: str) -> bool:
    """Say whether the role can be held at that kind of office. Raises KeyError: unknown role.

    Source: requirements.md A12-A20 (who works at which level), this module's table (proposed).
    """
    return office_kind in SEATS[role]


def group_fits(role: str, *, has_group: bool) -> bool:
    """Say whether a group of places is given exactly where the role looks after one.

    Source: product.md "Access": an inspector or zone officer sees a dated group of places.
    """
    return has_group == (role in BY_GROUP)
