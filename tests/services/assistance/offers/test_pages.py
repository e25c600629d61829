"""Offers on pages and at the API: everybody sees what is theirs, and two officers confirm."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.translation import override

from backend.accounts.actors import actor_of
from backend.audit.models import AuditRow
from backend.core import clock
from backend.people.models import Consent, Resident
from notifications.models import Delivery
from services.assistance.models import BenefitOffer, Entitlement
from services.assistance.offers import actions, messages
from services.assistance.offers.work import waiting_benefits
from services.assistance.policy import vocabulary
from services.assistance.policy.actions import record_facts
from services.assistance.policy.screening import list_new, run_due
from services.visits.models import Visit
from tests.builders import (
    NOON,
    a_contact,
    a_family_account,
    a_guardian,
    a_resident_account,
    api_of,
    reloaded,
    signed_in,
)
from tests.services.assistance.cases.builders import Office
from tests.services.assistance.offers.builders import (
    a_taken_offer,
    an_elder,
    an_open_offer,
    demo_pack,
    the_entitlement,
    themselves,
)

pytestmark = pytest.mark.django_db
__all__ = ["demo_pack"]


def english(client: Client) -> Client:
    client.cookies["django_language"] = "en"
    return client


def test_the_person_takes_it_on_their_own_page() -> None:
    elder = an_elder()
    offer = an_open_offer(elder)
    own = english(signed_in(a_resident_account(elder)))

    card = own.get("/my-offers/now/").content.decode()
    answer = own.post(f"/my-offers/{offer.pk}/answer/", {"choice": "take"})

    assert "You can get ¥100 a month, without an application." in card
    assert "Two of our officers look at it" in answer.content.decode()
    assert reloaded(offer).answered_via == "app"
    assert "without an application" not in own.get("/my-offers/now/").content.decode()


def test_a_family_sees_it_by_consent_and_only_a_guardian_answers() -> None:
    elder = an_elder()
    offer = an_open_offer(elder)
    daughter, guardian = a_contact(resident=elder), a_guardian(resident=elder)
    child, decides = (english(signed_in(a_family_account(each))) for each in (daughter, guardian))
    address = f"/family/{elder.pk}/offers/"

    assert "¥100" not in child.get(address).content.decode()
    assert child.post(f"/my-offers/{offer.pk}/answer/", {"choice": "take"}).status_code == 404
    Consent.objects.create(
        resident=elder,
        item=Consent.Item.ASSISTANCE,
        purpose="benefits",
        given_by=f"resident:{elder.pk}",
        given_at=NOON,
        recorded_by="user:1",
    )

    page = child.get(address).content.decode()
    assert "¥100" in page
    assert "I take it" not in page
    assert child.post(f"/my-offers/{offer.pk}/answer/", {"choice": "take"}).status_code == 409
    decides.post(f"/my-offers/{offer.pk}/answer/", {"choice": "take"})
    assert reloaded(offer).answered_by == f"contact:{guardian.pk}"


def test_two_officers_bring_it_into_force_on_the_desk() -> None:
    office = Office()
    offer = a_taken_offer(an_elder(office))
    row = the_entitlement(offer)
    clerk, county = (english(signed_in(each)) for each in (office.clerk, office.county))
    looked = dict.fromkeys(("is_alive", "is_registered", "not_elsewhere"), "on")

    assert "to be checked" in clerk.get("/desk/offers/?what=check").content.decode()
    half = clerk.post(f"/desk/entitlements/{row.pk}/check/", {"account": "6222…01"})
    assert half.status_code == 422, "everything is to be looked at"
    clerk.post(f"/desk/entitlements/{row.pk}/check/", {**looked, "account": "6222…01"})
    page = clerk.get(f"/desk/offers/{offer.pk}/").content.decode()
    assert "a colleague must confirm it" in page
    assert clerk.post(f"/desk/entitlements/{row.pk}/confirm/").status_code == 409
    assert "老年人权益保障法第三十三条" in page
    county.post(f"/desk/entitlements/{row.pk}/confirm/")

    assert reloaded(row).state == "in_force"
    assert str(row.offer_id) in county.get("/desk/offers/?what=in_force").content.decode()


def test_the_board_shows_who_is_to_be_spoken_with_until_somebody_has() -> None:
    office = Office()
    offer = an_open_offer(an_elder(office))
    actions.answer_offer(offer, takes=False, by=themselves(offer), now=NOON)
    actor = actor_of(office.clerk)
    assert [str(each.url) for each in waiting_benefits(actor, NOON, 9).items] == [
        f"/desk/offers/{offer.pk}/"
    ]

    browser = signed_in(office.clerk)
    assert browser.post(f"/desk/offers/{offer.pk}/follow-up/", {}).status_code == 422
    browser.post(f"/desk/offers/{offer.pk}/follow-up/", {"text": "老人说不需要"})

    assert waiting_benefits(actor, NOON, 9).total == 0
    actions.ask_for_person(offer, by=themselves(offer), now=NOON)
    assert waiting_benefits(actor, NOON, 9).total == 1, "whoever asks again is heard again"
    assert waiting_benefits(actor_of(Office().clerk), NOON, 9).total == 0


def test_what_may_have_changed_comes_back_to_the_board() -> None:
    office = Office()
    elder = an_elder(office)
    row = the_entitlement(a_taken_offer(elder))
    actions.check_entitlement(row, account="1", by=office.clerk.pk, now=NOON)
    actions.confirm_entitlement(row, by=office.county.pk, now=NOON)
    assert waiting_benefits(actor_of(office.clerk), NOON, 9).total == 0

    record_facts(
        elder, {"local_register": False}, source="moved", as_of=NOON.date(), by=None, now=NOON
    )
    list_new(now=NOON)
    run_due(now=NOON)

    assert waiting_benefits(actor_of(office.clerk), NOON, 9).total == 1


def test_staff_let_it_be_asked_at_once_and_write_down_an_answer() -> None:
    office = Office()
    offer = an_open_offer(an_elder(office))
    browser = signed_in(office.clerk)

    with clock.set_to(NOON):
        browser.post(f"/desk/offers/{offer.pk}/ask/")
        assert Delivery.objects.filter(cause=offer.reference, asks=True).count() == 1
        browser.post(f"/desk/offers/{offer.pk}/answer/", {"takes": "yes"})

    row = the_entitlement(offer)
    assert (reloaded(offer).answered_via, row.entered_by) == ("staff", office.clerk)


def test_the_api_shows_and_changes_the_same() -> None:
    office = Office()
    offer = an_open_offer(an_elder(office))
    clerk, county = api_of(office.clerk), api_of(office.county)

    listed = clerk.get("/api/v1/offers/?state=open").json()
    taken = clerk.post(f"/api/v1/offers/{offer.pk}/answer/", {"takes": True})
    row = the_entitlement(offer)
    checked = clerk.post(f"/api/v1/entitlements/{row.pk}/check/", {"account": "6222…01"})
    own = clerk.post(f"/api/v1/entitlements/{row.pk}/confirm/")
    confirmed = county.post(f"/api/v1/entitlements/{row.pk}/confirm/")

    assert [each["id"] for each in listed["results"]] == [str(offer.pk)]
    assert (taken.json()["state"], checked.json()["state"]) == ("accepted", "checked")
    assert (own.status_code, own.json()["code"]) == (409, "entitlement_own_entry")
    assert confirmed.json()["state"] == "in_force"
    assert "account" not in confirmed.json()


def test_of_much_that_waits_only_what_is_shown_is_read_and_all_is_counted() -> None:
    office = Office()
    for days in range(3):
        offer = an_open_offer(an_elder(office))
        asked_at = NOON - timedelta(days=6 + days)
        actions.ask_for_person(offer, by=themselves(offer), now=asked_at)
    the_last = offer

    with CaptureQueriesContext(connection) as read:
        waits = waiting_benefits(actor_of(office.clerk), NOON, 1)

    assert (waits.total, waits.overdue) == (3, 2)
    assert [each.reference for each in waits.items] == [the_last.reference]
    rows = [each["sql"] for each in read if "followed_note" in each["sql"]]
    assert all("LIMIT 1" in sql for sql in rows)


def test_reading_an_offer_or_an_entitlement_at_the_api_is_on_record() -> None:
    office = Office()
    offer = a_taken_offer(an_elder(office))
    row = the_entitlement(offer)
    officer = api_of(office.clerk)

    officer.get(f"/api/v1/offers/{offer.pk}/")
    officer.get(f"/api/v1/entitlements/{row.pk}/")

    read = AuditRow.objects.filter(action=AuditRow.Action.READ)
    assert {each.subject for each in read} == {offer.reference, row.reference}


def test_nothing_is_offered_on_the_page_of_whose_person_has_died() -> None:
    elder = an_elder()
    an_open_offer(elder)
    own = english(signed_in(a_resident_account(elder)))
    assert "¥100" in own.get("/my-offers/now/").content.decode()

    Resident.objects.filter(pk=elder.pk).update(life_state=Resident.LifeState.DIED)

    assert "¥100" not in own.get("/my-offers/now/").content.decode()


@pytest.mark.parametrize(
    ("said", "chinese"),
    [
        (BenefitOffer.State.ACCEPTED.label, "已接受"),
        (Entitlement.State.PROPOSED.label, "待核对"),
        (Visit.State.MISSED.label, "没有去"),
        (messages._KEYS[0], "要领，请按1。"),
    ],
)
def test_a_word_that_others_use_in_another_sense_has_its_own_chinese(
    said: object, chinese: str
) -> None:
    with override("zh-hans"):
        assert str(said) == chinese


def test_a_flag_is_said_as_yes_and_no() -> None:
    with override("zh-hans"):
        word = vocabulary.facts()["local_register"]
        shown = [word.shown(value, "zh-hans") for value in (True, False)]

    assert shown == ["是", "否"]
