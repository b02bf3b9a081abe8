"""The questions themselves, in the order of kinds, a page at a time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from tiddao.budget.queries.quality.counts import Counts
from tiddao.budget.queries.quality.finder import Question
from tiddao.budget.queries.quality.kinds import FINDERS
from tiddao.budget.queries.quality.scope import Scope
from tiddao.budget.rules.quality import Kind


class Questions(Sequence[Question]):
    """The questions of some kinds, in the order of kinds, read only where they are looked at."""

    def __init__(self, scope: Scope, counts: Counts, kinds: Iterable[Kind]) -> None:
        self.scope = scope
        self.sizes: list[tuple[Kind, int]] = []
        places = set(scope.places)
        for kind in kinds:
            size = sum(
                tally.count
                for (place, own), tally in counts.items()
                if own == kind and place in places
            )
            if size:
                self.sizes.append((kind, size))

    def __len__(self) -> int:
        return sum(size for _, size in self.sizes)

    def __getitem__(self, wanted: Any) -> Any:
        if not isinstance(wanted, slice):
            return self._between(wanted, wanted + 1)[0]
        first, last, _step = wanted.indices(len(self))
        return self._between(first, last)

    def __iter__(self) -> Iterator[Question]:
        return iter(self._between(0, len(self)))

    def _between(self, first: int, last: int) -> list[Question]:
        found: list[Question] = []
        before = 0
        for kind, size in self.sizes:
            begin, end = max(first - before, 0), min(last - before, size)
            if begin < end:
                found += FINDERS[kind].questions(self.scope, begin, end)
            before += size
        return found
