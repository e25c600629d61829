"""A caregiver's telephone holds today and seven days, and no more of people than is needed."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from backend.audit.models import AuditRow
from backend.core import clock
from services.visits import actions
from tests.builders import NOON, a_caregiver, a_resident, a_user, with_token
from tests.services.visits.builders import (
    TODAY,
    a_visit,
    an_act,
    an_assigned_visit,
)

pytestmark = pytest.mark.django_db

ADDRESS = "/api/v1/care/day/"


def telephone(caregiver: object) -> Client:
    return with_token(a_user(role="caregiver", caregiver=caregiver))


def test_it_names_what_comes_next_with_what_to_know() -> None:
    resident = a_resident(name="陈桂英", phone="+8619000000001", responder_notes="hard of hearing")
    visit, carer = an_assigned_visit(to=resident, starts_at=NOON + timedelta(hours=1))

    with clock.set_to(NOON):
        told = telephone(carer).get(ADDRESS).json()

    assert told["next"] == str(visit.pk)
    [one] = told["visits"]
    assert (one["who"], one["know"], one["door"]["code"]) == (
        "陈桂英",
        ["hard of hearing"],
        "1357#",
    )
    assert AuditRow.objects.filter(resident_id=resident.pk, action="read").count() == 1


def test_of_later_days_it_says_neither_address_nor_whole_name() -> None:
    tomorrow = NOON + timedelta(days=1)
    visit, carer = an_assigned_visit(starts_at=tomorrow, day=TODAY + timedelta(days=1))

    with clock.set_to(NOON):
        answer = telephone(carer).get(ADDRESS)

    [one] = answer.json()["visits"]
    assert "address" not in one
    assert visit.resident.household.address.text not in answer.content.decode()
    assert visit.resident.name not in answer.content.decode()


def test_nothing_is_sent_again_while_nothing_has_changed() -> None:
    visit, carer = an_assigned_visit()
    client = telephone(carer)
    with clock.set_to(NOON):
        tag = client.get(ADDRESS)["ETag"]

        assert client.get(ADDRESS, headers={"If-None-Match": tag}).status_code == 304
        actions.set_task(visit, task="wash", outcome="done", act=an_act(carer), now=NOON)
        assert client.get(ADDRESS, headers={"If-None-Match": tag}).status_code == 200


def test_twelve_visits_cost_as_many_queries_as_one() -> None:
    carer, busy = a_caregiver(), a_caregiver()
    resident = a_resident()
    a_visit(to=resident, carers=(carer,))
    for _ in range(12):
        a_visit(to=resident, carers=(busy,))
    counts = []
    for who in (carer, busy):
        client = telephone(who)
        with clock.set_to(NOON), CaptureQueriesContext(connection) as queries:
            assert client.get(ADDRESS).status_code == 200
        counts.append(len(queries))

    assert counts[0] == counts[1]
    assert counts[0] <= 15
