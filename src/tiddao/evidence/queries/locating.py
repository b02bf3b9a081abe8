"""Where a photo was taken, against a claimed place."""

from __future__ import annotations

from datetime import date

from tiddao.evidence.models import EvidenceVersion
from tiddao.evidence.rules.findings import Whereabouts
from tiddao.places.queries.outlines import point_among_places


def whereabouts(version: EvidenceVersion, claimed: str, *, on: date) -> Whereabouts | None:
    """Return where the photo lies against the place; None when it names no position. One query."""
    if version.latitude is None or version.longitude is None:
        return None
    found = point_among_places(version.latitude, version.longitude, claimed, on=on)
    return Whereabouts(found.nearest_known, found.metres, found.smallest)
