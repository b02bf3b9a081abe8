from django.apps import AppConfig


class UiConfig(AppConfig):
    name = "tiddao.ui"
    label = "ui"
