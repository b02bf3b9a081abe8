"""What the reader chose to look at: year, framework, round, basis, moment.

Every star page opens on a sensible choice, says it, and lets it be changed by a plain GET form;
the same choice travels along every link as its query string.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tiddao.indicators.forms.fields import KnownAtField
from tiddao.indicators.models import Basis
from tiddao.indicators.queries.frameworks import (
    FrameworkInForce,
    shown_first,
    years_with_frameworks,
)
from tiddao.indicators.queries.stars import PlaceStars, stars_of
from tiddao.people.access import SignedInRequest
from tiddao.places.queries import Unit


class ChoiceForm(forms.Form):
    """The choice as a GET form. Fields without a choice are left out."""

    year = forms.TypedChoiceField(label=_("Fiscal year"), coerce=int, required=False)
    framework = forms.ChoiceField(label=_("Framework"), required=False)
    round = forms.ChoiceField(label=_("Round"), required=False)
    basis = forms.ChoiceField(label=_("Which results count"), choices=Basis, required=False)
    known_at = KnownAtField(label=_("As known on"), required=False)


@dataclass(frozen=True, slots=True)
class Choice:
    """One choice, made or proposed. known_at: None for now."""

    year: int
    code: str
    basis: str
    known_at: datetime | None
    round_code: str | None = None

    def query(self, **more: str) -> str:
        """Return the choice as "?year=…", for links."""
        said: dict[str, Any] = {"year": self.year, "framework": self.code}
        if self.round_code:
            said["round"] = self.round_code
        if self.basis != Basis.APPROVED:
            said["basis"] = self.basis
        if self.known_at is not None:
            said["known_at"] = timezone.localtime(self.known_at).isoformat()
        return "?" + urlencode(said | more)


@dataclass(frozen=True, slots=True)
class Offered:
    """What there is to choose from, and what was chosen."""

    choice: Choice
    years: tuple[int, ...]
    frameworks: tuple[FrameworkInForce, ...]
    known_at_text: str


def moment_asked(request: SignedInRequest) -> dict[str, Any]:
    """Return the day and moment by which the reader wants to see the map, for
    ``visible_unit_or_404``; nothing for now.
    """
    known_at = _known_at(request)[0]
    if known_at is None:
        return {}
    return {"on": timezone.localdate(known_at), "known_at": known_at}


def _known_at(request: SignedInRequest) -> tuple[datetime | None, str]:
    """Return the moment and what was typed; what cannot be read is said by the form that shows it."""
    text = request.GET.get("known_at", "").strip()
    try:
        return KnownAtField(required=False).clean(text), text
    except forms.ValidationError:
        return None, text


def _year_asked(request: SignedInRequest, years: tuple[int, ...]) -> int | None:
    asked = request.GET.get("year", "")
    return int(asked) if asked.isdigit() and int(asked) in years else None


def offered_to(request: SignedInRequest, unit: Unit) -> Offered | None:
    """Return the choice for a unit, or None when no framework speaks of it in any year.

    Without a year in the address, the one that ``shown_first`` says.
    """
    years = years_with_frameworks()
    known_at, text = _known_at(request)
    asked = _year_asked(request, years)
    found = shown_first(unit, years if asked is None else (asked,))
    if found is None:
        return None
    year, frameworks = found
    wanted = request.GET.get("framework", "")
    codes = [each.code for each in frameworks]
    basis = request.GET.get("basis", "")
    return Offered(
        choice=Choice(
            year=year,
            code=wanted if wanted in codes else codes[0],
            basis=basis if basis in Basis.values else Basis.APPROVED.value,
            known_at=known_at,
            round_code=request.GET.get("round") or None,
        ),
        years=years,
        frameworks=frameworks,
        known_at_text=text,
    )


def choice_form(offered: Offered, rounds: list[tuple[str, str]], chosen_round: str) -> ChoiceForm:
    """Return the GET form with what is shown already chosen."""
    choice = offered.choice
    form = ChoiceForm(
        data={
            "year": choice.year,
            "framework": choice.code,
            "round": chosen_round,
            "basis": choice.basis,
            "known_at": offered.known_at_text,
        }
    )
    _offer(form, "year", [(str(each), str(each)) for each in offered.years])
    _offer(form, "framework", [(each.code, each.title) for each in offered.frameworks])
    _offer(form, "round", rounds)
    if len(offered.frameworks) < 2:
        form.fields["framework"].widget = forms.HiddenInput()
    return form


def _offer(form: forms.Form, name: str, choices: list[tuple[str, str]]) -> None:
    field = form.fields[name]
    assert isinstance(field, forms.ChoiceField)
    field.choices = choices


def stars_chosen(unit: Unit, choice: Choice) -> PlaceStars | None:
    """Return the stars by the choice; a round that the framework does not have gives its default."""
    for round_code in (choice.round_code, None):
        stars = stars_of(
            unit,
            year=choice.year,
            code=choice.code,
            round_code=round_code,
            basis=choice.basis,
            known_at=choice.known_at,
        )
        if stars is not None or round_code is None:
            return stars
    return None
