"""Keys are changed while people are written and looked up, and nobody is missed."""

import base64
import os
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from io import StringIO

import pytest
from allauth.mfa.models import Authenticator
from django.conf import settings as django_settings
from django.core.management import CommandError, call_command
from django.utils import translation
from msgspec.structs import replace
from pytest_django import Settings

from backend.accounts.mfa import SealedSecrets
from backend.core import clock, rotation
from backend.core.rotation import Place
from backend.people import identity, phones
from backend.people.actions import change_resident
from backend.people.models import Resident
from backend.people.queries import resident_by_phone
from notifications.actions.suppressing import suppress
from notifications.models import Suppression
from tests.builders import a_contact, a_resident, a_user
from tests.threads import Held, on_own_connection

pytestmark = pytest.mark.django_db(transaction=True)

CARDS = ("320202193501011237", "320205194001011234")


def a_key(key_id: str) -> str:
    """A fresh key as FIELD_KEYS writes it."""
    return f"{key_id}:{base64.b64encode(os.urandom(32)).decode()}"


def use_keys(settings: Settings, *keys: str) -> None:
    """Start the installation with these keys."""
    settings.ENV = replace(django_settings.ENV, field_keys=",".join(keys))


def rotate(*flags: str) -> str:
    """Run the command without a rest; what it says."""
    said = StringIO()
    with translation.override("en"):
        call_command("rotate_keys", *flags, pause=0.0, batch=7, stdout=said)
    return said.getvalue()


def number(n: int) -> str:
    return f"+86190{n:08}"


@pytest.fixture
def keys(settings: Settings) -> tuple[str, str]:
    """An old key, with which the installation runs, and a new one."""
    old, new = a_key("old"), a_key("new")
    use_keys(settings, old)
    return old, new


@contextmanager
def meanwhile(*works: Callable[[], object]) -> Iterator[list[BaseException]]:
    """Do these again and again in threads of their own; yields what went wrong."""
    stop, wrong = threading.Event(), list[BaseException]()

    def go_on(work: Callable[[], object]) -> None:
        while not stop.is_set():
            try:
                work()
            except BaseException as error:  # noqa: BLE001 - any is a failure, told by the test
                wrong.append(error)
                return

    with ThreadPoolExecutor(len(works)) as pool:
        running = [pool.submit(on_own_connection, go_on, work) for work in works]
        try:
            yield wrong
        finally:
            stop.set()
            for each in running:
                each.result(10)


def test_while_people_are_written_and_looked_up_nobody_is_missed(
    settings: Settings, keys: tuple[str, str]
) -> None:
    old, new = keys
    still = [a_resident(phone=number(n), conditions=f"note {n}") for n in range(20)]
    changing = a_resident(phone=number(100))
    rounds = iter(range(10_000))

    def look_up() -> None:
        for n, resident in enumerate(still):
            found = resident_by_phone(number(n))
            assert found == resident, n
            assert found.conditions == f"note {n}"

    def write() -> None:
        n = next(rounds)
        change_resident(
            changing,
            changes={"phone": number(101 + n), "conditions": f"said {n}"},
            by="user:1",
            now=clock.now(),
        )
        kept = resident_by_phone(number(101 + n))
        assert kept == changing, n
        assert kept.conditions == f"said {n}"

    with meanwhile(look_up, write) as wrong:
        use_keys(settings, old, new)  # every process knows the new key before any writes with it
        use_keys(settings, new, old)
        said = rotate()
    assert wrong == []
    assert "Old keys can be removed: old" in said

    use_keys(settings, new)
    look_up()
    assert resident_by_phone(Resident.objects.get(pk=changing.pk).phone) == changing
    assert "need the key new only" in rotate("--verify")


def test_a_row_that_somebody_holds_is_passed_over_and_not_written_over(
    settings: Settings, keys: tuple[str, str]
) -> None:
    old, new = keys
    resident = a_resident(phone=number(1), conditions="before the turn")
    use_keys(settings, new, old)
    place = next(each for each in rotation.places() if each.table == "people_resident")

    def write() -> None:
        Resident.objects.filter(pk=resident.pk).update(conditions="after the turn")

    with Held(write):
        count = rotation.rotate(place, batch=10, pause_s=0)
        assert (count.renewed, count.held) == (0, 1)
        assert not count.is_done
    assert rotation.rotate(place, batch=10, pause_s=0).is_done
    use_keys(settings, new)
    assert Resident.objects.get(pk=resident.pk).conditions == "after the turn"


def test_what_was_written_between_the_look_and_the_lock_stays(
    settings: Settings, keys: tuple[str, str]
) -> None:
    old, new = keys
    resident = a_resident(conditions="before the turn")
    use_keys(settings, new, old)
    found = next(each for each in rotation.places() if each.table == "people_resident")
    looks = iter([True])

    def renewed(key: object, values: rotation.Values) -> rotation.Values:
        changes = found.renewed(key, values)
        if next(looks, False):
            Resident.objects.filter(pk=resident.pk).update(conditions="after the turn")
        return changes

    rotation.rotate(
        Place(table=found.table, key=found.key, columns=found.columns, renewed=renewed),
        batch=10,
        pause_s=0,
    )
    use_keys(settings, new)
    assert Resident.objects.get(pk=resident.pk).conditions == "after the turn"


def test_a_rotation_that_was_stopped_goes_on(settings: Settings, keys: tuple[str, str]) -> None:
    old, new = keys
    for n in range(5):
        a_resident(phone=number(n))
    use_keys(settings, new, old)
    place = next(each for each in rotation.places() if each.table == "people_resident")

    def stop(_count: rotation.Count) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        rotation.rotate(place, batch=2, pause_s=0, tell=stop)
    assert rotation.verify(place, batch=2).left == 3
    assert rotation.rotate(place, batch=2, pause_s=0).renewed == 3
    assert rotation.verify(place, batch=2).is_done


def test_secrets_of_second_factors_and_numbers_that_want_no_messages_come_along(
    settings: Settings, keys: tuple[str, str]
) -> None:
    old, new = keys
    sealed = SealedSecrets().encrypt("JBSWY3DPEHPK3PXP")
    kept = Authenticator.objects.create(
        user=a_user(role="operator"), type="totp", data={"secret": sealed}
    )
    suppress(number(1), word="stop", now=clock.now())
    use_keys(settings, new, old)
    rotate()

    use_keys(settings, new)
    kept.refresh_from_db()
    assert SealedSecrets().decrypt(kept.data["secret"]) == "JBSWY3DPEHPK3PXP"
    assert Suppression.objects.filter(address_index=phones.index(number(1))).exists()


def test_an_index_whose_value_is_not_kept_keeps_the_old_key(
    settings: Settings, keys: tuple[str, str]
) -> None:
    old, new = keys
    suppress(number(1), word="stop", now=clock.now())
    Suppression.objects.update(address="")
    use_keys(settings, new, old)

    with pytest.raises(CommandError, match="keep them"):
        rotate()


def test_verify_finds_what_was_written_under_the_old_key_afterwards(
    settings: Settings, keys: tuple[str, str]
) -> None:
    old, new = keys
    a_resident(phone=number(1))
    use_keys(settings, new, old)
    rotate()
    use_keys(settings, old, new)  # a process that was forgotten
    a_contact(phone=number(2))
    use_keys(settings, new, old)

    with pytest.raises(CommandError):
        rotate("--verify")


def test_one_identity_number_under_two_keys_is_told_and_not_lost(
    settings: Settings, keys: tuple[str, str]
) -> None:
    old, new = keys
    first = a_resident(id_number=CARDS[0])
    use_keys(settings, new, old)
    second = a_resident(id_number=CARDS[0])

    with pytest.raises(CommandError):
        rotate()
    found = Resident.objects.filter(id_number_index=identity.index(CARDS[0]))
    assert set(found) == {first, second}


def test_a_look_up_by_a_stored_index_is_refused() -> None:
    resident = Resident.objects.get(pk=a_resident(phone=number(1)).pk)
    with pytest.raises(TypeError, match="not by a stored one"):
        Resident.objects.filter(phone_index=resident.phone_index).exists()
