"""What people give when a template is replaced."""

from __future__ import annotations

import io
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from tiddao.evidence.rules import kinds
from tiddao.evidence.rules.kinds import FileRefused
from tiddao.evidence.rules.sniffing import Examined, Limits, examine
from tiddao.kernel.apart import GaveUp, run_apart
from tiddao.policy.models import OfficeTemplate
from tiddao.policy.papers_made import fields_of, filled_with
from tiddao.policy.rules.papers_sample import SAMPLE_LETTER, SAMPLE_MINUTES
from tiddao.policy.rules.papers_template import (
    LARGEST,
    TemplateKind,
    TemplateRefused,
    checked_template,
)
from tiddao.ui.registry import Words

PAPER_REFUSALS: Mapping[str, Words] = {
    "retired-already": _("This version was given up or taken back."),
    "not-held": _("Minutes are issued once the meeting has been closed as held."),
    "same-words": _("Nothing differs from the last issue."),
    "reason-missing": _("Write why it is issued again."),
    "number-missing": _("Give the number of the letter before it is issued."),
    "day-missing": _("Give the day of the letter before it is issued."),
    "circular-number": _("The number of a circular has ว in it."),
    "subject-missing": _("Say what the letter is about."),
    "text-missing": _("The letter has no words yet."),
    "to-missing": _("Say to whom the letter goes."),
    "signer-missing": _("Say who signs the letter."),
    "not-draft": _("It was issued or given up already."),
    "changed": _("Somebody changed it in the meantime. Look at it again."),
}
"""What is said of a refusal, by its code."""

EMBLEM_LARGEST = 1024 * 1024
EMBLEM_PIXELS = 4_000_000


def template_words(kind: str, content: bytes, *, at: datetime) -> bytes:
    """Return the sample filled in, having read the template. Raises TemplateRefused."""
    wanted: TemplateKind = kind  # type: ignore[assignment]  # of a Word template's three kinds
    sample = SAMPLE_MINUTES if kind == "minutes" else SAMPLE_LETTER
    try:
        run_apart(checked_template, wanted, content)
        return filled_with(wanted, content, fields_of(sample, issue=1), at=at, apart=True)
    except GaveUp as gave_up:
        raise TemplateRefused("bomb", "ไฟล์นี้ใช้หน่วยความจำหรือเวลามากผิดปกติเมื่อเปิด จึงไม่รับ") from gave_up


class TemplateForm(forms.Form):
    """A template or an emblem to be tried. given: what the file was found to be."""

    file = forms.FileField(label=_("File of the template"))

    given: Examined | None = None

    def __init__(self, kind: str, *args: Any, at: datetime, **options: Any) -> None:
        super().__init__(*args, **options)
        self.kind, self.at = kind, at
        if kind == OfficeTemplate.Kind.EMBLEM:
            self.fields["file"].label = _("Picture (PNG or JPEG, up to 1 MB)")
            self.fields["file"].widget.attrs["accept"] = ".png,.jpg,.jpeg"
        else:
            self.fields["file"].label = _("Word template (.docx, up to 5 MB)")
            self.fields["file"].widget.attrs["accept"] = ".docx"

    def clean_file(self) -> UploadedFile[bytes]:
        file: UploadedFile[bytes] = self.cleaned_data["file"]
        emblem = self.kind == OfficeTemplate.Kind.EMBLEM
        largest = EMBLEM_LARGEST if emblem else LARGEST
        if (file.size or 0) > largest:  # said by the upload itself, before a byte is read
            raise forms.ValidationError(
                _("The file is larger than %(size)d MB.") % {"size": largest >> 20}
            )
        content = file.read(largest + 1)
        try:
            if not emblem:
                template_words(self.kind, content, at=self.at)
            self.given = examine(
                io.BytesIO(content),
                name=file.name or "",
                limits=Limits(size=largest, pixels=EMBLEM_PIXELS),
            )
        except (TemplateRefused, FileRefused) as refused:
            raise forms.ValidationError(str(refused)) from refused
        wanted = {kinds.PNG, kinds.JPEG} if emblem else {kinds.DOCX}
        if self.given.kind not in wanted:
            raise forms.ValidationError(
                _("The content is %(kind)s, which cannot be used here.")
                % {"kind": self.given.kind.words_th}
            )
        return file
