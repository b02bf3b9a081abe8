"""Addresses of meetings."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from tiddao.policy.views import (
    agenda,
    attendance,
    calendars,
    invitations,
    meeting_record,
    meeting_review,
    meeting_series,
    meetings,
)

_ONE = "meetings/<int:meeting_id>/"
_ITEM = "meetings/items/<int:item_id>/"
_ASKED = "meetings/invitations/<int:invitation_id>/"
_DECIDED = "meetings/resolutions/<int:resolution_id>/"
_SERIES = "meetings/series/<int:series_id>/"

urlpatterns: list[URLPattern | URLResolver] = [
    path("meetings/", meetings.meetings, name="meetings"),
    path("meetings/new/", meetings.meeting_new, name="meeting-new"),
    path("meetings/series/", meetings.meeting_series_list, name="meeting-series-list"),
    path("meetings/calendar/", calendars.meeting_calendar, name="meeting-calendar"),
    path("meetings/calendar/end/", calendars.meeting_calendar_end, name="meeting-calendar-end"),
    path(_ONE, meetings.meeting, name="meeting"),
    path(_ONE + "change/", meetings.meeting_change, name="meeting-change"),
    path(_ONE + "call/", meetings.meeting_call, name="meeting-call"),
    path(_ONE + "hold/", meetings.meeting_hold, name="meeting-hold"),
    path(_ONE + "call-off/", meetings.meeting_call_off, name="meeting-call-off"),
    path(_ONE + "meeting.ics", calendars.meeting_ics, name="meeting-ics"),
    path(_ONE + "agenda/", agenda.meeting_agenda, name="meeting-agenda"),
    path(_ONE + "agenda/usual/", agenda.agenda_usual, name="agenda-usual"),
    path(_ITEM, agenda.agenda_item, name="agenda-item"),
    path(_ITEM + "move/", agenda.agenda_item_move, name="agenda-item-move"),
    path(_ITEM + "drop/", agenda.agenda_item_drop, name="agenda-item-drop"),
    path(_ITEM + "note/", meeting_record.agenda_note, name="agenda-note"),
    path(
        _ITEM + "note/versions/", meeting_record.agenda_note_versions, name="agenda-note-versions"
    ),
    path(_ONE + "invite/", invitations.meeting_invite, name="meeting-invite"),
    path(_ONE + "invited/", invitations.meeting_invited, name="meeting-invited"),
    path(_ASKED + "reply/", invitations.invitation_reply, name="invitation-reply"),
    path(_ASKED + "withdraw/", invitations.invitation_withdraw, name="invitation-withdraw"),
    path(_ONE + "attendance/", attendance.meeting_attendance, name="meeting-attendance"),
    path(_ONE + "attendance/add/", attendance.attendance_guest, name="attendance-guest"),
    path(
        "meetings/attendance/<int:attendance_id>/strike/",
        attendance.attendance_strike,
        name="attendance-strike",
    ),
    path(_ONE + "code/", attendance.meeting_code, name="meeting-code"),
    path("attend/<str:code>/", attendance.attend, name="attend"),
    path(_ONE + "record/", meeting_record.meeting_record, name="meeting-record"),
    path(_ONE + "resolutions/", meeting_record.resolution_add, name="resolution-add"),
    path(_DECIDED + "replace/", meeting_record.resolution_replace, name="resolution-replace"),
    path(_DECIDED + "directive/", meeting_record.resolution_direct, name="resolution-direct"),
    path(_ONE + "review/", meeting_review.meeting_review, name="meeting-review"),
    path(_ONE + "series/", meeting_series.meeting_begin_series, name="meeting-begin-series"),
    path(_SERIES, meeting_series.meeting_series, name="meeting-series"),
    path(_SERIES + "next/", meeting_series.meeting_next, name="meeting-next"),
    path(_SERIES + "end/", meeting_series.meeting_series_end, name="meeting-series-end"),
    path("calendars/<str:secret>.ics", calendars.calendar_feed, name="calendar-feed"),
    path("places/<slug:key>/meetings/", meetings.place_meetings, name="place-meetings"),
]
