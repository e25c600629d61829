"""Something an older person is asked, and who is asked in their place while they are silent."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from backend.core.models import Leased, new_id
from backend.people.models import Resident
from services.alerts.models import Alert


class Stage(models.TextChoices):
    """Who is asked next."""

    PERSON = "person", _("the person")
    FAMILY = "family", _("the family")
    CAREGIVER = "caregiver", _("a caregiver")
    DESK = "desk", _("the duty desk")


class Way(models.TextChoices):
    """How an answer came."""

    KEY = "key", _("key on the telephone")
    TEXT = "text", _("text")
    TAP = "tap", _("tap in the app")
    CALLED = "called", _("own call")
    DEVICE = "device", _("press of a device")
    ACTIVITY = "activity", _("activity at home")
    VISIT = "visit", _("somebody was there")
    STAFF = "staff", _("told to the staff")


class Asked(Leased):
    """One thing asked of one resident, on its ladder; `due_at` is when its next step is due.

    Once the desk has it there is no step left of its own: its alert climbs on until it is closed.
    """

    id = models.UUIDField(primary_key=True, default=new_id)
    resident = models.ForeignKey(Resident, models.CASCADE, related_name="+")
    stage = models.CharField(max_length=10, choices=Stage.choices, default=Stage.PERSON)
    turn = models.PositiveSmallIntegerField(default=0)
    """How often the person, or how far down the family, was asked within the stage."""
    rounds = models.PositiveSmallIntegerField(default=0)
    """How many steps were taken; each owes its messages under a name of its own."""
    asked_at = models.DateTimeField(null=True)
    """When it was first asked."""
    answered_by = models.CharField(max_length=80, blank=True)
    answered_name = models.CharField(max_length=60, blank=True)
    way = models.CharField(max_length=10, choices=Way.choices, blank=True)
    closed_at = models.DateTimeField(null=True)
    alert = models.ForeignKey(Alert, models.SET_NULL, null=True, related_name="+")

    class Meta:
        abstract = True

    @property
    def reference(self) -> str:
        """How deliveries and the journal name it."""
        raise NotImplementedError
