"""The child that works in the scratch installation: starts Django, then hands over to ``report``."""

from __future__ import annotations

import importlib
import os
import sys

import django


def main() -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tiddao.config.settings")
    django.setup()
    report = importlib.import_module("bench.report")  # needs the apps to be there
    return int(report.run(sys.argv[1:]))


if __name__ == "__main__":
    sys.exit(main())
