"""``tiddao succeed_place 5712 --into 5731=ชื่อ:0.6 --into 5732=ชื่อ:0.4 --move 571201=573101 …``."""

from __future__ import annotations

import sys
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone
from django.utils.translation import gettext as _

from tiddao.ledger.actors import SYSTEM
from tiddao.places.actions.successions import SuccessionRefused, Successor, succeed_place


class Command(BaseCommand):
    help = "Write down what becomes of a place: split, merged, or a new number."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("place", help="code of the place that is followed")
        parser.add_argument(
            "--into",
            action="append",
            required=True,
            metavar="CODE[=NAME]:SHARE",
            help="a place that follows, and the part of the figures that goes there (0–1)",
        )
        parser.add_argument("--move", action="append", default=[], metavar="OLD=NEW")
        parser.add_argument("--on", required=True, type=date.fromisoformat, help="first day (ISO)")
        parser.add_argument("--source", required=True, help="the notice or order")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            links = succeed_place(
                options["place"],
                [_successor(text) for text in options["into"]],
                on=options["on"],
                source=options["source"],
                by=SYSTEM,
                at=timezone.now(),
                moved=dict(_pair(text) for text in options["move"]),
            )
        except SuccessionRefused as refused:
            self.stderr.write(str(refused.reason))
            sys.exit(2)
        except ValueError as error:
            self.stderr.write(_("Cannot be read: %(text)s") % {"text": error})
            sys.exit(2)
        for link in links:
            self.stdout.write(f"{link.predecessor_id} → {link.successor_id} {link.share:f}")


def _successor(text: str) -> Successor:
    named, _colon, share = text.rpartition(":")
    code, _equals, name = named.partition("=")
    try:
        return Successor(code, Decimal(share), name_th=name)
    except InvalidOperation:
        raise ValueError(text) from None


def _pair(text: str) -> tuple[str, str]:
    before, equals, after = text.partition("=")
    if not equals:
        raise ValueError(text)
    return before, after
