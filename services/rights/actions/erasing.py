"""Deletion: what names somebody is taken out everywhere; what a law keeps is locked until its day.

The resident's row stays, empty: calls, visits and decisions of other years still point at it, and
say nothing any more of whom. Nothing here shuts the red button: a device that is still pressed is
a call of nobody known.

Source: Personal Information Protection Law, article 47; article 73 (4) of what is anonymous.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Field, Model, QuerySet
from django.utils import timezone

from backend.core.fields import BlindIndexField
from backend.core.holding import Ending, Holding, blockers, holdings
from backend.people.actions import set_life_state
from backend.people.actions.tombstones import bury
from backend.people.models import Household, Resident
from backend.people.record import CHANGE, DELETE, note_about_resident
from backend.places.models import Address
from services.community.doers import Doer
from services.rights import erased_list
from services.rights.errors import Blocked, OnHold
from services.rights.models import KeptByLaw, LegalHold

Life = Resident.LifeState
GONE = (Life.MOVED, Life.DIED)


def require_erasable(resident: Resident, *, now: datetime) -> None:
    """Allow the deletion of somebody.

    Raises:
        OnHold: a legal hold keeps everything.
        Blocked: something of theirs is not over; the first of it is the reason.
    """
    today = timezone.localdate(now)
    holds = LegalHold.objects.filter(resident=resident, lifted_at=None, until__gte=today)
    hold = holds.order_by("-until").first()
    if hold is not None:
        raise OnHold(until=hold.until.isoformat(), law=hold.law)
    for blocker in blockers(resident.pk, now=now):
        raise Blocked(reason=blocker.reason)


@transaction.atomic
def erase(resident: Resident, *, by: Doer, now: datetime) -> None:
    """Take out everything that says who somebody was; again changes nothing more."""
    held = Resident.objects.select_for_update(of=("self",)).get(pk=resident.pk)
    bury(held, now=now)
    if held.life_state not in GONE:
        # Every app hears of it, and ends by itself what it still owes.
        today = timezone.localdate(now)
        set_life_state(held, state=Life.MOVED, since=today, by=by.reference, now=now)
    is_shared = held.household.residents.exclude(pk=held.pk).exists()
    for holding in sorted(holdings(), key=lambda each: each.order):
        rows = holding.rows_of(held.pk, with_home=not is_shared)
        match holding.ending:
            case Ending.ERASED:
                rows.delete()
            case Ending.EMPTIED:
                empty(holding, rows, is_shared=is_shared)
            case Ending.KEPT:
                _lock_away(holding, held, rows, now=now)
    _leave_home(held, is_shared=is_shared)
    note_about_resident(held, "resident.erased", DELETE, by=by.reference, now=now)
    transaction.on_commit(lambda: erased_list.add(held.pk, now), robust=True)


def empty(holding: Holding, rows: QuerySet[Any], *, is_shared: bool = False) -> int:
    """Take out of rows what says who; devices of a home where others live stay theirs."""
    changes = _changes(holding.model_class, holding.emptied)
    if is_shared:
        changes = {
            name: value
            for name, value in changes.items()
            if holding.model_class._meta.get_field(name).related_model is not Household
        }
    return rows.update(**changes) if changes else 0


def _changes(model: type[Model], emptied: Mapping[str, Any]) -> dict[str, Any]:
    """With the blind indexes of what is emptied, which an update does not know."""
    fields: list[Field[Any, Any]] = list(model._meta.concrete_fields)
    indexes = {
        each.name: "" for each in fields if isinstance(each, BlindIndexField) and each.of in emptied
    }
    return {**emptied, **indexes}


def _lock_away(holding: Holding, resident: Resident, rows: QuerySet[Any], *, now: datetime) -> None:
    count = rows.count()
    if not count or holding.law is None:
        return
    KeptByLaw.objects.get_or_create(
        resident=resident,
        model=holding.model,
        defaults={
            "law": holding.law.source,
            "rows": count,
            "until": now + holding.law.kept_for,
        },
    )


def _leave_home(resident: Resident, *, is_shared: bool) -> None:
    """The empty row lives nowhere, so that no door leads to who it was."""
    before = resident.household.address
    nowhere = Address.objects.create(area=resident.area, text="")
    home = Household.objects.create(address=nowhere)
    Resident.objects.filter(pk=resident.pk).update(household=home)
    if not is_shared and before.household_set.count() == 1:
        Address.objects.filter(pk=before.pk).update(text="", search_text="", lat=None, lon=None)
    resident.refresh_from_db()


@transaction.atomic
def empty_what_is_over(*, now: datetime) -> int:
    """Empty what a law has kept of the deleted until now; returns how many kinds."""
    known = {holding.model: holding for holding in holdings()}
    over = KeptByLaw.objects.filter(emptied_at=None, until__lte=now).select_related(
        "resident__area"
    )
    done = 0
    for kept in over.select_for_update(of=("self",), skip_locked=True)[:200]:
        holding = known.get(kept.model)
        if holding is not None:
            empty(holding, holding.rows_of(kept.resident_id))
        kept.emptied_at = now
        kept.save(update_fields=["emptied_at"])
        note_about_resident(kept.resident, "resident.emptied", CHANGE, by="system:rights", now=now)
        done += 1
    return done
