"""Counts up the tree against a plain recount of the moves, after random acts (must-show 3).

``make recount`` runs it with ten thousand acts; a test run with fewer, for time.
"""

from __future__ import annotations

import os
from collections import Counter, defaultdict
from contextlib import suppress
from datetime import timedelta
from random import Random

import pytest

from tests.policy.directives.acts import AT, ISAN, NOBODY, ON, offices, sent
from tiddao.places import tree
from tiddao.places.models import Office
from tiddao.policy.actions.answering import (
    AnswerRefused,
    accept_reports,
    answer_directive,
    ask_question,
    move_directive_deadline,
    rule_on_answer,
)
from tiddao.policy.actions.handing_down import Sender, cancel_directive
from tiddao.policy.models import Assignment, Directive, Move
from tiddao.policy.queries.tallies import (
    counted,
    tallies_up_the_tree,
    tally_of,
    whole_line,
)
from tiddao.policy.rules.assignments import (
    RECEIVER_ACTS,
    SENDER_ACTS,
    possible_acts,
    state_of,
)

pytestmark = pytest.mark.django_db

ACTS = int(os.environ.get("TIDDAO_RANDOM_ACTS", "250"))


def recount(directives: list[Directive]) -> dict[str, Counter[str]]:
    """State by every place above, replayed from the moves alone; nothing of the product but rules."""
    acts: dict[int, list[str]] = defaultdict(list)
    moves = Move.objects.filter(stands=True).order_by("assignment_id", "number")
    for assignment, act in moves.values_list("assignment_id", "act"):
        acts[assignment].append(act)
    found: dict[str, Counter[str]] = defaultdict(Counter)
    ids = {each.pk for each in directives}
    for pk, directive, place in Assignment.objects.values_list("pk", "directive_id", "place_id"):
        if directive in ids:
            state = state_of(acts[pk])
            for unit in {"th", place[:2], place}:
                found[unit][state] += 1
    return found


def test_counts_equal_a_recount_at_any_moment_of_random_acts() -> None:
    chance = Random(2566)
    top = sent([f"CDD-{code}" for code in ISAN], due_on=ON + timedelta(days=14))
    wide = sent(offices("district"), due_on=ON + timedelta(days=3))
    lines: dict[int, list[Directive]] = {top.pk: [top], wide.pk: [wide]}
    first = Assignment.objects.order_by("pk")[0].pk
    checks = {ACTS // 4 * step for step in range(1, 4)} | {ACTS}
    done = kept_aside = 0
    while done < ACTS:
        one = _pick(chance, first)
        if not possible_acts(one.state, (*RECEIVER_ACTS, *SENDER_ACTS[:-1])):
            continue
        done += 1
        kind = chance.random()
        if (
            kind < 0.02
            and one.directive_id == top.pk
            and one.state not in {"cancelled", "closed", "released"}
        ):
            _hand_on(one, lines[top.pk])
        elif kind < 0.05:
            accept_reports(
                one.directive_id,
                list(
                    Assignment.objects.filter(directive=one.directive_id, state="done").values_list(
                        "pk", flat=True
                    )[:5]
                ),
                by=NOBODY,
                at=AT,
            )
        elif kind < 0.07:
            _move_deadline(chance, one)
        else:
            kept_aside += _answer(chance, one)
        if done in checks:
            compare(lines)
    assert kept_aside  # late answers were among them
    last_child = lines[top.pk][-1]
    cancel_directive(last_child.pk, reason="ยกเลิก", by=NOBODY, at=AT)
    compare(lines)


def _pick(chance: Random, first: int) -> Assignment:
    """Any office's part; the twenty of the first directive come as often as all the others."""
    reach = 20 if chance.random() < 0.5 else Assignment.objects.order_by("-pk")[0].pk - first
    while True:
        found = Assignment.objects.filter(pk=first + chance.randint(0, reach)).first()
        if found is not None:
            return found


def _hand_on(one: Assignment, line: list[Directive]) -> None:
    districts = offices("district", within=one.place_id)[:4]
    office = Office.objects.get(pk=one.office_id)
    sender = Sender(
        office=office.pk, place=office.place_id, title=office.name_th,
        scope=frozenset({office.place_id}),
    )  # fmt: skip
    line.append(sent(districts, sender=sender, handed_down_from=one.pk))


def _move_deadline(chance: Random, one: Assignment) -> None:
    directive = Directive.objects.get(pk=one.directive_id)
    if directive.due_on is None:
        return
    day = directive.due_on + timedelta(days=chance.randint(-3, 5))
    with suppress(AnswerRefused):  # the same day again, or one that has passed
        move_directive_deadline(
            directive.pk, day=day, reason="สุ่ม", seen=directive.due_on, on=ON, by=NOBODY, at=AT
        )


def _answer(chance: Random, one: Assignment) -> bool:
    """One random act of either side; now and then on what had been seen before. True: kept aside."""
    sides = (*RECEIVER_ACTS, *SENDER_ACTS[:-1], *RECEIVER_ACTS)
    acts = possible_acts(one.state, sides)
    if not acts:
        return False
    act = chance.choice(acts)
    if act == "release" and chance.random() < 0.9:  # or soon nobody is left who may answer
        act = chance.choice(acts)
    if act == "ask":
        ask_question(one.pk, "ถาม", by=NOBODY, at=AT)
        return False
    seen = one.version - 1 if one.version and chance.random() < 0.05 else one.version
    said = {"words": "สุ่ม", "seen": seen, "by": NOBODY, "at": AT}
    if act in RECEIVER_ACTS:
        return not answer_directive(one.pk, act, **said).stands
    return not rule_on_answer(one.pk, act, **said).stands


def compare(lines: dict[int, list[Directive]]) -> None:
    for root, directives in lines.items():
        plain = recount(directives)
        rows = Assignment.objects.filter(whole_line(Directive.objects.get(pk=root)))
        counts = counted(rows, "place_id", on=ON + timedelta(days=8))
        shown = tallies_up_the_tree(counts, on=ON)
        assert {unit: Counter(tally.states) for unit, tally in shown.items()} == plain
        assert Counter(tally_of(counts).states) == plain["th"]
        late = sum(
            (one.due_on or one.directive.due_on or ON + timedelta(days=99)) < ON + timedelta(days=8)
            and one.state not in {"done", "closed", "released", "cancelled"}
            for one in rows.select_related("directive")
        )
        assert tally_of(counts).overdue == late == shown["th"].overdue


def test_groups_count_their_members_once() -> None:
    directive = sent([f"CDD-{code}" for code in ISAN])
    counts = counted(Assignment.objects.filter(directive=directive), "place_id", on=ON)
    shown = tallies_up_the_tree(counts, on=ON, group_keys=None)
    assert shown["region-isan"].silent == 20
    assert sum(shown[key].total for key in shown if key.startswith("inspection-")) == 20
    assert tree.members_of({"region-isan"}, on=ON)["region-isan"] == frozenset(ISAN)
