"""``tiddao``: every command of the product by one name."""

from __future__ import annotations

import os
import sys

from django.core.management import execute_from_command_line


def main() -> None:
    """Run the command named on the command line; without one, list them."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tiddao.config.settings")
    execute_from_command_line(["tiddao", *sys.argv[1:]] if sys.argv[1:] else ["tiddao", "help"])


if __name__ == "__main__":
    main()
