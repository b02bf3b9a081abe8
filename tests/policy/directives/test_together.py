"""Two people answer for one office at the same moment, each in a transaction of their own."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from django.db import connection

from tests.policy.directives.acts import AT, part, sent
from tiddao.ledger.actors import Actor
from tiddao.policy.actions.answering import Answered, answer_directive
from tiddao.policy.actions.handing_down import cancel_directive
from tiddao.policy.models import Assignment, Move


@pytest.fixture
def committed(django_db_setup, django_db_blocker):
    """Really committed rows, taken away again; the geography of the other tests stays."""
    with django_db_blocker.unblock():
        connection.close()
        yield
        with connection.cursor() as cursor:
            cursor.execute("TRUNCATE policy_directive, policy_directiveevent, ledger_entry CASCADE")
        connection.close()


def together(*acts: Callable[[], object]) -> list[object]:
    """Run the acts at once, each on a connection of its own; what came of them, in their order."""
    gate = threading.Barrier(len(acts))
    outcomes: list[object] = [None] * len(acts)

    def run(position: int) -> None:
        try:
            gate.wait(timeout=20)
            outcomes[position] = acts[position]()
        except Exception as failure:  # noqa: BLE001 -- handed to the test
            outcomes[position] = failure
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[number]) for number in range(len(acts))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    return outcomes


def test_no_answer_of_five_people_at_once_is_lost(committed) -> None:
    one = part(sent(["CDD-57"]), "CDD-57")
    said = [f"คำตอบของคนที่ {number}" for number in range(5)]
    found = together(
        *(
            lambda words=words: answer_directive(
                one.pk, "report", words=words, seen=0, by=Actor("user:1", words), at=AT
            )
            for words in said
        )
    )
    answers = [each for each in found if isinstance(each, Answered)]
    assert len(answers) == 5, found
    assert sorted(each.stands for each in answers) == [False] * 4 + [True]
    moves = Move.objects.filter(assignment=one)
    assert sorted(move.words for move in moves) == said
    held = Assignment.objects.get(pk=one.pk)
    assert (held.state, held.version) == ("working", 1)


def test_an_answer_and_a_calling_off_at_once_leave_one_history(committed) -> None:
    directive = sent(["CDD-57", "CDD-50"])
    one = part(directive, "CDD-57")
    by = Actor("user:1", "ผู้ตอบ")
    together(
        lambda: answer_directive(one.pk, "finish", words="เสร็จ", seen=0, by=by, at=AT),
        lambda: cancel_directive(directive.pk, reason="ยกเลิก", by=by, at=AT),
    )
    held = Assignment.objects.get(pk=one.pk)
    assert held.state == "cancelled"
    stands = list(Move.objects.filter(assignment=one, stands=True).order_by("number"))
    assert [move.number for move in stands] == list(range(1, held.version + 1))
    assert stands[-1].act == "cancel"
    aside = Move.objects.filter(assignment=one, stands=False)
    assert len(stands) + len(aside) == 2
