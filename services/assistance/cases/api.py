"""Cases, their home visits and the holiday table at the API."""

from typing import Any, TypeVar

from django.db.models import Model, QuerySet
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import status
from rest_framework.decorators import action
from rest_framework.generics import get_object_or_404
from rest_framework.pagination import PageNumberPagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import BaseSerializer
from rest_framework.viewsets import GenericViewSet

from backend.accounts.access import Scope
from backend.accounts.actors import Actor
from backend.accounts.permissions import Declared, action_of, actor_for
from backend.accounts.queries import residents_condition
from backend.core import clock
from backend.core.errors import Invalid, NotFound
from backend.people.models import Resident
from backend.web.api.idempotent import IdempotentPosts
from services.assistance.cases import actions, applying, calendar, clocks, queries
from services.assistance.cases import serializers as forms
from services.assistance.cases.doers import Doer, doer_of
from services.assistance.cases.errors import NotRunning
from services.assistance.cases.record import note_reading
from services.assistance.models import AssistanceCase, Deadline, Holiday, HomeVisit
from services.assistance.models.cases import Benefit, State

Row = TypeVar("Row", bound=Model)
PLACE = "[0-9a-f-]{36}"


class CasePages(PageNumberPagination):
    """50 a page."""

    page_size = 50
    page_size_query_param = "limit"
    max_page_size = 200


class Doors(IdempotentPosts, GenericViewSet[Row]):
    """What all doors of assistance share: deny by default, keyed POSTs, pages, checked bodies."""

    permission_classes = [Declared]
    pagination_class: Any = CasePages
    lookup_value_regex = PLACE

    @property
    def actor(self) -> Actor:
        """Who asks."""
        return actor_for(self.request)

    @property
    def doer(self) -> Doer:
        """Who asks, as one who acts on cases."""
        return doer_of(self.actor)

    @property
    def asked(self) -> str:
        """The access table's action."""
        return action_of(self, self.request.method or "") or ""

    def body(self, form: type[BaseSerializer[Any]]) -> dict[str, Any]:
        """What was sent, checked."""
        taken = form(data=self.request.data)
        taken.is_valid(raise_exception=True)
        checked: dict[str, Any] = taken.validated_data
        return checked

    def stamp(self) -> dict[str, Any]:
        """Who and when."""
        return {"by": self.doer, "now": clock.now()}


class CaseViewSet(Doors[AssistanceCase]):
    """Assistance cases within the caller's scope."""

    resource = "cases"
    serializer_class = forms.CaseSerializer

    def get_queryset(self) -> QuerySet[AssistanceCase]:
        """Cases the actor may reach for the action asked."""
        if getattr(self, "swagger_fake_view", False):
            return AssistanceCase.objects.none()
        return queries.by_deadline(queries.cases_visible_to(self.actor, self.asked))

    @extend_schema(
        parameters=[
            OpenApiParameter("state", enum=[*State.values, "open"]),
            OpenApiParameter("benefit", enum=Benefit.values),
        ]
    )
    def list(self, request: Request) -> Response:
        """Cases by what is due first; `state=open` for those not closed."""
        cases = self.get_queryset()
        wanted = request.query_params.get("state")
        if wanted == "open":
            cases = queries.still_open(cases)
        elif wanted:
            cases = cases.filter(state=wanted)
        if benefit := request.query_params.get("benefit"):
            cases = cases.filter(benefit=benefit)
        page = self.paginate_queryset(cases) or []
        return self.get_paginated_response(forms.CaseSerializer(page, many=True).data)

    @extend_schema(responses=forms.WholeCaseSerializer)
    def retrieve(self, _request: Request, pk: str) -> Response:
        """One case; the whole file for officers, where it stands for the applicant."""
        return self._shown(self._case(pk))

    @extend_schema(request=forms.OpenSerializer, responses={201: forms.WholeCaseSerializer})
    def create(self, _request: Request) -> Response:
        """Enter an application: at the counter, by oneself, or for a relative."""
        body = self.body(forms.OpenSerializer)
        resident = self._resident(body.pop("resident"))
        case = applying.apply_for(self.actor, resident, **body, now=clock.now())
        return self._shown(case, status=status.HTTP_201_CREATED)

    @extend_schema(request=forms.PaperSerializer, responses=forms.WholeCaseSerializer)
    @action(detail=True, methods=["post"], url_path="receive-paper")
    def receive_paper(self, _request: Request, pk: str) -> Response:
        """A paper of the checklist came in."""
        case = self._case(pk)
        kind = self.body(forms.PaperSerializer)["kind"]
        return self._shown(actions.receive_paper(case, kind=kind, **self.stamp()))

    @extend_schema(request=None, responses=forms.WholeCaseSerializer)
    @action(detail=True, methods=["post"], url_path="list-missing")
    def list_missing(self, _request: Request, pk: str) -> Response:
        """Tell the applicant, once, all that is missing."""
        return self._shown(actions.list_missing(self._case(pk), **self.stamp()))

    @extend_schema(request=None, responses=forms.WholeCaseSerializer)
    @action(detail=True, methods=["post"])
    def accept(self, _request: Request, pk: str) -> Response:
        """Accept a complete application."""
        return self._shown(actions.accept_case(self._case(pk), **self.stamp()))

    @extend_schema(request=forms.DataSerializer, responses=forms.WholeCaseSerializer)
    @action(detail=True, methods=["post"], url_path="record-data")
    def record_data(self, _request: Request, pk: str) -> Response:
        """What the data check found."""
        case = self._case(pk)
        body = self.body(forms.DataSerializer)
        return self._shown(actions.record_data_check(case, **body, **self.stamp()))

    @extend_schema(request=forms.PlanVisitSerializer, responses={201: forms.HomeVisitSerializer})
    @action(detail=True, methods=["post"], url_path="plan-visit")
    def plan_visit(self, _request: Request, pk: str) -> Response:
        """Name those who visit the home."""
        case = self._case(pk)
        body = self.body(forms.PlanVisitSerializer)
        staff = applying.staff_around(case, body.pop("staff"))
        visit = actions.plan_visit(case, staff=staff, **body, **self.stamp())
        return Response(forms.HomeVisitSerializer(visit).data, status=status.HTTP_201_CREATED)

    @extend_schema(request=forms.ProposeSerializer, responses=forms.WholeCaseSerializer)
    @action(detail=True, methods=["post"])
    def propose(self, _request: Request, pk: str) -> Response:
        """Write the opinion of the street."""
        case = self._case(pk)
        opinion = actions.propose(case, **self.body(forms.ProposeSerializer), **self.stamp())
        return self._shown(opinion.case)

    @extend_schema(request=forms.ReasonSerializer, responses=forms.WholeCaseSerializer)
    @action(detail=True, methods=["post"], url_path="object")
    def object(self, _request: Request, pk: str) -> Response:
        """Somebody objects to the public notice."""
        case = self._case(pk)
        body = self.body(forms.ReasonSerializer)
        return self._shown(actions.object_to_notice(case, **body, **self.stamp()))

    @extend_schema(request=forms.RemarkSerializer, responses=forms.WholeCaseSerializer)
    @action(detail=True, methods=["post"])
    def confirm(self, _request: Request, pk: str) -> Response:
        """Confirm the opinion of somebody else."""
        case = self._case(pk)
        return self._shown(
            actions.confirm(case, **self.body(forms.RemarkSerializer), **self.stamp())
        )

    @extend_schema(request=forms.ReasonSerializer, responses=forms.WholeCaseSerializer)
    @action(detail=True, methods=["post"], url_path="send-back")
    def send_back(self, _request: Request, pk: str) -> Response:
        """Send the opinion back with what is wrong."""
        case = self._case(pk)
        body = self.body(forms.ReasonSerializer)
        return self._shown(actions.return_case(case, **body, **self.stamp()))

    @extend_schema(request=None, responses={201: forms.LetterSerializer})
    @action(detail=True, methods=["post"], url_path="issue-letter")
    def issue_letter(self, _request: Request, pk: str) -> Response:
        """Write the letter of the decision."""
        letter = actions.issue_letter(self._case(pk), **self.stamp())
        return Response(forms.LetterSerializer(letter).data, status=status.HTTP_201_CREATED)

    @extend_schema(request=forms.RemarkSerializer, responses=forms.WholeCaseSerializer)
    @action(detail=True, methods=["post"])
    def keep(self, _request: Request, pk: str) -> Response:
        """The review found nothing to change."""
        case = self._case(pk)
        return self._shown(actions.keep(case, **self.body(forms.RemarkSerializer), **self.stamp()))

    @extend_schema(request=forms.ReasonSerializer, responses=forms.WholeCaseSerializer)
    @action(detail=True, methods=["post"])
    def appeal(self, _request: Request, pk: str) -> Response:
        """Appeal against a decision."""
        case = self._case(pk)
        return self._shown(
            actions.appeal(case, **self.body(forms.ReasonSerializer), **self.stamp())
        )

    @extend_schema(request=forms.AppealDecisionSerializer, responses=forms.WholeCaseSerializer)
    @action(detail=True, methods=["post"], url_path="decide-appeal")
    def decide_appeal(self, _request: Request, pk: str) -> Response:
        """How an appeal ended."""
        case = self._case(pk)
        body = self.body(forms.AppealDecisionSerializer)
        return self._shown(actions.decide_appeal(case, **body, **self.stamp()))

    @extend_schema(request=forms.RemarkSerializer, responses=forms.WholeCaseSerializer)
    @action(detail=True, methods=["post"])
    def withdraw(self, _request: Request, pk: str) -> Response:
        """Take the application back."""
        case = self._case(pk)
        return self._shown(
            actions.withdraw(case, **self.body(forms.RemarkSerializer), **self.stamp())
        )

    @extend_schema(request=forms.ReasonSerializer, responses=forms.WholeCaseSerializer)
    @action(detail=True, methods=["post"])
    def note(self, _request: Request, pk: str) -> Response:
        """Keep evidence or a remark."""
        case = self._case(pk)
        actions.add_note(case, text=self.body(forms.ReasonSerializer)["note"], **self.stamp())
        return self._shown(case)

    @extend_schema(request=forms.PauseSerializer, responses=forms.WholeCaseSerializer)
    @action(detail=True, methods=["post"])
    def pause(self, _request: Request, pk: str) -> Response:
        """Let a clock stand still, with a reason."""
        case = self._case(pk)
        body = self.body(forms.PauseSerializer)
        deadline = self._clock(case, body["clock"])
        clocks.pause(deadline, reason=body["reason"], **self.stamp())
        return self._shown(case)

    @extend_schema(request=forms.ClockSerializer, responses=forms.WholeCaseSerializer)
    @action(detail=True, methods=["post"])
    def resume(self, _request: Request, pk: str) -> Response:
        """Let a clock go on."""
        case = self._case(pk)
        deadline = self._clock(case, self.body(forms.ClockSerializer)["clock"])
        clocks.resume(deadline, **self.stamp())
        return self._shown(case)

    @extend_schema(request=forms.ExtendSerializer, responses=forms.WholeCaseSerializer)
    @action(detail=True, methods=["post"])
    def extend(self, _request: Request, pk: str) -> Response:
        """Make a limit longer, with a reason."""
        case = self._case(pk)
        body = self.body(forms.ExtendSerializer)
        deadline = self._clock(case, body["clock"])
        clocks.extend(deadline, days=body["days"], reason=body["reason"], **self.stamp())
        return self._shown(case)

    def _case(self, pk: str) -> AssistanceCase:
        return get_object_or_404(self.get_queryset(), pk=pk)

    def _resident(self, key: Any) -> Resident:
        reached = residents_condition(self.actor, self.actor.scope("cases", "create"))
        resident = Resident.objects.filter(reached, pk=key).select_related("area").first()
        if resident is None:
            raise Invalid(fields={"resident": ["not_found"]})
        return resident

    def _clock(self, case: AssistanceCase, kind: str) -> Deadline:
        deadline = case.deadlines.filter(kind=kind, stopped_at=None).first()
        if deadline is None:
            raise NotRunning
        return deadline

    def _shown(self, case: AssistanceCase, status: int = status.HTTP_200_OK) -> Response:
        whole = self.actor.scope("cases", "read") is Scope.AREA
        shown = queries.by_deadline(AssistanceCase.objects.all()).get(pk=case.pk)
        if whole:
            note_reading(shown, by=self.actor.reference, now=clock.now())
        form = forms.WholeCaseSerializer if whole else forms.CaseSerializer
        return Response(form(shown).data, status=status)


class HomeVisitViewSet(Doors[HomeVisit]):
    """Home visits of the area, or those one makes."""

    resource = "home-visits"
    serializer_class = forms.HomeVisitSerializer

    def get_queryset(self) -> QuerySet[HomeVisit]:
        """Visits the actor may reach."""
        if getattr(self, "swagger_fake_view", False):
            return HomeVisit.objects.none()
        return queries.visits_visible_to(self.actor, self.asked).order_by("planned_at", "pk")

    def list(self, _request: Request) -> Response:
        """Visits by when they are planned."""
        page = self.paginate_queryset(self.get_queryset()) or []
        return self.get_paginated_response(forms.HomeVisitSerializer(page, many=True).data)

    def retrieve(self, _request: Request, pk: str) -> Response:
        """One visit."""
        return Response(forms.HomeVisitSerializer(self._visit(pk)).data)

    @extend_schema(request=forms.FillVisitSerializer)
    @action(detail=True, methods=["post"])
    def fill(self, _request: Request, pk: str) -> Response:
        """Write down what was seen."""
        visit = self._visit(pk)
        body = self.body(forms.FillVisitSerializer)
        actions.fill_visit(visit, **body, **self.stamp())
        return self.retrieve(self.request, pk)

    @extend_schema(request=forms.SignSerializer)
    @action(detail=True, methods=["post"])
    def sign(self, _request: Request, pk: str) -> Response:
        """Sign as one of those who visit."""
        visit = self._visit(pk)
        body = self.body(forms.SignSerializer)
        actions.sign_visit(visit, user_id=self.actor.user_id, **body, **self.stamp())
        return self.retrieve(self.request, pk)

    def _visit(self, pk: str) -> HomeVisit:
        return get_object_or_404(self.get_queryset(), pk=pk)


class HolidayViewSet(Doors[Holiday]):
    """Days that are not as their weekday says."""

    resource = "holidays"
    serializer_class = forms.HolidaySerializer
    lookup_value_regex = "[0-9]{1,18}"

    def get_queryset(self) -> QuerySet[Holiday]:
        """All of them, by day."""
        return Holiday.objects.order_by("date")

    def list(self, _request: Request) -> Response:
        """The table, by day."""
        page = self.paginate_queryset(self.get_queryset()) or []
        return self.get_paginated_response(forms.HolidaySerializer(page, many=True).data)

    @extend_schema(responses={201: forms.HolidaySerializer})
    def create(self, _request: Request) -> Response:
        """Name a day; all clocks that run are counted anew."""
        day = calendar.name_day(**self.body(forms.HolidaySerializer), **self.stamp())
        return Response(forms.HolidaySerializer(day).data, status=status.HTTP_201_CREATED)

    @extend_schema(responses={204: None})
    def destroy(self, _request: Request, pk: str) -> Response:
        """A day is as its weekday says after all."""
        day = self.get_queryset().filter(pk=pk).first()
        if day is None:
            raise NotFound
        calendar.forget_day(day, **self.stamp())
        return Response(status=status.HTTP_204_NO_CONTENT)
