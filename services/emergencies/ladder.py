"""The ladder: which step is due, running it, and beginning again until a person goes.

`due_at` of a call means: ringing, the next step; accepted, "on the way" is overdue; on the way,
the arrival is overdue; arrived, closing it is overdue. It is empty only when the call is over.
"""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from backend.core.contained import contained
from backend.places.queries import paths_above
from services.emergencies import policies, telling, watching
from services.emergencies.models import EmergencyCall, EscalationPolicy, Offer, StepRun
from services.emergencies.policies import Target
from services.emergencies.record import offered_to, record, record_all
from services.emergencies.targets import Reachable, people_for

State = EmergencyCall.State
POISON_PAUSE = timedelta(seconds=5)


def policy_snapshot(call: EmergencyCall) -> dict[str, Any]:
    """The policy a call starts with: of the smallest area around it that has one."""
    if call.kind != EmergencyCall.Kind.EMERGENCY:
        return _snapshot(policies.SERVICE_STEPS)
    if not call.verified:
        return _snapshot(policies.UNVERIFIED_STEPS)
    around = EscalationPolicy.objects.filter(area__path__in=paths_above(call.area_path))
    found = around.order_by("-area__path").first()
    if found is None:
        return _snapshot(policies.DEFAULT_STEPS)
    return _snapshot(found.steps, found.arrive_within_min, found.version)


def _snapshot(
    steps: list[dict[str, Any]],
    arrive_within_min: int = policies.DEFAULT_ARRIVE_WITHIN_MIN,
    version: int = 0,
) -> dict[str, Any]:
    return {"steps": steps, "arrive_within_min": arrive_within_min, "version": version}


def next_due_at(call: EmergencyCall, *, now: datetime) -> datetime:
    """When the step `call.step` is due, counted from the start of the round."""
    steps = call.policy["steps"]
    if call.step >= len(steps):
        gap = policies.ROUND_GAP
        if call.kind != EmergencyCall.Kind.EMERGENCY:
            gap = policies.SERVICE_ROUND_GAP
        return now + gap
    wait_s = steps[call.step]["wait_s"]
    if call.source_metric in policies.AT_ONCE and call.step == 1:
        wait_s = 0
    return call.round_started_at + timedelta(seconds=wait_s)


def begin_round(call: EmergencyCall, *, now: datetime) -> None:
    """Set the ladder to the first step of its next round, due at once; saves nothing."""
    call.round += 1
    call.step = 0
    call.round_started_at = now
    call.due_at = now


def take_step(call: EmergencyCall, *, now: datetime) -> None:
    """Run the due step of a ringing call and set when the next one is due; saves the call.

    The call is locked by the caller. A step that is held back because an operator has just
    spoken with the resident comes a little later, never not at all. One that cannot be run is
    left out: the next ones may still reach somebody.
    """
    steps = call.policy["steps"]
    if call.step >= len(steps):
        begin_round(call, now=now)
    step = steps[call.step]
    held_until = _held_until(call, step, now)
    if held_until:
        call.due_at = held_until
    else:
        contained(f"a step of call {call.pk}", lambda: run_step(call, step, now=now))
        call.step += 1
        call.due_at = next_due_at(call, now=now)
    call.save(update_fields=["step", "round", "round_started_at", "due_at"])


def _held_until(call: EmergencyCall, step: dict[str, Any], now: datetime) -> datetime | None:
    if not step.get("unless_spoken") or call.spoken_at is None:
        return None
    until = call.spoken_at + policies.SPOKEN_HOLDS
    return until if until > now else None


def run_step(call: EmergencyCall, step: dict[str, Any], *, now: datetime) -> None:
    """Owe what one step owes: once per step and round, however often it is run."""
    if call.step_runs.filter(step=call.step, round=call.round).exists():
        return
    people = people_for(call, step["to"], now=now)
    run = StepRun.objects.create(
        call=call,
        step=call.step,
        round=call.round,
        owed_at=call.due_at or now,
        run_at=now,
        owed_to=[person.reference for person in people],
    )
    step_run = f"{run.round}.{run.step}"
    if Target.RESIDENT in step["to"]:
        telling.tell_heard(call, step_run=step_run, now=now)
    asked = [person for person in people if person.caregiver or person.contact]
    known = offered_to(call)
    offered = _offer(call, asked, now, known=known)
    telling.ask_all(call, asked, step["channels"], step_run=step_run, now=now)
    said = {"step": run.step, "round": run.round, "to": step["to"], "called": run.owed_to}
    everybody = known.union(person.reference for person in asked)
    record_all(call, [*offered, ("call.step", said)], now=now, offered=everybody)


def offer_to(call: EmergencyCall, person: Reachable, *, now: datetime) -> None:
    """Let somebody who could go see the call and answer it."""
    known = offered_to(call)
    if offered := _offer(call, [person], now, known=known):
        record_all(call, offered, now=now, offered={*known, person.reference})


def _offer(
    call: EmergencyCall, people: Sequence[Reachable], now: datetime, *, known: Collection[str]
) -> list[tuple[str, dict[str, Any]]]:
    """Offer the call to those not `known` to have been; what the journal is to say of it."""
    new = [person for person in people if person.reference not in known]
    Offer.objects.bulk_create(
        [
            Offer(
                call=call,
                person=person.reference,
                person_name=person.to.name,
                caregiver=person.caregiver,
                contact=person.contact,
                offered_at=now,
                minutes_to_door=person.minutes,
            )
            for person in new
        ],
        ignore_conflicts=True,
    )
    return [("call.offered", {"person": person.reference}) for person in new]


def rearm(call: EmergencyCall, *, why: str, now: datetime, by: str = "") -> None:
    """Nobody is coming after all: the ladder begins again; saves the call.

    The responder of before keeps the offer and may accept again. The desk has to see it, unless
    `by` is a user of the desk who looks after the call.
    """
    released = call.accepted_by
    call.state = State.RINGING
    call.accepted_by = call.accepted_by_name = ""
    call.accepted_by_caregiver = call.accepted_by_contact = None
    call.accepted_at = call.on_the_way_at = call.expected_at = call.arrived_at = None
    if call.kind == EmergencyCall.Kind.EMERGENCY and (not by or by != call.handled_by):
        call.duty_due_at = watching.duty_due_at(call, now=now)
    begin_round(call, now=now)
    call.save()
    record(call, "call.rearmed", now=now, data={"why": why, "person": released})
    offer = call.offers.filter(person=released).first()
    if offer is not None and why != "handed_over":
        telling.tell_responder_released(call, offer, now=now)


def run_due(*, now: datetime, limit: int = 200) -> int:
    """Bring up to `limit` overdue calls forward, one transaction each; returns how many.

    Rows are taken by FOR UPDATE SKIP LOCKED, so several runners share the work and a call that
    cannot be brought forward is put back for a moment without holding up the others. However
    many strangers call, known people come first.
    """
    done = 0
    while done < limit:
        call_id = _run_one(now)
        if call_id is None:
            return done
        done += 1
    return done


def _run_one(now: datetime) -> object | None:
    with transaction.atomic():
        call_id = (
            EmergencyCall.objects.filter(due_at__lte=now)
            .exclude(state=State.RESOLVED)
            .order_by("-verified", "due_at")
            .select_for_update(skip_locked=True, of=("self",))
            .values_list("pk", flat=True)
            .first()
        )
        if call_id is None:
            return None
        same = EmergencyCall.objects.filter(pk=call_id)
        if not contained(f"the ladder of call {call_id}", lambda: _bring_forward(same.get(), now)):
            same.update(due_at=now + POISON_PAUSE)
        return call_id


def _bring_forward(call: EmergencyCall, now: datetime) -> None:
    match call.state:
        case State.RINGING:
            take_step(call, now=now)
        case State.ACCEPTED:
            rearm(call, why="not_on_the_way", now=now)
        case State.ON_THE_WAY:
            rearm(call, why="not_arrived", now=now)
        case State.ARRIVED:
            remind_to_close(call, now=now)


def remind_to_close(call: EmergencyCall, *, now: datetime) -> None:
    """Ask whoever is there whether it is over, and tell the desk, until a person closes it."""
    call.due_at = now + policies.CLOSE_AGAIN
    call.save(update_fields=["due_at"])
    step_run = f"close.{call.round}.{int(now.timestamp())}"
    asked = telling.ask_to_close(call, step_run=step_run, now=now)
    record(call, "call.close_asked", now=now, data={"person": call.accepted_by, "asked": asked})
