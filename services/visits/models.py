"""Care plans, the visits they make, who goes, and the proof that somebody was there."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from backend.core.fields import BlindIndexField, EncryptedJSONField, EncryptedTextField
from backend.core.models import Leased, new_id
from backend.core.recurrence import Recurrence
from backend.people.models import Caregiver, Contact, Household, Resident
from backend.places.models import Area, Datum


class Service(models.TextChoices):
    """What is done at a visit.

    Source: GB/T 43153-2023 "Basic specification for home-based elderly care at home services":
    daily life, meals, bathing, cleaning, health, errands, company.
    """

    BATHING = "bathing", _("bathing")
    MEALS = "meals", _("meals")
    CLEANING = "cleaning", _("cleaning")
    PERSONAL_CARE = "personal_care", _("personal care")
    NURSING = "nursing", _("nursing")
    MEDICINE = "medicine", _("medicines")
    REHABILITATION = "rehabilitation", _("rehabilitation")
    ERRANDS = "errands", _("errands")
    ESCORT = "escort", _("company to the doctor")
    COMPANY = "company", _("company")
    WELFARE = "welfare", _("welfare visit")


class Priority(models.IntegerChoices):
    """Who waits when somebody must: the lower first."""

    LOW = 0, _("may wait")
    ORDINARY = 1, _("usual")
    HIGH = 2, _("should be on time")
    CRITICAL = 3, _("cannot wait")


class CarePlan(Leased):
    """What somebody is owed at home: what, how often, by whom; visits are made from it.

    Leased: due when its visits must be made further ahead.
    """

    id = models.UUIDField(primary_key=True, default=new_id)
    resident = models.ForeignKey(Resident, models.PROTECT, related_name="care_plans")
    service = models.CharField(max_length=16, choices=Service.choices)
    tasks = EncryptedJSONField(default=list, blank=True)
    """What is to be done, in the order in which it is ticked off; may speak of health."""
    instructions = EncryptedTextField(blank=True)
    """What whoever goes has to know; may speak of health."""
    duration_min = models.PositiveSmallIntegerField()
    skills = ArrayField(models.CharField(max_length=30), default=list, blank=True)
    """Each of those who go has all of these (`Caregiver.skills`)."""
    carers_needed = models.PositiveSmallIntegerField(default=1)
    rule = models.CharField(max_length=200)
    """On which days, RFC 5545: "FREQ=WEEKLY;BYDAY=MO,TH"."""
    except_on = ArrayField(models.DateField(), default=list, blank=True)
    at = models.TimeField()
    """The earliest hour at which it may begin, on the clock of the resident's wall."""
    window_min = models.PositiveSmallIntegerField(default=30)
    """For how many minutes from then it may begin."""
    zone = models.CharField(max_length=40, default="Asia/Shanghai")
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)
    """The last day on which it may fall."""
    priority = models.PositiveSmallIntegerField(choices=Priority.choices, default=Priority.ORDINARY)
    preferred = models.ManyToManyField(Caregiver, related_name="+", blank=True)
    refused = models.ManyToManyField(Caregiver, related_name="+", blank=True)
    """Never sent: the resident, or the carer, said so."""
    made_until = models.DateField(null=True)
    """The last day whose visits were made."""
    version = models.PositiveIntegerField(default=1)
    drill = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    created_by = models.CharField(max_length=80)
    ended_at = models.DateTimeField(null=True)
    end_reason = EncryptedTextField(max_length=120, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(carers_needed__in=(1, 2)), name="care_plan_one_or_two_carers"
            ),
            models.CheckConstraint(
                condition=Q(duration_min__gte=5, duration_min__lte=720),
                name="care_plan_duration_of_a_day",
            ),
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")),
                name="care_plan_ends_after_start",
            ),
        ]
        indexes = [
            models.Index(
                fields=["due_at"], condition=Q(due_at__isnull=False), name="care_plan_due"
            ),
            models.Index(fields=["resident", "ended_at"], name="care_plan_resident"),
        ]

    def __str__(self) -> str:
        return f"{self.service} {self.rule}"

    @property
    def reference(self) -> str:
        """How journal and audit name it."""
        return f"care_plan:{self.pk}"

    @property
    def recurrence(self) -> Recurrence:
        """On which days, and when on these."""
        return Recurrence(
            rule=self.rule,
            starts_on=self.starts_on,
            at=self.at,
            zone=ZoneInfo(self.zone),
            ends_on=self.ends_on,
            except_on=frozenset(self.except_on),
        )

    @property
    def until(self) -> time:
        """The latest hour at which it may begin."""
        begin = datetime.combine(self.starts_on, self.at)
        return (begin + timedelta(minutes=self.window_min)).time()


class Visit(Leased):
    """One visit at one home on one day; what was planned is kept beside what happened.

    Leased: due when its clock says something next: nobody goes, late, missed.
    """

    class State(models.TextChoices):
        PLANNED = "planned", _("planned")
        ASSIGNED = "assigned", _("assigned")
        IN_PROGRESS = "in_progress", _("under way")
        DONE = "done", _("done")
        MISSED = "missed", pgettext_lazy("a visit", "missed")
        CANCELLED = "cancelled", _("cancelled")

    class CancelReason(models.TextChoices):
        ASKED = "asked", _("the resident or their family asked")
        HOSPITAL = "hospital", _("in hospital")
        AWAY = "away", _("away")
        MOVED = "moved", _("moved away")
        DIED = "died", _("died")
        PLAN = "plan", _("the plan was changed or ended")
        STAFF = "staff", _("nobody could go")
        OTHER = "other", _("another reason")

    class Unserved(models.TextChoices):
        """Why nobody, or too few, go."""

        NOT_PLANNED = "not_planned", _("not planned yet")
        NO_SKILL = "no_skill", _("nobody on duty has the skill")
        NO_TIME = "no_time", _("nobody is free at that time")
        REFUSED = "refused", _("those who could are not wanted")
        ABSENT = "absent", _("the carer is absent")
        CALL = "call", _("the carer went to a call for help")
        NO_PLACE = "no_place", _("the home has no position")

    OPEN = (State.PLANNED, State.ASSIGNED)
    """Nothing has happened yet."""
    PAUSES = (CancelReason.HOSPITAL, CancelReason.AWAY)
    """Cancelled because nobody is at home; taken up again when they are."""

    id = models.UUIDField(primary_key=True, default=new_id)
    plan = models.ForeignKey(CarePlan, models.PROTECT, null=True, related_name="visits")
    """Empty for a visit of its own."""
    occurs_on = models.DateField()
    """The plan's day that it stands for; stays when it is moved."""
    resident = models.ForeignKey(Resident, models.PROTECT, related_name="visits")
    area = models.ForeignKey(Area, models.PROTECT, related_name="+")
    cause = models.CharField(max_length=80, blank=True)
    """What asked for a visit of its own, as text ("order:<uuid>"), never a key upward."""
    service = models.CharField(max_length=16, choices=Service.choices)
    tasks = EncryptedJSONField(default=list, blank=True)
    duration_min = models.PositiveSmallIntegerField()
    skills = ArrayField(models.CharField(max_length=30), default=list, blank=True)
    carers_needed = models.PositiveSmallIntegerField(default=1)
    priority = models.PositiveSmallIntegerField(choices=Priority.choices, default=Priority.ORDINARY)
    day = models.DateField()
    """On the clock of the resident's wall."""
    window_starts_at = models.DateTimeField()
    window_ends_at = models.DateTimeField()
    """It begins between these two."""
    planned_at = models.DateTimeField(null=True)
    """When the accepted plan of the day lets it begin."""
    state = models.CharField(max_length=12, choices=State.choices, default=State.PLANNED)
    carers: "models.ManyToManyField[Caregiver, VisitCarer]" = models.ManyToManyField(
        Caregiver, through="VisitCarer", related_name="visits"
    )
    touched_by_person = models.BooleanField(default=False)
    """Somebody decided about this one: plans and planners leave it as it is."""
    unserved = models.CharField(max_length=12, choices=Unserved.choices, blank=True)
    """Why too few go; "" while enough do."""
    unstaffed_since = models.DateTimeField(null=True)
    """Alerted because too few go."""
    late_since = models.DateTimeField(null=True)
    missed_at = models.DateTimeField(null=True)
    started_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    cancel_reason = models.CharField(max_length=10, choices=CancelReason.choices, blank=True)
    wish = EncryptedTextField(max_length=200, blank=True)
    """What the resident or the family asked for instead; "" once it was answered."""
    wished_by = models.CharField(max_length=80, blank=True)
    drill = models.BooleanField(default=False)
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["plan", "occurs_on"], name="visit_once_a_plan_and_day"),
            models.CheckConstraint(
                condition=Q(window_ends_at__gte=F("window_starts_at")),
                name="visit_window_ends_after_start",
            ),
            models.CheckConstraint(
                condition=Q(carers_needed__in=(1, 2)), name="visit_one_or_two_carers"
            ),
            models.CheckConstraint(
                condition=(Q(state="cancelled") & ~Q(cancel_reason=""))
                | (~Q(state="cancelled") & Q(cancel_reason="")),
                name="visit_cancelled_for_a_reason",
            ),
        ]
        indexes = [
            models.Index(fields=["due_at"], condition=Q(due_at__isnull=False), name="visit_due"),
            models.Index(fields=["day", "area"], name="visit_day_board"),
            models.Index(fields=["resident", "window_starts_at"], name="visit_resident"),
        ]

    def __str__(self) -> str:
        return f"{self.service} {self.day} {self.state}"

    @property
    def reference(self) -> str:
        """How journal, audit and deliveries name it."""
        return f"visit:{self.pk}"

    @property
    def expected_at(self) -> datetime:
        """When it is to begin at the latest: as planned, else by the end of its window."""
        return self.planned_at or self.window_ends_at

    @property
    def shown_at(self) -> datetime:
        """The time people are told."""
        return self.planned_at or self.window_starts_at


class VisitCarer(models.Model):
    """A caregiver who goes, or went; a row that was released is kept."""

    visit = models.ForeignKey(Visit, models.CASCADE, related_name="assignments")
    caregiver = models.ForeignKey(Caregiver, models.PROTECT, related_name="assignments")
    assigned_at = models.DateTimeField()
    assigned_by = models.CharField(max_length=80)
    released_at = models.DateTimeField(null=True)
    turned_down = models.BooleanField(default=False)
    """They said that they cannot come: nobody proposes them again for it."""

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["visit", "caregiver"],
                condition=Q(released_at=None),
                name="carer_once_a_visit",
            )
        ]
        indexes = [
            models.Index(fields=["caregiver"], condition=Q(released_at=None), name="carer_visits")
        ]

    def __str__(self) -> str:
        return f"{self.visit_id} {self.caregiver_id}"


class VisitTask(models.Model):
    """What became of one task of a visit; what was written last by the time of the act holds."""

    class Outcome(models.TextChoices):
        DONE = "done", _("done")
        NOT_DONE = "not_done", _("not done")

    class Reason(models.TextChoices):
        """Why a task was not done."""

        REFUSED = "refused", _("the resident did not want it")
        UNWELL = "unwell", _("the resident was unwell")
        NO_TIME = "no_time", _("no time")
        NO_MATERIAL = "no_material", _("something was missing")
        NOT_NEEDED = "not_needed", _("not needed today")
        OTHER = "other", _("another reason")

    CONTEXT = "visit task"

    visit = models.ForeignKey(Visit, models.CASCADE, related_name="task_outcomes")
    task = EncryptedTextField()
    task_index = BlindIndexField(of="task", context=CONTEXT)
    outcome = models.CharField(max_length=10, choices=Outcome.choices)
    reason = models.CharField(max_length=12, choices=Reason.choices, blank=True)
    caregiver = models.ForeignKey(Caregiver, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    """When it was ticked, by the clock of the device."""
    received_at = models.DateTimeField()
    client_key = models.CharField(max_length=80)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["visit", "task_index"], name="task_outcome_once"),
            models.CheckConstraint(
                condition=(Q(outcome="done") & Q(reason=""))
                | (Q(outcome="not_done") & ~Q(reason="")),
                name="task_not_done_for_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.task} {self.outcome}"


class VisitNote(models.Model):
    """What a caregiver wrote about a visit; only ever added."""

    id = models.UUIDField(primary_key=True, default=new_id)
    visit = models.ForeignKey(Visit, models.CASCADE, related_name="notes")
    caregiver = models.ForeignKey(Caregiver, models.PROTECT, null=True, related_name="+")
    by = models.CharField(max_length=80)
    text = EncryptedTextField()
    at = models.DateTimeField()
    received_at = models.DateTimeField()
    client_key = models.CharField(max_length=80)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["by", "client_key"], name="visit_note_once")]
        ordering = ["visit", "at", "pk"]

    def __str__(self) -> str:
        return f"{self.visit_id} {self.at}"


class CheckEvent(models.Model):
    """The proof that somebody came or went: the six facts; only ever added.

    Service, recipient, date, place, worker, start and end. Source: 21st Century Cures Act,
    section 12006(a), electronic visit verification.
    """

    class Kind(models.TextChoices):
        IN = "in", _("arrived")
        OUT = "out", _("left")

    class Method(models.TextChoices):
        GPS = "gps", _("position")
        CODE = "code", _("code of the resident")
        MANUAL = "manual", _("by hand")

    class Reason(models.TextChoices):
        """Why by hand."""

        NO_POSITION = "no_position", _("no position could be found")
        ELSEWHERE = "elsewhere", _("met elsewhere")
        WRONG_CODE = "wrong_code", _("the code did not fit")
        NO_BATTERY = "no_battery", _("telephone empty, written down afterwards")
        FORGOTTEN = "forgotten", _("forgotten, written down afterwards")
        OTHER = "other", _("another reason")

    id = models.UUIDField(primary_key=True, default=new_id)
    visit = models.ForeignKey(Visit, models.PROTECT, related_name="checks")
    kind = models.CharField(max_length=3, choices=Kind.choices)
    service = models.CharField(max_length=16, choices=Service.choices)
    resident = models.ForeignKey(Resident, models.PROTECT, related_name="+")
    household = models.ForeignKey(Household, models.PROTECT, related_name="+")
    """The place as it should be."""
    caregiver = models.ForeignKey(Caregiver, models.PROTECT, related_name="+")
    method = models.CharField(max_length=8, choices=Method.choices)
    reason = models.CharField(max_length=12, choices=Reason.choices, blank=True)
    lat = models.FloatField(null=True)
    lon = models.FloatField(null=True)
    """WGS-84."""
    accuracy_m = models.FloatField(null=True)
    datum = models.CharField(max_length=6, choices=Datum.choices, blank=True)
    """In which the position came."""
    distance_m = models.FloatField(null=True)
    """From the home; empty where either place is unknown."""
    fence_m = models.PositiveIntegerField()
    """The limit that held."""
    is_within_fence = models.BooleanField(null=True)
    device_at = models.DateTimeField()
    """The time of the act, by the device."""
    server_at = models.DateTimeField()
    """When it reached us."""
    offline = models.BooleanField(default=False)
    client_key = models.CharField(max_length=80)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["caregiver", "client_key"], name="check_event_once"),
            models.CheckConstraint(
                condition=(Q(method="manual") & ~Q(reason=""))
                | (~Q(method="manual") & Q(reason="")),
                name="check_by_hand_for_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(lat=None, lon=None) | Q(lat__isnull=False, lon__isnull=False),
                name="check_position_has_both",
            ),
        ]
        indexes = [models.Index(fields=["visit", "kind", "device_at"], name="check_of_visit")]

    def __str__(self) -> str:
        return f"{self.kind} {self.method} {self.device_at}"


class NotComing(models.TextChoices):
    """Why a caregiver gives a visit back; kept in the audit."""

    ILL = "ill", _("I am ill")
    LATE = "late", _("the visit before takes longer")
    WAY = "way", _("I do not get there")
    OTHER = "other", _("another reason")


class HomeFence(models.Model):
    """How far from this home still counts as there: a large estate, a farm, a bad position."""

    household = models.OneToOneField(Household, models.CASCADE, related_name="fence")
    radius_m = models.PositiveIntegerField()
    reason = models.CharField(max_length=120, blank=True)
    set_by = models.CharField(max_length=80)
    set_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(radius_m__gte=20, radius_m__lte=5000), name="fence_of_a_neighbourhood"
            )
        ]

    def __str__(self) -> str:
        return f"{self.radius_m} m"


class Absence(models.Model):
    """From when to when a caregiver cannot go: leave, illness, training."""

    class Reason(models.TextChoices):
        SICK = "sick", _("ill")
        LEAVE = "leave", _("leave")
        TRAINING = "training", _("training")
        OTHER = "other", _("another reason")

    id = models.UUIDField(primary_key=True, default=new_id)
    caregiver = models.ForeignKey(Caregiver, models.CASCADE, related_name="absences")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    reason = models.CharField(max_length=10, choices=Reason.choices)
    recorded_by = models.CharField(max_length=80)
    recorded_at = models.DateTimeField()
    cancelled_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")), name="absence_ends_after_start"
            )
        ]
        indexes = [models.Index(fields=["caregiver", "starts_at"], name="absence_caregiver")]

    def __str__(self) -> str:
        return f"{self.caregiver_id} {self.reason}"


class DayPlan(models.Model):
    """A plan of an area's day: proposed, and accepted by a person or by the limits set."""

    class State(models.TextChoices):
        PROPOSED = "proposed", _("proposed")
        ACCEPTED = "accepted", _("accepted")
        OUTDATED = "outdated", _("outdated")

    id = models.UUIDField(primary_key=True, default=new_id)
    area = models.ForeignKey(Area, models.PROTECT, related_name="+")
    day = models.DateField()
    version = models.PositiveIntegerField(null=True)
    """Counts the accepted ones of an area and day; empty while proposed."""
    based_on = models.PositiveIntegerField(default=0)
    """The version that it changes; accepted only while that still holds."""
    state = models.CharField(max_length=10, choices=State.choices, default=State.PROPOSED)
    cause = models.CharField(max_length=80, blank=True)
    """What asked for it: "absence:<uuid>", "call:<uuid>", "user:<uuid>"."""
    legs = models.JSONField(default=list)
    """[{"visit", "carers": [..], "planned_at", "changes"}], one for each visit that is planned."""
    unserved = models.JSONField(default=dict)
    """{visit: reason}."""
    summary = models.JSONField(default=dict)
    """{"visits", "changed", "travel_min", "travel_more_min", "unserved"}."""
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=80)
    accepted_at = models.DateTimeField(null=True)
    accepted_by = models.CharField(max_length=80, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["area", "day", "version"], name="day_plan_version_once"
            ),
            models.CheckConstraint(
                condition=(Q(state="proposed") & Q(version=None)) | ~Q(state="proposed"),
                name="day_plan_counts_when_accepted",
            ),
        ]
        indexes = [models.Index(fields=["area", "day", "state"], name="day_plan_board")]

    def __str__(self) -> str:
        return f"{self.day} {self.state}"


class VisitRequest(models.Model):
    """A visit that the resident or the family asks for; a dispatcher answers."""

    class State(models.TextChoices):
        OPEN = "open", _("waiting for an answer")
        AGREED = "agreed", _("agreed")
        DECLINED = "declined", _("not possible")
        WITHDRAWN = "withdrawn", _("taken back")

    id = models.UUIDField(primary_key=True, default=new_id)
    resident = models.ForeignKey(Resident, models.CASCADE, related_name="visit_requests")
    area = models.ForeignKey(Area, models.PROTECT, related_name="+")
    service = models.CharField(max_length=16, choices=Service.choices)
    wish = EncryptedTextField(max_length=200)
    """When it would suit, and what to know, in their own words."""
    asked_by = models.CharField(max_length=80)
    asked_by_name = models.CharField(max_length=60)
    contact = models.ForeignKey(Contact, models.SET_NULL, null=True, related_name="+")
    """Who is told the answer; nobody: the resident."""
    asked_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    answer = EncryptedTextField(max_length=200, blank=True)
    answered_by = models.CharField(max_length=80, blank=True)
    answered_at = models.DateTimeField(null=True)
    visit = models.ForeignKey(Visit, models.SET_NULL, null=True, related_name="+")
    """The visit that was made of it."""

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["resident", "service", "asked_by"],
                condition=Q(state="open"),
                name="visit_request_open_once",
            ),
            models.CheckConstraint(
                condition=Q(state__in=("open", "withdrawn")) | Q(answered_at__isnull=False),
                name="visit_request_answered_when",
            ),
        ]
        indexes = [
            models.Index(
                fields=["area", "asked_at"], condition=Q(state="open"), name="visit_request_open"
            )
        ]

    def __str__(self) -> str:
        return f"{self.service} {self.state}"

    @property
    def reference(self) -> str:
        """How journal, audit and deliveries name it."""
        return f"visit-request:{self.pk}"
