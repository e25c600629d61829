"""Accounts of the demo, one or more a role; their secrets are this installation's own."""

import secrets
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from allauth.mfa.models import Authenticator
from allauth.mfa.utils import encrypt
from django.conf import settings
from django.contrib.auth.hashers import make_password

from backend.accounts import tokens, totp
from backend.accounts.actions import issue_sign_in_link
from backend.accounts.models import AccessToken, Role, SignInLink, User
from backend.people.models import Caregiver, Contact, Resident
from backend.places.models import Area
from backend.runtime.demo import stories
from backend.runtime.demo.context import DISTRICT_CODE, Context, known_id

OPERATORS = 3
RESIDENTS = 3
LABEL = "demo"
AT_THE_DESK = {
    Role.LEAD: ("lead", "蒋国栋"),
    Role.OFFICER: ("officer", "沈慧"),
    Role.AUDITOR: ("auditor", "顾静"),
    Role.ADMINISTRATOR: ("administrator", "钱峰"),
    Role.SECURITY: ("security", "韩雪"),
}
STREET_OFFICERS = ("李娜", "张强")
"""Of the first street, so that one proposes and the other, or the district, confirms."""
SECOND_OFFICER = "何平"
OPERATOR_NAMES = ("周燕", "吴涛", "徐婷婷")


def seed(context: Context) -> None:
    """Plant the accounts once; hand out their secrets when nobody holds them.

    On other runs only sign-in links that were used, or name another address, are made anew.
    """
    if context.is_new:
        _plant(context)
    if context.issues:
        context.out["users"] = _issue(context)
    else:
        _renew_links(context)


@dataclass(frozen=True)
class Cast:
    """An account before it is written."""

    user: User
    contacts: tuple[Contact, ...] = ()


def _plant(context: Context) -> None:
    cast = list(_cast(context))
    User.objects.bulk_create(entry.user for entry in cast)
    for entry in cast:
        entry.user.contacts.set(entry.contacts)


def _cast(context: Context) -> Iterator[Cast]:
    district = Area.objects.get(parent=None, code=DISTRICT_CODE)
    for number, name in enumerate(OPERATOR_NAMES[:OPERATORS], start=1):
        yield Cast(_account(f"operator{number}", Role.OPERATOR, name, area=district))
    for role, (username, name) in AT_THE_DESK.items():
        yield Cast(_account(username, role, name, area=district))
    yield Cast(_account("officer2", Role.OFFICER, SECOND_OFFICER, area=district))
    street = Area.objects.filter(parent=district).order_by("path")[0]
    for number, name in enumerate(STREET_OFFICERS, start=1):
        yield Cast(_account(f"officer_street{number}", Role.OFFICER, name, area=street))
    for number, caregiver in enumerate(_caregivers(context.size.caregiver_accounts), start=1):
        yield Cast(
            _account(
                f"caregiver{number}",
                Role.CAREGIVER,
                caregiver.name,
                area=caregiver.area,
                caregiver=caregiver,
                phone=caregiver.phone,
            )
        )
    for number, resident in enumerate(_residents(), start=1):
        yield Cast(
            _account(
                f"resident{number}",
                Role.RESIDENT,
                resident.name,
                resident=resident,
                phone=resident.phone,
            )
        )
    for number, key in enumerate((stories.DAUGHTER, stories.SECOND_SON), start=1):
        contact = Contact.objects.get(pk=key)
        account = _account(
            f"family{number}",
            Role.FAMILY,
            contact.name,
            phone=contact.phone,
            language=contact.language,
        )
        yield Cast(account, (contact,))


def _account(username: str, role: Role, name: str, *, phone: str = "", **links: Any) -> User:
    return User(
        id=account_id(username),
        username=username,
        role=role,
        name=name,
        phone=phone,
        password=make_password(None),
        **links,
    )


def account_id(username: str) -> UUID:
    """The key of a demo account."""
    return known_id(f"account {username}")


def _caregivers(wanted: int) -> list[Caregiver]:
    """Those of the stories first, then others who go to homes."""
    first = [Caregiver.objects.get(pk=key) for key in stories.NEAR_CAREGIVERS]
    going = (Caregiver.Kind.CAREGIVER, Caregiver.Kind.NURSE)
    others = Caregiver.objects.filter(kind__in=going).exclude(pk__in=stories.NEAR_CAREGIVERS)
    return [*first, *others.order_by("pk")[: wanted - len(first)]]


def _residents() -> list[Resident]:
    first = [Resident.objects.get(pk=key) for key in (stories.ELDER, stories.SECOND_ELDER)]
    others = Resident.objects.exclude(phone_index="").exclude(pk__in=[r.pk for r in first])
    return [*first, *others.order_by("pk")[: RESIDENTS - len(first)]]


def _demo_users() -> list[User]:
    """All accounts made here, those of a role together."""
    keys = [
        key
        for key, username in User.objects.values_list("pk", "username")
        if key == account_id(username)
    ]
    return list(User.objects.filter(pk__in=keys).order_by("created_at", "role", "username"))


def _issue(context: Context) -> list[dict[str, str]]:
    users = _demo_users()
    _forget_old(users)
    entries = [_secrets_of(user) for user in users]
    with ThreadPoolExecutor() as threads:  # hashing leaves the interpreter's lock
        hashes = threads.map(make_password, [entry["password"] for entry in entries])
    for user, hashed in zip(users, hashes, strict=True):
        user.password = hashed
    User.objects.bulk_update(users, ["password"])
    Authenticator.objects.bulk_create(
        Authenticator(
            user=user,
            type=Authenticator.Type.TOTP,
            data={"secret": encrypt(entry["totp_secret"])},
            created_at=context.now,
        )
        for user, entry in zip(users, entries, strict=True)
        if entry["totp_secret"]
    )
    AccessToken.objects.bulk_create(
        _token(user, kind, entry[f"{kind}_token"], context.now)
        for user, entry in zip(users, entries, strict=True)
        for kind in AccessToken.Kind
        if f"{kind}_token" in entry
    )
    for user, entry in zip(users, entries, strict=True):
        entry["sign_in_link"] = issue_sign_in_link(user, now=context.now)
    return entries


def _forget_old(users: list[User]) -> None:
    """Whoever holds the old ones holds nothing."""
    AccessToken.objects.filter(user__in=users, label=LABEL).delete()
    SignInLink.objects.filter(user__in=users).delete()
    Authenticator.objects.filter(user__in=users).delete()


def _secrets_of(user: User) -> dict[str, str]:
    entry = {
        "role": user.role,
        "username": user.username,
        "password": secrets.token_urlsafe(15),
        "totp_secret": totp.new_secret() if user.is_staff_role else "",
        "api_token": tokens.new(AccessToken.Kind.API),
    }
    if user.role == Role.RESIDENT:
        entry["sos_token"] = tokens.new(AccessToken.Kind.SOS)
    return entry


def _token(user: User, kind: str, token: str, now: datetime) -> AccessToken:
    return AccessToken(user=user, kind=kind, hash=tokens.hashed(token), label=LABEL, created_at=now)


def _renew_links(context: Context) -> None:
    users = {user.username: user for user in _demo_users()}
    fresh = set(
        SignInLink.objects.filter(used_at=None, expires_at__gt=context.now).values_list(
            "hash", flat=True
        )
    )
    for entry in context.out["users"]:
        link = entry["sign_in_link"]
        is_ours = link.startswith(settings.ENV.public_url)
        if not is_ours or tokens.hashed(link.rstrip("/").rpartition("/")[2]) not in fresh:
            entry["sign_in_link"] = issue_sign_in_link(users[entry["username"]], now=context.now)
