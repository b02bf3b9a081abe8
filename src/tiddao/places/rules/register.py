"""The official register of places as rows: what exists, what was abolished, what became of it.

The register is geothai's copy of the codes of the Department of Provincial Administration (DOPA).
It gives no first days. A first day is stated here only where a Royal Gazette notice gives it.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from importlib.metadata import version

import geothai
from geothai.abolished import abolished_areas
from geothai.types import Abolished

NATION_CODE = "th"
LEVELS = {2: "province", 4: "district", 6: "tambon"}

# DOPA gives register codes also to municipal and branch registration offices, and keeps names of
# districts of a century ago under …81. None of these was a territory with people of its own.
_NO_TERRITORY = re.compile(r"เทศบาล|สาขา|สำนักทะเบียน|\sจ\.")
_FIRST_OFFICE_NUMBER = 51  # Bangkok's khet use 01–50, no province has more than 32 districts


@dataclass(frozen=True, slots=True)
class RegisteredPlace:
    """One place of the register. valid_from ≤ day < valid_to; None where no source names the day."""

    code: str
    level: str
    parent: str | None
    name_th: str
    name_en: str
    valid_from: date | None
    valid_to: date | None
    source: str


@dataclass(frozen=True, slots=True)
class RegisteredSuccession:
    """What an abolished place became, and how that is known."""

    predecessor: str
    successor: str
    on: date | None
    source: str


@dataclass(frozen=True, slots=True)
class Register:
    """The whole register at one release of its source."""

    places: tuple[RegisteredPlace, ...]  # parents before children
    successions: tuple[RegisteredSuccession, ...]
    left_out: tuple[str, ...]  # codes of registration offices, which are no territories
    release: str


def is_territory(code: str, name_th: str) -> bool:
    """Say whether an abolished code stood for a territory, not for a registration office.

    Source: names of the codes …49, …51 to …99 of districts in geothai.abolished, read one by one.
    """
    district = code[2:4]
    if district and int(district) >= _FIRST_OFFICE_NUMBER:
        return False
    return len(code) != 4 or not _NO_TERRITORY.search(name_th)


def official_register() -> Register:
    """Return the nation, its 77 provinces, 928 districts, 7,436 sub-districts, and the abolished.

    A place abolished by a notice ends on the day the notice came into force, and its successors
    begin on that day; otherwise it ends on the day DOPA dropped the code, which may be years late
    (2006-01-01 stands for "by then"). A place begins on the first day of its children when all of
    them, abolished ones included, have one: so Bueng Kan begins on 23 March 2011.

    Source: geothai (DOPA codes; Royal Gazette notices); issue 2 "places".
    """
    release = f"geothai {version('geothai')} (DOPA {geothai.DATA_VERSION})"
    gone = [area for area in abolished_areas() if is_territory(area.code, area.name_th)]
    begins = {
        successor: _day(area.successors_in_force)
        for area in gone
        if area.successors_basis == "notice"
        for successor in area.successors
    }
    rows = list(_current(release)) + [_abolished(area, release) for area in gone]
    known = {row.code for row in rows}
    orphans = [row.code for row in rows if row.parent not in known and row.parent is not None]
    if orphans:
        raise ValueError(f"places without a parent in {release}: {orphans[:10]}")
    first_days = _first_days(rows, begins)
    dated = (
        RegisteredPlace(
            row.code, row.level, row.parent, row.name_th, row.name_en,
            first_days.get(row.code), row.valid_to, row.source,
        )
        for row in rows
    )  # fmt: skip
    return Register(
        places=tuple(
            sorted(dated, key=lambda row: (row.code != NATION_CODE, len(row.code), row.code))
        ),
        successions=tuple(
            RegisteredSuccession(
                area.code, successor, _day(area.successors_in_force), _basis(area, release)
            )
            for area in gone
            for successor in area.successors
        ),
        left_out=tuple(
            area.code for area in abolished_areas() if not is_territory(area.code, area.name_th)
        ),
        release=release,
    )


def _current(release: str) -> Iterable[RegisteredPlace]:
    yield RegisteredPlace(NATION_CODE, "nation", None, "ประเทศไทย", "Thailand", None, None, release)
    for province in geothai.provinces():
        yield _standing(province.code, province.name_th, province.name_en, release)
        for district in geothai.districts(province.code):
            # geothai writes Bangkok's districts with their word, all others without.
            name = (
                district.name_th.removeprefix("เขต") if province.code == "10" else district.name_th
            )
            yield _standing(district.code, name, district.name_en, release)
            for tambon in geothai.subdistricts(district.code):
                yield _standing(tambon.code, tambon.name_th, tambon.name_en, release)


def _standing(code: str, name_th: str, name_en: str, release: str) -> RegisteredPlace:
    return RegisteredPlace(
        code, LEVELS[len(code)], code[:-2] or NATION_CODE, name_th, name_en, None, None, release
    )


def _abolished(area: Abolished, release: str) -> RegisteredPlace:
    in_force = _day(area.successors_in_force)
    dropped = f"{release}, code dropped {area.abolished_on}"
    return RegisteredPlace(
        code=area.code,
        level=LEVELS[len(area.code)],
        parent=area.code[:-2],
        name_th=area.name_th,
        name_en=area.name_en or "",
        valid_from=None,
        valid_to=in_force or date.fromisoformat(area.abolished_on),
        source=dropped,
    )


def _first_days(
    rows: Iterable[RegisteredPlace], begins: dict[str, date | None]
) -> dict[str, date | None]:
    """Return first days: those of notices, and of parents all of whose children have one."""
    children: dict[str, list[str]] = defaultdict(list)
    for row in rows:
        if row.parent is not None:
            children[row.parent].append(row.code)
    first = dict(begins)
    for code in sorted(children, key=len, reverse=True):
        days = [first.get(child) for child in children[code]]
        known = [day for day in days if day is not None]
        if code not in first and known and len(known) == len(days):
            first[code] = min(known)
    return first


def _basis(area: Abolished, release: str) -> str:
    if area.successors_source:
        return area.successors_source
    return f"{release}: same Thai name, likely but not proven by a notice"


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
