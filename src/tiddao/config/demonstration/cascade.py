"""A national target handed to every province and on to the districts of Chiang Rai, and answered."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from tiddao.config.demonstration.calendar import EVENING, MORNING, NOON, moment
from tiddao.config.demonstration.districts import PROVINCE, SHOWN
from tiddao.config.demonstration.frameworks import CODE
from tiddao.config.demonstration.people import DEPUTY, HEAD_OF_PROVINCE, actor
from tiddao.config.demonstration.policy import ELSEWHERE
from tiddao.indicators.actions.cascade import answer_target, hand_down_target
from tiddao.indicators.models import Framework, TargetPart, TargetSplit
from tiddao.indicators.queries.cascade import LastResults, places_below, receivers
from tiddao.indicators.queries.frameworks import definition_of, version_in_force
from tiddao.ledger.actors import Actor
from tiddao.places.models import NATION, Level

YEAR = 2566
INDICATOR = "1.4"  # villages that held their forum
RATE = Decimal(80)
HANDED_DOWN_ON = date(2022, 12, 19)
OBJECTS = "58"  # แม่ฮ่องสอน
OBJECTS_BELOW = "5716"
SILENT_EVERY, SILENT_DISTRICTS = 7, ("5708", SHOWN)


def cascade_is_there() -> bool:
    return TargetSplit.objects.filter(place=PROVINCE, indicator_code=INDICATOR).exists()


def hand_target_down() -> None:
    """The department gives every province the rate; Chiang Rai gives it to its districts."""
    on = HANDED_DOWN_ON
    national = _handed(NATION, Level.PROVINCE, actor(DEPUTY, on=on), on)
    for number, part in enumerate(TargetPart.objects.filter(split=national).order_by("place")):
        day = on + timedelta(days=1 + number % 9)
        if part.place_id == PROVINCE:
            head = actor(HEAD_OF_PROVINCE, on=day)
            answer_target(part.pk, "acknowledged", by=head, at=moment(day, MORNING))
        elif part.place_id == OBJECTS:
            _object(part, day, "หมู่บ้านบนดอยหลายแห่งเข้าถึงไม่ได้ในฤดูฝน ขอเป้าหมายร้อยละ 70 (ข้อมูลสาธิต)")
        elif number % SILENT_EVERY:
            answer_target(part.pk, "acknowledged", by=ELSEWHERE, at=moment(day, NOON))
    own_day = on + timedelta(days=14)
    below = _handed(PROVINCE, Level.DISTRICT, actor(HEAD_OF_PROVINCE, on=own_day), own_day)
    for number, part in enumerate(TargetPart.objects.filter(split=below).order_by("place")):
        day = own_day + timedelta(days=1 + number % 4)
        if part.place_id == OBJECTS_BELOW:
            _object(part, day, "มีหมู่บ้านจัดตั้งใหม่ยังไม่มีกรรมการหมู่บ้านครบ (ข้อมูลสาธิต)")
        elif part.place_id not in SILENT_DISTRICTS:
            answer_target(part.pk, "acknowledged", by=ELSEWHERE, at=moment(day, EVENING))


def _handed(giver: str, level: Level, by: Actor, on: date) -> TargetSplit:
    framework = Framework.objects.select_related("owner").get(code=CODE, fiscal_year=YEAR)
    version = version_in_force(framework.pk)
    assert version is not None  # an earlier stage published it
    indicator = definition_of(version).indicator(INDICATOR)
    below = places_below(giver, [level], on=on)
    nothing = LastResults(None, {})
    return hand_down_target(
        framework,
        INDICATOR,
        giver,
        RATE,
        receivers(indicator, below, nothing, base="reported", on=on),
        method="equal",
        by=by,
        at=moment(on, MORNING),
    ).split


def _object(part: TargetPart, on: date, why: str) -> None:
    answer_target(part.pk, "objected", by=ELSEWHERE, at=moment(on, NOON), reason=why)
