from django.apps import AppConfig


class IndicatorsConfig(AppConfig):
    name = "tiddao.indicators"
    label = "indicators"
