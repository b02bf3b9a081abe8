"""Addresses of deadlines, plans, help and boards."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from tiddao.budget.views.deadlines import boards, pages, plans

urlpatterns: list[URLPattern | URLResolver] = [
    path("places/<slug:key>/money/deadlines/", pages.place_deadlines, name="place-deadlines"),
    path("places/<slug:key>/money/deadlines/new/", pages.new_deadline, name="deadline-new"),
    path("places/<slug:key>/money/boards/", boards.boards, name="place-boards"),
    path("boards/<int:board_id>/", boards.board, name="board"),
    path("boards/<int:board_id>/board.xlsx", boards.board_xlsx, name="board-xlsx"),
    path("deadlines/<int:deadline_id>/", pages.one_deadline, name="deadline"),
    path("deadlines/<int:deadline_id>/board.xlsx", pages.deadline_xlsx, name="deadline-xlsx"),
    path("deadlines/<int:deadline_id>/move/", pages.move, name="deadline-move"),
    path("deadlines/<int:deadline_id>/end/", pages.end, name="deadline-end"),
    path("deadlines/<int:deadline_id>/plans/<slug:place>/", plans.plan, name="plan"),
    path("deadlines/<int:deadline_id>/plans/<slug:place>/write/", plans.write, name="plan-write"),
    path("deadlines/<int:deadline_id>/plans/<slug:place>/help/", plans.ask, name="help-ask"),
    path("deadlines/plans/<int:plan_id>/submit/", plans.submit, name="plan-submit"),
    path("deadlines/plans/<int:plan_id>/approve/", plans.approve, name="plan-approve"),
    path("deadlines/plans/<int:plan_id>/return/", plans.give_back, name="plan-return"),
    path("deadlines/help/<int:help_id>/answer/", plans.answer, name="help-answer"),
    path("deadlines/help/<int:help_id>/pass-up/", plans.pass_up, name="help-pass-up"),
    path("deadlines/help/<int:help_id>/close/", plans.close, name="help-close"),
]
