"""Nobody forgotten, at the desk: lists, who owes the next contact, welfare visits, events."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from backend.accounts.actors import Actor
from backend.accounts.doors import page
from backend.audit.actions import record_reads
from backend.core import clock
from backend.core.errors import DomainError, NotFound
from backend.people.models import Resident
from services.wellbeing import actions, policies, queries
from services.wellbeing.forms import AssignForm, EventForm, WelfareForm
from services.wellbeing.lists import counted, listed
from services.wellbeing.models import AreaEvent, Watched, WelfareContact

A_PAGE = 50
EVENTS_SHOWN = 5


@page("nobody-forgotten", "list", room="desk")
@require_GET
def forgotten(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Everybody at risk, who is owed first standing first; filters stand in the address."""
    now = clock.now()
    rows = queries.watched_visible_to(actor, "list")
    asked = request.GET.get("list", "")
    paginator = Paginator(listed(rows, asked, now=now), A_PAGE)
    context: dict[str, Any] = {
        "here": "forgotten",
        "lists": counted(rows, now=now),
        "asked": asked,
        "everybody": rows.count(),
        "page_obj": paginator.get_page(request.GET.get("page")),
        "total": paginator.count,
        "tiers": policies.TIERS,
        "events": queries.events_visible_to(actor, "list")[:EVENTS_SHOWN],
        "event_form": EventForm(actor=actor) if actor.scope("area-events", "create") else None,
        "now": now,
    }
    return render(request, "wellbeing/forgotten.html", context)


@page("area-events", "create", room="desk")
@require_POST
def declare(request: HttpRequest, actor: Actor) -> HttpResponse:
    """A heatwave, a typhoon: everybody at risk in the area is owed a contact."""
    form = EventForm(request.POST, actor=actor)
    if not form.is_valid():
        messages.warning(request, gettext("Please say what happened, where, and within how long."))
        return redirect("desk_forgotten")
    now, by = clock.now(), actor.reference
    owed = form.act_once(owner=by, now=now, act=lambda: _declare(form.cleaned_data, by, now))
    told = ngettext(
        "%(n)d resident is now owed a contact.", "%(n)d residents are now owed a contact.", owed
    )
    messages.success(request, told % {"n": owed})
    return redirect("desk_forgotten")


def _declare(given: dict[str, Any], by: str, now: datetime) -> int:
    event = actions.declare_event(
        area=given["area"],
        kind=AreaEvent.Kind(given["kind"]),
        within_h=given["within_h"],
        by=by,
        now=now,
    )
    return event.owed_count


@page("nobody-forgotten", "assign", room="desk")
@require_POST
def assign(request: HttpRequest, actor: Actor, resident_id: UUID) -> HttpResponse:
    """Who owes the next contact."""
    row = _watched(actor, resident_id, "assign")
    form = AssignForm(request.POST, area_path=row.resident.area.path)
    try:
        if form.is_valid():
            actions.assign_watched(
                row.resident,
                caregiver=form.cleaned_data["caregiver"],
                by=actor.reference,
                now=clock.now(),
            )
    except DomainError as error:
        messages.warning(request, str(error))
    return redirect("desk_welfare", row.resident_id)


def _watched(actor: Actor, resident_id: UUID, action: str) -> Watched:
    row = queries.watched_visible_to(actor, action).filter(resident=resident_id).first()
    if row is None:
        raise NotFound
    return row


@page("welfare-contacts", "create", room="desk")
@require_http_methods(["GET", "POST"])
def at_the_desk(request: HttpRequest, actor: Actor, resident_id: UUID) -> HttpResponse:
    """A welfare call or visit, written down at the desk; and who owes the next."""
    return _welfare(request, actor, resident_id, "wellbeing/desk_welfare.html", "desk_welfare")


@page("welfare-contacts", "create")
@require_http_methods(["GET", "POST"])
def on_the_way(request: HttpRequest, actor: Actor, resident_id: UUID) -> HttpResponse:
    """The same on a caregiver's telephone."""
    return _welfare(request, actor, resident_id, "wellbeing/care_welfare.html", "care_welfare")


def _welfare(
    request: HttpRequest, actor: Actor, resident_id: UUID, template: str, again: str
) -> HttpResponse:
    resident = queries.resident_to_look_in_on(actor, resident_id)
    if resident is None:
        raise NotFound
    now = clock.now()
    form = WelfareForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        _write_down(form, resident, actor, now)
        messages.success(request, gettext("Written down."))
        return redirect(again, resident.pk)
    record_reads(
        actor=actor.reference, resident_ids=[resident.pk], fields=["welfare_notes"], now=now
    )
    row = Watched.objects.filter(resident=resident).select_related("assigned_to", "event").first()
    context: dict[str, Any] = {
        "here": "forgotten",
        "form": form,
        "resident": resident,
        "watched": row,
        "contacts": resident.contacts.order_by("order"),
        "before": WelfareContact.objects.filter(resident=resident)[:10],
        "assign_form": _assign_form(actor, row),
        "now": now,
    }
    return render(request, template, context)


def _write_down(form: WelfareForm, resident: Resident, actor: Actor, now: datetime) -> None:
    given = form.cleaned_data

    def write() -> str:
        contact = actions.record_welfare(
            resident,
            kind=WelfareContact.Kind(given["kind"]),
            outcome=WelfareContact.Outcome(given["outcome"]),
            note=given["note"],
            by=actor.reference,
            by_name=actor.name,
            now=now,
        )
        return str(contact.pk)

    form.act_once(owner=actor.reference, now=now, act=write)


def _assign_form(actor: Actor, row: Watched | None) -> AssignForm | None:
    if row is None or actor.scope("nobody-forgotten", "assign") is None:
        return None
    initial = {"caregiver": row.assigned_to_id}
    return AssignForm(initial=initial, area_path=row.resident.area.path)
