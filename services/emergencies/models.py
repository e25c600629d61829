"""Calls for help, the ladder they climb, and who watches."""

from datetime import datetime

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from backend.accounts.models import User
from backend.core.fields import BlindIndexField, EncryptedTextField
from backend.core.models import Leased, new_id
from backend.people.models import Caregiver, Contact, Household, Language, Resident
from backend.places.models import Area


class EscalationPolicy(models.Model):
    """Who is called after how long, for an area and what is below it without its own.

    `steps` is a list of {"to": [target, …], "wait_s": seconds since the call opened (first
    round), "channels": [channel, …]}; targets are `policies.Target`.
    """

    area = models.OneToOneField(Area, models.CASCADE, related_name="escalation_policy")
    steps = models.JSONField()
    arrive_within_min = models.PositiveSmallIntegerField(default=30)
    """A responder who needs longer than this is recorded and stops nothing."""
    version = models.PositiveIntegerField(default=1)
    changed_by = models.CharField(max_length=80, blank=True)
    changed_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.area_id} v{self.version}"


class DutyPhone(models.Model):
    """A phone that rings when nobody watches an area's board, or a call is not taken."""

    area = models.ForeignKey(Area, models.CASCADE, related_name="duty_phones")
    label = models.CharField(max_length=60)
    phone = EncryptedTextField()
    phone_index = BlindIndexField(of="phone", context="phone")
    language = models.CharField(max_length=8, choices=Language.choices, default=Language.ZH)
    order = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["area", "order"]

    def __str__(self) -> str:
        return self.label


class DeskPhone(models.Model):
    """The telephone beside somebody's console: callers who want a person are put through to it."""

    user = models.OneToOneField(User, models.CASCADE, related_name="desk_phone")
    phone = EncryptedTextField()
    phone_index = BlindIndexField(of="phone", context="phone")
    set_at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.user_id)


class EmergencyCall(Leased):
    """A call for help. `due_at` is when its ladder takes the next step (see `ladder`)."""

    class State(models.TextChoices):
        RINGING = "ringing", _("ringing")
        ACCEPTED = "accepted", _("accepted")
        ON_THE_WAY = "on_the_way", _("on the way")
        ARRIVED = "arrived", _("arrived")
        RESOLVED = "resolved", _("resolved")

    class Kind(models.TextChoices):
        EMERGENCY = "emergency", _("emergency")
        SERVICE = "service", _("service wanted")
        CONSULTATION = "consultation", _("question")

    class Outcome(models.TextChoices):
        HELPED = "helped", _("helped")
        HOSPITAL = "hospital", _("taken to hospital")
        FALSE_ALARM = "false_alarm", _("false alarm")
        DUPLICATE = "duplicate", _("duplicate")
        DRILL = "drill", _("drill")

    id = models.UUIDField(primary_key=True, default=new_id)
    state = models.CharField(max_length=12, choices=State.choices, default=State.RINGING)
    kind = models.CharField(max_length=12, choices=Kind.choices, default=Kind.EMERGENCY)
    verified = models.BooleanField(default=True)
    outcome = models.CharField(max_length=12, choices=Outcome.choices, blank=True)
    outcome_note = EncryptedTextField(blank=True)
    drill = models.BooleanField(default=False)

    resident = models.ForeignKey(Resident, models.PROTECT, null=True, related_name="calls")
    household = models.ForeignKey(Household, models.PROTECT, null=True, related_name="+")
    area = models.ForeignKey(Area, models.PROTECT, null=True, related_name="+")
    area_path = models.CharField(max_length=120, blank=True)

    source_device = models.UUIDField(null=True)
    source_label = models.CharField(max_length=60, blank=True)
    source_metric = models.CharField(max_length=30)
    """What was sensed: sos, fall, smoke, gas, …"""
    sender_key = models.CharField(max_length=64, blank=True)
    """Unverified: the source by which such calls are collapsed."""
    claimed_name = EncryptedTextField(blank=True)
    claimed_phone = EncryptedTextField(blank=True)
    place_text = EncryptedTextField(blank=True)
    place_lat = models.FloatField(null=True)
    place_lon = models.FloatField(null=True)
    place_source = models.CharField(max_length=20, blank=True)
    """home, device, claimed, unknown."""

    identified_at = models.DateTimeField(null=True)
    """When the desk found out whose call of nobody known this was."""
    duplicate_of = models.ForeignKey("self", models.PROTECT, null=True, related_name="duplicates")
    """The resident's call that was open then, and goes on."""

    opened_at = models.DateTimeField()
    presses = models.PositiveIntegerField(default=1)
    last_press_at = models.DateTimeField()
    handled_by = models.CharField(max_length=80, blank=True)
    """The operator who took it at the desk; does not stop the ladder."""
    handled_by_name = models.CharField(max_length=60, blank=True)
    handled_at = models.DateTimeField(null=True)
    spoken_at = models.DateTimeField(null=True)
    """When an operator last spoke with the resident."""

    accepted_by_caregiver = models.ForeignKey(
        Caregiver, models.PROTECT, null=True, related_name="+"
    )
    accepted_by_contact = models.ForeignKey(Contact, models.SET_NULL, null=True, related_name="+")
    accepted_by = models.CharField(max_length=80, blank=True)
    accepted_by_name = models.CharField(max_length=60, blank=True)
    accepted_at = models.DateTimeField(null=True)
    expected_at = models.DateTimeField(null=True)
    """When the responder said they would be there."""
    on_the_way_at = models.DateTimeField(null=True)
    arrived_at = models.DateTimeField(null=True)
    resolved_at = models.DateTimeField(null=True)
    resolved_by = models.CharField(max_length=80, blank=True)

    policy = models.JSONField(default=dict)
    """Snapshot of the policy it started with: {"steps", "arrive_within_min", "version"}."""
    step = models.PositiveSmallIntegerField(default=0)
    """Index of the step that is due at `due_at`."""
    round = models.PositiveSmallIntegerField(default=1)
    round_started_at = models.DateTimeField()
    duty_due_at = models.DateTimeField(null=True)
    """When the duty phones ring unless somebody took it."""

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["resident"],
                condition=Q(resident__isnull=False) & ~Q(state="resolved"),
                name="call_open_once",
            ),
            models.UniqueConstraint(
                fields=["sender_key"],
                condition=~Q(sender_key="") & ~Q(state="resolved"),
                name="call_unverified_once",
            ),
            models.CheckConstraint(
                condition=Q(state="resolved") | Q(due_at__isnull=False),
                name="call_open_is_due",
            ),
        ]
        indexes = [
            models.Index(fields=["due_at"], condition=Q(due_at__isnull=False), name="call_due"),
            models.Index(
                fields=["duty_due_at"], condition=Q(duty_due_at__isnull=False), name="call_duty"
            ),
            models.Index(fields=["state", "opened_at"], name="call_board"),
            models.Index(fields=["resident", "-opened_at"], name="call_history"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.state}"

    @property
    def reference(self) -> str:
        """How journal, audit and deliveries name this call."""
        return f"call:{self.pk}"

    @property
    def escalate_at(self) -> datetime | None:
        """When others are asked, unless something happens before; None once somebody is there."""
        return None if self.state == self.State.ARRIVED else self.due_at


class Receipt(models.Model):
    """What a stranger's press on a call that was open already is answered with.

    Who knows another's number must not learn the key of their call; the desk finds the call by
    either.
    """

    id = models.UUIDField(primary_key=True, default=new_id)
    call = models.ForeignKey(EmergencyCall, models.CASCADE, related_name="receipts")
    given_at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.call_id)


class StepRun(models.Model):
    """One round of one step of a call's ladder, as it was run."""

    call = models.ForeignKey(EmergencyCall, models.CASCADE, related_name="step_runs")
    step = models.PositiveSmallIntegerField()
    round = models.PositiveSmallIntegerField()
    owed_at = models.DateTimeField()
    """When it was due."""
    run_at = models.DateTimeField()
    owed_to = models.JSONField(default=list)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["call", "step", "round"], name="step_run_once")
        ]

    def __str__(self) -> str:
        return f"{self.call_id} {self.round}.{self.step}"


class Offer(models.Model):
    """A call offered to one person who could go, and what they said."""

    class Answer(models.TextChoices):
        NONE = "", _("no answer yet")
        GOING = "going", _("is going")
        CANNOT = "cannot", _("cannot")
        INFORMED = "informed", _("cannot go, stays informed")
        TOO_FAR = "too_far", _("would need too long")

    call = models.ForeignKey(EmergencyCall, models.CASCADE, related_name="offers")
    person = models.CharField(max_length=80)
    person_name = models.CharField(max_length=60)
    caregiver = models.ForeignKey(Caregiver, models.CASCADE, null=True, related_name="offers")
    contact = models.ForeignKey(Contact, models.CASCADE, null=True, related_name="+")
    offered_at = models.DateTimeField()
    minutes_to_door = models.PositiveSmallIntegerField(null=True)
    answer = models.CharField(max_length=10, choices=Answer.choices, blank=True)
    answered_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["call", "person"], name="offer_once")]

    def __str__(self) -> str:
        return f"{self.call_id} {self.person}"


class Note(models.Model):
    """What an operator wrote down during a call."""

    call = models.ForeignKey(EmergencyCall, models.CASCADE, related_name="notes")
    at = models.DateTimeField()
    by = models.CharField(max_length=80)
    by_name = models.CharField(max_length=60)
    text = EncryptedTextField()

    def __str__(self) -> str:
        return f"{self.call_id} {self.at}"


class ConsolePresence(models.Model):
    """A console that watches a board, proven by its heartbeat."""

    console = models.CharField(max_length=80, primary_key=True)
    user = models.CharField(max_length=80)
    area_path = models.CharField(max_length=120)
    sound_on = models.BooleanField(default=False)
    seen_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return self.area_path


class Watch(models.Model):
    """Whether somebody watches an area's board; made for each area with duty phones."""

    area = models.OneToOneField(Area, models.CASCADE, related_name="watch")
    unwatched_since = models.DateTimeField(null=True)
    rung_at = models.DateTimeField(null=True)
    rounds = models.PositiveIntegerField(default=0)
    answered_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return str(self.area_id)
