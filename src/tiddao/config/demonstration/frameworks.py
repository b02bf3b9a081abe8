"""The department's proposed framework in two fiscal years, published by the demonstration deputy."""

from __future__ import annotations

from datetime import date

from django.conf import settings

from tiddao.config.demonstration.calendar import MORNING, moment
from tiddao.config.demonstration.people import DEPUTY, actor
from tiddao.indicators.actions.frameworks import import_definition, publish_version
from tiddao.indicators.models import Framework, Round, Version

CODE = "amphoe-tid-dao"
DEFINITIONS = settings.BASE.parent.parent / "definitions"
PUBLISHED_ON = {2565: date(2021, 11, 23), 2566: date(2022, 11, 22)}


def frameworks_are_there() -> bool:
    published = Framework.objects.filter(
        code=CODE, fiscal_year__in=PUBLISHED_ON, versions__state=Version.State.PUBLISHED
    )
    return published.distinct().count() == len(PUBLISHED_ON)


def publish_frameworks() -> None:
    """Take in the shipped definitions and publish them; their rounds are planned by that."""
    for year, on in PUBLISHED_ON.items():
        deputy, file = actor(DEPUTY, on=on), DEFINITIONS / f"{CODE}-{year}.toml"
        draft = import_definition(
            file.read_text(encoding="utf-8"), file=file.name, by=deputy, at=moment(on, MORNING)
        )
        publish_version(draft, by=deputy, at=moment(on, MORNING))


def round_of(year: int, code: str) -> Round:
    """Return the demonstration's round; Round.DoesNotExist before the frameworks are published."""
    return Round.objects.select_related("framework").get(
        framework__code=CODE, framework__fiscal_year=year, code=code
    )
