"""What people are told: the person of an opened record and of an answer, staff of what waits."""

from datetime import datetime

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import override

from backend.accounts.queries import staff_over
from backend.core import journal
from backend.people.models import Contact, Resident
from backend.people.names import short_name
from backend.people.queries import guardian_of
from notifications.actions import Recipient, owe_as_preferred
from notifications.recipients import contact_recipient, resident_recipient, user_recipient
from services.trust.models import LookQuestion, RecordOpening
from services.trust.policies import climb_number


def tell_of_opening(opening: RecordOpening, *, now: datetime) -> None:
    """After its end the person hears of it, or their guardian; nothing that was typed is said.

    After a death nobody is told: an officer speaks with the family.
    """
    resident = opening.resident
    if resident.life_state == Resident.LifeState.DIED:
        return
    guardian = guardian_of(resident, today=timezone.localdate(now))
    to = contact_recipient(guardian) if guardian else resident_recipient(resident)
    with override(to.language):
        context = {
            "who": short_name(resident, to.language),
            "when": date_format(timezone.localtime(opening.opened_at), "DATETIME_FORMAT"),
            "why": opening.get_kind_display(),
        }
    _owe(
        opening,
        to,
        "record_opened_guardian" if guardian else "record_opened",
        run="ended",
        context=context,
        now=now,
    )


def tell_answer(question: LookQuestion, *, now: datetime) -> None:
    """Whoever asked hears the sentence that answers it; the rest is on their page."""
    resident = question.resident
    kind, _, key = question.asked_by.partition(":")
    contact = Contact.objects.filter(pk=key).first() if kind == "contact" else None
    to = contact_recipient(contact) if contact else resident_recipient(resident)
    with override(to.language):
        context = {
            "day": date_format(question.looked_on, "DATE_FORMAT"),
            "answer": question.get_because_display(),
        }
    _owe(question, to, "look_question_answered", run="answered", context=context, now=now)


def _owe(
    thing: RecordOpening | LookQuestion,
    to: Recipient,
    template: str,
    *,
    run: str,
    context: dict[str, str],
    now: datetime,
) -> None:
    owe_as_preferred(
        cause=thing.reference,
        step_run=run,
        to=to,
        template=template,
        context=context,
        now=now,
        area_path=thing.resident.area.path,
        resident_id=thing.resident_id,
    )


def tell_that_it_waits(
    thing: RecordOpening | LookQuestion, *, template: str, climbs: int, now: datetime
) -> None:
    """Nobody has reviewed or answered it: whoever leads hears of it, and the board shows it."""
    area = thing.resident.area
    role = climb_number(climbs).to
    people = staff_over(area.path, role)
    journal.append(
        thing.reference,
        f"{thing.reference.partition(':')[0].replace('-', '_')}.climbed",
        at=now,
        area_path=area.path,
        audience=[person.reference for person in people],
        data={"to": role.value, "times": climbs + 1},
    )
    for person in people:
        if person.phone:
            owe_as_preferred(
                cause=thing.reference,
                step_run=f"climb.{climbs}",
                to=user_recipient(person),
                template=template,
                context={"area": area.name},
                now=now,
                area_path=area.path,
            )
