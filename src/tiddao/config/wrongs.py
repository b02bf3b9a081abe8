"""What ``tiddao verify`` finds, in words."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tiddao.evidence.wording import problem_words as evidence_words
from tiddao.ledger.words import problem_words as ledger_words

_WORDS: dict[str, Promise] = {
    "differs-from-history": _("the row was changed without a trace, or its last trace is gone"),
    "history-begins-late": _("the trace of its making is gone"),
    "row-missing": _("the row was deleted; its history is still there"),
    "changed-what-never-changes": _("a fact that is never changed was changed"),
    "history-gap": _("a trace in between is gone"),
    "definition-altered": _("the definition is not what its digest says"),
    "revision-missing": _("a revision before or after it is gone"),
    "changed-in-review": _("figures differ from those that were decided on"),
    "no-definition": _("no published definition knows its indicator"),
    "parts-altered": _("the parts it counts with do not follow from what was reported"),
    "ledger-says-otherwise": _("the ledger's digest says otherwise"),
    "body-altered": _("the report is not what its SHA-256 says"),
    "paper-altered": _("the PDF is not what its SHA-256 says"),
    "body-not-made-again": _("history no longer gives what the report says"),
    "paper-not-made-again": _("the PDF is not the one that follows from the report"),
    "report-missing": _("the ledger knows a report that is gone"),
    "edition-missing": _("an earlier edition is gone"),
    "number-missing": _("a number of the office's series is gone"),
}


def wrong_words(code: str) -> str:
    """Return what is wrong, in the language of the reader."""
    if code in _WORDS:
        return str(_WORDS[code])
    for words in (ledger_words, evidence_words):
        said = words(code)
        if said and said != code:
            return str(said)
    return code
