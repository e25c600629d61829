"""Requests about one's own data at the API. Copies are fetched in the browser only."""

from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from backend.accounts.models import STAFF_ROLES, User
from backend.core import clock
from services.community.api_base import ByKey, Doors, narrowed
from services.rights import actions
from services.rights.asking_for import ask_in_app
from services.rights.models import RightsRequest
from services.rights.queries import requests_visible_to, resident_reached
from services.rights.record import note_reading
from services.rights.serializers import (
    AnsweredRequestSerializer,
    AskSerializer,
    RightsAnswerSerializer,
    RightsRequestSerializer,
)

Asker, Channel = RightsRequest.Asker, RightsRequest.Channel


class ByEnd(ByKey):
    """By when they have to be answered."""

    ordering = ("ends_at", "pk")


class RightsRequestViewSet(Doors[RightsRequest]):
    """Requests within the caller's scope."""

    resource = "rights-requests"
    serializer_class = AnsweredRequestSerializer
    pagination_class = ByEnd

    def get_queryset(self) -> QuerySet[RightsRequest]:
        """Requests that the actor reaches for the action asked."""
        if getattr(self, "swagger_fake_view", False):
            return RightsRequest.objects.none()
        return requests_visible_to(self.actor, self.asked)

    @extend_schema(
        parameters=[
            OpenApiParameter("state", enum=RightsRequest.State.values),
            OpenApiParameter("kind", enum=RightsRequest.Kind.values),
            OpenApiParameter("resident", str),
        ],
        responses=RightsRequestSerializer(many=True),
    )
    def list(self, request: Request) -> Response:
        """Requests by when they have to be answered."""
        rows = narrowed(
            self.get_queryset(), request.query_params, texts="state kind", keys="resident"
        )
        page = self.paginate_queryset(rows)
        return self.get_paginated_response(RightsRequestSerializer(page or [], many=True).data)

    def retrieve(self, _request: Request, pk: str) -> Response:
        """One request with its answer."""
        return self._shown(self._one(pk))

    @extend_schema(request=AskSerializer, responses={201: AnsweredRequestSerializer})
    def create(self, _request: Request) -> Response:
        """Ask; what staff take down so was asked by the resident, by telephone."""
        sent = self.sent(AskSerializer)
        key = sent.pop("resident").pk
        resident = resident_reached(self.actor, key, "rights-requests", "create")
        now = clock.now()
        if self.actor.role in STAFF_ROLES:
            sent |= {"asker": Asker.RESIDENT, "channel": Channel.PHONE}
            made = actions.ask(resident=resident, by=self.by, now=now, **sent)
        else:
            made = ask_in_app(self.actor, resident, now=now, **sent)
        answer = self._shown(made)
        answer.status_code = status.HTTP_201_CREATED
        return answer

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def withdraw(self, _request: Request, pk: str) -> Response:
        """Take it back."""
        return self._shown(actions.withdraw(self._one(pk), by=self.by, now=clock.now()))

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def take(self, _request: Request, pk: str) -> Response:
        """Look after it oneself."""
        return self._shown(actions.take(self._one(pk), officer=self._me, now=clock.now()))

    @extend_schema(request=RightsAnswerSerializer)
    @action(detail=True, methods=["post"])
    def approve(self, _request: Request, pk: str) -> Response:
        """Let it be done."""
        shown, sent = self._one(pk), self.sent(RightsAnswerSerializer)
        return self._shown(actions.approve(shown, officer=self._me, **sent, now=clock.now()))

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def confirm(self, _request: Request, pk: str) -> Response:
        """The second person of a deletion."""
        return self._shown(actions.confirm(self._one(pk), officer=self._me, now=clock.now()))

    @extend_schema(request=RightsAnswerSerializer)
    @action(detail=True, methods=["post"])
    def refuse(self, _request: Request, pk: str) -> Response:
        """Say no, and why."""
        shown, sent = self._one(pk), self.sent(RightsAnswerSerializer)
        return self._shown(actions.refuse(shown, officer=self._me, **sent, now=clock.now()))

    @property
    def _me(self) -> User:
        return User.objects.get(pk=self.actor.user_id)

    def _one(self, pk: str) -> RightsRequest:
        self.kwargs["pk"] = pk
        found: RightsRequest = self.get_object()
        return found

    def _shown(self, shown: RightsRequest) -> Response:
        note_reading(shown, fields=["answer"], by=self.actor.reference, now=clock.now())
        return Response(AnsweredRequestSerializer(shown).data)
