"""What each page costs on the server: time and queries, on demonstration data."""

from __future__ import annotations

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bench.measure import heading, table, timed
from tiddao.config.demonstration.districts import SHOWN
from tiddao.config.demonstration.people import DEPUTY, HEAD_OF_PROVINCE, ZONE
from tiddao.people.models import User

RUNS = 9
GOAL = 0.150  # seconds of server time a page
ROUND = "amphoe-tid-dao/2566"
PLACES = (SHOWN, ZONE, "57", "inspection-16", "th")
OF_A_PLACE = ("", "why/", "next/", "children/", "stars.pdf", "stars.xlsx")
OTHERS = (
    f"/places/{SHOWN}/why/3.4/",
    f"/places/{SHOWN}/why/why.json",
    f"/places/{SHOWN}/?known_at=2023-10-12",
    f"/places/{SHOWN}/?basis=all",
    "/",
    "/league/",
    "/league/?scope=57&level=district",
    "/league/?scope=th&level=province",
    "/league/?scope=th&level=district",
    "/places/?q=พญาเม็งราย",
    "/frameworks/",
    f"/frameworks/{ROUND}/",
    f"/rounds/{ROUND}/12m/",
    f"/rounds/{ROUND}/12m/timeliness/?scope=th",
    "/results/import/",
    "/groups/",
    f"/groups/{ZONE}/",
    "/people/",
    "/ledger/",
    f"/api/v1/places/{SHOWN}/stars?year=2566",
    f"/api/v1/places/{SHOWN}/explain?year=2566",
    f"/api/v1/places/{SHOWN}/next-star?year=2566",
    "/api/v1/league?scope=57&level=district&year=2566",
    "/api/v1/league?scope=th&level=province&year=2566",
)


def run() -> None:
    heading(
        f"Pages on demonstration data: server time (in process, median of {RUNS}, warm) and queries",
        f"goal: under {GOAL * 1000:.0f} ms each; signed in as the department's executive, who sees all",
        "peer: DHIS2's own limits for 18 analytics queries on a national database (4 CPU, 16 GB): "
        "median about 1,050 ms on PostgreSQL, 120 ms on Doris (dhis-test-performance, 2.42)",
    )
    browser = signed_in(DEPUTY)
    addresses = [f"/places/{key}/{page}" for key in PLACES for page in OF_A_PLACE]
    rows = [_measured(browser, address) for address in [*addresses, *OTHERS]]
    rows.append(_measured(signed_in(HEAD_OF_PROVINCE), "/", " (provincial head)"))
    table(["page", "status", "time", "CPU", "span", "queries", "KB", "within goal"], rows)


def signed_in(username: str) -> Client:
    client = Client(raise_request_exception=False, SERVER_NAME="localhost")
    client.force_login(
        User.objects.get(username=username),
        backend="allauth.account.auth_backends.AuthenticationBackend",
    )
    return client


def _measured(client: Client, address: str, note: str = "") -> list[object]:
    """Ask for the page and read it to its end, streamed files too."""

    def ask() -> tuple[int, int]:
        response = client.get(address)
        body = b"".join(response) if response.streaming else response.content
        return response.status_code, len(body)

    timing, (status, size) = timed(ask, runs=RUNS, warm=2)
    with CaptureQueriesContext(connection) as queries:
        ask()
    good = "yes" if timing.median < GOAL and status == 200 else "NO"
    return [
        address + note, status, timing, timing.work, timing.span, len(queries),
        f"{size / 1024:.0f}", good,
    ]  # fmt: skip
