"""JSON of the tab งบ, province tables, leagues under /api/v1."""

from __future__ import annotations

from ninja import Router

router = Router()
