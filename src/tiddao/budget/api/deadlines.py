"""JSON of deadlines, plans, help and boards under /api/v1."""

from __future__ import annotations

from ninja import Router

router = Router()
