"""What of this area evidence can prove: an entry of an office's book."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from django.urls import reverse
from django.utils.translation import gettext

from tiddao.budget.models import BookEntry
from tiddao.evidence.subjects import Subject

ENTRY = "budget-entry"


class BookEntries:
    """Entries by their numbers; a proof may be attached however old the entry is."""

    code = ENTRY

    @property
    def words(self) -> str:
        return gettext("entry of a book of money")

    def subjects(self, keys: Collection[str]) -> Mapping[str, Subject]:
        """Return those of the keys that exist. One query."""
        rows = BookEntry.objects.filter(pk__in=[int(key) for key in keys if key.isdecimal()])
        return {
            str(row.pk): Subject(
                key=str(row.pk),
                label=f"{row.get_kind_display()} {row.document}",
                href=reverse("book-entry", args=[row.pk]),
                place=row.book.place_id,
            )
            for row in rows.select_related("book")
        }
