"""Which icons the product shows: what is named in its templates and code."""

from __future__ import annotations

import re
from pathlib import Path

_IN_TEMPLATE = re.compile(r"""{%\s*icon\s+["']([a-z0-9-]+)["']""")
_IN_CODE = re.compile(r"""["']([a-z][a-z0-9-]*)["']""")


def icons_named(source: Path) -> tuple[set[str], set[str]]:
    """Return the icons that templates under source name, and words of its code that may name one.

    Code names icons in registry items and tables, so every quoted word of a file that speaks of
    icons may be one; those that Tabler does not know are other words.
    """
    certain: set[str] = set()
    possible: set[str] = set()
    for path in source.rglob("*.html"):
        certain.update(_IN_TEMPLATE.findall(path.read_text(encoding="utf-8")))
    for path in source.rglob("*.py"):
        text = path.read_text(encoding="utf-8")
        if "icon" in text.lower() or "NavigationItem" in text or "PlaceTab" in text:
            possible.update(_IN_CODE.findall(text))
    return certain, possible - certain
