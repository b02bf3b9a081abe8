"""What is asked of proposals from ideas, and what an office says to one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tiddao.policy.actions.idea_proposals import LONGEST_ANSWER
from tiddao.policy.models import IdeaProposal
from tiddao.policy.queries.idea_proposals import MINE
from tiddao.policy.queries.ideas import STATES
from tiddao.ui.registry import Words

REFUSALS: Mapping[str, Words] = {
    "not-possible": _("Somebody has answered this proposal meanwhile. Look at it again."),
    "reason-missing": _("Write why it is declined: those who thought of it will read it."),
    "outcome-missing": _("Write which one it became, by its name."),
    "outcome-unfit": _("Choose what it became."),
    "words-too-long": _("1,000 letters at most."),
}
"""What is said of a refusal, by its code."""

_ANSWERS: Mapping[str, Words] = {
    "taken_up": _("We take it up"),
    "became": _("It became work"),
    "declined": _("We decline it"),
}


class ProposalFilterForm(forms.Form):
    """Which proposals are listed."""

    became = forms.ChoiceField(
        label=_("Proposed as"),
        required=False,
        choices=[("", _("All")), *IdeaProposal.Kind.choices],
    )
    state = forms.ChoiceField(
        label=_("How it stands"),
        required=False,
        choices=[("", _("All")), (MINE, _("waits for your answer")), *STATES.items()],
    )

    def said(self, name: str) -> str:
        """What was asked for; "" for nothing or nonsense."""
        return str(self.cleaned_data.get(name) or "") if self.is_valid() else ""


class AnswerProposalForm(forms.Form):
    """What an office does with a proposal."""

    answer = forms.ChoiceField(label=_("Answer of the office"), widget=forms.RadioSelect)
    outcome = forms.ChoiceField(
        label=_("What it became"),
        required=False,
        choices=[
            ("", _("not said yet")),
            ("indicator", _("A draft of an indicator")),
            ("project", _("A project")),
        ],
    )
    words = forms.CharField(
        label=_("Details of the answer"),
        required=False,
        max_length=LONGEST_ANSWER,
        widget=forms.Textarea({"rows": 3}),
    )

    def __init__(self, possible: Sequence[str], *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["answer"].choices = [(each, _ANSWERS[each]) for each in possible]  # type: ignore[attr-defined]  # of a choice field
        self.fields["answer"].initial = possible[0] if possible else None
        words = self.fields["words"]
        if "became" in possible:
            words.help_text = _(
                "The name of the indicator or project. If you decline it after all, the reason."
            )
        else:
            del self.fields["outcome"]
            words.help_text = _("Who will do what, or the reason if you decline it.")
