"""Addresses of letters, circulars and memoranda."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from tiddao.policy.views import letters

_ONE = "letters/<int:letter_id>/"

urlpatterns: list[URLPattern | URLResolver] = [
    path("letters/", letters.letters, name="letters"),
    path("letters/new/", letters.letter_new, name="letter-new"),
    path(_ONE, letters.letter, name="letter"),
    path(_ONE + "draft.pdf", letters.letter_draft_pdf, name="letter-draft-pdf"),
    path(_ONE + "draft.docx", letters.letter_draft_word, name="letter-draft-word"),
    path(_ONE + "issue/", letters.letter_issue, name="letter-issue"),
    path(_ONE + "drop/", letters.letter_drop, name="letter-drop"),
    path(_ONE + "<int:number>/paper.pdf", letters.letter_pdf, name="letter-pdf"),
    path(_ONE + "<int:number>/paper.docx", letters.letter_word, name="letter-word"),
]
