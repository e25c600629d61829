"""One's own data: what may be asked with one press, what was decided, where each request is."""

from collections.abc import Callable
from datetime import datetime
from http import HTTPStatus
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from backend.accounts.actors import Actor
from backend.accounts.doors import page
from backend.core import clock
from backend.core.errors import DomainError, NotFound
from backend.people.models import Resident
from backend.people.names import short_name
from services.community.doers import doer_of
from services.rights import actions
from services.rights.asking_for import DIED, ask_in_app, standing_of
from services.rights.decisions import decision_named, decisions_about
from services.rights.errors import NotForThem
from services.rights.forms import FIELDS, CorrectionForm, KinForm
from services.rights.models import RightsRequest
from services.rights.policies import KIN_MAY_ASK
from services.rights.queries import request_for, requests_visible_to, resident_reached
from services.rights.way import BUTTONS, way_of

Kind = RightsRequest.Kind
SHOWN = 20


@page("rights-requests", "ask")
@never_cache
def my_data(request: HttpRequest, actor: Actor) -> HttpResponse:
    """What one may ask about one's own data; a POST asks it."""
    return _page(request, actor, _resident(actor, actor.resident_id))


@page("rights-requests", "ask")
@never_cache
def data_of_relative(request: HttpRequest, actor: Actor, resident_id: UUID) -> HttpResponse:
    """What a guardian, or kin of somebody who died, may ask."""
    return _page(request, actor, _resident(actor, resident_id))


def _resident(actor: Actor, resident_id: UUID | None) -> Resident:
    """Of oneself; of the first relative for a family that names none."""
    key = resident_id or next(iter(sorted(actor.household_resident_ids)), None)
    if key is None:
        raise NotFound
    return resident_reached(actor, key, "rights-requests", "ask")


def _page(request: HttpRequest, actor: Actor, resident: Resident) -> HttpResponse:
    if request.method != "POST":
        return _show(request, actor, resident)
    now, kind = clock.now(), request.POST.get("kind", "")
    correction, kin = CorrectionForm(request.POST), KinForm(request.POST)
    said: dict[str, Any] = {"about": request.POST.get("about", "")}
    typed = correction if kind == Kind.CORRECT else None
    is_dead = resident.life_state == DIED
    if (is_dead and not kin.is_valid()) or (typed and not typed.is_valid()):
        return _show(request, actor, resident, kind=kind, correction=typed, kin=kin)
    if typed:
        said = typed.cleaned_data
    if is_dead:
        said |= kin.cleaned_data
    try:
        asked = ask_in_app(actor, resident, kind=kind, **said, now=now)
    except DomainError as error:
        problem = str(error)
        return _show(
            request, actor, resident, kind=kind, correction=typed, kin=kin, problem=problem
        )
    return redirect("my_rights_request", asked.pk)


def _show(
    request: HttpRequest,
    actor: Actor,
    resident: Resident,
    *,
    kind: str = "",
    correction: CorrectionForm | None = None,
    kin: KinForm | None = None,
    problem: str = "",
) -> HttpResponse:
    now = clock.now()
    is_own = actor.resident_id == resident.pk
    is_dead = resident.life_state == DIED
    may_ask = _may_ask(actor, resident, now)
    requests = requests_visible_to(actor, "follow").filter(resident=resident)
    context = {
        "resident": resident,
        "who": "" if is_own else short_name(resident, get_language() or ""),
        "may_ask": may_ask,
        "unfreeze": (
            reverse("my_data_unfreeze")
            if is_own
            else reverse("family_data_unfreeze", args=[resident.pk])
        ),
        "asks": [
            (*each, _kin_form(each[0], kind, kin) if is_dead else None)
            for each in BUTTONS
            if each[0] in (KIN_MAY_ASK if is_dead else _asked_for(resident))
        ],
        "correction": correction or CorrectionForm(),
        "kin": _kin_form(Kind.CORRECT, kind, kin) if is_dead else None,
        "decisions": _decisions(resident, now) if may_ask and not is_dead else [],
        "ways": [way_of(each, now=now) for each in requests.order_by("-asked_at")[:SHOWN]],
        "wishes": Resident.AfterDeath.choices if is_own else [],
        "problem": problem,
        "now": now,
    }
    is_wrong = request.method == "POST"
    status = HTTPStatus.UNPROCESSABLE_ENTITY if is_wrong else HTTPStatus.OK
    return render(request, "rights/my_data.html", context, status=status)


def _kin_form(of: str, asked: str, sent: KinForm | None) -> KinForm:
    """Kin say it at each button: as they sent it there, and empty at the others."""
    return KinForm(sent.data if sent and of == asked else None, auto_id=f"{of}-%s")


def _asked_for(resident: Resident) -> list[str]:
    """What the living may ask by one press; what is frozen is not frozen again."""
    kinds = [each[0] for each in BUTTONS]
    return [each for each in kinds if each != Kind.FREEZE or not resident.frozen_since]


def _may_ask(actor: Actor, resident: Resident, now: datetime) -> bool:
    try:
        standing_of(actor, resident, now=now)
    except NotForThem:
        return False
    return True


def _decisions(resident: Resident, now: datetime) -> list[Any]:
    return decisions_about(resident, now=now, language=get_language() or "")


@page("rights-requests", "follow")
@require_GET
@never_cache
def my_request(request: HttpRequest, actor: Actor, rightsrequest_id: UUID) -> HttpResponse:
    """Where one request is."""
    return _follow(request, request_for(actor, rightsrequest_id, "follow"))


def _follow(request: HttpRequest, shown: RightsRequest, *, problem: str = "") -> HttpResponse:
    now = clock.now()
    is_about_decision = shown.kind in (Kind.EXPLAIN, Kind.REVIEW)
    context = {
        "way": way_of(shown, now=now),
        "request_": shown,
        "field": dict(FIELDS).get(shown.about, ""),
        "decision": _decision(shown, now) if is_about_decision else None,
        "problem": problem,
        "now": now,
    }
    status = HTTPStatus.CONFLICT if problem else HTTPStatus.OK
    return render(request, "rights/my_request.html", context, status=status)


def _decision(shown: RightsRequest, now: datetime) -> Any:
    return decision_named(shown.resident, shown.about, now=now, language=get_language() or "")


@page("rights-requests", "withdraw")
@require_POST
def withdraw(request: HttpRequest, actor: Actor, rightsrequest_id: UUID) -> HttpResponse:
    """Not wanted any more."""
    shown = request_for(actor, rightsrequest_id, "withdraw")
    return _do(request, shown, lambda: actions.withdraw(shown, by=doer_of(actor), now=clock.now()))


def _do(request: HttpRequest, shown: RightsRequest, act: Callable[[], object]) -> HttpResponse:
    try:
        act()
    except DomainError as error:
        return _follow(request, shown, problem=str(error))
    return redirect("my_rights_request", shown.pk)


@page("rights-requests", "unfreeze")
@require_POST
def unfreeze(request: HttpRequest, actor: Actor, resident_id: UUID | None = None) -> HttpResponse:
    """My data, or those of whose guardian I am, may be used again."""
    resident, now = _resident(actor, resident_id or actor.resident_id), clock.now()
    if not _may_ask(actor, resident, now):
        return _show(request, actor, resident, problem=str(NotForThem()))
    actions.unfreeze(resident, by=doer_of(actor), now=now)
    return redirect("family_data", resident.pk) if resident_id else redirect("my_data")


@page("after-death", "change")
@require_POST
def after_death(request: HttpRequest, actor: Actor) -> HttpResponse:
    """What kin may ask about my data after my death."""
    resident = resident_reached(actor, actor.resident_id or "", "after-death", "change")
    try:
        wish = request.POST.get("wish", "")
        actions.wish_after_death(resident, wish=wish, by=doer_of(actor), now=clock.now())
    except DomainError:
        return _show(request, actor, resident)
    return redirect("my_data")
