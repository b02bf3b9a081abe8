"""``tiddao worker``: the jobs."""

from __future__ import annotations

from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandParser


class Command(BaseCommand):
    help = "Run the jobs: scores, imports, sealing of the ledger."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--concurrency", type=int, default=2)

    def handle(self, *args: Any, **options: Any) -> None:
        call_command(
            "procrastinate",
            "worker",
            "--name=tiddao",
            f"--concurrency={options['concurrency']}",
            "--shutdown-graceful-timeout=5",
        )
