"""Opening a record in an emergency, at the API.

The doors that open take no `Idempotency-Key`: a try is counted whether it is kept or not, and
opening what is open already gives the same one back.
"""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.generics import ListAPIView
from rest_framework.pagination import CursorPagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import Serializer
from rest_framework.views import APIView

from backend.accounts.permissions import Declared, actor_for
from backend.core import clock
from backend.core.errors import NotFound
from backend.people.models import Resident
from backend.web.api.idempotent import IdempotentPosts
from services.trust import actions, queries
from services.trust.actions.opening import Reason
from services.trust.finding import Wanted
from services.trust.models import RecordOpening
from services.trust.serializers import (
    FindAndOpenSerializer,
    OpenedSerializer,
    OpeningSerializer,
    OpenRecordSerializer,
    ReviewedSerializer,
    VerdictSerializer,
)


def _checked(form: Serializer[Any]) -> dict[str, Any]:
    form.is_valid(raise_exception=True)
    checked: dict[str, Any] = form.validated_data
    return checked


def _reason(said: dict[str, Any]) -> Reason:
    return Reason(said["kind"], said["reason"], said.get("minutes"))


class BreakGlassView(APIView):
    """One resident who is not the caller's."""

    resource = "record-openings"
    access_action = "create"
    permission_classes = [Declared]

    @extend_schema(request=OpenRecordSerializer, responses={201: OpeningSerializer})
    def post(self, request: Request, resident_id: UUID) -> Response:
        """Open their record, for a reason."""
        said = _checked(OpenRecordSerializer(data=request.data))
        resident = Resident.objects.select_related("area").filter(pk=resident_id).first()
        if resident is None:
            raise NotFound
        opening = actions.open_record(
            resident, actor=actor_for(request), reason=_reason(said), now=clock.now()
        )
        return Response(OpeningSerializer(opening).data, status=status.HTTP_201_CREATED)


class FindAndOpenView(APIView):
    """Somebody of whom a telephone, an identity number, or name and address are known."""

    resource = "record-openings"
    access_action = "create"
    permission_classes = [Declared]

    @extend_schema(request=FindAndOpenSerializer, responses={201: OpeningSerializer})
    def post(self, request: Request) -> Response:
        """Find them by exactly that and open their record; who is not found is 422."""
        said = _checked(FindAndOpenSerializer(data=request.data))
        wanted = Wanted(said["phone"], said["id_number"], said["name"], said["address"])
        opening = actions.find_and_open(
            wanted, actor=actor_for(request), reason=_reason(said), now=clock.now()
        )
        return Response(OpeningSerializer(opening).data, status=status.HTTP_201_CREATED)


class OpeningView(APIView):
    """One of the caller's own openings."""

    resource = "record-openings"
    access_action = "read"
    permission_classes = [Declared]

    @extend_schema(responses=OpenedSerializer)
    def get(self, request: Request, opening_id: UUID) -> Response:
        """The record while it is open, read on record; 404 from its end on."""
        now, actor = clock.now(), actor_for(request)
        opening = queries.openings_visible_to(actor).filter(pk=opening_id).first()
        if opening is None or not opening.is_open(now):
            raise NotFound
        actions.note_reading(opening, by=actor.reference, now=now)
        return Response(OpenedSerializer(opening).data)


class CloseOpeningView(IdempotentPosts, APIView):
    """The end of one's own opening."""

    resource = "record-openings"
    access_action = "close"
    permission_classes = [Declared]

    @extend_schema(request=None, responses=OpeningSerializer)
    def post(self, request: Request, opening_id: UUID) -> Response:
        """It is not needed any more."""
        actor = actor_for(request)
        opening = queries.openings_visible_to(actor, "close").filter(pk=opening_id).first()
        if opening is None:
            raise NotFound
        closed = actions.close_opening(opening, by=actor.reference, now=clock.now())
        return Response(OpeningSerializer(closed).data)


class WaitingFirst(CursorPagination):
    """The latest first, 50 a page."""

    page_size = 50
    ordering = ("-opened_at", "pk")


class ReviewsView(ListAPIView[RecordOpening]):
    """Openings in the caller's area, for those who review them."""

    resource = "opening-reviews"
    access_action = "list"
    permission_classes = [Declared]
    serializer_class = ReviewedSerializer
    pagination_class = WaitingFirst

    def get_queryset(self) -> QuerySet[RecordOpening]:
        """Those about residents of the area."""
        if getattr(self, "swagger_fake_view", False):
            return RecordOpening.objects.none()
        return queries.reviews_visible_to(actor_for(self.request))


class ReviewView(IdempotentPosts, APIView):
    """The judgement of one opening."""

    resource = "opening-reviews"
    access_action = "review"
    permission_classes = [Declared]

    @extend_schema(request=VerdictSerializer, responses=ReviewedSerializer)
    def post(self, request: Request, opening_id: UUID) -> Response:
        """Judge it; once, and never one's own."""
        actor = actor_for(request)
        opening = queries.reviews_visible_to(actor, "review").filter(pk=opening_id).first()
        if opening is None:
            raise NotFound
        said = _checked(VerdictSerializer(data=request.data))
        reviewed = actions.review_opening(
            opening, verdict=said["verdict"], note_text=said["note"], actor=actor, now=clock.now()
        )
        return Response(ReviewedSerializer(reviewed).data)
