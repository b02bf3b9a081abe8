"""``tiddao books verify``: count the sums of the books again; the exit code says the outcome."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from dataclasses import asdict
from typing import Any

from django.core.management import BaseCommand, CommandError

from tiddao.budget.queries.recount import books_kept, recount_books


class Command(BaseCommand):
    help = (
        "Counts every sum of the offices' books again from their entries. "
        "Exit 1 when a kept sum is not what its entries come to."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("act", choices=["verify"])
        parser.add_argument("--office", help="one office's books only, for example CDD-5712")
        parser.add_argument("--fiscal-year", type=int, help="one Buddhist fiscal year only")
        parser.add_argument("--json", action="store_true", help="the differences as JSON")

    def handle(self, *_args: Any, **options: Any) -> None:
        books = books_kept(office=options["office"], fiscal_year=options["fiscal_year"])
        if not books and (options["office"] or options["fiscal_year"]):
            raise CommandError("there is no such book", returncode=2)
        found = recount_books(books)
        if options["json"]:
            said = {
                "books": len(books),
                "differences": [
                    {
                        **asdict(each),
                        "kept": None if each.kept is None else str(each.kept),
                        "counted": None if each.counted is None else str(each.counted),
                    }
                    for each in found
                ],
            }
            self.stdout.write(json.dumps(said, ensure_ascii=False, indent=2))
        else:
            for each in found:
                self.stdout.write(str(each))
        if found:
            raise CommandError(f"{len(books)} books, {len(found)} sums differ", returncode=1)
        if not options["json"]:
            self.stdout.write(f"{len(books)} books, every sum is what its entries come to")
