"""JSON of curves, forecasts and the page for a meeting under /api/v1."""

from __future__ import annotations

from ninja import Router

router = Router()
