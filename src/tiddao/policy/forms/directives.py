"""What people give when directives are handed down, answered and followed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tiddao.people.access import HeldPost
from tiddao.places.models import NATION, Level
from tiddao.places.queries.search import search
from tiddao.policy.models import Act, Channel, Facet, Line
from tiddao.policy.queries.receivers import UnitOffered
from tiddao.policy.rules.receivers import Choice
from tiddao.policy.rules.recurrence import LATEST, Recurrence
from tiddao.ui.forms import BuddhistDateField, ThaiIntegerField
from tiddao.ui.registry import Words

REFUSALS: Mapping[str, Words] = {
    "title-missing": _("Give it a title."),
    "text-missing": _("Say what is to be done."),
    "no-receivers": _("No office is chosen. Choose levels and areas."),
    "outside-scope": _("An office lies outside what your post may ask."),
    "own-office": _("Your own office cannot receive its own directive in the department line."),
    "due-passed": _("The day has passed."),
    "not-confirmed": _("Only what a person has confirmed can be handed down."),
    "source-cancelled": _("What came to your office was called off."),
    "source-over": _("What came to your office is closed already."),
    "behalf-missing": _("Name who orders."),
    "words-missing": _("Write it in words first."),
    "progress-unfit": _("Progress is between 0 and 100 per cent."),
    "not-possible": _("This cannot be done in the present state. Look at the latest answer."),
    "evidence-missing": _("This directive asks for evidence: attach it before you report done."),
    "reason-missing": _("Write the reason."),
    "same-day": _("This is the day on which it stands already."),
    "moved-meanwhile": _("Somebody moved the day in the meantime. Look at it again."),
    "directive-cancelled": _("The directive was called off."),
    "ends-before-it-begins": _("The last day comes before the first."),
    "lead-unfit": _("Between 0 and 90 days."),
    "already-turned": _("Somebody has turned this into something already. Look at it again."),
    "done-already": _("Somebody has said already that this is done. Look at it again."),
}
"""What is said of a refusal, by its code."""

KIND_WORDS: Mapping[str, Words] = {
    "nation": _("Whole country"),
    "region": _("Regions"),
    "inspection": _("Inspection regions"),
    "zone": _("Zones"),
    "peer": _("Peer groups"),
    "province": _("Provinces"),
    "district": _("Districts"),
}
"""Headings of the kinds of units that receivers are chosen by, in the order shown."""


class ReceiversForm(forms.Form):
    """Whom it goes to: levels of offices within places or groups."""

    levels = forms.MultipleChoiceField(
        label=_("Levels of offices"),
        choices=[("province", _("Provincial offices")), ("district", _("District offices"))],
        widget=forms.CheckboxSelectMultiple,
    )
    within = forms.MultipleChoiceField(label=_("Areas"), widget=forms.CheckboxSelectMultiple)
    left_out = forms.CharField(
        label=_("But not"),
        required=False,
        max_length=2000,
        help_text=_("Names or codes of districts or provinces, with commas: เทิง, แม่สาย"),
    )

    def __init__(self, *args: Any, units: Sequence[UnitOffered], on: date, **options: Any) -> None:
        super().__init__(*args, **options)
        self.units = units
        self.on = on
        self.fields["within"].choices = [(unit.key, unit.name) for unit in units]  # type: ignore[attr-defined]  # of a choice field
        has = {
            "province": any(unit.provinces for unit in units),
            "district": any(unit.districts for unit in units),
        }
        levels = self.fields["levels"]
        levels.choices = [each for each in levels.choices if has[each[0]]]  # type: ignore[attr-defined]  # of a choice field
        if len(levels.choices) == 1:  # type: ignore[attr-defined]  # of a choice field
            levels.initial = [levels.choices[0][0]]  # type: ignore[attr-defined]  # of a choice field

    def clean_left_out(self) -> tuple[str, ...]:
        said = re.split(r"[,;\n]", self.cleaned_data["left_out"])
        return tuple(self._code_of(name.strip()) for name in said if name.strip())

    def _code_of(self, name: str) -> str:
        """The code of a district, else of a province, of that name or code."""
        for level in (Level.DISTRICT, Level.PROVINCE):
            found = search(name, roots={NATION}, on=self.on, level=level)
            if found.is_near or not found.places:
                continue
            hits = [hit.key for hit in found.places]
            whole = [
                hit.key for hit in found.places if name in {hit.key, hit.name_th, hit.full_name}
            ]
            if len(whole or hits) > 1:
                raise forms.ValidationError(
                    _("Several places are called “%(name)s”: add the province, as in เทิง เชียงราย."),
                    params={"name": name},
                )
            return (whole or hits)[0]
        raise forms.ValidationError(
            _("No district or province is called “%(name)s”."), params={"name": name}
        )

    @property
    def choice(self) -> Choice:
        """The receivers as chosen; of a valid form."""
        said = self.cleaned_data
        return Choice(frozenset(said["levels"]), tuple(said["within"]), said["left_out"])

    @property
    def chosen(self) -> frozenset[str]:
        """Keys that are ticked, for the page."""
        return frozenset(self["within"].value() or ())

    def groups(self) -> list[tuple[str, Words, list[UnitOffered], bool]]:
        """(kind, heading, units, whether one is ticked) in the order of KIND_WORDS."""
        by_kind: dict[str, list[UnitOffered]] = {}
        for unit in self.units:
            by_kind.setdefault(unit.kind, []).append(unit)
        return [
            (kind, words, by_kind[kind], any(unit.key in self.chosen for unit in by_kind[kind]))
            for kind, words in KIND_WORDS.items()
            if kind in by_kind
        ]


class SenderForm(forms.Form):
    """Under which post it is sent, and on whose behalf."""

    post = forms.TypedChoiceField(label=_("Sent as"), coerce=int)
    on_behalf_of = forms.CharField(
        label=_("By order of (area line only)"),
        required=False,
        max_length=200,
        help_text=_("The governor or district chief whose order the office passes on; else empty."),
    )
    number = forms.CharField(label=_("Number of the letter"), required=False, max_length=120)
    wants_evidence = forms.BooleanField(
        label=_("Evidence must be attached before an office may report it done"), required=False
    )

    def __init__(self, *args: Any, posts: Iterable[HeldPost], **options: Any) -> None:
        super().__init__(*args, **options)
        choices = [(post.id, f"{post.title} · {post.office_name}") for post in posts]
        field = self.fields["post"]
        field.choices = choices  # type: ignore[attr-defined]  # of a choice field
        field.initial = choices[0][0] if choices else None


class WordsForm(forms.Form):
    """What is asked, where it is written by hand."""

    title = forms.CharField(label=_("Title"), max_length=300)
    text = forms.CharField(label=_("What is to be done"), widget=forms.Textarea({"rows": 5}))
    due_on = BuddhistDateField(label=_("By (day)"), required=False)
    due_words = forms.CharField(label=_("By (in words)"), required=False, max_length=200)
    facet = forms.ChoiceField(
        label=_("Side of the work"), required=False, choices=[("", "–"), *Facet.choices]
    )
    source = forms.CharField(
        label=_("Where it comes from"),
        required=False,
        max_length=500,
        help_text=_("The letter with its number and day, or the meeting."),
    )


class ReadDirectiveForm(forms.Form):
    """One confirmed directive of a document, to be sent."""

    wanted = forms.BooleanField(label=_("Send this"), required=False, initial=True)
    title = forms.CharField(label=_("Title"), max_length=300)
    due_on = BuddhistDateField(label=_("By (day)"), required=False, help_text="")
    facet = forms.ChoiceField(
        label=_("Side of the work"), required=False, choices=[("", "–"), *Facet.choices]
    )


class AnswerForm(forms.Form):
    """An office's answer. seen: the version that the person has before them."""

    act = forms.ChoiceField(label=_("Answer to give"), widget=forms.RadioSelect)
    words = forms.CharField(
        label=_("What you say"),
        required=False,
        max_length=10_000,
        widget=forms.Textarea({"rows": 4}),
        help_text=_("Needed for everything but acknowledging."),
    )
    progress = ThaiIntegerField(
        label=_("Progress, per cent"), required=False, min_value=0, max_value=100
    )
    seen = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, acts: Sequence[str], *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["act"].choices = [(act, ACT_WORDS[act]) for act in acts]  # type: ignore[attr-defined]  # of a choice field
        if len(acts) == 1:
            self.fields["act"].initial = acts[0]
        if Act.REPORT not in acts:
            del self.fields["progress"]


ACT_WORDS: Mapping[str, Words] = {
    Act.ACKNOWLEDGE: _("Acknowledge"),
    Act.OBJECT: _("Object, with the reason"),
    Act.REPORT: _("Report progress"),
    Act.FINISH: _("Report done"),
    Act.TAKE_BACK: _("Take the report back"),
    Act.ACCEPT: _("Accept and close"),
    Act.RETURN: _("Return to be mended"),
    Act.INSIST: _("Do not accept the objection: go on"),
    Act.RELEASE: _("Release the office from it"),
    Act.REOPEN: _("Open again"),
    Act.CANCEL: _("Call off for this office"),
}
"""What a person chooses to do."""


class SayForm(forms.Form):
    """A question or an answer to one."""

    words = forms.CharField(
        label=_("What you say"), max_length=10_000, widget=forms.Textarea({"rows": 3})
    )


class ReasonForm(forms.Form):
    """Why something is called off or ended."""

    reason = forms.CharField(label=_("Reason"), max_length=500, widget=forms.Textarea({"rows": 3}))


class DeadlineForm(forms.Form):
    """Another day. seen: the day that the person has before them."""

    day = BuddhistDateField(label=_("New day set"))
    reason = forms.CharField(label=_("Reason"), max_length=500)
    assignment = forms.TypedChoiceField(
        label=_("For"), coerce=lambda text: int(text) if text else None, required=False
    )
    seen = forms.DateField(widget=forms.HiddenInput, required=False)


class FilterForm(forms.Form):
    """What a list of directives is narrowed to."""

    q = forms.CharField(label=_("Words"), required=False, max_length=120)
    state = forms.ChoiceField(
        label=_("State"),
        required=False,
        choices=[
            ("", _("All")),
            ("waiting", _("Waits for the receiver")),
            ("sent", _("Silent")),
            ("overdue", _("Overdue")),
            ("asking", _("Asking")),
            ("objected", _("Objects")),
            ("working", _("In progress")),
            ("done", _("Reported done, to be checked")),
            ("returned", _("Returned to be mended")),
            ("closed", _("Matter closed")),
        ],
    )
    line = forms.ChoiceField(
        label=_("Line of command"), required=False, choices=[("", _("Both lines")), *Line.choices]
    )
    facet = forms.ChoiceField(
        label=_("Side of the work"), required=False, choices=[("", _("All sides")), *Facet.choices]
    )

    def said(self, name: str) -> str:
        """What was asked for; "" for nothing or nonsense."""
        return str(self.cleaned_data.get(name) or "") if self.is_valid() else ""


class ObligationForm(forms.Form):
    """A report that recurs."""

    title = forms.CharField(label=_("Name of the report"), max_length=300)
    text = forms.CharField(label=_("What is to be reported"), widget=forms.Textarea({"rows": 4}))
    every = forms.ChoiceField(
        label=_("How often"),
        choices=[
            ("week", _("Every week")),
            ("month", _("Every month")),
            ("quarter", _("Every quarter of the fiscal year")),
            ("half", _("Every half of the fiscal year")),
            ("year", _("Every fiscal year")),
        ],
        initial="month",
    )
    days_after = ThaiIntegerField(
        label=_("Due so many days after the period ends"),
        min_value=0,
        max_value=LATEST,
        initial=5,
    )
    lead_days = ThaiIntegerField(
        label=_("Sent so many days before it is due"), min_value=0, max_value=90, initial=14
    )
    starts_on = BuddhistDateField(label=_("Came from"))
    ends_on = BuddhistDateField(label=_("Until (may be left empty)"), required=False)
    channel = forms.ChoiceField(label=_("How it is handed in"), choices=Channel.choices)
    responsible = forms.CharField(label=_("Responsible group"), required=False, max_length=200)
    link = forms.URLField(
        label=_("Link to the form"), required=False, max_length=2000, assume_scheme="https"
    )
    facet = forms.ChoiceField(
        label=_("Side of the work"), required=False, choices=[("", "–"), *Facet.choices]
    )

    @property
    def recurrence(self) -> Recurrence:
        """How often; of a valid form."""
        return Recurrence(self.cleaned_data["every"], self.cleaned_data["days_after"])
