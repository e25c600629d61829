"""Offers and entitlements at the API."""

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import status
from rest_framework.decorators import action
from rest_framework.generics import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response

from backend.core import clock
from services.assistance.cases.api import Doors
from services.assistance.models import BenefitOffer, Entitlement
from services.assistance.offers import actions, queries
from services.assistance.offers import serializers as forms
from services.assistance.offers.pages.panels import answerer_of
from services.assistance.offers.record import note_reading


class OfferViewSet(Doors[BenefitOffer]):
    """Benefits offered to residents within the caller's scope."""

    resource = "benefit-offers"
    serializer_class = forms.OfferSerializer

    def get_queryset(self) -> QuerySet[BenefitOffer]:
        """Offers the actor may reach for the action asked."""
        if getattr(self, "swagger_fake_view", False):
            return BenefitOffer.objects.none()
        return queries.offers_visible_to(self.actor, self.asked).order_by("-offered_at", "pk")

    @extend_schema(parameters=[OpenApiParameter("state", enum=BenefitOffer.State.values)])
    def list(self, request: Request) -> Response:
        """Offers, the newest first."""
        rows = self.get_queryset()
        if state := request.query_params.get("state"):
            rows = rows.filter(state=state)
        page = self.paginate_queryset(rows) or []
        return self.get_paginated_response(forms.OfferSerializer(page, many=True).data)

    def retrieve(self, _request: Request, pk: str) -> Response:
        """One offer."""
        offer = self._offer(pk)
        note_reading(offer, by=self.actor.reference, now=clock.now())
        return self._shown(offer)

    @extend_schema(request=forms.OfferAnswerSerializer, responses=forms.OfferSerializer)
    @action(detail=True, methods=["post"])
    def answer(self, _request: Request, pk: str) -> Response:
        """Take or decline it: the person, their guardian, or an officer for them."""
        offer = self._offer(pk)
        body = self.body(forms.OfferAnswerSerializer)
        by = answerer_of(self.actor, offer)
        return self._shown(actions.answer_offer(offer, **body, by=by, now=clock.now()))

    @extend_schema(request=forms.OfferTextSerializer, responses=forms.OfferSerializer)
    @action(detail=True, methods=["post"], url_path="follow-up")
    def follow_up(self, _request: Request, pk: str) -> Response:
        """An officer has spoken with them."""
        offer = self._offer(pk)
        body = self.body(forms.OfferTextSerializer)
        by = self.actor.user_id
        return self._shown(actions.follow_up(offer, **body, by=by, now=clock.now()))

    def _offer(self, pk: str) -> BenefitOffer:
        return get_object_or_404(self.get_queryset(), pk=pk)

    def _shown(self, offer: BenefitOffer) -> Response:
        return Response(forms.OfferSerializer(offer).data)


class EntitlementViewSet(Doors[Entitlement]):
    """What residents are entitled to without an application; 低保 stands at its case."""

    resource = "entitlements"
    serializer_class = forms.EntitlementSerializer

    def get_queryset(self) -> QuerySet[Entitlement]:
        """Entitlements the actor may reach for the action asked."""
        if getattr(self, "swagger_fake_view", False):
            return Entitlement.objects.none()
        rows = queries.entitlements_visible_to(self.actor, self.asked)
        return rows.order_by("-proposed_at", "pk")

    @extend_schema(parameters=[OpenApiParameter("state", enum=Entitlement.State.values)])
    def list(self, request: Request) -> Response:
        """Entitlements, the newest first."""
        rows = self.get_queryset()
        if state := request.query_params.get("state"):
            rows = rows.filter(state=state)
        page = self.paginate_queryset(rows) or []
        return self.get_paginated_response(forms.EntitlementSerializer(page, many=True).data)

    def retrieve(self, _request: Request, pk: str) -> Response:
        """One entitlement."""
        row = self._row(pk)
        note_reading(row, by=self.actor.reference, now=clock.now())
        return self._shown(row)

    @extend_schema(request=forms.EntitlementCheckSerializer, responses=forms.EntitlementSerializer)
    @action(detail=True, methods=["post"])
    def check(self, _request: Request, pk: str) -> Response:
        """The first officer has looked at it."""
        row = self._row(pk)
        return self._shown(
            actions.check_entitlement(
                row, **self.body(forms.EntitlementCheckSerializer), **self._stamp()
            )
        )

    @extend_schema(request=None, responses={201: forms.EntitlementSerializer})
    @action(detail=True, methods=["post"])
    def change(self, _request: Request, pk: str) -> Response:
        """The amount is another now: a new one is written down, to be looked at by two."""
        new = actions.propose_change(self._row(pk), **self._stamp())
        return Response(forms.EntitlementSerializer(new).data, status=status.HTTP_201_CREATED)

    @extend_schema(request=None, responses=forms.EntitlementSerializer)
    @action(detail=True, methods=["post"])
    def confirm(self, _request: Request, pk: str) -> Response:
        """The second officer confirms."""
        return self._shown(actions.confirm_entitlement(self._row(pk), **self._stamp()))

    @extend_schema(request=forms.OfferTextSerializer, responses=forms.EntitlementSerializer)
    @action(detail=True, methods=["post"], url_path="send-back")
    def send_back(self, _request: Request, pk: str) -> Response:
        """The second officer found something wrong."""
        row = self._row(pk)
        return self._shown(
            actions.return_entitlement(row, **self.body(forms.OfferTextSerializer), **self._stamp())
        )

    @extend_schema(request=forms.EntitlementEndSerializer, responses=forms.EntitlementSerializer)
    @action(detail=True, methods=["post"])
    def end(self, _request: Request, pk: str) -> Response:
        """It ends with the month of a day."""
        row = self._row(pk)
        body = self.body(forms.EntitlementEndSerializer)
        by, now = self.actor.reference, clock.now()
        return self._shown(actions.end_entitlement(row, **body, by=by, now=now))

    def _row(self, pk: str) -> Entitlement:
        return get_object_or_404(self.get_queryset(), pk=pk)

    def _stamp(self) -> dict[str, Any]:
        return {"by": self.actor.user_id, "now": clock.now()}

    def _shown(self, row: Entitlement) -> Response:
        return Response(forms.EntitlementSerializer(row).data)
