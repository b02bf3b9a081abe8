from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class UiConfig(AppConfig):
    name = "tiddao.ui"
    label = "ui"

    def ready(self) -> None:
        from django.forms import Field  # noqa: PLC0415 -- not before the registry of apps

        # Django's Thai says "ฟิลด์นี้จำเป็น", which no form of an office says.
        Field.default_error_messages["required"] = _("Please fill this in.")
