"""What people give when meetings are prepared, called, attended and written down."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime, time
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tiddao.kernel.dates import BANGKOK
from tiddao.kernel.digits import to_arabic
from tiddao.people.access import HeldPost
from tiddao.people.models import Role
from tiddao.places.models import NATION
from tiddao.places.queries.search import PlaceHit, places_by_codes, search
from tiddao.policy.forms.directives import ReceiversForm
from tiddao.policy.models import AfterActionWord, Format, Invitation, Meeting, Resolution
from tiddao.policy.queries.meetings import part_words
from tiddao.policy.queries.receivers import UnitOffered
from tiddao.policy.rules.agenda import NewItem
from tiddao.policy.rules.inviting import ROLES_AT, names_in
from tiddao.policy.rules.recurrence import EVERY, LATEST, Recurrence
from tiddao.ui.forms import BuddhistDateField, ThaiIntegerField
from tiddao.ui.registry import Words

MEETING_REFUSALS: Mapping[str, Words] = {
    "title-missing": _("Give it a title."),
    "ends-before-it-begins": _("It ends before it begins."),
    "not-open": _("This cannot be changed any more: look at the state of the meeting."),
    "not-yet": _("The day of the meeting has not come yet."),
    "nobody-invited": _("Nobody is invited yet: choose who is asked to come."),
    "reason-missing": _("Write the reason."),
    "words-missing": _("Write it in words first."),
    "not-running": _("The meeting does not take this now: look at its state."),
    "replaced-already": _("This decision was replaced by another."),
    "directed-already": _("This decision was handed down already."),
    "series-ended": _("The series has ended."),
    "roles-missing": _("Choose which posts of the offices are asked."),
    "nobody-found": _("Nobody was found to ask: choose areas and posts, or write guests."),
    "name-missing": _("Write the name."),
}
"""What is said of a refusal, by its code."""

_CODE_BEHIND = re.compile(r"\((th|\d{2}|\d{4}|\d{6}|\d{8})\)\s*$")
_SEVERAL = 12


class ClockField(forms.TimeField):
    """A time as an office writes it: 9.00, 09:00, ๐๙.๐๐ น."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("required", False)
        options.setdefault(
            "widget", forms.TextInput({"placeholder": "09.00", "inputmode": "decimal"})
        )
        super().__init__(**options)

    def to_python(self, value: Any) -> time | None:
        if isinstance(value, str):
            value = to_arabic(value).strip().removesuffix("น.").strip().replace(".", ":")
        return super().to_python(value)

    def prepare_value(self, value: Any) -> Any:
        return value.strftime("%H.%M") if isinstance(value, time) else value


class PlacePickForm(forms.Form):
    """A form with a place that is named or coded, down to the village; where a name is of several,
    the right one is picked from the list that comes back.
    """

    venue_place = forms.CharField(
        label=_("Tambon or village where it is held"),
        required=False,
        max_length=200,
        help_text=_("A code, or a name with those above: ต.ไม้ยา อ.พญาเม็งราย"),
    )
    venue_choice = forms.CharField(required=False, max_length=8, widget=forms.HiddenInput)

    def __init__(self, *args: Any, on: date, **options: Any) -> None:
        super().__init__(*args, **options)
        self.on = on
        self.several: tuple[PlaceHit, ...] = ()

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        said["place"] = self._place(said)
        return said

    def _place(self, said: Mapping[str, Any]) -> str | None:
        text = str(said.get("venue_place") or "").strip()
        if not text:
            return None
        coded = _CODE_BEHIND.search(text)
        wanted = coded[1] if coded else text
        found = search(wanted, roots={NATION}, on=self.on, limit=_SEVERAL)
        exact = [hit for hit in found.places if hit.key == to_arabic(wanted)]
        if exact:
            return exact[0].key
        picked = str(said.get("venue_choice") or "")
        keys = {hit.key for hit in found.places}
        if picked in keys:
            return picked
        if len(keys) == 1 and not found.is_near:
            return keys.pop()
        self.several = found.places
        self.add_error(
            "venue_place",
            _("Several places are called so: pick one below.")
            if found.places
            else _("No place of this name or code was found."),
        )
        return None


class MeetingForm(PlacePickForm):
    """What is held, when and where."""

    title = forms.CharField(label=_("Name of the meeting"), max_length=300)
    day = BuddhistDateField(label=_("Day of the meeting"))
    starts = ClockField(label=_("Begins at"), required=True)
    ends = ClockField(label=_("Ends at (may be left empty)"))
    venue = forms.CharField(label=_("Venue"), required=False, max_length=300)
    purpose = forms.CharField(
        label=_("Purpose"), required=False, widget=forms.Textarea({"rows": 2}), max_length=5000
    )
    chair = forms.CharField(label=_("Chair: name and title"), required=False, max_length=200)
    secretary = forms.CharField(
        label=_("Secretary: name and title"), required=False, max_length=200
    )
    seen = forms.IntegerField(required=False, widget=forms.HiddenInput)

    field_order = (
        "title", "day", "starts", "ends", "venue", "venue_place", "chair", "secretary", "purpose",
    )  # fmt: skip

    @property
    def starts_at(self) -> datetime:
        """The moment it begins; of a valid form."""
        return datetime.combine(
            self.cleaned_data["day"], self.cleaned_data["starts"], tzinfo=BANGKOK
        )

    @property
    def ends_at(self) -> datetime | None:
        """The moment it ends; None where no end is given."""
        ends = self.cleaned_data["ends"]
        return datetime.combine(self.cleaned_data["day"], ends, tzinfo=BANGKOK) if ends else None


class CallerForm(forms.Form):
    """Under which post a meeting is prepared, and in which series."""

    post = forms.TypedChoiceField(label=_("Called as"), coerce=int)
    series = forms.TypedChoiceField(
        label=_("Series of meetings"), coerce=int, empty_value=None, required=False
    )

    def __init__(
        self,
        *args: Any,
        posts: Iterable[HeldPost],
        series: Sequence[tuple[int, str]],
        **options: Any,
    ) -> None:
        super().__init__(*args, **options)
        choices = [(post.id, f"{post.title} · {post.office_name}") for post in posts]
        field = self.fields["post"]
        field.choices = choices  # type: ignore[attr-defined]  # of a choice field
        field.initial = choices[0][0] if choices else None
        if series:
            self.fields["series"].choices = [("", _("A meeting of its own")), *series]  # type: ignore[attr-defined]  # of a choice field
        else:
            del self.fields["series"]


class ItemForm(PlacePickForm):
    """One agenda item. seen: the version of the agenda that the person has before them."""

    title = forms.CharField(label=_("Agenda item"), max_length=300)
    part = forms.TypedChoiceField(label=_("Part of the day"), coerce=int, initial=1)
    format = forms.ChoiceField(label=_("Format"), choices=Format.choices, initial=Format.DISCUSSION)
    starts = ClockField(label=_("From (time)"))
    ends = ClockField(label=_("To (time)"))
    speaker = forms.CharField(label=_("Speaker: name and title"), required=False, max_length=200)
    venue = forms.CharField(
        label=_("Venue, where it is another than the meeting's"), required=False, max_length=300
    )
    seen = forms.IntegerField(widget=forms.HiddenInput)

    field_order = ("title", "part", "format", "starts", "ends", "speaker", "venue", "venue_place")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["part"].choices = [(part, part_words(part)) for part in range(1, 6)]  # type: ignore[attr-defined]  # of a choice field

    @property
    def item(self) -> NewItem:
        """The item as given; of a valid form."""
        said = self.cleaned_data
        return NewItem(
            title=said["title"],
            part=said["part"],
            format=said["format"],
            starts=said["starts"],
            ends=said["ends"],
            speaker=said["speaker"],
            venue=said["venue"],
            venue_place=said["place"],
        )


class InviteForm(ReceiversForm):
    """Whom a meeting asks: roles at offices of levels within areas, and guests by name."""

    roles = forms.MultipleChoiceField(
        label=_("Posts that are asked"), required=False, widget=forms.CheckboxSelectMultiple
    )
    guests = forms.CharField(
        label=_("Guests by name and title, one on each line"),
        required=False,
        max_length=10_000,
        widget=forms.Textarea({"rows": 3}),
        help_text=_("People without an account here: the district chief, the mayor, a speaker."),
    )

    def __init__(self, *args: Any, units: Sequence[UnitOffered], on: date, **options: Any) -> None:
        super().__init__(*args, units=units, on=on, **options)
        self.fields["levels"].required = self.fields["within"].required = False
        levels = [value for value, _label in self.fields["levels"].choices]  # type: ignore[attr-defined]  # of a choice field
        offered = dict.fromkeys(role for level in levels for role in ROLES_AT[level])
        self.fields["roles"].choices = [(role, Role(role).label) for role in offered]  # type: ignore[attr-defined]  # of a choice field

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        chosen = said.get("within") or []
        if chosen and not said.get("levels"):
            self.add_error("levels", _("Choose at least one level of offices."))
        if chosen and not said.get("roles"):
            self.add_error("roles", str(MEETING_REFUSALS["roles-missing"]))
        if not chosen and not names_in(said.get("guests") or ""):
            self.add_error("within", str(MEETING_REFUSALS["nobody-found"]))
        return said

    @property
    def guest_names(self) -> tuple[str, ...]:
        """Guests by name; of a valid form."""
        return names_in(self.cleaned_data.get("guests") or "")


class ReplyForm(forms.Form):
    """Whether the holder of a post comes."""

    reply = forms.ChoiceField(
        label=_("Your reply"),
        choices=[each for each in Invitation.Reply.choices if each[0] != Invitation.Reply.NONE],
        widget=forms.RadioSelect,
    )
    words = forms.CharField(
        label=_("Who comes instead, or why nobody can"), required=False, max_length=300
    )


class TicksForm(forms.Form):
    """Who is there, by the list. Values name an invitation and, where one is known, an account."""

    people = forms.MultipleChoiceField(required=False)

    def __init__(self, *args: Any, keys: Collection[str], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["people"].choices = [(key, key) for key in keys]  # type: ignore[attr-defined]  # of a choice field


class GuestForm(forms.Form):
    """Somebody who signs without an account."""

    name = forms.CharField(label=_("Name and surname"), max_length=200)
    title = forms.CharField(label=_("Position and office"), max_length=200, required=False)


class NoteForm(forms.Form):
    """What was said on an item. seen: number of the version begun from."""

    words = forms.CharField(
        label=_("Notes on the item"),
        required=False,
        max_length=50_000,
        widget=forms.Textarea({"rows": 5}),
    )
    seen = forms.IntegerField(widget=forms.HiddenInput)


class ResolutionForm(forms.Form):
    """A decision of the meeting."""

    words = forms.CharField(
        label=_("The meeting decided"), max_length=10_000, widget=forms.Textarea({"rows": 3})
    )
    sort = forms.ChoiceField(
        label=_("What is to come of it"), choices=Resolution.Sort.choices, widget=forms.RadioSelect,
        initial=Resolution.Sort.NOTED,
    )  # fmt: skip
    item = forms.TypedChoiceField(
        label=_("On agenda item"), coerce=int, empty_value=None, required=False
    )
    responsible = forms.CharField(label=_("Who is responsible"), required=False, max_length=300)
    due_on = BuddhistDateField(label=_("By (day)"), required=False)

    def __init__(self, *args: Any, items: Sequence[tuple[int, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["item"].choices = [("", "–"), *items]  # type: ignore[attr-defined]  # of a choice field


class ToInvitedForm(forms.Form):
    """Whether a decision goes to the offices that the meeting invited."""

    to_invited = forms.BooleanField(required=False, initial=True)

    def __init__(self, *args: Any, offices: int, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["to_invited"].label = _(
            "To the offices that were invited (%(count)d), but for our own"
        ) % {"count": offices}
        self.fields["to_invited"].initial = offices > 0


class ReviewForm(forms.Form):
    """The five questions after a meeting; what is left empty is not written."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for code, words in AfterActionWord.Asked.choices:
            self.fields[code] = forms.CharField(
                label=words,
                required=False,
                max_length=5000,
                widget=forms.Textarea({"rows": 2}),
            )


class SeriesForm(forms.Form):
    """How a series is called and how often it is held."""

    title = forms.CharField(label=_("Name of the series"), max_length=300)
    every = forms.ChoiceField(
        label=_("How often it is held"),
        required=False,
        choices=[
            ("", _("On the same day of the next month, moved by hand")),
            ("week", _("Every week")),
            ("month", _("Every month")),
            ("quarter", _("Every quarter of the fiscal year")),
            ("half", _("Every half of the fiscal year")),
            ("year", _("Every fiscal year")),
        ],
    )
    days_after = ThaiIntegerField(
        label=_("Held so many days after the period ends"),
        min_value=0,
        max_value=LATEST,
        initial=5,
        required=False,
    )

    @property
    def recurrence(self) -> Recurrence | None:
        """How often; None for by hand. Of a valid form."""
        every = self.cleaned_data["every"]
        if every not in EVERY:
            return None
        return Recurrence(every, self.cleaned_data["days_after"] or 0)


class MeetingFilterForm(forms.Form):
    """What the list of meetings is narrowed to."""

    q = forms.CharField(label=_("Name or venue"), required=False, max_length=120)
    mine = forms.ChoiceField(
        label=_("Whose"),
        required=False,
        choices=[
            ("", _("All that I may see")),
            ("invited", _("I am invited to")),
            ("own", _("Called by my office")),
        ],
    )
    state = forms.ChoiceField(
        label=_("State of the meeting"),
        required=False,
        choices=[("", _("Every state")), *Meeting.State.choices],
    )

    def said(self, name: str) -> str:
        """What was asked for; "" for nothing or nonsense."""
        return str(self.cleaned_data.get(name) or "") if self.is_valid() else ""


def place_initial(code: str | None, *, on: date) -> str:
    """Return how a place is written into a form so that it is read back as the same one."""
    if not code:
        return ""
    hit = next(iter(places_by_codes({code}, on=on)), None)
    if hit is None:
        return code
    return f"{' '.join([hit.full_name, *(name for _key, name in hit.path)])} ({hit.key})"
