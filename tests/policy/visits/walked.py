"""A field visit in Chiang Rai that strangers must not see, for the walk of all pages."""

from __future__ import annotations

from tests.policy.directives.acts import AT, ON, sender_of
from tiddao.people.models import User
from tiddao.policy.actions.visits import NewFollowUp, Seen, record_visit


def visits_of_57(head: User, words: str) -> dict[str, object]:
    """A visit to tambon 571203 with one follow-up."""
    sender, by, _ = sender_of(head)
    visit = record_visit(
        Seen(ON, words, spot=words, problem=words, progress=words),
        place="571203",
        office=sender.office,
        follow_ups=[NewFollowUp(words, words)],
        on=ON,
        by=by,
        at=AT,
    )
    return {"visit_id": visit.pk, "follow_up_id": visit.follow_ups.get().pk}
