"""The ledger: written once, sealed in order, and every way to tamper with it found."""

from __future__ import annotations

import json
import random
import tracemalloc
from datetime import datetime, timedelta
from decimal import Decimal
from hashlib import sha256
from zoneinfo import ZoneInfo

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from tests.ledger.histories import START, as_superuser, history, write
from tiddao.ledger import anchors, queries
from tiddao.ledger.actions import check_chain, record, seal_entries
from tiddao.ledger.actors import SYSTEM
from tiddao.ledger.models import ChainCheck, Entry, Seal, Unsealed
from tiddao.ledger.queries import Problem, verify_ledger
from tiddao.ledger.rules import chain

SEEDS = range(4)

pytestmark = pytest.mark.usefixtures("ledger")


@pytest.fixture
def commits(django_capture_on_commit_callbacks):
    """The anchor file is written after the commit; the test's own transaction never commits."""
    return lambda: django_capture_on_commit_callbacks(execute=True)


def codes(found) -> set[str]:
    return {problem.code for problem in found.problems}


# -- writing ---------------------------------------------------------------------------------------


def test_record_keeps_the_moment_and_the_details_exactly():
    at = datetime(2026, 7, 10, 23, 59, 59, 999999, tzinfo=ZoneInfo("Asia/Bangkok"))
    detail = {"share": Decimal("79.1500"), "float": 1e22, "third": 1 / 3, "on": at.date(), "n": 3}
    written = record("import_cgd", on="series:cgd", by=SYSTEM, at=at, detail=detail)
    kept = Entry.objects.get(pk=written.pk)
    assert kept.at == at
    assert kept.detail == {
        "share": "79.1500", "float": "1e+22", "third": repr(1 / 3), "on": "2026-07-10", "n": 3,
    }  # fmt: skip
    assert verify_ledger().ok


@pytest.mark.parametrize("micro", [0, 1, 100000, 123456, 999999])
def test_moment_is_one_text_in_every_zone(micro):
    at = datetime(2026, 1, 1, 0, 0, 0, micro, tzinfo=ZoneInfo("Asia/Bangkok"))
    assert chain.moment(at) == chain.moment(at.astimezone(ZoneInfo("UTC")))
    assert chain.moment(at) == f"2025-12-31T17:00:00.{micro:06d}+00:00"


def test_entries_and_seals_refuse_change_by_sql():
    history(0, 3)
    for table in ("ledger_entry", "ledger_seal"):
        column = "act" if table == "ledger_entry" else "chain"
        for sql in (f"DELETE FROM {table}", f"UPDATE {table} SET {column} = {column}"):
            with pytest.raises(DatabaseError, match="Cannot"), transaction.atomic():
                connection.cursor().execute(sql)


# -- the chain -------------------------------------------------------------------------------------


def test_chain_can_be_reckoned_without_us():
    """A second, plain computation from the rows alone, with nothing of ours in it."""
    history(1, 12)
    link = "0" * 64
    seals = Seal.objects.order_by("sequence").select_related("entry")
    for sequence, seal in enumerate(seals, start=1):
        e = seal.entry
        content = {
            "act": e.act, "after": e.after, "before": e.before, "by": e.by, "by_name": e.by_name,
            "at": e.at.astimezone(ZoneInfo("UTC")).strftime("%Y-%m-%dT%H:%M:%S.%f+00:00"),
            "detail": e.detail, "on": e.on, "place": e.place, "post": e.post,
        }  # fmt: skip
        text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        assert e.digest == sha256(text.encode()).hexdigest()
        link = sha256(f"{link}|{sequence}|{e.pk}|{e.digest}".encode()).hexdigest()
        assert (seal.sequence, seal.chain) == (sequence, link)
    assert sequence == Entry.objects.count() >= 12


@pytest.mark.parametrize("seed", SEEDS)
def test_untouched_history_verifies(seed):
    numbers = history(seed, 30)
    write(999)
    found = verify_ledger()
    assert found.ok, found.problems
    assert (found.entries, found.sealed, found.unsealed) == (len(numbers) + 1, len(numbers), 1)
    assert found.head_sequence == len(numbers)


def test_sealing_again_changes_nothing():
    history(2, 9)
    before = list(Seal.objects.values_list())
    assert seal_entries(at=timezone.now()).sealed == 0
    assert list(Seal.objects.values_list()) == before
    assert not Unsealed.objects.exists()


# -- tampering -------------------------------------------------------------------------------------

FIELDS = {
    "at": "at + interval '1 microsecond'", "by": "'user:666'", "by_name": "by_name || 'x'",
    "post": "post || 'x'", "act": "'tampered'", "on": "'result:0x'", "place": "'96'",
    "before": "repeat('0', 64)", "after": "repeat('0', 64)", "detail": "'{\"rows\": -1}'::jsonb",
}  # fmt: skip


@pytest.mark.parametrize("field", FIELDS)
def test_altered_field_is_found(field):
    numbers = history(3, 12)
    victim = numbers[5]
    with as_superuser() as cursor:
        cursor.execute(
            f'UPDATE ledger_entry SET "{field}" = {FIELDS[field]} WHERE id = %s', [victim]
        )
    found = verify_ledger()
    assert found.problems == (Problem("altered", entry=victim, sequence=6),)


@pytest.mark.parametrize("seed", SEEDS)
def test_altered_with_its_digest_is_found_by_the_chain(seed):
    numbers = history(seed, 15)
    victim = random.Random(seed).choice(numbers)
    entry = Entry.objects.get(pk=victim)
    entry.act = "tampered"
    digest = chain.entry_digest(
        at=entry.at, by=entry.by, by_name=entry.by_name, post=entry.post, act=entry.act,
        on=entry.on, place=entry.place, before=entry.before, after=entry.after, detail=entry.detail,
    )  # fmt: skip
    with as_superuser() as cursor:
        cursor.execute(
            "UPDATE ledger_entry SET act = 'tampered', digest = %s WHERE id = %s", [digest, victim]
        )
    found = verify_ledger()
    assert found.problems == (Problem("broken", entry=victim, sequence=numbers.index(victim) + 1),)


@pytest.mark.parametrize("seed", SEEDS)
def test_deleted_entry_is_found(seed):
    numbers = history(seed, 15)
    victim = random.Random(seed).choice(numbers)
    with as_superuser() as cursor:
        cursor.execute("DELETE FROM ledger_entry WHERE id = %s", [victim])
    found = verify_ledger()
    assert (
        Problem("entry-missing", entry=victim, sequence=numbers.index(victim) + 1) in found.problems
    )
    with as_superuser() as cursor:  # or the test's end would stumble over the orphan
        cursor.execute("DELETE FROM ledger_seal WHERE entry_id = %s", [victim])


@pytest.mark.parametrize("seed", SEEDS)
def test_deleted_entry_with_its_seal_is_found(seed):
    numbers = history(seed, 15)
    position = random.Random(seed).randrange(len(numbers) - 1)
    with as_superuser() as cursor:
        cursor.execute("DELETE FROM ledger_seal WHERE entry_id = %s", [numbers[position]])
        cursor.execute("DELETE FROM ledger_entry WHERE id = %s", [numbers[position]])
    found = verify_ledger()
    assert found.problems == (Problem("gap", entry=numbers[position + 1], sequence=position + 2),)


def test_deleted_and_renumbered_is_found():
    numbers = history(5, 10)
    with as_superuser() as cursor:
        cursor.execute("DELETE FROM ledger_seal WHERE sequence = 4")
        cursor.execute("DELETE FROM ledger_entry WHERE id = %s", [numbers[3]])
        cursor.execute("UPDATE ledger_seal SET sequence = sequence + 1000 WHERE sequence > 4")
        cursor.execute("UPDATE ledger_seal SET sequence = sequence - 1001 WHERE sequence > 1000")
    found = verify_ledger()
    assert Problem("broken", entry=numbers[4], sequence=4) in found.problems


def test_reordered_seals_are_found():
    numbers = history(6, 10)
    with as_superuser() as cursor:
        cursor.execute("UPDATE ledger_seal SET sequence = -3 WHERE sequence = 3")
        cursor.execute("UPDATE ledger_seal SET sequence = 3 WHERE sequence = 7")
        cursor.execute("UPDATE ledger_seal SET sequence = 7 WHERE sequence = -3")
    found = verify_ledger()
    assert {problem.entry for problem in found.problems} >= {numbers[2], numbers[6]}
    assert codes(found) == {"broken"}


def test_swapped_entries_are_found():
    """Two rows trade everything, digest included, and only their numbers stay."""
    numbers = history(7, 10)
    columns = 'at, by, by_name, post, act, "on", place, before, after, detail, digest'
    with as_superuser() as cursor:
        cursor.execute(
            f"""UPDATE ledger_entry e SET ({columns}) = (
                SELECT {columns} FROM ledger_entry o
                WHERE o.id IN (%(a)s, %(b)s) AND o.id <> e.id
            ) WHERE e.id IN (%(a)s, %(b)s)""",
            {"a": numbers[1], "b": numbers[8]},
        )
    found = verify_ledger()
    assert {problem.entry for problem in found.problems} == {numbers[1], numbers[8]}


def test_swapped_digests_are_found():
    numbers = history(8, 10)
    first, second = Entry.objects.filter(pk__in=(numbers[2], numbers[4])).order_by("pk")
    with as_superuser() as cursor:
        for victim, digest in ((first.pk, second.digest), (second.pk, first.digest)):
            cursor.execute("UPDATE ledger_entry SET digest = %s WHERE id = %s", [digest, victim])
    found = verify_ledger()
    for victim in (first.pk, second.pk):
        assert {p.code for p in found.problems if p.entry == victim} == {"altered", "broken"}


def test_entry_that_changes_its_number_is_found():
    numbers = history(9, 6)
    with as_superuser() as cursor:
        cursor.execute("UPDATE ledger_entry SET id = 777777 WHERE id = %s", [numbers[2]])
        cursor.execute("UPDATE ledger_seal SET entry_id = 777777 WHERE entry_id = %s", [numbers[2]])
    assert verify_ledger().problems == (Problem("broken", entry=777777, sequence=3),)


def test_forged_entry_is_found():
    history(10, 6)
    with as_superuser() as cursor:
        cursor.execute(
            """INSERT INTO ledger_entry
               (at, by, by_name, post, act, "on", place, before, after, detail, digest)
               SELECT at, by, by_name, post, act, "on", place, before, after, detail, digest
               FROM ledger_entry ORDER BY id LIMIT 1 RETURNING id"""
        )
        (forged,) = cursor.fetchone()
    assert verify_ledger().problems == (Problem("not-waiting", entry=forged),)


def test_forged_entry_with_a_seal_is_found():
    numbers = history(11, 6)
    with as_superuser() as cursor:
        cursor.execute(
            """INSERT INTO ledger_entry
               (at, by, by_name, post, act, "on", place, before, after, detail, digest)
               SELECT at, by, by_name, post, act, "on", place, before, after, detail, digest
               FROM ledger_entry ORDER BY id LIMIT 1 RETURNING id"""
        )
        (forged,) = cursor.fetchone()
        cursor.execute(
            "INSERT INTO ledger_seal (sequence, entry_id, chain, sealed_at) VALUES (%s, %s, %s, now())",
            [len(numbers) + 1, forged, "f" * 64],
        )
    assert verify_ledger().problems == (Problem("broken", entry=forged, sequence=len(numbers) + 1),)


def test_cut_tail_is_found_by_the_anchors(commits):
    with commits():
        numbers = history(12, 12)
    assert verify_ledger().ok
    with as_superuser() as cursor:
        cursor.execute("DELETE FROM ledger_seal WHERE sequence > 5")
        cursor.execute("DELETE FROM ledger_entry WHERE id > %s", [numbers[4]])
    found = verify_ledger()
    assert codes(found) == {"anchor-beyond"}
    assert found.problems[-1].sequence == len(numbers)


def test_whole_chain_rewritten_is_found_by_the_anchors(commits, home):
    """Who holds the database can make a chain that hangs together, but not the file outside."""
    with commits():
        numbers = history(13, 10)
    with as_superuser() as cursor:
        cursor.execute("DELETE FROM ledger_seal")
        cursor.execute("DELETE FROM ledger_entry WHERE id = %s", [numbers[0]])
        cursor.execute("INSERT INTO ledger_unsealed (entry_id) SELECT id FROM ledger_entry")
    seal_entries(at=START)
    found = verify_ledger()
    assert codes(found) == {"anchor-differs", "anchor-beyond"}
    elsewhere = home / "copy.log"
    elsewhere.write_text((home / "ledger-anchors.log").read_text())
    (home / "ledger-anchors.log").unlink()
    assert verify_ledger().ok  # without the file nothing is left to tell
    assert codes(verify_ledger(anchor_file=elsewhere)) == {"anchor-differs", "anchor-beyond"}


def test_problems_beyond_the_limit_are_counted(monkeypatch):
    monkeypatch.setattr(queries, "MOST_PROBLEMS", 5)
    history(14, 20)
    with as_superuser() as cursor:
        cursor.execute("UPDATE ledger_entry SET act = 'tampered'")
    found = verify_ledger()
    assert len(found.problems) == 5
    assert found.found == found.entries >= 20


# -- anchors ---------------------------------------------------------------------------------------


def test_anchor_line_cut_short_by_a_crash_spoils_nothing(commits, home):
    with commits():
        write(1)
        seal_entries(at=START)
    with (home / "ledger-anchors.log").open("a") as file:
        file.write("2 abcdef")
    assert verify_ledger().ok
    with commits():
        write(2)
        seal_entries(at=START)
    lines = [anchor for _, anchor in anchors.read_anchors(home / "ledger-anchors.log")]
    assert [anchor and anchor.sequence for anchor in lines] == [1, None, 2]
    assert verify_ledger().problems == (Problem("anchor-unreadable", anchor=2),)


def test_anchor_says_sequence_chain_and_moment(commits, home):
    with commits():
        write(1)
        done = seal_entries(at=START)
    assert (home / "ledger-anchors.log").read_text() == (
        f"1 {done.chain} 2022-10-01T01:02:03.456789+00:00\n"
    )


# -- commands and checks ---------------------------------------------------------------------------


def test_verify_command_says_what_is_wrong(capsys):
    numbers = history(15, 8)
    call_command("ledger", "verify")
    assert (
        f"{len(numbers)} {Seal.objects.get(sequence=len(numbers)).chain}" in capsys.readouterr().out
    )
    with as_superuser() as cursor:
        cursor.execute("UPDATE ledger_entry SET act = 'tampered' WHERE id = %s", [numbers[3]])
    with pytest.raises(SystemExit) as stopped:
        call_command("ledger", "verify", "--json")
    assert stopped.value.code == 1
    report = json.loads(capsys.readouterr().out)
    assert not report["ok"]
    assert report["problems"][0]["entry"] == numbers[3]
    assert report["problems"][0]["words"]


def test_head_and_seal_commands(capsys):
    write(1)
    write(2)
    call_command("ledger", "head", "--json")
    assert json.loads(capsys.readouterr().out)["waiting"] == 2
    call_command("ledger", "seal")
    assert f"2 {Seal.objects.get(sequence=2).chain}" in capsys.readouterr().out
    call_command("ledger", "head")
    assert capsys.readouterr().out.startswith(f"2 {Seal.objects.get(sequence=2).chain}")


def test_check_is_kept_for_the_pages():
    numbers = history(16, 8)
    assert check_chain(at=START).ok
    with as_superuser() as cursor:
        cursor.execute("UPDATE ledger_entry SET act = 'tampered' WHERE id = %s", [numbers[3]])
    check_chain(at=START + timedelta(hours=1))
    with pytest.raises(SystemExit):
        call_command("ledger", "verify")  # keeps what it found as well
    assert ChainCheck.objects.count() == 3
    last = queries.last_check()
    assert last is not None
    assert (last.ok, last.found, last.entries) == (False, 1, len(numbers))


def test_verifying_needs_no_more_memory_for_more_entries():
    def peak() -> int:
        tracemalloc.start()
        verify_ledger()
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return most

    history(17, 20)
    verify_ledger()
    with connection.cursor() as cursor:
        cursor.execute(
            """INSERT INTO ledger_entry
               (at, by, by_name, post, act, "on", place, before, after, detail, digest)
               SELECT at, by, by_name, post, act, "on", place, before, after, detail, digest
               FROM ledger_entry, generate_series(1, 250)"""
        )
        cursor.execute(
            "INSERT INTO ledger_unsealed (entry_id) SELECT id FROM ledger_entry e "
            "WHERE NOT EXISTS (SELECT 1 FROM ledger_seal s WHERE s.entry_id = e.id)"
        )
    first = peak()
    with connection.cursor() as cursor:
        cursor.execute(
            """WITH made AS (INSERT INTO ledger_entry
               (at, by, by_name, post, act, "on", place, before, after, detail, digest)
               SELECT at, by, by_name, post, act, "on", place, before, after, detail, digest
               FROM ledger_entry, generate_series(1, 3) RETURNING id)
               INSERT INTO ledger_unsealed (entry_id) SELECT id FROM made"""
        )
    found = verify_ledger()
    assert found.ok
    assert found.entries > 20_000
    assert peak() < first * 1.5


# -- reading ---------------------------------------------------------------------------------------


def test_pages_do_not_shift_while_others_write():
    for number in range(7):
        write(number)
    wanted = queries.EntryFilter()
    first = queries.entry_page(wanted, size=3)
    write(99)
    second = queries.entry_page(wanted, before=first.older, size=3)
    third = queries.entry_page(wanted, before=second.older, size=3)
    shown = [row.on for page in (first, second, third) for row in page.rows]
    assert shown == [f"result:{number}" for number in range(6, -1, -1)]
    assert third.older is None


def test_filter_by_day_is_thai_time():
    zone = ZoneInfo("Asia/Bangkok")
    for at in (datetime(2026, 7, 9, 23, 59, tzinfo=zone), datetime(2026, 7, 10, 0, 0, tzinfo=zone),
               datetime(2026, 7, 10, 23, 59, 59, tzinfo=zone), datetime(2026, 7, 11, tzinfo=zone)):  # fmt: skip
        record("appoint", on="post:1", by=SYSTEM, at=at)
    day = datetime(2026, 7, 10, tzinfo=zone).date()
    assert queries.entry_count(queries.EntryFilter(first=day, last=day)) == 2


def test_acts_seen_lists_each_once():
    history(18, 20)
    assert queries.acts_seen() == sorted(set(Entry.objects.values_list("act", flat=True)))
