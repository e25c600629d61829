"""Cases on the desk: the list by deadline, one case, intake, what is overdue."""

from http import HTTPStatus
from typing import Any
from uuid import UUID

from django import forms as django_forms
from django.core.paginator import Paginator
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from backend.accounts.actors import Actor
from backend.accounts.costly import SEARCHES, costly, searched
from backend.accounts.doors import page
from backend.accounts.queries import residents_condition
from backend.core import clock
from backend.core.errors import DomainError, NotFound
from backend.people.models import Resident
from services.assistance.cases import queries, workdays
from services.assistance.cases.applying import apply_for
from services.assistance.cases.forms import IntakeForm
from services.assistance.cases.record import note_reading
from services.assistance.cases.sheet import ClockLine, Sheet
from services.assistance.models import AssistanceCase, Deadline
from services.assistance.models.cases import Benefit, State
from services.emergencies.desk.search import found_residents

CASES_A_PAGE = 50
SOON_DAYS = 3
OPEN = "open"
HERE = "cases"


class CaseFilter(django_forms.Form):
    """Which cases of the list; open ones unless the address says otherwise."""

    state = django_forms.ChoiceField(
        label=_("State"),
        required=False,
        choices=[(OPEN, _("still open")), ("all", _("all")), *State.choices],
    )
    benefit = django_forms.ChoiceField(
        label=_("What for"), required=False, choices=[("", _("all")), *Benefit.choices]
    )
    clock = django_forms.ChoiceField(
        label=_("Clock"),
        required=False,
        choices=[("", _("all")), ("overdue", _("overdue")), ("soon", _("due within 3 days"))],
    )
    owner = django_forms.ChoiceField(
        label=_("In charge"),
        required=False,
        choices=[("", _("all")), ("me", _("me")), ("nobody", _("nobody yet"))],
    )

    def apply(self, cases: QuerySet[AssistanceCase], actor: Actor, now: Any) -> Any:
        """The cases that the filters leave, by what is due first."""
        self.is_valid()
        chosen = self.cleaned_data
        state = chosen.get("state") or OPEN
        if state == OPEN:
            cases = queries.still_open(cases)
        elif state != "all":
            cases = cases.filter(state=state)
        if chosen.get("benefit"):
            cases = cases.filter(benefit=chosen["benefit"])
        if chosen.get("owner") == "me":
            cases = cases.filter(owner=actor.user_id)
        elif chosen.get("owner") == "nobody":
            cases = cases.filter(owner=None)
        if chosen.get("clock"):
            cases = cases.filter(_has_clock(chosen["clock"], now))
        return queries.by_deadline(cases)


def _has_clock(which: str, now: Any) -> Exists:
    until = now
    if which == "soon":
        last = workdays.current().add(timezone.localdate(now), SOON_DAYS)
        until = workdays.midnight_after(last)
    return Exists(
        Deadline.objects.filter(
            case=OuterRef("pk"), stopped_at=None, paused_at=None, ends_at__lte=until
        )
    )


@page("cases", "list", room="desk")
@require_GET
def cases(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Cases of the area by what is due first; filters stand in the address."""
    now = clock.now()
    form = CaseFilter({"state": OPEN, **request.GET.dict()})
    found = form.apply(queries.cases_visible_to(actor, "list"), actor, now)
    paginator = Paginator(found, CASES_A_PAGE)
    shown = paginator.get_page(request.GET.get("page"))
    context = {
        "here": HERE,
        "form": form,
        "page_obj": shown,
        "rows": [_Row(case, now) for case in shown],
        "total": paginator.count,
        "calendar": _calendar(now),
        "now": now,
    }
    return render(request, "assistance/cases.html", context)


class _Row:
    """A case in the list, with the clock that ends first."""

    def __init__(self, case: Any, now: Any) -> None:
        self.case = case
        self.now = now
        self.ends_at = case.next_ends_at

    @property
    def status(self) -> str:
        """Kind of the clock's status."""
        if self.ends_at is None:
            return "unknown"
        if self.ends_at <= self.now:
            return "overdue"
        return "waiting" if (self.ends_at - self.now).days < SOON_DAYS else "underway"


def _calendar(now: Any) -> dict[str, Any]:
    days = workdays.current()
    today = timezone.localdate(now)
    return {"until": days.known_until(today), "ends_soon": days.ends_soon(today)}


@page("cases", "list", room="desk")
@require_GET
def overdue(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Every clock that is overdue, the oldest first, and to whom it climbs next."""
    now = clock.now()
    days, today = workdays.current(), timezone.localdate(now)
    rows = queries.open_deadlines(actor).filter(ends_at__lte=now).prefetch_related("steps")
    lines = [(row, ClockLine(row, today, now, days)) for row in rows]
    return render(request, "assistance/overdue.html", {"here": HERE, "lines": lines, "now": now})


@page("cases", "create", room="desk")
@costly(SEARCHES, when=searched)
def new_case(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Enter an application at the counter: first who, then what for."""
    asked = request.GET.get("q", "")
    key = request.POST.get("resident") or request.GET.get("resident", "")
    resident = _resident(actor, key) if key else None
    context: dict[str, Any] = {
        "here": HERE,
        "asked": asked,
        "found": found_residents(actor, asked) if asked else [],
        "resident": resident,
        "form": IntakeForm(auto_id="new-%s"),
    }
    if request.method == "POST" and resident is not None:
        form = IntakeForm(request.POST, auto_id="new-%s")
        context["form"] = form
        if form.is_valid():
            try:
                case = apply_for(actor, resident, **form.cleaned_data, now=clock.now())
            except DomainError as error:
                context["problem"] = str(error)
            else:
                return redirect("desk_case", case.pk)
    status = HTTPStatus.UNPROCESSABLE_ENTITY if request.method == "POST" else HTTPStatus.OK
    return render(request, "assistance/new_case.html", context, status=status)


def _resident(actor: Actor, key: str) -> Resident:
    """The resident named in the address.

    Raises:
        NotFound: there is none in the actor's area.
    """
    reached = residents_condition(actor, actor.scope("cases", "create"))
    try:
        wanted = UUID(key)
    except ValueError as error:
        raise NotFound from error
    resident = (
        Resident.objects.filter(reached, pk=wanted)
        .select_related("area", "household__address")
        .first()
    )
    if resident is None:
        raise NotFound
    return resident


@page("cases", "read", room="desk")
@require_GET
def case(request: HttpRequest, actor: Actor, case_id: UUID) -> HttpResponse:
    """One case: what is next, its clocks, its history."""
    return show_case(request, actor, queries.case_for(actor, case_id))


def show_case(
    request: HttpRequest,
    actor: Actor,
    found: AssistanceCase,
    *,
    problem: str = "",
    bound: dict[str, django_forms.Form] | None = None,
    status: HTTPStatus = HTTPStatus.OK,
) -> HttpResponse:
    """The page of a case, with what kept the last act from being done."""
    now = clock.now()
    note_reading(found, by=actor.reference, now=now)
    sheet = Sheet(found, actor, now, problem, bound or {})
    context = {"here": HERE, "sheet": sheet, "case": found, "now": now}
    return render(request, "assistance/case.html", context, status=status)
