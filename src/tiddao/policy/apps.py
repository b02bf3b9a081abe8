from django.apps import AppConfig


class PolicyConfig(AppConfig):
    name = "tiddao.policy"
    label = "policy"

    def ready(self) -> None:
        from tiddao.evidence import subjects  # noqa: PLC0415 -- filled as apps get ready
        from tiddao.policy.navigation import register  # noqa: PLC0415 -- tables are ready only now
        from tiddao.policy.queries import (  # noqa: PLC0415 -- tables are ready only now
            search_sources,
            search_told,
            search_written,
        )
        from tiddao.policy.subjects import (  # noqa: PLC0415 -- tables are ready only now
            DirectiveAnswers,
            FieldVisits,
            HeldMeetings,
        )

        register()
        for source in (*search_sources.OWN, *search_told.OWN, *search_written.OWN):
            search_sources.register(source)
        subjects.register(DirectiveAnswers())
        subjects.register(HeldMeetings())
        subjects.register(FieldVisits())
