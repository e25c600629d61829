"""What a resident shares, on the desk's page of them: told to the desk, entered on their behalf."""

from datetime import datetime
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from backend.accounts.actors import Actor
from backend.accounts.doors import page
from backend.accounts.queries import residents_condition
from backend.core import clock
from backend.core.errors import DomainError, Invalid, NotFound
from backend.people import actions
from backend.people.models import Consent, Contact, Resident
from backend.people.purposes import PURPOSES
from backend.people.queries import is_guardian_of


@page("desk-sharing", "read", room="desk")
@require_GET
@never_cache
def panel(request: HttpRequest, actor: Actor, resident_id: UUID) -> HttpResponse:
    """Each item, as it stands, with its question for the ear."""
    return _show(request, _resident(actor, resident_id, "read"))


@page("desk-sharing", "change", room="desk")
@require_POST
def change(request: HttpRequest, actor: Actor, resident_id: UUID) -> HttpResponse:
    """Somebody rang or came and said so: it is given or taken back, in their name."""
    resident = _resident(actor, resident_id, "change")
    try:
        _decide(request, resident, by=actor.reference, now=clock.now())
    except DomainError as error:
        return _show(request, resident, problem=str(error))
    return _show(request, resident)


def _decide(request: HttpRequest, resident: Resident, *, by: str, now: datetime) -> None:
    said = request.POST.get("item", "")
    if said not in Consent.Item.values:
        raise Invalid(fields={"item": ["unknown_item"]})
    item = Consent.Item(said)
    given = resident.consents.filter(item=item, withdrawn_at=None).first()
    if request.POST.get("shared") != "yes":
        if given is not None:
            actions.withdraw_consent(given, by=by, now=now)
        return
    named = {str(each.pk): each for each in _guardians(resident, now)}
    guardian = named.get(request.POST.get("given_by", ""))
    actions.give_consent(resident=resident, item=item, guardian=guardian, by=by, now=now)


def _resident(actor: Actor, resident_id: UUID, action: str) -> Resident:
    reached = residents_condition(actor, actor.scope("desk-sharing", action))
    resident = Resident.objects.filter(reached, pk=resident_id).select_related("area").first()
    if resident is None:
        raise NotFound
    return resident


def _guardians(resident: Resident, now: datetime) -> list[Contact]:
    today = timezone.localdate(now)
    return [each for each in resident.contacts.all() if is_guardian_of(each, resident, today=today)]


def _show(request: HttpRequest, resident: Resident, *, problem: str = "") -> HttpResponse:
    now = clock.now()
    given = {each.item: each for each in resident.consents.filter(withdrawn_at=None)}
    items = [(item, item.label, PURPOSES[item], given.get(item)) for item in Consent.Item]
    context = {
        "resident": resident,
        "items": items,
        "guardians": _guardians(resident, now),
        "problem": problem,
        "now": now,
    }
    return render(request, "trust/parts/desk_sharing.html", context)
