"""Taking an office's workbook into the books: all of it in one transaction, or nothing.

What the workbook states is kept as statements, never changed; the entries of the envelopes that it
states follow from all statements ever accepted (``rules.statements``).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import cast

from django.db import connection, transaction
from django.db.models import Exists, Max, OuterRef

from tiddao.budget.actions.books import ensure_project, open_book
from tiddao.budget.actions.posting import NewEntry, post_entries
from tiddao.budget.actions.workbooks import (
    ChangeRefused,
    State,
    WorkbookMovedOn,
    check_day,
)
from tiddao.budget.models import (
    Activity,
    Book,
    BookEntry,
    Envelope,
    Keeping,
    Kind,
    MonitoredWork,
    StatedFigure,
    StatedScore,
    WorkbookIssue,
    WorkbookMapping,
    WorkbookUpload,
)
from tiddao.budget.queries.office_reading import (
    ReadUpload,
    as_json,
    known_mapping,
    read_stored,
)
from tiddao.budget.queries.workbook_effect import (
    UNDIVIDED,
    KnownBooks,
    effect_of,
    known_books,
    offices_of,
)
from tiddao.budget.queries.workbook_report import all_issues
from tiddao.budget.rules.accounts import EntryId, EntryKind
from tiddao.budget.rules.books import EntryRefused
from tiddao.budget.rules.office_figures import OfficeScore
from tiddao.budget.rules.office_issues import OfficeIssue
from tiddao.budget.rules.office_lines import NO_PROJECT, StatedLine
from tiddao.budget.rules.office_workbook import mapping_of
from tiddao.budget.rules.statements import (
    STATED,
    Changes,
    Contradiction,
    HeldEntry,
    Statement,
    changes,
    standing_entries,
)
from tiddao.columns.writing import copy_rows
from tiddao.kernel.dates import format_numeric
from tiddao.kernel.fiscal import FiscalYear
from tiddao.ledger.actions import record
from tiddao.ledger.actors import Actor

_BATCH = 500
_LONGEST_SHEET = 64


@dataclass(frozen=True, slots=True)
class Accepted:
    """What came of taking a workbook in.

    lines: taken; by_entries: not taken because their envelope is kept entry by entry. posted,
    undone: entries written; offices: whose books they are in. set_aside: lines that contradict what
    was stated on other days. issues: kept for the data-quality list; superseded: older ones closed.
    """

    lines: int = 0
    by_entries: int = 0
    offices: int = 0
    posted: int = 0
    undone: int = 0
    set_aside: int = 0
    issues: int = 0
    superseded: int = 0
    fates: Mapping[str, int] = field(default_factory=dict)


def accept_workbook(
    upload_id: int, *, version: int, by: Actor, at: datetime, read: ReadUpload | None = None
) -> Accepted:
    """Take the workbook into the books of its offices.

    Envelopes kept entry by entry are left alone and what differs becomes an issue. What the books
    refuse becomes an issue too; the rest goes in. The way it was read is kept for the next workbook.
    read: this very version as it was just read, by whoever has done so.

    Raises WorkbookMovedOn; ChangeRefused: no_day, nothing_to_take, in_future, not_in_year,
    book_closed; WorkbookRefused.
    """
    upload = WorkbookUpload.objects.get(pk=upload_id)
    _check_waiting(upload, version)
    read = read or read_stored(upload)  # takes a second: before anything is locked
    with transaction.atomic():
        upload = WorkbookUpload.objects.select_for_update(of=("self",)).get(pk=upload_id)
        _check_waiting(upload, version)
        if upload.as_of is None:
            raise ChangeRefused("no_day")
        check_day(upload.as_of, year=read.year, at=at)
        if not read.lines.stated:
            raise ChangeRefused("nothing_to_take")
        return _Acceptance(upload, read, upload.as_of, by=by, at=at).run()


def _check_waiting(upload: WorkbookUpload, version: int) -> None:
    if upload.state != State.READ:
        raise WorkbookMovedOn("decided")
    if upload.version != version:
        raise WorkbookMovedOn("changed")


@dataclass
class _Writer:
    """Gives the entries of one envelope their document and line: the day they are true for.

    last_lines: the highest line used so far of each kind and document.
    """

    envelope: int
    last_lines: dict[tuple[str, str], int]
    source: str

    def entries(self, needed: Changes) -> list[NewEntry]:
        undo = [self._entry("reversal", old.on, old.amount, old.number) for old in needed.undo]
        post: list[NewEntry] = []
        for new in needed.post:
            against = new.held if new.line is None else post[new.line].id
            post.append(self._entry(new.kind, new.on, new.amount, against))
        return undo + post

    def _entry(
        self, kind: EntryKind, on: date, amount: Decimal, against: int | EntryId | None
    ) -> NewEntry:
        document = f"ไฟล์สำนักงาน {format_numeric(on)} ซอง {self.envelope}"
        line = self.last_lines.get((kind, document), 0) + 1
        self.last_lines[kind, document] = line
        return NewEntry(
            envelope=self.envelope,
            kind=kind,
            document=document,
            amount=amount,
            on=on,
            line=line,
            against=against,
            source=self.source,
        )


class _Acceptance:
    """One workbook on its way into the books. The upload is locked; the books will be."""

    def __init__(
        self, upload: WorkbookUpload, read: ReadUpload, as_of: date, *, by: Actor, at: datetime
    ) -> None:
        self.upload, self.read, self.as_of = upload, read, as_of
        self.year: FiscalYear = read.year
        self.province: str = upload.place_id
        self.by, self.at = by, at
        self.more_issues: list[OfficeIssue] = []
        self._line_of: dict[int, StatedLine] = {}
        self.undone = self.posted = self.set_aside = 0

    def run(self) -> Accepted:
        books = self._books()
        known = known_books(self.province, self.year)
        effect = effect_of(self.read.lines.stated, known, as_of=self.as_of)
        by_entries = {each.line.key for each in effect.by_entries}
        lines = [each for each in self.read.lines.stated if each.key not in by_entries]
        projects = self._projects(known)
        envelopes = self._envelopes(lines, projects, books)
        _check_no_longer()
        self._state()
        self._follow(envelopes)
        self._keep_beside(projects)
        issues, superseded = self._keep_issues(effect_issues=all_issues(
            self.read.workbook, self.read.lines, effect
        ))  # fmt: skip
        self._keep_mapping()
        done = Accepted(
            lines=len(lines),
            by_entries=len(by_entries),
            offices=len({each.key.unit for each in lines}),
            posted=self.posted,
            undone=self.undone,
            set_aside=self.set_aside,
            issues=issues,
            superseded=superseded,
            fates={fate: effect.count(fate) for fate in ("new", "raised", "lowered", "unchanged", "older")},
        )  # fmt: skip
        self._decide(done)
        return done

    # -- what there is to keep ---------------------------------------------------------------------

    def _books(self) -> dict[str, Book]:
        """The offices' books, opened where they are not, and locked in the order of their numbers."""
        units = {line.key.unit for line in self.read.lines.stated}
        offices = offices_of(units)
        if missing := sorted(units - offices.keys()):
            raise ChangeRefused(f"no_office {missing[0]}")
        opened = {
            unit: open_book(offices[unit], self.year, by=self.by, at=self.at)
            for unit in sorted(units)
        }
        held = {
            book.pk: book
            for book in Book.objects.select_for_update(of=("self",))
            .filter(pk__in=[each.pk for each in opened.values()])
            .order_by("pk")
        }
        if any(book.closed_at is not None for book in held.values()):
            raise ChangeRefused("book_closed")
        return {unit: held[book.pk] for unit, book in opened.items()}

    def _projects(self, known: KnownBooks) -> dict[str, int]:
        """Project as the workbook's lines call it → its number."""
        aliases = {each.key: each for each in self.read.workbook.projects}
        found: dict[str, int] = {}
        for line in self.read.lines.stated:
            key = line.key.project
            if key in found:
                continue
            told = aliases.get(key)
            name = told.name if told else line.project_name or NO_PROJECT
            project = ensure_project(
                self.year,
                self.province,
                number=line.project_number[:40],
                name_th=name[:500],
                aliases=[each[:500] for each in told.aliases] if told else (),
                by=self.by,
                at=self.at,
            )
            found[key] = known.projects[key] = project.pk
        return found

    def _envelopes(
        self,
        lines: Sequence[StatedLine],
        projects: Mapping[str, int],
        books: Mapping[str, Book],
    ) -> list[Envelope]:
        """The lines' envelopes; those that are missing are added, in few statements."""
        activities = self._activities(lines, projects)
        wanted: dict[tuple[int, int, str, str], StatedLine] = {}
        for line in lines:
            activity = activities[projects[line.key.project], _one_line(line.key.activity)]
            key = (books[line.key.unit].pk, activity, line.key.category, line.key.tranche)
            # Two spellings of one project are one project: their money is one envelope's.
            wanted[key] = line.with_more(wanted[key]) if key in wanted else line
        missing = wanted.keys() - self._held_envelopes(books).keys()
        Envelope.objects.bulk_create(
            [
                Envelope(
                    book_id=book,
                    activity_id=activity,
                    fund=fund,
                    spending=UNDIVIDED,
                    tranche=tranche,
                    keeping=Keeping.WORKBOOK,
                )
                for book, activity, fund, tranche in sorted(missing)
            ],
            batch_size=_BATCH,
        )
        held = self._held_envelopes(books)
        self._line_of = {held[key].pk: line for key, line in wanted.items()}
        return [held[key] for key in wanted]

    def _activities(
        self, lines: Iterable[StatedLine], projects: Mapping[str, int]
    ) -> dict[tuple[int, str], int]:
        wanted = {(projects[line.key.project], _one_line(line.key.activity)) for line in lines}

        def held() -> dict[tuple[int, str], int]:
            rows = Activity.objects.filter(project__in={project for project, _ in wanted})
            return {
                (project, name): number
                for number, project, name in rows.values_list("pk", "project_id", "name_th")
            }

        missing = wanted - held().keys()
        Activity.objects.bulk_create(
            [Activity(project_id=project, name_th=name) for project, name in sorted(missing)],
            batch_size=_BATCH,
            ignore_conflicts=True,
        )
        return held()

    def _held_envelopes(
        self, books: Mapping[str, Book]
    ) -> dict[tuple[int, int, str, str], Envelope]:
        rows = Envelope.objects.filter(
            book__in=list(books.values()), spending=UNDIVIDED, keeping=Keeping.WORKBOOK
        )
        return {(each.book_id, each.activity_id, each.fund, each.tranche): each for each in rows}

    # -- statements and what follows from them -----------------------------------------------------

    def _state(self) -> None:
        copy_rows(
            [
                StatedFigure(
                    upload=self.upload,
                    envelope_id=envelope,
                    as_of=self.as_of,
                    allotted=line.amounts["allotted"],
                    transferred=line.amounts["transferred"],
                    committed=line.amounts["committed"],
                    disbursed=line.amounts["disbursed"],
                    returned=line.amounts["returned"],
                    cells={measure: list(cells) for measure, cells in line.cells.items()},
                    known_at=self.at,
                )
                for envelope, line in self._line_of.items()
            ]
        )

    def _follow(self, envelopes: Iterable[Envelope]) -> None:
        """Make the entries of the envelopes those that follow from all their statements."""
        of_envelope = {each.pk: each for each in envelopes}
        stated = _statements(of_envelope)
        held = _held_entries(of_envelope)
        lines = _last_lines(of_envelope)
        batches: dict[int, list[NewEntry]] = defaultdict(list)
        for number, envelope in of_envelope.items():
            standing = standing_entries(stated[number], year=self.year)
            self._note_contradictions(number, standing.contradictions)
            needed = changes(held.get(number, ()), standing.entries)
            write = _Writer(
                envelope.pk, lines, f"workbook:{self.upload.pk} {self.upload.file_name}"
            )
            batches[envelope.book_id] += write.entries(needed)
        for book in sorted(batches):
            self._post(book, batches[book])

    def _post(self, book: int, entries: Sequence[NewEntry]) -> None:
        """Post a book's entries; where it refuses some, the rest without their envelopes."""
        left = list(entries)
        while left:
            undo = [each for each in left if each.kind == "reversal"]
            post = [each for each in left if each.kind != "reversal"]
            try:
                with transaction.atomic():
                    for part in (undo, post):
                        if part:
                            post_entries(
                                book, part, by=self.by, at=self.at, keeping=Keeping.WORKBOOK
                            )
            except EntryRefused as refused:
                envelope_of = {each.id: each.envelope for each in left}
                faulty = {envelope_of[each.entry] for each in refused.refusals}
                for each in refused.refusals:
                    self._refused_by_book(envelope_of[each.entry], str(each))
                left = [each for each in left if each.envelope not in faulty]
            else:
                self.undone += len(undo)
                self.posted += len(post)
                break

    def _refused_by_book(self, envelope: int, words: str) -> None:
        line = self._line_of[envelope]
        self.more_issues.append(
            OfficeIssue(
                type="REFUSED_BY_BOOK",
                severity="refused",
                sheet=line.sheet,
                cell=_first_cell(line),
                message_th=f"สมุดเงินไม่รับตัวเลขของ {line.key.project}: {words}",
                unit=line.key.unit,
                amount=line.amounts["allotted"],
            )
        )

    def _note_contradictions(self, envelope: int, found: Iterable[Contradiction]) -> None:
        """What contradicts the statements of other days is set aside, and said."""
        for each in found:
            if each.statement.number != self.upload.pk:
                continue
            self.set_aside += 1
            line = self._line_of[envelope]
            short = f" ขาด {each.short_by:,.2f} บาท" if each.short_by else ""
            self.more_issues.append(
                OfficeIssue(
                    type="ANOMALY",
                    severity="refused",
                    sheet=line.sheet,
                    cell=_first_cell(line),
                    message_th=(
                        f"{line.key.project}: เมื่อรวมกับที่ไฟล์ก่อน ๆ แจ้งไว้ ยอดที่ใช้ไปเกินวงเงิน{short} "
                        "จึงยังใช้ตัวเลขเดิม"
                    ),
                    unit=line.key.unit,
                    amount=line.amounts["allotted"] or line.amounts["disbursed"],
                )
            )

    # -- what is kept beside -----------------------------------------------------------------------

    def _keep_beside(self, projects: Mapping[str, int]) -> None:
        workbook = self.read.workbook
        MonitoredWork.objects.bulk_create(
            [
                MonitoredWork(
                    upload=self.upload,
                    unit_id=each.unit,
                    project_id=projects.get(each.project_key),
                    as_of=self.as_of,
                    plots=None if each.plots is None else round(each.plots, 2),
                    amounts={
                        measure: str(figure.value)
                        for measure, figure in each.figures.items()
                        if figure.value is not None
                    },
                    sheet=each.sheet[:_LONGEST_SHEET],
                    row=each.row,
                )
                for each in workbook.monitors
            ],
            batch_size=_BATCH,
        )
        StatedScore.objects.bulk_create(
            [self._score(each) for each in workbook.scores], batch_size=_BATCH
        )

    def _score(self, score: OfficeScore) -> StatedScore:
        return StatedScore(
            upload=self.upload,
            unit_id=score.unit,
            as_of=self.as_of,
            percent=None if score.percent is None else round(score.percent, 6),
            papers_complete=score.papers_complete,
            overdue_loans=score.overdue_loans,
            printed=None if score.printed is None else round(score.printed, 2),
            computed=score.computed,
            cell=f"{score.sheet}!{score.cell}"[-100:],
        )

    def _keep_issues(self, *, effect_issues: Sequence[OfficeIssue]) -> tuple[int, int]:
        """Keep the issues; those of older workbooks are closed, or these, where a newer one is in."""
        others = WorkbookUpload.objects.filter(
            place=self.province, fiscal_year=self.year.be, state=State.ACCEPTED
        )
        newer = others.filter(as_of__gt=self.as_of).exists()
        superseded = WorkbookIssue.objects.filter(
            upload__in=others.filter(as_of__lte=self.as_of).exclude(pk=self.upload.pk),
            superseded_at=None,
        ).update(superseded_at=self.at)
        found = [*effect_issues, *self.more_issues]
        WorkbookIssue.objects.bulk_create(
            [
                WorkbookIssue(
                    upload=self.upload,
                    unit_id=each.unit,
                    type=each.type,
                    severity=each.severity,
                    sheet=each.sheet[:_LONGEST_SHEET],
                    cell=each.cell[:16],
                    message_th=each.message_th,
                    amount=each.amount,
                    superseded_at=self.at if newer else None,
                )
                for each in found
            ],
            batch_size=_BATCH,
        )
        return len(found), superseded

    def _keep_mapping(self) -> None:
        """Keep how it was read; a sheet that had nothing to read is looked at anew next time."""
        mapping = mapping_of(self.read.workbook)
        told = self.read.workbook.mapping.sheets
        kept = as_json(mapping)
        kept["sheets"] = {
            tab: each
            for tab, each in kept["sheets"].items()
            if tab in told or each["kind"] != "other"
        }
        before = known_mapping(self.province, self.year)
        if before is None or as_json(before) != kept:
            WorkbookMapping.objects.create(
                place_id=self.province,
                fiscal_year=self.year.be,
                mapping=kept,
                at=self.at,
                by=self.by.reference,
            )

    def _decide(self, done: Accepted) -> None:
        upload = self.upload
        upload.state, upload.decided_by, upload.decided_at = (
            State.ACCEPTED,
            self.by.reference,
            self.at,
        )
        upload.report = {**upload.report, "done": asdict(done)}
        upload.save(update_fields=["state", "decided_by", "decided_at", "report"])
        record(
            "accept_workbook",
            on=f"workbook:{upload.pk}",
            by=self.by,
            at=self.at,
            place=self.province,
            after=[upload.sha256, upload.mends, upload.mapping],
            detail={
                "fiscal_year": self.year.be,
                "as_of": self.as_of.isoformat(),
                "mended": len(upload.mends),
                **asdict(done),
            },
        )


def _check_no_longer() -> None:
    """Check foreign keys now: many rows with history at once would else keep them all waiting."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def _statements(envelopes: Iterable[int]) -> dict[int, list[Statement]]:
    found: dict[int, list[Statement]] = defaultdict(list)
    rows = StatedFigure.objects.filter(envelope__in=list(envelopes))
    for envelope, as_of, known_at, upload, *amounts in rows.values_list(
        "envelope_id", "as_of", "known_at", "upload_id", *STATED
    ):
        found[envelope].append(
            Statement(as_of, known_at, upload, **dict(zip(STATED, amounts, strict=True)))
        )
    return found


def _held_entries(envelopes: Iterable[int]) -> dict[int, list[HeldEntry]]:
    """The entries of the envelopes that are not reversed, in the order in which they were written."""
    undone = BookEntry.objects.filter(kind=Kind.REVERSAL, against=OuterRef("pk"))
    rows = (
        BookEntry.objects.filter(~Exists(undone), envelope__in=list(envelopes))
        .exclude(kind=Kind.REVERSAL)
        .order_by("pk")
    )
    found: dict[int, list[HeldEntry]] = defaultdict(list)
    for envelope, number, kind, on, amount, against in rows.values_list(
        "envelope_id", "pk", "kind", "on", "amount", "against_id"
    ):
        found[envelope].append(HeldEntry(number, cast("EntryKind", kind), on, amount, against))
    return found


def _last_lines(envelopes: Iterable[int]) -> dict[tuple[str, str], int]:
    rows = BookEntry.objects.filter(envelope__in=list(envelopes)).order_by()
    return {
        (kind, document): last
        for kind, document, last in rows.values_list("kind", "document").annotate(Max("line"))
    }


def _one_line(text: str) -> str:
    return " ".join(text.split())[:500]


def _first_cell(line: StatedLine) -> str:
    cells = next(iter(line.cells.values()), ("",))
    return cells[0].rpartition("!")[2]
