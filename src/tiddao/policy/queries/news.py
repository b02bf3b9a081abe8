"""News drafts of meetings, each paragraph with what it was made from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from tiddao.policy.models import NewsDraft
from tiddao.policy.queries.minutes import NEWS_LOOK, minutes_of
from tiddao.policy.rules.news import News, Traced, news_of, traced


@dataclass(frozen=True, slots=True)
class NewsView:
    """The draft of a meeting. seen: the moment it was last written, named by who writes on.
    paragraphs: with the fields they were made from; own: those a person wrote or changed.
    """

    id: int
    title: str
    body: str
    state: str
    state_words: str
    look: str
    by_name: str
    at: datetime
    seen: str
    paragraphs: tuple[Traced, ...]

    @property
    def own(self) -> int:
        return sum(not each.fields for each in self.paragraphs)


def made_news(meeting_id: int, *, purpose: str) -> News:
    """Return what the recorded facts of a meeting make today. Raises Meeting.DoesNotExist."""
    return news_of(minutes_of(meeting_id), purpose=purpose)


def news_of_meeting(meeting_id: int, *, purpose: str) -> NewsView | None:
    """Return the draft, traced to today's facts; None where none was begun."""
    row = NewsDraft.objects.filter(meeting=meeting_id).first()
    if row is None:
        return None
    return NewsView(
        id=row.pk,
        title=row.title,
        body=row.body,
        state=row.state,
        state_words=str(row.get_state_display()),
        look=NEWS_LOOK[row.state],
        by_name=row.by_name,
        at=row.at,
        seen=row.at.isoformat(),
        paragraphs=traced(row.body, made_news(meeting_id, purpose=purpose)),
    )
