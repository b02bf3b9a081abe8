"""Addresses of field visits and their follow-ups."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from tiddao.policy.views import visits, visits_follow_ups

_ONE = "visits/<int:visit_id>/"
_FOLLOW_UP = "visits/follow-ups/<int:follow_up_id>/"

urlpatterns: list[URLPattern | URLResolver] = [
    path("visits/", visits.visits, name="visits"),
    path("visits/visits.xlsx", visits.visits_xlsx, name="visits-xlsx"),
    path("visits/new/", visits.visit_new, name="visit-new"),
    path("visits/follow-ups/", visits_follow_ups.follow_ups, name="follow-ups"),
    path(_ONE, visits.visit, name="visit"),
    path(_ONE + "correct/", visits.visit_correct, name="visit-correct"),
    path(_ONE + "follow-up/", visits_follow_ups.follow_up_add, name="follow-up-add"),
    path(_FOLLOW_UP + "done/", visits_follow_ups.follow_up_done, name="follow-up-done"),
    path(
        _FOLLOW_UP + "hand-down/", visits_follow_ups.follow_up_hand_down, name="follow-up-hand-down"
    ),
    path("places/<slug:key>/visits/", visits.place_visits, name="place-visits"),
    path("places/<slug:key>/visits.xlsx", visits.place_visits_xlsx, name="place-visits-xlsx"),
]
