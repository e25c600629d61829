"""A record opened in an emergency: for a reason, for an hour at most, told, and reviewed."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from backend.accounts.actors import actor_of
from backend.accounts.errors import TooManyAttempts
from backend.accounts.models import Role, User
from backend.audit.models import AuditRow
from backend.core import clock
from backend.core.errors import Invalid
from backend.core.models import JournalEvent
from backend.people.models import Resident
from notifications.actions import set_preference
from notifications.models import Delivery
from services.alerts.zero import zero_board
from services.trust import actions, policies
from services.trust.actions.opening import Reason
from services.trust.errors import (
    AlreadyReviewed,
    InScope,
    NobodyFound,
    NotOnShift,
    OwnOpening,
    SeveralFound,
    StillOpen,
)
from services.trust.finding import Wanted
from services.trust.models import RecordOpening
from tests.builders import (
    NOON,
    a_caregiver,
    a_caregiver_on_shift,
    a_guardian,
    a_phone,
    a_resident,
    a_user,
    api_of,
    reloaded,
    signed_in,
)
from tests.services.trust.builders import REASON, an_opening

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)
WHY = Reason(RecordOpening.Kind.DANGER, REASON)


@pytest.fixture
def elder() -> Resident:
    """Somebody in another district than whoever opens."""
    return a_resident(phone=a_phone(), allergies="青霉素", id_number="320202194105121234")


@pytest.fixture
def operator() -> User:
    """At a desk elsewhere."""
    return a_user(role=Role.OPERATOR, name="周敏")


def test_who_does_not_reach_somebody_reads_what_is_granted_and_nothing_else(
    elder: Resident, operator: User
) -> None:
    client = api_of(operator)
    with clock.set_to(NOON):
        assert client.get(f"/api/v1/residents/{elder.pk}/").status_code == 404
        sent = {"kind": "danger", "reason": REASON, "minutes": 20}
        opened = client.post(f"/api/v1/residents/{elder.pk}/break-glass/", sent)
        shown = client.get(f"/api/v1/break-glass/{opened.json()['id']}/")
        still_closed = client.get(f"/api/v1/residents/{elder.pk}/")

    assert opened.status_code == 201
    record = shown.json()["record"]
    assert set(record) == set(policies.GRANTED)
    assert record["allergies"] == "青霉素"
    assert elder.id_number not in shown.content.decode()
    assert still_closed.status_code == 404


def test_every_read_is_written_down_with_its_reason(elder: Resident, operator: User) -> None:
    opening = an_opening(elder, user=operator)

    with clock.set_to(NOON):
        api_of(operator).get(f"/api/v1/break-glass/{opening.pk}/")
        signed_in(operator).get(f"/break-glass/{opening.pk}/")

    rows = AuditRow.objects.filter(subject=opening.reference, action=AuditRow.Action.READ)
    assert [(row.reason, row.resident_id) for row in rows] == [("danger", elder.pk)] * 2
    assert set(rows[0].fields) == set(policies.GRANTED)


@pytest.mark.parametrize("after", [timedelta(minutes=30), HOUR])
def test_it_ends_by_itself_for_programs_and_open_pages(
    elder: Resident, operator: User, after: timedelta
) -> None:
    opening = an_opening(elder, user=operator)
    browser = signed_in(operator)

    with clock.set_to(NOON + timedelta(minutes=29)):
        assert "青霉素" in browser.get(f"/break-glass/{opening.pk}/").content.decode()
    with clock.set_to(NOON + after):
        assert api_of(operator).get(f"/api/v1/break-glass/{opening.pk}/").status_code == 404
        part = browser.get(f"/break-glass/{opening.pk}/", headers={"HX-Request": "true"})

    assert part.status_code == 286
    assert "青霉素" not in part.content.decode()
    assert elder.name not in part.content.decode()


def test_no_record_is_open_for_more_than_an_hour_not_even_in_the_database(
    elder: Resident, operator: User
) -> None:
    actor = actor_of(operator)
    with pytest.raises(Invalid):
        actions.open_record(elder, actor=actor, reason=Reason("danger", REASON, 61), now=NOON)
    with pytest.raises(IntegrityError), transaction.atomic():
        an_opening(elder, user=operator, until_at=NOON + HOUR + timedelta(seconds=1))


@pytest.mark.parametrize("reason", [Reason("danger", "kurz"), Reason("curiosity", REASON)])
def test_without_a_reason_nothing_opens(elder: Resident, operator: User, reason: Reason) -> None:
    with pytest.raises(Invalid):
        actions.open_record(elder, actor=actor_of(operator), reason=reason, now=NOON)
    assert not RecordOpening.objects.exists()


def test_a_caregiver_opens_only_on_shift(elder: Resident) -> None:
    off, on = a_caregiver(), a_caregiver_on_shift()
    actor_off, actor_on = (
        actor_of(a_user(role=Role.CAREGIVER, area=each.area, caregiver=each)) for each in (off, on)
    )

    with pytest.raises(NotOnShift):
        actions.open_record(elder, actor=actor_off, reason=WHY, now=NOON)
    assert actions.open_record(elder, actor=actor_on, reason=WHY, now=NOON).is_open(NOON)


def test_who_reaches_somebody_anyway_breaks_no_glass(elder: Resident) -> None:
    near = actor_of(a_user(role=Role.OPERATOR, area=elder.area))
    with pytest.raises(InScope):
        actions.open_record(elder, actor=near, reason=WHY, now=NOON)


def test_opening_again_prolongs_nothing(elder: Resident, operator: User) -> None:
    actor = actor_of(operator)
    first = actions.open_record(elder, actor=actor, reason=WHY, now=NOON)
    again = actions.open_record(elder, actor=actor, reason=WHY, now=NOON + HOUR / 2)
    assert (again.pk, again.until_at) == (first.pk, NOON + HOUR)


@pytest.mark.parametrize("known", ["phone", "id_number", "both"])
def test_somebody_is_found_by_exactly_what_is_known(
    elder: Resident, operator: User, known: str
) -> None:
    wanted = {
        "phone": Wanted(phone=elder.phone),
        "id_number": Wanted(id_number="3202021941 05121234"),
        "both": Wanted(name=elder.name, address=elder.household.address.text),
    }[known]
    opening = actions.find_and_open(wanted, actor=actor_of(operator), reason=WHY, now=NOON)
    assert opening.resident == elder


@pytest.mark.parametrize("part", [{"name": "陈桂英"}, {"phone": "138"}, {}, {"address": "Lane"}])
def test_parts_of_a_person_find_nobody_and_each_try_is_written_down(
    elder: Resident, operator: User, part: dict[str, str]
) -> None:
    with pytest.raises(NobodyFound):
        actions.find_and_open(Wanted(**part), actor=actor_of(operator), reason=WHY, now=NOON)

    row = AuditRow.objects.get(action=AuditRow.Action.REFUSED)
    assert (row.actor, sorted(row.fields)) == (operator.reference, sorted(part))
    assert elder.name not in str(row.__dict__)


def test_who_tries_numbers_is_stopped_and_an_idempotency_key_does_not_help(operator: User) -> None:
    client = api_of(operator)
    statuses = []
    with clock.set_to(NOON):
        for number in range(policies.LOOK_UPS.times + 1):
            sent = {"kind": "danger", "reason": REASON, "phone": f"139000000{number:02d}"}
            key = {"Idempotency-Key": f"try-{number}"}
            statuses.append(client.post("/api/v1/break-glass/", sent, headers=key).status_code)

    assert statuses == [422] * policies.LOOK_UPS.times + [429]
    refused = AuditRow.objects.filter(action=AuditRow.Action.REFUSED)
    assert refused.count() == policies.LOOK_UPS.times


def test_two_who_fit_are_not_told_apart_by_guessing(elder: Resident, operator: User) -> None:
    a_resident(phone=elder.phone)
    with pytest.raises(SeveralFound):
        actions.find_and_open(
            Wanted(phone=elder.phone), actor=actor_of(operator), reason=WHY, now=NOON
        )


def test_too_many_emergencies_in_an_hour_are_refused(operator: User) -> None:
    actor = actor_of(operator)
    for _ in range(policies.OPENINGS.times):
        actions.open_record(a_resident(), actor=actor, reason=WHY, now=NOON)
    with pytest.raises(TooManyAttempts):
        actions.open_record(a_resident(), actor=actor, reason=WHY, now=NOON)


def told(opening: RecordOpening) -> Delivery:
    return Delivery.objects.get(cause=opening.reference, template__startswith="record_opened")


def test_the_person_is_told_after_the_end_and_not_before(elder: Resident, operator: User) -> None:
    opening = an_opening(elder, user=operator)

    actions.end_openings(now=NOON + timedelta(minutes=29))
    assert not Delivery.objects.exists()

    ended = NOON + timedelta(minutes=30)
    actions.end_openings(now=ended)
    actions.end_openings(now=ended)
    message = told(opening)
    assert (message.person, message.due_at) == (f"resident:{elder.pk}", ended)
    assert REASON not in str(message.context)
    assert operator.name not in str(message.context)
    assert JournalEvent.objects.filter(type="opening.ended").count() == 1


def test_quiet_hours_are_kept_and_a_day_is_not_exceeded(elder: Resident, operator: User) -> None:
    local = timedelta(hours=8)
    set_preference(
        f"resident:{elder.pk}",
        channels=["sms"],
        quiet_from=(NOON + local).time(),
        quiet_until=(NOON + local + 8 * HOUR).time(),
    )
    opening = an_opening(elder, user=operator)

    actions.close_opening(opening, by=operator.reference, now=NOON + timedelta(minutes=5))

    due_at = told(opening).due_at
    assert due_at is not None
    assert NOON + 7 * HOUR < due_at <= NOON + policies.TOLD_WITHIN


def test_a_guardian_is_told_in_the_place_of_who_cannot_decide(
    elder: Resident, operator: User
) -> None:
    guardian = a_guardian(resident=elder, language="en")
    opening = an_opening(elder, user=operator)

    actions.end_openings(now=NOON + HOUR)

    message = told(opening)
    assert (message.person, message.template) == (
        f"contact:{guardian.pk}", "record_opened_guardian"
    )  # fmt: skip


def test_somebody_else_judges_it_once_and_never_who_opened_it(elder: Resident) -> None:
    lead, officer = (a_user(role=role, area=elder.area) for role in (Role.LEAD, Role.OFFICER))
    opening = an_opening(elder, user=lead)

    def judge(user: User, verdict: str = "not_justified") -> RecordOpening:
        return actions.review_opening(
            opening, verdict=verdict, note_text="没有必要", actor=actor_of(user), now=NOON + HOUR
        )

    with pytest.raises(StillOpen):
        judge(officer)
    actions.end_openings(now=NOON + HOUR)
    with pytest.raises(OwnOpening):
        judge(lead)
    assert judge(officer).verdict == "not_justified"
    with pytest.raises(AlreadyReviewed):
        judge(officer, "justified")
    with pytest.raises(IntegrityError), transaction.atomic():
        RecordOpening.objects.filter(pk=opening.pk).update(reviewed_by=lead)


def test_a_review_that_nobody_makes_is_on_the_board_and_climbs(
    elder: Resident, operator: User
) -> None:
    lead = a_user(role=Role.LEAD, area=elder.area, phone=a_phone())
    officer = a_user(role=Role.OFFICER, area=elder.area, phone=a_phone())
    opening = an_opening(elder, user=operator)
    actions.end_openings(now=NOON + HOUR)

    board = zero_board(actor_of(lead), now=NOON + HOUR, asked={"list": "openings"})
    assert [line.item.reference for line in board.lines] == [opening.reference]

    for days in (2, 4, 5):
        actions.end_openings(now=NOON + timedelta(days=days))
    climbs = Delivery.objects.filter(template="opening_review_waits").order_by("created_at")
    assert [each.person for each in climbs] == [
        lead.reference,
        officer.reference,
        officer.reference,
    ]
    assert reloaded(opening).due_at is not None


def test_the_page_opens_and_the_colleague_reviews(elder: Resident, operator: User) -> None:
    lead = a_user(role=Role.LEAD, area=elder.area)
    browser, colleague = signed_in(operator), signed_in(lead)
    sent = {"phone": elder.phone, "kind": "danger", "reason": REASON, "minutes": 10}

    with clock.set_to(NOON):
        page = browser.post("/break-glass/", sent, follow=True).content.decode()
        opening = RecordOpening.objects.get()
        browser.post(f"/break-glass/{opening.pk}/close/")
    with clock.set_to(NOON + HOUR):
        waiting = colleague.get("/break-glass/reviews/").content.decode()
        colleague.post(f"/break-glass/{opening.pk}/review/", {"verdict": "justified"})

    assert "青霉素" in page
    assert REASON in waiting
    assert reloaded(opening).verdict == "justified"
