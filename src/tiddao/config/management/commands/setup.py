"""``tiddao setup``: database, geography, translations, assets."""

from __future__ import annotations

import time
from typing import Any

from django.core.management.base import BaseCommand

from tiddao.config import setup


class Command(BaseCommand):
    help = "Bring this installation to the state this version needs; may run again at any time."

    def handle(self, *args: Any, **options: Any) -> None:
        for words, step in setup.steps():
            began = time.monotonic()
            self.stdout.write(f"  {words} …", ending="")
            self.stdout.flush()
            step()
            self.stdout.write(f" {time.monotonic() - began:.1f} s")
