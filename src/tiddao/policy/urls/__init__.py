"""The map of this area."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver

from tiddao.policy.urls.directives import urlpatterns as directives
from tiddao.policy.urls.documents import urlpatterns as documents
from tiddao.policy.urls.ideas import urlpatterns as ideas
from tiddao.policy.urls.letters import urlpatterns as letters
from tiddao.policy.urls.meetings import urlpatterns as meetings
from tiddao.policy.urls.minutes import urlpatterns as minutes
from tiddao.policy.urls.papers import urlpatterns as papers
from tiddao.policy.urls.search import urlpatterns as search
from tiddao.policy.urls.strategy import urlpatterns as strategy
from tiddao.policy.urls.visits import urlpatterns as visits

urlpatterns: list[URLPattern | URLResolver] = [
    *directives,
    *documents,
    *ideas,
    *letters,
    *meetings,
    *minutes,
    *papers,
    *search,
    *strategy,
    *visits,
]
