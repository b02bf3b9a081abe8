"""The tables of policy: documents as read and decided about, directives and what came of them."""

from tiddao.policy.models.directives import (
    Act,
    Answer,
    Assignment,
    AssignmentState,
    Channel,
    DeadlineMove,
    Directive,
    Facet,
    Line,
    Move,
    Obligation,
    Question,
    Reminder,
)
from tiddao.policy.models.documents import (
    Decision,
    Document,
    DocumentSort,
    DocumentText,
    Proposal,
    Reading,
    Verdict,
)

__all__ = [
    "Act",
    "Answer",
    "Assignment",
    "AssignmentState",
    "Channel",
    "DeadlineMove",
    "Decision",
    "Directive",
    "Document",
    "DocumentSort",
    "DocumentText",
    "Facet",
    "Line",
    "Move",
    "Obligation",
    "Proposal",
    "Question",
    "Reading",
    "Reminder",
    "Verdict",
]
