"""``tiddao openapi``: write the API's contract to docs/openapi.json, or check that it is right."""

from __future__ import annotations

import json
import sys
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser
from django.utils.module_loading import import_string

SNAPSHOT = settings.BASE.parent.parent / "docs" / "openapi.json"


def contract() -> str:
    """Return the OpenAPI document of the whole site as text, the same on every machine."""
    api = import_string(f"{settings.ROOT_URLCONF}.api")
    schema = api.get_openapi_schema(path_prefix="/api/v1/")
    return json.dumps(schema, ensure_ascii=False, indent=2, sort_keys=True) + "\n"


class Command(BaseCommand):
    help = "Write docs/openapi.json from the code; --check: exit 1 when file and code differ."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        said = contract()
        written = SNAPSHOT.read_text(encoding="utf-8") if SNAPSHOT.exists() else ""
        if options["check"]:
            if said != written:
                self.stderr.write("docs/openapi.json is not what the code says: run tiddao openapi")
                sys.exit(1)
            return
        if said != written:
            SNAPSHOT.parent.mkdir(parents=True, exist_ok=True)
            SNAPSHOT.write_text(said, encoding="utf-8")
