from django.apps import AppConfig


class ConfigConfig(AppConfig):
    name = "tiddao.config"
    label = "config"
