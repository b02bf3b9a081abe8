"""JSON of this area under /api/v1; each part has a module of its own."""

from __future__ import annotations

from ninja import Router

from tiddao.budget.api import books, curves, deadlines, money, quality, treasury, workbooks

router = Router()
for part in (money, curves, books, workbooks, deadlines, quality, treasury):
    router.add_router("", part.router)
