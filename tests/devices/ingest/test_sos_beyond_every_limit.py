"""Where every limit of an address, a number and an account is used up, help is still called."""

import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from importlib import import_module
from itertools import chain

import pytest
from django.conf import settings
from django.test import Client

from backend.accounts import actions, costly, limits
from backend.accounts.actions.passwords import password_pauses
from backend.accounts.errors import TooManyAttempts
from backend.accounts.limits import Limit, Pauses
from backend.accounts.models import AttemptCount, User
from backend.core import clock
from backend.people.models import Resident
from services.emergencies.models import EmergencyCall
from tests.builders import (
    NOON,
    a_caregiver_on_shift,
    a_phone,
    a_resident,
    a_resident_account,
    a_ringing_call,
    a_user,
    api_of,
    reloaded,
    signed_in,
)
from tests.devices.ingest.doors import (
    OBSERVATIONS,
    SOS,
    a_device_with_token,
    open_doors,
)
from tests.notifications.twilio_hooks import post

pytestmark = pytest.mark.django_db(transaction=True)

HERE = "127.0.0.1"
US = "+8651000000000"
TIMES = 2
PACKAGES = ("backend.", "notifications", "services.", "devices")


@pytest.fixture(autouse=True)
def at_noon() -> Iterator[None]:
    """All of it happens at noon."""
    with clock.set_to(NOON):
        yield


def every_limit() -> list[Limit | Pauses]:
    """All that the program counts by, found where they are."""
    import_module(settings.ROOT_URLCONF)
    ours = [vars(each) for name, each in list(sys.modules.items()) if name.startswith(PACKAGES)]
    found = chain.from_iterable(names.values() for names in ours)
    limits_found = {each.name: each for each in found if isinstance(each, Limit | Pauses)}
    return [*limits_found.values(), password_pauses()]


def use_up_all(*names: str) -> None:
    """Reach each limit under each name, and under each name at this address."""
    under = list(chain.from_iterable(((name,), (name, HERE), (name, "")) for name in names))
    for limit in every_limit():
        for of in under:
            if isinstance(limit, Limit):
                limits.reach(limit, *of, now=NOON)
                continue
            with suppress(TooManyAttempts):
                for _ in range(limit.free + 1):
                    limits.take_after_pause(limit, *of, now=NOON)


def names_of(user: User, resident: Resident) -> list[str]:
    """By what anything of theirs may be counted."""
    ids = [str(user.pk), str(resident.pk), f"resident:{resident.pk}", user.reference]
    return [HERE, "unknown", user.username, user.phone, str(user.phone_index), *ids]


@pytest.fixture
def user() -> User:
    """A resident with an account and a telephone, for whom nothing is left of any limit."""
    made = a_resident_account(a_resident(phone=a_phone()))
    assert made.resident is not None
    phone = made.resident.phone
    use_up_all(*names_of(made, made.resident), phone, str(limits.source_of(HERE)))
    with pytest.raises(TooManyAttempts):
        limits.take(costly.SEARCHES, made.reference, now=NOON)
    return made


def by_the_red_button_of_a_telephone(user: User) -> list[int]:
    token = actions.issue_sos_token(user, by=user.reference, now=NOON)
    with open_doors() as doors:
        return [doors.post(SOS, {"token": token, "id": str(n)}).status_code for n in range(TIMES)]


def by_a_strangers_request(user: User) -> list[int]:
    with open_doors() as doors:
        return [doors.post(SOS, {"phone": user.phone}).status_code for _ in range(TIMES)]


def by_a_device(user: User) -> list[int]:
    device, token = a_device_with_token(resident=user.resident)
    sent = {"device": str(device.pk), "metric": "sos", "value": True}
    with open_doors() as doors:
        right = [doors.post(OBSERVATIONS, {**sent, "seq": n}, token=token) for n in range(TIMES)]
        wrong = [doors.post(OBSERVATIONS, {**sent, "seq": n}, token="x") for n in range(TIMES)]
    return [answer.status_code for answer in right + wrong]


def on_the_page(user: User) -> list[int]:
    browser = signed_in(user)
    program = {"accept": "application/json"}
    return [browser.post("/call/help/", headers=program).status_code for _ in range(TIMES)]


def by_ringing_us(user: User) -> list[int]:
    assert user.resident is not None
    form = {"From": user.resident.phone, "To": US, "Digits": "1"}
    answers = [post("/inbound-voice?asked=1", CallSid=f"CA{n}", **form) for n in range(TIMES)]
    return [answer.status_code for answer in answers]


def by_a_text(user: User) -> list[int]:
    assert user.resident is not None
    form = {"From": user.resident.phone, "To": US, "Body": "救命"}
    answers = [post("/inbound-sms", MessageSid=f"SM{n}", **form) for n in range(TIMES)]
    return [answer.status_code for answer in answers]


@pytest.mark.parametrize(
    "press",
    [
        by_the_red_button_of_a_telephone,
        by_a_strangers_request,
        by_a_device,
        on_the_page,
        by_ringing_us,
        by_a_text,
    ],
)
def test_with_every_limit_used_up_a_press_is_a_call_and_is_not_even_counted(
    press: Callable[[User], list[int]], user: User
) -> None:
    before = list(AttemptCount.objects.order_by("key").values())

    statuses = press(user)

    assert set(statuses) <= {200, 202}
    assert EmergencyCall.objects.filter(kind="emergency").exists()
    assert list(AttemptCount.objects.order_by("key").values()) == before


def test_with_every_limit_used_up_a_call_is_looked_at_accepted_and_brought_to_its_end() -> None:
    call = a_ringing_call()
    assert call.resident is not None
    caregiver = a_caregiver_on_shift(near=call.resident)
    user = a_user(role="caregiver", caregiver=caregiver, area=call.area)
    operator = a_user(role="operator", area=call.area)
    for each in (user, operator):
        use_up_all(*names_of(each, call.resident), f"caregiver:{caregiver.pk}", str(caregiver.pk))
    board, way = signed_in(operator), f"/api/v1/calls/{call.pk}"

    assert board.get(f"/desk/calls/{call.pk}/").status_code == 200
    assert board.get(f"/desk/calls/{call.pk}/who/?q=x").status_code == 200
    program = api_of(user)
    for act in ("accept", "on-the-way", "arrive"):
        assert program.post(f"{way}/{act}/", {"minutes": 5}).status_code == 200, act
    assert reloaded(call).state == "arrived"


def test_who_is_not_signed_in_and_has_no_try_left_still_sees_the_red_button() -> None:
    use_up_all(HERE, "unknown")

    page = Client().get("/")

    assert page.status_code == 200
    assert b'data-sos="/ingest/v1/sos"' in page.content


def test_the_limits_are_found_where_they_are() -> None:
    names = {each.name for each in every_limit()}

    assert {"password by source", "codes to a phone", "searches", "visit checks"} <= names
