"""Setting reminders and ending them: by the resident, their family, and at the desk."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods, require_POST

from backend.accounts.actors import Actor
from backend.accounts.doors import page
from backend.audit.actions import record_reads
from backend.core import clock
from backend.core.errors import DomainError, NotFound
from backend.people.models import Resident
from backend.people.names import short_name
from services.wellbeing import actions, queries
from services.wellbeing.forms import ReminderForm
from services.wellbeing.models import Occurrence
from services.wellbeing.quiet import missed_times
from services.wellbeing.words import spoken_rule

LATELY_SHOWN = 10


@page("reminders", "create")
@require_http_methods(["GET", "POST"])
def of_person(request: HttpRequest, actor: Actor, resident_id: UUID) -> HttpResponse:
    """A resident's reminders, for themself and their family: set, seen, ended."""
    resident = _resident(actor, resident_id)
    back = reverse("reminders_of", args=[resident.pk])
    return _show(request, actor, resident, template="wellbeing/reminders.html", back=back)


@page("reminders", "create", room="desk")
@require_http_methods(["GET", "POST"])
def at_the_desk(request: HttpRequest, actor: Actor, resident_id: UUID) -> HttpResponse:
    """The same at the desk."""
    resident = _resident(actor, resident_id)
    record_reads(
        actor=actor.reference, resident_ids=[resident.pk], fields=["reminders"], now=clock.now()
    )
    back = reverse("desk_reminders", args=[resident.pk])
    return _show(request, actor, resident, template="wellbeing/desk_reminders.html", back=back)


@page("reminders", "end")
@require_POST
def end(_request: HttpRequest, actor: Actor, reminder_id: UUID) -> HttpResponse:
    """Ask no more."""
    reminder = queries.reminder_for(actor, reminder_id, "end")
    actions.end_reminder(reminder, by=actor.reference, now=clock.now())
    of = "desk_reminders" if actor.scope("desk", "read") else "reminders_of"
    return redirect(of, reminder.resident_id)


def _resident(actor: Actor, resident_id: UUID) -> Resident:
    resident = queries.resident_to_remind(actor, resident_id)
    if resident is None:
        raise NotFound
    return resident


def _show(
    request: HttpRequest, actor: Actor, resident: Resident, *, template: str, back: str
) -> HttpResponse:
    now = clock.now()
    form = ReminderForm(request.POST or None, initial={"starts_on": timezone.localdate(now)})
    if request.method == "POST" and form.is_valid() and _set(form, actor, resident, now):
        return redirect(back)
    context: dict[str, Any] = {
        "here": "visits",
        "form": form,
        "resident": resident,
        "who": short_name(resident, get_language() or ""),
        "is_own": actor.resident_id == resident.pk,
        "reminders": described(resident),
        "lately": lately(resident),
        "now": now,
    }
    return render(request, template, context)


def _set(form: ReminderForm, actor: Actor, resident: Resident, now: datetime) -> bool:
    def write() -> str:
        reminder = actions.set_reminder(
            resident=resident,
            details=form.details(),
            by=actor.reference,
            by_name=actor.name,
            now=now,
        )
        return str(reminder.pk)

    try:
        form.act_once(owner=actor.reference, now=now, act=write)
    except DomainError as error:
        form.add_error(None, str(error))
        return False
    return True


def described(resident: Resident) -> list[dict[str, Any]]:
    """A resident's reminders that still ask, each with when in words."""
    return [
        {"reminder": each, "when": spoken_rule(each), "missed": missed_times(each)}
        for each in queries.running_reminders(resident)
    ]


def lately(resident: Resident) -> list[Occurrence]:
    """The last times a resident was reminded, the newest first."""
    rows = Occurrence.objects.filter(resident=resident).select_related("reminder")
    return list(rows.order_by("-occurs_at", "pk")[:LATELY_SHOWN])
