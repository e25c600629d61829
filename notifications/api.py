"""Deliveries at the API: who was told what about a thing, and how that went."""

from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.pagination import CursorPagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from backend.accounts.permissions import Declared, actor_for
from backend.people import phones
from notifications import queries
from notifications.models import Attempt, Delivery


class AttemptSerializer(serializers.ModelSerializer[Attempt]):
    """One try."""

    class Meta:
        model = Attempt
        fields = [
            "number",
            "sender",
            "state",
            "started_at",
            "state_at",
            "ended_at",
            "error_code",
            "provider_code",
            "keys",
        ]


class DeliverySerializer(serializers.ModelSerializer[Delivery]):
    """A message owed to one person; the number is masked."""

    phone = serializers.SerializerMethodField()
    attempts = AttemptSerializer(many=True)

    class Meta:
        model = Delivery
        fields = [
            "id",
            "cause",
            "person",
            "person_name",
            "phone",
            "channel",
            "template",
            "step_run",
            "asks",
            "priority",
            "state",
            "failure",
            "reply",
            "reply_at",
            "created_at",
            "due_at",
            "expires_at",
            "final_at",
            "attempts",
        ]

    def get_phone(self, delivery: Delivery) -> str:
        """So much of the number that one can tell which it is."""
        return phones.masked(delivery.address)


class DeliveryPages(CursorPagination):
    """Oldest first, as they happened, 100 a page."""

    page_size = 100
    page_size_query_param = "limit"
    max_page_size = 500
    ordering = ("created_at", "id")


class DeliveryViewSet(GenericViewSet[Delivery]):
    """Deliveries within the caller's scope."""

    resource = "deliveries"
    permission_classes = [Declared]
    serializer_class = DeliverySerializer
    pagination_class = DeliveryPages

    def get_queryset(self) -> QuerySet[Delivery]:
        """Deliveries the actor may see."""
        if getattr(self, "swagger_fake_view", False):
            return Delivery.objects.none()
        return queries.deliveries_visible_to(actor_for(self.request))

    @extend_schema(parameters=[OpenApiParameter("cause", str)])
    def list(self, request: Request) -> Response:
        """Deliveries, oldest first; `cause=call:<id>` for those about one call."""
        deliveries = self.get_queryset()
        cause = request.query_params.get("cause")
        if cause:
            deliveries = deliveries.filter(cause=cause)
        page = self.paginate_queryset(deliveries)
        return self.get_paginated_response(DeliverySerializer(page, many=True).data)
