"""Which place a row of results is about: by its code, else by its name within the sender's places."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tiddao.kernel.digits import to_arabic
from tiddao.kernel.names import fold_place, spelling_distance, split_place_path
from tiddao.kernel.unreadable import Unreadable

_NEAR = 1
_LONG_ENOUGH = 4
"""Shorter names are near to too many others to be proposed."""


@dataclass(frozen=True, slots=True)
class ReportingPlace:
    """A place that reports in the round. in_scope: the importer answers for it."""

    code: str
    level: str
    name_th: str
    name_en: str
    province_th: str
    in_scope: bool


class PlaceFinder:
    """Finds the place that a row speaks of, or says why it cannot be known."""

    def __init__(self, places: Sequence[ReportingPlace]) -> None:
        self._by_code = {each.code: each for each in places}
        self._by_name: dict[str, list[ReportingPlace]] = {}
        for each in places:
            keys = {
                fold_place(each.name_th, province=each.province_th or None),
                fold_place(each.name_th),
                fold_place(each.name_en) if each.name_en else "",
            }
            for key in keys - {""}:
                self._by_name.setdefault(key, []).append(each)
        mine = [each for each in places if each.in_scope]
        self.only = mine[0] if len(mine) == 1 else None
        """The one place of an office that answers for one alone."""
        self._province = mine[0].province_th if len({e.province_th for e in mine}) == 1 else None

    def find(self, code: str, name: str) -> ReportingPlace:
        """Return the place with this code, or without one the place so named; both as typed.

        Raises Unreadable: unknown_place, code_and_name_differ, ambiguous_place, out_of_scope.

        Source: issue 5, Excel both ways (by code, then by name within the province).
        """
        code = to_arabic(code).replace(" ", "")
        if code and not code.isdecimal() and not name:  # a name in the column of codes
            code, name = "", code
        return self._in_scope(self._coded(code, name) if code else self._named(name))

    def _coded(self, code: str, name: str) -> ReportingPlace:
        place = self._by_code.get(code)
        if place is None:
            raise Unreadable(code, "unknown_place", "ไม่มีหน่วยที่ต้องรายงานรหัสนี้")
        same = self._candidates(name) if name else []
        if same and place not in same:
            said = f"รหัส {code} คือ {place.name_th} แต่ชื่อในแถวเป็นพื้นที่อื่น"
            raise Unreadable(name, "code_and_name_differ", said)
        return place

    def _candidates(self, name: str) -> list[ReportingPlace]:
        path = split_place_path(name)
        province = next((each.bare for each in path if each.level_hint == "province"), None)
        keys = {
            fold_place(name),
            fold_place(name, province=province or self._province),
        }
        found = list(
            dict.fromkeys(each for key in sorted(keys) for each in self._by_name.get(key, []))
        )
        if province and len(path) > 1:
            of_it = fold_place(province)
            found = [each for each in found if fold_place(each.province_th) == of_it] or found
        return found

    def _named(self, name: str) -> ReportingPlace:
        same = self._candidates(name)
        mine = [each for each in same if each.in_scope]
        if len(mine) == 1:
            return mine[0]
        if not same:
            raise Unreadable(name, "unknown_place", f"ไม่รู้จักพื้นที่นี้{self._nearest(name)}")
        if len(same) > 1:
            options = ", ".join(
                f"{each.name_th} {each.province_th} ({each.code})" for each in (mine or same)[:4]
            )
            raise Unreadable(name, "ambiguous_place", f"มีหลายแห่ง ({options}) ให้ใส่รหัสพื้นที่")
        return same[0]

    def _nearest(self, name: str) -> str:
        folded = fold_place(name)
        if len(folded) < _LONG_ENOUGH:
            return ""
        near = {
            place.code: place
            for key, places in self._by_name.items()
            for place in places
            if place.in_scope and spelling_distance(folded, key, bound=_NEAR) <= _NEAR
        }
        if len(near) != 1:
            return ""
        place = next(iter(near.values()))
        return f" หมายถึง {place.name_th} ({place.code}) หรือไม่ ให้แก้ชื่อหรือใส่รหัส"

    @staticmethod
    def _in_scope(place: ReportingPlace) -> ReportingPlace:
        if place.in_scope:
            return place
        said = f"{place.name_th} ({place.code}) อยู่นอกพื้นที่ที่ผู้นำเข้ารับผิดชอบ"
        raise Unreadable(place.code, "out_of_scope", said)
