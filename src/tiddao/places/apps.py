from django.apps import AppConfig


class PlacesConfig(AppConfig):
    name = "tiddao.places"
    label = "places"
