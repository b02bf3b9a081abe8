"""What every page needs for its frame."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from importlib.metadata import version
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.translation import get_language

from tiddao.ui import registry
from tiddao.ui.registry import Words

DEMONSTRATION_MARK = "demonstration"
"""File in TIDDAO_HOME that says that demonstration data was loaded; ``tiddao demo`` makes it."""


@dataclass(frozen=True, slots=True)
class Link:
    """A link of the frame."""

    label: Words
    href: str
    icon: str
    current: bool


class Frame:
    """The variables of ``ui/base.html``, each worked out when it is first shown."""

    version = version("tiddao")

    def __init__(self, request: HttpRequest) -> None:
        self._request = request

    @cached_property
    def signed_in(self) -> bool:
        # An error page may come before the sign-in was looked at.
        user = getattr(self._request, "user", None)
        return bool(user is not None and user.is_authenticated)

    @cached_property
    def name(self) -> str:
        return str(self._request.user.get_full_name()) if self.signed_in else ""  # type: ignore[union-attr]  # signed in

    @cached_property
    def posts(self) -> list[Any]:
        """The posts held today: .title, .office_name, .tenure."""
        return list(self._request.standing.posts) if self.signed_in else []  # type: ignore[attr-defined]  # StandingMiddleware

    @cached_property
    def font(self) -> str:
        """Return "looped" where the person prefers looped letters, else ""."""
        return str(getattr(self._request.user, "font", "")) if self.signed_in else ""

    @cached_property
    def navigation(self) -> list[Link]:
        """The main menu's daily links; a page whose area is not built yet is not shown."""
        return self._links(is_daily=True)

    @cached_property
    def more(self) -> list[Link]:
        """The main menu's other links: what is kept rather than done."""
        return self._links(is_daily=False)

    @cached_property
    def is_in_more(self) -> bool:
        """The page that is open is one of the others."""
        return any(link.current for link in self.more)

    def _links(self, *, is_daily: bool) -> list[Link]:
        if not self.signed_in:
            return []
        here = self._request.path
        links = []
        for item in registry.navigation:
            href = address(item.url_name)
            in_bar = item.order < registry.DAILY
            if href and in_bar == is_daily and item.shown_to(self._request):
                current = here == href if href == self.home else here.startswith(href)
                links.append(Link(item.label, href, item.icon, current))
        return links

    @cached_property
    def home(self) -> str:
        return address("home") or "/"

    @cached_property
    def search(self) -> str:
        """Where the search is answered, "" where nobody may search."""
        return address("search") or address("place-search") if self.signed_in else ""

    @cached_property
    def searched(self) -> str:
        """What was searched for, to stand in the box again."""
        return self._request.GET.get("q", "") if self._request.path == self.search else ""

    @cached_property
    def sign_in(self) -> str:
        return address("account_login")

    @cached_property
    def sign_out(self) -> str:
        return address("account_logout")

    @cached_property
    def password(self) -> str:
        return address("account_change_password")

    @cached_property
    def second_factor(self) -> str:
        return address("mfa_index")

    @cached_property
    def profile(self) -> str:
        return address("profile")

    @cached_property
    def set_language(self) -> str:
        return address("set_language")

    @cached_property
    def other_language(self) -> tuple[str, str]:
        """Code and own name of the language that this page is not in."""
        return ("th", "ภาษาไทย") if (get_language() or "").startswith("en") else ("en", "English")

    @cached_property
    def here(self) -> str:
        """Where a change of language comes back to; a page that was posted to cannot be asked again."""
        return self._request.get_full_path() if self._request.method == "GET" else self.home

    @cached_property
    def demonstration(self) -> bool:
        return (Path(settings.HOME) / DEMONSTRATION_MARK).exists()


def address(url_name: str) -> str:
    """Return the page's address, "" where its area is not built yet."""
    try:
        return reverse(url_name)
    except NoReverseMatch:
        return ""


def frame(request: HttpRequest) -> dict[str, object]:
    """Return the variables of the base template."""
    return {"frame": Frame(request)}
