"""Reminders and the daily I-am-OK at the API."""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils.dateparse import parse_date
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import status
from rest_framework.decorators import action
from rest_framework.generics import get_object_or_404
from rest_framework.pagination import CursorPagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import BaseSerializer
from rest_framework.viewsets import GenericViewSet

from backend.accounts.access import Scope
from backend.accounts.actors import Actor
from backend.accounts.permissions import Declared, action_of, actor_for
from backend.accounts.queries import residents_condition
from backend.audit.actions import record_reads
from backend.core import clock
from backend.core.errors import Invalid
from backend.people.models import Resident
from backend.web.api.idempotent import IdempotentPosts
from services.wellbeing import actions, queries
from services.wellbeing.actions.answering import Answerer
from services.wellbeing.models import Occurrence, OkDay, Reminder, Way
from services.wellbeing.serializers import (
    AnswerSerializer,
    OccurrenceSerializer,
    OkDaySerializer,
    OkReportSerializer,
    ReminderChangeSerializer,
    ReminderSerializer,
    ReminderWriteSerializer,
)

BY_RESIDENT = OpenApiParameter("resident", str)
BY_DAY = OpenApiParameter("day", str, description="YYYY-MM-DD")


class Newest(CursorPagination):
    """Newest first, 100 a page."""

    page_size = 100
    page_size_query_param = "limit"
    max_page_size = 500
    ordering: tuple[str, ...] = ("-set_at", "id")


class LatestOccurrences(Newest):
    """The latest first."""

    ordering = ("-occurs_at", "id")


class LatestDays(Newest):
    """The latest first."""

    ordering = ("-day", "id")


class ReminderViewSet(IdempotentPosts, GenericViewSet[Reminder]):
    """Reminders within the caller's scope."""

    resource = "reminders"
    permission_classes = [Declared]
    serializer_class = ReminderSerializer
    pagination_class = Newest
    lookup_value_regex = "[0-9a-f-]{36}"

    @property
    def actor(self) -> Actor:
        """Who asks."""
        return actor_for(self.request)

    def get_queryset(self) -> QuerySet[Reminder]:
        """Reminders that the actor reaches for the action asked."""
        if getattr(self, "swagger_fake_view", False):
            return Reminder.objects.none()
        asked = action_of(self, self.request.method or "") or ""
        return queries.reminders_visible_to(self.actor, asked)

    @extend_schema(parameters=[BY_RESIDENT])
    def list(self, request: Request) -> Response:
        """Reminders, newest first; `resident=` for those of one."""
        page = self.paginate_queryset(of_resident(self.get_queryset(), request)) or []
        self._note_reading(page)
        return self.get_paginated_response(ReminderSerializer(page, many=True).data)

    def retrieve(self, _request: Request, pk: str) -> Response:
        """One reminder."""
        reminder = self._reminder(pk)
        self._note_reading([reminder])
        return Response(ReminderSerializer(reminder).data)

    @extend_schema(request=ReminderWriteSerializer, responses={201: ReminderSerializer})
    def create(self, request: Request) -> Response:
        """Remind a resident from now on."""
        details = checked(ReminderWriteSerializer(data=request.data))
        resident = queries.resident_to_remind(self.actor, details.pop("resident"))
        if resident is None:
            raise Invalid(fields={"resident": ["unknown"]})
        reminder = actions.set_reminder(
            resident=resident,
            details=details,
            by=self.actor.reference,
            by_name=self.actor.name,
            now=clock.now(),
        )
        return Response(ReminderSerializer(reminder).data, status=status.HTTP_201_CREATED)

    @extend_schema(request=ReminderChangeSerializer, responses=ReminderSerializer)
    def partial_update(self, request: Request, pk: str) -> Response:
        """Change what it says and when."""
        reminder = self._reminder(pk)
        changes = checked(ReminderChangeSerializer(data=request.data, partial=True))
        by = self.actor.reference
        reminder = actions.change_reminder(reminder, changes=changes, by=by, now=clock.now())
        return Response(ReminderSerializer(reminder).data)

    @extend_schema(request=None, responses=ReminderSerializer)
    @action(detail=True, methods=["post"])
    def end(self, _request: Request, pk: str) -> Response:
        """Ask no more."""
        reminder = self._reminder(pk)
        reminder = actions.end_reminder(reminder, by=self.actor.reference, now=clock.now())
        return Response(ReminderSerializer(reminder).data)

    def _reminder(self, pk: str) -> Reminder:
        return get_object_or_404(self.get_queryset(), pk=pk)

    def _note_reading(self, reminders: Iterable[Reminder]) -> None:
        """What somebody takes is read by others on record only."""
        if self.actor.scope("reminders", "read") is Scope.AREA:
            record_reads(
                actor=self.actor.reference,
                resident_ids={each.resident_id for each in reminders},
                fields=["reminders"],
                now=clock.now(),
            )


class OccurrenceViewSet(IdempotentPosts, GenericViewSet[Occurrence]):
    """Times at which reminders were due."""

    resource = "occurrences"
    permission_classes = [Declared]
    serializer_class = OccurrenceSerializer
    pagination_class = LatestOccurrences
    lookup_value_regex = "[0-9a-f-]{36}"

    def get_queryset(self) -> QuerySet[Occurrence]:
        """Those that the actor reaches for the action asked."""
        if getattr(self, "swagger_fake_view", False):
            return Occurrence.objects.none()
        asked = action_of(self, self.request.method or "") or ""
        return queries.occurrences_visible_to(actor_for(self.request), asked)

    @extend_schema(parameters=[BY_RESIDENT])
    def list(self, request: Request) -> Response:
        """The latest first."""
        page = self.paginate_queryset(of_resident(self.get_queryset(), request))
        return self.get_paginated_response(OccurrenceSerializer(page or [], many=True).data)

    def retrieve(self, _request: Request, pk: str) -> Response:
        """One of them."""
        return Response(OccurrenceSerializer(get_object_or_404(self.get_queryset(), pk=pk)).data)

    @extend_schema(request=AnswerSerializer, responses=OccurrenceSerializer)
    @action(detail=True, methods=["post"])
    def answer(self, request: Request, pk: str) -> Response:
        """The person's answer: a tap of theirs, or told to the staff."""
        row = get_object_or_404(self.get_queryset(), pk=pk)
        said = checked(AnswerSerializer(data=request.data))["answer"]
        row = answered(row, said, answerer(actor_for(request), row.resident))
        return Response(OccurrenceSerializer(row).data)


class OkDayViewSet(IdempotentPosts, GenericViewSet[OkDay]):
    """Days of the I-am-OK."""

    resource = "ok-days"
    permission_classes = [Declared]
    serializer_class = OkDaySerializer
    pagination_class = LatestDays
    lookup_value_regex = "[0-9a-f-]{36}"

    def get_queryset(self) -> QuerySet[OkDay]:
        """Those that the actor reaches for the action asked."""
        if getattr(self, "swagger_fake_view", False):
            return OkDay.objects.none()
        asked = action_of(self, self.request.method or "") or ""
        return queries.ok_days_visible_to(actor_for(self.request), asked)

    def _told(self, days: Sequence[OkDay]) -> Any:
        is_family = actor_for(self.request).scope("ok-days", "read") is Scope.HOUSEHOLD
        hidden = queries.signs_not_shared(days) if is_family else frozenset()
        return OkDaySerializer(days, many=True, context={"signs_not_shared": hidden}).data

    @extend_schema(parameters=[BY_RESIDENT, BY_DAY])
    def list(self, request: Request) -> Response:
        """The latest first."""
        days = of_resident(self.get_queryset(), request)
        if "day" in request.query_params:
            days = _of_day(days, request.query_params["day"])
        page = self.paginate_queryset(days)
        return self.get_paginated_response(self._told(page or []))

    def retrieve(self, _request: Request, pk: str) -> Response:
        """One day."""
        return Response(self._told([get_object_or_404(self.get_queryset(), pk=pk)])[0])

    @extend_schema(request=OkReportSerializer, responses={201: OkDaySerializer})
    def create(self, request: Request) -> Response:
        """All is well today; said again it changes nothing."""
        actor = actor_for(request)
        said = checked(OkReportSerializer(data=request.data))
        key = said.get("resident", actor.resident_id)
        reached = residents_condition(actor, actor.scope("ok-days", "create"))
        residents = Resident.objects.select_related("area", "household")
        resident = residents.filter(reached, pk=key).first() if key else None
        if resident is None:
            raise Invalid(fields={"resident": ["unknown"]})
        row = actions.report_ok(resident, who=answerer(actor, resident), now=clock.now())
        return Response(self._told([row])[0], status=status.HTTP_201_CREATED)


def answerer(actor: Actor, resident: Resident) -> Answerer:
    """Who answers for a resident: themself, or the staff who spoke with them."""
    if actor.resident_id == resident.pk:
        return Answerer(f"resident:{resident.pk}", resident.name, Way.TAP, is_person=True)
    return Answerer(actor.reference, actor.name, Way.STAFF, is_person=True)


def answered(row: Occurrence, said: str, who: Answerer) -> Occurrence:
    """Take down an answer that was tapped."""
    now = clock.now()
    if said == "not_yet":
        return actions.put_off(row, who=who, now=now)
    state = Occurrence.State.DONE if said == "done" else Occurrence.State.PERSON_WANTED
    return actions.answer_occurrence(row, state=state, who=who, now=now)


def checked(form: BaseSerializer[Any]) -> dict[str, Any]:
    """What was sent, as it may be used.

    Raises:
        ValidationError: it cannot be.
    """
    form.is_valid(raise_exception=True)
    sent: dict[str, Any] = form.validated_data
    return sent


def of_resident(rows: QuerySet[Any], request: Request) -> QuerySet[Any]:
    """Those of the resident whom the address names; of what is no key, none."""
    asked = request.query_params.get("resident")
    if asked is None:
        return rows
    try:
        return rows.filter(resident=UUID(asked))
    except ValueError:
        return rows.none()


def _of_day(days: QuerySet[OkDay], text: str) -> QuerySet[OkDay]:
    try:
        day = parse_date(text)
    except ValueError:
        day = None
    return days.filter(day=day) if day else days.none()
