"""The demonstration: the same every time, whole or not there, true to the product's own acts."""

from __future__ import annotations

import hashlib
import os
import re
import subprocess
import sys
from collections import Counter, defaultdict
from datetime import date
from decimal import Decimal
from io import StringIO
from pathlib import Path

import pytest
from django.contrib.auth import authenticate
from django.core.management import call_command
from django.db import transaction
from django.test import RequestFactory
from hypothesis import given
from hypothesis import strategies as st
from procrastinate.contrib.django.models import ProcrastinateJob

from tests.config.demonstration.conftest import TODAY
from tests.config.figures_digest import figures_digest
from tiddao.budget.models import QualityCount, TreasuryFigure
from tiddao.budget.queries.positions import positions
from tiddao.budget.rules.quality import KINDS
from tiddao.budget.tasks import nudge_count_of_questions
from tiddao.config import demonstration as package
from tiddao.config.demonstration import cascade, deadlines, money, people, quarter, results, stages
from tiddao.config.demonstration.books import known_until
from tiddao.config.demonstration.districts import (
    BEST,
    CAPPED,
    CHIANG_RAI,
    INCOMPLETE,
    LAST,
    PROVINCE,
    ROUNDS,
    SENT_BACK,
    SHOWN,
    SILENT,
    SILENT_PROVINCE,
    TIED,
    WAITING,
    is_reported,
    left_out,
)
from tiddao.config.demonstration.figures import figures_of, level_with, score_of, value_at
from tiddao.config.demonstration.frameworks import CODE, DEFINITIONS, round_of
from tiddao.indicators.models import (
    Basis,
    FactChange,
    Result,
    Round,
    Score,
    Target,
    TargetAnswer,
    TargetSplit,
)
from tiddao.indicators.queries.frameworks import shown_first, years_with_frameworks
from tiddao.indicators.rules.definitions import FrameworkDefinition
from tiddao.indicators.rules.next_star import next_star
from tiddao.indicators.rules.scoring import contribution, level_of, score_place
from tiddao.indicators.rules.toml_files import findings_in, read_toml
from tiddao.kernel.fiscal import FiscalYear
from tiddao.ledger.models import Entry
from tiddao.people.models import Post, Tenure, User
from tiddao.places.models import Office, OfficeKind
from tiddao.places.queries import find_unit
from tiddao.ui.context import DEMONSTRATION_MARK, Frame

TAMBONS = dict(
    zip(CHIANG_RAI, (16, 5, 7, 10, 15, 5, 11, 6, 8, 7, 7, 5, 4, 3, 4, 5, 3, 3), strict=True)
)
"""Districts of Chiang Rai → number of tambons. Source: domain.md §6.4."""


MONEY = ("1.7", "1.8")


@pytest.fixture(scope="module")
def definition() -> FrameworkDefinition:
    file = DEFINITIONS / "amphoe-tid-dao-2566.toml"
    return read_toml(file.read_text(encoding="utf-8"), file=file.name)


# -- figures: no database ---------------------------------------------------------------------------


def test_figures_are_the_same_in_another_process_with_other_hashes():
    file = DEFINITIONS / "amphoe-tid-dao-2566.toml"
    ran = subprocess.run(
        [sys.executable, "-m", "tests.config.figures_digest", str(file)],
        env=os.environ | {"PYTHONHASHSEED": "7"},
        cwd=Path(__file__).parent.parent.parent.parent,
        capture_output=True,
        text=True,
        check=True,
    )
    assert ran.stdout.strip() == figures_digest(file)


@pytest.mark.parametrize("code", CHIANG_RAI)
def test_figures_are_possible_and_fit_each_other(definition, code):
    for at in ROUNDS:
        figures = figures_of(definition, code, TAMBONS[code], at)
        assert figures.keys() == {each.code for each in definition.indicators}
        for name, report in figures.items():
            contribution(definition.indicator(name), report)  # refuses what cannot be
            if definition.indicator(name).whole:
                assert report.numerator == report.numerator.to_integral_value()
        filled, posts = figures["3.1"].numerator, figures["3.1"].denominator
        assert 0 < filled <= posts
        assert figures["3.4"].denominator == filled  # plans are made by those who are there
        assert figures["5.3"].numerator >= figures["5.1"].numerator  # passing all, passes income
        assert figures["2.1"].denominator == TAMBONS[code]
        villages = figures["1.3"].denominator
        assert 8 * TAMBONS[code] <= villages <= 16 * TAMBONS[code]
        assert figures["5.1"].denominator > 80 * villages


def test_a_district_keeps_its_size_from_round_to_round(definition):
    bases = {figures_of(definition, SHOWN, 5, at)["1.3"].denominator for at in ROUNDS}
    assert len(bases) == 1


@given(level=st.decimals(1, 5, places=3))
def test_a_level_carried_to_a_value_and_back_is_the_level(level):
    file = DEFINITIONS / "amphoe-tid-dao-2566.toml"
    for indicator in read_toml(file.read_text(encoding="utf-8"), file=file.name).indicators:
        back = level_of(value_at(float(level), indicator.ladder), indicator.ladder)
        assert abs(back - level) <= Decimal("0.0001")


def _scored(definition, code):
    figures = figures_of(definition, code, TAMBONS[code], LAST)
    missing = left_out(code, LAST, [each.code for each in definition.indicators])
    parts = {
        name: contribution(definition.indicator(name), report)
        for name, report in figures.items()
        if name not in missing
    }
    return score_place(definition, parts)


def test_the_capped_district_would_have_five_stars_by_its_mean(definition):
    scored = _scored(definition, CAPPED)
    assert (scored.stars_by_mean, scored.stars, scored.capped_by) == (5, 3, "5")


def test_the_best_district_has_five_stars(definition):
    assert _scored(definition, BEST).stars == 5


def test_the_incomplete_district_has_a_score_and_no_star(definition):
    scored = _scored(definition, INCOMPLETE)
    assert scored.score is not None
    assert (scored.stars, scored.incomplete) == (None, ("3",))


def test_the_shown_district_has_three_stars_and_a_fourth_within_reach(definition):
    figures = figures_of(definition, SHOWN, TAMBONS[SHOWN], LAST)
    parts = {
        name: contribution(definition.indicator(name), report) for name, report in figures.items()
    }
    scored = score_place(definition, parts)
    assert scored.stars == 3
    reached = next_star(definition, scored)
    assert reached.target == 4
    assert len(reached.steps) == 1


def test_level_with_moves_two_surveys_by_a_little_until_the_scores_are_one(definition):
    first, second = (figures_of(definition, code, TAMBONS[code], LAST) for code in TIED)
    wanted = score_of(definition, first)
    assert score_of(definition, second) != wanted
    levelled = level_with(definition, second, wanted)
    assert score_of(definition, levelled) == wanted
    assert {name for name in second if second[name] != levelled[name]} <= {"4.4", "5.4"}
    assert level_with(definition, second, Decimal("1.0000")) is None  # out of reach


# -- the whole, in the database ---------------------------------------------------------------------


def _everything() -> tuple[str, int, int]:
    rows = Result.objects.order_by("pk").values_list(
        "pk", "round__code", "indicator_code", "place_id", "state", "revision", "numerator",
        "denominator", "steps", "self_score", "checked_score", "known_at", "superseded_at", "by",
    )  # fmt: skip
    digest = hashlib.sha256("\n".join(map(str, rows)).encode()).hexdigest()
    return digest, Entry.objects.count(), User.objects.count()


def _score(unit: str) -> Score:
    return Score.objects.get(round=round_of(*LAST), basis=Basis.APPROVED, unit=unit)


def test_load_does_every_stage(loaded):
    every = (*stages.STAGES, *stages.stages_of_this_year(TODAY))
    assert len(loaded) == len(every) + 1  # and the scores
    assert all(stage.done() for stage in every)
    assert not FactChange.objects.exists()


def test_load_again_changes_nothing(loaded):
    before = _everything()
    assert list(stages.load()) == []
    assert _everything() == before


def test_the_worker_is_asked_to_count_the_questions_about_data_once(
    loaded, django_capture_on_commit_callbacks
):
    waiting = ProcrastinateJob.objects.filter(queueing_lock="count-questions", status="todo")
    with transaction.atomic():
        with django_capture_on_commit_callbacks(execute=True) as asked:
            list(stages.load())
        assert asked == [nudge_count_of_questions]
        assert [each.task_name for each in waiting] == ["tiddao.budget.tasks.count_questions"]
        QualityCount.objects.create(
            office_id="CDD-57", place_id="57", fiscal_year=2566, kind=KINDS[0], count=0, on=TODAY
        )
        with django_capture_on_commit_callbacks() as asked:
            list(stages.load())
        assert asked == []
        transaction.set_rollback(True)


def test_results_are_those_of_the_seed(loaded):
    """What stands in the database is what the pure figures say, district by district."""
    definition = results.definition_in_force(round_of(*LAST))
    wanted = results.figures_of_province(definition, LAST) | results.figures_of_nation(definition)
    standing = Result.objects.filter(round=round_of(*LAST), superseded_at__isnull=True)
    found = {(each.place_id, each.indicator_code): each for each in standing}
    assert found.keys() == {(place, name) for place, got in wanted.items() for name in got}
    for (place, name), result in found.items():
        report = wanted[place][name]
        assert (result.numerator, result.denominator) == (report.numerator, report.denominator)
        assert result.steps == (None if report.steps is None else sorted(report.steps))
        assert result.self_score == report.self_score


def test_every_revision_is_told_in_the_ledger(loaded):
    told = Counter()
    for act, detail in Entry.objects.values_list("act", "detail"):
        told[act] += sum(detail.get(name, 0) for name in ("written", "changed", "locked"))
    assert sum(told.values()) == Result.objects.count()
    assert told["approve_results"] > 400
    assert told["close_round"] > 1000
    assert told["return_results"] == 2  # one in the last round, one in the quarter's


def test_this_quarter_has_offices_at_every_step(loaded):
    one = Round.objects.get(framework__code=quarter.CODE, code="q1")
    assert (one.framework.fiscal_year, one.state) == (2570, Round.State.OPEN)
    assert one.opens <= TODAY <= one.closes
    standing = Result.objects.filter(round=one, superseded_at__isnull=True)
    own = standing.filter(place__code__startswith=PROVINCE).exclude(indicator_code__in=MONEY)
    states = defaultdict(set)
    for place, state in own.values_list("place_id", "state"):
        states[place].add(state)
    assert states.pop(SHOWN) == {"submitted", "draft"}
    assert states.pop(WAITING) == {"checked"}
    assert states.pop(SENT_BACK) == {"submitted", "returned"}
    assert all(states.pop(place) == {"approved"} for place in quarter.APPROVED)
    assert all(states.pop(place) == {"submitted"} for place in quarter.HANDED_IN)
    assert all(states.pop(place) == {"draft"} for place in quarter.DRAFTED)
    assert not states


def test_what_is_linked_to_money_comes_from_the_books(loaded):
    found = Result.objects.filter(
        round__framework__code=quarter.CODE, superseded_at__isnull=True, indicator_code__in=MONEY
    )
    rows = {(each.indicator_code, each.place_id): each for each in found}
    paid = rows["1.7", SHOWN]
    balance = positions(FiscalYear(2570), [SHOWN], on=known_until(TODAY))[SHOWN].balance
    assert paid.numerator == balance.disbursed
    assert paid.denominator == balance.base * deadlines.GOALS[1] / 100
    assert ("1.8", money.NO_BOOK) not in rows
    assert sum(code == "1.8" for code, _ in rows) > 800
    assert all(each.state == "approved" and "books:" in each.source for each in rows.values())


def test_pages_still_open_on_the_year_that_has_stars(loaded):
    unit = find_unit(SHOWN, on=TODAY)
    year, frameworks = shown_first(unit, years_with_frameworks())
    assert (year, frameworks[0].code) == (LAST[0], CODE)


@pytest.mark.parametrize("day", [date(2026, 10, 1), date(2027, 1, 4), date(2027, 9, 30)])
def test_on_any_day_the_round_of_the_quarter_is_open(definition, day):
    wanted = quarter.definition_of_quarter(definition, day)
    assert list(findings_in(wanted)) == []
    first = wanted.rounds[0]
    assert first.opens <= day <= first.true_on < first.closes
    assert [each.code for each in wanted.rounds][-1] == "q4"


def test_nobody_approved_what_they_reported(loaded):
    steps: dict[tuple, list] = defaultdict(list)
    rows = Result.objects.exclude(by="system").order_by("round", "revision")
    for each in rows:
        steps[each.round_id, each.place_id, each.indicator_code].append(each)
    approved = 0
    for revisions in steps.values():
        reported = None
        for each in revisions:
            if each.state == "submitted":
                reported = each
            elif each.state == "approved":
                approved += 1
                assert reported.by != each.by
                assert reported.known_at <= each.known_at
    assert approved > 1000


def test_the_promised_cases_are_there(loaded):
    assert _score(CAPPED).stars == 3
    assert _score(BEST).stars == 5
    assert _score(INCOMPLETE).stars is None
    assert _score(SHOWN).stars == 3
    assert _score(TIED[0]).score == _score(TIED[1]).score is not None
    assert _score(SILENT).score is None
    last = Result.objects.filter(round=round_of(*LAST), superseded_at__isnull=True)
    assert last.filter(place_id=SENT_BACK, state="returned").count() == 1
    waiting = Counter(last.filter(place_id=WAITING).values_list("state", flat=True))
    assert waiting["submitted"] > 0
    assert waiting["checked"] > 0


def test_every_province_shows_something_true(loaded):
    offices = Office.objects.filter(kind=OfficeKind.PROVINCE).values_list("place_id", flat=True)
    scores = {code: _score(code) for code in offices}
    assert len(scores) == 76
    assert all(found.score is not None for found in scores.values())
    assert scores[SILENT_PROVINCE].stars is None
    assert len({found.stars for found in scores.values()}) >= 4
    silent = sum(
        not is_reported(code, LAST)
        for code in Office.objects.filter(kind=OfficeKind.DISTRICT).values_list(
            "place_id", flat=True
        )
    )
    assert 0.04 < silent / 878 < 0.1
    assert _score("th").stars is not None
    assert _score("zone-57-ing-su-khong").score is not None


def test_targets_are_set_for_chiang_rai(loaded):
    now = Target.objects.filter(superseded_at__isnull=True)
    own = now.exclude(indicator_code=cascade.INDICATOR).values_list("place_id", flat=True)
    assert set(own) == set(CHIANG_RAI)


def test_a_national_target_is_handed_down_answered_and_objected_to(loaded):
    splits = TargetSplit.objects.filter(ended_at=None).order_by("sent_at")
    assert [split.place_id for split in splits] == ["th", PROVINCE]
    answers = TargetAnswer.objects.values_list("part__split__place", "answer")
    said = Counter(answers)
    assert said["th", "objected"] == said[PROVINCE, "objected"] == 1
    assert said["th", "acknowledged"] > 50
    assert {part.place_id for part in splits[1].parts.filter(answers=None)} >= {SHOWN}


def test_no_figure_of_the_treasury_is_pretended(loaded):
    assert not TreasuryFigure.objects.exists()


def test_one_head_acts_for_the_neighbour_too(loaded):
    posts = Post.objects.filter(user__username=f"head-{SHOWN}").order_by("pk")
    assert [(post.office_id, post.tenure) for post in posts] == [
        (f"CDD-{SHOWN}", Tenure.SUBSTANTIVE),
        (f"CDD-{SILENT}", Tenure.ACTING),
    ]


def test_the_banner_is_on(loaded, home):
    assert (home / DEMONSTRATION_MARK).exists()
    assert Frame(RequestFactory().get("/")).demonstration is True


def test_the_password_is_this_installations_own(loaded, home):
    file = home / people.ACCOUNTS_FILE
    assert file.stat().st_mode & 0o777 == 0o600
    password = people.shared_password()
    assert len(password) >= 16
    request = RequestFactory().post("/")
    for account in people.accounts():
        assert authenticate(request, username=account.username, password=password) is not None


def test_accounts_are_printed_with_role_and_office(loaded):
    out = StringIO()
    call_command("demo", "--accounts", stdout=out)
    printed = out.getvalue()
    assert people.shared_password() in printed
    assert "head-5712" in printed
    assert "พัฒนาการอำเภอ สำนักงานพัฒนาชุมชนอำเภอพญาเม็งราย" in printed
    assert "ผู้ตรวจราชการกรม เขตตรวจราชการที่ 16" in printed
    assert f"head-{CAPPED}" not in printed  # not one of those to sign in with


def test_no_name_of_the_news_appears(loaded, shared):
    names = set()
    for seed in (shared / "seeds").iterdir():
        text = seed.read_text(encoding="utf-8")
        # นายอำเภอ and นายกเทศมนตรี are posts, not names.
        found = re.findall(r"นาย(?!อำเภอ|กเทศมนตรี)([ก-๙]+) ([ก-๙]+)", text)
        names |= {part for pair in found for part in pair}
    assert len(names) > 8
    written = [path.read_text(encoding="utf-8") for path in Path(package.__path__[0]).glob("*.py")]
    shown = list(User.objects.values_list("name_th", flat=True))
    for name in names:
        assert not any(name in text for text in [*written, *shown])
