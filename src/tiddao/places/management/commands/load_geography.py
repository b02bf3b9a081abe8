"""``tiddao load_geography``: official places, offices and shipped groups."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from tiddao.ledger.actors import SYSTEM
from tiddao.places.actions.geography import load_geography
from tiddao.places.rules.group_file import GroupFileError


class Command(BaseCommand):
    help = "Load the official places, the department's offices and the shipped groups."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            changed = load_geography(at=timezone.now(), by=SYSTEM)
        except GroupFileError as error:
            raise CommandError(str(error)) from error
        if options["verbosity"]:
            words = ", ".join(f"{count:,} {kind}" for kind, count in sorted(changed.items()))
            self.stdout.write(f"Changed: {words}" if words else "Geography is up to date.")
