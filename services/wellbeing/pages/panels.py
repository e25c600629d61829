"""The parts about wellbeing on other pages: the family's, the desk's, the caregiver's."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from backend.accounts.actors import Actor
from backend.accounts.doors import page
from backend.audit.actions import record_reads
from backend.core import clock
from backend.core.errors import NotFound
from backend.people.models import Consent
from backend.people.queries import consents_in_force
from services.wellbeing import policies, queries
from services.wellbeing.models import Occurrence, OkDay, Watched, WelfareContact
from services.wellbeing.pages.reminders import described, lately

CONTACTS_SHOWN = 5
DAYS_SHOWN = 7
OWED_SHOWN = 20


@page("family-wellbeing", "read")
@require_GET
@never_cache
def of_family(request: HttpRequest, actor: Actor, resident_id: UUID) -> HttpResponse:
    """A relative's card: said to be well today, what they were reminded of; by consent."""
    if resident_id not in actor.household_resident_ids:
        raise NotFound
    now = clock.now()
    is_shared = Consent.Item.WELLBEING in consents_in_force(resident_id)
    today = Occurrence.objects.filter(
        resident=resident_id, occurs_at__date=timezone.localdate(now)
    ).select_related("reminder")
    context = {
        "is_shared": is_shared,
        "resident_id": resident_id,
        "day": queries.ok_today(resident_id, now) if is_shared else None,
        "today": today.order_by("occurs_at", "pk") if is_shared else [],
        "next": queries.reminders_visible_to(actor, "read")
        .filter(resident=resident_id, due_at__isnull=False)
        .order_by("due_at")
        .first(),
        "now": now,
    }
    return render(request, "wellbeing/of_family.html", context)


@page("reminders", "read", room="desk")
@require_GET
def of_resident(request: HttpRequest, actor: Actor, resident_id: UUID) -> HttpResponse:
    """The desk's page of a resident: heard of when, owed what, reminders, days."""
    now = clock.now()
    resident = queries.resident_to_remind(actor, resident_id)
    if resident is None:
        raise NotFound
    record_reads(actor=actor.reference, resident_ids=[resident.pk], fields=["reminders"], now=now)
    watched = Watched.objects.filter(resident=resident).select_related("assigned_to", "event")
    row = watched.first()
    context = {
        "resident": resident,
        "watched": row,
        "tier": policies.tier_named(row.every_days) if row else None,
        "contacts": WelfareContact.objects.filter(resident=resident)[:CONTACTS_SHOWN],
        "reminders": described(resident),
        "lately": lately(resident)[:CONTACTS_SHOWN],
        "days": OkDay.objects.filter(resident=resident, day__lte=timezone.localdate(now)).order_by(
            "-day"
        )[:DAYS_SHOWN],
        "now": now,
    }
    return render(request, "wellbeing/of_resident.html", context)


@page("my-welfare", "read")
@require_GET
@never_cache
def of_caregiver(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Whom a caregiver is to be in contact with within the week, who is owed first."""
    now = clock.now()
    rows = queries.watched_by(actor.caregiver_id)[:OWED_SHOWN] if actor.caregiver_id else []
    context = {"owed": rows, "now": now}
    return render(request, "wellbeing/of_caregiver.html", context)
