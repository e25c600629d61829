"""The page of one's own account: what calls help stands apart from what acts as one."""

import pytest

from backend.accounts import actions
from tests.builders import NOON, a_browser_session, a_resident_account, an_api_token, signed_in

pytestmark = pytest.mark.django_db

IN_ENGLISH = {"accept-language": "en"}


def test_a_device_that_calls_help_is_not_a_program_and_ends_only_when_it_was_lost() -> None:
    account = a_resident_account()
    actions.issue_sos_token(account, label="Telephone", by=account.reference, now=NOON)
    client = signed_in(account)

    shown = client.get("/account/", headers=IN_ENGLISH).content.decode()
    assert "Devices that call help for you" in shown
    assert "it calls no help for you any more" in shown
    assert "Programs that act as you" not in shown
    an_api_token(account)

    assert (
        "Programs that act as you" in client.get("/account/", headers=IN_ENGLISH).content.decode()
    )


def test_a_resident_reads_nothing_of_networks() -> None:
    account = a_resident_account()
    session = a_browser_session(account)
    session.network = "10.1.2.0/24"
    session.save()

    shown = signed_in(account).get("/account/").content.decode()

    assert "10.1.2.0" not in shown
