"""What people type into the pages of places."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from tiddao.places.models import GroupKind, Level
from tiddao.places.rules.village_file import LARGEST_FILE
from tiddao.ui.forms import BuddhistDateField

Choices = Mapping[str, Sequence[tuple[str, str]]]


class SearchForm(forms.Form):
    """A search for places; GET."""

    q = forms.CharField(label=_("Name or code"), required=False, max_length=200, strip=True)
    level = forms.ChoiceField(
        label=_("Level"),
        required=False,
        choices=[
            ("", _("All levels")),
            *(choice for choice in Level.choices if choice[0] != "nation"),
        ],
    )


class GroupForm(forms.Form):
    """How a group is called and where that is written."""

    name_th = forms.CharField(label=_("Name in Thai"), max_length=200)
    name_en = forms.CharField(label=_("Name in English"), max_length=200, required=False)
    source = forms.CharField(
        label=_("Source"),
        max_length=300,
        help_text=_("The order, letter or page that makes this group, with its number and date."),
    )
    source_url = forms.URLField(
        label=_("Web address of the source"), max_length=300, required=False, assume_scheme="https"
    )
    note = forms.CharField(label=_("Note"), required=False, widget=forms.Textarea({"rows": 3}))


class NewGroupForm(GroupForm):
    """A new group with its first members."""

    kind = forms.ChoiceField(label=_("Kind of group"), choices=GroupKind.choices)
    on = BuddhistDateField(label=_("In effect from"))
    members = forms.MultipleChoiceField(
        label=_("Places in the group"), widget=forms.CheckboxSelectMultiple
    )

    field_order = ("kind", "name_th", "name_en", "on", "members", "source", "source_url", "note")

    def __init__(self, *args: Any, places: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        members = self.fields["members"]
        assert isinstance(members, forms.MultipleChoiceField)
        members.choices = _choices(places)


class MembersForm(forms.Form):
    """Places that join and leave a group from a day on. seen: the group as it was shown."""

    on = BuddhistDateField(label=_("In effect from"))
    add = forms.MultipleChoiceField(
        label=_("Places that join"), required=False, widget=forms.CheckboxSelectMultiple
    )
    remove = forms.MultipleChoiceField(
        label=_("Places that leave"), required=False, widget=forms.CheckboxSelectMultiple
    )
    seen = forms.CharField(widget=forms.HiddenInput)

    def __init__(
        self, *args: Any, places: Choices, members: Sequence[tuple[str, str]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        inside = {code for code, _name in members}
        outside = {
            heading: [choice for choice in choices if choice[0] not in inside]
            for heading, choices in places.items()
        }
        add, remove = self.fields["add"], self.fields["remove"]
        assert isinstance(add, forms.MultipleChoiceField)
        assert isinstance(remove, forms.MultipleChoiceField)
        add.choices = _choices({head: rows for head, rows in outside.items() if rows})
        remove.choices = list(members)


class CloseForm(forms.Form):
    """The first day on which a group is no more."""

    on = BuddhistDateField(label=_("Closed from"))
    seen = forms.CharField(widget=forms.HiddenInput)


class VillageUploadForm(forms.Form):
    """A list of villages to be read."""

    within = forms.ChoiceField(
        label=_("Villages of"), help_text=_("Rows of villages elsewhere are refused.")
    )
    file = forms.FileField(
        label=_("CSV or XLSX file"),
        max_length=255,
        help_text=_(
            "Columns: village code (8 digits), village name, moo; in any order, up to 20 MB."
        ),
    )

    def __init__(self, *args: Any, places: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        within = self.fields["within"]
        assert isinstance(within, forms.ChoiceField)
        within.choices = places

    def clean_file(self) -> Any:
        upload = self.cleaned_data["file"]
        if upload.size > LARGEST_FILE:
            raise ValidationError(_("The file is larger than 20 MB."), code="too_large")
        return upload


def _choices(places: Choices) -> list[Any]:
    """Return the choices under their headings, without a heading where there is one only."""
    if len(places) == 1:
        return list(next(iter(places.values())))
    return [(heading, list(choices)) for heading, choices in places.items()]
