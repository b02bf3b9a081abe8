"""Words for the codes of a definition, in the language of the page.

The rules speak in codes; a code never reaches a reader. Sentences made from several figures are
here too, so that page, workbook and PDF say the same.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from tiddao.indicators.rules.definitions import FrameworkDefinition, IndicatorDefinition
from tiddao.indicators.rules.scoring import PlaceScore
from tiddao.kernel.numerals import format_decimal, format_trimmed
from tiddao.places.queries import in_language

Words = str | Promise

KIND_WORDS: Final[dict[str, Words]] = {
    "ratio": _("Ratio"),
    "count": _("Count"),
    "average": _("Average"),
    "latest": _("Latest cumulative figure"),
    "milestone": _("Milestones"),
    "rubric": _("Quality rubric"),
    "linked": _("Computed by another area"),
}

ROLLUP_WORDS: Final[dict[str, Words]] = {
    "parts": _("sum of numerators over sum of denominators"),
    "mean": _("mean of the offices that reported"),
    "sum": _("plain sum"),
}

SCHEME_WORDS: Final[dict[str, Words]] = {
    "ladder5": _("Five-step ladder, levels 1 to 5"),
    "points100": _("Three breakpoints, 0 to 100 points"),
}

LEVEL_WORDS: Final[dict[str, Words]] = {
    "nation": _("Nation"),
    "province": _("Province"),
    "district": _("District"),
    "tambon": _("Sub-district"),
    "village": _("Village"),
    "region": _("Region"),
    "inspection": _("Inspection region"),
    "zone": _("Zone"),
    "peer": _("Peer group"),
}

LEVEL_PLURAL: Final[dict[str, Words]] = {
    "nation": _("the nation"),
    "province": _("provinces"),
    "district": _("districts"),
    "tambon": _("sub-districts"),
    "village": _("villages"),
    "region": _("regions"),
    "inspection": _("inspection regions"),
    "zone": _("zones"),
    "peer": _("peer groups"),
}

VERSION_STATE_WORDS: Final[dict[str, Words]] = {
    "draft": pgettext_lazy("framework version", "Draft"),
    "published": pgettext_lazy("framework version", "Published"),
    "closed": pgettext_lazy("framework version", "Closed"),
}

ROUND_STATE_WORDS: Final[dict[str, Words]] = {
    "planned": pgettext_lazy("round", "Not open yet"),
    "open": pgettext_lazy("round", "Open"),
    "closed": pgettext_lazy("round", "Closed"),
}

STATUS_KIND: Final[dict[str, str]] = {
    "reported": "ok",
    "partly": "warn",
    "missing": "nodata",
    "not_applicable": "info",
}

STATUS_WORDS: Final[dict[str, Words]] = {
    "reported": _("Reported"),
    "partly": _("Partly reported"),
    "missing": _("Not reported"),
    "not_applicable": _("Does not apply"),
}

RESULT_STATE_WORDS: Final[dict[str, Words]] = {
    "draft": pgettext_lazy("result", "Draft"),
    "submitted": pgettext_lazy("result", "Submitted"),
    "checked": pgettext_lazy("result", "Checked"),
    "approved": pgettext_lazy("result", "Approved"),
    "locked": pgettext_lazy("result", "Locked"),
    "returned": pgettext_lazy("result", "Returned"),
}

PART_WORDS: Final[dict[str, Words]] = {
    "numerator": _("Figure"),
    "denominator": _("Base"),
    "steps": _("Steps done"),
    "self_score": _("Own score, 1 to 5"),
    "checked_score": _("Checked score, 1 to 5"),
}


def part_words(indicator: IndicatorDefinition, part: str) -> str:
    """Return what a part of the indicator's value is called: in its own words where it has them."""
    own = {
        "numerator": indicator.numerator_th or indicator.name_th,
        "denominator": indicator.denominator_th or indicator.base_th,
    }.get(part, "")
    return own or str(PART_WORDS[part])


BASIS_WORDS: Final[dict[str, Words]] = {
    "approved": _("Approved results only"),
    "all": _("Including results not yet approved"),
}

IMPORT_STATE_WORDS: Final[dict[str, Words]] = {
    "waiting": pgettext_lazy("import", "Waiting"),
    "reading": pgettext_lazy("import", "Reading"),
    "read": pgettext_lazy("import", "Read, nothing written yet"),
    "accepting": pgettext_lazy("import", "Writing"),
    "accepted": pgettext_lazy("import", "Accepted"),
    "refused": pgettext_lazy("import", "Refused"),
}

PROPOSED: Final = _("Proposed, not official criteria")


def word(words: dict[str, Words], code: str) -> str:
    """Return the words of a code; a code nobody has named yet shows as it stands."""
    return str(words.get(code, code))


def figure(value: Decimal | None, unit: str, places: int = 2) -> str:
    """Return a value with its unit; "–" where nobody reported."""
    if value is None:
        return "–"
    shown = format_trimmed(value, places)
    if unit in ("ร้อยละ", "per cent"):
        return gettext("%(value)s%%") % {"value": shown}  # Thai puts the word first
    return f"{shown} {unit}".strip()


def unit_of(indicator: IndicatorDefinition) -> str:
    return in_language(indicator.unit_th, indicator.unit_en)


def framework_title(definition: FrameworkDefinition) -> str:
    return in_language(definition.title_th, definition.title_en)


def dimension_name(definition: FrameworkDefinition, code: str) -> str:
    """Return "dimension 3 …" in the language of the page."""
    for each in definition.dimensions:
        if each.code == code:
            name = in_language(each.name_th, each.name_en)
            return gettext("Dimension %(code)s %(name)s") % {"code": code, "name": name}
    return code


def full_marks(scheme: str) -> int:
    """Return the highest score of a scheme: 5, or 100 points."""
    return 5 if scheme == "ladder5" else 100


def star_sentences(definition: FrameworkDefinition, score: PlaceScore) -> list[str]:
    """Return, in plain words, how many stars and the one reason that matters most.

    One sentence for the stars and the score, one for what limits or withholds them.
    """
    said = [_score_sentence(definition, score)]
    rules = definition.star_rules
    if score.capped_by is not None and score.stars_by_mean is not None:
        lowest = next(each for each in score.dimensions if each.code == score.capped_by)
        said.append(
            gettext(
                "The mean alone would give %(by_mean)s stars, but %(dimension)s has %(lowest)s, "
                "and the balance rule allows at most %(margin)s more than the lowest dimension."
            )
            % {
                "by_mean": score.stars_by_mean,
                "dimension": dimension_name(definition, score.capped_by),
                "lowest": lowest.stars,
                "margin": rules.balance_margin,
            }
        )
    for code in score.incomplete:
        dimension = next(each for each in score.dimensions if each.code == code)
        said.append(
            gettext(
                "%(dimension)s is %(completeness)s%% reported; stars need at least %(minimum)s%%."
            )
            % {
                "dimension": dimension_name(definition, code),
                "completeness": format_trimmed(dimension.completeness, 2),
                "minimum": format_trimmed(rules.min_completeness),
            }
        )
    return said


def _score_sentence(definition: FrameworkDefinition, score: PlaceScore) -> str:
    if score.reason == "nothing_applies":
        return gettext("No indicator of this framework applies here.")
    if score.score is None or score.share is None:
        return gettext("Not yet starred: nothing has been reported in this round.")
    figures = {
        "stars": score.stars,
        "score": format_decimal(score.score, 4),
        "full": full_marks(definition.scheme),
        "share": format_decimal(score.share, 2),
    }
    if score.stars is None:
        return (
            gettext(
                "Not yet starred because reports are incomplete. What is reported so far scores "
                "%(score)s of %(full)s (%(share)s%% of full marks)."
            )
            % figures
        )
    return gettext("%(stars)s stars: %(score)s of %(full)s (%(share)s%% of full marks).") % figures


def source(reference: str) -> str:
    """Return where a report came from, in words: "import:12 มิติ1!F7" names workbook cell and file."""
    kind, _colon, rest = reference.partition(":")
    if kind == "form":
        return gettext("typed into the form")
    if kind == "import":
        return gettext("workbook %(where)s") % {"where": rest}
    if kind == "cgd":
        return gettext("weekly workbook of the Comptroller General, %(what)s") % {"what": rest}
    return reference


KEY_WORDS: Final[dict[str, Words]] = {
    "title_th": _("Title (Thai)"),
    "title_en": _("Title (English)"),
    "owner": _("Owner"),
    "fiscal_year": _("Fiscal year"),
    "version": _("Version"),
    "assessed_level": _("What is assessed"),
    "scheme": _("Scoring scheme"),
    "proposed": _("Proposed"),
    "based_on": _("Based on"),
    "notes": _("Notes"),
    "cutoffs": _("Cut-offs of the stars"),
    "min_completeness": _("Completeness needed"),
    "balance_margin": _("Balance rule"),
    "penalty_per_missed_report": _("Points for a missed report"),
    "breakpoints": _("Breakpoints"),
    "opens": _("Opens"),
    "closes": _("Closes"),
    "true_on": _("Results are true for"),
    "name_th": _("Name (Thai)"),
    "name_en": _("Name (English)"),
    "weight": _("Weight"),
    "order": _("Order"),
    "outcome": _("The result of the others"),
    "kind": _("Kind"),
    "unit_th": _("Unit (Thai)"),
    "unit_en": _("Unit (English)"),
    "ladder": _("Ladder"),
    "reports_at": _("Reported by"),
    "rollup": _("At a higher level"),
    "factor": _("Multiplied by"),
    "minimum": _("Smallest possible value"),
    "maximum": _("Largest possible value"),
    "whole": _("Whole numbers only"),
    "effort": _("Effort of one level"),
    "link": _("Computed by (area)"),
    "otherwise": _("Reported by hand until then as"),
    "numerator_th": _("Numerator in words"),
    "denominator_th": _("Denominator in words"),
    "base_th": _("Base"),
    "steps_th": _("Milestones"),
    "evidence_th": _("Evidence"),
    "owner_th": _("Owner"),
    "why_th": _("Why it matters"),
    "source_rows": _("Rows of the source"),
    "source_text": _("Source text"),
    "code": _("Code"),
}
"""Keys of a definition file as a reader knows them."""


def key_words(key: str) -> str:
    """Return the place a key names: "dimension[2].indicator[1.3].ladder" → "Indicator 1.3: Ladder"."""
    tables = re.findall(r"(dimension|indicator|round)\[([^\]]+)\]", key)
    name = key.rpartition(".")[2] if not key.endswith("]") else ""
    said = ""
    if tables:
        table, code = tables[-1]
        said = {
            "dimension": gettext("Dimension %(code)s"),
            "indicator": gettext("Indicator %(code)s"),
            "round": gettext("Round %(code)s"),
        }[table] % {"code": code}
    elif key.startswith("star_rules"):
        said = gettext("Star rules")
    last = word(KEY_WORDS, name) if name else ""
    return ": ".join(each for each in (said, last) if each)


def skipped_words(reason: str, count: int) -> str:
    """Return why results were left alone in an act in bulk."""
    words = {
        "own_submission": ngettext(
            "%(n)s result left alone: you submitted it yourself, so another person approves it.",
            "%(n)s results left alone: you submitted them yourself, so another person approves them.",
            count,
        ),
        "already": ngettext(
            "%(n)s result was so already.", "%(n)s results were so already.", count
        ),
        "not_submitted": ngettext(
            "%(n)s result left alone: it has not been submitted.",
            "%(n)s results left alone: they have not been submitted.",
            count,
        ),
        "moved_on": ngettext(
            "%(n)s result left alone: somebody changed it since you saw it; look again.",
            "%(n)s results left alone: somebody changed them since you saw them; look again.",
            count,
        ),
    }
    return words.get(reason, reason) % {"n": count}


def round_refusal(reason: str) -> str:
    """Return why a round was not opened or closed."""
    words = {
        "already_open": gettext("The round is open already."),
        "not_published": gettext("The framework is not published yet."),
        "not_closed": gettext("The round is open; every office may report."),
        "already": gettext("This office was let in late already."),
        "reason_missing": gettext("A closed round opens again only with a reason and a last day."),
        "end_missing": gettext("The last day must be today or later."),
        "not_open": gettext("The round is not open."),
    }
    return words.get(reason, reason)


def import_refusal(code: str) -> str:
    """Return why a file was not accepted."""
    words = {
        "not_read": gettext("The file is not in a state to be accepted."),
        "has_errors": gettext(
            "The file has errors; nothing was written. Correct them and upload it again."
        ),
        "undecided": gettext(
            "Nothing was written yet: choose one of the two figures in every conflict."
        ),
        "moved_on": gettext(
            "Nothing was written yet: figures in the system changed since the file was compared. "
            "It is compared anew; look again."
        ),
        "nothing_in_it": gettext("The file holds no result; nothing was written."),
        "file_changed": gettext("The stored file is not the one that was read; upload it again."),
    }
    return words.get(code, code)
