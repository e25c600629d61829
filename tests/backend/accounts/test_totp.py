"""Codes of an authenticator app: of now, and each once."""

from datetime import UTC, datetime, timedelta

import pytest
from allauth.mfa.models import Authenticator

from backend.accounts import qr, totp
from tests.builders import NOON, a_user
from tests.threads import at_once

RFC_SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
"""The ASCII text 12345678901234567890. Source: RFC 6238, appendix B."""


@pytest.mark.parametrize(
    ("seconds", "code"),
    [(59, "287082"), (1111111109, "081804"), (1234567890, "005924"), (20000000000, "353130")],
)
def test_codes_are_those_of_rfc_6238(seconds: int, code: str) -> None:
    """The last six of the eight digits that the appendix prints."""
    assert totp.code_at(RFC_SECRET, datetime.fromtimestamp(seconds, UTC)) == code


@pytest.mark.parametrize(
    ("drift_s", "taken"), [(-31, False), (-30, True), (0, True), (59, True), (60, False)]
)
def test_a_clock_may_be_wrong_by_one_step(drift_s: int, taken: bool) -> None:
    code = totp.code_at(RFC_SECRET, NOON + timedelta(seconds=drift_s))

    assert (totp.matching_step(RFC_SECRET, code, now=NOON) is not None) is taken


@pytest.mark.parametrize("written", ["{a} {b}", " {a}{b} ", "{a}\u3000{b}"])
def test_a_code_may_be_written_with_spaces(written: str) -> None:
    code = totp.code_at(RFC_SECRET, NOON)

    given = written.format(a=code[:3], b=code[3:])
    assert totp.matching_step(RFC_SECRET, given, now=NOON) is not None


@pytest.mark.django_db
def test_a_code_is_right_once_and_an_older_one_never_after_it() -> None:
    user = a_user(role="operator")
    totp.enrol(user, secret=RFC_SECRET, now=NOON)
    code, before = (totp.code_at(RFC_SECRET, NOON - timedelta(seconds=s)) for s in (0, 30))

    assert totp.use_code(user, code, now=NOON) is True
    assert totp.use_code(user, code, now=NOON) is False
    assert totp.use_code(user, before, now=NOON) is False


@pytest.mark.django_db(transaction=True)
def test_of_two_who_show_the_same_code_at_the_same_time_one_is_let_in() -> None:
    user = a_user(role="operator")
    totp.enrol(user, secret=RFC_SECRET, now=NOON)
    code = totp.code_at(RFC_SECRET, NOON)

    def show() -> bool:
        return totp.use_code(user, code, now=NOON)

    assert sorted(at_once(show, show)) == [False, True]


@pytest.mark.django_db
def test_the_secret_does_not_stand_in_the_database() -> None:
    user = a_user(role="operator")
    totp.enrol(user, secret=RFC_SECRET, now=NOON)

    assert RFC_SECRET not in str(Authenticator.objects.get(user=user).data)


@pytest.mark.django_db
def test_without_an_app_no_code_is_right() -> None:
    user = a_user(role="operator")

    assert totp.use_code(user, totp.code_at(RFC_SECRET, NOON), now=NOON) is False


def test_the_picture_has_neither_style_nor_script() -> None:
    picture = qr.picture(totp.address("wang", totp.new_secret()))

    assert picture.startswith("<svg")
    assert "style" not in picture
    assert "<script" not in picture
