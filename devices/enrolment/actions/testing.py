"""The test press that ends an enrolment: a drill that goes the way of a real call."""

from datetime import datetime

from django.db import transaction

from devices.actions import begin_test, end_test
from devices.enrolment.actions.enrolling import resident_of
from devices.enrolment.models import Enrolment
from devices.enrolment.record import note_enrolment
from services.emergencies.models import EmergencyCall


@transaction.atomic
def begin_test_press(enrolment: Enrolment, *, by: str, now: datetime) -> int:
    """Wait for a press; for a few minutes it is a drill. Returns how many devices are tried.

    Raises:
        NotYet: there is no person with a home yet.
    """
    resident = resident_of(enrolment)
    enrolment.test_began_at, enrolment.test_call = now, None
    enrolment.save(update_fields=["test_began_at", "test_call"])
    note_enrolment(enrolment, "enrolment.test_begun", by=by, now=now)
    return begin_test(resident, by=by, now=now)


@transaction.atomic
def follow_test_press(enrolment: Enrolment, *, by: str, now: datetime) -> EmergencyCall | None:
    """The call of the test press as it stands; once it is closed, the enrolment is finished."""
    enrolment = Enrolment.objects.select_for_update().get(pk=enrolment.pk)
    call = _call_of(enrolment)
    if call is None:
        return None
    if enrolment.test_call != call.pk:
        enrolment.test_call = call.pk
        enrolment.save(update_fields=["test_call"])
        end_test(resident_of(enrolment), by=by, now=now)
    passed = call.state == EmergencyCall.State.RESOLVED and call.drill
    if passed and call.handled_at and enrolment.finished_at is None:
        enrolment.finished_at = enrolment.changed_at = now
        enrolment.save(update_fields=["finished_at", "changed_at"])
        note_enrolment(enrolment, "enrolment.finished", by=by, now=now)
    return call


def _call_of(enrolment: Enrolment) -> EmergencyCall | None:
    """The drill that came after the test began."""
    calls = EmergencyCall.objects.filter(resident=enrolment.resident_id)
    if enrolment.test_call:
        return calls.filter(pk=enrolment.test_call).first()
    if enrolment.test_began_at is None:
        return None
    drills = calls.filter(drill=True, opened_at__gte=enrolment.test_began_at)
    return drills.order_by("opened_at").first()
