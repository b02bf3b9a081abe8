"""What people give when a letter is written."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tiddao.policy.models import Paper
from tiddao.policy.rules.official import Letter
from tiddao.ui.forms import BuddhistDateField

_LISTS = ("references", "enclosures", "receivers")
URGENCY = ("ด่วน", "ด่วนมาก", "ด่วนที่สุด")


def _lines(rows: int) -> forms.Textarea:
    return forms.Textarea({"rows": rows})


class LetterForm(forms.Form):
    """A letter, circular or memorandum. seen: the version looked at."""

    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)
    kind = forms.ChoiceField(label=_("Kind of letter"), choices=Paper.Kind.choices)
    number = forms.CharField(
        label=_("Number of the letter"),
        required=False,
        max_length=120,
        help_text=_("Given by the register of your office; a circular's has ว in it."),
    )
    day = BuddhistDateField(label=_("Day of the letter"), required=False)
    urgency = forms.ChoiceField(
        label=_("Urgency"), required=False, choices=[("", "–"), *((each, each) for each in URGENCY)]
    )
    subject = forms.CharField(label=_("Subject of the letter"), max_length=500)
    to = forms.CharField(label=_("Addressed to"), required=False, max_length=500)
    references = forms.CharField(
        label=_("With reference to (one on each line)"), required=False, widget=_lines(2)
    )
    enclosures = forms.CharField(
        label=_("Enclosed (one on each line)"), required=False, widget=_lines(2)
    )
    text = forms.CharField(
        label=_("Words of the letter (each line is a paragraph)"), required=False, widget=_lines(9)
    )
    signer = forms.CharField(label=_("Signed by (name)"), required=False, max_length=200)
    signer_title = forms.CharField(label=_("Position of who signs"), required=False, max_length=300)
    address = forms.CharField(
        label=_("Address of the office (for letters)"), required=False, widget=_lines(2)
    )
    unit = forms.CharField(label=_("Group that deals with it"), required=False, max_length=200)
    phone = forms.CharField(label=_("Telephone of the office"), required=False, max_length=100)
    email = forms.EmailField(label=_("E-mail of the office"), required=False)
    receivers = forms.CharField(
        label=_("List of receivers behind the letter (one on each line)"),
        required=False,
        widget=_lines(4),
    )

    @classmethod
    def initial_of(cls, letter: Letter, *, seen: int | None) -> dict[str, Any]:
        """Return what the form shows of a letter."""
        said = {name: getattr(letter, name) for name in cls.base_fields if name != "seen"}
        return said | {name: "\n".join(said[name]) for name in _LISTS} | {"seen": seen}

    def letter(self, before: Letter) -> Letter:
        """Return the letter as given; of a valid form. before: what the form does not hold."""
        said = {name: value for name, value in self.cleaned_data.items() if name != "seen"}
        lists = {
            name: tuple(" ".join(line.split()) for line in said[name].splitlines() if line.strip())
            for name in _LISTS
        }
        text = said["text"].replace("\r\n", "\n")
        address = said["address"].replace("\r\n", "\n")
        return Letter(
            **said
            | lists
            | {"text": text, "address": address, "office": before.office, "closing": before.closing}
        )


class LetterFilterForm(forms.Form):
    """What the list of letters is narrowed to."""

    q = forms.CharField(label=_("Subject or number"), required=False, max_length=120)
    kind = forms.ChoiceField(
        label=_("Kind of letter"),
        required=False,
        choices=[("", _("Every kind of letter")), *Paper.Kind.choices],
    )

    def said(self, name: str) -> str:
        """What was asked for; "" for nothing or nonsense."""
        return str(self.cleaned_data.get(name) or "") if self.is_valid() else ""
