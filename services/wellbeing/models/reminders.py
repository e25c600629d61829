"""Reminders: a medicine, an appointment, anything asked for; and each time one was due."""

from collections.abc import Iterator
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from backend.core.fields import EncryptedTextField
from backend.core.models import Leased, new_id
from backend.core.recurrence import Recurrence
from backend.people.models import Resident
from services.wellbeing.models.asking import Asked


class Reminder(Leased):
    """What somebody is reminded of, on which days and when; `due_at` is the next time it asks."""

    class Kind(models.TextChoices):
        MEDICINE = "medicine", _("medicine")
        APPOINTMENT = "appointment", _("appointment")
        OTHER = "other", _("something else")

    id = models.UUIDField(primary_key=True, default=new_id)
    resident = models.ForeignKey(Resident, models.PROTECT, related_name="reminders")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    text = EncryptedTextField()
    """What to say, in the words of whoever set it; may speak of health."""
    rule = models.CharField(max_length=200)
    """On which days, RFC 5545: "FREQ=DAILY"."""
    times = ArrayField(models.TimeField())
    """When on these days, on the clock of the person's wall."""
    zone = models.CharField(max_length=40, default="Asia/Shanghai")
    starts_on = models.DateField()
    ends_on = models.DateField(null=True)
    ahead_min = models.PositiveSmallIntegerField(default=0)
    """So many minutes before it asks: an appointment needs time to get there."""
    set_by = models.CharField(max_length=80)
    set_by_name = models.CharField(max_length=60)
    set_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    ended_by = models.CharField(max_length=80, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")),
                name="reminder_ends_after_start",
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None) | Q(due_at=None), name="reminder_ended_asks_no_more"
            ),
            models.CheckConstraint(condition=~Q(times=[]), name="reminder_has_a_time"),
        ]
        indexes = [
            models.Index(fields=["due_at"], condition=Q(due_at__isnull=False), name="reminder_due"),
            models.Index(fields=["resident", "ended_at"], name="reminder_resident"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.rule}"

    @property
    def reference(self) -> str:
        """How journal and audit name it."""
        return f"reminder:{self.pk}"

    def asks_after(self, moment: datetime) -> datetime | None:
        """When it asks next after a moment; None when never again."""
        ahead = timedelta(minutes=self.ahead_min)
        found = (each.next_after(moment + ahead) for each in self._recurrences())
        nexts = [each for each in found if each is not None]
        return min(nexts) - ahead if nexts else None

    def occurs_at(self, asks_at: datetime) -> datetime:
        """The moment that it speaks of when it asks at another."""
        return asks_at + timedelta(minutes=self.ahead_min)

    def _recurrences(self) -> Iterator[Recurrence]:
        at: time
        for at in self.times:
            yield Recurrence(
                rule=self.rule,
                starts_on=self.starts_on,
                at=at,
                zone=ZoneInfo(self.zone),
                ends_on=self.ends_on,
            )


class Occurrence(Asked):
    """One time a reminder was due, and what became of it; one a reminder and moment."""

    class State(models.TextChoices):
        ASKED = "asked", _("asked, not answered yet")
        DONE = "done", _("done")
        NOT_DONE = "not_done", _("not done")
        PERSON_WANTED = "person_wanted", _("wanted to speak with somebody")
        LOOKED_AFTER = "looked_after", _("somebody looked after it")
        DROPPED = "dropped", _("too late to ask")
        SILENCED = "silenced", _("not asked: not at home")
        ENDED = "ended", _("reminder ended")

    reminder = models.ForeignKey(Reminder, models.CASCADE, related_name="occurrences")
    occurs_at = models.DateTimeField()
    asks_at = models.DateTimeField()
    ask_until = models.DateTimeField()
    """Later the person is not asked any more: a medicine taken late may be taken twice."""
    state = models.CharField(max_length=14, choices=State.choices, default=State.ASKED)
    later = models.PositiveSmallIntegerField(default=0)
    """How often the person said "not yet"."""

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["reminder", "occurs_at"], name="occurrence_once"),
            models.CheckConstraint(
                condition=~Q(state="asked") | Q(due_at__isnull=False) | Q(stage="desk"),
                name="occurrence_asked_is_due",
            ),
            models.CheckConstraint(
                condition=Q(state="asked", closed_at=None)
                | (~Q(state="asked") & Q(closed_at__isnull=False)),
                name="occurrence_answered_is_closed",
            ),
        ]
        indexes = [
            models.Index(
                fields=["due_at"], condition=Q(due_at__isnull=False), name="occurrence_due"
            ),
            models.Index(fields=["resident", "occurs_at"], name="occurrence_resident"),
        ]

    def __str__(self) -> str:
        return f"{self.state} {self.occurs_at:%c}"

    @property
    def reference(self) -> str:
        """How deliveries and the journal name it."""
        return f"reminder-time:{self.pk}"
