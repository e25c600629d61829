"""Nobody forgotten, welfare calls and visits, and events, at the API."""

from collections.abc import Sequence
from uuid import UUID

from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import status
from rest_framework.generics import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView
from rest_framework.viewsets import GenericViewSet

from backend.accounts.permissions import Declared, action_of, actor_for
from backend.accounts.queries import areas_condition
from backend.audit.actions import record_reads
from backend.core import clock
from backend.core.errors import Invalid, NotFound
from backend.people.models import Caregiver
from backend.places.models import Area
from backend.web.api.idempotent import IdempotentPosts
from services.wellbeing import actions, queries
from services.wellbeing.api import BY_RESIDENT, Newest, checked, of_resident
from services.wellbeing.lists import LISTS, listed
from services.wellbeing.models import AreaEvent, Watched, WelfareContact
from services.wellbeing.serializers import (
    AreaEventSerializer,
    AreaEventWriteSerializer,
    AssignWatchedSerializer,
    WatchedSerializer,
    WelfareContactSerializer,
    WelfareWriteSerializer,
)


class OwedFirst(Newest):
    """Who is owed first."""

    ordering = ("owed_at", "id")


class LatestContacts(Newest):
    """The latest first."""

    ordering = ("-at", "id")


class LatestEvents(Newest):
    """The latest first."""

    ordering = ("-declared_at", "id")


class NobodyForgottenViewSet(GenericViewSet[Watched]):
    """Everybody at risk: when a person last heard of them, and what is owed next by whom."""

    resource = "nobody-forgotten"
    permission_classes = [Declared]
    serializer_class = WatchedSerializer
    pagination_class = OwedFirst

    def get_queryset(self) -> QuerySet[Watched]:
        """Those that the actor reaches."""
        if getattr(self, "swagger_fake_view", False):
            return Watched.objects.none()
        return queries.watched_visible_to(actor_for(self.request), "list")

    @extend_schema(parameters=[OpenApiParameter("list", enum=list(LISTS))])
    def list(self, request: Request) -> Response:
        """Who is owed first; `list=` for those overdue, owed soon, or without somebody."""
        rows = listed(self.get_queryset(), request.query_params.get("list", ""), now=clock.now())
        page = self.paginate_queryset(rows)
        return self.get_paginated_response(WatchedSerializer(page or [], many=True).data)


class WatchedView(IdempotentPosts, APIView):
    """Who owes the next contact with one resident."""

    resource = "nobody-forgotten"
    access_action = "assign"
    permission_classes = [Declared]

    @extend_schema(request=AssignWatchedSerializer, responses=WatchedSerializer)
    def post(self, request: Request, resident_id: UUID) -> Response:
        """Name somebody, or take it back."""
        row = queries.watched_visible_to(actor_for(request), "assign").filter(resident=resident_id)
        watched = row.first()
        if watched is None:
            raise NotFound
        key = checked(AssignWatchedSerializer(data=request.data))["caregiver"]
        caregiver = Caregiver.objects.filter(pk=key, active=True).first() if key else None
        if key and caregiver is None:
            raise Invalid(fields={"caregiver": ["unknown"]})
        by = actor_for(request).reference
        actions.assign_watched(watched.resident, caregiver=caregiver, by=by, now=clock.now())
        return Response(WatchedSerializer(row.get()).data)


class WelfareContactViewSet(IdempotentPosts, GenericViewSet[WelfareContact]):
    """Welfare calls and visits (探访)."""

    resource = "welfare-contacts"
    permission_classes = [Declared]
    serializer_class = WelfareContactSerializer
    pagination_class = LatestContacts
    lookup_value_regex = "[0-9a-f-]{36}"

    def get_queryset(self) -> QuerySet[WelfareContact]:
        """Those that the actor reaches for the action asked."""
        if getattr(self, "swagger_fake_view", False):
            return WelfareContact.objects.none()
        asked = action_of(self, self.request.method or "") or ""
        return queries.welfare_visible_to(actor_for(self.request), asked)

    @extend_schema(parameters=[BY_RESIDENT])
    def list(self, request: Request) -> Response:
        """The latest first."""
        page = self.paginate_queryset(of_resident(self.get_queryset(), request)) or []
        self._note_reading(page)
        return self.get_paginated_response(WelfareContactSerializer(page, many=True).data)

    def _note_reading(self, contacts: Sequence[WelfareContact]) -> None:
        """How somebody was found is read on record only."""
        record_reads(
            actor=actor_for(self.request).reference,
            resident_ids={each.resident_id for each in contacts},
            fields=["welfare_notes"],
            now=clock.now(),
        )

    def retrieve(self, _request: Request, pk: str) -> Response:
        """One of them."""
        found = get_object_or_404(self.get_queryset(), pk=pk)
        self._note_reading([found])
        return Response(WelfareContactSerializer(found).data)

    @extend_schema(request=WelfareWriteSerializer, responses={201: WelfareContactSerializer})
    def create(self, request: Request) -> Response:
        """Somebody looked in, or rang."""
        actor = actor_for(request)
        sent = checked(WelfareWriteSerializer(data=request.data))
        resident = queries.resident_to_look_in_on(actor, sent.pop("resident"))
        if resident is None:
            raise Invalid(fields={"resident": ["unknown"]})
        contact = actions.record_welfare(
            resident,
            kind=WelfareContact.Kind(sent.pop("kind")),
            outcome=WelfareContact.Outcome(sent.pop("outcome")),
            **sent,
            by=actor.reference,
            by_name=actor.name,
            now=clock.now(),
        )
        return Response(WelfareContactSerializer(contact).data, status=status.HTTP_201_CREATED)


class AreaEventViewSet(IdempotentPosts, GenericViewSet[AreaEvent]):
    """Heatwaves and typhoons, after which everybody at risk is to be heard of."""

    resource = "area-events"
    permission_classes = [Declared]
    serializer_class = AreaEventSerializer
    pagination_class = LatestEvents
    lookup_value_regex = "[0-9a-f-]{36}"

    def get_queryset(self) -> QuerySet[AreaEvent]:
        """Those that the actor reaches for the action asked."""
        if getattr(self, "swagger_fake_view", False):
            return AreaEvent.objects.none()
        asked = action_of(self, self.request.method or "") or ""
        return queries.events_visible_to(actor_for(self.request), asked)

    def list(self, _request: Request) -> Response:
        """The latest first."""
        page = self.paginate_queryset(self.get_queryset())
        return self.get_paginated_response(AreaEventSerializer(page or [], many=True).data)

    def retrieve(self, _request: Request, pk: str) -> Response:
        """One of them."""
        return Response(AreaEventSerializer(get_object_or_404(self.get_queryset(), pk=pk)).data)

    @extend_schema(request=AreaEventWriteSerializer, responses={201: AreaEventSerializer})
    def create(self, request: Request) -> Response:
        """Declare one."""
        actor = actor_for(request)
        sent = checked(AreaEventWriteSerializer(data=request.data))
        within = areas_condition(actor, actor.scope("area-events", "create"), path="path")
        area = Area.objects.filter(within, pk=sent["area"]).first()
        if area is None:
            raise Invalid(fields={"area": ["unknown"]})
        event = actions.declare_event(
            area=area,
            kind=AreaEvent.Kind(sent["kind"]),
            within_h=sent["within_h"],
            by=actor.reference,
            now=clock.now(),
        )
        return Response(AreaEventSerializer(event).data, status=status.HTTP_201_CREATED)
