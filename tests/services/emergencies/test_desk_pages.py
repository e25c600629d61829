"""The operator's console: what it shows, to whom, and what its buttons do."""

from datetime import timedelta
from http import HTTPStatus

import pytest
from django.test import Client
from django.urls import reverse

from backend.accounts.actors import actor_of
from backend.accounts.models import STAFF_ROLES, Role, User
from backend.audit.models import AuditRow
from backend.core import clock, journal
from backend.people.actions import change_resident
from backend.people.models import Resident
from backend.places.models import Area
from backend.places.search import searchable
from backend.runtime import clocks
from backend.web.navigation import entries_for
from services.alerts.actions import raise_alert, resolve_alert
from services.emergencies.actions import (
    Press,
    accept_call,
    add_note,
    arrive,
    hand_over,
    open_call,
    resolve_call,
    take_call,
)
from services.emergencies.actions.responding import Responder
from services.emergencies.desk.sheet import STORY_SHOWN, Step, next_step
from services.emergencies.desk.timeline import SENTENCES, timeline_of
from services.emergencies.models import EmergencyCall
from services.emergencies.watching import report_console
from tests.builders import (
    NOON,
    a_caregiver_on_shift,
    a_contact,
    a_household,
    a_press,
    a_resident,
    a_ringing_call,
    a_user,
    an_area,
    reloaded,
    signed_in,
)

pytestmark = pytest.mark.django_db

State = EmergencyCall.State
ENGLISH = {"Accept-Language": "en"}
PARTS = {**ENGLISH, "X-Parts": "1"}


def a_desk(area: Area, *, name: str = "周燕", role: Role = Role.OPERATOR) -> tuple[User, Client]:
    """An operator of the area at a console that speaks English."""
    user = a_user(role=role, area=area, name=name)
    return user, signed_in(user)


def page_of(client: Client, name: str, *args: object, **query: str) -> str:
    """The words of a page."""
    answer = client.get(reverse(name, args=args), query, headers=ENGLISH)
    assert answer.status_code == HTTPStatus.OK
    return answer.content.decode()


def parts_after(client: Client, name: str, call: EmergencyCall, **form: str) -> tuple[int, str]:
    """What a button answers to the script."""
    answer = client.post(reverse(name, args=[call.pk]), form, headers=PARTS)
    return answer.status_code, answer.content.decode()


def test_the_queue_puts_danger_first_and_the_unverified_in_a_lane_of_their_own() -> None:
    area = an_area()
    _, client = a_desk(area)
    names = {"sos": "顾一", "smoke": "顾二"}
    for metric, name in names.items():
        a_ringing_call(resident=a_resident(area=area, name=name), metric=metric)
    open_call(press=Press(metric="sos", area=area, verified=False, sender_key="x"), now=NOON)

    page = page_of(client, "desk")

    places = [page.index(f'row__title">{who}') for who in ("顾二", "顾一", "Unknown caller")]
    assert places == sorted(places)
    assert page.index('id="unverified-title"') < places[2]
    assert "3 open" in page


def test_the_board_offers_to_take_the_most_pressing_call() -> None:
    area = an_area()
    _, client = a_desk(area)
    a_ringing_call(resident=a_resident(area=area, name="顾一"))
    worst = a_ringing_call(resident=a_resident(area=area, name="顾二"), metric="gas")

    page = page_of(client, "desk")

    assert f'action="{reverse("desk_take", args=[worst.pk])}"' in page
    assert 'data-rings="2"' in page


def test_a_call_of_another_area_is_neither_listed_nor_found() -> None:
    elsewhere = a_ringing_call()
    _, client = a_desk(an_area())

    assert str(elsewhere.pk) not in page_of(client, "desk")
    assert client.get(reverse("desk_call", args=[elsewhere.pk])).status_code == 404


def test_the_sheet_says_who_where_how_to_get_in_and_what_to_say() -> None:
    area = an_area()
    _, client = a_desk(area)
    resident = a_resident(area=area, phone="+8619000000001", conditions="心脏搭桥术后")
    a_contact(resident=resident, name="王丽", phone="+8619000000002", has_key=True)
    call = a_ringing_call(resident=resident, metric="smoke", source_label="厨房")

    page = page_of(client, "desk_call", call.pk)

    for said in (
        "陈桂英",
        "厨房",
        call.place_text,
        "1357#",
        "心脏搭桥术后",
        'href="tel:+8619000000001"',
        "190 0000 0002",
        "has a key",
        "call the fire brigade, 119",
    ):
        assert said in page


def test_opening_a_sheet_leaves_one_audit_row_however_often_it_is_fetched() -> None:
    area = an_area()
    user, client = a_desk(area)
    call = a_ringing_call(resident=a_resident(area=area))

    page_of(client, "desk_call", call.pk)
    page_of(client, "desk_call_parts", call.pk)

    row = AuditRow.objects.get(subject=call.reference, action=AuditRow.Action.READ)
    assert (row.actor, row.resident_id) == (user.reference, call.resident_id)
    assert {"door_code", "conditions", "contacts.phone"} <= set(row.fields)


def test_the_first_operator_has_the_call_and_the_second_reads_who() -> None:
    area = an_area()
    first, _ = a_desk(area, name="周燕")
    _, client = a_desk(area, name="沈洁")
    call = a_ringing_call(resident=a_resident(area=area))
    take_call(call, by=first.reference, name=first.name, now=NOON)

    status, parts = parts_after(client, "desk_take", call)

    assert status == HTTPStatus.CONFLICT
    assert "周燕 has this call." in parts
    assert reloaded(call).handled_by == first.reference


def test_a_call_is_taken_over_only_from_the_colleague_who_was_shown() -> None:
    area = an_area()
    first, _ = a_desk(area)
    second, client = a_desk(area, name="沈洁")
    call = a_ringing_call(resident=a_resident(area=area))
    take_call(call, by=first.reference, name=first.name, now=NOON)

    stale, _ = parts_after(client, "desk_take", call, **{"from": "user:somebody-before"})
    assert stale == HTTPStatus.CONFLICT

    done, _ = parts_after(client, "desk_take", call, **{"from": first.reference})
    assert done == HTTPStatus.OK
    assert reloaded(call).handled_by == second.reference


def test_a_press_on_a_taken_call_rings_until_it_is_seen_again() -> None:
    area = an_area()
    user, client = a_desk(area)
    resident = a_resident(area=area)
    call = a_ringing_call(resident=resident)
    take_call(call, by=user.reference, name=user.name, now=NOON)
    assert 'data-rings="0"' in page_of(client, "desk_queue")

    open_call(press=a_press(resident), now=NOON + timedelta(minutes=2))
    assert 'data-rings="1"' in page_of(client, "desk_queue")
    assert "Rings again: seen" in page_of(client, "desk_call", call.pk)

    parts_after(client, "desk_take", call)
    assert 'data-rings="0"' in page_of(client, "desk_queue")


def test_without_a_script_a_button_leads_back_to_the_call() -> None:
    area = an_area()
    _, client = a_desk(area)
    call = a_ringing_call(resident=a_resident(area=area))

    answer = client.post(reverse("desk_take", args=[call.pk]))

    assert answer.headers["Location"] == reverse("desk_call", args=[call.pk])
    again = client.post(reverse("desk_resolve", args=[call.pk]), {"outcome": "x"}, headers=ENGLISH)
    assert again.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert "Choose one of the outcomes." in again.content.decode()


def test_a_call_back_that_nobody_answered_holds_no_step_back() -> None:
    area = an_area()
    _, client = a_desk(area)
    call = a_ringing_call(resident=a_resident(area=area, phone="+8619000000001"))
    with clock.set_to(NOON + timedelta(seconds=10)):
        parts_after(client, "desk_call_back", call)
    EmergencyCall.objects.filter(pk=call.pk).update(due_at=NOON + timedelta(seconds=70))

    with clock.set_to(NOON + timedelta(seconds=40)):
        parts_after(client, "desk_call_back", call, no_answer="1")

    after = reloaded(call)
    assert after.spoken_at is None
    assert after.due_at == NOON + timedelta(seconds=40)


def test_an_operator_notes_asks_hears_yes_sees_them_arrive_and_resolves() -> None:
    area = an_area()
    _, client = a_desk(area)
    resident = a_resident(area=area)
    caregiver = a_caregiver_on_shift(near=resident, now=clock.now())
    call = a_ringing_call(resident=resident)
    who = f"caregiver:{caregiver.pk}"

    _, parts = parts_after(client, "desk_note", call, text="髋部疼")
    assert "髋部疼" in parts
    _, parts = parts_after(client, "desk_hand_over", call, to=who)
    assert "no answer yet" in parts
    parts_after(client, "desk_accept", call, responder=who, minutes="5")
    assert reloaded(call).accepted_by == who
    parts_after(client, "desk_arrive", call)
    assert reloaded(call).state == State.ARRIVED
    status, parts = parts_after(client, "desk_resolve", call, outcome="helped", note="已送医")

    assert status == HTTPStatus.OK
    assert reloaded(call).outcome_note == "已送医"
    assert "closed the call: helped." in parts


def test_an_empty_note_is_not_kept() -> None:
    area = an_area()
    _, client = a_desk(area)
    call = a_ringing_call(resident=a_resident(area=area))

    parts_after(client, "desk_note", call, text="  ")

    assert not call.notes.exists()


def test_whoever_lost_the_call_is_no_longer_shown_as_going() -> None:
    area = an_area()
    user, client = a_desk(area)
    resident = a_resident(area=area)
    caregiver = a_caregiver_on_shift(near=resident, now=clock.now())
    call = a_ringing_call(resident=resident)
    accept_call(call, responder=Responder.of_caregiver(caregiver), now=NOON)
    assert "is going" in page_of(client, "desk_call_parts", call.pk)

    hand_over(call, by=user.reference, to=None, now=NOON)

    parts = page_of(client, "desk_call_parts", call.pk)
    assert "was going, is no longer" in parts
    assert "is going<" not in parts


def test_an_officer_looks_and_has_no_buttons() -> None:
    area = an_area()
    _, client = a_desk(area, role=Role.OFFICER)
    call = a_ringing_call(resident=a_resident(area=area))

    assert "data-act" not in page_of(client, "desk_call", call.pk)
    assert client.post(reverse("desk_take", args=[call.pk])).status_code == 404


@pytest.mark.parametrize("role", [Role.CAREGIVER, Role.FAMILY, Role.RESIDENT, Role.AUDITOR])
def test_who_does_not_work_at_the_desk_finds_no_desk(role: Role) -> None:
    client = signed_in(a_user(role=role))

    assert client.get(reverse("desk")).status_code == 404


@pytest.mark.parametrize("role", sorted(STAFF_ROLES - {Role.CAREGIVER}))
def test_each_link_of_the_bar_leads_somebody_who_sees_it_to_a_page(role: Role) -> None:
    user = a_user(role=role, area=an_area())
    client = signed_in(user)

    links = [reverse(entry.url) for entry in entries_for("desk", actor_of(user))]

    assert [link for link in links if client.get(link).status_code != 200] == []


def test_an_auditor_reads_the_figures_and_is_offered_nothing_of_the_desks() -> None:
    auditor = a_user(role=Role.AUDITOR, area=an_area())

    page = signed_in(auditor).get(reverse("desk_figures")).content.decode()

    assert f'href="{reverse("desk_figures")}" aria-current="page"' in page
    for desks in (reverse("desk_search"), reverse("desk_queue"), 'href="/desk/"'):
        assert desks not in page


def test_the_desk_says_when_nobody_else_watches() -> None:
    area = an_area()
    user, client = a_desk(area)
    other, _ = a_desk(area)
    alone = "Nobody else is watching this board."
    for console, who in (("c1", user), ("c2", other)):
        assert alone in page_of(client, "desk_bands")
        report_console(
            console=console,
            user=who.reference,
            area_path=area.path,
            sound_on=True,
            now=clock.now(),
        )

    assert alone not in page_of(client, "desk_bands")


def test_the_desk_says_when_people_of_a_running_call_cannot_be_rung() -> None:
    area = an_area()
    _, client = a_desk(area)
    assert "cannot be rung by us" not in page_of(client, "desk_bands")

    a_ringing_call(resident=a_resident(area=area), now=clock.now())

    assert "1 person of a running call cannot be rung by us" in page_of(client, "desk_bands")


def test_the_desk_says_when_calls_to_people_go_out_late() -> None:
    area = an_area()
    _, client = a_desk(area)
    call = a_ringing_call(resident=a_resident(area=area), now=clock.now())
    EmergencyCall.objects.filter(pk=call.pk).update(due_at=clock.now() - timedelta(minutes=2))

    assert "seconds late. Please ring by hand." in page_of(client, "desk_bands")


def test_the_desk_says_when_the_clock_was_set_back() -> None:
    _, client = a_desk(an_area())
    assert "clock" not in page_of(client, "desk_bands")

    now = clock.now()
    for minutes in (10, 0):
        at = now + timedelta(minutes=minutes)
        clocks.check(machine="one", machine_at=at, now=at)

    assert "rung up to 600 seconds late" in page_of(client, "desk_bands").replace("&#x27;", "'")


def test_the_desk_says_when_somebody_arrived_long_ago_and_nobody_has_closed_the_call() -> None:
    area = an_area()
    _, client = a_desk(area)
    call = a_ringing_call(resident=a_resident(area=area), now=clock.now())
    caregiver = a_caregiver_on_shift(near=call.resident, now=clock.now())
    accept_call(call, responder=Responder.of_caregiver(caregiver), now=clock.now())
    arrive(call, by=f"caregiver:{caregiver.pk}", now=clock.now())
    assert "nobody has closed it" not in page_of(client, "desk_bands")

    an_hour_ago = clock.now() - timedelta(minutes=61)
    EmergencyCall.objects.filter(pk=call.pk).update(arrived_at=an_hour_ago)

    assert "nobody has closed it" in page_of(client, "desk_bands")


@pytest.mark.parametrize("asked", ["桂英", "长江路12号", "190 0000 0001"])
def test_residents_are_found_by_name_address_and_number_within_the_area(asked: str) -> None:
    area = an_area()
    _, client = a_desk(area)
    for where in (area, an_area()):
        resident = a_resident(area=where, phone="+8619000000001")
        address = resident.household.address
        address.text = "长江路１２号三幢"
        address.search_text = searchable(address.text)
        address.save()

    found = page_of(client, "desk_search", q=asked)

    mine = Resident.objects.get(area=area)
    assert reverse("desk_resident", args=[mine.pk]) in found
    assert "1 found" in found


def test_a_residents_page_leaves_an_audit_row_and_stays_within_the_area() -> None:
    area = an_area()
    user, client = a_desk(area)
    mine, foreign = a_resident(area=area, allergies="青霉素"), a_resident()

    assert "青霉素" in page_of(client, "desk_resident", mine.pk)

    assert AuditRow.objects.filter(subject=f"resident:{mine.pk}", actor=user.reference).exists()
    assert client.get(reverse("desk_resident", args=[foreign.pk])).status_code == 404


def test_the_list_of_calls_obeys_the_filters_of_its_address() -> None:
    area = an_area()
    _, client = a_desk(area)
    old = a_ringing_call(resident=a_resident(area=area, name="顾一"), now=NOON - timedelta(days=3))
    new = a_ringing_call(resident=a_resident(area=area, name="顾二"))
    EmergencyCall.objects.filter(pk=old.pk).update(state=State.RESOLVED, resolved_at=NOON)

    assert "2 calls" in page_of(client, "desk_calls")
    still_open = page_of(client, "desk_calls", state="open")
    by_day = page_of(client, "desk_calls", since="2026-11-20", until="2026-11-20")

    assert (str(new.pk) in still_open, str(old.pk) in still_open) == (True, False)
    assert (str(new.pk) in by_day, str(old.pk) in by_day) == (False, True)


def test_an_alert_is_seen_and_dealt_with_from_its_list() -> None:
    area = an_area()
    _, client = a_desk(area)
    alert = raise_alert(kind="inactivity", area=area, resident=a_resident(area=area), now=NOON)
    listed = reverse("desk_alerts") + "?kind=inactivity"
    assert "1 alert" in page_of(client, "desk_alerts", kind="inactivity")

    client.post(reverse("desk_alert_seen", args=[alert.pk]))
    assert reloaded(alert).state == "acknowledged"
    answer = client.post(
        reverse("desk_alert_resolve", args=[alert.pk]), {"note": "在睡觉", "next": listed}
    )

    assert answer.headers["Location"] == listed
    assert (reloaded(alert).state, reloaded(alert).note) == ("resolved", "在睡觉")
    assert "No alerts here" in page_of(client, "desk_alerts")


def test_an_alert_that_a_colleague_closed_is_said_in_words() -> None:
    area = an_area()
    _, client = a_desk(area)
    alert = raise_alert(kind="battery", area=area, resident=a_resident(area=area), now=NOON)
    resolve_alert(alert, by="user:x", now=NOON)

    answer = client.post(
        reverse("desk_alert_false", args=[alert.pk]),
        {"next": "//elsewhere.example/"},
        headers=ENGLISH,
        follow=True,
    )

    assert answer.redirect_chain == [(reverse("desk_alerts"), HTTPStatus.FOUND)]
    assert "already closed" in answer.content.decode()


def test_every_event_of_a_call_is_a_sentence_of_its_story() -> None:
    area = an_area()
    _, client = a_desk(area, name="周燕")
    resident = a_resident(area=area)
    caregiver = a_caregiver_on_shift(near=resident, now=clock.now(), name="王敏")
    call = a_ringing_call(resident=resident)
    open_call(press=a_press(resident), now=NOON + timedelta(seconds=20))
    who = {"responder": f"caregiver:{caregiver.pk}"}
    for name, form in (
        ("desk_take", {}),
        ("desk_call_back", {}),
        ("desk_call_back", {"no_answer": "1"}),
        ("desk_note", {"text": "x"}),
        ("desk_accept", who),
        ("desk_hand_over", {}),
        ("desk_accept", who),
        ("desk_arrive", {}),
        ("desk_resolve", {"outcome": "helped"}),
        ("desk_reopen", {}),
    ):
        status, _ = parts_after(client, name, reloaded(call), **form)
        assert status == HTTPStatus.OK

    told = timeline_of(call)

    events = journal.about(call.reference)
    calls = [event for event in events if event.type.startswith("call.")]
    assert {event.type for event in calls} - {key.partition(":")[0] for key in SENTENCES} == set()
    assert {event.pk for event in calls} <= {entry.event_id for entry in told}
    assert not [entry.text for entry in told if "somebody" in entry.text or "None" in entry.text]


@pytest.mark.parametrize(
    ("state", "handled", "spoken", "step"),
    [
        (State.RINGING, False, False, Step.TAKE),
        (State.RINGING, True, False, Step.CALL_BACK),
        (State.RINGING, True, True, Step.ASK),
        (State.ACCEPTED, True, True, Step.WAIT),
        (State.ARRIVED, True, True, Step.RESOLVE),
        (State.RESOLVED, True, True, Step.NONE),
    ],
)
def test_one_thing_is_next(state: State, handled: bool, spoken: bool, step: Step) -> None:
    call = EmergencyCall(
        state=state, handled_by="user:1" if handled else "", spoken_at=NOON if spoken else None
    )

    assert next_step(call, by="user:1", can_be_called=True) is step


def test_in_a_long_story_what_people_did_stays_and_what_came_by_itself_is_folded() -> None:
    area = an_area()
    operator, client = a_desk(area)
    call = a_ringing_call(resident=a_resident(area=area))
    take_call(call, by=operator.reference, name=operator.name, now=NOON)
    for number in range(STORY_SHOWN + 5):
        later = NOON + timedelta(seconds=number + 1)
        journal.append(call.reference, "call.step", at=later, area_path=area.path)

    page = page_of(client, "desk_call", call.pk)

    folded = page[page.index('id="story-before"') :].partition("</details>")[0]
    shown = page[page.index('id="timeline"') :].partition("</ol>")[0]
    assert "lines before" in folded
    assert "took the call at the desk" in shown
    assert "took the call at the desk" not in folded


def test_of_somebody_who_moved_away_a_call_that_is_over_shows_what_happened_and_no_more() -> None:
    area = an_area()
    operator, client = a_desk(area)
    resident = a_resident(area=area, phone="+8613912345678", mobility="wheelchair")
    call = a_ringing_call(resident=resident)
    add_note(call, by=operator.reference, name=operator.name, text="Fell beside bed", now=NOON)
    resolve_call(call, by=operator.reference, outcome="helped", note="Is well again", now=NOON)
    new_home = a_household(area=an_area())
    change_resident(resident, changes={"household": new_home}, by=operator.reference, now=NOON)

    page = page_of(client, "desk_call", call.pk)

    assert "Fell beside bed" in page
    assert "Is well again" in page
    for what in (new_home.address.text, "139 1234 5678", "+8613912345678", "What to know"):
        assert what not in page
    read = AuditRow.objects.get(subject=call.reference, action=AuditRow.Action.READ)
    assert read.fields == ["claimed_phone", "notes"]
