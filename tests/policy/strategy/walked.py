"""Strategies of Chiang Rai that strangers must not see, for the walk of all pages."""

from __future__ import annotations

from tests.policy.directives.acts import AT, sender_of
from tests.policy.strategy.made import Pen, direction
from tiddao.people.models import User
from tiddao.policy.actions.strategy import new_strategy_version
from tiddao.policy.actions.strategy_links import hang_directive
from tiddao.policy.models import Directive


def strategies_of_57(head: User, title: str, directive_id: int) -> dict[str, dict[str, object]]:
    """A published direction with a directive on it, and a draft that follows it."""
    _sender, by, _post = sender_of(head)
    published = direction(title)
    Directive.objects.filter(pk=directive_id).update(fiscal_year=published.strategy.fiscal_year)
    mission = published.missions.get(key="m1")
    hanging = hang_directive(directive_id, mission.pk, by=by, at=AT)
    draft = new_strategy_version(published.pk, reason=title, by=by, at=AT)
    Pen(draft, by).mission(title)
    return {
        "published": {"version_id": published.pk, "part": "m1", "mission_id": mission.pk},
        "draft": {"version_id": draft.pk, "part": "m1"},
        "source": {"version_id": draft.pk, "part": "s1"},
        "hanging": {"hanging_id": hanging.pk},
    }
