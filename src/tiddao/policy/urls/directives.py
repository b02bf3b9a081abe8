"""Addresses of directives, answers and recurring reports."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from tiddao.policy.views import assignments, directives, obligations, place, sending

_ONE = "directives/<int:directive_id>/"
_PART = "directives/offices/<int:assignment_id>/"
_REPORT = "obligations/<int:obligation_id>/"

urlpatterns: list[URLPattern | URLResolver] = [
    path("directives/", directives.inbox, name="directives"),
    path("directives/sent/", directives.sent, name="directives-sent"),
    path("directives/all/", directives.everything, name="directives-all"),
    path("directives/overview/", directives.directives_overview, name="directives-overview"),
    path("directives/new/", sending.directive_new, name="directive-new"),
    path(_ONE, directives.directive, name="directive"),
    path(_ONE + "offices.xlsx", directives.directive_xlsx, name="directive-xlsx"),
    path(_ONE + "accept/", directives.directive_accept, name="directive-accept"),
    path(_ONE + "cancel/", directives.directive_cancel, name="directive-cancel"),
    path(_ONE + "deadline/", directives.directive_deadline, name="directive-deadline"),
    path(
        _ONE + "questions/<int:question_id>/answer/",
        directives.question_answer,
        name="question-answer",
    ),
    path(_PART, assignments.assignment, name="assignment"),
    path(_PART + "answer/", assignments.assignment_answer, name="assignment-answer"),
    path(_PART + "rule/", assignments.assignment_rule, name="assignment-rule"),
    path(_PART + "ask/", assignments.assignment_ask, name="assignment-ask"),
    path("obligations/", obligations.obligations, name="obligations"),
    path("obligations/new/", obligations.obligation_new, name="obligation-new"),
    path(_REPORT, obligations.obligation, name="obligation"),
    path(_REPORT + "end/", obligations.obligation_end, name="obligation-end"),
    path("places/<slug:key>/work/", place.place_work, name="place-work"),
]
