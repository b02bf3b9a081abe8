"""What waits for me in a round: each result with its proof beside it, decided singly or in bulk."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from tiddao.indicators import wording
from tiddao.indicators.actions.reported_rows import ResultsRefused
from tiddao.indicators.actions.reporting import ResultMovedOn
from tiddao.indicators.actions.review import ResultsReviewed, judge_result, review_chosen
from tiddao.indicators.actions.revisions import RoundNotOpen
from tiddao.indicators.forms.review import JudgeForm, ReturnForm
from tiddao.indicators.models import ResultState, Round, Version
from tiddao.indicators.queries.frameworks import find_round, version_of
from tiddao.indicators.queries.late import is_late, late_places
from tiddao.indicators.queries.review import WaitingResult, waiting_results
from tiddao.indicators.queries.scores import members_of_unit
from tiddao.indicators.rules.approval import WAITING
from tiddao.indicators.surroundings import account_names
from tiddao.indicators.views.explained import reported_words
from tiddao.indicators.workload import deadline_words
from tiddao.kernel.numerals import rounded
from tiddao.people.access import SignedInRequest, require, visible_unit_or_404
from tiddao.places.queries import Unit, in_language

RIGHTS = {"check": "check_result", "approve": "approve_results", "return": "check_result"}
MOST_THUMBNAILS = 3


@dataclass(frozen=True, slots=True)
class ReviewRow:
    """One result that waits, ready to show. chosen: ticked already; more: proofs not shown."""

    waiting: WaitingResult
    title: str
    place_name: str
    href: str
    state_words: str
    value_words: str
    parts_words: str
    last_words: str
    last_round: str
    target_words: str
    standing_words: str
    reporter: str
    is_own: bool
    more: int
    judge_form: JudgeForm | None

    @property
    def asked(self) -> bool:
        """Something about it is questioned, so nobody passes it without a look."""
        return bool(self.waiting.questions) or any(proof.questions for proof in self.waiting.proofs)

    @property
    def chosen(self) -> bool:
        return not self.is_own and not self.asked


@require_GET
def review(request: SignedInRequest, key: str, round_id: int) -> HttpResponse:
    """Show what waits in the round for the reader's decision."""
    unit, one, version = _opened(request, key, round_id)
    standing = request.standing
    rights = standing.roots_for("check_result") | standing.roots_for("approve_results")
    state = request.GET.get("state", "")
    page = waiting_results(
        one,
        version,
        members=members_of_unit(unit, standing.on),
        rights=rights,
        states={state} if state in WAITING else WAITING,
        number=request.GET.get("page", "1"),
    )
    names = account_names(each.result.by for each in page.rows)
    late = late_places(one.pk, on=standing.on) if one.state == Round.State.CLOSED else frozenset()
    is_open = one.state == Round.State.OPEN or bool(late)
    rows = [_row(each, standing.reference, names, one) for each in page.rows]
    if one.state != Round.State.OPEN:
        rows = [row for row in rows if is_late(row.waiting.result.place, late)]
    framework = one.framework
    round_name = in_language(one.name_th, one.name_en)
    return render(
        request,
        "indicators/review.html",
        {
            "unit": unit,
            "round_id": one.pk,
            "round_name": f"{round_name} {framework.fiscal_year}",
            "title": in_language(framework.title_th, framework.title_en),
            "crumbs": [
                (unit.full_name, reverse("place", args=[unit.key])),
                (round_name, _round_href(one, unit)),
                (_("Waiting for me"), None),
            ],
            "round_href": _round_href(one, unit),
            "deadline": deadline_words(one.closes, standing.on)
            if one.state == Round.State.OPEN
            else "",
            "rows": rows,
            "groups": _by_place(rows),
            "pages": page.pages,
            "states": _states(page.by_state, state),
            "state": state,
            "is_open": is_open,
            "may_check": is_open and bool(standing.roots_for("check_result")),
            "may_approve": is_open and bool(standing.roots_for("approve_results")),
            "return_form": ReturnForm(),
        },
    )


@require_POST
def review_decide(request: SignedInRequest, key: str, round_id: int) -> HttpResponse:
    """Check, approve or return the chosen results, as they were shown; or judge one score."""
    unit, one, _version = _opened(request, key, round_id)
    back = HttpResponseRedirect(_back(request, unit, one))
    judged = request.POST.get("judge", "")
    act = request.POST.get("do", "")
    if not judged and act not in RIGHTS:
        raise Http404
    chosen = _chosen([judged] if judged else request.POST.getlist("result"))
    if not chosen:
        messages.warning(request, _("No result was chosen; tick at least one."))
        return back
    right = "check_result" if judged else RIGHTS[act]
    posts = [require(request, right, place) for place, _code in chosen]
    by, at = request.standing.actor(posts[0]), timezone.now()
    try:
        if judged:
            _judge(request, one, chosen)
            return back
        form = ReturnForm(request.POST)
        if act == "return" and not form.is_valid():
            messages.error(request, _("Say why the results go back; nothing was returned."))
            return back
        reason = form.cleaned_data["reason"] if act == "return" else ""
        tell(request, act, review_chosen(act, one, chosen, by=by, at=at, reason=reason))
    except RoundNotOpen:
        messages.error(request, _("The round is not open; nothing was changed."))
    return back


def tell(request: SignedInRequest, act: str, done: ResultsReviewed) -> None:
    """Say what was done and what was left alone, and why."""
    said = {
        "check": ngettext("%(n)s result checked.", "%(n)s results checked.", done.changed),
        "approve": ngettext("%(n)s result approved.", "%(n)s results approved.", done.changed),
        "return": ngettext("%(n)s result returned.", "%(n)s results returned.", done.changed),
    }[act] % {"n": done.changed}
    (messages.success if done.changed else messages.warning)(request, said)
    for reason, count in Counter(each.reason for each in done.skipped).items():
        messages.info(request, wording.skipped_words(reason, count))


def _judge(request: SignedInRequest, one: Round, chosen: Mapping[tuple[str, str], int]) -> None:
    [((place, code), revision)] = chosen.items()
    form = JudgeForm(request.POST, prefix=f"{place}-{code}")
    if not form.is_valid() or form.cleaned_data["score"] is None:
        messages.error(request, _("A checked score is a number from 1 to 5."))
        return
    post = require(request, "check_result", place)
    try:
        judge_result(
            one,
            place,
            code,
            form.cleaned_data["score"],
            expected_revision=revision,
            by=request.standing.actor(post),
            at=timezone.now(),
        )
    except ResultMovedOn:
        messages.warning(request, wording.skipped_words("moved_on", 1))
    except ResultsRefused as refused:
        messages.error(request, refused.rows[0].message_th)
    else:
        messages.success(request, _("The checked score is kept: %(code)s.") % {"code": code})


# -- what is shown --------------------------------------------------------------------------------


def _row(each: WaitingResult, me: str, names: Mapping[str, str], one: Round) -> ReviewRow:
    indicator, result = each.indicator, each.result
    name = in_language(indicator.name_th, indicator.name_en)
    is_own = me in each.reporters
    judged = indicator.kind == "rubric" and result.self_score is not None and not is_own
    return ReviewRow(
        waiting=each,
        title=f"{indicator.code} {name}",
        place_name=result.place_name,
        href=reverse("entry-indicator", args=[result.place, one.pk, indicator.code]),
        state_words=str(wording.RESULT_STATE_WORDS[result.state]),
        value_words=_amount(indicator, each.value),
        parts_words=reported_words(indicator, result),
        last_words=_amount(indicator, each.last.value if each.last else None),
        last_round=""
        if each.last is None
        else _round_words(each.last.round_th, each.last.round_en) + f" {each.last.fiscal_year}",
        target_words=_amount(indicator, each.target),
        standing_words=_amount(indicator, each.stands),
        reporter=names.get(result.by, ""),
        is_own=is_own,
        more=max(0, len(each.proofs) - MOST_THUMBNAILS),
        judge_form=JudgeForm(
            prefix=f"{result.place}-{indicator.code}", initial={"score": result.checked_score}
        )
        if judged
        else None,
    )


def _round_words(name_th: str, name_en: str) -> str:
    return in_language(name_th, name_en)


def _amount(indicator: Any, value: Decimal | None) -> str:
    return "" if value is None else indicator.amount_th(rounded(value, 2))


def _by_place(rows: Sequence[ReviewRow]) -> list[tuple[str, list[ReviewRow]]]:
    groups: list[tuple[str, list[ReviewRow]]] = []
    for row in rows:
        if not groups or groups[-1][1][0].waiting.result.place != row.waiting.result.place:
            groups.append((row.place_name, []))
        groups[-1][1].append(row)
    return groups


def _states(by_state: Mapping[str, int], chosen: str) -> list[tuple[str, str, int, bool]]:
    """Return (state, words, how many, whether it is the one shown) for the filter."""
    everything = ("", _("All that wait"), sum(by_state.values()), chosen not in WAITING)
    return [
        everything,
        *(
            (str(state), str(wording.RESULT_STATE_WORDS[state]), by_state.get(state, 0), chosen == state)
            for state in (ResultState.SUBMITTED, ResultState.CHECKED)
        ),
    ]  # fmt: skip


# -- what is asked for ----------------------------------------------------------------------------


def _opened(request: SignedInRequest, key: str, round_id: int) -> tuple[Unit, Round, Version]:
    unit = visible_unit_or_404(request, key)
    one = find_round(round_id)
    version = version_of(one) if one else None
    if one is None or version is None:
        raise Http404
    return unit, one, version


def _round_href(one: Round, unit: Unit) -> str:
    framework = one.framework
    address = reverse("round", args=[framework.code, framework.fiscal_year, one.code])
    return f"{address}?scope={unit.key}"


def _back(request: SignedInRequest, unit: Unit, one: Round) -> str:
    state = request.POST.get("state", "")
    query = f"?state={state}" if state in WAITING else ""
    return reverse("review", args=[unit.key, one.pk]) + query


def _chosen(keys: Sequence[str]) -> dict[tuple[str, str], int]:
    """Read what a form names as place, indicator and revision."""
    chosen: dict[tuple[str, str], int] = {}
    for each in keys:
        place, _, rest = each.partition(":")
        code, _, revision = rest.partition(":")
        if not place or not code or not revision.isdecimal():
            raise Http404
        chosen[place, code] = int(revision)
    return chosen
