"""Boards as they were kept: which weeks there are, and any one of them shown again exactly."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Literal, cast

from django.db.models import Q, QuerySet
from django.utils.timezone import localdate

from tiddao.budget.models import Board, BoardLine, Fund
from tiddao.budget.queries.positions import office_name
from tiddao.budget.queries.standings import BoardRow, in_order_of_help, row_of_line
from tiddao.budget.rules.boards import BOTTOM, Reference, is_late, read_reference
from tiddao.budget.rules.cgd_figures import Basis, Spending
from tiddao.places import tree
from tiddao.places.models import NATION, GroupKind, Level, Membership, Office, Place
from tiddao.places.queries import full_name, in_language

Series = Literal["books", "cgd"]


@dataclass(frozen=True, slots=True)
class BoardHead:
    """What a board says of itself. within: the place whose units it ranks, "th" for the treasury's.

    day and goal: of the deadline as they stood then, or of the year's own goal; None for cgd.
    is_late: taken so long after its day that entries made later may stand on it.
    """

    id: int
    series: Series
    as_of: date
    fiscal_year: int
    level: str
    basis: Basis
    spending: Spending
    fund: str
    universe_th: str
    order: str
    reference: Reference
    deadline: int | None
    deadline_name: str
    day: date | None
    goal: Decimal | None
    taken_at: datetime
    superseded_at: datetime | None

    @property
    def within(self) -> str:
        return self.reference.place or NATION

    @property
    def is_late(self) -> bool:
        return self.series == "books" and is_late(self.as_of, localdate(self.taken_at))

    @property
    def fund_words(self) -> str:
        return str(Fund(self.fund).label) if self.fund else ""


@dataclass(frozen=True, slots=True)
class Change:
    """Against the board before: points of the share, and ranks from the lowest (+ is upwards)."""

    points: Decimal | None
    ranks: int | None

    @property
    def ranks_down(self) -> int | None:
        return None if self.ranks is None else -self.ranks


@dataclass(frozen=True, slots=True)
class BoardView:
    """One board whole. rows: by rank, those without one last; own: the whole, None for want of it.

    before: the board of the week before, with the changes by row. groups: of each place, the regions
    and inspection regions it belonged to on the day, as they call themselves.
    """

    head: BoardHead
    own: BoardRow | None
    rows: tuple[BoardRow, ...]
    before: BoardHead | None
    changes: Mapping[tuple[str, bool], Change]
    groups: Mapping[str, tuple[str, ...]]

    @property
    def bottom(self) -> tuple[BoardRow, ...]:
        """The ten lowest ranks; more than ten units where the tenth is shared."""
        return tuple(row for row in self.rows if row.rank is not None and row.rank <= BOTTOM)

    @property
    def ties(self) -> int:
        return sum(row.tied > 1 for row in self.rows)

    @property
    def unreported(self) -> tuple[BoardRow, ...]:
        return tuple(row for row in self.rows if not row.is_reported)

    @property
    def by_need(self) -> tuple[BoardRow, ...]:
        return in_order_of_help(self.rows)


def boards_of(
    within: str,
    *,
    series: Series | None = None,
    basis: Basis | None = None,
    spending: Spending | None = None,
    year: int | None = None,
    superseded: bool = False,
) -> QuerySet[Board]:
    """Return the boards of a place as a query, the newest week first; the nation's hold the treasury's."""
    mine = Q(series="books", reference__startswith=f"place:{within}/")
    if within == NATION:
        mine |= Q(series="cgd")
    rows = Board.objects.filter(mine).select_related("deadline")
    if not superseded:
        rows = rows.filter(superseded_at__isnull=True)
    asked = {"series": series, "basis": basis, "spending": spending, "fiscal_year": year}
    rows = rows.filter(**{name: value for name, value in asked.items() if value is not None})
    return rows.order_by("-as_of", "series", "basis", "reference", "spending", "pk")


def board_heads(rows: Collection[Board]) -> tuple[BoardHead, ...]:
    """Return what boards say of themselves, in the order given."""
    return tuple(
        BoardHead(
            id=each.pk,
            series=cast("Series", each.series),
            as_of=each.as_of,
            fiscal_year=each.fiscal_year,
            level=each.level,
            basis=cast("Basis", each.basis),
            spending=cast("Spending", each.spending),
            fund=each.fund,
            universe_th=each.universe_th,
            order=each.order,
            reference=read_reference(each.reference),
            deadline=each.deadline_id,
            deadline_name=each.deadline.name_th if each.deadline else "",
            day=each.deadline_day,
            goal=each.goal,
            taken_at=each.taken_at,
            superseded_at=each.superseded_at,
        )
        for each in rows
    )


def board_years(within: str) -> tuple[int, ...]:
    """Return the fiscal years of which a place has boards, the newest first. One query."""
    rows = boards_of(within).order_by("-fiscal_year").values_list("fiscal_year", flat=True)
    return tuple(rows.distinct())


def find_board(board_id: int) -> BoardHead | None:
    """Return what one board says of itself. One query."""
    found = board_heads(Board.objects.filter(pk=board_id).select_related("deadline"))
    return found[0] if found else None


def board_view(head: BoardHead) -> BoardView:
    """Return a board with all its rows, and what changed since the one before. Six queries."""
    before = _before(head)
    lines = list(BoardLine.objects.filter(board=head.id))
    earlier = (
        {
            (line.unit_id, line.own_office): line
            for line in BoardLine.objects.filter(board=before.id)
        }
        if before
        else {}
    )
    rows = _rows(head, lines)
    whole = (head.within, False)
    own = next((row for row in rows if row.id == whole), None)
    units = tuple(row for row in rows if row.id != whole)
    return BoardView(
        head=head,
        own=own,
        rows=units,
        before=before,
        changes={row.id: change for row in rows if (change := _change(row, earlier.get(row.id)))},
        groups=_groups({row.unit for row in units if row.level == Level.PROVINCE}, on=head.as_of),
    )


def _before(head: BoardHead) -> BoardHead | None:
    """The newest board of an earlier week of the same year that ranks the same in the same way."""
    found = (
        Board.objects.filter(
            series=head.series,
            level=head.level,
            basis=head.basis,
            spending=head.spending,
            fund=head.fund,
            fiscal_year=head.fiscal_year,
            reference__startswith=head.reference.series,
            as_of__lt=head.as_of,
            superseded_at__isnull=True,
        )
        .select_related("deadline")
        .order_by("-as_of")
    )
    for each in board_heads(found[:5]):
        # "place:57/" begins "place:57/deadline:3" as well.
        if each.series == "cgd" or each.reference == head.reference:
            return each
    return None


def _rows(head: BoardHead, lines: Sequence[BoardLine]) -> list[BoardRow]:
    places = Place.objects.in_bulk({line.unit_id for line in lines})
    homes = {line.unit_id for line in lines if line.own_office}
    offices = {office.place_id: office for office in Office.objects.filter(place__in=homes)}
    shared = Counter(line.rank for line in lines if line.rank is not None)
    rows = []
    for line in lines:
        place = places[line.unit_id]
        office = offices.get(line.unit_id) if line.own_office else None
        rows.append(
            row_of_line(
                line,
                name=office_name(office) if office else full_name(place),
                level=place.level,
                as_of=head.as_of,
                day=head.day,
                goal=head.goal,
                tied=shared[line.rank] if line.rank is not None else 0,
            )
        )
    order = {place.code: (place.sort_key, place.code) for place in places.values()}
    return sorted(rows, key=lambda row: (row.rank is None, row.rank or 0, order[row.unit]))


def _change(row: BoardRow, earlier: BoardLine | None) -> Change | None:
    if earlier is None:
        return None
    points = (
        row.percent - earlier.percent
        if row.percent is not None and earlier.percent is not None
        else None
    )
    moved = row.rank - earlier.rank if row.rank is not None and earlier.rank is not None else None
    return Change(points, moved)


def _groups(places: Collection[str], *, on: date) -> dict[str, tuple[str, ...]]:
    """The regions and inspection regions of each place on the day. One query or none."""
    if not places:
        return {}
    rows = (
        Membership.objects.filter(
            tree.exists_on(on),
            place__in=places,
            group__kind__in=(GroupKind.REGION, GroupKind.INSPECTION),
        )
        .select_related("group")
        .order_by("group__kind", "group_id")
    )
    names: dict[str, list[str]] = defaultdict(list)
    for row in rows:
        names[row.place_id].append(in_language(row.group.name_th, row.group.name_en))
    return {place: tuple(found) for place, found in names.items()}


# -- one unit's line ------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class KeptRank:
    """Where a unit stood on the newest board it was ranked on; of nobody else anything is said."""

    head: BoardHead
    row: BoardRow


def newest_rank(
    deadline: int, place: str, *, own_office: bool, within: str, until: date
) -> KeptRank | None:
    """Return a unit's line on the newest kept board of the place above it. Four queries."""
    board = (
        Board.objects.filter(
            deadline=deadline,
            series="books",
            superseded_at__isnull=True,
            reference__startswith=f"place:{within}/",
            as_of__lte=until,
        )
        .select_related("deadline")
        .order_by("-as_of")
        .first()
    )
    if board is None:
        return None
    head = board_heads([board])[0]
    lines = list(BoardLine.objects.filter(board=board, unit=place, own_office=own_office))
    if not lines:
        return None
    tied = (
        BoardLine.objects.filter(board=board, rank=lines[0].rank).count()
        if lines[0].rank is not None
        else 0
    )
    place_row = Place.objects.get(pk=place)
    row = row_of_line(
        lines[0],
        name=full_name(place_row),
        level=place_row.level,
        as_of=head.as_of,
        day=head.day,
        goal=head.goal,
        tied=tied,
    )
    return KeptRank(head, row)
