"""Orders: what somebody wants, what becomes of it, and what comes again."""

from datetime import datetime
from zoneinfo import ZoneInfo

from django.db import models
from django.db.models import F, Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from backend.core.fields import EncryptedTextField
from backend.core.models import Leased, new_id
from backend.core.recurrence import Recurrence
from backend.people.models import Resident
from backend.places.models import Area
from services.community.models.catalogue import Provider, Service
from services.emergencies.models import EmergencyCall
from services.visits.models import Visit

WEEKDAYS, DAILY = "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR", "FREQ=DAILY"
RULE_WORDS: dict[str, str | Promise] = {WEEKDAYS: _("every weekday"), DAILY: _("every day")}


class Channel(models.TextChoices):
    """By which way it was ordered."""

    RESIDENT = "resident", _("by themselves")
    FAMILY = "family", _("by their family")
    PHONE = "phone", _("by telephone")
    PLAN = "plan", _("comes again")


class StandingOrder(Leased):
    """An order that comes again; its days are made from it.

    Leased: due when its orders must be made further ahead.
    """

    id = models.UUIDField(primary_key=True, default=new_id)
    resident = models.ForeignKey(Resident, models.PROTECT, related_name="standing_orders")
    service = models.ForeignKey(Service, models.PROTECT, related_name="+")
    rule = models.CharField(max_length=200)
    """On which days, RFC 5545: "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR"."""
    at = models.TimeField()
    """On the clock of the resident's wall."""
    zone = models.CharField(max_length=40, default="Asia/Shanghai")
    starts_on = models.DateField()
    ends_on = models.DateField(null=True)
    note = EncryptedTextField(blank=True)
    provider = models.ForeignKey(Provider, models.PROTECT, null=True, related_name="+")
    """Who has taken one of its days takes the days that follow."""
    made_until = models.DateField(null=True)
    """The last day whose order was made."""
    channel = models.CharField(max_length=10, choices=Channel.choices)
    ordered_at = models.DateTimeField()
    ordered_by = models.CharField(max_length=80)
    ordered_by_name = models.CharField(max_length=60)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.CharField(max_length=80, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["resident", "service", "at"],
                condition=Q(ended_at=None),
                name="standing_order_once_an_hour",
            ),
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")),
                name="standing_order_ends_after_start",
            ),
        ]
        indexes = [
            models.Index(
                fields=["due_at"], condition=Q(due_at__isnull=False), name="standing_order_due"
            )
        ]

    def __str__(self) -> str:
        return f"{self.rule} {self.at}"

    @property
    def reference(self) -> str:
        """How journal and audit name it."""
        return f"standing_order:{self.pk}"

    @property
    def rule_words(self) -> str | Promise:
        """On which days, in words; the rule itself where it is none of the usual ones."""
        return RULE_WORDS.get(self.rule, self.rule)

    @property
    def recurrence(self) -> Recurrence:
        """On which days, and when on these."""
        return Recurrence(
            rule=self.rule,
            starts_on=self.starts_on,
            at=self.at,
            zone=ZoneInfo(self.zone),
            ends_on=self.ends_on,
        )


class Order(Leased):
    """Something that a resident wants at a time; like a parcel, it is somewhere on its way.

    Leased: due when it should have been passed on, taken or brought.
    """

    Channel = Channel

    class State(models.TextChoices):
        ORDERED = "ordered", _("ordered")
        PASSED_ON = "passed_on", _("passed on")
        TAKEN = "taken", _("taken")
        ON_THE_WAY = "on_the_way", _("on the way")
        DONE = "done", _("done")
        CANCELLED = "cancelled", _("cancelled")

    class CancelReason(models.TextChoices):
        ASKED = "asked", _("not wanted any more")
        NOBODY = "nobody", _("nobody can bring it")
        HOSPITAL = "hospital", _("in hospital")
        AWAY = "away", _("away")
        MOVED = "moved", _("moved away")
        DIED = "died", _("died")
        OTHER = "other", _("another reason")

    OPEN = (State.ORDERED, State.PASSED_ON, State.TAKEN, State.ON_THE_WAY)
    BEFORE_SETTING_OUT = (State.ORDERED, State.PASSED_ON, State.TAKEN)
    PAUSES = (CancelReason.HOSPITAL, CancelReason.AWAY)
    """Cancelled because nobody is at home; taken up again when they are."""

    id = models.UUIDField(primary_key=True, default=new_id)
    resident = models.ForeignKey(Resident, models.PROTECT, related_name="orders")
    area = models.ForeignKey(Area, models.PROTECT, related_name="+")
    service = models.ForeignKey(Service, models.PROTECT, related_name="orders")
    standing = models.ForeignKey(StandingOrder, models.PROTECT, null=True, related_name="orders")
    occurs_on = models.DateField()
    """The day it is for; of a standing order, the day that it stands for."""
    wanted_at = models.DateTimeField()
    note = EncryptedTextField(blank=True)
    """What whoever brings it has to know: soft food, third floor."""
    price_fen = models.PositiveIntegerField(null=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.ORDERED)
    channel = models.CharField(max_length=10, choices=Channel.choices)
    ordered_at = models.DateTimeField()
    ordered_by = models.CharField(max_length=80)
    ordered_by_name = models.CharField(max_length=60)
    provider = models.ForeignKey(Provider, models.PROTECT, null=True, related_name="orders")
    visit = models.OneToOneField(Visit, models.PROTECT, null=True, related_name="+")
    call = models.ForeignKey(EmergencyCall, models.PROTECT, null=True, related_name="+")
    """The call-back that it became."""
    overdue_since = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)
    cancel_reason = models.CharField(max_length=10, choices=CancelReason.choices, blank=True)
    rating = models.PositiveSmallIntegerField(null=True)
    rating_words = EncryptedTextField(blank=True)
    rated_at = models.DateTimeField(null=True)
    rated_by = models.CharField(max_length=80, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["standing", "occurs_on"], name="order_once_a_standing_order_and_day"
            ),
            models.UniqueConstraint(
                fields=["resident", "service", "wanted_at"],
                condition=~Q(state="cancelled"),
                name="order_once_a_time",
            ),
            models.CheckConstraint(
                condition=(Q(state="cancelled") & ~Q(cancel_reason=""))
                | (~Q(state="cancelled") & Q(cancel_reason="")),
                name="order_cancelled_for_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(rating=None) | Q(rating__gte=1, rating__lte=5, state="done"),
                name="order_rated_when_done",
            ),
            models.CheckConstraint(
                condition=Q(state__in=("done", "cancelled"))
                | Q(due_at__isnull=False)
                | Q(overdue_since__isnull=False),
                name="order_open_is_due_or_overdue",
            ),
            models.CheckConstraint(
                condition=(Q(state="done") & Q(done_at__isnull=False))
                | (~Q(state="done") & Q(done_at=None)),
                name="order_done_at_a_time",
            ),
        ]
        indexes = [
            models.Index(fields=["due_at"], condition=Q(due_at__isnull=False), name="order_due"),
            models.Index(fields=["area", "state", "wanted_at"], name="order_board"),
            models.Index(fields=["resident", "-wanted_at"], name="order_resident"),
            models.Index(fields=["provider", "occurs_on"], name="order_provider_day"),
            models.Index(fields=["call"], condition=Q(call__isnull=False), name="order_of_a_call"),
        ]

    def __str__(self) -> str:
        return f"{self.service_id} {self.wanted_at} {self.state}"

    @property
    def reference(self) -> str:
        """How journal, audit and deliveries name it."""
        return f"order:{self.pk}"

    @property
    def is_open(self) -> bool:
        """Whether something is still to come."""
        return self.state in self.OPEN


class OrderEvent(models.Model):
    """One step of an order: what, when and by whom; only ever added."""

    order = models.ForeignKey(Order, models.CASCADE, related_name="events")
    at = models.DateTimeField()
    event = models.CharField(max_length=20)
    """As in the journal without its beginning: "ordered", "passed_on", "taken", …"""
    by = models.CharField(max_length=80)
    by_name = models.CharField(max_length=60, blank=True)
    note = EncryptedTextField(blank=True)

    class Meta:
        ordering = ["order", "at", "pk"]

    def __str__(self) -> str:
        return f"{self.event} {self.at}"


class ProviderLink(models.Model):
    """A link by which a provider without an account sees its orders and says what becomes of them.

    Only its hash is kept; it ends by itself and can be ended before.
    """

    provider = models.ForeignKey(Provider, models.CASCADE, related_name="links")
    hash = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=80)
    expires_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.provider_id} {self.expires_at}"

    def holds(self, now: datetime) -> bool:
        """Whether it still opens the page."""
        return self.ended_at is None and now < self.expires_at
