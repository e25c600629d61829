"""A caregiver's day as a text, for telephones without the app: when, who by short name, where.

Neither how to get in nor what is done there stands in it: a text is read by whoever holds the
telephone, and the service alone may speak of health.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial

from django.db.models import Q
from django.utils import timezone, translation
from django.utils.translation import gettext, ngettext

from backend.core.contained import contained
from backend.people.models import Caregiver, Shift
from backend.people.names import short_name
from backend.people.queries import caregiver_by_phone
from notifications import inbound, templates
from notifications.actions import owe
from notifications.inbound import Caller, Word
from notifications.models import Channel, Delivery
from notifications.recipients import caregiver_recipient
from notifications.replies import Spoken
from services.visits.models import Visit, VisitCarer

BEFORE_SHIFT = timedelta(minutes=15)
"""So long before a shift begins its text is owed; our choice."""
AFTER_SHIFT = timedelta(hours=1)
"""So long after it began a text that was not owed, as nothing ran, is still worth owing."""
SEGMENTS_MAX = 4
"""As much as is sent and paid for one day: 268 signs of Chinese. Source: 3GPP TS 23.040."""
PLACE_SIGNS = 8
WORDS = frozenset({"今天", "今日", "任务", "today", "list"})


def text_shifts(*, now: datetime) -> int:
    """Owe the text of each shift that begins about now; returns how many. Again owes nothing.

    Each by itself: a caregiver whose record cannot be read costs nobody else their day.
    """
    about_now = Shift.objects.filter(
        starts_at__gt=now - AFTER_SHIFT,
        starts_at__lte=now + BEFORE_SHIFT,
        caregiver__active=True,
    ).order_by("starts_at", "pk")
    shifts = {f"shift:{key}": key for key in about_now.values_list("pk", flat=True)}
    told = set(Delivery.objects.filter(cause__in=shifts).values_list("cause", flat=True))
    owed: list[str] = []
    for cause, key in shifts.items():
        if cause not in told:
            contained(f"the day of {cause}", partial(_text_shift, cause, key, owed, now=now))
    return len(owed)


def _text_shift(cause: str, key: int, owed: list[str], *, now: datetime) -> None:
    shift = Shift.objects.select_related("caregiver__area").get(pk=key)
    carer, until = shift.caregiver, shift.ends_at
    if not _visits_of(carer, now=now, until=until):
        return
    if text_day(carer, cause=cause, step_run="begin", now=now, until=until) is not None:
        owed.append(cause)


def text_day(
    caregiver: Caregiver,
    *,
    cause: str,
    step_run: str,
    now: datetime,
    until: datetime | None = None,
) -> Delivery | None:
    """Owe a caregiver their day as a text, at night up to `until`; None if it already is."""
    to = caregiver_recipient(caregiver)
    return owe(
        cause=cause,
        step_run=step_run,
        to=to,
        channel=Channel.SMS,
        template="visit_day",
        context={"list": day_text(caregiver, now=now, until=until)},
        asks=False,
        priority=Delivery.Priority.ROUTINE,
        now=now,
        area_path=caregiver.area.path,
        expires_at=now + AFTER_SHIFT,
    )


def day_text(caregiver: Caregiver, *, now: datetime, until: datetime | None = None) -> str:
    """What is left of today, and of a shift that ends later, within `SEGMENTS_MAX` parts.

    In the caregiver's language.
    """
    visits = _visits_of(caregiver, now=now, until=until)
    with translation.override(caregiver.language):
        if not visits:
            return gettext("No visit of yours is left today.")
        lines = [_line(visit, caregiver.language) for visit in visits]
        return _fitted(lines)


def _fitted(lines: Sequence[str]) -> str:
    """As many lines as fit, and how many are left out."""
    for shown in range(len(lines), 0, -1):
        said = _said(lines[:shown], total=len(lines))
        if templates.segments(said) <= SEGMENTS_MAX:
            return said
    return _said([], total=len(lines))


def _said(lines: Sequence[str], *, total: int) -> str:
    head = ngettext("%(n)d visit today:", "%(n)d visits today:", total) % {"n": total}
    left = total - len(lines)
    foot = ngettext("%(n)d more: see the app", "%(n)d more: see the app", left) % {"n": left}
    return "\n".join([head, *lines, *([foot] if left else [])])


def _line(visit: Visit, language: str) -> str:
    when = f"{timezone.localtime(visit.shown_at):%H:%M}"
    return f"{when} {short_name(visit.resident, language)} {visit.area.name[:PLACE_SIGNS]}"


def _visits_of(caregiver: Caregiver, *, now: datetime, until: datetime | None) -> list[Visit]:
    goes = VisitCarer.objects.filter(caregiver=caregiver, released_at=None)
    in_shift = Q(window_starts_at__gt=now, window_starts_at__lt=until or now)
    left = Visit.objects.filter(
        Q(day=timezone.localdate(now)) | in_shift,
        pk__in=goes.values("visit"),
        state__in=(*Visit.OPEN, Visit.State.IN_PROGRESS),
    )
    return sorted(left.select_related("area", "resident"), key=lambda each: each.shown_at)


def answer_today(caller: Caller, now: datetime) -> Spoken | None:
    """A caregiver writes 今天 from their own number; nobody else is told anything."""
    caregiver = caregiver_by_phone(caller.phone) if caller.phone else None
    if caregiver is None or not caregiver.active:
        return None
    return Spoken("visit_day", {"list": day_text(caregiver, now=now)})


inbound.register_word(Word(WORDS, answer_today))
