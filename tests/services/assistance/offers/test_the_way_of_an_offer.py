"""From the rule to the money: found, asked by telephone, taken by a key, confirmed by a second."""

from datetime import date, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from backend.core import journal
from backend.core.errors import Invalid
from backend.core.models import JournalEvent
from backend.people.actions import set_life_state, undo_life_state
from backend.people.models import Resident
from notifications.actions import begin_attempt, reply_by_key
from notifications.models import Delivery
from services.assistance.models import (
    BenefitOffer,
    EnteredParameter,
    Entitlement,
    KnownFact,
    Ruling,
    Screening,
)
from services.assistance.offers import actions, finding, mourning
from services.assistance.offers.actions import Answerer
from services.assistance.offers.errors import (
    AnsweredAlready,
    NothingToAnswer,
    NotOfferable,
    NotYours,
    OwnCheck,
)
from services.assistance.offers.queries import TO_FOLLOW
from services.assistance.policy import screening, snapshots
from services.assistance.policy.actions import (
    confirm_parameter,
    enter_parameter,
    record_facts,
)
from tests.builders import NOON, a_contact, a_guardian, reloaded
from tests.services.assistance.cases.builders import Office
from tests.services.assistance.offers.builders import (
    a_taken_offer,
    an_elder,
    an_open_offer,
    asked,
    demo_pack,
    register,
    the_entitlement,
    themselves,
)

pytestmark = pytest.mark.django_db
LifeState = Resident.LifeState
__all__ = ["demo_pack"]


def press(delivery: Delivery, key: str) -> str:
    """The person answers the call and presses a key; what is said."""
    begun = begin_attempt(delivery, now=NOON)
    assert begun is not None
    return reply_by_key(begun.attempt, key, now=NOON).template


def test_from_the_rule_to_the_money_by_one_key_and_two_officers() -> None:
    office = Office()
    elder = an_elder(office, age=91)

    screening.list_new(now=NOON)
    screening.run_due(now=NOON)
    finding.offer_to_found(now=NOON)
    finding.ask_due(now=NOON)
    offer = BenefitOffer.objects.get(resident=elder)
    question = asked(offer)[0]
    said = press(question, "1")

    assert (question.template, said) == ("benefit_offer", "benefit_taken")
    assert "高龄津贴" in question.context["benefit"]
    entitlement = the_entitlement(offer)
    assert (entitlement.amount_fen, entitlement.starts_on) == (20_000, date(2026, 12, 1))
    assert entitlement.state == "proposed", "no money before two officers"
    actions.check_entitlement(entitlement, account="6222…01", by=office.clerk.pk, now=NOON)
    actions.confirm_entitlement(entitlement, by=office.county.pk, now=NOON)
    assert reloaded(entitlement).state == "in_force"
    told = Delivery.objects.get(cause=offer.reference, template="benefit_in_force")
    assert told.context["month"] == "2026年12月"


def test_an_offer_is_made_once_however_often_somebody_is_found() -> None:
    elder = an_elder()

    first = actions.make_offer(elder, "old_age_allowance", now=NOON)
    again = actions.make_offer(elder, "old_age_allowance", now=NOON)

    assert first is not None
    assert again is None


@pytest.mark.parametrize(
    ("reason", "offered_anew"), [("not_met", True), ("moved", True), ("renounced", False)]
)
def test_what_has_ended_is_offered_anew_when_it_is_due_again(
    reason: str, offered_anew: bool
) -> None:
    elder = an_elder()
    entitlement = the_entitlement(a_taken_offer(elder))
    actions.end_entitlement(entitlement, reason=reason, on=NOON.date(), by="system", now=NOON)
    screening.list_new(now=NOON)
    screening.run_due(now=NOON)

    next_month = NOON + timedelta(days=8)

    assert finding.offer_to_found(now=NOON) == 0, "this month is still paid"
    screening.run_due(now=next_month)
    assert finding.offer_to_found(now=next_month) == offered_anew

    first, *anew = BenefitOffer.objects.filter(resident=elder).order_by("offered_at")
    assert (first.state, [each.state for each in anew]) == ("accepted", ["open"] * offered_anew)


def test_a_key_pressed_again_in_another_call_changes_nothing() -> None:
    offer = an_open_offer()
    for number in (1, 2):
        row = reloaded(offer)
        actions.answer_offer(
            row, takes=True, by=themselves(row), now=NOON + timedelta(hours=number)
        )

    row = reloaded(offer)
    assert row.answered_at == NOON + timedelta(hours=1)
    assert Entitlement.objects.filter(offer=offer).count() == 1


def test_who_declined_is_with_staff_and_may_take_it_later() -> None:
    offer = an_open_offer()
    actions.answer_offer(offer, takes=False, by=themselves(offer), now=NOON)
    assert reloaded(offer).to_follow_since == NOON

    actions.answer_offer(offer, takes=True, by=themselves(offer), now=NOON)

    assert reloaded(offer).state == "accepted"


def test_who_took_it_cannot_lose_it_by_a_key() -> None:
    offer = a_taken_offer()

    with pytest.raises(AnsweredAlready):
        actions.answer_offer(offer, takes=False, by=themselves(offer), now=NOON)


def test_0_asks_for_a_person_and_2_declines() -> None:
    offer = an_open_offer()
    finding.ask_due(now=NOON)

    assert press(asked(offer)[0], "0") == "benefit_person"
    row = reloaded(offer)
    assert (row.state, row.wants_person_at, row.to_follow_since) == ("open", NOON, NOON)


def test_only_the_person_or_a_guardian_answers_and_a_guardian_is_asked_too() -> None:
    elder = an_elder()
    daughter = a_contact(resident=elder)
    guardian = a_guardian(resident=elder)
    offer = an_open_offer(elder)
    finding.ask_due(now=NOON)

    assert {each.person for each in asked(offer)} == {
        f"resident:{elder.pk}",
        f"contact:{guardian.pk}",
    }
    with pytest.raises(NotYours):
        actions.answer_offer(
            offer, takes=True, by=Answerer(f"contact:{daughter.pk}", "app"), now=NOON
        )
    actions.answer_offer(offer, takes=True, by=Answerer(f"contact:{guardian.pk}", "app"), now=NOON)
    assert reloaded(offer).answered_by == f"contact:{guardian.pk}"


def test_nobody_is_rung_in_the_night_and_after_three_times_staff_speak_with_them() -> None:
    night = NOON.replace(hour=16)  # midnight here
    offer = an_open_offer(now=night)
    assert offer.due_at == NOON.replace(day=24, hour=1), "nine in the morning here"

    at: datetime | None = offer.due_at
    for _time in range(4):
        assert at is not None
        finding.ask_due(now=at)
        row = reloaded(offer)
        at, offer = row.due_at, row

    assert [each.step_run for each in asked(offer)] == ["ask.1", "ask.2", "ask.3"]
    assert (offer.state, offer.due_at) == ("open", None)
    assert offer.to_follow_since is not None


def waits_for_staff(offer: BenefitOffer) -> bool:
    return BenefitOffer.objects.filter(TO_FOLLOW, pk=offer.pk).exists()


def test_who_was_spoken_with_and_then_answers_nobody_is_with_staff_again() -> None:
    office = Office()
    offer = an_open_offer()
    actions.ask_for_person(offer, by=themselves(offer), now=NOON)
    actions.follow_up(offer, text="想一想", by=office.clerk.pk, now=NOON)
    assert not waits_for_staff(offer)
    at = NOON
    for _time in range(3):
        actions.ask_now(reloaded(offer), by="user:1", now=at)
        at += timedelta(days=3)

    finding.ask_due(now=at)

    assert (reloaded(offer).due_at, waits_for_staff(offer)) == (None, True)


def test_who_was_spoken_with_and_takes_what_has_changed_is_with_staff_again() -> None:
    office = Office()
    offer = an_open_offer()
    actions.answer_offer(offer, takes=False, by=themselves(offer), now=NOON)
    actions.follow_up(offer, text="不要了", by=office.clerk.pk, now=NOON)
    register(offer.resident, local=False)

    actions.answer_offer(offer, takes=True, by=themselves(offer), now=NOON + timedelta(days=1))

    assert waits_for_staff(offer)


def test_who_has_no_telephone_is_with_staff_at_once() -> None:
    offer = an_open_offer(an_elder(phone=""))

    finding.ask_due(now=NOON)

    assert reloaded(offer).to_follow_since == NOON


def test_nobody_confirms_what_they_checked_wrote_down_or_rest_it_on() -> None:
    office = Office()
    elder = an_elder(office)
    register(elder, by=office.director.pk)
    offer = an_open_offer(elder)
    by = Answerer(f"user:{office.head.pk}", "staff", office.head.pk)
    actions.answer_offer(offer, takes=True, by=by, now=NOON)
    row = the_entitlement(offer)
    actions.check_entitlement(row, account="6222…01", by=office.clerk.pk, now=NOON)

    for officer in (office.clerk, office.head, office.director):
        with pytest.raises(OwnCheck):
            actions.confirm_entitlement(row, by=officer.pk, now=NOON)

    assert actions.confirm_entitlement(row, by=office.county.pk, now=NOON).state == "in_force"


def test_the_database_itself_refuses_the_same_officer_twice() -> None:
    office = Office()
    row = the_entitlement(a_taken_offer())
    actions.check_entitlement(row, account="6222…01", by=office.clerk.pk, now=NOON)

    with pytest.raises(IntegrityError, match="nobody_confirms_their_own_check"):
        Entitlement.objects.filter(pk=row.pk).update(
            state="in_force", confirmed_by=office.clerk.pk, confirmed_at=NOON
        )


def test_what_is_sent_back_is_checked_again_with_what_was_wrong() -> None:
    office = Office()
    row = the_entitlement(a_taken_offer())
    actions.check_entitlement(row, account="1", by=office.clerk.pk, now=NOON)

    actions.return_entitlement(row, text="账号位数不对", by=office.county.pk, now=NOON)

    row = reloaded(row)
    assert (row.state, row.checked_by, row.returned_note) == ("proposed", None, "账号位数不对")


def at_90(row: Entitlement) -> datetime:
    """The first noon after the person has become 90."""
    born = row.resident.birth_date
    assert born is not None
    return NOON.replace(year=born.year + 90, month=born.month, day=born.day + 1)


def test_at_90_the_new_amount_follows_the_old_without_a_gap_by_two_officers() -> None:
    office = Office()
    row = the_entitlement(a_taken_offer(an_elder(office, age=89)))
    actions.check_entitlement(row, account="1", by=office.clerk.pk, now=NOON)
    actions.confirm_entitlement(row, by=office.county.pk, now=NOON)
    with pytest.raises(NotOfferable):
        actions.propose_change(row, by=office.clerk.pk, now=NOON)
    later = at_90(row)

    new = actions.propose_change(row, by=office.clerk.pk, now=later)
    proposed = journal.about(new.reference).get(type="benefit.proposed")
    assert proposed.by == f"user:{office.clerk.pk}", "the officer, not the person"
    actions.check_entitlement(new, account="1", by=office.head.pk, now=later)
    with pytest.raises(OwnCheck):
        actions.confirm_entitlement(new, by=office.clerk.pk, now=later)
    assert reloaded(row).state == "in_force", "it goes on until the new one is confirmed"
    actions.confirm_entitlement(new, by=office.county.pk, now=later)

    old, new = reloaded(row), reloaded(new)
    assert (old.state, old.end_reason, old.ends_on) == ("ended", "changed", date(2027, 3, 31))
    assert (new.state, new.amount_fen, new.starts_on) == ("in_force", 20_000, date(2027, 4, 1))


def test_where_a_place_says_so_nobody_is_asked_and_two_officers_still_look() -> None:
    office = Office()
    row = enter_parameter(
        name="allowance_mode",
        level="city",
        value="auto",
        since=date(2026, 1, 1),
        source="a notice",
        by=office.clerk.pk,
        now=NOON,
    )
    confirm_parameter(row, by=office.county.pk, now=NOON)

    offer = an_open_offer(an_elder(office))

    assert (offer.state, offer.answered_by, offer.answered_via) == ("accepted", "system", "law")
    assert the_entitlement(offer).state == "proposed"
    assert [d.template for d in Delivery.objects.filter(cause=offer.reference)] == ["benefit_auto"]


def test_without_an_amount_nothing_is_offered() -> None:
    elder = an_elder()
    register(elder, local=False)

    with pytest.raises(NotOfferable):
        actions.make_offer(elder, "old_age_allowance", now=NOON)


def test_what_changed_before_the_answer_goes_to_a_person_and_is_no_no() -> None:
    offer = an_open_offer()
    register(offer.resident, local=False)

    after = actions.answer_offer(offer, takes=True, by=themselves(offer), now=NOON)

    assert (after.state, after.to_follow_since) == ("open", NOON)
    assert not Entitlement.objects.exists()


def test_an_answer_while_no_rule_is_in_force_goes_to_a_person() -> None:
    offer = an_open_offer()

    after = actions.answer_offer(
        offer, takes=True, by=themselves(offer), now=NOON.replace(year=2018)
    )

    assert (after.state, waits_for_staff(offer)) == ("open", True)


def test_a_death_ends_payment_with_its_month_and_a_mistake_is_taken_back() -> None:
    office = Office()
    paid = a_taken_offer(an_elder(office))
    row = the_entitlement(paid)
    actions.check_entitlement(row, account="6222…01", by=office.clerk.pk, now=NOON)
    actions.confirm_entitlement(row, by=office.county.pk, now=NOON)
    set_life_state(
        paid.resident, state=LifeState.HOME, since=date(2020, 1, 1), by="user:1", now=NOON
    )

    def die_or_live(state: LifeState) -> None:
        if state == LifeState.DIED:
            set_life_state(
                paid.resident, state=state, since=date(2026, 11, 20), by="user:1", now=NOON
            )
        else:
            undo_life_state(reloaded(paid.resident), by="user:1", now=NOON)
        event = JournalEvent.objects.filter(type="resident.life_state").order_by("-pk")[0]
        mourning.hear_of_life_state(event, NOON)

    die_or_live(LifeState.DIED)
    ended = reloaded(row)
    assert (ended.state, ended.ends_on, ended.end_reason) == ("ended", date(2026, 11, 30), "died")

    die_or_live(LifeState.HOME)
    assert (reloaded(row).state, reloaded(row).ends_on) == ("in_force", None)


def test_of_the_dead_nobody_is_asked() -> None:
    offer = an_open_offer()
    set_life_state(
        offer.resident, state=LifeState.DIED, since=date(2026, 11, 20), by="user:1", now=NOON
    )
    event = JournalEvent.objects.filter(type="resident.life_state").order_by("-pk")[0]

    mourning.hear_of_life_state(event, NOON)
    finding.ask_due(now=NOON + timedelta(days=3))

    assert reloaded(offer).state == "closed"
    assert asked(offer) == []


def test_of_the_dead_who_declined_staff_do_not_ring_the_family() -> None:
    offer = an_open_offer()
    actions.answer_offer(offer, takes=False, by=themselves(offer), now=NOON)
    assert waits_for_staff(offer)

    set_life_state(
        offer.resident, state=LifeState.DIED, since=date(2026, 11, 20), by="user:1", now=NOON
    )

    assert not waits_for_staff(offer)


def test_the_ruling_of_a_decision_explains_it_and_shows_a_change() -> None:
    row = the_entitlement(a_taken_offer(an_elder(age=91)))
    ruling = Ruling.objects.get(pk=row.ruling_id)

    recalled = snapshots.recall(ruling.content)

    assert recalled.judgement.amount_fen == row.amount_fen == 20_000
    assert snapshots.hash_of(ruling.content) == ruling.hash
    assert recalled.pack == "demo"


def test_what_is_told_of_an_offer_goes_to_the_family_only_by_consent() -> None:
    offer = a_taken_offer()

    types = set(journal.about(offer.reference).values_list("type", flat=True))

    assert types == {"benefit.offered", "benefit.accepted"}, "hidden unless assistance is shared"


# 低保: no way around application, investigation and confirmation (民发〔2021〕57号, article 28).


def a_poor_household(office: Office | None = None, **fields: str) -> Resident:
    elder = an_elder(office, age=75, **fields)
    record_facts(
        elder,
        {
            "wages": 0,
            "business_income": 0,
            "property_income": 0,
            "transfers": 20_000,
            "central_basic_pension": 0,
            "deductions": 0,
            "household_size": 1,
            "property_within_limits": True,
        },
        source="数据核对",
        as_of=date(2026, 11, 1),
        by=None,
        now=NOON,
    )
    return elder


def test_a_likely_family_is_told_that_it_may_apply_and_nothing_is_granted() -> None:
    elder = a_poor_household()

    screening.list_new(now=NOON)
    screening.run_due(now=NOON)
    finding.offer_to_found(now=NOON)

    offer = BenefitOffer.objects.get(resident=elder, benefit="dibao")
    assert (offer.mode, offer.state, offer.amount_fen) == ("notify_only", "told", None)
    told = Delivery.objects.get(cause=offer.reference)
    assert (told.template, told.asks) == ("benefit_told", False)
    with pytest.raises(NothingToAnswer):
        actions.answer_offer(offer, takes=True, by=themselves(offer), now=NOON)
    assert not Entitlement.objects.exists()


def test_a_likely_family_without_a_telephone_hears_of_it_from_staff() -> None:
    elder = a_poor_household(phone="")

    offer = actions.make_offer(elder, "dibao", now=NOON)

    assert offer is not None
    assert (offer.state, waits_for_staff(offer)) == ("told", True)


def test_nobody_is_told_of_money_in_the_night() -> None:
    a_poor_household()
    night = NOON.replace(hour=18)  # two in the morning here
    screening.list_new(now=night)
    screening.run_due(now=night)

    assert finding.offer_to_found(now=night) == 0
    assert not Delivery.objects.exists()


def test_who_cannot_be_offered_it_after_all_keeps_nobody_waiting() -> None:
    office = Office()
    first, second = an_elder(office), an_elder(office)
    screening.list_new(now=NOON)
    screening.run_due(now=NOON)
    allowances = Screening.objects.filter(benefit="old_age_allowance")
    allowances.filter(resident=first).update(screened_at=NOON - timedelta(days=1))
    KnownFact.objects.filter(resident=first).delete()

    for _run in range(2):
        finding.offer_to_found(now=NOON, limit=1)

    assert [each.resident for each in BenefitOffer.objects.all()] == [second]
    assert allowances.get(resident=first).due_at == NOON, "looked at anew"


@pytest.mark.parametrize("benefit", ["dibao", "dibao_edge"])
def test_the_database_knows_no_entitlement_or_taken_offer_of_subsistence(benefit: str) -> None:
    offer = a_taken_offer()
    row = the_entitlement(offer)

    with pytest.raises(IntegrityError, match="never_of_what_needs_a_case"), transaction.atomic():
        Entitlement.objects.filter(pk=row.pk).update(benefit=benefit)
    with pytest.raises(IntegrityError, match="offer_of_what_may_be"), transaction.atomic():
        BenefitOffer.objects.filter(pk=offer.pk).update(benefit=benefit)
    with pytest.raises(IntegrityError, match="offer_of_what_may_be"), transaction.atomic():
        BenefitOffer.objects.filter(pk=offer.pk).update(benefit=benefit, mode="notify_only")


def test_one_screening_that_fails_keeps_nobody_waiting() -> None:
    elder = an_elder()
    screening.list_new(now=NOON)
    broken = Screening.objects.create(
        resident=elder, benefit="no_such_benefit", due_at=NOON - timedelta(days=1)
    )

    screening.run_due(now=NOON)

    found = Screening.objects.exclude(pk=broken.pk)
    assert not found.filter(screened_at=None).exists()
    assert reloaded(broken).due_at == NOON + timedelta(days=1)


def test_screenings_that_cannot_be_kept_keep_nobody_waiting() -> None:
    office = Office()
    elder = an_elder(office)
    EnteredParameter.objects.create(
        name="allowance_80",
        level="city",
        value=10**19,
        since=date(2026, 6, 1),
        source="a slip",
        entered_by=office.clerk,
        entered_at=NOON,
        confirmed_by=office.county,
        confirmed_at=NOON,
    )
    screening.list_new(now=NOON)

    screening.run_due(now=NOON)

    left = Screening.objects.filter(resident=elder, screened_at=None)
    assert [(each.benefit, each.due_at) for each in left] == [
        ("old_age_allowance", NOON + timedelta(days=1))
    ]


def test_a_fact_beyond_its_kind_is_refused() -> None:
    with pytest.raises(Invalid):
        record_facts(
            an_elder(),
            {"deductions": 10**19},
            source="数据核对",
            as_of=date(2026, 11, 1),
            by=None,
            now=NOON,
        )


def test_unknown_is_counted_apart_and_never_among_no() -> None:
    office = Office()
    an_elder(office)
    unknown = office.resident(birth_date=date(1940, 1, 1))
    screening.list_new(now=NOON)
    screening.run_due(now=NOON)

    row = Screening.objects.get(resident=unknown, benefit="old_age_allowance")

    assert (row.answer, row.missing) == ("unknown", ["local_register"])
