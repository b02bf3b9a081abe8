"""Kept boards: the weeks there are, and any past week's board shown again exactly."""

from __future__ import annotations

from dataclasses import dataclass

from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from tiddao.budget.forms.deadlines import BoardsForm
from tiddao.budget.queries.boards import (
    BoardHead,
    BoardView,
    Change,
    board_heads,
    board_view,
    board_years,
    boards_of,
    find_board,
)
from tiddao.budget.queries.standings import BoardRow
from tiddao.budget.rules.boards import BOTTOM
from tiddao.budget.rules.treasury_words import ORDER_TH
from tiddao.budget.views.deadlines.exports import standing_columns, standing_row
from tiddao.budget.views.deadlines.pieces import (
    ShownRow,
    in_million,
    measure_words,
    path_to,
    rule_words,
    shown_row,
)
from tiddao.budget.views.wording import sheet_words
from tiddao.people.access import SignedInRequest, visible_unit_or_404
from tiddao.places.models import Level
from tiddao.ui.templatetags.ui import be_medium
from tiddao.ui.xlsx import xlsx_response

PAGE = 50


@dataclass(frozen=True, slots=True)
class KeptRow:
    """A row of a kept board, with what changed since the week before and its groups of the day."""

    shown: ShownRow
    change: Change | None
    groups: tuple[str, ...]


@require_GET
def boards(request: SignedInRequest, key: str) -> HttpResponse:
    """List a place's kept boards, the newest week first."""
    unit = visible_unit_or_404(request, key)
    if unit.is_group or unit.level not in (Level.NATION, Level.PROVINCE):
        raise Http404
    form = BoardsForm(request.GET)
    form.offer(board_years(unit.key))
    page = Paginator(boards_of(unit.key, **form.asked()), PAGE).get_page(request.GET.get("page"))
    context = {
        "unit": unit,
        "path": [*path_to(request, unit), (_("Kept boards"), None)],
        "form": form,
        "is_filtered": any(form.asked().values()),
        "page": page,
        "lines": [(head, head_words(head)) for head in board_heads(list(page.object_list))],
    }
    return render(request, "budget/deadlines/boards.html", context)


@require_GET
def board(request: SignedInRequest, board_id: int) -> HttpResponse:
    """Show one kept board: the bottom ten with reasons, then every unit."""
    head = _head_or_404(request, board_id)
    found = board_view(head)
    by_need = request.GET.get("order") == "need" and head.series == "books"
    rows = found.by_need if by_need else found.rows
    unit = visible_unit_or_404(request, head.within)
    context = {
        "unit": unit,
        "path": [
            *path_to(request, unit),
            (_("Kept boards"), reverse("place-boards", args=[unit.key])),
            (be_medium(head.as_of), None),
        ],
        "head": head,
        "title": head_words(head),
        "view": found,
        "own": shown_row(found.own, "") if found.own else None,
        "bottom": [_kept(row, found, head) for row in found.bottom],
        "bottom_many": BOTTOM,
        "rows": [_kept(row, found, head) for row in rows],
        "silent": [row for row in found.rows if not row.is_reported],
        "order_words": ORDER_TH["ascending"],
        "by_need": by_need,
        "rule": rule_words(),
        "in_million": in_million(head.within),
        "is_books": head.series == "books",
    }
    return render(request, "budget/deadlines/board.html", context)


@require_GET
def board_xlsx(request: SignedInRequest, board_id: int) -> FileResponse:
    """Hand out a kept board as a workbook, every unit of it."""
    head = _head_or_404(request, board_id)
    found = board_view(head)
    rows = [*([found.own] if found.own else []), *found.rows]
    return xlsx_response(
        f"{head_words(head)} {head.as_of.isoformat()}",
        head_words(head),
        standing_columns(),
        [standing_row(row) for row in rows],
        as_of=head.as_of,
        notes=[f"{_('Universe')}: {head.universe_th}", ORDER_TH["ascending"]],
    )


def head_words(head: BoardHead) -> str:
    """Return what a board ranks, in one line."""
    said = measure_words(head.basis, head.spending, head.fund_words)
    if head.reference.sheet is not None:
        return f"{sheet_words(head.reference.sheet)} · {measure_words(head.basis, head.spending)}"
    name = head.deadline_name or _("Goal of the year")
    return f"{name} · {said}"


def _head_or_404(request: SignedInRequest, board_id: int) -> BoardHead:
    head = find_board(board_id)
    if head is None or not request.standing.covers(head.within):
        raise Http404
    return head


def _kept(row: BoardRow, found: BoardView, head: BoardHead) -> KeptRow:
    href = ""
    if head.deadline is not None and (row.own_office or row.level == Level.DISTRICT):
        href = reverse("plan", args=[head.deadline, row.unit])
    elif not row.own_office:
        href = reverse("place-money", args=[row.unit])
    return KeptRow(shown_row(row, href), found.changes.get(row.id), found.groups.get(row.unit, ()))
