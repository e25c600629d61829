"""Key 5: what is shared, heard and changed from one's own telephone."""

import pytest
from django.http import HttpResponse

from backend.people.models import Consent, Resident
from backend.people.queries import consents_in_force
from notifications import templates
from notifications.inbound import Caller
from notifications.models import Channel
from notifications.replies import Spoken
from services.trust.calling import hear_sharing
from tests.builders import NOON, a_contact, a_phone, a_resident
from tests.notifications.twilio_hooks import listens, post, said
from tests.services.trust.builders import shares

pytestmark = pytest.mark.django_db

US = "+8651000000000"
FIRST, SECOND = tuple(Consent.Item)[:2]


class Call:
    """One call, key by key, as Twilio asks us."""

    def __init__(self, phone: str) -> None:
        """The receiver is taken up."""
        self.phone = phone
        self.answer = self._ask("/inbound-voice")

    def press(self, key: str) -> list[str]:
        """What is said after a key, or after none."""
        where = listens(self.answer).removeprefix("/hooks/v1/twilio")
        self.answer = self._ask(where, **({"Digits": key} if key else {}))
        return said(self.answer)

    def _ask(self, path: str, **form: str) -> HttpResponse:
        answered: HttpResponse = post(path, CallSid="CA9", From=self.phone, To=US, **form)
        return answered


@pytest.fixture
def elder() -> Resident:
    """She shares the first item and not the second."""
    elder = a_resident(phone=a_phone(), language="en")
    shares(elder, FIRST)
    return elder


def words(template: str, **context: str) -> list[str]:
    return templates.render_spoken(Spoken(template, context), language="en")


def test_she_hears_what_she_shares_and_takes_it_back_with_one_key(elder: Resident) -> None:
    call = Call(elder.phone)

    first = call.press("5")
    taken_back = call.press("2")

    assert words("sharing_begins")[0] == first[0]
    assert "You said yes." in " ".join(first)
    assert taken_back == words("sharing_taken_back")
    assert consents_in_force(elder.pk) == set()
    consent = Consent.objects.get()
    assert consent.withdrawn_by.startswith("inbound:")


def test_to_share_something_takes_the_key_twice(elder: Resident) -> None:
    call = Call(elder.phone)
    call.press("5")
    call.press("3")

    asked = call.press("2")
    assert consents_in_force(elder.pk) == {FIRST}
    assert words("sharing_sure", written="")[-1] == asked[-1]

    assert call.press("2") == words("sharing_given_now")
    consent = elder.consents.get(item=SECOND)
    assert (consent.way, consent.given_by) == (Consent.Way.PHONE, f"resident:{elder.pk}")
    assert consent.wording


def test_leaving_it_as_it_is_shares_nothing(elder: Resident) -> None:
    call = Call(elder.phone)
    for key in ("5", "3", "2", "3"):
        call.press(key)
    assert consents_in_force(elder.pk) == {FIRST}


def test_a_key_that_comes_twice_from_the_provider_counts_once(elder: Resident) -> None:
    call = Call(elder.phone)
    call.press("5")
    before = call.answer
    once = call.press("2")
    call.answer = before
    again = call.press("2")

    assert once == again
    assert consents_in_force(elder.pk) == set()


def test_help_is_on_key_1_in_the_middle_of_it(elder: Resident) -> None:
    call = Call(elder.phone)
    call.press("5")
    said_then = call.press("1")
    assert "press" not in " ".join(said_then)
    assert listens(call.answer) == ""


def test_silence_hears_the_question_once_more_and_then_goodbye(elder: Resident) -> None:
    call = Call(elder.phone)
    first = call.press("5")
    assert call.press("") == first
    assert call.press("") == words("inbound_goodbye")
    assert consents_in_force(elder.pk) == {FIRST}


def test_after_the_last_item_it_is_over(elder: Resident) -> None:
    call = Call(elder.phone)
    call.press("5")
    for _ in Consent.Item:
        last = call.press("3")
    assert last == words("sharing_over")


@pytest.mark.parametrize("whose", ["stranger", "contact", "shared telephone"])
def test_no_other_telephone_hears_or_changes_anything(elder: Resident, whose: str) -> None:
    phone = a_phone()
    if whose == "contact":
        a_contact(resident=elder, phone=phone)
    if whose == "shared telephone":
        phone = elder.phone
        a_resident(phone=phone)
    answer = hear_sharing(Caller(phone, Channel.VOICE, "CA1"), "52", NOON)

    assert answer == Spoken("sharing_unknown_caller")
    assert consents_in_force(elder.pk) == {FIRST}
