"""Assistance cases: the file of one application, its clocks, visits, opinions and letters."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from backend.core.fields import EncryptedJSONField, EncryptedTextField
from backend.core.models import Leased, new_id
from backend.people.models import Contact, Resident
from backend.places.models import Area


class Benefit(models.TextChoices):
    """What is applied for through a case file; the names are those of the rules."""

    DIBAO = "dibao", _("subsistence allowance")
    DIBAO_EDGE = "dibao_edge", _("recognition as a low-income edge family")
    RIGID_SPENDING = "rigid_spending", _("recognition of hardship by unavoidable spending")
    TEKUN = "tekun", _("support for people in extreme poverty")


class State(models.TextChoices):
    """Where a case stands."""

    INTAKE = "intake", _("papers are looked through")
    INCOMPLETE = "incomplete", _("papers are missing")
    CHECKING = "checking", _("data are checked")
    VISITING = "visiting", _("home visit")
    OPINION = "opinion", _("opinion is written")
    NOTICE = "notice", _("public notice")
    CONFIRMING = "confirming", _("before the county")
    LETTER = "letter", _("letter is to be issued")
    IN_FORCE = "in_force", _("granted")
    REVIEW = "review", _("review")
    APPEAL = "appeal", _("appeal")
    REFUSED = "refused", _("refused")
    STOPPED = "stopped", _("stopped")
    WITHDRAWN = "withdrawn", _("withdrawn")


CLOSED = (State.REFUSED, State.STOPPED, State.WITHDRAWN)
GRANTED = (State.IN_FORCE, State.REVIEW)


class AssistanceCase(models.Model):
    """The file of one application of one household for one benefit."""

    class Channel(models.TextChoices):
        """Through whom the application came."""

        OFFICER = "officer", _("at the counter")
        RESIDENT = "resident", _("by themselves")
        FAMILY = "family", _("by their family")

    Benefit, State = Benefit, State

    id = models.UUIDField(primary_key=True, default=new_id)
    number = models.CharField(max_length=20, unique=True)
    resident = models.ForeignKey(Resident, models.PROTECT, related_name="assistance_cases")
    area = models.ForeignKey(Area, models.PROTECT, related_name="+")
    benefit = models.CharField(max_length=20, choices=Benefit.choices)
    state = models.CharField(max_length=12, choices=State.choices, default=State.INTAKE)
    channel = models.CharField(max_length=8, choices=Channel.choices, default=Channel.OFFICER)
    applied_by_contact = models.ForeignKey(Contact, models.SET_NULL, null=True, related_name="+")
    household_size = models.PositiveSmallIntegerField(default=1)
    procedure = models.JSONField(default=dict)
    """The limits as they stood when the case was opened (`cases.procedures`)."""
    is_special = models.BooleanField(default=False)
    """Whether the longer limit holds, with the reason in the history."""
    is_delegated = models.BooleanField(default=False)
    """Whether the street confirms itself."""
    relative_of_staff = models.CharField(max_length=120, blank=True)
    """Whose near relative the family is; the county must then visit the home itself."""
    opened_at = models.DateTimeField()
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    """Who entered it; null where the applicant did."""
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    accepted_at = models.DateTimeField(null=True)
    told_missing_at = models.DateTimeField(null=True)
    """When the one list of all that is missing was sent."""
    authorised_at = models.DateTimeField(null=True)
    authorised_by = models.CharField(max_length=80, blank=True)
    """Who allowed the data checks: "resident:<uuid>" or "contact:<uuid>"."""
    data_conforms = models.BooleanField(null=True)
    decided_at = models.DateTimeField(null=True)
    entitled_from = models.DateField(null=True)
    entitled_until = models.DateField(null=True)
    amount_fen = models.BigIntegerField(null=True)
    """A month."""
    review_months = models.PositiveSmallIntegerField(default=12)
    state_before_appeal = models.CharField(max_length=12, blank=True)
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["resident", "benefit"],
                condition=~Q(state__in=("refused", "stopped", "withdrawn")),
                name="case_open_once",
            ),
            models.CheckConstraint(
                condition=Q(state__in=("intake", "incomplete", "withdrawn"))
                | Q(accepted_at__isnull=False, authorised_at__isnull=False),
                name="case_goes_on_only_accepted_and_authorised",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=("in_force", "review"))
                | Q(decided_at__isnull=False, entitled_from__isnull=False),
                name="case_in_force_only_decided",
            ),
        ]
        indexes = [models.Index(fields=["area", "state"], name="case_board")]

    def __str__(self) -> str:
        return self.number

    @property
    def reference(self) -> str:
        """How journal and deliveries name it."""
        return f"case:{self.pk}"

    @property
    def is_closed(self) -> bool:
        """Whether nothing more is to be done."""
        return self.state in CLOSED


class CaseEvent(models.Model):
    """One thing that happened with a case; only ever appended."""

    case = models.ForeignKey(AssistanceCase, models.CASCADE, related_name="events")
    at = models.DateTimeField()
    event = models.CharField(max_length=24)
    source = models.CharField(max_length=12, blank=True)
    target = models.CharField(max_length=12)
    by = models.CharField(max_length=80)
    by_name = models.CharField(max_length=60, blank=True)
    note = EncryptedTextField(blank=True)

    class Meta:
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"{self.event} {self.at}"


class CaseDocument(models.Model):
    """A paper of the checklist: there, fetched from a platform, or still missing."""

    case = models.ForeignKey(AssistanceCase, models.CASCADE, related_name="documents")
    kind = models.CharField(max_length=30)
    is_fetched = models.BooleanField(default=False)
    """Whether a government platform holds it, so that nobody is asked for it (art. 10)."""
    received_at = models.DateTimeField(null=True)
    received_by = models.CharField(max_length=80, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "kind"], name="case_document_once")]
        ordering = ["case", "pk"]

    def __str__(self) -> str:
        return self.kind


class CaseNote(models.Model):
    """Evidence and remarks, with who wrote them."""

    case = models.ForeignKey(AssistanceCase, models.CASCADE, related_name="notes")
    text = EncryptedTextField()
    at = models.DateTimeField()
    by = models.CharField(max_length=80)
    by_name = models.CharField(max_length=60, blank=True)

    class Meta:
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return str(self.at)


class Deadline(Leased):
    """One clock of a case; `due_at` is when it next asks for something, not its last day.

    `ends_on` is the day `days_left` working or calendar days after `counted_from`; a pause keeps
    what is left, and counting begins anew on the day it ends.
    """

    class Unit(models.TextChoices):
        WORKING = "working", _("working days")
        CALENDAR = "calendar", _("calendar days")

    case = models.ForeignKey(AssistanceCase, models.CASCADE, related_name="deadlines")
    kind = models.CharField(max_length=16)
    """A `cases.machine.Clock`."""
    unit = models.CharField(max_length=8, choices=Unit.choices)
    days = models.PositiveSmallIntegerField()
    """As the rule says, extensions included."""
    article = models.CharField(max_length=120, blank=True)
    started_at = models.DateTimeField()
    counted_from = models.DateField()
    days_left = models.PositiveSmallIntegerField()
    ends_on = models.DateField()
    ends_at = models.DateTimeField()
    """The midnight after the last day."""
    paused_at = models.DateTimeField(null=True)
    pause_reason = EncryptedTextField(max_length=200, blank=True)
    extension_reason = EncryptedTextField(max_length=200, blank=True)
    stage = models.PositiveSmallIntegerField(default=0)
    """How many reminders and climbs there were."""
    stopped_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case", "kind"],
                condition=Q(stopped_at=None),
                name="deadline_runs_once",
            ),
            models.CheckConstraint(
                condition=Q(paused_at=None) | ~Q(pause_reason=""),
                name="deadline_paused_with_reason",
            ),
            models.CheckConstraint(
                condition=Q(stopped_at__isnull=False)
                | Q(paused_at__isnull=False)
                | Q(due_at__isnull=False),
                name="deadline_that_runs_is_due",
            ),
        ]
        indexes = [
            models.Index(fields=["due_at"], condition=Q(due_at__isnull=False), name="deadline_due"),
            models.Index(fields=["ends_on"], condition=Q(stopped_at=None), name="deadline_open"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.ends_on}"


class DeadlineStep(models.Model):
    """One reminder or climb of a deadline, and whom it reached."""

    deadline = models.ForeignKey(Deadline, models.CASCADE, related_name="steps")
    stage = models.PositiveSmallIntegerField()
    level = models.CharField(max_length=10)
    """A `cases.climbing.Rung`."""
    is_overdue = models.BooleanField(default=False)
    person = models.CharField(max_length=80, blank=True)
    person_name = models.CharField(max_length=60, blank=True)
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"{self.stage} {self.level}"


class HomeVisit(models.Model):
    """A visit to the applicant's home by at least two of the staff.

    Source: 民发〔2021〕57号, article 16: two investigators or more, signed by both sides; by
    telephone or video only in a major emergency.
    """

    class Way(models.TextChoices):
        HOME = "home", _("visit at home")
        PHONE = "phone", _("by telephone")
        VIDEO = "video", _("by video")

    id = models.UUIDField(primary_key=True, default=new_id)
    case = models.ForeignKey(AssistanceCase, models.CASCADE, related_name="home_visits")
    is_county = models.BooleanField(default=False)
    way = models.CharField(max_length=6, choices=Way.choices, default=Way.HOME)
    way_reason = EncryptedTextField(max_length=200, blank=True)
    """Why not at home."""
    planned_at = models.DateTimeField()
    household_size = models.PositiveSmallIntegerField(null=True)
    findings = EncryptedTextField(blank=True)
    household_signed_by = models.CharField(max_length=60, blank=True)
    household_signed_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(way="home") | ~Q(way_reason=""), name="visit_from_afar_with_reason"
            ),
            models.CheckConstraint(
                condition=Q(done_at=None)
                | (Q(household_signed_at__isnull=False) & ~Q(household_signed_by="")),
                name="visit_done_only_signed_by_the_household",
            ),
        ]
        ordering = ["planned_at", "pk"]

    def __str__(self) -> str:
        return f"{self.way} {self.planned_at}"


class VisitStaff(models.Model):
    """One of those who visit, and when and where they signed."""

    visit = models.ForeignKey(HomeVisit, models.CASCADE, related_name="staff")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    signed_at = models.DateTimeField(null=True)
    lat = models.FloatField(null=True)
    lon = models.FloatField(null=True)
    """WGS-84, as their telephone said when they signed."""

    class Meta:
        constraints = [models.UniqueConstraint(fields=["visit", "user"], name="visit_staff_once")]
        ordering = ["pk"]

    def __str__(self) -> str:
        return str(self.user_id)


class Opinion(models.Model):
    """What is proposed, by whom; another person confirms or returns it."""

    class Kind(models.TextChoices):
        GRANT = "grant", _("grant")
        REFUSE = "refuse", _("refuse")
        CUT = "cut", _("change the amount")
        STOP = "stop", _("stop")

    class Outcome(models.TextChoices):
        CONFIRMED = "confirmed", _("confirmed")
        RETURNED = "returned", _("returned")
        DROPPED = "dropped", _("dropped")

    case = models.ForeignKey(AssistanceCase, models.CASCADE, related_name="opinions")
    kind = models.CharField(max_length=6, choices=Kind.choices)
    household_size = models.PositiveSmallIntegerField()
    amount_fen = models.BigIntegerField(null=True)
    grounds = ArrayField(models.CharField(max_length=40), default=list)
    """Codes of `cases.grounds`."""
    articles = ArrayField(models.CharField(max_length=120), default=list)
    note = EncryptedTextField(blank=True)
    verdict = EncryptedJSONField(default=dict)
    """What the rules said when it was written (`cases.verdicts`)."""
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    written_at = models.DateTimeField()
    outcome = models.CharField(max_length=10, choices=Outcome.choices, blank=True)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    confirmed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case"], condition=Q(outcome=""), name="opinion_open_once"
            ),
            models.CheckConstraint(
                condition=Q(kind="grant") | Q(articles__len__gte=1),
                name="refusal_names_an_article",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_by=None)
                | (
                    ~Q(confirmed_by=F("written_by"))
                    & (Q(entered_by=None) | ~Q(confirmed_by=F("entered_by")))
                ),
                name="nobody_confirms_their_own_entry",
            ),
            models.CheckConstraint(
                condition=Q(outcome__in=("", "dropped"), confirmed_by=None)
                | Q(outcome__in=("confirmed", "returned"), confirmed_by__isnull=False),
                name="an_outcome_has_somebody",
            ),
        ]
        ordering = ["written_at", "pk"]

    def __str__(self) -> str:
        return f"{self.kind} {self.outcome}"


class PublicNotice(models.Model):
    """A proposal shown to everybody for some days: name, size and amount, and nothing else.

    Source: 民发〔2021〕57号, articles 19 and 24. What is over is not shown, whether or not anybody
    takes it down.
    """

    case = models.ForeignKey(AssistanceCase, models.CASCADE, related_name="notices")
    area = models.ForeignKey(Area, models.PROTECT, related_name="+")
    name = models.CharField(max_length=60)
    household_size = models.PositiveSmallIntegerField()
    amount_fen = models.BigIntegerField(null=True)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    taken_down_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["ends_at"], name="notice_shown")]
        ordering = ["-starts_at", "pk"]

    def __str__(self) -> str:
        return str(self.starts_at)


class Letter(models.Model):
    """A written decision with its number, and the code by which anybody can check it."""

    case = models.ForeignKey(AssistanceCase, models.CASCADE, related_name="letters")
    opinion = models.OneToOneField(Opinion, models.PROTECT, related_name="letter")
    number = models.CharField(max_length=40, unique=True)
    code = models.CharField(max_length=32, unique=True)
    issued_at = models.DateTimeField()
    issued_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    seal = models.CharField(max_length=200, blank=True)
    """What the seal service gave back for this letter (`cases.letters`)."""

    class Meta:
        ordering = ["issued_at", "pk"]

    def __str__(self) -> str:
        return self.number


class Serial(models.Model):
    """The last number given in a series, such as the letters of a district in a year."""

    name = models.CharField(max_length=60, primary_key=True)
    last = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.name} {self.last}"


class StaffRelative(models.Model):
    """The register of applicants who are near relatives of staff. Source: art. 11."""

    resident = models.ForeignKey(Resident, models.CASCADE, related_name="+")
    staff = models.CharField(max_length=120)
    recorded_at = models.DateTimeField()
    recorded_by = models.CharField(max_length=80)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["resident", "staff"], name="staff_relative_once")
        ]

    def __str__(self) -> str:
        return self.staff
