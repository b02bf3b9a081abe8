"""What the offices of the demonstration do with their money: plans of whole years, cut at a day.

Each office spends along a curve of its own, early or late by habit, a little otherwise each year;
the same office, year and seed give the same year, and a day only says how much of it has happened.
So the demonstration is as lively on whatever day it is loaded, and last week's figures stay last
week's. Everything is invented; the names of projects are those of real families of projects.
No database and no clock here, and only ``Random.random``.

Source: docs domain 3.4 (families of projects, tranches, funds, numbers of documents).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from itertools import pairwise

from tiddao.budget.rules.accounts import Entry, EntryId, EntryKind, Envelope
from tiddao.budget.rules.cgd_figures import Spending
from tiddao.config.demonstration.calendar import EVENING, moment
from tiddao.config.demonstration.districts import (
    CHIANG_RAI,
    INCOMPLETE,
    PROVINCE,
    SHOWN,
    SILENT_PROVINCE,
    random_for,
    size_of,
    spread,
)
from tiddao.kernel.fiscal import FiscalYear
from tiddao.kernel.money import SATANG

_NOTHING = Decimal(0)
ADMIN = "admin"
STRATEGY = "strategy"
FIRST_HALF = "ไตร 1-2"
SECOND_HALF = "ไตร 3-4"
FOURTH = "ไตร 4"
YEARS_BEFORE = 3
"""Whole years before the current one."""
FIRST_SHARE = Decimal("0.6")
"""Of a year's money, the part that the first allotment brings."""
NO_BOOK = INCOMPLETE
"""แม่ฟ้าหลวง: has not opened this year's book; grey on every board."""
SILENT_SHARE = 0.03
"""Of the other offices of the nation, the part without a book this year."""

OFFICE_RUNNING = "ค่าใช้จ่ายในการบริหารสำนักงาน"
WORKS = "ศูนย์เรียนรู้ โคก หนอง นา"
PRACTICE = "สัมมาชีพชุมชน"
"""The one project of every office of the nation; its number is that of PROJECTS."""


@dataclass(frozen=True, slots=True)
class ProjectPlan:
    """A project of the department. weight: its part of an office's strategic money.

    way: how it is carried out: "activity" by a cash advance, "purchase" by an order, "monthly".
    """

    number: int
    name_th: str
    weight: int
    way: str
    spending: Spending = "recurrent"


PROJECTS: tuple[ProjectPlan, ...] = (
    ProjectPlan(3, "จปฐ. อิเล็กทรอนิกส์", 10, "monthly"),
    ProjectPlan(7, PRACTICE, 14, "activity"),
    ProjectPlan(12, "ทบทวน/ปรับแผนพัฒนาหมู่บ้าน", 6, "activity"),
    ProjectPlan(
        15,
        "สร้างเครือข่ายผู้นำการเปลี่ยนแปลงเพื่อขับเคลื่อนตำบลเข้มแข็ง (ระดับตำบล)",
        9,
        "activity",
    ),
    ProjectPlan(18, "หมู่บ้านเศรษฐกิจพอเพียง", 11, "activity"),
    ProjectPlan(21, "กองทุนแม่ของแผ่นดิน", 5, "activity"),
    ProjectPlan(24, "ตลาดนัดคนไทยยิ้มได้", 8, "purchase"),
    ProjectPlan(27, "ศูนย์จัดการกองทุนชุมชน", 5, "activity"),
    ProjectPlan(31, WORKS, 16, "purchase", "investment"),
    ProjectPlan(36, "OTOP Quadrant D", 8, "purchase"),
    ProjectPlan(40, "ท่องเที่ยวเชิงสร้างสรรค์", 8, "purchase"),
)
"""Of the families seen in an office; numbers, weights and ways are invented."""


LAST_OF_FIRST = 24
"""Projects up to this number are allotted with the first tranche, the others with the second."""


def number_of(project: ProjectPlan, year: FiscalYear) -> str:
    """Return the number as letters write it, "24/2569"."""
    return f"{project.number}/{year}"


Activities = Mapping[str, int]
"""Name of a project → number of its activity's row in the year."""


# -- habits ---------------------------------------------------------------------------------------

_HAND_DRAWN = {SHOWN: 0.62, "5710": 1.25, "5713": 1.1, "5708": 0.75, PROVINCE: 0.1}


@cache
def lateness(place: str, year: FiscalYear) -> float:
    """Return how late an office spends: 0 as the country does, 1 far behind, below 0 early."""
    this_year = spread(random_for("money", place, year.be), 0.2)
    drawn = _HAND_DRAWN.get(place)
    if drawn is not None:
        return drawn + this_year / 2
    if place in CHIANG_RAI:
        return (3.95 - CHIANG_RAI[place].dimensions[0]) / 1.6 + this_year
    whole_province = spread(random_for("money", place[:2]), 0.45)
    return whole_province + spread(random_for("money", place), 0.6) + this_year


def has_book(place: str, year: FiscalYear, current: FiscalYear) -> bool:
    """Say whether the office keeps a book that year; of earlier years everybody did."""
    if year != current:
        return True
    if place.startswith(SILENT_PROVINCE):
        return place == f"{SILENT_PROVINCE}01"
    if place.startswith(PROVINCE):
        return place != NO_BOOK
    return random_for("book", place).random() >= SILENT_SHARE


def spent_share(place: str, year: FiscalYear, part: float) -> float:
    """Return the share of a year's money gone when that part (0–1) of the year has."""
    late = lateness(place, year)
    shape = 0.6 * part + 0.4 * part * part
    return float(shape ** max(1 + 0.8 * late, 0.35)) * _final(place, year)


@cache
def _final(place: str, year: FiscalYear) -> float:
    late = max(lateness(place, year), 0)
    return float(min(1.0, 1.005 - 0.06 * late - 0.03 * random_for("end", place, year.be).random()))


def yearly_money(place: str, year: FiscalYear, tambons: int) -> Decimal:
    """Return an office's baht of a whole year. tambons: of the district; 0 for a province's."""
    growth = Decimal(str(round(1 + 0.03 * (year.be - 2567), 2)))
    if len(place) == 2:
        baht = 5_200_000 + int(random_for("province money", place).random() * 3_000_000)
    else:
        baht = size_of(place, tambons).budget // 2
    return _to_hundred(Decimal(baht) * growth)


# -- days and amounts -----------------------------------------------------------------------------


def working(on: date) -> date:
    """Return the day, or the Friday before when it falls on a weekend."""
    return on - timedelta(days=max(on.weekday() - 4, 0))


def day_at(year: FiscalYear, part: float) -> date:
    """Return the day when that part (0–1) of the year has gone."""
    return working(year.start + timedelta(days=min(int(part * year.days), year.days - 1)))


def _to_hundred(amount: Decimal) -> Decimal:
    return (amount / 100).quantize(Decimal(1), ROUND_HALF_UP) * 100


def _share(amount: Decimal, share: float) -> Decimal:
    return (amount * Decimal(str(round(share, 6)))).quantize(SATANG, ROUND_HALF_UP)


def first_arrives(place: str, year: FiscalYear) -> date:
    """Return the day on which the first allotment reaches the office."""
    days = 13 + int(random_for("arrives", place, year.be).random() * 8)
    return working(year.start + timedelta(days=days))


def second_arrives(place: str, year: FiscalYear) -> date:
    """Return the day of the second allotment, in April."""
    days = 4 + int(random_for("arrives again", place, year.be).random() * 9)
    return working(year.quarter_start(3) + timedelta(days=days))


# -- a thin book: any office of the nation --------------------------------------------------------


@dataclass(slots=True)
class _Purse:
    """One fund of an office over a year, in its two tranches; pays from the older one first."""

    envelopes: tuple[Envelope, ...]
    given: list[tuple[date, Decimal]]
    left: list[Decimal]

    def pay(self, on: date, wanted: Decimal) -> Iterator[tuple[Envelope, Decimal]]:
        """Yield what is drawn from which envelope; less than wanted when there is no more."""
        for number, (arrived, _) in enumerate(self.given):
            drawn = min(wanted, self.left[number])
            if arrived <= on and drawn > 0:
                self.left[number] -= drawn
                wanted -= drawn
                yield self.envelopes[number], drawn


def thin_book(
    place: str,
    year: FiscalYear,
    until: date,
    activities: Activities,
    *,
    tambons: int,
    current: FiscalYear,
) -> list[Entry]:
    """Return an office's entries of a year up to a day, in order of day: few, but true to its curve.

    Older years have one envelope, last year and this one three funds and two tranches.
    """
    money = yearly_money(place, year, tambons)
    practice, running = activities[PRACTICE], activities[OFFICE_RUNNING]
    if year.be < current.be - 1:
        rows = [
            *_spent(place, year, until, activity=practice, fund=STRATEGY, money=money, payments=12)
        ]
    else:
        admin = _to_hundred(money * Decimal("0.35"))
        works = Decimal(0)
        if random_for("works", place).random() < 0.4:
            works = _to_hundred(money * Decimal("0.15"))
        rest = money - admin - works
        weeks = 24 if year != current else 52
        rows = [
            *_spent(place, year, until, activity=running, fund=ADMIN, money=admin, payments=12),
            *_spent(
                place, year, until, activity=practice, fund=STRATEGY, money=rest, payments=weeks
            ),
            *_built(place, year, until, activities[WORKS], works),
        ]
    return sorted(rows, key=lambda entry: (entry.on, entry.id))


def _spent(
    place: str,
    year: FiscalYear,
    until: date,
    *,
    activity: int,
    fund: str,
    money: Decimal,
    payments: int,
) -> Iterator[Entry]:
    first = _to_hundred(money * FIRST_SHARE)
    purse = _Purse(
        tuple(
            Envelope("", str(activity), fund, "recurrent", tranche)
            for tranche in (FIRST_HALF, SECOND_HALF)
        ),
        [(first_arrives(place, year), first), (second_arrives(place, year), money - first)],
        [first, money - first],
    )
    for number, (envelope, (on, amount)) in enumerate(
        zip(purse.envelopes, purse.given, strict=True), start=1
    ):
        if on <= until:
            yield _entry("allotment", f"จส. {fund} {number}/{year}", envelope, amount, on)
    random = random_for("payments", place, year.be, fund)
    marks = [(number + 0.25 + random.random() * 0.5) / payments for number in range(payments)]
    shares = [spent_share(place, year, mark) for mark in (0.0, *marks[:-1], 1.0)]
    for number, (mark, (before, after)) in enumerate(
        zip(marks, pairwise(shares), strict=True), start=1
    ):
        on = max(day_at(year, mark), purse.given[0][0])
        if on > until:
            return
        drawn = purse.pay(on, _share(money, max(after - before, 0)))
        for line, (envelope, amount) in enumerate(drawn, start=1):
            yield _entry(
                "disbursement", f"ขบ. {fund} {number}/{year}", envelope, amount, on, line=line
            )


def _built(
    place: str, year: FiscalYear, until: date, activity: int, money: Decimal
) -> Iterator[Entry]:
    """Works: one allotment, one order, two payments on it."""
    if not money:
        return
    envelope = Envelope("", str(activity), STRATEGY, "investment", FIRST_HALF)
    given = first_arrives(place, year)
    late = min(max(lateness(place, year), -0.4), 0.8)
    ordered = _share(money, 0.94)
    order = EntryId("commitment", f"PO 70{place}{year}")
    half = (ordered / 2).quantize(SATANG)
    steps = (
        _entry("allotment", f"จส. ลงทุน 1/{year}", envelope, money, given),
        _entry("commitment", order.document, envelope, ordered, day_at(year, 0.13 + 0.12 * late)),
        _entry(
            "disbursement", f"ขบ. งวด 1/{year}", envelope, half, day_at(year, 0.40 + 0.2 * late),
            against=order,
        ),
        _entry(
            "disbursement", f"ขบ. งวด 2/{year}", envelope, ordered - half,
            day_at(year, 0.66 + 0.3 * late), against=order,
        ),
    )  # fmt: skip
    yield from (each for each in steps if each.on <= until)


def _entry(
    kind: EntryKind,
    document: str,
    envelope: Envelope,
    amount: Decimal,
    on: date,
    *,
    line: int = 1,
    against: EntryId | None = None,
    cash_back: Decimal = _NOTHING,
    borrower: str = "",
) -> Entry:
    return Entry(
        EntryId(kind, document, line),
        envelope,
        amount,
        on,
        moment(on, EVENING),
        against,
        cash_back,
        borrower=borrower,
    )


# -- a full book: the offices of Chiang Rai -------------------------------------------------------

_ORDER: Mapping[EntryKind, int] = {
    "allotment": 0, "advance": 1, "commitment": 1, "disbursement": 2, "clearance": 3, "return": 4,
}  # fmt: skip
_LATE_TO_CLEAR = {"5710": 4, "5708": 2, "5713": 1}
"""Districts with cash advances of this year open past their day → of how many projects."""
_WITHOUT_PAPERS = {"5705": 2, SHOWN: 1, "5710": 4}
"""Districts that hold no papers yet of their newest payment, and of all of so many projects."""


@dataclass(frozen=True, slots=True)
class FullBook:
    """entries: in an order that a book takes. without_papers: those of which none is held."""

    entries: tuple[Entry, ...]
    without_papers: frozenset[EntryId]


def full_book(
    place: str,
    year: FiscalYear,
    until: date,
    activities: Activities,
    *,
    tambons: int,
    current: FiscalYear,
) -> FullBook:
    """Return the documents of an office of Chiang Rai of a year up to a day.

    Each project is allotted, carried out and paid by itself; the later the office is by habit, the
    later each begins. What is left at the year's end is returned to the department or lapses.
    """
    money = yearly_money(place, year, tambons)
    admin = _to_hundred(money * Decimal("0.3"))
    entries = [*_running(place, year, admin, activities[OFFICE_RUNNING])]
    weights = sum(each.weight for each in PROJECTS)
    bare: set[EntryId] = set()
    for position, project in enumerate(_in_order(place, year)):
        amount = _to_hundred((money - admin) * project.weight / weights)
        when = _part_when(place, year, (position + 0.35) / len(PROJECTS))
        left_open = year == current and position < _LATE_TO_CLEAR.get(place, 0)
        done = [
            *_carried_out(
                place,
                year,
                project,
                money=amount,
                part=when,
                activity=activities[project.name_th],
                left_open=left_open,
            )
        ]
        entries += done
        if year == current and position < _WITHOUT_PAPERS.get(place, 0):
            bare |= {each.id for each in done}
    entries = [each for each in entries if each.on <= until and each.amount > 0]
    entries.sort(key=lambda each: (each.on, _ORDER[each.kind], each.id))
    if year == current and place in _WITHOUT_PAPERS:
        paid = [each.id for each in entries if each.kind == "disbursement"]
        bare |= {*paid[-1:]}
    return FullBook(tuple(entries), frozenset(bare))


def _in_order(place: str, year: FiscalYear) -> Sequence[ProjectPlan]:
    """The projects in the order in which the office takes them up: as their money comes."""
    drawn = {
        each.number: random_for("order", place, year.be, each.number).random() for each in PROJECTS
    }
    return sorted(PROJECTS, key=lambda each: (each.number > LAST_OF_FIRST, drawn[each.number]))


def _part_when(place: str, year: FiscalYear, share: float) -> float:
    """The part of the year gone when the office has spent that share of all it will spend."""
    wanted = share * spent_share(place, year, 1)
    low, high = 0.0, 1.0
    for _ in range(20):
        middle = (low + high) / 2
        low, high = (middle, high) if spent_share(place, year, middle) < wanted else (low, middle)
    return high


def _running(place: str, year: FiscalYear, money: Decimal, activity: int) -> Iterator[Entry]:
    """งบบริหาร: water, electricity, travel; month after month from three tranches."""
    tranches = (
        (FIRST_HALF, first_arrives(place, year), Decimal("0.5")),
        (SECOND_HALF, second_arrives(place, year), Decimal("0.35")),
        (FOURTH, working(year.quarter_start(4) + timedelta(days=6)), Decimal("0.15")),
    )
    share = 0.96 + 0.04 * random_for("running", place, year.be).random()
    for number, (tranche, arrives, part) in enumerate(tranches, start=1):
        envelope = Envelope("", str(activity), ADMIN, "recurrent", tranche)
        given = _to_hundred(money * part)
        letter = f"มท 0402.2/ว {number}1{year.be % 100}"
        yield _entry("allotment", letter, envelope, given, arrives)
        until = tranches[number][1] if number < len(tranches) else year.end
        months = [each for each in _month_ends(year) if arrives < each <= until] or [until]
        for count, on in enumerate(months, start=1):
            amount = _share(given, share / len(months))
            document = f"ขบ.บ {number}{count:02}/{year}"
            yield _entry("disbursement", document, envelope, amount, on)


def _month_ends(year: FiscalYear) -> list[date]:
    firsts = [date(number, month, 1) for number, month in year.months()]
    return [working(each - timedelta(days=3)) for each in (*firsts[1:], year.end)]


def _carried_out(
    place: str,
    year: FiscalYear,
    project: ProjectPlan,
    *,
    money: Decimal,
    part: float,
    activity: int,
    left_open: bool,
) -> Iterator[Entry]:
    """One project from its letter of allotment to its last payment.

    part: of the year gone when it begins. left_open: its cash advance was taken early and is not
    cleared in time.
    """
    no, random = project.number, random_for("project", place, year.be, project.number)
    second = no > LAST_OF_FIRST
    arrives = second_arrives(place, year) if second else first_arrives(place, year)
    tranche = SECOND_HALF if second else FIRST_HALF
    envelope = Envelope("", str(activity), STRATEGY, project.spending, tranche)
    begins = max(day_at(year, part), working(arrives + timedelta(days=4)))
    last = working(year.end)

    def then(days: int) -> date:
        return min(working(begins + timedelta(days=days)), last)

    used = _share(money, 0.955 + 0.045 * random.random())
    left = money - used
    letter = f"มท 0402.3/ว {no}{1 + second}{year.be % 100}"
    yield _entry("allotment", letter, envelope, money, arrives)
    if left_open or project.way == "activity":
        lent = _to_hundred(used * Decimal("0.12" if left_open else "0.55"))
        back = _share(lent, 0.12 * random.random())
        contract = EntryId("advance", f"บย. {no}/{year}")
        slow = 12 + int(random.random() * 16)
        lent_on = working(arrives + timedelta(days=1)) if left_open else begins
        borrower = f"ผู้ยืม {place}-{1 + no % 3}"
        yield _entry("advance", contract.document, envelope, lent, lent_on, borrower=borrower)
        cleared = (lent_on - begins).days + 75 if left_open else slow
        if then(cleared) >= lent_on:
            left += back
            yield _entry(
                "clearance", f"สย. {no}/{year}", envelope, lent - back, then(cleared),
                against=contract, cash_back=back,
            )  # fmt: skip
        paid = used - lent
        yield _entry("disbursement", f"ขบ.ย {no}/{year}", envelope, paid, then(slow + 9))
    elif project.way == "purchase":
        order = EntryId("commitment", f"PO 70{place}{no:02}{year.be % 100}")
        days = 35 + int(random.random() * 35)
        yield _entry("commitment", order.document, envelope, used, begins)
        paper = f"ขบ.พ {no}/{year}"
        yield _entry("disbursement", paper, envelope, used, then(days), against=order)
    else:
        each = (used / 4).quantize(SATANG, ROUND_HALF_UP)
        for count, amount in enumerate((each, each, each, used - 3 * each)):
            document = f"ขบ.จ {no}-{count + 1}/{year}"
            yield _entry("disbursement", document, envelope, amount, then(35 * count))
    if left and random.random() < 0.6:
        yield _entry("return", f"ชร 0019/{no}{year.be % 100}", envelope, left, last)
