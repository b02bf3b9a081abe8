"""Meetings: what they were called for, who came, what was said and above all what was decided.

The agenda may be mended until the minutes are issued; what was said, who came and what was decided
is only ever added to, and a decision that must be acted upon names what it became.
"""

from __future__ import annotations

import pghistory
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from tiddao.ledger.tracking import track_many
from tiddao.people.models import Post, User
from tiddao.places.models import Office, Place
from tiddao.policy.models.directives import Directive
from tiddao.policy.models.documents import APPEND_ONLY, Document


@pghistory.track()
class MeetingSeries(models.Model):
    """Meetings that come again ("ประชุมประจำเดือน"). Each is numbered anew in its fiscal year.

    recurrence: ``rules.recurrence.Recurrence`` as JSON; null = called by hand, numbered all the
    same. parts: the usual agenda as JSON, copied into each new meeting.
    """

    place = models.ForeignKey(Place, models.PROTECT, related_name="+")
    office = models.ForeignKey(Office, models.PROTECT, related_name="+")
    title = models.CharField(max_length=300)
    recurrence = models.JSONField(null=True)
    parts = models.JSONField(default=list)
    ended_on = models.DateField(null=True)
    by = models.CharField(max_length=64)
    by_name = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return self.title


@pghistory.track()
class Meeting(models.Model):
    """One meeting of an office, with the offices and guests it called.

    place: where the office that calls sits; post: the one that calls, whose holder sees it also
    where it is bound to a group of places. venue_place: where it is held, down to the village.
    number: in its series and fiscal year, None outside a series. ends_at None: the paper gives no
    end. document: the paper that it was read from.
    """

    class State(models.TextChoices):
        DRAFT = "draft", _("Being prepared")
        CALLED = "called", _("Called")
        HELD = "held", _("Held, minutes to be issued")
        MINUTED = "minuted", _("Minutes issued")
        CANCELLED = "cancelled", _("Meeting called off")

    place = models.ForeignKey(Place, models.PROTECT, related_name="+")
    office = models.ForeignKey(Office, models.PROTECT, related_name="+")
    post = models.ForeignKey(Post, models.PROTECT, null=True, related_name="+")
    series = models.ForeignKey(MeetingSeries, models.PROTECT, null=True, related_name="meetings")
    number = models.PositiveSmallIntegerField(null=True)
    fiscal_year = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=300)
    purpose = models.TextField(blank=True)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True)
    venue = models.CharField(max_length=300, blank=True)
    venue_place = models.ForeignKey(Place, models.PROTECT, null=True, related_name="+")
    chair = models.CharField(max_length=200, blank=True)  # name and title as the minutes give them
    secretary = models.CharField(max_length=200, blank=True)
    document = models.ForeignKey(Document, models.PROTECT, null=True, related_name="meetings")
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    cancel_reason = models.CharField(max_length=500, blank=True)
    version = models.PositiveIntegerField(default=0)  # who changes the agenda names the one seen
    by = models.CharField(max_length=64)
    by_name = models.CharField(max_length=200, blank=True)
    by_post = models.CharField(max_length=120, blank=True)
    at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(
                name="meeting_place_prefix",
                fields=["place", "starts_at"],
                opclasses=["varchar_pattern_ops", "timestamptz_ops"],
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["series", "fiscal_year", "number"],
                condition=Q(series__isnull=False),
                name="meeting_number_once_a_year",
            ),
            models.CheckConstraint(
                name="meeting_ends_after_it_begins",
                condition=Q(ends_at__isnull=True) | Q(ends_at__gt=F("starts_at")),
            ),
            models.CheckConstraint(
                name="meeting_called_off_with_a_reason",
                condition=~Q(state="cancelled") | ~Q(cancel_reason=""),
            ),
        ]

    def __str__(self) -> str:
        return self.title


class Format(models.TextChoices):
    """How an agenda item is held (requirements A27)."""

    LECTURE = "lecture", _("Lecture")
    DISCUSSION = "discussion", _("Discussion")
    WORKSHOP = "workshop", _("Workshop")
    FIELD_VISIT = "field_visit", _("Field visit")
    SOCIAL = "social", _("Social gathering")


@pghistory.track()
class AgendaItem(models.Model):
    """One item (ระเบียบวาระ). part: 1 = morning, 2 = afternoon … as the meeting is divided; order
    counts through the whole agenda. Times are of the meeting's day or None where none is given; an
    item's own time may differ from the meeting's (requirements A6, A30).
    """

    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="agenda")
    order = models.PositiveSmallIntegerField()
    part = models.PositiveSmallIntegerField(default=1)
    title = models.CharField(max_length=300)
    format = models.CharField(max_length=12, choices=Format, default=Format.DISCUSSION)
    starts = models.TimeField(null=True)
    ends = models.TimeField(null=True)
    speaker = models.CharField(max_length=200, blank=True)  # name and title
    venue = models.CharField(max_length=300, blank=True)  # where it differs from the meeting's
    venue_place = models.ForeignKey(Place, models.PROTECT, null=True, related_name="+")
    dropped = models.BooleanField(default=False)  # left out before it was held; notes keep it

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="agenda_item_ends_after_it_begins",
                condition=Q(ends__isnull=True) | Q(starts__isnull=True) | Q(ends__gt=F("starts")),
            ),
        ]

    def __str__(self) -> str:
        return self.title


class AgendaNote(models.Model):
    """What was said on an item. The last number counts, all are kept."""

    item = models.ForeignKey(AgendaItem, models.PROTECT, related_name="notes")
    number = models.PositiveIntegerField()
    words = models.TextField()
    by = models.CharField(max_length=64)
    by_name = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField()

    class Meta:
        triggers = [APPEND_ONLY]
        constraints = [
            models.UniqueConstraint(fields=["item", "number"], name="agenda_note_number_once"),
        ]

    def __str__(self) -> str:
        return f"note {self.number} on {self.item_id}"


@track_many()
class Invitation(models.Model):
    """Who is asked to come: whoever holds a post (role at an office), or a guest by name.

    role: ``people.models.Role``; office null and guest filled for one outside the department.
    """

    class Reply(models.TextChoices):
        NONE = "none", _("No reply yet")
        COMING = "coming", _("Will come")
        SENDING = "sending", _("Sends somebody")
        ABSENT = "absent", _("Cannot come")

    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="invitations")
    office = models.ForeignKey(Office, models.PROTECT, null=True, related_name="+")
    role = models.CharField(max_length=20, blank=True)
    guest = models.CharField(max_length=200, blank=True)  # name and title
    reply = models.CharField(max_length=8, choices=Reply, default=Reply.NONE)
    reply_words = models.CharField(max_length=300, blank=True)  # who comes instead, or why not
    replied_at = models.DateTimeField(null=True)
    withdrawn = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["meeting", "office", "role"],
                condition=Q(office__isnull=False),
                name="post_invited_once",
            ),
            models.CheckConstraint(
                name="invitation_is_a_post_or_a_guest",
                condition=(Q(office__isnull=False, guest="") & ~Q(role=""))
                | (Q(office__isnull=True, role="") & ~Q(guest="")),
            ),
        ]
        indexes = [models.Index(fields=["office", "role"])]

    def __str__(self) -> str:
        return self.guest or f"{self.role} {self.office_id}"


class Attendance(models.Model):
    """One person came. A mistaken line is struck out by another that names it.

    user: the account, "" for a guest; what is kept of a guest is the name and title given.
    invitation: of the very post that was asked; None for somebody else, also of the same office.
    """

    class How(models.TextChoices):
        QR = "qr", _("By QR code")
        LIST = "list", _("By the list")

    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="attendance")
    user = models.CharField(max_length=64, blank=True)
    name = models.CharField(max_length=200)
    title = models.CharField(max_length=200, blank=True)
    office = models.ForeignKey(Office, models.PROTECT, null=True, related_name="+")
    invitation = models.ForeignKey(Invitation, models.PROTECT, null=True, related_name="attendance")
    how = models.CharField(max_length=4, choices=How)
    strikes = models.OneToOneField("self", models.PROTECT, null=True, related_name="struck")
    by = models.CharField(max_length=64)
    at = models.DateTimeField()

    class Meta:
        triggers = [APPEND_ONLY]
        indexes = [models.Index(fields=["meeting", "user"])]

    def __str__(self) -> str:
        return self.name


@pghistory.track()
class Resolution(models.Model):
    """What a meeting decided (มติที่ประชุม). Its words do not change; it may be replaced by another.

    sort: what is to come of it. due_on None: no day was set. directive: what it became.
    """

    class Sort(models.TextChoices):
        NOTED = "noted", _("For information")
        DIRECTIVE = "directive", _("To be done by offices")
        PROPOSAL = "proposal", _("To be proposed upwards")

    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="resolutions")
    item = models.ForeignKey(AgendaItem, models.PROTECT, null=True, related_name="resolutions")
    number = models.PositiveSmallIntegerField()
    sort = models.CharField(max_length=10, choices=Sort)
    words = models.TextField()
    responsible = models.CharField(max_length=300, blank=True)
    due_on = models.DateField(null=True)
    directive = models.ForeignKey(Directive, models.PROTECT, null=True, related_name="resolutions")
    replaced_by = models.ForeignKey("self", models.PROTECT, null=True, related_name="+")
    by = models.CharField(max_length=64)
    by_name = models.CharField(max_length=200, blank=True)
    by_post = models.CharField(max_length=120, blank=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["meeting", "number"], name="resolution_number_once"),
        ]

    def __str__(self) -> str:
        return self.words


class IssuedMinutes(models.Model):
    """Minutes as they were issued: what they said then, made again from this row byte for byte.

    content: ``rules.official.Minutes`` as JSON. A later issue does not take an earlier one away.
    """

    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="issues")
    number = models.PositiveSmallIntegerField()
    content = models.JSONField()
    sha256 = models.CharField(max_length=64)  # of content in canonical JSON
    reason = models.CharField(max_length=500, blank=True)  # of a further issue
    by = models.CharField(max_length=64)
    by_name = models.CharField(max_length=200, blank=True)
    by_post = models.CharField(max_length=120, blank=True)
    at = models.DateTimeField()

    class Meta:
        triggers = [APPEND_ONLY]
        constraints = [
            models.UniqueConstraint(fields=["meeting", "number"], name="minutes_number_once"),
        ]

    def __str__(self) -> str:
        return f"minutes {self.number} of {self.meeting_id}"


class AfterActionWord(models.Model):
    """One answer of one person to the review after a meeting or an activity (A71). Only added."""

    class Asked(models.TextChoices):
        EXPECTED = "expected", _("What did we expect?")
        HAPPENED = "happened", _("What happened?")
        WHY = "why", _("Why the difference?")
        KEEP = "keep", _("What shall we keep doing?")
        CHANGE = "change", _("What shall we do differently?")

    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="after_action")
    asked = models.CharField(max_length=10, choices=Asked)
    words = models.TextField()
    by = models.CharField(max_length=64)
    by_name = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField()

    class Meta:
        triggers = [APPEND_ONLY]

    def __str__(self) -> str:
        return self.words


@pghistory.track()
class NewsDraft(models.Model):
    """Activity news written from a meeting, for the public site: nothing is public before somebody
    with the right to says so, and the draft names what it was written from.
    """

    class State(models.TextChoices):
        DRAFT = "draft", _("News draft")
        READY = "ready", _("Ready to be published")
        DROPPED = "dropped", _("News dropped")

    meeting = models.OneToOneField(Meeting, models.PROTECT, related_name="news")
    title = models.CharField(max_length=300)
    body = models.TextField()
    state = models.CharField(max_length=8, choices=State, default=State.DRAFT)
    by = models.CharField(max_length=64)
    by_name = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return self.title


@pghistory.track(exclude=["digest"])
class CalendarFeed(models.Model):
    """A secret address at which a calendar program reads a person's meetings without signing in.

    Only a digest of the secret is kept; a new address ends the one before.
    """

    user = models.ForeignKey(User, models.PROTECT, related_name="+")
    digest = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user"], condition=Q(ended_at__isnull=True), name="one_calendar_address"
            ),
        ]

    def __str__(self) -> str:
        return f"calendar of {self.user_id}"
