"""What areas add to the frame that all pages share; filled in each area's ``AppConfig.ready``.

So the frame knows no area, and an area that is not built yet is not shown.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.utils.functional import Promise

Words = str | Promise  # a lazily translated string
DAILY = 30
"""What officers open every day comes before it (``NavigationItem.order``)."""


@dataclass(frozen=True, slots=True)
class NavigationItem:
    """A link of the main menu; shown where ``shown_to(request)`` holds.

    order: those below ``DAILY`` stand in the bar, the others behind "More".
    """

    label: Words
    url_name: str
    icon: str
    order: int
    shown_to: Callable[[HttpRequest], bool] = lambda request: True  # noqa: ARG005 -- default


@dataclass(frozen=True, slots=True)
class PlaceTab:
    """A tab of every place's page; its address takes the unit's key: reverse(url_name, [key])."""

    code: str
    label: Words
    url_name: str
    icon: str
    order: int


@dataclass(frozen=True, slots=True)
class HomePanel:
    """A card of the home page. context(request) gives its template's variables, or None to hide.

    A true "presses" among the variables puts it before the others: a last day is today or near.
    """

    code: str
    template: str
    context: Callable[[HttpRequest], dict[str, Any] | None]
    order: int


navigation: list[NavigationItem] = []
place_tabs: list[PlaceTab] = []
home_panels: list[HomePanel] = []


def add(item: NavigationItem | PlaceTab | HomePanel) -> None:
    """Add an item to its list, in order; adding the same item again changes nothing."""
    lists: dict[type, list[Any]] = {
        NavigationItem: navigation,
        PlaceTab: place_tabs,
        HomePanel: home_panels,
    }
    target = lists[type(item)]
    if item not in target:
        target.append(item)
        target.sort(key=lambda one: one.order)
