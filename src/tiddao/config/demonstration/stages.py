"""The stages of the demonstration, in order; each is whole or not there."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from tiddao.budget.models import QualityCount
from tiddao.budget.tasks import nudge_count_of_questions
from tiddao.config.demonstration import (
    books,
    cascade,
    deadlines,
    ideas,
    meetings,
    papers,
    people,
    personal,
    policy,
    quarter,
    results,
    strategy,
)
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
    Stage(
        "ยุทธศาสตร์กรมและเข็มทิศเชียงราย 2566 (strategy)",
        strategy.strategies_are_there,
        strategy.write_strategies,
    ),
    Stage("ถ่ายทอดเป้าหมาย (cascade)", cascade.cascade_is_there, cascade.hand_target_down),
)

DAY_FILE = "demonstration-day"
"""File in TIDDAO_HOME: the day on which the demonstration began to be loaded; its money ends there."""


def stages_of_this_year(day: date) -> tuple[Stage, ...]:
    """Return the stages that depend on the day: directives, money, the round that is open on it."""
    return (
        *policy_stages(day),
        *money_stages(day),
        *quarter_stages(day),
        *strategy_stages(day),
        *paper_stages(day),
        *ideas_stages(day),
    )


def money_stages(day: date) -> tuple[Stage, ...]:
    """Return the stages of money as they are on a day, this fiscal year's last."""
    *before, current = books.years_of(day)
    return (
        Stage(
            "โครงการของกรม (projects)",
            partial(books.projects_are_there, day),
            partial(books.name_projects, day),
        ),
        *(
            Stage(
                f"สมุดเงินทั้งประเทศ {year} (books)",
                partial(books.year_is_there, year, of_chiang_rai=False),
                partial(books.take_over_nation, year, day),
            )
            for year in (*before, current)
        ),
        *(
            Stage(
                f"สมุดเงินเชียงราย {year} (books)",
                partial(books.year_is_there, year, of_chiang_rai=True),
                partial(books.take_over_chiang_rai, year, day),
            )
            for year in before
        ),
        Stage(
            f"สมุดเงินเชียงราย {current} (books)",
            partial(books.year_is_there, current, of_chiang_rai=True),
            partial(books.keep_chiang_rai, day),
        ),
        Stage(
            "ไฟล์ของจังหวัดเชียงราย (workbooks)",
            partial(books.workbooks_are_there, day),
            partial(books.hand_in_workbooks, day),
        ),
        Stage(
            "กำหนดเวลาเร่งรัด (deadlines)",
            partial(deadlines.deadlines_are_there, day),
            partial(deadlines.set_deadlines, day),
        ),
        Stage(
            "แผนเร่งรัดและการขอความช่วยเหลือ (plans)",
            partial(deadlines.plans_are_there, day),
            partial(deadlines.write_plans, day),
        ),
    )


def quarter_stages(day: date) -> tuple[Stage, ...]:
    """Return the stages of the quarter's round; they stand on the yearly framework and on the books."""
    return (
        Stage(
            "แบบติดตามรายไตรมาส (framework)",
            partial(quarter.framework_is_there, day),
            partial(quarter.publish_framework, day),
        ),
        Stage(
            "ผลไตรมาสนี้ (results)",
            partial(quarter.quarter_is_reported, day),
            partial(quarter.report_quarter, day),
        ),
    )


def policy_stages(day: date) -> tuple[Stage, ...]:
    """Return the stages of documents, directives and recurring reports."""
    return (
        Stage(
            "เอกสารและข้อสั่งการ (documents)",
            partial(policy.documents_are_there, day),
            partial(policy.read_documents, day),
        ),
        Stage(
            "ข้อสั่งการทุกจังหวัด (directives)",
            partial(policy.directives_are_there, day),
            partial(policy.hand_directives_down, day),
        ),
        Stage(
            "ประชุมโซนอิงสู่โขง 22 พ.ย. 2565 (meetings)",
            partial(meetings.zone_day_is_there, day),
            partial(meetings.hold_zone_day, day),
        ),
        Stage(
            "ประชุมประจำเดือน (meetings)",
            partial(meetings.monthly_meetings_are_there, day),
            partial(meetings.hold_monthly_meetings, day),
        ),
        Stage(
            "รายงานประจำ (obligations)",
            partial(policy.obligations_are_there, day),
            partial(policy.agree_on_reports, day),
        ),
    )


def strategy_stages(day: date) -> tuple[Stage, ...]:
    """Return the stages of this year's strategies and of two people's own targets."""
    return (
        Stage(
            "ยุทธศาสตร์ของปีนี้ (strategy)",
            partial(strategy.this_year_is_there, day),
            partial(strategy.carry_into_this_year, day),
        ),
        Stage(
            "เป้าหมายรายบุคคล (personal)",
            partial(personal.personal_targets_are_there, day),
            partial(personal.write_personal_targets, day),
        ),
    )


def paper_stages(day: date) -> tuple[Stage, ...]:
    """Return the stages of official papers, after the meetings and directives they are of."""
    return (
        Stage(
            "หนังสือราชการ (letters)",
            partial(papers.letters_are_there, day),
            partial(papers.write_letters, day),
        ),
        Stage(
            "รายงานการประชุมและข่าว (minutes)",
            partial(papers.minutes_are_there, day),
            partial(papers.issue_papers_of_meetings, day),
        ),
    )


def ideas_stages(day: date) -> tuple[Stage, ...]:
    """Return the stages of ideas and field visits; they hang on the zone's meeting where it is there."""
    return (
        Stage(
            "ระดมความคิดโซนอิงสู่โขง (ideas)",
            partial(ideas.board_is_there, day),
            partial(ideas.think_together, day),
        ),
        Stage(
            "ลงพื้นที่ตำบลไม้ยา (visits)",
            partial(ideas.visits_are_there, day),
            partial(ideas.go_and_see, day),
        ),
    )


def day_of_demonstration(today: date) -> date:
    """Return the day on which loading began: today, unless an earlier run was killed or done."""
    path = Path(settings.HOME) / DAY_FILE
    if not path.exists():
        path.write_text(f"{today.isoformat()}\n", encoding="ascii")
    return date.fromisoformat(path.read_text(encoding="ascii").strip())


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


def load(*, today: date | None = None) -> Iterator[str]:
    """Do what is not done yet, one transaction a stage; yield the words of each stage before it.

    today: the day that money is told up to, the first time; None: this day in Thailand.
    """
    mark_installation()
    day = day_of_demonstration(today or timezone.localdate())
    for stage in (*STAGES, *stages_of_this_year(day)):
        if not stage.done():
            yield stage.words
            with transaction.atomic():
                stage.act()
    if not QualityCount.objects.exists():
        transaction.on_commit(nudge_count_of_questions)  # the worker counts; nobody waits for it
    if FactChange.objects.exists():  # also those of a run that was killed while it scored
        yield "คะแนนและดาว (scores)"
        materialise_pending(at=timezone.now())
