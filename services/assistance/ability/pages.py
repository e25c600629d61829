"""Assessing on a telephone: whom, the form, the result with its second signature."""

from collections.abc import Callable
from http import HTTPStatus
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.views.decorators.http import require_GET, require_POST

from backend.accounts.actors import Actor
from backend.accounts.doors import page
from backend.accounts.models import Role
from backend.audit.actions import record_reads
from backend.core import clock
from backend.core.errors import DomainError
from services.assistance.ability import actions, queries
from services.assistance.ability.forms import AssessmentForm
from services.assistance.ability.scale import scale
from services.assistance.models import AbilityAssessment

RESOURCE = queries.RESOURCE
SHOWN = 50


@page(RESOURCE, "list")
@require_GET
def whom(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Whom one may assess, and what waits for a signature."""
    rows = queries.waiting(queries.assessments_visible_to(actor, "list"))
    context = {
        "residents": queries.residents_to_assess(actor).order_by("name", "pk")[:SHOWN],
        "waiting": rows.order_by("assessed_at"),
        "is_office": actor.role != Role.CAREGIVER,
        "user_id": actor.user_id,
        "now": clock.now(),
    }
    return render(request, "assistance/ability_whom.html", context)


@page(RESOURCE, "create")
def assess(request: HttpRequest, actor: Actor, resident_id: UUID) -> HttpResponse:
    """The form; what cannot be used comes back as it was sent."""
    resident = queries.resident_for(actor, resident_id)
    form = AssessmentForm(request.POST or None, language=get_language() or "")
    problem, status = "", HTTPStatus.OK
    if request.method == "POST":
        status = HTTPStatus.UNPROCESSABLE_ENTITY
        if form.is_valid():
            try:
                made = actions.assess(resident, **form.assessed, by=actor.user_id, now=clock.now())
            except DomainError as error:
                problem, status = str(error), HTTPStatus.CONFLICT
            else:
                return redirect("ability", made.pk)
    context = {
        "resident": resident,
        "form": form,
        "problem": problem,
        "is_office": actor.role != Role.CAREGIVER,
    }
    return render(request, "assistance/ability_form.html", context, status=status)


@page(RESOURCE, "read")
@require_GET
def assessment(request: HttpRequest, actor: Actor, abilityassessment_id: UUID) -> HttpResponse:
    """One assessment: level, groups, every item."""
    return _show(request, actor, queries.assessment_for(actor, abilityassessment_id))


def _show(
    request: HttpRequest,
    actor: Actor,
    found: AbilityAssessment,
    *,
    problem: str = "",
    status: HTTPStatus = HTTPStatus.OK,
) -> HttpResponse:
    now = clock.now()
    record_reads(
        actor=actor.reference, resident_ids=[found.resident_id], fields=["ability"], now=now
    )
    language = get_language() or ""
    known = scale()
    context = {
        "assessment": found,
        "groups": [
            (
                group.name.said(language),
                getattr(found, group.field),
                group.max,
                [
                    (item.name.said(language), found.scores[item.code], max(item.allowed))
                    for item in group.items
                ],
            )
            for group in known.groups
        ],
        "events": [
            (known.risk_events[kind].said(language), count)
            for kind, count in found.risk_events.items()
        ],
        "max": known.max,
        "may_sign": found.assessed_by_id != actor.user_id
        and not (found.is_final or found.dropped_at),
        "may_drop": not (found.is_final or found.dropped_at),
        "problem": problem,
        "is_office": actor.role != Role.CAREGIVER,
        "now": now,
    }
    return render(request, "assistance/ability.html", context, status=status)


def _act(name: str, do: Callable[..., object]) -> Callable[..., HttpResponse]:
    """A POST on the page of an assessment."""

    @page(RESOURCE, name)
    @require_POST
    def view(request: HttpRequest, actor: Actor, abilityassessment_id: UUID) -> HttpResponse:
        found = queries.assessment_for(actor, abilityassessment_id, name)
        try:
            do(found, by=actor.user_id, now=clock.now())
        except DomainError as error:
            status = HTTPStatus.CONFLICT
            return _show(request, actor, found, problem=str(error), status=status)
        return redirect("ability", found.pk)

    return view


sign = _act("sign", actions.sign)
drop = _act("drop", actions.drop)


@page(RESOURCE, "of-resident", room="desk")
@require_GET
def of_resident(request: HttpRequest, actor: Actor, resident_id: UUID) -> HttpResponse:
    """A resident's assessments, on the desk's page about them."""
    now = clock.now()
    resident = queries.resident_of_page(actor, resident_id)
    rows = AbilityAssessment.objects.filter(resident=resident, dropped_at=None)
    record_reads(actor=actor.reference, resident_ids=[resident.pk], fields=["ability"], now=now)
    context = {
        "resident": resident,
        "rows": rows.order_by("-assessed_at"),
        "is_gone": resident.life_state in queries.GONE,
        "now": now,
    }
    return render(request, "assistance/parts/ability_of_resident.html", context)


@page(RESOURCE, "rounds")
@require_GET
def rounds(request: HttpRequest, actor: Actor) -> HttpResponse:
    """What waits for this caregiver's signature, below their day."""
    rows = queries.waiting(queries.assessments_visible_to(actor, "rounds"))
    context = {"rows": rows.exclude(assessed_by=actor.user_id), "now": clock.now()}
    return render(request, "assistance/parts/ability_rounds.html", context)
