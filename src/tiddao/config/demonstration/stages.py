"""The stages of the demonstration, in order; each is whole or not there."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from tiddao.config.demonstration import people, results
from tiddao.config.demonstration.districts import ROUNDS
from tiddao.config.demonstration.frameworks import frameworks_are_there, publish_frameworks
from tiddao.indicators.actions.scoring import materialise_pending
from tiddao.indicators.models import FactChange
from tiddao.ui.context import DEMONSTRATION_MARK


class RealData(Exception):
    """Accounts of real people are here; demonstration data are never mixed with theirs."""


@dataclass(frozen=True, slots=True)
class Stage:
    """words: for the person who waits. done: says whether ``act`` has been done, cheaply."""

    words: str
    done: Callable[[], bool]
    act: Callable[[], object]


STAGES: tuple[Stage, ...] = (
    Stage("บุคคลและตำแหน่ง (people)", people.people_are_there, people.make_people),
    Stage("แบบประเมิน 2565–2566 (frameworks)", frameworks_are_there, publish_frameworks),
    Stage("เป้าหมายจังหวัดเชียงราย (targets)", results.targets_are_there, results.set_targets),
    *(
        Stage(
            f"ผลเชียงราย {year} {code} (results)",
            partial(results.is_reported_already, (year, code)),
            partial(results.report_round, (year, code)),
        )
        for year, code in ROUNDS
    ),
    Stage("ผลทั้งประเทศ 2566 12m (nation)", results.nation_is_reported, results.report_nation),
)


def mark_installation() -> None:
    """Switch the banner on, before the first invented row is written.

    Raises RealData where somebody who is nobody of the demonstration has an account, unless the
    demonstration was there first.
    """
    mark = Path(settings.HOME) / DEMONSTRATION_MARK
    if mark.exists():
        return
    if people.strangers():
        raise RealData
    mark.parent.mkdir(parents=True, exist_ok=True)
    mark.write_text("ข้อมูลสาธิต\n", encoding="utf-8")


def load() -> Iterator[str]:
    """Do what is not done yet, one transaction a stage; yield the words of each stage before it."""
    mark_installation()
    for stage in STAGES:
        if not stage.done():
            yield stage.words
            with transaction.atomic():
                stage.act()
    if FactChange.objects.exists():  # also those of a run that was killed while it scored
        yield "คะแนนและดาว (scores)"
        materialise_pending(at=timezone.now())
