"""Addresses of strategies and directions."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from tiddao.policy.views import strategy, strategy_acts, strategy_writing

_ONE = "strategy/<int:version_id>/"
_DRAFT = _ONE + "draft/"

urlpatterns: list[URLPattern | URLResolver] = [
    path("strategy/", strategy.own_strategy, name="strategy"),
    path("strategy/all/", strategy.strategies, name="strategies"),
    path("strategy/new/", strategy_acts.strategy_new, name="strategy-new"),
    path("strategy/missions/<int:mission_id>/", strategy.mission, name="mission"),
    path("places/<slug:key>/strategy/", strategy.place_strategy, name="place-strategy"),
    path(_ONE, strategy.strategy_version, name="strategy-version"),
    path(_ONE + "paper.pdf", strategy.strategy_pdf, name="strategy-pdf"),
    path(_ONE + "new-version/", strategy_acts.strategy_new_version, name="strategy-new-version"),
    path(_ONE + "forward/", strategy_acts.strategy_forward, name="strategy-forward"),
    path(_ONE + "points/", strategy_acts.strategy_points, name="strategy-points"),
    path(_ONE + "publish/", strategy_acts.strategy_publish, name="strategy-publish"),
    path(_DRAFT, strategy_writing.draft, name="strategy-draft"),
    path(_DRAFT + "head/", strategy_writing.head, name="strategy-head"),
    path(_DRAFT + "sources/new/", strategy_writing.source, name="strategy-source-new"),
    path(_DRAFT + "sources/<slug:part>/", strategy_writing.source, name="strategy-source"),
    path(_DRAFT + "missions/new/", strategy_writing.mission, name="strategy-mission-new"),
    path(_DRAFT + "missions/<slug:part>/", strategy_writing.mission, name="strategy-mission"),
    path(_DRAFT + "parts/<slug:part>/drop/", strategy_writing.drop, name="strategy-drop"),
    path(
        "directives/<int:directive_id>/mission/",
        strategy_acts.directive_mission,
        name="directive-mission",
    ),
    path(
        "directives/<int:directive_id>/mission/<int:hanging_id>/off/",
        strategy_acts.directive_mission_off,
        name="directive-mission-off",
    ),
]
