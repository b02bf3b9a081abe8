"""What people give on idea boards."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tiddao.people.access import HeldPost
from tiddao.policy.queries.ideas import GroupLine
from tiddao.policy.rules.ideas import LONGEST_IDEA, MOST_VOTES
from tiddao.ui.forms import ThaiIntegerField
from tiddao.ui.registry import Words

REFUSALS: Mapping[str, Words] = {
    "question-missing": _("Write the question."),
    "votes-unfit": _("Between 1 and 20 votes."),
    "words-missing": _("Write it in words first."),
    "words-too-long": _("An idea has 1,000 letters at most. Post the rest as another idea."),
    "board-closed": _("The board is closed: no more ideas and votes are taken."),
    "not-own": _("Only who posted an idea may withdraw it."),
    "withdrawn": _("The idea was withdrawn."),
    "no-votes-left": _("You have no votes left. Take one back from another idea first."),
    "heading-missing": _("Give the group a heading."),
    "group-elsewhere": _("The group is not on this board any more."),
    "nothing-chosen": _("Choose ideas that are still on the board."),
    "already-turned": _("Somebody has turned this into something already. Look at it again."),
    "meeting-elsewhere": _("The agenda item belongs to another meeting."),
}
"""What is said of a refusal, by its code."""


class BoardForm(forms.Form):
    """A question and how it is put."""

    post = forms.TypedChoiceField(label=_("Opened as"), coerce=int)
    question = forms.CharField(
        label=_("Question to think about"),
        max_length=300,
        widget=forms.Textarea({"rows": 2}),
        help_text=_("One question, open and short: how shall we …?"),
    )
    votes_each = ThaiIntegerField(
        label=_("Votes of each person"), min_value=1, max_value=MOST_VOTES, initial=3
    )
    names_shown = forms.BooleanField(
        label=_("Show who posted each idea"),
        required=False,
        initial=True,
        help_text=_("Without names nobody sees who wrote what, neither on pages nor in files."),
    )

    def __init__(self, *args: Any, posts: Iterable[HeldPost], **options: Any) -> None:
        super().__init__(*args, **options)
        choices = [(post.id, f"{post.title} · {post.office_name}") for post in posts]
        field = self.fields["post"]
        field.choices = choices  # type: ignore[attr-defined]  # of a choice field
        field.initial = choices[0][0] if choices else None
        if len(choices) == 1:
            field.widget = forms.HiddenInput()


class IdeaForm(forms.Form):
    """One idea."""

    words = forms.CharField(
        label=_("Your idea"),
        max_length=LONGEST_IDEA,
        error_messages={"required": _("Write it in words first.")},
        widget=forms.Textarea({"rows": 2, "maxlength": LONGEST_IDEA}),
    )


class GroupForm(forms.Form):
    """Where an idea belongs: a group that is there, a new one, or none."""

    group = forms.TypedChoiceField(
        label=_("Group of ideas"), required=False, coerce=int, empty_value=None
    )
    title = forms.CharField(label=_("or a new group"), required=False, max_length=200)

    def __init__(self, *args: Any, groups: Iterable[GroupLine], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["group"].choices = [  # type: ignore[attr-defined]  # of a choice field
            ("", _("in no group")),
            *((group.id, group.title) for group in groups),
        ]


class AcceptGroupForm(forms.Form):
    """A proposed group as a person accepts it. into: number of the group there is, if it is one."""

    title = forms.CharField(label=_("Heading of the group"), max_length=200, required=False)
    into = forms.IntegerField(required=False, widget=forms.HiddenInput)
    ideas = forms.TypedMultipleChoiceField(coerce=int, widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, offered: Iterable[int], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["ideas"].choices = [(each, each) for each in offered]  # type: ignore[attr-defined]  # of a choice field

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or self.cleaned_data
        if said.get("into") is None and not (said.get("title") or "").strip():
            raise forms.ValidationError(str(REFUSALS["heading-missing"]))
        return said


class HeadingForm(forms.Form):
    """A group's heading."""

    title = forms.CharField(label=_("Heading of the group"), max_length=200)


class ProposalForm(forms.Form):
    """Ideas handed on as a proposal."""

    became = forms.ChoiceField(
        label=_("Proposed as"),
        choices=[("indicator", _("An indicator")), ("project", _("A project"))],
        widget=forms.RadioSelect,
        initial="indicator",
    )
    words = forms.CharField(
        label=_("The proposal in words"),
        max_length=4000,
        widget=forms.Textarea({"rows": 5}),
        help_text=_(
            "An indicator: what is measured, in which unit, for whom. A project: what, where, for "
            "whom, what changes for the people."
        ),
    )
