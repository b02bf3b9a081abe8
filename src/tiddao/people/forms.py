"""Input from people about people."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from tiddao.people.access import Standing, offices_within
from tiddao.people.actions import NewPost
from tiddao.people.actions.accounts import USERNAME
from tiddao.people.models import Role, Tenure, User
from tiddao.people.queries import office_posts
from tiddao.people.rules import granting
from tiddao.places.models import Office
from tiddao.places.queries.groups import visible_groups
from tiddao.ui.forms import BuddhistDateField

NONE = [("", "–")]
FONTS = [("", _("Sarabun")), ("looped", _("Noto Sans Thai Looped"))]


class PostForm(forms.Form):
    """A post to be given, by somebody of this standing: only what they may give can be chosen."""

    role = forms.ChoiceField(label=_("Role"))
    office = forms.ModelChoiceField(label=_("Office"), queryset=Office.objects.none())
    tenure = forms.ChoiceField(label=_("How it is held"), choices=Tenure.choices)
    held_from = BuddhistDateField(label=_("First day"))
    held_to = BuddhistDateField(
        label=_("Last day"), required=False, help_text=_("Leave empty until it is known.")
    )
    title_th = forms.CharField(
        label=_("Title in Thai"),
        max_length=200,
        required=False,
        help_text=_("As in the order, where it differs from the role."),
    )
    order_ref = forms.CharField(label=_("Order no."), max_length=120, required=False)
    group = forms.ChoiceField(
        label=_("Group of places"),
        required=False,
        help_text=_("For zone officers and inspectors only."),
    )
    in_place_of = forms.ChoiceField(
        label=_("In place of"), required=False, help_text=_("For acting and delegated posts.")
    )

    def __init__(self, *args: Any, standing: Standing, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.standing = standing
        roots = standing.roots_for("manage_people")
        may_give = frozenset[str]().union(*(standing.grantable_at(root) for root in roots))
        offices = offices_within(roots)
        self._choices("role", [(r, words) for r, words in Role.choices if r in may_give])
        office = self.fields["office"]
        assert isinstance(office, forms.ModelChoiceField)
        office.queryset = offices.order_by("pk")
        groups = visible_groups(roots=standing.roots, on=standing.on)
        self._choices("group", [*NONE, *((each.key, each.name_th) for each in groups)])
        heads = office_posts(offices, on=standing.on, roles=granting.ONE_AT_A_TIME)
        self._choices(
            "in_place_of",
            [*NONE, *((str(p.id), f"{name} · {p.title} {p.office_name}") for p, name in heads)],
        )

    def _choices(self, name: str, choices: list[Any]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        office, role = data.get("office"), data.get("role")
        if office and role and role not in self.standing.grantable_at(office.place_id):
            self.add_error("role", _("You may not give this role at this office."))
        first, last = data.get("held_from"), data.get("held_to")
        if first and last and last < first:
            self.add_error("held_to", _("The last day is before the first."))
        return data

    def new_post(self) -> NewPost:
        data = self.cleaned_data
        return NewPost(
            role=data["role"],
            office_code=data["office"].pk,
            held_from=data["held_from"],
            held_to=data["held_to"],
            tenure=data["tenure"],
            group_key=data["group"] or None,
            title_th=data["title_th"],
            order_ref=data["order_ref"],
            in_place_of=int(data["in_place_of"]) if data["in_place_of"] else None,
        )


class PersonForm(PostForm):
    """A new person, with the account and the first post."""

    name_th = forms.CharField(label=_("Name with title, in Thai"), max_length=200)
    name_en = forms.CharField(label=_("Full name in English"), max_length=200, required=False)
    username = forms.CharField(
        label=_("User name"),
        max_length=60,
        validators=[USERNAME],
        help_text=_("3 to 60 small letters, digits, dots or dashes."),
        widget=forms.TextInput({"autocomplete": "off", "autocapitalize": "none"}),
    )
    expires_on = BuddhistDateField(
        label=_("Account open until"),
        required=False,
        help_text=_("Last day of a contract; leave empty for officials."),
    )
    is_another = forms.BooleanField(
        label=_("I have checked: this is another person"), required=False
    )
    field_order = ("name_th", "name_en", "username", "expires_on")

    def clean_username(self) -> str:
        username: str = self.cleaned_data["username"]
        if User.objects.filter(username__iexact=username).exists():
            raise forms.ValidationError(_("This user name is taken."))
        return username


class ReceiveForm(PostForm):
    """A post for somebody who has an account from another office."""

    username = forms.CharField(
        label=_("User name"),
        max_length=60,
        widget=forms.TextInput({"autocomplete": "off", "autocapitalize": "none"}),
    )
    name_th = forms.CharField(label=_("Full name in Thai"), max_length=200)
    field_order = ("username", "name_th")


class EndPostForm(forms.Form):
    held_to = BuddhistDateField(label=_("Last day"))
    order_ref = forms.CharField(label=_("Order no."), max_length=120, required=False)


class AliasForm(forms.Form):
    name = forms.CharField(label=_("Another spelling"), max_length=200)


class ReopenForm(forms.Form):
    expires_on = BuddhistDateField(label=_("Account open until"), required=False)


class PeopleFilter(forms.Form):
    q = forms.CharField(label=_("Full name"), required=False, max_length=100)
    office = forms.ChoiceField(label=_("Office"), required=False)
    role = forms.ChoiceField(
        label=_("Role"), required=False, choices=[("", _("All")), *Role.choices]
    )
    former = forms.BooleanField(label=_("Former ones too"), required=False)

    def __init__(self, *args: Any, offices: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["office"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", _("All")), *offices]


class LedgerFilter(forms.Form):
    place = forms.CharField(label=_("Place: name or code"), required=False, max_length=60)
    by = forms.CharField(label=_("Person"), required=False, max_length=100)
    act = forms.ChoiceField(label=_("Act"), required=False)
    first = BuddhistDateField(label=_("From"), required=False, help_text="")
    last = BuddhistDateField(label=_("Until"), required=False, help_text="")

    def __init__(self, *args: Any, acts: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["act"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", _("All")), *acts]


class PreferencesForm(forms.Form):
    language = forms.ChoiceField(
        label=_("Language"), choices=settings.LANGUAGES, widget=forms.RadioSelect
    )
    font = forms.ChoiceField(
        label=_("Letters"), choices=FONTS, required=False, widget=forms.RadioSelect
    )
