"""The desk finds out who called: the call is theirs from then on, and is never two."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from backend.accounts.models import Role
from backend.audit.models import AuditRow
from backend.core import clock, journal
from notifications.models import Delivery
from services.emergencies import ladder
from services.emergencies.actions import (
    Claim,
    Press,
    Responder,
    accept_call,
    add_claim,
    identify_call,
    open_call,
    resolve_call,
    set_on_the_way,
    set_policy,
)
from services.emergencies.errors import CallClosed, CallIdentified
from services.emergencies.models import EmergencyCall, Note, StepRun
from tests.builders import (
    NOON,
    a_caregiver_on_shift,
    a_contact,
    a_phone,
    a_resident,
    a_ringing_call,
    a_strangers_call,
    a_user,
    an_area,
    api_of,
    reloaded,
)

pytestmark = pytest.mark.django_db

LATER = NOON + timedelta(seconds=30)
OPERATOR = "user:operator"
TIMES = 8
WAITS_S = 0.2


def identified(call: EmergencyCall, resident: Any, *, by: str = OPERATOR) -> EmergencyCall:
    return identify_call(reloaded(call), resident=resident, by=by, name="周燕", now=LATER)


def test_the_call_is_theirs_with_their_home_and_their_people_are_called() -> None:
    resident = a_resident(phone=a_phone())
    daughter = a_contact(resident=resident, order=1)
    call = a_strangers_call()

    after = identified(call, resident)
    ladder.run_due(now=LATER + timedelta(seconds=30))

    assert (after.pk, after.verified, after.resident) == (call.pk, True, resident)
    home = resident.household.address
    assert (after.place_text, after.place_lat, after.place_source) == (
        home.text,
        home.lat,
        "home",
    )
    assert after.area_path == resident.area.path
    rung = Delivery.objects.filter(cause=call.reference, channel="voice")
    assert {f"resident:{resident.pk}", f"contact:{daughter.pk}"} <= set(
        rung.values_list("person", flat=True)
    )


def test_it_climbs_the_ladder_of_their_area_in_new_step_runs() -> None:
    resident = a_resident()
    steps = [{"to": ["grid_worker"], "wait_s": 0}, {"to": ["duty_lead"], "wait_s": 45}]
    policy = set_policy(resident.area, steps=steps, by="user:lead", now=NOON)
    call = a_strangers_call()

    after = identified(call, resident)

    assert after.policy["version"] == policy.version
    assert [step["to"] for step in after.policy["steps"]] == [["grid_worker"], ["duty_lead"]]
    runs = StepRun.objects.filter(call=call).order_by("round")
    assert [(run.round, run.step) for run in runs] == [(1, 0), (2, 0)]
    assert after.due_at == LATER + timedelta(seconds=45)


def test_journal_and_audit_say_who_found_out_and_name_nobody_in_words() -> None:
    resident, call = a_resident(), a_strangers_call(claimed_name="陈桂英")

    identified(call, resident)

    event = journal.about(call.reference).get(type="call.identified")
    assert (event.by, event.resident_id) == (OPERATOR, resident.pk)
    assert "陈桂英" not in str(event.data)
    row = AuditRow.objects.get(subject=call.reference, action=AuditRow.Action.CHANGE)
    assert (row.actor, row.resident_id, row.fields) == (OPERATOR, resident.pk, ["resident"])


def test_a_board_that_the_call_leaves_hears_of_it() -> None:
    district = an_area()
    here, there = an_area(parent=district), an_area(parent=district)
    call = a_strangers_call(area=here)

    identified(call, a_resident(area=there))

    paths = set(journal.about(call.reference).values_list("area_path", flat=True))
    left = journal.about(call.reference).order_by("-id").values_list("area_path", flat=True)
    assert paths == {here.path, there.path}
    assert here.path in left[:4]


def test_a_position_of_the_callers_own_stays_the_place() -> None:
    call = a_strangers_call(lat=31.49, lon=120.31, place_text="人民公园东门")

    after = identified(call, a_resident())

    assert (after.place_lat, after.place_text, after.place_source) == (
        31.49,
        "人民公园东门",
        "claimed",
    )


def test_a_place_only_told_in_words_gives_way_to_the_home_and_stays_as_a_note() -> None:
    resident, call = a_resident(), a_strangers_call(place_text="桥边的红房子")

    after = identified(call, resident)

    assert after.place_text == resident.household.address.text
    assert "桥边的红房子" in Note.objects.get(call=call).text


def test_what_the_caller_says_afterwards_is_a_note_and_moves_the_call_nowhere() -> None:
    resident, call = a_resident(), a_strangers_call()
    identified(call, resident)

    add_claim(reloaded(call), claim=Claim(name="小明", place="别处"), now=LATER)

    assert reloaded(call).place_text == resident.household.address.text
    assert Note.objects.get(call=call).text == "小明 · 别处"


def test_who_is_going_goes_on_and_the_resident_hears_it() -> None:
    resident, call = a_resident(phone=a_phone()), a_strangers_call()
    going = Responder.of_caregiver(a_caregiver_on_shift(near=resident), minutes=6)
    accept_call(call, responder=going, now=NOON)

    after = identified(call, resident)

    assert (after.state, after.accepted_by) == ("accepted", going.reference)
    told = Delivery.objects.get(cause=call.reference, person=f"resident:{resident.pk}")
    assert told.template == "call_someone_comes_in"


def test_a_question_stays_a_question() -> None:
    call = a_strangers_call(kind="consultation", metric="phone")

    after = identified(call, a_resident())

    assert (after.kind, after.round, after.verified) == ("consultation", 1, True)


def test_another_press_from_the_same_telephone_counts_on_it() -> None:
    source: dict[str, Any] = {"sender_key": "phone:abc", "metric": "phone"}
    call = a_strangers_call(**source)
    identified(call, a_resident())

    press = Press(area=call.area, verified=False, **source)
    again = open_call(press=press, now=LATER)

    assert (again.created, again.call.pk, again.call.presses) == (False, call.pk, 2)


def test_behind_the_same_network_address_may_be_somebody_else() -> None:
    call = a_strangers_call(sender_key="unverified 10.1.2.3")
    identified(call, a_resident())

    press = Press(metric="sos", area=call.area, verified=False, sender_key="unverified 10.1.2.3")
    assert open_call(press=press, now=LATER).created


def test_it_is_closed_as_a_duplicate_and_its_presses_count_there() -> None:
    resident = a_resident()
    running = a_ringing_call(resident=resident)
    call = a_strangers_call(sender_key="unverified x")
    open_call(
        press=Press(metric="sos", area=call.area, verified=False, sender_key="unverified x"),
        now=NOON,
    )

    after = identified(call, resident)

    assert (after.pk, after.presses) == (running.pk, 3)
    closed = reloaded(call)
    assert (closed.state, closed.outcome, closed.duplicate_of) == (
        "resolved",
        "duplicate",
        running,
    )


def test_help_that_was_called_for_makes_a_wish_a_call_for_help() -> None:
    resident = a_resident()
    wish = a_ringing_call(resident=resident, kind="service", metric="press")

    after = identified(a_strangers_call(), resident)

    assert (after.pk, after.kind) == (wish.pk, "emergency")
    assert after.duty_due_at is not None


def test_who_was_going_to_the_duplicate_goes_to_the_call() -> None:
    resident = a_resident()
    running = a_ringing_call(resident=resident)
    call = a_strangers_call()
    going = Responder.of_caregiver(a_caregiver_on_shift(near=resident), minutes=6)
    accept_call(call, responder=going, now=NOON)
    set_on_the_way(call, by=going.reference, now=NOON)

    after = identified(call, resident)

    assert (after.pk, after.state, after.accepted_by) == (
        running.pk,
        "on_the_way",
        going.reference,
    )


def test_whoever_has_the_running_call_keeps_it() -> None:
    resident = a_resident()
    running = a_ringing_call(resident=resident)
    first, second = (Responder.of_caregiver(a_caregiver_on_shift(near=resident)) for _ in range(2))
    accept_call(running, responder=first, now=NOON)
    call = a_strangers_call()
    accept_call(call, responder=second, now=NOON)

    after = identified(call, resident)

    assert (after.pk, after.accepted_by) == (running.pk, first.reference)


def test_the_page_of_who_pressed_follows_the_call_that_goes_on_and_learns_no_names() -> None:
    resident = a_resident(name="陈桂英")
    running = a_ringing_call(resident=resident)
    call = a_strangers_call()
    identified(call, resident)
    going = Responder.of_caregiver(a_caregiver_on_shift(near=resident), minutes=6)
    accept_call(running, responder=going, now=LATER)

    with clock.set_to(LATER):
        answer = Client().get(
            "/call/", {"showing": str(call.pk)}, headers={"Accept-Language": "en"}
        )

    told = answer.json()
    assert (told["showing"], told["stage"]) == (str(call.pk), "coming")
    assert "Somebody is coming to you." in told["html"]
    for secret in ("陈桂英", going.name, str(running.pk)):
        assert secret not in answer.content.decode()


def test_the_same_again_changes_nothing_and_answers_the_call_that_goes_on() -> None:
    resident = a_resident()
    running = a_ringing_call(resident=resident)
    call = a_strangers_call()
    identified(call, resident)

    again = identified(call, resident)

    assert (again.pk, again.presses) == (running.pk, 2)


def test_a_call_of_somebody_known_is_given_to_nobody_else() -> None:
    known, call = a_ringing_call(), a_strangers_call()
    identified(call, a_resident())

    for each in (known, call):
        with pytest.raises(CallIdentified):
            identified(each, a_resident())


def test_a_resolved_call_is_given_to_nobody() -> None:
    call = a_strangers_call()
    resolve_call(call, by=OPERATOR, outcome="helped", now=NOON)

    with pytest.raises(CallClosed):
        identified(call, a_resident())


def test_the_api_answers_the_call_that_goes_on_and_reaches_no_other_areas_people() -> None:
    district = an_area()
    operator = api_of(a_user(role=Role.OPERATOR, area=district))
    resident = a_resident(area=an_area(parent=district))
    call = a_strangers_call(area=district)
    address = f"/api/v1/calls/{call.pk}/identify/"

    foreign = operator.post(address, {"resident": str(a_resident().pk)}, format="json")
    answer = operator.post(address, {"resident": str(resident.pk)}, format="json")

    assert foreign.status_code == 422
    assert answer.status_code == 200
    assert (answer.json()["verified"], answer.json()["resident"]) == (True, str(resident.pk))
