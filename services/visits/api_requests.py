"""Visits that are asked for, at the API."""

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.generics import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from backend.accounts.actors import Actor
from backend.accounts.permissions import Declared, action_of, actor_for
from backend.accounts.queries import residents_condition
from backend.core import clock
from backend.core.errors import Invalid
from backend.people.models import Resident
from backend.web.api.idempotent import IdempotentPosts
from services.visits import actions, queries
from services.visits.api import VisitPages
from services.visits.models import Service, VisitRequest


class VisitRequestSerializer(serializers.ModelSerializer[VisitRequest]):
    """A visit that was asked for."""

    class Meta:
        model = VisitRequest
        fields = [
            "id",
            "resident",
            "service",
            "wish",
            "asked_by_name",
            "asked_at",
            "state",
            "answer",
            "answered_at",
            "visit",
        ]
        read_only_fields = [
            "asked_by_name",
            "asked_at",
            "state",
            "answer",
            "answered_at",
            "visit",
        ]


class AskForVisitSerializer(serializers.Serializer[Any]):
    """For whom, what, and when it would suit in their own words."""

    resident = serializers.UUIDField()
    service = serializers.ChoiceField(Service.choices)
    wish = serializers.CharField(max_length=200)


class AgreeSerializer(serializers.Serializer[Any]):
    """When somebody comes, and for how long."""

    starts_at = serializers.DateTimeField()
    duration_min = serializers.IntegerField(min_value=10, max_value=600, default=60)


class DeclineRequestSerializer(serializers.Serializer[Any]):
    """Why it is not possible."""

    answer = serializers.CharField(max_length=200)


class VisitRequestPages(VisitPages):
    """Newest first, 100 a page."""

    ordering = ("-asked_at", "id")


class VisitRequestViewSet(IdempotentPosts, GenericViewSet[VisitRequest]):
    """Asked for by the caller, or in the area that the caller plans."""

    resource = "visit-requests"
    permission_classes = [Declared]
    serializer_class = VisitRequestSerializer
    pagination_class = VisitRequestPages
    lookup_value_regex = "[0-9a-f-]{36}"

    @property
    def actor(self) -> Actor:
        """Who asks."""
        return actor_for(self.request)

    def get_queryset(self) -> QuerySet[VisitRequest]:
        """Requests that the actor reaches for the action."""
        if getattr(self, "swagger_fake_view", False):
            return VisitRequest.objects.none()
        asked = action_of(self, self.request.method or "") or ""
        return queries.requests_visible_to(self.actor, asked)

    def list(self, request: Request) -> Response:
        """Requests, newest first."""
        found = self.get_queryset()
        if state := request.query_params.get("state"):
            found = found.filter(state=state)
        shown = VisitRequestSerializer(self.paginate_queryset(found) or [], many=True)
        return self.get_paginated_response(shown.data)

    def retrieve(self, _request: Request, pk: str) -> Response:
        """One request."""
        return self._shown(self._one(pk))

    @extend_schema(request=AskForVisitSerializer, responses={201: VisitRequestSerializer})
    def create(self, request: Request) -> Response:
        """Ask for a visit."""
        sent = _checked(AskForVisitSerializer(data=request.data))
        reached = residents_condition(self.actor, self.actor.scope(self.resource, "create"))
        resident = Resident.objects.filter(reached, pk=sent["resident"]).first()
        if resident is None:
            raise Invalid(fields={"resident": ["unknown"]})
        asked = actions.ask_for_visit(
            resident,
            service=sent["service"],
            wish=sent["wish"],
            by=self.actor.reference,
            name=self.actor.name,
            contact=queries.own_contact(self.actor, resident),
            now=clock.now(),
        )
        return Response(VisitRequestSerializer(asked).data, status=status.HTTP_201_CREATED)

    @extend_schema(request=AgreeSerializer)
    @action(detail=True, methods=["post"])
    def agree(self, request: Request, pk: str) -> Response:
        """Make a visit of it."""
        asked, sent = self._one(pk), _checked(AgreeSerializer(data=request.data))
        by = self.actor.reference
        return self._shown(actions.agree_to_request(asked, **sent, by=by, now=clock.now()))

    @extend_schema(request=DeclineRequestSerializer)
    @action(detail=True, methods=["post"])
    def decline(self, request: Request, pk: str) -> Response:
        """Say why not."""
        asked, sent = self._one(pk), _checked(DeclineRequestSerializer(data=request.data))
        by = self.actor.reference
        return self._shown(actions.decline_request(asked, **sent, by=by, now=clock.now()))

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def withdraw(self, _request: Request, pk: str) -> Response:
        """Take it back."""
        by = self.actor.reference
        return self._shown(actions.withdraw_request(self._one(pk), by=by, now=clock.now()))

    def _one(self, pk: str) -> VisitRequest:
        return get_object_or_404(self.get_queryset(), pk=pk)

    def _shown(self, asked: VisitRequest) -> Response:
        return Response(VisitRequestSerializer(asked).data)


def _checked(form: serializers.Serializer[Any]) -> dict[str, Any]:
    form.is_valid(raise_exception=True)
    sent: dict[str, Any] = form.validated_data
    return sent
