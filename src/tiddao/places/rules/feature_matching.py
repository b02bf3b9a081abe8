"""Which official place a feature of an outline file stands for.

Neither the codes nor the names of such files can be trusted alone: one public file numbers
Bangkok's districts in an order of its own, and gives another district's name to a right code.
So a feature's code, Thai name and English name each vote, within the province in which it lies.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from tiddao.kernel.names import fold_place, spelling_distance

_NEAR = 2  # signs that a misspelt name may differ by
_SHORTEST = 4  # a name this short or shorter must match exactly


@dataclass(frozen=True, slots=True)
class KnownPlace:
    """An official place that an outline may be for. province: its code's province."""

    code: str
    province: str
    name_th: str
    name_en: str


@dataclass(frozen=True, slots=True)
class Match:
    """What a feature was taken for. doubt: "" or why a person should look at it."""

    number: int
    code: str | None
    doubt: Literal["", "code_unknown", "code_differs", "name_differs", "no_match", "ambiguous"]
    written: str  # code and names as the file has them


@dataclass(frozen=True, slots=True)
class Keys:
    """Names of the properties that hold code, Thai name and English name; None where absent."""

    code: str | None
    name_th: str | None
    name_en: str | None


def detect_keys(
    properties: Sequence[Mapping[str, str]], places: Sequence[KnownPlace]
) -> Keys | None:
    """Return the properties that hold codes and names, or None when none of them does.

    A property counts when at least half of the features have a known value in it; the one with
    most known values wins, the first in the alphabet on a tie.

    Source: issue 2 "places" (shapes keyed by code or by name).
    """
    known = {
        "code": {place.code for place in places},
        "name_th": {fold_place(place.name_th) for place in places},
        "name_en": {fold_place(place.name_en) for place in places if place.name_en},
    }
    hits: dict[str, Counter[str]] = defaultdict(Counter)
    for row in properties:
        for key, value in row.items():
            folded = value if value.isdigit() else fold_place(value)
            for what, values in known.items():
                hits[what][key] += folded in values
    found: dict[str, str | None] = {}
    for what in known:
        best = max(sorted(hits[what]), key=lambda key: hits[what][key], default=None)
        enough = best is not None and hits[what][best] * 2 >= len(properties)
        found[what] = best if enough else None
    keys = Keys(found["code"], found["name_th"], found["name_en"])
    return keys if any((keys.code, keys.name_th, keys.name_en)) else None


class Matcher:
    """Matches features to the places of one level.

    Source: issue 2 "places"; the doubts were found in the two files of the data folder.
    """

    def __init__(self, places: Sequence[KnownPlace], keys: Keys) -> None:
        self.keys = keys
        self.by_code = {place.code: place for place in places}
        self.by_province: dict[str, list[KnownPlace]] = defaultdict(list)
        for place in places:
            self.by_province[place.province].append(place)

    def match_all(self, rows: Sequence[tuple[int, Mapping[str, str], str | None]]) -> list[Match]:
        """Return what each feature stands for, in order.

        rows: (number, properties, province in which the feature lies; None where not known, then
        the province of its code is believed). Where code and names point to different places with
        equal force, those that other features have taken for sure are out of question.
        """
        votes = [
            # Files also differ in whose an island is: then code and names together are believed.
            self._votes(properties, province) or self._votes(properties, None)
            for _, properties, province in rows
        ]
        taken = {best[0] for best in map(_leaders, votes) if len(best) == 1}
        matches = []
        for (number, properties, _), counted in zip(rows, votes, strict=True):
            leaders = _leaders(counted)
            if len(leaders) > 1:
                leaders = [code for code in leaders if code not in taken]
            written = " ".join(part for part in self._written(properties) if part)
            if len(leaders) == 1:
                matches.append(
                    Match(number, leaders[0], self._doubt(leaders[0], properties), written)
                )
            else:
                matches.append(Match(number, None, "ambiguous" if counted else "no_match", written))
        return matches

    def _written(self, properties: Mapping[str, str]) -> tuple[str, str, str]:
        code, name_th, name_en = (
            properties.get(key, "") if key else ""
            for key in (self.keys.code, self.keys.name_th, self.keys.name_en)
        )
        return code, name_th, name_en

    def _votes(self, properties: Mapping[str, str], province: str | None) -> Counter[str]:
        code, name_th, name_en = self._written(properties)
        coded = self.by_code.get(code)
        home = province or (code[:2] if code[:2] in self.by_province else None)
        if coded and home and coded.province != home:
            coded = None
        candidates = self.by_province[home] if home else list(self.by_code.values())
        thai = self._named(name_th, candidates, english=False)
        english = self._named(name_en, candidates, english=True)
        return Counter(place.code for place in (coded, thai, english) if place)

    def _doubt(
        self, best: str, properties: Mapping[str, str]
    ) -> Literal["", "code_unknown", "code_differs", "name_differs"]:
        code, name_th, _ = self._written(properties)
        if code and code not in self.by_code:
            return "code_unknown"
        if code and code != best:
            return "code_differs"
        if name_th and self._named(name_th, [self.by_code[best]], english=False) is None:
            return "name_differs"
        return ""

    def _named(
        self, name: str, candidates: Sequence[KnownPlace], *, english: bool
    ) -> KnownPlace | None:
        """Return the one place of that name; else the one whose name is nearest, if only one is."""
        key = fold_place(name) if name else ""
        if not key:
            return None
        folded = [
            (fold_place(place.name_en if english else place.name_th), place)
            for place in candidates
            if not english or place.name_en
        ]
        exact = [place for text, place in folded if text == key]
        if exact:
            return exact[0] if len(exact) == 1 else None
        if len(key) <= _SHORTEST:
            return None
        near = sorted(
            (spelling_distance(text, key, bound=_NEAR), place.code, place) for text, place in folded
        )
        if not near or near[0][0] > _NEAR or (len(near) > 1 and near[1][0] == near[0][0]):
            return None
        return near[0][2]


def _leaders(votes: Counter[str]) -> list[str]:
    most = max(votes.values(), default=0)
    return [code for code, count in votes.items() if count == most]
