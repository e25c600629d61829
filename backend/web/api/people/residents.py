"""Residents at the API."""

from django.db.models import Q, QuerySet
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from backend.people import actions, phones
from backend.people.models import Resident
from backend.places.models import Area
from backend.web.api.people.serializers import (
    ContactBriefSerializer,
    ContactOrderSerializer,
    LifeStateSerializer,
    ResidentBriefSerializer,
    ResidentSerializer,
    ResidentWriteSerializer,
)
from backend.web.api.records import RecordViewSet, forms
from backend.web.api.visible import residents_visible_to


@forms(ResidentBriefSerializer, ResidentSerializer, ResidentWriteSerializer)
class ResidentViewSet(RecordViewSet[Resident]):
    """Residents within the caller's scope."""

    model = Resident
    resource = "residents"
    visible = residents_visible_to
    brief, whole, written = ResidentBriefSerializer, ResidentSerializer, ResidentWriteSerializer
    sensitive = (
        "id_number",
        "phone",
        "second_phone",
        "conditions",
        "allergies",
        "medicines",
        "responder_notes",
    )

    @extend_schema(
        parameters=[
            OpenApiParameter("area", int, description="An area and what is below it."),
            OpenApiParameter("name", str, description="How the name begins."),
            OpenApiParameter("phone", str, description="The whole number."),
            OpenApiParameter("life_state", enum=Resident.LifeState.values),
        ]
    )
    def list(self, request: Request) -> Response:
        """Residents by name, masked."""
        return super().list(request)

    def narrowed(self, rows: QuerySet[Resident]) -> QuerySet[Resident]:
        """By area, name, phone, life state."""
        asked = self.request.query_params
        if "area" in asked:
            rows = rows.filter(in_area(asked["area"]))
        if "name" in asked:
            rows = rows.filter(name__startswith=asked["name"])
        if "life_state" in asked:
            rows = rows.filter(life_state=asked["life_state"])
        if "phone" in asked:
            index = phones.index_as_given(asked["phone"])
            same = Q(phone_index=index) | Q(second_phone_index=index)
            rows = rows.filter(same) if index else rows.none()
        return rows

    def create(self, _request: Request) -> Response:
        """Take somebody into care."""
        body = self.body()
        household = body.pop("household")
        return self.created(
            actions.enrol_resident(household=household, details=body, **self.stamp())
        )

    def update(self, _request: Request, pk: str) -> Response:
        """Say everything about a resident anew."""
        return self._changed(pk, partial=False)

    def partial_update(self, _request: Request, pk: str) -> Response:
        """Change some of it."""
        return self._changed(pk, partial=True)

    def _changed(self, pk: str, *, partial: bool) -> Response:
        resident = self.row(pk)
        changes = self.body(partial=partial)
        return Response(
            self.shown(actions.change_resident(resident, changes=changes, **self.stamp()))
        )

    def destroy(self, _request: Request, pk: str) -> Response:
        """Remove somebody who was enrolled by mistake."""
        actions.remove_resident(self.row(pk), **self.stamp())
        return Response(status=status.HTTP_204_NO_CONTENT)

    @extend_schema(request=LifeStateSerializer, responses=ResidentSerializer)
    @action(detail=True, methods=["post"], url_path="life-state")
    def life_state(self, _request: Request, pk: str) -> Response:
        """At home, away, in hospital, moved, died: from a day on."""
        resident = self.row(pk)
        body = self.body(LifeStateSerializer)
        return Response(self.shown(actions.set_life_state(resident, **body, **self.stamp())))

    @extend_schema(
        request=ContactOrderSerializer, responses=ContactBriefSerializer(many=True), filters=False
    )
    @action(detail=True, methods=["put"], url_path="contact-order", pagination_class=None)
    def contact_order(self, _request: Request, pk: str) -> Response:
        """Say who is called first."""
        resident = self.row(pk)
        order = self.body(ContactOrderSerializer)["order"]
        contacts = actions.reorder_contacts(resident=resident, order=order, **self.stamp())
        context = {**self._context(), "shown": self.actor.fields("contacts", "list")}
        return Response(ContactBriefSerializer(contacts, many=True, context=context).data)


def in_area(asked: str, *, path: str = "area__path") -> Q:
    """The condition for an area's key and what is below it; an unknown one holds nothing."""
    area = Area.objects.filter(pk=asked).first() if asked.isdecimal() else None
    return Q(**{f"{path}__startswith": area.path}) if area else Q(pk__in=())
