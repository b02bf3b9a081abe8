"""Finding a place by what people type, among all places; finding words in 100,000 papers."""

from __future__ import annotations

import hashlib
import os
import random
import secrets
import statistics
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import partial
from itertools import islice

from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from bench import villages
from bench.measure import heading, seconds, table, tiddao, timed
from bench.papers import LAST_BACK, LAST_FRONT, Paper, papers
from tiddao.columns.writing import copy_rows
from tiddao.kernel.fiscal import FiscalYear
from tiddao.people.access import Standing, standing_of
from tiddao.people.models import Post, Role, User
from tiddao.places.models import NATION, Level, Office, Place
from tiddao.places.queries.search import search
from tiddao.policy.actions.indexing import reindex
from tiddao.policy.models import (
    Assignment,
    Directive,
    Document,
    DocumentText,
    FieldVisit,
    Idea,
    IdeaBoard,
    SearchEntry,
    SearchPending,
    SearchWord,
)
from tiddao.policy.queries.search import Narrowed, find

RUNS = 9
TYPED = (
    "พญาเม็งราย", "อ.พญาเม็งราย", "ต.ไม้ยา อ.พญาเม็งราย", "ไม้ยา", "เมือง", "หนอง", "บ้านไม้ยา", "พญาเมงราย",
    "Phaya Mengrai", "mae", "5712", "๕๗๑๒๐๓", "ไม่มีที่ไหนชื่อนี้",
)  # fmt: skip
PAPERS = int(os.environ.get("TIDDAO_BENCH_PAPERS", "100000"))
DIRECTIVES, RECEIVERS = PAPERS // 20, 12
VISITS, BOARDS, IDEAS = PAPERS // 20, PAPERS // 200, 10  # ideas: on each board
FOUND_RUNS = 25
GOAL = "goal: median and p95 under 100 ms of server time each"


def run() -> None:
    if not villages.villages_are_there():
        tiddao("import_villages", str(villages.village_file()))
    _places()
    _papers()


def _places() -> None:
    heading(
        f"Place search among {Place.objects.count():,} places",
        "without trigram index: folded names, prefixes first, then parts, then like spellings",
    )
    today = timezone.localdate()
    rows = []
    for text in TYPED:
        timing, found = timed(partial(search, text, roots={NATION}, on=today), runs=RUNS)
        with CaptureQueriesContext(connection) as queries:
            search(text, roots={NATION}, on=today)
        first = found.places[0].key if found.places else "–"
        rows.append([text, len(found.places), first, timing, timing.span, len(queries)])
    table(["typed", "found", "first", "time", "span", "queries"], rows)


def _papers() -> None:
    heading(
        f"Word search in {PAPERS:,} papers, {DIRECTIVES:,} directives to {RECEIVERS} offices each, "
        f"{VISITS:,} visits, {BOARDS * IDEAS:,} ideas on {BOARDS:,} boards",
        GOAL,
        "papers of the department's genre are generated; what is found is counted to the last one",
    )
    began = time.perf_counter()
    characters = _write()
    print(f"   written {characters:,} characters in {seconds(time.perf_counter() - began)}")
    busy = time.process_time()
    for done in reindex():
        own, busy = time.process_time() - busy, time.process_time()
        if done.entries:
            rate = done.entries / done.seconds
            print(
                f"   indexed {done.entries:,} of {done.kind}: {seconds(done.seconds)},"
                f" {rate:,.0f} a second; of it busy ourselves {seconds(own)}"
            )
    SearchPending.objects.all().delete()  # what the triggers put down is in the index by now
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE policy_searchentry")
        cursor.execute("VACUUM ANALYZE policy_searchword")
    _sizes()
    people = [
        ("nation", _somebody(Role.EXECUTIVE, "CDD")),
        ("province 57", _somebody(Role.PROVINCIAL_HEAD, "CDD-57")),
        ("district 5712", _somebody(Role.DISTRICT_HEAD, "CDD-5712")),
    ]
    rows = []
    for who, user in people:
        client = Client(SERVER_NAME="localhost")
        client.force_login(user)
        standing = standing_of(user, on=timezone.localdate())
        for words, text in _questions():
            rows.append([words, who, *_asked(text, standing, client)])
    table(["asked", "who", "found", "query", "p95", "page", "p95", "queries"], rows)


def _questions() -> list[tuple[str, str]]:
    name = f"{LAST_FRONT[0]}{LAST_BACK[0]}"  # ปินตาเป็ก
    return [
        ("ติดดาว", "ติดดาว"),
        ("โคกหนองนา", "โคกหนองนา"),
        ("name, another sign (ปินตาเป๊ก)", "ปินตาเป๊ก"),
        ("name, a letter missing (ชมภูคำ)", "ชมภูคำ"),
        ("name without its title, both names", f"ธัญญา {name}"),
        ("two words (ติดดาว หนี้นอกระบบ)", "ติดดาว หนี้นอกระบบ"),
        ("two common words", "ครัวเรือนต้นแบบ ผ้าไหม"),
        ("a short word (ไหม)", "ไหม"),
        ("in quotation marks", '"แคตตาลอก"'),
        ("a word of nearly all (งบประมาณ)", "งบประมาณ"),
        ("stands nowhere", "ไดโนเสาร์ล้านปี"),
    ]


def _asked(text: str, standing: Standing, client: Client) -> list[object]:
    query, found = timed(partial(find, text, standing, Narrowed()), runs=FOUND_RUNS, warm=2)
    page, _ = timed(partial(client.get, reverse("search"), {"q": text}), runs=FOUND_RUNS)
    with CaptureQueriesContext(connection) as queries:
        find(text, standing, Narrowed())
    total = f"{found.total:,}" + (" *" if found.instead else "") if found else "–"
    return [total, query, _p95(query.runs), page, _p95(page.runs), len(queries)]


def _p95(runs: tuple[float, ...]) -> str:
    return seconds(statistics.quantiles(runs, n=20)[-1])


def _somebody(role: str, office: str) -> User:
    user = User.objects.create(
        username=f"search-{office}", name_th="ผู้ทดสอบการค้น", created_at=timezone.now()
    )
    Post.objects.create(user=user, role=role, office_id=office, held_from=timezone.localdate())
    return user


def _sizes() -> None:
    with connection.cursor() as cursor:
        rows = []
        for words, name in (
            ("entries with their text", "policy_searchentry"),
            ("  index of signs", "search_signs"),
            ("known words with index", "policy_searchword"),
            ("documents, as they were taken in", "policy_documenttext"),
        ):
            cursor.execute("SELECT pg_total_relation_size(%s::regclass)", [name])
            rows.append([words, f"{cursor.fetchone()[0] / 1e6:,.0f} MB"])
        cursor.execute("SELECT avg(cardinality(signs)), avg(length(text)) FROM policy_searchentry")
        signs, length = cursor.fetchone()
    rows.append(["entries", f"{SearchEntry.objects.count():,}"])
    rows.append(["signs of one entry, of how many characters", f"{signs:,.0f} of {length:,.0f}"])
    rows.append(["known words", f"{SearchWord.objects.count():,}"])
    table(["what", "size"], rows)


def _write() -> int:
    """Write papers and directives, spread over the offices of all levels; return the characters."""
    seed = secrets.randbits(32)
    chance = random.Random(seed)
    names = list(
        Place.objects.filter(level__in=[Level.DISTRICT, Level.TAMBON]).values_list(
            "name_th", flat=True
        )
    )
    offices = list(Office.objects.filter(valid_to=None).values_list("pk", "place_id"))
    small = [office for office in offices if len(office[1]) == 4]
    large = [office for office in offices if len(office[1]) != 4]
    characters = 0
    made = papers(PAPERS, names, seed=seed)
    while batch := list(islice(made, 1_000)):
        with transaction.atomic():
            characters += _documents(
                batch, [chance.choice(chance.choice((small, large))) for _ in batch]
            )
    made = papers(DIRECTIVES, names, seed=seed + 1)
    while batch := list(islice(made, 500)):
        with transaction.atomic():
            _directives(batch, chance, large, offices)
    made = papers(VISITS + BOARDS * (IDEAS + 1), names, seed=seed + 2)
    while batch := list(islice(made, 500)):
        with transaction.atomic():
            _told(batch, chance, offices)
    return characters


def _documents(batch: list[Paper], offices: list[tuple[str, str]]) -> int:
    at = datetime(2026, 1, 5, 3, 0, tzinfo=UTC)
    numbers = _numbers("policy_document", len(batch))
    rows, texts = [], []
    for number, paper, (_, place) in zip(numbers, batch, offices, strict=True):
        rows.append(
            Document(
                pk=number, place_id=place, title=paper.title[:500], issued_on=paper.on,
                fiscal_year=FiscalYear.of(paper.on).be, by="user:0", at=at,
            )
        )  # fmt: skip
        sha256 = hashlib.sha256(paper.text.encode()).hexdigest()
        texts.append(
            DocumentText(
                document_id=number,
                text=paper.text,
                sha256=sha256,
                format="pasted",
                wraps=[],
                left_out=[],
            )
        )
    copy_rows(rows)
    copy_rows(texts)
    return sum(len(paper.text) for paper in batch)


def _directives(
    batch: list[Paper],
    chance: random.Random,
    large: list[tuple[str, str]],
    offices: list[tuple[str, str]],
) -> None:
    at = datetime(2026, 1, 5, 3, 0, tzinfo=UTC)
    numbers = _numbers("policy_directive", len(batch))
    rows, parts = [], []
    for number, paper in zip(numbers, batch, strict=True):
        office, place = chance.choice(large)
        rows.append(
            Directive(
                pk=number, place_id=place, office_id=office, sender_title="ผู้ส่ง", title=paper.title[:300],
                text=paper.text[:600], fiscal_year=FiscalYear.of(paper.on).be, sent_on=paper.on,
                sent_at=at, by="user:0",
            )
        )  # fmt: skip
        parts += [
            Assignment(
                directive_id=number, office_id=to, place_id=at_place, sent_at=at, moved_at=at
            )
            for to, at_place in chance.sample(offices, RECEIVERS)
        ]
    copy_rows(rows)
    copy_rows(parts)


def _told(batch: list[Paper], chance: random.Random, offices: list[tuple[str, str]]) -> None:
    """Write visits, and boards with their ideas, as many of each as their shares of the whole."""
    at = datetime(2026, 1, 5, 3, 0, tzinfo=UTC)
    waiting = iter(batch)
    visits, boards, ideas = [], [], []
    whole = VISITS + BOARDS * (IDEAS + 1)
    for paper in islice(waiting, len(batch) * VISITS // whole):
        office, place = chance.choice(offices)
        visits.append(
            FieldVisit(
                place_id=place, office_id=office, visited_on=paper.on, subject=paper.title[:300],
                progress=paper.text[:600], by="user:0", at=at,
            )
        )  # fmt: skip
    asked = [next(waiting) for _ in range(len(batch) * BOARDS // whole)]
    numbers = list(_numbers("policy_ideaboard", len(asked)))
    for number, paper in zip(numbers, asked, strict=True):
        office, place = chance.choice(offices)
        boards.append(
            IdeaBoard(
                pk=number, place_id=place, office_id=office, question=paper.title[:300],
                by="user:0", at=at,
            )
        )  # fmt: skip
    for number, paper in enumerate(waiting):
        board = numbers[number % len(numbers)]
        ideas.append(Idea(board_id=board, words=paper.text[:300], by="user:0", at=at))
    copy_rows(visits)
    copy_rows(boards)
    copy_rows(ideas)


def _numbers(name: str, count: int) -> Iterator[int]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)",
            [name, count],
        )
        return iter([number for (number,) in cursor.fetchall()])
