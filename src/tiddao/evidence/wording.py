"""Findings, kinds and sizes in the words of the page."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import get_language, gettext, ngettext

from tiddao.evidence.rules import kinds
from tiddao.evidence.rules.findings import WEIGHTS
from tiddao.evidence.rules.kinds import ALLOWED_EN, FileRefused
from tiddao.kernel.dates import format_medium
from tiddao.places.models import Place
from tiddao.places.queries.units import full_name

REPLACED = "replaced by a newer version"
"""Reason that ``attach_evidence`` keeps when a newer version takes over."""


@dataclass(frozen=True, slots=True)
class FindingWords:
    """One finding for show: a question to be answered, or a note."""

    code: str
    is_question: bool
    words: str


def place_codes_in(findings: Iterable[Mapping[str, Any]]) -> set[str]:
    """Return the codes of the places that kept findings speak of."""
    return {
        code
        for finding in findings
        for name in ("claimed", "compared", "found")
        if (code := finding["fields"].get(name))
    }


def names_of(codes: Iterable[str]) -> dict[str, str]:
    """Return the full names of the places. One query; none for no codes."""
    wanted = set(codes)
    if not wanted:
        return {}
    return {place.code: full_name(place) for place in Place.objects.filter(code__in=wanted)}


def finding_words(
    findings: Iterable[Mapping[str, Any]], names: Mapping[str, str]
) -> tuple[FindingWords, ...]:
    """Return kept findings in words, questions first."""
    said = [
        FindingWords(
            code=each["code"],
            is_question=WEIGHTS[each["code"]] == "question",
            words=_sentence(each["code"], each["fields"], names),
        )
        for each in findings
    ]
    return tuple(sorted(said, key=lambda one: not one.is_question))


def _sentence(code: str, fields: Mapping[str, Any], names: Mapping[str, str]) -> str:
    def name(field: str) -> str:
        return names.get(fields[field], fields[field])

    if code == "taken-in-future":
        return gettext(
            "The photo says it was taken on %(taken)s, after it was handed in on %(handed_in)s. "
            "Is the camera's clock right?"
        ) % {"taken": _day(fields["taken_on"]), "handed_in": _day(fields["handed_in_on"])}
    if code == "taken-other-day":
        return ngettext(
            "The photo was taken on %(taken)s, the day given is %(given)s: %(days)d day apart. "
            "Is it of this occasion?",
            "The photo was taken on %(taken)s, the day given is %(given)s: %(days)d days apart. "
            "Is it of this occasion?",
            fields["days"],
        ) % {
            "taken": _day(fields["taken_on"]),
            "given": _day(fields["effective_on"]),
            "days": fields["days"],
        }
    if code == "taken-elsewhere":
        away = f"{fields['metres'] / 1000:,.1f}"
        if fields["found"]:
            return gettext(
                "The photo was taken in %(found)s, %(away)s km from %(compared)s. Why there?"
            ) % {"found": name("found"), "away": away, "compared": name("compared")}
        return gettext(
            "The photo was taken outside every known outline, %(away)s km from %(compared)s. "
            "Why there?"
        ) % {"away": away, "compared": name("compared")}
    if code == "seen-before":
        return _seen_before(fields)
    return {
        "no-outline": gettext("There is no outline to compare the photo's position with."),
        "no-position": gettext("The photo does not say where it was taken."),
        "no-time": gettext("The photo does not say when it was taken."),
    }[code]


def _seen_before(fields: Mapping[str, Any]) -> str:
    here, elsewhere = fields["here"], fields["elsewhere"]
    if here and elsewhere:
        return gettext(
            "This very file is in %(here)d other proofs of this office and %(elsewhere)d of other "
            "offices. Does it prove this too?"
        ) % {"here": here, "elsewhere": elsewhere}
    if here:
        return ngettext(
            "This very file is in %(count)d other proof of this office. Does it prove this too?",
            "This very file is in %(count)d other proofs of this office. Does it prove this too?",
            here,
        ) % {"count": here}
    return ngettext(
        "This very file is in %(count)d proof of another office. Whose is it?",
        "This very file is in %(count)d proofs of other offices. Whose is it?",
        elsewhere,
    ) % {"count": elsewhere}


def _day(text: str) -> str:
    on = date.fromisoformat(text)
    return on.strftime("%d %b %Y").lstrip("0") if get_language() == "en" else format_medium(on)


def kind_words(code: str) -> str:
    """Return what a file is, as a person calls it."""
    kind = kinds.KINDS[code]
    return {
        "jpeg": gettext("JPEG image"),
        "png": gettext("PNG image"),
        "webp": gettext("WebP image"),
        "heic": gettext("HEIC image"),
        "pdf": gettext("PDF document"),
        "csv": gettext("CSV table"),
        "txt": gettext("Text"),
    }.get(code, kind.words_th)


def size_words(size: int) -> str:
    """Return a size in kB or MB."""
    if size < 1_000_000:
        return f"{max(1, round(size / 1000)):,} kB"
    return f"{size / 1_000_000:,.1f} MB"


def end_reason_words(reason: str) -> str:
    """Return why a use ended; the reason that the product itself gives is said in the page's words."""
    return gettext("replaced by a newer version") if reason == REPLACED else reason


def refusal_words(refused: FileRefused) -> str:
    """Return why a file is not taken in, in the language of the page."""
    if get_language() != "en":
        return refused.message_th
    reason = {
        "too-large": "This file is larger than this office's limit.",
        "empty": "This file is empty.",
        "too-many-pixels": "This image has more pixels than can be taken in.",
    }.get(refused.code)
    return reason or f"This is {refused.found_en}. Taken in are: {ALLOWED_EN}."


def problem_words(code: str) -> str:
    """Return in words what a verification found wrong with a file."""
    return {
        "missing": gettext("the file is missing"),
        "altered": gettext("the file is not what was handed in: it was altered or swapped"),
        "orphaned": gettext("no evidence names this file: it was slipped in or left over"),
    }[code]
