"""A resident's contacts on the desk: asked whether it is them, invited, put in order."""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from backend.accounts.actors import Actor
from backend.accounts.doors import page
from backend.core import clock
from backend.core.errors import DomainError, NotFound
from backend.people import actions as people
from backend.people.models import Contact, Resident
from devices.enrolment import actions, queries
from devices.enrolment.record import note_contacts_read
from notifications.models import Channel

Act = Callable[[Contact, datetime], object]


@page("enrolments", "change", room="desk")
@require_GET
@never_cache
def checks(request: HttpRequest, actor: Actor, resident_id: UUID) -> HttpResponse:
    """The list as it stands now; it looks again while somebody is being asked."""
    return _show(request, actor, _resident(actor, resident_id))


def _resident(actor: Actor, resident_id: UUID) -> Resident:
    found = queries.residents_to_enrol(actor).filter(pk=resident_id).first()
    if found is None:
        raise NotFound
    return found


def _show(
    request: HttpRequest, actor: Actor, resident: Resident, problem: str = ""
) -> HttpResponse:
    now = clock.now()
    note_contacts_read(resident, by=actor.reference, now=now)
    checked = queries.checked_contacts(resident, now=now)
    context = {
        "resident": resident,
        "checked": checked,
        "waits": any(each.standing.waits for each in checked),
        "problem": problem,
        "now": now,
    }
    return render(request, "enrolment/checks.html", context)


def _do(
    request: HttpRequest, actor: Actor, resident_id: UUID, contact_id: UUID, act: Act
) -> HttpResponse:
    resident = _resident(actor, resident_id)
    contact = resident.contacts.select_related("resident__area").filter(pk=contact_id).first()
    if contact is None:
        raise NotFound
    try:
        act(contact, clock.now())
    except DomainError as error:
        return _show(request, actor, resident, str(error))
    return _show(request, actor, resident)


@page("enrolments", "change", room="desk")
@require_POST
def check(request: HttpRequest, actor: Actor, resident_id: UUID, contact_id: UUID) -> HttpResponse:
    """Ask by a call, or by a text."""
    by = actor.reference
    by_text = request.POST.get("channel") == Channel.SMS
    channel = Channel.SMS if by_text else Channel.VOICE
    return _do(
        request,
        actor,
        resident_id,
        contact_id,
        lambda contact, now: actions.check_contact(contact, channel=channel, by=by, now=now),
    )


@page("enrolments", "change", room="desk")
@require_POST
def code(request: HttpRequest, actor: Actor, resident_id: UUID, contact_id: UUID) -> HttpResponse:
    """The contact read the code of the text aloud."""
    by, said = actor.reference, request.POST.get("code", "")
    return _do(
        request,
        actor,
        resident_id,
        contact_id,
        lambda contact, now: actions.confirm_by_code(contact, code=said, by=by, now=now),
    )


@page("enrolments", "change", room="desk")
@require_POST
def up(request: HttpRequest, actor: Actor, resident_id: UUID, contact_id: UUID) -> HttpResponse:
    """Call them before the one who stands above."""
    by = actor.reference

    def act(contact: Contact, now: datetime) -> object:
        order = list(contact.resident.contacts.values_list("pk", flat=True))
        place = order.index(contact.pk)
        if place:
            order[place - 1], order[place] = order[place], order[place - 1]
        return people.reorder_contacts(resident=contact.resident, order=order, by=by, now=now)

    return _do(request, actor, resident_id, contact_id, act)


@page("enrolments", "change", room="desk")
@require_POST
def remove(request: HttpRequest, actor: Actor, resident_id: UUID, contact_id: UUID) -> HttpResponse:
    """Do not call them any more."""
    by = actor.reference
    return _do(
        request,
        actor,
        resident_id,
        contact_id,
        lambda contact, now: people.remove_contact(contact, by=by, now=now),
    )


@page("enrolments", "change", room="desk")
@require_POST
def invite(request: HttpRequest, actor: Actor, resident_id: UUID, contact_id: UUID) -> HttpResponse:
    """Send them the link to their own account."""
    by = actor.reference
    return _do(
        request,
        actor,
        resident_id,
        contact_id,
        lambda contact, now: actions.invite_contact(contact, by=by, now=now),
    )
