"""Finding a place by what people type, among all provinces, districts, tambons and villages."""

from __future__ import annotations

from functools import partial

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from bench import villages
from bench.measure import heading, table, tiddao, timed
from tiddao.places.models import NATION, Place
from tiddao.places.queries.search import search

RUNS = 9
TYPED = (
    "พญาเม็งราย", "อ.พญาเม็งราย", "ต.ไม้ยา อ.พญาเม็งราย", "ไม้ยา", "เมือง", "หนอง", "บ้านไม้ยา", "พญาเมงราย",
    "Phaya Mengrai", "mae", "5712", "๕๗๑๒๐๓", "ไม่มีที่ไหนชื่อนี้",
)  # fmt: skip


def run() -> None:
    if not villages.villages_are_there():
        tiddao("import_villages", str(villages.village_file()))
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
