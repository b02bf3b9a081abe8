from django.apps import AppConfig


class IndicatorsConfig(AppConfig):
    name = "tiddao.indicators"
    label = "indicators"

    def ready(self) -> None:
        from tiddao.evidence import subjects  # noqa: PLC0415 -- tables are ready only now
        from tiddao.indicators.actions.changes import (  # noqa: PLC0415 -- as above
            mark_groups_changed,
            mark_map_changed,
        )
        from tiddao.indicators.measures import IndicatorMeasures  # noqa: PLC0415 -- as above
        from tiddao.indicators.navigation import register  # noqa: PLC0415 -- as above
        from tiddao.indicators.subjects import ResultSubjects  # noqa: PLC0415 -- as above
        from tiddao.places.signals import (  # noqa: PLC0415 -- as above
            members_changed,
            places_changed,
        )
        from tiddao.policy import measuring  # noqa: PLC0415 -- as above

        members_changed.connect(mark_groups_changed, dispatch_uid="indicators")
        places_changed.connect(mark_map_changed, dispatch_uid="indicators")
        subjects.register(ResultSubjects())
        measuring.register(IndicatorMeasures())
        register()
