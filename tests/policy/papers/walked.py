"""Papers of Chiang Rai that strangers must not see, for the walk of all pages."""

from __future__ import annotations

from dataclasses import replace

from tests.policy.directives.acts import sender_of
from tests.policy.papers.acts import AT, held_meeting, issued, letter_of, template_of
from tests.policy.papers.made import LETTER
from tiddao.people.models import User
from tiddao.policy.actions.letters import issue_letter
from tiddao.policy.actions.news import draft_news


def papers_of_57(head: User, title: str) -> dict[str, object]:
    """A meeting with minutes and news, a letter that was issued, a template: of province 57."""
    _sender, by, _post = sender_of(head)
    meeting = held_meeting(head, title=title)
    issued(head, meeting)
    draft_news(meeting.pk, by=by, at=AT)
    letter = letter_of(head, replace(LETTER, subject=title, to=title))
    issue_letter(letter.pk, seen=0, by=by, at=AT)
    template = template_of(head, f"{title} {{{{ heading }}}}")
    return {
        "meeting_id": meeting.pk,
        "letter_id": letter.pk,
        "template_id": template.pk,
        "number": 1,
        "office_code": "CDD-57",
        "template_kind": "minutes",
    }
