"""Caregivers at the API."""

from datetime import timedelta

from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import status
from rest_framework.decorators import action
from rest_framework.generics import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response

from backend.core import clock
from backend.people import actions
from backend.people.models import Caregiver
from backend.web.api.people.residents import in_area
from backend.web.api.people.serializers import (
    CaregiverBriefSerializer,
    CaregiverSerializer,
    CaregiverWriteSerializer,
    PositionSerializer,
    ShiftSerializer,
)
from backend.web.api.records import RecordViewSet, forms
from backend.web.api.visible import caregivers_visible_to

SHIFTS_SHOWN = timedelta(days=31)


@forms(CaregiverBriefSerializer, CaregiverSerializer, CaregiverWriteSerializer)
class CaregiverViewSet(RecordViewSet[Caregiver]):
    """Caregivers within the caller's scope."""

    model = Caregiver
    resource = "caregivers"
    visible = caregivers_visible_to
    brief, whole = CaregiverBriefSerializer, CaregiverSerializer
    written = CaregiverWriteSerializer
    sensitive = ("phone", "last_lat", "last_lon")

    @extend_schema(
        parameters=[
            OpenApiParameter("area", int),
            OpenApiParameter("kind", enum=Caregiver.Kind.values),
        ]
    )
    def list(self, request: Request) -> Response:
        """Caregivers by name."""
        return super().list(request)

    def narrowed(self, rows: QuerySet[Caregiver]) -> QuerySet[Caregiver]:
        """By area and kind."""
        asked = self.request.query_params
        if "area" in asked:
            rows = rows.filter(in_area(asked["area"]))
        if "kind" in asked:
            rows = rows.filter(kind=asked["kind"])
        return rows

    def create(self, _request: Request) -> Response:
        """Take somebody on."""
        body = self.body()
        caregiver = actions.enrol_caregiver(
            area=body.pop("area"),
            name=body.pop("name"),
            phone=body.pop("phone"),
            details=body,
            **self.stamp(),
        )
        return self.created(caregiver)

    def update(self, _request: Request, pk: str) -> Response:
        """Say everything about a caregiver anew."""
        return self._changed(pk, partial=False)

    def partial_update(self, _request: Request, pk: str) -> Response:
        """Change some of it; `active: false` ends their service."""
        return self._changed(pk, partial=True)

    def _changed(self, pk: str, *, partial: bool) -> Response:
        caregiver = self.row(pk)
        changes = self.body(partial=partial)
        return Response(
            self.shown(actions.change_caregiver(caregiver, changes=changes, **self.stamp()))
        )

    def destroy(self, _request: Request, pk: str) -> Response:
        """Remove somebody who was enrolled by mistake."""
        actions.remove_caregiver(self.row(pk), **self.stamp())
        return Response(status=status.HTTP_204_NO_CONTENT)

    @extend_schema(request=PositionSerializer, responses={204: None})
    @action(detail=True, methods=["post"])
    def position(self, _request: Request, pk: str) -> Response:
        """A caregiver's telephone says where it is."""
        caregiver = self.row(pk)
        body, now = self.body(PositionSerializer), clock.now()
        actions.set_position(
            caregiver,
            lat=body["lat"],
            lon=body["lon"],
            datum=body["datum"],
            at=body.get("at", now),
            now=now,
        )
        return Response(status=status.HTTP_204_NO_CONTENT)

    @extend_schema(responses=ShiftSerializer(many=True))
    @action(detail=True, pagination_class=None)
    def shifts(self, _request: Request, pk: str) -> Response:
        """Shifts of the next month, the one that runs first."""
        now = clock.now()
        ahead = self.row(pk).shifts.filter(ends_at__gt=now, starts_at__lt=now + SHIFTS_SHOWN)
        return Response(ShiftSerializer(ahead.order_by("starts_at"), many=True).data)

    @extend_schema(request=ShiftSerializer, responses={201: ShiftSerializer})
    @shifts.mapping.post
    def add_shift(self, _request: Request, pk: str) -> Response:
        """Put a caregiver on duty."""
        caregiver = self.row(pk)
        shift = actions.set_shift(caregiver=caregiver, **self.body(ShiftSerializer), **self.stamp())
        return Response(ShiftSerializer(shift).data, status=status.HTTP_201_CREATED)

    @extend_schema(responses={204: None})
    @action(detail=True, methods=["delete"], url_path=r"shifts/(?P<shift_id>\d+)")
    def cancel_shift(self, _request: Request, pk: str, shift_id: str) -> Response:
        """Take a shift back."""
        shift = get_object_or_404(self.row(pk).shifts.all(), pk=shift_id)
        actions.cancel_shift(shift, **self.stamp())
        return Response(status=status.HTTP_204_NO_CONTENT)
