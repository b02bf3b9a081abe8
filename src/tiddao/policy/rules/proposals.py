"""What can be read out of a document: proposals to be confirmed, changed or dropped by a person.

Each stands on a span of the source and names the rule that found it (`explanations.py` says the
rule in Thai). What the text does not say is None; nothing here is a fact before a person says so.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time
from decimal import Decimal
from typing import ClassVar, Literal

from tiddao.policy.rules.spans import Span

DocumentKind = Literal[
    "news", "minutes", "circular", "letter", "memo", "order", "announcement", "other"
]
DateRole = Literal["event", "document", "deadline", "as-of", "reference", "mentioned"]
PlaceLevel = Literal["province", "district", "tambon", "village"]
SessionFormat = Literal[
    "lecture", "discussion", "workshop", "field-visit", "social", "ceremony", "other"
]
Facet = Literal["work", "money", "system", "people"]
Verdict = Literal["agrees", "differs", "not-listed"]


@dataclass(frozen=True, slots=True)
class Words:
    """Words of the text as written, signs in order. span: where they stand, with any mark before
    them (อำเภอ, มิติที่ 1).
    """

    text: str
    span: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """What every proposal has. rule: a key of explanations.RULES."""

    kind: ClassVar[str]
    span: Span
    rule: str


@dataclass(frozen=True, slots=True, kw_only=True)
class KindOfDocument(Proposal):
    kind: ClassVar[str] = "document-kind"
    document_kind: DocumentKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Title(Proposal):
    kind: ClassVar[str] = "title"
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HeadLine(Proposal):
    """A line of a paper's head. part: number, urgency, to, reference, enclosure, from, phone."""

    kind: ClassVar[str] = "head-line"
    part: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DayNamed(Proposal):
    """A day, or the first and last of several.

    first: None where the text gives no year, or a day that does not exist (fault says which).
    """

    kind: ClassVar[str] = "date"
    first: date | None
    last: date | None
    role: DateRole
    written: str
    fault: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class YearNamed(Proposal):
    """A fiscal or Buddhist year. fiscal: the text itself says ปีงบประมาณ."""

    kind: ClassVar[str] = "year"
    be_year: int
    fiscal: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeNamed(Proposal):
    """A time of day; end is None where the text gives none."""

    kind: ClassVar[str] = "time"
    start: time
    end: time | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceNamed(Proposal):
    """A place. code: None where the name alone could be several (candidates) or none.

    by_scheme: a village known by tambon and หมู่ only: its code follows the scheme CCAATTMM.
    """

    kind: ClassVar[str] = "place"
    name: str
    level: PlaceLevel
    code: str | None
    candidates: tuple[str, ...] = ()
    by_scheme: bool = False
    within: str | None = None  # the code of the place that the text itself puts it in


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupNamed(Proposal):
    """A named set of places: a region, an inspection region, a zone. key: None where unknown."""

    kind: ClassVar[str] = "group"
    name: str
    key: str | None
    members: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CountCheck(Proposal):
    """A number that the text states, against what it names. named: what was counted."""

    kind: ClassVar[str] = "count-check"
    stated: int
    unit: str
    counted: int | None
    verdict: Verdict
    named: tuple[Words, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonNamed(Proposal):
    """A person. position and office as written; acting_for: รักษาราชการแทน, ปฏิบัติราชการแทน."""

    kind: ClassVar[str] = "person"
    title: str
    name: str
    position: Words | None
    office: Words | None
    acting_for: Words | None
    mentions: tuple[Span, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AliasProposed(Proposal):
    """Two spellings that may be one person."""

    kind: ClassVar[str] = "alias"
    spellings: tuple[Words, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PostNamed(Proposal):
    """A post or a body of people without a name: พัฒนาการอำเภอ, บุคลากรกรมการพัฒนาชุมชน."""

    kind: ClassVar[str] = "post"
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Organiser(Proposal):
    kind: ClassVar[str] = "organiser"
    name: str
    code: str | None  # of the place at which the office sits


@dataclass(frozen=True, slots=True, kw_only=True)
class Venue(Proposal):
    kind: ClassVar[str] = "venue"
    name: str
    code: str | None
    address: Span | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AgendaPart(Proposal):
    """A part of an event. label: "ช่วงเช้า"; formats: what it is, as its own words say."""

    kind: ClassVar[str] = "agenda-part"
    label: str
    start: time | None
    end: time | None
    formats: tuple[SessionFormat, ...]
    venue: Words | None
    text: Words


@dataclass(frozen=True, slots=True, kw_only=True)
class Event(Proposal):
    kind: ClassVar[str] = "event"
    title: Words | None
    day: Words | None
    first: date | None
    last: date | None
    start: time | None
    end: time | None
    venue: Words | None
    place: str | None
    organiser: Words | None
    formats: tuple[SessionFormat, ...]
    parts: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Issue(Proposal):
    """A numbered issue or a point below one, as the text has them. number: "3.1"; "" for a dash."""

    kind: ClassVar[str] = "issue"
    number: str
    depth: int
    label: str  # the word that numbered it: ประเด็นที่, ระเบียบวาระที่
    heading: str
    whole: Span  # with everything below it


@dataclass(frozen=True, slots=True, kw_only=True)
class Dimension(Proposal):
    kind: ClassVar[str] = "dimension"
    number: int
    name: str
    points: tuple[Words, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Directive(Proposal):
    """Who must do what, by when, for whom; each as written. due: only where the text gives a day."""

    kind: ClassVar[str] = "directive"
    who: Words | None
    action: Words
    due: date | None
    due_words: Words | None
    last_working_day: date | None
    for_whom: Words | None
    inherited_who: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure(Proposal):
    """A number of something. unit, base, as_of: None marks that the text gives none."""

    kind: ClassVar[str] = "figure"
    value: Decimal
    unit: Words | None
    label: Words | None
    base: Words | None
    as_of: date | None
    as_of_words: Words | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgrammeNamed(Proposal):
    """A programme, model or policy. sort: programme, model, policy, source, vision, frame.

    name: as written. known_as: what the department's papers call it, where it is on the list.
    """

    kind: ClassVar[str] = "programme"
    name: str
    sort: str
    known_as: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FacetSuggested(Proposal):
    """งาน/งบ/ระบบ/คน and, where words say so, the star dimension that an issue belongs to."""

    kind: ClassVar[str] = "facet"
    facet: Facet | None
    dimension: int | None
    words: tuple[Words, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Oddity(Proposal):
    """Something a person should look at. It is told, never repaired."""

    kind: ClassVar[str] = "oddity"
    code: str
    message: str
    others: tuple[Span, ...] = ()
