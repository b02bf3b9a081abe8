"""The offices' own books of the demonstration: three whole years and this one up to yesterday.

What lies before this year was "taken over from the system before", with the papers that were held.
This year the offices of Chiang Rai keep their books entry by entry, each under its own people's
posts; of the rest of the nation a thin layer is taken over, one province at a time.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from itertools import groupby

from tiddao.budget.actions.books import (
    EnvelopeKey,
    ensure_activity,
    ensure_envelope,
    ensure_programme,
    ensure_project,
    open_book,
    put_under_programme,
)
from tiddao.budget.actions.papers import hold_paper
from tiddao.budget.actions.posting import NewEntry, post_entries
from tiddao.budget.actions.takeover import TakenBook, refresh_statistics, take_over_books
from tiddao.budget.actions.workbook_acceptance import accept_workbook
from tiddao.budget.actions.workbooks import receive_workbook
from tiddao.budget.models import Activity, Book, BookEntry, WorkbookUpload
from tiddao.budget.rules.accounts import Entry, EntryId, Envelope
from tiddao.budget.rules.papers import papers_needed
from tiddao.config.demonstration import workbook
from tiddao.config.demonstration.calendar import EVENING, MORNING, NOON, moment
from tiddao.config.demonstration.districts import (
    CHIANG_RAI,
    PROVINCE,
    SHOWN,
    SILENT,
    random_for,
)
from tiddao.config.demonstration.money import (
    OFFICE_RUNNING,
    PROJECTS,
    YEARS_BEFORE,
    full_book,
    has_book,
    number_of,
    thin_book,
    working,
)
from tiddao.config.demonstration.people import DEPUTY, FINANCE, actor
from tiddao.config.demonstration.results import tambons_of_districts
from tiddao.kernel.fiscal import FiscalYear
from tiddao.ledger.actors import SYSTEM, Actor
from tiddao.places.models import NATION, Office, OfficeKind, Place

SOURCE = "ข้อมูลสาธิต: ยกมาจากระบบเดิม"
WHERE = "ข้อมูลสาธิต: แฟ้มเอกสารการเงินของสำนักงาน"
LAX_SHARE = 0.15
"""Of the offices outside Chiang Rai, the part that lacks the papers of the last month."""
_PROGRAMMES = {
    "recurrent": "แผนงานสาธิต: เสริมสร้างเศรษฐกิจฐานรากและชุมชนเข้มแข็ง",
    "investment": "แผนงานสาธิต: ลงทุนในแหล่งเรียนรู้ของชุมชน",
}


def years_of(day: date) -> tuple[FiscalYear, ...]:
    """Return the years of the demonstration loaded on a day, the oldest first."""
    current = FiscalYear.of(day)
    return tuple(FiscalYear(current.be - back) for back in range(YEARS_BEFORE, -1, -1))


def projects_are_there(day: date) -> bool:
    return Activity.objects.filter(
        project__fiscal_year=FiscalYear.of(day).be, project__owner_id=NATION
    ).exists()


def name_projects(day: date) -> None:
    """The deputy names the department's projects of each year, before the year begins."""
    for year in years_of(day):
        on = working(year.start.replace(month=9, day=15))
        by, at = actor(DEPUTY, on=on), moment(on, MORNING)
        programmes = {
            spending: ensure_programme(year, NATION, name, by=by, at=at)
            for spending, name in _PROGRAMMES.items()
        }
        ensure_activity(ensure_project(year, NATION, name_th=OFFICE_RUNNING, by=by, at=at))
        for each in PROJECTS:
            project = ensure_project(
                year, NATION, number=number_of(each, year), name_th=each.name_th, by=by, at=at
            )
            ensure_activity(project)
            put_under_programme(project.pk, programmes[each.spending].pk, by=by, at=at)


def year_is_there(year: FiscalYear, *, of_chiang_rai: bool) -> bool:
    """Say whether the books of the year are there, of Chiang Rai or of the others."""
    books = Book.objects.filter(fiscal_year=year.be)
    in_province = {"place__code__startswith": PROVINCE}
    return (books.filter(**in_province) if of_chiang_rai else books.exclude(**in_province)).exists()


def take_over_nation(year: FiscalYear, day: date) -> None:
    """The books of a year outside Chiang Rai; papers with this year's alone."""
    current, until = FiscalYear.of(day), known_until(day)
    activities, tambons = activities_of(year), tambons_of_districts()
    at = moment(min(until, working(year.end)), EVENING)
    books = (
        TakenBook(
            office=f"CDD-{place}",
            entries=(
                entries := thin_book(
                    place, year, until, activities, tambons=tambons.get(place, 0), current=current
                )
            ),
            papers=_papers(place, entries) if year == current else {},
            where=WHERE,
        )
        for place in _offices(of_chiang_rai=False)
        if has_book(place, year, current)
    )
    take_over_books(books, year, place=NATION, source=SOURCE, by=SYSTEM, at=at)
    refresh_statistics()


def _papers(place: str, entries: Sequence[Entry]) -> dict[EntryId, tuple[str, ...]]:
    """The papers that are held: all of most offices', of some none of the last month's."""
    lax = random_for("papers", place).random() < LAX_SHARE
    newest = max((each.on for each in entries), default=None)
    return {
        each.id: papers_needed(each)
        for each in entries
        if not lax or newest is None or (newest - each.on).days > 30
    }


def take_over_chiang_rai(year: FiscalYear, day: date) -> None:
    """A whole year of the nineteen offices of Chiang Rai, with the papers that they hold."""
    take_over_books(
        _whole_books(year, day),
        year,
        place=PROVINCE,
        source=SOURCE,
        by=SYSTEM,
        at=moment(working(year.end), EVENING),
    )


def _whole_books(year: FiscalYear, day: date) -> Iterator[TakenBook]:
    activities, tambons = activities_of(year), tambons_of_districts(PROVINCE)
    for place in _offices(of_chiang_rai=True):
        full = full_book(
            place,
            year,
            year.end,
            activities,
            tambons=tambons.get(place, 0),
            current=FiscalYear.of(day),
        )
        papers = {
            each.id: papers_needed(each)
            for each in full.entries
            if each.id not in full.without_papers
        }
        yield TakenBook(f"CDD-{place}", full.entries, papers, WHERE)


def keep_chiang_rai(day: date) -> None:
    """Books of Chiang Rai this year: opened, and kept month by month by those who keep books."""
    current, until = FiscalYear.of(day), known_until(day)
    activities, tambons = activities_of(current), tambons_of_districts(PROVINCE)
    for place in _offices(of_chiang_rai=True):
        if not has_book(place, current, current):
            continue
        full = full_book(
            place, current, until, activities, tambons=tambons.get(place, 0), current=current
        )
        if not full.entries:
            continue
        opened = full.entries[0].on
        book = open_book(
            f"CDD-{place}",
            current,
            by=keeper_of(place, opened),
            at=moment(opened, MORNING),
        )
        envelopes = {
            each: ensure_envelope(
                book, EnvelopeKey(int(each.activity), each.fund, each.spending, each.tranche)
            ).pk
            for each in dict.fromkeys(entry.envelope for entry in full.entries)
        }
        for _, of_month in groupby(full.entries, key=lambda entry: (entry.on.year, entry.on.month)):
            entries = list(of_month)
            last = entries[-1].on
            by, at = keeper_of(place, last), moment(last, EVENING)
            post_entries(book.pk, _new_entries(entries, envelopes), by=by, at=at)
            held = [entry for entry in entries if entry.id not in full.without_papers]
            _hold_papers(book, held, by=by, last=last)


def _new_entries(entries: Sequence[Entry], envelopes: Mapping[Envelope, int]) -> list[NewEntry]:
    return [
        NewEntry(
            envelope=envelopes[each.envelope],
            kind=each.kind,
            document=each.id.document,
            line=each.id.line,
            amount=each.amount,
            on=each.on,
            against=each.against,
            cash_back=each.cash_back,
            borrower=each.borrower,
        )
        for each in entries
    ]


def _hold_papers(book: Book, entries: Sequence[Entry], *, by: Actor, last: date) -> None:
    wanted = {each.id: papers for each in entries if (papers := papers_needed(each))}
    rows = BookEntry.objects.filter(book=book, document__in={each.document for each in wanted})
    for row in rows.order_by("pk"):
        papers = next(
            (
                found
                for key, found in wanted.items()
                if (key.kind, key.document, key.line) == (row.kind, row.document, row.line)
            ),
            (),
        )
        for paper in papers:
            hold_paper(row.pk, paper, note=WHERE, by=by, at=moment(last, EVENING))


def known_until(day: date) -> date:
    """Return the last working day before: what happened since is not written down yet."""
    return working(date.fromordinal(day.toordinal() - 1))


def activities_of(year: FiscalYear) -> dict[str, int]:
    """Return name of a project → number of its activity."""
    found = Activity.objects.filter(project__fiscal_year=year.be, project__owner_id=NATION)
    return dict(found.values_list("project__name_th", "pk"))


def _offices(*, of_chiang_rai: bool) -> list[str]:
    """Places of the provincial and district offices, each province's own office first."""
    found = Office.objects.exclude(kind=OfficeKind.DEPARTMENT).order_by("place_id")
    places = found.values_list("place_id", flat=True)
    return [each for each in places if each.startswith(PROVINCE) == of_chiang_rai]


def keeper_of(place: str, on: date) -> Actor:
    """Return who keeps the office's book: a finance officer where there is one, else the head."""
    name = {
        PROVINCE: FINANCE,
        SHOWN: f"finance-{SHOWN}",
        SILENT: FINANCE,  # nobody is head there
    }.get(place, f"head-{place}")
    return actor(name, on=on)


# -- the province's own workbook ------------------------------------------------------------------


def workbooks_are_there(day: date) -> bool:
    return WorkbookUpload.objects.filter(
        place_id=PROVINCE, fiscal_year=FiscalYear.of(day).be
    ).exists()


def hand_in_workbooks(day: date) -> None:
    """Last month's file is taken in, with one finding; this month's waits to be read and mended."""
    year, until = FiscalYear.of(day), known_until(day)
    names = {
        code: "จังหวัด" if code == PROVINCE else name
        for code, name in Place.objects.filter(pk__in=[PROVINCE, *CHIANG_RAI]).values_list(
            "code", "name_th"
        )
    }
    last_month = working(until.replace(day=1) - timedelta(days=1))
    if year.contains(last_month):
        written = workbook.province_workbook(year, last_month, names, workbook.first_faults(SILENT))
        on = min(working(last_month + timedelta(days=4)), until)
        upload = _hand_in(written, year, last_month, at=moment(on, MORNING))
        accept_workbook(
            upload.pk, version=upload.version, by=actor(FINANCE, on=on), at=moment(on, NOON)
        )
    if year.contains(until):
        written = workbook.province_workbook(year, until, names, workbook.next_faults(year))
        _hand_in(written, year, until, at=moment(until, EVENING))


def _hand_in(content: bytes, year: FiscalYear, as_of: date, *, at: datetime) -> WorkbookUpload:
    return receive_workbook(
        content,
        file_name=workbook.file_name(year, as_of),
        province=PROVINCE,
        year=year,
        as_of=as_of,
        by=actor(FINANCE, on=at.date()),
        at=at,
    )
