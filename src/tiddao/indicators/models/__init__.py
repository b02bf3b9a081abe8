"""The tables of results: frameworks, rounds, results, scores, targets, questions, issued reports."""

from tiddao.indicators.models.facts import (
    REFUSE_CHANGE,
    KnownFact,
)
from tiddao.indicators.models.frameworks import (
    Framework,
    LateEntry,
    Round,
    RoundStanding,
    Version,
)
from tiddao.indicators.models.personal import (
    PersonalLine,
    PersonalMove,
    PersonalPlan,
)
from tiddao.indicators.models.quality import (
    QualityAnswer,
    QualityKind,
    QualityLook,
    QualityQuestion,
)
from tiddao.indicators.models.reports import (
    IssuedReport,
    ReportSeries,
)
from tiddao.indicators.models.results import (
    EntryConflict,
    Result,
    ResultImport,
    ResultState,
)
from tiddao.indicators.models.scores import (
    Basis,
    FactChange,
    Score,
)
from tiddao.indicators.models.targets import (
    Target,
    TargetAnswer,
    TargetPart,
    TargetSplit,
)

__all__ = [
    "REFUSE_CHANGE",
    "Basis",
    "EntryConflict",
    "FactChange",
    "Framework",
    "IssuedReport",
    "KnownFact",
    "LateEntry",
    "PersonalLine",
    "PersonalMove",
    "PersonalPlan",
    "QualityAnswer",
    "QualityKind",
    "QualityLook",
    "QualityQuestion",
    "ReportSeries",
    "Result",
    "ResultImport",
    "ResultState",
    "Round",
    "RoundStanding",
    "Score",
    "Target",
    "TargetAnswer",
    "TargetPart",
    "TargetSplit",
    "Version",
]
