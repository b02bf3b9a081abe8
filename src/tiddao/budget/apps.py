from django.apps import AppConfig


class BudgetConfig(AppConfig):
    name = "tiddao.budget"
    label = "budget"
