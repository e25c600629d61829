"""The form of calls at the API (DESIGN, Doors)."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from backend.accounts.actors import Actor
from services.emergencies.models import EmergencyCall, EscalationPolicy


class PlaceSerializer(serializers.Serializer[dict[str, Any]]):
    """Where help is needed; WGS-84."""

    address = serializers.CharField()
    lat = serializers.FloatField(allow_null=True)
    lon = serializers.FloatField(allow_null=True)
    source = serializers.CharField()  # type: ignore[assignment] # DRF uses the name itself


class SourceSerializer(serializers.Serializer[dict[str, Any]]):
    """What called."""

    device = serializers.UUIDField(allow_null=True)
    metric = serializers.CharField()


class CallSerializer(serializers.Serializer[EmergencyCall]):
    """A call for help. Context `actor`: a caregiver is told who and where once they go."""

    id = serializers.UUIDField()
    state = serializers.ChoiceField(EmergencyCall.State.choices)
    kind = serializers.ChoiceField(EmergencyCall.Kind.choices)
    verified = serializers.BooleanField()
    outcome = serializers.CharField()
    resident = serializers.UUIDField(source="resident_id", allow_null=True)
    resident_name = serializers.SerializerMethodField()
    place = serializers.SerializerMethodField()
    source = serializers.SerializerMethodField()  # type: ignore[assignment] # as above
    opened_at = serializers.DateTimeField()
    handled_by = serializers.CharField()
    handled_by_name = serializers.CharField()
    accepted_at = serializers.DateTimeField(allow_null=True)
    accepted_by = serializers.SerializerMethodField()
    accepted_by_name = serializers.CharField()
    expected_at = serializers.DateTimeField(allow_null=True)
    on_the_way_at = serializers.DateTimeField(allow_null=True)
    arrived_at = serializers.DateTimeField(allow_null=True)
    resolved_at = serializers.DateTimeField(allow_null=True)
    escalate_at = serializers.DateTimeField(allow_null=True)
    presses = serializers.IntegerField()
    drill = serializers.BooleanField()

    def get_resident_name(self, call: EmergencyCall) -> str:
        """Name of the resident, or what an unverified caller said of themself."""
        if not self._is_told(call):
            return ""
        return call.resident.name if call.resident else call.claimed_name

    def get_accepted_by(self, call: EmergencyCall) -> str | None:
        """Reference of the responder, such as "caregiver:<uuid>"."""
        return call.accepted_by or None

    @extend_schema_field(PlaceSerializer)
    def get_place(self, call: EmergencyCall) -> dict[str, Any]:
        """Where help is needed."""
        if not self._is_told(call):
            return {"address": "", "lat": None, "lon": None, "source": call.place_source}
        return {
            "address": call.place_text,
            "lat": call.place_lat,
            "lon": call.place_lon,
            "source": call.place_source,
        }

    def _is_told(self, call: EmergencyCall) -> bool:
        """Whether the actor may know who it is and the door."""
        actor: Actor | None = self.context.get("actor")
        if actor is None or actor.caregiver_id is None:
            return True
        return call.accepted_by_caregiver_id == actor.caregiver_id

    @extend_schema_field(SourceSerializer)
    def get_source(self, call: EmergencyCall) -> dict[str, Any]:
        """What called."""
        device = str(call.source_device) if call.source_device else None
        return {"device": device, "metric": call.source_metric}


class AcceptSerializer(serializers.Serializer[dict[str, Any]]):
    """An accept: how long to the door, and from the desk for whom."""

    minutes = serializers.IntegerField(min_value=0, max_value=600, required=False, allow_null=True)
    responder = serializers.CharField(required=False, allow_blank=True)


class TimedSerializer(serializers.Serializer[dict[str, Any]]):
    """Something that may be told later, with the time at which it was."""

    at = serializers.DateTimeField(required=False, allow_null=True)


class OnTheWaySerializer(TimedSerializer):
    """Setting out."""

    minutes = serializers.IntegerField(min_value=0, max_value=600, required=False, allow_null=True)


class DeclineSerializer(serializers.Serializer[dict[str, Any]]):
    """Not going."""

    stay_informed = serializers.BooleanField(default=False)


class ResolveSerializer(TimedSerializer):
    """The outcome."""

    outcome = serializers.CharField()
    note = serializers.CharField(required=False, allow_blank=True, max_length=2000, default="")


class HandOverSerializer(serializers.Serializer[dict[str, Any]]):
    """To whom, as a reference; empty: to whoever accepts."""

    to = serializers.CharField(required=False, allow_blank=True, default="")


class IdentifySerializer(serializers.Serializer[dict[str, Any]]):
    """Whose call it is."""

    resident = serializers.UUIDField()


class NoteSerializer(serializers.Serializer[dict[str, Any]]):
    """Something written down."""

    text = serializers.CharField(max_length=2000)


class EscalationPolicySerializer(serializers.Serializer[EscalationPolicy]):
    """Who is called when."""

    steps = serializers.ListField(child=serializers.DictField())
    arrive_within_min = serializers.IntegerField(min_value=1, max_value=240, required=False)
    version = serializers.IntegerField(read_only=True)


class TimelineEventSerializer(serializers.Serializer[dict[str, Any]]):
    """One step of a call's history."""

    seq = serializers.IntegerField(allow_null=True)
    at = serializers.DateTimeField()
    type = serializers.CharField()
    by = serializers.CharField()
    data = serializers.DictField()  # type: ignore[assignment] # as above
