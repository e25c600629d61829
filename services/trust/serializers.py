"""Opened records as programs read and write them."""

from typing import Any

from rest_framework import serializers

from backend.people.models import Contact, Resident
from services.trust.models import RecordOpening
from services.trust.policies import HOME_FIELDS, REASON_MAX, RESIDENT_FIELDS


class OpenRecordSerializer(serializers.Serializer[Any]):
    """Why a record is opened, and for how many minutes at most."""

    kind = serializers.ChoiceField(choices=RecordOpening.Kind.choices)
    reason = serializers.CharField(max_length=REASON_MAX)
    minutes = serializers.IntegerField(required=False, min_value=1, max_value=60)


class FindAndOpenSerializer(OpenRecordSerializer):
    """The same, with exactly what is known of the person."""

    phone = serializers.CharField(required=False, max_length=40, default="")
    id_number = serializers.CharField(required=False, max_length=40, default="")
    name = serializers.CharField(required=False, max_length=60, default="")
    address = serializers.CharField(required=False, max_length=200, default="")


class OpeningSerializer(serializers.ModelSerializer[RecordOpening]):
    """An opening: until when, and whether it was told and reviewed."""

    ended_at = serializers.DateTimeField(read_only=True)

    class Meta:
        model = RecordOpening
        fields = [
            "id",
            "resident",
            "kind",
            "opened_at",
            "until_at",
            "ended_at",
            "told_at",
            "verdict",
            "reviewed_at",
        ]
        read_only_fields = fields


class GrantedContactSerializer(serializers.ModelSerializer[Contact]):
    """Somebody to call."""

    class Meta:
        model = Contact
        fields = ["name", "relation", "phone", "has_key", "minutes_to_door"]
        read_only_fields = fields


class GrantedSerializer(serializers.ModelSerializer[Resident]):
    """What an opened record shows, and nothing else (`policies.GRANTED`)."""

    address = serializers.CharField(source="household.address.text", read_only=True)
    door_code = serializers.CharField(source="household.door_code", read_only=True)
    key_holder = serializers.CharField(source="household.key_holder", read_only=True)
    entry_notes = serializers.CharField(source="household.entry_notes", read_only=True)
    contacts = GrantedContactSerializer(many=True, read_only=True)

    class Meta:
        model = Resident
        fields = [*RESIDENT_FIELDS, *HOME_FIELDS, "contacts"]
        read_only_fields = fields


class OpenedSerializer(OpeningSerializer):
    """An opening with the record, while it is open."""

    record = GrantedSerializer(source="resident", read_only=True)

    class Meta(OpeningSerializer.Meta):
        fields = [*OpeningSerializer.Meta.fields, "record"]
        read_only_fields = fields


class ReviewedSerializer(OpeningSerializer):
    """An opening as whoever reviews it reads it."""

    by = serializers.CharField(source="user.name", read_only=True)

    class Meta(OpeningSerializer.Meta):
        fields = [*OpeningSerializer.Meta.fields, "by", "reason", "note"]
        read_only_fields = fields


class VerdictSerializer(serializers.Serializer[Any]):
    """How an opening is judged."""

    verdict = serializers.ChoiceField(choices=RecordOpening.Verdict.choices)
    note = serializers.CharField(required=False, allow_blank=True, max_length=500, default="")
