"""Orders at the API: lists, reads, and what is done with one."""

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import status
from rest_framework.decorators import action
from rest_framework.generics import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response

from backend.accounts.models import STAFF_ROLES
from backend.core import clock
from backend.core.errors import Invalid
from backend.people.models import Resident
from services.community import actions
from services.community.api_base import ByKey, Doors, narrowed
from services.community.forms import When
from services.community.models import Order, Service, StandingOrder
from services.community.ordering_for import order_for_resident
from services.community.passing import pass_to
from services.community.queries import (
    orders_visible_to,
    resident_reached,
    standing_visible_to,
)
from services.community.record import note_reading
from services.community.serializers import (
    CancelOrderSerializer,
    GiveBackSerializer,
    OrderAgainSerializer,
    OrderSerializer,
    PassOnSerializer,
    PlaceOrderSerializer,
    RateSerializer,
    StandingOrderSerializer,
    WholeOrderSerializer,
)


class ByTime(ByKey):
    """By the time it is wanted."""

    ordering = ("wanted_at", "pk")


class OrderViewSet(Doors[Order]):
    """Orders within the caller's scope."""

    resource = "orders"
    serializer_class = WholeOrderSerializer
    pagination_class = ByTime

    def get_queryset(self) -> QuerySet[Order]:
        """Orders that the actor reaches for the action asked."""
        if getattr(self, "swagger_fake_view", False):
            return Order.objects.none()
        return orders_visible_to(self.actor, self.asked)

    @extend_schema(
        parameters=[
            OpenApiParameter("state", enum=Order.State.values),
            OpenApiParameter("resident", str),
            OpenApiParameter("provider", str),
            OpenApiParameter("standing", str),
        ],
        responses=OrderSerializer(many=True),
    )
    def list(self, request: Request) -> Response:
        """Orders by the time they are wanted."""
        rows = narrowed(
            self.get_queryset(),
            request.query_params,
            texts="state",
            keys="resident provider standing",
        )
        page = self.paginate_queryset(rows)
        return self.get_paginated_response(OrderSerializer(page or [], many=True).data)

    def retrieve(self, _request: Request, pk: str) -> Response:
        """One order with its way."""
        return self._shown(self._order(pk))

    @extend_schema(request=PlaceOrderSerializer, responses={201: WholeOrderSerializer})
    def create(self, _request: Request) -> Response:
        """Order something once."""
        sent = self.sent(PlaceOrderSerializer)
        made = order_for_resident(
            self.actor,
            self._resident(sent["resident"]),
            sent["service"],
            When(wanted_at=sent.get("wanted_at")),
            note=sent["note"],
            now=clock.now(),
        )
        answer = self._shown(Order.objects.get(pk=made.pk))
        answer.status_code = status.HTTP_201_CREATED
        return answer

    @extend_schema(request=PassOnSerializer)
    @action(detail=True, methods=["post"], url_path="pass-on")
    def pass_on(self, _request: Request, pk: str) -> Response:
        """To a provider, one of ours, or an operator."""
        order, to = self._order(pk), self.sent(PassOnSerializer)["to"]
        return self._shown(pass_to(order, to, by=self.by, now=clock.now()))

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def take(self, _request: Request, pk: str) -> Response:
        """Whoever it was passed on to does it."""
        return self._shown(actions.take_order(self._order(pk), by=self.by, now=clock.now()))

    @extend_schema(request=None)
    @action(detail=True, methods=["post"], url_path="set-out")
    def set_out(self, _request: Request, pk: str) -> Response:
        """It is on its way."""
        return self._shown(actions.set_out(self._order(pk), by=self.by, now=clock.now()))

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def deliver(self, _request: Request, pk: str) -> Response:
        """It is there."""
        return self._shown(actions.deliver(self._order(pk), by=self.by, now=clock.now()))

    @extend_schema(request=GiveBackSerializer)
    @action(detail=True, methods=["post"], url_path="give-back")
    def give_back(self, _request: Request, pk: str) -> Response:
        """Whoever had it does not do it."""
        order, sent = self._order(pk), self.sent(GiveBackSerializer)
        return self._shown(actions.give_back(order, **sent, by=self.by, now=clock.now()))

    @extend_schema(request=CancelOrderSerializer)
    @action(detail=True, methods=["post"])
    def cancel(self, _request: Request, pk: str) -> Response:
        """Let it not be."""
        order, sent = self._order(pk), self.sent(CancelOrderSerializer)
        is_staff = self.actor.role in STAFF_ROLES
        done = actions.cancel_order(order, **sent, is_staff=is_staff, by=self.by, now=clock.now())
        return self._shown(done)

    @extend_schema(request=RateSerializer)
    @action(detail=True, methods=["post"])
    def rate(self, _request: Request, pk: str) -> Response:
        """Say how it was."""
        order, sent = self._order(pk), self.sent(RateSerializer)
        return self._shown(actions.rate_order(order, **sent, by=self.by, now=clock.now()))

    def _order(self, pk: str) -> Order:
        return get_object_or_404(self.get_queryset(), pk=pk)

    def _resident(self, sent: Resident) -> Resident:
        return resident_reached(self.actor, sent.pk, "orders", "create")

    def _shown(self, order: Order) -> Response:
        if self.actor.role in STAFF_ROLES:
            note_reading(
                order.reference,
                resident_id=order.resident_id,
                fields=["note", "rating_words"],
                by=self.actor.reference,
                now=clock.now(),
            )
        return Response(WholeOrderSerializer(order).data)


class StandingOrderViewSet(Doors[StandingOrder]):
    """What comes again, within the caller's scope."""

    resource = "standing-orders"
    serializer_class = StandingOrderSerializer

    def get_queryset(self) -> QuerySet[StandingOrder]:
        """Standing orders that the actor reaches for the action asked."""
        if getattr(self, "swagger_fake_view", False):
            return StandingOrder.objects.none()
        return standing_visible_to(self.actor, self.asked)

    @extend_schema(parameters=[OpenApiParameter("resident", str)])
    def list(self, request: Request) -> Response:
        """What comes again."""
        rows = narrowed(self.get_queryset(), request.query_params, keys="resident")
        page = self.paginate_queryset(rows)
        return self.get_paginated_response(StandingOrderSerializer(page or [], many=True).data)

    def retrieve(self, _request: Request, pk: str) -> Response:
        """One of them."""
        found = get_object_or_404(self.get_queryset(), pk=pk)
        return Response(StandingOrderSerializer(found).data)

    @extend_schema(request=OrderAgainSerializer, responses={201: StandingOrderSerializer})
    def create(self, _request: Request) -> Response:
        """Order something for every day that a rule names."""
        sent = self.sent(OrderAgainSerializer)
        resident = resident_reached(self.actor, sent["resident"].pk, "standing-orders", "create")
        made = self._order_again(resident, sent["service"], sent)
        return Response(StandingOrderSerializer(made).data, status=status.HTTP_201_CREATED)

    def _order_again(
        self, resident: Resident, service: Service, sent: dict[str, Any]
    ) -> StandingOrder:
        made = order_for_resident(
            self.actor,
            resident,
            service,
            When(rule=sent["rule"], at=sent["at"]),
            note=sent["note"],
            starts_on=sent.get("starts_on"),
            ends_on=sent.get("ends_on"),
            now=clock.now(),
        )
        if not isinstance(made, StandingOrder):
            raise Invalid(fields={"rule": ["required"]})
        return made

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def end(self, _request: Request, pk: str) -> Response:
        """Let it come no more."""
        standing = get_object_or_404(self.get_queryset(), pk=pk)
        ended = actions.end_standing(standing, by=self.by, now=clock.now())
        return Response(StandingOrderSerializer(ended).data)
