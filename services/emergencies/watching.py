"""Somebody is watching, or somebody is rung (DESIGN, invariant 10).

Consoles prove their presence; a call that nobody takes, and a board that nobody watches, ring
the duty phones.
"""

from datetime import datetime
from functools import partial

from django.db import transaction
from django.db.models import Q

from backend.core import journal
from backend.core.contained import contained
from backend.places.models import Area
from notifications.actions import Recipient, owe, stop
from notifications.models import Channel, Delivery
from services.emergencies import policies, telling
from services.emergencies.models import ConsolePresence, DutyPhone, EmergencyCall, Watch
from services.emergencies.record import record

State = EmergencyCall.State


def report_console(
    *, console: str, user: str, area_path: str, sound_on: bool, now: datetime
) -> None:
    """A console proves that it is there and whether it could be heard."""
    ConsolePresence.objects.update_or_create(
        console=console,
        defaults={"user": user, "area_path": area_path, "sound_on": sound_on, "seen_at": now},
    )


def leave_console(*, console: str) -> None:
    """A console was closed."""
    ConsolePresence.objects.filter(console=console).delete()


def is_watched(area_path: str, *, now: datetime) -> bool:
    """Whether a console whose area contains this one was seen in the last minute."""
    prefixes = [area_path[: end + 1] for end, sign in enumerate(area_path) if sign == "."]
    return ConsolePresence.objects.filter(
        area_path__in=prefixes, seen_at__gt=now - policies.UNWATCHED_AFTER
    ).exists()


def duty_due_at(call: EmergencyCall, *, now: datetime) -> datetime:
    """When the duty phones ring for an untaken call: at once if nobody watches."""
    return now + policies.TAKE_WITHIN if is_watched(call.area_path, now=now) else now


def duty_phones_for(area_path: str) -> list[DutyPhone]:
    """The duty phones of the smallest area around this one that has any."""
    prefixes = [area_path[: end + 1] for end, sign in enumerate(area_path) if sign == "."]
    phones = list(
        DutyPhone.objects.filter(area__path__in=prefixes)
        .select_related("area")
        .order_by("-area__path", "order")
    )
    return [phone for phone in phones if phone.area_id == phones[0].area_id]


def ring_for_untaken(*, now: datetime) -> int:
    """Ring the duty phones for each call that is due for it; returns how many calls."""
    rung = 0
    while _ring_one(now):
        rung += 1
    return rung


@transaction.atomic
def _ring_one(now: datetime) -> bool:
    """Ring for one call, known people first; one that cannot be rung for waits a minute."""
    call_id = (
        EmergencyCall.objects.filter(duty_due_at__lte=now)
        .exclude(state=State.RESOLVED)
        .order_by("-verified", "duty_due_at")
        .select_for_update(skip_locked=True, of=("self",))
        .values_list("pk", flat=True)
        .first()
    )
    if call_id is None:
        return False
    same = EmergencyCall.objects.filter(pk=call_id)
    same.update(duty_due_at=now + policies.DUTY_AGAIN)
    contained(f"the duty phones of call {call_id}", lambda: _ring_for(same.get(), now))
    return True


def _ring_for(call: EmergencyCall, now: datetime) -> None:
    phones = duty_phones_for(call.area_path)
    step_run = f"duty.{int(now.timestamp())}"
    rung = [telling.ring_duty(call, phone, step_run=step_run, now=now) for phone in phones]
    if any(rung) or not phones:
        record(call, "watch.rung", now=now, data={"phones": sum(rung)})


def watch_boards(*, now: datetime) -> None:
    """Ring the duty phones of every board that nobody watches.

    Rung again every ten minutes until a console is back; whoever answers with a key is not
    rung again for that round.
    """
    new = Area.objects.filter(watch=None, duty_phones__isnull=False).distinct()
    Watch.objects.bulk_create([Watch(area=area) for area in new], ignore_conflicts=True)
    for watch in Watch.objects.select_related("area"):
        see_to = _watched if is_watched(watch.area.path, now=now) else _unwatched
        contained(f"the watch over area {watch}", partial(see_to, watch, now))


def _watched(watch: Watch, now: datetime) -> None:
    changed = (
        Watch.objects.filter(pk=watch.pk)
        .exclude(unwatched_since=None)
        .update(unwatched_since=None, rung_at=None, rounds=0, answered_at=None)
    )
    if changed:
        stop(cause=f"watch:{watch.pk}", now=now, only_asking=True)
        _tell(watch, "watch.watched", now)


def _unwatched(watch: Watch, now: datetime) -> None:
    if watch.unwatched_since is None:
        Watch.objects.filter(pk=watch.pk, unwatched_since=None).update(unwatched_since=now)
        _tell(watch, "watch.unwatched", now)
        return
    due = Q(rung_at=None) | Q(rung_at__lte=now - policies.UNWATCHED_AGAIN)
    mine = Watch.objects.filter(
        due, pk=watch.pk, unwatched_since__lte=now - policies.UNWATCHED_AFTER
    ).update(rung_at=now, rounds=watch.rounds + 1)
    if mine:
        for phone in duty_phones_for(watch.area.path):
            _ring_for_board(watch, phone, now)
        _tell(watch, "watch.rung", now)


def _ring_for_board(watch: Watch, phone: DutyPhone, now: datetime) -> None:
    owe(
        cause=f"watch:{watch.pk}",
        step_run=f"unwatched.{watch.rounds + 1}",
        to=Recipient(f"duty:{phone.pk}", phone.label, phone.phone, phone.language),
        channel=Channel.VOICE,
        template="board_unwatched",
        context={"area": watch.area.name},
        asks=True,
        priority=Delivery.Priority.EMERGENCY,
        now=now,
        area_path=watch.area.path,
        expires_at=now + policies.UNWATCHED_AGAIN,
    )


def answer_watch(watch_id: int, *, by: str, now: datetime) -> None:
    """Somebody on duty said that they go to the desk."""
    watch = Watch.objects.select_related("area").get(pk=watch_id)
    Watch.objects.filter(pk=watch_id).update(answered_at=now)
    _tell(watch, "watch.answered", now, by=by)


def _tell(watch: Watch, event: str, now: datetime, *, by: str = "") -> None:
    journal.append(f"watch:{watch.pk}", event, at=now, by=by, area_path=watch.area.path)
