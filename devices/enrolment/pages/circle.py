"""Who of a family sees what a resident shares: the resident, or their main contact, decides.

Consents say what is shared; here is decided with whom. Others of the family read it.
"""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language, gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from backend.accounts.actions import end_family_access
from backend.accounts.actors import Actor
from backend.accounts.doors import page
from backend.accounts.queries import residents_condition
from backend.core import clock
from backend.core.errors import DomainError, NotFound
from backend.people.models import Contact, Resident
from backend.people.names import short_name
from devices.enrolment import actions, policies, queries
from devices.enrolment.errors import NotTheirsToDecide
from devices.enrolment.forms import RelativeForm

Act = Callable[[Resident, datetime], object]


@page("family-circle", "read")
@require_GET
@never_cache
def link(request: HttpRequest, actor: Actor, resident_id: UUID) -> HttpResponse:
    """The way here, for the page of what is shared."""
    resident = _resident(actor, resident_id, "read")
    return render(request, "enrolment/circle_link.html", {"resident": resident})


@page("family-circle", "read")
@require_GET
@never_cache
def circle(request: HttpRequest, actor: Actor, resident_id: UUID) -> HttpResponse:
    """Everybody who is named, and whether they see it."""
    return _show(request, actor, _resident(actor, resident_id, "read"), RelativeForm())


@page("family-circle", "change")
@require_POST
def add(request: HttpRequest, actor: Actor, resident_id: UUID) -> HttpResponse:
    """Somebody new: named last, and invited."""
    resident, form = _resident(actor, resident_id, "change"), RelativeForm(request.POST)
    if not form.is_valid():
        return _show(request, actor, resident, form)
    by = actor.reference

    def act(found: Resident, now: datetime) -> None:
        told_by = "" if actor.resident_id == found.pk else actor.name
        contact = actions.name_relative(found, **form.cleaned_data, told_by=told_by, by=by, now=now)
        actions.invite_contact(contact, by=by, now=now)

    return _do(request, actor, resident, act)


@page("family-circle", "change")
@require_POST
def invite(request: HttpRequest, actor: Actor, resident_id: UUID) -> HttpResponse:
    """Send somebody who is named the link to an account of their own."""
    by = actor.reference
    return _do(
        request,
        actor,
        _resident(actor, resident_id, "change"),
        lambda found, now: actions.invite_contact(_named(request, found), by=by, now=now),
    )


@page("family-circle", "change")
@require_POST
def take_out(request: HttpRequest, actor: Actor, resident_id: UUID) -> HttpResponse:
    """An invitation works no more, an account sees nothing more; they are still called for help."""
    by = actor.reference

    def act(found: Resident, now: datetime) -> None:
        contact = _named(request, found)
        policies.require_may_take_out(actor, contact, found)
        actions.revoke_invitation(contact, by=by, now=now)
        end_family_access(contact, by=by, now=now)

    return _do(request, actor, _resident(actor, resident_id, "change"), act)


def _resident(actor: Actor, resident_id: UUID, action: str) -> Resident:
    reached = residents_condition(actor, actor.scope("family-circle", action))
    resident = Resident.objects.filter(reached, pk=resident_id).select_related("area").first()
    if resident is None:
        raise NotFound
    return resident


def _named(request: HttpRequest, resident: Resident) -> Contact:
    contacts = resident.contacts.select_related("resident__area")
    named = {str(each.pk): each for each in contacts}.get(request.POST.get("contact", ""))
    if named is None:
        raise NotTheirsToDecide
    return named


def _do(request: HttpRequest, actor: Actor, resident: Resident, act: Act) -> HttpResponse:
    try:
        now = clock.now()
        if not policies.decides_about_circle(actor, resident, today=timezone.localdate(now)):
            raise NotTheirsToDecide
        act(resident, now)
    except DomainError as error:
        messages.warning(request, str(error))
    else:
        messages.success(request, gettext("This is done."))
    return redirect("family_circle", resident.pk)


def _show(
    request: HttpRequest, actor: Actor, resident: Resident, form: RelativeForm
) -> HttpResponse:
    now = clock.now()
    context = {
        "resident": resident,
        "who": short_name(resident, get_language() or ""),
        "is_own": actor.resident_id == resident.pk,
        "checked": queries.checked_contacts(resident, now=now),
        "own": actor.contact_ids,
        "may_decide": policies.decides_about_circle(actor, resident, today=timezone.localdate(now)),
        "form": form,
        "now": now,
    }
    return render(request, "enrolment/circle.html", context)
