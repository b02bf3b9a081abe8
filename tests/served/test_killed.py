"""Killed at the worst moment: nothing half written, a clean next start, a ledger that verifies.

The worst moment is just before an act's end: everything is written but its entry in the ledger.
It is reached by shutting the ledger from outside; no luck and no waiting for a clock is involved.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from tests.budget.cgd_files import week
from tests.served.database import (
    closed_ledger,
    command_lines_of,
    connect,
    contents,
    is_gone,
    kill_all_of,
    processes_of,
    until,
    writer_at_the_ledger,
)
from tests.served.installation import PROJECT, Served, environment, free_port, start, stop, tiddao
from tests.served.web import Client

FRAMEWORK = "amphoe-tid-dao"
ROUND = "12m"
DISTRICTS = [f"57{number:02}" for number in range(1, 19)]
RATIOS = ("1.2", "1.3", "1.4")
PASSWORD = "ทดสอบ-ฆ่าแล้วฟื้น-2566"

PREPARE = """
from datetime import date
from pathlib import Path
from django.utils import timezone
from tiddao.indicators.actions.frameworks import import_definition, new_draft, publish_version
from tiddao.ledger.actors import SYSTEM
from tiddao.people.actions import NewPost, open_account
by, at = {{"by": SYSTEM}}, timezone.now()
file = Path({file!r})
first = import_definition(file.read_text(encoding="utf-8"), file=file.name, at=at, **by)
new_draft(publish_version(first, at=at, **by).framework, at=at, **by)
open_account(
    username="director",
    name_th="นายทดสอบ ผู้นำเข้า",
    post=NewPost(role="group_director", office_code="CDD-57", held_from=date(2022, 10, 1)),
    password={password!r},
    at=at,
    **by,
)
"""
PUBLISH = """
from django.utils import timezone
from tiddao.indicators.actions.frameworks import publish_version
from tiddao.indicators.models import Version
from tiddao.ledger.actors import SYSTEM
publish_version(Version.objects.get(state="draft"), by=SYSTEM, at=timezone.now())
"""
HOLD = """
import sys
from tiddao.config.embedded import connection_target
connection_target()
print("held", flush=True)
sys.stdin.read()
"""
STANDING = """
SELECT count(*), count(DISTINCT (place_id, indicator_code))
FROM indicators_result WHERE superseded_at IS NULL AND source LIKE %s
"""
JOBS_OWN = (
    # Kept by jobs and sessions while the server runs; none of them is a fact.
    "django_", "procrastinate_", "indicators_score", "indicators_factchange", "ledger_seal", "ledger_unsealed",
    "ledger_chaincheck", "mfa_", "account_",
)  # fmt: skip


def done(home: Path, *arguments: str) -> str:
    """Run a command that must succeed; return what it printed."""
    answer = tiddao(home, *arguments)
    assert answer.returncode == 0, f"{arguments}: {answer.stdout}\n{answer.stderr}"
    return answer.stdout


def results_file(folder: Path, *, plus: int = 0) -> Path:
    """Results of three indicators for the eighteen districts of a province."""
    lines = ["รหัสพื้นที่,ตัวชี้วัด,ตัวตั้ง,ตัวหาร"]
    for number, district in enumerate(DISTRICTS):
        lines += [f"{district},{code},{number + 1 + plus},40" for code in RATIOS]
    path = folder / f"results-{plus}.csv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def entries_of_verified_ledger(home: Path) -> int:
    """Verify the ledger and return the number of its entries."""
    found = json.loads(done(home, "ledger", "verify", "--json"))
    assert found["ok"], found["problems"]
    return int(found["entries"])


def kill_at_its_entry(home: Path, written: str, *arguments: str) -> None:
    """Run a command until all is written but its entry in the ledger, and kill it there."""
    with closed_ledger(home) as looking:
        process = subprocess.Popen(
            [sys.executable, "-m", "tiddao.config.cli", *arguments],
            env=environment(home),
            cwd=PROJECT,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        try:
            backend = until(
                lambda: process.poll() is not None or writer_at_the_ledger(looking, written),
                f"{arguments} at its ledger entry",
            )
            assert process.poll() is None, f"ended before its entry: {process.communicate()[0]}"
        finally:
            process.kill()
            process.communicate()
    until(lambda: is_gone(home, backend), "the end of the killed act's transaction")


@pytest.fixture(scope="module")
def bare(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """An installation that is set up and stopped, with nothing in it; the others are copies."""
    home = tmp_path_factory.mktemp("bare")
    done(home, "setup")
    assert processes_of(home) == []
    yield home
    shutil.rmtree(home, ignore_errors=True)


def copied(bare: Path, home: Path) -> Path:
    """Copy an installation with owners and rights, as the database insists on its own."""
    subprocess.run(["cp", "-a", str(bare), str(home)], check=True)
    return home


@pytest.fixture(scope="module")
def home(bare: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """An installation without demonstration: a framework with open rounds, a draft, one person."""
    home = copied(bare, tmp_path_factory.mktemp("killed") / "home")
    try:
        file = PROJECT / "definitions" / f"{FRAMEWORK}-2566.toml"
        done(home, "shell", "-c", PREPARE.format(file=str(file), password=PASSWORD))
        yield home
    finally:
        kill_all_of(home)
        shutil.rmtree(home, ignore_errors=True)


@pytest.fixture
def other(bare: Path, tmp_path: Path) -> Iterator[Path]:
    """A second installation."""
    yield copied(bare, tmp_path / "other")
    shutil.rmtree(tmp_path / "other", ignore_errors=True)


@pytest.fixture
def database(home: Path) -> Iterator[None]:
    """The installation's database runs while the test does, and stops with its last user."""
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLD],
        env=environment(home),
        cwd=PROJECT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert holder.stdout is not None
    assert holder.stdout.readline().strip() == "held"
    yield
    holder.communicate()
    assert holder.returncode == 0
    assert processes_of(home) == []


@contextmanager
def up(home: Path) -> Iterator[Served]:
    """`tiddao up` for a while; whatever became of it, nothing of it is left afterwards."""
    running = start(home, "--no-demo")
    try:
        yield running
    finally:
        kill_all_of(home)
        stop(running)
        print("\n".join(running.lines))  # noqa: T201 -- shown when the test fails


def assert_stops(running: Served) -> None:
    """Ctrl-C leaves no process of the installation."""
    assert stop(running) == 0
    assert processes_of(running.home) == []
    assert not (running.home / "postgres" / "postmaster.pid").exists()


@pytest.mark.usefixtures("database")
def test_an_import_of_results_killed_at_its_end_leaves_nothing(home, tmp_path):
    file = results_file(tmp_path)
    act = ("results_workbook", "in", str(file), f"--framework={FRAMEWORK}", "--year=2566")
    act += (f"--round={ROUND}", "--scope=57", "--submit", "--json")
    before = contents(home)
    kill_at_its_entry(home, "indicators_result", *act)
    assert contents(home) == before
    entries = entries_of_verified_ledger(home)
    again = json.loads(done(home, *act))
    assert again["written"] == len(DISTRICTS) * len(RATIOS)
    after = contents(home)
    assert after["indicators_result"][0] == before["indicators_result"][0] + again["written"]
    assert after["ledger_entry"][0] == entries + 1


@pytest.mark.usefixtures("database")
def test_a_publishing_killed_at_its_end_leaves_a_draft(home):
    act = ("shell", "-c", PUBLISH)
    before = contents(home)
    kill_at_its_entry(home, "indicators_version", *act)
    assert contents(home) == before
    entries = entries_of_verified_ledger(home)
    done(home, *act)
    with connect(home) as connection:
        query = "SELECT number, state FROM indicators_version ORDER BY number"
        states = connection.execute(query).fetchall()
    assert states == [(1, "published"), (2, "published")]
    assert contents(home)["ledger_entry"][0] == entries + 1


@pytest.mark.usefixtures("database")
def test_a_treasury_week_killed_at_its_end_leaves_nothing(home, tmp_path):
    file = tmp_path / "week.xlsx"
    file.write_bytes(week().save())
    act = ("import_cgd", str(file), "--sheets=13,14", "--json")
    before = contents(home)
    kill_at_its_entry(home, "budget_treasuryfigure", *act)
    assert contents(home) == before
    entries_of_verified_ledger(home)
    again = json.loads(done(home, *act))
    assert (again["outcome"], again["results"]) == ("written", 76)
    assert contents(home)["budget_treasuryfigure"][0] == again["figures"]


def test_everything_killed_during_an_import_by_web_starts_again_clean(home, tmp_path):
    file = results_file(tmp_path, plus=5)
    with up(home) as running:
        client = Client(running.address)
        client.sign_in("director", PASSWORD)
        page = client.get("/results/import/").text
        one = re.search(r'12 เดือน</h2>.*?href="(/places/57/report/\d+/excel/)"', page, re.DOTALL)
        assert one, "no round to import into"
        received = client.post(one[1], {}, file=(file.name, file.read_bytes()))
        path = received.address.removeprefix(running.address)
        accept = f"{path}accept/"
        until(lambda: accept in client.get(path).text, "the reading of the file")
        before = contents(home, but=JOBS_OWN)

        def accepting() -> None:
            with suppress(OSError):  # nobody will answer
                client.post(accept, {"state": "submitted"}, at=path)

        with closed_ledger(home) as looking:
            asking = threading.Thread(target=accepting)
            asking.start()
            until(lambda: writer_at_the_ledger(looking, "indicators_result"), "the import's entry")
            kill_all_of(home)
            asking.join()

    with up(home) as running:
        assert contents(home, but=JOBS_OWN) == before
        client = Client(running.address)
        client.sign_in("director", PASSWORD)
        page = client.post(accept, {"state": "submitted"}, at=path)
        assert f"/rounds/{FRAMEWORK}/2566/{ROUND}/" in page.text
        with connect(home) as connection:
            standing = connection.execute(STANDING, [f"import:{file.name}%"]).fetchone()
        assert standing == (len(DISTRICTS) * len(RATIOS),) * 2
        entries_of_verified_ledger(home)
        assert_stops(running)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a child of its parent's end")
def test_the_supervisor_killed_alone_takes_web_and_worker_with_it(home):
    with up(home) as running:
        started = command_lines_of(home)
        for part in ("cli up", "cli serve", "cli worker", "postgres"):
            assert any(part in each for each in started), (part, started)
        os.kill(running.process.pid, signal.SIGKILL)

        until(
            lambda: not any("tiddao.config.cli" in each for each in command_lines_of(home)),
            "the end of web and worker",
        )
        assert processes_of(home), "the database goes on"
        stop(running)
        after = start(home, "--no-demo")  # takes the database over
        Client(after.address).sign_in("director", PASSWORD)
        assert_stops(after)


def test_a_killed_database_whose_number_another_program_has_now_starts_again(home):
    with up(home):
        kill_all_of(home)
    left = home / "postgres" / "postmaster.pid"
    with subprocess.Popen(["sleep", "600"]) as other:
        try:
            _, *rest = left.read_text(encoding="ascii").splitlines(keepends=True)
            left.write_text("".join([f"{other.pid}\n", *rest]), encoding="ascii")
            with up(home) as running:
                Client(running.address).sign_in("director", PASSWORD)
                assert_stops(running)
            assert other.poll() is None, "a program that is none of ours was stopped"
        finally:
            other.kill()


def test_two_installations_run_side_by_side_and_none_twice(home, other, tmp_path, record_property):
    with up(home) as first, up(other) as second:
        seconds = re.search(r"([\d.]+) วินาที: http", "\n".join(first.lines))
        assert seconds, first.lines
        print(f"warm start: {seconds[1]} s")  # noqa: T201 -- measured; shown with -s
        record_property("warm_start_seconds", seconds[1])
        assert float(seconds[1]) < 30  # on a busy machine; alone it takes a few

        mine, theirs = ({each.pid for each in processes_of(one)} for one in (home, other))
        assert mine
        assert theirs
        assert not mine & theirs
        Client(first.address).sign_in("director", PASSWORD)
        with pytest.raises(AssertionError, match="refused"):  # has no account there
            Client(second.address).sign_in("director", PASSWORD)

        again = tiddao(home, "up", "--no-demo", f"--port={free_port()}")
        assert again.returncode == 1
        assert "is being served already; stop that one" in again.stderr
        elsewhere = tiddao(tmp_path / "third", "up", "--no-demo", f"--port={first.port}")
        assert elsewhere.returncode == 1
        assert f"port {first.port} is taken" in elsewhere.stderr
        assert "Traceback" not in again.stderr + elsewhere.stderr

        assert_stops(second)
        found = done(home, "doctor").splitlines()
        assert found
        assert all(line.startswith("✓") for line in found), found
        assert_stops(first)
