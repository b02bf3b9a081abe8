"""What becomes of places: split, merged, renumbered. The past of a place is never taken away."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db import connection, transaction
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tiddao.kernel.collation import thai_key
from tiddao.ledger.actions import record
from tiddao.ledger.actors import Actor
from tiddao.ledger.lines import after_lines
from tiddao.places import tree
from tiddao.places.actions.geography import folded_names
from tiddao.places.actions.groups import hand_on_memberships
from tiddao.places.models import NATION, Level, Office, OfficeKind, Place, Succession
from tiddao.places.signals import places_changed

_LOCK = 7_315_002  # advisory lock: two changes of the map never run at once
_BATCH = 500
_KINDS = {Level.PROVINCE: OfficeKind.PROVINCE, Level.DISTRICT: OfficeKind.DISTRICT}
_NAMES = {
    Level.PROVINCE: ("สำนักงานพัฒนาชุมชนจังหวัด", "Provincial Community Development Office"),
    Level.DISTRICT: ("สำนักงานพัฒนาชุมชนอำเภอ", "District Community Development Office"),
}


@dataclass(frozen=True, slots=True)
class Successor:
    """A place that takes over. name_th: needed where the place is new. share: 0–1, at most six
    decimals: the part of the predecessor's additive figures that goes here.
    """

    code: str
    share: Decimal
    name_th: str = ""
    name_en: str = ""


class SuccessionRefused(Exception):
    """The change of the map cannot be done; ``reason`` says why, in the language of the page."""

    def __init__(self, code: str, reason: str | Promise) -> None:
        super().__init__(code)
        self.code = code
        self.reason = reason


@transaction.atomic
def succeed_place(
    predecessor: str,
    successors: Sequence[Successor],
    *,
    on: date,
    source: str,
    by: Actor,
    at: datetime,
    moved: Mapping[str, str] | None = None,
) -> tuple[Succession, ...]:
    """Let a place be followed by others from a day on: a split, a merger or a new number.

    A successor that does not exist yet begins on the day. The predecessor ends on it, unless it is
    named among its own successors: then it lives on with less. moved: code of a place just below the
    predecessor → its code below a successor; all that lies in it moves along. Groups that held an
    ended place hold its new successors instead. Offices end and begin with their places.

    source: the notice or order. Raises SuccessionRefused; nothing is written then.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
    at = after_lines(at)
    former = Place.objects.filter(tree.exists_on(on), code=predecessor).first()
    if former is None or former.code == NATION:
        raise SuccessionRefused("unknown_place", _("There is no such place on that day."))
    _check_shares(successors)
    _check_days(former, on=on)
    ends = all(each.code != predecessor for each in successors)
    children = dict(moved or {})
    _check_moves(former, successors, children, ends=ends, on=on)
    begun = _begin(former, successors, on=on, source=source, at=at)
    links = [
        Succession(
            predecessor_id=predecessor,
            successor_id=each.code,
            on=on,
            share=each.share,
            source=source,
            known_at=at,
        )
        for each in successors
    ]
    for child, code in children.items():
        links += _move(child, code, on=on, source=source, at=at)
    _write_links(links)
    if ends:
        _end([predecessor], on=on, at=at)
        hand_on_memberships(predecessor, [each.code for each in begun], on=on, at=at)
    record(
        "succeed_place",
        on=f"place:{predecessor}",
        by=by,
        at=at,
        place=predecessor,
        after=[[each.code, str(each.share)] for each in successors],
        detail={
            "from": on.isoformat(),
            "successors": [f"{each.code} {each.share:f}" for each in successors],
            "moved": len(children),
            "source": source[:200],
        },
    )
    places_changed.send(sender=Place, on=on)
    return tuple(links)


def _check_shares(successors: Sequence[Successor]) -> None:
    codes = [each.code for each in successors]
    if not codes or len(set(codes)) != len(codes):
        raise SuccessionRefused("no_successor", _("Name each place that follows once."))
    if any(each.share <= 0 for each in successors) or sum(each.share for each in successors) != 1:
        raise SuccessionRefused("shares", _("The shares must be above 0 and be 1 together."))
    if any(each.share != round(each.share, 6) for each in successors):
        raise SuccessionRefused("shares", _("A share has at most six decimals."))


def _check_days(former: Place, *, on: date) -> None:
    """What is known of a place's last day is not overwritten, and a place lives for a day at least."""
    if Succession.objects.filter(predecessor=former.code, on=on).exists():
        raise SuccessionRefused(
            "said_already", _("What becomes of the place on that day is written down already.")
        )
    inside = Place.objects.filter(tree.exists_on(on), tree.within(former.code))
    if inside.filter(valid_to__isnull=False).exists():
        raise SuccessionRefused(
            "ends_already", _("The place, or one in it, ends later already; begin from that day.")
        )
    if inside.filter(valid_from__gte=on).exists():
        raise SuccessionRefused("too_early", _("The place, or one in it, only begins on that day."))


def _check_moves(
    former: Place,
    successors: Sequence[Successor],
    moved: Mapping[str, str],
    *,
    ends: bool,
    on: date,
) -> None:
    below = set(tree.descendants(former.code, on=on).values_list("code", flat=True))
    own = {code for code in below if tree.parent_code(code) == former.code}
    wrong = _("Only a place just below can move, to a free number below a successor.")
    if not set(moved) <= own or len(set(moved.values())) != len(moved):
        raise SuccessionRefused("moves", wrong)
    parents = {each.code for each in successors} - {former.code}
    if any(tree.parent_code(code) not in parents for code in moved.values()):
        raise SuccessionRefused("moves", wrong)
    if ends and own - set(moved):
        raise SuccessionRefused(
            "left_behind", _("Say for every place below to which number it moves.")
        )
    for code in moved.values():
        if Place.objects.filter(tree.within(code)).exists():
            raise SuccessionRefused("taken", _("A new number is in use already."))


def _begin(
    former: Place, successors: Sequence[Successor], *, on: date, source: str, at: datetime
) -> list[Place]:
    """Make the successors that are new; the others must stand on the day, at the same level."""
    codes = [each.code for each in successors]
    held = {each.code: each for each in Place.objects.filter(code__in=codes)}
    standing = set(
        Place.objects.filter(tree.exists_on(on), code__in=codes).values_list("code", flat=True)
    )
    new = []
    for each in successors:
        try:
            level = tree.level_of_code(each.code)
        except ValueError:
            level = None
        if level != former.level:
            raise SuccessionRefused("level", _("A place is followed by places of its own level."))
        if each.code in standing:
            continue
        if each.code in held:
            raise SuccessionRefused("taken", _("A new number is in use already."))
        if not each.name_th.strip():
            raise SuccessionRefused("name", _("A new place needs a name."))
        new.append(
            Place(
                code=each.code,
                level=level,
                parent_id=tree.parent_code(each.code),
                name_th=each.name_th,
                name_en=each.name_en,
                folded=folded_names(each.name_th, each.name_en),
                sort_key=thai_key(each.name_th),
                valid_from=on,
                known_at=at,
                source=source[:200],
            )
        )
    if len({each.parent_id for each in new} - set(_existing({p.parent_id for p in new}, on))):
        raise SuccessionRefused("parent", _("The place above a new one does not exist."))
    _create(new)
    return new


def _existing(codes: set[str | None], on: date) -> list[str]:
    rows = Place.objects.filter(tree.exists_on(on), code__in=[code for code in codes if code])
    return list(rows.values_list("code", flat=True))


def _move(child: str, code: str, *, on: date, source: str, at: datetime) -> list[Succession]:
    """Give a place and all in it new numbers from the day on."""
    rows = list(Place.objects.filter(tree.exists_on(on), tree.within(child)).order_by("code"))
    new = [
        Place(
            code=(number := code + each.code[len(child) :]),
            level=each.level,
            parent_id=tree.parent_code(number),
            name_th=each.name_th,
            name_en=each.name_en,
            folded=each.folded,
            sort_key=each.sort_key,
            moo=each.moo,
            valid_from=on,
            known_at=at,
            source=source[:200],
        )
        for each in rows
    ]
    _create(new)
    _end([each.code for each in rows], on=on, at=at)
    return [
        Succession(
            predecessor=before, successor=after, on=on, share=1, source=source, known_at=at
        )
        for before, after in zip(rows, new, strict=True)
    ]  # fmt: skip


def _create(places: Sequence[Place]) -> None:
    for first in range(0, len(places), _BATCH):
        Place.objects.bulk_create(places[first : first + _BATCH])
    offices = []
    for place in places:
        level = Level(place.level)
        if level in _KINDS:
            thai, english = _NAMES[level]
            offices.append(
                Office(
                    code=f"CDD-{place.code}",
                    kind=_KINDS[level],
                    place=place,
                    name_th=f"{thai}{place.name_th}",
                    name_en=f"{place.name_en} {english}" if place.name_en else "",
                    valid_from=place.valid_from,
                    known_at=place.known_at,
                )
            )
    Office.objects.bulk_create(offices)


def _end(codes: Collection[str], *, on: date, at: datetime) -> None:
    Place.objects.filter(code__in=codes).update(valid_to=on, end_known_at=at)
    standing = Office.objects.filter(tree.exists_on(on), place_id__in=codes)
    standing.update(valid_to=on, end_known_at=at)


def _write_links(links: Sequence[Succession]) -> None:
    for first in range(0, len(links), _BATCH):
        Succession.objects.bulk_create(links[first : first + _BATCH])
