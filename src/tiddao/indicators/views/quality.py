"""Questions about a round's figures: listed, exported, answered."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tiddao.indicators.actions.quality import AnswerRefused, answer_question
from tiddao.indicators.forms.quality import STATE_WORDS, AnswerForm, QuestionFilterForm
from tiddao.indicators.models import QualityAnswer, QualityKind, QualityQuestion
from tiddao.indicators.queries.frameworks import (
    FrameworkDetail,
    RoundView,
    applies_to,
    framework_detail,
)
from tiddao.indicators.queries.quality import (
    STATES,
    FigureTold,
    LookView,
    QuestionView,
    find_question,
    look_at,
    newest_looks,
    questions_about,
    trends_of,
)
from tiddao.indicators.surroundings import account_names
from tiddao.indicators.tasks import look_at_figures
from tiddao.indicators.views.rounds import scope_of, visible_round
from tiddao.people.access import SignedInRequest, require, visible_unit_or_404
from tiddao.people.models import Role
from tiddao.people.rules import matrix
from tiddao.places import tree
from tiddao.places.models import Level, Place
from tiddao.places.queries import Unit, full_name, in_language
from tiddao.ui.registry import Words
from tiddao.ui.xlsx import Column, Row, xlsx_response

ACT = "answer_question"
ON_A_PAGE = 25
_PROVINCE_DIGITS = tree.DIGITS[Level.PROVINCE]


@dataclass(frozen=True, slots=True)
class ShownFigure:
    """One figure that raised a question. href: the row on which it is reported."""

    code: str
    name: str
    words: str
    trend: tuple[Decimal | None, ...]


@dataclass(frozen=True, slots=True)
class ShownAnswer:
    choice: str
    words: str
    who: str
    post: str
    at: datetime


@dataclass(frozen=True, slots=True)
class ShownQuestion:
    """A question with its words. may_answer: the reader, now."""

    question: QuestionView
    kind: Words
    strength: Words
    state: Words
    figures: tuple[ShownFigure, ...]
    answers: tuple[ShownAnswer, ...]
    href: str
    place_href: str
    may_answer: bool


@dataclass(frozen=True, slots=True)
class KindCount:
    """How much was looked at for a kind in the whole round, and how many questions are shown."""

    kind: str
    words: Words
    looked_at: int | None
    shown: int
    open: int


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address asks for. listed: after the filters; all_of: before them."""

    detail: FrameworkDetail
    round: RoundView
    scope: Unit
    form: QuestionFilterForm
    look: LookView | None
    all_of: tuple[QuestionView, ...]
    listed: tuple[QuestionView, ...]
    known_at: datetime | None

    @property
    def query(self) -> str:
        said = {name: self.form.data.get(name, "") for name in ("kind", "state", "place")}
        if self.known_at is not None:
            said["known_at"] = timezone.localtime(self.known_at).isoformat()
        return urlencode({"scope": self.scope.key} | said)


@require_GET
def round_quality(request: SignedInRequest, code: str, year: int, round_code: str) -> HttpResponse:
    """Show what was asked about the round's figures within the reader's scope."""
    asked = _asked(request, code, year, round_code)
    page = Paginator(asked.listed, ON_A_PAGE).get_page(request.GET.get("page"))
    address: list[str | int] = [code, year, round_code]
    kinds = _kind_counts(asked)
    context = {
        "crumbs": [
            (_("Frameworks"), reverse("frameworks")),
            (asked.detail.row.title, reverse("framework", args=[code, year])),
            (
                asked.round.name,
                reverse("round", args=address) + "?" + urlencode({"scope": asked.scope.key}),
            ),
            (_("Questions about figures"), None),
        ],
        "detail": asked.detail,
        "round": asked.round,
        "scope": asked.scope,
        "form": asked.form,
        "look": asked.look,
        "known_at": asked.known_at,
        "kinds": kinds,
        "silent": ", ".join(str(each.words) for each in kinds if asked.look and not each.looked_at),
        "open": sum(each.state == "open" for each in asked.all_of),
        "total": len(asked.all_of),
        "page": page,
        "questions": _shown(request, asked, list(page.object_list)),
        "xlsx_href": reverse("round-quality-xlsx", args=address) + "?" + asked.query,
        "look_href": _look_href(request, asked, address),
    }
    return render(request, "indicators/round_quality.html", context)


@require_GET
def round_quality_xlsx(
    request: SignedInRequest, code: str, year: int, round_code: str
) -> FileResponse:
    """Hand out every listed question as a workbook, with its figures and answers."""
    asked = _asked(request, code, year, round_code)
    shown = _shown(request, asked, asked.listed)
    columns = (
        Column("code", _("Code"), width=10),
        Column("place", _("Place"), width=26),
        Column("kind", _("Kind"), width=26),
        Column("strength", _("How clearly"), width=16),
        Column("reason", _("What is asked"), width=80),
        Column("figures", _("Figures"), width=70),
        Column("state", _("State"), width=22),
        Column("asked", _("Asked on"), "date"),
        Column("answer", _("Answer"), width=60),
    )
    rows: list[Row] = [
        [
            each.question.place,
            each.question.place_name,
            str(each.kind),
            str(each.strength),
            each.question.reason_th,
            "\n".join(f"{figure.code} {figure.name}: {figure.words}" for figure in each.figures),
            str(each.state),
            timezone.localtime(each.question.asked_at).date(),
            "\n".join(f"{said.choice}: {said.words} ({said.who})" for said in each.answers),
        ]
        for each in shown
    ]
    title = _("Questions about figures: %(scope)s") % {"scope": asked.scope.full_name}
    return xlsx_response(
        f"{title} {year} {asked.round.name}",
        title,
        columns,
        rows,
        as_of=asked.known_at or timezone.now(),
        notes=[
            f"{asked.detail.row.title} {year} · {asked.round.name}",
            _("A question is no reproach: it says what is unusual, and what would settle it."),
        ],
    )


@require_http_methods(["GET", "POST"])
def round_question(
    request: SignedInRequest, code: str, year: int, round_code: str, question_id: int
) -> HttpResponse:
    """Show one question with its figures and answers; take an answer."""
    detail, view = visible_round(request, code, year, round_code)
    question = find_question(question_id)
    if (
        question is None
        or question.round_id != view.id
        or not request.standing.covers(question.place)
    ):
        raise Http404
    form = AnswerForm(request.POST or None)
    here = reverse("round-question", args=[code, year, round_code, question_id])
    if request.method == "POST":
        by = request.standing.actor(require(request, ACT, question.place))
        if form.is_valid():
            try:
                answer_question(
                    question.id,
                    choice=form.cleaned_data["choice"],
                    words=form.cleaned_data["words"],
                    by=by,
                    at=timezone.now(),
                )
            except AnswerRefused as refused:
                form.add_error("words", _refused(refused.code))
            else:
                messages.success(request, _("The answer stands beside the question."))
                return redirect(here)
    scope = {"scope": question.place}
    back = f"{reverse('round-quality', args=[code, year, round_code])}?{urlencode(scope)}"
    shown = _shown_questions(request, detail, view, [question])[0]
    context = {
        "crumbs": [
            (_("Frameworks"), reverse("frameworks")),
            (detail.row.title, reverse("framework", args=[code, year])),
            (view.name, reverse("round", args=[code, year, round_code])),
            (_("Questions about figures"), back),
            (question.place_name, None),
        ],
        "detail": detail,
        "round": view,
        "shown": shown,
        "form": form,
        "back": back,
        "answerers": _answerers(),
    }
    return render(
        request, "indicators/round_question.html", context, status=422 if form.errors else 200
    )


@require_GET
def place_questions(request: SignedInRequest, key: str) -> HttpResponse:
    """Go to the questions about a unit in the newest round that was looked at; without any, to it."""
    unit = visible_unit_or_404(request, key)
    for view in newest_looks():
        detail = framework_detail(view.framework, view.fiscal_year)
        if detail is not None and applies_to(detail.row.owner_place, unit):
            address = reverse("round-quality", args=[view.framework, view.fiscal_year, view.round])
            return redirect(f"{address}?{urlencode({'scope': unit.key})}")
    return redirect("place", unit.key)


@require_POST
def round_quality_look(
    request: SignedInRequest, code: str, year: int, round_code: str
) -> HttpResponse:
    """Have the round's figures looked at soon, without waiting for the night."""
    detail, view = visible_round(request, code, year, round_code)
    require(request, "open_round", detail.row.owner_place)
    transaction.on_commit(look_at_figures.defer)
    messages.success(
        request, _("The figures are being looked at; open this page again in a minute.")
    )
    return redirect("round-quality", code, year, view.code)


# -- what is asked --------------------------------------------------------------------------------


def _asked(request: SignedInRequest, code: str, year: int, round_code: str) -> Asked:
    detail, view = visible_round(request, code, year, round_code)
    scope = scope_of(request, request.GET.get("scope", ""))
    form = QuestionFilterForm(
        {name: request.GET.get(name, "") for name in ("kind", "state", "place", "known_at")}
        | {"scope": scope.key}
    )
    form.offer_places([])
    form.full_clean()
    known_at = form.cleaned_data.get("known_at")
    every = questions_about(view.id, scope.members, known_at=known_at)
    places = _places(every)
    form = QuestionFilterForm(form.data)
    form.offer_places(places)
    form.is_valid()
    kind, state, place = (form.cleaned_data.get(name, "") for name in ("kind", "state", "place"))
    listed = tuple(
        each
        for each in every
        if (not kind or each.kind == kind)
        and (not state or each.state == state)
        and (not place or tree.is_within(each.place, place))
    )
    return Asked(
        detail=detail,
        round=view,
        scope=scope,
        form=form,
        look=look_at(view.id, at=known_at),
        all_of=every,
        listed=listed,
        known_at=known_at,
    )


def _places(questions: Sequence[QuestionView]) -> list[tuple[str, str]]:
    """The places asked about; provinces, where they are of several."""
    named = {each.place: each.place_name for each in questions}
    provinces = {code[:_PROVINCE_DIGITS] for code in named}
    if len(provinces) > 1:
        named = {
            place.code: full_name(place)
            for place in Place.objects.filter(code__in=provinces).order_by("sort_key")
        }
    return list(named.items())


def _kind_counts(asked: Asked) -> tuple[KindCount, ...]:
    shown = Counter(each.kind for each in asked.all_of)
    waiting = Counter(each.kind for each in asked.all_of if each.state == "open")
    looked = {kind: count for kind, count, _asked in asked.look.looks} if asked.look else {}
    return tuple(
        KindCount(kind.value, kind.label, looked.get(kind.value), shown[kind], waiting[kind])
        for kind in QualityKind
    )


def _look_href(request: SignedInRequest, asked: Asked, address: list[str | int]) -> str:
    """Where a look is asked for; "" for those who may not open or close the round."""
    if not request.standing.may("open_round", asked.detail.row.owner_place):
        return ""
    return reverse("round-quality-look", args=address)


def _refused(code: str) -> str:
    return {
        "no_words": _("Say it in words."),
        "settled": _("The figures have changed since; the question is settled."),
    }[code]


# -- what is shown --------------------------------------------------------------------------------


def _shown(
    request: SignedInRequest, asked: Asked, questions: Collection[QuestionView]
) -> list[ShownQuestion]:
    return _shown_questions(request, asked.detail, asked.round, list(questions))


def _shown_questions(
    request: SignedInRequest,
    detail: FrameworkDetail,
    view: RoundView,
    questions: Sequence[QuestionView],
) -> list[ShownQuestion]:
    """Put questions into words, with the trend of each figure. Three queries for all of them."""
    indicators = {each.code: each for each in detail.definition.indicators}
    trends = trends_of(view.id, questions, {code: each.factor for code, each in indicators.items()})
    names = account_names(said.by for each in questions for said in each.answers)
    labels = {code: in_language(each.name_th, each.name_en) for code, each in indicators.items()}
    return [
        ShownQuestion(
            question=each,
            kind=QualityKind(each.kind).label,
            strength=QualityQuestion.Strength(each.strength).label,
            state=STATE_WORDS[each.state],
            figures=tuple(
                _figure(replace(told, trend=trends.get((each.place, told.indicator), ())), labels)
                for told in each.figures
            ),
            answers=tuple(
                ShownAnswer(
                    choice=str(QualityAnswer.Choice(said.choice).label),
                    words=said.words,
                    who=names.get(said.by, said.by),
                    post=said.post,
                    at=said.at,
                )
                for said in each.answers
            ),
            href=reverse(
                "round-question", args=[detail.row.code, detail.row.fiscal_year, view.code, each.id]
            ),
            place_href=reverse("place", args=[each.place])
            + "?"
            + urlencode(
                {
                    "year": detail.row.fiscal_year,
                    "framework": detail.row.code,
                    "round": view.code,
                    "basis": "all",
                }
            ),
            may_answer=each.state != STATES[-1] and request.standing.may(ACT, each.place),
        )
        for each in questions
    ]


def _figure(told: FigureTold, labels: Mapping[str, str]) -> ShownFigure:
    return ShownFigure(told.indicator, labels.get(told.indicator, ""), told.words_th, told.trend)


def _answerers() -> str:
    """Who may answer, in words."""
    return ", ".join(str(Role(role).label) for role in matrix.ROLES if matrix.may(role, ACT))
