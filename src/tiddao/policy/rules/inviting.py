"""Who is asked to a meeting: roles at offices, said by the tree."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Final

from tiddao.people.rules import matrix

ROLES_AT: Final[dict[str, tuple[str, ...]]] = {
    "province": (
        matrix.PROVINCIAL_HEAD,
        matrix.GROUP_DIRECTOR,
        matrix.ZONE_OFFICER,
        matrix.FINANCE_OFFICER,
    ),
    "district": (matrix.DISTRICT_HEAD, matrix.TAMBON_OFFICER, matrix.FINANCE_OFFICER),
}
"""By level of office, the roles that may be asked to come; heads first."""


def posts_asked(
    offices: Iterable[tuple[str, str]], roles: Collection[str]
) -> list[tuple[str, str]]:
    """(office, role) of the roles that the offices (code, level) have, in the offices' order.

    Source: requirements A14, A18 (who came: พัฒนาการจังหวัด, ผู้อำนวยการกลุ่มงาน, พัฒนาการอำเภอ,
    นักวิชาการพัฒนาชุมชน).
    """
    return [
        (office, role)
        for office, level in offices
        for role in ROLES_AT.get(level, ())
        if role in roles
    ]


def names_in(text: str) -> tuple[str, ...]:
    """The guests of a text with one on each line, each once, in their order.

    Source: requirements A86–A89 (นายอำเภอ, นายกเทศมนตรี: guests who have no account).
    """
    return tuple(
        dict.fromkeys(" ".join(line.split()) for line in text.splitlines() if line.strip())
    )
