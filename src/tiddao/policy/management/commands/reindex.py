"""``tiddao reindex [KIND …]``: make the index of the search anew from its sources, and report."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from tiddao.policy.actions.indexing import reindex
from tiddao.policy.queries.search_sources import SOURCES


class Command(BaseCommand):
    help = "Make the index of the search anew from documents, directives, meetings …, and report."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("kinds", nargs="*", help=f"some of: {' '.join(SOURCES)}")

    def handle(self, *args: Any, **options: Any) -> None:
        unknown = sorted(set(options["kinds"]) - set(SOURCES))
        if unknown:
            raise CommandError(f"ไม่รู้จัก {', '.join(unknown)} (มี: {', '.join(SOURCES)})")
        for done in reindex(options["kinds"]):
            rate = done.entries / done.seconds if done.seconds else 0
            self.stdout.write(
                f"{SOURCES[done.kind].words}: ทำดัชนี {done.entries:,} รายการ "
                f"ลบ {done.removed:,} รายการ ใช้เวลา {done.seconds:.1f} วินาที "
                f"({rate:,.0f} รายการต่อวินาที)"
            )
