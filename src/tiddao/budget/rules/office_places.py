"""Finds the unit that a label in an office's workbook means: a district, or the provincial office."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from tiddao.budget.rules.office_words import squashed, without_bullet
from tiddao.kernel.names import (
    PlaceName,
    fold_place,
    repair_spelling,
    spelling_distance,
    split_place_prefix,
)

# "สนง.พช.อ.พาน", "สำนักงานพัฒนาชุมชนจังหวัด": the office in front of the level.
_OFFICE = re.compile(
    r"^(?:ที่ทำการ|สำนักงาน|สนง\.?|สน\.)?\s?(?:พัฒนาชุมชน|พช\.?)\s?(?=อำเภอ|อ\.|จังหวัด|จ\.|สพอ|สพจ)"
)
_PROVINCIAL = re.compile(r"(?:จังหวัด|สพจ\.?|จ\.|ส่วนจังหวัด|ระดับจังหวัด|สนง\.?จังหวัด|สำนักงานจังหวัด)")
_GROUP_OF_OFFICE = re.compile(r"(?:กลุ่มงาน|ฝ่ายอำนวยการ)")
_SUGGEST_WITHIN = 2
_LONGEST = 60


@dataclass(frozen=True, slots=True)
class PlaceFound:
    """unit: code, or None. note: what a person should know, in Thai; "" where all is plain.

    part: the group of the provincial office that the label names, "" mostly.
    """

    unit: str | None
    note: str = ""
    part: str = ""


@dataclass
class PlaceBook:
    """The units of one province under every spelling met so far.

    province: its Thai name. districts: code → Thai name. aliases: what the office said before.
    """

    province: str
    districts: Mapping[str, str]
    aliases: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        codes = {code[:2] for code in self.districts}
        if len(codes) != 1:
            raise ValueError("the districts must be of one province, and at least one")
        self.province_code = codes.pop()
        self._province_key = fold_place(self.province)
        self._of_key = {
            fold_place(name, province=self.province): code for code, name in self.districts.items()
        }
        self._aliases = {squashed(text): code for text, code in self.aliases.items()}
        known = {self.province_code, *self.districts}
        if stray := sorted(set(self._aliases.values()) - known):
            raise ValueError(f"aliases lead to units outside the province: {stray}")
        self._met: dict[tuple[str, bool], PlaceFound] = {}

    def find(self, text: str) -> PlaceFound:
        """The unit a label names. Never guessed: a name that is nearly right is only suggested.

        Source: docs domain 3.4 ("จังหวัด" is a unit beside the districts; doubled vowel signs).
        """
        return self._look_up(text, suggest=True)

    def unit(self, text: str) -> str | None:
        """The code of the unit a label names, or None.

        Source: docs domain 3.4.
        """
        return self._look_up(text, suggest=False).unit

    def _look_up(self, text: str, *, suggest: bool) -> PlaceFound:
        if (text, suggest) not in self._met:
            self._met[text, suggest] = self._found(text, suggest=suggest)
        return self._met[text, suggest]

    def _found(self, text: str, *, suggest: bool) -> PlaceFound:
        bare = squashed(text)
        if not bare or len(bare) > _LONGEST:
            return PlaceFound(None)
        if bare in self._aliases:
            return PlaceFound(self._aliases[bare])
        label = _OFFICE.sub("", without_bullet(text)).strip()
        short = squashed(label)
        if _PROVINCIAL.fullmatch(short):
            return PlaceFound(self.province_code)
        if _GROUP_OF_OFFICE.match(short):
            return PlaceFound(self.province_code, part=label)
        return self._a_place(label, suggest=suggest)

    def _a_place(self, label: str, *, suggest: bool) -> PlaceFound:
        place = split_place_prefix(label)
        if place.level_hint == "province":
            return self._the_province(fold_place(place.bare))
        if place.level_hint in {"tambon", "village"}:
            return PlaceFound(None, "เป็นตำบลหรือหมู่บ้าน ไม่ใช่หน่วยงานระดับอำเภอ")
        return self._a_district(fold_place(label, province=self.province), place, suggest=suggest)

    def _a_district(self, key: str, place: PlaceName, *, suggest: bool) -> PlaceFound:
        plain = place.level_hint is None
        if key in self._of_key:
            doubtful = key == self._province_key and plain
            note = "ชื่อเดียวกับจังหวัด อ่านเป็นอำเภอ" if doubtful else ""
            return PlaceFound(self._of_key[key], note)
        if key == self._province_key and plain:
            return PlaceFound(self.province_code)
        return PlaceFound(None, self._suggestion(key) if suggest else "")

    def _the_province(self, key: str) -> PlaceFound:
        if key == self._province_key:
            return PlaceFound(self.province_code)
        return PlaceFound(None, f"ไม่ใช่จังหวัด{self.province}")

    def _suggestion(self, key: str) -> str:
        near = [
            name
            for known, code in self._of_key.items()
            if spelling_distance(key, known, bound=_SUGGEST_WITHIN) <= _SUGGEST_WITHIN
            for name in (self.districts[code],)
        ]
        return f"อาจหมายถึง {' หรือ '.join(near)}" if near else ""


def shown(text: str) -> str:
    """A label as it is quoted in a message: on one line, at most 60 signs.

    Source: docs house, "what an import did not understand is listed".
    """
    line = repair_spelling(text)
    return line if len(line) <= _LONGEST else f"{line[:_LONGEST]}…"
