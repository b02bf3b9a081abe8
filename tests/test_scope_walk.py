"""Every address of the site, asked by people it is not for: nothing of another province answers.

Routes are read from the site's own map, so a new one is walked from the day it is written. What
stands in its place-holders comes from one table, ``samples``: by the name of the place-holder, or
by route where that is not enough. A route without a sample fails by name: add it to the table.

Theirs is Chiang Rai (57) with its district Phaya Mengrai (5712). Strangers are a group director and
the head of Chiang Mai (50): who may do all that a province may, and so is kept out by place alone.
"""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime

import pytest
from django.core.files.base import ContentFile
from django.db import transaction
from django.test import Client, override_settings
from django.urls import URLPattern, URLResolver, get_resolver
from django.urls.resolvers import RegexPattern

from tests.budget.books.shown import Shown
from tests.budget.cgd_files import week
from tests.budget.deadlines.walked import deadline_of_57
from tests.budget.quality.offices import questions_of_57
from tests.budget.weeks import LATER, take_in
from tests.budget.workbooks.uploads import receive as handed_in_workbook
from tests.evidence.conftest import Tasks
from tests.evidence.files import handed_in
from tests.indicators.frameworks import (
    START,
    full_report,
    published,
    report,
    report_and_approve,
    round_of,
    two_dimensions,
)
from tests.indicators.issuing import issued_twice
from tests.indicators.personal import agreed as agreed_targets
from tests.indicators.personal import written as written_targets
from tests.persons import (
    make_district_head,
    make_executive,
    make_person,
    make_provincial_head,
    make_stranger,
    signed_in,
)
from tests.policy.directives.walked import directives_of_57
from tests.policy.ideas.walked import ideas_of_57
from tests.policy.meetings.walked import meeting_of_57
from tests.policy.papers.walked import papers_of_57
from tests.policy.strategy.walked import strategies_of_57
from tests.policy.visits.walked import visits_of_57
from tiddao.budget.actions.uploads import receive_treasury_file
from tiddao.evidence import subjects
from tiddao.evidence.actions.proving import attach_evidence
from tiddao.indicators.actions.frameworks import new_draft
from tiddao.indicators.actions.imports import read_import, receive_result_import
from tiddao.indicators.actions.review import approve_results
from tiddao.indicators.models import EntryConflict, Framework, QualityQuestion
from tiddao.ledger.actions import record
from tiddao.ledger.actors import SYSTEM, Actor
from tiddao.ledger.models import Entry
from tiddao.people.models import Post, Role, User
from tiddao.places.actions.villages import receive_village_file

pytestmark = pytest.mark.django_db

AT = datetime(2026, 7, 10, 3, 0, tzinfo=UTC)
ZONE = "zone-57-ing-su-khong"
THEIR_KEYS = ("57", "5712", "571203", "5713", "571301", ZONE)
STRANGERS_KEYS = ("50", "5001", "500101")
CLOSED = {403, 404}
HIDDEN_TITLE = "แบบเฉพาะของสำนักงานที่ห้าสิบเจ็ด"
HIDDEN_FILE = "แฟ้มเฉพาะของสำนักงานที่ห้าสิบเจ็ด"

PUBLIC = {
    "accounts/login/", "accounts/forgotten/", "accounts/inactive/",
}  # fmt: skip
"""Pages that answer those who have not signed in."""

NATIONAL = ("treasury/", "api/v1/treasury/")
"""Published by the treasury for the whole country: they name every province, on purpose."""

EXAMPLES = {"ui/gallery/"}
"""Pages of fixed samples, the same for everybody; they read nothing."""

ASK_FOR_SCOPE = ("/timeliness",)
"""Endpoints of a round that say nothing without the place they are asked about."""

NOT_WALKED = {
    "accounts/logout/": "signs the walker out",
    "attend/<str:code>/": "opened by whoever scans the code; see test_attendance",
    "calendars/<str:secret>.ics": "opened by whoever has the secret; see test_calendars",
    "language/setlang/": "changes the walker's language",
}


# -- the site's map --------------------------------------------------------------------------------


@dataclass(frozen=True)
class Route:
    """One line of the site's map. text: as it is written there; holders: its place-holders."""

    text: str
    is_expression: bool

    @property
    def holders(self) -> tuple[str, ...]:
        return tuple(re.findall(r"<(?:\w+:)?(\w+)>", self.text))

    @property
    def is_api(self) -> bool:
        return self.text.startswith("api/")

    def address(self, values: dict[str, object]) -> str:
        filled = re.sub(r"<(?:\w+:)?(\w+)>", lambda found: str(values[found[1]]), self.text)
        asks = [f"scope={THEIR_KEYS[0]}"] if self.text.endswith(ASK_FOR_SCOPE) else []
        # Most endpoints of a place ask for the year before anything else.
        asks += ["year=2566"] if self.is_api and "year" not in self.holders else []
        return f"/{filled}?{'&'.join(asks)}" if asks else f"/{filled}"


def routes() -> list[Route]:
    def below(resolver: URLResolver, before: str, expression: bool) -> Iterator[Route]:
        for one in resolver.url_patterns:
            text = before + str(one.pattern)
            is_expression = expression or isinstance(one.pattern, RegexPattern)
            if isinstance(one, URLPattern):
                yield Route(text, is_expression)
            else:
                yield from below(one, text, is_expression)

    return list(below(get_resolver(), "", False))


# -- the world that is walked ----------------------------------------------------------------------


@dataclass
class World:
    """What there is of 57, the people, and the words that no stranger may read."""

    head: User
    district_head: User
    strangers: list[User]
    executive: User
    values: dict[str, dict[str, object]] = field(default_factory=dict)
    words: tuple[str, ...] = ()


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker, tmp_path_factory) -> Iterator[World]:
    """Made once, in a transaction that is given up after this file's tests; what one does, it undoes."""
    home = tmp_path_factory.mktemp("home")
    with django_db_blocker.unblock(), override_settings(HOME=home), undone():
        yield made_world()


def made_world() -> World:
    provincial_head, district_head = make_provincial_head(), make_district_head()
    stranger, executive = make_stranger(), make_executive()
    other_head = make_person(Role.PROVINCIAL_HEAD, "CDD-50", name="นางสมมุติ เชียงใหม่หัวหน้า")
    officer = make_person(Role.TAMBON_OFFICER, "CDD-5713", name="นายสมมุติ ต่างอำเภอกัน")
    common = published()
    for place in ("5712", "5713"):
        report_and_approve(round_of(common), full_report(place))
    elsewhere = Actor("user:3", "ผู้รายงาน", "post:3 provincial_head CDD-50")
    report(round_of(common), full_report("5001", per_cent=70), by=elsewhere)
    approve_results(round_of(common), {"5001"}, by=elsewhere, at=START)
    own = published(
        two_dimensions(
            2566, code="of-57", owner="CDD-57", title_th=HIDDEN_TITLE, title_en="Hidden 57"
        )
    )
    own_round = round_of(own)
    report_and_approve(own_round, full_report("5712"))
    new_draft(Framework.objects.get(pk=own.framework_id), by=SYSTEM, at=AT)
    imported = receive_result_import(
        own_round,
        scope="57",
        file_name=f"{HIDDEN_FILE}.csv",
        content=b"a,b\n1,2\n",
        by=SYSTEM,
        at=AT,
    )
    read_import(imported, at=AT)
    villages = receive_village_file(
        ContentFile("รหัส,ชื่อ,หมู่\n".encode()),
        file_name=f"{HIDDEN_FILE}.csv", within="57", by=SYSTEM, at=AT,
    )  # fmt: skip
    workbook = week(13, 14)
    take_in(workbook)
    upload = receive_treasury_file(
        workbook.save(), file_name=f"{HIDDEN_FILE}.xlsx", sheets=(13, 14), by=SYSTEM, at=LATER
    )
    proof = handed_in(title=HIDDEN_FILE)
    subjects.register(Tasks())
    use = attach_evidence(
        proof.evidence_id,
        subject_kind="task",
        subject_key="5712/a",
        place="5712",
        by=SYSTEM,
        at=LATER,
    )
    money = Shown()
    with transaction.atomic():
        record("close_round", on="round:of-57", by=SYSTEM, at=AT, place="5712")
    post = Post.objects.get(user=district_head)
    conflict = EntryConflict.objects.create(
        round=round_of(common), place_id="5712", indicator_code="1.1", based_on=0, found=1,
        proposed={}, by=f"user:{provincial_head.pk}", at=AT,
    )  # fmt: skip
    asked = QualityQuestion.objects.create(
        round=own_round, place_id="5712", kind="copied", strength="fair", chance=0.001,
        reason_th=HIDDEN_FILE, figures=[["1.1", HIDDEN_FILE]], revision=1, known_at=AT,
    )  # fmt: skip
    issued = issued_twice(own_round, "5712", HIDDEN_FILE)
    directive = directives_of_57(provincial_head, HIDDEN_TITLE)
    personal = [
        written_targets(provincial_head, title=HIDDEN_TITLE),
        agreed_targets(provincial_head, executive, title=HIDDEN_TITLE, number=2),
    ]
    strategy = strategies_of_57(provincial_head, HIDDEN_TITLE, int(str(directive["directive_id"])))
    return World(
        head=provincial_head,
        district_head=district_head,
        strangers=[stranger, other_head],
        executive=executive,
        values={
            "round": {"round_id": own_round.pk},
            "common round": {"round_id": round_of(common).pk},
            "person": {"user_id": district_head.pk, "post_id": post.pk},
            "result import": {"import_id": imported.pk},
            "village import": {"import_id": villages.pk},
            "upload": {"upload_id": upload.pk},
            "workbook": {"workbook_id": handed_in_workbook(name=f"{HIDDEN_FILE}.xlsx").pk},
            "deadline": deadline_of_57(HIDDEN_TITLE),
            "question": questions_of_57(HIDDEN_FILE),
            "evidence": {
                "evidence_id": proof.evidence_id, "number": 1, "use_id": use,
                "subject_kind": "task", "subject_key": "5712/a",
            },
            "asked": {"question_id": asked.pk},
            "issued": {"report_id": issued.pk},
            "directive": directive | strategy["hanging"],
            **{
                f"personal {each.number}": {
                    "plan_id": each.pk, "line_id": each.lines.last().pk, "act": "propose",
                }
                for each in personal
            },
            "strategy": strategy["published"],
            "strategy draft": strategy["draft"],
            "strategy source": strategy["source"],
            "meeting": meeting_of_57(provincial_head, HIDDEN_TITLE),
            "ideas": ideas_of_57(provincial_head, HIDDEN_TITLE),
            "visits": visits_of_57(district_head, HIDDEN_TITLE),
            "papers": papers_of_57(provincial_head, HIDDEN_TITLE),
            "conflict": {"conflict": conflict.pk},
            "book": {
                "book_id": money.book.pk, "envelope_id": money.envelope.pk,
                "entry_id": money.payment.pk, "held_id": money.hold(),
                "project_id": money.project.pk,
            },
        },
        words=(
            "เวียงแก่น", "Wiang Kaen", "ม่วงยาย", "อิงสู่โขง", "ส่งเสริมสัมมาชีพชุมชน", HIDDEN_TITLE, HIDDEN_FILE, "of-57",
            provincial_head.name_th, district_head.name_th, officer.name_th,
        ),
    )  # fmt: skip


PROVINCE_WORDS = ("เชียงราย", "Chiang Rai")


def samples(route: Route, world: World) -> list[dict[str, object]]:
    """What stands in a route's place-holders: things of 57, one list of values for each asking.

    Raises KeyError, naming the place-holder, for a route that nobody has given a sample.
    """
    of_57: dict[str, list[dict[str, object]]] = {
        "key": [{"key": key} for key in THEIR_KEYS],
        "user_id": [world.values["person"]],
        "report_id": [world.values["issued"]],
        "round_id": [world.values["round"] | {"scope": "57"}, world.values["common round"] | {"scope": "57"}],
        "upload_id": [world.values["upload"]],
        "as_of": [{"as_of": "2026-07-10"}],
        "import_id": [world.values["result import"]],
        "evidence_id": [world.values["evidence"]],
        "subject_kind": [world.values["evidence"]],
        "use_id": [world.values["evidence"]],
        "book_id": [world.values["book"]],
        "envelope_id": [world.values["book"]],
        "entry_id": [world.values["book"]],
        "held_id": [world.values["book"]],
        "project_id": [world.values["book"]],
        "deadline_id": [world.values["deadline"]],
        "plan_id": [world.values["deadline"]],
        "help_id": [world.values["deadline"]],
        "board_id": [world.values["deadline"]],
        "document_id": [world.values["directive"]],
        "proposal_id": [world.values["directive"]],
        "directive_id": [world.values["directive"]],
        "assignment_id": [world.values["directive"]],
        "obligation_id": [world.values["directive"]],
        "version_id": [
            world.values[each] for each in ("strategy", "strategy draft", "strategy source")
        ],
        "mission_id": [world.values["strategy"]],
        "meeting_id": [world.values["meeting"]],
        "item_id": [world.values["meeting"]],
        "invitation_id": [world.values["meeting"]],
        "attendance_id": [world.values["meeting"]],
        "resolution_id": [world.values["meeting"]],
        "series_id": [world.values["meeting"]],
        "idea_board_id": [world.values["ideas"]],
        "idea_id": [world.values["ideas"]],
        "idea_group_id": [world.values["ideas"]],
        "idea_proposal_id": [world.values["ideas"]],
        "visit_id": [world.values["visits"]],
        "follow_up_id": [world.values["visits"]],
        "letter_id": [world.values["papers"]],
        "template_id": [world.values["papers"]],
        "office_code": [world.values["papers"]],
    }  # fmt: skip
    plain = things_within_a_place(world) | {
        "code": "of-57",
        "year": 2566,
        "round_code": "6m",
        "secret": "x",
    }
    plain |= world.values["asked"]
    first = route.holders[0] if route.holders else ""
    if "groups/" in route.text:
        found = [{"key": ZONE}]
    elif route.text.startswith("personal/"):
        found = [world.values["personal 1"], world.values["personal 2"]]
    elif "/minutes/" in route.text or "/news/" in f"{route.text}/":
        found = [world.values["papers"]]
    elif "imports/villages/" in route.text:
        found = [world.values["village import"]]
    else:
        found = of_57.get(first, [{}])
    if first == "key":
        plain["code"] = code_behind_a_place(route)
    filled = [plain | one for one in found]
    for holder in route.holders:
        if any(holder not in one for one in filled):
            raise KeyError(f"{route.text}: no sample for <{holder}>; add one to samples()")
    return filled


def code_behind_a_place(route: Route) -> str:
    """Of a framework where the year follows, else of an indicator."""
    return two_dimensions().code if "year" in route.holders else "1.1"


def things_within_a_place(world: World) -> dict[str, object]:
    """What stands behind a place's key in an address."""
    return (
        {"code": "1.1", "indicator": "1.1"}
        | {"file_id": world.values["result import"]["import_id"]}
        | world.values["common round"]
        | world.values["conflict"]
        | world.values["workbook"]
        | world.values["deadline"]
        | world.values["question"]
    )


def with_values(world: World) -> Iterator[tuple[Route, str]]:
    """Every route that has place-holders, filled with things of 57."""
    for route in routes():
        if not route.is_expression and route.holders and route.text not in NOT_WALKED:
            for values in samples(route, world):
                yield route, route.address(values)


def without_values() -> Iterator[Route]:
    for route in routes():
        if not route.is_expression and not route.holders and route.text not in NOT_WALKED:
            yield route


def own_addresses(world: World) -> Iterator[tuple[Route, str]]:
    """The strangers' own pages, on which nothing of others may stand either."""
    for route in routes():
        if route.holders[:1] == ("key",) and "groups/" not in route.text:
            for key in STRANGERS_KEYS:
                found = things_within_a_place(world) | {"code": code_behind_a_place(route)}
                yield route, route.address(found | {"key": key, "year": 2566})


# -- reading answers -------------------------------------------------------------------------------


@dataclass(frozen=True)
class Answer:
    """What came back. text: all that it says, also within a workbook; location: of a redirect.

    minded_query, minded_form: whether anything looked at what was asked or handed in. Where nothing
    did, asking with other words would do the very same once more.
    """

    status: int
    text: str
    location: str
    minded_query: bool
    minded_form: bool


def ask(client: Client, address: str, posted: dict[str, object] | None = None) -> Answer:
    response = client.get(address) if posted is None else client.post(address, posted)
    content = b"".join(response) if getattr(response, "streaming", False) else response.content
    if content[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(content)) as book:
            content = b"\n".join(book.read(name) for name in book.namelist())
    if response.headers.get("Content-Type", "").startswith("application/json"):
        content = json.dumps(json.loads(content), ensure_ascii=False).encode()
    # A page may say back what was asked for: its own address, in links and the language switch.
    text = content.decode(errors="replace").replace(address, "")
    asked = response.wsgi_request
    return Answer(
        response.status_code,
        text,
        response.headers.get("Location", ""),
        minded_query="GET" in vars(asked),  # kept there when it is first looked at
        minded_form=asked._read_started,  # nothing public says it
    )


def asked_with(
    client: Client, address: str, queries: tuple[str, ...]
) -> Iterator[tuple[str, Answer]]:
    """The page as it is, and where it minds a query at all, with each of them."""
    plain = ask(client, address)
    yield "", plain
    if plain.minded_query:
        for query in queries:
            more = query.replace("?", "&") if "?" in address else query
            yield query, ask(client, address + more)


def leaks(answer: Answer, world: World, *, national: bool = False) -> list[str]:
    forbidden = world.words if national else world.words + PROVINCE_WORDS
    return [word for word in forbidden if word in answer.text]


@contextmanager
def undone() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


# -- the walk --------------------------------------------------------------------------------------


def test_every_route_has_a_sample(world):
    missing = []
    for route in routes():
        if route.is_expression:
            continue
        try:
            samples(route, world)
        except KeyError as lacking:
            missing.append(lacking.args[0])
    assert not missing, "\n".join(missing)
    assert len(routes()) > 80


def test_routes_written_as_expressions_are_the_librarys_own():
    """They are not walked; all of them are self-service of accounts, which is shut for all."""
    texts = {route.text for route in routes() if route.is_expression}
    assert all("accounts/" in text for text in texts), texts
    shut = ("accounts/signup/", "accounts/email/", "accounts/confirm-email/x/",
            "accounts/password/reset/key/1-x/", "accounts/password/set/")  # fmt: skip
    assert {Client().get(f"/{address}").status_code for address in shut} == {404}


def posted_to(route: Route) -> dict[str, object]:
    """Enough for a form to get as far as asking who may."""
    act = "check" if "/review/" in route.text else "close"
    return {"do": act, "scope": "57", "place": "5712", "name": "x"}


def test_samples_are_real(world):
    """Else the strangers' 404 would prove nothing: somebody of 57, or of the nation, is let in."""
    insiders = [signed_in(world.head), signed_in(world.executive)]
    reached: dict[str, bool] = {}
    for route, address in with_values(world):
        for insider in insiders:
            if reached.get(route.text):
                break
            with undone():
                answer = ask(insider, address)
                if answer.status == 405:
                    answer = ask(insider, address, posted_to(route))
            reached[route.text] = answer.status not in {404, 405}
    assert not [text for text, was in reached.items() if not was]


def test_nothing_of_57_answers_a_stranger(world):
    failures = []
    for person in world.strangers:
        client = signed_in(person)
        for route, address in with_values(world):
            answer = ask(client, address)
            national = route.text.startswith(NATIONAL) and route.holders == ("as_of",)
            if answer.status in CLOSED | {405} or (national and answer.status == 200):
                found = leaks(answer, world, national=national)
            else:
                found = [f"answers {answer.status}"]
            failures += [f"{person.name_th} {address}: {one}" for one in found]
    assert not failures, "\n".join(failures)


def test_nothing_of_57_can_be_done_by_a_stranger(world):
    failures = []
    before = Entry.objects.count()
    for person in world.strangers:
        client = signed_in(person)
        for route, address in with_values(world):
            answer = ask(client, address, {})
            if answer.minded_form and answer.status in CLOSED | {405}:
                answer = ask(client, address, posted_to(route))
            if answer.status not in CLOSED | {405}:
                failures.append(f"{person.name_th} POST {address}: {answer.status}")
    assert not failures, "\n".join(failures)
    assert Entry.objects.count() == before


QUERIES = (
    "?q=5712", "?q=57", "?key=5712", "?place=5712", "?scope=57", "?scope=5712",
    f"?scope={ZONE}", "?scope=57&level=district&year=2566", f"?peers={ZONE}", "?office=CDD-5712",
    "?framework=of-57&year=2566", "?framework=of-57-2566", "?year=2566", "?page=2", "?former=on",
    "?within=57", "?level=district", "?q=571203",
)  # fmt: skip


def test_no_page_names_57_to_a_stranger(world):
    """Lists, searches and filters, also when they are asked for 57 by code."""
    failures = []
    for person in world.strangers:
        client = signed_in(person)
        for route in without_values():
            if route.text in EXAMPLES:
                continue
            # The head may do all that the director may; the director looks without asking.
            queries = QUERIES if person == world.strangers[-1] else ()
            for query, answer in asked_with(client, f"/{route.text}", queries):
                if answer.status >= 500:
                    failures.append(f"/{route.text}{query}: {answer.status}")
                national = route.text.startswith(NATIONAL)
                asked = query.partition("=")[2]
                said_back = {"of-57", *asked.split("&")}
                failures += [
                    f"{person.name_th} /{route.text}{query}: {word}"
                    for word in leaks(answer, world, national=national)
                    if word not in said_back or not query
                ]
    assert not failures, "\n".join(failures)


OWN_QUERIES = ("?framework=of-57&year=2566", "?year=2566", f"?peers={ZONE}")


def test_own_pages_name_nobody_elses_places(world):
    failures = []
    for person in world.strangers:
        client = signed_in(person)
        opened = 0
        for _, address in own_addresses(world):
            # As above: filters as the one who may do more, pages themselves as both.
            queries = OWN_QUERIES if person == world.strangers[-1] else ()
            for query, answer in asked_with(client, address, queries):
                if answer.status >= 500:
                    failures.append(f"{address}{query}: {answer.status}")
                opened += answer.status == 200
                failures += [
                    f"{person.name_th} {address}{query}: {word}"
                    for word in leaks(answer, world)
                    if word != "of-57" or not query
                ]
        assert opened > 20
    assert not failures, "\n".join(failures)


def test_district_head_sees_the_district_and_not_the_province(world):
    client = signed_in(world.district_head)
    failures, opened = [], 0
    for route, address in with_values(world):
        if route.holders[0] != "key":
            continue
        answer = ask(client, address)
        inside = {"5712", "571203"} & set(address.partition("?")[0].split("/"))
        if answer.status == 405:
            continue
        if inside:
            opened += answer.status == 200
        elif answer.status not in CLOSED:
            failures.append(f"{answer.status} {address}")
        if not inside and world.head.name_th in answer.text:
            failures.append(f"{address} names the provincial head")
    assert not failures, "\n".join(failures)
    assert opened > 10


def test_nobody_gets_in_without_signing_in(world):
    client = Client()
    failures, public = [], set()
    addresses = list(with_values(world))
    addresses += [(route, f"/{route.text}") for route in without_values()]
    for route, address in addresses:
        for posted in (None, posted_to(route)):
            answer = ask(client, address, posted)
            if answer.status == 302:
                if not answer.location.startswith("/accounts/login/"):
                    failures.append(f"{address} → {answer.location}")
            elif answer.status == 200:
                public.add(route.text)
            elif answer.status not in {401, 403, 404, 405}:
                failures.append(f"{answer.status} {address}")
            failures += [f"{address}: {word}" for word in leaks(answer, world)]
    assert not failures, "\n".join(failures)
    assert public == PUBLIC
