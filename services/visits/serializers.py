"""Visits, care plans and absences as the API writes and reads them."""

from datetime import date
from typing import Any

from django.utils.translation import get_language
from rest_framework import serializers

from backend.people.models import Caregiver, Resident
from backend.people.names import short_name
from backend.places.models import Datum
from backend.web.api.told import ToldByRole
from services.visits.models import Absence, CarePlan, CheckEvent, NotComing, Visit, VisitTask


class CarerSerializer(serializers.ModelSerializer[Caregiver]):
    """Somebody who goes."""

    class Meta:
        model = Caregiver
        fields = ["id", "name", "kind"]


class VisitSerializer(ToldByRole, serializers.ModelSerializer[Visit]):
    """A visit: planned and happened."""

    carers = serializers.SerializerMethodField()
    resident_name = serializers.SerializerMethodField()
    tasks = serializers.ListField(child=serializers.CharField())

    class Meta:
        model = Visit
        fields = [
            "id",
            "plan",
            "resident",
            "resident_name",
            "area",
            "service",
            "tasks",
            "duration_min",
            "skills",
            "carers_needed",
            "priority",
            "day",
            "window_starts_at",
            "window_ends_at",
            "planned_at",
            "state",
            "carers",
            "unserved",
            "late_since",
            "missed_at",
            "started_at",
            "ended_at",
            "cancel_reason",
            "wish",
            "touched_by_person",
            "drill",
        ]

    def get_resident_name(self, visit: Visit) -> str:
        """The name; for a caregiver of a later day its short form only."""
        short_after: date | None = self.context.get("short_after")
        if short_after is not None and visit.day > short_after:
            return short_name(visit.resident, get_language() or "")
        return visit.resident.name

    def get_carers(self, visit: Visit) -> list[dict[str, str]]:
        """Who goes: [{"id", "name", "kind"}]."""
        going = getattr(visit, "going", None)
        if going is None:
            going = visit.assignments.filter(released_at=None).select_related("caregiver")
        return [dict(CarerSerializer(each.caregiver).data) for each in going]


class CheckSerializer(serializers.Serializer[Any]):
    """The act and its proof; `key` is the same when it is sent again."""

    key = serializers.CharField(max_length=80)
    at = serializers.DateTimeField(required=False)
    offline = serializers.BooleanField(default=False)
    method = serializers.ChoiceField(CheckEvent.Method.choices)
    reason = serializers.ChoiceField(CheckEvent.Reason.choices, default="", allow_blank=True)
    code = serializers.CharField(max_length=12, default="", allow_blank=True)
    lat = serializers.FloatField(required=False, allow_null=True)
    lon = serializers.FloatField(required=False, allow_null=True)
    accuracy_m = serializers.FloatField(required=False, allow_null=True, min_value=0)
    datum = serializers.ChoiceField(Datum.choices, default=Datum.WGS84)


class VisitTaskSerializer(serializers.Serializer[Any]):
    """What became of one task."""

    key = serializers.CharField(max_length=80)
    at = serializers.DateTimeField(required=False)
    task = serializers.CharField(max_length=120)
    outcome = serializers.ChoiceField(VisitTask.Outcome.choices)
    reason = serializers.ChoiceField(VisitTask.Reason.choices, default="", allow_blank=True)


class VisitNoteSerializer(serializers.Serializer[Any]):
    """A note on a visit."""

    key = serializers.CharField(max_length=80)
    at = serializers.DateTimeField(required=False)
    text = serializers.CharField(max_length=2000)


class TurnDownSerializer(serializers.Serializer[Any]):
    """Why the caregiver does not come."""

    key = serializers.CharField(max_length=80)
    at = serializers.DateTimeField(required=False)
    reason = serializers.ChoiceField(NotComing.choices)


class NotMetSerializer(serializers.Serializer[Any]):
    """What was found where nobody opened."""

    key = serializers.CharField(max_length=80)
    at = serializers.DateTimeField(required=False)
    text = serializers.CharField(max_length=2000)


class DoorSerializer(serializers.Serializer[Any]):
    """When how to get in was looked at."""

    key = serializers.CharField(max_length=80)
    at = serializers.DateTimeField(required=False)


class MoveSerializer(serializers.Serializer[Any]):
    """Another window."""

    starts_at = serializers.DateTimeField()
    ends_at = serializers.DateTimeField(required=False)


class CancelSerializer(serializers.Serializer[Any]):
    """Why it will not be."""

    reason = serializers.ChoiceField(Visit.CancelReason.choices)


class VisitAssignSerializer(serializers.Serializer[Any]):
    """Who goes; nobody takes everybody back."""

    caregivers = serializers.ListField(child=serializers.UUIDField(), max_length=2)
    planned_at = serializers.DateTimeField(required=False, allow_null=True)


class WishSerializer(serializers.Serializer[Any]):
    """What is asked for instead."""

    wish = serializers.CharField(max_length=200)


class FenceSerializer(serializers.Serializer[Any]):
    """How far from a home still counts as there."""

    radius_m = serializers.IntegerField(min_value=20, max_value=5000)
    reason = serializers.CharField(max_length=120, default="", allow_blank=True)


class VisitCodeSerializer(serializers.Serializer[Any]):
    """The code to say at the door."""

    code = serializers.CharField()


class CarePlanSerializer(serializers.ModelSerializer[CarePlan]):
    """A care plan."""

    tasks = serializers.ListField(child=serializers.CharField())

    class Meta:
        model = CarePlan
        fields = [
            "id",
            "resident",
            "service",
            "tasks",
            "instructions",
            "duration_min",
            "skills",
            "carers_needed",
            "rule",
            "except_on",
            "at",
            "window_min",
            "zone",
            "starts_on",
            "ends_on",
            "priority",
            "preferred",
            "refused",
            "made_until",
            "version",
            "ended_at",
            "end_reason",
        ]


class CarePlanChangeSerializer(serializers.ModelSerializer[CarePlan]):
    """What may change; `version` is the one that the change was made from."""

    version = serializers.IntegerField(required=False)
    tasks = serializers.ListField(child=serializers.CharField(max_length=120), required=False)
    preferred = serializers.ListField(child=serializers.UUIDField(), required=False)
    refused = serializers.ListField(child=serializers.UUIDField(), required=False)

    class Meta:
        model = CarePlan
        fields = [
            "service",
            "tasks",
            "instructions",
            "duration_min",
            "skills",
            "carers_needed",
            "rule",
            "except_on",
            "at",
            "window_min",
            "zone",
            "starts_on",
            "ends_on",
            "priority",
            "preferred",
            "refused",
            "version",
        ]


class CarePlanWriteSerializer(CarePlanChangeSerializer):
    """A new plan for a resident."""

    resident = serializers.PrimaryKeyRelatedField[Resident](queryset=Resident.objects.all())

    class Meta(CarePlanChangeSerializer.Meta):
        fields = ["resident", *CarePlanChangeSerializer.Meta.fields]


class PlanEndSerializer(serializers.Serializer[Any]):
    """When and why it ends."""

    on = serializers.DateField(required=False)
    reason = serializers.CharField(max_length=120)


class AbsenceSerializer(serializers.ModelSerializer[Absence]):
    """An absence."""

    class Meta:
        model = Absence
        fields = [
            "id",
            "caregiver",
            "starts_at",
            "ends_at",
            "reason",
            "recorded_at",
            "cancelled_at",
        ]
        read_only_fields = ["id", "recorded_at", "cancelled_at"]


class MyDaySerializer(serializers.Serializer[Any]):
    """A caregiver's days: `next` names the visit that comes next; times are ISO 8601."""

    until = serializers.DateField()
    next = serializers.UUIDField(allow_null=True)
    caregiver = serializers.UUIDField()
    day_ends_at = serializers.DateTimeField()
    visits = serializers.ListField(child=serializers.DictField())

    def get_fields(self) -> dict[str, Any]:
        """`from` is no name for an attribute."""
        return {"from": serializers.DateField(), **super().get_fields()}
