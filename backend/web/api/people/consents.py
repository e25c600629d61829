"""Consents at the API: given once, withdrawn at will, never changed."""

from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from backend.accounts.access import Scope
from backend.core import clock
from backend.people import actions
from backend.people.errors import NotTheirGuardian
from backend.people.models import Consent, Contact, Resident
from backend.people.queries import is_guardian_of
from backend.web.api.people.homes import of_resident
from backend.web.api.people.serializers import ConsentSerializer, ConsentWriteSerializer
from backend.web.api.records import ByKey, RecordViewSet, forms
from backend.web.api.visible import consents_visible_to


class ByTime(ByKey):
    """Newest first."""

    ordering = ("-given_at", "pk")


@forms(ConsentSerializer, ConsentSerializer, ConsentWriteSerializer)
class ConsentViewSet(RecordViewSet[Consent]):
    """Consents of the residents within the caller's scope."""

    model = Consent
    resource = "consents"
    visible = consents_visible_to
    brief, whole, written = ConsentSerializer, ConsentSerializer, ConsentWriteSerializer
    pagination_class = ByTime

    @extend_schema(parameters=[OpenApiParameter("resident", UUID)])
    def list(self, request: Request) -> Response:
        """Consents, newest first, withdrawn ones too."""
        return super().list(request)

    def narrowed(self, rows: QuerySet[Consent]) -> QuerySet[Consent]:
        """By resident."""
        return of_resident(rows, self.request)

    def create(self, _request: Request) -> Response:
        """Record a consent: the resident's own, or with `guardian` the guardian's."""
        body = self.body()
        guardian = self._guardian_of(body["resident"], body.get("guardian"))
        consent = actions.give_consent(
            resident=body["resident"],
            item=Consent.Item(body["item"]),
            purpose=body.get("purpose", ""),
            guardian=guardian,
            way=self._way(),
            **self.stamp(),
        )
        return self.created(consent)

    @extend_schema(responses={204: None})
    def destroy(self, _request: Request, pk: str) -> Response:
        """Withdraw; it is not in force from now on, and stays in the list."""
        consent = self.row(pk)
        self._guardian_of(consent.resident, None)
        actions.withdraw_consent(consent, **self.stamp())
        return Response(status=status.HTTP_204_NO_CONTENT)

    def _guardian_of(self, resident: Resident, named: Contact | None) -> Contact | None:
        """For whom the actor speaks: family only as the guardian they are themselves.

        Raises:
            NotTheirGuardian: a family member who is not the guardian.
        """
        if self.actor.scope("consents", "create") is not Scope.HOUSEHOLD:
            return named
        today = timezone.localdate(clock.now())
        own = resident.contacts.filter(pk__in=self.actor.contact_ids)
        guardians = [each for each in own if is_guardian_of(each, resident, today=today)]
        if not guardians:
            raise NotTheirGuardian
        return guardians[0]

    def _way(self) -> Consent.Way:
        """Who decides by themselves does so on their own page or app."""
        at_the_desk = self.actor.scope("consents", "create") is Scope.AREA
        return Consent.Way.DESK if at_the_desk else Consent.Way.PAGE
