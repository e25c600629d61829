"""Letters stay genuine when the keys of the installation are changed, and forged ones do not."""

import base64
import os

import pytest
from django.conf import settings as django_settings
from django.core.management import call_command
from msgspec.structs import replace
from pytest_django import Settings

from services.assistance.cases.letters import letter_by_code
from services.assistance.models import Letter
from tests.services.assistance.cases.builders import Office, a_refused_case

pytestmark = pytest.mark.django_db(transaction=True)


def a_key(key_id: str) -> str:
    return f"{key_id}:{base64.b64encode(os.urandom(32)).decode()}"


def use_keys(settings: Settings, *keys: str) -> None:
    settings.ENV = replace(django_settings.ENV, field_keys=",".join(keys))


def test_a_genuine_letter_is_sealed_anew_and_a_changed_one_is_not(settings: Settings) -> None:
    old, new = a_key("old"), a_key("new")
    use_keys(settings, old)
    office = Office()
    genuine, changed = (Letter.objects.get(case=a_refused_case(office)) for _ in range(2))
    Letter.objects.filter(pk=changed.pk).update(number="改2026-1")

    use_keys(settings, new, old)
    assert letter_by_code(genuine.code) == genuine
    call_command("rotate_keys", pause=0.0, verbosity=0)
    use_keys(settings, new)

    assert letter_by_code(genuine.code) == genuine
    assert letter_by_code(changed.code) is None
