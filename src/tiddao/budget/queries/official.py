"""The official targets that ship with the product, read once."""

from __future__ import annotations

from functools import cache

from django.conf import settings

from tiddao.budget.rules.targets import OfficialTargets, read_targets

FILE = settings.BASE.parent.parent / "definitions" / "disbursement-targets.toml"


@cache
def official_targets() -> OfficialTargets:
    """Return every official target that is known. Raises TargetsRefused for a broken definition."""
    return read_targets(FILE.read_text(encoding="utf-8"), file=FILE.name)
