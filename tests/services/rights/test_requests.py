"""What people ask about their data: on a clock, decided by a person, told in plain words."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from backend.audit.models import AuditRow
from backend.people.actions import give_consent
from backend.people.models import Consent, Resident
from backend.people.queries import consents_in_force
from notifications.models import Delivery
from services.alerts.models import Alert
from services.assistance.policy import screening
from services.assistance.policy.rules import benefits
from services.community.doers import Doer
from services.rights import actions, decisions, limits, watching
from services.rights.errors import (
    AnswerNeeded,
    DecidedOtherwise,
    NotDead,
    NotForThem,
    NotNow,
)
from services.rights.models import RightsRequest
from tests.builders import NOON, a_contact, a_guardianship, a_phone, a_resident, reloaded
from tests.services.rights.builders import a_request, an_officer

pytestmark = pytest.mark.django_db

Kind, State, Asker = RightsRequest.Kind, RightsRequest.State, RightsRequest.Asker


def test_asked_twice_it_is_one_request_and_they_hear_by_when() -> None:
    first = a_request()
    again = a_request(resident=first.resident)

    assert again == first
    assert first.limit["days"] == 15
    assert first.ends_at == limits.ends_at(15, since=NOON)
    (told,) = Delivery.objects.filter(cause=first.reference)
    assert told.template == "rights_received"
    assert told.context == {"day": "12月14日"}


def test_nearly_over_its_owner_is_reminded_and_over_it_is_an_alert_that_ends_with_the_answer() -> (
    None
):
    request = a_request()
    officer = an_officer(request.resident)
    actions.take(request, officer=officer, now=NOON)
    due_at = reloaded(request).due_at
    assert due_at is not None

    watching.run_due(now=due_at)
    reminded = Delivery.objects.get(cause=request.reference, template="rights_due")
    assert reminded.person == officer.reference
    watching.run_due(now=request.ends_at)
    alerts = Alert.objects.filter(kind=Alert.Kind.RIGHTS_OVERDUE, state__in=Alert.OPEN)
    assert alerts.count() == 1
    actions.refuse(request, officer=officer, answer="不是本人。", now=request.ends_at)

    assert not alerts.exists()
    assert reloaded(request).due_at is None


def test_a_refusal_needs_its_reason_and_tells_it() -> None:
    request = a_request()
    officer = an_officer(request.resident)

    with pytest.raises(AnswerNeeded):
        actions.refuse(request, officer=officer, answer=" ", now=NOON)
    actions.refuse(request, officer=officer, answer="这份资料不在我们这里。", now=NOON)

    told = Delivery.objects.get(cause=request.reference, template="rights_refused")
    assert told.secret == "这份资料不在我们这里。"
    assert told.context == {}
    with pytest.raises(NotNow):
        actions.approve(request, officer=officer, now=NOON)


def test_a_correction_is_entered_with_what_stood_there_before_and_no_value_in_the_audit() -> None:
    resident = a_resident(phone=a_phone(), allergies="无")
    request = a_request(Kind.CORRECT, resident=resident, about="allergies", words="青霉素")

    actions.approve(request, officer=an_officer(resident), now=NOON)

    assert reloaded(resident).allergies == "青霉素"
    assert "无 → 青霉素" in request.events.get(event="corrected").note
    rows = AuditRow.objects.filter(resident_id=resident.pk)
    assert rows.filter(fields=["allergies"]).exists()
    assert not any("青霉素" in row.reason for row in rows)


def test_what_is_frozen_is_shared_with_nobody_and_judged_by_no_rule() -> None:
    request = a_request(Kind.FREEZE)
    resident, officer = request.resident, an_officer(request.resident)
    give_consent(
        resident=resident, item=Consent.Item.HEALTH, purpose="health", by="user:1", now=NOON
    )
    screening.list_new(now=NOON)

    actions.approve(request, officer=officer, now=NOON)
    screening.list_new(now=NOON)
    assert consents_in_force(resident.pk) == frozenset()
    assert not resident.screenings.exists()
    assert reloaded(resident).frozen_since == NOON
    actions.end_freeze(request, officer=officer, now=NOON)

    assert reloaded(resident).frozen_since is None


def test_a_guardian_asks_as_long_as_their_paper_holds() -> None:
    resident = a_resident()
    guardian = a_contact(resident=resident)
    a_guardianship(guardian, review_on=NOON.date(), ends_on=NOON.date())
    fields: dict[str, Any] = {"asker": Asker.GUARDIAN, "contact": guardian, "by": "user:2"}
    asked = a_request(resident=resident, **fields)
    assert asked.contact == guardian

    later = NOON + timedelta(days=2)
    with pytest.raises(NotForThem):
        a_request(Kind.FREEZE, resident=resident, now=later, **fields)


def test_kin_may_ask_after_a_death_with_a_paper_unless_the_person_decided_otherwise() -> None:
    resident = a_resident()
    daughter = a_contact(resident=resident)
    kin: dict[str, Any] = {
        "asker": Asker.KIN,
        "contact": daughter,
        "relation": "daughter",
        "proof": "户口簿;办理遗产",
        "by": "user:3",
    }
    with pytest.raises(NotDead):
        a_request(resident=resident, **kin)
    Resident.objects.filter(pk=resident.pk).update(life_state="died")

    assert a_request(resident=resident, **kin).state == State.OPEN
    with pytest.raises(NotForThem):
        a_request(Kind.FREEZE, resident=resident, **kin)
    actions.wish_after_death(resident, wish="nobody", by=Doer("user:1"), now=NOON)
    with pytest.raises(DecidedOtherwise):
        a_request(Kind.DELETE, resident=resident, **kin)


def test_every_no_and_not_yet_of_a_machine_has_its_reasons_and_a_way_to_a_person() -> None:
    resident = a_resident(phone=a_phone(), birth_date=date(1950, 5, 1))
    found = decisions.decisions_about(resident, now=NOON, language="en")
    against = [each for each in found if each.is_against]

    assert {f"benefit:{name}" for name in benefits()} <= {each.key for each in found}
    assert against
    for decision in against:
        assert decision.sentence
        assert any(reason.article for reason in decision.reasons), decision.key
        request = a_request(Kind.REVIEW, resident=resident, about=decision.key)
        assert request.limit["days"] == limits.REVIEW_DAYS


def test_a_second_look_is_answered_by_a_person_and_by_nobody_else() -> None:
    resident = a_resident(phone=a_phone(), birth_date=date(1950, 5, 1))
    request = a_request(Kind.REVIEW, resident=resident, about="benefit:dibao")
    officer = an_officer(resident)

    with pytest.raises(AnswerNeeded):
        actions.approve(request, officer=officer, now=NOON)
    with pytest.raises(IntegrityError), transaction.atomic():
        RightsRequest.objects.filter(pk=request.pk).update(state=State.DONE, due_at=None)
    actions.approve(request, officer=officer, answer="我们打电话问过了,您可以申请。", now=NOON)

    assert reloaded(request).decided_by == officer
    assert Delivery.objects.get(cause=request.reference, template="rights_done").secret
