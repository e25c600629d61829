"""Reminders, days and welfare as the API writes and reads them."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from services.wellbeing.models import (
    AreaEvent,
    Occurrence,
    OkDay,
    Reminder,
    Watched,
    WelfareContact,
)

ANSWERS = [
    ("done", _("done")),
    ("not_yet", _("not yet")),
    ("person", _("speak with somebody")),
]


class ReminderSerializer(serializers.ModelSerializer[Reminder]):
    """A reminder; `next_at` is when it asks next."""

    next_at = serializers.DateTimeField(source="due_at", read_only=True, allow_null=True)

    class Meta:
        model = Reminder
        fields = [
            "id",
            "resident",
            "kind",
            "text",
            "rule",
            "times",
            "zone",
            "starts_on",
            "ends_on",
            "ahead_min",
            "next_at",
            "set_by",
            "set_by_name",
            "set_at",
            "ended_at",
        ]


class ReminderChangeSerializer(serializers.Serializer[Any]):
    """What can be said of a reminder."""

    kind = serializers.ChoiceField(Reminder.Kind.choices)
    text = serializers.CharField(max_length=200)
    rule = serializers.CharField(max_length=200, help_text="RFC 5545: FREQ=DAILY")
    times = serializers.ListField(child=serializers.TimeField(), min_length=1, max_length=6)
    starts_on = serializers.DateField(required=False)
    ends_on = serializers.DateField(required=False, allow_null=True)
    ahead_min = serializers.IntegerField(required=False, min_value=0, max_value=2_880)


class ReminderWriteSerializer(ReminderChangeSerializer):
    """A new reminder for a resident."""

    resident = serializers.UUIDField()


class OccurrenceSerializer(serializers.ModelSerializer[Occurrence]):
    """One time a reminder was due, and what became of it."""

    class Meta:
        model = Occurrence
        fields = [
            "id",
            "reminder",
            "resident",
            "occurs_at",
            "asks_at",
            "state",
            "stage",
            "asked_at",
            "later",
            "answered_by",
            "answered_name",
            "way",
            "closed_at",
        ]


class AnswerSerializer(serializers.Serializer[Any]):
    """What the person says."""

    answer = serializers.ChoiceField(ANSWERS)


class OkDaySerializer(serializers.ModelSerializer[OkDay]):
    """Whether somebody said on a day that all is well."""

    class Meta:
        model = OkDay
        fields = [
            "id",
            "resident",
            "day",
            "by_at",
            "state",
            "stage",
            "asked_at",
            "answered_by",
            "answered_name",
            "way",
            "closed_at",
        ]

    def to_representation(self, instance: OkDay) -> dict[str, Any]:
        """Of days in the context's `signs_not_shared`: neither by which sign nor when."""
        told: dict[str, Any] = super().to_representation(instance)
        if instance.pk in self.context["signs_not_shared"]:
            told |= {"way": "", "closed_at": None}
        return told


class OkReportSerializer(serializers.Serializer[Any]):
    """All is well; staff say of whom."""

    resident = serializers.UUIDField(required=False)


class WatchedSerializer(serializers.ModelSerializer[Watched]):
    """A resident at risk: last heard of, and owed next by whom."""

    resident_name = serializers.CharField(source="resident.name", read_only=True)
    area = serializers.CharField(source="resident.area.name", read_only=True)
    assigned_name = serializers.SerializerMethodField()

    class Meta:
        model = Watched
        fields = [
            "resident",
            "resident_name",
            "area",
            "every_days",
            "heard_at",
            "heard_how",
            "owed_at",
            "event",
            "assigned_to",
            "assigned_name",
            "climbs",
            "climbed_to",
        ]

    def get_assigned_name(self, row: Watched) -> str:
        """Who owes the next contact; "" for nobody."""
        return row.assigned_to.name if row.assigned_to else ""


class AssignWatchedSerializer(serializers.Serializer[Any]):
    """Who owes the next contact; null takes it back."""

    caregiver = serializers.UUIDField(allow_null=True)


class WelfareContactSerializer(serializers.ModelSerializer[WelfareContact]):
    """A welfare call or visit."""

    class Meta:
        model = WelfareContact
        fields = ["id", "resident", "kind", "outcome", "note", "at", "by", "by_name", "recorded_at"]


class WelfareWriteSerializer(serializers.Serializer[Any]):
    """Somebody looked in, or rang."""

    resident = serializers.UUIDField()
    kind = serializers.ChoiceField(WelfareContact.Kind.choices)
    outcome = serializers.ChoiceField(WelfareContact.Outcome.choices)
    note = serializers.CharField(max_length=1_000, required=False, allow_blank=True, default="")
    at = serializers.DateTimeField(required=False)


class AreaEventSerializer(serializers.ModelSerializer[AreaEvent]):
    """An event after which everybody at risk is to be heard of."""

    class Meta:
        model = AreaEvent
        fields = [
            "id",
            "area",
            "kind",
            "declared_at",
            "declared_by",
            "within_h",
            "owed_by",
            "owed_count",
        ]


class AreaEventWriteSerializer(serializers.Serializer[Any]):
    """A heatwave, a typhoon."""

    area = serializers.IntegerField()
    kind = serializers.ChoiceField(AreaEvent.Kind.choices)
    within_h = serializers.IntegerField(required=False, default=24, min_value=1, max_value=72)
