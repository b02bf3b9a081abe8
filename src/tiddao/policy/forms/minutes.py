"""What people give when minutes are issued and news is written."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from tiddao.policy.forms.meetings import ClockField


class IssueMinutesForm(forms.Form):
    """What a person adds to the minutes. seen: the meeting's version looked at."""

    seen = forms.IntegerField(widget=forms.HiddenInput)
    recorder = forms.CharField(label=_("Minutes taken by"), max_length=200)
    checker = forms.CharField(label=_("Minutes checked by"), max_length=200)
    ends = ClockField(label=_("Meeting closed at (time)"))
    reason = forms.CharField(label=_("Why it is issued again"), required=False, max_length=500)

    def __init__(self, *args: object, again: bool, **options: object) -> None:
        super().__init__(*args, **options)  # type: ignore[arg-type]  # what a form takes
        if again:
            self.fields["reason"].required = True
        else:
            del self.fields["reason"]


class NewsForm(forms.Form):
    """A news draft as a person wants it. seen: when it was last written."""

    seen = forms.CharField(widget=forms.HiddenInput)
    title = forms.CharField(label=_("Headline"), max_length=300)
    body = forms.CharField(
        label=_("Words of the news (a paragraph each)"), widget=forms.Textarea({"rows": 14})
    )
