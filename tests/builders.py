"""Things the tests speak of, made with sensible defaults in the real database."""

import itertools
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, TypeVar

from django.contrib.sessions.models import Session
from django.db import models
from django.test import Client
from rest_framework.test import APIClient

from backend.accounts import tokens
from backend.accounts.models import (
    STAFF_ROLES,
    AccessToken,
    OpenSession,
    Passkey,
    Role,
    User,
)
from backend.accounts.second_factor import SESSION_MARK
from backend.core import clock, crypto
from backend.people.models import (
    Caregiver,
    Contact,
    Guardianship,
    Household,
    Resident,
    Shift,
)
from backend.places.models import Address, Area
from devices.models import Device
from notifications.actions import Recipient, begin_attempt, owe
from notifications.models import Attempt, Channel, Delivery
from services.emergencies.actions import Press, open_call
from services.emergencies.models import DutyPhone, EmergencyCall, Offer

NOON = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)
PASSWORD = "correct horse battery"
HOME_LAT, HOME_LON = 31.5700, 120.3000

_count = itertools.count(1)

Row = TypeVar("Row", bound=models.Model)

if TYPE_CHECKING:
    from django.test.client import _MonkeyPatchedWSGIResponse

    Answer = _MonkeyPatchedWSGIResponse
else:
    Answer = Any
"""What a test's browser or program gets."""


def reloaded(row: Row) -> Row:
    """The row as it now stands in the database."""
    return type(row)._default_manager.get(pk=row.pk)


def make_unreadable(row: models.Model) -> None:
    """Lose the key of what stands encrypted in the row: its telephone number."""
    lost = models.Value("lost:key", output_field=models.TextField())
    type(row)._default_manager.filter(pk=row.pk).update(phone=lost)


def an_area(*, parent: Area | None = None, level: str = "", **fields: Any) -> Area:
    """A district, or an area below `parent`."""
    levels = ["district", "street", "community", "grid"]
    depth = parent.path.count(".") if parent else 0
    code = f"{next(_count):03d}"
    return Area.objects.create(
        parent=parent,
        level=level or levels[depth],
        code=code,
        path=f"{parent.path if parent else ''}{code}.",
        **{"name": f"Area {code}", **fields},
    )


def a_household(*, area: Area | None = None, **fields: Any) -> Household:
    """A home with a position and a way in."""
    number = next(_count)
    address = Address.objects.create(
        area=area or an_area(), text=f"Lane {number}, door 1", lat=HOME_LAT, lon=HOME_LON
    )
    return Household.objects.create(address=address, **{"door_code": "1357#", **fields})


def phone_index(phone: str) -> str:
    """The blind index of a phone number."""
    return crypto.blind_index(phone, context="phone") if phone else ""


def a_phone() -> str:
    """A number nobody has."""
    return f"+86190000{next(_count):05d}"


def a_resident(
    *,
    area: Area | None = None,
    household: Household | None = None,
    phone: str = "",
    **fields: Any,
) -> Resident:
    """A resident at home; without a phone unless one is given."""
    home = household or a_household(area=area)
    return Resident.objects.create(
        household=home,
        area=home.address.area,
        phone=phone,
        phone_index=phone_index(phone),
        **{"name": "陈桂英", "sex": "female", "living": ["alone"], **fields},
    )


def a_contact(*, resident: Resident | None = None, order: int = 0, **fields: Any) -> Contact:
    """Somebody to be called for a resident."""
    of = resident or a_resident()
    phone = fields.pop("phone", None) or a_phone()
    return Contact.objects.create(
        resident=of,
        order=order or of.contacts.count() + 1,
        phone=phone,
        phone_index=phone_index(phone),
        **{"name": "王丽", "relation": "daughter", **fields},
    )


def a_guardianship(contact: Contact, **fields: Any) -> Guardianship:
    """The paper by which a contact decides, looked at by two, in force at NOON."""
    day = NOON.date()
    defaults = {
        "ground": Guardianship.Ground.PART,
        "proof": Guardianship.Proof.KIN,
        "document": "户口簿 12",
        "since": day - timedelta(days=30),
        "review_on": day + timedelta(days=335),
        "recorded_at": NOON,
        "recorded_by": "user:1",
        "verified_at": NOON,
        "verified_by": "user:2",
    }
    contact.is_guardian = True
    contact.save(update_fields=["is_guardian"])
    return Guardianship.objects.create(contact=contact, **{**defaults, **fields})


def a_guardian(*, resident: Resident | None = None, **fields: Any) -> Contact:
    """A contact who decides for a resident."""
    contact = a_contact(resident=resident, **fields)
    a_guardianship(contact)
    return contact


def a_caregiver(*, area: Area | None = None, **fields: Any) -> Caregiver:
    """A caregiver of an area, not on shift."""
    phone = fields.pop("phone", None) or a_phone()
    return Caregiver.objects.create(
        area=area or an_area(),
        phone=phone,
        phone_index=phone_index(phone),
        **{"name": "王敏", **fields},
    )


def a_caregiver_on_shift(
    *, near: Resident | None = None, now: datetime = NOON, **fields: Any
) -> Caregiver:
    """A caregiver of the resident's area, on shift for a day, at the next corner."""
    area = near.area if near else None
    position = {
        "last_lat": HOME_LAT + 0.001,
        "last_lon": HOME_LON,
        "last_position_at": now - timedelta(minutes=1),
    }
    caregiver = a_caregiver(area=area, **(position | fields))
    Shift.objects.create(
        caregiver=caregiver, starts_at=now - timedelta(hours=12), ends_at=now + timedelta(hours=12)
    )
    return caregiver


def a_user(*, role: Role | str, **fields: Any) -> User:
    """An account of a role; staff in an area of their own unless given.

    It signs in with PASSWORD when `password=PASSWORD` is given; hashing is slow.
    """
    if role in STAFF_ROLES:
        fields["area"] = fields.get("area") or an_area()
    return User.objects.create_user(f"user{next(_count)}", role=Role(role), **fields)


def a_resident_account(resident: Resident | None = None, **fields: Any) -> User:
    """A resident who signs in with their phone."""
    phone = a_phone()
    return a_user(
        role=Role.RESIDENT,
        resident=resident or a_resident(phone=phone),
        phone=phone,
        phone_index=phone_index(phone),
        **fields,
    )


def a_family_account(*contacts: Contact, **fields: Any) -> User:
    """An account of somebody who is these contacts."""
    user = a_user(role=Role.FAMILY, **fields)
    user.contacts.set(contacts)
    return user


def signed_in(user: User) -> Client:
    """A browser in which this account is signed in, staff with both factors."""
    client = Client()
    client.force_login(user)
    session = client.session
    session[SESSION_MARK] = clock.now().isoformat()
    session.save()
    return client


def a_browser_session(user: User, *, now: datetime = NOON) -> OpenSession:
    """A browser somewhere else in which this account is signed in; not for use."""
    key = f"session{next(_count)}"
    row = Session.objects.create(
        session_key=key, session_data="", expire_date=now + timedelta(days=400)
    )
    return OpenSession.objects.create(
        session=row,
        user=user,
        device="Android phone",
        signed_in_at=now,
        last_used_at=now,
        idle_s=3600,
        ends_at=now + timedelta(hours=12),
    )


def a_passkey(user: User) -> Passkey:
    """A passkey of an account; see tests.fakes.authenticator for one that signs."""
    return Passkey.objects.create(
        user=user,
        name="iPhone",
        credential_id=f"credential {next(_count)}".encode(),
        public_key=b"",
        created_at=NOON,
    )


def an_api_token(user: User) -> str:
    """An API token without an end."""
    token = tokens.new("api")
    AccessToken.objects.create(
        user=user, kind="api", hash=tokens.hashed(token), created_at=NOON, factor_at=clock.now()
    )
    return token


def _bearer(user: User) -> dict[str, str]:
    return {"Authorization": f"Bearer {an_api_token(user)}"}


def with_token(user: User) -> Client:
    """A program that speaks for this account with an API token."""
    return Client(headers=_bearer(user))


def api_of(user: User) -> APIClient:
    """The same, speaking JSON by itself."""
    return APIClient(headers=_bearer(user))


def a_device(
    *, resident: Resident | None = None, kind: str = "sos_button", **fields: Any
) -> Device:
    """A device of a resident's home."""
    of = resident or a_resident()
    return Device.objects.create(
        kind=kind,
        household=of.household,
        resident=of,
        created_at=NOON,
        **{"external_id": f"0x{next(_count):016x}", **fields},
    )


def a_press(resident: Resident, *, metric: str = "sos", **fields: Any) -> Press:
    """A resident's press at home."""
    return Press(
        metric=metric,
        area=resident.area,
        household=resident.household,
        resident=resident,
        **fields,
    )


def a_ringing_call(*, now: datetime = NOON, **fields: Any) -> EmergencyCall:
    """A call that rings; its resident has no phone and no contacts unless given."""
    resident = fields.pop("resident", None) or a_resident()
    return open_call(press=a_press(resident, **fields), now=now).call


def a_strangers_call(**fields: Any) -> EmergencyCall:
    """A ringing call of nobody known."""
    press = Press(
        **{
            "metric": "sos",
            "area": an_area(),
            "verified": False,
            "sender_key": f"unverified {next(_count)}",
            "place_source": "claimed",
            **fields,
        }
    )
    return open_call(press=press, now=NOON).call


def a_delivery(*, now: datetime = NOON, phone: str = "", **fields: Any) -> Delivery:
    """A question owed to somebody by telephone, due at once; see tests.notifications.questions."""
    number = next(_count)
    delivery = owe(
        **{
            "cause": f"test:{number}",
            "step_run": "1.0",
            "to": Recipient(f"somebody:{number}", "王丽", phone or a_phone(), "zh-hans"),
            "channel": Channel.VOICE,
            "template": "test_question",
            "context": {"who": "陈女士"},
            "asks": True,
            "priority": Delivery.Priority.EMERGENCY,
            "now": now,
            **fields,
        }
    )
    assert delivery is not None
    return delivery


def a_begun_attempt(*, now: datetime = NOON, **fields: Any) -> Attempt:
    """An attempt that is written down; the provider is being asked."""
    begun = begin_attempt(a_delivery(now=now, **fields), now=now)
    assert begun is not None
    return begun.attempt


def an_offer(call: EmergencyCall, *, to: Caregiver, now: datetime = NOON) -> Offer:
    """A call offered to a caregiver, who has not answered."""
    return Offer.objects.create(
        call=call,
        person=f"caregiver:{to.pk}",
        person_name=to.name,
        caregiver=to,
        offered_at=now,
    )


def a_duty_phone(*, area: Area, **fields: Any) -> DutyPhone:
    """A phone that rings when nobody watches."""
    phone = a_phone()
    return DutyPhone.objects.create(
        area=area,
        phone=phone,
        phone_index=phone_index(phone),
        **{"label": "Duty phone", "order": area.duty_phones.count() + 1, **fields},
    )
