"""Reads about places, groups and offices."""

from tiddao.places.queries.units import (
    Unit,
    find_unit,
    former_names,
    full_name,
    in_language,
    level_name,
    unit_of_place,
)

__all__ = [
    "Unit",
    "find_unit",
    "former_names",
    "full_name",
    "in_language",
    "level_name",
    "unit_of_place",
]
