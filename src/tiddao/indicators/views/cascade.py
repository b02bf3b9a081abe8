"""Targets of a place: what it got, what it handed down, who answered; the grid that hands down."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.forms import BoundField
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tiddao.indicators.actions.cascade import (
    AnswerRefused,
    HandingRefused,
    SplitMovedOn,
    answer_target,
    hand_down_target,
)
from tiddao.indicators.forms.cascade import BASES, CascadeForm, TargetAnswerForm
from tiddao.indicators.models import TargetSplit
from tiddao.indicators.queries.cascade import (
    PartView,
    Received,
    Said,
    SplitView,
    board_of,
    is_part_of,
    last_results,
    last_value,
    places_below,
    quantum_of,
    received_by,
    receivers,
    receives_rates,
    split_history,
    targets_now,
)
from tiddao.indicators.queries.frameworks import (
    FrameworkInForce,
    find_framework,
    frameworks_for,
    shown_first,
    years_with_frameworks,
)
from tiddao.indicators.rules.cascade import REFUSED_TH, Handed, SplitRefused, hand_down
from tiddao.indicators.rules.definitions import IndicatorDefinition
from tiddao.indicators.surroundings import account_names
from tiddao.kernel.numerals import rounded
from tiddao.people.access import SignedInRequest, require, visible_unit_or_404
from tiddao.places import tree
from tiddao.places.models import Level, Place
from tiddao.places.queries import Unit, find_unit, in_language
from tiddao.places.queries.units import short_name
from tiddao.ui.xlsx import Column, xlsx_response

REFUSED_WORDS: Mapping[str, Any] = {
    "outside_framework": gettext_lazy("This framework is not for this place."),
    "impossible": gettext_lazy("A part would lie beyond what the indicator can be."),
    "reason_missing": gettext_lazy(
        "Say why it is changed: the places have been told another target."
    ),
}
NAMED = 5


@dataclass(frozen=True, slots=True)
class TargetRow:
    """One indicator on the board of a place. said: answers of the places right below, or None."""

    code: str
    name: str
    unit: str
    href: str
    target: Decimal | None
    received: Received | None
    received_words: str
    said: Said | None
    below: Said | None  # further down
    carried: bool


@dataclass(frozen=True, slots=True)
class PartRow:
    """One receiver on the grid. proposed: its part in the what-if, None before it was asked."""

    code: str
    name: str
    base: Decimal | None
    last: Decimal | None
    now: Decimal | None
    proposed: Decimal | None
    field: BoundField
    lock: BoundField
    answer: PartView | None

    @property
    def changed(self) -> bool:
        return self.proposed is not None and self.proposed != self.now


@require_GET
def targets(request: SignedInRequest, key: str) -> HttpResponse:
    """Show every indicator's target of a place: received, handed down, and who answered."""
    unit = _place(request, key)
    framework, choices = _framework(unit, request)
    rows = _rows(unit, framework) if framework else []
    return render(
        request,
        "indicators/targets.html",
        {
            "unit": unit,
            "framework": framework,
            "choices": choices,
            "title": framework and in_language(framework.title_th, framework.title_en),
            "rows": rows,
            "waiting": [row for row in rows if row.received and not row.received.part.answer],
            "may_answer": bool(request.standing.post_for("answer_target", unit.key)),
            "may_hand_down": _may_hand_down(request, unit),
            "crumbs": _crumbs(unit),
        },
    )


@require_GET
def targets_xlsx(request: SignedInRequest, key: str) -> FileResponse:
    """Return the board as a workbook."""
    unit = _place(request, key)
    framework, _choices = _framework(unit, request)
    if framework is None:
        raise Http404
    columns = (
        Column("code", _("Code"), width=8),
        Column("name", _("Indicator"), width=50),
        Column("unit", _("Unit"), width=12),
        Column("target", _("Target"), "number"),
        Column("received", _("Received"), "number"),
        Column("answer", _("Own answer"), width=24),
        Column("acknowledged", _("Acknowledged below"), "integer"),
        Column("objected", _("Objected below"), "integer"),
        Column("silent", _("Silent below"), "integer"),
    )
    rows = [
        {
            "code": row.code,
            "name": row.name,
            "unit": row.unit,
            "target": row.target,
            "received": row.received.part.value if row.received else None,
            "answer": row.received_words,
            "acknowledged": row.said.acknowledged if row.said else None,
            "objected": row.said.objected if row.said else None,
            "silent": row.said.silent if row.said else None,
        }
        for row in _rows(unit, framework)
    ]
    title = _("Targets of %(place)s") % {"place": unit.full_name}
    return xlsx_response(title, title, columns, rows, as_of=request.standing.on)


@require_http_methods(["GET", "POST"])
def target(
    request: SignedInRequest, key: str, code: str, year: int, indicator: str
) -> HttpResponse:
    """The grid of one indicator: try out how it would be handed down, send it, see the answers."""
    unit = _place(request, key)
    framework, definition = _indicator(unit, code, year, indicator)
    if request.method == "POST":
        require(request, "hand_down_target", unit.key)
        if unit.level == Level.VILLAGE:
            raise Http404
    grid = _Grid(request, unit, framework, definition)
    if request.method == "POST" and grid.form.is_valid():
        grid.try_out()
        if grid.handed and request.POST.get("act") == "send" and grid.send():
            return redirect(request.path)
    return grid.show(status=422 if grid.form.errors or grid.refused else 200)


class _Grid:
    """What the page of one indicator stands on: read once, tried out, sent, shown."""

    def __init__(
        self,
        request: SignedInRequest,
        unit: Unit,
        framework: FrameworkInForce,
        indicator: IndicatorDefinition,
    ) -> None:
        self.request, self.unit, self.framework = request, unit, framework
        self.indicator = indicator
        self.history = split_history(framework.framework_id, indicator.code, unit.key)
        self.current: SplitView | None = next(
            (each for each in self.history if each.ended_at is None), None
        )
        self.levels = _levels_below(unit)
        self.below = places_below(unit.key, self.levels[:1], on=request.standing.on)
        self.places: Sequence[Place] = self.below.get(unit.key, ())
        self.got = next(
            (
                each
                for each in received_by(unit.key, framework_id=framework.framework_id)
                if each.indicator == indicator.code
            ),
            None,
        )
        self.now = targets_now(
            framework.framework_id, [unit.key, *(place.code for place in self.places)]
        )
        self.last = last_results(
            framework, indicator, [unit.key, *(p.code for p in self.places)], on=request.standing.on
        )
        self.form = CascadeForm(
            self.places,
            _depths(self.levels),
            request.POST if request.method == "POST" else None,
            changes=self.current is not None,
            initial=self._initial(),
        )
        self.handed: tuple[Handed, ...] = ()
        self.refused: list[str] = []
        self.receivers = receivers(
            indicator,
            self.below,
            self.last,
            base=self._base(),
            on=request.standing.on,
        ).get(unit.key, ())

    def _base(self) -> Any:
        asked = self.request.POST.get("base", "")
        return asked if asked in {"reported", "villages"} else "reported"

    def _initial(self) -> dict[str, Any]:
        code = self.indicator.code
        whole = self.got.part.value if self.got else self.now.get((code, self.unit.key))
        found: dict[str, Any] = {
            "whole": whole,
            "method": self.current.method if self.current else "equal",
            "base": "reported",
            "depth": 1,
            "expected": self.current and self.current.id,
        }
        for place in self.places:
            found[f"part-{place.code}"] = self.now.get((code, place.code))
        if self.current:
            for part in self.current.parts:
                found[f"lock-{part.place}"] = part.locked
        return found

    def try_out(self) -> None:
        """Reckon what would be sent; nothing is written."""
        answers = self.form.cleaned_data
        levels = self.levels[: answers["depth"]]
        below = places_below(self.unit.key, levels, on=self.request.standing.on)
        everybody = [place.code for children in below.values() for place in children]
        deep = len(levels) > 1
        last = (
            last_results(self.framework, self.indicator, everybody, on=self.request.standing.on)
            if deep
            else self.last
        )
        found = receivers(
            self.indicator, below, last, base=self._base(), on=self.request.standing.on
        )
        if not found.get(self.unit.key):
            self.refused.append(REFUSED_TH["no_places"])
            return
        self.asked = {**found, self.unit.key: self.form.with_parts(found[self.unit.key])}
        try:
            self.handed = hand_down(
                answers["whole"],
                self.unit.key,
                self.asked,
                method=answers["method"],
                carried=receives_rates(self.indicator),
                quantum=quantum_of(self.indicator),
            )
        except SplitRefused as refused:
            self.refused.append(self._refusal(refused, below))

    def _refusal(self, refused: SplitRefused, below: Mapping[str, Sequence[Place]]) -> str:
        names = {place.code: short_name(place) for children in below.values() for place in children}
        named = [names[code] for code in refused.places if code in names]
        words = refused.words
        if named and len(named) < len(names):
            more = len(named) - NAMED
            words += f": {', '.join(named[:NAMED])}"
            if more > 0:
                words += " " + ngettext("and %(n)s more", "and %(n)s more", more) % {"n": more}
        if refused.short is not None:
            words += " · " + (_("short by %(n)s") if refused.short > 0 else _("over by %(n)s")) % {
                "n": f"{abs(refused.short).normalize():,f}"
            }
        return words

    def send(self) -> bool:
        """Hand it down as tried out; False where it was refused, and why is on the page."""
        post = require(self.request, "hand_down_target", self.unit.key)
        framework = find_framework(self.framework.code, self.framework.fiscal_year)
        if framework is None:
            raise Http404
        answers = self.form.cleaned_data
        base = self._base()
        try:
            done = hand_down_target(
                framework,
                self.indicator.code,
                self.unit.key,
                answers["whole"],
                self.asked,
                method=answers["method"],
                by=self.request.standing.actor(post),
                at=timezone.now(),
                base_th=str(dict(BASES)[base]) if answers["method"] == "base" else "",
                reason=answers.get("reason", ""),
                expected=answers["expected"],
            )
        except HandingRefused as refused:
            self.refused.append(str(REFUSED_WORDS[refused.code]))
            return False
        except SplitMovedOn:
            self.refused.append(
                _("Somebody handed this target down meanwhile; look at it and try again.")
            )
            return False
        said = ngettext("Sent to %(n)s place.", "Sent to %(n)s places.", done.parts)
        messages.success(self.request, said % {"n": f"{done.parts:,}"})
        return True

    def rows(self) -> list[PartRow]:
        proposed = self.handed[0].parts if self.handed else {}
        said = {part.place: part for part in self.current.parts} if self.current else {}
        bases = {each.key: each for each in self.receivers}
        return [
            PartRow(
                code=place.code,
                name=short_name(place),
                base=bases[place.code].base,
                last=bases[place.code].last,
                now=self.now.get((self.indicator.code, place.code)),
                proposed=proposed.get(place.code),
                field=self.form[f"part-{place.code}"],
                lock=self.form[f"lock-{place.code}"],
                answer=said.get(place.code),
            )
            for place in self.places
        ]

    def _over(self) -> Decimal | None:
        """By how much the parts come to more than the whole, as far as two places show it."""
        if not self.handed:
            return None
        return rounded(self.handed[0].together - self.handed[0].whole, 2) or None

    def _giver(self) -> str:
        if self.got is None:
            return ""
        giver = find_unit(self.got.giver, on=self.request.standing.on)
        return giver.full_name if giver else ""

    def show(self, *, status: int) -> HttpResponse:
        last = self.last.found.get(self.unit.key)
        round_ = self.last.round
        names = account_names([each.by for each in self.history])
        return render(
            self.request,
            "indicators/target.html",
            {
                "unit": self.unit,
                "framework": self.framework,
                "code": self.indicator.code,
                "name": in_language(self.indicator.name_th, self.indicator.name_en),
                "measure": in_language(self.indicator.unit_th, self.indicator.unit_en),
                "carried": receives_rates(self.indicator),
                "got": self.got,
                "giver": self._giver(),
                "target": self.now.get((self.indicator.code, self.unit.key)),
                "last_value": last_value(self.indicator, last),
                "last_round": round_ and f"{round_.round.name} {round_.round.fiscal_year}",
                "form": self.form,
                "rows": self.rows(),
                "handed": self.handed[0] if self.handed else None,
                "reach": sum(len(each.parts) for each in self.handed),
                "over": self._over(),
                "refused": self.refused,
                "history": [(each, names.get(each.by, each.by)) for each in self.history],
                "current": self.current,
                "methods": dict(TargetSplit.Method.choices),
                "may_hand_down": _may_hand_down(self.request, self.unit),
                "crumbs": _crumbs(self.unit, self.indicator.code),
            },
            status=status,
        )


@require_POST
def target_answer(request: SignedInRequest, key: str) -> HttpResponse:
    """Keep what the place says of the part it got."""
    unit = _place(request, key)
    post = require(request, "answer_target", unit.key)
    form = TargetAnswerForm(request.POST)
    back = reverse("targets", args=[unit.key])
    if not form.is_valid():
        messages.error(request, _("The answer could not be read; please answer once again."))
        return redirect(back)
    said = form.cleaned_data
    if not is_part_of(said["part"], unit.key):
        raise Http404
    try:
        answer_target(
            said["part"],
            said["answer"],
            by=request.standing.actor(post),
            at=timezone.now(),
            reason=said["reason"],
            expected=said["expected"],
        )
    except AnswerRefused as refused:
        words = {
            "part_gone": _("This target was handed down anew; look at the new one."),
            "reason_missing": _("An objection needs its reason."),
            "moved_on": _("Somebody of your office answered meanwhile; look at the answer first."),
        }
        messages.error(request, words[refused.code])
    else:
        messages.success(
            request,
            _("Acknowledged.")
            if said["answer"] == "acknowledged"
            else _("Your objection is with the office that sent the target."),
        )
    return redirect(back)


# -- pieces ---------------------------------------------------------------------------------------


def _place(request: SignedInRequest, key: str) -> Unit:
    unit = visible_unit_or_404(request, key)
    if unit.is_group:
        raise Http404
    return unit


def _levels_below(unit: Unit) -> tuple[str, ...]:
    levels: list[str] = []
    level = tree.level_below(unit.level)
    while level is not None:
        levels.append(level)
        level = tree.level_below(level)
    return tuple(levels)


def _depths(levels: Sequence[str]) -> list[tuple[int, str]]:
    return [(n, str(Level(level).label)) for n, level in enumerate(levels, start=1)]


def _may_hand_down(request: SignedInRequest, unit: Unit) -> bool:
    return bool(_levels_below(unit)) and bool(
        request.standing.post_for("hand_down_target", unit.key)
    )


def _framework(
    unit: Unit, request: SignedInRequest
) -> tuple[FrameworkInForce | None, list[tuple[str, str, bool]]]:
    """Return the framework that is looked at, and the others as links: (label, query, chosen)."""
    years = years_with_frameworks()
    asked = request.GET.get("year", "")
    shown = shown_first(unit, [int(asked)] if asked.isascii() and asked.isdigit() else years)
    if shown is None:
        return None, []
    year, found = shown
    code = request.GET.get("framework")
    one = next((each for each in found if each.code == code), found[0])
    choices = [
        (
            f"{in_language(each.title_th, each.title_en)} {each.fiscal_year}",
            f"?year={each.fiscal_year}&framework={each.code}",
            each.framework_id == one.framework_id,
        )
        for each in found
    ]
    choices += [(str(other), f"?year={other}", False) for other in years if other != year]
    return one, choices


def _indicator(
    unit: Unit, code: str, year: int, indicator: str
) -> tuple[FrameworkInForce, IndicatorDefinition]:
    for framework in frameworks_for(unit, year):
        if framework.code == code:
            for each in framework.definition.indicators:
                if each.code == indicator:
                    return framework, each
    raise Http404


def _rows(unit: Unit, framework: FrameworkInForce) -> list[TargetRow]:
    return [
        TargetRow(
            code=row.indicator.code,
            name=in_language(row.indicator.name_th, row.indicator.name_en),
            unit=in_language(row.indicator.unit_th, row.indicator.unit_en),
            href=reverse(
                "target",
                args=[unit.key, framework.code, framework.fiscal_year, row.indicator.code],
            ),
            target=row.target,
            received=row.received,
            received_words=_answer_words(row.received),
            said=row.said,
            below=row.below,
            carried=receives_rates(row.indicator),
        )
        for row in board_of(unit.key, framework)
    ]


def _answer_words(got: Received | None) -> str:
    if got is None:
        return ""
    words = {"acknowledged": _("Acknowledged"), "objected": _("Objected"), "": _("No answer yet")}
    return words[got.part.answer]


def _crumbs(unit: Unit, code: str = "") -> list[tuple[str, str]]:
    crumbs = [(unit.full_name, reverse("place", args=[unit.key]))]
    crumbs.append((_("Targets"), reverse("targets", args=[unit.key]) if code else ""))
    if code:
        crumbs.append((code, ""))
    return crumbs
