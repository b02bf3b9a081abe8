from django.apps import AppConfig


class EvidenceConfig(AppConfig):
    name = "tiddao.evidence"
    label = "evidence"
