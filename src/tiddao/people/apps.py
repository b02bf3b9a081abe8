from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "tiddao.people"
    label = "people"
