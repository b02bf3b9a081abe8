"""What taking a workbook in would do to the books as they stand."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Literal

from django.db.models import Max

from tiddao.budget.models import Envelope, Keeping, Project, ProjectAlias
from tiddao.budget.rules.office_lines import StatedLine
from tiddao.budget.rules.office_words import squashed
from tiddao.budget.rules.statements import STATED, StatedMeasure
from tiddao.kernel.fiscal import FiscalYear
from tiddao.places.models import Office, OfficeKind

UNDIVIDED = "total"
"""The type of spending of envelopes kept by workbook: a workbook does not tell."""
_NOTHING = Decimal(0)

EnvelopePlace = tuple[str, int, str, str, str]
"""Unit, project, name of the activity, fund, tranche."""
Fate = Literal["new", "raised", "lowered", "unchanged", "older", "by-entries"]


@dataclass(frozen=True, slots=True)
class KnownEnvelope:
    """An envelope of the books with what it has come to. newest: the last day stated, if any was."""

    id: int
    book: int
    activity: int
    spending: str
    keeping: str
    amounts: Mapping[StatedMeasure, Decimal]
    newest: date | None
    project_name: str


@dataclass
class KnownBooks:
    """A province's projects and envelopes of one year, found by what a workbook calls them."""

    projects: dict[str, int] = field(default_factory=dict)
    names: dict[str, int] = field(default_factory=dict)
    envelopes: dict[EnvelopePlace, list[KnownEnvelope]] = field(default_factory=dict)

    def project(self, line: StatedLine) -> int | None:
        """The project that the line means, or None for a new one."""
        by_key = self.projects.get(line.key.project)
        if by_key is not None or line.project_number:
            return by_key
        return self.names.get(squashed(line.key.project))

    def place(self, line: StatedLine) -> EnvelopePlace | None:
        project = self.project(line)
        if project is None:
            return None
        activity = " ".join(line.key.activity.split())
        return line.key.unit, project, activity, line.key.category, line.key.tranche

    def of(self, line: StatedLine) -> Sequence[KnownEnvelope]:
        place = self.place(line)
        return () if place is None else self.envelopes.get(place, ())


def known_books(province: str, year: FiscalYear) -> KnownBooks:
    """Return what the province's books of the year hold. Three queries."""
    known = KnownBooks()
    of_year = Project.objects.filter(fiscal_year=year.be, owner_id=province)
    for number, key, name in of_year.order_by("pk").values_list("pk", "key", "name_th"):
        known.projects[key] = number
        for each in (key, name):
            known.names.setdefault(squashed(each), number)
    aliases = ProjectAlias.objects.filter(project__in=of_year).order_by("pk")
    for number, written in aliases.values_list("project_id", "written"):
        known.names.setdefault(squashed(written), number)
    rows = (
        Envelope.objects.filter(book__fiscal_year=year.be, activity__project__owner_id=province)
        .annotate(newest=Max("stated__as_of"))
        .values_list(
            "pk", "book_id", "book__place_id", "activity_id", "activity__project_id",
            "activity__name_th", "activity__project__key", "fund", "spending", "tranche", "keeping",
            "newest", *(f"balance__{measure}" for measure in STATED),
        )
    )  # fmt: skip
    for row in rows:
        (number, book, unit, activity, project, name, key, fund, spending, tranche, keeping,
         newest, *amounts) = row  # fmt: skip
        known.envelopes.setdefault((unit, project, name, fund, tranche), []).append(
            KnownEnvelope(
                id=number,
                book=book,
                activity=activity,
                spending=spending,
                keeping=keeping,
                amounts={m: a or _NOTHING for m, a in zip(STATED, amounts, strict=True)},
                newest=newest,
                project_name=key,
            )
        )
    return known


def offices_of(units: Iterable[str]) -> dict[str, str]:
    """Return the office of each unit, by code. One query."""
    return dict(
        Office.objects.filter(
            place__in=set(units), kind__in=(OfficeKind.PROVINCE, OfficeKind.DISTRICT)
        )
        .order_by("-code")
        .values_list("place_id", "code")
    )


@dataclass(frozen=True, slots=True)
class KeptByEntries:
    """A line whose envelope is kept entry by entry, with what the entries come to."""

    line: StatedLine
    held: Mapping[StatedMeasure, Decimal]

    @property
    def differing(self) -> tuple[StatedMeasure, ...]:
        """The measures in which the file says something else."""
        return tuple(
            measure
            for measure in STATED
            if (said := self.line.amounts[measure]) is not None and said != self.held[measure]
        )


@dataclass
class UnitEffect:
    """What would become of one unit's envelopes, and its sums in the books before and after."""

    unit: str
    fates: dict[Fate, int] = field(default_factory=lambda: defaultdict(int))
    unmentioned: int = 0
    unmentioned_baht: Decimal = _NOTHING
    before: dict[StatedMeasure, Decimal] = field(default_factory=lambda: defaultdict(Decimal))
    after: dict[StatedMeasure, Decimal] = field(default_factory=lambda: defaultdict(Decimal))


@dataclass
class Effect:
    """What would become of every line; units in the order of their codes."""

    units: tuple[UnitEffect, ...]
    by_entries: tuple[KeptByEntries, ...]
    fates: tuple[tuple[StatedLine, Fate], ...] = ()

    def count(self, fate: Fate) -> int:
        return sum(each.fates.get(fate, 0) for each in self.units)


def effect_of(lines: Iterable[StatedLine], known: KnownBooks, *, as_of: date | None) -> Effect:
    """Return what taking the lines in would do, true for the day. No query.

    A line older than what its envelope was last stated for changes the past, not what stands now.
    """
    units: dict[str, UnitEffect] = {}
    by_entries: list[KeptByEntries] = []
    met: set[int] = set()
    fates: list[tuple[StatedLine, Fate]] = []
    for line in lines:
        unit = units.setdefault(line.key.unit, UnitEffect(line.key.unit))
        envelopes = known.of(line)
        entered = [each for each in envelopes if each.keeping == Keeping.ENTRIES]
        met |= {each.id for each in envelopes}
        if entered:
            held = {m: sum((e.amounts[m] for e in entered), _NOTHING) for m in STATED}
            by_entries.append(KeptByEntries(line, held))
            unit.fates["by-entries"] += 1
            fates.append((line, "by-entries"))
            continue
        fate = _fate(line, envelopes, as_of)
        unit.fates[fate] += 1
        fates.append((line, fate))
        for measure in STATED:
            before = sum((each.amounts[measure] for each in envelopes), _NOTHING)
            said = line.amounts[measure]
            unit.before[measure] += before
            unit.after[measure] += before if said is None or fate == "older" else said
    for place, envelopes in known.envelopes.items():
        unit = units.setdefault(place[0], UnitEffect(place[0]))
        for each in envelopes:
            if each.id in met:
                continue
            if each.keeping == Keeping.WORKBOOK and each.newest is not None:
                unit.unmentioned += 1
                unit.unmentioned_baht += each.amounts["allotted"] + each.amounts["transferred"]
                for measure in STATED:
                    unit.before[measure] += each.amounts[measure]
                    unit.after[measure] += each.amounts[measure]
    shown = [units[code] for code in sorted(units)]
    return Effect(
        tuple(each for each in shown if each.fates or each.unmentioned),
        tuple(by_entries),
        tuple(fates),
    )


def _fate(line: StatedLine, envelopes: Sequence[KnownEnvelope], as_of: date | None) -> Fate:
    stated = [each for each in envelopes if each.newest is not None]
    if not stated:
        return "new"
    if as_of is not None and any(each.newest and each.newest > as_of for each in stated):
        return "older"
    changes = [
        said - sum((each.amounts[measure] for each in stated), _NOTHING)
        for measure in STATED
        if (said := line.amounts[measure]) is not None
    ]
    if any(each < 0 for each in changes):
        return "lowered"
    return "raised" if any(changes) else "unchanged"
