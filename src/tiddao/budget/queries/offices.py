"""The units whose money a provincial office's own workbook tells."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from tiddao.places import tree
from tiddao.places.models import Level, Place


@dataclass(frozen=True, slots=True)
class OfficeUnits:
    """A province and its districts: code → Thai name."""

    province: str
    districts: dict[str, str]


def office_units(province_code: str, *, on: date) -> OfficeUnits | None:
    """Return the province with the districts it had on the day, or None for no province. Two queries."""
    province = Place.objects.filter(
        tree.exists_on(on), code=province_code, level=Level.PROVINCE
    ).first()
    if province is None:
        return None
    below = tree.descendants(province_code, on=on, level=Level.DISTRICT)
    return OfficeUnits(province.name_th, dict(below.values_list("code", "name_th")))
