"""The outbox: what is owed to whom, and each attempt to bring it."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from backend.core.fields import BlindIndexField, EncryptedTextField
from backend.core.models import Leased, new_id
from backend.people.models import Dialect, Language


class Channel(models.TextChoices):
    """Ways to a person."""

    VOICE = "voice", _("call")
    SMS = "sms", _("text")


def preferred_channels() -> list[str]:
    """What is tried where nobody said otherwise: a call is heard by who reads no texts."""
    return [Channel.VOICE, Channel.SMS]


class Delivery(Leased):
    """A message owed to one person on one channel; written in the transaction of its cause."""

    class State(models.TextChoices):
        OWED = "owed", _("waiting")
        SENDING = "sending", _("being sent")
        SENT = "sent", _("sent")
        ANSWERED = "answered", _("answered")
        REPLIED = "replied", _("replied")
        FAILED = "failed", _("not reached")
        EXPIRED = "expired", _("too late")
        STOPPED = "stopped", _("not needed any more")

    class Priority(models.IntegerChoices):
        EMERGENCY = 0
        URGENT = 1
        ROUTINE = 2

    id = models.UUIDField(primary_key=True, default=new_id)
    cause = models.CharField(max_length=80)
    """What it is about, as text ("call:<uuid>"), never a key upward."""
    person = models.CharField(max_length=80)
    """Who it is for: "contact:<uuid>", "caregiver:<uuid>", "resident:<uuid>", "duty:<id>"."""
    channel = models.CharField(max_length=8, choices=Channel.choices)
    step_run = models.CharField(max_length=80)
    """The step and round that owes it, or the event's name ("accepted")."""
    person_name = models.CharField(max_length=60)
    address = EncryptedTextField(blank=True)
    address_index = BlindIndexField(of="address", context="phone", db_index=True)
    language = models.CharField(max_length=8, choices=Language.choices, default=Language.ZH)
    dialect = models.CharField(max_length=12, choices=Dialect.choices, default=Dialect.MANDARIN)
    template = models.CharField(max_length=60)
    context = models.JSONField(default=dict)
    secret = EncryptedTextField(blank=True)
    """What the template says as %(secret)s: a sign-in code; emptied once it was sent."""
    area_path = models.CharField(max_length=120, blank=True)
    resident_id = models.UUIDField(null=True)
    """With `area_path`, who may see it in the journal."""
    asks = models.BooleanField(default=False)
    """Whether keys or a reply are asked for and mean something."""
    priority = models.SmallIntegerField(choices=Priority.choices, default=Priority.ROUTINE)
    state = models.CharField(max_length=10, choices=State.choices, default=State.OWED)
    attempt_count = models.PositiveSmallIntegerField(default=0)
    dials = models.PositiveSmallIntegerField(default=3)
    """How often a telephone that nobody answers is rung for this one message."""
    expires_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()
    final_at = models.DateTimeField(null=True)
    reply = models.CharField(max_length=40, blank=True)
    reply_at = models.DateTimeField(null=True)
    failure = models.CharField(max_length=60, blank=True)

    OPEN = (State.OWED, State.SENDING, State.SENT, State.ANSWERED)
    """Something may still be done or heard."""

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["cause", "person", "channel", "step_run"], name="delivery_once"
            )
        ]
        indexes = [
            models.Index(
                fields=["priority", "due_at"],
                condition=models.Q(due_at__isnull=False),
                name="delivery_due",
            ),
            models.Index(fields=["cause", "created_at"], name="delivery_cause"),
        ]

    def __str__(self) -> str:
        return f"{self.channel} {self.template}"


class Attempt(models.Model):
    """One try to bring a delivery; saved before the provider is asked."""

    id = models.UUIDField(primary_key=True, default=new_id)
    delivery = models.ForeignKey(Delivery, models.CASCADE, related_name="attempts")
    number = models.PositiveSmallIntegerField()
    sender = models.CharField(max_length=20)
    state = models.CharField(max_length=20)
    """A state of `senders.states`, merged in any order."""
    provider_id = models.CharField(max_length=64, blank=True, db_index=True)
    started_at = models.DateTimeField()
    state_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    error_code = models.CharField(max_length=20, blank=True)
    """The code of a `senders.port.SendError`."""
    provider_code = models.IntegerField(null=True)
    keys = models.CharField(max_length=20, blank=True)
    answer = models.JSONField(null=True)
    """What was said to the last key: {"template", "context"}; said again if it is repeated."""

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["delivery", "number"], name="attempt_number_once")
        ]
        indexes = [models.Index(fields=["sender", "started_at"], name="attempt_of_sender")]

    def __str__(self) -> str:
        return f"{self.sender} {self.number} {self.state}"


class Suppression(models.Model):
    """A number whose owner wants no routine messages; safety calls reach it all the same."""

    address_index = BlindIndexField(
        of="address", context="phone", may_lack_source=True, blank=False, primary_key=True
    )
    address = EncryptedTextField(blank=True)
    since = models.DateTimeField()
    word = models.CharField(max_length=20)
    """What they wrote, or "provider" where the provider told us."""

    def __str__(self) -> str:
        return self.word


class Preference(models.Model):
    """How somebody wants routine messages: which way first, and when not."""

    person = models.CharField(max_length=80, primary_key=True)
    """As in deliveries: "resident:<uuid>", "contact:<uuid>"."""
    channels = ArrayField(
        models.CharField(max_length=8, choices=Channel.choices), default=preferred_channels
    )
    """The first that reaches them is used."""
    quiet_from = models.TimeField(null=True)
    quiet_until = models.TimeField(null=True)
    """On the clock of their wall; may go across midnight."""
    zone = models.CharField(max_length=40, default="Asia/Shanghai")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(quiet_from=None, quiet_until=None)
                | models.Q(quiet_from__isnull=False, quiet_until__isnull=False),
                name="quiet_hours_have_both_ends",
            )
        ]

    def __str__(self) -> str:
        return self.person


class SenderHealth(models.Model):
    """Whether a sender can be relied on; a row from its first trouble on."""

    sender = models.CharField(max_length=20, primary_key=True)
    down_since = models.DateTimeField(null=True)
    reason = models.CharField(max_length=40, blank=True)
    last_trouble_at = models.DateTimeField(null=True)
    told_broken_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.sender} {'down' if self.down_since else 'up'}"


class CallIn(models.Model):
    """Somebody rings us: whose number it is, what they pressed, until when they were there."""

    id = models.UUIDField(primary_key=True, default=new_id)
    provider_id = models.CharField(max_length=64, unique=True)
    phone = EncryptedTextField(blank=True)
    phone_index = BlindIndexField(of="phone", context="phone")
    person = models.CharField(max_length=80, blank=True)
    """As in deliveries; "" where nobody known has this number."""
    name = models.CharField(max_length=60, blank=True)
    resident_id = models.UUIDField(null=True)
    """The resident whose number it is, or whose contact's."""
    area_path = models.CharField(max_length=120, blank=True)
    began_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    answers = models.JSONField(default=dict)
    """What was said to each key, by key, "" for silence; said again if it is repeated."""

    class Meta:
        indexes = [
            models.Index(
                fields=["began_at"],
                condition=models.Q(ended_at__isnull=True),
                name="inbound_on_the_line",
            )
        ]

    def __str__(self) -> str:
        return f"{self.person or 'nobody known'} {self.began_at}"

    @property
    def reference(self) -> str:
        """How the journal names this call."""
        return f"inbound:{self.pk}"


class Bridge(models.Model):
    """A caller is put through: who is rung for them, who took it, and how long they spoke.

    Who spoke with whom and when is kept; what was said is not.
    """

    id = models.UUIDField(primary_key=True, default=new_id)
    inbound = models.ForeignKey(CallIn, models.CASCADE, related_name="bridges")
    cause = models.CharField(max_length=80)
    """What it is about, as text ("call:<uuid>"), as in deliveries."""
    words = models.JSONField()
    """What is said: {"said", "whisper", "unanswered": {"template", "context"}}."""
    opened_at = models.DateTimeField()
    until_at = models.DateTimeField()
    """Until when telephones are rung."""
    taken_by = models.CharField(max_length=80, blank=True)
    taken_by_name = models.CharField(max_length=60, blank=True)
    taken_at = models.DateTimeField(null=True)
    missed_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(taken_at=None) | models.Q(missed_at=None),
                name="bridge_is_taken_or_missed",
            )
        ]

    def __str__(self) -> str:
        return f"{self.cause} {self.taken_by}"


class BridgeLine(models.Model):
    """One telephone that is rung for a caller."""

    id = models.UUIDField(primary_key=True, default=new_id)
    bridge = models.ForeignKey(Bridge, models.CASCADE, related_name="lines")
    order = models.PositiveSmallIntegerField()
    person = models.CharField(max_length=80)
    name = models.CharField(max_length=60)
    phone = EncryptedTextField()
    phone_index = BlindIndexField(of="phone", context="phone", db_index=True)
    language = models.CharField(max_length=8, choices=Language.choices, default=Language.ZH)
    picked_up_at = models.DateTimeField(null=True)
    """Somebody, or a machine, took the receiver up; it is not rung again for this caller."""

    class Meta:
        ordering = ["bridge", "order"]

    def __str__(self) -> str:
        return self.name
