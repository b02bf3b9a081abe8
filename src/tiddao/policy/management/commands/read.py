"""``tiddao read FILE [--json]``."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError
from django.utils import timezone

from tiddao.policy.queries.gazetteer import gazetteer, register_gazetteer
from tiddao.policy.rules.gazetteer import PlaceIndex
from tiddao.policy.rules.intake import LARGEST_FILE, taken_in
from tiddao.policy.rules.listing import as_json, listing
from tiddao.policy.rules.reader import read_document
from tiddao.policy.rules.source_text import IntakeRefused

REFUSED = 2  # exit code


class Command(BaseCommand):
    help = "Read a document (txt, docx, pdf, html) and print what it proposes. Writes nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--json", action="store_true", help="proposals with their spans")

    def handle(self, *args: Any, **options: Any) -> None:
        file: Path = options["file"]
        try:
            with file.open("rb") as source:
                # One byte more than is read at all, so that a huge file is refused, not loaded.
                content = source.read(LARGEST_FILE + 1)
            text = taken_in(content, name=file.name)
        except OSError as fault:
            raise CommandError(f"{file}: {fault.strerror}", returncode=REFUSED) from fault
        except IntakeRefused as refused:
            raise CommandError(f"{file.name}: {refused}", returncode=REFUSED) from refused
        reading = read_document(text, self._places())
        if options["json"]:
            said = {"file": file.name, **as_json(reading)}
            self.stdout.write(json.dumps(said, ensure_ascii=False, indent=1))
        else:
            self.stdout.write("\n".join(listing(reading)))

    def _places(self) -> PlaceIndex:
        try:
            found = gazetteer(on=timezone.localdate())
        except DatabaseError:
            found = None  # no table yet: the register alone still knows every place
        if found is None:
            self.stderr.write("ยังไม่มีข้อมูลพื้นที่ในฐานข้อมูล จึงใช้ทะเบียนรหัสราชการและกลุ่มพื้นที่ที่มากับโปรแกรม")
            return register_gazetteer()
        return found
