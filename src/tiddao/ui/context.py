"""What every page needs for its frame."""

from __future__ import annotations

from django.http import HttpRequest


def frame(request: HttpRequest) -> dict[str, object]:  # noqa: ARG001 -- Django's signature
    """Return the variables of the base template."""
    return {}
