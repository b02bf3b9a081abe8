"""What people give of field visits."""

from __future__ import annotations

from collections.abc import Mapping

from django import forms
from django.utils.translation import gettext_lazy as _

from tiddao.ui.forms import BuddhistDateField
from tiddao.ui.registry import Words

NO_NAMES = _(
    "No names, telephone or identity numbers of villagers: say “the model plot”, “the head of the group”."
)

REFUSALS: Mapping[str, Words] = {
    "subject-missing": _("Say what the visit was about."),
    "nothing-seen": _("Write the problem seen or the progress seen, at least one of them."),
    "day-ahead": _("The day of the visit is still to come."),
    "next-before": _("The next visit comes after this one."),
    "words-missing": _("Write it in words first."),
    "responsible-missing": _("Say who is responsible: a post or a group."),
    "due-before": _("The day comes before the visit."),
    "done-already": _("Somebody has said already that this is done. Look at it again."),
    "already-turned": _("Somebody has turned this into something already. Look at it again."),
    "meeting-elsewhere": _("The agenda item belongs to another meeting."),
}
"""What is said of a refusal, by its code."""


class VisitForm(forms.Form):
    """What was seen on the spot."""

    visited_on = BuddhistDateField(label=_("Day of the visit"))
    subject = forms.CharField(label=_("What the visit was about"), max_length=300)
    spot = forms.CharField(
        label=_("Exact spot"), required=False, max_length=300, help_text=NO_NAMES
    )
    problem = forms.CharField(
        label=_("Problem seen"),
        required=False,
        max_length=10_000,
        widget=forms.Textarea({"rows": 3}),
    )
    progress = forms.CharField(
        label=_("Progress seen"),
        required=False,
        max_length=10_000,
        widget=forms.Textarea({"rows": 3}),
    )
    next_on = BuddhistDateField(label=_("Next visit (may be left empty)"), required=False)


class FollowUpForm(forms.Form):
    """What is to be done after a visit."""

    words = forms.CharField(
        label=_("What is to be done after the visit"),
        max_length=4000,
        widget=forms.Textarea({"rows": 2}),
    )
    responsible = forms.CharField(
        label=_("Who is responsible"),
        max_length=300,
        help_text=_("A post, office or group, not a villager's name."),
    )
    due_on = BuddhistDateField(label=_("Done by (may be left empty)"), required=False)


class DoneForm(forms.Form):
    """What came of a follow-up."""

    words = forms.CharField(
        label=_("What came of it"), max_length=4000, widget=forms.Textarea({"rows": 3})
    )


class VisitFilterForm(forms.Form):
    """What a list of visits is narrowed to."""

    q = forms.CharField(label=_("Words"), required=False, max_length=120)
    state = forms.ChoiceField(
        label=_("Follow-ups"),
        required=False,
        choices=[
            ("", _("All")),
            ("open", _("with open follow-ups")),
            ("overdue", _("with overdue follow-ups")),
        ],
    )

    def said(self, name: str) -> str:
        """What was asked for; "" for nothing or nonsense."""
        return str(self.cleaned_data.get(name) or "") if self.is_valid() else ""


class FollowUpFilterForm(forms.Form):
    """What a list of follow-ups is narrowed to."""

    whose = forms.ChoiceField(
        label=_("Whose"),
        required=False,
        choices=[("", _("Of our office")), ("all", _("All in my area"))],
    )
    state = forms.ChoiceField(
        label=_("State"),
        required=False,
        choices=[
            ("", _("Not done yet")),
            ("overdue", _("Overdue")),
            ("done", _("Done")),
            ("handed-down", _("Handed down as a directive")),
        ],
    )

    def said(self, name: str) -> str:
        """What was asked for; "" for nothing or nonsense."""
        return str(self.cleaned_data.get(name) or "") if self.is_valid() else ""


class WhereForm(forms.Form):
    """Looking for the place that was visited."""

    q = forms.CharField(label=_("Village, tambon or district"), required=False, max_length=120)
