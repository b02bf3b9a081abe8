from django.apps import AppConfig


class PolicyConfig(AppConfig):
    name = "tiddao.policy"
    label = "policy"
