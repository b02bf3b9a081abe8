"""Results handed in by 500 people at once, through the served product; then what became of them.

``tiddao up`` serves, in its own processes, with its worker at work. Every submission is the form of
one indicator as an office hands it in: signed in, checked, written with its history and its entry in
the ledger, committed to the disk. 500 officers at 500 offices, their sessions open beforehand.
"""

from __future__ import annotations

import asyncio
import os
import secrets
import signal
import socket
import statistics
import subprocess
import sys
import time
import urllib.request
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import cycle

import psutil
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.db import connection
from django.utils import timezone

from bench.clients import Answer, Caller, at_a_rate, connected, without_pause
from bench.measure import heading, seconds, table
from tiddao.indicators.actions.rounds import add_round
from tiddao.indicators.models import Framework, Result, ResultState, Round
from tiddao.indicators.queries.frameworks import definition_of, version_in_force
from tiddao.indicators.rules.definitions import (
    FrameworkDefinition,
    IndicatorDefinition,
    RoundDefinition,
)
from tiddao.indicators.rules.scoring import parts_asked
from tiddao.ledger.actors import SYSTEM
from tiddao.ledger.models import Entry, Unsealed
from tiddao.ledger.queries import verify_ledger
from tiddao.people.models import Post, Role, User
from tiddao.places.models import Level, Office

PEOPLE, PER_SECOND, SECONDS = 500, 100, 30
FLAT_OUT = 15  # seconds
PATIENCE = 90
SOLO = {"numerator": "8", "denominator": "10", "self_score": "4"}
SINCE = date(2022, 10, 1)
APPROVALS = 10  # an even number: the district ends with the stars it began with
PEER = (
    "peer: ODK Central's own load test, 41.2 submissions a second at its best, of forms without "
    "attachments (getodk/central documentation); its machine is not ours"
)


def run() -> None:
    heading(
        f"Submissions by {PEOPLE} people: {PER_SECOND} a second for {SECONDS} s, then as fast as it goes",
        "One HTTP request each, sign-in checked, durable commit; clients share the machine's cores.",
        PEER,
    )
    one, definition = _round()
    officers = _officers()
    before = Result.objects.count()
    with served() as (host, port):
        callers = [
            Caller(host, port, _session(user), secrets.token_hex(16)) for user, _ in officers
        ]
        asked = [each for each in definition.indicators if each.reports_at == str(Level.DISTRICT)]
        paths = [
            [_request(caller, place, one, each) for each in asked]
            for caller, (_, place) in zip(callers, officers, strict=True)
        ]
        rounds = PER_SECOND * SECONDS // PEOPLE
        began = _at_work()
        at_rate, flat_out = asyncio.run(_both(callers, paths, rounds))
        spent = {words: took - began.get(words, 0) for words, took in _at_work().items()}
        rows = [
            _figures(f"{PER_SECOND} a second, for {SECONDS} s", at_rate),
            _figures(f"without a pause, for {FLAT_OUT} s", flat_out),
        ]
        table(["load", "sent", "taken in", "a second", "median", "95 %", "99 %", "longest"], rows)
        accepted = [each for each in (*at_rate, *flat_out) if _taken(each)]
        others = sorted(
            {f"{each.status} {each.location}" for each in (*at_rate, *flat_out) if not _taken(each)}
        )
        kept = Result.objects.filter(
            round=one, state=ResultState.SUBMITTED, superseded_at__isnull=True
        )
        each_took = ", ".join(
            f"{words} {seconds(took / max(1, len(accepted)))}" for words, took in spent.items()
        )
        print(f"   processor time for each taken in: {each_took}")
        print(f"   not taken in: {others[:5] or 'none'}")
        print(
            f"   taken in {len(accepted):,}, kept {kept.count():,}, revisions written "
            f"{Result.objects.count() - before:,}, ledger entries "
            f"{Entry.objects.filter(act='report_results', on=f'round:{one.pk}').count():,}"
        )
        print(f"   open transactions afterwards: {_open_transactions()}")
        _until_sealed()
        approved = _approvals(host, port)
    _tell_approvals(approved)
    found = verify_ledger()
    print(
        f"   the ledger of {found.entries:,} entries "
        + ("verifies" if found.ok else f"DOES NOT VERIFY: {found.problems[:3]}")
    )


def _approvals(host: str, port: int) -> list[tuple[float, float]]:
    """Approve again and again what changes a star; seconds until the place's page shows the new one.

    An officer of the demonstration hands in what takes a district from three stars to four, or back.
    Returns (until the approval was answered, until the page asked for after it had come whole).
    """
    one = Round.objects.select_related("framework__owner").get(
        framework__code="amphoe-tid-dao", framework__fiscal_year=2566, code="12m"
    )
    current = Result.objects.get(
        round=one, place="5712", indicator_code="2.1", superseded_at__isnull=True
    )
    officer, head = (
        Caller(host, port, _session(User.objects.get(username=name)), secrets.token_hex(16))
        for name in ("officer-5712", "head-57")
    )
    changes = [
        _Change(
            report=officer.post(
                f"/places/5712/report/{one.pk}/2.1/",
                {
                    "revision": str(revision), "version": str(version_number(one)),
                    "narrative": "", "numerator": partners, "denominator": "5", "then": "send",
                },
            ),
            approve=head.post(
                f"/places/57/review/{one.pk}/decide/",
                {"do": "approve", "result": f"5712:2.1:{revision + 1}"},
            ),
            stars=stars,
        )
        for revision, (partners, stars) in zip(
            range(current.revision, current.revision + 2 * APPROVALS, 2),
            cycle((("25", "ได้ 4 ดาว"), ("20", "ได้ 3 ดาว"))),
            strict=False,
        )
    ]  # fmt: skip
    page = head.get("/places/5712/?year=2566&framework=amphoe-tid-dao&round=12m")
    took: list[tuple[float, float]] = []

    async def work() -> None:
        for change in changes:
            answer = await officer.send(change.report, due=time.perf_counter())
            if not _taken(answer):
                raise RuntimeError(f"the report was not taken in: {answer.status}")
            approved = await head.send(change.approve, due=time.perf_counter())
            shown = await head.send(page, due=approved.done)
            if change.stars not in shown.body.decode():
                raise RuntimeError(f"the page asked for after the approval lacks {change.stars}")
            took.append((approved.done - approved.sent, shown.done - approved.sent))

    asyncio.run(connected([officer, head], work))
    return took


@dataclass(frozen=True, slots=True)
class _Change:
    """Requests that take a district to other stars, and what its page says then."""

    report: bytes
    approve: bytes
    stars: str


async def _both(
    callers: Sequence[Caller], paths: Sequence[Sequence[bytes]], rounds: int
) -> tuple[list[Answer], list[Answer]]:
    found: list[list[Answer]] = []

    async def work() -> None:
        in_turn = [
            (number, mine[turn]) for turn in range(rounds) for number, mine in enumerate(paths)
        ]
        found.append(await at_a_rate(callers, in_turn, per_second=PER_SECOND))
        rest = [mine[rounds:] for mine in paths]
        found.append(await without_pause(callers, rest, seconds=FLAT_OUT))

    await connected(callers, work)
    return found[0], found[1]


def _tell_approvals(took: Sequence[tuple[float, float]]) -> None:
    heading(
        "From an approval to the changed star on the place's page (demonstration data)",
        "goal: under 1 s; both requests over HTTP, the page asked for as soon as the first is answered",
    )
    rows = [
        [words, seconds(statistics.median(times)), f"{seconds(min(times))}–{seconds(max(times))}"]
        for words, times in (
            ("approval answered", [each[0] for each in took]),
            ("page with the new star there", [each[1] for each in took]),
        )
    ]
    table(["step", f"median of {len(took)}", "span"], rows)


def _taken(answer: Answer) -> bool:
    """Say whether it was kept: anything else leads to a conflict, a refusal or the sign-in."""
    return (
        answer.status == 302
        and answer.location.endswith("/")
        and "/report/" in answer.location
        and ("conflicts" not in answer.location)
    )


def _figures(words: str, answers: Sequence[Answer]) -> list[str]:
    taken = [each for each in answers if _taken(each)]
    waits = sorted(each.done - each.due for each in taken)
    lasted = max(each.done for each in answers) - min(each.due for each in answers)
    cuts = statistics.quantiles(waits, n=100)
    return [
        words, f"{len(answers):,}", f"{len(taken):,}", f"{len(taken) / lasted:.1f}",
        *(seconds(each) for each in (cuts[49], cuts[94], cuts[98], waits[-1])),
    ]  # fmt: skip


# -- the stage ------------------------------------------------------------------------------------


def _round() -> tuple[Round, FrameworkDefinition]:
    """A round of the shipped framework of its own, open, with nothing in it."""
    framework = Framework.objects.get(code="amphoe-tid-dao", fiscal_year=2566)
    version = version_in_force(framework.pk)
    assert version is not None  # the demonstration published it
    code = f"b{Round.objects.count()}"
    day = date(2023, 9, 30)
    wanted = RoundDefinition(
        code=code, name_th="รอบวัดความเร็ว", name_en="Bench", opens=day - timedelta(days=30),
        closes=timezone.localdate() + timedelta(days=30), true_on=day,
    )  # fmt: skip
    return add_round(framework, wanted, by=SYSTEM, at=timezone.now()), definition_of(version)


def _officers() -> list[tuple[User, str]]:
    """One officer at each of so many district offices."""
    offices = list(Office.objects.filter(place__level=Level.DISTRICT).order_by("code")[:PEOPLE])
    now = timezone.now()
    names = [f"bench-{office.place_id}" for office in offices]
    there = {user.username: user for user in User.objects.filter(username__in=names)}
    User.objects.bulk_create(
        [
            User(username=name, name_th="นายวัด ความเร็ว", password="!", created_at=now)
            for name in names
            if name not in there
        ]
    )
    users = {user.username: user for user in User.objects.filter(username__in=names)}
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    Post.objects.bulk_create(
        [
            Post(user=users[name], role=Role.TAMBON_OFFICER, office=office, held_from=SINCE)
            for name, office in zip(names, offices, strict=True)
            if name not in there
        ],
        batch_size=500,
    )
    return [(users[f"bench-{office.place_id}"], office.place_id) for office in offices]


def _session(user: User) -> str:
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = "allauth.account.auth_backends.AuthenticationBackend"
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.create()
    assert session.session_key is not None  # create() has made it
    return session.session_key


def _request(
    caller: Caller,
    place: str,
    one: Round,
    indicator: IndicatorDefinition,
) -> bytes:
    """The form of the indicator, filled in and handed in."""
    version = version_number(one)
    figures = {part: SOLO.get(part, "3") for part in parts_asked(indicator)}
    if "steps" in figures:
        figures["steps"] = "1"
    path = f"/places/{place}/report/{one.pk}/{indicator.code}/"
    return caller.post(
        path, {"revision": "0", "version": str(version), "narrative": "", "then": "send"} | figures
    )


_versions: dict[int, int] = {}


def version_number(one: Round) -> int:
    """Number of the version in force, asked for once."""
    if one.pk not in _versions:
        version = version_in_force(one.framework_id)
        assert version is not None  # as above
        _versions[one.pk] = version.number
    return _versions[one.pk]


# -- the server -----------------------------------------------------------------------------------


@contextmanager
def served() -> Iterator[tuple[str, int]]:
    """``tiddao up`` on a free port, over the installation that is being measured."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    command = [sys.executable, "-m", "tiddao.config.cli", "up", "--no-demo", f"--port={port}"]
    process = subprocess.Popen(
        command, env=dict(os.environ), stdout=subprocess.DEVNULL, start_new_session=True
    )
    try:
        _until_answered(process, f"http://127.0.0.1:{port}/accounts/login/")
        yield "127.0.0.1", port
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(30)


def _until_answered(process: subprocess.Popen[bytes], address: str) -> None:
    ends = time.monotonic() + PATIENCE
    while time.monotonic() < ends and process.poll() is None:
        try:
            with urllib.request.urlopen(address, timeout=5):
                return
        except OSError:
            time.sleep(0.2)
    raise RuntimeError(f"nothing answers at {address}")


def _at_work() -> dict[str, float]:
    """Seconds of processor time so far: of these clients, and of the processes that serve them.

    On a machine with other work the clock says more than a submission takes; this does not.
    """
    me = psutil.Process()
    spent: defaultdict[str, float] = defaultdict(float, clients=sum(me.cpu_times()[:2]))
    for each in me.children(recursive=True):
        with suppress(psutil.Error):
            spent[_part_of(each)] += sum(each.cpu_times()[:2])
    for each in _servers_of_the_database():
        with suppress(psutil.Error):
            spent["database"] += sum(each.cpu_times()[:2])
    return dict(spent)


def _part_of(process: psutil.Process) -> str:
    command = process.cmdline()
    return next((part for part in ("serve", "worker") if part in command), "start-up")


def _servers_of_the_database() -> list[psutil.Process]:
    """The processes of this installation's own database server, which is nobody's child here."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (mine,) = cursor.fetchone()
    postmaster = psutil.Process(mine).parent()
    return [] if postmaster is None else [postmaster, *postmaster.children()]


def _open_transactions() -> int:
    """Transactions of the product that are still open a second after the last answer."""
    time.sleep(1)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE state LIKE 'idle in transaction%' "
            "AND datname = current_database() AND pid <> pg_backend_pid()"
        )
        (found,) = cursor.fetchone()
    return int(found)


def _until_sealed() -> None:
    ends = time.monotonic() + PATIENCE
    while Unsealed.objects.exists() and time.monotonic() < ends:
        time.sleep(0.5)
