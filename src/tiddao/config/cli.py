"""``tiddao``: every command of the product by one name."""

from __future__ import annotations

import os
import sys

from django.core.management import execute_from_command_line

READER_GONE = 141
"""The exit code by which a shell says that a program wrote to a pipe nobody reads."""


def main() -> None:
    """Run the command named on the command line; without one, list them."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tiddao.config.settings")
    try:
        execute_from_command_line(["tiddao", *sys.argv[1:]] if sys.argv[1:] else ["tiddao", "help"])
        sys.stdout.flush()
    except BrokenPipeError:
        # The reader has seen enough, as in `tiddao rank --json | head`; nor is it told so at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(READER_GONE)


if __name__ == "__main__":
    main()
