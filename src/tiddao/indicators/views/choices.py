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

from tiddao.indicators.forms import KnownAtField
from tiddao.indicators.models import Basis
from tiddao.indicators.queries.frameworks import (
    DEFAULT_CODE,
    FrameworkInForce,
    frameworks_for,
    years_with_frameworks,
)
from tiddao.indicators.queries.stars import PlaceStars, stars_of
from tiddao.people.access import SignedInRequest
from tiddao.places.queries import Unit

_DEPTH = {"nation": 0, "province": 1, "district": 2, "tambon": 3, "village": 4}


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
    known_at_errors: tuple[str, ...]


def _assesses(framework: FrameworkInForce, unit: Unit) -> bool:
    """Say whether the framework assesses the unit, or the district that a smaller place lies in."""
    depth = 0 if unit.is_group else min(_DEPTH[unit.level], _DEPTH["district"])
    return _DEPTH[framework.definition.assessed_level] >= depth


def _known_at(request: SignedInRequest) -> tuple[datetime | None, str, tuple[str, ...]]:
    text = request.GET.get("known_at", "").strip()
    try:
        return KnownAtField(required=False).clean(text), text, ()
    except forms.ValidationError as error:
        return None, text, tuple(error.messages)


def _year_asked(request: SignedInRequest, years: tuple[int, ...]) -> int | None:
    asked = request.GET.get("year", "")
    return int(asked) if asked.isdigit() and int(asked) in years else None


def offered_to(request: SignedInRequest, unit: Unit) -> Offered | None:
    """Return the choice for a unit, or None when no framework speaks of it in any year.

    Without a year in the address: the newest year of the department's default framework, or of one
    the province owns; else the newest year with anything that assesses the unit.
    """
    years = years_with_frameworks()
    known_at, text, errors = _known_at(request)
    asked = _year_asked(request, years)
    candidates: list[tuple[int, tuple[FrameworkInForce, ...]]] = []
    for year in (asked,) if asked is not None else years:
        found = tuple(each for each in frameworks_for(unit, year) if _assesses(each, unit))
        if found:
            candidates.append((year, found))
        if any(_is_star_framework(each) for each in found):
            break
    if not candidates:
        return None
    year, frameworks = candidates[-1]
    if not any(_is_star_framework(each) for each in frameworks):
        year, frameworks = candidates[0]
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
        known_at_errors=errors,
    )


def _is_star_framework(framework: FrameworkInForce) -> bool:
    return framework.code == DEFAULT_CODE or framework.owner_place != "th"


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
