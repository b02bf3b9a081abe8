"""JSON of this area under /api/v1."""

from __future__ import annotations

from ninja import Router

from tiddao.policy.api.directives import router as directives
from tiddao.policy.api.documents import router as documents
from tiddao.policy.api.meetings import router as meetings
from tiddao.policy.api.search import router as search
from tiddao.policy.api.strategy import router as strategy

router = Router()
router.add_router("", documents)
router.add_router("", directives)
router.add_router("", meetings)
router.add_router("", search)
router.add_router("", strategy)
