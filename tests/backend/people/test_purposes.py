"""What people are told before they consent: whole, in both languages, and counted when changed."""

import hashlib

import pytest

from backend.people.actions import give_consent
from backend.people.models import Consent
from backend.people.purposes import PURPOSES, wording_of
from tests.builders import NOON, a_guardian, a_resident

pytestmark = pytest.mark.django_db

LANGUAGES = ("en", "zh-hans")
SAID: dict[tuple[str, int], str] = {
    (Consent.Item.ALERTS, 1): "e721f32522ea",
    (Consent.Item.VISITS, 1): "9f7d7d2777d3",
    (Consent.Item.HEALTH, 1): "0e9b8acc1dd3",
    (Consent.Item.LOCATION, 1): "51d2eb9d322b",
    (Consent.Item.ASSISTANCE, 1): "51dfc48c6ca8",
    (Consent.Item.RECORDING, 1): "d81fac7a5305",
    (Consent.Item.WELLBEING, 1): "a76e60d2f344",
}
"""The wordings by item and version: a text that changes needs another version and a line here."""


@pytest.mark.parametrize("item", Consent.Item)
def test_every_item_says_what_to_whom_how_long_and_asks_for_the_ear(item: Consent.Item) -> None:
    purpose = PURPOSES[item]
    assert all((purpose.written, purpose.seen_by, purpose.kept, purpose.spoken))
    assert wording_of(item, "en") != wording_of(item, "zh-hans")
    assert str(purpose.spoken).endswith(("?", "？"))


@pytest.mark.parametrize("item", Consent.Item)
def test_a_wording_that_changes_is_a_new_version(item: Consent.Item) -> None:
    told = "\n".join(wording_of(item, language) for language in LANGUAGES)
    digest = hashlib.sha256(told.encode()).hexdigest()[:12]
    assert SAID[(item, PURPOSES[item].version)] == digest


def test_the_words_are_kept_as_they_were_said_in_the_language_of_who_decided() -> None:
    elder = a_resident(language="zh-hans")
    guardian = a_guardian(resident=elder, language="en")
    own = give_consent(resident=elder, item=Consent.Item.VISITS, by="user:1", now=NOON)
    theirs = give_consent(
        resident=elder, item=Consent.Item.HEALTH, guardian=guardian, by="user:1", now=NOON
    )
    assert (own.wording, own.wording_version) == (wording_of("visits", "zh-hans"), 1)
    assert theirs.wording == wording_of("health", "en")
