"""Exports, keys and roles need a second factor shown within ten minutes."""

from collections.abc import Iterator
from datetime import timedelta
from urllib.parse import urlencode

import pytest
from django.test import Client
from django.urls import reverse
from rest_framework.response import Response
from rest_framework.test import APIRequestFactory
from rest_framework.views import APIView

from backend.accounts import totp
from backend.accounts.authentication import BearerAuthentication
from backend.accounts.models import AccessToken, User
from backend.accounts.permissions import Declared
from backend.core import clock
from tests.builders import NOON, a_resident_account, a_user, an_api_token, signed_in
from tests.fakes.codes import Owed

pytestmark = pytest.mark.django_db

STEP_UP = "/account/confirm/"
LATER = NOON + timedelta(minutes=10, seconds=1)


@pytest.fixture(autouse=True)
def at_noon() -> Iterator[None]:
    """All of it begins at noon."""
    with clock.set_to(NOON):
        yield


def exports(client: Client) -> str:
    """Where an export leads; "" when it is given."""
    return str(client.get(reverse("desk_hotline_answers")).get("Location", ""))


def an_officer() -> tuple[User, str]:
    """An officer with an authenticator app, and its secret."""
    user, secret = a_user(role="officer"), totp.new_secret()
    totp.enrol(user, secret=secret, now=NOON)
    return user, secret


def test_an_export_is_given_within_ten_minutes_of_the_second_factor() -> None:
    client = signed_in(an_officer()[0])

    assert exports(client) == ""
    with clock.set_to(LATER):
        assert exports(client).startswith(f"{STEP_UP}?next=")


def test_who_shows_it_again_is_led_back_and_gets_it() -> None:
    user, secret = an_officer()
    client = signed_in(user)
    with clock.set_to(LATER):
        there = exports(client)
        page = client.get(there)
        given = {"code": totp.code_at(secret, LATER), "next": page.context["next"]}
        back = client.post(STEP_UP, given)

        assert back["Location"] == reverse("desk_hotline_answers")
        assert there == f"{STEP_UP}?{urlencode({'next': back['Location']})}"
        assert exports(client) == ""


def test_a_wrong_code_opens_nothing() -> None:
    client = signed_in(an_officer()[0])
    with clock.set_to(LATER):
        client.post(STEP_UP, {"code": "000000"})

        assert exports(client).startswith(STEP_UP)


def test_a_resident_confirms_by_digits_sent_to_their_own_phone() -> None:
    user = a_resident_account()
    client = signed_in(user)
    with clock.set_to(LATER):
        client.post(STEP_UP, {"send": "1", "next": "/account/"})
        phone, code, _ = Owed()[0]
        done = client.post(STEP_UP, {"code": code, "next": "/account/"})

    assert phone == user.phone
    assert done["Location"] == "/account/"


class Export(APIView):
    """A door that gives much at once."""

    resource = "me"
    access_actions = {"GET": "read"}
    fresh_for = {"read"}
    authentication_classes = [BearerAuthentication]
    permission_classes = [Declared]

    def get(self, _request: object) -> Response:
        """All of it."""
        return Response({})


def asks(token: str) -> tuple[int, str]:
    """What a program gets."""
    request = APIRequestFactory().get("/", headers={"Authorization": f"Bearer {token}"})
    answer = Export.as_view()(request)
    return answer.status_code, (answer.data or {}).get("code", "")


def test_a_program_needs_a_token_that_all_factors_were_shown_for_lately() -> None:
    token = an_api_token(a_user(role="officer"))

    assert asks(token) == (200, "")
    with clock.set_to(LATER):
        assert asks(token) == (403, "step_up_required")
    AccessToken.objects.update(factor_at=None)
    assert asks(token) == (403, "step_up_required")
