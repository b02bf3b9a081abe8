"""What of this area evidence can prove: answers to directives, meetings held, field visits."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from django.urls import reverse
from django.utils.translation import gettext

from tiddao.evidence.subjects import Subject
from tiddao.policy.models import Assignment, FieldVisit, Meeting
from tiddao.policy.proving import ASSIGNMENT, MEETING, VISIT
from tiddao.policy.rules.assignments import FINAL


class DirectiveAnswers:
    """Offices' parts in directives, by number; nothing is attached once one is closed."""

    code = ASSIGNMENT

    @property
    def words(self) -> str:
        return gettext("answer to a directive")

    def subjects(self, keys: Collection[str]) -> Mapping[str, Subject]:
        """Return those of the keys that exist. One query."""
        rows = Assignment.objects.filter(pk__in=[int(key) for key in keys if key.isdecimal()])
        return {
            str(row.pk): Subject(
                key=str(row.pk),
                label=f"{row.directive.title} · {row.office.name_th}",
                href=reverse("assignment", args=[row.pk]),
                place=row.place_id,
                closed=gettext("The matter is closed.") if row.state in FINAL else "",
            )
            for row in rows.select_related("directive", "office")
        }


class HeldMeetings:
    """Meetings, by number; nothing is attached to one that was called off."""

    code = MEETING

    @property
    def words(self) -> str:
        return gettext("a meeting that was held")

    def subjects(self, keys: Collection[str]) -> Mapping[str, Subject]:
        """Return those of the keys that exist. One query."""
        rows = Meeting.objects.filter(pk__in=[int(key) for key in keys if key.isdecimal()])
        off = gettext("The meeting was called off.")
        return {
            str(row.pk): Subject(
                key=str(row.pk),
                label=row.title,
                href=reverse("meeting", args=[row.pk]),
                place=row.place_id,
                closed=off if row.state == Meeting.State.CANCELLED else "",
            )
            for row in rows
        }


class FieldVisits:
    """Field visits, by number: photos of what was seen, papers of what was said."""

    code = VISIT

    @property
    def words(self) -> str:
        return gettext("field visit")

    def subjects(self, keys: Collection[str]) -> Mapping[str, Subject]:
        """Return those of the keys that exist. One query."""
        rows = FieldVisit.objects.filter(pk__in=[int(key) for key in keys if key.isdecimal()])
        return {
            str(row.pk): Subject(
                key=str(row.pk),
                label=row.subject,
                href=reverse("visit", args=[row.pk]),
                place=row.place_id,
            )
            for row in rows
        }
