"""What people give when a document is taken in and decided about."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from datetime import date, time
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from tiddao.policy.actions.reading import Given
from tiddao.policy.models import DocumentSort, Facet
from tiddao.policy.rules.editing import FIELDS, Field
from tiddao.policy.rules.intake import LARGEST_FILE, pasted, taken_in
from tiddao.policy.rules.source_text import LONGEST_TEXT, IntakeRefused
from tiddao.ui.forms import BuddhistDateField, ThaiDecimalField, ThaiIntegerField
from tiddao.ui.registry import Words

FIELD_WORDS: Mapping[str, Words] = {
    "document_kind": _("Kind of document"),
    "text": _("Text"),
    "first": _("First day of it"),
    "last": _("Last day of it"),
    "be_year": _("Year (Buddhist era)"),
    "start": _("From (time)"),
    "end": _("To (time)"),
    "name": _("Name as written"),
    "code": _("Code of the place"),
    "key": _("Key of the group"),
    "title": _("Title"),
    "position": _("Position"),
    "office": _("Office"),
    "acting_for": _("Acting for"),
    "venue": _("Venue"),
    "place": _("Place"),
    "organiser": _("Organiser"),
    "label": _("What it counts"),
    "number": _("Number of the paper"),
    "heading": _("Heading"),
    "who": _("Who is to do it"),
    "action": _("What is to be done"),
    "due": _("By (day)"),
    "due_words": _("By (in words)"),
    "for_whom": _("For whom"),
    "value": _("Value of the figure"),
    "unit": _("Unit"),
    "base": _("Base"),
    "as_of": _("Figure as of"),
    "facet": _("Side of the work"),
    "dimension": _("Dimension"),
}


class TakeInForm(forms.Form):
    """Pasted text or a file, one of the two. given: what it came to."""

    text = forms.CharField(
        label=_("Paste the text"),
        required=False,
        max_length=LONGEST_TEXT,
        strip=False,
        widget=forms.Textarea({"rows": 12}),
    )
    file = forms.FileField(
        label=_("Or choose a file"),
        required=False,
        help_text=_("txt, docx, pdf (with text) or html, up to 20 MB"),
        widget=forms.FileInput({"accept": ".txt,.docx,.pdf,.html,.htm"}),
    )
    title = forms.CharField(
        label=_("Title (may be left empty: it is read from the text)"),
        required=False,
        max_length=500,
    )

    given: Given | None = None

    def clean(self) -> dict[str, Any]:
        said = self.cleaned_data
        file: UploadedFile[bytes] | None = said.get("file")
        text = said.get("text") or ""
        if self.errors:
            return said
        if bool(file) == bool(text.strip()):
            raise forms.ValidationError(_("Paste a text or choose a file: one of the two."))
        try:
            self.given = _of_file(file, said["title"]) if file else _of_text(text, said["title"])
        except IntakeRefused as refused:
            self.add_error("file" if file else "text", str(refused))
        return said


def _of_text(text: str, title: str) -> Given:
    return Given(pasted(text.replace("\r\n", "\n")), "pasted", title=title)


def _of_file(file: UploadedFile[bytes], title: str) -> Given:
    # One byte more than is read at all, so that a huge file is refused, not loaded.
    content = file.read(LARGEST_FILE + 1)
    source = taken_in(content, name=file.name or "")
    return Given(
        source,
        source.format,
        file_name=file.name or "",
        source_sha256=hashlib.sha256(content).hexdigest(),
        title=title,
    )


class ProposalForm(forms.Form):
    """The fields of one proposal, to be changed. seen: number of the last decision looked at."""

    seen = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, kind: str, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.kind = kind
        for field in FIELDS.get(kind, ()):
            self.fields[field.name] = _form_field(field)

    def given(self) -> dict[str, str | None]:
        """What was typed, as ``rules.editing.edited`` wants it."""
        return {
            field.name: _plain(self.cleaned_data.get(field.name)) for field in FIELDS[self.kind]
        }


class PointForm(forms.Form):
    """A directive that the rules missed, by the words of the text."""

    words = forms.CharField(
        label=_("Words of the text, exactly as they stand"), widget=forms.Textarea({"rows": 3})
    )
    who = forms.CharField(label=_("Who is to do it"), required=False, max_length=300)
    due = BuddhistDateField(label=_("By (day)"), required=False)


class DocumentFilterForm(forms.Form):
    """What the list of documents is narrowed to."""

    q = forms.CharField(label=_("Title or number"), required=False, max_length=120)
    sort = forms.ChoiceField(
        label=_("Kind of document"),
        required=False,
        choices=[("", _("Every kind of document")), *DocumentSort.choices],
    )

    def said(self, name: str) -> str:
        """What was asked for; "" for nothing or nonsense."""
        return str(self.cleaned_data.get(name) or "") if self.is_valid() else ""


def _form_field(field: Field) -> forms.Field:
    label, needed = str(FIELD_WORDS[field.name]), field.needed
    if field.sort == "choice":
        known = dict(DocumentSort.choices) | dict(Facet.choices)
        choices = [(code, str(known[code])) for code in field.choices]
        return forms.ChoiceField(
            label=label, required=needed, choices=choices if needed else [("", "–"), *choices]
        )
    made: dict[str, Callable[[], forms.Field]] = {
        "day": lambda: BuddhistDateField(label=label, required=needed, help_text=""),
        "time": lambda: forms.TimeField(
            label=label, required=needed, widget=forms.TimeInput({"placeholder": "09:00"})
        ),
        "whole": lambda: ThaiIntegerField(label=label, required=needed, min_value=0),
        "number": lambda: ThaiDecimalField(label=label, required=needed),
        "long": lambda: forms.CharField(
            label=label, required=needed, widget=forms.Textarea({"rows": 3})
        ),
        "text": lambda: forms.CharField(label=label, required=needed, max_length=1000),
    }
    return made[field.sort]()


def _plain(value: Any) -> str | None:
    if value is None or value == "":
        return None
    if isinstance(value, time):
        return value.isoformat(timespec="minutes")
    return value.isoformat() if isinstance(value, date) else str(value)
