"""Who reads which strategy, and under which post somebody writes or checks it."""

from __future__ import annotations

from django.db.models import Q

from tiddao.people.access import HeldPost, Standing
from tiddao.people.rules.matrix import may
from tiddao.places import tree
from tiddao.places.models import NATION, Level
from tiddao.policy.models import StrategyVersion

PUBLISHED = StrategyVersion.State.PUBLISHED
WRITE, CHECK, PUBLISH = "write_strategy", "check_direction", "publish_strategy"


def visible_versions(standing: Standing) -> Q:
    """Return the condition that a person may read a StrategyVersion: what is published, of the own
    place and of those above and below it; a draft, with the right to write or check at its place.
    """
    at_work = standing.roots_for(WRITE) | standing.roots_for(CHECK)
    drafts = tree.within_any(at_work, "strategy__place__")
    if NATION in standing.roots:
        return Q(state=PUBLISHED) | drafts if NATION not in at_work else Q()
    above = {code for root in standing.roots for code in tree.ancestor_codes(root)}
    near = tree.within_any(standing.roots, "strategy__place__") | Q(strategy__place__in=above)
    return Q(state=PUBLISHED) & near | drafts


def head_of(key: str) -> str:
    """Return the place whose strategy a place or group follows: its province's, else the nation's."""
    if key == NATION or not key[:1].isdigit():
        return NATION
    return key[: tree.DIGITS[Level.PROVINCE]]


def post_of_office(standing: Standing, act: str, office: str) -> HeldPost | None:
    """Return the post of that very office under which the person may do the act."""
    own = (each for each in standing.posts if each.office_code == office and not each.group_key)
    return next((post for post in own if may(post.role, act)), None)


def post_that_checks(standing: Standing, place: str) -> HeldPost | None:
    """Return the post under which the person may check the direction of the place."""
    return standing.post_for(CHECK, place)
