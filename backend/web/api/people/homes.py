"""Homes and contacts at the API."""

from uuid import UUID

from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from backend.people import actions
from backend.people.actions.households import ENTRY
from backend.people.models import Contact, Household
from backend.places.models import Datum
from backend.web.api.people.residents import in_area
from backend.web.api.people.serializers import (
    ContactBriefSerializer,
    ContactSerializer,
    ContactWriteSerializer,
    HouseholdBriefSerializer,
    HouseholdSerializer,
    HouseholdWriteSerializer,
)
from backend.web.api.records import ByKey, RecordViewSet, Row, forms
from backend.web.api.visible import contacts_visible_to, households_visible_to


@forms(HouseholdBriefSerializer, HouseholdSerializer, HouseholdWriteSerializer)
class HouseholdViewSet(RecordViewSet[Household]):
    """Homes within the caller's scope."""

    model = Household
    resource = "households"
    visible = households_visible_to
    brief, whole = HouseholdBriefSerializer, HouseholdSerializer
    written = HouseholdWriteSerializer
    sensitive = ENTRY
    pagination_class = ByKey

    @extend_schema(parameters=[OpenApiParameter("area", int)])
    def list(self, request: Request) -> Response:
        """Homes, without how to get in."""
        return super().list(request)

    def narrowed(self, rows: QuerySet[Household]) -> QuerySet[Household]:
        """By area."""
        asked = self.request.query_params
        if "area" in asked:
            rows = rows.filter(in_area(asked["area"], path="address__area__path"))
        return rows

    def create(self, _request: Request) -> Response:
        """Add a home."""
        body = self.body()
        entry = {field: body[field] for field in ENTRY if field in body}
        household = actions.create_household(
            area=body["area"],
            address=body["address"],
            lat=body.get("lat"),
            lon=body.get("lon"),
            datum=body.get("datum", Datum.WGS84),
            entry=entry,
            **self.stamp(),
        )
        return self.created(household)

    def update(self, _request: Request, pk: str) -> Response:
        """Say everything about a home anew."""
        return self._changed(pk, partial=False)

    def partial_update(self, _request: Request, pk: str) -> Response:
        """Change some of it."""
        return self._changed(pk, partial=True)

    def _changed(self, pk: str, *, partial: bool) -> Response:
        household = self.row(pk)
        changes = self.body(partial=partial)
        return Response(
            self.shown(actions.change_household(household, changes=changes, **self.stamp()))
        )

    def destroy(self, _request: Request, pk: str) -> Response:
        """Remove a home where nobody lives."""
        actions.remove_household(self.row(pk), **self.stamp())
        return Response(status=status.HTTP_204_NO_CONTENT)


class ByOrder(ByKey):
    """Resident by resident, the first to be called first."""

    ordering = ("resident", "order", "pk")


@forms(ContactBriefSerializer, ContactSerializer, ContactWriteSerializer)
class ContactViewSet(RecordViewSet[Contact]):
    """Contacts of the residents within the caller's scope."""

    model = Contact
    resource = "contacts"
    visible = contacts_visible_to
    brief, whole, written = ContactBriefSerializer, ContactSerializer, ContactWriteSerializer
    sensitive = ("phone",)
    pagination_class = ByOrder

    @extend_schema(parameters=[OpenApiParameter("resident", UUID)])
    def list(self, request: Request) -> Response:
        """Contacts in the order they are called, masked."""
        return super().list(request)

    def narrowed(self, rows: QuerySet[Contact]) -> QuerySet[Contact]:
        """By resident."""
        return of_resident(rows, self.request)

    def create(self, _request: Request) -> Response:
        """Add somebody to be called, after those already there."""
        body = self.body()
        contact = actions.add_contact(
            resident=body.pop("resident"),
            name=body.pop("name"),
            relation=body.pop("relation"),
            phone=body.pop("phone"),
            details=body,
            **self.stamp(),
        )
        return self.created(contact)

    def update(self, _request: Request, pk: str) -> Response:
        """Say everything about a contact anew."""
        return self._changed(pk, partial=False)

    def partial_update(self, _request: Request, pk: str) -> Response:
        """Change some of it; whose contact it is stays."""
        return self._changed(pk, partial=True)

    def _changed(self, pk: str, *, partial: bool) -> Response:
        contact = self.row(pk)
        changes = self.body(partial=partial)
        changes.pop("resident", None)
        return Response(
            self.shown(actions.change_contact(contact, changes=changes, **self.stamp()))
        )

    def destroy(self, _request: Request, pk: str) -> Response:
        """Do not call them any more."""
        actions.remove_contact(self.row(pk), **self.stamp())
        return Response(status=status.HTTP_204_NO_CONTENT)


def of_resident(rows: QuerySet[Row], request: Request) -> QuerySet[Row]:
    """The rows of the resident that `?resident=` names."""
    asked = request.query_params.get("resident")
    if asked is None:
        return rows
    try:
        return rows.filter(resident=UUID(asked))
    except ValueError:
        return rows.none()
