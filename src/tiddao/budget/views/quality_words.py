"""Questions about data in words: what is asked, and what settles it."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tiddao.budget.models import Kind as EntryKind
from tiddao.budget.queries.quality.finder import Question
from tiddao.budget.rules.quality import IDLE_DAYS, LATE_DAYS, STALE_DAYS, Kind
from tiddao.kernel.dates import format_medium
from tiddao.kernel.numerals import format_decimal
from tiddao.ui.registry import Words

KIND_WORDS: Mapping[Kind, Words] = {
    "issue": gettext_lazy("Findings in workbooks"),
    "score": gettext_lazy("Scores that do not agree"),
    "silent": gettext_lazy("No entry this year"),
    "overdue": gettext_lazy("Cash advances past their day"),
    "papers": gettext_lazy("Papers missing"),
    "idle": gettext_lazy("Money that has not moved"),
    "late": gettext_lazy("Entered long after its day"),
    "stale": gettext_lazy("Workbook out of date"),
}

TYPE_WORDS: Mapping[str, Words] = {
    "REF_ERROR": gettext_lazy("a formula that points nowhere (#REF!)"),
    "UNCALCULATED": gettext_lazy("a formula without a result"),
    "UNREADABLE_NUMBER": gettext_lazy("a number that cannot be read"),
    "SUB_SATANG": gettext_lazy("an amount finer than a satang"),
    "ANOMALY": gettext_lazy("over 100 % or below zero"),
    "PERCENT_MISMATCH": gettext_lazy("a percentage that its parts do not give"),
    "BALANCE_MISMATCH": gettext_lazy("a remainder that its parts do not give"),
    "SUMMARY_MISMATCH": gettext_lazy("a sum that its rows do not give"),
    "SUMMARY_ONLY": gettext_lazy("a sum without its rows"),
    "SUMMARY_COLUMNS": gettext_lazy("columns of a summary that do not fit"),
    "WRONG_FISCAL_YEAR": gettext_lazy("another fiscal year"),
    "LEVEL_VIOLATION": gettext_lazy("money of the province at a district"),
    "DUP_PROJECT": gettext_lazy("a project that stands twice"),
    "DUP_ROW": gettext_lazy("a row that stands twice"),
    "DUP_TABLE": gettext_lazy("a table that stands twice"),
    "SCORE_MISMATCH": gettext_lazy("a score that its rule does not give"),
    "SCORE_UNCHECKED": gettext_lazy("a score that cannot be checked"),
    "UNKNOWN_PLACE": gettext_lazy("a place that is not known"),
    "AMBIGUOUS_PLACE": gettext_lazy("a place that may be one of several"),
    "ROW_WITHOUT_UNIT": gettext_lazy("money in a row without a unit"),
    "ROW_AFTER_FOOTER": gettext_lazy("money below the end of the table"),
    "HEAD_NOT_FOUND": gettext_lazy("a sheet without a head of columns"),
    "UNKNOWN_COLUMN": gettext_lazy("a column that is not known"),
    "AMBIGUOUS_COLUMN": gettext_lazy("a column that may be one of several"),
    "CATEGORY_UNKNOWN": gettext_lazy("a category that is not known"),
    "TRANCHE_UNKNOWN": gettext_lazy("a tranche that is not known"),
    "CONTEXT_CONFLICT": gettext_lazy("a heading that contradicts the sheet"),
    "MONITOR_UNLINKED": gettext_lazy("a monitored work without its project"),
    "NUMBER_AS_DATE": gettext_lazy("a number that Excel made a date"),
    "PROVINCE_EQUALS_SUM": gettext_lazy("the province's row is the sum of its districts"),
    "HIDDEN_CELLS": gettext_lazy("rows or columns that are hidden"),
    "KEPT_BY_ENTRIES": gettext_lazy("an envelope kept entry by entry"),
    "REFUSED_BY_BOOK": gettext_lazy("the book does not take the figure"),
}


def type_words(code: str) -> Words:
    """Return what a type of finding means; the code itself where it is new."""
    return TYPE_WORDS.get(code, code)


def asked_words(question: Question) -> str:
    """Return the question as a sentence."""
    return _ASKED[question.kind](question)


def answer_words(kind: Kind) -> str:
    """Return what settles a question of the kind."""
    return {
        "issue": _(
            "Put the cell right in the next workbook, or explain why it is right as it stands."
        ),
        "score": _(
            "Look at the printed score and its parts; put right what is wrong in the next file."
        ),
        "silent": _(
            "Open the book, or hand in the workbook. If there is no money this year, tell the province."
        ),
        "overdue": _(
            "Clear the advance with its papers and enter the clearance, or name the day agreed."
        ),
        "papers": _("Attach the papers, or say where they lie."),
        "idle": _("Enter what was paid, plan the spending, or return the money in time."),
        "late": _("Nothing to mend; enter within %(days)s days so that boards show what is true.")
        % {"days": LATE_DAYS},
        "stale": _("Hand in this month's workbook."),
    }[kind]


def _issue(question: Question) -> str:
    return question.subject


def _score(question: Question) -> str:
    printed, computed = question.detail
    return _(
        "The file prints %(printed)s points; its own parts give %(computed)s. Which is right?"
    ) % {
        "printed": printed,
        "computed": computed,
    }


def _silent(question: Question) -> str:  # noqa: ARG001 -- one shape for all
    return _("No book with an entry this year. Has the office no money, or is it not entered yet?")


def _overdue(question: Question) -> str:
    said = _("Cash advance %(document)s is %(days)s days past its day. Where is it?") % {
        "document": question.reference,
        "days": f"{question.days or 0:,}",
    }
    return f"{said} ({question.detail[0]})" if question.detail else said


def _papers(question: Question) -> str:
    return _("%(kind)s %(document)s lacks: %(papers)s. Are they held?") % {
        "kind": EntryKind(question.subject).label,
        "document": question.reference,
        "papers": ", ".join(question.detail),
    }


def _idle(question: Question) -> str:
    return _(
        "%(baht)s baht of %(project)s %(tranche)s have not moved for %(days)s days. What is planned?"
    ) % {
        "baht": format_decimal(question.amount or 0, 2),
        "project": question.subject,
        "tranche": question.reference,
        "days": f"{question.days or IDLE_DAYS:,}",
    }


def _late(question: Question) -> str:
    return _(
        "%(kind)s %(document)s was entered %(days)s days after its day. Was it known earlier?"
    ) % {
        "kind": EntryKind(question.subject).label,
        "document": question.reference,
        "days": f"{question.days or 0:,}",
    }


def _stale(question: Question) -> str:
    return _(
        "The newest workbook tells %(day)s, more than %(days)s days ago. Is there a newer one?"
    ) % {
        "day": format_medium(question.on) if question.on else "–",
        "days": STALE_DAYS,
    }


_ASKED = {
    "issue": _issue,
    "score": _score,
    "silent": _silent,
    "overdue": _overdue,
    "papers": _papers,
    "idle": _idle,
    "late": _late,
    "stale": _stale,
}
