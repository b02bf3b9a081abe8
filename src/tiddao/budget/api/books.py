"""JSON of the offices' own books under /api/v1."""

from __future__ import annotations

from ninja import Router

router = Router()
