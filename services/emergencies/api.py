"""Calls at the API: the board, one call, its timeline, and what can be done with it."""

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.decorators import action
from rest_framework.pagination import CursorPagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from backend.accounts.access import Scope
from backend.accounts.actors import Actor
from backend.accounts.permissions import Declared, actor_for
from backend.core import clock, journal
from backend.core.errors import NotAllowed, NotFound
from backend.places.models import Area
from backend.web.api.idempotent import IdempotentPosts
from services.emergencies import actions, queries
from services.emergencies.errors import NotYours
from services.emergencies.models import EmergencyCall, EscalationPolicy
from services.emergencies.policies import DEFAULT_STEPS
from services.emergencies.responders import named_resident, named_responder, own_responder
from services.emergencies.serializers import (
    AcceptSerializer,
    CallSerializer,
    DeclineSerializer,
    EscalationPolicySerializer,
    HandOverSerializer,
    IdentifySerializer,
    NoteSerializer,
    OnTheWaySerializer,
    ResolveSerializer,
    TimedSerializer,
    TimelineEventSerializer,
)


class CallPages(CursorPagination):
    """Newest first, 50 a page."""

    page_size = 50
    page_size_query_param = "limit"
    max_page_size = 200
    ordering = ("-opened_at", "id")


class CallViewSet(IdempotentPosts, GenericViewSet[EmergencyCall]):
    """Calls for help within the caller's scope."""

    resource = "calls"
    permission_classes = [Declared]
    serializer_class = CallSerializer
    pagination_class = CallPages
    lookup_value_regex = "[0-9a-f-]{36}"

    def get_queryset(self) -> QuerySet[EmergencyCall]:
        """Calls the actor may reach for the action asked."""
        if getattr(self, "swagger_fake_view", False):
            return EmergencyCall.objects.none()
        return queries.calls_visible_to(self.actor, self._access_action())

    @property
    def actor(self) -> Actor:
        """Who asks."""
        return actor_for(self.request)

    def _access_action(self) -> str:
        names = {"list": "list", "retrieve": "read"}
        return names.get(self.action, self.action.replace("_", "-"))

    def _call(self) -> EmergencyCall:
        return queries.call_to_change(self.actor, self.kwargs["pk"], self._access_action())

    def _answer(self, call: EmergencyCall) -> Response:
        return Response(self._told(call))

    def _told(self, call: EmergencyCall) -> dict[str, Any]:
        told: dict[str, Any] = CallSerializer(call, context={"actor": self.actor}).data
        return told

    def _body(self, serializer_class: type[Any]) -> dict[str, Any]:
        serializer = serializer_class(data=self.request.data)
        serializer.is_valid(raise_exception=True)
        data: dict[str, Any] = serializer.validated_data
        return data

    @extend_schema(
        parameters=[
            OpenApiParameter("state", enum=[*EmergencyCall.State.values, "open"]),
            OpenApiParameter("area", int),
        ]
    )
    def list(self, request: Request) -> Response:
        """Calls, newest first; `state=open` for all that are not resolved."""
        calls = self.get_queryset()
        state = request.query_params.get("state")
        if state == "open":
            calls = calls.exclude(state=EmergencyCall.State.RESOLVED)
        elif state:
            calls = calls.filter(state__in=state.split(","))
        area = request.query_params.get("area")
        if area:
            found = Area.objects.filter(pk=area).first() if area.isdigit() else None
            calls = calls.filter(area_path__startswith=found.path) if found else calls.none()
        page: Any = self.paginate_queryset(calls) or []
        told = CallSerializer(page, many=True, context={"actor": self.actor})
        return self.get_paginated_response(told.data)

    def retrieve(self, _request: Request, pk: str) -> Response:  # noqa: ARG002
        """One call."""
        return self._answer(self._call())

    @extend_schema(responses=TimelineEventSerializer(many=True))
    @action(detail=True)
    def timeline(self, _request: Request, pk: str) -> Response:  # noqa: ARG002
        """Every step of the call with its time."""
        events = journal.about(self._call().reference)
        rows = [
            {"seq": e.seq, "at": e.at.isoformat(), "type": e.type, "by": e.by, "data": e.data}
            for e in events
        ]
        return Response(rows)

    @extend_schema(request=AcceptSerializer)
    @action(detail=True, methods=["post"])
    def accept(self, _request: Request, pk: str) -> Response:  # noqa: ARG002
        """Go there. From the desk without `responder`: take the call and look after it."""
        call, now = self._call(), clock.now()
        body = self._body(AcceptSerializer)
        named, minutes = body.get("responder", ""), body.get("minutes")
        if self.actor.scope("calls", "take") is not None:
            if not named:
                return self._answer(
                    actions.take_call(call, by=self.actor.reference, name=self.actor.name, now=now)
                )
            responder = named_responder(named, call, minutes=minutes)
        else:
            found = own_responder(self.actor, call, minutes=minutes)
            if found is None:
                raise NotAllowed
            responder = found
        return self._answer(actions.accept_call(call, responder=responder, now=now))

    @extend_schema(request=OnTheWaySerializer)
    @action(detail=True, methods=["post"], url_path="on-the-way")
    def on_the_way(self, _request: Request, pk: str) -> Response:  # noqa: ARG002
        """Set out, or say a new time."""
        call, now = self._call(), clock.now()
        body = self._body(OnTheWaySerializer)
        after = actions.set_on_the_way(
            call,
            by=self._speaker(call),
            minutes=body.get("minutes"),
            at=body.get("at"),
            now=now,
        )
        return self._answer(after)

    @extend_schema(request=DeclineSerializer)
    @action(detail=True, methods=["post"])
    def decline(self, _request: Request, pk: str) -> Response:  # noqa: ARG002
        """Cannot go."""
        call, now = self._call(), clock.now()
        body = self._body(DeclineSerializer)
        responder = own_responder(self.actor, call)
        if responder is None:
            raise NotAllowed
        return self._answer(
            actions.decline_call(
                call, responder=responder, stays_informed=body["stay_informed"], now=now
            )
        )

    @extend_schema(request=TimedSerializer)
    @action(detail=True, methods=["post"])
    def arrive(self, _request: Request, pk: str) -> Response:  # noqa: ARG002
        """At the door."""
        call, now = self._call(), clock.now()
        at = self._body(TimedSerializer).get("at")
        return self._answer(actions.arrive(call, by=self._speaker(call), at=at, now=now))

    @extend_schema(request=ResolveSerializer)
    @action(detail=True, methods=["post"])
    def resolve(self, _request: Request, pk: str) -> Response:  # noqa: ARG002
        """Close with an outcome."""
        call, now = self._call(), clock.now()
        body = self._body(ResolveSerializer)
        if self.actor.caregiver_id and call.accepted_by != self._speaker(call):
            raise NotYours
        resolved = actions.resolve_call(
            call,
            by=self.actor.reference,
            outcome=body["outcome"],
            note=body["note"],
            at=body.get("at"),
            now=now,
        )
        return self._answer(resolved)

    @extend_schema(request=HandOverSerializer)
    @action(detail=True, methods=["post"], url_path="hand-over")
    def hand_over(self, _request: Request, pk: str) -> Response:  # noqa: ARG002
        """Give the call on; it rings again."""
        call, now = self._call(), clock.now()
        body = self._body(HandOverSerializer)
        to = named_responder(body["to"], call) if body["to"] else None
        return self._answer(actions.hand_over(call, by=self._speaker(call), to=to, now=now))

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def reopen(self, _request: Request, pk: str) -> Response:  # noqa: ARG002
        """Ring again for a call that was closed too early."""
        call, now = self._call(), clock.now()
        return self._answer(actions.reopen_call(call, by=self.actor.reference, now=now))

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def take(self, _request: Request, pk: str) -> Response:  # noqa: ARG002
        """Take over from a colleague at the desk, knowingly."""
        call, now = self._call(), clock.now()
        return self._answer(
            actions.take_call(
                call,
                by=self.actor.reference,
                name=self.actor.name,
                now=now,
                from_colleague=True,
            )
        )

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def spoken(self, _request: Request, pk: str) -> Response:  # noqa: ARG002
        """The operator speaks with the resident."""
        call, now = self._call(), clock.now()
        return self._answer(actions.mark_spoken(call, by=self.actor.reference, now=now))

    @extend_schema(request=IdentifySerializer)
    @action(detail=True, methods=["post"])
    def identify(self, _request: Request, pk: str) -> Response:  # noqa: ARG002
        """The desk found out whose call it is; answers the call that goes on.

        That is another one, if a call of this resident was open already.
        """
        call, now = self._call(), clock.now()
        resident = named_resident(self.actor, self._body(IdentifySerializer)["resident"])
        after = actions.identify_call(
            call, resident=resident, by=self.actor.reference, name=self.actor.name, now=now
        )
        return self._answer(after)

    @extend_schema(request=NoteSerializer)
    @action(detail=True, methods=["post"])
    def note(self, _request: Request, pk: str) -> Response:  # noqa: ARG002
        """Write something down."""
        call, now = self._call(), clock.now()
        body = self._body(NoteSerializer)
        actions.add_note(
            call, by=self.actor.reference, name=self.actor.name, text=body["text"], now=now
        )
        return self._answer(call)

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def mistake(self, _request: Request, pk: str) -> Response:  # noqa: ARG002
        """The resident says it was a mistake; the desk closes it after speaking."""
        call, now = self._call(), clock.now()
        return self._answer(actions.ask_mistake(call, by=self.actor.reference, now=now))

    def _speaker(self, call: EmergencyCall) -> str:
        """As whom the actor speaks: the responder themself, or the desk."""
        responder = own_responder(self.actor, call)
        return responder.reference if responder else self.actor.reference


class EscalationPolicyView(IdempotentPosts, GenericViewSet[EscalationPolicy]):
    """The ladder of one area."""

    resource = "escalation-policies"
    permission_classes = [Declared]
    serializer_class = EscalationPolicySerializer
    queryset = EscalationPolicy.objects.none()

    def _area(self, area_id: int, access: str) -> Area:
        actor = actor_for(self.request)
        areas = Area.objects.filter(pk=area_id)
        if actor.require(self.resource, access) is Scope.AREA:
            areas = areas.filter(path__startswith=actor.area_path or "-")
        area = areas.first()
        if area is None:
            raise NotFound
        return area

    def retrieve(self, _request: Request, area_id: int) -> Response:
        """The area's own ladder, or the default."""
        area = self._area(area_id, "read")
        policy = getattr(area, "escalation_policy", None)
        if policy is None:
            return Response({"steps": DEFAULT_STEPS, "version": 0})
        return Response(EscalationPolicySerializer(policy).data)

    def update(self, request: Request, area_id: int) -> Response:
        """Set the area's ladder for calls that open from now on."""
        area, now = self._area(area_id, "change"), clock.now()
        body = request.data if isinstance(request.data, dict) else {}
        minutes = body.get("arrive_within_min")
        policy = actions.set_policy(
            area,
            steps=body.get("steps"),
            by=actor_for(request).reference,
            now=now,
            **({"arrive_within_min": minutes} if isinstance(minutes, int) else {}),
        )
        return Response(EscalationPolicySerializer(policy).data)
