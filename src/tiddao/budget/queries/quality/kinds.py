"""Which finder finds which kind."""

from __future__ import annotations

from collections.abc import Mapping

from tiddao.budget.queries.quality.finder import Finder
from tiddao.budget.queries.quality.of_books import Idle, Silent
from tiddao.budget.queries.quality.of_entries import Late, Overdue, Papers
from tiddao.budget.queries.quality.of_workbooks import Issues, Scores, Stale
from tiddao.budget.rules.quality import Kind

FINDERS: Mapping[Kind, Finder] = {
    "issue": Issues(),
    "score": Scores(),
    "silent": Silent(),
    "overdue": Overdue(),
    "papers": Papers(),
    "idle": Idle(),
    "late": Late(),
    "stale": Stale(),
}
