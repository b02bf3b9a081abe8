"""Addresses of a meeting's papers: minutes and news."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from tiddao.policy.views import minutes, news

_ONE = "meetings/<int:meeting_id>/"
_ISSUE = _ONE + "minutes/<int:number>/"

urlpatterns: list[URLPattern | URLResolver] = [
    path(_ONE + "minutes/", minutes.minutes, name="minutes"),
    path(_ONE + "minutes/draft.pdf", minutes.minutes_draft_pdf, name="minutes-draft-pdf"),
    path(_ONE + "minutes/draft.docx", minutes.minutes_draft_word, name="minutes-draft-word"),
    path(_ISSUE, minutes.minutes_issue, name="minutes-issue"),
    path(_ISSUE + "paper.pdf", minutes.minutes_pdf, name="minutes-pdf"),
    path(_ISSUE + "paper.docx", minutes.minutes_word, name="minutes-word"),
    path(_ONE + "news/", news.news, name="meeting-news"),
    path(_ONE + "news/begin/", news.news_begin, name="meeting-news-begin"),
    path(_ONE + "news/ready/", news.news_ready, name="meeting-news-ready"),
    path(_ONE + "news/drop/", news.news_drop, name="meeting-news-drop"),
]
