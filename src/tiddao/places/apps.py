from django.apps import AppConfig
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _


class PlacesConfig(AppConfig):
    name = "tiddao.places"
    label = "places"

    def ready(self) -> None:
        from tiddao.ui import registry  # noqa: PLC0415 -- the registry fills as apps get ready

        registry.add(registry.NavigationItem(_("Places"), "place-search", "map-pin", 10))
        registry.add(registry.NavigationItem(_("Groups of places"), "groups", "users-group", 60))
        registry.add(
            registry.NavigationItem(
                _("Import villages"), "village-imports", "file-import", 70, _may_import
            )
        )


def _may_import(request: HttpRequest) -> bool:
    return bool(request.standing.may("import_villages"))  # type: ignore[attr-defined]  # StandingMiddleware
