"""Alerts at the API."""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.generics import get_object_or_404
from rest_framework.pagination import CursorPagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from backend.accounts.permissions import Declared, actor_for
from backend.core import clock
from backend.core.errors import Invalid
from backend.people.models import Caregiver
from backend.web.api.idempotent import IdempotentPosts
from services.alerts import actions, queries
from services.alerts.models import Alert


class AlertSerializer(serializers.ModelSerializer[Alert]):
    """An alert."""

    reason = serializers.CharField(read_only=True)

    class Meta:
        model = Alert
        fields = [
            "id",
            "kind",
            "state",
            "area",
            "household",
            "resident",
            "source_device",
            "call_id",
            "reason",
            "raised_at",
            "last_seen_at",
            "times_seen",
            "acknowledged_at",
            "assigned_to",
            "closed_at",
            "note",
        ]


class AssignSerializer(serializers.Serializer[Alert]):
    """To which caregiver."""

    caregiver = serializers.UUIDField()


class CloseSerializer(serializers.Serializer[Alert]):
    """What was found."""

    note = serializers.CharField(required=False, allow_blank=True, max_length=300, default="")


class DealtWithSerializer(CloseSerializer):
    """What was found, and when, if it is told later."""

    at = serializers.DateTimeField(required=False, allow_null=True)


class AlertPages(CursorPagination):
    """Newest first, 50 a page."""

    page_size = 50
    page_size_query_param = "limit"
    max_page_size = 200
    ordering = ("-raised_at", "id")


class AlertViewSet(IdempotentPosts, GenericViewSet[Alert]):
    """Alerts within the caller's scope."""

    resource = "alerts"
    permission_classes = [Declared]
    serializer_class = AlertSerializer
    pagination_class = AlertPages
    lookup_value_regex = "[0-9a-f-]{36}"

    def get_queryset(self) -> QuerySet[Alert]:
        """Alerts the actor may reach for the action asked."""
        if getattr(self, "swagger_fake_view", False):
            return Alert.objects.none()
        names = {"list": "list", "retrieve": "read"}
        asked = names.get(self.action, self.action.replace("_", "-"))
        return queries.alerts_visible_to(actor_for(self.request), asked)

    @extend_schema(parameters=[OpenApiParameter("state", enum=[*Alert.State.values, "open"])])
    def list(self, request: Request) -> Response:
        """Alerts, newest first; `state=open` for those not closed."""
        alerts = self.get_queryset()
        state = request.query_params.get("state")
        if state == "open":
            alerts = alerts.filter(state__in=Alert.OPEN)
        elif state:
            alerts = alerts.filter(state=state)
        page = self.paginate_queryset(alerts) or []
        return self.get_paginated_response(AlertSerializer(page, many=True).data)

    def retrieve(self, _request: Request, pk: str) -> Response:
        """One alert."""
        return Response(AlertSerializer(self._alert(pk)).data)

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def acknowledge(self, request: Request, pk: str) -> Response:
        """Seen."""
        by = actor_for(request).reference
        alert = actions.acknowledge_alert(self._alert(pk), by=by, now=clock.now())
        return Response(AlertSerializer(alert).data)

    @extend_schema(request=AssignSerializer)
    @action(detail=True, methods=["post"])
    def assign(self, request: Request, pk: str) -> Response:
        """Give it to a caregiver of the same district."""
        alert = self._alert(pk)
        serializer = AssignSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        caregiver = self._caregiver(alert, serializer.validated_data["caregiver"])
        by = actor_for(request).reference
        alert = actions.assign_alert(alert, to=caregiver, by=by, now=clock.now())
        return Response(AlertSerializer(alert).data)

    @extend_schema(request=DealtWithSerializer)
    @action(detail=True, methods=["post"])
    def resolve(self, request: Request, pk: str) -> Response:
        """Dealt with."""
        by, said = actor_for(request).reference, self._said(request, DealtWithSerializer)
        alert = actions.resolve_alert(
            self._alert(pk), by=by, note=said["note"], at=said.get("at"), now=clock.now()
        )
        return Response(AlertSerializer(alert).data)

    @extend_schema(request=CloseSerializer)
    @action(detail=True, methods=["post"], url_path="mark-false")
    def mark_false(self, request: Request, pk: str) -> Response:
        """It meant nothing."""
        by, said = actor_for(request).reference, self._said(request, CloseSerializer)
        alert = actions.mark_false(self._alert(pk), by=by, note=said["note"], now=clock.now())
        return Response(AlertSerializer(alert).data)

    def _alert(self, pk: str) -> Alert:
        return get_object_or_404(self.get_queryset(), pk=pk)

    def _said(self, request: Request, form: type[CloseSerializer]) -> dict[str, Any]:
        serializer = form(data=request.data)
        serializer.is_valid(raise_exception=True)
        said: dict[str, Any] = serializer.validated_data
        return said

    def _caregiver(self, alert: Alert, caregiver_id: UUID) -> Caregiver:
        caregiver = queries.caregiver_for(alert, caregiver_id)
        if caregiver is None:
            raise Invalid(field="caregiver")
        return caregiver
