"""Care plans, absences and a caregiver's days at the API."""

import hashlib
import json
from http import HTTPStatus
from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.decorators import action
from rest_framework.generics import get_object_or_404
from rest_framework.pagination import CursorPagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import BaseSerializer
from rest_framework.views import APIView
from rest_framework.viewsets import GenericViewSet

from backend.accounts.access import Scope
from backend.accounts.actors import Actor
from backend.accounts.permissions import Declared, action_of, actor_for
from backend.accounts.queries import residents_condition
from backend.audit.actions import record, record_reads
from backend.audit.models import AuditRow
from backend.core import clock
from backend.core.errors import Invalid, NotAllowed
from backend.people.models import Caregiver, Resident
from backend.web.api.idempotent import IdempotentPosts
from services.visits import actions, day, queries
from services.visits.models import Absence, CarePlan
from services.visits.serializers import (
    AbsenceSerializer,
    CarePlanChangeSerializer,
    CarePlanSerializer,
    CarePlanWriteSerializer,
    MyDaySerializer,
    PlanEndSerializer,
)


class PlanPages(CursorPagination):
    """Newest first, 100 a page."""

    page_size = 100
    page_size_query_param = "limit"
    max_page_size = 500
    ordering = ("-created_at", "id")


class AbsencePages(PlanPages):
    """The latest first."""

    ordering = ("-starts_at", "id")


class CarePlanViewSet(IdempotentPosts, GenericViewSet[CarePlan]):
    """Care plans within the caller's scope."""

    resource = "care-plans"
    permission_classes = [Declared]
    serializer_class = CarePlanSerializer
    pagination_class = PlanPages
    lookup_value_regex = "[0-9a-f-]{36}"

    @property
    def actor(self) -> Actor:
        """Who asks."""
        return actor_for(self.request)

    def get_queryset(self) -> QuerySet[CarePlan]:
        """Plans that the actor reaches for the action asked."""
        if getattr(self, "swagger_fake_view", False):
            return CarePlan.objects.none()
        asked = action_of(self, self.request.method or "") or ""
        return queries.care_plans_visible_to(self.actor, asked)

    def list(self, request: Request) -> Response:
        """Plans, newest first; `resident=` for those of one."""
        plans = self.get_queryset()
        if "resident" in request.query_params:
            plans = plans.filter(resident__in=queries.keys_in(request.query_params["resident"]))
        page = self.paginate_queryset(plans)
        return self.get_paginated_response(CarePlanSerializer(page or [], many=True).data)

    def retrieve(self, _request: Request, pk: str) -> Response:
        """One plan; reading its instructions is written down."""
        plan = self._plan(pk)
        record(
            actor=self.actor.reference,
            action=AuditRow.Action.READ,
            subject=plan.reference,
            resident_id=plan.resident_id,
            fields=["instructions"],
            now=clock.now(),
        )
        return Response(CarePlanSerializer(plan).data)

    @extend_schema(request=CarePlanWriteSerializer, responses={201: CarePlanSerializer})
    def create(self, request: Request) -> Response:
        """Owe a resident a service."""
        details = _checked(CarePlanWriteSerializer(data=request.data))
        resident = self._reached(details.pop("resident"))
        details.pop("version", None)
        plan = actions.create_plan(
            resident=resident,
            details=_with_people(details, resident),
            by=self.actor.reference,
            now=clock.now(),
        )
        return Response(CarePlanSerializer(plan).data, status=status.HTTP_201_CREATED)

    @extend_schema(request=CarePlanChangeSerializer, responses=CarePlanSerializer)
    def partial_update(self, request: Request, pk: str) -> Response:
        """Change a plan; visits ahead that nobody touched follow it."""
        plan = self._plan(pk)
        changes = _checked(CarePlanChangeSerializer(data=request.data, partial=True))
        plan = actions.change_plan(
            plan,
            version=changes.pop("version", None),
            changes=_with_people(changes, plan.resident),
            by=self.actor.reference,
            now=clock.now(),
        )
        return Response(CarePlanSerializer(plan).data)

    @extend_schema(request=PlanEndSerializer, responses=CarePlanSerializer)
    @action(detail=True, methods=["post"])
    def end(self, request: Request, pk: str) -> Response:
        """End a plan after a day."""
        plan, sent = self._plan(pk), _checked(PlanEndSerializer(data=request.data))
        plan = actions.end_plan(
            plan,
            on=sent.get("on"),
            reason=sent["reason"],
            by=self.actor.reference,
            now=clock.now(),
        )
        return Response(CarePlanSerializer(plan).data)

    def _plan(self, pk: str) -> CarePlan:
        return get_object_or_404(self.get_queryset(), pk=pk)

    def _reached(self, resident: Resident) -> Resident:
        reached = residents_condition(self.actor, self.actor.scope("care-plans", "create"))
        found = Resident.objects.filter(reached, pk=resident.pk).select_related("area").first()
        if found is None:
            raise Invalid(fields={"resident": ["unknown"]})
        return found


def _with_people(details: dict[str, Any], resident: Resident) -> dict[str, Any]:
    """The same, with caregivers of the district in the place of their keys."""
    root = resident.area.path.partition(".")[0] + "."
    for name in ("preferred", "refused"):
        if name in details:
            keys = set(details[name])
            found = Caregiver.objects.filter(pk__in=keys, area__path__startswith=root)
            details[name] = list(found.order_by("pk"))
            if len(details[name]) != len(keys):
                raise Invalid(fields={name: ["unknown"]})
    return details


class AbsenceViewSet(IdempotentPosts, GenericViewSet[Absence]):
    """Absences of caregivers within the caller's scope."""

    resource = "absences"
    permission_classes = [Declared]
    serializer_class = AbsenceSerializer
    pagination_class = AbsencePages
    lookup_value_regex = "[0-9a-f-]{36}"

    @property
    def actor(self) -> Actor:
        """Who asks."""
        return actor_for(self.request)

    def get_queryset(self) -> QuerySet[Absence]:
        """Absences that the actor reaches for the action asked."""
        if getattr(self, "swagger_fake_view", False):
            return Absence.objects.none()
        asked = action_of(self, self.request.method or "") or ""
        return queries.absences_visible_to(self.actor, asked)

    def list(self, _request: Request) -> Response:
        """Absences, the latest first."""
        page = self.paginate_queryset(self.get_queryset())
        return self.get_paginated_response(AbsenceSerializer(page or [], many=True).data)

    def retrieve(self, _request: Request, pk: str) -> Response:
        """One absence."""
        return Response(AbsenceSerializer(get_object_or_404(self.get_queryset(), pk=pk)).data)

    @extend_schema(request=AbsenceSerializer, responses={201: AbsenceSerializer})
    def create(self, request: Request) -> Response:
        """Say that a caregiver cannot go; their visits of that time wait for somebody else."""
        sent = _checked(AbsenceSerializer(data=request.data))
        if not _may_speak_for(self.actor, sent["caregiver"]):
            raise Invalid(fields={"caregiver": ["unknown"]})
        absence = actions.record_absence(**sent, by=self.actor.reference, now=clock.now())
        return Response(AbsenceSerializer(absence).data, status=status.HTTP_201_CREATED)

    @extend_schema(request=None, responses=AbsenceSerializer)
    @action(detail=True, methods=["post"])
    def cancel(self, _request: Request, pk: str) -> Response:
        """They can go after all."""
        absence = get_object_or_404(self.get_queryset(), pk=pk)
        absence = actions.cancel_absence(absence, by=self.actor.reference, now=clock.now())
        return Response(AbsenceSerializer(absence).data)


def _may_speak_for(actor: Actor, caregiver: Caregiver) -> bool:
    match actor.scope("absences", "create"):
        case Scope.AREA if actor.area_path:
            return caregiver.area.path.startswith(actor.area_path)
        case Scope.SELF:
            return caregiver.pk == actor.caregiver_id
    return False


class MyDayView(APIView):
    """The caregiver's own visits, today and seven days."""

    resource = "my-day"
    access_action = "read"
    permission_classes = [Declared]

    @extend_schema(responses=MyDaySerializer)
    def get(self, request: Request) -> Response:
        """What the telephone keeps; with `If-None-Match`, 304 while nothing has changed."""
        actor, now = actor_for(request), clock.now()
        if actor.caregiver_id is None:
            raise NotAllowed
        mine = day.days_of(actor.caregiver_id, now=now, language=request.LANGUAGE_CODE)
        tag = _tag(mine.content)
        headers = {"ETag": tag, "Cache-Control": "private, no-cache"}
        if request.headers.get("If-None-Match") == tag:
            return Response(status=HTTPStatus.NOT_MODIFIED, headers=headers)
        record_reads(
            actor=actor.reference, resident_ids=mine.residents, fields=day.SENSITIVE, now=now
        )
        return Response(mine.content, headers=headers)


def _tag(content: dict[str, Any]) -> str:
    written = json.dumps(content, sort_keys=True, ensure_ascii=False).encode()
    return f'"{hashlib.sha256(written).hexdigest()[:32]}"'


def _checked(form: BaseSerializer[Any]) -> dict[str, Any]:
    form.is_valid(raise_exception=True)
    sent: dict[str, Any] = form.validated_data
    return sent
