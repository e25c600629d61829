"""Complaints at the API, and the hotline's door."""

from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import status
from rest_framework.decorators import action
from rest_framework.generics import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from backend.accounts.models import STAFF_ROLES, User
from backend.accounts.permissions import Declared, actor_for
from backend.core import clock
from backend.core.errors import Invalid
from backend.people import phones
from backend.people.errors import BadPhone
from backend.web.api.idempotent import IdempotentPosts
from services.community import actions, hotline
from services.community.api_base import ByKey, Doors, narrowed
from services.community.doers import doer_of
from services.community.hotline.port import Row, Ticket
from services.community.models import Complaint, Order
from services.community.ordering_for import complain_for
from services.community.queries import (
    complaints_visible_to,
    orders_visible_to,
    own_area,
    resident_reached,
)
from services.community.record import note_reading
from services.community.serializers import (
    ComplainSerializer,
    ComplaintAnswerSerializer,
    ComplaintNoteSerializer,
    ComplaintReasonSerializer,
    ComplaintSerializer,
    HotlineReportSerializer,
    PutRightSerializer,
    TicketAnswerSerializer,
    TicketsSerializer,
    WholeComplaintSerializer,
)


class ByArrival(ByKey):
    """By when they came."""

    ordering = ("received_at", "pk")


class ComplaintViewSet(Doors[Complaint]):
    """Complaints within the caller's scope."""

    resource = "complaints"
    serializer_class = WholeComplaintSerializer
    pagination_class = ByArrival

    def get_queryset(self) -> QuerySet[Complaint]:
        """Complaints that the actor reaches for the action asked."""
        if getattr(self, "swagger_fake_view", False):
            return Complaint.objects.none()
        return complaints_visible_to(self.actor, self.asked)

    @extend_schema(
        parameters=[
            OpenApiParameter("state", enum=Complaint.State.values),
            OpenApiParameter("category", enum=Complaint.Category.values),
            OpenApiParameter("resident", str),
        ],
        responses=ComplaintSerializer(many=True),
    )
    def list(self, request: Request) -> Response:
        """Complaints by when they came."""
        rows = narrowed(
            self.get_queryset(), request.query_params, texts="state category", keys="resident"
        )
        page = self.paginate_queryset(rows)
        return self.get_paginated_response(ComplaintSerializer(page or [], many=True).data)

    def retrieve(self, _request: Request, pk: str) -> Response:
        """One complaint with what was said."""
        return self._shown(self._complaint(pk))

    @extend_schema(request=ComplainSerializer, responses={201: WholeComplaintSerializer})
    def create(self, _request: Request) -> Response:
        """Complain, or take down what somebody told the centre."""
        sent = self.sent(ComplainSerializer)
        answer = self._shown(self._complain(sent))
        answer.status_code = status.HTTP_201_CREATED
        return answer

    def _complain(self, sent: dict[str, Any]) -> Complaint:
        order, resident = self._order(sent.get("order")), sent.get("resident")
        if order is not None:
            resident = order.resident
        if resident is not None:
            resident = resident_reached(self.actor, resident.pk, "complaints", "create")
        is_staff = self.actor.role in STAFF_ROLES
        if resident is None and not is_staff:
            raise Invalid(fields={"resident": ["required"]})
        return complain_for(
            self.actor,
            resident,
            area=own_area(self.actor) if resident is None else resident.area,
            category=sent["category"],
            words=sent["words"],
            order=order,
            now=clock.now(),
        )

    def _order(self, sent: Order | None) -> Order | None:
        if sent is None:
            return None
        return get_object_or_404(orders_visible_to(self.actor, "read"), pk=sent.pk)

    @extend_schema(request=None)
    @action(detail=True, methods=["post"], url_path="take-up")
    def take_up(self, _request: Request, pk: str) -> Response:
        """Make a complaint of what a low rating suggested."""
        done = actions.take_up(self._complaint(pk), by=self.by, now=clock.now())
        return self._shown(done)

    @extend_schema(request=ComplaintReasonSerializer)
    @action(detail=True, methods=["post"])
    def dismiss(self, _request: Request, pk: str) -> Response:
        """Say why a suggestion is no complaint."""
        complaint, sent = self._complaint(pk), self.sent(ComplaintReasonSerializer)
        return self._shown(actions.dismiss(complaint, **sent, by=self.by, now=clock.now()))

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def take(self, _request: Request, pk: str) -> Response:
        """Look after it oneself."""
        complaint, me = self._complaint(pk), User.objects.get(pk=self.actor.user_id)
        return self._shown(actions.assign(complaint, to=me, by=self.by, now=clock.now()))

    @extend_schema(request=ComplaintAnswerSerializer)
    @action(detail=True, methods=["post"])
    def answer(self, _request: Request, pk: str) -> Response:
        """Say what was found and done."""
        complaint, text = self._complaint(pk), self.sent(ComplaintAnswerSerializer)["answer"]
        return self._shown(actions.answer(complaint, text=text, by=self.by, now=clock.now()))

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def ask(self, _request: Request, pk: str) -> Response:
        """Ring once more and ask if it is put right."""
        done = actions.ask_if_right(self._complaint(pk), by=self.by, now=clock.now())
        return self._shown(done)

    @extend_schema(request=PutRightSerializer)
    @action(detail=True, methods=["post"])
    def check(self, _request: Request, pk: str) -> Response:
        """Keep what whoever complained said."""
        complaint, sent = self._complaint(pk), self.sent(PutRightSerializer)
        return self._shown(actions.check(complaint, **sent, by=self.by, now=clock.now()))

    @extend_schema(request=ComplaintNoteSerializer)
    @action(detail=True, methods=["post"])
    def note(self, _request: Request, pk: str) -> Response:
        """Add a word to the history."""
        complaint, text = self._complaint(pk), self.sent(ComplaintNoteSerializer)["note"]
        return self._shown(actions.add_note(complaint, text=text, by=self.by, now=clock.now()))

    @extend_schema(request=ComplaintReasonSerializer)
    @action(detail=True, methods=["post"], url_path="give-up")
    def give_up(self, _request: Request, pk: str) -> Response:
        """Close what nobody answers about, after three tries."""
        complaint, sent = self._complaint(pk), self.sent(ComplaintReasonSerializer)
        return self._shown(actions.give_up(complaint, **sent, by=self.by, now=clock.now()))

    def _complaint(self, pk: str) -> Complaint:
        return get_object_or_404(self.get_queryset(), pk=pk)

    def _shown(self, complaint: Complaint) -> Response:
        if self.actor.role in STAFF_ROLES:
            note_reading(
                complaint.reference,
                resident_id=complaint.resident_id,
                fields=["words", "answer"],
                by=self.actor.reference,
                now=clock.now(),
            )
        return Response(WholeComplaintSerializer(complaint).data)


class HotlineView(IdempotentPosts, APIView):
    """The door of the government's hotline: tickets in, answers out, with a token of the staff."""

    resource = "complaints"
    permission_classes = [Declared]
    access_action = "hotline"

    @extend_schema(
        parameters=[
            OpenApiParameter("since", datetime, description="answered or closed since then")
        ],
        responses=TicketAnswerSerializer(many=True),
    )
    def get(self, request: Request) -> Response:
        """Where the hotline's tickets stand, the oldest first."""
        actor = actor_for(request)
        complaints = complaints_visible_to(actor, "hotline")
        since = _since(request)
        if since is not None:
            complaints = complaints.filter(answered_at__gte=since) | complaints.filter(
                closed_at__gte=since
            )
        handed = hotline.hand_over(complaints, by=actor.reference, now=clock.now())
        answers = TicketAnswerSerializer(handed, many=True)
        return Response(answers.data)

    @extend_schema(request=TicketsSerializer, responses=HotlineReportSerializer)
    def post(self, request: Request) -> Response:
        """Take tickets in; one that is known stays as it is."""
        form = TicketsSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        actor = actor_for(request)
        area = own_area(actor)
        sent = form.validated_data
        rows = [_row(number, each) for number, each in enumerate(sent["tickets"], start=1)]
        report = hotline.take_in(
            rows,
            area=area,
            root=area,
            is_dry_run=sent["dry_run"],
            by=doer_of(actor),
            now=clock.now(),
        )
        return Response(HotlineReportSerializer(report).data)


def _since(request: Request) -> datetime | None:
    form = TicketAnswerSerializer().fields["closed_at"]
    said = request.query_params.get("since")
    return form.run_validation(said) if said else None


def _row(number: int, sent: dict[str, Any]) -> Row:
    try:
        phone = phones.normalized(sent["phone"]) if sent["phone"] else ""
    except BadPhone:
        return Row(number, None, sent["number"], [("phone", "bad_phone")])
    return Row(number, Ticket(**{**sent, "phone": phone}), sent["number"])
