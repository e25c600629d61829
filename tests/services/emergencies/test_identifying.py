"""The desk finds out who called: the call is theirs from then on, and is never two."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any
from uuid import uuid4

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
    a_press,
    a_resident,
    a_ringing_call,
    a_user,
    an_area,
    api_of,
    reloaded,
)
from tests.threads import Held, at_once, on_own_connection

LATER = NOON + timedelta(seconds=30)
OPERATOR = "user:operator"
TIMES = 8
WAITS_S = 0.2


def a_strangers_call(**fields: Any) -> EmergencyCall:
    press = Press(
        **{
            "metric": "sos",
            "area": an_area(),
            "verified": False,
            "sender_key": f"unverified {uuid4()}",
            "place_source": "claimed",
            **fields,
        }
    )
    return open_call(press=press, now=NOON).call


def identified(call: EmergencyCall, resident: Any, *, by: str = OPERATOR) -> EmergencyCall:
    return identify_call(reloaded(call), resident=resident, by=by, name="周燕", now=LATER)


@pytest.mark.django_db
class TestSomebodyWithNoCall:
    def test_the_call_is_theirs_with_their_home_and_their_people_are_called(self) -> None:
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

    def test_it_climbs_the_ladder_of_their_area_in_new_step_runs(self) -> None:
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

    def test_journal_and_audit_say_who_found_out_and_name_nobody_in_words(self) -> None:
        resident, call = a_resident(), a_strangers_call(claimed_name="陈桂英")

        identified(call, resident)

        event = journal.about(call.reference).get(type="call.identified")
        assert (event.by, event.resident_id) == (OPERATOR, resident.pk)
        assert "陈桂英" not in str(event.data)
        row = AuditRow.objects.get(subject=call.reference, action=AuditRow.Action.CHANGE)
        assert (row.actor, row.resident_id, row.fields) == (OPERATOR, resident.pk, ["resident"])

    def test_a_board_that_the_call_leaves_hears_of_it(self) -> None:
        district = an_area()
        here, there = an_area(parent=district), an_area(parent=district)
        call = a_strangers_call(area=here)

        identified(call, a_resident(area=there))

        paths = set(journal.about(call.reference).values_list("area_path", flat=True))
        left = journal.about(call.reference).order_by("-id").values_list("area_path", flat=True)
        assert paths == {here.path, there.path}
        assert here.path in left[:4]

    def test_a_position_of_the_callers_own_stays_the_place(self) -> None:
        call = a_strangers_call(lat=31.49, lon=120.31, place_text="人民公园东门")

        after = identified(call, a_resident())

        assert (after.place_lat, after.place_text, after.place_source) == (
            31.49,
            "人民公园东门",
            "claimed",
        )

    def test_a_place_only_told_in_words_gives_way_to_the_home_and_stays_as_a_note(self) -> None:
        resident, call = a_resident(), a_strangers_call(place_text="桥边的红房子")

        after = identified(call, resident)

        assert after.place_text == resident.household.address.text
        assert "桥边的红房子" in Note.objects.get(call=call).text

    def test_what_the_caller_says_afterwards_is_a_note_and_moves_the_call_nowhere(self) -> None:
        resident, call = a_resident(), a_strangers_call()
        identified(call, resident)

        add_claim(reloaded(call), claim=Claim(name="小明", place="别处"), now=LATER)

        assert reloaded(call).place_text == resident.household.address.text
        assert Note.objects.get(call=call).text == "小明 · 别处"

    def test_who_is_going_goes_on_and_the_resident_hears_it(self) -> None:
        resident, call = a_resident(phone=a_phone()), a_strangers_call()
        going = Responder.of_caregiver(a_caregiver_on_shift(near=resident), minutes=6)
        accept_call(call, responder=going, now=NOON)

        after = identified(call, resident)

        assert (after.state, after.accepted_by) == ("accepted", going.reference)
        told = Delivery.objects.get(cause=call.reference, person=f"resident:{resident.pk}")
        assert told.template == "call_someone_comes_in"

    def test_a_question_stays_a_question(self) -> None:
        call = a_strangers_call(kind="consultation", metric="phone")

        after = identified(call, a_resident())

        assert (after.kind, after.round, after.verified) == ("consultation", 1, True)

    def test_another_press_from_the_same_telephone_counts_on_it(self) -> None:
        source: dict[str, Any] = {"sender_key": "phone:abc", "metric": "phone"}
        call = a_strangers_call(**source)
        identified(call, a_resident())

        press = Press(area=call.area, verified=False, **source)
        again = open_call(press=press, now=LATER)

        assert (again.created, again.call.pk, again.call.presses) == (False, call.pk, 2)

    def test_behind_the_same_network_address_may_be_somebody_else(self) -> None:
        call = a_strangers_call(sender_key="unverified 10.1.2.3")
        identified(call, a_resident())

        press = Press(
            metric="sos", area=call.area, verified=False, sender_key="unverified 10.1.2.3"
        )
        assert open_call(press=press, now=LATER).created


@pytest.mark.django_db
class TestSomebodyWithAnOpenCall:
    def test_it_is_closed_as_a_duplicate_and_its_presses_count_there(self) -> None:
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

    def test_help_that_was_called_for_makes_a_wish_a_call_for_help(self) -> None:
        resident = a_resident()
        wish = a_ringing_call(resident=resident, kind="service", metric="press")

        after = identified(a_strangers_call(), resident)

        assert (after.pk, after.kind) == (wish.pk, "emergency")
        assert after.duty_due_at is not None

    def test_who_was_going_to_the_duplicate_goes_to_the_call(self) -> None:
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

    def test_whoever_has_the_running_call_keeps_it(self) -> None:
        resident = a_resident()
        running = a_ringing_call(resident=resident)
        first, second = (
            Responder.of_caregiver(a_caregiver_on_shift(near=resident)) for _ in range(2)
        )
        accept_call(running, responder=first, now=NOON)
        call = a_strangers_call()
        accept_call(call, responder=second, now=NOON)

        after = identified(call, resident)

        assert (after.pk, after.accepted_by) == (running.pk, first.reference)

    def test_the_page_of_who_pressed_follows_the_call_that_goes_on_and_learns_no_names(
        self,
    ) -> None:
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


@pytest.mark.django_db
def test_the_same_again_changes_nothing_and_answers_the_call_that_goes_on() -> None:
    resident = a_resident()
    running = a_ringing_call(resident=resident)
    call = a_strangers_call()
    identified(call, resident)

    again = identified(call, resident)

    assert (again.pk, again.presses) == (running.pk, 2)


@pytest.mark.django_db
def test_a_call_of_somebody_known_is_given_to_nobody_else() -> None:
    known, call = a_ringing_call(), a_strangers_call()
    identified(call, a_resident())

    for each in (known, call):
        with pytest.raises(CallIdentified):
            identified(each, a_resident())


@pytest.mark.django_db
def test_a_resolved_call_is_given_to_nobody() -> None:
    call = a_strangers_call()
    resolve_call(call, by=OPERATOR, outcome="helped", now=NOON)

    with pytest.raises(CallClosed):
        identified(call, a_resident())


@pytest.mark.django_db
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


def refused(work: Callable[[], object]) -> Callable[[], bool]:
    """The same; whether it was refused."""

    def act() -> bool:
        try:
            work()
        except CallIdentified:
            return True
        return False

    return act


@pytest.mark.django_db(transaction=True)
class TestAtTheSameMoment:
    @pytest.mark.parametrize("_", range(TIMES))
    def test_an_accept_and_the_finding_out_leave_it_accepted_and_theirs(self, _: int) -> None:
        resident = a_resident(phone=a_phone())
        a_contact(resident=resident, order=1)
        call = a_strangers_call()
        going = Responder.of_caregiver(a_caregiver_on_shift(near=resident), minutes=6)

        at_once(
            lambda: accept_call(reloaded(call), responder=going, now=LATER),
            lambda: identified(call, resident),
        )

        after = reloaded(call)
        assert (after.state, after.accepted_by) == ("accepted", going.reference)
        assert (after.verified, after.resident) == (True, resident)
        asked = Delivery.objects.filter(cause=call.reference, asks=True, final_at=None)
        assert not asked.exists()

    @pytest.mark.parametrize("_", range(TIMES))
    def test_a_press_of_the_same_resident_leaves_one_open_call_with_both_presses(
        self, _: int
    ) -> None:
        resident, call = a_resident(), a_strangers_call()

        at_once(
            lambda: open_call(press=a_press(resident), now=LATER),
            lambda: identified(call, resident),
        )

        running = EmergencyCall.objects.exclude(state="resolved").get(resident=resident)
        assert running.presses == 2
        assert running.due_at is not None

    def test_a_press_that_is_being_committed_is_found_and_not_left_beside(self) -> None:
        resident, call = a_resident(), a_strangers_call()

        with (
            Held(lambda: open_call(press=a_press(resident), now=LATER)) as pressing,
            ThreadPoolExecutor(1) as pool,
        ):
            finding = pool.submit(on_own_connection, lambda: identified(call, resident).pk)
            time.sleep(WAITS_S)
            pressing.commit()
            goes_on = finding.result()

        running = EmergencyCall.objects.exclude(state="resolved").get(resident=resident)
        assert (running.pk, running.presses) == (goes_on, 2)
        assert reloaded(call).duplicate_of_id == running.pk

    @pytest.mark.parametrize("_", range(TIMES))
    def test_two_operators_who_find_different_people_are_not_both_right(self, _: int) -> None:
        one, other, call = a_resident(), a_resident(), a_strangers_call()

        answers = at_once(
            refused(lambda: identified(call, one)), refused(lambda: identified(call, other))
        )

        assert sorted(answers) == [False, True]

    @pytest.mark.parametrize("_", range(TIMES))
    def test_two_calls_of_one_person_become_one(self, _: int) -> None:
        resident = a_resident()
        calls = [a_strangers_call() for _ in range(2)]

        at_once(*[lambda each=each: identified(each, resident).pk for each in calls])

        running = EmergencyCall.objects.exclude(state="resolved").get(resident=resident)
        assert running.presses == 2
