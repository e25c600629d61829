"""Offers and entitlements at the API."""

from typing import Any

from rest_framework import serializers

from backend.web.api.told import ToldByRole
from services.assistance.models import BenefitOffer, Entitlement

Plain = serializers.Serializer[Any]
TEXT_MAX = 500


class OfferSerializer(serializers.ModelSerializer[BenefitOffer]):
    """An offer."""

    class Meta:
        model = BenefitOffer
        fields = [
            "id",
            "resident",
            "area",
            "benefit",
            "mode",
            "state",
            "amount_fen",
            "offered_at",
            "asked_times",
            "answered_at",
            "answered_by",
            "answered_via",
            "wants_person_at",
            "to_follow_since",
            "followed_at",
        ]


class EntitlementSerializer(ToldByRole, serializers.ModelSerializer[Entitlement]):
    """An entitlement; the account is shown to nobody here."""

    class Meta:
        model = Entitlement
        fields = [
            "id",
            "resident",
            "area",
            "offer",
            "benefit",
            "state",
            "amount_fen",
            "starts_on",
            "ends_on",
            "end_reason",
            "proposed_at",
            "checked_by",
            "checked_at",
            "confirmed_by",
            "confirmed_at",
            "ruling",
        ]


class OfferAnswerSerializer(Plain):
    """Whether it is taken."""

    takes = serializers.BooleanField()


class OfferTextSerializer(Plain):
    """Words that are needed."""

    text = serializers.CharField(max_length=TEXT_MAX)


class EntitlementCheckSerializer(Plain):
    """Where it is paid to."""

    account = serializers.CharField(max_length=60)


class EntitlementEndSerializer(Plain):
    """Why and since when."""

    reason = serializers.ChoiceField(Entitlement.End.choices)
    on = serializers.DateField()
