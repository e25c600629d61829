"""Requests as the API gives and takes them."""

from typing import Any

from rest_framework import serializers

from backend.people.models import Resident
from services.rights.models import RightsRequest


class RightsRequestSerializer(serializers.ModelSerializer[RightsRequest]):
    """One request, without what was said in it."""

    class Meta:
        model = RightsRequest
        fields = [
            "id",
            "kind",
            "state",
            "resident",
            "asker",
            "channel",
            "about",
            "asked_at",
            "ends_at",
            "overdue_since",
            "decided_at",
            "closed_at",
        ]
        read_only_fields = fields


class AnsweredRequestSerializer(RightsRequestSerializer):
    """One request, with what whoever asked is told."""

    class Meta(RightsRequestSerializer.Meta):
        fields = [*RightsRequestSerializer.Meta.fields, "answer"]
        read_only_fields = fields


class AskSerializer(serializers.Serializer[Any]):
    """What is asked; staff also say who asks, and how."""

    resident = serializers.PrimaryKeyRelatedField(queryset=Resident.objects.all())
    kind = serializers.ChoiceField(RightsRequest.Kind.choices)
    about = serializers.CharField(max_length=80, required=False, default="", allow_blank=True)
    words = serializers.CharField(max_length=1_000, required=False, default="", allow_blank=True)
    proof = serializers.CharField(max_length=1_000, required=False, default="", allow_blank=True)


class RightsAnswerSerializer(serializers.Serializer[Any]):
    """What they are told."""

    answer = serializers.CharField(max_length=500, required=False, default="", allow_blank=True)
