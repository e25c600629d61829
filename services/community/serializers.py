"""How services, orders and complaints look at the API."""

from typing import Any

from rest_framework import serializers

from backend.people.models import Resident
from backend.places.models import Area
from backend.web.api.told import ToldByRole
from services.community.models import (
    Complaint,
    OpeningHours,
    Order,
    OrderEvent,
    Provider,
    Service,
    ServiceOffer,
    StandingOrder,
)


class ServiceSerializer(serializers.ModelSerializer[Service]):
    """A service of the catalogue."""

    class Meta:
        model = Service
        fields = [
            "id",
            "area",
            "category",
            "name",
            "name_en",
            "about",
            "about_en",
            "fulfilment",
            "visit_service",
            "price_fen",
            "duration_min",
            "hours",
            "lead_min",
            "cancel_before_min",
            "repeats",
            "place",
            "active",
        ]
        read_only_fields = ["id", "area"]
        validators: list[Any] = []


class OpeningHoursSerializer(serializers.ModelSerializer[OpeningHours]):
    """From when to when on a weekday; 0 is Monday."""

    class Meta:
        model = OpeningHours
        fields = ["weekday", "opens", "closes"]


class ServiceOfferSerializer(serializers.ModelSerializer[ServiceOffer]):
    """A service that a provider brings."""

    class Meta:
        model = ServiceOffer
        fields = ["service", "price_fen", "capacity_a_day"]


class ProviderSerializer(serializers.ModelSerializer[Provider]):
    """A provider with where it goes, when it works and what it brings."""

    opening_hours = OpeningHoursSerializer(many=True)
    service_offers = ServiceOfferSerializer(many=True)
    serves = serializers.PrimaryKeyRelatedField(many=True, queryset=Area.objects.all())

    class Meta:
        model = Provider
        fields = [
            "id",
            "area",
            "name",
            "phone",
            "serves",
            "opening_hours",
            "service_offers",
            "active",
        ]
        read_only_fields = ["id", "area"]
        validators: list[Any] = []


class OrderEventSerializer(serializers.ModelSerializer[OrderEvent]):
    """One step of an order."""

    class Meta:
        model = OrderEvent
        fields = ["at", "event", "by_name"]


class OrderSerializer(serializers.ModelSerializer[Order]):
    """An order; where it is, like a parcel."""

    class Meta:
        model = Order
        fields = [
            "id",
            "resident",
            "service",
            "standing",
            "occurs_on",
            "wanted_at",
            "price_fen",
            "state",
            "channel",
            "ordered_at",
            "ordered_by_name",
            "provider",
            "visit",
            "call",
            "overdue_since",
            "done_at",
            "cancel_reason",
            "rating",
        ]
        read_only_fields = fields


class WholeOrderSerializer(OrderSerializer):
    """The same with its steps and the words beside it."""

    events = OrderEventSerializer(many=True, read_only=True)

    class Meta(OrderSerializer.Meta):
        fields = [*OrderSerializer.Meta.fields, "note", "rating_words", "events"]
        read_only_fields = fields


class PlaceOrderSerializer(serializers.Serializer[Any]):
    """What is ordered for whom, and when; staff orders by telephone."""

    resident = serializers.PrimaryKeyRelatedField(queryset=Resident.objects.all())
    service = serializers.PrimaryKeyRelatedField(queryset=Service.objects.all())
    wanted_at = serializers.DateTimeField(required=False)
    note = serializers.CharField(max_length=300, default="", allow_blank=True)


class CancelOrderSerializer(serializers.Serializer[Any]):
    """Why it will not be."""

    reason = serializers.ChoiceField(
        choices=Order.CancelReason.choices, default=Order.CancelReason.ASKED
    )


class RateSerializer(serializers.Serializer[Any]):
    """From 1 to 5, and words."""

    rating = serializers.IntegerField(min_value=1, max_value=5)
    words = serializers.CharField(max_length=500, default="", allow_blank=True)


class PassOnSerializer(serializers.Serializer[Any]):
    """To a provider by its key, or "visit" or "call"."""

    to = serializers.CharField(max_length=40)


class GiveBackSerializer(serializers.Serializer[Any]):
    """Why whoever had it does not do it."""

    reason = serializers.CharField(max_length=500, default="", allow_blank=True)


class StandingOrderSerializer(serializers.ModelSerializer[StandingOrder]):
    """An order that comes again."""

    class Meta:
        model = StandingOrder
        fields = [
            "id",
            "resident",
            "service",
            "rule",
            "at",
            "zone",
            "starts_on",
            "ends_on",
            "provider",
            "made_until",
            "channel",
            "ordered_at",
            "ended_at",
        ]
        read_only_fields = fields


class OrderAgainSerializer(serializers.Serializer[Any]):
    """What comes again, by a rule of RFC 5545."""

    resident = serializers.PrimaryKeyRelatedField(queryset=Resident.objects.all())
    service = serializers.PrimaryKeyRelatedField(queryset=Service.objects.all())
    rule = serializers.CharField(max_length=200)
    at = serializers.TimeField()
    starts_on = serializers.DateField(required=False)
    ends_on = serializers.DateField(required=False, allow_null=True)
    note = serializers.CharField(max_length=300, default="", allow_blank=True)


class ComplaintSerializer(ToldByRole, serializers.ModelSerializer[Complaint]):
    """A complaint in a list; its words are read one by one."""

    limit = serializers.DictField(read_only=True)

    class Meta:
        model = Complaint
        fields = [
            "id",
            "resident",
            "order",
            "provider",
            "source",
            "hotline_number",
            "category",
            "received_at",
            "state",
            "owner",
            "limit",
            "ends_at",
            "overdue_since",
            "answered_at",
            "outcome",
            "checked_at",
            "reopened",
            "closed_at",
        ]
        read_only_fields = fields


class WholeComplaintSerializer(ComplaintSerializer):
    """The same with what was said."""

    class Meta(ComplaintSerializer.Meta):
        fields = [*ComplaintSerializer.Meta.fields, "words", "answer"]
        read_only_fields = fields


class ComplainSerializer(serializers.Serializer[Any]):
    """What is wrong; staff takes down what somebody told the centre."""

    resident = serializers.PrimaryKeyRelatedField(
        queryset=Resident.objects.all(), required=False, allow_null=True
    )
    order = serializers.PrimaryKeyRelatedField(
        queryset=Order.objects.all(), required=False, allow_null=True
    )
    category = serializers.ChoiceField(choices=Complaint.Category.choices)
    words = serializers.CharField(max_length=2_000)


class ComplaintAnswerSerializer(serializers.Serializer[Any]):
    """What was found and done; it is read aloud to whoever complained."""

    answer = serializers.CharField(max_length=500)


class PutRightSerializer(serializers.Serializer[Any]):
    """What whoever complained said."""

    is_right = serializers.BooleanField()
    note = serializers.CharField(max_length=500, default="", allow_blank=True)


class ComplaintNoteSerializer(serializers.Serializer[Any]):
    """A word for the history."""

    note = serializers.CharField(max_length=500)


class ComplaintReasonSerializer(serializers.Serializer[Any]):
    """Words that are needed."""

    reason = serializers.CharField(max_length=500)


class TicketSerializer(serializers.Serializer[Any]):
    """One ticket of the hotline."""

    number = serializers.CharField(max_length=40)
    received_at = serializers.DateTimeField()
    category = serializers.ChoiceField(
        choices=Complaint.Category.choices, default=Complaint.Category.OTHER
    )
    words = serializers.CharField(max_length=2_000)
    name = serializers.CharField(max_length=60, default="", allow_blank=True)
    phone = serializers.CharField(max_length=20, default="", allow_blank=True)
    area = serializers.CharField(max_length=60, default="", allow_blank=True)
    answer_by = serializers.DateField(required=False, allow_null=True)


class TicketsSerializer(serializers.Serializer[Any]):
    """Tickets of the hotline; a dry run keeps nothing and says the same."""

    tickets = serializers.ListField(child=TicketSerializer(), allow_empty=False, max_length=500)
    dry_run = serializers.BooleanField(default=False)


class HotlineLineSerializer(serializers.Serializer[Any]):
    """What became of one ticket: new, known or refused."""

    number = serializers.IntegerField()
    ticket = serializers.CharField()
    kind = serializers.CharField()
    wrong = serializers.ListField(
        child=serializers.ListField(child=serializers.CharField()), source="errors"
    )


class HotlineReportSerializer(serializers.Serializer[Any]):
    """What became, or would become, of the tickets."""

    is_dry_run = serializers.BooleanField()
    new = serializers.IntegerField()
    known = serializers.IntegerField()
    refused = serializers.IntegerField()
    lines = HotlineLineSerializer(many=True)


class TicketAnswerSerializer(serializers.Serializer[Any]):
    """Where a ticket stands with us."""

    number = serializers.CharField()
    state = serializers.CharField()
    answer = serializers.CharField()
    answered_at = serializers.DateTimeField(allow_null=True)
    answered_by = serializers.CharField()
    outcome = serializers.CharField()
    closed_at = serializers.DateTimeField(allow_null=True)
