"""``tiddao``: every command of the product by one name."""

from __future__ import annotations

import os
import sys

from django.core.management import ManagementUtility
from django.core.management.base import BaseCommand

READER_GONE = 141
"""The exit code by which a shell says that a program wrote to a pipe nobody reads."""


class Commands(ManagementUtility):
    """Every command there is; ours begin at once.

    Looking through all code for mistakes (``tiddao check``) doubles the time that a command takes to
    begin, and finds nothing on an office's machine that the gate has not found before.
    """

    def fetch_command(self, subcommand: str) -> BaseCommand:
        command = super().fetch_command(subcommand)
        if type(command).__module__.startswith("tiddao."):
            command.requires_system_checks = ()
        return command


def main() -> None:
    """Run the command named on the command line; without one, list them."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tiddao.config.settings")
    try:
        Commands(["tiddao", *(sys.argv[1:] or ["help"])]).execute()
        sys.stdout.flush()
    except BrokenPipeError:
        # The reader has seen enough, as in `tiddao rank --json | head`; nor is it told so at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(READER_GONE)


if __name__ == "__main__":
    main()
