"""Devices and what they said."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from backend.core.fields import BlindIndexField, EncryptedTextField
from backend.core.models import new_id
from backend.people.models import Household, Resident

WORLDWIDE = ("chirpstack", "watch")
"""Adapters whose devices bear a name that no other in the world has: DevEUI, a watch's number."""


class Device(models.Model):
    """A button, sensor, watch or gateway of a home."""

    class Kind(models.TextChoices):
        SOS_BUTTON = "sos_button", _("help button")
        MOTION = "motion", _("motion sensor")
        DOOR = "door", _("door contact")
        WATER = "water", _("water sensor")
        SMOKE = "smoke", _("smoke detector")
        GAS = "gas", _("gas detector")
        FALL_RADAR = "fall_radar", _("fall radar")
        BED = "bed", _("bed sensor")
        SEAT = "seat", _("seat sensor")
        CLIMATE = "climate", _("temperature sensor")
        METER = "meter", _("water meter")
        WATCH = "watch", _("watch")
        GATEWAY = "gateway", _("gateway")
        OTHER = "other", _("other")

    id = models.UUIDField(primary_key=True, default=new_id)
    kind = models.CharField(max_length=12, choices=Kind.choices)
    label = models.CharField(max_length=60, blank=True)
    room = models.CharField(max_length=40, blank=True)
    adapter = models.CharField(max_length=30, blank=True)
    """Which adapter reads its messages; "" for our own form."""
    external_id = models.CharField(max_length=64, blank=True)
    """Its name at its gateway: IEEE address, friendly name, IMEI, DevEUI."""
    model = models.CharField(max_length=30, blank=True)
    """Its maker's name for it ("WS101"): the same bytes mean another thing on another model."""
    firmware = models.CharField(max_length=20, blank=True)
    """As told by the device or by who installed it: a firmware may turn a value round."""
    gateway = models.ForeignKey(
        "self",
        models.SET_NULL,
        null=True,
        related_name="behind",
        limit_choices_to={"kind": "gateway"},
    )
    household = models.ForeignKey(Household, models.PROTECT, null=True, related_name="devices")
    resident = models.ForeignKey(Resident, models.SET_NULL, null=True, related_name="devices")
    """Whose device it is; a press of an unassigned one belongs to the home."""
    token_hash = models.CharField(max_length=64, blank=True, db_index=True)
    claim_code = EncryptedTextField(blank=True)
    """The code printed on it, by which it is taken into a home; "" for none."""
    claim_index = BlindIndexField(
        of="claim_code", context="claim code", may_lack_source=True, db_index=True
    )
    test_until = models.DateTimeField(null=True)
    """Until when its help button is being tried: such a press is a drill."""
    active = models.BooleanField(default=True)
    online = models.BooleanField(null=True)
    online_at = models.DateTimeField(null=True)
    """When it was last said whether it is online."""
    battery_percent = models.PositiveSmallIntegerField(null=True)
    battery_at = models.DateTimeField(null=True)
    """When the battery was measured; an older measurement that comes later changes nothing."""
    battery_low_at = models.DateTimeField(null=True)
    battery_good_at = models.DateTimeField(null=True)
    """When it last said that the battery is low, and that it is well; the later one holds."""
    last_seen_at = models.DateTimeField(null=True)
    placed_at = models.DateTimeField(null=True)
    """Since when it stands in its home, so that one that never speaks there is silent too."""
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["gateway", "external_id"],
                condition=~Q(external_id=""),
                name="device_external_id_once",
            ),
            models.UniqueConstraint(
                fields=["adapter", "external_id"],
                condition=Q(adapter__in=WORLDWIDE) & ~Q(external_id=""),
                name="device_worldwide_id_once",
            ),
        ]

    def __str__(self) -> str:
        return self.label or self.kind

    @property
    def is_battery_low(self) -> bool:
        """Whether it said so after it last said that the battery is well."""
        if self.battery_low_at is None:
            return False
        return self.battery_good_at is None or self.battery_low_at > self.battery_good_at

    @property
    def reference(self) -> str:
        """How the ledger and the journal name this device."""
        return f"device:{self.pk}"


class Reading(models.Model):
    """One stored observation; rows are written by COPY into monthly partitions.

    A number or truth value is in `value`, anything else in `text`. `flags` says where the time
    comes from (`devices.readings.Flag`). Raw readings are kept 90 days.
    """

    pk = models.CompositePrimaryKey("device_id", "metric", "at", "received_at")
    device = models.ForeignKey(Device, models.DO_NOTHING, db_constraint=False, related_name="+")
    metric = models.CharField(max_length=64)
    value = models.FloatField(null=True)
    text = models.TextField(null=True)  # noqa: DJ001 - null is "a number", "" is an empty text
    at = models.DateTimeField()
    received_at = models.DateTimeField()
    flags = models.PositiveSmallIntegerField(default=0)

    class Meta:
        managed = False
        db_table = "devices_reading"

    def __str__(self) -> str:
        return f"{self.device_id} {self.metric}"


class Listening(models.Model):
    """Since when our doors have been open without a gap; one row.

    A device is silent only for as long as somebody was listening.
    """

    since = models.DateTimeField()
    last_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.since:%c} to {self.last_at:%c}"


class RejectedMessage(models.Model):
    """A message that could not be used: counted by source and reason, content not kept."""

    source = models.CharField(max_length=80)
    code = models.CharField(max_length=40)
    times = models.PositiveIntegerField(default=1)
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["source", "code"], name="rejected_once")]

    def __str__(self) -> str:
        return f"{self.source} {self.code}"
