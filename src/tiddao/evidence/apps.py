from django.apps import AppConfig


class EvidenceConfig(AppConfig):
    name = "tiddao.evidence"
    label = "evidence"

    def ready(self) -> None:
        from tiddao.evidence.navigation import register  # noqa: PLC0415 -- tables are ready only now

        register()
