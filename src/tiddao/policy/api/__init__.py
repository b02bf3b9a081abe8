"""JSON of this area under /api/v1."""

from __future__ import annotations

from ninja import Router

from tiddao.policy.api.directives import router as directives
from tiddao.policy.api.documents import router as documents
from tiddao.policy.api.ideas import router as ideas
from tiddao.policy.api.meetings import router as meetings
from tiddao.policy.api.papers import router as papers
from tiddao.policy.api.search import router as search
from tiddao.policy.api.strategy import router as strategy
from tiddao.policy.api.visits import router as visits

router = Router()
router.add_router("", documents)
router.add_router("", directives)
router.add_router("", meetings)
router.add_router("", papers)
router.add_router("", search)
router.add_router("", strategy)
router.add_router("", ideas)
router.add_router("", visits)
