"""``tiddao serve``: the web server alone."""

from __future__ import annotations

import os
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from granian import Granian
from granian.constants import Interfaces


class Command(BaseCommand):
    help = "Serve the pages and the API. `tiddao up` runs this together with the worker."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=int, default=int(os.environ.get("PORT", "8000")))
        parser.add_argument("--workers", type=int, default=2)
        parser.add_argument("--threads", type=int, default=6, help="per worker process")

    def handle(self, *args: Any, **options: Any) -> None:
        Granian(
            "tiddao.config.wsgi:application",
            address=options["host"],
            port=options["port"],
            interface=Interfaces.WSGI,
            workers=options["workers"],
            blocking_threads=options["threads"],
            websockets=False,
            log_enabled=False,
        ).serve()
