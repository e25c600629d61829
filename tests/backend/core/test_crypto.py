"""Fields are unreadable without their key, and cannot be changed or moved unnoticed."""

import base64
import os

import pytest
from django.conf import settings as django_settings
from msgspec.structs import replace
from pytest_django import Settings

from backend.core import crypto

CONTEXT = "people_resident.phone"


def a_key(key_id: str) -> str:
    """A fresh key as FIELD_KEYS writes it."""
    return f"{key_id}:{base64.b64encode(os.urandom(32)).decode()}"


def use_keys(settings: Settings, *keys: str) -> None:
    """Start the installation with these keys."""
    settings.ENV = replace(django_settings.ENV, field_keys=",".join(keys))


def test_what_was_encrypted_is_read_again_and_does_not_stand_in_the_stored_value() -> None:
    stored = crypto.encrypt("13812345678", context=CONTEXT)

    assert "13812345678" not in stored
    assert crypto.decrypt(stored, context=CONTEXT) == "13812345678"


def test_the_same_text_is_stored_differently_each_time() -> None:
    assert crypto.encrypt("1357#", context=CONTEXT) != crypto.encrypt("1357#", context=CONTEXT)


def test_a_value_moved_to_another_field_cannot_be_read() -> None:
    stored = crypto.encrypt("13812345678", context=CONTEXT)

    with pytest.raises(crypto.Unreadable):
        crypto.decrypt(stored, context="people_contact.phone")


@pytest.mark.parametrize("place", [0, 12, -1], ids=["nonce", "text", "tag"])
def test_one_changed_byte_is_noticed(place: int) -> None:
    key_id, _, encoded = crypto.encrypt("13812345678", context=CONTEXT).partition(":")
    raw = bytearray(base64.b64decode(encoded))
    raw[place] ^= 1

    with pytest.raises(crypto.Unreadable):
        crypto.decrypt(f"{key_id}:{base64.b64encode(raw).decode()}", context=CONTEXT)


@pytest.mark.parametrize("stored", ["", "k1:", "k1:AA==", "k1:not base64!", "plain text"])
def test_what_was_never_encrypted_is_unreadable_and_no_other_error(stored: str) -> None:
    with pytest.raises(crypto.Unreadable):
        crypto.decrypt(stored, context=CONTEXT)


def test_after_a_rotation_old_values_are_read_and_new_ones_use_the_new_key(
    settings: Settings,
) -> None:
    old, new = a_key("k1"), a_key("k2")
    use_keys(settings, old)
    before = crypto.encrypt("13812345678", context=CONTEXT)
    index = crypto.blind_index("13812345678", context="phone")

    use_keys(settings, new, old)
    after = crypto.encrypt("13812345678", context=CONTEXT)

    assert after.startswith("k2:")
    assert {crypto.decrypt(each, context=CONTEXT) for each in (before, after)} == {"13812345678"}
    assert crypto.blind_index("13812345678", context="phone") != index
    assert crypto.blind_index("13812345678", context="phone").matches(index)


def test_a_value_of_a_key_that_is_gone_is_unreadable(settings: Settings) -> None:
    use_keys(settings, a_key("k1"))
    stored = crypto.encrypt("13812345678", context=CONTEXT)
    use_keys(settings, a_key("k2"))

    with pytest.raises(crypto.Unreadable):
        crypto.decrypt(stored, context=CONTEXT)


def test_the_blind_index_depends_on_the_key_and_on_what_it_is_for(
    settings: Settings,
) -> None:
    use_keys(settings, a_key("k1"))
    index = crypto.blind_index("13812345678", context="phone")

    assert crypto.blind_index("13812345678", context="id_number") != index
    use_keys(settings, a_key("k1"))
    assert crypto.blind_index("13812345678", context="phone") != index


def test_a_short_key_stops_the_start(settings: Settings) -> None:
    use_keys(settings, f"k1:{base64.b64encode(b'short').decode()}")

    with pytest.raises(SystemExit, match="FIELD_KEYS"):
        crypto.encrypt("13812345678", context=CONTEXT)
