"""A deadline of Chiang Rai with a plan, a call for help and a kept board, for the walk of all pages."""

from __future__ import annotations

from datetime import UTC, date, datetime

from tests.budget.deadlines.acting import (
    AT,
    HEAD,
    LATER,
    OFFICER,
    TODAY,
    a_deadline,
    a_plan,
    some_money,
)
from tiddao.budget.actions.boards import take_board
from tiddao.budget.actions.help import ask_help
from tiddao.budget.actions.plans import submit_plan, write_plan
from tiddao.ledger.actors import SYSTEM


def deadline_of_57(name: str) -> dict[str, object]:
    """What stands in the place-holders of its pages. name: in what nobody else may read."""
    some_money("CDD-5712")
    deadline = a_deadline("57", name_th=name)
    plan = write_plan(
        deadline.pk, "5712", a_plan(deadline, words=name), seen=None, on=TODAY, by=OFFICER, at=AT
    )
    submit_plan(plan.pk, seen=AT, by=OFFICER, at=LATER)
    asked = ask_help(deadline.pk, "5712", name, by=HEAD, at=AT)
    board = take_board(
        date(2019, 1, 25), series="books", level="district", basis="disbursed", spending="total",
        within="57", deadline=deadline.pk, by=SYSTEM, at=datetime(2019, 1, 25, 12, tzinfo=UTC),
    )  # fmt: skip
    return {
        "deadline_id": deadline.pk,
        "place": "5712",
        "plan_id": plan.pk,
        "help_id": asked.pk,
        "board_id": board.pk,
    }
