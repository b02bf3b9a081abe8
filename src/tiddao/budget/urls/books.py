"""Addresses of the offices' own books."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from tiddao.budget.views.books import entries, exports, pages, papers, projects

_PLACE = "places/<slug:key>/money/books/"
_BOOK = "books/<int:book_id>/"
_ENVELOPE = "books/envelopes/<int:envelope_id>/"
_ENTRY = "books/entries/<int:entry_id>/"
_PROJECT = "books/projects/<int:project_id>/"

urlpatterns: list[URLPattern | URLResolver] = [
    path(_PLACE, pages.book, name="place-books"),
    path(_PLACE + "open/", pages.open_year, name="book-open"),
    path(_PLACE + "advances/", papers.advances, name="book-advances"),
    path(_PLACE + "projects/", projects.projects, name="book-projects"),
    path(_BOOK + "papers/", papers.papers, name="book-papers"),
    path(_BOOK + "envelopes/new/", pages.new_envelope, name="book-envelope-new"),
    path(_BOOK + "book.xlsx", exports.book_xlsx, name="book-xlsx"),
    path(_BOOK + "entries.xlsx", exports.entries_xlsx, name="book-entries-xlsx"),
    path(_ENVELOPE, pages.envelope, name="book-envelope"),
    path(_ENVELOPE + "takeover/", pages.takeover, name="book-envelope-takeover"),
    path(_ENVELOPE + "entries/new/", entries.new_entry, name="book-entry-new"),
    path(_ENTRY, entries.entry, name="book-entry"),
    path(_ENTRY + "reverse/", entries.reverse, name="book-entry-reverse"),
    path(_ENTRY + "papers/", papers.hold, name="book-paper-hold"),
    path("books/papers/<int:held_id>/end/", papers.end, name="book-paper-end"),
    path(_PROJECT, projects.project, name="book-project"),
    path(_PROJECT + "programme/", projects.programme, name="book-project-programme"),
]
