"""Visits at the API: lists, reads, and what is done with one."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.dateparse import parse_date
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.decorators import action
from rest_framework.generics import get_object_or_404
from rest_framework.pagination import CursorPagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import BaseSerializer
from rest_framework.viewsets import GenericViewSet

from backend.accounts import limits
from backend.accounts.access import Scope
from backend.accounts.actors import Actor
from backend.accounts.permissions import Declared, action_of, actor_for
from backend.core import clock
from backend.core.errors import Invalid, NotAllowed
from backend.people.models import Caregiver
from backend.places.models import Area
from backend.web.api.idempotent import IdempotentPosts
from services.visits import actions, codes, policies, queries
from services.visits.actions import Act, Proof
from services.visits.models import Visit, VisitCarer
from services.visits.serializers import (
    CancelSerializer,
    CheckSerializer,
    DoorSerializer,
    FenceSerializer,
    MoveSerializer,
    NotMetSerializer,
    TurnDownSerializer,
    VisitAssignSerializer,
    VisitCodeSerializer,
    VisitNoteSerializer,
    VisitSerializer,
    VisitTaskSerializer,
    WishSerializer,
)

PROOF = ("method", "reason", "code", "lat", "lon", "accuracy_m", "datum")


class VisitPages(CursorPagination):
    """By time, 100 a page."""

    page_size = 100
    page_size_query_param = "limit"
    max_page_size = 500
    ordering = ("window_starts_at", "id")


class VisitViewSet(IdempotentPosts, GenericViewSet[Visit]):
    """Visits within the caller's scope."""

    resource = "visits"
    permission_classes = [Declared]
    serializer_class = VisitSerializer
    pagination_class = VisitPages
    lookup_value_regex = "[0-9a-f-]{36}"

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Count arrivals and departures before they are tried, outside of their transaction."""
        super().initial(request, *args, **kwargs)
        if self.action in {"check_in", "check_out"}:
            limits.take(policies.CHECKS, self.actor.reference, now=clock.now())

    @property
    def actor(self) -> Actor:
        """Who asks."""
        return actor_for(self.request)

    def get_queryset(self) -> QuerySet[Visit]:
        """Visits that the actor reaches for the action asked."""
        if getattr(self, "swagger_fake_view", False):
            return Visit.objects.none()
        asked = action_of(self, self.request.method or "") or ""
        return queries.visits_visible_to(self.actor, asked)

    @extend_schema(
        parameters=[
            OpenApiParameter("day", str, description="YYYY-MM-DD"),
            OpenApiParameter("area", int),
            OpenApiParameter("caregiver", str),
            OpenApiParameter("resident", str),
            OpenApiParameter("state", enum=Visit.State.values),
        ]
    )
    def list(self, request: Request) -> Response:
        """Visits by time."""
        page = self.paginate_queryset(_narrowed(self.get_queryset(), request))
        context = self._as_read()
        shown = VisitSerializer(page or [], many=True, context=context)
        return self.get_paginated_response(shown.data)

    def retrieve(self, _request: Request, pk: str) -> Response:
        """One visit."""
        return self._shown(self._visit(pk))

    @extend_schema(request=CheckSerializer)
    @action(detail=True, methods=["post"], url_path="check-in")
    def check_in(self, request: Request, pk: str) -> Response:
        """The caregiver is there."""
        visit, sent, act = self._act(pk, CheckSerializer(data=request.data))
        return self._shown(actions.check_in(visit, act=act, proof=_proof(sent), now=clock.now()))

    @extend_schema(request=CheckSerializer)
    @action(detail=True, methods=["post"], url_path="check-out")
    def check_out(self, request: Request, pk: str) -> Response:
        """The caregiver leaves."""
        visit, sent, act = self._act(pk, CheckSerializer(data=request.data))
        return self._shown(actions.check_out(visit, act=act, proof=_proof(sent), now=clock.now()))

    @extend_schema(request=VisitTaskSerializer)
    @action(detail=True, methods=["post"])
    def tasks(self, request: Request, pk: str) -> Response:
        """What became of a task."""
        visit, sent, act = self._act(pk, VisitTaskSerializer(data=request.data))
        actions.set_task(
            visit,
            task=sent["task"],
            outcome=sent["outcome"],
            reason=sent["reason"],
            act=act,
            now=clock.now(),
        )
        return self._shown(visit)

    @extend_schema(request=VisitNoteSerializer)
    @action(detail=True, methods=["post"])
    def note(self, request: Request, pk: str) -> Response:
        """Add a note."""
        visit, sent = self._visit(pk), _checked(VisitNoteSerializer(data=request.data))
        now = clock.now()
        actions.add_note(
            visit,
            text=sent["text"],
            by=self.actor.reference,
            at=sent.get("at") or now,
            client_key=sent["key"],
            caregiver=self._own_caregiver(),
            now=now,
        )
        return self._shown(visit)

    @extend_schema(request=TurnDownSerializer)
    @action(detail=True, methods=["post"], url_path="turn-down")
    def turn_down(self, request: Request, pk: str) -> Response:
        """The caregiver cannot come; somebody else is looked for."""
        visit, sent, act = self._act(pk, TurnDownSerializer(data=request.data))
        reason = sent["reason"]
        return self._shown(actions.turn_down(visit, reason=reason, act=act, now=clock.now()))

    @extend_schema(request=NotMetSerializer)
    @action(detail=True, methods=["post"], url_path="not-met")
    def not_met(self, request: Request, pk: str) -> Response:
        """Nobody opened; the desk finds out whether all is well."""
        visit, sent, act = self._act(pk, NotMetSerializer(data=request.data))
        actions.report_not_met(visit, text=sent["text"], act=act, now=clock.now())
        return self._shown(visit)

    @extend_schema(request=DoorSerializer)
    @action(detail=True, methods=["post"])
    def door(self, request: Request, pk: str) -> Response:
        """The caregiver looked at how to get in."""
        visit, _sent, act = self._act(pk, DoorSerializer(data=request.data))
        actions.record_door_reading(visit, act=act, now=clock.now())
        return self._shown(visit)

    @extend_schema(request=VisitAssignSerializer)
    @action(detail=True, methods=["post"])
    def assign(self, request: Request, pk: str) -> Response:
        """Let these caregivers go."""
        visit, sent = self._visit(pk), _checked(VisitAssignSerializer(data=request.data))
        caregivers = caregivers_for(visit, sent["caregivers"])
        return self._shown(
            actions.assign_visit(
                visit,
                caregivers=caregivers,
                planned_at=sent.get("planned_at"),
                by=self.actor.reference,
                now=clock.now(),
            )
        )

    @extend_schema(request=MoveSerializer)
    @action(detail=True, methods=["post"])
    def move(self, request: Request, pk: str) -> Response:
        """Let it begin in another window."""
        visit, sent = self._visit(pk), _checked(MoveSerializer(data=request.data))
        by = self.actor.reference
        return self._shown(actions.move_visit(visit, **sent, by=by, now=clock.now()))

    @extend_schema(request=CancelSerializer)
    @action(detail=True, methods=["post"])
    def cancel(self, request: Request, pk: str) -> Response:
        """Let it not be."""
        visit, sent = self._visit(pk), _checked(CancelSerializer(data=request.data))
        by = self.actor.reference
        return self._shown(actions.cancel_visit(visit, **sent, by=by, now=clock.now()))

    @extend_schema(request=WishSerializer)
    @action(detail=True, methods=["post"])
    def wish(self, request: Request, pk: str) -> Response:
        """Ask for another time, or none."""
        visit, sent = self._visit(pk), _checked(WishSerializer(data=request.data))
        by = self.actor.reference
        return self._shown(actions.ask_to_change(visit, **sent, by=by, now=clock.now()))

    @extend_schema(request=FenceSerializer)
    @action(detail=True, methods=["post"])
    def fence(self, request: Request, pk: str) -> Response:
        """Let another distance count as there for this visit's home."""
        visit, sent = self._visit(pk), _checked(FenceSerializer(data=request.data))
        by, home = self.actor.reference, visit.resident.household
        actions.set_fence(home, **sent, by=by, now=clock.now())
        return self._shown(visit)

    @extend_schema(responses=VisitCodeSerializer)
    @action(detail=True, methods=["get"])
    def code(self, _request: Request, pk: str) -> Response:
        """The code of the moment, for the resident to say."""
        visit, now = self._visit(pk), clock.now()
        if self.actor.scope("visits", "code") is not Scope.SELF:
            actions.record_code_reading(visit, by=self.actor.reference, now=now)
        return Response({"code": codes.code_of(visit, at=now)})

    def _visit(self, pk: str) -> Visit:
        return get_object_or_404(self.get_queryset(), pk=pk)

    def _shown(self, visit: Visit) -> Response:
        again = queries.visits_visible_to(self.actor, "read").filter(pk=visit.pk).first()
        return Response(VisitSerializer(again or visit, context=self._as_read()).data)

    def _as_read(self) -> dict[str, Any]:
        """Caregivers read whole names of today's visits only."""
        is_caregiver = self.actor.scope("visits", "read") is Scope.ASSIGNED
        return {"short_after": timezone.localdate(clock.now()) if is_caregiver else None}

    def _act(self, pk: str, form: BaseSerializer[Any]) -> tuple[Visit, dict[str, Any], Act]:
        visit, sent, caregiver = self._visit(pk), _checked(form), self._own_caregiver()
        if caregiver is None:
            raise NotAllowed
        act = Act(
            caregiver=caregiver,
            at=sent.get("at") or clock.now(),
            client_key=sent["key"],
            by=self.actor.reference,
            offline=sent.get("offline", False),
        )
        return visit, sent, act

    def _own_caregiver(self) -> Caregiver | None:
        own = self.actor.caregiver_id
        return Caregiver.objects.filter(pk=own).first() if own else None


def caregivers_for(visit: Visit, keys: Sequence[UUID]) -> list[Caregiver]:
    """Caregivers of the district of a visit.

    Raises:
        Invalid: one of them is not.
    """
    root = visit.area.path.partition(".")[0] + "."
    found = Caregiver.objects.filter(pk__in=keys, area__path__startswith=root, active=True)
    caregivers = list(found.order_by("pk"))
    if len(caregivers) != len(set(keys)):
        raise Invalid(fields={"caregivers": ["unknown"]})
    return caregivers


def _checked(form: BaseSerializer[Any]) -> dict[str, Any]:
    form.is_valid(raise_exception=True)
    sent: dict[str, Any] = form.validated_data
    return sent


def _proof(sent: dict[str, Any]) -> Proof:
    return Proof(**{name: sent[name] for name in PROOF if name in sent})


def _narrowed(visits: QuerySet[Visit], request: Request) -> QuerySet[Visit]:
    """The visits that the query asks for; what cannot be read asks for none."""
    asked = request.query_params
    if "day" in asked:
        day = _day(asked["day"])
        visits = visits.filter(day=day) if day else visits.none()
    if "area" in asked:
        area = Area.objects.filter(pk=asked["area"]).first() if asked["area"].isdecimal() else None
        visits = visits.filter(area__path__startswith=area.path) if area else visits.none()
    if "caregiver" in asked:
        going = VisitCarer.objects.filter(
            caregiver__in=queries.keys_in(asked["caregiver"]), released_at=None
        )
        visits = visits.filter(pk__in=going.values("visit"))
    if "resident" in asked:
        visits = visits.filter(resident__in=queries.keys_in(asked["resident"]))
    if "state" in asked:
        visits = visits.filter(state=asked["state"])
    return visits


def _day(text: str) -> date | None:
    try:
        return parse_date(text)
    except ValueError:
        return None
