from django.apps import AppConfig


class LedgerConfig(AppConfig):
    name = "tiddao.ledger"
    label = "ledger"
