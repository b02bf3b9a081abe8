from django.apps import AppConfig
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _


class BudgetConfig(AppConfig):
    name = "tiddao.budget"
    label = "budget"

    def ready(self) -> None:
        from tiddao.budget.panels import (  # noqa: PLC0415 -- tables are ready only now
            deadlines_panel,
        )
        from tiddao.budget.subjects import BookEntries  # noqa: PLC0415 -- tables are ready only now
        from tiddao.evidence import subjects  # noqa: PLC0415 -- filled as apps get ready
        from tiddao.ui import registry  # noqa: PLC0415 -- filled as apps get ready

        subjects.register(BookEntries())

        registry.add(
            registry.HomePanel("deadlines", "budget/deadlines/panel.html", deadlines_panel, 20)
        )
        registry.add(registry.PlaceTab("money", _("Money"), "place-money", "coins", 30))
        registry.add(registry.NavigationItem(_("Money"), "own-money", "coins", 25, _has_a_post))
        registry.add(
            registry.NavigationItem(
                _("Disbursement figures"), "treasury", "report-money", 40, _sees_the_nation
            )
        )


def _sees_the_nation(request: HttpRequest) -> bool:
    from tiddao.people.access import sees_the_nation  # noqa: PLC0415 -- tables are ready only now

    return sees_the_nation(request.standing)  # type: ignore[attr-defined]  # StandingMiddleware


def _has_a_post(request: HttpRequest) -> bool:
    return bool(request.standing.posts)  # type: ignore[attr-defined]  # StandingMiddleware
