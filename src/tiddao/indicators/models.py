"""Frameworks and their versions, rounds, targets, results, and the scores made from them.

A definition is a document (``rules.definitions.FrameworkDefinition``), kept as its TOML text: the
same text travels, is checked, is frozen at publishing and is shown. Results are append-only and
carry two dates: the day they are true for (their round's) and the moment they became known.
"""

from __future__ import annotations

import pghistory
import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from tiddao.indicators import personal_models  # noqa: F401 -- Django finds its tables here
from tiddao.ledger.tracking import track_many
from tiddao.places.models import Office, Place


@pghistory.track()
class Framework(models.Model):
    """One form of assessment (แบบประเมิน) in one fiscal year; its definition is in its versions."""

    code = models.SlugField(max_length=60)
    fiscal_year = models.PositiveSmallIntegerField()  # Buddhist era, named by its end
    owner = models.ForeignKey(Office, models.PROTECT, related_name="+")
    title_th = models.CharField(max_length=200)
    title_en = models.CharField(max_length=200, blank=True)
    proposed = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["code", "fiscal_year"], name="framework_once_a_year"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.fiscal_year}"


@pghistory.track()
class Version(models.Model):
    """A draft, or a frozen definition. digest: SHA-256 of ``toml`` (UTF-8)."""

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        PUBLISHED = "published", _("Published")
        CLOSED = "closed", _("Closed")

    framework = models.ForeignKey(Framework, models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    toml = models.TextField()
    digest = models.CharField(max_length=64)
    edition = models.PositiveIntegerField(default=1)  # counts saves of a draft: two editors meet
    created_at = models.DateTimeField()
    published_at = models.DateTimeField(null=True)
    published_by = models.CharField(max_length=64, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["framework", "number"], name="version_number_once"),
            models.UniqueConstraint(
                fields=["framework"],
                condition=Q(state="draft"),
                name="one_draft_per_framework",
            ),
            models.CheckConstraint(
                name="version_published_has_moment_and_name",
                condition=Q(state="draft", published_at__isnull=True, published_by="")
                | (~Q(state="draft") & Q(published_at__isnull=False) & ~Q(published_by="")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.framework} v{self.number}"


@pghistory.track()
class Round(models.Model):
    """A reporting round of a framework. true_on: the day its results are true for."""

    class State(models.TextChoices):
        PLANNED = "planned", _("Not open yet")
        OPEN = "open", _("Open")
        CLOSED = "closed", _("Closed")

    framework = models.ForeignKey(Framework, models.PROTECT, related_name="rounds")
    code = models.CharField(max_length=20)  # "6m", "12m", "2026-07-10"
    name_th = models.CharField(max_length=120)
    name_en = models.CharField(max_length=120, blank=True)
    opens = models.DateField()
    closes = models.DateField()
    true_on = models.DateField()
    state = models.CharField(max_length=8, choices=State, default=State.PLANNED)
    version = models.ForeignKey(Version, models.PROTECT, null=True, related_name="+")  # at closing

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["framework", "code"], name="round_code_once"),
            models.CheckConstraint(
                name="round_closes_after_it_opens", condition=Q(closes__gte=F("opens"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.framework} {self.code}"


class RoundStanding(models.Model):
    """How a round stood from a moment on: what pages that are asked "as known then" read.

    Written with every act that changes a round; never changed.
    """

    round = models.ForeignKey(Round, models.CASCADE, related_name="standings")
    name_th = models.CharField(max_length=120)
    name_en = models.CharField(max_length=120, blank=True)
    opens = models.DateField()
    closes = models.DateField()
    true_on = models.DateField()
    state = models.CharField(max_length=8, choices=Round.State)
    version = models.ForeignKey(Version, models.PROTECT, null=True, related_name="+")
    known_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["round", "-known_at"])]
        # A round that nobody ever used goes with its versions, and its standings with it.
        triggers = [pgtrigger.Protect(name="never_changed", operation=pgtrigger.Update)]

    def __str__(self) -> str:
        return f"{self.round} {self.state}"


@pghistory.track()
class LateEntry(models.Model):
    """A closed round that takes reports of one place (and all below it) until a day, by name.

    Never deleted: it is over after its last day, or when somebody ended it.
    """

    round = models.ForeignKey(Round, models.PROTECT, related_name="late_entries")
    place = models.ForeignKey(Place, models.PROTECT, related_name="+")
    until = models.DateField()
    reason = models.CharField(max_length=500)
    by = models.CharField(max_length=64)
    by_name = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    ended_by = models.CharField(max_length=64, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["round", "place"],
                condition=Q(ended_at__isnull=True),
                name="one_late_entry_of_a_place",
            ),
            models.CheckConstraint(
                name="late_entry_ends_whole",
                condition=Q(ended_at__isnull=True, ended_by="")
                | (Q(ended_at__isnull=False) & ~Q(ended_by="")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.round_id}/{self.place_id} until {self.until}"


class KnownFact(models.Model):
    """Append-only: a new revision closes the one before. Known at a moment t: known_at ≤ t and
    (superseded_at is None or superseded_at > t).
    """

    revision = models.PositiveIntegerField()
    known_at = models.DateTimeField()
    superseded_at = models.DateTimeField(null=True)

    class Meta:
        abstract = True


# By the statement, changes too: a target goes down to 75,000 villages, and is changed for all.
# The history is read by what it is of, so nothing else of it is indexed (docs/adr/0014).
@pghistory.track(
    level=pgtrigger.Statement,
    context_field=pghistory.ContextForeignKey(db_index=False),
    attrs={
        name: models.ForeignKey(
            model,
            models.DO_NOTHING,
            db_constraint=False,
            db_index=False,
            related_name="+",
            related_query_name="+",
        )
        for name, model in (("framework", Framework), ("place", Place))
    },
)
class Target(KnownFact):
    """What a place is to reach, in the indicator's own unit."""

    # No index of their own: each is one more to write 330,000 times (docs/adr/0014).
    framework = models.ForeignKey(Framework, models.PROTECT, related_name="+", db_index=False)
    indicator_code = models.CharField(max_length=16)
    place = models.ForeignKey(Place, models.PROTECT, related_name="+", db_index=False)
    value = models.DecimalField(max_digits=20, decimal_places=4)
    by = models.CharField(max_length=64)
    source = models.CharField(max_length=300, blank=True)

    class Meta:
        indexes = [
            models.Index(
                name="target_place_prefix",
                fields=["place", "framework"],
                opclasses=["varchar_pattern_ops", "int8_ops"],
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["framework", "indicator_code", "place"],
                condition=Q(superseded_at__isnull=True),
                name="one_current_target",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.indicator_code} {self.place_id} → {self.value}"


class ResultState(models.TextChoices):
    DRAFT = "draft", _("Draft")
    SUBMITTED = "submitted", _("Submitted")
    CHECKED = "checked", _("Checked")
    APPROVED = "approved", _("Approved")
    LOCKED = "locked", _("Locked")
    RETURNED = "returned", _("Returned")


@track_many()
class Result(KnownFact):
    """What one place reported for one indicator in one round.

    What was reported stands in the columns of its kind; ``part_numerator`` and
    ``part_denominator`` are the additive parts made from it by ``rules.scoring.contribution`` and
    are all that a roll-up reads. not_applicable: the indicator does not apply here; no parts.
    stands_until: when an approved or locked revision stopped counting, which is not when the next
    revision was written: see ``rules.approval``.
    """

    framework = models.ForeignKey(Framework, models.PROTECT, related_name="+")
    round = models.ForeignKey(Round, models.PROTECT, related_name="results")
    indicator_code = models.CharField(max_length=16)
    place = models.ForeignKey(Place, models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, choices=ResultState)
    not_applicable = models.BooleanField(default=False)

    numerator = models.DecimalField(max_digits=28, decimal_places=10, null=True)
    denominator = models.DecimalField(max_digits=28, decimal_places=10, null=True)
    steps = ArrayField(models.PositiveSmallIntegerField(), null=True)  # milestone: steps done
    self_score = models.DecimalField(max_digits=5, decimal_places=4, null=True)
    checked_score = models.DecimalField(max_digits=5, decimal_places=4, null=True)
    narrative = models.TextField(blank=True)

    part_numerator = models.DecimalField(max_digits=28, decimal_places=10, null=True)
    part_denominator = models.DecimalField(max_digits=28, decimal_places=10, null=True)

    version = models.ForeignKey(Version, models.PROTECT, related_name="+")  # reported under
    by = models.CharField(max_length=64)
    post = models.CharField(max_length=200, blank=True)
    source = models.CharField(max_length=300)  # "form", "import:12 มิติ1!F7", "cgd:2026-07-10 …"
    stands_until = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["round", "place", "indicator_code"],
                include=["part_numerator", "part_denominator"],
                condition=Q(state__in=["approved", "locked"], stands_until__isnull=True),
                name="result_standing",
            ),
            models.Index(
                fields=["round", "place", "indicator_code"],
                include=["part_numerator", "part_denominator", "state"],
                condition=Q(superseded_at__isnull=True),
                name="result_current",
            ),
            models.Index(fields=["round", "known_at"]),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["round", "indicator_code", "place"],
                condition=Q(superseded_at__isnull=True),
                name="one_current_result",
            ),
            models.UniqueConstraint(
                fields=["round", "indicator_code", "place"],
                condition=Q(state__in=["approved", "locked"], stands_until__isnull=True),
                name="one_standing_result",
            ),
            models.UniqueConstraint(
                fields=["round", "indicator_code", "place", "revision"],
                name="result_revision_once",
            ),
            models.CheckConstraint(
                name="result_has_parts_or_a_reason",
                condition=Q(not_applicable=True, part_numerator__isnull=True)
                | Q(not_applicable=False, part_numerator__isnull=False)
                | Q(state__in=["draft", "returned"]),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.round_id}/{self.indicator_code}/{self.place_id} r{self.revision}"


@pghistory.track()
class EntryConflict(models.Model):
    """Two people wrote the same result at once: what the second wrote, and what stood by then.

    Kept whatever the second person chose: choice "" while they have not.
    """

    class Choice(models.TextChoices):
        MINE = "mine", _("Took the own figures")
        THEIRS = "theirs", _("Left the other person's figures")

    round = models.ForeignKey(Round, models.PROTECT, related_name="+")
    place = models.ForeignKey(Place, models.PROTECT, related_name="+")
    indicator_code = models.CharField(max_length=16)
    based_on = models.PositiveIntegerField()  # the revision that the second person had before them
    found = models.PositiveIntegerField()  # the revision that stood
    proposed = models.JSONField()  # the figures of the second person, by field
    by = models.CharField(max_length=64)
    at = models.DateTimeField()
    choice = models.CharField(max_length=6, choices=Choice, blank=True)
    chosen_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["round", "place", "indicator_code"])]

    def __str__(self) -> str:
        return f"{self.round_id}/{self.indicator_code}/{self.place_id} {self.at:%Y-%m-%d}"


class FactChange(models.Model):
    """A score somewhere may be out of date: written in the same transaction as the fact.

    The materialising job deletes, in the transaction that writes its scores, exactly the changes
    that its snapshot saw. So a score is current if and only if no change touches its unit, and
    writers never wait for each other.
    """

    round = models.ForeignKey(Round, models.CASCADE, related_name="+")
    # code of the place whose fact changed, key of the group whose members did; "" = all units
    unit = models.CharField(max_length=60)
    at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(
                name="fact_change_unit",
                fields=["round", "unit"],
                opclasses=["int8_ops", "varchar_pattern_ops"],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.round_id}/{self.unit}"


class Basis(models.TextChoices):
    """Which results count."""

    APPROVED = "approved", _("Approved results only")
    ALL = "all", _("Including results not yet approved")


class Score(models.Model):
    """The materialised score of one unit (place code or group key) in one round.

    parts: {indicator code: [numerator, denominator or null, reported, expected]} as strings and
    whole numbers: enough to rebuild the whole explanation without reading a result.
    dimensions: [[code, score or null, stars or null, completeness]] for tables and maps.
    """

    round = models.ForeignKey(Round, models.CASCADE, related_name="scores")
    version = models.ForeignKey(Version, models.PROTECT, related_name="+")
    basis = models.CharField(max_length=8, choices=Basis)
    unit = models.CharField(max_length=60)
    level = models.CharField(max_length=12)  # a place level or a group kind
    score = models.DecimalField(max_digits=5, decimal_places=4, null=True)
    stars = models.PositiveSmallIntegerField(null=True)
    completeness = models.DecimalField(max_digits=7, decimal_places=4)
    dimensions = models.JSONField()
    parts = models.JSONField()
    stamp = models.CharField(max_length=64)  # version digest + snapshot of facts it stands on
    computed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["round", "basis", "unit"], name="one_score_per_unit"),
        ]
        indexes = [models.Index(fields=["round", "basis", "level"])]

    def __str__(self) -> str:
        return f"{self.round_id}/{self.unit} {self.score}"


class ResultImport(models.Model):
    """One uploaded workbook or CSV of results: dry run first, written whole or not at all."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        READING = "reading", _("Reading")
        READ = "read", _("Read, nothing written yet")
        ACCEPTING = "accepting", _("Writing")
        ACCEPTED = "accepted", _("Accepted")
        REFUSED = "refused", _("Refused")

    round = models.ForeignKey(Round, models.PROTECT, related_name="+")
    scope = models.CharField(max_length=60)  # place the importer answers for
    file = models.FileField(upload_to="result-imports/")
    file_name = models.CharField(max_length=255)
    sha256 = models.CharField(max_length=64)
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    progress = models.PositiveSmallIntegerField(default=0)  # per cent
    report = models.JSONField(default=dict)  # counts, findings by sheet and cell
    by = models.CharField(max_length=64)
    post = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return self.file_name


class QualityKind(models.TextChoices):
    """Ways in which figures can be unusual: the kinds of ``rules.quality.asking``."""

    OUTLIER = "outlier", _("Far from the own past or from others")
    DIGITS = "digits", _("Last digits")
    COPIED = "copied", _("Same as the last round")
    NEIGHBOUR = "neighbour", _("Same as another office")
    CUTOFF = "cutoff", _("Just over the cut-off")
    LATE_EDITS = "late_edits", _("Changed together before closing")


class QualityLook(models.Model):
    """One look at all figures of a round. Append-only.

    results_at: the newest result that was seen. looks: [[kind, looked at, asked]].
    """

    round = models.ForeignKey(Round, models.CASCADE, related_name="+")
    results_at = models.DateTimeField()
    rounds = models.PositiveSmallIntegerField()  # how many rounds of the past, this one included
    places = models.PositiveIntegerField()
    figures = models.PositiveIntegerField()
    looks = models.JSONField()
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["round", "-at"])]
        triggers = [pgtrigger.Protect(name="never_changed", operation=pgtrigger.Update)]

    def __str__(self) -> str:
        return f"{self.round_id} {self.at:%Y-%m-%d}"


class QualityQuestion(KnownFact):
    """What is asked of one place about its figures in a round: a question, never a verdict.

    indicator_code: "" where it is about several figures. figures: [[indicator code, words]].
    chance: how often an honest office would look like this, by its peers. other: the place whose
    figures these equal. Superseded when the figures that raised it have changed.
    """

    class Strength(models.TextChoices):
        STRONG = "strong", _("Stands out clearly")
        FAIR = "fair", _("Stands out")

    round = models.ForeignKey(Round, models.CASCADE, related_name="+")
    place = models.ForeignKey(Place, models.PROTECT, related_name="+")
    indicator_code = models.CharField(max_length=16, blank=True)
    kind = models.CharField(max_length=10, choices=QualityKind)
    strength = models.CharField(max_length=6, choices=Strength)
    chance = models.FloatField()
    reason_th = models.TextField()
    figures = models.JSONField()
    other = models.CharField(max_length=10, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["round", "place", "kind", "indicator_code"],
                condition=Q(superseded_at__isnull=True),
                name="one_current_question",
            ),
        ]
        indexes = [models.Index(fields=["round", "place"])]

    def __str__(self) -> str:
        return f"{self.round_id}/{self.place_id} {self.kind}"


@pghistory.track()
class QualityAnswer(models.Model):
    """What the office says to a question. Append-only; a question that is answered stays in sight."""

    class Choice(models.TextChoices):
        CONFIRMED = "confirmed", _("The figures are right")
        CORRECTED = "corrected", _("Corrected, or about to be")

    question = models.ForeignKey(QualityQuestion, models.PROTECT, related_name="answers")
    choice = models.CharField(max_length=9, choices=Choice)
    words = models.TextField()
    by = models.CharField(max_length=64)
    post = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField()

    class Meta:
        triggers = [
            pgtrigger.Protect(name="never_changed", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    def __str__(self) -> str:
        return f"{self.question_id} {self.choice}"


class TargetSplit(models.Model):
    """One target of one place handed down to the places below it, in one act; append-only.

    What is handed down anew (mid-year) is a new split with its reason, and ends the one before.
    carried: a rate is carried, not split (``rules.cascade``); then together is what the parts reach,
    weighted by their bases. base_th: what the bases are, in words.
    """

    class Method(models.TextChoices):
        EQUAL = "equal", _("The same for all")
        BASE = "base", _("By base")
        LAST = "last", _("By last result")
        HAND = "hand", _("By hand")

    framework = models.ForeignKey(Framework, models.PROTECT, related_name="+")
    indicator_code = models.CharField(max_length=16)
    place = models.ForeignKey(Place, models.PROTECT, related_name="+")
    level = models.CharField(max_length=10)  # of the receivers
    method = models.CharField(max_length=5, choices=Method)
    carried = models.BooleanField()
    whole = models.DecimalField(max_digits=20, decimal_places=4)
    together = models.DecimalField(max_digits=20, decimal_places=4)
    base_th = models.CharField(max_length=120, blank=True)
    reason = models.CharField(max_length=500, blank=True)
    by = models.CharField(max_length=64)
    sent_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["framework", "indicator_code", "place"],
                condition=Q(ended_at__isnull=True),
                name="one_current_split",
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete),
            pgtrigger.ReadOnly(name="only_ended", exclude=["ended_at"]),
        ]

    def __str__(self) -> str:
        return f"{self.indicator_code} {self.place_id} → {self.level}"


class TargetPart(models.Model):
    """What one place got of a split; append-only."""

    # Found by split through the constraint.
    split = models.ForeignKey(TargetSplit, models.PROTECT, related_name="parts", db_index=False)
    place = models.ForeignKey(Place, models.PROTECT, related_name="+", db_index=False)
    value = models.DecimalField(max_digits=20, decimal_places=4)
    base = models.DecimalField(max_digits=28, decimal_places=4, null=True)
    last = models.DecimalField(max_digits=28, decimal_places=4, null=True)
    locked = models.BooleanField(default=False)

    class Meta:
        indexes = [
            models.Index(
                name="target_part_place_prefix",
                fields=["place"],
                opclasses=["varchar_pattern_ops"],
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["split", "place"], name="one_part_of_a_split"),
        ]
        triggers = [
            pgtrigger.Protect(name="never_changed", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    def __str__(self) -> str:
        return f"{self.place_id} ← {self.value}"


class TargetAnswer(models.Model):
    """What a receiver said of its part: acknowledged, or objected with a reason; append-only.

    A part that is handed down anew unchanged keeps its answer: the answer is copied, with its day.
    """

    class Answer(models.TextChoices):
        ACKNOWLEDGED = "acknowledged", _("Acknowledged")
        OBJECTED = "objected", _("Objected")

    part = models.ForeignKey(TargetPart, models.PROTECT, related_name="answers")
    answer = models.CharField(max_length=12, choices=Answer)
    reason = models.CharField(max_length=500, blank=True)
    by = models.CharField(max_length=64)
    answered_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["part"], condition=Q(ended_at__isnull=True), name="one_current_answer"
            ),
            models.CheckConstraint(
                condition=~Q(answer="objected", reason=""), name="objection_has_a_reason"
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete),
            pgtrigger.ReadOnly(name="only_ended", exclude=["ended_at"]),
        ]

    def __str__(self) -> str:
        return f"{self.part_id}: {self.answer}"


REFUSE_CHANGE = [
    pgtrigger.Protect(name="refuse_change", operation=pgtrigger.Update | pgtrigger.Delete),
]


class ReportSeries(models.Model):
    """The running numbers of an office's issued reports in one Buddhist calendar year."""

    office = models.ForeignKey(Office, models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["office", "year"], name="one_series_a_year"),
        ]

    def __str__(self) -> str:
        return f"{self.office_id} {self.year}: {self.last}"


class IssuedReport(models.Model):
    """What an office said of a place in a round: numbered, signed, kept byte for byte, never changed.

    All figures follow from history as it was known at ``known_at``; who signed, the number and the
    reason stand in the columns. body: canonical JSON; paper: the PDF made from that JSON alone.
    """

    place = models.ForeignKey(Place, models.PROTECT, related_name="+")
    round = models.ForeignKey(Round, models.PROTECT, related_name="+")
    edition = models.PositiveSmallIntegerField()  # of this place and round, from 1
    office = models.ForeignKey(Office, models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField()  # Buddhist calendar year of the number
    running = models.PositiveIntegerField()
    number = models.CharField(max_length=120)
    known_at = models.DateTimeField()
    by = models.CharField(max_length=64)
    by_name = models.CharField(max_length=200)
    post = models.CharField(max_length=200)  # as the ledger writes it
    post_title = models.CharField(max_length=200)
    office_name = models.CharField(max_length=200)
    supersedes = models.OneToOneField("self", models.PROTECT, null=True, related_name="+")
    reason = models.CharField(max_length=500, blank=True)
    demonstration = models.BooleanField(default=False)
    form = models.PositiveSmallIntegerField()  # of the body, see rules.report
    body = models.BinaryField()
    body_sha256 = models.CharField(max_length=64, db_index=True)
    paper = models.BinaryField()
    paper_sha256 = models.CharField(max_length=64, db_index=True)
    made_with = models.CharField(max_length=120)  # what the paper was set with

    class Meta:
        indexes = [models.Index(fields=["place", "-known_at"]), models.Index(fields=["number"])]
        constraints = [
            models.UniqueConstraint(
                fields=["office", "year", "running"], name="report_number_once"
            ),
            models.UniqueConstraint(
                fields=["place", "round", "edition"], name="report_edition_once"
            ),
            models.CheckConstraint(
                name="report_follows_another_for_a_reason",
                condition=Q(edition=1, supersedes__isnull=True)
                | (Q(edition__gt=1, supersedes__isnull=False) & ~Q(reason="")),
            ),
        ]
        triggers = REFUSE_CHANGE

    def __str__(self) -> str:
        return self.number
