"""The caregiver's app: its page, the page that the telephone keeps, and what the day holds."""

import gzip
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from backend.core import clock
from backend.people.models import Caregiver
from backend.web import shells
from services.visits import actions
from services.visits.day import days_of
from services.visits.models import HomeFence, Visit
from tests.builders import NOON, a_caregiver, a_resident, a_user, signed_in
from tests.services.visits.builders import BY, BY_HAND, a_visit, an_act, an_assigned_visit

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)
KEPT = "/care/offline/en/"
ENGLISH = {"Accept-Language": "en"}


def visits_of(carer: Caregiver, *, at: timedelta = timedelta()) -> list[dict[str, Any]]:
    told: list[dict[str, Any]] = days_of(carer.pk, now=NOON + at, language="en").content["visits"]
    return told


def test_the_page_says_who_it_is_for_and_the_kept_one_names_nobody(client: Client) -> None:
    account = a_user(role="caregiver", caregiver=a_caregiver(), name="王敏")
    own = signed_in(account).get("/care/", headers=ENGLISH)
    kept = client.get(KEPT)

    assert "王敏" in own.content.decode()
    assert "data-user=" in own.content.decode()
    assert "王敏" not in kept.content.decode()
    assert "data-user=" not in kept.content.decode()
    assert 'id="t-visit"' in kept.content.decode()


def test_the_page_is_compressed_for_browsers_that_take_it() -> None:
    page = signed_in(a_user(role="caregiver", caregiver=a_caregiver()))

    answer = page.get("/care/", headers={"Accept-Encoding": "gzip"})

    assert answer.headers["Content-Encoding"] == "gzip"
    assert b"t-visit" in gzip.decompress(answer.content)


def test_the_telephone_keeps_every_module_and_the_map_once_it_was_opened() -> None:
    assert "visits/care/app.js" in shells.files_of("care")
    assert "emergencies/care/care.js" in shells.files_of("care")
    assert "leaflet/leaflet-src.esm.js" in shells.later_of("care")
    assert "leaflet/leaflet-src.esm.js" not in shells.files_of("care")


def test_a_visit_that_goes_on_through_midnight_stays_until_it_is_over() -> None:
    visit, carer = an_assigned_visit(starts_at=NOON + 11 * HOUR)
    after_midnight = timedelta(hours=12, minutes=30)
    actions.check_in(visit, act=an_act(carer), proof=BY_HAND, now=NOON + 11 * HOUR)

    [shown] = visits_of(carer, at=after_midnight)
    assert (shown["id"], shown["door"] is not None) == (str(visit.pk), True)
    actions.check_out(visit, act=an_act(carer), proof=BY_HAND, now=NOON + after_midnight)

    assert visits_of(carer, at=after_midnight) == []


def test_a_visit_of_yesterday_that_nobody_ended_is_not_there_in_the_morning() -> None:
    visit, carer = an_assigned_visit(starts_at=NOON)
    actions.check_in(visit, act=an_act(carer), proof=BY_HAND, now=NOON)

    assert visits_of(carer, at=20 * HOUR) == []


def test_ways_in_are_there_for_the_shift_from_an_hour_before_its_first_visit() -> None:
    carer = a_caregiver()
    for hours in (2, 4, 6):
        a_visit(starts_at=NOON + hours * HOUR, carers=(carer,))

    early = [each["door"] is not None for each in visits_of(carer)]
    begun = [each["door"] is not None for each in visits_of(carer, at=HOUR)]

    assert early == [False, False, False]
    assert begun == [True, True, True]


def test_a_way_in_is_shown_from_an_hour_before_its_visit_and_is_gone_when_it_is_over() -> None:
    visit, carer = an_assigned_visit(starts_at=NOON)
    [before] = visits_of(carer)
    for check in (actions.check_in, actions.check_out):
        check(visit, act=an_act(carer), proof=BY_HAND, now=NOON)

    [after] = visits_of(carer)

    assert before["door_from"] == (NOON - HOUR).isoformat()
    assert (before["door"] is not None, after["door"]) == (True, None)


def test_the_day_tells_the_fence_of_the_home_and_the_way_there() -> None:
    resident = a_resident()
    HomeFence.objects.create(household=resident.household, radius_m=500, set_by=BY, set_at=NOON)
    _visit, carer = an_assigned_visit(to=resident)

    [told] = visits_of(carer)

    assert told["fence_m"] == 500
    assert "uri.amap.com" in str(told["way"])


def test_of_two_who_go_each_is_told_when_they_came_themselves() -> None:
    resident = a_resident()
    first, second = (a_caregiver(area=resident.area) for _ in range(2))
    visit = a_visit(to=resident, carers=(first, second), carers_needed=2)
    actions.check_in(visit, act=an_act(first), proof=BY_HAND, now=NOON)

    [of_first], [of_second] = visits_of(first), visits_of(second)

    assert (of_first["came_at"], of_second["came_at"]) == (NOON.isoformat(), None)
    assert of_second["state"] == Visit.State.IN_PROGRESS


def test_a_desk_reads_the_code_of_a_door_around_the_visit_only() -> None:
    visit, _carer = an_assigned_visit(starts_at=NOON + 3 * HOUR)
    lead = a_user(role="lead", area=visit.area)
    shown = []

    for hours in (0, 3, 10):
        with clock.set_to(NOON + hours * HOUR):
            page = (
                signed_in(lead).get(f"/desk/visits/{visit.pk}/", headers=ENGLISH).content.decode()
            )
        shown.append("Code of the door now" in page)

    assert shown == [False, True, False]
