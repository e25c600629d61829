"""What whoever asked is told, the way they like to be told."""

from datetime import datetime, timedelta

from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import pgettext

from notifications import preferences
from notifications.actions import Recipient, owe, owe_as_preferred
from notifications.models import Delivery
from notifications.recipients import contact_recipient, resident_recipient, user_recipient
from services.rights.models import RightsRequest

State = RightsRequest.State
Asker = RightsRequest.Asker


def asker_of(request: RightsRequest) -> Recipient | None:
    """Whoever asked, under the number they gave; None where nobody can be told."""
    if request.phone:
        to = Recipient(f"asker:{request.pk}", request.name, request.phone, request.language)
    elif request.asker == Asker.RESIDENT:
        to = resident_recipient(request.resident)
    elif request.contact is not None:
        to = contact_recipient(request.contact)
    else:
        return None
    return to if to.address else None


def tell_received(request: RightsRequest, *, now: datetime) -> None:
    """We have it, and they hear by when."""
    day = _last_day(request, request.language)
    _tell(request, "rights_received", {"day": day}, now=now)


def tell_copy(request: RightsRequest, *, now: datetime) -> None:
    """The copy can be fetched."""
    _tell(request, "rights_copy_ready", {}, now=now)


def tell_answer(request: RightsRequest, *, now: datetime) -> None:
    """It is done, or not and why. The words are kept encrypted until they are sent."""
    template = "rights_refused" if request.state == State.REFUSED else "rights_done"
    _tell(request, template, {}, now=now, secret=request.answer)


def _last_day(request: RightsRequest, language: str) -> str:
    """The last day on which it is answered in time, as one reads and says it."""
    day = timezone.localdate(request.ends_at - timedelta(minutes=1))
    with translation.override(language):
        return date_format(day, pgettext("a date in this year, as Django's date format", "j F"))


def _tell(
    request: RightsRequest,
    template: str,
    context: dict[str, str],
    *,
    now: datetime,
    secret: str = "",
) -> None:
    to = asker_of(request)
    if to is None:
        return
    chosen = preferences.preference_of(to.reference)
    owe(
        cause=request.reference,
        step_run=template,
        to=to,
        channel=preferences.channel_for(to, chosen),
        template=template,
        context=context,
        asks=False,
        priority=Delivery.Priority.ROUTINE,
        now=now,
        due_at=preferences.after_quiet_hours(chosen, now),
        area_path=request.area.path,
        # Deletion empties what was said about a resident; this must still reach them.
        resident_id=None,
        secret=secret,
    )


def remind_owner(request: RightsRequest, *, run: str, now: datetime) -> None:
    """Whoever has it hears that its time is nearly, or quite, over."""
    if request.owner is None or not request.owner.phone:
        return
    owe_as_preferred(
        cause=request.reference,
        step_run=run,
        to=user_recipient(request.owner),
        template="rights_due",
        context={"day": _last_day(request, request.owner.language)},
        now=now,
        area_path=request.area.path,
    )
