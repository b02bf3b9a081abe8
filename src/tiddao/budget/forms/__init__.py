"""Input from people; each part of the area has a module of its own."""

from tiddao.budget.forms.treasury import (
    LARGEST_UPLOAD,
    SHEETS_ASKED,
    KnownAtField,
    KnownAtForm,
    RankingForm,
    UploadForm,
)

__all__ = [
    "LARGEST_UPLOAD",
    "SHEETS_ASKED",
    "KnownAtField",
    "KnownAtForm",
    "RankingForm",
    "UploadForm",
]
