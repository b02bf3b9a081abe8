from collections.abc import Callable

from django.apps import AppConfig
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _


class PeopleConfig(AppConfig):
    name = "tiddao.people"
    label = "people"

    def ready(self) -> None:
        from tiddao.ui import registry  # noqa: PLC0415 -- the registry fills as apps get ready

        registry.add(registry.NavigationItem(_("Home"), "home", "home", 0))
        registry.add(
            registry.NavigationItem(_("People"), "people", "users", 80, _may("see_people"))
        )
        registry.add(
            registry.NavigationItem(_("Ledger"), "ledger", "list-check", 90, _may("read_ledger"))
        )


def _may(act: str) -> Callable[[HttpRequest], bool]:
    """Return the question whether the person of a request may do the act anywhere."""

    def asked(request: HttpRequest) -> bool:
        return bool(request.standing.may(act))  # type: ignore[attr-defined]  # StandingMiddleware

    return asked
